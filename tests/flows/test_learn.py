"""`dagslys learn` as a person types it: nothing is used before it is accepted, and what is accepted is what flagging then judges with."""

import json

from catalogue import rubric
from flows.selection import model_file, rubric_of


def test_what_is_learnt_is_shown_then_accepted_and_can_be_read(told, tmp_path):
    code, out, err = told("learn", "--json", home=tmp_path / "state")
    found = json.loads(out)
    assert code == 0, err
    assert found["texts"] >= 400 and found["decisions"] == 0 and not found["accepted"] and not model_file(tmp_path / "state").exists()
    assert found["figures"]["left_out"]["contribution_balanced_accuracy"] > found["figures"]["rules"]["contribution_balanced_accuracy"]
    code, out, err = told("learn", "--accept", "--lang", "en", home=tmp_path / "state")
    assert code == 0 and "In use:" in out and "date_or_case, access or numbers" in out, err
    mine = rubric_of(tmp_path / "state")
    assert mine.model == rubric.load().model and mine.version == rubric.load(model=model_file(tmp_path / "state")).version
