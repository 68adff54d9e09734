"""DCAT-AP catalogues as PORTALS 2.2 finds them in the wild: Turtle with Hydra paging, JSON-LD, blank nodes, and files that do not parse."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sandbox import days
from sandbox.answers import NOT_FOUND, Answer, Question, plain
from sandbox.bodies import Body
from sandbox.datasets import FREQUENCIES, LICENCES, MEDIA_TYPES, DatasetFacts
from sandbox.judge import HostRules

PER_PAGE = 10
PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CONTEXT = {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
BLANK_EVERY = 4
"""In a JSON-LD catalogue every so many datasets is a blank node, known by its identifier or its landing page only."""


class Catalogue:
    """One catalogue. `style`: turtle (paged, own host), jsonld (one file with blank nodes), ckan (paged Turtle and JSON-LD beside CKAN),
    broken (Turtle that stops midway), remote (JSON-LD that wants its context from elsewhere)."""

    def __init__(self, host: str, body: Body, day: date, datasets: Sequence[DatasetFacts], style: str) -> None:
        self.host, self.body, self.day, self.datasets, self.style = host, body, day, tuple(datasets), style

    @property
    def home(self) -> str:
        return f"https://{self.host}/catalog.{'jsonld' if self.style in ('jsonld', 'remote') else 'ttl'}"

    def rules(self) -> HostRules:
        """Everything but the statistics is open; between two requests it wants a second of rest when its robots.txt says so."""
        return HostRules(closed=("/statistikk/",), min_gap_s=self.crawl_delay)

    @property
    def crawl_delay(self) -> float:
        return 1.0 if self.body.slug == "ytresolland" else 0.0

    def url_of(self, dataset: DatasetFacts) -> str:
        return f"https://{self.host}/dataset/{dataset.guid}"

    def is_blank(self, position: int) -> bool:
        return self.style == "jsonld" and position % BLANK_EVERY == BLANK_EVERY - 1

    def key_of(self, dataset: DatasetFacts) -> str:
        """What the catalogue itself knows the dataset by."""
        return dataset.guid if self.is_blank(self.datasets.index(dataset)) else self.url_of(dataset)

    def respond(self, question: Question) -> Answer:
        path = question.path
        if path == "/robots.txt":
            delay = f"Crawl-delay: {self.crawl_delay:g}\n" if self.crawl_delay else ""
            return plain(f"User-agent: *\n{delay}Disallow: /statistikk/\n", modified=days.http_date(self.day, 3))
        if path in ("/catalog.ttl", "/catalog.jsonld"):
            is_turtle = path.endswith(".ttl")
            if self.style == "remote":
                text = json.dumps({"@context": "https://schema.example/dcat-ap/context.jsonld", "@type": "Catalog", "dataset": []})
                return plain(text, modified=self._modified, media_type="application/ld+json")
            if is_turtle:
                page = int(question.query.get("page", "1")) if question.query.get("page", "1").isdigit() else 1
                # Content types lie: one says text/plain.
                kind = "text/plain; charset=utf-8" if self.style == "broken" else "text/turtle; charset=utf-8"
                return plain(self._turtle(page), modified=self._modified, media_type=kind)
            return plain(json.dumps(self._json_ld(), ensure_ascii=False, indent=1), modified=self._modified, media_type="application/ld+json")
        if match := re.fullmatch(r"/dataset/([^/.]+)(\.ttl)?", path):
            found = next((d for d in self.datasets if match[1] in (d.guid, d.name)), None)
            return plain(PREFIXES + self.described(found), modified=self._modified, media_type="text/turtle; charset=utf-8") if found else NOT_FOUND
        return NOT_FOUND

    @property
    def _modified(self) -> str:
        return days.http_date(self.day, 3)

    # --- Turtle

    def _turtle(self, page: int) -> str:
        address = f"https://{self.host}/catalog.ttl"
        shown = self.datasets[(page - 1) * PER_PAGE : page * PER_PAGE]
        last = max(-(-len(self.datasets) // PER_PAGE), 1)
        links = [f'hydra:first "{address}?page=1"', f'hydra:firstPage "{address}?page=1"', f"hydra:itemsPerPage {PER_PAGE}", f'hydra:last "{address}?page={last}"',
                 f'hydra:lastPage "{address}?page={last}"']  # fmt: skip
        if page < last:
            links += [f'hydra:next "{address}?page={page + 1}"', f'hydra:nextPage "{address}?page={page + 1}"']
        if page > 1:
            links += [f'hydra:previous "{address}?page={page - 1}"', f'hydra:previousPage "{address}?page={page - 1}"']
        paging = f"<{address}?page={page}> a hydra:PagedCollection ;\n    " + " ;\n    ".join(links) + f" ;\n    hydra:totalItems {len(self.datasets)} .\n"
        listed = ",\n        ".join(f"<{self.url_of(d)}>" for d in shown)
        catalogue = (f'<https://{self.host}> a dcat:Catalog ;\n    dct:language "nb" ;\n    dct:title "Data frå {self.body.full_name}"@nb ;\n'
                     f"    dct:publisher <{_register(self.body)}> ;\n" + (f"    dcat:dataset {listed} ;\n" if listed else "") + f"    foaf:homepage <https://{self.host}> .\n")  # fmt: skip
        whole = f"{PREFIXES}\n{paging}\n{catalogue}\n" + "\n".join(self.described(d) for d in shown)
        return f'{whole}\n<https://{self.host}/dataset/avbrutt> a dcat:Dataset ;\n    dct:title "Uten slutt' if self.style == "broken" else whole

    def described(self, d: DatasetFacts) -> str:
        url = self.url_of(d)
        files = [f"{url}/resource/{n}" for n in range(len(d.formats))]
        keywords = ", ".join(_literal(k) for k in d.keywords)
        lines = [
            f"<{url}> a dcat:Dataset", f"dct:title {_literal(d.title)}@{'nn' if self.body.language == 'nn' else 'nb'}", f"dct:description {_literal(d.description)}",
            f'dct:identifier "{d.guid}"', f'dct:issued "{d.issued}"^^xsd:date', f'dct:modified "{d.modified}T03:00:00"^^xsd:dateTime',
            f"dct:publisher <{_register(d.publisher)}>", f"dct:accessRights <{PUBLIC}>",
            f'dcat:contactPoint [ a vcard:Organization ; vcard:fn "{d.publisher.full_name}" ; vcard:hasEmail <mailto:data@{d.publisher.domain}> ]',
        ]  # fmt: skip
        if d.frequency in FREQUENCIES:
            lines.append(f"dct:accrualPeriodicity <{FREQUENCY}{FREQUENCIES[d.frequency]}>")
        if keywords:
            lines.append(f"dcat:keyword {keywords}")
        lines.append("dcat:distribution " + ", ".join(f"<{f}>" for f in files))
        parts = [" ;\n    ".join(lines) + " .\n"]
        for position, name in enumerate(d.formats):
            licence = LICENCES.get(d.licence, "")
            if position and licence.endswith("/4.0/"):
                licence += "deed.no"  # the same licence under another address
            about = [f"<{files[position]}> a dcat:Distribution", f"dcat:accessURL <https://{self.host}/fil/{d.name}.{name.lower()}>", f'dct:format "{name}"']
            if name in MEDIA_TYPES:
                about.append(f'dcat:mediaType "{MEDIA_TYPES[name]}"')
            if licence:
                about.append(f"dct:license <{licence}>")
            parts.append(" ;\n    ".join(about) + " .\n")
        publisher = f'<{_register(d.publisher)}> a foaf:Organization ;\n    dct:identifier "{d.publisher.orgnr}" ;\n    foaf:name "{d.publisher.full_name}" .\n'
        return "\n".join([*parts, publisher])

    # --- JSON-LD

    def _json_ld(self) -> dict[str, Any]:
        nodes = [self._node(d, position) for position, d in enumerate(self.datasets)]
        catalogue = {"@id": f"https://{self.host}/", "@type": "dcat:Catalog", "dct:title": {"@value": f"Data fra {self.body.full_name}", "@language": "nb"},
                     "dct:publisher": {"@id": _register(self.body)}, "dcat:dataset": [{"@id": n["@id"]} for n in nodes]}  # fmt: skip
        publisher = {"@id": _register(self.body), "@type": "foaf:Organization", "dct:identifier": self.body.orgnr, "foaf:name": self.body.full_name}
        half = len(nodes) // 2
        # Lists inside the list, as some servers write them.
        return {"@context": CONTEXT, "@graph": [catalogue, publisher, nodes[:half], *nodes[half:]]}

    def _node(self, d: DatasetFacts, position: int) -> dict[str, Any]:
        files = []
        for n, name in enumerate(d.formats):
            media = MEDIA_TYPES.get(name, "application/octet-stream")
            about: dict[str, Any] = {"@type": "dcat:Distribution", "dcat:accessURL": {"@id": f"https://{self.host}/fil/{d.name}.{name.lower()}"}}
            about["dct:format"] = {"@id": media} if n == 0 else media.replace("geo", "\u00adgeo")  # a relative address, or a soft hyphen
            if d.licence in LICENCES:
                about["dct:license"] = {"@id": LICENCES[d.licence].replace("https://", "http://")}
            files.append(about)
        title: Any = {"@value": d.title, "@language": "nb-NO"} if position % 2 else d.title
        return {
            "@id": f"_:d{position}" if self.is_blank(position) else self.url_of(d), "@type": "dcat:Dataset", "dct:title": title, "dct:description": d.description,
            "dct:identifier": d.guid, "dct:issued": {"@value": d.issued.isoformat(), "@type": "xsd:date"}, "dct:modified": {"@value": d.modified.isoformat(), "@type": "xsd:date"},
            "dct:publisher": {"@id": _register(d.publisher)}, "dct:accrualPeriodicity": d.frequency, "dct:accessRights": {"@id": PUBLIC},
            "dcat:keyword": list(d.keywords), "dcat:landingPage": {"@id": f"https://{self.host}/datasett/{d.name}"}, "dcat:distribution": files,
        }  # fmt: skip


def _register(body: Body) -> str:
    return f"https://data.brreg.no/enhetsregisteret/api/enheter/{body.orgnr}"


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
