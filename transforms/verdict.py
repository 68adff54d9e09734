"""What one text is about, and whether it is a contribution: the pillar, the practice and the seven tests with the words that show them.

The tests are those of TAXONOMY section 1: a contribution needs actor, action, object and own, and one of date or case, access, numbers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import prod

from catalogue.rubric import NONE, Rubric
from transforms import learned, matching
from transforms.likeness import likeness
from transforms.matching import CUE, Hit, Span

THRESHOLD, LIKELY = 1.0, 0.5
TITLE_FACTOR = 2.0
REPEAT_FACTOR = 0.2
OTHERS_FACTOR = 0.25
MOST_RELATED = 5
MOST_BEYOND = 3
# A long text (an annual report, minutes) names many things once; what it is about it names often or in its title.
LONG_TEXT, LONG_TEXT_POWER = 3000, 0.35
# For texts that name no practice: see `_nearest_by_field`.
FIELD_THRESHOLD, FIELD_ALONE, FIELD_MOST = 0.8, 1.2, 3.0
FIELD_LENGTH, SHORTEST_BY_FIELD, RELATED_FACTOR = 500, 150, 0.5
FIELD_FACTOR, IDEA_FACTOR, SECOND_FACTOR, RELATED_MOST = 0.5, 2.0, 0.1, 1.0
# A name that scores less than this gives way to a practice that is nearer by so much.
SURELY_NAMED, LEAD = 1.6, 1.2
LIKE_FACTOR, LIKE_LEAST = 12.0, -0.03
SECOND_WORD, FURTHER_IDEAS, FURTHER_CONCEPT, FAR, MISSING = 0.5, 0.35, 0.25, 0.4, 0.1
NEARNESS = ((120, 1.0), (300, 0.8), (600, 0.6))
# Plans and slogans are no deed, whoever's; the others are words of other matters, that stand in menus and long texts too.
NOT_OF_OWN = ("plan_only", "slogan", "service", "planning", "personal_data", "job_ad", "agenda", "award")
ALL_OF, ONE_OF = ("actor", "action", "object", "own"), ("date_or_case", "access", "numbers")


@dataclass(frozen=True)
class Check:
    """One of the seven tests: `answer` is yes, no or unknown; `words` are the words of the text that show it, at `start`–`end`."""

    key: str
    answer: str
    words: str = ""
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class Cue:
    """A cue list that speaks in the text: how many of its phrases, what they did to the score, and the first with the words around it."""

    key: str
    count: int
    points: float
    words: str
    start: int
    end: int


@dataclass(frozen=True)
class Verdict:
    """`label` is a pillar or `none`; `scores` the practices' scores; `hits` the spans behind them.

    Offsets are into `whole(title, text)`. `by_field`: the text names no practice; the practice is the nearest one. `is_compared`: it was
    asked which practice is nearest, so the verdict hangs on all practices' words, ideas and examples, not only on the words in the text.
    """

    label: str
    practice: str
    is_contribution: bool
    score: float
    checks: tuple[Check, ...]
    hits: tuple[Hit, ...]
    scores: tuple[tuple[str, float], ...]
    cues: tuple[Cue, ...] = ()
    by_field: bool = False
    is_compared: bool = False
    probability: float | None = None

    def answer(self, key: str) -> Check:
        """The check of that key. Raises KeyError."""
        return {c.key: c for c in self.checks}[key]

    def cue_count(self, key: str) -> int:
        """How many different phrases of a cue list the text holds."""
        return next((c.count for c in self.cues if c.key == key), 0)


NOTHING = Verdict("none", "", False, 0.0, (), (), ())


def whole(title: str, text: str) -> str:
    """The text that offsets count in: the title, an empty line and the text."""
    return f"{title}\n\n{text}"


def judge(title: str, text: str, rubric: Rubric, *, practice: str = "") -> Verdict:
    """The verdict over one document, or over it as a text about `practice`. Offsets are into `whole(title, text)`.

    First by the practices' own names. A text that names none, or names one in passing and clearly tells of another, may still tell of an
    open act in everyday words: then the verdict is `by_field`, and the practice is the nearest one. Whether it is a contribution the tests
    say, weighed by what was learnt where the rubric has a model.
    """
    asked = practice
    document = matching.told_part(whole(title, text), len(title))
    size = matching.told_size(document)
    spans = matching.outspoken(matching.spans(document, rubric))
    found = tuple(matching.practice_hits(document, spans))
    cues = _cues(document, spans, rubric, len(title))
    points = sum(cue.points for cue in cues)
    scores = practice_scores(found, len(title))
    practice, best = _best(scores, rubric)
    score, by_field = best * min(1.0, (LONG_TEXT / size) ** LONG_TEXT_POWER) + points, False
    is_named = bool(practice) and score >= THRESHOLD
    is_compared = not (is_named and score >= SURELY_NAMED) and size >= SHORTEST_BY_FIELD and _is_act(document, spans, rubric)
    nearest = _nearest_by_field(document, len(title), found, cues, rubric) if is_compared else None
    if nearest is not None and (not is_named or nearest.lead[practice] > LEAD):
        practice, score, by_field = nearest.practice, nearest.score, True
        found, spans = (*found, *nearest.hits), [*spans, *nearest.spans]
    elif not is_named and not asked:
        return Verdict("none", practice, False, score if practice else 0.0, (), found, tuple(scores.items()), cues, False, is_compared)
    if asked and asked != practice:
        practice, by_field = asked, not any(hit.practice == asked and hit.rule.startswith(matching.TERM) for hit in found)
    checks = seven_tests(document, len(title), practice, spans, found, cues, rubric, by_field=by_field)
    probability = likely(rubric, checks, {cue.key: cue.count for cue in cues})
    return Verdict(
        rubric.practice(practice).pillar,
        practice,
        is_met(checks) if probability is None else probability >= LIKELY,
        score,
        checks,
        found,
        tuple(scores.items()),
        cues,
        by_field,
        is_compared,
        probability,
    )


def likely(rubric: Rubric, checks: Iterable[Check], cues: Mapping[str, int]) -> float | None:
    """How likely it is a contribution by the rubric's learnt model; None where it has none."""
    return learned.answer(rubric.model, {c.key: c.answer for c in checks}, cues).probability if rubric.model else None


@dataclass(frozen=True)
class Nearest:
    """The practice nearest to a text that names none, its score, the idea of it that the text tells, the everyday words in the text, and
    how much nearer it is than each practice."""

    practice: str
    score: float
    hits: tuple[Hit, ...]
    spans: tuple[Span, ...]
    lead: Mapping[str, float]


def _nearest_by_field(document: str, title_length: int, found: Sequence[Hit], cues: Sequence[Cue], rubric: Rubric) -> Nearest | None:
    """The practice nearest to a text that names none; None when it is near to nothing.

    Near is what tells an idea of the practice, is written in its examples' kind of words and has its related words; of the pillars the one
    whose field's words stand there too. All of it must be more than what the text shares with texts about nothing here.
    """
    everyday = matching.spans(document, rubric, is_everyday=True)
    field = _field_points(everyday, matching.told_size(document))
    ideas = ideas_of(document, title_length, everyday, rubric)
    alike = likeness(document, rubric)
    related: dict[str, dict[str, float]] = defaultdict(dict)
    for hit in found:
        related[hit.practice][hit.rule] = hit.weight
    nearest: dict[str, float] = {}
    for practice in rubric.practices:
        weights = related[practice.slug].values() if practice.slug in related else ()
        beside = RELATED_FACTOR * min(sum(w for w in weights if w > 0), RELATED_MOST) + sum(w for w in weights if w < 0)
        idea = ideas[practice.slug].score if practice.slug in ideas else 0.0
        nearest[practice.slug] = IDEA_FACTOR * idea + LIKE_FACTOR * alike[practice.slug] + beside
    by_pillar: dict[str, float] = {}
    for pillar in rubric.pillars:
        first, second = sorted((nearest[p.slug] for p in rubric.practices if p.pillar == pillar.key), reverse=True)[:2]
        by_pillar[pillar.key] = FIELD_FACTOR * field.get(pillar.key, 0.0) + first + SECOND_FACTOR * second
    key = max(by_pillar, key=by_pillar.__getitem__)
    against = sum(c.points for c in cues if c.points < 0)
    openness = next((c for c in cues if c.key == "openness"), None)
    score = by_pillar[key] - LIKE_FACTOR * (alike[NONE] + LIKE_LEAST) + against + (openness.points if openness else 0.0)
    if score < (FIELD_THRESHOLD if openness else FIELD_ALONE):
        return None
    slug = max((p.slug for p in rubric.practices if p.pillar == key), key=nearest.__getitem__)
    told = ideas.get(slug)
    hits = (told.hit(slug, key, document),) if told and told.words else ()
    return Nearest(slug, min(score, FIELD_MOST), hits, tuple(everyday), {k: nearest[slug] - v for k, v in nearest.items()})


def _field_points(everyday: Sequence[Span], size: int) -> dict[str, float]:
    """What the words of each pillar's field weigh together; each word counts once, and a long text needs more of them."""
    words: dict[str, dict[str, float]] = defaultdict(dict)
    for span in everyday:
        for role in span.roles:
            if role.kind == matching.FIELD:
                words[role.key][role.phrase] = role.weight
    length = max(1.0, size / FIELD_LENGTH) ** 0.5
    return {pillar: sum(group.values()) / length for pillar, group in words.items()}


def _is_act(document: str, spans: Sequence[Span], rubric: Rubric) -> bool:
    """At a date or in a case, and two of: somebody of the municipality, something done, figures or a way in."""
    yes = _by_test(spans, matching.YES)
    has = {t.key for t in rubric.tests if yes[t.key] or ((e := _expression(t.patterns)) is not None and e.search(document))}
    return "date_or_case" in has and ("actor" in has) + ("action" in has) + bool(has & {"access", "numbers"}) >= 2


@dataclass(frozen=True)
class Idea:
    """How much of a practice's ideas a text tells, and the two nearest words that tell the best of them (none when one is missing)."""

    score: float
    words: tuple[tuple[int, int], ...] = ()

    def hit(self, practice: str, pillar: str, document: str) -> Hit:
        """The words as evidence."""
        said = " + ".join(document[start:end].lower() for start, end in self.words)
        start, end = min(w[0] for w in self.words), max(w[1] for w in self.words)
        return Hit(practice, pillar, f"{matching.IDEA}:{said}", start, end, round(self.score, 2))


def ideas_of(document: str, title_length: int, everyday: Sequence[Span], rubric: Rubric) -> dict[str, Idea]:
    """How much a text tells of each practice without its name: per idea the geometric mean of what its concepts show, less the farther
    apart they stand. A concept shows more by each further word for it, and by one in the title."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    phrases: dict[str, set[str]] = defaultdict(set)
    weights: dict[str, float] = {}
    for span in everyday:
        for role in span.roles:
            if role.kind == matching.CONCEPT:
                places[role.key].append((span.start, span.end))
                phrases[role.key].add(document[span.start : span.end].lower())
                weights[role.key] = role.weight
    shown = {
        key: weights[key] * (1 - SECOND_WORD ** (len(phrases[key]) + any(start < title_length for start, _ in places[key])))
        for key in places
    }
    found: dict[str, Idea] = {}
    for practice in rubric.practices:
        told = sorted((_idea(idea, places, shown) for idea in practice.ideas), key=lambda i: -i.score)
        if told and told[0].score:
            found[practice.slug] = Idea(told[0].score + FURTHER_IDEAS * sum(i.score for i in told[1:3]), told[0].words)
    return found


def _idea(idea: tuple[str, ...], places: Mapping[str, Sequence[tuple[int, int]]], shown: Mapping[str, float]) -> Idea:
    """One missing concept leaves little of an idea, more than one nothing."""
    there = [key for key in idea if key in places]
    if not there or len(there) < len(idea) - 1:
        return Idea(0.0)
    nearness, words = FAR, ()
    if len(there) == len(idea):
        pairs = [_nearest_words(places[a], places[b]) for a, b in pairwise(idea)]
        if any(pair is None for pair in pairs):  # one word says both
            return Idea(0.0)
        gap, words = max(pair for pair in pairs if pair)
        nearness = next((n for limit, n in NEARNESS if gap <= limit), FAR)
    mean = prod(shown.get(key, MISSING) for key in idea) ** (1 / len(idea))
    return Idea(nearness * mean * (1 + FURTHER_CONCEPT * (len(idea) - 2)), words)


def _nearest_words(
    some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> tuple[int, tuple[tuple[int, int], tuple[int, int]]] | None:
    """The two words that stand nearest, with the gap between them; None when they are always the same."""
    return min(((max(a, c) - min(b, d), ((a, b), (c, d))) for a, b in some for c, d in others if b <= c or d <= a), default=None)


def is_met(checks: Sequence[Check]) -> bool:
    """As `all_met`, but a thing that is described as there needs no verb of doing, when nothing in the text only hopes for it."""
    return all_met([Check(c.key, "yes") if c.key == "action" and c.answer == "unknown" else c for c in checks])


def all_met(checks: Sequence[Check]) -> bool:
    """Tests 1–4 all, and one of 5–7 (TAXONOMY section 1)."""
    answers = {c.key: c.answer for c in checks}
    return all(answers.get(k) == "yes" for k in ALL_OF) and any(answers.get(k) == "yes" for k in ONE_OF)


def practice_scores(found: Sequence[Hit], title_length: int) -> dict[str, float]:
    """Score per practice: each word once at its weight, a little for repeats, double in the title; related words only beside a term."""
    parts: dict[str, dict[str, list[Hit]]] = defaultdict(lambda: defaultdict(list))
    for hit in found:
        parts[hit.practice][hit.rule].append(hit)
    scores: dict[str, float] = {}
    for practice, rules in parts.items():
        terms_, against, related = 0.0, 0.0, []
        for rule, group in rules.items():
            weight = group[0].weight * (TITLE_FACTOR if any(h.start < title_length for h in group) else 1.0)
            if rule.startswith(matching.RELATED):
                related.append(weight)
            elif weight < 0:
                against += weight
            else:
                terms_ += weight + min(len(group) - 1, 3) * REPEAT_FACTOR * group[0].weight
        beside = sum(sorted(related, reverse=True)[:MOST_RELATED])
        scores[practice] = terms_ + against + (beside if terms_ else 0.0)
    return scores


def _best(scores: dict[str, float], rubric: Rubric) -> tuple[str, float]:
    """The best practice of the best pillar; a pillar's other practices add a little."""
    by_pillar: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for practice, score in scores.items():
        if score > 0:
            by_pillar[rubric.practice(practice).pillar].append((score, practice))
    best, chosen = 0.0, ""
    for group in by_pillar.values():
        group.sort(reverse=True)
        total = group[0][0] + OTHERS_FACTOR * sum(s for s, _ in group[1:3])
        if total > best:
            best, chosen = total, group[0][1]
    return chosen, best


def _cues(document: str, spans: Sequence[Span], rubric: Rubric, title_length: int) -> tuple[Cue, ...]:
    """The cue lists that speak in the text, with their words; a phrase in the title counts twice."""
    by_list: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for span in spans:
        for role in span.roles:
            if role.kind == CUE:
                by_list[role.key][role.phrase].append(span)
    found = []
    for cue in rubric.cues:
        if cue.key in by_list:
            phrases = by_list[cue.key]
            first = min((s for group in phrases.values() for s in group), key=lambda s: (s.start, -s.end))
            places = {min(s.start for s in group) for group in phrases.values()}
            count = len(places) + sum(start < title_length for start in places)
            points = cue.weight * min(count, cue.most)
            left, right = matching.told_span(document, first.start, first.end)
            found.append(Cue(cue.key, count, points, document[left:right], first.start, first.end))
    return tuple(found)


@lru_cache(maxsize=64)
def _expression(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) if patterns else None


def seven_tests(
    document: str, title_length: int, practice: str, spans: Sequence[Span], found: Sequence[Hit], cues: Sequence[Cue], rubric: Rubric,
    *, by_field: bool = False,
) -> tuple[Check, ...]:  # fmt: skip
    """The seven tests over a text in which `practice` was found, with the words that show each answer.

    `by_field`: the practice is only the nearest one, so its legal floor is not held against the text.
    """
    yes, no = _by_test(spans, matching.YES), _by_test(spans, matching.NO)
    count = {c.key: c for c in cues}
    checks = []
    for test in rubric.tests:
        expression = _expression(test.patterns)
        pattern = expression.search(document) if expression else None
        shown = yes[test.key][0] if yes[test.key] else (pattern.start(), pattern.end()) if pattern else None
        if test.key == "object":
            name = next((h for h in found if h.practice == practice and h.weight > 0 and h.rule.startswith(matching.TERM)), None)
            shown = (name.start, name.end) if name else shown
            if shown is None and by_field:
                shown = _field_word(spans, rubric.practice(practice).pillar)
            checks.append(_check("object", "yes" if shown else "unknown", document, shown))
        elif test.key == "own":
            checks.append(_own(document, title_length, practice, spans, yes["own"], no["own"], count, rubric, by_field))
        elif test.key == "action":
            checks.append(_action(document, yes["action"] or ([shown] if shown else []), no["action"], count))
        elif shown:
            checks.append(_check(test.key, "yes", document, shown))
        elif test.key == "actor" and not no["actor"]:
            checks.append(Check("actor", "yes"))  # a body's own page seldom names the body
        else:
            checks.append(_check(test.key, "no" if no[test.key] else "unknown", document, no[test.key][0] if no[test.key] else None))
    return tuple(checks)


def _field_word(spans: Sequence[Span], pillar: str) -> tuple[int, int] | None:
    """The first strong word of a pillar's field: the thing a text speaks of when it names no practice."""
    strong = (s for s in spans if any(r.kind == matching.FIELD and r.key == pillar and r.weight == matching.STRONG_FIELD for r in s.roles))
    return next(((s.start, s.end) for s in strong), None)


def _by_test(spans: Sequence[Span], kind: str) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        for role in span.roles:
            # several forms of one word find the same place
            if role.kind == kind and (not found[role.key] or found[role.key][-1][0] != span.start):
                found[role.key].append((span.start, span.end))
    return found


def _check(key: str, answer: str, document: str, shown: tuple[int, int] | None) -> Check:
    if shown is None:
        return Check(key, answer)
    start, end = matching.told_span(document, *shown)
    return Check(key, answer, document[start:end], start, end)


def _action(document: str, yes: list[tuple[int, int]], no: list[tuple[int, int]], cues: dict[str, Cue]) -> Check:
    """Done or decided: yes when the words for it are more than those for hoping."""
    hopes = len(no) + sum(cues[k].count for k in ("plan_only", "slogan", "opinion") if k in cues)
    if yes and len(yes) >= hopes:
        return _check("action", "yes", document, yes[0])
    return _check("action", "no" if hopes else "unknown", document, no[0] if no else None)


def _own(
    document: str, title_length: int, practice: str, spans: Sequence[Span], yes: list[tuple[int, int]], retreat: list[tuple[int, int]],
    cues: dict[str, Cue], rubric: Rubric, by_field: bool,
) -> Check:  # fmt: skip
    """More than the legal floor of the practice, and no retreat."""
    beyond = [(s.start, s.end) for s in spans for r in s.roles if r.kind == matching.BEYOND and r.key == practice] + yes
    if retreat and (any(start < title_length for start, _ in retreat) or len(retreat) >= 2 or not beyond):
        return _check("own", "no", document, retreat[0])
    against = [cues[k] for k in cues if rubric.cue(k).never_contribution and k not in NOT_OF_OWN]
    weight_against = sum(c.count for c in against)
    if rubric.practice(practice).floor_duty and not by_field:
        enough = len(beyond) >= min(max(1, weight_against), MOST_BEYOND)
    else:
        enough = weight_against < 3 or len(beyond) >= weight_against
    if enough:
        return _check("own", "yes", document, beyond[0] if beyond else None)
    return _check("own", "no", document, (against[0].start, against[0].end) if against else None)


_STATUS = (
    (
        "ended",
        r"avvikle[rst]|avviklar|(?:blir|vert|ble|vart|er) avvikl(?:et|a)|legges ned|(?:blir|vert|ble|vart) lagt ned"
        r"|opphør(?:er|te)|opphøyrer|avsluttet ordningen",
    ),
    (
        "in operation",
        r"(?:siden|sidan|fra|frå) (?:\d|januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|i fjor)"
        r"|tatt i bruk|teke i bruk|i drift|oppdatere[rs]|oppdater(?:t|te)|er i gang|ligger (?:ute|åpent|her)|ligg (?:ute|ope|her)|her kan"
        r"|kan du|så langt|har (?:vært|siden|sidan|innført|fått|laga|laget)|er åpen|er open|sendes|publiserer|deler|i fjor"
        r"|lagt ut|lagd ut|gjennomført",
    ),
    ("adopted", r"vedtok|vedtatt|vedteke|vedtatte|vedtak|vedtas|bestemte|besluttet|godkjen(?:te|de)|løyvde|bevilget"),
    (
        "planned",
        r"planlegg(?:er|e)?|skal (?:vurdere|utrede|innføre|greie ut|etablere)s?|vil (?:vurdere|bli|innføre)|ønsker å|ønskjer å|foreslår"
        r"|tar sikte på"
        r"|tek sikte på|spørsmål om|interpellasjon",
    ),
)
_STATUS_WORDS = tuple((status, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for status, words in _STATUS)


def status_with_words(text: str) -> tuple[str, str]:
    """planned, adopted, in operation or ended, and the words that show it; in operation without words when a text names no step."""
    for status, pattern in _STATUS_WORDS:
        if match := pattern.search(text):
            left, right = matching.told_span(text, match.start(), match.end())
            return status, text[left:right]
    return "in operation", ""


def status_of(text: str) -> str:
    """planned, adopted, in operation or ended: what the text rests on, by its verbs."""
    return status_with_words(text)[0]
