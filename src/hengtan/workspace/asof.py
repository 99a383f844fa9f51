"""What is looked at and when: the two clocks of a question, and the modules whose accounts answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hengtan.basis.period import Period

PLAN_MODULES = ("hengtan.plan.series", "hengtan.plan.evidence", "hengtan.plan.progress", "hengtan.plan.tasks")
NO_END = date(9999, 12, 31)


@dataclass(frozen=True)
class AsOf:
    """What is looked at: events known up to ``known_on`` (None = all), values up to ``values_to``, judged on ``judged_on``."""

    judged_on: date
    values_to: date = NO_END
    known_on: date | None = None

    @classmethod
    def of(cls, known_on: date | None = None, period: str | None = None, today: date | None = None) -> AsOf:
        """From the options of the command line: ``--known-on`` sets the clock of knowledge, ``--period`` the period judged."""
        if period:
            end = Period.read(period).end
            return cls(judged_on=end, values_to=end, known_on=known_on)
        return cls(judged_on=known_on or today or date.today(), known_on=known_on)
