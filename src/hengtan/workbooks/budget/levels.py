"""The levels of a budget, from districts to enterprises: their sheets read, and every year shared
out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hengtan.accounts.apportion import CannotShare, share_out
from hengtan.basis.errors import Finding
from hengtan.basis.words import Words
from hengtan.plan.budget.principles import PRINCIPLES, mixed
from hengtan.workbooks.budget.layout import FIGURES, IN_ENGLISH, LEVELS, SHARER, Allocation, Level
from hengtan.workbooks.cells import Line, noted
from hengtan.workbooks.english import Sheets
from hengtan.workbooks.totals import Columns, members

PLAN_WORDS = Words.of("hengtan.plan")
WORDS = {PLAN_WORDS.say(f"principle.{name}"): name for name in PRINCIPLES}
"""Chinese names of the principles."""

Parents = Mapping[tuple[str, ...], int]
"""The sharers of the level above by path, with their index."""


def sharers_of(sheets: Sheets, region: str) -> tuple[dict[str, list[Line]], list[Finding]]:
    """The rows of each level that stand for a sharer, and what is said of printed totals.

    Raises HengtanError with sheet, row and column.
    """
    sharers: dict[str, list[Line]] = {}
    findings: list[Finding] = []
    for name in LEVELS:
        kept = members(sheets.of(name), Columns(SHARER[name], tuple(FIGURES), whole=region))
        sharers[name] = kept.lines
        findings += kept.findings
    return sharers, findings


def allocations_of(sheets: Sheets, totals: np.ndarray) -> list[Allocation]:
    """The allocation of each level there is a sheet for; ``totals`` has the shape (1, years).

    Raises HengtanError with sheet, row and column.
    """
    allocations: list[Allocation] = []
    above: Parents = {(): 0}
    for name in LEVELS:
        if not sheets.of(name):
            break
        level = _level(name, sheets.of(name), above, _principles(sheets.of("原则"), name))
        childless = set(above) - {key[:-1] for key in level.keys}
        if childless:
            first = sorted(childless)[0]
            raise sheets.refuse(name, "nothing-below", "·".join(first), name)
        allocations.append(_allocate(level, totals, sheets))
        totals = allocations[-1].units
        above = {key: n for n, key in enumerate(level.keys)}
    return allocations


def _principles(lines: Sequence[Line], level: str) -> dict[str, float]:
    """The principles of a level with their weights; past emissions alone where none is stated."""
    weights: dict[str, float] = {}
    for line in lines:
        if line.text("层级") not in LEVELS:
            known = ("、".join(LEVELS), "、".join(LEVELS))
            raise line.refuse("层级", "no-level", line.text("层级"), *known)
        if line.text("层级") != level:
            continue
        word = line.need("原则")
        principle = WORDS.get(word, word)
        if principle not in PRINCIPLES:
            english = (str(IN_ENGLISH.cell("原则", "原则", name, "en")) for name in WORDS)
            known = ("、".join(WORDS), ", ".join(english))
            raise line.refuse("原则", "no-principle", word, *known)
        weights[principle] = line.number("权重", least=0) or 0.0
    return weights or {"history": 1.0}


def _level(
    name: str, lines: Sequence[Line], above: Parents, principles: Mapping[str, float]
) -> Level:
    """A level from its sheet."""
    used = [PRINCIPLES[principle] for principle, weight in principles.items() if weight > 0]
    needed = {figure for figures in used for figure in figures}
    columns = {column: figure for column, figure in FIGURES.items() if figure in needed}
    keys: list[tuple[str, ...]] = []
    rows: list[dict[str, float]] = []
    floors: list[float] = []
    for line in lines:
        with noted():
            key = tuple(line.need(column) for column in SHARER[name])
            if key in keys:
                raise line.refuse(name, "twice", "·".join(key))
            if key[:-1] not in above:
                raise line.refuse(SHARER[name][-2], "not-above", "·".join(key[:-1]))
            keys.append(key)
            rows.append(_figures(line, columns))
            floors.append(_floor(line))
    figures = {figure: np.array([row[figure] for row in rows]) for figure in columns.values()}
    parents = np.array([above[key[:-1]] for key in keys])
    return Level(name, tuple(keys), figures, np.array(floors), parents, principles)


def _figures(line: Line, columns: Mapping[str, str]) -> dict[str, float]:
    """The figures that the principles need."""
    figures = {}
    for column, figure in columns.items():
        value = line.number(column, least=0)
        if value is None:
            raise line.refuse(column, "figure-needed", column)
        figures[figure] = value
    return figures


def _floor(line: Line) -> float:
    """The least a sharer gets: a share of its base emission. [unit of the budget]"""
    share = line.share("保底比例")
    if share is None:
        return 0.0
    base = line.number("基期排放", least=0)
    if base is None:
        raise line.refuse("基期排放", "floor-needs-base")
    return share * base


def _allocate(level: Level, totals: np.ndarray, sheets: Sheets) -> Allocation:
    """Share out every year at once: the group of a sharer in a year is (parent, year)."""
    n, years = len(level.keys), totals.shape[1]
    try:
        share, single = mixed(level.principles, level.figures, level.parents)
        groups = (level.parents[:, None] * years + np.arange(years)).ravel()
        floors = np.repeat(np.ceil(level.floors - 1e-9).astype(np.int64), years)
        shared = share_out(totals.ravel(), np.repeat(share, years), groups, floors=floors)
    except CannotShare as error:
        zh, en = (PLAN_WORDS.say(str(error), language) for language in ("zh", "en"))
        raise sheets.refuse(level.name, "cannot-share", level.name, zh, en) from error
    return Allocation(
        level,
        shared.units.reshape(n, years),
        shared.exact.reshape(n, years),
        share,
        single,
        shared.bounded.reshape(n, years),
        shared.rounded_up.reshape(n, years),
    )
