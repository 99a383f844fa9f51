"""The supply of a park or building as a workbook: what it says, sizes, months with their picture,
the mean day, shares, limits that bind and assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.chart import BarChart, Reference

from hengtan.report.page.park_charts import NOT_SOURCES
from hengtan.report.page.power import MONTH_COLUMNS, park_context
from hengtan.report.page.power_charts import kind_name
from hengtan.report.sheet.cells import Column, book_bytes
from hengtan.report.sheet.plain import TENTH_PER_CENT, WHOLE, Head, SpokenBook
from hengtan.report.word.park import notices
from hengtan.report.words import word

TWO_DECIMALS, WAN = "#,##0.00", 1e4
Row = Mapping[str, Any]


def park_book(view: Row, lang: str = "zh") -> bytes:
    """The workbook of what ``desk.power_page.park_view`` shows, a plan being there."""
    answer, shown = view["answer"], park_context(view, lang)
    book = SpokenBook(word("power.park.paper.title", lang, park=answer["study"]["park"]), lang)
    said = [*notices(answer, lang), shown["park_said"], shown["park_loss"]]
    one_column = [Head("pathway.column.said", 110)]
    book.sheet(book.word("power.sheet.said"), one_column, _lines(said))
    _sizes(book, answer)
    _months(book, answer)
    _day(book, answer)
    _shares(book, answer, shown)
    book.sheet(book.word("power.park.binding"), one_column, _lines(shown["park_binding"]))
    assumptions = _lines([row[lang] for row in answer["assumptions"]])
    book.sheet(book.word("power.assumptions"), one_column, assumptions)
    return book_bytes(book.book)


def _lines(texts: Sequence[str]) -> list[list[str]]:
    return [[text] for text in texts]


def _sizes(book: SpokenBook, answer: Row) -> None:
    sizes = [[kind_name(kind, book.lang), kw, "kW"] for kind, kw in answer["built"].items()]
    sizes.append([book.word("power.park.store_energy"), answer["store_energy"], "kWh"])
    sizes.append([book.word("power.park.store_power"), answer["store_power"], "kW"])
    columns = [
        Head("power.park.what", 30),
        Head("power.park.amount", form=TWO_DECIMALS),
        Head("pathway.column.unit"),
    ]
    book.sheet(book.word("power.park.sizes"), columns, sizes)


def _months(book: SpokenBook, answer: Row) -> None:
    """Energy by month in 10^4 kWh, with a picture of own and bought."""
    columns: list[Column | Head] = [
        Head("power.park.month", form=WHOLE),
        *(Head(f"power.park.{name}", 22, TWO_DECIMALS) for name in MONTH_COLUMNS),
        Head("power.park.own_share", form=TENTH_PER_CENT),
    ]
    rows = [
        [
            row["month"],
            *(row[name] / WAN for name in MONTH_COLUMNS),
            row["own"] / row["load"] if row["load"] else None,
        ]
        for row in answer["months"]
    ]
    sheet = book.sheet(book.word("power.park.months"), columns, rows)
    sheet.cell(len(rows) + 3, 1, book.word("power.park.months.how"))
    chart = BarChart()
    chart.grouping, chart.overlap = "stacked", 100
    chart.title = book.word("power.park.chart.months")
    chart.height, chart.width = 9, 20
    amounts = Reference(sheet, min_col=3, max_col=5, min_row=1, max_row=len(rows) + 1)
    chart.add_data(amounts, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=len(rows) + 1))
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, f"A{len(rows) + 5}")
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 1


def _day(book: SpokenBook, answer: Row) -> None:
    """The mean day by the hour, in kW."""
    day = answer["day"]
    sources = [name for name in day if name not in NOT_SOURCES]
    flows = ("discharge", "charge", "bought", "sold", "load")
    columns: list[Column | Head] = [
        Head("power.park.hour", form=WHOLE),
        *(Column(kind_name(name, book.lang), 16, TWO_DECIMALS) for name in sources),
        *(Head(f"power.park.{name}", 16, TWO_DECIMALS) for name in flows),
    ]
    rows = [
        [hour, *(day[name][hour] for name in (*sources, *flows))]
        for hour in range(len(day["load"]))
    ]
    book.sheet(book.word("power.park.day"), columns, rows)


def _shares(book: SpokenBook, answer: Row, shown: Row) -> None:
    columns: list[Column | Head] = [
        Head("power.share", 30),
        Head("power.park.amount", form=TENTH_PER_CENT),
        Head("power.park.threshold", 14, TENTH_PER_CENT),
        Head("power.park.met"),
        Head("power.park.said_by", 60),
    ]
    rows = [
        [
            book.word(f"power.park.share.{row['share']}"),
            row["value"],
            row["threshold"],
            said["met"],
            " ".join((said["said_by"], *said["warnings"])),
        ]
        for row, said in zip(answer["shares"], shown["park_shares"], strict=True)
    ]
    book.sheet(book.word("power.park.shares"), columns, rows)
