"""How good the shipped model is: on labelled texts, which it never learns from, and on a world whose truth is known."""

from __future__ import annotations

import hashlib
import inspect
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

from pandas import DataFrame

from catalogue import terms
from catalogue.rubric import Rubric
from transforms import learned, likeness, matching, verdict
from transforms.verdict import Verdict

LABELS = ("none", "integrity", "open_data", "procurement_anticorruption", "participation")
ROUNDS = 400
THRESHOLDS = tuple(x / 4 for x in range(2, 15))

Pair = tuple[str, str]
Judge = Callable[[str, str, Rubric], Verdict]


def model_version() -> str:
    """A hash of the code that judges: the same code gives the same verdicts."""
    return hashlib.sha256("".join(inspect.getsource(m) for m in (terms, matching, likeness, learned, verdict)).encode()).hexdigest()[:12]


def scores(pairs: Sequence[Pair], label: str) -> dict[str, float]:
    """Precision, recall and F1 of one label over (truth, answer) pairs."""
    hit = sum(t == label == a for t, a in pairs)
    answered, true = sum(a == label for _, a in pairs), sum(t == label for t, _ in pairs)
    precision, recall = hit / answered if answered else 0.0, hit / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "items": true, "answered": answered}


def macro_f1(pairs: Sequence[Pair]) -> float:
    """Mean F1 over the labels that occur in truth or answer."""
    present = [label for label in LABELS if any(label in p for p in pairs)]
    return sum(scores(pairs, label)["f1"] for label in present) / len(present) if present else 0.0


def balanced_accuracy(pairs: Sequence[Pair]) -> float:
    """Mean of the recalls of `yes` and `no`."""
    return (scores(pairs, "yes")["recall"] + scores(pairs, "no")["recall"]) / 2


def interval(pairs: Sequence[Pair], figure: Callable[[Sequence[Pair]], float], seed: int = 1) -> tuple[float, float]:
    """The 95 % bootstrap interval of a figure: items drawn with replacement, ROUNDS times, seeded."""
    dice = random.Random(seed)
    drawn = sorted(figure([pairs[dice.randrange(len(pairs))] for _ in pairs]) for _ in range(ROUNDS)) if pairs else [0.0]
    return drawn[int(0.025 * (len(drawn) - 1))], drawn[int(0.975 * (len(drawn) - 1))]


def judge_all(items: Sequence[Mapping[str, Any]], rubric: Rubric, judge: Judge = verdict.judge) -> list[Verdict]:
    """The verdict over every item (`title`, `text`), by the shipped model or another."""
    return [judge(str(item.get("title") or ""), str(item["text"]), rubric) for item in items]


def stated(found: Verdict) -> float:
    """How surely a text is said to tell of a contribution, 0 to 1: the model's own probability, or where it has none what grows with the
    score."""
    return found.probability if found.probability is not None else max(found.score, 0.0) / (1.0 + max(found.score, 0.0))


def evaluate(items: Sequence[Mapping[str, Any]], rubric: Rubric, verdicts: Sequence[Verdict] | None = None) -> dict[str, Any]:
    """Score the shipped model on labelled items (`title`, `text`, `label`, `contribution`). It never fits on them.

    `verdicts` are those of another model over the same items. Returns `macro_f1`, `labels` (precision, recall, f1, items, f1_interval per
    label), `contribution_f1`, `contribution_balanced_accuracy` (among items whose true label is a pillar), their intervals,
    `baseline_macro_f1` (keyword count alone), `model` and `rubric` (hashes), `items` and `verdicts` (id, label, answer, contribution,
    answered_contribution, practice per item).
    """
    rows: list[dict[str, Any]] = []
    for number, (item, found) in enumerate(zip(items, verdicts or judge_all(items, rubric), strict=True)):
        rows.append({"id": item.get("id", str(number)), "label": str(item["label"]), "answer": found.label, "practice": found.practice,
                     "contribution": bool(item.get("contribution")), "answered_contribution": found.is_contribution,
                     "score": round(found.score, 3), "stated": round(stated(found), 4),
                     "keyword": keyword_count(str(item.get("title") or ""), str(item["text"]), rubric)})  # fmt: skip
    answers, within = contribution_pairs(rows)
    pairs = label_pairs(rows)
    labels: dict[str, dict[str, Any]] = {}
    for label in LABELS:
        labels[label] = {**scores(pairs, label), "f1_interval": interval(pairs, lambda p, which=label: scores(p, which)["f1"])}
    return {
        "items": len(rows), "labels": labels, **figures(rows),
        "macro_f1_interval": interval(pairs, macro_f1), "contribution_f1_interval": interval(answers, yes_f1),
        "contribution_balanced_accuracy_interval": interval(within, balanced_accuracy),
        "baseline_macro_f1": macro_f1([(r["label"], r["keyword"]) for r in rows]),
        "model": model_version(), "rubric": rubric.version, "verdicts": rows,
    }  # fmt: skip


def figures(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The three figures of a set of judged rows (`label`, `answer`, `contribution`, `answered_contribution`)."""
    answers, within = contribution_pairs(rows)
    return {
        "macro_f1": macro_f1(label_pairs(rows)), "contribution_f1": yes_f1(answers),
        "contribution_balanced_accuracy": balanced_accuracy(within),
    }  # fmt: skip


def label_pairs(rows: Sequence[Mapping[str, Any]]) -> list[Pair]:
    """(truth, answer) of every row's label."""
    return [(r["label"], r["answer"]) for r in rows]


def contribution_pairs(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Pair], list[Pair]]:
    """(truth, answer) of whether a row tells of a contribution, yes or no: of all rows, and of those whose true label is a pillar."""
    answers = [("yes" if r["contribution"] else "no", "yes" if r["answered_contribution"] else "no") for r in rows]
    return answers, [a for a, r in zip(answers, rows, strict=True) if r["label"] != "none"]


def yes_f1(pairs: Sequence[Pair]) -> float:
    """The F1 of `yes`."""
    return scores(pairs, "yes")["f1"]


def keyword_count(title: str, text: str, rubric: Rubric) -> str:
    """What counting alone would answer: the pillar whose practices' own names stand most often in the text, else none."""
    count: dict[str, int] = defaultdict(int)
    for span in matching.spans(verdict.whole(title, text), rubric):
        for pillar in {role.pillar for role in span.roles if role.kind == matching.TERM}:
            count[pillar] += 1
    return min(count, key=lambda p: (-count[p], p)) if count else "none"


def cross_validate(items: Sequence[Mapping[str, Any]], rubric: Rubric, *, folds: int = 5, seed: int = 1) -> dict[str, Any]:
    """For training data only: what the one learnable number, the score a text needs, would be, and how it does on the items left out.

    The items are dealt into `folds` by a seeded shuffle. Returns `macro_f1` over all items, each judged with the threshold learnt without
    its fold; `thresholds` per fold; `shipped` (the threshold in use). Raises ValueError for fewer items than folds.
    """
    if len(items) < folds:
        raise ValueError(f"{folds} folds need at least {folds} items, there are {len(items)}")
    judged = []
    for item in items:
        found = verdict.judge(str(item.get("title") or ""), str(item["text"]), rubric)
        judged.append((str(item["label"]), found))
    order = list(range(len(judged)))
    random.Random(seed).shuffle(order)
    pairs: list[Pair] = []
    chosen: list[float] = []
    for fold in range(folds):
        left_out = set(order[fold::folds])
        learning = [judged[i] for i in order if i not in left_out]
        best = max(
            THRESHOLDS,
            key=lambda t: (macro_f1([(label, _at(found, t, rubric)) for label, found in learning]), -abs(t - verdict.THRESHOLD)),
        )
        chosen.append(best)
        pairs += [(judged[i][0], _at(judged[i][1], best, rubric)) for i in sorted(left_out)]
    return {
        "macro_f1": macro_f1(pairs),
        "macro_f1_interval": interval(pairs, macro_f1),
        "thresholds": chosen,
        "shipped": verdict.THRESHOLD,
    }


def _at(found: verdict.Verdict, threshold: float, rubric: Rubric) -> str:
    """The label of a verdict when a score needs `threshold`."""
    if found.by_field or not found.practice:
        return found.label
    return rubric.practice(found.practice).pillar if found.score >= threshold else "none"


def measure(candidates: DataFrame, candidate_documents: DataFrame, truth: Mapping[str, Any]) -> dict[str, Any]:
    """Candidates held against a truth (the sandbox's truth.json).

    `candidate_documents` may carry `source` and `key`, or `url`; else a document is known by its id, made of source and key. Returns
    `initiatives`, `recall` (an initiative is found when a document of it is under a candidate),
    `recall_right_pillar`, `recall_contribution`
    (under a candidate in the right pillar that is answered yes), the same of `term_free` ones, `precision_at_20` per pillar (the main
    document of the candidate is an initiative's), `flags` (those put forward: how many, `precision`, and of the initiatives told with and
    without a term how many are found by them), `pairwise_f1` with precision and recall over the documents of the
    initiatives of a body,
    and `pairs_apart` of `pairs`.
    """
    known = candidate_documents.to_dict("records")
    by_id = {str(d["document_id"]): str(d["candidate"]) for d in known}
    by_key = {(str(d["source"]), str(d["key"])): str(d["candidate"]) for d in known if "key" in d}
    by_url = {(str(d["url"]), str(d["document_table"])): str(d["candidate"]) for d in known if "url" in d}
    main = {str(d["candidate"]): d for d in known if d["role"] == "main"}

    def candidate_of(document: Mapping[str, Any]) -> str | None:
        key = (str(document["source"]), str(document["key"]))
        identity = hashlib.sha256("|".join(key).encode()).hexdigest()[:16]
        return by_key.get(key) or by_id.get(identity) or by_url.get((str(document["url"]), str(document["table"])))

    rows = {str(c["id"]): c for c in candidates.to_dict("records")}
    found: list[dict[str, Any]] = []
    under: dict[str, list[str | None]] = {}
    for initiative in truth["initiatives"]:
        places = [candidate_of(d) for d in initiative["documents"]]
        under[initiative["id"]] = places
        mine = [rows[p] for p in places if p in rows]
        right = [c for c in mine if c["pillar"] == initiative["pillar"]]
        found.append({
            "pillar": initiative["pillar"], "term_free": bool(initiative["is_term_free"]), "any": bool(mine), "right": bool(right),
            "yes": any(c["is_contribution"] == "yes" for c in right), "proposed": any(c["proposed"] for c in mine),
        })  # fmt: skip
    true_candidates = {p for initiative in truth["initiatives"] for p in _mains(initiative, candidate_of, main)}
    precision = {}
    for pillar in LABELS[1:]:
        mine = candidates[candidates["pillar"] == pillar]
        top = mine.sort_values(["proposed", "score", "id"], ascending=[False, False, True]).head(20)
        precision[pillar] = float(top["id"].isin(true_candidates).mean()) if len(top) else 0.0
    free, named = [f for f in found if f["term_free"]], [f for f in found if not f["term_free"]]
    proposed = candidates[candidates["proposed"].astype(bool)]
    flags = {
        "count": len(proposed), "precision": float(proposed["id"].isin(true_candidates).mean()) if len(proposed) else 0.0,
        "recall": _share(found, "proposed"), "recall_with_term": _share(named, "proposed"), "recall_term_free": _share(free, "proposed"),
    }  # fmt: skip
    per_pillar = {p: {"initiatives": len(g), "recall": _share(g, "any"), "recall_right_pillar": _share(g, "right")}
                  for p in LABELS[1:] if (g := [f for f in found if f["pillar"] == p])}  # fmt: skip
    pairs = [(a, b) for a, b in truth.get("pairs", ()) if a in under and b in under]
    return {
        "initiatives": len(found), "recall": _share(found, "any"), "recall_right_pillar": _share(found, "right"),
        "recall_contribution": _share(found, "yes"),
        "term_free": {"initiatives": len(free), "recall": _share(free, "any"), "recall_right_pillar": _share(free, "right"),
                      "recall_contribution": _share(free, "yes")},
        "flags": flags, "pillars": per_pillar, "precision_at_20": precision, **_pairwise(truth["initiatives"], under),
        "pairs": len(pairs), "pairs_apart": sum(not ({p for p in under[a] if p} & {p for p in under[b] if p}) for a, b in pairs),
    }  # fmt: skip


def _mains(initiative: Mapping[str, Any], candidate_of: Callable[[Mapping[str, Any]], str | None], main: Mapping[str, Any]) -> set[str]:
    """The candidates whose main document is one of the initiative's."""
    places = set()
    for document in initiative["documents"]:
        place = candidate_of(document)
        if place is None or place not in main:
            continue
        identity = hashlib.sha256(f"{document['source']}|{document['key']}".encode()).hexdigest()[:16]
        carrier = main[place]
        if (
            str(carrier["document_id"]) == identity
            or (carrier.get("source"), carrier.get("key")) == (document["source"], document["key"])
            or ("url" in carrier and carrier["url"] == document["url"])
        ):
            places.add(place)
    return places


def _share(rows: Sequence[Mapping[str, Any]], key: str) -> float:
    return sum(bool(r[key]) for r in rows) / len(rows) if rows else 0.0


def _pairwise(initiatives: Sequence[Mapping[str, Any]], under: Mapping[str, Sequence[str | None]]) -> dict[str, float]:
    """Of every two initiative documents of a body: told to be of one initiative, and truly so."""
    by_body: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for initiative in initiatives:
        by_body[str(initiative["authority"])] += [(str(initiative["id"]), place) for place in under[initiative["id"]]]
    hit = answered = true = 0
    for group in by_body.values():
        for (a, x), (b, y) in combinations(group, 2):
            is_one, said = a == b, x is not None and x == y
            hit, answered, true = hit + (is_one and said), answered + said, true + is_one
    precision, recall = hit / answered if answered else 0.0, hit / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"pairwise_precision": precision, "pairwise_recall": recall, "pairwise_f1": f1}
