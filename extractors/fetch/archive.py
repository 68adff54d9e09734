"""Every exchange kept as WARC 1.1, with an index, and read back only when the bytes are still the same.

Files stand per source and month (`<platform>/<source>/<yyyy-mm>.warc.gz`), so that journal answers can be deleted after 365 days.
Kept headers are an allow-list: never cookies (WEB B.9, B.11). The body is kept without its transfer and content encoding; the
header `X-Archive-Orig-Content-Encoding` says which one was taken off.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import threading
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.contract import Capture, Request
from extractors.exceptions import ArchiveDamaged, ArchiveErased

KEPT_HEADERS = (
    "content-type", "content-disposition", "content-language", "etag", "last-modified", "date", "location", "link", "retry-after",
    "x-robots-tag", "server", "x-powered-by", "x-generator",
)  # fmt: skip
JOURNAL_PLATFORMS = ("acos-innsyn", "einnsyn")
SCHEMA = """
create table if not exists captures (
    capture text primary key, source text, platform text, url text, key text, method text, status integer, fetched_at text,
    sha256 text, media_type text, headers text, request text, file text, offset integer, length integer, payload_of text,
    robots_permission text, is_erased integer default 0);
create index if not exists captures_key on captures (key, fetched_at);
create index if not exists captures_file on captures (file);
"""


@dataclass(frozen=True)
class Validators:
    """What a conditional request may say about the last whole answer to the same question."""

    capture: str
    etag: str | None
    last_modified: str | None


class Archive:
    """The archive folder. One process writes; threads share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(folder / "index.sqlite", check_same_thread=False, timeout=60)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=normal")
        self._db.executescript(SCHEMA)
        self._trimmed: set[str] = set()

    def close(self) -> None:
        self._db.close()

    def write(
        self,
        *,
        source: str,
        platform: str,
        request: Request,
        url: str,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        fetched_at: str,
        media_type: str,
        request_headers: Mapping[str, str],
        robots_permission: str | None = None,
        same_as: str | None = None,
    ) -> str:
        """File one exchange and return its capture id. `same_as` names the capture whose body a 304 answer confirms."""
        capture = str(uuid.uuid4())
        digest = hashlib.sha256(body).hexdigest()
        kept = {k.lower(): v for k, v in headers.items() if k.lower() in KEPT_HEADERS}
        if (encoding := headers.get("Content-Encoding")) is not None:
            kept["x-archive-orig-content-encoding"] = encoding
        with self._lock:
            relative = Path(platform) / source.replace("/", "__") / f"{fetched_at[:7]}.warc.gz"
            path = self.folder / relative
            self._trim(path, str(relative))
            payload_of = same_as or self._twin(digest, str(relative))
            with path.open("ab") as stream:
                offset = stream.tell()
                writer = WARCWriter(stream, gzip=True, warc_version="1.1")
                self._write_records(
                    writer, capture, url, status, kept, body, fetched_at, request, request_headers, payload_of, digest, same_as
                )
                stream.flush()
                os.fsync(stream.fileno())
                length = stream.tell() - offset
            asked = {"method": request.method, "url": request.url, "json": request.json, "headers": request.headers,
                     "context": dict(request.context), "role": request.role}  # fmt: skip
            self._db.execute(
                "insert into captures values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)",
                (capture, source, platform, url, f"{source} {request.key}", request.method, status, fetched_at, digest, media_type,
                 json.dumps(kept), json.dumps(asked), str(relative), offset, length, payload_of, robots_permission),
            )  # fmt: skip
            self._db.commit()
        return capture

    def _write_records(
        self, writer, capture, url, status, kept, body, fetched_at, request, request_headers, payload_of, digest, same_as
    ) -> None:
        moment = fetched_at.replace("+00:00", "Z")
        warc = {"WARC-Record-ID": f"<urn:uuid:{capture}>", "WARC-Date": moment, "WARC-Payload-Digest": f"sha256:{digest}"}
        http = StatusAndHeaders(f"{304 if same_as else status} -", list(kept.items()), protocol="HTTP/1.1")
        kind, payload = "response", body
        if payload_of:
            kind, payload = "revisit", b""
            profile = "server-not-modified" if same_as else "identical-payload-digest"
            warc |= {"WARC-Profile": f"http://netpreserve.org/warc/1.1/revisit/{profile}", "WARC-Refers-To": f"<urn:uuid:{payload_of}>"}
        writer.write_record(
            writer.create_warc_record(url, kind, io.BytesIO(payload), len(payload), http_headers=http, warc_headers_dict=warc)
        )
        asked = json.dumps(request.json, ensure_ascii=False).encode() if request.json is not None else b""
        line = StatusAndHeaders(f"{request.method} {url} HTTP/1.1", list(request_headers.items()), is_http_request=True)
        about = {"WARC-Date": moment, "WARC-Concurrent-To": f"<urn:uuid:{capture}>"}
        writer.write_record(
            writer.create_warc_record(url, "request", io.BytesIO(asked), len(asked), http_headers=line, warc_headers_dict=about)
        )

    def _trim(self, path: Path, relative: str) -> None:
        """Cut what a killed run left behind the last indexed record."""
        if relative in self._trimmed:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        end = self._db.execute("select max(offset + length) from captures where file = ? and not is_erased", (relative,)).fetchone()[0] or 0
        if path.exists() and path.stat().st_size > end:
            with path.open("r+b") as stream:
                stream.truncate(end)
        self._trimmed.add(relative)

    def _twin(self, digest: str, relative: str) -> str | None:
        row = self._db.execute(
            "select capture from captures where file = ? and sha256 = ? and payload_of is null and not is_erased", (relative, digest)
        ).fetchone()
        return row[0] if row else None

    def validators(self, source: str, request: Request) -> Validators | None:
        """ETag and Last-Modified of the last whole answer to this question, if it still stands in the archive."""
        with self._lock:
            row = self._db.execute(
                "select capture, headers from captures where key = ? and status = 200 and not is_erased order by rowid desc limit 1",
                (f"{source} {request.key}",),
            ).fetchone()
        if row is None:
            return None
        headers = json.loads(row["headers"])
        etag, modified = headers.get("etag"), headers.get("last-modified")
        return Validators(row["capture"], etag, modified) if etag or modified else None

    def row(self, capture: str) -> dict[str, Any]:
        """The index row of a capture. Raises ArchiveErased when there is none."""
        with self._lock:
            row = self._db.execute("select * from captures where capture = ?", (capture,)).fetchone()
        if row is None or row["is_erased"]:
            raise ArchiveErased(f"capture {capture} is no longer in the archive")
        return dict(row)

    def read(self, capture: str) -> Capture:
        """The capture as it was. Raises ArchiveErased or ArchiveDamaged."""
        row = self.row(capture)
        body = self._body(row)
        if hashlib.sha256(body).hexdigest() != row["sha256"]:
            raise ArchiveDamaged(f"capture {capture}: the bytes in {row['file']} are not the bytes that were fetched")
        return rebuild(row, body)

    def _body(self, row: Mapping[str, Any]) -> bytes:
        if row["payload_of"]:
            return self._body(self.row(row["payload_of"]))
        path = self.folder / row["file"]
        if not path.exists():
            raise ArchiveErased(f"{row['file']} was deleted")
        with path.open("rb") as stream:
            stream.seek(row["offset"])
            try:
                record = next(iter(ArchiveIterator(io.BytesIO(stream.read(row["length"])))))
                return record.content_stream().read()
            except (ArchiveLoadFailed, StopIteration, zlib.error, EOFError, OSError, ValueError, AttributeError) as error:
                raise ArchiveDamaged(f"capture {row['capture']} cannot be read from {row['file']}") from error

    def index(self, source: str | None = None) -> Iterator[dict[str, Any]]:
        """Index rows in the order they were written (the CDX rows of the warehouse)."""
        where, values = ("where source = ?", (source,)) if source else ("", ())
        with self._lock:
            rows = self._db.execute(f"select * from captures {where} order by rowid", values).fetchall()
        yield from (dict(row) for row in rows)

    def erase_journals_before(self, day: date) -> int:
        """Delete journal files of months that ended before `day` (offentlegforskrifta section 6). Returns files deleted."""
        count = 0
        for platform in JOURNAL_PLATFORMS:
            for path in sorted((self.folder / platform).glob("*/*.warc.gz")):
                year, month = (int(n) for n in path.name.removesuffix(".warc.gz").split("-"))
                if date(year + month // 12, month % 12 + 1, 1) <= day:
                    self._erase(path)
                    count += 1
        return count

    def _erase(self, path: Path) -> None:
        relative = str(path.relative_to(self.folder))
        with self._lock:
            self._db.execute("update captures set is_erased = 1, headers = '{}', request = '{}' where file = ?", (relative,))
            self._db.commit()
            path.unlink()
            self._trimmed.discard(relative)


def rebuild(row: Mapping[str, Any], body: bytes, *, not_modified: bool = False) -> Capture:
    """A Capture from its index row and its bytes."""
    from extractors.fetch.charset import decode

    asked = json.loads(row["request"])
    request = Request(
        url=asked["url"], method=asked["method"], headers=tuple(tuple(h) for h in asked["headers"]), json=asked["json"],
        context=asked["context"], role=asked["role"],
    )  # fmt: skip
    headers = json.loads(row["headers"])
    media_type = row["media_type"]
    text = decode(body, headers.get("content-type")).text if is_textual(media_type) else ""
    return Capture(
        id=row["capture"], request=request, url=row["url"], status=row["status"], headers=headers, body=body, fetched_at=row["fetched_at"],
        sha256=row["sha256"], media_type=media_type, text=text, not_modified=not_modified,
    )  # fmt: skip


def is_textual(media_type: str) -> bool:
    """Can this media type be read as text?"""
    return media_type.startswith("text/") or any(word in media_type for word in ("json", "xml", "turtle", "javascript", "n-triples"))
