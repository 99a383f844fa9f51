"""Words of formulas that serve floats, NumPy arrays and Ibis columns alike; missing wins in every word.

Missing is None or NaN for a float (NaN comes back), NaN in an array, NULL in a column. Neither NumPy nor Ibis is imported unless
such a value is given.
"""

from __future__ import annotations

import math
import sys
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
    return value is None or (isinstance(value, float) and math.isnan(value))


def _ibis() -> Any:
    return sys.modules["ibis"]


def _array(value: Numeric) -> Any:
    import numpy as np

    return np.asarray(np.nan if value is None else value, dtype=float)


def _column(value: Numeric) -> Any:
    ibis = _ibis()
    column = value if type(value).__module__.startswith("ibis.") else ibis.literal(value)
    if hasattr(column, "type") and column.type().is_null():
        column = column.cast("float64")
    return column.nullif(float("nan")) if hasattr(column, "type") and column.type().is_floating() else column


def where(condition: Numeric, yes: Numeric, no: Numeric) -> Numeric:
    """``yes`` where the condition holds, ``no`` where it does not, missing where it is missing.

    A condition made by comparing floats or arrays is never missing itself: a comparison with NaN is false, so ``yes`` and ``no`` must
    carry the missing value, or the caller compares what is known. In a column a comparison with NULL is NULL and gives NULL.
    """
    kind = _kind(condition, yes, no)
    if kind == "ibis":
        ibis = _ibis()
        return ibis.ifelse(condition.isnull(), ibis.null(), ibis.ifelse(condition, yes, no)) if hasattr(condition, "isnull") else ibis.ifelse(condition, yes, no)
    if kind == "numpy":
        import numpy as np

        return np.where(condition, _array(yes), _array(no))
    if _missing(condition):
        return math.nan
    return yes if condition else no


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


def exp(value: Numeric) -> Numeric:
    """e to the value."""
    kind = _kind(value)
    if kind == "ibis":
        return _column(value).exp()
    if kind == "numpy":
        import numpy as np

        return np.exp(_array(value))
    return math.nan if _missing(value) else math.exp(value)


def log(value: Numeric) -> Numeric:
    """Natural logarithm; missing where the value is not positive."""
    kind = _kind(value)
    if kind == "ibis":
        column = _column(value)
        return _ibis().ifelse(column > 0, column, _ibis().null()).cast("float64").ln()
    if kind == "numpy":
        import numpy as np

        held = _array(value)
        return np.log(held, out=np.full(held.shape, np.nan), where=held > 0)
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


def round_half_up(value: Numeric, digits: int = 0) -> Numeric:
    """Rounded to digits, halves away from zero (GB/T 8170-2008 calls this 四舍五入); missing stays missing.

    A half is judged after adding half a unit of the fifteenth figure, so that 1.005, stored a little below, rounds to 1.01.
    """
    kind, scale = _kind(value), 10.0**digits
    if kind == "ibis":
        ibis, column = _ibis(), _column(value)
        size = (column.abs() * scale * (1 + 1e-15) + 0.5).floor() / scale
        return ibis.ifelse(column < 0, -size, size)
    if kind == "numpy":
        import numpy as np

        held = _array(value)
        return np.copysign(np.floor(np.abs(held) * scale * (1 + 1e-15) + 0.5) / scale, held)
    if _missing(value):
        return math.nan
    return math.copysign(math.floor(abs(value) * scale * (1 + 1e-15) + 0.5) / scale, value)
