"""A frozen shortlist as the dossier reads it: the JSON of `warehouse.shortlists.freeze`, checked and typed.

The names are the columns of the warehouse. What a list does not say is None or empty here, and the paper says so in words; it is never
guessed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from desk.exceptions import ShortlistIncomplete

SIZES = ((5_000, "under_5000"), (20_000, "5000_19999"), (50_000, "20000_49999"), (math.inf, "50000_up"))
PILLARS = ("integrity", "open_data", "procurement_anticorruption", "participation")
TESTS = ("actor", "action", "object", "own", "date_or_case", "access", "numbers")


class _Frozen(BaseModel):
    """What a list holds beyond this is kept in the JSON file and not printed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, value: Any, info: ValidationInfo) -> Any:
        """NaN is absent, and an absent text is the empty one; a column that holds JSON is read."""
        if isinstance(value, float) and math.isnan(value):
            value = None
        if value is None and cls.model_fields[str(info.field_name)].default == "":
            return ""
        if isinstance(value, str) and value[:1] in "[{" and value[-1:] in "]}":
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value


class Check(_Frozen):
    """One of the seven tests: yes, no or unknown, and the words that show it."""

    key: str
    answer: str
    words: str = ""
    document_id: str | None = None


class ScorePart(_Frozen):
    """A part of the score, in points, and why."""

    name: str
    points: float
    why: str = ""


class Counter(_Frozen):
    """Something that speaks against."""

    kind: str
    words: str = ""
    document_id: str | None = None


class Comparable(_Frozen):
    """The same practice elsewhere: in Norway (a candidate of this or an earlier list) or a commitment of another OGP member."""

    title: str
    where: str = ""
    reference: str = ""
    url: str | None = None
    result: str | None = None
    size: str = ""
    chosen_by: str = ""


class Prevalence(_Frozen):
    """How many bodies have a candidate of the practice, of those whose relevant sources were read."""

    having: int = Field(alias="with")
    read: int


class Unobserved(_Frozen):
    """A kind of source that could not be read of the body: no_known_source, not_asked, or how the last run ended."""

    kind: str
    why: str = ""
    reason: str = ""


class OwnPlan(_Frozen):
    """What a text of the body says of its own membership of OGP or its own plan."""

    kind: str
    claim: str
    quote: str = ""


class Quota(_Frozen):
    """At most so many of a group in each pillar; who came in by it and who fell out."""

    group: str
    at_most: int
    taken_in: tuple[Mapping[str, Any], ...] = ()
    left_out: tuple[Mapping[str, Any], ...] = ()


class Commitment(_Frozen):
    """A national commitment the practice answers to; not confirmed means that nobody has checked number and grouping."""

    id: str
    title: str = ""
    confirmed: bool = False


class Body(_Frozen):
    """The municipality or county, as it was on the day of the list."""

    orgnr: str
    name: str
    name_nn: str = ""
    number: str = ""
    county: str = ""
    county_name: str = ""
    population: int | None = None
    roles: tuple[str, ...] = ()
    language_form: str = ""
    homepage: str | None = None
    postmottak: str | None = None

    @field_validator("roles", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(";") if part.strip()) if isinstance(value, str) else value or ()

    @property
    def size(self) -> str:
        """Size group: `county`, one of SIZES, or `unknown`."""
        if "fylkeskommune" in self.roles and "kommune" not in self.roles:
            return "county"
        if self.population is None:
            return "unknown"
        return next(key for limit, key in SIZES if self.population < limit)

    @property
    def uses_nynorsk(self) -> bool:
        return self.language_form.lower().startswith("nynorsk")


class Document(_Frozen):
    """One archived text behind a candidate."""

    document_id: str
    document_table: str = ""
    source: str = ""
    source_type: str = ""
    role: str = ""
    title: str = ""
    url: str | None = None
    capture: str = ""
    locator: str = ""
    captured_at: str = ""
    sha256: str = ""
    text_hash: str = ""
    language: str = ""
    licence: str | None = None

    @field_validator("captured_at", mode="before")
    @classmethod
    def _moment(cls, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value


class Evidence(_Frozen):
    """A span of a document that supports the practice, or speaks against it (negative weight)."""

    document_id: str
    quote: str
    rule: str = ""
    weight: float = 0.0


class Review(_Frozen):
    """What a person decided about the text."""

    decision: str
    reason: str = ""
    note: str = ""
    reviewer: str = ""
    at: str = ""


class Item(_Frozen):
    """One candidate of the list."""

    position: int
    id: str
    body: Body
    pillar: str
    practice: str
    practice_name: str = ""
    practice_name_nn: str = ""
    title: str
    status: str = ""
    status_basis: str = ""
    date_of_act: date | None = None
    date_words: str = ""
    case_number: str = ""
    is_contribution: str = "unsure"
    score: float
    score_low: float | None = None
    score_high: float | None = None
    score_parts: tuple[ScorePart, ...] = ()
    reasons: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    beyond_law: str = "unknown"
    beyond_law_words: str = ""
    legal_floor: str = ""
    counter_evidence: tuple[Counter, ...] = ()
    ogp_values: tuple[str, ...] = ()
    policy_areas: tuple[str, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    comparable: tuple[Comparable, ...] = ()
    first_date: date | None = None
    last_date: date | None = None
    quote: str
    quote_document: str = ""
    by_hand: bool = False
    documents: tuple[Document, ...] = Field(min_length=1)
    evidence: tuple[Evidence, ...] = ()
    review: Review | None = None
    rubric: str = ""
    model: str = ""
    copies: int | None = None
    shared_share: float | None = None
    shared_with: tuple[str, ...] = ()
    in_national_plan: str = ""
    in_national_plan_by: str = ""
    in_national_plan_words: str = ""
    kostra_group: str = ""
    prevalence: Prevalence | None = None
    unobserved: tuple[Unobserved, ...] = ()
    own_plans: tuple[OwnPlan, ...] = ()

    @field_validator("date_of_act", "first_date", "last_date", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        return value[:10] if isinstance(value, str) and value else value or None

    @field_validator("commitments", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return tuple({"id": c} if isinstance(c, str) else c for c in value or ())

    @field_validator(
        "score_parts", "reasons", "checks", "counter_evidence", "ogp_values", "policy_areas", "comparable", "evidence", mode="before"
    )
    @classmethod
    def _none_is_empty(cls, value: Any) -> Any:
        return () if value is None else value

    @property
    def texts(self) -> tuple[Document, ...]:
        """The documents without the pages that only repeat another."""
        return tuple(d for d in self.documents if d.role != "copy")

    @property
    def quoted(self) -> Document:
        """The document the quote stands in."""
        return next((d for d in self.documents if d.document_id == self.quote_document), self.documents[0])

    def check(self, key: str) -> Check:
        """The answer to one of the seven tests; unknown when the list does not say, or says more than the law without words for it."""
        found = next((c for c in self.checks if c.key == key), Check(key=key, answer="unknown"))
        is_bare = key == "own" and found.answer == "yes" and not found.words and self.beyond_law != "yes"
        return Check(key=key, answer="unknown") if is_bare else found


class NotReached(_Frozen):
    """A body or source we could not look at, and why."""

    name: str
    outcome: str = ""
    reason: str = ""


class Coverage(_Frozen):
    """What was looked at. `bodies` are those asked. A number that is None was not counted."""

    since: date | None = None
    until: date | None = None
    bodies: int | None = None
    bodies_reached: int | None = None
    bodies_not_asked: int | None = None
    sources: int | None = None
    sources_by_outcome: Mapping[str, int] = {}
    pages: int | None = None
    documents: int | None = None
    quarantined: int | None = None
    candidates: int | None = None
    rejected: int | None = None
    languages: Mapping[str, int] = {}
    not_reached: tuple[NotReached, ...] = ()
    bodies_by_size: Mapping[str, int] = {}
    bodies_by_county: Mapping[str, int] = {}


class Shortlist(_Frozen):
    """The frozen list."""

    id: str
    name: str = ""
    lang: str = "nb"
    source: str = "accepted"
    pillar: str | None = None
    created_at: datetime
    content_hash: str = ""
    rubric: str = ""
    model: str = ""
    items: tuple[Item, ...] = ()
    quota: Quota | None = None
    coverage: Coverage = Coverage()

    @field_validator("id", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value)

    @property
    def is_reviewed(self) -> bool:
        """False for a list of top candidates nobody has looked at: it is stamped on every page."""
        return self.source != "top"

    @property
    def pillars(self) -> tuple[str, ...]:
        """The pillars of the list's candidates, in the plan's order."""
        held = {item.pillar for item in self.items}
        return tuple(p for p in PILLARS if p in held)

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Each body once, in the order of the list."""
        return tuple({item.body.orgnr: item.body for item in self.items}.values())


def read(frozen: Mapping[str, Any]) -> Shortlist:
    """The typed list. Raises ShortlistIncomplete that names the first field that is missing or wrong."""
    try:
        return Shortlist.model_validate(frozen)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        named, answer = frozen.get("id", "?"), first["msg"].removeprefix("Value error, ")
        problem = f"shortlist {named}: {where}: {answer}; freeze the list again"
        raise ShortlistIncomplete(problem, "field", id=named, field=where, answer=answer) from None


def counted(keys: Iterable[str]) -> dict[str, int]:
    """How many of each, in order of first meeting."""
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts
