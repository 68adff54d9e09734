"""What is true of a world, for those who check: `truth.json`; and where to look, for those who harvest: `sources.toml`."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from sandbox.bodies import Body
from sandbox.places import ADMINISTRATION, Told
from sandbox.world import World

COUNTIES = {"91": "Ytre Solland", "92": "Skogmark"}
LANGUAGE_FORMS = {"nb": "bokmål", "nn": "nynorsk"}


def truth(world: World) -> dict[str, Any]:
    """What truth.json holds. `counts` and `outcomes` are of a first harvest of `window`, 90 days back from `day` (meetings 30 days further both
    ways); `outcomes_again` of a second one of an unchanged world. `private_names` holds every form a name is written in."""
    documents: dict[str, list[Told]] = defaultdict(list)
    for told in world.told:
        documents[told.initiative].append(told)
    orgnr = {b.slug: b.orgnr for b in world.bodies}
    of_country = {"prevalence": world.prevalence} if world.prevalence else {}
    return {
        **of_country, "seed": world.seed, "day": world.day.isoformat(), "window": {"since": world.since.isoformat(), "until": world.day.isoformat()},
        "bodies": [_body(b) for b in world.bodies],
        "initiatives": [
            {"id": i.id, "authority": orgnr[i.body], "pillar": i.pillar, "practice": i.practice, "is_term_free": i.is_term_free, "language": i.language,
             "documents": [{**_document(t), "term_free": i.is_term_free} for t in documents[i.id]]}
            for i in world.initiatives if documents[i.id]
        ],
        "lookalikes": [{"authority": orgnr[t.text.body or t.source.partition("/")[2]], **_document(t), "reason": t.text.reason, "practice": t.text.practice}
                       for t in world.told if t.is_lookalike],
        "pairs": [list(pair) for pair in world.pairs],
        "private_names": sorted(world.private.names), "identity_numbers": sorted(world.identity_numbers), "account_numbers": sorted(world.account_numbers),
        "phone_numbers": sorted(world.private.phones), "mail_addresses": sorted(world.private.mails),
        "public_names": sorted({b.mayor for b in world.bodies if b.mayor} | set(ADMINISTRATION)),
        "counts": {s.id: dict(s.counts) for s in world.sources}, "outcomes": {s.id: s.outcome for s in world.sources},
        "outcomes_again": {s.id: s.again for s in world.sources},
    }  # fmt: skip


def _document(told: Told) -> dict[str, str]:
    return {"url": told.url, "source": told.source, "key": told.key, "table": told.table}


def _body(body: Body) -> dict[str, Any]:
    return {"slug": body.slug, "orgnr": body.orgnr, "name": body.full_name, "role": body.role, "language": body.language, "mayor": body.mayor,
            "trouble": body.trouble, "is_filler": body.is_filler}  # fmt: skip


def sources_toml(world: World) -> str:
    """An extra file of sources: the invented bodies and an entry for every source."""
    parts = [f"# The miniature Norway of seed {world.seed}, {world.day}. Every body is invented; reached through DAGSLYS_GATEWAY only.\n"]
    parts += [_table("authority", _authority(body)) for body in world.bodies]
    for source in world.sources:
        entry: dict[str, Any] = {
            "slug": source.slug, "platform": source.platform, "authority": source.body.orgnr, "url": source.url, "kinds": list(source.kinds),
            "cadence": source.cadence, "state": "enabled", "licence": "oppdiktet", "fact": "sandbox", "confidence": "tested",
        }  # fmt: skip
        parts.append(_table("source", entry) + ("[source.settings]\n" + _lines(source.settings) if source.settings else ""))
    return "\n".join(parts)


def _authority(body: Body) -> dict[str, Any]:
    is_county = body.role == "fylkeskommune"
    return {
        "orgnr": body.orgnr, "name": body.full_name if is_county else body.name, "name_nn": body.name_nn, "name_se": body.name_se, "roles": [body.role],
        "number": "" if is_county else body.number, "county": body.county, "county_name": COUNTIES.get(body.county, ""), "population": body.population,
        "language_form": LANGUAGE_FORMS[body.language], "homepage": body.home, "hosts": [body.host, body.domain], "postmottak": f"post@{body.domain}",
    }  # fmt: skip


def _table(name: str, values: dict[str, Any]) -> str:
    return f"[[{name}]]\n{_lines(values)}"


def _lines(values: Any) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def write(world: World, folder: Path) -> tuple[Path, Path]:
    """Write `sources.toml` and `truth.json` into the folder; both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    sources, facts = folder / "sources.toml", folder / "truth.json"
    sources.write_text(sources_toml(world), encoding="utf-8")
    facts.write_text(json.dumps(truth(world), ensure_ascii=False, indent=1), encoding="utf-8")
    return sources, facts


def day_of(text: str) -> date:
    """A day given on the command line, YYYY-MM-DD."""
    return date.fromisoformat(text)
