"""The labelled texts: invented, labelled by the rules, one file a label."""

import json
import re
from collections import Counter

import pytest

from catalogue import authorities, rubric, training
from catalogue.exceptions import CatalogueError

FILES = sorted(path for path in training.FOLDER.glob("*.jsonl") if path.name != training.AGAIN)


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def texts():
    return [text.model_dump() for text in training.load()]


def test_there_is_a_file_for_each_label_and_it_holds_that_label_alone():
    assert {path.stem for path in FILES} == {rubric.NONE, *rubric.PILLAR_KEYS}
    for path in FILES:
        assert {item["label"] for item in read(path)} == {path.stem}


def test_every_text_is_whole_and_labelled_by_the_rubric_of_today(texts):
    pillar = {practice.slug: practice.pillar for practice in rubric.load().practices}
    for item in texts:
        assert item["text"].strip() and item["why"].strip(), item["id"]
        is_none = item["label"] == rubric.NONE
        assert (item["practice"] == "" and not item["contribution"]) if is_none else pillar[item["practice"]] == item["label"], item["id"]
    assert [i for i, n in Counter(item["id"] for item in texts).items() if n > 1] == []


def test_no_real_body_mail_address_or_identity_number_is_in_them(texts):
    bodies = authorities.load()
    real = {name for body in bodies.values() for name in body.names if name}
    assert "Oslo" in real and len(real) > 350
    for item in texts:
        whole = f"{item['title']}\n{item['text']}"
        assert item["municipality"] not in real, item["id"]
        assert not [name for name in re.findall(r"\b([A-ZÆØÅ][\wæøå]+) (?:fylkes)?kommune\b", whole) if name in real], item["id"]
        assert not re.search(r"\b\d{11}\b|@(?!\w+(?:\.\w+)*\.example\b)\w", whole), item["id"]


def test_there_are_enough_of_the_thin_pillars_and_of_both_answers(texts):
    count = Counter((item["label"], item["contribution"]) for item in texts)
    assert len(texts) >= 400
    assert all(count[thin, True] + count[thin, False] >= 80 for thin in ("open_data", "procurement_anticorruption"))
    assert all(min(count[pillar, True], count[pillar, False]) >= 15 for pillar in rubric.PILLAR_KEYS)
    assert sum(item["lang"] == "nn" for item in texts) > len(texts) / 4


def test_a_hundred_were_labelled_again_by_somebody_who_did_not_see_the_first_labels(texts):
    first = {item["id"]: item for item in texts}
    again = read(training.FOLDER / training.AGAIN)
    assert len({item["id"] for item in again}) == len(again) >= 100 and {item["id"] for item in again} <= set(first)
    kinds = {(first[item["id"]]["label"], first[item["id"]]["contribution"]) for item in again}
    assert len(kinds) == 9


def test_a_text_with_a_fault_is_named_by_file_text_and_field(tmp_path):
    item = read(FILES[0])[0]
    for broken, said in (({**item, "label": "openness"}, "label"), ({**item, "labels": "none"}, "labels")):
        (tmp_path / "some.jsonl").write_text(json.dumps(broken) + "\n", encoding="utf-8")
        with pytest.raises(CatalogueError, match=said) as refused:
            training.load(tmp_path)
        assert item["id"] in str(refused.value) and "some.jsonl" in str(refused.value)
    (tmp_path / "some.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="line 1 is not JSON"):
        training.load(tmp_path)
