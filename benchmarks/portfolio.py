"""CPU seconds of a portfolio: writing the program, solving it, all rounds, and what comes beside.

    python benchmarks/portfolio.py [--measures 60] [--districts 40] [--years 11] [--whole]

A drawn study (seed 1): 10 sectors, 6 carriers, two targets of a year and a cumulative one, yearly
capital budgets and equity of capital. No district is like another, so that none can be merged.
Times are CPU seconds of this process with one thread, after imports.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from hengtan.outlook.optimum import Settings, Solver
from hengtan.outlook.pathway.model import Act, Pathway
from hengtan.outlook.portfolio.choose import Manner, choose
from hengtan.outlook.portfolio.front import front
from hengtan.outlook.portfolio.program import Point, program_at
from hengtan.outlook.portfolio.robust import at_risk, checked
from hengtan.outlook.portfolio.sides import Central
from hengtan.outlook.portfolio.starts import from_starts
from hengtan.outlook.portfolio.study import Costs, Equity, Study, Target, measured
from hengtan.outlook.portfolio.tangent import contributions, tangent_by_level
from hengtan.outlook.uncertainty.laws import Range

SECTORS, CARRIERS = 10, 6
KINDS = ("intensity", "share", "factor", "activity", "process")


def drawn_study(measures: int, districts: int, years: int, seed: int = 1) -> Study:
    """A study of drawn numbers of the size wanted."""
    draws = np.random.default_rng(seed)
    shape = (districts, SECTORS, years)
    wide = np.ones(years)
    factor = np.sort(draws.uniform(0.2, 2.7, CARRIERS))[None, None, :, None]
    pathway = Pathway(
        regions=tuple(f"district {n}" for n in range(districts)),
        sectors=tuple(f"sector {n}" for n in range(SECTORS)),
        carriers=tuple(f"carrier {n}" for n in range(CARRIERS)),
        years=tuple(range(2025, 2025 + years)),
        activity=draws.uniform(50, 150, (*shape[:2], 1)) * 1.02 ** np.arange(years),
        intensity=draws.uniform(1, 3, (*shape[:2], 1)) * wide,
        share=draws.dirichlet(np.ones(CARRIERS), size=shape[:2])[..., None] * wide,
        factor=np.broadcast_to(factor, (*shape[:2], CARRIERS, years)).copy(),
        process=draws.uniform(0, 0.3, (*shape[:2], 1)) * wide,
        measures=tuple(f"measure {n}" for n in range(measures)),
        effect=draws.uniform(0.02, 0.25, measures),
        ramp=np.ones((measures, years)),
        coverage=draws.uniform(0.3, 1, (measures, districts)),
        acts=tuple(drawn_act(draws, number) for number in range(measures)),
    )
    begins = draws.integers(0, 4, (measures, 1))
    ceiling = np.clip((np.arange(years) - begins) / 5.0, 0, 1)[:, None, :]
    study = Study(
        name="drawn",
        pathway=pathway,
        costs=Costs(
            capital=draws.uniform(5, 100, (measures, districts, 1)) * wide,
            running=draws.uniform(-3, 3, (measures, districts)),
            life=draws.choice([0.0, 12.0, 20.0], measures),
            rate=0.05,
            base_year=2025,
        ),
        floor=np.zeros((measures, districts)),
        ceiling=np.broadcast_to(ceiling, (measures, districts, years)).copy(),
        step=draws.uniform(0.1, 0.4, measures),
        equity=(Equity("spending", np.full(districts, 1 / districts), 0.5, 1.5),),
    )
    return with_targets(study)


def drawn_act(draws: np.random.Generator, number: int) -> Act:
    """What a drawn measure changes in one to three sectors."""
    kind: Any = str(draws.choice(KINDS, p=[0.5, 0.2, 0.15, 0.1, 0.05]))
    chosen = draws.choice(SECTORS, size=draws.integers(1, 4), replace=False)
    sectors = tuple(sorted(int(each) for each in chosen))
    left, to = (int(each) for each in draws.choice(CARRIERS, 2, replace=False))
    if kind == "share":
        return Act(number, kind, sectors, max(left, to), min(left, to), 0.9)
    return Act(number, kind, sectors, left if kind == "factor" else None)


def with_targets(study: Study) -> Study:
    """Three targets, each at half of what all measures could cut, and a budget that binds."""
    years = study.shape[2]
    targets = (
        Target("middle", "middle", 0.0, (years // 2,)),
        Target("last", "last", 0.0, (years - 1,)),
        Target("all", "all", 0.0, tuple(range(years))),
    )
    study = replace(study, targets=targets)
    rising = np.cumsum(np.broadcast_to(study.step[:, None, None], study.shape), axis=2)
    without = measured(study, study.nothing)
    least = measured(study, np.minimum(study.ceiling, rising))
    study = study.with_limits(without - 0.5 * (without - least))
    spent = study.costs.capital[:, :, 0].sum() / years
    return replace(study, capital_budget=np.full(years, 0.9 * spent))


def timed(what: str, work: Callable[[], Any]) -> Any:
    """The result of some work; its CPU seconds are printed."""
    start = time.process_time()
    result = work()
    print(f"{what:58s} {time.process_time() - start:8.3f} CPU s")
    return result


def main() -> None:
    """Print what a study of the size asked for takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measures", type=int, default=60)
    parser.add_argument("--districts", type=int, default=40)
    parser.add_argument("--years", type=int, default=11)
    parser.add_argument("--whole", action="store_true", help="a batch with whole measures too")
    parser.add_argument("--draws", type=int, default=100)
    asked = parser.parse_args()
    study = drawn_study(asked.measures, asked.districts, asked.years)
    side = Central()
    Solver(program_at(small(), side, start_of(small(), side))).solve()  # imports
    timed("model once", lambda: measured(study, study.ceiling))
    last = study.targets[1]
    timed("tangent of one total", lambda: tangent_by_level(study, study.ceiling, last))
    point = timed("tangents of all targets", lambda: start_of(study, side))
    program = timed("LP written", lambda: program_at(study, side, point))
    print(f"  {program!r}, {program.matrix().nnz:,} coefficients")
    solver = timed("LP given to HiGHS", lambda: Solver(program))
    timed("LP solved from nothing and checked", solver.solve)
    choice = timed("choice, all rounds", lambda: choose(study))
    print(f"  gap of the additive program {choice.first_gap:.2%}, after rounds {choice.gap:.5%}")
    for number, each in enumerate(choice.rounds, start=1):
        print(f"  round {number}: cost {each.cost:,.1f}, gap {each.gap:.4%}, {each.seconds:.3f} s")
    ends = timed("choice from 5 starts", lambda: from_starts(study))
    print(f"  dearest end {ends.spread:.3%} above the cheapest")
    timed("Shapley values of one target", lambda: contributions(study, choice.level, last))
    timed("front of 10 points", lambda: front(study, 10, number=1))
    robust(study, asked.draws)
    if asked.whole:
        whole(study)


def start_of(study: Study, side: Central) -> Point:
    """The first point: no measure at all."""
    return Point(study.nothing, side.linearised(study, study.nothing))


def small() -> Study:
    """A study to warm up with."""
    return drawn_study(3, 2, 3)


def robust(study: Study, draws: int) -> None:
    """The choice at risk over some draws, with looser targets, and checked on fresh ones."""
    without = measured(study, study.nothing)
    limits = np.array([target.limit for target in study.targets])
    looser = study.with_limits(limits + 0.4 * (without - limits))
    named = zip(study.pathway.measures, study.pathway.effect.tolist(), strict=True)
    ranges = [
        Range(name, "triangular", 0.85 * mid, mid, 1.2 * mid, "drawn", assumed=False)
        for name, mid in named
    ]
    central = choose(looser)
    judged = timed("  (draws)", lambda: at_risk(looser, ranges, alpha=0.9, count=draws, seed=1))
    choice = timed(
        f"choice at risk 90 %, {draws} draws",
        lambda: choose(looser, side=judged, start=central.level),
    )
    check = timed(
        "checked on 1,000 fresh draws",
        lambda: checked(choice, ranges, alpha=0.9, count=1000, seed=1),
    )
    limits = np.array([target.limit for target in looser.targets])
    print(
        f"  odds {check.odds}, mean of the worst tenth over the limit {check.beyond / limits - 1}"
    )


def whole(study: Study) -> None:
    """All measures whole, to a gap of 1 %, in half an hour a solution at most."""
    entire = replace(study, whole=tuple(range(study.shape[0])))
    manner = Manner(Settings(gap=0.01, seconds=1800.0), gap=1e-4)
    choice = timed("all measures whole, gap 1 %", lambda: choose(entire, manner))
    print(
        f"  gap {choice.optimum.gap:.3%}, {len(choice.rounds)} rounds, missed {choice.missed:.2e}"
    )


if __name__ == "__main__":
    main()
