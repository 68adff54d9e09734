"""Which practice a text is most like in the parts of its words."""

import pytest

from catalogue import rubric
from transforms import likeness


@pytest.fixture(scope="module")
def shipped():
    return rubric.load()


def test_names_inside_a_sentence_are_no_parts_and_inflection_matters_little():
    found = likeness.parts("Gavene til Kari Holm ble levert.")
    assert not any("holm" in part for part in found)
    assert len(found & likeness.parts("gaver")) >= 2


def test_a_text_is_most_like_the_practice_whose_kind_of_words_it_has(shipped):
    found = likeness.likeness("Loddtrukne beboere møttes fem helger og ga råd om havna. Politikerne svarte på hvert råd.", shipped)
    assert max(found, key=found.__getitem__) == "borgerpanel"
    assert sum(found.values()) == pytest.approx(0.0, abs=1e-4)


def test_everyday_notices_are_most_like_none(shipped):
    found = likeness.likeness("Svømmehallen stenger i juli. Billetter kjøpes i luka, og badehette er påbudt.", shipped)
    best = sorted(found, key=found.__getitem__, reverse=True)[:3]
    assert rubric.NONE in best


def test_a_text_without_words_is_like_nothing(shipped):
    assert set(likeness.likeness("12/26", shipped).values()) == {0.0}
