"""Heat and power: units that must give heat by the hour, and what that leaves to their power.

With heat H given, the power P of a unit that extracts steam lies in a band of its power-heat
diagram, and fuel is burnt as for the power that the heat takes away:

.. math::
    c_m H_t \\le P_t \\le a_t \\overline{P} - c_v H_t, \\qquad
    F_t = r\\, (P_t + c_v H_t)
"""

from __future__ import annotations

import numpy as np

from hengtan.outlook.linear import Array, Block, Numbers
from hengtan.outlook.power.model import Model, column, times
from hengtan.outlook.power.parts import System, Thermal
from hengtan.outlook.power.plants import burn, fuel_price


def giving(system: System) -> list[Thermal]:
    """The units that give heat."""
    return [part for part in system.thermal if part.gives_heat]


def add_heat(model: Model) -> None:
    """Heat that must be given, its fuel, and the band of power it leaves."""
    parts = giving(model.system)
    if not parts:
        return
    plain = [part for part in model.system.thermal if part.commitment == "none"]
    output = model.program.variables["thermal"].at[[plain.index(part) for part in parts]]
    load = model.by_step(parts, "heat_load")
    loss = column(parts, "power_loss")
    fuel = heat_of_heat(parts) * model.system.steps.hours
    cost = fuel_price(model, parts) * fuel
    heat = model.program.variable("heat", load.shape, "MW", lower=load, upper=load, cost=cost)
    burn(model, parts, heat, fuel)
    _keep_in_band(model, output, heat, (column(parts, "power_to_heat"), loss), parts)


def _keep_in_band(
    model: Model, output: Numbers, heat: Block, band: tuple[Array, Array], parts: list[Thermal]
) -> None:
    standing = times(column(parts, "capacity"), model.by_step(parts, "available"))
    least = model.program.row("least with heat", heat.shape, "MW", lower=0.0)
    model.program.put(least.at, output)
    model.program.put(least.at, heat.at, -band[0])
    most = model.program.row("most with heat", heat.shape, "MW", upper=standing)
    model.program.put(most.at, output)
    model.program.put(most.at, heat.at, band[1])


def heat_of_heat(parts: list[Thermal]) -> Array:
    """Fuel burnt for a MWh of heat, parts × 1. [GJ/MWh]"""
    rate = column(parts, "heat_rate") + column(parts, "no_load")
    return rate * column(parts, "power_loss")


def hour_without_room(part: Thermal) -> int | None:
    """The first step, from 0, in which the heat of a unit leaves no power that it may run at."""
    load = np.asarray(part.heat_load, dtype=float)
    room = part.capacity * np.asarray(part.available) - part.power_loss * load
    lacking = np.flatnonzero(np.atleast_1d(part.power_to_heat * load > room + 1e-9))
    return int(lacking[0]) if lacking.size else None
