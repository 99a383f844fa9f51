"""Formulas of surface water: classes, times over a limit, loads, lake nutrition, room to a goal.

A class is 1 to 5 for Ⅰ to Ⅴ and 6 for worse than Ⅴ. An equal value belongs to the better class; the
last digits of binary fractions do not count (``EDGE``).
"""

from __future__ import annotations

from typing import Any

from hengtan.basis.numeric import absolute, log, ratio, round_down, where

EDGE = 1e-9
"""Relative distance within which a value stands on its limit."""
SECONDS_A_DAY = 86_400.0
GRAMS_A_TONNE = 1e6


def class_at_most(
    value: Any, class_1: Any, class_2: Any, class_3: Any, class_4: Any, class_5: Any
) -> Any:
    """Class of a concentration that is better when lower. [class 1-6]

    Parameters
    ----------
    value : numeric
        Concentration. [unit of the limits]
    class_1, class_2, class_3, class_4, class_5 : numeric
        Highest values of classes Ⅰ to Ⅴ. [unit of the limits]

    Returns
    -------
    numeric
        The best class whose limit holds, 6 where none does. [class 1-6]

    References
    ----------
    .. [1] GB 3838-2002 table 1; 地表水环境质量评价办法（试行）环办〔2011〕22号: single factor.
    """
    known = (value, class_1, class_2, class_3, class_4, class_5)
    fifth = where(_within(value, class_5), 5.0, 6.0, known=known)
    fourth = where(_within(value, class_4), 4.0, fifth, known=known)
    third = where(_within(value, class_3), 3.0, fourth, known=known)
    second = where(_within(value, class_2), 2.0, third, known=known)
    return where(_within(value, class_1), 1.0, second, known=known)


def class_at_least(
    value: Any, class_1: Any, class_2: Any, class_3: Any, class_4: Any, class_5: Any
) -> Any:
    """Class of a value that is better when higher, as dissolved oxygen. [class 1-6]

    Parameters
    ----------
    value : numeric
        Concentration. [unit of the limits]
    class_1, class_2, class_3, class_4, class_5 : numeric
        Lowest values of classes Ⅰ to Ⅴ. [unit of the limits]

    Returns
    -------
    numeric
        The best class whose limit holds, 6 where none does. [class 1-6]

    References
    ----------
    .. [1] GB 3838-2002 table 1; 地表水环境质量评价办法（试行）环办〔2011〕22号: single factor.
    """
    return class_at_most(-value, -class_1, -class_2, -class_3, -class_4, -class_5)


def class_inside(value: Any, low: Any, high: Any) -> Any:
    """Class of a value that has one range for all classes, as pH. [class 1 or 6]

    Parameters
    ----------
    value : numeric
        Value. [unit of the limits]
    low, high : numeric
        Ends of the range, both inside it. [unit of the limits]

    Returns
    -------
    numeric
        1 inside the range, 6 outside. [class 1 or 6]

    References
    ----------
    .. [1] GB 3838-2002 table 1, pH 6 to 9 for all classes.
    """
    below_high = where(_within(value, high), 1.0, 6.0, known=(value, low, high))
    return where(_within(low, value), below_high, 6.0, known=(value, low, high))


def times_over(value: Any, limit: Any) -> Any:
    r"""How many times a concentration lies over its limit. [1]

    .. math:: m = \frac{C - S}{S}

    Parameters
    ----------
    value : numeric
        Concentration C. [mg/L]
    limit : numeric
        Limit S of the class. [mg/L]

    Returns
    -------
    numeric
        Times over, negative where the limit holds. [1]

    References
    ----------
    .. [1] 地表水环境质量评价办法（试行）环办〔2011〕22号, 超标倍数.
    """
    return ratio(value - limit, limit)


def river_load(concentration: Any, flow: Any, days: Any) -> Any:
    r"""Load that a river carries past a section. [t]

    .. math:: L = C \cdot Q \cdot 86400 \cdot d \cdot 10^{-6}

    Parameters
    ----------
    concentration : numeric
        Mean concentration C. [mg/L, which is g/m³]
    flow : numeric
        Mean flow Q. [m³/s]
    days : numeric
        Length of the period d. [d]

    Returns
    -------
    numeric
        Load. [t]

    References
    ----------
    .. [1] By definition: concentration times flow times time; no decay on the way.
    """
    return concentration * flow * days * SECONDS_A_DAY / GRAMS_A_TONNE


def nutrition_index(value: Any, constant: Any, slope: Any) -> Any:
    r"""Trophic index of one item of a lake. [1]

    .. math:: TLI_j = 10\,(a_j + b_j \ln x_j)

    Parameters
    ----------
    value : numeric
        Value x of the item. [mg/m³ of chlorophyll a, m of transparency, else mg/L]
    constant, slope : numeric
        Coefficients a and b of the item. [1]

    Returns
    -------
    numeric
        Index; missing where the value is not positive. [1]

    References
    ----------
    .. [1] 地表水环境质量评价办法（试行）环办〔2011〕22号, 综合营养状态指数 (coefficients recalled).
    """
    return 10 * (constant + slope * log(value))


def least_count(goal: Any, whole: Any) -> Any:
    r"""The fewest of a whole that reach a share. [count]

    .. math:: k = \lceil g\,n / 100 \rceil

    Parameters
    ----------
    goal : numeric
        Share g to be reached. [%]
    whole : numeric
        How many there are, n. [count]

    Returns
    -------
    numeric
        Fewest k with k/n at least g. [count]

    References
    ----------
    .. [1] By definition; 95.1 % of 74 is 71, since 70 are 94.6 %.
    """
    wanted = goal * whole / 100
    return -round_down(-(wanted - EDGE * absolute(wanted)))


def mean_left(limit: Any, mean: Any, periods: Any, whole: Any) -> Any:
    r"""The mean of what is left of a year with which the year's mean just meets a limit. [mg/L]

    .. math:: r = \frac{n S - k \bar{x}}{n - k}

    Parameters
    ----------
    limit : numeric
        Limit S of the year's mean. [mg/L]
    mean : numeric
        Mean so far. [mg/L]
    periods, whole : numeric
        Periods so far k, and of the whole year n. [count]

    Returns
    -------
    numeric
        Highest mean of the rest; negative where the limit cannot be met any more, missing where
        nothing is left. [mg/L]

    References
    ----------
    .. [1] By definition of the arithmetic mean of months.
    """
    return ratio(whole * limit - periods * mean, whole - periods)


def level_at_least(value: Any, light: Any, heavy: Any) -> Any:
    """Level of black-odorous water of an item that is better when higher. [level 0-2]

    Parameters
    ----------
    value : numeric
        Result. [unit of the limits]
    light, heavy : numeric
        Where none turns to light, and light to heavy; equal belongs to the better. [same unit]

    Returns
    -------
    numeric
        0 none, 1 light, 2 heavy. [level 0-2]

    References
    ----------
    .. [1] 城市黑臭水体整治工作指南（2015）, levels of black-odorous waters.
    """
    known = (value, light, heavy)
    not_none = where(_within(heavy, value), 1.0, 2.0, known=known)
    return where(_within(light, value), 0.0, not_none, known=known)


def level_above(value: Any, light: Any, heavy: Any) -> Any:
    """Level of black-odorous water where the limit of light itself is light, as of the redox
    potential. [level 0-2]

    Parameters
    ----------
    value : numeric
        Result. [unit of the limits]
    light, heavy : numeric
        Highest value that is light, and lowest. [same unit]

    Returns
    -------
    numeric
        0 none, 1 light, 2 heavy. [level 0-2]

    References
    ----------
    .. [1] 城市黑臭水体整治工作指南（2015）: -200 to 50 mV is light.
    """
    known = (value, light, heavy)
    not_none = where(_within(heavy, value), 1.0, 2.0, known=known)
    return where(_within(value, light), not_none, 0.0, known=known)


def level_at_most(value: Any, light: Any, heavy: Any) -> Any:
    """Level of black-odorous water of an item that is better when lower. [level 0-2]

    Parameters
    ----------
    value : numeric
        Result. [unit of the limits]
    light, heavy : numeric
        Where none turns to light, and light to heavy; equal belongs to the better. [same unit]

    Returns
    -------
    numeric
        0 none, 1 light, 2 heavy. [level 0-2]

    References
    ----------
    .. [1] 城市黑臭水体整治工作指南（2015）, levels of black-odorous waters.
    """
    known = (value, light, heavy)
    not_none = where(_within(value, heavy), 1.0, 2.0, known=known)
    return where(_within(value, light), 0.0, not_none, known=known)


def _within(value: Any, limit: Any) -> Any:
    """Whether a value is at most its limit, give or take what binary fractions add."""
    return value <= limit + EDGE * absolute(limit)
