-- Hva har vi målt av åpenhet hos et organ, når, hvor, og hva har vi ikke fått se?
-- en: What have we measured of openness at a body, when, where, and what could we not see?
-- Ikke observert er ikke null: det sier bare at vi ikke har fått se.
-- parameter: kommune = '' (navn, kommunenummer eller organisasjonsnummer; tomt for alle)

SELECT
    a.kommune,
    a.pilar,
    a.navn,
    a.tilstand,
    a.niva,
    a.verdi,
    a.enhet,
    a.grunnlag,
    a.grense_oppfylt,
    a.grense_delvis,
    a.dato,
    a.kilder,
    a.hvorfor_ikke
FROM apenhet a
JOIN kommuner k USING (organisasjonsnummer)
WHERE $kommune = '' OR lower(a.kommune) = lower($kommune) OR k.kommunenummer = $kommune OR a.organisasjonsnummer = $kommune
ORDER BY a.kommune, a.organisasjonsnummer, a.nummer;
