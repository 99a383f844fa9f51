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

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, 第一章 公式 1.1; IPCC 2006 Vol.2 Eq. 2.2.
    """
    return energy * carbon_content * oxidation * CO2_PER_C


def trace_gas(energy, factor):
    """CH4 or N2O of burnt fuel: energy times factor. [t gas] ``energy`` in GJ, ``factor`` in t/GJ.
    IPCC 2006 Vol.2 Eq. 2.1.
    """
    return energy * factor


def burnt_energy(used, non_energy):
    """Energy burnt: what was used less what went into products as feedstock or material. [GJ]

    用作原料、材料的能源不燃烧：省级温室气体清单编制指南（试行）2011, 第一章.
    """
    return used - non_energy


def apparent_carbon(supply_energy, non_energy_energy, carbon_content):
    """Carbon in the apparent consumption of a fuel that is not fixed in products. [tC]

    Reference approach (参考方法): (supply - non-energy use) x carbon content; energies in GJ,
    content in tC/GJ. IPCC 2006 Vol.2 Eq. 6.1.
    """
    return (supply_energy - non_energy_energy) * carbon_content


def carbon_to_co2(carbon, oxidation):
    """CO2 of an amount of carbon, a share of it oxidised. [t CO2] ``carbon`` in tC, ``oxidation``
    in 1.
    """
    return carbon * oxidation * CO2_PER_C


def approach_difference(reference, sectoral):
    """Difference of the reference from the sectoral approach, as a share of the reference. [share]"""
    return ratio(reference - sectoral, reference)


def source_emission(
    activity, factor_a, factor_b, factor_c, factor_d, multiplier, recovered, oxidation
):
    r"""Emission of a source: :math:`(A\,a\,b\,c\,d\,m - R)(1 - O)`. [t gas]

    Parameters
    ----------
    activity : numeric
        Activity A, in the canonical unit of its item.
    factor_a, factor_b, factor_c, factor_d : numeric
        Factors of the source, 1 where it has fewer.
    multiplier : numeric
        Constant of the source: units, 44/12, 44/28, 16/12 and the sign of a removal.
    recovered : numeric
        Gas recovered R. [t gas]
    oxidation : numeric
        Share oxidised on the way out O (cover of a landfill). [1]

    References
    ----------
    .. [1] 省级温室气体清单编制指南（试行）2011, chapters 2 to 5: each source is a product of
           activity and factors.
    """
    return (activity * factor_a * factor_b * factor_c * factor_d * multiplier - recovered) * (
        1 - oxidation
    )


def power_co2(power, factor):
    """CO2 behind electricity taken from the grid: kWh times the factor of its year. [t CO2]
    ``factor`` in kgCO2/kWh.
    """
    return power * factor * 0.001


def heat_co2(heat, factor):
    """CO2 behind heat bought: GJ times factor. [t CO2] ``factor`` in tCO2/GJ."""
    return heat * factor


def co2_equivalent(gas, warming_potential):
    """CO2 equivalent of a gas on its GWP100. [t CO2e] ``gas`` in t, ``warming_potential`` in t
    CO2e/t.
    """
    return gas * warming_potential


def carbon_per_gdp(emission, gdp):
    """CO2 per GDP at constant prices. [t CO2 per 10^4 yuan] ``emission`` in t, ``gdp`` in yuan."""
    return ratio(emission, gdp) * 10000


def per_unit(amount, output):
    """An amount per unit of output or value added. [unit per unit] Missing where the output is
    zero.
    """
    return ratio(amount, output)
