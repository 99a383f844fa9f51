"""Kernel: where in the supply chain a footprint arises: tier by tier, and along single paths (structural path analysis).

Defourny and Thorbecke (1984); Treloar (1997); the series is :math:`x = \\sum_t N^t f` with N what one unit of product takes of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from hengtan.accounts.carbon.block_triangular import Array
from hengtan.accounts.carbon.footprint import System, assemble
from hengtan.accounts.carbon.unit_process import Need, Process
from hengtan.basis.errors import HengtanError

MOST_PATHS = 10_000


@dataclass(frozen=True)
class Path:
    """A chain of processes from the functional unit upstream: what its last process emits for it, and that with all upstream of it. [kg CO2e]"""

    processes: tuple[str, ...]
    direct: float
    upstream: float

    @property
    def tier(self) -> int:
        """0 for a process that serves the functional unit itself."""
        return len(self.processes) - 1


def _parts(system: System) -> tuple[sparse.csc_matrix, Array, Array]:
    """N (product taken per unit made), direct emission per unit made, and total (upstream) emission per unit made."""
    own = np.array([next(iter(p.outputs.values())) for p in system.processes])
    taken = sparse.csc_matrix(
        sparse.diags(own) - system.matrix
    )  # what a process takes of its own product stays a loop of length one
    per_unit = sparse.csc_matrix(taken @ sparse.diags(1 / own))
    direct = (
        np.array(
            [
                sum(e.amount for e in p.emitted().values() if e.kind == "fossil")
                for p in system.processes
            ]
        )
        / own
    )
    total = system.solver.solve_transposed(direct * own)
    return per_unit, direct, total


def tiers(
    processes: Sequence[Process], demand: Mapping[Need, float], depth: int = 5
) -> list[float]:
    """Emissions of each tier 0..depth-1 and, last, of all beyond; together the footprint. [kg CO2e]

    Tier 0 are the processes that serve the functional unit, tier 1 those that provide for tier 0. Raises HengtanError as ``footprint``.
    """
    system = assemble(processes, demand)
    system.solve()
    per_unit, direct, total = _parts(system)
    at, found = system.demand, []
    for _tier in range(depth):
        found.append(float(direct @ at))
        at = per_unit @ at
    return [*found, float(total @ at)]


def paths(
    processes: Sequence[Process], demand: Mapping[Need, float], depth: int = 5, least: float = 0.01
) -> list[Path]:
    """Paths of at most ``depth`` processes whose emissions with all upstream reach ``least`` of the footprint, largest direct emission first.

    Raises HengtanError as ``footprint``, and where more than ``MOST_PATHS`` would be given.
    """
    system = assemble(processes, demand)
    system.solve()
    per_unit, direct, total = _parts(system)
    floor = least * abs(float(total @ system.demand))
    found: list[Path] = []
    waiting: list[tuple[tuple[int, ...], float]] = [
        ((int(n),), float(system.demand[n])) for n in np.flatnonzero(system.demand)
    ]
    while waiting:
        chain, amount = waiting.pop()
        last = chain[-1]
        upstream = float(total[last] * amount)
        if abs(upstream) < floor or (floor == 0 and amount == 0):
            continue
        found.append(
            Path(
                tuple(system.processes[n].name for n in chain),
                float(direct[last] * amount),
                upstream,
            )
        )
        if len(found) > MOST_PATHS:
            raise HengtanError(
                f"路径超过{MOST_PATHS}条",
                f"more than {MOST_PATHS} paths",
                todo="提高下限或减小深度",
                todo_en="raise the floor or lessen the depth",
            )
        if len(chain) < depth:
            first, end = per_unit.indptr[last], per_unit.indptr[last + 1]
            waiting += [
                ((*chain, int(n)), amount * float(v))
                for n, v in zip(per_unit.indices[first:end], per_unit.data[first:end], strict=True)
                if v
            ]
    return sorted(found, key=lambda path: (-abs(path.direct), path.processes))
