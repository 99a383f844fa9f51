"""Rates per unit of a row: an emission factor in kgCO2e/kWh, a coefficient in 吨标准煤/吨, brought
to the unit of its field and to the unit that stands in its row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from hengtan.basis.cell import bracketed, not_a_number, past_marks
from hengtan.basis.errors import HengtanError
from hengtan.basis.marks import narrow
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import Amount, is_unit, rounded, split_amount
from hengtan.basis.units import conversion_factor
from hengtan.ledger.reading.columns import read_distinct
from hengtan.ledger.reading.findings import Collector, problem, warning
from hengtan.ledger.reading.quantities import Units
from hengtan.ledger.reading.rows import Cells

_ROWS_OWN = re.compile("每?(?:计量)?单位|unit", re.IGNORECASE)


@dataclass(frozen=True)
class Rate:
    """What a rate is counted in, per ``per`` (None: the unit of each row)."""

    unit: str
    per: str | None = None


def split_rate(text: str) -> Rate | None:
    """The units of a rate as written, None where it is none.

    >>> split_rate("kg CO2e/kWh"), split_rate("千克/计量单位"), split_rate("第3版")
    (Rate(unit='kgCO2e', per='kWh'), Rate(unit='千克', per=None), None)
    """
    unit, _, per = re.sub(r"\s+", "", narrow(text)).partition("/")
    if not is_unit(unit):
        return None
    if not per or _ROWS_OWN.fullmatch(per):
        return Rate(unit)
    return Rate(unit, per) if is_unit(per) else None


@dataclass
class Rates:
    """The rates of a column on their way to the unit of ``field`` per unit of their row."""

    field: Any
    units: Units
    collector: Collector
    title: str

    def read(self, cells: Cells, outer: Rate | None) -> Any:
        """The rates as an Arrow column; ``outer`` is the rate of the header.

        ``units`` is completed where a row states none and its rate does.
        """
        import numpy as np
        import pyarrow as pa

        answers = read_distinct(cells, past_marks(self._read), self.collector, self.title)
        numbers = np.full(len(cells.codes), np.nan)
        for code, amount in enumerate(answers):
            if amount is None:
                continue
            rate = outer if amount.unit is None else split_rate(amount.unit)
            rows = np.flatnonzero(cells.codes == code)
            numbers[rows] = amount.value
            if rate is not None:
                self._bring(numbers, rows, rate)
        return pa.array(numbers, pa.float64(), mask=np.isnan(numbers))

    def fits(self, rate: Rate) -> bool:
        """Whether a rate is counted in a unit of the kind of the field's."""
        try:
            conversion_factor(rate.unit, self.field.rate)
        except HengtanError:
            return False
        return True

    def _read(self, text: str) -> tuple[Amount | None, Problem | None]:
        amount = split_amount(text)
        if amount is None:
            return None, not_a_number(text)
        negative = bracketed(self.field, amount, text)
        if negative is not None and negative.level == "error":
            return None, negative
        if amount.unit is None:
            return amount, negative
        rate = split_rate(amount.unit)
        if rate is None:
            return None, not_a_number(text)
        if not self.fits(rate):
            return None, problem("rate-kind", rate.unit, self.field.rate)
        return amount, negative

    def _bring(self, numbers: Any, rows: Any, rate: Rate) -> None:
        """Rows of one rate in the unit of the field, per unit of each row."""
        import numpy as np

        factor = conversion_factor(rate.unit, self.field.rate)
        if rate.per is None:
            numbers[rows] = [rounded(value * factor) for value in numbers[rows].tolist()]
            return
        for code in np.unique(self.units.codes[rows]).tolist():
            of_unit = rows[self.units.codes[rows] == code]
            each = self._per_row(rate.per, code, of_unit)
            numbers[of_unit] = [
                np.nan if each is None else rounded(value * factor * each)
                for value in numbers[of_unit].tolist()
            ]

    def _per_row(self, per: str, code: int, rows: Any) -> float | None:
        """How many of ``per`` the unit of some rows is; None, with an error, across kinds."""
        if code < 0:
            self.units.codes[rows] = self.units.code(per)
            self.collector.at_rows(rows, warning("unit-from-rate", per), self.units.title)
            return 1.0
        unit = self.units.texts[code]
        try:
            return conversion_factor(unit, per)
        except HengtanError:
            self.collector.at_rows(rows, problem("rate-per", per, unit), self.title)
            return None
