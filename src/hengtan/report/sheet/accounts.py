"""The accounts of a place as a workbook: the balance as rows and products, a sheet an account,
options, what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hengtan.graph.domains import Column, Section
from hengtan.graph.said import heading, say_missing, word_of
from hengtan.report.account_tables import (
    SHARES,
    TEN_THOUSAND,
    View,
    name_in,
    shown,
    tabled,
    title,
)
from hengtan.report.files import list_csv_bytes
from hengtan.report.sheet.cells import (
    FONT,
    HEAD_FILL,
    HOUSE,
    across,
    book_bytes,
    line,
    new_book,
    put,
)
from hengtan.report.sheet.lists import ListSheet, lists_bytes
from hengtan.report.words import word

Rows = Sequence[Mapping[str, Any]]
HEADER_ROW = 4
LONGEST_NAME = 31
"""Characters that a sheet's name may have."""
WIDTH, NAME_WIDTH = 15, 34
OPTION_WIDTHS = (46, 30)
_NO_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")
DEMO_INK, META_INK = "7A5C00", "52606D"
YEARS = ("year", "price_base")
"""Columns of years, which carry no thousands mark."""


@dataclass(frozen=True)
class Frame:
    """The workbook of the accounts of a place in a language."""

    book: Workbook
    view: View
    lang: str = "zh"

    def word(self, key: str, **parts: Any) -> str:
        """A word in the language of the workbook."""
        return word(key, self.lang, **parts)

    def sheet(self, name: str, title: str) -> Worksheet:
        """A sheet with its title and the line that says of which state of the ledger it is."""
        view = self.view
        sheet = self.book.create_sheet(self._free(name))
        sheet.sheet_view.showGridLines = False
        place = (self.lang == "en" and view["place_en"]) or view["place_zh"]
        line(sheet, 1, f"{place} · {title}", size=14, bold=True, color=HOUSE)
        head = str(view["ledger_head"])[:10]
        state = [f"{self.word('judged_on')} {view['judged_on']}"]
        state.append(f"{self.word('ledger_head')} {head}")
        if view["demo"]:
            state.append(self.word("accounts.demo"))
        if view["self_approved"]:
            state.append(self.word("accounts.self_approved"))
        ink = DEMO_INK if view["demo"] else META_INK
        line(sheet, 2, "　".join(state), size=9, color=ink)
        across(sheet)
        return sheet

    def _free(self, name: str) -> str:
        """A name that no sheet has yet, no longer than one may be."""
        short = _NO_SHEET_NAME.sub(" ", name)[:LONGEST_NAME].strip()
        taken = {sheet.title.lower() for sheet in self.book}
        number = 1
        while short.lower() in taken:
            number += 1
            short = f"{short[: LONGEST_NAME - 3].strip()} {number}"
        return short


def accounts_bytes(view: View, lang: str = "zh") -> bytes:
    """The workbook as bytes; numbers are numbers."""
    frame = Frame(new_book(""), view, lang)
    for unit in ("tce", "physical"):
        _balance(frame, unit)
    for section in tabled():
        rows = view["tables"].get(section.account, [])
        if rows and section.sheet:
            _account(frame, section, rows)
    _about(frame)
    return book_bytes(frame.book)


def table_rows(view: View, section: Section, rows: Rows, lang: str) -> list[list[Any]]:
    """The lines of one table as a file holds them: figures as numbers, codes as words."""
    ordered = sorted(rows, key=lambda row: (-(row.get("year") or 0), str(row.get("method"))))
    return [
        [
            row.get(column.name)
            if column.name in SHARES
            else shown(view, column, row.get(column.name), lang)
            for column in section.columns
        ]
        for row in ordered
    ]


def table_excel(view: View, section: Section, rows: Rows, lang: str = "zh") -> bytes:
    """One table as a workbook."""
    heads = [heading(section, column.name, lang) for column in section.columns]
    name = title(section, lang)
    return lists_bytes(name, [ListSheet(name, heads, table_rows(view, section, rows, lang))])


def table_csv(view: View, section: Section, rows: Rows, lang: str = "zh") -> bytes:
    """One table as a CSV file that Excel reads."""
    heads = [heading(section, column.name, lang) for column in section.columns]
    return list_csv_bytes(heads, table_rows(view, section, rows, lang))


def _account(frame: Frame, section: Section, rows: Sequence[Mapping[str, Any]]) -> None:
    """One account, the latest year first."""
    columns, lang, called = section.columns, frame.lang, title(section, frame.lang)
    sheet = frame.sheet(word_of(f"sheet.{section.account}", lang, called), called)
    _heads(sheet, HEADER_ROW, [heading(section, column.name, lang) for column in columns])
    ordered = sorted(rows, key=lambda row: (-(row.get("year") or 0), str(row.get("method"))))
    for number, row in enumerate(ordered, HEADER_ROW + 1):
        for place, column in enumerate(columns, 1):
            value = row.get(column.name)
            if column.name not in SHARES:
                value = shown(frame.view, column, value, lang)
            put(sheet, number, place, value, _form(column), wrap=False, lang=lang)
    _finish(sheet, HEADER_ROW, len(columns))
    last = f"{get_column_letter(len(columns))}{HEADER_ROW + len(rows)}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}"


def _form(column: Column) -> str:
    if column.name in SHARES:
        return "0.00%"
    return "0" if column.name in YEARS else ""


def _balance(frame: Frame, unit: str) -> None:
    """One block a year and method: rows of the balance down, products across.

    ``unit``: ``tce`` (shown in 10⁴) or ``physical``.
    """
    view, lang = frame.view, frame.lang
    cells = [row for row in view["tables"]["energy_balance"] if row[unit] is not None]
    if not cells:
        return
    key = f"accounts.balance.{unit}"
    sheet = frame.sheet(frame.word(key), frame.word(f"{key}.title"))
    products = _in_order({row["product"] for row in cells}, view["products"])
    blocks = sorted(
        {(row["year"], row["method"]) for row in cells}, key=lambda block: (-block[0], block[1])
    )
    top = HEADER_ROW
    for year, method in blocks:
        values = {
            (row["row"], row["product"]): row[unit]
            for row in cells
            if (row["year"], row["method"]) == (year, method)
        }
        said = word_of(f"value.method.{method}", lang)
        block_title = frame.word("accounts.balance.block", year=year, method=said)
        line(sheet, top, block_title, size=11, bold=True)
        names = [name_in(view["products"], product, lang) for product in products]
        _heads(sheet, top + 1, [frame.word("accounts.balance.row"), *names])
        flows = _in_order({flow for flow, _ in values}, view["flows"])
        scale = TEN_THOUSAND if unit == "tce" else 1
        for number, flow in enumerate(flows, top + 2):
            put(sheet, number, 1, name_in(view["flows"], flow, lang), wrap=False)
            for place, product in enumerate(products, 2):
                value = values.get((flow, product))
                scaled = None if value is None else value / scale
                put(sheet, number, place, scaled, "#,##0.00", wrap=False)
        top += len(flows) + 4
    _finish(sheet, HEADER_ROW - 1, len(products) + 1)
    sheet.column_dimensions["A"].width = NAME_WIDTH


def _in_order(codes: set[str], names: Mapping[str, Any]) -> list[str]:
    """Codes in the order of the balance; unknown ones last."""
    return sorted(codes, key=lambda code: names[code][2] if code in names else 99)


def _about(frame: Frame) -> None:
    """The options the accounts were run with, what is missing, which forms have no data."""
    view, said = frame.view, frame.word
    sheet = frame.sheet(said("accounts.about"), said("accounts.about.title"))
    _heads(sheet, HEADER_ROW, [said("accounts.options"), said("accounts.about.value")])
    row = HEADER_ROW + 1
    for option, value in view["options"].items():
        called = word_of(f"option.{option}", frame.lang, "")
        put(sheet, row, 1, f"{called} {option}".strip(), wrap=False)
        stated = said("accounts.about.not_stated") if value is None else value
        put(sheet, row, 2, stated, "0" if option == "stand_in_year" else "", wrap=False)
        row += 1
    missing = [say_missing(code, frame.lang) for code in view["missing"]]
    in_english = frame.lang == "en"
    empty = [
        f"{en} ({form})" if in_english else f"{zh}（{form}）" for form, zh, en in view["empty"]
    ]
    for key, texts in (("accounts.about.missing", missing), ("accounts.forms", empty)):
        row += 1
        line(sheet, row, said(key), size=11, bold=True)
        for text in texts or [said("accounts.about.none")]:
            row += 1
            put(sheet, row, 1, text, wrap=False)
    for letter, width in zip("AB", OPTION_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width


def _heads(sheet: Worksheet, row: int, headings: Sequence[str]) -> None:
    for place, text in enumerate(headings, 1):
        cell = put(sheet, row, place, text)
        cell.font, cell.fill = Font(name=FONT, size=10, bold=True, color="FFFFFF"), HEAD_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _finish(sheet: Worksheet, top: int, columns: int) -> None:
    """The header and the first column stay in view; columns of one width."""
    sheet.freeze_panes = sheet.cell(row=top + 1, column=2)
    for place in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH
