"""Every entry of the catalogue that can be harvested builds a source its platform accepts."""

from __future__ import annotations

import pytest

from catalogue import sources
from extractors.exceptions import PlatformError
from extractors.fetch import urls
from extractors.platforms import EXTRACTORS, source_from_entry

SOURCES = sources.load()


@pytest.mark.parametrize("entry", SOURCES.harvested, ids=lambda e: e.id)
def test_an_entry_that_is_harvested_builds_a_source(entry):
    source = source_from_entry(entry)
    assert (source.id, source.authority) == (entry.id, entry.authority)
    assert urls.host_of(source.url) in source.hosts
    yielded = {record.kind for record in EXTRACTORS[entry.platform].yields}
    assert set(source.kinds) <= yielded


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
