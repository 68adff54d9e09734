-- Bodies, sources and what the sources said, one row per source and key; superseded versions stand in <table>_history.

CREATE SCHEMA IF NOT EXISTS core;

CREATE TABLE core.authorities (
    orgnr VARCHAR PRIMARY KEY, name VARCHAR, name_nn VARCHAR, name_se VARCHAR, name_smj VARCHAR, name_sma VARCHAR,
    name_fkv VARCHAR, roles VARCHAR, number VARCHAR, county VARCHAR, county_name VARCHAR, language_form VARCHAR, population INTEGER, homepage VARCHAR, hosts VARCHAR, postmottak VARCHAR,
    valid_from DATE, valid_to DATE, successors VARCHAR, source VARCHAR, confidence VARCHAR
);
COMMENT ON TABLE core.authorities IS 'Kommuner og fylkeskommuner, én rad per organisasjonsnummer, også de som er slått sammen eller delt';

CREATE TABLE core.sources (
    id VARCHAR PRIMARY KEY, platform VARCHAR, slug VARCHAR, authority VARCHAR, url VARCHAR, settings VARCHAR, kinds VARCHAR,
    cadence VARCHAR, valid_from DATE, valid_to DATE, licence VARCHAR, fact VARCHAR, confidence VARCHAR, state VARCHAR,
    permission VARCHAR, hosts VARCHAR, note VARCHAR
);
COMMENT ON TABLE core.sources IS 'Kildene: ett organ på én plattform på én adresse';

CREATE TABLE core.journal_entries (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    case_number VARCHAR, document_number VARCHAR, serial VARCHAR, journal_date DATE, document_date DATE, published_at TIMESTAMP,
    direction VARCHAR, document_type VARCHAR, title VARCHAR, title_lower VARCHAR, case_title VARCHAR, sender VARCHAR, recipient VARCHAR,
    access VARCHAR, legal_basis VARCHAR, unit VARCHAR, class_code VARCHAR, files INTEGER, open_files INTEGER, masked INTEGER,
    withdrawn BOOLEAN,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.journal_entries IS 'Journalposter fra postlister og innsynsløsninger';
CREATE TABLE core.journal_entries_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.journal_entries LIMIT 0;
COMMENT ON TABLE core.journal_entries_history IS 'Tidligere utgaver av journal_entries: slik raden lød fra valid_from til valid_to';

CREATE TABLE core.cases (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    case_number VARCHAR, title VARCHAR, title_lower VARCHAR, case_date DATE, status VARCHAR, case_type VARCHAR, unit VARCHAR,
    masked INTEGER, withdrawn BOOLEAN,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.cases IS 'Saksmapper';
CREATE TABLE core.cases_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.cases LIMIT 0;
COMMENT ON TABLE core.cases_history IS 'Tidligere utgaver av cases: slik raden lød fra valid_from til valid_to';

CREATE TABLE core.meetings (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    committee VARCHAR, start TIMESTAMP, place VARCHAR, status VARCHAR, video_url VARCHAR, files INTEGER, open_files INTEGER,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.meetings IS 'Møter i utvalg; tidspunkt er norsk veggtid';
CREATE TABLE core.meetings_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.meetings LIMIT 0;
COMMENT ON TABLE core.meetings_history IS 'Tidligere utgaver av meetings: slik raden lød fra valid_from til valid_to';

CREATE TABLE core.agenda_items (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    meeting_key VARCHAR, meeting VARCHAR, number VARCHAR, title VARCHAR, title_lower VARCHAR, item_type VARCHAR, case_number VARCHAR,
    text VARCHAR, decision VARCHAR, files INTEGER, open_files INTEGER, masked INTEGER, withdrawn BOOLEAN,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.agenda_items IS 'Møtesaker';
CREATE TABLE core.agenda_items_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.agenda_items LIMIT 0;
COMMENT ON TABLE core.agenda_items_history IS 'Tidligere utgaver av agenda_items: slik raden lød fra valid_from til valid_to';

CREATE TABLE core.datasets (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    uri VARCHAR, publisher VARCHAR, publisher_name VARCHAR, title VARCHAR, title_lower VARCHAR, description VARCHAR, keywords VARCHAR,
    themes VARCHAR, access_rights VARCHAR, licence VARCHAR, licence_open BOOLEAN, issued DATE, modified DATE, modified_kind VARCHAR,
    frequency VARCHAR, spatial VARCHAR, contact_present BOOLEAN, landing_page VARCHAR, distributions INTEGER,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.datasets IS 'Datasett slik en dataportal beskriver dem';
CREATE TABLE core.datasets_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.datasets LIMIT 0;
COMMENT ON TABLE core.datasets_history IS 'Tidligere utgaver av datasets: slik raden lød fra valid_from til valid_to';

CREATE TABLE core.distributions (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    dataset VARCHAR, position INTEGER, access_url VARCHAR, download_url VARCHAR, format VARCHAR, media_type VARCHAR, size_bytes BIGINT,
    licence VARCHAR, modified DATE,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.distributions IS 'Filer og grensesnitt som et datasett tilbys i';
CREATE TABLE core.distributions_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.distributions LIMIT 0;
COMMENT ON TABLE core.distributions_history IS 'Tidligere utgaver av distributions: slik raden lød fra valid_from til valid_to';

CREATE TABLE core.pages (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    title VARCHAR, title_lower VARCHAR, text VARCHAR, language VARCHAR, published DATE, modified DATE, breadcrumb VARCHAR, shape VARCHAR,
    media_type VARCHAR, linked_from VARCHAR, link_text VARCHAR, characters INTEGER, masked INTEGER, withdrawn BOOLEAN,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.pages IS 'Nettsider og dokumenter som er lenket fra dem; hovedteksten, maskert';
CREATE TABLE core.pages_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.pages LIMIT 0;
COMMENT ON TABLE core.pages_history IS 'Tidligere utgaver av pages: slik raden lød fra valid_from til valid_to';
