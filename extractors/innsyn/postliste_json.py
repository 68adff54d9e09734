"""Journals behind `api/postliste`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    CaseFile,
    Claim,
    Extractor,
    File,
    JournalEntry,
    Known,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Whole,
    Window,
)
from extractors.fields import Fields
from extractors.innsyn import parties
from extractors.innsyn.acos import MEDIA_TYPES
from extractors.innsyn.einnsyn import read_json

HOME = re.compile(r"(?P<home>https?://[^/]+/(?:[^?#]+/)?api/postliste)(?:/|$)", re.I)
ASKED_DAYS = 7


class PostlisteJsonSettings(SourceSettings):
    """Nothing but the address, which ends with `/api/postliste/`."""


class PostlisteJson(Extractor):
    """
    vendor       not known; seen at Porsgrunn and at the counties Aust-Agder and Buskerud, 2018 to 2019
    recognise    /api/postliste/ in the address; {"uri": …, "response": {day: {type: [entries]}}}
    endpoints    GET /api/postliste/{from}/{to}/ (ISO days, both included); a department may follow, `_` is all
    set-up       none
    paging       none: whole days
    windows      any days; seven at a time, so that one answer stays small
    limits       not known
    quirks       UTF-8 with a byte order mark; a day without entries is left out; parties are [null] when there are none, and may be e-mail
                 addresses of private persons (dropped, as is the case worker's); Dokumenter may be missing; files have no address
    yields       journal entries, cases (number and title only)
    licence      not stated
    facts from   ATLAS section 7.1; two harvesters of 2019 and a client that stored Porsgrunn's answer of 2018
    """

    platform = "postliste-json-api"
    yields = (JournalEntry, CaseFile)
    whole = {"journal_entry": Whole.DAYS}

    Settings = PostlisteJsonSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        until = window.until
        while until >= window.since:
            since = max(window.since, until - timedelta(days=ASKED_DAYS - 1))
            address = f"{source.url.rstrip('/')}/{since}/{until}/"
            yield Request(url=address, context={"step": "journal", "since": since.isoformat(), "until": until.isoformat()})
            until = since - timedelta(days=1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        answer, trouble = read_json(replace(capture, text=capture.text.lstrip("\ufeff")))
        days = answer.get("response") if isinstance(answer, dict) else None
        if trouble or not isinstance(days, dict):
            yield trouble or Trouble(key=capture.url, reason=Reason("no_items", step="journal", field="response"))
            return
        yield from _strange(answer, days)
        yield from _read_days(capture, days)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        match = HOME.match(capture.url)
        if match is None or not capture.text.lstrip("\ufeff{ \r\n\t").startswith('"uri"'):
            return None
        return SourceGuess(cls.platform, f"{match['home']}/", {}, "an answer of api/postliste", 0.95)


def _strange(answer: Mapping[str, Any], days: Mapping[str, Any]) -> Iterator[Record]:
    """What stands beside the days and their types and nobody knows."""
    outside = (name for name in answer if name not in ("uri", "response"))
    beside = (name for name, day in days.items() if not isinstance(day, dict))
    types = (pair for day in days.values() if isinstance(day, dict) for pair in day.items())
    between = (f"day.{name}" for name, entries in types if not isinstance(entries, list))
    if rest := tuple(dict.fromkeys((*outside, *beside, *between))):
        yield Claim(key="journal answer", about="journal_entry", scope="answer", leftovers=rest)


def _read_days(capture: Capture, days: Mapping[str, Any]) -> Iterator[Record]:
    since, until = (date.fromisoformat(capture.context[end]) for end in ("since", "until"))
    asked = {(since + timedelta(days=n)).isoformat(): 0 for n in range((until - since).days + 1)}
    listed = {name[:10]: (name, of_day) for name, of_day in days.items() if isinstance(of_day, dict)}
    if listed and not listed.keys() & asked.keys():
        reason = Reason("other_days", since=since.isoformat(), until=until.isoformat())
        yield Trouble(key=capture.url, reason=reason)
        return
    for day, (name, of_day) in listed.items():
        if day not in asked:
            continue
        for kind, entries in of_day.items():
            entries = entries if isinstance(entries, list) else []
            asked[day] += len(entries)
            for index, entry in enumerate(entries):
                yield from _read_entry(Fields(entry), capture.url, f"/response/{name}/{kind}/{index}")
    for day, count in asked.items():
        yield Claim(key=f"day {day}", about="journal_entry", scope="day", day=day, count=count)


def _read_entry(row: Fields, address: str, locator: str) -> Iterator[Record]:
    key = row.text("Id")
    if not key:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="journal", field="Id"))
        return
    number, document, case_key = row.text("SakNr"), row.text("DokumentNr"), row.text("SakId")
    case_title, is_open = row.text("SakTittel"), row.take("Offentlig")
    entry = JournalEntry(
        key=key, locator=locator, title=row.text("Tittel"), case_number=number, case_key=case_key, case_title=case_title,
        document_number=document.removeprefix(f"{number}-") if document else None, serial=row.text("LopeNr"),
        document_type=row.text("DokumentType"), journal_date=row.text("JournalDato"), document_date=row.text("DokumentDato"),
        published_at=row.text("PubliseringsDato"), senders=parties.names(row.items("Avsendere")),
        recipients=parties.names(row.items("Mottakere")), legal_basis=row.text("Hjemmel"), class_code=row.text("Arkivkode"),
        access={True: "Offentlig", False: "Ikke offentlig"}.get(is_open) if isinstance(is_open, bool) else None,
        unit=row.text("Avdeling"), case_worker=row.text("SakKontaktNavn"), source_url=address,
    )  # fmt: skip
    row.leave(("SakKontaktEpost", "Extensions"))
    files, strange = _files(row.take("Dokumenter"))
    yield replace(entry, files=files, leftovers=(*row.rest(), *strange))
    if case_key:
        yield CaseFile(key=case_key, locator=f"{locator}/case", case_number=number, title=case_title, source_url=address)


def _files(documents: Any) -> tuple[tuple[File, ...] | None, tuple[str, ...]]:
    """The files of an entry (None when the answer does not speak of any) and the fields nobody knows; they have titles and no addresses."""
    if not isinstance(documents, list):
        return None, ()
    files, strange = [], []
    for document in documents:
        told = Fields(document)
        ending = (told.text("Filendelse") or "").lower().lstrip(".")
        is_open = told.take("Offentlig") is True and told.take("Tilgjengelig") is True
        told.leave(("Id", "Offentlig", "Tilgjengelig", "Extensions"))
        files.append(File(title=told.text("Tittel"), media_type=MEDIA_TYPES.get(ending, ending or None), is_open=is_open))
        strange += told.rest("Dokumenter.")
    return tuple(files), tuple(dict.fromkeys(strange))
