"""Queries kept in a folder for the next process, and for the next day."""

import types
from datetime import date

import ibis
import pyarrow as pa
import pytest

from hengtan.graph import Graph, Same, account, prepared
from hengtan.graph.prepared import Prepared


@pytest.fixture
def module(monkeypatch):
    """An account that counts how often it is turned into SQL; memory is forgotten, as a new process
    has none.
    """
    monkeypatch.setattr(prepared, "_IN_MEMORY", type(prepared._IN_MEMORY)())
    result = types.ModuleType("doubling")

    @account(key=("n",), unit="t", cites=(), maps={"numbers": Same("n")})
    def doubled(numbers: ibis.Table) -> ibis.Table:
        """Twice."""
        result.calls += 1
        return numbers.select("n", value=numbers.value * 2)

    doubled.__module__ = "doubling"
    result.doubled, result.calls = doubled, 0
    return result


def run(module, folder, version="1", values=(1.0, 2.0)):
    prepared._IN_MEMORY.clear()
    numbers = ibis.duckdb.connect().create_table(
        "numbers", pa.table({"n": range(len(values)), "value": list(values)})
    )
    return sorted(
        Graph([module], {"numbers": numbers}, prepared=Prepared(folder, version))
        .execute("doubled")["value"]
        .to_pylist()
    )


def test_the_next_process_takes_the_query_from_the_folder(module, tmp_path):
    assert run(module, tmp_path) == [2.0, 4.0] and module.calls == 1
    assert run(module, tmp_path, values=(5.0,)) == [10.0] and module.calls == 1
    assert run(module, tmp_path, version="2") == [2.0, 4.0] and module.calls == 2, (
        "edited accounts are turned into SQL again"
    )
    assert run(module, tmp_path, values=(1, 2)) == [2, 4] and module.calls == 3, (
        "whole numbers are other columns"
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-10],
        lambda text: text.replace("* 2", "* 3").replace("2 *", "3 *").replace("CAST(2", "CAST(3"),
        lambda text: "",
    ],
)
def test_a_damaged_query_is_made_again(module, tmp_path, damage):
    run(module, tmp_path)
    (file,) = tmp_path.glob("*.sql")
    whole = file.read_text(encoding="utf-8")
    assert damage(whole) != whole
    file.write_text(damage(whole), encoding="utf-8")
    assert run(module, tmp_path) == [2.0, 4.0] and module.calls == 2
    assert file.read_text(encoding="utf-8") == whole


def test_a_folder_that_cannot_be_written_is_passed_over(module, tmp_path):
    (tmp_path / "taken").write_text("a file where the folder should be")
    assert run(module, tmp_path / "taken") == [2.0, 4.0]


def test_only_so_many_queries_are_kept(module, tmp_path, monkeypatch):
    monkeypatch.setattr(prepared, "KEPT_FILES", 3)
    for version in range(6):
        run(module, tmp_path, version=str(version))
    assert len(list(tmp_path.glob("*.sql"))) == 3 and not list(tmp_path.glob("*.part"))


def test_the_next_day_takes_the_query_of_the_day_before(module, tmp_path, monkeypatch):
    """Of 2026-05-01 and 2026-06-01, one is past on 2026-05-20, both are on the day after June 1."""

    @account(key=("day",), unit="", cites=(), maps={"days": Same("day")})
    def passed(days: ibis.Table, judged_on: ibis.Value) -> ibis.Table:
        """The days before the one judged."""
        module.calls += 1
        return days.filter(days.day < judged_on)

    passed.__module__, module.passed = "doubling", passed
    engine = ibis.duckdb.connect()
    both = [date(2026, 5, 1), date(2026, 6, 1)]
    tables = {
        "days": engine.create_table("days", pa.table({"day": both})),
        "numbers": engine.create_table("numbers", pa.table({"n": [1], "value": [1.0]})),
    }

    def on(day):
        options = {"judged_on": ibis.literal(day)}
        graph = Graph([module], tables, options, prepared=Prepared(tmp_path, "1"))
        return sorted(graph.execute("passed")["day"].to_pylist())

    assert on(date(2026, 5, 20)) == both[:1]
    assert on(date(2026, 6, 2)) == both
    assert module.calls == 1


def test_every_account_is_the_same_query_but_for_the_day(demo):
    """What stands in for a day is an ordinary day to an account: put in, it gives the query that
    the account makes of the day itself.
    """
    graph = demo.graph()
    days = {"judged_on": date(2026, 11, 25), "values_to": date(2027, 3, 31)}
    seen = set()
    for name, about in graph.accounts().items():
        if about.limit is not None or not set(days) & {*about.options}:
            continue
        seen.add(name)
        function = graph._functions[name]
        schemas = {table: graph.table(table).schema() for table in about.tables}
        options = {o: graph._option(name, o) for o in about.options}
        stated = options | {o: ibis.literal(day) for o, day in days.items() if o in options}
        stood_in, put_in = prepared._with_stand_ins(stated)
        direct, query = (
            Prepared()._made(function, schemas, chosen, None) for chosen in (stated, stood_in)
        )
        for stand_in, day in put_in.items():
            query = query.replace(prepared._in_sql(stand_in), prepared._in_sql(day))
        assert query == direct, name
    assert {"plan_progress", "plan_milestone_state", "plan_registry_years"} <= seen
