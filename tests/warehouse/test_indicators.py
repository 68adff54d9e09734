"""Openness on a small Norway written by hand, where every figure can be worked out on paper; and where the sandbox says it closed the door."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from catalogue import indicators, labels
from catalogue.reasons import Reason, dump
from warehouse import load
from warehouse.store import FOLDER, Store

OPEN, EMPTY, SHUT, SHORT = "800000009", "800000017", "800000025", "800000033"
READ = datetime(2026, 3, 1, 3)
DAY = READ.date()
COUNCIL = "journal_entry; meeting; agenda_item"
SOURCES = {  # source: (body, kinds, state)
    "einnsyn/open": (OPEN, COUNCIL, "enabled"), "website/open": (OPEN, "page", "enabled"), "ckan/open": (OPEN, "dataset", "enabled"),
    "einnsyn/empty": (EMPTY, COUNCIL, "enabled"), "website/empty": (EMPTY, "page", "enabled"), "ckan/empty": (EMPTY, "dataset", "enabled"),
    "einnsyn/shut": (SHUT, COUNCIL, "permission"), "website/shut": (SHUT, "page", "enabled"), "ckan/shut": (SHUT, "dataset", "enabled"),
    "einnsyn/short": (SHORT, COUNCIL, "enabled"), "ckan/short": (SHORT, "dataset", "enabled"), "dcat/short": (SHORT, "dataset", "enabled"),
    "doffin/norge": ("971000000", "notice", "enabled"),
}  # fmt: skip
ROBOTS = dump([Reason("robots_refuses", host="www.shut.kommune.no")])
# source: (outcome, reason, reason code), of the last run; whole unless the outcome says else
RUNS = {
    "einnsyn/open": ("fresh", "", None), "website/open": ("fresh", "", None), "ckan/open": ("fresh", "", None),
    "einnsyn/empty": ("empty_verified", dump([Reason("counts_zero")]), "counts_zero"), "ckan/empty": ("empty_verified", dump([Reason("counts_zero")]), "counts_zero"),
    "website/empty": ("unchanged", dump([Reason("same_as_last")]), "same_as_last"), "website/shut": ("blocked", ROBOTS, "robots_refuses"),
    "einnsyn/short": ("fresh", "", None), "ckan/short": ("fresh", "", None), "dcat/short": ("failed", "", None), "doffin/norge": ("unchanged", "", None),
}  # fmt: skip


def put(connection: duckdb.DuckDBPyConnection, table: str, *rows: dict[str, Any]) -> None:
    for row in rows:
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def entries(body: str, source: str, n: int) -> list[dict[str, Any]]:
    """Journalled two days before they were published, from the day of reading backwards, 20 days; every fifth internal; the first ten
    exempt, one of them without its legal basis; of the rest 30 with a file that opens."""
    return [
        {"id": f"{source}-{i}", "authority": body, "source": source, "serial": f"{i + 1}/2026", "journal_date": DAY - timedelta(1 + i % 20),
         "published_at": READ - timedelta(i % 20 - 1), "direction": "internt" if i % 5 == 0 else "inngående", "files": 1,
         "open_files": int(10 <= i < 40), "access": "UO" if i < 10 else None, "legal_basis": "offl. § 13" if i < 9 else None,
         "unit": "Havna KF" if i == 7 else "Teknisk", "withdrawn": False}
        for i in range(n)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def norway(once_made: Path, tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("norway")
    (home / "warehouse.duckdb").write_bytes((once_made / "warehouse.duckdb").read_bytes())
    with Store(home) as store, store.transaction() as c:
        load._replace(c, "core.indicators", indicators.load().rows())
        load._replace(c, "core.labels", load._labels())
        put(c, "core.authorities", *({"orgnr": o, "name": o, "roles": "kommune", "number": f"900{n}"} for n, o in enumerate((OPEN, EMPTY, SHUT, SHORT))))
        put(c, "raw.reasons", {"reason": ROBOTS, "code": "robots_refuses", "nb": "robots.txt sier nei"})
        for source, (body, kinds, state) in SOURCES.items():
            put(c, "core.sources", {"id": source, "authority": body, "kinds": kinds, "state": state})
            if source not in RUNS:
                continue
            outcome, reason, code = RUNS[source]
            about: dict[str, Any] = {"source": source, "authority": body, "outcome": outcome, "reason": reason, "reason_code": code, "batch": "b2"}
            put(c, "raw.runs", {**about, "ended_at": READ + timedelta(minutes=5)})
            window = {"scope": "window", "since": date(2025, 2, 1), "until": DAY, "batch_at": READ}
            put(c, "raw.coverage", *({**about, **window, "kind": k, "is_complete": outcome in ("fresh", "unchanged", "empty_verified")} for k in kinds.split("; ")))
        put(c, "raw.runs", {"source": "einnsyn/open", "authority": OPEN, "outcome": "fresh", "batch": "b1", "ended_at": READ - timedelta(days=25)})
        # What the first reading of a website had to leave out, the next does not repeat; nor does a run that met nothing prove what it looked at.
        put(c, "raw.coverage", {"source": "website/empty", "kind": "page", "scope": "window", "is_complete": True, "outcome": "fresh",
                                "reason": dump([Reason("closed_addresses", n=2)]), "batch_at": READ - timedelta(days=1)},
            {"source": "ckan/short", "scope": "window", "is_complete": True, "outcome": "unchanged", "batch_at": READ})  # fmt: skip
        put(c, "core.journal_entries", *entries(OPEN, "einnsyn/open", 60), *entries(SHORT, "einnsyn/short", 12))
        put(c, "raw.coverage", {"source": "einnsyn/open", "scope": "gap", "first_missing": "61/2026", "missing": 3, "reason_code": "numbers_not_shown"})
        for source, shown, reach in (("einnsyn/open", 400, 400), ("einnsyn/short", 380, 395)):
            put(c, "raw.coverage_days", *({"source": source, "authority": SOURCES[source][0], "kind": "journal_entry", "day": DAY - timedelta(age),
                                          "held": int(age <= shown), "missing": 0, "read_at": READ, "whole_at": READ} for age in (30, shown, reach)))  # fmt: skip
        put(c, "core.register_facts", *({"id": f"kf{n}-{p}", "source": "brreg/norge", "subject": f"91{n}", "property": p, "value": v}
                                        for n, name in enumerate(("Havna KF", "Kino KF")) for p, v in (("name", name), ("organisation_form", "KF"), ("municipality", "9000"))))  # fmt: skip
        # Five meetings held, two of them recorded (the older 40 days ago), one to come; ten items each, seen a week before the last of them.
        for n, (ago, video) in enumerate(((60, False), (50, False), (40, True), (30, True), (20, False), (15, False), (-5, False))):
            put(c, "core.meetings", {"id": f"m{n}", "authority": OPEN, "source": "einnsyn/open", "committee": "Kontrollutvalget" if n == 1 else "Formannskapet",
                                     "start": READ - timedelta(days=ago), "video_url": "https://tv/" if video else None})  # fmt: skip
            put(c, "core.agenda_items", *({"id": f"i{n}-{i}", "authority": OPEN, "source": "einnsyn/open", "meeting": f"m{n}", "text": "Saken" if i < 5 else None,
                                           "open_files": int(i == 5), "decision": "Vedtatt" if i < 4 and ago > 14 else None,
                                           "first_seen": READ - timedelta(days=24)} for i in range(10)))  # fmt: skip
        put(c, "core.datasets", *({"id": f"d{n}", "authority": OPEN, "source": "ckan/open", "contact_present": n < 2, "modified": DAY - timedelta(days=n * 10),
                                   "modified_kind": "data"} for n in range(4)),
            {"id": "s1", "authority": SHORT, "source": "ckan/short", "contact_present": False})  # fmt: skip
        put(c, "core.dataset_measures", *({"dataset": f"d{n}", "dataset_group": f"d{n}", "is_main": True, "open_nationally": n > 0, "stars": 3 if n else None,
                                           "interval_days": 7 if n < 3 else None, "points_no": 150, "observed_no": 300} for n in range(4)))  # fmt: skip
        titles = ("Høring: ny kommuneplan", "Innspill til budsjettet", "Innsyn i dokumenter", "Politisk ledelse", "Kantina")
        put(c, "core.pages", *({"id": f"p{n}-{i}", "authority": OPEN, "source": "website/open", "shape": "page", "title_lower": t.lower(),
                                "modified": DAY if i else None} for i in range(2) for n, t in enumerate(titles)),
            {"id": "e1", "authority": EMPTY, "source": "website/empty", "shape": "page", "title_lower": "kantina", "modified": DAY})  # fmt: skip
        put(c, "core.notices", *({"id": f"n{n}", "authority": OPEN, "source": "doffin/norge", "awarded": date(2026, 1, 1), "issued": date(2026, 1, days),
                                  "tenders": 3 if n else None} for n, days in enumerate((11, 21, 31))))  # fmt: skip
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def measured(connection: duckdb.DuckDBPyConnection, body: str) -> dict[str, tuple[Any, ...]]:
    rows = connection.execute("SELECT indikator, niva, verdi, hvorfor_ikke_kode FROM apenhet WHERE organisasjonsnummer = ?", [body]).fetchall()
    return {key: (level, value) if cause is None else (cause,) for key, level, value, cause in rows}


def test_what_an_open_body_shows_is_measured(norway) -> None:
    assert measured(norway, OPEN) == {
        "journal_on_web": ("oppfylt", 60), "journal_lifetime": ("oppfylt", 400), "journal_current": ("oppfylt", 1),
        "journal_delay": ("oppfylt", 2), "journal_full_text": ("oppfylt", 0.588), "internal_documents": ("oppfylt", 0.2),  # 30 of 51, 12 of 60
        "legal_basis": ("delvis", 0.9), "serial_numbers": ("oppfylt", 0.952),  # 9 of 10, 60 of 63
        "access_guide": ("oppfylt", 2), "building_archive": ("ikke oppfylt", 0), "pages_dated": ("delvis", 0.5),
        "datasets_open": ("delvis", 4), "datasets_licence": ("delvis", 0.75), "datasets_machine_readable": ("oppfylt", 1),
        "datasets_fresh": ("delvis", 0.667), "datasets_quality": ("delvis", 0.5), "datasets_contact": ("delvis", 0.5),
        "companies_covered": ("delvis", 0.5), "award_delay": ("oppfylt", 20), "award_tenders": ("delvis", 0.667),
        "meetings_on_web": ("oppfylt", 7), "meetings_recorded": ("oppfylt", 0.333), "recordings_archived": ("delvis", 40),  # 2 of 6 held
        "papers_full_text": ("oppfylt", 0.6), "decisions_published": ("delvis", 0.4),
        "days_before_meeting": ("oppfylt", 9),  # the meetings seen beforehand: 4, 9 and 29 days
        "control_committee": ("oppfylt", 1), "consultations": ("oppfylt", 4), "politicians": ("oppfylt", 2),
    }  # fmt: skip


def test_absent_is_said_only_of_what_was_read_whole(norway) -> None:
    empty = measured(norway, EMPTY)
    assert {key for key, said in empty.items() if said == ("ikke oppfylt", 0)} == {"journal_on_web", "meetings_on_web", "datasets_open"}
    assert empty["consultations"] == ("unread_addresses",) and empty["control_committee"] == ("cannot_tell",)
    assert empty["journal_delay"] == ("not_told",) and empty["companies_covered"] == ("no_enterprises",)
    short = measured(norway, SHORT)
    assert short["journal_delay"] == ("too_few",) and short["journal_lifetime"] == ("oppfylt", 380)
    assert short["datasets_contact"] == ("failed",)  # none of the one that was read, and the other portal failed
    assert short["datasets_open"] == (None, 1) and short["politicians"] == ("no_source",)  # there may be ten


def test_what_nobody_could_read_has_no_answer_and_no_grade(norway) -> None:
    shut = measured(norway, SHUT)
    assert {key: said for key, said in shut.items() if len(said) > 1} == {}
    assert (shut["journal_on_web"], shut["datasets_open"], shut["consultations"]) == (("permission",), ("not_asked",), ("blocked",))
    words = norway.execute("SELECT hvorfor_ikke FROM apenhet WHERE organisasjonsnummer = ? AND indikator = 'consultations'", [SHUT]).fetchall()
    assert words == [("stengt for oss: robots.txt sier nei",)]
    grades = norway.execute(
        "SELECT organisasjonsnummer, observert, oppfylt, karakter, hvorfor_ingen_karakter FROM apenhet_karakter WHERE pilar = 'open_data' ORDER BY ALL"
    ).fetchall()
    assert grades == [
        (OPEN, 6, 1, 0.167, None), (EMPTY, 1, 0, None, "bare 1 av 6 er observert"), (SHUT, 0, 0, None, "ingenting er observert"),
        (SHORT, 0, 0, None, "ingenting er observert"),
    ]  # fmt: skip


def test_every_indicator_is_measured_and_every_cause_has_words() -> None:
    described = indicators.load()
    sql = (FOLDER / "views" / "31_measurements.sql").read_text(encoding="utf-8")
    assert sorted(re.findall(r"SELECT authority, '(\w+)'", sql)) == sorted(i.key for i in described.indicators)
    views = [(FOLDER / "views" / name).read_text(encoding="utf-8") for name in ("30_readings.sql", "32_apenhet.sql")]
    told = views[0] + views[1].partition("x.orgnr AS")[0]
    causes = set(re.findall(r"(?:THEN|ELSE|coalesce\(r.cause,) '(\w+)'", told)) - {"good", "some", "none"}
    assert causes | {i.silence for i in described.indicators} <= set(labels.groups()["unobserved"])


def test_the_bodies_that_closed_the_door_in_the_sandbox_are_not_observed(demo) -> None:
    """Login, robots.txt and services that broke: whatever could not be read whole is never absent."""
    whole = {source for source, outcome in demo.truth["outcomes"].items() if outcome in ("fresh", "unchanged", "empty_verified")}
    with duckdb.connect(str(demo.database), read_only=True) as connection:
        said = connection.execute("SELECT kilder, hvorfor_ikke_kode FROM apenhet WHERE tilstand_kode = 'absent'").fetchall()
        assert said and [row for row in said if not set(row[0].split("; ")) <= whole or row[1]] == []
        closed = [source for source, outcome in demo.truth["outcomes"].items() if outcome in ("blocked", "failed", "drifted")]
        told = connection.execute("SELECT DISTINCT tilstand_kode FROM apenhet WHERE list_has_any(string_split(kilder, '; '), ?)", [closed]).fetchall()
        assert told == [("not_observed",)]
