"""Words are found in their inflections and compounds and in both written forms of Norwegian."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractors.contract import Page
from tests.warehouse.staged import DATASET, ENTRY, FJORDVIK, ITEM, JOURNAL, MEETING, WEBSITE, fill, stage
from warehouse import search
from warehouse.store import Store

TITLES = (
    "Anskaffelsesstrategien for Fjordvik", "Nye retningslinjer for anskaffelser", "Innkjøpsreglement", "Kantinen i rådhuset",
    "Openheit i kommunen", "Høyring av planar", "Åpenhet lønner seg", "Innbyggarpanel om skular", "Barnehageplan", "Rutine for saksbehandling",
)  # fmt: skip


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory):
    home: Path = tmp_path_factory.mktemp("search")
    filler = "Dette er en side om noe helt annet enn det vi leter etter, skrevet for å fylle plassen. " * 5
    pages = [
        Page(key=f"https://www.fjordvik.kommune.no/{n}", title=title, text=filler, language="nb", locator="/") for n, title in enumerate(TITLES)
    ]
    mentions = replace(pages[3], key="https://www.fjordvik.kommune.no/m", title="Referat", text=filler + "Vi nevnte en anskaffelse.")
    stage(home, WEBSITE, 1, [*pages, mentions])
    stage(home, JOURNAL, 1, [ENTRY, MEETING, ITEM])
    stage(home, "website/lynghei", 1, [replace(pages[0], key="https://www.lynghei.kommune.no/a", title="Anskaffelsesrutinar")])
    stage(home, "website/tindmark", 1, [DATASET])
    with Store(home) as store:
        fill(store, is_flagged=False)
        assert search.build(store) == 15
        yield store.connection


def titles(connection, words: str, **given) -> list[str]:
    return [found["title"] for found in search.search(connection, words, **given)]


def test_a_word_finds_its_inflections_and_compounds(connection) -> None:
    found = titles(connection, "anskaffelse")
    assert {"Anskaffelsesstrategien for Fjordvik", "Nye retningslinjer for anskaffelser", "Anskaffelsesrutinar", ENTRY.title, "Referat"} <= set(found)
    assert "Kantinen i rådhuset" not in found
    assert found.index("Referat") > found.index("Nye retningslinjer for anskaffelser")


def test_an_inflected_word_finds_the_others(connection) -> None:
    assert set(titles(connection, "anskaffelsene")) == set(titles(connection, "anskaffelser"))
    assert "Anskaffelsesstrategien for Fjordvik" in titles(connection, "anskaffelser")


@pytest.mark.parametrize(("asked", "found"), [
    ("åpenhet", "Openheit i kommunen"), ("openheit", "Åpenhet lønner seg"), ("høringer", "Høyring av planar"), ("innbyggerpanel", "Innbyggarpanel om skular"),
    ("innkjøp", "Nye retningslinjer for anskaffelser"), ("strategi", "Anskaffelsesstrategien for Fjordvik"), ("reglement", ITEM.title),
    ("lekeplass", DATASET.title), ("KANTINE", "Kantinen i rådhuset"),
])  # fmt: skip
def test_bokmal_nynorsk_and_the_ends_of_compounds_meet(connection, asked: str, found: str) -> None:
    assert found in titles(connection, asked)


def test_every_word_must_be_there_when_some_text_has_them_all(connection) -> None:
    assert titles(connection, "anskaffelse retningslinjer") == ["Nye retningslinjer for anskaffelser"]
    assert titles(connection, "kantinen zzzz") == ["Kantinen i rådhuset"]


def test_a_hit_says_whose_it_is_and_what_was_found(connection) -> None:
    best = search.search(connection, "kantine", limit=1)[0]
    assert (best["body"], best["authority"], best["table"], best["url"]) == ("Fjordvik", FJORDVIK, "pages", "https://www.fjordvik.kommune.no/3")
    assert best["words"] == "kantinen"
    assert search.search(connection, "møte ps", limit=1) == [] or best["score"] > 0


@pytest.mark.parametrize("words", ["", "   ", "%", "'; DROP TABLE core.pages; --", "zzzzzz", "_", "a' OR 1=1"])
def test_strange_words_find_nothing_and_break_nothing(connection, words: str) -> None:
    assert isinstance(search.search(connection, words), list)
    assert connection.execute("SELECT count(*) FROM core.pages").fetchall() == [(12,)]


def test_short_words_stand_for_themselves(connection) -> None:
    assert "Høyring av planar" not in titles(connection, "oy")


def test_nothing_is_built_anew_while_the_texts_are_the_same(connection, tmp_path: Path) -> None:
    stage(tmp_path, WEBSITE, 1, [Page(key="https://www.fjordvik.kommune.no/x", title="Første utgave", text="Noe", locator="/")])
    with Store(tmp_path) as store:
        fill(store, is_flagged=False)
        search.build(store)
        store.connection.execute("UPDATE search.documents SET title = 'merket'")
        search.build(store)
        assert titles(store.connection, "første") == ["merket"]
        stage(tmp_path, WEBSITE, 2, [Page(key="https://www.fjordvik.kommune.no/x", title="Andre utgave", text="Noe", locator="/")])
        fill(store, is_flagged=False)
        search.build(store)
        assert titles(store.connection, "første") == [] and titles(store.connection, "andre") == ["Andre utgave"]
