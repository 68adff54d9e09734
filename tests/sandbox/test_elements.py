"""Elements Publikum and the old eInnsyn: what a call must carry, what is answered to a wrong one, and what stands in which cell."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from sandbox import days
from sandbox.answers import Question
from sandbox.elements import ASKED, CAP, Elements, RefusingElements
from sandbox.elements_einnsyn import ElementsEInnsyn
from sandbox.meetings import agenda
from sandbox.month import BIG_AGE, Month
from sandbox.world import answers_of
from tests.extractors.innsyn.months import BODY

DAY = days.DEFAULT_DAY
BIG_DAY = (DAY - timedelta(days=BIG_AGE)).isoformat()
API = "/publikum/api/"


def tenant_of(kind, big=5_120):
    month = Month(BODY, 7, DAY, big=big)
    return kind(BODY, 7, DAY, month, agenda(BODY, 7, DAY, [])[0])


@pytest.fixture(scope="module")
def publikum():
    return tenant_of(Elements)


def ask(served, target, **headers):
    given = {"tenant": served.tenant, "accept": "application/json"} | headers
    return answers_of([served])(Question("GET", "https", served.host, target, {k: v for k, v in given.items() if v}))


def entries(**changed):
    asked = {"Query": "", "OrderBy": "DATE", "SortOrder": "1", "DateFrom": BIG_DAY, "DateTo": BIG_DAY, "IncludeCases": "false",
             "IncludeCaseWorker": "false", "IncludeSenderRecipient": "false", "Skips": "[]"} | changed  # fmt: skip
    return f"{API}PredefinedQuery/CasesAndRegistryEntries?{urlencode({k: v for k, v in asked.items() if v is not None})}"


def told(answer):
    return json.loads(answer.body)


def test_what_is_wrong_is_answered_200_with_the_applications_page(publikum):
    wrong = [ask(publikum, entries(), tenant=""), ask(publikum, entries(), tenant=BODY.orgnr), ask(publikum, f"{API}Dmbs"),
             ask(publikum, f"{API}PredefinedQuery/DmbMeetings"), *(ask(publikum, entries(**{name: None})) for name in ASKED)]  # fmt: skip
    assert {(a.status, a.media_type) for a in wrong} == {(200, "text/html; charset=utf-8")}
    assert ask(publikum, entries()).media_type.startswith("application/json")


def test_the_count_ends_at_5000_and_a_day_of_5120_comes_whole_by_type(publikum):
    whole = told(ask(publikum, entries()))
    assert (whole["TotalCount"], len(whole["Items"])) == (CAP, CAP)
    assert set(whole["Items"][0]) == {
        "JP_ID",
        "JP_NDOKTYPE_ND",
        "ND_BETEGN",
        "SA_SAKSNR_XX",
        "JP_AVSMOT_G",
        "JP_DOKDATO",
        "JP_JDATO",
        "JP_INNHOLD_G",
    }
    by_type = [told(ask(publikum, entries(RegistryEntryTypeId=letter))) for letter in "IUXNS"]
    assert sum(a["TotalCount"] for a in by_type) == 5_120 == len({i["JP_ID"] for a in by_type for i in a["Items"]})
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T00:00:00", whole["Items"][0]["JP_JDATO"])
    searched = told(ask(publikum, entries(Query="klage")))
    assert 0 < searched["TotalCount"] < CAP and all("klage" in i["JP_INNHOLD_G"].lower() for i in searched["Items"])


def test_a_meeting_its_papers_and_its_items(publikum):
    meetings = told(ask(publikum, f"{API}PredefinedQuery/DmbMeetings?year={DAY.year}"))
    meeting = next(m for m in meetings if m["MO_START"][:10] < DAY.isoformat() and (m["MO_ID"] - 1201) % 4 != 3)
    number, database = meeting["MO_ID"], meeting["Database"]
    assert (
        told(ask(publikum, f"{API}PredefinedQuery/DmbMeetings?year={DAY.year}&dmbName={meeting['UT_ID']}"))[0]["UT_ID"] == meeting["UT_ID"]
    )
    papers = told(ask(publikum, f"{API}Meetings/{number}"))["MeetingDocuments"]
    assert [p["DmbDocumentTypeId"] for p in papers] == ["MI", "MP"]
    # Files lie beside api, need no header, and are gone when withdrawn.
    file = f"/publikum/Documents/ShowMeetingDocument/{database}/{number}/MP/{papers[1]['Id']}"
    assert ask(publikum, file, tenant="").media_type == "application/pdf"
    assert ask(publikum, file.replace("/MP/", "/SP/")).status == 404
    item = told(ask(publikum, f"{API}DmbHandlings/GetByMeetingId/{number}"))[0]
    assert item["RegistryEntry"] is None and item["MeetingCaseTypeId"] in ("PS", "RS", "OS", "FO") and item["Year"] == DAY.year
    details = told(ask(publikum, f"{API}DmbHandlings/{item['Id']}"))
    entry = details["RegistryEntry"]
    document = entry["Documents"][0]["DocumentDescription"]["Id"]
    assert ask(publikum, f"/publikum/Documents/ShowDocument/{database}/{entry['Id']}/{document}", tenant="").status == 200
    assert ask(publikum, f"{API}Meetings/99999").status == 404


def test_a_case_leads_to_its_entries_and_one_host_turns_robots_away(publikum):
    number = told(ask(publikum, entries()))["Items"][0]["JP_ID"]
    entry = told(ask(publikum, f"{API}RegistryEntries/{number}"))
    case = told(ask(publikum, f"{API}Cases/{entry['Case']['Id']}"))
    assert number in [e["Id"] for e in case["RegistryEntries"]] and entry["Documents"][0]["IsMainDocument"]
    assert b"Allow: /" in ask(publikum, "/robots.txt").body
    assert b"Disallow: /\n" in ask(tenant_of(RefusingElements, big=10), "/robots.txt").body


def test_the_old_form_wants_to_be_posted_and_details_stand_on_the_entrys_page():
    old = tenant_of(ElementsEInnsyn, big=10)
    form = "application/x-www-form-urlencoded"

    def post(media_type=form, **fields):
        body = urlencode(fields).encode()
        return old.respond(Question("POST", "https", old.host, "/eInnsyn/", {"content-type": media_type}, body)).body.decode()

    day = days.dotted(DAY - timedelta(days=BIG_AGE))
    found = post(FromDate=day, ToDate=day)
    links = re.findall(r'content-description"><a href="([^"]+)"', found)
    assert len(links) == 10 == found.count("tdRegistryCasenummer")
    # ISO dates, JSON or nothing at all: the start page comes as if nothing had been asked.
    assert all(
        "itemListView" not in page
        for page in (post(FromDate=BIG_DAY, ToDate=BIG_DAY), post("application/json", FromDate=day, ToDate=day), post())
    )
    page = old.respond(Question("GET", "https", old.host, links[0], {})).body.decode()
    assert page.count("detailsmetadatablock") == 2 and "Avsender" in page and 'class="td-documenttype"' in page
    assert old.respond(Question("GET", "https", old.host, "/eInnsyn/RegistryEntry/Details?registryEntryId=1", {})).status == 404
