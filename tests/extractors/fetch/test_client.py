"""The client against a real server, its politeness in simulated time."""

import gzip
import itertools
import random
import threading
import zlib
from collections import Counter
from datetime import UTC, datetime

import pytest

from extractors import exceptions as problems
from extractors.contract import Request
from extractors.fetch.archive import Archive
from extractors.fetch.client import Client, seconds_to_wait
from extractors.fetch.pace import Pace
from tests.extractors.fetch.loopback import SimulatedTime, client_for, serving, source
from tests.shared_data import shared

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
    "status, body, is_open",
    [
        (200, b"User-agent: *\nDisallow: /lukket\n", True),
        (200, b"<!doctype html><p>ikke robots</p>", True),
        (204, b"", True),
        (400, b"", True),
        (401, b"User-agent: *\nDisallow: /\n", True),
        (403, b"User-agent: *\nDisallow: /\n", True),
        (404, b"", True),
        (410, b"", True),
        (429, b"", False),
        (500, b"User-agent: *\nAllow: /\n", False),
        (502, b"", False),
        (503, b"", False),
    ],
)
def test_what_a_status_of_robots_txt_means(tmp_path, status, body, is_open):
    with serving(site({"/": PAGE}, (status, {"Content-Type": "text/plain"}, body))) as gateway:
        client = client_for(tmp_path, gateway)
        if is_open:
            assert client.fetch(source(), Request(HOME)).is_ok
        else:
            with pytest.raises(problems.RobotsRefused):
                client.fetch(source(), Request(HOME))


REPPY = {
    "test_fetch_status_200": "robots_refuses", "test_fetch_status_401": "", "test_fetch_status_403": "", "test_fetch_status_4XX": "",
    "test_fetch_status_5XX": "robots_answered", "test_excessive_redirects": "", "test_content_too_big": "robots_refuses", "test_robots_allowed": "",
}  # fmt: skip


@pytest.mark.parametrize("name, code", REPPY.items())
def test_reppy_answers(tmp_path, name, code):
    """Raw answers; what each means is by RFC 9309, so 401 and 403 are open where reppy's authors closed them."""
    raw = (shared("conformance/reppy/tests/asis") / name / "robots.txt").read_bytes().replace(b"\n", b"\r\n")
    raw = raw.replace(b"http://localhost:8080/", b"/") + (b"" if b"\r\n\r\n" in raw else b"\r\n\r\n")

    def answer(handler):
        if handler.path != "/robots.txt":
            return PAGE
        handler.wfile.write(raw)
        handler.close_connection = True
        return None

    with serving(answer) as gateway:
        client = client_for(tmp_path, gateway)
        if not code:
            assert client.fetch(source(), Request(HOME + "allowed")).is_ok
        if code or b"/disallowed" in raw:
            with pytest.raises(problems.RobotsRefused) as caught:
                client.fetch(source(), Request(HOME + "disallowed"))
            assert caught.value.reason.code == (code or "robots_refuses")


def test_robots_txt_without_an_answer_is_no_and_a_failure_of_the_network(tmp_path):
    def hang_up(handler):
        handler.close_connection = True

    with serving(hang_up) as gateway, pytest.raises(problems.RobotsUnreachable) as caught:
        client_for(tmp_path, gateway).fetch(source(), Request(HOME))
    assert caught.value.reason.code == "robots_unread" and "which means no" in str(caught.value)


def test_robots_txt_is_followed_over_five_redirects_also_to_another_host(tmp_path):
    def answer(handler):
        host, path = handler.headers["Host"], handler.path
        if host == "robots.annet.no" and path == "/r4":
            return 200, {}, b"User-agent: *\nDisallow: /lukket\n"
        if path.startswith(("/robots.txt", "/r")):
            step = 0 if path == "/robots.txt" else int(path[2:])
            return 301, {"Location": f"https://robots.annet.no/r{step + 1}"}, b""
        return PAGE

    with serving(answer) as gateway:
        client = client_for(tmp_path, gateway)
        assert client.fetch(source(), Request(HOME)).is_ok
        with pytest.raises(problems.RobotsRefused):
            client.fetch(source(), Request(HOME + "lukket"))


def test_a_huge_robots_file_is_read_as_far_as_we_must(tmp_path):
    body = b"User-agent: *\nDisallow: /lukket\n" + b"# fyll\n" * 200_000
    with serving(site({"/": PAGE}, (200, {}, body))) as gateway:
        client = client_for(tmp_path, gateway)
        assert client.fetch(source(), Request(HOME)).is_ok
        with pytest.raises(problems.RobotsRefused):
            client.fetch(source(), Request(HOME + "lukket"))


def test_robots_txt_is_asked_once_a_run_and_conditionally_the_next(tmp_path):
    seen = []

    def robots(handler):
        return (
            (304, {}, b"") if handler.headers["If-None-Match"] == '"r"' else (200, {"ETag": '"r"'}, b"User-agent: *\nDisallow: /lukket\n")
        )

    def answer(handler):
        seen.append((handler.path, handler.headers["If-None-Match"]))
        return robots(handler) if handler.path == "/robots.txt" else PAGE

    with serving(answer) as gateway:
        for _ in range(2):
            client = client_for(tmp_path, gateway)
            client.fetch(source(), Request(HOME))
            capture = client.fetch(source(), Request(HOME + "robots.txt", role="index", context={"step": "robots"}))
            assert b"/lukket" in capture.body and capture.context["step"] == "robots"
            with pytest.raises(problems.RobotsRefused):
                client.fetch(source(), Request(HOME + "lukket"))
            client.close()
    assert [tag for path, tag in seen if path == "/robots.txt"] == [None, '"r"']


@pytest.mark.parametrize(
    "robots, code",
    [
        ((200, {}, b"User-agent: *\nDisallow: /\n"), "robots_refuses"),
        ((503, {}, b""), "robots_answered"),
        ((429, {}, b""), "robots_answered"),
    ],
)
def test_robots_refusal_is_final_and_nothing_is_asked_after_it(tmp_path, robots, code):
    seen = []
    with serving(site({"/": PAGE}, robots, seen)) as gateway:
        client = client_for(tmp_path, gateway)
        for _ in range(3):
            with pytest.raises(problems.RobotsRefused) as caught:
                client.fetch(source(), Request(HOME))
            assert caught.value.reason.code == code
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
    client.close()
    (path,) = (tmp_path / "archive").rglob("*.warc.gz")
    assert b"Dagslys-Robots-Permission: Fjordvik kommune, 2026-05-04, sak 26/114" in gzip.decompress(path.read_bytes())


def test_a_permission_is_not_said_where_robots_allows(tmp_path):
    with serving(site({"/": PAGE})) as gateway:
        client = client_for(tmp_path, gateway)
        capture = client.fetch(source(permission="sak 26/114"), Request(HOME))
    assert client.archive.row(capture.id)["robots_permission"] is None


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


@pytest.mark.parametrize(
    "answer, problem",
    [
        ((401, {}, b""), problems.LoginRequired),
        ((403, {}, b""), problems.AccessDenied),
        ((451, {}, b""), problems.AccessDenied),
        ((302, {"Location": "https://login.microsoftonline.com/x/authorize"}, b""), problems.LoginRequired),
        ((302, {"Location": "/account/login?ReturnUrl=%2f"}, b""), problems.LoginRequired),
        (
            (200, {"Content-Type": "text/html"}, b"<title>Logg inn</title><form><input type='password'></form>" + b" " * 4000),
            problems.LoginRequired,
        ),
    ],
)
def test_logins_and_refusals_are_recognised_and_filed(tmp_path, answer, problem):
    with serving(site({"/": answer})) as gateway:
        client = client_for(tmp_path, gateway)
        with pytest.raises(problem):
            client.fetch(source(), Request(HOME))
    assert [row["status"] for row in client.archive.index("website/fjordvik")] == [200, answer[0]]


def test_a_page_with_a_login_form_is_still_a_page(tmp_path):
    body = b"<title>Fjordvik kommune</title><form><input type=password></form>" + b"<p>Politikk</p>" * 300
    with serving(site({"/": (200, {"Content-Type": "text/html"}, body)})) as gateway:
        assert client_for(tmp_path, gateway).fetch(source(), Request(HOME)).is_ok


def test_every_hop_is_filed_and_a_condition_goes_only_where_it_came_from(tmp_path):
    seen = []
    pages = {"/gammel": (301, {"Location": "/ny", "ETag": '"hopp"'}, b""), "/ny": PAGE}
    with serving(site(pages, seen=seen)) as gateway:
        client = client_for(tmp_path, gateway)
        for _ in range(2):
            client.fetch(source(), Request(HOME + "gammel"))
    assert [(row["url"][len(HOME) :], row["status"]) for row in client.archive.index()] == [
        ("robots.txt", 200), ("gammel", 301), ("ny", 200), ("gammel", 301), ("ny", 200)]  # fmt: skip
    assert [h.get("If-None-Match") for _, _, path, h in seen if path != "/robots.txt"] == [None, None, None, '"1"']


def test_a_redirected_form_becomes_a_plain_question(tmp_path):
    seen = []
    with serving(site({"/api": (302, {"Location": "/svar"}, b""), "/svar": PAGE}, seen=seen)) as gateway:
        client_for(tmp_path, gateway).fetch(source(), Request(HOME + "api", method="POST", json={"a": 1}))
    assert [(command, path) for command, _, path, _ in seen][1:] == [("POST", "/api"), ("GET", "/svar")]


def test_confirmed_bytes_that_are_gone_are_asked_for_anew(tmp_path):
    def page(handler):
        return (304, {}, b"") if handler.headers["If-None-Match"] else PAGE

    with serving(site({"/": page})) as gateway:
        client = client_for(tmp_path, gateway)
        first = client.fetch(source(), Request(HOME))
        row = client.archive.row(first.id)
        path = tmp_path / "archive" / row["file"]
        path.write_bytes(path.read_bytes()[: row["offset"]] + bytes(row["length"]))
        again = client.fetch(source(), Request(HOME))
    assert (again.not_modified, again.body) == (False, first.body)


def test_www_and_the_bare_name_are_one_site_and_a_parent_domain_is_not(tmp_path):
    def answer(handler):
        host = handler.headers["Host"]
        if handler.path == "/robots.txt":
            return 404, {}, b""
        return PAGE if host == "fjordvik.kommune.no" else (301, {"Location": "https://fjordvik.kommune.no/"}, b"")

    with serving(answer) as gateway:
        client = client_for(tmp_path, gateway)
        assert client.fetch(source(), Request(HOME)).url == "https://fjordvik.kommune.no/"
        for other in ("https://kommune.no/", "https://innsyn.fjordvik.kommune.no/", "https://www.annet.kommune.no/"):
            with pytest.raises(problems.OutOfScope):
                client.fetch(source(), Request(other))


def test_a_stop_file_ends_all_asking(tmp_path):
    (tmp_path / "stopp").touch()
    seen = []
    with serving(site({"/": PAGE}, seen=seen)) as gateway, pytest.raises(problems.HostResting, match="stopp"):
        client_for(tmp_path, gateway).fetch(source(), Request(HOME))
    assert seen == []


def test_the_web_is_never_asked_faster_than_the_polite_floor(tmp_path):
    time = SimulatedTime()
    with pytest.raises(ValueError, match="gateway"):
        Client(tmp_path, contact="post@dagslys.example", pace=Pace(time.clock, time.sleep, floor_s=0.1))


def test_a_refusal_dressed_as_200_is_a_refusal(tmp_path):
    body = b"<html><title>Access Denied</title>You do not have permission</html>"
    with serving(site({"/": (200, {"Content-Type": "text/html"}, body)})) as gateway, pytest.raises(problems.AccessDenied):
        client_for(tmp_path, gateway).fetch(source(), Request(HOME))


def zipped(text: bytes) -> bytes:
    """Without the time of day, which would make the name of a test another in the next second."""
    return gzip.compress(text, mtime=0)


def bomb() -> bytes:
    return zipped(b"\0" * (8 * 1024 * 1024))


@pytest.mark.parametrize(
    "headers, body, problem",
    [
        ({"Content-Type": "text/html", "Content-Encoding": "gzip"}, bomb(), problems.TooLarge),
        ({"Content-Type": "text/html"}, b"<html>" + b"x" * (6 * 1024 * 1024), problems.TooLarge),
        ({"Content-Type": "text/html", "Content-Encoding": "br"}, b"xx", problems.NetworkError),
        ({"Content-Type": "text/html", "Content-Encoding": "gzip"}, zipped(b"<html>" * 900)[:40], problems.NetworkError),
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


@pytest.mark.parametrize(
    "encoding, body, text",
    [
        ("gzip", zipped(b"<p>en") + zipped(b" to</p>"), "<p>en to</p>"),
        ("deflate", zlib.compress(b"<p>raa</p>")[2:-4], "<p>raa</p>"),
        ("gzip, gzip", zipped(zipped(b"<p>lag</p>")), "<p>lag</p>"),
        ("gzip", zipped(b"<p>fyll</p>") + b"\0\0\0", "<p>fyll</p>"),
        ("x-gzip", zipped(b"<p>gammel</p>"), "<p>gammel</p>"),
        ("identity", b"<p>bar</p>", "<p>bar</p>"),
        ("gzip", b"<p>merket, men ikke pakket</p>", "<p>merket, men ikke pakket</p>"),
        ("br", b"\n<!doctype html><p>opptak</p>", "\n<!doctype html><p>opptak</p>"),
    ],
)
def test_odd_but_whole_compression_is_read(tmp_path, encoding, body, text):
    with serving(site({"/": (200, {"Content-Type": "text/html", "Content-Encoding": encoding}, body)})) as gateway:
        assert client_for(tmp_path, gateway).fetch(source(), Request(HOME)).text == text


def test_a_body_shorter_than_announced_is_not_kept(tmp_path):
    def cut(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<html>halv")
        handler.close_connection = True

    with serving(site({"/": cut})) as gateway, pytest.raises(problems.NetworkError):
        client_for(tmp_path, gateway).fetch(source(), Request(HOME))


def test_headers_that_never_end_are_broken_off_at_the_total_deadline(tmp_path):
    def hang(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Ty")
        handler.wfile.flush()
        handler.rfile.read(1)  # returns when the client has hung up
        handler.close_connection = True

    with serving(site({"/": hang})) as gateway, pytest.raises(problems.DeadlineExceeded):
        client_for(tmp_path, gateway, total_s=0.2).fetch(source(), Request(HOME))


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


def test_a_crawl_delay_holds_from_the_robots_file_on(tmp_path):
    time, asked = SimulatedTime(), []

    def answer(handler):
        asked.append(time.now)
        return (200, {}, b"User-agent: *\nCrawl-delay: 30\n") if handler.path == "/robots.txt" else PAGE

    with serving(answer) as gateway:
        client_for(tmp_path, gateway, time).fetch(source(), Request(HOME))
    assert asked[1] - asked[0] >= 30


def test_a_delay_of_an_hour_is_one_question_a_run(tmp_path):
    with serving(site({"/": PAGE}, (200, {}, b"User-agent: *\nCrawl-delay: 3600\n"))) as gateway:
        client = client_for(tmp_path, gateway)
        with pytest.raises(problems.HostResting, match="3600 s between two questions"):
            client.fetch(source(), Request(HOME))


def pace_of(time: SimulatedTime, **more) -> Pace:
    return Pace(time.clock, time.sleep, chance=random.Random(1), **more)


def asked_at(pace: Pace, time: SimulatedTime, *, host="x", address="a", latency_s=0.1, status: int | None = 200, **more) -> float:
    state = pace.enter(host, address)
    at = time.now
    time.now += latency_s
    pace.leave(state, latency_s=latency_s, status=status, crawl_delay_s=more.get("crawl_delay_s"), retry_after_s=more.get("retry_after_s"))
    return at


def test_a_slow_host_is_asked_more_slowly_and_a_quick_refusal_never_makes_us_faster():
    time = SimulatedTime()
    pace = pace_of(time)
    gap = lambda times: [b - a for a, b in itertools.pairwise(times)]  # noqa: E731
    assert min(gap([asked_at(pace, time, latency_s=3.0) for _ in range(4)])) >= 3.0 + 15.0
    slow = pace.host("x").latency_s
    for _ in range(3):
        asked_at(pace, time, latency_s=0.01, status=404)
    assert pace.host("x").latency_s == slow


def test_strain_doubles_the_delay_and_twenty_good_answers_halve_it():
    time = SimulatedTime()
    pace = pace_of(time)
    for status in (503, None, 429):
        asked_at(pace, time, status=status)
    assert pace.host("x").strain == 8
    for _ in range(20):
        asked_at(pace, time)
    assert pace.host("x").strain == 4
    assert pace.delay_s(pace.host("x"), None) <= 60 * 1.2


def test_a_host_that_fails_rests_a_quarter_then_an_hour_then_until_the_next_run():
    time = SimulatedTime()
    pace = pace_of(time)
    for rest_s in (900, 3600):
        for _ in range(5):
            asked_at(pace, time, status=None)
        with pytest.raises(problems.HostResting):
            pace.enter("x", "a")
        assert pace.host("x").resting_until - time.now == pytest.approx(rest_s)
        time.now += rest_s + 61
    for _ in range(5):
        asked_at(pace, time, status=500)
    time.now += 1e9
    with pytest.raises(problems.HostResting):
        pace.enter("x", "a")


def test_many_threads_never_ask_one_host_side_by_side_nor_one_address_too_soon():
    """Real threads in simulated time: the clock moves under a lock, so every gap is a promise kept and not luck."""
    clock_lock, time = threading.Lock(), SimulatedTime()
    begun: list[tuple[float, str, str]] = []
    in_flight: Counter[str] = Counter()

    def sleep(seconds: float) -> None:
        with clock_lock:
            time.now += seconds

    pace = Pace(time.clock, sleep, chance=random.Random(1))

    def ask(host: str, address: str) -> None:
        for _ in range(6):
            state = pace.enter(host, address)
            with clock_lock:
                in_flight[host] += 1
                assert in_flight[host] == 1
                begun.append((time.now, host, address))
                in_flight[host] -= 1
            pace.leave(state, latency_s=0.1, status=200, crawl_delay_s=None, retry_after_s=None)

    threads = [threading.Thread(target=ask, args=(f"h{n % 4}", f"a{n % 2}")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for host in ("h0", "h1", "h2", "h3"):
        times = [at for at, h, _ in begun if h == host]
        assert len(times) == 18 and min(b - a for a, b in itertools.pairwise(sorted(times))) >= 2.0


def test_hosts_are_told_apart_behind_a_gateway_when_their_addresses_are_known(tmp_path):
    time, asked = SimulatedTime(), []

    def page(handler):
        asked.append(time.now)
        return PAGE

    with serving(site({"/": page}, robots=(404, {}, b""))) as gateway:
        shared_one = {"www.a.no": ["192.0.2.1"], "www.b.no": ["192.0.2.1"], "www.c.no": ["192.0.2.9"]}
        client = client_for(tmp_path, gateway, time, pace={"address_floor_s": 5.0, "floor_s": 0.0}, resolve=shared_one.__getitem__)
        for host in shared_one:
            client.fetch(source(host, id=host), Request(f"https://{host}/"))
    first, second, third = asked
    assert second - first >= 5.0 and third - second <= 5.0


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
    with pytest.raises(problems.AddressRefused, match="not a public address"):
        client.fetch(source(), Request(HOME))


def test_a_form_is_posted_as_a_form_and_stands_in_the_archive(tmp_path):
    sent = []

    def answer(handler):
        if handler.path == "/robots.txt":
            return OPEN
        sent.append(handler.headers["Content-Type"])
        return PAGE

    request = Request(HOME + "sok", method="POST", form=(("FromDate", "01.11.2026"), ("SearchString", "åpenhet")))
    with serving(answer) as gateway:
        client = client_for(tmp_path, gateway)
        capture = client.fetch(source(), request)
        client.close()
    archive = Archive(tmp_path / "archive")
    assert sent == ["application/x-www-form-urlencoded"]
    assert request.body == b"FromDate=01.11.2026&SearchString=%C3%A5penhet"
    assert archive.read(capture.id).request == request
    archive.close()
