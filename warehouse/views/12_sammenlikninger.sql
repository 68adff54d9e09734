-- Liknende tiltak for hver kandidat: samme praksis hos andre organer her i landet, og forpliktelser i utlandet med hvordan det gikk

CREATE OR REPLACE VIEW main.sammenlikninger AS
WITH utland AS (
    SELECT
        p.slug AS practice, c.id,
        CASE WHEN c.practice = p.slug THEN 'practice' WHEN len(felles) > 0 THEN 'policy_area' ELSE 'pillar' END AS matched_by,
        row_number() OVER (
            PARTITION BY p.slug
            ORDER BY c.practice <> p.slug, len(felles) = 0, coalesce(array_position(['outstanding', 'major', 'marginal'], c.early_results), 4), c.level <> 'local',
                len(felles) DESC, c.id
        ) AS position
    FROM ogp.practices p
    JOIN (
        SELECT x.*, p.slug, [tag FOR tag IN list_intersect(string_split(p.ogp_tags, '; '), string_split(coalesce(x.policy_areas, ''), '; '))
            IF tag NOT IN ('', 'Local Commitments', 'Capacity Building', 'Public Participation', 'Access to Information')] AS felles
        FROM ogp.commitments x CROSS JOIN ogp.practices p
        WHERE x.country <> 'Norway'
    ) c ON c.slug = p.slug
    WHERE c.practice = p.slug OR (c.pillar = p.pillar AND (c.about_municipalities OR len(felles) > 0))
)
SELECT
    m.candidate AS kandidat,
    'norge' AS slag,
    row_number() OVER (PARTITION BY m.candidate ORDER BY m.position) AS plass,
    c.id AS sammenlikning,
    c.authority AS organisasjonsnummer,
    coalesce(a.name, c.authority) AS hvor,
    c.title AS tittel,
    c.status AS resultat_kode,
    coalesce(l.nb, c.status) AS resultat,
    c.score AS poeng,
    g.size_nb AS storrelse,
    m.size_distance AS storrelsesavstand,
    'samme praksis' AS valgt_etter,
    c.quote_url AS adresse,
    TRUE AS kontrollert
FROM ogp.comparables m
JOIN ogp.candidates c ON c.id = m.other
LEFT JOIN core.authorities a ON a.orgnr = c.authority
LEFT JOIN core.body_groups g ON g.orgnr = c.authority
LEFT JOIN core.labels l ON l.label_group = 'status' AND l.code = replace(c.status, ' ', '_')
LEFT JOIN ogp.current_reviews v ON v.candidate = c.id
WHERE coalesce(v.tilstand, '') <> 'avvist'
QUALIFY plass <= 3
UNION ALL
SELECT
    k.id, 'utlandet', u.position, o.id, NULL, o.member, coalesce(nullif(o.title, ''), o.title_nb), nullif(o.early_results, ''),
    coalesce(r.nb, nullif(o.early_results, ''), 'ikke kjent'), NULL, NULL, NULL,
    CASE u.matched_by WHEN 'practice' THEN 'samme praksis' WHEN 'policy_area' THEN 'samme OGP-område' ELSE 'samme pilar' END,
    nullif(o.url, ''), o.confirmed
FROM ogp.candidates k
JOIN utland u ON u.practice = k.practice AND u.position <= 3
JOIN ogp.commitments o ON o.id = u.id
LEFT JOIN core.labels r ON r.label_group = 'early_results' AND r.code = replace(o.early_results, ' ', '_');

COMMENT ON VIEW main.sammenlikninger IS 'Liknende tiltak for hver kandidat: samme praksis hos inntil tre andre organer (regnet som bidrag først, så nærmest i størrelse, så flest poeng) og inntil tre forpliktelser i utlandet (samme praksis først, så samme OGP-område, så samme pilar; de med kjente resultater først)';
COMMENT ON COLUMN main.sammenlikninger.kandidat IS 'Kandidaten det sammenliknes med';
COMMENT ON COLUMN main.sammenlikninger.slag IS 'norge eller utlandet';
COMMENT ON COLUMN main.sammenlikninger.plass IS 'Rekkefølgen innen slaget, den nærmeste først';
COMMENT ON COLUMN main.sammenlikninger.sammenlikning IS 'Den andre kandidatens nøkkel, eller forpliktelsens nummer hos OGP; små bokstaver når OGPs nummer ikke er sett';
COMMENT ON COLUMN main.sammenlikninger.organisasjonsnummer IS 'Det andre organet; tomt i utlandet';
COMMENT ON COLUMN main.sammenlikninger.hvor IS 'Det andre organets navn, eller OGP-medlemmet';
COMMENT ON COLUMN main.sammenlikninger.tittel IS 'Tiltaket eller forpliktelsen i én setning';
COMMENT ON COLUMN main.sammenlikninger.resultat_kode IS 'Kode for status i Norge, eller for hvordan det gikk etter OGPs uavhengige vurdering; tomt når det ikke er kjent';
COMMENT ON COLUMN main.sammenlikninger.resultat IS 'Det samme i ord; ikke kjent når ingen har vurdert det';
COMMENT ON COLUMN main.sammenlikninger.poeng IS 'Den andre kandidatens poeng';
COMMENT ON COLUMN main.sammenlikninger.storrelse IS 'Det andre organets størrelsesgruppe';
COMMENT ON COLUMN main.sammenlikninger.storrelsesavstand IS 'Hvor mange størrelsesgrupper de to er fra hverandre; 9 når det ikke er kjent';
COMMENT ON COLUMN main.sammenlikninger.valgt_etter IS 'Om den er valgt etter samme praksis, samme OGP-område eller samme pilar';
COMMENT ON COLUMN main.sammenlikninger.adresse IS 'Siden den står på';
COMMENT ON COLUMN main.sammenlikninger.kontrollert IS 'Usant når nummer eller tittel ikke er kontrollert';
