"""Formulas of air quality: index, rounding, composite index, and days that may still be bad."""

from __future__ import annotations

from typing import Any

from hengtan.basis.numeric import absolute, maximum, ratio, round_down, round_half_up, where

NEARLY = 1e-9
"""How near to a half a figure counts as one, and to a whole number as whole."""
DIGITS = 9


def individual_index(
    concentration: Any, conc_low: Any, conc_high: Any, iaqi_low: Any, iaqi_high: Any
) -> Any:
    r"""Individual air quality index (IAQI, 空气质量分指数) between two breakpoints. [-]

    .. math:: I = \left\lceil \frac{I_{Hi} - I_{Lo}}{B_{Hi} - B_{Lo}} (C - B_{Lo}) + I_{Lo}
        \right\rceil

    Parameters
    ----------
    concentration : numeric
        Concentration. [µg/m³; CO mg/m³]
    conc_low, conc_high : numeric
        The breakpoints it lies between. [unit of the concentration]
    iaqi_low, iaqi_high : numeric
        The indices of the breakpoints. [-]

    Returns
    -------
    numeric
        The index, rounded up to a whole number. [-]

    References
    ----------
    .. [1] HJ 633-2012, formula (1) and rounding; HJ 633-2026 rounds the index alike.
    """
    slope = ratio(iaqi_high - iaqi_low, conc_high - conc_low)
    return rounded_up(slope * (concentration - conc_low) + iaqi_low)


def rounded_up(index: Any) -> Any:
    r"""A figure rounded up to a whole number (向上进位取整): :math:`\lceil I \rceil`. [-]

    Parameters
    ----------
    index : numeric
        An index; what is whole but for the noise of floats stays. [-]

    Returns
    -------
    numeric
        The whole number. [-]

    References
    ----------
    .. [1] HJ 633-2012: results are carried up to whole numbers.
    """
    return -round_down(-round_half_up(index, DIGITS))


def rounded_half_even(value: Any, scale: Any = 1.0) -> Any:
    r"""A figure rounded to the nearest, halves to the even (四舍六入五成双). [unit of the value]

    Parameters
    ----------
    value : numeric
        Figure to round. [any unit]
    scale : numeric
        Steps in one unit: 1 for whole numbers, 10 for one decimal. [-]

    Returns
    -------
    numeric
        The figure in steps of ``1/scale``; missing where the scale is nought. [unit of the value]

    References
    ----------
    .. [1] GB/T 8170-2008, 3.2.
    """
    steps = value * scale
    lower = round_down(steps)
    odd = lower - 2 * round_down(lower / 2)
    is_half = absolute(steps - lower - 0.5) < NEARLY
    nearest = where(is_half, lower + odd, round_down(steps + 0.5), known=(steps,))
    return ratio(nearest, scale)


def share_of_days(good_days: Any, valid_days: Any) -> Any:
    r"""Share of days with good air (优良天数比例): :math:`s = 100\,g/n`. [%]

    Parameters
    ----------
    good_days, valid_days : numeric
        Days with an index up to 100, and days with a valid index. [d]

    Returns
    -------
    numeric
        The share; missing without a valid day. [%]

    References
    ----------
    .. [1] 城市环境空气质量排名技术规定; HJ 633-2012.
    """
    return 100 * ratio(good_days, valid_days)


def composite_term(concentration: Any, limit: Any, weight: Any) -> Any:
    r"""What one pollutant adds to the composite index (综合指数): :math:`w\,C/S`. [-]

    Parameters
    ----------
    concentration : numeric
        Yearly mean, or the percentile of days. [µg/m³; CO mg/m³]
    limit : numeric
        Limit of class II for that figure. [unit of the concentration]
    weight : numeric
        Weight of the pollutant; 1 in the method of 2013. [-]

    Returns
    -------
    numeric
        The term. [-]

    References
    ----------
    .. [1] 城市环境空气质量排名技术规定 (2013 method).
    """
    return weight * ratio(concentration, limit)


def bad_days_allowed(goal_share: Any, days_of_year: Any) -> Any:
    r"""Most days of a year that may miss good air under a goal:
    :math:`\lfloor n (1 - s/100) \rfloor`. [d]

    Parameters
    ----------
    goal_share : numeric
        Share of good days that is the goal. [%]
    days_of_year : numeric
        Days of the year that count. [d]

    Returns
    -------
    numeric
        Days, never below nought. [d]

    References
    ----------
    .. [1] Counting: good ≥ s n / 100.
    """
    return maximum(round_down(round_half_up(days_of_year * (1 - goal_share / 100), DIGITS)), 0.0)
