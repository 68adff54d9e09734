"""What a portal of open data holds: datasets of one body, as plain facts that CKAN and DCAT write each in its own way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.bank import Text
from sandbox.bodies import Body
from sandbox.identifiers import digest, guid_of

MEDIA_TYPES = {"CSV": "text/csv", "JSON": "application/json", "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
               "GeoJSON": "application/geo+json", "XML": "application/xml", "PDF": "application/pdf"}  # fmt: skip
LICENCES = {
    "NLOD-2.0": "https://data.norge.no/nlod/no/2.0", "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/", "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/no/", "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}  # fmt: skip
FREQUENCIES = {"continuous": "CONT", "hourly": "HOURLY", "daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "quarterly": "QUARTERLY",
               "yearly": "ANNUAL", "irregular": "IRREG"}  # fmt: skip


@dataclass(frozen=True)
class DatasetFacts:
    """One dataset. `guid` is its identity, `name` its part of an address; `publisher` is the body that answers for it."""

    guid: str
    name: str
    title: str
    description: str
    formats: tuple[str, ...]
    licence: str
    frequency: str
    issued: date
    modified: date
    publisher: Body
    keywords: tuple[str, ...]


def slug_of(title: str, longest: int = 60) -> str:
    """A title as a part of an address: å is `a`, ø is `o`, æ is `ae`, everything else a hyphen."""
    plain = title.lower().translate(str.maketrans({"å": "a", "ø": "o", "æ": "ae", "é": "e", "á": "a", "č": "c", "š": "s", "đ": "d", "ŋ": "n", "ž": "z", "ŧ": "t"}))
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:longest].rstrip("-") or "side"


def facts_of(body: Body, seed: int, day: date, texts: Sequence[Text], publishers: Sequence[Body] = ()) -> tuple[DatasetFacts, ...]:
    """The datasets of a portal in the order of `texts`; `publishers` (one for each text) when another body answers for some."""
    found, names = [], set()
    for position, text in enumerate(texts):
        guid = guid_of("dataset", seed, body.slug, text.title, position)
        name = slug_of(text.title)
        if name in names:
            name = f"{name[:50]}-{guid[:6]}"
        names.add(name)
        raw = digest("dataset", seed, guid)
        modified = day - timedelta(days=1 + raw[0] % 60)
        formats = text.meta.get("formats") or ("CSV",)
        assert isinstance(formats, tuple)
        words = [w for w in re.findall(r"[^\W\d_]{5,}", text.title.lower())][:4]
        found.append(
            DatasetFacts(guid, name, text.title, text.text, tuple(map(str, formats)), str(text.meta.get("licence", "")), str(text.meta.get("frequency", "")),
                         modified - timedelta(days=200 + raw[1]), modified, publishers[position] if publishers else body, tuple(dict.fromkeys(words)))
        )  # fmt: skip
    return tuple(found)


_SUBJECTS = ("Lekeplasser", "Skiløyper", "Badeplasser", "Parkeringsplasser", "Kommunale bygg", "Gatelys", "Barnehager", "Turstier", "Kunst i det offentlige rom",
             "Brannkummer", "Gjenvinningsstasjoner", "Folkebibliotek", "Idrettsanlegg", "Sykkelstativ", "Hjertestartere", "Vannmålinger", "Strømforbruk i bygg",
             "Luftmålinger", "Tilfluktsrom", "Leverandørreskontro")  # fmt: skip
_FORMATS = (("CSV",), ("JSON", "CSV"), ("XLSX",), ("GeoJSON", "CSV"), ("PDF",))
_LICENCES = ("NLOD-2.0", "CC-BY-4.0", "", "CC-BY-3.0", "CC0-1.0", "ODbL-1.0")


def many(seed: int, day: date, publishers: Sequence[Body], count: int) -> tuple[DatasetFacts, ...]:
    """So many boring datasets, dealt out to `publishers` in turn: what a catalogue of many bodies holds."""
    found = []
    for number in range(count):
        publisher = publishers[number % len(publishers)]
        title = f"{_SUBJECTS[number % len(_SUBJECTS)]} i {publisher.name}" + (f", {number // len(_SUBJECTS) + 1}" if number >= len(_SUBJECTS) else "")
        raw = digest("many", seed, number)
        modified = day - timedelta(days=raw[0] % 200)
        found.append(
            DatasetFacts(guid_of("many", seed, number), slug_of(f"{title} {number}"), title, f"Oversikt over {title.lower()} & oppdatert jevnlig.",
                         _FORMATS[raw[1] % len(_FORMATS)], _LICENCES[raw[2] % len(_LICENCES)], tuple(FREQUENCIES)[raw[3] % len(FREQUENCIES)],
                         modified - timedelta(days=30 + raw[4]), modified, publisher, (_SUBJECTS[number % len(_SUBJECTS)].lower(), "åpne data"))
        )  # fmt: skip
    return tuple(found)
