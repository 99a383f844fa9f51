"""Whether an answer holds: bounds, rows and wholeness of its values, and what its prices prove.

Nothing here asks the solver: the arrays of the program and the answer are enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError
from hengtan.outlook.linear import Array, Program

TOLERANCE = 1e-6
"""How far a row or bound may be missed, relative to the size of what it adds up."""


class NotProven(HengtanError):
    """The solver ended without a proven optimum, or its answer did not hold when checked."""


def hold_rows(matrix: Any, arrays: Mapping[str, Array], values: Array) -> Array:
    """What the rows come to with some values.

    ``arrays``: ``lower`` and ``upper`` of the variables, ``row_lower`` and ``row_upper``.
    Raises ``NotProven`` where a row or a bound is missed.
    """
    activity = np.asarray(matrix @ values)
    size = abs(matrix) @ np.abs(values)
    _within("rows", activity, arrays["row_lower"], arrays["row_upper"], size)
    _within("bounds", values, arrays["lower"], arrays["upper"], np.abs(values))
    return activity


def hold_whole(values: Array, whole: Any) -> None:
    """Raise ``NotProven`` where a variable that must be whole is not."""
    parts = values[whole == 1]
    _near("whole numbers", np.abs(parts - np.round(parts)), 1.0)


def hold_values(program: Program, values: Array) -> Array:
    """What the rows of a program come to with values from elsewhere.

    Raises ``NotProven`` where bounds, rows or wholeness do not hold.
    """
    arrays = {word: getattr(program, word) for word in ("lower", "upper", "row_lower", "row_upper")}
    activity = hold_rows(program.matrix(), arrays, values)
    hold_whole(values, program.integer)
    return activity


def hold_prices(
    matrix: Any, arrays: Mapping[str, Array], prices: tuple[Array, Array], values: Array
) -> None:
    """Raise ``NotProven`` where prices do not prove that nothing costs less than ``values`` do.

    They must explain every cost, speak of limits that exist, and add up to the same cost (strong
    duality). ``prices``: of the rows and of the variables (reduced costs); ``arrays``: as in
    ``hold_rows``, with the ``cost`` of the variables.
    """
    of_rows, of_columns = prices
    costs = np.abs(arrays["cost"])
    explained = matrix.T @ of_rows + of_columns
    size = abs(matrix).T @ np.abs(of_rows) + costs
    _near("prices", np.abs(explained - arrays["cost"]) / np.maximum(1.0, size), 1.0)
    dearest = float(np.max(costs, initial=1.0))
    least = 0.0
    for price, below, above in (
        (of_rows, "row_lower", "row_upper"),
        (of_columns, "lower", "upper"),
    ):
        limit = np.where(price > 0, arrays[below], arrays[above])
        endless = np.isinf(limit)
        _near("prices of no limit", np.abs(price[endless]), dearest)
        least += float(price @ np.where(endless, 0.0, limit))
    missed = abs(least - float(arrays["cost"] @ values))
    _near("duality", missed, float(costs @ np.abs(values)))


def _within(what: str, values: Array, lower: Array, upper: Array, size: Array) -> None:
    missed = np.maximum(np.maximum(lower - values, values - upper), 0.0)
    _near(what, missed / np.maximum(1.0, size), 1.0)


def _near(what: str, missed: Any, scale: float) -> None:
    worst = float(np.max(missed, initial=0.0))
    if worst > TOLERANCE * max(1.0, scale):
        raise NotProven(
            f"求解结果复核不符（{what}，相差 {worst:.3g}），不给出任何数值",
            f"the answer does not hold when checked ({what}: {worst:.3g}), so no figures",
        )
