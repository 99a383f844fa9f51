"""What a form says of wide files: a table whose columns are the values of a field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wide:
    """Files of a form that have a column for each value of a field, or day and hour in one column.

    ``across``: the fields whose values may be columns, tried in this order (a choice by its words,
    a whole number by its digits, any other by whatever the title is); ``value``: the field that
    their cells fill; ``unit``: the field that the brackets of their titles fill. ``clock``: the
    fields of day and hour that a time of the clock is taken apart into, 0 o'clock being 24 o'clock
    of the day before; ``clock_titles``: what a column of such times is called.
    """

    value: str
    across: tuple[str, ...] = ()
    unit: str | None = None
    clock: tuple[str, ...] = ()
    clock_titles: tuple[str, ...] = ()
