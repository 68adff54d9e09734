-- Alt registrene sier, ett utsagn per rad

CREATE OR REPLACE VIEW main.registeropplysninger AS
SELECT
    f.id AS id,
    s.orgnr AS organisasjonsnummer,
    s.name AS kommune,
    f.subject AS emne,
    f.property AS egenskap,
    coalesce(p.nb, f.property) AS egenskap_navn,
    f.value AS verdi,
    f.label AS verdi_navn,
    f.unit AS enhet,
    f.since AS fra_dag,
    f.until AS til_dag,
    coalesce(w.nb, split_part(f.source, '/', 1)) AS register,
    f.url AS adresse,
    f.source AS kilde,
    f.capture AS arkivsvar,
    f.locator AS plass,
    f.captured_at AS hentet,
    f.first_seen AS forst_sett,
    f.changed_at AS sist_endret
FROM core.register_facts f
LEFT JOIN core.subjects s ON s.subject = f.subject
LEFT JOIN core.labels p ON p.label_group = 'property' AND p.code = f.property
LEFT JOIN core.labels w ON w.label_group = 'platform' AND w.code = split_part(f.source, '/', 1)
WHERE f.value IS NOT NULL;

COMMENT ON VIEW main.registeropplysninger IS 'Opplysninger fra Enhetsregisteret, SSB, Kartverket og Mimes brønn, ett utsagn per rad; tidligere utgaver står i utgaver';
COMMENT ON COLUMN main.registeropplysninger.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.registeropplysninger.organisasjonsnummer IS 'Organet opplysningen gjelder; tomt når det ikke er et organ vi følger';
COMMENT ON COLUMN main.registeropplysninger.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.registeropplysninger.emne IS 'Det opplysningen gjelder: organisasjonsnummer, kommunenummer, fylkesnummer eller registerets kode';
COMMENT ON COLUMN main.registeropplysninger.egenskap IS 'Hva opplysningen er, kode';
COMMENT ON COLUMN main.registeropplysninger.egenskap_navn IS 'Hva opplysningen er, i ord';
COMMENT ON COLUMN main.registeropplysninger.verdi IS 'Verdien slik registeret skriver den';
COMMENT ON COLUMN main.registeropplysninger.verdi_navn IS 'Hva en kode heter';
COMMENT ON COLUMN main.registeropplysninger.enhet IS 'Enheten når verdien er et tall';
COMMENT ON COLUMN main.registeropplysninger.fra_dag IS 'Første dag den gjelder, der registeret sier det';
COMMENT ON COLUMN main.registeropplysninger.til_dag IS 'Siste dag den gjelder, der registeret sier det';
COMMENT ON COLUMN main.registeropplysninger.register IS 'Registeret';
COMMENT ON COLUMN main.registeropplysninger.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.registeropplysninger.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.registeropplysninger.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.registeropplysninger.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.registeropplysninger.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.registeropplysninger.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.registeropplysninger.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
