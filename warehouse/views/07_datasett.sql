-- Datasettene i dataportalene, hvert én gang; veiene de kom ved, står i datasettveier

CREATE OR REPLACE VIEW main.datasett AS
SELECT
    d.id AS id,
    d.authority AS organisasjonsnummer,
    a.name AS kommune,
    d.uri AS uri,
    d.publisher AS utgiver,
    d.publisher_name AS utgivernavn,
    d.title AS tittel,
    d.description AS beskrivelse,
    d.keywords AS nokkelord,
    d.themes AS tema,
    d.access_rights AS tilgang,
    d.licence AS lisens,
    d.licence_open AS apen_lisens,
    d.issued AS utgitt,
    d.modified AS oppdatert,
    d.modified_kind AS oppdatert_gjelder,
    d.frequency AS frekvens,
    d.spatial AS omrade,
    d.contact_present AS har_kontakt,
    d.landing_page AS nettside,
    d.distributions AS distribusjoner,
    d.url AS adresse,
    d.source AS kilde,
    d.capture AS arkivsvar,
    d.locator AS plass,
    d.captured_at AS hentet,
    d.first_seen AS forst_sett,
    d.changed_at AS sist_endret,
    d.dataset_group AS gruppe,
    g.roads AS veier,
    g.sources AS kilder,
    d.body_today AS organ_i_dag,
    d.licence_id AS lisens_id,
    d.open_nationally AS apen_nasjonalt,
    d.description_clock AS klokke_beskrivelse,
    d.files_clock AS klokke_filer,
    d.harvest_clock AS klokke_hosting,
    d.read_at AS sist_lest,
    d.interval_days AS lovet_hver_dager,
    d.age_days AS alder_dager,
    CASE d.freshness WHEN 'fresh' THEN 'fersk' WHEN 'stale' THEN 'forsinket' ELSE 'ukjent' END AS ferskhet,
    d.stars AS stjerner,
    d.points_no AS poeng_norge,
    d.observed_no AS poeng_norge_av,
    d.points_eu AS poeng_eu,
    d.observed_eu AS poeng_eu_av
FROM core.dataset_roads d
JOIN (
    SELECT dataset_group, count(*) AS roads, string_agg(DISTINCT source, '; ' ORDER BY source) AS sources, arg_min(id, (NOT is_main, id)) AS shown
    FROM core.dataset_roads GROUP BY dataset_group
) g ON g.shown = d.id
LEFT JOIN core.authorities a ON a.orgnr = d.authority;

COMMENT ON VIEW main.datasett IS 'Datasett slik en dataportal beskriver dem, én rad per datasett også når det er kommet ved flere veier';
COMMENT ON COLUMN main.datasett.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.datasett.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.datasett.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.datasett.uri IS 'Datasettets egen identifikator';
COMMENT ON COLUMN main.datasett.utgiver IS 'Utgiverens organisasjonsnummer der kilden har det';
COMMENT ON COLUMN main.datasett.utgivernavn IS 'Utgiverens navn slik kilden skriver det';
COMMENT ON COLUMN main.datasett.tittel IS 'Tittel';
COMMENT ON COLUMN main.datasett.beskrivelse IS 'Beskrivelse';
COMMENT ON COLUMN main.datasett.nokkelord IS 'Nøkkelord, skilt med semikolon';
COMMENT ON COLUMN main.datasett.tema IS 'Tema, skilt med semikolon';
COMMENT ON COLUMN main.datasett.tilgang IS 'Tilgangsrettigheter slik kilden oppgir dem';
COMMENT ON COLUMN main.datasett.lisens IS 'Lisensen';
COMMENT ON COLUMN main.datasett.apen_lisens IS 'Om lisensen er åpen; tomt når det ikke er kjent';
COMMENT ON COLUMN main.datasett.utgitt IS 'Når datasettet ble utgitt';
COMMENT ON COLUMN main.datasett.oppdatert IS 'Når datasettet sist ble oppdatert';
COMMENT ON COLUMN main.datasett.oppdatert_gjelder IS 'Om oppdatert gjelder dataene eller beskrivelsen av dem';
COMMENT ON COLUMN main.datasett.frekvens IS 'Hvor ofte datasettet oppdateres';
COMMENT ON COLUMN main.datasett.omrade IS 'Området datasettet dekker';
COMMENT ON COLUMN main.datasett.har_kontakt IS 'Om en kontakt er oppgitt';
COMMENT ON COLUMN main.datasett.nettside IS 'Datasettets nettside';
COMMENT ON COLUMN main.datasett.distribusjoner IS 'Hvor mange filer og grensesnitt det tilbys i';
COMMENT ON COLUMN main.datasett.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.datasett.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.datasett.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.datasett.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.datasett.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.datasett.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.datasett.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
COMMENT ON COLUMN main.datasett.gruppe IS 'Nøkkelen alle beskrivelser av samme datasett deler (visningen datasettveier)';
COMMENT ON COLUMN main.datasett.veier IS 'Hvor mange beskrivelser vi har av datasettet';
COMMENT ON COLUMN main.datasett.kilder IS 'Kildene det er beskrevet i, skilt med semikolon';
COMMENT ON COLUMN main.datasett.organ_i_dag IS 'Organisasjonsnummeret til organet som er i utgiverens sted i dag; utgiverens eget når det består, er delt eller er ukjent';
COMMENT ON COLUMN main.datasett.lisens_id IS 'Lisensen i en lukket liste: NLOD-1.0, NLOD-2.0, CC-BY-4.0, CC-BY-3.0, CC0-1.0, ODbL, other-open, closed, none (ingen oppgitt) eller unknown';
COMMENT ON COLUMN main.datasett.apen_nasjonalt IS 'Om datasettet er åpent etter regelen til data.norge.no: tilgang PUBLIC og en lisens på listen dens; strengere enn apen_lisens, som følger Open Definition';
COMMENT ON COLUMN main.datasett.klokke_beskrivelse IS 'Når datasettet sist ble oppdatert etter det beskrivelsen sier; hva det gjelder, står i oppdatert_gjelder';
COMMENT ON COLUMN main.datasett.klokke_filer IS 'Når den nyeste filen eller det nyeste grensesnittet sist ble oppdatert, etter det portalen sier';
COMMENT ON COLUMN main.datasett.klokke_hosting IS 'Når en katalog som høster datasettet, sist så en endring';
COMMENT ON COLUMN main.datasett.sist_lest IS 'Da kilden sist ble lest helt (UTC)';
COMMENT ON COLUMN main.datasett.lovet_hver_dager IS 'Dager mellom oppdateringene som frekvensen lover; tomt når den ikke lover noe';
COMMENT ON COLUMN main.datasett.alder_dager IS 'Dager fra dataene sist ble oppdatert (filene, ellers det beskrivelsen sier om dataene) til kilden sist ble lest; tomt når det ikke er kjent';
COMMENT ON COLUMN main.datasett.ferskhet IS 'fersk, forsinket (eldre enn to ganger det som er lovet) eller ukjent når alder eller løfte mangler';
COMMENT ON COLUMN main.datasett.stjerner IS 'Stjerner for åpne data, 0 til 4, av beste distribusjon; tomt når lisens eller format ikke er kjent';
COMMENT ON COLUMN main.datasett.poeng_norge IS 'Poeng for beskrivelsen etter tabellen til data.norge.no';
COMMENT ON COLUMN main.datasett.poeng_norge_av IS 'Poengene som kunne observeres, av 435; det som krever at noen spør adressen, er ikke med';
COMMENT ON COLUMN main.datasett.poeng_eu IS 'Poeng for beskrivelsen etter tabellen til data.europa.eu';
COMMENT ON COLUMN main.datasett.poeng_eu_av IS 'Poengene som kunne observeres, av 405';
