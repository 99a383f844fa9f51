"""Rows as the server gives them, with the types of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Rows:
    """A table whole: its rows as dicts, and the type of each column as Arrow names it."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: list[dict[str, Any]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table`` with the types it has in the workspace."""
        import pyarrow as pa

        columns = {name: self._column(name, kind) for name, kind in self.columns}
        return pa.table(columns)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``."""
        return self.to_arrow().to_pandas()

    def _column(self, name: str, kind: str) -> Any:
        import pyarrow as pa

        values = [_read(row.get(name), kind) for row in self.rows]
        try:
            return pa.array(values, pa.type_for_alias(kind))
        except ValueError:  # a type of several parts, such as a list: told by its values
            return pa.array(values)


def _read(value: Any, kind: str) -> Any:
    """A value as JSON has it, as its column has it."""
    if value is None or not isinstance(value, str):
        return value
    if kind.startswith("date"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind.startswith("timestamp") else value
