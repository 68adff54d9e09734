-- Search without an extension: a dictionary of distinct words and, for each, the documents it stands in.

CREATE SCHEMA IF NOT EXISTS search;

CREATE TABLE search.documents (
    number INTEGER, id VARCHAR, document_table VARCHAR, authority VARCHAR, source VARCHAR, date DATE, title VARCHAR, url VARCHAR,
    words INTEGER
);
COMMENT ON TABLE search.documents IS 'Dokumentene det kan søkes i, nummerert';

CREATE TABLE search.tokens (number INTEGER, token VARCHAR, documents INTEGER);
COMMENT ON TABLE search.tokens IS 'Ordboka: hvert ulike ord, og hvor mange dokumenter det står i';

CREATE TABLE search.postings (token INTEGER, document INTEGER, hits INTEGER, in_title BOOLEAN);
COMMENT ON TABLE search.postings IS 'Hvilke dokumenter hvert ord står i, hvor mange ganger, og om det står i tittelen';

CREATE TABLE search.synonyms (word VARCHAR, other VARCHAR);
COMMENT ON TABLE search.synonyms IS 'Ord som søkes som ett, særlig bokmål og nynorsk';

CREATE TABLE search.state (fingerprint VARCHAR);
COMMENT ON TABLE search.state IS 'Avtrykk av det innholdet søkeordboka er laget av';
