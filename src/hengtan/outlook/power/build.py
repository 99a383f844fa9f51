"""A power system as a program in arrays: one block of rows a law."""

from __future__ import annotations

from hengtan.outlook.linear import Program
from hengtan.outlook.power.check import checked
from hengtan.outlook.power.heat import add_heat
from hengtan.outlook.power.limits import (
    add_carbon_cap,
    add_clean_share,
    add_fuel_tiers,
    add_reserve,
)
from hengtan.outlook.power.model import Model
from hengtan.outlook.power.network import add_imports, add_lines, add_load
from hengtan.outlook.power.parts import System
from hengtan.outlook.power.plants import add_thermal, add_variable
from hengtan.outlook.power.water import add_reservoirs, add_storage

SUBJECTS = (
    add_thermal,
    add_heat,
    add_variable,
    add_reservoirs,
    add_storage,
    add_imports,
    add_lines,
    add_load,
    add_fuel_tiers,
    add_carbon_cap,
    add_reserve,
    add_clean_share,
)


def model_of(system: System) -> Model:
    """The program of a power system, least cost of its year, with the sums it is made of.

    Raises what ``checked`` raises, and ``ParameterNotEstablished`` for an inflow, a carbon factor
    or a coal rate that nobody gave.
    """
    model = Model.of(checked(system))
    for add in SUBJECTS:
        add(model)
    return model


def program_of(system: System) -> Program:
    """The program of ``model_of`` alone."""
    return model_of(system).program
