"""Tables the accounts of the plan need that follow from the packs: which place lies in which, and
the years of the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from hengtan.packs import Pack

FIRST_YEAR, LAST_YEAR = 1990, 2100


def plan_tables(pack: Pack) -> Mapping[str, Callable[[], Any]]:
    """How ``place_within`` and ``calendar_years`` are made, each as ``pyarrow.Table``."""
    return {"place_within": partial(_place_within, pack), "calendar_years": _calendar_years}


def _calendar_years() -> Any:
    import pyarrow as pa

    years = list(range(FIRST_YEAR, LAST_YEAR + 1))
    return pa.table({"year": pa.array(years, pa.int64())} | _pack_columns(len(years)))


def _place_within(pack: Pack) -> Any:
    """Each place with itself, the places above it, and the groups it is a member of.

    Overlapping zones take no part: what lies in them is not known from the tree.
    """
    import pyarrow as pa

    rows = {row["place"]: row for row in pack.rows("places")}
    groups = [row for row in rows.values() if row["kind"] == "group"]
    pairs: set[tuple[str, str]] = set()
    for place in rows:
        above, chain = place, []
        while above is not None and above not in chain:
            chain.append(above)
            above = rows[above]["parent"] if above in rows else None
        pairs |= {(place, holder) for holder in chain}
        pairs |= {(place, group["place"]) for group in groups if set(group["members"]) & set(chain)}
    ordered = sorted(pairs)
    return pa.table(
        {
            "place": pa.array([p for p, _ in ordered], pa.string()),
            "within": pa.array([w for _, w in ordered], pa.string()),
        }
        | _pack_columns(len(ordered))
    )


def _pack_columns(rows: int) -> dict[str, Any]:
    import pyarrow as pa

    return {
        "source": pa.array(["places of the pack"] * rows, pa.string()),
        "confidence": pa.array(["read"] * rows, pa.string()),
        "_pack": pa.array(["packs"] * rows, pa.string()),
        "_file": pa.array(["places.csv"] * rows, pa.string()),
        "_row": pa.array([None] * rows, pa.int64()),
    }
