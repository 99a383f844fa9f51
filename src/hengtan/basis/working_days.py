"""Working days: weekends, public holidays and the weekend days that are worked instead.

What is off and what is worked is announced for each year by the State Council's office and kept as
data (pack table ``public_holidays``). For a year that is not announced only weekends are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

A_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class DueOn:
    """A day that was worked out; ``certain`` is False where it rests on a year whose holidays are
    not announced.
    """

    day: date
    certain: bool = True


@dataclass(frozen=True)
class WorkingDays:
    """``off``: holidays; ``worked``: weekend days that are worked; ``years``: those announced."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> WorkingDays:
        """From rows of the pack table ``public_holidays``."""
        off: set[date] = set()
        worked: set[date] = set()
        years: set[int] = set()
        for row in rows:
            days = worked if row["works"] else off
            days.update(each_day(row["first"], row["last"]))
            years.add(row["year"])
        return cls(frozenset(off), frozenset(worked), frozenset(years))

    def is_worked(self, day: date) -> bool:
        """Whether offices work on a day, as far as it is known."""
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.off

    def shifted(self, day: date) -> DueOn:
        """The day itself where it is worked, else the next day that is (顺延)."""
        first = day
        while not self.is_worked(day):
            day += A_DAY
        return DueOn(day, self._announced(first, day))

    def nth_after(self, day: date, number: int) -> DueOn:
        """The n-th day that is worked after a day."""
        first = day
        while number:
            day += A_DAY
            number -= self.is_worked(day)
        return DueOn(day, self._announced(first + A_DAY, day))

    def nth_before(self, day: date, number: int) -> DueOn:
        """The n-th day that is worked before a day."""
        last = day
        while number:
            day -= A_DAY
            number -= self.is_worked(day)
        return DueOn(day, self._announced(day, last))

    def _announced(self, first: date, last: date) -> bool:
        return {first.year, last.year} <= self.years


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both of them too."""
    for number in range((last - first).days + 1):
        yield first + number * A_DAY
