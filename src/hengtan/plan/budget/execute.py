"""A year's budget as it is spent: by month spent and left, pace, the day it runs out, what projects and growth would change, and the closing account."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

EVEN = tuple(calendar.monthrange(2025, m)[1] / 365 for m in range(1, 13))
"""The plan of a year without a profile: by days."""


@dataclass(frozen=True)
class Project:
    """A project's demand: emission of a full year, from which month on."""

    name: str
    month: int
    amount: float


@dataclass(frozen=True)
class Month:
    """A month: planned, spent or expected, both cumulated, what is left, and the pace (spent over planned, cumulated; 1 = as planned)."""

    month: int
    planned: float
    amount: float
    known: bool
    planned_so_far: float
    so_far: float
    left: float
    pace: float | None


@dataclass(frozen=True)
class Execution:
    """A year: its months, the total expected, the day it runs out (None: not in this year), its execution rate."""

    year: int
    budget: float
    months: tuple[Month, ...]
    expected: float
    runs_out: date | None
    rate: float

    @property
    def gap(self) -> float:
        """Budget less what is expected; negative: not enough."""
        return self.budget - self.expected


def execution(
    year: int,
    budget: float,
    spent: Sequence[float],
    profile: Sequence[float] | None = None,
    *,
    projects: Sequence[Project] = (),
    growth: float = 0.0,
) -> Execution:
    """How a budget is spent. ``spent``: emissions of the months known, January first, zero or more; ``profile``: shares of the months (last year's), days where none is given.

    Months to come are expected at the pace so far: what was spent over the plan of the same months, times the plan of the month, times 1 + ``growth``; projects add a twelfth of their year from their month on
    (those of months known are in the figures). Without a month known the plan itself is expected. The day it runs out is within its month by equal days. Raises ValueError for a negative budget or month, more than
    twelve months, or a profile that does not add to one.
    """
    shares = tuple(profile or EVEN)
    if len(shares) != 12 or abs(sum(shares) - 1) > 1e-6 or min(shares) < 0:
        raise ValueError("a profile has twelve shares that add to one")
    if budget <= 0 or len(spent) > 12 or any(x < 0 for x in spent):
        raise ValueError("a budget is above zero, months are zero or more and twelve at most")
    planned_known = sum(shares[: len(spent)]) * budget
    pace = sum(spent) / planned_known if spent and planned_known > 0 else 1.0
    months, so_far, planned_so_far, runs_out = [], 0.0, 0.0, None
    for m in range(1, 13):
        planned = shares[m - 1] * budget
        known = m <= len(spent)
        amount = (
            spent[m - 1]
            if known
            else planned * pace * (1 + growth)
            + sum(p.amount / 12 for p in projects if p.month <= m)
        )
        if runs_out is None and so_far + amount > budget + 1e-9:
            days = calendar.monthrange(year, m)[1]
            runs_out = date(year, m, 1) + timedelta(
                days=min(int((budget - so_far) / amount * days), days - 1)
            )
        so_far, planned_so_far = so_far + amount, planned_so_far + planned
        months.append(
            Month(
                m,
                planned,
                amount,
                known,
                planned_so_far,
                so_far,
                budget - so_far,
                so_far / planned_so_far if planned_so_far > 0 else None,
            )
        )
    return Execution(year, budget, tuple(months), so_far, runs_out, so_far / budget)


def closing(
    budget: float, actual: float, *, carry: float = 0.0, deduct: float = 0.0
) -> Mapping[str, float]:
    """The closing account of a year: execution rate, what is carried over (``carry`` of what is left) or deducted (``deduct`` times the excess) from the next. Both rates are the region's own rule; 0 = none."""
    left = budget - actual
    return {
        "rate": actual / budget,
        "left": left,
        "next_year": carry * left if left >= 0 else deduct * left,
    }
