-- Filene og grensesnittene datasettene tilbys i

CREATE OR REPLACE VIEW main.distribusjoner AS
SELECT
    x.id AS id,
    x.authority AS organisasjonsnummer,
    a.name AS kommune,
    x.dataset AS datasett,
    d.title AS datasett_tittel,
    x.position AS nummer,
    x.access_url AS tilgangsadresse,
    x.download_url AS nedlasting,
    x.format AS format,
    x.media_type AS medietype,
    x.size_bytes AS storrelse_byte,
    x.licence AS lisens,
    x.modified AS oppdatert,
    x.url AS adresse,
    x.source AS kilde,
    x.capture AS arkivsvar,
    x.locator AS plass,
    x.captured_at AS hentet,
    x.first_seen AS forst_sett,
    x.changed_at AS sist_endret,
    coalesce(g.dataset_group, x.dataset) AS gruppe,
    m.file_types AS filtyper,
    m.licence_id AS lisens_id,
    m.stars AS stjerner
FROM core.distributions x
LEFT JOIN core.distribution_measures m ON m.distribution = x.id
LEFT JOIN core.dataset_measures g ON g.dataset = x.dataset
LEFT JOIN core.datasets d ON d.id = x.dataset
LEFT JOIN core.authorities a ON a.orgnr = x.authority;

COMMENT ON VIEW main.distribusjoner IS 'Distribusjoner: filer og grensesnitt et datasett tilbys i';
COMMENT ON COLUMN main.distribusjoner.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.distribusjoner.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.distribusjoner.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.distribusjoner.datasett IS 'Nøkkelen til beskrivelsen den står i (visningen datasettveier)';
COMMENT ON COLUMN main.distribusjoner.datasett_tittel IS 'Datasettets tittel';
COMMENT ON COLUMN main.distribusjoner.nummer IS 'Distribusjonens nummer i datasettet, fra 0';
COMMENT ON COLUMN main.distribusjoner.tilgangsadresse IS 'Adressen der dataene er beskrevet eller tilgjengelige';
COMMENT ON COLUMN main.distribusjoner.nedlasting IS 'Adressen dataene kan lastes ned fra';
COMMENT ON COLUMN main.distribusjoner.format IS 'Formatet slik kilden skriver det';
COMMENT ON COLUMN main.distribusjoner.medietype IS 'Medietypen';
COMMENT ON COLUMN main.distribusjoner.storrelse_byte IS 'Størrelsen i byte';
COMMENT ON COLUMN main.distribusjoner.lisens IS 'Distribusjonens egen lisens';
COMMENT ON COLUMN main.distribusjoner.oppdatert IS 'Når distribusjonen sist ble oppdatert';
COMMENT ON COLUMN main.distribusjoner.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.distribusjoner.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.distribusjoner.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.distribusjoner.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.distribusjoner.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.distribusjoner.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.distribusjoner.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
COMMENT ON COLUMN main.distribusjoner.gruppe IS 'Nøkkelen til datasettet (gruppe i visningen datasett)';
COMMENT ON COLUMN main.distribusjoner.filtyper IS 'Filtypene formatet og medietypen står for, etter EUs liste der den har dem; skilt med semikolon, tomt når de ikke er kjent';
COMMENT ON COLUMN main.distribusjoner.lisens_id IS 'Distribusjonens egen lisens i den lukkede listen; tomt når den ikke oppgir noen';
COMMENT ON COLUMN main.distribusjoner.stjerner IS 'Stjerner for åpne data, 0 til 4; tomt når lisens eller format ikke er kjent';
