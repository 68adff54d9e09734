"""Text of a PDF or an office document, read in processes of their own with limits: a file from the web may be hostile (WEB B.7).

A few such processes are kept and given one file after another, because starting one costs more than reading most files. Each file has its
own limits of time and pages; a process that breaks them is killed, and every process ends after `RECYCLE` files.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO

from catalogue.reasons import Reason, reason_from_json
from extractors.exceptions import Reasoned

TIME_S = 20
MEMORY_BYTES = 1024 * 1024 * 1024
MAX_PAGES = 200
MAX_CHARACTERS = 2_000_000
RECYCLE = 50
PROCESSES = 2
HEADER = struct.Struct(">Q")
START = "import sys; sys.path[:0] = {!r}; from extractors.websites.limited import main; main()"


@dataclass(frozen=True)
class Document:
    """`title` as the file states it, `pages` in the file, `text` with pages and paragraphs parted by blank lines."""

    title: str | None
    pages: int
    text: str


@dataclass(frozen=True)
class Lines:
    """`pages`: the text of each page that was read, lines as they stand in the file; `total` is how many pages the file has."""

    pages: tuple[str, ...]
    total: int


class Unreadable(Reasoned, ValueError):
    """A file that could not be read within the limits."""


class _Worker:
    """One limited process."""

    def __init__(self) -> None:
        surroundings = {name: os.environ[name] for name in ("LANG", "LD_LIBRARY_PATH") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", START.format(sys.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=surroundings, start_new_session=True,
        )  # fmt: skip
        self.files = 0

    def ask(self, body: bytes, question: bytes) -> dict:
        """What the process makes of a file. Raises Unreadable when it breaks its limits; then it is dead."""
        assert self.process.stdin and self.process.stdout
        self.files += 1
        watch = threading.Timer(TIME_S + 5, self.process.kill)
        watch.start()
        try:
            for message in (question, body):
                self.process.stdin.write(HEADER.pack(len(message)))
                self.process.stdin.write(message)
            self.process.stdin.flush()
            answer = read_message(self.process.stdout)
        except (OSError, EOFError) as error:
            self.end()
            raise Unreadable(Reason("file_limits")) from error
        finally:
            watch.cancel()
        return json.loads(answer)

    def end(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        self.process.wait()


class _Pool:
    """At most `PROCESSES` at work; an idle one is used again."""

    def __init__(self) -> None:
        self._slots = threading.BoundedSemaphore(PROCESSES)
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()

    def ask(self, body: bytes, **question: int) -> dict:
        with self._slots:
            worker = self._take()
            try:
                answer = worker.ask(body, json.dumps(question).encode())
            except BaseException:
                worker.end()
                raise
            if worker.files >= RECYCLE:
                worker.end()
            else:
                self._idle.put(worker)
            return answer

    def _take(self) -> _Worker:
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            return _Worker()
        return worker if worker.process.poll() is None else _Worker()

    def end(self) -> None:
        while not self._idle.empty():
            self._idle.get_nowait().end()


_pool = _Pool()
atexit.register(_pool.end)


def read(body: bytes) -> Document:
    """The text of a PDF, DOCX or ODT. Raises Unreadable with a reason that quotes nothing of the file."""
    answer = _pool.ask(body)
    if "reason" in answer:
        raise Unreadable(reason_from_json(answer["reason"]))
    return Document(**answer)


def read_lines(body: bytes, first: int = 0) -> Lines:
    """The lines of a PDF from its page `first` (from 0) on, at most MAX_PAGES pages of it. Raises Unreadable as `read` does."""
    answer = _pool.ask(body, first=first)
    if "reason" in answer:
        raise Unreadable(reason_from_json(answer["reason"]))
    if "total" not in answer:
        raise Unreadable(Reason("file_strange"))
    return Lines(tuple(answer["pages"]), answer["total"])


def read_message(stream: IO[bytes]) -> bytes:
    """One message with its length before it. Raises EOFError when the other side is gone."""
    head = stream.read(HEADER.size)
    if len(head) < HEADER.size:
        raise EOFError
    (length,) = HEADER.unpack(head)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body
