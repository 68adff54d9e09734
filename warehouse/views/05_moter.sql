-- Møtene i folkevalgte organer

CREATE OR REPLACE VIEW main.moter AS
SELECT
    m.id AS id,
    m.authority AS organisasjonsnummer,
    a.name AS kommune,
    m.committee AS utvalg,
    m.start AS tidspunkt,
    m.place AS sted,
    m.status AS status,
    m.video_url AS video,
    m.files AS filer,
    m.open_files AS apne_filer,
    m.url AS adresse,
    m.source AS kilde,
    m.capture AS arkivsvar,
    m.locator AS plass,
    m.captured_at AS hentet,
    m.first_seen AS forst_sett,
    m.changed_at AS sist_endret
FROM core.meetings m
LEFT JOIN core.authorities a ON a.orgnr = m.authority;

COMMENT ON VIEW main.moter IS 'Møter i utvalg, med tidspunkt i norsk tid';
COMMENT ON COLUMN main.moter.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.moter.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.moter.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.moter.utvalg IS 'Utvalget';
COMMENT ON COLUMN main.moter.tidspunkt IS 'Når møtet begynner (norsk tid)';
COMMENT ON COLUMN main.moter.sted IS 'Møtested';
COMMENT ON COLUMN main.moter.status IS 'Status slik kilden skriver den';
COMMENT ON COLUMN main.moter.video IS 'Adressen til opptak eller overføring';
COMMENT ON COLUMN main.moter.filer IS 'Antall møtedokumenter';
COMMENT ON COLUMN main.moter.apne_filer IS 'Antall av dem som kan åpnes';
COMMENT ON COLUMN main.moter.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.moter.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.moter.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.moter.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.moter.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.moter.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.moter.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
