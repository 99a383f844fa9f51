"""The status of a workspace as an Excel workbook: ``write_status(view, path)``.

Real numbers and dates in number cells, lights as a word on a colour, filters, frozen headers, ready to print on A4.
Text that a spreadsheet would take for a formula stays text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hengtan.basis.cite import CONFIDENCES
from hengtan.basis.lights import LIGHTS
from hengtan.report import pages
from hengtan.report.charts import operator_text
from hengtan.report.html import write_whole
from hengtan.report.view import STATES, Row, StatusView
from hengtan.report.words import has, word

FONT = "微软雅黑"
HEAD_FILL = PatternFill("solid", fgColor="14505C")
LINE = Border(bottom=Side(style="thin", color="D9E0E6"))
EXCEL_TEXT = 32767
PRINTED = 16
"""Columns of 目标状态 that go to paper, up to the reason; the rest is for the screen."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet: heading, width in characters, and number format (empty for text)."""

    heading: str
    width: float
    form: str = ""


def write_status(view: StatusView | Mapping[str, Any], path: str | Path) -> Path:
    """Write ``status.xlsx`` whole or not at all; returns its path."""
    return write_whole(Path(path), status_bytes(view))


def status_bytes(view: StatusView | Mapping[str, Any]) -> bytes:
    """The workbook as bytes."""
    buffer = io.BytesIO()
    workbook(StatusView.of(view)).save(buffer)
    return buffer.getvalue()


def workbook(view: StatusView) -> Workbook:
    """The workbook with sheets 总览, 目标状态, 任务台账, 名录, 数据缺口, 数据来源, 说明."""
    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    _overview(book, view)
    _targets(book, view)
    _tasks(book, view)
    _registries(book, view)
    _gaps(book, view)
    _sources(book, view)
    _method(book, view)
    book.properties.title = word("report.title")
    book.properties.creator = word("product.long")
    return book


def put(
    sheet: Worksheet, row: int, column: int, value: Any, form: str = "", wrap: bool = True
) -> Cell:
    """Write one cell: numbers as numbers, everything else as text, never as a formula."""
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, bool):
        value = "是" if value else ""
    if isinstance(value, (list, tuple)):
        value = "、".join(map(str, value))
    if isinstance(value, (int, float)) and value == value:
        cell.value = value
        cell.number_format = form or number_form(value)
        cell.alignment = Alignment(vertical="top")
    elif value is not None and value != "":
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:EXCEL_TEXT]
        cell.data_type = "s"
        cell.quotePrefix = str(value)[:1] in "=+-@"
        cell.alignment = Alignment(
            horizontal="left", vertical="top", wrap_text=wrap, indent=1 if wrap else 0
        )
    cell.font = Font(name=FONT, size=10)
    return cell


def number_form(value: float) -> str:
    """A number format with as many decimals as the figure has, at most four."""
    decimals = f"{abs(value):.4f}".rstrip("0").partition(".")[2]
    return "#,##0" + ("." + "0" * len(decimals) if decimals else "")


def _sheet(book: Workbook, key: str, view: StatusView) -> tuple[Worksheet, int]:
    """A sheet with its title line and, where they apply, the demo and draft lines; returns the next free row."""
    sheet = book.create_sheet(word(key))
    sheet.sheet_view.showGridLines = False
    title = put(sheet, 1, 1, f"{word('report.title')} · {word(key)}", wrap=False)
    title.font = Font(name=FONT, size=14, bold=True, color="14505C")
    sheet.row_dimensions[1].height = 26
    said = f"{word('judged_on')} {view.meta['judged_on'] or '—'}　{word('known_on')} {view.meta['known_on'] or '—'}　{word('ledger_head')} {str(view.meta['ledger_head'])[:10] or '—'}"
    put(sheet, 2, 1, said, wrap=False).font = Font(name=FONT, size=9, color="52606D")
    row = 3
    notes = [(word("demo.banner"), "7A5C00")] if view.meta["demo"] else []
    notes += [
        (f"{p['short_zh'] or p['title_zh']}：{word('draft.banner')}", "20424B")
        for p in view.plans
        if p["status"] == "draft"
    ]
    for text, colour in notes:
        put(sheet, row, 1, text, wrap=False).font = Font(
            name=FONT, size=10, bold=True, color=colour
        )
        row += 1
    _print(sheet, view)
    return sheet, row + 1


def _print(sheet: Worksheet, view: StatusView) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.6
    sheet.page_margins.footer = 0.25
    sheet.oddFooter.center.text = word("page_of")
    sheet.oddFooter.left.text = word("demo.banner") if view.meta["demo"] else word("product.long")
    sheet.oddFooter.right.text = str(view.meta["judged_on"])


def _table(
    sheet: Worksheet,
    top: int,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    filters: bool = True,
    freeze: int = 0,
    tall: int = 99,
) -> int:
    """A heading row and rows below it; returns the first free row. ``freeze`` columns stay in view; rows are as tall as the first ``tall`` columns need."""
    for number, column in enumerate(columns, start=1):
        cell = put(sheet, top, number, column.heading)
        cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = HEAD_FILL
        cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[top].height = 30
    row = top
    for row, values in enumerate(rows, start=top + 1):
        for number, value in enumerate(values, start=1):
            put(sheet, row, number, value, columns[number - 1].form).border = LINE
        sheet.row_dimensions[row].height = _height(values[:tall], columns[:tall])
    if filters:
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(columns))}{row}"
        sheet.freeze_panes = sheet.cell(row=top + 1, column=freeze + 1)
        sheet.print_title_rows = f"{top}:{top}"
    return row + 2


def _height(values: Sequence[Any], columns: Sequence[Column]) -> float:
    """Height for the cell that wraps into most lines (a Chinese character is two wide); at most 12 lines."""
    lines = 1
    for value, column in zip(values, columns, strict=True):
        text = "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")
        needed = 0
        for piece in text.split("\n"):
            width = sum(1.9 if ord(c) > 0x2E80 else 1.05 for c in piece)
            needed += max(1, -(-int(width) // max(1, int(column.width - 1.5))))
        lines = max(lines, needed)
    return 15.5 * min(lines, 12) + 3


def light_cell(cell: Cell, light: str) -> None:
    """A light as a sign and a word on its colour."""
    shown = LIGHTS[light]
    cell.value = f"{shown.mark} {word(f'light.{light}')}"
    cell.fill = PatternFill("solid", fgColor=shown.fill.lstrip("#"))
    cell.font = Font(name=FONT, size=10, bold=True, color=shown.fill_ink.lstrip("#"))


def _overview(book: Workbook, view: StatusView) -> None:
    sheet, row = _sheet(book, "sheet.overview", view)
    counted = '0;-0;"–"'
    columns = [
        Column(word("plan"), 62),
        *(Column(word(f"light.{light}"), 12, counted) for light in LIGHTS),
        Column(word("total"), 9, counted),
    ]
    rows: list[list[Any]] = []
    for plan, targets in pages.by_plan(view, view.targets):
        rows.append([plan["title_zh"], *pages.count_lights(targets).values(), len(targets)])
    rows.append([word("total"), *pages.count_lights(view.targets).values(), len(view.targets)])
    top = row
    row = _table(sheet, row, columns, rows, filters=False)
    for number, light in enumerate(LIGHTS, start=2):
        light_cell(sheet.cell(row=top, column=number), light)
    chapters = [
        [
            f"{plan['short_zh'] or plan['title_zh']}　{chapter[0]}",
            *pages.count_lights(targets).values(),
            len(targets),
        ]
        for plan, rows_of_plan in pages.by_plan(view, view.targets)
        for chapter, targets in pages.by_chapter(rows_of_plan)
    ]
    columns[0] = Column(word("chapter"), 62)
    top = row
    row = _table(sheet, row, columns, chapters, filters=False)
    for number, light in enumerate(LIGHTS, start=2):
        light_cell(sheet.cell(row=top, column=number), light)
    meta = view.meta
    facts = [
        ("judged_on", meta["judged_on"]),
        ("known_on", meta["known_on"]),
        ("ledger_head", meta["ledger_head"]),
        ("made_at", meta["made_at"]),
        (
            "packs",
            "；".join(f"{p.get('id', '')} {str(p.get('version', ''))[:10]}" for p in meta["packs"]),
        ),
    ]
    for key, value in facts:
        put(sheet, row, 1, word(key)).font = Font(name=FONT, size=10, color="52606D")
        put(sheet, row, 2, str(value or "—"), wrap=False)
        row += 1


def _targets(book: Workbook, view: StatusView) -> None:
    sheet, top = _sheet(book, "sheet.targets", view)
    columns = [
        Column(word("light"), 13),
        Column(word("target"), 30),
        Column(word("region"), 14),
        Column(word("compare"), 9),
        Column(word("goal"), 11),
        Column(word("unit"), 11),
        Column(word("deadline"), 8, "0"),
        Column(word("latest"), 12),
        Column(word("unit") + "（" + word("latest") + "）", 11),
        Column(word("period"), 11),
        Column(f"{word('vintage')}／{word('bound')}", 11),
        Column(word("state"), 12),
        Column(word("gap"), 12),
        Column(word("needed_pace"), 12),
        Column(word("pace_so_far"), 12),
        Column(word("reason"), 44),
        Column(word("data_reason"), 40),
        Column(word("scope_note"), 34),
        Column(word("base"), 11),
        Column(word("base_year"), 10),
        Column(word("met_at_start"), 9),
        Column(word("confidence"), 10),
        Column(word("plan"), 16),
        Column(word("chapter"), 26),
        Column(word("clause"), 22),
        Column(word("edition"), 22),
        Column(word("source"), 40),
        Column(word("id"), 26),
    ]
    rows = [_target_values(view, t) for t in view.targets]
    end = _table(sheet, top, columns, rows, freeze=2, tall=PRINTED)
    sheet.print_area = f"A1:{get_column_letter(PRINTED)}{end - 2}"
    sheet.page_setup.paperSize = 8
    for offset, target in enumerate(view.targets, start=1):
        light_cell(sheet.cell(row=top + offset, column=1), target["light"])


def _target_values(view: StatusView, target: Row) -> list[Any]:
    plan, definition = view.plan(target["plan"]), target["definition"] or {}
    edition = definition.get("edition")
    established = (
        bool(edition)
        and edition != "not established"
        and definition.get("edition_established") not in (False, "no")
    )
    confidence = target["latest_confidence"]
    return [
        word(f"light.{target['light']}"),
        target["indicator_zh"],
        target["region"],
        operator_text(target),
        target["goal"],
        target["unit"],
        _whole(target["deadline"]),
        target["latest_value"],
        target["latest_unit"],
        str(target["latest_period"] or ""),
        _vintage(target),
        word(f"state.{target['state']}"),
        target["gap"],
        target["needed_pace"],
        target["pace_so_far"],
        target["light_reason"] or target["state_reason"],
        target["state_reason"],
        target["scope_note_zh"] or target["scope_note_en"],
        target["base_value"],
        str(target["base_period"] or target["base_year"] or ""),
        target["met_at_start"],
        word(f"confidence.{confidence}") if has(f"confidence.{confidence}") else confidence,
        plan["short_zh"] or plan["title_zh"],
        target["chapter_zh"],
        f"{target['clause']} {target['clause_title_zh']}",
        edition if established else word("edition.none"),
        [_source_title(s) for s in target["sources"]],
        target["target_id"],
    ]


def _vintage(target: Row) -> str:
    vintage, bound = f"vintage.{target['latest_vintage']}", f"bound.{target['latest_bound']}"
    said = [
        word(vintage) if has(vintage) else str(target["latest_vintage"] or ""),
        word(bound).format("") if has(bound) else "",
    ]
    return " ".join(filter(None, said))


def _source_title(source: Any) -> str:
    if isinstance(source, Mapping):
        return str(source.get("title") or source.get("source") or "")
    return str(source)


def _whole(value: Any) -> Any:
    text = str(value or "")
    return int(text) if text.isdigit() else text


def _tasks(book: Workbook, view: StatusView) -> None:
    sheet, top = _sheet(book, "sheet.tasks", view)
    known = {t["target_id"]: t for t in view.targets}
    names = {s["id"]: s["name_zh"] for s in view.systems}
    measures = {m["clause_ref"]: m for m in view.measures}
    columns = [
        Column(word("kind"), 9),
        Column(word("plan"), 15),
        Column(word("chapter"), 26),
        Column(word("clause"), 20),
        Column(word("title"), 34),
        Column(word("department"), 24),
        Column(word("suggested"), 7),
        Column(word("deadline"), 9, "0"),
        Column(word("milestone.state"), 10),
        Column(word("overdue"), 7),
        Column(word("measures.targets"), 34),
        Column(word("measures.systems"), 36),
        Column(word("milestone.check"), 36),
        Column(word("measures.progress"), 28),
    ]
    rows: list[list[Any]] = []
    for measure in view.measures:
        suggested = (
            word("suggested")
            if measure["department_basis"] in ("inferred", "suggestion")
            and measure["department_zh"]
            else ""
        )
        plan = view.plan(measure["plan"])
        aims = [
            f"{known[i]['indicator_zh']}（{word('light.' + known[i]['light'])}）"
            for i in measure["targets"]
            if i in known
        ]
        progress = [
            p.get("text") or p.get("note") or "" if isinstance(p, Mapping) else p
            for p in measure["progress"]
        ]
        rows.append(
            [
                word("measure"),
                plan["short_zh"] or plan["title_zh"],
                measure["chapter_zh"],
                measure["clause_ref"],
                measure["title_zh"],
                measure["department_zh"],
                suggested,
                "",
                "",
                "",
                aims,
                [names.get(s, s) for s in measure["systems"]],
                "",
                progress,
            ]
        )
    for milestone in view.milestones:
        measure = measures.get(milestone["clause"], {})
        plan = view.plan(milestone["plan"] or measure.get("plan", ""))
        state = f"mstate.{milestone['state']}"
        suggested = (
            word("suggested")
            if measure.get("department_basis") in ("inferred", "suggestion")
            and measure.get("department_zh")
            else ""
        )
        rows.append(
            [
                word("milestone"),
                plan["short_zh"] or plan["title_zh"],
                measure.get("chapter_zh", ""),
                milestone["clause"],
                milestone["zh"],
                measure.get("department_zh", []),
                suggested,
                _whole(milestone["deadline"]),
                word(state) if has(state) else milestone["state"],
                word("overdue") if milestone["overdue"] else "",
                "",
                "",
                milestone["check_zh"] or milestone["check_en"],
                milestone["evidence"],
            ]
        )
    _table(sheet, top, columns, rows, freeze=5)


def _registries(book: Workbook, view: StatusView) -> None:
    sheet, top = _sheet(book, "sheet.registries", view)
    columns = [
        Column(word("registry"), 28),
        Column(word("registry.what"), 40),
        Column(word("registry.place"), 14),
        Column(word("registry.date"), 13),
        Column(word("registry.computed"), 11),
        Column(word("registry.reported"), 11),
        Column(word("unit"), 8),
        Column(word("source"), 40),
        Column(word("clause"), 26),
        Column(word("id"), 24),
    ]
    rows: list[list[Any]] = []
    for registry in view.registries:
        said = [registry["title_zh"], registry["what_zh"]]
        tail = [registry["clauses"], registry["id"]]
        for count in registry["counts"]:
            rows.append(
                [
                    *said,
                    count.get("place", ""),
                    str(count.get("date", "")),
                    count.get("count"),
                    None,
                    registry["unit"],
                    "",
                    *tail,
                ]
            )
        for count in registry["reported"]:
            value = count.get("value", count.get("count"))
            rows.append(
                [
                    *said,
                    count.get("place", ""),
                    str(count.get("period") or count.get("date") or ""),
                    None,
                    value,
                    count.get("unit") or registry["unit"],
                    count.get("source", ""),
                    *tail,
                ]
            )
        if not registry["counts"] and not registry["reported"]:
            rows.append([*said, "", "", None, None, registry["unit"], word("registry.none"), *tail])
    _table(sheet, top, columns, rows, freeze=1)


def _gaps(book: Workbook, view: StatusView) -> None:
    sheet, top = _sheet(book, "sheet.gaps", view)
    known = {t["target_id"]: t for t in view.targets}
    columns = [
        Column(word("target"), 30),
        Column(word("region"), 14),
        Column(word("state"), 11),
        Column(word("gap.missing"), 34),
        Column(word("reason"), 44),
        Column(word("gap.department"), 24),
        Column(word("gap.form"), 26),
        Column(word("deadline"), 8, "0"),
        Column(word("id"), 26),
    ]
    rows = []
    for gap in view.gaps:
        target = known.get(gap["target_id"], {})
        deadline = gap["deadline"] or target.get("deadline") or ""
        form = (
            f"{gap['form_title_zh']} {gap['form']}".strip()
            if gap["form"]
            else word("gap.form.default")
        )
        department = (
            "、".join(gap["department_zh"])
            if isinstance(gap["department_zh"], list)
            else gap["department_zh"]
        )
        rows.append(
            [
                target.get("indicator_zh", ""),
                target.get("region", ""),
                word(f"state.{gap['state']}"),
                gap["missing_zh"] or word("gap.need").format(deadline),
                gap["reason"],
                f"{department}（{word('suggested')}）" if department else word("department.none"),
                form,
                _whole(deadline),
                gap["target_id"],
            ]
        )
    _table(sheet, top, columns, rows, freeze=1)


def _sources(book: Workbook, view: StatusView) -> None:
    sheet, top = _sheet(book, "sheet.sources", view)
    columns = [
        Column(word("source.title"), 56),
        Column(word("source.publisher"), 24),
        Column(word("source.level"), 16),
        Column(word("source.rows"), 8, "0"),
        *(Column(word(f"confidence.{k}"), 11, "0") for k in CONFIDENCES),
        Column(word("source.address"), 56),
    ]
    rows = [
        [
            s["title"],
            s["publisher"],
            word(f"level.{s['level']}") if has(f"level.{s['level']}") else s["level"],
            s["rows"],
            *(s["confidence"].get(k) for k in CONFIDENCES),
            s["url"],
        ]
        for s in view.sources
    ]
    _table(sheet, top, columns, rows, freeze=1)


def _method(book: Workbook, view: StatusView) -> None:
    sheet, row = _sheet(book, "sheet.method", view)
    lights_top = row
    row = _table(
        sheet,
        row,
        [Column(word("light"), 16), Column(word("nav.method"), 100)],
        [[word(f"light.{light}"), word(f"rule.{light}")] for light in LIGHTS],
        filters=False,
    )
    for offset, light in enumerate(LIGHTS, start=1):
        light_cell(sheet.cell(row=lights_top + offset, column=1), light)
    row = _table(
        sheet,
        row,
        [Column(word("state"), 16), Column(word("method.states"), 100)],
        [[word(f"state.{s}"), word(f"state_rule.{s}")] for s in STATES],
        filters=False,
    )
    for text in (
        "state.intro",
        *(f"method.{k}" for k in ("path", "held", "approx", "recalled", "confidence")),
    ):
        put(sheet, row, 1, word(text), wrap=False)
        row += 1
