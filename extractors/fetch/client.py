"""One polite, archived HTTP client for everything.

Order of a question: scope, robots.txt, pace, conditional headers, send, read within caps, redirect hop by hop with all of this
again, archive. Nothing here knows a platform.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import threading
import time
import weakref
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

import ada_url
import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from catalogue.reasons import Reason
from extractors.contract import Capture, Request, Source
from extractors.exceptions import (
    AccessDenied,
    AddressRefused,
    AllowanceSpent,
    ArchiveDamaged,
    ArchiveErased,
    ContactMissing,
    CredentialMissing,
    DeadlineExceeded,
    HostResting,
    Interrupted,
    InvalidURL,
    LoginRequired,
    NetworkError,
    OutOfScope,
    RobotsRefused,
    RobotsUnreachable,
    TooLarge,
)
from extractors.fetch import charset, guard, robots, urls
from extractors.fetch.archive import Archive, Validators, rebuild
from extractors.fetch.pace import Pace

PRODUCT = "dagslys"
VERSION = "0.1"
MAX_HOPS = 5
CONNECT_S, READ_S, TOTAL_S = 10.0, 15.0, 60.0
MEGABYTE = 1024 * 1024
CAPS = {"index": 50, "document": 50, "data": 50, "robots": 1, "shell": 5, "probe": 5}
HTML_CAP = 5 * MEGABYTE
RATIO_CAP = 100
MAX_ENCODINGS = 2
ROBOTS_AGE_S = 24 * 3600.0
ROBOTS_RETRY_S = 15 * 60.0
POLITE_FLOOR_S = 2.0
RETRIES = 2
REDIRECTS = (301, 302, 303, 307, 308)
LOGIN = re.compile(r"/(login|logg-?inn|signin|sign-in|account/login|adfs|oauth2?|saml2?|idporten)(/|$|\.|\?)", re.I)
LOGIN_HOST = re.compile(r"(^|\.)(login|signin|idporten|adfs|sts|auth)\.|microsoftonline\.com$|(^|\.)feide\.no$", re.I)
LOGIN_PAGE = re.compile(r"<title[^>]*>[^<]*\b(logg inn|logg på|innlogging|log ?in|sign in)\b", re.I)
PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.I)
DENIAL = re.compile(
    r"access denied|request rejected|you do not have permission|forbidden|attention required|ikke tilgang|ingen tilgang|"
    r"you have been blocked|are you a robot|checking your browser|captcha",
    re.I,
)
SHORT_BYTES = 2000
PLAIN_TEXT = re.compile(rb"(\xef\xbb\xbf)?\s*(<[!?a-zA-Z]|\{\s*[\"}]|\[\s*[\[{\"\]])")
FRAGMENT = re.compile(rb"<(head|body|title|meta|script|style|div|ul|ol|table|h1|p|a|br|span|section|main|article)\b")


Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Stats:
    """What a source cost: questions sent (robots and redirect hops included), answers 304, body bytes."""

    requests: int = 0
    not_modified: int = 0
    size_bytes: int = 0


@dataclass
class RobotsEntry:
    """What a host's robots.txt said: no `rules` means no. `capture` is the filed answer, when there was one."""

    rules: robots.Rules | None
    reason: Reason
    read_at: float
    capture: Capture | None = None

    @property
    def is_unreachable(self) -> bool:
        return self.rules is None and self.capture is None


@dataclass
class _Route:
    """Where a question goes: the machine to connect to, the name that stands in its certificate, and the machine whose pace it shares."""

    scheme: str
    host: str
    port: int
    server_name: str | None
    machine: str
    is_vetted: bool = True


Answered = tuple[int, Mapping[str, str], bytes, _Route]


class _Watched:
    """A connection that can be broken off from outside, and that goes to the vetted address or nowhere."""

    adapter: _VettedAdapter

    def connect(self) -> None:
        super().connect()  # ty: ignore[missing-attribute]
        sock: socket.socket | None = self.sock  # ty: ignore[missing-attribute]
        route = self.adapter.route
        if route and sock and route.is_vetted and sock.getpeername()[0].split("%")[0] != route.host:
            sock.close()
            raise AddressRefused(Reason("other_address"))
        self.adapter.connections.add(self)


class _VettedAdapter(HTTPAdapter):
    """Connects to the address that was vetted, or to the gateway, and to nothing else; Host and SNI stay the site's."""

    def __init__(self) -> None:
        self.route: _Route | None = None
        self.connections: weakref.WeakSet[_Watched] = weakref.WeakSet()
        super().__init__(max_retries=0, pool_maxsize=1)

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        plain = type("_Plain", (_Watched, HTTPConnection), {"adapter": self})
        secure = type("_Secure", (_Watched, HTTPSConnection), {"adapter": self})
        pools: dict[str, Any] = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
        self.poolmanager.pool_classes_by_scheme = pools

    def build_connection_pool_key_attributes(self, request, verify, cert=None):
        host, kwargs = super().build_connection_pool_key_attributes(request, verify, cert)
        if self.route is None:
            raise AddressRefused(Reason("no_vetted_address"))
        host = {"scheme": self.route.scheme, "host": self.route.host, "port": self.route.port}
        if self.route.scheme == "https":
            kwargs |= {"server_hostname": self.route.server_name, "assert_hostname": self.route.server_name}
        else:
            kwargs = {k: v for k, v in kwargs.items() if k not in ("cert_reqs", "ca_certs", "ca_cert_dir", "cert_file", "key_file")}
        return host, kwargs

    def break_off(self) -> None:
        """Shut every socket down: whoever reads from one gets an error at once."""
        for connection in list(self.connections):
            sock = getattr(connection, "sock", None)
            with contextlib.suppress(OSError):
                if sock is not None:
                    sock.shutdown(socket.SHUT_RDWR)


@dataclass
class _Deadline:
    """The end of a question, also while its headers drip: a timer that breaks the connection off."""

    adapter: _VettedAdapter
    seconds: float
    is_over: bool = False

    def __enter__(self) -> _Deadline:
        self._timer = threading.Timer(self.seconds, self._end)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        self.adapter.break_off()


@dataclass
class _Session:
    http: requests.Session
    adapter: _VettedAdapter
    lock: threading.RLock = field(default_factory=threading.RLock)


def system_resolver(host: str) -> list[str]:
    """The addresses of a host name, by the machine's resolver and in its order of preference."""
    return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)))


class Client:
    """Thread-safe; one per run. A source's questions share one session (cookies live in memory and are never filed).

    `home` is the state folder, `contact` the address or page that stands in the User-Agent, `gateway` the one address everything
    goes to instead of the web (DESIGN section 3); behind one, all hosts count as one address unless `resolve` tells them apart.
    `credentials` are the keys some services want, by name (the environment: DAGSLYS_DOFFIN_KEY); they are sent and never written down.
    `allowances` says how many more questions may be sent on behalf of a body (robots.txt, redirects and retries included); who is not in
    it has no such bound. A file named `stopp` in `home` ends all asking; setting `stopping` raises Interrupted in whoever asks or waits.
    Raises ContactMissing when the real web would be asked without a contact, ValueError when it would be asked faster than the floor.
    """

    def __init__(
        self,
        home: Path,
        *,
        contact: str | None,
        gateway: str | None = None,
        agent: str = PRODUCT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
        resolve: Callable[[str], Iterable[str]] | None = None,
        pace: Pace | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        total_s: float = TOTAL_S,
        credentials: Mapping[str, str] = os.environ,
    ) -> None:
        if not contact and not gateway:
            raise ContactMissing("set DAGSLYS_CONTACT to an e-mail address or a page about the project: the web is not asked anonymously")
        self.stopping = threading.Event()
        self.pace = pace or Pace(clock, sleep or self._wait)
        if gateway is None and self.pace.floor_s < POLITE_FLOOR_S:
            raise ValueError(f"only behind a gateway may a host be asked more often than every {POLITE_FLOOR_S:.0f} s")
        self.gateway = ada_url.URL(gateway) if gateway else None
        self.agent = agent
        self.user_agent = f"Mozilla/5.0 (compatible; {agent}/{VERSION}; +{contact or 'https://dagslys.example/om'})"
        self.clock, self.now, self.total_s = clock, now, total_s
        self._credentials = credentials
        self.resolve = resolve or (system_resolver if gateway is None else None)
        self.archive = Archive(home / "archive")
        self.stats: dict[str, Stats] = {}
        self.allowances: dict[str, int] = {}
        self.refusals: Counter[str] = Counter()
        self._stop_file = home / "stopp"
        self._sessions: dict[tuple[str, str], _Session] = {}
        self._robots: dict[str, RobotsEntry] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        for session in self._sessions.values():
            session.http.close()
        self.archive.close()

    def _wait(self, seconds: float) -> None:
        if self.stopping.wait(seconds):
            raise Interrupted

    def fetch(self, source: Source, request: Request) -> Capture:
        """Ask one question and file every answer on the way. Raises a FetchError; answers 4xx and 5xx come back as captures."""
        url = urls.parse(request.url).partition("#")[0]
        if not urls.host_of(url):
            raise OutOfScope(Reason("no_host"))
        if request.credential and not self._credentials.get(request.credential[1]):
            raise CredentialMissing(Reason("credential_missing", name=request.credential[1]))
        if request.role == "index" and request.method == "GET" and ada_url.URL(url).pathname == "/robots.txt":
            return self._robots_capture(source, request, url)
        validators = self.archive.validators(source.id, request) if request.method == "GET" and request.role != "shell" else None
        try:
            return self._follow(source, request, url, validators)
        except (ArchiveDamaged, ArchiveErased):
            # The server confirmed bytes that we no longer have: it is asked for them anew.
            return self._follow(source, request, url, None)

    def _robots_capture(self, source: Source, request: Request, url: str) -> Capture:
        """The robots.txt we read anyway before the first question, as the answer to this one."""
        self._check_scope(source, url)
        guard.check_shape(url)
        entry = self._robots_for(source, url)
        if entry.capture is None:
            raise RobotsUnreachable(entry.reason)
        return replace(entry.capture, request=request)

    def _follow(self, source: Source, request: Request, url: str, validators: Validators | None) -> Capture:
        """Ask, and follow redirects; every hop is checked for scope, address and robots before it is asked."""
        method = request.method
        for _ in range(MAX_HOPS + 1):
            self._check_scope(source, url)
            permission = self._check_robots(source, url)
            conditions = validators if validators and validators.url == url and method == "GET" else None
            headers = _with_conditions(dict(request.headers), conditions)
            status, answer, body, route = self._ask(source, request, url, headers, method)
            filed = partial(self._file, source, request, url, status, answer, body, headers, method, route, permission)
            location = answer.get("Location")
            if status not in REDIRECTS or not location:
                self._refuse_denials(status, body, answer, filed)
                return filed(conditions)
            filed(None)
            if status in (301, 302, 303) and method == "POST":
                method = "GET"
            url = urls.parse(location, url).partition("#")[0]
            if LOGIN.search(ada_url.URL(url).pathname + "/") or LOGIN_HOST.search(urls.host_of(url)):
                raise LoginRequired(Reason("login_redirect", host=urls.host_of(request.url)))
        raise NetworkError(Reason("redirects_many", hops=MAX_HOPS))

    def _file(self, source, request, url, status, answer, body, headers, method, route, permission, validators) -> Capture:
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
            fetched_at=fetched_at, media_type=media_type, request_headers={"User-Agent": self.user_agent, **headers}, method=method,
            address=route.host if route.is_vetted else None, robots_permission=permission, same_as=same_as,
        )  # fmt: skip
        return rebuild(self.archive.row(capture), body, not_modified=same_as is not None)

    def _refuse_denials(self, status: int, body: bytes, answer: Mapping[str, str], filed: Callable[[None], Capture]) -> None:
        """Raises LoginRequired or AccessDenied for a refusal, also one dressed as 200 (WEB B.2); the refusal itself is filed."""
        problem: Exception | None = None
        text = body[:100_000].decode("latin-1") if "html" in (answer.get("Content-Type") or "html") else ""
        if status in (401, 407):
            problem = LoginRequired(Reason("login_asked"))
        elif status in (403, 451):
            problem = AccessDenied(Reason("access_denied", status=status))
        elif status == 200 and len(body) < SHORT_BYTES and DENIAL.search(text):
            problem = AccessDenied(Reason("access_denied_page"))
        elif status == 200 and LOGIN_PAGE.search(text) and PASSWORD.search(text):
            problem = LoginRequired(Reason("login_page"))
        if problem:
            filed(None)
            raise problem

    def _check_scope(self, source: Source, url: str) -> None:
        host = urls.host_of(url)
        if host not in urls.scope(source.url, source.hosts):
            raise OutOfScope(Reason("host_not_ours", host=host, source=source.id), url)

    def _check_robots(self, source: Source, url: str) -> str | None:
        """None when robots.txt allows; the permission when it refuses and the source entry holds one. Raises RobotsRefused."""
        entry = self._robots_for(source, url)
        if entry.rules is not None and entry.rules.allows(self.agent, url):
            return None
        if source.permission:
            return source.permission
        self.refusals[urls.host_of(url)] += 1
        raise (RobotsUnreachable if entry.is_unreachable else RobotsRefused)(entry.reason)

    def _robots_for(self, source: Source, url: str) -> RobotsEntry:
        parts = ada_url.URL(url)
        origin = f"{parts.protocol}//{parts.host}"
        with self._lock:
            entry = self._robots.get(origin)
        age_s = ROBOTS_AGE_S if entry and entry.rules is not None else ROBOTS_RETRY_S
        if entry is None or self.clock() - entry.read_at > age_s:
            entry = self._read_robots(source, f"{origin}/robots.txt")
            with self._lock:
                self._robots[origin] = entry
            self.pace.learn(urls.host_of(url), entry.rules.crawl_delay(self.agent) if entry.rules else None)
        return entry

    def _read_robots(self, source: Source, url: str) -> RobotsEntry:
        """RFC 9309 section 2.3.1: five redirects, also across authorities; 4xx allows; 5xx (and 429), or no answer, refuses."""
        request, host = Request(url=url, role="robots"), urls.host_of(url)
        try:
            try:
                capture = self._ask_robots(source, request, self.archive.validators(source.id, request))
            except (ArchiveDamaged, ArchiveErased):
                capture = self._ask_robots(source, request, None)
        except (NetworkError, DeadlineExceeded, TooLarge, InvalidURL) as error:
            return RobotsEntry(None, Reason("robots_unread", host=host, first=error.reason), self.clock())
        if capture.status >= 500 or capture.status == 429:
            return RobotsEntry(None, Reason("robots_answered", host=host, status=capture.status), self.clock(), capture)
        rules = robots.parse(capture.body) if capture.is_ok else robots.Rules()
        return RobotsEntry(rules, Reason("robots_refuses", host=host), self.clock(), capture)

    def _ask_robots(self, source: Source, request: Request, validators: Validators | None) -> Capture:
        url = request.url
        for hop in range(MAX_HOPS + 1):
            conditions = validators if validators and validators.url == url else None
            headers = _with_conditions({}, conditions)
            try:
                status, answer, body, route = self._ask(source, request, url, headers, "GET")
            except AddressRefused as error:
                if not hop:
                    raise
                raise NetworkError(Reason("robots_leads_astray")) from error
            capture = self._file(source, request, url, status, answer, body, headers, "GET", route, None, conditions)
            if status not in REDIRECTS or not answer.get("Location") or hop == MAX_HOPS:
                return capture
            url = urls.parse(answer["Location"], url).partition("#")[0]
        raise AssertionError("the last hop returns")

    def _crawl_delay(self, url: str) -> float | None:
        parts = ada_url.URL(url)
        with self._lock:
            entry = self._robots.get(f"{parts.protocol}//{parts.host}")
        return entry.rules.crawl_delay(self.agent) if entry and entry.rules else None

    def _ask(self, source: Source, request: Request, url: str, headers: dict[str, str], method: str) -> Answered:
        """One question with its retries: a strained host (429, 503) is asked again after what it asks for, a broken connection once
        and by another of the host's addresses if it has one."""
        for attempt in range(RETRIES + 1):
            is_last = attempt == RETRIES or request.role == "robots"
            route = self._route(url, attempt)
            try:
                status, answer, body = self._ask_once(source, request, url, headers, method, route)
            except NetworkError:
                if attempt:
                    raise
                continue
            if status not in (429, 503) or is_last:
                return status, answer, body, route
        raise HostResting(Reason("retries_used"))

    def _ask_once(self, source: Source, request: Request, url: str, headers: dict[str, str], method: str, route: _Route) -> Answer:
        if self.stopping.is_set():
            raise Interrupted
        if self._stop_file.exists():
            raise HostResting(Reason("stopped_by_file", file=self._stop_file.name))
        self._spend(source.authority)
        host = urls.host_of(url)
        state = self.pace.enter(host, route.machine)
        status, retry_after_s, latency_s = None, None, 0.0
        try:
            begun = self.clock()
            try:
                status, answer, body = self._send(source, request, url, headers, method, route)
                retry_after_s = seconds_to_wait(answer.get("Retry-After"), self.now())
            finally:
                latency_s = self.clock() - begun
        finally:
            self.pace.leave(state, latency_s=latency_s, status=status, crawl_delay_s=self._crawl_delay(url), retry_after_s=retry_after_s)
        return status, answer, body

    def _spend(self, authority: str) -> None:
        with self._lock:
            if authority in self.allowances:
                if self.allowances[authority] <= 0:
                    raise AllowanceSpent(Reason("allowance_spent"))
                self.allowances[authority] -= 1

    def _route(self, url: str, attempt: int = 0) -> _Route:
        host, literal = guard.check_shape(url)
        parts = ada_url.URL(url)
        if self.gateway is not None:
            if literal is not None and not guard.is_public(literal):
                raise AddressRefused(Reason("not_public", host=host))
            machine = next(iter(self.resolve(host)), host) if self.resolve else self.gateway.hostname
            return _Route("http", self.gateway.hostname, int(self.gateway.port or 80), None, machine, is_vetted=False)
        addresses = guard.check_url(url, self.resolve or system_resolver)
        address = addresses[attempt % len(addresses)]
        is_https = parts.protocol == "https:"
        port = int(parts.port or (443 if is_https else 80))
        return _Route("https" if is_https else "http", address, port, host if is_https else None, address)

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

    def _send(self, source: Source, request: Request, url: str, headers: dict[str, str], method: str, route: _Route) -> Answer:
        parts = ada_url.URL(url)
        session = self._session(source, parts.host)
        data = request.body if method == request.method else b""
        sent = {"Accept": "*/*", **headers, **self._credential(source, request, parts), "Host": parts.host}
        if data:
            sent["Content-Type"] = request.body_type
        if self.gateway is not None:
            sent["X-Forwarded-Proto"] = parts.protocol.rstrip(":")
        self._count(source.id, requests=1)
        deadline = self.clock() + self.total_s
        timeout = (CONNECT_S, READ_S if method == "GET" else self.total_s)
        with session.lock, _Deadline(session.adapter, self.total_s) as watch:
            session.adapter.route = route
            try:
                answer = session.http.request(
                    method, url, data=data or None, headers=sent, timeout=timeout, allow_redirects=False, stream=True
                )
                with answer:
                    body = read_within_caps(answer, _cap(request, answer), deadline, self.clock, is_cut=request.role == "robots")
            except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
                if watch.is_over:
                    raise DeadlineExceeded(Reason("too_slow")) from error
                raise NetworkError(Reason("connection_failed", host=urls.host_of(url), error=type(error).__name__)) from error
            if watch.is_over:
                raise DeadlineExceeded(Reason("too_slow"))
        self._count(source.id, size_bytes=len(body))
        return answer.status_code, answer.headers, body

    def _credential(self, source: Source, request: Request, parts: ada_url.URL) -> dict[str, str]:
        """The header with a key, for the source's own host over https and no other; it is added here so that nothing else ever holds it."""
        if request.credential is None or parts.protocol != "https:" or parts.hostname != ada_url.URL(source.url).hostname:
            return {}
        header, name = request.credential
        return {header: self._credentials[name]}

    def _count(self, source: str, **amounts: int) -> None:
        with self._lock:
            stats = self.stats.setdefault(source, Stats())
            for name, amount in amounts.items():
                setattr(stats, name, getattr(stats, name) + amount)


def _with_conditions(headers: dict[str, str], validators: Validators | None) -> dict[str, str]:
    if validators and validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators and validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _cap(request: Request, answer: requests.Response) -> int:
    is_page = request.role == "data" and "html" in (answer.headers.get("Content-Type") or "")
    return HTML_CAP if is_page else CAPS[request.role] * MEGABYTE


def read_within_caps(
    answer: requests.Response, cap_bytes: int, deadline: float, clock: Callable[[], float], *, is_cut: bool = False
) -> bytes:
    """The body, decoded as it comes, so that neither size, nor compression, nor a drip can hold us (WEB B.7).

    `is_cut` ends quietly at the cap (robots.txt: RFC 9309 section 2.5); otherwise nothing truncated is returned as if it were whole.
    Raises TooLarge, DeadlineExceeded, NetworkError (a content encoding we did not ask for, or broken data).
    """
    length = answer.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > cap_bytes and not is_cut:
        raise TooLarge(Reason("too_large_announced", size_bytes=int(length), cap_bytes=cap_bytes))
    names = [n for n in re.split(r"[\s,]+", (answer.headers.get("Content-Encoding") or "").lower()) if n not in ("", "identity")]
    if len(names) > MAX_ENCODINGS:
        raise NetworkError(Reason("compression_layers", n=len(names)))
    decoders: list[_Inflate] | None = None
    raw_size, body = 0, bytearray()
    while chunk := answer.raw.read1(65536, decode_content=False):
        raw_size += len(chunk)
        if decoders is None:
            # A label on a body that is plainly text: a server's slip, and what recorders leave when they keep the decoded body.
            names = [] if "deflate" not in names and PLAIN_TEXT.match(chunk) else names
            decoders = [_Inflate(name) for name in reversed(names)]
        if clock() > deadline:
            raise DeadlineExceeded(Reason("too_slow"))
        for decoder in decoders:
            chunk = decoder.decompress(chunk, cap_bytes + 1)
        body += chunk
        if len(body) > cap_bytes and is_cut:
            return bytes(body[:cap_bytes])
        if len(body) > cap_bytes or (len(body) > MEGABYTE and len(body) > RATIO_CAP * raw_size):
            raise TooLarge(Reason("too_large", cap_bytes=cap_bytes, ratio=RATIO_CAP))
    if any(not decoder.is_whole for decoder in decoders or ()):
        raise NetworkError(Reason("compression_cut"))
    if not names and length.isdigit() and raw_size < int(length):
        raise NetworkError(Reason("answer_cut"))
    return bytes(body)


class _Inflate:
    """gzip (also of several members) or deflate (also without its header), bit by bit and never more than asked for."""

    def __init__(self, name: str) -> None:
        if name not in ("gzip", "x-gzip", "deflate"):
            raise NetworkError(Reason("encoding_unasked", encoding=name[:20]))
        self._bits = zlib.MAX_WBITS if name == "deflate" else 16 + zlib.MAX_WBITS
        self._decoder = zlib.decompressobj(self._bits)
        self._has_begun = False

    @property
    def is_whole(self) -> bool:
        return self._decoder.eof

    def decompress(self, chunk: bytes, limit: int) -> bytes:
        """At most `limit` bytes of what `chunk` holds. Raises NetworkError."""
        out = bytearray()
        while chunk and len(out) < limit:
            if self._decoder.eof:
                if self._bits == zlib.MAX_WBITS or not chunk.startswith(b"\x1f"):
                    break  # padding after the end
                self._decoder = zlib.decompressobj(self._bits)
            try:
                out += self._decoder.decompress(chunk, limit - len(out))
            except zlib.error as error:
                if self._has_begun or self._bits != zlib.MAX_WBITS:
                    raise NetworkError(Reason("compression_broken")) from error
                self._bits, self._decoder = -zlib.MAX_WBITS, zlib.decompressobj(-zlib.MAX_WBITS)
                continue
            finally:
                self._has_begun = True
            chunk = self._decoder.unused_data
        return bytes(out)


def seconds_to_wait(value: str | None, now: datetime) -> float | None:
    """Retry-After in seconds, both forms (RFC 9110 section 10.2.3); negative and past values say nothing."""
    if not value:
        return None
    try:
        seconds = float(value.strip())
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError):
            return None
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return seconds if 0 < seconds < float("inf") else None


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
    if lowered.startswith((b"<!doctype html", b"<html")) or (lowered.startswith((b"<?xml", b"<!--")) and b"<html" in body[:1000].lower()):
        return "text/html"
    if lowered.startswith((b"@prefix", b"prefix ", b"@base")):
        return "text/turtle"
    if lowered.startswith(b"<?xml") or lowered.startswith((b"<rdf:rdf", b"<urlset", b"<sitemapindex", b"<rss", b"<feed")):
        return declared if "xml" in declared else "application/xml"
    return declared or ("text/html" if FRAGMENT.match(lowered) else "application/octet-stream")


def decoded(capture: Capture) -> charset.Decoded:
    """Text of a capture with how it was read."""
    return charset.decode(capture.body, capture.headers.get("content-type"))
