"""DCAT catalogues that are paged, in each of the ways that are found in the wild (PORTALS 2.2), in Turtle, RDF/XML and JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from sandbox.answers import NOT_FOUND, Answer, Question
from sandbox.bodies import Body
from sandbox.datasets import DatasetFacts
from sandbox.dcat import PREFIXES, Catalogue
from sandbox.portal import Portal

HYDRA, OLD_HYDRA = Namespace("http://www.w3.org/ns/hydra/core#"), Namespace("http://purl.org/hydra/core#")
SYNTAXES = {"ttl": ("turtle", "text/turtle"), "rdf": ("xml", "application/rdf+xml"), "xml": ("xml", "application/xml"), "jsonld": ("json-ld", "application/ld+json")}
PER_PAGE = 10
DIALECTS = ("collection", "collection-iri", "old-namespace", "view", "relative", "relative-iri", "link", "loop", "self", "endless", "turning", "elsewhere")


class HydraCatalogue(Portal):
    """One catalogue of a body. `dialect` is how it says that it goes on; the last five never end or lead away:

    `collection`: PagedCollection, next and nextPage as text (ckanext-dcat); `collection-iri`: nextPage only, an address; `old-namespace`:
    purl.org; `view`: PartialCollectionView; `relative`, `relative-iri`: next is `?page=2`; `link`: the header only; `loop`: the last page
    leads back to the first; `self`: to itself; `endless`: to empty pages; `turning`: to the first page under ever new addresses;
    `elsewhere`: to another host.
    """

    platform: ClassVar[str] = "dcat"

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], dialect: str = "view", syntax: str = "ttl") -> None:
        super().__init__(body, day, datasets)
        self.dialect, self.syntax = dialect, syntax
        self._writer = Catalogue(self.host, body, day, self.datasets, "turtle")

    @property
    def own_host(self) -> str:
        return f"katalog.{self.body.domain}"

    @property
    def home(self) -> str:
        return f"https://{self.host}/catalog.{self.syntax}"

    def key_of(self, dataset: DatasetFacts) -> str:
        return self._writer.url_of(dataset)

    def respond(self, question: Question) -> Answer:
        match = re.fullmatch(r"/catalog\.(\w+)", question.path)
        if not match or match[1] not in SYNTAXES:
            return NOT_FOUND
        text = question.query.get("page", "1")
        page = int(text) if text.isdigit() else 1
        name, media_type = SYNTAXES[match[1]]
        address = f"https://{self.host}{question.path}"
        last = -(-len(self.datasets) // PER_PAGE)
        shown = self.datasets[(page - 1) * PER_PAGE : page * PER_PAGE]
        if self.dialect == "turning" and page > last:
            shown = self.datasets[:PER_PAGE]
        graph = Graph().parse(data=PREFIXES + "".join(self._writer.described(d) for d in shown), format="turtle")
        catalogue = URIRef(f"https://{self.host}/")
        graph.add((catalogue, RDF.type, DCAT.Catalog))
        graph.add((catalogue, DCTERMS.title, Literal(f"Data fra {self.body.full_name}", lang="nb")))
        for d in shown:
            graph.add((catalogue, DCAT.dataset, URIRef(self.key_of(d))))
        target = self._next(page, last)
        headers: tuple[tuple[str, str], ...] = ()
        if self.dialect == "link":
            headers = (("Link", f'<{address}?page=1>; rel="first", <{address}?page={target}>; rel="next"'),) if target else ()
        else:
            self._say(graph, address, page, target)
        return Answer(200, graph.serialize(format=name).encode(), media_type, headers, None)

    def _next(self, page: int, last: int) -> int | None:
        """Which page the page says comes next."""
        beyond = {"loop": 1, "self": page, "endless": page + 1, "turning": page + 1}.get(self.dialect)
        return page + 1 if page < last else beyond

    def _say(self, graph: Graph, address: str, page: int, target: int | None) -> None:
        here, space = URIRef(f"{address}?page={page}"), OLD_HYDRA if self.dialect == "old-namespace" else HYDRA
        if self.dialect == "elsewhere":
            address = f"https://speil.{self.body.domain}/katalog/catalog.{self.syntax}"
        link = f"?page={target}" if self.dialect.startswith("relative") else f"{address}?page={target}"
        is_view, is_text = self.dialect == "view", self.dialect in ("collection", "relative")
        graph.add((here, RDF.type, space.PartialCollectionView if is_view else space.PagedCollection))
        if is_view:
            whole = URIRef(address)
            graph.add((whole, RDF.type, space.Collection))
            graph.add((whole, space.view, here))
        graph.add((URIRef(address) if is_view else here, space.totalItems, Literal(len(self.datasets))))
        if not is_view:
            graph.add((here, space.itemsPerPage, Literal(PER_PAGE)))
        if page > 1:
            graph.add((here, space.previous, Literal(f"{address}?page={page - 1}")))
        if target:
            value = Literal(link) if is_text else URIRef(link)
            names = ("next",) if is_view else ("nextPage",) if self.dialect == "collection-iri" else ("next", "nextPage")
            for name in names:
                graph.add((here, space[name], value))
