"""Rows of a table as cases of a rule: each row for itself, or the rows of an outlet, one a
pollutant, as one case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.desk.cases import Case, compute, nested, region_of
from hengtan.desk.rule_columns import Columns, day_of
from hengtan.desk.rule_pieces import any_edition
from hengtan.instruments.inputs import Input
from hengtan.instruments.result import Result
from hengtan.packs import Pack

REMEMBERED = 50_000
"""Cases of which the result is kept: households of one quantity are many."""
TOTAL_ROW = "合计行，不是案例，没有计算 | a printed total, not a case"
REFUSED, NOTES = "refused", "notes"


@dataclass
class Told:
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


@dataclass
class CasesOfTable:
    """How the rows of a table are cases of a rule: where day and place stand, or what they are."""

    pack: Pack
    rule_id: str
    columns: Columns
    day: date | None
    region: str
    told: Told
    _codes: dict[str, str] = field(default_factory=dict)
    _results: dict[Any, Result | HengtanError] = field(default_factory=dict)
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

    def compute(self, row: Mapping[str, Any], number: int) -> Result:
        """The result of a row. Raises HengtanError."""
        columns = self.columns
        key = tuple(row[t] for t in (columns.day, columns.region, *columns.inputs) if t)
        result = self._results.get(key)
        if result is None:
            try:
                result = self.of_inputs(row, self.inputs_of(row), number)
            except HengtanError as error:
                result = error
            if len(self._results) < REMEMBERED:
                self._results[key] = result
        if isinstance(result, HengtanError):
            raise result
        return result

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

    def tell(self, result: Result) -> str:
        """Count the warnings of a result about its parameters; gives those of the row alone."""
        of_row = []
        for warning in result.warnings:
            of_source = any(warning.startswith(used.name) for used in result.used)
            if of_source or "凭记忆" in warning:
                self.told.warnings[warning] += 1
            else:
                of_row.append(warning)
        return "；".join(of_row)


def by_row(cases: CasesOfTable, table: Any, names: Mapping[str, str]) -> Any:
    """The table with the outputs of each of its rows, or why a row was refused."""
    outputs: dict[str, list[Any]] = {name: [] for name in names}
    refused: list[str | None] = []
    notes: list[str | None] = []
    for row in table.to_pylist():
        computed: Mapping[str, Any] = {}
        reason, note = None, None
        if cases.columns.is_total(row):
            reason = TOTAL_ROW
        else:
            try:
                result = cases.compute(row, cases.told.rows + len(refused) + 1)
                computed, note = result.outputs, cases.tell(result) or None
            except HengtanError as error:
                reason = str(error)
        refused.append(reason)
        notes.append(note)
        for name, column in outputs.items():
            column.append(computed.get(name))
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
