"""A year's budget as it is spent: by month spent and left, pace, the day it runs out, what projects
and growth would change, and the closing account.

Method: the project's own; months to come follow the pace so far.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

IGNORED = 1e-9
"""A budget exceeded by no more than this is not exceeded. [unit of the budget]"""


@dataclass(frozen=True)
class Project:
    """A project's demand: emission of a full year, from which month on."""

    name: str
    month: int
    amount: float

    def in_month(self, month: int) -> float:
        """A twelfth of its year from its month on. [unit]"""
        return self.amount / 12 if self.month <= month else 0.0


@dataclass(frozen=True)
class Month:
    """A month: planned, spent or expected, both cumulated, what is left, and the pace (spent over
    planned, cumulated; 1 = as planned). [unit of the budget]
    """

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
    """A year: its months, the total expected, the day it runs out (None: not in this year), its
    execution rate; ``weights``: whether its months were planned by ``days`` or by a ``profile``.
    """

    year: int
    budget: float
    months: tuple[Month, ...]
    expected: float
    runs_out: date | None
    rate: float
    weights: str = "days"

    @property
    def gap(self) -> float:
        """Budget less what is expected; negative: not enough. [unit of the budget]"""
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
    r"""How a budget is spent through its year.

    .. math:: x_m = b_m\,\frac{\sum_{k} s_k}{\sum_{k} b_k}\,(1 + g) + \sum_{p} \frac{P_p}{12}

    for a month m to come, with the plan :math:`b_m` and the months k known.

    Parameters
    ----------
    year : int
        Calendar year. [a]
    budget : float
        Budget of the year, above zero. [any one unit]
    spent : sequence of float
        Emissions s of the months known, January first, zero or more. [unit of the budget]
    profile : sequence of float, optional
        Shares of the twelve months of last year; by days where none is given. They are brought to
        the days of this year's months. [share]
    projects : sequence of Project
        Projects that begin in the year; those of months known are in the figures.
    growth : float
        Growth g of the months to come beyond the pace. [share]

    Returns
    -------
    Execution
        Without a month known the plan itself is expected. The day it runs out lies within its month
        by equal days.

    Raises
    ------
    ValueError
        For a negative budget or month, more than twelve months, or a profile that does not add to
        one.

    References
    ----------
    .. [1] The project's own rule: months to come follow the pace so far.
    """
    shares = by_days(year) if profile is None else tuple(profile)
    _refuse(budget, spent, shares)
    if profile is not None:
        shares = _of_this_year(shares, year)
    plan = [share * budget for share in shares]
    amounts = _amounts(spent, plan, projects, growth)
    months = tuple(_months(budget, plan, amounts, len(spent)))
    expected = months[-1].so_far
    return Execution(
        year,
        budget,
        months,
        expected,
        _runs_out(year, budget, months),
        expected / budget,
        "days" if profile is None else "profile",
    )


def by_days(year: int) -> tuple[float, ...]:
    """The share of each month in the days of a year, 29 February among them. [share]"""
    days = _days_of(year)
    return tuple(of_month / sum(days) for of_month in days)


def _of_this_year(shares: Sequence[float], year: int) -> tuple[float, ...]:
    """Shares of last year's months at the same pace a day in the months of this year. [share]"""
    last, this = _days_of(year - 1), _days_of(year)
    weights = [s * now / then for s, then, now in zip(shares, last, this, strict=True)]
    return tuple(weight / sum(weights) for weight in weights)


def _days_of(year: int) -> list[int]:
    return [calendar.monthrange(year, month)[1] for month in range(1, 13)]


def _refuse(budget: float, spent: Sequence[float], shares: Sequence[float]) -> None:
    if len(shares) != 12 or abs(sum(shares) - 1) > 1e-6 or min(shares) < 0:
        raise ValueError("a profile has twelve shares that add to one")
    if budget <= 0 or len(spent) > 12 or any(amount < 0 for amount in spent):
        raise ValueError("a budget is above zero, months are zero or more and twelve at most")


def _amounts(
    spent: Sequence[float], plan: Sequence[float], projects: Sequence[Project], growth: float
) -> list[float]:
    """Emission of the twelve months: known, else expected at the pace so far with the projects."""
    planned_so_far = sum(plan[: len(spent)])
    pace = sum(spent) / planned_so_far if spent and planned_so_far > 0 else 1.0
    expected = [
        plan[month - 1] * pace * (1 + growth) + sum(p.in_month(month) for p in projects)
        for month in range(len(spent) + 1, 13)
    ]
    return [*spent, *expected]


def _months(
    budget: float, plan: Sequence[float], amounts: Sequence[float], known: int
) -> Iterator[Month]:
    so_far = planned_so_far = 0.0
    for month, (planned, amount) in enumerate(zip(plan, amounts, strict=True), start=1):
        so_far, planned_so_far = so_far + amount, planned_so_far + planned
        pace = so_far / planned_so_far if planned_so_far > 0 else None
        left = budget - so_far
        yield Month(month, planned, amount, month <= known, planned_so_far, so_far, left, pace)


def _runs_out(year: int, budget: float, months: Sequence[Month]) -> date | None:
    """The day the budget is used up, by equal days within its month."""
    spent_before = 0.0
    for month in months:
        if month.so_far > budget + IGNORED:
            days = calendar.monthrange(year, month.month)[1]
            gone = min(int((budget - spent_before) / month.amount * days), days - 1)
            return date(year, month.month, 1) + timedelta(days=gone)
        spent_before = month.so_far
    return None


def closing(
    budget: float, actual: float, *, carry: float = 0.0, deduct: float = 0.0
) -> Mapping[str, float]:
    """The closing account of a year.

    ``rate``: execution rate [share]; ``left``: budget less actual; ``next_year``: what is carried
    over (``carry`` of what is left) or deducted (``deduct`` times the excess) [unit of the budget].
    Both rates are the region's own rule; 0 = none.
    """
    left = budget - actual
    rate = carry if left >= 0 else deduct
    return {"rate": actual / budget, "left": left, "next_year": rate * left}
