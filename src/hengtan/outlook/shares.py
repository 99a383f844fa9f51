"""What each stretch of the year takes of a long row, kept while a program is solved again.

A row that adds up the whole year (a contract, a cap) ties every hour to every other: once it binds,
each step of the simplex reaches all of them. When a program is solved again after a change, rows
are added that keep what each stretch took of it last time, all but the last stretch. Hours then
answer to their own stretch, and steps stay short. Where none of these rows has a price at the end,
the optimum is that of the program without them: ``outlook/certificate.py``, which knows only the
program's own rows, says so. Otherwise the program is solved without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from hengtan.outlook.linear import Array, Numbers, Program

LONG = 2000
"""Variables of a row that is long."""
STRETCHES = 52
"""In how many stretches the last axis of blocks of variables is divided: weeks, of a year."""


@dataclass(frozen=True)
class Shares:
    """Rows that keep what stretches took: matrix (rows × variables) and amounts."""

    matrix: csr_array
    amounts: Array


def shares_of(program: Program, matrix: Any, values: Array, prices: Array) -> Shares | None:
    """The shares of long rows that had a price; None where no long row had one.

    ``values`` of the variables and ``prices`` of the rows are those of the last optimum.
    """
    rows, columns = matrix.shape
    entries = np.bincount(matrix.indices, minlength=rows)
    long = (entries >= LONG) & (prices != 0.0)
    if not long.any():
        return None
    inside = long[matrix.indices]
    at = np.repeat(np.arange(columns), np.diff(matrix.indptr))[inside]
    stretch = stretches(program)[at]
    counted = (stretch >= 0) & (stretch < STRETCHES - 1)
    if not counted.any():
        return None
    parts = matrix.indices[inside].astype(np.int64) * STRETCHES + stretch
    _, place = np.unique(parts[counted], return_inverse=True)
    shape = (int(place.max()) + 1, columns)
    taken = csr_array((matrix.data[inside][counted], (place, at[counted])), shape=shape)
    return Shares(taken, np.asarray(taken @ values))


def stretches(program: Program) -> Numbers:
    """The stretch of each variable by its place on the last axis of its block; -1 for variables of
    short axes, which belong to the whole year.
    """
    of_variables = np.full(program.cost.size, -1, dtype=np.int32)
    for block in program.variables.values():
        length = block.shape[-1]
        if length >= LONG:
            of_variables[block.at] = np.arange(length) * STRETCHES // length
    return of_variables
