-- Hvilke møtesaker handler om anskaffelser eller innkjøp?

SELECT tidspunkt::DATE AS dato, kommune, utvalg, tittel
FROM motesaker
WHERE regexp_matches(lower(tittel), 'anskaff|innkjøp')
ORDER BY dato DESC, kommune, tittel
LIMIT 8;
