"""A dispatch study as a workbook: summary, sources, plants, the week and the peak day by the hour,
curves, the published year beside it, assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.chart import AreaChart, Reference

from hengtan.report.page.power import (
    LINE_COLUMNS,
    NODE_COLUMNS,
    PRICES,
    price_said,
    said_of,
    study_name,
)
from hengtan.report.page.power_charts import POWER_WORDS, in_order, kind_name
from hengtan.report.sheet.cells import Column, book_bytes
from hengtan.report.sheet.plain import TENTH_PER_CENT, WHOLE, Head, SpokenBook

TWO_DECIMALS, THREE_DECIMALS = "#,##0.00", "#,##0.000"
MWH_OF_YI, MW_OF_WAN, WAN, YUAN_OF_MWH = 1e5, 10.0, 1e4, 1e3
Row = Mapping[str, Any]


def dispatch_book(view: Row, week: Row, lang: str = "zh") -> bytes:
    """The workbook of what ``desk.power_page.dispatch_view`` shows, a plan being there."""
    answer = view["answer"]
    book = SpokenBook(study_name(answer["study"], lang), lang)
    said = [said_of(answer, book.lang), price_said(answer, book.lang), book.word("power.how")]
    if answer["demo"]:
        said.insert(0, book.word("power.demo"))
    said.insert(0, book.word("power.paper.assumed", count=len(answer["assumptions"])))
    book.sheet(book.word("power.sheet.said"), [Head("pathway.column.said", 110)], _lines(said))
    _sources(book, answer)
    _plants(book, answer)
    if answer["nodes"]:
        _nodes(book, answer)
        _lines_between(book, answer)
        _node_hours(book, week)
    _hours(book, book.word("power.sheet.week"), week["rows"], week["shortage"], week["load"])
    day = answer["peak_day"]
    _hours(book, book.word("power.sheet.peak"), day["rows"], day["shortage"], day["demand"])
    _curves(book, view["durations"])
    assumptions = _lines([row[lang] for row in answer["assumptions"]])
    book.sheet(book.word("power.assumptions"), [Head("pathway.column.said", 110)], assumptions)
    return book_bytes(book.book)


def _lines(texts: Sequence[str]) -> list[list[str]]:
    return [[text] for text in texts]


def _sources(book: SpokenBook, answer: Row) -> None:
    row = answer["summary"]
    total = sum(row["generation"].values()) or 1.0
    columns: list[Column | Head] = [
        Head("power.source", 30),
        Head("power.energy", form=TWO_DECIMALS),
        Head("power.share", form=TENTH_PER_CENT),
        Head("power.curtailed", form=TENTH_PER_CENT),
    ]
    rows = [
        [
            kind_name(kind, book.lang),
            energy / MWH_OF_YI,
            energy / total,
            row["curtailment"].get(kind),
        ]
        for kind in in_order(row["generation"])
        for energy in [row["generation"][kind]]
    ]
    book.sheet(book.word("power.sources"), columns, rows)
    if not answer["outturn"]:
        return
    columns = [
        Head("power.source", 30),
        *(Head(f"power.{n}", form=TWO_DECIMALS) for n in ("computed", "published", "difference")),
        Head("power.error", form=TENTH_PER_CENT),
        Head("scenario.budget.basis", 50),
    ]
    published = [
        [
            POWER_WORDS.say(f"outturn.{each['kind']}", book.lang),
            *(each[name] for name in ("computed", "published", "difference", "share", "source")),
        ]
        for each in answer["outturn"]
    ]
    book.sheet(book.word("power.sheet.outturn"), columns, published)


def _plants(book: SpokenBook, answer: Row) -> None:
    columns: list[Column | Head] = [
        Head("power.source", 20),
        Head("power.name", 50),
        *(Head(f"power.{n}", form=TWO_DECIMALS) for n in ("capacity", "built", "output")),
        Head("power.full_hours", form="#,##0"),
        Head("power.carbon", form=TWO_DECIMALS),
        Head("scenario.budget.basis", 50),
    ]
    rows = [
        [
            kind_name(row["kind"], book.lang),
            row["name"],
            row["capacity"] / MW_OF_WAN,
            row["built"] / MW_OF_WAN,
            row["output"] / MWH_OF_YI,
            row["full_hours"],
            row["carbon"] / WAN,
            row["source"],
        ]
        for row in answer["plants"]
    ]
    book.sheet(book.word("power.plants"), columns, rows)


def _nodes(book: SpokenBook, answer: Row) -> None:
    columns: list[Column | Head] = [
        Head("power.node", 20),
        *(Head(f"power.node.{n}", form=TWO_DECIMALS) for n in NODE_COLUMNS[:3]),
        *(Head(f"power.node.{n}", form=THREE_DECIMALS) for n in PRICES),
        Head("power.node.shortage_hours", form=WHOLE),
    ]
    rows = [
        [
            row["node"],
            *(row[n] / MWH_OF_YI for n in NODE_COLUMNS[:3]),
            *(row[n] / YUAN_OF_MWH for n in PRICES),
            row["shortage_hours"],
        ]
        for row in answer["nodes"]
    ]
    book.sheet(book.word("power.nodes"), columns, rows)


def _lines_between(book: SpokenBook, answer: Row) -> None:
    columns: list[Column | Head] = [
        Head("power.line", 40),
        *(Head(f"power.line.{n}", 16) for n in ("start", "end", "law")),
        *(Head(f"power.line.{n}", form=TWO_DECIMALS) for n in LINE_COLUMNS[:4]),
        Head("power.line.full_hours", form=WHOLE),
        Head("power.line.rent", form=TWO_DECIMALS),
        Head("scenario.budget.basis", 50),
    ]
    rows = [
        [
            *(row[n] for n in ("line", "start", "end")),
            book.word(f"power.line.{'by_angle' if row['by_angle'] else 'chosen'}"),
            row["capacity"] / MW_OF_WAN,
            *(row[n] / MWH_OF_YI for n in ("forward", "back", "lost")),
            row["full_hours"],
            row["rent"] / WAN,
            row["source"],
        ]
        for row in answer["lines"]
    ]
    book.sheet(book.word("power.lines"), columns, rows)


def _node_hours(book: SpokenBook, week: Row) -> None:
    """Prices of nodes [yuan/kWh] and flows of lines [10⁴ kW] in the hours of a week."""
    columns: list[Column | Head] = [
        Head("power.hour", form=WHOLE),
        *(Column(name, 20, THREE_DECIMALS) for name in week["prices"]),
        *(Column(name, 24, TWO_DECIMALS) for name in week["flows"]),
    ]
    rows = [
        [
            hour,
            *(values[hour] / YUAN_OF_MWH for values in week["prices"].values()),
            *(values[hour] / MW_OF_WAN for values in week["flows"].values()),
        ]
        for hour in range(len(week["load"]))
    ]
    book.sheet(book.word("power.sheet.nodes"), columns, rows)


def _hours(
    book: SpokenBook, title: str, rows: Mapping[str, Sequence[float]], shortage: Any, load: Any
) -> None:
    """Hours down, sources across, with their picture. [10⁴ kW]"""
    kinds = in_order(rows)
    columns: list[Column | Head] = [
        Head("power.hour", form=WHOLE),
        *(Column(kind_name(kind, book.lang), 16, TWO_DECIMALS) for kind in kinds),
        Column(kind_name("shortage", book.lang), 16, TWO_DECIMALS),
        Head("power.load", 16, TWO_DECIMALS),
    ]
    table = [
        [
            hour,
            *(rows[kind][hour] / MW_OF_WAN for kind in kinds),
            shortage[hour] / MW_OF_WAN,
            load[hour] / MW_OF_WAN,
        ]
        for hour in range(len(load))
    ]
    sheet = book.sheet(title, columns, table)
    chart = AreaChart()
    chart.grouping, chart.title = "stacked", title
    chart.height, chart.width = 9, 20
    amounts = Reference(sheet, min_col=2, max_col=2 + len(kinds), min_row=1, max_row=len(table) + 1)
    chart.add_data(amounts, titles_from_data=True)
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, f"A{len(table) + 4}")


def _curves(book: SpokenBook, curves: Row) -> None:
    columns: list[Column | Head] = [
        Head("power.axis.share", 20, TWO_DECIMALS),
        *(Head(f"power.{name}", 26, TWO_DECIMALS) for name in ("load", "net_load")),
        Head("power.sheet.price", 26, THREE_DECIMALS),
    ]
    rows = [
        [100 * share, load / MW_OF_WAN, net / MW_OF_WAN, price / 1e3]
        for share, load, net, price in zip(
            curves["load"]["share"],
            curves["load"]["value"],
            curves["net_load"]["value"],
            curves["price"]["value"],
            strict=True,
        )
    ]
    book.sheet(book.word("power.curves"), columns, rows)
