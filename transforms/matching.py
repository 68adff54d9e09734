"""Where the rubric's words stand in a text: practices' terms and look-alikes, the cues of the seven tests, and the words of cue lists.

All words of the rubric are looked up in one pass over the words of the text, so the cost does not grow with the rubric. The everyday words
of fields and concepts are looked up in a pass of their own, for the few texts that name no practice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from catalogue import terms
from catalogue.rubric import Rubric

TERM, RELATED, LOOKALIKE, BEYOND, FIELD = "term", "related", "lookalike", "beyond", "field"
CONCEPT, IDEA = "concept", "idea"
STRONG_FIELD, PLAIN_FIELD, TOGETHER = 0.5, 0.15, 1.25
TOGETHER_FIRST, TOGETHER_SECOND = "first", "second"
CUE, YES, NO = "cue", "yes", "no"
AGAINST = (CUE, NO)
WEIGHTS = {TERM: 1.0, RELATED: 0.3, LOOKALIKE: -0.8, BEYOND: 0.0}
SOFT = re.compile("[\u00ad\u200b\u2060]")
TYPOGRAPHIC = "\u2010\u2011\u2012\u2212"
DASHES = re.compile(f"[{TYPOGRAPHIC}]")
LOWER = "a-zæøåáčđŋšŧžäöéü"
BROKEN = re.compile(f"(?<=[{LOWER}])-\n(?=[{LOWER}])(?!(?:og|eller|samt)\\b)")
"""A word that goes on in the next line, as scanned papers have it; "navne-\\nog" is two."""
MISREAD = re.compile(f"(?<=[{LOWER}]{{2}})[01I](?=[{LOWER}])")
"""A letter that a scanner took for another sign; eInnsyn is written so."""
_READ_AS = {"0": "o", "1": "l", "I": "l"}
_TOKENS = re.compile("[\\w\u00ad]+")
_BETWEEN = re.compile("[\\s\\-–\u00ad]+")
_MOST_TOKENS_KNOWN = 400_000
LONGEST_GAP = 8
FIRST_LETTERS = 4  # a plain word of a phrase has at least so many letters
FARTHEST_TOGETHER = 140
LISTING_LINES, LISTING_TOLD, SHORTEST_TOLD, LISTING_PROSE = 4, 0.3, 40, 200
_BLANKED = re.compile(r"[^\n]")
_CRUMBS = re.compile(
    r"^[ \t]*(?:du er her|forsid(?:e|en|a)|framsid(?:e|a)|hjem|heim|startsid(?:e|en|a))\b[^\n]*\s[›>/»|:·→]\s[^\n]*(?<![.!])$",
    re.IGNORECASE | re.MULTILINE,
)
"""The way to a page, of the names of the pages over it."""
PAGE_STAMP = re.compile(
    r"^[ \t]*(?![^\n]*(?:\bsak\b|styret|tinget|vedt))"
    r"(?:(?:(?:denne )?(?:siden|sida) (?:ble|vart|er) )?(?:sist )?(?:publisert|oppdatert|endret|endra|redigert)"
    r"(?: den| av\b[^\n\d]{0,40})?:?[ \t]*\n?[ \t]*(?:\w+dag )?(?:\d{1,2}\.[ ]?(?:\d|[a-z]{3})|\d{4}-\d)[^\n]{0,80}"
    r"|(?:skriv ut|utskrift)\b[^\n]{0,80})$",
    re.IGNORECASE | re.MULTILINE,
)
"""When a page was published or changed, the day on the same line or the next, and the way to print it: nothing that was done. A line
that names a case, a council or a decision is none."""


@dataclass(frozen=True)
class Role:
    """What a phrase is to the rubric. `key` is the practice, pillar, cue list or test; `rule` is written into the evidence.

    `partner` is the other word of two that must stand together.
    """

    kind: str
    key: str
    pillar: str
    phrase: str
    weight: float
    partner: str = ""

    @property
    def rule(self) -> str:
        return f"{self.kind}:{self.phrase}"


@dataclass(frozen=True)
class Hit:
    """A span of the text that a word of the rubric found. `weight` is negative for what speaks against the practice."""

    practice: str
    pillar: str
    rule: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Span:
    """A span and everything its phrase is to the rubric."""

    start: int
    end: int
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Beginnings:
    """The phrases that begin with one word of a text: `alone` is all of the phrase; the others by the kind of their second word.

    `exact` by the second word itself, `prefix` by its first letters with what it begins with, `rest` whatever else.
    """

    alone: tuple[int, ...]
    exact: dict[str, tuple[int, ...]]
    prefix: dict[str, tuple[tuple[str, int], ...]]
    rest: tuple[int, ...]


@dataclass
class Words:
    """The rubric's phrases by their first word. `known` remembers for each word of the texts seen which phrases may begin there."""

    phrases: list[tuple[terms.Word, ...]] = field(default_factory=list)
    roles: list[tuple[Role, ...]] = field(default_factory=list)
    prefixes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    exact: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    inside: list[tuple[str, int]] = field(default_factory=list)
    capitals: list[tuple[terms.Word, int]] = field(default_factory=list)
    known: dict[str, Beginnings | None] = field(default_factory=dict)
    longest: int = 0

    def add(self, phrase: str, roles: Iterable[Role]) -> None:
        words = terms.words(phrase)
        number = len(self.phrases)
        self.phrases.append(words)
        self.roles.append(tuple(roles))
        first = words[0]
        if first.kind == terms.PREFIX:
            self.prefixes[first.text].append(number)
            self.longest = max(self.longest, len(first.text))
        elif first.kind == terms.EXACT:
            self.exact[first.text].append(number)
        elif first.kind == terms.INSIDE:
            self.inside.append((first.text, number))
        else:
            self.capitals.append((first, number))

    def beginning_with(self, token: str) -> Beginnings | None:
        """The phrases whose first word finds this word of a text; None when there are none."""
        if token in self.known:
            return self.known[token]
        lowered = token.lower()
        numbers = list(self.exact.get(lowered, ()))
        for length in range(1, min(len(lowered), self.longest) + 1):
            numbers += self.prefixes.get(lowered[:length], ())
        numbers += [number for inner, number in self.inside if inner in lowered]
        numbers += [number for word, number in self.capitals if word.finds(token, lowered)]
        if len(self.known) > _MOST_TOKENS_KNOWN:
            self.known.clear()
        self.known[token] = found = self._sorted(numbers) if numbers else None
        return found

    def _sorted(self, numbers: list[int]) -> Beginnings:
        exact: dict[str, list[int]] = defaultdict(list)
        prefix: dict[str, list[tuple[str, int]]] = defaultdict(list)
        alone, rest = [], []
        for number in numbers:
            phrase = self.phrases[number]
            if len(phrase) == 1:
                alone.append(number)
            elif phrase[1].kind == terms.EXACT:
                exact[phrase[1].text].append(number)
            elif phrase[1].kind == terms.PREFIX:
                prefix[phrase[1].text[:FIRST_LETTERS]].append((phrase[1].text, number))
            else:
                rest.append(number)
        by_letters = {k: tuple(v) for k, v in prefix.items()}
        return Beginnings(tuple(alone), {k: tuple(v) for k, v in exact.items()}, by_letters, tuple(rest))


def _weight(kind: str, term: str) -> float:
    """Longer and composed terms say more: up to half as much again; very short ones less."""
    if kind != TERM:
        return WEIGHTS.get(kind, 0.0)
    bare = term.lstrip("*=")
    if len(bare) <= 5 and " " not in bare:
        return 0.7
    return 1.5 if len(bare) >= 15 else 1.25 if len(bare) >= 10 or " " in bare else 1.0


def _roles(rubric: Rubric) -> Iterator[Role]:
    for practice in rubric.practices:
        groups = (
            (TERM, practice.terms.all()), (RELATED, practice.related), (LOOKALIKE, practice.lookalike_terms), (BEYOND, practice.beyond)
        )  # fmt: skip
        for kind, group in groups:
            yield from (Role(kind, practice.slug, practice.pillar, term, _weight(kind, term)) for term in group)
        for first, second in practice.together:
            yield Role(TOGETHER_FIRST, practice.slug, practice.pillar, first, TOGETHER, second)
            yield Role(TOGETHER_SECOND, practice.slug, practice.pillar, second, TOGETHER, first)
    for cue in rubric.cues:
        yield from (Role(CUE, cue.key, "", phrase, cue.weight) for phrase in cue.phrases.all())
    for test in rubric.tests:
        yield from (Role(YES, test.key, "", phrase, 0.0) for phrase in test.cues.all())
        against = (*test.counter_cues.all(), *(rubric.cue(test.counter_list).phrases.all() if test.counter_list else ()))
        yield from (Role(NO, test.key, "", phrase, 0.0) for phrase in against)


def _everyday_roles(rubric: Rubric) -> Iterator[Role]:
    for pillar in rubric.pillars:
        yield from (Role(FIELD, pillar.key, pillar.key, w, STRONG_FIELD) for w in pillar.field.strong)
        yield from (Role(FIELD, pillar.key, pillar.key, w, PLAIN_FIELD) for w in pillar.field.plain)
    for concept in rubric.concepts:
        yield from (Role(CONCEPT, concept.key, "", phrase, concept.weight) for phrase in concept.all())


_BUILT: dict[tuple[int, bool], tuple[Rubric, Words]] = {}


def words_of(rubric: Rubric, *, is_everyday: bool = False) -> Words:
    """The rubric made ready for looking up; built once per rubric object. `is_everyday`: the words of fields and concepts."""
    kept = _BUILT.get((id(rubric), is_everyday))
    if kept is None or kept[0] is not rubric:
        by_phrase: dict[str, list[Role]] = defaultdict(list)
        for role in _everyday_roles(rubric) if is_everyday else _roles(rubric):
            by_phrase[role.phrase].append(role)
        built = Words()
        for phrase, roles in by_phrase.items():
            built.add(phrase, roles)
        if len(_BUILT) >= 8:
            _BUILT.clear()
        kept = _BUILT[(id(rubric), is_everyday)] = (rubric, built)
    return kept[1]


def cleaned(text: str) -> str:
    """The text the rubric reads: same length, typographic hyphens as plain ones and soft hyphens as such, and words whole that a line or a
    scanner broke."""
    text = SOFT.sub("\u00ad", DASHES.sub("-", text))
    return MISREAD.sub(lambda sign: _READ_AS[sign[0]], BROKEN.sub("\u00ad\u00ad", text))


def spans(text: str, rubric: Rubric, *, is_everyday: bool = False) -> list[Span]:
    """Every span of `text` that a phrase of the rubric finds, in order of start; overlaps are kept. `is_everyday` as in `words_of`."""
    words = words_of(rubric, is_everyday=is_everyday)
    return [Span(start, end, words.roles[number]) for start, end, number in places(text, words)]


def outspoken(found: Sequence[Span]) -> list[Span]:
    """The spans without what a longer phrase of a test takes back: "mer enn loven krever" is no word of what the law asks."""
    longer = [(s.start, s.end) for s in found if any(role.kind == YES for role in s.roles)]

    def is_taken_back(span: Span) -> bool:
        return any(start <= span.start and span.end <= end and end - start > span.end - span.start for start, end in longer)

    return [
        Span(s.start, s.end, tuple(role for role in s.roles if role.kind not in AGAINST))
        if any(role.kind in AGAINST for role in s.roles) and is_taken_back(s)
        else s
        for s in found
    ]


def places(text: str, words: Words) -> list[tuple[int, int, int]]:
    """(start, end, number of the phrase) of every place where one of the phrases stands, in order of start."""
    text = cleaned(text)
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKENS.finditer(text)]
    if "\u00ad" in text:
        tokens = [(token.replace("\u00ad", ""), start, end) for token, start, end in tokens]
    found: list[tuple[int, int, int]] = []
    last = len(tokens) - 1
    for position, (token, start, end) in enumerate(tokens):
        begins = words.beginning_with(token)
        if begins is None:
            continue
        for number in begins.alone:
            found.append((start, end, number))
        if position == last:
            continue
        following = tokens[position + 1][0].lower()
        possible = [*begins.exact.get(following, ()), *begins.rest]
        possible += [n for beginning, n in begins.prefix.get(following[:FIRST_LETTERS], ()) if following.startswith(beginning)]
        for number in possible:
            if stop := _rest(text, tokens, position, words.phrases[number]):
                found.append((start, stop, number))
    return found


def _rest(text: str, tokens: list[tuple[str, int, int]], position: int, phrase: tuple[terms.Word, ...]) -> int:
    """Where a phrase ends that begins at this word; 0 when its other words do not follow."""
    end = tokens[position][2]
    for offset, word in enumerate(phrase[1:], start=1):
        if position + offset >= len(tokens):
            return 0
        token, start, next_end = tokens[position + offset]
        if not word.finds(token, token.lower()):
            return 0
        gap = text[end:start]
        if len(gap) > LONGEST_GAP or "\n\n" in gap or _BETWEEN.sub("", gap) != word.before:
            return 0
        end = next_end
    return end


def hits(text: str, rubric: Rubric) -> list[Hit]:
    """Every span of the practices' words in `text`, in order. A term inside a look-alike of its practice does not count."""
    return practice_hits(text, spans(text, rubric))


def practice_hits(text: str, found: Sequence[Span]) -> list[Hit]:
    """The hits of the practices among the spans of a text."""
    hits_ = [
        Hit(role.key, role.pillar, role.rule, span.start, span.end, role.weight)
        for span in found
        for role in span.roles
        if role.kind in (TERM, RELATED, LOOKALIKE)
    ]
    hits_ += _together(text, found)
    against = [(h.practice, h.start, h.end) for h in hits_ if h.weight < 0]
    kept = [h for h in hits_ if h.weight < 0 or not any(p == h.practice and s < h.end and h.start < e for p, s, e in against)]
    return sorted(_longest(kept), key=lambda h: (h.start, h.practice, h.rule))


def _together(text: str, found: Sequence[Span]) -> Iterator[Hit]:
    """Two words that name a practice when both stand in the title or in one sentence, in any order."""
    seconds: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for span in found:
        for role in span.roles:
            if role.kind == TOGETHER_SECOND:
                seconds[(role.key, role.partner, role.phrase)].append(span)
    if not seconds:
        return
    title_end = text.find("\n\n")
    for span in found:
        for role in span.roles:
            if role.kind == TOGETHER_FIRST:
                for other in seconds.get((role.key, role.phrase, role.partner), ()):
                    start, end = min(span.start, other.start), max(span.end, other.end)
                    between = text[min(span.end, other.end) : max(span.start, other.start)]
                    is_near = end <= title_end or (end - start <= FARTHEST_TOGETHER and not _SENTENCE_END.search(between))
                    if span.start != other.start and is_near:
                        yield Hit(role.key, role.pillar, f"{TERM}:{role.phrase} + {role.partner}", start, end, TOGETHER)
                        break


def _longest(found: list[Hit]) -> Iterator[Hit]:
    """Of the hits of one practice that overlap, the one that weighs most, then the longest."""
    by_practice: dict[tuple[str, bool], list[Hit]] = defaultdict(list)
    for hit in found:
        by_practice[(hit.practice, hit.weight < 0)].append(hit)
    for group in by_practice.values():
        taken: list[Hit] = []
        for hit in sorted(group, key=lambda h: (-abs(h.weight), h.start - h.end, h.start)):
            if all(hit.end <= t.start or t.end <= hit.start for t in taken):
                taken.append(hit)
        yield from taken


def excerpt(text: str, start: int, end: int, around: int = 120) -> str:
    """A piece of the text around a span, cut at blanks, word for word as it stands."""
    left, right = excerpt_span(text, start, end, around)
    return text[left:right]


def excerpt_span(text: str, start: int, end: int, around: int = 120) -> tuple[int, int]:
    """Where that piece begins and ends: inside one paragraph, cut at blanks."""
    left, right = max(0, start - around), min(len(text), end + around)
    paragraph = text.rfind("\n", left, start)
    if paragraph >= 0:
        left = paragraph + 1
    elif left:
        blank = text.find(" ", left, start)
        left = blank + 1 if blank >= 0 else start
    paragraph = text.find("\n", end, right)
    if paragraph >= 0:
        right = paragraph
    elif right < len(text):
        blank = text.rfind(" ", end, right)
        right = blank if blank >= 0 else end
    piece = text[left:right]
    return left + len(piece) - len(piece.lstrip()), right - (len(piece) - len(piece.rstrip()))


def told_span(text: str, start: int, end: int, most: int = 160) -> tuple[int, int]:
    """Start and end of what a reader is shown of a span: its whole sentence, or of a sentence longer than `most` a piece cut at blanks."""
    left, right = next(((a, b) for a, b in sentence_spans(text) if a <= start < b), (0, len(text)))
    left, right = left + len(text[left:right]) - len(text[left:right].lstrip()), max(end, left + len(text[left:right].rstrip()))
    if right - left <= most:
        return left, right
    a, b = excerpt_span(text, start, end, around=max(0, (most - (end - start)) // 2))
    return max(a, left), max(end, min(b, right))


_SENTENCE_END = re.compile(
    r"(?:(?<=[.!?])(?<!\bnr\.)(?<!\bkl\.)(?<!\bca\.)(?<!\bjf\.)(?<!\d\.)|(?<=/\d\d\.)|(?<=\b(?:19|20)\d\d\.))\s+(?=[A-ZÆØÅ«\"])|\n+"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of the sentences of a text; abbreviations, dates and numbers do not end one."""
    cuts = [0]
    for match in _SENTENCE_END.finditer(text):
        cuts += [match.start(), match.end()]
    cuts.append(len(text))
    return [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if text[a:b].strip()]


def sentences(text: str) -> list[str]:
    """The text in sentences."""
    return [text[a:b].strip() for a, b in sentence_spans(text)]


def is_listing(text: str) -> bool:
    """A page that lists other pages: many lines, few of them sentences, and hardly any text. What it names, it is not about."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return _is_lined(lines) and sum(len(line) for line in lines if _is_told(line)) < LISTING_PROSE


def told_part(document: str, title_length: int) -> str:
    """The document with the way to the page and the day it was changed blank, and all lines that tell nothing where it is mostly such:
    menus, contact boxes, lists.

    Left then are the title, sentences, and the line before one; of a page that only lists others the title alone. Of the same length, so
    that places in it are places in the document.
    """
    body = document[title_length:]
    for aside in (_CRUMBS, PAGE_STAMP):
        body = aside.sub(lambda line: " " * len(line[0]), body)
    document = document[:title_length] + body
    if not _is_lined([line.strip() for line in body.split("\n") if line.strip()]):
        return document
    if is_listing(body):
        return document[:title_length] + _BLANKED.sub(" ", body)
    lines = body.split("\n")
    full = [number for number, line in enumerate(lines) if line.strip()]
    kept = {number for number in full if _is_told(lines[number].strip())}
    kept |= {before for before, number in pairwise(full) if number in kept}
    return document[:title_length] + "\n".join(line if number in kept else " " * len(line) for number, line in enumerate(lines))


def told_size(document: str) -> int:
    """How many characters of a document tell something: all but blank lines."""
    return sum(len(line) + 1 for line in document.split("\n") if not line.isspace()) - 1


def _is_lined(lines: Sequence[str]) -> bool:
    return len(lines) >= LISTING_LINES and sum(map(_is_told, lines)) / len(lines) < LISTING_TOLD


def _is_told(line: str) -> bool:
    return len(line) > SHORTEST_TOLD and line.endswith((".", "!", "?", ":"))

