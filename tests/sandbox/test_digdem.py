"""Digdem's services: what must be sent to the byte, what is refused and how, and which cell of the old portals says what."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from sandbox import days, graphql
from sandbox.answers import Question
from sandbox.digdem import Digdem, LocalDigdem
from sandbox.digdem_rails import DailyRails, DigdemRails, FrontRails, NarrowRails
from sandbox.innsynsportal import Innsynsportal, LeakingPortal
from sandbox.meetings import agenda
from sandbox.month import BIG_AGE, Month
from tests.extractors.innsyn.months import BODY

DAY = days.DEFAULT_DAY
BIG_DAY = (DAY - timedelta(days=BIG_AGE)).isoformat()
JSON = {"content-type": "application/json"}
TYPED = "{ id name __typename }"


def tenant_of(kind, big=150):
    return kind(BODY, 7, DAY, Month(BODY, 7, DAY, big=big), agenda(BODY, 7, DAY, [("Register for gaver", "Registeret er åpent.")])[0])


@pytest.fixture(scope="module")
def portal():
    return tenant_of(Innsynsportal)


@pytest.fixture(scope="module")
def asker():
    return tenant_of(LeakingPortal)


@pytest.fixture(scope="module")
def calendar():
    return tenant_of(Digdem)


def post(served, operation, variables, text=None, **headers):
    body = {"operationName": operation, "variables": variables, "query": text or graphql.text_of(operation)}
    return served.respond(Question("POST", "https", served.host, "/graphql", JSON | headers, json.dumps(body).encode()))


def told(answer):
    return json.loads(answer.body)


def said_of(answer):
    """Status, message and code of a refusal."""
    (error,) = told(answer)["errors"]
    return answer.status, error["message"], error["extensions"]["code"]


def journal(served, *, limit=100, proceedings=None, of_case=None, **where):
    key = served.lists["Postliste"]
    between = {"journalFromDate": BIG_DAY, "journalToDate": BIG_DAY, "departmentIdIn": None}
    cases = {"listId": key, "typeIdIn": None, "year": None, "fromDate": BIG_DAY, "toDate": BIG_DAY, "departmentIdIn": None, "sequenceNumber": None}
    return {"proceedingsLimit": 1, "proceedingsOrderBy": "date_DESC", "proceedingsWhere": cases | (proceedings or {}), "journalsLimit": limit,
            "journalsOrderBy": "journalDate_DESC", "journalsWhere": {"listId": key, **between, **where}, "journalDocumentsWhere": {"listId": key},
            "journalProceedingWhere": {"typeIdIn": of_case}, "includeCount": True}  # fmt: skip


def test_a_text_that_differs_by_a_space_a_line_or_a_typename_is_refused_under_200(portal, calendar):
    text, variables = graphql.text_of("SearchPostJournal"), journal(portal)
    assert len(told(post(portal, "SearchPostJournal", variables))["data"]["journals"]["nodes"]) == 100
    for other in (f"\n{text}", f"{text}\n", text.replace("  id\n", "   id\n", 1), text.replace("      __typename\n", "", 1), text.replace("\n", "\r\n")):
        assert said_of(post(portal, "SearchPostJournal", variables, other)) == (200, "Innsyn er oppdatert, last siden på ny", "INTERNAL_SERVER_ERROR")
    assert said_of(post(calendar, "ModalMeeting", {"id": "x"}, graphql.text_of("ModalMeeting").replace("synced", "synced ")))[0] == 200


def test_what_else_is_refused_and_how(portal):
    assert said_of(post(portal, "SearchPostJournal", journal(portal, limit=101)))[:2] == (200, "Too large limit")
    status, message, code = said_of(post(portal, "SearchPostJournal", journal(portal, journalFromDate="2026-11-12T00:00:00Z")))
    assert (status, code) == (400, "BAD_USER_INPUT") and "Date cannot represent" in message
    missing = {k: v for k, v in journal(portal).items() if k != "journalsLimit"}
    assert said_of(post(portal, "SearchPostJournal", missing))[:2] == (400, 'Variable "$journalsLimit" of required type "Int!" was not provided.')
    assert said_of(post(portal, "", {}, "{ __schema { types { name } } }"))[2] == "GRAPHQL_VALIDATION_FAILED"
    assert said_of(post(portal, "x", {}, "query x { lists "))[:2] == (400, "Syntax Error: Unexpected <EOF>.")
    said = journal(portal)
    assert said_of(post(portal, "SearchPostJournal", said, **{"content-type": "text/plain"}))[1].startswith("This operation has been blocked")
    assert post(portal, "SearchPostJournal", said, **{"content-type": "text/plain", "apollo-require-preflight": "true"}).status == 200
    assert portal.respond(Question("GET", "https", portal.host, "/graphql", {})).status == 400


def test_operations_known_by_name_only_take_any_text_with_typenames(calendar):
    bare = "query CommissionNames($where: W) { commissions(where: $where) { id name } }"
    assert said_of(post(calendar, "CommissionNames", {"where": {}}, bare))[0] == 200
    names = told(post(calendar, "CommissionNames", {"where": {}}, f"query CommissionNames($where: W) {{ commissions(where: $where) {TYPED} }}"))
    assert [c["name"] for c in names["data"]["commissions"]][:2] == ["Kommunestyret", "Formannskapet"]
    month = "query GetMonthMeetings($where: MeetingListWhere) { found: meetings(where: $where) { id date lastDocumentUpdate commission { code __typename } __typename } }"
    found = told(post(calendar, "GetMonthMeetings", {"where": {"date_gt": "2026-11-01T00:00:00.000Z", "date_lt": "2026-11-30T00:00:00.000Z"}}, month))["data"]["found"]
    assert found and all(set(meeting) == {"id", "date", "lastDocumentUpdate", "commission", "__typename"} for meeting in found)


def test_a_day_of_more_than_a_hundred_comes_by_department_type_and_type_of_case(portal):
    found = told(post(portal, "SearchPostJournal", journal(portal)))["data"]["journals"]
    assert (found["totalCount"], len(found["nodes"])) == (150, 100)
    assert set(found["nodes"][0]) == set(re.findall(r"^  (\w+)", graphql.text_of("SearchPostJournal").split("fragment JournalResult")[1], re.M))
    units, types, of_cases = ({get(n)["id"] for n in found["nodes"]} for get in (lambda n: n["department"], lambda n: n["type"], lambda n: n["proceeding"]["type"]))

    def counted(**asked):
        return told(post(portal, "SearchPostJournal", journal(portal, **asked)))["data"]["journals"]["totalCount"]

    assert sum(counted(departmentIdIn=[u]) for u in units) == sum(counted(typeIdIn=[t]) for t in types) == sum(counted(of_case=[c]) for c in of_cases) == 150
    assert counted(typeIdIn=[], departmentIdIn=[], subArchiveId="") == 150
    assert counted(listId=portal.lists["Byggesaker"]) == counted(of_case=[n["proceeding"]["type"]["id"] for n in found["nodes"] if n["proceeding"]["type"]["name"] == "Byggesak"][:1])
    assert 0 < counted(search="klage") < 150 and counted(listId="x") == 0


def test_the_list_of_cases_leaks_at_asker_and_its_count_does_not(portal, asker):
    leaked, right = (told(post(served, "SearchPostJournal", journal(served) | {"proceedingsLimit": 100}))["data"]["proceedings"] for served in (asker, portal))
    assert leaked["totalCount"] == right["totalCount"] == len(right["nodes"])
    assert {n["date"][:10] for n in right["nodes"]} == {BIG_DAY} < {n["date"][:10] for n in leaked["nodes"]}
    number = right["nodes"][0]["sequenceNumber"]
    one = told(post(portal, "SearchPostJournal", journal(portal, proceedings={"sequenceNumber": number, "fromDate": None, "toDate": None})))["data"]["proceedings"]
    assert [n["sequenceNumber"] for n in one["nodes"]] == [number]


def test_files_are_given_only_where_nothing_is_classified(portal, calendar):
    nodes = told(post(portal, "SearchPostJournal", journal(portal)))["data"]["journals"]["nodes"]
    statuses = {(d["classified"], portal.respond(Question("GET", "https", portal.host, f"/file/{d['id']}", {})).status) for n in nodes for d in n["documents"]}
    assert statuses == {(False, 200), (True, 403)}
    assert portal.respond(Question("GET", "https", portal.host, f"/file/{nodes[0]['id']}", {})).status == 404
    assert any("*****" in n["title"] for n in nodes if n["classified"])
    listed = told(post(calendar, "GetYearMeetings", {"where": {"searchTerm": "", "date_gt": "2026-01-01T00:00:00.000Z", "date_lt": "2027-01-01T00:00:00.000Z"}}))["data"]["meetings"]
    assert [m["published"] for m in listed][-1] is False and listed == sorted(listed, key=lambda m: m["date"])
    shown = [told(post(calendar, "ModalMeeting", {"id": m["id"]}))["data"]["meeting"] for m in listed]
    assert shown[-1] is None and all(m["location"] for m in shown[:-1])
    documents = [d for m in shown[:-1] for d in (*m["documents"], *(d for p in m["proceedings"] for d in p["documents"]))]
    assert {(d["classified"], calendar.respond(Question("GET", "https", calendar.host, f"/api/doc/{d['id']}", {})).status) for d in documents} <= {(False, 200), (True, 403)}
    assert "Saksprotokoll" in {d["title"] for d in documents}


def test_the_same_hour_is_written_in_two_ways_and_a_browser_finds_it_in_its_store(calendar):
    local = tenant_of(LocalDigdem)
    place = len(calendar.meetings) - 2
    meeting = calendar.meetings[place]
    texts = [served.respond(Question("GET", "https", served.host, "/motekalender", {})).body.decode() for served in (calendar, local)]
    stores = [json.loads(re.search(r"extract:function\(\)\{return (.*?)\}\}\};</script>", text)[1]) for text in texts]
    written = [store[f"Meeting:{calendar.meeting_key(place)}"]["date"] for store in stores]
    assert written == [days.utc(meeting.day, meeting.hour).replace("Z", ".000Z"), f"{meeting.day}T{meeting.hour:02d}:00:00.000Z"]
    reference = stores[0][f"Meeting:{calendar.meeting_key(place)}"]["commission"]["__ref"]
    assert stores[0][reference]["name"] == meeting.committee_name


def test_the_old_portals_put_each_thing_in_its_cell():
    def page(kind, target):
        return tenant_of(kind).respond(Question("GET", "https", "x", target, {}))

    def cells(text, start):
        row = next(r for r in re.findall(r"<tr>(.*?)</tr>", text[text.index(start) :], re.S) if re.search(r"\d{4}/\d+-\d+", r))
        return re.findall(r"<td>(.*?)</td>", row, re.S)

    asked = f"/postjournal/search?enhet=&from_date={BIG_DAY}&to_date={BIG_DAY}&sort=jdato&direction=desc&ndoktype=&page=%d&query="
    dotted = days.dotted(DAY - timedelta(days=BIG_AGE))
    wide, narrow = (cells(page(kind, asked % 1).body.decode(), "offjournal-form-postjournal") for kind in (DigdemRails, NarrowRails))
    assert (len(wide), len(narrow), wide[1], narrow[1]) == (11, 9, dotted, dotted)
    assert "data-content" in wide[10] and "Enhet:" in wide[10] and all(label in narrow[8] for label in ("Datert:", "Type:", "Saksbehandler:", "Enhet:"))
    last = page(DigdemRails, asked % 5).body.decode()
    assert last.count("<tr>") - 1 == 30 and 'class="next_page disabled"' in last and "next_page" not in page(DigdemRails, asked.replace(BIG_DAY, DAY.isoformat()) % 1).body.decode()
    daily, front = page(DailyRails, f"/postjournal?date={dotted}").body.decode(), page(FrontRails, f"/?date={dotted}").body.decode()
    assert len(cells(daily, "journals_wrapper")) == 8 and 'li class="next"' in daily
    assert len(cells(front, "<body>")) == 7 and front.count("<table>") == 2
    assert page(DailyRails, "/postjournal?date=2026-11-12").status == 500
