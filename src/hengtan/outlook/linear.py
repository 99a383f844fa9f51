"""Linear and mixed-integer programs as arrays, written block by block.

A *block* is a named array of variables or of rows (output by plant and hour, balance by hour), with
its unit. A row block that people set, such as a cap or a demand, is a *limit*: when a program has
no solution, limits are what can give way (``outlook/conflict.py``). ``outlook/optimum.py`` solves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array

Array = np.ndarray[Any, np.dtype[np.float64]]
Numbers = np.ndarray[Any, np.dtype[np.int32]]
Like = npt.ArrayLike


@dataclass(frozen=True)
class Block:
    """Variables or rows of one meaning: their numbers in the program, in their own shape."""

    name: str
    at: Numbers
    unit: str = ""

    def __getitem__(self, part: Any) -> Numbers:
        return self.at[part]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.at.shape

    def __repr__(self) -> str:
        return f"Block({self.name}, {self.shape}, {self.unit or '1'})"


@dataclass(frozen=True)
class Set:
    """That people set a block of rows and could change it: what they call it, and what a change of
    one unit weighs beside changes of other limits. ``now``: what it is set to, in its unit;
    ``by_district``: a bound for each district, of which a change is what they may be short of.
    """

    zh: str
    en: str
    weight: float = 1.0
    now: float | None = None
    by_district: bool = False


@dataclass(frozen=True)
class Limit(Block):
    """Rows that somebody set and could change."""

    said: Set = Set("", "")


@dataclass
class Program:
    """A program that is being written: minimise cost within bounds and rows.

    Variables and rows come in blocks; coefficients are put in wherever blocks meet. Arrays follow
    NumPy's rules of broadcasting against the shape of the block.
    """

    name: str = ""
    offset: float = 0.0
    variables: dict[str, Block] = field(default_factory=dict)
    rows: dict[str, Block] = field(default_factory=dict)
    _columns: dict[str, list[Array]] = field(default_factory=lambda: _lists("cost lower upper"))
    _integers: list[Numbers] = field(default_factory=list)
    _bounds: dict[str, list[Array]] = field(default_factory=lambda: _lists("lower upper"))
    _entries: list[tuple[Numbers, Numbers, Array]] = field(default_factory=list)
    _size: tuple[int, int] = (0, 0)

    def variable(
        self,
        name: str,
        shape: int | tuple[int, ...],
        unit: str = "",
        *,
        lower: Like = 0.0,
        upper: Like = np.inf,
        cost: Like = 0.0,
        integer: Like = False,
    ) -> Block:
        """Add variables of ``shape`` with bounds and the cost of one unit of each.

        Raises ``ValueError`` where the name is taken.
        """
        first, columns = self._size
        block = Block(name, _numbers(columns, shape), unit)
        _add(self.variables, block)
        for word, values in (("cost", cost), ("lower", lower), ("upper", upper)):
            self._columns[word].append(_flat(values, block.shape))
        self._integers.append(_flat(integer, block.shape).astype(np.int32))
        self._size = (first, columns + block.at.size)
        return block

    def row(
        self,
        name: str,
        shape: int | tuple[int, ...],
        unit: str = "",
        *,
        lower: Like = -np.inf,
        upper: Like = np.inf,
        limit: Set | None = None,
    ) -> Block:
        """Add rows that must lie between ``lower`` and ``upper``; ``limit`` says that people set
        them, and what they call them.
        """
        rows, columns = self._size
        numbers = _numbers(rows, shape)
        block = Block(name, numbers, unit) if limit is None else Limit(name, numbers, unit, limit)
        _add(self.rows, block)
        for word, values in (("lower", lower), ("upper", upper)):
            self._bounds[word].append(_flat(values, block.shape))
        self._size = (rows + block.at.size, columns)
        return block

    def equal(
        self,
        name: str,
        shape: int | tuple[int, ...],
        value: Like,
        unit: str = "",
        *,
        limit: Set | None = None,
    ) -> Block:
        """Add rows that must be ``value``."""
        return self.row(name, shape, unit, lower=value, upper=value, limit=limit)

    def put(self, rows: Like, variables: Like, coefficient: Like = 1.0) -> None:
        """Add ``coefficient`` × variables to rows; the three are broadcast against each other.

        What is put in the same place twice adds up.
        """
        at, of, value = np.broadcast_arrays(
            np.asarray(rows, dtype=np.int32),
            np.asarray(variables, dtype=np.int32),
            np.asarray(coefficient, dtype=float),
        )
        self._entries.append((at.ravel(), of.ravel(), value.ravel()))

    @property
    def cost(self) -> Array:
        """Cost of one unit of each variable."""
        return _joined(self._columns["cost"])

    @property
    def lower(self) -> Array:
        """Lower bounds of the variables."""
        return _joined(self._columns["lower"])

    @property
    def upper(self) -> Array:
        """Upper bounds of the variables."""
        return _joined(self._columns["upper"])

    @property
    def integer(self) -> Numbers:
        """1 for each variable that must be whole."""
        return np.concatenate(self._integers) if self._integers else np.zeros(0, dtype=np.int32)

    @property
    def row_lower(self) -> Array:
        """What each row must be at least."""
        return _joined(self._bounds["lower"])

    @property
    def row_upper(self) -> Array:
        """What each row may be at most."""
        return _joined(self._bounds["upper"])

    @property
    def limits(self) -> dict[str, Limit]:
        """The row blocks that people set."""
        return {name: block for name, block in self.rows.items() if isinstance(block, Limit)}

    def matrix(self) -> csc_array:
        """The coefficients, rows × variables."""
        if not self._entries:
            return csc_array(self._size)
        rows, columns, values = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        return csc_array((values, (rows, columns)), shape=self._size)

    def __repr__(self) -> str:
        rows, columns = self._size
        whole = int(self.integer.sum())
        return f"Program({self.name}: {columns} variables ({whole} whole), {rows} rows)"


def _lists(words: str) -> dict[str, list[Array]]:
    return {word: [] for word in words.split()}


def _numbers(first: int, shape: int | tuple[int, ...]) -> Numbers:
    size = (shape,) if isinstance(shape, int) else shape
    count = int(np.prod(size))
    return np.arange(first, first + count, dtype=np.int32).reshape(size)


def _flat(values: Like, shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(np.asarray(values, dtype=float), shape).ravel()


def _joined(parts: list[Array]) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0)


def _add(blocks: dict[str, Block], block: Block) -> None:
    if block.name in blocks:
        raise ValueError(f"{block.name} is there already")
    blocks[block.name] = block
