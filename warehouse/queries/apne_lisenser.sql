-- Hvor mange datasett har hvert organ, og hvor mange av dem har åpen lisens?
-- en: How many datasets has each body, and how many of them have an open licence?
-- Ukjent lisens er verken åpen eller lukket; den telles for seg.

SELECT
    kommune,
    organisasjonsnummer,
    count(*) AS datasett,
    count(*) FILTER (apen_lisens) AS apen_lisens,
    count(*) FILTER (NOT apen_lisens) AS ikke_apen_lisens,
    count(*) FILTER (apen_lisens IS NULL) AS ukjent_lisens,
    max(oppdatert) AS sist_oppdatert
FROM datasett
GROUP BY ALL
ORDER BY datasett DESC, organisasjonsnummer;
