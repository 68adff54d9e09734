"""Learning from labelled texts how much the tests' answers and the cue lists weigh. Only `dagslys learn` loads it, and scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sklearn.linear_model import LogisticRegression

from catalogue.rubric import NONE, Model, Rubric
from transforms import learned, verdict
from transforms.verdict import Verdict

Item = Mapping[str, Any]
STRENGTH = 0.3
"""The inverse of how much weights are drawn towards nought: small, since the labelled texts have few writers."""
RAREST = 8
"""What holds in fewer labelled texts gets no weight."""
DIGITS = 3


def fit(items: Sequence[Item], rubric: Rubric, *, decisions: int = 0) -> Model:
    """The model of labelled items (`title`, `text`, `label`, `practice`, `contribution`), of which the last so many are decisions.

    Of texts about nothing only those teach that the rules take for something. Raises ValueError when all have one answer.
    """
    return _fit(items, [_observed(item, rubric) for item in items], decisions)


def left_out(items: Sequence[Item], rubric: Rubric, group: Callable[[Item], str]) -> list[Verdict]:
    """Each item judged with a model learnt without the items of its group."""
    seen = [_observed(item, rubric) for item in items]
    groups = [group(item) for item in items]
    judged: list[Verdict] = [verdict.NOTHING] * len(items)
    for name in sorted(set(groups)):
        others = [k for k, g in enumerate(groups) if g != name]
        without = rubric.model_copy(update={"model": _fit([items[k] for k in others], [seen[k] for k in others], 0)})
        for k, item in enumerate(items):
            if groups[k] == name:
                judged[k] = verdict.judge(str(item.get("title") or ""), str(item["text"]), without)
    return judged


def _observed(item: Item, rubric: Rubric) -> dict[str, float] | None:
    """What is asked about an item, as a text about its true practice; None for one about nothing that the rules take for nothing."""
    practice = "" if item["label"] == NONE else str(item.get("practice") or "")
    judged = verdict.judge(str(item.get("title") or ""), str(item["text"]), rubric, practice=practice)
    if judged.label == NONE:
        return None
    return learned.features(
        {c.key: c.answer for c in judged.checks}, {c.key: c.count for c in judged.cues if rubric.cue(c.key).never_contribution}
    )


def _fit(items: Sequence[Item], seen: Sequence[Mapping[str, float] | None], decisions: int) -> Model:
    rows = [found for found in seen if found is not None]
    told = [bool(item.get("contribution")) for item, found in zip(items, seen, strict=True) if found is not None]
    common = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in common.items() if count >= RAREST)
    while True:  # an unmet test or a list of words against, by chance commoner among contributions, is no reason for one
        learner = LogisticRegression(C=STRENGTH, max_iter=5000).fit([[row.get(name, 0.0) for name in names] for row in rows], told)
        weights = dict(zip(names, learner.coef_[0].tolist(), strict=True))
        names = [name for name in names if weights[name] < 0 or name == learned.ANY]
        if len(names) == len(weights):
            break
    return Model(
        texts=len(items) - decisions, decisions=decisions, intercept=round(float(learner.intercept_[0]), DIGITS),
        weights={name: round(weight, DIGITS) for name, weight in weights.items()},
    )  # fmt: skip
