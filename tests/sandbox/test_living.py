"""ACOS and eInnsyn over a journal in which an entry is withdrawn, one comes late and one is moved between two looks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sandbox import days
from sandbox.acos import API
from sandbox.answers import Question
from sandbox.living import AcosInnsyn, EInnsyn
from sandbox.meetings import agenda
from sandbox.month import DAYS, Month
from tests.extractors.innsyn.months import BODY
from tests.sandbox.test_einnsyn import DEEP, check_list

DAY = days.DEFAULT_DAY


def tenant(kind):
    return kind(BODY, 7, DAY, Month(BODY, 7, DAY, big=24), agenda(BODY, 7, DAY, [])[0])


def ask(served, target: str, **more):
    answer = served.respond(Question("POST" if "body" in more else "GET", "https", served.host, target, **{"headers": {"user-agent": "Mozilla/5.0"}, **more}))
    return answer.status, json.loads(answer.body)


def einnsyn_pages(served, order: str) -> list[dict]:
    unit, since = served.settings()["unit"], DAY - timedelta(days=DAYS - 1)
    target = f"/search?entity=Journalpost&administrativEnhet={unit}&oppdatertDatoFrom={since}&oppdatertDatoTo={DAY}&sortBy=oppdatertDato&sortOrder={order}&limit=40&expand={DEEP}"
    pages = []
    while target:
        pages.append(ask(served, target)[1])
        target = pages[-1].get("next")
    return pages


def test_einnsyn_answers_fit_the_published_schema_before_and_after_and_hide_what_is_hidden():
    served, counts = tenant(EInnsyn), []
    month = served.journal
    for hidden in (month.late, month.withdrawn):
        pages = einnsyn_pages(served, "asc")
        assert all(check_list(page) >= len(page["items"]) for page in pages)
        items = [item for page in pages for item in page["items"]]
        assert [i["id"] for page in einnsyn_pages(served, "desc") for i in page["items"]] == [i["id"] for i in items][::-1]
        moments = [i["oppdatertDato"] for i in items]
        assert moments == sorted(moments) and {i["id"] for i in items} == {served.entry_key(t.index) for t in month.truth()}
        assert ask(served, f"/journalpost/{served.entry_key(hidden)}")[0] == 404
        counts.append(len(items))
        cases = {i["id"]: i["saksmappe"]["saksnummer"] for i in items}
        assert cases[served.entry_key(month.moved)] == month.case_number(month.case_of(month.moved)[0])
        month.move_on()
    assert counts[0] == counts[1] == len(month) - 1
    published = {i["id"]: i["oppdatertDato"] for i in items}
    assert all(published[served.entry_key(i)].startswith(str(DAY)) for i in (month.late, month.moved))


@pytest.mark.parametrize("has_moved_on", [False, True])
def test_acos_lists_and_cases_hide_what_is_hidden_and_move_what_is_moved(has_moved_on):
    served = tenant(AcosInnsyn)
    month = served.journal
    if has_moved_on:
        month.move_on()
    headers = {"user-agent": "Mozilla/5.0", "cookie": "ASP.NET_SessionId=x", "x-anti-csrf": "1", "portalid": str(served.portal),
               "menypunktid": str(served.menu[0]), "content-type": "application/json"}  # fmt: skip
    listed: dict[str, str] = {}
    for page in range(1, 9):
        pairs = [{"key": "FilterContent", "value": "DocOnly"}, {"key": "page", "value": str(page)}, {"key": "pageSize", "value": "50"}]
        _, answer = ask(served, f"{API}/overview", headers=headers, body=json.dumps({"type": 0, "keyValues": pairs}).encode())
        listed |= {item["identifier"]: item["parentIdentifier"] for item in answer["content"]["searchItems"]["items"]}
    assert set(listed) == {served.entry_key(t.index) for t in month.truth() if month.is_listed(t.index)}
    in_cases = set()
    for case in set(listed.values()):
        in_cases |= {d["identifikator"] for d in ask(served, f"{API}/details/{case}")[1]["content"]["sak"]["dokumenter"]}
    assert in_cases == {served.entry_key(t.index) for t in month.truth()}
    assert listed.get(served.entry_key(month.moved), served.case_key(month.case_of(month.moved)[0])) == served.case_key(month.case_of(month.moved)[0])
    shown, hidden = (month.late, month.withdrawn) if has_moved_on else (month.withdrawn, month.late)
    assert [ask(served, f"{API}/dokument/{served.entry_key(i)}")[0] for i in (shown, hidden)] == [200, 404]
