"""Words of formulas that serve floats, NumPy arrays and Ibis columns alike; missing wins in every
word.

Missing is None or NaN for a float (NaN comes back), NaN in an array, NULL or NaN in a column (NULL
comes back). NumPy scalars count as floats. Neither NumPy nor Ibis is imported unless such a value
is given. Sums and products carry NaN by themselves; powers and comparisons do not (``1 ** NaN`` is
1, ``NaN < 1`` is false), so formulas use ``power`` and ``where(..., known=...)``.
"""

from __future__ import annotations

import math
import sys
from functools import cache
from typing import Any

Numeric = Any
"""A float, a NumPy array of floats, or an Ibis column."""


def _kind(*values: Numeric) -> str:
    kind = "float"
    for value in values:
        module = type(value).__module__
        if module.startswith("ibis."):
            return "ibis"
        if module.startswith("numpy") and getattr(value, "ndim", 0) > 0:
            kind = "numpy"
    return kind


def _missing(value: Numeric) -> bool:
    return value is None or bool(value != value)


def _ibis() -> Any:
    return sys.modules["ibis"]


@cache
def _half_away_from_zero() -> Any:
    """The function ``round(x, 0)`` of the database, which stays a float; Ibis makes an integer of
    it, which infinity does not fit.
    """

    def rounded(value: float, digits: int) -> float:
        raise NotImplementedError

    return _ibis().udf.scalar.builtin(rounded, name="round")


def _array(value: Numeric) -> Any:
    import numpy as np

    return np.asarray(np.nan if value is None else value, dtype=float)


def _column(value: Numeric) -> Any:
    ibis = _ibis()
    column = value if type(value).__module__.startswith("ibis.") else ibis.literal(value)
    if hasattr(column, "type") and column.type().is_null():
        column = column.cast("float64")
    return (
        column.nullif(float("nan"))
        if hasattr(column, "type") and column.type().is_floating()
        else column
    )


def where(
    condition: Numeric, yes: Numeric, no: Numeric, *, known: tuple[Numeric, ...] = ()
) -> Numeric:
    """``yes`` where the condition holds, ``no`` where it does not; missing where the condition or
    any of ``known`` is missing.

    ``known`` names what the condition compares, and whatever else must be there for an answer: in
    floats and arrays a comparison with a missing value is false, not missing, and a database holds
    NaN to be greater than any number. A missing value in the branch that is not chosen does not
    matter.
    """
    kind = _kind(condition, yes, no, *known)
    if kind == "ibis":
        ibis = _ibis()
        answer = ibis.ifelse(_column(condition), _column(yes), _column(no))
        for value in (condition, *known):
            answer = ibis.ifelse(_column(value).isnull(), ibis.null(), answer)
        return answer
    if kind == "numpy":
        import numpy as np

        test = _array(condition)
        answer = np.where(test != 0, _array(yes), _array(no))
        for value in (test, *known):
            answer = np.where(np.isnan(_array(value)), np.nan, answer)
        return answer
    if any(map(_missing, (condition, *known))):
        return math.nan
    chosen = yes if condition else no
    return math.nan if _missing(chosen) else chosen


def minimum(first: Numeric, second: Numeric) -> Numeric:
    """The smaller of two; missing where either is."""
    return _pick(first, second, smaller=True)


def maximum(first: Numeric, second: Numeric) -> Numeric:
    """The larger of two; missing where either is."""
    return _pick(first, second, smaller=False)


def _pick(first: Numeric, second: Numeric, *, smaller: bool) -> Numeric:
    kind = _kind(first, second)
    if kind == "ibis":
        ibis = _ibis()
        a, b = _column(first), _column(second)
        chosen = ibis.least(a, b) if smaller else ibis.greatest(a, b)
        return ibis.ifelse(a.isnull() | b.isnull(), ibis.null(), chosen)
    if kind == "numpy":
        import numpy as np

        return (np.minimum if smaller else np.maximum)(_array(first), _array(second))
    if _missing(first) or _missing(second):
        return math.nan
    return min(first, second) if smaller else max(first, second)


def clip(value: Numeric, low: Numeric, high: Numeric) -> Numeric:
    """A value held between two bounds; missing where any of the three is."""
    return minimum(maximum(value, low), high)


def ratio(numerator: Numeric, denominator: Numeric) -> Numeric:
    """Numerator over denominator; missing where the denominator is nought or either is missing."""
    kind = _kind(numerator, denominator)
    if kind == "ibis":
        a, b = _column(numerator), _column(denominator)
        return a / b.nullif(0)
    if kind == "numpy":
        import numpy as np

        a, b = np.broadcast_arrays(_array(numerator), _array(denominator))
        return np.divide(a, b, out=np.full(a.shape, np.nan), where=b != 0)
    if _missing(numerator) or _missing(denominator) or denominator == 0:
        return math.nan
    return float(numerator) / float(denominator)


def power(base: Numeric, exponent: Numeric) -> Numeric:
    """Base to the exponent, infinite where it is too large; missing where either is missing, where
    the base is negative, and where nought is raised to less than nought.
    """
    kind = _kind(base, exponent)
    if kind == "ibis":
        ibis = _ibis()
        a, b = _column(base), _column(exponent)
        defined = (a > 0) | ((a == 0) & (b >= 0))
        return ibis.ifelse(defined, a, ibis.null()).cast("float64") ** b.cast("float64")
    if kind == "numpy":
        import numpy as np

        a, b = np.broadcast_arrays(_array(base), _array(exponent))
        defined = ((a > 0) | ((a == 0) & (b >= 0))) & ~np.isnan(b)
        with np.errstate(over="ignore"):
            return np.power(a, b, out=np.full(a.shape, np.nan), where=defined)
    if _missing(base) or _missing(exponent) or base < 0 or (base == 0 and exponent < 0):
        return math.nan
    try:
        return float(base) ** float(exponent)
    except OverflowError:
        return math.inf


def exp(value: Numeric) -> Numeric:
    """e to the value; infinite where that is too large for a number."""
    kind = _kind(value)
    if kind == "ibis":
        return _column(value).exp()
    if kind == "numpy":
        import numpy as np

        with np.errstate(over="ignore"):
            return np.exp(_array(value))
    if _missing(value):
        return math.nan
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def log(value: Numeric) -> Numeric:
    """Natural logarithm; missing where the value is not positive."""
    kind = _kind(value)
    if kind == "ibis":
        column = _column(value)
        return _ibis().ifelse(column > 0, column, _ibis().null()).cast("float64").ln()
    if kind == "numpy":
        import numpy as np

        array = _array(value)
        return np.log(array, out=np.full(array.shape, np.nan), where=array > 0)
    return math.nan if _missing(value) or value <= 0 else math.log(value)


def absolute(value: Numeric) -> Numeric:
    """The value without its sign."""
    kind = _kind(value)
    if kind == "ibis":
        return _column(value).abs()
    if kind == "numpy":
        import numpy as np

        return np.abs(_array(value))
    return math.nan if _missing(value) else abs(value)


def round_down(value: Numeric) -> Numeric:
    """Rounded down to whole numbers, towards minus infinity; missing stays missing."""
    kind = _kind(value)
    if kind == "ibis":
        column = _column(value).cast("float64")
        large = column.abs() >= WHOLE_FROM
        ibis = _ibis()
        floor = ibis.ifelse(large, 0.0, column).floor().cast("float64")
        return floor + ibis.ifelse(large, column, 0.0)
    if kind == "numpy":
        import numpy as np

        return np.floor(_array(value))
    if _missing(value) or math.isinf(value):
        return math.nan if _missing(value) else float(value)
    return float(math.floor(value))


def round_half_up(value: Numeric, digits: int = 0) -> Numeric:
    """Rounded to digits (negative: to tens, hundreds …), halves away from zero (四舍五入); missing
    stays missing.

    A half counts as one when it falls short by no more than a unit of the fifteenth figure, so that
    1.005, stored a little below, rounds to 1.01. Whole numbers of any size stay as they are.
    """
    kind, scale = _kind(value), 10.0 ** abs(digits)
    if kind == "ibis":
        # few copies of the column: every word copies its argument into the SQL
        column = _column(value).cast("float64")
        scaled = column * scale if digits >= 0 else column / scale
        nudge = _ibis().least(scaled.abs() * SHORT_OF_HALF, MOST_SHORT) * scaled.sign()
        whole = _half_away_from_zero()(scaled + nudge, 0)
        if digits <= 0:
            return whole * scale
        return _ibis().ifelse(column.abs() < WHOLE_FROM, whole / scale, column)
    if kind == "numpy":
        import numpy as np

        array = _array(value)
        with np.errstate(over="ignore"):
            scaled = np.abs(array) * scale if digits >= 0 else np.abs(array) / scale
        fine = np.where(scaled < WHOLE_FROM, scaled, 0.0)
        whole, short = np.floor(fine), np.minimum(fine * SHORT_OF_HALF, MOST_SHORT)
        whole = whole + (fine - whole >= 0.5 - short)
        size = np.where(
            scaled < WHOLE_FROM, whole / scale if digits >= 0 else whole * scale, np.abs(array)
        )
        return np.copysign(size, array)
    if _missing(value):
        return math.nan
    scaled = abs(value) * scale if digits >= 0 else abs(value) / scale
    if scaled >= WHOLE_FROM:
        return float(value)
    number = float(math.floor(scaled))
    number += scaled - number >= 0.5 - min(scaled * SHORT_OF_HALF, MOST_SHORT)
    return math.copysign(number / scale if digits >= 0 else number * scale, value)


WHOLE_FROM = 2.0**53
"""From here on a float has no places after the point, so nothing is left to round; infinity stays
infinity.
"""
SHORT_OF_HALF, MOST_SHORT = 1e-15, 1e-3
