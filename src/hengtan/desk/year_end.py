"""The odds that a year which is not over keeps to a goal: days of air that may still miss it, and
sections of rivers that may still fail, by the forecast of the house over past years.

Of air, the series is the bad days that each past year still had after the same day of the year; of
sections, those that failed in each past year. The counts stay beside the odds: below four past
years there are counts alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hengtan.plan.forecast.outlook import as_dict, forecast
from hengtan.plan.forecast.pool import Pools, Yearly
from hengtan.plan.forecast.scale import Scale
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = dict[str, Any]
OF_AIR = ("target_id", "year", "edition", "method")
AIR, SECTIONS = "air", "sections"
NEARLY_HALF = 0.499
"""Counts reach half a count beyond none and all, so that a year without any lies one count from a
year with one, and still rounds to none."""


def year_ends(workspace: Workspace, as_of: AsOf | None = None) -> list[Row]:
    """A row for each goal and year that is not over, as ``air_year_ends`` and
    ``section_year_ends``.
    """
    as_of = as_of or AsOf.of()
    return [*air_year_ends(workspace, as_of), *section_year_ends(workspace, as_of)]


def air_year_ends(workspace: Workspace, as_of: AsOf) -> list[Row]:
    """Bad days still to come beside those still allowed, by goal, year, edition and method.

    ``history``: bad days after the same day in each past year; ``kept``: in how many years they
    were no more than are allowed now; ``chance``, ``point`` and ``low``, ``high`` (80 %) by the
    forecast, None with fewer than four past years.
    """
    came: dict[tuple[Any, ...], dict[int, float]] = defaultdict(dict)
    for row in workspace.execute("air_rest_of_years", as_of).to_pylist():
        came[_key(row)][row["past_year"]] = float(row["came"])
    left = workspace.execute("air_days_left", as_of).to_pylist()
    open_years = [row for row in left if row["days_to_come"] > 0]
    return _with_odds(
        [
            {
                **{name: row[name] for name in (*OF_AIR, "place", "days_to_come", "demo")},
                "kind": AIR,
                "allowed": row["still_allowed"],
                "most": row["days_to_come"],
                "family": f"{AIR}:{row['edition']}:{row['method']}",
                "history": dict(sorted(came[_key(row)].items())),
            }
            for row in open_years
        ]
    )


def section_year_ends(workspace: Workspace, as_of: AsOf) -> list[Row]:
    """Sections that fail in the year beside those that may, by goal and year that lacks months.

    ``history``: sections that failed in each past whole year. Months of this year are not in it.
    """
    rows = workspace.execute("water_good_slack", as_of).to_pylist()
    past: dict[str, dict[int, float]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row["year"]):
        if row["missing"] is None:
            past[row["target_id"]][row["year"]] = float(row["failing"])
    return _with_odds(
        [
            {
                **{name: row[name] for name in ("target_id", "year", "place", "demo")},
                "kind": SECTIONS,
                "allowed": row["may_fail"],
                "most": row["sections"],
                "family": SECTIONS,
                "history": {y: n for y, n in past[row["target_id"]].items() if y < row["year"]},
            }
            for row in rows
            if row["missing"] is not None
        ]
    )


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in OF_AIR)


def _with_odds(rows: list[Row]) -> list[Row]:
    """The rows with counts of past years, and what the forecast says; series of one family share
    what they know of their errors.
    """
    series = [_series(number, row) for number, row in enumerate(rows)]
    pools = Pools([each for each in series if each is not None])
    complete = (
        {**row, **_counts(row), **_odds(row, yearly, pools)}
        for row, yearly in zip(rows, series, strict=True)
    )
    return [{name: row[name] for name in row if name != "family"} for row in complete]


def _series(number: int, row: Row) -> Yearly | None:
    """The past years of a row as counts between none and all there can be; None without any."""
    history = row["history"]
    if not history:
        return None
    most = float(max(row["most"], *history.values()))
    scale = Scale("logit", -NEARLY_HALF, most + NEARLY_HALF, whole=True)
    name = f"{row['place']}:{number}"
    return Yearly(name, tuple(history), tuple(history.values()), scale, row["family"])


def _counts(row: Row) -> Row:
    values = list(row["history"].values())
    return {
        "past_years": len(values),
        "kept": sum(value <= row["allowed"] for value in values),
        "fewest": min(values, default=None),
        "most_yet": max(values, default=None),
    }


def _odds(row: Row, series: Yearly | None, pools: Pools) -> Row:
    nothing = {"chance": None, "point": None, "low": None, "high": None, "method_zh": ""}
    if series is None:
        return nothing | {"notes": [], "notes_en": []}
    outlook = forecast(series, row["year"], pools)
    words = as_dict(outlook)
    notes = {"notes": words["notes"], "notes_en": words["notes_en"]}
    if outlook.state != "forecast":
        return nothing | notes
    last = outlook.years[-1]
    low, high = last.bands[1]
    chance = 0.0 if row["allowed"] < 0 else outlook.chance(row["year"], row["allowed"], "<=")
    odds = {"chance": chance, "point": last.point, "low": low, "high": high}
    return odds | notes | {"method_zh": words["method_zh"], "method_en": words["method_en"]}
