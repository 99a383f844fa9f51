"""Portfolios of measures as workbooks: the template to fill, and the answer with its charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.chart import LineChart, Reference, ScatterChart, Series

from hengtan.report.portfolio import summary
from hengtan.report.sheet.cells import Column, new_book
from hengtan.report.sheet.plain import (
    HUNDREDTH_PER_CENT,
    PER_CENT,
    TENTH_PER_CENT,
    WHOLE,
    column,
    saved,
    sheet_of,
)
from hengtan.report.words import joined, word

Answer = Mapping[str, Any]
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Sheet:
    """A table of the answer; ``long``: too long for a terminal."""

    title: str
    columns: Sequence[Column]
    rows: Rows
    long: bool = False


def write_template(
    path: Path,
    sheets: Mapping[str, Sequence[str]],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Path:
    """The workbook to fill, with the rows of an example in it."""
    book = new_book(word("portfolio.title"))
    for title, headings in sheets.items():
        years = {name for row in rows.get(title, ()) for name in row} - set(headings)
        wide = [*headings, *sorted(years)]
        filled = [[_number(row.get(name)) for name in wide] for row in rows.get(title, ())]
        sheet_of(book, title, [Column(name, 28) for name in wide], filled)
    return saved(book, path)


def _number(value: Any) -> Any:
    """A number where the text is one."""
    try:
        return float(value) if value not in (None, "") else None
    except ValueError:
        return value


def sheets_of(answer: Answer) -> list[Sheet]:
    """The tables of an answer."""
    sheets = [_targets(answer), _measures(answer), _regions(answer), _years(answer)]
    if risk := answer.get("at_risk"):
        sheets.append(_at_risk(risk))
    if answer.get("front"):
        sheets.append(_front(answer["front"]))
    if assumed := [*answer.get("gaps", ()), *answer.get("assumptions", ())]:
        said = [[each["zh"], each["en"]] for each in assumed]
        columns = [column("portfolio.column.note", 80), Column("English", 80)]
        sheets.append(Sheet(word("portfolio.sheet.assumptions"), columns, said, long=True))
    sheets.append(_levels(answer, "portfolio.sheet.levels"))
    if risk:
        sheets.append(_levels(risk["choice"], "portfolio.sheet.levels_at_risk"))
    return sheets


def write_portfolio(answer: Answer, path: Path) -> Path:
    """The answer as a workbook: what is said, the tables, charts beside the years and the front."""
    book = new_book(answer["name"])
    note = (column("portfolio.column.note", 110),)
    sheet_of(book, word("portfolio.sheet.summary"), note, [[line] for line in summary(answer)])
    written = {}
    for sheet in sheets_of(answer):
        written[sheet.title] = sheet_of(book, sheet.title, sheet.columns, sheet.rows)
    years = written[word("portfolio.sheet.years")]
    count = len(answer["years"])
    years.add_chart(_emissions(answer["name"], years, count), f"A{count + 4}")
    if front := answer.get("front"):
        points = written[word("portfolio.sheet.front")]
        chart = _curve(front, points)
        points.add_chart(chart, f"A{len(front['points']) + 4}")
    return saved(book, path)


def _columns(*names: str | tuple[str, str]) -> list[Column]:
    """Columns by the keys of their words, some with a number format."""
    pairs = [(name, "") if isinstance(name, str) else name for name in names]
    return [column(f"portfolio.column.{name}", 30, form) for name, form in pairs]


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"


def _mark(assumed: bool) -> str:
    return word("portfolio.mark.assumed" if assumed else "portfolio.mark.established")


def _targets(answer: Answer) -> Sheet:
    columns = _columns(
        *("target", "years", "unit", "limit", "without", "measured", "cut"),
        *("price", "price_of_its_year", "mark"),
    )
    rows = [
        [
            *(each["zh"], _span(each["years"]), each["unit"], each["limit"], each["without"]),
            *(each["measured"], each["cut"], each["price"], each["price_of_its_year"]),
            word(f"portfolio.mark.{each['mark']}"),
        ]
        for each in answer["targets"]
    ]
    return Sheet(word("portfolio.sheet.targets"), columns, rows)


def _cuts(answer: Answer) -> list[Column]:
    """A column of what is cut of each target."""
    return [
        Column(word("portfolio.column.cut_of", target=each["zh"], unit=each["unit"]), 22)
        for each in answer["targets"]
    ]


def _measures(answer: Answer) -> Sheet:
    columns = [
        *_columns(
            "measure", "changes", ("begins", WHOLE), ("level", PER_CENT), ("region_count", WHOLE)
        ),
        *_columns("capital", "running"),
        *_cuts(answer),
        *_columns("assumed_effect", "assumed_cost", "source"),
    ]
    rows = [
        [
            *(
                _titled(answer, each["measure"]),
                _changes(each),
                each["begins"],
                each["level"],
                each["regions"],
            ),
            *(each["capital"], each["running"], *each["cut"]),
            *(_mark(each["assumed_effect"]), _mark(each["assumed_cost"])),
            answer["sources"][each["measure"]],
        ]
        for each in answer["measures"]
    ]
    return Sheet(word("portfolio.sheet.measures"), columns, rows)


def _changes(measure: Answer) -> str:
    """Which drivers a measure changes, by how much, and where."""
    said = []
    for change in measure["changes"]:
        moved = " → ".join(name for name in (change["carrier"], change["to"]) if name)
        where = joined([*change["sectors"], *([moved] if moved else [])])
        driver = word(f"portfolio.driver.{change['driver']}")
        said.append(f"{driver} -{change['effect']:.1%} ({where})")
    return "; ".join(said)


def _regions(answer: Answer) -> Sheet:
    columns = [
        *_columns("region", "capital", ("share", TENTH_PER_CENT), "running"),
        *_cuts(answer),
        *_columns("cut_of_all_years"),
    ]
    rows = [
        [
            *(
                _named(answer, each["region"]),
                each["capital"],
                each["share"],
                each["running"],
                *each["cut"],
            ),
            each["cut_of_all_years"],
        ]
        for each in answer["regions"]
    ]
    return Sheet(word("portfolio.sheet.regions"), columns, rows)


YEARLY = (
    *("year", "emissions_without", "emissions", "capital", "running", "capital_budget"),
    *("spending_budget", "worth_of_capital", "worth_of_spending"),
)


def _years(answer: Answer) -> Sheet:
    columns = _columns(("year", WHOLE), *YEARLY[1:])
    rows = [[each[name] for name in YEARLY] for each in answer["years"]]
    return Sheet(word("portfolio.sheet.years"), columns, rows)


def _levels(answer: Answer, title: str) -> Sheet:
    years = [Column(str(each["year"]), 10, PER_CENT) for each in answer["years"]]
    columns = [*_columns("measure", "region"), *years]
    rows = [
        [_titled(answer, each["measure"]), _named(answer, each["region"]), *each["levels"]]
        for each in answer["levels"]
    ]
    return Sheet(word(title), columns, rows, long=True)


def _titled(answer: Answer, measure: str) -> str:
    """What a measure is called, by its code where the answer knows no title."""
    return str(answer.get("titles", {}).get(measure, measure))


def _named(answer: Answer, region: str) -> str:
    """What a region is called, as it stands in the answer where that knows no name."""
    return str(answer.get("regions_named", {}).get(region, (region,))[0])


def _at_risk(risk: Answer) -> Sheet:
    columns = _columns(
        *("choice", "target", "unit", "limit", "beyond", ("odds", TENTH_PER_CENT)),
        *(("error", HUNDREDTH_PER_CENT), ("assumed_variance", PER_CENT)),
    )
    rows = [
        [
            word(f"portfolio.choice.{each['choice']}"),
            *(each["target"], each["unit"], each["limit"], each["beyond"], each["odds"]),
            *(each["error"], each["assumed_variance"]),
        ]
        for each in risk["checks"]
    ]
    return Sheet(word("portfolio.sheet.at_risk"), columns, rows)


def _front(front: Answer) -> Sheet:
    cut = Column(word("portfolio.column.cut_of", target=front["target"], unit=front["unit"]), 30)
    columns = [cut, *_columns("measured", "cost", "price")]
    rows = [
        [point["cut"], point["measured"], point["cost"], point["price"]]
        for point in front["points"]
    ]
    return Sheet(word("portfolio.sheet.front"), columns, rows)


def _emissions(name: str, sheet: Any, count: int) -> LineChart:
    """Emissions with and without measures, year by year."""
    chart = LineChart()
    chart.title = word("portfolio.chart.emissions", name=name)
    chart.height, chart.width = 7, 20
    for place in (2, 3):
        values = Reference(sheet, min_col=place, min_row=1, max_row=count + 1)
        chart.add_data(values, titles_from_data=True)
        chart.series[-1].smooth = False
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=count + 1))
    return _with_axes(chart)


def _curve(front: Answer, sheet: Any) -> ScatterChart:
    """Cost by cut."""
    chart = ScatterChart()
    chart.title = word("portfolio.chart.front", name=front["target"], unit=front["unit"])
    chart.height, chart.width, chart.legend = 9, 20, None
    last = len(front["points"]) + 1
    cut = Reference(sheet, min_col=1, min_row=2, max_row=last)
    cost = Reference(sheet, min_col=3, min_row=2, max_row=last)
    chart.series.append(Series(cost, cut))
    chart.series[0].smooth = False
    return _with_axes(chart)


def _with_axes(chart: Any) -> Any:
    """A chart whose axes are drawn: openpyxl leaves them out where nobody asks."""
    chart.x_axis.delete = chart.y_axis.delete = False
    return chart
