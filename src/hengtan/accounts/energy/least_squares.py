"""Kernel: values made to meet linear constraints by the least adjustment, weighed by variance,
within bounds; every adjustment can be taken apart into what each constraint pulled
(``Reconciled.why``).

Pure mathematics: arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hengtan.accounts.energy.adjusted import Array, Reconciled
from hengtan.accounts.energy.lines import named_gaps
from hengtan.accounts.energy.refusals import refusal
from hengtan.basis.words import Words
from hengtan.graph.codes import coded

SHORTEST = 1e-14
"""A step shortened below it leads nowhere."""
FARTHEST = 1e18
"""A step may be made so many times as long to come to the top."""


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
    r"""The smallest adjustment, weighed by variance, that meets linear constraints, within bounds
    where they are given.

    .. math:: x' = \min\bigl(h, \max(l,\; x - V A^\top \lambda)\bigr), \qquad A x' = b

    without bounds

    .. math:: x' = x - V A^\top (A V A^\top)^{+} (A x - b)

    Parameters
    ----------
    values, variances : array, shape (n,)
        First values and their variances, unit and unit²; a variance of zero holds a value fast.
        Only the ratios of variances matter for the values.
    constraints : array or scipy sparse matrix, shape (k, n)
        Coefficients A. Rows may repeat one another; the multipliers are then the smallest that do
        it.
    targets : array, shape (k,)
        What each row must come to, b.
    names : sequence of str
        Names of the constraints, for messages and ``why``.
    lower, upper : array, shape (n,), or float
        Bounds l and h of the adjusted values; values held fast do not heed them.

    Raises
    ------
    HengtanError
        Where the constraints contradict one another, the bounds or the values held fast, naming
        those that are missed.

    Notes
    -----
    The multipliers are found by Newton's method on the dual, which is piecewise quadratic; a
    value at a bound stops moving and the others make up for it.

    References
    ----------
    .. [1] Stone, Champernowne and Meade (1942), The precision of national income estimates.
    """
    from scipy import sparse

    x, v, b = (np.array(part, dtype=float).ravel() for part in (values, variances, targets))
    a = sparse.csr_matrix(constraints, dtype=float)
    _refuse_inputs(a, x, v, b)
    low = np.where(v > 0, -np.inf if lower is None else lower, -np.inf)
    high = np.where(v > 0, np.inf if upper is None else upper, np.inf)
    if (low > high).any():
        raise refusal("bounds_crossed", int(np.argmax(low > high)) + 1)
    dual = _Dual(a, x, v, b, low, high)
    at, count = dual.solved(rounds)
    called = list(map(str, names)) or [coded("constraint", n + 1) for n in range(len(b))]
    missed = np.flatnonzero(np.abs(at.gap) > np.maximum(1e3 * dual.near, 1e-300))
    if missed.size:
        worst = sorted(missed, key=lambda n: -abs(at.gap[n]))[:3]
        gaps = [(_said(called[n]), -at.gap[n]) for n in worst]
        zh, en = (named_gaps(gaps, "constraint_gap", language) for language in ("zh", "en"))
        raise refusal("constraints_missed", zh, en)
    pulled = -sparse.diags(at.pull) @ a @ sparse.diags(v)
    parts = sparse.vstack([pulled, sparse.csr_matrix(at.after - at.free)]).tocsr()
    residual = float(np.abs(at.gap).max(initial=0.0))
    names_of_parts = (*called, coded("bounds"))
    return Reconciled(x, at.after, at.pull, np.zeros(0), count, residual, parts, names_of_parts)


def _said(name: str) -> str:
    """A constraint as messages call it: the name given, else the words of its number."""
    words = Words.of("hengtan.accounts.energy")
    return words.say(name) if name.startswith("constraint|") else name


def _refuse_inputs(a: Any, x: Array, v: Array, b: Array) -> None:
    """Raise for inputs that do not go together, and for what is missing or cannot be."""
    if a.shape != (len(b), len(x)) or len(v) != len(x):
        raise refusal("constraints_shape", a.shape, len(b), len(x), len(v))
    if not all(np.isfinite(part).all() for part in (x, v, b)) or (v < 0).any():
        raise refusal("value_missing")


@dataclass(frozen=True)
class _At:
    """The dual at some multipliers: values without and within bounds, what constraints miss, and
    the height of the dual."""

    pull: Array
    free: Array
    after: Array
    gap: Array
    height: float


@dataclass(frozen=True)
class _Dual:
    """The dual of a least-squares adjustment, concave and piecewise quadratic."""

    a: Any
    x: Array
    v: Array
    b: Array
    low: Array
    high: Array

    @cached_property
    def near(self) -> Array:
        """How near each constraint must be met."""
        size = abs(self.a) @ np.abs(self.x)
        largest = max(float(np.abs(part).max(initial=0.0)) for part in (self.b, self.x))
        return 1e-10 * np.maximum(np.abs(self.b), size) + 1e-13 * largest

    def at(self, pull: Array) -> _At:
        """The dual at multipliers."""
        free = self.x - self.v * (self.a.T @ pull)
        after = np.clip(free, self.low, self.high)
        gap = self.a @ after - self.b
        with np.errstate(divide="ignore", invalid="ignore"):
            cost = np.where(self.v > 0, (after - self.x) ** 2 / (2 * self.v), 0.0).sum()
        return _At(pull, free, after, gap, float(cost + pull @ gap))

    def loose(self, at: _At) -> Array:
        """The variances of values that no bound holds."""
        return self.v * ((at.free > self.low) & (at.free < self.high))

    def solved(self, rounds: int) -> tuple[_At, int]:
        """The best multipliers that Newton's steps reach, and how many steps it took."""
        at, count = self.at(np.zeros(len(self.b))), 0
        for _ in range(rounds):
            if (np.abs(at.gap) <= self.near).all():
                break
            count += 1
            trial, length = self._step(at)
            if length == 1.0 and self._stands_still(at, trial):
                farther = self._top(at, trial)
            else:
                farther = trial if length >= SHORTEST else None
            if farther is None:
                return min((at, trial), key=lambda reached: np.abs(reached.gap).max()), count
            at = farther
        return at, count

    def _stands_still(self, at: _At, trial: _At) -> bool:
        """Whether a whole step closed next to nothing and freed or bound no value."""
        closed_little = np.abs(trial.gap).max() > 0.9 * np.abs(at.gap).max()
        return bool(closed_little) and np.array_equal(self.loose(at) > 0, self.loose(trial) > 0)

    def _top(self, at: _At, trial: _At) -> _At | None:
        """The top of the dual on the way from ``at`` through ``trial``; None where ``trial`` stands
        on it, or where the way climbs without end, which it does for constraints that contradict
        one another.
        """
        from scipy.optimize import brentq

        way = trial.pull - at.pull

        def slope(length: float) -> float:
            return float(self.at(at.pull + length * way).gap @ way)

        length = 1.0
        if slope(length) <= 0:
            return None
        while slope(4 * length) > 0:
            length *= 4
            if length > FARTHEST:
                return None
        return self.at(at.pull + brentq(slope, length, 4 * length) * way)

    def _step(self, at: _At) -> tuple[_At, float]:
        """One step of Newton's method, shortened until it climbs."""
        from scipy import sparse
        from scipy.sparse.linalg import splu

        full = np.asarray(self.a.multiply(self.a) @ self.v).ravel()
        even = np.where(full > 0, 1 / np.sqrt(np.where(full > 0, full, 1.0)), 1.0)
        scaled = sparse.diags(even) @ self.a
        curve = scaled @ sparse.diags(self.loose(at)) @ scaled.T
        normal = (curve + 1e-8 * sparse.eye(len(self.b))).tocsc()
        step = even * splu(normal).solve(even * at.gap)
        length, slope = 1.0, float(at.gap @ step)
        while True:
            trial = self.at(at.pull + length * step)
            climbed = at.height + 1e-4 * length * slope - 1e-12 * abs(at.height)
            if trial.height >= climbed or length < SHORTEST:
                return trial, length
            length /= 4
