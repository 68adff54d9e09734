"""What is flagged again is only what can have become otherwise, and comes out as if all had been."""

import shutil

import pandas as pd
import pyarrow as pa
import pytest

from catalogue import rubric
from sandbox.days import DEFAULT_DAY as DAY
from transforms import linking, scan
from transforms.nearness import Near
from warehouse import flagging, texts
from warehouse.store import Store

TABLES = (*flagging.FOUND, "shared_texts", "mentions", "comparables")
MANY = 12


@pytest.fixture(scope="module")
def flagged(demo, tmp_path_factory):
    """The demo's warehouse with a few of its bodies, flagged."""
    home = tmp_path_factory.mktemp("few")
    shutil.copy(demo.home / "warehouse.duckdb", home)
    with Store(home) as store:
        few = store.connection.execute("SELECT authority FROM ogp.verdicts GROUP BY 1 ORDER BY count(*), 1 LIMIT 4").fetchall()
        for table in texts.SOURCE_TYPES:
            store.connection.execute(f"DELETE FROM core.{table} WHERE authority NOT IN (SELECT unnest(?::VARCHAR[]))", [[b for (b,) in few]])
        flagging.flag(store, rubric.load(), today=DAY, is_anew=True)
    return home


@pytest.fixture
def store(flagged, tmp_path):
    shutil.copy(flagged / "warehouse.duckdb", tmp_path)
    with Store(tmp_path) as opened:
        yield opened


def concluded(store):
    return {table: store.connection.execute(f"FROM ogp.{table} ORDER BY ALL").fetchall() for table in TABLES}


def with_practice(shipped, slug, version, **changes):
    practices = tuple(p.model_copy(update=changes | {"terms": changes.get("terms", p.terms)}) if p.slug == slug else p for p in shipped.practices)
    return shipped.model_copy(update={"practices": practices, "version": version})


@pytest.fixture(scope="module")
def changed():
    """The shipped rubric with a term more, with a look-alike more, and with another weight of a cue list."""
    shipped = rubric.load()
    practice = shipped.practice("gaveregister")
    terms = practice.terms.model_copy(update={"nb": (*practice.terms.nb, "skjenkebevilling")})
    heavier = tuple(cue.model_copy(update={"weight": cue.weight - 0.4}) if cue.key == "opinion" else cue for cue in shipped.cues)
    return (
        with_practice(shipped, practice.slug, "a term", terms=terms),
        with_practice(shipped, practice.slug, "a look-alike", lookalike_terms=(*practice.lookalike_terms, "folkevalgte")),
        shipped.model_copy(update={"cues": heavier, "version": "a weight"}),
    )


def test_after_a_change_of_the_rubric_what_it_reaches_is_judged_and_all_is_as_if_read_anew(store, changed):
    shipped = rubric.load()
    nothing = flagging.flag(store, shipped, today=DAY)
    assert (nothing.judged, nothing.linked) == (0, 0) and nothing.documents > 200
    for other in changed:
        again = flagging.flag(store, other, today=DAY)
        tables = concluded(store)
        anew = flagging.flag(store, other, today=DAY, is_anew=True)
        assert tables == concluded(store), other.version
        assert 0 < again.judged < anew.judged / 2 and again.linked < anew.linked == again.bodies, other.version
        assert {row[-2] for row in store.connection.execute("SELECT rubric, model FROM ogp.verdicts").fetchall()} == {other.version}


def test_of_changed_records_only_these_are_judged_and_bodies_read_by_different_rubrics_come_together(store, changed):
    shipped = rubric.load()
    page, body = store.connection.execute("SELECT id, authority FROM core.pages WHERE length(text) > 300 ORDER BY id LIMIT 1").fetchone()
    store.connection.execute("UPDATE core.pages SET text = text || ' Kommunestyret vedtok et gaveregister 4. mars 2025.' WHERE id = ?", [page])
    once = flagging.flag(store, shipped, today=DAY)
    assert (once.judged, once.linked) == (1, 1)
    for_one, _, for_all = changed
    assert flagging.flag(store, for_one, today=DAY, bodies=[body]).bodies == 1
    store.connection.execute("DELETE FROM ogp.candidates WHERE authority = ?", [body])
    flagging.flag(store, for_all, today=DAY)
    tables = concluded(store)
    flagging.flag(store, for_all, today=DAY, is_anew=True)
    assert tables == concluded(store)


def test_a_document_that_could_be_put_under_another_is_never_left_out(store):
    bodies = [row[0] for row in store.connection.execute("SELECT DISTINCT authority FROM ogp.verdicts").fetchall()]
    found = texts.all_of(store.connection, bodies)
    told = {row[0] for row in store.connection.execute("SELECT document_id FROM ogp.verdicts").fetchall()}
    full = found[found["document_id"].isin(told) & (found["document_table"] != "journal_entries")]
    others = found[~found["document_id"].isin(told)].head(400)
    pieces = [  # the others' titles with words, days, figures and cases of the fuller texts in them
        {**row, "document_id": f"x{number}", "text": "", "title": " ".join((row["title"], *row["text"].split(" ")[number % MANY :: MANY][:5]))}
        for number, row in enumerate(full.to_dict("records"))
    ]  # fmt: skip
    others = pd.concat([others, pd.DataFrame(pieces)], ignore_index=True)
    columns = {c: scan.array_of(others[c]) for c in ("title", "text", "case_number")}
    mask = Near(full).mask(pa.RecordBatch.from_pydict({"authority": others["authority"].tolist(), **columns}))

    def marks(row):
        return linking.trace("", row["title"], row["text"], case_number=row["case_number"] if isinstance(row["case_number"], str) else "").marks

    held = [(row["authority"], marks(row)) for row in full.to_dict("records")]
    fits = [
        any(body == row["authority"] and sum(w for mark, w in mine.items() if mark in theirs) >= linking.LEAST_SHARED_UNFLAGGED for body, theirs in held)
        for row, mine in ((row, marks(row)) for row in others.to_dict("records"))
    ]  # fmt: skip
    assert any(fits) and not all(mask) and all(kept for kept, is_fitting in zip(mask, fits, strict=True) if is_fitting)
