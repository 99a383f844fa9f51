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
)
from hengtan.report.page.power_charts import POWER_WORDS, in_order, kind_name
from hengtan.report.sheet.cells import Column, book_bytes, new_book
from hengtan.report.sheet.plain import TENTH_PER_CENT, WHOLE, column, sheet_of
from hengtan.report.words import word

ZH = "zh"
TWO_DECIMALS, THREE_DECIMALS = "#,##0.00", "#,##0.000"
MWH_OF_YI, MW_OF_WAN, WAN, YUAN_OF_MWH = 1e5, 10.0, 1e4, 1e3
Row = Mapping[str, Any]


def dispatch_book(view: Row, week: Row) -> bytes:
    """The workbook of what ``desk.power_page.dispatch_view`` shows, a plan being there."""
    answer = view["answer"]
    book = new_book(answer["study"]["title"])
    said = [said_of(answer, ZH), price_said(answer, ZH), word("power.how")]
    if answer["demo"]:
        said.insert(0, word("power.demo"))
    said.insert(0, word("power.paper.assumed", count=len(answer["assumptions"])))
    sheet_of(book, word("power.sheet.said"), [column("pathway.column.said", 110)], _lines(said))
    _sources(book, answer)
    _plants(book, answer)
    if answer["nodes"]:
        _nodes(book, answer)
        _lines_between(book, answer)
        _node_hours(book, week)
    _hours(book, word("power.sheet.week"), week["rows"], week["shortage"], week["load"])
    day = answer["peak_day"]
    _hours(book, word("power.sheet.peak"), day["rows"], day["shortage"], day["demand"])
    _curves(book, view["durations"])
    assumptions = _lines([row["zh"] for row in answer["assumptions"]])
    sheet_of(book, word("power.assumptions"), [column("pathway.column.said", 110)], assumptions)
    return book_bytes(book)


def _lines(texts: Sequence[str]) -> list[list[str]]:
    return [[text] for text in texts]


def _sources(book: Any, answer: Row) -> None:
    row = answer["summary"]
    total = sum(row["generation"].values()) or 1.0
    columns = [
        column("power.source", 30),
        column("power.energy", form=TWO_DECIMALS),
        column("power.share", form=TENTH_PER_CENT),
        column("power.curtailed", form=TENTH_PER_CENT),
    ]
    rows = [
        [kind_name(kind, ZH), energy / MWH_OF_YI, energy / total, row["curtailment"].get(kind)]
        for kind in in_order(row["generation"])
        for energy in [row["generation"][kind]]
    ]
    sheet_of(book, word("power.sources"), columns, rows)
    if not answer["outturn"]:
        return
    columns = [
        column("power.source", 30),
        *(column(f"power.{n}", form=TWO_DECIMALS) for n in ("computed", "published", "difference")),
        column("power.error", form=TENTH_PER_CENT),
        column("scenario.budget.basis", 50),
    ]
    published = [
        [
            POWER_WORDS.say(f"outturn.{each['kind']}", ZH),
            *(each[name] for name in ("computed", "published", "difference", "share", "source")),
        ]
        for each in answer["outturn"]
    ]
    sheet_of(book, word("power.sheet.outturn"), columns, published)


def _plants(book: Any, answer: Row) -> None:
    columns = [
        column("power.source", 20),
        column("power.name", 50),
        *(column(f"power.{n}", form=TWO_DECIMALS) for n in ("capacity", "built", "output")),
        column("power.full_hours", form="#,##0"),
        column("power.carbon", form=TWO_DECIMALS),
        column("scenario.budget.basis", 50),
    ]
    rows = [
        [
            kind_name(row["kind"], ZH),
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
    sheet_of(book, word("power.plants"), columns, rows)


def _nodes(book: Any, answer: Row) -> None:
    columns = [
        column("power.node", 20),
        *(column(f"power.node.{n}", form=TWO_DECIMALS) for n in NODE_COLUMNS[:3]),
        *(column(f"power.node.{n}", form=THREE_DECIMALS) for n in PRICES),
        column("power.node.shortage_hours", form=WHOLE),
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
    sheet_of(book, word("power.nodes"), columns, rows)


def _lines_between(book: Any, answer: Row) -> None:
    columns = [
        column("power.line", 40),
        *(column(f"power.line.{n}", 16) for n in ("start", "end", "law")),
        *(column(f"power.line.{n}", form=TWO_DECIMALS) for n in LINE_COLUMNS[:4]),
        column("power.line.full_hours", form=WHOLE),
        column("power.line.rent", form=TWO_DECIMALS),
        column("scenario.budget.basis", 50),
    ]
    rows = [
        [
            *(row[n] for n in ("line", "start", "end")),
            word(f"power.line.{'by_angle' if row['by_angle'] else 'chosen'}"),
            row["capacity"] / MW_OF_WAN,
            *(row[n] / MWH_OF_YI for n in ("forward", "back", "lost")),
            row["full_hours"],
            row["rent"] / WAN,
            row["source"],
        ]
        for row in answer["lines"]
    ]
    sheet_of(book, word("power.lines"), columns, rows)


def _node_hours(book: Any, week: Row) -> None:
    """Prices of nodes [yuan/kWh] and flows of lines [10⁴ kW] in the hours of a week."""
    columns = [
        column("power.hour", form=WHOLE),
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
    sheet_of(book, word("power.sheet.nodes"), columns, rows)


def _hours(
    book: Any, title: str, rows: Mapping[str, Sequence[float]], shortage: Any, load: Any
) -> None:
    """Hours down, sources across, with their picture. [10⁴ kW]"""
    kinds = in_order(rows)
    columns = [
        column("power.hour", form=WHOLE),
        *(Column(kind_name(kind, ZH), 16, TWO_DECIMALS) for kind in kinds),
        Column(kind_name("shortage", ZH), 16, TWO_DECIMALS),
        column("power.load", 16, TWO_DECIMALS),
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
    sheet = sheet_of(book, title, columns, table)
    chart = AreaChart()
    chart.grouping, chart.title = "stacked", title
    chart.height, chart.width = 9, 20
    amounts = Reference(sheet, min_col=2, max_col=2 + len(kinds), min_row=1, max_row=len(table) + 1)
    chart.add_data(amounts, titles_from_data=True)
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, f"A{len(table) + 4}")


def _curves(book: Any, curves: Row) -> None:
    columns = [
        column("power.axis.share", 20, TWO_DECIMALS),
        *(column(f"power.{name}", 26, TWO_DECIMALS) for name in ("load", "net_load")),
        column("power.sheet.price", 26, THREE_DECIMALS),
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
    sheet_of(book, word("power.curves"), columns, rows)
