"""Rows with the same key: an error that names both rows, and says whether the whole row is the
same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hengtan.basis.alike import codes_of
from hengtan.ledger.reading.findings import SHOWN_ALIKE, Collector, problem
from hengtan.ledger.reading.header import Header


def check_keys(table: Any, form: Any, header: Header, collector: Collector) -> None:
    """Report rows that repeat the key of an earlier row, among those that are sound in the key."""
    titles = [header.texts[header.columns[key]] for key in form.key if key in header.columns]
    rows = sound_rows(table, collector, titles)
    repeated = _repeated(rows, list(form.key))
    if repeated is None:
        return
    shown = repeated.slice(0, SHOWN_ALIKE).to_pylist()
    contents = _contents(rows, {line for row in shown for line in (row[_LINE], row[_FIRST])})
    title = "、".join(titles)
    for row in shown:
        line, first = row[_LINE], row[_FIRST]
        words = " / ".join(str(row[key]) for key in form.key if row[key])
        code = "duplicate-row" if contents[line] == contents[first] else "duplicate-key"
        collector.add(problem(code, first, words), row=line, column=title)
    rest = repeated.num_rows - len(shown)
    if rest > 0:
        collector.add(problem("duplicate-key.more", rest), column=title)


_LINE, _FIRST = "_source_row", "_source_row_min"
_CODE = "_code"


def _repeated(rows: Any, keys: list[str]) -> Any | None:
    """Lines whose key stands in an earlier line, with that line; None where there are none.

    Blanks are equal.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    words = [pc.fill_null(rows[key].cast(pa.string()), "") for key in keys]
    keyed = pa.table([*words, rows[_LINE]], names=[*keys, _LINE])
    coded = keyed.append_column(_CODE, codes_of(keyed, keys))
    counted = coded.group_by(_CODE).aggregate([(_LINE, "count"), (_LINE, "min")])
    several = counted.filter(pc.greater(counted["_source_row_count"], 1))
    if several.num_rows == 0:
        return None
    pairs = coded.join(several, keys=_CODE, join_type="inner")
    return pairs.filter(pc.not_equal(pairs[_LINE], pairs[_FIRST])).sort_by(_LINE)


def _contents(rows: Any, lines: set[int]) -> dict[int, dict[str, Any]]:
    """The content of some lines without their number, by line."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chosen = rows.filter(pc.is_in(rows[_LINE], pa.array(sorted(lines)))).to_pylist()
    return {row.pop(_LINE): row for row in chosen}


def sound_rows(table: Any, collector: Collector, titles: Iterable[str]) -> Any:
    """The rows without an error in the columns of these titles, so that one slip is not reported
    twice.
    """
    import numpy as np
    import pyarrow as pa

    faulty: set[int] = set().union(*(collector.faulty_in.get(title, set()) for title in titles))
    if not faulty:
        return table
    keep = np.ones(table.num_rows, dtype=bool)
    keep[list(faulty)] = False
    return table.filter(pa.array(keep))
