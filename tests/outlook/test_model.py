"""The pathway's reference: hand cases, and that it is linear in each measure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.outlook.pathway.model import (
    Act,
    MeasureCountsTwice,
    Pathway,
    applied,
    reduction,
    run,
    without_measures,
)

COAL, POWER = 0, 1


def small(acts, effects, coverage=1.0):
    """One region, one sector, two carriers, one year: 100 units at 2 tce, 3/4 coal at 2.5 t, 1/4
    power at 4 t, and 1 t with each unit that is not burnt.
    """
    return Pathway(
        regions=("R",),
        sectors=("industry",),
        carriers=("coal", "power"),
        years=(2030,),
        activity=np.full((1, 1, 1), 100.0),
        intensity=np.full((1, 1, 1), 2.0),
        share=np.array([0.75, 0.25]).reshape(1, 1, 2, 1),
        factor=np.array([2.5, 4.0]).reshape(1, 1, 2, 1),
        process=np.full((1, 1, 1), 1.0),
        measures=tuple(f"m{n}" for n in range(len(effects))),
        effect=np.array(effects, dtype=float),
        ramp=np.ones((len(effects), 1)),
        coverage=np.full((len(effects), 1), coverage),
        acts=tuple(acts),
    )


def total(pathway):
    return float(run(pathway).emissions.sum())


@pytest.mark.parametrize(
    ("acts", "effects", "tonnes"),
    [
        ([], [], 150 * 2.5 + 50 * 4 + 100),
        ([Act(0, "activity", (0,))], [0.1], 675 * 0.9),
        ([Act(0, "intensity", (0,))], [0.1], 575 * 0.9 + 100),
        ([Act(0, "process", (0,))], [-0.2], 575 + 120),
        ([Act(0, "factor", (0,), carrier=POWER)], [0.5], 375 + 100 + 100),
        # 30 of 150 tce of coal leave, half as much power comes: 120*2.5 + 65*4 + 100
        ([Act(0, "share", (0,), COAL, POWER, 0.5)], [0.2], 660),
        # two that save energy multiply: 575 * 0.9 * 0.8 + 100
        ([Act(0, "intensity", (0,)), Act(1, "intensity", (0,))], [0.1, 0.2], 514),
        # the move, then cleaner power: 300 + 65*4*0.5 + 100
        (
            [Act(0, "share", (0,), COAL, POWER, 0.5), Act(1, "factor", (0,), carrier=POWER)],
            [0.2, 0.5],
            530,
        ),
    ],
)
def test_hand_cases(acts, effects, tonnes):
    assert total(small(acts, effects)) == pytest.approx(tonnes, rel=1e-12)


def test_a_measure_reaches_as_far_as_its_coverage():
    half = small([Act(0, "intensity", (0,))], [0.1], coverage=0.5)
    assert total(half) == pytest.approx(575 * 0.95 + 100, rel=1e-12)


def test_no_measures_is_the_energy_of_the_drivers():
    pathway = small([Act(0, "intensity", (0,))], [0.1])
    assert np.allclose(without_measures(pathway).energy, pathway.energy, rtol=0, atol=0)


@pytest.mark.parametrize(
    "acts",
    [
        [Act(0, "activity", (0,)), Act(0, "intensity", (0,))],
        [Act(0, "activity", (0,)), Act(0, "process", (0,))],
        [Act(0, "share", (0,), COAL, POWER), Act(0, "factor", (0,), POWER)],
        [Act(0, "share", (0,), COAL, POWER), Act(0, "share", (0,), POWER, COAL)],
    ],
)
def test_a_measure_that_counts_twice_is_refused(acts):
    with pytest.raises(MeasureCountsTwice, match="m0 / industry"):
        small(acts, [0.1])


ACTS = [
    Act(0, "intensity", (0,)),
    Act(1, "share", (0,), COAL, POWER, 0.5),
    Act(2, "factor", (0,), carrier=POWER),
    Act(3, "activity", (0,)),
    Act(4, "process", (0,)),
]
PARTS = st.lists(st.floats(-0.5, 1), min_size=5, max_size=5)


@settings(max_examples=50, deadline=None)
@given(parts=PARTS, low=st.floats(0, 1), high=st.floats(0, 1), which=st.integers(0, 4))
def test_emissions_are_linear_in_each_measure(parts, low, high, which):
    pathway = small(ACTS, parts)

    def at(value):
        reduced = reduction(pathway)
        reduced[which] = value
        return applied(pathway, reduced).emissions.sum()

    middle = (at(low) + at(high)) / 2
    assert at((low + high) / 2) == pytest.approx(middle, rel=1e-9, abs=1e-9)
