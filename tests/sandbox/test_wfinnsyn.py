"""The servers of the classic ACOS Innsyn: what others' readers lean on, and what goes wrong in silence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from sandbox import days
from sandbox.answers import Question
from sandbox.meetings import agenda
from sandbox.month import BIG_AGE, EMPTY_AGE, Month
from sandbox.wfinnsyn import WfInnsyn, WfInnsynCms, WfInnsynOld
from tests.extractors.innsyn.months import BODY

DAY = days.DEFAULT_DAY
BIG_DAY, EMPTY_DAY = DAY - timedelta(days=BIG_AGE), DAY - timedelta(days=EMPTY_AGE)


def tenant(kind: type[WfInnsyn], body=BODY):
    return kind(body, 7, DAY, Month(body, 7, DAY, big=24), agenda(body, 7, DAY, [])[0])


def ask(served: WfInnsyn, query: str, path: str = ""):
    return served.respond(Question("GET", "https", served.host, f"{path or served.path}?{query}", {}))


def soup(served: WfInnsyn, query: str) -> BeautifulSoup:
    answer = ask(served, query)
    assert (answer.status, answer.media_type) == (200, "text/html; charset=utf-8") and answer.modified is None
    assert not any(name == "Set-Cookie" for name, _ in answer.headers)
    return BeautifulSoup(answer.body.decode(), "lxml")


def numbers(page: BeautifulSoup) -> list[str]:
    return [a.text.split(" ")[0] for a in page.select("#div_sok_resultstable > ul.i-jp > li div.det > h3 > a")]


def test_ten_a_page_and_the_last_page_again_for_whoever_goes_on():
    served = tenant(WfInnsyn)
    day = f"response=journalpost_postliste&showresults=true&fradato={BIG_DAY}T00:00:00"
    pages = [numbers(soup(served, f"{day}&startrow={start}")) for start in (0, 10, 20, 30, 500)]
    assert [len(p) for p in pages] == [10, 10, 4, 4, 4] and pages[2] == pages[3] == pages[4]
    assert len({n for p in pages for n in p}) == 24 and all(re.fullmatch(r"\d\d/\d+-\d+", n) for n in pages[0])
    first, last = soup(served, day), soup(served, f"{day}&startrow=20")
    assert first.select("ul.pagination li a")[-1].text == "neste" and "startrow=10" in first.select("ul.pagination li a")[-1]["href"]
    assert "disabled" in last.select("ul.pagination li")[-1]["class"]


def test_days_in_both_forms_and_another_day_where_none_is_understood():
    served = tenant(WfInnsyn)
    written = [soup(served, f"response=journalpost_postliste&fradato={d}").h1.text for d in (f"{BIG_DAY}T00:00:00", f"{BIG_DAY:%d.%m.%Y}", "i%20fjor", "")]
    assert written == [f"Postliste den {BIG_DAY:%d.%m.%Y}"] * 2 + [f"Postliste den {DAY:%d.%m.%Y}"] * 2
    empty = soup(served, f"response=journalpost_postliste&fradato={EMPTY_DAY}T00:00:00")
    assert "Det er ikke journalført noen dokument" in empty.select_one("ul.i-jp").text and empty.select("ul.pagination") == []


def test_rows_have_what_others_read_by_place_and_closed_elements_where_nothing_stands():
    served = tenant(WfInnsyn)
    answer = ask(served, f"response=journalpost_postliste&fradato={BIG_DAY}T00:00:00").body.decode()
    assert '<div class="i-fl doc" />' in answer and '<div style="clear:both;" />' in answer
    assert '<meta name="robots" content="noindex,nofollow,noarchive,nosnippet" />' in answer
    page = BeautifulSoup(re.sub(r"<(div)([^<>]*?)/>", r"<\1\2></\1>", answer), "lxml")
    rows = page.select("#div_sok_resultstable > ul.i-jp > li")
    for row in rows:
        assert row.select_one("div.det > div.i-hs > strong:nth-of-type(1)").text == f"{BIG_DAY:%d.%m.%Y}"
        assert row.select_one("div.det > div.i-hs > span:nth-of-type(2)").text in ("Avsender(e):", "Mottaker(e):")
        labels = [div.span.text for div in row.select("div.met.i-exp.i-hs > div")]
        assert labels == ["Sak:", "Dok.dato:", "Dokumenttype:", "Ansvarlig enhet:", "Saksbehandler:"]
        assert row.find("a", string="Gå til journalposten") and row.select_one("a.col-md-10")
    assert any("offentlighet etter Offl. §" in row.select_one("div.det").text for row in rows)


def test_the_old_skin_lists_titles_in_a_table_and_details_hold_addresses():
    served = tenant(WfInnsynOld)
    page = soup(served, f"response=journalpost_postliste&showresults=true&fradato={BIG_DAY}T00:00:00")
    assert page.select_one("table.inner-max-width caption").text == f"Postliste den {BIG_DAY:%d.%m.%Y}"
    links = page.select("table.inner-max-width tbody tr a")
    assert len(links) == 10 and "neste" in [a.text for a in page.select("table.inner-max-width tfoot tr a")]
    entries = [soup(served, a["href"].split("?")[1]) for a in links]
    assert any(len(e.select_one("div.dokmottakere").find_all("br")) == 2 for e in entries)
    labels = [th.text for th in entries[0].select("div.innsyn-content table.table.hh.i-bgw.two th.header-cell")]
    assert labels[:2] == ["Tittel på saken:", "Tittel på dokumentet:"] and labels[-4:] == ["DokumentID:", "ArkivsakID:", "Journaldato:", "Brevdato:"]
    assert {e.select_one("h1.header-head").text.split(" (")[0] for e in entries} <= {"Innkommende dokument", "Utgående dokument", "Internt notat", "Saksframlegg"}


def test_within_the_cms_the_menu_item_must_be_right_in_whatever_case_it_is_written():
    served = tenant(WfInnsynCms)
    assert ask(served, "response=moteplan").status == ask(served, "response=moteplan&MId1=1").status == 404
    assert ask(served, f"response=moteplan&Mid1={served.mid1}").status == ask(served, f"RESPONSE=moteplan&MID1={served.mid1}").status == 200
    link = soup(served, f"response=moteplan&MId1={served.mid1}").select_one("td.mtm a")["href"]
    assert link.startswith("/innsyn.aspx?response=mote&moteid=") and f"scripturi=/innsyn.aspx&skin=infolink&Mid1={served.mid1}" in link
    assert ask(served, "response=moteplan", "/annet.aspx").status == 404


@pytest.mark.parametrize("language, named", [("nb", "har et møte den 2"), ("nn", "har møte denne dagen")])
def test_the_grid_says_the_day_in_words_of_its_language_only(language, named):
    served = tenant(WfInnsyn, replace(BODY, language=language))
    page = soup(served, f"response=moteplan&visalle=true&fradato={DAY.year}-01-01T00:00:00")
    table = page.select_one("#moteplan_content table.i-bgw")
    assert len(table.select("thead th abbr[title]")) == 12 and len(table.select("tbody tr")) == 4
    titles = [a["title"] for a in table.select("td.mtm a[href*='moteid=']")]
    assert titles and any(named in t for t in titles) and (language == "nb") == any(re.search(r"\d\d\.\d\d\.\d{4}", t) for t in titles)


def test_what_is_withdrawn_is_gone_from_list_case_and_details_and_files_follow_the_entry():
    served = tenant(WfInnsyn)
    month = served.journal
    key, day = served.entry_key(month.withdrawn), month.day_of(month.withdrawn)
    case = served.case_key(month.case_of(month.withdrawn)[0])
    asked = (f"response=journalpost_postliste&fradato={day}T00:00:00", f"response=arkivsak_detaljer&arkivsakid={case}", f"response=journalpost_detaljer&journalpostid={key}")
    before = [key in ask(served, query).body.decode() for query in asked[:2]]
    month.move_on()
    assert before == [True, True] and not any(key in ask(served, query).body.decode() for query in asked)
    assert soup(served, asked[2]).select("h1.header-head") == []
    statuses = {month.entry(i).is_open: ask(served, f"journalpostid={served.entry_key(i)}&dokid={3_800_000 + i}&versjon=1&variant=A&ct=RA-PDF", "/wfdocument.ashx").status for i in month.shown_in(BIG_DAY, BIG_DAY)}  # fmt: skip
    assert statuses == {True: 200, False: 404}
