"""A frozen list becomes a case paper: the committee's order of headings, quotes letter by letter, nothing left unfilled, honest stamps."""

from __future__ import annotations

import re

import docx
import pytest
from docx.oxml.ns import qn

from desk import dossier
from desk.exceptions import ShortlistIncomplete
from desk.paper import Meeting
from tests.desk.lists import HOSTILE, TEXTS, frozen, items
from tests.desk.opened import everything, paper

HEADINGS = {
    "nb": ["Forslag til uttalelse", "Oppsummering", "Bakgrunn", "Faktagrunnlag", "Vurdering", "Økonomiske og administrative konsekvenser",
           "Slik kan det meldes inn", "Konklusjon", "Vedlegg"],
    "nn": ["Framlegg til fråsegn", "Samandrag", "Bakgrunn", "Faktagrunnlag", "Vurdering", "Økonomiske og administrative konsekvensar",
           "Slik kan det meldast inn", "Konklusjon", "Vedlegg"],
}  # fmt: skip
ANNEXES = {
    "nb": ["Vedlegg 1: Kandidatliste", "Vedlegg 2: Ett ark per kandidat", "Vedlegg 3: Metode og feilkilder", "Vedlegg 4: Arkiverte sider"],
    "nn": [
        "Vedlegg 1: Kandidatliste",
        "Vedlegg 2: Eitt ark per kandidat",
        "Vedlegg 3: Metode og feilkjelder",
        "Vedlegg 4: Arkiverte sider",
    ],
}


def honest(**more):
    """The list without the hostile candidate, whose text may hold anything."""
    return frozen(**more) | {"items": [one for one in items() if one["quote"] != HOSTILE]}


def headings(document, level: int) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == f"Heading {level}"]


@pytest.mark.parametrize("lang", ["nb", "nn"])
def test_the_headings_stand_in_the_committee_s_order(tmp_path, lang):
    document = paper(tmp_path, frozen(), lang=lang)
    assert headings(document, 1) == HEADINGS[lang]
    assert headings(document, 2)[-4:] == ANNEXES[lang]
    levels = [int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading ")]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))


def test_every_quote_is_verbatim_in_its_document(tmp_path):
    listed = frozen()
    document = paper(tmp_path, listed)
    quoted = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    assert quoted == [f"«{one['quote']}»" for one in listed["items"]]
    assert all(any(quote[1:-1] in text for text in TEXTS.values()) for quote in quoted)


@pytest.mark.parametrize("lang", ["nb", "nn"])
@pytest.mark.parametrize("source", ["accepted", "top"])
def test_no_placeholder_is_left(tmp_path, lang, source):
    text = everything(paper(tmp_path, honest(source=source), lang=lang))
    assert not re.search(r"<|>|\{|\}|\bTODO\b|\bNone\b|\bnan\b|\bNaT\b|\*\w", text)
    assert "..." not in text and "[]" not in text


def test_an_ark_holds_what_a_reader_asks_for_in_order(tmp_path):
    text = everything(paper(tmp_path, frozen()))
    ark = text[text.index("Ark 1: Fjordvik kommune") : text.index("Ark 2: Heiane kommune")]
    one = items()[0]
    order = [one["title"], one["quote"], "Tatt vare på", one["documents"][0]["sha256"], one["documents"][0]["url"], "Ut over loven", "Aktør",
             "«42 gaver»", "78,5 poeng, usikkerhet 66 til 78,5", "Flere kilder +5", "Liknende tiltak", "Tvil og motstrid", "post@fjordvik.kommune.no",
             "Utkast til innmelding", "Hvilket problem for innbyggerne skal tiltaket løse?"]  # fmt: skip
    places = [ark.index(piece) for piece in order]
    assert places == sorted(places)


def test_a_list_nobody_has_read_is_stamped_on_every_page(tmp_path):
    document = paper(tmp_path, frozen(source="top"))
    assert document.sections[0].header.paragraphs[0].text == "IKKE GJENNOMGÅTT"
    assert "Ingen har lest og godkjent kandidatene" in everything(document)
    assert paper(tmp_path / "nn", frozen(source="top"), lang="nn").sections[0].header.paragraphs[0].text == "IKKJE GJENNOMGÅTT"
    assert paper(tmp_path / "read", frozen()).sections[0].header.paragraphs[0].text == ""


def test_what_nobody_has_checked_says_so(tmp_path):
    text = everything(paper(tmp_path, frozen()))
    assert "Reglene om viderebruk i offentleglova. (ikke kontrollert)" in text
    assert "NO0057 Open Cultural Data (ikke kontrollert)" in text
    assert "NO0057 Open Cultural Data (ikkje kontrollert)" in everything(paper(tmp_path / "nn", frozen(), lang="nn"))


def test_doubt_is_shown_with_the_praise(tmp_path):
    text = everything(paper(tmp_path, frozen()))
    assert "Omtale av kritikk: «fikk kritikk i 2023»" in text
    assert "er eldre enn tre år (1. mai 2021)" in text
    assert "Etter prøvene er tiltaket ikke et bidrag slik teksten står." in text


def test_a_date_to_come_is_doubted(tmp_path):
    listed = frozen()
    listed["items"][0] |= {"date_of_act": "2027-02-01"}
    assert "Datoen i teksten, 1. februar 2027, ligger etter dagen listen ble laget." in everything(paper(tmp_path, listed))


def test_no_reader_is_named_and_the_summary_is_short(tmp_path):
    document = paper(tmp_path, frozen())
    text = everything(document)
    assert "analytiker 1" not in text and "Godtatt 15. oktober 2026." in text
    paragraphs = [p.text for p in document.paragraphs]
    assert len(paragraphs[paragraphs.index("Oppsummering") + 1]) <= 5 * 96


def test_what_was_not_reached_is_not_called_missing(tmp_path):
    text = everything(paper(tmp_path, frozen()))
    assert "Ikke nådd: Nordneset (robots.txt)." in text and "16 kommuner og fylkeskommuner er spurt, og 13 av dem svarte." in text
    assert "340 andre kommuner og fylkeskommuner i katalogen er ikke spurt. Oversikten sier ingenting om dem." in text
    assert "kommunen har ikke" not in text.lower()
    unmeasured = everything(paper(tmp_path / "u", frozen() | {"coverage": {}}))
    assert "Det er ikke målt hvor mange kommuner som ble nådd" in unmeasured


def test_the_secretariat_s_facts_go_into_the_head(tmp_path):
    document = paper(tmp_path, frozen(), meeting=Meeting("Rådgiver", "2026/44", "3. november 2026", "12/2026"))
    assert [c.text for c in document.tables[0].rows[1].cells] == ["Rådgiver", "2026/44", "3. november 2026", "12/2026"]
    assert [c.text for c in document.tables[0].rows[0].cells] == ["Saksbehandler", "Arkivsak", "Møte", "Sak"]


def test_the_paper_is_made_for_print_and_for_screen_readers(tmp_path):
    document = paper(tmp_path, frozen())
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").get(qn("w:val")) == "nb-NO"
    fields = [f.get(qn("w:instr")) for f in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert all(t._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val")) for t in document.tables)
    headed = [t for t in document.tables if t.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None]
    assert len(headed) > len(items())
    pictures = list(document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"))
    assert pictures and all(p.get("descr") for p in pictures)


def test_links_inside_the_paper_lead_somewhere(tmp_path):
    body = paper(tmp_path, frozen()).element.body
    marks = {b.get(qn("w:name")) for b in body.iter(qn("w:bookmarkStart"))}
    inner = {h.get(qn("w:anchor")) for h in body.iter(qn("w:hyperlink")) if h.get(qn("w:anchor"))}
    assert inner and inner <= marks


def test_each_body_of_a_read_list_gets_a_letter_in_its_own_language(tmp_path):
    written = {p.relative_to(tmp_path).as_posix(): p for p in dossier.write(frozen(), tmp_path) if p.parent != tmp_path}
    assert set(written) == {"brev/9001.docx", "brev/9002.docx", "brev/9101.docx", "brev/800000048.docx"}
    assert "Til Heiane kommune" in everything(docx.Document(str(written["brev/9002.docx"])))
    assert "Kommunen avgjer sjølv" in everything(docx.Document(str(written["brev/9002.docx"])))
    assert "Kommunen avgjør selv" in everything(docx.Document(str(written["brev/9001.docx"])))


def test_nobody_is_written_to_about_what_nobody_has_read(tmp_path):
    dossier.write(frozen(source="top"), tmp_path)
    assert not (tmp_path / "brev").exists()


def test_an_empty_list_makes_no_claims(tmp_path):
    text = everything(paper(tmp_path, frozen() | {"items": []}))
    assert "Ingen tiltak er tatt inn i denne oversikten." in text and "oppfordrer" not in text


def test_control_characters_of_a_source_do_not_break_the_file(tmp_path):
    listed = frozen()
    listed["items"][0]["title"] = "Gaver\x00 \x0bog mer"
    assert "Gaver og mer" in everything(paper(tmp_path, listed))


def test_a_list_that_lacks_something_is_refused_by_name(tmp_path):
    listed = frozen()
    del listed["items"][1]["quote"]
    with pytest.raises(ShortlistIncomplete, match=r"items\.1\.quote"):
        dossier.write(listed, tmp_path)


def test_a_quote_that_is_too_long_is_refused(tmp_path):
    listed = frozen()
    listed["items"][0]["quote"] = "a" * 301
    with pytest.raises(ShortlistIncomplete, match="1 to 300"):
        dossier.write(listed, tmp_path)


def test_a_value_that_was_missing_is_not_printed(tmp_path):
    listed = frozen()
    listed["items"][0]["body"] = {**listed["items"][0]["body"], "county_name": "nan"}
    with pytest.raises(ShortlistIncomplete, match="'nan'"):
        dossier.write(listed, tmp_path)


def test_only_the_formats_asked_for_are_written_and_others_are_refused(tmp_path):
    assert [p.name for p in dossier.write(frozen(), tmp_path, formats=["json"])] == ["kortliste-2026-001.json", "kontaktliste.csv"]
    with pytest.raises(ShortlistIncomplete, match="odt"):
        dossier.write(frozen(), tmp_path, formats=["odt"])
    with pytest.raises(ShortlistIncomplete, match="nb or nn"):
        dossier.write(frozen(), tmp_path, lang="en")


def test_how_a_body_was_missed_is_told_in_words(tmp_path):
    listed = frozen()
    listed["coverage"]["not_reached"] = [{"name": "Nordneset", "outcome": "blocked", "reason": "blocked: robots_disallow"}]
    text = everything(paper(tmp_path, listed))
    assert "Ikke nådd: Nordneset (stengt for oss)." in text and "robots_disallow" not in text


def test_a_yes_shows_its_words_or_what_it_follows_from(tmp_path):
    listed = honest()
    bare = [{**c, "answer": "yes", "words": ""} if c["key"] in ("actor", "own") else c for c in listed["items"][0]["checks"]]
    listed["items"][0] |= {"checks": bare, "beyond_law": "yes"}
    listed["items"][1] |= {"checks": bare, "beyond_law": "unknown"}
    cells = [[c.text for c in row.cells] for t in paper(tmp_path, listed).tables for row in t.rows if row.cells[0].text == "4. Eget, ut over loven"]
    assert cells[0] == ["4. Eget, ut over loven", "ja", "Loven krever det ikke, og ingenting i teksten taler imot."]
    assert cells[1] == ["4. Eget, ut over loven", "ikke sett i teksten", "–"]
    assert "Kilden er kommunens egen." in everything(paper(tmp_path / "again", listed))


def test_the_same_words_are_not_printed_twice_on_an_ark(tmp_path):
    listed = honest()
    said = "Kommunestyret vedtok 3. mars 2026 et register."
    listed["items"][0] |= {"checks": [{**c, "answer": "yes", "words": said} for c in listed["items"][0]["checks"]], "status_basis": said}
    text = everything(paper(tmp_path, listed))
    ark = text[text.index("Ark 1: Fjordvik kommune") : text.index("Ark 2: Heiane kommune")]
    assert ark.count(f"«{said}»") == 1 and ark.count("Samme ord som i prøve 1.") == 6 and "i drift, etter ordene i prøve 1" in ark


def test_a_herad_is_called_herad_in_both_forms(tmp_path):
    listed = honest()
    for one in listed["items"]:
        if one["body"]["name"] == "Heiane":
            one["body"] = {**one["body"], "name_nn": "Heiane herad"}
    for lang in ("nb", "nn"):
        text = everything(paper(tmp_path / lang, listed, lang=lang))
        assert ": Heiane herad" in text


def test_no_code_of_a_machine_stands_where_a_committee_reads(tmp_path):
    for lang in ("nb", "nn"):
        document = paper(tmp_path / lang, honest(source="top"), lang=lang)
        text = everything(document)
        for code in ("own_page", "council_case", "in operation", "under_5000", "50000_up", "empty_verified", "fresh", "access to information"):
            assert code not in text, code
