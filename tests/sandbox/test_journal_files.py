"""The servers of journals that are files: what stands in the files, and what goes wrong in silence."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from sandbox import days
from sandbox.answers import Question
from sandbox.month import EMPTY_AGE, Month
from sandbox.noark4_journal import Noark4Api, Noark4Journal
from sandbox.noark5_journal import NAMESPACE, Noark5Journal
from sandbox.pdf_journal import Kristiansand, PdfJournal, ReportingServices
from tests.extractors.innsyn.months import BODY
from tests.shared_data import shared

DAY = days.DEFAULT_DAY


def tenant(kind):
    return kind(BODY, 7, DAY, Month(BODY, 7, DAY, big=24), [])


def ask(served, target: str):
    return served.respond(Question("GET", "https", served.host, target, {}))


def links(served) -> list[tuple[str, str]]:
    page = ask(served, served.home.removeprefix(f"https://{served.host}"))
    assert (page.status, page.media_type) == (200, "text/html; charset=utf-8")
    return re.findall(r'<a href="(filer/[^"]+)">([^<]+)</a>', page.body.decode())


def test_noark5_is_valid_by_the_schema_of_its_version():
    etree = pytest.importorskip("lxml.etree")
    folder = shared("postlists/noark5-offentlig-journal")
    served = tenant(Noark5Journal)
    assert [label for _, label in links(served)] == ["Offentlig journal november 2026", "Offentlig journal oktober 2026"]
    body = ask(served, f"/offentlig-journal/{links(served)[0][0]}").body
    assert body.startswith(b"\xef\xbb\xbf<?xml")
    schema = (folder / "N5_latest_offentligJournal.xsd").read_text(encoding="utf-8").replace("metadatakatalog.xsd", str(folder / "N5_latest_metadatakatalog.xsd"))
    etree.XMLSchema(etree.fromstring(schema.encode())).assertValid(etree.fromstring(body))
    root = ElementTree.fromstring(body)
    stated = root.findtext(f".//{{{NAMESPACE}}}antallJournalposter")
    assert stated == str(len(root.findall(f"{{{NAMESPACE}}}journalregistrering"))) and "*****" in body.decode()
    assert ask(served, "/offentlig-journal/filer/2026-11/loependeJournal.xml").status == 404


def test_noark4_names_a_document_type_that_is_not_there_and_keeps_to_its_letters():
    served = tenant(Noark4Journal)
    name, label = links(served)[0]
    assert label == "20261123 - 20261124.xml" and "%20" in name
    answer = ask(served, f"/offjournal/{name}")
    text = answer.body.decode("iso-8859-1")
    assert text.startswith('<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE OFFJOURNAL SYSTEM "OFFJOURN.DTD">')
    assert re.search(r"<JP.JDATO>\d{8}</JP.JDATO>", text) and ask(served, "/offjournal/filer/OFFJOURN.DTD").status == 404
    assert served.rules().refuses("/offjournal/filer/OFFJOURN.DTD")


def test_the_json_service_searches_for_what_it_does_not_know_and_lists_twenty():
    served = tenant(Noark4Api)
    listed, more = (json.loads(ask(served, f"/journals{q}").body) for q in ("", "?skip=20&limit=30"))
    assert [len(listed), len(more)] == [20, 30] and "JOURNPOST_OJ" in listed[0]
    distinct = json.loads(ask(served, "/journals/date/distinct").body)
    empty = int(f"{DAY - timedelta(days=EMPTY_AGE):%Y%m%d}")
    assert distinct == sorted(distinct) and empty not in distinct and json.loads(ask(served, f"/journals/date/{empty}").body) == []
    assert json.loads(ask(served, "/journals/datoer").body) == []
    recorded = json.loads((shared("postlists/noark4-oj-json") / "tfk_journals.json").read_text(encoding="utf-8"))
    ours = next(o for o in more if o["JOURNPOST_OJ"]["JP_DOKUMENTER"])
    assert set(recorded) == set(ours) and set(recorded["JOURNPOST_OJ"]) - set(ours["JOURNPOST_OJ"]) == set()


@pytest.mark.parametrize("kind", [PdfJournal, ReportingServices, Kristiansand])
def test_pdfs_are_linked_by_day_week_and_month(kind):
    served = tenant(kind)
    names = [name for name, _ in links(served)]
    assert [sum(bool(re.search(form, n)) for n in names) > 0 for form in (r"postliste-2026-11-24\.pdf", r"uke_47_2026", r"postliste_2026_10")] == [True] * 3
    body = ask(served, f"/postliste/{names[0]}").body
    assert body.startswith(b"%PDF-1.4") and body.count(b"/Type /Page ") >= 1
