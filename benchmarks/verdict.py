"""Budgets and odds at the size of a city: ``python benchmarks/verdict.py [--write] [--repeat N]``. Data are synthetic.

Each case runs in a process of its own with its peak memory, beside a floor of the same size in the same process: budgets beside the bare sums by group that any split must make, odds beside drawing the numbers
alone. ``--write`` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from datetime import date
from typing import Any

import numpy as np
from measure import measured, write_section

DISTRICTS, SECTORS, YEARS, ENTERPRISES, DRAWS, INDICATORS = 40, 12, 10, 5000, 100_000, 14


def budgets() -> dict[str, float]:
    """A path of ten years shared to 40 districts, 12 sectors in each and 5,000 enterprises, by mixed principles, floors at the top; sums checked."""
    from hengtan.accounts.apportion import share_out
    from hengtan.plan.budget.path import Base, IntensityGoal, Phase, held_back, paths
    from hengtan.plan.budget.principles import mixed

    chance = np.random.default_rng(1)
    names = ("emission", "gdp", "population", "benchmark")
    at = [
        np.zeros(DISTRICTS, int),
        np.repeat(np.arange(DISTRICTS), SECTORS),
        np.concatenate(
            [
                np.arange(DISTRICTS * SECTORS),
                chance.integers(0, DISTRICTS * SECTORS, ENTERPRISES - DISTRICTS * SECTORS),
            ]
        ),
    ]
    figures = [{name: chance.lognormal(3, 1, len(groups)) for name in names} for groups in at]
    weights = {"history": 0.4, "per_gdp": 0.2, "per_head": 0.1, "ability": 0.1, "benchmark": 0.2}
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
    totals, _ = held_back(np.array([y.budget for y in path]), 0.05)
    units, whole = totals[None, :], totals
    for groups, given in zip(at, figures, strict=True):
        share, _ = mixed(weights, given, groups)
        cells = (groups[:, None] * YEARS + np.arange(YEARS)).ravel()
        floors = (
            np.repeat(np.floor(share * 0.3 * whole.min() / 10).astype(np.int64), YEARS)
            if len(groups) == DISTRICTS
            else None
        )
        units = share_out(
            units.ravel(), np.repeat(share, YEARS), cells, floors=floors
        ).units.reshape(len(groups), YEARS)
    seconds = time.perf_counter() - started
    assert (units.sum(axis=0) == whole).all()
    started = time.perf_counter()
    for groups in at:
        cells = (groups[:, None] * YEARS + np.arange(YEARS)).ravel()
        np.bincount(cells, weights=np.repeat(figures[0]["emission"][:1], len(cells)))
    return {"seconds": seconds, "floor": time.perf_counter() - started}


def odds() -> dict[str, float]:
    """100,000 joint draws of the grades of 40 districts, 14 indicators correlated within and between districts."""
    from hengtan.assessment.odds import dual_carbon_odds

    chances = np.random.default_rng(1).uniform(0.6, 1.0, (DISTRICTS, INDICATORS))
    correlation = np.full((INDICATORS, INDICATORS), 0.2) + 0.8 * np.eye(INDICATORS)
    started = time.perf_counter()
    made = dual_carbon_odds(
        chances, [True] * 5 + [False] * 9, draws=DRAWS, correlation=correlation, between=0.3
    )
    seconds = time.perf_counter() - started
    assert np.allclose(made.probability.sum(axis=1), 1)
    rng = np.random.default_rng(1)
    started = time.perf_counter()
    for _ in range(DISTRICTS):
        rng.standard_normal((DRAWS, INDICATORS), dtype=np.float32)
    return {"seconds": seconds, "floor": time.perf_counter() - started}


def main() -> None:
    """Run, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", choices=("budgets", "odds"))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.case:
        print(json.dumps({"budgets": budgets, "odds": odds}[given.case]()))
        return
    rows: list[dict[str, Any]] = []
    about = {
        "budgets": (
            f"{DISTRICTS} districts × {SECTORS} sectors × {YEARS} years × {ENTERPRISES:,} enterprises, five principles, floors, reserve",
            "bare sums by group",
        ),
        "odds": (
            f"{DRAWS:,} joint draws of the grades of {DISTRICTS} districts, {INDICATORS} indicators",
            "drawing the numbers alone",
        ),
    }
    for case in about:
        runs = [measured("verdict.py", case) for _ in range(given.repeat)]
        seconds, floor = (
            statistics.median(r["seconds"] for r in runs),
            statistics.median(r["floor"] for r in runs),
        )
        rows.append(
            {
                "case": about[case][0],
                "seconds": seconds,
                "floor": f"{floor:.4f} ({about[case][1]})",
                "ratio": seconds / floor,
                "peak": max(r["peak_mb"] for r in runs),
            }
        )
    text = (
        f"{date.today().isoformat()}; median of {given.repeat} processes\n\n| case | seconds | floor | ratio | peak MB |\n|---|---|---|---|---|\n"
        + "\n".join(
            f"| {r['case']} | {r['seconds']:.3f} | {r['floor']} | {r['ratio']:.1f} | {r['peak']:,.0f} |"
            for r in rows
        )
    )
    print(text)
    if given.write:
        write_section("verdict", text)


if __name__ == "__main__":
    sys.exit(main())
