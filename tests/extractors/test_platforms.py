"""Given a stored answer, this is what we read."""

from __future__ import annotations

import io
import json
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest

from catalogue.reasons import Reason
from extractors.contract import (
    AgendaItem,
    CaseFile,
    Claim,
    Dataset,
    JournalEntry,
    Known,
    Meeting,
    Outcome,
    Page,
    Request,
    Source,
    Trouble,
)
from extractors.innsyn.acos import AcosInnsyn
from extractors.innsyn.einnsyn import EInnsyn
from extractors.platforms import EXTRACTORS
from extractors.portals.ckan import Ckan
from extractors.portals.dcat import Dcat
from extractors.websites import page as web
from extractors.websites import pdf, sitemap
from tests.extractors.stored import PAYLOADS, STORED, WINDOW, capture_of, read, source_of
from tests.shared_data import shared


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


def test_einnsyn_reads_the_public_title_and_never_its_sensitive_twin():
    items = read("einnsyn-journal.json")
    (entry,) = of(JournalEntry, items)
    assert entry.title == "Søknad om tilskudd til grendehus - *****"
    assert "Skogmarksli" not in repr(items)
    assert (entry.case_number, entry.serial, entry.document_number) == ("2026/88", "1234/2026", "2")
    assert (entry.senders, entry.recipients) == (("Granheim Grendelag",), ("Granheim kommune",))
    assert entry.files[0].url == "https://api.einnsyn.sandkasse.no/dokumentobjekt/do_01jzz00000000000000000007g/download"
    assert of(CaseFile, items)[0].key == "sm_01jzz00000000000000000002b"


def test_einnsyn_follows_the_relative_next():
    (follow,) = of(Request, read("einnsyn-journal.json"))
    assert follow.url.startswith("https://api.einnsyn.sandkasse.no/search?entity=Journalpost&startingAfter=")
    assert follow.context["page"] == 2


def test_einnsyn_probes_when_the_window_is_empty_and_believes_the_probe():
    (probe,) = of(Request, read("einnsyn-journal.json", b'{"items": []}'))
    assert probe.role == "probe" and "oppdatertDatoFrom" not in probe.url
    assert of(Claim, read("einnsyn-journal.json", b'{"items": [{"id": "jp_1"}]}', request=probe))[0].scope == "probe"
    assert of(Claim, read("einnsyn-journal.json", b'{"items": []}', request=probe))[0].scope == "total"


def test_einnsyn_meeting_and_agenda():
    items = read("einnsyn-meetings.json")
    assert of(Meeting, items)[0].committee == "Kommunestyret"
    assert of(Request, items)[0].url.startswith(
        "https://api.einnsyn.sandkasse.no/moetemappe/mm_01jzz00000000000000000008h/moetesak?limit=100"
    )
    (item,) = of(AgendaItem, read("einnsyn-agenda.json"))
    assert (item.number, item.decision) == ("64/2026", "Kommunestyret vedtok forslaget enstemmig.")


def test_acos_configures_itself_from_the_shell_page():
    (ask,) = of(Request, read("acos-shell.html"))
    assert ask.url.endswith("/api/presentation/v2/nye-innsyn/overviewInit") and ask.method == "POST"
    assert dict(ask.headers) | {"Referer": ""} == {
        "PortalID": "29", "MenypunktID": "3790", "SprakID": "1", "WebObjektID": "4000", "X-ANTI-CSRF": "1", "Referer": ""}  # fmt: skip
    assert ask.json["type"] == 0 and {"key": "FilterContent", "value": "DocOnly"} in ask.json["keyValues"]


def test_acos_shell_is_detected_and_an_ordinary_page_is_not():
    assert AcosInnsyn.detect(capture_of("acos-shell.html")).settings["menu_item_id"] == 3790
    assert AcosInnsyn.detect(capture_of("website-page.html")) is None


def test_acos_journal_asks_once_for_each_case_with_a_literal_exclamation_mark():
    items = read("acos-journal.json")
    assert [e.document_number for e in of(JournalEntry, items)] == ["2026/101", "2026/100"]
    assert [r.url.rsplit("/", 1)[1] for r in of(Request, items)] == [
        "a-0a1b2c3d__8677__47ea__a757__23e14c179149-2026000011!Ef34Gh", "a-0a1b2c3d__8677__47ea__a757__23e14c179149-2026000010!Mn78Op"]  # fmt: skip


def test_acos_details_find_the_document_the_list_missed():
    items = read("acos-details.json")
    assert [e.document_number for e in of(JournalEntry, items)] == ["2026/101", "2026/102"]
    assert of(CaseFile, items)[0].title == "Detaljregulering for Strandgata 4"


def test_acos_meeting_has_cases_and_files():
    items = read("acos-meeting.json")
    assert (of(AgendaItem, items)[0].title, of(AgendaItem, items)[0].number) == ("Etablering av gaveregister", "PS 64/26")
    assert of(Meeting, items)[0].files[0].title == "Innkalling"


@pytest.mark.parametrize("name", ["einnsyn-journal.json", "acos-journal.json", "ckan-search.json"])
def test_html_where_json_was_asked_for_is_drift(name):
    (trouble,) = of(Trouble, read(name, b"<!doctype html><html><body>Velkommen</body></html>"))
    assert trouble.outcome == Outcome.DRIFTED


def test_ckan_maps_and_claims():
    items = read("ckan-search.json")
    (dataset,) = of(Dataset, items)
    assert (dataset.title, dataset.licence, dataset.publisher_name) == ("Lekeplasser", "NLOD-2.0", "Fjordvik kommune")
    assert (dataset.modified, dataset.modified_kind, dataset.frequency) == ("2026-09-15T08:00:00Z", "data", "årlig")
    assert of(Claim, items)[0].count == 1


def test_ckan_halves_the_page_when_the_answer_is_cut_off():
    (again,) = of(Request, read("ckan-search.json", b'{"success": true, "result": {"count": 700, "resu'))
    assert again.context["rows"] == 50 and again.context["start"] == 0


def test_dcat_reads_blank_nodes_text_links_and_the_catalogue_s_publisher():
    items = read("dcat-catalog.ttl")
    by_key = {d.key: d for d in of(Dataset, items)}
    assert set(by_key) == {"https://data.hogfoss.kommune.no/d/1", "uten-adresse"}
    assert by_key["https://data.hogfoss.kommune.no/d/1"].publisher == "971277882"
    assert by_key["https://data.hogfoss.kommune.no/d/1"].distributions[0].format == "text/csv"
    assert of(Request, items)[0].url.endswith("?page=2") and of(Claim, items)[0].count == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"@context": "https://example.org/context.jsonld", "@graph": []}', "context_remote_refused"),
        (b"@prefix dcat: <http://www.w3.org/ns/dcat#> . <a> a dcat:Dataset ;; [", "catalogue_unparsed"),
        (b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "document_type_refused"),
    ],
)
def test_dcat_quarantines_what_it_will_not_or_cannot_read(body, code):
    (trouble,) = of(Trouble, read("dcat-catalog.ttl", body))
    assert trouble.reason.code == code


def test_dcat_does_not_follow_a_next_page_to_another_host():
    body = b"<https://x.example/c> a <http://www.w3.org/ns/hydra/core#PagedCollection> ; <http://www.w3.org/ns/hydra/core#next> <https://evil.example/2> ."
    items = read("dcat-catalog.ttl", body)
    assert not of(Request, items) and of(Trouble, items)[0].reason.code == "next_page_elsewhere"


def test_website_page_main_text_dates_language_breadcrumb_and_links():
    items = read("website-page.html")
    (page,) = of(Page, items)
    assert page.title == "Gåveregister" and page.language == "nn" and page.shape == "page"
    assert (page.published, page.modified) == ("14.03.2026", "02.04.2026")
    assert page.breadcrumb == ("Heim", "Politikk", "Gåveregister")
    assert page.text.startswith("Kommunestyret vedtok 12. mars 2026") and "svømmehallen" not in page.text and "Hopp til" not in page.text
    asked = {r.url: r for r in of(Request, items)}
    assert set(asked) == {
        "https://www.elvedal.kommune.no/f/p1/reglement.pdf",
        "https://www.elvedal.kommune.no/politikk/",
        "https://www.elvedal.kommune.no/",
    }
    assert asked["https://www.elvedal.kommune.no/f/p1/reglement.pdf"].context["label"] == "Reglement for gåver klikk her"


def test_website_sitemap_is_read_whatever_its_namespace_and_promising_pages_come_first():
    asked = [(r.url, r.context["rank"]) for r in read("website-sitemap.xml")]
    assert asked == [("https://www.elvedal.kommune.no/gaveregister", 1), ("https://www.elvedal.kommune.no/om-kommunen", 1)]


def test_website_error_page_under_200_and_script_shell_are_no_pages():
    error = read("website-page.html", b"<html><body><main><h1>Siden finnes ikke</h1></main></body></html>")
    assert not of(Page, error) and of(Trouble, error)[0].reason.code == "error_page"
    shell = read("website-page.html", b"<html><body><div id=root></div><script src=/app.js></script></body></html>",
                 request=Request(url="https://www.elvedal.kommune.no/", context={"step": "page", "depth": 0}))  # fmt: skip
    assert of(Page, shell)[0].shape == "shell" and of(Trouble, shell)[0].reason.code == "script_shell"


@pytest.mark.parametrize("extractor", EXTRACTORS.values(), ids=lambda e: e.platform)
def test_every_platform_has_a_whole_data_sheet(extractor):
    sheet = extractor.__doc__ or ""
    labels = ("vendor", "recognise", "endpoints", "paging", "windows", "quirks", "yields", "licence", "facts from")
    assert [label for label in labels if f"\n    {label} " not in sheet] == []
    assert extractor.yields and extractor.Settings.model_config["extra"] == "forbid"


# --- eInnsyn


def spec() -> dict:
    import yaml

    return yaml.safe_load(shared("postlists/einnsyn-api-spec/einnsyn.openapi.yml").read_text(encoding="utf-8"))


def parameters(api: dict, path: str) -> set[str]:
    named = [p for p in api["paths"][path]["get"]["parameters"]]
    resolved = [api["components"]["parameters"][p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in named]
    return {p["name"] for p in resolved}


def test_einnsyn_asks_with_parameters_that_exist():
    """Unknown ones are ignored in silence, and then the answer is a good one to another question."""
    api = spec()
    asked = [
        *EInnsyn().start(source_of("einnsyn-journal.json"), WINDOW, Known()),
        *of(Request, read("einnsyn-journal.json", b'{"items": []}')),
    ]
    asked += [*of(Request, read("einnsyn-meetings.json")), *EInnsyn().start(source_of("einnsyn-unit.json"), WINDOW, Known())]
    asked = [r for r in asked if "startingAfter" not in r.url]
    assert len(asked) >= 5
    for request in asked:
        parts = urlsplit(request.url)
        path = "/moetemappe/{id}/moetesak" if parts.path.startswith("/moetemappe/") else parts.path
        assert set(parse_qs(parts.query)) <= parameters(api, path), request.url


@pytest.mark.parametrize("name, kind", [("journal", "Journalpost"), ("meetings", "Moetemappe"), ("agenda", "Moetesak"), ("unit", "Enhet")])
def test_einnsyn_stored_answers_fit_the_openapi_file(name, kind):
    jsonschema = pytest.importorskip("jsonschema")
    api = spec()
    schema = without_required({"$ref": f"#/components/schemas/{kind}.{kind}", "components": api["components"]})
    items = json.loads((PAYLOADS / f"einnsyn-{name}.json").read_text(encoding="utf-8"))["items"]
    for item in items:
        errors = [e for e in jsonschema.Draft4Validator(schema).iter_errors(without_nulls(item)) if e.validator != "format"]
        assert [(list(e.absolute_path), e.message) for e in errors] == []
        assert set(item) <= fields(api, f"{kind}.{kind}")


def fields(api: dict, kind: str) -> set[str]:
    schema = api["components"]["schemas"][kind]
    above = (a["$ref"].rsplit("/", 1)[1] for a in schema.get("allOf", []) if "$ref" in a)
    return set(schema.get("properties", {})).union(*(fields(api, name) for name in above))


def without_required(value):
    """An excerpt leaves fields out; types, values and names must be the specification's all the same."""
    if isinstance(value, dict):
        return {k: without_required(v) for k, v in value.items() if not (k == "required" and isinstance(v, list))}
    return [without_required(v) for v in value] if isinstance(value, list) else value


def without_nulls(value):
    """The API leaves an absent field out or says null; the specification knows the first only."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if isinstance(value, list) else value


def test_einnsyn_finds_its_unit_by_the_organisation_number():
    asked = of(Request, read("einnsyn-unit.json"))
    assert [r.context["step"] for r in asked] == ["journal", "meetings"]
    assert all("administrativEnhet=enh_01jzz00000000000000000030z" in r.url for r in asked)
    (trouble,) = of(Trouble, read("einnsyn-unit.json", b'{"items": []}'))
    assert trouble.reason == Reason("no_unit", orgnr="999999999")


def test_einnsyn_goes_on_after_an_empty_page_and_probes_only_when_all_were():
    (follow,) = of(Request, read("einnsyn-journal.json", b'{"items": [], "next": "http://indre:8080/search?a=1&startingAfter=1,jp_1"}'))
    assert follow.url == "https://api.einnsyn.sandkasse.no/search?a=1&startingAfter=1,jp_1"
    (probe,) = of(Request, read("einnsyn-journal.json", b'{"items": []}', request=follow))
    assert probe.role == "probe"
    full = read("einnsyn-journal.json", b'{"items": [{"id": "jp_1"}], "next": "/search?side=3"}', request=follow)
    assert of(Request, read("einnsyn-journal.json", b'{"items": []}', request=of(Request, full)[0])) == []


def test_einnsyn_keeps_what_is_not_yet_open_out():
    body = (
        b'{"items": [{"id": "jp_1", "accessibleAfter": "2027-01-01T00:00:00Z"}, {"id": "jp_2", "accessibleAfter": "2026-01-01T00:00:00Z"}]}'
    )
    assert [e.key for e in of(JournalEntry, read("einnsyn-journal.json", body))] == ["jp_2"]


# --- ACOS


def journal_page(*days: str, **more) -> bytes:
    items = [
        {"identifier": f"d-{n}!x", "parentIdentifier": f"a-{n}!x", "title": "Sak", "type": "Inngående dokument", "properties": {"dato": d}}
        for n, d in enumerate(days)
    ]
    return json.dumps({"content": {"searchItems": {"items": items, "isLastPage": False, **more}}}).encode()


def overview_asked(items) -> list[Request]:
    return [r for r in of(Request, items) if "overview" in r.url]


def test_acos_walks_on_past_one_old_entry_and_stops_at_a_page_of_them():
    assert len(overview_asked(read("acos-journal.json", journal_page("14.10.2026", "01.02.2011", "13.10.2026")))) == 1
    assert overview_asked(read("acos-journal.json", journal_page("14.09.2026", "01.02.2011"))) == []
    assert overview_asked(read("acos-journal.json", journal_page("14.10.2026", isLastPage=True))) == []


def test_acos_takes_the_type_of_an_entry_from_the_item_when_no_property_names_it():
    assert of(JournalEntry, read("acos-journal.json", journal_page("14.10.2026")))[0].document_type == "Inngående dokument"
    assert [e.document_type for e in of(JournalEntry, read("acos-journal.json"))] == ["Inngående dokument", "Utgående dokument"]


def test_acos_reads_items_without_properties_and_says_when_the_list_is_gone():
    odd = b'{"content": {"searchItems": {"items": [{"identifier": "d-1!x", "properties": null}, 7, {"title": "uten"}]}}}'
    items = read("acos-journal.json", odd)
    assert [e.key for e in of(JournalEntry, items)] == ["d-1!x"] and len(of(Trouble, items)) == 2
    (trouble,) = of(Trouble, read("acos-journal.json", b'{"content": {"hits": []}}'))
    assert trouble.reason == Reason("no_items", step="journal", field="searchItems") and trouble.outcome == Outcome.DRIFTED


def test_acos_asks_for_the_files_of_a_document_only_when_told_to():
    assert not [r for r in of(Request, read("acos-journal.json")) if "/dokument/" in r.url]
    source = Source("acos-innsyn/x", "999999999", "acos-innsyn", STORED["acos-journal.json"][2], settings=AcosInnsyn.Settings(files="post"))
    asked = [
        r for r in AcosInnsyn().parse(source, WINDOW, capture_of("acos-journal.json")) if isinstance(r, Request) and "/dokument/" in r.url
    ]
    assert [r.method for r in asked] == ["POST", "POST"] and all("!" in r.url for r in asked)


def test_acos_files_in_both_forms():
    (entry,) = of(JournalEntry, read("acos-files-get.json"))
    assert [(f.title, f.media_type, f.is_open) for f in entry.files] == [
        ("Varsel om oppstart", "application/pdf", True),
        ("Kart", "application/pdf", False),
    ]
    assert (entry.key, entry.access) == ("d-101!Kl90Mn", "Må bes om innsyn")
    (other,) = of(JournalEntry, read("acos-files-post.json"))
    assert other.files[0].url == entry.files[0].url


def test_acos_item_text_and_file():
    (item,) = of(AgendaItem, read("acos-item.json"))
    assert item.text == "Kommunedirektøren foreslår et åpent register. Det føres av arkivet." and item.files[0].title == "Saksframlegg"


def test_acos_meetings_with_a_page_of_their_own():
    settings = AcosInnsyn.Settings(meetings_page="/moter/")
    source = Source(
        "acos-innsyn/x", "999999999", "acos-innsyn", STORED["acos-shell.html"][2], settings=settings, kinds=("journal_entry", "meeting")
    )
    first, second = AcosInnsyn().start(source, WINDOW, Known())
    assert second.url == "https://innsyn.fjordvik.kommune.no/moter/"
    types = [
        [r.json["type"] for r in AcosInnsyn().parse(source, WINDOW, capture_of("acos-shell.html", request=q)) if isinstance(r, Request)]
        for q in (first, second)
    ]
    assert types == [[0], [1, 1]]


@pytest.mark.parametrize("name, ids", [("strand_sample.html", (29, 4899, 4013, 1)), ("sauda_sample.html", (14, 1650, 4013, 1))])
def test_acos_real_shells_give_their_numbers_away(name, ids):
    html = (shared("postlists/acos-mote-html") / name).read_bytes()
    guess = AcosInnsyn.detect(capture_of("acos-shell.html", html))
    assert tuple(guess.settings[k] for k in ("portal_id", "menu_item_id", "web_object_id", "overview_type")) == ids


# --- portals


def test_dcat_rdf_xml_relative_values_and_html():
    (dataset,) = of(Dataset, read("dcat-catalog.rdf"))
    assert (dataset.frequency, dataset.spatial, dataset.description, dataset.modified_kind) == (
        "annual",
        None,
        "Badeplasser & brygger",
        None,
    )


@pytest.mark.parametrize(
    "context",
    [
        '["https://example.org/c.jsonld"]',
        '{"@import": "https://example.org/c.jsonld"}',
        '{"Sett": {"@id": "http://x/S", "@context": "https://example.org/c.jsonld"}}',
        '{"Sett": {"@id": "http://x/S", "@context": [{}, "lokal.jsonld"]}}',
    ],
)
def test_dcat_no_context_is_fetched_wherever_it_hides(context):
    (trouble,) = of(Trouble, read("dcat-catalog.jsonld", f'{{"@context": {context}, "@graph": []}}'.encode()))
    assert trouble.reason.code in ("context_remote_refused", "context_import_refused")


def test_dcat_a_next_page_that_names_the_inner_host_is_asked_on_ours():
    body = b'<https://data.hogfoss.kommune.no/catalog.ttl> <http://www.w3.org/ns/hydra/core#next> "http://127.0.0.1:15000/catalog.ttl?page=2" .'
    (follow,) = of(Request, read("dcat-catalog.ttl", body))
    assert follow.url == "https://data.hogfoss.kommune.no/catalog.ttl?page=2"


def test_dcat_broken_syntax_and_a_wrong_date_print_nothing(capfd):
    read(
        "dcat-catalog.ttl",
        b'@prefix dct: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . <a> a <http://www.w3.org/ns/dcat#Dataset>; dct:issued "i fjor"^^xsd:date .',
    )
    read("dcat-catalog.ttl", b"<a> <b> [")
    assert capfd.readouterr() == ("", "")


def test_ckan_steps_down_where_sort_or_search_is_refused():
    refusal = {"body": b'"Bad request - Action name not known: package_search"', "status": 400}
    (plain,) = of(Request, read("ckan-search.json", **refusal))
    assert "sort" not in plain.url and plain.context["step"] == "plain"
    (names,) = of(Request, read("ckan-search.json", **refusal, request=plain))
    assert names.url.endswith("/api/3/action/package_list")
    (trouble,) = of(Trouble, read("ckan-search.json", **refusal, request=names))
    assert trouble.outcome == Outcome.FAILED
    items = read("ckan-names.json")
    assert of(Claim, items)[0].count == 2
    assert [r.url.rsplit("/", 1)[1] for r in of(Request, items)] == ["package_show?id=badeplasser", "package_show?id=lekeplasser"]
    assert of(Dataset, read("ckan-package.json"))[0].title == "Lekeplasser"


def test_ckan_recorded_errors_are_troubles_or_another_question():
    folder = shared("portals/ckan-2.12-local")
    for path in sorted(folder.glob("error_*.json")):
        status = int(path.with_name(path.name + ".headers").read_text().split()[1])
        items = read("ckan-search.json", path.read_bytes(), status=status)
        assert len(items) == 1 and isinstance(items[0], Request | Trouble), path.name


@pytest.mark.parametrize("extractor, name", [(Ckan, "ckan-search.json"), (Dcat, "dcat-catalog.ttl")])
def test_portals_are_recognised_and_an_ordinary_page_is_not(extractor, name):
    page = b'<html><head><meta name="generator" content="ckan 2.10"/><link rel="alternate" type="text/turtle" href="/catalog.ttl"></head></html>'
    assert extractor.detect(capture_of(name, page)).platform == extractor.platform
    assert extractor.detect(capture_of("website-page.html")) is None


# --- websites


def test_a_sitemap_in_every_dress():
    crawler_commons = "conformance/crawler-commons/src/test/resources/sitemaps"
    folder = shared(crawler_commons)
    for name, pages in (
        ("sitemap.txt", 2),
        ("sitemap-with-bom.txt", 2),
        ("sitemap.txt.gz", 2),
        ("xmlSitemap.gz", 2),
        ("sitemap.ns.xml", 1),
        ("atom.xml", 1),
    ):
        assert len(sitemap.read((folder / name).read_bytes(), "http://www.example.com/sitemap").pages) >= pages, name
    assert sitemap.read((folder / "sitemap.index.xml").read_bytes(), "http://www.example.com/").sitemaps


@pytest.mark.parametrize(
    "body, code",
    [
        (b"", "no_addresses"),
        (b"<!doctype html><html></html>", "html_for_sitemap"),
        (b"<?xml version='1.0'?><!DOCTYPE urlset [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><urlset/>", "document_type_refused"),
        (b"<?xml version='1.0'?><rapport/>", "root_unknown"),
        (b"\x1f\x8b\x08\x00avbrutt", "gzip_cut"),
    ],
)
def test_what_is_no_sitemap(body, code):
    with pytest.raises(sitemap.NotASitemap) as caught:
        sitemap.read(body, "https://x.no/")
    assert caught.value.reason.code == code


def test_a_sitemap_nested_beyond_measure_ends():
    with pytest.raises(sitemap.NotASitemap):
        sitemap.read(b"<a>" * 5000, "https://x.no/")


@pytest.mark.parametrize(
    "html",
    ["<div>x" * 50_000, "<b>x" * 50_000, "<html " + " ".join(f"a{n}=1" for n in range(20_000)) + ">"],
    ids=["divs", "inline", "attributes"],
)
def test_markup_made_to_hold_us_up_is_refused(html):
    with pytest.raises(web.Hostile):
        web.read(f"<html><body><main>{html}", "https://x.no/")
    (trouble,) = of(Trouble, read("website-page.html", f"<html><body>{html}".encode()))
    assert trouble.outcome == Outcome.PARTIAL


@pytest.mark.parametrize(
    "html",
    ["", "<p>" * 20, '<script type="application/ld+json">5</script><p>x', '<script type="application/ld+json">' + "[" * 90_000 + "</script>",
     '<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": {"a": 1}, "@graph": 3}</script>', "<a href='http://[::1'>x</a>\x00"],
)  # fmt: skip
def test_odd_pages_are_read_without_a_word(html):
    assert web.read(html, "https://x.no/").is_shell


def test_a_linked_document_carries_where_it_was_linked_from():
    asked = Request("https://www.elvedal.kommune.no/f/reglement", role="document",
                    context={"step": "page", "depth": 2, "from": "https://www.elvedal.kommune.no/politikk/", "label": "Etiske retningslinjer"})  # fmt: skip
    (document,) = of(Page, read("website-page.html", office("Gaver &amp; varsling", "Alle ansatte skal føre gaver i det åpne registeret."), request=asked,
                                media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"))  # fmt: skip
    assert (document.shape, document.title, document.linked_from) == (
        "document",
        "Etiske retningslinjer",
        "https://www.elvedal.kommune.no/politikk/",
    )
    assert document.text == "Gaver & varsling\n\nAlle ansatte skal føre gaver i det åpne registeret."


def office(*paragraphs: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs))
    return file.getvalue()


@pytest.mark.parametrize("body", [b"%PDF-1.7\nsludder", b"PK\x03\x04sludder", office("a" * 40_000_000)], ids=["pdf", "zip", "bombe"])
def test_a_damaged_or_stuffed_file_is_unreadable_and_the_next_one_is_not(body):
    with pytest.raises(pdf.Unreadable):
        pdf.read(body)
    assert pdf.read(office("Referat")).text == "Referat"


def test_a_reader_that_was_killed_is_replaced():
    pdf.read(office("Referat"))
    worker = pdf._pool._idle.get_nowait()
    worker.process.kill()
    worker.process.wait()
    pdf._pool._idle.put(worker)
    assert pdf.read(office("Referat")).text == "Referat"


def test_a_pdf_that_cannot_be_read_is_known_to_exist():
    asked = Request("https://www.elvedal.kommune.no/f/a.pdf", role="document", context={"step": "page", "depth": 2})
    items = read("website-page.html", b"%PDF-1.7\nsludder", request=asked)
    assert of(Page, items)[0].shape == "unreadable" and of(Trouble, items)[0].outcome == Outcome.PARTIAL


def test_the_feed_of_the_front_page_and_the_named_sitemaps_are_asked_within_scope():
    front = (
        b"<html><head><link rel=alternate type='application/rss+xml' href='/ArtikkelRSS.ashx?NyhetsKategoriId=1'></head><body><main><p>"
        + b"Velkommen. " * 60
    )
    asked = of(
        Request, read("website-page.html", front, request=Request("https://www.elvedal.kommune.no/", context={"step": "page", "depth": 0}))
    )
    assert [r.url for r in asked if r.role == "index"] == ["https://www.elvedal.kommune.no/ArtikkelRSS.ashx?NyhetsKategoriId=1"]
    robots = Request("https://www.elvedal.kommune.no/robots.txt", role="index", context={"step": "robots"})
    named = of(Request, read("website-page.html", b"Sitemap: /kart.xml\nSitemap: https://annet.no/kart.xml\n", request=robots))
    assert [r.url for r in named] == ["https://www.elvedal.kommune.no/kart.xml"]
