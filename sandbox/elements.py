"""Elements Publikum as ATLAS sections 4.1 and 4.3 describe it: JSON by GET with a header `Tenant`, and the application's page for all else.

What is known is kept to, names and letters alike. Not known are how long an answer may get (here: as long as what TotalCount may say) and by
which parameter the application asks for one type of document (here `RegistryEntryTypeId`, after the field of that name; a tenant may ignore it).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import unquote

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer, plain
from sandbox.bodies import Body
from sandbox.identifiers import guid_of
from sandbox.journal import Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import COMMITTEES, Item, Meeting

CAP = 5000
VISIBLE_DAYS = 365
FIRST_ENTRY, FIRST_DOCUMENT, FIRST_MEETING, FIRST_ITEM = 400_001, 810_001, 1_201, 8_301
ASKED = ("Query", "OrderBy", "SortOrder", "DateFrom", "DateTo", "IncludeCases", "IncludeCaseWorker", "IncludeSenderRecipient", "Skips")
NAMES = {
    "I": "Inngående brev",
    "U": "Utgående brev",
    "X": "Internt notat uten oppfølging",
    "N": "Internt notat med oppfølging",
    "S": "Saksframlegg",
}
SHORT = ("KS", "FS", "HOK", "UPM")
CALENDAR_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Quirks:
    """`longest` is how many items an answer holds; `ignores_type`: the filter on the type does nothing."""

    longest: int = CAP
    ignores_type: bool = False


class Elements:
    """One tenant on a host it shares."""

    platform: ClassVar[str] = "elements-publikum"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "meeting", "agenda_item")
    HOST: ClassVar[str] = "prod02.elementscloud.no"
    ROBOTS: ClassVar[str] = "User-agent: *\nAllow: /\n"
    quirks: ClassVar[Quirks] = Quirks()

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal, self.meetings = body, day, journal, meetings
        self.host = self.HOST
        self.tenant = f"{body.orgnr}_PROD-{body.orgnr}"
        self.database = guid_of("elements database", seed, body.slug)
        self._rows: dict[tuple[int, int], dict[str, Any]] = {}

    @property
    def home(self) -> str:
        return f"https://{self.host}/publikum/{self.tenant}"

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        return str(FIRST_ENTRY + index)

    def item_key(self, meeting: int, item: int) -> str:
        return str(FIRST_ITEM + meeting * 100 + item)

    def rules(self) -> HostRules:
        """Lists of members carry telephones and e-mail of persons: nobody needs to ask for them."""
        return HostRules(only=("/publikum/",), closed=("/publikum/api/DmbMembers",))

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        around = (since - days.MEETING_MARGIN, until + days.MEETING_MARGIN)
        near = [m for m in self.meetings if around[0] <= m.day <= around[1]]
        return {
            "journal_entry": len(self.journal.shown_in(since, until)),
            "meeting": len(near),
            "agenda_item": sum(len(m.items) for m in near),
        }

    # --- answers

    def answers(self, question: Question) -> bool:
        path = unquote(question.path).lower()
        if path.startswith("/publikum/api/"):
            return question.headers.get("tenant") == self.tenant
        return path.startswith((f"/publikum/{self.tenant.lower()}", "/publikum/documents/")) and (
            self.tenant.lower() in path or self.database in path
        )

    @classmethod
    def stranger(cls, question: Question) -> Answer:
        """The host itself: its robots.txt, and the application's page for whatever it does not know."""
        if question.path == "/robots.txt":
            return plain(cls.ROBOTS, modified=days.http_date(days.DEFAULT_DAY))
        return _shell() if question.path.lower().startswith("/publikum") else NOT_FOUND

    def respond(self, question: Question) -> Answer:
        path = re.sub(r"(?i)^/publikum/", "", unquote(question.path))
        if path.lower().startswith("documents/"):
            return self._document(path.split("/")[1:])
        call, _, rest = path.removeprefix("api/").partition("/")
        if not path.startswith("api/") or question.method != "GET":
            return _shell()
        query = question.query
        if call == "PredefinedQuery" and rest == "CasesAndRegistryEntries":
            return self._entries(query)
        if call == "PredefinedQuery" and rest == "DmbMeetings":
            return self._meetings(query)
        if call == "ConfigProvider" and rest == "GetConfigs":
            return self._json({"DateIntervalRelative": -VISIBLE_DAYS, "Version": "v1.54"})
        if call == "DmbHandlings" and rest.startswith("GetByMeetingId/"):
            return self._agenda(_number(rest.partition("/")[2]) - FIRST_MEETING)
        known = {
            "Meetings": self._meeting,
            "DmbHandlings": self._item,
            "Cases": self._case,
            "RegistryEntries": self._entry,
            "Dmbs": self._board,
        }
        # What looks like an address of the service and is none comes to the application, which has a page for everything.
        return known[call](_number(rest)) if call in known and rest.isdecimal() else _shell()

    def _json(self, value: Any, status: int = 200) -> Answer:
        return json_answer(value, status=status, modified=days.http_date(self.day), media_type="application/json; charset=utf-8")

    # --- the journal

    def _entries(self, query: Mapping[str, str]) -> Answer:
        if not set(ASKED) <= set(query) or not all(CALENDAR_DAY.fullmatch(query[name]) for name in ("DateFrom", "DateTo")):
            return _shell()
        since, until = date.fromisoformat(query["DateFrom"]), date.fromisoformat(query["DateTo"])
        found = self.journal.shown_in(max(since, self.day - timedelta(days=VISIBLE_DAYS)), until)
        wanted, words = query.get("RegistryEntryTypeId"), query["Query"].casefold()
        if wanted and not self.quirks.ignores_type:
            found = [i for i in found if self._row(i)["JP_NDOKTYPE_ND"] == wanted]
        if words:
            found = [i for i in found if words in f"{self._row(i)['JP_INNHOLD_G']} {self._row(i)['SA_SAKSNR_XX']}".casefold()]
        if query["SortOrder"] == "1":
            found.reverse()
        rows = [self._row(i) for i in found[: min(CAP, self.quirks.longest)]]
        return self._json({"TotalCount": min(len(found), CAP), "Items": rows})

    def _row(self, index: int) -> dict[str, Any]:
        case = self.journal.case_of(index)[0]
        if (row := self._rows.get((index, case))) is None:
            row = self._rows[(index, case)] = self._make_row(self.journal.entry(index))
        return row

    def _make_row(self, entry: Entry) -> dict[str, Any]:
        return {
            "JP_ID": FIRST_ENTRY + entry.index, "JP_NDOKTYPE_ND": entry.direction, "ND_BETEGN": NAMES[entry.direction],
            "SA_SAKSNR_XX": self.journal.case_number(entry.case), "JP_AVSMOT_G": entry.recipient if entry.direction == "U" else entry.sender,
            "JP_DOKDATO": _midnight(entry.document_day), "JP_JDATO": _midnight(entry.day), "JP_INNHOLD_G": entry.title,
        }  # fmt: skip

    def _shown(self, number: int) -> Entry | None:
        index = number - FIRST_ENTRY
        return self.journal.entry(index) if 0 <= index < len(self.journal) and self.journal.is_shown(index) else None

    def _entry(self, number: int) -> Answer:
        entry = self._shown(number)
        if entry is None:
            return self._json({"Message": "Not found"}, status=404)
        case = self.journal.case(entry.case)
        told = {
            "Id": number, "Title": entry.title, "RegistryDate": _midnight(entry.day), "RegistryEntryTypeId": entry.direction,
            "SenderRecipient": self._row(entry.index)["JP_AVSMOT_G"], "AccessCodeId": "" if entry.is_open else "U", "IsPublished": True,
            "IsRestricted": not entry.is_open, "Database": self.database,
            "Case": {"Id": entry.case + 1, "CaseNumber": self.journal.case_number(entry.case), "Title": case.title if case else None},
            "Documents": [_link(entry.index + FIRST_DOCUMENT, entry.title, is_main=True, is_published=entry.is_open)],
        }  # fmt: skip
        return self._json(told)

    def _case(self, number: int) -> Answer:
        case = self.journal.case(number - 1)
        if case is None:
            return self._json({"Message": "Not found"}, status=404)
        entries = [
            {"Id": FIRST_ENTRY + i, "RegistryEntryTypeId": row["JP_NDOKTYPE_ND"], "RegistryDate": row["JP_JDATO"],
             "SenderRecipient": row["JP_AVSMOT_G"], "Title": row["JP_INNHOLD_G"]} for i in case.members for row in (self._row(i),)
        ]  # fmt: skip
        return self._json(
            {"Id": number, "CaseNumber": self.journal.case_number(case.number), "Title": case.title, "RegistryEntries": entries}
        )

    # --- meetings

    def _board(self, number: int) -> Answer:
        names = COMMITTEES[(self.body.role, self.body.language)]
        if not 1 <= number <= len(names):
            return self._json({"Message": "Not found"}, status=404)
        return self._json({"Id": number, "Name": names[number - 1], "ShortCode": SHORT[number - 1]})

    def _meetings(self, query: Mapping[str, str]) -> Answer:
        """By `year`, or by `DateFrom` and `DateTo`; `dmbName` is the number of a committee."""
        if query.get("year", "").isdecimal():
            first, last = f"{query['year']}-01-01", f"{query['year']}-12-31"
        elif query.get("DateFrom") and query.get("DateTo"):
            first, last = query["DateFrom"], query["DateTo"]
        else:
            return _shell()
        board = query.get("dmbName")
        found = [
            {"MO_ID": FIRST_MEETING + n, "MO_START": f"{m.day.isoformat()}T{m.hour:02d}:00:00", "MO_SLUTT": f"{m.day.isoformat()}T{m.hour + 3:02d}:00:00",
             "MO_STED": "Rådhuset", "MO_ROM": m.place, "UT_ID": m.committee + 1, "UT_NAVN": m.committee_name, "Database": self.database}
            for n, m in enumerate(self.meetings) if first <= m.day.isoformat() <= last and (not board or board == str(m.committee + 1))
        ]  # fmt: skip
        return self._json(found)

    def _meeting(self, number: int) -> Answer:
        index = number - FIRST_MEETING
        if not 0 <= index < len(self.meetings):
            return self._json({"Message": "Not found"}, status=404)
        meeting = self.meetings[index]
        documents = [{"Id": 5000 + index * 2, "Title": "Møteinnkalling", "DmbDocumentTypeId": "MI", "IsRestricted": False}]
        if meeting.is_held(self.day):
            documents.append({"Id": 5001 + index * 2, "Title": "Møteprotokoll", "DmbDocumentTypeId": "MP", "IsRestricted": index % 4 == 3})
        return self._json({"Id": number, "MeetingNumber": index + 1, "DMB": _board_of(meeting), "MeetingDocuments": documents})

    def _agenda(self, index: int) -> Answer:
        if not 0 <= index < len(self.meetings):
            return self._json([])
        return self._json([self._handling(index, n) for n in range(len(self.meetings[index].items))])

    def _handling(self, index: int, place: int) -> dict[str, Any]:
        meeting, item = self.meetings[index], self.meetings[index].items[place]
        number, year = item.number.split("/")
        return {
            "Id": int(self.item_key(index, place)), "MeetingCaseTypeId": item.sort, "SequenceNumber": int(number), "Year": 2000 + int(year),
            "Title": None if self._is_screened(index, place) else item.title, "ProtocolPublished": meeting.is_held(self.day),
            "ProtocolRestricted": self._is_screened(index, place), "Database": self.database, "Dmb": _board_of(meeting),
            "Meeting": {"Id": FIRST_MEETING + index, "StartDate": f"{meeting.day.isoformat()}T{meeting.hour:02d}:00:00"}, "RegistryEntry": None,
        }  # fmt: skip

    def _is_screened(self, index: int, place: int) -> bool:
        return not self.meetings[index].items[place].text and (index + place) % 7 == 6

    def _place(self, number: int) -> tuple[int, int, Item] | None:
        index, place = divmod(number - FIRST_ITEM, 100)
        return (
            (index, place, self.meetings[index].items[place])
            if 0 <= index < len(self.meetings) and place < len(self.meetings[index].items)
            else None
        )

    def _item(self, number: int) -> Answer:
        if (found := self._place(number)) is None:
            return self._json({"Message": "Not found"}, status=404)
        index, place, item = found
        told = self._handling(index, place)
        if not self._is_screened(index, place):
            told["Case"] = {"Id": 90_000 + number, "CaseNumber": f"{self.day.year}/{number}"}
            told["RegistryEntry"] = {
                "Id": 700_000 + number, "Database": self.database,
                "Documents": [_link(900_000 + number, item.title, is_main=True, is_published=True), _link(950_000 + number, "Vedlegg", is_main=False, is_published=False)],
            }  # fmt: skip
        return self._json({**told, "AdditionalDmbHandlings": [], "AccessCodeId": "", "IsPublicVariantAvailable": False})

    # --- files

    def _document(self, parts: list[str]) -> Answer:
        """ShowDocument/{Database}/{entry}/{document}, ShowMeetingDocument/{Database}/{meeting}/{type}/{document},
        ShowDmbHandlingDocument/{Database}/{item}/Protokoll."""
        kind, *rest = parts
        told = None
        if kind == "ShowDocument" and len(rest) == 3:
            told = self._entry_file(_number(rest[1]), _number(rest[2]))
        elif kind == "ShowMeetingDocument" and len(rest) == 4:
            told = self._meeting_file(_number(rest[1]), rest[2])
        elif kind == "ShowDmbHandlingDocument" and len(rest) == 3 and (found := self._place(_number(rest[1]))):
            index, place, item = found
            told = (item.title, "Vedtak") if self.meetings[index].is_held(self.day) and not self._is_screened(index, place) else None
        if told is None:
            return NOT_FOUND
        return Answer(200, pdf.write(*told), "application/pdf", (("Content-Disposition", "inline"),), days.http_date(self.day))

    def _entry_file(self, number: int, document: int) -> tuple[str, str] | None:
        if (found := self._place(number - 700_000)) and document == 200_000 + number:
            return found[2].title, found[2].text
        entry = self._shown(number)
        return (entry.title, "") if entry and entry.is_open and document == entry.index + FIRST_DOCUMENT else None

    def _meeting_file(self, number: int, kind: str) -> tuple[str, str] | None:
        index = number - FIRST_MEETING
        if not 0 <= index < len(self.meetings) or kind not in ("MI", "MP"):
            return None
        if kind == "MP" and (index % 4 == 3 or not self.meetings[index].is_held(self.day)):
            return None
        return self.meetings[index].committee_name, "\n".join(f"{i.number} {i.title}" for i in self.meetings[index].items)


class RefusingElements(Elements):
    """The other host, whose robots.txt turns everybody away."""

    HOST = "prod01.elementscloud.no"
    ROBOTS = "User-agent: *\nDisallow: /\n"

    def rules(self) -> HostRules:
        return HostRules(closed=("/",))


def _shell() -> Answer:
    settings = json.dumps({"basename": "/publikum", "version": "v1.54"})
    return html(
        "<!doctype html><html lang='no'><head><meta charset='utf-8'><title>Elements Publikum</title>"
        f"<script>window.settings={settings}</script><script defer src='/publikum/static/js/main.js'></script></head>"
        "<body><noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div></body></html>",
        modified=days.http_date(days.DEFAULT_DAY),
    )


def _board_of(meeting: Meeting) -> dict[str, Any]:
    return {"Id": meeting.committee + 1, "Name": meeting.committee_name, "ShortCode": SHORT[meeting.committee]}


def _link(number: int, title: str, *, is_main: bool, is_published: bool) -> dict[str, Any]:
    return {"IsMainDocument": is_main, "DocumentLinkTypeId": "SF" if is_main else "V",
            "DocumentDescription": {"Id": number, "DocumentTitle": title, "IsPublished": is_published}}  # fmt: skip


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1
