"""Harvests sources of a sandbox, one after the other, in a process of its own: the peak of its memory is then that of the harvest.

`python -m bench.harvester HOME GATEWAY SOURCES SINCE UNTIL [--load] ID…` prints one line of JSON: requests, records, seconds and
harvest_mb (the peak of the harvest), peak_mb. With `--load` what was staged is loaded into `HOME/warehouse.duckdb` too, and peak_mb is the
peak of both.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path

from bench.found import peak_mb
from catalogue import authorities, plans, rubric
from catalogue.sources import load_file
from extractors.contract import Known, Window
from extractors.fetch.client import Client
from extractors.fetch.pace import Pace
from extractors.harvest import harvest_source
from extractors.platforms import EXTRACTORS, source_from_entry
from warehouse import load
from warehouse.store import Store


def main(home: Path, gateway: str, sources: Path, window: Window, chosen: list[str], *, is_loaded: bool) -> None:
    entries = {entry.id: entry for entry in load_file(sources)[1]}
    pace = Pace(time.monotonic, time.sleep, floor_s=0, address_floor_s=0)
    client = Client(home, contact="bench@dagslys.example", gateway=gateway, pace=pace)
    results = []
    begun = time.perf_counter()
    for identity in chosen:
        source = source_from_entry(entries[identity])
        extractor = EXTRACTORS[source.platform]()
        results.append(harvest_source(source, window, Known(), client, home / "staging", run_id="bench", extractor=extractor))
    seconds = time.perf_counter() - begun
    client.close()
    harvest_mb = peak_mb()
    if is_loaded:
        with Store(home) as store:
            load.load_catalogue(store, authorities.load(), (), rubric.load(), plans.load())
            load.load_batches(store, home / "staging", today=window.until)
    told = {"requests": sum(r.requests for r in results), "records": sum(sum(r.seen.values()) for r in results)}
    print(json.dumps({**told, "seconds": seconds, "harvest_mb": harvest_mb, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--load"]
    window = Window(date.fromisoformat(given[3]), date.fromisoformat(given[4]))
    main(Path(given[0]), given[1], Path(given[2]), window, given[5:], is_loaded="--load" in sys.argv)
