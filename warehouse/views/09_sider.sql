-- Nettsidene og dokumentene som er lenket fra dem

CREATE OR REPLACE VIEW main.sider AS
SELECT
    p.id AS id,
    p.authority AS organisasjonsnummer,
    a.name AS kommune,
    p.title AS tittel,
    p.text AS tekst,
    p.language AS sprak,
    p.published AS publisert,
    p.modified AS oppdatert,
    p.breadcrumb AS sti,
    p.shape AS form,
    p.media_type AS medietype,
    p.linked_from AS lenket_fra,
    p.link_text AS lenketekst,
    p.characters AS tegn,
    p.masked AS maskert,
    p.withdrawn AS tatt_ned,
    p.url AS adresse,
    p.source AS kilde,
    p.capture AS arkivsvar,
    p.locator AS plass,
    p.captured_at AS hentet,
    p.first_seen AS forst_sett,
    p.changed_at AS sist_endret
FROM core.pages p
LEFT JOIN core.authorities a ON a.orgnr = p.authority;

COMMENT ON VIEW main.sider IS 'Nettsider og dokumenter; hovedteksten, maskert';
COMMENT ON COLUMN main.sider.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.sider.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.sider.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.sider.tittel IS 'Tittel, maskert';
COMMENT ON COLUMN main.sider.tekst IS 'Hovedteksten, maskert; avsnitt skilt med tom linje';
COMMENT ON COLUMN main.sider.sprak IS 'Språket: nb, nn, se, en …';
COMMENT ON COLUMN main.sider.publisert IS 'Når siden ble lagt ut';
COMMENT ON COLUMN main.sider.oppdatert IS 'Når siden sist ble endret';
COMMENT ON COLUMN main.sider.sti IS 'Brødsmulestien';
COMMENT ON COLUMN main.sider.form IS 'page, document, shell (for lite tekst til å slutte noe) eller unreadable';
COMMENT ON COLUMN main.sider.medietype IS 'Medietypen';
COMMENT ON COLUMN main.sider.lenket_fra IS 'Siden som lenker hit';
COMMENT ON COLUMN main.sider.lenketekst IS 'Lenketeksten';
COMMENT ON COLUMN main.sider.tegn IS 'Antall tegn i hovedteksten';
COMMENT ON COLUMN main.sider.maskert IS 'Hvor mange verdier som er maskert i raden';
COMMENT ON COLUMN main.sider.tatt_ned IS 'Om siden er tatt ned; da er tekst og tittel borte';
COMMENT ON COLUMN main.sider.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.sider.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.sider.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.sider.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.sider.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.sider.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.sider.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
