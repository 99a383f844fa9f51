"""The execution of a budget: months reported by the whole or a district, last year's profile,
projects to come.
"""

from __future__ import annotations

from collections.abc import Sequence

from hengtan.basis.errors import Finding
from hengtan.basis.spelling import is_total, is_whole_area
from hengtan.plan.budget.execute import Execution, Project, execution
from hengtan.workbooks.budget.layout import MONTHS, WHOLE, Budget
from hengtan.workbooks.cells import Line, problem
from hengtan.workbooks.english import Sheets

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
    sheets: Sheets, budget: Budget, projects: Projects
) -> tuple[dict[tuple[str, int], tuple[Execution, Execution]], list[Finding]]:
    """The execution of each (district, year) reported, with the projects that count and with all of
    them; and the printed totals that were left out.

    The whole has the projects of all its districts. Raises HengtanError with sheet, row and column.
    """
    profiles, findings = _profiles(sheets.of("上年分月"), budget)
    reported: dict[tuple[str, int], list[float]] = {}
    years = [year.year for year in budget.years]
    executions: dict[tuple[str, int], tuple[Execution, Execution]] = {}
    for line in sheets.of("执行"):
        district, year = _district(line, budget), line.year("年份")
        shown = district or budget.region
        if year not in years:
            raise line.refuse("年份", "not-budgeted", year, years[0], years[-1])
        spent, amount = _spent(line), budget.amount(district, year)
        if (district, year) in executions:
            if not _is_repeated_total(line, spent, reported[district, year]):
                raise line.refuse("区县", "execution-twice", shown, year)
            findings.append(_repeated(line))
            continue
        reported[district, year] = spent
        if amount <= 0:
            raise line.refuse("区县", "budget-zero", shown, year)
        mine = _projects_within(district, year, projects)
        counted, every = [p for p, counts in mine if counts], [p for p, _ in mine]
        profile = profiles.get(district)
        executions[district, year] = (
            execution(year, amount, spent, profile, projects=counted),
            execution(year, amount, spent, profile, projects=every),
        )
    return executions, findings


def _projects_within(district: str, year: int, projects: Projects) -> list[tuple[Project, bool]]:
    """The projects of a district; of the whole those of all its districts and its own."""
    return [
        project
        for (place, of_year), rows in projects.items()
        if of_year == year and district in (WHOLE, place)
        for project in rows
    ]


def _is_repeated_total(line: Line, months: Sequence[float], before: Sequence[float]) -> bool:
    """Whether a line named as a total says again what the line of the whole said."""
    name = line.text("区县")
    return (is_total(name) or is_whole_area(name)) and list(months) == list(before)


def _repeated(line: Line) -> Finding:
    repeated = problem("total-repeated", line.text("区县"), level="warning")
    return repeated.finding(line.at("区县"))


def _profiles(
    lines: Sequence[Line], budget: Budget
) -> tuple[dict[str, list[float]], list[Finding]]:
    """The share of each month in last year's emission, by district; and totals said twice."""
    profiles: dict[str, list[float]] = {}
    findings: list[Finding] = []
    for line in lines:
        months = [line.number(month, least=0) for month in MONTHS]
        known = [amount for amount in months if amount is not None]
        if len(known) != len(MONTHS) or not sum(known):
            raise line.refuse("1月", "profile-months")
        district, shares = _district(line, budget), [amount / sum(known) for amount in known]
        if district in profiles:
            if not _is_repeated_total(line, shares, profiles[district]):
                raise line.refuse("区县", "twice", district or budget.region)
            findings.append(_repeated(line))
            continue
        profiles[district] = shares
    return profiles, findings


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
    districts = {key[0] for key in budget.allocations[0].level.keys} if budget.allocations else ()
    is_whole = name in ("", budget.region) or is_total(name) or is_whole_area(name)
    if is_whole and name not in districts:
        return WHOLE
    if name not in districts:
        raise line.refuse("区县", "not-in-budget", name, budget.region)
    return name
