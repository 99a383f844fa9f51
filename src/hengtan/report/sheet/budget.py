"""Carbon budgets as workbooks: the template to fill, and the result with every allocation explained
and every sum checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.chart import LineChart, Reference

from hengtan.report.numerals import unit_name
from hengtan.report.sheet.cells import Column
from hengtan.report.sheet.plain import (
    HUNDREDTH_PER_CENT,
    TENTH_PER_CENT,
    WHOLE,
    Head,
    SpokenBook,
)
from hengtan.report.words import word

Budget = Mapping[str, Any]
Allocations = Mapping[str, Sequence[Mapping[str, Any]]]
"""Allocations by level, from the districts down."""
SHARE_OF_A_SHARE = "0.0000%"
SHARERS = (
    Head("budget.column.district", 14),
    Head("budget.column.industry", 16),
    Head("budget.column.enterprise", 28),
)
"""Those among whom a budget is shared, level by level."""
CHECKS = (
    Head("budget.column.level"),
    Head("budget.column.year", form=WHOLE),
    Head("budget.column.to_share"),
    Head("budget.column.shared"),
    Head("budget.column.difference"),
    Head("budget.column.result"),
)


def write_budget(budget: Budget, path: Path, lang: str = "zh") -> Path:
    """The result: 路径, one sheet a level with shares and reasons, 执行 with its chart, 核对."""
    book = SpokenBook(budget["title"], lang)
    levels: dict[str, list[Mapping[str, Any]]] = {}
    for allocation in budget["allocations"]:
        levels.setdefault(allocation["level"], []).append(allocation)
    _path(book, budget)
    _allocations(book, budget, levels)
    _execution(book, budget)
    _checks(book, budget, levels)
    _told(book, budget)
    return book.saved(path)


def _path(book: SpokenBook, budget: Budget) -> None:
    """Year by year: what the goal of intensity and the cap allow, and what is kept back."""
    unit = unit_name(budget["unit"], book.lang)
    columns = (
        Head("budget.column.year", form=WHOLE),
        Head("budget.column.stage"),
        Head("budget.column.gdp", 14),
        Head("budget.column.required_cut", 14, HUNDREDTH_PER_CENT),
        Column(book.word("budget.column.by_intensity", unit=unit)),
        Column(book.word("budget.column.by_cap", unit=unit)),
        Column(book.word("budget.column.budget_in", unit=unit)),
        Head("budget.column.reserve"),
        Head("budget.column.to_share"),
        Head("budget.column.reason"),
    )
    rows = [
        [
            year["year"],
            book.word(f"budget.rule.{year['rule']}"),
            year["gdp"],
            year["required_cut"],
            year["by_intensity"],
            year["by_cap"],
            year["budget"],
            year["reserve"],
            year["budget"] - year["reserve"],
            year["reason" if book.lang == "zh" else "reason_en"],
        ]
        for year in budget["years"]
    ]
    book.sheet(book.word("budget.sheet.path"), columns, rows)


def _allocations(book: SpokenBook, budget: Budget, levels: Allocations) -> None:
    """Who gets what, with the share by each principle."""
    years = [str(year["year"]) for year in budget["years"]]
    for level, allocations in levels.items():
        principles: Mapping[str, float] = allocations[0]["principles"]
        shares = [
            Column(
                book.word(
                    "budget.column.share_by",
                    principle=book.word(f"budget.principle.{principle}"),
                    weight=f"{weight:g}",
                ),
                form=SHARE_OF_A_SHARE,
            )
            for principle, weight in principles.items()
        ]
        columns: list[Column | Head] = [
            *SHARERS[: len(allocations[0]["path"])],
            *shares,
            Head("budget.column.share", form=SHARE_OF_A_SHARE),
            *(Column(year) for year in years),
        ]
        rows = [
            [
                *allocation["path"],
                *(allocation["shares"][principle] for principle in principles),
                allocation["share"],
                *(allocation["years"][year] for year in years),
            ]
            for allocation in allocations
        ]
        book.sheet(book.word("budget.sheet.allocation", level=_level(book, level)), columns, rows)


def _level(book: SpokenBook, level: str) -> str:
    """What a level is called; its name in the file where no word is known."""
    said = {word(sharer.key): book.word(sharer.key) for sharer in SHARERS}
    return said.get(level, level)


def _execution(book: SpokenBook, budget: Budget) -> None:
    """How much of each budget is used, by year and by month, with a chart of the first."""
    executions = budget["executions"]
    if not executions:
        return
    sheet = book.sheet(
        book.word("budget.sheet.execution"),
        (
            Head("budget.column.who", 16),
            Head("budget.column.year", form=WHOLE),
            Head("budget.column.budget"),
            Head("budget.column.used"),
            Head("budget.column.known_months", form=WHOLE),
            Head("budget.column.expected"),
            Head("budget.column.left_over"),
            Head("budget.column.rate", form=TENTH_PER_CENT),
            Head("budget.column.runs_out", 13),
            Head("budget.column.all_expected"),
            Head("budget.column.all_left_over"),
            Head("budget.column.all_runs_out", 14),
            Head("budget.column.weights", 30),
        ),
        [_execution_row(book, execution) for execution in executions],
    )
    months = book.sheet(
        book.word("budget.sheet.months"),
        (
            Head("budget.column.who", 16),
            Head("budget.column.year", form=WHOLE),
            Head("budget.column.month", form=WHOLE),
            Head("budget.column.nature"),
            Head("budget.column.planned"),
            Head("budget.column.emitted"),
            Head("budget.column.planned_so_far"),
            Head("budget.column.emitted_so_far"),
            Head("budget.column.left"),
            Head("budget.column.pace"),
        ),
        [
            _month_row(book, execution, month)
            for execution in executions
            for month in execution["months"]
        ],
    )
    first = executions[0]
    title = book.word(
        "budget.chart",
        who=first["who"],
        year=first["year"],
        unit=unit_name(budget["unit"], book.lang),
    )
    sheet.add_chart(_so_far(title, months), f"A{len(executions) + 4}")


def _execution_row(book: SpokenBook, execution: Mapping[str, Any]) -> list[Any]:
    known = [month for month in execution["months"] if month["known"]]
    with_all = execution["with_all_projects"]
    return [
        execution["who"],
        execution["year"],
        execution["budget"],
        sum(month["amount"] for month in known),
        len(known),
        execution["expected"],
        execution["gap"],
        execution["rate"],
        _runs_out(book, execution),
        with_all["expected"],
        with_all["gap"],
        _runs_out(book, with_all),
        book.word(f"budget.weights.{execution['weights']}"),
    ]


def _runs_out(book: SpokenBook, execution: Mapping[str, Any]) -> str:
    day = execution["runs_out"]
    return day.isoformat() if day else book.word("budget.lasts")


def _month_row(
    book: SpokenBook, execution: Mapping[str, Any], month: Mapping[str, Any]
) -> list[Any]:
    return [
        execution["who"],
        execution["year"],
        month["month"],
        book.word("budget.known" if month["known"] else "budget.expected"),
        month["planned"],
        month["amount"],
        month["planned_so_far"],
        month["so_far"],
        month["left"],
        month["pace"],
    ]


def _so_far(title: str, months: Any) -> LineChart:
    """The lines of planned and emitted so far, of the first twelve months of the sheet."""
    chart = LineChart()
    chart.title, chart.height, chart.width = title, 9, 20
    for place in (7, 8):
        values = Reference(months, min_col=place, min_row=1, max_row=13)
        chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(months, min_col=3, min_row=2, max_row=13))
    return chart


def _told(book: SpokenBook, budget: Budget) -> None:
    """Rows that were left out and what does not agree, where there are any."""
    rows = [
        [f"{finding.get('sheet', '')} {finding.get('row', '')}", finding[book.lang]]
        for finding in budget["findings"]
    ]
    if rows:
        columns = (Head("budget.column.place", 14), Head("budget.column.told", 70))
        book.sheet(book.word("budget.sheet.told"), columns, rows)


def _checks(book: SpokenBook, budget: Budget, levels: Allocations) -> None:
    """Sums of each level against what there is to share, by year.

    All differences are zero, or something is wrong.
    """
    rows: list[list[Any]] = []
    for level, allocations in levels.items():
        for year in budget["years"]:
            to_share = year["budget"] - year["reserve"]
            shared = sum(allocation["years"][str(year["year"])] for allocation in allocations)
            result = book.word("budget.agrees" if shared == to_share else "budget.differs")
            rows.append(
                [_level(book, level), year["year"], to_share, shared, shared - to_share, result]
            )
    if rows:
        book.sheet(book.word("budget.sheet.checks"), CHECKS, rows)
