"""Asking: the client and the loop against a bare session, memory against the size of a journal, pages against lxml."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

import requests
from lxml import html

from bench import material
from bench.found import Found, NotMeasured, peak_mb, rate, seconds
from extractors.fetch.archive import Archive
from extractors.websites import page

SITES = ["website/kvitnes", "website/fjordvik", "website/elvedal", "website/lauvmark", "website/hogfoss"]


@cache
def _read() -> tuple[material.Harvested, float, list[tuple[str, str]]]:
    """(the second of two harvests, requests per second of a bare session over the same addresses, the pages: text and address)."""
    with material.sandbox() as world:
        first = material.harvest(world, SITES)
        archive = Archive(first.home / "archive")
        captures = [archive.read(row["capture"]) for site in SITES for row in archive.index(site)]
        archive.close()
        with requests.Session() as session:

            def ask(url: str) -> None:
                parts = urlsplit(url)
                target = f"{world.gateway}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
                headers = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme, "User-Agent": "bench (+bench@dagslys.example)"}
                session.get(target, headers=headers, allow_redirects=False, timeout=30)

            bare = rate(ask, [capture.url for capture in captures])
        pages = [(capture.text, capture.url) for capture in captures if capture.media_type == "text/html" and capture.status == 200]
        return material.harvest(world, SITES), bare, pages


def harvest() -> Found:
    """Five websites: robots, pace at zero, archive, parsing and staging, beside the bare questions."""
    ours, bare, _ = _read()
    return Found(ours.requests / ours.seconds, bare, "requests/s", "a bare requests.Session over the same addresses, answers thrown away")


def pages() -> Found:
    """Pages of three families of markup: main text, title, dates, breadcrumb and links."""
    found = _read()[2]
    ours = len(found) / seconds(lambda: [page.read(text, url) for text, url in found], rounds=3)
    plain = len(found) / seconds(lambda: [html.fromstring(text.encode()).text_content() for text, _ in found], rounds=3)
    return Found(ours, plain, "pages/s", "lxml's text_content: menus and footers with it, no links, no dates")


def memory_harvest() -> Found:
    """The peak of a process that harvests and stages 200,000 journal entries. 1 is flat; what grows is the index of what was read."""
    few, most = _journals()
    return Found(most.harvest_mb, few.harvest_mb, "MB", f"the same with {few.records:,} entries")


def memory_load() -> Found:
    """The peak of a process that harvests them, stages them and loads them."""
    few, most = _journals()
    return Found(most.peak_mb, few.peak_mb, "MB", f"the same with {few.records:,} entries")


def _journals() -> tuple[material.Harvested, material.Harvested]:
    peak_mb()
    few, most = material.journal(material.MANY), material.journal(material.MOST)
    if (few.records, most.records) != (material.MANY, material.MOST):
        raise NotMeasured(f"{few.records:,} and {most.records:,} records were read")
    return few, most
