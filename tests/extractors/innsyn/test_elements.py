"""Elements Publikum and the old eInnsyn: what the stored answers give, and how a day is read that does not come whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from extractors.contract import AgendaItem, CaseFile, Claim, File, JournalEntry, Meeting, Request, Trouble
from extractors.innsyn.elements import Elements, pack, unpack
from extractors.innsyn.elements_einnsyn import ElementsEInnsyn, key_of
from sandbox.elements import FIRST_ENTRY, Quirks, RefusingElements
from sandbox.elements import Elements as Served
from sandbox.elements_einnsyn import ElementsEInnsyn as OldServed
from sandbox.month import BIG_AGE
from tests.extractors.innsyn.months import watching
from tests.extractors.stored import ELEMENTS, STORED, capture_of, read
from transforms.normalise import normalise

DOCUMENTS = "https://prod02.elementscloud.no/publikum/Documents"
DATABASE = "5c1d7e02-77aa-4c1e-9a54-2f5b7e0c1a90"


def of(kind, items):
    return [i for i in items if isinstance(i, kind)]


def test_a_whole_window_gives_its_entries_and_what_the_source_counts_for_each_day():
    items = read("elements-publikum-journal.json")
    sent, received, internal, proposal = of(JournalEntry, items)
    assert (sent.key, sent.document_type, sent.case_number, sent.title) == (
        "410233",
        "U",
        "2026/1187",
        "Svar på søknad om tilskudd - *****",
    )
    assert (sent.senders, sent.recipients, received.senders, received.recipients) == (None, ("Flere mottakere",), ("Granli Vel",), None)
    assert (internal.senders, proposal.senders, proposal.recipients) == (("Plan og byggesak",), None, None)
    assert (sent.journal_date, sent.document_date, received.document_date) == ("2026-10-13T00:00:00", "2026-10-12T00:00:00", None)
    assert sent.source_url == f"{ELEMENTS}/RegistryEntry/410233"
    days = {c.day: c.count for c in of(Claim, items) if c.scope == "day"}
    assert (days["2026-10-12"], days["2026-10-13"], days["2026-10-11"], len(days)) == (2, 1, 0, 31)
    assert [c.count for c in of(Claim, items) if c.scope == "window"] == [4] and of(Request, items) == []


def test_a_window_that_is_not_whole_is_asked_day_by_day_with_the_tenant_in_the_header():
    asked = of(Request, read("elements-publikum-journal.json", b'{"TotalCount": 5000, "Items": []}'))
    assert len(asked) == 31 and dict(asked[0].headers) == {"Tenant": "800090008_PROD-800090008", "Accept": "application/json"}
    assert asked[0].url == (
        "https://prod02.elementscloud.no/publikum/api/PredefinedQuery/CasesAndRegistryEntries?Query=&OrderBy=DATE&SortOrder=1&DateFrom=2026-09-15"
        "&DateTo=2026-09-15&IncludeCases=false&IncludeCaseWorker=false&IncludeSenderRecipient=false&Skips=%5B%5D"
    )


def test_meetings_around_the_window_with_papers_and_items_also_a_screened_one():
    items = read("elements-publikum-meetings.json")
    (meeting,) = of(Meeting, items)
    assert (meeting.key, meeting.committee, meeting.start, meeting.place) == (
        "1290", "Kommunestyret", "2026-10-13T09:00:00", "Rådhuset, Formannskapssalen")  # fmt: skip
    assert [r.url.rsplit("/api/")[1] for r in of(Request, items)] == ["Meetings/1290", "DmbHandlings/GetByMeetingId/1290"]
    (papers,) = of(Meeting, read("elements-publikum-meeting.json"))
    assert papers.files == (
        File(title="Møteinnkalling", url=f"{DOCUMENTS}/ShowMeetingDocument/{DATABASE}/1290/MI/5497", is_open=True),
        File(title="Møteprotokoll", is_open=False),
    )
    register, screened, question = of(AgendaItem, read("elements-publikum-agenda.json"))
    assert (register.number, register.item_type, register.meeting_key) == ("PS 47/2026", "PS", "1290")
    assert register.files == (File(title="Protokoll", url=f"{DOCUMENTS}/ShowDmbHandlingDocument/{DATABASE}/8414/Protokoll", is_open=True),)
    assert (screened.title, screened.files, question.number, question.files) == (
        None,
        (File(title="Protokoll", is_open=False),),
        "FO 3/2026",
        None,
    )


def test_one_question_more_gives_files_and_the_case():
    case, item = read("elements-publikum-item.json")
    assert isinstance(case, CaseFile) and (case.key, case.case_number, item.case_number) == ("20118", "2026/640", "2026/640")
    assert [(f.title, f.url, f.is_open) for f in item.files][:2] == [
        ("Register for gaver og verv", f"{DOCUMENTS}/ShowDocument/{DATABASE}/502569/835161", True), ("Vedlegg 1", None, False)]  # fmt: skip
    case, entry = read("elements-publikum-entry.json")
    assert (case.title, entry.case_key, entry.files[0].url) == (
        "Tilskudd til grendehus", "20455", f"{DOCUMENTS}/ShowDocument/{DATABASE}/410231/871001")  # fmt: skip


def test_the_front_page_under_200_is_no_answer():
    (trouble,) = of(Trouble, read("elements-publikum-journal.json", b"<!doctype html><html><div id='root'></div></html>"))
    assert (trouble.reason.code, trouble.reason.values) == ("shell_for_json", {"tenant": "800090008_PROD-800090008"})


def test_numbers_of_a_day_are_kept_as_ranges():
    assert pack({"7", "5", "6", "12", "x"}) == [[5, 7], [12, 12]] and unpack([[5, 7], [12, 12]]) == {"5", "6", "7", "12"}


class ShortAnswers(Served):
    """80 items an answer, and a filter on the type that does nothing."""

    quirks = Quirks(longest=80, ignores_type=True)


class WithFiles(Served):
    """A source whose entry asks for files."""

    def settings(self):
        return {"files": True}


class NoTypes(Served):
    """A filter on the type that does nothing."""

    quirks = Quirks(ignores_type=True)


def test_a_day_that_comes_in_short_answers_is_read_from_both_ends(tmp_path):
    with watching(ShortAnswers, tmp_path, big=150) as watched:
        result, _ = watched.look()
        assert (str(result.outcome), result.seen["journal_entry"]) == ("fresh", len(watched.month.truth()))
        assert watched.judge.violations == []


def test_a_day_beyond_what_the_source_counts_is_said_to_be_incomplete_where_types_cannot_prove_it(tmp_path):
    with watching(NoTypes, tmp_path) as watched:
        result, _ = watched.look()
        big = (watched.month.day - timedelta(days=BIG_AGE)).isoformat()
        (reason,) = [r.values["first"] for r in result.reasons]
        assert (str(result.outcome), reason.code, reason.values["day"], reason.values["counted"]) == (
            "partial",
            "day_incomplete",
            big,
            5000,
        )
        # Everything was read, from both ends; nobody can know it.
        assert result.seen["journal_entry"] == len(watched.month.truth())


def test_a_host_whose_robots_refuses_is_blocked_and_the_reason_says_whom_to_ask(tmp_path):
    with watching(RefusingElements, tmp_path, big=10) as watched:
        result, _ = watched.look()
        assert (str(result.outcome), result.requests, result.reasons[0].code) == ("blocked", 1, "robots_refuses")
        assert watched.judge.violations == []


def test_files_are_where_the_addresses_say_and_closed_ones_have_none(tmp_path):
    with watching(WithFiles, tmp_path, big=10) as watched:
        result, rows = watched.look()
        assert str(result.outcome) == "fresh" and result.seen["case"] > 10
        tables = normalise(rows, today=watched.month.day).tables
        shown = watched.month.entry(0)
        entry = tables["journal_entries"].set_index("key").loc[str(FIRST_ENTRY)]
        assert (entry["files"], entry["open_files"]) == (1, int(shown.is_open))
        assert tables["agenda_items"]["files"].sum() >= len(tables["agenda_items"])


# --- the old eInnsyn


def test_the_list_gives_number_title_and_day_and_asks_for_every_page():
    items = read("elements-einnsyn-list.html")
    first, _ = of(JournalEntry, items)
    assert (first.key, first.case_number, first.title, first.journal_date) == (
        "60117",
        "2019/412",
        "Søknad om skjenkebevilling - *****",
        "14.10.2026",
    )
    assert [r.url.rsplit("/", 1)[1] for r in of(Request, items)] == ["Details?registryEntryId=60117", "Details?registryEntryId=60116"]
    assert [(c.day, c.count) for c in of(Claim, items)] == [("2026-10-14", 2)]


def test_the_page_gives_the_rest_and_no_address():
    (entry,) = read("elements-einnsyn-entry.html")
    assert (entry.key, entry.journal_date, entry.document_type, entry.serial, entry.document_number) == (
        "60117", "14.10.2026", "Inngående brev", "7781/2026", "4")  # fmt: skip
    # The labels "Etat" and "Lovhjemmel" are known by their place.
    assert (entry.document_date, entry.unit, entry.access, entry.legal_basis) == ("Udatert", "Næring", "U", "Offl. § 13")
    assert (entry.senders, entry.recipients) == (("Fjellstova AS",), ("Gamleros kommune",))
    assert entry.files[0].url.endswith("/eInnsyn/RegistryEntry/ShowDocument?registryEntryId=60117&documentId=3")
    assert "Ingensteds" not in repr(entry)


def test_a_page_without_the_list_is_drift_and_an_unknown_label_is_seen():
    (trouble,) = read("elements-einnsyn-list.html", b"<html><body><div id='main'>Nytt innsyn</div></body></html>")
    assert trouble.reason.code == "no_items"
    page = capture_of("elements-einnsyn-entry.html").body.replace("Løpenr.".encode(), b"Fagsystem")
    assert read("elements-einnsyn-entry.html", page)[0].leftovers == ("detail.fagsystem",)


def test_an_empty_day_is_held_against_the_month_before():
    empty = '<table id="itemListView"><thead></thead><tbody></tbody></table>'
    _, probe = read("elements-einnsyn-list.html", f"<html><body>{empty}</body></html>".encode())
    assert probe.role == "probe" and (dict(probe.form)["FromDate"], dict(probe.form)["ToDate"]) == ("16.08.2026", "14.09.2026")
    (older,) = read("elements-einnsyn-list.html", request=probe)
    assert (older.scope, older.count) == ("probe", 2)
    assert read("elements-einnsyn-list.html", empty.encode(), request=probe) == []


@pytest.mark.parametrize(
    ("address", "key"),
    [("https://x.no/eInnsyn/RegistryEntry/Details?registryEntryId=12&caseId=9", "12"), ("https://x.no/eInnsyn/RegistryEntry/Details/31", "31"),
     ("https://x.no/eInnsyn/Help", None), (None, None)],
)  # fmt: skip
def test_the_number_of_an_entry_stands_in_its_address(address, key):
    assert key_of(address) == key


@pytest.mark.parametrize("name", STORED)
def test_each_is_recognised_on_its_own_pages_and_on_no_other(name):
    extractor, _, url, _ = STORED[name]
    capture = capture_of(name)
    publikum, old = Elements.detect(capture), ElementsEInnsyn.detect(capture)
    assert (publikum is not None) == (extractor is Elements)
    assert (old is not None) == (name == "elements-einnsyn-list.html")
    assert all(guess.url == url for guess in (publikum, old) if guess)


def test_a_page_that_links_to_a_tenant_gives_it_away():
    page = b'<html><body><a href="https://prod01.elementscloud.no/Publikum/800090008_PROD-800090008-STORD/Dmb">Innsyn</a></body></html>'
    assert (
        Elements.detect(capture_of("website-page.html", page)).url
        == "https://prod01.elementscloud.no/Publikum/800090008_PROD-800090008-STORD"
    )


def test_a_page_that_links_to_an_old_site_gives_it_away():
    page = b'<html><body><a href="https://einnsyn.public.cloudservices.no/gamleros-innsyn/RegistryEntry">Postliste</a></body></html>'
    guess = ElementsEInnsyn.detect(capture_of("website-page.html", page))
    assert guess and guess.url == "https://einnsyn.public.cloudservices.no/gamleros-innsyn/"


def test_the_old_form_is_posted_and_pages_are_asked_for_after_all_lists(tmp_path):
    with watching(OldServed, tmp_path, big=10) as watched:
        result, _ = watched.look()
        assert result.requests == len(watched.month.truth()) + 30 + 2  # the days, robots.txt and the month before
