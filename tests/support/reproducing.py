"""Whether the rows that an explanation names give the row that is explained."""

from __future__ import annotations

import random

import pytest

from hengtan.graph.reproduce import reproduce

SAMPLE = 2
"""Rows of an account that are tried."""


def reproduced(workspace, *names: str) -> None:
    """Rows of accounts have one key each, and come out of their explained rows alone."""
    graph = workspace.graph()
    for name in names:
        rows, key = graph.execute(name).to_pylist(), graph.accounts()[name].key
        assert rows and len({tuple(row[column] for column in key) for row in rows}) == len(rows)
        for row in random.Random(5).sample(rows, min(SAMPLE, len(rows))):
            by_key, again = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
            assert again == {
                column: pytest.approx(value) if isinstance(value, float) else value
                for column, value in by_key.items()
            }
