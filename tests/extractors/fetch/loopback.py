"""A real server on loopback whose answers a test writes down, and the client that is sent to it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from extractors.contract import Source
from extractors.fetch.client import Client
from extractors.fetch.pace import Pace

Answer = tuple[int, dict[str, str], bytes]


class SimulatedTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], Answer | None]) -> Iterator[str]:
    """Serve what `answer(handler)` returns; None means that it wrote to the socket itself. Yields the gateway address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            given = answer(self)
            if given is None:
                return
            status, headers, body = given
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def client_for(home: Path, gateway: str, time: SimulatedTime | None = None, **more) -> Client:
    time = time or SimulatedTime()
    pace = Pace(time.clock, time.sleep, chance=random.Random(1), **more.pop("pace", {}))
    return Client(home, contact="post@dagslys.example", gateway=gateway, clock=time.clock, sleep=time.sleep, pace=pace, **more)


def source(host: str = "www.fjordvik.kommune.no", **more) -> Source:
    return Source(
        id=more.pop("id", "website/fjordvik"), authority="999999999", platform="website", url=f"https://{host}/", hosts=(host,), **more
    )
