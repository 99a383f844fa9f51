"""A study of a pathway as a workbook: by year with its picture, wedges, cost curve, the base year
beside the accounts, gaps and assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.chart import LineChart, Reference

from hengtan.basis.whole_files import write_whole
from hengtan.report.sheet.cells import book_bytes, new_book
from hengtan.report.sheet.plain import PER_CENT, WHOLE, column, sheet_of
from hengtan.report.words import word

Row = Mapping[str, Any]
TEN_THOUSAND = 1e4
TWO_DECIMALS, NO_DECIMALS = "#,##0.00", "#,##0"
YEARS = (
    column("pathway.column.year", form=WHOLE),
    column("pathway.column.nature"),
    column("pathway.column.without", form=TWO_DECIMALS),
    column("pathway.column.with", form=TWO_DECIMALS),
    column("pathway.column.cut", form=TWO_DECIMALS),
    column("pathway.column.energy", form=TWO_DECIMALS),
    column("pathway.column.assumed_share", 22, form=PER_CENT),
)
WEDGES = (
    column("pathway.column.measure", 24),
    column("pathway.column.measure_title", 36),
    column("pathway.column.clause", 26),
    column("pathway.column.targets", 30),
    column("pathway.column.cut", form=TWO_DECIMALS),
    column("pathway.column.mark"),
)
CURVE = (
    column("pathway.column.measure", 24),
    column("pathway.column.measure_title", 36),
    column("pathway.column.cut", form=TWO_DECIMALS),
    column("pathway.column.cost", form=TWO_DECIMALS),
    column("pathway.column.per_tonne", form=NO_DECIMALS),
    column("pathway.column.mark"),
    column("pathway.column.cost_mark"),
)
BASE = (
    column("pathway.column.place"),
    column("pathway.column.kind"),
    column("pathway.column.row"),
    column("pathway.column.product", 26),
    column("pathway.column.model", form=TWO_DECIMALS),
    column("pathway.column.account", form=TWO_DECIMALS),
    column("pathway.column.difference", form="0.00E+00"),
    column("pathway.column.unit"),
)
SAID = (column("pathway.column.kind"), column("pathway.column.said", 90))


def write_pathway(study: Row, lines: Sequence[Row], path: Path) -> Path:
    """The workbook of a study (``PathwayDesk.as_dict``) with its base year's lines beside the
    accounts.
    """
    book = new_book(word("pathway.sheet.title"))
    base = study["base_year"]
    years = sheet_of(
        book, word("pathway.sheet.years"), YEARS, [_year(row, base) for row in study["years"]]
    )
    _picture(years, len(study["years"]))
    last = len(study["years"]) + 3
    years.cell(last, 1, word("pathway.note"))
    sheet_of(
        book,
        f"{word('pathway.sheet.wedges')}{study['year']}",
        WEDGES,
        [_wedge(row) for row in study["wedges"]],
    )
    curve = [_step(row) for row in study["cost_curve"]]
    sheet_of(book, f"{word('pathway.sheet.curve')}{study['year']}", CURVE, curve)
    sheet_of(book, word("pathway.sheet.base"), BASE, [_line(row) for row in lines])
    gaps = [(word("pathway.gap"), row["zh"]) for row in study["gaps"]]
    assumptions = [(word("pathway.assumption"), row["zh"]) for row in study["assumptions"]]
    sheet_of(book, word("pathway.sheet.said"), SAID, [*gaps, *assumptions])
    return write_whole(path, book_bytes(book))


def _year(row: Row, base: int) -> list[Any]:
    nature = "pathway.outturn" if row["year"] == base else "pathway.projected"
    amounts = [row[name] / TEN_THOUSAND for name in ("without_measures", "with_measures", "cut")]
    energy = row["energy"] / TEN_THOUSAND
    return [row["year"], word(nature), *amounts, energy, row["assumed_share"]]


def _wedge(row: Row) -> list[Any]:
    return [
        row["measure"],
        row["title"],
        row["clause"],
        "；".join(row["targets"]),
        row["cut"] / TEN_THOUSAND,
        _mark(row["established"]),
    ]


def _step(row: Row) -> list[Any]:
    cost = row["cost"]
    return [
        row["measure"],
        row["title"],
        row["cut"] / TEN_THOUSAND,
        None if cost is None else cost / TEN_THOUSAND,
        row["per_tonne"],
        _mark(row["cut_established"]),
        _mark(row["cost_established"]),
    ]


def _line(row: Row) -> list[Any]:
    kind = word(f"pathway.kind.{row['kind']}")
    figures = (row["model"], row["account"], row["difference"])
    return [row["place"], kind, row["row"], row["product"], *figures, row["unit"]]


def _mark(established: bool) -> str:
    return word("pathway.established" if established else "pathway.assumed")


def _picture(sheet: Any, count: int) -> None:
    """Emissions without and with measures by year."""
    chart = LineChart()
    chart.title = word("pathway.sheet.title")
    chart.height, chart.width = 9, 18
    amounts = Reference(sheet, min_col=3, max_col=4, min_row=1, max_row=count + 1)
    chart.add_data(amounts, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=count + 1))
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, f"A{count + 5}")
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 1
