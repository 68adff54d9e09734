"""Doffin's public API v2: search with its thousand hits, and notices as eForms (PORTALS 3.4)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape

from sandbox.answers import Answer, Question, json_answer
from sandbox.bodies import Body
from sandbox.judge import HostRules

ACCESSIBLE = 1000
PATIENCE = 30
KNOWN = frozenset(
    "numHitsPerPage page type status issueDateFrom issueDateTo searchString cpvCode location sortBy estimatedValueFrom estimatedValueTo".split()
)
CONTACT = "Ingebjørg Storhaugen"
NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" '
    'xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2" '
    'xmlns:efac="http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1" '
    'xmlns:efext="http://data.europa.eu/p27/eforms-ubl-extensions/1" xmlns:efbc="http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1"'
)


@dataclass(frozen=True)
class NoticeFacts:
    """The truth of one notice. `winner` and `tenders` are for results; `buyer` is (number, name)."""

    key: str
    buyer: tuple[str, str]
    title: str
    text: str
    kind: str
    issued: date
    is_ours: bool
    case_number: str = ""
    winner: str = ""
    tenders: int = 0
    amount: int = 0


class Doffin:
    """The database: `month` days of notices, most of them of the state, and one day with more than can be reached."""

    platform = "doffin"
    host = "api.doffin.no"
    home = "https://api.doffin.no/public/v2/"

    def __init__(self, bodies: Sequence[Body], day: date, *, key: str = "en-nokkel", big_day: int = 1030) -> None:
        self.key, self.day, self.asked = key, day, 0
        self.refused_once = False
        found: list[NoticeFacts] = []
        for ago in range(20, -1, -1):
            issued, busy = day - timedelta(days=ago), ago == 4
            for n in range(big_day if busy else 3):
                found.append(NoticeFacts(f"{issued.year}-{500000 + len(found)}", ("800095994", "Statens sandkasseverk"), f"Sandkasse nr. {n}", "Levering av sand.",
                                         ("COMPETITION", "RESULT", "PLANNING")[n % 3], issued, False))  # fmt: skip
            body = bodies[ago % len(bodies)]
            kind = "RESULT" if ago % 2 else "COMPETITION"
            found.append(NoticeFacts(
                f"{issued.year}-{500000 + len(found)}", (body.orgnr, body.full_name), f"Rammeavtale om lekeapparater, del {ago}",
                f"{body.full_name} skal kjøpe lekeapparater til barnehagene & skolene. Lærlinger skal delta, og lønns- og arbeidsvilkår kontrolleres.",
                kind, issued, True, f"{issued.year}/{100 + ago}", "Lekeverket AS" if kind == "RESULT" else "", 4 if kind == "RESULT" else 0, 1_200_000 + ago,
            ))  # fmt: skip
        self.notices = tuple(found)

    def ours(self, since: date, until: date) -> list[NoticeFacts]:
        """The municipal notices of a window."""
        return [n for n in self.notices if n.is_ours and since <= n.issued <= until]

    def rules(self) -> HostRules:
        return HostRules(only=("/public/v2/",))

    def respond(self, question: Question) -> Answer:
        if not question.path.startswith("/public/v2/"):
            return json_answer({"statusCode": 404, "message": "Resource not found"}, status=404)
        key = question.headers.get("ocp-apim-subscription-key", "")
        if key != self.key:
            missing = "missing subscription key. Make sure to include subscription key when making requests to an API."
            words = "invalid subscription key. Make sure to provide a valid key for an active subscription." if key else missing
            return json_answer({"statusCode": 401, "message": f"Access denied due to {words}"}, status=401)
        self.asked += 1
        if self.asked % PATIENCE == 0:
            answer = json_answer({"statusCode": 429, "message": "Rate limit is exceeded. Try again in 10 seconds."}, status=429)
            return Answer(429, answer.body, answer.media_type, (("Retry-After", "10"),))
        if question.path == "/public/v2/search":
            return self._search(question.query)
        if match := re.fullmatch(r"/public/v2/download/([\w-]+)", question.path):
            found = next((n for n in self.notices if n.key == match[1]), None)
            return (
                Answer(200, self.xml(found).encode(), "application/xml")
                if found
                else json_answer({"error": "Notice not found"}, status=404)
            )
        return json_answer({"statusCode": 404, "message": "Resource not found"}, status=404)

    def _search(self, asked: Mapping[str, str]) -> Answer:
        per_page, page = asked.get("numHitsPerPage", "15"), asked.get("page", "1")
        if (
            any(name not in KNOWN for name in asked)
            or not (per_page.isdigit() and page.isdigit())
            or not 1 <= int(per_page) <= 100
            or int(page) < 1
        ):
            return json_answer(
                {"type": "https://tools.ietf.org/html/rfc7231#section-6.5.1", "title": "Bad Request", "status": 400}, status=400
            )
        size, number = int(per_page), int(page)
        found = [
            n for n in self.notices
            if asked.get("issueDateFrom", "") <= str(n.issued) <= asked.get("issueDateTo", "9999") and asked.get("type", n.kind) == n.kind
        ]  # fmt: skip
        if number * size > ACCESSIBLE + size - 1:
            return json_answer({"title": "Only the first 1000 hits are accessible", "status": 400}, status=400)
        shown = found[:ACCESSIBLE][(number - 1) * size : number * size]
        answer = {"numHitsTotal": len(found), "numHitsAccessible": min(len(found), ACCESSIBLE), "hits": [self._hit(n) for n in shown]}
        # Descriptions keep the tabulators and line feeds people typed: raw in the JSON, as no parser wants them.
        return Answer(200, json.dumps(answer, ensure_ascii=False).replace("\\t", "\t").encode(), "application/json; charset=utf-8")

    @staticmethod
    def _hit(n: NoticeFacts) -> dict[str, Any]:
        spaced = f"NO {n.buyer[0][:3]} {n.buyer[0][3:6]} {n.buyer[0][6:]} MVA"
        return {
            "id": n.key, "buyer": [{"id": f"b{n.key}", "organizationId": spaced if n.is_ours else n.buyer[0], "name": n.buyer[1]}],
            "heading": n.title, "description": f"{n.text}\tSe dokumentene.", "locationId": ["NO082"],
            "estimatedValue": {"currencyCode": "NOK", "amount": n.amount or None}, "type": n.kind, "allTypes": [n.kind],
            "status": None if n.kind == "RESULT" else "ACTIVE", "issueDate": str(n.issued), "deadline": f"{n.issued + timedelta(days=30)}T10:00:00Z" if n.kind == "COMPETITION" else None,
            "publicationDate": str(n.issued), "receivedTenders": n.tenders or None, "allReceivedTenders": [], "cpvCodes": ["37535200"],
            "limitedDataFlag": False, "doffinClassicUrl": None, "lots": [],
        }  # fmt: skip

    @staticmethod
    def xml(n: NoticeFacts) -> str:
        """The notice in eForms, with a contact person as real ones have."""
        root, code = (
            ("ContractAwardNotice", "can-standard")
            if n.kind == "RESULT"
            else ("ContractNotice", "cn-standard")
            if n.kind == "COMPETITION"
            else ("PriorInformationNotice", "pin-only")
        )
        companies = [("ORG-0001", *n.buyer)] + ([("ORG-0002", "800095897", n.winner)] if n.winner else [])
        organisations = "".join(
            f'<efac:Organization><efac:Company><cac:PartyIdentification><cbc:ID schemeName="organization">{i}</cbc:ID></cac:PartyIdentification>'
            f'<cac:PartyName><cbc:Name languageID="NOR">{escape(name)}</cbc:Name></cac:PartyName>'
            f"<cac:PartyLegalEntity><cbc:CompanyID>{number[:3]} {number[3:6]} {number[6:]}</cbc:CompanyID></cac:PartyLegalEntity>"
            f"<cac:Contact><cbc:Name>{CONTACT}</cbc:Name><cbc:Telephone>+47 99 99 00 02</cbc:Telephone><cbc:ElectronicMail>ingebjorg@innkjop.example</cbc:ElectronicMail></cac:Contact>"
            "</efac:Company></efac:Organization>"
            for i, number, name in companies
        )  # fmt: skip
        result = (
            '<efac:NoticeResult><efac:LotResult><cbc:ID schemeName="result">RES-0001</cbc:ID><cbc:TenderResultCode listName="winner-selection-status">selec-w</cbc:TenderResultCode>'
            "<efac:ReceivedSubmissionsStatistics><efbc:StatisticsCode>tenders</efbc:StatisticsCode>"
            f"<efbc:StatisticsNumeric>{n.tenders}</efbc:StatisticsNumeric></efac:ReceivedSubmissionsStatistics></efac:LotResult>"
            '<efac:LotTender><cbc:ID schemeName="tender">TEN-0001</cbc:ID>'
            f'<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="NOK">{n.amount}</cbc:PayableAmount></cac:LegalMonetaryTotal>'
            "<efac:TenderingParty><cbc:ID>TPA-0001</cbc:ID></efac:TenderingParty></efac:LotTender>"
            f"<efac:SettledContract><cbc:ID>CON-0001</cbc:ID><cbc:AwardDate>{n.issued - timedelta(days=5)}+01:00</cbc:AwardDate><efac:LotTender><cbc:ID>TEN-0001</cbc:ID></efac:LotTender></efac:SettledContract>"
            "<efac:TenderingParty><cbc:ID>TPA-0001</cbc:ID><efac:Tenderer><cbc:ID>ORG-0002</cbc:ID></efac:Tenderer></efac:TenderingParty></efac:NoticeResult>"
            if n.kind == "RESULT" else ""
        )  # fmt: skip
        project = (
            f'<cac:ProcurementProject><cbc:ID schemeName="InternalID">{escape(n.case_number)}</cbc:ID><cbc:Name languageID="NOR">{escape(n.title)}</cbc:Name>'
            f'<cbc:Description languageID="NOR">{escape(n.text)}</cbc:Description><cbc:ProcurementTypeCode listName="contract-nature">supplies</cbc:ProcurementTypeCode>'
            '<cac:MainCommodityClassification><cbc:ItemClassificationCode listName="cpv">37535200</cbc:ItemClassificationCode></cac:MainCommodityClassification>'
            "</cac:ProcurementProject>"
        )  # fmt: skip
        lot = f'<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">LOT-0000</cbc:ID>{project}</cac:ProcurementProjectLot>'
        dummy = "<cac:TenderResult><cbc:AwardDate>2000-01-01Z</cbc:AwardDate></cac:TenderResult>" if n.kind == "RESULT" else ""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {NAMESPACES}>'
            f"<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>{result}"
            f'<efac:NoticeSubType><cbc:SubTypeCode listName="notice-subtype">16</cbc:SubTypeCode></efac:NoticeSubType><efac:Organizations>{organisations}</efac:Organizations>'
            "</efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>"
            f'<cbc:UBLVersionID>2.3</cbc:UBLVersionID><cbc:CustomizationID>eforms-sdk-1.7</cbc:CustomizationID><cbc:ID schemeName="notice-id">{n.key}</cbc:ID>'
            f'<cbc:IssueDate>{n.issued}+01:00</cbc:IssueDate><cbc:IssueTime>12:00:00+01:00</cbc:IssueTime><cbc:VersionID>01</cbc:VersionID>'
            f'<cbc:RegulatoryDomain>other</cbc:RegulatoryDomain><cbc:NoticeTypeCode>{code}</cbc:NoticeTypeCode><cbc:NoticeLanguageCode>NOR</cbc:NoticeLanguageCode>'
            '<cac:ContractingParty><cac:Party><cac:PartyIdentification><cbc:ID schemeName="organization">ORG-0001</cbc:ID></cac:PartyIdentification></cac:Party></cac:ContractingParty>'
            f'<cac:TenderingProcess><cbc:ProcedureCode>open</cbc:ProcedureCode></cac:TenderingProcess>{project}{lot}{dummy}</{root}>'
        )  # fmt: skip
