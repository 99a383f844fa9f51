"""Carries out the steps of a program over draws.

Written once for NumPy and numba: the words below work on whole arrays here, and are loops that the
compiler turns into vector instructions in ``compiled.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hengtan.outlook.uncertainty.program import Program

Numbers = np.ndarray[Any, Any]


def fill(target: Numbers, value: float) -> None:
    target[:] = value


def assign(target: Numbers, source: Numbers) -> None:
    target[:] = source


def multiply(target: Numbers, other: Numbers) -> None:
    target *= other


def keep(target: Numbers, effect: Numbers, reach: float) -> None:
    """What a measure leaves: times 1 - reach effect."""
    target *= 1 - effect.dtype.type(reach) * effect


def grow(target: Numbers, deviation: Numbers, times: int) -> None:
    """Times (1 + deviation), as many times as asked."""
    for _ in range(times):
        target *= 1 + deviation


def move(source: Numbers, target: Numbers, effect: Numbers, reach: float, ratio: float) -> None:
    """Takes a share of the source away; a unit of it is ``ratio`` units of the target."""
    gone = effect.dtype.type(reach) * effect * source
    source -= gone
    target += effect.dtype.type(ratio) * gone


def add(total: Numbers, weight: float, term: Numbers) -> None:
    """Adds a term to a total in double precision."""
    total += weight * term.astype(np.float64)


def evaluate(
    program: Program, effects: Numbers, totals: Numbers, scratch: Numbers, first: int
) -> None:
    """Adds to ``totals`` (Q, Y, N) what draws of ``effects`` (M, N) come to, from draw ``first`` on
    as many as ``scratch`` (registers + 2, B) is wide.
    """
    classes, _, years = program.reach.shape
    for place in range(classes):
        for year in range(years):
            products(program, effects, scratch, first, place, year)
            trends(program, effects, scratch, first, year)
            flows(program, effects, scratch, first, place, year)
            collect(program, totals, scratch, first, place, year)


def products(
    program: Program, effects: Numbers, scratch: Numbers, first: int, place: int, year: int
) -> None:
    last = first + scratch.shape[1]
    for number in range(len(program.product_start) - 1):
        if program.product_changes[number, year] == 0:
            continue
        register = scratch[number]
        fill(register, 1.0)
        for entry in range(program.product_start[number], program.product_start[number + 1]):
            measure = program.product_measure[entry]
            reach = program.reach[place, measure, year]
            if reach != 0:
                keep(register, effects[measure, first:last], reach)


def trends(program: Program, effects: Numbers, scratch: Numbers, first: int, year: int) -> None:
    last = first + scratch.shape[1]
    for number in range(len(program.trend_register)):
        register = scratch[program.trend_register[number]]
        if year == 0:
            fill(register, 1.0)
        deviation = effects[program.trend_measure[number], first:last]
        grow(register, deviation, program.trend_steps[number, year])


def flows(
    program: Program, effects: Numbers, scratch: Numbers, first: int, place: int, year: int
) -> None:
    last = first + scratch.shape[1]
    for group in range(len(program.flow_start) - 1):
        if program.flow_changes[group, year] == 0:
            continue
        for entry in range(program.flow_start[group], program.flow_start[group + 1]):
            fill(scratch[program.flow_register[entry]], program.flow_value[entry])
        for step in range(program.move_start[group], program.move_start[group + 1]):
            measure = program.move_measure[step]
            reach = program.reach[place, measure, year]
            if reach != 0:
                move(
                    scratch[program.move_from[step]],
                    scratch[program.move_to[step]],
                    effects[measure, first:last],
                    reach,
                    program.move_ratio[step],
                )


def collect(
    program: Program, totals: Numbers, scratch: Numbers, first: int, place: int, year: int
) -> None:
    """Adds the terms of every bundle to the totals of the year."""
    last = first + scratch.shape[1]
    prefix, term = scratch[program.registers], scratch[program.registers + 1]
    for bundle in range(len(program.prefix_start) - 1):
        fill(prefix, 1.0)
        for entry in range(program.prefix_start[bundle], program.prefix_start[bundle + 1]):
            multiply(prefix, scratch[program.prefix_register[entry]])
        for number in range(program.term_start[bundle], program.term_start[bundle + 1]):
            assign(term, prefix)
            for entry in range(program.factor_start[number], program.factor_start[number + 1]):
                multiply(term, scratch[program.factor_register[entry]])
            for total in range(program.weights.shape[3]):
                weight = program.weights[place, year, number, total]
                if weight != 0:
                    add(totals[total, year, first:last], weight, term)
