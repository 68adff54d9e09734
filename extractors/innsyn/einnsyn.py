"""eInnsyn, the national access service (Digdir)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from catalogue.reasons import Reason
from extractors.contract import (
    AgendaItem,
    Capture,
    CaseFile,
    Claim,
    Extractor,
    File,
    JournalEntry,
    Known,
    Meeting,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Whole,
    Window,
)
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.fields import Fields, as_text
from extractors.innsyn import einnsyn_old

JOURNAL_EXPAND = "saksmappe,korrespondansepart,skjerming,dokumentbeskrivelse.dokumentobjekt,administrativEnhetObjekt"
MEETING_EXPAND = "utvalgObjekt,moetedokument.dokumentbeskrivelse.dokumentobjekt"
ITEM_EXPAND = "dokumentbeskrivelse.dokumentobjekt,utredning.saksbeskrivelse,utredning.innstilling,innstilling,vedtak.vedtakstekst"
MEETING_MARGIN = timedelta(days=30)
ERROR_NAME = re.compile(r"[A-Za-z]\w{1,39}")

# The Sensitiv twins carry names that must not outlive a year (ATLAS 2.7): they are consumed and thrown away.
UNUSED = (
    "entity", "externalId", "systemId", "journalenhet", "slug", "deleted", "accessibleAfter", "oppdatertDato", "beskrivelse",
    "offentligTittelSensitiv", "avhendetTil", "matrikkelnummer", "legacyJournalposttype", "legacyFoelgsakenReferanse", "noekkelord",
    "arkivdel", "moetemappe", "referanseForrigeMoete", "referanseNesteMoete", "moetesak", "utvalg", "utvalgObjekt", "innstilling",
    "legacyReferanseTilMoetesak", "administrativEnhet", "administrativEnhetObjekt", "klasse", "journalpost", "moetenummer", "saksmappe",
    "videoLink", "publisertDato", "korrespondansepart",
)  # fmt: skip


class EInnsynSettings(SourceSettings):
    """`unit` is the eInnsyn id (enh_…) of the body, sub-units included; without it, it is looked up by the organisation number."""

    unit: str | None = None


class EInnsyn(Extractor):
    """
    vendor       Digdir; API v1, open for reading without a key
    recognise    api.einnsyn.no; links to einnsyn.no/sok?f=…, /saksmappe?id=…
    endpoints    GET /search (entity Journalpost, Moetemappe), GET /moetemappe/{id}/moetesak, GET /enhet?orgnummer= (when no unit is given)
    set-up       none; where the entry names no unit, the body's is looked up by its organisation number
    paging       limit 100; `next` is relative to the base; a page may be short, even empty, and still have a next; no next is the end
    windows      journal: oppdatertDatoFrom/To (catches what is published late); meetings: moetedatoFrom/To, 30 days around the window
    limits       none documented; an error type tooManyRequests exists
    quirks       unknown parameters are ignored in silence (…After/…Before do nothing: use …From/…To); references are ids or objects;
                 file addresses may point to a script page: /dokumentobjekt/{id}/download is the file
    privacy      offentligTittel and korrespondansepartNavn only; the Sensitiv twins are never stored
    yields       journal entries, cases, meetings, agenda items
    licence      NLOD 2.0 (not stated per answer)
    facts from   ATLAS section 2 (felleslosninger/einnsyn-api-spec b25174c2)
    """

    platform = "einnsyn"
    yields = (JournalEntry, CaseFile, Meeting, AgendaItem)
    whole = {"journal_entry": Whole.TODAY, "agenda_item": Whole.WINDOW}

    Settings = EInnsynSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        if source.settings.unit:
            yield from _searches(source, window, source.settings.unit)
        else:
            query = urlencode({"orgnummer": source.authority, "limit": "100"})
            yield Request(url=f"{urls.parse('enhet', source.url)}?{query}", role="shell", context={"step": "unit"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        step = capture.context["step"]
        if step == "hits":
            yield from einnsyn_old.read_old(answer, capture)
            return
        answer = Fields(answer)
        items = answer.take("items")
        if not isinstance(items, list):
            yield Trouble(key=capture.url, reason=Reason("no_items", step=step, field="items"))
            return
        next_address = answer.text("next")
        answer.leave(("previous",))
        if step == "unit":
            yield from _read_unit(source, window, items)
            yield Claim(key="unit answer", about="unit", scope="answer", leftovers=answer.rest())
        elif step == "probe":
            scope = "probe" if items else "total"
            yield Claim(key="probe", about=capture.context["about"], scope=scope, count=len(items), leftovers=answer.rest())
        else:
            for index, item in enumerate(items):
                yield from _read_item(source, step, item, f"/items/{index}", capture)
            if answer.rest():
                yield Claim(key=f"{step} answer", about=step, scope="answer", leftovers=answer.rest())
            if step == "meetings":
                yield from _agenda_requests(source, items)
            yield from _go_on(source, capture, next_address, has_found=bool(items) or bool(capture.context.get("has_found")))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if urls.host_of(capture.url) in ("api.einnsyn.no", "api.test.einnsyn.no"):
            return SourceGuess(cls.platform, urls.parse("/", capture.url), {}, "the host is the national API", 0.9)
        if match := re.search(r"https?://(?:www\.)?einnsyn\.no/(?:sok|kalender|saksmappe|moetemappe)\b", capture.text):
            return SourceGuess(cls.platform, "https://api.einnsyn.no/", {}, f"the page links to {match[0]}", 0.6)
        return None


def read_json(capture: Capture) -> tuple[Any, Trouble | None]:
    """The JSON of an answer, or the Trouble that says why there is none."""
    if capture.media_type == "text/html" or capture.text.lstrip().startswith("<"):
        return None, Trouble(key=capture.url, reason=Reason("html_for_json"))
    try:
        answer = json.loads(capture.text or "null")
    except (ValueError, RecursionError):
        return None, Trouble(key=capture.url, reason=Reason("not_json"))
    if not capture.is_ok:
        said = str(answer.get("type")) if isinstance(answer, dict) else ""
        named = Reason("service_error", status=capture.status, error=said) if ERROR_NAME.fullmatch(said) else None
        reason = named or Reason("server_answered", status=capture.status)
        return None, Trouble(key=capture.url, outcome=Outcome.FAILED, reason=reason)
    return answer, None


def _searches(source: Source, window: Window, unit: str) -> Iterator[Request]:
    """The first page of everything the source is asked for."""
    if not source.kinds or "journal_entry" in source.kinds:
        query = {"entity": "Journalpost", "administrativEnhet": unit, "oppdatertDatoFrom": window.since.isoformat(),
                 "oppdatertDatoTo": window.until.isoformat(), "sortBy": "oppdatertDato", "sortOrder": "asc", "limit": "100",
                 "expand": JOURNAL_EXPAND}  # fmt: skip
        yield _search(source, query, {"step": "journal", "page": 1, "unit": unit})
    if not source.kinds or "meeting" in source.kinds:
        query = {"entity": "Moetemappe", "administrativEnhet": unit, "moetedatoFrom": (window.since - MEETING_MARGIN).isoformat(),
                 "moetedatoTo": (window.until + MEETING_MARGIN).isoformat(), "sortBy": "moetedato", "sortOrder": "asc", "limit": "100",
                 "expand": MEETING_EXPAND}  # fmt: skip
        yield _search(source, query, {"step": "meetings", "page": 1, "unit": unit})


def _read_unit(source: Source, window: Window, items: list[Any]) -> Iterator[Record | Request]:
    units = [i for i in items if isinstance(i, dict) and as_text(i.get("orgnummer")) == source.authority]
    units.sort(key=lambda u: u.get("enhetstype") not in ("KOMMUNE", "FYLKE"))
    if units and (unit := as_text(units[0].get("id"))):
        yield from _searches(source, window, unit)
    else:
        yield Trouble(key=source.url, reason=Reason("no_unit", orgnr=source.authority))


def _go_on(source: Source, capture: Capture, next_address: str | None, *, has_found: bool) -> Iterator[Record | Request]:
    """The next page; or, when the window turned out empty, a question for any older entry, so that empty is proved."""
    step, context = capture.context["step"], dict(capture.context)
    if next_address:
        try:
            parts = urlsplit(urls.parse(next_address, capture.url))
        except InvalidURL:
            yield Trouble(key=f"{capture.url} next", outcome=Outcome.PARTIAL, reason=Reason("next_page_unreadable"))
            return
        address = urls.parse(f"{parts.path}?{parts.query}", source.url)
        yield Request(url=address, context={**context, "page": context["page"] + 1, "has_found": has_found})
    elif not has_found and (step == "journal" or (step == "meetings" and "journal_entry" not in (source.kinds or ("journal_entry",)))):
        entity, sort = ("Journalpost", "oppdatertDato") if step == "journal" else ("Moetemappe", "moetedato")
        query = {"entity": entity, "administrativEnhet": context["unit"], "sortBy": sort, "sortOrder": "desc", "limit": "1"}
        about = "journal_entry" if step == "journal" else "meeting"
        yield _search(source, query, {"step": "probe", "about": about}, role="probe")


def _search(source: Source, query: dict[str, str], context: dict[str, Any], role: str = "data") -> Request:
    return Request(url=f"{urls.parse('search', source.url)}?{urlencode(query, safe=',')}", context=context, role=role)


def _agenda_requests(source: Source, items: list[Any]) -> Iterator[Request]:
    query = urlencode({"limit": "100", "expand": ITEM_EXPAND}, safe=",")
    for item in items:
        if isinstance(item, dict) and item.get("id"):
            address = urls.parse(f"moetemappe/{item['id']}/moetesak", source.url)
            yield Request(url=f"{address}?{query}", context={"step": "agenda", "meeting": item["id"], "page": 1})


def _read_item(source: Source, step: str, item: Any, locator: str, capture: Capture) -> Iterator[Record]:
    row = Fields(item)
    key = row.text("id")
    hidden_until = row.text("accessibleAfter")
    if hidden_until and hidden_until > capture.fetched_at:
        return
    if not key:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step=step, field="id"))
        return
    read = {"journal": _journal_entry, "meetings": _meeting, "agenda": _agenda_item}[step]
    yield from read(source, row, key, locator)


def _journal_entry(source: Source, row: Fields, key: str, locator: str) -> Iterator[Record]:
    case, unit = row.take("saksmappe"), row.take("administrativEnhetObjekt")
    if isinstance(case, dict):
        yield _case(Fields(case), f"{locator}/saksmappe")
    shield = row.object("skjerming")
    parties = [Fields(p) for p in row.items("korrespondansepart") if isinstance(p, dict)]
    named = [(str(p.data.get("korrespondanseparttype")), n) for p in parties if (n := p.text("korrespondansepartNavn"))]
    # Beside avsender and mottaker there are kopimottaker, gruppemottaker, intern_avsender and intern_mottaker.
    by_role = {role: tuple(name for kind, name in named if kind.endswith(role)) for role in ("avsender", "mottaker")}
    number, year = row.text("journalsekvensnummer"), row.text("journalaar")
    case_id = case.get("id") if isinstance(case, dict) else as_text(case)
    entry = JournalEntry(
        key=key, locator=locator, title=row.text("offentligTittel"),
        case_number=as_text(case.get("saksnummer")) if isinstance(case, dict) else None,
        case_title=as_text(case.get("offentligTittel")) if isinstance(case, dict) else None, case_key=case_id,
        document_number=row.text("journalpostnummer"), serial=f"{number}/{year}" if number and year else number,
        journal_date=row.text("journaldato"), document_date=row.text("dokumentetsDato"), published_at=row.text("publisertDato"),
        document_type=row.text("journalposttype"), senders=by_role["avsender"] or None, recipients=by_role["mottaker"] or None,
        case_worker=next((w for p in parties if (w := p.text("saksbehandler"))), None),
        unit=as_text(unit.get("navn")) if isinstance(unit, dict) else row.text("administrativEnhet"),
        access=shield.text("tilgangsrestriksjon"), legal_basis=shield.text("skjermingshjemmel"),
        files=_files(source, row.items("dokumentbeskrivelse")),
        source_url=f"https://einnsyn.no/saksmappe?id={case_id}&jid={key}" if case_id else None,
    )  # fmt: skip
    row.leave(UNUSED)
    yield _with_rest(entry, row)


def _case(case: Fields, locator: str) -> CaseFile:
    key = case.text("id") or locator
    record = CaseFile(
        key=key, locator=locator, case_number=case.text("saksnummer"), title=case.text("offentligTittel"), case_date=case.text("saksdato"),
        source_url=f"https://einnsyn.no/saksmappe?id={key}",
    )  # fmt: skip
    case.leave(("saksaar", "sakssekvensnummer", *UNUSED))
    return _with_rest(record, case)


def _meeting(source: Source, row: Fields, key: str, locator: str) -> Iterator[Record]:
    committee = row.object("utvalgObjekt").text("navn") or row.text("utvalg")
    descriptions = [d for m in row.items("moetedokument") for d in Fields(m).items("dokumentbeskrivelse")]
    meeting = Meeting(
        key=key, locator=locator, committee=committee, start=row.text("moetedato"), place=row.text("moetested"),
        video_url=row.text("videoLink"), files=_files(source, descriptions), source_url=f"https://einnsyn.no/moetemappe?id={key}",
    )  # fmt: skip
    row.leave(("offentligTittel", *UNUSED))
    yield _with_rest(meeting, row)


def _agenda_item(source: Source, row: Fields, key: str, locator: str) -> Iterator[Record]:
    number, year = row.text("moetesakssekvensnummer"), row.text("moetesaksaar")
    case, decision = row.object("saksmappe"), row.object("vedtak")
    study = row.object("utredning")
    texts = [study.object("saksbeskrivelse"), study.object("innstilling"), row.object("innstilling")]
    told = list(dict.fromkeys(t for t in (x.text("tekstInnhold") for x in texts) if t))
    meeting = row.take("moetemappe")
    item = AgendaItem(
        key=key, locator=locator, meeting_key=meeting.get("id") if isinstance(meeting, dict) else as_text(meeting),
        number=f"{number}/{year}" if number and year else number, title=row.text("offentligTittel"), item_type=row.text("moetesakstype"),
        case_number=case.text("saksnummer"), text="\n\n".join(told) or None,
        decision=decision.object("vedtakstekst").text("tekstInnhold"), files=_files(source, row.items("dokumentbeskrivelse")),
        source_url=f"https://einnsyn.no/moetesak?id={key}",
    )  # fmt: skip
    row.leave(UNUSED)
    yield _with_rest(item, row)


def _files(source: Source, descriptions: list[Any]) -> tuple[File, ...] | None:
    files = []
    for description in descriptions:
        if not isinstance(description, dict):
            continue
        objects = [o for o in Fields(description).items("dokumentobjekt") if isinstance(o, dict) and as_text(o.get("id"))]
        title = as_text(description.get("tittel"))
        files += [
            File(title=title, url=urls.parse(f"dokumentobjekt/{o['id']}/download", source.url), media_type=as_text(o.get("format")),
                 is_open=True) for o in objects
        ] or [File(title=title, is_open=False)]  # fmt: skip
    return tuple(files) or None


def _with_rest(record: Any, row: Fields) -> Any:
    return replace(record, leftovers=row.rest())
