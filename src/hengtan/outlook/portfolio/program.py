"""The program of a portfolio at a point: levels, their pace, budgets, exclusions, prerequisites and
equity as they are, targets by their tangents.

Levels alone are variables: capital is paid on their rises, whose coefficients are differences, so
that 60 measures of 40 districts and 11 years are 26,400 columns and as many rows of pace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.linear import Block, Program, Set
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.money import capital_of_floor, capital_of_level, cost_of_level
from hengtan.outlook.portfolio.sides import Side
from hengtan.outlook.portfolio.study import Equity, Study, Target
from hengtan.outlook.portfolio.tangent import tangent_by_level

MONEY = "万元"
CAPITAL = Set("投资预算", "capital budget")
SPENDING = Set("支出预算（投资与运行）", "budget of capital and running cost")


@dataclass(frozen=True)
class Point:
    """Where a program is linearised, what the targets' tangents are there, and how far from there
    levels may go (1: anywhere).
    """

    level: Array
    tangents: Any
    reach: float = 1.0


def program_at(study: Study, side: Side, point: Point) -> Program:
    """The linear program of a study at a point."""
    cost, constant = cost_of_level(study)
    program = Program(study.name, offset=constant)
    lower, upper = bounds(study, point)
    level = program.variable("level", study.shape, "1", lower=lower, upper=upper, cost=cost)
    _pace(study, program, level)
    _begun(study, program, level)
    _budgets(study, program, level)
    _fields(study, program, level)
    _together(study, program, level)
    for number, equity in enumerate(study.equity):
        _equity(study, program, level, equity, (number, point.level))
    side.put(study, program, point.tangents, level)
    return program


def bounds(study: Study, point: Point) -> tuple[Array, Array]:
    """Lower and upper bounds of the levels, (M, R, Y) each, within the reach of a point."""
    lower = study.nothing
    upper = study.ceiling.copy()
    first = study.floor + study.step[:, None]
    upper[:, :, 0] = np.minimum(upper[:, :, 0], first)
    if point.reach >= 1:
        return lower, upper
    near = np.maximum(lower, point.level - point.reach)
    far = np.minimum(upper, point.level + point.reach)
    return np.minimum(near, upper), np.maximum(far, lower)


def _pace(study: Study, program: Program, level: Block) -> None:
    """No level falls, and none rises quicker than its step."""
    measures, regions, years = study.shape
    if years < 2:
        return
    step = study.step[:, None, None]
    pace = program.row("pace", (measures, regions, years - 1), "1/a", lower=0.0, upper=step)
    program.put(pace.at, level[:, :, 1:])
    program.put(pace.at, level[:, :, :-1], -1.0)


def _begun(study: Study, program: Program, level: Block) -> None:
    """Measures that are taken wholly or not at all: one year of beginning at most, then at full
    pace to the ceiling.
    """
    if not study.whole:
        return
    chosen = list(study.whole)
    _, regions, years = study.shape
    shape = (len(chosen), regions, years)
    begun = program.variable("begun", shape, "1", upper=1.0, integer=True)
    once = program.row("begun once", shape[:2], "1", upper=1.0)
    program.put(once.at[:, :, None], begun.at)
    course = courses(study)
    follows = program.equal("whole", shape, study.floor[chosen][:, :, None], "1")
    program.put(follows.at, level[chosen])
    rows = follows.at[:, :, :, None]
    _put_some(program, rows, begun.at[:, :, None, :], -course)


def courses(study: Study) -> Array:
    """Level above the floor in a year of a measure begun in another, (whole, R, year, begun)."""
    chosen = list(study.whole)
    years = np.arange(study.shape[2])
    age = years[:, None] - years[None, :] + 1
    quick = np.maximum(age, 0)[None, None] * study.step[chosen][:, None, None, None]
    room = study.ceiling[chosen] - study.floor[chosen][:, :, None]
    course = np.minimum(quick, room[:, :, :, None])
    may_begin = (room > 0)[:, :, None, :]
    return np.where(may_begin & (age > 0)[None, None], course, 0.0)


def _budgets(study: Study, program: Program, level: Block) -> None:
    capital = capital_of_level(study)
    floor = capital_of_floor(study).sum(axis=(0, 1))
    running = study.costs.running
    already = (running * study.floor).sum()
    for name, budget, said, with_running in (
        ("capital", study.capital_budget, CAPITAL, False),
        ("spending", study.spending_budget, SPENDING, True),
    ):
        for year in np.flatnonzero(np.isfinite(budget)):
            room = budget[year] + floor[year] + (already if with_running else 0.0)
            label = study.pathway.years[year]
            now = float(budget[year])
            words = Set(f"{label}年{said.zh}", f"{said.en} of {label}", now=now)
            row = program.row(f"{name} {label}", 1, MONEY, upper=room, limit=words)
            _put_some(program, row[0], level.at, capital[:, :, year, :])
            if with_running:
                program.put(row[0], level[:, :, year], running)


def _put_some(program: Program, rows: Any, columns: Any, values: Array) -> None:
    """Put the coefficients that are not zero."""
    rows, columns = np.broadcast_to(rows, values.shape), np.broadcast_to(columns, values.shape)
    some = values != 0
    program.put(rows[some], columns[some], values[some])


def _fields(study: Study, program: Program, level: Block) -> None:
    """Exclusions and prerequisites, in each region and year; parts of one level count once."""
    shape = study.shape[1:]
    leads = study.leads
    for number, group in enumerate(study.exclusions):
        row = program.row(f"exclusion {number}", shape, "1", upper=1.0)
        own = np.broadcast_to(leads[list(group)][:, :, None], (len(group), *shape))
        _put_some(program, row.at, level[list(group)], own)
    for number, (measure, needed) in enumerate(study.prerequisites):
        row = program.row(f"prerequisite {number}", shape, "1", upper=0.0)
        program.put(row.at, level[measure])
        program.put(row.at, level[needed], -1.0)


def _together(study: Study, program: Program, level: Block) -> None:
    """Parts of one measure have one level."""
    if not study.together:
        return
    measures, others, regions = np.array(study.together).T
    rows = program.equal("together", (len(measures), study.shape[2]), 0.0, "1")
    program.put(rows.at, level.at[measures, regions])
    program.put(rows.at, level.at[others, regions], -1.0)


def _equity(
    study: Study, program: Program, level: Block, equity: Equity, at: tuple[int, Array]
) -> None:
    """Each region's part of all, as a variable, between its bounds."""
    number, point = at
    count = study.shape[1]
    unit = MONEY if equity.of == "spending" else "tCO2e"
    coefficients, constant = part_of_level(study, equity, point)
    name = f"equity {number}"
    part = program.variable(f"{name} part", count, unit, lower=-np.inf)
    adds_up = program.equal(f"{name} sum", count, -constant, unit)
    _put_some(program, adds_up.at[None, :, None], level.at, coefficients)
    program.put(adds_up.at, part.at, -1.0)
    for word, share, sign in (("least", equity.least, -1.0), ("most", equity.most, 1.0)):
        if share == 0 or not np.isfinite(share):
            continue
        row = program.row(f"{name} {word}", count, unit, upper=0.0, limit=_said(equity, word))
        program.put(row.at, part.at, sign)
        program.put(row.at[:, None], part.at[None, :], -sign * share * equity.key[:, None])


def _said(equity: Equity, word: str) -> Set:
    what_zh, what_en = ("投资", "capital") if equity.of == "spending" else ("减排", "cut")
    bound_zh, bound_en = ("下限", "least") if word == "least" else ("上限", "most")
    law = f"（{equity.law}）" if equity.law else ""
    zh, en = f"各区县{what_zh}占比{bound_zh}{law}", f"{bound_en} share of {what_en} by district"
    return Set(zh, en, by_district=True)


def part_of_level(study: Study, equity: Equity, point: Array) -> tuple[Array, Array]:
    """What a region spends or cuts in all years, as coefficients of levels and a constant (R,)."""
    if equity.of == "spending":
        coefficients = capital_of_level(study).sum(axis=2)
        return coefficients, -capital_of_floor(study).sum(axis=(0, 2))
    everything = Target("", "", 0.0, tuple(range(study.shape[2])))
    start = tangent_by_level(study, study.nothing, everything).value
    here = tangent_by_level(study, point, everything)
    cut = (start - here.value + (here.slope * point).sum(axis=0)).sum(axis=1)
    return -here.slope, cut


def equity_gap(study: Study, point: Array, level: Array) -> float:
    """How far the cuts of regions, as seen from a point, are from those of the model at a level,
    relative to all that is cut; 0 where nobody asks for equity of the cut. [1]
    """
    gap = 0.0
    for equity in study.equity:
        if equity.of == "cut":
            seen, there = (_parts(study, equity, at, level) for at in (point, level))
            gap = max(gap, float(np.abs(seen - there).max() / max(abs(there.sum()), 1e-12)))
    return gap


def _parts(study: Study, equity: Equity, point: Array, level: Array) -> Array:
    """What each region cuts at a level, as seen from a point, (R,)."""
    coefficients, constant = part_of_level(study, equity, point)
    parts: Array = constant + (coefficients * level).sum(axis=(0, 2))
    return parts
