"""The dispatch sheet (任务调度表): a row a task, as a workbook and as a document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from docx.enum.section import WD_ORIENT
from docx.shared import Cm

from hengtan.report.sheet.cells import Column, book_bytes, new_book
from hengtan.report.sheet.plain import sheet_of
from hengtan.report.word import document as doc
from hengtan.report.words import word


@dataclass(frozen=True)
class DispatchRow:
    """A task as the sheet shows it; texts in the reader's language, ``percent`` the least that its
    departments say [%].
    """

    number: int
    clause: str
    title: str
    lead: str
    helpers: str
    place: str
    due: str
    priority: str
    state: str
    percent: float | None
    answer: str
    evidence: str


WIDTHS = {"number": 6, "clause": 16, "title": 36, "answer": 44, "evidence": 30, "helpers": 24}
MARGIN = Cm(1.2)
CENTIMETRES = (0.9, 2.0, 5.0, 2.2, 2.8, 1.6, 2.0, 1.3, 1.8, 1.2, 4.1, 2.3)


def headings(lang: str) -> list[str]:
    """The headings of the sheet."""
    return [word(f"tasks.sheet.{field.name}", lang) for field in fields(DispatchRow)]


def as_excel(rows: Sequence[DispatchRow], day: date, lang: str = "zh") -> bytes:
    """The sheet as a workbook."""
    title = word("tasks.sheet", lang)
    book = new_book(title)
    columns = [
        Column(heading, WIDTHS.get(field.name, 16))
        for field, heading in zip(fields(DispatchRow), headings(lang), strict=True)
    ]
    sheet = sheet_of(book, title[:31], columns, [list(vars(row).values()) for row in rows])
    sheet.oddHeader.center.text = f"{title} {day.isoformat()}"
    return book_bytes(book)


def as_word(rows: Sequence[DispatchRow], day: date, lang: str = "zh") -> bytes:
    """The sheet as a document lying across."""
    document = doc.new_document()
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    page.left_margin = page.right_margin = MARGIN
    doc.line(document, word("tasks.sheet", lang), doc.TITLE)
    doc.line(document, word("tasks.sheet.day", lang).format(day.isoformat(), len(rows)))
    shown = [["" if v is None else f"{v}" for v in vars(row).values()] for row in rows]
    doc.table(document, headings(lang), shown, CENTIMETRES, size=8)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()
