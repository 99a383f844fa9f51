"""Kernel: product carbon footprint as a sparse system: solve, contributions by process, flow, stage
and gas, what rests on recalled figures.

GB/T 24067-2024 / ISO 14067:2018; the matrix form is that of Heijungs and Suh (2002), The
Computational Structure of Life Cycle Assessment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from hengtan.accounts.carbon.allocation import allocated
from hengtan.accounts.carbon.block_triangular import Array, BlockTriangular, Members, SingularLoop
from hengtan.accounts.carbon.data_quality import rating_weighted
from hengtan.accounts.carbon.refusals import refusal
from hengtan.accounts.carbon.unit_process import KINDS, Emission, Need, Process
from hengtan.accounts.stated import WEAK
from hengtan.basis.errors import HengtanError
from hengtan.basis.words import Words

LIMIT = 20_000
"""Processes of one system (after joint ones are split); beyond it the system is refused."""

LOOP_LIMIT = 3_000
"""Processes that lean on each other in one loop; its LU may be full."""

WORST_AMPLIFICATION = 1e10
"""How much a rounding error may grow in solving; a loop that gives back less than one part in 10^10
of what it takes is no system.
"""


@dataclass(frozen=True)
class Footprint:
    """The footprint of a demand [kg CO2e]. ``by_process``, ``by_flow``, ``by_stage``, ``by_gas``
    and ``parts`` (process, flow) each add to ``total``.

    ``apart``: biogenic carbon and land-use change, not in the total. ``scaling``: how many times
    each process runs. ``quality``: data-quality rating weighted by contribution, ``rated_share``:
    how much of the footprint has marks. ``recalled_share``: what no chain of read or derived
    figures reaches. ``cut_off``: (process, flow) left out.
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
    """Processes with one product each, the technology matrix A (rows: products, columns: processes)
    and the demand f.
    """

    processes: tuple[Process, ...]
    matrix: Any
    demand: Array
    wanted: Mapping[Need, float]
    credits: bool

    @cached_property
    def solver(self) -> BlockTriangular:
        """A by blocks, each loop factored. Raises HengtanError where a loop has no inverse or more
        than ``LOOP_LIMIT`` processes.
        """
        largest = np.bincount(connected_components(self.matrix, connection="strong")[1]).max()
        if largest > LOOP_LIMIT:
            raise refusal("loop_too_large", largest, LOOP_LIMIT)
        try:
            return BlockTriangular(self.matrix)
        except SingularLoop as loop:
            raise self._unsolvable(loop.members) from None

    def solve(self) -> Array:
        r"""How many times each process runs: :math:`s = A^{-1} f`. [runs]

        Raises HengtanError where no run of the processes meets the demand: a loop takes all, or
        more than, it makes.
        """
        s = self.solver.solve(self.demand)
        # Skeel's number of each process: does not depend on units
        grown = self.solver.solve(abs(self.matrix) @ np.abs(s))
        most = WORST_AMPLIFICATION * np.maximum(np.abs(s), 1e-300)
        bad = ~np.isfinite(s) | (np.abs(grown) > most)
        if not self.credits:
            bad |= s < -1e-9 * np.abs(s).max(initial=0.0)
        # takers first: what is upstream of a bad loop is bad for its sake
        for block in self.solver.blocks:
            if bad[block].any():
                raise self._unsolvable(block)
        return s

    def _unsolvable(self, loop: Members) -> HengtanError:
        names = "、".join(self.processes[n].name for n in sorted(loop)[:6])
        return refusal("loop_takes_all", names)


def assemble(processes: Sequence[Process], demand: Mapping[Need, float]) -> System:
    """Joint processes split, every need led to its maker. Raises HengtanError naming the process
    and product without a maker, with two, or without a positive amount.
    """
    single = allocated(processes)
    if len(single) > LIMIT:
        raise refusal("too_many_processes", len(single), LIMIT)
    if not single:
        raise refusal("no_process")
    makers = _Makers(single)
    size = len(single)
    rows, columns = list(range(size)), list(range(size))
    values = [next(iter(process.outputs.values())) for process in single]
    for column, process in enumerate(single):
        for need, amount in process.inputs.items():
            rows.append(makers.of(need, process.name))
            columns.append(column)
            values.append(-amount)
    f = np.zeros(size)
    for need, amount in demand.items():
        f[makers.of(need, None)] += amount
    needs = (amount for process in single for amount in process.inputs.values())
    return System(
        tuple(single),
        sparse.csc_matrix((values, (rows, columns)), shape=(size, size)),
        f,
        demand,
        credits=any(amount < 0 for amount in needs),
    )


class _Makers:
    """Which process makes a product. Raises HengtanError for a name given twice, and for a process
    that makes no positive amount."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self.processes = processes
        self.by_product: dict[str, list[int]] = {}
        names: set[str] = set()
        for number, process in enumerate(processes):
            if process.name in names:
                raise refusal("process_twice", process.name)
            names.add(process.name)
            ((product, amount),) = process.outputs.items()
            if not amount > 0:
                raise refusal("output_not_positive", process.name, product)
            self.by_product.setdefault(product, []).append(number)

    def of(self, need: Need, taker: str | None) -> int:
        """The number of the process that makes a need of ``taker`` (None: the functional unit).
        Raises HengtanError where none does, or several."""
        product, provider = need if isinstance(need, tuple) else (need, None)
        makers = [
            number
            for number in self.by_product.get(product, [])
            if provider is None or self._is(number, provider)
        ]
        if len(makers) == 1:
            return makers[0]
        if makers:
            names = "、".join(self.processes[number].name for number in makers)
            raise refusal("several_makers", self._said(taker), product, names)
        code = "no_maker_of_provider" if provider else "no_maker"
        raise refusal(code, self._said(taker), product, provider, self._said(taker, "en"))

    def _is(self, number: int, name: str) -> bool:
        return name in (self.processes[number].name, self.processes[number].origin)

    @staticmethod
    def _said(taker: str | None, language: str = "zh") -> str:
        if taker is None:
            return Words.of("hengtan.accounts.carbon").say("functional_unit", language)
        return taker if language == "zh" else f"'{taker}'"


def footprint(processes: Sequence[Process], demand: Mapping[Need, float]) -> Footprint:
    r"""Solve :math:`A s = f`, :math:`g = B s`: how much each process runs for a demand, and what it
    emits. Characterisation is in the emissions' own unit, kg CO2e.

    Parameters
    ----------
    processes : sequence of Process
        Unit processes; of a product with several makers each need names its provider. At most
        ``LIMIT``.
    demand : mapping
        Functional unit: amount of each product. [its unit]

    Raises
    ------
    HengtanError
        Where a product has no maker or two, a process makes nothing, shares of a joint process are
        missing, or the system has no solution.

    References
    ----------
    .. [1] Heijungs and Suh (2002), ch. 2 and 3; GB/T 24067-2024; ISO 14067:2018.
    """
    system = assemble(processes, demand)
    runs = system.solve()
    sums = _Sums({process.name: 0.0 for process in system.processes})
    for number, process in enumerate(system.processes):
        sums.by_stage.setdefault(process.stage, 0.0)
        for flow, emission in process.emitted().items():
            sums.add(process, flow, emission, float(runs[number] * emission.amount))
    quality, rated_share = rating_weighted(sums.rated)
    gross = sums.gross
    cut = tuple(
        (process.name, need if isinstance(need, str) else need[0])
        for process in processes
        for need in sorted(process.cut_off, key=str)
    )
    return Footprint(
        float(sum(sums.by_process.values())),
        sums.apart,
        {process.name: float(runs[n]) for n, process in enumerate(system.processes)},
        sums.by_process,
        sums.by_flow,
        sums.by_stage,
        sums.by_gas,
        sums.parts,
        quality,
        rated_share,
        sums.primary / gross if gross else 0.0,
        (gross - _sure(system, gross)) / gross if gross else 0.0,
        cut,
    )


@dataclass
class _Sums:
    """Emissions of a footprint added up in each way they are shown. [kg CO2e]"""

    by_process: dict[str, float]
    by_flow: dict[str, float] = field(default_factory=dict)
    by_stage: dict[str, float] = field(default_factory=dict)
    by_gas: dict[str, float] = field(default_factory=dict)
    parts: dict[tuple[str, str], float] = field(default_factory=dict)
    apart: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS[1:], 0.0))
    rated: list[tuple[float, Mapping[str, int] | None]] = field(default_factory=list)
    gross: float = 0.0
    primary: float = 0.0

    def add(self, process: Process, flow: str, emission: Emission, value: float) -> None:
        """Take in an emission of a process; biogenic carbon and land use stand apart."""
        if emission.kind != "fossil":
            self.apart[emission.kind] += value
            return
        self.parts[process.name, flow] = value
        for sums, name in (
            (self.by_process, process.name),
            (self.by_flow, flow),
            (self.by_stage, process.stage),
            (self.by_gas, emission.gas or "CO2e"),
        ):
            sums[name] = sums.get(name, 0.0) + value
        self.rated.append((abs(value), emission.marks))
        self.gross += abs(value)
        self.primary += abs(value) if emission.primary else 0.0


def _sure(system: System, gross: float) -> float:
    """How much of the gross footprint read and derived figures reach alone: solved again without
    the recalled needs and emissions.
    """

    spared = [_without_weak(process) for process in system.processes]
    pairs = zip(spared, system.processes, strict=True)
    if all(
        sure.inputs == whole.inputs and len(sure.emissions) == len(whole.emissions)
        for sure, whole in pairs
    ):
        return gross
    sure_system = assemble(spared, system.wanted)
    runs = sure_system.solve()
    reached = sum(
        abs(float(runs[number]) * emission.amount)
        for number, process in enumerate(sure_system.processes)
        for emission in process.emitted().values()
        if emission.kind == "fossil"
    )
    return min(gross, reached)


def _without_weak(process: Process) -> Process:
    """A process without its recalled needs and emissions; without any where what it makes is
    recalled, since all is reckoned per unit of that."""
    if process.confidence in WEAK:
        return replace(process, inputs={}, emissions={})
    emitted = process.emitted().items()
    return replace(
        process,
        inputs={n: amount for n, amount in process.inputs.items() if n not in process.weak},
        emissions={flow: part for flow, part in emitted if part.confidence not in WEAK},
    )


def compare(variants: Mapping[str, Footprint]) -> list[dict[str, Any]]:
    """Design variants beside the first: by stage, what each emits and the difference; the
    differences of a variant add to that of its total. [kg CO2e]

    Raises HengtanError where there is no variant.
    """
    if not variants:
        raise refusal("no_variant")
    base = next(iter(variants.values())).by_stage
    stages = sorted({stage for variant in variants.values() for stage in variant.by_stage})
    rows = []
    for name, variant in variants.items():
        for stage in stages:
            value = variant.by_stage.get(stage, 0.0)
            difference = value - base.get(stage, 0.0)
            rows.append({"variant": name, "stage": stage, "value": value, "difference": difference})
    return rows
