"""Digdem: journals and calendars behind GraphQL, and the old Rails portals, from stored answers and servers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from catalogue.reasons import Reason
from extractors.contract import AgendaItem, CaseFile, Claim, JournalEntry, Meeting, Outcome, Request, Source, Trouble, Window
from extractors.innsyn import graphql
from extractors.innsyn.digdem import Digdem
from extractors.innsyn.digdem_rails import DigdemRails
from extractors.innsyn.innsynsportal import Innsynsportal, pieces
from sandbox.digdem import Digdem as ServedCalendar
from sandbox.digdem import LocalDigdem
from sandbox.digdem_rails import DailyRails, FrontRails, NarrowRails
from sandbox.graphql import TEXTS as SERVED
from sandbox.graphql import text_of as served_text_of
from sandbox.innsynsportal import Innsynsportal as ServedPortal
from sandbox.innsynsportal import LeakingPortal, Quirks
from sandbox.month import DAYS
from tests.extractors.innsyn.months import differences, truth_of, watching
from tests.extractors.stored import CALENDAR, LIST, PAYLOADS, PORTAL, STORED, WINDOW, capture_of, read, source_of
from tests.shared_data import SHARED
from transforms.normalise import normalise

COLUMNS = ("journal_date", "document_date", "direction", "case_number")
OURS = {name: extractor for name, (extractor, *_) in STORED.items() if extractor in (Innsynsportal, Digdem, DigdemRails)}


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


# --- what is sent


def test_the_texts_of_the_queries_reach_the_server_byte_for_byte():
    for operation in ("SearchPostJournal", "GetYearMeetings", "ModalMeeting"):
        asked = graphql.ask(source_of("innsynsportal-journal.json"), operation, {"a": None}, {"step": "list"})
        sent = json.loads(asked.body)
        assert list(sent) == ["operationName", "variables", "query"] and asked.body_type == "application/json"
        text = (graphql.QUERIES / f"{operation}.graphql").read_bytes().removesuffix(b"\n")
        assert sent["query"].encode() == text and not text.startswith(b"\n") and not text.endswith(b"\n")
        assert sent["query"].startswith(f"query {operation}") and sent["variables"] == {"a": None}
        assert sent["query"] == served_text_of(operation)


@pytest.mark.skipif(not (SHARED.parent / "research" / "ATLAS.md").exists(), reason="../shared is not here")
def test_the_texts_are_those_the_atlas_gives():
    atlas = (SHARED.parent / "research" / "ATLAS.md").read_text(encoding="utf-8")
    given = {block.split("(")[0].removeprefix("query "): block for block in re.findall(r"```graphql\n(.*?)\n```", atlas, re.S)}
    assert set(given) == {"SearchPostJournal", "GetYearMeetings", "ModalMeeting"}
    assert {path.stem: graphql.query(path.stem) for path in graphql.QUERIES.glob("*.graphql")} == given
    assert {path.stem: served_text_of(path.stem) for path in SERVED.glob("*.graphql")} == given


def test_the_journal_is_asked_for_as_its_application_does():
    (asked,) = Innsynsportal().start(source_of("innsynsportal-journal.json"), WINDOW, None)
    said = asked.json["variables"]
    assert (asked.url, asked.method) == ("https://hellevang.innsynsportal.no/graphql", "POST")
    assert (said["proceedingsLimit"], said["journalsLimit"], said["includeCount"]) == (100, 100, True)
    assert said["journalsWhere"] == {"listId": LIST, "journalFromDate": "2026-09-15", "journalToDate": "2026-10-15", "departmentIdIn": None}
    only_entries = replace(source_of("innsynsportal-journal.json"), kinds=("journal_entry",))
    assert next(iter(Innsynsportal().start(only_entries, WINDOW, None))).json["variables"]["proceedingsLimit"] == 1


# --- the journal


def test_an_entry_keeps_masks_and_has_files_only_where_nothing_is_classified():
    opened, closed, unpublished = of(JournalEntry, read("innsynsportal-journal.json"))
    assert (opened.case_number, opened.document_number, opened.serial, opened.document_type) == ("BYGG-26/80113", "3", "551203", "I")
    assert (opened.journal_date, opened.document_date) == ("2026-10-14T00:00:00.000Z", "2026-10-12T00:00:00.000Z")
    assert [(f.title, f.is_open, f.url and f.url.rsplit("/", 2)[1]) for f in opened.files] == [
        ("Søknad om rammetillatelse", True, "file"), ("Uttalelse - *****", False, None)]  # fmt: skip
    assert (closed.title, closed.senders, closed.legal_basis) == ("Klage på vedtak - ***** *****", ("***** *****",), "Unntatt offentlighet Offl. § 13")
    assert (unpublished.access, unpublished.unit, unpublished.recipients) == ("unpublished", None, ("Tuva Bergheim",))
    assert [f.url for f in (*closed.files, *unpublished.files)] == [None, None]
    assert "epost.example" not in repr((closed, unpublished)) and "'112'" not in repr(closed)


def test_a_case_of_another_day_is_left_out_and_its_last_activity_is_no_case_date():
    (case,) = of(CaseFile, read("innsynsportal-journal.json"))
    assert (case.case_number, case.title, case.case_date, case.case_type) == ("BYGG-26/80113", "Strandgata 4, ny bolig", None, "Byggesak")
    assert case.source_url.startswith(f"{PORTAL}?params=%7B%22proceeding%22%3A%7B%22sequenceNumber%22%3A%22BYGG-26%2F80113%22")


def test_every_day_of_a_whole_answer_is_counted_by_its_norwegian_date():
    claims = of(Claim, read("innsynsportal-journal.json"))
    assert [(c.about, c.count) for c in claims if c.scope == "window"] == [("journal_entry", 3), ("case", 1)]
    assert [c.count for c in claims if c.scope == "day"] == [0, 1, 2, 0]


def test_the_list_is_the_one_an_entry_names_or_its_address_sends_on_to():
    bare = replace(source_of("innsynsportal-journal.json"), url="https://hellevang.innsynsportal.no/")
    (front,) = Innsynsportal().start(bare, WINDOW, None)
    assert (front.method, front.url) == ("GET", bare.url)
    (asked,) = read("innsynsportal-journal.json", b"<html></html>", request=front, url=PORTAL)
    assert asked == next(iter(Innsynsportal().start(source_of("innsynsportal-journal.json"), WINDOW, None)))
    (trouble,) = read("innsynsportal-journal.json", b"<html></html>", request=front, url=bare.url)
    assert (trouble.outcome, trouble.reason) == (Outcome.DRIFTED, Reason("no_items", step="list", field="/postjournal-v2/"))
    named = replace(bare, settings=Innsynsportal.Settings(lists=("77e1f0aa-1c2d-4f0b-8d0e-5a9b3c4d6e22", LIST)))
    asked_of = [r.json["variables"]["journalsWhere"]["listId"] for r in Innsynsportal().start(named, WINDOW, None)]
    assert asked_of == list(named.settings.lists)


def test_a_window_that_is_too_much_is_asked_for_in_pieces_of_days():
    assert list(pieces(date(2026, 10, 1), date(2026, 10, 4), 1)) == [(date(2026, 10, 1), date(2026, 10, 2)), (date(2026, 10, 3), date(2026, 10, 4))]
    assert [a for a, b in pieces(date(2026, 10, 1), date(2026, 10, 3), 90) if a == b] == [date(2026, 10, n) for n in (1, 2, 3)]
    body = (PAYLOADS / "innsynsportal-journal.json").read_bytes().replace(b'"totalCount": 3', b'"totalCount": 130')
    items = read("innsynsportal-journal.json", body)
    assert [(r.context["since"], r.context["until"]) for r in of(Request, items)] == [("2026-10-12", "2026-10-12"), ("2026-10-13", "2026-10-13"),
                                                                                    ("2026-10-14", "2026-10-14"), ("2026-10-15", "2026-10-15")]  # fmt: skip
    assert not of(JournalEntry, items)


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        ({"message": "Innsyn er oppdatert, last siden på ny", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}, Outcome.DRIFTED,
         Reason("query_outdated", operation="SearchPostJournal")),
        ({"message": "Too large limit", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}, Outcome.FAILED,
         Reason("query_refused", operation="SearchPostJournal", error="INTERNAL_SERVER_ERROR")),
        ({"message": "Kari Nordmann finnes ikke", "extensions": None}, Outcome.FAILED, Reason("query_refused", operation="SearchPostJournal", error="-")),
    ],
)  # fmt: skip
def test_an_error_under_200_is_told_without_its_text(error, outcome, reason):
    (asked,) = Innsynsportal().start(source_of("innsynsportal-journal.json"), WINDOW, None)
    (trouble,) = read("innsynsportal-journal.json", json.dumps({"errors": [error], "data": None}).encode(), request=asked)
    assert (trouble.outcome, trouble.reason) == (outcome, reason)


def test_an_answer_without_lists_is_said():
    assert read("innsynsportal-journal.json", b'{"data": {"journals": {"nodes": []}}}')[0].reason == Reason("no_items", step="journal", field="totalCount")
    assert read("innsynsportal-journal.json", b'{"data": null}')[0].reason == Reason("no_content", step="journal")


def part(**state):
    """A question for the last part of a long day."""
    known = [["d1"], ["c1"], ["t1"]]
    day = {"list": LIST, "since": "2026-10-14", "until": "2026-10-14"}
    begun = {**day, "step": "part", "total": 300, "counted": 120, "best": 140, "known": known, "round": 2, "divided": [[]], "cell": [0], "todo": []}
    return Request(url=PORTAL, context=begun | state)


def test_a_day_that_cannot_be_divided_further_is_said_to_be_incomplete():
    types = [f"9a0e8c1f-0007-4000-a000-00000000000{n}" for n in (1, 2)]
    items = read("innsynsportal-journal.json", request=part(known=[["d1"], ["c1"], types]))
    (trouble,) = of(Trouble, items)
    assert (trouble.outcome, trouble.reason) == (Outcome.PARTIAL, Reason("day_incomplete", day="2026-10-14", counted=300, read=140))
    assert [(c.scope, c.count) for c in of(Claim, items)] == [("day", 300)]


def test_a_department_seen_late_divides_what_was_divided_before():
    (follow,) = of(Request, read("innsynsportal-journal.json", request=part(round=0, cell=[0])))
    assert follow.context["known"][0][1:] == ["9a0e8c1f-0003-4000-a000-000000000004"]
    assert follow.json["variables"]["journalsWhere"]["departmentIdIn"] == ["9a0e8c1f-0003-4000-a000-000000000004"]


class NoUnits(ServedPortal):
    quirks = Quirks(unit_missing=40)


@pytest.mark.parametrize("served", [LeakingPortal, NoUnits])
def test_a_long_day_is_whole_by_parts_also_without_departments(served, quick_path):
    with watching(served, quick_path, big=420) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.reasons) == ("fresh", ())
        assert differences(watched.table(rows), truth_of(watched), COLUMNS) == {}
        days = {json.loads(p)["day"] for p in rows[rows["kind"] == "claim"]["payload"] if '"day"' in p and '"scope": "day"' in p}
        assert len(days) == 30 and watched.judge.violations == []
        counts = watched.tenant.counts(watched.month.day - timedelta(days=DAYS - 1), watched.month.day)
        assert rows.groupby("kind")["key"].nunique()[list(counts)].to_dict() == counts


def test_a_portal_that_was_updated_is_drifted(quick_path):
    class Updated(ServedPortal):
        quirks = Quirks(is_updated=True)

    with watching(Updated, quick_path, big=10) as watched:
        result, _ = watched.look()
        assert (str(result.outcome), result.reasons) == ("drifted", (Reason("query_outdated", operation="SearchPostJournal"),))


# --- the calendar


def test_meetings_around_the_window_are_listed_and_only_published_ones_asked_for():
    items = read("digdem-meetings.json")
    assert [(m.committee, m.start, m.status) for m in of(Meeting, items)] == [
        ("Kommunestyret", "2026-10-08T15:00:00.000Z", "Regulært"), ("Utval for oppvekst", "2026-10-20T07:00:00.000Z", "Avlyst"),
        ("Kommunestyret", "2026-11-12T16:00:00.000Z", "Regulært")]  # fmt: skip
    assert [r.json["variables"]["id"][-1] for r in of(Request, items)] == ["2", "3"]
    (asked,) = Digdem().start(source_of("digdem-meetings.json"), WINDOW, None)
    assert asked.json["variables"]["where"] == {"searchTerm": "", "date_gt": "2026-08-15T00:00:00.000Z", "date_lt": "2026-11-16T00:00:00.000Z"}
    assert len(list(Digdem().start(source_of("digdem-meetings.json"), Window(date(2024, 1, 1), date(2026, 1, 1)), None))) == 3


def test_a_meeting_has_its_papers_and_items_and_nothing_that_is_classified():
    items = read("digdem-meeting.json")
    (meeting,) = of(Meeting, items)
    assert (meeting.committee, meeting.place, meeting.video_url) == ("Kommunestyret", "Kommunestyresalen", "https://hellevang.kommunetv.no/archive/12")
    assert [f.title for f in meeting.files] == ["Møteinnkalling", "Møteprotokoll", None]
    first, second = of(AgendaItem, items)
    assert (first.number, first.item_type, first.meeting_key) == ("61/26", "PS", meeting.key)
    assert [(f.title, bool(f.url)) for f in first.files] == [("Saksframlegg", True), ("Vedlegg unntatt offentlegheit", False), ("Saksprotokoll", True)]
    assert second.title.startswith("*****") and [f.url for f in second.files] == [None]
    unfinished = (PAYLOADS / "digdem-meeting.json").read_bytes().replace(b'"inProgress": false', b'"inProgress": true')
    assert len(of(Meeting, read("digdem-meeting.json", unfinished))[0].files) == 2


def test_a_calendar_that_is_empty_asks_for_older_meetings():
    (probe,) = read("digdem-meetings.json", b'{"data": {"meetings": []}}')
    assert probe.role == "probe" and probe.json["variables"]["where"]["date_gt"] == "2024-08-15T00:00:00.000Z"
    assert [(c.scope, c.count) for c in of(Claim, read("digdem-meetings.json", request=probe))] == [("probe", 4)]


@pytest.mark.parametrize("served", [ServedCalendar, LocalDigdem])
def test_a_meeting_begins_when_it_does_whatever_the_z_means(served, quick_path):
    with watching(served, quick_path, big=10) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.reasons, watched.judge.violations) == ("fresh", (), [])
        tables = normalise(rows, today=watched.month.day).tables
        starts = tables["meetings"].set_index("key")["start"]
        true = {watched.tenant.meeting_key(n): m for n, m in enumerate(watched.tenant.meetings)}
        assert len(starts) == 5 and all((s.date(), s.hour) == (true[k].day, true[k].hour) for k, s in starts.items())
        assert set(tables["meetings"]["committee"]) <= {m.committee_name for m in true.values()} and len(tables["agenda_items"]) == 4


# --- the old portals


def test_each_edition_of_the_old_portal_is_read_by_its_own_columns():
    by_layout = {name.split("-")[2][:-5]: of(JournalEntry, read(name))[0] for name in OURS if name.startswith("digdem-rails")}
    assert {(e.case_number, e.document_date, e.legal_basis, e.case_worker) for n, e in by_layout.items() if n != "day"} == {
        ("2026/412", "12.10.2026", "Offl. § 13", "Runar Tveitan")}  # fmt: skip
    assert [by_layout[n].unit for n in ("search", "narrow", "day")] == ["Næring og kultur", "Næring og kultur", None]
    assert (by_layout["day"].recipients, by_layout["day"].journal_date, by_layout["day"].document_date) == (("Tuva Bergheim",), "2026-10-14", "Udatert")
    assert (by_layout["front"].title, by_layout["front"].case_title) == (None, "Skjenkebevillinger 2026")
    assert by_layout["narrow"].files[0].url == "https://innsyn.skjenes.kommune.no/postjournal/88122/download"


def test_a_number_without_a_document_is_told_apart_by_what_the_row_says():
    entry = of(JournalEntry, read("digdem-rails-search.html"))[1]
    assert re.fullmatch(r"2026/398#[0-9a-f]{12}", entry.key) and entry.document_number is None
    other = (PAYLOADS / "digdem-rails-search.html").read_bytes().replace(b"Vedtak om tilskudd", b"Vedtak om avslag")
    assert of(JournalEntry, read("digdem-rails-search.html", other))[1].key != entry.key


def test_the_pager_leads_on_and_an_empty_list_is_the_sources_own_word():
    (follow,) = of(Request, read("digdem-rails-search.html"))
    assert follow.url.endswith("page=2") and follow.context["page"] == 2
    assert not of(Request, read("digdem-rails-day.html"))
    empty = b'<html><head></head><body><form id="offjournal-form-postjournal"><table><tbody></tbody></table></form></body></html>'
    assert [(c.scope, c.count) for c in read("digdem-rails-search.html", empty)] == [("window", 0)]
    (trouble,) = read("digdem-rails-search.html", b"<html><head></head><body>Feil</body></html>")
    assert trouble.reason == Reason("no_items", step="journal", field="#offjournal-form-postjournal")
    label = (PAYLOADS / "digdem-rails-narrow.html").read_text(encoding="utf-8").replace("Enhet:", "Arkivdel:")
    assert of(JournalEntry, read("digdem-rails-narrow.html", label.encode()))[0].leftovers == ("popup.arkivdel",)


@pytest.mark.parametrize("served", [NarrowRails, DailyRails, FrontRails])
def test_a_month_of_the_other_editions(served, quick_path):
    with watching(served, quick_path, big=70) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.reasons, watched.judge.violations) == ("fresh", (), [])
        assert differences(watched.table(rows), truth_of(watched), COLUMNS) == {}


# --- detection


def test_each_knows_its_own_answers_and_no_other_page():
    for name in STORED:
        url = "https://innsyn.skjenes.kommune.no/postjournal?date=14.10.2026" if name.endswith(("day.html", "front.html")) else STORED[name][2]
        found = {e for e in (Innsynsportal, Digdem, DigdemRails) if e.detect(capture_of(name, url=url))}
        assert found == ({OURS[name]} if name in OURS else set()), name
    for name in OURS:
        if name.startswith("digdem-rails"):
            guess = DigdemRails.detect(capture_of(name, url="https://innsyn.skjenes.kommune.no/postjournal?date=14.10.2026"))
            assert DigdemRails.Settings(**guess.settings) == source_of(name).settings and guess.url == "https://innsyn.skjenes.kommune.no/"


def test_the_pages_of_applications_and_links_to_them_are_recognised(quick_path):
    with watching(ServedPortal, quick_path, big=10) as watched:
        shell = watched.tenant._shell().body
    own = capture_of("website-page.html", shell, url=f"https://innsyn2020.fjordvik.kommune.no/postjournal-v2/{LIST}?params=%7B%7D")
    assert Innsynsportal.detect(own).url == f"https://innsyn2020.fjordvik.kommune.no/postjournal-v2/{LIST}" and Digdem.detect(own) is None
    linking = capture_of("website-page.html", f'<html><a href="{PORTAL}">Postliste</a> <a href="{CALENDAR}">Møter</a></html>'.encode())
    assert (Innsynsportal.detect(linking).url, Digdem.detect(linking).url) == (PORTAL, CALENDAR)
    calendar = capture_of("website-page.html", b"<html><script>window.__APOLLO_CLIENT__={}</script></html>", url="https://moter.fjordvik.kommune.no/motekalender")
    assert Digdem.detect(calendar).url == "https://moter.fjordvik.kommune.no/motekalender"
    old = Source("innsynsportal/x", "999999999", "innsynsportal", "https://bodo.innsynsportal.no/motekalender")
    assert Innsynsportal.detect(capture_of("website-page.html", url=old.url)) is None
