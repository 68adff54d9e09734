"""What a change of the rubric can affect: the phrases that are changed, and whether anything is that a text is compared with as a whole.

A verdict hangs on the phrases that stand in the text, on what they are to the rubric, and on the tests' expressions. Only where it was
asked which practice is nearest (`Verdict.is_compared`) it hangs on the rest: fields, ideas, examples and every practice's words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.rubric import Rubric
from transforms import matching
from transforms.matching import CUE, NO, YES, Role

# What only finds and compares; the rest of a practice is told of its candidates.
FINDING = {"terms", "related", "together", "ideas", "lookalike_terms", "beyond"}

COMPARED = {"slug", "pillar", "name", "name_nn", "terms", "related", "titles", "ideas", "floor_duty"}


@dataclass(frozen=True)
class Change:
    """`is_all`: every verdict may be another; `phrases`: those of texts in which one of these stands; `is_compared_with`: those of texts
    that were compared with all practices."""

    is_all: bool = False
    phrases: frozenset[str] = frozenset()
    is_compared_with: bool = False

    @property
    def is_nothing(self) -> bool:
        return self == Change()


def print_of(rubric: Rubric) -> dict[str, Any]:
    """What must be kept of a rubric to know later what has changed: its phrases with what they are to it, and hashes of the rest."""
    words = matching.words_of(rubric)
    practices = [practice.model_dump(mode="json", include=COMPARED) for practice in rubric.practices]
    return {
        "phrases": {roles[0].phrase: _hash([_meaning(role, rubric) for role in roles]) for roles in words.roles},
        "cues": [cue.key for cue in rubric.cues],
        "tests": _hash([(test.key, test.patterns) for test in rubric.tests]),
        "learnt": _learnt(rubric),
        "compared_with": _hash([
            practices, *([m.model_dump(mode="json") for m in group] for group in (rubric.concepts, rubric.examples)),
            [(p.key, p.field.model_dump(mode="json")) for p in rubric.pillars],
        ]),
    }  # fmt: skip


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    """What may come out otherwise by one rubric than by another, both as `print_of` gives them."""
    was, now = old["phrases"], new["phrases"]
    changed = {phrase for phrase in was.keys() | now.keys() if was.get(phrase) != now.get(phrase)}
    is_all = any(old[part] != new[part] for part in ("tests", "learnt")) or any(
        _in_order(old[part], new[part], without=changed) != _in_order(new[part], old[part], without=changed) for part in ("phrases", "cues")
    )
    return Change(is_all, frozenset(changed), old["compared_with"] != new["compared_with"])


def told_of(rubric: Rubric) -> str:
    """A hash of what candidates are told with: names, legal floors, values and tags of the practices, and the order of the tests."""
    practices = [practice.model_dump(mode="json", exclude=FINDING) for practice in rubric.practices]
    return _hash([practices, [test.key for test in rubric.tests], _learnt(rubric)])


def _learnt(rubric: Rubric) -> str:
    """A hash of the model that was learnt, when there is one."""
    return _hash(rubric.model_dump(mode="json", include={"model"}))


def _meaning(role: Role, rubric: Rubric) -> list[Any]:
    """A role with all that a verdict takes from where it belongs."""
    said: list[Any] = [role.kind, role.key, role.pillar, role.phrase, role.weight, role.partner]
    if role.kind == CUE:
        cue = rubric.cue(role.key)
        return [*said, cue.weight, cue.most, cue.never_contribution]
    return said if role.kind in (YES, NO) else [*said, rubric.practice(role.key).floor_duty]


def _in_order(some: Iterable[str], others: Iterable[str], without: set[str]) -> list[str]:
    """Those of `some` that the others have too: phrases and cue lists are found in their order, and where two fit the first is told."""
    both = set(others) - without
    return [one for one in some if one in both]


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]
