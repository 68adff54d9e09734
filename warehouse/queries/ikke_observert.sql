-- Hvilke organer har vi ikke fått se noe av, og hvorfor?
-- en: Which bodies have we not got to see anything of, and why?
-- At et organ ikke er observert, sier ingenting om hva det gjør.
-- parameter: fylke = '' (navnet på et fylke; tomt for alle)

SELECT navn, type, fylke, innbyggere, kilder, hvorfor_ikke_observert
FROM kommuner
WHERE finnes_i_dag AND NOT observert AND ($fylke = '' OR lower(fylke) = lower($fylke))
ORDER BY fylke, navn, organisasjonsnummer;
