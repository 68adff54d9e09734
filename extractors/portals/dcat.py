"""DCAT catalogues in JSON-LD, Turtle or RDF/XML."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, Namespace

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Dataset,
    Distribution,
    Extractor,
    Known,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.exceptions import InvalidURL, Reasoned
from extractors.fetch import urls
from extractors.fields import as_plain
from extractors.portals.publisher import organisation_number

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SCHEMA = Namespace("http://schema.org/")
SERIES = URIRef("http://www.w3.org/ns/dcat#DatasetSeries")
LANGUAGES = ("nb", "no", "nn", None, "en")
CONSUMED = {
    RDF.type, DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.identifier, DCTERMS.issued, DCTERMS.modified,
    DCTERMS.accessRights, DCTERMS.license, DCTERMS.accrualPeriodicity, DCTERMS.spatial, DCAT.keyword, DCAT.theme, DCAT.contactPoint,
    DCAT.landingPage, DCAT.distribution,
}  # fmt: skip
KNOWN_UNUSED = {
    DCTERMS.language, DCTERMS.temporal, DCTERMS.provenance, DCTERMS.conformsTo, DCTERMS.creator, DCTERMS.source, DCTERMS.isPartOf,
    DCTERMS.references, DCTERMS.subject, DCTERMS.type, DCTERMS.relation, DCTERMS.hasPart, DCTERMS.rights, FOAF.page, ADMS.identifier,
    ADMS.sample, ADMS.versionNotes, ADMS.status, DCTERMS.isVersionOf, DCTERMS.hasVersion, DCTERMS.isReferencedBy,
}  # fmt: skip
DISTRIBUTION = {
    RDF.type, DCAT.accessURL, DCAT.downloadURL, DCTERMS["format"], DCAT.mediaType, DCAT.byteSize, DCTERMS.license, DCTERMS.modified,
    DCTERMS.title, DCTERMS.description, DCTERMS.issued, DCTERMS.type, DCTERMS.conformsTo, DCTERMS.language, FOAF.page, ADMS.status,
    DCTERMS.rights, DCTERMS.identifier,
}  # fmt: skip


VOCABULARIES = (
    "https://data.norge.no/vocabulary/dcatno#", "http://difi.no/dcatno#", "http://www.w3.org/ns/dqv#", "http://www.w3.org/ns/prov#",
    "http://dcat.no/dcatapi/", "http://purl.org/vocab/cpsv#", "http://data.europa.eu/m8g/", "https://data.norge.no/vocabulary/dcatno-mqa#",
    "http://www.w3.org/ns/adms#", "http://xmlns.com/foaf/0.1/", "http://www.w3.org/ns/odrl/2/", "http://spdx.org/rdf/terms#",
)  # fmt: skip
OF_CATALOGUES = {
    *(f"{DCAT}{name}" for name in "accessService inSeries next prev endpointDescription endpointURL version record granularity".split()),
    *(f"{DCAT}{name}" for name in "dataQuality spatialResolutionInMeters temporalResolution".split()),
    *(f"{DCTERMS}{name}" for name in "isReplacedBy replaces isRequiredBy requires updated rightsHolder landingPage".split()),
}  # fmt: skip
# A wrong date in somebody's catalogue is theirs to mend: rdflib would print a traceback, with the value in it, for every one.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


class RemoteContext(Reasoned, ValueError):
    """JSON-LD that wants its context from somewhere else."""


class Dcat(Extractor):
    """
    vendor       any server of DCAT-AP: data.norge.no, ckanext-dcat, udata, static files
    recognise    /catalog.ttl, .jsonld, .rdf; dcat:Catalog in the answer
    endpoints    GET the catalogue's address
    paging       hydra:next or hydra:nextPage, as text or IRI; another host is refused; stop when nothing new comes
    windows      none: the whole catalogue each time
    quirks       content types lie: the syntax is sniffed; formats, frequencies and areas are relative IRIs; licence with and without
                 /deed.no; datasets may be blank nodes: identifier, landing page or a hash of title and publisher is their key; datasets
                 only served by a dcat:DataService are skipped; a remote JSON-LD context is never fetched; descriptions hold HTML; dates
                 may be none; dct:landingPage for dcat:landingPage; a next page may name the machine's inner host
    yields       datasets with distributions
    licence      per distribution
    facts from   PORTALS 1.6, 2.2
    """

    platform = "dcat"
    yields = (Dataset,)
    Settings = SourceSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield Request(url=source.url, context={"page": 1})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        if not capture.is_ok:
            yield Trouble(key=capture.url, reason=Reason("server_answered", status=capture.status))
            return
        try:
            graph = read_graph(capture.text, capture.url)
        except RemoteContext as error:
            yield Trouble(key=capture.url, reason=error.reason)
            return
        except Exception as error:  # noqa: BLE001 - rdflib's parsers raise whatever their grammars raise
            yield Trouble(key=capture.url, reason=Reason("catalogue_unparsed", error=type(error).__name__))
            return
        subjects = _datasets(graph)
        catalogues = {d: c for c in graph.subjects(RDF.type, DCAT.Catalog) for d in graph.objects(c, DCAT.dataset)}
        for subject in subjects:
            yield _dataset(graph, source, subject, catalogues.get(subject), capture.url)
        total = next((str(o) for o in graph.objects(None, HYDRA.totalItems)), "")
        if total.isdigit():
            yield Claim(key=f"total {capture.context['page']}", about="dataset", scope="total", count=int(total))
        elif not subjects and any(graph.subjects(RDF.type, DCAT.Catalog)):
            yield Claim(key="total", about="dataset", scope="total", count=0)
        yield from _next_page(graph, source, capture)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        head = capture.text[:20_000]
        if capture.media_type != "text/html" and "www.w3.org/ns/dcat#" in head:
            return SourceGuess(cls.platform, capture.url, {}, "the DCAT namespace in the answer", 0.9)
        for tag in re.findall(r"<link\b[^>]*>", head, re.I):
            if re.search(r"text/turtle|application/(rdf\+xml|ld\+json)", tag) and (match := re.search(r"href=[\"']([^\"']+)", tag)):
                return SourceGuess(cls.platform, urls.parse(match[1], capture.url), {}, "the page links to itself as RDF", 0.5)
        return None


def read_graph(text: str, base: str) -> Graph:
    """The triples of a catalogue in whatever syntax it is in. Raises RemoteContext, or what rdflib's parsers raise."""
    head = text.lstrip()[:200].lower()
    graph = Graph()
    if head.startswith(("{", "[")):
        data = json.loads(text)
        _refuse_remote_contexts(data)
        graph.parse(data=json.dumps(_flat(data)), format="json-ld", publicID=base)
    elif head.startswith(("<?xml", "<rdf", "<!doctype", "<!entity")):
        if re.search(r"<!(DOCTYPE|ENTITY)", text[:5000], re.I):
            raise RemoteContext(Reason("document_type_refused"))
        graph.parse(data=text, format="xml", publicID=base)
    else:
        graph.parse(data=text, format="turtle", publicID=base)
    return graph


def _refuse_remote_contexts(data: Any, *, is_context: bool = False) -> None:
    """No context, and none inside a context, may be an address or import one."""
    if isinstance(data, list):
        for item in data:
            _refuse_remote_contexts(item, is_context=is_context)
    elif isinstance(data, dict):
        if is_context and "@import" in data:
            raise RemoteContext(Reason("context_import_refused"))
        for name, value in data.items():
            if isinstance(value, dict | list) or name == "@context":
                _refuse_remote_contexts(value, is_context=name == "@context")
    elif is_context and isinstance(data, str):
        raise RemoteContext(Reason("context_remote_refused"))


def _flat(data: Any) -> Any:
    """`@graph` with lists inside lists, as some servers write it, made one list."""

    def spread(items: Any) -> list[Any]:
        return [x for item in items for x in (spread(item) if isinstance(item, list) else [item])]

    if isinstance(data, dict) and isinstance(data.get("@graph"), list):
        return {**data, "@graph": spread(data["@graph"])}
    return spread(data) if isinstance(data, list) else data


def _datasets(graph: Graph) -> list[Any]:
    listed = set(graph.objects(None, DCAT.dataset))
    served = set(graph.objects(None, DCAT.servesDataset)) - listed
    series = set(graph.subjects(RDF.type, SERIES))
    typed = set(graph.subjects(RDF.type, DCAT.Dataset))
    described = {s for s in listed if any(True for _ in graph.predicate_objects(s))}
    return sorted((typed | described) - served - series, key=str)


def _next_page(graph: Graph, source: Source, capture: Capture) -> Iterator[Record | Request]:
    for predicate in (HYDRA.next, HYDRA.nextPage):
        for target in graph.objects(None, predicate):
            try:
                address = urls.parse(str(target), capture.url)
            except InvalidURL:
                yield Trouble(key=capture.url, reason=Reason("next_page_unreadable"))
                return
            there, here = urlsplit(address), urlsplit(capture.url)
            if there.path == here.path:
                address = urls.parse(f"{there.path}?{there.query}", capture.url)
            if urls.host_of(address) not in urls.scope(source.url, source.hosts):
                yield Trouble(key=capture.url, reason=Reason("next_page_elsewhere"))
            else:
                yield Request(url=address, context={"page": capture.context["page"] + 1})
            return


def _dataset(graph: Graph, source: Source, subject: Any, catalogue: Any, base: str) -> Dataset:
    publisher = next(iter(graph.objects(subject, DCTERMS.publisher)), None)
    if publisher is None and catalogue is not None:
        publisher = next(iter(graph.objects(catalogue, DCTERMS.publisher)), None)
    name = _text(graph, publisher, FOAF.name) if publisher is not None else None
    number = _first_number(publisher, *(graph.objects(publisher, DCTERMS.identifier) if publisher is not None else ()))
    distributions = _distributions(graph, subject)
    title, modified = _text(graph, subject, DCTERMS.title), _value(graph, subject, DCTERMS.modified)
    own_address = str(subject) if isinstance(subject, URIRef) else None
    landing = _value(graph, subject, DCAT.landingPage) or _value(graph, subject, URIRef(f"{DCTERMS}landingPage"))
    identifier = _value(graph, subject, DCTERMS.identifier)
    key = own_address or identifier or landing or hashlib.sha256(f"{title}|{number or name}".encode()).hexdigest()[:16]
    leftovers = {p for p in graph.predicates(subject) if p not in CONSUMED and not _is_known(p)}
    for target in graph.objects(subject, DCAT.distribution):
        leftovers |= {p for p in graph.predicates(target) if p not in DISTRIBUTION and not _is_known(p)}
    licences = [_value(graph, subject, DCTERMS.license), *(d.licence for d in distributions)]
    return Dataset(
        key=key, locator=f"<{subject}>" if own_address else f"_:{key}", uri=own_address, publisher=number, publisher_name=name, title=title,
        description=as_plain(_text(graph, subject, DCTERMS.description)), keywords=_texts(graph, subject, DCAT.keyword),
        themes=tuple(sorted(t for x in graph.objects(subject, DCAT.theme) if (t := _own_word(_label(graph, x), base)))),
        access_rights=_value(graph, subject, DCTERMS.accessRights), licence=next((x for x in licences if x), None),
        issued=_value(graph, subject, DCTERMS.issued), modified=modified, modified_kind="data" if modified else None,
        frequency=_last_word(_value(graph, subject, DCTERMS.accrualPeriodicity)),
        spatial=_own_word(_value(graph, subject, DCTERMS.spatial), base),
        contact_present=any(True for _ in graph.objects(subject, DCAT.contactPoint)), landing_page=landing, distributions=distributions,
        source_url=landing or own_address or source.url, leftovers=tuple(sorted(p.n3(graph.namespace_manager) for p in leftovers)),
    )  # fmt: skip


def _distributions(graph: Graph, dataset: Any) -> tuple[Distribution, ...]:
    """The distributions in an order that is the same every time: named ones by their address, blank ones by what they say."""
    found = [(str(d) if isinstance(d, URIRef) else "", _distribution(graph, d)) for d in graph.objects(dataset, DCAT.distribution)]
    return tuple(d for _, d in sorted(found, key=lambda pair: (pair[0], repr(pair[1]))))


def _is_known(predicate: Any) -> bool:
    return predicate in KNOWN_UNUSED or str(predicate) in OF_CATALOGUES or str(predicate).startswith(VOCABULARIES)


def _own_word(value: str | None, base: str) -> str | None:
    """A relative IRI as it was written: the parser has put the catalogue's address before it; nothing but that address is no value."""
    if value is None or value == base:
        return None
    folder = base.rpartition("/")[0] + "/"
    return value.removeprefix(folder) or None


def _last_word(value: str | None) -> str | None:
    """`annual` of http://publications.europa.eu/resource/authority/frequency/ANNUAL or of a relative IRI; plain words as they are."""
    if value and "://" in value:
        return re.split(r"[/#]", value.rstrip("/"))[-1].lower() or None
    return value


def _distribution(graph: Graph, subject: Any) -> Distribution:
    size = _value(graph, subject, DCAT.byteSize) or ""
    return Distribution(
        access_url=_value(graph, subject, DCAT.accessURL), download_url=_value(graph, subject, DCAT.downloadURL),
        format=_media_type(_value(graph, subject, DCTERMS["format"])), media_type=_media_type(_value(graph, subject, DCAT.mediaType)),
        size_bytes=int(float(size)) if re.fullmatch(r"\d+(\.\d+)?", size) else None, licence=_value(graph, subject, DCTERMS.license),
        modified=_value(graph, subject, DCTERMS.modified),
    )  # fmt: skip


def _media_type(value: str | None) -> str | None:
    """`https://host/text/csv` and `file:///…/text/csv` are text/csv; soft hyphens go (PORTALS 2.2)."""
    if not value:
        return None
    value = value.replace("\u00ad", "")
    if "://" in value:
        last = [p for p in value.split("/") if p][-2:]
        return "/".join(last) if last[0] in ("text", "application", "image", "audio", "video", "model") else last[-1]
    return value


def _first_number(*candidates: Any) -> str | None:
    return next((n for c in candidates if c is not None and not isinstance(c, BNode) and (n := organisation_number(str(c)))), None)


def _value(graph: Graph, subject: Any, predicate: Any) -> str | None:
    """The first value as text: an IRI, a literal, or the label of a blank node."""
    for target in sorted(graph.objects(subject, predicate), key=str):
        if isinstance(target, BNode):
            return _label(graph, target)
        if text := str(target).strip():
            return text
    return None


def _label(graph: Graph, node: Any) -> str:
    for predicate in (DCTERMS.title, SCHEMA.name, URIRef("http://www.w3.org/2004/02/skos/core#prefLabel"), DCTERMS.source, RDF.value):
        if text := _text(graph, node, predicate):
            return text
    return str(node) if not isinstance(node, BNode) else ""


def _text(graph: Graph, subject: Any, predicate: Any) -> str | None:
    """The text in the first language we read; tags such as nb-NO count as nb."""
    texts = [t for t in graph.objects(subject, predicate) if isinstance(t, Literal)]
    ranked = sorted(texts, key=lambda t: (_rank(t.language), str(t)))
    return re.sub(r"\s+", " ", str(ranked[0])).strip() or None if ranked else None


def _rank(language: str | None) -> int:
    short = language.split("-")[0].lower() if language else None
    return LANGUAGES.index(short) if short in LANGUAGES else len(LANGUAGES)


def _texts(graph: Graph, subject: Any, predicate: Any) -> tuple[str, ...]:
    return tuple(sorted({str(t).strip() for t in graph.objects(subject, predicate) if str(t).strip()}))
