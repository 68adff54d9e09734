"""One contract for every verb: help with examples in two languages, JSON, exit codes, and nothing heavy loaded for help."""

import json
import os
import subprocess
import sys

import pytest

from flows.cli import VERBS

SUBVERBS = {"shortlist": ("create", "export", "list"), "candidate": ("add",), "source": ("add",), "platform": ("new",)}
EVERY = [(verb,) for verb in VERBS if verb not in SUBVERBS] + [(group, verb) for group, verbs in SUBVERBS.items() for verb in verbs]


def dagslys(*arguments, home=None, **environment):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DAGSLYS_", "PREFECT_"))}
    clean |= {"DAGSLYS_HOME": str(home)} if home else {}
    return subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", *arguments], capture_output=True, text=True, env=clean | environment, timeout=120
    )


def in_one_process(code):
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


HELP_OF_ALL = """
import json, sys
from flows import texts
from flows.cli import VERBS, _Verbs
texts.use(sys.argv[1] if len(sys.argv) > 1 else {language!r})
import click
group, found = _Verbs("dagslys"), {{}}
def walk(command, path):
    if isinstance(command, click.Group):
        for name in command.list_commands(None):
            walk(command.get_command(None, name), (*path, name))
    else:
        found[" ".join(path)] = command.get_help(click.Context(command, info_name=path[-1]))
walk(group, ())
print(json.dumps({{"help": found, "modules": [m for m in ("prefect", "pandas", "duckdb", "requests", "bs4", "pydantic") if m in sys.modules]}}))
"""


@pytest.mark.parametrize(("language", "examples"), [("nb", "Eksempler:"), ("en", "Examples:")])
def test_every_verb_explains_itself_with_examples_and_loads_nothing_for_it(language, examples):
    told = in_one_process(HELP_OF_ALL.format(language=language))
    assert set(told["help"]) == {" ".join(path) for path in EVERY}
    for verb, words in told["help"].items():
        assert examples in words and f"dagslys {verb}" in words, verb
        assert "--json" in words and "--lang" in words, verb
    assert told["modules"] == []


def test_both_languages_say_the_same_things():
    import tomllib
    from pathlib import Path

    import flows.texts

    def keys(table, path=()):
        for name, value in table.items():
            yield from keys(value, (*path, name)) if isinstance(value, dict) else [(*path, name)]

    folder = Path(flows.texts.__file__).parent
    spoken = {f.stem: set(keys(tomllib.loads(f.read_text(encoding="utf-8")))) for f in folder.glob("*.toml")}
    assert spoken["nb"] == spoken["en"]


def test_wrong_use_ends_with_two_and_a_sentence(tmp_path):
    for arguments in (("harvest", "--since", "i går"), ("finnes-ikke",), ("status", "--authority", "Ingensteds")):
        run = dagslys(*arguments, home=tmp_path)
        assert run.returncode == 2, run.stderr
        assert run.stderr.strip() and "Traceback" not in run.stderr


def test_the_web_is_not_asked_anonymously(tmp_path):
    run = dagslys("harvest", "--source", "website/strand", "--json", home=tmp_path)
    assert run.returncode == 2
    assert "DAGSLYS_CONTACT" in json.loads(run.stdout)["error"]


def test_nothing_published_yet_is_a_failure_with_the_way_out(tmp_path):
    run = dagslys("query", "select 1", "--json", home=tmp_path)
    assert run.returncode == 1
    assert json.loads(run.stdout)["exit"] == 1


def test_a_dry_run_asks_nobody_and_shows_what_it_would_ask(tmp_path):
    run = dagslys("harvest", "--authority", "Strand", "--platform", "website", "--dry-run", "--json", home=tmp_path)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert [s["source"] for s in told["sources"]] == ["website/strand"]


def test_evaluate_names_the_line_it_cannot_read(tmp_path):
    file = tmp_path / "items.jsonl"
    file.write_text('{"title": "a", "text": "b", "label": "none"}\n{"title": "a"}\n', encoding="utf-8")
    run = dagslys("evaluate", str(file), home=tmp_path)
    assert run.returncode == 2 and ":2:" in run.stderr
