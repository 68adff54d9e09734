-- Kunngjøringene av anskaffelser

CREATE OR REPLACE VIEW main.kunngjoringer AS
SELECT
    n.id AS id,
    n.authority AS organisasjonsnummer,
    a.name AS kommune,
    n.publisher_name AS oppdragsgiver,
    n.title AS tittel,
    n.text AS tekst,
    n.notice_type AS type,
    n.subtype AS undertype,
    n.procedure AS prosedyre,
    n.status AS tilstand,
    n.result AS resultat,
    n.case_number AS referanse,
    n.issued AS kunngjort,
    n.deadline AS frist,
    n.awarded AS tildelt,
    date_diff('day', n.awarded, n.issued) AS dager_til_kunngjoring,
    n.amount AS verdi,
    n.currency AS valuta,
    n.tenders AS tilbud,
    n.winners AS leverandor,
    n.cpv AS cpv,
    n.places AS sted,
    n.language AS sprak,
    n.masked AS maskert,
    n.withdrawn AS tatt_ned,
    n.url AS adresse,
    n.source AS kilde,
    n.capture AS arkivsvar,
    n.locator AS plass,
    n.captured_at AS hentet,
    n.first_seen AS forst_sett,
    n.changed_at AS sist_endret
FROM core.notices n
LEFT JOIN core.authorities a ON a.orgnr = n.authority;

COMMENT ON VIEW main.kunngjoringer IS 'Kunngjøringer av anskaffelser i Doffin: konkurranser, resultater og planer';
COMMENT ON COLUMN main.kunngjoringer.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.kunngjoringer.organisasjonsnummer IS 'Oppdragsgiverens organisasjonsnummer';
COMMENT ON COLUMN main.kunngjoringer.kommune IS 'Organets navn på bokmål; tomt når oppdragsgiveren ikke er et organ vi følger';
COMMENT ON COLUMN main.kunngjoringer.oppdragsgiver IS 'Oppdragsgiverens navn slik kunngjøringen skriver det';
COMMENT ON COLUMN main.kunngjoringer.tittel IS 'Tittel, maskert';
COMMENT ON COLUMN main.kunngjoringer.tekst IS 'Beskrivelsen, også av delene, maskert';
COMMENT ON COLUMN main.kunngjoringer.type IS 'Kunngjøringens type slik kilden skriver den';
COMMENT ON COLUMN main.kunngjoringer.undertype IS 'Undertype i eForms';
COMMENT ON COLUMN main.kunngjoringer.prosedyre IS 'Prosedyre, kode i eForms: open, restricted, neg-w-call …';
COMMENT ON COLUMN main.kunngjoringer.tilstand IS 'Tilstand i Doffin; tomt for resultater';
COMMENT ON COLUMN main.kunngjoringer.resultat IS 'Utfallet, kode i eForms: selec-w (tildelt), clos-nw (avlyst) …';
COMMENT ON COLUMN main.kunngjoringer.referanse IS 'Oppdragsgiverens egen referanse, ofte saksnummeret';
COMMENT ON COLUMN main.kunngjoringer.kunngjort IS 'Dagen kunngjøringen ble sendt';
COMMENT ON COLUMN main.kunngjoringer.frist IS 'Tilbudsfrist (norsk tid)';
COMMENT ON COLUMN main.kunngjoringer.tildelt IS 'Dagen kontrakten ble tildelt eller inngått';
COMMENT ON COLUMN main.kunngjoringer.dager_til_kunngjoring IS 'Dager fra tildeling til kunngjøring';
COMMENT ON COLUMN main.kunngjoringer.verdi IS 'Verdien kunngjøringen oppgir: kontraktens, ellers den anslåtte';
COMMENT ON COLUMN main.kunngjoringer.valuta IS 'Valuta';
COMMENT ON COLUMN main.kunngjoringer.tilbud IS 'Antall tilbud som kom inn';
COMMENT ON COLUMN main.kunngjoringer.leverandor IS 'De som fikk kontrakten, skilt med semikolon; personnavn er maskert';
COMMENT ON COLUMN main.kunngjoringer.cpv IS 'CPV-koder, skilt med semikolon';
COMMENT ON COLUMN main.kunngjoringer.sted IS 'NUTS-koder, skilt med semikolon';
COMMENT ON COLUMN main.kunngjoringer.sprak IS 'Språket kunngjøringen er på';
COMMENT ON COLUMN main.kunngjoringer.maskert IS 'Hvor mange verdier som er maskert i raden';
COMMENT ON COLUMN main.kunngjoringer.tatt_ned IS 'Om kunngjøringen er tatt ned; da er tekst og tittel borte';
COMMENT ON COLUMN main.kunngjoringer.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.kunngjoringer.kilde IS 'Kilden raden er lest fra, plattform/navn';
COMMENT ON COLUMN main.kunngjoringer.arkivsvar IS 'Arkivert svar raden er lest ut av (nøkkel til WARC-arkivet)';
COMMENT ON COLUMN main.kunngjoringer.plass IS 'Hvor i det arkiverte svaret raden står';
COMMENT ON COLUMN main.kunngjoringer.hentet IS 'Når svaret ble hentet (UTC)';
COMMENT ON COLUMN main.kunngjoringer.forst_sett IS 'Da vi først så raden (UTC)';
COMMENT ON COLUMN main.kunngjoringer.sist_endret IS 'Da innholdet sist ble et annet (UTC)';
