"""The one address everything is reached through: HTTP/1.1 with keep-alive, the host taken from the Host header."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox.answers import Answer, Question
from sandbox.judge import Judge

Respond = Callable[[Question], Answer]

SMALLEST_PACKED = 1400


class Gateway(ThreadingHTTPServer):
    """Serves `respond(question)` on a loopback port; judges when a judge is given; `packs` text with gzip for who accepts it."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, respond: Respond, judge: Judge | None = None, port: int = 0, *, packs: bool = False) -> None:
        self.respond = respond
        self.packs = packs
        self.judge = judge
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> Gateway:
        """Serve in a thread (for tests); stop with `shutdown()` and `server_close()`."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is printed by the base class."""
        import sys

        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Minstenorge"
    sys_version = ""
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = 120
    server: Gateway

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def do_OPTIONS(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the judge keeps the record."""

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0") or 0))
        host = headers.get("host", "").rsplit(":", 1)[0].lower()
        judge = self.server.judge
        if judge is not None and self.path.startswith("/__judge__"):
            self._answer_for_judge(judge)
            return
        question = Question(self.command, headers.get("x-forwarded-proto", "http"), host, self.path, headers, body)
        if judge is not None:
            judge.begins(question)
        answer, status = Answer(500), 500
        try:
            answer = self.server.respond(question)
            status = 304 if _is_unchanged(question, answer) else answer.status
        finally:
            # Before the bytes leave: a client may rightly ask again the moment it has read the last one.
            if judge is not None:
                judge.ends(question, answer, status)
        self._send(answer, status)

    def _send(self, answer: Answer, status: int) -> None:
        self.send_response_only(status)
        self.send_header("Date", formatdate(usegmt=True))
        if answer.etag:
            self.send_header("ETag", answer.etag)
            self.send_header("Last-Modified", answer.modified or "")
        elif answer.modified:
            self.send_header("Last-Modified", answer.modified)
        for name, value in answer.headers:
            self.send_header(name, value)
        body = answer.body
        if status != 304:
            if not any(n.lower() == "content-type" for n, _ in answer.headers):
                self.send_header("Content-Type", answer.media_type)
            if self.server.packs and len(body) > SMALLEST_PACKED and _is_text(answer.media_type):
                self.send_header("Vary", "Accept-Encoding")
                if "gzip" in self.headers.get("Accept-Encoding", ""):
                    self.send_header("Content-Encoding", "gzip")
                    body = gzip.compress(body, 1, mtime=0)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _answer_for_judge(self, judge: Judge) -> None:
        if self.command == "POST":
            judge.reset()
        payload = json.dumps(judge.verdict(), ensure_ascii=False).encode("utf-8")
        self._send(Answer(200, payload, "application/json"), 200)


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or "json" in media_type or "xml" in media_type


def _is_unchanged(question: Question, answer: Answer) -> bool:
    """RFC 9110 section 13: If-None-Match wins over If-Modified-Since."""
    if question.method not in ("GET", "HEAD") or answer.etag is None or answer.modified is None:
        return False
    if wanted := question.headers.get("if-none-match"):
        tags = [t.strip().removeprefix("W/") for t in wanted.split(",")]
        return "*" in tags or answer.etag in tags
    if since := question.headers.get("if-modified-since"):
        try:
            return parsedate_to_datetime(answer.modified) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False
    return False
