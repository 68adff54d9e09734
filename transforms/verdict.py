"""What one text is about, and whether it is a contribution: the pillar, the practice and the seven tests with the words that show them.

The tests are those of TAXONOMY section 1: a contribution needs actor, action, object and own, and one of date or case, access, numbers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from catalogue.rubric import Rubric
from transforms import matching
from transforms.matching import Hit

THRESHOLD = 1.5
TITLE_FACTOR = 2.0
REPEAT_FACTOR = 0.2
ALL_OF, ONE_OF = ("actor", "action", "object", "own"), ("date_or_case", "access", "numbers")


@dataclass(frozen=True)
class Check:
    """One of the seven tests: `answer` is yes, no or unknown; `words` are the words of the text that show it."""

    key: str
    answer: str
    words: str = ""


@dataclass(frozen=True)
class Verdict:
    """`label` is a pillar or `none`; `scores` the practices' scores; `hits` the spans behind them."""

    label: str
    practice: str
    is_contribution: bool
    score: float
    checks: tuple[Check, ...]
    hits: tuple[Hit, ...]
    scores: tuple[tuple[str, float], ...]
    cues: tuple[tuple[str, str], ...] = ()

    def answer(self, key: str) -> Check:
        return next(c for c in self.checks if c.key == key)


def judge(title: str, text: str, rubric: Rubric) -> Verdict:
    """The verdict over one document; `text` may start with its title."""
    body = text[len(title) :].lstrip() if title and text.startswith(title) else text
    whole = f"{title}\n\n{body}"
    if not matching.may_hold(whole, rubric):
        return Verdict("none", "", False, 0.0, (), (), ())
    found = matching.hits(whole, rubric)
    scores = practice_scores(found, len(title))
    cues = _cues(whole, rubric)
    practice, score = _best(scores, rubric)
    if not practice:
        return Verdict("none", "", False, 0.0, (), tuple(found), tuple(scores.items()), cues)
    checks = seven_tests(title, body, practice, rubric)
    against = [c for c, _ in cues if rubric.cue(c).never_contribution]
    score -= 0.4 * len(against)
    if score < THRESHOLD:
        return Verdict("none", practice, False, score, checks, tuple(found), tuple(scores.items()), cues)
    is_contribution = all_met(checks) and not against
    return Verdict(rubric.practice(practice).pillar, practice, is_contribution, score, checks, tuple(found), tuple(scores.items()), cues)


def all_met(checks: tuple[Check, ...]) -> bool:
    """Tests 1–4 all, and one of 5–7 (TAXONOMY section 1)."""
    answers = {c.key: c.answer for c in checks}
    return all(answers.get(k) == "yes" for k in ALL_OF) and any(answers.get(k) == "yes" for k in ONE_OF)


def practice_scores(found: list[Hit], title_length: int) -> dict[str, float]:
    """Score per practice: each word once at its weight, a little for repeats, double in the title; related words only beside others."""
    parts: dict[str, dict[str, list[Hit]]] = defaultdict(lambda: defaultdict(list))
    for hit in found:
        parts[hit.practice][hit.rule].append(hit)
    scores: dict[str, float] = {}
    for practice, rules in parts.items():
        total, related = 0.0, 0
        for rule, group in rules.items():
            in_title = any(h.start < title_length for h in group)
            weight = group[0].weight
            related += rule.startswith(matching.RELATED)
            repeats = min(len(group) - 1, 3) * REPEAT_FACTOR * abs(weight) if weight > 0 else 0.0
            total += weight * (TITLE_FACTOR if in_title else 1.0) + repeats
        has_term = any(rule.startswith(matching.TERM) for rule in rules)
        scores[practice] = total if has_term or related >= 2 else total * 0.5
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
        total = group[0][0] + 0.25 * sum(s for s, _ in group[1:3])
        if total > best:
            best, chosen = total, group[0][1]
    return chosen, best


def _cues(text: str, rubric: Rubric) -> tuple[tuple[str, str], ...]:
    """The cue lists that speak in the text, with their words."""
    found = ((c.key, matching.first_words(matching.alternation(c.phrases.all()), [text])) for c in rubric.cues)
    return tuple((key, words) for key, words in found if words)


def seven_tests(title: str, body: str, practice: str, rubric: Rubric) -> tuple[Check, ...]:
    """The seven tests over a text in which `practice` was found."""
    texts = [title, *matching.sentences(body)]
    checks = []
    for test in rubric.tests:
        yes = matching.first_words(matching.alternation(test.cues.all(), test.patterns), texts)
        no = matching.first_words(matching.alternation(test.counter_cues.all()), texts)
        if test.key == "object":
            name = rubric.practice(practice).name
            checks.append(Check("object", "yes", yes or name))
        elif test.key == "own":
            checks.append(_own(practice, rubric, yes, no))
        elif yes and not (no and test.key == "actor" and _is_first(no, yes, texts)):
            checks.append(Check(test.key, "yes", yes))
        else:
            checks.append(Check(test.key, "no" if no else "unknown", no or ""))
    return tuple(checks)


def _own(practice: str, rubric: Rubric, beyond: str | None, retreat: str | None) -> Check:
    """More than the legal floor of the practice, and no retreat."""
    if retreat:
        return Check("own", "no", retreat)
    if rubric.practice(practice).floor_duty:
        return Check("own", "yes", beyond) if beyond else Check("own", "no", "")
    return Check("own", "yes", beyond or "")


def _is_first(a: str, b: str, texts: list[str]) -> bool:
    whole = "\n".join(texts)
    return 0 <= whole.find(a) < whole.find(b)


def status_of(text: str) -> str:
    """planned, adopted, in operation or ended: what the text rests on, by its verbs."""
    lowered = text.lower()
    if re.search(r"\b(avvikle[rst]|avvikla|stenge[rst]|legges ned|blir lagt ned|opphør(er|te)|avslutta|avsluttet ordningen)\b", lowered):
        return "ended"
    if re.search(r"\b(siden|sidan|har|er tatt i bruk|er teke i bruk|i drift|oppdatere[rs]|oppdatert|er i gang|ligger|ligg|kan du|så langt)\b", lowered):
        return "in operation"
    if re.search(r"\b(vedtok|vedtatt|vedteke|vedtatte|vedtak)\b", lowered):
        return "adopted"
    return "planned"
