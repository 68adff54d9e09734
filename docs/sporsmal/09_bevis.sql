-- Hva taler sterkest for gaveregistrene som er funnet?

SELECT DISTINCT b.kommune, b.sitat, b.vekt
FROM bevis b
JOIN kandidater k ON k.id = b.kandidat
WHERE k.praksis = 'gaveregister' AND k.er_bidrag = 'yes' AND b.praksis = k.praksis
QUALIFY row_number() OVER (PARTITION BY b.kandidat ORDER BY b.vekt DESC, b.id) = 1
ORDER BY b.kommune, b.sitat;
