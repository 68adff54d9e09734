"""Writes small PDF files with text that can be read back, by hand: one font, one encoding, one page after another."""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS, LINES = 92, 52
_FREE_CODES = (0x81, 0x8D, 0x8F, 0x90, 0x9D, *range(0x01, 0x0A), *range(0x0E, 0x20))


def write(title: str, text: str) -> bytes:
    """A PDF of `title` as heading and `text` below, paragraphs parted by blank lines. Letters beyond windows-1252 (č, đ, ŋ, ŧ) get codes of
    their own; a /ToUnicode table says what every code means, so that readers need not guess."""
    codes = _codes(f"{title}\n{text}")
    lines = [*textwrap.wrap(title, 60), ""]
    for paragraph in text.split("\n"):
        lines += textwrap.wrap(paragraph, COLUMNS) or [""]
    pages = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    return _file(title, [_page(page, codes, is_first=n == 0) for n, page in enumerate(pages)], codes)


@dataclass(frozen=True)
class Placed:
    """One line of text with its left end at `x` and its foot at `y`, in points from the lower left corner of an A4 page."""

    x: int
    y: int
    text: str
    size: int = 9


def place(title: str, pages: Sequence[Sequence[Placed]]) -> bytes:
    """A PDF whose pages hold these texts, drawn in this order: how a reporting tool writes a table, cell after cell."""
    codes = _codes("".join(dict.fromkeys(letter for page in pages for each in page for letter in each.text)))
    drawn = (
        b"\n".join(b"BT /F1 %d Tf %d %d Td %s Tj ET" % (each.size, each.x, each.y, _string(each.text, codes)) for each in page)
        for page in pages
    )
    return _file(title, list(drawn), codes)


def _codes(text: str) -> dict[str, int]:
    codes: dict[str, int] = {}
    free = iter(_FREE_CODES)
    for letter in dict.fromkeys(text):
        if letter == "\n":
            continue
        try:
            codes[letter] = letter.encode("cp1252")[0]
        except UnicodeEncodeError:
            codes[letter] = next(free, ord("?"))
    return codes


def _string(line: str, codes: dict[str, int]) -> bytes:
    raw = bytes(codes[letter] for letter in line)
    return b"<" + raw.hex().encode("ascii") + b">"


def _page(lines: list[str], codes: dict[str, int], *, is_first: bool) -> bytes:
    parts = [b"BT /F1 11 Tf 14 TL 56 785 Td"]
    for number, line in enumerate(lines):
        if is_first and number == 0:
            parts.append(b"/F1 16 Tf")
        if is_first and line == "" and parts[-1] != b"/F1 11 Tf T*":
            parts.append(b"/F1 11 Tf T*")
            continue
        parts.append((_string(line, codes) + b" Tj T*") if line else b"T*")
    return b"\n".join([*parts, b"ET"])


def _to_unicode(codes: dict[str, int]) -> bytes:
    pairs = sorted({(code, letter) for letter, code in codes.items()})
    chunks = []
    for at in range(0, len(pairs), 100):
        rows = "\n".join(f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>" for code, letter in pairs[at : at + 100])
        chunks.append(f"{len(pairs[at : at + 100])} beginbfchar\n{rows}\nendbfchar")
    body = "\n".join(chunks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Sandbox def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <ff>\nendcodespacerange\n{body}\nendcmap\nend\nend\n"
    ).encode("ascii")


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(data, 6)
    return b"<< /Length %d /Filter /FlateDecode %s>>\nstream\n%s\nendstream" % (len(packed), extra, packed)


def _file(title: str, contents: list[bytes], codes: dict[str, int]) -> bytes:
    """Objects: 1 catalogue, 2 page tree, 3 font, 4 its table, 5 what the file says of itself, then page and content by turns."""
    strange = sorted((code, letter) for letter, code in codes.items() if code in _FREE_CODES)
    differences = " ".join(f"{code} /uni{ord(letter):04X}" for code, letter in strange)
    first = 6
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (nb-NO) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode("ascii"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences ["
        + differences.encode("ascii")
        + b"] >> /ToUnicode 4 0 R >>",
        _stream(_to_unicode(codes)),
        b"<< /Title <feff" + title.encode("utf-16-be").hex().encode("ascii") + b"> /Producer (Minstenorge) >>",
    ]
    for number, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % (first + 2 * number + 1)
        )
        objects.append(_stream(content))
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, data in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
