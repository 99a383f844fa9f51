"""Dispatch slips of tasks in Word: a page for each department with its tasks, blank columns to be
answered by hand, and lines to sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hengtan.report.dispatch import DispatchTask, Sheet, until_said
from hengtan.report.word import document as doc
from hengtan.report.word import official as page
from hengtan.report.words import joined, word

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
SIZE = 9
SUBTITLE = doc.ParagraphStyle(size=10.5, centred=True, space_after=6)
GROUP = doc.ParagraphStyle(size=12, font=doc.HEAD_FONT, space_after=4, with_next=True)
SMALL = doc.ParagraphStyle(size=9, space_after=8)


def write_dispatch_word(sheet: Sheet, path: Path) -> Path:
    """The slips as .docx, whole or not at all."""
    return doc.written(_document(sheet), path)


def dispatch_word_bytes(sheet: Sheet) -> bytes:
    """The slips as the bytes of a Word document."""
    return doc.bytes_of(_document(sheet))


def _document(sheet: Sheet) -> Any:
    document = page.new_official()
    page.lay_across(document.sections[0])
    groups = sheet.by_lead()
    for number, (department, tasks) in enumerate(groups):
        if number:
            document.add_page_break()
        _slip(document, sheet, department, tasks)
    helped = sheet.helped() if sheet.department else []
    if helped:
        if groups:
            document.add_page_break()
        _head(document, sheet)
        doc.line(document, word("dispatch.helps", count=len(helped)), GROUP)
        _table(document, helped)
    return document


def _slip(document: Any, sheet: Sheet, department: str, tasks: Sequence[DispatchTask]) -> None:
    _head(document, sheet)
    name = department or word("dispatch.no_lead")
    doc.line(document, word("dispatch.department", name=name, count=len(tasks)), GROUP)
    _table(document, tasks)
    doc.line(document, word("dispatch.note"), SMALL)
    doc.line(document, word("dispatch.sign"), doc.ParagraphStyle(size=10.5))


def _head(document: Any, sheet: Sheet) -> None:
    doc.line(document, word("dispatch.slip"), doc.TITLE)
    doc.line(document, until_said(sheet), SUBTITLE)


def _table(document: Any, tasks: Sequence[DispatchTask]) -> None:
    headings = [word(f"dispatch.{key}") for key, _ in COLUMNS]
    rows = [_cells(number, task) for number, task in enumerate(tasks, start=1)]
    doc.table(document, headings, rows, [width for _, width in COLUMNS], size=SIZE)


def _cells(number: int, task: DispatchTask) -> list[str]:
    title, basis = task.title, task.basis_said()
    return [
        str(number),
        task.id,
        task.clause,
        f"{title}（{basis}）" if basis else title,
        joined(task.co_owners),
        task.due,
        f"{task.state_said()} {word('overdue')}" if task.overdue else task.state_said(),
        task.progress,
        task.evidence,
    ]
