"""Wide files as the rows of a form: a column for each item, each station or each hour becomes a row
for each of its cells, and a time of the clock becomes a day and an hour.

What a form takes so stands in it (``wide``). A cell that is blank makes no row, and how many there
are is kept, to be told (``blank``); each row keeps the line of the file that it comes from. Columns
that name neither a field nor a value of it make no row; their titles are kept, to be told
(``passed_over``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hengtan.basis.days import read_clock
from hengtan.basis.spelling import folded, is_placeholder
from hengtan.ledger.reading.above import unit_line
from hengtan.ledger.reading.account import ORDINALS
from hengtan.ledger.reading.brackets import known_unit
from hengtan.ledger.reading.grid import Blank, Grid, check_size
from hengtan.ledger.wide import Wide

SEARCHED_ROWS = 20
SHOWN_BLANK = 3
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_HOUR = re.compile(r"(\d{1,2})(?:时|点|:00|h)?")


@dataclass(frozen=True)
class _Layout:
    """Where a wide sheet has what: its header, the columns of fields, the column of times, and the
    columns that hold values, each with what its title says.
    """

    row: int
    fields: dict[str, int]
    clock: int | None
    across: str | None
    values: dict[int, str]
    units: dict[int, str]


def unfolded(grid: Grid, form: Any, file: str) -> Grid:
    """The sheet with a row for each value, or as it is where the form does not say that it is wide.

    Raises UnreadableFile where it comes to more rows than we read.
    """
    wide = form.wide
    if wide is None or not grid.height:
        return grid
    head = grid.head(SEARCHED_ROWS)
    layouts = (_layout_of(number, row, form, wide) for number, row in enumerate(head))
    layout = next((layout for layout in layouts if layout is not None), None)
    if layout is None:
        return grid
    above = unit_line(head[: layout.row])
    return _rows(grid, form, layout, known_unit(above) if above else None, file)


def _layout_of(number: int, row: list[str], form: Any, wide: Wide) -> _Layout | None:
    """How a line reads as the header of a wide sheet; None where it is none."""
    titles = {n: folded(_BRACKETED.sub("", text)) for n, text in enumerate(row) if text.strip()}
    words = {
        folded(word): field.id
        for field in form.fields
        for word in (field.id, field.title_zh, field.title_en, *field.aliases)
    }
    named: dict[str, int] = {}
    for n, title in titles.items():
        if title in words:
            named.setdefault(words[title], n)
    clocks = {folded(title) for title in wide.clock_titles}
    clock = next((n for n, title in titles.items() if title in clocks), None)
    needed = [field.id for field in form.fields if field.required]
    in_clock = wide.clock if clock is not None else ()
    missing = [name for name in needed if name not in named and name not in in_clock]
    if wide.value in named:
        is_split = clock is not None and not missing
        return (
            _Layout(number, named, clock, None, {}, {})
            if is_split
            else _midnight(number, named, missing, wide)
        )
    if len(missing) != 1 or missing[0] not in wide.across:
        return None
    used = {*named.values(), clock}
    values = {
        n: said
        for n in titles
        if n not in used and (said := _said(row[n], form.field(missing[0]))) is not None
    }
    units = {n: unit for n in values if (unit := _unit_of(row[n])) is not None}
    return _Layout(number, named, clock, missing[0], values, units) if values else None


def _midnight(number: int, named: dict[str, int], missing: list[str], wide: Wide) -> _Layout | None:
    """A sheet of rows as the form has them, whose hours may begin at 0."""
    has_clock = bool(wide.clock) and all(name in named for name in wide.clock)
    return _Layout(number, named, None, None, {}, {}) if has_clock and not missing else None


def _said(title: str, field: Any) -> str | None:
    """What the title of a column says of a field; None where it can be no value of it."""
    word = folded(_BRACKETED.sub("", title))
    if field.type == "choice":
        words = {folded(w): code for code, both in field.choices.items() for w in (code, *both)}
        words |= {folded(w): code for w, code in field.choice_aliases.items()}
        return words.get(word)
    if field.type == "integer":
        match = _HOUR.fullmatch(word)
        return match.group(1) if match else None
    return title.strip()


def _unit_of(title: str) -> str | None:
    """The unit in the brackets of a title."""
    return next((unit for text in _BRACKETED.findall(title) if (unit := known_unit(text))), None)


def _rows(grid: Grid, form: Any, layout: _Layout, unit_above: str | None, file: str) -> Grid:
    """The sheet with a header of its own and a row for each value."""
    import numpy as np
    import pyarrow as pa

    body = layout.row + 1
    height = grid.height - body
    check_size(height * max(1, len(layout.values)), len(form.fields), file, grid.name)
    lines = np.arange(height, dtype=np.int64) + body + grid.first_line
    columns = {name: grid.columns[n].slice(body) for name, n in layout.fields.items()}
    columns |= _clock_columns(grid, form, layout, columns, body)
    blank = _blank(grid, layout, form.wide, columns, lines)
    if layout.across is not None:
        columns, lines = _melted(grid, form, layout, columns, lines, unit_above)
    names = [field.id for field in form.fields if field.id in columns]
    titles = _titles(grid, form, layout, names)
    head = [pa.array([title], pa.string()) for title in titles]
    filled = [columns[name].fill_null("") for name in names]
    texts = [pa.concat_arrays(both) for both in zip(head, filled, strict=True)]
    with_header = np.concatenate([[layout.row + grid.first_line], lines])
    return replace(
        grid,
        columns=texts,
        merges=[],
        hidden_rows=set(),
        hidden_columns=set(),
        first_line=layout.row + grid.first_line,
        lines=with_header,
        passed_over=_passed_over(grid, layout),
        blank=blank,
    )


def _titles(grid: Grid, form: Any, layout: _Layout, names: list[str]) -> list[str]:
    """The titles of fields, in English where every heading of the sheet that names one is."""
    texts = {name: grid.columns[n][layout.row].as_py() for name, n in layout.fields.items()}
    is_english = all(
        folded(text) == folded(form.field(name).title_en) for name, text in texts.items()
    )
    fields = [form.field(name) for name in names]
    return [known.title_en if is_english else known.title_zh for known in fields]


def _blank(
    grid: Grid, layout: _Layout, wide: Wide, columns: dict[str, Any], lines: Any
) -> Blank | None:
    """Values that are blank, in lines that are not; None where there are none."""
    import numpy as np

    described = [_is_filled(column) for name, column in columns.items() if name != wide.value]
    is_line = np.logical_or.reduce(described) if described else np.ones(len(lines), dtype=bool)
    body = grid.height - len(lines)
    numbers = list(layout.values) or [layout.fields[wide.value]]
    count, first = 0, []
    for number in numbers:
        empty = np.flatnonzero(is_line & ~_is_filled(grid.columns[number].slice(body)))
        count += len(empty)
        title = (grid.columns[number][layout.row].as_py() or "").strip()
        first += [(int(lines[row]), title) for row in empty[:SHOWN_BLANK]]
    return Blank(count, tuple(sorted(first)[:SHOWN_BLANK])) if count else None


def _is_filled(column: Any) -> Any:
    """Which cells of a column hold something, as booleans."""
    import numpy as np

    encoded = column.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    filled = np.array([not _is_blank(text) for text in texts] + [False])
    return filled[encoded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)]


def _is_blank(text: str | None) -> bool:
    return not text or not text.strip() or is_placeholder(text)


def _passed_over(grid: Grid, layout: _Layout) -> tuple[str, ...]:
    """Titles of the columns that hold something and name no field, no value of one and no time."""
    used = {*layout.fields.values(), *layout.values, layout.clock}
    titles = []
    for number, column in enumerate(grid.columns):
        title = (column[layout.row].as_py() or "").strip()
        cells = column.slice(layout.row + 1).unique().to_pylist()
        is_filled = any(text and text.strip() for text in cells)
        if number not in used and is_filled and folded(title) not in ORDINALS:
            titles.append(title or f"第{number + 1}列")
    return tuple(titles)


def _clock_columns(
    grid: Grid, form: Any, layout: _Layout, columns: dict[str, Any], body: int
) -> dict[str, Any]:
    """Day and hour of each row, from the time of the clock or from a day and an hour of 0."""
    wide = form.wide
    if not wide.clock or layout.across == wide.clock[1]:
        return {}
    day, hour = wide.clock
    import pyarrow.compute as pc

    if layout.clock is not None:
        times = grid.columns[layout.clock].slice(body)
        return _taken_apart(times, times, times, day, hour)
    days, hours = columns[day], columns[hour]
    return _taken_apart(pc.binary_join_element_wise(days, hours, " "), days, hours, day, hour)


def _taken_apart(times: Any, days: Any, hours: Any, day: str, hour: str) -> dict[str, Any]:
    """Each distinct time read once; one that is none keeps its text, so that its cell is told."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = times.dictionary_encode()
    read = [_day_and_hour(text or "") for text in known.dictionary.to_pylist()]
    codes = known.indices
    mask = pa.array([clock is None for clock in read]).take(codes)
    parts = {}
    for place, (name, otherwise) in enumerate(((day, days), (hour, hours))):
        texts = pa.array([None if clock is None else clock[place] for clock in read], pa.string())
        parts[name] = pc.if_else(mask, otherwise, texts.take(codes))
    return parts


def _day_and_hour(text: str) -> tuple[str, str] | None:
    """The day and the hour that ended at a time of the clock; None where that is no full hour.

    >>> _day_and_hour("20180220 7"), _day_and_hour("2018-02-20T00:00:00")
    (('2018-02-20', '7'), ('2018-02-19', '24'))
    """
    day, _, hour = text.strip().rpartition(" ")
    hour = hour.removesuffix("时").removesuffix("点")
    spelled = f"{day} {int(hour):02d}:00" if hour.isdigit() and len(hour) < 3 else text
    at = read_clock(_dashed(spelled))
    if at is None or (at.minute, at.second) != (0, 0):
        return None
    return _ended(at)


def _dashed(text: str) -> str:
    """A day in eight digits with its dashes."""
    return re.sub(r"^(\d{4})(\d{2})(\d{2})(?=[ T])", r"\1-\2-\3", text)


def _ended(at: datetime) -> tuple[str, str]:
    if at.hour:
        return f"{at:%Y-%m-%d}", str(at.hour)
    return f"{at - timedelta(days=1):%Y-%m-%d}", "24"


def _melted(
    grid: Grid,
    form: Any,
    layout: _Layout,
    columns: dict[str, Any],
    lines: Any,
    unit_above: str | None,
) -> tuple[dict[str, Any], Any]:
    """A row for each filled cell of the columns of values, by the lines of the file."""
    import numpy as np
    import pyarrow as pa

    height, wide = len(lines), form.wide
    body = grid.height - height
    cells = pa.concat_arrays([grid.columns[n].slice(body) for n in layout.values])
    encoded = cells.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    blank = np.array([_is_blank(text) for text in texts] or [True])
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    filled = np.flatnonzero((codes >= 0) & ~blank.astype(bool)[codes])
    filled = filled[np.argsort(filled % height, kind="stable")]
    of_row, of_column = filled % height, filled // height

    def spread(texts: list[str | None]) -> Any:
        return pa.array(texts, pa.string()).take(pa.array(of_column))

    long = {name: column.take(pa.array(of_row)) for name, column in columns.items()}
    long[wide.value] = cells.take(pa.array(filled))
    long[layout.across or ""] = spread(list(layout.values.values()))
    if wide.unit and wide.unit not in long and (layout.units or unit_above):
        long[wide.unit] = spread([layout.units.get(n, unit_above) for n in layout.values])
    return long, lines[of_row]
