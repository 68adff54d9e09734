"""Digdem as ATLAS section 6.2 describes it: a calendar of meetings behind GraphQL, and files at /api/doc.

What is not known and made up: the words of internal statuses, groups and types of documents. The page of the calendar brings what a browser
would have in its store, so that a client that looks for meetings in `window.__APOLLO_CLIENT__` finds them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from sandbox import days, graphql, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html, plain, redirect
from sandbox.bodies import Body
from sandbox.graphql import USER, Refused
from sandbox.identifiers import hex_of
from sandbox.journal import Journal
from sandbox.judge import HostRules
from sandbox.meetings import COMMITTEES, Item, Meeting

OUTDATED = "Digdem har oppdatert, last siden på ny"
CALENDAR = "/motekalender"
PUBLISHED_AHEAD = timedelta(days=7)
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
ITEMS, DOCUMENTS = 100, 4
CASE_PAPER, ENCLOSURE, RECORD = 0, 1, 2
NAMES = ("Saksframlegg", "Vedlegg", "Saksprotokoll")
KINDS = ("SAKSFRAMLEGG", "VEDLEGG", "SAKSPROTOKOLL")


class Digdem:
    """One tenant on a host of its own. `writes_local` is Stavanger's quirk: Norwegian time, and a Z behind it."""

    platform: ClassVar[str] = "digdem"
    kinds: ClassVar[tuple[str, ...]] = ("meeting", "agenda_item")
    writes_local: ClassVar[bool] = False

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.seed, self.day, self.meetings = body, seed, day, meetings
        self.host = f"{body.slug}.digdem.no"
        self.home = f"https://{self.host}{CALENDAR}"
        texts = {name: graphql.text_of(name) for name in ("GetYearMeetings", "ModalMeeting")}
        roots = {"meetings": self._between, "meeting": self._one, "commissions": self._commissions}
        self.service = graphql.Service(texts, frozenset({"GetMonthMeetings", "CommissionNames"}), OUTDATED, roots)

    def settings(self) -> Mapping[str, object]:
        return {"dates": "local"} if self.writes_local else {}

    def entry_key(self, index: int) -> str:
        raise LookupError("this platform has no journal")

    def meeting_key(self, meeting: int) -> str:
        return self._id("meeting", meeting)

    def item_key(self, meeting: int, item: int) -> str:
        return self._id("item", meeting * ITEMS + item)

    def rules(self) -> HostRules:
        return HostRules(only=(CALENDAR, "/graphql", "/api/doc/"), posts=("/graphql",))

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        near = [m for m in self.meetings if since - days.MEETING_MARGIN <= m.day <= until + days.MEETING_MARGIN]
        return {"meeting": len(near), "agenda_item": sum(len(m.items) for m in near if self._is_published(m))}

    # --- answers

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        path = question.path
        if path == "/robots.txt":
            return plain("User-agent: *\nDisallow: /admin\n", modified=days.http_date(self.day))
        if path == "/graphql":
            return graphql.serve(self.service, question)
        if match := re.fullmatch(r"/api/doc/(\w+)", path):
            return self._file(match[1])
        if path == "/":
            return redirect(CALENDAR)
        return self._page()

    def _page(self) -> Answer:
        """The page of the application, with what its store would hold."""
        store = {f"Meeting:{m['id']}": {**m, "commission": {"__ref": f"Commission:{m['commission']['id']}"}} for m in map(self._row, range(len(self.meetings)))}
        store |= {f"Commission:{c['id']}": c for c in self._commissions({})}
        kept = {key: {name: value for name, value in row.items() if not isinstance(value, list)} for key, row in store.items()}
        told = json.dumps(kept, ensure_ascii=False).replace("</", "<\\/")
        return html(
            '<!doctype html><html lang="no"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width,initial-scale=1"/>'
            '<title>Møtekalender</title><script defer="defer" src="/static/js/main.91be2c.js"></script></head><body><noscript>You need to enable JavaScript to run '
            'this app.</noscript><div id="root"></div>'
            f"<script>window.__APOLLO_CLIENT__={{cache:{{extract:function(){{return {told}}}}}}};</script></body></html>",
            modified=days.http_date(self.day),
        )

    def _file(self, key: str) -> Answer:
        number = self._number("document", key)
        if number is None:
            return NOT_FOUND
        place, kind = divmod(number, DOCUMENTS)
        meeting, item = divmod(place, ITEMS)
        if meeting >= len(self.meetings) or not self._is_published(self.meetings[meeting]):
            return NOT_FOUND
        held = self.meetings[meeting]
        if item == ITEMS - 1:
            title, text = f"{('Møteinnkalling', 'Møteprotokoll')[kind % 2]} {held.committee_name} {days.dotted(held.day)}", ""
        elif item < len(held.items) and not self._is_classified(meeting, item):
            title, text = held.items[item].title, held.items[item].text if kind == CASE_PAPER else ""
        else:
            return Answer(403, b"Forbidden", "text/plain; charset=utf-8")
        return Answer(200, pdf.write(title, text), "application/pdf", (("Content-Disposition", "inline"),), days.http_date(self.day))

    # --- what there is

    def _commissions(self, _: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [self._commission(n) for n in range(len(COMMITTEES[(self.body.role, self.body.language)]))]

    def _commission(self, number: int) -> dict[str, Any]:
        name = COMMITTEES[(self.body.role, self.body.language)][number]
        return {"id": self._id("commission", number), "name": name, "code": ("KS", "FS", "HOK", "UPM")[number], "__typename": "Commission"}

    def _between(self, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The meetings between two moments, neither included; sorted by date whatever else is asked."""
        where = asked.get("where") or {}
        after, before = (_moment(where.get(name)) for name in ("date_gt", "date_lt"))
        words = str(where.get("searchTerm") or "").casefold()
        return [
            self._row(n) for n, m in enumerate(self.meetings)
            if (not after or self._stamp(m) > after) and (not before or self._stamp(m) < before)
            and (not words or words in " ".join([m.committee_name, *(i.title for i in m.items)]).casefold())
        ]  # fmt: skip

    def _one(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        number = self._number("meeting", str((asked.get("where") or {}).get("id")))
        is_there = number is not None and number < len(self.meetings) and self._is_published(self.meetings[number])
        return self._row(number) if is_there and number is not None else None

    def _is_published(self, meeting: Meeting) -> bool:
        return meeting.day <= self.day + PUBLISHED_AHEAD

    def _row(self, number: int) -> dict[str, Any]:
        """A meeting with all that is known to be there."""
        m = self.meetings[number]
        is_held = m.is_held(self.day)
        stream = {"id": self._id("stream", number), "title": m.committee_name, "url": f"https://{self.body.slug}.kommunetv.no/archive/{number}", "status": "ENDED",
                  "startTime": self._stamp(m), "receivingVideo": False, "__typename": "Stream"}  # fmt: skip
        return {
            "id": self.meeting_key(number), "archiveId": str(1_200 + number), "date": self._stamp(m), "endDateTime": self._stamp(m, 3), "internalStatus": "HELD" if is_held else "PLANNED",
            "status": "Regulært", "meetingName": m.committee_name, "published": self._is_published(m), "location": m.place, "synced": True,
            "lastDocumentUpdate": f"{min(m.day - PUBLISHED_AHEAD, self.day)}T08:00:00.000Z", "mergedPdf": None, "commission": self._commission(m.committee),
            "documents": [self._document(number * ITEMS + ITEMS - 1, kind, title, code) for kind, (title, code) in enumerate(
                (("Møteinnkalling", "MI"), ("Møteprotokoll", "MP"))[: 1 + is_held])],
            "proceedings": [self._item(number, n, item) for n, item in enumerate(m.items)], "streams": [stream] if m.committee == 0 else [], "__typename": "Meeting",
        }  # fmt: skip

    def _is_classified(self, meeting: int, item: int) -> bool:
        return not self.meetings[meeting].items[item].text and (meeting + item) % 7 == 6

    def _item(self, meeting: int, place: int, item: Item) -> dict[str, Any]:
        m, is_classified = self.meetings[meeting], self._is_classified(meeting, place)
        kinds = [CASE_PAPER, ENCLOSURE, *([RECORD] if m.is_held(self.day) else [])] if item.text or is_classified else []
        return {
            "id": self.item_key(meeting, place), "title": "*****" if is_classified else item.title, "sequenceNumber": item.number, "classified": is_classified,
            "type": item.sort, "order": place, "agendaOrder": place + 1, "agendaGroupType": "REFERAT" if item.sort == "RS" else "SAK",
            "decisionProposal": {"id": self._id("proposal", meeting * ITEMS + place), "HTMLDocumentId": None, "markStats": [], "__typename": "DecisionProposal"} if item.text else None,
            "documents": [self._document(meeting * ITEMS + place, k, NAMES[k], KINDS[k], is_classified=is_classified) for k in kinds], "publicProposalsCount": 0,
            "relatedProceedings": [], "__typename": "Proceeding",
        }  # fmt: skip

    def _document(self, place: int, kind: int, title: str, code: str, *, is_classified: bool = False) -> dict[str, Any]:
        return {"id": self._id("document", place * DOCUMENTS + kind), "title": title, "type": code, "azureCustomLink": None, "classified": is_classified,
                "registrationCode": None, "journalArchiveId": None, "__typename": "Document"}  # fmt: skip

    def _stamp(self, meeting: Meeting, later: int = 0) -> str:
        hour = meeting.hour + later
        moment = f"{meeting.day.isoformat()}T{hour:02d}:00:00Z" if self.writes_local else days.utc(meeting.day, hour)
        return moment.replace("Z", ".000Z")

    def _id(self, kind: str, number: int) -> str:
        """A cuid: letters that are the kind's own, and six that are the number."""
        digits = "".join(LETTERS[number // 36**place % 36] for place in range(5, -1, -1))
        return f"cm8s{hex_of(15, kind, self.seed, self.body.slug)}{digits}"

    def _number(self, kind: str, key: str) -> int | None:
        if not re.fullmatch(r"[0-9a-z]{25}", key):
            return None
        number = int(key[19:], 36)
        return number if self._id(kind, number) == key else None


class LocalDigdem(Digdem):
    """A tenant that writes Norwegian time and calls it UTC."""

    writes_local: ClassVar[bool] = True


def _moment(text: Any) -> str | None:
    """A moment as they are compared here; no other form than ISO is taken."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise Refused(f'Variable "$where" got invalid value "{text}"; DateTime cannot represent an invalid date-time-string {text}.', USER, 400) from None
    return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y-%m-%dT%H:%M:%S}.000Z"
