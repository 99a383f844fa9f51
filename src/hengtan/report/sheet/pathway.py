"""A study of a pathway as a workbook: by year with its picture, wedges, cost curve, the base year
beside the accounts, gaps and assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.chart import LineChart, Reference

from hengtan.report.page.pathway_charts import titled
from hengtan.report.sheet.plain import PER_CENT, WHOLE, Head, SpokenBook
from hengtan.report.words import word

Row = Mapping[str, Any]
TEN_THOUSAND = 1e4
TWO_DECIMALS, NO_DECIMALS = "#,##0.00", "#,##0"
YEARS = (
    Head("pathway.column.year", form=WHOLE),
    Head("pathway.column.nature"),
    Head("pathway.column.without", form=TWO_DECIMALS),
    Head("pathway.column.with", form=TWO_DECIMALS),
    Head("pathway.column.cut_direct", form=TWO_DECIMALS),
    Head("pathway.column.energy", form=TWO_DECIMALS),
    Head("pathway.column.indirect_without", 20, form=TWO_DECIMALS),
    Head("pathway.column.indirect_with", 20, form=TWO_DECIMALS),
    Head("pathway.column.cut_indirect", form=TWO_DECIMALS),
    Head("pathway.column.cut_whole", form=TWO_DECIMALS),
    Head("pathway.column.assumed_share", 22, form=PER_CENT),
)
WEDGES = (
    Head("pathway.column.measure", 24),
    Head("pathway.column.measure_title", 36),
    Head("pathway.column.clause", 26),
    Head("pathway.column.targets", 30),
    Head("pathway.column.cut_direct", form=TWO_DECIMALS),
    Head("pathway.column.cut_indirect", form=TWO_DECIMALS),
    Head("pathway.column.cut_whole", form=TWO_DECIMALS),
    Head("pathway.column.mark"),
)
CURVE = (
    Head("pathway.column.measure", 24),
    Head("pathway.column.measure_title", 36),
    Head("pathway.column.cut_direct", form=TWO_DECIMALS),
    Head("pathway.column.cut_indirect", form=TWO_DECIMALS),
    Head("pathway.column.cut_whole", form=TWO_DECIMALS),
    Head("pathway.column.cost", form=TWO_DECIMALS),
    Head("pathway.column.per_tonne", form=NO_DECIMALS),
    Head("pathway.column.mark"),
    Head("pathway.column.cost_mark"),
)
BASE = (
    Head("pathway.column.place"),
    Head("pathway.column.kind"),
    Head("pathway.column.row"),
    Head("pathway.column.product", 26),
    Head("pathway.column.model", form=TWO_DECIMALS),
    Head("pathway.column.account", form=TWO_DECIMALS),
    Head("pathway.column.difference", form="0.00E+00"),
    Head("pathway.column.unit"),
)
SAID = (Head("pathway.column.kind"), Head("pathway.column.said", 90))


def write_pathway(study: Row, lines: Sequence[Row], path: Path, lang: str = "zh") -> Path:
    """The workbook of a study (``PathwayDesk.as_dict``) with its base year's lines beside the
    accounts; ``lines``: as of ``base_lines`` of the page, in English also
    ``row_english`` and ``product_english``.
    """
    book = SpokenBook(word("pathway.sheet.title", lang), lang)
    rows = [_year(book, row, study["base_year"]) for row in study["years"]]
    years = book.sheet(book.word("pathway.sheet.years"), YEARS, rows)
    _picture(book, years, len(rows))
    years.cell(len(rows) + 3, 1, book.word("pathway.note"))
    wedges = [_wedge(book, row) for row in study["wedges"]]
    book.sheet(_of_year(book, "wedges", study["year"]), WEDGES, wedges)
    titles = {row["measure"]: titled(row, lang) for row in study["wedges"]}
    curve = [_step(book, row, titles) for row in study["cost_curve"]]
    book.sheet(_of_year(book, "curve", study["year"]), CURVE, curve)
    book.sheet(book.word("pathway.sheet.base"), BASE, [_line(book, row) for row in lines])
    gaps = [(book.word("pathway.gap"), row[lang]) for row in study["gaps"]]
    assumptions = [(book.word("pathway.assumption"), row[lang]) for row in study["assumptions"]]
    book.sheet(book.word("pathway.sheet.said"), SAID, [*gaps, *assumptions])
    return book.saved(path)


def _of_year(book: SpokenBook, sheet: str, year: int) -> str:
    """The title of a sheet that is of one year."""
    return book.word("pathway.sheet.of_year", title=book.word(f"pathway.sheet.{sheet}"), year=year)


def _year(book: SpokenBook, row: Row, base: int) -> list[Any]:
    nature = "pathway.outturn" if row["year"] == base else "pathway.projected"
    amounts = [row[name] / TEN_THOUSAND for name in ("without_measures", "with_measures", "cut")]
    energy = row["energy"] / TEN_THOUSAND
    indirect = [_in_ten_thousands(row[f"indirect_{name}"]) for name in ("without", "with", "cut")]
    whole = row["whole"] / TEN_THOUSAND
    return [
        row["year"],
        book.word(nature),
        *amounts,
        energy,
        *indirect,
        whole,
        row["assumed_share"],
    ]


def _in_ten_thousands(value: float | None) -> float | None:
    return None if value is None else value / TEN_THOUSAND


def _cuts(row: Row) -> list[float | None]:
    """What a measure takes off: direct, indirect and both."""
    return [_in_ten_thousands(row[name]) for name in ("cut", "indirect", "whole")]


def _wedge(book: SpokenBook, row: Row) -> list[Any]:
    return [
        row["measure"],
        titled(row, book.lang),
        row["clause"],
        book.word("list.clause").join(row["targets"]),
        *_cuts(row),
        _mark(book, row["established"]),
    ]


def _step(book: SpokenBook, row: Row, titles: Mapping[str, str]) -> list[Any]:
    return [
        row["measure"],
        titles.get(row["measure"], row["title"]),
        *_cuts(row),
        _in_ten_thousands(row["cost"]),
        row["per_tonne"],
        _mark(book, row["cut_established"]),
        _mark(book, row["cost_established"]),
    ]


def _line(book: SpokenBook, row: Row) -> list[Any]:
    kind = book.word(f"pathway.kind.{row['kind']}")
    figures = (row["model"], row["account"], row["difference"])
    in_language = "" if book.lang == "zh" else "_english"
    named = (row[f"row{in_language}"], row[f"product{in_language}"])
    return [row["place"], kind, *named, *figures, row["unit"]]


def _mark(book: SpokenBook, established: bool) -> str:
    return book.word("pathway.established" if established else "pathway.assumed")


def _picture(book: SpokenBook, sheet: Any, count: int) -> None:
    """Emissions without and with measures by year."""
    chart = LineChart()
    chart.title = book.word("pathway.sheet.title")
    chart.height, chart.width = 9, 18
    amounts = Reference(sheet, min_col=3, max_col=4, min_row=1, max_row=count + 1)
    chart.add_data(amounts, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=count + 1))
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, f"A{count + 5}")
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 1
