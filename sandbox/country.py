"""The boring country: the demo's world, and a hundred bodies more whose websites and journals hold little but the day's work.

`build` makes a world in which about 2 pages in 100 tell of a true initiative: those of the demo, and further ones (`data/country/*.txt`, in the
form of `sandbox.bank`) that are planted nowhere else. Every further page and title is made from the seed and its number when it is asked for:
a country of a million titles takes no more memory than a small one.

`data/country/fillers.txt` holds more of what a body writes all day. There a `page` is a page, an `entry` a title, and an `item` a part that
stands on many pages under a heading of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from sandbox import bank as texts
from sandbox import days, markup, pdf, world
from sandbox.answers import NOT_FOUND, Answer, Question, html, plain, redirect
from sandbox.bank import Bank, Initiative, Text
from sandbox.bodies import Body, country_bodies
from sandbox.datasets import slug_of
from sandbox.exceptions import SandboxError
from sandbox.journal import OLD, Journal, Planted
from sandbox.judge import HostRules
from sandbox.markup import Frame, Link, Page
from sandbox.meetings import COMMITTEES
from sandbox.places import Told, dates_of, sections
from sandbox.postliste_json import PostlisteJson
from sandbox.spin import spin
from sandbox.world import SourceRow, World

TITLES, PAGES, LEAST_PAGES = 1_000_000, 20_000, 1_500
SHARE = 0.02
"""How many pages tell of a true initiative."""
PAGES_OF_A_BODY = 225
LOOKALIKE_PAGES, LOOKALIKE_TITLES = 0.08, 0.04
"""How many pages and titles are look-alikes; the fillers hold words that look alike too, as often as offices use them."""
FIRST_NUMBER = 1_000

_NUMBER = re.compile(r"[.\-/](\d{4,6})(?:\.(?:no|nn)\.html|\.aspx|/|/[^/]*\.pdf)$")


@dataclass(frozen=True)
class Stock:
    """What a body may write: boring `pages`, parts of pages, resolutions, reports and titles, and `lookalikes` of both kinds."""

    pages: tuple[Text, ...]
    parts: tuple[Text, ...]
    resolutions: tuple[Text, ...]
    reports: tuple[Text, ...]
    titles: tuple[Text, ...]
    lookalike_pages: tuple[Text, ...]
    lookalike_titles: tuple[Text, ...]

    @classmethod
    def of(cls, body: Body, demo: Bank, further: Bank) -> Stock:
        def fitting(pool: Iterable[Text], kind: str) -> tuple[Text, ...]:
            return tuple(t for t in pool if t.kind == kind and t.fits(body))

        both, alike = (*demo.fillers, *further.fillers), (*demo.lookalikes, *further.lookalikes)
        return cls(fitting(both, "page"), fitting(further.fillers, "item"), fitting(demo.fillers, "item"), fitting(both, "pdf"),
                   fitting(both, "entry"), fitting(alike, "page"), fitting(alike, "entry"))  # fmt: skip


class LongSite:
    """A website whose pages are made from their numbers. `told` is what it must say, each at a page of its own."""

    def __init__(self, body: Body, seed: int, day: date, count: int, told: Sequence[Told], stock: Stock, people: Sequence[str]) -> None:
        self.body, self.seed, self.day, self.count, self.stock, self.people = body, seed, day, count, stock, people
        dice = Random(f"country site {seed} {body.slug}")
        templates = list(stock.lookalike_pages)
        dice.shuffle(templates)
        alike = templates[: min(round(count * LOOKALIKE_PAGES), count - len(told))]
        spots = dice.sample(range(count), len(told) + len(alike))
        self.told = dict(zip(spots, (t.text for t in told), strict=False))
        self.alike = dict(zip(spots[len(told) :], alike, strict=True))
        self.parts = sections(body)
        self.by_path = {path: key for key, (_, path) in self.parts.items()}

    # --- what stands where

    @property
    def numbers(self) -> range:
        return range(self.count)

    def text(self, number: int) -> tuple[Text, str, Random]:
        """The text of a page, the section it stands in, and the dice that go on with it."""
        dice = Random(f"{self.seed} {self.body.slug} page {number}")
        if (told := self.told.get(number)) is not None:
            return told, dice.choices(("politics", "about", "news", "services"), (4, 2, 4, 1))[0], dice
        if (template := self.alike.get(number)) is not None:
            return self._spun(template, dice), dice.choices(("politics", "about", "news", "services"), (3, 2, 4, 2))[0], dice
        sort = dice.choices(("page", "minutes", "report"), (86, 11, 3 if self.stock.reports else 0))[0]
        if sort == "minutes":
            return self._minutes(dice), "politics", dice
        if sort == "report":
            return self._spun(dice.choice(self.stock.reports), dice), "about", dice
        return self._page(dice), dice.choices(("services", "news", "about", "politics"), (6, 4, 1, 1))[0], dice

    def _spun(self, template: Text, dice: Random) -> Text:
        filled = {**texts.slots(self.body, dice, self.day), "person": lambda: dice.choice(self.people)}
        return replace(template, title=spin(template.title, dice, filled), text=spin(template.text, dice, filled), body=self.body.slug)

    def _page(self, dice: Random) -> Text:
        """A boring page: what it is about, then up to four parts that stand on many pages."""
        page = self._spun(dice.choice(self.stock.pages), dice)
        chosen = dice.sample(self.stock.parts, min(dice.choice((0, 1, 1, 2, 2, 3, 4)), len(self.stock.parts)))
        parts = [self._spun(part, dice) for part in chosen]
        tail = dice.choice(("", "", " – <place>", " i <place>", " <date>", " – <place> og <place>"))
        title = page.title if "<" in page.title or len(page.title) > 50 else page.title + tail
        title = self._spun(replace(page, title=title, text=""), dice).title
        return replace(page, title=title, text="\n\n".join([page.text, *(f"{part.title}\n{part.text}" for part in parts)]))

    def _minutes(self, dice: Random) -> Text:
        """What a committee decided on one day."""
        committee = dice.choice(COMMITTEES[(self.body.role, self.body.language)])
        held = self.day - timedelta(days=dice.randrange(4, 600))
        on, year = days.long(held), held.year % 100
        is_nn = self.body.language == "nn"
        first = dice.randrange(3, 140)
        lines = [f"{committee} {'møttest' if is_nn else 'møttes'} {on}. {'Desse sakene var oppe.' if is_nn else 'Disse sakene var oppe.'}"]
        for place in range(dice.randrange(3, 8)):
            said = self._spun(dice.choice(self.stock.resolutions), dice)
            how = dice.choice(("samrøystes", "med {} mot {} røyster") if is_nn else ("enstemmig", "med {} mot {} stemmer"))
            how = how.format(dice.randrange(13, 27), dice.randrange(1, 12))
            lines.append(f"Sak {first + place}/{year}: {said.title}. {committee} vedtok {how}: {said.text}")
        title = dice.choice(("Frå møtet i {} {}", "Vedtak i {} {}") if is_nn else ("Fra møtet i {} {}", "Vedtak i {} {}", "Protokoll: {} {}"))
        return Text("page", title.format(committee, on), "\n\n".join(lines), language=self.body.language, body=self.body.slug)

    def path(self, number: int) -> str:
        """The address of a page, as its family of CMS would call it."""
        text, section, _ = self.text(number)
        return self._path(number, text, section)

    def _path(self, number: int, text: Text, section: str) -> str:
        slug, place = slug_of(text.title), FIRST_NUMBER + number
        if text.kind == "pdf":
            return f"/dokumenter/{place}/{slug}.pdf"
        if self.body.style == "custompublish":
            return f"/{slug}.{place}.{'nn' if self.body.language == 'nn' else 'no'}.html"
        base = self.parts[section][1]
        return f"{base}{slug}.{place}.aspx" if self.body.style == "acos" and section == "news" else f"{base}{slug}-{place}/"

    def url(self, path: str) -> str:
        return f"https://{self.body.host}{path}"

    def rules(self) -> HostRules:
        return HostRules(closed=("/login",), schemes=("https", "http"))

    # --- answers

    def respond(self, question: Question) -> Answer:
        if question.scheme == "http" or question.host != self.body.host:
            return redirect(self.url(question.target), 301)
        path = question.path
        if path == "/robots.txt":
            text = f"User-agent: *\nDisallow: /login\n\nSitemap: {self.url('/sitemap.xml')}\n"
            return plain(text, modified=days.http_date(self.day - timedelta(days=200)))
        if path == "/sitemap.xml":
            return self._sitemap()
        if path == "/":
            return self._shown(self._front())
        if path in self.by_path:
            return self._shown(self._section(self.by_path[path]))
        found = _NUMBER.search(path)
        number = int(found[1]) - FIRST_NUMBER if found else -1
        return self._numbered(number, path) if 0 <= number < self.count else NOT_FOUND

    def _numbered(self, number: int, path: str) -> Answer:
        text, section, dice = self.text(number)
        if self._path(number, text, section) != path:
            return NOT_FOUND
        published, modified = dates_of(text.text, dice, self.day)
        if text.kind == "pdf":
            return Answer(200, pdf.write(text.title, text.text), "application/pdf", (), days.http_date(modified))
        name, base = self.parts[section]
        dated = None if dice.random() < 0.12 else modified
        beside = dice.sample(self.numbers, min(3, self.count)) if dice.random() < 0.3 else []
        lists = tuple(self._links(beside))
        return self._shown(Page(path, text.title, tuple(text.text.split("\n\n")), text.language, published, dated, (self._home, (name, base)), lists))

    def _shown(self, page: Page) -> Answer:
        return html(markup.render(self.frame, page), modified=days.http_date(page.modified or self.day - timedelta(days=40)))

    @property
    def _home(self) -> Link:
        return ("Heim" if self.body.language == "nn" else "Forsiden", "/")

    @property
    def frame(self) -> Frame:
        """Menu and footer, with the door to the journal."""
        journal = ("Postliste", f"https://postliste.{self.body.domain}/")
        return Frame(self.body, [*self.parts.values(), journal], [("Logg inn", "/login?retur=%2F"), self._home], "/sok/", "")

    def _links(self, numbers: Iterable[int]) -> Iterator[Link]:
        for number in numbers:
            text, section, _ = self.text(number)
            yield text.title, self._path(number, text, section)

    def _front(self) -> Page:
        word = "Velkomen til" if self.body.language == "nn" else "Velkommen til"
        newest = tuple(self._links(range(min(8, self.count))))
        return Page("/", self.body.full_name, (f"{word} {self.body.full_name}.",), self.body.language, modified=self.day - timedelta(days=1), lists=newest)

    def _section(self, key: str) -> Page:
        title, path = self.parts[key]
        mine = (n for n in self.numbers if self.text(n)[1] == key)
        return Page(path, title, (), self.body.language, modified=self.day - timedelta(days=2), trail=(self._home,), lists=tuple(self._links(mine)))

    def _sitemap(self) -> Answer:
        paths = ["/", *self.by_path, *(self.path(n) for n in self.numbers)]
        rows = "".join(f"<url><loc>{markup.e(self.url(p))}</loc></url>" for p in paths)
        text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
        return plain(text, modified=days.http_date(self.day - timedelta(days=1)), media_type="application/xml; charset=utf-8")

    def page_count(self) -> int:
        """How many pages and documents a patient reader finds."""
        return self.count + 1 + len(self.parts)


class LongJournal(Journal):
    """A journal in which some titles look like more than they are."""

    lookalikes: Sequence[Text] = ()

    def _boring_title(self, index: int) -> str:
        if self.lookalikes and self._dice.random() < LOOKALIKE_TITLES:
            return spin(self._dice.choice(self.lookalikes).title, self._dice, self._slots)
        return super()._boring_title(index)


def load(seed: int) -> Bank:
    """The texts of the country: further initiatives, further fillers."""
    return texts.load(texts.FOLDER / "country", country_bodies(seed))


def build(seed: int, day: date = days.DEFAULT_DAY, *, pages: int = PAGES, titles: int = TITLES) -> World:
    """A country of so many pages and titles, the demo's among them. Of PAGES all initiatives are 2 %.

    With fewer pages it holds fewer initiatives, so that the share stays; with more the share falls. Raises SandboxError for fewer than
    LEAST_PAGES.
    """
    if pages < LEAST_PAGES:
        raise SandboxError(f"a country has {LEAST_PAGES:,} pages or more, not {pages:,}")
    demo, further = texts.load(), load(seed)
    everything = [*demo.initiatives, *further.initiatives]
    chosen = _chosen(everything, round(pages * SHARE), seed)
    names = {i.id for i in chosen}
    demo = replace(demo, initiatives=tuple(i for i in demo.initiatives if i.id in names))
    further = replace(further, initiatives=tuple(i for i in further.initiatives if i.id in names))
    norway = world.build(seed, day, bank=demo)
    _add_bodies(norway, demo, further, pages - _served(norway, "page"), titles - _served(norway, "journal_entry"))
    norway.prevalence = _prevalence(norway)
    return norway


def _pages_of(initiative: Initiative) -> int:
    return sum(d.kind in ("page", "pdf") for d in initiative.documents)


def _chosen(everything: Sequence[Initiative], wanted: int, seed: int) -> list[Initiative]:
    """Initiatives, the pillars in turn, until they have so many pages."""
    dice, found, count = Random(f"chosen {seed}"), [], 0
    stacks: Mapping[str, list[Initiative]] = {p: [i for i in everything if i.pillar == p] for p in texts.PILLARS}
    for stack in stacks.values():
        dice.shuffle(stack)
    while count < wanted and any(stacks.values()):
        for stack in stacks.values():
            if stack and count < wanted:
                found.append(stack.pop())
                count += _pages_of(found[-1])
    return found


def _served(norway: World, kind: str) -> int:
    return sum(source.counts.get(kind, 0) for source in norway.sources)


def _add_bodies(norway: World, demo: Bank, further: Bank, pages: int, titles: int) -> None:
    seed = norway.seed
    least = len(country_bodies(seed))
    bodies = country_bodies(seed, max(least, -(-pages // PAGES_OF_A_BODY)))
    shares = [0.3 + 1.7 * Random(f"share {seed} {b.slug}").random() for b in bodies]
    for number, (body, share) in enumerate(zip(bodies, shares, strict=True)):
        told = [Told(text, i.id) for i in further.initiatives if i.body == body.slug for text in i.documents]
        count = pages // len(bodies) + (number < pages % len(bodies)) - 1 - len(sections(body))
        stock = Stock.of(body, demo, further)
        _add_site(norway, body, max(count, len(told)), [t for t in told if t.text.kind in ("page", "pdf")], stock)
        _add_journal(norway, body, OLD + max(20, round(titles * share / sum(shares))), [t for t in told if t.text.kind == "entry"], stock)
        norway.told += told
        if lost := [t.text.title for t in told if not t.key]:
            raise SandboxError(f"{body.slug}: a {'/'.join(sorted({t.text.kind for t in told if not t.key}))} has no place here: {lost[0]}")
    norway.bodies += bodies
    norway.initiatives += further.initiatives
    norway.pairs += further.pairs
    norway.private.names.update(form for person in norway.pool.persons for form in _forms(person))


def _forms(person: str) -> tuple[str, ...]:
    given, family = person.rsplit(" ", 1)
    return person, f"{family}, {given}", f"{family} {given}", person.upper()


def _add_site(norway: World, body: Body, count: int, told: Sequence[Told], stock: Stock) -> None:
    site = LongSite(body, norway.seed, norway.day, count, told, stock, norway.pool.persons)
    source = f"website/{body.slug}"
    for number, each in zip(site.told, told, strict=True):
        each.url = each.key = site.url(site.path(number))
        each.table, each.source = "pages", source
    for number in site.alike:
        text, section, _ = site.text(number)
        url = site.url(site._path(number, text, section))
        norway.told.append(Told(text, is_lookalike=True, url=url, key=url, table="pages", source=source))
    for host in (body.host, body.domain):
        norway.hosts[host], norway.rules[host] = site.respond, site.rules()
    settings = {"max_pages": site.page_count() + 50}
    norway.sources.append(
        SourceRow("website", body.slug, body, body.home, settings, {"page": site.page_count()}, "fresh", "unchanged", kinds=("page",))
    )


def _add_journal(norway: World, body: Body, count: int, told: Sequence[Told], stock: Stock) -> None:
    spots = sorted(Random(f"country journal {norway.seed} {body.slug}").sample(range(OLD, count), len(told)))
    planted = {spot: Planted(t.text.title, t.initiative) for spot, t in zip(spots, told, strict=True)}
    journal = LongJournal(body, norway.seed, norway.day, count, planted, stock.titles, norway.pool)
    journal.lookalikes = stock.lookalike_titles
    tenant = PostlisteJson(body, norway.seed, norway.day, journal, ())
    for spot, each in zip(spots, told, strict=True):
        each.key = tenant.entry_key(spot)
        each.url, each.table, each.source = f"{tenant.home}#{each.key}", "journal_entries", f"{tenant.platform}/{body.slug}"
    window = journal.in_window(norway.since, norway.day)
    counts = {"journal_entry": len(window), "case": journal.count_cases(window, lambda index: True)}
    norway.hosts[tenant.host], norway.rules[tenant.host] = tenant.respond, tenant.rules()
    norway.journals[body.slug] = journal
    row = SourceRow(tenant.platform, body.slug, body, tenant.home, tenant.settings(), counts, "fresh", "unchanged", kinds=tenant.kinds)
    norway.sources.append(row)


def _prevalence(norway: World) -> dict[str, float]:
    """How many pages and titles there are, and how many of them are true."""
    true = [t.table for t in norway.told if t.initiative]
    pages, titles = _served(norway, "page"), _served(norway, "journal_entry")
    found = {"pages": pages, "true_pages": true.count("pages"), "titles": titles, "true_titles": true.count("journal_entries")}
    return {**found, "page_share": found["true_pages"] / pages, "title_share": found["true_titles"] / titles}
