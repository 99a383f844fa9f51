"""Formulas on the records of case files."""

from __future__ import annotations

from typing import Any

from hengtan.basis.numeric import ratio

GRAMS_A_TONNE = 1e6
MILLIGRAMS_A_TONNE = 1e9


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
