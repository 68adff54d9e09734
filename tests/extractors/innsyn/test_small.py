"""The platforms few bodies use, from stored answers and servers: api/postliste, CustomPublish, Bergen's own, FirstAgenda and KommuneTV."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from pandas import DataFrame

from catalogue.reasons import Reason
from extractors.contract import AgendaItem, CaseFile, Claim, File, JournalEntry, Known, Meeting, Request
from extractors.harvest import harvest_source
from extractors.innsyn import parties
from extractors.innsyn.bergen import Bergen
from extractors.innsyn.custompublish import CustomPublish
from extractors.innsyn.firstagenda import FirstAgenda
from extractors.innsyn.kommunetv import KommuneTv
from extractors.innsyn.postliste_json import PostlisteJson
from extractors.staging import envelope
from sandbox import tenants
from tests.extractors.fetch.loopback import client_for
from tests.extractors.innsyn.months import watching
from tests.extractors.stored import PAYLOADS, STORED, WINDOW, capture_of, read, source_of
from tests.shared_data import shared
from transforms.normalise import normalise

PLATFORMS = {e.platform: e for e in (PostlisteJson, CustomPublish, Bergen, FirstAgenda, KommuneTv)}
POSTLISTE, JOURNAL_PAGE = "postliste-json-api-journal.json", "custompublish-journal.html"


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


def changed(name: str, change) -> bytes:
    """A stored JSON answer after `change`."""
    answer = json.loads((PAYLOADS / name).read_text(encoding="utf-8-sig"))
    change(answer)
    return json.dumps(answer).encode()


def normalised(*names: str):
    rows = [
        envelope(replace(r, capture="c"), source=source_of(name).id, authority="999999999", platform=source_of(name).platform, batch="b",
                 captured_at="2026-10-15T06:00:00+00:00", url=STORED[name][2])
        for name in names for r in read(name) if not isinstance(r, Request)
    ]  # fmt: skip
    return normalise(DataFrame(rows), today=date(2026, 10, 15)).tables


# --- api/postliste


def test_an_entry_of_api_postliste_is_read_behind_its_mark_and_without_addresses_of_people():
    items = read(POSTLISTE)
    sent, closed = of(JournalEntry, items)
    assert sent == JournalEntry(
        key="7b0c5a52-41de-4c0f-a1b4-5b0d6a1f0c11", locator="/response/2026-10-14T00:00:00/U/0", case_number="26/00766", case_key="26/00766",
        document_number="8", serial="18637/2026", document_type="U", title="Svar på spørsmål om gaveregisteret", case_title="Åpent gaveregister",
        journal_date="2026-10-14T00:00:00", document_date="2026-10-13T00:00:00", published_at="2026-10-15T00:00:00", unit="Servicetorget",
        recipients=("Lomstad Grendelag",), access="Offentlig", class_code="061", case_worker="Vigdis Solheimsli",
        files=(File(title="Svar på spørsmål om gaveregisteret", media_type="application/pdf", is_open=True),
               File(title="Vedlegg", media_type="application/pdf", is_open=False)),
        source_url="https://postliste.lomstad.kommune.no/api/postliste/",
    )  # fmt: skip
    assert (closed.senders, closed.recipients, closed.files, closed.access) == (("*****",), None, None, "Ikke offentlig")
    assert "epost.example" not in repr(items) and "solheimsli@" not in repr(items)
    assert [c.count for c in of(Claim, items)] == [0, 0, 0, 0, 0, 2, 0]
    rows = normalised(POSTLISTE)["journal_entries"].set_index("document_number")
    assert rows["direction"].to_dict() == {"8": "utgående", "1": "inngående"} and rows.loc["8", "journal_date"].date() == date(2026, 10, 14)


def test_api_postliste_is_asked_by_weeks_and_one_that_answers_with_other_days_is_not_believed():
    asked = list(PostlisteJson().start(source_of(POSTLISTE), WINDOW, Known()))
    assert [r.url.removeprefix(source_of(POSTLISTE).url) for r in asked][:2] == ["2026-10-09/2026-10-15/", "2026-10-02/2026-10-08/"]
    assert len(asked) == 5 and asked[-1].url.endswith("/2026-09-15/2026-09-17/")
    body = (PAYLOADS / POSTLISTE).read_bytes().replace(b"2026-10-14T", b"2019-10-14T")
    (trouble,) = read(POSTLISTE, body)
    assert trouble.reason == Reason("other_days", since="2026-10-09", until="2026-10-15")
    assert read(POSTLISTE, b"\xef\xbb\xbf{uri: 1}")[0].reason == Reason("not_json")


@pytest.mark.parametrize("name, kinds", [("jsonResponse", {"U": 25, "I": 20}), ("PostListeTest_invalid", None)])
def test_the_recorded_journal_of_a_day(name, kinds):
    body = (shared("postlists/postliste-json-api") / f"porsgrunn_2018-04_{name}.json").read_bytes()
    asked = Request(url=STORED[POSTLISTE][2], context={"step": "journal", "since": "2018-04-12", "until": "2018-04-12"})
    items = read(POSTLISTE, body, request=asked)
    if kinds is None:
        assert items[0].reason == Reason("not_json")
        return
    entries = of(JournalEntry, items)
    assert {kind: sum(e.document_type == kind for e in entries) for kind in kinds} == kinds
    assert not [i for i in items if i.leftovers] and "@" not in repr([(e.senders, e.recipients) for e in entries])


@pytest.mark.parametrize("listed, kept", [
    ([None], None), (["kari@x.example"], None), (["Kari Li <kari@x.example>", "Bruket AS"], ("Kari Li", "Bruket AS")), ([" Ola, ola@y.example "], ("Ola",)),
])  # fmt: skip
def test_parties_lose_their_addresses(listed, kept):
    assert parties.names(listed) == kept


# --- CustomPublish


def test_a_row_of_the_journal_module_is_an_entry_and_its_case():
    items = read(JOURNAL_PAGE)
    entry, closed = of(JournalEntry, items)
    assert entry == JournalEntry(
        key="26/1044-3", locator="table.postjournal > tbody > tr:nth-of-type(1)", case_number="26/1044", case_key="26/1044", document_number="3",
        title="Søknad om tilskot til grendehus", case_title="Tilskot til grendehus", journal_date="14.10.2026", document_date="12.10.2026",
        document_type="Inngåande brev", senders=("Vassbygd Grendelag",), case_worker="Gro Nordvik", source_url=STORED[JOURNAL_PAGE][2],
        files=(File(title="Dokument", url="https://www.vassbygd.kommune.no/getfile.php/4004411.2344.b7f1/dokument.pdf", media_type="application/pdf", is_open=True),),
    )  # fmt: skip
    assert (closed.title, closed.recipients, closed.legal_basis, closed.files) == ("Svar på klage - *****", ("*****",), "Offl. § 13", None)
    assert [(c.key, c.title) for c in of(CaseFile, items)] == [("26/1044", "Tilskot til grendehus"), ("26/1051", "Klage på vedtak")]
    assert normalised(JOURNAL_PAGE)["journal_entries"]["direction"].tolist() == ["inngående", "utgående"]


def test_details_without_labels_are_known_by_their_order_and_an_unknown_label_is_seen():
    page = (PAYLOADS / JOURNAL_PAGE).read_text(encoding="utf-8")
    bare = page.replace("<td>Dok.dato</td>", "<td></td>").replace("<td>Type</td>", "").replace("<td>Heimel</td>", "<td>Gradering</td>")
    entry = of(JournalEntry, read(JOURNAL_PAGE, bare.encode()))[0]
    assert (entry.document_date, entry.document_type, entry.leftovers) == ("12.10.2026", "Inngåande brev", ("label.gradering",))


def test_a_page_that_only_links_elsewhere_says_where_and_one_of_another_day_is_not_believed():
    start = list(CustomPublish().start(source_of(JOURNAL_PAGE), WINDOW, Known()))
    assert len(start) == 31 and start[0].url == "https://www.vassbygd.kommune.no/?cat=343942&pjdate=15.10.2026&pjsokdato=1"
    linking = b'<html><head></head><body><a href="https://vassbygd.pj.360online.com/Journal/Search/">Postliste</a></body></html>'
    assert read(JOURNAL_PAGE, linking)[0].reason == Reason("portal_elsewhere", host="vassbygd.pj.360online.com")
    assert CustomPublish.detect(capture_of(JOURNAL_PAGE, linking)) is None
    assert read(JOURNAL_PAGE, b"<html><head></head><body>Velkomen</body></html>")[0].reason.code == "no_items"
    other = read(JOURNAL_PAGE, (PAYLOADS / JOURNAL_PAGE).read_bytes().replace(b"14.10.2026", b"01.10.2026"))
    assert [i.reason.code for i in other] == ["other_days"]


# --- Bergen's own


def test_a_case_is_read_and_asked_for_and_who_applies_is_not_kept():
    items = read("bergen-custom-cases.json")
    (case,) = of(CaseFile, items)
    assert (case.key, case.case_type, case.status) == ("BYGG-2026/01044", "Byggesak", "Under behandling")
    (ask,) = of(Request, items)
    assert ask.url == "https://innsyn.fjellhavn.kommune.no/innsynplanogbyggesak/api/dokumenter?saksnr=BYGG-2026%2F01044"
    assert "Fjellhaugmo" not in repr(items) and "Tegnestova" not in repr(items)


def test_the_list_of_cases_grows_until_the_window_is_in_it():
    def all_new(answer):
        answer["numTotal"] = 700
        answer["items"] = [{**answer["items"][0], "saksnr": f"BYGG-2026/{n}"} for n in range(100)]

    more = [r for r in of(Request, read("bergen-custom-cases.json", changed("bergen-custom-cases.json", all_new))) if "/saker?" in r.url]
    assert [(r.context["rows"], r.context["page"]) for r in more] == [(400, 2)]
    asked = [r.context.get("words") for r in Bergen().start(source_of("bergen-custom-cases.json"), WINDOW, Known())]
    assert asked == ['"BYGG-202"', '"HENV-202"', '"ULOV-202"', None]


def test_a_document_has_its_days_in_norway_and_an_address_where_it_is_published():
    (entry,) = of(JournalEntry, read("bergen-custom-case.json"))
    assert (entry.key, entry.document_number, entry.senders, entry.recipients) == ("2026004411", "3", None, ("Tegnestova Fjellhavn AS",))
    assert [f.url for f in entry.files] == [
        "https://innsyn.fjellhavn.kommune.no/innsynplanogbyggesak/api/fil/2026004411/5204411/VED_%20rammetillatelse_pdf"
        "?p=L3Nha3Npbm5zeW4vc2FrL0JZR0ctMjAyNi8wMTA0NA%3D%3D", None]  # fmt: skip
    row = normalised("bergen-custom-case.json")["journal_entries"].iloc[0]
    assert (row["journal_date"].date(), row["document_date"].date(), row["direction"]) == (
        date(2026, 10, 14),
        date(2026, 10, 13),
        "utgående",
    )


def test_bergens_meetings_are_found_however_they_are_grouped_and_their_items_by_committee_and_year():
    items = read("bergen-custom-meetings.json")
    assert [(m.key, m.committee, m.start, m.status) for m in of(Meeting, items)] == [
        ("10142236", "Formannskapet", "2026-10-08", "Avholdt"), ("10142237", "Kommunestyret", "2026-10-22", "Under forberedelse")]  # fmt: skip
    assert all(":" not in r.url.removeprefix("https://") for r in of(Request, items))
    stored = json.loads((PAYLOADS / "bergen-custom-meetings.json").read_text(encoding="utf-8"))
    listed = [{"maned": month, "moter": meetings} for month, meetings in stored.items()]
    assert [m.key for m in of(Meeting, read("bergen-custom-meetings.json", json.dumps(listed).encode()))] == ["10142236", "10142237"]
    agenda = read("bergen-custom-agenda.json")
    (item,) = of(AgendaItem, agenda)
    assert (item.key, item.meeting_key, item.case_number, item.text) == (
        "10142236-267495", "10142236", "2026/257825", "Forslag om et åpent register over gaver.")  # fmt: skip
    assert [r.context["start"] for r in of(Request, agenda)] == [2]


# --- FirstAgenda


def test_firstagenda_begins_at_the_front_page_and_reads_utc():
    (shell,) = FirstAgenda().start(source_of("firstagenda-front.html"), WINDOW, Known())
    assert (shell.url, shell.role) == ("https://politiskagenda.lomstad.kommune.no/", "shell")
    assert [r.url for r in of(Request, read("firstagenda-front.html"))] == [
        "https://politiskagenda.lomstad.kommune.no/api/agenda/udvalgsliste"
    ]
    items = read("firstagenda-meetings.json")
    assert [(m.committee, m.start, m.place, m.status) for m in of(Meeting, items)] == [
        ("Kommunestyret", "2026-10-08T15:00:00Z", "Kommunestyresalen", "Protokoll")]  # fmt: skip
    assert [(c.scope, c.count) for c in of(Claim, items)] == [("probe", 1)] and len(of(Request, items)) == 1
    assert normalised("firstagenda-meetings.json")["meetings"]["start"].tolist() == [datetime(2026, 10, 8, 17)]


def test_an_item_of_firstagenda_has_text_decision_and_files_and_a_closed_one_has_not():
    items = read("firstagenda-agenda.json")
    item, closed = of(AgendaItem, items)
    assert (item.number, item.title, item.case_number) == ("61", "Åpent gaveregister", "26/20134")
    assert item.text == "Saken gjelder et register.\n\nSaksopplysninger\nRegisteret føres av arkivet.\nDet er åpent for alle."
    assert item.decision == "Vedtak\nKommunestyret oppretter registeret."
    assert [(f.title, f.url.rpartition("/")[2][-4:]) for f in item.files] == [("Saksframlegg", "6666"), ("Reglement.pdf", "7777")]
    assert (closed.text, closed.files) == (None, None) and "Fjellhaugmo" not in repr(items)


# --- KommuneTV


def test_a_recording_is_a_meeting_with_the_page_where_it_is_watched():
    items = read("kommunetv-archive.json")
    assert [(m.key, m.committee, m.start, m.video_url) for m in of(Meeting, items)] == [
        ("921", "Kommunestyret", "2026-10-08T17:00:00", "https://lomstad.kommunetv.no/archive/921"),
        ("918", "Formannskapet", "2026-09-24T09:00:00", "https://lomstad.kommunetv.no/archive/918")]  # fmt: skip
    assert [(c.scope, c.count) for c in of(Claim, items)] == [("probe", 3)]
    (empty,) = read("kommunetv-archive.json", b'{"total": 0, "data": []}')
    assert (empty.scope, empty.count) == ("window", 0)


def test_pages_are_turned_until_the_archive_is_older_than_the_window_or_ends():
    def pages(body):
        return [r.context["page"] for r in of(Request, read("kommunetv-archive.json", body))]

    days = ["2026-10-08", "2026-10-01"]
    for total, listed, follow in (
        (250, days, [2]),
        (2, days, []),
        (250, ["2019-02-01", "2018-02-01"], []),
        (250, ["2018-02-01", "2019-02-01"], [2]),
    ):
        rows = [{"id": n, "date": day, "title": "Kommunestyret"} for n, day in enumerate(listed, 1)]
        assert pages(json.dumps({"total": total, "data": rows}).encode()) == follow


# --- detection and servers


def test_each_knows_its_own_pages_and_no_other():
    paths = {
        POSTLISTE: "2026-10-09/2026-10-15/",
        "firstagenda-meetings.json": "api/agenda/udvalgsliste",
        "firstagenda-agenda.json": "api/agenda/dagsorden/3c1f",
    }
    for name in STORED:
        capture = capture_of(name, url=STORED[name][2] + paths.get(name, ""))
        found = {platform for platform, extractor in PLATFORMS.items() if extractor.detect(capture)}
        assert found == {p for p in PLATFORMS if name.startswith(p)}, name
    assert PostlisteJson.detect(capture_of(POSTLISTE, url=f"{STORED[POSTLISTE][2]}2026-10-09/2026-10-15/")).url == STORED[POSTLISTE][2]
    assert CustomPublish.detect(capture_of(JOURNAL_PAGE, url="https://www.vassbygd.kommune.no/?cat=343942")).settings == {
        "category": 343942
    }
    page = b"<html><body><a href='https://lomstad.kommunetv.no/archive/921'>Se opptak</a> <a href=/omkommunen/innsynplanogbyggesak/>Saker</a></body></html>"
    assert KommuneTv.detect(capture_of(JOURNAL_PAGE, page)).url == "https://lomstad.kommunetv.no/"
    assert Bergen.detect(capture_of(JOURNAL_PAGE, page)).url == "https://www.vassbygd.kommune.no/innsynplanogbyggesak/api/saker"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_harvest_brings_what_the_server_has(platform, tmp_path):
    with watching(tenants.TENANTS[platform], tmp_path, big=7) as watched:
        result, _ = watched.look()
        counts = watched.tenant.counts(date.fromisoformat(result.since), date.fromisoformat(result.until))
        assert (str(result.outcome), result.reasons, dict(result.seen)) == ("fresh", (), dict(counts))
        assert result.leftovers == {} and watched.judge.violations == []


def test_without_its_cookie_firstagenda_leads_nowhere(tmp_path):
    class Hasty(FirstAgenda):
        def start(self, source, window, known):
            yield from self.parse(source, window, capture_of("firstagenda-front.html"))

    with watching(tenants.TENANTS["firstagenda"], tmp_path, big=7) as watched:
        client = client_for(tmp_path, watched.gateway)
        source = replace(source_of("firstagenda-front.html"), url=watched.tenant.home)
        result = harvest_source(source, WINDOW, Known(), client, tmp_path, run_id="r", extractor=Hasty())
        client.close()
    assert str(result.outcome) == "failed" and result.reasons[0].code == "redirects_many"
