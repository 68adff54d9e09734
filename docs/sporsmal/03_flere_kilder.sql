-- Hvilke tiltak er fortalt av flest slags kilder?

SELECT kommune, praksisnavn, tittel, kildetyper
FROM kandidater
WHERE er_bidrag = 'yes'
ORDER BY len(string_split(kildetyper_koder, '; ')) DESC, poeng DESC, id
LIMIT 5;
