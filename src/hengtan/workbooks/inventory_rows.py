"""Inventories of other cities as rows of the form ``city_inventories``: one a city, year and
reference.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.whole_files import write_whole
from hengtan.workbooks.gpc import GpcReport

HEADINGS = ("城市", "年份", "GPC编号", "排放量", "记号", "来源")
YEAR = re.compile(r"(?:19|20)\d\d")


def write_inventory_rows(report: GpcReport, path: Path) -> Path:
    """Write the cells of every inventory of a checked file; gives the path back.

    Raises HengtanError for a file with errors, or an inventory without city and year.
    """
    if not report.sound:
        raise HengtanError(
            "清单有错误，没有写出",
            "the inventories have errors, nothing written",
            where=Where(report.file, report.sheet),
            todo="先改正列出的错误，或加 --partly",
            todo_en="correct the errors listed, or give --partly",
        )
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(_rows(report))
    return write_whole(path, content.getvalue().encode("utf-8-sig"))


def _rows(report: GpcReport) -> Iterator[tuple[object, ...]]:
    for inventory, label, cells in zip(
        report.inventories, report.labels, report.cells, strict=True
    ):
        city, year = _city_and_year(label, report, inventory["line"])
        for reference, cell in cells.items():
            if not cell.blank:
                value = "" if cell.value is None else repr(cell.value)
                yield city, year, reference, value, ";".join(cell.keys), report.file


def _city_and_year(label: tuple[str, ...], report: GpcReport, line: int) -> tuple[str, str]:
    """City and year of an inventory."""
    year = next((m.group() for part in label[::-1] if (m := YEAR.fullmatch(part[:4]))), "")
    city = next((part for part in label if part and part[:4] != year), "")
    if city and year:
        return city, year
    raise HengtanError(
        "清单没有城市或年份",
        "an inventory without city or year",
        where=Where(report.file, report.sheet, row=line),
        todo="补上“城市”和“年份”两列",
        todo_en="give the columns City and Year",
    )
