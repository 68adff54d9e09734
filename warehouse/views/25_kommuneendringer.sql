-- Kommuner og fylker som er slått sammen, delt, omdøpt eller fått nytt nummer

CREATE OR REPLACE VIEW main.kommuneendringer AS
SELECT
    f.id AS id,
    f.since AS dato,
    coalesce(p.nb, f.property) AS endring,
    f.property AS endring_kode,
    f.subject AS gammelt_nummer,
    coalesce(n.value, s.name) AS gammelt_navn,
    f.value AS nytt_nummer,
    f.label AS nytt_navn,
    s.orgnr AS gammelt_organisasjonsnummer,
    t.orgnr AS nytt_organisasjonsnummer,
    f.url AS adresse,
    f.source AS kilde,
    f.capture AS arkivsvar,
    f.locator AS plass,
    f.captured_at AS hentet,
    f.first_seen AS forst_sett,
    f.changed_at AS sist_endret
FROM core.register_facts f
LEFT JOIN core.register_facts n ON n.source = f.source AND n.subject = f.subject AND n.property = 'former_name' AND n.until = f.since
LEFT JOIN core.subjects s ON s.subject = f.subject
LEFT JOIN core.subjects t ON t.subject = f.value
LEFT JOIN core.labels p ON p.label_group = 'property' AND p.code = f.property
WHERE split_part(f.source, '/', 1) = 'ssb-klass' AND f.property IN ('successor', 'renamed', 'established', 'discontinued')
QUALIFY row_number() OVER (PARTITION BY f.id ORDER BY n.key) = 1;

COMMENT ON VIEW main.kommuneendringer IS 'Endringer i kommune- og fylkesinndelingen fra SSB Klass: en rad per gammelt og nytt nummer, så en sammenslåing har flere rader med samme nye nummer og en deling flere med samme gamle';
COMMENT ON COLUMN main.kommuneendringer.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.kommuneendringer.dato IS 'Dagen endringen gjelder fra';
COMMENT ON COLUMN main.kommuneendringer.endring IS 'Hva som skjedde, i ord';
COMMENT ON COLUMN main.kommuneendringer.endring_kode IS 'successor (nytt nummer), renamed (nytt navn), established (ny) eller discontinued (opphørt)';
COMMENT ON COLUMN main.kommuneendringer.gammelt_nummer IS 'Nummeret før endringen';
COMMENT ON COLUMN main.kommuneendringer.gammelt_navn IS 'Navnet før endringen';
COMMENT ON COLUMN main.kommuneendringer.nytt_nummer IS 'Nummeret etter endringen';
COMMENT ON COLUMN main.kommuneendringer.nytt_navn IS 'Navnet etter endringen';
COMMENT ON COLUMN main.kommuneendringer.gammelt_organisasjonsnummer IS 'Organet som hadde det gamle nummeret, der vi kjenner det';
COMMENT ON COLUMN main.kommuneendringer.nytt_organisasjonsnummer IS 'Organet som har det nye nummeret, der vi kjenner det';
COMMENT ON COLUMN main.kommuneendringer.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.kommuneendringer.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.kommuneendringer.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.kommuneendringer.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.kommuneendringer.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.kommuneendringer.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.kommuneendringer.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
