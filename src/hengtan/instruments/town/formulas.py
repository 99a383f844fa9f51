"""Formulas of buildings, drainage and savings, on numbers, arrays and columns alike."""

from __future__ import annotations

from typing import Any

from hengtan.basis.numeric import clip, log, power, ratio, where
from hengtan.instruments.factors import LITRES_A_SECOND_A_HECTARE

POINTS = 100
"""Points of a building that has every item, and per cent of a whole."""


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
    return ratio(POINTS * (structure + envelope + interior), POINTS - absent)


def points_between(share: Any, least_share: Any, least: Any, full: Any) -> Any:
    """Points of a material by its share: none below the least share, then straight up to the full
    ones. [points]

    Parameters
    ----------
    share, least_share : numeric
        Green amount over the whole, and where points begin. [%]
    least, full : numeric
        Points at the least share and at 100 %. [points]

    Returns
    -------
    numeric
        Points. [points]

    References
    ----------
    .. [1] Linear interpolation between the ends that the rule in use states; the ends are inputs.
    """
    above = ratio(clip(share, least_share, POINTS) - least_share, POINTS - least_share)
    known = (share, least_share, least, full)
    return where(share < least_share, 0.0, least + (full - least) * above, known=known)


def storm_intensity(a: Any, c: Any, b: Any, n: Any, return_period: Any, duration: Any) -> Any:
    r"""Design intensity of a storm. [L/(s·ha)]

    .. math:: q = \frac{167 A_1 (1 + C \lg P)}{(t + b)^n}

    Parameters
    ----------
    a, c, b, n : numeric
        Coefficients of the formula that the place published. [mm/min, 1, min, 1]
    return_period : numeric
        P. [a]
    duration : numeric
        t. [min]

    Returns
    -------
    numeric
        Design intensity. [L/(s·ha)]

    References
    ----------
    .. [1] GB 50014-2021, formula of storm intensity (recalled; its coefficients are those of the
       place).
    """
    logarithm = log(return_period) / log(10.0)
    fallen = LITRES_A_SECOND_A_HECTARE * a * (1 + c * logarithm)
    return ratio(fallen, power(duration + b, n))


def design_flow(intensity: Any, coefficient: Any, area: Any) -> Any:
    r"""Design flow of rainwater by the rational method. [L/s]

    .. math:: Q = q \psi F

    Parameters
    ----------
    intensity : numeric
        q. [L/(s·ha)]
    coefficient : numeric
        Runoff coefficient. [1]
    area : numeric
        F. [ha]

    Returns
    -------
    numeric
        Flow. [L/s]

    References
    ----------
    .. [1] GB 50014-2006, Q = q·ψ·F (page read: supremewe.com/jszc/jshsmjhyspfl), kept in 2021.
    """
    return intensity * coefficient * area


def expected_use(base_use: Any, base_output: Any, output: Any) -> Any:
    r"""What would have been used of a resource at the use per output before a project. [as the use]

    .. math:: U = \frac{U_0}{O_0} O

    Parameters
    ----------
    base_use : numeric
        Use before. [any unit]
    base_output, output : numeric
        Output before and in the year, in one unit. [any unit]

    Returns
    -------
    numeric
        Use expected. [as the use]

    References
    ----------
    .. [1] Ratio of use to output kept as before: the identity that a saving at equal output means.
    """
    return ratio(base_use, base_output) * output
