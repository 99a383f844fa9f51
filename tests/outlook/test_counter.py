"""Numbers by counter: the published vectors, and that a draw depends on its own number alone."""

import numpy as np
import pytest

from hengtan.outlook.uncertainty.counter import numbers, philox

# Random123 (Salmon et al. 2011), tests/kat_vectors, philox4x32 of 10 rounds: counter, key, result
PUBLISHED = [
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def words(text):
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "result"), PUBLISHED)
def test_published_vectors(counter, key, result):
    drawn = philox(np.array(words(counter), dtype=np.uint32)[:, None], tuple(words(key)))
    assert drawn[:, 0].tolist() == words(result)


@pytest.mark.parametrize("cut", [1, 4, 33, 99])
def test_chunks_of_any_size_give_the_same_numbers(cut):
    whole = numbers(7, "heat pumps", 0, 0, 100)
    parts = [numbers(7, "heat pumps", 0, 0, cut), numbers(7, "heat pumps", 0, cut, 100 - cut)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_names_streams_and_seeds_are_apart():
    """Four series of 1,000 numbers: at 2^-32 a pair hardly two are equal at one place by chance."""
    series = [
        numbers(7, "heat pumps", 0, 0, 1000),
        numbers(7, "heat pump", 0, 0, 1000),
        numbers(7, "heat pumps", 1, 0, 1000),
        numbers(8, "heat pumps", 0, 0, 1000),
    ]
    same = [(a == b).sum() for n, a in enumerate(series) for b in series[n + 1 :]]
    assert max(same) <= 1


@pytest.mark.parametrize("seed", [-1, 1 << 64])
def test_a_seed_has_64_bits(seed):
    with pytest.raises(ValueError, match="a seed is a whole number"):
        numbers(seed, "m", 0, 0, 1)
