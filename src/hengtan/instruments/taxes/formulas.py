"""Formulas of taxes, in the words of ``basis.numeric``: the same on a figure, an array and a
column.
"""

from __future__ import annotations

from hengtan.basis.numeric import maximum, ratio, where

HALF, THIRTY = 0.5, 0.7
TOLERANCE = 1e-12


def equivalents(amount, equivalent):
    """Pollution equivalents: amount over the equivalent of the pollutant. [-] 环境保护税法 附表二.

    Parameters
    ----------
    amount, equivalent : numeric
        [kg]
    """
    return ratio(amount, equivalent)


def reduction(share, reduced_by_30, reduced_by_50):
    """Factor by how far a concentration lies below its standard: at most 50 % of it, at most 70 %,
    else 1. [-]

    环境保护税法 第十三条.

    ``share``: concentration over standard [-]; the factors are parameters of the law.
    """
    return where(
        share <= HALF + TOLERANCE,
        reduced_by_50,
        where(share <= THIRTY + TOLERANCE, reduced_by_30, 1.0, known=(share,)),
        known=(share, reduced_by_30, reduced_by_50),
    )


def water_volume_tax(volume, rate, loss_rate):
    """Water resource fee or tax on the volume taken, less the loss allowed to public supply. [yuan]

    财税〔2024〕28号.

    ``volume`` [m3], ``rate`` [yuan/m3], ``loss_rate`` [-], 0 for those who are no public supply.
    """
    return volume * (1.0 - loss_rate) * rate


def generation_tax(generation, rate):
    """Water resource fee of hydropower and once-through cooling by the power generated. [yuan]

    ; ``generation`` [kWh], ``rate`` [yuan/kWh].
    """
    return generation * rate


def resource_tax(sales, rate, cut):
    """Resource tax ad valorem with a reduction. [yuan]

    资源税法 第三、六条; ``sales`` [yuan] without VAT, ``rate`` and ``cut`` [-].
    """
    return sales * rate * (1.0 - cut)


def over_permit(volume, permitted):
    """Volume beyond the permit, never below zero. [m3]"""
    return maximum(volume - permitted, 0.0)
