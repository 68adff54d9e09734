"""ACOS nye-innsyn as ATLAS section 3.2 describes it: a shell page that hands out cookies and numbers, then JSON by POST."""

from __future__ import annotations

import html as markup
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer, plain, redirect
from sandbox.bodies import Body
from sandbox.identifiers import acos_id, digest, hex_of, read_acos_id, tenant_guid
from sandbox.journal import Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import COMMITTEES, Meeting

API = "/api/presentation/v2/nye-innsyn"
CASES, MEETINGS = 0, 1
LARGEST_PAGE = 100
TYPES = {
    "nb": {"I": "Inngående dokument", "U": "Utgående dokument", "X": "Internt notat (X)", "N": "Internt notat (N)", "S": "Saksframlegg"},
    "nn": {"I": "Inngåande dokument", "U": "Utgåande dokument", "X": "Internt notat (X)", "N": "Internt notat (N)", "S": "Saksframlegg"},
}
COOKIES = ("ASP.NET_SessionId", ".ASPXANONYMOUS")


@dataclass(frozen=True)
class Quirks:
    """How a tenant differs. The first four are silent: the answer is a good one to another question.

    `trouble`: login (the shell sends to a login), drifted (the answers lost their `content`), halfway (500 from page 2 on, and for every
    meeting).
    """

    ignores_dates: bool = True
    ignores_committee: bool = True
    repeats_last_page: bool = False
    archives: tuple[str, ...] = ()
    asks_for_cookie: bool = True
    asks_for_referer: bool = False
    hides_wrong_method: bool = False
    posts_for_files: bool = False
    trouble: str = ""


class AcosInnsyn:
    """One tenant. `folder` is where its two shell pages stand: `postliste/` for the journal and `moter/` for the meetings."""

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting], quirks: Quirks, host: str, folder: str) -> None:
        self.body, self.day, self.journal, self.meetings, self.quirks = body, day, journal, meetings, quirks
        self.host, self.folder = host, folder
        self.footer: list[tuple[str, str]] = []
        self.guid = tenant_guid(seed, body.slug)
        raw = digest("acos tenant", seed, body.slug)
        self.portal, self.language = 2 + raw[0] % 90, 1 if body.language == "nb" else 2
        self.menu = {CASES: 3000 + raw[1] * 7, MEETINGS: 5000 + raw[2] * 7}

    # --- what others must know of it

    @property
    def home(self) -> str:
        """The page a person opens, and a harvester starts from."""
        return f"https://{self.host}{self.folder}postliste/"

    def shells(self) -> tuple[str, ...]:
        return f"{self.folder}postliste/", f"{self.folder}moter/"

    def rules(self) -> HostRules:
        """What this tenant tolerates."""
        return HostRules(
            closed=("/login",), posts=(f"{API}/overview", f"{API}/mote/"), cookies=COOKIES, sessions=self.shells(), schemes=("https", "http")
        )

    def entry_key(self, index: int) -> str:
        return acos_id("d", self.guid, f"{self.day.year}{index + 1:06d}")

    def case_key(self, number: int) -> str:
        return acos_id("a", self.guid, f"{self.day.year}{number:06d}")

    def meeting_key(self, number: int) -> str:
        return acos_id("m", self.guid, f"{self.day.year}{number:06d}")

    def item_key(self, meeting: int, item: int) -> str:
        return acos_id("s", self.guid, f"{self.day.year}{meeting * 1000 + item:06d}")

    def entry_url(self, index: int) -> str:
        return f"{self.home}#/details/{self.case_key(self.journal.case_of(index)[0])}/{self.entry_key(index)}"

    def item_url(self, meeting: int, item: int) -> str:
        return f"https://{self.host}{self.folder}moter/#/details/{self.meeting_key(meeting)}"

    # --- answers

    def answers(self, path: str) -> bool:
        """Is the path one of the tenant's?"""
        return path.startswith((f"{API}/", *self.shells())) or path == "/login"

    def respond(self, question: Question) -> Answer:
        path = question.path
        if path == "/login":
            return html("<!doctype html><html lang='nb'><head><title>Logg inn</title></head><body><form method='post'><input type='password'></form></body></html>")
        if path in self.shells():
            return self._shell(CASES if path.endswith("postliste/") else MEETINGS)
        if not path.startswith(f"{API}/"):
            return NOT_FOUND
        if not question.headers.get("user-agent", "").startswith("Mozilla/5.0"):
            return html("<html><body>You do not have permission to view this page.</body></html>", status=403)
        if "%21" in path:
            return plain("", status=405)
        call, _, rest = path.removeprefix(f"{API}/").partition("/")
        wants = "POST" if call in ("overviewInit", "overview", "mote") or (call == "dokument" and self.quirks.posts_for_files) else "GET"
        if question.method != wants:
            return redirect("/login?returnUrl=%2Finnsyn") if self.quirks.hides_wrong_method else plain("", status=405)
        if wants == "POST" and (turned_away := self._turned_away(question)):
            return turned_away
        if call in ("overviewInit", "overview") and not rest:
            return self._overview(question, is_first=call == "overviewInit")
        known = {"details": self._details, "sak": self._case_tree, "dokument": self._files, "mote": self._meeting, "filer": self._file}
        return known[call](rest) if call in known else self._error(404, "Not Found")

    def _turned_away(self, question: Question) -> Answer | None:
        headers = question.headers
        if self.quirks.asks_for_cookie and "ASP.NET_SessionId" not in question.cookies():
            return redirect("/login?returnUrl=%2Finnsyn")
        if self.quirks.asks_for_referer and not urlsplit(headers.get("referer", "")).path.startswith(self.folder):
            return redirect("/login?returnUrl=%2Finnsyn")
        if headers.get("x-anti-csrf") != "1":
            return self._error(403, "Forbidden")
        if headers.get("portalid") != str(self.portal) or headers.get("menypunktid") not in {str(m) for m in self.menu.values()}:
            return self._error(400, "Portal or menu item is unknown")
        if not headers.get("content-type", "").startswith("application/json"):
            return self._error(415, "Unsupported Media Type")
        return None

    @staticmethod
    def _error(status: int, message: str) -> Answer:
        return json_answer({"message": message}, status=status)

    def _shell(self, overview: int) -> Answer:
        if self.quirks.trouble == "login":
            return redirect("/login?returnUrl=%2Finnsyn%2Fpostliste%2F")
        session = hex_of(24, "session", self.guid)
        title = {("nb", 0): "Søk i post, dokumenter og saker", ("nn", 0): "Søk i post, dokument og saker"}.get((self.body.language, overview), "Politisk møtekalender")
        page = f"""<!DOCTYPE html>
<html lang="{self.body.language}">
<head><meta charset="utf-8" /><meta name="format-detection" content="telephone=no" />
  <base href="/">
  <link href="/templates/assets/css/default.css?v=17.10.4387" type="text/css" rel="stylesheet">
  <meta name="robots" content="noindex, nofollow, nosnippet, noarchive" />
  <link type="text/css" rel="stylesheet" href="/Maler/Standard/Handlers/StyleHandler.ashx?portalID={self.portal}&sprakID={self.language}&designID=66&v=17.10.4387" />
  <link type="text/css" rel="stylesheet" href="/ClientApp/reactjs-front/innsyn/dist/css/overview.css" />
  <meta name="viewport" content="width=device-width, initial-scale=1.0" />
  <title>{title} - {self.body.full_name}</title>
  <meta name="language" content="{self.body.language}" />
  <meta name="acos-cmscontext" content="w{4000 if overview == CASES else 4013}$o-1$m{self.menu[overview]}$sl0" />
</head>
<body>
  <div class="cookie-notice" data-identifier="{self.portal}"></div>
  <main><section class="ac-content-page--innsyn js-application"><div class="innsyn-overview" data-mode="{overview}"></div>
  <noscript>Du må ha JavaScript for å bruke innsynsløsningen.</noscript></section></main>
  <script src="/ClientApp/reactjs-front/innsyn/dist/index.js" type="module"></script>{self._footer()}
</body></html>"""
        jar = (("Set-Cookie", f"ASP.NET_SessionId={session}; path=/; HttpOnly; SameSite=Lax"),
               ("Set-Cookie", f".ASPXANONYMOUS={session[::-1]}; path=/; HttpOnly"), ("Cache-Control", "private"))  # fmt: skip
        return html(page, headers=jar)

    def _footer(self) -> str:
        """What an installation on a host of its own links to besides."""
        links = "".join(f'<li><a href="{markup.escape(url)}">{markup.escape(text)}</a></li>' for text, url in self.footer)
        return f"\n  <footer><ul>{links}</ul></footer>" if links else ""

    def _overview(self, question: Question, *, is_first: bool) -> Answer:
        try:
            asked = json.loads(question.body or b"{}")
            pairs = [(str(p["key"]), str(p["value"])) for p in asked.get("keyValues", [])]
        except (ValueError, TypeError, KeyError, AttributeError):
            return self._error(400, "Bad request")
        if self.quirks.trouble == "drifted":
            return json_answer({"data": {"hits": [], "nextCursor": "2"}, "apiVersion": 3})
        values = dict(pairs)
        overview = asked.get("type", MEETINGS)  # leave it out and the wrong overview comes
        page = 1 if is_first else max(_whole(values.get("page"), 1), 1)
        size = min(max(_whole(values.get("pageSize"), 10), 1), LARGEST_PAGE)
        if self.quirks.trouble == "halfway" and page > 1:
            return self._error(500, "An error has occurred.")
        rows: Sequence[int] = self._case_rows(values) if overview == CASES else self._meeting_rows(values) if overview == MEETINGS else ()
        pages = max(-(-len(rows) // size), 1)
        shown = min(page, pages)  # asked beyond the end, the last page comes again
        chunk = [rows[n] for n in range((shown - 1) * size, min(shown * size, len(rows)))]
        if overview == CASES:
            items = [self._case_row(n) if values.get("FilterContent") == "CaseOnly" else self._entry_row(n) for n in chunk]
        else:
            items = [self._meeting_row(n) for n in chunk]
        is_last = page >= pages and not self.quirks.repeats_last_page
        listing = {"pageNumber": page, "pageSize": size, "pageCount": pages, "totalItemCount": len(rows), "isFirstPage": page == 1,
                   "isLastPage": is_last, "hasNextPage": not is_last, "hasPreviousPage": page > 1, "items": items}  # fmt: skip
        filters = {"filter": {}, "searchOptions": {"searchFilters": self._filters(overview) if is_first else []}}
        return json_answer({"content": {"title": "", "type": overview, "searchItems": listing, **filters}})

    def _filters(self, overview: int) -> list[dict[str, Any]]:
        committees = [{"value": acos_id("u", self.guid, str(n)), "text": name} for n, name in enumerate(self._committees(), 1)]
        archives = [{"value": self._archive_guid(name), "text": name} for name in self.quirks.archives]
        found = [{"key": "UtvalgID", "options": committees}] if overview == MEETINGS else [{"key": "Sakstype", "options": []}]
        return [*found, {"key": "Datasource", "options": archives}]

    def _committees(self) -> tuple[str, ...]:
        return COMMITTEES[(self.body.role, self.body.language)]

    def _archive_guid(self, name: str) -> str:
        return self.guid.replace("__", "-")[:-4] + hex_of(4, name)

    def _case_rows(self, values: Mapping[str, str]) -> Sequence[int]:
        """Indexes of entries (or numbers of cases), newest first, as far as this tenant heeds the filters."""
        journal = self.journal
        if self.quirks.archives and values.get("Datasource") == self._archive_guid(self.quirks.archives[-1]):
            return ()  # the old archive has nothing that is open
        if values.get("FilterContent") == "CaseOnly":
            return list(dict.fromkeys(journal.case_of(i)[0] for i in journal.listed_from_newest(0, journal.listed_count())))
        words = (values.get("searchTerm") or values.get("titleSearch") or "").lower()
        since, until = values.get("FromDate", "")[:10], values.get("ToDate", "")[:10]
        if not words and (self.quirks.ignores_dates or not (since or until)):
            return _Listed(journal)
        found = [i for i in journal.listed_from_newest(0, journal.listed_count()) if words in journal.entry(i).title.lower()]
        if self.quirks.ignores_dates:
            return found
        return [i for i in found if (since or "0000") <= journal.day_of(i).isoformat() <= (until or "9999")]

    def _entry_row(self, index: int) -> dict[str, Any]:
        entry = self.journal.entry(index)
        party = {"avsender": entry.sender} if entry.direction == "I" else {"mottaker": entry.recipient} if entry.direction == "U" else {}
        return {
            "identifier": self.entry_key(index), "parentIdentifier": self.case_key(entry.case), "title": entry.title,
            "type": TYPES[self.body.language][entry.direction], "status": "J", "antallVedlegg": 0,
            "properties": {"saksnummer": self.journal.case_number(entry.case), "dokumentID": f"{self.day.year}/{self.journal.serial(index)}",
                           "dato": days.dotted(entry.day), **party},
        }  # fmt: skip

    def _case_row(self, number: int) -> dict[str, Any]:
        case = self.journal.case(number)
        assert case is not None
        return {"identifier": self.case_key(number), "parentIdentifier": None, "title": case.title, "type": "Sak", "status": "B", "antallVedlegg": 0,
                "properties": {"saksnummer": self.journal.case_number(number), "dato": days.dotted(case.day)}}  # fmt: skip

    def _meeting_rows(self, values: Mapping[str, str]) -> list[int]:
        wanted = values.get("Dato", "")
        numbers = range(len(self.meetings))
        held = [n for n in reversed(numbers) if self.meetings[n].is_held(self.day)]
        coming = [n for n in numbers if not self.meetings[n].is_held(self.day)]
        found = held if wanted == "HeldMeetings" else coming if wanted == "ComingMeetings" else [*reversed(coming), *held]
        committee = values.get("UtvalgID")
        if committee and not self.quirks.ignores_committee:
            found = [n for n in found if acos_id("u", self.guid, str(self.meetings[n].committee + 1)) == committee]
        return found

    def _meeting_row(self, number: int) -> dict[str, Any]:
        meeting = self.meetings[number]
        return {"identifier": self.meeting_key(number), "parentIdentifier": None, "title": meeting.committee_name, "type": "Møte", "status": "", "antallVedlegg": 0,
                "properties": {"dato": days.dotted(meeting.day), "tid": f"{meeting.hour:02d}:00", "sted": meeting.place}}  # fmt: skip

    def _number(self, identifier: str, letter: str) -> int | None:
        found = read_acos_id(identifier, letter, self.guid)
        return int(found[4:]) if found and found.startswith(str(self.day.year)) and found.isdigit() else None

    def _case(self, identifier: str):
        number = self._number(identifier, "a")
        return None if number is None else self.journal.case(number)

    def _details(self, identifier: str) -> Answer:
        case = self._case(identifier)
        if case is None:
            return self._error(404, "Not Found")
        newest = self.journal.day_of(case.members[-1])
        documents = []
        for entry in map(self.journal.entry, reversed(case.members)):
            documents.append({
                "identifikator": self.entry_key(entry.index), "friendlyId": f"{self.day.year}/{self.journal.serial(entry.index)}", "tittel": entry.title,
                "dato": days.dotted(entry.day), "fra": [entry.sender] if entry.direction == "I" else [],
                "til": [entry.recipient] if entry.direction == "U" else [],
            })  # fmt: skip
        case_file = {
            "identifikator": identifier, "saksnummer": self.journal.case_number(case.number), "tittel": case.title, "undertittel": "",
            "dato": days.dotted(case.day), "sakstype": "Generell sak", "saksbehandler": self.journal.entry(case.members[0]).worker, "dokumenter": documents,
        }  # fmt: skip
        return json_answer({"content": {"sak": case_file}}, modified=days.http_date(newest))

    def _case_tree(self, identifier: str) -> Answer:
        case = self._case(identifier)
        if case is None:
            return self._error(404, "Not Found")
        documents = [self._document_block(e) for e in map(self.journal.entry, reversed(case.members))]
        body = {
            "title": case.title, "subtitle": "", "props": {"saksbehandler": self.journal.entry(case.members[0]).worker, "status": "Under behandling", "dato": days.dotted(case.day)},
            "b": [{"type": "Metadata", "key": "FRIENDLY_ID", "text": self.journal.case_number(case.number)}, {"type": "DocumentList", "b": documents}],
        }  # fmt: skip
        return json_answer({"content": {"body": body}}, modified=days.http_date(self.journal.day_of(case.members[-1])))

    def _document_block(self, entry: Entry) -> dict[str, Any]:
        kind = TYPES[self.body.language][entry.direction]
        labels = {"DokumentID": f"{self.day.year}/{self.journal.serial(entry.index)}", "Dato": days.dotted(entry.day), "Dokumenttype": kind}
        labels |= {"Avsender": entry.sender} if entry.direction == "I" else {"Mottaker": entry.recipient} if entry.direction == "U" else {}
        properties = [{"type": "Property", "title": label, "text": text} for label, text in labels.items()]
        facts = (("DOCUMENT_TYPE", kind), ("DOCUMENT_TYPE_CODE", entry.direction), ("DOCUMENT_CONFIDENTIAL", entry.legal_basis))
        return {"type": "AsyncDocument", "identifier": self.entry_key(entry.index), "title": entry.title,
                "b": [{"type": "PropertyList", "b": properties}, *({"type": "Metadata", "key": k, "text": v} for k, v in facts)]}  # fmt: skip

    def _file_id(self, number: str) -> str:
        key = acos_id("v", self.guid, f"{number}_1_A")
        head, _, signature = key.rpartition("!")
        return f"{head}!d-{number}!{signature}"

    def _file_url(self, number: str) -> str:
        return f"{API}/filer/{self._file_id(number)}?pid={self.portal}"

    def _files(self, rest: str) -> Answer:
        index = self._number(rest, "d")
        if index is None or not 0 <= index - 1 < len(self.journal):
            return self._error(404, "Not Found")
        entry = self.journal.entry(index - 1)
        number = f"{self.day.year}{index:06d}"
        if self.quirks.posts_for_files:
            rows = [{"title": f"{entry.title} (pdf, 101KB)", "identifier": self._file_id(number), "url": self._file_url(number)}] if entry.is_open else []
            return json_answer({"content": {"b": [{"type": "FileList", "b": rows}]}})
        attached = [{"title": entry.title, "filtype": "pdf", "filstorrelseFormatted": "101 KB", "fileUrl": self._file_url(number) if entry.is_open else "",
                     "visibilityText": "" if entry.is_open else entry.legal_basis or "Må bes om innsyn"}]  # fmt: skip
        return json_answer({"content": {"model": {"vedleggGruppe": [{"title": "Hoveddokument", "vedlegg": attached}]}}}, modified=days.http_date(entry.day))

    def _meeting(self, rest: str) -> Answer:
        if self.quirks.trouble == "halfway":
            return self._error(500, "An error has occurred.")
        if rest.startswith("saksfremlegg/"):
            return self._item(rest.removeprefix("saksfremlegg/"))
        number = self._number(rest, "m")
        if number is None or number >= len(self.meetings):
            return self._error(404, "Not Found")
        meeting = self.meetings[number]
        cases = [
            {"type": "MeetingCase", "identifier": self.item_key(number, n), "title": item.title,
             "b": [{"type": "Property", "title": "Saksnr", "text": f"{item.sort} {item.number}"}]}
            for n, item in enumerate(meeting.items)
        ]  # fmt: skip
        call = f"9{number:05d}"
        notice = {"type": "File", "identifier": self._file_id(call), "title": "Innkalling" if self.body.language == "nb" else "Innkalling og sakliste",
                  "url": self._file_url(call)}  # fmt: skip
        return json_answer({"content": {"title": meeting.committee_name, "b": [
            {"type": "List", "key": "MEETING_CASES", "b": cases}, {"type": "List", "key": "MEETING_FILES", "b": [notice]},
        ]}})  # fmt: skip

    def _item(self, identifier: str) -> Answer:
        number = self._number(identifier, "s")
        meeting, item = divmod(number, 1000) if number is not None else (len(self.meetings), 0)
        if meeting >= len(self.meetings) or item >= len(self.meetings[meeting].items):
            return self._error(404, "Not Found")
        told = self.meetings[meeting].items[item]
        call = f"8{meeting:03d}{item:03d}"
        blocks: list[dict[str, Any]] = []
        if told.text:
            paragraphs = "".join(f"<p>{markup.escape(p)}</p>" for p in told.text.split("\n\n"))
            blocks = [{"type": "Text", "text": paragraphs},
                      {"type": "FileList", "b": [{"type": "File", "identifier": self._file_id(call), "title": "Saksframlegg", "url": self._file_url(call)}]}]  # fmt: skip
        return json_answer({"content": {"title": told.title, "b": blocks}})

    def _file(self, rest: str) -> Answer:
        head, _, signature = rest.rpartition("!")
        head, _, number = head.rpartition("!d-")
        if not number or self._file_id(number) != f"{head}!d-{number}!{signature}":
            return self._error(404, "Not Found")
        title, text = self._file_text(number)
        return Answer(200, pdf.write(title, text), "application/pdf", (), days.http_date(self.day))

    def _file_text(self, number: str) -> tuple[str, str]:
        if number.startswith("8") and len(number) == 7:
            item = self.meetings[int(number[1:4])].items[int(number[4:])]
            return item.title, item.text
        if number.startswith("9") and len(number) == 6:
            meeting = self.meetings[int(number[1:])]
            return f"Innkalling til {meeting.committee_name}", "\n".join(f"{i.number} {i.title}" for i in meeting.items)
        index = int(number[4:]) - 1
        return self.journal.entry(index).title, ""


class Onacos:
    """The shared host `innsynpluss.onacos.no`: the tenant is known by the Referer."""

    HOST = "innsynpluss.onacos.no"

    def __init__(self) -> None:
        self.tenants: dict[str, AcosInnsyn] = {}

    def add(self, tenant: AcosInnsyn) -> None:
        self.tenants[tenant.folder] = tenant

    def rules(self) -> HostRules:
        shells = tuple(s for t in self.tenants.values() for s in t.shells())
        return HostRules(closed=("/login",), posts=(f"{API}/overview", f"{API}/mote/"), cookies=COOKIES, sessions=shells, schemes=("https", "http"))

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return plain("User-agent: *\nDisallow: /login\n", modified=days.http_date(days.DEFAULT_DAY))
        referer = urlsplit(question.headers.get("referer", "")).path
        for folder, tenant in self.tenants.items():
            if question.path.startswith(folder) or (question.path.startswith(f"{API}/") and referer.startswith(folder)):
                return tenant.respond(question)
        return redirect("/login") if question.path.startswith(API) else NOT_FOUND


class _Listed(Sequence[int]):
    """The listed entries newest first, made when they are asked for."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def __len__(self) -> int:
        return self.journal.listed_count()

    def __getitem__(self, position):  # type: ignore[override]
        return next(self.journal.listed_from_newest(position, position + 1))

    def __iter__(self) -> Iterator[int]:
        return self.journal.listed_from_newest(0, len(self))


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default
