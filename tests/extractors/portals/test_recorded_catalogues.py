"""Every recording of catalogues beside the project: it is read or quarantined, and how many datasets it holds stands in a table."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from extractors.contract import Capture, Dataset, Extractor, RegisterFact, Request, Source, Trouble, Window
from extractors.fetch.charset import decode
from extractors.fetch.client import sniff
from extractors.portals.datajson import DcatUs
from extractors.portals.datanorge import DataNorge
from extractors.portals.dcat import Dcat
from extractors.portals.sparql import DcatSparql
from tests.extractors.portals.watched import DAY
from tests.shared_data import SHARED, shared

TABLE = Path(__file__).parents[2] / "data" / "recordings" / "catalogues.csv"
"""file, reader, records (datasets, counts per body, or addresses of datasets), troubles, why it holds none or is not read."""

LIST = {"step": "list", "filters": {"orgPath": {"value": "/KOMMUNE"}}, "page": 1}
ADDRESSES = {"step": "list", "first": "", "start": 0, "page": 1}
READERS: dict[str, tuple[type[Extractor], dict, dict]] = {
    "dcat": (Dcat, {"page": 1}, {}), "dcat-us": (DcatUs, {"step": "catalogue"}, {}), "data-norge records": (DataNorge, {"step": "records"}, {}),
    "data-norge list": (DataNorge, LIST, {}), "data-norge counts": (DataNorge, {"step": "counts", "about": "datasets"}, {}),
    "dcat-sparql counts": (DcatSparql, {"step": "counts"}, {}), "dcat-sparql list": (DcatSparql, ADDRESSES, {"batch": 1}),
}  # fmt: skip
ROWS = defaultdict(list)
for row in csv.DictReader(TABLE.open(encoding="utf-8", newline="")):
    ROWS[row["file"].partition("/")[0]].append(row)


def read(path: Path, reader: str) -> Counter[str]:
    extractor, context, settings = READERS[reader]
    body = path.read_bytes()
    if reader.startswith("dcat-sparql"):
        body = json.loads(body)["response"]["body"].encode()  # the recording of a whole exchange
    url = "https://data.fjordvik.kommune.no/katalog"
    source = Source(f"{extractor.platform}/x", "999999999", extractor.platform, url, settings=extractor.Settings(**settings))
    capture = Capture(
        id="x", request=Request(url=url, context=context), url=url, status=200, headers={}, body=body, fetched_at="2026-10-15T06:00:00+00:00", sha256="",
        media_type=sniff(body, None), text=decode(body, None).text,
    )  # fmt: skip
    items = list(extractor().parse(source, Window(DAY, DAY), capture))
    asked = sum(isinstance(i, Request) for i in items) - 1 if reader == "dcat-sparql list" else 0
    return Counter(records=sum(isinstance(i, Dataset | RegisterFact) for i in items) + asked, troubles=sum(isinstance(i, Trouble) for i in items))


@pytest.mark.parametrize("folder", ROWS)
def test_every_recording_holds_what_the_table_says(folder, capfd):
    lying = {str(p.relative_to(SHARED / "portals")) for p in shared(f"portals/{folder}").rglob("*") if p.is_file() and p.name != "PROVENANCE.md"}
    assert {row["file"] for row in ROWS[folder]} == lying
    found = {(row["file"], row["reader"]): read(SHARED / "portals" / row["file"], row["reader"]) for row in ROWS[folder] if row["reader"]}
    assert found == {(row["file"], row["reader"]): Counter(records=int(row["records"]), troubles=int(row["troubles"])) for row in ROWS[folder] if row["reader"]}
    assert all(row["why"] for row in ROWS[folder] if not int(row["records"]))
    assert capfd.readouterr().err == ""
