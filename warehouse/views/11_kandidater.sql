-- De mulige bidragene, med siste vurdering

CREATE OR REPLACE VIEW main.kandidater AS
SELECT
    c.id AS id,
    c.authority AS organisasjonsnummer,
    a.name AS kommune,
    a.number AS kommunenummer,
    a.county_name AS fylke,
    g.population AS innbyggere,
    g.size_nb AS storrelse,
    g.kostra_group AS kostragruppe,
    c.pillar AS pilar,
    coalesce(pi.name_nb, c.pillar) AS pilarnavn,
    c.practice AS praksis,
    coalesce(pr.name, c.practice) AS praksisnavn,
    c.title AS tittel,
    c.score AS poeng,
    c.score_low AS poeng_lav,
    c.score_high AS poeng_hoy,
    c.is_contribution AS er_bidrag,
    c.probability AS sannsynlighet,
    c.proposed AS foreslatt,
    coalesce(v.tilstand, 'ikke vurdert') AS vurdering,
    v.reason AS vurderingsgrunn,
    v.reviewer AS vurdert_av,
    v.decided_at AS vurdert,
    c.status AS status,
    c.status_basis AS status_grunnlag,
    c.date_of_act AS dato,
    c.date_words AS dato_ord,
    c.case_number AS saksnummer,
    c.quote AS sitat,
    c.quote_url AS sitat_adresse,
    c.quote_capture AS sitat_arkivsvar,
    c.quote_document AS sitat_dokument,
    c.beyond_law AS ut_over_loven,
    c.beyond_law_words AS ut_over_loven_ord,
    c.legal_floor AS lovgulv,
    c.reasons AS grunner,
    c.checks AS prover,
    c.score_parts AS poengdeler,
    c.counter_evidence AS motbevis,
    c.ogp_values AS ogp_verdier,
    c.policy_areas AS omrader,
    c.commitments AS forpliktelser,
    coalesce(c.in_national_plan, '') <> '' AS star_i_nasjonal_plan,
    nullif(c.in_national_plan, '') AS nasjonale_forpliktelser,
    nullif(c.in_national_plan_by, '') AS nasjonal_plan_lest_av,
    nullif(c.in_national_plan_words, '') AS nasjonal_plan_ord,
    m.said AS ogp_i_organet,
    coalesce(t.nb, c.source_types) AS kildetyper,
    c.source_types AS kildetyper_koder,
    c.documents AS dokumenter,
    c.copies AS sider_med_samme_tekst,
    c.shared_share AS delt_tekst_andel,
    x.names AS delt_tekst_med,
    u.organer_med AS organer_med_praksisen,
    u.organer_lest AS organer_lest,
    d.missing AS ikke_observert,
    c.sources AS kilder,
    c.first_date AS forste_dato,
    c.last_date AS siste_dato,
    c.first_seen AS forst_sett,
    c.changed_at AS sist_endret,
    c.by_hand AS lagt_inn_for_hand,
    c.text_hash AS teksthash,
    c.rubric AS rubrikk,
    c.model AS modell,
    c.code AS kode
FROM ogp.candidates c
LEFT JOIN core.authorities a ON a.orgnr = c.authority
LEFT JOIN core.body_groups g ON g.orgnr = c.authority
LEFT JOIN main.utbredelse u ON u.praksis = c.practice
LEFT JOIN (
    SELECT organisasjonsnummer, string_agg(slag || ': ' || hvorfor_ikke, '; ' ORDER BY plass) AS missing
    FROM main.kildedekning WHERE NOT observert GROUP BY organisasjonsnummer
) d ON d.organisasjonsnummer = c.authority
LEFT JOIN (
    SELECT authority, string_agg(DISTINCT coalesce(l.nb, kind || ', ' || claim), '; ' ORDER BY coalesce(l.nb, kind || ', ' || claim)) AS said
    FROM ogp.mentions LEFT JOIN core.labels l ON l.label_group = 'mention' AND l.code = kind || '_' || claim
    WHERE kind <> 'national_plan' GROUP BY authority
) m ON m.authority = c.authority
LEFT JOIN (
    SELECT s.id, string_agg(coalesce(b.name, s.other), '; ' ORDER BY coalesce(b.name, s.other)) AS names
    FROM (SELECT id, unnest(string_split(shared_with, '; ')) AS other FROM ogp.candidates WHERE shared_with <> '') s
    LEFT JOIN core.authorities b ON b.orgnr = s.other
    GROUP BY s.id
) x ON x.id = c.id
LEFT JOIN ogp.pillars pi ON pi.key = c.pillar
LEFT JOIN ogp.practices pr ON pr.slug = c.practice
LEFT JOIN ogp.current_reviews v ON v.candidate = c.id
LEFT JOIN (
    SELECT s.id, string_agg(coalesce(l.nb, s.code), '; ' ORDER BY s.code) AS nb
    FROM (SELECT id, unnest(string_split(source_types, '; ')) AS code FROM ogp.candidates) s
    LEFT JOIN core.labels l ON l.label_group = 'source_type' AND l.code = s.code
    GROUP BY s.id
) t ON t.id = c.id;

COMMENT ON VIEW main.kandidater IS 'Kandidater: mulige bidrag til åpenhetsarbeidet (OGP), lagt sammen av bevis om ett tiltak i ett organ';
COMMENT ON COLUMN main.kandidater.id IS 'Kandidatens nøkkel';
COMMENT ON COLUMN main.kandidater.organisasjonsnummer IS 'Organet tiltaket hører til, organisasjonsnummer';
COMMENT ON COLUMN main.kandidater.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.kandidater.kommunenummer IS 'Kommunenummer';
COMMENT ON COLUMN main.kandidater.fylke IS 'Fylke';
COMMENT ON COLUMN main.kandidater.pilar IS 'Pilaren i handlingsplanen';
COMMENT ON COLUMN main.kandidater.pilarnavn IS 'Pilarens navn';
COMMENT ON COLUMN main.kandidater.praksis IS 'Praksisen';
COMMENT ON COLUMN main.kandidater.praksisnavn IS 'Praksisens navn';
COMMENT ON COLUMN main.kandidater.tittel IS 'Tiltaket i én setning';
COMMENT ON COLUMN main.kandidater.poeng IS 'Poeng; se poengdeler';
COMMENT ON COLUMN main.kandidater.poeng_lav IS 'Nedre grense for poengene';
COMMENT ON COLUMN main.kandidater.poeng_hoy IS 'Øvre grense for poengene';
COMMENT ON COLUMN main.kandidater.er_bidrag IS 'Om rubrikken mener det er et bidrag: yes, no eller unsure';
COMMENT ON COLUMN main.kandidater.sannsynlighet IS 'Hvor sannsynlig det er et bidrag, etter det merkede tekster med de samme svarene lærte (0 til 1)';
COMMENT ON COLUMN main.kandidater.foreslatt IS 'Om kandidaten legges fram: nok poeng, og praksisen mer enn nevnt i forbifarten; resten er funn en kan lete i';
COMMENT ON COLUMN main.kandidater.vurdering IS 'Godtatt, avvist, usikker, ikke vurdert eller ny vurdering trengs (teksten er endret)';
COMMENT ON COLUMN main.kandidater.vurderingsgrunn IS 'Grunnen til siste vurdering';
COMMENT ON COLUMN main.kandidater.vurdert_av IS 'Hvem som sist vurderte';
COMMENT ON COLUMN main.kandidater.vurdert IS 'Når det sist ble vurdert (UTC)';
COMMENT ON COLUMN main.kandidater.status IS 'Tiltakets status: planned, adopted, in_operation, ended …';
COMMENT ON COLUMN main.kandidater.status_grunnlag IS 'Ordene statusen bygger på';
COMMENT ON COLUMN main.kandidater.dato IS 'Datoen for tiltaket der den står';
COMMENT ON COLUMN main.kandidater.dato_ord IS 'Ordene datoen er lest av';
COMMENT ON COLUMN main.kandidater.saksnummer IS 'Saksnummer der det står';
COMMENT ON COLUMN main.kandidater.sitat IS 'Ordrett sitat fra den maskerte teksten';
COMMENT ON COLUMN main.kandidater.sitat_adresse IS 'Adressen sitatet står på';
COMMENT ON COLUMN main.kandidater.sitat_arkivsvar IS 'Det arkiverte svaret sitatet står i';
COMMENT ON COLUMN main.kandidater.sitat_dokument IS 'Dokumentet sitatet står i';
COMMENT ON COLUMN main.kandidater.ut_over_loven IS 'Om tiltaket går ut over det loven krever: yes, partly, no eller unknown';
COMMENT ON COLUMN main.kandidater.ut_over_loven_ord IS 'Ordene som viser det';
COMMENT ON COLUMN main.kandidater.lovgulv IS 'Det loven alt krever';
COMMENT ON COLUMN main.kandidater.grunner IS 'De tre sterkeste grunnene (JSON)';
COMMENT ON COLUMN main.kandidater.prover IS 'De sju prøvene med svar og ord (JSON)';
COMMENT ON COLUMN main.kandidater.poengdeler IS 'Delene av poengene (JSON)';
COMMENT ON COLUMN main.kandidater.motbevis IS 'Det som taler imot (JSON)';
COMMENT ON COLUMN main.kandidater.ogp_verdier IS 'OGP-verdiene (JSON)';
COMMENT ON COLUMN main.kandidater.omrader IS 'OGP-områdene (JSON)';
COMMENT ON COLUMN main.kandidater.forpliktelser IS 'Forpliktelsene i handlingsplanen (JSON)';
COMMENT ON COLUMN main.kandidater.kildetyper IS 'Slagene kilder den bygger på, skilt med semikolon';
COMMENT ON COLUMN main.kandidater.kildetyper_koder IS 'Kodene for dem: own_page, council_case, mail_journal, portal, notice, recording, press eller by_hand';
COMMENT ON COLUMN main.kandidater.dokumenter IS 'Antall dokumenter den bygger på, kopier av samme side medregnet';
COMMENT ON COLUMN main.kandidater.kilder IS 'Antall kilder den bygger på';
COMMENT ON COLUMN main.kandidater.forste_dato IS 'Eldste dato i dokumentene';
COMMENT ON COLUMN main.kandidater.siste_dato IS 'Nyeste dato i dokumentene';
COMMENT ON COLUMN main.kandidater.forst_sett IS 'Da vi først så tiltaket (UTC)';
COMMENT ON COLUMN main.kandidater.sist_endret IS 'Da noe av det sist ble endret (UTC)';
COMMENT ON COLUMN main.kandidater.lagt_inn_for_hand IS 'Om kandidaten er lagt inn for hånd';
COMMENT ON COLUMN main.kandidater.teksthash IS 'Hash av tekstene; en vurdering gjelder denne';
COMMENT ON COLUMN main.kandidater.rubrikk IS 'Versjonen av rubrikken';
COMMENT ON COLUMN main.kandidater.modell IS 'Versjonen av modellen';
COMMENT ON COLUMN main.kandidater.kode IS 'Versjonen av koden som leste, gjorde om og vurderte tekstene';
COMMENT ON COLUMN main.kandidater.innbyggere IS 'Organets innbyggertall';
COMMENT ON COLUMN main.kandidater.storrelse IS 'Organets størrelsesgruppe';
COMMENT ON COLUMN main.kandidater.kostragruppe IS 'Kommunens KOSTRA-gruppe hos SSB; tomt når den ikke er lest, og for fylkeskommuner';
COMMENT ON COLUMN main.kandidater.star_i_nasjonal_plan IS 'Om en tekst sier at tiltaket alt står i en nasjonal handlingsplan for OGP';
COMMENT ON COLUMN main.kandidater.nasjonale_forpliktelser IS 'Forpliktelsene det gjelder; NAP4, NAP5 eller NAP når bare planen er kjent';
COMMENT ON COLUMN main.kandidater.nasjonal_plan_lest_av IS 'Hva forpliktelsen er lest av: id, number eller title i teksten, practice (vår tolkning etter praksis) eller plan (ukjent forpliktelse)';
COMMENT ON COLUMN main.kandidater.nasjonal_plan_ord IS 'Ordene som viser det';
COMMENT ON COLUMN main.kandidater.ogp_i_organet IS 'Om organet selv er medlem av OGP eller har egen plan, etter egne tekster; se ogp_omtaler';
COMMENT ON COLUMN main.kandidater.sider_med_samme_tekst IS 'Antall sider hos organet med samme tekst som hovedkilden, den selv medregnet';
COMMENT ON COLUMN main.kandidater.delt_tekst_andel IS 'Andelen av hovedkildens setninger som andre organer har ord for ord, bortsett fra navn og tall';
COMMENT ON COLUMN main.kandidater.delt_tekst_med IS 'Organene som har noen av de samme setningene';
COMMENT ON COLUMN main.kandidater.organer_med_praksisen IS 'Hvor mange organer som har en kandidat for praksisen; se utbredelse';
COMMENT ON COLUMN main.kandidater.organer_lest IS 'Av hvor mange organer der relevante kilder er lest';
COMMENT ON COLUMN main.kandidater.ikke_observert IS 'Hva vi ikke har fått lese av organet, og hvorfor; tomt når alt er lest, helt eller delvis';
