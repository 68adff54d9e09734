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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from http.client import responses
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
JOURNAL_PLATFORMS = (
    "360-pj", "acos-innsyn", "acos-wfinnsyn", "bergen-custom", "custompublish", "digdem-rails", "discovery", "einnsyn", "elements-einnsyn",
    "elements-publikum", "innsynsportal", "noark4-journal", "noark5-journal", "opengov-cases", "pdf-journal", "postliste-json-api",
)  # fmt: skip
SCHEMA = """
create table if not exists captures (
    capture text primary key, source text, platform text, url text, key text, method text, status integer, fetched_at text,
    sha256 text, media_type text, headers text, request text, file text, offset integer, length integer, payload_of text,
    robots_permission text, is_erased integer default 0);
create index if not exists captures_key on captures (key, fetched_at);
create index if not exists captures_file on captures (file, sha256);
create index if not exists captures_source on captures (source);
"""
ORIGIN = "select capture, url, fetched_at, payload_of from captures"
EMPTY = hashlib.sha256(b"").hexdigest()
REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
SOFTWARE = {
    "software": "dagslys 0.1, warcio", "format": "WARC File Format 1.1", "robots": "obeyed (RFC 9309)",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
}  # fmt: skip


def _warcinfo(name: str) -> bytes:
    """The record a file begins with: who wrote it and by which rules (WEB B.11)."""
    record = io.BytesIO()
    writer = WARCWriter(record, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record(name, SOFTWARE))
    return record.getvalue()


@dataclass(frozen=True)
class _Exchange:
    """One question and its answer, as they are to be filed."""

    capture: str
    request: Request
    method: str
    url: str
    status: int
    kept: Mapping[str, str]
    body: bytes
    fetched_at: str
    request_headers: Mapping[str, str]
    digest: str
    address: str | None
    robots_permission: str | None

    def write(self, writer: WARCWriter, first: sqlite3.Row | None, *, is_not_modified: bool) -> None:
        """A response (or a revisit of the record `first`, whose bytes are the same) and its request."""
        moment = _warc_date(self.fetched_at)
        warc = {"WARC-Record-ID": f"<urn:uuid:{self.capture}>", "WARC-Date": moment, "WARC-Payload-Digest": f"sha256:{self.digest}"}
        if self.address:
            warc["WARC-IP-Address"] = self.address
        if self.robots_permission:
            warc["Dagslys-Robots-Permission"] = " ".join(self.robots_permission.split())
        kind, payload = "response", self.body
        if first is not None:
            kind, payload = "revisit", b""
            warc |= {
                "WARC-Profile": f"{REVISIT}{'server-not-modified' if is_not_modified else 'identical-payload-digest'}",
                "WARC-Refers-To": f"<urn:uuid:{first['capture']}>", "WARC-Refers-To-Target-URI": first["url"],
                "WARC-Refers-To-Date": _warc_date(first["fetched_at"]),
            }  # fmt: skip
        status = 304 if is_not_modified else self.status
        http = StatusAndHeaders(f"{status} {responses.get(status, 'Unknown')}", list(self.kept.items()), protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(self.url, kind, io.BytesIO(payload), len(payload), http_headers=http, warc_headers_dict=warc)
        )
        asked = self.request.body if self.method == self.request.method else b""
        line = StatusAndHeaders(f"{self.method} {self.url} HTTP/1.1", list(self.request_headers.items()), is_http_request=True)
        about = {"WARC-Date": moment, "WARC-Concurrent-To": f"<urn:uuid:{self.capture}>"}
        writer.write_record(
            writer.create_warc_record(self.url, "request", io.BytesIO(asked), len(asked), http_headers=line, warc_headers_dict=about)
        )


def _warc_date(moment: str) -> str:
    return moment.replace("+00:00", "Z")


@dataclass(frozen=True)
class Validators:
    """What a conditional request may say about the last whole answer to the same question, which came from `url`."""

    capture: str
    url: str
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
        method: str | None = None,
        address: str | None = None,
        robots_permission: str | None = None,
        same_as: str | None = None,
    ) -> str:
        """File one exchange and return its capture id. `url` is what was asked for in this hop, with `method` where a redirect changed it;
        `address` is the machine that answered; `same_as` names the capture whose body a 304 answer confirms."""
        capture = str(uuid.uuid4())
        digest = hashlib.sha256(body).hexdigest()
        kept = {k.lower(): v for k, v in headers.items() if k.lower() in KEPT_HEADERS}
        if (encoding := headers.get("Content-Encoding")) is not None:
            kept["x-archive-orig-content-encoding"] = encoding
        relative = Path(platform) / source.replace("/", "__") / f"{fetched_at[:7]}.warc.gz"
        path = self.folder / relative
        with self._lock:
            self._trim(path, str(relative))
            first = self._first(same_as) if same_as else self._twin(digest, str(relative))
        records = io.BytesIO()
        exchange = _Exchange(capture, request, method or request.method, url, status, kept, body, fetched_at, dict(request_headers), digest,
                             address, robots_permission)  # fmt: skip
        exchange.write(WARCWriter(records, gzip=True, warc_version="1.1"), first, is_not_modified=same_as is not None)
        asked = {"method": request.method, "url": request.url, "json": request.json, "form": request.form,
                 "headers": request.headers, "context": dict(request.context), "role": request.role}  # fmt: skip
        with self._lock:
            with path.open("ab") as stream:
                if not stream.tell():
                    stream.write(_warcinfo(path.name))
                offset = stream.tell()
                stream.write(records.getbuffer())
                stream.flush()
                os.fsync(stream.fileno())
            self._db.execute(
                "insert into captures values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)",
                (capture, source, platform, url, f"{source} {request.key}", exchange.method, status, fetched_at, digest, media_type,
                 json.dumps(kept), json.dumps(asked), str(relative), offset, records.tell(), first["capture"] if first else None,
                 robots_permission),
            )  # fmt: skip
            self._db.commit()
        return capture

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

    def _first(self, capture: str) -> sqlite3.Row | None:
        """The capture that holds the bytes `capture` refers to."""
        row = self._db.execute(f"{ORIGIN} where capture = ?", (capture,)).fetchone()
        return self._first(row["payload_of"]) if row and row["payload_of"] else row

    def _twin(self, digest: str, relative: str) -> sqlite3.Row | None:
        if digest == EMPTY:
            return None
        return self._db.execute(
            f"{ORIGIN} where file = ? and sha256 = ? and payload_of is null and not is_erased", (relative, digest)
        ).fetchone()

    def validators(self, source: str, request: Request) -> Validators | None:
        """ETag and Last-Modified of the last whole answer to this question, if it still stands in the archive."""
        with self._lock:
            row = self._db.execute(
                "select capture, url, headers from captures where key = ? and status = 200 and not is_erased order by rowid desc limit 1",
                (f"{source} {request.key}",),
            ).fetchone()
        if row is None:
            return None
        headers = json.loads(row["headers"])
        etag, modified = headers.get("etag"), headers.get("last-modified")
        return Validators(row["capture"], row["url"], etag, modified) if etag or modified else None

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

    def index(self, source: str | None = None, after: int = 0) -> Iterator[dict[str, Any]]:
        """Index rows in the order they were written (the CDX rows of the warehouse); `after` is a `mark`."""
        where, values = ("and source = ?", (source,)) if source else ("", ())
        with self._lock:
            rows = self._db.execute(f"select * from captures where rowid > ? {where} order by rowid", (after, *values)).fetchall()
        yield from (dict(row) for row in rows)

    def mark(self) -> int:
        """How far the index is written now."""
        with self._lock:
            return self._db.execute("select coalesce(max(rowid), 0) from captures").fetchone()[0]

    def erase_journals_before(self, day: date, is_chosen: Callable[[str, date], bool] = lambda source, month: True) -> int:
        """Delete journal files of months that ended before `day` (offentlegforskrifta section 6). Returns files deleted.

        `is_chosen` is asked of each source and the first day of a month.
        """
        self._sweep()
        count = 0
        for platform in JOURNAL_PLATFORMS:
            for path in sorted((self.folder / platform).glob("*/*.warc.gz")):
                year, month = int(path.name[:4]), int(path.name[5:7])
                source = path.parent.name.replace("__", "/", 1)
                if date(year + month // 12, month % 12 + 1, 1) <= day and is_chosen(source, date(year, month, 1)):
                    self._forget("file = ?", str(path.relative_to(self.folder)))
                    path.unlink()
                    count += 1
        return count

    def erase(self, captures: Iterable[str]) -> int:
        """Take captures, and every other one that holds the same bytes, out of the archive (a take-down). Returns captures erased.

        A file is written anew beside the old one before the index points to it, so a kill leaves either the old or the new.
        """
        self._sweep()
        count = 0
        for capture in captures:
            with self._lock:
                row = self._db.execute("select sha256 from captures where capture = ? and not is_erased", (capture,)).fetchone()
                if row is None:
                    continue
                where, value = ("capture = ?", capture) if row[0] == EMPTY else ("sha256 = ?", row[0])
                files = self._db.execute(f"select distinct file from captures where {where} and not is_erased", (value,)).fetchall()
            count += self._forget(f"{where} and not is_erased", value)
            for (file,) in files:
                self._rewrite(file)
        return count

    def _sweep(self) -> None:
        """Delete files that hold erased captures only: what a kill in the middle of an erasure left."""
        with self._lock:
            rows = self._db.execute("select file from captures group by file having min(is_erased)").fetchall()
            for (file,) in rows:
                (self.folder / file).unlink(missing_ok=True)

    def _forget(self, where: str, value: str) -> int:
        with self._lock:
            found = self._db.execute(f"update captures set is_erased = 1, headers = '{{}}', request = '{{}}' where {where}", (value,))
            self._db.commit()
            self._trimmed.clear()
        return found.rowcount

    def _rewrite(self, file: str) -> None:
        """The file without what was erased, under a new name, and the index after it."""
        old = self.folder / file
        if not old.exists():
            return
        stem, _, version = old.name.removesuffix(".warc.gz").partition(".r")
        new = old.with_name(f"{stem}.r{int(version or 0) + 1}.warc.gz")
        with self._lock:
            rows = self._db.execute(
                "select capture, offset, length from captures where file = ? and not is_erased order by offset", (file,)
            )
            moved = []
            with old.open("rb") as source, new.open("wb") as target:
                target.write(_warcinfo(new.name))
                for capture, offset, length in rows.fetchall():
                    source.seek(offset)
                    moved.append((str(new.relative_to(self.folder)), target.tell(), capture))
                    target.write(source.read(length))
                target.flush()
                os.fsync(target.fileno())
            self._db.executemany("update captures set file = ?, offset = ? where capture = ?", moved)
            self._db.commit()
            old.unlink()
            if not moved:
                new.unlink()


def rebuild(row: Mapping[str, Any], body: bytes, *, not_modified: bool = False) -> Capture:
    """A Capture from its index row and its bytes."""
    from extractors.fetch.charset import decode

    asked = json.loads(row["request"])
    request = Request(
        url=asked["url"], method=asked["method"], headers=tuple(tuple(h) for h in asked["headers"]), json=asked["json"],
        form=tuple((name, value) for name, value in asked.get("form", ())), context=asked["context"], role=asked["role"],
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
