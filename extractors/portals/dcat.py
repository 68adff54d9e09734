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
from extractors.portals.publisher import body_named, organisation_number, without_mail

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
OLD_HYDRA = Namespace("http://purl.org/hydra/core#")
NEXT = tuple(space[word] for word in ("next", "nextPage") for space in (HYDRA, OLD_HYDRA))
TOTAL = (HYDRA.totalItems, OLD_HYDRA.totalItems)
ADMS = Namespace("http://www.w3.org/ns/adms#")
SCHEMA = Namespace("http://schema.org/")
# A document type stands before the root, behind as many comments as anybody likes.
PROLOG = re.compile(r"(?>\s+|\ufeff|<\?.*?\?>|<!--.*?-->)*+<!(DOCTYPE|ENTITY)", re.I | re.S)
# `nb_NO` is no language tag, and rdflib gives the whole catalogue up for one.
LANGUAGE = re.compile(r"""((?:(?:xml:lang\s*=\s*|"@language"\s*:\s*)["']|["']@)[a-z]{2})_(?=[A-Z]{2}\b)""")
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
    ADMS.sample, ADMS.versionNotes, ADMS.status, DCTERMS.isVersionOf, DCTERMS.hasVersion, DCTERMS.isReferencedBy, DCTERMS.contributor,
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
    "https://raw.githubusercontent.com/Informasjonsforvaltning/fdk-reasoning-service/main/src/main/resources/ontology/fdk.owl#",
)  # fmt: skip
OF_CATALOGUES = {
    *(f"{DCAT}{name}" for name in "accessService inSeries next prev endpointDescription endpointURL version record granularity".split()),
    *(f"{DCAT}{name}" for name in "compressFormat packageFormat dataQuality spatialResolutionInMeters temporalResolution".split()),
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
    set-up       none
    paging       hydra:next or hydra:nextPage, old namespace or new, on a PagedCollection or a PartialCollectionView, as text or IRI, also
                 relative; else the header Link: rel="next"; another host is refused; a page without datasets or that leads to itself is
                 the last, and so is one that brings nothing new (loops)
    windows      none: the whole catalogue each time
    limits       none stated
    quirks       content types lie: the syntax is sniffed; formats, frequencies and areas are relative IRIs; licence with and without
                 /deed.no; datasets may be blank nodes: identifier, landing page or a hash of title and publisher is their key; datasets
                 only served by a dcat:DataService are skipped; a remote JSON-LD context is never fetched; descriptions hold HTML; dates
                 may be none; dct:landingPage for dcat:landingPage; a next page may name the machine's inner host; a page beyond the end is
                 an empty catalogue under 200; catalogues lie within catalogues (dct:hasPart, dcat:catalog) and are themselves datasets in
                 DCAT 2; a date of change may stand on the catalogue's record only
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
        page, found = capture.context["page"], 0
        for record in datasets_in(graph, source, capture.url):
            found += 1
            yield record
        total = next((str(o) for name in TOTAL for o in graph.objects(None, name)), "")
        if total.isdigit():
            yield Claim(key=f"total {page}", about="dataset", scope="total", count=int(total))
        elif not found and page == 1 and any(graph.subjects(RDF.type, DCAT.Catalog)):
            yield Claim(key="total", about="dataset", scope="total", count=0)
        if found or page == 1:
            yield from _next_page(graph, source, capture)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        head = capture.text[:20_000]
        is_other = re.search(r"<(?:\w+:)?OAI-PMH\b", head) or '"bindings"' in head
        if capture.media_type != "text/html" and "www.w3.org/ns/dcat#" in head and not is_other:
            return SourceGuess(cls.platform, capture.url, {}, "the DCAT namespace in the answer", 0.9)
        for tag in re.findall(r"<link\b[^>]*>", head, re.I):
            if re.search(r"text/turtle|application/(rdf\+xml|ld\+json)", tag) and (match := re.search(r"href=[\"']([^\"']+)", tag)):
                return SourceGuess(cls.platform, urls.parse(match[1], capture.url), {}, "the page links to itself as RDF", 0.5)
        return None


def read_graph(text: str, base: str) -> Graph:
    """The triples of a catalogue in whatever syntax it is in. Raises RemoteContext, or what rdflib's parsers raise."""
    head, text = text.lstrip()[:200].lower(), LANGUAGE.sub(r"\1-", text)
    graph = Graph()
    if head.startswith(("{", "[")):
        data = json.loads(text)
        _refuse_remote_contexts(data)
        graph.parse(data=json.dumps(_flat(data)), format="json-ld", publicID=base)
    elif head.startswith(("<?xml", "<!doctype", "<!entity")) or re.match(r"<\w+:rdf\b", head):
        if PROLOG.match(text):
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


def datasets_in(graph: Graph, source: Source, base: str) -> Iterator[Dataset]:
    """The datasets a graph describes, in the order of their addresses. `base` is the address the graph was read from."""
    catalogues = _catalogues(graph)
    for subject in _datasets(graph):
        yield _dataset(graph, source, subject, catalogues.get(subject, ()), base)


def _catalogues(graph: Graph) -> dict[Any, tuple[Any, ...]]:
    """The catalogue each dataset is listed in, and those which that one is a part of, nearest first."""
    above = {part: whole for name in (DCTERMS.hasPart, DCAT.catalog) for whole, part in graph.subject_objects(name)}
    of: dict[Any, tuple[Any, ...]] = {}
    for catalogue, dataset in graph.subject_objects(DCAT.dataset):
        chain = [catalogue]
        while (whole := above.get(chain[-1])) is not None and whole not in chain:
            chain.append(whole)
        of[dataset] = min(of.get(dataset, ()), tuple(chain), key=lambda c: (not c, list(map(str, c))))
    return of


def _datasets(graph: Graph) -> list[Any]:
    listed = set(graph.objects(None, DCAT.dataset))
    served = set(graph.objects(None, DCAT.servesDataset)) - listed
    others = {s for name in (SERIES, DCAT.Catalog) for s in graph.subjects(RDF.type, name)}
    typed = set(graph.subjects(RDF.type, DCAT.Dataset))
    described = {s for s in listed if any(True for _ in graph.predicate_objects(s))}
    return sorted((typed | described) - served - others, key=str)


def _next_page(graph: Graph, source: Source, capture: Capture) -> Iterator[Record | Request]:
    """The next page when there is one: never this page again, never another host's."""
    for target in _links_to_next(graph, capture):
        try:
            address = urls.parse(target, capture.url)
        except InvalidURL:
            yield Trouble(key=capture.url, reason=Reason("next_page_unreadable"))
            return
        there, here = urlsplit(address), urlsplit(capture.url)
        # rdflib's Turtle resolves <?page=2> against the folder, and not against the address as RFC 3986 says.
        if there.path == here.path or (there.query and f"<?{there.query}>" in capture.text):
            address = urls.parse(f"{here.path}?{there.query}", capture.url)
        if address.removesuffix("?") in (capture.url, capture.request.url):
            continue
        if urls.host_of(address) not in urls.scope(source.url, source.hosts):
            yield Trouble(key=capture.url, reason=Reason("next_page_elsewhere"))
        else:
            yield Request(url=address, context={"page": capture.context["page"] + 1})
        return


def _links_to_next(graph: Graph, capture: Capture) -> list[str]:
    """Where an answer says that it goes on, the surest first: of several pages in one graph, this page's own link."""
    found = [(subject, target) for name in NEXT for subject, target in graph.subject_objects(name) if str(target).strip()]
    found.sort(key=lambda pair: (str(pair[0]) != capture.url, str(pair[0]), str(pair[1])))
    header = next((value for name, value in capture.headers.items() if name.lower() == "link"), "")
    linked = [m[1] for part in re.findall(r"<[^>]*>[^<]*", header) if (m := re.match(r'<([^>]*)>.*rel="?next"?', part))]
    return [*(str(target).strip() for _, target in found), *linked]


def _dataset(graph: Graph, source: Source, subject: Any, catalogues: Iterable[Any], base: str) -> Dataset:
    publisher = next((p for holder in (subject, *catalogues) for p in sorted(graph.objects(holder, DCTERMS.publisher), key=str)), None)
    name = _text(graph, publisher, FOAF.name) if publisher is not None else None
    number = _first_number(publisher, *(graph.objects(publisher, DCTERMS.identifier) if publisher is not None else ()))
    distributions = _distributions(graph, subject)
    title, modified = _text(graph, subject, DCTERMS.title), _value(graph, subject, DCTERMS.modified)
    record = next(iter(sorted(graph.subjects(FOAF.primaryTopic, subject), key=str)), None)
    changed = _value(graph, record, DCTERMS.modified) if record is not None else None
    # The date of the national catalogue's own record is when its harvester saw a change (PORTALS 1.3).
    is_harvested = "fellesdatakatalog" in str(record)
    kind = "data" if modified else "harvest" if is_harvested else "metadata"
    own_address = str(subject) if isinstance(subject, URIRef) else None
    landing = without_mail(_value(graph, subject, DCAT.landingPage) or _value(graph, subject, URIRef(f"{DCTERMS}landingPage")))
    identifier = _value(graph, subject, DCTERMS.identifier)
    key = own_address or identifier or landing or hashlib.sha256(f"{title}|{number or name}".encode()).hexdigest()[:16]
    leftovers = {p for p in graph.predicates(subject) if p not in CONSUMED and not _is_known(p)}
    for target in graph.objects(subject, DCAT.distribution):
        leftovers |= {p for p in graph.predicates(target) if p not in DISTRIBUTION and not _is_known(p)}
    licences = [without_mail(_value(graph, subject, DCTERMS.license)), *(d.licence for d in distributions)]
    return Dataset(
        key=key, locator=f"<{subject}>" if own_address else f"_:{key}", uri=own_address,
        publisher=number or body_named(name, source.authority), publisher_name=name, title=title,
        description=as_plain(_text(graph, subject, DCTERMS.description)), keywords=_texts(graph, subject, DCAT.keyword),
        themes=tuple(sorted(t for x in graph.objects(subject, DCAT.theme) if (t := _own_word(_label(graph, x), base)))),
        access_rights=_value(graph, subject, DCTERMS.accessRights), licence=next((x for x in licences if x), None),
        issued=_value(graph, subject, DCTERMS.issued), modified=modified or changed,
        modified_kind=kind if modified or changed else None,
        frequency=_last_word(_value(graph, subject, DCTERMS.accrualPeriodicity)),
        spatial=_own_word(_value(graph, subject, DCTERMS.spatial), base),
        contact_present=_says(graph, subject, DCAT.contactPoint), temporal_present=_says(graph, subject, DCTERMS.temporal),
        harvested=changed if is_harvested else None, landing_page=landing, distributions=distributions,
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
        access_url=without_mail(_value(graph, subject, DCAT.accessURL)),
        download_url=without_mail(_value(graph, subject, DCAT.downloadURL)),
        format=_media_type(_value(graph, subject, DCTERMS["format"])), media_type=_media_type(_value(graph, subject, DCAT.mediaType)),
        size_bytes=int(float(size)) if re.fullmatch(r"\d+(\.\d+)?", size) else None,
        licence=without_mail(_value(graph, subject, DCTERMS.license)),
        modified=_value(graph, subject, DCTERMS.modified), issued_present=_says(graph, subject, DCTERMS.issued),
        rights_present=_says(graph, subject, DCTERMS.rights),
    )  # fmt: skip


def _says(graph: Graph, subject: Any, predicate: Any) -> bool:
    return any(True for _ in graph.objects(subject, predicate))


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
