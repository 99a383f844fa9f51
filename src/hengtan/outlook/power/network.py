"""What joins a node with others: lines, power from outside, and load that gives way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.outlook.linear import Set
from hengtan.outlook.power.model import Model, builds, built, column, times, windows
from hengtan.outlook.power.parts import Import, Line, Shiftable
from hengtan.outlook.power.plants import output_of


def add_lines(model: Model) -> None:
    """Lines whose flow is chosen, and lines whose flow follows the angles of the nodes."""
    chosen = [line for line in model.system.lines if line.susceptance is None]
    if chosen:
        _add_chosen(model, chosen)
    by_angle = [line for line in model.system.lines if line.susceptance is not None]
    if by_angle:
        _add_by_angle(model, by_angle)


def _add_chosen(model: Model, lines: Sequence[Line]) -> None:
    hours, program = model.system.steps.hours, model.program
    shape = (len(lines), model.steps)
    power = column(lines, "power")
    both = np.array([line.both_ways for line in lines])[:, None]
    at, offers = builds(lines)
    upper = np.broadcast_to(power, shape).copy()
    upper[at] = np.inf
    cost = column(lines, "cost") * hours
    forward = program.variable("forward", shape, "MW", upper=upper, cost=cost)
    back = program.variable("back", shape, "MW", upper=np.where(both, upper, 0.0), cost=cost)
    efficiency = column(lines, "efficiency")
    model.give(lines, forward.at, -1.0, "start")
    model.give(lines, forward.at, efficiency, "end")
    model.give(lines, back.at, -1.0, "end")
    model.give(lines, back.at, efficiency, "start")
    program.offset += float(times(power, column(lines, "fixed")).sum())
    if not at:
        return
    more = built(program, "line built", offers, "MW")
    for word, flow in (("forward", forward), ("back", back)):
        room = program.row(f"{word} room", (len(at), model.steps), "MW", upper=power[at])
        program.put(room.at, flow.at[at])
        program.put(room.at, more.at[:, None], -1.0)


def _add_by_angle(model: Model, lines: Sequence[Line]) -> None:
    """Flow = susceptance × difference of angles (direct-current approximation).

    .. math:: f_{ij} = b_{ij} (\\theta_i - \\theta_j)

    References
    ----------
    .. [1] Wood, Wollenberg, Sheblé (2013), Power Generation, Operation, and Control, ch. 3.
    """
    program, shape = model.program, (len(lines), model.steps)
    power, susceptance = column(lines, "power"), column(lines, "susceptance")
    most = np.minimum(power, times(column(lines, "angle"), susceptance))
    flow = program.variable("flow", shape, "MW", lower=-most, upper=most)
    free = np.inf * np.ones((len(model.system.nodes), 1))
    free[model.node(lines[:1], "start")] = 0.0
    angles = (len(model.system.nodes), model.steps)
    angle = program.variable("angle", angles, "rad", lower=-free, upper=free)
    row = program.equal("flow by angle", shape, 0.0, "MW")
    program.put(row.at, flow.at)
    program.put(row.at, angle.at[model.node(lines, "start")], -susceptance)
    program.put(row.at, angle.at[model.node(lines, "end")], susceptance)
    model.give(lines, flow.at, -1.0, "start")
    model.give(lines, flow.at, 1.0, "end")
    program.offset += float(times(power, column(lines, "fixed")).sum())


def add_imports(model: Model) -> None:
    """Power from outside: within its line, its contract and with its named carbon factor."""
    parts = model.system.imports
    if not parts:
        return
    refuse_unnamed_factors(parts)
    hours = model.system.steps.hours
    shaped = np.array([part.shaped for part in parts])[:, None]
    least = np.where(
        shaped, times(column(parts, "capacity"), model.by_step(parts, "available")), 0.0
    )
    output, _ = output_of(model, "import", parts, column(parts, "cost"), least)
    model.carbon.add(output.at, column(parts, "factor") * hours)
    model.clean.add(output.at, column(parts, "clean") * hours)
    model.bought.add(output.at, (1.0 - column(parts, "clean")) * hours)
    lower, upper = column(parts, "at_least"), column(parts, "at_most")
    at = np.flatnonzero((lower > 0)[:, 0] | np.isfinite(upper)[:, 0])
    if at.size:
        limit = Set("外来电合同电量", "contracted imports")
        row = model.program.row(
            "contracts", (at.size, 1), "MWh", lower=lower[at], upper=upper[at], limit=limit
        )
        model.program.put(row.at, output.at[at], hours)


def refuse_unnamed_factors(parts: Sequence[Import]) -> None:
    """Raise ``ParameterNotEstablished`` for an import without a carbon factor or its name."""
    for part in parts:
        if part.factor is None or not part.factor_name:
            raise ParameterNotEstablished(
                f"外来电“{part.name}”没有选定并注明碳排放因子",
                f"no carbon factor is chosen and named for import {part.name}",
                todo="在 power_lines 表填写所用因子及其名称（送端电源构成，或官方区域因子及年份）",
                todo_en="give the factor and its name in form power_lines (mix of the sender, or"
                " the official regional factor and its year)",
            ).about(
                f"factor {part.name}", ("送受电合同或官方因子公告", "contract or official notice")
            )


def add_load(model: Model) -> None:
    """Load that shifts, load that is given up, and demand that is not served."""
    hours, program = model.system.steps.hours, model.program
    if model.system.shiftable:
        _add_shiftable(model, model.system.shiftable)
    if model.system.curtailable:
        _add_curtailable(model)
    if model.system.shortage is not None:
        demand = np.maximum(model.system.demand, 0.0)
        cost = model.system.shortage * hours
        missing = program.variable("shortage", demand.shape, "MW", upper=demand, cost=cost)
        program.put(model.balance.at, missing.at, model.system.steps.length)


def _add_shiftable(model: Model, parts: Sequence[Shiftable]) -> None:
    steps, program = model.system.steps, model.program
    shape = (len(parts), model.steps)
    half = column(parts, "cost") * steps.hours
    down = program.variable(
        "shifted away", shape, "MW", upper=model.by_step(parts, "down"), cost=half
    )
    more = program.variable("shifted here", shape, "MW", upper=model.by_step(parts, "up"))
    model.give(parts, down.at, 1.0)
    model.give(parts, more.at, -1.0)
    for number, part in enumerate(parts):
        window, count = windows(steps, part.window)
        row = program.equal(f"shifted {part.name}", count, 0.0, "MWh")
        program.put(row.at[window], down.at[number], steps.length)
        program.put(row.at[window], more.at[number], -steps.length)


def _add_curtailable(model: Model) -> None:
    parts, steps, program = model.system.curtailable, model.system.steps, model.program
    power = model.by_step(parts, "power")
    cost = column(parts, "price") * steps.hours
    gone = program.variable("curtailed load", power.shape, "MW", upper=power, cost=cost)
    model.give(parts, gone.at, 1.0)
    day, days = windows(steps, 24.0)
    for number, part in enumerate(parts):
        call = float(power[number].max()) * part.hours
        if part.hours < 24.0:
            row = program.row(f"a day {part.name}", days, "MWh", upper=call)
            program.put(row.at[day], gone.at[number], steps.length)
        if np.isfinite(part.calls):
            limit = Set(f"“{part.name}”年调用次数", f"calls of {part.name} in a year")
            year = program.row(f"calls {part.name}", 1, "MWh", upper=call * part.calls, limit=limit)
            program.put(year[0], gone.at[number], steps.hours)
