"""Draws of the measures' effects, by the laws and the counter of ``outlook/uncertainty``, so that a
range is drawn alike whether its odds are asked for or a portfolio is chosen on it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hengtan.outlook.pathway.model import Array
from hengtan.outlook.uncertainty.counter import drawn
from hengtan.outlook.uncertainty.laws import Range, refuse_without_source, variance

Ranges = Sequence[Range]
"""A range for each measure of a study, in its order; without width where the effect is certain."""


def draw(ranges: Ranges, count: int, *, seed: int, stream: int = 0) -> Array:
    """Effects of ``count`` draws, (K, M); of a certain measure the effect itself.

    Raises ``RangeWithoutSource`` naming measures whose range has no source.
    """
    refuse_without_source(tuple(ranges))
    effects = np.ascontiguousarray(drawn(ranges, (0, count), seed, stream).T, dtype=float)
    for number, law in enumerate(ranges):
        if not law.width:
            effects[:, number] = law.mid
    return effects


def assumed_share(ranges: Ranges, by_effect: Array) -> float:
    """Share of the variance of a total, to first order, that rests on measures whose ranges are
    assumed; ``by_effect`` (M,) is what a unit of each effect changes. [1]

    Ranges of one measure move together, so that their deviations add; those of several measures
    are independent, so that their variances do.
    """
    deviations: dict[str, float] = {}
    assumed = set()
    for law, slope in zip(ranges, by_effect, strict=True):
        spread = float(slope * np.sqrt(variance(law))) if law.width else 0.0
        deviations[law.drawn_by] = deviations.get(law.drawn_by, 0.0) + spread
        if law.assumed and law.width:
            assumed.add(law.drawn_by)
    total = sum(each**2 for each in deviations.values())
    return sum(deviations[name] ** 2 for name in assumed) / total if total > 0 else 0.0
