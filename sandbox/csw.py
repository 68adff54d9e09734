"""A catalogue service (OGC CSW 2.0.2) as PORTALS 2.8 and Geonorge's recorded records tell of it: ISO 19139, errors under 200, records that break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from sandbox.answers import NOT_FOUND, Answer, Question, html, plain
from sandbox.bodies import Body
from sandbox.datasets import LICENCES, DatasetFacts
from sandbox.judge import HostRules
from sandbox.portal import Event, Portal

GMD, CSW = "http://www.isotc211.org/2005/gmd", "http://www.opengis.net/cat/csw/2.0.2"
PATH = "/geonetwork/srv/nor/csw"
ROWS_MAX = 100
CODELISTS = "http://standards.iso.org/ittf/PubliclyAvailableStandards/ISO_19139_Schemas/resources/codelist/gmxCodelists.xml"
FREQUENCIES = {"monthly": "monthly", "daily": "daily", "yearly": "annually", "weekly": "weekly", "quarterly": "quarterly"}


@dataclass(frozen=True)
class Quirks:
    """`services` records of services stand among the datasets; `broken` are the positions (from 0) of records the server stumbles over;
    `refuses_sort`, `speaks_dublin_core_only`: what it refuses; `lies`: numberOfRecordsReturned is wrong; `trouble`: entities, html."""

    services: int = 0
    broken: tuple[int, ...] = ()
    refuses_sort: bool = False
    speaks_dublin_core_only: bool = False
    lies: bool = False
    trouble: str = ""


class Csw(Portal):
    """One service."""

    platform: ClassVar[str] = "csw"

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], host: str = "", events: Sequence[Event] = (), quirks: Quirks = Quirks()) -> None:
        super().__init__(body, day, datasets, host, events)
        self.quirks = quirks
        every = max(len(self.datasets) // quirks.services, 1) if quirks.services else 1
        self.services = {d.guid for d in self.datasets[::every][: quirks.services]}

    @property
    def own_host(self) -> str:
        return f"kart.{self.body.domain}"

    @property
    def home(self) -> str:
        return f"https://{self.host}{PATH}"

    def settings(self) -> dict[str, object]:
        return {"organisation": self.body.full_name}

    def truth(self) -> dict[str, str]:
        whole = [d for n, d in enumerate(self.datasets) if n not in self.quirks.broken]
        return {self.key_of(d): d.title for d in whole if not self._is_service(d) and d.publisher == self.body}

    def _is_service(self, d: DatasetFacts) -> bool:
        return d.guid in self.services

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return self.robots()
        if question.path == "/":
            return html('<!doctype html><html lang="nb"><head><title>Kartkatalog</title></head><body><a href="/geonetwork/srv/nor/catalog.search">Søk</a></body></html>')
        if question.path != PATH:
            return NOT_FOUND
        if self.quirks.trouble == "html":
            return html("<!doctype html><html><body><h1>502</h1></body></html>")
        if self.quirks.trouble == "entities":
            return _xml('<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>\n<x>&b;</x>')
        asked = _posted(question.body) if question.method == "POST" else {k.lower(): v for k, v in question.query.items()}
        if asked is None:
            return _exception("NoApplicableCode", "", "The request is no XML")
        request = asked.get("request", "").lower()
        if asked.get("service", "").upper() != "CSW":
            return _exception("MissingParameterValue", "service", "The service parameter is missing")
        if request == "getcapabilities":
            return _xml(self._capabilities())
        if request == "getrecords":
            return self._records(asked)
        if request == "getrecordbyid":
            found = next((d for d in self.datasets if d.guid == asked.get("id")), None)
            return _xml(f'<?xml version="1.0" encoding="UTF-8"?>\n<csw:GetRecordByIdResponse xmlns:csw="{CSW}">{self._iso(found) if found else ""}</csw:GetRecordByIdResponse>')
        return _exception("OperationNotSupported", "request", "The operation is not supported")

    def rules(self) -> HostRules:
        """A search may be posted."""
        return HostRules(posts=(PATH,))

    def _capabilities(self) -> str:
        ways = "".join(f'<ows:{way} xlink:type="simple" xlink:href="{self.home}"/>' for way in ("Get", "Post"))
        operations = "".join(f'<ows:Operation name="{name}"><ows:DCP><ows:HTTP>{ways}</ows:HTTP></ows:DCP></ows:Operation>'
                             for name in ("GetCapabilities", "GetRecords", "GetRecordById"))  # fmt: skip
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<csw:Capabilities xmlns:csw="{CSW}" xmlns:ows="http://www.opengis.net/ows" xmlns:ogc="http://www.opengis.net/ogc" '
            f'xmlns:xlink="http://www.w3.org/1999/xlink" version="2.0.2"><ows:ServiceIdentification><ows:Title>Kartkatalog</ows:Title><ows:ServiceType>CSW</ows:ServiceType>'
            "<ows:ServiceTypeVersion>2.0.2</ows:ServiceTypeVersion></ows:ServiceIdentification>"
            f"<ows:ServiceProvider><ows:ProviderName>{escape(self.body.full_name)}</ows:ProviderName></ows:ServiceProvider>"
            f"<ows:OperationsMetadata>{operations}</ows:OperationsMetadata><ogc:Filter_Capabilities><ogc:Scalar_Capabilities><ogc:ComparisonOperators>"
            "<ogc:ComparisonOperator>EqualTo</ogc:ComparisonOperator></ogc:ComparisonOperators></ogc:Scalar_Capabilities></ogc:Filter_Capabilities></csw:Capabilities>"
        )

    def _records(self, asked: dict[str, str]) -> Answer:
        start, rows = asked.get("startposition", "1"), asked.get("maxrecords", "10")
        if not start.isdigit() or not rows.isdigit() or int(start) < 1:
            return _exception("InvalidParameterValue", "startPosition", "startPosition must be a positive integer")
        if asked.get("outputschema", CSW) == GMD and self.quirks.speaks_dublin_core_only:
            return _exception("InvalidParameterValue", "outputSchema", f"OutputSchema {GMD} is not supported")
        if "sortby" in asked and self.quirks.refuses_sort:
            return _exception("InvalidParameterValue", "sortBy", "sortBy is not supported")
        found = list(self.datasets) if "sortby" in asked else sorted(self.datasets, key=lambda d: d.name)
        places = {d.guid: n for n, d in enumerate(self.datasets)}
        if wanted := re.fullmatch(r"OrganisationName='((?:[^']|'')*)'", asked.get("constraint", "")):
            # Any contact will do: the publisher's, and that of the body that keeps the record.
            name = wanted[1].replace("''", "'")
            found = [d for d in found if name in (d.publisher.full_name, self.body.full_name)]
        if asked.get("resulttype", "hits") == "hits":
            return self._response(found, [], 1, asked)
        page = found[int(start) - 1 : int(start) - 1 + min(int(rows), ROWS_MAX)]
        if any(places[d.guid] in self.quirks.broken for d in page):
            return _exception("NoApplicableCode", "", "java.lang.NullPointerException while presenting a record")
        self.list_given()
        return self._response(found, page, int(start), asked)

    def _response(self, found: list[DatasetFacts], page: list[DatasetFacts], start: int, asked: dict[str, str]) -> Answer:
        following = start + len(page) if page and start - 1 + len(page) < len(found) else 0
        is_iso = asked.get("outputschema", CSW) == GMD
        records = "\n".join(self._iso(d) if is_iso else self._dublin(d) for d in page)
        returned = len(page) - 1 if self.quirks.lies and page else len(page)
        return _xml(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<csw:GetRecordsResponse xmlns:csw="{CSW}"><csw:SearchStatus timestamp="{self.day}T06:00:00"/>'
            f'<csw:SearchResults numberOfRecordsMatched="{len(found)}" numberOfRecordsReturned="{returned}" elementSet="full" nextRecord="{following}">\n{records}\n'
            "</csw:SearchResults></csw:GetRecordsResponse>"
        )

    def _iso(self, d: DatasetFacts) -> str:
        level = "service" if self._is_service(d) else "dataset"

        def text(name: str, value: str) -> str:
            return f"<gmd:{name}><gco:CharacterString>{escape(value)}</gco:CharacterString></gmd:{name}>"

        def code(name: str, element: str, value: str) -> str:
            return f'<gmd:{name}><gmd:{element} codeList="{CODELISTS}#{element}" codeListValue="{value}"/></gmd:{name}>'

        def contact(name: str, role: str, holder: Body) -> str:
            return (f"<gmd:{name}><gmd:CI_ResponsibleParty>{text('individualName', 'Kartavdelingen')}{text('organisationName', holder.full_name)}<gmd:contactInfo><gmd:CI_Contact><gmd:address>"
                    f"<gmd:CI_Address>{text('electronicMailAddress', 'kart@' + self.body.domain)}</gmd:CI_Address></gmd:address></gmd:CI_Contact></gmd:contactInfo>"
                    f"{code('role', 'CI_RoleCode', role)}</gmd:CI_ResponsibleParty></gmd:{name}>")  # fmt: skip

        def dated(day: date, kind: str) -> str:
            return f"<gmd:date><gmd:CI_Date><gmd:date><gco:Date>{day}</gco:Date></gmd:date>{code('dateType', 'CI_DateTypeCode', kind)}</gmd:CI_Date></gmd:date>"

        identification = "srv:SV_ServiceIdentification" if level == "service" else "gmd:MD_DataIdentification"
        keywords = "".join(text("keyword", k) for k in d.keywords)
        licence = f'<gmd:otherConstraints><gmx:Anchor xlink:href="{LICENCES.get(d.licence, "")}">{escape(d.licence)}</gmx:Anchor></gmd:otherConstraints>'
        files = "".join(
            f"<gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>https://{self.host}/fil/{d.name}.{f.lower()}</gmd:URL></gmd:linkage>{text('protocol', 'WWW:DOWNLOAD-1.0-http--download')}"
            f"{text('name', d.title)}</gmd:CI_OnlineResource></gmd:onLine>" for f in d.formats
        )  # fmt: skip
        return (
            f'<gmd:MD_Metadata xmlns:gmd="{GMD}" xmlns:gco="http://www.isotc211.org/2005/gco" xmlns:gmx="http://www.isotc211.org/2005/gmx" xmlns:srv="http://www.isotc211.org/2005/srv"'
            f' xmlns:xlink="http://www.w3.org/1999/xlink">{text("fileIdentifier", d.guid)}<gmd:language><gmd:LanguageCode codeList="http://www.loc.gov/standards/iso639-2/" codeListValue="nor">Norsk</gmd:LanguageCode></gmd:language>'
            f"{code('hierarchyLevel', 'MD_ScopeCode', level)}{contact('contact', 'pointOfContact', self.body)}<gmd:dateStamp><gco:Date>{d.modified}</gco:Date></gmd:dateStamp>"
            f"<gmd:identificationInfo><{identification}><gmd:citation><gmd:CI_Citation>{text('title', d.title)}{dated(d.issued, 'publication')}{dated(d.modified, 'revision')}</gmd:CI_Citation></gmd:citation>"
            f"{text('abstract', d.description)}{contact('pointOfContact', 'publisher', d.publisher)}<gmd:resourceMaintenance><gmd:MD_MaintenanceInformation>"
            f"{code('maintenanceAndUpdateFrequency', 'MD_MaintenanceFrequencyCode', FREQUENCIES.get(d.frequency, 'asNeeded'))}</gmd:MD_MaintenanceInformation></gmd:resourceMaintenance>"
            f"<gmd:descriptiveKeywords><gmd:MD_Keywords>{keywords}</gmd:MD_Keywords></gmd:descriptiveKeywords>"
            "<gmd:resourceConstraints><gmd:MD_Constraints><gmd:useLimitation><gco:CharacterString>Ingen begrensninger på bruk er oppgitt.</gco:CharacterString></gmd:useLimitation></gmd:MD_Constraints></gmd:resourceConstraints>"
            f"<gmd:resourceConstraints><gmd:MD_LegalConstraints>{code('accessConstraints', 'MD_RestrictionCode', 'otherRestrictions')}"
            '<gmd:otherConstraints><gmx:Anchor xlink:href="http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations">Åpne data</gmx:Anchor></gmd:otherConstraints></gmd:MD_LegalConstraints></gmd:resourceConstraints>'
            f"<gmd:resourceConstraints><gmd:MD_LegalConstraints>{code('useConstraints', 'MD_RestrictionCode', 'otherRestrictions')}{licence}</gmd:MD_LegalConstraints></gmd:resourceConstraints>"
            f"</{identification}></gmd:identificationInfo><gmd:distributionInfo><gmd:MD_Distribution><gmd:distributionFormat><gmd:MD_Format>{text('name', d.formats[0] if d.formats else '')}</gmd:MD_Format></gmd:distributionFormat>"
            f"<gmd:transferOptions><gmd:MD_DigitalTransferOptions>{files}</gmd:MD_DigitalTransferOptions></gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo></gmd:MD_Metadata>"
        )

    def _dublin(self, d: DatasetFacts) -> str:
        subjects = "".join(f"<dc:subject>{escape(k)}</dc:subject>" for k in d.keywords)
        files = "".join(f'<dct:references scheme="WWW:DOWNLOAD">https://{self.host}/fil/{d.name}.{f.lower()}</dct:references>' for f in d.formats)
        return (f'<csw:Record xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"><dc:identifier>{d.guid}</dc:identifier><dc:title>{escape(d.title)}</dc:title>'
                f"<dc:type>{'service' if self._is_service(d) else 'dataset'}</dc:type>{subjects}<dct:modified>{d.modified}</dct:modified><dct:abstract>{escape(d.description)}</dct:abstract>"
                f"<dc:publisher>{escape(d.publisher.full_name)}</dc:publisher><dc:rights>{d.licence}</dc:rights>{files}</csw:Record>")  # fmt: skip


def _posted(body: bytes) -> dict[str, str] | None:
    """A request in XML as its parameters; None when it is none."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return None
    asked = {name.lower(): value for name, value in root.attrib.items()} | {"request": root.tag.rpartition("}")[2]}
    for element in root.iter():
        name, text = element.tag.rpartition("}")[2], (element.text or "").strip()
        if name in ("Id", "ElementSetName", "CqlText"):
            asked[{"CqlText": "constraint"}.get(name, name.lower())] = text
        elif name == "SortBy":
            asked["sortby"] = "Identifier:A"
    return asked


def _xml(text: str) -> Answer:
    return plain(text, media_type="application/xml; charset=UTF-8")


def _exception(code: str, locator: str, text: str) -> Answer:
    """An error as CSW has it: under a status of 200."""
    where = f' locator="{locator}"' if locator else ""
    return _xml(f'<?xml version="1.0" encoding="UTF-8"?>\n<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" version="1.0.0"><ows:Exception exceptionCode="{code}"{where}>'
                f"<ows:ExceptionText>{escape(text)}</ows:ExceptionText></ows:Exception></ows:ExceptionReport>")  # fmt: skip
