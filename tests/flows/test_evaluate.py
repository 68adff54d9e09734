"""`dagslys evaluate` and `dagslys sample` as a person types them: sections, a page, two rubrics, labels given twice, a blind queue."""

import json
import shutil

import pytest
from lxml import html

from catalogue import rubric
from flows.commands import evaluate
from flows.exceptions import WrongUse
from flows.selection import Selection
from tests.transforms.test_assessment import MORE, WRONG

HOSTILE = WRONG | {"title": "<script>alert(1)</script> & Gaveregister"}


@pytest.fixture
def items(tmp_path):
    file = tmp_path / "items.jsonl"
    file.write_text("".join(json.dumps(item) + "\n" for item in [*MORE, HOSTILE]), encoding="utf-8")
    return file


def test_what_is_measured_is_told_in_sections_and_on_a_page_of_its_own(told, items, tmp_path):
    code, out, err = told("evaluate", str(items), "--only", "errors", "--only", "calibration", "--only", "confusion", "--report", str(tmp_path / "page.html"))
    assert code == 0, err
    assert "De verste feilene" in out and "Praksis for praksis" not in out and "«Gaveregister»" in out
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = html.fromstring(text.encode())
    assert page.get("lang") == "nb" and len(page.xpath("//svg[@role='img'][title][desc]")) == 2
    assert not page.xpath("//script|//link|//img|//@onload") and "&lt;script&gt;alert(1)" in text
    assert all(cell.get("scope") for cell in page.xpath("//th")) and len(page.xpath("//h1")) == 1
    assert {link[1:] for link in page.xpath("//a/@href")} <= set(page.xpath("//@id"))


def test_two_rubrics_are_compared_on_a_file_and_on_what_the_warehouse_holds(told, items, tmp_path):
    mine = shutil.copytree(rubric.DIRECTORY, tmp_path / "mine")
    (mine / "integrity.toml").write_text(
        (mine / "integrity.toml").read_text(encoding="utf-8").replace("lookalike_terms = [", 'lookalike_terms = ["gaveregister", "kommunestyret", "vedtok", '),
        encoding="utf-8",
    )  # fmt: skip
    code, out, err = told("evaluate", str(items), "--compare", "shipped", str(mine), "--lang", "en")
    assert code == 0, err
    assert "2 of 6 texts flipped" in out and "kommunestyret" in out.lower()
    code, out, _ = told("evaluate", "--compare", "shipped", str(mine), "--authority", "Fjordvik", "--json")
    flips = json.loads(out)
    assert code == 0 and flips["flips"] and flips["items"] > 20 and "figures" not in flips
    code, _, err = told("evaluate", str(items), "--compare", "shipped", str(tmp_path), "--lang", "nb")
    assert code == 2 and "er ingen rubrikk" in err and "tests.toml" in err


def test_labels_given_twice_are_self_agreement_and_nothing_more(tmp_path):
    (tmp_path / "some.jsonl").write_text("".join(json.dumps(item) + "\n" for item in MORE), encoding="utf-8")
    found = evaluate._agreement(tmp_path, Selection())
    assert found["items"] == 5 and found["self_agreement"] is None
    again = [{"id": item["id"], "label": item["label"], "practice": item["practice"], "contribution": item["contribution"]} for item in MORE]
    (tmp_path / "relabelled.jsonl").write_text("".join(json.dumps(item) + "\n" for item in again), encoding="utf-8")
    assert evaluate._agreement(tmp_path, Selection())["self_agreement"]["label"]["agree"] == 5
    with pytest.raises(WrongUse):
        evaluate._agreement(tmp_path / "none", Selection())


def test_a_sample_is_read_blind_in_the_queue_and_then_counted(told, demo, tmp_path):
    home = demo.copy(tmp_path)
    code, out, err = told("sample", "--size", "40", "--candidates", "20", "--json", home=home)
    assert code == 0, err
    drawn = json.loads(out)
    assert drawn["items"] == 60 and drawn["is_new"]
    assert not json.loads(told("sample", "--size", "40", "--candidates", "20", "--json", home=home)[1])["is_new"]
    queue = json.loads(told("review", "--limit", "60", "--json", home=home)[1])
    blind = [item for item in queue if item["id"].startswith("U")]
    assert len(blind) == 60 and all(item["score"] is None and not item["reasons"] for item in blind)
    code, out, err = told("review", blind[0]["id"], home=home)
    assert code == 0 and "https://" in out and "--decision" in out, err
    assert told("review", blind[0]["id"], "--decision", "reject", "--reviewer", "leser 1", home=home)[0] == 0
    code, out, _ = told("sample", "--report", home=home)
    assert code == 0 and "59 av 60 avgjørelser mangler" in out
    assert told("sample", "--report", "S00000000", home=home)[0] == 2
    code, out, err = told("sample", "--platform", "website", "--size", "20", "--candidates", "10", "--json", home=home)
    assert code == 0 and {s["key"].partition(":")[0] for s in json.loads(out)["strata"]} <= {"own_page", "flagged"}, err
