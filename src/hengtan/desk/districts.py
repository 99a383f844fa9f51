"""Districts beside each other: where each lies on the tile map, and the yearly indicator most of
them have.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


def names_of_districts(workspace: Workspace) -> list[str]:
    """Chinese names of the districts of a workspace's packs."""
    return [
        row["name_zh"]
        for row in workspace.pack.rows("places")
        if row["kind"] == "district" or (row["kind"] is None and row["parent"])
    ]


def tiles(workspace: Workspace, places: list[str]) -> dict[str, tuple[int, int]]:
    """Row and column of each place on the pack's map, where the map has all of them.

    Places of the map without a figure are in it too. Without a map they lie side by side in the
    order of their codes.
    """
    on_map = {r["place"]: (r["row"], r["column"]) for r in workspace.pack.rows("map_tiles")}
    if places and all(place in on_map for place in places):
        return on_map
    columns = max(int(len(places) ** 0.5 + 0.999), 1)
    return {place: (n // columns, n % columns) for n, place in enumerate(sorted(places))}


def widest(workspace: Workspace, as_of: AsOf) -> dict[str, Any] | None:
    """The yearly indicator that most places of the map have, in its latest common year; None
    without any.
    """
    on_map = {row["place"] for row in workspace.pack.rows("map_tiles")}
    rows = [
        row
        for row in workspace.execute("plan_series", as_of).to_pylist()
        if row["place"] in on_map and _is_yearly_outturn(row)
    ]
    if not rows:
        return None
    counts = Counter((row["reported_as"], row["year"]) for row in rows)
    series, year = max(counts, key=lambda key: (counts[key], key[1]))
    of_series = [r for r in rows if (r["reported_as"], r["year"]) == (series, year)]
    by_place = {row["place"]: row for row in of_series}
    about = {row["series"]: row for row in workspace.pack.rows("series")}.get(series, {})
    names = {row["place"]: row for row in workspace.pack.rows("places")}
    return {
        "series": series,
        "name_zh": about.get("name_zh", series),
        "name_en": about.get("name_en", series),
        "year": year,
        "unit": of_series[0]["unit"],
        "rows": [
            {
                "place": place,
                "name_zh": names[place]["name_zh"] if place in names else place,
                "name_en": names[place]["name_en"] if place in names else place,
                "value": row["value"],
                "source": row["source_title"],
            }
            for place, row in sorted(by_place.items())
        ],
    }


def _is_yearly_outturn(row: dict[str, Any]) -> bool:
    return bool(
        row["won"]
        and row["period_kind"] == "year"
        and row["value"] is not None
        and row["nature"] == "outturn"
    )
