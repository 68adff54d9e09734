"""Doffin, the national database of procurement (DFØ)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from catalogue import authorities
from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Extractor,
    Known,
    Notice,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fetch import urls
from extractors.fields import Fields, as_plain, as_text
from extractors.innsyn.einnsyn import read_json
from extractors.portals.publisher import organisation_number
from extractors.registers import eforms

KEY = ("Ocp-Apim-Subscription-Key", "DAGSLYS_DOFFIN_KEY")
SHOWN_AT_MOST = 1000
MUNICIPAL = re.compile(r"\b(?:fylkes)?kommun(?:e|en|ale?)\b|\bherad\b|\b(?:suohkan|gielda|tj[iï]elte)\b|\b(?:IKS|F?KF)\b", re.I)
TYPES = ("COMPETITION", "RESULT", "PLANNING")
UNUSED = (
    "locationId", "allTypes", "receivedTenders", "allReceivedTenders", "limitedDataFlag", "doffinClassicUrl", "lots", "publicationDate",
    "estimatedValue", "cpvCodes", "description", "sentToTed", "winner", "allWinners",
)  # fmt: skip


class DoffinSettings(SourceSettings):
    """`all_buyers` keeps every notice of the country; without it those of the catalogue's bodies and of buyers whose name says that they
    are municipal. `notices` false reads the list only and not each notice (then the list's own description is the text)."""

    all_buyers: bool = False
    notices: bool = True
    hits: int = 100


class Doffin(Extractor):
    """
    vendor       DFØ (Direktoratet for forvaltning og økonomistyring); public API v2, a free key (DAGSLYS_DOFFIN_KEY)
    recognise    api.doffin.no/public/v2; doffin.no/notices/{id}
    endpoints    GET /search, then GET /download/{id} (eForms XML)
    set-up       the key goes in Ocp-Apim-Subscription-Key and is never written down
    paging       page from 1, numHitsPerPage at most 100; only 1,000 hits can be reached, so a longer window is halved down to a day and
                 then asked for type by type
    windows      issueDateFrom and issueDateTo, both included
    limits       429 after some 30 questions, with retry-after: 10
    quirks       no filter by buyer; numbers with spaces, NO and MVA; raw control characters in the JSON; duplicates between pages; status
                 is null for results; 2000-01-01 stands for no day; a result's value stands in the XML, the list's is an estimate; there
                 may be types nobody has told of: a day asked for type by type is added up
    privacy      contact persons are never taken; a winner may be a person's own firm and goes through the gate as a party
    yields       notices
    licence      NLOD 2.0
    facts from   PORTALS 3.4 (bjornjorgensen/TED-and-Doffin-to-ocds: 49 notices)
    """

    platform = "doffin"
    yields = (Notice,)
    Settings = DoffinSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _search(source, window.since, window.until)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        if capture.context["step"] == "notice":
            yield from _read_notice(capture)
            return
        answer, trouble = _json_of(capture)
        if trouble:
            yield trouble
            return
        top = Fields(answer)
        hits, total = top.take("hits"), top.take("numHitsTotal")
        top.leave(("numHitsAccessible",))
        if not isinstance(hits, list) or not isinstance(total, int):
            yield Trouble(key=capture.url, reason=Reason("no_items", step="notices", field="hits"))
            return
        # Not all of what is counted is kept: that there are hits proves the window read, and that there are none proves it empty.
        yield Claim(key=capture.url, about="notice", scope="probe" if total else "total", count=min(total, 1), leftovers=top.rest())
        if capture.context["type"] and capture.context["number"] == 1:
            yield from _next_type(source, capture, total)
        if total > SHOWN_AT_MOST:
            yield from _narrower(source, capture, total)
            return
        for index, hit in enumerate(hits):
            yield from _read_hit(source, Fields(hit), f"/hits/{index}")
        asked = capture.context
        expected = min(source.settings.hits, max(total - (asked["number"] - 1) * source.settings.hits, 0))
        if len(hits) != expected:
            reason = Reason("list_short", step="notices", expected=expected, read=len(hits))
            yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=reason)
        if asked["number"] * source.settings.hits < total and hits:
            since, until = date.fromisoformat(asked["since"]), date.fromisoformat(asked["until"])
            yield _search(source, since, until, asked["type"], asked["number"] + 1, asked.get("day"))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if urls.host_of(capture.url) in ("doffin.no", "www.doffin.no", "api.doffin.no"):
            return SourceGuess(cls.platform, "https://api.doffin.no/public/v2/", {}, "the address of Doffin", 0.95)
        return None


def _search(
    source: Source, since: date, until: date, kind: str | None = None, number: int = 1, day: Sequence[int] | None = None
) -> Request:
    """`day` is (notices of the day, those not yet found under a type), when it is asked for type by type."""
    query = {"numHitsPerPage": str(source.settings.hits), "page": str(number), "issueDateFrom": since.isoformat(),
             "issueDateTo": until.isoformat(), "sortBy": "PUBLICATION_DATE_ASC"} | ({"type": kind} if kind else {})  # fmt: skip
    context = {"step": "notices", "since": since.isoformat(), "until": until.isoformat(), "type": kind, "number": number,
               **({"day": list(day)} if day else {})}  # fmt: skip
    return Request(url=f"{_address(source, 'search')}?{urlencode(query)}", context=context, credential=KEY)


def _address(source: Source, path: str) -> str:
    return urls.parse(path, source.url if source.url.endswith("/") else f"{source.url}/")


def _json_of(capture: Capture) -> tuple[Any, Trouble | None]:
    """As `read_json`, with the raw control characters that stand in descriptions."""
    answer, trouble = read_json(capture)
    if trouble is None or trouble.reason.code != "not_json":
        return answer, trouble
    try:
        return json.loads(capture.text, strict=False), None
    except (ValueError, RecursionError):
        return None, trouble


def _narrower(source: Source, capture: Capture, total: int) -> Iterator[Record | Request]:
    """A window of more hits than can be reached, in smaller ones: half the days, or one day type by type."""
    since, until = (date.fromisoformat(capture.context[name]) for name in ("since", "until"))
    if since < until:
        middle = since + (until - since) // 2
        yield _search(source, since, middle, capture.context["type"])
        yield _search(source, middle + timedelta(days=1), until, capture.context["type"])
    elif capture.context["type"] is None:
        yield _search(source, since, until, TYPES[0], day=(total, total))
    else:
        reason = Reason("day_incomplete", day=since.isoformat(), counted=total, read=0)
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=reason)


def _next_type(source: Source, capture: Capture, total: int) -> Iterator[Record | Request]:
    """The day's next type; after the last one, what of the day is under none of them."""
    context, day = capture.context, date.fromisoformat(capture.context["since"])
    counted, left = context["day"][0], context["day"][1] - total
    further = TYPES[TYPES.index(context["type"]) + 1 :]
    if further:
        yield _search(source, day, day, further[0], day=(counted, left))
    elif left > 0:
        reason = Reason("day_incomplete", day=day.isoformat(), counted=counted, read=counted - left)
        yield Trouble(key=f"{capture.url} types", outcome=Outcome.PARTIAL, reason=reason)


def _read_hit(source: Source, hit: Fields, locator: str) -> Iterator[Record | Request]:
    key = hit.text("id")
    buyers = [Fields(b) for b in hit.items("buyer")]
    named = [(organisation_number(b.text("organizationId")), b.text("name")) for b in buyers]
    if not key:
        yield Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="notices", field="id"))
        return
    buyer = _buyer(source, named)
    if buyer is None:
        return
    number, name = buyer
    further = {} if source.settings.notices else _from_list(hit)
    title, kind, status = hit.text("heading"), hit.text("type"), hit.text("status")
    issued, deadline = hit.text("issueDate"), hit.text("deadline")
    hit.leave(UNUSED)
    yield Notice(
        key=key, locator=locator, publisher=number, publisher_name=name, title=title, notice_type=kind, status=status,
        issued=issued[:10] if issued else None, deadline=deadline, source_url=f"https://doffin.no/notices/{quote(key)}",
        leftovers=hit.rest(), **further,
    )  # fmt: skip
    if source.settings.notices:
        context = {"step": "notice", "notice": key, "rank": 1}
        yield Request(url=_address(source, f"download/{quote(key)}"), context=context, credential=KEY)


def _buyer(source: Source, named: Sequence[tuple[str | None, str | None]]) -> tuple[str | None, str | None] | None:
    """The buyer a notice belongs to, the first municipal one; None when it is none of ours."""
    bodies: Mapping[str, Any] = authorities.load()
    ours = [pair for pair in named if pair[0] in bodies or MUNICIPAL.search(pair[1] or "")]
    if source.settings.all_buyers:
        ours = ours or list(named) or [(None, None)]
    return ours[0] if ours else None


def _from_list(hit: Fields) -> dict[str, Any]:
    """What the list itself says of a notice, for those who do not read each."""
    value = hit.object("estimatedValue")
    return {
        "text": as_plain(hit.take("description")), "amount": value.text("amount"), "currency": value.text("currencyCode"),
        "tenders": as_text(hit.take("receivedTenders")), "cpv": tuple(map(str, hit.items("cpvCodes"))) or None,
        "places": tuple(map(str, hit.items("locationId"))) or None,
    }  # fmt: skip


def _read_notice(capture: Capture) -> Iterator[Record]:
    if not capture.is_ok:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("server_answered", status=capture.status))
        return
    try:
        yield eforms.read(capture.body, capture.context["notice"])
    except eforms.NotANotice as error:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=error.reason)
