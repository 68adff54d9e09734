-- What ran, when and how it ended, whatever the engine kept of it.

CREATE TABLE raw.jobs (
    id VARCHAR PRIMARY KEY, verb VARCHAR, status VARCHAR, started_at TIMESTAMP, ended_at TIMESTAMP, asked VARCHAR, result VARCHAR,
    fault VARCHAR
);
COMMENT ON TABLE raw.jobs IS 'Én rad per jobb: hva som ble bedt om, når den gikk og hvordan den endte; laget av jobbfilene';
