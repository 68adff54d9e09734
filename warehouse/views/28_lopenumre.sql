-- Løpenumre per kilde og år, og hvorfor noen mangler

CREATE OR REPLACE VIEW main.lopenumre AS
WITH numbered AS (
    SELECT source, authority, regexp_extract(serial, '^(\d+)/(\d{4})$', 2)::INTEGER AS year,
        try_cast(regexp_extract(serial, '^(\d+)/(\d{4})$', 1) AS BIGINT) AS number, withdrawn
    FROM core.journal_entries WHERE regexp_matches(serial, '^\d+/\d{4}$')
),
held AS (
    SELECT source, any_value(authority) AS authority, year, min(number) AS first, max(number) AS last, count(DISTINCT number) AS held,
        count(DISTINCT number) FILTER (withdrawn) AS withdrawn
    FROM numbered GROUP BY source, year
),
gaps AS (
    SELECT source, regexp_extract(first_missing, '(\d{4})$', 1)::INTEGER AS year, count(*) AS gaps, sum(missing)::BIGINT AS missing,
        coalesce(sum(missing) FILTER (reason_code = 'numbers_not_shown'), 0)::BIGINT AS not_shown,
        coalesce(sum(missing) FILTER (reason_code = 'period_read_partly'), 0)::BIGINT AS read_partly,
        coalesce(sum(missing) FILTER (reason_code = 'period_not_read'), 0)::BIGINT AS not_read
    FROM raw.coverage WHERE scope = 'gap' GROUP BY ALL
)
SELECT
    h.source AS kilde,
    h.authority AS organisasjonsnummer,
    a.name AS kommune,
    h.year AS aar,
    h.first AS forste,
    h.last AS siste,
    h.held AS vi_har,
    h.withdrawn AS trukket,
    coalesce(g.gaps, 0) AS hull,
    coalesce(g.missing, 0) AS mangler,
    coalesce(g.not_shown, 0) AS ikke_vist,
    coalesce(g.read_partly, 0) AS delvis_lest,
    coalesce(g.not_read, 0) AS ikke_lest
FROM held h
LEFT JOIN gaps g USING (source, year)
LEFT JOIN core.authorities a ON a.orgnr = h.authority;

COMMENT ON VIEW main.lopenumre IS 'Løpenumre i journalen per kilde og år: hvor mange vi har, og hvorfor noen mangler; hvert hull står i visningen dekning';
COMMENT ON COLUMN main.lopenumre.kilde IS 'Kilden, plattform/navn';
COMMENT ON COLUMN main.lopenumre.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.lopenumre.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.lopenumre.aar IS 'Året numrene hører til';
COMMENT ON COLUMN main.lopenumre.forste IS 'Laveste løpenummer vi har';
COMMENT ON COLUMN main.lopenumre.siste IS 'Høyeste løpenummer vi har';
COMMENT ON COLUMN main.lopenumre.vi_har IS 'Hvor mange ulike løpenumre vi har, de trukne med';
COMMENT ON COLUMN main.lopenumre.trukket IS 'Hvor mange av dem som er trukket eller tatt ned';
COMMENT ON COLUMN main.lopenumre.hull IS 'Hvor mange hull det er mellom laveste og høyeste';
COMMENT ON COLUMN main.lopenumre.mangler IS 'Hvor mange numre som mangler i hullene';
COMMENT ON COLUMN main.lopenumre.ikke_vist IS 'Av dem: kilden viste dem ikke i et vindu som er lest helt (unntatt, slettet eller ført et annet sted)';
COMMENT ON COLUMN main.lopenumre.delvis_lest IS 'Av dem: perioden er bare lest delvis';
COMMENT ON COLUMN main.lopenumre.ikke_lest IS 'Av dem: perioden er ikke lest';
