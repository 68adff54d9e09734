"""Enhetsregisteret, the central register of units (Brønnøysundregistrene)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from catalogue import authorities
from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Extractor,
    Known,
    Outcome,
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

SHOWN_AT_MOST = 10_000
FIRST_DAY = date(1995, 1, 1)  # the register opened in February 1995
WITH_OWNERS = ("IKS", "KF", "FKF")
OWNING = ("EIKM", "DTPR", "DTSO")  # owning municipality, participants with divided and with joint liability
# Known and not wanted: addresses and telephones, other registers, what a unit does for a living.
UNUSED = (
    "_links", "postadresse", "beliggenhetsadresse", "telefon", "mobil", "epostadresse", "telefaks", "naeringskode1", "naeringskode2",
    "naeringskode3", "hjelpeenhetskode", "harRegistrertAntallAnsatte", "registrertIMvaregisteret", "registrertIForetaksregisteret",
    "registrertIStiftelsesregisteret", "registrertIFrivillighetsregisteret", "registrertIPartiregisteret", "erIKonsern", "kapital",
    "registreringsdatoAntallAnsatteEnhetsregisteret", "registreringsdatoAntallAnsatteNAVAaregisteret",
    "registreringsdatoForetaksregisteret", "registreringsdatoFrivilligMerverdiavgiftsregisteret",
    "registreringsdatoMerverdiavgiftsregisteret",
    "registreringsdatoMerverdiavgiftsregisteretEnhetsregisteret", "frivilligMvaRegistrertBeskrivelser", "sisteInnsendteAarsregnskap",
    "konkurs", "konkursdato", "underTvangsavviklingEllerTvangsopplosning", "vedtektsdato", "vedtektsfestetFormaal", "aktivitet",
    "paategninger", "nedleggelsesdato", "respons_klasse", "underAvviklingDato", "fravalgRevisjonDato",
)  # fmt: skip


class BrregSettings(SourceSettings):
    """`forms` are the forms of organisation listed whole and `sectors` the institutional sectors (SSB) whose units are: 1510 municipal
    enterprises, 1520 municipal companies. `units` are numbers followed in the list of changes beside the catalogue's bodies.
    `changes` false leaves that list alone: it is the whole country's.
    `owners` also asks who owns an IKS or KF; it is off because those answers hold the birth dates of boards, which the archive would keep.
    """

    forms: tuple[str, ...] = ("KOMM", "FYLK", "IKS", "KF", "FKF")
    sectors: tuple[str, ...] = ("1510", "1520")
    units: tuple[str, ...] = ()
    changes: bool = True
    owners: bool = False
    size: int = 1000
    changes_size: int = 10_000


class Brreg(Extractor):
    """
    vendor       Brønnøysundregistrene; open, no key
    recognise    data.brreg.no/enhetsregisteret/api
    endpoints    GET /enheter (by form of organisation and by sector), /oppdateringer/enheter, /enheter/{number}, /enheter/{number}/roller
    set-up       none
    paging       page from 0, size; (page + 1) · size may not pass 10,000: a longer list is split by the day of registration
    windows      units: none, the whole list each time; changes: dato from, then oppdateringsid, oldest first, until the window ends
    limits       none stated; no list beyond 10,000
    quirks       an empty list has no _embedded; a deleted unit answers 200 with slettedato and little else, or 410; it leaves every list,
                 so only the changes tell of it; a next link may name an inner host; a company's municipality is that of its address, not
                 its owner, and owners of companies are not in the open register
    privacy      persons are never taken from roles; telephones and addresses are left
    yields       register facts of municipalities, counties and their companies, and their changes
    licence      NLOD 2.0
    facts from   PORTALS 3.1 (crdbrd/python-brreg, sondreskarsten/tidybrreg)
    """

    platform = "brreg"
    yields = (RegisterFact,)
    Settings = BrregSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        for form in source.settings.forms:
            yield _units(source, {"organisasjonsform": form})
        for sector in source.settings.sectors:
            yield _units(source, {"institusjonellSektorkode": sector})
        if source.settings.changes:
            yield _changes(source, {"dato": f"{window.since}T00:00:00.000Z"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        if step == "unit" and capture.status in (404, 410):
            yield RegisterFact(key=f"{capture.context['unit']}/removed", subject=capture.context["unit"], property="removed", value="true")
            return
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        read = {"units": _read_units, "changes": _read_changes, "unit": _read_unit, "roles": _read_roles}[step]
        yield from read(source, window, capture, Fields(answer))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.url.startswith("https://data.brreg.no/enhetsregisteret/api"):
            return SourceGuess(cls.platform, "https://data.brreg.no/enhetsregisteret/api/", {}, "the address of the register", 0.95)
        return None


def _ask(source: Source, path: str, parameters: dict[str, str], **context: Any) -> Request:
    address = urls.parse(path, source.url if source.url.endswith("/") else f"{source.url}/")
    return Request(url=f"{address}?{urlencode(parameters)}" if parameters else address, context=context)


def _units(source: Source, query: dict[str, str], page: int = 0, counted: int | None = None) -> Request:
    size, said = str(source.settings.size), {} if counted is None else {"counted": counted}
    return _ask(source, "enheter", {**query, "size": size, "page": str(page)}, step="units", query=query, page=page + 1, **said)


def _changes(source: Source, query: dict[str, str]) -> Request:
    return _ask(source, "oppdateringer/enheter", {**query, "size": str(source.settings.changes_size)}, step="changes")


def _read_units(source: Source, window: Window, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    page, units = top.object("page"), top.object("_embedded").items("enheter")
    total, size, number = page.take("totalElements"), page.take("size"), page.take("number")
    top.leave(("_links",))
    page.leave(("totalPages",))
    if not all(isinstance(n, int) for n in (total, size, number)):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="units", field="page"))
        return
    leftovers = (*top.rest(), *page.rest("page."))
    yield Claim(key=capture.url, about="register_fact", scope="answer" if total else "total", count=0, leftovers=leftovers)
    query = dict(capture.context["query"])
    if total > SHOWN_AT_MOST:
        yield from _halves(source, window, capture, query, total)
        return
    # A unit that goes while the pages are read moves the others up, and one is passed over.
    counted = max(total, capture.context.get("counted", 0))
    expected = min(size, max(counted - number * size, 0))
    if len(units) != expected:
        reason = Reason("list_short", step="units", expected=expected, read=len(units))
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=reason)
    for index, unit in enumerate(units):
        yield from unit_facts(Fields(unit), f"/_embedded/enheter/{index}")
        if source.settings.owners and _form_of(unit) in WITH_OWNERS:
            yield _ask(source, f"enheter/{unit['organisasjonsnummer']}/roller", {}, step="roles", unit=unit["organisasjonsnummer"])
    if (number + 1) * size < total and units:
        yield _units(source, query, number + 1, counted)


def _halves(source: Source, window: Window, capture: Capture, query: dict[str, str], total: int) -> Iterator[Record | Request]:
    """A list that is too long to be shown, asked for in two by the day of registration."""
    first, last = "fraRegistreringsdatoEnhetsregisteret", "tilRegistreringsdatoEnhetsregisteret"
    since = date.fromisoformat(query.get(first, FIRST_DAY.isoformat()))
    until = date.fromisoformat(query.get(last, window.until.isoformat()))
    if since >= until:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("list_short", step="units", expected=total, read=0))
        return
    middle = since + (until - since) // 2
    for start, end in ((since, middle), (middle + timedelta(days=1), until)):
        yield _units(source, {**query, first: start.isoformat(), last: end.isoformat()})


def _form_of(unit: Any) -> str | None:
    return Fields(Fields(unit).take("organisasjonsform")).text("kode")


def unit_facts(unit: Fields, locator: str) -> Iterator[Record]:
    """What the register says of one unit: every property each time, without a value where the register has none, so that it is seen go."""
    number = unit.text("organisasjonsnummer")
    if not number:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="unit", field="organisasjonsnummer"))
        return
    form, sector, address = (unit.object(name) for name in ("organisasjonsform", "institusjonellSektorkode", "forretningsadresse"))
    employees, is_ending = unit.take("antallAnsatte"), unit.take("underAvvikling")
    facts: dict[str, tuple[str | None, str | None]] = {
        "name": (unit.text("navn"), None), "organisation_form": (form.text("kode"), form.text("beskrivelse")),
        "sector": (sector.text("kode"), sector.text("beskrivelse")), "parent": (unit.text("overordnetEnhet"), None),
        "municipality": (address.text("kommunenummer"), address.text("kommune")), "homepage": (unit.text("hjemmeside"), None),
        "employees": (as_text(employees), None), "language_form": (unit.text("maalform"), None),
        "registered": (unit.text("registreringsdatoEnhetsregisteret"), None), "founded": (unit.text("stiftelsesdato"), None),
        "under_dissolution": ("true" if is_ending is True else None, None), "deleted": (unit.text("slettedato"), None),
    }  # fmt: skip
    unit.leave(UNUSED)
    leftovers = unit.rest()
    page = f"https://virksomhet.brreg.no/nb/oppslag/enheter/{number}"
    for name, (value, label) in facts.items():
        yield RegisterFact(
            key=f"{number}/{name}", locator=locator, subject=number, property=name, value=value, label=label,
            unit="ansatte" if name == "employees" and value else None, source_url=page, leftovers=leftovers if name == "name" else (),
        )  # fmt: skip


def _read_changes(source: Source, window: Window, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    """Of the whole country's changes those of the bodies we know; the register tells them oldest first, whatever is asked."""
    events, page = top.object("_embedded").items("oppdaterteEnheter"), top.object("page")
    top.leave(("_links",))
    yield Claim(key=capture.url, about="register_fact", scope="answer", leftovers=top.rest())
    total, size = page.take("totalElements"), page.take("size")
    if isinstance(total, int) and isinstance(size, int) and len(events) != min(size, total):
        reason = Reason("list_short", step="changes", expected=min(size, total), read=len(events))
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=reason)
    ours = {*authorities.load(), *source.settings.units}
    last, is_over = None, False
    for index, said in enumerate(events):
        event = Fields(said)
        number, identity, moment = event.text("organisasjonsnummer") or "", event.take("oppdateringsid"), event.text("dato") or ""
        last = identity if isinstance(identity, int) else last
        is_over = moment[:10] > window.until.isoformat()
        if is_over:
            break
        if not number:
            where = f"/_embedded/oppdaterteEnheter/{index}"
            missing = Reason("no_identifier", step="changes", field="organisasjonsnummer")
            yield Trouble(key=where, locator=where, outcome=Outcome.PARTIAL, reason=missing)
        if number not in ours:
            continue
        kind = event.text("endringstype")
        event.leave(("_links", "endringer"))
        yield RegisterFact(
            key=f"{number}/change/{identity}", locator=f"/_embedded/oppdaterteEnheter/{index}", subject=number, property="change",
            value=kind, since=moment or None, source_url=f"https://virksomhet.brreg.no/nb/oppslag/enheter/{number}", leftovers=event.rest(),
        )  # fmt: skip
        yield _ask(source, f"enheter/{number}", {}, step="unit", unit=number)
    if events and last is not None and not is_over:
        yield _changes(source, {"oppdateringsid": str(last + 1)})


def _read_unit(source: Source, window: Window, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    yield from unit_facts(top, "/")


def _read_roles(source: Source, window: Window, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    """The organisations that own a company; roles of persons are passed over unread."""
    company = capture.context["unit"]
    groups = top.items("rollegrupper")
    top.leave(("_links",))
    yield Claim(key=capture.url, about="register_fact", scope="answer", leftovers=top.rest())
    for g, group in enumerate(groups):
        for r, said in enumerate(Fields(group).items("roller")):
            role = Fields(said)
            owner = role.object("enhet")
            number = owner.text("organisasjonsnummer")
            if role.object("type").text("kode") not in OWNING or not number or role.take("avregistrert") is True:
                continue
            names = owner.take("navn")
            name = as_text(" ".join(map(str, names)) if isinstance(names, list) else names)
            where = f"/rollegrupper/{g}/roller/{r}"
            yield RegisterFact(key=f"{company}/owner/{number}", locator=where, subject=company, property="owner", value=number, label=name)
            share = re.fullmatch(r"([\d.,]+)\s*%", role.text("ansvarsandel") or "")
            if share:
                yield RegisterFact(
                    key=f"{company}/owner_share/{number}", locator=where, subject=company, property="owner_share",
                    value=share[1].replace(",", "."), label=number, unit="%",
                )  # fmt: skip
