-- Hvilke praksiser er sjeldnest, av organene vi har fått lese noe relevant av?
-- en: Which practices are rarest, of the bodies of which we were let to read something relevant?
-- Organer vi ikke har lest, teller ikke med: at de ikke er funnet, sier ingenting om dem.
-- parameter: pilar = '' (nøkkelen til en pilar; tomt for alle)

SELECT u.pilar, u.praksis, u.praksisnavn, u.organer_med, u.organer_med_bidrag, u.organer_lest, u.andel
FROM utbredelse u
WHERE $pilar = '' OR u.pilar = $pilar
ORDER BY u.andel, u.praksis;
