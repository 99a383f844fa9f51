"""What the sheets of the status workbook share: title lines, tables with filters and frozen
headers, print on A4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hengtan.report.sheet.cells import CJK, FONT, HEAD_FILL, HOUSE, Column, across, line, put
from hengtan.report.view import Row, StatusView
from hengtan.report.words import english_of, joined, word, word_or_code

RULE = Border(bottom=Side(style="thin", color="D9E0E6"))
META_INK, DEMO_INK, DRAFT_INK = "52606D", "7A5C00", "20424B"
WIDE, NARROW = 1.9, 1.05
LEAST_WIDTH = 11.0
"""Widths of a Chinese and of a Latin letter."""
LINE_HEIGHT, MOST_LINES, TITLE_HEIGHT, HEAD_HEIGHT = 15.5, 12, 26, 30


@dataclass(frozen=True)
class Field:
    """A column: the key of its heading, its width, what it says of a row in a language, and its
    number format.
    """

    key: str
    width: float
    value: Callable[[Row, Frame], Any]
    form: str = ""

    def column(self, frame: Frame) -> Column:
        """Heading, width and format; no English word is broken."""
        least = LEAST_WIDTH if frame.lang == "en" else 0
        return Column(frame.word(self.key), max(self.width, least), self.form)


def field(
    key: str, width: float, value: Callable[[Row, Frame], Any] | str, form: str = ""
) -> Field:
    """A column headed by the word of a key; ``value`` may be the name of a field of the row."""
    if isinstance(value, str):
        name = value
        return Field(key, width, lambda row, frame: row.get(name), form)
    return Field(key, width, value, form)


def named(key: str, width: float, stem: str) -> Field:
    """A column of what the data have in both languages: ``stem_zh`` and ``stem_en``."""
    return Field(key, width, lambda row, frame: frame.said(row, stem))


@dataclass(frozen=True)
class Frame:
    """The workbook of a view in a language."""

    book: Workbook
    view: StatusView
    lang: str = "zh"

    def word(self, key: str, **parts: Any) -> str:
        """A word in the language of the workbook."""
        return word(key, self.lang, **parts)

    def coded(self, kind: str, code: Any) -> str:
        """The word of a code; the code where there is none."""
        return word_or_code(kind, code, self.lang)

    def said(self, row: Row, stem: str) -> str:
        """What the data have in both languages (``stem_zh`` or ``stem``, and ``stem_en``); in
        Chinese where they have no English.
        """
        chinese = str(row.get(f"{stem}_zh") or row.get(stem) or "")
        english = row.get(f"{stem}_en") or english_of(chinese)
        return str((self.lang == "en" and english) or chinese or row.get(f"{stem}_en") or "")

    def beside(self, text: str, note: str) -> str:
        """A text with a note in brackets."""
        return f"{text} ({note})" if self.lang == "en" else f"{text}（{note}）"

    def plan_name(self, plan: Row) -> str:
        """The short name of a plan, its title where it has none."""
        return self.said(plan, "short") or self.said(plan, "title")

    def titled(self, key: str) -> tuple[Worksheet, int]:
        """A sheet with its title and, where they apply, the demo and draft lines; and its next free
        row.
        """
        sheet = self.book.create_sheet(self.word(key))
        sheet.sheet_view.showGridLines = False
        title = f"{self.word('report.title')} · {self.word(key)}"
        line(sheet, 1, title, size=14, bold=True, color=HOUSE)
        sheet.row_dimensions[1].height = TITLE_HEIGHT
        line(sheet, 2, self._state(), size=9, color=META_INK)
        row = 3
        for text, ink in self._banners():
            line(sheet, row, text, size=10, bold=True, color=ink)
            row += 1
        self._set_print(sheet)
        return sheet, row + 1

    def _state(self) -> str:
        """The day judged, what was known, and the head of the ledger."""
        meta = self.view.meta
        facts = (
            ("judged_on", meta["judged_on"]),
            ("known_on", meta["known_on"]),
            ("ledger_head", str(meta["ledger_head"])[:10]),
        )
        return "　".join(f"{self.word(key)} {value or '—'}" for key, value in facts)

    def _banners(self) -> list[tuple[str, str]]:
        """Demo and draft lines with their colours."""
        is_demo = self.view.meta["demo"]
        banners = [(self.word("demo.banner"), DEMO_INK)] if is_demo else []
        draft = f"{self.word('field.separator')}{self.word('draft.banner')}"
        return banners + [
            (f"{self.plan_name(plan)}{draft}", DRAFT_INK)
            for plan in self.view.plans
            if plan["status"] == "draft"
        ]

    def _set_print(self, sheet: Worksheet) -> None:
        across(sheet)
        margins, foot = sheet.page_margins, sheet.oddFooter
        margins.left = margins.right = 0.4
        margins.top = margins.bottom = 0.6
        margins.footer = 0.25
        foot.center.text = self.word("page_of")
        foot.left.text = self.word("demo.banner" if self.view.meta["demo"] else "product.long")
        foot.right.text = str(self.view.meta["judged_on"])

    def filtered(
        self,
        sheet: Worksheet,
        top: int,
        fields: Sequence[Field],
        rows: Iterable[Row],
        *,
        freeze: int,
        tall: int | None = None,
    ) -> int:
        """The one table of a sheet, as ``filtered`` writes it; returns its last row."""
        columns = [entry.column(self) for entry in fields]
        values = ([entry.value(row, self) for entry in fields] for row in rows)
        return filtered(sheet, top, columns, values, freeze=freeze, tall=tall, lang=self.lang)


def table(
    sheet: Worksheet, top: int, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> int:
    """A heading row and rows below it; returns the row after next."""
    return _write(sheet, top, columns, rows, tall=len(columns)) + 2


def filtered(
    sheet: Worksheet,
    top: int,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    freeze: int,
    tall: int | None = None,
    lang: str = "zh",
) -> int:
    """The one table of a sheet, with filters; returns its last row.

    ``freeze`` columns stay in view; rows are as tall as the first ``tall`` columns need.
    """
    most = len(columns) if tall is None else tall
    last = _write(sheet, top, columns, rows, tall=most, lang=lang)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(columns))}{last}"
    sheet.freeze_panes = sheet.cell(row=top + 1, column=freeze + 1)
    sheet.print_title_rows = f"{top}:{top}"
    return last


def _write(
    sheet: Worksheet,
    top: int,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    tall: int,
    lang: str = "zh",
) -> int:
    """Headings and cells; returns the last row."""
    for place, column in enumerate(columns, start=1):
        cell = put(sheet, top, place, column.heading)
        cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = HEAD_FILL
        cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.row_dimensions[top].height = HEAD_HEIGHT * (1.5 if lang == "en" else 1)
    last = top
    for last, values in enumerate(rows, start=top + 1):
        for place, value in enumerate(values, start=1):
            cell = put(sheet, last, place, value, columns[place - 1].form, lang=lang)
            cell.border = RULE
        sheet.row_dimensions[last].height = _height(values[:tall], columns[:tall])
    return last


def _height(values: Sequence[Any], columns: Sequence[Column]) -> float:
    """Height for the cell that wraps into most lines, at most twelve."""
    lines = [
        sum(_lines(piece, column.width) for piece in _text(value).split("\n"))
        for value, column in zip(values, columns, strict=True)
    ]
    return LINE_HEIGHT * min(max(lines, default=1), MOST_LINES) + 3


def _lines(text: str, width: float) -> int:
    """Lines of a text in a column."""
    wide = sum(WIDE if ord(letter) > CJK else NARROW for letter in text)
    return max(1, -(-int(wide) // max(1, int(width - 1.5))))


def _text(value: Any) -> str:
    return joined(value) if isinstance(value, (list, tuple)) else str(value or "")


def whole(value: Any) -> Any:
    """A year as a number, anything else as text."""
    text = str(value or "")
    return int(text) if text.isdigit() else text
