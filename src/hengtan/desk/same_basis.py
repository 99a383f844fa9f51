"""Which values of a target stand on one basis (price base, edition, definition) with its newest.

The others are listed, and share neither axis nor path with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.plan.forecast.breaks import Break

Row = Mapping[str, Any]


def same_basis(candidates: Sequence[Row], breaks: Mapping[str, Sequence[Break]]) -> list[bool]:
    """For each value of a target, whether it is on the basis of the newest value that counts.

    A value that states no edition is taken to be of any. ``breaks`` by series, a break with a
    bridge is none.
    """
    if not candidates:
        return []
    newest = max(candidates, key=_newest)
    edition, passed = newest["edition"], _breaks_passed(newest, breaks)
    return [
        (not edition or not row["edition"] or row["edition"] == edition)
        and _breaks_passed(row, breaks) == passed
        for row in candidates
    ]


def _newest(row: Row) -> tuple[bool, bool, Any]:
    """Values that count come after those that do not, actuals after the rest, then by date."""
    return bool(row["won"]), row["state"] == "actual", row["period_end"]


def _breaks_passed(row: Row, breaks: Mapping[str, Sequence[Break]]) -> int:
    """How many breaks without a bridge of its series lie at or before the year of a value."""
    without_bridge = (b for b in breaks.get(row["series"], ()) if b.bridge == "none")
    return sum(b.year <= row["period_end"].year for b in without_bridge)
