"""Years of twelve hours with a contract, and a cap, that add up all of them, as programs."""

import numpy as np
from hypothesis import strategies as st

from hengtan.outlook.linear import Program

HOURS = 12
demands = st.lists(st.integers(40, 200), min_size=HOURS, max_size=HOURS)


def year(demand, contract):
    """Bought power at 10, of which a year gives ``contract``; coal at 20 up to 60, gas at 50; a
    store of 30 that carries over from hour to hour.
    """
    program = Program("合同")
    costs = np.array([[10.0], [20.0], [50.0]])
    upper = np.array([[80.0], [60.0], [1e4]])
    output = program.variable("output", (3, HOURS), "MWh", upper=upper, cost=costs)
    change = program.variable("change", HOURS, "MWh", lower=-20.0, upper=20.0)
    level = program.variable("level", HOURS, "MWh", upper=30.0)
    balance = program.equal("demand", HOURS, demand, "MWh")
    program.put(balance.at, output.at)
    program.put(balance.at, change.at, -1.0)
    kept = program.equal("kept", HOURS, 0.0, "MWh")
    program.put(kept.at, level.at)
    program.put(kept.at, np.roll(level.at, 1), -1.0)
    program.put(kept.at, change.at, -1.0)
    row = program.row("contract", 1, "MWh", upper=contract)
    program.put(row[0], output[0])
    return program


def capped_year(demand, contract, cap):
    """The same, where power bought emits 0.3 t/MWh, coal 0.75 and gas 0.4, within a cap."""
    program = year(demand, contract)
    row = program.row("cap", 1, "tCO2", upper=cap)
    program.put(row[0], program.variables["output"].at, [[0.3], [0.75], [0.4]])
    return program
