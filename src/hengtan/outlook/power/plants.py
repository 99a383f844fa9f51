"""Plants: output within what can run, fuel, commitment of units in clusters, starts and ramps.

Commitment counts units of a cluster (Palmintier and Webster 2014; a fraction of units where it is
relaxed). With u on, v started and w stopped in a step:

.. math::
    u_t - u_{t-1} = v_t - w_t, \\qquad
    \\underline{p}\\, u_t \\le p_t \\le \\overline{p}\\, u_t, \\qquad
    \\sum_{t' > t - up} v_{t'} \\le u_t, \\qquad
    \\sum_{t' > t - down} w_{t'} \\le n - u_t
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hengtan.outlook.linear import Array, Block
from hengtan.outlook.power.model import Model, builds, built, column, times
from hengtan.outlook.power.parts import Plant, Thermal


def output_of(
    model: Model, name: str, parts: Sequence[Plant], cost: Array, lower: Any = 0.0
) -> tuple[Block, Array]:
    """Variables for the output of plants within capacity × available, and what was available.

    Parameters
    ----------
    cost : array
        Cost of a MWh, parts × 1 or parts × steps.

    Returns
    -------
    tuple
        Block of parts × steps [MW] and shares of the capacity that can run.
    """
    steps = model.system.steps
    share = model.by_step(parts, "available")
    standing = times(column(parts, "capacity"), share)
    at, offers = builds(parts)
    upper = standing.copy()
    upper[at] = np.inf
    output = model.program.variable(
        name, upper.shape, "MW", lower=lower, upper=upper, cost=cost * steps.hours
    )
    if at:
        more = built(model.program, f"{name} built", offers, "MW")
        room = model.program.row(f"{name} room", (len(at), model.steps), "MW", upper=standing[at])
        model.program.put(room.at, output.at[at])
        model.program.put(room.at, more.at[:, None], -share[at])
    count_firm(model, parts, at, name)
    model.program.offset += standing_cost(parts)
    model.give(parts, output.at, 1.0 - column(parts, "own_use"))
    return output, share


def count_firm(model: Model, parts: Sequence[Plant], at: Sequence[int], name: str) -> None:
    """Add what counts towards the reserve margin: standing, and built."""
    credit = (column(parts, "firm") * (1.0 - column(parts, "own_use")))[:, 0]
    capacity = column(parts, "capacity")[:, 0]
    model.firm.constant += float(times(capacity, credit).sum())
    if at:
        model.firm.add(model.program.variables[f"{name} built"].at, credit[list(at)])


def standing_cost(parts: Sequence[Plant]) -> float:
    """Yearly cost of what stands."""
    return float(times(column(parts, "capacity"), column(parts, "fixed")).sum())


def add_variable(model: Model) -> None:
    """Wind, sun and run of river."""
    parts = model.system.variable
    if parts:
        output, _ = output_of(model, "variable", parts, column(parts, "cost"))
        count_clean(model, parts, output)


def count_clean(model: Model, parts: Sequence[Plant], output: Block) -> None:
    """Add non-fossil output of the year to the sum of it."""
    clean = np.array([part.non_fossil for part in parts], dtype=float)[:, None]
    if clean.any():
        model.clean.add(output.at, clean * model.system.steps.hours)


def add_thermal(model: Model) -> None:
    """Units that burn fuel, those with commitment apart."""
    plain = [part for part in model.system.thermal if part.commitment == "none"]
    if plain:
        price = fuel_price(model, plain)
        heat = column(plain, "heat_rate") + column(plain, "no_load")
        output, _ = output_of(model, "thermal", plain, column(plain, "cost") + heat * price)
        burn(model, plain, output, heat * model.system.steps.hours)
        count_clean(model, plain, output)
        keep_flat(model, plain, output)
        limit_ramps(model, plain, output)
    committed = [part for part in model.system.thermal if part.commitment != "none"]
    if committed:
        add_committed(model, committed)


def fuel_price(model: Model, parts: Sequence[Thermal]) -> Array:
    """Price of heat of each part; nothing here where the price depends on how much is burnt."""
    fuels = {fuel.name: fuel for fuel in model.system.fuels}
    prices = [
        0.0 if not part.fuel or fuels[part.fuel].tiered else fuels[part.fuel].supply[0].price
        for part in parts
    ]
    return np.array(prices, dtype=float)[:, None]


def burn(model: Model, parts: Sequence[Thermal], block: Block, heat: Array) -> None:
    """Add heat [GJ/a for one unit of each variable] to the sums of fuels and of carbon."""
    fuels = {fuel.name: fuel for fuel in model.system.fuels}
    heat = np.broadcast_to(heat, block.shape)
    for name in {part.fuel for part in parts if part.fuel}:
        at = [number for number, part in enumerate(parts) if part.fuel == name]
        model.heat[name].add(block.at[at], heat[at])
        model.carbon.add(block.at[at], heat[at] * fuels[name].carbon)


def keep_flat(model: Model, parts: Sequence[Thermal], output: Block) -> None:
    """Output that is the same in all steps."""
    at = [number for number, part in enumerate(parts) if part.flat]
    if at:
        level = model.program.variable("flat", len(at), "MW")
        same = model.program.equal("flat output", (len(at), model.steps), 0.0, "MW")
        model.program.put(same.at, output.at[at])
        model.program.put(same.at, level.at[:, None], -1.0)


def limit_ramps(model: Model, parts: Sequence[Thermal], output: Block) -> None:
    """Change of output from step to step, as a share of the capacity, without commitment."""
    at = [number for number, part in enumerate(parts) if part.ramp < 1.0]
    if not at:
        return
    length, before = model.system.steps.length, model.system.steps.before
    chosen = [parts[number] for number in at]
    move = column(chosen, "ramp") * column(chosen, "capacity") * length
    row = model.program.row("ramps", (len(at), model.steps), "MW", lower=-move, upper=move)
    model.program.put(row.at, output.at[at])
    model.program.put(row.at, output.at[at][:, before], -1.0)


def add_committed(model: Model, parts: Sequence[Thermal]) -> None:
    """Units that are on or off, in clusters."""
    hours, often = model.system.steps.hours, model.system.steps.times
    program, shape = model.program, (len(parts), model.steps)
    unit = column(parts, "unit") * model.by_step(parts, "available")
    price = fuel_price(model, parts)
    count = column(parts, "count")
    at, offers = builds(parts)
    free = count.copy()
    free[at] = np.inf
    output = program.variable(
        "committed",
        shape,
        "MW",
        cost=(column(parts, "cost") + column(parts, "heat_rate") * price) * hours,
    )
    must = np.array([part.must_run for part in parts])[:, None]
    whole = np.array([part.commitment == "integer" for part in parts])[:, None]
    on = program.variable(
        "online",
        shape,
        "units",
        lower=np.where(must, count, 0.0),
        upper=free,
        cost=column(parts, "no_load") * price * unit * hours,
        integer=whole,
    )
    starting = (column(parts, "start_cost") + column(parts, "start_heat") * price) * unit * often
    started = program.variable("started", shape, "units", upper=free, cost=starting, integer=whole)
    stopped = program.variable("stopped", shape, "units", upper=free, integer=whole)
    burn(model, parts, output, column(parts, "heat_rate") * hours)
    burn(model, parts, on, column(parts, "no_load") * unit * hours)
    burn(model, parts, started, column(parts, "start_heat") * unit * often)
    if at:
        more = built(program, "committed built", offers, "MW")
        room = program.row("committed room", (len(at), model.steps), "units", upper=count[at])
        program.put(room.at, on.at[at])
        program.put(room.at, more.at[:, None], -1.0 / column(parts, "unit")[at])
    count_firm(model, parts, at, "committed")
    program.offset += standing_cost(parts)
    count_clean(model, parts, output)
    model.give(parts, output.at, 1.0 - column(parts, "own_use"))
    _commitment_rows(model, parts, (output, on, started, stopped), unit)


def _commitment_rows(
    model: Model, parts: Sequence[Thermal], blocks: Sequence[Block], unit: Array
) -> None:
    output, on, started, stopped = blocks
    program, before = model.program, model.system.steps.before
    change = program.equal("commitment", on.shape, 0.0, "units")
    program.put(change.at, on.at)
    program.put(change.at, on.at[:, before], -1.0)
    program.put(change.at, started.at, -1.0)
    program.put(change.at, stopped.at, 1.0)
    most = program.row("committed most", on.shape, "MW", upper=0.0)
    program.put(most.at, output.at)
    program.put(most.at, on.at, -unit)
    least = column(parts, "least")
    at = np.flatnonzero(least[:, 0] > 0)
    if at.size:
        row = program.row("committed least", (at.size, model.steps), "MW", lower=0.0)
        program.put(row.at, output.at[at])
        program.put(row.at, on.at[at], -(unit * least)[at])
    _stay(model, parts, "up", started, on)
    _stay(model, parts, "down", stopped, on)
    _committed_ramps(model, parts, blocks, unit)


def _stay(model: Model, parts: Sequence[Thermal], word: str, changed: Block, on: Block) -> None:
    """Units that were started stay on, those that were stopped stay off, for their hours."""
    steps = model.system.steps
    spans = [round(getattr(part, word) / float(steps.length[0])) for part in parts]
    at = [number for number, span in enumerate(spans) if span > 0]
    if not at:
        return
    if np.ptp(steps.length) > 0:
        raise ValueError("least hours on or off need steps of one length")
    off = word == "down"
    count = column([parts[number] for number in at], "count") if off else 0.0
    shape = (len(at), model.steps)
    row = model.program.row(f"stay {word}", shape, "units", upper=count)
    model.program.put(row.at, on.at[at], 1.0 if off else -1.0)
    _count_built(model, parts, at, row if off else None)
    back = np.arange(model.steps, dtype=np.int32)
    for past in range(max(spans)):
        places = [place for place, number in enumerate(at) if spans[number] > past]
        numbers = [at[place] for place in places]
        model.program.put(row.at[places], changed.at[numbers][:, back])
        back = steps.before[back]


def _count_built(
    model: Model, parts: Sequence[Thermal], at: Sequence[int], row: Block | None
) -> None:
    """Units that are built can be off too."""
    building, _ = builds(parts)
    for order, number in enumerate(building):
        if row is not None and number in at:
            more = model.program.variables["committed built"].at[order]
            model.program.put(row.at[list(at).index(number)], more, -1.0 / parts[number].unit)


def _committed_ramps(
    model: Model, parts: Sequence[Thermal], blocks: Sequence[Block], unit: Array
) -> None:
    """Output of units that stay on changes by their ramp; starting or stopping by what they need.

    .. math:: p_t - p_{t-1} \\le r\\, \\bar p (u_t - v_t) + \\max(r, \\underline{p})\\, \\bar p v_t
    """
    at = [number for number, part in enumerate(parts) if part.ramp < 1.0]
    if not at:
        return
    output, on, started, stopped = (block.at[at] for block in blocks)
    chosen = [parts[number] for number in at]
    before = model.system.steps.before
    size = unit[at]
    moves = np.minimum(column(chosen, "ramp") * model.system.steps.length, 1.0)
    jump = np.maximum(moves, column(chosen, "least"))
    put = model.program.put
    up = model.program.row("ramps up", output.shape, "MW", upper=0.0)
    put(up.at, output)
    put(up.at, output[:, before], -1.0)
    put(up.at, on, -moves * size)
    put(up.at, started, (moves - jump) * size)
    down = model.program.row("ramps down", output.shape, "MW", upper=0.0)
    put(down.at, output, -1.0)
    put(down.at, output[:, before])
    put(down.at, on, -moves * size)
    put(down.at, started, moves * size)
    put(down.at, stopped, -jump * size)
