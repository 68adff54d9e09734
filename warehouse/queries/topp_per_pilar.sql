-- Hvilke kandidater har flest poeng i hver pilar?
-- en: Which candidates have the highest score in each pillar?
-- Grunnene er de tre sterkeste, som JSON.
-- parameter: antall = '5' (hvor mange per pilar)

SELECT c.id, c.pillar, c.practice, a.name AS body, c.title, c.score, c.is_contribution, c.reasons
FROM ogp.candidates c
JOIN ogp.pillars p ON p.key = c.pillar
LEFT JOIN core.authorities a ON a.orgnr = c.authority
QUALIFY row_number() OVER (PARTITION BY c.pillar ORDER BY c.proposed DESC, c.score DESC, c.id) <= $antall::INTEGER
ORDER BY p.position, c.proposed DESC, c.score DESC, c.id
