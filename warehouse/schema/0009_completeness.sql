-- What was there and is no longer shown, and the ledger of days.

CREATE TABLE raw.absences (
    source VARCHAR, kind VARCHAR, id VARCHAR, key VARCHAR, day DATE, missed INTEGER, first_missed TIMESTAMP, last_missed TIMESTAMP,
    withdrawn_in VARCHAR, withdrawn_at TIMESTAMP, returned_in VARCHAR, returned_at TIMESTAMP, reason VARCHAR, reason_code VARCHAR
);
COMMENT ON TABLE raw.absences IS 'Poster som ikke lenger vises der de skulle stått: savnet én gang, trukket etter to, eller kommet tilbake';

CREATE TABLE raw.coverage_days (
    source VARCHAR, authority VARCHAR, kind VARCHAR, day DATE, claimed BIGINT, held BIGINT, missing BIGINT, withdrawn BIGINT,
    read_at TIMESTAMP, whole_at TIMESTAMP, batch VARCHAR
);
COMMENT ON TABLE raw.coverage_days IS 'Dekningsboka dag for dag: hva kilden oppgir, hva vi har, hva som er savnet og hva som er trukket';
