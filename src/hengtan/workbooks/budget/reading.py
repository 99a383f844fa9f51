"""Reads the workbook of a carbon budget: parameters and years, levels, execution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from hengtan.basis.words import Words
from hengtan.plan.budget.path import (
    Base,
    IntensityGoal,
    NoPath,
    Phase,
    YearBudget,
    held_back,
    paths,
)
from hengtan.workbooks.account import Counting, count
from hengtan.workbooks.budget.execution import executions_of, projects_of
from hengtan.workbooks.budget.layout import IN_ENGLISH, PARAMETERS, TAKEN, Budget
from hengtan.workbooks.budget.levels import allocations_of, sharers_of
from hengtan.workbooks.cells import Line
from hengtan.workbooks.english import Sheets
from hengtan.workbooks.totals import Columns, members

HEADINGS = ("项目", "年份", "区县", "层级")
"""One of these stands in the header of every sheet."""


def read_budget(path: Path) -> Budget:
    """The budget of a workbook in Chinese or English. Raises HengtanError with sheet, row and
    column.
    """
    sheets = Sheets.read(path, HEADINGS, IN_ENGLISH, PARAMETERS)
    sheets.need("参数", "年度")
    outlook = members(sheets.of("年度"), Columns(("年份",), ("地区生产总值",), ("总量上限",)))
    years = _years(sheets, outlook.lines)
    region = _text(sheets, "地区") or "全市"
    sharers, findings = sharers_of(sheets, region)
    reserve_share = sheets.parameter("预留比例").share("预留比例") or 0.0
    totals, reserve = held_back(np.array([year.budget for year in years]), reserve_share)
    budget = Budget(
        _text(sheets, "名称") or path.stem,
        region,
        _text(sheets, "计量单位") or "吨",
        tuple(years),
        reserve,
        tuple(allocations_of(sheets.with_lines(sharers), totals[None, :])),
    )
    rows = members(sheets.of("项目"), Columns(("项目",), ("年排放",)))
    projects = projects_of(rows.lines, budget)
    executions, of_executions = executions_of(sheets, budget, projects)
    return replace(
        budget,
        executions=executions,
        projects={key: tuple(kept) for key, kept in projects.items()},
        findings=(*outlook.findings, *findings, *rows.findings, *of_executions),
    )


def count_of(path: Path, *, partly: bool = False) -> Counting:
    """The account of a workbook of budgets in Chinese or English. Raises UnreadableFile."""
    return count(path, HEADINGS, TAKEN, partly=partly, english=IN_ENGLISH)


def _text(sheets: Sheets, name: str) -> str:
    """Text of a parameter, "" where it is blank."""
    return sheets.parameter(name).text(name)


def _year(sheets: Sheets, name: str) -> int:
    """A year that must be filled. Raises HengtanError."""
    return int(sheets.needed(name).year(name) or 0)


def _amount(sheets: Sheets, name: str) -> float:
    """A number above zero that must be filled. Raises HengtanError."""
    return float(sheets.needed(name).number(name, least=1e-12) or 0.0)


def _years(sheets: Sheets, lines: Sequence[Line]) -> list[YearBudget]:
    """The budget of each year from the parameters and the sheet 年度."""
    base_year, base = _year(sheets, "基年"), _amount(sheets, "基年排放")
    first, last = _year(sheets, "起始年"), _year(sheets, "结束年")
    if not base_year < first <= last:
        raise sheets.refuse("参数", "years-out-of-order", base_year, first, last)
    gdp, caps = _outlook(lines)
    cut = sheets.parameter("强度降低目标").share("强度降低目标")
    way = _text(sheets, "路径") or "复合"
    if way not in ("复合", "直线"):
        raise sheets.parameter("路径").refuse("路径", "bad-path", way)
    goal_year = sheets.parameter("目标年").year("目标年")
    goal = None
    if cut is not None and goal_year is not None:
        goal = IntensityGoal(cut, goal_year, "compound" if way == "复合" else "linear")
    try:
        return paths(
            Base(base_year, base),
            gdp,
            range(first, last + 1),
            goal=goal,
            caps=caps,
            phases=_phases(sheets, first, cut),
        )
    except NoPath as error:
        zh, en = (Words.of("hengtan.plan").say(str(error), lang) for lang in ("zh", "en"))
        raise sheets.refuse("年度", "no-path", zh, en) from error


def _outlook(lines: Sequence[Line]) -> tuple[dict[int, float], dict[int, float]]:
    """GDP and caps by year."""
    columns: dict[str, dict[int, float]] = {"地区生产总值": {}, "总量上限": {}}
    for line in lines:
        year = line.year("年份")
        if year is None:
            raise line.refuse("年份", "missing", "年份")
        if any(year in known for known in columns.values()):
            raise line.refuse("年份", "year-twice", year)
        for column, known in columns.items():
            value = line.number(column, least=1e-12)
            if value is not None:
                known[year] = value
    return columns["地区生产总值"], columns["总量上限"]


def _phases(sheets: Sheets, first: int, cut: float | None) -> list[Phase]:
    """Intensity first where there is an intensity goal, total first from the year stated."""
    total_from = sheets.parameter("总量为主起始年").year("总量为主起始年")
    phases = [Phase(first, "total" if cut is None else "intensity")]
    return phases if total_from is None else [*phases, Phase(total_from, "total")]
