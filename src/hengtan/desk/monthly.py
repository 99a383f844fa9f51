"""Monthly figures and yearly goals of places as the ledger holds them; periods are cumulative from
January (1—本月累计).

The yardstick is that of 发改委's regular reports on energy intensity: cumulative energy, GDP and
growth by district.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hengtan.basis.cite import is_self_approved
from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.plan.monthly import Figures, Goal
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

AMOUNTS = ("energy", "gdp", "industry_energy", "electricity", "coal", "co2")
GROWTHS = ("energy_growth", "gdp_growth", "industry_growth")
FIELDS_ZH = {
    "energy": "能源消费总量",
    "energy_growth": "能源消费增速",
    "gdp": "地区生产总值",
    "gdp_growth": "地区生产总值增速",
    "industry_energy": "规上工业综合能源消费量",
    "industry_growth": "规上工业增加值增速",
    "electricity": "全社会用电量",
    "coal": "煤炭消费量",
    "co2": "能源活动二氧化碳排放",
}
Key = tuple[str, int, int]
"""Place, year, last month of a cumulative period."""
Months = dict[Key, Figures]


def period_zh(year: int, month: int) -> str:
    """How a cumulative period is written: 2025年1—6月, 2025年1月."""
    return f"{year}年1—{month}月" if month > 1 else f"{year}年1月"


def cumulative(text: str) -> tuple[int, int]:
    """Year and last month of a cumulative period: 2025-06, 2025年1-6月, 2025-01..06, 2025年上半年.

    Raises HengtanError for a period that does not start in January or end with a month.
    """
    period = Period.read(text)
    from_january = period.kind in ("month", "cumulative", "year") or (
        period.kind in ("quarter", "half") and period.start.month == 1
    )
    if not from_january:
        raise HengtanError(
            f"“{text}”不是1月起的累计时期",
            f"'{text}' is no cumulative period",
            todo="写成 2025-06 或 2025年1-6月",
            todo_en="write 2025-06 or 2025-01..06",
        )
    return period.end.year, period.end.month


def rows_of(workspace: Workspace, form: str, as_of: AsOf) -> list[dict[str, Any]]:
    """Rows of a form in force, in the order they were approved."""
    schema = workspace.form(form).schema()
    view = workspace.ledger.effective(form, known_on=as_of.known_on, schema=schema)
    order = "_approved_at, _submission, _row"
    return list(workspace.ledger.query(f'select * from memory.main."{view}" order by {order}'))


def months_of(workspace: Workspace, as_of: AsOf) -> tuple[Months, dict[Key, dict[str, Any]]]:
    """Figures of cumulative periods by place, year and month, and the ledger row of each.

    Field by field the latest approved counts; a single January is its own cumulative. Growth is a
    share of one.
    """
    fields: dict[Key, dict[str, float]] = {}
    sources: dict[Key, dict[str, Any]] = {}
    for row in rows_of(workspace, "monthly_figures", as_of):
        if not _from_january(row):
            continue
        end = row["period_end"]
        key = (row["place"], end.year, end.month)
        fields.setdefault(key, {}).update(_known(row))
        sources[key] = {
            "submission": row["_submission"],
            "row": row["_row"],
            "demo": bool(row["_demo"]),
            "source": row["source_title"],
            "self_approved": is_self_approved(
                row["_submitted_by"], row["_approved_by"], demo=row["_demo"]
            ),
        }
    return {key: Figures(**values) for key, values in fields.items()}, sources


def _from_january(row: Mapping[str, Any]) -> bool:
    start, end = row["period_start"], row["period_end"]
    single_later_month = row["period_kind"] == "month" and end.month != 1
    return start.month == 1 and start.day == 1 and not single_later_month


def _known(row: Mapping[str, Any]) -> dict[str, float]:
    """The fields of a row that have a value; growth, reported in %, as a share."""
    amounts = {name: row[name] for name in AMOUNTS if row[name] is not None}
    growths = {name: row[name] / 100 for name in GROWTHS if row[name] is not None}
    return amounts | growths


def goals_of(workspace: Workspace, as_of: AsOf, kind: str = "energy") -> dict[str, list[Goal]]:
    """Intensity goals by place; cuts and growth are shares of one."""

    def share(percent: float | None) -> float | None:
        return None if percent is None else percent / 100

    goals: dict[str, list[Goal]] = {}
    for row in rows_of(workspace, "intensity_goals", as_of):
        if row["goal_kind"] != kind:
            continue
        goal = Goal(
            int(row["base_year"]),
            int(row["goal_year"]),
            float(share(row["goal_cut"]) or 0.0),
            None if row["done_year"] is None else int(row["done_year"]),
            share(row["done_cut"]),
            share(row["growth_allowed"]),
        )
        goals.setdefault(row["place"], []).append(goal)
    return goals


def goal_of(goals: Mapping[str, list[Goal]], place: str, year: int) -> Goal | None:
    """The goal of a place whose period a year lies in."""
    return next((g for g in goals.get(place, []) if g.base_year < year <= g.goal_year), None)


def places_zh(workspace: Workspace) -> dict[str, str]:
    """Chinese name of every place of the packs."""
    return {row["place"]: row["name_zh"] for row in workspace.pack.rows("places")}
