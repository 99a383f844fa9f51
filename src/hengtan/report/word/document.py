"""Word documents as offices write them: heading, body in 仿宋 with two characters of indent,
tables.

A table's header is repeated on each page and its rows are never torn apart.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from hengtan.basis.whole_files import write_whole
from hengtan.report.words import word

TITLE_FONT, HEAD_FONT, BODY_FONT = word("font.title"), word("font.head"), word("font.body")
LATIN_FONT = "Times New Roman"
DARK = RGBColor(0x14, 0x50, 0x5C)
HEADER_FILL = "E3EDEF"
AIR = 2.0
"""Above and below what stands in a cell of a sheet, in points."""
SHORT = 12
"""Rows of a table that is not parted, as the months of a year: where one was, LibreOffice 7.4 lost
the rows behind.
"""


@dataclass(frozen=True)
class ParagraphStyle:
    """How a paragraph looks: letters in points, space below and above it in points, and whether it
    is kept with what follows.
    """

    size: float = 12
    font: str = BODY_FONT
    centred: bool = False
    indented: bool = False
    colour: RGBColor | None = None
    space_after: float = 0
    space_before: float = 0
    with_next: bool = False


TITLE = ParagraphStyle(size=18, font=TITLE_FONT, centred=True, space_after=4)
HEADING = ParagraphStyle(font=HEAD_FONT, with_next=True)
BODY = ParagraphStyle()


def new_document() -> Any:
    """An A4 document with office margins and Chinese body text."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    style = document.styles["Normal"]
    style.font.size = Pt(12)
    style.font.name = LATIN_FONT
    chinese_font(style.element.get_or_add_rPr(), BODY_FONT)
    return document


def chinese_font(properties: Any, font: str) -> None:
    """The font of Chinese letters of a run or style."""
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)


def line(document: Any, text: str, style: ParagraphStyle = BODY) -> Any:
    """A paragraph of one run."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(style.size), False
    if style.colour is not None:
        run.font.color.rgb = style.colour
    chinese_font(run._element.get_or_add_rPr(), style.font)
    shape = paragraph.paragraph_format
    shape.space_after, shape.space_before = Pt(style.space_after), Pt(style.space_before)
    shape.line_spacing = 1.25
    shape.first_line_indent = Pt(style.size * 2) if style.indented else None
    shape.keep_with_next = style.with_next
    if style.centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def table(
    document: Any,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    fills: Sequence[Sequence[str | None]] | None = None,
    size: float = 9,
    centred: bool = True,
    air: float = 0,
) -> Any:
    """A table with a header repeated on each page; a short one stands on one page.

    ``widths`` in cm; ``fills``: a colour by cell (RRGGBB) or None; ``size`` of the letters in
    points; ``centred``: all columns but the first, which suits figures and not sentences; ``air``:
    points above and below what stands in a cell.
    """
    grid = document.add_table(rows=1, cols=len(headings))
    grid.style, grid.autofit = "Table Grid", False
    for cell, heading in zip(grid.rows[0].cells, headings, strict=True):
        _header_cell(cell, heading, size)
    marker = OxmlElement("w:tblHeader")
    marker.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(marker)
    for number, row in enumerate(rows):
        row_fills = fills[number] if fills else [None] * len(row)
        cells = grid.add_row().cells
        for column, text in enumerate(row):
            _cell(cells[column], text, size, fill=row_fills[column], centred=centred and column > 0)
    _set_widths(grid, widths)
    for row in grid.rows:
        _let_breathe(row.cells, air)
    if len(rows) <= SHORT:
        keep_together(grid)
    return grid


def grid(document: Any, widths: Sequence[float]) -> Any:
    """A table without header, to be filled row by row by ``grid_row``; ``widths`` in cm."""
    blank = document.add_table(rows=0, cols=len(widths))
    blank.style, blank.autofit = "Table Grid", False
    for column, width in zip(blank.columns, widths, strict=True):
        column.width = Cm(width)
    return blank


def grid_row(grid: Any, texts: Sequence[str], size: float) -> None:
    """A row of titles and values by turns; the last value has what is left of the row."""
    row = grid.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    cells = row.cells
    for cell, column in zip(cells, grid.columns, strict=True):
        cell.width = column.width
    if len(texts) < len(cells):
        cells[len(texts) - 1].merge(cells[-1])
    for number, text in enumerate(texts):
        is_title = number % 2 == 0
        fill = HEADER_FILL if is_title else None
        _cell(row.cells[number], text, size, fill=fill, centred=is_title, bold=is_title)
    _let_breathe(row.cells, AIR)


def keep_last_with_next(document: Any) -> None:
    """The last paragraph, or the last row of a table, on the page of what comes after it."""
    *_, last = document.iter_inner_content()
    is_table = hasattr(last, "rows")
    cells = last.rows[-1].cells if is_table else ()
    paragraphs = [p for cell in cells for p in cell.paragraphs] if is_table else [last]
    for paragraph in paragraphs:
        paragraph.paragraph_format.keep_with_next = True


def keep_together(grid: Any) -> None:
    """All rows of a short table on one page."""
    for row in grid.rows[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _let_breathe(cells: Sequence[Any], air: float) -> None:
    for cell in cells:
        for paragraph in cell.paragraphs:
            shape = paragraph.paragraph_format
            shape.space_before = shape.space_after = Pt(air)


def _set_widths(grid: Any, widths: Sequence[float]) -> None:
    """Widths by column and cell (Word reads the one, WPS the other); rows stay whole."""
    for column, width in enumerate(widths):
        grid.columns[column].width = Cm(width)
    for row in grid.rows:
        for column, width in enumerate(widths):
            row.cells[column].width = Cm(width)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _header_cell(cell: Any, text: str, size: float) -> None:
    _cell(cell, text, size, fill=HEADER_FILL, centred=True, bold=True)


def _cell(
    cell: Any,
    text: str,
    size: float,
    *,
    fill: str | None,
    centred: bool,
    bold: bool = False,
) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    chinese_font(run._element.get_or_add_rPr(), HEAD_FONT if bold else BODY_FONT)
    paragraph.paragraph_format.space_after = Pt(0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if fill:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), fill)
        cell._tc.get_or_add_tcPr().append(shade)


def written(document: Any, path: Path) -> Path:
    """Write the document, whole or not at all."""
    return write_whole(path, bytes_of(document))


def bytes_of(document: Any) -> bytes:
    """The document as bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
