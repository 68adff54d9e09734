"""What eInnsyn's older services gave (ATLAS 2.8): hits of the website's search, and the graph of JSON-LD that bodies delivered.

Both write the same names. Nothing asks for them: robots.txt of einnsyn.no closes the search, and the deliveries were never public. They are
read where somebody has stored them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from catalogue.reasons import Reason
from extractors.contract import Capture, CaseFile, Claim, File, JournalEntry, Record, Trouble
from extractors.fields import Fields, as_text
from extractors.innsyn import parties

SENSITIVE = ("_SENSITIV", "_LIST")
DEPTH = 4
NO_NAME = {"N/A", "Ukjent"}
NODES_BETWEEN = {"Dokumentobjekt", "Dokumentbeskrivelse", "Skjerming", "Arkiv", "Arkivdel", "Korrespondansepart"}
"""Kinds of node that say something of another and are read with it, or of the archive and are not read."""

UNUSED = (
    "@id", "@type", "id", "type", "externalId", "oppdatertDato", "arkivskaper", "arkivskaperNavn", "arkivskaperTransitive", "parent",
    "systemID", "registreringsID", "tittel", "opprettetAv", "opprettetDato", "arkivertAv", "arkivertDato", "avsluttetAv", "avsluttetDato",
    "referanseArkivdel", "journalstatus", "saksstatus", "saksansvarlig", "mappeID", "saksaar", "sakssekvensnummer", "journalposttype",
    "journaldato", "skjerming", "journalaar", "journalsekvensnummer",
)  # fmt: skip


def read_old(answer: Any, capture: Capture) -> Iterator[Record]:
    """Entries and cases of an older answer: `searchHits` (or `posts`, as a watcher of them kept it), or a list of nodes."""
    if isinstance(answer, list):
        things = _nodes(answer)
        total = None
    else:
        said = Fields(answer)
        hits = said.items("searchHits", "posts")
        things = [hit.get("source", hit) if isinstance(hit, dict) else {} for hit in hits]
        total = said.text("hitCount")
    if not things:
        yield Trouble(key=capture.url, reason=Reason("no_items", step="hits", field="searchHits"))
        return
    for number, thing in enumerate(things):
        yield from _read(Fields(thing), f"/{number}", capture)
    if total and total.isdecimal():
        yield Claim(key="hitCount", about="journal_entry", scope="answer", count=int(total))


def _nodes(graph: list[Any]) -> list[dict[str, Any]]:
    """The entries and cases of an expanded graph as objects by local name, what they refer to put in its place."""
    by_id = {node["@id"]: node for node in graph if isinstance(node, dict) and "@id" in node}
    nodes = [_plain(node, by_id, DEPTH) for node in graph if isinstance(node, dict)]
    return [node for node in nodes if not NODES_BETWEEN & set(node["@type"])]


def _plain(node: Mapping[str, Any], by_id: Mapping[str, Any], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": node.get("@id"), "@type": [_last(str(t)) or "" for t in node.get("@type", [])]}
    for name, values in node.items():
        if name.startswith("@") or name.endswith(SENSITIVE) or not isinstance(values, list):
            continue
        listed = [_value(value, by_id, depth) for value in values if isinstance(value, dict)]
        found[_last(name) or name] = listed if len(listed) > 1 or any(isinstance(v, dict) for v in listed) else next(iter(listed), None)
    return found


def _value(value: Mapping[str, Any], by_id: Mapping[str, Any], depth: int) -> Any:
    if "@value" in value:
        return value["@value"]
    target = str(value.get("@id"))
    return _plain(by_id[target], by_id, depth - 1) if target in by_id and depth else target


def _read(row: Fields, locator: str, capture: Capture) -> Iterator[Record]:
    kinds = row.items("@type", "type")
    key = row.text("@id", "id")
    if not key:
        yield Trouble(key=f"{capture.url}{locator}", locator=locator, reason=Reason("no_identifier", step="hits", field="id"))
    elif "Saksmappe" in kinds:
        yield _case(row, key, locator)
    elif "Journalpost" in kinds or "JournalpostForMøte" in kinds:
        yield from _entry(row, key, locator)
    else:
        yield Trouble(key=f"{capture.url}{locator}", locator=locator, reason=Reason("hit_unknown"))


def _case(row: Fields, key: str, locator: str) -> CaseFile:
    number = row.text("saksnummer") or _numbered(row.text("saksaar"), row.text("sakssekvensnummer"))
    case = CaseFile(
        key=key, locator=locator, case_number=number, title=row.text("offentligTittel", "title"), case_date=row.text("saksdato"),
        unit=row.text("administrativEnhet"),
    )  # fmt: skip
    row.leave((*UNUSED, "publisertDato"))
    return replace(case, leftovers=row.rest())


def _entry(row: Fields, key: str, locator: str) -> Iterator[Record]:
    above = next((Fields(p) for p in _listed(row.take("parent")) if isinstance(p, dict)), Fields(None))
    case_key, year, sequence = above.text("@id", "id"), above.text("saksaar"), above.text("sakssekvensnummer")
    shield = next((Fields(s) for s in _listed(row.take("skjerming")) if isinstance(s, dict)), Fields(None))
    people = [Fields(p) for p in _listed(row.take("korrespondansepart")) if isinstance(p, dict)]
    named = [(_last(p.text("korrespondanseparttype")), p.text("korrespondansepartNavn")) for p in people]
    ends = {role: parties.names(n for r, n in named if r == role and n not in NO_NAME) for role in ("avsender", "mottaker")}
    entry = JournalEntry(
        key=key, locator=locator, title=row.text("offentligTittel", "title"), case_key=case_key, case_title=above.text("offentligTittel"),
        case_number=row.text("saksnummer") or above.text("saksnummer") or _numbered(year, sequence),
        document_number=row.text("journalpostnummer"), serial=_numbered(row.text("journalsekvensnummer"), row.text("journalaar")),
        document_type=_last(row.text("journalposttype")), journal_date=row.text("journaldato"), document_date=row.text("dokumentetsDato"),
        published_at=row.text("publisertDato") or above.text("publisertDato"), senders=ends["avsender"], recipients=ends["mottaker"],
        access=_last(shield.text("tilgangsrestriksjon")), legal_basis=shield.text("skjermingshjemmel"),
        unit=above.text("administrativEnhet"), files=_files(_listed(row.take("dokumentbeskrivelse"))),
    )  # fmt: skip
    row.leave(UNUSED)
    yield replace(entry, leftovers=row.rest())


def _files(descriptions: list[Any]) -> tuple[File, ...] | None:
    told = [(Fields(d), next((Fields(o) for o in _listed(d.get("dokumentobjekt")) if isinstance(o, dict)), Fields(None)))
            for d in descriptions if isinstance(d, dict)]  # fmt: skip
    return tuple(
        File(title=d.text("tittel"), url=url, media_type=o.text("format"), is_open=bool(url) or None)
        for d, o in told for url in [o.text("referanseDokumentfil")]
    ) or None  # fmt: skip


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _last(iri: str | None) -> str | None:
    """The last part of an IRI; a text that is none as it stands."""
    return as_text(iri.rsplit("/", 1)[-1]) if iri and "://" in iri else iri


def _numbered(first: str | None, second: str | None) -> str | None:
    return f"{first}/{second}" if first and second else None
