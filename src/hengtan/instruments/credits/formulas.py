"""Formulas of carbon credits: on numbers, arrays and columns alike."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, ratio
from hengtan.instruments.factors import CO2_PER_C


def combined_margin(om: Numeric, bm: Numeric, weight_om: Numeric, weight_bm: Numeric) -> Numeric:
    r"""Combined margin of a grid: :math:`w_{OM} EF_{OM} + w_{BM} EF_{BM}`. [t CO2/MWh]

    Parameters
    ----------
    om, bm : numeric
        Operating and build margin. [t CO2/MWh]
    weight_om, weight_bm : numeric
        Their weights, which add up to one. [1]

    Returns
    -------
    numeric
        Combined margin. [t CO2/MWh]

    References
    ----------
    .. [1] CCER methodologies of grid-connected renewable power (recalled).
    """
    return weight_om * om + weight_bm * bm


def power_reduction(
    net_power: Numeric, margin: Numeric, project: Numeric, leakage: Numeric
) -> Numeric:
    r"""Reduction of a power project: :math:`EG \cdot EF_{CM} - PE - LE`. [t CO2e]

    Parameters
    ----------
    net_power : numeric
        Net power supplied to the grid. [MWh]
    margin : numeric
        Combined margin. [t CO2/MWh]
    project, leakage : numeric
        Emissions of the project, leakage. [t CO2e]

    Returns
    -------
    numeric
        Reduction. [t CO2e]

    References
    ----------
    .. [1] CCER methodologies of grid-connected renewable power (recalled).
    """
    return net_power * margin - project - leakage


def stock_change(carbon_start: Numeric, carbon_end: Numeric, years: Numeric) -> Numeric:
    r"""Yearly change of a pool of carbon, told in carbon dioxide. [t CO2/a]

    .. math:: (C_2 - C_1) / t \cdot 44/12

    Parameters
    ----------
    carbon_start, carbon_end : numeric
        Carbon of the pool at two times. [t C]
    years : numeric
        Years between them. [a]

    Returns
    -------
    numeric
        Change. [t CO2/a]

    References
    ----------
    .. [1] CCER methodology of afforestation (recalled).
    """
    return ratio(carbon_end - carbon_start, years) * CO2_PER_C


def forest_reduction(
    project: Numeric, baseline: Numeric, emissions: Numeric, risk: Numeric
) -> Numeric:
    r"""Removal of a forest project: :math:`(\Delta C_P - \Delta C_B - GHG)(1 - K)`. [t CO2e/a]

    Parameters
    ----------
    project, baseline : numeric
        Changes of carbon stocks of the project and of the baseline. [t CO2e/a]
    emissions : numeric
        Emissions of the project. [t CO2e/a]
    risk : numeric
        Share taken off for the risk of non-permanence. [1]

    Returns
    -------
    numeric
        Removal that is credited. [t CO2e/a]

    References
    ----------
    .. [1] CCER methodology of afforestation (recalled).
    """
    return (project - baseline - emissions) * (1 - risk)


def points(reduction: Numeric, rate: Numeric) -> Numeric:
    """Points of a person's low-carbon acts. [1]

    Parameters
    ----------
    reduction : numeric
        Reduction. [kg CO2e]
    rate : numeric
        Points per kilogram. [1/kg]

    Returns
    -------
    numeric
        Points. [1]

    References
    ----------
    .. [1] 渝环〔2021〕111号 重庆市“碳惠通”.
    """
    return reduction * rate
