"""What others recorded of these portals: how many datasets each file holds, or why it is set aside."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from catalogue import sources
from extractors.contract import Capture, Dataset, Request, Source, Trouble
from extractors.fetch import urls
from extractors.fetch.charset import decode
from extractors.fetch.client import sniff
from extractors.platforms import EXTRACTORS
from tests.extractors.portals.watched import WINDOW
from tests.shared_data import SHARED, shared

FOLDER = SHARED / "portals"
SEARCH, FIRST = {"start": 0, "rows": 100, "page": 1}, {"step": "list", "page": 1}
RECORDS = {**FIRST, "way": "sorted", "rows": 25, "start": [0, 0]}
LINES = {**FIRST, "start": "0000-0000"}

# file: platform, settings, context of the question, datasets (each key once), reasons of what was set aside
TABLE: dict[str, tuple[str, dict, dict, int, dict[str, int]]] = {
    "ckan-2.12-local/catalog_p1.jsonld": ("dcat", {}, {"page": 1}, 25, {}),
    "ckan-2.12-local/catalog_p1.rdf": ("dcat", {}, {"page": 1}, 25, {}),
    "ckan-2.12-local/catalog_p1.ttl": ("dcat", {}, {"page": 1}, 25, {}),
    "ckan-2.12-local/catalog_p2.ttl": ("dcat", {}, {"page": 2}, 25, {}),
    "ckan-2.12-local/catalog_p3.ttl": ("dcat", {}, {"page": 3}, 18, {}),
    "ckan-2.12-local/catalog_p4.ttl": ("dcat", {}, {"page": 4}, 0, {}),
    "ckan-2.12-local/dataset.ttl": ("dcat", {}, {"page": 1}, 1, {}),
    "ckan-2.12-local/current_package_list_with_resources.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "ckan-2.12-local/error_bad_param.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "ckan-2.12-local/error_package_show_404.json": ("ckan", {}, {"step": "show"}, 0, {"call_failed": 1}),
    "ckan-2.12-local/error_rows_nan.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "ckan-2.12-local/error_unknown_action.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "ckan-2.12-local/license_list.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "ckan-2.12-local/organization_list.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "ckan-2.12-local/organization_show.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "ckan-2.12-local/package_list.json": ("ckan", {}, {"step": "list"}, 0, {}),
    "ckan-2.12-local/package_list_limit.json": ("ckan", {}, {"step": "list"}, 0, {}),
    "ckan-2.12-local/package_search_beyond.json": ("ckan", {}, {**SEARCH, "start": 100}, 0, {}),
    "ckan-2.12-local/package_search_p1.json": ("ckan", {}, SEARCH, 30, {}),
    "ckan-2.12-local/package_search_p2.json": ("ckan", {}, {**SEARCH, "start": 30}, 30, {}),
    "ckan-2.12-local/package_search_p3.json": ("ckan", {}, {**SEARCH, "start": 60}, 8, {}),
    "ckan-2.12-local/package_search_rows0_facets.json": ("ckan", {}, SEARCH, 0, {}),
    "ckan-2.12-local/package_search_rows_over_max.json": ("ckan", {}, SEARCH, 68, {}),
    "ckan-2.12-local/package_show.json": ("ckan", {}, {"step": "show"}, 1, {}),
    "ckan-2.12-local/status_show.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "ckan-smartbydata/packages.json": ("ckan", {}, SEARCH, 0, {"call_failed": 1}),
    "opencom-stavanger/ckan_package_show_stavanger_parkering.json": ("ckan", {}, {"step": "show"}, 1, {}),
    "geonorge-kartkatalog/backend_src_test_resources_response.xml": ("csw", {}, RECORDS, 0, {}),
    "geonorge-kartkatalog/backend_src_test_resources_response2.xml": ("csw", {}, RECORDS, 1, {}),
    "geonorge-kartkatalog/frontend_src_mocks_getData.json": ("geonorge", {}, {"step": "details", "uuid": "041f1e6e-bdbc-4091-b48f-8a5990f3cc5b"}, 1, {}),
    "geonorge-kartkatalog/frontend_src_mocks_searchResult.json": ("geonorge", {}, FIRST, 23, {}),
    "geonorge-kartkatalog/legacy_App_Data_XmlDocument.xml": ("csw", {}, RECORDS, 0, {"root_unknown": 1}),
    **{
        f"socrata-municipal/{domain}.jsonl": ("socrata", {"domain": domain}, LINES, count, {})
        for domain, count in (
            ("data.calgary.ca", 125), ("data.cambridgema.gov", 64), ("data.cityofchicago.org", 255), ("data.cityofevanston.org", 76),
            ("data.cityoforlando.net", 8), ("data.culvercity.org", 8), ("data.kcmo.org", 91), ("data.melbourne.vic.gov.au", 48),
            ("data.nola.gov", 54), ("data.sfgov.org", 159), ("data.somervillema.gov", 11), ("data.winnipeg.ca", 50),
        )
    },
}  # fmt: skip
# The counters of the twelve domains are lines of numbers beside the datasets, and no answer of any portal.
TABLE |= {name.replace(".jsonl", ".stats.jsonl"): (*TABLE[name][:3], 0, {"not_json": 1}) for name in TABLE if name.startswith("socrata")}


def body_of(name: str) -> bytes:
    """The file; the lines of a Socrata catalogue as the answer they were taken out of."""
    raw = shared(f"portals/{name}").read_bytes()
    if name.startswith("socrata") and "stats" not in name:
        lines = [json.loads(line) for line in raw.splitlines()]
        return json.dumps({"results": lines, "resultSetSize": len(lines)}).encode()
    return raw


def parsed(platform: str, settings: dict, context: dict, body: bytes, name: str) -> list:
    # The pages of the RDF catalogue stood at one address.
    url = f"https://data.kartnes.kommune.no/catalog{Path(name).suffix}"
    source = Source(f"{platform}/x", "964965226", platform, url, settings=EXTRACTORS[platform].Settings(**settings))
    capture = Capture(
        id="x", request=Request(url=url, context=context), url=url, status=200, headers={}, body=body, fetched_at="2026-10-15T06:00:00+00:00", sha256="",
        media_type=sniff(body, None), text=decode(body).text,
    )  # fmt: skip
    return list(EXTRACTORS[platform]().parse(source, WINDOW, capture))


@pytest.mark.parametrize("name", TABLE)
def test_a_recording_gives_its_datasets_or_says_why_not(name):
    platform, settings, context, count, reasons = TABLE[name]
    items = parsed(platform, settings, context, body_of(name), name)
    found = [i for i in items if isinstance(i, Dataset)]
    assert len({d.key for d in found}) == count
    assert Counter(i.reason.code for i in items if isinstance(i, Trouble)) == reasons
    assert not [d.key for d in found if d.leftovers] and all("@" not in str(d.publisher_name) for d in found)


def test_no_recording_of_these_folders_is_left_out():
    shared("portals/socrata-municipal")
    folders = {name.split("/")[0] for name in TABLE}
    files = {f"{f}/{p.name}" for f in folders for p in (FOLDER / f).iterdir() if p.suffix not in (".md", ".headers")}
    assert files == set(TABLE)


def test_the_packages_of_the_old_portal_are_read_when_they_stand_in_an_answer():
    packages = json.loads(shared("portals/ckan-smartbydata/packages.json").read_text(encoding="utf-8"))
    body = json.dumps({"success": True, "result": {"count": len(packages), "results": packages}}).encode()
    found = [i for i in parsed("ckan", {}, SEARCH, body, "packages.json") if isinstance(i, Dataset)]
    assert len({d.key for d in found}) == 68 and all(d.title and d.distributions for d in found)


def test_licence_and_dates_of_the_real_records_are_read():
    name = "geonorge-kartkatalog/backend_src_test_resources_response2.xml"
    (dataset,) = parsed("csw", {}, RECORDS, body_of(name), name)
    assert (dataset.licence, dataset.modified_kind, dataset.frequency, dataset.publisher_name) == (
        "https://creativecommons.org/licenses/by/4.0/",
        "data",
        "continual",
        "Miljødirektoratet",
    )
    assert {d.format for d in dataset.distributions} == {"SOSI", "FGDB", "GML", "GeoJSON", "JSON", "FILEGDB"}
    chicago = [i for i in parsed("socrata", {"domain": "data.cityofchicago.org"}, LINES, body_of("socrata-municipal/data.cityofchicago.org.jsonl"), "x")]
    found = {d.key: d for d in chicago if isinstance(d, Dataset)}
    assert sum(d.licence is None for d in found.values()) == 173 and all(d.modified and d.title for d in found.values())


def test_the_registry_of_portals_is_no_portal_and_each_file_of_it_is_set_aside():
    """YAML, text and lines about portals: whoever is asked to read them says that they are no answer."""
    files = [p for p in shared("portals/dataportals-registry").rglob("*") if p.is_file()]
    assert len(files) == 124
    questions = {"opendatasoft": {**FIRST, "way": "plain"}, "udata": FIRST, "csw": {**RECORDS, "rows": 1, "way": "brief"}, "geonorge": FIRST}
    for path in files:
        for platform, context in questions.items():
            items = parsed(platform, {}, context, path.read_bytes(), path.name)
            assert items and all(isinstance(i, Trouble) for i in items), path.name


def test_hubs_of_the_registry_are_known_by_their_host_and_nothing_else_is_taken_for_one():
    lines = shared("portals/dataportals-registry/local_government_portals.jsonl").read_text(encoding="utf-8").splitlines()
    known = Counter()
    for portal in map(json.loads, lines):
        url = urls.parse(portal["link"])
        capture = Capture(id="x", request=Request(url=url), url=url, status=200, headers={}, body=b"", fetched_at="", sha256="")
        guesses = [p for p, e in EXTRACTORS.items() if p in ("arcgis-hub", "opendatasoft", "socrata", "udata", "csw", "geonorge") and e.detect(capture)]
        known[portal["software"], tuple(guesses)] += 1
    taken = {software: n for (software, guesses), n in known.items() if guesses == ("arcgis-hub",)}
    # The one Socrata portal is on a host of ArcGIS Hub: the registry is mistaken, not the host.
    assert taken == {"arcgishub": 1048, "socrata": 1} and sum(n for (_, guesses), n in known.items() if guesses) == 1049


def test_every_hub_of_a_norwegian_body_in_the_registry_has_its_entry():
    lines = shared("portals/dataportals-registry/local_government_portals.jsonl").read_text(encoding="utf-8").splitlines()
    hubs = {urls.host_of(urls.parse(p["link"])) for p in map(json.loads, lines) if p["country"] == "NO" and p["software"] == "arcgishub"}
    # A hospital's plan and a housing estate call themselves local government; neither is a body of ours.
    assert hubs - {"www.plan-mjossykehuset.no", "www.stensjordet.no"} <= {urls.host_of(e.url) for e in sources.load().on("arcgis-hub")}
