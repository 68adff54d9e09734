-- What registers say: notices of procurement, and facts about bodies, companies, municipalities and figures.

CREATE TABLE core.notices (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    publisher VARCHAR, publisher_name VARCHAR, title VARCHAR, title_lower VARCHAR, text VARCHAR, notice_type VARCHAR, subtype VARCHAR,
    procedure VARCHAR, status VARCHAR, result VARCHAR, case_number VARCHAR, issued DATE, deadline TIMESTAMP, awarded DATE, amount DOUBLE,
    currency VARCHAR, tenders INTEGER, winners VARCHAR, cpv VARCHAR, places VARCHAR, language VARCHAR, masked INTEGER, withdrawn BOOLEAN,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.notices IS 'Kunngjøringer av anskaffelser fra Doffin; frister er norsk veggtid';
CREATE TABLE core.notices_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.notices LIMIT 0;
COMMENT ON TABLE core.notices_history IS 'Tidligere utgaver av notices: slik raden lød fra valid_from til valid_to';

CREATE TABLE core.register_facts (
    id VARCHAR PRIMARY KEY, authority VARCHAR, source VARCHAR, key VARCHAR, url VARCHAR, capture VARCHAR, locator VARCHAR,
    captured_at TIMESTAMP, batch VARCHAR, content_hash VARCHAR,
    subject VARCHAR, property VARCHAR, value VARCHAR, label VARCHAR, number DOUBLE, unit VARCHAR, status VARCHAR, since DATE, until DATE,
    first_seen TIMESTAMP, changed_at TIMESTAMP
);
COMMENT ON TABLE core.register_facts IS 'Opplysninger fra registre: ett utsagn om én enhet, kommune eller gruppe per rad';
CREATE TABLE core.register_facts_history AS SELECT *, NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.register_facts LIMIT 0;
COMMENT ON TABLE core.register_facts_history IS 'Tidligere utgaver av register_facts: slik raden lød fra valid_from til valid_to';
