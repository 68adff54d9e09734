-- Praksisene det letes etter

CREATE OR REPLACE VIEW main.praksiser AS
SELECT
    p.slug AS praksis,
    p.pillar AS pilar,
    coalesce(pi.name_nb, p.pillar) AS pilarnavn,
    p.name AS navn,
    p.name_nn AS navn_nynorsk,
    p.legal_floor || CASE WHEN p.legal_confirmed OR p.legal_reference = '' THEN '' ELSE ' (ikke kontrollert)' END AS lovgulv,
    p.legal_reference AS lovhenvisning,
    p.floor_duty AS er_plikt,
    p.contribution_test AS bidragsprove,
    p.ogp_values AS ogp_verdier,
    p.ogp_tags AS omrader,
    p.nap_commitments AS forpliktelser,
    p.source AS faktakilde,
    p.confidence AS sikkerhet,
    p.rubric AS rubrikk
FROM ogp.practices p
LEFT JOIN ogp.pillars pi ON pi.key = p.pillar;

COMMENT ON VIEW main.praksiser IS 'Praksisene det letes etter, med lovgulv og hva som skal til for at det er et bidrag';
COMMENT ON COLUMN main.praksiser.praksis IS 'Praksisens nøkkel';
COMMENT ON COLUMN main.praksiser.pilar IS 'Pilaren';
COMMENT ON COLUMN main.praksiser.pilarnavn IS 'Pilarens navn';
COMMENT ON COLUMN main.praksiser.navn IS 'Navn på bokmål';
COMMENT ON COLUMN main.praksiser.navn_nynorsk IS 'Navn på nynorsk';
COMMENT ON COLUMN main.praksiser.lovgulv IS 'Det loven alt krever; merket når det ikke er kontrollert i Lovdata';
COMMENT ON COLUMN main.praksiser.lovhenvisning IS 'Lov og paragraf';
COMMENT ON COLUMN main.praksiser.er_plikt IS 'Om loven krever praksisen slik den er';
COMMENT ON COLUMN main.praksiser.bidragsprove IS 'Hva som skal til for at det er et bidrag';
COMMENT ON COLUMN main.praksiser.ogp_verdier IS 'OGP-verdiene';
COMMENT ON COLUMN main.praksiser.omrader IS 'OGP-områdene';
COMMENT ON COLUMN main.praksiser.forpliktelser IS 'Forpliktelsene i handlingsplanen';
COMMENT ON COLUMN main.praksiser.faktakilde IS 'Hvor opplysningene er hentet fra';
COMMENT ON COLUMN main.praksiser.sikkerhet IS 'Hvor sikre de er';
COMMENT ON COLUMN main.praksiser.rubrikk IS 'Versjonen av rubrikken';
