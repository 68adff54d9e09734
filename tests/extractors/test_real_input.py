"""Real payloads, through the gateway as the web would be: what they hold is counted, and nothing of them breaks a parser."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from catalogue import authorities, sources
from catalogue.reasons import entries
from extractors import staging
from extractors.contract import Capture, Claim, Dataset, JournalEntry, Known, Meeting, Page, Record, Request, Source, Trouble, Window
from extractors.fetch.charset import decode
from extractors.fetch.client import Client, sniff
from extractors.fetch.pace import Pace
from extractors.harvest import harvest_many
from extractors.innsyn.acos import AcosInnsyn
from extractors.innsyn.einnsyn import EInnsyn
from extractors.platforms import source_from_entry
from extractors.portals.ckan import Ckan
from extractors.portals.dcat import Dcat
from extractors.staging import RunResult
from extractors.websites.site import Website
from tests import real_input
from tests.shared_data import SHARED, shared

WINDOW = Window(date(2026, 9, 15), date(2026, 10, 15))
ROOT = Path(__file__).parents[2]


@contextmanager
def replaying(manifest: Path) -> Iterator[str]:
    """`python -m sandbox replay` as a user runs it; yields the gateway's address."""
    command = [sys.executable, "-m", "sandbox", "replay", str(manifest), "--json", "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout and process.stdin
        yield json.loads(process.stdout.readline())["gateway"]
        process.stdin.close()


def harvest(home: Path, manifest: Path, them: list[Source], run_id: str = "r1") -> dict[str, RunResult]:
    with replaying(manifest) as gateway:
        pace = Pace(time.monotonic, time.sleep, floor_s=0.0, address_floor_s=0.0)
        client = Client(home, contact="post@dagslys.example", gateway=gateway, pace=pace)
        results = harvest_many(them, WINDOW, lambda _: Known(), client, home / "staging", run_id=run_id)
        client.close()
    return {r.source: r for r in results}


def datasets(home: Path, source: str) -> list[dict]:
    rows = [row for _, path in staging.complete_batches(home / "staging", source) for row in pq.read_table(path).to_pylist()]
    return [json.loads(row["payload"]) | {"key": row["key"]} for row in rows if row["kind"] == "dataset"]


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> tuple[Path, dict[str, RunResult]]:
    """Both recordings, harvested twice."""
    shared("portals/ckan-2.12-local")
    shared("portals/datanorge-2019")
    home = tmp_path_factory.mktemp("real")
    manifest, entries = real_input.write(home / "recordings")
    them = [source_from_entry(entry) for entry in sources.load_file(entries)[1]]
    first = harvest(home, manifest, them)
    again = harvest(home, manifest, them, "r2")
    assert {r.outcome for r in again.values()} == {"unchanged"} and not any(r.records for r in again.values())
    return home, first


def test_a_real_ckan_gives_its_68_packages(read):
    home, results = read
    result = results["ckan/smartby-opptak"]
    assert (result.outcome, result.seen, result.claimed, result.troubles, result.leftovers) == ("fresh", {"dataset": 68}, 68, 0, {})
    found = datasets(home, "ckan/smartby-opptak")
    assert len({d["key"] for d in found}) == 68 and all(d["title"] and d["publisher_name"] for d in found)


def test_the_national_catalogue_of_2019_gives_641_datasets_263_of_them_municipal(read):
    home, results = read
    assert (results["dcat/datanorge-2019"].outcome, results["dcat/datanorge-2019"].seen) == ("fresh", {"dataset": 641})
    found = datasets(home, "dcat/datanorge-2019")
    assert sum(len(d["distributions"]) for d in found) == 829
    bodies = authorities.load()
    municipal = Counter(d["publisher"] for d in found if d["publisher"] in bodies and "kommune" in bodies[d["publisher"]].roles)
    current = {a.orgnr for a in bodies.current}
    now, then = ({k: n for k, n in municipal.items() if (k in current) == is_current} for is_current in (True, False))
    assert (len(municipal), sum(municipal.values())) == (23, 263)
    assert (len(now), sum(now.values()), len(then), sum(then.values())) == (16, 251, 7, 12)
    assert all(bodies.current_of(number) for number in then)


def test_what_the_real_catalogue_had_wrong_is_right(read):
    home, _ = read
    found = datasets(home, "dcat/datanorge-2019")
    assert Counter(d.get("frequency") for d in found)["annual"] == 100
    assert not any("datanorge-eksempel" in str(d.get(name)) for d in found for name in ("frequency", "spatial", "themes", "licence"))
    assert not any(mark in (d.get("description") or "") for d in found for mark in ("<p>", "&nbsp;", "</"))
    formats = Counter(x.get("format") for d in found for x in d["distributions"])
    assert formats["text/csv"] == 188 and not any("\u00ad" in str(f) or "://" in str(f) for f in formats)
    assert {d.get("modified_kind") for d in found} == {None}


def test_the_real_ckan_s_rdf_catalogue_is_paged_through_though_it_names_its_inner_host(tmp_path):
    folder = shared("portals/ckan-2.12-local")
    url = "https://data.smartby-eksempel.no/catalog.ttl"
    pages = [(url if n == 1 else f"{url}?page={n}", folder / f"catalog_p{n}.ttl") for n in range(1, 5)]
    lines = [real_input.exchange(address, path, real_input.recorded_headers(path)) for address, path in pages]
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    result = harvest(tmp_path, manifest, [Source("dcat/smartby", "958935420", "dcat", url, settings=Dcat.Settings())])["dcat/smartby"]
    assert (result.outcome, result.seen, result.claimed) == ("fresh", {"dataset": 68}, 68)


# --- every recording that lies beside the project


def capture(path: Path, url: str, context: dict) -> Capture:
    body = path.read_bytes()
    return Capture(
        id="x", request=Request(url=url, context=context), url=url, status=200, headers={}, body=body, fetched_at="2026-10-15T06:00:00+00:00",
        sha256="", media_type=sniff(body, None), text=decode(body, None).text,
    )  # fmt: skip


def parsed(extractor, path: Path, context: dict, **settings) -> list[Record | Request]:
    url = "https://data.fjordvik.kommune.no/x"
    source = Source(f"{extractor.platform}/x", "999999999", extractor.platform, url, settings=extractor.Settings(**settings))
    return list(extractor().parse(source, WINDOW, capture(path, url, context)))


def recorded(*folders: str, suffixes: tuple[str, ...]) -> list[Path]:
    found = [p for folder in folders for p in sorted(SHARED.glob(f"{folder}/**/*")) if p.suffix in suffixes]
    return found or [SHARED / folders[0]]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


RDF = recorded(
    "portals/fdk-*",
    "portals/dcat-ap-no",
    "portals/ckan-2.12-local",
    "portals/eu-mqa-vocabularies",
    suffixes=(".ttl", ".jsonld", ".rdf", ".xml"),
)


@pytest.mark.parametrize("path", RDF, ids=named)
def test_every_recorded_graph_is_read_or_quarantined(path, capfd):
    shared(str(path.relative_to(SHARED)))
    items = parsed(Dcat, path, {"page": 1})
    assert all(isinstance(i, Dataset | Claim | Trouble | Request) for i in items)
    assert all(i.key and i.reason.code in entries() for i in items if isinstance(i, Trouble))
    assert capfd.readouterr().err == ""


def test_the_recorded_catalogues_of_2017_hold_what_was_counted_by_hand():
    folder = shared("portals/fdk-2017")
    counts = {
        path.name.removeprefix("libraries_datastore__"): Counter(type(i) for i in parsed(Dcat, path, {"page": 1}))
        for path in folder.glob("*.*")
        if path.suffix != ".md"
    }
    assert counts["geonorge-data-2017-10-19.xml"][Dataset] == 168 and counts["gdoc-data-2017-10-19.ttl"][Dataset] == 133
    assert counts["nav-2017-10-31.ttl"][Dataset] == 42
    assert sum(bool(c[Trouble]) for c in counts.values()) == 5  # Turtle that nobody can parse


JSONS = recorded("portals/*", "postlists/einnsyn-*", "postlists/acos-nye-innsyn", "postlists/noark4-oj-json", suffixes=(".json", ".jsonld"))
QUESTIONS = [
    (Ckan, {"start": 0, "rows": 100, "page": 1}, {}), (Ckan, {"step": "list"}, {}), (Ckan, {"step": "show"}, {}),
    (EInnsyn, {"step": "journal", "page": 1, "unit": "enh_1"}, {"unit": "enh_1"}), (EInnsyn, {"step": "agenda", "meeting": "mm_1", "page": 1}, {}),
    (EInnsyn, {"step": "unit"}, {}), (AcosInnsyn, {"step": "journal", "page": 1, "moment": "AllCases", "ids": {}, "type": 0}, {}),
    (AcosInnsyn, {"step": "details", "ids": {}}, {}), (AcosInnsyn, {"step": "meeting", "ids": {}, "meeting": "m-1!x"}, {}),
]  # fmt: skip


@pytest.mark.parametrize("path", JSONS, ids=named)
def test_every_recorded_json_is_read_or_quarantined_by_every_platform(path):
    shared(str(path.relative_to(SHARED)))
    for extractor, context, settings in QUESTIONS:
        for item in parsed(extractor, path, context, **settings):
            assert isinstance(item, Record | Request)


PAGES = recorded("postlists/*", suffixes=(".html",))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_recorded_page_is_read_as_a_page(path):
    shared(str(path.relative_to(SHARED)))
    items = parsed(Website, path, {"step": "page", "depth": 1})
    assert [i for i in items if isinstance(i, Page)] and not [i for i in items if isinstance(i, JournalEntry | Meeting)]


def test_the_old_package_dump_is_no_answer_and_the_real_excerpt_is_one():
    (package,) = [
        i
        for i in parsed(Ckan, shared("portals/opencom-stavanger") / "ckan_package_show_stavanger_parkering.json", {"step": "show"})
        if isinstance(i, Record)
    ]
    assert isinstance(package, Dataset | Trouble)
    assert all(
        isinstance(i, Trouble)
        for i in parsed(Ckan, shared("portals/ckan-smartbydata") / "packages.json", {"start": 0, "rows": 10, "page": 1})
    )
