"""The factors of power and heat of projects, by the year of the factor that each names."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import beside, first_of


def power_factors_of(
    projects: Table, grid_factors: Table, inventory_factors: Table, kind: str
) -> Table:
    """Projects (``project``, ``place``, ``factor_year``) with the factor of power published for
    that year, of their province or (other kinds than ``average``) of the nation, and that of heat.

    Missing where none was published. [kgCO2/kWh, tCO2/GJ]
    """
    grid = grid_factors.filter(
        (_.factor_kind == kind) & _.scope_level.isin(("province", "national"))
    )
    grid = first_of(grid, ["grid", "data_year"], [_.scope_level, _.value]).select(
        "grid", factor_year="data_year", power_factor="value", power_confidence="confidence"
    )
    heat = inventory_factors.filter(_.factor == "heat.heat_default.ef").agg(
        heat_factor=_.value.max(), heat_confidence=_.confidence.max()
    )
    own = projects.place.substr(0, 2) + "0000"
    rows = projects.select(
        "project",
        grid=own if kind == "average" else ibis.literal("CN"),
        factor_year=projects.factor_year.cast("int64"),
    )
    return beside(rows, grid, ["grid", "factor_year"]).cross_join(heat)
