"""What holds for every platform, every stored answer and every entry of the catalogue: a new one is tested the day it lands.

A golden file holds what is read of a stored answer and what is asked next. Where there is none, or what is read has changed, the test writes it
and fails, so that a person looks at it beside the answer before it is committed.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from catalogue import sources
from catalogue.reasons import Reason
from extractors import sheets
from extractors.contract import Extractor, Known, Request, Source, SourceSettings
from extractors.exceptions import PlatformError
from extractors.fetch import urls
from extractors.fetch.archive import JOURNAL_PLATFORMS
from extractors.harvest import harvest_source
from extractors.platforms import EXTRACTORS, source_from_entry
from tests.extractors.fetch.loopback import client_for, serving
from tests.extractors.stored import PAYLOADS, STORED, WINDOW, capture_of, read, source_of, with_unknown_field

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
SOURCES = sources.load()
ANY_PAGE = ("website", "by-hand")
"""Platforms that are what is left when no other is recognised."""
LEFT_OVER: dict[str, tuple[str, ...]] = {}
"""Fields of a stored answer that nobody takes on purpose, by its name; none today."""
PAGE = b"<html><head>%s</head><body></body></html>"
RECOGNISED_BY: dict[str, dict[str, Any]] = {
    "einnsyn": {"name": "einnsyn-journal.json", "url": "https://api.einnsyn.no/search?entity=Journalpost"},
    "ckan": {"name": "ckan-names.json", "body": PAGE % b'<meta name="generator" content="ckan 2.10">'},
}
"""Where the stored answers are those of an interface: the address or page that gives the platform away."""


# --- every platform


@pytest.mark.parametrize("platform", EXTRACTORS)
def test_the_data_sheet_is_complete(platform):
    extractor = EXTRACTORS[platform]
    assert sheets.faults_of(extractor) == []
    assert all(len(text) > 1 for text in sheets.sheet_of(extractor).values())
    assert issubclass(extractor.Settings, SourceSettings) and extractor.Settings.model_config["extra"] == "forbid"
    assert extractor.platform == platform and extractor.yields
    assert all(sheets.fields_of(extractor).values()) or platform in ANY_PAGE


@pytest.mark.parametrize("platform", [p for p in EXTRACTORS if p != "by-hand"])
def test_a_platform_recognises_its_own_pages(platform):
    stored = [name for name, (extractor, *_) in STORED.items() if extractor.platform == platform]
    assert stored, f"store an answer of {platform} in tests/data/payloads and name it in stored.py"
    if given := RECOGNISED_BY.get(platform):
        captures = [capture_of(given["name"], given.get("body"), **({"url": given["url"]} if "url" in given else {}))]
    else:
        captures = [capture_of(name) for name in stored]
    guesses = [guess for capture in captures if (guess := EXTRACTORS[platform].detect(capture)) is not None]
    assert guesses or platform in ANY_PAGE
    for guess in guesses:
        assert guess.platform == platform and 0 < guess.confidence <= 1 and guess.evidence and urls.parse(guess.url)
        EXTRACTORS[platform].Settings.model_validate(dict(guess.settings))


def test_journals_are_deleted_in_time():
    """What yields journal entries is personal data (ATLAS 11) and stands among those whose archive is thinned."""
    journals = {p for p, e in EXTRACTORS.items() if any(record.kind == "journal_entry" for record in e.yields)}
    assert journals <= set(JOURNAL_PLATFORMS)


# --- every stored answer


@pytest.mark.parametrize("name", STORED)
def test_a_stored_answer_is_no_other_platforms(name):
    capture = capture_of(name)
    found = {p for p, e in EXTRACTORS.items() if p not in ANY_PAGE and e.detect(capture) is not None}
    assert found <= {STORED[name][0].platform}


@pytest.mark.parametrize("name", STORED)
def test_a_stored_answer_gives_what_a_person_has_looked_at_and_leaves_nothing_over(name):
    items = read(name)
    assert tuple(field for item in items if not isinstance(item, Request) for field in item.leftovers) == LEFT_OVER.get(name, ())
    said = json.loads(json.dumps([_row(item) for item in items], default=_plain))
    file = GOLDEN / f"{name}.json"
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    if said != held:
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert said == held, f"{file.name} was written: look at it beside {name}, and commit it when it is right"


def _row(record: Any) -> dict[str, Any]:
    """A record without what it does not say, or a question that follows from the answer."""
    if isinstance(record, Request):
        return {"asks": f"{record.method} {record.url}", "role": record.role}
    return {"kind": record.kind, **{name: value for name, value in record.as_row().items() if value not in (None, (), "")}}


def _plain(value: Any) -> Any:
    return value.as_json() if isinstance(value, Reason) else dataclasses.asdict(value)


def test_every_golden_file_is_of_a_stored_answer():
    assert {path.name.removesuffix(".json") for path in GOLDEN.glob("*.json")} <= set(STORED)
    assert {path.name for path in PAYLOADS.iterdir()} == set(STORED)


class Once(Extractor):
    """A platform that asks the one question a stored answer is the answer to."""

    platform, yields, name = "en", (), ""

    def start(self, source, window, known):
        yield Request(url=STORED[self.name][2], context=STORED[self.name][3])

    def parse(self, source, window, capture):
        items = STORED[self.name][0]().parse(source_of(self.name), window, capture)
        yield from (i for i in items if not isinstance(i, Request))


@pytest.mark.parametrize("name", STORED)
def test_an_unknown_field_is_in_the_run_summary(name, tmp_path):
    body = with_unknown_field(name)
    assert b"ukjentfelt" in body
    url = STORED[name][2]
    source = Source(id=f"en/{name}", authority="999999999", platform="en", url=url)
    extractor = type("One", (Once,), {"name": name})()
    with serving(lambda handler: (404, {}, b"") if handler.path == "/robots.txt" else (200, {}, body)) as gateway:
        client = client_for(tmp_path, gateway)
        result = harvest_source(source, WINDOW, Known(), client, tmp_path / "staging", run_id="r", extractor=extractor)
        client.close()
    assert any("ukjentfelt" in field for field in result.leftovers)
    (summary,) = (tmp_path / "staging").glob("*/*.json")
    assert "ukjentfelt" in summary.read_text(encoding="utf-8")


# --- every entry


@pytest.mark.parametrize("platform", sorted({entry.platform for entry in SOURCES.values()} & set(EXTRACTORS)))
def test_the_entries_of_a_platform_build_sources_it_accepts(platform):
    """Every entry, so that one that is switched on tomorrow is right today; a kind that is not yielded would never be found."""
    yielded = {record.kind for record in EXTRACTORS[platform].yields}
    for entry in SOURCES.on(platform):
        source = source_from_entry(entry)
        assert (source.id, source.authority) == (entry.id, entry.authority)
        assert urls.host_of(source.url) in source.hosts and set(source.kinds) <= yielded, entry.id


def test_planned_platforms_are_those_without_an_extractor():
    for entry in SOURCES.values():
        assert (entry.state == "enabled") <= (entry.platform in EXTRACTORS), entry.id
        assert (entry.state == "planned") <= (entry.platform not in EXTRACTORS), entry.id


def test_settings_nobody_knows_are_refused_by_name():
    entry = SOURCES["ckan/stavanger"].model_copy(update={"settings": {"row": 10}})
    with pytest.raises(PlatformError, match=r"(?s)ckan/stavanger: settings do not fit ckan: .*row"):
        source_from_entry(entry)


def test_the_pages_a_person_has_seen_lie_on_the_bodys_own_hosts():
    for entry in SOURCES.on("website"):
        for address in entry.settings.get("lists", ()):
            assert urls.host_of(urls.parse(address, entry.url)) in entry.hosts, entry.id
