"""Numbers by counter: what a draw is depends on seed, name, stream and number of the draw alone.

So a seed gives the same draws on any number of threads, in chunks of any size, and a measure that
is taken away leaves the draws of the others as they were.

References
----------
.. [1] Salmon J. et al. (2011), Parallel random numbers: as easy as 1, 2, 3, SC11: Philox4x32-10.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from hengtan.outlook.uncertainty.laws import CELLS, HALF, MANTISSA_BITS, Range, table

Numbers = np.ndarray[Any, np.dtype[np.uint32]]
Singles = np.ndarray[Any, np.dtype[np.float32]]
ROUNDS = 10
FIRST_MULTIPLIER, SECOND_MULTIPLIER = 0xD2511F53, 0xCD9E8D57
FIRST_STEP, SECOND_STEP = 0x9E3779B9, 0xBB67AE85
WORD = 0xFFFFFFFF
A_BLOCK = 4  # numbers that one value of the counter gives


def philox(counter: Numbers, key: tuple[int, int]) -> Numbers:
    """Philox4x32-10 of counters (4, N) under a key of two words: (4, N) numbers of 32 bits."""
    word0, word1, word2, word3 = np.asarray(counter, dtype=np.uint64)
    key0, key1 = key
    low, shift = np.uint64(WORD), np.uint64(32)
    for _ in range(ROUNDS):
        first = word0 * np.uint64(FIRST_MULTIPLIER)
        second = word2 * np.uint64(SECOND_MULTIPLIER)
        word0 = (second >> shift) ^ word1 ^ np.uint64(key0)
        word2 = (first >> shift) ^ word3 ^ np.uint64(key1)
        word1, word3 = second & low, first & low
        key0, key1 = (key0 + FIRST_STEP) & WORD, (key1 + SECOND_STEP) & WORD
    return np.stack([word0, word1, word2, word3]).astype(np.uint32)


def words_of(name: str) -> tuple[int, int]:
    """Two words of 32 bits that stand for a name in the counter."""
    digest = blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def key_of(seed: int) -> tuple[int, int]:
    """The key of a seed of up to 64 bits."""
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"a seed is a whole number from 0 to 2^64 - 1, not {seed}")
    return seed & WORD, seed >> 32


def numbers(seed: int, name: str, stream: int, start: int, count: int) -> Numbers:
    """Numbers of 32 bits of the draws ``start`` to ``start + count - 1`` of a name, (count,)."""
    first, last = start // A_BLOCK, -(-(start + count) // A_BLOCK)
    blocks = np.arange(first, last, dtype=np.uint64)
    counter = np.empty((4, len(blocks)), dtype=np.uint32)
    counter[0] = blocks
    counter[1] = stream
    counter[2], counter[3] = words_of(name)
    drawn = philox(counter, key_of(seed)).T.ravel()
    return drawn[start - first * A_BLOCK :][:count]


def drawn(laws: Sequence[Range], span: tuple[int, int], seed: int, stream: int = 0) -> Singles:
    """Values of ranges in the draws from ``span[0]`` on, ``span[1]`` of them, (laws, count).

    Ranges of one measure take the same number in each draw.
    """
    rows = [
        np.full(span[1], law.mid, dtype=np.float32)
        if not law.width
        else looked_up(numbers(seed, law.drawn_by, stream, *span), table(law).astype(np.float32))
        for law in laws
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), span[1])


def looked_up(number: Numbers, inverse: Singles) -> Singles:
    """Values of a law at numbers of 32 bits, by its table (2, NODES) in single precision."""
    upper = number >> np.uint32(31)
    mass = (number ^ (np.uint32(WORD) * upper)).astype(np.float32) + np.float32(0.5)
    bits = mass.view(np.int32)
    rest = 23 - MANTISSA_BITS
    cell = np.minimum((bits >> rest) - HALF, CELLS)
    part = (bits & ((1 << rest) - 1)).astype(np.float32) * np.float32(2.0**-rest)
    left = inverse[upper, cell]
    return left + part * (inverse[upper, cell + 1] - left)
