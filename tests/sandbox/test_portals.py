"""CKAN answers as it was recorded, and DCAT catalogues as they are found in the wild."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from rdflib import Graph
from rdflib.namespace import DCAT, RDF

from tests.shared_data import shared

CKAN = "https://data.fjordvik.kommune.no"
RECORDED = "portals/ckan-2.12-local"


def action(host: str, name: str, **query: object) -> str:
    return f"{host}/api/3/action/{name}?" + "&".join(f"{k}={quote(str(v), safe=':')}" for k, v in query.items())


def count(served, source: str) -> int:
    return next(s.counts["dataset"] for s in served.world.sources if s.id == source)


def test_packages_have_the_fields_of_a_real_ckan(served):
    ours = served.ask(action(CKAN, "package_search", rows=5)).json()
    real = json.loads(shared(f"{RECORDED}/package_search_p1.json").read_text(encoding="utf-8"))
    assert set(ours) == set(real) and set(ours["result"]) == set(real["result"])
    package, pattern = ours["result"]["results"][0], real["result"]["results"][0]
    assert set(pattern) <= set(package) | {"license_url"} and set(package) - set(pattern) <= {"license_url"}
    assert set(package["resources"][0]) == set(pattern["resources"][0])
    assert set(package["organization"]) == set(pattern["organization"])


@pytest.mark.parametrize(
    ("target", "recorded"),
    [
        ("package_search?foo=1", "error_bad_param"),
        ("package_show?id=finnes-ikke", "error_package_show_404"),
        ("package_search?rows=mange", "error_rows_nan"),
        ("package_serch", "error_unknown_action"),
    ],
)
def test_errors_are_those_of_a_real_ckan(served, target, recorded):
    answer = served.ask(f"{CKAN}/api/3/action/{target}")
    status = int(shared(f"{RECORDED}/{recorded}.json.headers").read_text(encoding="utf-8").split()[1])
    real = json.loads(shared(f"{RECORDED}/{recorded}.json").read_text(encoding="utf-8"))
    assert answer.status == status
    ours = answer.json()
    assert ours == real if isinstance(real, str) else ours["error"] == real["error"] and ours["success"] is False


def test_pages_are_turned_with_start_and_beyond_the_end_is_an_empty_list(served):
    found, start = [], 0
    while page := served.ask(action(CKAN, "package_search", start=start, rows=3, sort="id asc")).json()["result"]["results"]:
        found += [p["id"] for p in page]
        start += len(page)
    assert found == sorted(set(found)) and len(found) == count(served, "ckan/fjordvik")
    names = served.ask(action(CKAN, "package_list")).json()["result"]
    assert len(names) == len(found) and served.ask(action(CKAN, "package_show", id=names[0])).json()["result"]["name"] == names[0]


def test_one_portal_cuts_long_answers_off_and_one_writes_titles_by_language(served):
    host = "https://data.solbergoy.kommune.no"
    whole = served.ask(action(host, "package_search", rows=10))
    cut = served.ask(action(host, "package_search", rows=100))
    assert json.loads(whole.body)["success"] and cut.status == 200
    with pytest.raises(ValueError):
        json.loads(cut.body)
    title = served.ask(action("https://data.elvedal.kommune.no", "package_search")).json()["result"]["results"][0]["title"]
    assert set(title) == {"nb", "en"}


def test_an_organisation_filters_and_another_body_s_dataset_is_among_the_county_s(served):
    host = "https://data.skogmarkfylke.no"
    organisations = served.ask(action(host, "organization_list")).json()["result"]
    assert {"myrlandet", "sjursund", "skogmarkfylke"} == set(organisations)
    guest = served.ask(action(host, "package_search", fq="organization:myrlandet")).json()["result"]
    number = next(b.orgnr for b in served.world.bodies if b.slug == "myrlandet")
    assert guest["count"] == 1 and {"key": "publisher_identifier", "value": number} in guest["results"][0]["extras"]


def test_the_troubled_portals(served):
    assert served.ask(action("https://data.utskjer.kommune.no", "package_search")).json()["result"]["count"] == 0
    assert served.ask(action("https://data.halvnes.kommune.no", "package_search")).status == 500
    maintenance = served.ask(action("https://data.rustelv.kommune.no", "package_search"))
    assert maintenance.status == 200 and maintenance.headers["Content-Type"].startswith("text/html")


def test_turtle_is_paged_with_addresses_as_text(served):
    url, found = "https://data.kvitnes.kommune.no/catalog.ttl", set()
    pages = 0
    while url:
        graph = Graph().parse(data=served.ask(url).text, format="turtle")
        found |= set(graph.subjects(RDF.type, DCAT.Dataset))
        url = next((str(o) for p, o in graph.predicate_objects() if str(p).endswith("core#next")), "")
        pages += 1
    assert pages > 1 and len(found) == count(served, "dcat/kvitnes")
    beyond = Graph().parse(data=served.ask("https://data.kvitnes.kommune.no/catalog.ttl?page=99").text, format="turtle")
    assert not list(beyond.subjects(RDF.type, DCAT.Dataset)) and list(beyond.subjects(RDF.type, DCAT.Catalog))


def test_json_ld_holds_blank_nodes_nested_lists_and_soft_hyphens(served):
    answer = served.ask("https://data.hogfoss.kommune.no/catalog.jsonld")
    data = answer.json()
    nested = [n for n in data["@graph"] if isinstance(n, list)]
    nodes = [d for n in data["@graph"] for d in (n if isinstance(n, list) else [n]) if d["@type"] == "dcat:Dataset"]
    assert nested and len(nodes) == count(served, "dcat/hogfoss")
    assert any(n["@id"].startswith("_:") for n in nodes) and "dct:identifier" in nodes[0]


def test_the_broken_catalogues(served):
    broken = served.ask("https://katalog.rustelv.kommune.no/catalog.ttl")
    assert broken.status == 200 and broken.headers["Content-Type"].startswith("text/plain")
    with pytest.raises(Exception, match=r"Bad syntax|EOF|expected"):
        Graph().parse(data=broken.text, format="turtle")
    assert isinstance(served.ask("https://lenkedata.rustelv.kommune.no/catalog.jsonld").json()["@context"], str)
