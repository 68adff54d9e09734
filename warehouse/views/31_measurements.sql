-- What the indicators come to for each body: (authority, indicator, value, n), n the number of observations behind the value. Nothing is judged here,
-- and a body without a row has nothing to measure on. Counts look at everything; shares, medians and spans only at sources that were read whole,
-- and of journals and meetings only at the year before the reading.

CREATE OR REPLACE VIEW core.measurements AS
WITH whole AS (SELECT source, kind, read_at, since FROM core.source_readings WHERE cause IS NULL),
spans AS (
    SELECT max(good) FILTER (key = 'journal_lifetime') AS lifetime_good, max(partly) FILTER (key = 'journal_lifetime') AS lifetime_partly,
        max(good) FILTER (key = 'recordings_archived') AS kept_good, max(partly) FILTER (key = 'recordings_archived') AS kept_partly
    FROM core.indicators
),
entries AS (
    SELECT j.authority,
        count(*) AS n,
        date_diff('day', max(j.journal_date), max(w.read_at)::DATE) AS age,
        median(date_diff('day', j.journal_date, j.published_at::DATE)) FILTER (j.published_at::DATE >= j.journal_date) AS delay,
        count(*) FILTER (j.published_at::DATE >= j.journal_date) AS delay_n,
        avg((j.open_files > 0)::INTEGER) FILTER (j.files IS NOT NULL AND j.legal_basis IS NULL) AS opened,
        count(*) FILTER (j.files IS NOT NULL AND j.legal_basis IS NULL) AS opened_n,
        avg((j.direction = 'internt')::INTEGER) FILTER (j.direction <> 'ukjent') AS internal,
        count(*) FILTER (j.direction <> 'ukjent') AS internal_n,
        avg((j.legal_basis IS NOT NULL)::INTEGER) FILTER (upper(j.access) IN ('UO', 'U', 'UNTATT OFFENTLIGHET', 'UNNTATT OFFENTLIGHET')) AS reasoned,
        count(*) FILTER (upper(j.access) IN ('UO', 'U', 'UNTATT OFFENTLIGHET', 'UNNTATT OFFENTLIGHET')) AS reasoned_n
    FROM core.journal_entries j
    JOIN whole w ON w.source = j.source AND w.kind = 'journal_entry'
    WHERE NOT coalesce(j.withdrawn, FALSE) AND j.journal_date BETWEEN w.read_at::DATE - 365 AND w.read_at::DATE
    GROUP BY j.authority
),
seen_entries AS (
    SELECT authority, sum(n)::BIGINT AS n
    FROM (
        SELECT authority, count(*) AS n FROM core.journal_entries GROUP BY authority
        UNION ALL SELECT authority, 1 FROM core.body_readings WHERE kind = 'journal_entry' AND has_older
    )
    GROUP BY authority
),
-- How old the oldest day with entries was when it was last read, and how old the oldest day that was read at all was. A list that reaches to
-- the edge of what was read may reach further: then its length was not observed, unless it is long enough as it is.
lifetime AS (
    SELECT d.authority,
        max(date_diff('day', d.day, d.read_at::DATE)) FILTER (d.held > d.missing) AS shown,
        max(date_diff('day', d.day, d.read_at::DATE)) AS reach,
        count(*) AS n
    FROM raw.coverage_days d
    JOIN whole w ON w.source = d.source AND w.kind = 'journal_entry'
    WHERE d.kind = 'journal_entry' AND d.whole_at IS NOT NULL
    GROUP BY d.authority
),
serials AS (
    SELECT organisasjonsnummer AS authority, sum(vi_har) AS held, sum(vi_har + ikke_vist)::BIGINT AS n
    FROM main.lopenumre
    JOIN whole w ON w.source = kilde AND w.kind = 'journal_entry'
    GROUP BY organisasjonsnummer
),
-- Enterprises under the municipality, and whether a journal of their own was read or the body's journal names them as a unit.
enterprises AS (
    SELECT s.kommune_organisasjonsnummer AS authority, s.organisasjonsnummer AS orgnr, lower(s.navn) AS name
    FROM main.selskaper s
    WHERE s.organisasjonsform IN ('KF', 'FKF') AND s.slettet IS NULL AND s.kommune_organisasjonsnummer IS NOT NULL
),
covered AS (
    SELECT e.authority, count(*) AS n, avg((o.orgnr IS NOT NULL OR u.unit IS NOT NULL)::INTEGER) AS share
    FROM enterprises e
    LEFT JOIN (
        SELECT DISTINCT s.authority AS orgnr FROM core.sources s JOIN whole w ON w.source = s.id AND w.kind = 'journal_entry'
    ) o ON o.orgnr = e.orgnr
    LEFT JOIN (SELECT DISTINCT authority, lower(unit) AS unit FROM core.journal_entries WHERE unit IS NOT NULL) u
        ON u.authority = e.authority AND u.unit = e.name
    GROUP BY e.authority
),
meetings AS (
    SELECT m.authority,
        count(*) FILTER (m.start >= w.read_at - INTERVAL 365 DAY) AS n,
        nullif(avg((m.video_url IS NOT NULL)::INTEGER) FILTER (m.start >= w.read_at - INTERVAL 365 DAY), 0) AS recorded,
        max(date_diff('day', m.start::DATE, w.read_at::DATE)) FILTER (m.video_url IS NOT NULL AND m.start >= w.since) AS kept,
        max(date_diff('day', w.since, w.read_at::DATE)) AS reach,
        count(m.video_url) FILTER (m.start >= w.since) AS recordings
    FROM core.meetings m
    JOIN whole w ON w.source = m.source AND w.kind = 'meeting'
    WHERE m.start <= w.read_at AND m.start >= least(w.since, w.read_at - INTERVAL 365 DAY)
    GROUP BY m.authority
),
seen_meetings AS (
    SELECT authority, count(*) AS n, count(*) FILTER (regexp_matches(lower(committee), 'kontrollutval')) AS control FROM core.meetings GROUP BY authority
),
items AS (
    SELECT i.authority, i.source, i.meeting, m.start, i.first_seen, w.read_at, i.decision IS NOT NULL AS has_decision,
        coalesce(i.text, '') <> '' OR coalesce(i.open_files, 0) > 0 AS is_readable
    FROM core.agenda_items i
    JOIN core.meetings m ON m.id = i.meeting
    JOIN whole w ON w.source = i.source AND w.kind = 'agenda_item'
    WHERE NOT coalesce(i.withdrawn, FALSE) AND m.start >= w.read_at - INTERVAL 365 DAY
),
papers AS (
    SELECT authority, avg(is_readable::INTEGER) AS readable, count(*) AS n,
        nullif(avg(has_decision::INTEGER) FILTER (start < read_at - INTERVAL 14 DAY), 0) AS decided,
        count(*) FILTER (start < read_at - INTERVAL 14 DAY) AS decided_n
    FROM items GROUP BY authority
),
-- Papers came between the reading that saw them and the one before; only where that one was whole and near is the day known.
before AS (
    SELECT f.authority, f.days, max(r.ended_at) AS earlier
    FROM (
        SELECT authority, source, meeting, min(first_seen) AS seen, date_diff('day', min(first_seen)::DATE, any_value(start)::DATE) AS days
        FROM items GROUP BY authority, source, meeting HAVING min(first_seen) < any_value(start)
    ) f
    JOIN raw.runs r ON r.source = f.source AND r.outcome IN ('fresh', 'unchanged', 'empty_verified') AND r.ended_at < f.seen
        AND r.ended_at >= f.seen - INTERVAL 3 DAY
    GROUP BY f.authority, f.source, f.meeting, f.days
),
ahead AS (SELECT authority, median(days) AS days, count(*) AS n FROM before GROUP BY authority),
datasets AS (
    SELECT coalesce(d.body_today, d.authority) AS authority,
        count(*) AS found,
        count(*) FILTER (is_whole) AS n,
        avg(coalesce(d.open_nationally, FALSE)::INTEGER) FILTER (is_whole) AS licensed,
        avg((d.stars >= 3)::INTEGER) FILTER (is_whole) AS machine_readable, count(d.stars) FILTER (is_whole) AS starred,
        avg((d.freshness = 'fresh')::INTEGER) FILTER (is_whole AND d.freshness <> 'unknown') AS fresh,
        count(*) FILTER (is_whole AND d.freshness <> 'unknown') AS clocked,
        avg(d.points_no / nullif(d.observed_no, 0)) FILTER (is_whole) AS quality, count(*) FILTER (is_whole AND d.observed_no > 0) AS graded,
        avg(d.contact_present::INTEGER) FILTER (is_whole) AS contact, count(d.contact_present) FILTER (is_whole) AS contacted
    FROM (
        SELECT r.*, w.source IS NOT NULL AS is_whole
        FROM core.dataset_roads r LEFT JOIN whole w ON w.source = r.source AND w.kind = 'dataset'
        QUALIFY row_number() OVER (PARTITION BY r.dataset_group ORDER BY NOT r.is_main, r.id) = 1
    ) d
    GROUP BY ALL
),
-- The titles are the only thing looked at: menus and footers would make every page one of every kind.
pages AS (
    SELECT p.authority,
        count(*) FILTER (regexp_matches(p.title_lower, '\binnsyn|postlist|offentlegl|offentligl')
            AND NOT regexp_matches(p.title_lower, 'personoppl|om deg|kart|plan|politikk og innsyn')) AS access,
        count(*) FILTER (regexp_matches(p.title_lower, 'bygges[aø]k.{0,40}(arkiv|mapp|innsyn|historisk)|(arkiv|innsyn).{0,40}byggesak|(byggesaks?|eiendoms?|eigedoms?)arkiv')) AS archive,
        count(*) FILTER (regexp_matches(p.title_lower, '\bhør[iu]ng|\bhøyring|innspill?\b|ettersyn|gulaskuddan')) AS consultations,
        count(*) FILTER (regexp_matches(p.title_lower, 'folkevalgt|folkevald|politisk lei|politisk ledelse|politikere|politikarar|\bordfører|kommunestyret|fylkestinget|heradsstyret')) AS politicians
    FROM core.pages p
    WHERE NOT coalesce(p.withdrawn, FALSE)
    GROUP BY p.authority
),
dated AS (
    SELECT p.authority, avg((p.published IS NOT NULL OR p.modified IS NOT NULL)::INTEGER) AS share, count(*) AS n
    FROM core.pages p
    JOIN whole w ON w.source = p.source AND w.kind = 'page'
    WHERE NOT coalesce(p.withdrawn, FALSE) AND p.shape IN ('page', 'shell')
    GROUP BY p.authority
),
awards AS (
    SELECT n.authority, count(*) AS n, avg((n.tenders IS NOT NULL)::INTEGER) AS told,
        median(date_diff('day', n.awarded, n.issued)) FILTER (n.issued >= n.awarded) AS delay, count(*) FILTER (n.issued >= n.awarded) AS delay_n
    FROM core.notices n
    JOIN whole w ON w.source = n.source AND w.kind = 'notice'
    WHERE n.awarded IS NOT NULL AND n.awarded >= w.read_at::DATE - 730 AND NOT coalesce(n.withdrawn, FALSE)
    GROUP BY n.authority
)
SELECT authority, 'journal_on_web' AS indicator, n::DOUBLE AS value, n FROM seen_entries
UNION ALL SELECT authority, 'journal_lifetime', CASE WHEN shown >= lifetime_good OR (reach >= lifetime_partly AND reach - shown > 31) THEN shown END, n
    FROM lifetime, spans
UNION ALL SELECT authority, 'journal_current', age, n FROM entries
UNION ALL SELECT authority, 'journal_delay', delay, delay_n FROM entries
UNION ALL SELECT authority, 'journal_full_text', opened, opened_n FROM entries
UNION ALL SELECT authority, 'internal_documents', internal, internal_n FROM entries
UNION ALL SELECT authority, 'legal_basis', reasoned, reasoned_n FROM entries
UNION ALL SELECT authority, 'serial_numbers', held / nullif(n, 0), n FROM serials
UNION ALL SELECT authority, 'companies_covered', share, n FROM covered
UNION ALL SELECT authority, 'meetings_on_web', n, n FROM seen_meetings
UNION ALL SELECT authority, 'control_committee', control, n FROM seen_meetings
UNION ALL SELECT authority, 'meetings_recorded', recorded, n FROM meetings
UNION ALL SELECT authority, 'recordings_archived', CASE WHEN kept >= kept_good OR (reach >= kept_partly AND reach - kept > 31) THEN kept END, recordings
    FROM meetings, spans
UNION ALL SELECT authority, 'papers_full_text', readable, n FROM papers
UNION ALL SELECT authority, 'decisions_published', decided, decided_n FROM papers
UNION ALL SELECT authority, 'days_before_meeting', days, n FROM ahead
UNION ALL SELECT authority, 'datasets_open', found, found FROM datasets
UNION ALL SELECT authority, 'datasets_licence', licensed, n FROM datasets
UNION ALL SELECT authority, 'datasets_machine_readable', machine_readable, starred FROM datasets
UNION ALL SELECT authority, 'datasets_fresh', fresh, clocked FROM datasets
UNION ALL SELECT authority, 'datasets_quality', quality, graded FROM datasets
UNION ALL SELECT authority, 'datasets_contact', contact, contacted FROM datasets
UNION ALL SELECT authority, 'access_guide', access, access FROM pages
UNION ALL SELECT authority, 'building_archive', archive, archive FROM pages
UNION ALL SELECT authority, 'consultations', consultations, consultations FROM pages
UNION ALL SELECT authority, 'politicians', politicians, politicians FROM pages
UNION ALL SELECT authority, 'pages_dated', share, n FROM dated
UNION ALL SELECT authority, 'award_delay', delay, delay_n FROM awards
UNION ALL SELECT authority, 'award_tenders', told, n FROM awards;

COMMENT ON VIEW core.measurements IS 'Hva åpenhetsindikatorene kommer til for hvert organ: verdi og antall observasjoner bak, uten vurdering';
