"""Lines of totals and columns of growth in a foreign table: no rows or products of their own, read
where they agree with the figures they are made of, lost like any other where they do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from hengtan.accounts.energy.foreign_axes import Meaning
from hengtan.accounts.energy.foreign_names import pattern
from hengtan.basis.figures import Figure
from hengtan.basis.spelling import is_total_word

Place = tuple[int, int]
"""A cell: the number of its line and its column."""
Look = Callable[[int, int], Figure]
"""What a cell holds, by line and column."""


def is_sum_line(label: str) -> bool:
    """Whether a row is named as a total and as nothing else."""
    return is_total_word(label)


def is_growth_head(title: str) -> bool:
    """Whether a column is headed as growth on the year before, in per cent."""
    return bool(pattern("growth_word").search(title) and pattern("ratio_words").search(title))


def sums_agree(look: Look, lines: Iterable[int], line: int, columns: Sequence[int]) -> bool:
    """Whether every figure of a line is the sum of those above it in its column."""
    above = [number for number in lines if number < line]
    return bool(columns) and all(_is_sum(look, above, line, column) for column in columns)


def _is_sum(look: Look, above: Sequence[int], line: int, column: int) -> bool:
    total = look(line, column)
    parts = [figure for number in above if (figure := look(number, column)).kind == "number"]
    if total.kind != "number" or not parts:
        return False
    rounding = 0.5 * sum(10.0**-figure.decimals for figure in (*parts, total))
    return abs(sum(figure.value for figure in parts) - total.value) <= rounding


def growth_agrees(
    look: Look, columns: Mapping[int, Meaning], column: int, lines: Sequence[int]
) -> bool:
    """Whether a column holds the growth of the last year on the one before, line by line, within
    its digits; a line without two years may hold anything but a figure.
    """
    years = sorted((meaning.year, c) for c, meaning in columns.items() if meaning.year)
    pairs = [(old, new) for (y, old), (z, new) in pairwise(years) if z == y + 1]
    if len({year for year, _ in years}) < len(years) or not pairs:
        return False
    old, new = pairs[-1]
    return all(_grows(look(n, old), look(n, new), look(n, column)) for n in lines)


def _grows(old: Figure, new: Figure, growth: Figure) -> bool:
    if growth.kind == "empty":
        return True
    if {old.kind, new.kind, growth.kind} != {"number"} or old.value == 0:
        return False
    expected = (new.value / old.value - 1) * 100
    rounding = 0.5 * 10.0**-growth.decimals
    printed = (0.5 * 10.0**-new.decimals + 0.5 * 10.0**-old.decimals) / abs(old.value) * 100
    return abs(expected - growth.value) <= rounding + printed * max(1, abs(new.value / old.value))
