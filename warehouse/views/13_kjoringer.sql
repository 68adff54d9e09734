-- Hver kjøring av hver kilde

CREATE OR REPLACE VIEW main.kjoringer AS
SELECT
    r.run_id AS kjoring,
    r.source AS kilde,
    r.authority AS organisasjonsnummer,
    a.name AS kommune,
    coalesce(p.nb, r.platform) AS plattform,
    r.platform AS plattform_kode,
    coalesce(o.nb, r.outcome) AS utfall,
    r.outcome AS utfall_kode,
    w.nb AS arsak,
    r.reason_code AS arsak_kode,
    r.since AS fra_dag,
    r.until AS til_dag,
    r.started_at AS begynte,
    r.ended_at AS sluttet,
    r.requests AS foresporsler,
    r.not_modified AS uendrede_svar,
    r.size_bytes AS byte,
    r.captures AS arkivsvar,
    r.claimed AS kilden_oppgir,
    r.seen AS lest,
    r.records AS nye_eller_endrede,
    r.troubles AS uleselige,
    r.leftovers AS ubrukte_felt,
    b.rows_in AS rader_inn,
    b.rows_out AS rader_ut,
    b.quarantined AS i_karantene,
    b.duplicates AS dubletter,
    r.batch AS bunke
FROM raw.runs r
LEFT JOIN raw.batches b USING (source, batch)
LEFT JOIN core.authorities a ON a.orgnr = r.authority
LEFT JOIN core.labels p ON p.label_group = 'platform' AND p.code = r.platform
LEFT JOIN core.labels o ON o.label_group = 'outcome' AND o.code = r.outcome
LEFT JOIN raw.reasons w ON w.reason = r.reason;

COMMENT ON VIEW main.kjoringer IS 'Kjøringer: hva som ble kjørt, når og hvordan det gikk; nøyaktig ett utfall hver';
COMMENT ON COLUMN main.kjoringer.kjoring IS 'Kjøringen kilden var med i';
COMMENT ON COLUMN main.kjoringer.kilde IS 'Kilden';
COMMENT ON COLUMN main.kjoringer.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.kjoringer.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.kjoringer.plattform IS 'Plattformen';
COMMENT ON COLUMN main.kjoringer.plattform_kode IS 'Plattformens kode';
COMMENT ON COLUMN main.kjoringer.utfall IS 'Hvordan kjøringen endte, i ord';
COMMENT ON COLUMN main.kjoringer.utfall_kode IS 'fresh, unchanged, empty_verified, partial, blocked, drifted eller failed';
COMMENT ON COLUMN main.kjoringer.arsak IS 'Årsaken til utfallet; hva som kan gjøres, står i visningen arsaker';
COMMENT ON COLUMN main.kjoringer.arsak_kode IS 'Årsakens kode (den viktigste når det er flere)';
COMMENT ON COLUMN main.kjoringer.fra_dag IS 'Første dag i vinduet det ble spurt om';
COMMENT ON COLUMN main.kjoringer.til_dag IS 'Siste dag i vinduet';
COMMENT ON COLUMN main.kjoringer.begynte IS 'Når kjøringen begynte (UTC)';
COMMENT ON COLUMN main.kjoringer.sluttet IS 'Når kjøringen sluttet (UTC)';
COMMENT ON COLUMN main.kjoringer.foresporsler IS 'Antall forespørsler';
COMMENT ON COLUMN main.kjoringer.uendrede_svar IS 'Antall svar 304 (uendret)';
COMMENT ON COLUMN main.kjoringer.byte IS 'Antall byte hentet';
COMMENT ON COLUMN main.kjoringer.arkivsvar IS 'Antall arkiverte svar';
COMMENT ON COLUMN main.kjoringer.kilden_oppgir IS 'Hvor mange poster kilden selv sier den har';
COMMENT ON COLUMN main.kjoringer.lest IS 'Poster lest, per slag (JSON)';
COMMENT ON COLUMN main.kjoringer.nye_eller_endrede IS 'Poster som var nye eller endret, per slag (JSON)';
COMMENT ON COLUMN main.kjoringer.uleselige IS 'Antall svar som ikke kunne leses';
COMMENT ON COLUMN main.kjoringer.ubrukte_felt IS 'Felt ingen brukte, med antall (JSON)';
COMMENT ON COLUMN main.kjoringer.rader_inn IS 'Rader inn i lasten';
COMMENT ON COLUMN main.kjoringer.rader_ut IS 'Rader ut i tabellene';
COMMENT ON COLUMN main.kjoringer.i_karantene IS 'Rader til karantene';
COMMENT ON COLUMN main.kjoringer.dubletter IS 'Deler slått sammen eller gjentatt';
COMMENT ON COLUMN main.kjoringer.bunke IS 'Bunken kjøringen ga';
