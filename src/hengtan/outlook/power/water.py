"""Reservoirs and stores: what is in them, from step to step.

.. math::
    s_t = s_{t-1} (1 - l)^{h} + h \\left( \\eta_{in} c_t - d_t / \\eta_{out} \\right)

with h the hours of the step alone: that a step stands for many days of the year changes what it
costs, never what a store holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.outlook.linear import Array, Block
from hengtan.outlook.power.model import Model, builds, built, column, times
from hengtan.outlook.power.parts import Reservoir, Storage
from hengtan.outlook.power.plants import count_clean, output_of


def add_reservoirs(model: Model) -> None:
    """Hydro plants with storage: inflow, volume, least output, spill."""
    parts = model.system.reservoirs
    if not parts:
        return
    refuse_without_inflow(parts)
    steps, program = model.system.steps, model.program
    least = model.by_step(parts, "least")
    output, _ = output_of(model, "reservoir", parts, column(parts, "cost"), least)
    count_clean(model, parts, output)
    shape = output.shape
    initial = np.array([[np.nan if p.initial is None else p.initial] for p in parts])
    lowest = np.zeros(shape)
    _, last = steps.first_and_last
    lowest[:, last] = np.nan_to_num(initial)
    level = program.variable(
        "reservoir level", shape, "MWh", lower=lowest, upper=column(parts, "volume")
    )
    spill = program.variable("spill", shape, "MW")
    carried = np.ones(shape)
    coming = model.by_step(parts, "inflow") * steps.length
    _begin(carried, coming, initial, steps.first_and_last[0])
    row = program.equal("water", shape, coming, "MWh")
    program.put(row.at, level.at)
    program.put(row.at, level.at[:, steps.before], -carried)
    program.put(row.at, output.at, steps.length)
    program.put(row.at, spill.at, steps.length)


def _begin(carried: Array, coming: Array, initial: Array, first: Any) -> None:
    """Where the store at the start is known it takes the place of the last step's."""
    known = ~np.isnan(initial[:, 0])
    places = np.ix_(known, first)
    carried[places] = 0.0
    coming[places] += initial[known]


def refuse_without_inflow(parts: Sequence[Reservoir]) -> None:
    """Raise ``ParameterNotEstablished`` for a reservoir whose inflow nobody knows."""
    for part in parts:
        if part.inflow is None:
            raise ParameterNotEstablished(
                f"水电站“{part.name}”没有入库流量序列，无法计算其出力与保证出力",
                f"no inflow is known for hydro plant {part.name}, so neither its output nor its"
                " firm output",
                todo="在 hourly_series 表填写入库流量（或各月来水电量），注明来源",
                todo_en="give its inflow in form hourly_series, with the source",
            ).about(
                f"inflow {part.name}",
                ("水文年鉴或电站调度资料", "hydrological yearbook or the plant's operating record"),
            )


def add_storage(model: Model) -> None:
    """Pumped storage, batteries and other stores."""
    parts = model.system.storage
    if not parts:
        return
    steps, program = model.system.steps, model.program
    giving, share = output_of(model, "discharge", parts, column(parts, "cost"))
    taken = [part.capacity if part.charging is None else part.charging for part in parts]
    standing = times(np.array(taken)[:, None], share)
    at, _ = builds(parts)
    upper = standing.copy()
    upper[at] = np.inf
    taking = program.variable("charge", giving.shape, "MW", upper=upper)
    if at:
        more = program.variables["discharge built"]
        room = program.row("charge room", (len(at), model.steps), "MW", upper=standing[at])
        program.put(room.at, taking.at[at])
        program.put(room.at, more.at[:, None], -share[at])
    model.give(parts, taking.at, -1.0)
    level = _level(model, parts)
    keep = (1.0 - column(parts, "loss")) ** steps.length
    row = program.equal("store", giving.shape, 0.0, "MWh")
    program.put(row.at, level.at)
    program.put(row.at, level.at[:, steps.before], -keep)
    program.put(row.at, taking.at, -column(parts, "efficiency_in") * steps.length)
    program.put(row.at, giving.at, steps.length / column(parts, "efficiency_out"))


def _level(model: Model, parts: Sequence[Storage]) -> Block:
    """Variables for what is stored, within what stands and what is built."""
    program, shape = model.program, (len(parts), model.steps)
    energy = column(parts, "energy")
    alone, offers = builds(parts, "build_energy")
    with_power, _ = builds(parts)
    tied = [number for number in with_power if parts[number].ratio is not None]
    upper = np.broadcast_to(energy, shape).copy()
    upper[alone] = np.inf
    upper[tied] = np.inf
    level = program.variable("level", shape, "MWh", upper=upper)
    program.offset += float(times(energy, column(parts, "energy_fixed")).sum())
    at = sorted({*alone, *tied})
    if not at:
        return level
    room = program.row("level room", (len(at), model.steps), "MWh", upper=energy[at])
    program.put(room.at, level.at[at])
    if alone:
        more = built(program, "energy built", offers, "MWh")
        rows = room.at[[at.index(number) for number in alone]]
        program.put(rows, more.at[:, None], -1.0)
    if tied:
        power = program.variables["discharge built"].at[[with_power.index(n) for n in tied]]
        rows = room.at[[at.index(number) for number in tied]]
        program.put(rows, power[:, None], -column([parts[n] for n in tied], "ratio"))
    return level
