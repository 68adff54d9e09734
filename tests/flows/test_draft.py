"""A draft of a platform runs, and asks for a person before it says that all is well."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows import draft
from flows.exceptions import WrongUse

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tree(tmp_path):
    """A copy of what a draft touches."""
    for room in ("catalogue", "extractors", "sandbox"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("tests", "tests/extractors", "tests/extractors/innsyn"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    return tmp_path


def run(tree, test):
    command = [sys.executable, "-m", "pytest", str(test), "-q", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True, timeout=120)


def test_the_test_of_a_draft_fails_until_a_person_has_looked(tree):
    made = draft.make("joomla-journal", "innsyn", tree)
    assert [str(p.relative_to(tree)) for p in made.files] == [
        "extractors/innsyn/joomla_journal.py", "sandbox/joomla_journal.py", "tests/data/payloads/joomla-journal-list.json", "tests/extractors/innsyn/test_joomla_journal.py",
    ]  # fmt: skip
    first = run(tree, made.test)
    assert first.returncode == 1 and "nobody has looked: compare" in first.stdout and "the data sheet of JoomlaJournal says nothing yet of" in first.stdout
    golden = tree / "tests" / "data" / "golden" / "joomla-journal-list.json.json"
    assert "oppdiktet" in golden.read_text(encoding="utf-8")
    made.test.write_text(made.test.read_text(encoding="utf-8").replace('LOOKED = ""', 'LOOKED = "KN, 2026-11-25"'), encoding="utf-8")
    reader = made.files[0]
    reader.write_text(re.sub(r"ikke kontrollert(: [^\n]*)?", "kjent", reader.read_text(encoding="utf-8")), encoding="utf-8")
    assert run(tree, made.test).returncode == 0
    golden.write_text(golden.read_text(encoding="utf-8").replace("oppdiktet", "endret"), encoding="utf-8")
    assert "what is read changed: look at it" in run(tree, made.test).stdout


def test_a_draft_of_a_portal_keeps_to_the_house(tree):
    made = draft.make("9-portal", "portals", tree)
    assert made.files[0].name == "_9_portal.py" and "class P9Portal(Extractor)" in made.files[0].read_text(encoding="utf-8")
    checked = subprocess.run([sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), *made.files[:2]], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_a_draft_overwrites_nothing(tree):
    draft.make("joomla-journal", "innsyn", tree)
    for name, folder in (("joomla-journal", tree), ("Joomla", tree), ("joomla", tree / "sandbox")):
        with pytest.raises(WrongUse):
            draft.make(name, "innsyn", folder)
