"""Draws and their totals in chunks, compiled where numba is there and by NumPy where it is not.

A chunk has a set number of draws, whatever the number of threads, so that sums come out alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from typing import Any, Literal, TypeVar

import numpy as np

from hengtan.outlook.uncertainty import counter, interpreter
from hengtan.outlook.uncertainty.asked import Question
from hengtan.outlook.uncertainty.laws import Range, table
from hengtan.outlook.uncertainty.program import Program, program_of
from hengtan.outlook.uncertainty.uncertain import Uncertain

Array = np.ndarray[Any, np.dtype[np.float64]]
Numbers = np.ndarray[Any, Any]
Kind = Literal["auto", "numba", "numpy"]
Answer = TypeVar("Answer")
CHUNK = 8192
OWN_STREAM = 0


def compiled_kind(kind: Kind) -> bool:
    """Whether to compile: ``auto`` where numba is installed."""
    return kind == "numba" or (kind == "auto" and find_spec("numba") is not None)


@dataclass(frozen=True)
class Engine:
    """Answers a question about draws of an uncertain pathway.

    Attributes
    ----------
    seed : int
        The same seed gives the same draws, of 0 to 2^64 - 1.
    threads : int
        Threads that share the chunks; the answer does not depend on it.
    kind : str
        ``numba``, ``numpy``, or ``auto``: numba where it is installed.
    """

    uncertain: Uncertain
    question: Question
    seed: int = 0
    threads: int = 1
    kind: Kind = "auto"
    compiled: bool = field(init=False)

    def __post_init__(self) -> None:
        counter.key_of(self.seed)
        object.__setattr__(self, "compiled", compiled_kind(self.kind))

    @cached_property
    def program(self) -> Program:
        return program_of(self.uncertain, self.question)

    @cached_property
    def laws(self) -> tuple[Range, ...]:
        return self.uncertain.laws

    @cached_property
    def drawn_laws(self) -> tuple[int, ...]:
        return self.uncertain.uncertain

    @cached_property
    def drawn_together(self) -> dict[str, tuple[int, ...]]:
        """Positions in ``laws`` of what is drawn, by the name that the draws are numbered by."""
        together: dict[str, tuple[int, ...]] = {}
        for number in self.drawn_laws:
            name = self.laws[number].drawn_by
            together[name] = (*together.get(name, ()), number)
        return together

    @cached_property
    def tables(self) -> Numbers:
        """Inverses of the laws that are drawn, in single precision, (U, 2, NODES)."""
        tables = [table(self.laws[number]) for number in self.drawn_laws]
        return np.array(tables, dtype=np.float32).reshape(len(tables), 2, -1)

    def draws(self, start: int, count: int, streams: Sequence[int] | int = OWN_STREAM) -> Numbers:
        """Effects of every measure and trend, (M, count), of the draws from ``start`` on.

        ``streams`` numbers independent draws of the same name, by position in ``laws``.
        """
        every = len(self.laws)
        stream = [streams] * every if isinstance(streams, int) else list(streams)
        drawn = np.empty((every, count), dtype=np.float32)
        drawn[:] = np.array([law.mid for law in self.laws], dtype=np.float32)[:, None]
        if self.drawn_laws:
            chosen = list(self.drawn_laws)
            drawn[chosen] = self._draw(start, count, [stream[number] for number in chosen])
        return drawn

    def _draw(self, start: int, count: int, streams: Sequence[int]) -> Numbers:
        names = [self.laws[number].drawn_by for number in self.drawn_laws]
        if not self.compiled:
            rows = [
                counter.looked_up(counter.numbers(self.seed, name, stream, start, count), inverse)
                for name, stream, inverse in zip(names, streams, self.tables, strict=True)
            ]
            return np.stack(rows)
        from hengtan.outlook.uncertainty import compiled

        first, last = start // counter.A_BLOCK, -(-(start + count) // counter.A_BLOCK)
        pairs = zip(names, streams, strict=True)
        words = np.array([(stream, *counter.words_of(name)) for name, stream in pairs], np.uint32)
        key = np.array(counter.key_of(self.seed), dtype=np.uint32)
        whole = np.empty((len(names), (last - first) * counter.A_BLOCK), dtype=np.float32)
        compiled.draw(key, words, first, self.tables, whole)
        begin = start - first * counter.A_BLOCK
        return whole[:, begin : begin + count]

    def totals(self, effects: Numbers) -> Array:
        """Totals (Q, Y, N) of effects (M, N), which may be of single or double precision."""
        measures, count = effects.shape
        size = (len(self.question.totals), len(self.question.years))
        if not self.compiled:
            rows = np.empty((self.program.rows, count), dtype=effects.dtype)
            rows[:measures] = effects
            totals = np.zeros((size[0] * size[1], count))
            interpreter.evaluate(self.program, rows, totals)
            return totals.reshape(*size, count)
        from hengtan.outlook.uncertainty import compiled

        filled = -(-count // compiled.WIDTH) * compiled.WIDTH
        if filled != count or not effects.flags.c_contiguous:
            wider = np.zeros((measures, filled), dtype=effects.dtype)
            wider[:, :count] = effects
            effects = wider
        totals = np.empty((size[0] * size[1], filled))
        compiled.evaluate(self.program, effects, totals)
        return totals.reshape(*size, filled)[:, :, :count]

    def central(self) -> Array:
        """Totals by year, (Q, Y), of the central scenario in double precision."""
        effects = np.array([[law.mid] for law in self.laws], dtype=float)
        return self.totals(effects)[:, :, 0]

    def over_chunks(self, count: int, work: Callable[[int, int], Answer]) -> Iterator[Answer]:
        """``work(start, size)`` of every chunk of ``count`` draws, in their order, by threads."""
        chunks = [(start, min(CHUNK, count - start)) for start in range(0, count, CHUNK)]
        if self.threads == 1:
            yield from (work(*chunk) for chunk in chunks)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            for first in range(0, len(chunks), 2 * self.threads):
                some = chunks[first : first + 2 * self.threads]
                yield from pool.map(work, *zip(*some, strict=True))
