"""Formulas of energy accounts: coal equivalent, energy content, totals, intensity.

Canonical units: t (solids, liquids), m3 (gases), kWh (power), GJ (heat). 1 tce = 29.3076 GJ (7000
kcal/kg, GB/T 2589-2020).
"""

from __future__ import annotations

from hengtan.basis.numeric import ratio, where

GJ_PER_TCE = 29.3076


def coal_equivalent(amount, coefficient):
    r"""Coal equivalent of an amount of a product: :math:`E = A\,p`. [tce]

    Parameters
    ----------
    amount : numeric
        Amount A. [t, m3, kWh or GJ]
    coefficient : numeric
        Coefficient p of the product, measured or of a named factor set. [tce per canonical unit]

    References
    ----------
    .. [1] GB/T 2589-2020 综合能耗计算通则, 5.
    """
    return amount * coefficient


def power_coal_equivalent(power, coal_rate):
    r"""Coal equivalent of electricity at the year's coal rate (等价值): :math:`E = W\,b \cdot
    10^{-3}`. [tce]

    Parameters
    ----------
    power : numeric
        Electricity W. [kWh]
    coal_rate : numeric
        Standard coal consumption of power supply b of the year; there is no default. [kgce/kWh]

    References
    ----------
    .. [1] GB/T 2589-2020; 国家统计局 发电煤耗计算法.
    """
    return power * coal_rate * 0.001


def energy_content(amount, heat_value):
    r"""Energy of an amount of fuel on its net calorific value: :math:`Q = A\,q`. [GJ]

    ``amount`` in t or m3, ``heat_value`` in GJ per t or m3.
    """
    return amount * heat_value


def energy_of_coal_equivalent(coal_equivalent_amount):
    """Energy of an amount stated in coal equivalent: 29.3076 GJ per tce. [GJ] GB/T 2589-2020: 1
    kgce = 29307.6 kJ.
    """
    return coal_equivalent_amount * GJ_PER_TCE


def coefficient_of_heat_value(heat_value):
    """Coefficient of a measured net calorific value: q / 29.3076. [tce per t or m3] ``heat_value``
    in GJ per t or m3.
    """
    return heat_value / GJ_PER_TCE


def stock_draw(opening, closing):
    """What a stock gave in a period: opening less closing, positive when stocks fell. [canonical
    unit]
    """
    return opening - closing


def book_gap(opening, gained, spent, closing):
    """What the books of an enterprise do not explain: opening + gained - spent - closing.
    [canonical unit]

    205-1 表审核关系：年初库存 + 购进 + 自产 − 消费 − 外供 = 期末库存.
    """
    return opening + gained - spent - closing


def total_consumption(final_use, losses, transformation_net):
    r"""Total energy consumption (标准量): :math:`E = F + L - T`. [tce]

    Parameters
    ----------
    final_use, losses : numeric
        F and L over all products, in one convention. [tce]
    transformation_net : numeric
        Net of all transformation T, inputs negative, outputs positive. [tce]

    References
    ----------
    .. [1] 能源平衡表编制说明, identity I6.
    """
    return final_use + losses - transformation_net


def gross_consumption(final_use, losses, transformation_in):
    """Consumption of one fuel (消费量合计): final use, losses and what was put into transformation,
    as a positive amount. [unit] Identity I5.
    """
    return final_use + losses + transformation_in


def statistical_difference(supply, transformation_net, losses, final_use):
    """Statistical difference D = S + T - L - F. [unit] Identity I4; T signed, inputs negative."""
    return supply + transformation_net - losses - final_use


def energy_per_gdp(energy, gdp):
    """Energy per GDP at constant prices. [tce per 10^4 yuan] ``energy`` in tce, ``gdp`` in yuan."""
    return ratio(energy, gdp) * 10000


def nonfossil_share(nonfossil_power, coal_rate, other_nonfossil, energy_total):
    r"""Share of non-fossil energy: :math:`(W b \cdot 10^{-3} + R)/E`. [share]

    Parameters
    ----------
    nonfossil_power : numeric
        Non-fossil electricity consumed W. [kWh]
    coal_rate : numeric
        The same coal rate b as in the total. [kgce/kWh]
    other_nonfossil : numeric
        Non-electric non-fossil energy R (biomass fuel, geothermal, solar heat). [tce]
    energy_total : numeric
        Total energy consumption E by the coal-rate convention (发电煤耗计算法). [tce]

    References
    ----------
    .. [1] 国家统计局 发电煤耗计算法 (recalled).
    """
    return ratio(nonfossil_power * coal_rate * 0.001 + other_nonfossil, energy_total)


def share_of(part, whole):
    """A part as a share of the whole. [share] Missing where the whole is zero."""
    return ratio(part, whole)


def within(gap, tolerance):
    """1 where a gap lies within its tolerance, else 0. [-]"""
    return where(gap * gap <= tolerance * tolerance, 1, 0, known=(gap, tolerance))


def power_usage_effectiveness(total_power, it_power):
    """PUE of a data centre: all power over that of its IT equipment. [1] GB/T 32910.3; GB
    40879-2021.
    """
    return ratio(total_power, it_power)


def water_usage_effectiveness(water, it_power):
    """WUE of a data centre: water over the power of its IT equipment. [L/kWh] ``water`` in m3,
    ``it_power`` in kWh. GB/T 32910 series.
    """
    return ratio(water * 1000, it_power)


def retrofit_saving(rate_before, rate_after, generation):
    """Coal saved by a coal unit's retrofit: fall of the coal rate times power supplied. [tce] Rates
    in kgce/kWh, ``generation`` in kWh.
    """
    return (rate_before - rate_after) * generation * 0.001


def replacing_energy(energy_before, efficiency_before, efficiency_after):
    """Energy the new equipment takes for the same useful heat. [GJ] ``energy_before`` in GJ,
    efficiencies as shares.
    """
    return ratio(energy_before * efficiency_before, efficiency_after)
