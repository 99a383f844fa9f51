"""An official document in Word: page, letters, lines, red head, signature, attachments and page
numbers as ``report.official`` measures them.
"""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

from hengtan.report import official as form
from hengtan.report.official import Official, Piece
from hengtan.report.word.document import (
    BODY_FONT,
    HEAD_FONT,
    LATIN_FONT,
    TITLE_FONT,
    chinese_font,
)
from hengtan.report.words import word

KAI_FONT, SONG_FONT = word("font.kai"), word("font.song")
RED = RGBColor(0xFF, 0, 0)
TITLE_LINE = 34.0
"""From line to line of a title of 二号 letters, in points."""
TWO = 2 * form.SIZE_3
SHEET_TOP, SHEET_BOTTOM = 22.0, 20.0
RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT_TAB = WD_TAB_ALIGNMENT.RIGHT


def new_official() -> Any:
    """An A4 document with the margins of the standard and page numbers at the outer side."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _margins(section, "top", "bottom", "left", "right")
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(form.SIZE_3), LATIN_FONT
    chinese_font(style.element.get_or_add_rPr(), BODY_FONT)
    _number_pages(document)
    return document


def _number_pages(document: Any) -> None:
    """— 1 — in 四号宋体: a square from the right on odd pages, from the left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    lower = form.MARGINS["bottom"] - form.PAGE_NUMBER_BELOW
    section.footer_distance = Mm(lower - form.SIZE_4 / form.POINTS_PER_MM)
    for footer, is_odd in ((section.footer, True), (section.even_page_footer, False)):
        paragraph = footer.paragraphs[0]
        shape = paragraph.paragraph_format
        paragraph.alignment = RIGHT if is_odd else WD_ALIGN_PARAGRAPH.LEFT
        if is_odd:
            shape.right_indent = Pt(form.SIZE_4)
        else:
            shape.left_indent = Pt(form.SIZE_4)
        before, _, after = word("official.page").partition("{number}")
        _run(paragraph, before, SONG_FONT, form.SIZE_4)
        _page_field(paragraph)
        _run(paragraph, after, SONG_FONT, form.SIZE_4)


def _page_field(paragraph: Any) -> None:
    run = _run(paragraph, "", SONG_FONT, form.SIZE_4)
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "1"), ("end", "")):
        if kind in ("", "text"):
            element = OxmlElement("w:t" if kind else "w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)


def _run(paragraph: Any, text: str, font: str, size: float = form.SIZE_3) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), False
    if font == SONG_FONT:
        run.font.name = font
    chinese_font(run._element.get_or_add_rPr(), font)
    return run


def _paragraph(document: Any, *, before: float = 0, spacing: float = form.LINE) -> Any:
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)
    return paragraph


def red_head(document: Any, official: Official) -> None:
    """Mark of the issuer, number and red line, as far as they are stated."""
    number = official.number_shown()
    if official.issuer:
        size = form.red_head_size(official.issuer)
        down = form.RED_HEAD_DOWN * form.POINTS_PER_MM
        paragraph = _paragraph(document, before=down, spacing=size * 1.3)
        paragraph.alignment = CENTRE
        _run(paragraph, official.issuer, TITLE_FONT, size).font.color.rgb = RED
    if not official.issuer and not number:
        return
    paragraph = _paragraph(document, before=2 * form.LINE if official.issuer else 0)
    paragraph.alignment = CENTRE
    _run(paragraph, number, BODY_FONT)
    _line(paragraph, "bottom", "FF0000", 12, form.RED_LINE_BELOW * form.POINTS_PER_MM)
    _paragraph(document)


def _line(paragraph: Any, side: str, colour: str, eighths: int, space: float) -> None:
    """A line along a side of a paragraph; its width in eighths of a point."""
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (
        ("val", "single"),
        ("sz", str(eighths)),
        ("space", str(round(space))),
        ("color", colour),
    ):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def title(document: Any, text: str, below: str = "") -> None:
    """The title in 二号小标宋, centred, a line of its own below it, and a blank line; a bracket at
    its end begins a line where all of it does not fit into one.
    """
    paragraph = _paragraph(document, spacing=TITLE_LINE)
    paragraph.alignment = CENTRE
    _run(paragraph, form.title_in_lines(text), TITLE_FONT, form.SIZE_2)
    if below:
        paragraph = _paragraph(document)
        paragraph.alignment = CENTRE
        _run(paragraph, below, KAI_FONT, form.SIZE_4)
    _paragraph(document)


def recipients(document: Any, official: Official) -> None:
    """Who it is sent to, from the edge."""
    if text := official.addressed():
        _run(_paragraph(document), text, BODY_FONT)


def piece(document: Any, part: Piece) -> None:
    """A paragraph of the body, two squares in."""
    paragraph = _paragraph(document)
    _indent_two(paragraph)
    paragraph.paragraph_format.keep_with_next = part.heading
    if part.heading:
        _run(paragraph, part.text, HEAD_FONT)
        return
    if part.lead:
        _run(paragraph, part.lead, KAI_FONT)
    if part.text:
        _run(paragraph, part.text, BODY_FONT)


def _indent_two(paragraph: Any) -> None:
    """The first line two letters in, also where the size of the letters is changed by hand."""
    paragraph.paragraph_format.first_line_indent = Pt(TWO)
    paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")


def attachment_list(document: Any, titles: list[str]) -> None:
    """附件：1.… a blank line below the text; lines that wrap stand below their first letter, and
    all stay with the signature.
    """
    lines = form.attachments(titles)
    mark = word("official.attachment") + word("official.colon")
    start = TWO + form.width_of(mark)
    hanging = form.width_of("1.") if len(lines) > 1 else 0.0
    for number, text in enumerate(lines):
        paragraph = _paragraph(document, before=form.LINE if number == 0 else 0)
        shape = paragraph.paragraph_format
        shape.left_indent = Pt(start + hanging)
        first = TWO if number == 0 else start
        shape.first_line_indent = Pt(first - start - hanging)
        shape.keep_with_next = True
        _run(paragraph, (mark if number == 0 else "") + text, BODY_FONT)


def signature(document: Any, official: Official) -> None:
    """Body and day, a blank line below what stands above; together on one page."""
    day = form.day_said(official.signed_on)
    blank, day_blank = form.signature_indents(official.signed_by, day)
    lines = [(official.signed_by, blank if day else TWO)]
    lines += [(day, day_blank if official.signed_by else TWO)]
    stated = [(text, right) for text, right in lines if text]
    for number, (text, right) in enumerate(stated):
        paragraph = _paragraph(document, before=form.LINE if number == 0 else 0)
        paragraph.alignment = RIGHT
        paragraph.paragraph_format.right_indent = Pt(right)
        paragraph.paragraph_format.keep_with_next = number + 1 < len(stated)
        _run(paragraph, text, BODY_FONT)


def to_be_sealed(document: Any, seal: str, day: str) -> None:
    """Two lines to the right for the seal and the day that are added by hand; on one page."""
    for text in (seal, day):
        paragraph = _paragraph(document, before=form.LINE if text == seal else 0)
        paragraph.alignment = RIGHT
        paragraph.paragraph_format.right_indent = Pt(TWO)
        paragraph.paragraph_format.keep_with_next = text == seal
        _run(paragraph, text, BODY_FONT)


def as_sheet(document: Any) -> None:
    """The margins of a form to be filled and signed, which has more to hold than a letter."""
    section = document.sections[0]
    section.top_margin, section.bottom_margin = Mm(SHEET_TOP), Mm(SHEET_BOTTOM)
    section.footer_distance = Mm(SHEET_BOTTOM - form.PAGE_NUMBER_BELOW - 2)


def attachment(document: Any, mark: str, text: str) -> None:
    """附件2 in 黑体 at the corner of the text area, its title centred in the third line."""
    _run(_paragraph(document), mark, HEAD_FONT)
    paragraph = _paragraph(document, before=form.LINE, spacing=TITLE_LINE)
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(form.LINE / 2)
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, text, TITLE_FONT, form.SIZE_2)


def new_page(document: Any, *, across: bool) -> None:
    """The pages from here on, lying across or standing; the text area turns with the sheet."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    if across:
        lay_across(section)
        return
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    _margins(section, "top", "bottom", "left", "right")


def lay_across(section: Any) -> None:
    """A section on a sheet that lies across; its margins turn with it."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    _margins(section, "left", "right", "bottom", "top")
    section.footer_distance = Mm(12)


def _margins(section: Any, *sides: str) -> None:
    """Margins above, below, left and right, by the names they have on a standing sheet."""
    top, bottom, left, right = (Mm(form.MARGINS[side]) for side in sides)
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right


def note(document: Any, text: str) -> None:
    """A small line below a table or at the end."""
    paragraph = _paragraph(document, before=4, spacing=14)
    _run(paragraph, text, BODY_FONT, 10.5)


def end_matter(document: Any, official: Official) -> None:
    """Copies, who printed it and when, between two lines; nothing where none is stated."""
    lines = []
    if copies := official.copies():
        lines.append(copies)
    if official.printed_by or official.printed_on:
        day = form.day_said(official.printed_on)
        printed = word("official.printed", date=day) if day else ""
        lines.append("\t".join((official.printed_by, printed)))
    for number, text in enumerate(lines):
        paragraph = _paragraph(document, before=form.LINE if number == 0 else 0)
        shape = paragraph.paragraph_format
        shape.left_indent = shape.right_indent = Pt(form.SIZE_4)
        shape.tab_stops.add_tab_stop(_last_tab(document), RIGHT_TAB)
        _run(paragraph, text, BODY_FONT, form.SIZE_4)
        _line(paragraph, "top", "000000", 8 if number == 0 else 6, 2)
    if lines:
        _line(_paragraph(document, spacing=6), "top", "000000", 8, 1)


def _last_tab(document: Any) -> Any:
    section = document.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin
    return width - Pt(form.SIZE_4)


def picture_width(document: Any, shape: float) -> Any:
    """The width at which a picture of this shape (height over width) fits below a title."""
    section = document.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin - Cm(4)
    return min(width, int(height / shape))
