-- Every description of a dataset with what follows from it. Three clocks, kept apart: what the description says, what the files say, and when
-- a harvester saw a change. Only the data's own date against what is promised makes a dataset fresh or late; without both it is not known.

CREATE OR REPLACE VIEW core.dataset_roads AS
SELECT
    *,
    coalesce(files_clock, CASE WHEN modified_kind = 'data' THEN description_clock END) AS data_clock,
    date_diff('day', data_clock, read_at::DATE) AS age_days,
    CASE
        WHEN age_days IS NULL OR interval_days IS NULL THEN 'unknown'
        WHEN age_days <= 2 * interval_days THEN 'fresh'
        ELSE 'stale'
    END AS freshness
FROM (
    SELECT
        d.*,
        coalesce(m.dataset_group, d.id) AS dataset_group,
        coalesce(m.is_main, TRUE) AS is_main,
        m.matched_by, m.body_today, m.licence_id, m.open_nationally, m.stars, m.interval_days, m.points_no, m.observed_no, m.points_eu, m.observed_eu,
        CASE WHEN d.modified_kind IS DISTINCT FROM 'harvest' THEN d.modified END AS description_clock,
        m.files_modified AS files_clock,
        coalesce(d.harvested, CASE WHEN d.modified_kind = 'harvest' THEN d.modified END) AS harvest_clock,
        r.read_at
    FROM core.datasets d
    LEFT JOIN core.dataset_measures m ON m.dataset = d.id
    LEFT JOIN (
        SELECT source, max(ended_at) AS read_at FROM raw.runs WHERE outcome IN ('fresh', 'unchanged', 'empty_verified') GROUP BY source
    ) r ON r.source = d.source
);

COMMENT ON VIEW core.dataset_roads IS 'Hver beskrivelse av et datasett med det som følger av den: gruppe, lisens, klokker, poeng og stjerner';
