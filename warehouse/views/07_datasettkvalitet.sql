-- Poengene for hver beskrivelse av et datasett, måltall for måltall

CREATE OR REPLACE VIEW main.datasettkvalitet AS
SELECT
    d.id AS datasett,
    d.dataset_group AS gruppe,
    d.is_main AS hovedrad,
    d.authority AS organisasjonsnummer,
    a.name AS kommune,
    d.title AS tittel,
    q.method AS metode,
    t.dimension AS dimensjon,
    t.position AS nummer,
    q.metric AS maltall,
    t.name AS beskrivelse,
    CASE q.answer WHEN 'yes' THEN 'ja' WHEN 'no' THEN 'nei' ELSE 'ikke observert' END AS svar,
    q.points AS poeng,
    CASE WHEN q.answer = 'not_observed' THEN 0 ELSE t.max_points END AS poeng_av,
    t.max_points AS hoyeste,
    q.distribution AS distribusjon,
    d.source AS kilde
FROM core.dataset_metrics q
JOIN core.dataset_roads d ON d.id = q.dataset
JOIN core.metrics t ON t.method = q.method AND t.metric = q.metric
LEFT JOIN core.authorities a ON a.orgnr = d.authority;

COMMENT ON VIEW main.datasettkvalitet IS 'Hva hver beskrivelse av et datasett får i poeng, per metode og måltall; summen står i datasett og datasettveier';
COMMENT ON COLUMN main.datasettkvalitet.datasett IS 'Beskrivelsens nøkkel (visningene datasett og datasettveier)';
COMMENT ON COLUMN main.datasettkvalitet.gruppe IS 'Nøkkelen alle beskrivelser av samme datasett deler';
COMMENT ON COLUMN main.datasettkvalitet.hovedrad IS 'Om dette er beskrivelsen visningen datasett viser';
COMMENT ON COLUMN main.datasettkvalitet.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.datasettkvalitet.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.datasettkvalitet.tittel IS 'Datasettets tittel';
COMMENT ON COLUMN main.datasettkvalitet.metode IS 'Poengtabellen: no (data.norge.no, 435 poeng) eller eu (data.europa.eu, 405 poeng)';
COMMENT ON COLUMN main.datasettkvalitet.dimensjon IS 'findability, accessibility, interoperability, reusability eller contextuality';
COMMENT ON COLUMN main.datasettkvalitet.nummer IS 'Måltallets plass i tabellen';
COMMENT ON COLUMN main.datasettkvalitet.maltall IS 'Måltallets navn i metoden';
COMMENT ON COLUMN main.datasettkvalitet.beskrivelse IS 'Hva som må være oppfylt';
COMMENT ON COLUMN main.datasettkvalitet.svar IS 'ja, nei eller ikke observert';
COMMENT ON COLUMN main.datasettkvalitet.poeng IS 'Poengene det gir';
COMMENT ON COLUMN main.datasettkvalitet.poeng_av IS 'Poengene det kunne gi; 0 når det ikke er observert, så det teller verken for eller mot';
COMMENT ON COLUMN main.datasettkvalitet.hoyeste IS 'Poengene tabellen har for måltallet';
COMMENT ON COLUMN main.datasettkvalitet.distribusjon IS 'Nummeret på distribusjonen som er regnet med: den beste; tomt når datasettet ikke har noen';
COMMENT ON COLUMN main.datasettkvalitet.kilde IS 'Kilden beskrivelsen er lest fra, plattform/navn';
