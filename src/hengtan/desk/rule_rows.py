"""Rows of a table as cases of a rule: each row for itself, or the rows of an outlet, one a
pollutant, as one case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.basis.days import day_of
from hengtan.basis.errors import HengtanError, Where
from hengtan.desk.cases import Case, compute, nested, region_of
from hengtan.desk.rule_columns import Columns
from hengtan.desk.rule_pieces import any_edition
from hengtan.instruments.inputs import Input
from hengtan.instruments.parameter_titles import title_of
from hengtan.instruments.result import Result
from hengtan.instruments.sources import BASIS
from hengtan.packs import Pack

REMEMBERED = 50_000
"""Cases of which the result is kept: households of one quantity are many."""
TOTAL_ROW = "合计行，不是案例，没有计算 | a printed total, not a case"
REFUSED, NOTES = "refused", "notes"


@dataclass
class Tally:
    """What has to be known of a table beside its rows: counts, why rows were refused, what was not
    used, what the parameters are.
    """

    rows: int = 0
    refused: int = 0
    totals: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    carried: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def computed(self) -> int:
        """Rows with a result."""
        return self.rows - self.refused - self.totals

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "rows": self.rows,
            "computed": self.computed,
            "refused": self.refused,
            "totals": self.totals,
            "reasons": [{"text": text, "rows": n} for text, n in self.reasons.most_common()],
            "warnings": [{"text": text, "rows": n} for text, n in self.warnings.most_common()],
            "carried": list(self.carried),
            "not_used": list(self.unknown),
            "sheets_not_read": list(self.sheets),
        }


@dataclass(frozen=True)
class Remembered:
    """What a row came to: its outputs or why it was refused, what is noted of it, and the warnings
    about the sources of its parameters.
    """

    outputs: Mapping[str, Any]
    refused: str | None
    note: str | None = None
    warnings: tuple[str, ...] = ()


OF_A_TOTAL = Remembered({}, TOTAL_ROW)


@dataclass
class CasesOfTable:
    """How the rows of a table are cases of a rule: where day and place stand, or what they are."""

    pack: Pack
    rule_id: str
    columns: Columns
    day: date | None
    region: str
    tally: Tally
    _codes: dict[str, str] = field(default_factory=dict)
    _results: dict[Any, Remembered] = field(default_factory=dict)
    _spelled: dict[str, Input] = field(default_factory=dict)

    def item(self, word: str) -> Input | None:
        """The input of the rule that a word of a heading names."""
        if not self._spelled:
            inputs = any_edition(self.rule_id).inputs
            self._spelled.update({word: item for item in inputs[::-1] for word in item.spellings})
            own = {word: i for i in inputs for word in (i.name, i.zh, *i.aliases)}
            self._spelled.update(own)
        return self._spelled.get(word.partition(".")[0])

    def inputs_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs of a row, in the units of its headings."""
        columns = self.columns
        cells = ((name, columns.cell(title, row[title])) for title, name in columns.inputs.items())
        return nested(cells)

    def compute(self, row: Mapping[str, Any], number: int) -> Remembered:
        """What a row comes to; rows of the same inputs, day and place are computed once."""
        columns = self.columns
        cells = (row[t] for t in (columns.day, columns.region, *columns.inputs) if t)
        key = tuple(str(cell) if isinstance(cell, (list, dict)) else cell for cell in cells)
        remembered = self._results.get(key)
        if remembered is None:
            try:
                result = self.of_inputs(row, self.inputs_of(row), number)
                remembered = Remembered(result.outputs, None, *self.parted(result))
            except HengtanError as error:
                remembered = Remembered({}, str(error))
            if len(self._results) < REMEMBERED:
                self._results[key] = remembered
        return remembered

    def of_inputs(self, row: Mapping[str, Any], inputs: Mapping[str, Any], number: int) -> Result:
        """The result of inputs on the day and at the place of a row. Raises HengtanError."""
        columns = self.columns
        day = day_of(row[columns.day]) if columns.day else self.day
        place = str(row[columns.region] or self.region) if columns.region else self.region
        if place not in self._codes:
            self._codes[place] = region_of(self.pack, place)
        assert day is not None
        where = Where("表", row=number)
        return compute(self.pack, Case(self.rule_id, day, self._codes[place], inputs, where=where))

    def parted(self, result: Result) -> tuple[str | None, tuple[str, ...]]:
        """What is noted of a row alone, and the warnings about the sources of its parameters."""
        called = {title_of(used.name).zh for used in result.used}
        names = (BASIS, *called, *{used.title.zh for used in result.used})
        of_sources = [w for w in result.warnings if w.startswith(names) or "凭记忆" in w]
        of_row = [w for w in result.warnings if w not in of_sources]
        return "；".join(of_row) or None, tuple(of_sources)


def by_row(cases: CasesOfTable, table: Any, names: Mapping[str, str]) -> Any:
    """The table with the outputs of each of its rows, or why a row was refused."""
    outputs: dict[str, list[Any]] = {name: [] for name in names}
    refused: list[str | None] = []
    notes: list[str | None] = []
    for row in table.to_pylist():
        if cases.columns.is_total(row):
            remembered = OF_A_TOTAL
        else:
            remembered = cases.compute(row, cases.tally.rows + len(refused) + 1)
        refused.append(remembered.refused)
        said = (cases.columns.lost_codes(row), remembered.note or "")
        notes.append("；".join(filter(None, said)) or None)
        cases.tally.warnings.update(remembered.warnings)
        for name, column in outputs.items():
            column.append(remembered.outputs.get(name))
    return appended(
        table, {names[name]: column for name, column in outputs.items()}, refused, notes
    )


def appended(
    table: Any, outputs: Mapping[str, list[Any]], refused: list[str | None], notes: list[str | None]
) -> Any:
    """A table with columns of outputs, of refusals and of notes."""
    import pyarrow as pa

    for title, column in outputs.items():
        table = table.append_column(title, _array(column))
    table = table.append_column(REFUSED, pa.array(refused, pa.string()))
    return table.append_column(NOTES, pa.array(notes, pa.string()))


def _array(column: list[Any]) -> Any:
    """Outputs as an Arrow column: figures, yes and no, or the texts of what they are."""
    import pyarrow as pa

    filled = [value for value in column if value is not None]
    if all(isinstance(value, bool) for value in filled) and filled:
        return pa.array(column, pa.bool_())
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in filled):
        return pa.array(column, pa.float64())
    return pa.array([None if value is None else str(value) for value in column], pa.string())
