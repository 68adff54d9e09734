"""The ladder: known address, register, front page and menus, robots.txt and sitemap, vendors' catalogues; each only as far as needed.

Everything asked for a body, robots.txt, redirects and probes included, stays within MOST_REQUESTS, and nothing is asked that its host's
robots.txt refuses: that is an answer (`needs_permission`), as a login is. A link is followed when its address or its words promise a
journal, meetings or data; what a page is, its own marks say; what it gives, one probe with the platform's extractor says. An address that
is somebody else's is never taken.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import heappop, heappush
from html import unescape
from typing import Any

import ada_url

from catalogue.authorities import Authorities, Authority
from catalogue.reasons import Reason
from catalogue.sources import SourceEntry
from extractors.contract import Capture, Record, Request, Source, SourceGuess, Window
from extractors.discovery import vendors
from extractors.discovery.addresses import AddressGuess, platform_of, registers
from extractors.discovery.cms import cms_of, names
from extractors.discovery.findings import SIDES, BodyAnswer, Finding, First, Step, place_of, slug_of, with_slugs
from extractors.discovery.menus import MenuLink, links_of
from extractors.discovery.owners import Owner, Owners
from extractors.discovery.probe import Answer, Probe, answer_to, probe
from extractors.discovery.words import LEAD, STRONG_LABEL, is_elsewhere, promise_of, word_in
from extractors.exceptions import AllowanceSpent, FetchError, InvalidURL, OutOfScope, PlatformError
from extractors.fetch import robots, urls
from extractors.fetch.client import Client
from extractors.platforms import EXTRACTORS, source_from_entry
from extractors.websites import page as web
from extractors.websites import sitemap

MOST_REQUESTS = 25
DEADLINE_S = 900.0
MOST_PAGES, MOST_STRANGERS, MOST_OF_SITEMAP, MOST_SITEMAPS = 9, 3, 4, 3
DEEPEST = 2
PAGE_PLATFORMS = ("website", "by-hand")
IN_PAGE = 0.75
UNSAID, PROVED = 0.7, 0.85
XML_FILE, FEWEST_FILES = re.compile(r"\.xml($|\?)", re.I), 2
BRREG = "https://data.brreg.no/enhetsregisteret/api/enheter/"
RUNGS = ("known", "register", "front_page", "menu", "sitemap", "catalogue", "given")

Told = Callable[[str], None]


@dataclass(order=True)
class _Lead:
    """An address to look at. Lower `rank` comes first, then the shorter text: menus are brief. `guess` is what the address itself says."""

    rank: int
    length: int
    number: int
    url: str = field(compare=False)
    depth: int = field(compare=False)
    way: tuple[Step, ...] = field(compare=False)
    guess: AddressGuess | None = field(compare=False, default=None)


@dataclass
class Ladder:
    """What a run shares between bodies: the client, whose addresses are whose, the entries there are, and vendors' catalogues read once."""

    client: Client
    authorities: Authorities
    entries: Mapping[str, SourceEntry]
    window: Window
    day: date
    platforms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.owners = Owners(self.authorities)
        self._lock = threading.Lock()
        self._catalogue: dict[str, tuple[str, ...]] | None = None
        self._catalogue_reason: Reason | None = None

    def look_for(self, body: Authority) -> BodyAnswer:
        """Find a body's sources. Never raises for anything the other side does; Interrupted goes through."""
        return _Search(self, body).climb()

    def look_at(self, body: Authority, url: str) -> BodyAnswer:
        """As `look_for`, beginning and ending at one address that a person gave."""
        return _Search(self, body).look_at(url)

    def of_catalogue(self, authority: str) -> tuple[tuple[str, ...], Reason | None]:
        """What norske-postlister.no says of a body, and why when it says nothing to us. Asked once, for the first body that needs it."""
        with self._lock:
            if self._catalogue is None:
                self._catalogue = {}
                try:
                    capture = self.client.fetch(vendors.source_of(authority), vendors.request())
                    if capture.is_ok:
                        self._catalogue = vendors.addresses(capture, self.authorities)
                    else:
                        self._catalogue_reason = Reason("server_answered", status=capture.status)
                except AllowanceSpent:
                    self._catalogue = None
                    raise
                except (FetchError, web.Hostile) as error:
                    self._catalogue_reason = error.reason
            return self._catalogue.get(authority, ()), self._catalogue_reason


class _Search:
    """The search for one body's sources."""

    def __init__(self, ladder: Ladder, body: Authority) -> None:
        self.ladder, self.body, self.client = ladder, body, ladder.client
        self.findings: dict[tuple[str, str], Finding] = {}
        self.looked: dict[str, Reason | None] = {}
        self.reasons: dict[str, Reason] = {}
        self.leads: list[_Lead] = []
        self.seen: set[str] = set()
        self.pages = self.strangers = 0
        self.ends_at = self.client.clock() + DEADLINE_S
        self.ending: Reason | None = None
        mine = [e for e in ladder.entries.values() if e.authority == body.orgnr]
        self.harvested = [e for e in mine if e.is_harvested]
        self.resting = [e for e in mine if not e.is_harvested and e.platform != "website"]

    # --- the rungs

    def climb(self) -> BodyAnswer:
        """Known address → register → front page and menus → robots and sitemap → vendors' catalogues."""
        return self._within(self._rungs)

    def look_at(self, url: str) -> BodyAnswer:
        """Only one address, whatever it promises."""

        def one() -> None:
            self._put(url, "", Step("given", url, "address given by a person"), depth=DEEPEST, rank=0, is_given=True)
            self._work()
            if not self.findings and self._is_own_site(urls.host_of(url)) and ada_url.URL(url).pathname == "/":
                self._read_front_page(is_followed=False)

        return self._within(one)

    def _within(self, work: Callable[[], None]) -> BodyAnswer:
        self.client.allowances[self.body.orgnr] = MOST_REQUESTS
        try:
            work()
        except AllowanceSpent as error:
            self.ending = error.reason
        finally:
            left = self.client.allowances.pop(self.body.orgnr)
        return self._answer(MOST_REQUESTS - left)

    def _rungs(self) -> None:
        for entry in self.resting:
            self._put(entry.url, "", Step("known", entry.url, f"catalogue entry {entry.id}"), depth=DEEPEST, rank=0)
        self._ask_registers()
        self._read_front_page()
        self._work()
        if self._blank("journal", "meetings", "datasets"):
            self._read_sitemaps()
            self._work()
        if self._blank("journal", "meetings"):
            addresses, reason = self.ladder.of_catalogue(self.body.orgnr)
            self.looked.setdefault(vendors.NORSKE_POSTLISTER, reason)
            for address in addresses:
                self._put(address, "", Step("catalogue", vendors.NORSKE_POSTLISTER, "row that names the body"), depth=DEEPEST - 1, rank=0)
            self._work()

    def _blank(self, *sides: str) -> bool:
        """Whether a side has no source yet."""
        return any(not self._has(side) for side in sides)

    def _has(self, side: str) -> bool:
        kinds = set(SIDES[side])
        return any(kinds & set(e.kinds) for e in self.harvested) or any(kinds & set(f.kinds) for f in self.findings.values())

    def _ask_registers(self) -> None:
        """National services that know a body by its number; one that does not know it is no finding."""
        for register in registers():
            self.seen.add(f"{register.platform} {_key(register.url)}")
            if not self._wants(register.platform) or self._is_held(register.platform, register.url):
                continue
            guess = SourceGuess(register.platform, register.url, {}, "found by the organisation number", 0.95)
            found = self._verified(guess, (Step("register", register.url, guess.evidence),), certainty=0.95)
            self.looked[register.url] = None if found.answer in (Answer.FOUND, Answer.EMPTY) else found.reason
            if found.answer in (Answer.FOUND, Answer.EMPTY):
                self._keep(found)

    def _read_front_page(self, *, is_followed: bool = True) -> None:
        home = self.body.homepage or self._home_of_register()
        if not home:
            self.reasons["website"] = Reason("no_homepage")
            return
        step = Step("front_page", home, "front page")
        capture = self._fetch(home)
        if isinstance(capture, Probe):
            if self._wants("website"):
                self._keep(Finding("website", home, ("page",), {}, capture.answer, capture.reason, 0.9, (step,)))
            return
        if not capture.is_ok:
            failed = Reason("front_page_answered", status=capture.status)
            if self._wants("website"):
                self._keep(Finding("website", home, ("page",), {}, Answer.UNVERIFIED, failed, 0.4, (step,)))
            return
        is_named = self._names_body(capture.text)
        if self._wants("website") and not any(e.platform == "website" for e in self.harvested):
            cms = cms_of(capture)
            seen = f"front page; {names()[cms.family]} by {cms.mark}" if cms else "front page; unknown what made it"
            answer = Answer.FOUND if is_named else Answer.UNVERIFIED
            reason = Reason("first_record", kind="page") if is_named else Reason("front_page_of_another")
            first = First("page", urls.canonical(capture.url), None, capture.url) if is_named else None
            note, way = f"made with {names()[cms.family]}" if cms else "", (replace(step, seen=seen),)
            certainty = 0.95 if is_named else 0.4
            self._keep(Finding("website", home, ("page",), {}, answer, reason, certainty, way, first, note=note))
        if is_followed:
            self._follow(capture, (step,), depth=0)

    def _home_of_register(self) -> str:
        """The homepage Enhetsregisteret states: a claim, asked for only when we know of none (WEB A.1)."""
        address = f"{BRREG}{self.body.orgnr}"
        try:
            capture = self.client.fetch(Source("discovery/brreg", self.body.orgnr, "discovery", address), Request(address))
        except AllowanceSpent:
            raise
        except FetchError as error:
            self.looked[address] = error.reason
            return ""
        match = re.search(r'"hjemmeside"\s*:\s*"([^"\s]+)"', capture.text)
        try:
            return urls.parse(match[1] if match[1].startswith("http") else f"https://{match[1]}/") if match else ""
        except InvalidURL:
            return ""

    def _read_sitemaps(self) -> None:
        """The sitemaps robots.txt names, else the conventional one: only addresses that promise something."""
        home = self.body.homepage
        if not home:
            return
        text = self._fetch(urls.parse("/robots.txt", home), role="index")
        named = robots.parse(text.body).sitemaps if isinstance(text, Capture) and text.is_ok else []
        waiting = [urls.parse("/sitemap.xml", home)] if not named else [a for a in map(self._whole, named) if a]
        asked = 0
        found: list[tuple[int, str, str]] = []
        while waiting and asked < MOST_SITEMAPS:
            address = waiting.pop(0)
            if not self._is_own(urls.host_of(address)):
                continue
            asked += 1
            capture = self._fetch(address, role="index")
            if not isinstance(capture, Capture) or not capture.is_ok:
                continue
            try:
                listed = sitemap.read(capture.body, capture.url)
            except sitemap.NotASitemap as error:
                self.looked[address] = error.reason
                continue
            waiting += listed.sitemaps
            for url, _ in listed.pages:
                worth = promise_of(url, "")
                if worth > LEAD or platform_of(url):
                    found.append((-worth, address, url))
        found.sort(key=lambda row: (row[0], len(row[2])))
        for _, address, url in found[:MOST_OF_SITEMAP]:
            self._put(url, "", Step("sitemap", address, f"address {ada_url.URL(url).pathname}"), depth=DEEPEST - 1, rank=3)

    def _whole(self, address: str) -> str:
        try:
            return urls.parse(address, self.body.homepage)
        except InvalidURL:
            return ""

    # --- leads

    def _work(self) -> None:
        """Look at what waits, the most promising first."""
        while self.leads:
            if self.client.clock() > self.ends_at:
                self.ending = Reason("deadline_ended")
                return
            lead = heappop(self.leads)
            if lead.guess and lead.guess.is_sure and lead.guess.is_whole:
                guess = SourceGuess(lead.guess.platform, lead.guess.url, {}, "the address", lead.guess.certainty)
                self._look_closer(guess, lead, lead.guess)
            elif lead.rank == 0 or self.pages < MOST_PAGES:
                self.pages += 1
                self._look_at_page(lead)

    def _put(
        self, url: str, label: str, step: Step, *, depth: int, rank: int | None = None, way: tuple[Step, ...] = (), is_given: bool = False
    ) -> None:
        """Let a link wait, when it promises something and is nobody else's."""
        guess = platform_of(url)
        worth, host = promise_of(url, label), urls.host_of(url)
        is_sure = guess is not None and guess.is_sure
        key = f"{guess.platform} {_key(guess.url)}" if guess and guess.is_sure else _key(url)
        if key in self.seen or (guess and not self._wants(guess.platform)):
            return
        if rank is None and (is_elsewhere(host) or not (worth or is_sure)):
            return
        if not is_given and self.ladder.owners.claim(self.body, url, guess).owner == Owner.ANOTHERS:
            self.seen.add(key)
            self.looked[url] = Reason("tenant_of_another")
            return
        if guess and guess.is_sure and self._is_held(guess.platform, guess.url):
            return
        if rank is None and not is_sure and not self._is_own(host):
            if worth < STRONG_LABEL or self.strangers >= MOST_STRANGERS:
                return
            self.strangers += 1
        if urls.classify(url) in ("trap", "duplicate", "document") and not guess:
            return
        self.seen.add(key)
        place = rank if rank is not None else 1 if is_sure else 6 - worth
        heappush(self.leads, _Lead(place, len(label or url), len(self.seen), url, depth, (*way, step), guess))

    def _look_at_page(self, lead: _Lead) -> None:
        """Ask for a page and let every platform say whether it is theirs."""
        capture = self._fetch(lead.url)
        if isinstance(capture, Probe):
            if capture.moved:
                step = Step("menu", lead.url, "the address sends on")
                self._put(capture.moved, "", step, depth=DEEPEST, rank=min(lead.rank, 1), way=lead.way)
            elif lead.guess and capture.answer in (Answer.LOGIN, Answer.NEEDS_PERMISSION, Answer.UNVERIFIED):
                self._keep(self._unread(lead, lead.guess, capture))
            return
        if not capture.is_ok:
            if lead.guess:
                self._keep(self._unread(lead, lead.guess, Probe(Answer.UNVERIFIED, Reason("server_answered", status=capture.status))))
            return
        guesses = sorted(_detected(capture), key=lambda g: -g.confidence) or self._guesses_of_files(capture)
        for guess in guesses:
            if _is_same_host(guess.url, capture.url) and (guess.confidence >= IN_PAGE or _place(guess.url) == _place(capture.url)):
                self._look_closer(guess, lead, platform_of(guess.url))
            else:
                self._put(guess.url, "", Step("menu", capture.url, guess.evidence), depth=DEEPEST, way=lead.way)
        is_platform = any(_is_same_host(g.url, capture.url) for g in guesses)
        if not guesses and lead.guess and not self._links(capture):
            # Nobody's mark in it: the platform's own extractor says what it is, or that it is broken.
            self._look_closer(SourceGuess(lead.guess.platform, lead.guess.url, {}, "the address", lead.guess.certainty), lead, lead.guess)
        if lead.depth < DEEPEST and self._is_own(urls.host_of(capture.url)):
            self._follow(capture, lead.way, depth=lead.depth, is_platform=is_platform)

    def _guesses_of_files(self, capture: Capture) -> list[SourceGuess]:
        """What a page that lists files in XML is, by the first of them: the page says nothing of what stands in them."""
        here = urls.host_of(capture.url)
        files = [link.url for link in self._links(capture) if XML_FILE.search(link.url) and urls.host_of(link.url) == here]
        if len(files) < FEWEST_FILES:
            return []
        file = self._fetch(files[0], role="document")
        if isinstance(file, Probe) or not file.is_ok:
            return []
        return [replace(guess, url=capture.url, evidence=f"it lists files of which {guess.evidence}") for guess in _detected(file)]

    def _follow(self, capture: Capture, way: tuple[Step, ...], *, depth: int, is_platform: bool = False) -> None:
        """Let the promising links of a page wait; of a platform's own page only those to other hosts of the body."""
        for link in self._links(capture):
            host = urls.host_of(link.url)
            if is_platform and (host == urls.host_of(capture.url) or not self._is_own(host)):
                continue
            # Our own word, never the link's whole text: that may be about anybody.
            word = word_in(link.text)
            step = Step("menu", capture.url, f"link with the word «{word}»" if word else "link")
            self._put(link.url, link.text, step, depth=depth + 1, way=way)

    # --- what is found

    def _look_closer(self, guess: SourceGuess, lead: _Lead, address: AddressGuess | None) -> None:
        """Verify a guess when it is not held already."""
        if not self._wants(guess.platform) or (guess.platform, _place(guess.url)) in self.findings:
            return
        claim = self.ladder.owners.claim(self.body, guess.url, address)
        if claim.owner == Owner.ANOTHERS:
            self.looked[guess.url] = Reason("tenant_of_another")
            return
        if self._is_held(guess.platform, guess.url):
            return
        way = (*lead.way, Step("page", guess.url, guess.evidence))
        found = self._verified(guess, way, certainty=guess.confidence * (1.0 if claim.owner == Owner.OWN else UNSAID))
        if guess.platform in {register.platform for register in registers()} and found.answer not in (Answer.FOUND, Answer.EMPTY):
            self.looked[guess.url] = found.reason
            return
        self._keep(found)

    def _verified(self, guess: SourceGuess, way: tuple[Step, ...], *, certainty: float) -> Finding:
        """The guess as a source, asked once by its own extractor."""
        if guess.platform not in EXTRACTORS:
            reason = Reason("no_reader", platform=guess.platform)
            return Finding(guess.platform, guess.url, guess.kinds or ("journal_entry",), {}, Answer.NO_READER, reason, certainty, way)
        extractor = EXTRACTORS[guess.platform]
        kinds = guess.kinds or tuple(record.kind for record in extractor.yields)
        draft = Finding(
            guess.platform, guess.url, kinds, guess.settings, Answer.UNVERIFIED, Reason("nothing_recognised"), certainty, way,
            slug=slug_of(self.body),
        )  # fmt: skip
        try:
            source = source_from_entry(draft.entry(self.body.orgnr, self.ladder.day))
        except (ValueError, PlatformError):
            return replace(draft, reason=Reason("entry_refused"), certainty=certainty / 2)
        result = probe(self.client, source, extractor(), self.ladder.window)
        is_proved = result.answer in (Answer.FOUND, Answer.EMPTY) and certainty >= UNSAID
        return replace(
            draft, answer=result.answer, reason=result.reason, certainty=max(certainty, PROVED) if is_proved else certainty,
            first=_first(result.record, result.capture) if result.record and result.capture else None,
        )  # fmt: skip

    def _unread(self, lead: _Lead, guess: AddressGuess, result: Probe) -> Finding:
        """A source known by its address alone, whose page did not let us in."""
        extractor = EXTRACTORS.get(guess.platform)
        kinds = tuple(record.kind for record in extractor.yields) if extractor else ("journal_entry",)
        way = (*lead.way, Step("page", lead.url, "the address; the page was not read"))
        return Finding(guess.platform, guess.url, kinds, {}, result.answer, result.reason, guess.certainty, way)

    def _keep(self, finding: Finding) -> None:
        self.findings.setdefault((finding.platform, _place(finding.url)), finding)

    def _answer(self, requests: int) -> BodyAnswer:
        findings = with_slugs(merged(self.findings.values()), self.body, self.ladder.entries)
        known = {side: tuple(e.id for e in self.harvested if set(kinds) & set(e.kinds)) for side, kinds in SIDES.items()}
        asked = sum(reason is None for reason in self.looked.values())
        for side in SIDES:
            self.reasons.setdefault(side, self.ending or Reason("no_trace", n=asked))
        return BodyAnswer(self.body.orgnr, self.ladder.day, requests, findings, known, self.reasons, tuple(self.looked.items()))

    # --- asking

    def _fetch(self, url: str, role: str = "data") -> Capture | Probe:
        """The answer to one question, or what its absence means. Raises AllowanceSpent."""
        host = urls.host_of(url)
        if self._is_own_site(host):
            source = Source(f"website/{slug_of(self.body)}", self.body.orgnr, "website", url, hosts=self.body.hosts)
        else:
            source = Source(f"discovery/{slug_of(self.body)}", self.body.orgnr, "discovery", url)
        try:
            capture = self.client.fetch(source, Request(url, role=role))
        except AllowanceSpent:
            raise
        except FetchError as error:
            self.looked[url] = error.reason
            return Probe(answer_to(error), error.reason, moved=error.url if isinstance(error, OutOfScope) else "")
        self.looked[url] = Reason("server_answered", status=capture.status) if not capture.is_ok else None
        return capture

    def _links(self, capture: Capture) -> tuple[MenuLink, ...]:
        try:
            return links_of(capture)
        except web.Hostile as error:
            self.looked[capture.url] = error.reason
            return ()

    def _names_body(self, html: str) -> bool:
        """Whether a front page names the body it is listed for: registers have been wrong (WEB A.1)."""
        said = unescape(html[:300_000]).casefold()
        names = [re.sub(r"\b(fylkeskommune|kommune|herad|suohkan)\b", "", name.casefold()).strip() for name in self.body.names]
        return any(re.search(rf"\b{re.escape(name)}\b", said) for name in names if name)

    def _is_own_site(self, host: str) -> bool:
        return host in urls.scope(self.body.homepage, self.body.hosts) if self.body.homepage else host in self.body.hosts

    def _is_own(self, host: str) -> bool:
        owner = self.ladder.owners.at_host(host)
        return owner is not None and owner.orgnr == self.body.orgnr

    def _wants(self, platform: str) -> bool:
        return not self.ladder.platforms or platform in self.ladder.platforms

    def _is_held(self, platform: str, url: str) -> bool:
        """Whether an entry that is harvested stands for this address already."""
        return any(e.platform == platform and place_of(e) == _place(url) for e in self.harvested)


def _detected(capture: Capture) -> Iterator[SourceGuess]:
    """What every platform makes of a page."""
    for platform, extractor in EXTRACTORS.items():
        if platform not in PAGE_PLATFORMS and (guess := extractor.detect(capture)) is not None:
            yield guess


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Pages of one ACOS installation that stand on one host are one source: the journal's page, with the meetings' page in its settings."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.platform, "journal_entry" not in f.kinds, f.url)):
        twin = next((k for k in kept if _are_pages_of_one(k, finding)), None)
        if twin is None:
            kept.append(finding)
            continue
        ids = {k: v for k, v in twin.settings.items() if finding.settings.get(k) == v}
        both = replace(
            twin, kinds=tuple(dict.fromkeys((*twin.kinds, *finding.kinds))), settings={**ids, "meetings_page": finding.url},
            evidence=(*twin.evidence, *finding.evidence),
        )  # fmt: skip
        kept[kept.index(twin)] = both
    return kept


def _are_pages_of_one(one: Finding, other: Finding) -> bool:
    is_pair = "journal_entry" in one.kinds and "meeting" not in one.kinds and set(other.kinds) == {"meeting", "agenda_item"}
    is_one_place = _is_same_host(one.url, other.url) and _tenant(one) == _tenant(other)
    return one.platform == other.platform == "acos-innsyn" and is_pair and is_one_place


def _tenant(finding: Finding) -> Any:
    guess = platform_of(finding.url)
    return guess.tenant if guess else ""


def _first(record: Record, capture: Capture) -> First:
    """A first record without a word of its text."""
    row = record.as_row()
    day = next((str(row[name])[:30] for name in ("journal_date", "start", "modified", "case_date") if row.get(name)), None)
    return First(record.kind, record.key, day, row.get("source_url") or capture.url)


def _is_same_host(one: str, other: str) -> bool:
    return urls.host_of(one) == urls.host_of(other)


def _key(url: str) -> str:
    return urls.canonical(url)


def _place(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url.lower()).partition("?")[0].rstrip("/")
