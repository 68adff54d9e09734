"""The client against a real server, its politeness in simulated time."""

import gzip
import itertools
import zlib
from datetime import UTC, datetime

import pytest

from extractors import exceptions as problems
from extractors.contract import Request
from extractors.fetch.archive import Archive
from extractors.fetch.client import Client, seconds_to_wait
from tests.extractors.fetch.loopback import SimulatedTime, client_for, serving, source

HOME = "https://www.fjordvik.kommune.no/"
OPEN = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n")
PAGE = (200, {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}, "<!doctype html><p>Åpenhet</p>".encode())


def site(pages, robots=OPEN, seen=None):
    def answer(handler):
        if seen is not None:
            seen.append((handler.command, handler.headers["Host"], handler.path, dict(handler.headers)))
        if handler.path == "/robots.txt":
            return robots
        page = pages[handler.path]
        return page(handler) if callable(page) else page

    return answer


def test_asks_by_name_under_the_gateway(tmp_path):
    seen = []
    with serving(site({"/a!b?x=1": PAGE}, seen=seen)) as gateway:
        capture = client_for(tmp_path, gateway).fetch(source(), Request(HOME + "a!b?x=1"))
    assert capture.text == "<!doctype html><p>Åpenhet</p>"
    command, host, path, headers = seen[-1]
    assert (command, host, path) == ("GET", "www.fjordvik.kommune.no", "/a!b?x=1")
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["User-Agent"] == "Mozilla/5.0 (compatible; dagslys/0.1; +post@dagslys.example)"


def test_the_web_is_not_asked_without_a_contact(tmp_path):
    with pytest.raises(problems.ContactMissing, match="DAGSLYS_CONTACT"):
        Client(tmp_path, contact=None)


def test_an_unchanged_page_is_answered_from_the_archive(tmp_path):
    def page(handler):
        return (304, {"ETag": '"1"'}, b"") if handler.headers["If-None-Match"] == '"1"' else PAGE

    with serving(site({"/": page})) as gateway:
        client = client_for(tmp_path, gateway)
        first, second = client.fetch(source(), Request(HOME)), client.fetch(source(), Request(HOME))
        third = client.fetch(source(), Request(HOME))
    assert not first.not_modified and second.not_modified and third.not_modified
    assert third.body == first.body and third.sha256 == first.sha256
    assert client.stats["website/fjordvik"].not_modified == 2
    assert Archive(tmp_path / "archive").read(third.id).text == first.text


@pytest.mark.parametrize(
    "robots, reason",
    [
        ((200, {}, b"User-agent: *\nDisallow: /\n"), "refuses"),
        ((503, {}, b""), "503"),
        ((429, {}, b""), "429"),
    ],
)
def test_robots_refusal_is_final_and_nothing_is_asked_after_it(tmp_path, robots, reason):
    seen = []
    with serving(site({"/": PAGE}, robots, seen)) as gateway:
        client = client_for(tmp_path, gateway)
        for _ in range(3):
            with pytest.raises(problems.RobotsRefused, match=reason):
                client.fetch(source(), Request(HOME))
    assert [path for _, _, path, _ in seen] == ["/robots.txt"]


def test_a_missing_robots_file_allows(tmp_path):
    with serving(site({"/": PAGE}, robots=(404, {}, b""))) as gateway:
        assert client_for(tmp_path, gateway).fetch(source(), Request(HOME)).is_ok


def test_only_a_written_permission_passes_a_refusal_and_the_capture_says_so(tmp_path):
    permitted = source(permission="Fjordvik kommune, 2026-05-04, sak 26/114")
    with serving(site({"/": PAGE}, robots=(200, {}, b"User-agent: *\nDisallow: /\n"))) as gateway:
        client = client_for(tmp_path, gateway)
        capture = client.fetch(permitted, Request(HOME))
    assert client.archive.row(capture.id)["robots_permission"] == "Fjordvik kommune, 2026-05-04, sak 26/114"


def test_every_redirect_hop_is_checked(tmp_path):
    def to(address):
        return (302, {"Location": address}, b"")

    pages = {
        "/inn": to("/login?retur=/"),
        "/ut": to("https://www.annet.kommune.no/"),
        "/metadata": to("http://169.254.169.254/latest/"),
        "/lukket": to("/hemmelig/side"),
        "/ring": to("/ring"),
        "/flyttet": to("/ny"),
        "/ny": PAGE,
    }
    expected = {
        "inn": problems.LoginRequired,
        "ut": problems.OutOfScope,
        "metadata": problems.OutOfScope,
        "lukket": problems.RobotsRefused,
        "ring": problems.NetworkError,
    }
    seen = []
    with serving(site(pages, (200, {}, b"User-agent: *\nDisallow: /hemmelig\n"), seen)) as gateway:
        client = client_for(tmp_path, gateway)
        for path, problem in expected.items():
            with pytest.raises(problem):
                client.fetch(source(), Request(HOME + path))
        assert client.fetch(source(), Request(HOME + "flyttet")).url == HOME + "ny"
    assert "/hemmelig/side" not in [path for _, _, path, _ in seen]


def test_a_refusal_dressed_as_200_is_a_refusal(tmp_path):
    body = b"<html><title>Access Denied</title>You do not have permission</html>"
    with serving(site({"/": (200, {"Content-Type": "text/html"}, body)})) as gateway, pytest.raises(problems.AccessDenied):
        client_for(tmp_path, gateway).fetch(source(), Request(HOME))


def bomb() -> bytes:
    return gzip.compress(b"\0" * (8 * 1024 * 1024))


@pytest.mark.parametrize(
    "headers, body, problem",
    [
        ({"Content-Type": "text/html", "Content-Encoding": "gzip"}, bomb(), problems.TooLarge),
        ({"Content-Type": "text/html"}, b"<html>" + b"x" * (6 * 1024 * 1024), problems.TooLarge),
        ({"Content-Type": "text/html", "Content-Encoding": "br"}, b"xx", problems.NetworkError),
        ({"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(b"<html>" * 900)[:40], problems.NetworkError),
    ],
)
def test_bad_bodies_end_in_a_clear_error(tmp_path, headers, body, problem):
    with serving(site({"/": (200, headers, body)})) as gateway, pytest.raises(problem):
        client_for(tmp_path, gateway).fetch(source(), Request(HOME))


@pytest.mark.parametrize("encoding, pack", [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_compressed_answers_are_read(tmp_path, encoding, pack):
    page = (200, {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": encoding}, pack("<p>Åpent</p>".encode()))
    with serving(site({"/": page})) as gateway:
        assert client_for(tmp_path, gateway).fetch(source(), Request(HOME)).text == "<p>Åpent</p>"


def test_a_drip_ends_at_the_total_deadline(tmp_path):
    time = SimulatedTime()

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(100):
            time.now += 14
            try:
                handler.wfile.write(b"x" * 70_000)
            except OSError:
                return

    with serving(site({"/": drip})) as gateway, pytest.raises(problems.DeadlineExceeded):
        client_for(tmp_path, gateway, time).fetch(source(), Request(HOME))


def test_cookies_stay_in_the_session_and_out_of_the_archive(tmp_path):
    def shell(handler):
        return (200, {"Content-Type": "text/html", "Set-Cookie": "ASP.NET_SessionId=hemmelig; path=/"}, b"<html>ok</html>")

    seen = []
    with serving(site({"/": shell, "/api": PAGE}, seen=seen)) as gateway:
        client = client_for(tmp_path, gateway)
        client.fetch(source(), Request(HOME, role="shell"))
        client.fetch(source(), Request(HOME + "api"))
        client.close()
    assert "hemmelig" in seen[-1][3].get("Cookie", "")
    kept = b"".join(gzip.decompress(p.read_bytes()) for p in (tmp_path / "archive").rglob("*.warc.gz"))
    assert b"<html>ok</html>" in kept and b"hemmelig" not in kept


@pytest.mark.parametrize(
    "value, seconds",
    [
        ("120", 120),
        ("-5", None),
        ("0", None),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120),
        ("Tue, 24 Nov 2020 12:02:00 GMT", None),
        ("snart", None),
    ],
)
def test_retry_after_in_both_forms(value, seconds):
    assert seconds_to_wait(value, datetime(2026, 11, 24, 12, tzinfo=UTC)) == seconds


def test_two_questions_to_one_host_are_never_closer_than_its_delay(tmp_path):
    time, asked = SimulatedTime(), []

    def page(handler):
        asked.append(time.now)
        time.now += 0.3
        return PAGE

    with serving(site({f"/{n}": page for n in range(12)}, (200, {}, b"User-agent: *\nCrawl-delay: 30\n"))) as gateway:
        client = client_for(tmp_path, gateway, time)
        for n in range(12):
            client.fetch(source(), Request(f"{HOME}{n}"))
    assert min(b - a for a, b in itertools.pairwise(asked)) >= 30


def test_hosts_behind_one_address_share_a_smaller_delay(tmp_path):
    time, asked = SimulatedTime(), []

    def page(handler):
        asked.append(time.now)
        return PAGE

    hosts = [f"www.kommune{n}.no" for n in range(5)]
    with serving(site({"/": page}, robots=(404, {}, b""))) as gateway:
        client = client_for(tmp_path, gateway, time, pace={"address_floor_s": 0.5})
        for host in hosts:
            client.fetch(source(host, id=host), Request(f"https://{host}/"))
    assert min(b - a for a, b in itertools.pairwise(asked)) >= 0.5


def test_retry_after_is_waited_out_and_a_long_one_parks_the_host(tmp_path):
    time, asked = SimulatedTime(), []

    def busy(handler):
        asked.append(time.now)
        return (429, {"Retry-After": "40"}, b"") if len(asked) == 1 else PAGE

    def closed(handler):
        return (503, {"Retry-After": "3600"}, b"")

    with serving(site({"/": busy, "/stengt": closed})) as gateway:
        client = client_for(tmp_path, gateway, time)
        assert client.fetch(source(), Request(HOME)).is_ok
        assert asked[1] - asked[0] == pytest.approx(40)
        with pytest.raises(problems.HostResting):
            client.fetch(source(), Request(HOME + "stengt"))


def test_five_failures_rest_the_host(tmp_path):
    seen = []
    with serving(site({"/": (500, {}, b"")}, seen=seen)) as gateway:
        client = client_for(tmp_path, gateway)
        for _ in range(5):
            assert client.fetch(source(), Request(HOME)).status == 500
        with pytest.raises(problems.HostResting):
            client.fetch(source(), Request(HOME))
    assert len(seen) == 1 + 5


def test_the_name_is_looked_up_and_a_private_answer_is_refused(tmp_path):
    client = Client(tmp_path, contact="post@dagslys.example", resolve=lambda host: ["10.0.0.1"])
    with pytest.raises(problems.RobotsRefused, match="not a public address"):
        client.fetch(source(), Request(HOME))
