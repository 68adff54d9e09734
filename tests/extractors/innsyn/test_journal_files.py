"""Journals that are files: Noark 5, Noark 4 and PDF, from stored answers and servers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from catalogue.reasons import Reason
from extractors.contract import CaseFile, Claim, File, JournalEntry, Known, Outcome, Request, Source, Trouble, Window
from extractors.harvest import harvest_source
from extractors.innsyn import pdf_layouts
from extractors.innsyn.noark4_journal import Noark4Journal
from extractors.innsyn.noark5_journal import Noark5Journal
from extractors.innsyn.pdf_journal import PdfJournal
from extractors.innsyn.periods import period_of
from extractors.websites import pdf as reader
from sandbox import pdf
from sandbox.noark4_journal import Noark4Api
from sandbox.noark5_journal import Noark5Journal as Served5
from sandbox.pdf import Placed
from sandbox.pdf_journal import Kristiansand, ReportingServices
from tests.extractors.fetch.loopback import client_for, serving
from tests.extractors.innsyn.months import differences, misread, truth_of, watching
from tests.extractors.stored import FILE, NOARK4_API, NOARK5, PAPERS, PAYLOADS, STORED, WINDOW, capture_of, read, source_of

MARK = "<pnavn></pnavn>"
PLATFORMS = (Noark5Journal, Noark4Journal, PdfJournal)
NEWEST, OLDER = "noark5-journal-5.5.xml", "noark5-journal-3.1.xml"


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


def changed(name: str, old: str, new: str, **more):
    """What is read when the stored answer has `new` in place of `old`."""
    text = (PAYLOADS / name).read_bytes().decode("cp1252" if name == "noark4-journal.xml" else "utf-8")
    assert old in text
    return read(name, text.replace(old, new).encode("cp1252" if name == "noark4-journal.xml" else "utf-8"), **more)


def reasons(items) -> list[Reason]:
    return [t.reason for t in of(Trouble, items)]


# --- which days a file covers


@pytest.mark.parametrize("text, since, until", [
    ("Postliste 14.10.2026", "2026-10-14", "2026-10-14"), ("onsdag 14. oktober", "2026-10-14", "2026-10-14"),
    ("12.–16. oktober 2026", "2026-10-12", "2026-10-16"), ("28. september – 2. oktober 2026", "2026-09-28", "2026-10-02"),
    ("28.12 - 3.1.2026", "2025-12-28", "2026-01-03"), ("20160109 - 20160111.xml", "2016-01-09", "2016-01-11"),
    ("journal_2026_10_14.pdf", "2026-10-14", "2026-10-14"), ("postliste-14102026.pdf", "2026-10-14", "2026-10-14"),
    ("Postliste veke 42", "2026-10-12", "2026-10-18"), ("uke 52-53 2026", "2026-12-21", "2027-01-03"), ("Uke 47: 16.11 - 22.11.2025", "2025-11-16", "2025-11-22"),
    ("Desember", "2025-12-01", "2025-12-31"), ("postliste_202610.pdf", "2026-10-01", "2026-10-31"), ("Postlister 2025", "2025-01-01", "2025-12-31"),
])  # fmt: skip
def test_a_link_says_which_days_its_file_covers(text, since, until):
    assert period_of(text, date(2026, 11, 24)) == (date.fromisoformat(since), date.fromisoformat(until))


@pytest.mark.parametrize("text", ["Siste postliste", "Reglement", "uke 77", "31.02.2026"])
def test_a_link_that_names_no_days_says_nothing(text):
    assert period_of(text, date(2026, 11, 24)) in (None, (date(2026, 1, 1), date(2026, 12, 31)), (date(2026, 2, 1), date(2026, 2, 28)))


def test_files_of_the_window_are_asked_for_and_those_that_name_no_days():
    asked = [(r.url.rsplit("/", 1)[1], r.context["days"]) for r in of(Request, read("pdf-journal-index.html"))]
    assert asked == [("14.10.pdf", ["2026-10-14"] * 2), ("uke41.pdf?v=2", ["2026-10-05", "2026-10-11"]), ("postliste.pdf", [])]
    assert [r.url.rsplit("/", 2)[1] for r in of(Request, read("noark5-journal-index.html"))] == ["2026-10", "2026-09"]


def test_a_window_without_files_is_proved_by_the_newest_and_only_the_links_wanted_are_followed():
    source, capture = source_of("pdf-journal-index.html"), capture_of("pdf-journal-index.html")
    later = Window(date(2027, 3, 1), date(2027, 3, 30))
    without = replace(source, settings=PdfJournal.Settings(links=r"postliste \d"))
    (probe,) = PdfJournal().parse(without, later, capture)
    assert probe.context == {"step": "file", "days": ["2026-10-14"] * 2, "is_probe": True}
    (claim,) = read("pdf-journal-kristiansand.eml", request=probe)
    assert (claim.scope, claim.count) == ("probe", 2)
    assert reasons(read("pdf-journal-index.html", b"<html><head></head><body><a href='/a.pdf'>Reglement</a></body></html>")) == [
        Reason("no_items", step="index", field="a[href$=.pdf]")]  # fmt: skip


@pytest.mark.parametrize("name, body", [(NEWEST, b"<html><body>Logg inn</body></html>"), ("pdf-journal-kristiansand.eml", b"<!doctype html><html>")])
def test_a_page_where_a_file_was_asked_for_is_drift(name, body):
    (trouble,) = read(name, body, request=Request(url=PAPERS, context=FILE))
    assert (trouble.outcome, trouble.reason.code) == (Outcome.DRIFTED, "html_for_file")


# --- Noark 5


def test_every_element_of_the_newest_version_is_read():
    items = read(NEWEST)
    entry, screened, internal = of(JournalEntry, items)
    assert entry == JournalEntry(
        key="5d1f6a0e-1111-4a4e-9a54-000000000001", locator="/journalregistrering/1", case_number="2026/412", case_key="2026/412",
        case_title="Skjenkebevillinger 2026", document_number="3", serial="4411/2026", journal_date="2026-10-14", document_date="2026-10-12",
        document_type="I", title=f"Søknad om skjenkebevilling & uteservering - {MARK}", senders=("Fjellbygg Entreprenør AS",),
        recipients=("Dokumentsenteret",), unit="Næring og kultur", case_worker="Runar Tveitan", class_code="614", source_url=NOARK5,
    )  # fmt: skip
    assert (screened.title, screened.case_title, screened.recipients) == ("Vedtak om ***** *****", "*****", ("*****", "Statsforvalteren"))
    assert (screened.access, screened.legal_basis, screened.document_type) == ("Unntatt offentlighet", "Offl. § 13, jf. fvl. § 13", "U")
    assert (internal.document_type, internal.case_title) == ("N", None) and "Bergheim" not in repr(items)
    assert {(c.day, c.count) for c in of(Claim, items) if c.scope == "day"} == {
        ("2026-10-12", 0), ("2026-10-13", 0), ("2026-10-14", 2), ("2026-10-15", 1)}  # fmt: skip
    assert [c.count for c in of(Claim, items) if c.scope == "window"] == [3] and len(of(CaseFile, items)) == 3


def test_an_older_version_under_a_prefix_is_read_the_same():
    (entry,) = of(JournalEntry, read(OLDER))
    assert (entry.key[-2:], entry.serial, entry.access, entry.document_type, entry.unit) == ("31", "5120/2026", "Ugradert", "U", None)


def test_what_the_file_counts_and_lacks_is_held_against_it():
    items = changed(NEWEST, "<antallJournalposter>3<", "<antallJournalposter>4<")
    assert reasons(items) == [Reason("file_counts_otherwise", counted=4, read=3)]
    assert len(of(JournalEntry, items)) == 3 and [c.scope for c in of(Claim, items)] == ["window"]
    items = changed(NEWEST, "<journaldato>2026-10-14</journaldato>", "")
    assert reasons(items) == [Reason("element_missing", field="journalpost/journaldato", n=2)] and len(of(JournalEntry, items)) == 3
    nameless = changed(OLDER, "<oj:systemID>5d1f6a0e-1111-4a4e-9a54-000000000031</oj:systemID>", "")
    assert [r.code for r in reasons(nameless)] == ["no_identifier", "file_counts_otherwise"]


def test_a_file_that_breaks_off_gives_what_stands_before_and_says_so():
    text = (PAYLOADS / NEWEST).read_text(encoding="utf-8")
    items = read(NEWEST, text[: text.index("Notat om arkivplan")].encode())
    assert len(of(JournalEntry, items)) == 2 and reasons(items) == [Reason("xml_broken")]
    assert not [c for c in of(Claim, items) if c.scope == "day"]


@pytest.mark.parametrize("name, prologue", [
    (NEWEST, '<!DOCTYPE offentligJournal [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'), (NEWEST, '<!DOCTYPE offentligJournal SYSTEM "http://127.0.0.1:9/x.dtd">'),
    ("noark4-journal.xml", '<!-- x --><!DOCTYPE OFFJOURNAL SYSTEM "OFFJOURN.DTD" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    ("noark4-journal.xml", '<!DOCTYPE html SYSTEM "OFFJOURN.DTD">'),
])  # fmt: skip
def test_a_document_type_that_defines_anything_is_refused(name, prologue):
    root = "<OFFJOURNAL " if name == "noark4-journal.xml" else "<offentligJournal "
    text = (PAYLOADS / name).read_bytes().decode("cp1252")
    body = text[: text.index("\n")] + prologue + text[text.index(root) :]
    (trouble,) = read(name, body.encode("cp1252"))
    assert trouble.reason == Reason("document_type_refused")


def test_the_running_journal_is_neither_read_nor_asked_for():
    items = changed(NEWEST, "offentligJournal", "loependeJournal")
    assert [(i.outcome, i.reason) for i in items] == [(Outcome.BLOCKED, Reason("internal_journal"))]
    items = changed("noark5-journal-index.html", "2026-09/offentligJournal.xml", "2026-09/loependeJournal.xml")
    assert reasons(items) == [Reason("internal_journal")] and len(of(Request, items)) == 1
    (trouble,) = changed(NEWEST, "offentligJournal", "moetejournal")
    assert trouble.reason == Reason("root_unknown", name="moetejournal")


def test_older_versions_of_the_format_give_the_same_month(quick_path):
    older = type("Older", (Served5,), {"is_latest": False})
    with watching(older, quick_path, big=24) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.reasons, result.leftovers) == ("fresh", (), {})
        assert differences(watched.table(rows), truth_of(watched), ("journal_date", "direction", "case_number")) == {}
        assert dict(result.seen) == watched.tenant.counts(watched.month.day - timedelta(days=29), watched.month.day)


# --- Noark 4


def test_the_xml_is_read_with_its_letters_and_without_the_names_it_marks():
    items = read("noark4-journal.xml")
    entry, other = of(JournalEntry, items)
    assert entry == JournalEntry(
        key="400/2026", locator="/NOARKSAK.OJ/1", case_number="2026/872", case_key="2026/872", case_title="Skolebygg på Nordøya – forprosjekt",
        document_number="4", serial="400/2026", journal_date="2026-10-14", document_date="2026-10-13", document_type="U",
        title=f"Oversending av tegninger til {MARK}", senders=("Oppvekst",), recipients=("Fjellbygg Entreprenør AS", MARK), access="U",
        legal_basis="offl § 13", case_worker="RTV", unit="OPP", class_code="614", source_url="https://journal.protokollia.kommune.no/offjournal/",
        files=(File(title="Tegninger", media_type="application/pdf"),
               File(title="Fremdriftsplan", url="https://journal.protokollia.kommune.no/filer/20261014%20-%2020261014/223916_1_1.PDF",
                    media_type="application/pdf", is_open=True)),
    )  # fmt: skip
    assert (other.senders, other.recipients, other.files) == (("Kystverket",), None, None) and "Bergheim" not in repr(items)
    assert [(c.day, c.count) for c in of(Claim, items)] == [("2026-10-13", 1), ("2026-10-14", 1)]


def test_the_json_is_read_by_the_same_names():
    (entry,) = of(JournalEntry, read("noark4-journal-day.json"))
    assert (entry.key, entry.case_number, entry.document_number, entry.senders) == ("270/2026", "26/01325", "2", (MARK,))
    assert (entry.unit, entry.class_code, entry.files[0].url.rsplit("/", 1)[1]) == ("Team kulturminnevern", None, "223915_1_1.PDF")
    assert reasons(changed("noark4-journal-day.json", "20261014, ", "20261001, ")) == [Reason("other_days", since="2026-10-14", until="2026-10-14")]
    assert reasons(changed("noark4-journal-day.json", '"JP_SEKNR": 270, ', "")) == [Reason("no_identifier", step="journal", field="JP.SEKNR")]


def test_the_service_says_which_days_it_has_and_only_those_are_asked_for():
    (first,) = Noark4Journal().start(source_of("noark4-journal-day.json"), WINDOW, Known())
    assert first.url == f"{NOARK4_API}/date/distinct"
    items = read("noark4-journal-day.json", b"[20260101, 20261013, 20261014]", request=first)
    assert [r.url.rsplit("/", 1)[1] for r in of(Request, items)] == ["20261014", "20261013"]
    assert len(of(Claim, items)) == 29 and not any(c.count for c in of(Claim, items))
    assert [(c.scope, c.count) for c in of(Claim, read("noark4-journal-day.json", b"[20260101]", request=first))][-1] == ("probe", 1)
    assert reasons(read("noark4-journal-day.json", b'{"date": 20261014}', request=first)) == [Reason("no_items", step="days", field="[]")]


def test_the_json_service_gives_the_month(quick_path):
    with watching(Noark4Api, quick_path, big=60) as watched:
        result, rows = watched.look()
        assert (str(result.outcome), result.reasons, result.leftovers, watched.judge.violations) == ("fresh", (), {}, [])
        assert differences(watched.table(rows), truth_of(watched), ("journal_date", "document_date", "direction", "case_number")) == {}


# --- PDF


def test_reporting_services_is_read_over_lines_and_pages():
    first, second = of(JournalEntry, read("pdf-journal-reporting.eml"))
    assert first == JournalEntry(
        key="2026/412-3", locator="/parts/0/reporting-services/1", case_number="2026/412", case_key="2026/412", document_number="3",
        case_title="Skjenkebevillinger 2026", title="Søknad om skjenkebevilling og uteservering - jf. Sak: 2025/11", journal_date="14.10.2026",
        document_date="12.10.2026", document_type="I", senders=("Fjellbygg Entreprenør AS",), unit="Næring og kultur", case_worker="Runar Tveitan",
        class_code="614", source_url=PAPERS,
    )  # fmt: skip
    assert (second.title, second.recipients, second.document_type) == ("Vedtak om *****", ("Elvevegen velforening",), "U")
    assert (second.access, second.legal_basis, second.document_date) == ("UO", "Offl. § 13 jf. fvl. § 13 (1) nr. 1", "Udatert")


def test_active_reports_is_read_with_labels_beside_their_values_and_apart_from_them():
    beside, apart = of(JournalEntry, read("pdf-journal-active-reports.eml"))
    assert (beside.key, beside.document_type, beside.title) == ("2026/412-3", "I", "Søknad om fradeling - gnr/bnr 12/34 og vegrett")
    assert (beside.senders, beside.recipients, beside.unit) == (("Fjellbygg Entreprenør AS",), ("Dokumentsenteret",), "PLAN")
    assert (beside.access, beside.legal_basis, beside.class_code) == ("UO", "Offl. § 13", "614")
    assert (apart.key, apart.document_type, apart.case_title, apart.journal_date, apart.document_date) == (
        "2026/77-12", "U", "Høringer 2026", "13.10.2026", "Udatert")  # fmt: skip
    assert (apart.recipients, apart.senders) == (("NAV", "Statens vegvesen region sør"), ("Papirholm kommune",))


def test_kristiansand_is_read_with_numbers_in_titles_and_a_year_over_two_lines():
    first, second = of(JournalEntry, read("pdf-journal-kristiansand.eml"))
    assert (first.key, first.title, first.case_title) == ("202601044-3", "Tegninger, viser til 202500012-1 og tidligere brev", "Skolebygg på Nordøya")
    assert (first.senders, first.access, first.legal_basis) == (("Fjellbygg Entreprenør AS",), "UO", "Offl. § 13")
    assert (second.journal_date, second.document_date, second.document_type, second.recipients) == ("14.10.2026", "14.10.2026", "U", ("Kystverket",))


@pytest.mark.parametrize("name, old, new", [
    ("pdf-journal-reporting.eml", "2026/412-3 ", ""), ("pdf-journal-active-reports.eml", "I 2026/412-3 ", "I "),
    ("pdf-journal-kristiansand.eml", "202601044-3 I", "I"), ("pdf-journal-active-reports.eml", "Innhold: Søknad", "Søknad"),
])  # fmt: skip
def test_a_piece_that_cannot_be_read_is_counted(name, old, new):
    items = changed(name, old, new)
    (reason,) = reasons(items)
    assert (reason.code, reason.values["n"], len(of(JournalEntry, items))) == ("pieces_unread", 1, 1)
    assert not [c for c in of(Claim, items) if c.scope == "day"]


def page(*lines: str) -> list[Placed]:
    return [Placed(40, 780 - 14 * n, line) for n, line in enumerate(lines)]


@pytest.mark.parametrize("pages, code", [
    ([page("Postliste", "Saksnr 26/412 Søknad om fradeling")], "layout_unknown"), ([page("")], "no_text"), (None, "pdf_unread"),
])  # fmt: skip
def test_what_is_in_no_known_layout_is_quarantined(pages, code):
    body = pdf.place("Postliste", pages) if pages else b"%PDF-1.7\nsludder"
    (trouble,) = read("pdf-journal-kristiansand.eml", body)
    assert (trouble.outcome, trouble.reason.code) == (Outcome.DRIFTED, code)


def test_pdfs_in_an_e_mail_are_read_and_nothing_of_who_sent_it():
    lines = page("202601044-3 I Jour.dato: 14.10.2026 Tilg. kode: Par.:", "Avsender: Kystverket", "Dok.dato: 12.10.2026", "Sak: Havn", "Dok: Svar",
                 "Saksansv: Oppvekst Saksbeh: Tone Brekke")  # fmt: skip
    encoded = pdf.place("Postliste", [lines]).hex(" ").replace(" ", "=").upper()
    mail = (
        'From: avsender@papirholm.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHei\r\n'
        f"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n={encoded}\r\n--b--\r\n"
    )
    items = read("pdf-journal-kristiansand.eml", mail.encode())
    assert [(e.key, e.title, e.locator) for e in of(JournalEntry, items)] == [("202601044-3", "Svar", "/parts/1/kristiansand/1")]
    assert "avsender@" not in repr(items)
    empty = b"MIME-Version: 1.0\r\nContent-Type: application/zip\r\n\r\nPK"
    assert reasons(read("pdf-journal-kristiansand.eml", empty)) == [Reason("no_items", step="journal", field="application/pdf")]


def test_a_long_file_is_read_in_slices_and_headings_of_pages_are_left_out():
    pages = [page("Offentlig journal", "Papirholm kommune", f"Dok.: 2026/412-{n} Søknad", "Sak: Fradeling", "Avsender: Kystverket",
                  "Journaldato: 14.10.2026 Tilg. kode: Saksbehandler: Plan/Tone Brekke", "Dok. dato: 12.10.2026 Arkivdel: Sak Klasse: 1",
                  f"Side {n}") for n in range(1, 402)]  # fmt: skip
    body = pdf.place("Postliste", pages)
    assert [len(reader.read_lines(body, first).pages) for first in (0, 200, 400)] == [200, 200, 1]
    items = read("pdf-journal-reporting.eml", body)
    entries = of(JournalEntry, items)
    assert len(entries) == 401 and {(e.title, e.class_code) for e in entries} == {("Søknad", "1")}


def test_headings_that_repeat_are_furniture_and_data_never_is():
    heading = "Offentlig journal\nPeriode 01.10.2026 - 14.10.2026"
    pages = [f"{heading}\nSak: Fradeling\nKlasse: 614\nSide {n} av 3" for n in (1, 2, 3)]
    assert pdf_layouts.without_furniture(pages) == ["Sak: Fradeling", "Klasse: 614"] * 3
    heads = [f"20260104{n}-1 I Jour.dato: 14.10.2026" for n in (1, 2, 3)]
    assert pdf_layouts.without_furniture(heads) == heads
    ends = ["DokType Sak - dok nr:\nU 2026/474-1 17.11.2026\n(enhet/initialer): Klassering: 103\nAvs./mottaker: Saksbeh.:\nMottaker Ola"] * 3
    assert pdf_layouts.without_furniture(ends) == "\n".join(ends).split("\n")


@pytest.mark.parametrize("kind", [ReportingServices, Kristiansand])
def test_the_other_layouts_give_the_month(kind, quick_path):
    with watching(kind, quick_path, big=60) as watched:
        for _ in ("first look", "second look"):
            result, rows = watched.look()
            assert (str(result.outcome), result.reasons, result.leftovers, watched.judge.violations) == ("fresh", (), {}, [])
            assert differences(watched.table(rows), truth_of(watched), ("journal_date", "document_date", "direction", "case_number")) == {}
            assert misread(watched, rows[rows["kind"] == "journal_entry"]) == []
            watched.month.move_on()


# --- whole runs, and recognising


def test_a_source_whose_files_cannot_be_had_fails_and_one_with_older_files_only_is_empty(tmp_path):
    index, file = (PAYLOADS / "pdf-journal-index.html").read_bytes(), (PAYLOADS / "pdf-journal-kristiansand.eml").read_bytes()
    answers = {"/robots.txt": (404, {}, b""), "/postliste/": (200, {}, index), "/getfile.php/14.10.pdf": (200, {}, file)}
    source = Source("pdf-journal/x", "999999999", "pdf-journal", PAPERS, settings=PdfJournal.Settings(links="oktober"))
    outcomes = []
    for status in (200, 404):
        have = answers if status == 200 else {path: answer for path, answer in answers.items() if path != "/getfile.php/14.10.pdf"}
        with serving(lambda handler, have=have: have.get(handler.path, (404, {}, b"borte"))) as gateway:
            client = client_for(tmp_path / str(status), gateway)
            window = Window(date(2027, 3, 1), date(2027, 3, 30)) if status == 200 else WINDOW
            result = harvest_source(source, window, Known(), client, tmp_path / f"s{status}", run_id="r", extractor=PdfJournal())
            client.close()
        outcomes.append((result.outcome, result.reasons))
    assert outcomes == [(Outcome.EMPTY_VERIFIED, (Reason("older_entry_found"),)), (Outcome.FAILED, (Reason("server_answered", status=404),))]


def test_each_recognises_its_own_and_no_other():
    for name, (extractor, _, _, _) in STORED.items():
        found = {p.platform for p in PLATFORMS if p.detect(capture_of(name))}
        own = {extractor.platform} if extractor in PLATFORMS and name.endswith((".xml", "journal-index.html")) else set()
        assert found == own - ({"noark5-journal"} if name == "noark5-journal-index.html" else set()), name
    api = Noark4Journal.detect(capture_of("noark4-journal-day.json", url=f"{NOARK4_API}/date/20261014"))
    assert (api.url, api.settings) == (NOARK4_API, {"api": True}) and Noark4Journal.Settings(**api.settings).api
