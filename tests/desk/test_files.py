"""The other files of a dossier: a web page that escapes what it is given, a workbook and CSV that run nothing, JSON of a stated shape."""

from __future__ import annotations

import csv
import itertools
import json
import re
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from desk import dossier
from desk.bars import bar
from desk.blocks import Quote
from desk.html_file import parts
from tests.desk.lists import HOSTILE, frozen

CSS = Path(dossier.__file__).parent / "templates" / "paper.css"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("accepted")
    dossier.write(frozen(), path)
    return path


@pytest.fixture(scope="module")
def top(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("top")
    dossier.write(frozen(source="top"), path)
    return path


@pytest.fixture(scope="module")
def page(folder) -> BeautifulSoup:
    return BeautifulSoup((folder / "kortliste-2026-001.html").read_text(encoding="utf-8"), "lxml")


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


def test_hostile_text_stays_text(page):
    assert not page.find_all(["script", "img", "iframe", "object", "form", "base", "b", "i"])
    assert not [a for tag in page.find_all(True) for a in tag.attrs if a.startswith("on")]
    assert f"«{HOSTILE}»" in [q.get_text() for q in page.select("blockquote p")]
    assert all(re.match(r"https?://|mailto:|#", a["href"]) for a in page.find_all("a"))


def test_the_page_asks_for_nothing_outside_itself(page):
    assert "default-src 'none'" in page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert not page.find_all("link") and not page.find_all(src=True)
    assert "url(" not in page.style.string and "@import" not in page.style.string


def test_the_page_can_be_used_without_seeing_it(page):
    assert page.html["lang"] == "nb-NO" and page.title.string
    assert page.find("a", class_="skip")["href"] == "#" + page.main["id"]
    assert page.header and page.nav["aria-labelledby"] and page.main and page.footer
    assert len(page.find_all("h1")) == 1
    levels = [int(h.name[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    identifiers = [tag["id"] for tag in page.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))
    assert {a["href"][1:] for a in page.select('a[href^="#"]')} <= set(identifiers)
    for table in page.find_all("table"):
        assert table.caption.get_text(strip=True) and table.find("th", scope=True)
    assert all(svg.find_parent(attrs={"aria-hidden": "true"}) for svg in page.find_all("svg")) and page.find_all("svg")
    assert page.find("blockquote", lang="nn")


def test_the_page_has_figures_people_can_look_at(page):
    captions = [c.get_text() for c in page.select(".chart caption")]
    assert captions == ["Kandidater etter pilar", "Kandidater etter kommunens størrelse", "Kandidater etter fylke"]
    first = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])][:2] for row in page.select(".chart")[0].tbody.find_all("tr")
    ]
    assert first[0] == ["Integritet og åpenhet", "2"]
    widths = [float(r["width"]) for r in page.select(".chart")[0].select("rect.value")]
    assert max(widths) == 100 and min(widths) == 50


def test_colours_have_contrast():
    """WCAG 2.1, 1.4.3: 4.5 to 1 for text."""
    named = dict(re.findall(r"--(\w+): (#\w{6})", CSS.read_text(encoding="utf-8")))
    for text, ground in (("ink", "glow"), ("soft", "wash"), ("sun", None), ("deep", None)):
        assert contrast(named[text], named[ground] if ground else "#ffffff") >= 4.5
    assert contrast("#ffffff", named["deep"]) >= 4.5 and contrast("#ffffff", named["alarm"]) >= 4.5


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts_ = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts_]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_a_list_nobody_has_read_is_stamped_in_every_format(folder, top):
    stamped = BeautifulSoup((top / "kortliste-2026-001.html").read_text(encoding="utf-8"), "lxml")
    assert stamped.select_one(".stamp-bar").get_text() == "Ikke gjennomgått" and stamped.title.string.startswith("Ikke gjennomgått")
    assert json.loads((top / "kortliste-2026-001.json").read_text())["stamp"] == "ikke gjennomgått"
    listed = rows_of(top / "kortliste-2026-001.csv")
    assert {row[listed[0].index("gjennomgang")] for row in listed[1:]} == {"ikke gjennomgått"}
    with zipfile.ZipFile(top / "kortliste-2026-001.xlsx") as book:
        sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 5 and all("IKKE GJENNOMGÅTT" in book.read(n).decode() for n in sheets)
    assert not BeautifulSoup((folder / "kortliste-2026-001.html").read_text(encoding="utf-8"), "lxml").select(".stamp, .stamp-bar")


def test_no_cell_of_a_csv_is_run(folder):
    for name in ("kortliste-2026-001.csv", "kontaktliste.csv"):
        raw = (folder / name).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
        cells = [cell for row in rows_of(folder / name) for cell in row]
        assert not [c for c in cells if c.lstrip().startswith(("=", "+", "-", "@", "\t"))]
    listed = rows_of(folder / "kortliste-2026-001.csv")
    hostile = dict(zip(listed[0], listed[4], strict=True))
    assert hostile["tiltak"].startswith("'=Kommunen") and hostile["statusgrunnlag"] == "'+vedtatt"
    assert dict(zip(listed[0], listed[1], strict=True))["poeng"] == "78,5"


def test_the_contact_list_has_one_row_per_body(folder):
    listed = rows_of(folder / "kontaktliste.csv")
    rows = [dict(zip(listed[0], row, strict=True)) for row in listed[1:]]
    assert [r["kommune"] for r in rows] == ["Fjordvik kommune", "Heiane kommune", "Storhavn kommune", "Vestre fylkeskommune"]
    assert rows[0]["postmottak"] == "post@fjordvik.kommune.no" and rows[0]["brev"] == "brev/9001.docx"
    assert rows[0]["kandidater"].startswith("1 K") and "; 4 K" in rows[0]["kandidater"]
    assert rows[0]["lenker"].split() == ["https://www.fjordvik.kommune.no/gaver", "https://www.fjordvik.kommune.no/mote"]


def test_the_workbook_holds_text_and_no_formula(folder):
    with zipfile.ZipFile(folder / "kortliste-2026-001.xlsx") as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        assert names == ["Kandidater", "Bevis", "Tester", "Kontakt", "Om"]
        for sheet in (n for n in book.namelist() if n.startswith("xl/worksheets/sheet")):
            xml = book.read(sheet).decode()
            assert "<f>" not in xml and "<hyperlink" not in xml
            assert 'state="frozen"' in xml and "<autoFilter" in xml
        texts = book.read("xl/sharedStrings.xml").decode()
        assert "=Kommunen har vedtatt" in texts and ">Ut over loven<" in texts and ">OGP-verdi<" in texts and "ut_over_loven" not in texts


def test_the_evidence_sheet_says_in_words_what_found_a_passage(tmp_path):
    listed = frozen()
    rules = ("term:gaveregister", "test:numbers=yes", "cue:openness", "cue:howto")
    listed["items"][0]["evidence"] = [{"document_id": listed["items"][0]["documents"][0]["document_id"], "quote": "gaver", "rule": r} for r in rules]
    dossier.write(listed, tmp_path, formats=["xlsx"])
    with zipfile.ZipFile(tmp_path / "kortliste-2026-001.xlsx") as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    for said in ("praksisens ord: gaveregister", "prøve: Tall, ja", "tegn: Åpent for andre", "tegn: Lovfestet ordning", "hovedkilde"):
        assert f">{said}<" in texts
    assert "term:" not in texts and ">main<" not in texts


def test_json_holds_the_frozen_list_untouched(folder):
    document = json.loads((folder / "kortliste-2026-001.json").read_text(encoding="utf-8"))
    assert set(document) == {"format", "version", "stamp", "shortlist", "contacts", "desk"}
    assert document["shortlist"] == json.loads(json.dumps(frozen())) and document["stamp"] == ""
    draft = document["desk"][0]["draft_report"]
    assert [f["field"] for f in draft] == ["problem", "status_quo", "action", "value", "milestones", "contact"]
    assert draft[0]["evidenced"] == [] and draft[0]["question"].endswith("?")


def test_marking_words_keeps_the_quote_letter_by_letter():
    quote = Quote("", "et åpent gaveregister for gaver", marks=("gaveregister", "gave", "finnes ikke"))
    pieces = parts(quote)
    assert "".join(text for text, _ in pieces) == quote.text
    assert ("gaveregister", True) in pieces


def test_a_bar_is_a_png_of_its_share():
    import struct
    import zlib

    empty, half = bar(0.0), bar(0.5)
    assert half.startswith(b"\x89PNG") and len(zlib.decompress(half[41 : 41 + struct.unpack(">I", half[33:37])[0]])) == 14 * (1 + 900)
    assert empty != half
