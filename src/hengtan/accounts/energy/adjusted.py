"""What making tables agree comes to: before, after, how far each cell moved, and what each
constraint pulled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Reconciled:
    """What went in, what came out, how far each cell moved, and why.

    ``row_pull`` and ``column_pull`` are the factors of RAS (1 = no pull, 0 = a total of zero
    empties the line); for least squares ``row_pull`` holds the Lagrange multiplier of each
    constraint and ``column_pull`` is empty. ``parts`` (sparse, constraints × cells; cells row by
    row) splits every adjustment among the constraints called ``names`` (codes: ``row|A``,
    ``column|B``, ``bounds``): its columns add to the adjustment.
    """

    before: Array
    after: Array
    row_pull: Array
    column_pull: Array
    rounds: int
    residual: float
    parts: Any = None
    names: tuple[str, ...] = ()

    @property
    def adjustment(self) -> Array:
        """After less before, of the shape of the table."""
        return self.after - self.before

    def why(self, *cell: int) -> list[tuple[str, float]]:
        """What each constraint moved one cell by, the largest first, in the unit of the table:
        ``why(row, column)`` for RAS, ``why(index)`` for least squares.
        """
        at = int(np.ravel_multi_index(cell, self.before.shape))
        column = self.parts[:, [at]].tocoo()
        pulls = zip(column.row, column.data, strict=True)
        moved = [(self.names[constraint], float(pull)) for constraint, pull in pulls if pull]
        return sorted(moved, key=lambda part: (-abs(part[1]), part[0]))
