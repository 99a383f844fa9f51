"""Proof of an explanation: an account run on nothing but the explained rows must give the same row
again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from hengtan.graph.account import Accounts
from hengtan.graph.engines import drop, keep_rows
from hengtan.graph.explain import mapped_rows, row_of

Row = dict[str, Any]


def reproduce(
    graph: Accounts, name: str, key: Mapping[str, Any], *, deep: bool = True
) -> tuple[Row, Row | None]:
    """The row with this key as the graph holds it, and as the account makes it from the explained
    rows alone (None where it does not).

    The declared key maps are followed down to the tables of the graph, each cut to the rows they
    lead to, and everything is run anew. With ``deep=False`` only the account itself is run, on its
    own inputs cut to the rows its maps lead to. The two rows are the same when the maps are wide
    enough. Raises NoSuchRow, UnknownAccount.
    """
    row = row_of(graph, name, key)
    reached: dict[str, dict[Any, Row]] = {}
    _follow(graph, name, row, reached, deep)
    accounts = graph.accounts()
    for source in _upstream(graph, name) if deep else ():
        reached.setdefault(source, {})  # no row of it was led to: it is run without any
    inputs = {
        source: _table(graph, source, list(rows.values()))
        for source, rows in reached.items()
        if not (deep and source in accounts)
    }
    cut = graph.with_overrides(**inputs)
    wanted = [row[column] for column in accounts[name].key]
    again = [
        candidate
        for candidate in cut.execute(name).to_pylist()
        if [candidate[column] for column in accounts[name].key] == wanted
    ]
    cut.close()
    for table in inputs.values():
        drop(table.get_backend(), table.get_name())
    return row, again[0] if again else None


def _upstream(graph: Accounts, name: str) -> set[str]:
    """Every table an account is made from, and theirs."""
    upstream: set[str] = set()
    waiting = [name]
    while waiting:
        for source in graph.inputs_of(waiting.pop()):
            if source not in upstream:
                upstream.add(source)
                waiting.append(source)
    return upstream


def _follow(
    graph: Accounts, name: str, row: Row, reached: dict[str, dict[Any, Row]], deep: bool
) -> None:
    """Note the input rows of a row under their tables, and theirs."""
    accounts = graph.accounts()
    for source in accounts[name].maps:
        rows = reached.setdefault(source, {})
        for mapped in mapped_rows(graph, name, source, row):
            mark = id(mapped) if graph.collected.get(source) else repr(mapped)
            if mark not in rows:
                rows[mark] = mapped
                if deep and source in accounts:
                    _follow(graph, source, mapped, reached, deep)


def _table(graph: Accounts, name: str, rows: list[Row]) -> Any:
    """Rows as a stored table of the engine that holds the whole, so that the prepared query of an
    account runs on them too.
    """
    import pyarrow as pa

    whole = graph.table(name)
    cut = pa.Table.from_pylist(rows, schema=whole.schema().to_pyarrow())
    return keep_rows(whole.get_backend(), cut, f"{name}_{uuid.uuid4().hex[:10]}")
