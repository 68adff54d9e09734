"""Which documents of one body tell of the same initiative: what they share that is rare (case numbers, dates, figures, names, long words).

Only the documents' own texts and their body count, so that a document about something else never moves the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalogue import terms
from transforms import matching

MONTHS = {
    m: i
    for i, m in enumerate(
        ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"), start=1
    )
}
# Northern Sámi says the month first or second, in the genitive: guovvamánu 12. beaivvi 2026, 12. guovvamánu 2026.
SAMI_MONTHS = {
    m: i
    for i, m in enumerate(
        ("ođđajagi", "guovva", "njukča", "cuoŋo", "miesse", "geasse", "suoidne", "borge", "čakča", "golggot", "skábma", "juovla"), start=1
    )
}
_SAMI_MONTH = rf"({'|'.join(SAMI_MONTHS)})m[aá]n(?:nu|nus|u|us)"
SAMI_DATE = re.compile(
    rf"\b(?:{_SAMI_MONTH}\s+(\d{{1,2}})\.(?:\s*b(?:eaivvi|\.)?)?|(\d{{1,2}})\.\s*{_SAMI_MONTH})(?:\s+((?:19|20)\d{{2}}))?", re.IGNORECASE
)
CASE = re.compile(
    r"\b(?:saks?(?:nr|nummer)?|ášši(?:nr)?|PS|FS|KS|BS|arkivsak|bystyresak|byrådssak)\.?:?\s*(\d{1,4}/\d{2,4})\b", re.IGNORECASE
)
FULL_DATE = re.compile(rf"\b(\d{{1,2}})\.\s?({'|'.join(MONTHS)})(?:\s+((?:19|20)\d{{2}}))?\b", re.IGNORECASE)
NUMERIC_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.((?:19|20)?\d{2})\b")
MONTH_YEAR = re.compile(rf"\b({'|'.join(MONTHS)})\s+((?:19|20)\d{{2}})\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\w/.,])(\d{1,3}(?:[  ]\d{3})+|\d+(?:,\d+)?)(?![\w/]|[.,]\d)(?:\s+([a-zæøåéáčđŋšŧž-]{3,}))?")
NAME = re.compile(r"(?<=[a-zæøå,»)] )[A-ZÆØÅ][\w-]{2,}")
FILE_SIZE = re.compile(r"\((?:PDF|DOCX?|XLSX?|ODT)[^()\n]*\)", re.IGNORECASE)
WORD = re.compile(r"[A-Za-zÆØÅæøåéáčđŋšŧž]{5,}")
BODY = re.compile(r"\b([A-ZÆØÅČŠŽĐŊŦ][\w-]+)\s+(?:(?:fylkes)?kommune|suohkan|gielda)", re.UNICODE)
# Words that every municipality writes about everything; they tie nothing together.
EVERYDAY = frozenset(
    terms.stem(w)[:9]
    for w in """kommune kommunen kommunens kommunestyret kommunestyre fylkeskommune fylkesting fylkestinget formannskapet formannskap
    bystyret utvalg utvalget hovedutvalget fylkesutvalget utval utvalet vedtok vedtatt vedtak vedteke behandlet behandling
    handsama saken etter andre alle siden sidan kommunedirektøren rådmannen ordføreren ordføraren kroner millioner millionar
    innbyggere innbyggerne innbyggjarar innbyggjarane første tidligere samme skulle skal kunne ligger publisert publisering
    publiserer oppdateres oppdatert offentlig offentleg tilgjengelig siste årene hvert kvart måned månaden halvår kvartal
    januar februar april august september oktober november desember gjennom mellom ordningen ordninga arbeidet gjelder gjeld
    ferdig skjema nettside nettsiden siden rapport rapporten sammen saman status videre vidare suohkan suohkana gielda
    lávdegoddi stivra čoahkkin čoahkkimat dieđiha sámegillii almmuha oversikt oversyn liste listen lista erfaringer
    erfaringar orientering vitande tall tala innen fører legger lagt åpent opent
    saksframlegg saksframlegget saksfremlegget saksutredning saksutgreiing saksdokument vises viser visast innstilling tilråding
    forslag framlegg vedlegg vedlagt enstemmig samrøystes punkt""".split()
)
# How alike two documents must be to tell of the same, by what they are about and whether one kind of source tells of it twice.
SAME_PRACTICE, SAME_PRACTICE_OTHER_SOURCE, SAME_PILLAR, OTHER = 0.19, 0.12, 0.28, 0.36
UNFLAGGED, AGAINST = 0.26, 0.1
AVERAGE_OF = 0.6
DIFFERENT = {"case ": 0.12, "date ": 0.05, "number ": 0.05}
LEAST_TOGETHER = 0.6
LEAST_SHARED, LEAST_SHARED_UNFLAGGED, SMALLEST, INSIDE = 0.4, 1.5, 4.0, 0.3
IN_TITLE = 1.8
OF_YEAR, OF_DAY, OF_CASE = 0.9, 0.6, 3.0


@dataclass(frozen=True)
class Trace:
    """What of a document could be found again in another about the same thing. `marks` weigh; `cases` are council case numbers.

    `total` is the weight of the marks that stand in the text: the number of an archive's case ties documents that have it, but that a page
    does not name it says nothing.

    `is_guess`: the practice is only the nearest one. `is_against`: the document tells of a wish, a retreat or the bare law."""

    document: str
    practice: str
    pillar: str
    title: str
    is_thin: bool
    kind: str
    is_guess: bool
    is_against: bool
    marks: Mapping[str, float]
    cases: frozenset[str]
    total: float


def trace(
    document: str, title: str, text: str, *, practice: str = "", pillar: str = "", case_number: str = "", kind: str = "",
    is_thin: bool = False, is_guess: bool = False, is_against: bool = False,
) -> Trace:  # fmt: skip
    """The marks of one document; `text` without its title."""
    whole = FILE_SIZE.sub("", matching.PAGE_STAMP.sub("", f"{title}\n\n{text}"))
    body = {m.lower() for m in BODY.findall(whole)}
    marks: dict[str, float] = {}
    cases = frozenset(CASE.findall(whole))
    for case in cases:
        marks[f"case {case}"] = OF_CASE
    rest = CASE.sub(" ", whole)
    rest = _dates(rest, marks)
    for number, unit in NUMBER.findall(rest):
        digits = re.sub(r"\s", "", number)
        if len(digits) >= 3 and not re.fullmatch(r"(19|20)\d\d", digits):
            marks[f"number {digits}"] = 1.6
        elif unit and len(digits) >= 2:
            marks[f"number {digits} {unit[:5]}"] = 1.0
    for name in NAME.findall(whole):
        if name.lower() not in body and terms.stem(name.lower())[:9] not in EVERYDAY:
            marks[f"word {stem(name)}"] = 0.9
    for word in WORD.findall(rest):
        if word.lower() not in body and (mark := stem(word)) not in EVERYDAY:
            weight = 0.25 if len(word) < 7 else 0.45 if len(word) < 10 else 0.7
            key = f"word {mark}"
            marks[key] = max(marks.get(key, 0.0), weight)
    for word in WORD.findall(title):
        key = f"word {stem(word)}"
        if key in marks:
            marks[key] *= IN_TITLE
    total = sum(marks.values())
    if case_number:
        marks[f"case {case_number}"] = OF_CASE
    return Trace(document, practice, pillar, title, is_thin, kind, is_guess, is_against, marks, cases, total)


def stem(word: str) -> str:
    """What of a word is its mark: no ending, and the first letters."""
    return terms.stem(word.lower())[:9]


def _dates(text: str, marks: dict[str, float]) -> str:
    """Marks the dates of a text and gives the text without them."""

    def full(match: re.Match[str]) -> str:
        day, month, year = match.groups()
        _mark_day(marks, int(day), MONTHS[month.lower()], year)
        return " "

    def numeric(match: re.Match[str]) -> str:
        day, month, year = match.groups()
        _mark_day(marks, int(day), int(month), year if len(year) == 4 else f"20{year}")
        return " "

    def month_year(match: re.Match[str]) -> str:
        marks[f"month {MONTHS[match.group(1).lower()]}.{match.group(2)}"] = 0.6
        return " "

    def sami(match: re.Match[str]) -> str:
        first, day, other_day, second, year = match.groups()
        _mark_day(marks, int(day or other_day), SAMI_MONTHS[(first or second).lower()], year)
        return " "

    return MONTH_YEAR.sub(month_year, NUMERIC_DATE.sub(numeric, SAMI_DATE.sub(sami, FULL_DATE.sub(full, text))))


def _mark_day(marks: dict[str, float], day: int, month: int, year: str | None) -> None:
    """A day with its year is also one without, for who leaves the year out."""
    if year:
        marks[f"date {day}.{month}.{year}"] = OF_YEAR
    marks[f"day {day}.{month}"] = OF_DAY


def likeness(a: Trace, b: Trace) -> float:
    """0 to about 1: the share of the smaller document's marks that the other has too, and how alike the titles are."""
    small, large = (a, b) if a.total <= b.total else (b, a)
    together = sum(min(weight, large.marks[mark]) for mark, weight in small.marks.items() if mark in large.marks)
    together += _inside(small, large)
    if together < LEAST_TOGETHER:
        return 0.0
    share = together / max(small.total, SMALLEST)
    strength = min(together / 8.0, 1.0)
    titles = fuzz.token_set_ratio(a.title.lower(), b.title.lower()) / 100 if a.title and b.title else 0.0
    different = sum(cost for sign, cost in DIFFERENT.items() if _disagree(a, b, sign))
    return 0.55 * share + 0.45 * strength + 0.15 * max(0.0, titles - 0.5) - different


def _disagree(a: Trace, b: Trace, sign: str) -> bool:
    """Both name council cases (or days, or figures), and none that the other names. An archive's case number is none of these."""
    mine, yours = (one.cases if sign == "case " else {m for m in one.marks if m.startswith(sign)} for one in (a, b))
    return bool(mine and yours) and not mine & yours


def _inside(small: Trace, large: Trace) -> float:
    """A long word of one that begins a longer word of the other (avtalebok, avtaleboka are caught by stems; gave, gaveregister here)."""
    missing = [m[5:] for m in small.marks if m.startswith("word ") and m not in large.marks and len(m) >= 12]
    if not missing:
        return 0.0
    others = [m[5:] for m in large.marks if m.startswith("word ")]
    return INSIDE * sum(any(w[:5] in o for o in others) for w in missing)


def threshold(a: Trace, b: Trace) -> float:
    """How alike two documents must be, by what they are about."""
    more = AGAINST if a.is_against != b.is_against else 0.0
    if not a.practice or not b.practice:
        return UNFLAGGED
    if a.practice == b.practice and not (a.is_guess or b.is_guess):
        return more + (SAME_PRACTICE if a.kind == b.kind else SAME_PRACTICE_OTHER_SOURCE)
    return more + (SAME_PILLAR if a.pillar == b.pillar else OTHER)


def groups(traces: Sequence[Trace]) -> list[list[Trace]]:
    """The documents of one body in groups, one per initiative: the fuller texts first, then titles to the group they fit best."""
    full = sorted((t for t in traces if not t.is_thin), key=lambda t: t.document)
    thin = sorted((t for t in traces if t.is_thin), key=lambda t: t.document)
    found = _agglomerate(full)
    fitting = Fitting(found)
    alone: list[Trace] = []
    additions: list[tuple[list[Trace], Trace]] = []
    for title in thin:
        group = fitting.best(title)
        if group is None:
            alone.append(title)
        else:
            additions.append((group, title))
    for group, title in additions:
        group.append(title)
    return [*found, *_agglomerate(alone)]


class Fitting:
    """Groups whose fuller documents can be asked which a further document is most like."""

    def __init__(self, found: Sequence[list[Trace]]) -> None:
        self.full = [(one, group) for group in found for one in group if not one.is_thin]
        self.holders: dict[str, list[int]] = defaultdict(list)
        for number, (one, _) in enumerate(self.full):
            for mark in one.marks:
                self.holders[mark].append(number)

    def best(self, one: Trace) -> list[Trace] | None:
        """The group that a document is most like, measured by what the pair needs; None when it is alike enough to none."""
        shared: dict[int, float] = defaultdict(float)
        for mark, weight in one.marks.items():
            for number in self.holders.get(mark, ()):
                shared[number] += weight
        most, chosen = 0.0, None
        least = LEAST_SHARED if one.practice else LEAST_SHARED_UNFLAGGED
        for number in sorted(n for n, weight in shared.items() if weight >= least):
            other, group = self.full[number]
            over = likeness(one, other) - threshold(one, other)
            if over >= most:
                most, chosen = over, group
        return chosen


def _agglomerate(traces: Sequence[Trace]) -> list[list[Trace]]:
    """Most alike first; two groups become one when their documents are on average alike enough."""
    likes: dict[tuple[int, int], float] = {}
    for i, j in _neighbours(traces):
        likes[(i, j)] = likeness(traces[i], traces[j])
    group_of = {i: {i} for i in range(len(traces))}
    order = sorted(likes, key=lambda pair: (-likes[pair], traces[pair[0]].document, traces[pair[1]].document))
    for i, j in order:
        limit = threshold(traces[i], traces[j])
        first, second = group_of[i], group_of[j]
        if first is second or likes[(i, j)] < limit:
            continue
        between = [likes.get((min(a, b), max(a, b)), 0.0) for a in first for b in second]
        if sum(between) / len(between) >= AVERAGE_OF * limit:
            joined = first | second
            for member in joined:
                group_of[member] = joined
    distinct = {id(g): g for g in group_of.values()}
    return [[traces[i] for i in sorted(g)] for g in sorted(distinct.values(), key=min)]


def _neighbours(traces: Sequence[Trace]) -> Iterable[tuple[int, int]]:
    """Pairs that share at least one mark of weight; a mark that very many share makes no pairs."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(traces):
        for mark, weight in one.marks.items():
            if weight >= 0.25:
                holders[mark].append(number)
    pairs = {(a, b) for group in holders.values() if len(group) <= 60 for k, a in enumerate(group) for b in group[k + 1 :]}
    return sorted(pairs)
