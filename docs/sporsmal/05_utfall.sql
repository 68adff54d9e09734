-- Hvordan endte siste kjøring, per plattform?

SELECT plattform, utfall, count(*) AS kilder
FROM kjoringer
GROUP BY ALL
ORDER BY ALL;
