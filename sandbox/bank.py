"""The texts of the miniature Norway, hand-written in `data/*.txt`: what is true, what only looks it, and what is boring.

A file is a list of entries. An entry begins with a line of four words and holds one or more documents:

    ### fjordvik gaveregister nb term       body, practice, language, sort
    page: Gaver til folkevalgte             kind: title, then paragraphs; a title is one line
    dataset: Trær i parker [GeoJSON, SHP; NLOD-2.0; weekly]      formats; licence; rhythm
    page/se: Addáldagat                     a document in another language than its entry
    # a remark that nobody reads

`sort` says what the documents are:
- `term`, `free`: an **initiative**, a true contribution told by all its documents. `free` means that none of them uses an
  accepted name of a practice. The pillar is the name of the file.
- one of `REASONS`: **look-alikes**, each document by itself, with why it is no contribution. Body `*` is any body, `kommune` any
  municipality, `fylke` any county; practice `-` when it is about none. The pillar is the name of the file after `lookalikes_`.
- `filler`: boring texts of body `*`, `kommune` or `fylke`, practice `-`.

Kinds: `page` and `pdf` (website), `item` (item of a council's agenda), `entry` (of the mail journal: a title, no text), `dataset`.

Look-alikes and fillers are templates for `sandbox.spin`: `{one|another}` and the slots of `slots()`: `<body>` (Fjordvik kommune),
`<place>`, `<street>`, `<date>` (12. mars 2026), `<number>`, `<case>` (41/26), `<gnr>` (14/203), `<company>` and `<person>` (private,
invented). Initiatives are never spun: they read as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

from sandbox.bodies import Body, all_bodies
from sandbox.exceptions import BankError
from sandbox.persons import person
from sandbox.spin import spin

FOLDER = Path(__file__).parent / "data"
PILLARS = ("integrity", "open_data", "procurement_anticorruption", "participation")
KINDS = ("page", "item", "entry", "dataset", "pdf")
LANGUAGES = ("nb", "nn", "se")
ANY_BODY = {"*": "", "kommune": "kommune", "fylke": "fylkeskommune"}
REASONS = {
    "floor": "what the law asks of everybody",
    "retreat": "less openness than before",
    "slogan": "values and strategy without a deed",
    "wish": "a proposal, question or plan that nobody has decided",
    "press": "what a newspaper or somebody else says of the body",
    "vendor": "a supplier praising its own product",
    "state": "the deed of the state, KS or another body, passed on",
    "meaning": "the same word for another thing",
    "routine": "a bare line of administration about the subject",
}
SLOTS = ("body", "place", "street", "date", "number", "case", "gnr", "company", "person")

_KIND_LINE = re.compile(r"([a-zæøå]{2,12})(?:/([a-z]{2}))?: *(.*)")
_DATASET_TITLE = re.compile(r"(.+?) \[([^\[\]]+)\]")
_MARK = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True)
class Text:
    """One document. `meta` of a dataset: formats (tuple), licence, frequency; of a template: role when only such bodies may have it."""

    kind: str
    title: str
    text: str
    meta: Mapping[str, object] = field(default_factory=dict)
    language: str = "nb"
    body: str = ""
    practice: str = ""
    pillar: str = ""
    reason: str = ""

    def fits(self, body: Body) -> bool:
        """Whether a template can stand with this body: language, role, and the body it names."""
        speaks = self.language in (body.language, "se" if body.name_se else "")
        return speaks and self.body in ("", body.slug) and self.meta.get("role", body.role) == body.role


@dataclass(frozen=True)
class Initiative:
    """One true contribution. Initiatives with the same `pair_group` are different deeds of one body within one practice."""

    id: str
    body: str
    practice: str
    pillar: str
    language: str
    is_term_free: bool
    documents: tuple[Text, ...]
    pair_group: str = ""


@dataclass(frozen=True)
class Bank:
    initiatives: tuple[Initiative, ...]
    lookalikes: tuple[Text, ...]
    fillers: tuple[Text, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Ids of every two initiatives that share body and practice and must not be taken for one."""
        groups: dict[str, list[str]] = {}
        for initiative in self.initiatives:
            if initiative.pair_group:
                groups.setdefault(initiative.pair_group, []).append(initiative.id)
        return tuple(pair for ids in groups.values() for pair in combinations(ids, 2))

    def fillers_of(self, kind: str, body: Body) -> tuple[Text, ...]:
        """Boring templates of a kind that can stand with a body."""
        return tuple(text for text in self.fillers if text.kind == kind and text.fits(body))


@dataclass
class _Entry:
    """A heading and its documents while a file is read. `name` is what an error calls it."""

    file: str
    name: str
    body: str
    practice: str
    language: str
    sort: str
    documents: list[tuple[str, str, str, list[str]]] = field(default_factory=list)

    def broken(self, field_name: str, what: str) -> BankError:
        return BankError(f"{self.file}: {self.name}: {field_name}: {what}")


def load(folder: Path | None = None, bodies: Sequence[Body] | None = None) -> Bank:
    """Reads every `*.txt` of the folder (ours when None), in order of name; `bodies` are those it may name, the demo's when None.

    Raises BankError naming file, entry and field.
    """
    place = Path(folder) if folder is not None else FOLDER
    known = {body.slug: body for body in (bodies if bodies is not None else all_bodies(0))}
    initiatives: list[Initiative] = []
    lookalikes: list[Text] = []
    fillers: list[Text] = []
    files = sorted(place.glob("*.txt"))
    if not files:
        raise BankError(f"{place}: no file *.txt; name the folder of the text bank")
    for path in files:
        for entry in _entries(path):
            documents = _documents(entry, known, _pillar_of(entry))
            if entry.sort == "filler":
                fillers += documents
            elif entry.sort in REASONS:
                lookalikes += documents
            else:
                count = 1 + sum((i.body, i.practice) == (entry.body, entry.practice) for i in initiatives)
                identity = f"{entry.body}-{entry.practice}-{count}"
                initiatives.append(
                    Initiative(identity, entry.body, entry.practice, documents[0].pillar, entry.language, entry.sort == "free", documents)
                )
    return Bank(_paired(initiatives), tuple(lookalikes), tuple(fillers))


def _paired(initiatives: Sequence[Initiative]) -> tuple[Initiative, ...]:
    groups = [f"{i.body}/{i.practice}" for i in initiatives]
    return tuple(replace(i, pair_group=g) if groups.count(g) > 1 else i for i, g in zip(initiatives, groups, strict=True))


def _entries(path: Path) -> Iterable[_Entry]:
    entry: _Entry | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("### "):
            if entry is not None:
                yield entry
            words = line[4:].split()
            if len(words) != 4:
                raise BankError(
                    f"{path.name}: line {number}: heading: must be four words (body, practice, language, sort), is {len(words)}"
                )
            entry = _Entry(path.name, f"line {number} ({' '.join(words[:2])})", *words)
        elif line.startswith("#"):
            continue
        elif entry is None:
            if line.strip():
                raise BankError(f"{path.name}: line {number}: heading: text stands before the first ###")
        elif match := _KIND_LINE.fullmatch(line):
            kind, language, title = match.groups()
            if kind not in KINDS:
                raise entry.broken("kind", f"{kind!r} on line {number} is none of {', '.join(KINDS)}")
            entry.documents.append((kind, language or entry.language, title.strip(), []))
        elif entry.documents:
            entry.documents[-1][3].append(line.rstrip())
        elif line.strip():
            raise entry.broken("kind", f"line {number} is text before the first document")
    if entry is not None:
        yield entry


def _pillar_of(entry: _Entry) -> str:
    stem = entry.file.removesuffix(".txt")
    pillar = stem.removeprefix("lookalikes_")
    if entry.sort == "filler":
        return ""
    if entry.sort in REASONS:
        if pillar == stem or pillar not in (*PILLARS, "other"):
            raise entry.broken("sort", "look-alikes stand in lookalikes_<pillar>.txt or lookalikes_other.txt")
        return pillar if pillar in PILLARS else ""
    if entry.sort not in ("term", "free"):
        raise entry.broken("sort", f"{entry.sort!r} is none of term, free, filler, {', '.join(REASONS)}")
    if stem not in PILLARS:
        raise entry.broken("sort", f"an initiative stands in a file named after its pillar: {', '.join(PILLARS)}")
    return stem


def _documents(entry: _Entry, known: Mapping[str, Body], pillar: str) -> tuple[Text, ...]:
    is_initiative = entry.sort in ("term", "free")
    if entry.body not in known and (is_initiative or entry.body not in ANY_BODY):
        raise entry.broken("body", f"{entry.body!r} is no body of sandbox.bodies")
    if (entry.practice == "-") != (entry.sort == "filler") and (is_initiative or entry.sort == "filler"):
        raise entry.broken("practice", "an initiative names its practice, a filler says -")
    if not entry.documents:
        raise entry.broken("documents", "there is none")
    documents = []
    for kind, language, title, lines in entry.documents:
        if language not in LANGUAGES:
            raise entry.broken("language", f"{language!r} is none of {', '.join(LANGUAGES)}")
        text = "\n".join(lines).strip()
        if not title:
            raise entry.broken("title", f"a {kind} has none")
        if (kind == "entry") == bool(text):
            raise entry.broken("text", f"{kind} «{title}» " + ("is a line of a journal and has no text" if text else "has no text"))
        title, meta = _dataset_title(entry, title) if kind == "dataset" else (title, {})
        _check_marks(entry, title, text, is_initiative)
        role = ANY_BODY.get(entry.body, "") if not is_initiative else ""
        documents.append(
            Text(kind, title, text, {**meta, **({"role": role} if role else {})}, language, "" if entry.body in ANY_BODY else entry.body,
                 "" if entry.practice == "-" else entry.practice, pillar, entry.sort if entry.sort in REASONS else "")
        )  # fmt: skip
    return tuple(documents)


def _dataset_title(entry: _Entry, title: str) -> tuple[str, dict[str, object]]:
    match = _DATASET_TITLE.fullmatch(title)
    parts = [part.strip() for part in match.group(2).split(";")] if match else []
    if match is None or len(parts) != 3 or not all(parts):
        raise entry.broken("dataset", f"«{title}» must end in [formats; licence; rhythm]")
    return match.group(1), {"formats": tuple(f.strip() for f in parts[0].split(",")), "licence": parts[1], "frequency": parts[2]}


def _check_marks(entry: _Entry, title: str, text: str, is_initiative: bool) -> None:
    whole = f"{title}\n{text}"
    if is_initiative and re.search(r"[{}<>]", whole):
        raise entry.broken("text", f"«{title}» holds a mark of a template; initiatives are not spun")
    if whole.count("{") != whole.count("}"):
        raise entry.broken("text", f"«{title}» has a brace that is not closed")
    for name in _MARK.findall(whole):
        if name not in SLOTS:
            raise entry.broken("slot", f"<{name}> in «{title}» is none of {', '.join(SLOTS)}")


# Two parts each, so that hundreds of invented places and firms come out of a few words.
_PLACE_FIRST = ("Øver", "Ner", "Stor", "Vetle", "Brekk", "Hamn", "Kjerr", "Moss", "Rabb", "Skar", "Torv", "Vass", "Hest", "Lang", "Orre", "Kvern")  # fmt: skip
_PLACE_LAST = ("jordet", "bakken", "neset", "vika", "åsen", "hagen", "dalen", "myra", "grenda", "tunet", "flata", "berget")
_STREET_FIRST = ("Smed", "Skole", "Kirke", "Sjø", "Furu", "Elve", "Tømmer", "Mølle", "Bjørke", "Hauge", "Rute", "Verksteds", "Klokker", "Ring")  # fmt: skip
_STREET_LAST = ("veien", "gata", "vegen", "bakken", "stien", "svingen")
_FIRM_FIRST = ("Nesvik", "Tindbygg", "Holmegard", "Fossgrav", "Vestmur", "Kraterud", "Nordlys Anlegg", "Bølgen", "Trevolden", "Grus og Grav", "Lyngtak", "Sjøbris")  # fmt: skip
_FIRM_LAST = ("AS", "AS", "Bygg AS", "Eiendom AS", "Maskin AS", "Rådgivning AS", "Arkitekter AS", "Entreprenør AS", "Utvikling AS")
_MONTHS = ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember")


def slots(body: Body, dice: Random, day: date, names: set[str] | None = None) -> dict[str, object]:
    """What `<slot>` becomes for a body: places and streets of its own, dates in the thirteen months before `day`.

    Every private name handed out is added to `names`, so that the sandbox can say which names must not be published.
    """
    own = Random(f"places {body.slug}")
    places = tuple(own.choice(_PLACE_FIRST) + own.choice(_PLACE_LAST) for _ in range(9))
    streets = tuple(own.choice(_STREET_FIRST) + own.choice(_STREET_LAST) for _ in range(14))

    def a_person() -> str:
        name = person(dice)
        if names is not None:
            names.add(name)
        return name

    def a_date() -> str:
        when = day - timedelta(days=dice.randrange(1, 395))
        return f"{when.day}. {_MONTHS[when.month - 1]} {when.year}"

    return {
        "body": body.full_name,
        "place": places,
        "street": lambda: f"{dice.choice(streets)} {dice.randrange(1, 98)}",
        "date": a_date,
        "number": lambda: dice.randrange(11, 980),
        "case": lambda: f"{dice.randrange(3, 139)}/{dice.choice((day.year - 1, day.year)) % 100}",
        "gnr": lambda: f"{dice.randrange(1, 180)}/{dice.randrange(1, 420)}",
        "company": lambda: f"{dice.choice(_FIRM_FIRST)} {dice.choice(_FIRM_LAST)}",
        "person": a_person,
    }


def spun(template: Text, body: Body, dice: Random, day: date, names: set[str] | None = None) -> Text:
    """A look-alike or filler as this body writes it."""
    filled = slots(body, dice, day, names)
    return replace(template, title=spin(template.title, dice, filled), text=spin(template.text, dice, filled), body=body.slug)


def spread(bank: Bank, bodies: Sequence[Body], seed: int, count: int, day: date, names: set[str] | None = None) -> tuple[Text, ...]:
    """`count` look-alikes over the bodies (`.body` says whose), no body saying the same twice; fewer when the bank runs dry.

    Every template is used once before any is used twice. The same arguments give the same texts.
    """
    dice = Random(f"look-alikes {seed}")
    chosen: list[Text] = []
    said: set[tuple[str, str, str]] = set()
    hosts = {id(template): [b for b in bodies if template.fits(b)] for template in bank.lookalikes}
    for order in hosts.values():
        dice.shuffle(order)
    for turn in range(2 * max((len(order) for order in hosts.values()), default=0)):
        templates = list(bank.lookalikes)
        dice.shuffle(templates)
        for template in templates:
            if len(chosen) == count:
                return tuple(chosen)
            order = hosts[id(template)]
            if not order or turn >= 2 * len(order):
                continue
            text = spun(template, order[turn % len(order)], dice, day, names)
            if (key := (text.body, text.kind, f"{text.title}\n{text.text}")) not in said:
                said.add(key)
                chosen.append(text)
    return tuple(chosen)
