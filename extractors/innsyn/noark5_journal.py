"""The public journal of Noark 5, `offentligJournal.xml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    CaseFile,
    Claim,
    Extractor,
    JournalEntry,
    Known,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    Trouble,
    Whole,
    Window,
)
from extractors.fields import Fields
from extractors.innsyn import journal_files, noark, parties
from extractors.innsyn.acos import norwegian_date
from extractors.innsyn.journal_files import JournalFileSettings
from extractors.innsyn.periods import Period

ROOT, INTERNAL = "offentligJournal", "loependeJournal"
NAMESPACE = "http://www.arkivverket.no/standarder/noark5/offentligJournal"
OF_HEAD = ("journalStartDato", "journalSluttDato", "antallJournalposter", "arkivskaper")
OF_CASE = ("saksaar", "sakssekvensnummer")
OF_ENTRY = ("journalaar", "journalsekvensnummer", "journalpostnummer", "journaldato", "korrespondansepart")
UNUSED = ("avskrivningsdato", "avskrivningsmaate", "referanseAvskrivesAvJournalpost", "skjermingMetadata", "registreringsID")


class Noark5JournalSettings(JournalFileSettings):
    """`links` is for a page that links to other XML files too."""


@dataclass
class _Read:
    """What one file has said so far."""

    entries: list[JournalEntry] = field(default_factory=list)
    counted: int | None = None
    period: Period | None = None
    lacking: Counter[str] = field(default_factory=Counter)
    strange: dict[str, None] = field(default_factory=dict)


class Noark5Journal(Extractor):
    """
    vendor       any archive system approved for Noark 5; the format is the National Archives' (versions 3.1 to 5.5)
    recognise    root element offentligJournal, namespace http://www.arkivverket.no/standarder/noark5/offentligJournal
    endpoints    the file, or a page that links to such files
    set-up       none
    paging       none: whole files
    windows      a file states its first and last day; files whose link names other days are not asked for
    limits       50 MB a file
    quirks       no type of document: it follows from who the parties are; UTF-8 with or without a byte order mark; parties may be several;
                 antallJournalposter is what the file itself counts. A document type, entities and schema addresses are never followed.
                 loependeJournal.xml has the same shape and is the internal, unredacted journal: it is not asked for, and not read
    yields       journal entries, cases (number and title only)
    licence      not stated in the file
    facts from   ATLAS 9.1 and 9.3 (arkivverket/schemas d288494b); test extractions of arkivverket/arkade5
    """

    platform = "noark5-journal"
    yields = (JournalEntry, CaseFile)
    whole = {"journal_entry": Whole.DAYS}

    Settings = Noark5JournalSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield journal_files.first_question(source)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        if trouble := journal_files.refusal(capture):
            yield trouble
        elif capture.media_type == "text/html":
            yield from journal_files.read_index(source, window, capture, ".xml")
        else:
            yield from _read_file(window, capture)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.media_type == "text/html" or noark.root_of(capture.text) != ROOT or NAMESPACE not in capture.text[:5000]:
            return None
        return SourceGuess(cls.platform, capture.url, {}, f"the root element is {ROOT}", 0.95)


def _read_file(window: Window, capture: Capture) -> Iterator[Record]:
    if noark.root_of(capture.text) == INTERNAL:
        yield Trouble(key=capture.url, outcome=Outcome.BLOCKED, reason=Reason("internal_journal"))
        return
    read = _Read()
    is_broken = False
    try:
        for number, element in enumerate(noark.records(capture.text, ROOT, ("journalhode", "journalregistrering"))):
            said = Fields(noark.tree(element))
            if noark.local(element) == "journalhode":
                _read_head(said, read)
            elif isinstance(item := _entry(said, read, f"/journalregistrering/{number}", capture), Trouble):
                yield item
            else:
                read.entries.append(item)
    except noark.Unread as error:
        is_broken = True
        yield Trouble(key=capture.url, reason=error.reason)
    if is_broken and not read.entries:
        return
    yield from _judge(capture, read, is_broken=is_broken)
    is_whole = not is_broken and read.counted == len(read.entries)
    yield from journal_files.of_window(window, capture, read.entries, read.period, is_whole=is_whole)
    is_alone = capture.context["step"] == "source"
    if is_alone and read.period and window.since <= read.period[0] and read.period[1] <= window.until:
        yield Claim(key="antallJournalposter", about="journal_entry", scope="window", count=read.counted or 0)


def _read_head(said: Fields, read: _Read) -> None:
    read.lacking.update(f"journalhode/{name}" for name in OF_HEAD if not said.data.get(name))
    since, until = (norwegian_date(said.text(end)) for end in ("journalStartDato", "journalSluttDato"))
    counted = said.text("antallJournalposter")
    read.period = (since, until) if since and until and since <= until else None
    read.counted = int(counted) if counted and counted.isdecimal() else None
    for creator in noark.each(said, "arkivskaper"):
        creator.leave(("arkivskaperID", "arkivskaperNavn", "beskrivelse"))
        read.strange.update(dict.fromkeys(creator.rest("arkivskaper.")))
    said.leave(("seleksjon",))
    read.strange.update(dict.fromkeys(said.rest("journalhode.")))


def _judge(capture: Capture, read: _Read, *, is_broken: bool) -> Iterator[Record]:
    """What the file lacks of what the schema requires, what it counts and does not hold, and what nobody knows."""
    for name, count in read.lacking.items():
        yield Trouble(key=f"{capture.url} {name}", outcome=Outcome.PARTIAL, reason=Reason("element_missing", field=name, n=count))
    if read.counted is not None and read.counted != len(read.entries) and not is_broken:
        reason = Reason("file_counts_otherwise", counted=read.counted, read=len(read.entries))
        yield Trouble(key=f"{capture.url} count", outcome=Outcome.PARTIAL, reason=reason)
    if read.strange:
        yield Claim(key=f"head {capture.url}", about="journal_entry", scope="answer", leftovers=tuple(read.strange))


def _entry(said: Fields, read: _Read, locator: str, capture: Capture) -> JournalEntry | Trouble:
    case, post, group = (noark.first(said, name) for name in ("saksmappe", "journalpost", "klasse"))
    key = post.text("systemID")
    if not key:
        return Trouble(key=f"{capture.url}{locator}", locator=locator, reason=Reason("no_identifier", step="journal", field="systemID"))
    read.lacking.update(f"saksmappe/{name}" for name in OF_CASE if not case.data.get(name))
    read.lacking.update(f"journalpost/{name}" for name in OF_ENTRY if not post.data.get(name))
    year, sequence, place = case.text("saksaar"), case.text("sakssekvensnummer"), case.text("mappeID")
    number = place or (f"{year}/{sequence}" if year and sequence else None)
    journal_year, serial = post.text("journalaar"), post.text("journalsekvensnummer")
    people = [(p.text("korrespondanseparttype") or "", p.text("korrespondansepartNavn"), p) for p in noark.each(post, "korrespondansepart")]
    entry = JournalEntry(
        key=key, locator=locator, case_number=number, case_key=number, case_title=case.text("offentligTittel"),
        document_number=post.text("journalpostnummer"), serial=f"{serial}/{journal_year}" if serial and journal_year else serial,
        journal_date=post.text("journaldato"), document_date=post.text("dokumentetsDato"), title=post.text("offentligTittel"),
        document_type=_type([role for role, _, _ in people]), senders=parties.names(n for role, n, _ in people if _is(role, "avsender")),
        recipients=parties.names(n for role, n, _ in people if _is(role, "mottaker")),
        access=post.text("tilgangsrestriksjon", "grad", "gradering") or case.text("tilgangsrestriksjon"),
        legal_basis=post.text("skjermingshjemmel") or case.text("skjermingshjemmel"), case_worker=post.text("saksbehandler"),
        unit=post.text("administrativEnhet") or case.text("administrativEnhet"), class_code=group.text("klasseID"), source_url=capture.url,
    )  # fmt: skip
    case.leave(("saksansvarlig", "tilgangsrestriksjon", "skjermingshjemmel", "administrativEnhet"))
    post.leave((*UNUSED, "grad", "gradering"))
    group.leave(("tittel",))
    other = (name for _, _, party in people for name in party.rest("korrespondansepart."))
    rest = (*said.rest(), *case.rest("saksmappe."), *post.rest(), *group.rest("klasse."), *dict.fromkeys(other))
    return replace(entry, leftovers=rest)


def _is(role: str, wanted: str) -> bool:
    """`Avsender`, `Mottaker`, `Kopimottaker`, `Gruppemottaker`, `Intern avsender`, `Intern mottaker`."""
    return role.lower().endswith(wanted)


def _type(roles: list[Any]) -> str | None:
    """The letter of Noark 4 that the parties mean (ATLAS 1.1): from outside, to outside, or within the body; None when both ends are
    outside or nobody is named."""
    said = [role.lower() for role in roles]
    is_from, is_to = (any(_is(r, end) and not r.startswith("intern") for r in said) for end in ("avsender", "mottaker"))
    if is_from != is_to:
        return "I" if is_from else "U"
    return "N" if not is_from and any(r.startswith("intern") for r in said) else None
