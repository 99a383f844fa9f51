"""Power systems small enough to be worked out by hand."""

import numpy as np

from hengtan.outlook.power.parts import UNLIMITED, Fuel, Limits, Steps, System, Thermal


def thermal(name="coal", cost=20.0, capacity=UNLIMITED, **more):
    return Thermal(name=name, node="A", kind=name, cost=cost, capacity=capacity, **more)


def system(demand, steps=None, **parts):
    asked = np.atleast_2d(np.asarray(demand, dtype=float))
    return System(
        name="手算",
        steps=steps or Steps.of_year(asked.shape[1]),
        nodes=parts.pop("nodes", ("A",)),
        demand=asked,
        **parts,
    )


def coal_and_gas(cap=150.0):
    """Coal 0.3 t/MWh of heat at 0.4, gas 0.2 at 0.5, heat free: 20 and 50 a MWh of output."""
    fuels = (Fuel.at("coal", 0.0, 0.3), Fuel.at("gas", 0.0, 0.2))
    plants = (
        thermal("coal", 20.0, fuel="coal", heat_rate=1 / 0.4),
        thermal("gas", 50.0, fuel="gas", heat_rate=1 / 0.5),
    )
    return system([100.0, 150.0], fuels=fuels, thermal=plants, limits=Limits(carbon=cap))
