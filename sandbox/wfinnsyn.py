"""ACOS WebSak Innsyn, the classic one, as ATLAS section 3.3 describes it: HTML made by a serializer of XML, no cookies, no view state.

What no source tells is guessed as such handlers are made: an identifier nobody has gives a page without content under 200, a day that is not
understood gives the newest day that has entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import ClassVar, Literal
from urllib.parse import parse_qsl, urlsplit

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html
from sandbox.bodies import Body
from sandbox.identifiers import digest
from sandbox.journal import PLANTED_CASES, UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import COMMITTEES, Meeting

PAGE = 10
FIRST_CASE, FIRST_PLANTED = 412, 90_000
TYPES = {
    "nb": {"I": "Innkommende dokument", "U": "Utgående dokument", "X": "Internt notat", "N": "Internt notat", "S": "Saksframlegg"},
    "nn": {"I": "Innkomande dokument", "U": "Utgåande dokument", "X": "Internt notat", "N": "Internt notat", "S": "Saksframlegg"},
}
SAYS = {
    "nb": {"from": "Avsender(e)", "to": "Mottaker(e)", "unit": "Ansvarlig enhet", "worker": "Saksbehandler", "owner": "Dokumentansvarlig",
           "none": "Det er ikke journalført noen dokument denne dagen.", "held": "Unntatt offentlighet etter", "closed": "Dokumentet er ikke offentlig.",
           "week": "Uke", "place": "Møtested", "committee": "Utvalg", "previous": "Vis forrige år", "next": "Vis neste år", "basis": "Hjemmel",
           "all": "Vis alle utvalg", "go": "Gå til journalposten", "case": "Tittel på saken", "document": "Tittel på dokumentet", "minutes": "Protokoll"},
    "nn": {"from": "Avsendar(ar)", "to": "Mottakar(ar)", "unit": "Ansvarleg eining", "worker": "Saksbehandlar", "owner": "Dokumentansvarleg",
           "none": "Det er ikkje journalført nokon dokument denne dagen.", "held": "Unnateke offentlegheit etter", "closed": "Dokumentet er ikkje offentleg.",
           "week": "Veke", "place": "Møtestad", "committee": "Utval", "previous": "Vis førre år", "next": "Vis neste år", "basis": "Heimel",
           "all": "Vis alle utval", "go": "Gå til journalposten", "case": "Tittel på saken", "document": "Tittel på dokumentet", "minutes": "Protokoll"},
}  # fmt: skip
STATES = {"nb": ("Under planlegging", "Innkalling sendt", "Vedtak påført"), "nn": ("Under planlegging", "Innkalling sendt", "Vedtak ført på")}
MEMBERS = (("Marit Solvang", "Sp", "Leder"), ("Henrik Aasgård", "Ap", "Nestleder"), ("Liv Tangstø", "H", "Medlem"), ("Odd Myrdal", "V", "Varamedlem"))
STREETS = ("Kirkeveien 4", "Industrigata 11", "Bakkegata 2B")


class WfInnsyn:
    """One installation. `form` is where it stands (a handler on a host of its own, or within ACOS CMS), `skin` which of the two lists it has.

    Every installation reads days as `2026-11-24T00:00:00` and as `24.11.2026`.
    """

    platform: ClassVar[str] = "acos-wfinnsyn"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case", "meeting", "agenda_item")
    form: ClassVar[Literal["handler", "cms"]] = "handler"
    skin: ClassVar[Literal["new", "old"]] = "new"

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal, self.meetings = body, day, journal, meetings
        raw = digest("wfinnsyn", seed, body.slug)
        self.mid1 = 200 + int.from_bytes(raw[:2], "big") % 800
        self.host = f"innsyn.{body.domain}" if self.form == "handler" else body.host
        self.path = "/wfinnsyn.ashx" if self.form == "handler" else "/innsyn.aspx"
        self.folder = "/" if self.form == "handler" else "/innsyn/"
        self.says = SAYS[body.language]

    # --- what others must know of it

    @property
    def home(self) -> str:
        return f"https://{self.host}{self.path}?response=journalpost_postliste" + (f"&MId1={self.mid1}" if self.form == "cms" else "")

    def settings(self) -> Mapping[str, object]:
        return {"mid1": self.mid1, "skin": "infolink"} if self.form == "cms" else {}

    def rules(self) -> HostRules:
        return HostRules(closed_patterns=(r"response=(identitet|parti)", r"wfdocument\.ashx"))

    def answers(self, question: Question) -> bool:
        return question.host == self.host

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def entry_key(self, index: int) -> str:
        return f"{self.day.year}{self.journal.serial(index):06d}"

    def case_key(self, number: int) -> str:
        return f"{self.day.year}{self.journal.case_sequence(number):06d}"

    def meeting_key(self, meeting: int) -> str:
        return str(2800 + meeting)

    def item_key(self, meeting: int, item: int) -> str:
        return f"{self.meeting_key(meeting)}#{self._anchor(meeting, item)}"

    @staticmethod
    def _anchor(meeting: int, item: int) -> str:
        return f"sak{meeting * 100 + item}"

    def case_number(self, case: int) -> str:
        """With two digits of the year, `26/1044`."""
        return self.journal.case_number(case)[2:]

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        shown = self.journal.shown_in(since, until)
        within = [m for m in self.meetings if since - days.MEETING_MARGIN <= m.day <= until + days.MEETING_MARGIN]
        return {"journal_entry": len(shown), "case": len({self.journal.case_of(i)[0] for i in shown}), "meeting": len(within),
                "agenda_item": sum(len(m.items) for m in within)}  # fmt: skip

    # --- answers

    def respond(self, question: Question) -> Answer:
        if question.path.lower() == f"{self.folder}wfdocument.ashx":
            return self._document(self._query(question))
        if question.path.lower() != self.path or question.method not in ("GET", "HEAD"):
            return NOT_FOUND
        asked = self._query(question)
        if self.form == "cms" and asked.get("mid1") != str(self.mid1):
            return html("<!DOCTYPE html><html><head><title>Siden finnes ikke</title></head><body><h1>Siden finnes ikke</h1></body></html>", status=404)
        known = {
            "journalpost_postliste": self._day_list, "journalpost_detaljer": self._entry, "journalpost_sok_tomdefault": self._search,
            "arkivsak_detaljer": self._case, "arkivsak_sok_tomdefault": self._search, "moteplan": self._grid, "moteplan_utvalg": self._committee,
            "mote": self._meeting, "identitet_sok": self._search, "identitet_detaljer": self._search, "parti": self._search,
        }  # fmt: skip
        title, content = known.get(asked.get("response", "").lower(), self._grid)(asked)
        return self._page(title, content)

    @staticmethod
    def _query(question: Question) -> dict[str, str]:
        """Parameters by name in lower case, as ASP.NET finds them; the last of two wins."""
        return {name.lower(): value for name, value in parse_qsl(urlsplit(question.target).query, keep_blank_values=True)}

    def _link(self, response: str, **more: str) -> str:
        """An address as the pages write it; within the CMS the tail is written as it is there, MId1 misspelt included."""
        query = "&amp;".join([f"response={response}", *(f"{name}={value}" for name, value in more.items())])
        return f"{self.path}?{query}&amp;" + (f"scripturi={self.path}&amp;skin=infolink&amp;Mid1={self.mid1}&amp;" if self.form == "cms" else "")

    def _page(self, title: str, content: str) -> Answer:
        skins = "/skins/innsyn" if self.form == "handler" else "https://innsyn.onacos.no/skins/innsyn"
        menu = "".join(f'<li><a class="menu-link" href="{self._link(r)}">{name}</a></li>' for r, name in (("moteplan", "Møteplan"), ("arkivsak_sok_tomdefault", "Saker"),
                       ("journalpost_postliste", "Postliste"), ("parti", "Partier"), ("identitet_sok", "Politikere")))  # fmt: skip
        text = f"""
<!DOCTYPE html>
<html><head><title>{escape(title)} | {escape(self.body.full_name)}</title><meta name="viewport" content="width=device-width, initial-scale=1" /><link rel="stylesheet" type="text/css" href="{skins}/css/default.min.css" /><!--[if IE]><meta http-equiv="X-UA-Compatible" content="IE=edge" /><![endif]--><meta http-equiv="content-type" content="text/html; charset=utf-8" /><meta name="robots" content="noindex,nofollow,noarchive,nosnippet" /></head><body class="native"><div class="innsyn-content"><div class="i-wrapper"><div id="i-nav"><div id="i-mob-logo">
            Innsyn
            <span>| {escape(self.body.full_name)}</span></div><ul class="nav">{menu}</ul></div><br /><div id="innsyn-content"><div class="sec"><div id="cart"><button id="cart_send" class="btn btn-action">Send bestilling</button><div id="cart_items_wrapper" class="i-dn"><ul id="cart_items" /></div></div><div style="clear:both;" /></div><div class="sec">{content}</div><script type="text/javascript">//<![CDATA[
var innsyn_config = {{ show: "Vis", hide: "Skjul", details: "detaljer" }};
//]]>
</script></div><div class="left" id="innsyn-footer" /></div></div><div class="i-container i-tr"><small><a href="https://www.acos.no/cms-skjemalosninger/innsyn/">ACOS Innsyn </a> levert av <a hreF="https://www.acos.no/">ACOS AS</a></small></div></body></html>"""  # fmt: skip
        return html(text, headers=(("Cache-Control", "private"), ("Server", "Microsoft-IIS/8.5"), ("X-AspNet-Version", "4.0.30319"), ("X-Powered-By", "ASP.NET")))

    def _empty(self, title: str) -> tuple[str, str]:
        return title, f"<h1>{escape(title)}</h1><div />"

    # --- the journal

    def _day_of(self, text: str) -> date:
        """The day that is asked for, in either form; else the newest one that has entries."""
        try:
            if match := re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{4})", text):
                return date(int(match[3]), int(match[2]), int(match[1]))
            return date.fromisoformat(text[:10])
        except ValueError:
            return self.journal.day_of(len(self.journal) - 1)

    def _day_list(self, asked: Mapping[str, str]) -> tuple[str, str]:
        on = self._day_of(asked.get("fradato", ""))
        title = f"Postliste den {days.dotted(on)}"
        shown = self.journal.shown_in(on, on)
        last = max(len(shown) - 1, 0) // PAGE * PAGE
        start = min(int(asked["startrow"]) if asked.get("startrow", "").isdigit() else 0, last) // PAGE * PAGE
        rows = [self.journal.entry(i) for i in shown[start : start + PAGE]]
        return title, (self._old_list if self.skin == "old" else self._new_list)(on, rows, start, last)

    def _turn(self, on: date, start: int) -> str:
        return self._link("journalpost_postliste", showresults="true", fradato=f"{on}T00:00:00", startrow=str(start))

    def _new_list(self, on: date, rows: Sequence[Entry], start: int, last: int) -> str:
        listed = "".join(self._row(e) for e in rows) or f'<li class="np">{self.says["none"]}</li>'
        turns = [(("forrige", start - PAGE), start > 0), *((( str(n // PAGE + 1), n), n != start) for n in range(max(start - 5 * PAGE, 0), min(start + 6 * PAGE, last + 1), PAGE)),
                 (("neste", start + PAGE), start < last)]  # fmt: skip
        pager = "".join(
            f'<li><a class="content-link" href="{self._turn(on, n)}">{name}</a></li>' if can else f'<li class="disabled"><span>{name}</span></li>' for (name, n), can in turns
        )
        return (f'<h1>Postliste den {days.dotted(on)}</h1><div id="div_sok_resultstable"><ul class="i-jp">{listed}</ul>'
                + (f'<ul class="pagination">{pager}</ul>' if last else "") + "</div>")  # fmt: skip

    def _row(self, e: Entry) -> str:
        """One entry in the new skin. An entry without a document, a unit or a basis has closed elements in their place."""
        key, number = self.entry_key(e.index), self.case_number(e.case)
        case = self.journal.case(e.case)
        party, name = (self.says["to"], e.recipient) if e.direction == "U" else (self.says["from"], e.sender)
        document = f'<a class="blank" href="{self._file(e.index)}" title="{escape(e.title)} (Hoveddokument) | 101&#160;KB">Dokument</a>' if e.is_open else ""
        basis = f"<div>{self.says['held']} {escape(e.legal_basis)}</div>" if e.legal_basis else '<div class="i-b" />'
        return (
            f'<li class="np i-par i-jp">{f"""<div class="i-fl doc">{document}</div>""" if document else """<div class="i-fl doc" />"""}<div class="det"><h3>'
            f'<a class="content-link" href="{self._link("journalpost_detaljer", journalpostid=key)}">{number}-{e.place + 1} - {escape(e.title)}</a></h3>'
            f'<div class="i-hs"><span>Journaldato:</span><strong>{days.dotted(e.day)}</strong><span>{party}:</span><strong>{escape(name)}</strong></div>{basis}</div>'
            f'<div class="met i-exp i-hs"><div><span>Sak:</span><a class="content-link col-md-10" href="{self._link("arkivsak_detaljer", arkivsakid=self.case_key(e.case))}">'
            f"{escape(case.title if case else '')}</a></div><div><span>Dok.dato:</span><strong>{days.dotted(e.document_day)}</strong></div>"
            f"<div><span>Dokumenttype:</span><strong>{self._type(e)}</strong></div><div><span>{self.says['unit']}:</span><strong>{UNITS[self.body.language][e.unit][1]}</strong></div>"
            f"<div><span>{self.says['worker']}:</span><strong>{escape(e.worker)}</strong></div>"
            f'<a class="content-link" href="{self._link("journalpost_detaljer", journalpostid=key)}">{self.says["go"]}</a></div></li>'
        )

    def _type(self, e: Entry) -> str:
        return TYPES[self.body.language][e.direction] + (" (Gradert)" if e.legal_basis else "")

    def _old_list(self, on: date, rows: Sequence[Entry], start: int, last: int) -> str:
        listed = "".join(
            f'<tr><td class="content-cell"><a class="content-link" href="{self._link("journalpost_detaljer", journalpostid=self.entry_key(e.index))}">{escape(e.title)}</a></td>'
            '<td class="content-cell" /></tr>' for e in rows
        ) or f'<tr><td class="content-cell">{self.says["none"]}</td></tr>'  # fmt: skip
        back = f'<a href="{self._turn(on, start - PAGE)}">forrige</a>' if start else ""
        on_ = f'<a href="{self._turn(on, start + PAGE)}">neste</a>' if start < last else ""
        return (f'<table class="inner-max-width"><caption>Postliste den {days.dotted(on)}</caption><tfoot><tr><td>{back} {on_}</td></tr></tfoot>'
                f"<tbody>{listed}</tbody></table>")  # fmt: skip

    def _index(self, key: str) -> int | None:
        """The entry an identifier names; None for one that is not shown."""
        index = int(key[4:]) - self.journal.serial(0) if key.isdigit() and len(key) == 10 else -1
        return index if 0 <= index < len(self.journal) and self.entry_key(index) == key and self.journal.is_shown(index) else None

    def _file(self, index: int) -> str:
        return f"{self.folder}wfdocument.ashx?journalpostid={self.entry_key(index)}&amp;dokid={3_800_000 + index}&amp;versjon=1&amp;variant=A&amp;ct=RA-PDF"

    def _entry(self, asked: Mapping[str, str]) -> tuple[str, str]:
        index = self._index(asked.get("journalpostid", ""))
        if index is None:
            return self._empty("Journalpost")
        e, says = self.journal.entry(index), self.says
        case = self.journal.case(e.case)
        number = self.case_number(e.case)
        rows = self._table(
            (says["case"], f'<a href="{self._link("arkivsak_detaljer", arkivsakid=self.case_key(e.case))}">{escape(case.title if case else "")}</a>'),
            (says["document"], escape(e.title)), (says["owner"], escape(_inverted(e.worker))), (says["unit"], UNITS[self.body.language][e.unit][1]),
            *(((says["basis"], escape(e.legal_basis)),) if e.legal_basis else ()), ("DokumentID", f"{self.day.year % 100}/{self.journal.serial(index)}"),
            ("ArkivsakID", number), ("Journaldato", days.dotted(e.day)), ("Brevdato", days.dotted(e.document_day)),
        )  # fmt: skip
        role, name = (says["to"], e.recipient) if e.direction == "U" else (says["from"], e.sender)
        address = f"<br />{STREETS[index % 3]}<br />{9000 + index % 900} {self.body.name.upper()}" if index % 3 else ""
        party = f'<h2>{role}</h2><div class="dokmottakere">{escape(name)}{address}</div>'
        text = (f'<ul class="innsyn_dok"><li><a class="blank" href="{self._file(index)}">{escape(e.title)}</a></li></ul>' if e.is_open
                else f'<div class="content-text">{says["closed"]}</div>')  # fmt: skip
        return "Journalpost", f'<h1 class="header-head">{self._type(e)}</h1><div class="nobox">{rows}</div>{party}<h2>Tekstdokument</h2>{text}'

    @staticmethod
    def _table(*rows: tuple[str, str]) -> str:
        cells = "".join(f'<tr><th class="header-cell left">{label}:</th><td class="content-cell">{value}</td></tr>' for label, value in rows)
        return f'<table class="table hh i-bgw two">{cells}</table>'

    def _case(self, asked: Mapping[str, str]) -> tuple[str, str]:
        key = asked.get("arkivsakid", "")
        sequence = int(key[4:]) if key.isdigit() and len(key) > 4 else 0
        number = next((n for n in (sequence - FIRST_CASE, sequence - FIRST_PLANTED + PLANTED_CASES) if self.case_key(n) == key), -1)
        case = self.journal.case(number)
        if case is None or not case.members:
            return self._empty("Arkivsak")
        first = self.journal.entry(case.members[0])
        rows = self._table(
            ("ArkivsakID", self.case_number(number)), ("Dato", days.dotted(case.day)), ("Tittel", escape(case.title)),
            ("Status", "Under behandling"), ("Sakstype", "Generell sak"), (self.says["unit"], UNITS[self.body.language][first.unit][1]),
        )  # fmt: skip
        listed = "".join(self._row(self.journal.entry(i)) for i in reversed(case.members))
        return "Arkivsak", f'<h1 class="header-head">Arkivsak</h1>{rows}<div class="sec"><ul class="i-jp">{listed}</ul></div>'

    def _search(self, asked: Mapping[str, str]) -> tuple[str, str]:
        return "Søk", f'<h1>Søk</h1><form action="{self.path}" method="get"><input type="hidden" name="response" value="{escape(asked.get("response", ""))}" /><input name="tittel" /><input type="submit" name="sok" value="Søk" /></form>'

    # --- meetings

    def _committees(self) -> tuple[str, ...]:
        return COMMITTEES[(self.body.role, self.body.language)]

    def _year(self, asked: Mapping[str, str]) -> int:
        return int(text[:4]) if (text := asked.get("fradato", ""))[:4].isdigit() else self.day.year

    def _grid(self, asked: Mapping[str, str]) -> tuple[str, str]:
        year, says = self._year(asked), self.says
        named = ("Januar", "Februar", "Mars", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Desember")
        heads = "".join(f'<th><abbr title="{name}">{name[:3]}</abbr></th>' for name in named)
        rows = []
        for committee, name in enumerate(self._committees()):
            held = [(n, m) for n, m in enumerate(self.meetings) if m.committee == committee and m.day.year == year]
            if not held and asked.get("visalle") != "true":
                continue
            cells = "".join(f'<td class="mtm">{", ".join(self._cell(n, m) for n, m in held if m.day.month == month)} </td>' for month in range(1, 13))
            link = self._link("moteplan_utvalg", fradato=f"{year}-01-01T00:00:00", utvalg=str(committee + 1))
            rows.append(f'<tr><th class="header-cell"><a class="header-link" href="{link}">{escape(name)}</a></th>{cells}</tr>')
        turns = " | ".join(f'<a class="content-link" href="{self._link("moteplan", fradato=f"{year + step}-01-01T00:00:00")}">{says[word]}</a>' for step, word in ((-1, "previous"), (1, "next")))
        return f"Møteplan    {year}", (
            f'<h1>Møteplan    {year}</h1><div id="moteplan_content" class="content"><a class="content-link" href="{self._link("moteplan", visalle="true")}">{says["all"]}</a>'
            f'<table class="table i-bgw hh hv hl org"><caption>Møteplan    {year}</caption><thead><tr><th class="header-cell">{says["committee"]}</th>{heads}</tr></thead>'
            f'<tfoot><tr><td class="pager" colspan="13"><div class="legend center content-text">{turns}</div></td></tr></tfoot><tbody>{"".join(rows)}</tbody></table></div>'
        )  # fmt: skip

    def _cell(self, number: int, meeting: Meeting) -> str:
        """A day in the grid. In nynorsk the title names no date in figures."""
        title = {"nb": f"{meeting.committee_name} har et møte den {days.dotted(meeting.day)}. Du kan klikke på ruten for å få mer informasjon om møtet.",
                 "nn": f"{meeting.committee_name} har møte denne dagen. Klikk på ruta for å få meir informasjon om møtet."}[self.body.language]  # fmt: skip
        return f'<a title="{escape(title)}" href="{self._link("mote", moteid=self.meeting_key(number))}">{meeting.day.day:02d}</a>'

    def _paper(self, number: int, kind: str, place: int) -> str:
        meeting = self.meetings[number]
        title = f"{kind} - {escape(meeting.committee_name)} - {days.dotted(meeting.day)} (Hoveddokument) "
        address = f"wfdocument.ashx?journalpostid={self.day.year}9{number:03d}{place:02d}&amp;dokid={4_100_000 + number * 10 + place}&amp;versjon=2&amp;variant=A&amp;ct=RA-PDF"
        return f'<a href="{address}" class="blank" title="{title}"><img class="content-image" alt="{title}" src="/skins/innsyn/png/filtype_pdf.png" /></a>'

    def _committee(self, asked: Mapping[str, str]) -> tuple[str, str]:
        year, says, named, states = self._year(asked), self.says, self._committees(), STATES[self.body.language]
        committee = int(asked["utvalg"]) - 1 if asked.get("utvalg", "").isdigit() else -1
        if not 0 <= committee < len(named):
            return self._empty(f"Møteplan    {year}")
        rows = []
        for number, meeting in enumerate(self.meetings):
            if meeting.committee != committee or meeting.day.year != year:
                continue
            state = states[2 if meeting.is_held(self.day) else 1 if meeting.day - self.day < timedelta(days=8) else 0]
            papers = [self._paper(number, "Møteinnkalling", 1) if state != states[0] else "", self._paper(number, "Protokoll", 2) if meeting.is_held(self.day) else "", ""]
            cells = "".join(f'<td class="content-cell center">{p}</td>' if p else '<td class="content-cell center" />' for p in papers)
            rows.append(f'<tr><td class="content-cell i-hm">{meeting.day.isocalendar()[1]}</td><td class="content-cell"><a class="content-link" href="{self._link("mote", moteid=self.meeting_key(number))}">'
                        f"{days.dotted(meeting.day)}\n           \n          {meeting.hour:02d}:00\n            -\n            {meeting.hour + 2:02d}:30</a></td>"
                        f'<td class="content-cell">{state}</td>{cells}</tr>')  # fmt: skip
        heads = "".join(f'<th class="header-cell">{h}</th>' for h in (says["week"], "Dato", "Status", "Sakskart", says["minutes"], "Møtebok"))
        members = "".join(
            f'<tr><td class="content-cell"><a class="content-link" href="{self._link("identitet_detaljer", gidid=str(n))}">{name}</a></td><td class="content-cell"><abbr title="{party}">{party}</abbr></td>'
            f'<td class="content-cell">{role}</td><td class="content-cell">900 00 0{n}0</td><td class="content-cell"><a class="content-link" href="mailto:medlem{n}@example.no">medlem{n}@example.no</a></td></tr>'
            for n, (name, party, role) in enumerate(MEMBERS, 1)
        )  # fmt: skip
        people = "".join(f'<th class="header-cell">{h}</th>' for h in ("Navn", "Parti", "Medlem", "Telefon", "Epost"))
        name = escape(named[committee])
        return f"{named[committee]}    {year}", (
            f'<h1>Møteplan    {year}</h1><h2 class="h2 inner-max-width">{name}</h2><table id="moteliste" class="table i-bgw hh org"><caption>Møteplan    {year}</caption>'
            f'<thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div><div class="sec"><h2 class="h2">{name}</h2><table class="table i-bgw hh mult">'
            f"<thead><tr>{people}</tr></thead><tbody>{members}</tbody></table>"
        )  # fmt: skip

    def _meeting(self, asked: Mapping[str, str]) -> tuple[str, str]:
        text = asked.get("moteid", "")
        number = int(text) - int(self.meeting_key(0)) if text.isdigit() else -1
        if not 0 <= number < len(self.meetings):
            return self._empty("Møte")
        meeting, says = self.meetings[number], self.says
        facts = self._table((says["committee"], escape(meeting.committee_name)), ("Møtedato", days.dotted(meeting.day)), (says["place"], escape(meeting.place)))
        items = []
        for n, item in enumerate(meeting.items):
            anchor = self._anchor(number, n)
            papers = (f'<h3>Dokumenter</h3><ul><li><a class="blank" href="wfdocument.ashx?journalpostid={self.day.year}8{number:02d}{n:03d}&amp;dokid={4_200_000 + number * 100 + n}&amp;versjon=1'
                      f'&amp;variant=A&amp;ct=RA-PDF" title="Saksframlegg (Hoveddokument) | 101&#160;KB">{escape(item.title)}</a><span> Saksframlegg</span></li></ul>') if item.text else ""  # fmt: skip
            items.append(f'<li class="np i-par"><div class="det"><h3><a id="{anchor}" /><a class="content-link" href="#{anchor}">{item.sort} {item.number} {escape(item.title)}</a></h3></div>'
                         f'<div class="met i-exp i-hs"><div />{papers}</div></li>')  # fmt: skip
        return f"{meeting.committee_name} {days.dotted(meeting.day)}", f'<h1>{escape(meeting.committee_name)}</h1>{facts}<div id="div_sok_resultstable"><ul>{"".join(items)}</ul></div>'

    # --- files

    def _document(self, asked: Mapping[str, str]) -> Answer:
        index = self._index(asked.get("journalpostid", ""))
        if index is not None and self.journal.entry(index).is_open:
            return Answer(200, pdf.write(self.journal.entry(index).title, ""), "application/pdf")
        match = re.fullmatch(r"\d{4}(?:8(\d{2})(\d{3})|9(\d{3})(\d{2}))", asked.get("journalpostid", ""))
        number = int(match[1] or match[3]) if match else -1
        if match and 0 <= number < len(self.meetings):
            return Answer(200, pdf.write(*self._told(self.meetings[number], int(match[2]) if match[2] else None)), "application/pdf")
        return NOT_FOUND

    @staticmethod
    def _told(meeting: Meeting, item: int | None) -> tuple[str, str]:
        """Title and text of an item's paper, or of the notice of the meeting."""
        if item is not None and item < len(meeting.items):
            return meeting.items[item].title, meeting.items[item].text
        return f"Møteinnkalling - {meeting.committee_name}", "\n".join(_agenda(meeting))


def _agenda(meeting: Meeting) -> Iterable[str]:
    return (f"{i.sort} {i.number} {i.title}" for i in meeting.items)


def _inverted(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


class WfInnsynCms(WfInnsyn):
    """The same within ACOS CMS, on the body's website."""

    form = "cms"


class WfInnsynOld(WfInnsyn):
    """The same with the old skin, where a list is nothing but titles."""

    skin = "old"
