"""ArcGIS Hub, Opendatasoft, Socrata, udata, CSW and Geonorge: what the stored answers give, and catalogues that lose data in silence."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from extractors.contract import Capture, Claim, Dataset, Request, Source, Trouble
from extractors.fetch.client import sniff
from extractors.platforms import EXTRACTORS
from extractors.portals.listing import Place, moment
from extractors.portals.safe_xml import UnsafeXml, read_xml
from sandbox import arcgis_hub, ckan, csw, geonorge, opendatasoft, socrata, udata
from sandbox.answers import Question
from sandbox.bodies import Body
from sandbox.portal import Event, many
from tests.extractors.portals.watched import BODY, DAY, keys, watching
from tests.extractors.stored import PAYLOADS, STORED, WINDOW, capture_of, read, source_of
from transforms.normalise import normalise

OTHER = Body("andrevik", "Andrevik", "800090024", "9097", "nb", "optimizely", is_filler=True)
OURS = ("arcgis-hub", "opendatasoft", "socrata", "udata", "csw", "geonorge")
NAMES = [name for name in STORED if STORED[name][0].platform in OURS]
PORTALS = {p.platform: p for p in (arcgis_hub.ArcgisHub, opendatasoft.Opendatasoft, socrata.Socrata, udata.Udata, csw.Csw, geonorge.Geonorge)}


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


# --- the stored answers


@pytest.mark.parametrize("name", NAMES)
def test_no_person_of_a_contact_is_kept(name):
    assert not any(word in repr(read(name)) for word in ("@", "Solfrid", "Kartavdelingen", "gisadmin", "Portalredaksjonen"))


@pytest.mark.parametrize("name", STORED)
def test_a_page_is_recognised_by_its_own_platform_and_by_no_other_of_these(name):
    capture, own = capture_of(name), STORED[name][0].platform
    guesses = {p: g for p in OURS if (g := EXTRACTORS[p].detect(capture))}
    assert set(guesses) == ({own} if own in OURS else set())
    for platform, guess in guesses.items():
        settings = EXTRACTORS[platform].Settings.model_validate(guess.settings)
        wanted = source_of(name).settings
        assert all(value == getattr(wanted, field) for field, value in settings if value and field in ("org", "domain"))


@pytest.mark.parametrize("platform", [p for p in OURS if p != "geonorge"])
def test_a_front_page_gives_its_platform_away(platform):
    portal = PORTALS[platform](BODY, DAY, many(BODY, DAY, 1))
    host = getattr(portal, "domain", portal.host)
    body = portal.respond(Question("GET", "https", host, "/", {})).body
    url = f"https://{host}/"
    capture = Capture(id="x", request=Request(url=url), url=url, status=200, headers={}, body=body, fetched_at="", sha256="", media_type=sniff(body, None), text=body.decode())
    guesses = {p: g for p in OURS if (g := EXTRACTORS[p].detect(capture))}
    assert set(guesses) == {platform}
    if platform == "arcgis-hub":
        assert guesses[platform].settings == {"org": portal.org}
    if platform == "csw":
        assert guesses[platform].url == portal.home


# --- whole catalogues

NARROW = {"geonorge": {"details": False}}
"""Details cost a question a dataset; one test of them is enough."""


@pytest.mark.parametrize(
    ("portal", "count", "questions"),
    [
        (arcgis_hub.ArcgisHub(BODY, DAY, many(BODY, DAY, 250), quirks=arcgis_hub.Quirks(strangers=30, stories=20)), 250, 5),
        (arcgis_hub.ArcgisHub(BODY, DAY, many(BODY, DAY, 250), quirks=arcgis_hub.Quirks(stories=20, has_all_only=True, forgets_next=True)), 250, 6),
        (arcgis_hub.ArcgisHub(BODY, DAY, many(BODY, DAY, 250), host="www.arcgis.com", quirks=arcgis_hub.Quirks(stories=7)), 250, 4),
        (opendatasoft.Opendatasoft(BODY, DAY, many(BODY, DAY, 700, tied=150), quirks=opendatasoft.Quirks(undated=130, limit=500)), 700, 10),
        (opendatasoft.Opendatasoft(BODY, DAY, many(BODY, DAY, 250), quirks=opendatasoft.Quirks(undated=120, wraps=True)), 250, 4),
        (opendatasoft.Opendatasoft(BODY, DAY, many(BODY, DAY, 250), quirks=opendatasoft.Quirks(refuses_order=True)), 250, 5),
        (socrata.Socrata(BODY, DAY, many(BODY, DAY, 250), quirks=socrata.Quirks(views=40, federated=30)), 250, 3),
        (socrata.Socrata(BODY, DAY, many(BODY, DAY, 250), quirks=socrata.Quirks(views=40, federated=30, refuses_scroll=True)), 250, 4),
        (udata.Udata(BODY, DAY, many(BODY, DAY, 250), quirks=udata.Quirks(names_inner_host=True, hidden=3)), 247, 4),
        (csw.Csw(BODY, DAY, many(BODY, DAY, 250), quirks=csw.Quirks(services=20, lies=True)), 230, 11),
        (csw.Csw(BODY, DAY, many(BODY, DAY, 250), quirks=csw.Quirks(refuses_sort=True)), 250, 12),
        (csw.Csw(BODY, DAY, many(BODY, DAY, 250), quirks=csw.Quirks(speaks_dublin_core_only=True)), 250, 13),
        (geonorge.Geonorge(BODY, DAY, many(BODY, DAY, 250), quirks=geonorge.Quirks(services=20, others=10, shared=15)), 250, 4),
        (geonorge.Geonorge(BODY, DAY, many(BODY, DAY, 12)), 12, 14),
    ],
    ids=lambda value: getattr(value, "platform", None),
)  # fmt: skip
def test_a_catalogue_is_read_whole_whatever_it_is_like(portal, count, questions, quick_path):
    with watching(quick_path, portal) as watched:
        result, rows = watched.look(**(NARROW.get(portal.platform, {}) if count > 12 else {}))
        assert (str(result.outcome), result.reasons, result.leftovers) == ("fresh", (), {})
        assert keys(rows) == set(portal.truth()) and len(keys(rows)) == count
        assert (result.claimed, result.requests) == (count, questions)
        assert watched.judge.violations == []


def test_titles_dates_licences_and_files_are_in_the_tables_as_they_were_published(quick_path):
    licences = {"NLOD-2.0": ("nlod",), "CC-BY-4.0": ("cc-by", "/by/4.0"), "CC0-1.0": ("zero",)}
    for platform, kind in PORTALS.items():
        portal = kind(BODY, DAY, many(BODY, DAY, 8))
        with watching(quick_path / platform, portal) as watched:
            _, rows = watched.look()
        made = normalise(rows, today=DAY)
        table = made.tables["datasets"].set_index("key")
        true = {portal.key_of(d): d for d in portal.datasets}
        assert not len(made.quarantine) and set(table["authority"]) == {BODY.orgnr}
        assert table["title"].to_dict() == portal.truth()
        assert table["modified"].astype(str).str[:10].to_dict() == {k: str(d.modified) for k, d in true.items()}, platform
        assert table["distributions"].min() > 0 and table["description"].str.startswith("Datasett nummer").all()
        parts = rows[rows["kind"] == "dataset"]
        said = {k: v for k, p in zip(parts["key"], parts["payload"], strict=True) if (v := json.loads(p).get("licence"))}
        assert all(any(word in v.lower() for word in licences[true[k].licence]) for k, v in said.items()), platform
        # Socrata says nothing of one licence in three and udata of one dataset in four; the others say all.
        assert len(said) == {"socrata": 6, "udata": 6}.get(platform, 8)


@pytest.mark.parametrize("platform", OURS)
@pytest.mark.parametrize("what", ["withdraw", "touch"])
def test_a_list_that_moves_while_it_is_read_is_whole_or_said_not_to_be(platform, what, quick_path):
    """The dataset that is first in the list goes, or is written anew, once the first page has been given."""
    facts = many(BODY, DAY, 250)
    portal = PORTALS[platform](BODY, DAY, facts)
    first = min(range(250), key=lambda n: (portal.datasets[n].modified, portal.datasets[n].guid))
    portal.events = (Event(what, first, after=1),)
    settings = NARROW.get(platform, {}) | ({"rows": 100} if platform in ("socrata", "csw") else {})
    with watching(quick_path, portal) as watched:
        result, rows = watched.look(**settings)
        # Being told so without need is no harm; losing a dataset without a word is.
        assert str(result.outcome) in ("fresh", "partial") and (set(portal.truth()) <= keys(rows) or str(result.outcome) == "partial")
        again, rows = watched.look(**settings)
        assert str(again.outcome) == "fresh" and keys(rows) == set(portal.truth())


@pytest.mark.parametrize(
    ("portal", "settings", "outcome", "code"),
    [
        (arcgis_hub.ArcgisHub(BODY, DAY, many(BODY, DAY, 30), quirks=arcgis_hub.Quirks(strangers=300, searches_everything=True)), {}, "drifted", "searches_everything"),
        (arcgis_hub.ArcgisHub(BODY, DAY, (), quirks=arcgis_hub.Quirks(trouble="down")), {"org": "abcdef012345"}, "failed", "server_answered"),
        (arcgis_hub.ArcgisHub(BODY, DAY, (), quirks=arcgis_hub.Quirks(trouble="html")), {}, "drifted", "html_for_json"),
        (arcgis_hub.ArcgisHub(BODY, DAY, ()), {}, "empty_verified", "counts_zero"),
        (opendatasoft.Opendatasoft(BODY, DAY, (), quirks=opendatasoft.Quirks(trouble="html")), {}, "drifted", "html_for_json"),
        (socrata.Socrata(BODY, DAY, ()), {"domain": "data.finnesikke.example"}, "drifted", "unknown_domain"),
        (udata.Udata(BODY, DAY, (), quirks=udata.Quirks(trouble="empty")), {}, "empty_verified", "counts_zero"),
        (csw.Csw(BODY, DAY, (), quirks=csw.Quirks(trouble="entities")), {}, "drifted", "document_type_refused"),
        (csw.Csw(BODY, DAY, (), quirks=csw.Quirks(trouble="html")), {}, "drifted", "html_for_xml"),
        (geonorge.Geonorge(BODY, DAY, many(BODY, DAY, 30)), {"organization": "Finnes ikke kommune"}, "empty_verified", "counts_zero"),
    ],
    ids=lambda value: getattr(value, "platform", value if isinstance(value, str) else None),
)  # fmt: skip
def test_a_portal_that_does_not_answer_as_it_should_says_how(portal, settings, outcome, code, quick_path):
    with watching(quick_path, portal) as watched:
        result, _ = watched.look(**settings)
        assert (str(result.outcome), result.reasons[0].code) == (outcome, code)


def test_a_record_that_breaks_its_page_is_skipped_and_three_in_a_row_end_the_reading(quick_path):
    portal = csw.Csw(BODY, DAY, many(BODY, DAY, 250), quirks=csw.Quirks(broken=(60, 130)))
    with watching(quick_path / "two", portal) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.troubles, keys(rows)) == ("partial", 2, set(portal.truth()))
        assert "record_skipped" in result.reasons[0].codes() and result.requests < 60
    portal = csw.Csw(BODY, DAY, many(BODY, DAY, 250), quirks=csw.Quirks(broken=(60, 61, 62, 63)))
    with watching(quick_path / "row", portal) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.troubles, len(keys(rows))) == ("partial", 3, 60)


# --- whose a dataset is

NAMED = {
    "ckan-search.json": ("Fjordvik kommune", "title"), "arcgis-hub-items.json": ("Kartnes kommune", "source"), "udata-datasets.json": ("Kartnes kommune", "name"),
    "opendatasoft-datasets.json": ("Kartnes kommune", "publisher"), "socrata-catalog.json": ("Kartnes kommune", "attribution"),
    "csw-record.xml": ("Kartnes kommune", ""), "geonorge-search.json": ("Kartnes kommune", "Organization"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_a_dataset_of_another_body_goes_to_it_though_the_portal_has_only_its_name(name):
    extractor, _, url, context = STORED[name]
    settings = extractor.Settings(**({"domain": "data.kartnes.kommune.no"} if name.startswith("socrata") else {}))
    source = Source(id="x/y", authority="964965226", platform=extractor.platform, url=url, settings=settings)
    for publisher, number in (("Gjesdal kommune", "964978573"), ("Våler kommune", None), ("Etat for kart", None), ("Stavanger kommune", "964965226")):
        text = re.sub(r"80009\d{4}|80008\d{4}", "0", (PAYLOADS / name).read_text(encoding="utf-8")).replace(NAMED[name][0], publisher)
        capture = capture_of(name, text.encode(), request=Request(url=url, context=context))
        found = [d for d in extractor().parse(source, WINDOW, capture) if isinstance(d, Dataset) and d.publisher_name == publisher]
        assert found and {d.publisher for d in found} == {number}


def test_an_agency_in_a_data_json_is_its_bodys():
    publisher = {"name": "Etaten", "subOrganizationOf": {"name": "Gjesdal kommune"}}
    (dataset,) = of(Dataset, read("datajson-v1.json", json.dumps({"dataset": [{"identifier": "a", "title": "A", "publisher": publisher}]}).encode()))
    assert (dataset.publisher_name, dataset.publisher) == ("Etaten", "964978573")


def test_a_catalogue_service_finds_what_another_publishes_and_a_body_only_keeps(quick_path):
    facts = [replace(d, publisher=OTHER) if n % 5 == 0 else d for n, d in enumerate(many(BODY, DAY, 60))]
    with watching(quick_path, csw.Csw(BODY, DAY, facts)) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), len(keys(rows))) == ("fresh", 48) and keys(rows) == set(watched.portal.truth())


# --- the limit of 10,000


def test_beyond_10_000_the_list_is_asked_anew_from_the_last_date_and_ties_are_passed_over():
    near = {"index": 9_900, "received": 9_900, "counted": 12_000, "stamp": "2026-09-01T04:12:52+00:00", "ties": 40}
    rows = [{"dataset_uid": f"da_{n}", "dataset_id": f"d{n}", "metas": {"default": {"modified": "2026-09-02T04:12:52+00:00" if n > 60 else near["stamp"]}}} for n in range(100)]
    question = Request(url="https://x.example/", context={"step": "list", "way": "sorted", "page": 100, "place": near})
    (ask,) = of(Request, read("opendatasoft-datasets.json", json.dumps({"total_count": 12_000, "results": rows}).encode(), request=question))
    assert "where=modified%20%3E%3D%20date%272026-09-02T04%3A12%3A52%2B00%3A00%27" in ask.url and "offset=38&" in ask.url
    tied = [{**row, "metas": {"default": {"modified": near["stamp"]}}} for row in rows]
    question = Request(url="https://x.example/", context={**question.context, "place": {**near, "after": near["stamp"]}})
    items = read("opendatasoft-datasets.json", json.dumps({"total_count": 12_000, "results": tied}).encode(), request=question)
    assert not of(Request, items) and of(Trouble, items)[0].reason.code == "list_ends_at_limit"


def test_a_clamped_count_of_the_hub_is_gone_beyond_though_it_names_no_next_page():
    org, place = "fd89b48947910749", {"index": 9_900, "received": 9_900, "counted": 10_000, "stamp": "1700000000000", "ties": 3}
    features = [{"id": f"i{n}", "type": "Feature", "properties": {"id": f"i{n}", "orgId": org, "type": "CSV", "modified": 1_700_000_000_000 + n}} for n in range(100)]
    question = Request(url="https://x.example/", context={"step": "items", "collection": "dataset", "org": org, "page": 100, "place": place})
    items = read("arcgis-hub-items.json", json.dumps({"features": features, "numberMatched": 10_000, "links": []}).encode(), request=question)
    (ask,) = of(Request, items)
    assert ask.url.endswith("startindex=1&sortBy=properties.modified&filter=modified%3E%3D1700000000099")
    assert [c.count for c in of(Claim, items)] == [10_000]


@pytest.mark.parametrize("platform", ["arcgis-hub", "opendatasoft", "socrata"])
def test_a_page_far_into_a_list_remembers_no_more_than_the_second(platform):
    """What comes back with each answer is all that is remembered of a list: it must not grow with it."""
    contexts = []
    for index in (100, 9_000, 250_000):
        place = Place(index=index, received=index, counted=300_000, left_out=7, after="2026-01-01", stamp="2026-02-01", ties=3)
        contexts.append(len(json.dumps(place.passed(100, counted=300_000, stamps=["2026-02-01"] * 100).context())))
    assert max(contexts) - min(contexts) < 20


# --- small things


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
        b"<a><b></a>",
        b"",
    ],
)
def test_xml_with_a_document_type_or_none_at_all_is_not_read(body):
    with pytest.raises(UnsafeXml):
        read_xml(body)


def test_milliseconds_are_moments_in_utc():
    assert (moment(1_760_529_600_000), moment(-1), moment(None), moment(True)) == ("2025-10-15T12:00:00Z", None, None, None)


# --- CKAN


class Shared(ckan.Ckan):
    """A portal that is served as the others are."""

    platform, hosts = "ckan", ("data.felles.example",)

    def settings(self):
        return {"rows": 20}


def test_showcases_and_harvest_sources_are_no_datasets_and_times_of_ckan_are_utc(quick_path):
    facts = many(BODY, DAY, 50)
    portal = Shared(BODY, DAY, facts, ckan.Quirks(showcases=7, names_only=True), "data.felles.example")
    with watching(quick_path, portal) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.claimed, result.requests) == ("fresh", 50, 4) and keys(rows) == {d.guid for d in facts}
    late = {"id": "a", "name": "a", "title": "A", "metadata_modified": "2026-01-01T23:30:00.123456", "extras": [{"key": "issued", "value": "2026-01-01T00:00:00"}]}
    (dataset,) = of(Dataset, read("ckan-search.json", json.dumps({"success": True, "result": {"count": 1, "results": [late]}}).encode()))
    assert (dataset.modified, dataset.issued) == ("2026-01-01T23:30:00.123456Z", "2026-01-01T00:00:00")


# --- what is missing in an answer is no end of the list


@pytest.mark.parametrize(
    ("name", "lost", "more", "says"),
    [
        ("socrata-catalog.json", '"resultSetSize"', 1, None),
        ("csw-record.xml", "numberOfRecordsMatched", 1, None),
        ("arcgis-hub-online.json", '"results"', 0, "no_items"),
        ("ckan-search.json", '"results"', 0, "call_failed"),
    ],
)
def test_a_list_without_a_count_goes_on_and_a_count_without_a_list_is_told(name, lost, more, says):
    text = re.sub(r' nextRecord="\d+"', "", capture_of(name).text).replace(lost, lost.replace("e", "x", 1))
    context = {**STORED[name][3], **({"rows": 3} if name.startswith("csw") else {})}
    items = read(name, text.encode(), request=Request(url="https://x.example/", context=context))
    assert len([r for r in of(Request, items) if r.context["page"] == 2]) == more
    assert [t.reason.code for t in of(Trouble, items)] == ([says] if says else [])


def test_a_document_type_behind_a_long_comment_is_refused_and_nothing_is_expanded():
    bomb = "<?xml version='1.0'?>" + "<!-- x -->" * 2000 + '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    rdf = bomb + '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="&b;"/>'
    for name, body in (("dcat-catalog.rdf", rdf), ("doffin-notice.xml", bomb + '<Notice a="&b;"/>')):
        (trouble,) = of(Trouble, read(name, body.encode()))
        assert trouble.reason.code == "document_type_refused"
