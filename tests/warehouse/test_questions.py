"""The saved questions answer on an invented Norway, and asking them is quick to start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse.staged import fill
from warehouse import questions
from warehouse.exceptions import UnknownQuestion
from warehouse.store import Store, connect_published

NAMES = [question.name for question in questions.names()]


@pytest.fixture(scope="module")
def copy(once_published: Path):
    with connect_published(once_published) as connection:
        yield connection


def answers(copy, name: str, **params: str) -> list[dict]:
    columns, rows = questions.run(copy, name, params)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_there_are_ten_or_more_and_each_says_what_it_asks() -> None:
    assert len(NAMES) >= 10
    for question in questions.names():
        for language in ("nb", "en"):
            assert question.title_in(language).endswith("?") or question.name == "rutenett", question.name
        assert question.title_en not in ("", question.title) and "en:" not in question.about, question.name
        for parameter in question.parameters:
            assert question.meanings[parameter] and f"${parameter}" in question.sql


@pytest.mark.parametrize("name", NAMES)
def test_it_answers_without_being_given_anything(copy, name: str) -> None:
    columns, rows = questions.run(copy, name)
    assert columns
    assert rows or name in ("ikke_observert", "karantene_etter_grunn")


def test_the_grid_has_three_answers(copy) -> None:
    grid = answers(copy, "rutenett", pilar="integrity")
    assert {row["svar"] for row in grid} == {"funnet", "ikke funnet"}
    found = [row["navn"] for row in grid if row["praksis"] == "gaveregister" and row["svar"] == "funnet"]
    assert found == ["Fjordvik", "Lynghei"]


def test_a_body_nothing_was_read_of_is_not_observed_in_the_grid(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        fill(store, is_flagged=False)
        _, rows = questions.run(store.connection, "SELECT DISTINCT svar FROM (" + questions.question("rutenett").sql.rstrip().rstrip(";") + ")",
                                {"pilar": "", "fylke": ""})  # fmt: skip
        assert rows == [("ikke observert",)]
        assert [row[-1] for row in questions.run(store.connection, "ikke_observert")[1]] == ["ingen kilde er lest ennå"] * 3


def test_the_source_that_counts_more_than_we_have_is_named(copy) -> None:
    assert [(row["kilde"], row["mangler"]) for row in answers(copy, "dekningshull")] == [("einnsyn/fjordvik", 2)]


def test_outcomes_of_the_last_run_and_open_licences(copy) -> None:
    outcomes = answers(copy, "siste_kjoring")
    assert [row["utfall"] for row in outcomes] == ["stengt for oss", *["ny informasjon"] * 4]
    assert [(row["datasett"], row["apen_lisens"]) for row in answers(copy, "apne_lisenser")] == [(1, 1)]


def test_values_narrow_the_answer(copy) -> None:
    assert answers(copy, "journalposter_per_maned", kommune="Lynghei") == []
    assert answers(copy, "journalposter_per_maned", kommune="9001")[0]["journalposter"] == 1
    assert [row["adresse"] for row in answers(copy, "saker_om", ord="gåve")] == ["https://www.lynghei.kommune.no/gaver"]


def test_plain_sql_is_a_question_too(copy) -> None:
    assert questions.run(copy, "SELECT count(*) AS antall FROM kommuner WHERE navn = $navn", {"navn": "Fjordvik"}) == (["antall"], [(1,)])


def test_a_misspelt_question_and_a_value_too_many_are_named(copy) -> None:
    with pytest.raises(UnknownQuestion, match="did you mean rutenett"):
        questions.run(copy, "rutenet")
    with pytest.raises(UnknownQuestion, match="does not take farge; it takes pilar, fylke"):
        questions.run(copy, "rutenett", {"farge": "blå"})


def test_asking_loads_neither_pandas_nor_the_engine() -> None:
    code = (
        "import sys, duckdb; from warehouse import questions, search; from warehouse.store import connect_published; questions.names(); "
        "print(sorted({'pandas', 'prefect', 'pyarrow', 'pydantic', 'requests', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
