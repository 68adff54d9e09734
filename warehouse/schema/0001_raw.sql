-- What ran, what was fetched, what was loaded, what is known to be complete and what could not be read.

CREATE SCHEMA IF NOT EXISTS raw;

CREATE TABLE raw.batches (
    source VARCHAR, batch VARCHAR, run_id VARCHAR, batch_at TIMESTAMP,
    rows_in BIGINT, rows_out BIGINT, quarantined BIGINT, duplicates BIGINT,
    PRIMARY KEY (source, batch)
);
COMMENT ON TABLE raw.batches IS 'Vannmerket: hver bunke som er lastet, med regnskap: rader inn = rader ut + karantene + dubletter';

CREATE TABLE raw.settled (day DATE, takedowns VARCHAR);
COMMENT ON TABLE raw.settled IS 'Dagen personverngrensene sist ble regnet fra, og slettingene som gjaldt';

CREATE TABLE raw.runs (
    run_id VARCHAR, source VARCHAR, authority VARCHAR, platform VARCHAR, outcome VARCHAR, reason VARCHAR,
    requests BIGINT, not_modified BIGINT, size_bytes BIGINT, captures BIGINT, records VARCHAR, seen VARCHAR,
    troubles BIGINT, leftovers VARCHAR, claimed BIGINT, since DATE, until DATE,
    started_at TIMESTAMP, ended_at TIMESTAMP, batch VARCHAR,
    PRIMARY KEY (source, batch)
);
COMMENT ON TABLE raw.runs IS 'Én rad per kjøring av en kilde, med nøyaktig ett utfall';

CREATE TABLE raw.captures (
    capture VARCHAR PRIMARY KEY, source VARCHAR, platform VARCHAR, url VARCHAR, method VARCHAR, status INTEGER,
    fetched_at TIMESTAMP, sha256 VARCHAR, media_type VARCHAR, robots_permission VARCHAR, file VARCHAR, file_offset BIGINT,
    batch VARCHAR
);
COMMENT ON TABLE raw.captures IS 'Ett arkivert svar per rad, med fil og plass i WARC-arkivet';

CREATE TABLE raw.coverage (
    source VARCHAR, authority VARCHAR, kind VARCHAR, scope VARCHAR, since DATE, until DATE,
    claimed BIGINT, held BIGINT, first_missing VARCHAR, last_missing VARCHAR, missing BIGINT,
    is_complete BOOLEAN, outcome VARCHAR, reason VARCHAR, batch VARCHAR, batch_at TIMESTAMP
);
COMMENT ON TABLE raw.coverage IS 'Dekningsboka: hva kilden selv sier den har, hva vi har, og hull i løpenummer';

CREATE TABLE raw.quarantine (
    id VARCHAR, source VARCHAR, authority VARCHAR, platform VARCHAR, kind VARCHAR, key_hash VARCHAR, capture VARCHAR,
    locator VARCHAR, url VARCHAR, batch VARCHAR, captured_at TIMESTAMP, reason VARCHAR, payload_hash VARCHAR
);
COMMENT ON TABLE raw.quarantine IS 'Poster som ikke kunne leses eller brøt kontrakten, med grunn og aldri med tekst fra kilden';
