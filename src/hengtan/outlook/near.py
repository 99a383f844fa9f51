"""A changed program solved near its last optimum: what is far from moving stays where it is.

A small change moves variables of the basis and those at a bound whose reduced cost is small. All
others stay at their bounds, rows that cannot be missed then are left out, and HiGHS begins at the
last basis of a program of half the size. Long rows are left out at their last prices and met in
the end (``outlook/face.py``). Where costs changed, or where the rows cannot be met, a few stretches
tell their new prices; in the second case all variables may then move.

Whether the answer is one of the whole program is not decided here: values and prices of all of it
go to ``outlook/certificate.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.face import Face, OtherPrices, rows_of
from hengtan.outlook.highs import DEVEX, pass_program, set_basis
from hengtan.outlook.linear import Array, Numbers

Bools = np.ndarray[Any, np.dtype[np.bool_]]
NEAR = 0.5
"""The share of the variables that may move: those of the least reduced cost."""
SHORT_STEPS = {"simplex_dual_edge_weight_strategy": DEVEX, "simplex_scale_strategy": 0}
"""How HiGHS solves it. This and ``NEAR`` were quickest when measured (``docs/performance.md``)."""
FIRST, MANY = 100, 0.09
"""Steps after which a change is too large where more than this share of all rows is still missed,
at the last prices.
"""
SAMPLE = 4
"""Stretches that tell the new prices of long rows where the last ones do not do."""
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
        ``certificate.hold_prices``; ``steps`` is how many steps of the simplex may be taken, and
        twice as many where long rows need other prices. Raises ``NotProven`` where this ends
        without an optimum.
        """
        before = self._relaxed(arrays)
        if not np.allclose(before["cost"] - self.matrix.T @ self.prices, self.reduced):
            self._change_prices(new_highs(), before, arrays)
        for share, times in ((NEAR, 1), (1.0, 2)):
            relaxed = self._relaxed(arrays)
            self._solve(new_highs(), relaxed, share, times * steps)
            face = self._face(relaxed, arrays)
            try:
                values = face.meet(new_highs(), self.stretch)
                break
            except OtherPrices:
                if share == 1.0:
                    raise
                self._change_prices(new_highs(), relaxed, arrays)
        prices = self.prices.copy()
        prices[self.long] = self.long_prices
        return values, prices

    def _relaxed(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """The program with long rows left out at their prices."""
        prices = np.zeros(self.prices.size)
        prices[self.long] = self.long_prices
        relaxed = dict(arrays) | {"cost": arrays["cost"] - self.matrix.T @ prices}
        for word, endless in (("row_lower", -np.inf), ("row_upper", np.inf)):
            relaxed[word] = arrays[word].copy()
            relaxed[word][self.long] = endless
        return relaxed

    def _solve(self, highs: Any, arrays: Mapping[str, Array], share: float, steps: int) -> None:
        """Solve the relaxed program, with a share of its variables that may move."""
        below, above = arrays["row_lower"], arrays["row_upper"]
        reduced = arrays["cost"] - self.matrix.T @ self.prices
        at_upper = _at_upper(self.reduced, self.values, arrays["lower"], arrays["upper"])
        bound = np.where(at_upper, arrays["upper"], arrays["lower"])
        distance = np.minimum(np.abs(self.reduced), np.abs(reduced))
        moves = self.basic_columns | (distance <= np.quantile(distance, share)) | np.isinf(bound)
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
        highs.setOptionValue("simplex_iteration_limit", FIRST)
        _run(highs)
        missed = highs.getInfo().num_primal_infeasibilities
        if share == NEAR and missed > MANY * self.prices.size:
            raise NotProven("变动过大，须重新求解", "too much changes: to be solved anew")
        highs.setOptionValue("simplex_iteration_limit", steps)
        _run(highs)
        _ended(highs)
        answer = highs.getSolution()
        values[moves] = answer.col_value
        self.values, self.prices = values, np.zeros(rows.size)
        self.prices[rows] = answer.row_dual
        self.reduced = arrays["cost"] - self.matrix.T @ self.prices
        self.basic_columns, self.basic_rows = np.zeros_like(moves), np.ones_like(rows)
        self.basic_columns[moves], self.basic_rows[rows] = _basic(highs, *part.shape)

    def _change_prices(
        self, highs: Any, relaxed: Mapping[str, Array], arrays: Mapping[str, Array]
    ) -> None:
        """Prices of the long rows at which a sample of stretches moves its part of what is missed.

        ``relaxed`` is the program ``arrays`` at the last prices.
        """
        count = self.stretch.max() + 1
        sample = (2 * np.arange(SAMPLE) + 1) * count // (2 * SAMPLE)
        columns = np.flatnonzero(np.isin(self.stretch, sample)).astype(np.int32)
        part, rows = rows_of(self.matrix[:, columns], self.long)
        at = np.searchsorted(rows, self.long)
        inside = {word: arrays[word][columns] for word in ("cost", "lower", "upper")}
        activity = self.matrix @ self.values
        own = part @ self.values[columns]
        share = columns.size / np.count_nonzero(self.stretch >= 0)
        for word in ("row_lower", "row_upper"):
            inside[word] = relaxed[word][rows] - (activity[rows] - own)
            inside[word][at] = own[at] + share * (arrays[word] - activity)[self.long]
        pass_program(highs, part, inside, np.zeros(columns.size, dtype=np.int32), 0.0)
        of_columns, of_rows = self._basis(relaxed, activity)
        set_basis(highs, of_columns[columns], of_rows[rows])
        _run(highs)
        _ended(highs)
        self.long_prices = np.asarray(highs.getSolution().row_dual)[at]

    def _face(self, relaxed: Mapping[str, Array], arrays: Mapping[str, Array]) -> Face:
        """The solutions as dear as the last one in the relaxed program."""
        values = self.values.copy()
        activity = self.matrix @ values
        fixed, tight = ~_none(self.reduced), ~_none(self.prices)
        limit = np.where(self.prices > 0.0, arrays["row_lower"], arrays["row_upper"])
        bounds = {word: np.where(fixed, values, arrays[word]) for word in ("lower", "upper")}
        for word in ("row_lower", "row_upper"):
            bounds[word] = np.where(tight, limit, arrays[word])
        below, above = arrays["row_lower"][self.long], arrays["row_upper"][self.long]
        wanted = np.where(self.long_prices < 0.0, above, below)
        free = self.long_prices == 0.0
        wanted = np.where(free, np.clip(activity[self.long], below, above), wanted)
        missed = wanted - activity[self.long]
        kept = ~free | (missed != 0.0)
        columns, rows = self._basis(relaxed, activity)
        long, missed = self.long[kept], missed[kept]
        return Face(self.matrix, bounds, long, missed, values, columns, rows)

    def _basis(self, arrays: Mapping[str, Array], activity: Array) -> tuple[Numbers, Numbers]:
        """Statuses of variables and rows in the last basis, whose rows come to ``activity``."""
        at_upper = _at_upper(self.reduced, self.values, arrays["lower"], arrays["upper"])
        rows_upper = _at_upper(self.prices, activity, arrays["row_lower"], arrays["row_upper"])
        return _statuses(self.basic_columns, at_upper), _statuses(self.basic_rows, rows_upper)


def _run(highs: Any) -> None:
    """Go on in short steps."""
    for option, value in SHORT_STEPS.items():
        highs.setOptionValue(option, value)
    highs.run()


def _ended(highs: Any) -> None:
    """Raise ``NotProven`` where HiGHS did not end with an optimum."""
    import highspy

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
