"""The accounts of one place as a workbook: the balance as a table of rows and products, then one sheet per account, options and what is missing."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hengtan.graph.domains import sections
from hengtan.graph.said import heading as heading_of
from hengtan.graph.said import say_missing, word_of
from hengtan.report.accounts import SHARES, shown
from hengtan.report.excel import FONT, HEAD_FILL, put
from hengtan.report.words import word


def accounts_bytes(view: Mapping[str, Any]) -> bytes:
    """The workbook as bytes; numbers are numbers."""
    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    for unit, title in (("tce", "平衡表（标准量）"), ("physical", "平衡表（实物量）")):
        _balance(book, view, unit, title)
    for section in (section for section in sections() if section.sheet and section.columns):
        name, columns = section.account, section.columns
        rows = view["tables"].get(name, [])
        if not rows:
            continue
        title = word_of(f"section.{name}")
        sheet = _sheet(book, view, word_of(f"sheet.{name}", default=title)[:31], title)
        _heads(sheet, 4, [heading_of(section, column.name) for column in columns])
        for at, row in enumerate(
            sorted(rows, key=lambda r: (-(r.get("year") or 0), str(r.get("method")))), 5
        ):
            for column, about in enumerate(columns, 1):
                field, value = about.name, row.get(about.name)
                share = field in SHARES
                if not share:
                    value = shown(view, field, value, about.scale, "zh")
                put(
                    sheet,
                    at,
                    column,
                    value,
                    "0.00%" if share else "0" if field == "year" or field == "price_base" else "",
                    wrap=False,
                )
        _finish(sheet, 4, len(columns), len(rows))
    _about(book, view)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _balance(book: Workbook, view: Mapping[str, Any], unit: str, title: str) -> None:
    """One block per year and method: rows of the balance down, products across."""
    cells = [r for r in view["tables"]["energy_balance"] if r[unit] is not None]
    if not cells:
        return
    said = "（万吨标准煤，当量值）" if unit == "tce" else "（规范单位：吨、立方米、千瓦时、吉焦）"
    sheet = _sheet(book, view, title, f"能源平衡表{said}")
    at = 4
    products = sorted(
        {r["product"] for r in cells}, key=lambda p: view["products"].get(p, ("", "", 99))[2]
    )
    for year, method in sorted(
        {(r["year"], r["method"]) for r in cells}, key=lambda k: (-k[0], k[1])
    ):
        held = {
            (r["row"], r["product"]): r[unit]
            for r in cells
            if (r["year"], r["method"]) == (year, method)
        }
        flows = sorted(
            {row for row, _ in held}, key=lambda f: view["flows"].get(f, ("", "", 99))[2]
        )
        put(
            sheet, at, 1, f"{year}年（{word_of(f'value.method.{method}')}）", wrap=False
        ).font = Font(name=FONT, size=11, bold=True)
        _heads(sheet, at + 1, ["项目", *(view["products"].get(p, (p,))[0] for p in products)])
        for n, flow in enumerate(flows, at + 2):
            put(sheet, n, 1, view["flows"].get(flow, (flow,))[0], wrap=False)
            for column, product in enumerate(products, 2):
                value = held.get((flow, product))
                put(
                    sheet,
                    n,
                    column,
                    None if value is None else value / (1e4 if unit == "tce" else 1),
                    "#,##0.00",
                    wrap=False,
                )
        at += len(flows) + 4
    _finish(sheet, 3, len(products) + 1, at, filters=False)
    sheet.column_dimensions["A"].width = 34


def _about(book: Workbook, view: Mapping[str, Any]) -> None:
    sheet = _sheet(book, view, "口径与缺项", "口径选项、缺项与说明")
    _heads(sheet, 4, ["口径选项", "取值"])
    at = 5
    for option, value in view["options"].items():
        put(sheet, at, 1, option, wrap=False)
        put(
            sheet,
            at,
            2,
            "未指定" if value is None else value,
            "0" if option == "stand_in_year" else "",
            wrap=False,
        )
        at += 1
    for heading, lines in (
        ("缺项（未计算的内容及所需文件）", [say_missing(code) for code in view["missing"]]),
        ("尚无数据的报表", [f"{zh}（{form}）" for form, zh, _ in view["empty"]]),
    ):
        at += 1
        put(sheet, at, 1, heading, wrap=False).font = Font(name=FONT, size=11, bold=True)
        for line in lines or ["无"]:
            at += 1
            put(sheet, at, 1, line, wrap=False)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 46, 30


def _sheet(book: Workbook, view: Mapping[str, Any], name: str, title: str) -> Worksheet:
    sheet = book.create_sheet(name)
    sheet.sheet_view.showGridLines = False
    put(sheet, 1, 1, f"{view['place_zh']} · {title}", wrap=False).font = Font(
        name=FONT, size=14, bold=True, color="14505C"
    )
    said = (
        f"{word('judged_on')} {view['judged_on']}　{word('ledger_head')} {str(view['ledger_head'])[:10]}"
        + ("　" + word("accounts.demo") if view["demo"] else "")
    )
    put(sheet, 2, 1, said, wrap=False).font = Font(
        name=FONT, size=9, color="7A5C00" if view["demo"] else "52606D"
    )
    (
        sheet.page_setup.orientation,
        sheet.page_setup.paperSize,
        sheet.page_setup.fitToWidth,
        sheet.page_setup.fitToHeight,
    ) = "landscape", 9, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return sheet


def _heads(sheet: Worksheet, row: int, headings: list[str]) -> None:
    for column, heading in enumerate(headings, 1):
        cell = put(sheet, row, column, heading)
        cell.font, cell.fill = Font(name=FONT, size=10, bold=True, color="FFFFFF"), HEAD_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _finish(sheet: Worksheet, top: int, columns: int, rows: int, filters: bool = True) -> None:
    sheet.freeze_panes = sheet.cell(row=top + 1, column=2)
    for column in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 15
    if filters:
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(columns)}{top + rows}"
