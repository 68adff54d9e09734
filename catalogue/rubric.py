"""The rubric: what the practices are called, what looks like them, and what makes one a contribution. Data in `practices/*.toml`."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from catalogue.exceptions import CatalogueError, Refused
from catalogue.facts import Fact, checked, model_from, read_toml, refuse_other_keys, tables

DIRECTORY = Path(__file__).parent / "practices"
TESTS_FILE = "tests.toml"
IDEAS_FILE = "ideas.toml"
EXAMPLES_FILE = "examples.toml"
MODEL_FILE = "model.toml"
NONE = "none"
PILLAR_KEYS = ("integrity", "open_data", "procurement_anticorruption", "participation")

PillarKey = Literal["integrity", "open_data", "procurement_anticorruption", "participation"]
OgpValue = Literal["access to information", "civic participation", "public accountability", "technology"]
TestKey = Literal["actor", "action", "object", "own", "date_or_case", "access", "numbers"]


class SamiTerm(Fact):
    """A Northern Sámi term; `verified` only when it was met in a municipality's own text."""

    term: str = Field(min_length=1)
    verified: bool = False

    def __str__(self) -> str:
        return checked(self.term, self.verified)


class Phrases(Fact):
    """Words and phrases per language, written by the rule of `catalogue.terms`."""

    nb: tuple[str, ...] = ()
    nn: tuple[str, ...] = ()
    se: tuple[SamiTerm, ...] = ()

    @field_validator("nb", "nn")
    @classmethod
    def _no_blank(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        if any(not phrase.strip() for phrase in phrases):
            raise Refused("holds an empty phrase; remove it", "empty_phrase")
        return phrases

    def all(self) -> tuple[str, ...]:
        """Every phrase once: bokmål, nynorsk, Northern Sámi."""
        return tuple(dict.fromkeys((*self.nb, *self.nn, *(term.term for term in self.se))))


class LegalFloor(Fact):
    """What the law already asks. `reference` names law and paragraph; `confirmed` only after a look in Lovdata."""

    text: str
    reference: str = ""
    confirmed: bool = False

    def __str__(self) -> str:
        return checked(self.text, self.confirmed or not self.reference)


class Practice(Fact):
    """One practice of the taxonomy.

    `related` words count only beside a term; `lookalike_terms` speak against. Two `together` words name the practice when
    both stand in the title or in one sentence. `beyond` words show that a body does more than the practice's plain form.
    `ideas` are concepts that together tell of the practice without its name (`ideas.toml`).
    `floor_duty` is true when the law requires the plain practice, so that alone it is never a contribution.
    `nap_commitments` are OGP ids of Norway's commitments that answer to it.
    """

    slug: str = Field(pattern=r"^[a-zæøå0-9_]+$")
    pillar: PillarKey
    name: str
    name_nn: str = ""
    terms: Phrases
    related: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    ideas: tuple[tuple[str, ...], ...] = ()
    titles: tuple[str, ...] = ()
    lookalike_terms: tuple[str, ...] = ()
    lookalike_note: str = ""
    beyond: tuple[str, ...] = ()
    legal_floor: LegalFloor
    floor_duty: bool
    contribution_test: str
    ogp_values: tuple[OgpValue, ...] = Field(min_length=1)
    ogp_tags: tuple[str, ...] = Field(min_length=1)
    nap_commitments: tuple[str, ...] = ()
    source: str
    confidence: str


class FieldWords(Fact):
    """The everyday words of a pillar's field, in bokmål and nynorsk. They name no practice: beside an act that is open to others they tell
    which pillar it is in. `strong` words seldom stand in texts about other things; `plain` ones often do.
    """

    strong: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


class Concept(Fact):
    """One notion in the words people write it with, bokmål and nynorsk. `weight`: how much it says by itself (0.3 everyday, 1 rare)."""

    key: str = Field(pattern=r"^[a-z_]+$")
    weight: float = Field(gt=0, le=1.5)
    nb: tuple[str, ...] = Field(min_length=1)
    nn: tuple[str, ...] = Field(min_length=1)

    def all(self) -> tuple[str, ...]:
        """Every word once."""
        return tuple(dict.fromkeys((*self.nb, *self.nn)))


class Example(Fact):
    """An invented text that tells of a practice without its name, or of none (`none`)."""

    practice: str
    text: str = Field(min_length=40)


class Pillar(Fact):
    """A pillar of the action plan. `commitments` are OGP ids; `commitments_confirmed` tells whether the grouping was read or inferred."""

    key: PillarKey
    name_nb: str
    name_nn: str
    field: FieldWords = FieldWords()
    commitments: tuple[str, ...] = ()
    commitments_confirmed: bool = False
    source: str
    confidence: str


class ContributionTest(Fact):
    """One of the seven tests of what makes a page a contribution.

    `group` is `all` (tests 1-4, every one needed) or `any` (tests 5-7, one needed). `cues` show that it is met, `counter_cues`
    and the words of the cue list `counter_list` that it is not; `patterns` are regular expressions for what no phrase can say
    (dates, case numbers, amounts, addresses).
    """

    key: TestKey
    number: int = Field(ge=1, le=7)
    name_nb: str
    name_nn: str
    question: str
    group: Literal["all", "any"]
    cues: Phrases = Phrases()
    counter_cues: Phrases = Phrases()
    counter_list: str = ""
    patterns: tuple[str, ...] = ()
    source: str
    confidence: str


class CueList(Fact):
    """Words that tell a kind of text apart. `never_contribution`: a text that is only this is never a contribution.

    `weight` goes to the score of every practice for each different phrase of the list that the text holds, at most `most` of them.
    """

    key: str
    meaning: str
    meaning_nb: str
    never_contribution: bool
    weight: float = 0.0
    most: int = 3
    phrases: Phrases
    source: str
    confidence: str


class Model(Fact):
    """What labelled texts taught of how much the answers to the tests and the cue lists weigh; made by `dagslys learn`.

    The log-odds that a text about a practice tells of a contribution are `intercept` and the weights of what holds (transforms.learned).
    `texts` and `decisions`: how many labelled texts and decisions of analysts it was learnt from.
    """

    texts: int
    decisions: int = 0
    intercept: float
    weights: dict[str, float]


class Rubric(Fact):
    """All of it, with the version every score names: the first 12 hex digits of the SHA-256 over the files."""

    version: str
    pillars: tuple[Pillar, ...]
    practices: tuple[Practice, ...]
    tests: tuple[ContributionTest, ...]
    cues: tuple[CueList, ...]
    concepts: tuple[Concept, ...] = ()
    examples: tuple[Example, ...] = ()
    model: Model | None = None

    def practice(self, slug: str) -> Practice:
        """The practice of that slug. Raises KeyError."""
        return next(p for p in self.practices if p.slug == slug) if slug in {p.slug for p in self.practices} else _unknown("practice", slug)

    def pillar(self, key: str) -> Pillar:
        """The pillar of that key. Raises KeyError."""
        return next((p for p in self.pillars if p.key == key), None) or _unknown("pillar", key)

    def test(self, key: str) -> ContributionTest:
        """The test of that key. Raises KeyError."""
        return next((t for t in self.tests if t.key == key), None) or _unknown("test", key)

    def cue(self, key: str) -> CueList:
        """The cue list of that key. Raises KeyError."""
        return next((c for c in self.cues if c.key == key), None) or _unknown("cue list", key)


def _unknown(kind: str, key: str):
    raise KeyError(f"the rubric has no {kind} {key}")


def version_of(files: list[Path]) -> str:
    """First 12 hex digits of SHA-256 over names and contents of the files, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda p: p.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def load(directory: Path | None = None, model: Path | None = None) -> Rubric:
    """Reads the rubric of a directory (the shipped one when None). Files that are as they were are not read twice.

    What was learnt stands beside it in MODEL_FILE; with `model`, the file of another model, in that. Without a model the rules judge alone.
    Raises CatalogueError for unknown keys, a slug used twice, a missing pillar or test, or a file that is not TOML.
    """
    folder = Path(directory) if directory is not None else DIRECTORY
    learnt = model or folder / MODEL_FILE
    stats = [(path.name, path.stat()) for path in (*sorted(folder.glob("*.toml")), learnt) if path.exists()]
    return _read(folder, learnt, tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


@lru_cache(maxsize=4)
def _read(folder: Path, learnt: Path, files: tuple[tuple[str, int, int], ...]) -> Rubric:
    """The rubric of a folder whose files are these, and the model beside it."""
    pillars: list[Pillar] = []
    practices: list[Practice] = []
    concepts, ideas = _read_ideas(folder / IDEAS_FILE)
    for key in PILLAR_KEYS:
        path = folder / f"{key}.toml"
        document = read_toml(path)
        refuse_other_keys(document, {"pillar", "practice"}, path)
        pillar = model_from(Pillar, document.get("pillar", {}), path, "pillar")
        if pillar.key != key:
            raise CatalogueError(path, "pillar", "key", f"must be {key}, the name of the file", "named_as_file", name=key)
        pillars.append(pillar)
        for values in tables(document, "practice", path):
            slug = str(values.get("slug", "?"))
            practice = model_from(Practice, {"pillar": key, "ideas": ideas.pop(slug, ()), **values}, path, slug)
            if practice.slug in {p.slug for p in practices}:
                raise CatalogueError(path, slug, "slug", "is used twice; give every practice its own", "practice_twice")
            practices.append(practice)
    if ideas:
        raise CatalogueError(folder / IDEAS_FILE, next(iter(ideas)), "ideas", "no practice has this slug", "no_practice")
    tests, cues = _read_tests(folder / TESTS_FILE)
    names = (*(f"{key}.toml" for key in PILLAR_KEYS), TESTS_FILE, IDEAS_FILE, EXAMPLES_FILE)
    return Rubric(
        version=version_of([*(folder / name for name in names), *([learnt] if learnt.exists() else [])]),
        pillars=tuple(pillars),
        practices=tuple(practices),
        tests=tests,
        cues=cues,
        concepts=concepts,
        examples=_read_examples(folder / EXAMPLES_FILE, {practice.slug for practice in practices}),
        model=model_from(Model, read_toml(learnt), learnt, "") if learnt.exists() else None,
    )


def _read_examples(path: Path, slugs: set[str]) -> tuple[Example, ...]:
    document = read_toml(path)
    refuse_other_keys(document, {"example"}, path)
    examples = tuple(model_from(Example, e, path, str(e.get("practice", "?"))) for e in tables(document, "example", path))
    for example in examples:
        if example.practice not in slugs | {NONE}:
            raise CatalogueError(path, example.practice, "practice", "no practice has this slug", "no_practice")
    return examples


def _read_ideas(path: Path) -> tuple[tuple[Concept, ...], dict[str, Any]]:
    """The concepts, and per practice the concepts that stand together. Every idea must be of concepts that are there."""
    document = read_toml(path)
    refuse_other_keys(document, {"source", "confidence", "concept", "ideas"}, path)
    concepts = tuple(model_from(Concept, c, path, str(c.get("key", "?"))) for c in tables(document, "concept", path))
    known = {concept.key for concept in concepts}
    ideas = document.get("ideas", {})
    for slug, group in ideas.items():
        for key in (key for idea in group for key in idea):
            if key not in known:
                raise CatalogueError(path, slug, "ideas", f"there is no concept {key}", "no_concept", key=key)
    return concepts, ideas


def _read_tests(path: Path) -> tuple[tuple[ContributionTest, ...], tuple[CueList, ...]]:
    document = read_toml(path)
    refuse_other_keys(document, {"test", "cue"}, path)
    tests = tuple(model_from(ContributionTest, t, path, str(t.get("key", "?"))) for t in tables(document, "test", path))
    if sorted(t.number for t in tests) != [1, 2, 3, 4, 5, 6, 7]:
        raise CatalogueError(path, "", "test", "the seven tests must be there, numbered 1 to 7, each once", "seven_tests")
    cues = tuple(model_from(CueList, c, path, str(c.get("key", "?"))) for c in tables(document, "cue", path))
    for test in tests:
        if test.counter_list and test.counter_list not in {cue.key for cue in cues}:
            expected = f"there is no cue list {test.counter_list}"
            raise CatalogueError(path, test.key, "counter_list", expected, "no_cue_list", key=test.counter_list)
    return tests, cues
