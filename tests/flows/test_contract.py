"""What the documents say of every verb is what it takes and prints; every sentence it can say is written, in both languages."""

import ast
import json
import re
import shutil
import tomllib
from datetime import date
from pathlib import Path

import click
import duckdb
import pytest

from catalogue import rubric
from flows import pipeline
from flows.cli import _Verbs
from flows.selection import Selection
from flows.settings import Settings
from warehouse import flagging
from warehouse.store import Store

ROOT = Path(__file__).parent.parent.parent
DAY = date(2026, 11, 24)


def verbs():
    """(name as typed, command) of every verb that does something."""

    def walk(command, path):
        if isinstance(command, click.Group):
            for name in command.list_commands(None):
                yield from walk(command.get_command(None, name), (*path, name))
        else:
            yield " ".join(path), command

    return dict(walk(_Verbs("dagslys"), ()))


def table(page, heading):
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").split(heading, 1)[1].split("\n")
    rows = [re.split(r" *(?<!\\)\| *", line.strip("| ")) for line in lines if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in rows[2:]}


def test_the_table_of_selectors_is_what_the_verbs_take():
    documented = table("command-line.md", "## Selectors")
    taken = {}
    for name, command in verbs().items():
        options = {option for parameter in command.params for option in parameter.opts}
        days = {"--since", "--until"} <= options
        taken[name] = ["yes" if f"--{o}" in options else "–" for o in ("authority", "platform", "source")] + ["yes" if days else "–"]
    assert {name: cells[:4] for name, cells in documented.items()} == taken


def keys_of(words, path=()):
    for name, value in words.items():
        yield from keys_of(value, (*path, name)) if isinstance(value, dict) else [".".join((*path, name))]


def test_every_sentence_that_can_be_said_is_written_and_every_one_written_can_be_said():
    """Literal keys must be there; of a key put together at run time the beginning must, and it accounts for all that begin so."""
    said, begun = set(), {"fault."}
    for file in [*(ROOT / "flows").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            keys = [node.args[0]] if name == "text" else []
            while keys:
                key = keys.pop()
                if isinstance(key, ast.JoinedStr):
                    begun.add(key.values[0].value if isinstance(key.values[0], ast.Constant) else "")
                elif isinstance(key, ast.IfExp):
                    keys += [key.body, key.orelse]
                elif isinstance(key, ast.Constant):
                    said.add(key.value)
    begun = {prefix for prefix in begun if "." in prefix}
    groups = ("candidate", "shortlist", "source", "platform")
    said |= {f"{verb.replace(' ', '_')}.{part}" for verb in (*verbs(), *groups) for part in ("help", "examples")}
    for language in ("nb", "en"):
        written = set(keys_of(tomllib.loads((ROOT / "flows" / "texts" / f"{language}.toml").read_text(encoding="utf-8"))))
        assert said - written == {f"{group}.examples" for group in groups}  # verbs of verbs
        assert all(any(key.startswith(prefix) for key in written) for prefix in begun)
        assert {key for key in written - said if not any(key.startswith(prefix) for prefix in begun)} == set()


SHOWN = [
    ("explain", "--limit", "1"), ("review", "--limit", "2"), ("new", "--since", "2026-01-01"), ("shortlist", "list"), ("search", "gave", "--limit", "2"),
    ("status",), ("platforms", "--platform", "ckan"), ("platforms", "--coverage"), ("query", "--list"), ("serve", "--schedules"), ("harvest", "--dry-run", "--platform", "website"),
]  # fmt: skip
CANDIDATE = ("id", "pillar", "practice", "body", "title", "score", "is_contribution", "reasons")


@pytest.mark.parametrize("arguments", SHOWN, ids=lambda a: " ".join(a[:2]))
def test_json_has_the_shape_that_is_documented(told, arguments):
    code, out, err = told(*arguments, "--json")
    assert code == 0, out + err
    answer = json.loads(out)
    longer = [" ".join(arguments[:2])] if arguments[0] in ("shortlist", "serve", "harvest") or "--coverage" in arguments else []
    name = (*longer, arguments[0])[0]
    cells = table("json.md", "Exit codes")[name][0]
    if arguments[0] in ("explain", "review"):
        expected = {*CANDIDATE, *(("why",) if arguments[0] == "review" else ())}
    else:
        shape = re.sub(r"\([^)]*\)", "", cells.split("with `--list`")[-1])
        if isinstance(answer, dict):
            while shape != (flat := re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", "", shape)):
                shape = flat
        expected = set(re.findall(r"`([^`]+)`", shape))
    assert answer and set(answer if isinstance(answer, dict) else answer[0]) == expected


WRONG = [
    (("query", "selekt feil"), "DuckDB kan ikke svare: Parser Error"),
    (("query", "select finnes_ikke from kandidater"), "DuckDB kan ikke svare: Binder Error"),
    (("query", "create table x(i int)"), "én setning som leser"),
    (("query", "create table x(i int)", "--platform", "ckan"), "én setning som leser"),
    (("query", "select 1; select 2"), "én setning som leser"),
    (("query", "select * from read_csv('/etc/passwd')"), "ingen andre filer"),
    (("query", "from read_csv('/etc/passwd')", "--platform", "ckan"), "ingen andre filer"),
    (("query", "kandidater_per_pilar"), "mente du kandidater_per_pilar_og_fylke"),
    (("query", "select $ord"), "--param ord=…"),
    (("query", "select 1 as en", "--param", "to=2"), "--param to"),
    (("query", "saker_om", "--param", "ordet=x"), "det tar ord"),
    (("query", "saker_om", "--param", "ord"), "NAVN=VERDI"),
    (("new", "--since", "i går"), "verken en dag"),
    (("search", "gave", "--authority", "Ingensteds"), "Ingen kommune eller fylkeskommune heter Ingensteds"),
    (("search", "gave", "--platform", "acos"), "mente du acos-innsyn"),
    (("status", "--since", "2026-02-01", "--until", "2026-01-01"), "er etter"),
    (("status", "--since", "i går"), "er ingen dag"),
    (("status", "--jobs", "mange"), "ikke et tall"),
    (("shortlist", "create", "--pillar", "x"), "velg mellom"),
    (("shortlist", "export", "L1"), "Ingen kortliste heter L1"),
    (("review", "K1", "--authority", "Fjordvik"), "ikke begge deler"),
    (("review", "--decision", "accept"), "hvilken kandidat"),
    (("takedown", "website/fjordvik", "nei", "--reason", "x"), "ingen post med nøkkelen"),
    (("takedown",), "SOURCE mangler"),
    (("evaluate", "finnes-ikke.jsonl"), "ingen fil"),
    (("candidate", "add", "https://www.strand.kommune.no/", "--authority", "Strand", "--practice", "gaver"), "ingen slik praksis"),
    (("candidate", "add", "ikke en adresse", "--authority", "Strand"), ""),
    (("harvest", "--tull"), "Det finnes ikke noe valg --tull"),
    (("tull",), "Det finnes ikke noe verb tull"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=lambda a: " ".join(a) if isinstance(a, tuple) else "")
def test_wrong_use_is_one_sentence_in_norwegian_and_two(told, demo, tmp_path, arguments, sentence):
    is_recorded = arguments[0] in ("shortlist", "takedown", "candidate")  # as a job, which the demo that all share must not get
    code, out, err = told(*arguments, home=tmp_path if is_recorded else demo.home)
    assert (code, out) == (2, "") and err.startswith("Feil: ") and sentence in err and "Traceback" not in err


def test_the_same_in_english(told):
    assert "There is no saved question" in told("query", "selekt", "--lang", "en")[2]
    assert json.loads(told("query", "selekt", "--lang", "en", "--json")[1])["exit"] == 2
    assert "Which cases and pages are about this word?" in told("query", "--list", "--lang", "en")[1]
    assert "handler om dette ordet?" in told("query", "--list")[1]


def test_reasons_are_told_in_the_language_spoken_and_stored_in_bokmaal(told):
    stored = json.loads(told("explain", "--limit", "2", "--json", "--lang", "en")[1])
    names = {reason.partition(":")[0] for candidate in stored for reason in candidate["reasons"]}
    assert "Mer enn lovens minstekrav" in names
    english, norwegian = told("explain", "--limit", "2", "--lang", "en")[1], told("explain", "--limit", "2")[1]
    assert "More than the law asks: " in english and not [name for name in names if f"{name}: " in english]
    assert [name for name in names if f"{name}: " in norwegian] and "More than the law asks" not in norwegian
    one = told("review", stored[0]["id"], "--lang", "en")[1]
    assert not [name for name in names if f"{name}: " in one]


def test_an_unknown_candidate_is_a_failure_and_nothing_published_says_what_to_run(told, tmp_path):
    assert told("review", "K0")[0] == told("explain", "K0")[0] == 1
    for arguments in (("review",), ("explain",), ("explain", "K0"), ("search", "x"), ("new", "--since", "2026-01-01"), ("shortlist", "create")):
        code, _, err = told(*arguments, home=tmp_path)
        assert code == 1 and "finnes ikke ennå" in err, arguments
    assert told("shortlist", "list", home=tmp_path)[1].strip() == "Ingen kortlister her."


def test_a_broken_source_file_is_refused_and_not_kept(told, tmp_path):
    file = tmp_path / "egne.toml"
    file.write_text("a = [", encoding="utf-8")
    code, _, err = told("harvest", "--source-file", str(file), "--dry-run", home=tmp_path / "home")
    assert code == 2 and "fila er ikke TOML (" in err
    assert told("status", home=tmp_path / "home")[0] == 0


def count(told, table_name, *selectors):
    code, out, err = told("query", f"SELECT count(*) AS n FROM {table_name}", "--json", *selectors)
    assert code == 0, out + err
    return json.loads(out)[0]["n"]


def test_a_question_is_answered_as_if_the_database_held_only_what_is_selected(told, demo):
    with duckdb.connect(str(demo.database), read_only=True) as whole:
        for name in ("kandidater", "journalposter", "bevis", "sider"):
            ((known,),) = whole.execute(f"SELECT count(*) FROM {name} WHERE kommune = 'Fjordvik'").fetchall()
            assert count(told, name, "--authority", "Fjordvik") == known > 0
        ((known,),) = whole.execute("SELECT count(*) FROM journalposter WHERE journaldato BETWEEN '2026-10-01' AND '2026-10-31'").fetchall()
        assert count(told, "journalposter", "--since", "2026-10-01", "--until", "2026-10-31") == known > 0
        ((known,),) = whole.execute("SELECT count(*) FROM datasett WHERE kilde LIKE 'ckan/%' AND kommune = 'Fjordvik'").fetchall()
        assert count(told, "datasett", "--platform", "ckan", "--authority", "Fjordvik") == known > 0
    assert count(told, "core.authorities", "--authority", "Fjordvik", "--authority", "Brattlia") == 2
    assert count(told, "kommuner", "--source", "website/fjordvik") == 1
    assert count(told, "kandidater", "--source", "website/fjordvik", "--authority", "Brattlia") == 0


def test_search_queue_and_list_of_candidates_keep_to_what_is_selected(told):
    found = json.loads(told("search", "anskaffelse", "--authority", "Brattlia", "--platform", "website", "--json")[1])
    assert {f["body"] for f in found} == {"Brattlia"} and {f["source"].split("/")[0] for f in found} == {"website"}
    assert told("search", "anskaffelse", "--until", "1999-01-01")[1].startswith("Ingen treff")
    for verb in ("review", "explain"):
        assert {c["body"] for c in json.loads(told(verb, "--authority", "Brattlia", "--json")[1])} == {"Brattlia"}
    assert "Ingen kandidater her" in told("review", "--until", "1999-01-01")[1]


def test_status_shows_what_last_ended_in_the_window(told):
    sources = json.loads(told("status", "--json")[1])["sources"]
    days = {s["ended_at"][:10] for s in sources}
    assert len(json.loads(told("status", "--since", min(days), "--until", max(days), "--json")[1])["sources"]) == len(sources)
    assert json.loads(told("status", "--since", "2999-01-01", "--json")[1])["sources"] == []


def test_a_list_of_one_body_is_compared_within_that_body(told, demo, tmp_path):
    home = demo.copy(tmp_path)
    made = json.loads(told("shortlist", "create", "--from", "top", "--authority", "Brattlia", "--limit", "2", "--json", home=home)[1])
    frozen = json.loads((home / "decisions" / "decisions.jsonl").read_text(encoding="utf-8").splitlines()[-1])["data"]
    assert {item["body"]["name"] for item in frozen["items"]} == {"Brattlia"} and frozen["coverage"]["bodies"] == 1
    assert any(c["where"] != "Brattlia" for item in frozen["items"] for c in item["comparable"])
    listed = json.loads(told("shortlist", "list", "--authority", "Brattlia", "--json", home=home)[1])
    assert next(row["items"] for row in listed if row["id"] == made["id"]) == made["items"]
    nothing = Selection(platforms=("website",), until=date(1999, 1, 1))
    assert pipeline.normalise(Settings(home), DAY, selection=nothing).batches == 0
    assert pipeline.flag(Settings(home), DAY, selection=Selection(authorities=("Brattlia",))).candidates > 0
    news = json.loads(told("new", "--since", made["id"], "--json", home=home)[1])
    assert (news["new"], news["changed"], news["gone"]) == ([], [], [])


def test_batches_that_are_not_selected_go_on_waiting(demo, tmp_path):
    shutil.copytree(demo.home / "staging", tmp_path / "staging")
    shutil.copytree(demo.home / "sources", tmp_path / "sources")
    def tables(**selected):
        report = pipeline.normalise(Settings(tmp_path), DAY, selection=Selection(**selected))
        return {table for table, counts in report.by_table.items() if counts["new"]}

    assert tables(platforms=("ckan",)) == {"datasets", "distributions"}
    assert tables(sources=("website/fjordvik",), until=date(1999, 1, 1)) == set()
    assert tables(sources=("website/fjordvik",)) == {"pages"}


def concluded(store):
    return {table: store.connection.execute(f"FROM ogp.{table} ORDER BY ALL").fetchall() for table in flagging.FOUND}


def test_flagging_all_is_flagging_the_bodies_in_turn(demo, tmp_path):
    shutil.copy(demo.home / "warehouse.duckdb", tmp_path)
    with Store(tmp_path) as store:
        at_once = concluded(store)
        bodies = sorted({row[1] for row in at_once["candidates"]})
        assert len(bodies) > 10 and any('"template"' in str(row) for row in at_once["candidates"])
        for table_name in flagging.FOUND:
            store.connection.execute(f"DELETE FROM ogp.{table_name}")
        for some in (bodies[:1], bodies[1:6], bodies[6:]):
            flagging.flag(store, rubric.load(), today=DAY, bodies=some)
        in_turn = concluded(store)
    assert {name: len(rows) for name, rows in in_turn.items()} == {name: len(rows) for name, rows in at_once.items()}
    assert in_turn == at_once


def test_a_file_of_ones_own_is_read_under_the_selectors(told, tmp_path):
    file = tmp_path / "postliste.csv"
    file.write_text("kommune;journaldato;tittel\nBrattlia;2026-01-02;Vedlikehold\nFjordvik;2026-02-02;Vannverk\n", encoding="utf-8")
    assert json.loads(told("privacy", str(file), "--authority", "Brattlia", "--json")[1])["rows"] == 1
    assert json.loads(told("privacy", str(file), "--since", "2026-02-01", "--json")[1])["rows"] == 1
    code, _, err = told("privacy", str(file), "--source", "website/fjordvik")
    assert code == 2 and "ingen kolonne for --source" in err


@pytest.mark.parametrize(
    ("found", "sentences"),
    [
        ({"id": "K1", "practice": "gaveregister", "score": 12.5}, ["K1: gaveregister, 12.50 poeng"]),
        ({"id": "K1", "practice": "habilitet", "score": 2.0}, ["K1: habilitet", "rubrikken fant habilitet"]),
        ({"id": None, "practice": None}, ["ikke blitt kandidat", "Du skrev gaveregister"]),
        ({"id": None, "practice": None, "reason": "siden er tom", "reasons": []}, ["siden er tom"]),
    ],
)
def test_a_page_added_by_hand_is_told_of_plainly(found, sentences):
    from flows.commands.candidate import _told

    said = list(_told({"outcome": "fresh", "stated": "gaveregister"} | found))
    assert len(said) == len(sentences) and all(part in sentence for part, sentence in zip(sentences, said, strict=True))
