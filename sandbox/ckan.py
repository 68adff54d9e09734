"""CKAN 2.12 with ckanext-dcat: Action API v3 as it was recorded in data/portals/ckan-2.12-local (PORTALS 2.1)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sandbox import days
from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer, plain
from sandbox.bodies import Body
from sandbox.datasets import LICENCES, MEDIA_TYPES, DatasetFacts
from sandbox.dcat import Catalogue
from sandbox.identifiers import guid_of
from sandbox.judge import HostRules

ROWS_MAX = 1000
KNOWN = frozenset("q fq rows start sort facet facet.field facet.limit facet.mincount include_drafts include_private use_default_schema fl".split())


@dataclass(frozen=True)
class Quirks:
    """How an installation differs. `cut_above` rows the answer is cut off midway; `titles_by_language` gives objects for titles.

    `trouble`: html (200 with an error page), down (500 everywhere), empty (no package); `showcases` packages are no datasets;
    `names_only`: publishers are there by name, as on a portal several bodies share.
    """

    cut_above: int = ROWS_MAX
    titles_by_language: bool = False
    trouble: str = ""
    showcases: int = 0
    names_only: bool = False


class Ckan:
    """One installation at `host`."""

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], quirks: Quirks, host: str) -> None:
        self.body, self.day, self.quirks, self.host = body, day, quirks, host
        self.datasets = () if quirks.trouble == "empty" else tuple(sorted(datasets, key=lambda d: d.guid))
        self.showcases = tuple(replace(d, guid=guid_of("showcase", d.guid), name=f"eksempel-{d.name}") for d in self.datasets[: quirks.showcases])
        self._packages = tuple(sorted((*self.datasets, *self.showcases), key=lambda d: d.guid))
        self.catalogue = Catalogue(host, body, day, self.datasets, style="ckan")
        self._published = days.http_date(day, 3)

    @property
    def home(self) -> str:
        return f"https://{self.host}/"

    def rules(self) -> HostRules:
        """The interface is open; revisions, users and the sorted listings are not, as in CKAN's own robots.txt."""
        return HostRules(closed=("/dataset/rate/", "/revision/", "/dataset/activity/", "/user/", "/admin"), closed_patterns=(r"^/dataset/[^/]+/history",))

    def url_of(self, dataset: DatasetFacts) -> str:
        return f"https://{self.host}/dataset/{dataset.name}"

    def respond(self, question: Question) -> Answer:
        path = question.path
        if self.quirks.trouble == "down":
            return NOT_FOUND if path == "/robots.txt" else html("<html><head><title>500 Internal Server Error</title></head><body></body></html>", status=500)
        if path == "/robots.txt":
            closed = "Disallow: /dataset/rate/\nDisallow: /revision/\nDisallow: /dataset/*/history\nDisallow: /dataset/activity/\nDisallow: /user/\nDisallow: /admin\n"
            return plain(f"User-agent: *\n{closed}", modified=self._published)
        if self.quirks.trouble == "html":
            return html("<!doctype html><html lang='nb'><head><title>Vedlikehold</title></head><body><h1>Portalen er under vedlikehold</h1><p>Kom tilbake senere.</p></body></html>")
        if match := re.fullmatch(r"/(?:[a-z]{2}/)?api/3/action/([a-z_]+)", path):
            return self._action(match[1], question)
        if path.startswith("/catalog.") or re.fullmatch(r"/dataset/[^/]+\.(ttl|jsonld)", path):
            return self.catalogue.respond(question)
        if path == "/":
            return html(self._front(), modified=self._published)
        if path.startswith("/dataset/"):
            found = next((d for d in self.datasets if path.rstrip("/") in (f"/dataset/{d.name}", f"/dataset/{d.guid}")), None)
            return html(self._page(found), modified=days.http_date(found.modified)) if found else NOT_FOUND
        if path.startswith("/fil/"):
            return plain("a;b\n1;2\n", media_type="text/csv; charset=utf-8", modified=self._published)
        return NOT_FOUND

    def _front(self) -> str:
        rows = "".join(f'<li><a href="/dataset/{d.name}">{d.title}</a></li>' for d in self.datasets)
        return f'<!doctype html><html lang="nb"><head><meta name="generator" content="ckan 2.12.0"><title>Åpne data</title></head><body><ul>{rows}</ul></body></html>'

    def _page(self, dataset: DatasetFacts) -> str:
        return (f'<!doctype html><html lang="nb"><head><meta name="generator" content="ckan 2.12.0"><title>{dataset.title}</title></head>'
                f"<body><h1>{dataset.title}</h1><p>{dataset.description}</p></body></html>")  # fmt: skip

    def _action(self, name: str, question: Question) -> Answer:
        asked = dict(question.query)
        if question.method == "POST":
            try:
                asked = {k: v if isinstance(v, list | bool) else str(v) for k, v in json.loads(question.body or b"{}").items()}
            except (ValueError, AttributeError):
                return json_answer("Bad request: JSON Error: Error decoding JSON data.", status=400)
        known = {
            "package_search": self._search, "package_show": self._show, "package_list": self._names, "status_show": self._status, "organization_list": self._organisations,
            "organization_show": self._organisation, "license_list": self._licences, "current_package_list_with_resources": self._current,
        }  # fmt: skip
        if name not in known:
            return json_answer(f"Bad request: Action name not known: {name}", status=400)
        answer = known[name](asked)
        if isinstance(answer, Answer):
            return answer
        return json_answer({"help": self._help(name), "success": True, "result": answer}, modified=self._published, media_type="application/json;charset=utf-8")

    def _help(self, name: str) -> str:
        return f"https://{self.host}/api/3/action/help_show?name={name}"

    def _error(self, name: str, status: int, error: Mapping[str, Any]) -> Answer:
        return json_answer({"help": self._help(name), "error": dict(error), "success": False}, status=status)

    def _whole(self, asked: Mapping[str, Any], name: str, default: int) -> int | None:
        text = str(asked.get(name) or default)
        return int(text) if text.isdigit() else None

    def _search(self, asked: Mapping[str, Any]) -> Any:
        if strange := [k for k in asked if k not in KNOWN]:
            return self._error("package_search", 400, {"__type": "Search Query Error", "message": f"Search Query is invalid: \"Invalid search parameters: {strange}\""})
        rows, start = self._whole(asked, "rows", 10), self._whole(asked, "start", 0)
        if str(asked.get("rows")) == "0":
            rows = 0
        for name, value in (("rows", rows), ("start", start)):
            if value is None:
                return self._error("package_search", 409, {name: ["Invalid integer", "Please enter an integer value"], "__type": "Validation Error"})
        assert rows is not None and start is not None
        sort = str(asked.get("sort") or "score desc, metadata_modified desc")
        found = self._sorted([d for d in self._packages if self._fits(d, f"{asked.get('q') or ''}", f"{asked.get('fq') or ''}")], sort)
        page = found[start : start + min(rows, ROWS_MAX)]
        result = {"count": len(found), "facets": {}, "results": [self._package(d) for d in page], "sort": sort, "search_facets": {}}
        answer = {"help": self._help("package_search"), "success": True, "result": result}
        if len(page) > self.quirks.cut_above:
            whole = json.dumps(answer, ensure_ascii=False).encode("utf-8")
            return Answer(200, whole[: len(whole) * 2 // 3], "application/json;charset=utf-8")
        return result

    def _kind(self, d: DatasetFacts) -> str:
        return "showcase" if d in self.showcases else "dataset"

    def _fits(self, dataset: DatasetFacts, query: str, filters: str) -> bool:
        text = f"{dataset.title} {dataset.description}".lower()
        words = [w for w in query.lower().split() if w not in ("*:*", "*")]
        for name, value in re.findall(r'\+?(\w+):("[^"]+"|\[[^\]]+\]|\S+)', filters):
            wanted = value.strip('"')
            if name == "organization" and wanted not in (dataset.publisher.slug, "*"):
                return False
            if name == "dataset_type" and wanted != self._kind(dataset):
                return False
            if name == "metadata_modified" and (limits := re.fullmatch(r"\[(\S+) TO (\S+)\]", value)):
                moment = f"{dataset.modified}T03:00:00Z"
                if (limits[1] != "*" and moment < limits[1]) or (limits[2] not in ("*", "NOW") and moment > limits[2]):
                    return False
        return all(w in text for w in words)

    @staticmethod
    def _sorted(found: list[DatasetFacts], sort: str) -> list[DatasetFacts]:
        if sort.startswith("id"):
            return sorted(found, key=lambda d: d.guid, reverse="desc" in sort)
        if sort.startswith("name") or sort.startswith("title"):
            return sorted(found, key=lambda d: d.name, reverse="desc" in sort)
        return sorted(found, key=lambda d: (d.modified, d.guid), reverse=True)

    def _package(self, d: DatasetFacts) -> dict[str, Any]:
        moment = f"{d.modified}T03:00:00.123456"
        owner = guid_of("organization", d.publisher.orgnr)
        title = {"nb": d.title, "en": d.title} if self.quirks.titles_by_language else d.title
        return {
            "author": None, "author_email": None, "creator_user_id": guid_of("user", self.host), "id": d.guid,
            "isopen": None if d.licence.startswith("NLOD") else d.licence.startswith("CC"), "license_id": d.licence, "license_title": d.licence,
            "license_url": LICENCES.get(d.licence), "maintainer": None, "maintainer_email": f"data@{d.publisher.domain}", "metadata_created": f"{d.issued}T08:00:00.000000",
            "metadata_modified": moment, "name": d.name, "notes": {"nb": d.description} if self.quirks.titles_by_language else d.description,
            "num_resources": len(d.formats), "num_tags": len(d.keywords), "organization": self._organization(d.publisher), "owner_org": owner, "private": False,
            "state": "active", "title": title, "type": self._kind(d), "url": "", "version": "",
            "extras": [*([] if self.quirks.names_only else [{"key": "publisher_identifier", "value": d.publisher.orgnr}]), {"key": "issued", "value": d.issued.isoformat()},
                       {"key": "frequency", "value": d.frequency}, {"key": "access_rights", "value": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"}],
            "resources": [self._resource(d, n, name) for n, name in enumerate(d.formats)],
            "tags": [{"display_name": k, "id": guid_of("tag", k), "name": k, "state": "active", "vocabulary_id": None} for k in d.keywords],
            "groups": [], "relationships_as_subject": [], "relationships_as_object": [],
        }  # fmt: skip

    def _resource(self, d: DatasetFacts, position: int, name: str) -> dict[str, Any]:
        guid = guid_of("resource", d.guid, position)
        return {
            "cache_last_updated": None, "cache_url": None, "created": f"{d.issued}T08:00:00.000000", "description": "", "format": name, "hash": "", "id": guid,
            "last_modified": f"{d.modified}T02:30:00.000000" if position == 0 else None, "metadata_modified": f"{d.modified}T03:00:00.000000",
            "mimetype": MEDIA_TYPES.get(name), "mimetype_inner": None, "name": f"{d.title} ({name})", "package_id": d.guid, "position": position,
            "resource_type": None, "size": None if position else 4096 + len(d.description) * 37, "state": "active",
            "url": f"https://{self.host}/fil/{d.name}.{name.lower()}", "url_type": None,
        }  # fmt: skip

    @staticmethod
    def _organization(body: Body) -> dict[str, Any]:
        return {"id": guid_of("organization", body.orgnr), "name": body.slug, "title": body.full_name, "type": "organization", "description": "", "image_url": "",
                "created": "2021-02-01T09:00:00.000000", "is_organization": True, "approval_status": "approved", "state": "active"}  # fmt: skip

    def _show(self, asked: Mapping[str, Any]) -> Any:
        wanted = asked.get("id") or asked.get("name_or_id")
        if not wanted:
            return self._error("package_show", 409, {"name_or_id": ["Missing value"], "__type": "Validation Error"})
        found = next((d for d in self._packages if wanted in (d.guid, d.name)), None)
        return self._package(found) if found else self._error("package_show", 404, {"__type": "Not Found Error", "message": "Not found"})

    def _page_of(self, asked: Mapping[str, Any], found: Sequence[Any]) -> list[Any]:
        start, limit = self._whole(asked, "offset", 0) or 0, self._whole(asked, "limit", 0)
        return list(found[start : start + limit] if limit else found[start:])

    def _names(self, asked: Mapping[str, Any]) -> Any:
        return self._page_of(asked, sorted(d.name for d in self._packages))

    def _current(self, asked: Mapping[str, Any]) -> Any:
        return [self._package(d) for d in self._page_of(asked, self._sorted(list(self.datasets), ""))]

    def _status(self, asked: Mapping[str, Any]) -> Any:
        return {"site_title": f"Åpne data fra {self.body.full_name}", "site_description": "", "site_url": f"https://{self.host}", "error_emails_to": "",
                "locale_default": "nb_NO", "extensions": ["activity", "dcat"], "ckan_version": "2.12.0"}  # fmt: skip

    def _publishers(self) -> list[Body]:
        return list({d.publisher.slug: d.publisher for d in self.datasets}.values())

    def _organisations(self, asked: Mapping[str, Any]) -> Any:
        if str(asked.get("all_fields")).lower() not in ("true", "1"):
            return sorted(b.slug for b in self._publishers())
        counts = Counter(d.publisher.slug for d in self.datasets)
        rows = [{**self._organization(b), "display_name": b.full_name, "image_display_url": "", "num_followers": 0, "package_count": counts[b.slug]} for b in self._publishers()]
        return self._page_of(asked, rows)[:25]

    def _organisation(self, asked: Mapping[str, Any]) -> Any:
        found = next((b for b in self._publishers() if b.slug == asked.get("id")), None)
        return self._organization(found) if found else self._error("organization_show", 404, {"__type": "Not Found Error", "message": "Not found"})

    def _licences(self, asked: Mapping[str, Any]) -> Any:
        return [{"id": k, "title": k, "url": v, "status": "active", "is_generic": False} for k, v in LICENCES.items()]
