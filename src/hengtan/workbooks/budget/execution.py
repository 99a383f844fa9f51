"""The execution of a budget: months reported by the whole or a district, last year's profile,
projects to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hengtan.plan.budget.execute import Execution, Project, execution
from hengtan.workbooks.budget.layout import MONTHS, WHOLE, Budget
from hengtan.workbooks.cells import Line

Projects = dict[tuple[str, int], list[tuple[Project, bool]]]
"""By district and year, the projects and whether each counts."""


def projects_of(lines: Sequence[Line], budget: Budget) -> Projects:
    """The projects of the sheet 项目. Raises HengtanError with row and column."""
    projects: Projects = {}
    for line in lines:
        district, year = _district(line, budget), line.year("年份")
        month, amount = line.whole("投产月", least=1, most=12), line.number("年排放", least=0)
        if year is None or month is None or amount is None:
            raise line.refuse("年份", "project-incomplete")
        project = Project(line.need("项目"), month, amount)
        projects.setdefault((district, year), []).append((project, bool(line.flag("计入"))))
    return projects


def executions_of(
    sheets: Mapping[str, Sequence[Line]], budget: Budget, projects: Projects
) -> dict[tuple[str, int], tuple[Execution, Execution]]:
    """The execution of each (district, year) reported, with the projects that count and with all of
    them.

    Raises HengtanError with sheet, row and column.
    """
    profiles = _profiles(sheets.get("上年分月", ()), budget)
    years = [year.year for year in budget.years]
    executions: dict[tuple[str, int], tuple[Execution, Execution]] = {}
    for line in sheets.get("执行", ()):
        district, year = _district(line, budget), line.year("年份")
        shown = district or budget.region
        if year not in years:
            raise line.refuse("年份", "not-budgeted", year, years[0], years[-1])
        if (district, year) in executions:
            raise line.refuse("区县", "execution-twice", shown, year)
        spent, amount = _spent(line), budget.amount(district, year)
        if amount <= 0:
            raise line.refuse("区县", "budget-zero", shown, year)
        mine = projects.get((district, year), [])
        counted, every = [p for p, counts in mine if counts], [p for p, _ in mine]
        profile = profiles.get(district)
        executions[district, year] = (
            execution(year, amount, spent, profile, projects=counted),
            execution(year, amount, spent, profile, projects=every),
        )
    return executions


def _profiles(lines: Sequence[Line], budget: Budget) -> dict[str, list[float]]:
    """The share of each month in last year's emission, by district."""
    profiles: dict[str, list[float]] = {}
    for line in lines:
        months = [line.number(month, least=0) for month in MONTHS]
        known = [amount for amount in months if amount is not None]
        if len(known) != len(MONTHS) or not sum(known):
            raise line.refuse("1月", "profile-months")
        profiles[_district(line, budget)] = [amount / sum(known) for amount in known]
    return profiles


def _spent(line: Line) -> list[float]:
    """The months reported, without a gap from January on. [unit of the budget]"""
    spent: list[float] = []
    blank = ""
    for month in MONTHS:
        amount = line.number(month, least=0)
        if amount is None:
            blank = blank or month
        elif blank:
            raise line.refuse(blank, "month-blank")
        else:
            spent.append(amount)
    return spent


def _district(line: Line, budget: Budget) -> str:
    """The district that a line names, ``WHOLE`` for the whole.

    Raises HengtanError for one without a budget.
    """
    name = line.text("区县")
    if name in ("", budget.region):
        return WHOLE
    districts = {key[0] for key in budget.allocations[0].level.keys} if budget.allocations else ()
    if name not in districts:
        raise line.refuse("区县", "not-in-budget", name, budget.region)
    return name
