"""Queries kept in a folder for the next process."""

import types

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
