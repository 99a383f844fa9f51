"""Numbers that are no law: of the calendar, of units, of chemistry. Numbers of law stand in packs.

A test refuses any other number in the modules of ``instruments``, those of ``bounds.py`` apart.
"""

from __future__ import annotations

from datetime import date

from hengtan.basis.period import month_end

MONTHS_A_YEAR = 12
"""Calendar."""
MONTHS_A_QUARTER = 3
"""Calendar."""
DAYS_A_YEAR = 365
"""Calendar, of a year that is no leap year."""
HOURS_A_DAY = 24
"""Calendar."""
LITRES_A_SECOND_A_HECTARE = 167
"""Of 1 mm/min of rain: 10,000 m² × 0.001 m ÷ 60 s, rounded as formulas of storms write it."""
CO2_PER_C = 44 / 12
"""Molar mass of carbon dioxide over that of carbon. [t CO2 / t C]"""
PH_MOST = 14
"""End of the pH scale, which begins at 0."""
PH_NEUTRAL = 7
"""Middle of the pH scale: acid below, alkaline above."""
DECIMALS_OF_CENTS = 2
"""Decimals of an amount that is written to the hundredth."""
DECIMALS_LISTED = 6
"""Decimals of figures listed in an output, so that the noise of floats does not show."""


def years_later(day: date, years: int) -> date:
    """The same day of a later year; of 29 February, where that year has none, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, day.month + 1, 1)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has none."""
    month = day.month - 1 + months
    year, month = day.year + month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1
    return date(year, month, min(day.day, month_end(year, month).day))


def middle(low: float, high: float) -> float:
    """Half way between two figures. [unit of the figures]"""
    return (low + high) / 2
