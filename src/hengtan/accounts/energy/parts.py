"""What a row of a balance counts beside its parts: all of it where no part is reported, what the
reported parts leave over where some are missing, nothing where all of them are there.

A total and its parts stand in one column of the yearbook; each quantity counts once.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import beside

STEPS = (
    "T.power",
    "T.heat",
    "T.wash",
    "T.coke",
    "T.refine",
    "T.refine_re",
    "T.gas",
    "T.gas_re",
    "T.lng",
    "T.briq",
    "T.rec",
)
PARTS = {
    "F": ("F.1", "F.2", "F.3", "F.4"),
    "F.1": ("F.1.agri",),
    "F.2": ("F.2.ind", "F.2.cons"),
    "F.3": ("F.3.trans", "F.3.trade", "F.3.other"),
    "T": STEPS,
}
"""Rows with the parts that make them up."""
OF_WHICH = {"F.4.urban": "F.4", "F.4.rural": "F.4", "L.trans": "L"}
"""Rows that are in the row above them and count only where that one is not reported."""
DIRECT = {part: whole for whole, parts in PARTS.items() if whole != "F" for part in parts}
"""The whole of each part, but for final use, whose parts have parts themselves."""
NOISE = 1e-9
"""Noise of floats in a sum, relative."""


KEY = ("place", "year", "product")
"""A column of a balance."""
AMOUNTS = {"physical": "half_physical", "tce": "half_tce"}
"""The amounts of a cell, with half the last printed digit of each."""


def with_own(rows: Table) -> Table:
    """Cells of a balance with ``own_physical`` and ``own_tce``: what each counts beside its parts.

    ``rows`` hold place, year, product and row, the amounts ``physical`` and ``tce`` and half their
    last printed digits. [canonical unit; tce]
    """
    parts = _sums(rows.mutate(whole=_.row.cases(*(DIRECT | OF_WHICH).items(), else_=None)))
    final_uses = _sums(_valued(rows, parts).mutate(whole=ibis.literal("F")))
    sums = parts.union(final_uses).rename(row="whole")
    above = rows.filter(_.row.isin(sorted(set(OF_WHICH.values())))).select(
        *KEY, above="row", **{f"{amount}_above": amount for amount in AMOUNTS}
    )
    placed = beside(rows, sums, [*KEY, "row"]).mutate(
        above=_.row.cases(*OF_WHICH.items(), else_=None)
    )
    placed = beside(placed, above, [*KEY, "above"])
    own = {f"own_{amount}": _own(amount, half) for amount, half in AMOUNTS.items()}
    return placed.mutate(**own).select(*rows.columns, *own)


def _sums(parts: Table) -> Table:
    """By whole: the sum of the parts that are reported, how many are, and their rounding."""
    figures: dict[str, Any] = {}
    for amount, half in AMOUNTS.items():
        figures[f"{amount}_of_parts"] = _[amount].sum()
        figures[f"{amount}_parts"] = _[amount].count()
        figures[f"{half}_of_parts"] = ibis.coalesce(_[half], ibis.literal(0.0)).sum()
    return parts.filter(_.whole.notnull()).group_by(*KEY, "whole").agg(**figures)


def _valued(rows: Table, sums: Table) -> Table:
    """The parts of final use: as reported, or the sum of their own parts where they are not."""
    wanted = _.row.isin(PARTS["F"])
    reported = rows.filter(wanted).select(*KEY, "row", *AMOUNTS, *AMOUNTS.values(), rank=0)
    summed = sums.select(
        *KEY,
        row="whole",
        **{amount: f"{amount}_of_parts" for amount in AMOUNTS},
        **{half: ibis.null("float64") for half in AMOUNTS.values()},
        rank=1,
    ).filter(wanted)
    figures: dict[str, Any] = {}
    for amount, half in AMOUNTS.items():
        as_reported = _[amount].max(where=_.rank == 0)
        figures[amount] = ibis.coalesce(as_reported, _[amount].max(where=_.rank == 1))
        figures[half] = _[half].max()
    return reported.union(summed).group_by(*KEY, "row").agg(**figures)


def _own(amount: str, half: str) -> Any:
    """What a cell counts of its own.

    A whole counts what it has beside its reported parts: nothing where all of them are reported, or
    they leave no more than the printed digits may.
    """
    whole, nothing = _[amount], ibis.null("float64")
    zero = ibis.literal(0.0)
    number = _.row.cases(*((row, len(parts)) for row, parts in PARTS.items()), else_=None)
    lacking = ibis.coalesce(_[f"{amount}_parts"], ibis.literal(0)) < number
    rest = whole - ibis.coalesce(_[f"{amount}_of_parts"], zero)
    rounding = ibis.coalesce(_[half], zero) + ibis.coalesce(_[f"{half}_of_parts"], zero)
    counts = lacking & (rest.abs() > rounding + whole.abs() * NOISE)
    counts = counts & ((_.row == "T") | (rest > 0))  # use below zero is a misprint: an identity
    return ibis.cases(
        (_.row.isin(list(PARTS)), ibis.ifelse(counts, rest, nothing)),
        (_.above.isnull(), whole),
        else_=ibis.ifelse(_[f"{amount}_above"].isnull(), whole, nothing),
    )
