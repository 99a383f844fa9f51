"""Proof of an explanation: an account run on nothing but the explained rows must give the same row again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hengtan.graph.explain import mapped_rows, row_of

if TYPE_CHECKING:
    from hengtan.graph.graph import Graph

Row = dict[str, Any]


def reproduce(
    graph: Graph, name: str, key: Mapping[str, Any], *, deep: bool = True
) -> tuple[Row, Row | None]:
    """The row with this key as the graph holds it, and as the account makes it from the explained rows alone (None where it does not).

    The declared key maps are followed down to the tables of the graph, each cut to the rows they lead to, and everything is run anew.
    With ``deep=False`` only the account itself is run, on its own inputs cut to the rows its maps lead to. The two rows are the same
    when the maps are wide enough. Raises NoSuchRow, UnknownAccount.
    """
    held = row_of(graph, name, key)
    reached: dict[str, dict[Any, Row]] = {}
    _follow(graph, name, held, reached, deep)
    accounts = graph.accounts()
    for source in _upstream(graph, name) if deep else ():
        reached.setdefault(source, {})  # no row of it was led to: it is run without any
    cut = graph.with_overrides(
        **{
            source: _table(graph, source, list(rows.values()))
            for source, rows in reached.items()
            if not (deep and source in accounts)
        }
    )
    about = accounts[name]
    found = [
        row for row in cut.execute(name).to_pylist() if all(row[c] == held[c] for c in about.key)
    ]
    cut.close()
    return held, found[0] if found else None


def _upstream(graph: Graph, name: str) -> set[str]:
    """Every table an account is made from, and theirs."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for source in graph.inputs_of(waiting.pop()):
            if source not in found:
                found.add(source)
                waiting.append(source)
    return found


def _follow(
    graph: Graph, name: str, row: Row, reached: dict[str, dict[Any, Row]], deep: bool
) -> None:
    """Note the input rows of a row under their tables, and theirs."""
    accounts = graph.accounts()
    for source in accounts[name].maps:
        rows = reached.setdefault(source, {})
        for found in mapped_rows(graph, name, source, row):
            same = id(found) if graph.collected.get(source) else repr(found)
            if same not in rows:
                rows[same] = found
                if deep and source in accounts:
                    _follow(graph, source, found, reached, deep)


def _table(graph: Graph, name: str, rows: list[Row]) -> Any:
    import ibis
    import pyarrow as pa

    return ibis.memtable(pa.Table.from_pylist(rows, schema=graph.table(name).schema().to_pyarrow()))
