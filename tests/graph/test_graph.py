"""Running accounts: order, one run each, what-ifs, refusals, and results that do not hang on the
order of rows.
"""

import random
import types

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _
from ibis.expr.types import Table

from hengtan.basis.errors import HengtanError, UnknownAccount
from hengtan.graph import Graph, Same, account


@pytest.fixture
def tables(graph):
    return dict(graph._tables)


def rows(graph, name, *by):
    return sorted((tuple(row[c] for c in by) for row in graph.execute(name).to_pylist()), key=repr)


def test_emissions_by_hand(graph):
    # A: 10 t at 2.5 until 2020, 20 t at 2.4 from 2021, 5 t of gas at 2.0 = 25 + 48 + 10; B: 1 t at
    # 2.4; peat has no factor
    assert rows(graph, "emissions", "firm", "fuel", "value") == [
        ("A", "coal", 25.0),
        ("A", "coal", 48.0),
        ("A", "gas", 10.0),
        ("B", "coal", 2.4),
        ("B", "peat", None),
    ]
    assert rows(graph, "balance", "firm", "value", "total") == [("A", 83.0, 35.0), ("B", 2.4, 8.0)]


def test_each_account_runs_once_after_what_it_needs(graph, invented):
    graph.table("balance")
    assert invented.calls == ["burned", "emissions", "balance"]
    graph.table("emissions")
    graph.execute("balance")
    assert invented.calls == ["burned", "emissions", "balance"]


def test_only_what_is_needed_runs(graph, invented):
    graph.table("burned")
    assert invented.calls == ["burned"]


def test_an_input_is_given_back_as_it_is(graph, tables, invented):
    assert graph.table("energy") is tables["energy"] and invented.calls == []
    assert graph.inputs_of("balance") == ("emissions", "burned") and graph.inputs_of("energy") == ()


def test_what_if_a_table_is_replaced(graph, invented):
    graph.table("balance")
    other = graph.with_overrides(factors=graph.table("factors").mutate(factor=_.factor * 2))
    assert rows(other, "balance", "firm", "value") == [("A", 166.0), ("B", 4.8)]
    assert rows(graph, "balance", "firm", "value") == [("A", 83.0), ("B", 2.4)], (
        "the graph asked first stays as it was"
    )


def test_what_if_an_account_is_replaced(graph, invented):
    inputs = ibis.memtable({"firm": ["A"], "fuel": ["coal"], "date": [None], "value": [7.0]})
    other = graph.with_overrides(emissions=inputs)
    assert rows(other, "balance", "firm", "value", "total") == [("A", 7.0, 35.0)]
    assert "emissions" not in invented.calls


def test_what_if_an_option_is_replaced(graph):
    assert rows(graph.with_overrides(share=0.5), "balance", "firm", "value") == [
        ("A", 41.5),
        ("B", 1.2),
    ]


def test_what_ifs_add_up(graph):
    other = graph.with_overrides(share=0.5).with_overrides(
        factors=graph.table("factors").mutate(factor=_.factor * 2)
    )
    assert rows(other, "balance", "firm", "value") == [("A", 83.0), ("B", 2.4)]
    again = graph.with_overrides(
        factors=graph.table("factors").mutate(factor=_.factor * 2)
    ).with_overrides(share=0.5)
    assert rows(again, "balance", "firm", "value") == [("A", 83.0), ("B", 2.4)]


def test_a_what_if_of_an_unknown_name_is_refused(graph):
    with pytest.raises(UnknownAccount, match="factors"):
        graph.with_overrides(factor=1)


@pytest.mark.parametrize(
    ("more_tables", "options"),
    [({"burned": None}, {}), ({}, {"share": 1, "energy": 1}), ({}, {"share": 1, "burned": 1})],
)
def test_names_used_twice_are_refused(invented, tables, more_tables, options):
    with pytest.raises(HengtanError, match="used twice"):
        Graph([invented], tables | more_tables, options)


def test_two_accounts_of_one_name_are_refused(invented, tables):
    other = types.ModuleType("other_accounts")

    @account(key=("firm",), unit=None, cites=(), maps={"energy": "all"})
    def burned(energy: Table) -> Table:
        """Another of the same name."""
        return energy

    burned.__module__ = other.__name__
    other.burned = burned
    with pytest.raises(HengtanError, match="used twice"):
        Graph([invented, other], tables, {"share": 1.0})


def test_an_unknown_name_suggests_the_nearest(graph):
    with pytest.raises(UnknownAccount, match="emissions"):
        graph.table("emision")


def test_a_missing_table_or_option_is_named(invented, tables):
    with pytest.raises(UnknownAccount, match="factors"):
        Graph([invented], {"energy": tables["energy"]}, {"share": 1.0}).table("balance")
    with pytest.raises(HengtanError, match="share"):
        Graph([invented], tables).table("balance")


@pytest.mark.parametrize(
    "maps",
    [
        {},
        {"energy": Same("firm"), "factors": "all"},
        {"factors": Same("fuel")},
        {"energy": "same"},
        {"energy": None},
    ],
)
def test_wrong_maps_are_refused_where_the_account_is_defined(maps):
    with pytest.raises(TypeError, match="wrong_one"):

        @account(key=("firm",), unit=None, cites=(), maps=maps)
        def wrong_one(energy: Table, share: float) -> Table:
            """Never runs."""
            return energy


def test_an_account_imported_elsewhere_counts_once(invented, tables):
    user = types.ModuleType("user_of_accounts")
    user.burned = invented.burned
    assert set(Graph([invented, user], tables, {"share": 1.0}).accounts()) == {
        "balance",
        "emissions",
        "burned",
    }


@given(seed=st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_the_order_of_input_rows_does_not_matter(shuffled_graph, seed):
    assert rows(shuffled_graph(random.Random(seed)), "balance", "firm", "value", "total") == [
        ("A", 83.0, 35.0),
        ("B", 2.4, 8.0),
    ]


def test_overrides_may_be_given_at_once(invented, tables):
    doubled = tables["factors"].mutate(factor=_.factor * 2)
    assert rows(
        Graph([invented], tables, {"share": 1.0}, {"share": 0.5, "factors": doubled}),
        "balance",
        "firm",
        "value",
    ) == [("A", 83.0), ("B", 2.4)]
    with pytest.raises(UnknownAccount, match="factors"):
        Graph([invented], tables, {"share": 1.0}, {"factor": doubled})


def test_a_default_stands_where_an_option_is_not_given(tables):
    @account(key=("firm",), unit="t", cites=(), maps={"energy": Same("firm")})
    def scaled(energy: Table, times: float = 3.0) -> Table:
        """Amounts times three, unless told otherwise."""
        return energy.group_by("firm").agg(value=_.amount.sum() * times)

    module = types.ModuleType("scaled_accounts")
    scaled.__module__ = module.__name__
    module.scaled = scaled
    graph = Graph([module], {"energy": tables["energy"]})
    assert rows(graph, "scaled", "firm", "value") == [("A", 105.0), ("B", 24.0)]
    assert rows(graph.with_overrides(times=1.0), "scaled", "firm", "value") == [
        ("A", 35.0),
        ("B", 8.0),
    ]
    assert graph.explain("scaled", {"firm": "A"}).options == {"times": 3.0}


def test_sql_prepared_before_is_run_on_the_rows_and_options_of_now():
    calls = []

    @account(key=("n",), unit="1", cites=("x",), maps={"numbers": Same("n")})
    def scaled(numbers: Table, by: float = 2.0) -> Table:
        """Numbers times an option."""
        calls.append(by)
        return numbers.mutate(made=_.amount * by)

    module = types.ModuleType("scaling")
    scaled.__module__ = "scaling"
    module.scaled = scaled

    def scaled_by_graph(amounts, options=None, kind="float64"):
        numbers = ibis.memtable(
            [{"n": n, "amount": a} for n, a in enumerate(amounts)],
            schema={"n": "int64", "amount": kind},
        )
        graph = Graph(
            [module], {"numbers": ibis.duckdb.connect().create_table("numbers", numbers)}, options
        )
        return [amount for _n, amount in rows(graph, "scaled", "n", "made")]

    assert scaled_by_graph([1.0, 2.0]) == [2, 4]
    assert scaled_by_graph([5.0]) == [10] and calls == [2.0], (
        "prepared once, on another connection and other rows"
    )
    assert scaled_by_graph([5.0], {"by": 3.0}) == [15] and scaled_by_graph([5.0]) == [10]
    assert scaled_by_graph([7], kind="int64") == [14] and calls == [2.0, 3.0, 2.0], (
        "other columns are prepared apart"
    )
