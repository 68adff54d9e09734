-- Hver jobb: hva som ble kjørt, når og hvordan den endte

CREATE OR REPLACE VIEW main.jobber AS
SELECT
    j.id AS jobb,
    j.verb AS oppgave,
    coalesce(u.nb, j.status) AS utfall,
    j.status AS utfall_kode,
    j.started_at AS begynte,
    j.ended_at AS sluttet,
    round(epoch(j.ended_at - j.started_at), 3) AS sekunder,
    j.asked AS bestilt,
    j.result AS resultat,
    j.fault AS feil
FROM raw.jobs j
LEFT JOIN core.labels u ON u.label_group = 'job' AND u.code = j.status;

COMMENT ON VIEW main.jobber IS 'Jobber: hva som ble kjørt, når og hvordan det endte; hver kilde i en høsting har sin rad i kjoringer';
COMMENT ON COLUMN main.jobber.jobb IS 'Jobbens nøkkel';
COMMENT ON COLUMN main.jobber.oppgave IS 'Hva som ble kjørt: harvest, normalise, flag, shortlist, takedown, rebuild …';
COMMENT ON COLUMN main.jobber.utfall IS 'Hvordan jobben endte, i ord';
COMMENT ON COLUMN main.jobber.utfall_kode IS 'done, failed, interrupted (stanset eller drept) eller running (pågikk da lesekopien ble skrevet)';
COMMENT ON COLUMN main.jobber.begynte IS 'Når jobben begynte (UTC)';
COMMENT ON COLUMN main.jobber.sluttet IS 'Når jobben sluttet (UTC); tomt når den ble drept eller pågikk';
COMMENT ON COLUMN main.jobber.sekunder IS 'Hvor lenge den varte';
COMMENT ON COLUMN main.jobber.bestilt IS 'Hva den ble bedt om (JSON)';
COMMENT ON COLUMN main.jobber.resultat IS 'Hva den ga, i tall (JSON)';
COMMENT ON COLUMN main.jobber.feil IS 'Slaget feil når den mislyktes';
