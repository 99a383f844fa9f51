"""The dispatch sheet of tasks as a workbook: all tasks in one table with filters, and how each
department stands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook

from hengtan.basis.whole_files import write_whole
from hengtan.report.dispatch import DispatchTask, Sheet, tally, until_said
from hengtan.report.sheet.cells import A3, HOUSE, Column, across, book_bytes, line, new_book
from hengtan.report.sheet.status_frame import META_INK, filtered, whole
from hengtan.report.view import Row
from hengtan.report.words import word

WIDTHS = {
    "number": 6,
    "id": 18,
    "plan": 15,
    "clause": 11,
    "task": 40,
    "lead": 18,
    "lead_basis": 8,
    "co_owners": 20,
    "place": 12,
    "due": 10,
    "priority": 8,
    "dispatched_on": 11,
    "state": 9,
    "share_done": 8,
    "progress": 34,
    "evidence": 24,
    "answered_on": 11,
    "next_step": 24,
    "overdue": 7,
    "reminders": 18,
    "closed": 16,
}
FORMS = {"number": "0", "due": "0", "share_done": "0.0"}
SUMMARY = (
    ("lead", 30, ""),
    ("count", 9, "0"),
    ("count.done", 9, "0"),
    ("count.open", 9, "0"),
    ("count.unanswered", 9, "0"),
    ("overdue", 9, "0"),
)
FROZEN = 5


def write_dispatch_excel(sheet: Sheet, path: Path) -> Path:
    """The dispatch sheet as .xlsx, whole or not at all."""
    return write_whole(path, dispatch_excel_bytes(sheet))


def dispatch_excel_bytes(sheet: Sheet, lang: str = "zh") -> bytes:
    """The dispatch sheet as the bytes of a workbook."""
    book = new_book(word("dispatch.title", lang))
    names = [name for name in WIDTHS if sheet.has(name)]
    columns = [_column(name, WIDTHS[name], FORMS.get(name, ""), lang) for name in names]
    tasks = [_row(number, task, lang) for number, task in enumerate(sheet.tasks, start=1)]
    page, top = _page(book, "dispatch.title", sheet, lang)
    filtered(page, top, columns, [[task[n] for n in names] for task in tasks], freeze=FROZEN)
    across(page, A3)
    page, top = _page(book, "dispatch.summary", sheet, lang)
    summary = [_column(*column, lang) for column in SUMMARY]
    tallies = [_tally(*group, lang) for group in sheet.by_lead()]
    filtered(page, top, summary, [[row[c[0]] for c in SUMMARY] for row in tallies], freeze=1)
    across(page)
    return book_bytes(book)


def _column(name: str, width: float, form: str, lang: str) -> Column:
    return Column(word(f"dispatch.{name}", lang), width, form)


def _page(book: Workbook, key: str, sheet: Sheet, lang: str) -> tuple[Any, int]:
    """A sheet with its title, and its next free row."""
    page = book.create_sheet(word(key, lang)[:31])
    page.sheet_view.showGridLines = False
    title = f"{word(key, lang)} {sheet.department}".strip()
    line(page, 1, title, size=14, bold=True, color=HOUSE)
    line(page, 2, until_said(sheet, lang), size=9, color=META_INK)
    line(page, 3, word("dispatch.note", lang), size=9, color=META_INK)
    page.oddFooter.center.text = word("page_of", lang)
    return page, 5


def _row(number: int, task: DispatchTask, lang: str) -> Row:
    return task.cells(number, lang) | {"due": whole(task.due)}


def _tally(department: str, tasks: list[DispatchTask], lang: str) -> Row:
    counted = tally(department, tasks)
    return {
        "lead": department or word("dispatch.no_lead", lang),
        "count": counted.count,
        "count.done": counted.done,
        "count.open": counted.open,
        "count.unanswered": counted.unanswered,
        "overdue": counted.overdue,
    }
