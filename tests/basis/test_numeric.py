"""Every word of formulas gives the same on floats, NumPy arrays and Ibis columns, and missing wins
in each.
"""

import math

import ibis
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.basis import numeric

NUMBERS = st.one_of(
    st.sampled_from([None, 0.0, -0.0, 0.5, 1.0, -1.0, 2.5, -2.5, 100.0]),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6)),
)
SMALL = st.one_of(
    st.sampled_from([None, 0.0, 0.5, 1.0, -1.0, 2.0]),
    st.floats(-20, 20, allow_nan=False).map(lambda x: round(x, 6)),
)
MISSING = st.sampled_from(["null", "nan"])

WORDS = {
    "minimum": (numeric.minimum, 2, min),
    "maximum": (numeric.maximum, 2, max),
    "clip": (numeric.clip, 3, lambda x, low, high: min(max(x, low), high)),
    "ratio": (numeric.ratio, 2, lambda a, b: a / b if b else None),
    "exp": (numeric.exp, 1, math.exp),
    "log": (numeric.log, 1, lambda x: math.log(x) if x > 0 else None),
    "power": (numeric.power, 2, lambda a, b: a**b if a > 0 or (a == 0 and b >= 0) else None),
    "absolute": (numeric.absolute, 1, abs),
    "where": (
        lambda a, b, c, d: numeric.where(a < b, c, d, known=(a, b)),
        4,
        lambda a, b, c, d: c if a < b else d,
    ),
}


def same(first, second):
    if first is None or second is None:
        return first is second
    return math.isclose(first, second, rel_tol=1e-12, abs_tol=1e-12)


def check(three_kinds, name, rows, missing):
    word, _, expected = WORDS[name]
    for row, *kinds in zip(rows, *three_kinds(word, rows, missing), strict=True):
        if name == "where":  # the branch not chosen may be missing
            wanted = None if None in row[:2] else expected(*row)
        else:
            wanted = None if None in row else expected(*row)
        assert all(same(value, wanted) for value in kinds), (name, row, kinds, wanted)


@pytest.mark.parametrize("name", [n for n in WORDS if n not in ("exp", "power")])
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_words_agree_and_missing_wins(three_kinds, name, data):
    width = WORDS[name][1]
    rows = data.draw(st.lists(st.tuples(*[NUMBERS] * width), min_size=1, max_size=30))
    check(three_kinds, name, rows, data.draw(MISSING))


@pytest.mark.parametrize("name", ["exp", "power"])
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_powers_agree_and_missing_wins(three_kinds, name, data):
    rows = data.draw(st.lists(st.tuples(*[SMALL] * WORDS[name][1]), min_size=1, max_size=30))
    check(three_kinds, name, rows, data.draw(MISSING))


@given(
    rows=st.lists(st.tuples(NUMBERS), min_size=1, max_size=30),
    digits=st.integers(-2, 4),
    missing=MISSING,
)
@settings(max_examples=20, deadline=None)
def test_rounding_agrees_and_moves_at_most_half_a_unit(three_kinds, rows, digits, missing):
    kinds = three_kinds(lambda x: numeric.round_half_up(x, digits), rows, missing)
    for (value,), *rounded in zip(rows, *kinds, strict=True):
        assert all(same(r, rounded[0]) for r in rounded)
        if value is None:
            assert rounded[0] is None
        else:
            unit = 10.0**-digits
            assert abs(rounded[0] - value) <= unit / 2 * (1 + 1e-9) + 1e-9
            units = rounded[0] / unit  # off by a few last places where it is large
            assert units == pytest.approx(round(units), abs=1e-6, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (2.5, 0, 3.0),
        (-2.5, 0, -3.0),
        (0.5, 0, 1.0),
        (-0.5, 0, -1.0),
        (1.5, 0, 2.0),
        (0.49, 0, 0.0),
        (1.005, 2, 1.01),
        (2.675, 2, 2.68),
        (-1.005, 2, -1.01),
        (1.0049, 2, 1.0),
        (12.1498, 1, 12.1),
        (10.502, 0, 11.0),
        (250.0, -2, 300.0),
        (249.0, -2, 200.0),
        (25.0, -1, 30.0),
        (1.0, 3, 1.0),
        # whole numbers and money of national size stay as they are
        (999_999_999_999_999.0, 0, 999_999_999_999_999.0),
        (2.0**53 - 1, 0, 2.0**53 - 1),
        (13_490_840_000_000.25, 2, 13_490_840_000_000.25),
    ],
)
def test_halves_go_away_from_zero(three_kinds, value, digits, expected):
    floats, arrays, columns = three_kinds(lambda x: numeric.round_half_up(x, digits), [(value,)])
    assert floats == arrays == columns == [expected]


def test_zero_denominator_and_outside_the_domain_are_missing(three_kinds):
    assert three_kinds(numeric.ratio, [(1.0, 0.0), (0.0, 0.0), (-1.0, -0.0)]) == ([None] * 3,) * 3
    assert three_kinds(numeric.log, [(0.0,), (-1.0,)]) == ([None] * 2,) * 3
    assert (
        three_kinds(numeric.power, [(-1.0, 2.0), (0.0, -1.0), (None, 0.0), (1.0, None)])
        == ([None] * 4,) * 3
    )


def test_too_large_is_infinite_in_every_kind(three_kinds):
    assert three_kinds(numeric.exp, [(1000.0,)]) == ([math.inf],) * 3
    assert three_kinds(numeric.power, [(10.0, 400.0)]) == ([math.inf],) * 3


def test_a_missing_condition_is_missing(three_kinds):
    def chosen(x):
        return numeric.where(x, 1.0, 2.0)

    assert chosen(None) != chosen(None) and chosen(math.nan) != chosen(math.nan)
    assert np.array_equal(chosen(np.array([1.0, 0.0, np.nan])), [1.0, 2.0, np.nan], equal_nan=True)
    flags = ibis.memtable(
        {"n": [0, 1, 2], "flag": [True, False, None]}, schema={"n": "int64", "flag": "boolean"}
    )
    values = (
        flags.mutate(chosen=chosen(flags.flag)).order_by("n").to_pyarrow()["chosen"].to_pylist()
    )
    assert values == [1.0, 2.0, None]


def test_known_makes_an_answer_missing_that_the_condition_alone_would_give(three_kinds):
    rows = [(None, 1.0), (1.0, None), (0.0, 1.0), (2.0, 1.0)]
    for missing in ("null", "nan"):
        kinds = three_kinds(lambda a, b: numeric.where(a < b, 1, 2, known=(a, b)), rows, missing)
        assert kinds == ([None, None, 1.0, 2.0],) * 3


@pytest.mark.parametrize("name", [n for n, (_, width, _) in WORDS.items() if width == 2])
def test_scalars_mix_with_arrays_and_columns(three_kinds, name):
    word = WORDS[name][0]
    rows = [(3.0,), (0.0,), (None,), (0.25,)]
    for mixed in (
        lambda x: word(x, 2.0),
        lambda x: word(2.0, x),
        lambda x: word(x, np.float64(2.0)),
        lambda x: word(np.float64(2.0), x),
    ):
        for values in zip(*three_kinds(mixed, rows), strict=True):
            assert all(same(value, values[0]) for value in values)
    for lost in (None, math.nan, np.float64("nan"), np.float32("nan")):
        assert math.isnan(word(lost, 2.0)) and math.isnan(word(2.0, lost))
        assert np.isnan(word(lost, np.array([1.0, 2.0]))).all()


def test_numpy_scalars_are_floats():
    assert isinstance(numeric.ratio(np.float64(1), np.float64(4)), float)
    assert numeric.ratio(np.float64(1), np.float64(4)) == 0.25
    assert math.isnan(numeric.ratio(np.float64(1), np.float64(0)))
    assert numeric.power(np.float64(4), np.float32(0.5)) == 2.0
    assert numeric.where(np.float64(1) < 2, 1, 2) == 1


def test_integer_columns_divide_as_numbers():
    values = (
        ibis.memtable({"a": [1, 7], "b": [2, 0]})
        .mutate(r=lambda t: numeric.ratio(t.a, t.b), p=lambda t: numeric.power(t.a, t.b))
        .to_pyarrow()
    )
    assert values["r"].to_pylist() == [0.5, None] and values["p"].to_pylist() == [1.0, 1.0]


@pytest.mark.parametrize("digits", [-2, 0, 2, 10])
@pytest.mark.parametrize("value", [math.inf, -math.inf, 1e300, -1e300, 1.7976931348623157e308])
def test_what_has_no_places_after_the_point_is_not_rounded(three_kinds, value, digits):
    for kinds in three_kinds(lambda x: numeric.round_half_up(x, digits), [(value,)]):
        assert kinds == [pytest.approx(value, rel=1e-15)]
