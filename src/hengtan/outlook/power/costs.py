"""Heat rates as planners give them."""

from __future__ import annotations

from hengtan.accounts.energy.formulas import GJ_PER_TCE


def heat_curve(full: float, part: float, at: float) -> tuple[float, float]:
    """Heat of a further MWh and heat of an hour on, from heat rates at full and part load.

    Parameters
    ----------
    full, part : float
        Heat rates at full load and at the share ``at`` of it. [GJ/MWh]

    Returns
    -------
    tuple of float
        ``heat_rate`` [GJ/MWh] and ``no_load`` [GJ/(MW h)] of a ``Thermal``.
    """
    slope = (full - part * at) / (1.0 - at)
    return slope, full - slope


def heat_of_coal_rate(grams: float) -> float:
    """Heat rate of a coal rate in standard coal (1 tce = 29.3076 GJ). [gce/kWh → GJ/MWh]"""
    return grams / 1000.0 * GJ_PER_TCE


def coal_rate_of_heat(heat_rate: float) -> float:
    """Standard coal of a kWh. [GJ/MWh → gce/kWh]"""
    return heat_rate / GJ_PER_TCE * 1000.0
