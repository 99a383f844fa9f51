"""Reads the workbook of a carbon budget: parameters and years, levels, execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.words import Words
from hengtan.ledger.reading import read_sheets
from hengtan.plan.budget.path import (
    Base,
    IntensityGoal,
    NoPath,
    Phase,
    YearBudget,
    held_back,
    paths,
)
from hengtan.workbooks.budget.execution import executions_of, projects_of
from hengtan.workbooks.budget.layout import PARAMETERS, Budget
from hengtan.workbooks.budget.levels import allocations_of, sharers_of
from hengtan.workbooks.cells import Line, problem
from hengtan.workbooks.totals import Columns, members

HEADINGS = ("项目", "年份", "区县", "层级")
"""One of these stands in the header of every sheet."""


def read_budget(path: Path) -> Budget:
    """The budget of a workbook. Raises HengtanError with sheet, row and column."""
    sheets = {
        name: [Line(cells, Where(path.name, sheet=name, row=row)) for row, cells in rows]
        for name, rows in read_sheets(path, HEADINGS).items()
    }
    for needed in ("参数", "年度"):
        if not sheets.get(needed):
            missing = problem("no-sheet.or-empty", needed, "budget")
            raise missing.error(where=Where(path.name))
    parameters = Parameters.of(sheets["参数"], path.name)
    outlook = members(sheets["年度"], Columns(("年份",), ("地区生产总值",), ("总量上限",)))
    years = _years(parameters, outlook.lines)
    region = parameters.text("地区") or "全市"
    sharers, findings = sharers_of(sheets, region)
    reserve_share = parameters.line("预留比例").share("预留比例") or 0.0
    totals, reserve = held_back(np.array([year.budget for year in years]), reserve_share)
    budget = Budget(
        parameters.text("名称") or path.stem,
        region,
        parameters.text("计量单位") or "吨",
        tuple(years),
        reserve,
        tuple(allocations_of({**sheets, **sharers}, totals[None, :], path.name)),
    )
    rows = members(sheets.get("项目", ()), Columns(("项目",), ("年排放",)))
    projects = projects_of(rows.lines, budget)
    executions, of_executions = executions_of(sheets, budget, projects)
    return replace(
        budget,
        executions=executions,
        projects={key: tuple(kept) for key, kept in projects.items()},
        findings=(*outlook.findings, *findings, *rows.findings, *of_executions),
    )


@dataclass(frozen=True)
class Parameters:
    """The sheet 参数: by name a line whose one cell is the value."""

    lines: Mapping[str, Line]
    where: Where

    @classmethod
    def of(cls, lines: Sequence[Line], file: str) -> Parameters:
        """From the lines (项目, 内容) of the sheet."""
        by_name = {}
        for line in lines:
            name = line.text("项目")
            by_name[name] = Line({name: line.cells.get("内容", "")}, line.where)
        return cls(by_name, Where(file, sheet="参数"))

    def line(self, name: str) -> Line:
        """The line of a parameter, a blank one where it is not in the sheet."""
        return self.lines.get(name, Line({}, self.where))

    def text(self, name: str) -> str:
        """Text of a parameter, "" where it is blank."""
        return self.line(name).text(name)

    def year(self, name: str) -> int:
        """A year that must be filled. Raises HengtanError."""
        return int(self._needed(name).year(name) or 0)

    def amount(self, name: str) -> float:
        """A number above zero that must be filled. Raises HengtanError."""
        return float(self._needed(name).number(name, least=1e-12) or 0.0)

    def refuse(self, column: str | None, key: str, *arguments: object) -> HengtanError:
        """A refusal of the sheet."""
        return problem(key, *arguments).error(where=replace(self.where, column=column))

    def _needed(self, name: str) -> Line:
        if not self.text(name):
            raise self.refuse(None, "no-parameter", name, PARAMETERS[name])
        return self.line(name)


def _years(parameters: Parameters, lines: Sequence[Line]) -> list[YearBudget]:
    """The budget of each year from the parameters and the sheet 年度."""
    base_year, base = parameters.year("基年"), parameters.amount("基年排放")
    first, last = parameters.year("起始年"), parameters.year("结束年")
    if not base_year < first <= last:
        raise parameters.refuse(None, "years-out-of-order", base_year, first, last)
    gdp, caps = _outlook(lines)
    cut = parameters.line("强度降低目标").share("强度降低目标")
    way = parameters.text("路径") or "复合"
    if way not in ("复合", "直线"):
        raise parameters.refuse("路径", "bad-path", way)
    goal_year = parameters.line("目标年").year("目标年")
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
            phases=_phases(parameters, first, cut),
        )
    except NoPath as error:
        where = Where(parameters.where.file, sheet="年度")
        zh, en = (Words.of("hengtan.plan").say(str(error), lang) for lang in ("zh", "en"))
        raise problem("no-path", zh, en).error(where=where) from error


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


def _phases(parameters: Parameters, first: int, cut: float | None) -> list[Phase]:
    """Intensity first where there is an intensity goal, total first from the year stated."""
    total_from = parameters.line("总量为主起始年").year("总量为主起始年")
    phases = [Phase(first, "total" if cut is None else "intensity")]
    return phases if total_from is None else [*phases, Phase(total_from, "total")]
