"""Kernel: key categories of an inventory by level and by trend (approach 1), weighed by uncertainty
where it is given (approach 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.accounts.carbon.refusals import refusal
from hengtan.basis.errors import ParameterNotEstablished

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class KeyCategory:
    """A category in order of its share: level or trend assessment, the share and the running total,
    and whether it belongs to the key ones.
    """

    name: str
    value: float
    share: float
    running: float
    key: bool


def key_categories(
    names: Sequence[str],
    now: Sequence[float],
    base: Sequence[float] | None = None,
    *,
    uncertainty: Sequence[float | None] | None = None,
    limit: float | None = None,
) -> list[KeyCategory]:
    r"""Key categories by level, or by trend where the base year is given; removals count by their
    size.

    Level: :math:`L_x = |E_x| / \sum |E|`. Trend: :math:`T_x = \frac{|E_{x,0}|}{\sum|E_0|} \left|
    \frac{E_{x,t} - E_{x,0}}{|E_{x,0}|} - \frac{\sum E_t - \sum E_0}{|\sum E_0|} \right|`; for a
    category absent in the base year :math:`T_x = |E_{x,t}| / \sum|E_0|`. Approach 2 multiplies
    either by the uncertainty of the category. The largest that make up ``limit`` of the sum are
    key.

    Parameters
    ----------
    names, now : sequences of length n
        Categories and their emissions in the year, removals negative. [t CO2e]
    base : sequence of length n
        Emissions in the base year; makes it the trend assessment.
    uncertainty : sequence of length n
        Half of the 95 % interval as a share of each category; makes it approach 2.
    limit : float
        Share of the sum that is key: 0.95 by approach 1, 0.90 by approach 2 unless told otherwise.

    Raises
    ------
    HengtanError
        Where the sequences differ in length or an emission is missing.
    ParameterNotEstablished
        By approach 2, for a category that is not zero and has no uncertainty.

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.1 Ch.4, Eq. 4.1-4.3 (approach 1, 95 %) and 4.4-4.5 (approach 2,
           90 %). Numbers and shares recalled, not yet read against the document.
    """
    e = np.asarray(now, dtype=float)
    b = None if base is None else np.asarray(base, dtype=float)
    if (
        len(names) != len(e)
        or (b is not None and b.shape != e.shape)
        or (uncertainty is not None and len(uncertainty) != len(e))
    ):
        raise refusal("categories_differ")
    if not np.isfinite(e).all() or (b is not None and not np.isfinite(b).all()):
        raise refusal("emission_lacking")
    score = np.abs(e) if b is None else _trend(e, b)
    if uncertainty is not None:
        for name, part, half in zip(names, score, uncertainty, strict=True):
            if half is None and part:
                raise refusal("category_without_range", name, kind=ParameterNotEstablished)
        score = score * np.array([half or 0.0 for half in uncertainty])
    share_needed = limit if limit is not None else 0.95 if uncertainty is None else 0.90
    total = float(score.sum())
    order = sorted(range(len(score)), key=lambda at: (-score[at], names[at]))
    categories, running = [], 0.0
    for at in order:
        share = float(score[at] / total) if total else 0.0
        before = running
        running += share
        is_key = total > 0 and before < share_needed - 1e-12 and share > 0
        categories.append(KeyCategory(names[at], float(e[at]), share, running, is_key))
    return categories


def _trend(now: Array, base: Array) -> Array:
    """How far each category's change departs from that of the whole, as a share of the base."""
    gross = np.abs(base).sum()
    if not gross:
        return np.abs(now)
    growth = (now.sum() - base.sum()) / abs(base.sum()) if base.sum() else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.abs((now - base) / np.abs(base) - growth)
        return np.where(base == 0, np.abs(now) / gross, np.abs(base) / gross * apart)
