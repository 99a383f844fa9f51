"""Carbon budgets of places: how the year's budget is spent by the months that were reported.

Workbooks of budgets (paths, allocations) are read in ``workbooks.budget``; execution stands in
``plan.budget``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hengtan.desk.monthly import Months, months_of, places_zh
from hengtan.plan.budget.execute import execution
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

TONNES = 1e4
"""Monthly CO2 is reported in 10⁴ t, budgets in t."""


def budgets(workspace: Workspace, as_of: AsOf, year: int, month: int) -> list[dict[str, Any]]:
    """Of each place with a budget of the year and CO2 by month: how it is spent. [t CO2]

    Months are differences of cumulative figures; a place with a month missing is left out.
    """
    months, _ = months_of(workspace, as_of)
    names = places_zh(workspace)
    spent = []
    for row in _whole_budgets(workspace, as_of, year):
        place = row["place"]
        emitted = monthly_tonnes(months, place, year, month)
        if emitted is None or not row["budget"]:
            continue
        last = monthly_tonnes(months, place, year - 1, 12)
        profile = [amount / sum(last) for amount in last] if last and sum(last) > 0 else None
        state = execution(year, row["budget"], emitted, profile)
        spent.append(
            {
                "place": place,
                "name_zh": names.get(place, place),
                "year": year,
                "budget": row["budget"],
                "expected": state.expected,
                "rate": state.rate,
                "runs_out": state.runs_out.isoformat() if state.runs_out else None,
                "months": [vars(m) for m in state.months],
                "basis": row["source_title"],
            }
        )
    return spent


def _whole_budgets(workspace: Workspace, as_of: AsOf, year: int) -> list[dict[str, Any]]:
    """Budgets of places in a year; those of a sector or an enterprise are left out."""
    schema = workspace.form("carbon_budgets").schema()
    view = workspace.ledger.effective("carbon_budgets", known_on=as_of.known_on, schema=schema)
    whole = "year = ? and sector is null and entity is null"
    rows = workspace.ledger.query(
        f'select * from memory.main."{view}" where {whole} order by place', [year]
    )
    return list(rows)


def monthly_tonnes(months: Months, place: str, year: int, month: int) -> list[float] | None:
    """CO2 of each month up to ``month``; None where one is missing or a cumulative falls. [t]"""
    cumulative = [0.0]
    for m in range(1, month + 1):
        figures = months.get((place, year, m))
        if figures is None or figures.co2 is None:
            return None
        cumulative.append(figures.co2 * TONNES)
    single = [later - earlier for earlier, later in pairwise(cumulative)]
    return None if min(single, default=0) < 0 else single
