"""Principles of sharing a budget: each turns what is known of the sharers into shares that add to
one; a mix is their weighted mean.

Principles: history, capability and need as in burden-sharing (Ringius, Torvanger and Holtsmark
1998).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hengtan.accounts.apportion import CannotShare
from hengtan.plan.verdict_parameters import national

PRINCIPLES: Mapping[str, tuple[str, ...]] = {
    "history": ("emission",),
    "per_gdp": ("gdp",),
    "per_head": ("population",),
    "ability": ("gdp", "population"),
    "benchmark": ("benchmark",),
}
"""The figures each principle needs; their names stand in the plan's word table."""


def shares(
    principle: str,
    figures: Mapping[str, np.ndarray],
    groups: np.ndarray | None = None,
    *,
    exponent: float | None = None,
) -> np.ndarray:
    r"""Shares of one principle within each group; they add to one in each. [share]

    .. math:: s_i = w_i / \sum_{j \in g(i)} w_j, \qquad
        w_i = P_i \left(Y_i / P_i\right)^{a} \text{ for ability, else the figure itself}

    Parameters
    ----------
    principle : str
        A name of ``PRINCIPLES``.
    figures : mapping of name to array, shape (n,)
        emission, gdp Y, population P, benchmark emission, zero or more. [any one unit each]
    groups : array, shape (n,), optional
        Index of the group of each; one group where none is given. [-]
    exponent : float, optional
        Exponent a of GDP per head; the pack's where none is given. [-]

    Returns
    -------
    array, shape (n,)
        Shares; a group without any figure gets equal ones. [share]

    Raises
    ------
    CannotShare
        For a missing, negative or infinite figure and for an unknown principle.

    References
    ----------
    .. [1] Ringius, Torvanger and Holtsmark (1998), Can multi-criteria rules fairly distribute
       climate burdens? Energy Policy 26. The exponent is recalled.
    """
    weight = _weight(principle, figures, exponent)
    at = np.zeros(len(weight), int) if groups is None else groups
    number = int(at.max()) + 1 if len(at) else 0
    total = np.bincount(at, weights=weight, minlength=number)[at]
    members = np.bincount(at, minlength=number)[at]
    return np.where(total > 0, weight / np.where(total > 0, total, 1.0), 1.0 / members)


def _weight(
    principle: str, figures: Mapping[str, np.ndarray], exponent: float | None
) -> np.ndarray:
    """What a principle shares by, before it is brought to one."""
    if principle not in PRINCIPLES:
        raise CannotShare(f"no_principle|{principle}")
    needed = [_figure(name, figures, principle) for name in PRINCIPLES[principle]]
    if principle != "ability":
        return needed[0]
    gdp, people = needed
    if (gdp <= 0).any() or (people <= 0).any():
        raise CannotShare("ability_needs_positive")
    power = national().value("budget.ability_exponent") if exponent is None else exponent
    return np.asarray(people * (gdp / people) ** power)


def _figure(name: str, figures: Mapping[str, np.ndarray], principle: str) -> np.ndarray:
    if name not in figures:
        raise CannotShare(f"principle_needs|{principle}|{name}")
    values = np.asarray(figures[name], float)
    if not np.isfinite(values).all() or (values < 0).any():
        raise CannotShare(f"figure_missing_or_negative|{name}")
    return values


def mixed(
    weights: Mapping[str, float],
    figures: Mapping[str, np.ndarray],
    groups: np.ndarray | None = None,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Shares of a mix of principles, and those of each. [share]

    ``weights`` are brought to a sum of one. Raises CannotShare for weights that are negative or all
    zero.
    """
    total = sum(weights.values())
    if not weights or min(weights.values()) < 0 or total <= 0:
        raise CannotShare("principle_weights")
    single = {name: shares(name, figures, groups) for name, w in weights.items() if w > 0}
    weighted = [share * (weights[name] / total) for name, share in single.items()]
    return np.asarray(sum(weighted)), single
