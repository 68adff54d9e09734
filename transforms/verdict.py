"""What one text is about, and whether it is a contribution: the pillar, the practice and the seven tests with the words that show them.

The tests are those of TAXONOMY section 1: a contribution needs actor, action, object and own, and one of date or case, access, numbers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalogue.rubric import Rubric
from transforms import matching
from transforms.matching import CUE, Hit, Span

THRESHOLD = 1.0
TITLE_FACTOR = 2.0
REPEAT_FACTOR = 0.2
OTHERS_FACTOR = 0.25
MOST_RELATED = 5
MOST_BEYOND = 3
# A long text (an annual report, minutes) names many things once; what it is about it names often or in its title.
LONG_TEXT, LONG_TEXT_POWER = 3000, 0.35
# For texts that name no practice: see `_nearest_by_field`.
FIELD_THRESHOLD, FIELD_MARGIN, FIELD_ALONE, FIELD_MOST = 0.8, 0.1, 1.2, 3.0
FIELD_LENGTH, SHORTEST_BY_FIELD, RELATED_FACTOR, AGAINST_MOST = 500, 150, 0.7, -0.5
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

    Offsets are into `whole(title, text)`. `by_field`: the text names no practice; the practice is the nearest one.
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


def judge(title: str, text: str, rubric: Rubric) -> Verdict:
    """The verdict over one document. Offsets are into `whole(title, text)`.

    First by the practices' own names. A text that names none may still tell of an open act in the everyday words of a pillar's field:
    then the verdict is `by_field`, and the practice is the nearest one.
    """
    document = whole(title, text)
    spans = matching.spans(document, rubric)
    if matching.is_listing(text):
        spans = [span for span in spans if span.end <= len(title)]
    if not any(role.kind in (matching.TERM, matching.RELATED, matching.FIELD) for span in spans for role in span.roles):
        return NOTHING
    found = tuple(matching.practice_hits(document, spans))
    cues = _cues(document, spans, rubric, len(title))
    points = sum(cue.points for cue in cues)
    scores = practice_scores(found, len(title))
    practice, best = _best(scores, rubric)
    score, by_field = best * min(1.0, (LONG_TEXT / len(document)) ** LONG_TEXT_POWER) + points, False
    if not practice or score < THRESHOLD:
        nearest, field_score = _nearest_by_field(document, spans, found, cues, rubric)
        if not nearest:
            return Verdict("none", practice, False, score if practice else 0.0, (), found, tuple(scores.items()), cues)
        practice, score, by_field = nearest, field_score, True
    checks = seven_tests(document, len(title), practice, spans, found, cues, rubric, by_field=by_field)
    return Verdict(
        rubric.practice(practice).pillar,
        practice,
        is_met(checks) and not (by_field and _is_weak(cues)),
        score,
        checks,
        found,
        tuple(scores.items()),
        cues,
        by_field,
    )


def _nearest_by_field(
    document: str, spans: Sequence[Span], found: Sequence[Hit], cues: Sequence[Cue], rubric: Rubric
) -> tuple[str, float]:
    """The practice nearest to a text that names none, and its score; nothing when the text has not the shape of an open act.

    The shape: somebody of the municipality did something, at a date or in a case, with figures or a way in, and it is open to others or
    speaks strongly of the field. Each word of a field counts once; a long text needs more of them.
    """
    if len(document) < SHORTEST_BY_FIELD:
        return "", 0.0
    words: dict[str, dict[str, float]] = defaultdict(dict)
    for span in spans:
        for role in span.roles:
            if role.kind == matching.FIELD:
                words[role.key][role.phrase] = role.weight
    length = max(1.0, len(document) / FIELD_LENGTH) ** 0.5
    related: dict[str, dict[str, float]] = defaultdict(dict)
    for hit in found:
        related[hit.practice][hit.rule] = hit.weight
    nearest = {p.slug: sum(related[p.slug].values()) for p in rubric.practices if p.slug in related}
    by_pillar = {key: sum(group.values()) / length for key, group in words.items()}
    for key in by_pillar:
        best_two = sorted((nearest[p.slug] for p in rubric.practices if p.pillar == key and p.slug in nearest), reverse=True)[:2]
        by_pillar[key] += RELATED_FACTOR * max(0.0, sum(best_two)) / length
    if not by_pillar:
        return "", 0.0
    ranked = sorted(by_pillar.items(), key=lambda item: (-item[1], item[0]))
    pillar, field_points = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    against = sum(max(c.points, AGAINST_MOST) for c in cues if c.points < 0)
    openness = next((c for c in cues if c.key == "openness"), None)
    score = field_points + against + (openness.points if openness else 0.0)
    least = FIELD_THRESHOLD if openness else FIELD_ALONE
    if score < least or field_points - second < FIELD_MARGIN:
        return "", 0.0
    own = [p.slug for p in rubric.practices if p.pillar == pillar]
    practice = max(own, key=lambda slug: nearest.get(slug, 0.0))
    yes = _by_test(spans, matching.YES)
    has = {t.key for t in rubric.tests if yes[t.key] or ((e := _expression(t.patterns)) is not None and e.search(document))}
    if not ({"actor", "action", "date_or_case"} <= has and has & {"access", "numbers"}):
        return "", 0.0
    return practice, min(score, FIELD_MOST)


def is_met(checks: Sequence[Check]) -> bool:
    """As `all_met`, but a thing that is described as there needs no verb of doing, when nothing in the text only hopes for it."""
    return all_met([Check(c.key, "yes") if c.key == "action" and c.answer == "unknown" else c for c in checks])


def _is_weak(cues: Sequence[Cue]) -> bool:
    """A text that names no practice must at least say that something is open to others, and have nothing that speaks against."""
    return not any(c.key == "openness" for c in cues) or any(c.points < 0 for c in cues)


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
    against = [cues[k] for k in cues if rubric.cue(k).never_contribution and k not in ("plan_only", "slogan")]
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
