"""KommuneTV as ATLAS section 7.7 describes it: a paged archive, the films of a recording, and a page where a person watches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, ClassVar

from sandbox import days
from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer
from sandbox.bodies import Body
from sandbox.journal import Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting

FIRST = 900
DEFAULT_PAGE, LARGEST_PAGE = 10, 100


class KommuneTv:
    """One body. Only what has been held is in the archive; recordings of test broadcasts from years back fill it up to a second page."""

    platform: ClassVar[str] = "kommunetv"
    kinds: ClassVar[tuple[str, ...]] = ("meeting",)
    tests: ClassVar[int] = 130
    largest: ClassVar[int] = LARGEST_PAGE

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day = body, day
        self.held = [m for m in meetings if m.is_held(day)]
        self.host = f"{body.slug}.kommunetv.no"
        self.home = f"https://{self.host}/"

    def rules(self) -> HostRules:
        return HostRules(closed=("/api/streams",))

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        return ""

    def item_key(self, meeting: int, item: int) -> str:
        return ""

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        return {"meeting": sum(since - days.MEETING_MARGIN <= m.day <= until + days.MEETING_MARGIN for m in self.held)}

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        query, path = question.query, question.path.rstrip("/")
        if path == "/api/search":
            return self._search(query)
        if path == "/api/streams/playlists":
            found = self._recording(query.get("id", ""))
            return json_answer(self._cameras(found)) if found else json_answer({"message": "Not found"}, status=404)
        if path == "/api/streams":
            found = self._recording(query.get("id", ""))
            return json_answer({"stream": found, "playlist": self._cameras(found)}) if found else json_answer({"message": "Not found"}, status=404)
        if path in ("", "/archive") or path.startswith("/archive/"):
            return html(f'<!doctype html><html lang="nb"><head><title>{escape(self.body.full_name)} KommuneTV</title></head><body><app-root></app-root></body></html>')
        return NOT_FOUND

    def _recordings(self) -> list[dict[str, Any]]:
        """Newest first."""
        years = self.day.year - 8
        tests = [{"id": n + 1, "date": f"{years + n // 40}-{1 + n % 12:02d}-{1 + n % 27:02d}T12:00:00", "title": "Testsending"} for n in range(self.tests)]
        held = [{"id": FIRST + n, "date": f"{m.day}T{m.hour:02d}:00:00", "title": m.committee_name} for n, m in enumerate(self.held)]
        return sorted((*tests, *held), key=lambda r: (r["date"], r["id"]), reverse=True)

    def _recording(self, number: str) -> dict[str, Any] | None:
        return next((r for r in self._recordings() if str(r["id"]) == number), None)

    def _search(self, query: Mapping[str, str]) -> Answer:
        page = int(query["page"]) if query.get("page", "").isdigit() else 1
        size = min(int(query["pageSize"]) if query.get("pageSize", "").isdigit() else DEFAULT_PAGE, self.largest)
        found = self._recordings() if query.get("type") == "Archive" else []
        return json_answer({"total": len(found), "data": found[(max(page, 1) - 1) * size :][:size]})

    def _cameras(self, recording: Mapping[str, Any]) -> list[dict[str, Any]]:
        film = f"https://cdn.{self.host}/vod/{recording['id']}.mp4/playlist.m3u8?wowzaplayduration=5400000&token=9f"
        playlist = [{"file": film, "title": recording["title"], "bookmarkId": None}]
        return [{"cameraId": 1, "cameraName": "Norsk", "duration": 5400, "playlist": playlist}]
