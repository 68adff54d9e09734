-- Veiene datasettene kom ved: hver kildes beskrivelse for seg

CREATE OR REPLACE VIEW main.datasettveier AS
SELECT
    d.id AS id,
    d.dataset_group AS gruppe,
    d.is_main AS hovedrad,
    CASE d.matched_by WHEN 'uri' THEN 'datasettets egen adresse' WHEN 'identifier' THEN 'identifikator' WHEN 'address' THEN 'nettside eller filadresse' WHEN 'title' THEN 'utgiver og tittel' END AS funnet_ved,
    d.matched_by AS funnet_ved_kode,
    d.authority AS organisasjonsnummer,
    a.name AS kommune,
    d.title AS tittel,
    d.uri AS uri,
    d.licence AS lisens,
    d.licence_id AS lisens_id,
    d.licence_open AS apen_lisens,
    d.open_nationally AS apen_nasjonalt,
    d.description_clock AS klokke_beskrivelse,
    CASE WHEN d.description_clock IS NOT NULL THEN d.modified_kind END AS klokke_gjelder,
    d.files_clock AS klokke_filer,
    d.harvest_clock AS klokke_hosting,
    CASE d.freshness WHEN 'fresh' THEN 'fersk' WHEN 'stale' THEN 'forsinket' ELSE 'ukjent' END AS ferskhet,
    d.stars AS stjerner,
    d.points_no AS poeng_norge,
    d.observed_no AS poeng_norge_av,
    d.points_eu AS poeng_eu,
    d.observed_eu AS poeng_eu_av,
    d.distributions AS distribusjoner,
    d.url AS adresse,
    d.source AS kilde,
    d.capture AS arkivsvar,
    d.locator AS plass,
    d.captured_at AS hentet,
    d.first_seen AS forst_sett,
    d.changed_at AS sist_endret,
    d.read_at AS sist_lest
FROM core.dataset_roads d
LEFT JOIN core.authorities a ON a.orgnr = d.authority;

COMMENT ON VIEW main.datasettveier IS 'Hver kildes beskrivelse av et datasett: én rad per vei, så samme datasett kan ha flere';
COMMENT ON COLUMN main.datasettveier.id IS 'Beskrivelsens nøkkel';
COMMENT ON COLUMN main.datasettveier.gruppe IS 'Nøkkelen alle beskrivelser av samme datasett deler';
COMMENT ON COLUMN main.datasettveier.hovedrad IS 'Om dette er beskrivelsen visningen datasett viser';
COMMENT ON COLUMN main.datasettveier.funnet_ved IS 'Hva som viser at det er samme datasett; tomt for hovedraden og for det som bare har én vei';
COMMENT ON COLUMN main.datasettveier.funnet_ved_kode IS 'uri, identifier, address eller title';
COMMENT ON COLUMN main.datasettveier.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.datasettveier.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.datasettveier.tittel IS 'Tittel';
COMMENT ON COLUMN main.datasettveier.uri IS 'Datasettets egen identifikator';
COMMENT ON COLUMN main.datasettveier.lisens IS 'Lisensen slik kilden skriver den';
COMMENT ON COLUMN main.datasettveier.lisens_id IS 'Lisensen i den lukkede listen';
COMMENT ON COLUMN main.datasettveier.apen_lisens IS 'Om lisensen er åpen; tomt når det ikke er kjent';
COMMENT ON COLUMN main.datasettveier.apen_nasjonalt IS 'Om datasettet er åpent etter regelen til data.norge.no';
COMMENT ON COLUMN main.datasettveier.klokke_beskrivelse IS 'Når datasettet sist ble oppdatert etter det beskrivelsen sier';
COMMENT ON COLUMN main.datasettveier.klokke_gjelder IS 'Om klokke_beskrivelse gjelder dataene (data) eller beskrivelsen av dem (metadata)';
COMMENT ON COLUMN main.datasettveier.klokke_filer IS 'Når den nyeste filen sist ble oppdatert';
COMMENT ON COLUMN main.datasettveier.klokke_hosting IS 'Når en katalog som høster datasettet, sist så en endring';
COMMENT ON COLUMN main.datasettveier.ferskhet IS 'fersk, forsinket eller ukjent';
COMMENT ON COLUMN main.datasettveier.stjerner IS 'Stjerner for åpne data, 0 til 4; tomt når det ikke er kjent';
COMMENT ON COLUMN main.datasettveier.poeng_norge IS 'Poeng etter tabellen til data.norge.no';
COMMENT ON COLUMN main.datasettveier.poeng_norge_av IS 'Poengene som kunne observeres, av 435';
COMMENT ON COLUMN main.datasettveier.poeng_eu IS 'Poeng etter tabellen til data.europa.eu';
COMMENT ON COLUMN main.datasettveier.poeng_eu_av IS 'Poengene som kunne observeres, av 405';
COMMENT ON COLUMN main.datasettveier.distribusjoner IS 'Hvor mange filer og grensesnitt beskrivelsen har';
COMMENT ON COLUMN main.datasettveier.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.datasettveier.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.datasettveier.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.datasettveier.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.datasettveier.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.datasettveier.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.datasettveier.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
COMMENT ON COLUMN main.datasettveier.sist_lest IS 'Da kilden sist ble lest helt (UTC)';
