"""The servers of Public 360: what others' clients lean on, and what goes wrong in silence."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from sandbox import days
from sandbox.answers import Question
from sandbox.meetings import agenda
from sandbox.month import BIG_AGE, EMPTY_AGE, Month
from sandbox.opengov import OpenGovCases, OpenGovMeetings
from sandbox.p360 import P360
from sandbox.world import answers_of
from tests.extractors.innsyn.months import BODY

DAY = days.DEFAULT_DAY


@pytest.fixture(scope="module")
def month():
    return Month(BODY, 7, DAY, big=64)


def tenant(kind, month):
    return kind(BODY, 7, DAY, month, agenda(BODY, 7, DAY, [])[0])


def ask(tenant, path):
    answer = answers_of([tenant])(Question("GET", "https", tenant.host, path, {}))
    return answer.status, answer.body.decode()


def offsets(html: str) -> list[int]:
    return [int(o) for o in re.findall(r'href="/Journal/Search/[^"]*offset=(\d+)"', html)]


def test_the_journal_writes_ten_a_page_newest_first_and_its_pager_leads_to_the_end(month):
    served = tenant(P360, month)
    big = f"{DAY - timedelta(days=BIG_AGE):%d.%m.%Y}"
    status, html = ask(served, f"/Journal/Search/?querytype=and&FromDate={big}&ToDate={big}&offset=1")
    assert status == 200 and html.count('class="document-rows"') == 10 and "<title></title>" in html
    assert "›" in html and max(offsets(html)) == 60
    read = []
    for offset in range(0, 70, 10):
        read += re.findall(
            r"documentNumber=\d+\">([^<]+)</a>", ask(served, f"/Journal/Search/?FromDate={big}&ToDate={big}&offset={offset}")[1]
        )
    assert len(read) == len(set(read)) == 64
    everything = ask(served, "/Journal/Search/?querytype=and&offset=0")[1]
    assert f"<dd>{DAY:%d.%m.%Y}</dd>" in everything
    assert (
        "document-rows"
        not in ask(
            served,
            f"/Journal/Search/?FromDate={DAY - timedelta(days=EMPTY_AGE):%d.%m.%Y}&ToDate={DAY - timedelta(days=EMPTY_AGE):%d.%m.%Y}",
        )[1]
    )
    assert ask(served, "/Journal/Search/?FromDate=2026-11-01")[0] == 500


def test_private_parties_are_marked_and_closed_documents_have_a_button_and_no_file(month):
    served = tenant(P360, month)
    html = ask(served, "/Journal/Search/?querytype=and&offset=0")[1] + ask(served, "/Journal/Search/?querytype=and&offset=10")[1]
    assert "<pnavn>" in html and "Be om innsyn" in html and 'class="data-permitted"' in html
    for row in html.split('<div class="document-rows">')[1:]:
        assert ("Be om innsyn" in row) != ("openFile(" in row)
    file = re.search(r"openFile\('([^']+)'", html)
    assert file and ask_bytes(served, file[1]).startswith(b"%PDF")


def ask_bytes(tenant, path):
    return tenant.respond(Question("GET", "https", tenant.host, path, {})).body


def test_an_unknown_slug_is_500_and_a_known_one_is_found_in_any_capitals(month):
    served = tenant(OpenGovMeetings, month)
    assert ask(served, "/Meetings/FINNESIKKE")[0] == 500 and ask(served, "/robots.txt")[0] == 404
    assert ask(served, "/meetings/manedsby/Boards")[0] == 200
    assert ask(served, f"{served.root}/Meetings/Details/1")[0] == 500


def test_meetings_are_announced_without_a_link_before_their_agenda_is_published(month):
    served = tenant(OpenGovMeetings, month)
    pages = [
        ask(served, f"{served.root}/Boards/Details/{board}?Year=2026")[1]
        for board in re.findall(r"Boards/Details/(\d+)", ask(served, f"{served.root}/Boards")[1])
    ]
    assert sum(p.count("unpublishedMeeting") for p in pages) == 1 and sum(p.count("Ikke publisert") for p in pages) == 1
    assert "M&#248;te" in ask(served, f"{served.root}/Meetings/Details/640001")[1]
    assert "M&#248;te" not in ask(served, f"{served.root}/Meetings/LoadAgendaItemDetail/210100")[1].split("</ul>")[1]


def test_a_search_by_case_type_silently_shows_two_months_only(month):
    old = Month(BODY, 7, DAY + timedelta(days=90), big=64)
    served = OpenGovCases(BODY, 7, DAY + timedelta(days=90), old, ())
    later = OpenGovCases(BODY, 7, DAY + timedelta(days=160), old, ())
    assert (
        ask(served, f"{served.root}?casetypeid=99001")[1].count("_casefilter")
        == ask(served, f"{served.root}?q=BYGG-")[1].count("_casefilter")
        > 0
    )
    assert (
        ask(later, f"{later.root}?casetypeid=99001")[1].count("_casefilter")
        == 0
        < ask(later, f"{later.root}?q=bygg")[1].count("_casefilter")
    )
    case = re.search(r"Case/Details/(\d+)", ask(served, f"{served.root}?q=BYGG-")[1])
    page = ask(served, f"{served.root}/Case/Details/{case[1]}")[1]
    assert "caseDocument_" in page and "Tilgangskode" in page and "caseDetailsAside" in page
