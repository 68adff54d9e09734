-- Datasettene i dataportalene

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
    d.changed_at AS sist_endret
FROM core.datasets d
LEFT JOIN core.authorities a ON a.orgnr = d.authority;

COMMENT ON VIEW main.datasett IS 'Datasett slik en dataportal beskriver dem';
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
