"""Formulas of taxes, in the words of ``basis.numeric``: the same on a figure, an array and a
column.
"""

from __future__ import annotations

from hengtan.basis.numeric import maximum, ratio, where

TOLERANCE = 1e-12
"""A share within the noise of floats above a limit counts as at it."""


def equivalents(amount, equivalent):
    r"""Pollution equivalents :math:`n = m / e`. [1]

    Parameters
    ----------
    amount : numeric
        Amount emitted. [kg; heads, beds or t of waste water for small emitters]
    equivalent : numeric
        Amount of the pollutant that makes one equivalent. [as the amount]

    Returns
    -------
    numeric
        Equivalents. [1]

    References
    ----------
    .. [1] 环境保护税法 (2018 修正) 第八条, 附表二 应税污染物和当量值表.
    """
    return ratio(amount, equivalent)


def reduction(share, at_most_30, at_most_50, reduced_by_30, reduced_by_50):
    """What is left of the tax by how far a concentration lies below its standard. [1]

    Parameters
    ----------
    share : numeric
        Concentration over its standard. [1]
    at_most_30, at_most_50 : numeric
        Greatest shares that lie 30 % and 50 % below the standard. [1]
    reduced_by_30, reduced_by_50 : numeric
        What is left of the tax there. [1]

    Returns
    -------
    numeric
        ``reduced_by_50`` up to ``at_most_50``, ``reduced_by_30`` up to ``at_most_30``, else 1. [1]

    References
    ----------
    .. [1] 环境保护税法 (2018 修正) 第十三条.
    """
    above_50 = where(share <= at_most_30 + TOLERANCE, reduced_by_30, 1.0, known=(share, at_most_30))
    return where(
        share <= at_most_50 + TOLERANCE,
        reduced_by_50,
        above_50,
        known=(share, at_most_30, at_most_50, reduced_by_30, reduced_by_50),
    )


def water_volume_tax(volume, rate, loss_rate):
    r"""Water resource fee or tax on the volume taken: :math:`V (1 - l) r`. [yuan]

    Parameters
    ----------
    volume : numeric
        Water taken. [m3]
    rate : numeric
        Fee or tax on a cubic metre. [yuan/m3]
    loss_rate : numeric
        Loss allowed to public supply, 0 for all others. [1]

    Returns
    -------
    numeric
        Fee or tax. [yuan]

    References
    ----------
    .. [1] 财税〔2024〕28号 水资源税改革试点实施办法; 重庆市水资源费征收标准 (to 2024-11-30).
    """
    return volume * (1.0 - loss_rate) * rate


def generation_tax(generation, rate):
    r"""Water resource fee or tax of hydropower and once-through cooling: :math:`G r`. [yuan]

    Parameters
    ----------
    generation : numeric
        Power generated. [kWh]
    rate : numeric
        Fee or tax on a kilowatt hour. [yuan/kWh]

    Returns
    -------
    numeric
        Fee or tax. [yuan]

    References
    ----------
    .. [1] 财税〔2024〕28号; 重庆市水资源费征收标准.
    """
    return generation * rate


def resource_tax(sales, rate, cut):
    r"""Resource tax ad valorem with a reduction: :math:`S t (1 - c)`. [yuan]

    Parameters
    ----------
    sales : numeric
        Sales without value added tax. [yuan]
    rate : numeric
        Rate of the tax. [1]
    cut : numeric
        Reduction. [1]

    Returns
    -------
    numeric
        Tax. [yuan]

    References
    ----------
    .. [1] 资源税法 第三、六条.
    """
    return sales * rate * (1.0 - cut)


def over_permit(volume, permitted):
    r"""Volume beyond the permit: :math:`\max(0, V - P)`. [m3]

    Parameters
    ----------
    volume, permitted : numeric
        Water taken, water the permit allows. [m3]

    Returns
    -------
    numeric
        Volume that bears the surcharge. [m3]

    References
    ----------
    .. [1] 财税〔2024〕28号.
    """
    return maximum(volume - permitted, 0.0)
