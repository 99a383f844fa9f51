"""The logarithmic mean: weights the causes of a change so that nothing is left over (LMDI, and what
rows and columns pulled in RAS).
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]


def log_mean(a: Array, b: Array) -> Array:
    r"""Logarithmic mean of two arrays of like shape, in their unit.

    .. math:: L(a, b) = \frac{a - b}{\ln a - \ln b}, \qquad L(a, a) = a, \qquad
        L(a, 0) = L(0, b) = 0

    Written as d / ln(1 + d / b) with d = a - b, which loses no digits where both are nearly equal.

    References
    ----------
    .. [1] Ang (2005), The LMDI approach to decomposition analysis: a practical guide. Energy Policy
           33, eq. 5.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        d = a - b
        mean = np.where(d == 0, a, d / log_ratio(a, b))
    return np.where((a <= 0) | (b <= 0), 0.0, mean)


def log_ratio(a: Array, b: Array) -> Array:
    """ln(a / b) to full precision, near one too."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        near = np.log1p((a - b) / b)
        return np.where(np.abs(a - b) < 0.5 * np.abs(b), near, np.log(a) - np.log(b))
