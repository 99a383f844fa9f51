"""Kernels: making district tables agree with the city's totals, by biproportional scaling (RAS) and by weighted least squares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Reconciled:
    """What went in, what came out, how far each cell moved, and why: the multiplier of each constraint that pulled it.

    ``row_pull`` and ``column_pull`` are the factors of RAS (1 = no pull); for least squares ``row_pull`` holds the Lagrange multiplier of each constraint and ``column_pull`` is empty.
    """

    before: Array
    after: Array
    row_pull: Array
    column_pull: Array
    rounds: int
    residual: float

    @property
    def adjustment(self) -> Array:
        """After less before, of the shape of the table."""
        return self.after - self.before


def ras(table: Array, row_totals: Array, column_totals: Array, *, tolerance: float = 1e-9, rounds: int = 20_000) -> Reconciled:
    r"""Scale rows and columns in turn until both sets of totals are met; zeros stay zero, signs stay.

    .. math:: x'_{ij} = r_i\,x_{ij}\,s_j \;(x_{ij} > 0), \qquad x'_{ij} = x_{ij} / (r_i s_j) \;(x_{ij} < 0)

    Parameters
    ----------
    table : array, shape (m, n)
        Table to be adjusted, any sign.
    row_totals, column_totals : array, shape (m,) and (n,)
        Totals to be met; their sums must agree.
    tolerance : float
        Largest gap left, as a share of the largest total.

    Raises
    ------
    HengtanError
        Where the totals do not add to the same sum, a row or column of zeros has a total, or the totals cannot be met by scaling.

    References
    ----------
    .. [1] Stone (1961); Bacharach (1970). Negative cells: Junius and Oosterhaven (2003), as corrected by Lenzen, Wood and Gallego (2007).
    """
    held = np.asarray(table, dtype=float)
    u, v = np.asarray(row_totals, dtype=float), np.asarray(column_totals, dtype=float)
    scale = max(float(np.abs(u).max(initial=0.0)), float(np.abs(v).max(initial=0.0)), 1e-300)
    if abs(u.sum() - v.sum()) > max(tolerance * 10, 1e-9) * scale * max(len(u), len(v)):
        raise HengtanError(f"行合计之和 {u.sum():.6g} 与列合计之和 {v.sum():.6g} 不等", f"row totals add to {u.sum():.6g}, column totals to {v.sum():.6g}", todo="先核对控制总数", todo_en="check the control totals first")
    for name, sums, totals in (("行", np.abs(held).sum(axis=1), u), ("列", np.abs(held).sum(axis=0), v)):
        empty = np.flatnonzero((sums == 0) & (np.abs(totals) > tolerance * scale))
        if empty.size:
            raise HengtanError(f"第{int(empty[0]) + 1}{name}全为零而合计不为零，比例法无解", f"{name} {int(empty[0]) + 1} is all zero but has a total: scaling cannot meet it", todo="给出该行列的初值，或改用最小二乘", todo_en="give first values there, or use least squares")
    plus, minus = np.maximum(held, 0.0), np.maximum(-held, 0.0)
    r, s = np.ones(len(u)), np.ones(len(v))
    after, gap = held, np.inf
    for count in range(1, rounds + 1):
        r = _pull(plus @ s, minus @ (1 / s), u)
        s = _pull(plus.T @ r, minus.T @ (1 / r), v)
        after = r[:, None] * plus * s[None, :] - minus / (r[:, None] * s[None, :])
        gap = max(float(np.abs(after.sum(axis=1) - u).max(initial=0.0)), float(np.abs(after.sum(axis=0) - v).max(initial=0.0)))
        if gap <= tolerance * scale:
            return Reconciled(held, after, r, s, count, gap)
    worst = int(np.abs(after.sum(axis=1) - u).argmax())
    raise HengtanError(f"迭代{rounds}次仍差 {gap:.4g}，零的位置使合计无法同时满足（第{worst + 1}行最差）", f"{gap:.4g} left after {rounds} rounds: with these zeros the totals cannot all be met (row {worst + 1} is worst)", todo="检查为零的单元，或改用最小二乘", todo_en="check the zero cells, or use least squares")


def _pull(plus: Array, minus: Array, total: Array) -> Array:
    """The positive root of plus x - minus / x = total; 1 where there is nothing to pull."""
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.where(plus > 0, (total + np.sqrt(total * total + 4 * plus * minus)) / (2 * plus), np.where(minus > 0, -minus / total, 1.0))
    return np.where(np.isfinite(root) & (root > 0), root, 1.0)


def least_squares(values: Array, variances: Array, constraints: Any, targets: Array, *, names: Sequence[str] = ()) -> Reconciled:
    r"""The smallest adjustment, weighed by variance, that meets linear constraints.

    .. math:: x' = x - V A^\top (A V A^\top)^{+} (A x - b)

    Parameters
    ----------
    values, variances : array, shape (n,)
        First values and their variances; a variance of zero holds a value fast.
    constraints : array or scipy sparse matrix, shape (k, n)
        Coefficients A. Rows may repeat one another.
    targets : array, shape (k,)
        What each row must come to, b.
    names : names of the constraints, for messages

    Raises
    ------
    HengtanError
        Where the constraints contradict one another, naming the one that is missed.

    References
    ----------
    .. [1] Stone, Champernowne and Meade (1942), The precision of national income estimates.
    """
    from scipy import sparse

    x, v, b = (np.asarray(a, dtype=float).ravel() for a in (values, variances, targets))
    if (v < 0).any():
        raise HengtanError("方差为负", "a variance is negative")
    a = sparse.csr_matrix(constraints)
    normal = (a @ sparse.diags(v) @ a.T).toarray()
    gap = a @ x - b
    pull = np.linalg.lstsq(normal, gap, rcond=1e-12)[0] if len(b) else np.zeros(0)
    after = x - v * (a.T @ pull)
    left = np.abs(a @ after - b)
    scale = max(float(np.abs(b).max(initial=0.0)), float(np.abs(x).max(initial=0.0)), 1e-300)
    if left.size and left.max() > 1e-7 * scale:
        worst = int(left.argmax())
        name = names[worst] if names else str(worst + 1)
        raise HengtanError(f"约束“{name}”无法满足（差 {left[worst]:.4g}）：约束互相矛盾，或相关数值被固定", f"constraint '{name}' cannot be met ({left[worst]:.4g} left): constraints contradict, or its values are held fast", todo="核对控制总数与方差", todo_en="check totals and variances")
    return Reconciled(x, after, pull, np.zeros(0), 1, float(left.max(initial=0.0)))
