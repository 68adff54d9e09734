-- Hva havnet i karantene, og hvorfor?

SELECT grunn, slag, plattform, count(*) AS poster, count(DISTINCT kilde) AS kilder, max(hentet) AS sist
FROM karantene
GROUP BY ALL
ORDER BY poster DESC, grunn;
