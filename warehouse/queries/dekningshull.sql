-- Hvor mangler vi noe vi vet om?
-- en: Where are we missing something we know of?
-- Hull i løpenummer, og vinduer der kilden selv oppgir flere poster enn vi har.

SELECT
    kommune,
    kilde,
    slag,
    gjelder,
    fra_dag,
    til_dag,
    CASE WHEN gjelder = 'gap' THEN mangler ELSE kilden_oppgir - vi_har END AS mangler,
    forste_som_mangler,
    siste_som_mangler,
    arsak
FROM dekning
WHERE gjelder = 'gap' OR kilden_oppgir > vi_har
ORDER BY mangler DESC, kilde, fra_dag, forste_som_mangler;
