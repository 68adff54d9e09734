"""URLs, addresses and charsets against the shared vectors."""

import base64
import json
from pathlib import Path

import pytest

from extractors.exceptions import AddressRefused, InvalidURL
from extractors.fetch import charset, guard, urls
from extractors.fetch.client import sniff

DATA = Path(__file__).parents[2] / "data/conformance"


def cases(relative: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / relative).open(encoding="utf-8")]


@pytest.mark.parametrize("case", cases("own/norwegian_charset_cases.jsonl"), ids=lambda c: c["id"])
def test_norwegian_charsets(case):
    decoded = charset.decode(base64.b64decode(case["body_b64"]), case["content_type"])
    assert decoded.encoding == case["pragmatic_encoding"]
    assert case["pragmatic_text"] in decoded.text


def test_a_wrong_declaration_is_repaired_and_said():
    assert charset.decode("Åpenhet".encode("cp1252"), "text/html; charset=utf-8") == charset.Decoded("Åpenhet", "windows-1252", True)
    assert charset.decode("Åpenhet".encode(), "text/html; charset=iso-8859-1") == charset.Decoded("Åpenhet", "utf-8", True)
    assert not charset.decode("Åpenhet".encode(), "text/html; charset=utf-8").repaired


@pytest.mark.parametrize("label", ["unicode_escape", "utf-7", "hex", "rot13", "idna", "punycode", "ukjent", "x-user-defined"])
def test_a_page_cannot_choose_one_of_python_s_own_codecs(label):
    assert charset.decode(b"\\u00c5pent +AOU- <p>", f"text/html; charset={label}") == charset.Decoded(
        "\\u00c5pent +AOU- <p>", "utf-8", True
    )


@pytest.mark.parametrize(
    "body, content_type, expected",
    [
        ("Åpent".encode("iso-8859-15"), "text/html; charset=iso-8859-15", ("Åpent", "iso-8859-15", False)),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a>Åpent</a>".encode("latin-1"), "text/xml", ("Åpent", "windows-1252", False)),
        ('{"tittel": "Åpent"}'.encode(), "application/json", ("Åpent", "utf-8", False)),
        (b"a\x81b\x96", "text/html", ("a\x81b–", "windows-1252", False)),
        (b"", None, ("", "utf-8", False)),
        ("Åpent".encode("utf-16-be"), "text/plain; charset=UTF-16BE", ("Åpent", "utf-16be", False)),
    ],
)
def test_more_declarations(body, content_type, expected):
    decoded = charset.decode(body, content_type)
    assert (expected[0] in decoded.text, decoded.encoding, decoded.repaired) == (True, *expected[1:])


@pytest.mark.parametrize("case", cases("own/url_classification_cases.jsonl"), ids=lambda c: c["note"])
def test_kinds_of_addresses(case):
    assert urls.classify(case["url"]) == case["kind"]


def test_web_part_of_the_url_standard():
    right = 0
    for case in cases("url/web_cases.jsonl"):
        base = case.get("base") if case.get("base") != "about:blank" else None
        try:
            right += urls.parse(case["input"], base) == case.get("href")
        except InvalidURL:
            right += bool(case.get("failure"))
    assert right >= 425


@pytest.mark.parametrize(
    "one, other",
    [
        ("HTTPS://WWW.Eksempel.kommune.no:443/a/../b/?utm_source=x#c", "https://www.eksempel.kommune.no/b/"),
        ("https://www.eksempel.kommune.no/(S(abc123def456ghi789jkl012))/side.aspx", "https://www.eksempel.kommune.no/side.aspx"),
        ("https://www.eksempel.kommune.no/side;jsessionid=0A1B2C?x=1", "https://www.eksempel.kommune.no/side?x=1"),
        ("https://www.eksempel.kommune.no/Høringer", "https://www.eksempel.kommune.no/H%c3%b8ringer"),
        ("https://www.eksempel.kommune.no/%7Eside", "https://www.eksempel.kommune.no/~side"),
    ],
)
def test_two_spellings_have_one_crawl_key(one, other):
    assert urls.canonical(one) == urls.canonical(other)


@pytest.mark.parametrize("query", ["?id=6217317", "?MId1=1&AId=5", "?pagesize=100", "?skjemaid=12", "?wizardId=7"])
def test_parameters_that_are_the_page_are_kept(query):
    assert urls.canonical("https://www.eksempel.kommune.no/x" + query).endswith(query)


def test_the_hosts_of_a_source():
    assert urls.scope("https://www.ha.no/", ()) == {"www.ha.no", "ha.no"}
    assert urls.scope("https://innsyn.onacos.no/x", ("WWW.Fjordvik.kommune.no.",)) == {
        "innsyn.onacos.no", "www.innsyn.onacos.no", "www.fjordvik.kommune.no"}  # fmt: skip


@pytest.mark.parametrize("case", cases("own/ssrf_cases.jsonl"), ids=lambda c: c["url"])
def test_addresses(case):
    answers = case["dns_answers"] or []
    sequence = list(answers) if answers and isinstance(answers[0], list) else None

    def resolve(host: str) -> list[str]:
        return answers if sequence is None else sequence.pop(0)

    if case["refuse"]:
        with pytest.raises(AddressRefused):
            guard.check_url(case["url"], resolve)
    else:
        assert guard.check_url(case["url"], resolve) == answers


@pytest.mark.parametrize(
    "body, header, kind",
    [
        (b"%PDF-1.7", "application/octet-stream", "application/pdf"),
        (b"<!DOCTYPE html><p>", "application/json", "text/html"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' ''><html>", "text/html", "text/html"),
        (b"<?xml version='1.0'?><urlset>", "text/html", "application/xml"),
        (b"<rdf:RDF>", "application/rdf+xml; charset=utf-8", "application/rdf+xml"),
        (b' {"a": 1}', "text/html", "application/json"),
        (b"[]", "application/ld+json", "application/ld+json"),
        (b"@prefix dcat: <x> .", "text/plain", "text/turtle"),
        (b"\xef\xbb\xbf<html>", None, "text/html"),
        (b"<ul><li>Vedtak", None, "text/html"),
        (b"<ul><li>Vedtak", "text/plain", "text/plain"),
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04", "text/html", "application/zip"),
        (b"", None, "application/octet-stream"),
    ],
)  # fmt: skip
def test_bytes_say_what_a_file_is(body, header, kind):
    assert sniff(body, header) == kind
