"""Processes with more than one product: shares by mass, energy or value, system expansion by substitution, cut-off of waste and recyclate.

ISO 14044:2006 4.3.4 (GB/T 24044) sets the order: divide or expand the system first, then physical relations, then economic value. Which one is declared per process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hengtan.accounts.carbon.unit_process import Need, Process
from hengtan.basis.errors import HengtanError


def allocated(processes: Sequence[Process]) -> list[Process]:
    """Joint processes split into one process a product by their allocation shares; what is split adds to the whole.

    A product that substitutes becomes a negative need for what it displaces; a product or need that is cut off is left out. Raises HengtanError where a process
    has nothing left to carry its burden, or where shares of a joint process are missing, negative or do not add to one.
    """
    made: list[Process] = []
    for p in processes:
        outputs = {
            k: v for k, v in p.outputs.items() if k not in p.cut_off and k not in p.substitutes
        }
        if not outputs:
            raise HengtanError(
                f"过程“{p.name}”没有产出" + ("，截断或替代之后无产品承担排放" if p.outputs else ""),
                f"process '{p.name}' makes nothing"
                + (" that carries its burden" if p.outputs else ""),
                todo="填一行方向为“产出”的主产品",
                todo_en="give an output row of its main product",
            )
        inputs = {k: v for k, v in p.inputs.items() if k not in p.cut_off}
        for product, (displaced, per_unit) in p.substitutes.items():
            inputs[displaced] = inputs.get(displaced, 0.0) - p.outputs[product] * per_unit
        plain = replace(
            p,
            outputs=outputs,
            inputs=inputs,
            allocation={},
            substitutes={},
            cut_off=frozenset(),
            origin=p.origin or p.name,
        )
        if len(outputs) == 1:
            made.append(plain)
            continue
        shares = {k: v for k, v in p.allocation.items() if k in outputs}
        if (
            set(shares) != set(outputs)
            or abs(sum(shares.values()) - 1) > 1e-6
            or min(shares.values()) < 0
        ):
            raise HengtanError(
                f"过程“{p.name}”一过程多产品（{'、'.join(outputs)}），分配比例缺失或合计不为 1",
                f"joint process '{p.name}' ({', '.join(outputs)}): allocation shares are missing or do not add to one",
                todo="按质量、能量或经济价值给出分配比例，或声明替代、截断",
                todo_en="give shares by mass, energy or value, or declare substitution or cut-off",
            )
        for product, amount in outputs.items():
            share = shares[product]
            parts = {flow: replace(e, amount=e.amount * share) for flow, e in p.emitted().items()}
            made.append(
                replace(
                    plain,
                    name=f"{p.name} → {product}",
                    outputs={product: amount},
                    inputs={k: v * share for k, v in inputs.items()},
                    emissions=parts,
                )
            )
    return made


def shares_by(outputs: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Allocation shares by a property per unit of product (mass, energy content, price); they add to one. Raises HengtanError where a weight is missing or all are zero."""
    lost = [p for p in outputs if weights.get(p) is None]
    if lost:
        raise HengtanError(
            f"产品“{lost[0]}”没有分配依据",
            f"product '{lost[0]}' has no allocation property",
            todo="填写单位产品的质量、热值或价格",
            todo_en="give its mass, energy or price per unit",
        )
    total = sum(outputs[p] * weights[p] for p in outputs)
    if not total > 0 or any(outputs[p] * weights[p] < 0 for p in outputs):
        raise HengtanError(
            "分配依据合计为零或有负值",
            "the allocation properties add to nothing, or one is negative",
            todo="核对分配依据",
            todo_en="check them",
        )
    return {p: outputs[p] * weights[p] / total for p in outputs}


def substituted(displaced: Need, per_unit: float = 1.0) -> tuple[Need, float]:
    """What one unit of a by-product displaces. Raises HengtanError unless the ratio is positive."""
    if not per_unit > 0:
        raise HengtanError(
            f"替代比例应为正：{per_unit}",
            f"a substitution ratio must be positive: {per_unit}",
            todo="核对替代比例",
            todo_en="check the ratio",
        )
    return displaced, per_unit
