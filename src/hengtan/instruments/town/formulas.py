"""Formulas of buildings, drainage and savings, on numbers, arrays and columns alike."""

from __future__ import annotations

from typing import Any

POINTS = 100
"""Points of a building that has every item, and per cent of a whole."""
LITRES = 167
"""(L/s)/ha for 1 mm/min of rain: 10,000 m² × 0.001 m ÷ 60 s = 0.1667 m³/s."""


def assembly_rate(structure: Any, envelope: Any, interior: Any, absent: Any = 0.0) -> Any:
    r"""Assembly rate of a building (装配率). [%]

    .. math:: P = \frac{Q_1 + Q_2 + Q_3}{100 - Q_4} \times 100\%

    Parameters
    ----------
    structure, envelope, interior : numeric
        Points of the main structure, of walls, and of fitting out with pipes. [points]
    absent : numeric
        Points of the items that the building does not have. [points]

    Returns
    -------
    numeric
        Assembly rate. [%]

    References
    ----------
    .. [1] GB/T 51129-2017, 4.0.1 (recalled).
    """
    return POINTS * (structure + envelope + interior) / (POINTS - absent)


def points_between(share: float, least_share: float, least: float, full: float) -> float:
    """Points of a material by its share: none below the least share, then straight up to the full
    ones. [points]

    Parameters
    ----------
    share, least_share : float
        Green amount over the whole, and where points begin. [%]
    least, full : float
        Points at the least share and at 100 %. [points]

    Returns
    -------
    float
        Points. [points]

    References
    ----------
    .. [1] Linear interpolation between the ends that the rule in use states; the ends are inputs.
    """
    if share < least_share:
        return 0.0
    return least + (full - least) * (share - least_share) / (POINTS - least_share)
