"""The registers of the sandbox answer as the real ones do, traps included."""

from __future__ import annotations

import json

import pytest

from sandbox.answers import Answer, Question
from sandbox.bodies import all_bodies
from sandbox.days import DEFAULT_DAY
from sandbox.doffin import CONTACT
from sandbox.registers import Registers

BODIES = [b for b in all_bodies(7) if b.platforms][:4]
KEY = {"ocp-apim-subscription-key": "en-nokkel"}


@pytest.fixture
def registers() -> Registers:
    return Registers(BODIES, DEFAULT_DAY)


def ask(registers: Registers, url: str, headers: dict[str, str] | None = None) -> Answer:
    host, _, target = url.removeprefix("https://").partition("/")
    return registers.respond(Question("GET", "https", host, f"/{target}", headers or {}))


def told(answer: Answer):
    return json.loads(answer.body)


def test_the_register_of_units_pages_hides_the_deleted_and_has_no_list_when_it_is_empty(registers):
    root = registers.brreg.home
    page = told(ask(registers, f"{root}enheter?organisasjonsform=KOMM&size=3&page=1"))
    assert page["page"] == {"size": 3, "totalElements": 4, "totalPages": 2, "number": 1} and len(page["_embedded"]["enheter"]) == 1
    assert "http://localhost/" in told(ask(registers, f"{root}enheter?organisasjonsform=KOMM&size=3"))["_links"]["next"]["href"]
    assert "_embedded" not in told(ask(registers, f"{root}enheter?organisasjonsform=ASA"))
    assert ask(registers, f"{root}enheter?size=1000&page=10").status == 400
    deleted, removed = registers.brreg.units[-2:]
    assert told(ask(registers, f"{root}enheter/{deleted.number}"))["slettedato"] == str(deleted.deleted)
    assert ask(registers, f"{root}enheter/{removed.number}").status == 410
    assert [ask(registers, f"{root}enheter/{number}").status for number in ("999999999", "12")] == [404, 400]


def test_changes_come_oldest_first_and_go_on_from_an_identifier(registers):
    root = f"{registers.brreg.home}oppdateringer/enheter"
    events = told(ask(registers, f"{root}?dato={DEFAULT_DAY}T00:00:00.000Z&size=10000"))["_embedded"]["oppdaterteEnheter"]
    identities = [e["oppdateringsid"] for e in events]
    assert identities == sorted(identities) and {e["dato"][:10] for e in events} == {str(DEFAULT_DAY)}
    assert "_embedded" not in told(ask(registers, f"{root}?oppdateringsid={identities[-1] + 1}&size=10000"))


def test_klass_gives_xml_unless_json_is_asked_for_and_a_day_is_needed(registers):
    root = f"{registers.ssb.klass}classifications/131/"
    assert ask(registers, f"{root}codesAt?date=2026-01-01").media_type.startswith("application/xml")
    assert ask(registers, f"{root}codesAt.json").status == 400
    assert told(ask(registers, f"{root}codesAt.json?date=2026-01-01"))["codes"][-1]["code"] == "9999"
    assert told(ask(registers, f"{root}changes.json?from=2019-01-01&to=2020-01-01")) == {"codeChanges": []}


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("tables/1/metadata", 400, {"type": "Parameter error", "title": "Non-existent table", "status": 404}),
        ("tables/12134/data?valuecodes[ContentsCode]=x", 400, {"type": "Parameter error", "title": "Missing selection for mandantory variable", "status": 400}),
        ("tables/12134/data?valuecodes[KOKkommuneregion0000]=0000&valuecodes[ContentsCode]=KOSAG110000&valuecodes[Tid]=2024", 400,
         {"type": "Parameter error", "title": "Non-existent value", "status": 400}),
        (f"tables/12134/data?valuecodes[KOKkommuneregion0000]={','.join(['9071'] * 900)}", 404, None),
    ],
)  # fmt: skip
def test_tables_refuse_as_the_statbank_does(registers, query, status, said):
    answer = ask(registers, registers.ssb.tables + query)
    assert answer.status == status
    assert told(answer) == said if said else answer.body.startswith(b"<!DOCTYPE html")


def test_doffin_wants_a_key_shows_a_thousand_hits_and_loses_patience(registers):
    search = f"{registers.doffin.home}search?numHitsPerPage=100"
    assert [ask(registers, search, h).status for h in ({}, {"ocp-apim-subscription-key": "feil"}, KEY)] == [401, 401, 200]
    counted = json.loads(ask(registers, search, KEY).body, strict=False)
    assert counted["numHitsTotal"] > counted["numHitsAccessible"] == 1000
    with pytest.raises(json.JSONDecodeError):
        json.loads(ask(registers, search, KEY).body)
    assert [ask(registers, f"{search}{more}", KEY).status for more in ("&page=11", "&buyer=1", "0")] == [400, 400, 400]
    result = next(n for n in registers.doffin.notices if n.is_ours and n.kind == "RESULT")
    assert CONTACT.encode() in ask(registers, f"{registers.doffin.home}download/{result.key}", KEY).body
    statuses = [ask(registers, search, KEY) for _ in range(30)]
    assert [dict(a.headers).get("Retry-After") for a in statuses if a.status == 429] == ["10"]


def test_names_that_are_not_there_are_null_and_an_old_name_redirects(registers):
    (county,) = told(ask(registers, f"{registers.kommuneinfo.home}fylkerkommuner"))
    assert county["kommuner"][0]["gyldigeNavn"][-1] == {"navn": None, "prioritet": 3, "sprak": None}
    home = registers.mimesbronn.home_of(BODIES[0])
    assert told(ask(registers, f"{home}.json"))["info"] == registers.mimesbronn.counts(BODIES[0])
    assert ask(registers, home.replace("/body/", "/body/gamle_") + ".json").status == 301
    assert ask(registers, f"https://{registers.mimesbronn.host}/feed/body/x.json").status == 404
