"""Quantities: a number, a notation key or nothing, with the unit that stands in its cell, its row,
its header or above the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hengtan.basis.cell import bracketed, clean_unit, not_a_number, past_marks
from hengtan.basis.errors import HengtanError
from hengtan.basis.notation import read_notation
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import Amount, read_amount, rounded
from hengtan.basis.units import MULTIPLES, conversion_factor
from hengtan.ledger.reading.columns import read_distinct, report, spread
from hengtan.ledger.reading.findings import Collector, problem, warning
from hengtan.ledger.reading.rows import Cells


@dataclass
class Units:
    """The units of a unit field, row by row (-1 = none); ``title`` is the header above them;
    ``from_header``: the rows whose unit is that of a header.
    """

    codes: Any
    texts: list[str]
    title: str
    from_header: Any = False

    def code(self, text: str) -> int:
        """The number of a unit, a new one where it is new."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def array(self) -> Any:
        """The units as an Arrow column."""
        import pyarrow as pa

        return spread(self.texts, self.codes, pa.string())


def read_units(
    cells: Cells | None,
    rows: int,
    collector: Collector,
    title: str,
    english: Mapping[str, str] = MappingProxyType({}),
) -> Units:
    """The units of a column, or none for every row where there is no such column.

    ``english``: the words that stand for a unit in the column → its spelling.
    """
    import numpy as np

    units = Units(np.full(rows, -1, dtype=np.int64), [], title)
    if cells is None:
        return units
    read = past_marks(lambda text: clean_unit(english.get(text.strip(), text)))
    spelled = read_distinct(cells, read, collector, title)
    renumber = [-1 if text is None else units.code(text) for text in spelled]
    units.codes = np.array([*renumber, -1], dtype=np.int64)[cells.codes]
    return units


def read_quantities(
    cells: Cells,
    field: Any,
    units: Units | None,
    outer_unit: str | None,
    collector: Collector,
    title: str,
) -> dict[str, Any]:
    """The columns of a quantity field: value, notation, original, by the suffix they are stored
    with.

    ``units`` is completed; a unit in a cell is converted to its row's. ``outer_unit`` is the unit
    of the header or of the line above the table; the unit column, where filled, goes before it.
    """
    import numpy as np
    import pyarrow as pa

    is_plain = np.append(cells.numeric, False)
    others = cells.blanked(is_plain[cells.codes])
    read = past_marks(lambda text: _read(text, field))
    answers = read_distinct(others, read, collector, title)
    by_text = np.full(len(cells.texts) + 1, np.nan)
    plain_texts = pa.array(cells.texts, pa.string()).filter(pa.array(cells.numeric))
    by_text[is_plain] = plain_texts.cast(pa.float64()).to_numpy()
    amounts = {code: answer for code, answer in enumerate(answers) if isinstance(answer, Amount)}
    for code, amount in amounts.items():
        by_text[code] = amount.value
    quantities = Quantities(cells, amounts, by_text[cells.codes], collector, title)
    if units is None:
        quantities.refuse_units()
    else:
        quantities.settle_units(units, outer_unit)
    keys = [answer if isinstance(answer, str) else None for answer in answers]
    numbers = quantities.numbers
    return {
        "": pa.array(numbers, pa.float64(), mask=np.isnan(numbers)),
        "_notation": spread(keys, cells.codes, pa.string()),
        "_original": spread(cells.texts, cells.codes, pa.string()),
    }


def _read(text: str, field: Any) -> tuple[Amount | str | None, Problem | None]:
    keys = read_notation(text)
    if keys is None:
        amount = read_amount(text)
        if amount is None:
            return None, not_a_number(text)
        negative = bracketed(field, amount, text)
        return (None if negative and negative.level == "error" else amount), negative
    if not field.notation:
        return None, problem("notation-not-allowed", text)
    words = [f"{key.key} ({key.elsewhere})" if key.elsewhere else key.key for key in keys]
    return "; ".join(words), None


@dataclass
class Quantities:
    """The numbers of a column, row by row, and the amounts of those texts that are more than a
    plain number.
    """

    cells: Cells
    amounts: dict[int, Amount]
    numbers: Any
    collector: Collector
    title: str

    def refuse_units(self) -> None:
        """A quantity without a unit field takes no units in its cells."""
        import numpy as np

        texts = self.cells.texts
        with_unit = [code for code, amount in self.amounts.items() if amount.unit is not None]
        problems = {code: not_a_number(texts[code]) for code in with_unit}
        self.numbers[np.isin(self.cells.codes, with_unit)] = np.nan
        report(self.cells.codes, problems, self.collector, self.title)

    def settle_units(self, units: Units, outer_unit: str | None) -> None:
        """Each row's unit: that of its unit cell, else that in the amount's own cell, else the one
        above the column.
        """
        import numpy as np

        if outer_unit is not None:
            self._take_outer(units, outer_unit)
        written: dict[tuple[str | None, str | None], int] = {}
        written_in = np.full(len(self.cells.texts) + 1, -1, dtype=np.int64)
        for code, amount in self.amounts.items():
            if amount.unit or amount.multiple:
                written_in[code] = written.setdefault((amount.unit, amount.multiple), len(written))
        own = written_in[self.cells.codes]
        if not (own >= 0).any():
            return
        pairs = np.unique(np.stack([own, units.codes], axis=1)[own >= 0], axis=0).tolist()
        of_row = units.codes.copy()
        for own_code, unit_code in pairs:
            rows = np.flatnonzero((own == own_code) & (of_row == unit_code))
            unit, multiple = list(written)[own_code]
            row_unit = units.texts[unit_code] if unit_code >= 0 else None
            if unit is None:
                self._bare_multiple(rows, multiple, row_unit)
            elif row_unit is None:
                units.codes[rows] = units.code(unit)
            else:
                self._convert(rows, unit, row_unit)

    def _take_outer(self, units: Units, outer_unit: str) -> None:
        import numpy as np

        filled = ~np.isnan(self.numbers)
        outer = units.code(outer_unit)
        differs = filled & (units.codes >= 0) & (units.codes != outer)
        beside = differs & units.from_header
        for code in np.unique(units.codes[beside]).tolist():
            rows = np.flatnonzero(beside & (units.codes == code))
            self._convert(rows, outer_unit, units.texts[code])
        rest = np.flatnonzero(differs & ~units.from_header)
        self.collector.at_rows(rest, warning("unit-differs", outer_unit), units.title)
        units.from_header = units.from_header | (filled & (units.codes < 0))
        units.codes = np.where(filled & (units.codes < 0), outer, units.codes)

    def _bare_multiple(self, rows: Any, multiple: str | None, row_unit: str | None) -> None:
        """1.28万 under the unit 万吨 may mean either; under 吨 it is 12800."""
        import numpy as np

        if row_unit and row_unit.startswith(tuple(MULTIPLES)):
            twice = problem("multiple-twice", multiple, row_unit)
            self.collector.at_rows(rows, twice, self.title)
            self.numbers[rows] = np.nan

    def _convert(self, rows: Any, unit: str, row_unit: str) -> None:
        import numpy as np

        try:
            factor = conversion_factor(unit, row_unit)
        except HengtanError as error:
            self.collector.at_rows(rows, Problem.of(error, "unit-conflict"), self.title)
            self.numbers[rows] = np.nan
            return
        self.numbers[rows] = [rounded(value * factor) for value in self.numbers[rows].tolist()]
