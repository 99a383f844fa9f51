"""Printed figures of foreign tables in the unit of their column."""

from __future__ import annotations

import math

from hengtan.basis.errors import UnknownUnit
from hengtan.basis.figures import MOST_DECIMALS, Figure
from hengtan.basis.units import read_unit


def in_unit(figure: Figure, unit: str) -> Figure:
    """A number with a unit of its own in the unit of its column; as it is where one of them is not
    known or they are of different kinds.
    """
    if not figure.unit or not unit:
        return figure
    try:
        own, wanted = read_unit(figure.unit), read_unit(unit)
    except UnknownUnit:
        return figure
    if own.canonical != wanted.canonical:
        return figure
    value = float(f"{figure.value * own.factor / wanted.factor:.15g}")
    shift = round(math.log10(wanted.factor / own.factor))
    return Figure("number", value, min(figure.decimals + shift, MOST_DECIMALS), figure.cut)
