-- Hver årsak med hva som kan gjøres, og hvor ofte den forekommer

CREATE OR REPLACE VIEW main.arsaker AS
SELECT
    c.code AS kode,
    c.heading AS gjelder,
    c.nb AS setning,
    c.way_out_nb AS hva_kan_gjores,
    coalesce(r.n, 0) AS kjoringer,
    coalesce(q.n, 0) AS i_karantene
FROM core.reason_codes c
LEFT JOIN (SELECT reason_code, count(*) AS n FROM raw.runs GROUP BY reason_code) r ON r.reason_code = c.code
LEFT JOIN (SELECT reason_code, count(*) AS n FROM raw.quarantine GROUP BY reason_code) q ON q.reason_code = c.code;

COMMENT ON VIEW main.arsaker IS 'Årsaker: hvorfor noe ikke er lest eller står i karantene, hva som kan gjøres, og hvor ofte det hender';
COMMENT ON COLUMN main.arsaker.kode IS 'Årsakens kode, den som står i arsak_kode i de andre visningene';
COMMENT ON COLUMN main.arsaker.gjelder IS 'Hva årsaken gjelder';
COMMENT ON COLUMN main.arsaker.setning IS 'Setningen; ord i krøllparentes fylles ut hver gang';
COMMENT ON COLUMN main.arsaker.hva_kan_gjores IS 'Hva du kan gjøre';
COMMENT ON COLUMN main.arsaker.kjoringer IS 'Hvor mange kjøringer som har den som viktigste årsak';
COMMENT ON COLUMN main.arsaker.i_karantene IS 'Hvor mange poster i karantene som har den som viktigste årsak';
