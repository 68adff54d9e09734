-- Alt mennesker har bestemt om kandidater

CREATE OR REPLACE VIEW main.vurderinger AS
SELECT
    r.entry AS nummer,
    r.candidate AS kandidat,
    c.title AS tittel,
    r.decision AS beslutning,
    r.reason AS grunn,
    r.note AS merknad,
    r.reviewer AS vurdert_av,
    r.decided_at AS vurdert,
    c.id IS NOT NULL AND r.text_hash = c.text_hash AS gjelder,
    r.stands AS star,
    r.hash AS kjede
FROM ogp.reviews r
LEFT JOIN ogp.candidates c ON c.id = r.candidate;

COMMENT ON VIEW main.vurderinger IS 'Vurderinger i den rekkefølgen de ble gitt; de slettes aldri';
COMMENT ON COLUMN main.vurderinger.nummer IS 'Linjen i beslutningsloggen';
COMMENT ON COLUMN main.vurderinger.kandidat IS 'Kandidaten som ble vurdert';
COMMENT ON COLUMN main.vurderinger.tittel IS 'Kandidatens tittel i dag; tomt når kandidaten er borte';
COMMENT ON COLUMN main.vurderinger.beslutning IS 'accept (godtatt), reject (avvist), unsure (usikker) eller undo (angret)';
COMMENT ON COLUMN main.vurderinger.grunn IS 'Grunnen';
COMMENT ON COLUMN main.vurderinger.merknad IS 'Merknad';
COMMENT ON COLUMN main.vurderinger.vurdert_av IS 'Hvem som vurderte';
COMMENT ON COLUMN main.vurderinger.vurdert IS 'Når det ble bestemt (UTC)';
COMMENT ON COLUMN main.vurderinger.gjelder IS 'Om teksten er den samme som ble vurdert; FALSE betyr at ny vurdering trengs';
COMMENT ON COLUMN main.vurderinger.star IS 'Om det er denne vurderingen som står; FALSE når en senere har tatt over eller den er angret';
COMMENT ON COLUMN main.vurderinger.kjede IS 'Linjens hash i beslutningsloggen';
