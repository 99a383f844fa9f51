"""Rows that are alike are found together: held against going through the rows one by one."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.basis import alike as module
from hengtan.basis.alike import alike, codes_of

CELLS = st.tuples(
    st.sampled_from([None, "", "吨", "万吨"]),
    st.sampled_from([None, 0, 1, -1]),
    st.sampled_from([None, "甲", "乙"]),
)
TYPES = pa.schema([("unit", pa.string()), ("number", pa.int64()), ("place", pa.string())])


def table_of(rows):
    columns = dict(zip(TYPES.names, zip(*rows, strict=True), strict=True)) if rows else {}
    whole = pa.table({name: list(columns.get(name, ())) for name in TYPES.names}, schema=TYPES)
    halves = [whole.slice(0, len(rows) // 2), whole.slice(len(rows) // 2)]
    return pa.concat_tables(halves).append_column("at", pa.array(range(len(rows)), pa.int64()))


@given(st.lists(CELLS, max_size=40))
def test_rows_with_one_code_are_the_rows_with_the_same_cells(rows):
    codes = codes_of(table_of(rows), TYPES.names).to_pylist()
    assert len(set(codes)) == len(set(rows))
    assert len(set(zip(codes, rows, strict=True))) == len(set(rows))


@given(rows=st.lists(CELLS, max_size=40))
def test_codes_stay_within_what_an_integer_holds(rows):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LARGEST", 5)
        codes = codes_of(table_of(rows), TYPES.names).to_pylist()
    assert len(set(zip(codes, rows, strict=True))) == len(set(rows)) == len(set(codes))


@given(st.lists(CELLS, max_size=40))
def test_each_combination_is_asked_about_once_and_gives_its_rows_in_order(rows):
    by_hand = defaultdict(list)
    for at, (unit, _, place) in enumerate(rows):
        if unit is not None:
            by_hand[unit, place].append(at)
    asked = []

    def has_unit(row):
        asked.append((row["unit"], row["place"]))
        return row["unit"] is not None

    seen = alike(table_of(rows), ("unit", "place"), ("at",), has_unit)
    groups = {(row["unit"], row["place"]): some["at"].to_pylist() for row, some in seen}
    assert groups == by_hand
    assert len(asked) == len({(unit, place) for unit, _, place in rows})
