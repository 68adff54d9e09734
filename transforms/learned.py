"""What labelled texts taught: how likely a text about a practice tells of a contribution, by its tests and cue lists.

One logistic model (`catalogue.rubric.Model`) over what the rules answered: plain numbers, so that each answer can be taken apart into what
did it. It is asked nothing of the words themselves, of lengths or of figures: those tell who wrote a labelled text before they tell
what it is (docs/learning.md). Nothing here learns; that is `transforms.learning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log1p

from catalogue.rubric import Model

ANY = "date_or_case, access or numbers"
"""One of the tests 5-7 is answered yes."""
MOST_OF_A_CUE = 1.5
"""A cue list that speaks once gives 0.7, and never more than this."""
_OBSERVED = (("action", "no"), ("action", "unknown"), ("object", "unknown"), ("own", "no"))
_ONE_OF = ("date_or_case", "access", "numbers")


@dataclass(frozen=True)
class Answer:
    """`told`: what holds, and what it did to the log-odds of being a contribution, the strongest first."""

    probability: float
    told: tuple[tuple[str, float], ...]


def features(answers: Mapping[str, str], cues: Mapping[str, int]) -> dict[str, float]:
    """What the model is asked about: by test what it answered, by cue list how much it spoke. What does not hold is left out."""
    found = {f"{test}={said}": 1.0 for test, said in _OBSERVED if answers.get(test) == said}
    if any(answers.get(test) == "yes" for test in _ONE_OF):
        found[ANY] = 1.0
    return found | {f"cue:{key}": min(log1p(count), MOST_OF_A_CUE) for key, count in cues.items() if count}


def answer(model: Model, answers: Mapping[str, str], cues: Mapping[str, int]) -> Answer:
    """How likely a text with these answers and cues (list: how many of its phrases) tells of a contribution."""
    told = {name: value * model.weights[name] for name, value in features(answers, cues).items() if name in model.weights}
    odds = model.intercept + sum(told.values())
    return Answer(1 / (1 + exp(-odds)), tuple(sorted(told.items(), key=lambda pair: (-abs(pair[1]), pair[0]))))
