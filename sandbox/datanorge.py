"""data.norge.no (Felles datakatalog): the search service, the resource service with its union graphs, and the SPARQL endpoint.

Written from PORTALS 1.1 to 1.3 and the operator's source code. What loses data in silence is spoken: the window of the search index, short
records without files, unknown members and orders that are ignored, an index that is ahead of the records, sub-units below their body, sets
that are no sets, and tokens that bear no company.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, unquote
from xml.sax.saxutils import escape, quoteattr

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer, plain
from sandbox.bodies import Body
from sandbox.datasets import FREQUENCIES, LICENCES, MEDIA_TYPES, DatasetFacts
from sandbox.dcat import FREQUENCY, PREFIXES, PUBLIC, Catalogue
from sandbox.identifiers import guid_of
from sandbox.judge import HostRules
from sandbox.portal import Portal

SEARCH_HOST, RESOURCE_HOST = "search.api.fellesdatakatalog.digdir.no", "resource.api.fellesdatakatalog.digdir.no"
SPARQL_HOST, OLD_HOST = "sparql.fellesdatakatalog.digdir.no", "datasets.fellesdatakatalog.digdir.no"
WINDOW = 10_000
OAI_PAGE = 50
GRAPH_NAME = "https://datasets.fellesdatakatalog.digdir.no"
FDK = "https://raw.githubusercontent.com/Informasjonsforvaltning/fdk-reasoning-service/main/src/main/resources/ontology/fdk.owl#"
RDF_TYPES = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/n-triples": "nt", "application/ld+json": "json-ld"}
OPEN = ("NLOD-2.0", "CC-BY-4.0", "CC0-1.0")


@dataclass(frozen=True)
class NationalQuirks:
    """`unknown` so many datasets are in the index and not yet in the resource service; `below` gives every so many a publisher below its body;
    `names_sets` has ListSets name each publisher (newer servers) instead of the one set `org`; `window` is how far the index answers."""

    unknown: int = 0
    below: int = 7
    names_sets: bool = True
    window: int = WINDOW


class NationalCatalogue(Portal):
    """The whole catalogue on its four hosts; `datasets` are those of whoever publishes them."""

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], quirks: NationalQuirks | None = None) -> None:
        super().__init__(body, day, datasets, SEARCH_HOST)
        self.quirks = quirks or NationalQuirks()
        self._known = self.datasets[: len(self.datasets) - self.quirks.unknown]

    @property
    def hosts(self) -> tuple[str, ...]:
        return SEARCH_HOST, RESOURCE_HOST, SPARQL_HOST, OLD_HOST

    def rules(self) -> HostRules:
        """Anybody may read; what builds a union graph is closed without a key."""
        return HostRules(posts=("/search", "/v1/datasets", "/sparql", "/"), closed=("/v1/union-graphs/reset",))

    def respond(self, question: Question) -> Answer:
        hosts: dict[str, Callable[[Question], Answer]] = {SEARCH_HOST: self._search_host, RESOURCE_HOST: self._resource_host, SPARQL_HOST: self._sparql_host}
        if question.host == OLD_HOST:
            return html("<html><head><title>410 Gone</title></head><body><center><h1>410 Gone</h1></center><hr><center>nginx</center></body></html>", status=410)
        if question.path == "/robots.txt":
            return NOT_FOUND
        return hosts[question.host](question)

    # --- who and when

    def url_of(self, dataset: DatasetFacts) -> str:
        return f"https://data.{dataset.publisher.domain}/dataset/{dataset.guid}"

    def position(self, dataset: DatasetFacts) -> int:
        return self.datasets.index(dataset)

    def first_harvested(self, dataset: DatasetFacts) -> date:
        return dataset.issued + timedelta(days=2)

    def harvested(self, dataset: DatasetFacts) -> date:
        """When the harvester last saw a change: a day after the publisher made it."""
        return min(self.day, max(self.first_harvested(dataset), dataset.modified + timedelta(days=1)))

    def path_of(self, dataset: DatasetFacts) -> str:
        """/KOMMUNE/number, and below it for a sub-unit."""
        root = {"kommune": "KOMMUNE", "fylkeskommune": "FYLKE", "stat": "STAT"}.get(dataset.publisher.role, "ANNET")
        path = f"/{root}/{dataset.publisher.orgnr}"
        return f"{path}/{self.unit_of(dataset)}" if self.is_below(dataset) else path

    def is_below(self, dataset: DatasetFacts) -> bool:
        return bool(self.quirks.below) and self.position(dataset) % self.quirks.below == self.quirks.below - 1

    def unit_of(self, dataset: DatasetFacts) -> str:
        """The number of a sub-unit: that of the body turned around, which no body has."""
        return f"9{dataset.publisher.orgnr[1:8][::-1]}0"

    def is_open(self, dataset: DatasetFacts) -> bool:
        return dataset.licence in OPEN

    def _organisation(self, dataset: DatasetFacts) -> dict[str, Any]:
        number = self.unit_of(dataset) if self.is_below(dataset) else dataset.publisher.orgnr
        name = f"{'Etaten i ' if self.is_below(dataset) else ''}{_name(dataset.publisher)}"
        return {"id": number, "uri": f"https://organization-catalog.fellesdatakatalog.digdir.no/organizations/{number}", "orgPath": self.path_of(dataset),
                "name": name.upper(), "prefLabel": {"nb": name}}  # fmt: skip

    def _catalog(self, dataset: DatasetFacts) -> dict[str, Any]:
        number = dataset.publisher.orgnr
        owner = {"id": number, "uri": f"https://organization-catalog.fellesdatakatalog.digdir.no/organizations/{number}",
                 "orgPath": "/".join(self.path_of(dataset).split("/")[:3]), "name": _name(dataset.publisher).upper(), "prefLabel": {"nb": _name(dataset.publisher)}}  # fmt: skip
        return {"id": guid_of("catalog", number), "uri": f"https://data.{dataset.publisher.domain}/", "publisher": owner,
                "title": {"nb": f"Datakatalog for {_name(dataset.publisher)}"}}  # fmt: skip

    # --- search service

    def _search_host(self, question: Question) -> Answer:
        if question.path == "/suggestions" or question.path.startswith("/suggestions/"):
            words = question.query.get("q", "").lower()
            found = [self._suggestion(d) for d in self.datasets if d.title.lower().startswith(words)][:5]
            return json_answer({"suggestions": found})
        kinds = {"/search": ("DATASET", "DATA_SERVICE"), "/search/datasets": ("DATASET",), "/search/data-services": ("DATA_SERVICE",),
                 "/search/concepts": (), "/search/information-models": (), "/search/services": (), "/search/events": ()}  # fmt: skip
        if question.path not in kinds:
            return _spring(404, "Not Found", question.path)
        if question.method != "POST":
            return _spring(405, "Method Not Allowed", question.path)
        if not question.headers.get("content-type", "").startswith("application/json"):
            return _spring(415, "Unsupported Media Type", question.path)
        try:
            asked = json.loads(question.body or b"")
            assert isinstance(asked, dict)
        except (ValueError, AssertionError):
            return _spring(400, "Bad Request", question.path)
        try:
            return self._found(asked, kinds[question.path], question.path)
        except (TypeError, ValueError, AttributeError):  # a member of the wrong type does not become the object the service wants
            return _spring(400, "Bad Request", question.path)

    def _found(self, asked: Mapping[str, Any], kinds: Sequence[str], path: str) -> Answer:
        pagination = asked.get("pagination") or {}
        page = max(int(pagination.get("page") or 0), 0)
        size = int(pagination.get("size") or 10) if int(pagination.get("size") or 10) >= 1 else 10
        if (page + 1) * size > self.quirks.window:
            return _spring(500, "Internal Server Error", path)
        hits = [d for d in self.datasets if self._fits(d, asked)] if "DATASET" in kinds else []
        if (asked.get("sort") or {}).get("field") == "FIRST_HARVESTED":
            hits.sort(key=lambda d: (self.first_harvested(d), d.guid), reverse=asked["sort"].get("direction") != "ASC")
        answers = [self._hit(d) for d in hits]
        if "DATA_SERVICE" in kinds and hits:
            answers.append(self._service(hits[0]))
        shown = answers[page * size : (page + 1) * size]
        total = len(answers)
        return json_answer({
            "hits": shown, "aggregations": self._aggregations(hits),
            "page": {"currentPage": page, "size": len(shown), "totalElements": total, "totalPages": -(-total // size)},
        })  # fmt: skip

    def _fits(self, dataset: DatasetFacts, asked: Mapping[str, Any]) -> bool:
        """Whether a dataset is under all filters; members nobody knows are ignored."""
        filters = {k: v for k, v in (asked.get("filters") or {}).items() if isinstance(v, dict) and "value" in v}
        text = f"{dataset.title} {dataset.description} {' '.join(dataset.keywords)}".lower()
        if not all(any(t.startswith(w) for t in re.findall(r"\w+", text)) for w in str(asked.get("query") or "").lower().split()):
            return False
        path = self.path_of(dataset)
        tests: dict[str, Callable[[Any], bool]] = {
            "orgPath": lambda v: v is not None and (path == v or path.startswith(f"{v}/")),
            "openData": lambda v: self.is_open(dataset) is bool(v),
            "accessRights": lambda v: v == "PUBLIC",
            "uri": lambda v: all(x == self.url_of(dataset) for x in v),
            "formats": lambda v: all(x in self._formats(dataset) for x in v),
            "dataTheme": lambda v: all(x == "GOVE" for x in v),
            "lastXDays": lambda v: self.first_harvested(dataset) >= self.day - timedelta(days=int(v)),
            "lastXDaysModified": lambda v: self.harvested(dataset) >= self.day - timedelta(days=int(v)),
        }  # fmt: skip
        return all(tests[name](value["value"]) for name, value in filters.items() if name in tests)

    def _aggregations(self, hits: Sequence[DatasetFacts]) -> dict[str, Any]:
        paths: Counter[str] = Counter()
        for d in hits:
            parts = self.path_of(d).split("/")[1:]
            paths.update(f"/{'/'.join(parts[: n + 1])}" for n in range(len(parts)))
        counted: dict[str, Counter[str]] = {
            "openData": Counter(str(self.is_open(d)).lower() for d in hits), "orgPath": paths, "format": Counter(f for d in hits for f in self._formats(d)),
            "accessRights": Counter("PUBLIC" for _ in hits), "dataTheme": Counter("GOVE" for _ in hits), "losTheme": Counter(), "spatial": Counter(), "provenance": Counter(),
        }  # fmt: skip
        return {name: [{"key": k, "count": n} for k, n in sorted(c.items(), key=lambda kv: (-kv[1], kv[0]))] for name, c in counted.items()}

    @staticmethod
    def _formats(dataset: DatasetFacts) -> list[str]:
        return [f"MEDIA_TYPE {MEDIA_TYPES[f]}" if f in MEDIA_TYPES else "UNKNOWN" for f in dataset.formats]

    def _hit(self, d: DatasetFacts) -> dict[str, Any]:
        return {
            "id": d.guid, "uri": self.url_of(d), "accessRights": {"uri": PUBLIC, "code": "PUBLIC"}, "catalog": self._catalog(d),
            "dataTheme": [{"title": {"nb": "Forvaltning og offentlig sektor", "en": "Government and public sector"}, "code": "GOVE"}], "description": {"nb": d.description},
            "fdkFormatPrefixed": self._formats(d), "metadata": {
                "firstHarvested": f"{self.first_harvested(d)}T10:00:04Z", "modified": f"{self.harvested(d)}T14:09:30Z", "deleted": False, "timestamp": 1726138002000},
            "isOpenData": self.is_open(d), "keyword": [{"nb": k} for k in d.keywords], "losTheme": [], "organization": self._organisation(d),
            "searchType": "DATASET", "spatial": [], "title": {"nb": d.title, "en": f"{d.title} (en)"}, "relations": [], "isRelatedToTransportportal": False,
        }  # fmt: skip

    def _service(self, d: DatasetFacts) -> dict[str, Any]:
        """A data service, which a search over all kinds brings too and which is no dataset."""
        hit = self._hit(d)
        return {**hit, "id": guid_of("service", d.guid), "uri": f"{self.url_of(d)}/api", "searchType": "DATA_SERVICE",
                "relations": [{"uri": self.url_of(d), "type": "servesDataset"}]}  # fmt: skip

    def _suggestion(self, d: DatasetFacts) -> dict[str, Any]:
        return {"id": d.guid, "title": {"nb": d.title}, "description": {"nb": d.description}, "uri": self.url_of(d), "organization": self._organisation(d),
                "searchType": "DATASET"}  # fmt: skip

    # --- resource service

    def _resource_host(self, question: Question) -> Answer:
        path = unquote(question.path)
        if match := re.fullmatch(r"/datasets/([^/]+)", path):
            return Answer(307, b"", "text/plain", (("Location", f"https://{RESOURCE_HOST}/v1/datasets/{match[1]}"),))
        if path == "/v1/datasets" and question.method == "POST":
            return self._by_ids(question)
        if path.startswith("/v1/union-graphs"):
            return self._union_graphs(question, path)
        if path in ("/v1/datasets/by-uri", "/v1/datasets/by-uri/graph"):
            found = next((d for d in self._known if self.url_of(d) == question.query.get("uri")), None)
        elif match := re.fullmatch(r"/v1/datasets/([^/]+)(/graph)?", path):
            found = next((d for d in self._known if d.guid == match[1]), None)
        else:
            return _spring(404, "Not Found", question.path)
        if found is None:
            return Answer(404, b"", "application/json")
        return self._graph_answer(found, question) if path.endswith("/graph") else json_answer(self._full(found))

    def _by_ids(self, question: Question) -> Answer:
        """Full records of many; what is not there is left out in silence."""
        try:
            wanted = list(json.loads(question.body or b"")["ids"])
        except (ValueError, KeyError, TypeError):
            return _spring(400, "Bad Request", question.path)
        known = {d.guid: d for d in self._known}
        return json_answer([self._full(known[i]) for i in wanted if i in known])

    def _full(self, d: DatasetFacts) -> dict[str, Any]:
        empty = ("accessRightsComment", "admsIdentifier", "conformsTo", "dctType", "eurovocThemes", "inSeries", "informationModel", "objective", "page", "prev", "provenance",
                 "qualifiedAttributions", "references", "sample", "source", "subject", "temporal", "legalBasisForAccess", "legalBasisForProcessing",
                 "legalBasisForRestriction", "hasAccuracyAnnotation", "hasAvailabilityAnnotation", "hasCompletenessAnnotation", "hasCurrentnessAnnotation",
                 "hasRelevanceAnnotation")  # fmt: skip
        # Some publishers say no dates: then only the harvest has one.
        is_silent = self.position(d) % 5 == 4
        owner = {**self._organisation(d), "organisasjonsform": "KOMM" if d.publisher.role == "kommune" else None}
        return {
            **dict.fromkeys(empty), "id": d.guid, "uri": self.url_of(d), "type": "datasets", "title": {"nb": d.title}, "description": {"nb": d.description},
            "descriptionFormatted": {"nb": d.description}, "publisher": owner, "catalog": {**self._catalog(d), "description": None},
            "accessRights": {"code": "PUBLIC", "prefLabel": {"en": "public"}, "uri": PUBLIC}, "isOpenData": self.is_open(d), "isAuthoritative": False,
            "isRelatedToTransportportal": False, "issued": None if is_silent else d.issued.isoformat(), "modified": None if is_silent else d.modified.isoformat(),
            "accrualPeriodicity": {"code": FREQUENCIES[d.frequency], "prefLabel": {"en": d.frequency}, "uri": f"{FREQUENCY}{FREQUENCIES[d.frequency]}"},
            "spatial": [{"code": "173144", "prefLabel": {"nb": d.publisher.name}, "uri": f"https://data.geonorge.no/administrativeEnheter/kommune/id/{d.publisher.number}"}],
            "theme": [{"code": "GOVE", "title": {"en": "Government and public sector", "nb": "Forvaltning og offentlig sektor"}, "uri": "http://publications.europa.eu/resource/authority/data-theme/GOVE"}],
            "losTheme": None, "themeUris": ["http://publications.europa.eu/resource/authority/data-theme/GOVE"], "keyword": [{"nb": k} for k in d.keywords],
            "landingPage": [f"https://data.{d.publisher.domain}/datasett/{d.name}"], "identifier": [self.url_of(d)], "language": [{"code": "NOR", "prefLabel": {"nb": "Norsk"}}],
            "contactPoint": [{"email": f"data@{d.publisher.domain}", "fullname": None, "hasTelephone": None, "hasURL": None, "organizationName": {"nb": d.publisher.full_name}, "organizationUnit": None, "uri": None}],
            "distribution": [self._file(d, name) for name in d.formats], "harvest": {"firstHarvested": f"{self.first_harvested(d)}T10:00:04Z", "modified": f"{self.harvested(d)}T14:09:30Z"},
        }  # fmt: skip

    @staticmethod
    def _file(d: DatasetFacts, name: str) -> dict[str, Any]:
        media = MEDIA_TYPES.get(name)
        formats = [{"code": name, "name": name, "type": "FILE_TYPE", "uri": f"http://publications.europa.eu/resource/authority/file-type/{name}"}]
        if media:
            formats.append({"code": media, "name": media.rpartition("/")[2], "type": "MEDIA_TYPE", "uri": f"https://www.iana.org/assignments/media-types/{media}"})
        licence = [{"broader": None, "extraType": None, "narrower": None, "prefLabel": None, "uri": LICENCES[d.licence]}] if d.licence in LICENCES else None
        empty = dict.fromkeys(("accessService", "compressFormat", "conformsTo", "description", "packageFormat", "page", "title", "type", "uri"))
        return {**empty, "accessURL": [f"https://data.{d.publisher.domain}/fil/{d.name}.{name.lower()}"], "downloadURL": None, "fdkFormat": formats, "license": licence}

    def _graph_answer(self, d: DatasetFacts, question: Question) -> Answer:
        wanted = next((t for t in RDF_TYPES if t in question.headers.get("accept", "")), "application/ld+json")
        return plain(self._rdf(d).serialize(format=RDF_TYPES[wanted]), media_type=wanted)

    def _rdf(self, d: DatasetFacts) -> Graph:
        """A dataset as DCAT-AP-NO, with its catalogue and the harvester's record of it."""
        writer = Catalogue(f"data.{d.publisher.domain}", d.publisher, self.day, (d,), "turtle")
        graph = Graph().parse(data=PREFIXES + writer.described(d), format="turtle")
        dataset, home = URIRef(self.url_of(d)), URIRef(f"https://data.{d.publisher.domain}/")
        record = URIRef(f"https://{OLD_HOST}/datasets/{d.guid}")
        if self.position(d) % 5 == 4:
            for predicate in (DCTERMS.issued, DCTERMS.modified):
                graph.remove((dataset, predicate, None))
        for triple in (
            (home, RDF.type, DCAT.Catalog), (home, DCAT.dataset, dataset),
            (home, DCTERMS.publisher, URIRef(f"https://data.brreg.no/enhetsregisteret/api/enheter/{d.publisher.orgnr}")),
            (record, RDF.type, DCAT.CatalogRecord), (record, FOAF.primaryTopic, dataset), (record, DCTERMS.identifier, Literal(d.guid)),
            (record, DCTERMS.issued, Literal(f"{self.first_harvested(d)}T10:00:04Z", datatype=XSD.dateTime)),
            (record, DCTERMS.modified, Literal(f"{self.harvested(d)}T14:09:30Z", datatype=XSD.dateTime)),
            (dataset, URIRef(f"{FDK}isOpenData"), Literal(self.is_open(d))),
        ):
            graph.add(triple)  # fmt: skip
        return graph

    # --- union graphs

    @property
    def graph_id(self) -> str:
        return guid_of("union graph", self.day.isoformat())

    def _union_graphs(self, question: Question, path: str) -> Answer:
        if question.method != "GET":
            return Answer(403, b"", "application/json")
        other = guid_of("union graph of everything", self.day.isoformat())
        stamps = {"createdAt": "2026-02-01T08:00:00Z", "updatedAt": f"{self.day}T04:00:00Z"}
        graphs = [
            {"id": other, "name": "Alt", "description": None, "resourceTypes": None, **stamps, "count": 12 * len(self.datasets) + 40},
            {"id": self.graph_id, "name": "Datasett", "description": None, "resourceTypes": ["DATASET"], **stamps, "count": len(self._known)},
            {"id": guid_of("concepts"), "name": "Begrep", "description": None, "resourceTypes": ["CONCEPT"], **stamps, "count": 99},
        ]  # fmt: skip
        if path == "/v1/union-graphs/available":
            return json_answer(graphs)
        match = re.fullmatch(r"/v1/union-graphs/([^/]+)/(info|graph|oai-pmh)", path)
        found = next((g for g in graphs if match and g["id"] == match[1]), None)
        if match is None or found is None or match[1] != self.graph_id:
            return _oai_error("idDoesNotExist", "Union graph does not exist", question) if path.endswith("/oai-pmh") else Answer(404, b"", "application/json")
        if match[2] == "info":
            return json_answer(found)
        return plain(self._whole.serialize(format="turtle"), media_type="text/turtle") if match[2] == "graph" else self._oai(question)

    @cached_property
    def _whole(self) -> Graph:
        whole = Graph()
        for d in self._known:
            whole += self._rdf(d)
        return whole

    def _oai(self, question: Question) -> Answer:
        asked = question.query
        verbs = {"IDENTIFY": self._identify, "LISTMETADATAFORMATS": self._formats_answer, "LISTSETS": self._sets, "GETRECORD": self._record, "LISTRECORDS": self._list,
                 "LISTIDENTIFIERS": self._list}  # fmt: skip
        verb = asked.get("verb", "").upper()
        if verb not in verbs:
            return _oai_error("badVerb", f"Illegal verb: {verb}" if verb else "Missing required argument: verb", question)
        return verbs[verb](question, asked)

    def _identify(self, question: Question, asked: Mapping[str, str]) -> Answer:
        base = question.url.partition("?")[0]
        return self._oai_answer(question, asked, f"<Identify><repositoryName>FDK Union Graph: Datasett</repositoryName><baseURL>{base}</baseURL><protocolVersion>2.0</protocolVersion>"
                                "<adminEmail>fellesdatakatalog@digdir.no</adminEmail><earliestDatestamp>2026-02-01T08:00:00Z</earliestDatestamp><deletedRecord>no</deletedRecord>"
                                "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>")  # fmt: skip

    def _formats_answer(self, question: Question, asked: Mapping[str, str]) -> Answer:
        return self._oai_answer(question, asked, "<ListMetadataFormats><metadataFormat><metadataPrefix>rdfxml</metadataPrefix><schema>http://www.w3.org/1999/02/22-rdf-syntax-ns</schema>"
                                "<metadataNamespace>http://www.w3.org/1999/02/22-rdf-syntax-ns#</metadataNamespace></metadataFormat></ListMetadataFormats>")  # fmt: skip

    def _sets(self, question: Question, asked: Mapping[str, str]) -> Answer:
        names = {d.publisher.orgnr: _name(d.publisher) for d in self._known}
        sets = [(f"org:{number}", name) for number, name in sorted(names.items())] if self.quirks.names_sets else [("org", "Organization (by orgnr)")]
        return self._oai_answer(question, asked, f"<ListSets>{''.join(f'<set><setSpec>{s}</setSpec><setName>{escape(n)}</setName></set>' for s, n in sets)}</ListSets>")

    def _record(self, question: Question, asked: Mapping[str, str]) -> Answer:
        if not asked.get("identifier") or asked.get("metadataPrefix", "").lower() != "rdfxml":
            return _oai_error("badArgument", "Missing required argument", question)
        found = next((d for d in self._known if asked["identifier"].endswith(f"/records/{d.guid}")), None)
        if found is None:
            return _oai_error("idDoesNotExist", "Record does not exist", question)
        return self._oai_answer(question, asked, f"<GetRecord>{self._oai_record(found, question)}</GetRecord>")

    def _list(self, question: Question, asked: Mapping[str, str]) -> Answer:
        token, start = asked.get("resumptionToken"), 0
        since, until, number = asked.get("from", ""), asked.get("until", ""), asked.get("set", "")
        if token is not None:
            if any(name in asked for name in ("metadataPrefix", "from", "until", "set")):
                return _oai_error("badArgument", "resumptionToken is an exclusive argument and cannot be combined with metadataPrefix, from, until or set", question)
            match = re.fullmatch(rf"{self.graph_id}:rdfxml:(\d+)(?:\|([^|]*)\|([^|]*)\|([^|]*))?", token)
            if not match:
                return _oai_error("badResumptionToken", "Invalid resumption token", question)
            start, since, until = int(match[1]), match[2] or "", match[3] or ""
            number = f"org:{match[4]}" if match[4] else ""
        elif asked.get("metadataPrefix", "").lower() != "rdfxml":
            wrong = f"Only 'rdfxml' metadataPrefix is supported. Received: {asked['metadataPrefix']}" if asked.get("metadataPrefix") else "Missing required argument: metadataPrefix"
            return _oai_error("badArgument", wrong, question)
        if number and not re.fullmatch(r"org:.+", number):
            return _oai_error("badArgument", "Invalid set format. Expected org:{orgnr}", question)
        if since and until and since > until:
            return _oai_error("badArgument", "from must be less than or equal to until", question)
        found = [d for d in self._known if (not number or number == f"org:{d.publisher.orgnr}") and self._is_between(d, since, until)]
        shown = found[start : start + OAI_PAGE]
        if token is not None and start > 0 and not shown:
            return _oai_error("badResumptionToken", "Resumption token is out of range", question)
        verb = "ListRecords" if asked["verb"].upper() == "LISTRECORDS" else "ListIdentifiers"
        inner = "".join(self._oai_record(d, question) if verb == "ListRecords" else self._header(d, question) for d in shown)
        has_more = start + len(shown) < len(found)
        if token is not None or has_more:
            filters = f"|{since}|{until}|{number.removeprefix('org:')}" if since or until or number else ""
            text = f"{self.graph_id}:rdfxml:{start + len(shown)}{filters}" if has_more else ""
            inner += f'<resumptionToken completeListSize="{len(found)}">{escape(text)}</resumptionToken>'
        return self._oai_answer(question, asked, f"<{verb}>{inner}</{verb}>")

    def _is_between(self, d: DatasetFacts, since: str, until: str) -> bool:
        moment = f"{self.harvested(d)}T14:09:30Z"
        return (not since or moment >= since) and (not until or moment <= (until if "T" in until else f"{until}T00:00:00Z"))

    def _header(self, d: DatasetFacts, question: Question) -> str:
        base = question.url.partition("?")[0]
        return (f"<header><identifier>{base}/records/{quote(d.guid)}</identifier><datestamp>{self.harvested(d)}T14:09:30Z</datestamp>"
                f"<setSpec>org:{d.publisher.orgnr}</setSpec></header>")  # fmt: skip

    def _oai_record(self, d: DatasetFacts, question: Question) -> str:
        rdf = self._rdf(d).serialize(format="xml").partition("?>")[2].strip()
        # Where the server could not parse its own record it sends it as text.
        held = f"<![CDATA[{rdf}]]>" if self.position(d) % 11 == 10 else rdf
        return f"<record>{self._header(d, question)}<metadata>{held}</metadata></record>"

    def _oai_answer(self, question: Question, asked: Mapping[str, str], inner: str) -> Answer:
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in asked.items() if value)
        return _oai_xml(f"<request{attributes}>{escape(question.url.partition('?')[0])}</request>{inner}", f"{self.day}T06:00:00Z")

    # --- SPARQL

    def _sparql_host(self, question: Question) -> Answer:
        """Fuseki: `query` by GET or POST, at the root; no update, no federation, and one named graph."""
        asked = dict(parse_qsl(question.body.decode())) if question.method == "POST" and question.body else question.query
        if question.headers.get("content-type", "").startswith("application/sparql-query"):
            asked = {"query": question.body.decode()}
        query = asked.get("query", "")
        if not query or re.search(r"\b(SERVICE|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE)\b", query):
            return plain("Error 400: Bad Request\n", status=400)
        graphs = re.findall(r"\bFROM\s+<([^>]*)>", query)
        graph = self._whole if all(g.rstrip("/") == GRAPH_NAME for g in graphs) else Graph()
        try:
            result = graph.query(re.sub(r"\bFROM\s+<[^>]*>", "", query))
        except Exception:  # noqa: BLE001 - rdflib's grammar raises whatever it raises; the client is told that its query is wrong
            return plain("Parse error: \n", status=400)
        if result.type in ("CONSTRUCT", "DESCRIBE"):
            return Answer(200, result.serialize(format="turtle") or b"", "text/turtle; charset=utf-8")
        return Answer(200, result.serialize(format="json") or b"", "application/sparql-results+json; charset=utf-8", (("Vary", "Accept,Accept-Encoding,Accept-Charset"),))


class DataNorge(NationalCatalogue):
    """As a source: the search with the full records."""

    platform: ClassVar[str] = "data-norge"

    def settings(self) -> dict[str, object]:
        return {"rows": 40, "batch": 25}


class DataNorgeSparql(NationalCatalogue):
    """As a source: the SPARQL endpoint."""

    platform: ClassVar[str] = "dcat-sparql"

    @property
    def home(self) -> str:
        return f"https://{SPARQL_HOST}/"

    def settings(self) -> dict[str, object]:
        return {"graph": GRAPH_NAME, "recorded": True, "rows": 40, "batch": 25}

    def key_of(self, dataset: DatasetFacts) -> str:
        return self.url_of(dataset)


class DataNorgeOai(NationalCatalogue):
    """As a source: the union graph of datasets through OAI-PMH."""

    platform: ClassVar[str] = "dcat-oai"

    @property
    def home(self) -> str:
        return f"https://{RESOURCE_HOST}/v1/union-graphs/available"

    def settings(self) -> dict[str, object]:
        return {}

    def key_of(self, dataset: DatasetFacts) -> str:
        return self.url_of(dataset)


def _name(body: Body) -> str:
    return body.full_name if body.role in ("kommune", "fylkeskommune") else body.name


def _spring(status: int, error: str, path: str) -> Answer:
    return json_answer({"timestamp": "2026-10-15T06:00:00.000+00:00", "status": status, "error": error, "path": path}, status=status)


def _oai_xml(inner: str, moment: str, status: int = 200) -> Answer:
    return Answer(status, (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
        f"<responseDate>{moment}</responseDate>{inner}</OAI-PMH>"
    ).encode(), "application/xml")  # fmt: skip


def _oai_error(code: str, message: str, question: Question) -> Answer:
    base = escape(question.url.partition("?")[0])
    return _oai_xml(f'<request>{base}</request><error code="{code}">{escape(message)}</error>', "2026-10-15T06:00:00Z", 404 if code == "idDoesNotExist" else 400)
