"""Two inventories of the same place and year beside each other: the gap of each fuel split into
what known factors explain and a rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Gap:
    """One fuel in two inventories. All amounts in the unit of the inventories; the three parts add
    to ``theirs - ours``.

    ``unknown`` names the parameters one side does not state: what they would explain stays in
    ``unexplained``, with differences of activity and scope.
    """

    product: str
    ours: float
    theirs: float
    carbon_content: float
    oxidation: float
    unexplained: float
    unknown: tuple[str, ...]


def split_gap(
    ours: Mapping[str, float],
    theirs: Mapping[str, float],
    our_factors: Mapping[str, Any],
    their_factors: Mapping[str, Any],
) -> list[Gap]:
    r"""Split the gap of each product, carbon content first and then oxidation, on our activity.

    .. math:: \Delta_c = E\left(\frac{c'}{c} - 1\right), \qquad
        \Delta_o = E\,\frac{c'}{c}\left(\frac{o'}{o} - 1\right)

    Parameters
    ----------
    ours, theirs : mapping
        Emission by product, in one unit. A product one side lacks counts as zero there.
    our_factors, their_factors : mapping
        By product a mapping with ``carbon_content`` and ``oxidation``, or None.
    """
    rows = []
    for product in sorted({*ours, *theirs}):
        own, other = ours.get(product, 0.0), theirs.get(product, 0.0)
        mine, its = our_factors.get(product) or {}, their_factors.get(product) or {}
        unknown = tuple(
            name
            for name in ("carbon_content", "oxidation")
            if not mine.get(name) or not its.get(name)
        )
        carbon_ratio = (
            1.0 if "carbon_content" in unknown else its["carbon_content"] / mine["carbon_content"]
        )
        oxidation_ratio = 1.0 if "oxidation" in unknown else its["oxidation"] / mine["oxidation"]
        by_carbon = own * (carbon_ratio - 1)
        by_oxidation = own * carbon_ratio * (oxidation_ratio - 1)
        rest = other - own - by_carbon - by_oxidation
        rows.append(Gap(product, own, other, by_carbon, by_oxidation, rest, unknown))
    return rows
