"""Kernel: product carbon footprint as a sparse system: solve, contributions, allocation of joint products, data quality.

GB/T 24067-2024 / ISO 14067:2018; the matrix form is that of Heijungs and Suh (2002), The Computational Structure of Life Cycle Assessment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from hengtan.basis.errors import HengtanError, ParameterNotEstablished

Array = np.ndarray[Any, np.dtype[np.float64]]
MARKS = ("technology", "time", "geography", "completeness", "reliability")
LIMIT = 20_000
"""Processes of one system; beyond it the system belongs on a larger machine."""


@dataclass(frozen=True)
class Process:
    """A unit process: what it makes [unit], what it takes from other processes, what it emits [kg CO2e, by flow].

    ``outputs`` has more than one product where it is joint; ``allocation`` gives each its share, adding to one. ``marks`` are the five data-quality marks, 1 best to 5.
    """

    name: str
    outputs: Mapping[str, float]
    inputs: Mapping[str, float] = field(default_factory=dict)
    emissions: Mapping[str, float] = field(default_factory=dict)
    allocation: Mapping[str, float] = field(default_factory=dict)
    stage: str = "production"
    marks: Mapping[str, int] = field(default_factory=dict)
    primary: bool = False
    confidence: str = "read"


@dataclass(frozen=True)
class Footprint:
    """The footprint of a demand [kg CO2e]: total, by process, by flow, by stage; how much of each process ran; quality of the data."""

    total: float
    scaling: dict[str, float]
    by_process: dict[str, float]
    by_flow: dict[str, float]
    by_stage: dict[str, float]
    quality: float | None
    primary_share: float
    recalled_share: float


def allocated(processes: Sequence[Process]) -> list[Process]:
    """Joint processes split into one process a product by their allocation shares; what is split adds to the whole.

    Raises HengtanError where the shares of a joint process are missing or do not add to one.
    """
    made: list[Process] = []
    for p in processes:
        if len(p.outputs) == 1:
            made.append(p)
            continue
        if not p.outputs:
            raise HengtanError(f"过程“{p.name}”没有产出", f"process '{p.name}' makes nothing")
        if set(p.allocation) != set(p.outputs) or abs(sum(p.allocation.values()) - 1) > 1e-9:
            raise HengtanError(f"过程“{p.name}”一过程多产品，分配比例缺失或合计不为 1", f"joint process '{p.name}': allocation shares are missing or do not add to one", todo="按质量、能量或经济价值给出分配比例（GB/T 24067 分配程序）", todo_en="give shares by mass, energy or value")
        for product, amount in p.outputs.items():
            share = p.allocation[product]
            made.append(Process(f"{p.name} → {product}", {product: amount}, {k: v * share for k, v in p.inputs.items()}, {k: v * share for k, v in p.emissions.items()}, {}, p.stage, p.marks, p.primary, p.confidence))
    return made


def shares_by(outputs: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Allocation shares by a property per unit of product (mass, energy content, price). Raises HengtanError where a weight is missing or all are zero."""
    lost = [p for p in outputs if p not in weights]
    if lost:
        raise HengtanError(f"产品“{lost[0]}”没有分配依据", f"product '{lost[0]}' has no allocation property")
    total = sum(outputs[p] * weights[p] for p in outputs)
    if total <= 0:
        raise HengtanError("分配依据合计为零", "the allocation properties add to nothing")
    return {p: outputs[p] * weights[p] / total for p in outputs}


def footprint(processes: Sequence[Process], demand: Mapping[str, float]) -> Footprint:
    r"""Solve :math:`A s = f`, :math:`g = B s`: how much each process runs for a demand, and what it emits.

    Parameters
    ----------
    processes : sequence of Process
        One maker of each product; joint processes must be allocated.
    demand : mapping
        Functional unit: amount of each product. [its unit]

    Raises
    ------
    HengtanError
        Where a product has no maker or two, a process makes nothing, or the system has no solution (a loop that consumes all it makes).

    References
    ----------
    .. [1] Heijungs and Suh (2002), ch. 2; GB/T 24067-2024; ISO 14067:2018.
    """
    held = allocated(processes)
    if len(held) > LIMIT:
        raise HengtanError(f"系统有{len(held)}个过程，超过{LIMIT}", f"{len(held)} processes, more than {LIMIT}")
    makers: dict[str, int] = {}
    for n, p in enumerate(held):
        (product, amount), = p.outputs.items()
        if product in makers:
            raise HengtanError(f"产品“{product}”有两个来源过程：{held[makers[product]].name}、{p.name}", f"product '{product}' has two makers: {held[makers[product]].name}, {p.name}", todo="合并或指明供应过程", todo_en="merge them or name the provider")
        if amount <= 0:
            raise HengtanError(f"过程“{p.name}”的产出不为正", f"process '{p.name}' makes no positive amount")
        makers[product] = n
    for taker, product in [(p.name, k) for p in held for k in p.inputs] + [("功能单位", k) for k in demand]:
        if product not in makers:
            raise HengtanError(f"“{taker}”用到的“{product}”没有来源过程，也没有排放因子", f"'{product}' used by {taker} has no maker and no factor", todo="补充该过程，或按因子填排放", todo_en="add the process, or give its emission factor")
    size = len(held)
    rows, columns, values = list(range(size)), list(range(size)), [next(iter(p.outputs.values())) for p in held]
    for n, p in enumerate(held):
        for product, amount in p.inputs.items():
            rows.append(makers[product])
            columns.append(n)
            values.append(-amount)
    a = sparse.csc_matrix((values, (rows, columns)), shape=(size, size))
    f = np.zeros(size)
    for product, amount in demand.items():
        f[makers[product]] += amount
    try:
        s = splu(a).solve(f)
    except RuntimeError:
        s = np.full(size, np.nan)
    if not np.isfinite(s).all() or np.abs(a @ s - f).max(initial=0.0) > 1e-8 * max(np.abs(f).max(initial=0.0), np.abs(s).max(initial=0.0), 1e-300) or (s < -1e-9 * np.abs(s).max(initial=1.0)).any():
        loops = [p.name for p in held if any(makers.get(k) is not None for k in p.inputs)]
        raise HengtanError(f"系统无解：有循环消耗了自身的全部产出（涉及 {'、'.join(loops[:4])}）", f"the system has no solution: a loop consumes all it makes ({', '.join(loops[:4])})", todo="核对循环中各过程的投入产出", todo_en="check inputs and outputs in the loop")
    by_process = {p.name: float(s[n] * sum(p.emissions.values())) for n, p in enumerate(held)}
    by_flow: dict[str, float] = {}
    by_stage: dict[str, float] = {}
    for n, p in enumerate(held):
        for flow, amount in p.emissions.items():
            by_flow[flow] = by_flow.get(flow, 0.0) + float(s[n] * amount)
        by_stage[p.stage] = by_stage.get(p.stage, 0.0) + by_process[p.name]
    total = float(sum(by_process.values()))
    gross = sum(abs(v) for v in by_process.values())

    def share(chosen: Sequence[bool]) -> float:
        return sum(abs(by_process[p.name]) for p, yes in zip(held, chosen, strict=True) if yes) / gross if gross else 0.0

    return Footprint(
        total, {p.name: float(s[n]) for n, p in enumerate(held)}, by_process, by_flow, by_stage, _quality(held, by_process), share([p.primary for p in held]), share([p.confidence in ("recalled", "proposal") for p in held]),
    )


def quality_rating(marks: Mapping[str, int]) -> float:
    """Data-quality rating of a process: the mean of its five marks, 1 best to 5 (PEF method; GB/T 24067-2024 asks for an evaluation and sets no formula).

    Raises ParameterNotEstablished where a mark is missing, HengtanError where one is not 1 to 5.
    """
    lost = [m for m in MARKS if m not in marks or marks[m] is None]
    if lost:
        raise ParameterNotEstablished(f"数据质量缺“{lost[0]}”评分", f"the data-quality mark '{lost[0]}' is missing", todo="按数据质量评价表给出 1 至 5 分", todo_en="give 1 to 5")
    wrong = [m for m in MARKS if not 1 <= marks[m] <= 5]
    if wrong:
        raise HengtanError(f"数据质量“{wrong[0]}”评分应为 1 至 5", f"the data-quality mark '{wrong[0]}' must be 1 to 5")
    return sum(marks[m] for m in MARKS) / len(MARKS)


def _quality(held: Sequence[Process], by_process: Mapping[str, float]) -> float | None:
    """The rating of the whole, each process weighted by its share; missing where a process that matters has no marks."""
    gross = sum(abs(v) for v in by_process.values())
    total = 0.0
    for p in held:
        weight = abs(by_process[p.name])
        if weight == 0:
            continue
        if any(p.marks.get(m) is None for m in MARKS):
            return None
        total += weight * quality_rating(p.marks)
    return total / gross if gross else None


def compare(variants: Mapping[str, Footprint]) -> list[dict[str, Any]]:
    """Design variants beside the first: by stage, what each emits and the difference. [kg CO2e]"""
    first = next(iter(variants.values()))
    stages = sorted({stage for v in variants.values() for stage in v.by_stage})
    return [
        {"variant": name, "stage": stage, "value": v.by_stage.get(stage, 0.0), "difference": v.by_stage.get(stage, 0.0) - first.by_stage.get(stage, 0.0)}
        for name, v in variants.items() for stage in stages
    ]  # fmt: skip
