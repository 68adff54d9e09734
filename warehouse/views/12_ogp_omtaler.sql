-- Hva organene selv skriver om Open Government Partnership

CREATE OR REPLACE VIEW main.ogp_omtaler AS
SELECT
    m.authority AS organisasjonsnummer,
    a.name AS kommune,
    a.county_name AS fylke,
    m.kind AS slag_kode,
    m.claim AS paastand_kode,
    coalesce(l.nb, m.kind || ', ' || m.claim) AS hva,
    m.plan AS handlingsplan,
    nullif(m.commitments, '') AS forpliktelser,
    nullif(m.matched_by, '') AS lest_av,
    m.quote AS sitat,
    cd.candidate AS kandidat,
    coalesce(t.nb, m.source_type) AS kildetype,
    m.url AS adresse,
    m.document_id AS dokument,
    m.capture AS arkivsvar,
    m.captured_at AS hentet
FROM ogp.mentions m
LEFT JOIN core.authorities a ON a.orgnr = m.authority
LEFT JOIN core.labels l ON l.label_group = 'mention' AND l.code = m.kind || '_' || m.claim
LEFT JOIN core.labels t ON t.label_group = 'source_type' AND t.code = m.source_type
LEFT JOIN ogp.candidate_documents cd ON cd.document_id = m.document_id;

COMMENT ON VIEW main.ogp_omtaler IS 'Tekster der et organ skriver at det er medlem av Open Government Partnership, har egen handlingsplan, eller står i Norges handlingsplan; også tekster som bare nevner den';
COMMENT ON COLUMN main.ogp_omtaler.organisasjonsnummer IS 'Organet som skriver, organisasjonsnummer';
COMMENT ON COLUMN main.ogp_omtaler.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.ogp_omtaler.fylke IS 'Fylke';
COMMENT ON COLUMN main.ogp_omtaler.slag_kode IS 'membership (medlem), own_plan (egen plan) eller national_plan (Norges plan)';
COMMENT ON COLUMN main.ogp_omtaler.paastand_kode IS 'stands (det er slik), planned (ønsket, søkt eller foreslått) eller mentioned (bare nevnt)';
COMMENT ON COLUMN main.ogp_omtaler.hva IS 'De to kodene i ord';
COMMENT ON COLUMN main.ogp_omtaler.handlingsplan IS 'Nummeret på Norges handlingsplan når teksten sier hvilken';
COMMENT ON COLUMN main.ogp_omtaler.forpliktelser IS 'Forpliktelser teksten nevner';
COMMENT ON COLUMN main.ogp_omtaler.lest_av IS 'Hva forpliktelsen er lest av: id, number, title eller plan (bare planen er nevnt)';
COMMENT ON COLUMN main.ogp_omtaler.sitat IS 'Setningen';
COMMENT ON COLUMN main.ogp_omtaler.kandidat IS 'Kandidaten teksten hører til; tomt når den ikke er om noen praksis';
COMMENT ON COLUMN main.ogp_omtaler.kildetype IS 'Slaget kilde';
COMMENT ON COLUMN main.ogp_omtaler.adresse IS 'Siden den står på';
COMMENT ON COLUMN main.ogp_omtaler.dokument IS 'Dokumentet';
COMMENT ON COLUMN main.ogp_omtaler.arkivsvar IS 'Det arkiverte svaret';
COMMENT ON COLUMN main.ogp_omtaler.hentet IS 'Når det ble hentet (UTC)';
