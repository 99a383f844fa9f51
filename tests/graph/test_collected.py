"""Rows fetched once for explanations are those that going through the table gives."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from hengtan.graph.collected import Collected

VALUE = st.one_of(st.none(), st.sampled_from(["渝北区", "武隆区", ""]))
YEAR = st.one_of(st.none(), st.integers(2020, 2022))
ROWS = st.lists(st.fixed_dictionaries({"place": VALUE, "year": YEAR, "value": st.integers()}))


def table_of(rows):
    small = [{**row, "value": row["value"] % 10**9} for row in rows]
    return small, pa.Table.from_pylist(
        small, schema=pa.schema({"place": pa.string(), "year": pa.int64(), "value": pa.int64()})
    )


@given(ROWS, VALUE, YEAR)
def test_rows_with_these_values_are_found_in_their_order(rows, place, year):
    small, table = table_of(rows)
    kept = Collected(table)
    by_both = [r for r in small if r["place"] == place and r["year"] == year]
    by_one = [r for r in small if r["year"] == year]
    assert kept.equal({"place": place, "year": year}) == by_both
    assert kept.equal({"year": year}) == by_one
    assert kept.equal({}) == kept.all() == small


@given(ROWS)
def test_a_row_is_the_same_mapping_each_time(rows):
    _, table = table_of(rows)
    kept = Collected(table)
    again = [row for year in (None, 2020, 2021, 2022) for row in kept.equal({"year": year})]
    assert {id(row) for row in again} == {id(row) for row in kept.all()}
