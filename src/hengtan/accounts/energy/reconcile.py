"""Kernels: making district tables agree with the city's totals, by biproportional scaling (RAS) and by weighted least squares.

Every adjustment can be taken apart into what each constraint pulled (``Reconciled.why``). Pure mathematics: arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.accounts.log_mean import log_mean
from hengtan.basis.errors import HengtanError

Array = np.ndarray[Any, np.dtype[np.float64]]
PLAIN_ROUNDS = 200
"""Rounds of plain scaling; then the totals are tested, once, for being possible at all, and Newton's steps take over where scaling creeps."""


@dataclass(frozen=True)
class Reconciled:
    """What went in, what came out, how far each cell moved, and why.

    ``row_pull`` and ``column_pull`` are the factors of RAS (1 = no pull, 0 = a total of zero empties the line); for least squares ``row_pull`` holds the Lagrange multiplier of each
    constraint and ``column_pull`` is empty. ``parts`` (sparse, constraints × cells; cells row by row) splits every adjustment among the constraints called ``names``: its columns add to the adjustment.
    """

    before: Array
    after: Array
    row_pull: Array
    column_pull: Array
    rounds: int
    residual: float
    parts: Any = None
    names: tuple[str, ...] = ()

    @property
    def adjustment(self) -> Array:
        """After less before, of the shape of the table."""
        return self.after - self.before

    def why(self, *cell: int) -> list[tuple[str, float]]:
        """What each constraint moved one cell by, the largest first, in the unit of the table: ``why(row, column)`` for RAS, ``why(index)`` for least squares."""
        at = int(np.ravel_multi_index(cell, self.before.shape))
        column = self.parts[:, [at]].tocoo()
        return sorted(
            ((self.names[k], float(x)) for k, x in zip(column.row, column.data, strict=True) if x),
            key=lambda part: (-abs(part[1]), part[0]),
        )


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
    r"""Scale rows and columns in turn until both sets of totals are met; zeros stay zero, signs stay.

    .. math:: x'_{ij} = r_i\,x_{ij}\,s_j \;(x_{ij} > 0), \qquad x'_{ij} = x_{ij} / (r_i s_j) \;(x_{ij} < 0)

    Parameters
    ----------
    table : array, shape (m, n)
        Table to be adjusted, any sign.
    row_totals, column_totals : array, shape (m,) and (n,)
        Totals to be met, in the unit of the table. A total that is NaN is free: its line follows the others (a row 未分区, say). Where none is free the sums must agree.
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
        Where the totals do not add to the same sum, a line cannot come to its total by scaling (all zero or fixed, or of the other sign), or the zeros forbid the totals together; the lines are named.
        Where only a table with some more cells at zero has the totals, those cells come out as near zero as ``tolerance`` asks.

    Notes
    -----
    Where rows and columns both pull, an adjustment is split between them by the logarithmic mean, L(x', x) ln r + L(x', x) ln s. Factors are only known up to a common one in each connected part of
    the table; it is set so that rows and columns pull alike there.

    References
    ----------
    .. [1] Stone (1961); Bacharach (1970). Negative cells: Junius and Oosterhaven (2003), as corrected by Lenzen, Wood and Gallego (2007).
    """
    before = np.array(table, dtype=float)
    if before.ndim != 2:
        raise HengtanError("待调整的表应为二维", "the table must have two axes")
    totals = [np.array(row_totals, dtype=float), np.array(column_totals, dtype=float)]
    names = _line_names(before.shape, row_names, column_names)
    held = np.zeros(before.shape, dtype=bool) if fixed is None else np.asarray(fixed, dtype=bool)
    if (
        totals[0].shape != before.shape[:1]
        or totals[1].shape != before.shape[1:]
        or held.shape != before.shape
    ):
        raise HengtanError(
            f"表为{before.shape}，与行合计{totals[0].shape}、列合计{totals[1].shape}不符",
            f"a table {before.shape} does not go with totals {totals[0].shape} and {totals[1].shape}",
        )
    if not np.isfinite(before).all():
        i, j = np.argwhere(~np.isfinite(before))[0]
        raise HengtanError(
            f"“{names[0][i]}”“{names[1][j]}”缺数值",
            f"no value at '{names[0][i]}', '{names[1][j]}'",
            todo="补齐，或填零",
            todo_en="give it, or zero",
        )
    scale = (
        max((float(np.abs(t[np.isfinite(t)]).max(initial=0.0)) for t in totals), default=0.0)
        or 1e-300
    )
    if (
        all(np.isfinite(t).all() for t in totals)
        and abs(totals[0].sum() - totals[1].sum()) > tolerance * scale
    ):
        raise HengtanError(
            f"行合计之和 {totals[0].sum():.9g} 与列合计之和 {totals[1].sum():.9g} 不等",
            f"row totals add to {totals[0].sum():.9g}, column totals to {totals[1].sum():.9g}",
            todo="先核对控制总数",
            todo_en="check the control totals first",
        )
    kept = np.where(held, before, 0.0)
    movable = before - kept
    wanted = [totals[axis] - kept.sum(axis=1 - axis) for axis in (0, 1)]
    emptied = _empty_lines(movable, wanted, tolerance * scale)
    _refuse_impossible(movable, wanted, tolerance * scale, names)
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
            after = after + kept
            flat = (*(f"行：{n}" for n in names[0]), *(f"列：{n}" for n in names[1]))
            return Reconciled(
                before, after, r, s, count, gap, _ras_parts(before - kept, after - kept, r, s), flat
            )
        if count == min(PLAIN_ROUNDS, rounds):
            _refuse_contradiction(movable, wanted, tolerance * scale, names)
    worst = int(gaps[0].argmax())
    raise HengtanError(
        f"迭代{rounds}次仍差 {gap:.4g}（“{names[0][worst]}”最差）",
        f"{gap:.4g} left after {rounds} rounds ('{names[0][worst]}' is worst)",
        todo="检查该行各单元，或改用最小二乘",
        todo_en="check the cells of that line, or use least squares",
    )


def _line_names(
    shape: tuple[int, ...], rows: Sequence[str], columns: Sequence[str]
) -> list[list[str]]:
    return [
        list(map(str, rows)) or [f"第{i + 1}行" for i in range(shape[0])],
        list(map(str, columns)) or [f"第{j + 1}列" for j in range(shape[1])],
    ]


def _empty_lines(movable: Array, wanted: list[Array], small: float) -> list[Array]:
    """Set to zero the cells of lines whose total is zero and whose cells are of one sign, until no more follow; which lines they were."""
    emptied = [np.zeros(n, dtype=bool) for n in movable.shape]
    while True:
        found = False
        for axis in (0, 1):
            one_sign = ((movable > 0).any(axis=1 - axis)) ^ ((movable < 0).any(axis=1 - axis))
            lines = one_sign & (np.abs(wanted[axis]) <= small * 1e-3)
            if lines.any():
                found = True
                emptied[axis] |= lines
                movable[lines if axis == 0 else (slice(None), lines)] = 0.0
        if not found:
            return emptied


def _refuse_impossible(
    movable: Array, wanted: list[Array], small: float, names: list[list[str]]
) -> None:
    """Raise for a line that no scaling brings to its total."""
    for axis in (0, 1):
        up, down, total = (
            (movable > 0).any(axis=1 - axis),
            (movable < 0).any(axis=1 - axis),
            np.nan_to_num(wanted[axis]),
        )
        bad = np.flatnonzero((~up & (total > small)) | (~down & (total < -small)))
        if bad.size:
            name, sum_ = names[axis][bad[0]], wanted[axis][bad[0]]
            raise HengtanError(
                f"“{name}”可调整的单元全为零或符号相反，而应合计为 {sum_:.6g}，比例法无解",
                f"the cells of '{name}' are zero, fixed or of the other sign but should add to {sum_:.6g}: scaling cannot meet it",
                todo="给出该行列的初值，或改用最小二乘",
                todo_en="give first values there, or use least squares",
            )


def _refuse_contradiction(
    movable: Array, wanted: list[Array], small: float, names: list[list[str]]
) -> None:
    """Raise where no table with these zeros and signs has these totals, naming the lines that fall short in the one that comes nearest."""
    from scipy import optimize, sparse

    rows, columns = np.nonzero(movable)
    m, n = movable.shape
    cells = len(rows)
    incidence = sparse.coo_matrix(
        (np.ones(2 * cells), (np.r_[rows, m + columns], np.r_[np.arange(cells), np.arange(cells)])),
        shape=(m + n, cells),
    ).tocsr()
    total = np.r_[wanted[0], wanted[1]]
    bound = np.flatnonzero(np.isfinite(total))
    slack = sparse.eye(len(bound))
    positive = movable[rows, columns] > 0
    limits = [(0, None) if up else (None, 0) for up in positive] + [(0, None)] * (2 * len(bound))
    found = optimize.linprog(
        np.r_[np.zeros(cells), np.ones(2 * len(bound))],
        A_eq=sparse.hstack([incidence[bound], slack, -slack]),
        b_eq=total[bound],
        bounds=limits,
    )
    if found.status != 0 or found.fun <= max(
        small * len(bound), 1e-9 * float(np.abs(total[bound]).max(initial=0.0))
    ):
        return
    short = found.x[cells : cells + len(bound)] - found.x[cells + len(bound) :]
    flat = [*names[0], *names[1]]
    worst = sorted(
        (k for k in range(len(bound)) if abs(short[k]) > small), key=lambda k: -abs(short[k])
    )[:3]
    listed = "、".join(f"“{flat[bound[k]]}”（{short[k]:+.6g}）" for k in worst)
    listed_en = ", ".join(f"'{flat[bound[k]]}' ({short[k]:+.6g})" for k in worst)
    raise HengtanError(
        f"为零的单元使合计无法同时满足，最接近的表仍差：{listed}",
        f"with these zeros the totals cannot all be met; the nearest table still misses {listed_en}",
        todo="检查这些行列中为零的单元与控制总数，或改用最小二乘",
        todo_en="check the zero cells and totals of these lines, or use least squares",
    )


def _pull(plus: Array, minus: Array, total: Array) -> Array:
    """The positive root of plus x - minus / x = total; 1 where there is nothing to pull or the total is free."""
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
    """One step of Newton's method on what scaling minimises, convex in the logarithms: sum x r s (x > 0) + sum |x| / (r s) (x < 0) - u ln r - v ln s."""
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
    """The same scaling with rows and columns pulling alike in each connected part (left alone where a total is free)."""
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
    """The adjustment of each cell split between its row and its column: a sparse array (rows + columns) × cells."""
    from scipy import sparse

    size = log_mean(np.abs(after), np.abs(before))
    with np.errstate(divide="ignore"):
        logs = [
            np.where(r > 0, np.log(r), 0.0)[:, None] + 0 * size,
            np.where(s > 0, np.log(s), 0.0)[None, :] + 0 * size,
        ]
    gone = [
        (r == 0)[:, None] | np.zeros(size.shape, bool),
        (s == 0)[None, :] | np.zeros(size.shape, bool),
    ]
    count = np.maximum(gone[0].astype(int) + gone[1], 1)
    shares = [
        np.where(after == before, 0.0, size * log) - np.where(empty, before, 0.0) / count
        for log, empty in zip(logs, gone, strict=True)
    ]
    m, n = before.shape
    cells = np.arange(m * n)
    return sparse.coo_matrix(
        (
            np.r_[shares[0].ravel(), shares[1].ravel()],
            (np.r_[np.repeat(np.arange(m), n), m + np.tile(np.arange(n), m)], np.r_[cells, cells]),
        ),
        shape=(m + n, m * n),
    ).tocsr()


def least_squares(
    values: Array,
    variances: Array,
    constraints: Any,
    targets: Array,
    *,
    names: Sequence[str] = (),
    lower: Array | float | None = None,
    upper: Array | float | None = None,
    rounds: int = 200,
) -> Reconciled:
    r"""The smallest adjustment, weighed by variance, that meets linear constraints, within bounds where they are given.

    .. math:: x' = \min\bigl(h, \max(l,\; x - V A^\top \lambda)\bigr), \qquad A x' = b; \qquad \text{without bounds}\quad x' = x - V A^\top (A V A^\top)^{+} (A x - b)

    Parameters
    ----------
    values, variances : array, shape (n,)
        First values and their variances, unit and unit²; a variance of zero holds a value fast. Only the ratios of variances matter for the values.
    constraints : array or scipy sparse matrix, shape (k, n)
        Coefficients A. Rows may repeat one another; the multipliers are then the smallest that do it.
    targets : array, shape (k,)
        What each row must come to, b.
    names : sequence of str
        Names of the constraints, for messages and ``why``.
    lower, upper : array, shape (n,), or float
        Bounds l and h of the adjusted values; values held fast do not heed them.

    Raises
    ------
    HengtanError
        Where the constraints contradict one another, the bounds or the values held fast, naming those that are missed.

    Notes
    -----
    The multipliers are found by Newton's method on the dual, which is piecewise quadratic; a value at a bound stops moving and the others make up for it.

    References
    ----------
    .. [1] Stone, Champernowne and Meade (1942), The precision of national income estimates.
    """
    from scipy import sparse
    from scipy.sparse.linalg import splu

    x, v, b = (np.array(a, dtype=float).ravel() for a in (values, variances, targets))
    a = sparse.csr_matrix(constraints, dtype=float)
    if a.shape != (len(b), len(x)) or len(v) != len(x):
        raise HengtanError(
            f"约束为{a.shape}，与{len(b)}个目标、{len(x)}个数值、{len(v)}个方差不符",
            f"constraints {a.shape} do not go with {len(b)} targets, {len(x)} values and {len(v)} variances",
        )
    if (
        not (np.isfinite(x).all() and np.isfinite(v).all() and np.isfinite(b).all())
        or (v < 0).any()
    ):
        raise HengtanError(
            "数值、方差或目标有缺失，或方差为负",
            "a value, variance or target is missing, or a variance is negative",
        )
    called = tuple(map(str, names)) or tuple(f"约束{k + 1}" for k in range(len(b)))
    low = np.where(v > 0, -np.inf if lower is None else lower, -np.inf)
    high = np.where(v > 0, np.inf if upper is None else upper, np.inf)
    if (low > high).any():
        raise HengtanError(
            f"第{int(np.argmax(low > high)) + 1}个数值的下限高于上限",
            f"the lower bound of value {int(np.argmax(low > high)) + 1} is above its upper bound",
        )
    size = abs(a) @ np.abs(x)
    near = 1e-10 * np.maximum(np.abs(b), size) + 1e-13 * max(
        float(np.abs(b).max(initial=0.0)), float(np.abs(x).max(initial=0.0))
    )
    full = np.asarray(a.multiply(a) @ v).ravel()
    even = np.where(full > 0, 1 / np.sqrt(np.where(full > 0, full, 1.0)), 1.0)
    pull, count = np.zeros(len(b)), 0

    def at(multipliers: Array) -> tuple[Array, Array, Array, float]:
        free = x - v * (a.T @ multipliers)
        moved = np.clip(free, low, high)
        gap = a @ moved - b
        with np.errstate(divide="ignore", invalid="ignore"):
            cost = np.where(v > 0, (moved - x) ** 2 / (2 * v), 0.0).sum()
        return free, moved, gap, float(cost + multipliers @ gap)

    free, after, gap, height = at(pull)
    for _ in range(rounds):
        if (np.abs(gap) <= near).all():
            break
        count += 1
        loose = v * ((free > low) & (free < high))
        scaled = sparse.diags(even) @ a
        normal = (scaled @ sparse.diags(loose) @ scaled.T + 1e-8 * sparse.eye(len(b))).tocsc()
        step = even * splu(normal).solve(even * gap)
        length, slope = 1.0, float(gap @ step)
        while True:
            trial = at(pull + length * step)
            if trial[3] >= height + 1e-4 * length * slope - 1e-12 * abs(height) or length < 1e-14:
                break
            length /= 4
        stuck = length < 1e-14 or (
            length == 1.0
            and np.abs(trial[2]).max() > 0.9 * np.abs(gap).max()
            and np.array_equal(loose > 0, v * ((trial[0] > low) & (trial[0] < high)) > 0)
        )
        if stuck and np.abs(trial[2]).max() >= np.abs(gap).max():
            break
        pull = pull + length * step
        free, after, gap, height = trial
        if stuck:
            break
    missed = np.flatnonzero(np.abs(gap) > np.maximum(1e3 * near, 1e-300))
    if missed.size:
        worst = sorted(missed, key=lambda k: -abs(gap[k]))[:3]
        listed, listed_en = (
            "、".join(f"“{called[k]}”（差 {-gap[k]:+.4g}）" for k in worst),
            ", ".join(f"'{called[k]}' ({-gap[k]:+.4g} left)" for k in worst),
        )
        raise HengtanError(
            f"约束{listed}无法满足：约束互相矛盾、触及上下限，或相关数值被固定",
            f"constraints {listed_en} cannot be met: constraints contradict one another or the bounds, or values are held fast",
            todo="核对控制总数、上下限与方差",
            todo_en="check totals, bounds and variances",
        )
    parts = sparse.vstack(
        [-sparse.diags(pull) @ a @ sparse.diags(v), sparse.csr_matrix(after - free)]
    ).tocsr()
    return Reconciled(
        x,
        after,
        pull,
        np.zeros(0),
        count,
        float(np.abs(gap).max(initial=0.0)),
        parts,
        (*called, "上下限"),
    )
