-- Åpenhetsindikatorene: én rad per organ og indikator, med tre svar. Fraværende sies bare når alle kjente kilder av slaget er lest helt

CREATE OR REPLACE VIEW main.apenhet AS
WITH measured AS (
    SELECT
        a.orgnr, i.*, r.sources, r.reason,
        r.cause AS unread,
        coalesce(r.is_whole, FALSE) AS is_whole,
        coalesce(r.has_whole, FALSE) AS has_whole,
        coalesce(r.read_at, r.asked_at)::DATE AS day,
        coalesce(r.sources, '') <> '' AS is_asked,
        CASE WHEN i.is_counted THEN coalesce(m.value, 0) ELSE m.value END AS found,
        coalesce(m.n, 0) AS n,
        CASE WHEN found IS NULL THEN NULL
            WHEN CASE i.direction WHEN 'higher' THEN found >= i.good ELSE found <= i.good END THEN 'good'
            WHEN CASE i.direction WHEN 'higher' THEN found >= i.partly ELSE found <= i.partly END THEN 'some'
            ELSE 'none' END AS reached,
        CASE
            WHEN i.is_counted AND reached <> 'none' THEN NULL
            WHEN r.authority IS NULL THEN 'no_source'
            WHEN NOT has_whole THEN r.cause
            WHEN found IS NULL THEN coalesce(r.cause, i.silence)
            WHEN NOT i.is_counted AND coalesce(m.n, 0) < i.least THEN coalesce(r.cause, 'too_few')
            WHEN reached = 'none' AND NOT is_whole THEN r.cause
            WHEN reached = 'none' AND i.is_counted AND r.has_unread THEN 'unread_addresses'
            WHEN reached = 'none' AND NOT i.may_be_absent THEN 'cannot_tell'
        END AS cause
    FROM core.authorities a
    CROSS JOIN core.indicators i
    LEFT JOIN core.body_readings r ON r.authority = a.orgnr AND r.kind = i.kind
    LEFT JOIN core.measurements m ON m.authority = a.orgnr AND m.indicator = i.key
    WHERE a.valid_to IS NULL
)
SELECT
    x.orgnr AS organisasjonsnummer,
    a.name AS kommune,
    a.county_name AS fylke,
    g.population AS innbyggere,
    g.size_nb AS storrelse,
    g.kostra_group AS kostragruppe,
    x.pillar AS pilar,
    x.key AS indikator,
    x.position AS nummer,
    x.name_nb AS navn,
    CASE WHEN x.cause IS NOT NULL THEN 'ikke observert' WHEN x.reached = 'none' THEN 'fraværende' ELSE 'til stede' END AS tilstand,
    CASE WHEN x.cause IS NOT NULL THEN 'not_observed' WHEN x.reached = 'none' THEN 'absent' ELSE 'present' END AS tilstand_kode,
    CASE WHEN x.cause IS NULL THEN CASE x.reached WHEN 'good' THEN 'oppfylt' WHEN 'none' THEN 'ikke oppfylt' ELSE CASE WHEN x.is_whole THEN 'delvis' END END END AS niva,
    CASE WHEN x.cause IS NULL THEN round(x.found, 3) END AS verdi,
    x.unit AS enhet,
    CASE WHEN x.cause IS NULL THEN x.n END AS grunnlag,
    x.good AS grense_oppfylt,
    x.partly AS grense_delvis,
    x.direction AS retning,
    x.weight AS vekt,
    CASE WHEN x.is_asked THEN x.day END AS dato,
    x.sources AS kilder,
    coalesce(w.nb, x.cause) || CASE WHEN x.cause = x.unread THEN coalesce(': ' || x.reason, '') ELSE '' END AS hvorfor_ikke,
    x.cause AS hvorfor_ikke_kode,
    x.measures AS maler,
    x.method AS metode
FROM measured x
JOIN core.authorities a ON a.orgnr = x.orgnr
LEFT JOIN core.body_groups g ON g.orgnr = x.orgnr
LEFT JOIN core.labels w ON w.label_group = 'unobserved' AND w.code = x.cause;

COMMENT ON VIEW main.apenhet IS 'Åpenhetsindikatorer: hva vi har målt av åpenhet hos hvert organ, med tre svar, dato og kilde. Ikke observert er ikke null: det sier bare at vi ikke har fått se';
COMMENT ON COLUMN main.apenhet.organisasjonsnummer IS 'Organet, organisasjonsnummer';
COMMENT ON COLUMN main.apenhet.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.apenhet.fylke IS 'Fylkets navn';
COMMENT ON COLUMN main.apenhet.innbyggere IS 'Folketall';
COMMENT ON COLUMN main.apenhet.storrelse IS 'Størrelsesgruppe etter folketall, for rettferdig sammenlikning';
COMMENT ON COLUMN main.apenhet.kostragruppe IS 'KOSTRA-gruppen der den er lest, for rettferdig sammenlikning';
COMMENT ON COLUMN main.apenhet.pilar IS 'Pilaren indikatoren hører til';
COMMENT ON COLUMN main.apenhet.indikator IS 'Indikatorens nøkkel (catalogue/indicators.toml)';
COMMENT ON COLUMN main.apenhet.nummer IS 'Rekkefølgen indikatorene nevnes i';
COMMENT ON COLUMN main.apenhet.navn IS 'Indikatorens navn';
COMMENT ON COLUMN main.apenhet.tilstand IS 'til stede, fraværende eller ikke observert; fraværende bare når alle kjente kilder av slaget er lest helt';
COMMENT ON COLUMN main.apenhet.tilstand_kode IS 'present, absent eller not_observed';
COMMENT ON COLUMN main.apenhet.niva IS 'oppfylt, delvis eller ikke oppfylt etter grensene; tomt når det ikke er observert, og når det som er sett når delvis og mer kan stå i kilder vi ikke har lest';
COMMENT ON COLUMN main.apenhet.verdi IS 'Den målte verdien; tomt når det ikke er observert';
COMMENT ON COLUMN main.apenhet.enhet IS 'Enheten: antall, andel (0 til 1) eller dager';
COMMENT ON COLUMN main.apenhet.grunnlag IS 'Hvor mange observasjoner verdien bygger på';
COMMENT ON COLUMN main.apenhet.grense_oppfylt IS 'Grensen for oppfylt, i samme enhet som verdien';
COMMENT ON COLUMN main.apenhet.grense_delvis IS 'Grensen for delvis';
COMMENT ON COLUMN main.apenhet.retning IS 'higher når mer er bedre, lower når mindre er bedre';
COMMENT ON COLUMN main.apenhet.vekt IS 'Vekten i karakteren';
COMMENT ON COLUMN main.apenhet.dato IS 'Dagen kildene sist ble lest helt, ellers sist spurt; tomt når ingen kilde er spurt';
COMMENT ON COLUMN main.apenhet.kilder IS 'Kildene som er spurt; en nasjonal katalog når organet ikke har noen egen av slaget';
COMMENT ON COLUMN main.apenhet.hvorfor_ikke IS 'Hvorfor det ikke er observert, i ord';
COMMENT ON COLUMN main.apenhet.hvorfor_ikke_kode IS 'Årsakens kode (koder med ord: core.labels, gruppen unobserved)';
COMMENT ON COLUMN main.apenhet.maler IS 'Hva indikatoren måler';
COMMENT ON COLUMN main.apenhet.metode IS 'Metodens versjon; den øker når et mål, en grense eller en vekt endres';
