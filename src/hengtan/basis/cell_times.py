"""Days and times as cells have them, and how a reader of cells answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hengtan.basis.days import read_clock
from hengtan.basis.errors import BadPeriod
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import plain, read_day, read_period
from hengtan.basis.words import Words

Answer = tuple[Any, Problem | None]
"""A value and None; None and an error; or a value and a warning."""
Reader = Callable[[str], Answer]


def problem(key: str, *arguments: object, level: str = "error") -> Problem:
    """A problem in the words of this room (``basis/words.yaml``)."""
    return Problem.worded(Words.of("hengtan.basis"), key, *arguments, level=level)


def read_day_of(text: str) -> Answer:
    """A day; one that was read from a month or a year with a warning."""
    try:
        day, kind = read_day(text)
    except BadPeriod:
        return None, problem("bad-date", text)
    if kind is None:
        return day, None
    return day, october(text) or problem("day-from-period", text, day, level="warning")


def read_moment(text: str) -> Answer:
    """A day, a month, a year or a span of them, as ``Period`` spells it: how exactly things are
    dated differs from document to document.
    """
    try:
        return str(read_period(text)), None
    except BadPeriod:
        return None, problem("bad-date", text)


def read_hour(text: str) -> Answer:
    """A time of the clock on a day, without its zone: the form says which clock it is."""
    at = read_clock(text)
    if at is None:
        return None, problem("bad-hour", text)
    if re.search(r"[T:时点 ]|\d{10}|\.\d", plain(text)):
        return at, None
    return at, problem("hour-from-day", text, level="warning")


def october(text: str) -> Problem | None:
    """The warning a decimal ``2024.1`` deserves: Excel drops the nought of October."""
    if re.fullmatch(r"\d{4}\.1", plain(text)):
        return problem("january-or-october", text, text[:4], level="warning")
    return None
