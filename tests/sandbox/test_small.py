"""The servers of the platforms few bodies use: what others' clients lean on, and what goes wrong in silence."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from sandbox import days
from sandbox.answers import Answer, Question
from sandbox.bergen import CASES, POLITICS, Bergen
from sandbox.custompublish import CustomPublish
from sandbox.firstagenda import COOKIE, FirstAgenda
from sandbox.kommunetv import KommuneTv
from sandbox.meetings import agenda
from sandbox.month import BIG_AGE, EMPTY_AGE, Month
from sandbox.postliste_json import PostlisteJson
from tests.extractors.innsyn.months import BODY

DAY = days.DEFAULT_DAY
BIG, EMPTY = DAY - timedelta(days=BIG_AGE), DAY - timedelta(days=EMPTY_AGE)


@pytest.fixture(scope="module")
def month():
    return Month(BODY, 7, DAY, big=64)


def tenant(kind, month):
    return kind(BODY, 7, DAY, month, agenda(BODY, 7, DAY, [])[0])


def ask(tenant, target: str, **headers: str) -> Answer:
    return tenant.respond(Question("GET", "https", tenant.host, target, headers))


def test_api_postliste_has_a_mark_null_parties_and_leaves_empty_days_out(month):
    served = tenant(PostlisteJson, month)
    answer = ask(served, f"/api/postliste/{BIG}/{BIG}/_/")
    assert answer.body.startswith(b"\xef\xbb\xbf{")
    (of_day,) = json.loads(answer.body.decode("utf-8-sig"))["response"].values()
    entries = [e for listed in of_day.values() for e in listed]
    assert len(entries) == 64 and all(e["Avsendere"] == [None] for e in of_day["U"]) and all(e["Mottakere"] == [None] for e in of_day["I"])
    assert {"Dokumenter" in e for e in entries} == {True, False} and "@epost.example" in answer.body.decode()
    assert json.loads(ask(served, f"/api/postliste/{EMPTY}/{EMPTY}").body.decode("utf-8-sig"))["response"] == {}
    assert ask(served, "/api/postliste/12.04.2018/13.04.2018/").status == 400


def test_the_journal_module_gives_the_newest_day_when_it_is_not_asked_as_it_wants(month):
    served = tenant(CustomPublish, month)
    html = ask(served, f"/?cat={served.category}&pjdate={days.dotted(BIG)}&pjsokdato=1").body.decode()
    assert html.count('class="postjournaldetaljer"') == 64
    # What a reader by position finds: the date is the third piece of the line, then label and name.
    pieces = re.search(r'fratil">(\s*)<b>([^<]*)</b>([^<]*)<b>([^<]*)</b>([^<]*)</div>', html)
    assert pieces and pieces[3].strip() == days.dotted(BIG) and pieces[4] in ("Avsendar:", "Mottakar:")
    for query in (f"/?cat={served.category}&pjdate={days.dotted(BIG)}", f"/?cat={served.category}&pjdate={BIG}&pjsokdato=1"):
        assert f'value="{days.dotted(DAY)}"' in ask(served, query).body.decode()
    assert "<tr>" not in ask(served, f"/?cat={served.category}&pjdate={days.dotted(EMPTY)}&pjsokdato=1").body.decode()


def test_bergen_answers_a_composite_identifier_with_500_and_gives_a_file_to_whoever_comes_from_its_case(month):
    served = tenant(Bergen, month)
    cases = json.loads(ask(served, f"{CASES}/saker?tekst=%22BYGG-202%22&rows=400&orderBy=statusDato&asc=false").body)
    moved = [c["statusDato"] for c in cases["items"]]
    assert len(moved) == cases["numTotal"] and moved == sorted(moved, reverse=True) and all(m % 3_600_000 == 0 for m in moved)
    assert len(json.loads(ask(served, f"{CASES}/saker?tekst=&orderBy=statusDato").body)["items"]) == 10
    first = json.loads(ask(served, f"{POLITICS}/allemoter").body)
    meeting = next(iter(first.values()))[0]
    assert (
        ask(served, f"{POLITICS}/moter/{meeting['id']}").status == 500
        and ask(served, f"{POLITICS}/moter/{meeting['kildeId']}").status == 200
    )
    items = json.loads(ask(served, f"{POLITICS}/agendapunkter?tittel=&utvalgId={meeting['utvalgId']}&year={DAY.year}&start=1&rows=1").body)
    assert len(items["items"]) == 1 < items["numTotal"]
    index = next(i for i in range(len(month)) if month.is_shown(i) and month.entry(i).is_open)
    path = f"{CASES}/fil/{served.entry_key(index)}/{5_200_000 + index}/SOK_ 1_pdf".replace(" ", "%20")
    assert ask(served, path).status == 403


def test_firstagenda_sends_whoever_has_no_cookie_in_a_circle(month):
    served = tenant(FirstAgenda, month)
    circle = ask(served, "/api/agenda/udvalgsliste")
    assert (circle.status, dict(circle.headers)["Location"]) == (302, "/api/agenda/udvalgsliste")
    front = ask(served, "/")
    sign_in = ask(served, dict(front.headers)["Location"])
    assert front.status == sign_in.status == 302 and dict(sign_in.headers)["Location"] == served.home
    cookie = dict(sign_in.headers)["Set-Cookie"].partition(";")[0]
    listed = json.loads(ask(served, "/api/agenda/udvalgsliste", cookie=cookie).body)["Udvalg"]
    meeting = next(c["Moeder"][0] for c in listed["Valgperioden 2023-2027"] if c["Moeder"])
    answer = json.loads(ask(served, f"/api/agenda/dagsorden/{meeting['Id']}?request.select={{}}", cookie=cookie).body)
    assert cookie.startswith(COOKIE) and answer["Id"] == meeting["Id"] != answer["Moede"]["Id"] and answer["Dagsordenpunkter"]
    assert ask(served, f"/Vis/Pdf/bilag/{answer['Dagsordenpunkter'][0]['Bilag'][0]['Id']}", cookie=cookie).body.startswith(b"%PDF")
    assert ask(served, "/api/agenda/dagsorden/00000000-0000-0000-0000-000000000000", cookie=cookie).status == 500


def test_kommunetv_pages_its_archive_newest_first_and_names_the_films(month):
    served = tenant(KommuneTv, month)
    pages = [json.loads(ask(served, f"/api/search?type=Archive&page={page}&pageSize=100").body) for page in (1, 2, 3)]
    recordings = [r for page in pages for r in page["data"]]
    assert len(recordings) == pages[0]["total"] > 100 and pages[2]["data"] == []
    assert recordings == sorted(recordings, key=lambda r: r["date"], reverse=True)
    cameras = json.loads(ask(served, f"/api/streams/playlists?streamType=1&id={recordings[0]['id']}").body)
    assert "wowzaplayduration=" in cameras[0]["playlist"][0]["file"]
    played = json.loads(ask(served, f"/api/streams?streamType=1&id={recordings[0]['id']}").body)
    assert played["stream"]["title"] and played["playlist"] == cameras
