"""The air of one place and year: its days with their index, the year under both editions, and what
goals still allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.desk.accounts import names_of_targets
from hengtan.desk.year_end import air_year_ends
from hengtan.graph.said import said_table
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Rows = list[dict[str, Any]]
BY_YEAR = (
    "air_place_years",
    "air_place_year_items",
    "air_composite",
    "air_days_left",
    "air_year_end",
)
"""Accounts of a place's year, as the page shows them."""
LOST = ("air_hours_unplaced", "air_hours_not_counted")
"""Accounts of hours that are in no day."""
HOURS, RULING = "hours", "ruling"


def air_view(
    workspace: Workspace, as_of: AsOf | None = None, place: str = "", year: int | None = None
) -> dict[str, Any]:
    """Rows by account of a place and year, the days of its calendar and the levels of the index.

    Without ``place`` the workspace's region is shown, or the first place that has a year of air
    where the region has none; without ``year`` its newest. ``places`` and ``years`` are those that
    can be chosen.
    """
    as_of = as_of or AsOf.of()
    years = workspace.execute("air_place_years", as_of).to_pylist()
    having = sorted({row["place"] for row in years})
    region = workspace.settings.region
    chosen = place or (region if region in having or not having else having[0])
    known = sorted({row["year"] for row in years if row["place"] == chosen}, reverse=True)
    shown_year = year if year in known else next(iter(known), None)
    names = {r["place"]: (r["name_zh"], r["name_en"]) for r in workspace.pack.rows("places")}
    zh, en = names.get(chosen, (chosen, chosen))
    tables = {
        name: _of(said_table(name, workspace.execute(name, as_of)), chosen, shown_year)
        for name in BY_YEAR
    }
    days = _days(workspace, as_of, chosen, shown_year)
    doubts = [
        row
        for row in said_table("air_doubts", workspace.execute("air_doubts", as_of)).to_pylist()
        if row["place"] == chosen and row["day"].year == shown_year
    ]
    lost = _lost_hours(workspace, as_of, chosen, shown_year)
    odds = [
        row
        for row in air_year_ends(workspace, as_of)
        if (row["place"], row["year"]) == (chosen, shown_year)
    ]
    return {
        "place": chosen,
        "place_zh": zh,
        "place_en": en,
        "places": [(code, *names.get(code, (code, code))) for code in having],
        "year": shown_year,
        "years": known,
        "tables": tables,
        "days": days,
        "doubts": sorted(doubts, key=lambda row: (row["day"], row["method"], row["doubt"])),
        "lost": lost,
        "odds": odds,
        "target_names": names_of_targets(workspace),
        "levels": list(workspace.pack.rows("air_levels")),
        "editions": list(workspace.pack.rows("air_editions")),
        "demo": any(row["demo"] for rows in (*tables.values(), lost) for row in rows),
    }


def _lost_hours(workspace: Workspace, as_of: AsOf, place: str, year: int | None) -> Rows:
    """Hours of the year, or of all where there is none, that are in no day: of stations without a
    place, and of the place's own stations.
    """
    rows = [
        row
        for name in LOST
        for row in said_table(name, workspace.execute(name, as_of)).to_pylist()
        if row.get("place", place) == place and year in (row["year"], None)
    ]
    return sorted(rows, key=lambda row: (row["year"], row["station"]))


def _of(table: Any, place: str, year: int | None) -> Rows:
    rows: Rows = table.to_pylist()
    return [row for row in rows if row["place"] == place and row["year"] == year]


def _days(workspace: Workspace, as_of: AsOf, place: str, year: int | None) -> Rows:
    """The days of a year under each edition, each from hours where it has any, else as reported."""
    import pyarrow.compute as pc

    index = workspace.execute("air_place_day_index", as_of)
    mine = index.filter(pc.equal(index["place"], place))
    rows: Rows = [row for row in mine.to_pylist() if row["day"].year == year]
    hours_last = sorted(rows, key=lambda row: bool(row["method"] == HOURS))
    by_day = {(row["edition"], row["day"]): row for row in hours_last}
    return [by_day[key] for key in sorted(by_day)]
