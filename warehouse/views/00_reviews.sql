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
FROM ogp.reviews r
LEFT JOIN ogp.candidates c ON c.id = r.candidate
WHERE r.stands;

COMMENT ON VIEW ogp.current_reviews IS 'Vurderingen som gjelder for hver kandidat';
