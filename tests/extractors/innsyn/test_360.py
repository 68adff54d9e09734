"""Public 360: the journal, OpenGov's meetings and its building cases, from stored answers, recordings and servers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from pandas import DataFrame

from catalogue.reasons import Reason
from extractors.contract import AgendaItem, CaseFile, Claim, File, JournalEntry, Meeting, Outcome, Request, Trouble, Window
from extractors.innsyn.markup import tree_of
from extractors.innsyn.opengov import OpenGovCases, OpenGovMeetings, listed_meetings
from extractors.innsyn.p360 import P360Journal
from extractors.staging import envelope
from sandbox.opengov import OpenGovCases as ServedCases
from sandbox.opengov import OpenGovMeetings as ServedMeetings
from sandbox.p360 import P360
from tests.extractors.innsyn.months import watching
from tests.extractors.stored import MEETINGS, PAYLOADS, SEARCHED, STORED, WINDOW, capture_of, read, source_of
from tests.shared_data import shared
from transforms.normalise import normalise

MARK = "<pnavn></pnavn>"
PLATFORMS = {"360-pj": P360Journal, "opengov-meetings": OpenGovMeetings, "opengov-cases": OpenGovCases}


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


def normalised(*names: str):
    rows = [
        envelope(replace(r, capture="c"), source=source_of(name).id, authority="999999999", platform=source_of(name).platform, batch="b",
                 captured_at="2026-10-15T06:00:00+00:00", url=STORED[name][2])
        for name in names for r in read(name) if not isinstance(r, Request)
    ]  # fmt: skip
    return normalise(DataFrame(rows), today=date(2026, 10, 15)).tables


# --- the journal


def test_a_row_of_the_journal_is_an_entry_and_its_case():
    entry, closed = of(JournalEntry, read("360-pj-rows.html"))
    assert entry == JournalEntry(
        key="26/00412-3", locator="/rows/0", case_number="26/00412", document_number="3", journal_date="14.10.2026", document_date="12.10.2026",
        document_type="I", title=f"Søknad om skjenkebevilling - {MARK}", case_title="Skjenkebevillinger 2026", case_key="26/00412",
        senders=(MARK,), case_worker="Runar Tveitan", unit="Næring og kultur",
        files=(File(title="Søknad.pdf", url="https://torsnuten.pj.360online.com/Journal/GetFile/88121", media_type="application/pdf", is_open=True),
               File(title="Situasjonsplan.docx", url="https://torsnuten.pj.360online.com/Journal/GetFile/88122",
                    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document", is_open=True)),
        source_url="https://torsnuten.pj.360online.com/Journal/Search/?searchString=26%2F00412-3",
    )  # fmt: skip
    assert (closed.key, closed.title, closed.case_title) == ("26/00398-11", "Vedtak om ***** - unntatt offentlighet", "*****")
    assert (closed.journal_date, closed.document_date, closed.document_type) == ("14.10.2026", "Udatert", "U")
    assert (closed.access, closed.legal_basis, closed.files) == ("UO", "Offl. § 13", ())
    assert closed.senders is None and closed.recipients == (f"Fjellbygg Entreprenør AS v/{MARK}",)
    assert [c.key for c in of(CaseFile, read("360-pj-rows.html"))] == ["26/00412", "26/00398"]


def test_a_name_the_source_marks_is_masked_whatever_it_looks_like():
    body = (PAYLOADS / "360-pj-rows.html").read_text(encoding="utf-8").replace("Tuva Bergheim", "Norsk Betong AS")
    assert "Betong" not in repr(read("360-pj-rows.html", body.encode()))
    rows = normalised("360-pj-rows.html")["journal_entries"].set_index("key")
    assert rows.loc["26/00412-3", ["sender", "title", "masked"]].tolist() == ["[person]", "Søknad om skjenkebevilling - [person]", 2]
    assert rows.loc["26/00398-11", "recipient"] == "Fjellbygg Entreprenør AS v/[person]"


def test_the_pager_leads_on_and_a_page_of_older_entries_does_not():
    (follow,) = of(Request, read("360-pj-rows.html"))
    assert follow.context == {**SEARCHED, "start": 20, "page": 3, "place": 20}
    assert follow.url.endswith("?querytype=and&FromDate=18.09.2026&ToDate=15.10.2026&offset=20")
    old = (PAYLOADS / "360-pj-rows.html").read_text(encoding="utf-8").replace("14.10.2026", "14.10.2025")
    items = read("360-pj-rows.html", old.encode())
    assert not of(Request, items) and not of(JournalEntry, items)


def test_cards_of_the_newer_journal_are_read_by_their_labels():
    (entry,) = of(JournalEntry, read("360-pj-cards.html"))
    assert (entry.key, entry.case_number, entry.document_number, entry.title) == ("2026001207-2", "2026001207", "2", "Svar på nabovarsel")
    assert (entry.journal_date, entry.document_type, entry.recipients) == ("13.10.2026", "Utgående", (MARK,))
    assert not of(Request, read("360-pj-cards.html"))


def test_a_label_nobody_knows_is_seen():
    body = (PAYLOADS / "360-pj-rows.html").read_text(encoding="utf-8").replace("<dt>Hjemmel</dt>", "<dt>Klassering</dt>")
    assert of(JournalEntry, read("360-pj-rows.html", body.encode()))[0].leftovers == ("label.klassering",)
    case = (PAYLOADS / "opengov-cases-case.html").read_text(encoding="utf-8").replace("Tilgangskode", "Klassering")
    assert of(JournalEntry, read("opengov-cases-case.html", case.encode()))[0].leftovers == ("label.klassering",)


def test_the_journal_is_searched_four_weeks_at_a_time():
    asked = list(P360Journal().start(source_of("360-pj-rows.html"), Window(date(2026, 8, 25), date(2026, 10, 15)), None))
    assert [(r.context["since"], r.context["until"]) for r in asked] == [("2026-09-18", "2026-10-15"), ("2026-08-25", "2026-09-17")]


def test_weeks_without_entries_are_proved_by_an_older_one():
    nothing = b"<html><head><title></title></head><body></body></html>"
    first = Request(url=STORED["360-pj-rows.html"][2], context={**SEARCHED, "start": 0, "page": 1})
    (probe,) = of(Request, read("360-pj-rows.html", nothing, request=first))
    assert probe.role == "probe"
    newest = (PAYLOADS / "360-pj-rows.html").read_text(encoding="utf-8")
    older = newest.replace("14.10.2026", "14.09.2026")
    assert [(c.scope, c.count) for c in of(Claim, read("360-pj-rows.html", older.encode(), request=probe))] == [("probe", 1)]
    for page in (nothing, newest.encode()):
        (trouble,) = read("360-pj-rows.html", page, request=probe)
        assert trouble.reason == Reason("no_items", step="journal", field=".document-rows")


# --- meetings


def test_every_board_is_asked_for_every_year_the_window_touches():
    assert [r.url for r in of(Request, read("opengov-meetings-boards.html"))] == [
        f"{MEETINGS}/Boards/Details/216101?Year=2026", f"{MEETINGS}/Boards/Details/216102?Year=2026"]  # fmt: skip
    new_year = Window(date(2025, 12, 20), date(2026, 1, 10))
    asked = OpenGovMeetings().parse(source_of("opengov-meetings-boards.html"), new_year, capture_of("opengov-meetings-boards.html"))
    assert sorted({r.context["year"] for r in asked}) == [2025, 2026]


def test_a_board_lists_its_meetings_also_the_one_that_is_not_published():
    items = read("opengov-meetings-board.html")
    assert [(m.key, m.committee, m.start, m.status) for m in of(Meeting, items)] == [
        ("644911", "Kommunestyret", "24.09.2026", None), ("644915", "Kommunestyret", "15.10.2026 17:00", None),
        ("216101/2026-11-12", "Kommunestyret", "12.11.2026", "Ikke publisert")]  # fmt: skip
    assert [r.context["meeting"] for r in of(Request, items)] == ["644911", "644915"]
    assert [c.scope for c in of(Claim, items)] == ["probe"]


def test_a_year_that_is_not_heeded_and_meetings_that_are_missing_are_said():
    body = (PAYLOADS / "opengov-meetings-board.html").read_text(encoding="utf-8")
    other = read(
        "opengov-meetings-board.html",
        body.replace("<option selected>2026", "<option>2026").replace("<option>2025", "<option selected>2025").encode(),
    )
    assert [(t.outcome, t.reason) for t in of(Trouble, other)] == [(Outcome.PARTIAL, Reason("other_year", asked=2026))]
    fewer = read("opengov-meetings-board.html", body.replace("4 m&#248;ter", "7 m&#248;ter").encode())
    assert of(Trouble, fewer)[0].reason == Reason("fewer_than_counted", counted=7, kind="meeting", read=4)


def test_a_meeting_has_items_groups_and_files_and_keeps_the_hour_of_the_list():
    items = read("opengov-meetings-meeting.html")
    (meeting,) = of(Meeting, items)
    assert (meeting.start, meeting.place, meeting.status) == ("15.10.2026 17:00", "Rådhuset, kommunestyresalen", "Avholdt")
    assert [f.title for f in meeting.files] == ["Møteinnkalling Kommunestyret 15.10.2026"]
    assert [(i.key, i.number, i.title, i.item_type) for i in of(AgendaItem, items)] == [
        ("210501", "61/26", "Register for gaver - føring og innsyn", "Saker til behandling"),
        ("644915/62/26", "62/26", "Unntatt offentlighet", "Saker til behandling"),
        ("210503", None, "Orientering fra kontrollutvalget", "Referatsaker"),
    ]
    assert [r.url.rsplit("/", 1)[1] for r in of(Request, items)] == ["210501", "210503"]


def test_an_item_has_its_case_number_and_files():
    (item,) = of(AgendaItem, read("opengov-meetings-item.html"))
    assert (item.key, item.meeting_key, item.case_number) == ("210501", "644915", "26/03563")
    assert [(f.title, f.media_type) for f in item.files] == [
        ("Register for gaver", "application/pdf"),
        ("Saksprotokoll 61/26", "application/pdf"),
    ]
    assert read("opengov-meetings-item.html", b"<p>Feil</p>")[0].reason == Reason("no_items", step="item", field=".meetingsDetails")


# --- building cases


def test_cases_of_these_years_are_asked_for_and_old_ones_left():
    items = read("opengov-cases-list.html")
    assert [(c.key, c.case_number, c.title, c.case_type) for c in of(CaseFile, items)] == [
        ("200412", "BYGG-26/00412", "Garasje, Strandgata 4", "Byggesak")]  # fmt: skip
    assert [r.url for r in of(Request, items)] == ["https://opengov.360online.com/Cases/TORSNUTENBYGG/Case/Details/200412"]
    older = OpenGovCases.Settings(years=8)
    source = replace(source_of("opengov-cases-list.html"), settings=older)
    assert len(of(Request, OpenGovCases().parse(source, WINDOW, capture_of("opengov-cases-list.html")))) == 2


def test_a_building_case_is_read_and_whoever_owns_it_is_not():
    items = read("opengov-cases-case.html")
    (case,) = of(CaseFile, items)
    assert (case.key, case.case_number, case.title, case.status) == (
        "200412", "BYGG-26/00412", "Garasje, Strandgata 4 - dispensasjon", "Under behandling")  # fmt: skip
    application, neighbour = of(JournalEntry, items)
    assert (application.key, application.document_number, application.title) == ("410001", "1", "Søknad om tillatelse til tiltak")
    assert (application.case_key, application.access, len(application.files)) == ("200412", "Offentlig", 1)
    assert neighbour.files == () and "Bergheim" not in repr(items) and "12/34" not in repr(items)
    rows = normalised("opengov-cases-case.html")["journal_entries"].set_index("key")
    assert rows["direction"].tolist() == ["inngående", "inngående"]
    assert rows.loc["410001", "sender"] == "Fjellbygg Entreprenør AS" and rows["sender"].isna().tolist() == [False, True]


# --- recordings


@pytest.mark.parametrize("name, step", [("boards", "boards"), ("meetings", "board"), ("agenda", "meeting"), ("details", "item")])
def test_recorded_pages_give_what_others_read_in_them(name, step):
    folder = shared("postlists/opengov360")
    expected = json.loads((folder / f"tfk_get-{name}-data.json").read_text(encoding="utf-8"))
    source = replace(source_of("opengov-meetings-boards.html"), url="http://opengov.cloudapp.net/Meetings/tfk")
    asked = Request(
        url=source.url, context={"step": step, "board": "216162", "name": None, "year": 2018, "meeting": "644324", "item": "211236"}
    )
    capture = capture_of(
        "opengov-meetings-boards.html", (folder / f"tfk_get-{name}-page.html").read_bytes(), request=asked, url=f"{source.url}/"
    )
    items = list(OpenGovMeetings().parse(source, Window(date(2018, 2, 1), date(2018, 12, 31)), capture))
    assert [i.leftovers for i in items if not isinstance(i, Request) and i.leftovers] == [] and not of(Trouble, items)
    if name == "boards":
        assert len(expected) == 48
        assert [(r.context["board"], r.context["name"]) for r in of(Request, items) if r.context["year"] == 2018] == [
            (e["id"], " ".join(e["name"].split())) for e in expected]  # fmt: skip
    elif name == "meetings":
        assert len(expected["meetings"]) == len(of(Meeting, items)) == 5 and len(of(Request, items)) == 3
        for meeting, e in zip(of(Meeting, items), expected["meetings"], strict=True):
            assert (meeting.committee, meeting.start[:10]) == (expected["board"], e["date"])
            unpublished = (f"216162/{e['year']}-{e['month']}-{e['day']}", e["status"])
            assert (meeting.key, meeting.status) == ((e["id"], None) if e["id"] else unpublished)
    elif name == "agenda":
        (meeting,) = of(Meeting, items)
        assert [len(meeting.files), len(of(AgendaItem, items)), len(of(Request, items))] == [2, 9, 9]
        assert [(f.url.removeprefix("http://opengov.cloudapp.net"), f.title) for f in meeting.files] == [
            (d["fileUrl"], d["title"]) for d in expected["documents"]]  # fmt: skip
        assert (meeting.committee, meeting.start, meeting.status) == tuple(expected["details"][k] for k in ("board", "date", "status"))
        assert [(i.key, i.number, i.title) for i in of(AgendaItem, items)] == [
            (a["id"], a["agendanumber"], " ".join(a["title"].split())) for a in expected["agenda"]]  # fmt: skip
    else:
        (item,) = of(AgendaItem, items)
        assert len(expected) == 3 and item.case_number == "18/03563"
        assert [(f.title, f.url.removeprefix("http://opengov.cloudapp.net")) for f in item.files] == [
            (d["title"], d["documentUrl"]) for d in expected]  # fmt: skip


@pytest.mark.parametrize("name, committees", [
    ("randaberg", ["Hovedutvalg for nærmiljø og kultur", "Eldrerådet"]), ("sandnes", ["Formannskapet", "Utvalg for idrett"]),
])  # fmt: skip
def test_recorded_lists_of_meetings(name, committees):
    html = (shared("postlists/acos-mote-html") / f"{name}_sample.html").read_text(encoding="utf-8")
    meetings = list(listed_meetings(source_of("opengov-meetings-boards.html"), tree_of(html).css("li.boardLink"), "0"))
    assert [m.committee for m in meetings] == committees
    assert all(m.key.isdigit() and len(m.start) == 16 for m in meetings)


# --- detection and servers


def test_each_knows_its_own_pages_and_no_other():
    for name in STORED:
        capture = capture_of(name)
        found = {platform for platform, extractor in PLATFORMS.items() if extractor.detect(capture)}
        # The fragment of an item is never what a person opens; all else tells its platform.
        own = {p for p in PLATFORMS if name.startswith(p)} - ({"opengov-meetings"} if name == "opengov-meetings-item.html" else set())
        assert found == own, name
    assert P360Journal.detect(capture_of("360-pj-rows.html")).url == "https://torsnuten.pj.360online.com/Journal/Search/"
    assert OpenGovMeetings.detect(capture_of("opengov-meetings-meeting.html")).url == MEETINGS
    assert OpenGovCases.detect(
        capture_of("opengov-cases-case.html", url=f"{STORED['opengov-cases-case.html'][2]}/Case/Details/200412")
    ).url.endswith("/TORSNUTENBYGG")


@pytest.mark.parametrize("served", [P360, ServedMeetings, ServedCases], ids=lambda s: s.platform)
def test_a_harvest_brings_what_the_server_has(served, tmp_path):
    with watching(served, tmp_path, big=7) as watched:
        result, _ = watched.look()
        counts = watched.tenant.counts(date.fromisoformat(result.since), date.fromisoformat(result.until))
        assert (str(result.outcome), result.reasons, dict(result.seen)) == ("fresh", (), dict(counts))
        assert result.leftovers == {} and watched.judge.violations == []


def test_a_slug_nobody_has_fails_with_the_servers_status(tmp_path):
    with watching(ServedMeetings, tmp_path, big=7) as watched:
        watched.tenant.home += "x"
        result, _ = watched.look()
        assert (str(result.outcome), result.reasons) == ("failed", (Reason("server_answered", status=500),))
