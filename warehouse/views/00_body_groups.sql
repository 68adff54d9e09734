-- The groups that bodies are compared within: size and Statistics Norway's KOSTRA group, the latest that was read

CREATE OR REPLACE VIEW core.body_groups AS
SELECT
    a.orgnr,
    a.population,
    s.size,
    CASE s.size WHEN 'county' THEN 'fylke' WHEN 'unknown' THEN 'ukjent' WHEN 'under_5000' THEN 'under 5 000' WHEN '5000_19999' THEN '5 000–19 999'
        WHEN '20000_49999' THEN '20 000–49 999' ELSE '50 000 og over' END AS size_nb,
    CASE s.size WHEN 'under_5000' THEN 1 WHEN '5000_19999' THEN 2 WHEN '20000_49999' THEN 3 WHEN '50000_up' THEN 4 WHEN 'county' THEN 5 END AS size_rank,
    g.value AS kostra_group,
    n.name AS kostra_group_name
FROM core.authorities a
JOIN (
    SELECT orgnr, CASE WHEN roles LIKE '%fylkeskommune%' AND NOT regexp_matches(roles, '(^|; )kommune') THEN 'county'
        WHEN population IS NULL THEN 'unknown' WHEN population < 5000 THEN 'under_5000' WHEN population < 20000 THEN '5000_19999'
        WHEN population < 50000 THEN '20000_49999' ELSE '50000_up' END AS size
    FROM core.authorities
) s ON s.orgnr = a.orgnr
LEFT JOIN (
    SELECT subject, max_by(value, coalesce(since, DATE '1900-01-01')) AS value FROM core.register_facts WHERE property = 'kostra_group' GROUP BY subject
) g ON a.number <> '' AND g.subject = a.number
LEFT JOIN (
    SELECT subject, max(coalesce(nullif(value, ''), label)) AS name FROM core.register_facts WHERE property = 'kostra_group_name' GROUP BY subject
) n ON n.subject = g.value;

COMMENT ON VIEW core.body_groups IS 'Størrelsesgruppe og KOSTRA-gruppe for hvert organ';
