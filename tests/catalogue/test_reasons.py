"""Every reason is a code whose words stand in the data, in both languages, and nothing says why in any other way."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from string import Formatter

import duckdb
import pytest

from catalogue import labels, reasons, sources
from catalogue.reasons import Reason
from extractors.contract import Outcome
from extractors.platforms import EXTRACTORS
from extractors.staging import result_from_json
from tests.conftest import dagslys
from transforms.contracts import SAYS_SOMETHING
from transforms.normalise import TABLE_OF

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("catalogue", "extractors", "transforms", "warehouse", "desk", "flows")
# Made of words that an older version stored, never by today's code.
READ_ONLY = {"older_words": {"words"}}


def names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def used() -> dict[str, set[str]]:
    """code → names of its values, from every `Reason("code", name=…)` in the source."""
    found: dict[str, set[str]] = {}
    for path in (p for room in ROOMS for p in (ROOT / room).rglob("*.py") if p != Path(reasons.__file__)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Reason":
                continue
            if any(keyword.arg is None for keyword in node.keywords):  # a copy of a reason that was read
                continue
            first = node.args[0]
            codes = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for code in codes:
                assert isinstance(code, ast.Constant), f"{path.name}:{node.lineno}: the code of a reason is written out"
                values = {str(keyword.arg) for keyword in node.keywords}
                assert found.setdefault(code.value, values) == values, f"{path.name}:{node.lineno}: {code.value} has other values elsewhere"
    return found


def test_every_code_in_the_source_stands_in_the_data_with_its_values_and_no_other_does():
    said = {code: names_in(entry.words["nb"]) for code, entry in reasons.entries().items()}
    assert said == used() | READ_ONLY


def test_both_languages_say_the_same_and_what_to_do():
    for code, entry in reasons.entries().items():
        assert re.fullmatch(r"[a-z_]+", code)
        assert names_in(entry.words["nb"]) == names_in(entry.words["en"]), code
        assert entry.way_out["nb"].endswith(".") and entry.way_out["en"].endswith("."), code
        assert not any(words.endswith(".") for words in entry.words.values()), code


def test_a_reason_survives_as_text_and_is_said_in_both_languages():
    inner = Reason("connection_failed", host="www.fjordvik.kommune.no", error="ReadTimeout")
    found = (Reason("questions_unanswered", n=2, first=inner), Reason("fewer_than_counted", counted=9, kind="dataset", read=4))
    assert reasons.load(reasons.dump(found)) == found and found[0].codes() == ["questions_unanswered", "connection_failed"]
    assert reasons.sentences(found, "nb") == (
        "forespørsler uten brukbart svar: 2 (den første: fikk ikke forbindelse med www.fjordvik.kommune.no (ReadTimeout)); "
        "kilden oppgir 9 datasett, 4 er lest"
    )
    nameless = Reason("says_nothing", columns="committee, start")
    assert nameless.sentence("nb") == "raden har ingen av disse: utvalg, tidspunkt" and nameless.sentence("en").endswith("committee, time")
    assert "the source counts 9 datasets, 4 were read" in reasons.sentences(found, "en")
    assert reasons.dump(()) == "" and reasons.load("") == ()
    assert Reason("of_another_version", n=1).sentence("nb") == "of_another_version (n: 1)"


def test_what_was_staged_when_a_reason_was_a_sentence_is_still_read():
    result = {
        "run_id": "r", "source": "website/x", "authority": "800000009", "platform": "website", "outcome": "blocked", "reason": "robots.txt says no",
        "requests": 1, "not_modified": 0, "size_bytes": 0, "captures": 1, "records": {}, "seen": {}, "troubles": 0, "leftovers": {}, "claimed": None,
        "since": "", "until": "", "started_at": "", "ended_at": "", "batch": "b",
    }  # fmt: skip
    read = result_from_json(result)
    assert read.reasons == (Reason("older_words", words="robots.txt says no"),)
    assert result_from_json(json.loads(json.dumps(read.as_json()))) == read
    assert result_from_json(result | {"reason": ""}).reasons == ()


def test_every_code_people_meet_has_a_name():
    named = {group: set(codes) for group, codes in labels.groups().items()}
    assert named["outcome"] == {str(o) for o in Outcome} | {"never"}
    assert named["platform"] >= set(EXTRACTORS) | {entry.platform for entry in sources.load().values()}
    assert named["kind"] == {*TABLE_OF, "trouble"}
    assert named["column"] >= {column for columns in SAYS_SOMETHING.values() for column in columns}
    assert all(words["nb"] for codes in labels.groups().values() for words in codes.values())
    assert labels.label("outcome", "partial", "nn") == "delvis lesen" and labels.label("platform", "unheard-of", "nb") == "unheard-of"


@pytest.mark.parametrize("table", ["runs", "coverage", "quarantine"])
def test_no_reason_of_the_demo_is_without_code_and_words(demo, table):
    with duckdb.connect(str(demo.database), read_only=True) as connection:
        rows = connection.execute(
            f"SELECT reason, reason_code, w.nb FROM raw.{table} t LEFT JOIN raw.reasons w USING (reason) WHERE t.reason <> ''"
        ).fetchall()
    assert rows or table == "quarantine"
    for text, code, words in rows:
        found = reasons.load(text)
        assert found[0].code == code and words == reasons.sentences(found, "nb")
        assert {c for reason in found for c in reason.codes()} <= set(reasons.entries()) - set(READ_ONLY)


def test_the_demo_tells_codes_values_and_words(demo):
    told = [s for s in demo.found["sources"] if s["outcome"] not in ("fresh", "unchanged")]
    assert told
    for source in told:
        found = [reasons.reason_from_json(reason) for reason in source["reasons"]]
        assert source["reason"] == reasons.sentences(found, "nb") and found
    said = json.loads(dagslys("status", "--source", told[0]["source"], "--lang", "en", "--json", home=demo.home).stdout)["sources"][0]
    assert said["reasons"] == told[0]["reasons"] and said["reason"] == reasons.sentences(
        map(reasons.reason_from_json, said["reasons"]), "en"
    )
