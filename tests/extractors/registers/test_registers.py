"""Registers: what a stored answer gives, what a harvest of the sandbox's registers brings, and what analysts see of it."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from catalogue import plans, rubric
from catalogue.authorities import Authority
from catalogue.reasons import Reason
from extractors.contract import Notice, Outcome, RegisterFact, Request, Trouble
from extractors.platforms import EXTRACTORS
from sandbox import doffin
from tests.extractors.registers.serving import BODIES, DAY, WINDOW, serving
from tests.extractors.stored import PAYLOADS, STORED, capture_of, read
from tests.transforms.staged_records import staged
from transforms.normalise import normalise
from warehouse import load, narrowed
from warehouse.publish import publish
from warehouse.scope import Scope
from warehouse.search import search
from warehouse.store import Store
from warehouse.texts import all_of

REGISTERS = ("brreg", "ssb-klass", "ssb-kostra", "kommuneinfo", "doffin", "mimesbronn")
KEY = {"DAGSLYS_DOFFIN_KEY": "en-nokkel"}


def facts(name: str, **more) -> dict[tuple[str, str], RegisterFact]:
    return {(f.subject, f.property): f for f in read(name, **more) if isinstance(f, RegisterFact)}


# --- stored answers


def test_a_unit_says_every_property_each_time_so_that_one_that_goes_is_seen():
    found = facts("brreg-units.json")
    company = {what: (f.value, f.label) for (number, what), f in found.items() if number == "800095018"}
    assert company == {
        "name": ("OSPELUND OG KJERRINGVÅG RENOVASJON IKS", None), "organisation_form": ("IKS", "Interkommunalt selskap"),
        "sector": ("1510", "Kommunale foretak med ubegrenset ansvar"), "municipality": ("9071", "OSPELUND"), "employees": ("31", None),
        "language_form": ("Bokmål", None), "registered": ("2001-05-02", None), "homepage": (None, None), "parent": (None, None),
        "founded": (None, None), "under_dissolution": (None, None), "deleted": (None, None),
    }  # fmt: skip
    assert facts("brreg-unit.json")["800095050", "deleted"].value == "2026-10-06"
    assert "99 99" not in repr(read("brreg-units.json"))


def test_owners_are_organisations_and_no_person_is_taken_from_the_roles():
    items = read("brreg-roles.json")
    owners = [(f.value, f.label) for f in items if isinstance(f, RegisterFact) and f.property == "owner"]
    assert owners == [("800081408", "OSPELUND KOMMUNE"), ("800081416", "KJERRINGVÅG KOMMUNE")]
    assert b"Bakkevoll" in (PAYLOADS / "brreg-roles.json").read_bytes() and not any(w in repr(items) for w in ("Bakkevoll", "1961"))


def test_a_list_that_is_too_long_is_asked_for_in_two_by_the_day_of_registration():
    body = b'{"page": {"size": 1000, "totalElements": 12000, "totalPages": 12, "number": 0}}'
    first, second = (r for r in read("brreg-units.json", body) if isinstance(r, Request))
    assert "fraRegistreringsdatoEnhetsregisteret=1995-01-01&tilRegistreringsdatoEnhetsregisteret=2010-11-23" in first.url
    assert "fraRegistreringsdatoEnhetsregisteret=2010-11-24&tilRegistreringsdatoEnhetsregisteret=2026-10-15" in second.url
    short = b'{"_embedded": {"enheter": []}, "page": {"size": 2, "totalElements": 3, "totalPages": 2, "number": 0}}'
    (trouble,) = (t for t in read("brreg-units.json", short) if isinstance(t, Trouble))
    assert (trouble.outcome, trouble.reason) == (Outcome.PARTIAL, Reason("list_short", step="units", expected=2, read=0))


def test_mergers_splits_and_new_names_are_told_apart():
    told = [(f.subject, f.property, f.value, f.since) for f in read("ssb-klass-changes.json") if isinstance(f, RegisterFact) and f.since]
    assert told == [
        ("9981", "successor", "9071", "2020-01-01"), ("9982", "successor", "9071", "2020-01-01"), ("9983", "successor", "9072", "2020-01-01"),
        ("9983", "successor", "9073", "2020-01-01"), ("9072", "renamed", "9072", "2020-01-01"),
    ]  # fmt: skip
    assert not any(subject == "9999" for subject, _ in facts("ssb-klass-codes.json"))
    assert facts("ssb-klass-correspondence.json")["9071", "kostra_group"].value == "EKG01"


def test_a_missing_figure_keeps_its_mark_and_one_that_cannot_be_is_passed_over():
    items = [f for f in read("ssb-kostra-figures.json") if isinstance(f, RegisterFact)]
    assert [(f.value, f.status) for f in items if f.subject == "9071" and f.property == "12134/KOSAGD230000"] == [
        ("5.9", None),
        (None, ".."),
    ]
    assert {f.subject for f in items} == {"9071", "EKG07"} and {f.unit for f in items} == {"kr", "prosent"}
    assert b"Lyngstrand" in (PAYLOADS / "ssb-kostra-figures.json").read_bytes() and "Lyngstrand" not in repr(items)


def test_an_address_that_is_too_long_is_asked_for_in_two():
    asked = next(r for r in read("ssb-kostra-table.json") if isinstance(r, Request))
    page = b"<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head></html>"
    halves = [r.context["regions"] for r in read("ssb-kostra-figures.json", page, request=asked, status=404) if isinstance(r, Request)]
    assert halves == [["9071"], ["9072"]]


def test_a_notice_says_who_bought_what_of_whom_and_names_no_contact():
    (notice,) = (n for n in read("doffin-notice.xml") if isinstance(n, Notice))
    assert (notice.key, notice.publisher, notice.publisher_name) == ("2026-500007", "800081416", "Kjerringvåg kommune")
    assert (notice.case_number, notice.result, notice.tenders, notice.winners) == ("2026/119", "selec-w", "4", ("Lekeverket AS",))
    assert (notice.issued, notice.awarded, notice.amount, notice.currency) == ("2026-09-26", "2026-09-21", "1200019.00", "NOK")
    assert notice.text and notice.text.startswith("Kjerringvåg kommune skal kjøpe lekeapparater til barnehagene & skolene.")
    assert doffin.CONTACT.encode() in (PAYLOADS / "doffin-notice.xml").read_bytes()
    assert not any(word in repr(notice) for word in ("Storhaugen", "innkjop.example", "99 99"))


def test_of_the_country_s_notices_the_municipal_ones_are_kept_and_a_crowded_day_is_asked_for_by_type():
    items = read("doffin-search.json")
    assert [(n.publisher, n.status) for n in items if isinstance(n, Notice)] == [("800081408", "ACTIVE")]
    (asked,) = [r for r in read("doffin-search.json", b'{"numHitsTotal": 1100, "hits": []}') if isinstance(r, Request)]
    types = []
    while asked:
        types.append(asked.context["type"])
        answer = json.dumps({"numHitsTotal": 300, "hits": []}).encode()
        items = [i for i in read("doffin-search.json", answer, request=asked) if isinstance(i, Request) or getattr(i, "reason", None)]
        asked = next((i for i in items if isinstance(i, Request) and i.context["number"] == 1), None)
    # 200 notices of the day are under no type we know of.
    assert types == ["COMPETITION", "RESULT", "PLANNING"] and Reason("day_incomplete", day="2026-10-15", counted=1100, read=900) in [
        i.reason for i in items if isinstance(i, Trouble)
    ]
    for body, code in (
        (b"<html><body>Vedlikehold</body></html>", "notice_unread"),
        (b"<a><b></a>", "xml_broken"),
        (b"<!DOCTYPE x><x/>", "document_type_refused"),
    ):
        (trouble,) = read("doffin-notice.xml", body)
        assert trouble.reason.code == code


@pytest.mark.parametrize("name", [n for n in STORED if STORED[n][0].platform in REGISTERS])
def test_a_register_knows_its_own_address_and_no_other(name):
    capture = capture_of(name)
    assert {p for p in REGISTERS if EXTRACTORS[p].detect(capture)} == {STORED[name][0].platform}
    assert not any(EXTRACTORS[p].detect(capture_of("website-page.html")) for p in REGISTERS)


# --- the sandbox's registers, harvested


@pytest.fixture(scope="module")
def harvested(tmp_path_factory):
    """Every register harvested once, and one unit renamed and harvested again; what came is in a warehouse."""
    home = tmp_path_factory.mktemp("registers")
    with serving(home) as served:
        r = served.registers
        first, second = r.brreg.units[0], BODIES[1]
        results = {
            "brreg": served.harvest("brreg", r.brreg.home, owners=True, units=[u.number for u in r.brreg.units], size=5),
            "ssb-klass": served.harvest("ssb-klass", r.ssb.klass), "ssb-kostra": served.harvest("ssb-kostra", r.ssb.tables, regions=4),
            "kommuneinfo": served.harvest("kommuneinfo", r.kommuneinfo.home), "doffin": served.harvest("doffin", r.doffin.home, credentials=KEY),
            "mimesbronn": served.harvest("mimesbronn", r.mimesbronn.home_of(second).replace("/body/", "/body/gamle_"), authority=second.orgnr),
        }  # fmt: skip
        again = served.harvest("doffin", r.doffin.home, credentials=KEY)
        r.brreg.renamed(first.number, "OSPELUND HERAD")
        renamed = served.harvest("brreg", r.brreg.home, owners=True, units=[u.number for u in r.brreg.units], size=5)
        breaches = Counter(v["rule"] for v in served.judge.violations)
    bodies = [Authority(orgnr=b.orgnr, name=b.name, roles=("kommune",), number=b.number, population=b.population) for b in BODIES]
    with Store(home) as store:
        load.load_catalogue(store, bodies, [], rubric.load(), plans.load())
        load.load_batches(store, home / "staging", today=DAY)
        yield home, store, results, again, renamed, breaches, r


def test_every_register_is_read_whole_and_keeps_the_rules(harvested):
    _, _, results, again, renamed, breaches, r = harvested
    assert {p: (str(x.outcome), x.reasons, x.leftovers, x.troubles) for p, x in results.items()} == dict.fromkeys(
        REGISTERS, ("fresh", (), {}, 0)
    )
    assert str(again.outcome) == "unchanged" and str(renamed.outcome) == "fresh"
    # The clock of these clients only moves when they sleep, and the judge's does not: it is told so of every Retry-After.
    assert set(breaches) <= {"retry-after"}
    assert results["doffin"].seen == {"notice": len(r.doffin.ours(WINDOW.since, WINDOW.until))} == {"notice": 21}


def test_notices_are_those_of_the_truth_also_on_the_day_that_is_too_full(harvested):
    _, store, *_, r = harvested
    rows = store.connection.execute(
        "SELECT key, authority, title, text, case_number, issued, coalesce(tenders, 0), coalesce(winners, ''), amount FROM core.notices ORDER BY key"
    ).fetchall()
    assert rows == [
        (n.key, n.buyer[0], n.title, n.text, n.case_number, n.issued, n.tenders, n.winner, float(n.amount) if n.kind == "RESULT" else None)
        for n in r.doffin.ours(WINDOW.since, WINDOW.until)
    ]


def test_the_key_is_sent_and_stands_nowhere(harvested):
    home, *_ = harvested
    with sqlite3.connect(home / "archive" / "index.sqlite") as index:
        rows = repr(index.execute("SELECT * FROM captures WHERE platform = 'doffin'").fetchall())
    archived = b"".join(gzip.decompress(path.read_bytes()) for path in home.glob("archive/doffin/*/*.gz"))
    assert "download/2026-" in rows and b"GET https://api.doffin.no/public/v2/download/2026-" in archived
    assert "en-nokkel" not in rows and b"en-nokkel" not in archived
    assert not any(b"en-nokkel" in path.read_bytes() for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("credentials", "reason"),
    [({}, Reason("credential_missing", name="DAGSLYS_DOFFIN_KEY")), ({"DAGSLYS_DOFFIN_KEY": "feil"}, Reason("login_asked"))],
)
def test_without_a_good_key_the_source_is_blocked_and_says_so(tmp_path, credentials, reason):
    with serving(tmp_path) as served:
        result = served.harvest("doffin", served.registers.doffin.home, credentials=credentials)
    assert (str(result.outcome), result.reasons) == ("blocked", (reason,))


def test_companies_stand_with_their_owners_and_what_is_deleted_says_when(harvested):
    _, store, *_, r = harvested
    rows = store.connection.execute(
        "SELECT navn, organisasjonsform, kommune, eiere, ansatte, slettet FROM selskaper ORDER BY organisasjonsnummer"
    ).fetchall()
    assert rows == [
        ("OSPELUND OG KJERRINGVÅG RENOVASJON IKS", "IKS", "Ospelund", "Kjerringvåg; Ospelund", 31, None),
        ("OSPELUND EIENDOM KF", "KF", "Ospelund", "Ospelund", 12, None), ("OSPELUND VEKST AS", "AS", "Ospelund", None, None, None),
    ]  # fmt: skip
    gone = {
        (f, v)
        for f, v in store.connection.execute(
            "SELECT emne, verdi FROM registeropplysninger WHERE egenskap IN ('deleted', 'removed')"
        ).fetchall()
    }
    assert gone == {(r.brreg.units[-2].number, str(r.brreg.units[-2].deleted)), (r.brreg.units[-1].number, "true")}


def test_a_new_name_leaves_the_old_one_in_the_history(harvested):
    _, store, *_, r = harvested
    versions = store.connection.execute(
        "SELECT tittel, gjelder_til IS NULL FROM utgaver WHERE tabell = 'registeropplysninger' AND tittel LIKE ? ORDER BY gjelder_fra",
        [f"{r.brreg.units[0].number} name: %"],
    ).fetchall()
    assert versions == [
        (f"{r.brreg.units[0].number} name: OSPELUND KOMMUNE", False),
        (f"{r.brreg.units[0].number} name: OSPELUND HERAD", True),
    ]


def test_changes_of_municipalities_are_listed_with_the_bodies_of_today(harvested):
    _, store, *_ = harvested
    rows = store.connection.execute(
        "SELECT gammelt_nummer, gammelt_navn, nytt_nummer, nytt_navn, nytt_organisasjonsnummer FROM kommuneendringer ORDER BY ALL"
    ).fetchall()
    a, b, c = BODIES[:3]
    assert rows == sorted([
        ("9981", "Gammelvika", a.number, a.name, a.orgnr), ("9982", "Ytrevika", a.number, a.name, a.orgnr),
        ("9983", "Todelt", b.number, b.name, b.orgnr), ("9983", "Todelt", c.number, c.name, c.orgnr),
        (b.number, f"{b.name} gamle", b.number, b.name, b.orgnr),
    ])  # fmt: skip


def test_figures_stand_with_body_group_and_unit_for_a_fair_comparison(harvested):
    _, store, *_, r = harvested
    body = BODIES[2]
    found = store.connection.execute(
        "SELECT nokkeltall, ar, verdi, enhet, kostragruppe, register FROM nokkeltall WHERE organisasjonsnummer = ? AND register LIKE 'SSB%' ORDER BY ALL",
        [body.orgnr],
    ).fetchall()
    columns = (("07459/Personer1", "personer"), ("12134/KOSAG110000", "kr"), ("12134/KOSAGD230000", "prosent"))
    assert found == [
        (
            column,
            int(year),
            float(r.ssb.figure(body.number, column.split("/")[1], year)),
            unit,
            r.ssb.group_of(body),
            "SSB Statistikkbanken",
        )
        for column, unit in columns
        for year in ("2023", "2024", "2025")
    ]
    asked = r.mimesbronn.counts(BODIES[1])
    rows = store.connection.execute(
        "SELECT navn, verdi FROM nokkeltall WHERE register = 'Mimes brønn' AND kommune = ?", [BODIES[1].name]
    ).fetchall()
    assert ("innsynskrav i Mimes brønn", float(asked["requests_count"])) in rows and len(rows) == 5


def test_a_notice_is_a_text_of_its_buyer_and_carries_its_case_number(harvested):
    _, store, *_ = harvested
    texts = all_of(store.connection, [b.orgnr for b in BODIES])
    assert set(texts["source_type"]) == {"notice"} and len(texts) == 21
    assert set(texts["authority"]) <= {b.orgnr for b in BODIES}
    assert texts["case_number"].str.fullmatch(r"2026/\d+").all()


def test_a_person_s_own_firm_and_a_person_in_a_description_are_masked():
    notice = Notice(key="2026-1", publisher="800081408", title="Maling av rådhuset", winners=("Kari Nordli", "Malerverket AS"),
                    text="Spørsmål rettes til Kari Nordli, kari.nordli@innkjop.example. Fristen er mandag.")  # fmt: skip
    (row,) = normalise(staged(notice, source="doffin/kunngjoringer"), today=DAY).tables["notices"].to_dict("records")
    assert row["winners"] == "[person]; Malerverket AS" and row["masked"] == 3
    assert row["text"] == "Spørsmål rettes til [person], [e-post]. Fristen er mandag."


def test_a_search_finds_notices_and_a_narrowed_copy_holds_the_facts_of_one_body(harvested):
    home, store, *_ = harvested
    publish(store)
    assert {hit["table"] for hit in search(store.connection, "lekeapparat")} == {"notices"}
    body = BODIES[0]
    with narrowed.connect(home, Scope(authorities=(body.orgnr,))) as connection:
        assert {row[0] for row in connection.execute("SELECT DISTINCT emne FROM registeropplysninger").fetchall()} == {
            body.orgnr,
            body.number,
        }
        assert {row[0] for row in connection.execute("SELECT DISTINCT organisasjonsnummer FROM kunngjoringer").fetchall()} == {body.orgnr}


def test_a_register_that_answers_nothing_new_of_ours_is_not_drifted(tmp_path):
    with serving(tmp_path) as served:
        day = replace(WINDOW, since=date(2030, 1, 1), until=date(2030, 1, 2))
        result = served.harvest("doffin", served.registers.doffin.home, credentials=KEY, window=day)
        assert (str(result.outcome), result.reasons) == ("empty_verified", (Reason("counts_zero"),))
        strange = served.harvest("ssb-kostra", served.registers.ssb.tables, tables=["99999"])
    assert (str(strange.outcome), strange.reasons) == ("failed", (Reason("server_answered", status=400),))


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("brreg-changes.json", "_embedded"), ("ssb-kostra-figures.json", "value"), ("ssb-kostra-table.json", "index"), ("kommuneinfo-counties.json", "kommuner"),
    ],
)  # fmt: skip
def test_what_is_missing_in_an_answer_is_told(name, lost):
    text = capture_of(name).text.replace(f'"{lost}"', '"borte"')
    assert {t.reason.code for t in read(name, text.encode()) if isinstance(t, Trouble)} <= {"no_items", "list_short"}
    assert any(isinstance(t, Trouble) for t in read(name, text.encode()))


def test_a_unit_that_goes_while_the_pages_are_read_is_missed():
    body = {"_embedded": {"enheter": [{"organisasjonsnummer": "800095050"}]}, "page": {"size": 2, "totalElements": 3, "totalPages": 2, "number": 1}}
    question = Request(url="https://x.example/", context={**STORED["brreg-units.json"][3], "page": 2, "counted": 4})
    assert [t.reason.code for t in read("brreg-units.json", json.dumps(body).encode(), request=question) if isinstance(t, Trouble)] == ["list_short"]
