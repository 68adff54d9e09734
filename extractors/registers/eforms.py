"""Notices of procurement in eForms (UBL 2.3): what a notice says, without the persons in it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree  # ty: ignore[missing-module-member]

from catalogue.reasons import Reason
from extractors.contract import Notice
from extractors.exceptions import Reasoned
from extractors.fields import as_text
from extractors.portals.publisher import organisation_number
from extractors.portals.safe_xml import UnsafeXml, read_xml

LANGUAGES = {"NOR": "nb", "NOB": "nb", "NNO": "nn", "SME": "se", "ENG": "en"}
NORWEGIAN = ("NOB", "NOR", "NNO", "SME")
NO_DAY = "2000-01-01"  # what systems write where the schema wants a day and there is none
# No contact and no address has one of these.
TEXTS = ("Description", "Note", "ProcessReason", "ReasonDescription", "ChangeDescription", "DocumentDescription")
PARTS = ("ProcurementProject", "TenderingProcess", "TenderingTerms", "ProcurementProjectLot")
EXTENSION = "UBLExtensions/UBLExtension/ExtensionContent/EformsExtension"
KNOWN = frozenset(
    "UBLExtensions UBLVersionID CustomizationID ID ContractFolderID UUID IssueDate IssueTime VersionID RegulatoryDomain NoticeTypeCode "
    "NoticeLanguageCode AdditionalNoticeLanguage PlannedDate RequestedPublicationDate ContractingParty TenderingTerms TenderingProcess "
    "ProcurementProject ProcurementProjectLot TenderResult SenderParty ReceiverParty BusinessParty ProfileID".split()
)
KNOWN_EXTENSION = frozenset(
    "Changes ContractModification NoticeResult NoticeSubType Organizations Publication TransmissionDate TransmissionTime "
    "AppealsInformation ReferencedDocument NonOfficialLanguages NoticePurpose".split()
)


class NotANotice(Reasoned, ValueError):
    """An answer that is no eForms notice."""


def read(body: bytes, key: str) -> Notice:
    """The notice in `body`, under `key`. Contacts, addresses and beneficial owners are passed over. Raises NotANotice."""
    root = _root(body)
    extension = root.find(EXTENSION)
    extension = root if extension is None else extension
    organisations = _organisations(extension)
    buyers = [organisations[i] for i in _all(root, "ContractingParty/Party/PartyIdentification/ID") if i in organisations]
    number, name = next((b for b in buyers if b[0]), next(iter(buyers), (None, None)))
    project = root.find("ProcurementProject")
    project = root if project is None else project
    amount, currency = _amount(extension, project)
    title = _in_norwegian(project.findall("Name"))
    language = _said(root, "NoticeLanguageCode")
    process = root.find("TenderingProcess")
    return Notice(
        key=key, locator=f"/{root.tag}", publisher=number, publisher_name=name, title=title, text=_text(root, extension, title),
        subtype=_said(root, "NoticeTypeCode"), procedure=_said(process, "ProcedureCode"), case_number=_said(project, "ID"),
        result="; ".join(dict.fromkeys(_all(extension, "NoticeResult/LotResult/TenderResultCode"))) or None,
        issued=_day(_said(root, "IssueDate")), awarded=_awarded(root, extension), amount=amount, currency=currency,
        tenders=_tenders(extension), winners=tuple(_winners(extension, organisations)) or None,
        cpv=tuple(dict.fromkeys(_all(project, ".//ItemClassificationCode"))) or None,
        places=tuple(dict.fromkeys(_all(root, ".//RealizedLocation/Address/CountrySubentityCode"))) or None,
        language=LANGUAGES.get(language or "", "unknown" if language else None), leftovers=tuple(_strange(root, extension)),
    )  # fmt: skip


def _root(body: bytes) -> etree._Element:
    """The notice's root, every name without its namespace."""
    data = body.removeprefix(codecs.BOM_UTF8).strip()
    if not data.startswith(b"<") or data[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise NotANotice(Reason("notice_unread"))
    try:
        root = read_xml(data)
    except UnsafeXml as error:
        raise NotANotice(error.reason) from error
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    if not root.tag.endswith("Notice"):
        raise NotANotice(Reason("notice_unread"))
    return root


def _strange(root: etree._Element, extension: etree._Element) -> Iterator[str]:
    for parent, known in ((root, KNOWN), (extension, KNOWN_EXTENSION if extension is not root else KNOWN)):
        yield from sorted({c.tag for c in parent if isinstance(c.tag, str) and c.tag not in known})


def _said(element: Any, path: str) -> str | None:
    found = element.find(path) if element is not None else None
    return as_text(found.text) if found is not None else None


def _all(element: etree._Element, path: str) -> list[str]:
    return [text for text in (as_text(e.text) for e in element.findall(path)) if text]


def _day(text: str | None) -> str | None:
    """The day without its zone: `2024-01-19+01:00` is the nineteenth wherever it is read."""
    return text[:10] if text and not text.startswith(NO_DAY) else None


def _in_norwegian(elements: Iterable[etree._Element]) -> str | None:
    """Of a text in several languages the Norwegian one, else the first."""
    said = [(e.get("languageID") or "", as_text(e.text)) for e in elements]
    texts = [(language, text) for language, text in said if text]
    return next((t for wanted in NORWEGIAN for language, t in texts if language == wanted), next((t for _, t in texts), None))


def _organisations(extension: etree._Element) -> dict[str, tuple[str | None, str | None]]:
    """Identifier within the notice → (organisation number, name)."""
    found = {}
    for company in extension.findall("Organizations/Organization/Company"):
        identity = _said(company, "PartyIdentification/ID")
        if identity:
            number = organisation_number(_said(company, "PartyLegalEntity/CompanyID"))
            found[identity] = (number, _in_norwegian(company.findall("PartyName/Name")))
    return found


def _text(root: etree._Element, extension: etree._Element, title: str | None) -> str | None:
    """What the notice says in prose, in its order and each thing once: the whole, the lots, how and why."""
    seen: dict[str, None] = {title: None} if title else {}
    parts = [part for name in PARTS for part in root.findall(name)]
    parts += [part for name in ("Changes", "ContractModification") for part in extension.findall(name)]
    for part in parts:
        elements = list(part.iter(*TEXTS))
        if part.tag == "ProcurementProjectLot":
            elements = [*part.findall("ProcurementProject/Name"), *elements]
        is_translated = any((e.get("languageID") or "") in NORWEGIAN for e in elements)
        for element in elements:
            text, language = as_text(element.text), element.get("languageID") or ""
            if text and (not is_translated or not language or language in NORWEGIAN):
                seen.setdefault(text, None)
    return "\n\n".join(text for text in seen if text != title) or None


def _awarded(root: etree._Element, extension: etree._Element) -> str | None:
    """The last day a contract was awarded, else concluded."""
    for where, path in (
        (extension, "NoticeResult/SettledContract/AwardDate"), (extension, "NoticeResult/SettledContract/IssueDate"),
        (root, "TenderResult/AwardDate"),
    ):  # fmt: skip
        days = [day for day in map(_day, _all(where, path)) if day]
        if days:
            return max(days)
    return None


def _tenders(extension: etree._Element) -> str | None:
    """How many tenders came in, over all lots; None where it is not said."""
    counts = [
        int(number)
        for statistics in extension.findall("NoticeResult/LotResult/ReceivedSubmissionsStatistics")
        if _said(statistics, "StatisticsCode") == "tenders" and (number := _said(statistics, "StatisticsNumeric") or "").isdigit()
    ]
    return str(sum(counts)) if counts else None


def _winning(extension: etree._Element) -> list[etree._Element]:
    """The tenders that contracts were made of."""
    won = set(_all(extension, "NoticeResult/SettledContract/LotTender/ID"))
    return [tender for tender in extension.findall("NoticeResult/LotTender") if _said(tender, "ID") in won]


def _winners(extension: etree._Element, organisations: dict[str, tuple[str | None, str | None]]) -> Iterator[str]:
    parties = {_said(party, "ID"): _all(party, "Tenderer/ID") for party in extension.findall("NoticeResult/TenderingParty")}
    seen: dict[str, None] = {}
    for tender in _winning(extension):
        for identity in parties.get(_said(tender, "TenderingParty/ID"), ()):
            name = organisations.get(identity, (None, None))[1]
            if name:
                seen.setdefault(name, None)
    yield from seen


def _amount(extension: etree._Element, project: etree._Element) -> tuple[str | None, str | None]:
    """(amount, currency): of the whole result, of the winning tenders together, or as estimated."""
    total = extension.find("NoticeResult/TotalAmount")
    if total is not None and as_text(total.text):
        return as_text(total.text), total.get("currencyID")
    paid = [e for tender in _winning(extension) if (e := tender.find("LegalMonetaryTotal/PayableAmount")) is not None]
    numbers = [float(e.text) for e in paid if re.fullmatch(r"\d+(\.\d+)?", (e.text or "").strip())]
    if numbers and len({e.get("currencyID") for e in paid}) == 1:
        return f"{sum(numbers):.2f}", paid[0].get("currencyID")
    estimated = project.find("RequestedTenderTotal/EstimatedOverallContractAmount")
    return (as_text(estimated.text), estimated.get("currencyID")) if estimated is not None else (None, None)
