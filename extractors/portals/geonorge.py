"""Geonorge's map catalogue (kartkatalog): the geodata of a body that is named in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Dataset,
    Distribution,
    Extractor,
    Known,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fetch import urls
from extractors.fields import Fields, as_plain, as_text
from extractors.innsyn.einnsyn import read_json
from extractors.portals.listing import Place
from extractors.portals.publisher import body_named

ROWS = 100
DATA = ("dataset", "series")
UNUSED = (
    "TypeTranslated", "Organizations", "OrganizationLogo", "ThumbnailUrl", "OrganizationUrl", "IsOpenData", "AccessIsOpendata",
    "AccessIsRestricted", "AccessIsProtected", "IsDokData", "LegendDescriptionUrl", "ProductSheetUrl", "ProductSpecificationUrl",
    "DatasetServices", "DatasetServicesWithShowMapLink", "AccessConstraint", "ServiceDistributionUrlForDataset", "ServiceUuid",
    "ServiceWfsDistributionUrlForDataset", "GetCapabilitiesUrl", "ShowMapLink", "ServiceDatasets", "TypeName", "SerieDatasets", "Type",
    "DistributionType", "Serie", "Bundle", "OtherConstraintsAccess", "DistributionUrl", "DistributionProtocol", "DataAccess", "DatasetName",
)  # fmt: skip
# The fields of a record's details that say nothing we keep: contacts name people, and the rest is for drawing maps.
UNUSED_DETAILS = frozenset(
    """
    MapOnlyWms Abstract BoundingBox ContactMetadata ContactOwner ContactOwners ContactPublisher DateMetadataUpdated
    DateMetadataValidFrom DateMetadataValidTo DateValidityPeriod DistributionDetails DistributionProtocol Protocol DistributionFormats
    DistributionFormat DistributionFormatsGrouped UnitsOfDistribution ReferenceSystems EnglishAbstract EnglishTitle NorwegianTitle
    HierarchyLevel Type TypeTranslated KeywordsInspire KeywordsInspirePriorityDataset KeywordsHighValueDatasetCategories
    KeywordsNationalInitiative KeywordsConcept KeywordsAdministrativeUnits KeywordsService LegendDescriptionUrl DatasetLanguage
    MetadataLanguage MetadataStandard MetadataStandardVersion OperatesOn ProductSheetUrl ProductSpecificationUrl ProductPageUrl
    CoverageUrl CoverageGridUrl CoverageCellUrl SurveyAreaMapUrl DownloadUrl Purpose QualitySpecifications QualitySpecification
    ReferenceSystem ResolutionScale ResolutionDistance SpatialRepresentation SpecificUsage Status OrderingInstructions
    OrderingInstructionsLinkText SupplementalDescription HelpUrl Thumbnails TopicCategory ResourceReferenceCode
    ResourceReferenceCodespace ResourceReferenceCodeName MetadataXmlUrl MetadataEditUrl OrganizationLogoUrl Organization
    ServiceDistributionUrlForDataset ServiceDistributionProtocolForDataset ServiceDistributionNameForDataset ServiceUuid
    ServiceDistributionAccessConstraint AccessIsOpendata AccessIsRestricted AccessIsProtected DataAccess CanShowMapUrl
    CanShowServiceMapUrl CanShowDownloadService CanShowDownloadUrl CanShowWebsiteUrl MapLink ServiceLink DistributionUrl Distributions
    DatasetServicesWithShowMapLink QuantitativeResult MetMetadata ProcessHistory SpatialScope Related Credits ApplicationSchema
    ServiceType ParentIdentifier Version Title
    """.split()
)


class GeonorgeSettings(SourceSettings):
    """`organization` is the body's name as Geonorge writes it ("Stavanger kommune"); its numbers are not there. With `details` every
    dataset is asked for once more, for its licence and frequency."""

    organization: str | None = None
    details: bool = False


class Geonorge(Extractor):
    """
    vendor       Kartverket
    recognise    kartkatalog.geonorge.no; an answer with NumFound and Results of Uuid
    endpoints    GET /api/search; with details GET /api/getdata/{uuid}
    set-up       none
    paging       limit (100; 1000 at most), offset from 1, orderby=title
    windows      none: all of a body each time
    limits       none stated; 1,000 an answer
    quirks       offset 0 and 1 are the same page; an organisation that is not there is an empty list, not an error; services,
                 applications and software are in the list too; dates are midnight in Norway written in UTC; distributions are texts parted
                 by |; the licence is in the details only; contacts in the details are people and never kept; bodies are there by name,
                 without a number
    yields       datasets with distributions
    licence      per dataset
    facts from   PORTALS 2.8
    """

    platform = "geonorge"
    yields = (Dataset,)
    Settings = GeonorgeSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _search(source, Place(), 1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
        elif capture.context["step"] == "details":
            yield _details(source, Fields(answer), capture.context["uuid"])
        else:
            yield from _read_search(source, capture, Fields(answer))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        home = urls.parse("/", capture.url)
        if '"NumFound"' in capture.text and '"Uuid"' in capture.text:
            return SourceGuess(cls.platform, home, {}, "the search of the map catalogue answers", 0.95)
        if '"MetadataXmlUrl"' in capture.text and '"Uuid"' in capture.text:
            return SourceGuess(cls.platform, home, {}, "the map catalogue tells of a record", 0.9)
        if urls.host_of(capture.url) == "kartkatalog.geonorge.no":
            return SourceGuess(cls.platform, home, {}, "the host of the map catalogue", 0.9)
        return None


def _search(source: Source, place: Place, page: int) -> Request:
    address = f"/api/search?limit={ROWS}&offset={place.index + 1}&orderby=title"
    if source.settings.organization:
        address += f"&facets%5B0%5Dname=organization&facets%5B0%5Dvalue={quote(source.settings.organization, safe='')}"
    return Request(url=urls.parse(address, source.url), context={"step": "list", "place": place.context(), "page": page})


def _read_search(source: Source, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    counted = top.take("NumFound")
    if not isinstance(top.data.get("Results"), list) or not isinstance(counted, int):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="list", field="Results"))
        return
    rows = [Fields(row) for row in top.items("Results")]
    kept = [(n, row) for n, row in enumerate(rows) if _is_data(row) and not _is_anothers(source, row)]
    place = Place.of(capture.context).passed(len(rows), counted=counted, left_out=len(rows) - len(kept))
    is_last = not rows or place.index >= place.counted
    top.leave(("Limit", "Offset", "Type", "Facets"))
    yield place.claim(capture, is_last=is_last, leftovers=top.rest())
    for index, row in kept:
        record = _dataset(source, row, f"/Results/{index}")
        yield record
        if source.settings.details and isinstance(record, Dataset):
            address = urls.parse(f"/api/getdata/{quote(record.key)}", source.url)
            yield Request(url=address, context={"step": "details", "uuid": record.key})
    if not is_last:
        yield _search(source, place, capture.context["page"] + 1)


def _is_data(row: Fields) -> bool:
    """No service, application or software; what says nothing of its type is taken for data."""
    return (as_text(row.data.get("Type")) or DATA[0]) in DATA


def _is_anothers(source: Source, row: Fields) -> bool:
    """A dataset that another body publishes: the facet also finds those a body only has a part in (Organizations)."""
    wanted, name = source.settings.organization, as_text(row.data.get("Organization"))
    return bool(wanted and name) and str(name).casefold() != str(wanted).casefold()


def _dataset(source: Source, row: Fields, locator: str) -> Record:
    key = row.text("Uuid")
    if not key:
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="package", field="Uuid"))
    name, changed = row.text("Organization"), row.text("Date")
    page = row.text("ShowDetailsUrl")
    record = Dataset(
        key=key, locator=locator, title=row.text("Title"), description=as_plain(row.take("Abstract")),
        publisher=source.authority if name and source.settings.organization else body_named(name, source.authority), publisher_name=name,
        themes=tuple(t for t in (row.text("Theme"),) if t), access_rights=_access(row), modified=changed,
        modified_kind="data" if changed else None, spatial=row.text("SpatialScope"), landing_page=page,
        distributions=_distributions(row), source_url=page,
    )  # fmt: skip
    row.leave(UNUSED)
    return replace(record, leftovers=row.rest())


def _access(row: Fields) -> str | None:
    """What the source says of access: a code where it has one, else its words."""
    return as_text(row.data.get("OtherConstraintsAccess")) or as_text(row.data.get("DataAccess"))


def _distributions(row: Fields) -> tuple[Distribution, ...]:
    """`Kartverket|GEONORGE:DOWNLOAD|https://…|GML|||landsfiler|` each; without them the one address there is."""
    parts = [text.split("|") for text in row.items("Distributions") if isinstance(text, str)]
    found = tuple(Distribution(access_url=p[2].strip(), format=p[3].strip() or p[1].strip()) for p in parts if len(p) > 3 and p[2].strip())
    address, protocol = as_text(row.data.get("DistributionUrl")), as_text(row.data.get("DistributionProtocol"))
    return found or ((Distribution(access_url=address, format=protocol),) if address else ())


def _details(source: Source, top: Fields, asked: str) -> Record:
    """The part of a dataset that only its details say."""
    key = top.text("Uuid")
    if key != asked:
        return Trouble(key=asked, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="package", field="Uuid"))
    terms = top.object("Constraints")
    contacts = [Fields(top.data.get(name)) for name in ("ContactOwner", "ContactPublisher", "ContactMetadata")]
    said = [Fields(f) for f in top.items("DistributionsFormats")]
    keywords = [k for name in ("KeywordsTheme", "KeywordsPlace", "KeywordsOther") for k in top.items(name)]
    themes = [*(Fields(k).text("KeywordValue") for k in top.items("KeywordsNationalTheme")), *map(as_text, top.items("TopicCategories"))]
    record = Dataset(
        key=key, locator="/", licence=terms.text("OtherConstraintsLink") or terms.text("OtherConstraintsLinkText"),
        access_rights=terms.text("OtherConstraintsAccess", "AccessConstraints"),
        issued=top.text("DatePublished") or as_text(top.data.get("DateCreated")), modified=top.text("DateUpdated"),
        frequency=top.text("MaintenanceFrequency"), themes=tuple(dict.fromkeys(t for t in themes if t)),
        keywords=tuple(dict.fromkeys(t for k in keywords if (t := Fields(k).text("KeywordValue")))),
        contact_present=any(c.data.get("Email") for c in contacts),
        distributions=tuple(
            Distribution(access_url=address, format=f.text("FormatName") or f.text("Protocol")) for f in said if (address := f.text("URL"))
        ),
    )  # fmt: skip
    top.leave((*UNUSED_DETAILS, "DateCreated"))
    return replace(record, leftovers=top.rest())
