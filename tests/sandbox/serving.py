"""A world served on loopback, and plain questions to it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.gateway import Gateway
from sandbox.judge import Judge
from sandbox.world import World, build

AGENT = "Mozilla/5.0 (compatible; dagslys/0.1; +post@dagslys.example)"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: str

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """A gateway and the world behind it."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway = world, gateway

    def ask(self, url: str, method: str = "GET", body: Any = None, **headers: str) -> Reply:
        """One question as an honest client asks it; header names are written with `_` for `-`."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
        sent = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme, "User-Agent": AGENT, "Accept": "*/*"}
        data = json.dumps(body).encode() if body is not None else None
        if data is not None:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(*self.gateway.server_address[:2], timeout=20)
        try:
            connection.request(method, target, data, {k: v for k, v in sent.items() if v})
            answer = connection.getresponse()
            cookies = "; ".join(v.split(";")[0] for k, v in answer.getheaders() if k == "Set-Cookie")
            return Reply(answer.status, dict(answer.getheaders()), answer.read(), cookies)
        finally:
            connection.close()

    def verdict(self) -> dict[str, Any]:
        return self.ask(f"{self.gateway.address}/__judge__").json()

    def breaches(self) -> set[str]:
        """The rules broken since the last time."""
        found = {v["rule"] for v in self.verdict()["violations"]}
        self.ask(f"{self.gateway.address}/__judge__", "POST")
        return found


@contextmanager
def serving(seed: int = 7, **more: Any) -> Iterator[Served]:
    world = build(seed, **more)
    gateway = Gateway(world.respond, Judge(world.rules), packs=True).start()
    try:
        yield Served(world, gateway)
    finally:
        gateway.shutdown()
        gateway.server_close()
