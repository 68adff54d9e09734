"""The three known layouts of journals in PDF, read from the lines of their text (ATLAS 7.11).

Nothing is lost in silence: a layout has one label that opens an entry and one that every entry has; what is opened or has that label and
could not be read as an entry is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.reasons import Reason
from extractors.contract import JournalEntry
from extractors.exceptions import Reasoned
from extractors.fields import Fields, as_text
from extractors.innsyn import parties

NUMBER = r"(?:[A-ZÆØÅ]{2,6}-)?\d{2,4}/\d{1,7}-\d{1,4}"
DATE = r"\d{1,2}\.\d{1,2}\.\d{4}|[Uu]datert"
DAYS = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}\s*(?:-|–|til)\s*\d")
PAGE_NUMBER = re.compile(r"(?:side\s*:?\s*)?\d+\s*(?:av|/|of)\s*\d+|side\s*:?\s*\d+", re.I)
STRANGE = re.compile(r"^([A-ZÆØÅ][a-zæøå]{2,19}\.?):(?=\s|$)", re.M)
EDGE = 6
TYPE_AND_NUMBER = re.compile(rf"(?:(?<!\S)(?P<letter>[UNIXS])\s+)?(?<!\S)(?P<number>{NUMBER})(?!\S)")
WORKER = re.compile(r"[A-ZÆØÅ]{2,}(?:-[A-ZÆØÅ]+)*/[A-ZÆØÅ]{2,}")
ROLE = re.compile(r"^(Mottaker|Avsender)\b:?\s*(.*)$")
OF_PARTIES = re.compile(r"^Avs\.?\s?/\s?mottaker:?|^Avsender\\mottaker:?", re.M | re.I)
LABELS_OF_PARTIES = re.compile(r"Saksbeh(?:andler)?\.?:?|Avskr\.? ?dato:?|Avskr(?:ivnings)?\.? ?måte:?|Avsk\.:?", re.I)
HEADS = re.compile(
    r"^DokType:?|Sak\s?[-/]\s?dok\.? ?nr\.?:?|dok\.? nr\.?:|Journaldato:|Dok\.? ?dato:|Dokumentdato:|Saksansvarlig:|\(enhet/initialer\):?|"
    r"Klassering:|Tilg\. ?kode(?: Hjemmel)?:|Hjemmel:", re.M | re.I,
)  # fmt: skip

Read = Callable[[str, Sequence[str]], JournalEntry | None]


class NoLayout(Reasoned, ValueError):
    """Text in no layout we know."""


@dataclass(frozen=True)
class Layout:
    """`signs` all stand in such a journal; `opens` begins an entry; `witness` stands in every entry once; `read` reads the text from one
    `opens` to the next, given the labels nobody knows."""

    name: str
    signs: tuple[re.Pattern[str], ...]
    opens: re.Pattern[str]
    witness: re.Pattern[str]
    read: Read


@dataclass(frozen=True)
class Journal:
    """`entries` as read, and how many more pieces there were that could not be."""

    layout: str
    entries: tuple[JournalEntry, ...]
    unread: int


def read(pages: Sequence[str]) -> Journal:
    """The journal whose pages have this text. Raises NoLayout."""
    text = "\n".join(without_furniture(pages))
    if not text.strip():
        raise NoLayout(Reason("no_text"))
    whole = "\n".join(pages)
    known = [(len(layout.witness.findall(whole)), layout) for layout in LAYOUTS if all(sign.search(text) for sign in layout.signs)]
    if not known:
        raise NoLayout(Reason("layout_unknown"))
    witnesses, layout = max(known, key=lambda each: each[0])
    starts = [match.start() for match in layout.opens.finditer(text)]
    pieces = [text[start:stop] for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)]
    strange = _strange_labels(pieces)
    found = [layout.read(piece, strange) for piece in pieces]
    entries = [replace(entry, locator=f"/{layout.name}/{number}") for number, entry in enumerate(found, 1) if entry]
    return Journal(layout.name, tuple(entries), max(len(pieces), witnesses) - len(entries))


def without_furniture(pages: Sequence[str]) -> list[str]:
    """The lines of all pages without what stands at the top or the foot of most of them, and without page numbers."""
    split = [[line for line in page.split("\n") if line] for page in pages]
    counts = Counter(mark for lines in split for mark in {_mark(line) for line in (*lines[:EDGE], *lines[-EDGE:])})
    enough = max(2, len(split) / 2)

    def is_furniture(line: str) -> bool:
        return bool(PAGE_NUMBER.fullmatch(line)) or (counts[_mark(line)] >= enough and not _is_of_entry(line))

    kept: list[str] = []
    for lines in split:
        first = next((n for n, line in enumerate(lines) if not is_furniture(line)), len(lines))
        last = next((n for n in range(len(lines), first, -1) if not is_furniture(lines[n - 1])), first)
        kept += lines[first:last]
    return kept


def _mark(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _is_of_entry(line: str) -> bool:
    """Whether a line holds a label or the number of an entry, and not the days of the report: such a line is never taken for furniture."""
    return bool(OF_ENTRIES.match(line)) and not DAYS.search(line)


def _strange_labels(pieces: Sequence[str]) -> tuple[str, ...]:
    """Labels nobody knows: words with a colon at the start of a line in most entries. One or two such lines are somebody's text."""
    counts = Counter(word for piece in pieces for word in set(STRANGE.findall(piece)))
    return tuple(w for w, n in counts.items() if n >= 2 and 2 * n >= len(pieces) and not KNOWN.fullmatch(f"{w}:"))


def labelled(piece: str, labels: Iterable[str], strange: Sequence[str]) -> Fields:
    """The values of a piece by label in small letters. A label is where it begins a line, else where it first stands; a value goes on to
    the next label, over as many lines as it takes."""
    if not (*labels, *strange):
        return Fields({})
    names = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in sorted((*labels, *strange), key=len, reverse=True))
    places: dict[str, re.Match[str]] = {}
    for match in re.finditer(rf"(?<!\S)({names})\s?:", piece):
        label = re.sub(r"\s", "", match[1]).lower()
        if label not in places or (_begins_line(match) and not _begins_line(places[label])):
            places[label] = match
    ordered = sorted(places.items(), key=lambda each: each[1].start())
    ends = [match.start() for _, match in ordered[1:]] + [len(piece)]
    return Fields({label: as_text(piece[match.end() : end]) for (label, match), end in zip(ordered, ends, strict=True)})


def _begins_line(match: re.Match[str]) -> bool:
    return match.start() == 0 or match.string[match.start() - 1] == "\n"


def _date(written: str | None) -> str | None:
    """`14.10.2026` of `14102026`, `14.10.202 6` and the like; "Udatert" and what is no date as they stand."""
    digits = re.sub(r"[\s.]", "", written or "")
    return f"{digits[:2]}.{digits[2:4]}.{digits[4:]}" if re.fullmatch(r"\d{8}", digits) else written


def _names(party: str | None) -> tuple[str, ...] | None:
    return parties.names((party,)) if party else None


# --- Microsoft Reporting Services

REPORTING = ("Dok.", "Sak", "Mottaker", "Avsender", "Journaldato", "Dok. dato", "Dokumentdato", "Tilg. kode", "Tilgangskode", "Hjemmel",
             "Saksbehandler", "Arkivdel", "Klasse")  # fmt: skip


def _reporting(piece: str, strange: Sequence[str]) -> JournalEntry | None:
    said = labelled(piece, REPORTING, strange)
    heading = said.text("dok.") or ""
    match = re.search(NUMBER, heading)
    day = _date(said.text("journaldato"))
    if match is None or not day:
        return None
    number, title = match[0], as_text(f"{heading[: match.start()]} {heading[match.end() :]}")
    case, _, place = number.rpartition("-")
    unit, slash, worker = (said.text("saksbehandler") or "").partition("/")
    access, basis = _access(said.text("tilg.kode", "tilgangskode"))
    sender, recipient = said.text("avsender"), said.text("mottaker")
    entry = JournalEntry(
        key=number, case_number=case, case_key=case, document_number=place, title=(title and title.lstrip("-– ")) or None,
        case_title=said.text("sak"), journal_date=day, document_date=_date(said.text("dok.dato", "dokumentdato")),
        document_type="U" if recipient else "I" if sender else None, senders=_names(sender), recipients=_names(recipient), access=access,
        legal_basis=said.text("hjemmel") or basis, unit=as_text(unit) if slash else None, case_worker=as_text(worker if slash else unit),
        class_code=said.text("klasse"),
    )  # fmt: skip
    said.leave(("arkivdel",))
    return replace(entry, leftovers=said.rest("label."))


def _access(written: str | None) -> tuple[str | None, str | None]:
    """`UO Offl. § 13` is a code and a paragraph; either may be missing."""
    if not written or "§" not in written:
        return written, None
    match = re.match(r"([A-ZÆØÅ]{1,4}\d?)\s+(?=\S)", written)
    return (match[1], as_text(written[match.end() :])) if match else (None, written)


# --- GrapeCity ActiveReports


def _active_reports(piece: str, strange: Sequence[str]) -> JournalEntry | None:
    """Labels and values of a row may stand apart (all labels, then all values): dates, number and paragraph are known by their form."""
    extra = labelled(piece, (), strange)
    piece = re.sub(rf"^(?:{'|'.join(map(re.escape, strange))}):.*$", "", piece, flags=re.M) if strange else piece
    opened = re.split(r"^Sakstittel:", piece, maxsplit=1, flags=re.M)
    case_title, found, tail = _cut(opened[-1], re.compile(r"^DokType:?", re.M)) if len(opened) == 2 else ("", False, "")
    match = TYPE_AND_NUMBER.search(tail)
    if not found or match is None:
        return None
    head, _, below = _cut(tail, OF_PARTIES)
    # Where the heading of the parties is not there (it may stand on another page), they are what follows the number and is no other label.
    after = "\n".join(line for line in tail[match.end() :].split("\n") if not HEADS.search(line))
    days = {name: m[1] for name, label in (("journal", "Journaldato"), ("document", r"Dok\.? ?dato|Dokumentdato"))
            if (m := re.search(rf"(?:{label}):\s*({DATE})", head))}  # fmt: skip
    in_order = re.findall(rf"(?<!\S)(?:{DATE})(?!\S)", head)
    is_apart = "journal" not in days and "document" not in days
    day, written = (in_order[0] if in_order else None, in_order[1] if len(in_order) > 1 else None) if is_apart else (
        days.get("journal"), days.get("document"))  # fmt: skip
    letter = match["letter"] or next(iter(re.findall(r"^([UNIXS])$", tail, re.M)), None)
    if not day:
        return None
    case, _, place = match["number"].rpartition("-")
    unit = WORKER.search(head)
    senders, recipients = _both_ends(below or after, letter)
    access, basis = _access(_value(head, r"Tilg\. ?kode(?: Hjemmel)?:") or next((li for li in head.split("\n") if "§" in li), None))
    return JournalEntry(
        key=match["number"], case_number=case, case_key=case, document_number=place, document_type=letter,
        title=as_text(re.sub(r"^Innhold:", "", opened[0])), case_title=as_text(case_title), journal_date=day, document_date=written,
        access=access, legal_basis=basis, unit=unit[0].partition("/")[0] if unit else None, class_code=_value(head, r"Klassering:"),
        senders=senders, recipients=recipients, leftovers=extra.rest("label."),
    )  # fmt: skip


def _cut(text: str, at: re.Pattern[str]) -> tuple[str, bool, str]:
    match = at.search(text)
    return (text[: match.start()], True, text[match.end() :]) if match else (text, False, "")


def _value(head: str, label: str) -> str | None:
    """What stands on the line of a label, before the next one; None where labels and values stand apart."""
    match = re.search(label, head)
    line = head[match.end() :].partition("\n")[0] if match else ""
    return as_text(HEADS.split(line, maxsplit=1)[0])


def _both_ends(below: str, letter: str | None) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Senders and recipients. A row begins with its role, and what follows without a role goes on; or all roles stand first, then all
    names, those of the recipients before those of the senders. Units with initials are case workers."""
    roles: list[str] = []
    names: list[str] = []
    are_apart = False
    for line in below.split("\n"):
        line = as_text(WORKER.sub(" ", re.sub(DATE, " ", LABELS_OF_PARTIES.sub(" ", line)))) or ""
        if match := ROLE.match(line):
            are_apart = are_apart or len(roles) > len(names)
            roles.append(match[1])
            if match[2]:
                names.append(match[2])
        elif line and not PAGE_NUMBER.fullmatch(line) and not re.fullmatch(r"\d", line):
            goes_on = names and (line[0].islower() or len(names) >= len(roles))
            names[-1:] = [f"{names[-1]} {line}"] if goes_on else [*names[-1:], line]
    first = roles.count("Mottaker")
    if not roles:
        ends = (names, []) if letter in ("I", "X", "N") else ([], names)
    elif are_apart:
        ends = (names[first:], names[:first])
    else:
        pairs = list(zip(roles, names, strict=False))
        ends = ([n for r, n in pairs if r == "Avsender"], [n for r, n in pairs if r == "Mottaker"])
    return parties.names(ends[0]), parties.names(ends[1])


# --- Kristiansand

KRISTIANSAND = ("Jour.dato", "Dok.dato", "Tilg. kode", "Par.", "Avsender", "Mottaker", "Sak", "Dok", "Saksansv", "Saksbeh")
OPENS_KRISTIANSAND = re.compile(
    r"^(?P<case>\d{8,9})[-–?](?P<place>\d{1,3})(?!\d)(?=[^\n]*(?:\n(?!\d{8,9}[-–?]|Saksansv)[^\n]*){0,2}Jour.dato:)", re.M
)


def _kristiansand(piece: str, strange: Sequence[str]) -> JournalEntry | None:
    match = OPENS_KRISTIANSAND.match(piece)
    said = labelled(re.sub(r"D.k\.dato:", "Dok.dato:", piece), KRISTIANSAND, strange)
    written = re.match(r"\d{2}\.?\d{2}\.?\d{3}\s?\d", said.text("jour.dato") or "")
    if match is None or written is None:
        return None
    head = piece[match.end() :].partition("Sak:")[0]
    letter = re.search(r"(?<!\S)([IUXN])(?!\S)", head)
    sender, recipient = said.text("avsender"), said.text("mottaker")
    dated = re.match(rf"\d{{2}}\.?\d{{2}}\.?\d{{3}}\s?\d|{DATE}", said.text("dok.dato") or "")
    entry = JournalEntry(
        key=f"{match['case']}-{match['place']}", case_number=match["case"], case_key=match["case"], document_number=match["place"],
        journal_date=_date(written[0]), document_date=_date(dated[0]) if dated else None, document_type=letter[1] if letter else None,
        title=said.text("dok"), case_title=said.text("sak"), senders=_names(sender), recipients=_names(recipient),
        access=_without_letter(said.text("tilg.kode")), legal_basis=_without_letter(said.text("par.")), case_worker=said.text("saksbeh"),
    )  # fmt: skip
    said.leave(("saksansv",))
    return replace(entry, leftovers=said.rest("label."))


def _without_letter(value: str | None) -> str | None:
    """A value of the first line without the entry's letter, which may stand anywhere in it."""
    return as_text(re.sub(r"(?<!\S)[IUXN](?!\S)", " ", value)) if value else None


LAYOUTS = (
    Layout("reporting-services", (re.compile(r"^Dok\.:", re.M), re.compile(r"Journaldato:"), re.compile(r"Tilg\. ?kode:|Tilgangskode:")),
           re.compile(r"^Dok\.:", re.M), re.compile(rf"(?<!\S)Journaldato:(?!\s*{DAYS.pattern})"), _reporting),
    Layout("active-reports", (re.compile(r"^Innhold:", re.M), re.compile(r"Sakstittel:"), re.compile(r"DokType")),
           re.compile(r"^Innhold:", re.M), re.compile(r"^Sakstittel:", re.M), _active_reports),
    Layout("kristiansand", (re.compile(r"^\d{8,9}[-–?]\d{1,3}", re.M), re.compile(r"Jour.dato:"), re.compile(r"Saksansv:")),
           OPENS_KRISTIANSAND, re.compile(r"Jour.dato:"), _kristiansand),
)  # fmt: skip
OF_ACTIVE_REPORTS = ("Innhold", "Sakstittel", "DokType", "Saksansvarlig", "Klassering", "Saksbeh.")
_LABELS: Mapping[str, None] = dict.fromkeys((*REPORTING, *KRISTIANSAND, *OF_ACTIVE_REPORTS))
OF_ENTRIES = re.compile(
    rf"(?:{'|'.join(re.escape(name) for name in _LABELS)})\s?:|(?:Mottaker|Avsender|DokType)\b|Avs\.?\s?/|\(enhet/|{NUMBER}|"
    r"\d{8,9}[-–?]\d|[UNIXS]\s"
)
KNOWN = re.compile(rf"(?:{'|'.join(re.escape(name) for name in _LABELS)}):|Mottaker:|Avsender:", re.I)
