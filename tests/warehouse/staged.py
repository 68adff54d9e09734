"""An invented municipality or three, staged as a harvest would stage them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from catalogue import plans, rubric
from catalogue.authorities import Authority
from catalogue.reasons import Reason
from catalogue.sources import SourceEntry
from extractors import staging
from extractors.contract import AgendaItem, Claim, Dataset, Distribution, JournalEntry, Meeting, Outcome, Page, Record
from extractors.staging import RunResult
from warehouse import flagging, load
from warehouse.decisions import DecisionLog
from warehouse.store import Store

TODAY = date(2026, 3, 1)
FJORDVIK, LYNGHEI, TINDMARK = "800000009", "800000017", "800000025"
BODIES = (
    Authority(orgnr=FJORDVIK, name="Fjordvik", roles=("kommune",), number="9001", county="91", county_name="Havland", population=4100,
              language_form="bokmål", homepage="https://www.fjordvik.kommune.no/", postmottak="post@fjordvik.kommune.no"),
    Authority(orgnr=LYNGHEI, name="Lynghei", roles=("kommune",), number="9002", county="91", county_name="Havland", population=23000,
              language_form="nynorsk", homepage="https://www.lynghei.kommune.no/", postmottak="post@lynghei.kommune.no"),
    Authority(orgnr=TINDMARK, name="Tindmark fylkeskommune", roles=("fylkeskommune",), county="92", county_name="Tindmark", population=90000),
)  # fmt: skip
SOURCES = tuple(
    SourceEntry(slug=slug, platform=platform, authority=orgnr, url=f"https://www.{slug}.kommune.no/", kinds=kinds, fact="invented",
                confidence="tested", state="enabled", licence="NLOD 2.0")
    for slug, orgnr in (("fjordvik", FJORDVIK), ("lynghei", LYNGHEI), ("tindmark", TINDMARK))
    for platform, kinds in (("website", ("page",)), ("einnsyn", ("journal_entry", "meeting", "agenda_item")))
)  # fmt: skip
ROBOTS = Reason("robots_refuses", host="www.lynghei.kommune.no")
WEBSITE, JOURNAL = "website/fjordvik", "einnsyn/fjordvik"

REGISTER = Page(
    key="https://www.fjordvik.kommune.no/gaveregister", title="Åpent gaveregister for ansatte og folkevalgte", language="nb",
    text="Kommunestyret i Fjordvik vedtok 14. januar 2026 et åpent gaveregister for ansatte og folkevalgte.\n\n"
         "Registeret er lagt ut på nettsiden og viser 42 gaver siden oppstarten. Alle innbyggere kan søke i det, og det oppdateres hver "
         "måned.\n\nRegisteret går lenger enn reglene krever, fordi også gaver som er takket nei til, blir ført opp.",
    published="2026-01-15", locator="/",
)  # fmt: skip
CANTEEN = Page(
    key="https://www.fjordvik.kommune.no/kantine", title="Kantinen i rådhuset", text="Kantinen serverer suppe på onsdager. Velkommen innom!" * 8,
    language="nb", locator="/",
)  # fmt: skip
ENTRY = JournalEntry(
    key="jp-1", case_number="2026/17", document_number="2026/17-1", serial="101/2026", journal_date="2026-02-02", document_type="inngaaende_dokument",
    title="Anskaffelsesstrategien for Fjordvik kommune", senders=("Konsulenthuset AS",), locator="/items/0",
)  # fmt: skip
DATASET = Dataset(
    key="lekeplasser", title="Lekeplasser i Fjordvik", description="Alle kommunale lekeplasser med utstyr.", licence="https://data.norge.no/nlod/no/2.0",
    distributions=(Distribution(access_url="https://data.fjordvik.kommune.no/a.csv", format="CSV"),
                   Distribution(access_url="https://data.fjordvik.kommune.no/a.json", format="JSON")), locator="/0",
)  # fmt: skip
MEETING = Meeting(key="m-1", committee="Kommunestyret", start="2026-02-12T18:00:00+01:00", locator="/m/0")
ITEM = AgendaItem(
    key="s-1", meeting_key="m-1", number="PS 4/26", title="Nytt etisk reglement", text="Kommunedirektøren legger fram nytt etisk reglement.",
    decision="Kommunestyret vedtar reglementet.", locator="/s/0",
)  # fmt: skip


def body_of(source: str) -> str:
    return {"fjordvik": FJORDVIK, "lynghei": LYNGHEI, "tindmark": TINDMARK}[source.split("/")[1]]


def stage(
    home: Path, source: str, day: int, records: Sequence[Record], *, outcome: Outcome = Outcome.FRESH, reasons: tuple[Reason, ...] = (), claimed: int | None = None,
    month: int = 2, whole: Mapping[str, str] | None = None, days: Sequence[tuple[str, str, int]] = (),
) -> RunResult:  # fmt: skip
    """Stage a batch of day `day` of February 2026; `whole` and `days` are what the run proves and what the source counts per day."""
    at = datetime(2026, month, day, 3, 0, 0)
    moment, platform = at.isoformat() + "+00:00", source.split("/")[0]
    batch = f"{at:%Y%m%dT%H%M%S}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"
    capture = f"{batch}-{platform}"
    rows = [
        staging.envelope(replace(record, capture=capture), source=source, authority=body_of(source), platform=platform, batch=batch,
                         captured_at=moment, url=record.key if record.key.startswith("https://") else f"https://www.{source.split('/')[1]}.kommune.no/")
        for record in records
    ]  # fmt: skip
    kinds = {kind: sum(r.kind == kind for r in records) for kind in sorted({r.kind for r in records} - {"claim", "trouble"})}
    result = RunResult(
        run_id=f"run-{month}-{day}", source=source, authority=body_of(source), platform=platform, outcome=outcome, reasons=reasons, requests=3,
        not_modified=1, size_bytes=1000, captures=1, records=kinds, seen=kinds, troubles=0, leftovers={}, claimed=claimed,
        since=f"2026-{month:02d}-01", until=f"2026-{month:02d}-28", started_at=moment, ended_at=(at + timedelta(minutes=2)).isoformat() + "+00:00", batch=batch,
        whole=whole or {},
    )  # fmt: skip
    archived = {"capture": capture, "source": source, "platform": platform, "url": "https://www.fjordvik.kommune.no/", "method": "GET", "status": 200,
                "fetched_at": moment, "sha256": hashlib.sha256(capture.encode()).hexdigest(), "media_type": "text/html", "robots_permission": None,
                "file": "f.warc.gz", "offset": 0}  # fmt: skip
    staging.write_batch(home / "staging", result, rows, [archived], watched=("journal_entry", "agenda_item", "case"), days=days)
    return result


def fill(store: Store, *, today: date = TODAY, takedowns=frozenset(), is_flagged: bool = True) -> load.LoadReport:
    """Catalogue, batches, decisions and candidates, as the pipeline does it."""
    load.load_catalogue(store, BODIES, SOURCES, rubric.load(), plans.load())
    report = load.load_batches(store, store.home / "staging", today=today, takedowns=takedowns)
    load.load_decisions(store, DecisionLog(store.home / "decisions"))
    if is_flagged:
        flagging.flag(store, rubric.load(), today=today)
    return report


def stage_everything(home: Path) -> None:
    """One of each kind, from two bodies."""
    stage(home, WEBSITE, 1, [REGISTER, CANTEEN])
    stage(home, JOURNAL, 1, [ENTRY, MEETING, ITEM, Claim(key="probe", about="journal_entry", scope="window", count=3)], claimed=3)
    stage(home, "website/lynghei", 1, [
        replace(REGISTER, key="https://www.lynghei.kommune.no/gaver", title="Ope gåveregister for tilsette",
                text=REGISTER.text.replace("Fjordvik", "Lynghei"))])
    stage(home, "einnsyn/lynghei", 1, [], outcome=Outcome.BLOCKED, reasons=(ROBOTS,))
    stage(home, "website/tindmark", 1, [DATASET])  # fmt: skip
