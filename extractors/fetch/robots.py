"""robots.txt by RFC 9309, with the parsing habits of Google's open-source library where the RFC leaves room.

Group: the product token (letters, `_`, `-`) matches exactly, without regard to case; groups for one token are combined; `*` holds
only when none names us. Rule: most octets wins, Allow wins a tie, `*` and a final `$`; both sides compared percent-encoded.
`Crawl-delay` is not in the RFC; it is obeyed, and like the real files of Norwegian sites mean it, one that stands in any group
of consecutive `User-agent` lines binds all of that group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import ada_url

MAX_BYTES = 512 * 1024
MAX_LINE = 2083 * 8
TOKEN = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True)
class Rule:
    is_allowed: bool
    pattern: str


@dataclass
class Group:
    agents: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    crawl_delay_s: float | None = None


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


def _path_of(url: str) -> str:
    """Path and query of a URL, escaped, without parameters' fragment. An unreadable one is `/`."""
    match = re.match(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#;]*([^#]*)", url)
    path = match.group(1) if match else url.split("#", 1)[0]
    if not match and "://" not in url and not path.startswith("/"):
        path = "/" + path.partition("/")[2] if "/" in path else "/"
    return _escape(path if path.startswith("/") else "/" + path)


@dataclass
class Rules:
    """The parsed file: groups in order and the sitemaps it names."""

    groups: list[Group] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)

    def _groups_for(self, agent: str) -> list[Group]:
        token = _token(agent)
        named = [g for g in self.groups if token and token in g.agents]
        return named or [g for g in self.groups if "*" in g.agents]

    def allows(self, agent: str, url: str) -> bool:
        """May `agent` (a product token, or a header that starts with one) ask for `url`?"""
        path = _path_of(url)
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
        delays = [g.crawl_delay_s for g in self._groups_for(agent) if g.crawl_delay_s is not None]
        return max(delays) if delays else None


def _lines(body: bytes) -> list[str]:
    body = body[:MAX_BYTES]
    for mark in (b"\xef\xbb\xbf", b"\xef\xbb", b"\xef"):
        if body.startswith(mark):
            body = body[len(mark) :]
            break
    text = body.decode("utf-8", "surrogateescape").replace("\x00", "\ufffd")
    return [line[:MAX_LINE] for line in re.split(r"\r\n|\r|\n", text)]


def _key_and_value(line: str) -> tuple[str, str] | None:
    line = line.split("#", 1)[0].strip(" \t\v\f")
    key, colon, value = line.partition(":")
    if not colon:
        words = line.split()
        if len(words) != 2:
            return None
        key, value = words
    key = key.strip().lower()
    return (key, value.strip()) if key else None


def parse(body: bytes) -> Rules:
    """Rules of a robots.txt body (the first 500 KiB at least). Never raises: what is not a line of robots.txt is skipped."""
    rules = Rules()
    group: Group | None = None
    is_collecting_agents = False
    for line in _lines(body):
        pair = _key_and_value(line)
        if pair is None:
            continue
        key, value = pair
        if key in ("user-agent", "useragent", "user agent"):
            if group is None or not is_collecting_agents:
                group = Group()
                rules.groups.append(group)
            group.agents.append("*" if value == "*" or value.startswith(("* ", "*\t")) else _token(value))
            is_collecting_agents = True
        elif key in ("sitemap", "site-map"):
            rules.sitemaps.append(value)
        elif key in ("allow", "disallow"):
            is_collecting_agents = False
            if group is not None and value:
                group.rules.append(Rule(key == "allow", _escape(value)))
        elif key == "crawl-delay":
            is_collecting_agents = False
            if group is not None:
                group.crawl_delay_s = _seconds(value, group.crawl_delay_s)
    return rules


def _seconds(value: str, before: float | None) -> float | None:
    try:
        delay = float(value.replace(",", "."))
    except ValueError:
        return before
    return max(delay, before or 0.0) if 0 <= delay < float("inf") else before


def normalised(url: str) -> str:
    """A URL as robots rules see it: path and query only."""
    return _path_of(ada_url.URL(url).href)
