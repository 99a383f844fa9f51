"""Kernel: what an account would have used in the hours of an event, by days like it.

Pure: numbers in, numbers out. The rule is an input, since each place sets its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

Day = Mapping[int, float]
"""Power by the hour that ends at this number, 1 to 24. [kW]"""
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """How a place sets a baseline.

    ``days``: how many of the last similar days count; ``look_back``: how far back they may lie
    [d]; ``adjust_hours``: hours before an event by which the baseline is scaled to the day, 0 for
    none; ``adjust_limit``: the most it may be scaled by, as a share of 1.
    """

    days: int
    look_back: int
    adjust_hours: int
    adjust_limit: float


class NoBaseline(Exception):
    """There is no baseline; ``code`` and ``arguments`` say why."""

    def __init__(self, code: str, *arguments: object) -> None:
        self.code, self.arguments = code, arguments
        super().__init__(code)


@dataclass(frozen=True)
class Meter:
    """Days of a meter, the days on which it was called, and which days are worked."""

    days: Mapping[date, Day]
    called: frozenset[date]
    is_worked: Callable[[date], bool]

    def similar(self, day: date, hours: Sequence[int], rule: Rule) -> Iterator[Day]:
        """Days before ``day``, the last first: of its kind (worked or not), not called, with all
        ``hours`` metered.
        """
        kind = self.is_worked(day)
        for back in range(1, rule.look_back + 1):
            other = day - back * A_DAY
            metered = self.days.get(other)
            if metered is None or other in self.called or self.is_worked(other) != kind:
                continue
            if all(hour in metered for hour in hours):
                yield metered


def baseline(meter: Meter, day: date, hours: Sequence[int], rule: Rule) -> dict[int, float]:
    r"""Power that would have been used in ``hours`` of ``day``. [kW]

    .. math::
        b_h = a \frac{1}{k} \sum_{j=1}^{k} x_{jh}, \qquad
        a = \mathrm{clip}\Big(\frac{\sum_{g \in G} x_{0g}}{\sum_{g \in G} \bar x_g},
        1 - l, 1 + l\Big)

    with the last k similar days x_j, the hours G before the event and the limit l.

    Raises NoBaseline where similar days or hours before the event lack.
    """
    before = range(min(hours) - rule.adjust_hours, min(hours))
    if rule.adjust_hours and before.start < 1:
        raise NoBaseline("adjusting_before_midnight", day, rule.adjust_hours)
    asked = [*before, *hours]
    chosen = list(islice(meter.similar(day, asked, rule), rule.days))
    if len(chosen) < rule.days:
        raise NoBaseline("too_few_similar_days", day, len(chosen), rule.days, rule.look_back)
    mean = {hour: sum(like[hour] for like in chosen) / rule.days for hour in asked}
    scale = _adjustment(meter.days.get(day, {}), mean, before, rule) if rule.adjust_hours else 1.0
    return {hour: mean[hour] * scale for hour in hours}


def _adjustment(today: Day, mean: Day, before: range, rule: Rule) -> float:
    """By what the mean of similar days is scaled to the day. Raises NoBaseline."""
    lacking = [hour for hour in before if hour not in today]
    if lacking:
        raise NoBaseline("no_hours_before_event", lacking[0])
    usual = sum(mean[hour] for hour in before)
    if usual <= 0:
        return 1.0
    scale = sum(today[hour] for hour in before) / usual
    return min(max(scale, 1 - rule.adjust_limit), 1 + rule.adjust_limit)


@dataclass(frozen=True)
class Accuracy:
    """How far baselines lie from meters on days without a call: days tried, mean load, mean error
    (bias) and root mean square error over all hours. [kW]
    """

    days: int
    mean_load: float
    bias: float
    error: float


def accuracy(meter: Meter, hours: Sequence[int], rule: Rule) -> Accuracy | None:
    """Baselines of all days without a call for which there is one, beside what was metered; the
    day itself is never among the days its baseline is made of. None where there is no such day.
    """
    errors: list[float] = []
    loads: list[float] = []
    days = 0
    for day in sorted(meter.days.keys() - meter.called):
        metered = meter.days[day]
        if any(hour not in metered for hour in hours):
            continue
        try:
            expected = baseline(meter, day, hours, rule)
        except NoBaseline:
            continue
        days += 1
        loads += [metered[hour] for hour in hours]
        errors += [expected[hour] - metered[hour] for hour in hours]
    if not days:
        return None
    count = len(errors)
    square = sum(error * error for error in errors) / count
    return Accuracy(days, sum(loads) / count, sum(errors) / count, square**0.5)
