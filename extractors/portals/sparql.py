"""DCAT datasets behind a SPARQL endpoint."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field
from rdflib import BNode, Graph, Literal, URIRef

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Dataset,
    Extractor,
    Known,
    Record,
    RegisterFact,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fields import as_text
from extractors.innsyn.einnsyn import read_json
from extractors.portals.dcat import datasets_in
from extractors.portals.publisher import organisation_number

ACCEPT = (("Accept", "application/sparql-results+json"),)
PREFIXES = """PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
"""
TAG = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*")
# Only what the catalogue holds today: a record of the catalogue may be asked for by `recorded`.
IS_DATASET = "?dataset a dcat:Dataset . FILTER(isIRI(?dataset)) FILTER NOT EXISTS { ?dataset a dcat:DatasetSeries }"
IS_RECORDED = "?record foaf:primaryTopic ?dataset ; a dcat:CatalogRecord ."
# Contact persons are not asked for: that there is a contact stands on the dataset itself.
DETAILS = """{ ?dataset ?p ?o . BIND(?dataset AS ?s) }
    UNION { ?dataset dcat:distribution ?s . ?s ?p ?o }
    UNION { ?dataset dct:publisher ?s . ?s ?p ?o }
    UNION { ?dataset dcat:distribution/dct:license ?s . ?s dct:source ?o . BIND(dct:source AS ?p) }
    UNION { ?s foaf:primaryTopic ?dataset . ?s ?p ?o }
    UNION { ?s dcat:dataset ?dataset . ?s dct:publisher ?o . BIND(dct:publisher AS ?p) }
    UNION { ?s dcat:dataset ?dataset . BIND(dcat:dataset AS ?p) BIND(?dataset AS ?o) }"""


class DcatSparqlSettings(SourceSettings):
    """`graph` is the named graph to ask (FROM); `publishers` keeps the datasets of these organisation numbers; `recorded` keeps those that
    have a record in the catalogue; `rows` a page of the list, `batch` datasets a question for their triples."""

    graph: str | None = None
    publishers: tuple[str, ...] = ()
    recorded: bool = False
    rows: int = Field(default=1000, ge=1, le=1000)
    batch: int = Field(default=64, ge=1, le=256)


class DcatSparql(Extractor):
    """
    vendor       any SPARQL 1.1 endpoint that holds DCAT: Fuseki at data.norge.no, Virtuoso
    recognise    application/sparql-results+json: head.vars and results.bindings
    endpoints    POST the endpoint, form field query; answers as SPARQL JSON
    set-up       none
    paging       LIMIT and OFFSET over ORDER BY ?dataset, on from what came until an empty page: endpoints cap LIMIT in silence; the triples
                 of a page are asked for in batches with VALUES
    windows      none: the whole list each time
    limits       data.europa.eu cuts at 50,000 rows or 60 seconds
    quirks       OPTIONAL multiplies rows: triples are asked for and put together per subject; a dataset may stand in the store without a
                 record of the catalogue (removed); dct:issued of the record is the first harvest and no date of the dataset's;
                 data.norge.no is refreshed about every 15 minutes
    yields       datasets with distributions; how many datasets each publisher has (register facts)
    licence      per distribution
    facts from   PORTALS 1.3, 2.9
    """

    platform = "dcat-sparql"
    yields = (Dataset, RegisterFact)
    Settings = DcatSparqlSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _ask(source, f"SELECT (COUNT(DISTINCT ?dataset) AS ?count) {_from(source)}WHERE {{ {_where(source)} }}", {"step": "total"})
        each = f"{_where(source)} ?dataset dct:publisher/dct:identifier ?organizationNumber ."
        what = "?organizationNumber (COUNT(DISTINCT ?dataset) AS ?count)"
        counts = f"SELECT {what} {_from(source)}WHERE {{ {each} }} GROUP BY ?organizationNumber"
        yield _ask(source, counts, {"step": "counts"})
        yield _list(source, 0, "", 1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        answer, trouble = read_json(capture)
        rows = (
            answer.get("results", {}).get("bindings")
            if isinstance(answer, Mapping) and isinstance(answer.get("results"), Mapping)
            else None
        )
        if trouble or not isinstance(rows, list):
            yield trouble or Trouble(key=capture.url, reason=Reason("no_items", step=step, field="results.bindings"))
            return
        assert isinstance(answer, Mapping)
        strange = tuple(name for name in answer if name not in ("head", "results"))
        if strange:
            yield Claim(key=f"{step} answer", about="dataset", scope="answer", leftovers=strange)
        bindings = [row for row in rows if isinstance(row, Mapping)]
        if step in ("total", "counts"):
            yield from _read_counts(capture, bindings)
        elif step == "list":
            yield from _read_list(source, capture, bindings)
        else:
            yield from datasets_in(_graph(bindings), source, source.url)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        text = capture.text
        if text.lstrip()[:1] == "{" and '"bindings"' in text and re.search(r'"head"\s*:\s*\{[^{}]*"vars"', text):
            return SourceGuess(cls.platform, capture.url.partition("?")[0], {}, "the answer is a result of SPARQL", 0.7)
        return None


def _from(source: Source) -> str:
    return f"FROM <{source.settings.graph}> " if source.settings.graph else ""


def _where(source: Source) -> str:
    """Which datasets are meant."""
    numbers = " ".join(json.dumps(n) for n in source.settings.publishers)
    of = f"VALUES ?of {{ {numbers} }} ?dataset dct:publisher/dct:identifier ?of ." if numbers else ""
    return " ".join(part for part in (IS_DATASET, IS_RECORDED if source.settings.recorded else "", of) if part)


def _ask(source: Source, query: str, context: Mapping[str, Any]) -> Request:
    form = (("query", f"{PREFIXES}{query}"),)
    return Request(url=source.url, method="POST", headers=ACCEPT, form=form, context=dict(context))


def _list(source: Source, offset: int, first: str, page: int) -> Request:
    part = f"ORDER BY ?dataset LIMIT {source.settings.rows} OFFSET {offset}"
    query = f"SELECT DISTINCT ?dataset {_from(source)}WHERE {{ {_where(source)} }} {part}"
    return _ask(source, query, {"step": "list", "start": offset, "first": first, "page": page})


def _read_counts(capture: Capture, rows: list[Mapping[str, Any]]) -> Iterator[Record]:
    for row in rows:
        count, number = _said(row, "count"), organisation_number(_said(row, "organizationNumber"))
        if not count.isdigit():
            yield Trouble(key=capture.url, reason=Reason("no_items", step=capture.context["step"], field="count"))
        elif capture.context["step"] == "total":
            yield Claim(key="count of all", about="dataset", scope="total", count=int(count))
        elif number:
            yield RegisterFact(key=f"{number}/datasets", subject=number, property="datasets", value=count, unit="datasett")


def _read_list(source: Source, capture: Capture, rows: list[Mapping[str, Any]]) -> Iterator[Record | Request]:
    """The triples of each dataset of the page, and the next page. A page that begins as the one before it is an endpoint without OFFSET."""
    found = [address for row in rows if "dataset" in row and (address := _said(row, "dataset"))]
    if not found:
        return
    if found[0] == capture.context["first"]:
        yield Trouble(key=capture.url, reason=Reason("list_repeats"))
        return
    every = source.settings.batch
    for start in range(0, len(found), every):
        wanted = " ".join(URIRef(address).n3() for address in found[start : start + every] if _is_plain(address))
        query = f"SELECT ?s ?p ?o {_from(source)}WHERE {{ VALUES ?dataset {{ {wanted} }} {DETAILS} }}"
        yield _ask(source, query, {"step": "details"})
    yield _list(source, capture.context["start"] + len(found), found[0], capture.context["page"] + 1)


def _is_plain(address: str) -> bool:
    """Whether an address can be written in a query; strangers' addresses hold spaces and brackets."""
    return not any(c in '<>" {}|\\^`' or c < "!" for c in address)


def _said(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value.get("value", "")).strip() if isinstance(value, Mapping) else ""


def _graph(rows: list[Mapping[str, Any]]) -> Graph:
    """The triples of an answer."""
    graph = Graph()
    for row in rows:
        subject, predicate, target = (_term(row.get(name)) for name in ("s", "p", "o"))
        if isinstance(subject, URIRef | BNode) and isinstance(predicate, URIRef) and target is not None:
            graph.add((subject, predicate, target))
    return graph


def _term(value: Any) -> URIRef | BNode | Literal | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("value"), str):
        return None
    text, language, datatype = value["value"], (as_text(value.get("xml:lang")) or "").replace("_", "-"), as_text(value.get("datatype"))
    match value.get("type"):
        case "uri":
            return URIRef(text)
        case "bnode":
            return BNode(text)
        case "literal" | "typed-literal":
            plain = Literal(text, datatype=URIRef(datatype) if datatype else None)
            return Literal(text, lang=language) if TAG.fullmatch(language) else plain
    return None
