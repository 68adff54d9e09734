"""How well the model judges labelled texts, looked at from every side: what `evaluation.evaluate` gives, and where it goes wrong."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from catalogue.rubric import NONE, Rubric
from transforms import evaluation, verdict
from transforms.evaluation import LABELS, Judge
from transforms.intervals import wilson
from transforms.matching import Hit
from transforms.verdict import Verdict

FIGURES = ("macro_f1", "contribution_f1", "contribution_balanced_accuracy")
FEWEST = 30
DEPTHS = (5, 10, 20, 50)
BINS = 10
WORST, STRONGEST = 10, 5

Row = dict[str, Any]


def assess(
    items: Sequence[Mapping[str, Any]], rubric: Rubric, *, judge: Judge = verdict.judge, refit: Callable[[str], Judge] | None = None
) -> dict[str, Any]:
    """All of `evaluation.evaluate`, and `practices`, `languages`, `left_out`, `baselines`, `precision_at`, `confusion`, `calibration` and
    `worst_errors`.

    `refit(municipality)` gives the model learnt anew without that municipality, where there is something to learn from it.
    """
    found = evaluation.judge_all(items, rubric, judge)
    measured = evaluation.evaluate(items, rubric, found)
    rows = [
        row | {"true_practice": str(item.get("practice") or "")} | {k: str(item.get(k) or "") for k in ("municipality", "lang", "title")}
        for row, item in zip(measured["verdicts"], items, strict=True)
    ]
    return measured | {
        "practices": practices(rows), "languages": languages(rows),
        "left_out": left_out(rows, _refitted(items, rows, rubric, refit) if refit else None),
        "baselines": baselines(rows), "precision_at": precision_at(rows), "confusion": confusion(rows),
        "calibration": calibration(rows, "probability" if any(f.probability is not None for f in found) else "score"),
        "worst_errors": worst_errors(rows, items, found),
    }  # fmt: skip


def practices(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 of every practice that occurs in truth or answer, with the bootstrap interval of its F1."""
    pairs = [(r["true_practice"], r["practice"] if r["answer"] != NONE else "") for r in rows]
    count = Counter(practice for pair in pairs for practice in set(pair) if practice)
    drawn = _drawn(len(rows))
    return {p: {**evaluation.scores(pairs, p), "f1_interval": _f1_interval(pairs, p, drawn)} for p in sorted(count)}


def _drawn(n: int) -> list[Counter[int]]:
    """Which items each bootstrap round draws, and how often."""
    dice = random.Random(1)
    return [Counter(dice.choices(range(n), k=n)) for _ in range(evaluation.ROUNDS)] if n else []


def _f1_interval(pairs: Sequence[evaluation.Pair], label: str, drawn: Sequence[Counter[int]]) -> tuple[float, float]:
    """As `evaluation.interval` of one label's F1, looking only at the items it has part in: a practice has few of many."""
    part = [(n, (truth == label) + (answer == label)) for n, (truth, answer) in enumerate(pairs) if label in (truth, answer)]
    values = []
    for times in drawn:
        both, either = sum(2 * times[n] for n, sides in part if sides == 2), sum(sides * times[n] for n, sides in part)
        values.append(both / either if either else 0.0)
    values.sort()
    return values[int(0.025 * (len(values) - 1))], values[int(0.975 * (len(values) - 1))]


def languages(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Each language apart: the three figures with intervals; of one with fewer than FEWEST items only how many there are."""
    by_language: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_language[row["lang"]].append(row)
    found: dict[str, dict[str, Any]] = {}
    for language, mine in sorted(by_language.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        found[language] = {"items": len(mine)}
        if len(mine) >= FEWEST:
            answers, within = evaluation.contribution_pairs(mine)
            intervals = (
                evaluation.interval(evaluation.label_pairs(mine), evaluation.macro_f1), evaluation.interval(answers, evaluation.yes_f1),
                evaluation.interval(within, evaluation.balanced_accuracy),
            )  # fmt: skip
            found[language] |= evaluation.figures(mine) | {f"{f}_interval": i for f, i in zip(FIGURES, intervals, strict=True)}
    return found


def left_out(rows: Sequence[Row], refitted: Mapping[str, float] | None = None) -> dict[str, Any]:
    """How much hangs on one municipality: per figure the lowest and the highest without the items of one of them, and which.

    `refitted` are the figures when each municipality is judged by a model that never saw it.
    """
    names = sorted({row["municipality"] for row in rows} - {""})
    without = {name: evaluation.figures([r for r in rows if r["municipality"] != name]) for name in names} if len(names) > 1 else {}
    found: dict[str, Any] = {"municipalities": len(names), "refitted": refitted}
    for figure in FIGURES if without else ():
        ordered = sorted(without, key=lambda name: without[name][figure])
        ends = {"lowest": ordered[0], "highest": ordered[-1]}
        found[figure] = {end: {"value": without[name][figure], "without": name} for end, name in ends.items()}
    return found


def _refitted(
    items: Sequence[Mapping[str, Any]], rows: Sequence[Row], rubric: Rubric, refit: Callable[[str], Judge]
) -> dict[str, float]:  # fmt: skip
    judged = []
    for name in sorted({row["municipality"] for row in rows}):
        which = [n for n, row in enumerate(rows) if row["municipality"] == name]
        found = evaluation.judge_all([items[n] for n in which], rubric, refit(name))
        judged += [rows[n] | {"answer": f.label, "answered_contribution": f.is_contribution} for n, f in zip(which, found, strict=True)]
    return evaluation.figures(judged)


def baselines(rows: Sequence[Row]) -> dict[str, float]:
    """What is to be beaten, of the same items: `keyword_macro_f1` counts words; `pillar_known_contribution_f1` is told the true pillar and
    answers yes to every item that has one."""
    known = [("yes" if r["contribution"] else "no", "no" if r["label"] == NONE else "yes") for r in rows]
    return {
        "keyword_macro_f1": evaluation.macro_f1([(r["label"], r["keyword"]) for r in rows]),
        "pillar_known_contribution_f1": evaluation.yes_f1(known),
    }  # fmt: skip


def precision_at(rows: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    """Per pillar, of the `k` answered so that are said most surely to be contributions: how many are of the pillar (`in_pillar`), and how
    many are contributions to it (`contributions`, with its share and Wilson interval). `of` is k, or all there are."""
    found: dict[str, list[dict[str, Any]]] = {}
    for pillar in LABELS[1:]:
        ranked = sorted((r for r in rows if r["answer"] == pillar), key=lambda r: (-r["stated"], str(r["id"])))
        found[pillar] = []
        for k in DEPTHS:
            top = ranked[:k]
            true = sum(r["label"] == pillar and r["contribution"] for r in top)
            share = wilson(true, len(top))
            found[pillar].append({"k": k, "of": len(top), "in_pillar": sum(r["label"] == pillar for r in top), "contributions": true,
                                  "precision": share.value if top else None, "interval": [share.low, share.high]})  # fmt: skip
    return found


def confusion(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """True label → answer → how many items."""
    count = Counter(evaluation.label_pairs(rows))
    return {truth: {answer: count[truth, answer] for answer in LABELS} for truth in LABELS}


def calibration(rows: Sequence[Row], basis: str) -> dict[str, Any]:
    """Whether what the model states holds: of the texts it calls contributions with some probability, that share should be ones.

    `bins` of equal width (items, mean stated, share true with its Wilson interval; empty ones left out), `brier` (the mean square of what
    is stated less what is true) beside `brier_of_base_rate` (of who always states the share there is), and `expected_error` (the mean gap
    between stated and true over the bins, weighed by their items). `basis` is what is stated: a `probability`, or a mere `score`.
    """
    if not rows:
        return {"basis": basis, "bins": [], "brier": 0.0, "brier_of_base_rate": 0.0, "expected_error": 0.0}
    binned: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        binned[min(int(row["stated"] * BINS), BINS - 1)].append(row)
    bins: list[dict[str, Any]] = []
    for place, mine in sorted(binned.items()):
        share = wilson(sum(r["contribution"] for r in mine), len(mine))
        bins.append({"low": place / BINS, "high": (place + 1) / BINS, "items": len(mine),
                     "stated": sum(r["stated"] for r in mine) / len(mine), "true": share.value,
                     "true_interval": [share.low, share.high]})  # fmt: skip
    rate = sum(r["contribution"] for r in rows) / len(rows)
    return {
        "basis": basis, "bins": bins, "brier": sum((r["stated"] - r["contribution"]) ** 2 for r in rows) / len(rows),
        "brier_of_base_rate": rate * (1 - rate),
        "expected_error": sum(b["items"] * abs(b["stated"] - b["true"]) for b in bins) / len(rows),
    }  # fmt: skip


def worst_errors(rows: Sequence[Row], items: Sequence[Mapping[str, Any]], found: Sequence[Verdict], most: int = WORST) -> list[Row]:
    """The wrong answers the model is surest of, those about contributions first, with the words that misled it: its strongest hits, and the
    tests that decided.

    `sure` is what was stated for a yes, and one less that for a no; `wrong` says whether label or contribution is.
    """
    errors: list[Row] = []
    for row, item, judged in zip(rows, items, found, strict=True):
        pairs = {"label": (row["label"], row["answer"]), "contribution": (row["contribution"], row["answered_contribution"])}
        wrong = [name for name, (truth, answer) in pairs.items() if truth != answer]
        if wrong:
            sure = row["stated"] if row["answered_contribution"] else 1 - row["stated"]
            told = {name: row[name] for name in ("id", "title", "municipality", "label", "answer", "contribution", "answered_contribution",
                                                 "true_practice", "practice", "stated")}  # fmt: skip
            document = verdict.whole(str(item.get("title") or ""), str(item["text"]))
            errors.append(told | {"sure": round(sure, 4), "wrong": wrong, "hits": strongest(judged, document), "checks": _checks(judged)})
    return sorted(errors, key=lambda e: ("contribution" not in e["wrong"], -e["sure"], str(e["id"])))[:most]


def strongest(found: Verdict, document: str) -> list[dict[str, Any]]:
    """The words that weighed most for or against the practice answered (or the nearest one), each rule once."""
    best: dict[str, Hit] = {}
    for hit in found.hits:
        if hit.practice == found.practice and abs(hit.weight) > abs(best[hit.rule].weight if hit.rule in best else 0.0):
            best[hit.rule] = hit
    ranked = sorted(best.values(), key=lambda h: (-abs(h.weight), h.start))[:STRONGEST]
    return [{"rule": h.rule, "words": document[h.start : h.end], "weight": round(h.weight, 3)} for h in ranked]


def _checks(found: Verdict) -> list[dict[str, str]]:
    return [{"key": c.key, "answer": c.answer, "words": c.words} for c in found.checks]


def compare(items: Sequence[Mapping[str, Any]], first: Rubric, second: Rubric, *, judge: Judge = verdict.judge) -> dict[str, Any]:
    """What a change of the rubric does to texts (`id`, `title`, `text`): `flips`, every one whose label, practice or contribution differs,
    with the words that made the difference.

    When they are labelled, also the `figures` of both rubrics, and how many of the flips are `right`, `wrong` and `neither` by the labels:
    right is a flip that mends label or contribution and breaks neither.
    """
    before, after = (evaluation.judge_all(items, rubric, judge) for rubric in (first, second))
    flips = [
        {
            "id": str(item.get("id") or number), "title": str(item.get("title") or ""), "answers": [was.label, now.label],
            "answered_contributions": [was.is_contribution, now.is_contribution], "practices": [_practice(was), _practice(now)],
            "scores": [round(was.score, 3), round(now.score, 3)],
            **difference(was, now, verdict.whole(str(item.get("title") or ""), str(item["text"]))),
            **(_truth(item, was, now) if "label" in item else {}),
        }
        for number, (item, was, now) in enumerate(zip(items, before, after, strict=True))
        if _answer(was) != _answer(now)
    ]  # fmt: skip
    found = {"items": len(items), "rubrics": [first.version, second.version], "flips": flips}
    if not all("label" in item for item in items):
        return found
    kept = (*FIGURES, *(f"{figure}_interval" for figure in FIGURES), "rubric", "model")
    both = [evaluation.evaluate(items, rubric, judged) for rubric, judged in ((first, before), (second, after))]
    turns = Counter(flip["turn"] for flip in flips)
    return found | {"figures": [{k: m[k] for k in kept} for m in both]} | {turn: turns[turn] for turn in ("right", "wrong", "neither")}


def _truth(item: Mapping[str, Any], was: Verdict, now: Verdict) -> dict[str, Any]:
    """What is true of a flipped text, and whether the flip is towards it."""
    gains = [
        (now.label == item["label"]) - (was.label == item["label"]),
        (now.is_contribution == bool(item.get("contribution"))) - (was.is_contribution == bool(item.get("contribution"))),
    ]
    turn = "right" if max(gains) > 0 and min(gains) >= 0 else "wrong" if min(gains) < 0 and max(gains) <= 0 else "neither"
    return {"label": item["label"], "contribution": bool(item.get("contribution")), "turn": turn}


def _practice(found: Verdict) -> str:
    return found.practice if found.label != NONE else ""


def _answer(found: Verdict) -> tuple[str, str, bool]:
    return found.label, _practice(found), found.is_contribution


def difference(was: Verdict, now: Verdict, document: str) -> dict[str, Any]:
    """The words that only one of two verdicts over a text counts, or counts differently (`words`: words, rule, practice, weights of both),
    and the tests they answer differently (`checks`: key, answers and words of both)."""
    counted: list[dict[tuple[str, str], tuple[float, str]]] = []
    for found in (was, now):
        relevant = {was.practice, now.practice} - {""}
        counted.append({(h.practice, h.rule): (h.weight, document[h.start : h.end]) for h in found.hits if h.practice in relevant})
        counted[-1] |= {("", f"cue:{c.key}"): (c.points, c.words) for c in found.cues}
    words: list[dict[str, Any]] = []
    for key in sorted(counted[0].keys() | counted[1].keys()):
        old, new = counted[0].get(key), counted[1].get(key)
        if (old or (0.0,))[0] != (new or (0.0,))[0]:
            told = new or old or (0.0, "")
            words.append({"words": told[1], "practice": key[0], "rule": key[1],
                          "weights": [round(w[0], 3) if w else None for w in (old, new)]})  # fmt: skip
    answers = [{c.key: c for c in found.checks} for found in (was, now)]
    checks = []
    for key in dict.fromkeys([*answers[0], *answers[1]]):
        old, new = answers[0].get(key), answers[1].get(key)
        if old and new and old.answer != new.answer:
            checks.append({"key": key, "answers": [old.answer, new.answer], "words": [old.words, new.words]})
    return {"words": sorted(words, key=lambda w: -max(abs(x or 0.0) for x in w["weights"])), "checks": checks}
