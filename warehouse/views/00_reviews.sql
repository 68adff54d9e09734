-- The review that stands: each candidate's last one that nobody took back, and whether the text is still the one that was judged

CREATE OR REPLACE VIEW ogp.current_reviews AS
SELECT
    r.candidate, r.decision, r.reason, r.note, r.reviewer, r.decided_at, r.text_hash,
    c.text_hash IS NOT DISTINCT FROM r.text_hash AS is_current,
    CASE
        WHEN c.text_hash IS DISTINCT FROM r.text_hash THEN 'ny vurdering trengs'
        WHEN r.decision = 'accept' THEN 'godtatt'
        WHEN r.decision = 'reject' THEN 'avvist'
        ELSE 'usikker'
    END AS tilstand
FROM (
    SELECT *, lead(decision) OVER (PARTITION BY candidate, reviewer ORDER BY entry) AS following FROM ogp.reviews
) r
LEFT JOIN ogp.candidates c ON c.id = r.candidate
WHERE r.decision <> 'undo' AND r.following IS DISTINCT FROM 'undo'
QUALIFY row_number() OVER (PARTITION BY r.candidate ORDER BY r.entry DESC) = 1;

COMMENT ON VIEW ogp.current_reviews IS 'Vurderingen som gjelder for hver kandidat';
