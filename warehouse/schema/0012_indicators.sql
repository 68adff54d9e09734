-- What openness is measured by: the facts of `catalogue/indicators.toml`. What is measured stands in views and is never stored.

CREATE TABLE core.indicators (
    key VARCHAR PRIMARY KEY, position INTEGER, pillar VARCHAR, kind VARCHAR, name_nb VARCHAR, name_nn VARCHAR, name_en VARCHAR,
    measures VARCHAR, unit VARCHAR, direction VARCHAR, good DOUBLE, partly DOUBLE, weight DOUBLE, least INTEGER, is_counted BOOLEAN,
    may_be_absent BOOLEAN, silence VARCHAR, idea VARCHAR, method VARCHAR, valid_days INTEGER, least_share DOUBLE
);
COMMENT ON TABLE core.indicators IS 'Åpenhetsindikatorene: hva hver av dem måler, med grenser, vekt og metodeversjon';
