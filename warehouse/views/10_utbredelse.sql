-- Hvor utbredt hver praksis er blant organene vi har fått lese noe relevant av

CREATE OR REPLACE VIEW main.utbredelse AS
WITH lest AS (
    SELECT d.organisasjonsnummer, pi.key AS pilar
    FROM main.kildedekning d CROSS JOIN ogp.pillars pi
    WHERE d.observert AND (d.slag_kode IN ('page', 'council') OR (pi.key = 'open_data' AND d.slag_kode = 'dataset'))
    GROUP BY ALL
),
har AS (
    SELECT c.practice, c.authority, bool_or(c.is_contribution = 'yes') AS er_bidrag
    FROM ogp.candidates c LEFT JOIN ogp.current_reviews v ON v.candidate = c.id
    WHERE c.is_contribution <> 'no' AND coalesce(v.tilstand, '') <> 'avvist'
    GROUP BY c.practice, c.authority
),
sett AS (
    SELECT p.slug, l.organisasjonsnummer FROM ogp.practices p JOIN lest l ON l.pilar = p.pillar
    UNION SELECT practice, authority FROM har
)
SELECT
    p.slug AS praksis,
    p.name AS praksisnavn,
    p.pillar AS pilar,
    count(h.authority) AS organer_med,
    count(h.authority) FILTER (h.er_bidrag) AS organer_med_bidrag,
    count(s.organisasjonsnummer) AS organer_lest,
    round(count(h.authority) / nullif(count(s.organisasjonsnummer), 0), 3) AS andel
FROM ogp.practices p
LEFT JOIN sett s ON s.slug = p.slug
LEFT JOIN har h ON h.practice = p.slug AND h.authority = s.organisasjonsnummer
GROUP BY ALL;

COMMENT ON VIEW main.utbredelse IS 'Hvor sjelden hver praksis er: organer med en kandidat for praksisen, av organene der nettside eller politiske saker (for åpne data også datasett) er lest. Organer vi ikke har lest, teller ikke med';
COMMENT ON COLUMN main.utbredelse.praksis IS 'Praksisen';
COMMENT ON COLUMN main.utbredelse.praksisnavn IS 'Praksisens navn';
COMMENT ON COLUMN main.utbredelse.pilar IS 'Pilaren praksisen står under';
COMMENT ON COLUMN main.utbredelse.organer_med IS 'Organer med en kandidat som rubrikken ikke mener er uten bidrag, og som ingen har avvist';
COMMENT ON COLUMN main.utbredelse.organer_med_bidrag IS 'Organer med en kandidat som rubrikken mener er et bidrag';
COMMENT ON COLUMN main.utbredelse.organer_lest IS 'Organer der relevante kilder er lest';
COMMENT ON COLUMN main.utbredelse.andel IS 'Organer med praksisen delt på organer lest';
