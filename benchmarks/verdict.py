"""Budgets and odds at the size of a city, on synthetic data.

    python benchmarks/verdict.py [--write] [--repeat N]

Each case runs in a process of its own with its peak memory, beside a floor of the same size in the
same process: budgets beside the bare sums by group that any split must make, odds beside drawing
the numbers alone. ``--write`` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date

import numpy as np
from measure import Figures, in_turn, markdown, write_section

DISTRICTS, SECTORS, YEARS, ENTERPRISES, DRAWS, INDICATORS = 40, 12, 10, 5000, 100_000, 14
WEIGHTS = {"history": 0.4, "per_gdp": 0.2, "per_head": 0.1, "ability": 0.1, "benchmark": 0.2}
ABOUT = {
    "budgets": (
        f"{DISTRICTS} districts × {SECTORS} sectors × {YEARS} years × {ENTERPRISES:,} "
        "enterprises, five principles, floors, reserve",
        "bare sums by group",
    ),
    "odds": (
        f"{DRAWS:,} joint draws of the grades of {DISTRICTS} districts, {INDICATORS} indicators",
        "drawing the numbers alone",
    ),
}


def levels(chance: np.random.Generator) -> list[np.ndarray]:
    """For districts, their sectors and enterprises: the group above that each belongs to."""
    cells = DISTRICTS * SECTORS
    beyond_the_first = chance.integers(0, cells, ENTERPRISES - cells)
    return [
        np.zeros(DISTRICTS, int),
        np.repeat(np.arange(DISTRICTS), SECTORS),
        np.concatenate([np.arange(cells), beyond_the_first]),
    ]


def yearly_cells(groups: np.ndarray) -> np.ndarray:
    """The number of the cell of every group and year."""
    return (groups[:, None] * YEARS + np.arange(YEARS)).ravel()


def budgets() -> Figures:
    """A path of ten years shared to districts, sectors and enterprises by mixed principles.

    Floors stand at the top; the shares of every level must sum to the whole.
    """
    from hengtan.accounts.apportion import share_out
    from hengtan.plan.budget.path import Base, IntensityGoal, Phase, held_back, paths
    from hengtan.plan.budget.principles import mixed
    from hengtan.plan.verdict_parameters import national

    national()  # a process reads the numbers of the law from the pack once
    chance = np.random.default_rng(1)
    names = ("emission", "gdp", "population", "benchmark")
    groups_by_level = levels(chance)
    figures_by_level = [
        {name: chance.lognormal(3, 1, len(groups)) for name in names} for groups in groups_by_level
    ]
    gdp = {2025 + n: 30_000 * 1.05**n for n in range(YEARS + 1)}
    started = time.perf_counter()
    path = paths(
        Base(2025, 150_000_000),
        gdp,
        range(2026, 2026 + YEARS),
        goal=IntensityGoal(0.17, 2030),
        caps={2030: 155_000_000, 2035: 140_000_000},
        phases=[Phase(2026, "intensity"), Phase(2031, "total")],
    )
    whole, _ = held_back(np.array([year.budget for year in path]), 0.05)
    units = whole[None, :]
    for groups, figures in zip(groups_by_level, figures_by_level, strict=True):
        share, _ = mixed(WEIGHTS, figures, groups)
        floors = None
        if len(groups) == DISTRICTS:
            lowest = np.floor(share * 0.3 * whole.min() / 10).astype(np.int64)
            floors = np.repeat(lowest, YEARS)
        cells = yearly_cells(groups)
        split = share_out(units.ravel(), np.repeat(share, YEARS), cells, floors=floors)
        units = split.units.reshape(len(groups), YEARS)
    seconds = time.perf_counter() - started
    assert (units.sum(axis=0) == whole).all()
    started = time.perf_counter()
    for groups in groups_by_level:
        cells = yearly_cells(groups)
        np.bincount(cells, weights=np.repeat(figures_by_level[0]["emission"][:1], len(cells)))
    return {"seconds": seconds, "floor": time.perf_counter() - started}


def odds() -> Figures:
    """Joint draws of the grades of districts, indicators correlated within and between them."""
    from hengtan.assessment.odds import dual_carbon_odds, national_law

    national_law()  # a process reads the numbers of the law from the pack once
    chances = np.random.default_rng(1).uniform(0.6, 1.0, (DISTRICTS, INDICATORS))
    correlation = np.full((INDICATORS, INDICATORS), 0.2) + 0.8 * np.eye(INDICATORS)
    binding = [True] * 5 + [False] * 9
    started = time.perf_counter()
    grades = dual_carbon_odds(chances, binding, draws=DRAWS, correlation=correlation, between=0.3)
    seconds = time.perf_counter() - started
    assert np.allclose(grades.probability.sum(axis=1), 1)
    draw = np.random.default_rng(1)
    started = time.perf_counter()
    for _ in range(DISTRICTS):
        draw.standard_normal((DRAWS, INDICATORS), dtype=np.float32)
    return {"seconds": seconds, "floor": time.perf_counter() - started}


CASES = {"budgets": budgets, "odds": odds}


def main() -> None:
    """Run, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", choices=tuple(CASES))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(CASES[arguments.case]()))
        return
    runs = in_turn("verdict.py", {case: (case,) for case in CASES}, arguments.repeat)
    table = markdown(
        ("case", "seconds", "floor", "ratio", "peak MB"),
        (
            (
                ABOUT[case][0],
                f"{own.median():.3f}",
                f"{own.median('floor'):.4f} ({ABOUT[case][1]})",
                f"{own.median() / own.median('floor'):.1f}",
                f"{own.most('peak_mb'):,.0f}",
            )
            for case, own in runs.items()
        ),
    )
    title = f"{date.today().isoformat()}; median of {arguments.repeat} processes"
    text = "\n".join([title, "", *table])
    print(text)
    if arguments.write:
        write_section("verdict", text)


if __name__ == "__main__":
    main()
