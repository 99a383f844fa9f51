"""Rows worked out before are taken again where all they come from is as it was, and only there."""

import types

import ibis
import pyarrow as pa
import pytest
from ibis.expr.types import Table

from hengtan.graph import Graph, Same, account, graph
from hengtan.graph.results import Results, Reuse


@pytest.fixture
def results(monkeypatch):
    """Nothing kept so far."""
    fresh = Results()
    monkeypatch.setattr(graph, "RESULTS", fresh)
    return fresh


@pytest.fixture
def works(results):
    """Two accounts, one from the other and a second table; ``calls`` names those that ran."""
    module = types.ModuleType("works")
    module.calls = []

    @account(key=("n",), unit="t", cites=(), maps={"burned": Same("n")})
    def emissions(burned: Table, factor: float) -> Table:
        """What was burned times a factor."""
        module.calls.append("emissions")
        return burned.select("n", value=burned.value * factor)

    @account(key=("n",), unit="t", cites=(), maps={"emissions": Same("n"), "taken": Same("n")})
    def net(emissions: Table, taken: Table) -> Table:
        """What is left of it."""
        module.calls.append("net")
        both = emissions.left_join(taken.rename(less="value"), "n")
        return both.select("n", value=both.value - both.less)

    for function in (emissions, net):
        function.__module__ = "works"
        setattr(module, function.__name__, function)
    return module


def net_of(works, burned, taken, factor=2.0):
    """The net emissions of a graph of its own engine, and which accounts ran for them."""
    works.calls.clear()
    engine = ibis.duckdb.connect()
    tables = {
        name: engine.create_table(name, pa.table({"n": [1], "value": [value]}))
        for name, value in (("burned", burned), ("taken", taken))
    }
    contents = {"burned": lambda: f"burned {burned}", "taken": lambda: f"taken {taken}"}
    asked = Graph([works], tables, {"factor": factor}, reuse=Reuse(engine, contents))
    (row,) = asked.execute("net").to_pylist()
    return row["value"], list(works.calls)


@pytest.fixture(autouse=True)
def _no_queries_kept(monkeypatch):
    """Accounts are called each time they run: no query of them is kept."""
    from hengtan.graph.prepared import Prepared

    monkeypatch.setattr(Prepared, "run", lambda *_: None)


def test_only_what_a_change_touches_runs_again(works):
    assert net_of(works, 10.0, 1.0) == (19.0, ["emissions", "net"])
    assert net_of(works, 10.0, 1.0) == (19.0, []), "nothing has changed"
    assert net_of(works, 10.0, 4.0) == (16.0, ["net"]), "emissions do not come from what is taken"
    assert net_of(works, 20.0, 4.0) == (36.0, ["emissions", "net"])
    assert net_of(works, 10.0, 1.0) == (19.0, []), "back to what it was"


def test_an_option_is_part_of_what_rows_come_from(works):
    net_of(works, 10.0, 1.0)
    assert net_of(works, 10.0, 1.0, factor=3.0) == (29.0, ["emissions", "net"])
    assert net_of(works, 10.0, 1.0, factor=3.0) == (29.0, [])


def test_a_what_if_runs_what_it_changes(works):
    net_of(works, 10.0, 1.0)
    other = ibis.duckdb.connect().create_table("other", pa.table({"n": [1], "value": [7.0]}))
    engine = other.get_backend()
    asked = Graph(
        [works],
        {"burned": other, "taken": other},
        {"factor": 2.0},
        reuse=Reuse(engine, {"burned": lambda: "burned 10.0", "taken": lambda: "taken 1.0"}),
    )
    works.calls.clear()
    (row,) = asked.with_overrides(taken=other).execute("net").to_pylist()
    assert (row["value"], works.calls) == (13.0, ["net"]), "20 as kept, less what is given now"


def test_a_table_that_does_not_say_what_is_in_it_is_never_taken_for_another(works):
    engine = ibis.duckdb.connect()
    for value in (10.0, 20.0):
        rows = pa.table({"n": [1], "value": [value]})
        tables = {n: engine.create_table(f"{n}_{value:.0f}", rows) for n in ("burned", "taken")}
        asked = Graph([works], tables, {"factor": 2.0}, reuse=Reuse(engine, {}))
        assert asked.execute("net")["value"].to_pylist() == [value]


def test_rows_of_a_ledger_that_has_lost_some_are_not_kept(workspace, report, results):
    """Its repair brings the rows back under the same name."""
    row = {
        "place": "500156",
        "indicator": "sewage_treatment_rate",
        "period": "2025",
        "value": 98.2,
        "unit": "%",
    }
    report(workspace, "indicator_values", [row])
    lake = workspace.ledger.lake
    with lake.writing() as cur:
        cur.execute("create table memory.safe as select * from lake.main.indicator_values")
        cur.execute("delete from lake.main.indicator_values")
    assert workspace.graph().execute("plan_values").num_rows == 0
    with lake.writing() as cur:
        cur.execute("insert into lake.main.indicator_values select * from memory.safe")
    workspace.reload()
    assert workspace.graph().execute("plan_values")["value"].to_pylist() == [98.2]


def emissions_times(factor):
    """An account of a name that others have, too."""

    @account(key=("n",), unit="t", cites=(), maps={"burned": Same("n")})
    def emissions(burned: Table) -> Table:
        """Times a factor of its own."""
        return burned.select("n", value=burned.value * factor)

    emissions.__module__ = "changing"
    return emissions


def test_an_account_of_the_same_name_is_another_one(results):
    """Also where the first is gone and its memory was given to the second."""
    seen = set()
    for factor in range(1, 30):
        module = types.ModuleType("changing")

        module.emissions = emissions_times(factor)
        engine = ibis.duckdb.connect()
        burned = engine.create_table("burned", pa.table({"n": [1], "value": [1.0]}))
        asked = Graph([module], {"burned": burned}, reuse=Reuse(engine, {"burned": lambda: "one"}))
        seen.add(asked.execute("emissions")["value"][0].as_py())
        del module, asked
    assert seen == set(range(1, 30))


def test_memory_is_bounded_and_the_one_used_longest_ago_goes_first():
    rows = pa.table({"n": pa.array(range(1000), pa.int64())})  # 8,000 bytes
    kept = Results(most_bytes=3 * rows.nbytes, most_rows=1000)
    for content in "abc":
        kept.put(content, rows)
    assert kept.get("a") is not None
    kept.put("d", rows)
    assert [content in kept for content in "abcd"] == [True, False, True, True]
    kept.put("too long", pa.table({"n": pa.array(range(1001), pa.int16())}))
    assert "too long" not in kept and "a" in kept


def behind(asked, name):
    """An account and all it is made from."""
    inputs = [table for table in asked.inputs_of(name) if table in asked.accounts()]
    return {name}.union(*(behind(asked, table) for table in inputs))


def test_every_account_comes_back_as_it_was_worked_out(demo, results):
    """Rows and types of all that the lights of the demonstration come from."""
    anew, again = demo.graph().with_overrides(), demo.graph().with_overrides()
    names = behind(anew, "plan_progress")
    worked_out = {name: anew.execute(name) for name in names}
    assert len(names) > 50
    for name, rows in worked_out.items():
        assert again._content(name) in results, name
        assert again.table(name).schema() == anew.table(name).schema(), name
        assert again.execute(name).equals(rows), name
    anew.close()
    again.close()
