"""FirstAgenda Publication as ATLAS section 7.6 describes it: JSON with Danish names, and for whoever brings no cookie a redirect to itself.

The front page sends a new visitor to an anonymous sign-in, which sets the cookie and sends him back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer, redirect
from sandbox.bodies import Body
from sandbox.identifiers import guid_of
from sandbox.journal import Journal
from sandbox.judge import HostRules
from sandbox.meetings import COMMITTEES, Meeting

NOTHING = "00000000-0000-0000-0000-000000000000"
COOKIE = ".AspNet.Cookies"
SIGN_IN = "/Home/AnonymousAuthentication"


class FirstAgenda:
    """One body on a host of its own."""

    platform: ClassVar[str] = "firstagenda"
    kinds: ClassVar[tuple[str, ...]] = ("meeting", "agenda_item")

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.seed, self.day, self.meetings = body, seed, day, meetings
        self.host = f"politiskagenda.{body.domain}"
        self.home = f"https://{self.host}/"

    def rules(self) -> HostRules:
        return HostRules(cookies=(COOKIE,), sessions=("/", SIGN_IN))

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        return ""

    def meeting_key(self, meeting: int) -> str:
        return guid_of("moede", self.seed, self.body.slug, meeting)

    def item_key(self, meeting: int, item: int) -> str:
        return guid_of("punkt", self.seed, self.body.slug, meeting, item)

    def _document(self, meeting: int, item: int) -> str:
        return guid_of("bilag", self.seed, self.body.slug, meeting, item)

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        within = [m for m in self.meetings if since - days.MEETING_MARGIN <= m.day <= until + days.MEETING_MARGIN]
        return {"meeting": len(within), "agenda_item": sum(len(m.items) for m in within)}

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        path = question.path.rstrip("/")
        if path == SIGN_IN:
            back = unquote(question.query.get("callback", "/")) or "/"
            return Answer(302, b"", "text/html", (("Location", back), ("Set-Cookie", f"{COOKIE}=anonym; path=/; secure; HttpOnly")))
        if question.path == "/robots.txt":
            return NOT_FOUND
        if COOKIE not in question.cookies():
            is_call = path.lower().startswith("/api/")
            return redirect(question.target if is_call else f"{SIGN_IN}?callback={quote(question.url, safe='')}")
        if path in ("", "/vis"):
            return html(
                f'<!DOCTYPE html><html lang="nb"><head><title>{escape(self.body.full_name)} – Politisk agenda</title></head><body><div id="app"></div>'
                '<script>window.settings = {"apiurl": "https://publication.firstagenda.com"}</script></body></html>'
            )
        if path == "/api/agenda/apiVersion":
            return json_answer("3.4.1")
        if path == "/api/agenda/udvalgsliste":
            return json_answer(self._list(), media_type="application/json; charset=utf-8")
        if match := re.fullmatch(r"/api/agenda/(dagsorden|udvalg)/([0-9a-f-]{36})", path):
            return self._agenda(match[2]) if match[1] == "dagsorden" else self._committee(match[2])
        if match := re.fullmatch(r"/Vis/Pdf/bilag/([0-9a-f-]{36})", path, re.I):
            return self._file(match[1])
        return NOT_FOUND

    def _list(self) -> dict[str, Any]:
        """Committees by election period, each with all its meetings; an old period has committees of its own."""
        now = f"Valgperioden {2023 + (self.day.year - 2023) // 4 * 4}-{2027 + (self.day.year - 2023) // 4 * 4}"
        current = [self._told(n, name) for n, name in enumerate(COMMITTEES[(self.body.role, self.body.language)])]
        old = {"Id": guid_of("udvalg", self.seed, self.body.slug, "old"), "Navn": "Driftsutvalget", "OrganisationId": NOTHING, "Historisk": True, "Moeder": []}
        return {"Udvalg": {now: current, "Valgperioden 2019-2023": [old]}}

    def _told(self, number: int, name: str) -> dict[str, Any]:
        meetings = [self._meeting(i) for i, m in enumerate(self.meetings) if m.committee == number]
        return {"Id": guid_of("udvalg", self.seed, self.body.slug, number), "Navn": name, "OrganisationId": NOTHING, "Historisk": False, "Moeder": meetings}

    def _committee(self, identifier: str) -> Answer:
        names = COMMITTEES[(self.body.role, self.body.language)]
        found = next((self._told(n, name) for n, name in enumerate(names) if guid_of("udvalg", self.seed, self.body.slug, n) == identifier), None)
        return json_answer(found) if found else json_answer({"Message": "An error has occurred."}, status=500)

    def _meeting(self, index: int) -> dict[str, Any]:
        meeting = self.meetings[index]
        is_held = meeting.is_held(self.day)
        return {
            "Id": self.meeting_key(index), "MeetingBeginUtc": days.utc(meeting.day, meeting.hour).rstrip("Z"),
            "Dato": f"{meeting.day}T{meeting.hour:02d}:00:00", "Sted": meeting.place, "Afsluttet": is_held, "ReleasedDate": f"{meeting.day}T09:00:00",
            "Navn": "Protokoll" if is_held else "Saksliste", "IsSupplementaryAgenda": False,
        }  # fmt: skip

    def _agenda(self, identifier: str) -> Answer:
        index = next((i for i in range(len(self.meetings)) if self.meeting_key(i) == identifier), None)
        if index is None:
            return json_answer({"Message": "An error has occurred."}, status=500)
        meeting = self.meetings[index]
        answer = {
            "Id": identifier, "Udvalg": {"Id": guid_of("udvalg", self.seed, self.body.slug, meeting.committee), "Navn": meeting.committee_name},
            "Moede": {**self._meeting(index), "Id": NOTHING, "Moededeltagere": [{"Navn": "Ragnhild Fjellhaugmo", "Parti": "Sp"}]},
            "TillaegsDagsorden": False, "LiveIntegrationEnabled": False, "Lydfiler": None,
            "Dagsordenpunkter": [self._item(index, place) for place in range(len(meeting.items))],
        }  # fmt: skip
        return json_answer(answer, media_type="application/json; charset=utf-8")

    def _item(self, index: int, place: int) -> dict[str, Any]:
        meeting, item = self.meetings[index], self.meetings[index].items[place]
        text = "".join(f"<p>{escape(p)}</p>" for p in item.text.split("\n\n")) if item.text else ""
        decided = f"<h3>Vedtak</h3><p>{escape(item.title)} – vedtatt som innstilt.</p>" if meeting.is_held(self.day) else ""
        number, case = str(place + 1), f"{meeting.day.year % 100}/{20_100 + index * 100 + place}"
        return {
            "Id": self.item_key(index, place), "AgendaUid": self.meeting_key(index), "IsOpen": True, "Number": number, "Punktnummer": number,
            "CaseNumber": case, "SagsNummer": case, "Caption": item.title, "Navn": item.title, "ItemDecision": None, "Presentations": None,
            "Lydfiler": None, "Ressourcer": None,
            "Felter": [{"Navn": "Saksframlegg", "Html": f"<h3>Saksopplysninger</h3>{text}{decided}" if text or decided else None, "Link": None,
                        "DocumentId": NOTHING}],
            "Bilag": [{"Id": self._document(index, place), "Navn": f"{item.title}.pdf", "Order": 1, "HarPdfVersion": "true"}],
        }  # fmt: skip

    def _file(self, identifier: str) -> Answer:
        places = ((m, i) for m, meeting in enumerate(self.meetings) for i in range(len(meeting.items)))
        found = next(((m, i) for m, i in places if self._document(m, i) == identifier), None)
        if found is None:
            return NOT_FOUND
        item = self.meetings[found[0]].items[found[1]]
        return Answer(200, pdf.write(item.title, item.text or item.title), "application/pdf", (), days.http_date(self.day))
