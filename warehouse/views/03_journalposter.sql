-- Journalpostene slik postlistene viser dem, maskert

CREATE OR REPLACE VIEW main.journalposter AS
SELECT
    j.id AS id,
    j.authority AS organisasjonsnummer,
    a.name AS kommune,
    j.case_number AS saksnummer,
    j.document_number AS dokumentnummer,
    j.serial AS lopenummer,
    j.journal_date AS journaldato,
    j.document_date AS dokumentdato,
    j.published_at AS publisert,
    j.direction AS retning,
    j.document_type AS dokumenttype,
    j.title AS tittel,
    j.case_title AS sakstittel,
    j.sender AS avsender,
    j.recipient AS mottaker,
    j.access AS tilgang,
    j.legal_basis AS hjemmel,
    j.unit AS enhet,
    j.class_code AS klassering,
    j.files AS filer,
    j.open_files AS apne_filer,
    j.masked AS maskert,
    j.withdrawn AS tatt_ned,
    j.url AS adresse,
    j.source AS kilde,
    j.capture AS arkivsvar,
    j.locator AS plass,
    j.captured_at AS hentet,
    j.first_seen AS forst_sett,
    j.changed_at AS sist_endret
FROM core.journal_entries j
LEFT JOIN core.authorities a ON a.orgnr = j.authority;

COMMENT ON VIEW main.journalposter IS 'Journalposter fra postlister og innsynsløsninger; navn på privatpersoner er maskert';
COMMENT ON COLUMN main.journalposter.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.journalposter.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.journalposter.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.journalposter.saksnummer IS 'Saksnummer';
COMMENT ON COLUMN main.journalposter.dokumentnummer IS 'Dokumentets nummer i saken';
COMMENT ON COLUMN main.journalposter.lopenummer IS 'Løpenummer i journalen, nummer/år';
COMMENT ON COLUMN main.journalposter.journaldato IS 'Datoen posten ble journalført';
COMMENT ON COLUMN main.journalposter.dokumentdato IS 'Dokumentets egen dato';
COMMENT ON COLUMN main.journalposter.publisert IS 'Når kilden la posten ut (norsk tid)';
COMMENT ON COLUMN main.journalposter.retning IS 'Inngående, utgående, internt, saksframlegg, annet eller ukjent';
COMMENT ON COLUMN main.journalposter.dokumenttype IS 'Dokumenttypen slik kilden skriver den';
COMMENT ON COLUMN main.journalposter.tittel IS 'Tittel, maskert';
COMMENT ON COLUMN main.journalposter.sakstittel IS 'Sakens tittel, maskert';
COMMENT ON COLUMN main.journalposter.avsender IS 'Avsendere, maskert, skilt med semikolon';
COMMENT ON COLUMN main.journalposter.mottaker IS 'Mottakere, maskert, skilt med semikolon';
COMMENT ON COLUMN main.journalposter.tilgang IS 'Tilgangskode';
COMMENT ON COLUMN main.journalposter.hjemmel IS 'Hjemmelen for å holde tilbake';
COMMENT ON COLUMN main.journalposter.enhet IS 'Enheten som har saken';
COMMENT ON COLUMN main.journalposter.klassering IS 'Arkivkode';
COMMENT ON COLUMN main.journalposter.filer IS 'Antall filer posten nevner';
COMMENT ON COLUMN main.journalposter.apne_filer IS 'Antall av dem som kan åpnes';
COMMENT ON COLUMN main.journalposter.maskert IS 'Hvor mange verdier som er maskert i raden';
COMMENT ON COLUMN main.journalposter.tatt_ned IS 'Om posten er tatt ned eller trukket av kilden; da er tittel og parter borte';
COMMENT ON COLUMN main.journalposter.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.journalposter.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.journalposter.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.journalposter.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.journalposter.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.journalposter.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.journalposter.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
