-- Setninger som flere organer har ord for ord

CREATE OR REPLACE VIEW main.delte_tekster AS
SELECT
    t.sentence_hash AS setning,
    min(t.quote) AS sitat,
    count(DISTINCT t.authority) AS organer,
    string_agg(DISTINCT coalesce(a.name, t.authority), '; ' ORDER BY coalesce(a.name, t.authority)) AS hvem,
    count(*) AS dokumenter,
    count(DISTINCT cd.candidate) AS kandidater,
    string_agg(DISTINCT cd.candidate, '; ' ORDER BY cd.candidate) AS kandidatnokler,
    min(t.url) AS adresse
FROM ogp.shared_texts t
LEFT JOIN core.authorities a ON a.orgnr = t.authority
LEFT JOIN ogp.candidate_documents cd ON cd.document_id = t.document_id
GROUP BY t.sentence_hash;

COMMENT ON VIEW main.delte_tekster IS 'Setninger som to eller flere organer har ord for ord i tekster om en praksis, bortsett fra navn og tall: maltekst er ikke organets eget';
COMMENT ON COLUMN main.delte_tekster.setning IS 'Hash av setningen uten navn og tall';
COMMENT ON COLUMN main.delte_tekster.sitat IS 'Setningen slik den står hos ett av organene';
COMMENT ON COLUMN main.delte_tekster.organer IS 'Hvor mange organer som har den';
COMMENT ON COLUMN main.delte_tekster.hvem IS 'Organene';
COMMENT ON COLUMN main.delte_tekster.dokumenter IS 'Antall tekster den står i';
COMMENT ON COLUMN main.delte_tekster.kandidater IS 'Antall kandidater som bygger på en av tekstene';
COMMENT ON COLUMN main.delte_tekster.kandidatnokler IS 'Kandidatene';
COMMENT ON COLUMN main.delte_tekster.adresse IS 'En side den står på';
