"""Curves that stand in for ones nobody has: even hours, and the height of the sun. Both are made
up, are chosen by name, and say so on every result.
"""

from __future__ import annotations

import numpy as np

from hengtan.outlook.hourly import DAY, Array, HourlySeries, hours_of

FLAT, SUN = "flat", "sun"


def flat(year: int) -> HourlySeries:
    """The same in every hour of a year, adding to 1."""
    hours = hours_of(year)
    return HourlySeries(
        FLAT, year, np.full(hours, 1.0 / hours), "1", "合成：各小时相同 | made up: even", "assumed"
    )


def sun(year: int, latitude: float, longitude: float, utc_offset: float = 8.0) -> HourlySeries:
    r"""The sine of the sun's height where it is above the horizon, adding to 1 over the year.

    .. math::
        \sin h = \sin\varphi \sin\delta + \cos\varphi \cos\delta \cos\omega, \qquad
        \delta = 23.45° \sin\left(360° \frac{284 + n}{365}\right)

    No cloud, no equation of time: a shape by the calendar and the clock, no measurement.

    Parameters
    ----------
    latitude, longitude : float
        North and east. [°]

    References
    ----------
    .. [1] Cooper (1969), The absorption of radiation in solar stills. Solar Energy 12, 333-346.
    """
    hours = np.arange(hours_of(year))
    day = hours // DAY + 1
    solar_time = hours % DAY + 0.5 + longitude / 15.0 - utc_offset
    angle = np.radians(15.0 * (solar_time - 12.0))
    tilt = np.radians(23.45) * np.sin(2 * np.pi * (284 + day) / 365)
    north = np.radians(latitude)
    height = np.sin(north) * np.sin(tilt) + np.cos(north) * np.cos(tilt) * np.cos(angle)
    light = np.maximum(height, 0.0)
    source = (
        f"合成：太阳高度角（北纬{latitude:g}°，东经{longitude:g}°）| made up: height of the sun"
    )
    return HourlySeries(SUN, year, light / light.sum(), "1", source, "assumed", utc_offset)


def availability(shape: HourlySeries, hours: float) -> Array:
    """Share of the capacity in each hour, so that the year has ``hours`` of full output, of a shape
    that adds up to anything; never above the whole: what would be is spread over the hours that
    have room, in the same proportions.

    Raises ``ValueError`` where the hours that are not nought are fewer than asked for.
    """
    share = shape.values / shape.values.sum()
    if hours > np.count_nonzero(share):
        raise ValueError(f"{hours:g} hours of full output in {np.count_nonzero(share)} hours")
    level, full = share * hours, np.zeros(share.size, dtype=bool)
    while (level > 1.0).any():
        full |= level >= 1.0
        room = ~full & (share > 0)
        level = np.where(full, 1.0, 0.0)
        level[room] = share[room] * (hours - full.sum()) / share[room].sum()
    return level
