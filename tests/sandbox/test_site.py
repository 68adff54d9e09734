"""The websites: three families of markup, sitemaps of every kind, broken letters, traps and closed doors."""

from __future__ import annotations

import gzip
import re

import pytest

from sandbox.site import SESSION
from tests.sandbox.serving import Served


def home(slug: str) -> str:
    return f"https://www.{slug}.kommune.no"


def links(html: str) -> list[str]:
    return [h.replace("&amp;", "&") for h in re.findall(r'href="([^"#]+)"', html)]


def page_with(served: Served, slug: str, quirk: str) -> str:
    site = served.world.sites[slug]
    return site.url(next(p for p, page in site.pages.items() if page.quirk == quirk))


@pytest.mark.parametrize(
    ("slug", "marks"),
    [
        ("fjordvik", ('content="ACOS CMS"', 'aria-label="Brødsmulesti"', "Sist endret: ")),
        ("granheim", ('<div class="breadcrumb">Du er her: ', "Sist endret ", ".no.html")),
        ("kvitnes", ('"@type": "BreadcrumbList"', "<time datetime=", "article:published_time")),
        ("steinvag", ('lang="nn"', "Sist endra <time")),
    ],
)
def test_each_family_writes_dates_and_breadcrumbs_in_its_own_way(served, slug, marks):
    site = served.world.sites[slug]
    page = next(p for p in site.pages.values() if p.modified and p.published and len(p.trail) > 1 and not p.quirk)
    text = served.ask(site.url(page.path)).text
    assert all(mark in text for mark in marks), [m for m in marks if m not in text]


def test_a_sitemap_of_each_kind(served):
    robots = {slug: served.ask(f"{home(slug)}/robots.txt").text for slug in ("kvitnes", "hogfoss", "granheim", "fjordvik")}
    assert "Sitemap: https://www.kvitnes.kommune.no/sitemap.xml" in robots["kvitnes"]
    assert "Sitemap" not in robots["granheim"] + robots["fjordvik"]
    index = served.ask(f"{home('kvitnes')}/sitemap.xml").text
    assert "<sitemapindex" in index and "/sitemap-filer.xml.gz" in index
    assert b"<urlset" in gzip.decompress(served.ask(f"{home('kvitnes')}/sitemap-filer.xml.gz").body)
    assert served.ask(f"{home('hogfoss')}/sitemap.xml").status == 404
    assert "<urlset" in served.ask(f"{home('hogfoss')}/nettstedskart/kart.xml").text
    assert "<urlset><url><loc>/" in served.ask(f"{home('steinvag')}/sitemap.xml").text
    half = served.ask(f"{home('granheim')}/sitemap.xml").text
    assert 0 < half.count("<loc>") < len(served.world.sites["granheim"].pages)
    assert served.ask(f"{home('fjordvik')}/sitemap.xml").status == 404
    soft = served.ask(f"{home('lauvmark')}/sitemap.xml")
    assert soft.status == 200 and soft.text.startswith("<!doctype html")


def test_letters_are_broken_in_four_ways(served):
    seen = {p.quirk for site in served.world.sites.values() for p in site.pages.values()}
    assert {"utf8-is-1252", "latin1-is-utf8", "undeclared-1252", "bom", "shell", "error"} <= seen
    slug = next(s for s, site in served.world.sites.items() if any(p.quirk == "utf8-is-1252" for p in site.pages.values()))
    answer = served.ask(page_with(served, slug, "utf8-is-1252"))
    assert "charset=utf-8" in answer.headers["Content-Type"]
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")
    assert "ø" in answer.body.decode("cp1252")


def test_an_error_page_under_200_and_a_page_that_only_scripts_would_fill(served):
    error = served.ask(page_with(served, "lauvmark", "error"))
    assert error.status == 200 and "Siden finnes ikke" in error.text
    shell = served.ask(page_with(served, "lauvmark", "shell"))
    assert '<div id="root"></div>' in shell.text
    whole = served.ask(f"{home('rustelv')}/hva-som-helst")
    assert whole.status == 200 and not links(whole.text)


@pytest.mark.parametrize(
    ("slug", "trap", "start"),
    [("fjordvik", "/kalender/", "2026/11/"), ("granheim", "/kalender.2003.no.html?", "year=2026&month=11"), ("kvitnes", "/sok/?", "q=budsjett")],
)
def test_a_trap_leads_on_for_ever(served, slug, trap, start):
    seen, address = set(), trap + start
    for _ in range(30):
        seen.add(address)
        found = links(served.ask(f"{home(slug)}{address}").text)
        address = next(a for a in reversed(found) if a.startswith(trap) and a != trap and not a.endswith(("print=1", "utskrift=1")))
    assert len(seen) == 30
    served.breaches()


@pytest.mark.parametrize("slug", ["fjordvik", "granheim", "kvitnes"])
def test_a_session_in_the_address_gives_the_same_page(served, slug):
    site = served.world.sites[slug]
    path = next(p for p in site.pages if len(p) > 12 and not site.pages[p].quirk)
    twin = site.twin(path)
    assert twin != path and served.ask(site.url(twin)).body == served.ask(site.url(path)).body
    assert any(SESSION[site.body.style].split("{")[0] in a for p in site.pages.values() for _, a in p.lists)


def test_the_apex_and_http_lead_to_the_site(served):
    for url in ("http://www.fjordvik.kommune.no/a?b=1", "https://fjordvik.kommune.no/a?b=1"):
        answer = served.ask(url)
        assert (answer.status, answer.headers["Location"]) == (301, "https://www.fjordvik.kommune.no/a?b=1")


def test_every_page_that_is_readable_is_reached_by_links_or_sitemap(served):
    for slug in ("fjordvik", "granheim", "kvitnes"):
        site = served.world.sites[slug]
        linked = {a for p in site.pages.values() for _, a in (*p.lists, *p.trail)} | {a for p in site.pages.values() for _, a, _ in p.files}
        linked |= {a for _, a in (*site.frame.menu, *site.frame.footer)} | {"/"}
        lost = set(site.readable()) - linked - site.orphans
        assert not lost, (slug, lost)


def test_files_are_found_by_their_bytes_and_not_by_their_name(served):
    files = [(s, f) for s in served.world.sites.values() for f in s.files.values() if not f.path.endswith(".pdf")]
    assert files
    site, file = files[0]
    answer = served.ask(site.url(file.path))
    assert answer.body.startswith(b"%PDF-") and answer.headers["Content-Type"] == "application/octet-stream"


def test_a_tired_site_says_once_for_how_long(served):
    site = served.world.sites["brattlia"]
    answers = [served.ask(site.url(p)) for p in list(site.pages)[1:9]]
    tired = [a for a in answers if a.status == 429]
    assert len(tired) == 1 and tired[0].headers["Retry-After"] == "1"
    served.breaches()


def test_every_page_has_validators(served):
    site = served.world.sites["kvitnes"]
    for path in (*site.pages, *site.files, "/sitemap.xml", "/robots.txt"):
        first = served.ask(site.url(path))
        assert served.ask(site.url(path), If_None_Match=first.headers["ETag"], If_Modified_Since=first.headers["Last-Modified"]).status == 304


def test_a_site_breaks_down_halfway(served):
    site = served.world.sites["halvnes"]
    statuses = [served.ask(site.url(p)).status for p in site.pages]
    assert statuses.count(200) >= 5 and statuses.count(500) >= 5
