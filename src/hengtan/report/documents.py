"""Word documents as offices write them: heading, body in 仿宋 with two characters of indent, tables with a repeated header, pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from hengtan.basis.whole_files import write_whole

TITLE_FONT, HEAD_FONT, BODY_FONT = "方正小标宋简体", "黑体", "仿宋"
DARK = RGBColor(0x14, 0x50, 0x5C)


def new_document() -> Any:
    """An A4 document with office margins and Chinese body text."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    style = document.styles["Normal"]
    style.font.size = Pt(12)
    _east(style.element.get_or_add_rPr(), BODY_FONT)
    style.font.name = "Times New Roman"
    _east(style.element.get_or_add_rPr(), BODY_FONT)
    return document


def _east(properties: Any, face: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.append(fonts)
    fonts.set(qn("w:eastAsia"), face)


def line(
    document: Any,
    text: str,
    *,
    size: float = 12,
    face: str = BODY_FONT,
    bold: bool = False,
    centre: bool = False,
    indent: bool = False,
    colour: RGBColor | None = None,
    after: float = 0,
    keep: bool = False,
) -> Any:
    """A paragraph of one run."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if colour is not None:
        run.font.color.rgb = colour
    _east(run._element.get_or_add_rPr(), face)
    form = paragraph.paragraph_format
    form.space_after, form.space_before, form.line_spacing = Pt(after), Pt(0), 1.25
    form.first_line_indent = Pt(size * 2) if indent else None
    form.keep_with_next = keep
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def table(
    document: Any,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    shades: Sequence[Sequence[str | None]] | None = None,
    size: float = 9,
) -> Any:
    """A table with a header repeated on each page; ``widths`` in cm; ``shades``: a fill by cell (RRGGBB) or None."""
    made = document.add_table(rows=1, cols=len(headings))
    made.style, made.autofit = "Table Grid", False
    for n, heading in enumerate(headings):
        _cell(made.rows[0].cells[n], heading, size, bold=True, fill="E3EDEF", centre=True)
    marker = OxmlElement("w:tblHeader")
    marker.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(marker)
    for i, row in enumerate(rows):
        cells = made.add_row().cells
        for n, text in enumerate(row):
            _cell(cells[n], text, size, fill=shades[i][n] if shades else None, centre=n > 0)
    for n, width in enumerate(widths):
        made.columns[n].width = Cm(width)
    for row in made.rows:
        for n, width in enumerate(widths):
            row.cells[n].width = Cm(width)
        keep = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(keep)
    return made


def _cell(
    cell: Any,
    text: str,
    size: float,
    *,
    bold: bool = False,
    fill: str | None = None,
    centre: bool = False,
) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    _east(run._element.get_or_add_rPr(), HEAD_FONT if bold else BODY_FONT)
    paragraph.paragraph_format.space_after = Pt(0)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if fill:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), fill)
        cell._tc.get_or_add_tcPr().append(shade)


def picture(document: Any, png: bytes | None, width: float = 15.6) -> None:
    """A picture, where there is one; ``width`` in cm."""
    if png:
        document.add_picture(io.BytesIO(png), width=Cm(width))
        document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER


def landscape(document: Any) -> None:
    """The pages from here on lie across."""
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.8)


def footer(document: Any, text: str) -> None:
    """A line at the foot of each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size = Pt(8)
    _east(run._element.get_or_add_rPr(), BODY_FONT)


def written(document: Any, path: Path) -> Path:
    """Write the document, whole or not at all."""
    held = io.BytesIO()
    document.save(held)
    return write_whole(path, held.getvalue())
