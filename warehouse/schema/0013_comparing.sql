-- What a candidate shares with others: copies on the body's own pages, text that other bodies have too, and what stands in a plan for OGP.

ALTER TABLE ogp.candidates ADD COLUMN copies INTEGER;
ALTER TABLE ogp.candidates ADD COLUMN shared_share DOUBLE;
ALTER TABLE ogp.candidates ADD COLUMN shared_with VARCHAR;
ALTER TABLE ogp.candidates ADD COLUMN in_national_plan VARCHAR;
ALTER TABLE ogp.candidates ADD COLUMN in_national_plan_by VARCHAR;
ALTER TABLE ogp.candidates ADD COLUMN in_national_plan_words VARCHAR;
ALTER TABLE ogp.candidates ADD COLUMN code VARCHAR;

CREATE TABLE ogp.shared_texts (
    sentence_hash VARCHAR, authority VARCHAR, document_id VARCHAR, document_table VARCHAR, quote VARCHAR, url VARCHAR
);
COMMENT ON TABLE ogp.shared_texts IS 'Setninger som flere organer har ord for ord, bortsett fra navn og tall';

CREATE TABLE ogp.mentions (
    document_id VARCHAR, document_table VARCHAR, authority VARCHAR, source VARCHAR, source_type VARCHAR, kind VARCHAR, claim VARCHAR,
    plan INTEGER, commitments VARCHAR, matched_by VARCHAR, start_at INTEGER, end_at INTEGER, quote VARCHAR, quote_start INTEGER,
    quote_end INTEGER, text_hash VARCHAR, capture VARCHAR, locator VARCHAR, url VARCHAR, captured_at TIMESTAMP
);
COMMENT ON TABLE ogp.mentions IS 'Hva tekstene sier om Open Government Partnership: medlemskap, egen plan og hva som står i den nasjonale planen';

CREATE TABLE ogp.comparables (candidate VARCHAR, position INTEGER, other VARCHAR, size_distance INTEGER);
COMMENT ON TABLE ogp.comparables IS 'For hver kandidat de beste kandidatene for samme praksis hos andre organer';
