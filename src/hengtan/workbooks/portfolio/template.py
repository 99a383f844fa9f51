"""Writes the workbook of a portfolio study to fill, with an invented example in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.errors import Where
from hengtan.workbooks.cells import Line
from hengtan.workbooks.portfolio.layout import DRIVERS, EXAMPLE, IN_ENGLISH, SHEETS
from hengtan.workbooks.portfolio.tables import money, sheets_of
from hengtan.workbooks.templates import said_in

MONEY = ("投资", "运行", "支出")
"""Headings of amounts of money."""
MARKS = ("假设", "已认定")
CHOICES: Mapping[str, Sequence[str]] = {
    "认定": MARKS,
    "效应认定": MARKS,
    "费用认定": MARKS,
    "整体": ("是", "否"),
    "指标": ("排放", "能耗"),
    "关系": ("互斥", "前提"),
    "对象": ("投资", "减排"),
    "按": ("人口", "权重"),
}
"""What some cells can be."""
OF_YEARS = ("内容", "年份", "起始年")
"""Headings whose numbers are years, which have no thousands mark."""
WIDTH = 28


def template(to: Path, lang: str = "zh") -> Path:
    """Write the workbook in a language."""
    from hengtan.report.sheet.cells import Column
    from hengtan.report.sheet.plain import WHOLE
    from hengtan.report.sheet.to_fill import SheetToFill, write_to_fill
    from hengtan.report.words import word

    example = sheets_of(EXAMPLE)
    filled = []
    for title, headings in SHEETS.items():
        lines = example.of(title)
        years = {name for line in lines for name in line.cells} - set(headings)
        wide = [*headings, *sorted(years)]
        rows = [[_value(line, name, lang) for name in wide] for line in lines]
        own = [*DRIVERS] if title in ("驱动", "措施") else []
        choices = {**CHOICES, **({"驱动": own} if own else {})}
        columns = [Column(name, WIDTH, WHOLE if name in OF_YEARS else "") for name in wide]
        filled.append(said_in(IN_ENGLISH, SheetToFill(title, columns, rows, choices), lang))
    return write_to_fill(to, word("portfolio.title", lang), filled)


def _value(line: Line, heading: str, lang: str) -> Any:
    """A cell of the example: a number where it is one; in English amounts of money are numbers of
    10,000 yuan, as its headings say, and people are counted.
    """
    text = line.cells.get(heading)
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        pass
    if lang != "zh" and heading in MONEY:
        return money(Line({heading: text}, Where()), heading)
    if lang != "zh" and heading == "人口":
        return Line({heading: text}, Where()).number(heading)
    return text
