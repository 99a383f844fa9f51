"""The status of a workspace as an Excel workbook: ``write_status(view, path)``.

Real numbers and dates in number cells, lights as a word on a colour, filters, frozen headers, ready
to print on A4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from hengtan.basis.lights import LIGHTS
from hengtan.basis.whole_files import write_whole
from hengtan.report.grouping import by_chapter, by_plan, count_lights
from hengtan.report.sheet.cells import FONT, Column, book_bytes, light_cell, new_book, put
from hengtan.report.sheet.status_frame import META_INK, plan_name, table, titled_sheet
from hengtan.report.sheet.status_lists import write_gaps, write_registries, write_sources
from hengtan.report.sheet.status_targets import write_targets
from hengtan.report.sheet.status_tasks import write_tasks
from hengtan.report.view import STATES, Row, StatusView
from hengtan.report.words import word

COUNTED = '0;-0;"–"'
"""Number format of counts: a dash for none."""
METHOD_NOTES = (
    "state.intro",
    "method.path",
    "method.held",
    "method.approx",
    "method.recalled",
    "method.confidence",
)


def write_status(view: StatusView | Mapping[str, Any], path: str | Path) -> Path:
    """Write ``status.xlsx`` whole or not at all; returns its path."""
    return write_whole(Path(path), status_bytes(view))


def status_bytes(view: StatusView | Mapping[str, Any]) -> bytes:
    """The workbook as bytes."""
    return book_bytes(workbook(StatusView.of(view)))


def workbook(view: StatusView) -> Workbook:
    """The workbook with sheets 总览, 目标状态, 任务台账, 名录, 数据缺口, 数据来源, 说明."""
    book = new_book(word("report.title"), creator=word("product.long"))
    _overview(book, view)
    write_targets(book, view)
    write_tasks(book, view)
    write_registries(book, view)
    write_gaps(book, view)
    write_sources(book, view)
    _method(book, view)
    return book


def _overview(book: Workbook, view: StatusView) -> None:
    """Counts by light of every plan and every chapter, and the state of the ledger."""
    sheet, row = titled_sheet(book, "sheet.overview", view)
    plans = by_plan(view, view.targets)
    by_title = [(plan["title_zh"], targets) for plan, targets in plans]
    by_title.append((word("total"), view.targets))
    row = _counts(sheet, row, "plan", by_title)
    chapters = [
        (f"{plan_name(plan)}　{chapter[0]}", targets)
        for plan, of_plan in plans
        for chapter, targets in by_chapter(of_plan)
    ]
    row = _counts(sheet, row, "chapter", chapters)
    for key, value in _facts(view).items():
        put(sheet, row, 1, word(key)).font = Font(name=FONT, size=10, color=META_INK)
        put(sheet, row, 2, str(value or "—"), wrap=False)
        row += 1


def _counts(sheet: Worksheet, top: int, key: str, groups: Iterable[tuple[str, list[Row]]]) -> int:
    """How many targets of each group stand at each light; the lights stand in the headings."""
    columns = [
        Column(word(key), 62),
        *(Column(word(f"light.{light}"), 12, COUNTED) for light in LIGHTS),
        Column(word("total"), 9, COUNTED),
    ]
    rows = [[name, *count_lights(targets).values(), len(targets)] for name, targets in groups]
    after = table(sheet, top, columns, rows)
    for place, light in enumerate(LIGHTS, start=2):
        light_cell(sheet.cell(row=top, column=place), light)
    return after


def _facts(view: StatusView) -> dict[str, Any]:
    meta = view.meta
    packs = [f"{pack.get('id', '')} {str(pack.get('version', ''))[:10]}" for pack in meta["packs"]]
    facts = {key: meta[key] for key in ("judged_on", "known_on", "ledger_head", "made_at")}
    return {**facts, "packs": word("list.clause").join(packs)}


def _method(book: Workbook, view: StatusView) -> None:
    """The rule of every light and data state."""
    sheet, top = titled_sheet(book, "sheet.method", view)
    row = table(
        sheet,
        top,
        [Column(word("light"), 16), Column(word("nav.method"), 100)],
        [[word(f"light.{light}"), word(f"rule.{light}")] for light in LIGHTS],
    )
    for number, light in enumerate(LIGHTS, start=top + 1):
        light_cell(sheet.cell(row=number, column=1), light)
    row = table(
        sheet,
        row,
        [Column(word("state"), 16), Column(word("method.states"), 100)],
        [[word(f"state.{state}"), word(f"state_rule.{state}")] for state in STATES],
    )
    for number, note in enumerate(METHOD_NOTES, start=row):
        put(sheet, number, 1, word(note), wrap=False)
