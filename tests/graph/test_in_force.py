"""The range join against a loop in Python that reads the rule: inclusive ends, empty open, at most
one match, nothing borrowed.
"""

from datetime import date, timedelta

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from hengtan.graph.in_force import in_force

DAYS = st.integers(0, 40).map(lambda n: date(2021, 1, 1) + timedelta(days=n))
FUELS = st.sampled_from(["coal", "gas", None])
ROWS = st.lists(st.tuples(FUELS, st.one_of(st.none(), DAYS)), min_size=1, max_size=25)
TERMS = st.lists(
    st.tuples(FUELS, st.one_of(st.none(), DAYS), st.one_of(st.none(), DAYS)),
    min_size=0,
    max_size=12,
)


def column(values, kind):
    return pa.array(list(values), kind)


def tables(rows, terms):
    table = pa.table(
        {
            "n": range(len(rows)),
            "fuel": column((r[0] for r in rows), pa.string()),
            "date": column((r[1] for r in rows), pa.date32()),
        }
    )
    dated = pa.table(
        {
            "fuel": column((t[0] for t in terms), pa.string()),
            "valid_from": column((t[1] for t in terms), pa.date32()),
            "valid_to": column((t[2] for t in terms), pa.date32()),
            "factor": column(map(float, range(len(terms))), pa.float64()),
        }
    )
    return ibis.memtable(table), ibis.memtable(dated)


def looked_up(terms, fuel, day):
    """The factors in force; of several, those that began last."""
    met = [
        (start or date.min, float(n))
        for n, (by_key, start, end) in enumerate(terms)
        if day
        and fuel
        and by_key == fuel
        and (start is None or start <= day)
        and (end is None or day <= end)
    ]
    last = max((start for start, _ in met), default=None)
    return {factor for start, factor in met if start == last}


@given(rows=ROWS, terms=TERMS)
@settings(max_examples=examples(20, 200), deadline=None)
def test_as_a_loop_would_find_them(rows, terms):
    table, dated = tables(rows, terms)
    result = in_force(table, dated, on=("fuel",)).to_pyarrow().to_pylist()
    assert sorted(row["n"] for row in result) == list(range(len(rows))), (
        "every row once, matched or not"
    )
    for row in result:
        expected = looked_up(terms, row["fuel"], row["date"])
        assert (
            row["factor"] in expected
            if expected
            else (row["factor"] is None and row["valid_from"] is None and row["valid_to"] is None)
        )


def test_both_ends_are_inclusive():
    terms = [("coal", date(2021, 1, 2), date(2021, 1, 3)), ("coal", date(2021, 1, 4), None)]
    table, dated = tables([("coal", date(2021, 1, day)) for day in range(1, 6)], terms)
    result = sorted(
        (row["date"].day, row["factor"])
        for row in in_force(table, dated, on=("fuel",)).to_pyarrow().to_pylist()
    )
    assert result == [(1, None), (2, 0.0), (3, 0.0), (4, 1.0), (5, 1.0)]


@pytest.mark.parametrize(
    "day", [date(2021, 1, 3), ibis.literal(date(2021, 1, 3)), ibis.date(2021, 1, 3)]
)
def test_one_day_for_all_rows_and_no_columns_to_match(day):
    table, dated = tables(
        [("coal", None), ("gas", None)],
        [("any", date(2021, 1, 1), date(2021, 1, 3)), ("any", date(2021, 1, 4), None)],
    )
    result = in_force(table, dated.drop("fuel"), day=day).to_pyarrow().to_pylist()
    assert [row["factor"] for row in result] == [0.0, 0.0]


def test_a_column_both_have_keeps_the_value_of_the_table():
    table, dated = tables([("coal", date(2021, 1, 1))], [("coal", None, None)])
    result = (
        in_force(
            table.mutate(note=ibis.literal("row")),
            dated.mutate(note=ibis.literal("term")),
            on=("fuel",),
        )
        .to_pyarrow()
        .to_pylist()
    )
    assert (result[0]["note"], result[0]["note_in_force"]) == ("row", "term")
