"""The rows of data of a sheet as the storage columns of a form: units first, then each field by its
type, then its limits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis import cell
from hengtan.basis.spelling import folded
from hengtan.ledger.reading.account import ORDINALS, Counted, lines_above, rows_of_form
from hengtan.ledger.reading.columns import (
    ENGLISH_UNITS,
    Lookups,
    is_broken,
    read_distinct,
    reader_of,
    screen,
    spread,
)
from hengtan.ledger.reading.findings import SHOWN_ALIKE, Collector, problem, warning
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.header import Header
from hengtan.ledger.reading.outer_units import PLAIN_AMOUNTS, Outer, OuterUnits, telling_kinds
from hengtan.ledger.reading.per_unit import Rates, split_rate
from hengtan.ledger.reading.periods import CUMULATIVE, read_periods
from hengtan.ledger.reading.quantities import Units, read_quantities, read_units
from hengtan.ledger.reading.rows import AMOUNTS, Cells, data_rows


def read_values(
    grid: Grid,
    header: Header,
    form: Any,
    places: Any,
    lookups: Lookups,
    collector: Collector,
    tell: Callable[[float, str], None],
) -> Any:
    """The storage columns of a form and ``_source_row`` as ``pyarrow.Table``; ``tell`` hears how
    far it is, from 0 to 1.
    """
    cells, outline = data_rows(grid, header, form, collector, lookups)
    lines = outline.lines[outline.is_data]
    counted = Counted(collector, collector.account)
    lines_above(grid, grid.head(header.row), counted)
    rows_of_form(header, form, outline, counted, delimited=grid.name is None)
    collector.account = counted.account
    _report_above(header, form, collector)
    _report_hidden(grid, header, cells, collector)
    _report_extra(header, cells, collector, delimited=grid.name is None)
    body = Body(header, form, collector, cells, lines, lookups.get(ENGLISH_UNITS, {}))
    body.take_place_from_code(places)
    for done, known in enumerate(form.fields, start=1):
        tell(done / len(form.fields), header.title(known))
        body.read(known, places, lookups)
    body.check_header_years()
    return body.table()


@dataclass
class Body:
    """The rows of data on their way to storage: ``cells`` by column of the sheet, ``columns`` by
    name in storage.
    """

    header: Header
    form: Any
    collector: Collector
    cells: list[Cells]
    lines: Any
    english_units: Mapping[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    screened: dict[str, Cells] = field(init=False)
    units: dict[str, Units] = field(init=False)
    outer: OuterUnits = field(init=False)

    def __post_init__(self) -> None:
        """Columns without signs for nothing and error values; units of the rows, which quantities
        complete; by field id.
        """
        import numpy as np

        self.screened = {
            known.id: screen(
                self.cells[column],
                self.collector,
                self.header.title(known),
                is_text=known.type == "text",
                is_measured=known.measured is not None,
            )
            for known in self.form.fields
            if (column := self.header.columns.get(known.id)) is not None
        }
        for field_id, text in self.header.above.items():
            self.screened[field_id] = Cells(np.zeros(len(self.lines), dtype=np.int64), [text])
        self.outer = OuterUnits(self.header, self.form, self.collector)
        self.outer.refuse_unit_column(self.cells)
        self.units = {
            known.id: self._units(known) for known in self.form.fields if known.type == "unit"
        }

    def _units(self, known: Any) -> Units:
        """The units of a column; under its English title, in the words of an English template."""
        column, title = self.screened.get(known.id), self.header.title(known)
        english = self.english_units if title.strip("* ") == known.title_en else {}
        return read_units(column, len(self.lines), self.collector, title, english)

    def read(self, known: Any, places: Any, lookups: Lookups) -> None:
        """Read one field into its storage columns and check its values."""
        mine = self.screened.get(known.id)
        if known.type == "unit":
            return
        if mine is None:
            if known.default is not None:
                self.columns[known.id] = self._everywhere(known.default)
            return
        parts = self._parts(known, mine, places, lookups)
        if parts is None:
            faulty = self.collector.faulty_in.setdefault(self.header.title(known), set())
            faulty.update(range(len(self.lines)))
            return
        self.columns |= {known.id + suffix: column for suffix, column in parts.items()}
        self._check_filled(known, mine)
        self._check_limits(known, mine)

    def _parts(
        self, known: Any, mine: Cells, places: Any, lookups: Lookups
    ) -> dict[str, Any] | None:
        """The storage columns of a field by their suffix; None where its header is refused."""
        if known.rate:
            return self._rates(known, mine)
        if known.unit_field and self.outer.is_refused(known):
            return None
        if known.type == "quantity":
            return self._quantities(known, mine)
        if known.unit_field:
            return {"": self._quantities(known, mine)[""]}
        if known.type == "period":
            return self._periods(known, mine)
        outer = self.outer.of(known) if known.type in PLAIN_AMOUNTS else Outer()
        if outer.refused:
            return None
        read, kind = reader_of(outer.over(known), places, lookups)
        read = telling_kinds(known, read)
        values = read_distinct(mine, read, self.collector, self.header.title(known))
        values = [outer.applied(value) for value in values]
        column = spread(values, mine.codes, kind)
        return {"": column if known.default is None else _filled(column, known.default)}

    def _rates(self, known: Any, mine: Cells) -> dict[str, Any] | None:
        title = self.header.titles.get(known.id)
        stated = "" if title is None or title.own else title.unit or title.remark or ""
        rate, name = split_rate(stated), self.header.title(known)
        rates = Rates(known, self.units[known.unit_field], self.collector, name)
        if rate is None:
            return None if self.outer.of(known).refused else {"": rates.read(mine, None)}
        if not rates.fits(rate):
            misfit = problem("rate-kind", rate.unit, known.rate)
            self.collector.add(misfit, row=self.header.row + 1, column=name)
            return None
        return {"": rates.read(mine, rate)}

    def table(self) -> Any:
        """All storage columns, null where the sheet has no such column."""
        import pyarrow as pa

        self.columns |= {field_id: units.array() for field_id, units in self.units.items()}
        self.columns["_source_row"] = pa.array(self.lines, pa.int64())
        schema = self.form.schema().append(pa.field("_source_row", pa.int64()))
        rows = len(self.lines)
        arrays = [
            self.columns[name] if name in self.columns else pa.nulls(rows, schema.field(name).type)
            for name in schema.names
        ]
        return pa.table(arrays, schema=schema)

    def _everywhere(self, value: str) -> Any:
        import numpy as np
        import pyarrow as pa

        return pa.array([value]).take(pa.array(np.zeros(len(self.lines), dtype=np.int64)))

    def _quantities(self, known: Any, mine: Cells) -> dict[str, Any]:
        outer = self.header.units.get(known.id) or self._line_unit()
        units = self.units.get(known.unit_field or "")
        title = self.header.title(known)
        return read_quantities(mine, known, units, outer, self.collector, title)

    def _periods(self, known: Any, mine: Cells) -> dict[str, Any]:
        at = self.header.year_column
        years = None if at is None else self.cells[at]
        title, cumulative = self.header.title(known), self._cumulative_title()
        return read_periods(mine, years, self.header.year, self.collector, title, cumulative)

    def _cumulative_title(self) -> str | None:
        """The header of the amount where it says that the amount is cumulative."""
        quantities = [f for f in self.form.fields if f.type == "quantity"]
        titles = [self.header.title(f) for f in quantities if f.id in self.header.columns]
        return next((title for title in titles if CUMULATIVE.search(folded(title))), None)

    def _line_unit(self) -> str | None:
        """The unit that stands above the table, None (told once) where it is none we know."""
        if self.header.unit_line is None:
            return None
        spelled, reason = cell.clean_unit(self.header.unit_line)
        if reason is not None:
            about = (self.header.unit_line, reason.todo, reason.todo_en)
            self.collector.add(warning("unit-line", *about))
            self.header.unit_line = None
        return spelled

    def _check_filled(self, known: Any, mine: Cells) -> None:
        """Required cells that are blank; an error value is not: it has its own finding."""
        import numpy as np

        if not known.required or known.id not in self.header.columns:
            self._check_filled_otherwise(known, mine)
            return
        as_handed_in = self.cells[self.header.columns[known.id]]
        blank = np.flatnonzero((mine.codes < 0) & ~as_handed_in.mask(is_broken))
        missing = cell.problem("required", known.title_zh, known.title_en)
        self.collector.at_rows(blank, missing, self.header.title(known))

    def _check_filled_otherwise(self, known: Any, mine: Cells) -> None:
        """A place that no code gave."""
        import numpy as np

        if known.required and self.header.place_from_code and known.type == "place":
            missing = cell.problem("required", known.title_zh, known.title_en)
            self.collector.at_rows(np.flatnonzero(mine.codes < 0), missing, known.title_zh)

    def take_place_from_code(self, places: Any) -> None:
        """The place of each firm from signs 3 to 8 of its code, told once for each."""
        import numpy as np

        source = self.header.place_from_code
        if source is None:
            return
        codes = self.screened[source]
        divisions = [text.strip()[2:8] for text in codes.texts]
        known = [division in places for division in divisions]
        self.screened["place"] = Cells(
            np.array([n if ok else -1 for n, ok in enumerate(known)] + [-1])[codes.codes],
            divisions,
        )
        for division in dict.fromkeys(d for d, ok in zip(divisions, known, strict=True) if ok):
            name = places[division].name_zh
            self.collector.add(warning("place-from-code", division, name), column="地区")

    def check_header_years(self) -> None:
        """An amount under 2023年完成值 belongs to 2023, whatever the period of its row says."""
        import numpy as np

        period = next((k.id for k in self.form.fields if k.type == "period"), None)
        ends = self.columns.get(f"{period}_end")
        for known in self.form.fields:
            title = self.header.titles.get(known.id)
            if title is None or title.year is None or known.type not in AMOUNTS:
                continue
            amounts = self.columns.get(known.id)
            if ends is None or amounts is None:
                continue
            pairs = zip(ends.to_pylist(), amounts.to_pylist(), strict=True)
            differs = [
                value is not None and end is not None and end.year != title.year
                for end, value in pairs
            ]
            about = problem("header-year", self.header.title(known), title.year)
            self.collector.at_rows(np.flatnonzero(differs), about, self.header.title(known))

    def _check_limits(self, known: Any, mine: Cells) -> None:
        """Amounts outside the field's limits."""
        import numpy as np

        if known.type not in AMOUNTS:
            return
        numbers = self.columns[known.id].to_numpy(zero_copy_only=False).astype(float)
        for limit, beyond in ((known.minimum, np.less), (known.maximum, np.greater)):
            if limit is None:
                continue
            rows = np.flatnonzero(beyond(numbers, limit))
            shown = rows[: SHOWN_ALIKE + 1]
            problems = [
                cell.outside(known, numbers[row], mine.texts[mine.codes[row]]) for row in shown
            ]
            self.collector.at_rows(rows, problems, self.header.title(known))  # type: ignore[arg-type]


def _report_above(header: Header, form: Any, collector: Collector) -> None:
    """What is taken from above the table, told once for each field."""
    for field_id, text in header.above.items():
        known = form.field(field_id)
        reason = warning("from-above", known.title_zh, text, known.title_en)
        collector.add(reason, column=known.title_zh)


def _report_hidden(grid: Grid, header: Header, cells: list[Cells], collector: Collector) -> None:
    """Hidden columns that are read like the others."""
    for column in sorted(set(header.columns.values()) & grid.hidden_columns):
        if (cells[column].codes >= 0).any():
            title = header.texts[column]
            collector.add(warning("hidden-columns", title), row=header.row + 1, column=title)


def _report_extra(
    header: Header, cells: list[Cells], collector: Collector, *, delimited: bool
) -> None:
    """Columns that are no field.

    In delimited text, cells beyond the header mean that a row has been split wrongly: an error.
    """
    import numpy as np

    width = header.width
    known = set(header.columns.values()) | {header.year_column}
    known |= {column for each in header.ambiguous.values() for column in each}
    for number, column in enumerate(cells):
        title = header.texts.get(number, "")
        filled = np.flatnonzero(column.codes >= 0)
        if number in known or folded(title) in ORDINALS or not len(filled):
            continue
        name = title or f"第{number + 1}列"
        if delimited and number >= width:
            collector.at_rows(filled, problem("cells-beyond-header"), name)
            continue
        key = "extra-column" if title else "extra-column.untitled"
        collector.add(warning(key, name), row=header.row + 1, column=name)


def _filled(column: Any, default: str) -> Any:
    """A column with its default, which forms write as text, where a cell is blank."""
    import pyarrow as pa

    return column.fill_null(pa.scalar(default).cast(column.type))
