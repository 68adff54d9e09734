"""Given an address or a page, this is what it says of who made it, whose it is, and where it leads."""

from __future__ import annotations

import csv
import re
from urllib.parse import urlsplit

import pytest

from catalogue import authorities, sources
from catalogue.authorities import Authority
from extractors.contract import Capture, Extractor, Request
from extractors.discovery import vendors
from extractors.discovery.addresses import platform_of, platforms, registers
from extractors.discovery.cms import cms_of, cms_of_address, names
from extractors.discovery.menus import links_of
from extractors.discovery.owners import Owner, Owners
from extractors.discovery.words import promise_of
from extractors.platforms import EXTRACTORS
from tests.shared_data import shared

CALLED_HERE = {"acos-nye-innsyn": "acos-innsyn"}
SAYS_NOTHING = 26
VENDORS = re.compile(r"(einnsyn|onacos|360online|elementscloud|innsynsportal|digdem|kommunetv)\.(no|com)$")
FAMILIES = {
    "ACOS CMS": "acos", "ACOS CMS (article)": "acos", "ACOS CMS / Innsyn Pluss": "acos", "CustomPublish": "custompublish",
    "Optimizely (Episerver)": "optimizely", "Sitevision": "sitevision", "Umbraco 8+": "umbraco",
    "AIM-type SPA (client-rendered, '/artikkel/{slug}')": "aim", "Oslo (own, getfile.php/{id}-{epoch}/)": "oslo",
}  # fmt: skip


def page(html: str, url: str = "https://www.fjordvik.kommune.no/", **headers: str) -> Capture:
    return Capture(
        id="urn:x", request=Request(url), url=url, status=200, headers={k.replace("_", "-"): v for k, v in headers.items()}, body=html.encode(),
        fetched_at="", sha256="", media_type="text/html", text=html,
    )  # fmt: skip


def tenants():
    return list(csv.DictReader((shared("tenants") / "tenants.csv").open(encoding="utf-8")))


def test_every_tenant_whose_address_tells_is_named_right_and_none_wrong():
    silent = []
    for row in tenants():
        guess, wanted = platform_of(row["url"]), CALLED_HERE.get(row["platform"], row["platform"])
        if guess is None:
            silent.append(row["url"])
        else:
            assert guess.platform == wanted, row["url"]
    assert len(silent) == SAYS_NOTHING
    # What is silent is a page of a CMS on the body's own host: its marks stand in the page.
    assert all("kommune.no" in url or re.search(r"//(www\.)?(ha|mrfylke|nfk)\.no|unknown", url) for url in silent)


def test_the_same_on_a_host_that_is_nobodys():
    told = 0
    for row in tenants():
        host = urlsplit(row["url"]).hostname or ""
        if platform_of(row["url"]) is None or VENDORS.search(host):
            continue
        guess = platform_of(row["url"].replace(urlsplit(row["url"]).netloc, "www.eksempel.example"))
        assert guess and guess.platform == CALLED_HERE.get(row["platform"], row["platform"]), row["url"]
        told += 1
    assert told == 29


@pytest.mark.parametrize(
    ("url", "platform", "home", "tenant"),
    [
        ("https://prod02.elementscloud.no/Publikum/970540008_PROD-970540008/Dmb", "elements-publikum", "https://prod02.elementscloud.no/publikum/970540008_PROD-970540008", "970540008_PROD-970540008"),
        ("https://opengov.360online.com/Meetings/TORSNUTEN/Boards/Details/1", "opengov-meetings", "https://opengov.360online.com/Meetings/TORSNUTEN", "TORSNUTEN"),
        ("https://torsnuten.pj.360online.com/", "360-pj", "https://torsnuten.pj.360online.com/Journal/Search/", "torsnuten"),
        ("https://einnsyn.no/saksmappe?id=x", "einnsyn", "https://api.einnsyn.no/", ""),
        ("https://x.kommune.no/side#/details/a-1__2!Ab/d-3", "acos-innsyn", "https://x.kommune.no/side", ""),
        ("http://postliste.x.no/api/postliste/2026-01-01/2026-01-02/", "postliste-json-api", "http://postliste.x.no/api/postliste/", ""),
        ("https://data.x.kommune.no/api/3/action/package_list", "ckan", "https://data.x.kommune.no/", ""),
    ],
)  # fmt: skip
def test_an_address_says_where_its_source_begins_and_for_whom(url, platform, home, tenant):
    guess = platform_of(url)
    assert guess and (guess.platform, guess.url, guess.tenant) == (platform, home, tenant)


@pytest.mark.parametrize("url", ["https://www.x.kommune.no/innsyn", "https://www.x.kommune.no/", "mailto:a@b.no", "ikke en adresse", "https://nav.no/min-side/"])
def test_an_address_that_says_nothing_is_not_made_to(url):
    assert platform_of(url) is None


def test_every_journal_and_meeting_platform_has_a_mark_and_every_mark_a_platform():
    own = {p for p, e in EXTRACTORS.items() if e.detect.__func__ is not Extractor.detect.__func__}
    assert {p for p, e in EXTRACTORS.items() if ".innsyn." in e.__module__} <= platforms() | own
    assert platforms() <= set(EXTRACTORS) | {entry.platform for entry in sources.load().values()}
    assert {register.platform for register in registers()} <= set(EXTRACTORS)


def test_the_programme_behind_a_website_is_named_where_it_is_proved_and_nowhere_else():
    counts = {"right": 0, "unclaimed": 0}
    for row in csv.DictReader((shared("authorities") / "cms_evidence.csv").open(encoding="utf-8")):
        found = cms_of_address(row["url"])
        if row["confidence"] in ("high", "medium"):
            assert found and found.family == FAMILIES[row["family"]], row["url"]
            counts["right"] += 1
        else:
            assert found is None, row["url"]
            counts["unclaimed"] += 1
    assert counts == {"right": 66, "unclaimed": 97}


@pytest.mark.parametrize(
    ("html", "headers", "family"),
    [
        ('<meta name="generator" content="ACOS CMS">', {}, "acos"),
        ('<a href="/om.600.no.html">a</a><a href="/innsyn.601.no.html">b</a>', {}, "custompublish"),
        ('<link href="/siteassets/stil.css"><img src="/globalassets/a.png">', {}, "optimizely"),
        ('<a href="https://www.annet.no/globalassets/a.pdf">a</a><a href="https://www.annet.no/globalassets/b.pdf">b</a>', {}, None),
        ('<a href="/globalassets/gammel.pdf">a</a>', {}, None),
        ("<p>Velkommen", {"x_generator": "Sitevision"}, "sitevision"),
        ("<p>Velkommen", {}, None),
    ],
)
def test_a_page_proves_its_programme_by_markup_headers_or_two_addresses_of_its_own(html, headers, family):
    found = cms_of(page(f"<html><body>{html}", **headers))
    assert (found.family if found else None) == family
    assert family is None or names()[family]


def test_an_address_is_the_bodys_own_or_anothers_or_says_nothing():
    owners = Owners(authorities.load())
    strand, valer = owners.authorities["964978751"], owners.authorities["871034222"]

    def claim(body, url):
        return owners.claim(body, url, platform_of(url)).owner

    assert claim(strand, "https://innsyn.strand.kommune.no/wfinnsyn.ashx?response=moteplan") == Owner.OWN
    assert claim(strand, "https://www.sola.kommune.no/innsyn/moter/") == Owner.ANOTHERS
    assert claim(strand, "https://prod01.elementscloud.no/publikum/964978751_PROD-964978751") == Owner.OWN
    assert claim(strand, "https://prod01.elementscloud.no/publikum/971045698") == Owner.ANOTHERS
    assert claim(strand, "https://strandkommune.pj.360online.com/Journal/Search/") == Owner.OWN
    assert claim(strand, "https://opengov.360online.com/Meetings/KLEPP") == Owner.ANOTHERS
    assert claim(strand, "https://str-postliste.pj.360online.com/Journal/Search/") == Owner.UNSAID
    assert claim(valer, "https://valer.digdem.no/motekalender") == Owner.UNSAID, "two bodies are called Våler"


def test_a_menu_is_read_with_its_words_and_what_promises_something_comes_first():
    html = (
        "<html><head><base href='/a/'></head><body><nav><a href='/postliste/'>Postliste</a></nav><main><a href='b'>Slik søker du innsyn i egen journal</a>"
        "<a href='/skole/'>Skole</a><a href='/politikk/'>Politikk</a></main><footer><a href='https://data.x.no/'>Åpne data</a></footer>"
    )
    found = {link.url: promise_of(link.url, link.text) for link in links_of(page(html, "https://www.x.no/forside"))}
    assert found == {
        "https://www.x.no/postliste/": 4, "https://www.x.no/a/b": 3, "https://www.x.no/skole/": 0, "https://www.x.no/politikk/": 1, "https://data.x.no/": 4,
    }  # fmt: skip
    assert promise_of("https://www.x.no/innsyn/hundehold/", "Hundehold") == 0, "what stands further up is said of every page"


def test_a_catalogue_of_others_is_read_by_what_its_rows_say():
    bodies = authorities.load().with_extra([Authority(orgnr="800014018", name="Fjordvik", roles=("kommune",))])
    rows = "<tr><td>Fjordvik</td><td>ACOS</td><td><a href='https://innsyn.fjordvik.kommune.no/'>a</a></td></tr><tr><td>Strand</td><td>Klepp</td><td><a href='https://x.no/'>b</a></td></tr>"
    found = vendors.addresses(page(f"<table>{rows}</table>", vendors.NORSKE_POSTLISTER), bodies)
    assert found == {"800014018": ("https://innsyn.fjordvik.kommune.no/",)}
