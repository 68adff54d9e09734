"""Mimes brønn: requests for access to documents, asked in the open (Alaveteli)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Extractor,
    Known,
    Record,
    RegisterFact,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fetch import urls
from extractors.fields import Fields, as_text
from extractors.innsyn.einnsyn import read_json

COUNTS = {
    "requests_count": "foi_requests", "requests_successful_count": "foi_successful", "requests_not_held_count": "foi_not_held",
    "requests_overdue_count": "foi_overdue", "requests_visible_classified_count": "foi_classified",
}  # fmt: skip
UNUSED = (
    "id", "name", "short_name", "created_at", "updated_at", "home_page", "notes", "publication_scheme", "disclosure_log", "tags", "version",
)  # fmt: skip
BODY = re.compile(r"/body/([^/.?#]+)")


class MimesBronn(Extractor):
    """
    vendor       Alaveteli (mySociety), run by foreningen NUUG; open
    recognise    mimesbronn.no/body/{name}
    endpoints    GET /body/{name}.json, and nothing else
    set-up       none
    paging       none
    windows      none: counts of all time, as of today
    limits       none stated
    quirks       a body may have several addresses, of which the old ones redirect; the outcome is what the one who asked says it is; counts
                 of unknown outcome are in the total only; the sample is small and self-selected: no body is ranked by it
    privacy      requests and feeds name the persons who ask: they are not asked for
    yields       register facts: how many requests, and how many with each outcome
    licence      not stated for the counts
    facts from   PORTALS 3.6 (alaveteli's json_for_api)
    """

    platform = "mimesbronn"
    yields = (RegisterFact,)
    Settings = SourceSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        address = urlsplit(source.url)
        yield Request(url=urls.parse(f"{address.path.rstrip('/').removesuffix('.json')}.json", source.url), context={"step": "body"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        body = Fields(answer)
        name, counts = body.text("url_name"), body.object("info")
        if not name or not counts.data:
            yield Trouble(key=capture.url, reason=Reason("no_items", step="body", field="info"))
            return
        body.leave(UNUSED)
        page = urls.parse(f"/body/{name}", source.url)
        for field, what in COUNTS.items():
            yield RegisterFact(
                key=f"{source.authority}/{what}", locator=f"/info/{field}", subject=source.authority, property=what,
                value=as_text(counts.take(field)), unit="innsynskrav", source_url=page,
            )  # fmt: skip
        yield Claim(key=capture.url, about="register_fact", scope="answer", leftovers=(*body.rest(), *counts.rest("info.")))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        found = BODY.match(urlsplit(capture.url).path)
        if found and urls.host_of(capture.url).removeprefix("www.") == "mimesbronn.no":
            return SourceGuess(cls.platform, f"https://www.mimesbronn.no/body/{found[1]}", {}, "a body's page on Mimes brønn", 0.9)
        return None
