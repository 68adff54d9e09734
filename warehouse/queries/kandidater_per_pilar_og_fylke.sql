-- Hvor mange kandidater er det per pilar og fylke?
-- en: How many candidates are there per pillar and county?
-- parameter: pilar = '' (nøkkelen til en pilar; tomt for alle)

SELECT
    pilarnavn,
    coalesce(fylke, 'ukjent') AS fylke,
    count(*) AS kandidater,
    count(DISTINCT organisasjonsnummer) AS organer,
    count(*) FILTER (er_bidrag = 'yes') AS regnet_som_bidrag,
    count(*) FILTER (vurdering = 'godtatt') AS godtatt,
    count(*) FILTER (vurdering IN ('ikke vurdert', 'ny vurdering trengs')) AS venter_pa_vurdering,
    round(max(poeng), 1) AS hoyeste_poeng
FROM kandidater
WHERE $pilar = '' OR pilar = $pilar
GROUP BY ALL
ORDER BY pilarnavn, kandidater DESC, fylke;
