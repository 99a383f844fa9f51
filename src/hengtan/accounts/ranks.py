"""Ranks with ties, in the manner of competitions (1, 2, 2, 4): one rule for bulletins, assessments
and what-ifs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]


def competition_ranks(values: Array, *, tie: float = 0.0) -> Array:
    r"""Rank of each value, the highest first: :math:`1 + |\{j : v_j > v_i + t\}|`. [-]

    Parameters
    ----------
    values : array, shape (n,)
        Figures to rank, NaN where there is none. [any one unit]
    tie : float
        Values no farther apart than this share a rank, and the next rank is skipped. [unit of the
        values]

    Returns
    -------
    array, shape (n,)
        Ranks from 1 on, NaN where there is no value.

    References
    ----------
    .. [1] Standard competition ranking ("1224").
    """
    rising = np.sort(values[np.isfinite(values)])
    above = len(rising) - np.searchsorted(rising, values + tie, side="right")
    return np.where(np.isfinite(values), 1.0 + above, np.nan)


def ranked(values: Sequence[float | None], *, tie: float = 0.0) -> list[int | None]:
    """The same for a list of values, None where one has no value, and so no rank. Highest first."""
    figures = np.array([np.nan if value is None else value for value in values], dtype=float)
    ranks = competition_ranks(figures, tie=tie)
    return [None if np.isnan(rank) else int(rank) for rank in ranks]
