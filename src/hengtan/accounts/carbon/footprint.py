"""Kernel: product carbon footprint as a sparse system: solve, contributions by process, flow, stage and gas, what rests on recalled figures.

GB/T 24067-2024 / ISO 14067:2018; the matrix form is that of Heijungs and Suh (2002), The Computational Structure of Life Cycle Assessment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from hengtan.accounts.carbon.allocation import allocated
from hengtan.accounts.carbon.block_triangular import Array, BlockTriangular, Members, SingularLoop
from hengtan.accounts.carbon.data_quality import rating_weighted
from hengtan.accounts.carbon.unit_process import KINDS, Emission, Need, Process
from hengtan.accounts.stated import WEAK
from hengtan.basis.errors import HengtanError

LIMIT = 20_000
"""Processes of one system (after joint ones are split); beyond it the system is refused."""

LOOP_LIMIT = 3_000
"""Processes that lean on each other in one loop; its LU may be full."""

FUNCTIONAL_UNIT = "功能单位"
WORST_AMPLIFICATION = 1e10
"""How much a rounding error may grow in solving; a loop that gives back less than one part in 10^10 of what it takes is no system."""


@dataclass(frozen=True)
class Footprint:
    """The footprint of a demand [kg CO2e]. ``by_process``, ``by_flow``, ``by_stage``, ``by_gas`` and ``parts`` (process, flow) each add to ``total``.

    ``apart``: biogenic carbon and land-use change, not in the total. ``scaling``: how many times each process runs. ``quality``: data-quality rating weighted by contribution,
    ``rated_share``: how much of the footprint has marks. ``recalled_share``: what no chain of read or derived figures reaches. ``cut_off``: (process, flow) left out.
    """

    total: float
    apart: dict[str, float]
    scaling: dict[str, float]
    by_process: dict[str, float]
    by_flow: dict[str, float]
    by_stage: dict[str, float]
    by_gas: dict[str, float]
    parts: dict[tuple[str, str], float]
    quality: float | None
    rated_share: float
    primary_share: float
    recalled_share: float
    cut_off: tuple[tuple[str, str], ...]

    @property
    def total_with_apart(self) -> float:
        """Everything added: fossil, biogenic (removals negative) and land-use change. [kg CO2e]"""
        return self.total + sum(self.apart.values())


@dataclass(frozen=True)
class System:
    """Processes with one product each, the technology matrix A (rows: products, columns: processes) and the demand f."""

    processes: tuple[Process, ...]
    matrix: Any
    demand: Array
    wanted: Mapping[Need, float]
    credits: bool

    @cached_property
    def solver(self) -> BlockTriangular:
        """A by blocks, each loop factored. Raises HengtanError where a loop has no inverse or more than ``LOOP_LIMIT`` processes."""
        largest = np.bincount(connected_components(self.matrix, connection="strong")[1]).max()
        if largest > LOOP_LIMIT:
            raise HengtanError(
                f"一个循环含{largest}个过程，超过{LOOP_LIMIT}",
                f"a loop of {largest} processes, more than {LOOP_LIMIT}",
                todo="在循环处截断，或把其中一部分合并为一个过程",
                todo_en="cut the loop, or merge some of its processes",
            )
        try:
            return BlockTriangular(self.matrix)
        except SingularLoop as loop:
            raise self._unsolvable(loop.members) from None

    def solve(self) -> Array:
        r"""How many times each process runs: :math:`s = A^{-1} f`. [runs]

        Raises HengtanError where no run of the processes meets the demand: a loop takes all, or more than, it makes.
        """
        s = self.solver.solve(self.demand)
        grown = self.solver.solve(
            abs(self.matrix) @ np.abs(s)
        )  # Skeel's number of each process: does not depend on units
        bad = ~np.isfinite(s) | (
            np.abs(grown) > WORST_AMPLIFICATION * np.maximum(np.abs(s), 1e-300)
        )
        if not self.credits:
            bad |= s < -1e-9 * np.abs(s).max(initial=0.0)
        for (
            block
        ) in self.solver.blocks:  # takers first: what is upstream of a bad loop is bad for its sake
            if bad[block].any():
                raise self._unsolvable(block)
        return s

    def _unsolvable(self, loop: Members) -> HengtanError:
        names = "、".join(self.processes[n].name for n in sorted(loop)[:6])
        return HengtanError(
            f"系统无解：循环消耗了自身的全部产出（涉及 {names}）",
            f"the system has no solution: a loop consumes all it makes ({names})",
            todo="核对循环中各过程的投入产出与计量单位",
            todo_en="check inputs, outputs and units in the loop",
        )


def assemble(processes: Sequence[Process], demand: Mapping[Need, float]) -> System:
    """Joint processes split, every need led to its maker. Raises HengtanError naming the process and product without a maker, with two, or without a positive amount."""
    held = allocated(processes)
    if len(held) > LIMIT:
        raise HengtanError(
            f"系统有{len(held)}个过程，超过{LIMIT}",
            f"{len(held)} processes, more than {LIMIT}",
            todo="分成几个产品系统",
            todo_en="divide it into several systems",
        )
    if not held:
        raise HengtanError(
            "系统没有过程",
            "the system has no process",
            todo="填报过程的产出行",
            todo_en="give the output of each process",
        )
    names = [p.name for p in held]
    if len(set(names)) < len(names):
        twice = next(name for n, name in enumerate(names) if name in names[:n])
        raise HengtanError(
            f"过程“{twice}”有两个",
            f"process '{twice}' is given twice",
            todo="合并，或用不同的过程名",
            todo_en="merge them or name them apart",
        )
    makers: dict[str, list[int]] = {}
    for n, p in enumerate(held):
        ((product, amount),) = p.outputs.items()
        if not amount > 0:
            raise HengtanError(
                f"过程“{p.name}”的产出“{product}”不为正",
                f"process '{p.name}' makes no positive amount of '{product}'",
                todo="核对产出数量",
                todo_en="check the amount",
            )
        makers.setdefault(product, []).append(n)

    def maker(need: Need, taker: str) -> int:
        product, provider = need if isinstance(need, tuple) else (need, None)
        found = [
            n
            for n in makers.get(product, [])
            if provider is None or provider in (held[n].name, held[n].origin)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            both = "、".join(held[n].name for n in found)
            raise HengtanError(
                f"“{taker}”用到的“{product}”有两个以上来源过程：{both}",
                f"'{product}' used by '{taker}' has several makers: {both}",
                todo="填写来源过程",
                todo_en="name the provider",
            )
        by = f"（来源过程“{provider}”）" if provider else ""
        taker_en = "the functional unit" if taker == FUNCTIONAL_UNIT else f"'{taker}'"
        raise HengtanError(
            f"“{taker}”用到的“{product}”{by}没有来源过程，也没有排放因子",
            f"'{product}' used by {taker_en} has no maker{f' called {provider}' if provider else ''} and no factor",
            todo="补充该过程，或按排放填并给出因子，或标明截断",
            todo_en="add the process, or give it as an emission with its factor, or mark it cut off",
        )

    size = len(held)
    rows, columns = list(range(size)), list(range(size))
    values = [next(iter(p.outputs.values())) for p in held]
    for n, p in enumerate(held):
        for need, amount in p.inputs.items():
            rows.append(maker(need, p.name))
            columns.append(n)
            values.append(-amount)
    f = np.zeros(size)
    for need, amount in demand.items():
        f[maker(need, FUNCTIONAL_UNIT)] += amount
    credits = any(amount < 0 for p in held for amount in p.inputs.values())
    return System(
        tuple(held),
        sparse.csc_matrix((values, (rows, columns)), shape=(size, size)),
        f,
        demand,
        credits,
    )


def footprint(processes: Sequence[Process], demand: Mapping[Need, float]) -> Footprint:
    r"""Solve :math:`A s = f`, :math:`g = B s`: how much each process runs for a demand, and what it emits. Characterisation is in the emissions' own unit, kg CO2e.

    Parameters
    ----------
    processes : sequence of Process
        Unit processes; of a product with several makers each need names its provider. At most ``LIMIT``.
    demand : mapping
        Functional unit: amount of each product. [its unit]

    Raises
    ------
    HengtanError
        Where a product has no maker or two, a process makes nothing, shares of a joint process are missing, or the system has no solution.

    References
    ----------
    .. [1] Heijungs and Suh (2002), ch. 2 and 3; GB/T 24067-2024; ISO 14067:2018.
    """
    system = assemble(processes, demand)
    s = system.solve()
    held = system.processes
    parts: dict[tuple[str, str], float] = {}
    by_process, by_flow, by_stage, by_gas = (
        {p.name: 0.0 for p in held},
        dict[str, float](),
        dict[str, float](),
        dict[str, float](),
    )
    apart = dict.fromkeys(KINDS[1:], 0.0)
    rated: list[tuple[float, Mapping[str, int] | None]] = []
    gross = primary = 0.0
    for n, p in enumerate(held):
        by_stage.setdefault(p.stage, 0.0)
        for flow, e in p.emitted().items():
            value = float(s[n] * e.amount)
            if e.kind != "fossil":
                apart[e.kind] += value
                continue
            parts[p.name, flow] = value
            by_process[p.name] += value
            for totals, name in ((by_flow, flow), (by_stage, p.stage), (by_gas, e.gas or "CO2e")):
                totals[name] = totals.get(name, 0.0) + value
            rated.append((abs(value), e.marks))
            gross += abs(value)
            primary += abs(value) if e.primary else 0.0
    quality, rated_share = rating_weighted(rated)
    cut = tuple(
        (p.name, need if isinstance(need, str) else need[0])
        for p in processes
        for need in sorted(p.cut_off, key=str)
    )
    return Footprint(
        float(sum(by_process.values())),
        apart,
        {p.name: float(s[n]) for n, p in enumerate(held)},
        by_process,
        by_flow,
        by_stage,
        by_gas,
        parts,
        quality,
        rated_share,
        primary / gross if gross else 0.0,
        (gross - _sure(system, gross)) / gross if gross else 0.0,
        cut,
    )


def _sure(system: System, gross: float) -> float:
    """How much of the gross footprint read and derived figures reach alone: solved again without the recalled needs and emissions."""

    def spared(p: Process) -> Process:
        kept: dict[str, Emission | float] = {
            flow: e for flow, e in p.emitted().items() if e.confidence not in WEAK
        }
        if (
            p.confidence in WEAK
        ):  # what it makes is recalled, and so all that is reckoned per unit of it
            return replace(p, inputs={}, emissions={})
        return replace(
            p,
            inputs={need: amount for need, amount in p.inputs.items() if need not in p.weak},
            emissions=kept,
        )

    if all(
        spared(p).inputs == p.inputs and len(spared(p).emissions) == len(p.emissions)
        for p in system.processes
    ):
        return gross
    sure = assemble([spared(p) for p in system.processes], system.wanted)
    s = sure.solve()
    return min(
        gross,
        sum(
            abs(float(s[n]) * e.amount)
            for n, p in enumerate(sure.processes)
            for e in p.emitted().values()
            if e.kind == "fossil"
        ),
    )


def compare(variants: Mapping[str, Footprint]) -> list[dict[str, Any]]:
    """Design variants beside the first: by stage, what each emits and the difference; the differences of a variant add to that of its total. [kg CO2e]

    Raises HengtanError where there is no variant.
    """
    if not variants:
        raise HengtanError(
            "没有可比较的方案",
            "no variant to compare",
            todo="至少给出基准方案",
            todo_en="give at least the base",
        )
    first = next(iter(variants.values()))
    stages = sorted({stage for v in variants.values() for stage in v.by_stage})
    return [
        {"variant": name, "stage": stage, "value": v.by_stage.get(stage, 0.0), "difference": v.by_stage.get(stage, 0.0) - first.by_stage.get(stage, 0.0)}
        for name, v in variants.items() for stage in stages
    ]  # fmt: skip
