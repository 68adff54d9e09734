"""One dataset by two roads, on its way from two portals to the views and to the texts that are searched for evidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from catalogue import plans, rubric
from extractors.contract import Dataset, Distribution
from tests.warehouse.staged import BODIES, FJORDVIK, SOURCES, TODAY, fill, stage
from warehouse import flagging, texts
from warehouse.narrowed import connect
from warehouse.publish import publish
from warehouse.rebuild import rebuild
from warehouse.scope import Scope
from warehouse.store import Store, connect_published

NLOD = "http://data.norge.no/nlod/"
OWN = Dataset(
    key="5f3075c1-bd66-4c55-8649-d193c9088a56", title="Åpent gaveregister", description="Alle gaver til ansatte og folkevalgte i Fjordvik.", licence=NLOD, frequency="monthly",
    publisher=FJORDVIK, modified="2026-01-02", modified_kind="metadata", contact_present=True, source_url="https://data.fjordvik.kommune.no/dataset/gaver", locator="/0",
    distributions=(Distribution(access_url="https://data.fjordvik.kommune.no/gaver.csv", format="CSV", modified="2026-01-25"), Distribution(format="PDF")),
)  # fmt: skip
NATIONAL = replace(
    OWN, key="f1", uri=f"https://data.fjordvik.kommune.no/dataset/{OWN.key}", modified="2026-01-30", modified_kind="harvest", harvested="2026-01-30", distributions=(),
    access_rights="http://publications.europa.eu/resource/authority/access-right/PUBLIC", source_url="https://data.norge.no/datasets/f1",
)  # fmt: skip
OLD = Dataset(key="f2", title="Valgresultater", publisher=FJORDVIK, modified="2024-01-01", modified_kind="data", frequency="annual", licence=NLOD, locator="/1",
              distributions=(Distribution(access_url="https://x.no/valg", format="XLSX"),))  # fmt: skip
UNDATED = Dataset(key="f3", title="Lekeplasser", publisher=FJORDVIK, frequency="daily", locator="/2", distributions=(Distribution(access_url="https://x.no/lek", format="Fagsystem"),))


def asked(connection: duckdb.DuckDBPyConnection, question: str) -> list[dict]:
    result = connection.execute(question)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("datasets")
    stage(folder, "ckan/fjordvik", 1, [OWN])
    stage(folder, "dcat/tindmark", 2, [NATIONAL, OLD, UNDATED])
    with Store(folder) as store:
        fill(store)
        publish(store)
    return folder


def test_a_dataset_that_came_by_two_roads_is_one_row_with_both(home: Path) -> None:
    with connect_published(home) as connection:
        rows = {r["tittel"]: r for r in asked(connection, "FROM datasett")}
        roads = asked(connection, "SELECT kilde, hovedrad, funnet_ved_kode, gruppe FROM datasettveier WHERE tittel LIKE 'Åpent%' ORDER BY kilde")
        (counted,) = asked(connection, f"SELECT datasett FROM kommuner WHERE organisasjonsnummer = '{FJORDVIK}'")
        files = asked(connection, "SELECT gruppe, filtyper, stjerner FROM distribusjoner WHERE datasett_tittel LIKE 'Åpent%' ORDER BY nummer")
    assert (len(rows), counted["datasett"]) == (3, 3)
    gifts = rows["Åpent gaveregister"]
    assert (gifts["veier"], gifts["kilder"], gifts["kilde"], gifts["gruppe"]) == (2, "ckan/fjordvik; dcat/tindmark", "ckan/fjordvik", gifts["id"])
    assert [(r["kilde"], r["hovedrad"], r["funnet_ved_kode"]) for r in roads] == [("ckan/fjordvik", True, None), ("dcat/tindmark", False, "identifier")]
    assert {r["gruppe"] for r in (*roads, *files)} == {gifts["id"]} and [(f["filtyper"], f["stjerner"]) for f in files] == [("CSV", 3), ("PDF", 1)]
    assert (gifts["lisens_id"], gifts["apen_lisens"], gifts["stjerner"], rows["Lekeplasser"]["lisens_id"], rows["Lekeplasser"]["stjerner"]) == ("NLOD-2.0", True, 3, "none", None)


def test_three_clocks_are_kept_apart_and_what_has_none_is_unknown(home: Path) -> None:
    with connect_published(home) as connection:
        rows = asked(connection, "SELECT *, klokke_beskrivelse::VARCHAR AS b, klokke_filer::VARCHAR AS f, klokke_hosting::VARCHAR AS h FROM datasettveier")
        ages = {r["tittel"]: r["alder_dager"] for r in asked(connection, "FROM datasett")}
    clocks = {(r["tittel"], r["kilde"][:4]): (r["b"], r["f"], r["h"], r["ferskhet"]) for r in rows}
    assert clocks == {
        ("Åpent gaveregister", "ckan"): ("2026-01-02", "2026-01-25", None, "fersk"), ("Åpent gaveregister", "dcat"): (None, None, "2026-01-30", "ukjent"),
        ("Valgresultater", "dcat"): ("2024-01-01", None, None, "forsinket"), ("Lekeplasser", "dcat"): (None, None, None, "ukjent"),
    }  # fmt: skip
    assert ages == {"Åpent gaveregister": 7, "Valgresultater": 763, "Lekeplasser": None}


def test_points_per_metric_add_up_to_those_of_the_dataset(home: Path) -> None:
    with connect_published(home) as connection:
        off = connection.execute(
            """SELECT d.id FROM datasettveier d JOIN datasettkvalitet q ON q.datasett = d.id
               GROUP BY d.id, d.poeng_norge, d.poeng_norge_av, d.poeng_eu, d.poeng_eu_av
               HAVING (poeng_norge, poeng_norge_av, poeng_eu, poeng_eu_av) IS DISTINCT FROM
                      (sum(poeng) FILTER (metode = 'no'), sum(poeng_av) FILTER (metode = 'no'), sum(poeng) FILTER (metode = 'eu'), sum(poeng_av) FILTER (metode = 'eu'))
                   OR sum(hoyeste) FILTER (metode = 'no') <> 435 OR sum(hoyeste) FILTER (metode = 'eu') <> 405 OR max(poeng - poeng_av) > 0"""
        ).fetchall()
        answers = connection.execute("SELECT DISTINCT svar FROM datasettkvalitet ORDER BY ALL").fetchall()
    assert off == [] and answers == [("ikke observert",), ("ja",), ("nei",)]


def test_the_same_dataset_twice_is_one_text_and_one_source_under_a_candidate(home: Path) -> None:
    with Store(home) as store:
        found = texts.all_of(store.connection, [body.orgnr for body in BODIES])
        flagged = flagging.flag(store, rubric.load(), today=TODAY).candidates
        types = store.connection.execute("SELECT DISTINCT source_type FROM ogp.candidate_documents").fetchall()
    assert sorted(found["title"]) == ["Lekeplasser", "Valgresultater", "Åpent gaveregister"]
    assert set(flagged["sources"]) == {1} and types == [("portal",)]


def test_a_copy_narrowed_to_the_other_road_still_shows_the_dataset(home: Path) -> None:
    with connect(home, Scope(sources=("dcat/tindmark",))) as connection:
        rows = asked(connection, "SELECT tittel, kilde, veier FROM datasett ORDER BY tittel")
    assert [(r["tittel"], r["veier"]) for r in rows] == [("Lekeplasser", 1), ("Valgresultater", 1), ("Åpent gaveregister", 1)]


def test_a_rebuilt_database_says_the_same(home: Path) -> None:
    report = rebuild(home, today=TODAY, authorities=BODIES, sources=SOURCES, rubric=rubric.load(), plans=plans.load())
    assert report.differences == {} and report.tables["core.dataset_measures"] == 4 and report.tables["core.dataset_metrics"] == 4 * 48
