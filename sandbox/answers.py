"""What a host of the sandbox is asked and what it answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Question:
    """One request as a host sees it: `target` is the raw request target, `host` has no port."""

    method: str
    scheme: str
    host: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path as sent, percent-encoding kept."""
        return urlsplit(self.target).path or "/"

    @property
    def plain_path(self) -> str:
        return unquote(self.path)

    @property
    def query(self) -> dict[str, str]:
        """Query parameters; the last one wins."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.target}"

    def cookies(self) -> dict[str, str]:
        pairs = (p.strip().partition("=") for p in self.headers.get("cookie", "").split(";"))
        return {k: v for k, _, v in pairs if k}


@dataclass(frozen=True)
class Answer:
    """One answer. `modified` (HTTP-date) and an ETag of the body make it conditional; `None` means no validators."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    modified: str | None = None

    @property
    def etag(self) -> str | None:
        if self.modified is None or self.status != 200:
            return None
        return f'"{hashlib.sha1(self.body, usedforsecurity=False).hexdigest()[:20]}"'


def html(text: str, *, status: int = 200, modified: str | None = None, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, text.encode("utf-8"), "text/html; charset=utf-8", headers, modified)


def plain(text: str, *, status: int = 200, modified: str | None = None, media_type: str = "text/plain; charset=utf-8") -> Answer:
    return Answer(status, text.encode("utf-8"), media_type, (), modified)


def json_answer(value: Any, *, status: int = 200, modified: str | None = None, media_type: str = "application/json") -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode("utf-8"), media_type, (), modified)


def redirect(location: str, status: int = 302) -> Answer:
    return Answer(status, b"", "text/html; charset=utf-8", (("Location", location),))


NOT_FOUND = html("<!doctype html><html lang='nb'><head><title>404</title></head><body><h1>Fant ikke siden</h1></body></html>", status=404)
