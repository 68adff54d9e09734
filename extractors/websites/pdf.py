"""Text of a PDF, read in a process of its own with limits on time and memory: a file from the web may be hostile.

`python -m extractors.websites.pdf` reads a PDF on standard input and writes JSON `{"title", "pages", "text"}`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass

TIME_S = 20
MEMORY_BYTES = 1024 * 1024 * 1024
MAX_PAGES = 200


@dataclass(frozen=True)
class Document:
    """`title` as the file states it, `pages` in the file, `text` with pages parted by blank lines."""

    title: str | None
    pages: int
    text: str


class Unreadable(ValueError):
    """A PDF that could not be read within the limits."""


def read(body: bytes) -> Document:
    """The text of a PDF. Raises Unreadable with a reason that quotes nothing of the file."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {sys.path!r}; from extractors.websites.pdf import main; main()"],
            input=body, capture_output=True, timeout=TIME_S + 5, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Unreadable("the file took too long to read") from error
    if done.returncode != 0:
        raise Unreadable(f"the file could not be read (exit {done.returncode})")
    return Document(**json.loads(done.stdout))


def main() -> None:
    """The limited process."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (TIME_S, TIME_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NPROC, resource.getrlimit(resource.RLIMIT_NPROC))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError:
        sys.exit(3)
    texts = []
    for number in range(min(len(document), MAX_PAGES)):
        raw = document[number].get_textpage().get_text_bounded()
        texts.append(re.sub(r"[ \t]+", " ", raw.replace("\r\n", "\n").replace("\ufffe", "")).strip())
    title = (document.get_metadata_dict().get("Title") or "").strip() or None
    sys.stdout.write(json.dumps({"title": title, "pages": len(document), "text": "\n\n".join(t for t in texts if t)}))
