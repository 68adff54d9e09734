"""The documents made from the demo database are those that a demo of today gives; every link in the documents leads somewhere."""

import re
import runpy
from pathlib import Path

import pytest

from extractors.platforms import EXTRACTORS

ROOT = Path(__file__).parent.parent
MADE = ("datamodell.md", "sporsmal.md", "arsaker.md", "platforms.md", "apenhet.md")


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_from_the_database_is_up_to_date(demo, name):
    made = runpy.run_path(str(ROOT / "docs" / "generate.py"))["documents"](demo.database)
    assert set(made) == set(MADE)
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made[name], "run `make docs` and look at what changed"


def test_there_are_ten_questions_and_each_has_an_answer():
    text = (ROOT / "docs" / "sporsmal.md").read_text(encoding="utf-8")
    sections = text.split("\n## ")[1:]
    assert len(sections) == 10
    assert all(len(re.findall(r"^\| ", section, re.MULTILINE)) >= 3 for section in sections)


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_the_readme_says_what_the_platforms_page_says_of_the_reach():
    page = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:website|journal|meetings|datasets) \|.*$", page, re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(rows) == 4 and [row for row in rows if row not in readme] == []
    assert f"{len(set(EXTRACTORS) - {'by-hand'})} platforms can be read" in readme
