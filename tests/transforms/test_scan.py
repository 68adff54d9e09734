"""Whole columns are read as `matching` and `verdict` read text by text, whatever stands in them."""

import random

import pyarrow as pa
import pytest

from catalogue import rubric
from sandbox import bank
from transforms import matching, scan, verdict

ODD = (
    *"İΣſK😀ﬀßẞ𝐀ª²éÅ_./-–\u2011\u00ad\u200b\u2060\0\n\u00a0", "  ", "\n\n", "\r\n", " - ", "-\n", *"01I01I", "       ", "          ", " \u00ad ",
)  # fmt: skip


def disturbed(text, dice):
    """As recognised from a bad scan, or written by somebody else: other signs, hyphens at line ends, capitals, letters lost."""
    signs = list(text)
    for _ in range(dice.randint(1, 12)):
        at, chance = dice.randrange(len(signs)), dice.random()
        blanks = [number for number, sign in enumerate(signs) if sign == " "]
        if chance < 0.5 or not blanks:
            signs.insert(at, dice.choice(ODD))
        elif chance < 0.75:
            signs[at] = signs[at].swapcase()
        else:
            signs[dice.choice(blanks)] = dice.choice(ODD)
    return "".join(signs)


@pytest.fixture(scope="module")
def shipped():
    return rubric.load()


@pytest.fixture(scope="module")
def texts(shipped):
    """Invented documents, phrases of the rubric alone and together, all of them as they stand and disturbed."""
    dice = random.Random(4)
    told = bank.load()
    pages = [t for i in told.initiatives for t in i.documents] + list(told.lookalikes) + list(told.fillers)
    documents = [verdict.whole(t.title, t.text) for t in dice.sample(pages, min(250, len(pages)))]
    phrases = [roles[0].phrase.replace("=", "").replace("*", "") for roles in matching.words_of(shipped).roles]
    written = [dice.choice(("", "x", "Om ")) + phrase + dice.choice(("", "er", ".", "-", " og")) for phrase in phrases]
    written += [" ".join(dice.sample(phrases, 3)) for _ in range(500)] + [phrase.upper() for phrase in phrases[::3]]
    return [*documents, *written, *(disturbed(t, dice) for t in documents + written[::2]), "", "\0", "\u00ad", "a"]


def test_every_phrase_is_found_where_it_is_found_text_by_text(shipped, texts):
    ready = scan.finder(shipped)
    at = scan.places(texts, ready)
    found = list(zip(at.row.tolist(), at.start.tolist(), at.phrase.tolist(), at.end.tolist(), strict=True))
    one_by_one = [(row, start, number, end) for row, text in enumerate(texts) for start, end, number in matching.places(text, ready.words)]
    assert len(found) > 20_000 and found == sorted(one_by_one)


def test_what_may_tell_of_nothing_is_judged_to_tell_of_nothing(shipped, texts):
    may = scan.may_tell(pa.chunked_array([texts[:99], texts[99:]]), shipped)
    silent = [text for text, tells in zip(texts, may, strict=True) if not tells]
    assert len(silent) > 1000 and max(map(len, silent)) < verdict.SHORTEST_BY_FIELD
    assert {verdict.judge(*text.partition("\n\n")[::2], shipped).label for text in silent[::3]} == {"none"}


def test_spans_say_what_they_are_to_the_rubric(shipped):
    texts = ["Gaveregister for folkevalgte", None, "Vi planlegger et gaveregister.\n\nGaveregisteret"]
    lines = [row for row in scan.spans(texts, shipped).to_pylist() if row["practice"] == "gaveregister" and row["kind"] == matching.TERM]
    assert [(row["row"], row["start"], row["end"]) for row in lines if row["rule"] == "term:gaveregister"] == [(0, 0, 12), (2, 17, 29), (2, 32, 46)]
    said = {(role.rule, role.weight) for span in matching.spans(texts[0], shipped) for role in span.roles}
    assert said == {(row["rule"], row["weight"]) for row in scan.spans(texts[:1], shipped).to_pylist()}
    assert scan.holds(texts, scan.finder_of_phrases(["planlegger"])).tolist() == [False, False, True]
    assert scan.holds(texts, scan.finder_of_phrases([])).tolist() == [False] * 3 and len(scan.holds([], scan.finder(shipped))) == 0
