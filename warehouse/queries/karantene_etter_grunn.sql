-- Hva havnet i karantene, og hvorfor?
-- en: What ended in quarantine, and why?

SELECT arsak_kode, arsak, slag, plattform, count(*) AS poster, count(DISTINCT kilde) AS kilder, max(hentet) AS sist
FROM karantene
GROUP BY ALL
ORDER BY poster DESC, arsak;
