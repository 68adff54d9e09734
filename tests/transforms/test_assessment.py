"""The model looked at from every side, two rubrics side by side, and labels given twice."""

import shutil

import pytest

from catalogue import rubric
from tests.transforms.test_evaluation import ITEMS
from transforms import agreement, assessment, verdict

MORE = [item | {"lang": "nb", "municipality": m, "practice": p}
        for item, m, p in zip(ITEMS, ("Skarvik", "Skarvik", "Nordvær", "Lunde", "Lunde"), ("gaveregister", "innbyggerforslag", "", "", "åpne_data_api"), strict=True)]  # fmt: skip
WRONG = {"id": "6", "title": "Gaveregister", "text": "Kommunestyret vedtok 4. mars 2025 et gaveregister. Det ligger ute på nettet.",
         "label": "participation", "practice": "borgerpanel", "contribution": False, "lang": "nn", "municipality": "Nordvær"}  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    return rubric.load()


@pytest.fixture(scope="module")
def measured(shipped):
    return assessment.assess([*MORE, WRONG], shipped)


def test_each_practice_is_scored_apart(measured):
    assert measured["practices"]["gaveregister"] | {"f1_interval": None} == {
        "precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3), "items": 1, "answered": 2, "f1_interval": None}  # fmt: skip
    assert measured["practices"]["borgerpanel"]["recall"] == 0.0


def test_a_language_with_few_texts_is_only_counted(measured, shipped):
    assert measured["languages"] == {"nb": {"items": 5}, "nn": {"items": 1}}
    many = assessment.languages(measured["verdicts"] and [{**r, "lang": "nn"} for r in measured["verdicts"] * 5])
    assert many["nn"]["items"] == 30 and many["nn"]["macro_f1_interval"][0] <= many["nn"]["macro_f1"]


def test_without_one_municipality_the_figures_are_told_with_its_name(measured):
    assert measured["left_out"]["municipalities"] == 3
    assert measured["left_out"]["macro_f1"]["highest"] == {"value": 1.0, "without": "Nordvær"}
    assert measured["left_out"]["refitted"] is None


def test_a_model_that_learns_is_measured_on_municipalities_it_never_saw(shipped):
    asked = []

    def refit(municipality):
        asked.append(municipality)
        return verdict.judge

    again = assessment.assess(MORE, shipped, refit=refit)
    assert asked == ["Lunde", "Nordvær", "Skarvik"]
    assert again["left_out"]["refitted"] == {figure: again[figure] for figure in assessment.FIGURES}


def test_the_easy_ways_are_measured_in_the_same_run(measured):
    assert measured["baselines"]["keyword_macro_f1"] == measured["baseline_macro_f1"]
    assert measured["baselines"]["pillar_known_contribution_f1"] == pytest.approx(2 / 3)  # yes to four, two of them rightly


def test_the_top_of_a_list_counts_what_is_a_contribution_to_its_pillar(measured):
    top = measured["precision_at"]["integrity"][0]
    assert (top["k"], top["of"], top["in_pillar"], top["contributions"], top["precision"]) == (5, 2, 1, 1, 0.5)
    assert measured["confusion"]["participation"] == {"none": 0, "integrity": 1, "open_data": 0, "procurement_anticorruption": 0, "participation": 1}


def test_what_is_stated_is_held_against_what_is_true(measured):
    told = measured["calibration"]
    assert sum(b["items"] for b in told["bins"]) == 6 and told["basis"] in ("probability", "score")
    rows = [{"stated": 0.75, "contribution": n < 3} for n in range(4)]
    assert assessment.calibration(rows, "probability")["expected_error"] == 0.0
    assert assessment.calibration([{"stated": 1.0, "contribution": False}], "probability")["brier"] == 1.0


def test_the_worst_error_comes_with_the_words_that_misled(measured):
    worst = measured["worst_errors"][0]
    assert (worst["id"], worst["wrong"]) == ("6", ["label", "contribution"])
    assert worst["hits"][0]["words"].lower() == "gaveregister" and {c["key"] for c in worst["checks"]} >= {"actor", "own"}


def test_two_rubrics_are_told_apart_by_the_verdicts_that_flip(shipped, tmp_path):
    folder = shutil.copytree(rubric.DIRECTORY, tmp_path / "practices")
    file = folder / "integrity.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("lookalike_terms = [", 'lookalike_terms = ["kommunestyret", "vedtok", "mars", "nettet", '), encoding="utf-8")
    found = assessment.compare([*MORE, WRONG], shipped, rubric.load(folder))
    assert {f["id"]: f["turn"] for f in found["flips"]} == {"1": "wrong", "6": "right"} and (found["right"], found["wrong"]) == (1, 1)
    assert {"words": "mars", "practice": "gaveregister", "rule": "lookalike:mars", "weights": [None, -0.8]} in found["flips"][0]["words"]
    assert found["figures"][0]["rubric"] != found["figures"][1]["rubric"] == found["rubrics"][1]
    unlabelled = assessment.compare([{"id": "x", "title": WRONG["title"], "text": WRONG["text"]}], shipped, rubric.load(folder))
    assert "figures" not in unlabelled and len(unlabelled["flips"]) == 1
    assert assessment.compare(MORE, shipped, shipped)["flips"] == []


def test_labels_given_twice_agree_beyond_chance():
    again = [{"id": i["id"], "label": i["label"], "practice": i["practice"], "contribution": i["contribution"]} for i in MORE]
    again[1] |= {"label": "none", "practice": ""}
    found = agreement.agreement(MORE, [*again, {"id": "99", "label": "none"}])
    assert (found["label"]["agree"], found["label"]["items"], found["unknown"]) == (4, 5, ["99"])
    assert found["contribution"]["kappa"] == 1.0 and found["label"]["kappa"] == pytest.approx((0.8 - 0.32) / 0.68)
    assert [(d["id"], d["again"]["label"]) for d in found["differing"]] == [("2", "none")]
    assert agreement.counts(MORE)["labels"]["integrity"] == {"items": 1, "contributions": 1, "unsure": 0}
