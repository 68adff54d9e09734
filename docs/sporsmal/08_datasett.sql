-- Hvilke organer har flest datasett med åpen lisens?

SELECT kommune, count(*) AS datasett, count(*) FILTER (apen_lisens) AS apne, count(*) FILTER (apen_lisens IS NULL) AS ukjent
FROM datasett
GROUP BY kommune
ORDER BY apne DESC, kommune
LIMIT 8;
