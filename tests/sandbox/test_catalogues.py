"""What the clients of others ask of catalogues and registers beside what ours asks: posted searches, feeds, exports, CSV, and wrong questions."""

from __future__ import annotations

import csv
import json
from xml.etree import ElementTree

import pytest

from sandbox import arcgis_hub, datanorge, opendatasoft
from sandbox.answers import Question
from sandbox.bodies import Body, all_bodies
from sandbox.brreg import Brreg
from sandbox.csw import CSW, GMD, PATH, Csw
from sandbox.days import DEFAULT_DAY as DAY
from sandbox.portal import many
from sandbox.ssb import Ssb

BODY = Body("kartnes", "Kartnes", "800090008", "9098", "nb", "optimizely", is_filler=True)
FACTS = many(BODY, DAY, 12)
POSTED = f"""<csw:GetRecords xmlns:csw="{CSW}" xmlns:ogc="http://www.opengis.net/ogc" service="CSW" version="2.0.2" resultType="results" startPosition="11"
 maxRecords="5" outputSchema="{GMD}"><csw:Query typeNames="gmd:MD_Metadata"><csw:ElementSetName>full</csw:ElementSetName><ogc:SortBy><ogc:SortProperty>
<ogc:PropertyName>Identifier</ogc:PropertyName></ogc:SortProperty></ogc:SortBy></csw:Query></csw:GetRecords>"""


def ask(server, target, body=b""):
    headers = {"content-type": "application/json"} if body else {}
    return server.respond(Question("POST" if body else "GET", "https", getattr(server, "host", ""), target, headers, body))


def test_a_catalogue_service_takes_a_search_in_xml_and_says_what_it_can():
    portal = Csw(BODY, DAY, FACTS)
    results = ElementTree.fromstring(ask(portal, PATH, POSTED.encode()).body).find(f"{{{CSW}}}SearchResults")
    assert results is not None and (len(results), results.get("numberOfRecordsMatched"), results.get("nextRecord")) == (2, "12", "0")
    assert b"ExceptionReport" in ask(portal, PATH, b"<csw").body
    said = ElementTree.fromstring(ask(portal, f"{PATH}?service=CSW&request=GetCapabilities").body)
    assert [o.get("name") for o in said.iter("{http://www.opengis.net/ows}Operation")] == ["GetCapabilities", "GetRecords", "GetRecordById"]


def test_feeds_and_exports_hold_the_whole_catalogue():
    hub, ods = arcgis_hub.ArcgisHub(BODY, DAY, FACTS), opendatasoft.Opendatasoft(BODY, DAY, FACTS)
    assert all(len(json.loads(ask(hub, path).body)["dataset"]) == 12 for path in ("/data.json", "/api/feed/dcat-us/1.1.json"))
    assert len(json.loads(ask(ods, "/api/explore/v2.1/catalog/exports/json").body)) == 12


def test_lists_of_codes_come_as_csv_in_latin_1():
    ssb = Ssb(all_bodies(7), DAY)
    answer = ask(ssb, f"/api/klass/v1/classifications/131/codesAt.csv?date={DAY}")
    rows = list(csv.DictReader(answer.body.decode("iso-8859-1").splitlines()))
    assert answer.media_type == "text/csv;charset=ISO-8859-1" and {r["code"]: r["name"] for r in rows}["9999"] == "Uoppgitt"


@pytest.mark.parametrize("wrong", [{"pagination": {"page": "x"}}, {"filters": {"dataTheme": {"value": None}}}, {"sort": "x"}])
def test_a_wrong_question_is_refused_and_breaks_no_server(wrong):
    national = datanorge.DataNorge(BODY, DAY, FACTS)
    answer = ask(national, "/search/datasets", json.dumps(wrong).encode())
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "Bad Request")
    brreg = Brreg(all_bodies(7), DAY)
    root = "/enhetsregisteret/api"
    assert [ask(brreg, f"{root}/{t}").status for t in ("enheter?size=0", "oppdateringer/enheter?oppdateringsid=x", "underenheter")] == [400, 400, 200]
