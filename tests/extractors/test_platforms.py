"""Given a stored answer, this is what we read."""

from __future__ import annotations

import pytest

from extractors.contract import AgendaItem, CaseFile, Claim, Dataset, JournalEntry, Meeting, Outcome, Page, Request, Trouble
from extractors.innsyn.acos import AcosInnsyn
from tests.extractors.stored import STORED, capture_of, read, with_unknown_field

RECORDS = [n for n in STORED if n not in ("acos-shell.html", "website-sitemap.xml")]


@pytest.mark.parametrize("name", RECORDS)
def test_stored_answers_leave_nothing_over(name):
    assert [(type(r).__name__, r.leftovers) for r in read(name) if not isinstance(r, Request) and r.leftovers] == []


@pytest.mark.parametrize("name", [n for n in RECORDS if n != "acos-meeting.json"])
def test_an_unknown_field_is_reported(name):
    left = [f for r in read(name, with_unknown_field(name)) if not isinstance(r, Request) for f in r.leftovers]
    assert any("ukjentfelt" in f for f in left)


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
    assert of(Request, items)[0].url.startswith("https://api.einnsyn.sandkasse.no/moetemappe/mm_01jzz00000000000000000008h/moetesak?limit=100")
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
    assert (dataset.modified, dataset.modified_kind, dataset.frequency) == ("2026-09-15T08:00:00", "data", "årlig")
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
    ("body", "reason"),
    [
        (b'{"@context": "https://example.org/context.jsonld", "@graph": []}', "remote JSON-LD context"),
        (b"@prefix dcat: <http://www.w3.org/ns/dcat#> . <a> a dcat:Dataset ;; [", "does not parse"),
        (b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "document type"),
    ],
)
def test_dcat_quarantines_what_it_will_not_or_cannot_read(body, reason):
    (trouble,) = of(Trouble, read("dcat-catalog.ttl", body))
    assert reason in trouble.reason


def test_dcat_does_not_follow_a_next_page_to_another_host():
    body = b'<https://x.example/c> a <http://www.w3.org/ns/hydra/core#PagedCollection> ; <http://www.w3.org/ns/hydra/core#next> <https://evil.example/2> .'
    items = read("dcat-catalog.ttl", body)
    assert not of(Request, items) and "another host" in of(Trouble, items)[0].reason


def test_website_page_main_text_dates_language_breadcrumb_and_links():
    items = read("website-page.html")
    (page,) = of(Page, items)
    assert page.title == "Gåveregister" and page.language == "nn" and page.shape == "page"
    assert (page.published, page.modified) == ("14.03.2026", "02.04.2026")
    assert page.breadcrumb == ("Heim", "Politikk", "Gåveregister")
    assert page.text.startswith("Kommunestyret vedtok 12. mars 2026") and "svømmehallen" not in page.text and "Hopp til" not in page.text
    asked = {r.url: r for r in of(Request, items)}
    assert set(asked) == {"https://www.elvedal.kommune.no/f/p1/reglement.pdf", "https://www.elvedal.kommune.no/politikk/", "https://www.elvedal.kommune.no/"}
    assert asked["https://www.elvedal.kommune.no/f/p1/reglement.pdf"].context["label"] == "Reglement for gåver klikk her"


def test_website_sitemap_is_read_whatever_its_namespace_and_promising_pages_come_first():
    asked = [(r.url, r.context["rank"]) for r in read("website-sitemap.xml")]
    assert asked == [("https://www.elvedal.kommune.no/gaveregister", 1), ("https://www.elvedal.kommune.no/om-kommunen", 1)]


def test_website_error_page_under_200_and_script_shell_are_no_pages():
    error = read("website-page.html", b"<html><body><main><h1>Siden finnes ikke</h1></main></body></html>")
    assert not of(Page, error) and "error page" in of(Trouble, error)[0].reason
    shell = read("website-page.html", b"<html><body><div id=root></div><script src=/app.js></script></body></html>",
                 request=Request(url="https://www.elvedal.kommune.no/", context={"step": "page", "depth": 0}))  # fmt: skip
    assert of(Page, shell)[0].shape == "shell" and "script shell" in of(Trouble, shell)[0].reason
