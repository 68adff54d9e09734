-- Hva vi har fått lese av hvert organ, slag for slag, og hvorfor noe ikke er observert

CREATE OR REPLACE VIEW main.kildedekning AS
WITH slag (kode, plass, slag, kinds) AS (
    VALUES ('page', 1, 'nettside', ['page']), ('journal', 2, 'postliste', ['journal_entry']), ('council', 3, 'politiske saker', ['agenda_item', 'meeting']),
        ('dataset', 4, 'datasett', ['dataset']), ('notice', 5, 'kunngjøringer', ['notice'])
),
lest AS (
    SELECT k.organisasjonsnummer, k.kommune IS NULL AS er_nasjonal, s.kode, bool_or(k.observert) AS observert, count(*) AS kilder,
        max(k.siste_utfall || coalesce(': ' || k.siste_arsak, '')) FILTER (NOT k.observert AND k.siste_utfall IS NOT NULL) AS grunn,
        max(k.siste_utfall_kode) FILTER (NOT k.observert AND k.siste_utfall IS NOT NULL) AS utfall_kode
    FROM main.kilder k
    JOIN slag s ON list_has_any(s.kinds, string_split(k.innhold, '; '))
    GROUP BY ALL
),
nasjonalt AS (SELECT kode, bool_or(observert) AS observert FROM lest WHERE er_nasjonal GROUP BY kode)
SELECT
    a.orgnr AS organisasjonsnummer,
    a.name AS kommune,
    s.kode AS slag_kode,
    s.slag AS slag,
    s.plass AS plass,
    coalesce(l.observert, FALSE) OR coalesce(n.observert, FALSE) AS observert,
    CASE WHEN l.observert THEN 'egen kilde' WHEN n.observert THEN 'nasjonal katalog' END AS lest_i,
    coalesce(l.kilder, 0) AS kilder,
    CASE
        WHEN l.observert OR n.observert THEN NULL
        WHEN l.kilder IS NULL THEN 'no_known_source'
        WHEN l.utfall_kode IS NULL THEN 'not_asked'
        ELSE l.utfall_kode
    END AS hvorfor_ikke_kode,
    CASE
        WHEN l.observert OR n.observert THEN NULL
        WHEN l.kilder IS NULL THEN 'ingen kjent kilde'
        WHEN l.utfall_kode IS NULL THEN 'ikke spurt ennå'
        ELSE l.grunn
    END AS hvorfor_ikke
FROM core.authorities a
CROSS JOIN slag s
LEFT JOIN lest l ON l.organisasjonsnummer = a.orgnr AND l.kode = s.kode
LEFT JOIN nasjonalt n ON n.kode = s.kode
WHERE a.valid_to IS NULL;

COMMENT ON VIEW main.kildedekning IS 'Hva vi har fått lese av hvert organ: nettside, postliste, politiske saker, datasett og kunngjøringer, og hvorfor noe ikke er observert';
COMMENT ON COLUMN main.kildedekning.organisasjonsnummer IS 'Organet, organisasjonsnummer';
COMMENT ON COLUMN main.kildedekning.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.kildedekning.slag_kode IS 'Slagets kode: page, journal, council, dataset eller notice';
COMMENT ON COLUMN main.kildedekning.slag IS 'Slaget kilde';
COMMENT ON COLUMN main.kildedekning.plass IS 'Rekkefølgen slagene nevnes i';
COMMENT ON COLUMN main.kildedekning.observert IS 'Om vi har fått lese noe av dette slaget, helt eller delvis';
COMMENT ON COLUMN main.kildedekning.lest_i IS 'Om det er lest i en egen kilde eller i en nasjonal katalog';
COMMENT ON COLUMN main.kildedekning.kilder IS 'Antall kjente kilder av dette slaget';
COMMENT ON COLUMN main.kildedekning.hvorfor_ikke_kode IS 'no_known_source, not_asked eller utfallets kode når ingenting er lest';
COMMENT ON COLUMN main.kildedekning.hvorfor_ikke IS 'Hvorfor ingenting er lest, i ord';
