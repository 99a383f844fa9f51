"""The dispatch sheet of tasks as a workbook: all tasks in one table with filters, and how each
department stands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook

from hengtan.basis.whole_files import write_whole
from hengtan.report.dispatch import DispatchTask, Sheet, tally, until_said
from hengtan.report.sheet.cells import A3, HOUSE, across, book_bytes, line, new_book
from hengtan.report.sheet.status_frame import META_INK, field, filtered, whole
from hengtan.report.view import Row
from hengtan.report.words import word

FIELDS = (
    field("dispatch.number", 6, "number", "0"),
    field("dispatch.id", 18, "id"),
    field("dispatch.plan", 15, "plan"),
    field("dispatch.clause", 11, "clause"),
    field("dispatch.task", 40, "title"),
    field("dispatch.lead", 18, "lead"),
    field("dispatch.lead_basis", 8, "basis"),
    field("dispatch.co_owners", 20, "co_owners"),
    field("dispatch.due", 10, "due", "0"),
    field("dispatch.dispatched_on", 11, "dispatched_on"),
    field("dispatch.state", 9, "state"),
    field("dispatch.share_done", 8, "share_done", "0.0"),
    field("dispatch.progress", 34, "progress"),
    field("dispatch.evidence", 24, "evidence"),
    field("dispatch.answered_on", 11, "answered_on"),
    field("dispatch.next_step", 24, "next_step"),
    field("dispatch.overdue", 7, "overdue"),
    field("dispatch.reminders", 18, "reminders"),
    field("dispatch.closed", 16, "closed"),
)
SUMMARY = (
    field("dispatch.lead", 30, "department"),
    field("dispatch.count", 9, "count", "0"),
    field("dispatch.count.done", 9, "done", "0"),
    field("dispatch.count.open", 9, "open", "0"),
    field("dispatch.count.unanswered", 9, "unanswered", "0"),
    field("dispatch.overdue", 9, "overdue", "0"),
)
FROZEN = 5


def write_dispatch_excel(sheet: Sheet, path: Path) -> Path:
    """The dispatch sheet as .xlsx, whole or not at all."""
    return write_whole(path, dispatch_excel_bytes(sheet))


def dispatch_excel_bytes(sheet: Sheet) -> bytes:
    """The dispatch sheet as the bytes of a workbook."""
    book = new_book(word("dispatch.title"))
    tasks = [_row(number, task) for number, task in enumerate(sheet.tasks, start=1)]
    page, top = _page(book, "dispatch.title", sheet)
    filtered(page, top, FIELDS, tasks, freeze=FROZEN)
    across(page, A3)
    page, top = _page(book, "dispatch.summary", sheet)
    filtered(page, top, SUMMARY, [_tally(*group) for group in sheet.by_lead()], freeze=1)
    across(page)
    return book_bytes(book)


def _page(book: Workbook, key: str, sheet: Sheet) -> tuple[Any, int]:
    """A sheet with its title, and its next free row."""
    page = book.create_sheet(word(key))
    page.sheet_view.showGridLines = False
    title = f"{word(key)} {sheet.department}".strip()
    line(page, 1, title, size=14, bold=True, color=HOUSE)
    line(page, 2, until_said(sheet), size=9, color=META_INK)
    line(page, 3, word("dispatch.note"), size=9, color=META_INK)
    page.oddFooter.center.text = word("page_of")
    return page, 5


def _row(number: int, task: DispatchTask) -> Row:
    return {
        "number": number,
        "id": task.id,
        "plan": task.plan,
        "clause": task.clause,
        "title": task.title,
        "lead": list(task.leads),
        "basis": task.basis_said(),
        "co_owners": list(task.co_owners),
        "due": whole(task.due),
        "dispatched_on": _day(task.dispatched_on),
        "state": task.state_said(),
        "share_done": task.share_done,
        "progress": task.progress,
        "evidence": task.evidence,
        "answered_on": task.answered_on,
        "next_step": task.next_step,
        "overdue": word("overdue") if task.overdue else "",
        "reminders": task.reminders_said(),
        "closed": task.closed,
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _tally(department: str, tasks: list[DispatchTask]) -> Row:
    counted = tally(department, tasks)
    return {
        "department": department or word("dispatch.no_lead"),
        "count": counted.count,
        "done": counted.done,
        "open": counted.open,
        "unanswered": counted.unanswered,
        "overdue": counted.overdue,
    }
