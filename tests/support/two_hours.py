"""Two hours of coal and gas under a cap on carbon, as a program."""

from hengtan.outlook.linear import Program, Set


def capped(cap=150.0, demand=(100.0, 150.0)):
    """Coal and gas for two hours, or more, under a cap: coal 0.3 t/MWh thermal at efficiency 0.4
    and 20 a MWh, gas 0.2 at 0.5 and 50, as much capacity as wanted.
    """
    program = Program("两小时")
    hours = len(demand)
    output = program.variable("output", (2, hours), "MWh", cost=[[20.0], [50.0]])
    balance = program.equal("demand", hours, demand, "MWh", limit=Set("电力需求", "demand"))
    program.put(balance.at, output.at)
    emitted = program.row("cap", 1, "tCO2", upper=cap, limit=Set("碳排放上限", "carbon cap"))
    program.put(emitted[0], output.at, [[0.3 / 0.4], [0.2 / 0.5]])
    return program
