"""Formulas of greenhouse-gas accounts: emissions in t of gas, energy in GJ, carbon in tC.

Removals are negative. 44/12 is the mass of CO2 per mass of carbon (molecular mass ratio, IPCC 2006
Vol.1).
"""

from __future__ import annotations

from hengtan.basis.numeric import ratio

CO2_PER_C = 44 / 12


def fuel_co2(energy, carbon_content, oxidation):
    r"""CO2 of burnt fuel: :math:`E = Q\,c\,o\,\tfrac{44}{12}`. [t CO2]

    Parameters
    ----------
    energy : numeric
        Energy of the fuel burnt Q, on net calorific value. [GJ]
    carbon_content : numeric
        Carbon content c of the fuel. [tC/GJ]
    oxidation : numeric
        Share of carbon oxidised o. [1]

    Returns
    -------
    numeric
        Emission E. [t CO2]

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, 第一章 公式 1.1; IPCC 2006 Vol.2 Eq. 2.2.
    """
    return energy * carbon_content * oxidation * CO2_PER_C


def trace_gas(energy, factor):
    """CH4 or N2O of burnt fuel: energy times factor. [t gas]

    Parameters
    ----------
    energy : numeric
        Energy of the fuel burnt. [GJ]
    factor : numeric
        Emission factor of the gas. [t/GJ]

    Returns
    -------
    numeric
        Emission. [t gas]

    References
    ----------
    .. [1] IPCC 2006 Vol.2 Eq. 2.1.
    """
    return energy * factor


def burnt_energy(used, non_energy):
    """Energy burnt: what was used less what went into products as feedstock or material. [GJ]

    Parameters
    ----------
    used, non_energy : numeric
        Energy used, and used as feedstock or material (用作原料、材料). [GJ]

    Returns
    -------
    numeric
        Energy burnt. [GJ]

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, 第一章.
    """
    return used - non_energy


def apparent_carbon(supply_energy, non_energy_energy, carbon_content):
    """Carbon in the apparent consumption of a fuel that is not fixed in products (参考方法). [tC]

    Parameters
    ----------
    supply_energy, non_energy_energy : numeric
        Supply of the fuel, and what of it went into products. [GJ]
    carbon_content : numeric
        Carbon content. [tC/GJ]

    Returns
    -------
    numeric
        Carbon. [tC]

    References
    ----------
    .. [1] IPCC 2006 Vol.2 Eq. 6.1.
    """
    return (supply_energy - non_energy_energy) * carbon_content


def carbon_to_co2(carbon, oxidation):
    """CO2 of an amount of carbon, a share of it oxidised. [t CO2]

    Parameters
    ----------
    carbon : numeric
        Carbon. [tC]
    oxidation : numeric
        Share oxidised. [1]

    Returns
    -------
    numeric
        Emission. [t CO2]

    References
    ----------
    .. [1] IPCC 2006 Vol.2 Eq. 6.1.
    """
    return carbon * oxidation * CO2_PER_C


def approach_difference(reference, sectoral):
    """Difference of the reference from the sectoral approach, of the reference. [share]

    Parameters
    ----------
    reference, sectoral : numeric
        CO2 by either approach. [t CO2]

    Returns
    -------
    numeric
        Difference; missing where the reference is zero. [share]

    References
    ----------
    .. [1] IPCC 2006 Vol.2 Ch.6.
    """
    return ratio(reference - sectoral, reference)


def source_emission(
    activity, factor_a, factor_b, factor_c, factor_d, multiplier, recovered, oxidation
):
    r"""Emission of a source: :math:`(A\,a\,b\,c\,d\,m - R)(1 - O)`. [t gas]

    Parameters
    ----------
    activity : numeric
        Activity A. [canonical unit of its item]
    factor_a, factor_b, factor_c, factor_d : numeric
        Factors of the source, 1 where it has fewer. [as the source states]
    multiplier : numeric
        Constant of the source: units, 44/12, 44/28, 16/12 and the sign of a removal. [1]
    recovered : numeric
        Gas recovered R. [t gas]
    oxidation : numeric
        Share oxidised on the way out O (cover of a landfill). [1]

    Returns
    -------
    numeric
        Emission, negative for a removal. [t gas]

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, chapters 2 to 5: each source is a product of its
       activity and factors.
    """
    return (activity * factor_a * factor_b * factor_c * factor_d * multiplier - recovered) * (
        1 - oxidation
    )


def power_co2(power, factor):
    """CO2 behind electricity taken from the grid: kWh times the factor of its year. [t CO2]

    Parameters
    ----------
    power : numeric
        Electricity. [kWh]
    factor : numeric
        Grid factor of the year. [kgCO2/kWh]

    Returns
    -------
    numeric
        Emission. [t CO2]

    References
    ----------
    .. [1] 生态环境部 电力二氧化碳排放因子公告.
    """
    return power * factor * 0.001


def heat_co2(heat, factor):
    """CO2 behind heat bought: GJ times factor. [t CO2]

    Parameters
    ----------
    heat : numeric
        Heat. [GJ]
    factor : numeric
        Factor of heat. [tCO2/GJ]

    Returns
    -------
    numeric
        Emission. [t CO2]

    References
    ----------
    .. [1] 企业温室气体排放核算方法与报告指南.
    """
    return heat * factor


def co2_equivalent(gas, warming_potential):
    """CO2 equivalent of a gas on its 100-year warming potential. [t CO2e]

    Parameters
    ----------
    gas : numeric
        Amount of gas. [t]
    warming_potential : numeric
        GWP100 of a named set. [t CO2e/t]

    Returns
    -------
    numeric
        CO2 equivalent. [t CO2e]

    References
    ----------
    .. [1] IPCC AR5 WGI Table 8.A.1.
    """
    return gas * warming_potential


def carbon_per_gdp(emission, gdp):
    """CO2 per GDP at constant prices. [t CO2 per 10^4 yuan]

    Parameters
    ----------
    emission : numeric
        Emission. [t CO2]
    gdp : numeric
        GDP at constant prices. [yuan]

    Returns
    -------
    numeric
        Intensity; missing where GDP is zero. [t CO2 per 10^4 yuan]

    References
    ----------
    .. [1] 发改气候〔2014〕1828号.
    """
    return ratio(emission, gdp) * 10000


def per_unit(amount, output):
    """An amount per unit of output or value added. [unit per unit]

    Parameters
    ----------
    amount, output : numeric
        Amount, and output or value added. [units of their own]

    Returns
    -------
    numeric
        Ratio; missing where the output is zero. [unit per unit]

    References
    ----------
    .. [1] GB/T 2589-2020 单位产品综合能耗.
    """
    return ratio(amount, output)
