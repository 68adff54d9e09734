"""Labels given twice: how far they agree. One judge who agrees with itself is steady, and has not been shown to be right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from transforms import evaluation
from transforms.evaluation import LABELS, Pair

OF = ("label", "practice", "contribution")


def counts(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many `items`, per label how many, how many of them contributions and how many their writer was unsure of; `languages` and
    `text_kinds` with how many."""
    by_label = {label: [i for i in items if i["label"] == label] for label in LABELS}
    return {
        "items": len(items),
        "labels": {
            label: {"items": len(mine), "contributions": sum(bool(i.get("contribution")) for i in mine),
                    "unsure": sum(bool(i.get("unsure")) for i in mine)}
            for label, mine in by_label.items()
        },
        "languages": dict(Counter(str(i.get("lang") or "") for i in items).most_common()),
        "text_kinds": dict(Counter(str(i.get("text_kind") or "") for i in items).most_common()),
    }  # fmt: skip


def agreement(first: Iterable[Mapping[str, Any]], again: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """How the labels of `again` agree with those of `first`, item by item (`id`).

    Per `label`, `practice` and `contribution`: `items`, `agree`, `share`, Cohen's `kappa` and its bootstrap interval; `differing`, the
    items of which one differs, as they were labelled `first` and `again`; `unknown`, ids that only `again` has.
    """
    known = {str(item["id"]): item for item in first}
    twice = [(known[str(item["id"])], item) for item in again if str(item["id"]) in known]
    found: dict[str, Any] = {}
    for of in OF:
        pairs = [(_said(old, of), _said(new, of)) for old, new in twice]
        agree = sum(a == b for a, b in pairs)
        found[of] = {"items": len(pairs), "agree": agree, "share": agree / len(pairs) if pairs else 0.0, "kappa": kappa(pairs),
                     "kappa_interval": evaluation.interval(pairs, kappa)}  # fmt: skip
    differing = [(old, new) for old, new in twice if any(_said(old, of) != _said(new, of) for of in OF)]
    return found | {
        "differing": [{"id": str(old["id"]), "title": str(old.get("title") or ""), "first": _told(old), "again": _told(new)}
                      for old, new in differing],
        "unknown": sorted(str(item["id"]) for item in again if str(item["id"]) not in known),
    }  # fmt: skip


def kappa(pairs: Sequence[Pair]) -> float:
    """Cohen's kappa (1960): the agreement beyond what the two shares of each answer would give by chance; 1 for a single answer."""
    if not pairs:
        return 0.0
    n = len(pairs)
    ones, others = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    seen, chance = sum(a == b for a, b in pairs) / n, sum(ones[x] * others[x] for x in ones) / n**2
    return 1.0 if chance == 1 else (seen - chance) / (1 - chance)


def _said(item: Mapping[str, Any], of: str) -> str:
    value = item.get(of)
    return ("yes" if value else "no") if of == "contribution" else str(value or "")


def _told(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"label": str(item["label"]), "practice": _said(item, "practice"), "contribution": bool(item.get("contribution"))}
