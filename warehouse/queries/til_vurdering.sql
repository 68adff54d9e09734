-- Hvilke kandidater venter på en vurdering, de høyeste poengene først?
-- en: Which candidates wait for a review, highest score first?
-- parameter: pilar = '' (nøkkelen til en pilar; tomt for alle)

SELECT id, vurdering, poeng, pilarnavn, praksisnavn, kommune, tittel, sitat, sitat_adresse
FROM kandidater
WHERE vurdering IN ('ikke vurdert', 'ny vurdering trengs') AND ($pilar = '' OR pilar = $pilar)
ORDER BY vurdering = 'ny vurdering trengs' DESC, foreslatt DESC, poeng DESC, id
LIMIT 50;
