"""A target as the text states it: what every reader of this room, of sentences and of tables, hands
on."""

from __future__ import annotations

from dataclasses import dataclass, field

from hengtan.plan.reader.confidence import confidence_of
from hengtan.plan.reader.vocabulary import words

CHANGES = ("increase_by", "decrease_by")
"""Operators whose value is a change, not a level."""
NO_DIRECTION = "direction not stated"
"""The doubt of a figure without a sign whose indicator may ask for more or for less."""


@dataclass(frozen=True)
class StatedTarget:
    """One target as read, ``value`` and ``unit`` as printed in the normalised text, where ``start``
    and ``end`` are the place of its quote.

    ``part_of``: the total that an item of 其中 belongs to; ``binding``: 约束性 or 预期性, where the
    text says so; ``strict``: the value itself does not meet it; ``keeps``: the level is to be kept,
    not worked up to (稳定在90%以上); ``doubts``: reasons why the reading may be wrong; ``rules``:
    names of the rules that acted on it; ``month``: that of the deadline, 0 where none is said;
    ``yearly``: the value is asked of each year; ``place``: ``table`` or ``task`` where it does not
    stand in a sentence, ``several`` where it stands in both; ``unsigned``: its operator is that of
    its indicator, no sign says it; ``also``: where else the document says it; ``base_value``: the
    figure of the indicator in a year that has been, ``base_value_year``, which is the base year of
    a change.
    """

    indicator: str
    operator: str
    value: str
    unit: str
    deadline: int
    start: int
    end: int
    value2: str = ""
    base_year: int | None = None
    region: str = ""
    modifier: str = ""
    strict: bool = False
    keeps: bool = False
    part_of: str = ""
    binding: str = ""
    doubts: tuple[str, ...] = ()
    month: int = 0
    yearly: bool = False
    place: str = ""
    base_value: str = ""
    base_unit: str = ""
    base_value_year: int | None = None
    unsigned: bool = field(default=False, compare=False)
    also: tuple[tuple[int, int], ...] = field(default=(), compare=False)
    rules: tuple[str, ...] = field(default=(), compare=False)

    @property
    def confidence(self) -> float:
        """0 to 1: the share right among readings like this one."""
        return confidence_of(self.indicator, self.unit, self.region, self.doubts)

    @property
    def is_change(self) -> bool:
        """Whether the value is the change from a base, not the level reached."""
        return self.operator in CHANGES


def binding_in(said: str) -> str:
    """约束性 or 预期性 where words say which a target is, else empty."""
    return next((word for word in words("bindings") if word in said), "")
