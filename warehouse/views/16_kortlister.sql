-- De frosne kortlistene

CREATE OR REPLACE VIEW main.kortlister AS
SELECT
    s.id AS id,
    s.number AS nummer,
    s.name AS navn,
    s.pillar AS pilar,
    s.basis AS grunnlag,
    s.stamp AS stempel,
    s.language AS sprak,
    s.frozen_at AS frosset,
    s.items AS punkter,
    s.rubric AS rubrikk,
    s.content_hash AS innholdshash
FROM ogp.shortlists s;

COMMENT ON VIEW main.kortlister IS 'Kortlister: frosset, nummerert og hashet; endres aldri';
COMMENT ON COLUMN main.kortlister.id IS 'Kortlistas nøkkel';
COMMENT ON COLUMN main.kortlister.nummer IS 'Kortlistas løpenummer';
COMMENT ON COLUMN main.kortlister.navn IS 'Navn';
COMMENT ON COLUMN main.kortlister.pilar IS 'Pilaren den gjelder; tomt når den gjelder alle';
COMMENT ON COLUMN main.kortlister.grunnlag IS 'accepted (godtatt av mennesker) eller top (de høyeste poengene)';
COMMENT ON COLUMN main.kortlister.stempel IS '«ikke gjennomgått» når ingen har lest kandidatene';
COMMENT ON COLUMN main.kortlister.sprak IS 'Språket den skal skrives på';
COMMENT ON COLUMN main.kortlister.frosset IS 'Når den ble frosset (UTC)';
COMMENT ON COLUMN main.kortlister.punkter IS 'Antall punkter';
COMMENT ON COLUMN main.kortlister.rubrikk IS 'Versjonen av rubrikken';
COMMENT ON COLUMN main.kortlister.innholdshash IS 'SHA-256 av innholdet';
