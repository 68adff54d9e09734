-- Punktene i de frosne kortlistene

CREATE OR REPLACE VIEW main.kortlistepunkter AS
SELECT
    i.shortlist AS kortliste,
    i.position AS nummer,
    i.candidate AS kandidat,
    i.authority AS organisasjonsnummer,
    a.name AS kommune,
    i.pillar AS pilar,
    i.practice AS praksis,
    i.title AS tittel,
    i.score AS poeng,
    i.decision AS beslutning,
    c.id IS NULL AS er_borte,
    c.id IS NOT NULL AND c.text_hash <> i.text_hash AS er_endret,
    i.item AS innhold
FROM ogp.shortlist_items i
LEFT JOIN ogp.candidates c ON c.id = i.candidate
LEFT JOIN core.authorities a ON a.orgnr = i.authority;

COMMENT ON VIEW main.kortlistepunkter IS 'Punktene i kortlistene, slik de var da lista ble frosset';
COMMENT ON COLUMN main.kortlistepunkter.kortliste IS 'Kortlistas nøkkel';
COMMENT ON COLUMN main.kortlistepunkter.nummer IS 'Nummeret på lista';
COMMENT ON COLUMN main.kortlistepunkter.kandidat IS 'Kandidaten';
COMMENT ON COLUMN main.kortlistepunkter.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.kortlistepunkter.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.kortlistepunkter.pilar IS 'Pilaren';
COMMENT ON COLUMN main.kortlistepunkter.praksis IS 'Praksisen';
COMMENT ON COLUMN main.kortlistepunkter.tittel IS 'Tiltaket i én setning';
COMMENT ON COLUMN main.kortlistepunkter.poeng IS 'Poengene da lista ble frosset';
COMMENT ON COLUMN main.kortlistepunkter.beslutning IS 'Vurderingen da lista ble frosset';
COMMENT ON COLUMN main.kortlistepunkter.er_borte IS 'Om kandidaten ikke finnes lenger';
COMMENT ON COLUMN main.kortlistepunkter.er_endret IS 'Om teksten er endret siden lista ble frosset';
COMMENT ON COLUMN main.kortlistepunkter.innhold IS 'Alt lista frøs om kandidaten (JSON)';
