"""Where a document says two things of one target: two values, or one value with two deadlines in
its text and in a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from hengtan.plan.reader.amounts import plain
from hengtan.plan.reader.linking import key, scope_difference
from hengtan.plan.reader.merging import SEVERAL, named_alike
from hengtan.plan.reader.stated import StatedTarget

SAID_OTHERWISE = "said otherwise elsewhere"
"""The doubt of a target that another place of the document contradicts."""


@dataclass(frozen=True)
class Contradiction:
    """Two targets, by their places in a list, and in what they differ: ``two_values`` or
    ``two_deadlines``."""

    first: int
    second: int
    code: str


def contradictions(targets: Sequence[StatedTarget]) -> list[Contradiction]:
    """Each target that says otherwise than another, with that one, once. Two values: one indicator,
    one year; the names may differ by the letters that a table leaves out. Two deadlines: one value
    that a sentence and a table give for different years, and neither repeats the other."""
    open_ones = [n for n, target in enumerate(targets) if target.modifier != "stretch"]
    values = list(_two_values(targets, open_ones))
    contradicted = {n for pair in values for n in (pair.first, pair.second)}
    left = [n for n in open_ones if n not in contradicted and targets[n].place != SEVERAL]
    return sorted(
        [*values, *_two_deadlines(targets, left)], key=lambda pair: (pair.first, pair.second)
    )


def _two_values(targets: Sequence[StatedTarget], among: Sequence[int]) -> Iterator[Contradiction]:
    """Each target against the first of its name, year and base."""
    firsts: dict[Hashable, list[int]] = defaultdict(list)
    for n in among:
        target = targets[n]
        amount, unit = plain(target.value, target.unit)
        alike = firsts[(target.deadline, unit, *_kind(target))]
        first = next((m for m in alike if _may_be_one(targets[m], target)), None)
        if first is None:
            alike.append(n)
        elif plain(targets[first].value, targets[first].unit)[0] != amount:
            yield Contradiction(first, n, "two_values")


def _two_deadlines(
    targets: Sequence[StatedTarget], among: Sequence[int]
) -> Iterator[Contradiction]:
    """Each target of a table against the first of a sentence that gives its value for another
    year."""
    said: dict[Hashable, list[int]] = defaultdict(list)
    for n in sorted(among, key=lambda n: (targets[n].place != "", n)):
        target = targets[n]
        alike = said[(*plain(target.value, target.unit), target.value2, *_kind(target))]
        first = next((m for m in alike if _of_another_year(targets[m], target)), None)
        if target.place == "":
            alike.append(n)
        elif first is not None:
            alike.remove(first)
            yield Contradiction(first, n, "two_deadlines")


def _kind(target: StatedTarget) -> tuple[Hashable, ...]:
    """What two targets that can contradict each other share: whose, level or change, how often."""
    return target.region, target.is_change, target.yearly


def _may_be_one(a: StatedTarget, b: StatedTarget) -> bool:
    """Whether two targets are of one indicator and may count from the same year."""
    if a.base_year != b.base_year and None not in (a.base_year, b.base_year):
        return False
    if key(a.indicator) == key(b.indicator):
        return True
    if a.place == b.place or not named_alike(a, b):
        return False
    return scope_difference(a.indicator, b.indicator) == ""


def _of_another_year(a: StatedTarget, b: StatedTarget) -> bool:
    return a.deadline != b.deadline and named_alike(a, b)
