-- Tallene registrene har om kommunene

CREATE OR REPLACE VIEW main.nokkeltall AS
SELECT
    f.id AS id,
    s.orgnr AS organisasjonsnummer,
    s.name AS kommune,
    coalesce(nullif(s.number, ''), f.subject) AS kommunenummer,
    g.value AS kostragruppe,
    f.property AS nokkeltall,
    coalesce(p.nb, f.label, f.property) AS navn,
    f.since AS fra_dag,
    f.until AS til_dag,
    year(f.since) AS ar,
    f.number AS verdi,
    f.unit AS enhet,
    f.status AS merke,
    coalesce(w.nb, split_part(f.source, '/', 1)) AS register,
    f.url AS adresse,
    f.source AS kilde,
    f.capture AS arkivsvar,
    f.locator AS plass,
    f.captured_at AS hentet,
    f.first_seen AS forst_sett,
    f.changed_at AS sist_endret
FROM core.register_facts f
LEFT JOIN core.subjects s ON s.subject = f.subject
LEFT JOIN core.register_facts g ON g.property = 'kostra_group' AND g.subject = coalesce(nullif(s.number, ''), f.subject)
LEFT JOIN core.labels p ON p.label_group = 'property' AND p.code = f.property
LEFT JOIN core.labels w ON w.label_group = 'platform' AND w.code = split_part(f.source, '/', 1)
WHERE f.unit IS NOT NULL AND (s.orgnr IS NOT NULL OR NOT regexp_full_match(f.subject, '[0-9]{9}'));

COMMENT ON VIEW main.nokkeltall IS 'Tall om kommuner, fylker og KOSTRA-grupper fra registre: folketall, KOSTRA-nøkkeltall, innsynskrav i Mimes brønn';
COMMENT ON COLUMN main.nokkeltall.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.nokkeltall.organisasjonsnummer IS 'Organet tallet gjelder; tomt for grupper og for områder vi ikke følger';
COMMENT ON COLUMN main.nokkeltall.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.nokkeltall.kommunenummer IS 'Kommunenummeret, ellers registerets kode for området eller gruppen';
COMMENT ON COLUMN main.nokkeltall.kostragruppe IS 'Kommunens KOSTRA-gruppe, for rettferdig sammenlikning';
COMMENT ON COLUMN main.nokkeltall.nokkeltall IS 'Kode for tallet: tabell/innhold hos SSB, ellers registerets';
COMMENT ON COLUMN main.nokkeltall.navn IS 'Hva tallet er';
COMMENT ON COLUMN main.nokkeltall.fra_dag IS 'Første dag tallet gjelder';
COMMENT ON COLUMN main.nokkeltall.til_dag IS 'Siste dag tallet gjelder';
COMMENT ON COLUMN main.nokkeltall.ar IS 'Året tallet gjelder';
COMMENT ON COLUMN main.nokkeltall.verdi IS 'Tallet; tomt når registeret ikke oppgir det';
COMMENT ON COLUMN main.nokkeltall.enhet IS 'Enheten tallet er i';
COMMENT ON COLUMN main.nokkeltall.merke IS 'Registerets merke for et tall som mangler: . (kan ikke finnes), .. (mangler) eller : (skjermet)';
COMMENT ON COLUMN main.nokkeltall.register IS 'Registeret tallet er fra';
COMMENT ON COLUMN main.nokkeltall.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.nokkeltall.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.nokkeltall.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.nokkeltall.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.nokkeltall.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.nokkeltall.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.nokkeltall.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
