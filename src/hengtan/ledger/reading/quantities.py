"""Quantities: a number, a notation key or nothing, with the unit that stands in its cell, its row, its header or above the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.notation import read_notation
from hengtan.basis.units import MULTIPLES, conversion_factor
from hengtan.ledger.reading.columns import clean_unit, not_a_number, read_distinct, report, spread
from hengtan.ledger.reading.findings import Collector, Problem
from hengtan.ledger.reading.rows import Cells
from hengtan.ledger.reading.words import Amount, read_amount


@dataclass
class Units:
    """The units of a unit field, row by row (-1 = none); ``title`` is the header it stands under."""

    codes: Any
    texts: list[str]
    title: str

    def code(self, text: str) -> int:
        """The number of a unit, a new one where it is new."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def array(self) -> Any:
        """The units as an Arrow column."""
        import pyarrow as pa

        return spread(self.texts, self.codes, pa.string())


def read_units(cells: Cells | None, rows: int, collector: Collector, title: str) -> Units:
    """The units of a column, or none for every row where there is no such column."""
    import numpy as np

    if cells is None:
        return Units(np.full(rows, -1, dtype=np.int64), [], title)
    spelled = read_distinct(cells, clean_unit, collector, title)
    units = Units(np.full(rows, -1, dtype=np.int64), [], title)
    renumber = np.array(
        [-1 if text is None else units.code(text) for text in spelled] + [-1], dtype=np.int64
    )
    units.codes = renumber[cells.codes]
    return units


def read_quantities(
    cells: Cells,
    field: Any,
    units: Units | None,
    outer_unit: str | None,
    collector: Collector,
    title: str,
) -> dict[str, Any]:
    """The columns of a quantity field: value, notation, original. ``units`` is completed; a unit in a cell is converted to its row's.

    ``outer_unit`` is the unit of the header or of the line above the table; the unit column, where filled, goes before it.
    """
    import numpy as np
    import pyarrow as pa

    plain = np.append(cells.numeric, False)
    read = read_distinct(
        cells.blanked(plain[cells.codes]), lambda text: _read(text, field), collector, title
    )
    by_text = np.full(len(cells.texts) + 1, np.nan)
    by_text[plain] = (
        pa.array(cells.texts, pa.string())
        .filter(pa.array(cells.numeric))
        .cast(pa.float64())
        .to_numpy()
    )
    amounts = {code: r for code, r in enumerate(read) if isinstance(r, Amount)}
    for code, amount in amounts.items():
        by_text[code] = amount.value
    numbers = by_text[cells.codes]
    given = ~np.isnan(numbers)
    if units is not None:
        _settle_units(cells, amounts, numbers, given, units, outer_unit, collector, title)
    else:
        _plain_numbers(cells, amounts, numbers, collector, title)
    return {
        "": pa.array(numbers, pa.float64(), mask=np.isnan(numbers)),
        "_notation": spread(
            [r if isinstance(r, str) else None for r in read], cells.codes, pa.string()
        ),
        "_original": spread(cells.texts, cells.codes, pa.string()),
    }


def _read(text: str, field: Any) -> tuple[Amount | str | None, Problem | None]:
    keys = read_notation(text)
    if keys is not None:
        if field.notation:
            return "; ".join(
                f"{k.key} ({k.elsewhere})" if k.elsewhere else k.key for k in keys
            ), None
        return None, Problem(
            "error",
            "notation-not-allowed",
            f"“{text}”：本列不接受记号",
            f"'{text}': this column takes no notation keys",
            "填写数字或留空",
            "write a number or leave blank",
        )
    amount = read_amount(text)
    return amount, None if amount is not None else not_a_number(text)


def _settle_units(
    cells: Cells,
    amounts: dict[int, Amount],
    numbers: Any,
    given: Any,
    units: Units,
    outer_unit: str | None,
    collector: Collector,
    title: str,
) -> None:
    import numpy as np

    if outer_unit is not None:
        outer = units.code(outer_unit)
        differs = np.flatnonzero(given & (units.codes >= 0) & (units.codes != outer))
        collector.at_rows(
            differs,
            Problem(
                "warning",
                "unit-differs",
                f"本行单位与表头的“{outer_unit}”不同，以本行为准",
                f"the unit of the row differs from '{outer_unit}' in the header; the row's is taken",
                "检查单位",
                "check the unit",
            ),
            units.title,
        )
        units.codes = np.where(given & (units.codes < 0), outer, units.codes)
    owns: dict[tuple[str | None, str | None], int] = {}
    own_of = np.full(len(cells.texts) + 1, -1, dtype=np.int64)
    for code, amount in amounts.items():
        if amount.unit or amount.multiple:
            own_of[code] = owns.setdefault((amount.unit, amount.multiple), len(owns))
    own = own_of[cells.codes]
    if not (own >= 0).any():
        return
    pairs = np.unique(np.stack([own, units.codes], axis=1)[own >= 0], axis=0).tolist()
    written = list(owns)
    before = units.codes.copy()
    for own_code, unit_code in pairs:
        rows = np.flatnonzero((own == own_code) & (before == unit_code))
        unit, multiple = written[own_code]
        row_unit = units.texts[unit_code] if unit_code >= 0 else None
        if unit is None:
            if row_unit and row_unit.startswith(tuple(MULTIPLES)):
                collector.at_rows(
                    rows,
                    Problem(
                        "error",
                        "multiple-twice",
                        f"数值含“{multiple}”，单位“{row_unit}”也含倍数，大小不明",
                        f"the number has the multiple '{multiple}' and so has its unit '{row_unit}': its size is unclear",
                        "倍数只写在一处",
                        "write the multiple in one place only",
                    ),
                    title,
                )
                numbers[rows] = np.nan
        elif row_unit is None:
            units.codes[rows] = units.code(unit)
        else:
            try:
                factor = conversion_factor(unit, row_unit)
            except HengtanError as error:
                collector.at_rows(rows, Problem.of(error, "unit-conflict"), title)
                numbers[rows] = np.nan
                continue
            numbers[rows] = [float(f"{value * factor:.15g}") for value in numbers[rows].tolist()]


def _plain_numbers(
    cells: Cells, amounts: dict[int, Amount], numbers: Any, collector: Collector, title: str
) -> None:
    """A quantity without a unit field takes no units in its cells."""
    import numpy as np

    problems = {n: not_a_number(cells.texts[n]) for n, a in amounts.items() if a.unit is not None}
    numbers[np.isin(cells.codes, list(problems))] = np.nan
    report(cells.codes, problems, collector, title)
