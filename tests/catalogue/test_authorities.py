"""The bodies: who they are, what they are called, and where a dissolved one leads."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from catalogue import authorities
from catalogue.authorities import is_organisation_number
from catalogue.exceptions import CatalogueError

BODIES = authorities.load()
HEADER = authorities.FILE.read_text(encoding="utf-8").splitlines()[0]
SHARED = Path(__file__).parents[3] / "shared" / "data"


def written(folder: Path, *rows: str, header: str = "orgnr,roles,name,hosts,valid_to,successors") -> Path:
    path = folder / "bodies.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_the_bodies_of_2026_are_357_municipalities_and_15_counties_of_which_oslo_is_both():
    current = BODIES.current
    assert len(current) == 371
    assert sum(a.is_municipality for a in current) == 357
    assert sum(a.is_county for a in current) == 15
    assert [a.name for a in current if a.is_municipality and a.is_county] == ["Oslo"]
    assert len({a.number for a in current if a.is_municipality}) == 357
    assert {a.county for a in current} == {a.county for a in current if a.is_county}


def test_126_dissolved_bodies_lead_to_living_ones():
    assert len(BODIES.historical) == 126
    for body in BODIES.historical:
        reached = BODIES.current_of(body.orgnr)
        assert reached, body
        assert all(a.is_current and a.is_county == body.is_county for a in reached), body
        assert all(a.valid_from is None or a.valid_from > body.valid_to for a in reached), body


def test_every_number_is_an_organisation_number():
    assert all(is_organisation_number(orgnr) for orgnr in BODIES)
    assert not is_organisation_number("958935421")
    assert not is_organisation_number("95893542")
    assert not is_organisation_number("٩58935420")


def test_no_host_belongs_to_two_bodies_and_every_living_body_has_one_with_and_without_www():
    hosts = Counter(host for a in BODIES.values() for host in a.hosts)
    assert set(hosts.values()) == {1}
    for body in BODIES.current:
        assert any(BODIES.by_host(host) is body for host in body.hosts), body
        assert {h.removeprefix("www.") for h in body.hosts} == {h for h in body.hosts if not h.startswith("www.")}, body
        assert body.homepage.split("/")[2] in body.hosts, body


@pytest.mark.parametrize(("host", "name"), [("ha.no", "Hå"), ("www.kvam.no", "Kvam"), ("haugesund.no", "Haugesund"), ("WWW.HA.NO.", "Hå")])
def test_hosts_that_are_public_suffixes_belong_to_their_body_and_nothing_under_them_does(host, name):
    found = BODIES.by_host(host)
    assert found is not None and found.name == name
    assert BODIES.by_host(f"skole.{host.lower().removeprefix('www.').rstrip('.')}") is None


def test_nothing_is_found_under_a_shared_suffix():
    assert BODIES.by_host("kommune.no") is None
    assert BODIES.by_host("no") is None


@pytest.mark.parametrize(
    ("text", "orgnr"),
    [
        ("Oslo", "958935420"), ("0301", "958935420"), ("OSLO KOMMUNE", "958935420"), ("Herøy (Nordland)", "872417982"),
        ("Herøy, Møre og Romsdal", "964978840"), ("Våler (Innlandet)", "871034222"), ("Våler kommune (Østfold)", "959272581"),
        ("Guovdageaidnu", "945475056"), ("Kautokeino suohkan", "945475056"), ("voss herad", "960510542"), ("Rogaland", "971045698"),
        ("Gáivuotna", "940363586"), ("Kaivuono", "940363586"), ("Aarborte", "944716904"), ("nord odal", "964950768"),
        ("Asker", "920125298"), ("Agdenes", "840098222"),
    ],
)  # fmt: skip
def test_a_name_or_number_finds_its_body(text, orgnr):
    assert BODIES.one(text).orgnr == orgnr


def test_namesakes_are_named_and_the_numbers_offered():
    assert [a.orgnr for a in BODIES.find("Herøy")] == ["964978840", "872417982"]
    with pytest.raises(CatalogueError, match=r"Våler \(Østfold\) 959272581, Våler \(Innlandet\) 871034222; use the number"):
        BODIES.one("Våler")
    with pytest.raises(CatalogueError, match="no body of that name"):
        BODIES.one("Fjordvik")
    assert BODIES.find("Fjordvik") == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("964967725", ["Sogndal"]), ("963923511", ["Sunnfjord"]), ("942953119", ["Ålesund"]), ("840894312", ["Indre Østfold"]),
        ("936401651", ["Sogndal"]), ("944020977", ["Molde"]), ("964968896", ["Bjørnafjorden"]),
        ("972417769", ["Narvik", "Hamarøy"]),
        ("958381492", ["Akershus fylkeskommune", "Buskerud fylkeskommune", "Østfold fylkeskommune"]),
    ],
)  # fmt: skip
def test_numbers_that_old_catalogues_still_carry_lead_to_todays_bodies(old, new):
    assert not BODIES[old].is_current
    assert [a.name for a in BODIES.current_of(old)] == new


def test_what_was_written_by_hand_prints_as_not_checked():
    assert str(BODIES["921693230"]) == "Viken fylkeskommune (til 2023) (*ikke kontrollert*)"
    assert str(BODIES["958935420"]) == "Oslo"
    assert str(BODIES["872417982"]) == "Herøy (Nordland)"
    assert all(a.source for a in BODIES.values())


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["958935421,kommune,Oslo,,,"], r"bodies\.csv, entry 958935421, field orgnr: .*not an organisation number"),
        (["958935420,kommune,Oslo,,,", "958935420,kommune,Oslo,,,"], "entry 958935420, field orgnr: is used twice"),
        (["958935420,kommune,Oslo,x.no,,", "872417982,kommune,Herøy,x.no,,"], "field hosts: x.no belongs to 958935420 already"),
        (["958935420,kommune,Oslo,,2019-12-31,872417982"], "field successors: 872417982 has no row"),
        (["958935420,kommune,Oslo,,2019-12-31,"], "field successors: is missing"),
        (["958935420,kommune,Oslo,,,872417982"], "field valid_to: is missing"),
        (["958935420,rike,Oslo,,,"], "field roles"),
        (["958935420,kommune,Oslo,https://x.no,,"], "field hosts: .*without scheme"),
        (["958935420,kommune,Oslo"], "line 2: has not as many cells as the header"),
    ],
)
def test_a_mistake_in_the_table_is_named_by_row_and_column(tmp_path, rows, problem):
    with pytest.raises(CatalogueError, match=problem):
        authorities.load(written(tmp_path, *rows))


def test_an_unknown_column_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="field mayor: unknown key"):
        authorities.load(written(tmp_path, "958935420,kommune,Oslo,N.N.", header="orgnr,roles,name,mayor"))


def test_the_table_holds_every_column_a_body_has():
    assert set(HEADER.split(",")) == set(authorities.Authority.model_fields)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_the_table_agrees_with_the_lists_it_was_made_from():
    with (SHARED / "authorities" / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            body = BODIES[row["orgnr"]]
            assert (body.number, body.name, body.county) == (row["kommunenummer"], row["name"], row["fylkesnummer"])
    with (SHARED / "authorities" / "homepages.csv").open(encoding="utf-8", newline="") as file:
        dissolved = {row["org_number"] for row in csv.DictReader(file) if row["current_2026"] == "no"} - {""}
    assert dissolved | {"922420866", "821227062"} == {a.orgnr for a in BODIES.historical}
