-- Sakene på møtekartene

CREATE OR REPLACE VIEW main.motesaker AS
SELECT
    i.id AS id,
    i.authority AS organisasjonsnummer,
    a.name AS kommune,
    i.meeting AS mote,
    m.committee AS utvalg,
    m.start AS tidspunkt,
    i.number AS saksnummer_utvalg,
    i.title AS tittel,
    i.item_type AS sakstype,
    i.case_number AS saksnummer,
    i.text AS tekst,
    i.decision AS vedtak,
    i.files AS filer,
    i.open_files AS apne_filer,
    i.masked AS maskert,
    i.withdrawn AS tatt_ned,
    i.url AS adresse,
    i.source AS kilde,
    i.capture AS arkivsvar,
    i.locator AS plass,
    i.captured_at AS hentet,
    i.first_seen AS forst_sett,
    i.changed_at AS sist_endret
FROM core.agenda_items i
LEFT JOIN core.meetings m ON m.id = i.meeting
LEFT JOIN core.authorities a ON a.orgnr = i.authority;

COMMENT ON VIEW main.motesaker IS 'Møtesaker med saksframlegg og vedtak der kilden viser dem som tekst';
COMMENT ON COLUMN main.motesaker.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.motesaker.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.motesaker.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.motesaker.mote IS 'Møtets nøkkel i visningen moter';
COMMENT ON COLUMN main.motesaker.utvalg IS 'Utvalget som behandlet saken';
COMMENT ON COLUMN main.motesaker.tidspunkt IS 'Når møtet begynner (norsk tid)';
COMMENT ON COLUMN main.motesaker.saksnummer_utvalg IS 'Sakens nummer på møtekartet';
COMMENT ON COLUMN main.motesaker.tittel IS 'Tittel, maskert';
COMMENT ON COLUMN main.motesaker.sakstype IS 'Sakstype slik kilden skriver den';
COMMENT ON COLUMN main.motesaker.saksnummer IS 'Saksnummer i arkivet';
COMMENT ON COLUMN main.motesaker.tekst IS 'Saksframlegget, maskert';
COMMENT ON COLUMN main.motesaker.vedtak IS 'Vedtaket, maskert';
COMMENT ON COLUMN main.motesaker.filer IS 'Antall vedlegg';
COMMENT ON COLUMN main.motesaker.apne_filer IS 'Antall av dem som kan åpnes';
COMMENT ON COLUMN main.motesaker.maskert IS 'Hvor mange verdier som er maskert i raden';
COMMENT ON COLUMN main.motesaker.tatt_ned IS 'Om møtesaken er tatt ned eller trukket av kilden; da er tekst og tittel borte';
COMMENT ON COLUMN main.motesaker.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.motesaker.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.motesaker.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.motesaker.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.motesaker.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.motesaker.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.motesaker.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
