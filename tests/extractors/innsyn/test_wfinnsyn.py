"""The classic ACOS Innsyn, from stored pages, a recording and servers of both skins and both forms of address."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from catalogue.reasons import Reason
from extractors.contract import (
    CaseFile,
    Claim,
    Extractor,
    File,
    JournalEntry,
    Known,
    Meeting,
    Outcome,
    Request,
    Source,
    Trouble,
    Window,
)
from extractors.harvest import harvest_source
from extractors.innsyn.wfinnsyn import WfInnsyn, mended, read_grid
from extractors.platforms import EXTRACTORS
from extractors.websites.page import tree_of
from sandbox import days
from sandbox.answers import Question
from sandbox.wfinnsyn import WfInnsyn as Served
from sandbox.wfinnsyn import WfInnsynCms, WfInnsynOld
from tests.extractors.fetch.loopback import client_for, serving
from tests.extractors.innsyn.months import BODY, differences, truth_of, watching
from tests.extractors.stored import STORED, WFINNSYN, WINDOW, capture_of, read, source_of
from tests.shared_data import shared

ENTRY = f"{WFINNSYN.split('?')[0]}?response=journalpost_detaljer&journalpostid="
NYNORSK = replace(BODY, slug="nynorskby", language="nn")


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


# --- the journal


def test_a_row_of_the_new_skin_is_an_entry_and_its_case_and_only_what_it_lacks_is_asked_for():
    items = read("wfinnsyn-day.html")
    entry, closed, bare = of(JournalEntry, items)
    assert entry == JournalEntry(
        key="2026004411", locator="ul.i-jp > li:nth-of-type(1)", case_number="26/1044", document_number="3", journal_date="14.10.2026",
        document_date="12.10.2026", document_type="Innkommende dokument", title="Søknad om tilskudd til grendehus - og utstyr",
        case_title="Tilskudd til grendehus", case_key="2026001044", senders=("Ospelund Grendelag",), unit="Kultur", case_worker="Vigdis Solheimsli",
        files=(File(title="Søknad om tilskudd (Hoveddokument)", media_type="application/pdf", is_open=True, url="https://innsyn.onacos.no/ospelund/"
                    "wfdocument.ashx?journalpostid=2026004411&dokid=518822&versjon=1&variant=A&ct=RA-PDF"),),
        source_url="https://www.ospelund.kommune.no/innsyn.aspx?response=journalpost_detaljer&MId1=731&scripturi=/innsyn.aspx&skin=infolink"
                   "&journalpostid=2026004411",
    )  # fmt: skip
    assert (closed.title, closed.recipients, closed.senders, closed.unit) == ("Klage på vedtak - ***** *****", ("***** *****",), None, None)
    assert (closed.legal_basis, closed.files) == ("Offl. § 13 jf. fvl. § 13 (1) nr. 1", (File(is_open=False),))
    assert (bare.case_number, bare.document_type, bare.files) == (None, None, None)
    assert [(c.key, c.case_number, c.title) for c in of(CaseFile, items)] == [("2026001044", "26/1044", "Tilskudd til grendehus"),
                                                                              ("2026001051", "26/1051", "Klagesak")]  # fmt: skip
    details, further = of(Request, items)
    assert details.context == {"step": "entry", "entry": "2026004413"} and further.context["page"] == 2
    assert parse_qs(urlsplit(further.url).query)["startrow"] == ["10"] and "MId1=731" in further.url


def test_the_old_skin_lists_titles_and_every_entry_is_asked_for():
    items = read("wfinnsyn-day-old.html")
    assert [(e.key, e.title, e.journal_date) for e in of(JournalEntry, items)] == [
        ("2026004411", "Søknad om tilskudd til grendehus", "2026-10-14"), ("2026004412", "Klage på vedtak - ***** *****", "2026-10-14")]  # fmt: skip
    assert [r.url for r in of(Request, items)] == [f"{ENTRY}2026004411", f"{ENTRY}2026004412"]


def test_an_entry_carries_the_name_lines_of_its_parties_and_nothing_of_their_addresses():
    entry, case = read("wfinnsyn-entry.html")
    assert entry.senders == ("Ospelund Grendelag", "Vonheim Velforening") and entry.recipients is None
    assert not any(word in repr((entry, case)) for word in ("Skogsvingen", "9944", "Postboks", "VONHEIM"))
    assert (entry.document_type, entry.access, entry.legal_basis, entry.serial) == ("Innkommende dokument (Gradert)", "Gradert", "Offl. § 14", "26/4411")
    assert (entry.journal_date, entry.document_date, entry.case_number, entry.case_key) == ("14.10.2026", "12.10.2026", "26/1044", "2026001044")
    assert [(f.title, f.media_type) for f in entry.files] == [("Søknad", "application/pdf"), ("Budsjett", None)]
    assert (case.key, case.title) == ("2026001044", "Tilskudd til grendehus")


def test_a_case_in_nynorsk_has_status_and_entries_of_the_window():
    case, entry = read("wfinnsyn-case.html")
    assert (case.case_number, case.title, case.case_date, case.status) == ("26/1044", "Tilskot til grendehus", "02.10.2026", "Avslutta")
    assert (entry.key, entry.senders, entry.document_type, entry.case_number) == ("2026004411", ("Ospelund Grendelag",), "Innkomande dokument", "26/1044")


def test_a_day_without_entries_is_what_the_source_says_and_the_list_of_another_day_is_said_to_be_one():
    nothing = '<ul class="i-jp"><li class="np">{}</li></ul>'
    for words in ("Det er ikke journalført noen dokument denne dagen.", "Det er ikkje journalført nokon dokument."):
        (claim,) = read("wfinnsyn-day.html", nothing.format(words).encode())
        assert claim == Claim(key="day 2026-10-14", about="journal_entry", scope="day", count=0, day="2026-10-14")
    (trouble,) = read("wfinnsyn-day.html", nothing.format("Tjenesten er nede.").encode())
    assert trouble.reason == Reason("no_identifier", step="day", field="journalpostid")
    for name in ("wfinnsyn-day.html", "wfinnsyn-day-old.html"):
        elsewhere = capture_of(name, request=Request(url=STORED[name][2], context={"step": "day", "day": "2026-10-13", "page": 1}))
        (trouble,) = of(Trouble, WfInnsyn().parse(source_of(name), WINDOW, elsewhere))
        assert (trouble.outcome, trouble.reason) == (Outcome.PARTIAL, Reason("another_day", asked="2026-10-13"))


def test_pages_that_are_none_of_ours():
    (trouble,) = read("wfinnsyn-day.html", b"<html><body><h1>Siden finnes ikke</h1></body></html>")
    assert (trouble.reason, trouble.outcome) == (Reason("no_content", step="day"), Outcome.DRIFTED)
    (trouble,) = read("wfinnsyn-entry.html", b"<html><body><div class='innsyn-content'><h1>Journalpost</h1></div></body></html>")
    assert (trouble.reason, trouble.outcome) == (Reason("no_content", step="entry"), Outcome.PARTIAL)
    (trouble,) = read("wfinnsyn-grid.html", b"<html><body><div class='innsyn-content'></div></body></html>")
    assert trouble.reason == Reason("no_items", step="grid", field="table.i-bgw")
    (trouble,) = read("wfinnsyn-grid.html", status=404)
    assert trouble.reason == Reason("server_answered", status=404)


def test_days_are_asked_for_as_the_installation_reads_them():
    source = replace(source_of("wfinnsyn-day.html"), settings=WfInnsyn.Settings(mid1=731, dates="dotted"), kinds=("journal_entry",))
    first, second = WfInnsyn().start(source, Window(date(2026, 10, 13), date(2026, 10, 14)), Known())
    assert "fradato=14.10.2026" in first.url and "fradato=13.10.2026" in second.url and "startrow" not in first.url


# --- meetings


def test_the_year_grid_gives_days_also_where_titles_name_none():
    items = read("wfinnsyn-grid.html")
    assert [(m.key, m.committee, m.start) for m in of(Meeting, items)] == [
        ("2807", "Kommunestyret", "01.10.2026"), ("2808", "Kommunestyret", "28.10.2026"), ("2811", "Formannskapet", "05.11.2026")]  # fmt: skip
    assert [(c.scope, c.count) for c in of(Claim, items)] == [("probe", 1)]
    assert [r.context["step"] for r in of(Request, items)] == ["committee"] * 2 + ["meeting"] * 3
    meetings_only = replace(source_of("wfinnsyn-grid.html"), kinds=("meeting",))
    asked = of(Request, WfInnsyn().parse(meetings_only, WINDOW, capture_of("wfinnsyn-grid.html")))
    assert {r.context["step"] for r in asked} == {"committee"}


def test_a_committee_gives_hours_papers_and_nothing_of_its_members():
    held, planned = read("wfinnsyn-committee.html")
    assert (held.key, held.start, held.status, len(held.files)) == ("2807", "01.10.2026 17:00 - 20:30", "Vedtak påført", 3)
    assert held.files[2].title == "Protokoll - Kommunestyret - 01.10.2026 (Hoveddokument)"
    assert (planned.key, planned.status, planned.files) == ("2808", "Under planlegging", None)
    assert not any(word in repr((held, planned)) for word in ("Rognmo", "900 00", "example.no"))


def test_a_meeting_has_items_with_their_papers():
    meeting, item, other = read("wfinnsyn-meeting.html")
    assert (meeting.key, meeting.place, meeting.start) == ("2807", "Ospesalen", None)
    assert (item.key, item.number, item.item_type, item.title) == ("2807#sak70101", "PS 41/26", "PS", "Etiske retningslinjer for folkevalgte")
    assert (item.case_number, [f.title for f in item.files]) == ("26/912", ["Etiske retningslinjer for folkevalgte", "Utkast"])
    assert (other.number, other.title) == (None, "Spørsmål fra representantene")


def test_the_recorded_grid_of_baerum_gives_the_committees_and_meetings_that_were_counted():
    folder = shared("postlists/acos-wfinnsyn")
    html = (folder / "baerum2018_utvalg-page.html").read_text(encoding="utf-8")
    committees, meetings = read_grid(tree_of(mended(html)), 0)
    expected = json.loads((folder / "baerum2018_utvalg-data.json").read_text(encoding="utf-8"))
    assert committees == [(c["Id"], c["Navn"]) for c in expected] and len(committees) == 14
    assert len({m.key for m in meetings}) == len(meetings) == 159
    assert {m.day.year for m in meetings} == {2018}
    without_words = read_grid(tree_of(mended(html.replace(" har et møte den ", " ").replace(".2018. Du", ". Du"))), 0)[1]
    assert without_words == meetings
    records = list(WfInnsyn().parse(source_of("wfinnsyn-grid.html"), Window(date(2018, 1, 1), date(2018, 12, 31)), capture_of("wfinnsyn-grid.html", html.encode())))
    assert len(of(Meeting, records)) == 159 and len([r for r in of(Request, records) if r.context["step"] == "committee"]) == 14
    assert of(Trouble, records) == [] and [r.leftovers for r in records if not isinstance(r, Request) and r.leftovers] == []


# --- whole installations


@pytest.mark.parametrize("kind, body", [(WfInnsynOld, BODY), (WfInnsynCms, NYNORSK)], ids=["old skin", "within the CMS, nynorsk"])
def test_every_skin_and_form_gives_the_same_records(kind, body, tmp_path):
    with watching(kind, tmp_path, big=24, body=body) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.reasons, result.leftovers, watched.judge.violations) == ("fresh", (), {}, [])
        assert differences(watched.table(rows), truth_of(watched), ("journal_date", "document_date", "direction", "case_number")) == {}
        assert dict(result.seen) == watched.tenant.counts(watched.month.day - timedelta(days=29), watched.month.day)
        told = "".join(rows["payload"])
        assert not any(word in told for word in ("Kirkeveien", "Industrigata", "MÅNEDSBY", "medlem1@example.no", "900 00 010", "Solvang"))


def test_a_window_in_which_every_day_says_it_has_nothing_is_verified_empty(tmp_path):
    said = {"13": b'<ul class="i-jp"><li>Det er ikke journalf\xc3\xb8rt noen dokument</li></ul>', "14": b'<ul class="i-jp"></ul>', "15": b"<ul class='i-jp'><li>Feil</li></ul>"}

    def answer(handler):
        return (404, {}, b"") if handler.path == "/robots.txt" else (200, {}, said[handler.path.split("fradato=2026-10-")[1][:2]])

    source = Source("acos-wfinnsyn/x", "999999999", "acos-wfinnsyn", WFINNSYN, settings=WfInnsyn.Settings(), kinds=("journal_entry",))
    with serving(answer) as gateway:
        outcomes = []
        for last in (14, 15):
            client = client_for(tmp_path / str(last), gateway)
            window = Window(date(2026, 10, 13), date(2026, 10, last))
            result = harvest_source(source, window, Known(), client, tmp_path / f"staging{last}", run_id="r", extractor=WfInnsyn())
            client.close()
            outcomes.append((result.outcome, result.reasons))
    assert outcomes == [(Outcome.EMPTY_VERIFIED, (Reason("counts_zero"),)),
                        (Outcome.DRIFTED, (Reason("no_identifier", step="day", field="journalpostid"),))]  # fmt: skip


# --- recognising


def page_of(kind: type[Served], response: str, tmp_path) -> tuple[str, bytes]:
    with watching(kind, tmp_path, big=1) as watched:
        tenant = watched.tenant
        target = f"{tenant.path}?response={response}&scripturi=/innsyn.aspx&skin=infolink&Mid1={tenant.mid1}&fradato={days.DEFAULT_DAY}"
        return f"https://{tenant.host}{target}", tenant.respond(Question("GET", "https", tenant.host, target, {})).body


@pytest.mark.parametrize("kind", [Served, WfInnsynCms, WfInnsynOld])
@pytest.mark.parametrize("response", ["journalpost_postliste", "moteplan"])
def test_its_own_pages_are_recognised_with_what_an_entry_must_say(kind, response, tmp_path):
    url, body = page_of(kind, response, tmp_path)
    guess = WfInnsyn.detect(capture_of("wfinnsyn-day.html", body, url=url))
    assert guess.platform == "acos-wfinnsyn" and guess.url == url.split("?")[0] and guess.confidence == 0.95
    WfInnsyn.Settings.model_validate(guess.settings)
    assert guess.settings["mid1"] == int(url.split("Mid1=")[1].split("&")[0]) and guess.settings["skin"] == "infolink"


def test_a_page_that_links_to_it_tells_where_it_is_and_no_other_page_does():
    page = b'<html><body><main><a href="/innsyn.aspx?response=journalpost_postliste&amp;MId1=731&amp;scripturi=/innsyn.aspx&amp;skin=infolink">Postliste</a>'
    guess = WfInnsyn.detect(capture_of("website-page.html", page))
    assert (guess.url, guess.settings) == ("https://www.elvedal.kommune.no/innsyn.aspx", {"mid1": 731, "skin": "infolink"})
    for name, (extractor, _, _, _) in STORED.items():
        assert (WfInnsyn.detect(capture_of(name)) is not None) == (extractor is WfInnsyn), name
    others: list[type[Extractor]] = [e for e in EXTRACTORS.values() if e.platform not in ("acos-wfinnsyn", "website")]
    for name in (n for n in STORED if n.startswith("wfinnsyn")):
        assert [e.platform for e in others if e.detect(capture_of(name)) is not None] == [], name
