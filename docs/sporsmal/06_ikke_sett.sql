-- Hvilke kilder fikk vi ikke lest helt, og hvorfor?
-- At noe ikke er sett, sier ingenting om hva kommunen gjør.

SELECT kommune, kilde, utfall, arsak
FROM kjoringer
WHERE utfall_kode IN ('blocked', 'drifted', 'failed', 'partial')
ORDER BY kilde;
