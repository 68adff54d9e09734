"""Norway's action plans for OGP with their pillars and commitments, and commitments elsewhere to compare with.

`plans/nap4.toml` and `plans/nap5.toml` are the plans; `plans/commitments.csv` are older Norwegian commitments and those of other countries
and cities. Further ones come by CSV (`read_csv`): files in the folder `commitments` of the state folder are read beside these.
Which pillar and practice a commitment answers to is our reading, unless `pillar_confirmed`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, overload

from pydantic import Field, computed_field

from catalogue.exceptions import CatalogueError
from catalogue.facts import Confidence, Fact, checked, model_from, read_toml, refuse_other_keys, tables

DIRECTORY = Path(__file__).parent / "plans"
COMMITMENTS_FILE = "commitments.csv"
HOME = "Norway"

# Written as in catalogue.rubric; kept here too so that plans load without it. A test compares them.
Pillar = Literal["integrity", "open_data", "procurement_anticorruption", "participation"]


class Commitment(Fact):
    """A commitment. `id` is OGP's; `number` its number in the plan, `title` OGP's English title ("" when it was not found).

    `title_nb` is our translation. `verifiable`, `relevant`, `ambition` and `early_results` are the codes of OGP's independent review as its
    pages print them ("" when not seen). `confirmed` is false when id or title was inferred: it prints *ikke kontrollert*. A commitment
    whose id nobody has seen has a name of ours in small letters for one (`madrid-lobby-register`), and a year only when that was seen.
    """

    id: str = Field(pattern=r"^([A-Z]{2,4}\d{4}|[a-z]+(-[a-z]+)+)$")
    plan: int | None = None
    number: str = ""
    member: str = HOME
    level: Literal["national", "local"] = "national"
    year: int | None = Field(default=None, ge=2011, le=2100)
    title: str = ""
    title_nb: str = ""
    lead: str = ""
    pillar: Pillar | None = None
    pillar_confirmed: bool = False
    practice: str = ""
    policy_areas: tuple[str, ...] = ()
    verifiable: str = ""
    relevant: str = ""
    ambition: str = ""
    early_results: str = ""
    about_municipalities: bool = False
    url: str = Field(default="", pattern=r"^(https://\S+)?$")
    note: str = ""
    source: str = Field(min_length=1)
    confidence: Confidence
    confirmed: bool

    @computed_field
    @property
    def country(self) -> str:
        """The member's country: `Tbilisi, Georgia` and `Italy (City of Milan)` are in Georgia and Italy."""
        return re.sub(r"\s*\(.*\)$", "", self.member).rpartition(", ")[2]

    @property
    def is_norwegian(self) -> bool:
        return self.member == HOME

    @property
    def is_numbered(self) -> bool:
        """Whether `id` is OGP's own."""
        return self.id[0].isupper()

    def __str__(self) -> str:
        return checked(f"{self.id} {self.title}".rstrip() if self.is_numbered else self.title, self.confirmed)


class Plan(Fact):
    """An action plan with its commitments in the order of their ids. Years are those it was in force, both included."""

    number: int = Field(ge=1)
    name_nb: str
    name_nn: str
    first_year: int
    last_year: int
    note: str = ""
    source: str = Field(min_length=1)
    confidence: Confidence
    confirmed: bool
    commitments: tuple[Commitment, ...] = ()

    @property
    def id(self) -> str:
        return f"NAP{self.number}"

    def of_pillar(self, pillar: str) -> tuple[Commitment, ...]:
        """The commitments we read under a pillar."""
        return tuple(c for c in self.commitments if c.pillar == pillar)

    def __str__(self) -> str:
        return checked(f"{self.name_nb} ({self.first_year}–{self.last_year})", self.confirmed)


class Plans(Sequence[Plan]):
    """The plans in order of number, and every commitment by id."""

    def __init__(self, plans: Sequence[Plan], others: Sequence[Commitment]) -> None:
        self._plans = tuple(sorted(plans, key=lambda p: p.number))
        self._by_id = {c.id: c for c in (*(c for p in self._plans for c in p.commitments), *others)}

    @overload
    def __getitem__(self, index: int) -> Plan: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Plan, ...]: ...
    def __getitem__(self, index: int | slice) -> Plan | tuple[Plan, ...]:
        return self._plans[index]

    def __len__(self) -> int:
        return len(self._plans)

    def __iter__(self) -> Iterator[Plan]:
        return iter(self._plans)

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """Every commitment: those of the plans, older Norwegian ones, those abroad."""
        return tuple(self._by_id.values())

    @property
    def abroad(self) -> tuple[Commitment, ...]:
        """The commitments of other countries and cities."""
        return tuple(c for c in self._by_id.values() if not c.is_norwegian)

    def plan(self, number: int) -> Plan:
        """The plan of that number. Raises KeyError."""
        for plan in self._plans:
            if plan.number == number:
                return plan
        raise KeyError(f"no action plan {number} is described")

    def commitment(self, commitment_id: str) -> Commitment:
        """The commitment of that id. Raises KeyError."""
        return self._by_id[commitment_id]

    def comparable(self, practice: str, pillar: str = "") -> tuple[Commitment, ...]:
        """Commitments abroad to compare with: of the practice; those with results first, then cities before countries.

        When none answers to the practice itself, those of `pillar` about municipalities stand in.
        """
        found = [c for c in self.abroad if practice and c.practice == practice]
        found = found or [c for c in self.abroad if pillar and c.pillar == pillar and c.about_municipalities]
        results = {"outstanding": 0, "major": 1, "marginal": 2}
        return tuple(sorted(found, key=lambda c: (results.get(c.early_results, 3), c.level != "local", c.id)))


def load(directory: Path | None = None, *, imported: Path | None = None) -> Plans:
    """Reads the plans of a directory (the shipped ones when None), and the CSV files of the folder `imported` when it is there.

    A commitment that is described here already stays as it is; an imported one only adds. Raises CatalogueError for an unknown key, an id
    used twice, a commitment whose year or pillar cannot be, or a row of an imported file that cannot be read.
    """
    plans = _shipped() if directory is None else _read(Path(directory))
    files = sorted(imported.glob("*.csv")) if imported else []
    if not files:
        return plans
    known = {c.id: c for c in plans.commitments}
    for path in files:
        found = read_csv(path)
        if found.refused:
            raise found.refused[0]
        known = {c.id: c for c in found.commitments} | known
    own = {c.id for plan in plans for c in plan.commitments}
    return Plans(tuple(plans), [c for c in known.values() if c.id not in own])


@dataclass(frozen=True)
class Imported:
    """What a CSV file of commitments gives: those that could be read, and why each of the others could not, in the file's order."""

    commitments: tuple[Commitment, ...]
    refused: tuple[CatalogueError, ...]


def read_csv(path: Path | str) -> Imported:
    """Commitments of a CSV file in OGP's or our own words for the columns (COLUMNS); others are kept as a note.

    Nobody has checked them: each is unconfirmed and prints so, unless the file says `confirmed`. Raises CatalogueError for a file that is
    no UTF-8 CSV or has no column of ids.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        kind = type(error).__name__
        raise CatalogueError(path, "", "", f"cannot be read as CSV in UTF-8 ({kind}); save it so", "not_csv", answer=kind) from None
    if not rows or not any(_column_of(name) == "id" for name in rows[0]):
        names = ", ".join(COLUMNS["id"])
        raise CatalogueError(path, "", "id", f"no column of ids; call it one of {names}", "no_column_of_ids", names=names)
    commitments, refused, seen = [], [], set()
    for line, row in enumerate(rows, start=2):
        try:
            commitments.append(_commitment(_imported_values(row, path), path, seen))
        except CatalogueError as error:
            refused.append(CatalogueError(path, error.entry, error.field, error.problem, error.said, line=line, **error.named))
    return Imported(tuple(commitments), tuple(refused))


# What a column may be called in a file that comes to us; the case and blanks do not matter.
COLUMNS = {
    "id": ("id", "commitment_id", "commitment_number", "unique_commitment_id"), "member": ("member", "country", "country_local"),
    "level": ("level", "type"), "year": ("year", "cycle", "action_plan_year", "start_year"),
    "title": ("title", "commitment_title", "short_title"),
    "lead": ("lead", "lead_institution", "lead_agency"), "policy_areas": ("policy_areas", "policy_area", "tags"),
    "verifiable": ("verifiable", "irm_verifiable"), "relevant": ("relevant", "irm_relevant"),
    "ambition": ("ambition", "irm_ambition", "potential_impact"), "early_results": ("early_results", "irm_early_results", "results"),
    "pillar": ("pillar", "pillar_mapping"), "practice": ("practice", "practice_mapping"), "url": ("url", "link"), "note": ("note", "notes"),
    "about_municipalities": ("about_municipalities",), "source": ("source",), "confidence": ("confidence",), "confirmed": ("confirmed",),
}  # fmt: skip
_FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}


def _column_of(name: str | None) -> str:
    return _FIELD_OF.get(re.sub(r"[\s-]+", "_", (name or "").strip().lower()), "")


def _imported_values(row: dict[str, Any], path: Path) -> dict[str, Any]:
    """The values of a row as a Commitment takes them."""
    values: dict[str, Any] = {}
    notes = []
    for name, said in row.items():
        text = said.strip() if isinstance(said, str) else ""
        field = _column_of(name)
        if text and field:
            values.setdefault(field, text)
        elif text:
            notes.append(f"{name}: {text}")
    level = str(values.get("level", "national"))
    values["level"] = level.partition(" ")[0].lower()
    values.setdefault("about_municipalities", level != "national")
    if year := re.match(r"\d{4}", str(values.get("year", ""))):
        values["year"] = year[0]
    tags = (re.sub(r"\s*\([^)]*\)$", "", tag).strip() for tag in re.split(r"[;|]", str(values.get("policy_areas", ""))))
    values["policy_areas"] = tuple(tag for tag in tags if tag)
    if notes:
        values["note"] = "; ".join([*([values["note"]] if "note" in values else []), *notes])
    return {"source": path.name, "confidence": "listed", "confirmed": False, **values}


@lru_cache(maxsize=1)
def _shipped() -> Plans:
    return _read(DIRECTORY)


def _read(directory: Path) -> Plans:
    seen: set[str] = set()
    plans = [_plan(path, seen) for path in sorted(directory.glob("*.toml"))]
    if not plans:
        raise CatalogueError(directory, "", "", "holds no plan; check the path", "no_plan")
    csv_path = directory / COMMITMENTS_FILE
    return Plans(plans, [_commitment(row, csv_path, seen) for row in _rows(csv_path)])


def _plan(path: Path, seen: set[str]) -> Plan:
    document = read_toml(path)
    refuse_other_keys(document, {"plan", "commitment"}, path)
    plan = model_from(Plan, document.get("plan", {}), path, "plan")
    common = {"plan": plan.number, "year": plan.first_year}
    commitments = (_commitment({**common, **values}, path, seen) for values in tables(document, "commitment", path))
    return plan.model_copy(update={"commitments": tuple(sorted(commitments, key=lambda c: c.id))})


def _commitment(values: dict[str, Any], path: Path, seen: set[str]) -> Commitment:
    commitment = model_from(Commitment, values, path, str(values.get("id", "?")))
    if commitment.id in seen:
        problem = "is used twice, here or in another file; a commitment has one entry"
        raise CatalogueError(path, commitment.id, "id", problem, "commitment_twice")
    seen.add(commitment.id)
    return commitment


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            values: dict[str, Any] = {k: v for k, v in row.items() if v != ""}
            if "policy_areas" in values:
                values["policy_areas"] = tuple(tag.strip() for tag in values["policy_areas"].split(";"))
            yield values
