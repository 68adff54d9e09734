"""How good the shipped model is on labelled texts. It never learns from the file it is measured on."""

from __future__ import annotations

import hashlib
import inspect
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from catalogue import terms
from catalogue.rubric import Rubric
from transforms import matching, verdict

LABELS = ("none", "integrity", "open_data", "procurement_anticorruption", "participation")
ROUNDS = 400

Pair = tuple[str, str]


def model_version() -> str:
    """A hash of the code that judges: the same code gives the same verdicts."""
    return hashlib.sha256("".join(inspect.getsource(m) for m in (terms, matching, verdict)).encode()).hexdigest()[:12]


def scores(pairs: Sequence[Pair], label: str) -> dict[str, float]:
    """Precision, recall and F1 of one label over (truth, answer) pairs."""
    hit = sum(t == label == a for t, a in pairs)
    answered, true = sum(a == label for _, a in pairs), sum(t == label for t, _ in pairs)
    precision, recall = hit / answered if answered else 0.0, hit / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "items": true}


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


def evaluate(items: Sequence[Mapping[str, Any]], rubric: Rubric) -> dict[str, Any]:
    """Score the shipped model on labelled items (`title`, `text`, `label`, `contribution`).

    Returns `macro_f1`, `labels` (precision, recall, f1, items, f1_interval per label), `contribution_f1`,
    `contribution_balanced_accuracy` (among items whose true label is a pillar), their intervals, `model` and `rubric` (hashes), `items`
    and `verdicts` (id, label, answer, contribution, answered_contribution, practice per item).
    """
    rows = []
    for number, item in enumerate(items):
        found = verdict.judge(str(item.get("title") or ""), str(item["text"]), rubric)
        rows.append({"id": item.get("id", str(number)), "label": item["label"], "answer": found.label, "practice": found.practice,
                     "contribution": bool(item.get("contribution")), "answered_contribution": found.is_contribution,
                     "score": round(found.score, 3)})  # fmt: skip
    pairs = [(r["label"], r["answer"]) for r in rows]
    answers = [("yes" if r["contribution"] else "no", "yes" if r["answered_contribution"] else "no") for r in rows]
    within = [a for a, r in zip(answers, rows, strict=True) if r["label"] != "none"]
    labels = {}
    for label in LABELS:
        labels[label] = scores(pairs, label) | {"f1_interval": interval(pairs, lambda p, which=label: scores(p, which)["f1"])}
    return {
        "items": len(rows), "macro_f1": macro_f1(pairs), "macro_f1_interval": interval(pairs, macro_f1), "labels": labels,
        "contribution_f1": scores(answers, "yes")["f1"], "contribution_f1_interval": interval(answers, lambda p: scores(p, "yes")["f1"]),
        "contribution_balanced_accuracy": balanced_accuracy(within),
        "contribution_balanced_accuracy_interval": interval(within, balanced_accuracy),
        "model": model_version(), "rubric": rubric.version, "verdicts": rows,
    }  # fmt: skip
