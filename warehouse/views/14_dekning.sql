-- Hva vi vet at vi har, og hva vi vet at vi mangler

CREATE OR REPLACE VIEW main.dekning AS
SELECT
    c.source AS kilde,
    c.authority AS organisasjonsnummer,
    a.name AS kommune,
    c.kind AS slag,
    c.scope AS gjelder,
    c.since AS fra_dag,
    c.until AS til_dag,
    c.claimed AS kilden_oppgir,
    c.held AS vi_har,
    c.missing AS mangler,
    c.first_missing AS forste_som_mangler,
    c.last_missing AS siste_som_mangler,
    c.is_complete AS lest_helt,
    coalesce(o.nb, c.outcome) AS utfall,
    c.outcome AS utfall_kode,
    w.nb AS arsak,
    c.reason_code AS arsak_kode,
    c.batch AS bunke,
    c.batch_at AS skrevet
FROM raw.coverage c
LEFT JOIN core.authorities a ON a.orgnr = c.authority
LEFT JOIN core.labels o ON o.label_group = 'outcome' AND o.code = c.outcome
LEFT JOIN raw.reasons w ON w.reason = c.reason;

COMMENT ON VIEW main.dekning IS 'Dekningsboka: vinduer som er lest, hva kilden oppgir, hva vi har, og hull i løpenummer';
COMMENT ON COLUMN main.dekning.kilde IS 'Kilden';
COMMENT ON COLUMN main.dekning.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.dekning.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.dekning.slag IS 'Slaget poster: journal_entry, meeting, dataset, page …; tomt når ingenting ble lest';
COMMENT ON COLUMN main.dekning.gjelder IS 'window (vinduet en kjøring spurte om) eller gap (hull i løpenummer)';
COMMENT ON COLUMN main.dekning.fra_dag IS 'Første dag; for hull: datoen før hullet';
COMMENT ON COLUMN main.dekning.til_dag IS 'Siste dag; for hull: datoen etter hullet';
COMMENT ON COLUMN main.dekning.kilden_oppgir IS 'Hvor mange kilden selv sier den har';
COMMENT ON COLUMN main.dekning.vi_har IS 'Hvor mange vi har';
COMMENT ON COLUMN main.dekning.mangler IS 'Hvor mange løpenumre som mangler';
COMMENT ON COLUMN main.dekning.forste_som_mangler IS 'Første løpenummer som mangler';
COMMENT ON COLUMN main.dekning.siste_som_mangler IS 'Siste løpenummer som mangler';
COMMENT ON COLUMN main.dekning.lest_helt IS 'Om vinduet (eller tiden rundt hullet) er lest helt';
COMMENT ON COLUMN main.dekning.utfall IS 'Utfallet av kjøringen, i ord';
COMMENT ON COLUMN main.dekning.utfall_kode IS 'Utfallets kode';
COMMENT ON COLUMN main.dekning.arsak IS 'Årsaken; hva som kan gjøres, står i visningen arsaker';
COMMENT ON COLUMN main.dekning.arsak_kode IS 'Årsakens kode';
COMMENT ON COLUMN main.dekning.bunke IS 'Bunken det er skrevet etter';
COMMENT ON COLUMN main.dekning.skrevet IS 'Når kjøringen begynte (UTC)';
