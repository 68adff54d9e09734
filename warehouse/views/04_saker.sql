-- Saksmappene

CREATE OR REPLACE VIEW main.saker AS
SELECT
    c.id AS id,
    c.authority AS organisasjonsnummer,
    a.name AS kommune,
    c.case_number AS saksnummer,
    c.title AS tittel,
    c.case_date AS saksdato,
    c.status AS status,
    c.case_type AS sakstype,
    c.unit AS enhet,
    c.masked AS maskert,
    c.withdrawn AS tatt_ned,
    c.url AS adresse,
    c.source AS kilde,
    c.capture AS arkivsvar,
    c.locator AS plass,
    c.captured_at AS hentet,
    c.first_seen AS forst_sett,
    c.changed_at AS sist_endret
FROM core.cases c
LEFT JOIN core.authorities a ON a.orgnr = c.authority;

COMMENT ON VIEW main.saker IS 'Saksmapper fra innsynsløsninger';
COMMENT ON COLUMN main.saker.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.saker.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.saker.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.saker.saksnummer IS 'Saksnummer';
COMMENT ON COLUMN main.saker.tittel IS 'Tittel, maskert';
COMMENT ON COLUMN main.saker.saksdato IS 'Sakens dato';
COMMENT ON COLUMN main.saker.status IS 'Status slik kilden skriver den';
COMMENT ON COLUMN main.saker.sakstype IS 'Sakstype slik kilden skriver den';
COMMENT ON COLUMN main.saker.enhet IS 'Enheten som har saken';
COMMENT ON COLUMN main.saker.maskert IS 'Hvor mange verdier som er maskert i raden';
COMMENT ON COLUMN main.saker.tatt_ned IS 'Om saken er tatt ned eller trukket av kilden; da er tittelen borte';
COMMENT ON COLUMN main.saker.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.saker.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.saker.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.saker.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.saker.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.saker.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.saker.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
