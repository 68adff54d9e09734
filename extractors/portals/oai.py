"""DCAT datasets through OAI-PMH 2.0, as the resource service of data.norge.no offers its union graphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from lxml import etree  # ty: ignore[missing-module-member]

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Dataset,
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
from extractors.fields import Fields
from extractors.innsyn.einnsyn import read_json
from extractors.portals.dcat import datasets_in, read_graph
from extractors.portals.safe_xml import UnsafeXml, local, read_xml

ALL = "*"
GRAPHS = "available"
OWN_SET = re.compile(r"org:\d{9}")
CODE = re.compile(r"[A-Za-z]{1,40}")


class DcatOaiSettings(SourceSettings):
    """`prefix` is the metadata format, which must be RDF/XML; `sets` are asked for one by one (`*` for each that the server names), all in
    one list when there are none; `changed` asks for what changed in the days of the window."""

    prefix: str = "rdfxml"
    sets: tuple[str, ...] = ()
    changed: bool = False


class DcatOai(Extractor):
    """
    vendor       any OAI-PMH 2.0 server whose records are RDF/XML: the union graphs of data.norge.no's resource service
    recognise    <OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">; /oai-pmh
    endpoints    GET …/v1/union-graphs/available names the graphs (an address that ends so is asked for the one of datasets), then
                 {graph}/oai-pmh with verb ListSets and ListRecords
    set-up       none
    paging       resumptionToken, 50 a page; it is the only argument beside the verb; an empty one ends the list
    windows      from and until with `changed`, by day, on the date of the harvest
    limits       5 requests a second
    quirks       errors are XML under 400 and 404; no record is an empty list, not noRecordsMatch; ListSets may name one set, `org`, that is
                 none itself; an old server ignores set, from and until; a record that is no XML stands as text; a graph of several kinds
                 holds what is no dataset, so its size proves nothing of datasets: the records are counted along the tokens; the date in the
                 record's header is the harvest's
    yields       datasets with distributions
    licence      per distribution
    facts from   PORTALS 1.2 (fdk-resource-service, 2026), OAI-PMH 2.0
    """

    platform = "dcat-oai"
    yields = (Dataset,)
    Settings = DcatOaiSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        if source.url.rstrip("/").endswith(f"/{GRAPHS}"):
            yield Request(url=source.url, role="shell", context={"step": "graphs"})
        else:
            yield from _opening(source, window, source.url)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        if capture.context["step"] == "graphs":
            yield from _read_graphs(source, window, capture)
            return
        root = _xml(capture)
        if isinstance(root, Trouble):
            yield root
            return
        base = capture.context["base"]
        if strange := _strange(root, capture.context["verb"]):
            yield Claim(key=f"{capture.context['step']} answer", about="dataset", scope="answer", leftovers=strange)
        if (error := _child(root, "error")) is not None:
            yield from _read_error(source, window, capture, str(error.get("code") or ""))
        elif (body := _child(root, capture.context["verb"])) is None:
            missing = Reason("no_items", step=capture.context["step"], field=capture.context["verb"])
            yield Trouble(key=capture.url, reason=missing if capture.is_ok else Reason("server_answered", status=capture.status))
        elif capture.context["step"] == "sets":
            yield from _read_sets(source, window, capture, body, base)
        else:
            yield from _read_list(source, capture, body)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if re.search(r"<(?:\w+:)?OAI-PMH\b", capture.text[:2_000]):
            return SourceGuess(cls.platform, capture.url.partition("?")[0], {}, "the answer is OAI-PMH", 0.9)
        return None


@dataclass(frozen=True)
class _Token:
    """Where a list goes on, and how many the server counts in it."""

    text: str
    size: int | None


def _ask(base: str, query: Mapping[str, str], context: Mapping[str, Any]) -> Request:
    url = f"{base.partition('?')[0]}?{urlencode(query, safe=':')}"
    return Request(url=url, context={**context, "base": base, "verb": query["verb"]})


def _opening(source: Source, window: Window, base: str) -> Iterator[Request]:
    """The first questions to a server: its sets when they are wanted, else its records."""
    if ALL in source.settings.sets:
        yield _ask(base, {"verb": "ListSets"}, {"step": "sets"})
        return
    for name in source.settings.sets or ("",):
        yield _records(source, window, base, name)


def _records(source: Source, window: Window, base: str, name: str) -> Request:
    query = {"verb": "ListRecords", "metadataPrefix": source.settings.prefix}
    if name:
        query["set"] = f"org:{name}" if re.fullmatch(r"\d{9}", name) else name
    if source.settings.changed:
        query |= {"from": window.since.isoformat(), "until": f"{window.until.isoformat()}T23:59:59Z"}
        query["from"] += "T00:00:00Z"
    return _ask(base, query, {"step": "list", "set": name, "page": 1, "read": 0})


def _read_graphs(source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
    """The graph that holds all datasets: that of datasets only, else the largest that holds them too."""
    answer, trouble = read_json(capture)
    if trouble or not isinstance(answer, list):
        yield trouble or Trouble(key=capture.url, reason=Reason("no_items", step="graphs", field="id"))
        return
    fit, strange = [], set()
    for row in map(Fields, answer):
        identity, kinds, count = row.text("id"), row.items("resourceTypes"), row.take("count")
        row.leave(("name", "description", "createdAt", "updatedAt"))
        strange.update(row.rest("graphs."))
        if identity and (not kinds or "DATASET" in kinds):
            fit.append((kinds == ["DATASET"], count if isinstance(count, int) else 0, identity))
    if strange:
        yield Claim(key="graphs answer", about="graph", scope="answer", leftovers=tuple(sorted(strange)))
    if not fit:
        yield Trouble(key=capture.url, reason=Reason("no_items", step="graphs", field="DATASET"))
        return
    yield from _opening(source, window, urls.parse(f"{max(fit)[2]}/oai-pmh", source.url))


def _xml(capture: Capture) -> Any:
    """The root of an answer, or the Trouble that says why there is none."""
    refused = Reason("server_answered", status=capture.status)
    if capture.media_type == "text/html":
        return Trouble(key=capture.url, reason=Reason("html_for_xml") if capture.is_ok else refused)
    try:
        root = read_xml(capture.body)
    except UnsafeXml as error:
        return Trouble(key=capture.url, reason=error.reason if capture.is_ok else refused)
    if local(root) != "OAI-PMH":
        reason = Reason("no_items", step=capture.context["step"], field="OAI-PMH")
        return Trouble(key=capture.url, reason=reason if capture.is_ok else refused)
    return root


def _strange(root: Any, verb: str) -> tuple[str, ...]:
    """The elements of an answer that the protocol has no name for; what is in a record is the catalogue's."""
    known = {
        "OAI-PMH": {"responseDate", "request", "error", verb}, verb: {"record", "set", "resumptionToken"},
        "record": {"header", "metadata", "about"}, "header": {"identifier", "datestamp", "setSpec"},
        "set": {"setSpec", "setName", "setDescription"},
    }  # fmt: skip
    found, todo = set(), [root]
    while todo:
        node = todo.pop()
        for child in node:
            name, allowed = local(child), known.get(local(node), set())
            if name and name not in allowed:
                found.add(f"{local(node)}.{name}")
            elif name in known:
                todo.append(child)
    return tuple(sorted(found))


def _child(node: Any, name: str) -> Any:
    return next((child for child in node if local(child) == name), None)


def _read_error(source: Source, window: Window, capture: Capture, code: str) -> Iterator[Record | Request]:
    """What an error of the protocol means: nothing there, no sets, or trouble."""
    if code == "noRecordsMatch":
        yield Claim(key=f"count {capture.context.get('set', '')}", about="dataset", scope="total", count=0)
    elif code == "noSetHierarchy" and capture.context["step"] == "sets":
        yield _records(source, window, capture.context["base"], "")
    else:
        known = CODE.fullmatch(code)
        reason = Reason("service_error", status=capture.status, error=code) if known else Reason("server_answered", status=capture.status)
        yield Trouble(key=capture.url, outcome=Outcome.FAILED, reason=reason)


def _token(body: Any) -> _Token:
    node = _child(body, "resumptionToken")
    if node is None:
        return _Token("", None)
    size = str(node.get("completeListSize") or "")
    return _Token((node.text or "").strip(), int(size) if size.isdigit() else None)


def _read_sets(source: Source, window: Window, capture: Capture, body: Any, base: str) -> Iterator[Record | Request]:
    """The lists of the sets that are an organisation's; a server that names none is asked for everything at once."""
    names = [(_child(node, "setSpec").text or "").strip() for node in body if local(node) == "set" and _child(node, "setSpec") is not None]
    own = [name for name in dict.fromkeys(names) if OWN_SET.fullmatch(name)]
    token = _token(body)
    has_own = bool(own) or bool(capture.context.get("has_own"))
    for name in own:
        yield _records(source, window, base, name)
    if token.text and names:
        yield _ask(base, {"verb": "ListSets", "resumptionToken": token.text}, {"step": "sets", "has_own": has_own})
    elif not has_own:
        yield _records(source, window, base, "")


def _read_list(source: Source, capture: Capture, body: Any) -> Iterator[Record | Request]:
    context, records = capture.context, [node for node in body if local(node) == "record"]
    for number, node in enumerate(records):
        yield from _read_record(source, capture, node, f"/ListRecords/record[{number + 1}]")
    token, read = _token(body), context["read"] + len(records)
    if not records and context["page"] == 1 and not token.text:
        yield Claim(key=f"count {context['set']}", about="dataset", scope="total", count=0)
    if token.text and records:
        further = {"step": "list", "set": context["set"], "page": context["page"] + 1, "read": read}
        yield _ask(context["base"], {"verb": "ListRecords", "resumptionToken": token.text}, further)
    elif token.text or (token.size is not None and read < token.size):
        # A token promises one record more at least.
        counted = read + 1 if token.size is None else token.size
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("list_ends_early", counted=counted, read=read))


def _read_record(source: Source, capture: Capture, node: Any, place: str) -> Iterator[Record]:
    header, metadata = _child(node, "header"), _child(node, "metadata")
    identifier = _child(header, "identifier") if header is not None else None
    key = (identifier.text or "").strip() if identifier is not None else place
    if header is not None and header.get("status") == "deleted":
        return
    rdf = next((child for child in metadata if local(child) == "RDF"), None) if metadata is not None else None
    text = etree.tostring(rdf, encoding="unicode") if rdf is not None else (metadata.text or "").strip() if metadata is not None else ""
    if not text:
        yield Trouble(key=key, locator=place, outcome=Outcome.PARTIAL, reason=Reason("record_empty"))
        return
    try:
        graph = read_graph(text, capture.url)
    except Exception as error:  # noqa: BLE001 - rdflib's parsers raise whatever their grammars raise
        reason = Reason("catalogue_unparsed", error=type(error).__name__)
        yield Trouble(key=key, locator=place, outcome=Outcome.PARTIAL, reason=reason)
        return
    yield from datasets_in(graph, source, capture.url)
