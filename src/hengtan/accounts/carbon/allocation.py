"""Processes with more than one product: shares by mass, energy or value, system expansion by
substitution, cut-off of waste and recyclate.

ISO 14044:2006 4.3.4 (GB/T 24044) sets the order: divide or expand the system first, then physical
relations, then economic value. Which one is declared per process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hengtan.accounts.carbon.refusals import refusal
from hengtan.accounts.carbon.unit_process import Need, Process


def allocated(processes: Sequence[Process]) -> list[Process]:
    """Joint processes split into one process a product by their allocation shares; what is split
    adds to the whole.

    A product that substitutes becomes a negative need for what it displaces; a product or need that
    is cut off is left out. Raises HengtanError where a process has nothing left to carry its
    burden, or where shares of a joint process are missing, negative or do not add to one.
    """
    separate: list[Process] = []
    for process in processes:
        single = _expanded(process)
        if len(single.outputs) == 1:
            separate.append(single)
        else:
            separate += _split(process, single)
    return separate


def _expanded(process: Process) -> Process:
    """A process without what is cut off, and with what its by-products displace taken off its
    needs."""
    gone = {*process.cut_off, *process.substitutes}
    outputs = {name: amount for name, amount in process.outputs.items() if name not in gone}
    if not outputs:
        code = "nothing_carries_burden" if process.outputs else "makes_nothing"
        raise refusal(code, process.name)
    needs = process.inputs.items()
    inputs = {need: amount for need, amount in needs if need not in process.cut_off}
    for product, (displaced, per_unit) in process.substitutes.items():
        credit = process.outputs[product] * per_unit
        inputs[displaced] = inputs.get(displaced, 0.0) - credit
    return replace(
        process,
        outputs=outputs,
        inputs=inputs,
        allocation={},
        substitutes={},
        cut_off=frozenset(),
        origin=process.origin or process.name,
    )


def _split(process: Process, single: Process) -> list[Process]:
    """A joint process as one process a product."""
    outputs = single.outputs
    shares = {name: share for name, share in process.allocation.items() if name in outputs}
    whole = abs(sum(shares.values()) - 1) <= 1e-6
    if set(shares) != set(outputs) or not whole or min(shares.values()) < 0:
        raise refusal("no_allocation", process.name, "、".join(outputs), ", ".join(outputs))
    emitted = process.emitted().items()
    return [
        replace(
            single,
            name=f"{process.name} → {product}",
            outputs={product: amount},
            inputs={need: taken * shares[product] for need, taken in single.inputs.items()},
            emissions={
                flow: replace(emission, amount=emission.amount * shares[product])
                for flow, emission in emitted
            },
        )
        for product, amount in outputs.items()
    ]


def shares_by(outputs: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Allocation shares by a property per unit of product (mass, energy content, price); they add
    to one. Raises HengtanError where a weight is missing or all are zero.
    """
    lost = [p for p in outputs if weights.get(p) is None]
    if lost:
        raise refusal("no_allocation_property", lost[0])
    total = sum(outputs[p] * weights[p] for p in outputs)
    if not total > 0 or any(outputs[p] * weights[p] < 0 for p in outputs):
        raise refusal("allocation_property_zero")
    return {p: outputs[p] * weights[p] / total for p in outputs}


def substituted(displaced: Need, per_unit: float = 1.0) -> tuple[Need, float]:
    """What one unit of a by-product displaces. Raises HengtanError unless the ratio is positive."""
    if not per_unit > 0:
        raise refusal("substitution_ratio", per_unit)
    return displaced, per_unit
