"""A changed program solved near its last optimum: what is far from moving stays where it is.

A small change moves variables of the basis and those at a bound whose reduced cost is small. All
others stay at their bounds, rows that cannot be missed then are left out, and HiGHS begins at the
last basis of a program of half the size. Long rows are left out at their last prices and met in
the end (``outlook/face.py``). Whether the answer is one of the whole program is not decided here:
values and prices of all of it go to ``outlook/certificate.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.face import Face
from hengtan.outlook.highs import DEVEX, pass_program, set_basis
from hengtan.outlook.linear import Array, Numbers

Bools = np.ndarray[Any, np.dtype[np.bool_]]
NEAR = 0.5
"""The share of the variables that may move: those of the least reduced cost."""
SHORT_STEPS = {"simplex_dual_edge_weight_strategy": DEVEX, "simplex_scale_strategy": 0}
"""How HiGHS solves it. This and ``NEAR`` were quickest when measured (``docs/performance.md``)."""
NO_PRICE = 1e-9
"""A price that is none, as a share of the largest: what rounding leaves."""
ENDLESS = 1e30


@dataclass
class Near:
    """The last optimum of a program whose long rows are left out at their prices.

    Attributes
    ----------
    matrix : csc_array
        Rows × variables.
    long, long_prices : arrays
        The numbers of the long rows, and the prices at which they are left out.
    stretch : array
        The stretch of each variable.
    values, reduced, prices : arrays
        Of the variables, and their reduced costs; of the rows (none for long ones).
    basic_columns, basic_rows : arrays
        Whether a variable, or what a row leaves free, is in the basis.
    """

    matrix: csc_array
    long: Numbers
    long_prices: Array
    stretch: Numbers
    values: Array
    reduced: Array
    prices: Array
    basic_columns: Bools
    basic_rows: Bools

    @classmethod
    def of(
        cls,
        matrix: csc_array,
        long: Numbers,
        stretch: Numbers,
        highs: Any,
        answer: tuple[Array, Array, Array],
    ) -> Near:
        """Near the optimum at which HiGHS ended. ``answer``: values of the variables, their reduced
        costs, and prices of the rows.
        """
        columns, rows = _basic(highs, *matrix.shape)
        rows[long] = True
        values, reduced, prices = answer
        others = prices.copy()
        others[long] = 0.0
        return cls(matrix, long, prices[long], stretch, values, reduced, others, columns, rows)

    def solve(
        self, new_highs: Callable[[], Any], arrays: Mapping[str, Array], steps: int
    ) -> tuple[Array, Array]:
        """Values of the variables and prices of the rows of the changed program.

        ``new_highs`` gives an empty HiGHS that is set up; ``arrays`` are those of
        ``certificate.hold_prices``; ``steps`` is how many steps of the simplex may be taken. Raises
        ``NotProven`` where this ends without an optimum.
        """
        relaxed = self._relaxed(arrays)
        values = self._solve(new_highs(), relaxed, steps)
        prices = self.prices.copy()
        prices[self.long] = self.long_prices
        face = self._face(relaxed, arrays, values.copy())
        return face.meet(new_highs(), self.stretch), prices

    def _relaxed(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """The program with long rows left out at their prices."""
        prices = np.zeros(self.prices.size)
        prices[self.long] = self.long_prices
        relaxed = dict(arrays) | {"cost": arrays["cost"] - self.matrix.T @ prices}
        for word, endless in (("row_lower", -np.inf), ("row_upper", np.inf)):
            relaxed[word] = arrays[word].copy()
            relaxed[word][self.long] = endless
        return relaxed

    def _solve(self, highs: Any, arrays: Mapping[str, Array], steps: int) -> Array:
        """Values of the variables of the relaxed program, where this ends from now on."""
        import highspy

        below, above = arrays["row_lower"], arrays["row_upper"]
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
        of_columns = _statuses(self.basic_columns, at_upper)[moves]
        set_basis(highs, of_columns, _statuses(self.basic_rows, rows_upper)[rows])
        for option, value in SHORT_STEPS.items():
            highs.setOptionValue(option, value)
        highs.setOptionValue("simplex_iteration_limit", steps)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NotProven("未在附近找到最优解", "no optimum was found near the last one")
        answer = highs.getSolution()
        values[moves] = answer.col_value
        self.values, self.prices = values, np.zeros(rows.size)
        self.prices[rows] = answer.row_dual
        self.reduced = arrays["cost"] - self.matrix.T @ self.prices
        self.basic_columns, self.basic_rows = np.zeros_like(moves), np.ones_like(rows)
        self.basic_columns[moves], self.basic_rows[rows] = _basic(highs, *part.shape)
        return values

    def _face(
        self, relaxed: Mapping[str, Array], arrays: Mapping[str, Array], values: Array
    ) -> Face:
        """The solutions as dear as these values in the relaxed program."""
        fixed = ~_none(self.reduced)
        tight = ~_none(self.prices)
        limit = np.where(self.prices > 0.0, relaxed["row_lower"], relaxed["row_upper"])
        bounds = {word: np.where(fixed, values, relaxed[word]) for word in ("lower", "upper")}
        bounds |= {
            word: np.where(tight, limit, relaxed[word]) for word in ("row_lower", "row_upper")
        }
        below, above = arrays["row_lower"][self.long], arrays["row_upper"][self.long]
        wanted = np.where(self.long_prices < 0.0, above, below)
        activity = self.matrix @ values
        at_upper = _at_upper(self.reduced, values, relaxed["lower"], relaxed["upper"])
        rows_upper = _at_upper(self.prices, activity, relaxed["row_lower"], relaxed["row_upper"])
        return Face(
            matrix=self.matrix,
            bounds=bounds,
            long=self.long,
            missed=wanted - activity[self.long],
            values=values,
            columns=_statuses(self.basic_columns, at_upper),
            rows=_statuses(self.basic_rows, rows_upper),
        )


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
    wished = np.where(_none(price), nearer, price < 0.0)
    return np.where(np.isinf(upper), False, wished | np.isinf(lower))


def _none(prices: Array) -> Bools:
    """Which prices are none."""
    return np.abs(prices) <= NO_PRICE * np.max(np.abs(prices), initial=1.0)


def _can_miss(part: csc_array, inside: Mapping[str, Array], below: Array, above: Array) -> Bools:
    """Whether variables within their bounds can take a row out of its own."""
    rises, falls = part.copy(), part.copy()
    rises.data, falls.data = np.maximum(part.data, 0.0), np.minimum(part.data, 0.0)
    lower = np.maximum(inside["lower"], -ENDLESS)
    upper = np.minimum(inside["upper"], ENDLESS)
    most = rises @ upper + falls @ lower
    least = rises @ lower + falls @ upper
    return (most > above) | (least < below)


def _statuses(basic: Bools, at_upper: Bools) -> Numbers:
    """As ``highs.set_basis`` takes them."""
    return np.where(basic, 2, at_upper).astype(np.int32)
