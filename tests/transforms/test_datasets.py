"""Given what portals say of datasets, this is the licence, the points, the stars and which of them are the same one."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from extractors.contract import Dataset, Distribution
from tests.extractors.stored import read
from tests.shared_data import shared
from tests.transforms.staged_records import BODY, PUBLISHER, TODAY, staged, together
from transforms import formats, licences, quality
from transforms.measures import interval_days, measures
from transforms.normalise import normalise

NLOD, PUBLIC = "http://data.norge.no/nlod/", "http://publications.europa.eu/resource/authority/access-right/PUBLIC"


def measured(owners: dict[str, str] | None = None, successors: dict[str, tuple[str, ...]] | None = None, days: dict[str, str] | None = None, **sources: Dataset | tuple[Dataset, ...]):
    """The measures of datasets staged under `dcat_own=` (the source dcat/own); `days`: source → the day it was first read."""
    rows, named = [], {}
    for name, found in sources.items():
        source = name.replace("__", "-").replace("_", "/", 1)
        rows.append(staged(*(found if isinstance(found, tuple) else (found,)), source=source, batch=f"{(days or {}).get(source, '20261101')}T060000-aaaaaaaa"))
    tables = normalise(together(rows), today=TODAY).tables
    datasets = tables["datasets"].assign(first_seen=tables["datasets"]["captured_at"])
    done = measures(datasets, tables["distributions"], owners=owners or {}, successors=successors or {})
    named = (datasets["source"] + " " + datasets["key"]).set_axis(datasets["id"])
    return {table: frame.assign(dataset=frame["dataset"].map(named)).set_index("dataset") if "dataset" in frame else frame for table, frame in done.items()}, named


# --- licences


@pytest.mark.parametrize(
    ("text", "identifier", "national"),
    [
        (NLOD, "NLOD-2.0", True), ("https://data.norge.no/nlod/no/1.0", "NLOD-1.0", True), ("http://data.norge.no/nlod/no/2.0/", "NLOD-2.0", True),
        ("http://creativecommons.org/licenses/by/4.0/deed.no", "CC-BY-4.0", True), ("https://creativecommons.org/licenses/by/4.0/deed.en", "CC-BY-4.0", False),
        ("http://publications.europa.eu/resource/authority/licence/NLOD_2_0", "NLOD-2.0", True), ("http://publications.europa.eu/resource/authority/licence/CC0", "CC0-1.0", True),
        ("https://creativecommons.org/licenses/by/3.0/no/", "CC-BY-3.0", False), ("https://creativecommons.org/licenses/by/2.5/", "other-open", False),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL", False), ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "closed", False),
        ("NLOD-2.0", "NLOD-2.0", False), ("nlod", "NLOD-2.0", False), ("Norsk lisens for offentlige data (NLOD)", "NLOD-2.0", False), ("cc-by", "other-open", False),
        ("CC-BY-4.0", "CC-BY-4.0", False), ("CC BY-NC 4.0", "closed", False), ("CC0", "CC0-1.0", False), ("other-closed", "closed", False),
        ("<p>Fritt etter <a target='_blank' href='https://creativecommons.org/licenses/by/4.0/deed.no'>denne lisensen</a>.</p>", "CC-BY-4.0", False),
        ("<div>Data: Norsk lisens for offentlige data (NLOD 2.0). Kartet er ikke til navigasjon.</div>", "NLOD-2.0", False),
        ("Ikke under NLOD.", "unknown", False), ("NLOD 2.0 eller CC BY 4.0", "other-open", False), ("egen avtale", "unknown", False), ("notspecified", "none", False), (None, "none", False),
    ],
)  # fmt: skip
def test_a_licence_however_it_is_written_is_one_of_the_closed_list(text, identifier, national):
    assert licences.licence_id(text) == identifier in licences.LICENCE_IDS
    assert licences.is_open_nationally(PUBLIC, [text or ""]) is national and not licences.is_open_nationally(None, [text or ""])


def test_each_line_of_the_map_is_of_the_closed_list_and_written_as_it_is_looked_up():
    rows = licences._rows()
    assert {row["licence_id"] for row in rows.values()} <= set(licences.LICENCE_IDS)
    assert [word for word in rows if licences.normal(word) != word] == []


def test_no_licence_is_none_where_files_are_and_unknown_where_none_are():
    files = (Distribution(access_url="https://x.no/1", format="CSV"),)
    mixed = (Distribution(access_url="https://x.no/2", licence=NLOD), Distribution(access_url="https://x.no/3", licence="other-closed"))
    done, _ = measured(dcat_own=(Dataset(key="a", title="A", distributions=files), Dataset(key="b", title="B"), Dataset(key="c", title="C", distributions=mixed)))
    rows = done["dataset_measures"]
    assert rows["licence_id"].to_dict() == {"dcat/own a": "none", "dcat/own b": "unknown", "dcat/own c": "closed"}
    assert rows["stars"].isna().to_dict() == {"dcat/own a": True, "dcat/own b": True, "dcat/own c": True}


# --- points

WHOLE = Dataset(
    key="hele", title="Ladestasjoner", publisher=PUBLISHER, publisher_name="Fjordvik", keywords=("lading",), themes=("Energi",), spatial="Fjordvik", temporal_present=True,
    access_rights=PUBLIC, issued="2026-01-02", modified="2026-10-01", modified_kind="data", frequency="monthly", contact_present=True,
    distributions=(
        Distribution(access_url="https://x.no/a", format="PDF", licence=NLOD, issued_present=False, rights_present=False),
        Distribution(access_url="https://x.no/b", download_url="https://x.no/b.csv", format="CSV", media_type="text/csv", size_bytes=10, licence=NLOD, modified="2026-10-02", issued_present=True, rights_present=True),
        Distribution(access_url="https://x.no/c", format="XLSX", licence="https://creativecommons.org/licenses/by/3.0/", issued_present=False, rights_present=False),
    ),
)  # fmt: skip
# Neither theme, area, access right nor contact; one spreadsheet under a licence that only the European list knows.
POOR = Dataset(
    key="liten", title="Budsjett", publisher_name="Fjordvik", keywords=("økonomi",), contact_present=False, temporal_present=False,
    distributions=(Distribution(access_url="https://x.no/d", format="XLSX", licence="https://creativecommons.org/licenses/by/3.0/", issued_present=False, rights_present=False),),
)  # fmt: skip


def test_the_tables_add_up_to_what_they_are_called():
    sums = {method: Counter[str]() for method in quality.METHODS}
    for method in quality.METHODS:
        for metric in quality.metrics(method):
            sums[method][metric.dimension] += metric.points
    assert sums["no"] == {"findability": 100, "accessibility": 100, "interoperability": 140, "reusability": 75, "contextuality": 20}
    assert sums["eu"] == {"findability": 100, "accessibility": 100, "interoperability": 110, "reusability": 75, "contextuality": 20}
    assert [sum(s.values()) for s in sums.values()] == [435, 405] == [quality.maximum(m) for m in quality.METHODS]


def test_points_are_those_counted_by_hand_out_of_what_was_observed():
    done, _ = measured(dcat_own=(WHOLE, POOR))
    rows = done["dataset_measures"][["points_no", "observed_no", "points_eu", "observed_eu"]]
    # Not observed: 50 + 30 for asking addresses, 30 for DCAT-AP, and in Norway 15 + 15 for opening the file.
    # Whole: 100 + 20 + (20 + 10 + 10 + 20 + 20) + 75 + 20. Poor: 30 + (20 + 10 + 20 machine-readable) + (20 licence + 10 publisher), and 10 for a licence that Europe knows.
    assert rows.loc["dcat/own hele"].tolist() == [295, 295, 295, 295]
    assert rows.loc["dcat/own liten"].tolist() == [110, 295, 120, 295]
    lines = done["dataset_metrics"].loc["dcat/own liten"].set_index(["method", "metric"])
    assert (len(lines.loc["no"]), len(lines.loc["eu"])) == (25, 23)
    said = {key: (row.answer, row.points) for key, row in lines.loc["no"].iterrows()}
    assert said["keywordAvailability"] == ("yes", 30) and said["temporalAvailability"] == ("no", 0) and said["accessUrlStatusCode"] == ("not_observed", 0)
    assert said["formatMediaTypeMachineInterpretable"] == ("yes", 20) and said["formatMediaTypeNonProprietary"] == ("no", 0) and said["knownLicense"] == ("no", 0)
    assert lines.loc[("eu", "knownLicense"), "points"] == 10
    assert set(done["dataset_metrics"].loc["dcat/own hele", "distribution"]) == {1}


def test_what_the_platform_was_not_asked_for_counts_neither_way():
    untold = Dataset(key="a", title="A", publisher=PUBLISHER, distributions=(Distribution(access_url="https://x.no/a", format="Fagsystem", licence=NLOD),))
    done, _ = measured(dcat_own=untold, socrata_x=untold, data__norge_x=Dataset(key="kort", title="Kort", publisher=PUBLISHER))
    answers = {name: dict(zip(group["metric"], group["answer"], strict=True)) for name, group in done["dataset_metrics"].query("method == 'no'").groupby(level=0)}
    dcat, socrata, short = answers["dcat/own a"], answers["socrata/x a"], answers["data-norge/x kort"]
    assert all(dcat[m] == "not_observed" for m in ("temporalAvailability", "contactPointAvailability", "rightsAvailability", "formatMediaTypeMachineInterpretable"))
    assert (dcat["spatialAvailability"], socrata["spatialAvailability"]) == ("no", "not_observed") and dcat["formatMediaTypeVocabularyAlignment"] == "no"
    assert short["licenseAvailability"] == short["formatAvailability"] == short["formatMediaTypeNonProprietary"] == "not_observed" and short["categoryAvailability"] == "no"
    observed = done["dataset_measures"]["observed_no"]
    assert observed["dcat/own a"] == 435 - 140 - 20 - 20 - 5 - 5 - 40 and (done["dataset_measures"]["points_no"] <= observed).all()


# --- stars, formats, clocks


def test_stars_need_an_open_licence_first_and_a_format_we_know():
    def of(name: str, licence: str | None, *kinds: str) -> Dataset:
        return Dataset(key=name, title=name, distributions=tuple(Distribution(access_url=f"https://x.no/{name}{n}", format=k, licence=licence) for n, k in enumerate(kinds)))

    done, _ = measured(dcat_own=(of("a", NLOD, "PDF", "XLSX"), of("b", NLOD, "PDF", "CSV", "Fagsystem"), of("c", NLOD, "text/turtle"), of("d", "other-closed", "CSV"), of("e", None, "CSV"), of("f", NLOD, "Fagsystem")))
    rows = done["dataset_measures"]["stars"]
    assert {k[-1]: None if pd.isna(v) else int(v) for k, v in rows.items()} == {"a": 2, "b": 3, "c": 4, "d": 0, "e": None, "f": None}


def test_formats_are_read_as_portals_write_them():
    for text in ("CSV", ".csv", "text/csv; charset=utf-8", "http://publications.europa.eu/resource/authority/file-type/CSV", "https://www.iana.org/assignments/media-types/text/csv", "csv (semikolon)"):
        assert [f.code for f in formats.formats_in(text)] == ["CSV"] and formats.is_aligned(text, None) is True
    assert [f.code for f in formats.formats_in("CSV; JSON", "application/geo+json")] == ["CSV", "JSON", "GEOJSON"]
    assert (formats.is_aligned("SOSI", None), formats.is_aligned(None, "application/x.gtfs"), formats.is_aligned(None, "application/vnd.ukjent")) == (False, False, None)


@pytest.mark.parametrize(
    ("said", "days"),
    [("annual", 366), ("http://publications.europa.eu/resource/authority/frequency/DAILY", 1), ("R/P1M", 31), ("ukentlig", 7), ("irregular", None), ("ved behov", None)],
)
def test_a_frequency_promises_days_or_nothing(said, days):
    assert interval_days(said) == days


# --- one dataset by several roads

GUID = "5f3075c1-bd66-4c55-8649-d193c9088a56"


def roads_of(done) -> dict[str, tuple[str, str | None]]:
    rows, named = done
    return {name: (named[row.dataset_group], None if pd.isna(row.matched_by) else row.matched_by) for name, row in rows["dataset_measures"].iterrows()}


def test_one_dataset_by_own_portal_national_catalogue_and_map_portal_is_one():
    own = Dataset(key=GUID, title="Ladestasjoner", publisher=PUBLISHER, source_url="https://data.fjordvik.kommune.no/dataset/ladestasjoner")
    dcat = Dataset(key=f"http://data.fjordvik.kommune.no/dataset/{GUID}", uri=f"http://data.fjordvik.kommune.no/dataset/{GUID}", title="Ladestasjoner for elbil", publisher=PUBLISHER)
    national = Dataset(key="0f0f", uri=f"https://data.fjordvik.kommune.no/dataset/{GUID}/", title="Charging stations", publisher=PUBLISHER)
    geo = Dataset(key="geo-1", title="Ladestasjoner i Fjordvik", publisher=PUBLISHER, landing_page="http://www.data.fjordvik.kommune.no/dataset/ladestasjoner")
    named = Dataset(key="77", title=" ladestasjoner  FOR elbil.", publisher=PUBLISHER)
    done = measured({"ckan/own": PUBLISHER}, ckan_own=own, dcat_own=dcat, data__norge_alle=national, geonorge_alle=geo, udata_x=named)
    found = roads_of(done)
    assert {main for main, _ in found.values()} == {"ckan/own " + GUID}
    assert {name.split("/")[0]: how for name, (_, how) in found.items()} == {"ckan": None, "dcat": "uri", "data-norge": "uri", "geonorge": "address", "udata": "title"}


def test_the_road_seen_first_stays_the_main_one():
    one = Dataset(key="a", title="Trær i parker", publisher=PUBLISHER)
    done = measured({"ckan/own": PUBLISHER}, days={"ckan/own": "20261102"}, ckan_own=one, dcat_alle=one)
    assert {main for main, _ in roads_of(done).values()} == {"dcat/alle a"}


def test_datasets_of_two_publishers_are_never_one_but_those_of_a_body_and_what_it_became_are():
    def of(publisher: str, key: str = "a") -> Dataset:
        return Dataset(key=key, uri="https://x.no/datasett/skoler", title="Skoler", publisher=publisher)

    apart = roads_of(measured(dcat_a=of(PUBLISHER), dcat_b=of("999999999")))
    together_ = measured({}, {"999999999": (PUBLISHER,)}, dcat_a=of(PUBLISHER), dcat_b=of("999999999"))
    split = roads_of(measured({}, {"999999999": (PUBLISHER, BODY)}, dcat_a=of(PUBLISHER), dcat_b=of("999999999")))
    assert len({main for main, _ in apart.values()}) == len({main for main, _ in split.values()}) == 2
    assert len({main for main, _ in roads_of(together_).values()}) == 1 and set(together_[0]["dataset_measures"]["body_today"]) == {PUBLISHER}


def test_a_page_or_a_title_that_a_source_uses_twice_puts_nothing_together():
    page = "https://www.fjordvik.kommune.no/apne-data"
    here = (Dataset(key="1", title="Skolerute 2025", publisher=PUBLISHER, landing_page=page), Dataset(key="2", title="Skolerute 2026", publisher=PUBLISHER, landing_page=page),
            Dataset(key="3", title="Parkering", publisher=PUBLISHER), Dataset(key="4", title="Parkering", publisher=PUBLISHER))  # fmt: skip
    there = (Dataset(key="5", title="Skolerute", publisher=PUBLISHER, landing_page=page), Dataset(key="6", title="Parkering", publisher=PUBLISHER))
    stranger = Dataset(key="7", title="Badeplasser", publisher=PUBLISHER, landing_page="https://x.no/kart")
    other = Dataset(key="8", title="Lekeplasser", publisher=PUBLISHER, landing_page="https://x.no/kart")
    found = roads_of(measured(ckan_own=(*here, stranger), dcat_alle=(*there, other)))
    assert len({main for main, _ in found.values()}) == len(found) == 8


def test_a_real_portal_read_by_its_api_and_by_its_catalogue_has_68_datasets_and_not_136():
    folder = shared("portals/ckan-2.12-local")
    bodies = {"ckan": ("ckan-search.json", sorted(folder.glob("package_search_p*.json")), "application/json"), "dcat": ("dcat-catalog.ttl", sorted(folder.glob("catalog_p*.ttl")), "text/turtle")}
    rows = [
        staged(*(r for r in read(like, path.read_bytes(), media_type=kind, text=path.read_text(encoding="utf-8")) if isinstance(r, Dataset)), source=f"{platform}/smartby")
        for platform, (like, paths, kind) in bodies.items()
        for path in paths
    ]
    tables = normalise(together(rows).assign(authority="958935420"), today=TODAY).tables
    found = measures(tables["datasets"].assign(first_seen=tables["datasets"]["captured_at"]), tables["distributions"], owners={}, successors={})["dataset_measures"]
    assert (len(found), found["dataset_group"].nunique(), set(found["matched_by"].dropna())) == (136, 68, {"identifier"})
