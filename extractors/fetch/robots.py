"""robots.txt by RFC 9309, with the parsing habits of Google's open-source library where the RFC leaves room.

Group: the product token (letters, `_`, `-`) matches exactly, without regard to case; groups for one token are combined; `*` holds
only when none names us; other records never close a group. Rule: most octets wins, Allow wins a tie, `*` and a final `$`; both sides
compared percent-encoded. `Crawl-delay` is not in the RFC; it is obeyed: it binds the agents named before it, back to the last rule or
the last delay, so that a `Sitemap` line or a second agent between changes nothing (Kongsvinger's file, WEB B.1).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

MAX_BYTES = 512 * 1024
MAX_LINE = 2083 * 8
TOKEN = re.compile(r"[A-Za-z_-]+")
BLANK = " \t\n\r\v\f\u00a0"
USER_AGENT = ("user-agent", "useragent", "user agent")
DISALLOW = ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
SITEMAP = ("sitemap", "site-map")
CRAWL_DELAY = ("crawl-delay", "crawldelay", "crawl delay")


@dataclass(frozen=True)
class Rule:
    is_allowed: bool
    pattern: str


@dataclass
class Group:
    agents: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def _token(agent: str) -> str:
    """The product token of a user-agent value: its leading letters, `_` and `-`, lower case."""
    match = TOKEN.match(agent.strip())
    return match.group(0).lower() if match else ""


def _escape(pattern: str) -> str:
    """Bytes above ASCII percent-encoded, escapes upper case; nothing else is touched (`*` and `$` keep their meaning)."""
    encoded = "".join(c if ord(c) < 128 else "".join(f"%{b:02X}" for b in c.encode("utf-8", "surrogateescape")) for c in pattern)
    return re.sub(r"%[0-9a-fA-F]{2}", lambda m: m.group(0).upper(), encoded)


def _matches(path: str, pattern: str) -> bool:
    """Does the pattern match a prefix of the path? Linear in positions, so that no pattern is slow (`*a*a*a…`)."""
    is_anchored = pattern.endswith("$")
    parts = (pattern[:-1] if is_anchored else pattern).split("*")
    if not path.startswith(parts[0]):
        return False
    if len(parts) == 1:
        return not is_anchored or path == parts[0]
    at = len(parts[0])
    for part in parts[1:-1]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    last = parts[-1]
    if is_anchored:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0


def path_of(url: str) -> str:
    """Path, parameters and query of a URL, escaped; scheme, authority and fragment go. `/` for one without a path.

    Takes what is no whole URL as well: `example.com/a`, `//a/b`, `/a`.
    """
    start = 2 if url.startswith("//") else 0
    scheme = url.find("://", start)
    first = re.search(r"[/?;]", url[start:])
    has_scheme = scheme >= 0 and not (first and start + first.start() < scheme)
    after = scheme + 3 if has_scheme else start
    found = re.search(r"[/?;]", url[after:])
    if not found:
        return "/"
    at, mark = after + found.start(), url.find("#", start)
    if 0 <= mark < at:
        return "/"
    path = url[at : mark if mark >= 0 else None]
    return _escape(path if path.startswith("/") else "/" + path)


@dataclass
class Rules:
    """The parsed file: groups in order, seconds of delay per agent, and the sitemaps it names."""

    groups: list[Group] = field(default_factory=list)
    delays_s: dict[str, float] = field(default_factory=dict)
    sitemaps: list[str] = field(default_factory=list)

    def _groups_for(self, agent: str) -> list[Group]:
        token = _token(agent)
        named = [g for g in self.groups if token and token in g.agents]
        return named or [g for g in self.groups if "*" in g.agents]

    def allows(self, agent: str, url: str) -> bool:
        """May `agent` (a product token, or a header that starts with one) ask for `url`?"""
        path = path_of(url)
        if path == "/robots.txt":
            return True
        best, is_allowed = -1, True
        for group in self._groups_for(agent):
            for rule in group.rules:
                length = len(rule.pattern)
                if length >= best and _matches(path, rule.pattern) and (length > best or rule.is_allowed):
                    best, is_allowed = length, rule.is_allowed
        return is_allowed

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests that the file asks of `agent`; None when it says nothing. The largest one counts."""
        token = _token(agent)
        is_named = token and any(token in g.agents for g in self.groups)
        return self.delays_s.get(token if is_named else "*")


def _text_of(body: bytes) -> str:
    """UTF-8 as the RFC says, or UTF-16 when a byte order mark says so; bytes that are neither stay as they are."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    for mark in (b"\xef\xbb\xbf", b"\xef\xbb", b"\xef"):
        if body.startswith(mark):
            body = body[len(mark) :]
            break
    return body.decode("utf-8", "surrogateescape")


def _lines(body: bytes) -> list[str]:
    lines = re.split(r"\r\n|\r|\n", _text_of(body[:MAX_BYTES]))
    # Half a line at the cut could close more than its author wrote.
    kept = lines if len(body) <= MAX_BYTES else lines[:-1]
    return [line.split("\x00", 1)[0][:MAX_LINE] for line in kept]


def _key_and_value(line: str) -> tuple[str, str] | None:
    line = line.split("#", 1)[0].strip(BLANK)
    key, colon, value = line.partition(":")
    if not colon:
        words = re.split(r"[ \t]+", line)
        if len(words) != 2:
            return None
        key, value = words
    key = key.strip(BLANK).lower()
    return (key, value.strip(BLANK)) if key else None


def parse(body: bytes) -> Rules:
    """Rules of a robots.txt body (its first 512 KiB). Never raises: what is not a line of robots.txt is skipped."""
    rules = Rules()
    group: Group | None = None
    is_group_open = False
    bound: list[str] = []
    is_bound_open = False
    for line in _lines(body):
        pair = _key_and_value(line)
        if pair is None:
            continue
        key, value = pair
        if key.startswith(USER_AGENT):
            if group is None or not is_group_open:
                group = Group()
                rules.groups.append(group)
            if not is_bound_open:
                bound = []
            agent = "*" if re.match(r"\*($|\s)", value) else _token(value)
            group.agents.append(agent)
            bound.append(agent)
            is_group_open = is_bound_open = True
        elif key.startswith(("allow", *DISALLOW)):
            if group is not None:
                is_group_open = is_bound_open = False
                if value:
                    group.rules.append(Rule(key.startswith("allow"), _escape(value)))
        elif key.startswith(SITEMAP):
            rules.sitemaps.append(value)
        elif key.startswith(CRAWL_DELAY):
            is_bound_open = False
            if (delay_s := _seconds(value)) is not None:
                rules.delays_s |= {agent: max(delay_s, rules.delays_s.get(agent, 0.0)) for agent in bound}
    return rules


def _seconds(value: str) -> float | None:
    try:
        delay_s = float(value.replace(",", "."))
    except ValueError:
        return None
    return delay_s if 0 <= delay_s < float("inf") else None
