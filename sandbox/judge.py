"""Judges the requests the sandbox gets, by rules written by hand for each host.

It reads no robots.txt: what is allowed stands in `HostRules`, written next to each server, so that a fault in anybody's robots
parser is seen here. `verdict` is read at `GET /__judge__`.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.answers import Answer, Question

UNCONDITIONAL_LIMIT = 3
"""How often one address may be asked for without If-None-Match or If-Modified-Since."""

CONDITIONAL_LIMIT = 40

TRAP_BUDGET = 45
"""How many requests a client may spend in one trap (calendar, search results, session twins) before it is judged lost."""

REQUIRED_HEADERS = ("host", "user-agent", "accept")

BROWSER_SIGNS = re.compile(r"Chrome/|Safari/|Firefox/|Edg/|Gecko/20|AppleWebKit|Windows NT|Macintosh", re.IGNORECASE)
CONTACT = re.compile(r"\+?https?://[^\s;)]+|[^\s@;(]+@[^\s@;)]+")


@dataclass(frozen=True)
class HostRules:
    """What one host tolerates. Paths are compared as prefixes of the raw request target; `closed` wins over `opened` only when longer.

    `only` empty means every path; `posts` are the prefixes that take more than GET; `traps` and `closed_patterns` are regular expressions;
    `sessions` are pages that hand out cookies and are rightly asked for anew by every client; `min_gap_s` is the rest between an answer and
    the next request.
    """

    closed: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ("https",)
    cookies: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    closed_patterns: tuple[str, ...] = ()
    min_gap_s: float = 0.0

    def refuses(self, target: str) -> bool:
        if target == "/robots.txt":
            return False
        shut = max((len(p) for p in self.closed if target.startswith(p)), default=-1)
        let_in = max((len(p) for p in self.opened if target.startswith(p)), default=-1)
        if shut > let_in or any(re.search(p, target) for p in self.closed_patterns):
            return True
        return bool(self.only) and not any(target.startswith(p) for p in self.only)


@dataclass
class _Tally:
    requests: int = 0
    answers_304: int = 0
    answers_200: int = 0
    posts: int = 0
    in_flight_max: int = 0


@dataclass
class Judge:
    """Counts requests and writes down every breach. Thread-safe."""

    rules: dict[str, HostRules]
    lock: threading.Lock = field(default_factory=threading.Lock)
    violations: list[dict[str, str]] = field(default_factory=list)
    by_host: dict[str, _Tally] = field(default_factory=dict)
    in_flight: Counter[str] = field(default_factory=Counter)
    unconditional: Counter[str] = field(default_factory=Counter)
    conditional: Counter[str] = field(default_factory=Counter)
    trapped: Counter[str] = field(default_factory=Counter)
    resting: dict[str, float] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    last_answer: dict[str, float] = field(default_factory=dict)

    def reset(self) -> None:
        with self.lock:
            for store in (self.violations, self.by_host, self.unconditional, self.conditional, self.trapped, self.resting, self.statuses,
                          self.last_answer):  # fmt: skip
                store.clear()

    def begins(self, question: Question) -> None:
        with self.lock:
            tally = self.by_host.setdefault(question.host, _Tally())
            tally.requests += 1
            tally.posts += question.method == "POST"
            self.in_flight[question.host] += 1
            tally.in_flight_max = max(tally.in_flight_max, self.in_flight[question.host])
            if self.in_flight[question.host] > 1:
                self._breach(question, "parallel", "more than one request in flight to this host")
            self._look_at_headers(question)
            self._look_at_address(question)
            if (until := self.resting.get(question.host)) is not None:
                if time.monotonic() < until - 0.05:
                    self._breach(question, "retry-after", "asked again before Retry-After had passed")
                else:
                    del self.resting[question.host]
            self._look_at_gap(question)

    def ends(self, question: Question, answer: Answer, status: int) -> None:
        with self.lock:
            self.in_flight[question.host] -= 1
            self.statuses[status] += 1
            tally = self.by_host.setdefault(question.host, _Tally())
            tally.answers_304 += status == 304
            tally.answers_200 += status == 200
            if status == 429 or status >= 500:
                self.unconditional[f"{question.method} {question.url}"] -= 1
            self.last_answer[question.host] = time.monotonic()
            waits = next((v for k, v in answer.headers if k.lower() == "retry-after"), None)
            if waits and waits.isdigit():
                self.resting[question.host] = time.monotonic() + int(waits)

    def verdict(self) -> dict[str, Any]:
        """`{"requests", "answers_304", "violations", "by_host", "statuses"}`, ready for JSON."""
        with self.lock:
            return {
                "requests": sum(t.requests for t in self.by_host.values()),
                "answers_304": sum(t.answers_304 for t in self.by_host.values()),
                "violations": list(self.violations),
                "by_host": {host: dict(vars(t)) for host, t in sorted(self.by_host.items())},
                "statuses": {str(k): v for k, v in sorted(self.statuses.items())},
            }

    def _breach(self, question: Question, rule: str, what: str) -> None:
        self.violations.append({"rule": rule, "host": question.host, "request": f"{question.method} {question.url}", "what": what})

    def _look_at_gap(self, question: Question) -> None:
        rules, last = self.rules.get(question.host), self.last_answer.get(question.host)
        if rules is not None and last is not None and question.target != "/robots.txt" and time.monotonic() - last < rules.min_gap_s - 0.05:
            self._breach(question, "crawl-delay", f"less than {rules.min_gap_s:g} s after the last answer")

    def _look_at_headers(self, question: Question) -> None:
        for name in REQUIRED_HEADERS:
            if not question.headers.get(name):
                self._breach(question, "headers", f"header {name} is missing")
        agent = question.headers.get("user-agent", "")
        if "dagslys" not in agent.lower():
            self._breach(question, "identity", "User-Agent does not name dagslys")
        if not CONTACT.search(agent):
            self._breach(question, "identity", "User-Agent carries no contact address")
        if BROWSER_SIGNS.search(agent):
            self._breach(question, "identity", "User-Agent poses as a browser")
        for name in question.headers:
            if name.startswith("sec-") or name == "authorization":
                self._breach(question, "headers", f"header {name} has no place in a crawler's request")
        rules = self.rules.get(question.host)
        if rules is not None:
            strangers = [c for c in question.cookies() if c not in rules.cookies]
            if strangers:
                self._breach(question, "cookies", f"cookies this host never set: {', '.join(strangers)}")

    def _look_at_address(self, question: Question) -> None:
        rules = self.rules.get(question.host)
        if rules is None:
            self._breach(question, "scope", "a host no source names")
            return
        if question.scheme not in rules.schemes:
            self._breach(question, "scope", f"scheme {question.scheme} where the source says {rules.schemes[0]}")
        if rules.refuses(question.target):
            self._breach(question, "robots", "a path this host has closed")
        if question.method not in ("GET", "HEAD") and not any(question.target.startswith(p) for p in rules.posts):
            self._breach(question, "method", f"{question.method} where only GET belongs")
        for trap in rules.traps:
            if re.search(trap, question.target):
                self.trapped[f"{question.host} {trap}"] += 1
                if self.trapped[f"{question.host} {trap}"] == TRAP_BUDGET + 1:
                    self._breach(question, "trap", f"more than {TRAP_BUDGET} requests in the trap {trap}")
        if question.method != "GET":
            return
        key = f"{question.method} {question.url}"
        is_asked_anew = question.target == "/robots.txt" or question.path in rules.sessions
        if is_asked_anew or "if-none-match" in question.headers or "if-modified-since" in question.headers:
            self.conditional[key] += 1
            if self.conditional[key] == CONDITIONAL_LIMIT + 1:
                self._breach(question, "repeat", f"asked for more than {CONDITIONAL_LIMIT} times")
        else:
            self.unconditional[key] += 1
            if self.unconditional[key] == UNCONDITIONAL_LIMIT + 1:
                self._breach(question, "repeat", f"asked for more than {UNCONDITIONAL_LIMIT} times without a conditional header")
