-- Kommunale og fylkeskommunale selskaper

CREATE OR REPLACE VIEW main.selskaper AS
SELECT
    f.subject AS organisasjonsnummer,
    f.name AS navn,
    f.form AS organisasjonsform,
    f.form_name AS organisasjonsform_navn,
    f.sector AS sektor,
    f.sector_name AS sektor_navn,
    f.municipality AS kommunenummer,
    a.orgnr AS kommune_organisasjonsnummer,
    coalesce(a.name, f.municipality_name) AS kommune,
    o.owners AS eiere,
    o.numbers AS eiere_organisasjonsnummer,
    try_cast(f.employees AS INTEGER) AS ansatte,
    f.homepage AS hjemmeside,
    try_cast(f.founded AS DATE) AS stiftet,
    try_cast(f.registered AS DATE) AS registrert,
    f.is_ending = 'true' AS under_avvikling,
    try_cast(f.deleted AS DATE) AS slettet,
    f.url AS adresse,
    f.source AS kilde,
    f.changed_at AS sist_endret
FROM (
    SELECT subject,
        max(value) FILTER (property = 'name') AS name,
        max(value) FILTER (property = 'organisation_form') AS form,
        max(label) FILTER (property = 'organisation_form') AS form_name,
        max(value) FILTER (property = 'sector') AS sector,
        max(label) FILTER (property = 'sector') AS sector_name,
        max(value) FILTER (property = 'municipality') AS municipality,
        max(label) FILTER (property = 'municipality') AS municipality_name,
        max(value) FILTER (property = 'employees') AS employees,
        max(value) FILTER (property = 'homepage') AS homepage,
        max(value) FILTER (property = 'founded') AS founded,
        max(value) FILTER (property = 'registered') AS registered,
        max(value) FILTER (property = 'deleted') AS deleted,
        max(value) FILTER (property = 'under_dissolution') AS is_ending,
        max(url) AS url, max(source) AS source, max(changed_at) AS changed_at
    FROM core.register_facts WHERE split_part(source, '/', 1) = 'brreg' GROUP BY subject
) f
LEFT JOIN core.subjects a ON a.subject = f.municipality
LEFT JOIN (
    SELECT r.subject, string_agg(coalesce(b.name, r.label), '; ' ORDER BY coalesce(b.name, r.label)) AS owners,
        string_agg(r.value, '; ' ORDER BY coalesce(b.name, r.label)) AS numbers
    FROM core.register_facts r LEFT JOIN core.authorities b ON b.orgnr = r.value WHERE r.property = 'owner' AND r.value <> '' GROUP BY r.subject
) o ON o.subject = f.subject
WHERE f.form NOT IN ('KOMM', 'FYLK');

COMMENT ON VIEW main.selskaper IS 'Selskaper som kommuner og fylkeskommuner eier eller har skilt ut, slik Enhetsregisteret kjenner dem: IKS, KF, FKF og aksjeselskaper i kommunal sektor';
COMMENT ON COLUMN main.selskaper.organisasjonsnummer IS 'Selskapets organisasjonsnummer';
COMMENT ON COLUMN main.selskaper.navn IS 'Selskapets navn';
COMMENT ON COLUMN main.selskaper.organisasjonsform IS 'Organisasjonsform: IKS, KF, FKF, AS …';
COMMENT ON COLUMN main.selskaper.organisasjonsform_navn IS 'Organisasjonsformen i ord';
COMMENT ON COLUMN main.selskaper.sektor IS 'Institusjonell sektorkode (SSB)';
COMMENT ON COLUMN main.selskaper.sektor_navn IS 'Sektoren i ord';
COMMENT ON COLUMN main.selskaper.kommunenummer IS 'Kommunenummeret i forretningsadressen; det sier hvor selskapet holder til, ikke hvem som eier det';
COMMENT ON COLUMN main.selskaper.kommune_organisasjonsnummer IS 'Kommunen selskapet holder til i, organisasjonsnummer';
COMMENT ON COLUMN main.selskaper.kommune IS 'Kommunen selskapet holder til i';
COMMENT ON COLUMN main.selskaper.eiere IS 'Eierne der registeret oppgir dem (deltakere i IKS, eierkommune for KF), skilt med semikolon';
COMMENT ON COLUMN main.selskaper.eiere_organisasjonsnummer IS 'Eiernes organisasjonsnummer, i samme rekkefølge';
COMMENT ON COLUMN main.selskaper.ansatte IS 'Antall ansatte';
COMMENT ON COLUMN main.selskaper.hjemmeside IS 'Hjemmeside';
COMMENT ON COLUMN main.selskaper.stiftet IS 'Dagen selskapet ble stiftet';
COMMENT ON COLUMN main.selskaper.registrert IS 'Dagen det ble registrert i Enhetsregisteret';
COMMENT ON COLUMN main.selskaper.under_avvikling IS 'Om selskapet er under avvikling';
COMMENT ON COLUMN main.selskaper.slettet IS 'Dagen det ble slettet; tomt når det finnes';
COMMENT ON COLUMN main.selskaper.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.selskaper.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.selskaper.sist_endret IS 'Da noe av dette sist ble et annet (UTC)';
