-- What was read of each body, kind by kind, as an indicator must know it: which source was read whole, when, and why not. A kind that no source
-- of the body's own has, is asked of the national catalogues. The day of the newest run stands in for today, so that a copy reads as it was made.

CREATE OR REPLACE VIEW core.source_readings AS
WITH clock AS (SELECT max(ended_at) AS at FROM raw.runs),
method AS (SELECT coalesce(max(valid_days), 180) AS valid_days FROM core.indicators),
asked AS (
    SELECT source, max(ended_at) AS ended_at, max_by(outcome, ended_at) AS outcome, max_by(coalesce(reason, ''), ended_at) AS reason
    FROM raw.runs GROUP BY source
),
kinds AS (
    SELECT s.id AS source, CASE WHEN a.orgnr IS NOT NULL THEN s.authority END AS authority, s.state, trim(k.kind) AS kind
    FROM (SELECT *, unnest(string_split(kinds, ';')) AS kind FROM core.sources) k
    JOIN core.sources s ON s.id = k.id
    LEFT JOIN core.authorities a ON a.orgnr = s.authority
    CROSS JOIN clock
    WHERE s.valid_to IS NULL OR s.valid_to >= clock.at::DATE
),
-- A row of the ledger without a kind is of a run that met nothing. It proves no kind whole by itself. A run that found all unchanged does not
-- repeat what the run before it had to leave out: that still holds.
ledger AS (
    SELECT k.source, k.kind,
        max(c.batch_at) FILTER (c.is_complete AND c.kind IS NOT NULL) AS read_at,
        max_by(c.since, c.batch_at) FILTER (c.is_complete AND c.kind IS NOT NULL) AS since,
        max_by(coalesce(c.reason_code, ''), c.batch_at) FILTER (c.is_complete) AS code,
        max_by(coalesce(c.reason, ''), c.batch_at) FILTER (c.is_complete AND c.outcome <> 'unchanged') AS notes
    FROM kinds k
    JOIN raw.coverage c ON c.scope = 'window' AND c.source = k.source AND (c.kind = k.kind OR c.kind IS NULL)
    GROUP BY k.source, k.kind
)
SELECT
    k.source, k.authority, k.kind, l.read_at, l.since, a.ended_at, coalesce(l.code, '') AS code, a.reason,
    coalesce(l.notes LIKE '%"closed_addresses"%' OR l.notes LIKE '%"endless_lists"%', FALSE) AS has_unread,
    CASE
        WHEN l.read_at >= clock.at - to_days(method.valid_days::INTEGER) AND l.notes LIKE '%"left_unasked"%' THEN 'partial'
        WHEN l.read_at >= clock.at - to_days(method.valid_days::INTEGER) THEN CASE WHEN l.code = 'older_entry_found' THEN 'not_in_window' END
        WHEN a.source IS NULL THEN CASE k.state WHEN 'permission' THEN 'permission' WHEN 'enabled' THEN 'not_asked' ELSE 'not_in_use' END
        WHEN a.outcome IN ('blocked', 'drifted', 'failed', 'partial') THEN a.outcome
        WHEN l.read_at IS NOT NULL THEN 'outdated'
        ELSE 'not_in_window'
    END AS cause
FROM kinds k
CROSS JOIN clock
CROSS JOIN method
LEFT JOIN asked a ON a.source = k.source
LEFT JOIN ledger l ON l.source = k.source AND l.kind = k.kind;

COMMENT ON VIEW core.source_readings IS 'Hva som er lest helt i hver kilde, slag for slag, når, og ellers hvorfor ikke (cause er tom når kilden er lest helt)';

CREATE OR REPLACE VIEW core.body_readings AS
WITH own AS (
    SELECT authority, kind FROM core.source_readings WHERE authority IS NOT NULL GROUP BY ALL
),
considered AS (
    SELECT * FROM core.source_readings WHERE authority IS NOT NULL
    UNION ALL
    SELECT r.* REPLACE (a.orgnr AS authority)
    FROM core.source_readings r
    CROSS JOIN core.authorities a
    LEFT JOIN own o ON o.authority = a.orgnr AND o.kind = r.kind
    WHERE r.authority IS NULL AND o.kind IS NULL AND a.valid_to IS NULL
)
SELECT
    c.authority, c.kind,
    bool_and(c.cause IS NULL) AS is_whole,
    bool_or(c.cause IS NULL) AS has_whole,
    max(c.read_at) FILTER (c.cause IS NULL) AS read_at,
    max(c.ended_at) AS asked_at,
    bool_or(c.code = 'older_entry_found') AS has_older,
    bool_or(c.has_unread) AS has_unread,
    string_agg(c.source, '; ' ORDER BY c.source) FILTER (c.cause IS NULL OR c.ended_at IS NOT NULL) AS sources,
    min_by(c.cause, w.rank) AS cause,
    min_by(r.nb, w.rank) AS reason
FROM considered c
LEFT JOIN (VALUES ('blocked', 1), ('drifted', 2), ('failed', 3), ('partial', 4), ('permission', 5), ('outdated', 6), ('not_asked', 7), ('not_in_use', 8),
    ('not_in_window', 9)) w (cause, rank) ON w.cause = c.cause
LEFT JOIN raw.reasons r ON r.reason = c.reason AND c.cause IN ('blocked', 'drifted', 'failed', 'partial')
GROUP BY c.authority, c.kind;

COMMENT ON VIEW core.body_readings IS 'Hva som er lest helt av hvert organ, slag for slag: is_whole når alle kjente kilder er det, has_unread når noen adresser likevel ikke er lest';
