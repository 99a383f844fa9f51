"""How long the attribution and a cold pathway take, in CPU seconds of this process.

    python benchmarks/shapley.py [--cold]

The attribution: 60 measures, each acting on half of ten sectors, over 400 cells (40 places of ten
sectors in one year), beside the enumeration of 2^10 coalitions of ten measures. The pathway: 150
nodes (15 places of ten sectors) over 45 years with 60 measures; ``--cold`` alone counts all that
the process spent, imports too.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from drawn_pathways import pathway_of

from hengtan.outlook.pathway.model import Array, Pathway, applied, reduction, run
from hengtan.outlook.pathway.shapley import shapley

REPEATS = 9


def enumerated(pathway: Pathway) -> Array:
    """The Shapley value over all coalitions, (M, R, S, Y). [tCO2e]"""
    count, reduced = len(pathway.measures), reduction(pathway)
    worth = {}
    for size in range(count + 1):
        for coalition in combinations(range(count), size):
            there = np.zeros(count)
            there[list(coalition)] = 1
            outcome = applied(pathway, reduced * there[:, None, None])
            worth[frozenset(coalition)] = outcome.emissions
    values = np.zeros((count, *pathway.activity.shape))
    for coalition, tonnes in worth.items():
        if len(coalition) == count:
            continue
        weight = factorial(len(coalition)) * factorial(count - len(coalition) - 1)
        for measure in set(range(count)) - coalition:
            values[measure] += weight / factorial(count) * (tonnes - worth[coalition | {measure}])
    return values


def cpu(task) -> list[float]:
    """CPU seconds of each repetition after one that warms up."""
    task()
    seconds = []
    for _ in range(REPEATS):
        start = time.process_time()
        task()
        seconds.append(time.process_time() - start)
    return sorted(seconds)


def main() -> None:
    """Print the figures."""
    pathway = pathway_of((40, 10, 8, 1), 60)
    seconds = cpu(lambda: shapley(pathway))
    print(f"60 measures x 400 cells: {seconds[0] * 1e3:.1f} ms at best, ", end="")
    print(f"{seconds[REPEATS // 2] * 1e3:.1f} ms in the middle of {REPEATS}")
    everywhere = tuple(range(len(pathway.sectors)))
    wide = replace(pathway, acts=tuple(replace(a, sectors=everywhere) for a in pathway.acts))
    print(f"each acting on all ten sectors: {cpu(lambda: shapley(wide))[0] * 1e3:.1f} ms at best")
    ten = pathway_of((40, 10, 8, 1), 10)
    theirs = enumerated(ten)
    gap = np.abs(shapley(ten).by_cell - theirs).max() / np.abs(theirs).max()
    print(f"beside 2^10 coalitions: largest difference {gap:.1e} of the largest value")
    cold()


def cold() -> None:
    """Print what a process has spent once it has the pathway of 150 nodes and 45 years."""
    large = pathway_of((15, 10, 8, 45), 60)
    outcome = run(large)
    spent = time.process_time()
    attribution = shapley(large)
    attributed = time.process_time()
    print(f"150 nodes x 45 years, CPU of the process with imports: outcome {spent:.2f} s, ", end="")
    print(f"attribution of every year {attributed:.2f} s")
    left = attribution.gap - attribution.by_year.sum(axis=0)
    print(f"wedges less gap: {np.abs(left).max() / outcome.emissions.sum():.1e} of the emissions")


if __name__ == "__main__":
    cold() if "--cold" in sys.argv else main()
