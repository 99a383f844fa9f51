"""Long rows met by moving among solutions that are equally dear.

A row that adds up the whole year (a contract, a cap) ties every hour to every other: once it binds,
each step of the simplex reaches all of them. With its price taken into the costs (Lagrange) and the
row left out, hours are tied to their neighbours only. The solutions of least cost are then a face:
variables without a reduced cost may move on it, rows with a price stay at their limits. A solution
of the face at which the long rows are met is an optimum of the whole program. It is looked for one
stretch of the year after another, each moving as far as it can towards where all rows are met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.highs import pass_program, set_basis
from hengtan.outlook.linear import Array, Numbers, Program

LONG = 2000
"""Variables of a row that is long."""
STRETCHES = 52
"""In how many stretches the last axis of blocks of variables is divided: weeks, of a year."""
TRIAL, ENOUGH = 4, 0.5
"""Stretches after which the search goes on only where all, moving as far as these did, would come
more than this share of the way: otherwise prices have to change.
"""
MET = 1e-9
"""What a long row may be missed by, as a share of what it adds up."""
PRIMAL = 4
"""The simplex that goes from one feasible solution to the next."""


class OtherPrices(NotProven):
    """At the prices of the long rows no solution was come upon that meets them."""


def long_rows(matrix: csc_array, prices: Array) -> Numbers:
    """The long rows that have a price."""
    entries = np.bincount(matrix.indices, minlength=matrix.shape[0])
    return np.flatnonzero((entries >= LONG) & (prices != 0.0)).astype(np.int32)


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


@dataclass
class Face:
    """The solutions of least cost at some prices of the long rows, and one of them.

    Attributes
    ----------
    matrix : csc_array
        All rows × variables.
    bounds : arrays by name
        ``lower``, ``upper``, ``row_lower`` and ``row_upper`` on the face: equal where nothing may
        move. Those of long rows do not count.
    long, missed : arrays
        The numbers of the long rows, and how much more each should be.
    values : array
        The solution, which ``meet`` moves.
    columns, rows : arrays
        Their statuses in its basis (``highs.set_basis``).
    """

    matrix: csc_array
    bounds: Mapping[str, Array]
    long: Numbers
    missed: Array
    values: Array
    columns: Numbers
    rows: Numbers

    def meet(self, highs: Any, stretch: Numbers) -> Array:
        """Values at which the long rows are met.

        ``highs`` is empty and set up; ``stretch`` is that of each variable. Raises ``OtherPrices``
        where none would be come upon, ``NotProven`` where none was.
        """
        if not np.isfinite(self.missed).all():
            raise OtherPrices("长约束已取消", "a long row has no limit any more")
        highs.setOptionValue("simplex_strategy", PRIMAL)
        highs.setOptionValue("presolve", "off")
        self._taken = np.asarray(self.matrix @ self.values)
        enough = MET * (abs(self.matrix) @ np.abs(self.values))[self.long]
        parts = list(self._parts(stretch))
        whole = left = float(np.max(np.abs(self.missed), initial=0.0))
        way = self.missed / max(whole, 1.0)
        for number, (columns, part) in enumerate(parts):
            hopeless = (whole - left) * len(parts) < ENOUGH * whole * number
            if number == TRIAL and hopeless:
                raise OtherPrices("长约束须换新价格", "long rows need other prices")
            if left <= 0.0:
                break
            left -= self._move(highs, columns, part, way, left)
        if (np.abs(way * left) > enough).any():
            raise NotProven("未在最优面上满足长约束", "long rows were not met on the optimal face")
        return self.values

    def _parts(self, stretch: Numbers) -> Iterator[tuple[Numbers, csc_array]]:
        """Variables of each stretch that may move, and their columns of the matrix."""
        movable = (stretch >= 0) & (self.bounds["lower"] < self.bounds["upper"])
        free = np.flatnonzero(movable).astype(np.int32)
        free = free[np.argsort(stretch[free], kind="stable")]
        matrix = self.matrix[:, free]
        ends = np.searchsorted(stretch[free], np.arange(STRETCHES + 1))
        for first, last in pairwise(ends):
            if first < last:
                yield free[first:last], matrix[:, first:last]

    def _move(
        self, highs: Any, columns: Numbers, part: csc_array, way: Array, most: float
    ) -> float:
        """Move variables of one stretch so that long rows go their way as far as they can. Returns
        how far.
        """
        import highspy

        part, rows = rows_of(part, self.long)
        at = np.searchsorted(rows, self.long).astype(np.int32)
        before = self.values[columns]
        others = self._taken[rows] - part @ before
        arrays = {
            "cost": np.append(np.zeros(columns.size), -1.0),
            "lower": np.append(self.bounds["lower"][columns], 0.0),
            "upper": np.append(self.bounds["upper"][columns], most),
        }
        for word in ("row_lower", "row_upper"):
            arrays[word] = self.bounds[word][rows] - others
            arrays[word][at] = (part @ before)[at]
        pass_program(highs, _with_way(part, at, way), arrays, np.zeros(columns.size + 1), 0)
        of_rows = self.rows[rows]
        of_rows[at] = 2
        set_basis(highs, np.append(self.columns[columns], 0), of_rows)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NotProven("未在最优面上找到解", "no solution was found on the optimal face")
        *after, far = highs.getSolution().col_value
        self.values[columns] = after
        self._taken[rows] += part @ (self.values[columns] - before)
        return far


def rows_of(part: csc_array, long: Numbers) -> tuple[csc_array, Numbers]:
    """Columns with only the rows that they touch and the long ones, and the numbers of these."""
    rows = np.union1d(part.indices, long).astype(np.int32)
    shape = rows.size, part.shape[1]
    indices = np.searchsorted(rows, part.indices).astype(np.int32)
    return csc_array((part.data, indices, part.indptr), shape=shape), rows


def _with_way(part: csc_array, at: Numbers, way: Array) -> csc_array:
    """Columns, and one that says how far the long rows go their way."""
    data, indices = np.append(part.data, -way), np.append(part.indices, at)
    ends = np.append(part.indptr, part.nnz + at.size)
    return csc_array((data, indices, ends), shape=(part.shape[0], part.shape[1] + 1))
