-- One dataset over the roads it came by, its licence in a closed list, and the points of its description.

ALTER TABLE core.datasets ADD COLUMN harvested DATE;
ALTER TABLE core.datasets ADD COLUMN temporal_present BOOLEAN;
ALTER TABLE core.datasets_history ADD COLUMN harvested DATE;
ALTER TABLE core.datasets_history ADD COLUMN temporal_present BOOLEAN;
ALTER TABLE core.distributions ADD COLUMN issued_present BOOLEAN;
ALTER TABLE core.distributions ADD COLUMN rights_present BOOLEAN;
ALTER TABLE core.distributions_history ADD COLUMN issued_present BOOLEAN;
ALTER TABLE core.distributions_history ADD COLUMN rights_present BOOLEAN;

CREATE TABLE core.dataset_measures (
    dataset VARCHAR PRIMARY KEY, dataset_group VARCHAR, is_main BOOLEAN, matched_by VARCHAR, body_today VARCHAR, licence_id VARCHAR,
    open_nationally BOOLEAN, stars INTEGER, files_modified DATE, interval_days INTEGER, points_no INTEGER, observed_no INTEGER, points_eu INTEGER, observed_eu INTEGER
);
COMMENT ON TABLE core.dataset_measures IS 'Hva som er regnet ut av beskrivelsen av et datasett: hvilke beskrivelser som er av samme datasett, lisens, poeng og stjerner';

CREATE TABLE core.distribution_measures (distribution VARCHAR PRIMARY KEY, licence_id VARCHAR, file_types VARCHAR, stars INTEGER);
COMMENT ON TABLE core.distribution_measures IS 'Hva som er regnet ut av beskrivelsen av en distribusjon: lisens, filtyper og stjerner';

CREATE TABLE core.dataset_metrics (
    dataset VARCHAR, method VARCHAR, metric VARCHAR, answer VARCHAR, points INTEGER, distribution INTEGER
);
COMMENT ON TABLE core.dataset_metrics IS 'Svar og poeng for hvert måltall til hver beskrivelse av et datasett, etter hver metode';

CREATE TABLE core.metrics (
    method VARCHAR, metric VARCHAR, position INTEGER, dimension VARCHAR, max_points INTEGER, is_observable BOOLEAN, name VARCHAR,
    PRIMARY KEY (method, metric)
);
COMMENT ON TABLE core.metrics IS 'Poengtabellene for beskrivelser av datasett: data.norge.no (435) og data.europa.eu (405)';
