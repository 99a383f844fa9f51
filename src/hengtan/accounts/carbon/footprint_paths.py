"""Kernel: where in the supply chain a footprint arises: tier by tier, and along single paths
(structural path analysis).

Defourny and Thorbecke (1984); Treloar (1997); the series is :math:`x = \\sum_t N^t f` with N what
one unit of product takes of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from hengtan.accounts.carbon.block_triangular import Array
from hengtan.accounts.carbon.footprint import System, assemble
from hengtan.accounts.carbon.refusals import refusal
from hengtan.accounts.carbon.unit_process import Need, Process

MOST_PATHS = 10_000


@dataclass(frozen=True)
class Path:
    """A chain of processes from the functional unit upstream: what its last process emits for it,
    and that with all upstream of it. [kg CO2e]
    """

    processes: tuple[str, ...]
    direct: float
    upstream: float

    @property
    def tier(self) -> int:
        """0 for a process that serves the functional unit itself."""
        return len(self.processes) - 1


def _parts(system: System) -> tuple[sparse.csc_matrix, Array, Array]:
    """N (product taken per unit made), direct emission per unit made, and total (upstream) emission
    per unit made.
    """
    own = np.array([next(iter(process.outputs.values())) for process in system.processes])
    # what a process takes of its own product stays a loop of length one
    taken = sparse.csc_matrix(sparse.diags(own) - system.matrix)
    per_unit = sparse.csc_matrix(taken @ sparse.diags(1 / own))
    direct = np.array([process.fossil() for process in system.processes]) / own
    total = system.solver.solve_transposed(direct * own)
    return per_unit, direct, total


def tiers(
    processes: Sequence[Process], demand: Mapping[Need, float], depth: int = 5
) -> list[float]:
    """Emissions of each tier 0..depth-1 and, last, of all beyond; together the footprint. [kg CO2e]

    Tier 0 are the processes that serve the functional unit, tier 1 those that provide for tier 0.
    Raises HengtanError as ``footprint``.
    """
    system = assemble(processes, demand)
    system.solve()
    per_unit, direct, total = _parts(system)
    at, levels = system.demand, []
    for _tier in range(depth):
        levels.append(float(direct @ at))
        at = per_unit @ at
    return [*levels, float(total @ at)]


def paths(
    processes: Sequence[Process], demand: Mapping[Need, float], depth: int = 5, least: float = 0.01
) -> list[Path]:
    """Paths of at most ``depth`` processes whose emissions with all upstream reach ``least`` of the
    footprint, largest direct emission first.

    Raises HengtanError as ``footprint``, and where more than ``MOST_PATHS`` would be given.
    """
    system = assemble(processes, demand)
    system.solve()
    per_unit, direct, total = _parts(system)
    floor = least * abs(float(total @ system.demand))
    chains: list[Path] = []
    waiting: list[tuple[tuple[int, ...], float]] = [
        ((int(n),), float(system.demand[n])) for n in np.flatnonzero(system.demand)
    ]
    while waiting:
        chain, amount = waiting.pop()
        last = chain[-1]
        upstream = float(total[last] * amount)
        if abs(upstream) < floor or (floor == 0 and amount == 0):
            continue
        names = tuple(system.processes[n].name for n in chain)
        chains.append(Path(names, float(direct[last] * amount), upstream))
        if len(chains) > MOST_PATHS:
            raise refusal("too_many_paths", MOST_PATHS)
        if len(chain) < depth:
            taken = slice(per_unit.indptr[last], per_unit.indptr[last + 1])
            makers = zip(per_unit.indices[taken], per_unit.data[taken], strict=True)
            waiting += [((*chain, int(n)), amount * float(each)) for n, each in makers if each]
    return sorted(chains, key=lambda path: (-abs(path.direct), path.processes))
