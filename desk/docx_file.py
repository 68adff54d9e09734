"""The paper as DOCX for Word and LibreOffice: real headings in order, tables whose head repeats, page numbers, language and alt texts."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from desk import blocks as b
from desk.bars import bar
from desk.html_file import parts
from desk.shortlist import Shortlist
from desk.words import words

FONT, MONO = "Calibri", "Consolas"
INK, SOFT, DEEP, ALARM, LINK = "1B2430", "4A5666", "17405F", "8F1D1D", "0B5394"
LINE_CM = 17.4
HEADING_SIZES = {1: 16, 2: 13, 3: 12, 4: 10.5}
FACTS_WIDTHS = (0.17, 0.83)
PAIRED_WIDTHS = (0.17, 0.36, 0.15, 0.32)
UNPRINTABLE = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")


def write(paper: b.Paper, path: Path, shortlist: Shortlist) -> Path:
    """Writes the file and returns its path."""
    _Writer(paper).file(shortlist).save(str(path))
    return path


class _Writer:
    """One document on its way: the bookmarks used so far, and the language of the paper."""

    def __init__(self, paper: b.Paper) -> None:
        self.paper = paper
        self.document: Any = Document()
        self.bookmarks = 0
        self.breaks = False
        self.style_ids: dict[str, str] = {}
        _page(self.document)
        _styles(self.document, paper.tag)

    def file(self, shortlist: Shortlist) -> Any:
        core = self.document.core_properties
        core.title, core.author, core.language = self.paper.title, "Dagslys", self.paper.tag
        core.subject, core.comments, core.keywords = self.paper.kind, self.paper.footer, self.paper.stamp
        core.created = core.modified = shortlist.created_at.replace(tzinfo=None)
        core.last_modified_by = "Dagslys"
        self._header_and_footer()
        self._paragraph("Kind", self.paper.kind)
        self._paragraph("Title", self.paper.title)
        for block in self.paper.blocks:
            self._put(block)
        return self.document

    def _paragraph(self, style: str, text: str = "") -> Any:
        paragraph = self.document.add_paragraph(_printable(text))
        self._as(paragraph, style)
        return paragraph

    def _as(self, paragraph: Any, style: str) -> None:
        """Give a paragraph its style; by identifier, for looking styles up by name takes most of the time of a long paper."""
        paragraph._p.style = self._style_id(style)

    def _style_id(self, name: str) -> str:
        if name not in self.style_ids:
            self.style_ids[name] = self.document.styles[name].style_id
        return self.style_ids[name]

    def _put(self, block: b.Block) -> None:
        match block:
            case b.Heading():
                self._heading(block)
            case b.Paragraph():
                paragraph = self._paragraph("Small" if block.small else "Normal")
                paragraph.paragraph_format.keep_with_next = block.leads or None
                self._runs(paragraph, block.runs)
            case b.Items():
                self._items(block)
            case b.Quote():
                self._quote(block)
            case b.Table():
                self._table(block)
            case b.Facts():
                self._facts(block)
            case b.Chart():
                self._chart(block)
            case b.Stamp():
                self._paragraph("Stamp", block.text)
            case b.PageBreak():
                self.breaks = True
                self._thin_out()

    def _heading(self, block: b.Heading) -> None:
        paragraph = self._paragraph(f"Heading {block.level}")
        if self.breaks:
            paragraph.paragraph_format.page_break_before, paragraph.paragraph_format.space_before = True, Pt(0)
        self.breaks = False
        paragraph.add_run(_printable(block.text))
        if block.anchor:
            self.bookmarks += 1
            _bookmark(paragraph, block.anchor, self.bookmarks)

    def _items(self, block: b.Items) -> None:
        number = _numbering(self.document) if block.numbered else None
        for item in block.items:
            paragraph = self._paragraph("List Number" if block.numbered else "List Bullet")
            if number is not None:
                _numbered(paragraph, number)
            self._runs(paragraph, item)

    def _quote(self, block: b.Quote) -> None:
        self._paragraph("Quote Lead", block.lead)
        paragraph = self._paragraph("Quote")
        for text, is_marked in [("«", False), *parts(block), ("»", False)]:
            run = paragraph.add_run(_printable(text))
            _language(run, block.lang)
            if is_marked:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    def _table(self, block: b.Table) -> None:
        if not block.quiet:
            self._paragraph("Caption", block.caption)
        table = self._grid(block.caption, len(block.headers), block.widths)
        for cell, header in zip(table.rows[0].cells, block.headers, strict=True):
            _shade(cell, DEEP)
            run = cell.paragraphs[0].add_run(header)
            run.bold, run.font.color.rgb = True, RGBColor.from_string("FFFFFF")
            self._as(cell.paragraphs[0], "Cell")
        _repeat(table.rows[0])
        for number, row in enumerate(block.rows, 1):
            cells = self._row(table)
            for position, (cell, runs) in enumerate(zip(cells, row, strict=True)):
                paragraph = cell.paragraphs[0]
                self._runs(paragraph, runs, bold=block.row_heads and position == 0)
                if block.whole and number < len(block.rows):
                    paragraph.paragraph_format.keep_with_next = True
        if block.whole:
            table.rows[0].cells[0].paragraphs[0].paragraph_format.keep_with_next = True
        self._after()

    def _facts(self, block: b.Facts) -> None:
        step = 2 if block.paired else 1
        widths = PAIRED_WIDTHS if block.paired else FACTS_WIDTHS
        table = self._grid(block.caption, 2 * step, widths, rows=0)
        for at in range(0, len(block.rows), step):
            cells = self._row(table)
            for pair, (label, runs) in enumerate(block.rows[at : at + step]):
                head, cell = cells[2 * pair], cells[2 * pair + 1]
                _shade(head, "F3F6F9")
                self._runs(head.paragraphs[0], b.plain(label), bold=True)
                self._runs(cell.paragraphs[0], runs)
        self._after()

    def _chart(self, block: b.Chart) -> None:
        w = words(self.paper.lang)
        widths = (0.34, 0.13, 0.17, 0.36) if block.of else (0.34, 0.13, 0.53)
        self._paragraph("Caption", block.title)
        table = self._grid(block.title, len(widths), widths)
        heads = (block.label, w.say("table.count"), *((w.say("table.of_bodies"),) if block.of else ()), w.say("table.share"))
        for cell, header in zip(table.rows[0].cells, heads, strict=True):
            self._runs(cell.paragraphs[0], b.plain(header), bold=True)
        _repeat(table.rows[0])
        top = max([value for _, value in block.rows] + [1])
        for position, (label, value) in enumerate(block.rows):
            cells = self._row(table)
            whole = (w.number(block.of[position] or 0),) if block.of else ()
            for cell, text in zip(cells, (label, w.number(value), *whole), strict=False):
                self._runs(cell.paragraphs[0], b.plain(text), bold=cell is cells[0])
            self._as(cells[-1].paragraphs[0], "Cell")
            width = Cm(LINE_CM * widths[-1] - 0.5)
            shape = cells[-1].paragraphs[0].add_run().add_picture(io.BytesIO(bar(value / top)), width=width, height=Cm(0.28))
            shape._inline.docPr.set("descr", f"{label}: {w.number(value)}")
        self._after()

    def _grid(self, caption: str, columns: int, widths: tuple[float, ...], rows: int = 1) -> Any:
        table = self.document.add_table(rows=rows, cols=columns)
        table._tbl.tblStyle_val = self._style_id("Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        _describe(table, caption)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(LINE_CM * width)
        for row in table.rows:
            _widths(row, widths)
        return table

    def _row(self, table: Any) -> Any:
        """A row more; it has the widths of the columns."""
        row = table.add_row()
        _whole(row)
        return row.cells

    def _after(self) -> None:
        self._paragraph("After Table")

    def _thin_out(self) -> None:
        """What parts a table from the next must not need a page of its own when the table ends one."""
        last = self.document.element.body[-2]
        if last.tag == qn("w:p"):
            Paragraph(last, self.document).paragraph_format.line_spacing = Pt(1)

    def _runs(self, paragraph: Any, runs: b.Runs, *, bold: bool = False) -> None:
        if paragraph._p.getparent().tag == qn("w:tc"):
            self._as(paragraph, "Cell")
        for run in runs:
            if run.text == "\n":
                paragraph.add_run().add_break(WD_BREAK.LINE)
                continue
            made = _linked(paragraph, run) if run.href else paragraph.add_run(_printable(run.text))
            if run.bold or bold:
                made.bold = True
            if run.italic:
                made.italic = True
            if run.mono:
                made.font.name, made.font.size = MONO, Pt(7)
            _language(made, run.lang)

    def _header_and_footer(self) -> None:
        section = self.document.sections[0]
        w = words(self.paper.lang)
        if self.paper.stamp:
            section.header.paragraphs[0].text = self.paper.stamp.upper()
            section.header.paragraphs[0].style = "Stamp"
        footer = section.footer.paragraphs[0]
        footer.style = "Small"
        footer.add_run(f"{self.paper.footer}\t{w.say('head.page')} ")
        _field(footer, "PAGE")
        footer.add_run(f" {w.say('head.page_of')} ")
        _field(footer, "NUMPAGES")
        footer.paragraph_format.tab_stops.clear_all()
        footer.paragraph_format.tab_stops.add_tab_stop(Cm(LINE_CM), alignment=2)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.7)
    section.header_distance, section.footer_distance = Cm(0.9), Cm(1.0)


def _styles(document: Any, tag: str) -> None:
    """Fonts, colours and distances; our own styles are added to Word's."""
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(_element("w:lang", val=tag, eastAsia=tag, bidi=tag))
    _style(styles["Normal"], 10.5, INK, after=6)
    styles["Normal"].paragraph_format.line_spacing = 1.12
    for level, size in HEADING_SIZES.items():
        _style(styles[f"Heading {level}"], size, DEEP if level < 4 else SOFT, bold=True, before=(18, 14, 10, 5)[level - 1], after=3)
        styles[f"Heading {level}"].font.italic = False
        styles[f"Heading {level}"].paragraph_format.keep_with_next = True
    _style(styles["Title"], 21, DEEP, bold=True, after=12)
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)
    _style(styles["Caption"], 9, SOFT, bold=True, before=4, after=3)
    styles["Caption"].paragraph_format.keep_with_next = True
    _style(styles["Quote"], 11, INK, after=4)
    styles["Quote"].font.italic = False
    styles["Quote"].paragraph_format.left_indent = Cm(0.4)
    styles["Quote"].element.get_or_add_pPr().append(_side("left", "D9992B", 28))
    styles["Quote"].element.get_or_add_pPr().append(_element("w:shd", val="clear", color="auto", fill="FFF3D6"))
    for name, size, colour, is_bold, after in (
        ("Kind", 10, "9A5B00", True, 0), ("Small", 8.5, SOFT, False, 3), ("Cell", 8, INK, False, 0),
        ("Quote Lead", 9.5, SOFT, False, 2), ("Stamp", 10, ALARM, True, 6), ("After Table", 4, INK, False, 0),
    ):  # fmt: skip
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        _style(made, size, colour, bold=is_bold, after=after)
    styles["Quote Lead"].paragraph_format.keep_with_next = True
    styles["Cell"].paragraph_format.line_spacing = 1.0
    styles["After Table"].paragraph_format.line_spacing = Pt(4)
    styles["Stamp"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for name in ("List Bullet", "List Number"):
        _style(styles[name], 10.5, INK, after=3)


def _style(style: Any, size: float, colour: str, *, bold: bool = False, before: float = 0, after: float = 0) -> None:
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _element(tag: str, /, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _side(side: str, colour: str, size: int) -> Any:
    borders = _element("w:pBdr")
    borders.append(_element(f"w:{side}", val="single", sz=str(size), space="8", color=colour))
    return borders


def _printable(text: str) -> str:
    """Without the characters XML cannot hold."""
    return UNPRINTABLE.sub("", text)


def _language(run: Any, tag: str) -> None:
    """Marks a run as written in another language (spell checkers and screen readers ask)."""
    if tag:
        regional = {"nb": "nb-NO", "nn": "nn-NO", "se": "se-NO", "en": "en-GB"}.get(tag, tag)
        run._r.get_or_add_rPr().append(_element("w:lang", val=regional))


def _linked(paragraph: Any, run: b.Run) -> Any:
    """A run inside a hyperlink to a web address or to a bookmark of the paper."""
    holder = OxmlElement("w:hyperlink")
    if run.href.startswith("#"):
        holder.set(qn("w:anchor"), run.href[1:])
    else:
        holder.set(qn("r:id"), paragraph.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    made = paragraph.add_run(_printable(run.text))
    made.font.color.rgb, made.font.underline = RGBColor.from_string(LINK), True
    paragraph._p.append(holder)
    holder.append(made._r)
    return made


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    paragraph._p.insert(1, _element("w:bookmarkStart", id=str(number), name=name))
    paragraph._p.append(_element("w:bookmarkEnd", id=str(number)))


def _numbering(document: Any) -> str:
    """A numbering of its own that begins at 1, after the style's."""
    numbering = document.part.numbering_part.numbering_definitions._numbering
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(style).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return str(made.numId)


def _numbered(paragraph: Any, number: str) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = int(number)


def _field(paragraph: Any, instruction: str) -> None:
    field = _element("w:fldSimple", instr=instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _shade(cell: Any, fill: str) -> None:
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=fill))


def _repeat(row: Any) -> None:
    """The head of the table stands again on every page."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))


def _whole(row: Any) -> None:
    """A row is not split over two pages."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))


def _widths(row: Any, widths: tuple[float, ...]) -> None:
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Cm(LINE_CM * width)


def _describe(table: Any, caption: str) -> None:
    """Alt text of the table, light lines and room in the cells."""
    properties = table._tbl.tblPr
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="C9D1DA"))
    for side in ("left", "right", "insideV"):
        borders.append(_element(f"w:{side}", val="nil"))
    margins = _element("w:tblCellMar")
    for side, width in (("top", "20"), ("left", "80"), ("bottom", "20"), ("right", "80")):
        margins.append(_element(f"w:{side}", w=width, type="dxa"))
    look = properties.find(qn("w:tblLook"))
    for element in (borders, margins):
        look.addprevious(element) if look is not None else properties.append(element)
    properties.append(_element("w:tblCaption", val=caption))
    properties.append(_element("w:tblDescription", val=caption))
