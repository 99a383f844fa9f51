"""Carries out the steps of a program over draws.

Written once for NumPy and numba: the words at the top work on whole rows here, and are loops that
the compiler turns into vector instructions in ``compiled.py``. A row holds a number for each draw.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hengtan.outlook.uncertainty.program import (
    ADD,
    ADD_PRODUCT,
    FILL,
    FIRST_IDLE,
    GATHER,
    KEEP,
    LEAVE,
    MOVE,
    MULTIPLY,
    PAIR,
    SCALE,
    Program,
)

Numbers = np.ndarray[Any, Any]


def fill(rows: Numbers, target: int, value: float) -> None:
    rows[target] = value


def multiply(rows: Numbers, target: int, other: int) -> None:
    rows[target] *= rows[other]


def pair(rows: Numbers, target: int, first: int, second: int) -> None:
    """The product of two rows that are not the target: the compiler checks that none overlap."""
    rows[target] = rows[first] * rows[second]


def keep(rows: Numbers, target: int, effect: int, reach: float) -> None:
    """What a measure leaves: times 1 - reach effect."""
    rows[target] *= 1 - rows.dtype.type(reach) * rows[effect]


def leave(rows: Numbers, target: int, effect: int, reach: float) -> None:
    """A row that begins with what a measure leaves."""
    rows[target] = 1 - rows.dtype.type(reach) * rows[effect]


def grow(rows: Numbers, target: int, deviation: int) -> None:
    """Times 1 + deviation."""
    rows[target] *= 1 + rows[deviation]


def move(rows: Numbers, between: tuple[int, int], effect: int, reach: float, ratio: float) -> None:
    """Takes a share of the first row away; a unit of it is ``ratio`` units of the second."""
    gone = rows.dtype.type(reach) * rows[effect] * rows[between[0]]
    rows[between[0]] -= gone
    rows[between[1]] += rows.dtype.type(ratio) * gone


def scale(rows: Numbers, target: int, factors: int, weight: float) -> None:
    """The first term of the sum of a bundle."""
    rows[target] = rows.dtype.type(weight) * rows[factors]


def gather(rows: Numbers, target: int, factors: int, weight: float) -> None:
    """Adds a term to the sum of a bundle."""
    rows[target] += rows.dtype.type(weight) * rows[factors]


def add_product(sums: Numbers, total: int, rows: Numbers, common: int, terms: int) -> None:
    """Adds a bundle to a total in double precision."""
    sums[total] += (rows[common] * rows[terms]).astype(np.float64)


def add(sums: Numbers, total: int, rows: Numbers, common: int, weight: float) -> None:
    """Adds a bundle of a constant sum to a total in double precision."""
    sums[total] += weight * rows[common].astype(np.float64)


def evaluate(program: Program, rows: Numbers, sums: Numbers) -> None:
    """Adds to ``sums`` (Q Y, B) what B draws come to, whose effects are the first M of ``rows``."""
    lines, start, figures, _ = program
    for place in range(figures.shape[0]):
        for year in range(figures.shape[1]):
            for number in range(start[year], start[year + 1]):
                carry_out(lines, number, figures, (place, year), rows, sums)


def carry_out(
    lines: Numbers,
    number: int,
    figures: Numbers,
    where: tuple[int, int],
    rows: Numbers,
    sums: Numbers,
) -> None:
    """A line, of a class and a year: operation, target, first and second row, figures."""
    operation, target = lines[number, 0], lines[number, 1]
    first, second = lines[number, 2], lines[number, 3]
    value = figures[where[0], where[1], lines[number, 4]]
    if operation >= FIRST_IDLE and value == 0:
        return
    if operation == KEEP:
        keep(rows, target, first, value)
    elif operation == GATHER:
        gather(rows, target, first, value)
    elif operation == ADD:
        add(sums, target, rows, first, value)
    elif operation == ADD_PRODUCT:
        add_product(sums, target, rows, first, second)
    elif operation == MULTIPLY:
        multiply(rows, target, first)
    elif operation == PAIR:
        pair(rows, target, first, second)
    elif operation == MOVE:
        ratio = figures[where[0], where[1], lines[number, 5]]
        move(rows, (first, target), second, value, ratio)
    else:
        begin(operation, target, first, value, rows)


def begin(operation: int, target: int, first: int, value: float, rows: Numbers) -> None:
    """Lines that a row begins with, and those that let it grow."""
    if operation == LEAVE:
        leave(rows, target, first, value)
    elif operation == SCALE:
        scale(rows, target, first, value)
    elif operation == FILL:
        fill(rows, target, value)
    else:
        grow(rows, target, first)
