-- What is looked for, what was found, and what people decided about it.

CREATE SCHEMA IF NOT EXISTS ogp;

CREATE TABLE ogp.pillars (
    key VARCHAR PRIMARY KEY, position INTEGER, name_nb VARCHAR, name_nn VARCHAR, commitments VARCHAR, commitments_confirmed BOOLEAN,
    source VARCHAR, confidence VARCHAR, rubric VARCHAR
);
COMMENT ON TABLE ogp.pillars IS 'Pilarene i handlingsplanen';

CREATE TABLE ogp.practices (
    slug VARCHAR PRIMARY KEY, pillar VARCHAR, name VARCHAR, name_nn VARCHAR, legal_floor VARCHAR, legal_reference VARCHAR,
    legal_confirmed BOOLEAN, floor_duty BOOLEAN, contribution_test VARCHAR, lookalike_note VARCHAR, ogp_values VARCHAR, ogp_tags VARCHAR,
    nap_commitments VARCHAR, source VARCHAR, confidence VARCHAR, rubric VARCHAR
);
COMMENT ON TABLE ogp.practices IS 'Praksisene det letes etter, med lovgulv og prøve på hva som er et bidrag';

CREATE TABLE ogp.commitments (
    id VARCHAR PRIMARY KEY, plan INTEGER, number VARCHAR, member VARCHAR, country VARCHAR, level VARCHAR, year INTEGER, title VARCHAR,
    title_nb VARCHAR, lead VARCHAR, pillar VARCHAR, pillar_confirmed BOOLEAN, practice VARCHAR, policy_areas VARCHAR, verifiable VARCHAR,
    relevant VARCHAR, ambition VARCHAR, early_results VARCHAR, about_municipalities BOOLEAN, url VARCHAR, note VARCHAR, source VARCHAR,
    confidence VARCHAR, confirmed BOOLEAN
);
COMMENT ON TABLE ogp.commitments IS 'Forpliktelser i handlingsplaner for OGP, norske og andre lands og byers';

CREATE TABLE ogp.verdicts (
    document_id VARCHAR, document_table VARCHAR, authority VARCHAR, source VARCHAR, source_type VARCHAR, pillar VARCHAR, practice VARCHAR,
    is_contribution BOOLEAN, score DOUBLE, checks VARCHAR, cues VARCHAR, status VARCHAR, date DATE, case_number VARCHAR, text_hash VARCHAR,
    rubric VARCHAR, model VARCHAR
);
COMMENT ON TABLE ogp.verdicts IS 'Hva rubrikken mener om ett dokument';

CREATE TABLE ogp.evidence (
    id VARCHAR, document_id VARCHAR, document_table VARCHAR, authority VARCHAR, source VARCHAR, practice VARCHAR, pillar VARCHAR,
    rule VARCHAR, start_at INTEGER, end_at INTEGER, quote VARCHAR, quote_start INTEGER, quote_end INTEGER, weight DOUBLE, text_hash VARCHAR,
    capture VARCHAR, locator VARCHAR, url VARCHAR, captured_at TIMESTAMP, rubric VARCHAR
);
COMMENT ON TABLE ogp.evidence IS 'Tekststeder som støtter en praksis, med sitat, arkivsvar og plass';

CREATE TABLE ogp.candidates (
    id VARCHAR PRIMARY KEY, authority VARCHAR, pillar VARCHAR, practice VARCHAR, title VARCHAR, status VARCHAR, status_basis VARCHAR,
    date_of_act DATE, date_words VARCHAR, case_number VARCHAR, is_contribution VARCHAR, score DOUBLE, score_low DOUBLE, score_high DOUBLE,
    score_parts VARCHAR, reasons VARCHAR, checks VARCHAR, beyond_law VARCHAR, beyond_law_words VARCHAR, legal_floor VARCHAR,
    counter_evidence VARCHAR, ogp_values VARCHAR, policy_areas VARCHAR, commitments VARCHAR, source_types VARCHAR, documents INTEGER,
    sources INTEGER, first_date DATE, last_date DATE, quote VARCHAR, quote_document VARCHAR, quote_url VARCHAR, quote_capture VARCHAR,
    text_hash VARCHAR, by_hand BOOLEAN, rubric VARCHAR, model VARCHAR, first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE ogp.candidates IS 'Mulige bidrag: bevis om ett tiltak i ett organ, lagt sammen og vurdert';

CREATE TABLE ogp.candidate_documents (
    candidate VARCHAR, document_id VARCHAR, document_table VARCHAR, source_type VARCHAR, text_hash VARCHAR, role VARCHAR
);
COMMENT ON TABLE ogp.candidate_documents IS 'Hvilke dokumenter en kandidat bygger på';

CREATE TABLE ogp.reviews (
    entry INTEGER, candidate VARCHAR, text_hash VARCHAR, decision VARCHAR, reason VARCHAR, note VARCHAR, reviewer VARCHAR,
    decided_at TIMESTAMP, hash VARCHAR, stands BOOLEAN
);
COMMENT ON TABLE ogp.reviews IS 'Alt mennesker har bestemt om kandidater, i rekkefølge';

CREATE TABLE ogp.shortlists (
    id VARCHAR, number INTEGER, name VARCHAR, pillar VARCHAR, basis VARCHAR, stamp VARCHAR, language VARCHAR, frozen_at TIMESTAMP,
    items INTEGER, content_hash VARCHAR, rubric VARCHAR, known VARCHAR
);
COMMENT ON TABLE ogp.shortlists IS 'Frosne kortlister';

CREATE TABLE ogp.shortlist_items (
    shortlist VARCHAR, position INTEGER, candidate VARCHAR, text_hash VARCHAR, authority VARCHAR, pillar VARCHAR, practice VARCHAR,
    title VARCHAR, score DOUBLE, decision VARCHAR, item VARCHAR
);
COMMENT ON TABLE ogp.shortlist_items IS 'Punktene i frosne kortlister, slik de var da lista ble frosset';

CREATE TABLE ogp.takedowns (entry INTEGER, source VARCHAR, document_id VARCHAR, reason VARCHAR, decided_at TIMESTAMP);
COMMENT ON TABLE ogp.takedowns IS 'Poster som er tatt ned; nøkkel og datoer står, tittel og parter er borte';
