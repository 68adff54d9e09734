"""data.norge.no by each of its roads, paged catalogues in every dialect, and data.json: what is harvested is what the server holds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from extractors.contract import Window
from sandbox.bodies import Body
from sandbox.datajson import DataJson
from sandbox.datanorge import DataNorge, DataNorgeOai, DataNorgeSparql, NationalQuirks
from sandbox.datasets import many
from sandbox.hydra import DIALECTS, PER_PAGE, HydraCatalogue
from tests.extractors.portals.watched import BODY, DAY, keys, watching
from transforms.normalise import normalise

DIREKTORAT = Body("direktoratet", "Direktoratet", "800090016", "", "nb", "optimizely", role="stat")
FYLKE = Body("kartfylke", "Kart", "800090024", "97", "nb", "optimizely", role="fylkeskommune", county="97")
NABO = Body("nabovik", "Nabovik", "800090032", "9097", "nb", "optimizely")
PUBLISHERS = (BODY, NABO, FYLKE, DIREKTORAT)
NATIONAL = many(5, DAY, PUBLISHERS, 152)
MUNICIPAL = {d.guid: d for d in NATIONAL if d.publisher is not DIREKTORAT}


def table(rows):
    return normalise(rows, today=DAY).tables["datasets"].set_index("key")


def counts(rows, what):
    """How many datasets the catalogue says that each body has."""
    facts = normalise(rows, today=DAY).tables["register_facts"]
    return dict(facts[facts["property"] == what].set_index("subject")["number"].astype(int))


def test_the_national_catalogue_gives_every_municipal_dataset_to_its_publisher_and_counts_every_body(tmp_path):
    with watching(tmp_path, DataNorge(BODY, DAY, NATIONAL)) as watched:
        result, rows = watched.look()
        assert (result.outcome, result.claimed, result.troubles, result.leftovers) == ("fresh", len(MUNICIPAL), 0, {}), result.reasons
        assert watched.judge.violations == []
    read = table(rows)
    assert set(read.index) == set(MUNICIPAL)
    assert {k: read["authority"][k] for k in MUNICIPAL} == {k: d.publisher.orgnr for k, d in MUNICIPAL.items()}
    assert {k: read["title"][k] for k in MUNICIPAL} == {k: d.title for k, d in MUNICIPAL.items()}
    assert all(read["distributions"] == [len(MUNICIPAL[k].formats) for k in read.index])
    assert set(read["modified_kind"]) == {"data", "harvest"} and read["modified"].notna().all()
    assert counts(rows, "datasets") == Counter(d.publisher.orgnr for d in MUNICIPAL.values())
    assert counts(rows, "open_datasets") == Counter(d.publisher.orgnr for d in MUNICIPAL.values() if d.licence in ("NLOD-2.0", "CC-BY-4.0", "CC0-1.0"))


def test_what_the_index_has_ahead_of_the_records_is_read_short_and_said(tmp_path):
    with watching(tmp_path, DataNorge(BODY, DAY, NATIONAL, NationalQuirks(unknown=3))) as watched:
        result, rows = watched.look()
    assert keys(rows) == set(MUNICIPAL)
    missing = sum(d.guid in MUNICIPAL for d in sorted(NATIONAL, key=lambda d: d.guid)[-3:])
    assert result.outcome == ("partial" if missing else "fresh") and bool(missing) == (result.troubles > 0)


def test_only_what_changed_in_the_days_of_the_window_is_listed_when_that_is_wanted(tmp_path):
    portal = DataNorge(BODY, DAY, NATIONAL)
    with watching(tmp_path, portal) as watched:
        result, rows = watched.look(Window(DAY - timedelta(days=29), DAY), changed=True)
    recent = {k for k, d in MUNICIPAL.items() if portal.harvested(d) >= DAY - timedelta(days=30)}
    assert result.outcome == "fresh" and keys(rows) == recent and 0 < len(recent) < len(MUNICIPAL)


@pytest.mark.parametrize("road", [DataNorgeSparql, DataNorgeOai])
def test_the_other_roads_bring_every_dataset_of_the_catalogue(road, tmp_path):
    portal = road(BODY, DAY, NATIONAL)
    with watching(tmp_path, portal) as watched:
        result, rows = watched.look()
        assert (result.outcome, result.troubles, result.leftovers) == ("fresh", 0, {}), result.reasons
        assert watched.judge.violations == []
    read = table(rows)
    assert {k: (read["title"][k], read["authority"][k]) for k in read.index} == {portal.key_of(d): (d.title, d.publisher.orgnr) for d in NATIONAL}
    assert set(read["modified_kind"]) == {"data", "harvest"}
    if road is DataNorgeSparql:
        assert counts(rows, "datasets") == Counter(d.publisher.orgnr for d in NATIONAL)


@pytest.mark.parametrize(("sets", "names_sets", "meant"), [(("*",), True, PUBLISHERS), (("*",), False, PUBLISHERS), ((NABO.orgnr, "800090040"), True, (NABO,))])
def test_sets_are_walked_through_one_by_one(sets, names_sets, meant, tmp_path):
    portal = DataNorgeOai(BODY, DAY, NATIONAL, NationalQuirks(names_sets=names_sets))
    with watching(tmp_path, portal) as watched:
        result, rows = watched.look(sets=sets)
    assert result.outcome == "fresh" and keys(rows) == {portal.key_of(d) for d in NATIONAL if d.publisher in meant}


def test_records_of_a_window_and_of_none(tmp_path):
    portal = DataNorgeOai(BODY, DAY, NATIONAL)
    with watching(tmp_path, portal) as watched:
        result, rows = watched.look(Window(DAY - timedelta(days=9), DAY), changed=True)
        nothing, _ = watched.look(sets=("800090040",))
        lost, _ = watched.look(prefix="oai_dc")
    assert result.outcome == "fresh" and keys(rows) == {portal.key_of(d) for d in NATIONAL if portal.harvested(d) >= DAY - timedelta(days=9)}
    assert nothing.outcome == "empty_verified"
    assert (lost.outcome, lost.reasons[0].values["error"]) == ("failed", "badArgument")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_of_paging_is_followed_to_its_end_and_no_further(dialect, tmp_path):
    facts = many(6, DAY, (BODY,), 34)
    portal = HydraCatalogue(BODY, DAY, facts, dialect)
    with watching(tmp_path, portal) as watched:
        result, rows = watched.look()
    if dialect == "elsewhere":
        assert (result.outcome, result.seen) == ("partial", {"dataset": PER_PAGE})
        return
    assert keys(rows) == set(portal.truth()) and result.troubles == 0 and result.outcome == "fresh", result.reasons
    assert result.requests <= 7  # four pages, robots.txt, and at most a look at where the end leads


@pytest.mark.parametrize("syntax", ["rdf", "jsonld"])
@pytest.mark.parametrize("dialect", ["view", "relative-iri", "collection"])
def test_pages_are_turned_in_every_syntax(syntax, dialect, tmp_path):
    portal = HydraCatalogue(BODY, DAY, many(6, DAY, (BODY,), 23), dialect, syntax)
    with watching(tmp_path, portal) as watched:
        result, rows = watched.look()
    assert (result.outcome, result.claimed, keys(rows)) == ("fresh", 23, set(portal.truth()))


@pytest.mark.parametrize("version", [1, 3])
def test_data_json_gives_each_dataset_once_whatever_its_identifier(version, tmp_path):
    facts = many(8, DAY, (BODY, NABO), 24)
    with watching(tmp_path, DataJson(BODY, DAY, facts, version)) as watched:
        result, rows = watched.look()
    assert (result.outcome, result.claimed, result.troubles, result.leftovers) == ("fresh", 24, 0, {}), (result.reasons, result.leftovers)
    read = table(rows)
    assert len(read) == 24 and Counter(read["authority"]) == Counter(d.publisher.orgnr for d in facts)
    assert (read["frequency"] == "R/P1D").sum() == 6 and read["modified"].notna().sum() == 12
    assert not read["description"].str.contains("<p>|&amp;", regex=True).any()
