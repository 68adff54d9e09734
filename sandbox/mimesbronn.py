"""Mimes brønn: Alaveteli's pages of a body, as far as they are open to machines (PORTALS 3.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sandbox.answers import NOT_FOUND, Answer, Question, json_answer, plain, redirect
from sandbox.bodies import Body
from sandbox.judge import HostRules


class MimesBronn:
    """Bodies with their counts. An old name of a body redirects; requests and feeds name those who asked, and nobody is to read them."""

    platform = "mimesbronn"
    host = "www.mimesbronn.no"

    def __init__(self, bodies: Sequence[Body], day: date) -> None:
        self.day = day
        self.bodies = {f"{b.slug}_kommune": b for b in bodies}

    def home_of(self, body: Body) -> str:
        return f"https://{self.host}/body/{body.slug}_kommune"

    @staticmethod
    def counts(body: Body) -> dict[str, int]:
        n = body.population % 40
        return {"requests_count": n + 9, "requests_successful_count": n // 2, "requests_not_held_count": 2, "requests_overdue_count": 1,
                "requests_visible_classified_count": n // 2 + 5}  # fmt: skip

    def rules(self) -> HostRules:
        return HostRules(only=("/body/",), closed_patterns=(r"^/(request|feed|user)/",))

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return plain("User-agent: *\nDisallow: /request/*/annotate\nDisallow: /feed/\nDisallow: /user/\nDisallow: /search/\n")
        if match := re.fullmatch(r"/body/gamle_(\w+)\.json", question.path):
            return redirect(f"https://{self.host}/body/{match[1]}.json", 301)
        match = re.fullmatch(r"/body/(\w+)\.json", question.path)
        body = self.bodies.get(match[1]) if match else None
        return json_answer(self._body(match[1], body)) if match and body else NOT_FOUND

    def _body(self, name: str, body: Body) -> dict[str, Any]:
        return {
            "id": 400 + len(name), "url_name": name, "name": body.full_name, "short_name": "", "created_at": "2015-01-02T10:00:00.000+01:00",
            "updated_at": "2025-01-02T10:00:00.000+01:00", "home_page": body.home, "notes": "", "publication_scheme": "", "disclosure_log": "",
            "tags": [["kommune"], ["kommunenr", body.number]], "info": self.counts(body),
        }  # fmt: skip
