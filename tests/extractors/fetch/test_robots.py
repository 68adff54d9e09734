"""robots.txt: the standard cases, what RFC 9309 says in words, and the real files."""

import base64
import gzip
import json
from pathlib import Path

import pytest

from extractors.fetch import robots
from tests.shared_data import shared

CASES = [json.loads(line) for line in (Path(__file__).parents[2] / "data/conformance/google-robotstxt/cases.jsonl").open()]


@pytest.mark.parametrize("case", [c for c in CASES if not c["google_only"]], ids=lambda c: c["test"])
def test_standard_cases(case):
    rules = robots.parse(case["robotstxt_latin1"].encode("latin-1"))
    assert rules.allows(case["user_agent"], case["url"]) == (case["expected"] == "ALLOWED")


def test_groups_of_one_token_are_combined_and_the_star_group_is_then_left_out():
    rules = robots.parse(b"User-agent: dagslys\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-Agent: DAGSLYS/2\nDisallow: /b\n")
    verdicts = [rules.allows("dagslys", f"https://x.no{p}") for p in ("/a", "/b", "/c")]
    assert verdicts == [False, False, True]
    assert not rules.allows("annen", "https://x.no/c")


def test_longest_rule_wins_and_allow_wins_a_tie():
    rules = robots.parse(b"User-agent: *\nDisallow: /innsyn\nAllow: /innsyn/postliste\nDisallow: /likt\nAllow: /likt\n")
    assert rules.allows("dagslys", "https://x.no/innsyn/postliste/2026")
    assert not rules.allows("dagslys", "https://x.no/innsyn/mappe")
    assert rules.allows("dagslys", "https://x.no/likt")


def test_letters_compare_percent_encoded_on_both_sides():
    rules = robots.parse("User-agent: *\nDisallow: /høring\nDisallow: /%c3%a5pent\n".encode())
    assert not rules.allows("dagslys", "https://x.no/h%C3%B8ring/1")
    assert not rules.allows("dagslys", "https://x.no/høring/1")
    assert not rules.allows("dagslys", "https://x.no/åpent")


def test_star_and_dollar():
    rules = robots.parse(b"User-agent: *\nDisallow: /*?print=\nDisallow: /*.asp$\n")
    assert not rules.allows("dagslys", "https://x.no/side?print=1")
    assert not rules.allows("dagslys", "https://x.no/side.asp")
    assert rules.allows("dagslys", "https://x.no/side.aspx")


def test_a_pattern_of_many_stars_is_answered_at_once():
    rules = robots.parse(b"User-agent: *\nDisallow: /" + b"*a" * 500 + b"$\n")
    assert rules.allows("dagslys", "https://x.no/" + "a" * 400)


def test_a_sitemap_line_does_not_close_a_group():
    rules = robots.parse(b"User-agent: *\nSitemap: https://x.no/sitemap.xml\nUser-agent: MSNBot\nCrawl-delay: 30\n")
    assert rules.crawl_delay("dagslys") == 30
    assert rules.sitemaps == ["https://x.no/sitemap.xml"]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_line_ends_and_byte_order_mark(end):
    rules = robots.parse(b"\xef\xbb\xbf" + end.join([b"User-agent: *", b"Disallow: /lukket", b""]))
    assert not rules.allows("dagslys", "https://x.no/lukket/a")


def test_half_a_megabyte_is_read():
    rules = robots.parse(b"User-agent: *\n" + b"# fyll\n" * 71_000 + b"Disallow: /sist\n")
    assert not rules.allows("dagslys", "https://x.no/sist")


@pytest.mark.parametrize("delay, expected", [(b"10", 10.0), (b"1.5", 1.5), (b"2,5", 2.5), (b"-3", None), (b"snart", None), (b"inf", None)])
def test_crawl_delay(delay, expected):
    assert robots.parse(b"User-agent: *\nCrawl-delay: " + delay + b"\n").crawl_delay("dagslys") == expected


def test_the_real_files_are_all_read():
    with gzip.open(shared("conformance/protego/robots_corpus.jsonl.gz")) as lines:
        bodies = [base64.b64decode(json.loads(line)["body_b64"]) for line in lines]
    assert len(bodies) == 4231
    parsed = [robots.parse(body) for body in bodies]
    assert sum(bool(rules.groups) for rules in parsed) > 3500
    assert all(rules.allows("dagslys", "https://x.no/robots.txt") for rules in parsed)
