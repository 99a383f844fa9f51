"""What is looked at and when: the two clocks of a question and its named options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hengtan.basis.period import Period

NO_END = date(9999, 12, 31)


@dataclass(frozen=True)
class AsOf:
    """What is looked at: events known up to ``known_on`` (None = all), values up to ``values_to``,
    judged on ``judged_on``.

    ``options`` are the named choices accounts are run with, where they differ from their defaults
    (``workspace.options``).
    """

    judged_on: date
    values_to: date = NO_END
    known_on: date | None = None
    options: tuple[tuple[str, str | int | float], ...] = ()

    @classmethod
    def of(
        cls,
        known_on: date | None = None,
        period: str | None = None,
        today: date | None = None,
        options: Mapping[str, str | int | float] | None = None,
    ) -> AsOf:
        """From the options of the command line: ``--known-on`` sets the clock of knowledge,
        ``--period`` the period judged, ``--option`` a choice of method."""
        chosen = tuple(sorted((options or {}).items()))
        if period:
            end = Period.read(period).end
            return cls(judged_on=end, values_to=end, known_on=known_on, options=chosen)
        return cls(judged_on=known_on or today or date.today(), known_on=known_on, options=chosen)
