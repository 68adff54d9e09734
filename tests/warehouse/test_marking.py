"""What texts say of OGP, what bodies share and what is comparable: kept beside the candidates, the same over all as over each in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import rubric
from tests.warehouse.staged import BODIES, FJORDVIK, LYNGHEI, TODAY
from warehouse import flagging, narrowed
from warehouse.publish import publish
from warehouse.scope import Scope
from warehouse.store import Store

SAID = " Tiltaket er tatt inn i Norges handlingsplan for Open Government Partnership. Fjordvik kommune er medlem av OGP Local."
SHARED = " Alle gaver blir ført opp av den som har fått dem, og lista blir lagt ut for hver måned som går. "
TABLES = ("candidates", "candidate_documents", "shared_texts", "mentions", "comparables")


@pytest.fixture
def store(filled: Path):
    with Store(filled) as opened:
        opened.connection.execute("UPDATE core.pages SET text = text || ? WHERE text LIKE '%gaveregister%'", [SHARED])
        opened.connection.execute("UPDATE core.pages SET text = text || ? WHERE authority = ? AND text LIKE '%gaveregister%'", [SAID, FJORDVIK])
        yield opened


def rows(store: Store, sql: str) -> list[tuple]:
    return store.connection.execute(sql).fetchall()


def test_it_is_the_same_over_all_as_over_each_body_in_turn(store: Store) -> None:
    flagging.flag(store, rubric.load(), today=TODAY)
    whole = {table: rows(store, f"FROM ogp.{table} ORDER BY ALL") for table in TABLES}
    for body in BODIES:
        flagging.flag(store, rubric.load(), today=TODAY, bodies=[body.orgnr])
    assert {table: rows(store, f"FROM ogp.{table} ORDER BY ALL") for table in TABLES} == whole
    assert all(whole.values())


def test_an_analyst_can_ask_for_all_of_it(store: Store) -> None:
    flagging.flag(store, rubric.load(), today=TODAY)
    told = rows(store, "SELECT kommune, slag_kode, paastand_kode, hva FROM ogp_omtaler ORDER BY ALL")
    assert told == [
        ("Fjordvik", "membership", "stands", "medlem av OGP"), ("Fjordvik", "national_plan", "stands", "står i Norges handlingsplan for OGP"),
    ]  # fmt: skip
    assert rows(store, "SELECT organer, hvem FROM delte_tekster WHERE sitat LIKE 'Alle gaver blir ført%'") == [(2, "Fjordvik; Lynghei")]
    (candidate,) = rows(store, "SELECT star_i_nasjonal_plan, ogp_i_organet, delt_tekst_med, storrelse, organer_med_praksisen, organer_lest, ikke_observert"
                        f" FROM kandidater WHERE organisasjonsnummer = '{FJORDVIK}' AND praksis = 'gaveregister'")  # fmt: skip
    assert candidate == (True, "medlem av OGP", "Lynghei", "under 5 000", 2, 3, "datasett: ingen kjent kilde; kunngjøringer: ingen kjent kilde")
    near = "SELECT hvor, storrelsesavstand FROM sammenlikninger JOIN kandidater ON id = kandidat WHERE slag = 'norge' AND kandidater.organisasjonsnummer = '{}'"
    assert rows(store, near.format(FJORDVIK)) == [("Lynghei", 2)] and rows(store, near.format(LYNGHEI)) == [("Fjordvik", 2)]
    abroad = rows(store, "SELECT DISTINCT hvor, resultat, kontrollert FROM sammenlikninger WHERE slag = 'utlandet' AND sammenlikning = 'madrid-gift-register'")
    assert abroad == [("Madrid, Spain", "ikke kjent", False)]


def test_a_narrowed_copy_still_tells_with_whom_a_text_is_shared(store: Store) -> None:
    flagging.flag(store, rubric.load(), today=TODAY)
    publish(store)
    with narrowed.connect(store.home, Scope(authorities=(FJORDVIK,))) as connection:
        assert connection.execute("SELECT count(*) FROM delte_tekster WHERE organer = 2").fetchone() != (0,)
        assert connection.execute("SELECT count(*) FROM ogp_omtaler").fetchone() == (2,)
