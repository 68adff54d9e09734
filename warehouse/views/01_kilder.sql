-- Kildene og hvordan det sist gikk med hver av dem

CREATE OR REPLACE VIEW main.kilder AS
SELECT
    coalesce(s.id, r.source) AS kilde,
    coalesce(p.nb, s.platform, r.platform) AS plattform,
    coalesce(s.platform, r.platform) AS plattform_kode,
    coalesce(s.authority, r.authority) AS organisasjonsnummer,
    a.name AS kommune,
    s.url AS adresse,
    s.state AS tilstand,
    s.kinds AS innhold,
    s.cadence AS hyppighet,
    s.licence AS lisens,
    coalesce(o.nb, r.outcome) AS siste_utfall,
    r.outcome AS siste_utfall_kode,
    w.nb AS siste_arsak,
    nullif(r.reason_code, '') AS siste_arsak_kode,
    r.ended_at AS siste_kjoring,
    r.complete_at AS sist_lest_helt,
    coalesce(r.runs, 0) AS kjoringer,
    coalesce(r.is_observed, FALSE) AS observert,
    s.fact AS faktakilde,
    s.confidence AS sikkerhet,
    s.note AS merknad
FROM core.sources s
FULL JOIN (
    SELECT source, max_by(platform, ended_at) AS platform, max_by(authority, ended_at) AS authority, max_by(outcome, ended_at) AS outcome,
        max_by(reason, ended_at) AS reason, max_by(coalesce(reason_code, ''), ended_at) AS reason_code, max(ended_at) AS ended_at, count(*) AS runs,
        max(ended_at) FILTER (outcome IN ('fresh', 'unchanged', 'empty_verified')) AS complete_at,
        bool_or(outcome IN ('fresh', 'unchanged', 'empty_verified', 'partial')) AS is_observed
    FROM raw.runs GROUP BY source
) r ON r.source = s.id
LEFT JOIN core.authorities a ON a.orgnr = coalesce(s.authority, r.authority)
LEFT JOIN core.labels p ON p.label_group = 'platform' AND p.code = coalesce(s.platform, r.platform)
LEFT JOIN core.labels o ON o.label_group = 'outcome' AND o.code = r.outcome
LEFT JOIN raw.reasons w ON w.reason = r.reason;

COMMENT ON VIEW main.kilder IS 'Kildene vi leser: ett organ på én plattform på én adresse, med siste utfall';
COMMENT ON COLUMN main.kilder.kilde IS 'Kildens navn, plattform/navn';
COMMENT ON COLUMN main.kilder.plattform IS 'Plattformen kilden står på';
COMMENT ON COLUMN main.kilder.plattform_kode IS 'Plattformens kode, første del av kildens navn';
COMMENT ON COLUMN main.kilder.organisasjonsnummer IS 'Organet kilden gjelder, organisasjonsnummer';
COMMENT ON COLUMN main.kilder.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.kilder.adresse IS 'Kildens adresse';
COMMENT ON COLUMN main.kilder.tilstand IS 'enabled (leses), disabled, planned (leser mangler) eller permission (krever tillatelse)';
COMMENT ON COLUMN main.kilder.innhold IS 'Hva slags poster kilden har';
COMMENT ON COLUMN main.kilder.hyppighet IS 'Hvor ofte kilden skal leses';
COMMENT ON COLUMN main.kilder.lisens IS 'Lisensen kilden oppgir';
COMMENT ON COLUMN main.kilder.siste_utfall IS 'Utfallet av siste kjøring, i ord';
COMMENT ON COLUMN main.kilder.siste_utfall_kode IS 'Utfallets kode: fresh, unchanged, empty_verified, partial, blocked, drifted eller failed';
COMMENT ON COLUMN main.kilder.siste_arsak IS 'Årsaken til utfallet; hva som kan gjøres, står i visningen arsaker';
COMMENT ON COLUMN main.kilder.siste_arsak_kode IS 'Årsakens kode (den viktigste når det er flere)';
COMMENT ON COLUMN main.kilder.siste_kjoring IS 'Når siste kjøring ble ferdig (UTC)';
COMMENT ON COLUMN main.kilder.sist_lest_helt IS 'Når kilden sist ble lest helt i sitt vindu (UTC)';
COMMENT ON COLUMN main.kilder.kjoringer IS 'Hvor mange ganger kilden er kjørt';
COMMENT ON COLUMN main.kilder.observert IS 'Om noen kjøring har fått lese kilden, helt eller delvis';
COMMENT ON COLUMN main.kilder.faktakilde IS 'Hvor adressen er hentet fra';
COMMENT ON COLUMN main.kilder.sikkerhet IS 'Hvor sikkert det er at adressen stemmer';
COMMENT ON COLUMN main.kilder.merknad IS 'Merknad';
