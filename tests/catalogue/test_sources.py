"""Source entries: what may be harvested, and what a mistake in a file reads like."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from catalogue import authorities, sources
from catalogue.exceptions import CatalogueError
from catalogue.facts import GOOD_ENOUGH_TO_ASK

SOURCES = sources.load()
BODIES = authorities.load()
SHARED = Path(__file__).parents[3] / "shared" / "data"

ENTRY = """
[[source]]
slug = "oslo"
authority = "958935420"
url = "https://www.oslo.kommune.no/"
kinds = ["page"]
state = "enabled"
fact = "seen"
confidence = "tested"
"""


def extra(folder: Path, text: str) -> Path:
    path = folder / "extra.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_body_of_today_has_a_website_and_every_entry_a_body():
    assert {e.authority for e in SOURCES.on("website")} == {a.orgnr for a in BODIES.current}
    assert len(SOURCES.on("website")) == 371
    assert all(e.authority in BODIES or e.authority in authorities.operators() for e in SOURCES.values())
    assert not set(authorities.operators()) & set(BODIES)


def test_only_what_somebody_has_seen_answer_is_harvested():
    assert all(e.confidence in GOOD_ENOUGH_TO_ASK for e in SOURCES.harvested)
    assert {e.state for e in SOURCES.harvested} == {"enabled"}
    assert {e.platform for e in SOURCES.harvested} >= {"acos-innsyn", "einnsyn", "ckan", "website"}


def test_a_website_may_be_asked_on_its_bodys_hosts_and_no_other():
    for entry in SOURCES.on("website"):
        assert set(entry.hosts) == set(BODIES[entry.authority].hosts), entry.id


def test_a_host_of_a_body_is_never_named_by_another_bodys_source():
    for entry in SOURCES.values():
        for host in entry.hosts:
            owner = BODIES.by_host(host)
            assert owner is None or owner.orgnr == entry.authority, entry.id


def test_elements_waits_for_a_written_permission_and_its_tenants_are_the_bodys_own():
    for entry in SOURCES.on("elements-publikum"):
        assert f"/publikum/{entry.authority}" in entry.url
        assert entry.state == "permission" and not entry.is_harvested
    assert SOURCES["elements-publikum/heroy-nordland"].authority == "872417982"
    assert SOURCES["elements-publikum/notodden"].authority == "938583986"


def test_the_website_of_einnsyn_is_never_asked():
    assert {host for e in SOURCES.on("einnsyn") for host in e.hosts} == {"api.einnsyn.no"}


def test_namesakes_keep_their_own_addresses():
    assert SOURCES["website/valer-ostfold"].authority == "959272581"
    assert SOURCES["website/valer-innlandet"].hosts == ("www.vaaler-he.kommune.no", "vaaler-he.kommune.no")
    assert SOURCES["digdem/valer-innlandet"].authority == "871034222"


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_every_tenant_row_that_names_a_body_has_its_entry():
    with (SHARED / "tenants" / "tenants.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kommune"] not in ("IPR Nord-Gudbrandsdal", "Ferde AS", "Sametinget")]
    assert len(rows) == 229
    ours = {"acos-nye-innsyn": "acos-innsyn"}
    wanted = Counter((ours.get(row["platform"], row["platform"]), row["confidence"]) for row in rows)
    of_tenants = {platform for platform, _ in wanted}
    assert wanted == Counter((e.platform, e.confidence) for e in SOURCES.values() if e.platform in of_tenants)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("state", "colour"), r"extra\.toml, entry oslo, field colour: unknown key"),
        (('fact = "seen"', ""), "entry oslo, field fact: is missing"),
        (('confidence = "tested"', 'confidence = "listed"'), "enabled needs confidence payload, tested, used; this is listed"),
        (('state = "enabled"', 'state = "on"'), "field state"),
        (('kinds = ["page"]', 'kinds = ["pages"]'), r"field kinds\.0"),
        (('"958935420"', '"958935421"'), "958935421 is not an organisation number"),
        (('slug = "oslo"', 'slug = "Oslo by"'), "field slug"),
        (
            ('confidence = "tested"', 'confidence = "tested"\n[source.permission]\nwho = "NN"\nwhen = 2026-01-01\nreference = "26/1"'),
            "needs state",
        ),
        (("url = ", "url = 3 #"), "field url"),
    ],
)
def test_a_mistake_names_file_entry_and_field(tmp_path, change, problem):
    text = 'platform = "website"' + ENTRY
    text = text.replace(change[0], change[1], 1)
    with pytest.raises(CatalogueError, match=problem):
        sources.load_file(extra(tmp_path, text))


def test_an_unknown_body_comes_with_the_way_out(tmp_path):
    text = 'platform = "website"' + ENTRY.replace("958935420", "800000009")
    with pytest.raises(CatalogueError, match=r"no body has the number 800000009; .*\[\[authority\]\] orgnr = \"800000009\""):
        sources.load_file(extra(tmp_path, text))


def test_an_extra_file_brings_its_own_bodies_and_several_platforms(tmp_path):
    text = """
[[authority]]
orgnr = "800000009"
name = "Fjordvik"
roles = ["kommune"]
number = "9001"
county = "91"
county_name = "Kystland"
population = 11840
language_form = "bokmål"
homepage = "https://www.fjordvik.kommune.no/"
hosts = ["www.fjordvik.kommune.no"]
postmottak = "post@fjordvik.kommune.no"

[[source]]
slug = "fjordvik"
platform = "website"
authority = "800000009"
url = "https://fjordvik.kommune.no/"
kinds = ["page"]
state = "enabled"
fact = "made up"
confidence = "tested"

[[source]]
slug = "fjordvik"
platform = "elements-publikum"
authority = "800000009"
url = "https://prod01.elementscloud.no/publikum/800000009_PROD-800000009"
kinds = ["journal_entry", "meeting"]
state = "permission"
fact = "made up"
confidence = "tested"
[source.permission]
who = "Kommunedirektøren"
when = 2026-02-03
reference = "26/117"
"""
    bodies, entries = sources.load_file(extra(tmp_path, text))
    assert [b.name for b in bodies] == ["Fjordvik"]
    assert [e.id for e in entries] == ["website/fjordvik", "elements-publikum/fjordvik"]
    assert entries[0].hosts == ("fjordvik.kommune.no", "www.fjordvik.kommune.no")
    assert entries[1].is_harvested and dict(entries[1].permission)["reference"] == "26/117"


def test_a_table_for_a_body_we_know_is_passed_over_unless_it_gives_the_number_another_name(tmp_path):
    table = '[[authority]]\norgnr = "958935420"\nname = "{}"\nroles = ["kommune"]\n'
    text = 'platform = "website"\n' + table.format("OSLO KOMMUNE") + ENTRY
    bodies, (entry,) = sources.load_file(extra(tmp_path, text))
    assert BODIES.with_extra(bodies)["958935420"].population == 717710
    assert "oslo.kommune.no" in entry.hosts
    with pytest.raises(CatalogueError, match="958935420 is Oslo, not Fjordvik"):
        sources.load_file(extra(tmp_path, table.format("Fjordvik")))


def test_a_number_that_does_not_hold_comes_with_the_digit_that_would(tmp_path):
    with pytest.raises(CatalogueError, match=r"800000005 is not an organisation number .*after these eight digits the last is 9"):
        sources.load_file(extra(tmp_path, '[[authority]]\norgnr = "800000005"\nname = "Fjordvik"\nroles = ["kommune"]\n'))


@pytest.mark.parametrize("tenant", ["elementscloud.no/publikum/921133642", "elementscloud.no/Publikum/958935420_PROD-921133642-OSLO", "x.no/innsyn/"])
def test_an_elements_tenant_of_another_body_is_refused(tmp_path, tenant):
    text = 'platform = "elements-publikum"' + ENTRY.replace("https://www.oslo.kommune.no/", f"https://prod01.{tenant}")
    with pytest.raises(CatalogueError, match="tenant in the address must begin with the body's organisation number 958935420"):
        sources.load_file(extra(tmp_path, text.replace('"enabled"', '"planned"')))


def test_what_a_file_says_for_all_an_entry_may_say_otherwise(tmp_path):
    text = (
        'platform = "website"\n[default]\ncadence = "weekly"\nlicence = "NLOD-2.0"\n'
        + ENTRY
        + ENTRY.replace('"oslo"', '"two"\ncadence = "daily"')
    )
    _, (one, two) = sources.load_file(extra(tmp_path, text))
    assert (one.cadence, two.cadence, two.licence) == ("weekly", "daily", "NLOD-2.0")
    for key in ("authority", "colour"):
        with pytest.raises(CatalogueError, match=f"entry default, field {key}: cannot be said for the whole file"):
            sources.load_file(extra(tmp_path, f'platform = "website"\n[default]\n{key} = "x"\n' + ENTRY))


def test_a_slug_is_used_once_and_a_file_bears_its_platforms_name(tmp_path):
    with pytest.raises(CatalogueError, match="website/oslo is used twice"):
        sources.load_file(extra(tmp_path, 'platform = "website"' + ENTRY + ENTRY))
    extra(tmp_path, 'platform = "website"' + ENTRY)
    with pytest.raises(CatalogueError, match="field platform: must be extra, the name of the file"):
        sources.load(tmp_path)
    with pytest.raises(CatalogueError, match=r"holds no \.toml file"):
        sources.load(tmp_path / "empty")
