"""Formulas of waste and materials."""

from __future__ import annotations

from typing import Any

from hengtan.basis.numeric import absolute, maximum, minimum, ratio, where

NOISE = 1e-12
"""What sums of floats may be off by. [share of what is summed]"""

PER_CENT = 100.0
KILOGRAMS_A_TONNE = 1e3


def stock_change(
    generated: Any, received: Any, sent: Any, used: Any, treated: Any, landfilled: Any
) -> Any:
    r"""What a firm's stock of a material grew by. [t]

    .. math:: \Delta S = M + I - O - U - T - L

    Parameters
    ----------
    generated : numeric
        Made M. [t]
    received : numeric
        Taken in I. [t]
    sent : numeric
        Sent out O. [t]
    used : numeric
        Used U. [t]
    treated : numeric
        Treated T. [t]
    landfilled : numeric
        Landfilled L. [t]

    Returns
    -------
    numeric
        Growth of the stock. [t]

    References
    ----------
    .. [1] Conservation of mass.
    """
    return generated + received - sent - used - treated - landfilled


def closing_gap(opening: Any, change: Any, closing: Any) -> Any:
    r"""What the books hold beyond the count at the end. [t]

    .. math:: g = S_0 + \Delta S - S_1

    Parameters
    ----------
    opening : numeric
        Stock counted before, S0. [t]
    change : numeric
        Growth by the books. [t]
    closing : numeric
        Stock counted at the end, S1. [t]

    Returns
    -------
    numeric
        Gap; above zero where the count has less than the books. [t]

    References
    ----------
    .. [1] Conservation of mass.
    """
    return opening + change - closing


def without_noise(gap: Any, whole: Any) -> Any:
    r"""A gap between sums, nought where it is no more than the noise of floats. [unit of the sums]

    .. math:: g' = 0 \text{ where } |g| < 10^{-12}\,W

    Parameters
    ----------
    gap : numeric
        Difference of two sums g. [any unit]
    whole : numeric
        What was summed W. [same unit]

    Returns
    -------
    numeric
        The gap. [same unit]

    References
    ----------
    .. [1] IEEE 754 double precision: sums of some thousand figures hold twelve digits.
    """
    return where(absolute(gap) < NOISE * absolute(whole), 0.0, gap, known=(gap, whole))


def overdue_stock(opening: Any, old_inputs: Any, outputs: Any) -> Any:
    r"""Stock older than a limit, where what came first leaves first. [t]

    .. math:: A = \max(0,\; S_0 + I_{old} - O)

    Parameters
    ----------
    opening : numeric
        Stock at the beginning of the records. [t]
    old_inputs : numeric
        What came in until the limit before the day. [t]
    outputs : numeric
        What left until the day. [t]

    Returns
    -------
    numeric
        Overdue. [t]

    References
    ----------
    .. [1] First in, first out.
    """
    return maximum(opening + old_inputs - outputs, 0.0)


def rate(part: Any, whole: Any) -> Any:
    r"""A rate of waste. [%]

    .. math:: r = 100\, a / b

    Parameters
    ----------
    part : numeric
        Sum of the terms of the numerator. [t]
    whole : numeric
        Sum of the terms of the denominator. [t]

    Returns
    -------
    numeric
        Rate; missing where the denominator is zero. [%]

    References
    ----------
    .. [1] By definition; what the sums hold is data (pack table ``rate_terms``).
    """
    return PER_CENT * ratio(part, whole)


def dry_mass(wet: Any, water: Any) -> Any:
    r"""Dry mass of sludge. [t]

    .. math:: m_d = m (1 - w / 100)

    Parameters
    ----------
    wet : numeric
        Mass with its water. [t]
    water : numeric
        Share of water w. [%]

    Returns
    -------
    numeric
        Dry mass. [t]

    References
    ----------
    .. [1] By definition.
    """
    return wet * (1.0 - water / PER_CENT)


def theoretical_straw(sown: Any, crop_yield: Any, straw_ratio: Any) -> Any:
    r"""Straw that grew. [t]

    .. math:: T = A\, y\, r / 1000

    Parameters
    ----------
    sown : numeric
        Area sown A. [mu]
    crop_yield : numeric
        Yield y. [kg/mu]
    straw_ratio : numeric
        Straw by grain r. [1]

    Returns
    -------
    numeric
        Theoretical straw. [t]

    References
    ----------
    .. [1] 农办科〔2019〕3号, as the ministry's straw ledger reckons it (StrawCalculatorUtil).
    """
    return sown * crop_yield * straw_ratio / KILOGRAMS_A_TONNE


def collectable_straw(theoretical: Any, share: Any) -> Any:
    r"""Straw that can be collected. [t]

    .. math:: C = T\, c

    Parameters
    ----------
    theoretical : numeric
        Theoretical straw T. [t]
    share : numeric
        Collectable share c, 0 to 1. [1]

    Returns
    -------
    numeric
        Collectable straw. [t]

    References
    ----------
    .. [1] 农办科〔2019〕3号, as the ministry's straw ledger reckons it (StrawCalculatorUtil).
    """
    return theoretical * share


def net_of_soil(weighed: Any, soil: Any) -> Any:
    r"""Film recovered without the soil that hangs on it. [t]

    .. math:: n = m (1 - s / 100)

    Parameters
    ----------
    weighed : numeric
        As weighed. [t]
    soil : numeric
        Share of soil s. [%]

    Returns
    -------
    numeric
        Film. [t]

    References
    ----------
    .. [1] By definition.
    """
    return weighed * (1.0 - soil / PER_CENT)


def estimated_waste(area: Any, per_area: Any) -> Any:
    r"""Construction waste of a site by its floor area. [t]

    .. math:: G = A\, f

    Parameters
    ----------
    area : numeric
        Floor area A. [m²]
    per_area : numeric
        Waste by area f, as the place has issued it. [t/m²]

    Returns
    -------
    numeric
        Waste. [t]

    References
    ----------
    .. [1] By definition of the factor.
    """
    return area * per_area


def most_counted_twice(untagged: Any, of_the_other: Any) -> Any:
    r"""The most that tonnes without a tag can repeat of the other network. [t]

    .. math:: d = \min(u,\; v)

    Parameters
    ----------
    untagged : numeric
        Tonnes of dealers without a tag, u. [t]
    of_the_other : numeric
        Tonnes of the other network that no dealer has reported with their tag, v. [t]

    Returns
    -------
    numeric
        Most tonnes counted twice. [t]

    References
    ----------
    .. [1] A tonne repeats at most one other.
    """
    return minimum(untagged, of_the_other)


def attained(value: Any, goal: Any, is_higher_better: Any) -> Any:
    r"""How much of its goal an indicator has reached, at most all of it. [1]

    .. math:: a = \min(1, v/g) \quad\text{or}\quad \min(1, g/v)

    Parameters
    ----------
    value : numeric
        Value v. [unit of the indicator]
    goal : numeric
        Goal g. [unit of the indicator]
    is_higher_better : numeric
        1 where more is better, 0 where less is. [1]

    Returns
    -------
    numeric
        Share of the goal. [1]

    References
    ----------
    .. [1] A proposal of this project; the index of 环固体〔2021〕114号 was not read.
    """
    share = where(is_higher_better, ratio(value, goal), ratio(goal, value))
    return minimum(maximum(share, 0.0), 1.0)


def share_of_source(amount: Any, share: Any) -> Any:
    r"""A material in what a source category delivered. [t]

    .. math:: m = a\, s / 100

    Parameters
    ----------
    amount : numeric
        Recovered of the category. [t]
    share : numeric
        Share of the material. [%]

    Returns
    -------
    numeric
        Material. [t]

    References
    ----------
    .. [1] By definition of the shares, which the user supplies.
    """
    return amount * share / PER_CENT
