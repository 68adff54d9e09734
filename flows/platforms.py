"""What we know of every platform: its data sheet, what its reader fills in, what an entry may say, and who uses it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.coverage import Coverage, coverage
from catalogue.labels import label
from extractors import sheets
from extractors.platforms import EXTRACTORS
from flows.selection import Selection, catalogue_of, scope_in

if TYPE_CHECKING:
    from catalogue.sources import SourceEntry

HEAD = """# Platforms

Made of the data sheets in the extractors' docstrings, their settings and the catalogue (`python docs/generate.py`);
`dagslys platforms --json` says the same of today's catalogue. What is not known is printed as it is said: *ikke kontrollert*, not stated.

*Tenants* counts the entries of `catalogue/sources/` by state: **enabled** is harvested; **permission** waits for a written permission
of the body; **disabled** was not shown to answer, or was left off on purpose; **planned** has no reader. *Confidence* is how the
addresses are known.
"""


def platforms(home: Path, selection: Selection) -> list[dict[str, Any]]:
    """Every platform selected, those with a reader first, each with the entries selected. Raises SelectionError, CatalogueError."""
    catalogue = catalogue_of(home)
    scope = scope_in(catalogue, selection)
    entries = [e for e in catalogue.entries if scope.takes(e.id, e.authority) and _is_valid(e, selection)]
    is_narrow = bool(selection.authorities or selection.sources)
    used = {e.platform for e in entries}
    every = [*EXTRACTORS, *sorted({e.platform for e in catalogue.entries} - set(EXTRACTORS))]
    wanted = [p for p in every if (not selection.platforms or p in selection.platforms) and (not is_narrow or p in used)]
    return [overview(platform, [e for e in entries if e.platform == platform]) for platform in wanted]


def reach(home: Path, selection: Selection) -> Coverage:
    """How far the entries selected reach over the living bodies selected; without days, entries with a last day are history and left out.

    Raises SelectionError, CatalogueError.
    """
    catalogue = catalogue_of(home)
    scope = scope_in(catalogue, selection)
    chosen = selection.authorities and scope.authorities
    bodies = [body for body in catalogue.authorities.current if not chosen or body.orgnr in chosen]
    entries = [e for e in catalogue.entries if scope.takes(e.id, e.authority)]
    has_days = bool(selection.since or selection.until)
    return coverage(bodies, [e for e in entries if (_is_valid(e, selection) if has_days else e.valid_to is None)])


def _is_valid(entry: SourceEntry, selection: Selection) -> bool:
    """Whether an entry was valid on a day of the window."""
    since, until = selection.since or date.min, selection.until or date.max
    return (entry.valid_from or date.min) <= until and (entry.valid_to or date.max) >= since


def overview(platform: str, entries: Iterable[SourceEntry]) -> dict[str, Any]:
    """One platform: its data sheet, fields by kind, settings, and its entries by state and confidence."""
    entries = list(entries)
    extractor = EXTRACTORS.get(platform)
    return {
        "platform": platform,
        "name": label("platform", platform, "en"),
        "is_read": extractor is not None,
        "family": extractor.__module__.split(".")[1] if extractor else None,
        "sheet": sheets.sheet_of(extractor) if extractor else {},
        "fields": sheets.fields_of(extractor) if extractor else {},
        "settings": sheets.settings_of(extractor) if extractor else {},
        "tenants": dict(Counter(str(e.state) for e in entries)),
        "harvested": sum(e.is_harvested for e in entries),
        "bodies": len({e.authority for e in entries}),
        "confidence": dict(Counter(str(e.confidence) for e in entries)),
    }


def page(found: Iterable[dict[str, Any]], reached: Coverage) -> str:
    """The overview as a page, and how far the catalogue reaches."""
    found = list(found)
    parts = [HEAD, *_reach_section(reached), "\n## Every platform\n"]
    parts += ["| platform | gives | enabled | permission | disabled | planned | bodies |", "|---|---|---|---|---|---|---|"]
    for one in found:
        counts = " | ".join(str(one["tenants"].get(state, 0)) for state in ("enabled", "permission", "disabled", "planned"))
        kinds = ", ".join(label("kind", kind, "en") for kind in one["fields"])
        parts.append(f"| [{one['platform']}](#{one['platform']}) | {kinds or 'no reader'} | {counts} | {one['bodies']} |")
    for one in found:
        parts += [f"\n## {one['platform']}\n", *_section(one)]
    return "\n".join(parts) + "\n"


def _reach_section(reached: Coverage) -> list[str]:
    """How many of the bodies have each side, as a table."""
    rows = []
    for side, one in reached.sides.items():
        levels = ", ".join(f"{n} {level}" for level, n in one.confidence.items()) or "–"
        shares = f"{one.harvested} ({one.share:.1%}) | {levels} | {one.permission} | {one.off} | {one.none}"
        rows.append(f"| {label('side', side, 'en')} | {shares} |")
    for_all = ", ".join(dict.fromkeys(f"`{source}`" for one in reached.sides.values() for source in one.for_all))
    return [
        "## How far it reaches\n",
        f"{reached.tenants} entries on {reached.platforms} platforms are harvested. Of the {reached.bodies} bodies of today:\n",
        "| | harvested | by the surest confidence | waits for a permission | resting | no entry |",
        "|---|---|---|---|---|---|",
        *rows,
        f"\nIn all {reached.waiting_tenants} entries of {reached.waiting_bodies} bodies wait for a written permission.",
        "*Resting*: not shown to answer, or no reader. An entry that has ended counts for nothing.",
        f"Read once for all bodies, and counted for none: {for_all or 'nothing'}.",
    ]


def _section(one: dict[str, Any]) -> list[str]:
    rows = list(one["sheet"].items())
    for kind, names in one["fields"].items():
        rows.append((f"fields: {label('kind', kind, 'en')}", ", ".join(f"`{name}`" for name in names) or "the key"))
    if one["settings"]:
        rows.append(("settings", ", ".join(_setting(name, said) for name, said in one["settings"].items())))
    tenants = ", ".join(f"{n} {state}" for state, n in sorted(one["tenants"].items())) or "none"
    rows.append(("tenants", f"{tenants}; {one['bodies']} bodies"))
    rows.append(("confidence", ", ".join(f"{n} {level}" for level, n in sorted(one["confidence"].items())) or "none"))
    return ["| | |", "|---|---|", *(f"| {name} | {_cell(text)} |" for name, text in rows)]


def _setting(name: str, said: dict[str, Any]) -> str:
    default = "required" if said["is_required"] else "may be left out" if said["default"] is None else f"{said['default']} when left out"
    return f"`{name}` ({said['type']}; {default})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
