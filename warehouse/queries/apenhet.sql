-- Hvor åpent er hvert organ, så langt vi har fått se?
-- en: How open is each body, as far as we have got to see?
-- Karakteren er andelen oppfylt av det som er observert; den er tom når mindre enn halvparten av pilaren er observert, og grunnen står ved siden av.
-- parameter: pilar = '' (nøkkelen til en pilar; tomt for alle)
-- parameter: fylke = '' (navnet på et fylke; tomt for alle)

SELECT
    kommune,
    fylke,
    storrelse,
    kostragruppe,
    pilar,
    karakter,
    minst_delvis,
    observert,
    indikatorer,
    oppfylt,
    delvis,
    ikke_oppfylt,
    hvorfor_ingen_karakter,
    eldste_dato,
    nyeste_dato,
    metode
FROM apenhet_karakter
WHERE ($pilar = '' OR pilar = $pilar) AND ($fylke = '' OR lower(fylke) = lower($fylke))
ORDER BY pilar, karakter DESC NULLS LAST, kommune, organisasjonsnummer;
