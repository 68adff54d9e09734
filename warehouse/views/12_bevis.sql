-- Tekststedene som støtter kandidatene

CREATE OR REPLACE VIEW main.bevis AS
SELECT
    e.id AS id,
    cd.candidate AS kandidat,
    e.authority AS organisasjonsnummer,
    a.name AS kommune,
    e.pillar AS pilar,
    e.practice AS praksis,
    e.rule AS regel,
    e.weight AS vekt,
    e.quote AS sitat,
    e.start_at AS fra_tegn,
    e.end_at AS til_tegn,
    e.document_id AS dokument,
    e.document_table AS tabell,
    e.source AS kilde,
    e.url AS adresse,
    e.capture AS arkivsvar,
    c.sha256 AS arkivsvar_sha256,
    e.locator AS plass,
    e.captured_at AS hentet,
    e.text_hash AS teksthash,
    e.rubric AS rubrikk
FROM ogp.evidence e
LEFT JOIN (
    SELECT d.candidate, d.document_id, k.practice FROM ogp.candidate_documents d JOIN ogp.candidates k ON k.id = d.candidate
) cd ON cd.document_id = e.document_id AND cd.practice = e.practice
LEFT JOIN raw.captures c ON c.capture = e.capture
LEFT JOIN core.authorities a ON a.orgnr = e.authority;

COMMENT ON VIEW main.bevis IS 'Bevis: tekststeder med ordrett sitat, regel og arkivsvar';
COMMENT ON COLUMN main.bevis.id IS 'Bevisets nøkkel';
COMMENT ON COLUMN main.bevis.kandidat IS 'Kandidaten beviset hører til; tomt når det ikke ble noen kandidat';
COMMENT ON COLUMN main.bevis.organisasjonsnummer IS 'Organet, organisasjonsnummer';
COMMENT ON COLUMN main.bevis.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.bevis.pilar IS 'Pilaren i handlingsplanen';
COMMENT ON COLUMN main.bevis.praksis IS 'Praksisen stedet støtter';
COMMENT ON COLUMN main.bevis.regel IS 'Regelen som fant stedet';
COMMENT ON COLUMN main.bevis.vekt IS 'Vekten; negativ når stedet taler imot';
COMMENT ON COLUMN main.bevis.sitat IS 'Ordrett sitat fra den maskerte teksten';
COMMENT ON COLUMN main.bevis.fra_tegn IS 'Der stedet begynner i teksten (tittel, tom linje, tekst)';
COMMENT ON COLUMN main.bevis.til_tegn IS 'Der stedet slutter';
COMMENT ON COLUMN main.bevis.dokument IS 'Dokumentets nøkkel';
COMMENT ON COLUMN main.bevis.tabell IS 'Tabellen dokumentet står i';
COMMENT ON COLUMN main.bevis.kilde IS 'Kilden dokumentet er lest fra';
COMMENT ON COLUMN main.bevis.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.bevis.arkivsvar IS 'Arkivert svar dokumentet er lest ut av';
COMMENT ON COLUMN main.bevis.arkivsvar_sha256 IS 'SHA-256 av det arkiverte svaret';
COMMENT ON COLUMN main.bevis.plass IS 'Hvor i det arkiverte svaret dokumentet står';
COMMENT ON COLUMN main.bevis.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.bevis.teksthash IS 'Hash av teksten beviset er lest av';
COMMENT ON COLUMN main.bevis.rubrikk IS 'Versjonen av rubrikken';
