"""Files that leave the house: inert, readable in Norwegian Excel, with licence and provenance."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.warehouse.staged import REGISTER, WEBSITE, fill, stage
from warehouse.export import cell, export, inert, write_csv
from warehouse.store import Store

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data/conformance/own/csv_formula_cases.jsonl").read_text(encoding="utf-8").splitlines()
]
FORMULA = '=HYPERLINK("http://evil.example","Klikk")'


def test_there_are_twenty_formula_cases() -> None:
    assert len(CASES) == 20


@pytest.mark.parametrize("case", CASES, ids=[repr(case["cell"]) for case in CASES])
def test_a_cell_that_would_run_is_made_inert_and_no_other(case: dict) -> None:
    assert (inert(case["cell"]) != case["cell"]) == case["must_be_neutralised"]
    assert inert(case["cell"]).startswith("'") == case["must_be_neutralised"]
    stream = io.StringIO()
    write_csv(stream, ["tekst"], [[case["cell"]]])
    line = stream.getvalue().split("\r\n", 1)[1]
    if case["must_be_quoted"]:
        assert line.startswith('"')
    read = list(csv.reader(io.StringIO(stream.getvalue().lstrip("\ufeff"), newline=""), delimiter=";"))
    assert read[1] == [inert(case["cell"])]


def test_inertness_is_not_doubled_by_a_second_pass() -> None:
    assert inert(inert(FORMULA)) == inert(FORMULA)


def test_values_are_written_as_norwegian_excel_reads_them() -> None:
    given = [None, True, False, -5, 2.5, date(2026, 2, 1), datetime(2026, 2, 1, 3, 4, 5), "tekst", ["a"]]
    assert [cell(value) for value in given] == ["", "ja", "nei", "-5", "2,5", "2026-02-01", "2026-02-01 03:04:05", "tekst", '["a"]']


@pytest.fixture
def store(tmp_path: Path):
    stage(tmp_path, WEBSITE, 1, [replace(REGISTER, title=FORMULA)])
    with Store(tmp_path) as opened:
        fill(opened, is_flagged=False)
        yield opened


SQL = "SELECT tittel, adresse, kilde, arkivsvar, hentet, tegn FROM sider;"


def test_csv_opens_in_excel_with_licence_and_provenance(store: Store, tmp_path: Path) -> None:
    raw = export(store.connection, SQL, tmp_path / "sider.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0]["tittel"] == "'" + FORMULA
    assert rows[0]["kildelisens"] == "NLOD 2.0" and rows[0]["adresse"] == REGISTER.key and rows[0]["arkivsvar"]


def test_xlsx_holds_text_and_no_formula(store: Store, tmp_path: Path) -> None:
    path = export(store.connection, SQL, tmp_path / "sider.xlsx", title="Sider")
    with zipfile.ZipFile(path) as book:
        sheet, strings = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    assert "HYPERLINK" in strings and "NLOD 2.0" in strings and "kildelisens" in strings


def test_json_and_parquet_say_what_they_are(store: Store, tmp_path: Path) -> None:
    told = json.loads(export(store.connection, SQL, tmp_path / "s.json", title="Sider", now=datetime(2026, 3, 1, tzinfo=UTC)).read_text(encoding="utf-8"))
    assert told["laget"] == "2026-03-01T00:00:00+00:00" and told["rader"][0]["tittel"] == FORMULA and told["rader"][0]["kildelisens"] == "NLOD 2.0"
    path = export(store.connection, SQL, tmp_path / "s.parquet", title="Sider")
    assert store.connection.execute(f"SELECT tittel, kildelisens FROM '{path}'").fetchall() == [(FORMULA, "NLOD 2.0")]
    assert (b"tittel", b"Sider") in store.connection.execute(f"SELECT key, value FROM parquet_kv_metadata('{path}')").fetchall()


def test_another_ending_is_refused_by_name(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="csv, xlsx, parquet, json"):
        export(store.connection, SQL, tmp_path / "sider.doc")
