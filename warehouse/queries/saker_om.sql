-- Hvilke saker og sider handler om dette ordet?
-- en: Which cases and pages are about this word?
-- Søker i titler; bøyninger og sammensetninger blir med.
-- parameter: ord = 'anskaffelse' (ordet det søkes etter)

SELECT dato, kommune, slag, tittel, adresse
FROM (
    SELECT journaldato AS dato, kommune, 'journalpost' AS slag, tittel, adresse FROM journalposter
    UNION ALL SELECT tidspunkt::DATE, kommune, 'møtesak', tittel, adresse FROM motesaker
    UNION ALL SELECT coalesce(oppdatert, publisert), kommune, 'side', tittel, adresse FROM sider
    UNION ALL SELECT oppdatert, kommune, 'datasett', tittel, adresse FROM datasett
)
WHERE contains(lower(tittel), lower($ord))
ORDER BY dato DESC NULLS LAST, kommune, tittel
LIMIT 200;
