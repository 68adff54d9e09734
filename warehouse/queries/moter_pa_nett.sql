-- Hvem legger ut opptak av møtene sine, og av hvor mange?
-- en: Who publishes recordings of its meetings, and of how many?
-- At vi ikke har sett noe opptak, sier ikke at møtene ikke sendes: ikke alle kilder forteller om det.

SELECT
    kommune,
    organisasjonsnummer,
    count(*) FILTER (WHERE tidspunkt <= hentet) AS holdte_moter,
    count(video) AS med_opptak,
    max(tidspunkt) FILTER (WHERE video IS NOT NULL) AS siste_med_opptak,
    string_agg(DISTINCT kilde, '; ' ORDER BY kilde) FILTER (WHERE video IS NOT NULL) AS kilder
FROM moter
GROUP BY kommune, organisasjonsnummer
ORDER BY med_opptak DESC, kommune, organisasjonsnummer;
