"""Formulas of permits and fines."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, minimum, ratio

PERCENT = 100


def share_of_permit(emitted: Numeric, permitted: Numeric) -> Numeric:
    r"""Part of a permitted amount that is used. [%]

    .. math:: s = 100 \cdot E / P

    Parameters
    ----------
    emitted : numeric
        Emitted so far. [t]
    permitted : numeric
        Permitted amount. [t]

    Returns
    -------
    numeric
        Used. [%]

    References
    ----------
    .. [1] HJ 944-2018: actual amounts beside permitted ones.
    """
    return ratio(emitted, permitted) * PERCENT


def fine_for_delay(fine: Numeric, days: Numeric, rate: Numeric) -> Numeric:
    r"""What may be added to a fine that is not paid in time. [CNY]

    .. math:: A = \min(F, r \cdot F \cdot d)

    Parameters
    ----------
    fine : numeric
        The fine. [CNY]
    days : numeric
        Days after it was due. [d]
    rate : numeric
        Added a day. [1/d]

    Returns
    -------
    numeric
        Added, not above the fine. [CNY]

    References
    ----------
    .. [1] 行政处罚法 (2021) 第七十二条.
    """
    return minimum(fine, fine * rate * days)
