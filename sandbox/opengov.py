"""360 OpenGov as ATLAS sections 5.2 and 5.3 describe it: the meetings of a body, and its building cases, on a host shared by all.

HTML with numeric entities. An unknown slug is status 500. A meeting more than a week ahead is announced without a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import ClassVar
from urllib.parse import quote

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question
from sandbox.bodies import Body
from sandbox.journal import CASES_IN_BLOCK, PLANTED_CASES, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import COMMITTEES, Item, Meeting

HOST = "opengov.360online.com"
PUBLISHED_AHEAD = timedelta(days=7)
CASE_TYPE = "99001"
FIRST_BOARD, FIRST_MEETING, FIRST_ITEM, FIRST_FILE, FIRST_CASE, FIRST_DOCUMENT = 216_100, 640_000, 210_000, 840_000, 200_100, 410_000
ITEMS_OF_A_MEETING = 100
BUILDING_CASE = 4
"""Every fourth case of a journal is a building case."""
TYPES = {
    "I": "Dokument inn",
    "U": "Dokument ut",
    "X": "Internt notat uten oppfølging (X)",
    "N": "Internt notat / e-post MED oppfølging (N)",
    "S": "Saksfremlegg/innstilling",
}


def _page(title: str, body: str, *, status: int = 200) -> Answer:
    text = (
        f'<!DOCTYPE html>\n<html lang="nb-NO">\n<head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1.0" />'
        f"<title>{escape(title)}</title></head>\n<body>{body}</body></html>"
    )
    return _fragment(text, status=status)


def _fragment(text: str, *, status: int = 200) -> Answer:
    return Answer(status, text.encode("ascii", "xmlcharrefreplace"), "text/html; charset=utf-8")


def _label(name: str, value: str, kind: str = "detail") -> str:
    return f'<div class="detailsList"><div class="{kind}Header"><span>{name}</span></div><div class="{kind}Content"><p>{escape(value)}</p></div></div>'


class _Tenant:
    """What both have in common: a slug in the path, whatever its capitals, and everybody else answered with status 500."""

    part = ""
    host = HOST

    def __init__(self, body: Body, slug: str, day: date) -> None:
        self.body, self.day = body, day
        self.root = f"/{self.part}/{slug}"
        self.home = f"https://{HOST}{self.root}"

    def rules(self) -> HostRules:
        return HostRules()

    def settings(self) -> Mapping[str, object]:
        return {}

    def answers(self, question: Question) -> bool:
        path, root = question.path.lower(), self.root.lower()
        return path == root or path.startswith(f"{root}/")

    @staticmethod
    def stranger(question: Question) -> Answer:
        if question.path.startswith(("/Meetings/", "/Cases/")):
            return _page("Feil", "<h1>Error.</h1><h2>An error occurred while processing your request.</h2>", status=500)
        return NOT_FOUND

    def _rest(self, question: Question) -> str:
        return question.path[len(self.root) :].strip("/")


class OpenGovMeetings(_Tenant):
    """The meetings of a body: boards, a board's year, a meeting, and a fragment for each item."""

    platform: ClassVar[str] = "opengov-meetings"
    kinds: ClassVar[tuple[str, ...]] = ("meeting", "agenda_item")
    part = "Meetings"

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        super().__init__(body, body.slug.upper(), day)
        self.meetings = meetings
        self.boards = COMMITTEES[(body.role, body.language)]

    def entry_key(self, index: int) -> str:
        return ""

    def meeting_key(self, number: int) -> str:
        meeting = self.meetings[number]
        return (
            str(FIRST_MEETING + number) if self._is_published(meeting) else f"{FIRST_BOARD + meeting.committee}/{meeting.day.isoformat()}"
        )

    def item_key(self, meeting: int, item: int) -> str:
        return str(FIRST_ITEM + meeting * ITEMS_OF_A_MEETING + item)

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        within = [m for m in self.meetings if since - days.MEETING_MARGIN <= m.day <= until + days.MEETING_MARGIN]
        return {"meeting": len(within), "agenda_item": sum(len(m.items) for m in within if self._is_published(m))}

    def _is_published(self, meeting: Meeting) -> bool:
        return meeting.day <= self.day + PUBLISHED_AHEAD

    def respond(self, question: Question) -> Answer:
        rest, query = self._rest(question), {k.lower(): v for k, v in question.query.items()}
        if not rest:
            coming = [n for n, m in enumerate(self.meetings) if (m.day.year, m.day.month) >= (self.day.year, self.day.month)]
            return self._framed(
                "Politiske møter",
                f'<div class="findMeetings findMeetingsMainPage"><div class="meetingList">{self._list(coming)}</div></div>',
            )
        if rest == "Boards":
            return self._boards()
        if rest == "Meetings":
            return _fragment(
                self._list(
                    n
                    for n, m in enumerate(self.meetings)
                    if query.get("year") == str(m.day.year) and query.get("month") == str(m.day.month)
                )
            )
        if match := re.fullmatch(r"Boards/Details/(\d+)", rest):
            return self._board(int(match[1]) - FIRST_BOARD, query.get("year", ""))
        if match := re.fullmatch(r"Meetings/Details/(\d+)", rest):
            return self._meeting(int(match[1]) - FIRST_MEETING)
        if match := re.fullmatch(r"Meetings/LoadAgendaItemDetail/(\d+)", rest):
            return self._item(int(match[1]) - FIRST_ITEM)
        if match := re.fullmatch(r"File/Details/(\d+)\.PDF", rest, re.I):
            return self._file(int(match[1]) - FIRST_FILE)
        return self.stranger(question)

    def _framed(self, title: str, body: str) -> Answer:
        header = f'<header><a href="{self.root}">Hjem</a><input id="q" name="q" type="text" placeholder="Søk" /></header>'
        return _page(title, f'{header}<div class="mainContainer">{body}</div>')

    def _list(self, numbers: Iterable[int]) -> str:
        rows = []
        for n in numbers:
            m = self.meetings[n]
            name = f"{m.committee_name} ({days.dotted(m.day)})"
            beside = f"{m.hour:02d}:00" if self._is_published(m) else "Ikke publisert"
            inner = f'<div class="meetingName"><span>{escape(name)}</span></div><div class="meetingDate"><span>{days.dotted(m.day)}</span><span>{beside}</span></div>'
            if self._is_published(m):
                rows.append(f'<li class="boardLink"><a href="{self.root}/Meetings/Details/{FIRST_MEETING + n}">{inner}</a></li>')
            else:
                rows.append(f'<li title="Under forberedelse" class="boardLink unpublishedMeeting">{inner}</li>')
        return f"<ul>{''.join(rows)}</ul>"

    def _boards(self) -> Answer:
        rows = "".join(
            f'<li class="boardLink"><a href="{self.root}/Boards/Details/{FIRST_BOARD + n}"><div class="boardName"><span>{escape(name)}</span></div>'
            f'<div class="boardPeriod"><span>2023 - 2027</span></div></a></li>' for n, name in enumerate(self.boards)
        )  # fmt: skip
        return self._framed(
            "Alle utvalg",
            f'<div class="meetingsHeader"><h3>Fant {len(self.boards)} Utvalg</h3></div><div class="boardList"><ul>{rows}</ul></div>',
        )

    def _board(self, board: int, year: str) -> Answer:
        if not 0 <= board < len(self.boards):
            return self.stranger(Question("GET", "https", HOST, f"{self.root}/Boards/Details/0", {}))
        own = [n for n, m in enumerate(self.meetings) if m.committee == board]
        years = sorted({str(self.meetings[n].day.year) for n in own} | {str(self.day.year)}, reverse=True)
        chosen = year if year in years else years[0]
        found = [n for n in own if str(self.meetings[n].day.year) == chosen]
        options = "".join(f"<option{' selected' if y == chosen else ''}>{y}</option>" for y in years)
        return self._framed(
            self.boards[board],
            f'<div class="meetingTitleHeader"><h2>{escape(self.boards[board])}</h2></div><select class="dropdown" id="boardsYearSelection">{options}</select>'
            f'<p class="instructionLabel" id="instructionLabel">{len(found)} møter funnet for  {chosen}</p><div class="meetingList">{self._list(found)}</div>',
        )

    def _meeting(self, number: int) -> Answer:
        if not 0 <= number < len(self.meetings) or not self._is_published(self.meetings[number]):
            return self.stranger(Question("GET", "https", HOST, f"{self.root}/Meetings/Details/0", {}))
        m = self.meetings[number]
        groups: dict[str, list[str]] = {}
        for place, item in enumerate(m.items):
            own = self.item_key(number, place)
            load = f"loadAgendaItem('{self.root}/Meetings/LoadAgendaItemDetail/{own}','{own}')"
            groups.setdefault("Referatsaker" if item.sort == "RS" else "Saker til behandling", []).append(
                f'<li role="listitem"><a class="accordion" tabindex="0" id="agendaItem_{own}" aria-expanded="false" onclick="{load}"><div class="accordionImage"></div>'
                f'<div class="accordionTitle"><h5 class="accordionTitleText">{item.number} - {escape(item.title)}</h5></div></a><div id="{own}" class="panel"></div></li>'
            )
        lists = "".join(
            f'<div class="agendaItemHeader agendaHeader"><h4>{name}</h4></div><div class="meetingAgendaList"><ul role="list">{"".join(rows)}</ul></div>'
            for name, rows in groups.items()
        )
        held = m.is_held(self.day)
        files = self._files(
            [
                (number * ITEMS_OF_A_MEETING + 98 + n, name)
                for n, name in enumerate(("Møteinnkalling", "Protokoll") if held else ("Møteinnkalling",))
            ],
            m,
        )
        status = "Avholdt" if held else "Innkalling sendt"
        details = "".join(
            _label(k, v) for k, v in (("Utvalg", m.committee_name), ("Sted", m.place), ("Dato", days.dotted(m.day)), ("Status", status))
        )
        return self._framed(
            m.committee_name,
            f'<h2 class="meetingTitleHeaderText">{escape(m.committee_name)} ({days.dotted(m.day)})</h2><section class="meetingsAgendaSection"><div class="meetingsAgenda">{lists}</div></section>'
            f'<aside class="meetingsDocumentSection"><div class="filesList"><ul>{files}</ul></div><div class="meetingsDetailsDiv"><div class="details">{details}</div></div></aside>',
        )

    def _files(self, files: Iterable[tuple[int, str]], meeting: Meeting) -> str:
        return "".join(
            f'<li class="boardLink " title="{escape(name)}"><a href="{self.root}/File/Details/{FIRST_FILE + n}.PDF?fileName={quote(name)}&amp;fileSize=48211"><div class="table">'
            f'<div class="xfileName table-cell">{escape(name)}</div><div class="xfileType table-cell"><span class="size">47KB</span></div></div></a></li>'
            for n, name in ((n, f"{kind} {meeting.committee_name} {days.dotted(meeting.day)}") for n, kind in files)
        )

    def _find(self, number: int) -> tuple[Meeting, Item] | None:
        meeting, place = divmod(number, ITEMS_OF_A_MEETING)
        if (
            not 0 <= meeting < len(self.meetings)
            or not self._is_published(self.meetings[meeting])
            or place >= len(self.meetings[meeting].items)
        ):
            return None
        return self.meetings[meeting], self.meetings[meeting].items[place]

    def _item(self, number: int) -> Answer:
        found = self._find(number)
        if found is None:
            return self.stranger(Question("GET", "https", HOST, f"{self.root}/Meetings/LoadAgendaItemDetail/0", {}))
        meeting, item = found
        kind = "Vedtak" if meeting.is_held(self.day) else "Saksfremlegg/innstilling"
        name = quote(item.title)
        files = (
            f'<li class="boardLink " title="{escape(item.title)}"><a href="{self.root}/File/Details/{FIRST_FILE + number}.PDF?fileName={name}&amp;fileSize=48211">'
            f'<div class="fileDetails"><div class="fileName"><div class="fileNameDetail">{escape(item.title)}</div><div class="fileDocumentCategory">{kind}</div></div>'
            f'<div class="fileType"><span class="size">47 KB</span></div></div></a></li>'
        )
        case = f"{meeting.day.year % 100}/{number + 300:05d}"
        return _fragment(
            f'<div class="meetingsDetails"><div class="filesList"><ul>{files}</ul></div><div class="detailsSection"><div class="details">'
            f"{_label('Saksansvarlig', 'Gro Nordvik')}{_label('Saksnr.', case)}</div></div></div>"
        )

    def _file(self, number: int) -> Answer:
        found = self._find(number)
        meeting, place = divmod(number, ITEMS_OF_A_MEETING)
        if found is not None:
            title, text = found[1].title, found[1].text or found[1].title
        elif 0 <= meeting < len(self.meetings) and place >= 98 and self._is_published(self.meetings[meeting]):
            title = text = f"{self.meetings[meeting].committee_name} {days.dotted(self.meetings[meeting].day)}"
        else:
            return NOT_FOUND
        return Answer(200, pdf.write(title, text), "application/pdf", (), days.http_date(self.day))


class OpenGovCases(_Tenant):
    """The building cases of a body: a search without pages, and a page for each case. Nothing in it carries a date."""

    platform: ClassVar[str] = "opengov-cases"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case")
    lacks: ClassVar[tuple[str, ...]] = ("journal_date", "document_date")
    part = "Cases"

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        super().__init__(body, f"{body.slug.upper()}BYGG", day)
        self.journal = journal

    def entry_key(self, index: int) -> str:
        return str(FIRST_DOCUMENT + index)

    def item_key(self, meeting: int, item: int) -> str:
        return ""

    def case_number(self, case: int) -> str:
        return f"BYGG-{self.day.year % 100}/{self.journal.case_sequence(case):05d}"

    def carries(self, index: int) -> bool:
        """Whether an entry belongs to a building case, and so stands here."""
        case = self.journal.case_of(index)[0]
        return case < PLANTED_CASES and case % BUILDING_CASE == 1

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        cases = list(self._cases())
        return {"case": len(cases), "journal_entry": sum(len(self._members(n)) for n in cases)}

    def _cases(self) -> Iterable[int]:
        """Numbers of the building cases with something to show, newest first."""
        last = len(self.journal) // (12 // CASES_IN_BLOCK) + CASES_IN_BLOCK
        return (n for n in range(last, -1, -1) if n % BUILDING_CASE == 1 and self._members(n))

    def _members(self, number: int) -> tuple[int, ...]:
        case = self.journal.case(number) if number % BUILDING_CASE == 1 and number < PLANTED_CASES else None
        return tuple(i for i in case.members if self.journal.is_shown(i)) if case else ()

    def respond(self, question: Question) -> Answer:
        rest, query = self._rest(question), question.query
        if not rest:
            return self._search(query)
        if match := re.fullmatch(r"Case/Details/(\d+)", rest):
            return self._case(int(match[1]) - FIRST_CASE, question)
        if match := re.fullmatch(r"File/Details/(\d+)\.PDF", rest, re.I):
            index = int(match[1]) - FIRST_FILE
            is_open = 0 <= index < len(self.journal) and self.journal.is_shown(index) and self.journal.entry(index).is_open
            return Answer(200, pdf.write("Dokument", "Dokument"), "application/pdf", (), days.http_date(self.day)) if is_open else NOT_FOUND
        return self.stranger(question)

    def _search(self, query: Mapping[str, str]) -> Answer:
        """`q` finds all years; `casetypeid` silently gives the last two months only."""
        words, kind = query.get("q", "").lower(), query.get("casetypeid", "")
        found: list[tuple[int, str]] = []
        for n in self._cases() if words or kind else ():
            case = self.journal.case(n)
            assert case is not None
            is_recent = case.day >= self.day - timedelta(days=61)
            if words in f"{self.case_number(n)} {case.title}".lower() and (not kind or (kind == CASE_TYPE and is_recent)):
                found.append((n, case.title))
        rows = "".join(
            f'<li class="_casefilter"><a href="{self.root}/Case/Details/{FIRST_CASE + n}"><div class="caseTypeLink searchPageCaseheader"><div class="caseName"><span>{escape(title)}</span></div>'
            f'<div class="caseDate"><span>{self.case_number(n)}</span><span>Byggesak</span></div></div></a><div class="serachCaseResult"><p>Ingen adresse</p></div></li>\n' for n, title in found
        )  # fmt: skip
        return _page(
            "Innsyn byggesak",
            f'<header><a href="{self.root}">Hjem</a><input id="q" name="q" type="text" /></header><div class="caseList"><ul>{rows}</ul></div>',
        )

    def _case(self, number: int, question: Question) -> Answer:
        members = self._members(number)
        case = self.journal.case(number) if members else None
        if case is None:
            return self.stranger(question)
        details = "".join(
            _label(k, v) for k, v in (("Status", "Under behandling"), ("Saksbehandler", "Arne Tveito"), ("Tiltakshaver", "Kari Fjellvik"))
        )
        documents = "".join(self._document(number, place, i) for place, i in enumerate(members))
        return _page(
            case.title,
            f'<div class="pageTitleHeader"><h2>{self.case_number(number)} - {escape(case.title)}</h2></div><div class="caseDocumentList"><ul>{documents}</ul></div>'
            f'<aside class="caseDetailsAside"><div class="caseDetailsAsideDiv"><div class="caseDetailsAsideHeader"><h3>Saksdetaljer</h3></div>{details}</div>'
            f'<div class="caseDetailsAsideDiv"><div class="caseDetailsAsideHeader"><h3>Adresse</h3></div><ul><li>1. 12/34 Strandgata 4</li></ul></div></aside>',
        )

    def _document(self, case: int, place: int, index: int) -> str:
        e: Entry = self.journal.entry(index)
        own = self.entry_key(index)
        number = f"{self.case_number(case)}-{self.journal.case_of(index)[1] + 1}"
        fields = (
            ("Tilgangskode", "Offentlig" if e.is_open else "U"),
            ("Dokumenttype", TYPES[e.direction]),
            ("Avsender", e.sender),
            ("Mottaker", e.recipient),
        )
        labelled = "".join(_label(k, v, "documentDetail") for k, v in fields if v)
        files = (
            f'<li class="fileLink "><a href="{self.root}/File/Details/{FIRST_FILE + index}.PDF?fileName={quote(e.title)}&amp;fileSize=48211"><div class="fileNameDetail">{escape(e.title)}</div>'
            f'<div class="fileDocumentCategory">Hoveddokument</div></a></li>' if e.is_open else ""
        )  # fmt: skip
        return (
            f'<li><a class="accordion" id="caseDocument_{own}" tabindex="{place}"><div class="accordionTitle"><h4>{number} - {escape(e.title)}</h4></div></a>\n'
            f'<div id="{own}" class="panel"><div class="documentDetails">{labelled}</div><div class="filesList"><ul>{files}</ul></div></div></li>\n'
        )
