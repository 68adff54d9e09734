-- Hvor stor del av radene har maskerte verdier?
-- en: How large a share of the rows has masked values?

SELECT
    tabell,
    count(*) AS rader,
    count(*) FILTER (maskert > 0) AS rader_med_maskering,
    round(100.0 * count(*) FILTER (maskert > 0) / count(*), 1) AS prosent,
    sum(maskert)::BIGINT AS maskerte_verdier,
    count(*) FILTER (tatt_ned) AS tatt_ned
FROM (
    SELECT 'journalposter' AS tabell, maskert, tatt_ned FROM journalposter
    UNION ALL SELECT 'saker', maskert, tatt_ned FROM saker
    UNION ALL SELECT 'motesaker', maskert, tatt_ned FROM motesaker
    UNION ALL SELECT 'sider', maskert, tatt_ned FROM sider
)
GROUP BY tabell
ORDER BY tabell;
