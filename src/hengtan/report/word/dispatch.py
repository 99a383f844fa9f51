"""Dispatched tasks in Word: slips, a page for each department with its tasks, blank columns to be
answered by hand, and lines to sign; or all tasks in one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hengtan.report.dispatch import DispatchTask, Sheet, until_said
from hengtan.report.word import document as doc
from hengtan.report.word import official as page
from hengtan.report.words import word

COLUMNS = (
    ("number", 1.0),
    ("id", 2.6),
    ("clause", 1.9),
    ("task", 5.6),
    ("co_owners", 2.6),
    ("due", 1.6),
    ("state", 1.6),
    ("progress", 3.6),
    ("evidence", 2.0),
)
"""Columns with their widths in cm: the text of a page lying across is 22.5 wide."""
OF_ALL = (
    ("number", 0.9),
    ("clause", 1.8),
    ("task", 4.1),
    ("lead", 2.0),
    ("co_owners", 2.4),
    ("place", 1.5),
    ("due", 1.8),
    ("priority", 1.1),
    ("state", 1.6),
    ("share_done", 1.1),
    ("progress", 3.0),
    ("evidence", 1.8),
)
"""The same of all tasks in one table."""
SIZE = 9
SUBTITLE = doc.ParagraphStyle(size=10.5, centred=True, space_after=6)
GROUP = doc.ParagraphStyle(size=12, font=doc.HEAD_FONT, space_after=4, with_next=True)
SMALL = doc.ParagraphStyle(size=9, space_after=8)


def write_dispatch_word(sheet: Sheet, path: Path) -> Path:
    """The slips as .docx, whole or not at all."""
    return doc.written(_document(sheet), path)


def dispatch_word_bytes(sheet: Sheet, lang: str = "zh") -> bytes:
    """The slips as the bytes of a Word document."""
    return doc.bytes_of(_document(sheet, lang))


def dispatch_table_bytes(sheet: Sheet, lang: str = "zh") -> bytes:
    """All tasks in one table, as the bytes of a Word document."""
    document = page.new_official()
    page.lay_across(document.sections[0])
    doc.line(document, word("dispatch.title", lang), doc.TITLE)
    doc.line(document, until_said(sheet, lang), SUBTITLE)
    columns = [(name, width) for name, width in OF_ALL if sheet.has(name)]
    _table(document, sheet.tasks, lang, columns)
    return doc.bytes_of(document)


def _document(sheet: Sheet, lang: str = "zh") -> Any:
    document = page.new_official()
    page.lay_across(document.sections[0])
    groups = sheet.by_lead()
    for number, (department, tasks) in enumerate(groups):
        if number:
            document.add_page_break()
        _slip(document, sheet, department, tasks, lang)
    helped = sheet.helped() if sheet.department else []
    if helped:
        if groups:
            document.add_page_break()
        _head(document, sheet, lang)
        doc.line(document, word("dispatch.helps", lang, count=len(helped)), GROUP)
        _table(document, helped, lang)
    return document


def _slip(
    document: Any, sheet: Sheet, department: str, tasks: Sequence[DispatchTask], lang: str
) -> None:
    _head(document, sheet, lang)
    name = department or word("dispatch.no_lead", lang)
    doc.line(document, word("dispatch.department", lang, name=name, count=len(tasks)), GROUP)
    _table(document, tasks, lang)
    doc.line(document, word("dispatch.note", lang), SMALL)
    doc.line(document, word("dispatch.sign", lang), doc.ParagraphStyle(size=10.5))


def _head(document: Any, sheet: Sheet, lang: str) -> None:
    doc.line(document, word("dispatch.slip", lang), doc.TITLE)
    doc.line(document, until_said(sheet, lang), SUBTITLE)


def _table(
    document: Any,
    tasks: Sequence[DispatchTask],
    lang: str,
    columns: Sequence[tuple[str, float]] = COLUMNS,
) -> None:
    headings = [word(f"dispatch.{name}", lang) for name, _ in columns]
    names = [name for name, _ in columns]
    rows = [_cells(number, task, names, lang) for number, task in enumerate(tasks, start=1)]
    doc.table(document, headings, rows, [width for _, width in columns], size=SIZE)


def _cells(number: int, task: DispatchTask, names: Sequence[str], lang: str) -> list[str]:
    """A row: beside the task what its lead rests on, beside its state that it is overdue."""
    cells = task.cells(number, lang)
    if cells["lead_basis"]:
        cells["task"] = word(
            "dispatch.with_basis", lang, task=task.title, basis=cells["lead_basis"]
        )
    cells["state"] = f"{cells['state']} {cells['overdue']}".strip()
    share = cells["share_done"]
    cells["share_done"] = "" if share is None else f"{share:g}"
    return [str(cells[name]) for name in names]
