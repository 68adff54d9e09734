"""Where a body puts what it has to say: its website filled with pages, its journal with titles, its agenda with items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sandbox import days
from sandbox.acos import AcosInnsyn
from sandbox.bank import Bank, Text, spun
from sandbox.bodies import Body
from sandbox.markup import Page
from sandbox.persons import person
from sandbox.site import Site

ADMINISTRATION = ("Gro Nordvik", "Arne Tveito", "Lise Helgeland", "Bjarte Sæle", "Hege Rønnevik", "Odd Myhre")
BORING_PAGES = 3
BROKEN_LETTERS = {
    "fjordvik": "utf8-is-1252", "lauvmark": "utf8-is-1252", "granheim": "undeclared-1252", "solbergoy": "undeclared-1252", "elvedal": "latin1-is-utf8", "kvitnes": "bom",
}  # fmt: skip
"""How the first true page of some bodies is badly encoded: it must be read all the same."""
SOFT_ERRORS = ("lauvmark", "storholmen")
"""Bodies whose website answers a page that is gone with status 200."""


@dataclass(eq=False)
class Told:
    """One document of the bank at its place. `initiative` is the id of the initiative it tells of, "" for a look-alike or a filler.

    `url`, `source`, `key` and `table` are filled in when it has been placed.
    """

    text: Text
    initiative: str = ""
    is_lookalike: bool = False
    url: str = ""
    source: str = ""
    key: str = ""
    table: str = ""


@dataclass
class Shelf:
    """What is to be said by one body, by kind."""

    body: Body
    told: list[Told] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Told]:
        return [t for t in self.told if t.text.kind in kinds]


@dataclass
class Private:
    """What was planted of private persons, as written."""

    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)


def sections(body: Body) -> dict[str, tuple[str, str]]:
    """Key to (title, path) of the parts of a website."""
    nn, county = body.language == "nn", body.role == "fylkeskommune"
    about = "Om fylkeskommunen" if county else "Om kommunen"
    found = {"politics": ("Politikk og innsyn", "politikk-og-innsyn"), "services": ("Tenester", "tenester") if nn else ("Tjenester", "tjenester"),
             "about": (about, about.lower().replace(" ", "-")), "news": ("Aktuelt", "aktuelt")}  # fmt: skip
    ending = ".nn.html" if nn else ".no.html"
    if body.style == "custompublish":
        return {key: (title, f"/{slug}.{600 + n}{ending}") for n, (key, (title, slug)) in enumerate(found.items())}
    return {key: (title, f"/{slug}/") for key, (title, slug) in found.items()}


def dates_of(text: str, dice: Random, day: date) -> tuple[date, date]:
    """(published, modified): a page that names days was published soon after the last of them that has passed."""
    passed = [d for d in days.written_in(text) if d <= day - timedelta(days=3)]
    published = max(passed) + timedelta(days=dice.randrange(1, 12)) if passed else day - timedelta(days=dice.randrange(20, 420))
    published = min(published, day - timedelta(days=2))
    return published, published + timedelta(days=dice.randrange(0, max((day - published).days, 1)))


def build_site(site: Site, shelf: Shelf, bank: Bank, private: Private) -> None:
    """Fill a website: front page, sections, what the shelf holds, boring pages, and the things no website is without."""
    body, day = site.body, site.day
    dice = Random(f"site {site.seed} {body.slug}")
    parts = sections(body)
    home = ("Forsiden" if body.language == "nb" else "Heim", "/")
    site.add(Page("/", body.full_name, _welcome(body), body.language, modified=day - timedelta(days=1)))
    for title, path in parts.values():
        site.add(Page(path, title, (_section_intro(body, title),), body.language, modified=day - timedelta(days=2), trail=(home,)))
    site.menu = list(parts.values())
    lists: dict[str, list[tuple[str, str]]] = {path: [] for _, path in parts.values()}

    def put(title: str, text: str, language: str, section: str, *, quirk: str = "", files: Sequence[tuple[str, str, date]] = (), address: str = "") -> Page:
        name, base = parts[section]
        prefix = base if base.endswith("/") else "/"
        path = address or site.address_of(title, prefix, is_news=section == "news")
        published, modified = dates_of(text, dice, day)
        dated = None if dice.random() < 0.12 else modified
        page = Page(path, title, tuple(text.split("\n\n")), language, published, dated, (home, (name, base)), quirk=quirk, files=tuple(files))
        lists[base].append((title, path))
        return site.add(page)

    _put_told(site, shelf, dice, put)
    _put_boring(site, bank, dice, private, put)
    _put_furniture(site, dice, private, put, lists, parts)
    for base, links in lists.items():
        dice.shuffle(links)
        site.change(base, lists=tuple(links))
    site.change("/", lists=tuple(dice.sample(lists[parts["news"][1]], min(5, len(lists[parts["news"][1]])))))


def _welcome(body: Body) -> tuple[str, ...]:
    if body.language == "nn":
        first = f"Velkomen til {body.full_name}. Her finn du tenester, politikk og det som skjer i {body.name}."
        second = "Rådhuset er ope måndag til fredag frå klokka 9 til 15. Du kan òg ringje sentralbordet eller sende e-post til postmottaket. Skjema finn du under kvar teneste, og vakttelefonen for vatn og avløp er open heile døgnet."
    else:
        first = f"Velkommen til {body.full_name}. Her finner du tjenester, politikk og det som skjer i {body.name}."
        second = "Rådhuset er åpent mandag til fredag fra klokka 9 til 15. Du kan også ringe sentralbordet eller sende e-post til postmottaket. Skjemaer finner du under hver tjeneste, og vakttelefonen for vann og avløp er åpen hele døgnet."
    return (first, second) if not body.name_se else (first, second, f"Bures boahtin! {body.name_se}.")


def _section_intro(body: Body, title: str) -> str:
    return f"Under {title.lower()} finn du sidene våre etter tema." if body.language == "nn" else f"Under {title.lower()} finner du sidene våre etter tema."


def _put_told(site: Site, shelf: Shelf, dice: Random, put) -> None:
    """Pages and files of the shelf. A file hangs on the page of its initiative, else on the list of documents."""
    section_of = {"integrity": "politics", "open_data": "about", "procurement_anticorruption": "about", "participation": "politics"}
    quirk_to_come = BROKEN_LETTERS.get(site.body.slug, "")
    pages: dict[str, Page] = {}
    for told in shelf.of("page"):
        section = dice.choices((section_of.get(told.text.pillar, "services"), "news", "services"), (5, 4, 1))[0]
        quirk = quirk_to_come if told.initiative and told.text.language != "se" else ""
        quirk_to_come = "" if quirk else quirk_to_come
        page = put(told.text.title, told.text.text, told.text.language, section, quirk=quirk)
        told.url, told.key, told.table, told.source = site.url(page.path), site.url(page.path), "pages", f"website/{site.body.slug}"
        if told.initiative:
            pages.setdefault(told.initiative, page)
    for position, told in enumerate(shelf.of("pdf")):
        _, modified = dates_of(told.text.text, dice, site.day)
        file = site.add_file(told.text.title, told.text.text, modified, has_suffix=position % 2 == 0)
        told.url, told.key, told.table, told.source = site.url(file.path), site.url(file.path), "pages", f"website/{site.body.slug}"
        if told.initiative in pages:
            page = site.pages[pages[told.initiative].path]
            site.change(page.path, files=(*page.files, (file.title, file.path, modified)))


def _put_boring(site: Site, bank: Bank, dice: Random, private: Private, put) -> None:
    templates = list(bank.fillers_of("page", site.body))
    dice.shuffle(templates)
    for template in templates[:BORING_PAGES]:
        text = spun(template, site.body, dice, site.day, private.names)
        put(text.title, text.text, text.language, dice.choice(("services", "services", "news")))
    files = list(bank.fillers_of("pdf", site.body))
    if files:
        text = spun(dice.choice(files), site.body, dice, site.day, private.names)
        site.add_file(text.title, text.text, site.day - timedelta(days=300))


def _put_furniture(site: Site, dice: Random, private: Private, put, lists, parts) -> None:
    body, day = site.body, site.day
    nn = body.language == "nn"
    leader = "Fylkesordførar" if nn and body.role != "kommune" else "Fylkesordfører" if body.role != "kommune" else "Ordførar" if nn else "Ordfører"
    chief = "Kommunedirektør" if body.role == "kommune" else "Fylkesdirektør"
    boss = ADMINISTRATION[len(body.slug) % len(ADMINISTRATION)]
    if nn:
        put("Politisk leiing", f"{leader} i {body.full_name} er {body.mayor or 'ikkje vald'}. {chief} er {boss}. Begge kan nåast gjennom politisk sekretariat.\n\nMøta er opne. Møteplan og sakspapir ligg i møtekalenderen, og du kan kome og høyre på utan å melde deg på. Sekretariatet svarar på spørsmål kvardagar frå klokka 9 til 15.", body.language, "politics")  # fmt: skip
        put("Kontakt oss", f"Besøksadresse: Rådhuset i {body.name}. Sentralbordet har telefon 00 00 00 00, og postmottaket har adressa post@{body.domain}. Skriv gjerne kva saka gjeld.\n\nVi svarar på brev og e-post etter tur. Er det noko som hastar med vatn, avløp eller veg, ring vakttelefonen. Legevakta har nummer 116 117.", body.language, "about")  # fmt: skip
    else:
        put("Politisk ledelse", f"{leader} i {body.full_name} er {body.mayor or 'ikke valgt'}. {chief} er {boss}. Begge kan nås gjennom politisk sekretariat.\n\nMøtene er åpne. Møteplan og sakspapirer ligger i møtekalenderen, og du kan komme og høre på uten å melde deg på. Sekretariatet svarer på spørsmål hverdager fra klokka 9 til 15.", body.language, "politics")  # fmt: skip
        put("Kontakt oss", f"Besøksadresse: Rådhuset i {body.name}. Sentralbordet har telefon 00 00 00 00, og postmottaket har adressen post@{body.domain}. Skriv gjerne hva saken gjelder.\n\nVi svarer på brev og e-post etter tur. Haster det med vann, avløp eller vei, ring vakttelefonen. Legevakta har nummer 116 117.", body.language, "about")  # fmt: skip
    _put_notice(body, day, dice, private, put)
    in_about = parts["about"][1]
    for address, title in ((site._calendar(), "Kalender"), (site._search_path(), "Søk")):
        month = f"{address}?year={day.year}&month={day.month}" if body.style == "custompublish" else f"/kalender/{day.year}/{day.month}/"
        link = ("Denne måneden", month) if title == "Kalender" else ("Mange søker etter budsjett", f"{address}?q=budsjett")
        site.add(Page(address, title, ("Vel dag." if nn else "Velg dag.",), body.language, trail=(("Forsiden", "/"),), lists=(link,)))
    documents = [(f.title, f.path, f.modified) for f in site.files.values()]
    hanging = {path for page in site.pages.values() for _, path, _ in page.files}
    loose = [d for d in documents if d[1] not in hanging]
    title = "Reglement og retningsliner" if nn else "Reglement og retningslinjer"
    put(title, "Her finn du dokumenta våre." if nn else "Her finner du dokumentene våre.", body.language, "politics", files=loose)
    # What no link in the menu leads to, a page whose address says nothing, an old address, somebody's session, a page that is gone, and a closed door.
    slogan = "Min artikkelside"
    lies = put("Spørsmål og svar" if nn else "Spørsmål og svar om tjenestene", _answers(nn), body.language, "services", address=site.address_of(slogan, parts["services"][1] if body.style != "custompublish" else "/"))
    site.redirects["/gammel-adresse"] = site.url(lies.path)
    lists[in_about].append(("Gamle lenker" if not nn else "Gamle lenkjer", "/gammel-adresse"))
    lists[in_about].append((lies.title, site.twin(lies.path)))
    lists[in_about].append(("Nedlagt side", "/nedlagt-side.aspx"))
    if body.slug in SOFT_ERRORS:
        gone = site.add(Page("/flyttet.html", "Flyttet", (), quirk="error"))
        lists[in_about].append(("Flyttet innhold", gone.path))
    if body.style == "optimizely":
        lists[in_about].append(("For ansatte", "/intern/ansatt/"))
        put("Apent for alle", _answers(nn), body.language, "about", address="/intern/apent/informasjon/")
        lists[parts["news"][1]].append(("Eldste først", f"{parts['news'][1]}?sort=dato"))
        hidden = Page("/sider-utenom-meny/brukerundersokelse/", "Om denne siden" if not nn else "Om denne sida", (_answers(nn),), body.language, modified=day - timedelta(days=90))
        site.add(hidden)
        site.orphans.add(hidden.path)
    if body.slug in ("lauvmark", "granheim", "brattlia"):
        site.add(Page(site.address_of("Kart over løypenettet", parts["services"][1] if body.style != "custompublish" else "/"), "Kart over løypenettet", (), body.language, quirk="shell"))
        lists[parts["services"][1]].append(("Kart over løypenettet", list(site.pages)[-1]))
    if isinstance(site.innsyn, AcosInnsyn) and site.innsyn.host == body.host:
        lists[parts["politics"][1]] += [("Postliste", site.innsyn.shells()[0]), ("Møtekalender", site.innsyn.shells()[1])]
    lists[parts["politics"][1]].append(("Nasjonal søketjeneste", "https://einnsyn.no/"))


def _answers(nn: bool) -> str:
    if nn:
        return "Når er det brøytt framfor huset mitt? Vi brøyter hovudvegane først og sidevegane etterpå, seinast to timar etter at det har slutta å snøa.\n\nKor ofte blir dunken tømd? Restavfall kvar fjerde veke, papir kvar andre. Set dunken fram før klokka seks.\n\nKven skal eg ringje når gatelyset er mørkt? Bruk skjemaet for vegfeil, så kjem det rett til driftsavdelinga."
    return "Når blir det brøytet foran huset mitt? Vi brøyter hovedveiene først og sideveiene etterpå, senest to timer etter at det har sluttet å snø.\n\nHvor ofte tømmes dunken? Restavfall hver fjerde uke, papir hver andre. Sett dunken fram før klokka seks.\n\nHvem skal jeg ringe når gatelyset er mørkt? Bruk skjemaet for veifeil, så kommer det rett til driftsavdelingen."


def _put_notice(body: Body, day: date, dice: Random, private: Private, put) -> None:
    """A neighbour's notice with a private person's name, telephone and e-mail, as they stand on real sites."""
    name = person(dice)
    phone = f"{dice.choice('49')}{dice.randrange(10, 100)} {dice.randrange(10, 100)} {dice.randrange(100, 1000)}"
    mail = f"{name.split()[-1].lower()}@epost.example".translate(str.maketrans("æøå", "aoa"))
    private.names.add(name)
    private.phones.add(phone)
    private.mails.add(mail)
    plot = f"{dice.randrange(2, 170)}/{dice.randrange(1, 400)}"
    if body.language == "nn":
        text = f"{name} varslar at det skal byggjast garasje på gnr/bnr {plot}. Naboar og gjenbuarar kan kome med merknader innan to veker.\n\nMerknader går til tiltakshavar: {name}, telefon {phone}, e-post {mail}. Kommunen får kopi av det som kjem inn. Teikningane heng på tavla i rådhuset, og saka blir avgjord administrativt når fristen er ute."
    else:
        text = f"{name} varsler at det skal bygges garasje på gnr/bnr {plot}. Naboer og gjenboere kan komme med merknader innen to uker.\n\nMerknader sendes tiltakshaver: {name}, telefon {phone}, e-post {mail}. Kommunen får kopi av det som kommer inn. Tegningene henger på tavla i rådhuset, og saken avgjøres administrativt når fristen er ute."
    put(f"Nabovarsel for garasje på {plot}", text, body.language, "news")


def boring_items(bank: Bank, body: Body, seed: int, day: date, names: set[str], count: int) -> list[tuple[str, str]]:
    """Items of an agenda that nobody looks twice at."""
    dice = Random(f"items {seed} {body.slug}")
    templates = list(bank.fillers_of("item", body))
    dice.shuffle(templates)
    texts: Iterable[Text] = (spun(t, body, dice, day, names) for t in templates[:count])
    return [(t.title, t.text) for t in texts]
