-- Hver utgave av hver rad, også de som er endret siden

CREATE OR REPLACE VIEW main.utgaver AS
SELECT
    u.tabell AS tabell,
    u.id AS id,
    u.authority AS organisasjonsnummer,
    a.name AS kommune,
    u.source AS kilde,
    u.title AS tittel,
    u.withdrawn AS tatt_ned,
    u.valid_from AS gjelder_fra,
    u.valid_to AS gjelder_til,
    u.url AS adresse,
    u.capture AS arkivsvar
FROM (
    SELECT 'journalposter' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, changed_at AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.journal_entries
    UNION ALL SELECT 'journalposter' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, valid_from, valid_to FROM core.journal_entries_history
    UNION ALL SELECT 'saker' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, changed_at AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.cases
    UNION ALL SELECT 'saker' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, valid_from, valid_to FROM core.cases_history
    UNION ALL SELECT 'moter' AS tabell, id, authority, source, committee AS title, FALSE AS withdrawn, url, capture, changed_at AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.meetings
    UNION ALL SELECT 'moter' AS tabell, id, authority, source, committee AS title, FALSE AS withdrawn, url, capture, valid_from, valid_to FROM core.meetings_history
    UNION ALL SELECT 'motesaker' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, changed_at AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.agenda_items
    UNION ALL SELECT 'motesaker' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, valid_from, valid_to FROM core.agenda_items_history
    UNION ALL SELECT 'datasett' AS tabell, id, authority, source, title AS title, FALSE AS withdrawn, url, capture, changed_at AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.datasets
    UNION ALL SELECT 'datasett' AS tabell, id, authority, source, title AS title, FALSE AS withdrawn, url, capture, valid_from, valid_to FROM core.datasets_history
    UNION ALL SELECT 'sider' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, changed_at AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.pages
    UNION ALL SELECT 'sider' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, valid_from, valid_to FROM core.pages_history
    UNION ALL SELECT 'kunngjoringer' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, changed_at AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.notices
    UNION ALL SELECT 'kunngjoringer' AS tabell, id, authority, source, title AS title, withdrawn AS withdrawn, url, capture, valid_from, valid_to FROM core.notices_history
    UNION ALL SELECT 'registeropplysninger' AS tabell, id, authority, source, concat_ws(' ', subject, property) || coalesce(': ' || value, '') AS title, FALSE AS withdrawn, url, capture, changed_at AS valid_from, NULL::TIMESTAMP AS valid_to FROM core.register_facts
    UNION ALL SELECT 'registeropplysninger' AS tabell, id, authority, source, concat_ws(' ', subject, property) || coalesce(': ' || value, '') AS title, FALSE AS withdrawn, url, capture, valid_from, valid_to FROM core.register_facts_history
) u
LEFT JOIN core.authorities a ON a.orgnr = u.authority;

COMMENT ON VIEW main.utgaver IS 'Utgaver: hva en rad sa og når; slik ses en journalpost som er endret eller trukket';
COMMENT ON COLUMN main.utgaver.tabell IS 'Visningen raden står i';
COMMENT ON COLUMN main.utgaver.id IS 'Radens nøkkel';
COMMENT ON COLUMN main.utgaver.organisasjonsnummer IS 'Organet som står bak, organisasjonsnummer';
COMMENT ON COLUMN main.utgaver.kommune IS 'Organets navn på bokmål';
COMMENT ON COLUMN main.utgaver.kilde IS 'Kilden';
COMMENT ON COLUMN main.utgaver.tittel IS 'Tittelen i denne utgaven, maskert; utvalget for møter, utsagnet for registeropplysninger';
COMMENT ON COLUMN main.utgaver.tatt_ned IS 'Om raden var tatt ned i denne utgaven';
COMMENT ON COLUMN main.utgaver.gjelder_fra IS 'Da utgaven først ble sett (UTC)';
COMMENT ON COLUMN main.utgaver.gjelder_til IS 'Da den ble avløst (UTC); tomt for dagens utgave';
COMMENT ON COLUMN main.utgaver.adresse IS 'Adressen et menneske kan åpne';
COMMENT ON COLUMN main.utgaver.arkivsvar IS 'Arkivert svar utgaven er lest ut av';
