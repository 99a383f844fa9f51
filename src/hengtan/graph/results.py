"""Rows of accounts kept for the graphs of one process by what they were made from: the account, its
options and the content of its inputs.

After a correction only the accounts that it touches run again; a what-if runs what it changes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_ROWS = 20_000
"""Rows of an account that is kept; a longer one runs again."""
MOST_BYTES = 64_000_000
"""Memory that all that is kept may take."""


@dataclass(frozen=True)
class Reuse:
    """What a graph must know to take rows that were worked out before: the DuckDB engine (Ibis)
    that its tables stand in, and what is in a table, in a word that is another one wherever a row
    is. ``sound`` says whether the tables hold what they should: rows of a ledger that has lost some
    are not kept, or they would outlive its repair.
    """

    engine: Any = None
    contents: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    sound: Callable[[], bool] = lambda: True


class Results:
    """Arrow tables by a digest of what they were made from; the one used longest ago goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES, most_rows: int = MOST_ROWS) -> None:
        self.most_bytes, self.most_rows = most_bytes, most_rows
        self._tables: OrderedDict[str, Any] = OrderedDict()
        self._bytes = 0
        self._one_at_a_time = threading.Lock()

    def __contains__(self, content: str | None) -> bool:
        return content in self._tables

    def get(self, content: str) -> Any | None:
        """The rows (``pyarrow.Table``) of that content, or None."""
        with self._one_at_a_time:
            if content in self._tables:
                self._tables.move_to_end(content)
            return self._tables.get(content)

    def put(self, content: str, rows: Any) -> None:
        """Keep rows, and let go of others where the memory is used up; too many are not kept."""
        if rows is None or rows.num_rows > self.most_rows or rows.nbytes > self.most_bytes:
            return
        with self._one_at_a_time:
            if content in self._tables:
                return
            self._tables[content] = rows
            self._bytes += rows.nbytes
            while self._bytes > self.most_bytes:
                _, oldest = self._tables.popitem(last=False)
                self._bytes -= oldest.nbytes


RESULTS = Results()
"""Those of this process."""
