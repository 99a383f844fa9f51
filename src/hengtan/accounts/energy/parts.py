"""What a row of a balance counts beside its parts: all of it where no part is reported, what the
reported parts leave over where some are missing, nothing where all of them are there.

A total and its parts stand in one column of the yearbook; each quantity counts once.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

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
NOISE = 1e-9
"""Noise of floats in a sum, relative."""


class _Column:
    """The reported rows of one column of a balance, as amounts beside every one of its cells."""

    def __init__(self, amount: Any, half: Any) -> None:
        self.amount, self.half = amount, half
        self.window = ibis.window(group_by=["place", "year", "product"])

    def reported(self, row: str) -> Any:
        """The amount of a row; missing where it is not reported."""
        return self.amount.max(where=_.row == row).over(self.window)

    def rounding(self, row: str) -> Any:
        """Half the last printed digit of a row, zero where it is not known."""
        half = self.half.max(where=_.row == row).over(self.window)
        return ibis.coalesce(half, ibis.literal(0.0))

    def value(self, row: str) -> Any:
        """The amount of a row, or the sum of its parts where it is not reported itself."""
        within = tuple(part for part, above in OF_WHICH.items() if above == row)
        if row not in PARTS and not within:
            return self.reported(row)
        parts = [self.value(part) for part in PARTS.get(row, within)]
        some = parts[0].notnull()
        for part in parts[1:]:
            some = some | part.notnull()
        total = ibis.ifelse(some, _sum(parts), ibis.null("float64"))
        return ibis.coalesce(self.reported(row), total)

    def over(self, row: str) -> Any:
        """What a row counts beside its reported parts; missing where all of them are reported, or
        they leave no more than the printed digits may.
        """
        whole, parts = self.reported(row), [self.value(part) for part in PARTS[row]]
        lacking = parts[0].isnull()
        for part in parts[1:]:
            lacking = lacking | part.isnull()
        rest = whole - _sum(parts)
        rounding = self.rounding(row) + _sum([self.rounding(part) for part in PARTS[row]])
        counts = lacking & (rest.abs() > rounding + whole.abs() * NOISE)
        if row != "T":  # use below zero is a misprint, which the identities show
            counts = counts & (rest > 0)
        return ibis.ifelse(counts, rest, ibis.null("float64"))

    def own(self) -> Any:
        """What each cell counts of its own."""
        nothing = ibis.null("float64")
        branches = [(_.row == row, self.over(row)) for row in PARTS]
        within = [
            (_.row == row, ibis.ifelse(self.reported(above).isnull(), self.amount, nothing))
            for row, above in OF_WHICH.items()
        ]
        return ibis.cases(*branches, *within, else_=self.amount)


def with_own(rows: Table) -> Table:
    """Cells of a balance with ``own_physical`` and ``own_tce``: what each counts beside its parts.

    ``rows`` hold place, year, product and row, the amounts ``physical`` and ``tce`` and half their
    last printed digits. [canonical unit; tce]
    """
    physical, standard = _Column(_.physical, _.half_physical), _Column(_.tce, _.half_tce)
    return rows.mutate(own_physical=physical.own(), own_tce=standard.own())


def _sum(parts: list[Any]) -> Any:
    """A sum in which what is not reported is nothing."""
    total = ibis.coalesce(parts[0], ibis.literal(0.0))
    for part in parts[1:]:
        total = total + ibis.coalesce(part, ibis.literal(0.0))
    return total
