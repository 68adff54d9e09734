-- Hva er funnet hos hvem: kommune mot praksis, med tre svar
-- en: What is found at whom: municipality by practice, with three answers
-- funnet, ikke funnet (vi har lest noe av organet) eller ikke observert (vi har ikke fått lese noe).
-- parameter: pilar = '' (nøkkelen til en pilar; tomt for alle)
-- parameter: fylke = '' (navnet på et fylke; tomt for alle)

SELECT
    k.navn,
    k.kommunenummer,
    k.fylke,
    p.pilar,
    p.praksis,
    p.navn AS praksisnavn,
    CASE
        WHEN count(c.id) > 0 THEN 'funnet'
        WHEN k.observert THEN 'ikke funnet'
        ELSE 'ikke observert'
    END AS svar,
    count(c.id) AS kandidater,
    max(c.poeng) AS hoyeste_poeng
FROM kommuner k
CROSS JOIN praksiser p
LEFT JOIN kandidater c
    ON c.organisasjonsnummer = k.organisasjonsnummer AND c.praksis = p.praksis AND c.vurdering <> 'avvist'
WHERE k.finnes_i_dag AND ($pilar = '' OR p.pilar = $pilar) AND ($fylke = '' OR lower(k.fylke) = lower($fylke))
GROUP BY k.organisasjonsnummer, k.navn, k.kommunenummer, k.fylke, k.observert, p.pilar, p.praksis, p.navn
ORDER BY k.fylke, k.navn, k.organisasjonsnummer, p.pilar, p.praksis;
