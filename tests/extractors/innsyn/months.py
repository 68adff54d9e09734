"""A month on one platform: its sandbox server with the month behind it, looked at twice, and what came out of it held against the truth."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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
from sandbox.meetings import agenda
from sandbox.month import BIG, BIG_AGE, DAYS, LATE_AGE, Month
from sandbox.tenants import Tenant
from sandbox.world import answers_of, rules_of
from transforms.normalise import normalise

BODY = Body("manedsby", "Månedsby", "800090008", "9099", "nb", "optimizely", is_filler=True)
MASK = re.compile(r"\*{3,}|<pnavn></pnavn>")
DIRECTIONS = {"I": "inngående", "U": "utgående", "X": "internt", "N": "internt", "S": "saksframlegg"}


@dataclass
class Watched:
    """A tenant that serves a month. `look` harvests it once and gives the run's result and the staged rows of that look."""

    tenant: Tenant
    month: Month
    judge: Judge
    gateway: str
    home: Path
    _said: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _tables: DataFrame = field(default_factory=DataFrame)

    @property
    def since(self) -> date:
        """The first day that is asked for: all the month, and the second time the days after the big one and its publication."""
        return self.month.day - timedelta(days=BIG_AGE - 2 if self.month.has_moved_on else DAYS - 1)

    @property
    def seen_since(self) -> date:
        """The first day of which everything must have been read: some entries are found by their case only, which may be listed days before."""
        return self.month.day - timedelta(days=LATE_AGE + 1) if self.month.has_moved_on else self.since

    def look(self) -> tuple[RunResult, DataFrame]:
        entry = SourceEntry(
            slug=BODY.slug, platform=self.tenant.platform, authority=BODY.orgnr, url=self.tenant.home, kinds=self.tenant.kinds, cadence="daily",
            settings=dict(self.tenant.settings()), fact="sandbox", confidence="tested", state="enabled", hosts=(self.tenant.host,),
        )  # fmt: skip
        source = source_from_entry(entry)
        client = Client(
            self.home,
            contact="post@dagslys.example",
            gateway=self.gateway,
            pace=Pace(time.monotonic, time.sleep, floor_s=0, address_floor_s=0),
        )
        window = Window(self.since, self.month.day)
        try:
            # A fresh staging folder for each look: what stands in it is what this look saw.
            folder = self.home / ("second" if self.month.has_moved_on else "first")
            result = harvest_source(
                source, window, Known(), client, folder, run_id="look", extractor=EXTRACTORS[source.platform](), budget=20_000
            )
        finally:
            client.close()
        frames = [parquet.read_table(path).to_pandas() for _, path in staging.complete_batches(folder)]
        return result, concat(frames, ignore_index=True)

    def table(self, rows: DataFrame) -> DataFrame:
        """The journal entries of staged rows, normalised, by key. What says the same as at an earlier look is not normalised again: the
        masking of five thousand titles is most of the time."""
        said = {key: tuple(payloads) for key, payloads in rows.groupby("key")["payload"]}
        table = (
            normalise(rows[[said[key] != self._said.get(key) for key in rows["key"]]], today=self.month.day)
            .tables["journal_entries"]
            .set_index("key")
        )
        same = [key for key in self._tables.index if said.get(key) == self._said.get(key)] if self._said else []
        self._said, self._tables = said, concat([self._tables.loc[same], table]) if same else table
        return self._tables


@contextmanager
def watching(tenant_class: type[Tenant], home: Path, *, big: int | None = None, body: Body = BODY) -> Iterator[Watched]:
    """Serve one tenant of a platform with a month behind it, on loopback, with a judge. `big` is how many entries its big day has."""
    month = Month(body, 7, days.DEFAULT_DAY, big=big or BIG)
    meetings, _ = agenda(body, 7, days.DEFAULT_DAY, [])
    tenant = tenant_class(body, 7, days.DEFAULT_DAY, month, meetings)
    judge = Judge({tenant.host: rules_of([tenant])})
    gateway = Gateway(answers_of([tenant]), judge).start()
    try:
        yield Watched(tenant, month, judge, gateway.address, home)
    finally:
        gateway.shutdown()
        gateway.server_close()


def truth_of(watched: Watched) -> DataFrame:
    """What may be read now: one row a published entry, by the key the platform gives it. What `is_due` must be."""
    tenant, month = watched.tenant, watched.month
    carries = getattr(tenant, "carries", lambda index: True)
    written = getattr(tenant, "case_number", month.case_number)
    says_type = getattr(tenant, "says_type", lambda index: True)
    rows = [
        {"key": tenant.entry_key(t.index), "journal_date": t.journal_date, "document_date": t.document_date,
         "direction": DIRECTIONS[t.letter] if says_type(t.index) else "ukjent", "case_number": written(month.case_of(t.index)[0]),
         "is_due": t.journal_date >= watched.seen_since} for t in month.truth() if carries(t.index)
    ]  # fmt: skip
    return DataFrame(rows).set_index("key")


def misread(watched: Watched, rows: DataFrame) -> list[tuple[str, str, object]]:
    """Where the other party of a letter stands at the wrong end or is another's, and where a title is another's. A platform may leave a
    party out, and may mask what it says."""
    said: dict[str, dict[str, Any]] = {}
    for key, payload in zip(rows["key"], rows["payload"], strict=True):
        said.setdefault(key, {}).update({name: value for name, value in json.loads(payload).items() if value})
    found: list[tuple[str, str, object]] = []
    for true in watched.month.truth():
        entry, read = watched.month.entry(true.index), said.get(watched.tenant.entry_key(true.index), {})
        own, other, name = ("recipients", "senders", entry.recipient) if true.letter == "U" else ("senders", "recipients", entry.sender)
        is_between = true.letter in "IU"
        if is_between and read.get(own) and not any(name in party or MASK.search(party) for party in read[own]):
            found.append((entry.title, own, read[own]))
        if is_between and any(name in party for party in read.get(other, ())):
            found.append((entry.title, other, read[other]))
        if read.get("title") and read["title"] != true.title and not MASK.search(read["title"]):
            found.append((entry.title, "title", read["title"]))
    return found[:5]


def differences(read: DataFrame, true: DataFrame, columns: tuple[str, ...]) -> dict[str, list[str]]:
    """What is missing, what is too much and which keys differ in which column; empty when all is as it should be."""
    found = {
        "missing": sorted(set(true.index[true["is_due"]]) - set(read.index))[:5],
        "too much": sorted(set(read.index) - set(true.index))[:5],
    }
    common = true.index.intersection(read.index)
    for column in columns:
        is_same = read.loc[common, column].astype(str).str[: 10 if column.endswith("date") else None] == true.loc[common, column].astype(
            str
        )
        found[column] = list(common[~is_same.to_numpy()])[:5]
    return {what: keys for what, keys in found.items() if keys}
