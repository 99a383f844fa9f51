"""Formulas on the records of case files."""

from __future__ import annotations

from typing import Any

from hengtan.basis.numeric import ratio

KILOGRAMS_A_TONNE = 1e3
GRAMS_A_TONNE = 1e6
MILLIGRAMS_A_TONNE = 1e9
KILOWATTS_A_MEGAWATT = 1e3


def waste_water_load(concentration: Any, flow: Any) -> Any:
    r"""Pollutant discharged with waste water. [t]

    .. math:: E = C \cdot Q \cdot 10^{-6}

    Parameters
    ----------
    concentration : numeric
        Mean concentration. [mg/L, which is g/m³]
    flow : numeric
        Waste water. [m³]

    Returns
    -------
    numeric
        Discharged. [t]

    References
    ----------
    .. [1] HJ 944-2018, reckoning of actual amounts by monitoring: concentration times flow.
    """
    return concentration * flow / GRAMS_A_TONNE


def waste_gas_load(concentration: Any, flow: Any) -> Any:
    r"""Pollutant emitted with waste gas. [t]

    .. math:: E = C \cdot Q \cdot 10^{-9}

    Parameters
    ----------
    concentration : numeric
        Mean concentration at the standard state. [mg/m³]
    flow : numeric
        Waste gas at the standard state. [m³]

    Returns
    -------
    numeric
        Emitted. [t]

    References
    ----------
    .. [1] HJ 944-2018, reckoning of actual amounts by monitoring: concentration times flow.
    """
    return concentration * flow / MILLIGRAMS_A_TONNE


def unit_price(turnover: Any, amount: Any) -> Any:
    r"""Price of a unit in a trade. [CNY/unit]

    .. math:: p = V / Q

    Parameters
    ----------
    turnover : numeric
        Paid in all. [CNY]
    amount : numeric
        Traded. [unit]

    Returns
    -------
    numeric
        Price. [CNY/unit]

    References
    ----------
    .. [1] By definition.
    """
    return ratio(turnover, amount)


def adjusted_baseline(energy: Any, output: Any, later_output: Any, adjustment: Any) -> Any:
    r"""What the output of a later period would have taken before a retrofit. [tce]

    .. math:: B = \frac{E_0}{P_0} P_1 + A

    Parameters
    ----------
    energy : numeric
        Energy E0 of the periods before. [tce]
    output : numeric
        Output P0 of the periods before. [unit of the output]
    later_output : numeric
        Output P1 of the period after. [unit of the output]
    adjustment : numeric
        Stated adjustment A of what is not routine. [tce]

    Returns
    -------
    numeric
        Adjusted baseline; missing where nothing was put out before. [tce]

    References
    ----------
    .. [1] GB/T 28750 节能量测量和验证技术通则（凭记忆）: 校准能耗.
    """
    return ratio(energy, output) * later_output + adjustment


def baseline_less_project(baseline: Any, with_project: Any, factor: Any) -> Any:
    r"""CO2 cut by a project against its baseline. [t CO2/a]

    .. math:: C = (B - P) \cdot f

    Parameters
    ----------
    baseline : numeric
        Yearly use without the project. [unit/a]
    with_project : numeric
        Yearly use with the project. [unit/a]
    factor : numeric
        Emission factor. [t CO2/unit]

    Returns
    -------
    numeric
        Cut. [t CO2/a]

    References
    ----------
    .. [1] GB/T 33760-2017, project reductions as baseline less project emissions (recalled).
    """
    return (baseline - with_project) * factor


def power_saving_cut(saving: Any, factor: Any) -> Any:
    r"""CO2 that a more efficient product saves. [t CO2/a]

    .. math:: C = W \cdot f / 1000

    Parameters
    ----------
    saving : numeric
        Power saved against the product it replaces. [kWh/a]
    factor : numeric
        Emission factor of power. [kg CO2/kWh]

    Returns
    -------
    numeric
        Cut. [t CO2/a]

    References
    ----------
    .. [1] Energy saved times emission factor; both as the class table states them.
    """
    return saving * factor / KILOGRAMS_A_TONNE


def freight_work(tonnes: Any, distance: Any) -> Any:
    r"""Freight turnover. [t km]

    .. math:: W = m \cdot d

    Parameters
    ----------
    tonnes : numeric
        Freight. [t]
    distance : numeric
        Mean distance. [km]

    Returns
    -------
    numeric
        Turnover. [t km]

    References
    ----------
    .. [1] ISO 14083:2023, transport activity as mass times distance.
    """
    return tonnes * distance


def load_factor(power: Any, rated: Any, hours: Any) -> Any:
    r"""Mean output of a generating unit while it ran, over its rated power. [1]

    .. math:: F = \frac{G}{1000 P t}

    Parameters
    ----------
    power : numeric
        Power generated G. [kWh]
    rated : numeric
        Rated power P. [MW]
    hours : numeric
        Hours run t. [h]

    Returns
    -------
    numeric
        Load; missing where the unit did not run. [1]

    References
    ----------
    .. [1] 企业温室气体排放核算与报告指南 发电设施（2022年修订版，凭记忆）: 负荷（出力）系数.
    """
    return ratio(power, KILOWATTS_A_MEGAWATT * rated * hours)
