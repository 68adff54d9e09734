-- Organene vi følger, med hva vi har av hvert og hvorfor noe mangler

CREATE OR REPLACE VIEW main.kommuner AS
SELECT
    a.orgnr AS organisasjonsnummer,
    a.name AS navn,
    a.name_nn AS navn_nynorsk,
    a.name_se AS navn_samisk,
    CASE WHEN a.roles LIKE '%fylkeskommune%' AND regexp_matches(a.roles, '(^|; )kommune') THEN 'kommune og fylkeskommune' WHEN a.roles LIKE '%fylkeskommune%' THEN 'fylkeskommune' ELSE 'kommune' END AS type,
    a.number AS kommunenummer,
    a.county AS fylkesnummer,
    a.county_name AS fylke,
    a.language_form AS malform,
    a.population AS innbyggere,
    CASE WHEN a.roles LIKE '%fylkeskommune%' AND NOT regexp_matches(a.roles, '(^|; )kommune') THEN 'fylke' WHEN a.population IS NULL THEN 'ukjent' WHEN a.population < 5000 THEN 'under 5 000' WHEN a.population < 20000 THEN '5 000–19 999' WHEN a.population < 50000 THEN '20 000–49 999' ELSE '50 000 og over' END AS storrelse,
    a.homepage AS hjemmeside,
    a.postmottak AS postmottak,
    a.valid_from AS gyldig_fra,
    a.valid_to AS gyldig_til,
    a.valid_to IS NULL AS finnes_i_dag,
    a.successors AS etterfolgere,
    coalesce(k.entries, 0) AS kilder,
    coalesce(k.observed, 0) AS kilder_lest,
    coalesce(k.observed, 0) > 0 AS observert,
    CASE WHEN coalesce(k.observed, 0) > 0 THEN NULL WHEN k.entries IS NULL THEN 'ingen kjent kilde' WHEN k.asked = 0 THEN 'ingen kilde er lest ennå' ELSE k.reason END AS hvorfor_ikke_observert,
    coalesce(j.n, 0) AS journalposter,
    coalesce(m.n, 0) AS moter,
    coalesce(d.n, 0) AS datasett,
    coalesce(p.n, 0) AS sider,
    coalesce(c.n, 0) AS kandidater,
    a.source AS faktakilde,
    a.confidence AS sikkerhet
FROM core.authorities a
LEFT JOIN (
    SELECT organisasjonsnummer, count(*) AS entries, count(*) FILTER (observert) AS observed, count(siste_utfall) AS asked,
        max(siste_utfall || coalesce(': ' || siste_arsak, '')) FILTER (siste_utfall IS NOT NULL) AS reason
    FROM main.kilder GROUP BY organisasjonsnummer
) k ON k.organisasjonsnummer = a.orgnr
LEFT JOIN (SELECT authority, count(*) AS n FROM core.journal_entries GROUP BY authority) j ON j.authority = a.orgnr
LEFT JOIN (SELECT authority, count(*) AS n FROM core.meetings GROUP BY authority) m ON m.authority = a.orgnr
LEFT JOIN (SELECT authority, count(DISTINCT dataset_group) AS n FROM core.dataset_roads GROUP BY authority) d ON d.authority = a.orgnr
LEFT JOIN (SELECT authority, count(*) AS n FROM core.pages GROUP BY authority) p ON p.authority = a.orgnr
LEFT JOIN (SELECT authority, count(*) AS n FROM ogp.candidates GROUP BY authority) c ON c.authority = a.orgnr;

COMMENT ON VIEW main.kommuner IS 'Kommuner og fylkeskommuner, også de som er slått sammen eller delt';
COMMENT ON COLUMN main.kommuner.organisasjonsnummer IS 'Organisasjonsnummer, ni siffer; nøkkelen';
COMMENT ON COLUMN main.kommuner.navn IS 'Navn på bokmål';
COMMENT ON COLUMN main.kommuner.navn_nynorsk IS 'Navn på nynorsk der det er et annet';
COMMENT ON COLUMN main.kommuner.navn_samisk IS 'Navn på nordsamisk der det finnes';
COMMENT ON COLUMN main.kommuner.type IS 'Kommune, fylkeskommune eller begge (Oslo)';
COMMENT ON COLUMN main.kommuner.kommunenummer IS 'Kommunenummer, fire siffer; tomt for fylkeskommuner';
COMMENT ON COLUMN main.kommuner.fylkesnummer IS 'Fylkesnummer, to siffer';
COMMENT ON COLUMN main.kommuner.fylke IS 'Fylkets navn';
COMMENT ON COLUMN main.kommuner.malform IS 'Målform: bokmål, nynorsk eller nøytral';
COMMENT ON COLUMN main.kommuner.innbyggere IS 'Folketall';
COMMENT ON COLUMN main.kommuner.storrelse IS 'Størrelsesgruppe etter folketall';
COMMENT ON COLUMN main.kommuner.hjemmeside IS 'Hjemmeside';
COMMENT ON COLUMN main.kommuner.postmottak IS 'Adressen til postmottaket';
COMMENT ON COLUMN main.kommuner.gyldig_fra IS 'Første dag organet fantes, tomt når det er eldre enn kildene våre';
COMMENT ON COLUMN main.kommuner.gyldig_til IS 'Siste dag organet fantes, tomt når det finnes i dag';
COMMENT ON COLUMN main.kommuner.finnes_i_dag IS 'Om organet finnes i dag';
COMMENT ON COLUMN main.kommuner.etterfolgere IS 'Organisasjonsnumre til dem som tok over';
COMMENT ON COLUMN main.kommuner.kilder IS 'Hvor mange kilder vi kjenner';
COMMENT ON COLUMN main.kommuner.kilder_lest IS 'Hvor mange av dem vi har fått lese';
COMMENT ON COLUMN main.kommuner.observert IS 'Om vi har fått lese noe av organet; FALSE betyr ikke observert, ikke at organet ikke gjør noe';
COMMENT ON COLUMN main.kommuner.hvorfor_ikke_observert IS 'Grunnen når organet ikke er observert';
COMMENT ON COLUMN main.kommuner.journalposter IS 'Antall journalposter vi har';
COMMENT ON COLUMN main.kommuner.moter IS 'Antall møter vi har';
COMMENT ON COLUMN main.kommuner.datasett IS 'Antall datasett vi har';
COMMENT ON COLUMN main.kommuner.sider IS 'Antall nettsider og dokumenter vi har';
COMMENT ON COLUMN main.kommuner.kandidater IS 'Antall kandidater';
COMMENT ON COLUMN main.kommuner.faktakilde IS 'Hvor opplysningene er hentet fra';
COMMENT ON COLUMN main.kommuner.sikkerhet IS 'Hvor sikker den svakeste av opplysningene er';
