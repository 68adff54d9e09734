-- Hvor stor del av journalpostene er unntatt etter en hjemmel?

SELECT kommune, count(*) AS poster, count(hjemmel) AS med_hjemmel, round(100.0 * count(hjemmel) / count(*), 1) AS prosent
FROM journalposter
GROUP BY kommune
HAVING count(hjemmel) > 0
ORDER BY prosent DESC, kommune
LIMIT 8;
