-- Det som ikke kunne leses eller brøt kontrakten

CREATE OR REPLACE VIEW main.karantene AS
SELECT
    q.id AS id,
    q.source AS kilde,
    q.authority AS organisasjonsnummer,
    a.name AS kommune,
    coalesce(p.nb, q.platform) AS plattform,
    q.platform AS plattform_kode,
    q.kind AS slag,
    w.nb AS arsak,
    q.reason_code AS arsak_kode,
    q.url AS adresse,
    q.capture AS arkivsvar,
    q.locator AS plass,
    q.captured_at AS hentet,
    q.key_hash AS nokkelhash,
    q.payload_hash AS innholdshash,
    q.batch AS bunke
FROM raw.quarantine q
LEFT JOIN core.authorities a ON a.orgnr = q.authority
LEFT JOIN core.labels p ON p.label_group = 'platform' AND p.code = q.platform
LEFT JOIN raw.reasons w ON w.reason = q.reason;

COMMENT ON VIEW main.karantene IS 'Karantene: poster som ikke kom inn i tabellene, med årsak; aldri med tekst fra kilden';
COMMENT ON COLUMN main.karantene.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.karantene.kilde IS 'Kilden';
COMMENT ON COLUMN main.karantene.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.karantene.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.karantene.plattform IS 'Plattformen';
COMMENT ON COLUMN main.karantene.plattform_kode IS 'Plattformens kode';
COMMENT ON COLUMN main.karantene.slag IS 'Slaget post';
COMMENT ON COLUMN main.karantene.arsak IS 'Årsaken; hva som kan gjøres, står i visningen arsaker';
COMMENT ON COLUMN main.karantene.arsak_kode IS 'Årsakens kode (den viktigste når det er flere)';
COMMENT ON COLUMN main.karantene.adresse IS 'Adressen svaret kom fra';
COMMENT ON COLUMN main.karantene.arkivsvar IS 'Arkivert svar';
COMMENT ON COLUMN main.karantene.plass IS 'Hvor i svaret';
COMMENT ON COLUMN main.karantene.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.karantene.nokkelhash IS 'Hash av kildens nøkkel';
COMMENT ON COLUMN main.karantene.innholdshash IS 'Hash av innholdet';
COMMENT ON COLUMN main.karantene.bunke IS 'Bunken';
