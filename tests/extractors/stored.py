"""Stored answers in the form of the real ones, one per variant, and the question each of them answers."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from extractors.contract import Capture, Extractor, Record, Request, Source, Window
from extractors.fetch.charset import decode
from extractors.fetch.client import sniff
from extractors.innsyn.acos import AcosInnsyn
from extractors.innsyn.bergen import Bergen
from extractors.innsyn.custompublish import CustomPublish
from extractors.innsyn.digdem import Digdem
from extractors.innsyn.digdem_rails import DigdemRails
from extractors.innsyn.einnsyn import EInnsyn
from extractors.innsyn.elements import Elements
from extractors.innsyn.elements_einnsyn import ElementsEInnsyn
from extractors.innsyn.firstagenda import FirstAgenda
from extractors.innsyn.innsynsportal import Innsynsportal
from extractors.innsyn.kommunetv import KommuneTv
from extractors.innsyn.noark4_journal import Noark4Journal
from extractors.innsyn.noark5_journal import Noark5Journal
from extractors.innsyn.opengov import OpenGovCases, OpenGovMeetings
from extractors.innsyn.p360 import P360Journal
from extractors.innsyn.pdf_journal import PdfJournal
from extractors.innsyn.postliste_json import PostlisteJson
from extractors.innsyn.wfinnsyn import WfInnsyn
from extractors.portals.arcgis_hub import ArcgisHub
from extractors.portals.ckan import Ckan
from extractors.portals.csw import Csw
from extractors.portals.datajson import DcatUs
from extractors.portals.datanorge import DataNorge
from extractors.portals.dcat import Dcat
from extractors.portals.geonorge import Geonorge
from extractors.portals.oai import DcatOai
from extractors.portals.opendatasoft import Opendatasoft
from extractors.portals.socrata import Socrata
from extractors.portals.sparql import DcatSparql
from extractors.portals.udata import Udata
from extractors.registers.brreg import Brreg
from extractors.registers.doffin import Doffin
from extractors.registers.kommuneinfo import Kommuneinfo
from extractors.registers.mimesbronn import MimesBronn
from extractors.registers.ssb_klass import SsbKlass
from extractors.registers.ssb_kostra import SsbKostra
from extractors.websites.site import Website

PAYLOADS = Path(__file__).parents[1] / "data" / "payloads"
WINDOW = Window(date(2026, 9, 15), date(2026, 10, 15))
IDS = {"portal_id": 29, "menu_item_id": 3790, "web_object_id": 4000}
ACOS, EINNSYN = "https://innsyn.fjordvik.kommune.no/postliste/", "https://api.einnsyn.sandkasse.no/"

ELEMENTS, OLD_ELEMENTS = "https://prod02.elementscloud.no/publikum/800090008_PROD-800090008", "https://einnsyn.gamleros.kommune.no/eInnsyn/"
KEPT = {"meeting": "1290", "database": "5c1d7e02-77aa-4c1e-9a54-2f5b7e0c1a90"}

P360 = "https://torsnuten.pj.360online.com/Journal/Search/"
SEARCHED = {"step": "journal", "since": "2026-09-18", "until": "2026-10-15", "start": 17, "page": 2}
MEETINGS, CASES = "https://opengov.360online.com/Meetings/TORSNUTEN", "https://opengov.360online.com/Cases/TORSNUTENBYGG"

WFINNSYN, WFINNSYN_CMS = "https://innsyn.ospelund.kommune.no/wfinnsyn.ashx?response=moteplan&", "https://www.ospelund.kommune.no/innsyn.aspx?MId1=731"

POSTLISTE, JOURNAL_PAGE = "https://postliste.lomstad.kommune.no/api/postliste/", "https://www.vassbygd.kommune.no/postjournal.343942.nn.html"
BERGEN, AGENDA, TV = "https://innsyn.fjellhavn.kommune.no/innsynplanogbyggesak/api/saker", "https://politiskagenda.lomstad.kommune.no/", "https://lomstad.kommunetv.no/"
OF_COMMITTEE = {"step": "agenda", "committee": "375606", "year": 2026, "start": 0, "page": 1}

LIST = "3b0d7c55-6a0f-4d52-9c5e-0f6a1d2b7e11"
PORTAL, CALENDAR = f"https://hellevang.innsynsportal.no/postjournal-v2/{LIST}", "https://hellevang.digdem.no/motekalender"
RAILS, OF_WEEK, OF_DAY = "https://innsyn.skjenes.kommune.no/", ("2026-10-09", "2026-10-15"), ("2026-10-14", "2026-10-14")
DAYS = {"step": "days", "list": LIST, "since": "2026-10-12", "until": "2026-10-15", "is_whole": True}


def _between(days: tuple[str, str]) -> dict[str, Any]:
    return {"step": "journal", "since": days[0], "until": days[1], "page": 1}


NOARK5, NOARK4 = "https://journal.arkivnes.kommune.no/offentlig-journal/", "https://journal.protokollia.kommune.no/offjournal/"
NOARK4_API, PAPERS = "https://api.protokollia.no/journals", "https://www.papirholm.kommune.no/postliste/"
FILE = {"step": "file", "days": ["2026-10-12", "2026-10-15"]}

HUB, ODS, MAPS = "https://kart-kartnes.hub.arcgis.com/", "https://data.kartnes.kommune.no/", "https://kartkatalog.sandkasse.no/"
ORG, DOMAIN, BY_NAME = "fd89b48947910749", {"domain": "data.kartnes.kommune.no"}, {"organization": "Kartnes kommune"}
FIRST, RECORDS = {"step": "list", "page": 1}, {"step": "list", "page": 1, "way": "sorted", "rows": 25, "start": [0, 0]}

NATIONAL, ENDPOINT = "https://search.api.fellesdatakatalog.digdir.no/", "https://sparql.fellesdatakatalog.digdir.no/"
UNION = "https://resource.api.fellesdatakatalog.digdir.no/v1/union-graphs"
HARVEST = f"{UNION}/abff7fb1-c331-4228-a353-b572e89891ec/oai-pmh"
OF_HARVEST = {"step": "list", "set": "", "page": 1, "read": 48, "base": HARVEST, "verb": "ListRecords"}
IN_NORWAY = {"step": "list", "filters": {"orgPath": {"value": "/KOMMUNE"}}, "page": 1}

BRREG, KLASS = "https://data.brreg.no/enhetsregisteret/api/", "https://data.ssb.no/api/klass/v1/"
STATBANK, DOFFIN = "https://data.ssb.no/api/pxwebapi/v2/", "https://api.doffin.no/public/v2/"
UNITS = {"step": "units", "query": {"institusjonellSektorkode": "1510"}, "page": 1}
NOTICES = {"step": "notices", "since": "2026-10-15", "until": "2026-10-15", "type": None, "number": 1}

# file: extractor, settings, address of the source, context of the question
STORED: dict[str, tuple[type[Extractor], dict[str, Any], str, dict[str, Any]]] = {
    "einnsyn-journal.json": (EInnsyn, {"unit": "enh_1"}, EINNSYN, {"step": "journal", "page": 1, "unit": "enh_1"}),
    "einnsyn-meetings.json": (EInnsyn, {"unit": "enh_1"}, EINNSYN, {"step": "meetings", "page": 1, "unit": "enh_1"}),
    "einnsyn-agenda.json": (EInnsyn, {"unit": "enh_1"}, EINNSYN, {"step": "agenda", "meeting": "mm_1", "page": 1}),
    "einnsyn-unit.json": (EInnsyn, {}, EINNSYN, {"step": "unit"}),
    "einnsyn-probe.json": (EInnsyn, {"unit": "enh_1"}, EINNSYN, {"step": "probe", "about": "journal_entry"}),
    "acos-shell.html": (AcosInnsyn, {}, ACOS, {"step": "shell"}),
    "acos-journal.json": (AcosInnsyn, {}, ACOS, {"step": "journal", "page": 1, "moment": "AllCases", "ids": IDS, "type": 0}),
    "acos-details.json": (AcosInnsyn, {}, ACOS, {"step": "details", "ids": IDS}),
    "acos-meetings.json": (AcosInnsyn, {}, ACOS, {"step": "meetings", "page": 1, "moment": "HeldMeetings", "ids": IDS, "type": 1}),
    "acos-meeting.json": (AcosInnsyn, {}, ACOS, {"step": "meeting", "ids": IDS, "meeting": "m-77!Uv12Wx"}),
    "acos-item.json": (AcosInnsyn, {}, ACOS, {"step": "item", "ids": IDS, "meeting": "m-77!Uv12Wx", "item": "s-501!Yz34Ab"}),
    "acos-files-get.json": (AcosInnsyn, {"files": "get"}, ACOS, {"step": "files", "ids": IDS, "document": "d-101!Kl90Mn"}),
    "acos-files-post.json": (AcosInnsyn, {"files": "post"}, ACOS, {"step": "files", "ids": IDS, "document": "d-101!Kl90Mn"}),
    "elements-publikum-journal.json": (Elements, {}, ELEMENTS, {"step": "journal"}),
    "elements-publikum-entry.json": (Elements, {"files": True}, ELEMENTS, {"step": "entry", "entry": "410231"}),
    "elements-publikum-meetings.json": (Elements, {}, ELEMENTS, {"step": "meetings", "year": 2026}),
    "elements-publikum-meeting.json": (Elements, {}, ELEMENTS, {"step": "meeting", **KEPT}),
    "elements-publikum-agenda.json": (Elements, {}, ELEMENTS, {"step": "agenda", **KEPT}),
    "elements-publikum-item.json": (Elements, {"files": True}, ELEMENTS, {"step": "item", **KEPT}),
    "elements-einnsyn-list.html": (ElementsEInnsyn, {}, OLD_ELEMENTS, {"step": "list", "day": "14.10.2026"}),
    "elements-einnsyn-entry.html": (ElementsEInnsyn, {}, OLD_ELEMENTS, {"step": "entry", "key": "60117"}),
    "360-pj-rows.html": (P360Journal, {}, P360, SEARCHED),
    "360-pj-cards.html": (P360Journal, {}, P360, SEARCHED),
    "opengov-meetings-boards.html": (OpenGovMeetings, {}, MEETINGS, {"step": "boards"}),
    "opengov-meetings-board.html": (OpenGovMeetings, {}, MEETINGS, {"step": "board", "board": "216101", "name": "Kommunestyret", "year": 2026}),
    "opengov-meetings-meeting.html": (OpenGovMeetings, {}, MEETINGS, {"step": "meeting", "meeting": "644915", "start": "15.10.2026 17:00"}),
    "opengov-meetings-item.html": (OpenGovMeetings, {}, MEETINGS, {"step": "item", "meeting": "644915", "item": "210501"}),
    "opengov-cases-list.html": (OpenGovCases, {}, CASES, {"step": "cases"}),
    "opengov-cases-case.html": (OpenGovCases, {}, CASES, {"step": "case", "case": "200412"}),
    "wfinnsyn-day.html": (WfInnsyn, {"mid1": 731, "skin": "infolink"}, WFINNSYN_CMS, {"step": "day", "day": "2026-10-14", "page": 1}),
    "wfinnsyn-day-old.html": (WfInnsyn, {}, WFINNSYN, {"step": "day", "day": "2026-10-14", "page": 1}),
    "wfinnsyn-entry.html": (WfInnsyn, {}, WFINNSYN, {"step": "entry", "entry": "2026004411"}),
    "wfinnsyn-case.html": (WfInnsyn, {}, WFINNSYN, {"step": "case", "case": "2026001044"}),
    "wfinnsyn-grid.html": (WfInnsyn, {}, WFINNSYN, {"step": "grid", "year": 2026}),
    "wfinnsyn-committee.html": (WfInnsyn, {}, WFINNSYN, {"step": "committee", "committee": "1"}),
    "wfinnsyn-meeting.html": (WfInnsyn, {}, WFINNSYN, {"step": "meeting", "meeting": "2807"}),
    "postliste-json-api-journal.json": (PostlisteJson, {}, POSTLISTE, {"step": "journal", "since": "2026-10-09", "until": "2026-10-15"}),
    "custompublish-journal.html": (CustomPublish, {}, JOURNAL_PAGE, {"step": "journal", "day": "2026-10-14"}),
    "bergen-custom-cases.json": (Bergen, {}, BERGEN, {"step": "cases", "words": '"BYGG-202"', "rows": 100, "page": 1}),
    "bergen-custom-case.json": (Bergen, {}, BERGEN, {"step": "case", "case": "BYGG-2026/01044"}),
    "bergen-custom-meetings.json": (Bergen, {}, BERGEN, {"step": "meetings"}),
    "bergen-custom-agenda.json": (Bergen, {}, BERGEN, OF_COMMITTEE),
    "firstagenda-front.html": (FirstAgenda, {}, AGENDA, {"step": "shell"}),
    "firstagenda-meetings.json": (FirstAgenda, {}, AGENDA, {"step": "meetings"}),
    "firstagenda-agenda.json": (FirstAgenda, {}, AGENDA, {"step": "agenda", "meeting": "3c1f7a10-5f0e-4a77-9d50-0a4f2b7c9e01"}),
    "kommunetv-archive.json": (KommuneTv, {}, TV, {"step": "archive", "page": 1}),
    "innsynsportal-journal.json": (Innsynsportal, {}, PORTAL, DAYS),
    "digdem-meetings.json": (Digdem, {}, CALENDAR, {"step": "meetings", "since": "2026-08-16", "until": "2026-11-14"}),
    "digdem-meeting.json": (Digdem, {}, CALENDAR, {"step": "meeting", "meeting": "cm8sh7pq20010pyvmote000002"}),
    "digdem-rails-search.html": (DigdemRails, {}, RAILS, _between(OF_WEEK)),
    "digdem-rails-narrow.html": (DigdemRails, {"layout": "narrow"}, RAILS, _between(OF_WEEK)),
    "digdem-rails-day.html": (DigdemRails, {"layout": "day"}, RAILS, _between(OF_DAY)),
    "digdem-rails-front.html": (DigdemRails, {"layout": "front"}, RAILS, _between(OF_DAY)),
    "noark5-journal-5.5.xml": (Noark5Journal, {}, NOARK5, {"step": "source"}),
    "noark5-journal-3.1.xml": (Noark5Journal, {}, NOARK5, FILE),
    "noark5-journal-index.html": (Noark5Journal, {}, NOARK5, {"step": "source"}),
    "noark4-journal.xml": (Noark4Journal, {}, NOARK4, FILE),
    "noark4-journal-day.json": (Noark4Journal, {"api": True}, NOARK4_API, {"step": "day", "day": "2026-10-14"}),
    "pdf-journal-index.html": (PdfJournal, {}, PAPERS, {"step": "source"}),
    "pdf-journal-reporting.eml": (PdfJournal, {}, PAPERS, FILE),
    "pdf-journal-active-reports.eml": (PdfJournal, {}, PAPERS, FILE),
    "pdf-journal-kristiansand.eml": (PdfJournal, {}, PAPERS, FILE),
    "ckan-names.json": (Ckan, {}, "https://data.fjordvik.kommune.no/", {"step": "list"}),
    "ckan-package.json": (Ckan, {}, "https://data.fjordvik.kommune.no/", {"step": "show"}),
    "ckan-search.json": (Ckan, {}, "https://data.fjordvik.kommune.no/", {"start": 0, "rows": 100, "page": 1}),
    "datanorge-counts.json": (DataNorge, {}, NATIONAL, {"step": "counts", "about": "datasets"}),
    "datanorge-list.json": (DataNorge, {"rows": 2}, NATIONAL, IN_NORWAY),
    "datanorge-records.json": (DataNorge, {}, NATIONAL, {"step": "records"}),
    "sparql-counts.json": (DcatSparql, {}, ENDPOINT, {"step": "counts"}),
    "sparql-list.json": (DcatSparql, {"rows": 4, "batch": 3}, ENDPOINT, {"step": "list", "start": 0, "first": "", "page": 1}),
    "sparql-details.json": (DcatSparql, {}, ENDPOINT, {"step": "details"}),
    "oai-graphs.json": (DcatOai, {}, f"{UNION}/available", {"step": "graphs"}),
    "oai-sets.xml": (DcatOai, {"sets": ("*",)}, HARVEST, {"step": "sets", "base": HARVEST, "verb": "ListSets"}),
    "oai-records.xml": (DcatOai, {}, HARVEST, OF_HARVEST),
    "datajson-v1.json": (DcatUs, {}, "https://data.kartnes.kommune.no/data.json", {"step": "catalogue"}),
    "datajson-v3.json": (DcatUs, {}, "https://data.kartnes.kommune.no/data.json", {"step": "catalogue"}),
    "dcat-page.ttl": (Dcat, {}, "https://data.hogfoss.kommune.no/catalog.ttl", {"page": 1}),
    "dcat-catalog.ttl": (Dcat, {}, "https://data.hogfoss.kommune.no/catalog.ttl", {"page": 1}),
    "dcat-catalog.jsonld": (Dcat, {}, "https://data.hogfoss.kommune.no/catalog.jsonld", {"page": 1}),
    "dcat-catalog.rdf": (Dcat, {}, "https://data.hogfoss.kommune.no/catalog.rdf", {"page": 1}),
    "arcgis-hub-items.json": (ArcgisHub, {"org": ORG}, HUB, {"step": "items", "collection": "dataset", "org": ORG, "page": 1}),
    "arcgis-hub-online.json": (ArcgisHub, {"org": ORG}, "https://www.arcgis.com/", {"step": "online", "org": ORG, "page": 1}),
    "opendatasoft-datasets.json": (Opendatasoft, {}, ODS, {**FIRST, "way": "sorted"}),
    "opendatasoft-wrapped.json": (Opendatasoft, {}, ODS, {**FIRST, "way": "sorted"}),
    "socrata-catalog.json": (Socrata, DOMAIN, "https://api.eu.socrata.com/", {**FIRST, "start": "0000-0000"}),
    "udata-datasets.json": (Udata, {}, "https://data.kartnes.kommune.no/", FIRST),
    "csw-iso.xml": (Csw, {"organisation": "Kartnes kommune"}, "https://kart.kartnes.kommune.no/geonetwork/srv/nor/csw", RECORDS),
    "csw-record.xml": (Csw, {}, "https://kart.kartnes.kommune.no/geonetwork/srv/nor/csw", {**RECORDS, "way": "brief"}),
    "geonorge-search.json": (Geonorge, {**BY_NAME, "details": True}, MAPS, FIRST),
    "geonorge-details.json": (Geonorge, BY_NAME, MAPS, {"step": "details", "uuid": f"{0:016d}{'ab' * 8}"}),
    "brreg-units.json": (Brreg, {"size": 2}, BRREG, UNITS),
    "brreg-unit.json": (Brreg, {}, BRREG, {"step": "unit", "unit": "800095050"}),
    "brreg-changes.json": (Brreg, {"units": ["800081408"]}, BRREG, {"step": "changes"}),
    "brreg-roles.json": (Brreg, {"owners": True}, BRREG, {"step": "roles", "unit": "800095018"}),
    "ssb-klass-codes.json": (SsbKlass, {}, KLASS, {"step": "codes", "list": "131"}),
    "ssb-klass-changes.json": (SsbKlass, {}, KLASS, {"step": "changes", "list": "131"}),
    "ssb-klass-correspondence.json": (SsbKlass, {}, KLASS, {"step": "correspondence", "list": "112"}),
    "ssb-kostra-table.json": (SsbKostra, {"regions": 2}, STATBANK, {"step": "table", "table": "12134"}),
    "ssb-kostra-figures.json": (SsbKostra, {}, STATBANK, {"step": "figures", "table": "12134"}),
    "kommuneinfo-counties.json": (Kommuneinfo, {}, "https://ws.geonorge.no/kommuneinfo/v1/", {"step": "counties"}),
    "doffin-search.json": (Doffin, {}, DOFFIN, NOTICES),
    "doffin-notice.xml": (Doffin, {}, DOFFIN, {"step": "notice", "notice": "2026-500007"}),
    "mimesbronn-body.json": (MimesBronn, {}, "https://www.mimesbronn.no/body/ospelund_kommune", {"step": "body"}),
    "website-page.html": (Website, {}, "https://www.elvedal.kommune.no/", {"step": "page", "depth": 1}),
    "website-sitemap.xml": (Website, {}, "https://www.elvedal.kommune.no/", {"step": "sitemap", "nested": 0}),
}


def source_of(name: str) -> Source:
    extractor, settings, url, _ = STORED[name]
    return Source(
        id=f"{extractor.platform}/stored", authority="999999999", platform=extractor.platform, url=url,
        settings=extractor.Settings(**settings), hosts=("www.elvedal.kommune.no",) if extractor is Website else (),
    )  # fmt: skip


def capture_of(name: str, body: bytes | None = None, **more: Any) -> Capture:
    """The stored answer as a capture; `body` replaces the stored bytes, `more` the capture's fields."""
    _, _, url, context = STORED[name]
    body = (PAYLOADS / name).read_bytes() if body is None else body
    given = {"id": f"urn:stored:{name}", "request": Request(url=url, context=context), "url": url, "status": 200, "headers": {}, "body": body,
             "fetched_at": "2026-10-15T06:00:00+00:00", "sha256": "", "media_type": sniff(body, None), "text": decode(body).text}  # fmt: skip
    return Capture(**{**given, **more})


def read(name: str, body: bytes | None = None, **more: Any) -> list[Record | Request]:
    """What the platform makes of a stored answer."""
    return list(STORED[name][0]().parse(source_of(name), WINDOW, capture_of(name, body, **more)))


def with_unknown_field(name: str) -> bytes:
    """The stored answer with one field more, put into every object that can hold a record."""
    text = decode((PAYLOADS / name).read_bytes()).text
    if name.endswith(".eml"):
        return re.sub(r"\n(Sak(?:stittel)?:)", r"\nUkjentfelt: ukjentfelt\n\1", text).encode()
    if name.endswith(".html") and "<head>" not in text:
        return text.replace("<span>Saksnr.</span>", "<span>ukjentfelt</span>").encode()
    if name.endswith(".html"):
        return text.replace("<head>", '<head><meta name="ukjentfelt" content="1">').encode()
    if name.endswith(".ttl"):
        return text.replace("a dcat:Dataset ;", "a dcat:Dataset ; dct:ukjentfelt 1 ;").encode()
    if name.endswith(".rdf"):
        return text.replace("</dct:title>", "</dct:title><dct:ukjentfelt>1</dct:ukjentfelt>").encode()
    if "<cbc:UBLVersionID>" in text:
        return text.replace("<cbc:UBLVersionID>", "<cbc:ukjentfelt>1</cbc:ukjentfelt><cbc:UBLVersionID>").encode()
    if name.endswith(".xml"):
        told = re.sub(r"(</(?:loc|(?:oj:)?journaldato|JP\.JDATO)>)", r"\1<ukjentfelt>1</ukjentfelt>", text)
        told = re.sub(r"</gmd:abstract>|</dc:title>|</setSpec>", r"\g<0><ukjentfelt>1</ukjentfelt>", told)
        return told.encode("iso-8859-1" if "ISO-8859-1" in told else "utf-8", "replace")
    data = json.loads(text)

    def spread(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: v if k == "@context" else spread(v) for k, v in value.items()} | {
                "ukjentfelt" if "@id" not in value else "dct:ukjentfelt": 1
            }
        return [spread(v) for v in value] if isinstance(value, list) else value

    return json.dumps(spread(data), ensure_ascii=False).encode()
