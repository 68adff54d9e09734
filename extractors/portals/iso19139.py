"""A metadata record of ISO 19139 (gmd:MD_Metadata), as CSW servers give it: what it says of a dataset.

Names of people and their addresses stand in every contact; of a contact only the organisation is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree  # ty: ignore[missing-module-member]

from catalogue.reasons import Reason
from extractors.contract import Dataset, Distribution, Outcome, Trouble
from extractors.fields import as_plain, as_text
from extractors.portals.safe_xml import local

GMD, GCO, GMX = "http://www.isotc211.org/2005/gmd", "http://www.isotc211.org/2005/gco", "http://www.isotc211.org/2005/gmx"
HREF = "{http://www.w3.org/1999/xlink}href"
SPACES = {"gmd": GMD, "gco": GCO, "gmx": GMX}
DATA = ("dataset", "series", "nonGeographicDataset", "")
# Publisher first: a dataset belongs to its publisher, whoever holds or made it.
ROLES = ("publisher", "owner", "resourceProvider", "custodian", "distributor", "pointOfContact")
LIMITS = "LimitationsOnPublicAccess"
KNOWN = frozenset(
    """
    fileIdentifier language characterSet parentIdentifier hierarchyLevel hierarchyLevelName contact dateStamp metadataStandardName
    metadataStandardVersion dataSetURI locale spatialRepresentationInfo referenceSystemInfo metadataExtensionInfo identificationInfo
    contentInfo distributionInfo dataQualityInfo portrayalCatalogueInfo metadataConstraints applicationSchemaInfo metadataMaintenance
    series describes propertyType featureType featureAttribute
    """.split()
)
KNOWN_IDENTIFICATION = frozenset(
    """
    citation abstract purpose credit status pointOfContact resourceMaintenance graphicOverview resourceFormat descriptiveKeywords
    resourceSpecificUsage resourceConstraints aggregationInfo spatialRepresentationType spatialResolution language characterSet
    topicCategory environmentDescription extent supplementalInformation serviceType serviceTypeVersion accessProperties restrictions
    keywords coupledResource couplingType containsOperations operatesOn
    """.split()
)


def level(record: etree._Element) -> str:
    """`dataset`, `series`, `service` …; empty where the record says nothing, which ISO reads as a dataset."""
    found = record.find(f"{{{GMD}}}hierarchyLevel/{{{GMD}}}MD_ScopeCode")
    return (found.get("codeListValue") or as_text(found.text) or "") if found is not None else ""


def dataset_of(record: etree._Element, locator: str) -> Dataset | Trouble:
    """The dataset a record describes; Trouble when it has no identifier."""
    key = _said(record, "gmd:fileIdentifier")
    if not key:
        reason = Reason("no_identifier", step="package", field="fileIdentifier")
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=reason)
    what = next(iter(_all(record, "gmd:identificationInfo/*")), record)
    contacts = [*_all(what, "gmd:pointOfContact/gmd:CI_ResponsibleParty"), *_all(record, "gmd:contact/gmd:CI_ResponsibleParty")]
    dates = _dates(what)
    revised, stamp = dates.get("revision"), _said(record, "gmd:dateStamp")
    thematic, places, keywords = _keywords(what)
    topics = [as_text(t.text) for t in _all(what, "gmd:topicCategory/gmd:MD_TopicCategoryCode")]
    return Dataset(
        key=key, locator=locator, uri=_said(record, "gmd:dataSetURI"), title=_said(what, "gmd:citation/gmd:CI_Citation/gmd:title"),
        description=as_plain(_said(what, "gmd:abstract")), publisher_name=_publisher(contacts), keywords=keywords,
        themes=tuple(dict.fromkeys(t for t in [*topics, *thematic] if t)), access_rights=_access(what), licence=_licence(what),
        issued=dates.get("publication") or dates.get("creation"), modified=revised or stamp,
        modified_kind="data" if revised else "metadata" if stamp else None, frequency=_frequency(what), spatial=next(iter(places), None),
        contact_present=any(_all(c, ".//gmd:electronicMailAddress/gco:CharacterString") for c in contacts),
        distributions=_distributions(record), leftovers=_leftovers(record, what),
    )  # fmt: skip


def _leftovers(record: etree._Element, what: etree._Element) -> tuple[str, ...]:
    """The elements nobody reads, of the record and of what it identifies."""
    strange = {n for n in map(local, record) if n not in KNOWN} | {n for n in map(local, what) if n not in KNOWN_IDENTIFICATION}
    return tuple(sorted(strange))


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    return node.findall(path, SPACES)


def _said(node: etree._Element, path: str) -> str | None:
    """The text of an element that holds a CharacterString, an Anchor, a date or a URL."""
    return next((t for e in _all(node, path) if (t := _text_in(e))), None)


def _text_in(element: etree._Element) -> str | None:
    child = next((c for c in element if local(c) not in ("PT_FreeText", "")), None)
    return as_text(child.text) if child is not None else as_text(element.text)


def _code(node: etree._Element, path: str) -> str | None:
    return next((t for e in _all(node, path) if (t := as_text(e.get("codeListValue")) or as_text(e.text))), None)


def _dates(what: etree._Element) -> dict[str, str]:
    """The dates of the citation by kind: creation, publication, revision."""
    found: dict[str, str] = {}
    for each in _all(what, "gmd:citation/gmd:CI_Citation/gmd:date/gmd:CI_Date"):
        kind, day = _code(each, "gmd:dateType/gmd:CI_DateTypeCode"), _said(each, "gmd:date")
        if kind and day:
            found[kind] = max(day, found.get(kind, ""))
    return found


def _publisher(contacts: list[etree._Element]) -> str | None:
    named = [(_code(c, "gmd:role/gmd:CI_RoleCode"), _said(c, "gmd:organisationName")) for c in contacts]
    by_role = {role: name for role, name in reversed(named) if name}
    return next((by_role[role] for role in ROLES if role in by_role), None) or next((name for _, name in named if name), None)


def _keywords(what: etree._Element) -> tuple[list[str], list[str], tuple[str, ...]]:
    """(those of INSPIRE themes and the national thematic division, places, all)."""
    themes, places, words = [], [], []
    for group in _all(what, "gmd:descriptiveKeywords/gmd:MD_Keywords"):
        found = [t for k in _all(group, "gmd:keyword") if (t := _text_in(k))]
        thesaurus = _said(group, "gmd:thesaurusName/gmd:CI_Citation/gmd:title") or ""
        words += found
        themes += found if "INSPIRE themes" in thesaurus or "tematisk inndeling" in thesaurus else []
        places += found if _code(group, "gmd:type/gmd:MD_KeywordTypeCode") == "place" else []
    return themes, places, tuple(dict.fromkeys(words))


def _restrictions(what: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Each other restriction with the address it is anchored to, in the order of the record."""
    for element in _all(what, "gmd:resourceConstraints/gmd:MD_LegalConstraints/gmd:otherConstraints"):
        anchor = element.find(f"{{{GMX}}}Anchor")
        yield element, (anchor.get(HREF) or "") if anchor is not None else ""


def _licence(what: etree._Element) -> str | None:
    """The address of a licence, else its name; what limits public access is none."""
    others = [(element, address) for element, address in _restrictions(what) if LIMITS not in address]
    addresses = [a for _, a in others if a] + [t for e, _ in others if (t := _text_in(e)) and t.startswith("http")]
    return next(iter(addresses), None) or next((t[:200] for e, _ in others if (t := _text_in(e)) and "@" not in t), None)


def _access(what: etree._Element) -> str | None:
    limits = next((address for _, address in _restrictions(what) if LIMITS in address), None)
    return limits or _code(what, "gmd:resourceConstraints/gmd:MD_LegalConstraints/gmd:accessConstraints/gmd:MD_RestrictionCode")


def _frequency(what: etree._Element) -> str | None:
    path = "gmd:resourceMaintenance/gmd:MD_MaintenanceInformation/gmd:maintenanceAndUpdateFrequency/gmd:MD_MaintenanceFrequencyCode"
    return _code(what, path)


def _distributions(record: etree._Element) -> tuple[Distribution, ...]:
    """Each address in each format: a format with a distributor of its own has its own addresses, the others share those of the record."""
    found: dict[tuple[str, str | None], None] = {}
    shared: list[str] = []
    for part in _all(record, "gmd:distributionInfo/gmd:MD_Distribution"):
        for form in _all(part, ".//gmd:MD_Format"):
            name = _said(form, "gmd:name")
            addresses = list(_addresses(form))
            shared += [name] if name and not addresses else []
            found.update(dict.fromkeys((address, name or protocol) for address, protocol in addresses))
        for options in [*_all(part, "gmd:transferOptions"), *_all(part, "gmd:distributor")]:
            for address, protocol in _addresses(options):
                if not any(known == address for known, _ in found):
                    found.update(dict.fromkeys((address, form) for form in shared or [protocol]))
    return tuple(Distribution(access_url=address, format=form) for address, form in found)


def _addresses(node: etree._Element) -> Iterator[tuple[str, str | None]]:
    for online in _all(node, ".//gmd:CI_OnlineResource"):
        if (address := _said(online, "gmd:linkage")) and address.startswith("http"):
            yield address, _said(online, "gmd:protocol")
