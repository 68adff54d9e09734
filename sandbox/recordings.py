"""Serves a `manifest.jsonl` of recorded exchanges: what is listed is answered, everything else is 404."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.answers import Answer, Question
from sandbox.exceptions import ManifestError

FIELDS = ("method", "url", "request_body_sha256", "status", "headers", "body_file")
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length", "proxy-authenticate", "date"}


class Recordings:
    """The exchanges of a manifest, found by method, address and the SHA-256 of the raw request body."""

    def __init__(self, manifest: Path) -> None:
        """`manifest`: one JSON object a line with the keys of `FIELDS`; `body_file` is relative to the manifest.

        Raises ManifestError naming the line and the field.
        """
        self.exchanges: dict[tuple[str, str, str | None], Answer] = {}
        self.hosts: list[str] = []
        hosts = set()
        for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            exchange = self._checked(manifest, number, line)
            body = b""
            if exchange["body_file"]:
                path = manifest.parent / exchange["body_file"]
                if not path.is_file():
                    raise ManifestError(f"{manifest}:{number}: body_file {exchange['body_file']} is not there; add it beside the manifest")
                body = path.read_bytes()
            parts = urlsplit(exchange["url"])
            hosts.add(parts.hostname or "")
            key = (exchange["method"].upper(), self._plain_url(exchange["url"]), exchange["request_body_sha256"])
            self.exchanges[key] = self._answer(exchange, body)
        self.hosts = sorted(hosts)

    def respond(self, question: Question) -> Answer:
        """The recorded answer, or 404. A recording without a body hash answers requests without a body only."""
        digest = hashlib.sha256(question.body).hexdigest() if question.body else None
        method = "GET" if question.method == "HEAD" else question.method
        for scheme in (question.scheme, "https", "http"):
            found = self.exchanges.get((method, self._plain_url(f"{scheme}://{question.host}{question.target}"), digest))
            if found is not None:
                return _conditional(question, found)
        return Answer(404, b"Not in the recordings\n", "text/plain; charset=utf-8")

    @staticmethod
    def _plain_url(url: str) -> str:
        parts = urlsplit(url)
        default = {"http": 80, "https": 443}.get(parts.scheme)
        port = f":{parts.port}" if parts.port and parts.port != default else ""
        query = f"?{parts.query}" if parts.query else ""
        return f"{parts.scheme}://{(parts.hostname or '').lower()}{port}{parts.path or '/'}{query}"

    @staticmethod
    def _checked(manifest: Path, number: int, line: str) -> dict:
        try:
            exchange = json.loads(line)
        except ValueError as error:
            raise ManifestError(f"{manifest}:{number}: not JSON ({error}); write one object a line") from error
        missing = [name for name in FIELDS if name not in exchange]
        if missing:
            raise ManifestError(f"{manifest}:{number}: field {missing[0]} is missing; the fields are {', '.join(FIELDS)}")
        return exchange

    @staticmethod
    def _answer(exchange: dict, body: bytes) -> Answer:
        pairs = exchange["headers"].items() if isinstance(exchange["headers"], dict) else exchange["headers"]
        headers = {str(name): str(value) for name, value in pairs if str(name).lower() not in HOP_BY_HOP}
        packed = headers.get("Content-Encoding") or headers.get("content-encoding") or ""
        if "gzip" in packed and not body.startswith(b"\x1f\x8b"):
            # Recorders often store the decoded body beside the encoded answer's headers.
            headers = {k: v for k, v in headers.items() if k.lower() != "content-encoding"}
        kind = next((v for k, v in headers.items() if k.lower() == "content-type"), "application/octet-stream")
        return Answer(int(exchange["status"]), body, kind, tuple(headers.items()))


def _conditional(question: Question, answer: Answer) -> Answer:
    """304 when the request carries the very validator that was recorded."""
    recorded = {name.lower(): value for name, value in answer.headers}
    wanted = question.headers.get("if-none-match")
    if question.method not in ("GET", "HEAD") or answer.status != 200:
        return answer
    if wanted and recorded.get("etag") and recorded["etag"] in [t.strip() for t in wanted.split(",")]:
        return Answer(304, b"", answer.media_type, (("ETag", recorded["etag"]),))
    since = question.headers.get("if-modified-since")
    if not wanted and since and since == recorded.get("last-modified"):
        return Answer(304, b"", answer.media_type, (("Last-Modified", since),))
    return answer
