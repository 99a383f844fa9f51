"""Sparse systems in the order of their supply chains: what is no loop is solved by substitution,
each loop (strong component) by its own LU.

An LU of the whole would fill in where a chain of twenty thousand processes has none; the components
are the Dulmage-Mendelsohn fine blocks of a matrix with a full diagonal.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Array = np.ndarray[Any, np.dtype[np.float64]]
Members = np.ndarray[Any, np.dtype[np.intp]]


class SingularLoop(ArithmeticError):
    """A loop whose block has no inverse; ``members`` are its columns."""

    def __init__(self, members: Members) -> None:
        super().__init__(f"singular block of {len(members)}")
        self.members = members


class BlockTriangular:
    """A square sparse matrix, its rows and columns of one kind, ready to be solved many times.
    Raises SingularLoop where a block has no inverse.
    """

    def __init__(self, matrix: sparse.csc_matrix) -> None:
        self.matrix = matrix
        _, label = connected_components(matrix, connection="strong")
        groups = (
            np.split(np.argsort(label, kind="stable"), np.cumsum(np.bincount(label))[:-1])
            if matrix.shape[0]
            else []
        )
        self.blocks: list[Members] = [groups[k] for k in _takers_first(matrix, label, len(groups))]
        self.factors = [self._factored(block) for block in self.blocks]

    def _factored(self, block: Members) -> Any:
        if len(block) == 1:
            pivot = self.matrix[block[0], block[0]]
            if pivot == 0:
                raise SingularLoop(block)
            return float(pivot)
        try:
            return splu(sparse.csc_matrix(self.matrix[block][:, block]))
        except RuntimeError:
            raise SingularLoop(block) from None

    def solve(self, demand: Array) -> Array:
        """x of A x = demand."""
        rest, x = np.array(demand, dtype=float), np.zeros(len(demand))
        start, rows, values = self.matrix.indptr, self.matrix.indices, self.matrix.data
        for block, factor in zip(self.blocks, self.factors, strict=True):
            x[block] = (
                rest[block] / factor if isinstance(factor, float) else factor.solve(rest[block])
            )
            for j in block:
                if x[j]:
                    at = slice(start[j], start[j + 1])
                    rest[rows[at]] -= values[at] * x[j]
        return x

    def solve_transposed(self, right: Array) -> Array:
        """y of Aᵀ y = right."""
        y = np.zeros(len(right))
        start, rows, values = self.matrix.indptr, self.matrix.indices, self.matrix.data
        for block, factor in zip(reversed(self.blocks), reversed(self.factors), strict=True):
            # the block's own y are still zero, so that only what is outside of it counts
            columns = [slice(start[j], start[j + 1]) for j in block]
            outside = [values[column] @ y[rows[column]] for column in columns]
            wanted = right[block] - np.array(outside)
            y[block] = (
                wanted / factor if isinstance(factor, float) else factor.solve(wanted, trans="T")
            )
        return y


def _takers_first(matrix: sparse.csc_matrix, label: Members, count: int) -> list[int]:
    """The blocks so that each comes after all that take from it."""
    entries = matrix.tocoo()
    provider, taker = label[entries.row], label[entries.col]
    outside = provider != taker
    edges = sparse.csr_matrix(
        (np.ones(int(outside.sum())), (taker[outside], provider[outside])), shape=(count, count)
    )
    waiting_for = np.bincount(edges.indices, minlength=count)
    ready, order = [int(k) for k in np.flatnonzero(waiting_for == 0)], []
    while ready:
        k = ready.pop()
        order.append(k)
        for n in edges.indices[edges.indptr[k] : edges.indptr[k + 1]]:
            waiting_for[n] -= 1
            if waiting_for[n] == 0:
                ready.append(int(n))
    return order
