"""A candidate is rebuilt from the archive: the same, different after one flipped byte, erased when the answer is gone."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue import rubric
from desk import explain, seal
from desk.exceptions import CandidateUnknown
from extractors.exceptions import ArchiveDamaged
from extractors.fetch.archive import Archive
from tests.desk.harvested import TODAY, candidate, home
from warehouse import flagging
from warehouse.exceptions import NotPublished
from warehouse.publish import publish
from warehouse.store import PUBLISHED, Store


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return home(tmp_path_factory.mktemp("state"))


@pytest.fixture
def state(made, tmp_path) -> Path:
    """A copy of the state folder that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "state"))


def without_evidence(state: Path, sql: str) -> None:
    with Store(state) as store:
        store.connection.execute(sql)
        if "DELETE" in sql:
            publish(store)
    if "DROP" in sql:
        (state / PUBLISHED).unlink()


def place_of(state: Path, capture: str) -> tuple[Path, int, int]:
    """File, first byte and length of a capture's record."""
    archive = Archive(state / "archive")
    row = archive.row(capture)
    archive.close()
    return state / "archive" / row["file"], row["offset"], row["length"]


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(at)
        byte = stream.read(1)[0]
        stream.seek(at)
        stream.write(bytes([byte ^ 0x01]))


def test_the_archive_says_the_same(state):
    identity, documents = candidate(state)
    found = explain.explain(state, identity)
    assert (found.answer, found.differences) == ("same", ())
    assert documents == 2 and {d.table for d in found.documents} == {"pages", "agenda_items"}
    assert all(d.answer == "same" and d.captures and d.spans for d in found.documents)


def test_a_candidate_weighed_on_a_later_day_is_weighed_as_of_that_day(state):
    identity, _ = candidate(state)
    scores = []
    for later in (0, 300, 1500):
        with Store(state) as store:
            flagging.flag(store, rubric.load(), today=TODAY + timedelta(days=later))
            scores.append(store.connection.execute("SELECT score FROM ogp.candidates WHERE id = ?", [identity]).fetchone())
            publish(store)
        assert explain.explain(state, identity).answer == "same"
    assert len(set(scores)) > 1


def test_an_agenda_item_is_made_of_its_own_answer_and_its_meeting_s(state):
    found = explain.explain(state, candidate(state)[0])
    assert len(next(d for d in found.documents if d.table == "agenda_items").captures) == 2


@pytest.mark.parametrize("sql", ["DELETE FROM ogp.evidence", "DROP TABLE ogp.evidence CASCADE"])
def test_the_evidence_table_is_not_needed(state, sql):
    identity, _ = candidate(state)
    without_evidence(state, sql)
    found = explain.explain(state, identity)
    assert found.answer == "same" and {d.spans for d in found.documents} == {None}


def test_evidence_that_was_tampered_with_is_told(state):
    identity, _ = candidate(state)
    with Store(state) as store:
        store.connection.execute("UPDATE ogp.evidence SET end_at = end_at + 1")
        publish(store)
    found = explain.explain(state, identity)
    assert found.answer == "different" and "stored spans were not found again" in found.documents[0].differences[0]


@pytest.mark.parametrize("which", [0, 1])
def test_one_flipped_byte_gives_different(state, which):
    identity, _ = candidate(state)
    document = explain.explain(state, identity).documents[which]
    path, first, length = place_of(state, document.captures[0])
    flip(path, first + length // 3)
    found = explain.explain(state, identity)
    assert found.answer == "different"
    assert found.documents[which].answer == "different"


def test_no_byte_of_a_record_can_be_another(state):
    """Body, headers, request, checksums: each byte in turn."""
    capture = explain.explain(state, candidate(state)[0]).documents[0].captures[0]
    path, first, length = place_of(state, capture)
    archive = Archive(state / "archive")
    seal.check(archive, capture)
    for at in range(first, first + length):
        flip(path, at)
        with pytest.raises(ArchiveDamaged):
            seal.check(archive, capture)
        flip(path, at)
    seal.check(archive, capture)
    archive.close()


def test_a_deleted_answer_gives_erased(state):
    identity, _ = candidate(state)
    for path in (state / "archive" / "website").rglob("*.warc.gz"):
        path.unlink()
    found = explain.explain(state, identity)
    assert found.answer == "erased" and {d.answer for d in found.documents} == {"erased", "same"}


def test_a_score_that_was_changed_by_hand_is_told_with_both_figures(state):
    identity, _ = candidate(state)
    with Store(state) as store:
        store.connection.execute("UPDATE ogp.candidates SET score = 99.5 WHERE id = ?", [identity])
        publish(store)
    found = explain.explain(state, identity)
    assert found.answer == "different" and [(f, s) for f, s, _ in found.differences] == [("score", "99.5")]


def test_a_sentence_that_differs_is_told_word_by_word(state):
    identity, _ = candidate(state)
    with Store(state) as store:
        store.connection.execute("UPDATE ogp.candidates SET title = replace(title, 'et åpent', 'et lukket') WHERE id = ?", [identity])
        store.connection.execute("UPDATE core.pages SET text = replace(text, '42 gaver', '52 gaver')")
        store.connection.execute("UPDATE ogp.candidate_documents SET text_hash = 'other' WHERE document_table = 'pages'")
        publish(store)
    found = explain.explain(state, identity)
    page = next(d for d in found.documents if d.table == "pages")
    assert found.answer == page.answer == "different" and [(c.stored, c.rebuilt) for c in page.changed] == [("52", "42")]
    assert "viser [-52-] {+42+} gaver" in explain.as_text(found)
    assert [(c.stored, c.rebuilt) for c in explain.changes("vedtok et lukket register", "vedtok et åpent register")] == [("lukket", "åpent")]


def test_other_rules_give_different_and_name_them(state):
    identity, _ = candidate(state)
    found = explain.explain(state, identity, rubric=rubric.load().model_copy(update={"version": "0" * 12}))
    assert ("rubric", rubric.load().version, "0" * 12) in found.differences


def test_what_stands_in_the_archive_is_masked_before_it_is_compared(state):
    """The name and the telephone number on the page are in the archive, and nowhere in the explanation."""
    found = explain.explain(state, candidate(state)[0])
    said = json.dumps(explain.as_dict(found), ensure_ascii=False) + explain.as_text(found)
    assert "Fjellanger" not in said and "912 34 567" not in said


def test_it_is_told_in_norwegian_and_english(state):
    identity, _ = candidate(state)
    found = explain.explain(state, identity)
    assert explain.as_text(found).startswith(f"Kandidaten {identity} er bygd på nytt fra arkivet. Resultatet er det samme.")
    assert explain.as_text(found, lang="en").startswith(f"Candidate {identity} was rebuilt from the archive. The result is the same.")
    assert set(explain.as_dict(found)) == {"candidate", "answer", "versions", "documents", "differences"}
    assert f"  kode: {found.versions['code'][1]}, som da kandidaten ble laget" in explain.as_text(found).splitlines()
    assert all(d.words and not d.changed for d in found.documents)


def test_an_unknown_candidate_is_named(state, tmp_path):
    with pytest.raises(CandidateUnknown, match="K0000000000"):
        explain.explain(state, "K0000000000")
    with pytest.raises(NotPublished, match="no warehouse"):
        explain.explain(tmp_path / "nowhere", "K0000000000")
