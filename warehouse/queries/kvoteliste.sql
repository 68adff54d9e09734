-- Hvem kommer på lista når hver gruppe får høyst noen få plasser, og hvem ville stått på den rene topplista?
-- en: Who is on the list when each group gets at most a few places, and who would be on the plain top list?
-- Svaret er «begge», «bare kvote» eller «bare topp»; et organ uten kjent gruppe fyller ingen kvote.
-- parameter: gruppe = 'storrelse' (storrelse, fylke eller kostragruppe)
-- parameter: hoyst = '3' (hvor mange fra hver gruppe i hver pilar)
-- parameter: antall = '10' (hvor mange i hver pilar)

WITH satt AS (
    SELECT *,
        CASE $gruppe WHEN 'fylke' THEN plass_i_fylke WHEN 'kostragruppe' THEN plass_i_kostragruppe ELSE plass_i_storrelse END AS plass_i_gruppe,
        CASE $gruppe WHEN 'fylke' THEN fylke WHEN 'kostragruppe' THEN kostragruppe ELSE storrelse END AS gruppe
    FROM kvote
),
kvotert AS (
    SELECT *, row_number() OVER (PARTITION BY pilar ORDER BY coalesce(plass_i_gruppe, 1) > $hoyst::INTEGER, plass_i_pilar) AS plass_med_kvote,
        coalesce(plass_i_gruppe, 1) <= $hoyst::INTEGER AS innen_kvoten
    FROM satt
)
SELECT
    pilar,
    CASE
        WHEN innen_kvoten AND plass_med_kvote <= $antall::INTEGER AND plass_i_pilar <= $antall::INTEGER THEN 'begge'
        WHEN innen_kvoten AND plass_med_kvote <= $antall::INTEGER THEN 'bare kvote'
        ELSE 'bare topp'
    END AS liste,
    plass_i_pilar AS topp,
    CASE WHEN innen_kvoten THEN plass_med_kvote END AS kvote,
    coalesce(gruppe, 'ukjent') AS gruppe,
    kommune,
    tittel,
    poeng,
    id
FROM kvotert
WHERE plass_i_pilar <= $antall::INTEGER OR (innen_kvoten AND plass_med_kvote <= $antall::INTEGER)
ORDER BY pilar, liste, topp;
