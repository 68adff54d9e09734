"""URLs: parsed by the WHATWG standard, made canonical for the crawl, and sorted into kinds.

Sources of the rules: the WHATWG URL standard (through ada-url), WEB.md B.4 (canonical form) and B.5 (traps).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl

import ada_url

from catalogue.reasons import Reason
from extractors.exceptions import InvalidURL

TRACKING = re.compile(r"^(utm_.+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_hs(enc|mi)|wt\.mc_id|ref_src)$", re.I)
SESSION = re.compile(r"^(phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|sid|sessionid|session_id|cfid|cftoken)$", re.I)
SESSION_PATH = re.compile(r";jsessionid=[^/?#;]*", re.I)
COOKIELESS = re.compile(r"/\((?:[A-Z]\([^()/]+\))+\)(?=/)|/\(S\([^()/]+\)\)$", re.I)
PRINT_KEYS = {"print", "printable", "utskrift", "skrivut"}
SEARCH_PATH = re.compile(r"/(sok|søk|s%c3%b8k|search|sokeresultat|søkeresultat)(/|$|\.)", re.I)
SEARCH_KEYS = {"q", "query", "search", "searchterm", "sok", "soketekst", "s"}
CALENDAR_PATH = re.compile(
    r"/(kalender|aktivitetskalender|arrangement|hendelser|calendar)/\d{4}/\d{1,2}(/|$)|/(uke|week)/\d{1,2}(/|$)", re.I
)
CALENDAR_KEYS = {"year", "month", "week", "day", "aar", "år", "maned", "måned", "uke", "dato", "date"}
SORT_KEYS = {"sort", "sortby", "orderby", "order", "sortdirection", "filter", "view"}
DOCUMENT_SUFFIX = re.compile(r"\.(pdf|docx?|odt|rtf|xlsx?|ods|csv|pptx?|odp|txt|zip|json|geojson|xml|gml|sos|ics)$", re.I)
DOCUMENT_PATH = re.compile(r"/(getfile\.php|_f|globalassets|siteassets|contentassets)/|/download/18\.[0-9a-f]+/", re.I)
RAW_HIGH_BYTE = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
MAX_LENGTH, MAX_SEGMENTS, MAX_REPEATS = 2083, 20, 2

# The pages of a site link to each other: nine addresses of ten have just been seen.
_remembered = lru_cache(maxsize=20_000)


@_remembered
def parse(url: str, base: str | None = None) -> str:
    """The URL as a browser would send it, absolute; `base` resolves a relative one. Raises InvalidURL."""
    try:
        return ada_url.URL(url, base=base).href if base is not None else ada_url.URL(url).href
    except (ValueError, UnicodeError) as error:
        raise InvalidURL(Reason("no_url"), url) from error


def _unreserved(path: str) -> str:
    """Upper-case escapes, and write the escapes of unreserved characters out (RFC 3986 section 6.2.2)."""

    def mend(match: re.Match[str]) -> str:
        character = chr(int(match.group(1), 16))
        return character if re.match(r"[A-Za-z0-9\-._~]", character) else match.group(0).upper()

    return re.sub(r"%([0-9A-Fa-f]{2})", mend, path)


@_remembered
def canonical(url: str) -> str:
    """The crawl key: what two addresses of one page share (WEB B.4).

    Lower-case scheme and host, no default port, no dot segments, upper-case escapes, no fragment, no tracking or session
    parameters, no cookieless session path. Order and case of the other parameters are kept: they are the page.
    Raises InvalidURL.
    """
    parts = ada_url.URL(parse(url))
    parts.hash = ""
    path = COOKIELESS.sub("", SESSION_PATH.sub("", parts.pathname)) or "/"
    parts.pathname = _unreserved(path)
    if parts.search:
        kept = [pair for pair in parts.search[1:].split("&") if pair and not _is_noise(pair.split("=", 1)[0])]
        parts.search = _unreserved("&".join(kept))
    return parts.href.removesuffix("#").removesuffix("?")


def _is_noise(key: str) -> bool:
    return bool(TRACKING.match(key) or SESSION.match(key))


def _has_trap_path(segments: list[str]) -> bool:
    return len(segments) > MAX_SEGMENTS or any(segments.count(s) > MAX_REPEATS for s in set(segments))


@_remembered
def classify(url: str) -> str:
    """What sort of address this is for a crawl: `trap`, `duplicate`, `document`, `strip`, `equivalent` or `keep` (WEB B.5).

    `trap` is never asked; `duplicate` is another view of a page; `strip` is a page under a noisy address; `equivalent` is one
    page under another spelling; `document` is a file by its address (the answer's media type decides in the end).
    """
    href = parse(url)
    parts = ada_url.URL(href)
    path = parts.pathname
    segments = [s for s in path.split("/") if s]
    keys = [k.lower() for k, _ in parse_qsl(parts.search[1:], keep_blank_values=True)]
    if len(href) > MAX_LENGTH or _has_trap_path(segments):
        return "trap"
    if CALENDAR_PATH.search(path) or len(CALENDAR_KEYS.intersection(keys)) >= 2:
        return "trap"
    if "kalender" in path.lower() and CALENDAR_KEYS.intersection(keys):
        return "trap"
    if (SEARCH_PATH.search(path) and keys) or (SEARCH_KEYS.intersection(keys) and not path.lower().endswith((".ashx", ".aspx"))):
        return "trap"
    if PRINT_KEYS.intersection(keys) or re.search(r"/(skriv-?ut|print|utskrift)(/|$)", path, re.I):
        return "duplicate"
    if DOCUMENT_SUFFIX.search(path) or DOCUMENT_PATH.search(path):
        return "document"
    if SESSION_PATH.search(path) or COOKIELESS.search(path) or "#" in url or any(_is_noise(k) for k in keys):
        return "strip"
    if parts.protocol == "http:" or RAW_HIGH_BYTE.search(path):
        return "equivalent"
    if SORT_KEYS.intersection(keys):
        return "duplicate"
    return "keep"


@_remembered
def host_of(url: str) -> str:
    """The host name of a URL, lower case, without port."""
    return ada_url.URL(parse(url)).hostname


def scope(url: str, hosts: Iterable[str]) -> frozenset[str]:
    """The host names a source may be asked on: those it names, its own, and its own with and without `www.`: either may be the only one
    that answers (WEB A.1). Never a parent domain: vendors' hosts are shared, and some municipalities are public suffixes."""
    own = host_of(url)
    twin = own.removeprefix("www.") if own.startswith("www.") else f"www.{own}"
    return frozenset({own, twin, *(host.strip().rstrip(".").lower() for host in hosts)} - {""})
