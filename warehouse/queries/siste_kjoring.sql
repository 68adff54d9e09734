-- Hvordan gikk den siste kjøringen, kilde for kilde?
-- en: How did the last run go, source by source?

SELECT kommune, kilde, utfall, arsak, foresporsler, uendrede_svar, rader_inn, rader_ut, i_karantene, dubletter, sluttet
FROM kjoringer
WHERE kjoring = (SELECT max_by(kjoring, begynte) FROM kjoringer)
ORDER BY
    CASE utfall_kode
        WHEN 'failed' THEN 1 WHEN 'drifted' THEN 2 WHEN 'blocked' THEN 3 WHEN 'partial' THEN 4 WHEN 'empty_verified' THEN 5
        WHEN 'fresh' THEN 6 ELSE 7
    END,
    kilde;
