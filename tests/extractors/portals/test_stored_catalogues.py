"""What the stored answers of catalogues give, and whose answers they are."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest

from extractors.contract import Claim, Dataset, RegisterFact, Request, Trouble
from extractors.platforms import EXTRACTORS
from extractors.portals.ckan import Ckan
from extractors.portals.dcat import read_graph
from tests.extractors.stored import STORED, capture_of, read

MINE = ("datanorge-", "sparql-", "oai-records", "oai-sets", "datajson-", "dcat-")
# A list of union graphs bears no mark of its own: its address is given, not found.
UNMARKED = {"datanorge-counts.json", "datanorge-records.json"}


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


def told(record):
    """A record without what it does not say."""
    return {k: v for k, v in asdict(record).items() if v not in (None, (), "") and k not in ("description", "leftovers", "source_url")}


@pytest.mark.parametrize("name", [n for n in STORED if n.startswith(MINE)])
def test_an_answer_is_known_as_its_platform_s_and_nobody_else_s(name):
    mark = "https://data.fjordvik.kommune.no/katalog"
    # The address alone gives the national catalogue away; its answers must be known wherever they stand.
    found = {p for p, e in EXTRACTORS.items() if (guess := e.detect(capture_of(name, url=mark))) and guess.platform == p}
    assert found == ({STORED[name][0].platform} if name not in UNMARKED or found else set())


def test_the_search_says_how_much_each_body_has_and_what_to_list():
    items = read("datanorge-counts.json")
    assert {(f.subject, f.property, f.value) for f in of(RegisterFact, items)} == {("800090008", "datasets", "2"), ("800090024", "datasets", "2")}
    assert [c.count for c in of(Claim, items)] == [4]
    assert [r.json["filters"]["orgPath"]["value"] for r in of(Request, items)] == ["/KOMMUNE", "/FYLKE"]
    assert {r.json["sort"]["direction"] for r in of(Request, items)} == {"ASC"}


def test_a_path_that_is_not_counted_at_all_is_told_and_one_without_datasets_is_not():
    counts = [{"key": "/KOMMUNE", "count": 3}, {"key": "/KOMMUNE/800090008", "count": 3}]
    items = read("datanorge-counts.json", json.dumps({"aggregations": {"orgPath": counts}}).encode())
    assert [t.reason.values["field"] for t in of(Trouble, items)] == ["/FYLKE"] and len(of(Request, items)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="http://a/"><t xmlns="http://t/" xml:lang="nb_NO">x</t></rdf:Description></rdf:RDF>',
        '{"@id": "http://a/", "http://t/t": {"@value": "x", "@language": "nb_NO"}}',
        '<http://a/> <http://t/t> "x"@nb_NO .',
    ],
    ids=["xml", "json-ld", "turtle"],
)
def test_a_language_that_is_written_with_an_underscore_costs_no_catalogue(text):
    assert [(str(o), o.language) for o in read_graph(text, "http://b/").objects()] == [("x", "nb-NO")]


def test_a_list_deeper_than_the_index_answers_is_asked_for_by_what_lies_below():
    counts = {"/KOMMUNE": 12_000, "/KOMMUNE/800090008": 7_000, "/KOMMUNE/800090032": 4_990, "/KOMMUNE/800090032/912345678": 10, "/FYLKE": 3}
    body = json.dumps({"aggregations": {"orgPath": [{"key": k, "count": n} for k, n in counts.items()]}}).encode()
    asked = [r.json["filters"]["orgPath"]["value"] for r in of(Request, read("datanorge-counts.json", body))]
    assert asked == ["/KOMMUNE/800090008", "/KOMMUNE/800090032", "/KOMMUNE", "/FYLKE"]


def test_a_hit_is_short_and_its_full_record_is_asked_for():
    items = read("datanorge-list.json")
    short, further = of(Dataset, items)[0], of(Request, items)
    assert (short.publisher, short.modified, short.distributions) == ("800090008", None, ())
    assert further[0].url == "https://resource.api.fellesdatakatalog.digdir.no/v1/datasets" and further[0].json["ids"] == [d.key for d in of(Dataset, items)]


def test_a_full_record_of_the_national_catalogue():
    silent = json.loads(capture_of("datanorge-records.json").text)
    silent[0] |= {"modified": None, "issued": None}
    record = of(Dataset, read("datanorge-records.json", json.dumps(silent).encode()))[0]
    assert (record.modified_kind, record.issued) == ("harvest", None) and record.modified == silent[0]["harvest"]["modified"]
    record = of(Dataset, read("datanorge-records.json"))[1]
    said = json.loads(capture_of("datanorge-records.json").text)[1]
    expected = {
        "key": said["id"], "locator": "/1", "uri": said["uri"], "publisher": said["publisher"]["orgPath"].split("/")[2],
        "publisher_name": said["publisher"]["prefLabel"]["nb"], "title": said["title"]["nb"], "keywords": tuple(k["nb"] for k in said["keyword"]),
        "themes": ("Forvaltning og offentlig sektor",), "access_rights": "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
        "issued": said["issued"], "modified": said["modified"], "modified_kind": "data", "frequency": said["accrualPeriodicity"]["code"].lower(),
        "spatial": said["spatial"][0]["prefLabel"]["nb"], "contact_present": True, "temporal_present": False,
        "harvested": said["harvest"]["modified"], "landing_page": said["landingPage"][0],
    }  # fmt: skip
    found = told(record)
    files = found.pop("distributions")
    licence = found.pop("licence", None)
    assert found == expected and licence == next((f["licence"] for f in files if f["licence"]), None)
    assert [f["access_url"] for f in files] == [f["accessURL"][0] for f in said["distribution"]]


def test_a_short_record_is_all_there_is_when_no_resource_service_is_named():
    from extractors.portals.datanorge import DataNorge, DataNorgeSettings
    from tests.extractors.stored import WINDOW, source_of

    source = source_of("datanorge-list.json")
    alone = type(source)(**{**source.__dict__, "settings": DataNorgeSettings(records="", rows=2)})
    items = list(DataNorge().parse(alone, WINDOW, capture_of("datanorge-list.json")))
    assert [d.modified_kind for d in of(Dataset, items)] == ["harvest", "harvest"] and not of(Request, items)


def test_triples_come_back_as_datasets_and_an_endpoint_without_offset_is_left():
    items = read("sparql-details.json")
    assert len(of(Dataset, items)) == 2 and all(d.title and d.distributions and d.publisher for d in of(Dataset, items))
    listed = read("sparql-list.json")
    queries = [dict(r.form)["query"] for r in of(Request, listed)]
    assert [q.count("<https://data.") for q in queries] == [3, 1, 0] and "OFFSET 4" in queries[-1]
    first = json.loads(capture_of("sparql-list.json").text)["results"]["bindings"][0]["dataset"]["value"]
    again = Request(STORED["sparql-list.json"][2], context={"step": "list", "start": 4, "first": first, "page": 2})
    assert [t.reason.code for t in of(Trouble, read("sparql-list.json", request=again))] == ["list_repeats"]


def test_records_of_oai_are_read_also_when_they_stand_as_text():
    items = read("oai-records.xml")
    assert len(of(Dataset, items)) == 2 and not of(Trouble, items)
    (further,) = of(Request, items)
    assert further.url.endswith("?verb=ListRecords&resumptionToken=abff7fb1-c331-4228-a353-b572e89891ec:rdfxml:50")
    empty = re.sub(r"<record>.*</record>", "", capture_of("oai-records.xml").text, flags=re.S)
    assert [t.reason.code for t in of(Trouble, read("oai-records.xml", empty.encode()))] == ["list_ends_early"]
    short = capture_of("oai-records.xml").text.replace("abff7fb1-c331-4228-a353-b572e89891ec:rdfxml:50", "").encode()
    (trouble,) = of(Trouble, read("oai-records.xml", short))
    assert (trouble.reason.code, trouble.reason.values["counted"], trouble.reason.values["read"]) == ("list_ends_early", 60, 50)
    assert [r.context["set"] for r in of(Request, read("oai-sets.xml"))] == ["org:800090008", "org:800090024"]
    (graph,) = of(Request, read("oai-graphs.json"))
    assert graph.url.endswith("/oai-pmh?verb=ListRecords&metadataPrefix=rdfxml") and "DATASET" in capture_of("oai-graphs.json").text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"<html><body>Innlogging</body></html>", 200, "html_for_xml"), (b"<OAI-PMH><ListRecords>", 200, "xml_broken"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><OAI-PMH/>", 200, "document_type_refused"), (b"", 502, "server_answered"),
        (b"<OAI-PMH><error code='badResumptionToken'/></OAI-PMH>", 400, "service_error"), (b"<rss/>", 200, "no_items"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_records_is_said(body, status, code):
    assert [i.reason.code for i in of(Trouble, read("oai-records.xml", body, status=status))] == [code]


def test_a_catalogue_in_a_catalogue_has_its_publisher_and_is_no_dataset_itself():
    items = read("dcat-page.ttl")
    first, second = of(Dataset, items)
    assert (first.title, first.publisher, first.modified_kind) == ("Badeplasser", "800090024", "data")
    assert (second.title, second.publisher, second.modified_kind, second.frequency) == ("Turstier", "800090008", "metadata", "annual")
    assert [r.url for r in of(Request, items)] == ["https://data.hogfoss.kommune.no/catalog.ttl?page=2"]
    assert [c.count for c in of(Claim, items)] == [5]


def test_data_json_tells_datasets_with_one_identifier_apart():
    first, second, third, *_ = of(Dataset, read("datajson-v1.json"))
    assert (first.title, second.title) == ("2024", "2025") and first.key.startswith("samling-1#") and first.key != second.key
    assert {d.licence[:8] for d in of(Dataset, read("datajson-v1.json")) if d.licence} == {"<a href=", "https://"}
    assert third.uri == third.key and third.frequency == "R/P1D" and third.modified is None
    assert {d.publisher for d in of(Dataset, read("datajson-v3.json"))} == {"800090008", "800090024"}
    assert Ckan.detect(capture_of("datajson-v1.json")) is None


def test_no_mail_address_stands_for_a_page_or_in_a_licence():
    files = [{"accessURL": "mailto:kari@privat.example"}, {"downloadURL": "https://data.kartnes.kommune.no/@kart/a.csv"}]
    row = {"identifier": "a", "title": "A", "license": "NLOD 2.0, spør <a href='mailto:kari@privat.example'>Kari</a>", "landingPage": "mailto:kari@privat.example"}
    (dataset,) = of(Dataset, read("datajson-v1.json", json.dumps({"dataset": [{**row, "distribution": files}]}).encode()))
    assert dataset.licence == "NLOD 2.0, spør <a href=''>Kari</a>" and dataset.landing_page is None
    assert [f.access_url or f.download_url for f in dataset.distributions] == [None, "https://data.kartnes.kommune.no/@kart/a.csv"]
    text = capture_of("dcat-catalog.rdf").text.replace("https://", "mailto:kari@")
    assert "kari@" not in repr([(d.landing_page, d.licence, d.distributions) for d in of(Dataset, read("dcat-catalog.rdf", text.encode()))])
