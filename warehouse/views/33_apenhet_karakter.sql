-- Hvor mye av det vi har observert, som er oppfylt, per organ og pilar; ingen karakter når mindre enn halvparten er observert

CREATE OR REPLACE VIEW main.apenhet_karakter AS
WITH summed AS (
    SELECT
        p.organisasjonsnummer, p.kommune, p.fylke, p.innbyggere, p.storrelse, p.kostragruppe, p.pilar, p.metode,
        count(*) AS n,
        count(p.niva) AS seen,
        count(*) FILTER (p.niva = 'oppfylt') AS met,
        count(*) FILTER (p.niva = 'delvis') AS partly,
        count(*) FILTER (p.niva = 'ikke oppfylt') AS unmet,
        sum(p.vekt) AS weights,
        coalesce(sum(p.vekt) FILTER (p.niva IS NOT NULL), 0) AS weights_seen,
        coalesce(sum(p.vekt) FILTER (p.niva = 'oppfylt'), 0) AS weights_met,
        coalesce(sum(p.vekt) FILTER (p.niva IN ('oppfylt', 'delvis')), 0) AS weights_some,
        min(p.dato) FILTER (p.niva IS NOT NULL) AS oldest,
        max(p.dato) FILTER (p.niva IS NOT NULL) AS newest,
        string_agg(p.navn || ': ' || coalesce(p.hvorfor_ikke, 'minst delvis, ikke alt er lest'), '; ' ORDER BY p.nummer) FILTER (p.niva IS NULL) AS missing
    FROM main.apenhet p
    GROUP BY ALL
),
method AS (SELECT coalesce(max(least_share), 0.5) AS least FROM core.indicators)
SELECT
    s.organisasjonsnummer,
    s.kommune,
    s.fylke,
    s.innbyggere,
    s.storrelse,
    s.kostragruppe,
    s.pilar,
    coalesce(pi.name_nb, s.pilar) AS pilarnavn,
    s.n AS indikatorer,
    s.seen AS observert,
    s.met AS oppfylt,
    s.partly AS delvis,
    s.unmet AS ikke_oppfylt,
    s.weights AS vekt,
    s.weights_seen AS vekt_observert,
    s.weights_met AS vekt_oppfylt,
    CASE WHEN s.weights_seen >= method.least * s.weights AND s.seen > 0 THEN round(s.weights_met / s.weights_seen, 3) END AS karakter,
    CASE WHEN s.weights_seen >= method.least * s.weights AND s.seen > 0 THEN round(s.weights_some / s.weights_seen, 3) END AS minst_delvis,
    CASE WHEN s.weights_seen >= method.least * s.weights AND s.seen > 0 THEN NULL
        WHEN s.seen = 0 THEN 'ingenting er observert' ELSE 'bare ' || s.seen || ' av ' || s.n || ' er observert' END AS hvorfor_ingen_karakter,
    s.oldest AS eldste_dato,
    s.newest AS nyeste_dato,
    s.missing AS ikke_observert,
    s.metode
FROM summed s
CROSS JOIN method
LEFT JOIN ogp.pillars pi ON pi.key = s.pilar;

COMMENT ON VIEW main.apenhet_karakter IS 'Åpenhet per organ og pilar: hvor mye av det vi har observert, som er oppfylt. Det som ikke er observert, teller verken for eller mot, og under halvparten observert gir ingen karakter';
COMMENT ON COLUMN main.apenhet_karakter.organisasjonsnummer IS 'Organet, organisasjonsnummer';
COMMENT ON COLUMN main.apenhet_karakter.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.apenhet_karakter.fylke IS 'Fylkets navn';
COMMENT ON COLUMN main.apenhet_karakter.innbyggere IS 'Folketall';
COMMENT ON COLUMN main.apenhet_karakter.storrelse IS 'Størrelsesgruppe etter folketall';
COMMENT ON COLUMN main.apenhet_karakter.kostragruppe IS 'KOSTRA-gruppen der den er lest';
COMMENT ON COLUMN main.apenhet_karakter.pilar IS 'Pilaren';
COMMENT ON COLUMN main.apenhet_karakter.pilarnavn IS 'Pilarens navn';
COMMENT ON COLUMN main.apenhet_karakter.indikatorer IS 'Antall indikatorer i pilaren';
COMMENT ON COLUMN main.apenhet_karakter.observert IS 'Hvor mange av dem som er observert så fullt at de kan måles mot grensene';
COMMENT ON COLUMN main.apenhet_karakter.oppfylt IS 'Observerte som når grensen for oppfylt';
COMMENT ON COLUMN main.apenhet_karakter.delvis IS 'Observerte som når grensen for delvis';
COMMENT ON COLUMN main.apenhet_karakter.ikke_oppfylt IS 'Observerte som ikke når noen grense (fraværende)';
COMMENT ON COLUMN main.apenhet_karakter.vekt IS 'Summen av vektene i pilaren';
COMMENT ON COLUMN main.apenhet_karakter.vekt_observert IS 'Summen av vektene for det som er observert';
COMMENT ON COLUMN main.apenhet_karakter.vekt_oppfylt IS 'Summen av vektene for det som er oppfylt';
COMMENT ON COLUMN main.apenhet_karakter.karakter IS 'Andel av det observerte som er oppfylt, 0 til 1; tom når for lite er observert';
COMMENT ON COLUMN main.apenhet_karakter.minst_delvis IS 'Andel av det observerte som er oppfylt eller delvis oppfylt, 0 til 1; tom når for lite er observert';
COMMENT ON COLUMN main.apenhet_karakter.hvorfor_ingen_karakter IS 'Grunnen når det ikke er noen karakter';
COMMENT ON COLUMN main.apenhet_karakter.eldste_dato IS 'Eldste dato for noe som er observert';
COMMENT ON COLUMN main.apenhet_karakter.nyeste_dato IS 'Nyeste dato for noe som er observert';
COMMENT ON COLUMN main.apenhet_karakter.ikke_observert IS 'Indikatorene som ikke er observert, hver med årsak';
COMMENT ON COLUMN main.apenhet_karakter.metode IS 'Metodens versjon';
