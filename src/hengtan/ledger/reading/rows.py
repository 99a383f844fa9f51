"""Which rows below the header are data: blank rows, totals, repeated headers and notes are not;
merged cells are filled down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hengtan.basis.spelling import folded, is_total, is_total_word, is_whole_area
from hengtan.ledger.reading.brackets import known_unit
from hengtan.ledger.reading.findings import Collector, problem, warning
from hengtan.ledger.reading.grid import MAX_CELL_LENGTH, Grid
from hengtan.ledger.reading.header import Header
from hengtan.ledger.reading.totals import tell_differing

_SIGNERS = "填表|制表|审核|复核|负责|联系|单位负责|统计负责|填报|报出"
_REMARKS = "注释?|附注|备注|说明|填报说明|资料来源|数据来源|来源|note|source"
_NOTE = re.compile(rf"^\s*(?:[*※]|(?:{_REMARKS}|{_SIGNERS})[^:：]{{0,12}}[:：])", re.IGNORECASE)
_SIGNED = re.compile(rf"^\s*(?:{_SIGNERS})[^:：]{{0,8}}[:：]")
_UNIT_NOTE = re.compile(r"单位\s*(?:均?[为是]|[:：])\s*([^\s，,。；;、]+)")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
AMOUNTS = ("quantity", "number", "integer")
_BLANKS = " \t\r\n\u3000\u00a0\ufeff\u200b"
_PLAIN_NUMBER = r"^[+-]?[0-9]{1,15}([.][0-9]{1,15})?$"


@dataclass
class Cells:
    """A column as distinct texts and, for each row, the number of its text (-1 = blank)."""

    codes: Any
    texts: list[str]

    @cached_property
    def numeric(self) -> Any:
        """Which distinct texts are plain numbers (12, -3.5), the usual case, found without asking
        each.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        return pc.match_substring_regex(pa.array(self.texts, pa.string()), _PLAIN_NUMBER).to_numpy(
            zero_copy_only=False
        )

    def mask(self, wanted: Any, longest: int = MAX_CELL_LENGTH) -> Any:
        """Rows whose text the function accepts; each distinct text is asked once, plain numbers and
        longer texts never.
        """
        import numpy as np

        chosen = np.zeros(len(self.texts) + 1, dtype=bool)
        for code in np.flatnonzero(~self.numeric).tolist():
            text = self.texts[code]
            chosen[code] = len(text) <= longest and bool(wanted(text))
        return chosen[self.codes] if chosen.any() else np.zeros(len(self.codes), dtype=bool)

    def blanked(self, rows: Any) -> Cells:
        """The same column with the rows of a mask blank."""
        import numpy as np

        cells = Cells(np.where(rows, -1, self.codes), self.texts)
        cells.__dict__["numeric"] = self.numeric
        return cells

    def taken(self, rows: Any) -> Cells:
        """The column cut to some rows."""
        cells = Cells(self.codes[rows], self.texts)
        cells.__dict__["numeric"] = self.numeric
        return cells


def encode(column: Any) -> Cells:
    """Trim, and number the distinct texts of an Arrow string array; blank is -1."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.utf8_trim(column, characters=_BLANKS).dictionary_encode()
    texts = known.dictionary.to_pylist()
    codes = pc.fill_null(known.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    if "" in texts:
        blank = texts.index("")
        codes = np.where(codes == blank, -1, np.where(codes > blank, codes - 1, codes))
        del texts[blank]
    return Cells(codes.copy() if not codes.flags.writeable else codes, texts)


@dataclass(frozen=True)
class Outline:
    """All that stands below a header: its columns, the line of each row, and which rows are data
    and which notes.
    """

    columns: list[Cells]
    lines: Any
    is_data: Any
    is_note: Any


def data_rows(
    grid: Grid, header: Header, form: Any, collector: Collector, lookups: Any
) -> tuple[list[Cells], Outline]:
    """The columns below the header cut to the rows of data, and what they were cut from."""
    import numpy as np

    body = [encode(column.slice(header.body)) for column in grid.columns]
    height = grid.height - header.body
    filled = np.zeros(height, dtype=np.int64)
    for cells in body:
        filled += cells.codes >= 0
    is_data = filled > 0
    others = np.flatnonzero(is_data & _other_headers(body, header, form))
    lines = np.arange(height, dtype=np.int64) + header.body + grid.first_line
    if grid.lines is not None:
        lines = grid.lines[header.body :]
    collector.lines = lines
    collector.at_rows(others, problem("second-table"), None)
    is_data[min(others, default=height) :] = False
    totals, notes = np.zeros(height, dtype=bool), np.zeros(height, dtype=bool)
    for code, mask in (
        ("header-repeated", _repeats(body, header)),
        ("ordinal-row", _ordinals(body, height)),
        ("note-line", _notes(body, filled, form)),
        ("total-row", _totals(body, header, form, lookups)),
    ):
        collector.at_rows(np.flatnonzero(is_data & mask), warning(code), None)
        totals |= is_data & mask if code == "total-row" else False
        is_data &= ~mask
        if code == "note-line":
            notes = mask & (filled > 0)
            own = {k.unit for k in form.fields if k.unit and k.id in header.columns}
            _refuse_note_units(body, np.flatnonzero(notes), own, lines, collector)
    tell_differing(body, header, form, (is_data, totals), collector)
    _fill_merges(grid, header, form, body, is_data, collector)
    hidden = np.isin(lines - grid.first_line, list(grid.hidden_rows)) & is_data
    if hidden.any():
        first = int(lines[hidden][0])
        collector.add(warning("hidden-rows", int(hidden.sum())), row=first)
    rows = np.flatnonzero(is_data)
    collector.lines = lines[rows]
    return [cells.taken(rows) for cells in body], Outline(body, lines, is_data, notes)


def _repeats(body: list[Cells], header: Header) -> Any:
    import numpy as np

    same = np.zeros(len(body[0].codes), dtype=np.int64)
    other = np.zeros(len(body[0].codes), dtype=bool)
    for column in header.columns.values():
        title = folded(header.texts[column])
        equal = body[column].mask(lambda text, title=title: folded(text) == title)
        same += equal
        other |= (body[column].codes >= 0) & ~equal
    return (same >= min(2, len(header.columns))) & ~other


def _other_headers(body: list[Cells], header: Header, form: Any) -> Any:
    """Lines that name half of the columns of the table, and hold no figure, but not where its
    header has them: the header of another table.
    """
    import numpy as np

    words = {folded(text) for column in header.columns.values() if (text := header.texts[column])}
    words |= {folded(w) for f in form.fields for w in (f.id, f.title_zh, f.title_en)}
    titles = np.zeros(len(body[0].codes), dtype=np.int64)
    holds_figure = np.zeros(len(body[0].codes), dtype=bool)
    for cells in body:
        titles += cells.mask(lambda text: folded(text) in words, 40)
        holds_figure |= np.append(np.asarray(cells.numeric, dtype=bool), False)[cells.codes]
    is_header = (titles >= max(2, (len(header.columns) + 1) // 2)) & ~holds_figure
    return is_header & ~_repeats(body, header)


def _ordinals(body: list[Cells], height: int) -> Any:
    """甲 乙 1 2 3: the row of column numbers official forms have right below the header.

    A firm called 甲 is none.
    """
    import numpy as np

    mask = np.zeros(height, dtype=bool)
    first = [cells.texts[cells.codes[0]] for cells in body if height and cells.codes[0] >= 0]
    stems = "".join(text for text in first if text in _STEMS)
    numbers = [text.strip("()（）") for text in first if text not in _STEMS]
    in_order = numbers == [str(n + 1) for n in range(len(numbers))]
    mask[:1] = len(first) > 2 and bool(stems) and _STEMS.startswith(stems) and in_order
    return mask


def _notes(body: list[Cells], filled: Any, form: Any) -> Any:
    """Lines of notes: every cell reads 注：…, the first reads 审核人：…, or lone cells after the
    last row of data.
    """
    import numpy as np

    is_note = filled > 0
    signed = np.zeros(len(filled), dtype=bool)
    begun = np.zeros(len(filled), dtype=bool)
    for cells in body:
        is_note &= cells.mask(_NOTE.match) | (cells.codes < 0)
        signed |= ~begun & cells.mask(_SIGNED.match)
        begun |= cells.codes >= 0
    is_note |= signed
    if sum(known.required for known in form.fields) > 1:
        wide = np.flatnonzero((filled > 1) & ~is_note)
        last = wide[-1] if len(wide) else len(filled)
        is_note |= (np.arange(len(filled)) > last) & (filled == 1)
    return is_note


def _refuse_note_units(
    body: list[Cells], notes: Any, own: set[str], lines: Any, collector: Collector
) -> None:
    """A note that gives a unit (本表单位为吨标准煤) which is none of ``own`` is an error."""
    for row in notes.tolist():
        texts = [cells.texts[cells.codes[row]] for cells in body if cells.codes[row] >= 0]
        match = _UNIT_NOTE.search(" ".join(texts))
        unit = known_unit(match.group(1)) if match else None
        if unit is not None and unit not in own:
            collector.add(problem("note-unit", unit), row=int(lines[row]))


def _totals(body: list[Cells], header: Header, form: Any, lookups: Any) -> Any:
    """Rows that say 合计 in the first column or in the key, 武隆区合计 or 全市 for a place,
    能源合计 for a product.
    """
    import numpy as np

    mask = np.zeros(len(body[0].codes), dtype=bool)
    places = _columns_of(header, form, ("place",))
    listed = {
        header.columns[known.id]: lookups.get(known.reference, {})
        for known in form.fields
        if known.type == "reference" and known.id in header.columns
    }
    for column in {0} | {header.columns[key] for key in form.key if key in header.columns}:
        mask |= body[column].mask(is_total_word, 20)
        if column in places:
            mask |= body[column].mask(is_total, 40)
            whole = body[column].mask(is_whole_area, 10)
            mask |= whole & bool(((body[column].codes >= 0) & ~whole).any())
        elif column in listed:
            names = listed[column]
            mask |= body[column].mask(
                lambda text, names=names: is_total(text) and text not in names, 40
            )
    return mask


def _columns_of(header: Header, form: Any, types: tuple[str, ...]) -> set[int]:
    """The columns of the fields of some types."""
    ids = [known.id for known in form.fields if known.type in types]
    return {header.columns[field_id] for field_id in ids if field_id in header.columns}


def _fill_merges(
    grid: Grid, header: Header, form: Any, body: list[Cells], is_data: Any, collector: Collector
) -> None:
    """Give the text of a cell merged downwards to each row of data it covers.

    Amounts are not multiplied: one row has them.
    """
    amounts = _columns_of(header, form, AMOUNTS)
    read = {*header.columns.values(), header.year_column}
    for top, column, bottom, _ in grid.merges:
        first, last = top - header.body, min(bottom - header.body, len(is_data) - 1)
        if column not in read or not 0 <= first < last or body[column].codes[first] < 0:
            continue
        if column in amounts:
            line = first + header.body + grid.first_line
            collector.add(warning("merged-amount"), row=line, column=header.texts[column])
            continue
        codes = body[column].codes
        for row in range(first + 1, last + 1):
            if is_data[row] and codes[row] < 0:
                codes[row] = codes[first]
