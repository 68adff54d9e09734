-- Kandidatene i rekkefølge, i hver pilar og i hver gruppe innen pilaren, så de beste kan tas med høyst noen få fra hver gruppe

CREATE OR REPLACE VIEW main.kvote AS
SELECT
    k.pilar,
    k.pilarnavn,
    row_number() OVER (PARTITION BY k.pilar ORDER BY k.foreslatt DESC, k.poeng DESC, k.id) AS plass_i_pilar,
    row_number() OVER (PARTITION BY k.pilar, k.storrelse ORDER BY k.foreslatt DESC, k.poeng DESC, k.id) AS plass_i_storrelse,
    row_number() OVER (PARTITION BY k.pilar, k.fylke ORDER BY k.foreslatt DESC, k.poeng DESC, k.id) AS plass_i_fylke,
    CASE WHEN k.kostragruppe IS NOT NULL THEN row_number() OVER (PARTITION BY k.pilar, k.kostragruppe ORDER BY k.foreslatt DESC, k.poeng DESC, k.id) END AS plass_i_kostragruppe,
    row_number() OVER (PARTITION BY k.pilar, k.organisasjonsnummer ORDER BY k.foreslatt DESC, k.poeng DESC, k.id) AS plass_i_organ,
    k.storrelse,
    k.fylke,
    k.kostragruppe,
    k.organisasjonsnummer,
    k.kommune,
    k.id,
    k.praksis,
    k.tittel,
    k.poeng,
    k.poeng_lav,
    k.poeng_hoy,
    k.er_bidrag,
    k.vurdering,
    k.star_i_nasjonal_plan,
    k.ikke_observert
FROM main.kandidater k
WHERE k.vurdering <> 'avvist';

COMMENT ON VIEW main.kvote IS 'Kandidatene som ikke er avvist, med plass i pilaren og i gruppen innen pilaren: plass_i_storrelse <= 3 gir de tre beste i hver størrelsesgruppe';
COMMENT ON COLUMN main.kvote.pilar IS 'Pilaren i handlingsplanen';
COMMENT ON COLUMN main.kvote.pilarnavn IS 'Pilarens navn';
COMMENT ON COLUMN main.kvote.plass_i_pilar IS 'Plassen i pilaren etter poeng';
COMMENT ON COLUMN main.kvote.plass_i_storrelse IS 'Plassen blant organer i samme størrelsesgruppe, i pilaren';
COMMENT ON COLUMN main.kvote.plass_i_fylke IS 'Plassen blant organer i samme fylke, i pilaren';
COMMENT ON COLUMN main.kvote.plass_i_kostragruppe IS 'Plassen blant kommuner i samme KOSTRA-gruppe, i pilaren; tomt når gruppen ikke er kjent';
COMMENT ON COLUMN main.kvote.plass_i_organ IS 'Plassen blant organets egne kandidater, i pilaren';
COMMENT ON COLUMN main.kvote.storrelse IS 'Organets størrelsesgruppe';
COMMENT ON COLUMN main.kvote.fylke IS 'Fylke';
COMMENT ON COLUMN main.kvote.kostragruppe IS 'Kommunens KOSTRA-gruppe';
COMMENT ON COLUMN main.kvote.organisasjonsnummer IS 'Organet, organisasjonsnummer';
COMMENT ON COLUMN main.kvote.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.kvote.id IS 'Kandidatens nøkkel';
COMMENT ON COLUMN main.kvote.praksis IS 'Praksisen';
COMMENT ON COLUMN main.kvote.tittel IS 'Tiltaket i én setning';
COMMENT ON COLUMN main.kvote.poeng IS 'Poeng';
COMMENT ON COLUMN main.kvote.poeng_lav IS 'Nedre grense for poengene';
COMMENT ON COLUMN main.kvote.poeng_hoy IS 'Øvre grense for poengene';
COMMENT ON COLUMN main.kvote.er_bidrag IS 'Om rubrikken mener det er et bidrag: yes, no eller unsure';
COMMENT ON COLUMN main.kvote.vurdering IS 'Siste vurdering';
COMMENT ON COLUMN main.kvote.star_i_nasjonal_plan IS 'Om en tekst sier at tiltaket alt står i en nasjonal handlingsplan for OGP';
COMMENT ON COLUMN main.kvote.ikke_observert IS 'Hva vi ikke har fått lese av organet, og hvorfor';
