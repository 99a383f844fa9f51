"""Amounts as printed, brought to one form to be compared."""

from __future__ import annotations

from decimal import Decimal

from hengtan.basis.numerals import MAGNITUDES
from hengtan.plan.reader.vocabulary import vocabulary


def plain(value: str, unit: str) -> tuple[Decimal, str]:
    """A value without magnitude words in its unit: 1.2, 亿千瓦 → 120000000, 千瓦 (千瓦 is a unit
    and stays)."""
    number = Decimal(value)
    units = vocabulary().units
    while unit and unit not in units and unit[0] in MAGNITUDES:
        number *= MAGNITUDES[unit[0]]
        unit = unit[1:]
    return number, unit
