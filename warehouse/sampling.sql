-- Every text that could be flagged, as `transforms.documents` makes them of the tables, but for recordings: one row per text of a body.
-- `is_flagged`: it stands under a candidate. `of_found`: it does not, but is of a case that does. `first`: the first with its text in its body.
CREATE OR REPLACE TEMP TABLE units AS
WITH told AS (
    SELECT id, 'pages' AS document_table, authority, source, NULL AS case_number, title, text FROM core.pages WHERE NOT coalesce(withdrawn, false)
    UNION ALL
    SELECT id, 'agenda_items', authority, source, case_number, title, concat_ws(chr(10) || chr(10), text, decision)
    FROM core.agenda_items WHERE NOT coalesce(withdrawn, false)
    UNION ALL
    SELECT id, 'journal_entries', authority, source, case_number, title, case_title FROM core.journal_entries WHERE NOT coalesce(withdrawn, false)
    UNION ALL
    SELECT id, 'datasets', authority, source, NULL, title, concat_ws(chr(10) || chr(10), description, keywords, themes)
    FROM core.datasets WHERE id NOT IN (SELECT dataset FROM core.dataset_measures WHERE NOT is_main)
    UNION ALL
    SELECT id, 'notices', authority, source, case_number, title, text FROM core.notices WHERE NOT coalesce(withdrawn, false)
),
known AS (
    SELECT id, document_table, authority, source, nullif(trim(case_number), '') AS case_number,
           lower(concat_ws(chr(10) || chr(10), title, text)) AS whole
    FROM told SEMI JOIN core.authorities a ON a.orgnr = told.authority
    WHERE coalesce(title, '') <> '' OR coalesce(text, '') <> ''
),
marked AS (
    SELECT *, id IN (SELECT document_id FROM ogp.candidate_documents) AS is_flagged FROM known
)
SELECT id, document_table, authority, source, is_flagged,
       NOT is_flagged AND coalesce(bool_or(is_flagged) OVER (PARTITION BY authority, case_number) AND case_number IS NOT NULL, false) AS of_found,
       row_number() OVER (PARTITION BY authority, is_flagged, md5(whole) ORDER BY id) = 1 AS first,
       regexp_matches(whole, $pattern) AS is_near
FROM marked;
