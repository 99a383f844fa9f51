"""Dispatch of a made-up system of one node: CPU seconds beside HiGHS alone on the same arrays.

    python benchmarks/dispatch.py [--hours 8760] [--without commitment investment]

Dispatch: built, solved and checked, against HiGHS handed the same arrays (median of three each, in
turn). Re-solved: the demand of a day, and of every hour, changed. Commitment: by stretches of four
days, with its gap. Investment: wind, sun, gas and batteries to build. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import highspy
import numpy as np
from power_systems import year_of_dispatch, year_of_investment

from hengtan.outlook.linear import Program
from hengtan.outlook.optimum import Settings, Solver
from hengtan.outlook.power.build import program_of
from hengtan.outlook.power.results import planned
from hengtan.outlook.power.rolling import rolled

SIMPLEX = Settings(method="simplex")


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
    """Demand of one day 2 % higher, then of all hours 0.1 % higher, from where it was."""
    program = program_of(year_of_dispatch(hours))
    solver = Solver(program, SIMPLEX)
    cold = cpu(solver.solve)
    demand = program.row_lower[program.rows["demand"].at].copy()
    demand[:, hours // 2 : hours // 2 + 24] *= 1.02
    day = cpu(lambda: again(solver, demand))
    return {
        "cold": cold,
        "day_changed": day,
        "day_share": day / cold,
        "all_changed": cpu(lambda: again(solver, demand * 1.001)),
    }


def again(solver: Solver, demand: np.ndarray) -> None:
    """Solve with another demand."""
    solver.change("demand", lower=demand, upper=demand)
    solver.solve()


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
    for part in (dispatch, changed, commitment, investment):
        if part.__name__ not in options.without:
            figures |= part(options.hours)
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
