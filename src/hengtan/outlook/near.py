"""A changed program solved near its last optimum: what is far from moving stays where it is.

A small change moves variables of the basis and those at a bound whose reduced cost is small. All
others stay at their bounds, rows that cannot be missed then are left out, and HiGHS begins at the
last basis of a program of half the size. Whether the answer is one of the whole program is not
decided here: values and prices of all of it go to ``outlook/certificate.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csc_array, vstack

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.highs import marginal_of, pass_program
from hengtan.outlook.linear import Array
from hengtan.outlook.shares import Shares

Bools = np.ndarray[Any, np.dtype[np.bool_]]
NEAR = 0.42
"""The share of the variables that may move: those of the least reduced cost."""
DANTZIG = 0
"""The row that leaves the basis is the one missed most."""
SHORT_STEPS = {
    "solver": "simplex",
    "simplex_dual_edge_weight_strategy": DANTZIG,
    "simplex_scale_strategy": 0,
    "dual_simplex_cost_perturbation_multiplier": 10.0,
}
"""How HiGHS solves it. This and ``NEAR`` were quickest when measured (``docs/performance.md``)."""
WIDE = 0.1
"""A row of more than this share of all variables is wide, as a cap on carbon is."""
TRIAL, MANY, MOST = 300, 1000, 1500
"""Beside a wide row every step reaches far. The first steps are a trial: where more rows than
``MANY`` are still missed after it, the program is sooner solved from nothing; else so many follow.
"""
NO_PRICE = 1e-9
"""A price that is none, as a share of the largest: what rounding leaves."""
ENDLESS = 1e30


@dataclass
class Near:
    """The last optimum of a program with the shares of its long row kept.

    Attributes
    ----------
    matrix : csc_array
        Rows of the program and then those of the shares × variables.
    amounts : array
        What each share is kept at.
    values, reduced, prices : arrays
        Of the variables, and their reduced costs; of all rows.
    basic_columns, basic_rows : arrays
        Whether a variable, or what a row leaves free, is in the basis.
    wide : bool
        Whether the shares are those of a wide row.
    """

    matrix: csc_array
    amounts: Array
    values: Array
    reduced: Array
    prices: Array
    basic_columns: Bools
    basic_rows: Bools
    wide: bool

    @classmethod
    def of(
        cls,
        matrix: csc_array,
        shares: Shares,
        highs: Any,
        values: Array,
        reduced: Array,
        prices: Array,
    ) -> Near:
        """Near the optimum at which HiGHS ended: its ``values`` with their ``reduced`` costs and
        the ``prices`` of its rows.
        """
        count = shares.amounts.size
        columns, rows = _basic(highs, *matrix.shape)
        return cls(
            matrix=csc_array(vstack([matrix, shares.matrix], format="csc")),
            amounts=shares.amounts,
            values=values,
            reduced=reduced,
            prices=np.concatenate([prices, np.zeros(count)]),
            basic_columns=columns,
            basic_rows=np.concatenate([rows, np.ones(count, dtype=bool)]),
            wide=shares.matrix.nnz > WIDE * values.size,
        )

    def solve(self, highs: Any, arrays: Mapping[str, Array], steps: int) -> tuple[Array, Array]:
        """Values of the variables and prices of the rows of the changed program.

        ``highs`` is empty and set up; ``arrays`` are those of ``certificate.hold_prices``;
        ``steps`` is how many steps of the simplex may be taken. Raises ``NotProven`` where HiGHS
        ends without an optimum.
        """
        below = np.concatenate([arrays["row_lower"], self.amounts])
        above = np.concatenate([arrays["row_upper"], self.amounts])
        reduced = arrays["cost"] - self.matrix.T @ self.prices
        at_upper = _at_upper(self.reduced, self.values, arrays["lower"], arrays["upper"])
        bound = np.where(at_upper, arrays["upper"], arrays["lower"])
        distance = np.minimum(np.abs(self.reduced), np.abs(reduced))
        moves = self.basic_columns | (distance <= np.quantile(distance, NEAR)) | np.isinf(bound)
        values = np.where(moves, 0.0, bound)
        taken = self.matrix @ values
        below, above = below - taken, above - taken
        part = self.matrix[:, moves]
        inside = {word: arrays[word][moves] for word in ("cost", "lower", "upper")}
        rows = ~self.basic_rows | _can_miss(part, inside, below, above)
        part = csc_array(part.tocsr()[rows].tocsc())
        inside |= {"row_lower": below[rows], "row_upper": above[rows]}
        rows_upper = _at_upper(self.prices, self.matrix @ self.values - taken, below, above)
        pass_program(highs, part, inside, np.zeros(part.shape[1], dtype=np.int32), 0.0)
        self._begin(highs, moves, rows, at_upper, rows_upper)
        self._run(highs, steps)
        answer = highs.getSolution()
        values[moves] = answer.col_value
        self.values, self.prices = values, np.zeros(rows.size)
        self.prices[rows] = answer.row_dual
        self.reduced = arrays["cost"] - self.matrix.T @ self.prices
        self.basic_columns, self.basic_rows = np.zeros_like(moves), np.ones_like(rows)
        self.basic_columns[moves], self.basic_rows[rows] = _basic(highs, *part.shape)
        self._end = highs, moves, rows
        return values, self.prices[: -self.amounts.size]

    def marginal(self, weights: Array) -> Array:
        """Change of a weighted sum of the variables with one unit more of each row's limit, at the
        basis of the last answer; shares stay kept.
        """
        highs, moves, rows = self._end
        change = np.zeros(rows.size)
        change[rows] = marginal_of(highs, weights[moves])
        return change[: -self.amounts.size]

    def _begin(
        self, highs: Any, moves: Bools, rows: Bools, at_upper: Bools, rows_upper: Bools
    ) -> None:
        """Begin at the last basis."""
        import highspy

        basis = highspy.HighsBasis()
        basis.col_status = _statuses(self.basic_columns[moves], at_upper[moves])
        basis.row_status = _statuses(self.basic_rows[rows], rows_upper[rows])
        basis.valid = True
        highs.setBasis(basis)

    def _run(self, highs: Any, steps: int) -> None:
        """Solve in so many steps, or raise ``NotProven``."""
        import highspy

        for option, value in SHORT_STEPS.items():
            highs.setOptionValue(option, value)
        if self.wide:
            highs.setOptionValue("simplex_iteration_limit", TRIAL)
            highs.run()
            if highs.getInfo().num_primal_infeasibilities > MANY:
                raise NotProven("变动过大，须重新求解", "too much changes: to be solved anew")
            steps = min(steps, MOST)
        highs.setOptionValue("simplex_iteration_limit", steps)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NotProven("未在附近找到最优解", "no optimum was found near the last one")


def _basic(highs: Any, rows: int, columns: int) -> tuple[Bools, Bools]:
    """Which variables and which rows are in the basis."""
    of_columns, of_rows = np.zeros(columns, dtype=bool), np.zeros(rows, dtype=bool)
    numbers = np.asarray(highs.getBasicVariables()[1])
    of_columns[numbers[numbers >= 0]] = True
    of_rows[-1 - numbers[numbers < 0]] = True
    return of_columns, of_rows


def _at_upper(price: Array, values: Array, lower: Array, upper: Array) -> Bools:
    """Whether what is not in the basis is at its upper bound: by its price, or the nearer bound
    where there is none to speak of; an endless bound is not taken where the other is not.
    """
    nearer = np.abs(upper - values) < np.abs(values - lower)
    none = np.abs(price) <= NO_PRICE * np.max(np.abs(price), initial=1.0)
    wished = np.where(none, nearer, price < 0.0)
    return np.where(np.isinf(upper), False, wished | np.isinf(lower))


def _can_miss(part: csc_array, inside: Mapping[str, Array], below: Array, above: Array) -> Bools:
    """Whether variables within their bounds can take a row out of its own."""
    rises, falls = part.copy(), part.copy()
    rises.data, falls.data = np.maximum(part.data, 0.0), np.minimum(part.data, 0.0)
    lower = np.maximum(inside["lower"], -ENDLESS)
    upper = np.minimum(inside["upper"], ENDLESS)
    most = rises @ upper + falls @ lower
    least = rises @ lower + falls @ upper
    return (most > above) | (least < below)


def _statuses(basic: Bools, at_upper: Bools) -> list[Any]:
    """What HiGHS calls them."""
    import highspy

    status = highspy.HighsBasisStatus
    names = [status.kLower, status.kUpper, status.kBasic]
    return [names[number] for number in np.where(basic, 2, at_upper).tolist()]
