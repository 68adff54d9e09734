-- Hvor ferskt er det vi har fra hver kilde?
-- en: How fresh is what we have from each source?
-- Nyeste post og siste gang kilden ble lest helt; de eldste først.

SELECT
    k.kommune,
    k.kilde,
    k.siste_utfall,
    k.siste_kjoring,
    k.sist_lest_helt,
    n.nyeste AS nyeste_post,
    coalesce(n.poster, 0) AS poster
FROM kilder k
LEFT JOIN (
    SELECT kilde, max(dag) AS nyeste, count(*) AS poster
    FROM (
        SELECT kilde, journaldato AS dag FROM journalposter
        UNION ALL SELECT kilde, tidspunkt::DATE FROM moter
        UNION ALL SELECT kilde, klokke_beskrivelse FROM datasettveier
        UNION ALL SELECT kilde, coalesce(oppdatert, publisert) FROM sider
    )
    GROUP BY kilde
) n USING (kilde)
WHERE k.kjoringer > 0
ORDER BY k.sist_lest_helt NULLS FIRST, k.kilde;
