"""Every rule of the judge fires when it is broken, and none fires for an honest client."""

from __future__ import annotations

import gzip
import http.client
import threading

import pytest

from sandbox.answers import Answer, Question
from sandbox.gateway import Gateway
from sandbox.judge import TRAP_BUDGET, HostRules, Judge
from tests.sandbox.serving import AGENT, Served

SITE = "https://www.kvitnes.kommune.no"


@pytest.fixture
def clean(served: Served):
    served.breaches()
    yield served
    served.breaches()


def test_an_honest_reader_breaks_nothing(clean):
    for path in ("/robots.txt", "/", "/sitemap.xml", "/politikk-og-innsyn/", "/intern/apent/informasjon/"):
        assert clean.ask(f"{SITE}{path}").status == 200
    tag = clean.ask(f"{SITE}/").headers["ETag"]
    clean.ask(f"{SITE}/", If_None_Match=tag)
    assert clean.breaches() == set()


@pytest.mark.parametrize(
    ("url", "headers", "rule"),
    [
        (f"{SITE}/", {"User_Agent": "dagslys/0.1"}, "identity"),
        (f"{SITE}/", {"User_Agent": "Mozilla/5.0 (compatible; annet/1.0; +post@annet.example)"}, "identity"),
        (f"{SITE}/", {"User_Agent": f"{AGENT} Chrome/140.0 Safari/537.36"}, "identity"),
        (f"{SITE}/", {"User_Agent": ""}, "headers"),
        (f"{SITE}/", {"Accept": ""}, "headers"),
        (f"{SITE}/", {"Sec_Fetch_Mode": "navigate"}, "headers"),
        (f"{SITE}/", {"Authorization": "Bearer x"}, "headers"),
        (f"{SITE}/", {"Cookie": "spor=1"}, "cookies"),
        (f"{SITE}/intern/ansatt/", {}, "robots"),
        (f"{SITE}/aktuelt/?sort=dato", {}, "robots"),
        ("https://www.granheim.kommune.no/side.1007.no.html?utskrift=1", {}, "robots"),
        ("https://www.fjordvik.kommune.no/api/noe", {}, "robots"),
        ("https://www.grafjell.kommune.no/", {}, "robots"),
        ("https://data.fjordvik.kommune.no/dataset/noe/history", {}, "robots"),
        ("https://www.kommune.example/", {}, "scope"),
        ("http://api.einnsyn.no/search", {}, "scope"),
    ],
)
def test_a_breach_is_seen(clean, url, headers, rule):
    clean.ask(url, **headers)
    assert rule in clean.breaches()


def test_what_the_shared_door_says_is_not_closed(clean):
    for url in ("https://www.grafjell.kommune.no/robots.txt", "https://www.fjordvik.kommune.no/api/presentation/v2/nye-innsyn/sak/x"):
        clean.ask(url)
    assert clean.breaches() == set()


def test_posting_where_only_reading_belongs(clean):
    clean.ask(f"{SITE}/", "POST", {})
    assert clean.breaches() == {"method"}


def test_asking_again_and_again_without_a_condition(clean):
    for _ in range(4):
        clean.ask(f"{SITE}/om-kommunen/")
    assert clean.breaches() == {"repeat"}
    for _ in range(6):
        clean.ask(f"{SITE}/robots.txt")
    assert clean.breaches() == set()


def test_getting_lost_in_a_calendar(clean):
    for month in range(TRAP_BUDGET + 1):
        clean.ask(f"{SITE}/kalender/{2027 + month // 12}/{month % 12 + 1}/")
    assert clean.breaches() == {"trap"}


def test_coming_back_too_early(clean):
    host = "https://data.ytresolland.no"
    clean.ask(f"{host}/catalog.ttl")
    clean.ask(f"{host}/catalog.ttl?page=2")
    assert clean.breaches() == {"crawl-delay"}


def test_asking_before_retry_after_has_passed():
    answer = Answer(503, b"", "text/plain", (("Retry-After", "30"),))
    judge = Judge({"a.example": HostRules()})
    gateway = Gateway(lambda _: answer, judge).start()
    try:
        served = Served(None, gateway)  # type: ignore[arg-type]
        served.ask("https://a.example/")
        served.ask("https://a.example/annet")
        assert served.breaches() == {"retry-after"}
    finally:
        gateway.shutdown()
        gateway.server_close()


def test_two_requests_at_the_same_time():
    both_are_in = threading.Barrier(2, timeout=10)

    def respond(question: Question) -> Answer:
        both_are_in.wait()
        return Answer(200, b"ok", "text/plain")

    gateway = Gateway(respond, Judge({"a.example": HostRules()})).start()
    served = Served(None, gateway)  # type: ignore[arg-type]
    try:
        threads = [threading.Thread(target=served.ask, args=(f"https://a.example/{n}",)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert served.breaches() == {"parallel"}
    finally:
        gateway.shutdown()
        gateway.server_close()


def test_the_verdict_counts_answers(clean):
    tag = clean.ask(f"{SITE}/").headers["ETag"]
    clean.ask(f"{SITE}/", If_None_Match=tag)
    clean.ask(f"{SITE}/finnes-ikke")
    verdict = clean.verdict()
    assert (verdict["requests"], verdict["answers_304"], verdict["statuses"]) == (3, 1, {"200": 1, "304": 1, "404": 1})
    assert verdict["by_host"]["www.kvitnes.kommune.no"]["in_flight_max"] == 1


def test_text_is_packed_for_who_accepts_it(served):
    plain, packed = served.ask(f"{SITE}/"), served.ask(f"{SITE}/", Accept_Encoding="gzip, deflate")
    assert gzip.decompress(packed.body) == plain.body and packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in served.ask(f"{SITE}/sitemap-filer.xml.gz", Accept_Encoding="gzip").headers


def test_a_connection_is_kept_alive_and_a_body_is_whole(served):
    connection = http.client.HTTPConnection(*served.gateway.server_address[:2], timeout=10)
    bodies = []
    for _ in range(2):
        connection.request("GET", "/", headers={"Host": "www.kvitnes.kommune.no", "X-Forwarded-Proto": "https", "User-Agent": AGENT, "Accept": "*/*"})
        bodies.append(connection.getresponse().read())
    connection.close()
    assert bodies[0] == bodies[1] and bodies[0].endswith(b"</html>")
