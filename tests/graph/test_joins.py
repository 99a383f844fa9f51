"""The words of accounts for joining and choosing: ``beside``, ``first_of``, ``newest_of``."""

import ibis
import pyarrow as pa
import pytest
from ibis import _

from hengtan.graph import beside, first_of, newest_of

FUELS = [
    {"product": "coal", "year": 2023, "amount": 3.0},
    {"product": "coal", "year": 2024, "amount": 4.0},
    {"product": None, "year": 2024, "amount": 1.0},
    {"product": "peat", "year": 2024, "amount": 2.0},
]
FACTORS = [{"product": "coal", "factor": 0.7}, {"product": None, "factor": 9.0}]


@pytest.fixture(scope="module")
def table():
    engine, count = ibis.duckdb.connect(), iter(range(100))

    def store(rows):
        return engine.create_table(f"rows_{next(count)}", pa.Table.from_pylist(rows))

    return store


def rows_of(table):
    return sorted(table.to_pyarrow().to_pylist(), key=repr)


def test_a_row_without_a_match_stays_and_a_missing_key_meets_nothing(table):
    met = beside(table(FUELS), table(FACTORS), "product")
    assert met.columns == ("product", "year", "amount", "factor")
    factors = {(row["product"], row["year"]): row["factor"] for row in rows_of(met)}
    assert factors == {
        ("coal", 2023): 0.7,
        ("coal", 2024): 0.7,
        (None, 2024): None,
        ("peat", 2024): None,
    }


def test_a_row_that_meets_several_comes_once_for_each(table):
    several = table([{"product": "coal", "factor": 0.7}, {"product": "coal", "factor": 0.8}])
    met = beside(table(FUELS[:1]), several, "product")
    assert [row["factor"] for row in rows_of(met)] == [0.7, 0.8]


def test_keys_of_different_names_and_several_keys(table):
    prices = table([{"fuel": "coal", "of": 2024, "price": 800.0}])
    met = table(FUELS[:2]).pipe(beside, prices, {"product": "fuel", "year": "of"})
    assert met.columns == ("product", "year", "amount", "price")
    assert [row["price"] for row in rows_of(met)] == [None, 800.0]


def test_a_table_can_stand_beside_itself_and_twice(table):
    fuels = table(FUELS)
    years = fuels.group_by("product").agg(most=_.amount.max())
    met = fuels.pipe(beside, years, "product").pipe(beside, table(FACTORS), "product")
    assert {row["most"] for row in rows_of(met) if row["product"] == "coal"} == {4.0}


def test_a_column_of_both_tables_is_refused_by_name(table):
    with pytest.raises(TypeError, match="amount"):
        beside(table(FUELS), table([{"product": "coal", "amount": 1.0}]), "product")


def test_first_of_each_group_with_the_columns_as_they_were(table):
    first = first_of(table(FUELS), "product", _.year.desc())
    assert first.columns == ("product", "year", "amount")
    assert {(row["product"], row["amount"]) for row in rows_of(first)} == {
        ("coal", 4.0),
        (None, 1.0),
        ("peat", 2.0),
    }


def test_newest_of_goes_by_approval_then_submission_then_row(table):
    approved = [("a", 1, "S-1", 1), ("a", 2, "S-0", 1), ("a", 2, "S-0", 2), ("b", 1, "S-1", 9)]
    names = ("place", "_approved_at", "_submission", "_row")
    newest = newest_of(table([dict(zip(names, row, strict=True)) for row in approved]), ["place"])
    assert {tuple(row[name] for name in names) for row in rows_of(newest)} == {
        ("a", 2, "S-0", 2),
        ("b", 1, "S-1", 9),
    }
