-- Hvor mange journalposter har vi per organ og måned?
-- en: How many journal entries have we per body and month?
-- parameter: kommune = '' (navn eller kommunenummer; tomt for alle)

SELECT
    j.kommune,
    date_trunc('month', j.journaldato)::DATE AS maned,
    count(*) AS journalposter,
    count(*) FILTER (j.retning = 'inngående') AS inngaende,
    count(*) FILTER (j.retning = 'utgående') AS utgaende,
    count(*) FILTER (j.hjemmel IS NOT NULL) AS med_hjemmel,
    count(*) FILTER (j.apne_filer > 0) AS med_apen_fil
FROM journalposter j
LEFT JOIN kommuner k USING (organisasjonsnummer)
WHERE j.journaldato IS NOT NULL AND ($kommune = '' OR lower(k.navn) = lower($kommune) OR k.kommunenummer = $kommune)
GROUP BY ALL
ORDER BY j.kommune, maned;
