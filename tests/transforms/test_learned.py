"""What is learnt: the shipped model comes of the texts in the repository, keeps its signs, and its answers can be taken apart."""

import pytest

from catalogue import rubric, training
from transforms import learned, learning, verdict

PLAIN = rubric.load().model_copy(update={"model": None})
ACT = (
    "Gaveregister for folkevalgte",
    "Kommunestyret i Fjordvik vedtok 12. mars 2026 (sak 14/26) å legge ut gaveregisteret. Alle kan søke i det.",
)
PLAN = ("Gaveregister", "Formannskapet ønsker å utrede om vi på sikt kan vurdere et gaveregister. Det er foreslått, men ikke vedtatt noe.")


def test_the_shipped_model_is_what_its_texts_teach():
    texts = [text.model_dump() for text in training.load()]
    assert learning.fit(texts, PLAIN) == rubric.load().model


def test_nothing_against_speaks_for_and_every_weight_is_of_the_rubric():
    shipped = rubric.load()
    assert shipped.model is not None and len(shipped.model.weights) >= 6
    known = {f"{t.key}={said}" for t in shipped.tests for said in ("no", "unknown")} | {
        f"cue:{c.key}" for c in shipped.cues if c.never_contribution
    }
    assert set(shipped.model.weights) <= known | {learned.ANY}
    assert {name for name, weight in shipped.model.weights.items() if weight >= 0} <= {learned.ANY}


def test_an_answer_is_the_sum_of_what_is_told():
    model = rubric.load().model
    found = learned.answer(model, {"own": "no", "action": "unknown", "access": "yes"}, {"howto": 2, "openness": 3})
    odds = model.intercept + sum(weight for _, weight in found.told)
    assert learned.answer(model, {}, {}).told == () and 1 / (1 + 2.718281828459045**-odds) == pytest.approx(found.probability)
    assert {name for name, _ in found.told} == {"own=no", "action=unknown", learned.ANY, "cue:howto"}
    assert [abs(weight) for _, weight in found.told] == sorted((abs(weight) for _, weight in found.told), reverse=True)


def test_a_verdict_states_a_probability_and_without_a_model_none():
    shipped = rubric.load()
    act, plan = verdict.judge(*ACT, shipped), verdict.judge(*PLAN, shipped)
    assert act.is_contribution and not plan.is_contribution and act.probability > 0.5 > plan.probability
    assert verdict.judge(*ACT, PLAIN).probability is None and verdict.judge(*ACT, PLAIN).is_contribution


def test_decisions_count_beside_the_texts():
    items = [
        {"title": ACT[0], "text": ACT[1], "label": "integrity", "practice": "gaveregister", "contribution": k % 2 == 0} for k in range(20)
    ]
    found = learning.fit(items, PLAIN, decisions=5)
    assert (found.texts, found.decisions) == (15, 5)
    assert learned.answer(found, {}, {}).probability == pytest.approx(0.5, abs=0.1)
    with pytest.raises(ValueError, match="class"):
        learning.fit([item | {"contribution": True} for item in items], PLAIN)
