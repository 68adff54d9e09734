-- Hva er den høyest rangerte kandidaten i hver pilar?

SELECT pilarnavn, kommune, tittel, poeng
FROM kandidater
QUALIFY row_number() OVER (PARTITION BY pilar ORDER BY poeng DESC, id) = 1
ORDER BY pilarnavn;
