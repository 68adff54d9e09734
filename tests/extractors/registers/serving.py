"""The registers of the sandbox on loopback, harvested as in life."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from catalogue.sources import SourceEntry
from extractors.contract import Known, Window
from extractors.harvest import harvest_source
from extractors.platforms import EXTRACTORS, source_from_entry
from extractors.staging import RunResult
from sandbox.bodies import Body, all_bodies
from sandbox.gateway import Gateway
from sandbox.judge import Judge
from sandbox.registers import Registers
from tests.extractors.fetch.loopback import client_for

DAY = date(2026, 10, 15)
WINDOW = Window(DAY - timedelta(days=29), DAY)
BODIES: tuple[Body, ...] = tuple(b for b in all_bodies(7) if b.platforms)[:8]
OWNER = "974760673"


@dataclass
class Served:
    registers: Registers
    judge: Judge
    gateway: str
    home: Path
    runs: int = 0

    def harvest(self, platform: str, url: str, *, authority: str = OWNER, slug: str = "register", window: Window = WINDOW,
                credentials: dict[str, str] | None = None, **settings) -> RunResult:  # fmt: skip
        """One run of one source, with a client of its own; no waiting."""
        self.runs += 1
        kinds = tuple(record.kind for record in EXTRACTORS[platform].yields)
        entry = SourceEntry(slug=slug, platform=platform, authority=authority, url=url, kinds=kinds, settings=settings, fact="sandbox",
                            confidence="tested", state="enabled", hosts=(url.split("/")[2],))  # fmt: skip
        client = client_for(self.home, self.gateway, pace={"floor_s": 0, "address_floor_s": 0}, credentials=credentials or {})
        try:
            return harvest_source(
                source_from_entry(entry),
                window,
                Known(),
                client,
                self.home / "staging",
                run_id=f"r{self.runs}",
                extractor=EXTRACTORS[platform](),
            )
        finally:
            client.close()


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    registers = Registers(BODIES, DAY)
    judge = Judge(registers.rules())
    gateway = Gateway(registers.respond, judge, packs=True).start()
    try:
        yield Served(registers, judge, gateway.address, home)
    finally:
        gateway.shutdown()
        gateway.server_close()
