-- What the last flagging read, so that the next reads only what can come out otherwise. It concludes nothing: it is neither published nor compared.

CREATE SCHEMA IF NOT EXISTS kept;

CREATE TABLE kept.rubrics (rubric VARCHAR, model VARCHAR, print VARCHAR);
COMMENT ON TABLE kept.rubrics IS 'Rubrikkene som dokumentene sist ble lest med: uttrykkene og hva de er, og fingeravtrykk av resten';

CREATE TABLE kept.judged (
    document_id VARCHAR, authority VARCHAR, text_hash VARCHAR, title_length INTEGER, rubric VARCHAR, model VARCHAR, is_compared BOOLEAN
);
COMMENT ON TABLE kept.judged IS 'Dokumentene som er vurdert, også de det ikke ble funnet noe i';

CREATE TABLE kept.bodies (
    authority VARCHAR, rubric VARCHAR, model VARCHAR, records VARCHAR, found VARCHAR, linked_by VARCHAR, candidates VARCHAR
);
COMMENT ON TABLE kept.bodies IS 'Fingeravtrykk per organ av postene, av det som ble funnet i dem, av alt koblingen bygget på, og av kandidatene';
