"""Kernel: a table made to agree with its totals by biproportional scaling (RAS); every adjustment
can be taken apart into what each total pulled (``Reconciled.why``).

Pure mathematics: arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hengtan.accounts.energy.adjusted import Array, Reconciled
from hengtan.accounts.energy.lines import (
    empty_lines,
    line_names,
    refuse_contradiction,
    refuse_impossible,
)
from hengtan.accounts.energy.refusals import refusal
from hengtan.accounts.log_mean import log_mean
from hengtan.graph.codes import coded

PLAIN_ROUNDS = 200
"""Rounds of plain scaling; then the totals are tested, once, for being possible at all, and
Newton's steps take over where scaling creeps.
"""


def ras(
    table: Array,
    row_totals: Array,
    column_totals: Array,
    *,
    fixed: Array | None = None,
    tolerance: float = 1e-9,
    rounds: int = 1_000,
    row_names: Sequence[str] = (),
    column_names: Sequence[str] = (),
) -> Reconciled:
    r"""Scale rows and columns in turn until both sets of totals are met; zeros stay zero, signs
    stay.

    .. math:: x'_{ij} = r_i\,x_{ij}\,s_j \;(x_{ij} > 0), \qquad
        x'_{ij} = x_{ij} / (r_i s_j) \;(x_{ij} < 0)

    Parameters
    ----------
    table : array, shape (m, n)
        Table to be adjusted, any sign.
    row_totals, column_totals : array, shape (m,) and (n,)
        Totals to be met, in the unit of the table. A total that is NaN is free: its line follows
        the others (a row 未分区, say). Where none is free the sums must agree.
    fixed : array of bool, shape (m, n)
        Cells that keep their value.
    tolerance : float
        Largest gap left, as a share of the largest total.
    rounds : int
        Most rounds of scaling.
    row_names, column_names : sequences of str
        What messages and ``why`` call the lines.

    Raises
    ------
    HengtanError
        Where the totals do not add to the same sum, a line cannot come to its total by scaling (all
        zero or fixed, or of the other sign), or the zeros forbid the totals together; the lines are
        named. Where only a table with some more cells at zero has the totals, those cells come out
        as near zero as ``tolerance`` asks.

    Notes
    -----
    Where rows and columns both pull, an adjustment is split between them by the logarithmic
    mean, L(x', x) ln r + L(x', x) ln s. Factors are only known up to a common one in each connected
    part of the table; it is set so that rows and columns pull alike there.

    References
    ----------
    .. [1] Stone (1961); Bacharach (1970). Negative cells: Junius and Oosterhaven (2003), as
           corrected by Lenzen, Wood and Gallego (2007).
    """
    before = np.array(table, dtype=float)
    if before.ndim != 2:
        raise refusal("table_two_axes")
    totals = [np.array(row_totals, dtype=float), np.array(column_totals, dtype=float)]
    names = line_names(before.shape, row_names, column_names)
    fast = np.zeros(before.shape, dtype=bool) if fixed is None else np.asarray(fixed, dtype=bool)
    _refuse_shapes(before, totals, fast, names)
    scale = max(map(_largest, totals)) or 1e-300
    sums = [float(total.sum()) for total in totals]  # NaN where one of them is free
    if abs(sums[0] - sums[1]) > tolerance * scale:
        raise refusal("totals_differ", f"{sums[0]:.9g}", f"{sums[1]:.9g}")
    kept = np.where(fast, before, 0.0)
    movable = before - kept
    wanted = [totals[axis] - kept.sum(axis=1 - axis) for axis in (0, 1)]
    emptied = empty_lines(movable, wanted, tolerance * scale)
    refuse_impossible(movable, wanted, tolerance * scale, names)
    plus, minus = np.maximum(movable, 0.0), np.maximum(-movable, 0.0)
    r, s = np.ones(before.shape[0]), np.ones(before.shape[1])
    gap = np.inf
    for count in range(1, rounds + 1):
        if count <= PLAIN_ROUNDS:
            r = _pull(plus @ s, minus @ (1 / s), wanted[0])
            s = _pull(plus.T @ r, minus.T @ (1 / r), wanted[1])
        else:
            r, s = _newton(r, s, plus, minus, wanted)
        after = r[:, None] * plus * s[None, :] - minus / (r[:, None] * s[None, :])
        gaps = [np.abs(np.nan_to_num(after.sum(axis=1 - axis) - wanted[axis])) for axis in (0, 1)]
        gap = max(float(g.max(initial=0.0)) for g in gaps)
        if gap <= tolerance * scale:
            r, s = _centred(r, s, movable, wanted)
            r[emptied[0]], s[emptied[1]] = 0.0, 0.0
            parts = _ras_parts(before - kept, after, r, s)
            flat = [coded("row", name) for name in names[0]]
            flat += [coded("column", name) for name in names[1]]
            return Reconciled(before, after + kept, r, s, count, gap, parts, tuple(flat))
        if count == min(PLAIN_ROUNDS, rounds):
            refuse_contradiction(movable, wanted, tolerance * scale, names)
    worst = int(gaps[0].argmax())
    raise refusal("not_converged", rounds, f"{gap:.4g}", names[0][worst])


def _refuse_shapes(before: Array, totals: list[Array], fast: Array, names: list[list[str]]) -> None:
    """Raise where table and totals do not go together, or a cell has no value."""
    shapes = (totals[0].shape, totals[1].shape)
    if shapes != (before.shape[:1], before.shape[1:]) or fast.shape != before.shape:
        raise refusal("shapes_differ", before.shape, *shapes)
    if not np.isfinite(before).all():
        i, j = np.argwhere(~np.isfinite(before))[0]
        raise refusal("cell_without_value", names[0][i], names[1][j])


def _largest(total: Array) -> float:
    """The largest size among totals that are stated."""
    return float(np.abs(total[np.isfinite(total)]).max(initial=0.0))


def _pull(plus: Array, minus: Array, total: Array) -> Array:
    """The positive root of plus x - minus / x = total; 1 where there is nothing to pull or the
    total is free.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        root = np.where(
            total >= 0,
            (total + np.sqrt(total * total + 4 * plus * minus)) / (2 * plus),
            2 * minus / (np.sqrt(total * total + 4 * plus * minus) - total),
        )
    return np.where(np.isfinite(root) & (root > 0), root, 1.0)


def _newton(
    r: Array, s: Array, plus: Array, minus: Array, wanted: list[Array]
) -> tuple[Array, Array]:
    """One step of Newton's method on what scaling minimises, convex in the logarithms: sum x r s (x
    > 0) + sum |x| / (r s) (x < 0) - u ln r - v ln s.
    """
    m, total = len(r), np.r_[wanted[0], wanted[1]]
    free = ~np.isfinite(total)
    logs = np.r_[np.log(r), np.log(s)]

    def at(z: Array) -> tuple[Array, Array, float]:
        scale = np.exp(z[:m, None] + z[None, m:])
        up, down = plus * scale, minus / scale
        return up, down, float((up + down).sum() - np.where(free, 0.0, total) @ z)

    up, down, height = at(logs)
    size, signed = up + down, up - down
    slope = np.where(free, 0.0, np.r_[signed.sum(axis=1), signed.sum(axis=0)] - total)
    curve = np.block([[np.diag(size.sum(axis=1)), size], [size.T, np.diag(size.sum(axis=0))]])
    curve[free, :], curve[:, free] = 0.0, 0.0
    even = 1 / np.sqrt(np.maximum(np.diag(curve), 1e-300))
    even[np.diag(curve) == 0] = 0.0
    step = -even * np.linalg.solve(
        even[:, None] * curve * even[None, :] + 1e-10 * np.eye(len(logs)), even * slope
    )
    step *= min(1.0, 3.0 / max(float(np.abs(step).max(initial=0.0)), 1e-300))
    length = 1.0
    while length > 1e-10 and at(logs + length * step)[2] > height + 1e-12 * abs(height):
        length /= 2
    logs = logs + length * step
    return np.exp(logs[:m]), np.exp(logs[m:])


def _centred(r: Array, s: Array, table: Array, wanted: list[Array]) -> tuple[Array, Array]:
    """The same scaling with rows and columns pulling alike in each connected part (left alone where
    a total is free).
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    m = len(r)
    weight = np.abs(table)
    _, part = connected_components(
        sparse.bmat([[None, sparse.csr_matrix(weight)], [sparse.csr_matrix(weight.T), None]]),
        directed=False,
    )
    lines = np.r_[weight.sum(axis=1), weight.sum(axis=0)]
    logs = np.r_[np.log(r), -np.log(s)] * lines
    shift = np.bincount(part, logs) / np.maximum(np.bincount(part, lines), 1e-300)
    shift[np.unique(part[~np.isfinite(np.r_[wanted[0], wanted[1]])])] = 0.0
    return r * np.exp(-shift[part[:m]]), s * np.exp(shift[part[m:]])


def _ras_parts(before: Array, after: Array, r: Array, s: Array) -> Any:
    """The adjustment of each cell split between its row and its column: a sparse array (rows +
    columns) × cells.
    """
    from scipy import sparse

    size = log_mean(np.abs(after), np.abs(before))
    with np.errstate(divide="ignore"):
        row_logs, column_logs = np.where(r > 0, np.log(r), 0.0), np.where(s > 0, np.log(s), 0.0)
    logs = [row_logs[:, None] + 0 * size, column_logs[None, :] + 0 * size]
    nowhere = np.zeros(size.shape, bool)
    gone = [(r == 0)[:, None] | nowhere, (s == 0)[None, :] | nowhere]
    count = np.maximum(gone[0].astype(int) + gone[1], 1)
    shares = [
        np.where(after == before, 0.0, size * log) - np.where(empty, before, 0.0) / count
        for log, empty in zip(logs, gone, strict=True)
    ]
    m, n = before.shape
    lines = np.r_[np.repeat(np.arange(m), n), m + np.tile(np.arange(n), m)]
    cells = np.tile(np.arange(m * n), 2)
    values = np.r_[shares[0].ravel(), shares[1].ravel()]
    return sparse.coo_matrix((values, (lines, cells)), shape=(m + n, m * n)).tocsr()
