-- Reasons as codes with values, and the words for codes. A reason of before is a sentence; it is kept as the words of `older_words`.

ALTER TABLE raw.runs ADD COLUMN reason_code VARCHAR;
ALTER TABLE raw.coverage ADD COLUMN reason_code VARCHAR;
ALTER TABLE raw.quarantine ADD COLUMN reason_code VARCHAR;
UPDATE raw.runs SET reason = to_json([{'code': 'older_words', 'values': {'words': reason}}])::VARCHAR, reason_code = 'older_words' WHERE reason <> '';
UPDATE raw.coverage SET reason = to_json([{'code': 'older_words', 'values': {'words': reason}}])::VARCHAR, reason_code = 'older_words' WHERE reason <> '';
UPDATE raw.quarantine SET reason = to_json([{'code': 'older_words', 'values': {'words': reason}}])::VARCHAR, reason_code = 'older_words' WHERE reason <> '';

CREATE TABLE raw.reasons (reason VARCHAR PRIMARY KEY, code VARCHAR, nb VARCHAR, en VARCHAR);
COMMENT ON TABLE raw.reasons IS 'Setningene for årsakene som forekommer, på bokmål og engelsk: kode og verdier (JSON) → ord';

CREATE TABLE core.reason_codes (code VARCHAR PRIMARY KEY, heading VARCHAR, nb VARCHAR, en VARCHAR, way_out_nb VARCHAR, way_out_en VARCHAR);
COMMENT ON TABLE core.reason_codes IS 'Alle årsakskoder med setning og hva som kan gjøres, på bokmål og engelsk';

CREATE TABLE core.labels (label_group VARCHAR, code VARCHAR, nb VARCHAR, nn VARCHAR, en VARCHAR, PRIMARY KEY (label_group, code));
COMMENT ON TABLE core.labels IS 'Hva kodene heter i ord: utfall (outcome), kildetyper (source_type), plattformer (platform) og slag (kind)';
