-- Hvor mange kandidater er det i hver pilar, og hvor mange regnes som bidrag?

SELECT pilarnavn, count(*) AS kandidater, count(*) FILTER (er_bidrag = 'yes') AS bidrag, count(DISTINCT organisasjonsnummer) AS organer
FROM kandidater
GROUP BY pilarnavn
ORDER BY pilarnavn;
