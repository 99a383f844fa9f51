"""Principles of sharing a budget: each turns what is known of the sharers into shares that add to one; a mix is their weighted mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

PRINCIPLES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "history": ("历史排放", "emissions of the base period", ("emission",)),
    "per_gdp": ("地区生产总值", "GDP", ("gdp",)),
    "per_head": ("人口", "population", ("population",)),
    "ability": ("支付能力", "ability: population × (GDP per head)^−0.5", ("gdp", "population")),
    "benchmark": ("行业基准", "output × benchmark intensity", ("benchmark",)),
}
"""Name, words, and the figures each needs."""
ABILITY = -0.5
"""Exponent of GDP per head in the ability principle (Ringius, Torvanger & Holtsmark 1998 use such weights; the value is recalled and may be declared otherwise)."""


def shares(
    principle: str,
    figures: Mapping[str, np.ndarray],
    groups: np.ndarray | None = None,
    *,
    exponent: float = ABILITY,
) -> np.ndarray:
    """Shares of one principle within each group (one group where none is given); they add to one wherever a figure is above zero. Shape (n,).

    ``figures``: emission, gdp, population, benchmark by name, each of shape (n,), zero or positive. A group without any figure gets equal shares. Raises ValueError for a missing, negative or infinite figure
    and for an unknown principle.
    """
    if principle not in PRINCIPLES:
        raise ValueError(f"no principle '{principle}'")
    held = []
    for name in PRINCIPLES[principle][2]:
        if name not in figures:
            raise ValueError(f"{principle} needs {name}")
        values = np.asarray(figures[name], float)
        if not np.isfinite(values).all() or (values < 0).any():
            raise ValueError(f"{name} is missing or negative")
        held.append(values)
    if principle == "ability":
        gdp, people = held
        if (gdp <= 0).any() or (people <= 0).any():
            raise ValueError("ability needs GDP and population above zero")
        weight = people * (gdp / people) ** exponent
    else:
        weight = held[0]
    at = np.zeros(len(weight), int) if groups is None else groups
    total = np.bincount(at, weights=weight, minlength=int(at.max()) + 1 if len(at) else 0)
    count = np.bincount(at, minlength=len(total))
    return np.where(
        total[at] > 0, weight / np.where(total[at] > 0, total[at], 1.0), 1.0 / count[at]
    )


def mixed(
    weights: Mapping[str, float],
    figures: Mapping[str, np.ndarray],
    groups: np.ndarray | None = None,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Shares of a mix of principles, and those of each. ``weights`` are brought to a sum of one. Raises ValueError for weights that are negative or all zero."""
    total = sum(weights.values())
    if not weights or min(weights.values()) < 0 or total <= 0:
        raise ValueError("weights of principles are zero or positive, one at least above zero")
    single = {name: shares(name, figures, groups) for name, w in weights.items() if w > 0}
    return np.asarray(sum(single[name] * (weights[name] / total) for name in single)), single


def check_names(names: Sequence[str]) -> None:
    """Raises ValueError for a principle that there is not."""
    for name in names:
        if name not in PRINCIPLES:
            raise ValueError(f"no principle '{name}'")
