"""Given staged rows, these are the tables, the quarantine and the sum."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from catalogue.reasons import Reason, load
from extractors.contract import (
    AgendaItem,
    CaseFile,
    Claim,
    Dataset,
    Distribution,
    File,
    JournalEntry,
    Meeting,
    Outcome,
    Page,
    Request,
    Trouble,
)
from sandbox import persons
from tests.extractors.stored import STORED, capture_of, read
from tests.shared_data import shared
from tests.transforms.staged_records import BODY, PUBLISHER, TODAY, staged, together
from transforms import contracts
from transforms.contracts import COLUMNS, DTYPES, QUARANTINE, TABLES
from transforms.exceptions import TransformError
from transforms.normalise import Normalised, claims, ids, normalise

ENTRY = JournalEntry(
    key="jp-1", locator="/items/0", case_number="2026/88", document_number="2", serial="1234/2026", journal_date="2026-10-01",
    document_date="30.09.2026", published_at="2026-10-02T06:00:00Z", document_type="inngaaende_dokument",
    title="Søknad om tilskudd - Kari Skogmarksli", case_title="Tilskudd til grendehus", senders=("Kari Skogmarksli", "Fjordvik Bygg AS"),
    recipients=("Fjordvik kommune",), case_worker="Ola Bratthamnrud", files=(File(title="Søknad", is_open=True), File(title="Brev", is_open=False)),
    source_url="https://einnsyn.no/jp-1",
)  # fmt: skip


def tables_of(*frames: pd.DataFrame, takedowns: frozenset[tuple[str, str]] = frozenset(), today: date = TODAY) -> Normalised:
    return normalise(together(frames), today=today, takedowns=takedowns)


def adds_up(done: Normalised) -> bool:
    rows = sum(len(frame) for name, frame in done.tables.items() if name != "distributions")
    return done.rows_out == rows and done.rows_in == rows + len(done.quarantine) + done.duplicates


def everything_in(done: Normalised) -> str:
    """All that would be stored, keys and addresses apart, as one text."""
    frames = [frame.drop(columns=["key", "url"], errors="ignore") for frame in (*done.tables.values(), done.quarantine)]
    return "\n".join(frame.to_csv() for frame in frames).lower()


def test_a_journal_entry_becomes_a_typed_row_without_the_person():
    done = tables_of(staged(ENTRY))
    (row,) = done.tables["journal_entries"].to_dict("records")
    assert (row["title"], row["sender"], row["recipient"]) == ("Søknad om tilskudd - [person]", "[person]; Fjordvik Bygg AS", "Fjordvik kommune")
    assert (row["journal_date"], row["document_date"], row["published_at"]) == (pd.Timestamp("2026-10-01"), pd.Timestamp("2026-09-30"), pd.Timestamp("2026-10-02 08:00"))
    assert (row["direction"], row["document_type"], row["files"], row["open_files"], row["masked"]) == ("inngående", "inngaaende_dokument", 2, 1, 2)
    assert row["url"] == "https://einnsyn.no/jp-1" and row["id"] == ids(pd.Series(["einnsyn/fjordvik"]), pd.Series(["jp-1"]))[0]
    assert "bratthamn" not in everything_in(done) and adds_up(done)


def test_every_table_has_the_columns_and_types_of_its_contract():
    done = tables_of(staged(ENTRY))
    assert {t: list(f.columns) for t, f in done.tables.items()} == {t: list(c) for t, c in COLUMNS.items()}
    for table, frame in done.tables.items():
        assert TABLES[table].validate(frame) is not None
        assert {c: str(d) for c, d in frame.dtypes.items()} == {c: str(pd.Series(dtype=DTYPES[k]).dtype) for c, k in COLUMNS[table].items()}
    assert list(done.quarantine.columns) == list(QUARANTINE)


def test_parts_of_a_record_are_merged_and_counted():
    listed = JournalEntry(key="d-1", locator="/content/searchItems/items/3", title="Varsel om oppstart", document_type="Utgående dokument", journal_date="02.10.2026")
    detail = JournalEntry(key="d-1", locator="/content/sak/dokumenter/0", title="Varsel om oppstart", case_title="Plan for Strandgata 4", recipients=("Fjordvik Bygg AS",))
    done = tables_of(staged(listed, detail, source="acos-innsyn/fjordvik"))
    (row,) = done.tables["journal_entries"].to_dict("records")
    assert (row["direction"], row["case_title"], row["recipient"]) == ("utgående", "Plan for Strandgata 4", "Fjordvik Bygg AS")
    assert (done.rows_in, done.rows_out, done.duplicates) == (2, 1, 1)


def test_the_latest_batch_says_what_a_row_is_even_when_the_row_moved_in_its_list():
    later = replace(ENTRY, title="Søknad om tilskudd, rettet", locator="/items/7", senders=("Fjordvik Bygg AS",))
    done = tables_of(staged(later, batch="20261103T060000-bbbbbbbb"), staged(ENTRY))
    (row,) = done.tables["journal_entries"].to_dict("records")
    assert (row["title"], row["sender"], row["batch"]) == ("Søknad om tilskudd, rettet", "Fjordvik Bygg AS", "20261103T060000-bbbbbbbb")
    assert done.duplicates == 1


def test_the_text_s_own_capture_is_the_provenance_of_a_merged_row():
    item = AgendaItem(key="s-1", locator="/content/b/0", meeting_key="m-1", title="Gaveregister", capture="urn:list")
    text = AgendaItem(key="s-1", locator="/content/saksfremlegg", meeting_key="m-1", text="Kommunestyret vedtok registeret. " * 9, capture="urn:text")
    (row,) = tables_of(staged(text, item)).tables["agenda_items"].to_dict("records")
    assert (row["capture"], row["locator"], row["title"]) == ("urn:text", "/content/saksfremlegg", "Gaveregister")


def test_equal_rows_have_equal_hashes_and_a_new_title_another():
    first, again = (tables_of(staged(ENTRY, batch=b)).tables["journal_entries"]["content_hash"][0] for b in ("20261101T060000-a", "20261102T060000-b"))
    other = tables_of(staged(replace(ENTRY, title="Noe annet"))).tables["journal_entries"]["content_hash"][0]
    assert first == again != other


NO_ITEMS = Reason("no_items", step="journal", field="items")


def test_what_breaks_the_contract_is_quarantined_with_a_reason_and_no_text():
    nothing = JournalEntry(key="jp-2", locator="/items/1", senders=("Kari Skogmarksli",))
    undated = replace(ENTRY, key="jp-3", journal_date="Kari Skogmarksli", locator="/items/2")
    lost = Meeting(key="m-2", locator="/items/3", place="Rådhuset")
    unreadable = Trouble(key="https://x.no/a", reason=NO_ITEMS, outcome=Outcome.DRIFTED)
    done = tables_of(staged(nothing, undated, lost, unreadable))
    places = done.quarantine["kind"] + " " + done.quarantine["locator"].fillna("")
    reasons = {place: load(reason) for place, reason in zip(places, done.quarantine["reason"], strict=True)}
    assert reasons == {
        "journal_entry /items/1": (Reason("says_nothing", columns="title, case_title, case_number, document_number, serial"),),
        "journal_entry /items/2": (Reason("date_unreadable", column="journal_date"),),
        "meeting /items/3": (Reason("says_nothing", columns="committee, start"),),
        "trouble ": (NO_ITEMS,),
    }
    assert [reasons[place][0].code for place in places] == done.quarantine["reason_code"].to_list()
    assert "skogmarksli" not in everything_in(done) and adds_up(done) and done.quarantine["id"].is_unique


def test_a_payload_that_is_no_object_and_a_kind_nobody_knows_are_quarantined():
    rows = staged(ENTRY, replace(ENTRY, key="jp-2"))
    rows.loc[0, "payload"] = "[1, 2"
    rows.loc[1, "kind"] = "gossip"
    done = tables_of(rows)
    assert sorted(done.quarantine["reason_code"]) == ["kind_unknown", "payload_broken"]
    assert adds_up(done) and done.rows_out == 0


def test_a_taken_down_entry_keeps_key_and_dates_and_loses_title_and_parties():
    done = tables_of(staged(ENTRY), takedowns=frozenset({("einnsyn/fjordvik", "jp-1")}))
    (row,) = done.tables["journal_entries"].to_dict("records")
    assert row["withdrawn"] and (row["key"], row["case_number"], row["journal_date"]) == ("jp-1", "2026/88", pd.Timestamp("2026-10-01"))
    assert all(pd.isna(row[c]) for c in ("title", "title_lower", "case_title", "sender", "recipient"))
    again = tables_of(staged(replace(ENTRY, title="Ny tittel"), batch="20261105T060000-c"), takedowns=frozenset({("einnsyn/fjordvik", "jp-1")}))
    assert again.tables["journal_entries"]["content_hash"][0] == done.tables["journal_entries"]["content_hash"][0]


def test_a_year_old_entry_loses_every_name_and_its_private_parties():
    office = replace(ENTRY, title="Svar fra ordfører Marit Høgstølen til Kari Skogmarksli", senders=("Kari Skogmarksli", "Fjordvik Bygg AS"))
    young, old = (tables_of(staged(office), today=day).tables["journal_entries"].to_dict("records")[0] for day in (date(2027, 10, 1), date(2027, 10, 2)))
    assert (young["title"], young["sender"]) == ("Svar fra ordfører Marit Høgstølen til [person]", "[person]; Fjordvik Bygg AS")
    assert (old["title"], old["sender"]) == ("Svar fra ordfører [person] til [person]", "Fjordvik Bygg AS")


def test_an_entry_without_any_date_counts_as_old():
    dateless = replace(ENTRY, journal_date="Udatert", document_date=None, published_at=None)
    assert tables_of(staged(dateless)).tables["journal_entries"]["sender"][0] == "Fjordvik Bygg AS"


def test_a_dataset_belongs_to_its_publisher_and_else_to_the_body_of_its_source():
    datasets = [
        Dataset(key=name, title=name, publisher=publisher, locator=f"/{i}", licence=licence,
                distributions=(Distribution(access_url="https://x.no/a.csv", format="CSV", licence=of_file), Distribution(format="PDF", size_bytes=12)))
        for i, (name, publisher, licence, of_file) in enumerate((("a", PUBLISHER, None, "http://data.norge.no/nlod/"), ("b", "999999999", "other-closed", None), ("c", None, None, "egen avtale")))
    ]  # fmt: skip
    done = tables_of(staged(*datasets, source="ckan/fjordvik"))
    frame = done.tables["datasets"].set_index("key")
    assert frame["authority"].to_dict() == {"a": PUBLISHER, "b": "999999999", "c": BODY}
    assert frame["licence_open"].astype("object").where(frame["licence_open"].notna(), None).to_dict() == {"a": True, "b": False, "c": None}
    assert (done.rows_out, len(done.tables["distributions"])) == (3, 6)
    parts = done.tables["distributions"]
    assert list(parts["key"]) == ["a#0", "a#1", "b#0", "b#1", "c#0", "c#1"] and set(parts["dataset"]) == set(frame["id"])


def test_claims_are_no_rows():
    rows = staged(ENTRY, Claim(key="count", about="journal_entry", scope="total", count=41))
    done = tables_of(rows)
    (said,) = claims(rows).to_dict("records")
    assert (done.rows_in, done.rows_out) == (1, 1)
    assert (said["about"], said["scope"], said["count"], said["captured_at"]) == ("journal_entry", "total", 41, pd.Timestamp("2026-11-01 06:00"))


@pytest.mark.parametrize("name", [n for n in STORED if n not in ("acos-shell.html", "website-sitemap.xml")])
def test_every_stored_answer_becomes_rows_that_add_up(name):
    records = [r for r in read(name) if not isinstance(r, Request)]
    done = tables_of(staged(*records, source=f"{STORED[name][0].platform}/stored"))
    assert adds_up(done) and "skogmarksli" not in everything_in(done) and "fjellglytt" not in everything_in(done)


def test_empty_staging_gives_empty_tables():
    done = tables_of(staged())
    assert (done.rows_in, done.rows_out, done.duplicates, len(done.quarantine)) == (0, 0, 0, 0)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_in_the_sum_holds_and_nothing_planted_survives(seed):
    dice = Random(seed)
    people = [persons.person(dice) for _ in range(40)]
    numbers = [persons.identity_number(dice, form) for form in ("plain", "d", "synthetic", "tenor") for _ in range(4)]
    accounts = [persons.account_number(dice) for _ in range(4)]
    emails = [f"{n.split()[-1].lower()}{i}@epostboks.example" for i, n in enumerate(people[:5])]

    def title() -> str:
        who = persons.as_written(dice.choice(people), dice)
        return dice.choice((f"Søknad om byggetillatelse - {who}", f"Klage fra {who}", f"Gjelder {dice.choice(numbers)}", f"Til {dice.choice(emails)}",
                            f"Utbetaling til konto {dice.choice(accounts)}", "Høring om åpne data", f"{who} - gnr 4 bnr 12", f"Nabovarsel til {who}"))  # fmt: skip

    def entry(key: str) -> JournalEntry:
        return replace(ENTRY, key=key, locator=f"/items/{dice.randrange(40)}", title=title(), case_title=dice.choice((None, title())),
                       journal_date=dice.choice(("2026-10-01", "1.2.2024", "Udatert", "ikke en dato", None)), senders=(persons.as_written(dice.choice(people), dice),),
                       recipients=dice.choice((None, ("Fjordvik kommune", dice.choice(people)))), class_code=dice.choice((None, dice.choice(numbers))))  # fmt: skip

    def other(key: str):
        sentence = f"Klagen fra {dice.choice(people)} ({dice.choice(numbers)}) er avvist. Svar til {dice.choice(emails)} eller konto {dice.choice(accounts)}."
        return dice.choice((
            CaseFile(key=key, title=dice.choice((None, title())), case_date=dice.choice((None, "3. november 2026", "tull"))),
            AgendaItem(key=key, meeting_key="m", title=title(), text=sentence, decision=sentence),
            Page(key=f"https://x.no/{key}", title="Aktuelt", text=sentence, breadcrumb=("Forside", "Aktuelt"), link_text=sentence),
            Dataset(key=key, title="Lekeplasser", description=sentence, keywords=(sentence,), publisher_name=dice.choice(people)),
            Meeting(key=key, committee=dice.choice((None, "Kommunestyret")), place=f"hos {dice.choice(people)}"),
            Trouble(key=key, reason=Reason("parser_stopped", place=f"uventet: {dice.choice(numbers)}")), Claim(key=key, count=3, about="page"),
        ))  # fmt: skip

    rows = together(staged(*(dice.choice((entry, other))(f"k{dice.randrange(60)}") for _ in range(80)), batch=f"2026110{b}T060000-x") for b in range(1, 4))
    done = normalise(rows, today=TODAY, takedowns=frozenset({("einnsyn/fjordvik", "k7")}))
    assert adds_up(done) and done.rows_in == len(rows) - len(claims(rows))
    text = everything_in(done)
    assert [n for n in people if n.rsplit(" ", 1)[1].lower() in text] == []
    assert [n for n in (*numbers, *emails) if n in text] == [] and [a for a in accounts if a in text or re.sub(r"\D", "", a) in text] == []


def test_the_national_catalogue_of_2019_becomes_641_datasets():
    body = (Path(shared("portals/datanorge-2019/catalogs.jsonld"))).read_bytes()
    records = [r for r in read("dcat-catalog.jsonld", body, media_type="application/ld+json", text=body.decode()) if not isinstance(r, Request)]
    done = normalise(staged(*records, source="dcat/datanorge"), today=TODAY)
    assert (done.rows_in, done.rows_out, len(done.quarantine), len(done.tables["distributions"])) == (641, 641, 0, 829)
    assert done.tables["datasets"]["licence_open"].sum() == 632 and capture_of("dcat-catalog.jsonld").status == 200


def test_a_frame_of_another_shape_is_our_mistake_and_no_rows():
    pages = contracts.empty("pages")
    assert contracts.broken("pages", pages).empty
    for wrong in (pages.drop(columns="title"), pages.assign(title=0), pages.assign(more=""), pages[[*pages][::-1]]):
        with pytest.raises(TransformError, match="contract"):
            contracts.broken("pages", wrong)
