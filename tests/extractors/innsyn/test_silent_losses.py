"""What would be lost without a word: answers that lack something, end early, come twice or say less than they count."""

from __future__ import annotations

import json
from datetime import date

import pytest

from extractors.contract import AgendaItem, Claim, JournalEntry, Known, Meeting, Request, Trouble, Window
from extractors.harvest import harvest_source
from extractors.innsyn.kommunetv import KommuneTv
from sandbox.answers import Question
from sandbox.days import DEFAULT_DAY
from sandbox.kommunetv import KommuneTv as Served
from sandbox.meetings import agenda
from sandbox.month import Month
from tests.extractors.fetch.loopback import client_for, serving
from tests.extractors.innsyn.months import BODY
from tests.extractors.stored import PAYLOADS, SEARCHED, STORED, capture_of, read, source_of


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


def codes(items):
    return [t.reason.code for t in of(Trouble, items)]


def text_of(name):
    return (PAYLOADS / name).read_text(encoding="utf-8-sig")


def changed(name, change, **more):
    """The stored JSON after a change to it, read."""
    data = json.loads(text_of(name))
    return read(name, json.dumps(change(data) or data).encode(), **more)


def replaced(name, *pairs, **more):
    """The stored HTML with some text replaced, read; every text must be there."""
    html = text_of(name)
    for old, new in pairs:
        assert old in html
        html = html.replace(old, new)
    return read(name, html.encode(), **more)


# --- JSON that lacks its list, or has one that is shorter than it counts


@pytest.mark.parametrize(("name", "change", "code"), [
    ("acos-journal.json", lambda d: d["content"]["searchItems"].pop("items") and None, "no_items"),
    ("acos-journal.json", lambda d: d["content"]["searchItems"].update(items=[]), "no_items"),
    ("acos-details.json", lambda d: d["content"]["sak"].pop("dokumenter") and None, "no_items"),
    ("acos-meeting.json", lambda d: d["content"].pop("b") and None, "no_items"),
    ("acos-meeting.json", lambda d: d["content"]["b"][0]["b"][0].pop("identifier") and None, "no_identifier"),
    ("bergen-custom-cases.json", lambda d: d.update(items=[], numTotal=7), "list_ends_early"),
    ("bergen-custom-agenda.json", lambda d: d.update(items=[], numTotal=7), "list_ends_early"),
    ("firstagenda-meetings.json", lambda d: d.update(Udvalg={}), "no_items"),
    ("firstagenda-meetings.json", lambda d: d["Udvalg"]["Valgperioden 2023-2027"][0].update(Moeder=None), "no_items"),
    ("kommunetv-archive.json", lambda d: d.update(data=[]), "list_ends_early"),
    ("innsynsportal-journal.json", lambda d: d["data"]["proceedings"].update(nodes=None), "no_items"),
    ("digdem-meeting.json", lambda d: d["data"]["meeting"].update(proceedings=None), "no_items"),
    ("noark4-journal-day.json", lambda d: d.clear(), "no_items"),
    ("einnsyn-journal.json", lambda d: d.update(next="http://["), "next_page_unreadable"),
])  # fmt: skip
def test_an_answer_that_lacks_what_it_counts_says_so(name, change, code):
    items = changed(name, change)
    assert code in codes(items) and not [c for c in of(Claim, items) if c.scope == "probe" or (c.scope == "window" and not c.count)]


def test_a_page_of_acos_that_comes_again_ends_the_list_also_outside_the_window():
    """A calendar of meetings years ahead whose last page is repeated for ever: the harvest sees no record it could know again."""
    far = Window(date(2020, 1, 1), date(2020, 1, 2))

    def ask(context):
        capture = capture_of("acos-meetings.json", request=Request(url=STORED["acos-meetings.json"][2], context=context))
        data = json.loads(capture.text)
        data["content"]["searchItems"]["isLastPage"] = False
        again = capture_of("acos-meetings.json", json.dumps(data).encode(), request=capture.request)
        return of(Request, STORED["acos-meetings.json"][0]().parse(source_of("acos-meetings.json"), far, again))

    (second,) = ask({**STORED["acos-meetings.json"][3], "moment": "ComingMeetings"})
    assert second.context["page"] == 2
    assert ask(second.context) == []


def test_copies_and_internal_parties_of_einnsyn_are_parties():
    def change(data):
        data["items"][0]["korrespondansepart"] = [
            {"id": f"kp_{n}", "korrespondansepartNavn": name, "korrespondanseparttype": kind}
            for n, (name, kind) in enumerate((("A", "intern_avsender"), ("B", "mottaker"), ("C", "kopimottaker"), ("D", "gruppemottaker")))
        ]

    (entry,) = of(JournalEntry, changed("einnsyn-journal.json", change))
    assert (entry.senders, entry.recipients) == (("A",), ("B", "C", "D"))


def test_a_meeting_of_elements_whose_day_cannot_be_read_is_kept():
    items = changed("elements-publikum-meetings.json", lambda d: d[1].update(MO_START="snart"))
    assert "1290" in [m.key for m in of(Meeting, items)]


def test_days_elements_shows_nothing_of_are_not_said_to_be_empty():
    def days(fetched_at, total=0):
        answer = json.dumps({"TotalCount": total, "Items": []}).encode()
        return read("elements-publikum-journal.json", answer, fetched_at=fetched_at)

    assert {c.scope for c in of(Claim, days("2026-10-16T06:00:00+00:00"))} == {"window", "day"}
    late = days("2028-10-16T06:00:00+00:00")
    assert codes(late) == ["days_not_shown"] and not of(Claim, late)
    stored = of(Claim, read("elements-publikum-journal.json", fetched_at="2028-10-16T06:00:00+00:00"))
    assert stored and all(c.count for c in stored)


def test_a_day_of_telemark_counts_entries_and_not_cases():
    def change(data):
        post = data[0]["JOURNPOST_OJ"]
        data[0]["JOURNPOST_OJ"] = [post, {**post, "JP_SEKNR": "999999"}]

    items = changed("noark4-journal-day.json", change)
    assert [c.count for c in of(Claim, items) if c.scope == "day"] == [len(of(JournalEntry, items))]


def test_a_name_before_an_address_of_e_mail_is_kept_without_it():
    def change(data):
        data["data"]["journals"]["nodes"][0]["senders"] = ["Fjellbygg AS <post@fjellbygg.example>", "ola@example.no"]

    assert of(JournalEntry, changed("innsynsportal-journal.json", change))[0].senders == ("Fjellbygg AS",)


def test_numbers_that_are_no_moment_are_no_day():
    items = changed("bergen-custom-case.json", lambda d: d["items"][0].update(journaldato=1e30))
    assert of(JournalEntry, items)[0].journal_date is not None and not codes(items)


# --- a server that gives fewer than it is asked for


def test_pages_shorter_than_asked_for_do_not_end_the_archive(tmp_path):
    class Short(Served):
        largest = 40

    meetings, _ = agenda(BODY, 7, DEFAULT_DAY, [])
    tenant = Short(BODY, 7, DEFAULT_DAY, Month(BODY, 7, DEFAULT_DAY, big=10), meetings)
    window = Window(date(2018, 1, 1), DEFAULT_DAY)

    def answer(handler):
        told = tenant.respond(Question("GET", "https", tenant.host, handler.path, {}))
        return told.status, {"Content-Type": told.media_type}, told.body

    with serving(lambda h: (404, {}, b"") if h.path == "/robots.txt" else answer(h)) as gateway:
        client = client_for(tmp_path, gateway)
        source = source_of("kommunetv-archive.json")
        result = harvest_source(source, window, Known(), client, tmp_path / "staging", run_id="r", extractor=KommuneTv())
        client.close()
    assert result.seen["meeting"] == len(tenant.held) + tenant.tests and str(result.outcome) == "fresh"


# --- HTML: pages that were promised, rows without what names them


def test_a_page_of_360_that_its_pager_promised_must_have_rows():
    nothing = b"<html><head><title></title></head><body></body></html>"
    (follow,) = of(Request, read("360-pj-rows.html"))
    assert codes(read("360-pj-rows.html", nothing, request=follow)) == ["no_items"]
    unpromised = Request(url=follow.url, context={**SEARCHED, "place": None})
    assert read("360-pj-rows.html", nothing, request=unpromised) == []


def test_a_row_of_360_that_is_not_recognised_is_missed_by_the_pager():
    head, row, rest = text_of("360-pj-rows.html").partition('<div class="document-rows">')
    assert codes(read("360-pj-rows.html", f'{head}<div class="journal-row">{rest}'.encode())) == ["list_short"]
    assert row


@pytest.mark.parametrize(("name", "old", "new", "code"), [
    ("elements-einnsyn-list.html", "<a href", "<b title", "no_identifier"),
    ("opengov-meetings-board.html", "12.11.2026", "", "no_identifier"),
    ("opengov-meetings-meeting.html", "meetingAgendaList", "meetingAgenda2", "no_items"),
    ("opengov-cases-list.html", 'href="/Cases/TORSNUTENBYGG/Case/Details/', 'href="#', "no_items"),
    ("wfinnsyn-day-old.html", "journalpostid=2026004412", "", "no_identifier"),
    ("wfinnsyn-day.html", "journalpostid=2026004412", "", "no_identifier"),
    ("wfinnsyn-grid.html", "moteid=2808", "", "no_identifier"),
    ("wfinnsyn-grid.html", "mtm", "mtm2", "no_items"),
    ("wfinnsyn-meeting.html", 'id="div_sok_resultstable"', 'id="div_sok"', "no_items"),
    ("custompublish-journal.html", 'class="postjournal"', 'class="postliste"', "no_items"),
    ("digdem-rails-search.html", 'class="next_page" rel="next" href="', 'class="next_page" rel="next" href="http://[', "next_page_unreadable"),
])  # fmt: skip
def test_a_row_without_what_names_it_is_told(name, old, new, code):
    assert code in codes(replaced(name, (old, new)))


def test_the_old_skin_of_websak_that_turns_past_the_last_page_says_nothing_of_the_day():
    """Ten rows and no pager: one page more is asked for, and if it is empty the day still has its ten."""
    url, context = STORED["wfinnsyn-day-old.html"][2], STORED["wfinnsyn-day-old.html"][3]
    empty = b"<table class='inner-max-width'><caption>Postliste den 14.10.2026</caption><tbody></tbody></table>"
    assert of(Claim, read("wfinnsyn-day-old.html", empty, request=Request(url=url, context=context)))
    assert read("wfinnsyn-day-old.html", empty, request=Request(url=url, context={**context, "page": 2})) == []
    promised = Request(url=url, context={**context, "page": 2, "place": 10})
    assert codes(read("wfinnsyn-day-old.html", empty, request=promised)) == ["no_identifier"]


def test_a_meeting_of_the_grid_whose_day_cannot_be_read_is_kept():
    items = replaced("wfinnsyn-grid.html", (">28</a>", "></a>"))
    assert "2808" in [m.key for m in of(Meeting, items)]


def test_an_old_rails_page_that_was_promised_must_have_rows_and_cells():
    (follow,) = of(Request, read("digdem-rails-search.html"))
    bare = b'<html><head></head><body><form id="offjournal-form-postjournal"><table><tbody></tbody></table></form></body></html>'
    assert codes(read("digdem-rails-search.html", bare, request=follow)) == ["no_items"]
    short = of(
        JournalEntry, read("digdem-rails-search.html", bare.replace(b"<tbody>", b"<tbody><tr><td>2026/412-3</td><td>14.10.2026</td></tr>"))
    )
    assert [e.leftovers for e in short] == [("cells.2",)]


def test_an_item_keeps_its_key_when_only_the_title_is_known():
    """An item of OpenGov without number and identifier is known by its title: by its place it would be another once the agenda grows."""
    bare = '<li><a class="accordion"><div class="accordionTitle"><h5>%s</h5></div></a></li>'
    html = text_of("opengov-meetings-meeting.html").replace('<ul role="list">', '<ul role="list">' + bare % "Orientering", 1)
    grown = html.replace(bare % "Orientering", bare % "Befaring" + bare % "Orientering")
    before, after = ({i.title: i.key for i in of(AgendaItem, read("opengov-meetings-meeting.html", h.encode()))} for h in (html, grown))
    assert "Orientering" in before and before.items() <= after.items() and len(after) == len(before) + 1
