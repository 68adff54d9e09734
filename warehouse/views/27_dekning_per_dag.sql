-- Dekningsboka dag for dag

CREATE OR REPLACE VIEW main.dekning_per_dag AS
SELECT
    d.source AS kilde,
    d.authority AS organisasjonsnummer,
    a.name AS kommune,
    d.kind AS slag,
    d.day AS dag,
    d.claimed AS kilden_oppgir,
    d.held AS vi_har,
    greatest(d.claimed - d.held, 0) AS mangler,
    d.missing AS savnet,
    d.withdrawn AS trukket,
    d.read_at AS sist_lest,
    d.whole_at AS sist_lest_helt,
    d.batch AS bunke
FROM raw.coverage_days d
LEFT JOIN core.authorities a ON a.orgnr = d.authority;

COMMENT ON VIEW main.dekning_per_dag IS 'Dekningsboka dag for dag: hva kilden oppgir, hva vi har, hva som er savnet og hva som er trukket';
COMMENT ON COLUMN main.dekning_per_dag.kilde IS 'Kilden, plattform/navn';
COMMENT ON COLUMN main.dekning_per_dag.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.dekning_per_dag.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.dekning_per_dag.slag IS 'journal_entry (etter journaldato) eller agenda_item (etter møtedag)';
COMMENT ON COLUMN main.dekning_per_dag.dag IS 'Dagen';
COMMENT ON COLUMN main.dekning_per_dag.kilden_oppgir IS 'Hvor mange kilden selv viser for dagen; tomt når den ikke teller dager';
COMMENT ON COLUMN main.dekning_per_dag.vi_har IS 'Hvor mange vi har, uten de trukne';
COMMENT ON COLUMN main.dekning_per_dag.mangler IS 'Hvor mange kilden oppgir som vi ikke har';
COMMENT ON COLUMN main.dekning_per_dag.savnet IS 'Hvor mange av våre som ikke lenger vises, og som neste hele kjøring avgjør om er trukket';
COMMENT ON COLUMN main.dekning_per_dag.trukket IS 'Hvor mange kilden har trukket; av dem står nøkkel, datoer og årsak (visningen forsvunnet)';
COMMENT ON COLUMN main.dekning_per_dag.sist_lest IS 'Da en kjøring sist leste noe fra dagen (UTC)';
COMMENT ON COLUMN main.dekning_per_dag.sist_lest_helt IS 'Da dagen sist ble lest helt (UTC); tomt når det aldri er skjedd';
COMMENT ON COLUMN main.dekning_per_dag.bunke IS 'Bunken det er skrevet etter';
