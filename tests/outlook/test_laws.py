"""Laws by low, mid and high beside SciPy's distributions of the same parameters."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hengtan.outlook.uncertainty.counter import looked_up, numbers
from hengtan.outlook.uncertainty.laws import (
    BadRange,
    Range,
    RangeWithoutSource,
    quantile,
    refuse_without_source,
    table,
)

# SciPy's own parameters, by hand: 1.959964 is the 97.5 % point of the standard normal law
Z = 1.959963984540054
DEVIATION = 0.3 / 2 / Z
CASES = {
    "uniform": (Range("m", "uniform", 0.1, 0.2, 0.3), stats.uniform(0.1, 0.2)),
    "triangular": (Range("m", "triangular", 0.1, 0.15, 0.4), stats.triang(1 / 6, 0.1, 0.3)),
    "triangular from its mode": (Range("m", "triangular", 0, 0, 1), stats.triang(0, 0, 1)),
    "normal": (
        Range("m", "normal", 0.1, 0.25, 0.4),
        stats.truncnorm(-Z, Z, loc=0.25, scale=DEVIATION),
    ),
    "normal, cut unevenly": (
        Range("m", "normal", 0.1, 0.2, 0.4),
        stats.truncnorm(-0.1 / DEVIATION, 0.2 / DEVIATION, loc=0.2, scale=DEVIATION),
    ),
    "pert": (Range("m", "pert", 0.0, 0.3, 1.0), stats.beta(2.2, 3.8)),
    "lognormal": (Range("m", "lognormal", 1, 2, 4), stats.lognorm(log(2) / Z, scale=2)),
    # 1 + 1, 1 + 2, 1 + 4: the same, shifted by 1
    "lognormal, shifted": (
        Range("m", "lognormal", 2, 3, 5),
        stats.lognorm(log(2) / Z, loc=1, scale=2),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_quantiles_are_those_of_scipy(case):
    law, reference = CASES[case]
    below = np.array([1e-9, 1e-4, 0.025, 0.2, 0.5, 0.7, 0.975, 0.9999, 1 - 1e-9])
    assert quantile(law, below) == pytest.approx(reference.ppf(below), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_draws_are_quantiles_of_their_numbers(case):
    """The table in cells is off by less than 1e-5 of the width of the range."""
    law, reference = CASES[case]
    drawn = numbers(1, case, 0, 0, 20_000)
    values = looked_up(drawn, table(law).astype(np.float32))
    below = (drawn.astype(float) + 0.5) * 2.0**-32
    off = np.abs(values - reference.ppf(below))
    inner = (below > 1e-3) & (below < 1 - 1e-3)
    assert off[inner].max() < 1e-5 * law.width
    # Beyond, a lognormal tail is as long as it likes: relative to the value
    assert (off / np.maximum(law.width, abs(values))).max() < 3e-5


@pytest.mark.parametrize("case", CASES)
def test_moments_are_those_of_scipy(case):
    """Mean and variance of 200,000 draws within five standard errors."""
    law, reference = CASES[case]
    count = 200_000
    values = looked_up(numbers(2, case, 0, 0, count), table(law).astype(np.float32)).astype(float)
    mean, variance, _, kurtosis = map(float, reference.stats("mvsk"))
    assert abs(values.mean() - mean) < 5 * np.sqrt(variance / count)
    error = variance * np.sqrt((kurtosis + 2) / count)
    assert abs(values.var() - variance) < 5 * error


@settings(max_examples=60, deadline=None)
@given(
    low=st.floats(-10, 10),
    left=st.floats(0.01, 10),
    right=st.floats(0.01, 10),
)
def test_a_lognormal_law_goes_through_its_three_points(low, left, right):
    """Also where mid is nearer to high, or low is below zero."""
    if abs(left - right) < 1e-3:
        return
    law = Range("m", "lognormal", low, low + left, low + left + right)
    points = quantile(law, np.array([0.025, 0.5, 0.975]))
    assert points == pytest.approx([law.low, law.mid, law.high], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("law", "low", "mid", "high", "field"),
    [
        ("triangular", 0.3, 0.2, 0.4, "low/mid/high"),
        ("pert", 0.1, 0.5, 0.4, "low/mid/high"),
        ("normal", 0.1, float("nan"), 0.4, "low/mid/high"),
        ("uniform", 0.1, 0.15, 0.4, "mid"),
        ("lognormal", 0.1, 0.2, 0.3, "law"),
        ("cauchy", 0.1, 0.2, 0.3, "law"),
    ],
)
def test_a_range_that_suits_no_law_is_refused(law, low, mid, high, field):
    with pytest.raises(BadRange, match=f"heat pumps \\({field}\\)"):
        Range("heat pumps", law, low, mid, high)


def test_a_range_without_a_source_is_named():
    silent = Range("heat pumps", "triangular", 0.1, 0.2, 0.3, source=" ")
    spoken = Range("coal", "triangular", 0.1, 0.2, 0.3, source="report 3")
    certain = Range("gas", "triangular", 0.2, 0.2, 0.2)
    with pytest.raises(RangeWithoutSource, match=r"heat pumps: .*field range_source") as refusal:
        refuse_without_source((spoken, silent, certain))
    assert "coal" not in str(refusal.value)
    refuse_without_source((spoken, certain))
