"""The limited process that reads files: a message of JSON that says how and a message with the file on standard input, a message of JSON
on standard output."""

from __future__ import annotations

import ctypes
import io
import json
import re
import resource
import sys
import unicodedata
import zipfile
from math import ceil

from catalogue.reasons import Reason
from extractors.exceptions import Reasoned
from extractors.websites.pdf import HEADER, MAX_CHARACTERS, MAX_PAGES, MEMORY_BYTES, RECYCLE, TIME_S, read_message

NEW_USER_AND_NETWORK = 0x10000000 | 0x40000000
MAX_MEMBERS, MAX_MEMBER_BYTES = 2000, 30 * 1024 * 1024
OFFICE = ("word/document.xml", "content.xml")
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
HYPHEN_AT_END = re.compile("[\ufffe\u00ad\u0002]\\s*\n?")
ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class _Refused(Reasoned, ValueError):
    """A file we will not or cannot read; the reason quotes nothing of it."""


def main() -> None:
    """Read files until standard input ends."""
    import pypdfium2  # noqa: F401 - loaded before the limits

    _confine()
    while True:
        try:
            question = json.loads(read_message(sys.stdin.buffer))
            body = read_message(sys.stdin.buffer)
        except EOFError:
            return
        _allow_time()
        try:
            answer = _office(body) if body.startswith(b"PK") else _lines(body, question["first"]) if question else _pdf(body)
        except _Refused as error:
            answer = {"reason": error.reason.as_json()}
        except MemoryError:
            answer = {"reason": Reason("file_memory").as_json()}
        text = json.dumps(answer).encode()
        sys.stdout.buffer.write(HEADER.pack(len(text)) + text)
        sys.stdout.buffer.flush()


def _confine() -> None:
    """No more memory than this, no file written, no core, no child; no network where the machine lets us give it up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (RECYCLE * TIME_S, RECYCLE * TIME_S))
    if sys.platform == "linux":
        ctypes.CDLL(None).unshare(NEW_USER_AND_NETWORK)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _allow_time() -> None:
    """Processor seconds are counted for the process: this much more for the next file."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (min(ceil(used.ru_utime + used.ru_stime) + TIME_S, RECYCLE * TIME_S), RECYCLE * TIME_S))


def _pdf(body: bytes) -> dict:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
        texts, size = [], 0
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            texts.append(_flowing(page.get_textpage().get_text_bounded()))
            page.close()
            size += len(texts[-1])
            if size > MAX_CHARACTERS:
                break
        title = (document.get_metadata_dict().get("Title") or "").strip() or None
        pages = len(document)
        document.close()
    except pypdfium2.PdfiumError as error:
        raise _Refused(Reason("file_damaged")) from error
    text = "\n\n".join(t for t in texts if t)
    _refuse_meaningless(text)
    return {"title": title, "pages": pages, "text": text[:MAX_CHARACTERS]}


def _lines(body: bytes, first: int) -> dict:
    """Whole pages from `first` on, until there are enough of them."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
        total, texts = len(document), []
        for number in range(first, min(total, first + MAX_PAGES)):
            page = document[number]
            texts.append("\n".join(_lines_of(page.get_textpage().get_text_bounded())))
            page.close()
            if sum(map(len, texts)) > MAX_CHARACTERS:
                break
        document.close()
    except pypdfium2.PdfiumError as error:
        raise _Refused(Reason("file_damaged")) from error
    _refuse_meaningless("".join(texts))
    return {"pages": texts, "total": total}


def _refuse_meaningless(text: str) -> None:
    if text and sum(c.isalnum() or c.isspace() for c in text) < 0.5 * len(text):
        raise _Refused(Reason("file_letters"))


def _lines_of(raw: str) -> list[str]:
    """The lines of a page; a word cut at the end of a line is whole again."""
    text = HYPHEN_AT_END.sub("", raw.replace("\r\n", "\n").translate(LIGATURES))
    return [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n")]


def _flowing(raw: str) -> str:
    """Lines of a page as paragraphs: a line that goes on in small letters goes on."""
    lines = _lines_of(raw)
    out: list[str] = []
    for line in lines:
        goes_on = bool(out and out[-1] and line and (line[0].islower() or out[-1][-1] in ",;–-("))
        if goes_on:
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()


def _office(body: bytes) -> dict:
    """DOCX and ODT: the paragraphs of the one part that holds the text."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
        members = archive.infolist()
        part = next((m for m in members if m.filename in OFFICE), None)
        if (
            len(members) > MAX_MEMBERS
            or part is None
            or part.file_size > MAX_MEMBER_BYTES
            or part.file_size > 200 * part.compress_size + 10_000
        ):
            raise _Refused(Reason("file_strange"))
        with archive.open(part) as stream:
            xml = stream.read(MAX_MEMBER_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, KeyError) as error:
        raise _Refused(Reason("file_damaged")) from error
    if len(xml) > MAX_MEMBER_BYTES or b"<!DOCTYPE" in xml[:2000] or b"<!ENTITY" in xml[:2000]:
        raise _Refused(Reason("file_strange"))
    return {"title": None, "pages": 1, "text": _paragraphs(xml.decode("utf-8", "replace"))[:MAX_CHARACTERS]}


def _paragraphs(xml: str) -> str:
    """Paragraphs of WordprocessingML or OpenDocument text; tags are dropped, so nothing in the file can be expanded."""
    xml = re.sub(r"<(?:w:tab|w:br|text:tab|text:line-break|text:s)\b[^>]*/>", " ", xml)
    found = re.findall(r"<(?:w:p|text:p|text:h)(?:\s[^>]*)?>(.*?)</(?:w:p|text:p|text:h)>", xml, re.S)
    plain = (re.sub(r"<(?:w:instrText|w:delText)\b.*?</[^>]*>|<[^>]+>", "", p, flags=re.S) for p in found)
    texts = (re.sub(r"\s+", " ", _unescaped(p)).strip() for p in plain)
    return "\n\n".join(t for t in texts if t)


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("#"):
            code = int(name[2:], 16) if name[1:2] in "xX" else int(name[1:])
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        return ENTITIES.get(name, "")

    return re.sub(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w+);", character, text)
