"""The interpreter, the draws and the cells of quantiles, compiled by numba.

Kept on disk in the folder ``kernels`` of ``HENGTAN_CACHE``, else of the platform's cache folder, by
the source it was compiled from: a process after the first compiles nothing. Imported only by
``engine.py``, where numba is there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.extending import overload, register_jitable

from hengtan.outlook.uncertainty import interpreter
from hengtan.outlook.uncertainty.counter import (
    FIRST_MULTIPLIER,
    FIRST_STEP,
    ROUNDS,
    SECOND_MULTIPLIER,
    SECOND_STEP,
    WORD,
)
from hengtan.outlook.uncertainty.laws import CELLS, HALF, MANTISSA_BITS
from hengtan.outlook.uncertainty.program import Program

Numbers = np.ndarray[Any, Any]
WIDTH = 1024  # draws worked on together: registers and effects of them stay in the fast caches
REST_BITS = 23 - MANTISSA_BITS
REST_MASK = (1 << REST_BITS) - 1
REST_SHARE = np.float32(2.0**-REST_BITS)


def kernels_folder() -> Path:
    """Where compiled kernels of this source are kept for a person on this machine."""
    from platformdirs import user_cache_path

    stated = os.environ.get("HENGTAN_CACHE")
    cache = Path(stated) if stated else user_cache_path("hengtan", appauthor=False)
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = blake2b(b"".join(path.read_bytes() for path in sources), digest_size=8)
    return cache / "kernels" / digest.hexdigest()


def can_keep(folder: Path) -> bool:
    """Whether kernels can be kept there; where not, every process compiles them anew."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


@contextmanager
def kept_on_disk() -> Iterator[None]:
    """numba's folder of compiled functions is ours while functions are declared."""
    options: Any = numba.config
    before = options.CACHE_DIR
    options.CACHE_DIR = str(kernels_folder())
    try:
        yield
    finally:
        options.CACHE_DIR = before


def word(plain: Callable[..., None]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declares a loop to be what a word of the interpreter is when compiled."""

    def declared(loop: Callable[..., None]) -> Callable[..., None]:
        overload(plain, strict=False, inline="always")(lambda *_: loop)
        return loop

    return declared


@word(interpreter.fill)
def _fill(rows, target, value):
    for draw in range(rows.shape[1]):
        rows[target, draw] = value


@word(interpreter.multiply)
def _multiply(rows, target, other):
    for draw in range(rows.shape[1]):
        rows[target, draw] *= rows[other, draw]


@word(interpreter.pair)
def _pair(rows, target, first, second):
    for draw in range(rows.shape[1]):
        rows[target, draw] = rows[first, draw] * rows[second, draw]


@word(interpreter.keep)
def _keep(rows, target, effect, reach):
    whole, share = rows.dtype.type(1), rows.dtype.type(reach)
    for draw in range(rows.shape[1]):
        rows[target, draw] *= whole - share * rows[effect, draw]


@word(interpreter.leave)
def _leave(rows, target, effect, reach):
    whole, share = rows.dtype.type(1), rows.dtype.type(reach)
    for draw in range(rows.shape[1]):
        rows[target, draw] = whole - share * rows[effect, draw]


@word(interpreter.grow)
def _grow(rows, target, deviation):
    whole = rows.dtype.type(1)
    for draw in range(rows.shape[1]):
        rows[target, draw] *= whole + rows[deviation, draw]


@word(interpreter.move)
def _move(rows, between, effect, reach, ratio):
    share, units = rows.dtype.type(reach), rows.dtype.type(ratio)
    source, target = between
    for draw in range(rows.shape[1]):
        gone = share * rows[effect, draw] * rows[source, draw]
        rows[source, draw] -= gone
        rows[target, draw] += units * gone


@word(interpreter.scale)
def _scale(rows, target, factors, weight):
    size = rows.dtype.type(weight)
    for draw in range(rows.shape[1]):
        rows[target, draw] = size * rows[factors, draw]


@word(interpreter.gather)
def _gather(rows, target, factors, weight):
    size = rows.dtype.type(weight)
    for draw in range(rows.shape[1]):
        rows[target, draw] += size * rows[factors, draw]


@word(interpreter.add_product)
def _add_product(sums, total, rows, common, terms):
    for draw in range(rows.shape[1]):
        sums[total, draw] += np.float64(rows[common, draw] * rows[terms, draw])


@word(interpreter.add)
def _add(sums, total, rows, common, weight):
    for draw in range(rows.shape[1]):
        sums[total, draw] += weight * np.float64(rows[common, draw])


for _step in (interpreter.begin, interpreter.carry_out, interpreter.evaluate):
    register_jitable(_step)


KEPT = can_keep(kernels_folder())
with kept_on_disk():

    @numba.njit(cache=KEPT, nogil=True)
    def evaluate(program: Program, effects: Numbers, totals: Numbers) -> None:
        """Totals (Q Y, N) of draws of effects (M, N); N is a multiple of ``WIDTH``."""
        rows = np.empty((program.rows, WIDTH), dtype=effects.dtype)
        sums = np.empty((totals.shape[0], WIDTH), dtype=np.float64)
        for first in range(0, effects.shape[1], WIDTH):
            rows[: len(effects)] = effects[:, first : first + WIDTH]
            sums[:] = 0.0
            interpreter.evaluate(program, rows, sums)
            totals[:, first : first + WIDTH] = sums

    @numba.njit(cache=KEPT, nogil=True)
    def draw(key: Numbers, words: Numbers, first: int, tables: Numbers, drawn: Numbers) -> None:
        """Draws of measures into ``drawn`` (M, 4 B) for values of the counter from ``first`` on:
        ``key`` (2,), ``words`` (M, 3) stream and name, ``tables`` (M, 2, NODES).
        """
        numbers = np.empty(drawn.shape[1], dtype=np.uint32)
        masses = np.empty(drawn.shape[1], dtype=np.float32)
        bits = masses.view(np.int32)
        for measure in range(len(words)):
            _philox(key, words[measure], first, numbers)
            for place in range(len(numbers)):
                number = numbers[place]
                if number >> np.uint32(31):
                    number = ~number
                masses[place] = np.float32(number) + np.float32(0.5)
            row = drawn[measure]
            for place in range(len(numbers)):
                side = np.int64(numbers[place] >> np.uint32(31))
                cell = min((bits[place] >> REST_BITS) - HALF, CELLS)
                part = np.float32(bits[place] & REST_MASK) * REST_SHARE
                left = tables[measure, side, cell]
                row[place] = left + part * (tables[measure, side, cell + 1] - left)

    @numba.njit(cache=KEPT, nogil=True)
    def count_cells(figures: Numbers, low: Numbers, width: Numbers, counts: Numbers) -> None:
        """Adds each figure (S, N) to its cell in ``counts`` (S, cells + 2); the first and the last
        cell take what lies beyond, missing figures are in none.
        """
        cells = counts.shape[1] - 2
        for series in range(figures.shape[0]):
            for draw in range(figures.shape[1]):
                place = (figures[series, draw] - low[series]) / width[series]
                if place != place:
                    continue
                counts[series, int(min(max(place, -1.0), float(cells)) + 1.0)] += 1


@register_jitable
def _philox(key, words, first, numbers):
    low, shift = np.uint64(WORD), np.uint64(32)
    for block in range(len(numbers) // 4):
        word0, word1 = np.uint64(np.uint64(first) + np.uint64(block)) & low, np.uint64(words[0])
        word2, word3 = np.uint64(words[1]), np.uint64(words[2])
        key0, key1 = np.uint64(key[0]), np.uint64(key[1])
        for _ in range(ROUNDS):
            upper = word0 * np.uint64(FIRST_MULTIPLIER)
            lower = word2 * np.uint64(SECOND_MULTIPLIER)
            word0 = (lower >> shift) ^ word1 ^ key0
            word2 = (upper >> shift) ^ word3 ^ key1
            word1, word3 = lower & low, upper & low
            key0 = (key0 + np.uint64(FIRST_STEP)) & low
            key1 = (key1 + np.uint64(SECOND_STEP)) & low
        numbers[4 * block] = np.uint32(word0)
        numbers[4 * block + 1] = np.uint32(word1)
        numbers[4 * block + 2] = np.uint32(word2)
        numbers[4 * block + 3] = np.uint32(word3)
