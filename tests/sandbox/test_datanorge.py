"""data.norge.no, data.json and paged catalogues answer as the real ones do, also where that loses data."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from rdflib import Graph

from sandbox import days
from sandbox.answers import Question
from sandbox.bodies import Body
from sandbox.datanorge import OAI_PAGE, OLD_HOST, RESOURCE_HOST, SEARCH_HOST, SPARQL_HOST, DataNorge, NationalQuirks
from sandbox.datasets import many

DAY = days.DEFAULT_DAY
BODIES = tuple(Body(slug, slug.title(), number, "9098", "nb", "optimizely") for slug, number in (("kartnes", "800090008"), ("nabovik", "800090032")))
PORTAL = DataNorge(BODIES[0], DAY, many(5, DAY, BODIES, 120), NationalQuirks(unknown=1, window=200))
OAI = f"/v1/union-graphs/{PORTAL.graph_id}/oai-pmh?verb="
SPACE = "{http://www.openarchives.org/OAI/2.0/}"


def ask(host, target, body=None, **headers):
    sent = {"content-type": "application/json", **headers}
    data = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return PORTAL.respond(Question("GET" if body is None else "POST", "https", host, target, sent, data))


def search(**asked):
    return json.loads(ask(SEARCH_HOST, "/search/datasets", asked).body)


def test_the_search_forgives_everything_but_a_list_too_deep():
    found = search(filters={"fylke": {"value": "46"}, "orgPath": {"value": "/KOMMUNE"}}, colour="blue", pagination={"page": 0, "size": 0})
    assert (found["page"]["size"], found["page"]["totalElements"], found["page"]["totalPages"]) == (10, 120, 12)
    last = search(pagination={"page": 11, "size": 11})
    assert (last["page"]["size"], len(last["hits"])) == (0, 0) and search(pagination={"page": 10, "size": 11})["page"]["size"] == 10
    assert ask(SEARCH_HOST, "/search/datasets", {"pagination": {"page": 20, "size": 10}}).status == 500
    assert [ask(SEARCH_HOST, "/search/datasets").status, ask(SEARCH_HOST, "/search/datasets", "{").status] == [405, 400]
    assert ask(SEARCH_HOST, "/search/datasets", {}, **{"content-type": "text/plain"}).status == 415
    kinds = {h["searchType"] for h in json.loads(ask(SEARCH_HOST, "/search", {"pagination": {"size": 200}}).body)["hits"]}
    assert kinds == {"DATASET", "DATA_SERVICE"}


def test_a_parent_s_count_holds_its_children_s():
    counts = {b["key"]: b["count"] for b in search(pagination={"size": 1})["aggregations"]["orgPath"]}
    assert counts["/KOMMUNE"] == 120 == counts["/KOMMUNE/800090008"] + counts["/KOMMUNE/800090032"]
    below = next(k for k in counts if k.count("/") == 3)
    assert search(filters={"orgPath": {"value": below}})["page"]["totalElements"] == counts[below] < counts[below.rpartition("/")[0]]


def test_records_the_resource_service_lacks_are_left_out_in_silence():
    ids = [h["id"] for h in search(pagination={"size": 120})["hits"]]
    full = json.loads(ask(RESOURCE_HOST, "/v1/datasets", {"ids": ids}).body)
    assert len(full) == 119 and {r["id"] for r in full} < set(ids)
    assert ask(RESOURCE_HOST, f"/datasets/{ids[0]}").status == 307 and ask(OLD_HOST, "/catalogs").status == 410
    assert ask(RESOURCE_HOST, "/v1/union-graphs", {"name": "min"}).status == 403
    for media_type, name in (("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("*/*", "json-ld")):
        answer = ask(RESOURCE_HOST, f"/v1/datasets/{full[0]['id']}/graph", accept=media_type)
        assert len(Graph().parse(data=answer.body, format=name)) > 20


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("Finn", 400, "badVerb"), ("ListRecords", 400, "badArgument"), ("ListRecords&metadataPrefix=oai_dc", 400, "badArgument"),
        ("ListRecords&metadataPrefix=rdfxml&set=alle", 400, "badArgument"), ("ListRecords&resumptionToken=x", 400, "badResumptionToken"),
        (f"ListRecords&resumptionToken={PORTAL.graph_id}:rdfxml:900", 400, "badResumptionToken"),
        (f"ListRecords&metadataPrefix=rdfxml&resumptionToken={PORTAL.graph_id}:rdfxml:50", 400, "badArgument"),
        ("GetRecord&metadataPrefix=rdfxml&identifier=https://x.no/records/1", 404, "idDoesNotExist"),
    ],
)  # fmt: skip
def test_errors_of_oai_are_xml_under_400(query, status, code):
    answer = ask(RESOURCE_HOST, f"{OAI}{query}")
    assert (answer.status, ElementTree.fromstring(answer.body).find(f"{SPACE}error").get("code")) == (status, code)


def test_tokens_lead_to_the_end_and_nothing_is_an_empty_list():
    target, sizes = f"{OAI}ListIdentifiers&metadataPrefix=rdfxml", []
    while target:
        listed = ElementTree.fromstring(ask(RESOURCE_HOST, target).body).find(f"{SPACE}ListIdentifiers")
        token = listed.find(f"{SPACE}resumptionToken")
        sizes.append((len(listed.findall(f"{SPACE}header")), token.get("completeListSize")))
        target = f"{OAI}ListIdentifiers&resumptionToken={token.text}" if token.text else ""
    assert sizes == [(OAI_PAGE, "119"), (OAI_PAGE, "119"), (19, "119")]
    empty = ask(RESOURCE_HOST, f"{OAI}ListRecords&metadataPrefix=rdfxml&set=org:800090024")
    assert empty.status == 200 and len(ElementTree.fromstring(empty.body).find(f"{SPACE}ListRecords")) == 0


def test_the_endpoint_knows_one_graph_and_goes_nowhere_else():
    query = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?d a <http://www.w3.org/ns/dcat#Dataset> }}"

    def count(graph):
        answer = ask(SPARQL_HOST, "/", f"query={query.format(graph)}".replace("#", "%23"), **{"content-type": "application/x-www-form-urlencoded"})
        return json.loads(answer.body)["results"]["bindings"][0]["n"]["value"]

    assert [count(""), count("FROM <https://datasets.fellesdatakatalog.digdir.no>"), count("FROM <https://x.no>")] == ["119", "119", "0"]
    assert ask(SPARQL_HOST, "/?query=SELECT%20*%20WHERE%20%7BSERVICE%20%3Chttps://x.no%3E%20%7B%3Fs%20%3Fp%20%3Fo%7D%7D").status == 400
    assert ask(SPARQL_HOST, "/?query=SELECT").status == 400
