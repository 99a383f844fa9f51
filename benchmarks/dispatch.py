"""Dispatch of a made-up system of one node: CPU seconds beside HiGHS alone on the same arrays.

    python benchmarks/dispatch.py [--hours 8760] [--without commitment investment]

Dispatch: built, solved and checked, against HiGHS handed the same arrays (median of three each, in
turn). Solved again, each from a solved year: demand of a day and of every hour, price of coal, and
demand under a cap on carbon, as shares of the first time and ("own") of the time that the changed
year takes from nothing (medians of three). Commitment: by
stretches of four days, with its gap. Investment: wind, sun, gas and batteries to build. Prints one
JSON line.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np
from power_systems import year_of_dispatch, year_of_investment

from hengtan.outlook.linear import Program
from hengtan.outlook.optimum import Settings, Solver
from hengtan.outlook.power.build import program_of
from hengtan.outlook.power.parts import System
from hengtan.outlook.power.results import planned
from hengtan.outlook.power.rolling import rolled

SIMPLEX = Settings(method="simplex")
REPEAT = 3
"""How often a change is measured."""


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def alone(program: Program) -> Callable[[], None]:
    """HiGHS on the arrays of a program, and nothing else."""
    matrix, library = program.matrix(), highspy
    model = library.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.offset_ = program.offset
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = library.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data

    def run() -> None:
        highs = library.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("solver", "simplex")
        highs.setOptionValue("threads", 1)
        highs.passModel(model)
        highs.run()

    return run


def dispatch(hours: int) -> dict[str, float]:
    """Ours beside HiGHS alone, in turn."""
    system = year_of_dispatch(hours)
    bare = alone(program_of(system))
    ours, theirs = [], []
    for _ in range(3):
        ours.append(cpu(lambda: planned(system, SIMPLEX)))
        theirs.append(cpu(bare))
    ratio = statistics.median(ours) / statistics.median(theirs)
    return {
        "dispatch": statistics.median(ours),
        "highs_alone": statistics.median(theirs),
        "ratio": ratio,
    }


def changed(hours: int) -> dict[str, float]:
    """The year solved, changed and solved again from where it was, as a share of the first time."""
    program = program_of(year_of_dispatch(hours))
    shares = demand_changed(program, "all", (1.001, 1.01, 0.99, 1.03))
    cost = program.cost[program.variables["thermal"].at]
    coal = np.array([[part.fuel == "coal"] for part in year_of_dispatch(hours).thermal])
    coal_dearer = np.where(coal, cost * 1.02, cost)
    return shares | again(program, "coal +2 %", "thermal", cost=coal_dearer)


def capped(hours: int) -> dict[str, float]:
    """The same with 95 and 98 % of the carbon that the year emits without a cap."""
    system = year_of_dispatch(hours)
    emitted = Solver(under(system, 1e12), SIMPLEX).solve().row("carbon")[0]
    shares: dict[str, float] = {}
    for share in (0.95, 0.98):
        program = under(system, share * emitted)
        shares |= demand_changed(program, f"cap {share:.0%}, all", (1.001, 1.01))
    return shares


def under(system: System, carbon: float) -> Program:
    """The program of a system with a cap on carbon."""
    return program_of(replace(system, limits=replace(system.limits, carbon=carbon)))


def demand_changed(program: Program, name: str, times: tuple[float, ...]) -> dict[str, float]:
    """Demand of a day 2 % higher, and of every hour by each of some factors."""
    demand = program.row_lower[program.rows["demand"].at]
    hours = demand.shape[-1]
    a_day = np.ones(hours)
    a_day[hours // 2 : hours // 2 + 24] = 1.02
    changes = {f"{name.removesuffix('all')}day +2 %": demand * a_day} | {
        f"{name} {share - 1:+.1%}": demand * share for share in times
    }
    shares: dict[str, float] = {}
    for change, after in changes.items():
        shares |= again(program, change, "demand", lower=after, upper=after)
    return shares


def again(program: Program, name: str, block: str, **values: np.ndarray) -> dict[str, float]:
    """CPU seconds after a change as a share of those of the first time, and of those that the
    changed year takes from nothing; medians of three.
    """
    shares, own = [], []
    for _ in range(REPEAT):
        solver = Solver(program, SIMPLEX)
        cold = cpu(solver.solve)
        solver.change(block, **values)
        changed = cpu(solver.solve)
        anew = Solver(program, SIMPLEX)
        anew.change(block, **values)
        shares.append(changed / cold)
        own.append(changed / cpu(anew.solve))
    return {name: statistics.median(shares), f"{name}, own": statistics.median(own)}


def commitment(hours: int) -> dict[str, float]:
    """The year with relaxed units, by stretches."""
    system = year_of_dispatch(hours, "relaxed")
    start = time.process_time()
    plan = rolled(system)
    return {"commitment": time.process_time() - start, "commitment_gap": plan.optimum.gap}


def investment(hours: int) -> dict[str, float]:
    """The year with what may be built."""
    return {"investment": cpu(lambda: planned(year_of_investment(hours), SIMPLEX))}


def main() -> None:
    """Measure what is asked for."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--hours", type=int, default=8760)
    asked.add_argument("--without", nargs="*", default=[])
    options = asked.parse_args()
    figures: dict[str, float] = {}
    for part in (dispatch, changed, capped, commitment, investment):
        if part.__name__ not in options.without:
            figures |= part(options.hours)
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
