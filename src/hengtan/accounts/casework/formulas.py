"""Formulas on the records of case files."""

from __future__ import annotations

from typing import Any

GRAMS_A_TONNE = 1e6
MILLIGRAMS_A_TONNE = 1e9
EARTH_RADIUS = 6_371_008.8
"""Mean radius R1 of the ellipsoid GRS 80. [m]"""


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


def great_circle(longitude: Any, latitude: Any, other_longitude: Any, other_latitude: Any) -> Any:
    r"""Distance of two places on the sphere, as columns. [m]

    .. math:: d = 2R \arcsin\sqrt{\sin^2\tfrac{\Delta\varphi}{2}
        + \cos\varphi_1 \cos\varphi_2 \sin^2\tfrac{\Delta\lambda}{2}}

    Parameters
    ----------
    longitude, latitude, other_longitude, other_latitude : ibis column
        Both places. [°]

    Returns
    -------
    ibis column
        Distance. [m]

    References
    ----------
    .. [1] Haversine formula; mean radius of GRS 80 (Moritz 2000).
    """
    north, other_north = latitude.radians(), other_latitude.radians()
    half_north = (other_north - north) / 2
    half_east = (other_longitude - longitude).radians() / 2
    chord = half_north.sin() ** 2 + north.cos() * other_north.cos() * half_east.sin() ** 2
    return 2 * EARTH_RADIUS * chord.sqrt().asin()
