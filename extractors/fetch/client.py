"""One polite, archived HTTP client for everything.

Order of a question: scope, robots.txt, pace, conditional headers, send, read within caps, redirect hop by hop with all of this
again, archive. Nothing here knows a platform.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import ada_url
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from extractors.contract import Capture, Request, Source
from extractors.exceptions import (
    AccessDenied,
    AddressRefused,
    ContactMissing,
    DeadlineExceeded,
    HostResting,
    LoginRequired,
    NetworkError,
    OutOfScope,
    RobotsRefused,
    TooLarge,
)
from extractors.fetch import charset, guard, robots, urls
from extractors.fetch.archive import Archive, rebuild
from extractors.fetch.pace import Pace

PRODUCT = "dagslys"
VERSION = "0.1"
MAX_HOPS = 5
CONNECT_S, READ_S, TOTAL_S, SLOW_TOTAL_S = 10.0, 15.0, 60.0, 90.0
MEGABYTE = 1024 * 1024
CAPS = {"index": 50, "document": 50, "data": 50, "robots": 1, "shell": 5, "probe": 5}
HTML_CAP = 5 * MEGABYTE
RATIO_CAP = 100
ROBOTS_AGE_S = 24 * 3600.0
RETRIES = 2
LOGIN = re.compile(r"/(login|logg-?inn|signin|sign-in|account/login|adfs|oauth2?|saml2?|idporten)(/|$|\.|\?)", re.I)
DENIAL = re.compile(r"access denied|request rejected|you do not have permission|forbidden|attention required|ikke tilgang", re.I)


Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Stats:
    """What a source cost: questions sent (robots and redirect hops included), answers 304, body bytes."""

    requests: int = 0
    not_modified: int = 0
    size_bytes: int = 0


@dataclass
class RobotsEntry:
    rules: robots.Rules | None
    reason: str
    read_at: float


@dataclass
class _Route:
    scheme: str
    host: str
    port: int
    server_name: str | None


class _VettedAdapter(HTTPAdapter):
    """Connects to the address that was vetted, or to the gateway, and to nothing else; Host and SNI stay the site's."""

    def __init__(self) -> None:
        self.route: _Route | None = None
        super().__init__(max_retries=0, pool_maxsize=1)

    def build_connection_pool_key_attributes(self, request, verify, cert=None):
        host, kwargs = super().build_connection_pool_key_attributes(request, verify, cert)
        if self.route is None:
            raise AddressRefused("no vetted address for this request")
        host = {"scheme": self.route.scheme, "host": self.route.host, "port": self.route.port}
        if self.route.scheme == "https":
            kwargs |= {"server_hostname": self.route.server_name, "assert_hostname": self.route.server_name}
        else:
            kwargs = {k: v for k, v in kwargs.items() if k not in ("cert_reqs", "ca_certs", "ca_cert_dir", "cert_file", "key_file")}
        return host, kwargs


@dataclass
class _Session:
    http: requests.Session
    adapter: _VettedAdapter
    lock: threading.RLock = field(default_factory=threading.RLock)


def system_resolver(host: str) -> list[str]:
    """The addresses of a host name, by the machine's resolver."""
    return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})


class Client:
    """Thread-safe; one per run. A source's questions share one session (cookies live in memory and are never filed).

    `home` is the state folder, `contact` the address or page that stands in the User-Agent, `gateway` the one address everything
    goes to instead of the web (DESIGN section 3). Raises ContactMissing when the real web would be asked without a contact.
    """

    def __init__(
        self,
        home: Path,
        *,
        contact: str | None,
        gateway: str | None = None,
        agent: str = PRODUCT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        resolve: Callable[[str], Iterable[str]] = system_resolver,
        pace: Pace | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        total_s: float = TOTAL_S,
    ) -> None:
        if not contact and not gateway:
            raise ContactMissing("set DAGSLYS_CONTACT to an e-mail address or a page about the project: the web is not asked anonymously")
        self.gateway = ada_url.URL(gateway) if gateway else None
        self.agent = agent
        self.user_agent = f"Mozilla/5.0 (compatible; {agent}/{VERSION}; +{contact or 'https://dagslys.example/om'})"
        self.clock, self.resolve, self.now, self.total_s = clock, resolve, now, total_s
        self.pace = pace or Pace(clock, sleep)
        self.archive = Archive(home / "archive")
        self.stats: dict[str, Stats] = {}
        self.refusals: Counter[str] = Counter()
        self._sessions: dict[tuple[str, str], _Session] = {}
        self._robots: dict[str, RobotsEntry] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        for session in self._sessions.values():
            session.http.close()
        self.archive.close()

    def fetch(self, source: Source, request: Request) -> Capture:
        """Ask one question and file the answer. Raises a FetchError; answers 4xx and 5xx come back as captures."""
        url = urls.parse(request.url)
        if not urls.host_of(url):
            raise OutOfScope("no host in the address")
        validators = self.archive.validators(source.id, request) if request.method == "GET" and request.role != "shell" else None
        headers = dict(request.headers)
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        permission = None
        for _ in range(MAX_HOPS + 1):
            self._check_scope(source, url)
            permission = self._check_robots(source, url) or permission
            status, answer, body = self._ask(source, request, url, headers)
            location = answer.get("Location")
            if status not in (301, 302, 303, 307, 308) or not location:
                break
            url = urls.parse(location, url)
            if LOGIN.search(ada_url.URL(url).pathname + "/"):
                raise LoginRequired(f"{urls.host_of(url)} sends us to a login page")
        else:
            raise NetworkError(f"more than {MAX_HOPS} redirects")
        self._refuse_denials(status, body, answer)
        return self._file(source, request, url, status, answer, body, headers, validators, permission)

    def _file(self, source, request, url, status, answer, body, headers, validators, permission) -> Capture:
        fetched_at = self.now().astimezone(UTC).isoformat(timespec="microseconds")
        same_as = None
        if status == 304 and validators:
            earlier = self.archive.read(validators.capture)
            body, same_as, status = earlier.body, earlier.id, earlier.status
            answer = {**earlier.headers, **{k: v for k, v in answer.items() if k.lower() in ("etag", "last-modified", "date")}}
            self._count(source.id, not_modified=1)
        media_type = sniff(body, answer.get("Content-Type") or answer.get("content-type"))
        capture = self.archive.write(
            source=source.id, platform=source.platform, request=request, url=url, status=status, headers=answer, body=body,
            fetched_at=fetched_at, media_type=media_type, request_headers={"User-Agent": self.user_agent, **headers},
            robots_permission=permission, same_as=same_as,
        )  # fmt: skip
        return rebuild(self.archive.row(capture), body, not_modified=same_as is not None)

    def _refuse_denials(self, status: int, body: bytes, answer) -> None:
        if status in (401, 407):
            raise LoginRequired("the server asks for a login")
        if status == 403:
            raise AccessDenied("the server refuses us (403)")
        if status == 200 and len(body) < 2000 and "html" in (answer.get("Content-Type") or "") and DENIAL.search(body.decode("latin-1")):
            raise AccessDenied("the server refuses us under a 200")

    def _check_scope(self, source: Source, url: str) -> None:
        host = urls.host_of(url)
        allowed = {h.lower() for h in source.hosts} | {urls.host_of(source.url)}
        if host not in allowed:
            raise OutOfScope(f"{host} is not a host of {source.id}")

    def _check_robots(self, source: Source, url: str) -> str | None:
        """None when robots.txt allows; the permission when it refuses and the source entry holds one. Raises RobotsRefused."""
        entry = self._robots_for(source, url)
        if entry.rules is not None and entry.rules.allows(self.agent, url):
            return None
        if source.permission:
            return source.permission
        self.refusals[urls.host_of(url)] += 1
        raise RobotsRefused(f"{urls.host_of(url)}: {entry.reason}")

    def _robots_for(self, source: Source, url: str) -> RobotsEntry:
        parts = ada_url.URL(url)
        origin = f"{parts.protocol}//{parts.host}"
        with self._lock:
            entry = self._robots.get(origin)
        if entry is None or self.clock() - entry.read_at > ROBOTS_AGE_S:
            entry = self._read_robots(source, f"{origin}/robots.txt")
            with self._lock:
                self._robots[origin] = entry
        return entry

    def _read_robots(self, source: Source, url: str) -> RobotsEntry:
        request = Request(url=url, role="robots")
        try:
            for _ in range(MAX_HOPS + 1):
                status, answer, body = self._ask(source, request, url, {}, is_robots=True)
                if status not in (301, 302, 303, 307, 308) or not answer.get("Location"):
                    break
                url = urls.parse(answer["Location"], url)
        except TooLarge:
            return RobotsEntry(None, "robots.txt is too large to read", self.clock())
        except (NetworkError, DeadlineExceeded, AddressRefused) as error:
            return RobotsEntry(None, f"robots.txt could not be read ({error}), which means no", self.clock())
        if status >= 500 or status == 429:
            return RobotsEntry(None, f"robots.txt answered {status}, which means no", self.clock())
        rules = robots.parse(body) if 200 <= status < 300 else robots.Rules()
        return RobotsEntry(rules, "robots.txt refuses this address", self.clock())

    def sitemaps(self, source: Source) -> list[str]:
        """The sitemaps that robots.txt of the source's host names."""
        entry = self._robots_for(source, urls.parse(source.url))
        return list(entry.rules.sitemaps) if entry.rules else []

    def _crawl_delay(self, url: str) -> float | None:
        parts = ada_url.URL(url)
        with self._lock:
            entry = self._robots.get(f"{parts.protocol}//{parts.host}")
        return entry.rules.crawl_delay(self.agent) if entry and entry.rules else None

    def _ask(self, source: Source, request: Request, url: str, headers: dict[str, str], *, is_robots: bool = False) -> Answer:
        """One question with its retries: a strained host (429, 503) is asked again after what it asks for."""
        for attempt in range(RETRIES + 1):
            status, answer, body = self._ask_once(source, request, url, headers)
            if status not in (429, 503) or attempt == RETRIES or is_robots:
                return status, answer, body
        raise HostResting("retries are used up")

    def _ask_once(self, source: Source, request: Request, url: str, headers: dict[str, str]) -> Answer:
        route = self._route(url)
        host = urls.host_of(url)
        state = self.pace.enter(host, route.host)
        begun = self.clock()
        status, retry_after = None, None
        try:
            status, answer, body = self._send(source, request, url, headers, route)
            retry_after = seconds_to_wait(answer.get("Retry-After"), self.now())
        finally:
            self.pace.leave(
                state, latency_s=self.clock() - begun, status=status, crawl_delay_s=self._crawl_delay(url), retry_after_s=retry_after
            )
        return status, answer, body

    def _route(self, url: str) -> _Route:
        host, literal = guard.check_shape(url)
        parts = ada_url.URL(url)
        if self.gateway is not None:
            if literal is not None and not guard.is_public(literal):
                raise AddressRefused(f"{host} is not a public address")
            return _Route("http", self.gateway.hostname, int(self.gateway.port or 80), None)
        address = guard.check_url(url, self.resolve)[0]
        is_https = parts.protocol == "https:"
        return _Route("https" if is_https else "http", address, 443 if is_https else 80, host if is_https else None)

    def _session(self, source: Source, host: str) -> _Session:
        with self._lock:
            if (source.id, host) not in self._sessions:
                http, adapter = requests.Session(), _VettedAdapter()
                http.trust_env = False
                http.mount("http://", adapter)
                http.mount("https://", adapter)
                http.headers.clear()
                http.headers.update(
                    {
                        "User-Agent": self.user_agent,
                        "Accept-Encoding": "gzip, deflate",
                        "Accept-Language": "nb, nn;q=0.9, se;q=0.8, en;q=0.5",
                    }
                )
                self._sessions[(source.id, host)] = _Session(http, adapter)
            return self._sessions[(source.id, host)]

    def _send(self, source: Source, request: Request, url: str, headers: dict[str, str], route: _Route) -> Answer:
        parts = ada_url.URL(url)
        session = self._session(source, parts.host)
        data = json.dumps(request.json, ensure_ascii=False).encode() if request.json is not None else None
        sent = {"Accept": "*/*", **headers, "Host": parts.host}
        if data is not None:
            sent["Content-Type"] = "application/json"
        if self.gateway is not None:
            sent["X-Forwarded-Proto"] = parts.protocol.rstrip(":")
        self._count(source.id, requests=1)
        deadline = self.clock() + self.total_s
        with session.lock:
            session.adapter.route = route
            try:
                answer = session.http.request(
                    request.method, url, data=data, headers=sent, timeout=(CONNECT_S, READ_S if request.method == "GET" else TOTAL_S),
                    allow_redirects=False, stream=True,
                )  # fmt: skip
                with answer:
                    body = read_within_caps(answer, _cap(request, answer), deadline, self.clock)
            except (requests.RequestException, HTTPError, OSError) as error:
                raise NetworkError(f"{urls.host_of(url)}: {type(error).__name__}") from error
        self._count(source.id, size_bytes=len(body))
        return answer.status_code, answer.headers, body

    def _count(self, source: str, **amounts: int) -> None:
        with self._lock:
            stats = self.stats.setdefault(source, Stats())
            for name, amount in amounts.items():
                setattr(stats, name, getattr(stats, name) + amount)


def _cap(request: Request, answer: requests.Response) -> int:
    is_page = request.role == "data" and "html" in (answer.headers.get("Content-Type") or "")
    return HTML_CAP if is_page else CAPS[request.role] * MEGABYTE


def read_within_caps(answer: requests.Response, cap_bytes: int, deadline: float, clock: Callable[[], float]) -> bytes:
    """The body, decoded as it comes, so that neither size, nor compression, nor a drip can hold us (WEB B.7).

    Raises TooLarge, DeadlineExceeded, NetworkError (a content encoding we did not ask for, or broken data).
    """
    length = answer.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > cap_bytes:
        raise TooLarge(f"{length} bytes announced, {cap_bytes} allowed")
    encodings = (answer.headers.get("Content-Encoding") or "identity").lower().split(",")
    decoders = [_decoder(name.strip()) for name in reversed(encodings) if name.strip()]
    raw_size, body = 0, bytearray()
    while chunk := answer.raw.read1(65536, decode_content=False):
        raw_size += len(chunk)
        if clock() > deadline:
            raise DeadlineExceeded("the answer did not come in full in time")
        for decoder in decoders:
            if decoder is not None:
                try:
                    chunk = decoder.decompress(chunk, cap_bytes - len(body) + 1)
                except zlib.error as error:
                    raise NetworkError("the compressed answer is broken") from error
        body += chunk
        if len(body) > cap_bytes or (len(body) > MEGABYTE and len(body) > RATIO_CAP * raw_size):
            raise TooLarge(f"more than {cap_bytes} bytes, or more than {RATIO_CAP} times what was sent")
    if any(d is not None and not d.eof for d in decoders) and raw_size:
        raise NetworkError("the compressed answer ends too early")
    return bytes(body)


def _decoder(name: str):
    if name == "identity":
        return None
    if name in ("gzip", "x-gzip"):
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    if name == "deflate":
        return zlib.decompressobj()
    raise NetworkError(f"content encoding {name} was not asked for")


def seconds_to_wait(value: str | None, now: datetime) -> float | None:
    """Retry-After in seconds, both forms (RFC 9110 section 10.2.3); negative and past values say nothing."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return seconds if seconds > 0 else None


def sniff(body: bytes, content_type: str | None) -> str:
    """The media type by magic bytes first, then by the header: servers mislabel files (WEB A.4, PORTALS 2.2)."""
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    declared = (content_type or "").split(";", 1)[0].strip().lower()
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if body.startswith(b"PK\x03\x04"):
        return declared if "openxml" in declared or "opendocument" in declared else "application/zip"
    if head[:1] in (b"{", b"["):
        return declared if "json" in declared else "application/json"
    lowered = head[:200].lower()
    if lowered.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if lowered.startswith((b"@prefix", b"prefix ", b"@base")):
        return "text/turtle"
    if lowered.startswith(b"<?xml") or lowered.startswith((b"<rdf:rdf", b"<urlset", b"<sitemapindex", b"<rss", b"<feed")):
        return declared if "xml" in declared else "application/xml"
    return declared or "application/octet-stream"


def decoded(capture: Capture) -> charset.Decoded:
    """Text of a capture with how it was read."""
    return charset.decode(capture.body, capture.headers.get("content-type"))
