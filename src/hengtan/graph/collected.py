"""Rows of a table fetched once for explanations, and found by what stands in some columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Values = tuple[Any, ...]
PIECE = 5_000
"""Values turned into Python in one go."""


class Collected:
    """The rows of a table, in its order.

    A row becomes a mapping when it is asked for: a whole table of them takes seconds in which no
    other thread of the process runs. The same row is the same mapping each time.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self._rows: dict[int, dict[str, Any]] = {}
        self._places: dict[tuple[str, ...], dict[Values, list[int]]] = {}

    def all(self) -> list[dict[str, Any]]:
        """Every row."""
        return self._at(range(self.table.num_rows))

    def equal(self, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows in which columns hold these values; missing pairs with missing."""
        columns = tuple(wanted)
        if columns not in self._places:
            self._places[columns] = self._index(columns)
        return self._at(self._places[columns].get(tuple(wanted.values()), ()))

    def _index(self, columns: tuple[str, ...]) -> dict[Values, list[int]]:
        places: dict[Values, list[int]] = defaultdict(list)
        lists = [self._values(column) for column in columns]
        values = zip(*lists, strict=True) if lists else [()] * self.table.num_rows
        for place, value in enumerate(values):
            places[value].append(place)
        return dict(places)

    def _values(self, column: str) -> list[Any]:
        """A column in Python, in pieces: between two of them other threads run."""
        whole, starts = self.table[column], range(0, self.table.num_rows, PIECE)
        return [value for start in starts for value in whole.slice(start, PIECE).to_pylist()]

    def _at(self, places: Iterable[int]) -> list[dict[str, Any]]:
        wanted = list(places)
        new = [place for place in wanted if place not in self._rows]
        rows = self.table.take(new).to_pylist() if new else []
        self._rows.update(zip(new, rows, strict=True))
        return [self._rows[place] for place in wanted]
