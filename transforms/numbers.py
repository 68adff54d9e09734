"""Identity numbers, account numbers, e-mail addresses and telephone numbers in running text, each with the rule that tells it from others.

Only text is looked at, never addresses of the web: identifiers in ACOS addresses hold digits that pass a naive check (ATLAS 11).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """Where something stands in a text and the mark that takes its place."""

    start: int
    end: int
    mark: str


IDENTITY_MARK, ACCOUNT_MARK, EMAIL_MARK, PHONE_MARK = "[fødselsnummer]", "[kontonummer]", "[e-post]", "[telefon]"

# Not inside a longer run of digits or hexadecimal signs, nor in a chain of them with hyphens (a GUID).
FREE = r"(?<![0-9A-Fa-f_])(?<![0-9A-Fa-f]{3}-)(?<!\d[.,])"
ENDS = r"(?![0-9A-Za-z_])(?!-[0-9A-Fa-f]{3})(?![.,]\d)"
BIRTH_FIRST = re.compile(rf"{FREE}(?:\d{{6}}[ .\-]?\d{{5}}|\d{{2}}[ .]\d{{2}}[ .]\d{{2}}[ .\-]?\d{{3}} ?\d{{2}}){ENDS}")
ACCOUNT = re.compile(rf"{FREE}\d{{4}}([ .]?)\d{{2}}\1\d{{5}}{ENDS}")
IBAN = re.compile(r"(?<![0-9A-Za-z])NO\d{2}[ ]?\d{4}[ ]?\d{4}[ ]?\d{3}(?!\d)")
SAID_TO_BE_IDENTITY = re.compile(
    r"\b(?:fødselsn(?:r|umm?er|ummeret)|fødselsdato og personn\w+|personn(?:r|ummer)|pnr|fnr|f\.nr|d-?nr|d-?nummer|riegádannummir)"
    r"\W{1,4}(?P<number>\d{6}[ .\-]?\d{5}|\d{11}|\d{5})(?!\d)",
    re.I,
)
WEB = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
EMAIL = re.compile(r"(?<![\w.+-])(?P<local>[\w.+-]+)@(?P<domain>[\w-]+(?:\.[\w-]+)+)(?![\w-])")
PHONE = re.compile(
    r"(?<![\d./\-])(?:(?P<country>(?:\+|00)47)[ ]?)?(?P<number>\d{2} \d{2} \d{2} \d{2}|\d{3} \d{2} \d{3}|\d{8})(?![\d/\-]|[.,]\d| \d)"
)
PHONE_CUE = re.compile(r"(?:\btlf|\btelefon\w*|\bmob(?:il\w*)?\b|\bsms|\bring\w*|\btel\b|☎|📞)[^\d\n]{0,20}$", re.I)
OFFICE_CUE = re.compile(
    r"sentralbord|servicetorg|innbyggartorg|innbyggertorg|servicekontor|resepsjon|ekspedisjon|legevakt|vakttelefon|vakt\b|kontoret?\b|kommunen?\b"
    r"|etaten?\b|avdeling|sekretariat|ombud|direktør|rådmann|ordfører|leder\b|leiar\b|sjef\b|rådgiver|rådgjevar|konsulent|saksbehandlar"
    r"|saksbehandler|kontaktperson|postmottak|biblioteket?\b|skolen?\b|skulen?\b|barnehage|sykehjem|sjukeheim|varsling|døgn|krisesenter",
    re.I,
)
ROLE = re.compile(
    r"^(?:post|postmottak|firmapost|info|kontakt|epost|e-post|mail|service\w*|innbygg\w*|resepsjon|sentralbord|support|kunde\w*|web\w*|"
    r"redaksjon\w*|presse|person\w*vern\w*|person\w*ombud\w*|dpo|varsl\w*|arkiv|byggesak|plan\w*|faktura\w*|no-?reply|ikke-?svar|office|admin\w*"
    r"|salg|booking|politi\w*|sekretariat\w*|bibliotek\w*|kulturskole\w*|kultur\w*|legekontor\w*|legevakt\w*|barnehage\w*|skole\w*|skule\w*"
    r"|anskaffelse\w*|innkjøp\w*|innkjop\w*|data|opendata|opne\w*|apne\w*|åpne\w*|kommune\w*|utval\w*|rektor|drift|teknisk\w*|vann\w*|beredskap"
    r"|medvirk\w*|høring\w*|horing\w*|innspill?|ungdomsr\w*|styret?|leder|leiar|daglig\.?leder|kasserer|sekretær|hei|hallo|team\w*)\d*(?:[._+-].*)?$",
    re.I,
)
PUBLIC_DOMAIN = re.compile(
    r"(?:^|\.)(?:[\w-]*kommune|[\w-]*fylke|fylkeskommune|suohkan|[\w-]*fylkeskommune|dep|mil|statsforvalteren|fylkesmannen|nav|politiet|stami|"
    r"vegvesen|digdir|datatilsynet|helse-?\w*|uio|uib|ntnu|uit|ks|samediggi|regjeringen|stortinget|riksrevisjonen|revisjon\w*)"
    r"(?:\.[\w-]+)*$",
    re.I,
)


def is_identity_number(digits: str) -> bool:
    """Whether eleven digits are a Norwegian identity number: a day that exists and both check digits right.

    D-numbers have 40 added to the day; synthetic ones 80 (Skatteetaten) or 40 (Tenor) to the month.
    """
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()):
        return False
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    day -= 40 if day > 40 else 0
    month -= 80 if month > 80 else 40 if month > 40 else 0
    # February 29th is let through in any year: the century is not known from two digits.
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2000, month)[1] or not 0 <= year <= 99:
        return False
    values = [int(d) for d in digits]
    return (
        _check(values[:9], (3, 7, 6, 1, 8, 9, 4, 5, 2)) == values[9] and _check(values[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == values[10]
    )


def is_account_number(digits: str) -> bool:
    """Whether eleven digits are a Norwegian bank account number (modulus 11)."""
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()) or digits.startswith("0000"):
        return False
    values = [int(d) for d in digits]
    return _check(values[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == values[10]


def _check(values: list[int], weights: tuple[int, ...]) -> int:
    return -sum(v * w for v, w in zip(values, weights, strict=True)) % 11


def _only_digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def number_spans(text: str) -> Iterator[Span]:
    """Identity and account numbers."""
    web = [m.span() for m in WEB.finditer(text)] if "://" in text or "www." in text else []
    for match in BIRTH_FIRST.finditer(text):
        if is_identity_number(_only_digits(match[0])) and not _inside(match.start(), web):
            yield Span(*match.span(), IDENTITY_MARK)
    for match in SAID_TO_BE_IDENTITY.finditer(text):
        yield Span(*match.span("number"), IDENTITY_MARK)
    for match in ACCOUNT.finditer(text):
        if is_account_number(_only_digits(match[0])) and not _inside(match.start(), web):
            yield Span(*match.span(), ACCOUNT_MARK)
    for match in IBAN.finditer(text):
        yield Span(*match.span(), ACCOUNT_MARK)


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def email_spans(text: str) -> Iterator[Span]:
    """Addresses of private persons: not those of a role, nor those at a public body's own domain."""
    for match in EMAIL.finditer(text):
        if not (ROLE.match(match["local"]) or PUBLIC_DOMAIN.search(match["domain"])):
            yield Span(*match.span(), EMAIL_MARK)


def phone_spans(text: str, *, near_person: bool) -> Iterator[Span]:
    """Telephone numbers that no role, office or switchboard stands beside.

    Eight digits alone are a telephone number when "tlf." or the country code says so. With `near_person` (running text of pages) the
    number must also be a mobile one or stand within 80 signs after a masked person.
    """
    for match in PHONE.finditer(text):
        before = text[max(0, match.start() - 60) : match.start()]
        before = before[before.rfind("\n") + 1 :]
        is_said = bool(match["country"] or PHONE_CUE.search(before))
        if not is_said and (" " not in match["number"] or match["number"][0] not in "2345679"):
            continue
        if OFFICE_CUE.search(before):
            continue
        is_mobile = match["number"][0] in "49"
        if near_person and not is_mobile and "[person]" not in text[max(0, match.start() - 80) : match.start()]:
            continue
        yield Span(*match.span(), PHONE_MARK)
