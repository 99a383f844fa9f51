"""The working of portfolios: a study's workbook becomes the measures at least cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.desk.portfolio import Wish, portfolio_of
from hengtan.desk.workings.working import (
    Ask,
    Blank,
    Sent,
    Table,
    Worked,
    Working,
    in_both,
    in_each_language,
)
from hengtan.report.portfolio import summary
from hengtan.report.sheet.portfolio import write_portfolio
from hengtan.workbooks.portfolio import count_of, template

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

STARTS, SECONDS = 3, 60.0
"""First points of a study on a page, and seconds of a solution at most."""
MOST_POINTS = 30
TARGETS = ("target", "unit", "limit", "without", "measured", "cut", "price", "price_of_its_year")
MEASURES = ("measure", "begins", "level", "region_count", "capital", "running")
REGIONS = ("region", "capital", "running", "cut_of_all_years")
YEARS = ("year", "emissions_without", "emissions", "capital", "running", "worth_of_capital")
CHECKS = ("choice", "target", "unit", "limit", "beyond", "odds", "error", "assumed_variance")
FRONT = ("cut", "measured", "cost", "price")
NAMED = {"target": "zh", "region_count": "regions"}
"""Columns that the tables call otherwise."""


def portfolio(workspace: Workspace, sent: Sent) -> Worked:
    """The cheapest measures by region and year. Raises HengtanError, for a study without a solution
    with the limits that exclude each other and the smallest change.
    """
    at_risk = sent.number("at_risk", 0.0, least=0, most=0.99)
    front = sent.whole("front", least=0, most=MOST_POINTS) or 0
    wish = Wish(starts=STARTS, at_risk=at_risk or None, front=front, seconds=SECONDS)
    counting = count_of(sent.file, partly=sent.is_ticked("partly"))
    answer = portfolio_of(sent.file, wish)
    return Worked(
        _tables(answer),
        list(zip(summary(answer), summary(answer, "en"), strict=True)),
        [*counting.remarks, *counting.unread],
        counting.account,
        in_each_language(lambda path, lang: write_portfolio(answer, path, lang)),
    )


def _tables(answer: Mapping[str, Any]) -> list[Table]:
    tables = [
        _table("targets", TARGETS, answer["targets"]),
        _table("measures", MEASURES, answer["measures"]),
        _table("regions", REGIONS, answer["regions"]),
        _table("years", YEARS, answer["years"]),
    ]
    if risk := answer.get("at_risk"):
        checks = [
            {**each, "choice": in_both(f"portfolio.choice.{each['choice']}"), "zh": each["target"]}
            for each in risk["checks"]
        ]
        tables.append(_table("at_risk", CHECKS, checks))
    if front := answer.get("front"):
        tables.append(_table("front", FRONT, front["points"]))
    return tables


def _table(title: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = [in_both(f"portfolio.column.{name}") for name in names]
    cells = [[_shown(row[NAMED.get(name, name)]) for name in names] for row in rows]
    return Table(f"working.portfolio.{title}", columns, cells)


def _shown(value: Any) -> Any:
    """A figure with as many digits as a page has room for."""
    if isinstance(value, float):
        return round(value) if abs(value) >= 1000 else round(value, 4)
    return value


def blank_portfolio(workspace: Workspace, sent: Sent, path: Path, lang: str) -> None:
    """The workbook to fill, with an invented example in it."""
    template(path, lang)


WORKINGS = (
    Working(
        "portfolio",
        portfolio,
        asks=(Ask("at_risk"), Ask("front"), Ask("partly", "flag")),
        blank=Blank(blank_portfolio),
        is_long=True,
    ),
)
