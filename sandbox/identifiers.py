"""Identifiers that look like the real ones and can be read back, so that nothing generated has to be kept in memory.

eInnsyn: `jp_` and 26 letters of Crockford's base32. ACOS: `d-<guid, "__" for "-">-<number>!<six letters>`; the last part is a signature,
so that an identifier made up by a client is refused.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
_PLACES = (("body", 4), ("first", 6), ("second", 5))
_EINNSYN = re.compile(rf"([a-z]{{2,4}})_01k([{BASE32}]{{15}})([{BASE32}]{{8}})")
_ACOS = re.compile(r"([a-z]{1,2})-([0-9a-f_]+)-([0-9A-Z_]+)!([A-Za-z0-9]{6})")


def digest(*parts: object) -> bytes:
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode("utf-8")).digest()


def hex_of(length: int, *parts: object) -> str:
    return digest(*parts).hex()[:length]


def guid_of(*parts: object) -> str:
    """A GUID that is always the same for the same parts."""
    h = digest(*parts).hex()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:32]}"


def _letters(number: int, width: int) -> str:
    return "".join(BASE32[(number >> 5 * place) & 31] for place in reversed(range(width)))


def _number(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value << 5 | BASE32.index(letter)
    return value


@lru_cache(maxsize=8192)  # an answer names the same thing in many places
def einnsyn_id(prefix: str, seed: int, body: int, first: int = 0, second: int = 0) -> str:
    """An eInnsyn identifier of the thing (body, first, second); sorts like its numbers."""
    packed = "".join(_letters(n, width) for n, (_, width) in zip((body, first, second), _PLACES, strict=True))
    return f"{prefix}_01k{packed}{_letters(int.from_bytes(digest(prefix, seed, packed)[:5], 'big'), 8)}"


def read_einnsyn_id(text: str, seed: int) -> tuple[str, int, int, int] | None:
    """(prefix, body, first, second); None for an identifier that was never handed out."""
    match = _EINNSYN.fullmatch(text)
    if match is None:
        return None
    prefix, packed, _ = match.groups()
    numbers = (_number(packed[:4]), _number(packed[4:10]), _number(packed[10:15]))
    return (prefix, *numbers) if einnsyn_id(prefix, seed, *numbers) == text else None


def tenant_guid(seed: int, slug: str) -> str:
    """An archive's GUID in ACOS's spelling. Its last six digits and the year of the number that follows read like a synthetic national
    identity number with both check digits right, as in the real ones (ATLAS section 11): whoever looks for such numbers in addresses errs."""
    plain = guid_of("tenant", seed, slug)
    for offset in range(28 * 12 * 100):
        spot = (int.from_bytes(digest("birth", seed, slug)[:4], "big") + offset) % (28 * 12 * 100)
        day, month, year = spot % 28 + 1, spot // 28 % 12 + 1, spot // 336
        born = f"{day:02d}{month + 80:02d}{year:02d}"
        if _has_check_digits(f"{born}20260"):
            return f"{plain[:-7]}c{born}".replace("-", "__")
    raise AssertionError("every remainder occurs among the days of a century")


def _has_check_digits(number: str) -> bool:
    digits = [int(d) for d in number]
    first = sum(d * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), strict=False)) % 11
    second = sum(d * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11
    return first == 0 and second == 0


def acos_id(letter: str, guid: str, number: str) -> str:
    """An identifier of ACOS with its signature."""
    raw = digest("acos", letter, guid, number)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return f"{letter}-{guid}-{number}!{''.join(alphabet[b % 62] for b in raw[:6])}"


def read_acos_id(text: str, letter: str, guid: str) -> str | None:
    """The number in an identifier of this archive; None when letter, archive or signature is another."""
    match = _ACOS.fullmatch(text)
    if match is None or match[1] != letter or match[2] != guid or acos_id(letter, guid, match[3]) != text:
        return None
    return match[3]
