-- Er det bare de store? Bidrag per størrelse på kommunen

SELECT k.storrelse, count(DISTINCT k.organisasjonsnummer) AS organer_lest, count(c.id) AS bidrag
FROM kommuner k
LEFT JOIN kandidater c ON c.organisasjonsnummer = k.organisasjonsnummer AND c.er_bidrag = 'yes'
WHERE k.observert
GROUP BY k.storrelse
ORDER BY k.storrelse;
