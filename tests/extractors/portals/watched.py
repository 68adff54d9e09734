"""A portal of the sandbox on loopback, harvested, and what came out of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as parquet
from pandas import DataFrame, concat

from catalogue.sources import SourceEntry
from extractors import staging
from extractors.contract import Known, Window
from extractors.fetch.client import Client
from extractors.fetch.pace import Pace
from extractors.harvest import harvest_source
from extractors.platforms import EXTRACTORS, source_from_entry
from extractors.staging import RunResult
from sandbox import days
from sandbox.bodies import Body
from sandbox.gateway import Gateway
from sandbox.judge import Judge
from sandbox.portal import Portal

BODY = Body("kartnes", "Kartnes", "800090008", "9098", "nb", "optimizely", is_filler=True)
DAY = days.DEFAULT_DAY
WINDOW = Window(DAY, DAY)


@dataclass
class Watched:
    """A portal that is served. `look` harvests it once; `settings` go before those the portal asks for."""

    portal: Portal
    judge: Judge
    gateway: str
    home: Path
    looks: int = 0

    def look(self, window: Window = WINDOW, **settings: object) -> tuple[RunResult, DataFrame]:
        entry = SourceEntry(
            slug=BODY.slug, platform=self.portal.platform, authority=BODY.orgnr, url=self.portal.home, kinds=("dataset",), cadence="weekly",
            settings={**self.portal.settings(), **settings}, fact="sandbox", confidence="tested", state="enabled", hosts=self.portal.hosts,
        )  # fmt: skip
        source = source_from_entry(entry)
        client = Client(self.home, contact="post@dagslys.example", gateway=self.gateway, pace=Pace(time.monotonic, time.sleep, floor_s=0, address_floor_s=0))
        self.looks += 1
        folder = self.home / f"look{self.looks}"
        try:
            extractor = EXTRACTORS[source.platform]()
            result = harvest_source(source, window, Known(), client, folder, run_id="look", extractor=extractor)
        finally:
            client.close()
        frames = [parquet.read_table(path).to_pandas() for _, path in staging.complete_batches(folder)]
        return result, concat(frames, ignore_index=True) if frames else DataFrame()


@contextmanager
def watching(home: Path, portal: Portal) -> Iterator[Watched]:
    """Serve a portal on loopback, with a judge."""
    judge = Judge({host: portal.rules() for host in portal.hosts})
    respond: Callable = portal.respond
    gateway = Gateway(respond, judge).start()
    try:
        yield Watched(portal, judge, gateway.address, home)
    finally:
        gateway.shutdown()
        gateway.server_close()


def keys(rows: DataFrame) -> set[str]:
    """The identifiers of the datasets that were staged."""
    return set(rows[rows["kind"] == "dataset"]["key"])
