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
from hengtan.report.sheet.status_frame import META_INK, Frame, table
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


def write_status(view: StatusView | Mapping[str, Any], path: str | Path, lang: str = "zh") -> Path:
    """Write ``status.xlsx`` whole or not at all; returns its path."""
    return write_whole(Path(path), status_bytes(view, lang))


def status_bytes(view: StatusView | Mapping[str, Any], lang: str = "zh") -> bytes:
    """The workbook as bytes."""
    return book_bytes(workbook(StatusView.of(view), lang))


def workbook(view: StatusView, lang: str = "zh") -> Workbook:
    """The workbook with sheets 总览, 目标状态, 任务台账, 名录, 数据缺口, 数据来源, 说明."""
    book = new_book(word("report.title", lang), creator=word("product.long", lang))
    frame = Frame(book, view, lang)
    _overview(frame)
    write_targets(frame)
    write_tasks(frame)
    write_registries(frame)
    write_gaps(frame)
    write_sources(frame)
    _method(frame)
    return book


def _overview(frame: Frame) -> None:
    """Counts by light of every plan and every chapter, and the state of the ledger."""
    sheet, row = frame.titled("sheet.overview")
    plans = by_plan(frame.view, frame.view.targets)
    by_title = [(frame.said(plan, "title"), targets) for plan, targets in plans]
    by_title.append((frame.word("total"), frame.view.targets))
    row = _counts(frame, sheet, row, "plan", by_title)
    chapters = [
        (f"{frame.plan_name(plan)}　{frame.said(targets[0], 'chapter')}", targets)
        for plan, of_plan in plans
        for _, targets in by_chapter(of_plan)
    ]
    row = _counts(frame, sheet, row, "chapter", chapters)
    for key, value in _facts(frame.view, frame.lang).items():
        put(sheet, row, 1, frame.word(key)).font = Font(name=FONT, size=10, color=META_INK)
        put(sheet, row, 2, str(value or "—"), wrap=False)
        row += 1


def _counts(
    frame: Frame, sheet: Worksheet, top: int, key: str, groups: Iterable[tuple[str, list[Row]]]
) -> int:
    """How many targets of each group stand at each light; the lights stand in the headings."""
    columns = [
        Column(frame.word(key), 62),
        *(Column(frame.word(f"light.{light}"), 12, COUNTED) for light in LIGHTS),
        Column(frame.word("total"), 9, COUNTED),
    ]
    rows = [[name, *count_lights(targets).values(), len(targets)] for name, targets in groups]
    after = table(sheet, top, columns, rows)
    for place, light in enumerate(LIGHTS, start=2):
        light_cell(sheet.cell(row=top, column=place), light, frame.lang)
    return after


def _facts(view: StatusView, lang: str) -> dict[str, Any]:
    meta = view.meta
    packs = [f"{pack.get('id', '')} {str(pack.get('version', ''))[:10]}" for pack in meta["packs"]]
    facts = {key: meta[key] for key in ("judged_on", "known_on", "ledger_head", "made_at")}
    return {**facts, "packs": word("list.clause", lang).join(packs)}


def _method(frame: Frame) -> None:
    """The rule of every light and data state."""
    said = frame.word
    sheet, top = frame.titled("sheet.method")
    row = table(
        sheet,
        top,
        [Column(said("light"), 16), Column(said("nav.method"), 100)],
        [[said(f"light.{light}"), said(f"rule.{light}")] for light in LIGHTS],
    )
    for number, light in enumerate(LIGHTS, start=top + 1):
        light_cell(sheet.cell(row=number, column=1), light, frame.lang)
    row = table(
        sheet,
        row,
        [Column(said("state"), 16), Column(said("method.states"), 100)],
        [[said(f"state.{state}"), said(f"state_rule.{state}")] for state in STATES],
    )
    for number, note in enumerate(METHOD_NOTES, start=row):
        put(sheet, number, 1, said(note), wrap=False)
