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


def test_no_other_record_closes_a_group():
    rules = robots.parse(b"User-agent: dagslys\nCrawl-delay: 10\nUkjent: x\nSitemap: /s.xml\nUser-agent: annen\nDisallow: /felles\n")
    assert not rules.allows("dagslys", "https://x.no/felles") and not rules.allows("annen", "https://x.no/felles")
    assert (rules.crawl_delay("dagslys"), rules.crawl_delay("annen")) == (10, None)


def test_a_rule_does_close_it_and_so_does_an_empty_one():
    rules = robots.parse(b"User-agent: dagslys\nDisallow:\nUser-agent: *\nDisallow: /\n")
    assert rules.allows("dagslys", "https://x.no/a") and not rules.allows("annen", "https://x.no/a")


def test_rules_before_any_group_bind_nobody():
    assert robots.parse(b"Disallow: /\nUser-agent: annen\nDisallow: /a\n").allows("dagslys", "https://x.no/a")


@pytest.mark.parametrize("typo", ["Dissallow", "dissalow", "Disalow", "diasllow", "disallaw", "DISALLOW", "Disallow ", "Disallowed"])
def test_frequent_typos_of_disallow_are_obeyed(typo):
    assert not robots.parse(f"User-agent: *\n{typo}: /lukket\n".encode()).allows("dagslys", "https://x.no/lukket")


@pytest.mark.parametrize("typo", ["useragent", "User agent", "USER-AGENT", "User-agents"])
def test_frequent_typos_of_user_agent_are_understood(typo):
    rules = robots.parse(f"User-agent: annen\nDisallow: /\n{typo}: dagslys\nDisallow: /lukket\n".encode())
    assert (rules.allows("dagslys", "https://x.no/lukket"), rules.allows("dagslys", "https://x.no/a")) == (False, True)


@pytest.mark.parametrize(
    "line", ["Disallow /lukket", "disallow\t /lukket", " Disallow:/lukket ", "Disallow : /lukket", "Disallow:\t/lukket\t# fordi"]
)
def test_missing_colons_blanks_and_comments(line):
    assert not robots.parse(f"User-agent: *\n{line}\n".encode()).allows("dagslys", "https://x.no/lukket")


@pytest.mark.parametrize(
    "line", ["Disallow /lukket og mer", "Disallow", ": /lukket", "/lukket", "Disallow: # /lukket", "Desallow: /lukket"]
)
def test_lines_that_are_no_rule(line):
    assert robots.parse(f"User-agent: *\n{line}\n".encode()).allows("dagslys", "https://x.no/lukket")


@pytest.mark.parametrize(
    "agent_line, agent, is_meant",
    [
        ("dagslys", "dagslys", True),
        ("Dagslys/0.1", "dagslys", True),
        ("DAGSLYS (+https://x.no)", "dagslys", True),
        ("dagslys-bilder", "dagslys", False),
        ("dags", "dagslys", False),
        ("xdagslys", "dagslys", False),
        ("dagslys", "Dagslys/0.1 (+post@x.no)", True),
        ("* alle", "dagslys", True),
        ("*dagslys", "dagslys", False),
        ("", "dagslys", False),
    ],
)
def test_the_product_token_matches_whole(agent_line, agent, is_meant):
    rules = robots.parse(f"User-agent: {agent_line}\nDisallow: /\n".encode())
    assert rules.allows(agent, "https://x.no/a") is not is_meant


@pytest.mark.parametrize(
    "pattern, path, is_matched",
    [
        ("/fisk", "/fiskeri/laks?x=1", True),
        ("/fisk", "/Fisk", False),
        ("/fisk/", "/fisk", False),
        ("/*.pdf$", "/a/b.pdf", True),
        ("/*.pdf$", "/a/b.pdf?x", False),
        ("/a$b", "/a$b/c", True),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("*", "/a", True),
        ("*/skriv", "/a/skriv", True),
        ("/a**b", "/axxb", True),
        ("/a*", "/a", True),
        ("/*/*/tre", "/en/tre", False),
        ("/*?*sok=", "/x?a=1&sok=2", True),
        ("fisk", "/fisk", False),
        ("/a%2fb", "/a%2Fb", True),
        ("/a%2Fb", "/a/b", False),
        ("/%c3%b8", "/%C3%B8", True),
        ("/ø", "/%C3%B8", True),
        ("/bar;x=1", "/bar;x=1/y", True),
    ],
)
def test_patterns(pattern, path, is_matched):
    rules = robots.parse(f"User-agent: *\nDisallow: {pattern}\n".encode())
    assert rules.allows("dagslys", "https://x.no" + path) is not is_matched


@pytest.mark.parametrize(
    "url, path",
    [
        ("", "/"), ("https://x.no", "/"), ("https://x.no/", "/"), ("https://x.no/a/b?c=http://d.e/", "/a/b?c=http://d.e/"),
        ("https://x.no/a?b=c#d", "/a?b=c"), ("https://x.no#/a", "/"), ("https://x.no?a", "/?a"), ("x.no", "/"), ("x.no/a#b", "/a"),
        ("x.no?a", "/?a"), ("x.no/a;b#c", "/a;b"), ("/a", "/a"), ("a/b", "/b"), ("//x/b/c", "/b/c"), ("https://x.no:8080/a", "/a"),
    ],
)  # fmt: skip
def test_the_part_of_an_address_that_rules_see(url, path):
    assert robots.path_of(url) == path


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks(encoding):
    assert not robots.parse("User-agent: *\nDisallow: /høring\n".encode(encoding)).allows("dagslys", "https://x.no/høring")


def test_a_line_ends_at_a_zero_byte_and_is_cut_when_very_long():
    assert robots.parse(b"User-agent: *\nDisallow: /a\x00b\n").allows("dagslys", "https://x.no/b")
    long = b"User-agent: *\nDisallow: /" + b"a" * 20_000 + b"\nDisallow: /b\n"
    assert not robots.parse(long).allows("dagslys", "https://x.no/b")


def test_half_a_rule_at_the_end_of_what_is_read_closes_nothing():
    body = b"User-agent: *\n" + b"#" * (robots.MAX_BYTES - 26) + b"\nDisallow: /hemmelig\n"
    assert robots.parse(body).allows("dagslys", "https://x.no/h")


def test_half_a_megabyte_is_read():
    rules = robots.parse(b"User-agent: *\n" + b"# fyll\n" * 71_000 + b"Disallow: /sist\n")
    assert not rules.allows("dagslys", "https://x.no/sist")


@pytest.mark.parametrize("delay, expected", [(b"10", 10.0), (b"1.5", 1.5), (b"2,5", 2.5), (b"-3", None), (b"snart", None), (b"inf", None)])
def test_crawl_delay(delay, expected):
    assert robots.parse(b"User-agent: *\nCrawl-delay: " + delay + b"\n").crawl_delay("dagslys") == expected


def is_allowed(body: bytes, agent: str, path: str) -> bool:
    return robots.parse(body).allows(agent, "http://www.fict.example" + path)


COMMONS = "conformance/crawler-commons/src/test/resources/robots"


@pytest.mark.parametrize(
    "name, agent, closed, open_",
    [
        ("rfc9309-example-simple-robots.txt", "foobot", ["/", "/publications/"], ["/example/page.html", "/example/allowed.gif"]),
        ("rfc9309-example-simple-robots.txt", "barbot", ["/example/page.html"], ["/example/", "/a.gif"]),
        ("rfc9309-example-simple-robots.txt", "bazbot", ["/example/page.html"], ["/example/other.html"]),
        ("rfc9309-example-simple-robots.txt", "quxbot", [], ["/", "/example/", "/a.gif"]),
        ("rfc9309-example-simple-robots.txt", "dagslys", ["/a.gif", "/example/x"], ["/publications/x", "/a.gif?x"]),
        ("rfc9309-example-longest-match-robots.txt", "foobot", ["/example/page/disallowed.gif"], ["/example/page/", "/x"]),
        ("rfc9309-example-rule-group-merging.txt", "examplebot", ["/foo", "/bar", "/baz"], ["/x"]),
        ("rfc9309-example-rule-group-merging.txt", "bazbot", ["/baz"], ["/foo", "/bar"]),
        ("rfc9309-example-rule-group-merging.txt", "dagslys", ["/foo", "/bar"], ["/baz"]),
        ("crawl-delay-group-merging.txt", "mybot", ["/private/"], ["/login/", "/x"]),
        ("crawl-delay-group-merging.txt", "yourbot", ["/private/", "/login/"], ["/x"]),
        ("crawl-delay-group-merging.txt", "dagslys", [], ["/private/", "/login/"]),
        ("extensions-group-merging.txt", "mybot", ["/private/", "/login/"], ["/x", "/llms.txt"]),
        ("extensions-group-merging.txt", "yourbot", ["/private/", "/login/"], ["/x"]),
        ("extensions-group-merging.txt", "dagslys", ["/x", "/private/"], ["/llms.txt"]),
        ("merge-rules.txt", "wget", ["/tmp/bar"], ["/foo/bar", "/ckh/bar"]),
        ("merge-rules.txt", "curl", ["/foo/bar", "/"], []),
        ("merge-rules.txt", "dagslys", ["/foo/bar", "/tmp/bar"], ["/ckh/bar"]),
        ("precedence-of-rules.txt", "testy", ["/foo", "/foo/baz"], ["/foo/bar", "/x"]),
        ("precedence-of-rules.txt", "wget", ["/bar"], ["/foo", "/index.html"]),
        ("directive-typos-robots.txt", "bot1", ["/dissalow/"], ["/desallow/"]),
        ("directive-typos-robots.txt", "bot2", [], ["/x"]),
        ("format-errors-robots.txt", "bot3", ["/x"], ["/whitespace-before-colon"]),
        ("wildcards.txt", "dagslys", ["/gp/registry/wishlist/x/reserve", "/a/gcrnsts", "/wishlist/"], ["/wishlist/universal-x", "/gp/aw/cr/"]),
        ("wildcards.txt", "Googlebot", ["/rss/people/a/reviews", "/a/sim/B001132UEE"], ["/gp/"]),
        ("malformed-path.txt", "dagslys", ["/wiki/Wikipedia_talk:Mediation_Committee/x"], ["/wiki/Wikipedia"]),
    ],
)  # fmt: skip
def test_crawler_commons_bodies(name, agent, closed, open_):
    body = (shared(COMMONS) / name).read_bytes()
    assert [p for p in closed if is_allowed(body, agent, p)] == []
    assert [p for p in open_ if not is_allowed(body, agent, p)] == []


def test_crawler_commons_delays_marks_and_sitemaps():
    folder = shared(COMMONS)
    delays = robots.parse((folder / "crawl-delay-group-merging.txt").read_bytes())
    assert [delays.crawl_delay(a) for a in ("mybot", "yourbot", "dagslys")] == [10, None, 30]
    for name in ("robots-with-utf8-bom.txt", "robots-with-utf16le-bom.txt", "robots-with-utf16be-bom.txt"):
        assert any(g.rules for g in robots.parse((folder / name).read_bytes()).groups), name
    assert robots.parse((folder / "dos-line-endings.txt").read_bytes()).crawl_delay("dagslys") == 1
    assert robots.parse((folder / "relative-sitemap-robots.txt").read_bytes()).sitemaps == ["/sitemap.xml"]
    assert robots.parse((folder / "format-errors-robots.txt").read_bytes()).sitemaps == ["/sitemap.xml"]
    for path in folder.glob("*.txt"):
        assert robots.parse(path.read_bytes()).allows("dagslys", "http://www.fict.example/robots.txt")


NLNWA = "conformance/nlnwa-robots/veidemann-robotsevaluator-service/src/test/resources/examples/robotstxt"


@pytest.mark.parametrize(
    "name, agent, closed, open_, delay",
    [
        ("robots1.txt", "a", ["/c"], ["/d", "/g"], None),  # a user-agent line without a value opens a group of nobody
        ("robots1.txt", "fgh", ["/g"], ["/c"], None),
        ("robots1.txt", "googlebot", [], ["/c", "/d", "/g"], None),
        ("robots2.txt", "dagslys", ["/p/x", "/CGI/x", "/pub/skrivervennlig.hbs?x=1"], ["/cgi/x", "/pub/"], 1),
        ("robots3.txt", "dagslys", ["/sok/x", "/cgi-bin/wa"], ["/", "/samlingen"], 4),
        ("robots4.txt", "dagslys", ["/sok/x", "/test1/", "/test3/", "/test6"], ["/test2/", "/test5", "/test7/"], 7),
        ("robots4.txt", "googlebot", [], ["/sok/x", "/test6"], 4),
    ],
)
def test_nlnwa_bodies(name, agent, closed, open_, delay):
    body = (shared(NLNWA) / name).read_bytes()
    assert [p for p in closed if is_allowed(body, agent, p)] == []
    assert [p for p in open_ if not is_allowed(body, agent, p)] == []
    assert robots.parse(body).crawl_delay(agent) == delay


def test_the_real_files_are_all_read():
    with gzip.open(shared("conformance/protego/robots_corpus.jsonl.gz")) as lines:
        bodies = [base64.b64decode(json.loads(line)["body_b64"]) for line in lines]
    assert len(bodies) == 4231
    parsed = [robots.parse(body) for body in bodies]
    assert sum(bool(rules.groups) for rules in parsed) > 3500
    assert all(rules.allows("dagslys", "https://x.no/robots.txt") for rules in parsed)
