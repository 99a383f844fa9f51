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

    Returns
    -------
    numeric
        Coal equivalent E. [tce]

    References
    ----------
    .. [1] GB/T 2589-2020 综合能耗计算通则, 5.
    """
    return amount * coefficient


def power_coal_equivalent(power, coal_rate):
    r"""Coal equivalent of electricity at the year's coal rate (等价值). [tce]

    .. math:: E = W\,b \cdot 10^{-3}

    Parameters
    ----------
    power : numeric
        Electricity W. [kWh]
    coal_rate : numeric
        Standard coal consumption of power supply b of the year; there is no default. [kgce/kWh]

    Returns
    -------
    numeric
        Coal equivalent E. [tce]

    References
    ----------
    .. [1] GB/T 2589-2020; 国家统计局 发电煤耗计算法.
    """
    return power * coal_rate * 0.001


def energy_content(amount, heat_value):
    r"""Energy of an amount of fuel on its net calorific value: :math:`Q = A\,q`. [GJ]

    Parameters
    ----------
    amount : numeric
        Amount of fuel A. [t or m3]
    heat_value : numeric
        Net calorific value q. [GJ per t or m3]

    Returns
    -------
    numeric
        Energy Q. [GJ]

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, 第一章.
    """
    return amount * heat_value


def energy_of_coal_equivalent(coal_equivalent_amount):
    """Energy of an amount stated in coal equivalent: 29.3076 GJ per tce. [GJ]

    Parameters
    ----------
    coal_equivalent_amount : numeric
        Amount in coal equivalent. [tce]

    Returns
    -------
    numeric
        Energy. [GJ]

    References
    ----------
    .. [1] GB/T 2589-2020: 1 kgce = 29307.6 kJ.
    """
    return coal_equivalent_amount * GJ_PER_TCE


def coefficient_of_heat_value(heat_value):
    """Coal-equivalent coefficient of a measured heat value: q / 29.3076. [tce per t or m3]

    Parameters
    ----------
    heat_value : numeric
        Net calorific value q. [GJ per t or m3]

    Returns
    -------
    numeric
        Coefficient. [tce per t or m3]

    References
    ----------
    .. [1] GB/T 2589-2020: 1 kgce = 29307.6 kJ.
    """
    return heat_value / GJ_PER_TCE


def stock_draw(opening, closing):
    """What a stock gave in a period, positive when it fell: opening less closing. [canonical unit]

    Parameters
    ----------
    opening, closing : numeric
        Stock at the beginning and at the end. [canonical unit]

    Returns
    -------
    numeric
        Draw on the stock. [canonical unit]

    References
    ----------
    .. [1] 能源平衡表编制说明: 库存增减.
    """
    return opening - closing


def book_gap(opening, gained, spent, closing):
    """What the books of an enterprise leave open: opening + gained - spent - closing. [unit]

    Parameters
    ----------
    opening, closing : numeric
        Stock at the beginning and at the end. [canonical unit]
    gained, spent : numeric
        Bought and made; used and sold. [canonical unit]

    Returns
    -------
    numeric
        Gap, zero where the books close. [canonical unit]

    References
    ----------
    .. [1] 205-1 表审核关系：年初库存 + 购进 + 自产 − 消费 − 外供 = 期末库存.
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

    Returns
    -------
    numeric
        Total consumption E. [tce]

    References
    ----------
    .. [1] 能源平衡表编制说明, identity I6.
    """
    return final_use + losses - transformation_net


def gross_consumption(final_use, losses, transformation_in):
    """Consumption of one fuel (消费量合计): final use, losses and what was transformed. [unit]

    Parameters
    ----------
    final_use, losses, transformation_in : numeric
        Final use, losses, and what was put into transformation, as positive amounts. [unit]

    Returns
    -------
    numeric
        Gross consumption. [unit]

    References
    ----------
    .. [1] 能源平衡表编制说明, identity I5.
    """
    return final_use + losses + transformation_in


def statistical_difference(supply, transformation_net, losses, final_use):
    """Statistical difference D = S + T - L - F. [unit]

    Parameters
    ----------
    supply, losses, final_use : numeric
        S, L and F. [unit]
    transformation_net : numeric
        T, inputs negative, outputs positive. [unit]

    Returns
    -------
    numeric
        Difference D. [unit]

    References
    ----------
    .. [1] 能源平衡表编制说明, identity I4.
    """
    return supply + transformation_net - losses - final_use


def energy_per_gdp(energy, gdp):
    """Energy per GDP at constant prices. [tce per 10^4 yuan]

    Parameters
    ----------
    energy : numeric
        Energy consumed. [tce]
    gdp : numeric
        GDP at constant prices. [yuan]

    Returns
    -------
    numeric
        Intensity; missing where GDP is zero. [tce per 10^4 yuan]

    References
    ----------
    .. [1] 国家统计局 单位GDP能耗统计制度.
    """
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

    Returns
    -------
    numeric
        Share; missing where the total is zero. [share]

    References
    ----------
    .. [1] 国家统计局 发电煤耗计算法 (recalled).
    """
    return ratio(nonfossil_power * coal_rate * 0.001 + other_nonfossil, energy_total)


def share_of(part, whole):
    """A part as a share of the whole. [share]

    Parameters
    ----------
    part, whole : numeric
        Part and whole. [one unit]

    Returns
    -------
    numeric
        Share; missing where the whole is zero. [share]

    References
    ----------
    .. [1] Definition.
    """
    return ratio(part, whole)


def within(gap, tolerance):
    """1 where a gap lies within its tolerance, else 0. [-]

    Parameters
    ----------
    gap, tolerance : numeric
        Gap of any sign, and the most it may be. [one unit]

    Returns
    -------
    numeric
        1 or 0. [-]

    References
    ----------
    .. [1] Definition.
    """
    return where(gap * gap <= tolerance * tolerance, 1, 0, known=(gap, tolerance))


def power_usage_effectiveness(total_power, it_power):
    """PUE of a data centre: all power over that of its IT equipment. [1]

    Parameters
    ----------
    total_power, it_power : numeric
        Power of the centre, and of its IT equipment. [kWh]

    Returns
    -------
    numeric
        PUE; missing where the equipment took none. [1]

    References
    ----------
    .. [1] GB/T 32910.3; GB 40879-2021.
    """
    return ratio(total_power, it_power)


def water_usage_effectiveness(water, it_power):
    """WUE of a data centre: water over the power of its IT equipment. [L/kWh]

    Parameters
    ----------
    water : numeric
        Water used. [m3]
    it_power : numeric
        Power of the IT equipment. [kWh]

    Returns
    -------
    numeric
        WUE; missing where the equipment took no power. [L/kWh]

    References
    ----------
    .. [1] GB/T 32910 series.
    """
    return ratio(water * 1000, it_power)


def retrofit_saving(rate_before, rate_after, supplied):
    """Coal saved by a coal unit's retrofit: fall of the coal rate times power or heat supplied.
    [tce]

    Parameters
    ----------
    rate_before, rate_after : numeric
        Standard coal rate of supply before and after. [kgce/kWh of power, kgce/GJ of heat]
    supplied : numeric
        Power or heat supplied in the year. [kWh or GJ, as the rate]

    Returns
    -------
    numeric
        Coal saved. [tce]

    References
    ----------
    .. [1] 煤电机组改造升级 “三改联动”; GB/T 2589-2020.
    """
    return (rate_before - rate_after) * supplied * 0.001


def replacing_energy(energy_before, efficiency_before, efficiency_after):
    """Energy the new equipment takes for the same useful heat. [GJ]

    Parameters
    ----------
    energy_before : numeric
        Energy the old equipment took. [GJ]
    efficiency_before, efficiency_after : numeric
        Useful heat over energy of the old and of the new. [share]

    Returns
    -------
    numeric
        Energy of the new; missing where its efficiency is zero. [GJ]

    References
    ----------
    .. [1] Equality of useful heat.
    """
    return ratio(energy_before * efficiency_before, efficiency_after)
