"""A fault we know is said in the language spoken: every sentence of every kind stands in both, with the names it is given."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest

import desk.exceptions  # noqa: F401  (so that its kinds are known)
import warehouse.exceptions  # noqa: F401
from catalogue import authorities, plans, sources
from catalogue.exceptions import CatalogueError, Named, Refused
from catalogue.facts import SENTENCE_OF, model_from
from catalogue.plans import Commitment
from catalogue.sources import SourceEntry
from flows import texts
from flows.exceptions import words
from warehouse.rebuild import Difference

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = ("nb", "en")
# What `catalogue.facts` gives every sentence of a mistake that pydantic found.
OF_A_MODEL = {"choices", "pattern", "least", "most", "answer"}


@pytest.fixture(autouse=True)
def bokmaal():
    yield
    texts.use("nb")


def kinds(of=Named):
    for kind in of.__subclasses__():
        yield kind.__name__
        yield from kinds(kind)


def raised():
    """`Class.code` (or `Class`) → names given, for every fault that the code of the rooms makes."""
    known, found = set(kinds()), defaultdict(set)
    for file in (path for room in ("catalogue", "transforms", "warehouse", "desk", "flows") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if name not in known:
                continue
            given = {keyword.arg for keyword in node.keywords if keyword.arg}
            for keyword in node.keywords:
                assert keyword.arg or isinstance(keyword.value, ast.Name | ast.Attribute), f"{file.name}:{node.lineno}"
            said = node.args[4 if name == "CatalogueError" else 1 :]
            codes = [said[0].body, said[0].orelse] if said and isinstance(said[0], ast.IfExp) else said
            kind = "CatalogueError" if name == "Refused" else name
            for key in [f"{kind}.{code.value}" for code in codes if isinstance(code, ast.Constant)] if said else [kind]:
                found[key] |= given | ({"**"} if any(keyword.arg is None for keyword in node.keywords) else set())
    for code in {*SENTENCE_OF.values(), "unusable"}:
        found[f"CatalogueError.{code}"] |= OF_A_MODEL
    return found


def flat(table, path=""):
    for name, value in table.items():
        yield from flat(value, f"{path}{name}.") if isinstance(value, dict) else [(f"{path}{name}", value)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_its_sentence_and_every_sentence_its_fault(language):
    written = dict(flat(tomllib.loads((ROOT / "flows" / "texts" / f"{language}.toml").read_text(encoding="utf-8"))["fault"]))
    found = raised()
    assert len([key for key in found if key.startswith("CatalogueError.")]) > 50
    assert set(found) == set(written)
    slots = {key: {name for _, name, _, _ in Formatter().parse(said) if name} for key, said in written.items()}
    assert {key: slots[key] - found[key] for key in found if "**" not in found[key] and not slots[key] <= found[key]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("difference", [Difference(2, 1), Difference(is_new=True)], ids=str)
def test_what_rebuilding_finds_is_said(language, difference):
    texts.use(language)
    said = texts.text(f"rebuild.differs.{difference.said}", gone=difference.gone, come=difference.come)
    assert (said == str(difference)) is (language == "en")


ENTRY = {"slug": "a", "platform": "website", "authority": "958935420", "url": "https://www.strand.kommune.no/", "kinds": ["page"],
         "fact": "f", "confidence": "payload", "state": "enabled"}  # fmt: skip
COMMITMENT = {"id": "ZZ0001", "year": 2020, "source": "s", "confidence": "listed", "confirmed": True}


@pytest.mark.parametrize(
    ("kind", "values", "nb", "en"),
    [
        (SourceEntry, {**ENTRY, "slugg": 1}, "felt slugg: ukjent nøkkel", "field slugg: unknown key"),
        (SourceEntry, {k: v for k, v in ENTRY.items() if k != "fact"}, "felt fact: mangler", "field fact: is missing"),
        (SourceEntry, {**ENTRY, "fact": ""}, "minst 1 tegn", "1 or more characters"),
        (SourceEntry, {**ENTRY, "kinds": []}, "minst 1 i lista", "1 or more in the list"),
        (SourceEntry, {**ENTRY, "kinds": "page"}, "ei liste", "a list"),
        (SourceEntry, {**ENTRY, "url": "www"}, "mønsteret er ^https", "the pattern is ^https"),
        (SourceEntry, {**ENTRY, "state": "av"}, "en av disse: enabled, disabled, planned, permission", "one of enabled, disabled, planned, permission"),
        (SourceEntry, {**ENTRY, "valid_from": "i går"}, "felt valid_from: må være en dag", "field valid_from: must be a day"),
        (SourceEntry, {**ENTRY, "settings": 1}, "felt settings: må være en tabell", "field settings: must be a table"),
        (SourceEntry, {**ENTRY, "note": 1}, "felt note: må være tekst", "field note: must be text"),
        (SourceEntry, {**ENTRY, "authority": "1"}, "1 er ikke et organisasjonsnummer: det har ni sifre", "it has nine digits"),
        (SourceEntry, {**ENTRY, "authority": "958935421"}, "er det siste 0; slå det opp", "the last is 0; look it up"),
        (SourceEntry, {**ENTRY, "confidence": "page"}, "her står page: prøv adressen først", "this is page: test the address first"),
        (Commitment, {**COMMITMENT, "year": "i fjor"}, "felt year: må være et helt tall", "field year: must be a whole number"),
        (Commitment, {**COMMITMENT, "year": 1999}, "er for lite (grensen er 2011)", "is too small (the limit is 2011)"),
        (Commitment, {**COMMITMENT, "year": 2999}, "er for stort (grensen er 2100)", "is too great (the limit is 2100)"),
        (Commitment, {**COMMITMENT, "confirmed": "kanskje"}, "må være true eller false", "must be true or false"),
        (Commitment, {**COMMITMENT, "year": 2020.5}, "felt year: må være et helt tall", "must be a whole number"),
    ],
)  # fmt: skip
def test_a_fact_that_is_wrong_is_told_in_both_languages(kind, values, nb, en):
    with pytest.raises(CatalogueError) as caught:
        model_from(kind, values, Path("egne.toml"), "a")
    for language, entry, part in (("nb", "oppføring", nb), ("en", "entry", en)):
        texts.use(language)
        said = words(caught.value)
        assert said.startswith(f"egne.toml, {entry} a") and part in said


def test_a_mistake_nobody_named_keeps_its_own_words():
    error = CatalogueError("egne.toml", "", "f", "Odd", "unusable", answer="Odd")
    assert words(error) == "egne.toml, felt f: verdien kan ikke brukes (Odd)"
    assert words(CatalogueError("egne.toml", "", "", "odd", "none_such")) == "egne.toml: odd"
    assert issubclass(Refused, ValueError) and str(error) == "egne.toml, field f: Odd"


def test_files_that_cannot_be_read_and_rows_are_told_of(tmp_path):
    rows = tmp_path / "rader.csv"
    rows.write_text("id,year,source\nZZ0001,2020,s\nZZ0002,i fjor,s\n", encoding="utf-8")
    assert words(plans.read_csv(rows).refused[0]) == f"{rows}, linje 3, oppføring ZZ0002, felt year: må være et helt tall"
    (tmp_path / "egne.toml").write_text("a = [", encoding="utf-8")
    with pytest.raises(CatalogueError) as broken:
        sources.load_file(tmp_path / "egne.toml")
    assert "fila er ikke TOML (" in words(broken.value)
    with pytest.raises(CatalogueError) as several:
        authorities.load().one("Våler")
    assert "flere heter det: Våler (Østfold)" in words(several.value)
    texts.use("en")
    assert "entry ZZ0002, field year: must be a whole number" in words(plans.read_csv(rows).refused[0])
