-- Which body a register means: by organisation number, or by the municipality's number (that of today before that of a dissolved body)

CREATE OR REPLACE VIEW core.subjects AS
SELECT orgnr AS subject, orgnr, name, number FROM core.authorities
UNION ALL
SELECT number AS subject, orgnr, name, number FROM core.authorities WHERE number <> ''
QUALIFY row_number() OVER (PARTITION BY number ORDER BY valid_to DESC NULLS FIRST, orgnr) = 1;

COMMENT ON VIEW core.subjects IS 'Hvilket organ et organisasjonsnummer eller kommunenummer i et register står for';
