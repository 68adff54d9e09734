"""From bytes to text by rule and never by statistics (WEB B.6).

Order: byte order mark, HTTP header, `<meta>` in the first 1,024 bytes, then valid multi-byte UTF-8, else windows-1252.
`iso-8859-1` means windows-1252, as on the web. A declaration that the bytes contradict is repaired and the repair is recorded.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]+)", re.I)
META = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]+)", re.I | re.S)
XML = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_:.\-]+)", re.I | re.S)
LATIN_1 = {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin-1", "latin1", "l1", "us-ascii", "ascii", "ansi", "windows-1252", "cp1252",
           "x-cp1252", "iso-8859-15", "iso8859-15", "latin-9", "latin9"}  # fmt: skip
UTF_8 = {"utf-8", "utf8", "unicode-1-1-utf-8", "x-unicode20utf8"}
# The labels of the encoding standard that differ from both; Python knows more (`unicode_escape`, `utf-7`), which no page may choose.
OTHERS = {
    **{f"iso-8859-{n}": f"iso-8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 16)},
    **{f"windows-125{n}": f"cp125{n}" for n in range(9)},
    "windows-874": "cp874", "ibm866": "cp866", "koi8-r": "koi8-r", "koi8-u": "koi8-u", "macintosh": "mac-roman", "x-mac-roman": "mac-roman",
    "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030", "big5": "big5", "euc-jp": "euc-jp", "iso-2022-jp": "iso-2022-jp",
    "shift_jis": "cp932", "shift-jis": "cp932", "euc-kr": "cp949", "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip


@dataclass(frozen=True)
class Decoded:
    """`text` without a byte order mark; `encoding` that read it; `repaired` when the declaration did not fit the bytes."""

    text: str
    encoding: str
    repaired: bool


def _declared(body: bytes, content_type: str | None) -> str | None:
    if content_type and (match := HEADER.search(content_type)):
        return match.group(1).lower()
    head = body[:1024]
    if found := META.search(head) or XML.search(head):
        label = found[1].decode("ascii").lower()
        return "utf-8" if label.startswith("utf-16") else label
    return None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _windows_1252(body: bytes) -> str:
    """windows-1252 as the web reads it: the five unassigned bytes become the control characters of their number."""
    return "".join(bytes((b,)).decode("cp1252", "ignore") or chr(b) for b in body) if _has_hole(body) else body.decode("cp1252")


def _has_hole(body: bytes) -> bool:
    return any(hole in body for hole in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Text of an HTML, XML, JSON, CSV or plain answer. `content_type` is the header's value, or None."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(name, "replace"), name, False)
    declared = _declared(body, content_type)
    is_utf8, has_high = _is_utf8(body), not body.isascii()
    if declared is None or declared in LATIN_1 or declared in UTF_8:
        if is_utf8 and (has_high or declared not in LATIN_1):
            return Decoded(body.decode("utf-8"), "utf-8", declared in LATIN_1 and has_high)
        if declared in ("iso-8859-15", "iso8859-15", "latin-9", "latin9"):
            return Decoded(body.decode("iso-8859-15"), "iso-8859-15", False)
        return Decoded(_windows_1252(body), "windows-1252", declared in UTF_8)
    try:
        return Decoded(body.decode(OTHERS[declared]), declared, False)
    except (KeyError, UnicodeDecodeError):
        if is_utf8:
            return Decoded(body.decode("utf-8"), "utf-8", True)
        return Decoded(_windows_1252(body), "windows-1252", True)
