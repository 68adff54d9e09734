"""The miniature Norway: every body with its servers, and what is true of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from random import Random
from urllib.parse import urlsplit

from sandbox import acos, ckan, days, places
from sandbox import bank as texts
from sandbox.acos import AcosInnsyn, Onacos
from sandbox.answers import NOT_FOUND, Answer, Question, redirect
from sandbox.bodies import Body, all_bodies
from sandbox.ckan import Ckan
from sandbox.datasets import facts_of
from sandbox.dcat import Catalogue
from sandbox.doors import BY_OLD_ADDRESS, LISTED_ONLY, NorskePostlister, door_of
from sandbox.einnsyn import HOST as EINNSYN_HOST
from sandbox.einnsyn import Deliverer, EInnsyn, is_ghost
from sandbox.journal import BLOCK, OLD, UNLISTED, Journal, Planted, Pool
from sandbox.judge import HostRules
from sandbox.markup import Page
from sandbox.meetings import Meeting, agenda
from sandbox.persons import FAMILY_FIRST, FAMILY_LAST, GIVEN, account_number, identity_number
from sandbox.places import Private, Shelf, Told
from sandbox.site import Site
from sandbox.tenants import TENANTS, Tenant

LOOKALIKES_FOR_EACH = 10
CAPS = {"page": 13, "pdf": 3, "item": 7, "entry": 110, "dataset": 16}
"""The most look-alikes of a kind with one body: a demo must stay short."""
BORING_ENTRIES = 40
BORING_ITEMS = 5
BORING_DATASETS = 9
HALFWAY_ENTRIES = 260
FURTHER_ENTRIES = 48
KINDS = {"website": ("page",), "acos-innsyn": ("journal_entry", "case", "meeting", "agenda_item"), "einnsyn": ("journal_entry", "case", "meeting", "agenda_item"),
         "ckan": ("dataset",), "dcat": ("dataset",)}  # fmt: skip

ACOS_QUIRKS = {
    "fjordvik": acos.Quirks(archives=("Arkiv fra 2018", "Historisk arkiv 2003–2017")),
    "steinvag": acos.Quirks(repeats_last_page=True, hides_wrong_method=True),
    "kvitnes": acos.Quirks(ignores_dates=False, ignores_committee=False),
    "sjursund": acos.Quirks(asks_for_referer=True),
    "hogfoss": acos.Quirks(posts_for_files=True, repeats_last_page=True),
    "tverrelv": acos.Quirks(asks_for_cookie=False),
}
CKAN_QUIRKS = {"solbergoy": ckan.Quirks(cut_above=10), "elvedal": ckan.Quirks(titles_by_language=True)}
ROWS = {"fjordvik": 10, "skogmarkfylke": 15}
"""How many packages a page the entries of some portals ask for, so that small portals have pages to turn."""


@dataclass(frozen=True)
class SourceRow:
    """One row of sources.toml with what is true of it. `counts` is what a harvest of the default window should bring."""

    platform: str
    slug: str
    body: Body
    url: str
    settings: Mapping[str, object]
    counts: Mapping[str, int]
    outcome: str
    again: str
    cadence: str = "daily"
    kinds: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.platform}/{self.slug}"


@dataclass
class World:
    """Everything. `respond` answers for every host; `rules` is what each tolerates; `told` is every true or look-alike document placed."""

    seed: int
    day: date
    bodies: tuple[Body, ...]
    initiatives: tuple[texts.Initiative, ...]
    pairs: tuple[tuple[str, str], ...]
    hosts: dict[str, Callable[[Question], Answer]] = field(default_factory=dict)
    rules: dict[str, HostRules] = field(default_factory=dict)
    sources: list[SourceRow] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    private: Private = field(default_factory=Private)
    identity_numbers: tuple[str, ...] = ()
    account_numbers: tuple[str, ...] = ()
    journals: dict[str, Journal] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    pool: Pool = field(default_factory=lambda: Pool((), (), ()))
    prevalence: dict[str, float] = field(default_factory=dict)

    def respond(self, question: Question) -> Answer:
        """The answer of the host that is asked; 404 for a host that is not there."""
        host = self.hosts.get(question.host)
        return host(question) if host is not None else NOT_FOUND

    @property
    def since(self) -> date:
        return self.day - timedelta(days=days.WINDOW_DAYS)


def build(
    seed: int, day: date = days.DEFAULT_DAY, *, fillers: int = 0, entries: int = 200, bank: texts.Bank | None = None, further: bool = False
) -> World:
    """The world of a seed. `fillers` further municipalities have journals of `entries` boring entries each; `bank` holds its texts, ours when
    None; `further` adds the bodies on the further platforms."""
    return _Builder(seed, day, fillers, entries, bank or texts.load(), further=further).world


class _Builder:
    def __init__(self, seed: int, day: date, fillers: int, entries: int, bank: texts.Bank, *, further: bool = False) -> None:
        bodies = tuple(b for b in all_bodies(seed, fillers) if further or not b.platforms)
        self.bank, self.entries = bank, entries
        self.world = World(seed, day, bodies, bank.initiatives, bank.pairs)
        self.einnsyn, self.onacos, self.listed = EInnsyn(seed, day), Onacos(), NorskePostlister()
        self.shared: dict[str, list[Tenant]] = defaultdict(list)
        self.dice = Random(f"world {seed}")
        self.pool = self.world.pool = self._pool()
        self.shelves = {b.slug: Shelf(b) for b in bodies}
        self._fill_shelves()
        for body in bodies:
            self._settle(body)
        if self.einnsyn.deliverers:
            self._serve(EINNSYN_HOST, self.einnsyn.respond, self.einnsyn.rules())
        if self.onacos.tenants:
            self._serve(Onacos.HOST, self.onacos.respond, self.onacos.rules())
        for host, tenants in self.shared.items():
            self._serve(host, answers_of(tenants), rules_of(tenants))
        self._open_doors()
        self._serve(self.listed.host, self.listed.respond, self.listed.rules())
        self._collect_names(has_fillers=any(b.is_filler for b in bodies))
        self._tell_of_gaps()

    def _serve(self, host: str, respond: Callable[[Question], Answer], rules: HostRules) -> None:
        self.world.hosts[host], self.world.rules[host] = respond, rules

    def _pool(self) -> Pool:
        dice = Random(f"pool {self.world.seed}")
        people = sorted({f"{dice.choice(GIVEN)} {dice.choice(FAMILY_FIRST)}{dice.choice(FAMILY_LAST)}" for _ in range(260)})
        numbers = [identity_number(dice, form) for form in ("plain", "plain", "plain", "plain", "d", "synthetic", "tenor")]
        self.world.identity_numbers = (*numbers[:3], *(f"{n[:6]} {n[6:]}" for n in numbers[3:5]), *numbers[5:])
        accounts = [account_number(dice) for _ in range(5)]
        self.world.account_numbers = (*accounts[:3], *(a.replace(".", "") for a in accounts[3:]))
        return Pool(people, self.world.identity_numbers, self.world.account_numbers)

    # --- who says what

    def _fill_shelves(self) -> None:
        for initiative in self.bank.initiatives:
            shelf = self.shelves[initiative.body]
            for text in initiative.documents:
                if self._can_say(shelf.body, text.kind):
                    shelf.told.append(Told(text, initiative.id))
        wanted = LOOKALIKES_FOR_EACH * len(self.bank.initiatives)
        speakers = [b for b in self.world.bodies if b.journal and not b.is_filler]
        found = 0
        for text in texts.spread(self.bank, speakers, self.world.seed, 6 * wanted, self.world.day, self.world.private.names):
            shelf = self.shelves[text.body]
            if found == wanted:
                break
            if self._can_say(shelf.body, text.kind) and sum(t.is_lookalike for t in shelf.of(text.kind)) < CAPS[text.kind]:
                shelf.told.append(Told(text, is_lookalike=True))
                found += 1

    @staticmethod
    def _can_say(body: Body, kind: str) -> bool:
        return bool(body.portal) if kind == "dataset" else bool(body.journal) if kind in ("item", "entry") else True

    # --- one body

    def _settle(self, body: Body) -> None:
        if body.trouble:
            self._settle_troubled(body)
            return
        innsyn = None
        if body.journal:
            journal, meetings, places_of_items = self._paper(body)
            innsyn = self._settle_journal(body, journal, meetings, places_of_items)
        self._settle_site(body, innsyn)
        if body.portal:
            self._settle_portal(body)
        if body.platforms:
            self._settle_further(body)

    def _settle_further(self, body: Body) -> None:
        """A boring body on further platforms: the same journal and meetings on each of them."""
        journal, meetings, _ = self._paper(body, boring=OLD + FURTHER_ENTRIES)
        for platform in body.platforms:
            if platform in TENANTS:
                tenant = TENANTS[platform](body, self.world.seed, self.world.day, journal, meetings)
                self.shared[tenant.host].append(tenant)
                counts = tenant.counts(self.world.since, self.world.day)
                self._add_source(body, platform, tenant.home, tenant.settings(), counts, kinds=tenant.kinds)

    def _paper(self, body: Body, boring: int = 0) -> tuple[Journal, tuple[Meeting, ...], list[tuple[int, int]]]:
        """The journal and the meetings of a body."""
        shelf, world = self.shelves[body.slug], self.world
        dice = Random(f"journal {world.seed} {body.slug}")
        told = shelf.of("entry")
        count = boring or (self.entries if body.is_filler else OLD + len(told) + BORING_ENTRIES)
        free = [i for i in range(OLD, count) if i % BLOCK not in UNLISTED and not is_ghost(i)] if told else []
        spots = sorted(dice.sample(free, len(told)))
        order = list(told)
        dice.shuffle(order)
        planted = dict(zip(spots, (Planted(t.text.title, t.initiative) for t in order), strict=True))
        journal = Journal(body, world.seed, world.day, count, planted, self.bank.fillers_of("entry", body), self.pool)
        world.journals[body.slug] = journal
        for index, entry in zip(spots, order, strict=True):
            entry.key = str(index)  # the server of the journal says what it is called
        items = [(t.text.title, t.text.text) for t in shelf.of("item")]
        bored = places.boring_items(self.bank, body, world.seed, world.day, world.private.names, BORING_ITEMS)
        meetings, where = agenda(body, world.seed, world.day, [*items, *bored])
        return journal, meetings, where[: len(items)]

    def _settle_journal(self, body: Body, journal: Journal, meetings: Sequence[Meeting], where: Sequence[tuple[int, int]]) -> AcosInnsyn | None:
        shelf, world = self.shelves[body.slug], self.world
        source = f"{body.journal}/{body.slug}"
        innsyn: AcosInnsyn | None = None
        if body.journal == "acos-innsyn":
            is_shared = body.slug == "sjursund"
            host, folder = (Onacos.HOST, f"/{body.slug}/") if is_shared else (body.host, "/innsyn/")
            innsyn = AcosInnsyn(body, world.seed, world.day, journal, meetings, ACOS_QUIRKS.get(body.slug, acos.Quirks()), host, folder)
            if is_shared:
                self.onacos.add(innsyn)
            self._name_told(shelf, source, innsyn.entry_key, innsyn.entry_url, innsyn.item_key, innsyn.item_url, where)
            self._add_source(body, "acos-innsyn", innsyn.home, {}, self._acos_counts(journal, meetings))
        else:
            d = self.einnsyn.add(body, journal, meetings)
            e = self.einnsyn
            self._name_told(shelf, source, lambda i: e.entry_key(d, i), lambda i: e.entry_url(d, i), lambda m, n: e.item_key(d, m, n),
                            lambda m, n: e.item_url(d, m, n), where)  # fmt: skip
            self._add_source(body, "einnsyn", f"https://{EINNSYN_HOST}/", {"unit": e.unit(d)}, self._einnsyn_counts(d))
        return innsyn if innsyn is not None and innsyn.host == body.host else None

    @staticmethod
    def _name_told(shelf: Shelf, source: str, entry_key, entry_url, item_key, item_url, where: Sequence[tuple[int, int]]) -> None:
        for told in shelf.of("entry"):
            index = int(told.key)
            told.key, told.url, told.table, told.source = entry_key(index), entry_url(index), "journal_entries", source
        for told, (meeting, item) in zip(shelf.of("item"), where, strict=True):
            told.key, told.url, told.table, told.source = item_key(meeting, item), item_url(meeting, item), "agenda_items", source

    def _settle_site(self, body: Body, innsyn: AcosInnsyn | None, trouble: str = "", outcome: str = "fresh") -> Site:
        world = self.world
        site = Site(body, world.seed, world.day, trouble=trouble, innsyn=innsyn)
        places.build_site(site, self.shelves[body.slug], self.bank, world.private)
        world.sites[body.slug] = site
        rules = site.rules()
        for host in site.hosts:
            self._serve(host, site.respond, rules)
        outcome = "partial" if site.has_error_page and outcome == "fresh" else outcome
        again = {"fresh": "unchanged"}.get(outcome, outcome)
        self._add_source(body, "website", body.home, {"max_pages": 200}, {"page": len(site.readable())}, outcome, again)
        return site

    def _settle_portal(self, body: Body) -> None:
        world, shelf = self.world, self.shelves[body.slug]
        dice = Random(f"portal {world.seed} {body.slug}")
        told = shelf.of("dataset")
        templates = list(self.bank.fillers_of("dataset", body))
        dice.shuffle(templates)
        boring = [texts.spun(t, body, dice, world.day, world.private.names) for t in templates[:BORING_DATASETS]]
        # The county's portal carries datasets that municipalities answer for.
        guests = [b for b in world.bodies if b.slug in ("myrlandet", "sjursund")] if body.slug == "skogmarkfylke" else []
        publishers = [body] * len(told) + [guests[n] if n < len(guests) else body for n in range(len(boring))]
        facts = facts_of(body, world.seed, world.day, [*(t.text for t in told), *boring], publishers)
        host = f"data.{body.domain}"
        portal: Ckan | Catalogue
        if body.portal == "ckan":
            portal = Ckan(body, world.day, facts, CKAN_QUIRKS.get(body.slug, ckan.Quirks()), host)
            url, settings = portal.home, {"rows": ROWS[body.slug]} if body.slug in ROWS else {}
            names = [(f.guid, portal.url_of(f)) for f in facts]
        else:
            portal = Catalogue(host, body, world.day, facts, "jsonld" if body.slug == "hogfoss" else "turtle")
            url, settings = portal.home, {}
            names = [(portal.key_of(f), portal.url_of(f)) for f in facts]
        self._serve(host, portal.respond, portal.rules())
        for text, (key, address) in zip(told, names, strict=False):
            text.key, text.url, text.table, text.source = key, address, "datasets", f"{body.portal}/{body.slug}"
        self._add_source(body, body.portal, url, settings, {"dataset": len(facts)})

    # --- bodies in trouble

    def _settle_troubled(self, body: Body) -> None:
        {"robots": self._closed, "login": self._behind_login, "empty": self._silent, "halfway": self._breaking, "broken": self._broken}[body.trouble](body)

    def _closed(self, body: Body) -> None:
        """Its robots.txt refuses everybody."""
        self._settle_site(body, None, "robots", "blocked")

    def _behind_login(self, body: Body) -> None:
        """The website is open; the journal sends everybody to a login."""
        journal, meetings, _ = self._paper(body, boring=40)
        innsyn = AcosInnsyn(body, self.world.seed, self.world.day, journal, meetings, acos.Quirks(trouble="login"), f"innsyn.{body.domain}", "/innsyn/")
        self._settle_site(body, None)
        self._serve_alone(innsyn)
        self._add_source(body, "acos-innsyn", innsyn.home, {}, {}, "blocked", "blocked")

    def _silent(self, body: Body) -> None:
        """Nothing journalled in the window, only before; a portal with no dataset; both can be proved."""
        self._settle_site(body, None)
        journal, _, _ = self._paper(body, boring=OLD)
        d = self.einnsyn.add(body, journal, ())
        self._add_source(body, "einnsyn", f"https://{EINNSYN_HOST}/", {"unit": self.einnsyn.unit(d)}, {"journal_entry": 0}, "empty_verified", "empty_verified")
        portal = Ckan(body, self.world.day, (), ckan.Quirks(trouble="empty"), f"data.{body.domain}")
        self._serve(portal.host, portal.respond, portal.rules())
        self._add_source(body, "ckan", portal.home, {}, {"dataset": 0}, "empty_verified", "empty_verified")

    def _breaking(self, body: Body) -> None:
        """Errors 500 from the middle on; a portal that answers nothing else."""
        self._settle_site(body, None, "halfway", "partial")
        journal, meetings, _ = self._paper(body, boring=HALFWAY_ENTRIES)
        innsyn = AcosInnsyn(body, self.world.seed, self.world.day, journal, meetings, acos.Quirks(trouble="halfway"), f"innsyn.{body.domain}", "/innsyn/")
        self._serve_alone(innsyn)
        self._add_source(body, "acos-innsyn", innsyn.home, {}, self._acos_counts(journal, meetings), "partial", "partial")
        portal = Ckan(body, self.world.day, (), ckan.Quirks(trouble="down"), f"data.{body.domain}")
        self._serve(portal.host, portal.respond, portal.rules())
        self._add_source(body, "ckan", portal.home, {}, {}, "failed", "failed")

    def _broken(self, body: Body) -> None:
        """Nothing has the form it should have: a script shell, a changed interface, error pages under 200, catalogues that do not parse."""
        self._settle_site(body, None, "shell", "partial")
        journal, meetings, _ = self._paper(body, boring=40)
        innsyn = AcosInnsyn(body, self.world.seed, self.world.day, journal, meetings, acos.Quirks(trouble="drifted"), f"innsyn.{body.domain}", "/innsyn/")
        self._serve_alone(innsyn)
        self._add_source(body, "acos-innsyn", innsyn.home, {}, {}, "drifted", "drifted")
        portal = Ckan(body, self.world.day, (), ckan.Quirks(trouble="html"), f"data.{body.domain}")
        self._serve(portal.host, portal.respond, portal.rules())
        self._add_source(body, "ckan", portal.home, {}, {}, "drifted", "drifted")
        innsyn.footer.append(("Åpne data", f"https://{portal.host}/dataset/"))
        for style, slug in (("broken", body.slug), ("remote", f"{body.slug}-ld")):
            catalogue = Catalogue(f"{'katalog' if style == 'broken' else 'lenkedata'}.{body.domain}", body, self.world.day, (), style)
            self._serve(catalogue.host, catalogue.respond, catalogue.rules())
            innsyn.footer.append(("Datakatalog", catalogue.home))
            self._add_source(body, "dcat", catalogue.home, {}, {}, "drifted", "drifted", slug=slug)

    def _serve_alone(self, innsyn: AcosInnsyn) -> None:
        """A tenant on a host of its own, which has no robots.txt."""
        self._serve(innsyn.host, innsyn.respond, replace(innsyn.rules(), closed=()))

    # --- what leads to what

    def _open_doors(self) -> None:
        """Link every source that stands elsewhere from its body's website, in the way that body has; and list the journals others know of."""
        sites, slug_of = self.world.sites, {b.slug: b for b in self.world.bodies}
        for row in self.world.sources:
            site = sites[row.body.slug]
            if row.platform == "website" or row.platform == "einnsyn" or row.url.startswith(row.body.home):
                continue
            door = door_of(row.body, row.platform, row.kinds, row.url)
            if door.where == "page":
                page = site.pages.get("/sider-utenom-meny/innsyn/") or Page("/sider-utenom-meny/innsyn/", "Innsyn", ("Her finn du møta og journalen.",), row.body.language)
                site.add(replace(page, lists=(*page.lists, door.link)))
                site.orphans.add(page.path)
                self._count_pages(site)
            elif door.where != "nowhere":
                (site.footer if door.where == "footer" else site.doors).append(door.link)
            if door.url != row.url and row.body.slug in BY_OLD_ADDRESS:
                self._serve(urlsplit(door.url).hostname or "", sending_on(row.url), HostRules())
            if "journal_entry" in row.kinds and (row.body.slug in LISTED_ONLY or len(row.body.slug) % 3 == 0):
                self.listed.add(row.body, row.platform, row.url)
        self._set_traps(slug_of)

    def _count_pages(self, site: Site) -> None:
        """A page more than was counted."""
        rows = self.world.sources
        at = next(n for n, row in enumerate(rows) if row.id == f"website/{site.body.slug}")
        rows[at] = replace(rows[at], counts={"page": len(site.readable())})

    def _set_traps(self, bodies: Mapping[str, Body]) -> None:
        """What a hasty reader takes for the body's own: a neighbour's journal, and a list that lends a tenant out."""
        homes = {row.id: row.url for row in self.world.sources}
        if "brattlia" in bodies:
            self.world.sites["brattlia"].footer.append(("Postliste for Fjordvik", homes["acos-innsyn/fjordvik"]))
            self.listed.add(bodies["brattlia"], "acos-innsyn", homes["acos-innsyn/kvitnes"])
        if "gamleros" in bodies:
            self.world.sites["gamleros"].doors.append(("Politiske møter i nabokommunen", homes["elements-publikum/kjerringvag"]))
            self.world.sites["gamleros"].doors.append(("Møteplan for Torsnuten", homes["opengov-meetings/torsnuten"]))
            self.listed.add(bodies["gamleros"], "elements-publikum", homes["elements-publikum/kjerringvag"])

    # --- what is true

    def _add_source(self, body: Body, platform: str, url: str, settings: Mapping[str, object], counts: Mapping[str, int], outcome: str = "fresh",
                    again: str = "unchanged", slug: str = "", kinds: Sequence[str] = ()) -> None:  # fmt: skip
        row = SourceRow(platform, slug or body.slug, body, url, settings, counts, outcome, again, kinds=tuple(kinds) or KINDS[platform])
        self.world.sources.append(row)

    def _meeting_counts(self, meetings: Sequence[Meeting]) -> dict[str, int]:
        first, last = self.world.since - days.MEETING_MARGIN, self.world.day + days.MEETING_MARGIN
        within = [m for m in meetings if first <= m.day <= last]
        return {"meeting": len(within), "agenda_item": sum(len(m.items) for m in within)}

    def _acos_counts(self, journal: Journal, meetings: Sequence[Meeting]) -> dict[str, int]:
        window = journal.in_window(self.world.since, self.world.day)
        entries = journal.found_by_list_and_cases(self.world.since, self.world.day)
        return {"journal_entry": entries, "case": journal.count_cases(window, journal.is_listed), **self._meeting_counts(meetings)}

    def _einnsyn_counts(self, d: Deliverer) -> dict[str, int]:
        window = d.journal.in_window(self.world.since, self.world.day, d.journal.updated_on)
        entries = len(window) - self.einnsyn.dropped_in(d, window)
        cases = d.journal.count_cases(window, lambda i: not self.einnsyn.is_dropped(d, i))
        return {"journal_entry": entries, "case": cases, **self._meeting_counts(d.meetings)}

    def _collect_names(self, *, has_fillers: bool) -> None:
        """Every form a private name was written in. The journals of fillers use the pool in all forms and are not read for it."""
        names = self.world.private.names
        for slug, journal in self.world.journals.items():
            if not self.shelves[slug].body.is_filler:
                for index in range(len(journal)):
                    names.update(journal.entry(index).names)
        if has_fillers:
            for person in self.pool.persons:
                given, family = person.rsplit(" ", 1)
                names.update((person, f"{family}, {given}", f"{family} {given}", person.upper()))
        for shelf in self.shelves.values():
            self.world.told += [t for t in shelf.told if t.source]

    def _tell_of_gaps(self) -> None:
        by_source: dict[str, list[Told]] = defaultdict(list)
        for told in self.world.told:
            by_source[told.source].append(told)
        lost = [t for t in self.world.told if not t.key]
        assert not lost, f"{len(lost)} documents were not placed"


def sending_on(url: str) -> Callable[[Question], Answer]:
    """Answer as an old address does that sends everybody on."""
    return lambda question: NOT_FOUND if question.path == "/robots.txt" else redirect(url)


def answers_of(tenants: Sequence[Tenant]) -> Callable[[Question], Answer]:
    """Answer as the tenant whose question it is, or as the host does to a stranger."""

    def respond(question: Question) -> Answer:
        return next((t.respond(question) for t in tenants if t.answers(question)), None) or tenants[0].stranger(question)

    return respond


def rules_of(tenants: Sequence[Tenant]) -> HostRules:
    """The rules of a host: those of its tenants together."""
    rules = [t.rules() for t in tenants]
    together = {f.name: tuple(dict.fromkeys(v for r in rules for v in getattr(r, f.name))) for f in fields(HostRules) if f.name != "min_gap_s"}
    return HostRules(**together, min_gap_s=max(r.min_gap_s for r in rules))
