"""Formulas of carbon credits: on numbers, arrays and columns alike."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, ratio

CO2_PER_C = 44 / 12


def combined_margin(om: Numeric, bm: Numeric, weight_om: Numeric, weight_bm: Numeric) -> Numeric:
    """EF_CM = w_OM·EF_OM + w_BM·EF_BM. [tCO2/MWh]"""
    return weight_om * om + weight_bm * bm


def power_reduction(
    net_power: Numeric, margin: Numeric, project: Numeric, leakage: Numeric
) -> Numeric:
    """ER = EG_net × EF_CM − PE − LE of a power project; power in MWh. [tCO2e]"""
    return net_power * margin - project - leakage


def stock_change(carbon_start: Numeric, carbon_end: Numeric, years: Numeric) -> Numeric:
    """Yearly change of a pool of carbon, in tonnes of carbon, told in carbon dioxide. [tCO2/a]"""
    return ratio(carbon_end - carbon_start, years) * CO2_PER_C


def forest_reduction(
    project: Numeric, baseline: Numeric, emissions: Numeric, risk: Numeric
) -> Numeric:
    """ER = (ΔC_project − ΔC_baseline − GHG_project) × (1 − K_risk). [tCO2e]"""
    return (project - baseline - emissions) * (1 - risk)


def points(reduction: Numeric, rate: Numeric) -> Numeric:
    """Points of a person's low-carbon acts: reduction in kilograms × points per kilogram. [point]

    """
    return reduction * rate
