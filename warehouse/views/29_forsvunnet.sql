-- Poster som ikke lenger vises der de skulle stått

CREATE OR REPLACE VIEW main.forsvunnet AS
SELECT
    x.source AS kilde,
    x.kind AS slag,
    x.id AS id,
    x.key AS nokkel,
    x.day AS dag,
    CASE WHEN x.withdrawn_in IS NOT NULL AND x.returned_in IS NULL THEN 'trukket' WHEN x.missed > 0 THEN 'savnet' ELSE 'tilbake' END AS tilstand,
    x.missed AS ganger_savnet,
    x.first_missed AS forst_savnet,
    x.last_missed AS sist_savnet,
    x.withdrawn_at AS trukket_fra,
    x.returned_at AS tilbake_fra,
    w.nb AS arsak,
    x.reason_code AS arsak_kode
FROM raw.absences x
LEFT JOIN raw.reasons w ON w.reason = x.reason;

COMMENT ON VIEW main.forsvunnet IS 'Poster som kilden ikke lenger viser der de skulle stått: savnet én gang, trukket etter to, eller kommet tilbake';
COMMENT ON COLUMN main.forsvunnet.kilde IS 'Kilden, plattform/navn';
COMMENT ON COLUMN main.forsvunnet.slag IS 'journal_entry, agenda_item eller case';
COMMENT ON COLUMN main.forsvunnet.id IS 'Radens nøkkel i journalposter, motesaker eller saker';
COMMENT ON COLUMN main.forsvunnet.nokkel IS 'Kildens egen nøkkel';
COMMENT ON COLUMN main.forsvunnet.dag IS 'Journaldatoen, møtedagen eller saksdatoen';
COMMENT ON COLUMN main.forsvunnet.tilstand IS 'savnet (én gang), trukket (etter to; tittel, parter og tekst er borte) eller tilbake';
COMMENT ON COLUMN main.forsvunnet.ganger_savnet IS 'Hele kjøringer på rad som ikke så posten';
COMMENT ON COLUMN main.forsvunnet.forst_savnet IS 'Den første av dem (UTC)';
COMMENT ON COLUMN main.forsvunnet.sist_savnet IS 'Den siste av dem (UTC)';
COMMENT ON COLUMN main.forsvunnet.trukket_fra IS 'Da posten sist ble regnet som trukket (UTC)';
COMMENT ON COLUMN main.forsvunnet.tilbake_fra IS 'Da den kom tilbake (UTC)';
COMMENT ON COLUMN main.forsvunnet.arsak IS 'Årsaken i ord';
COMMENT ON COLUMN main.forsvunnet.arsak_kode IS 'Årsakens kode';
