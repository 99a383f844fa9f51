"""The ten kinds on values worked by hand, on the rules as read (evaluation.md) and on published tables."""

import csv
from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.assessment import scoring
from hengtan.assessment.scoring import Step

SCALE_A = tuple(
    Step(least, points)
    for least, points in ((0.5, 20), (0.6, 24), (0.7, 28), (0.8, 32), (0.9, 36), (1.0, 40))
)


@pytest.mark.parametrize(
    ("done", "points"),
    [
        (1.2, 40),
        (1.0, 40),
        (0.9999, 36),
        (0.9, 36),
        (0.8999, 32),
        (0.8, 32),
        (0.7, 28),
        (0.6, 24),
        (0.5, 20),
        (0.4999, 0),
        (-1, 0),
    ],
)
def test_the_40_point_scale_of_energy_dual_control(done, points):
    assert scoring.step_points(done, SCALE_A) == points


@pytest.mark.parametrize(
    ("done", "bonus"),
    [(1.0, 0), (1.0999, 0), (1.1, 3), (1.1999, 3), (1.2, 6), (1.3, 9), (2.44, 9), (0.5, 0)],
)
def test_its_bonus_of_3_for_each_10_percent_over_at_most_9(done, bonus):
    assert scoring.bonus_points(done, 0.1, 3, 9) == bonus


@pytest.mark.parametrize(
    ("year", "progress", "points"),
    [(True, True, 60), (False, True, 55), (True, False, 40), (False, False, 0)],
)
def test_the_pair_of_the_12th_plan(year, progress, points):
    assert scoring.pair_points(year, progress, (60, 55, 40, 0)) == points


def test_the_dual_carbon_grade_on_every_case():
    """All 6 × 10 × 2 cases against the rule written the other way round."""
    for control, supporting, falsified in product(range(6), range(10), (False, True)):
        grade = scoring.dual_carbon_grade(control, supporting, falsified=falsified)
        unqualified = falsified or control > 0 or supporting > 2
        assert grade == ("不合格" if unqualified else "优秀" if supporting == 0 else "合格")


@pytest.mark.parametrize(
    ("change", "progress", "required", "level"),
    [
        (0.001, 0.2, 0.1, 1),
        (0.0, 0.2, 0.1, 1),
        (-0.001, 0.0999, 0.1, 2),
        (-0.001, 0.1, 0.1, 3),
        (-0.05, 0.2, 0.1, 3),
    ],
)
def test_the_light_rule_on_its_boundaries(change, progress, required, level):
    assert scoring.intensity_light(change, progress, required) == level


def test_the_table_of_the_first_half_of_2021(facts):
    """9, 10 and 11 provinces by intensity; 8, 5 and 17 by total (发改办环资〔2021〕629号)."""
    with (facts / "plans" / "energy_lights_2021h1.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    assert [Counter(row["intensity_level"] for row in rows)[level] for level in "123"] == [
        9,
        10,
        11,
    ]
    assert [Counter(row["total_level"] for row in rows)[level] for level in "123"] == [8, 5, 17]


def test_the_completion_of_sichuans_cities(facts):
    """The ratio that was published beside goal and cut; the grade does not follow from it alone."""
    with (facts / "plans" / "assessment_example_sichuan_2016.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 11
    grades: dict[str, list[float]] = {}
    for row in rows:
        done = scoring.completion(
            float(row["intensity_cut_pct"]), float(row["intensity_goal_cut_pct"]), "higher"
        )
        assert done == pytest.approx(float(row["completion_ratio"]), abs=5e-4)
        grades.setdefault(row["result"], []).append(done)
    assert max(grades["完成"]) < min(grades["超额完成"])
    assert min(grades["超额完成"]) < 2.0


@pytest.mark.parametrize(
    ("actual", "goal", "direction", "done"),
    [
        (2.66, 2.5, "higher", 1.064),
        (90, 100, "lower", 1.0),
        (100, 100, "lower", 1.0),
        (125, 100, "lower", 0.8),
        (57, 57, "hold", 1.0),
        (56.9, 57, "hold", 0.0),
        (-1, 0, "higher", 0.0),
        (1, 0, "higher", 1.0),
        (0, 5, "lower", 1.0),
    ],
)
def test_completion(actual, goal, direction, done):
    assert scoring.completion(actual, goal, direction) == pytest.approx(done)


def test_carbon_intensity_points():
    """25 × completion, 25 where it is done (2014)."""
    assert scoring.ratio_points(0.8, 25) == 20
    assert scoring.ratio_points(1.3, 25) == 25
    assert scoring.ratio_points(-0.5, 25) == 0


def test_efficacy_by_hand():
    # X = 30 between 10 and 50: 60 + 40 × 20/40 = 80; lower is better at 20: 60 + 40 × 30/40 = 90
    assert scoring.efficacy(30, 10, 50, "higher") == 80
    assert scoring.efficacy(20, 10, 50, "lower") == 90
    assert scoring.efficacy(7, 7, 7, "higher") == 100


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1))
def test_efficacy_lies_between_60_and_100_and_turns_round(low, high, share):
    low, high = sorted((low, high))
    x = low + (high - low) * share
    score = scoring.efficacy(x, low, high, "higher")
    assert 60 - 1e-6 <= score <= 100 + 1e-6
    if high - low > 1e-3:
        assert score + scoring.efficacy(x, low, high, "lower") == pytest.approx(160, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "grade"),
    [(0.6, 1), (0.61, 2), (0.8, 2), (0.81, 3), (1.2, 3), (1.21, 4), (2.0, 4), (2.01, 5), (0, 1)],
)
def test_the_carbon_code(k, grade):
    assert scoring.sector_grade(k) == grade


@pytest.mark.parametrize(("x", "level"), [(0.6, 0), (0.61, 1), (2.0, 1), (2.01, 2)])
def test_the_absolute_class(x, level):
    assert scoring.absolute_class(x) == level


def test_deductions():
    assert scoring.deduct_per_unit(10, 3, 0.5) == 8.5
    assert scoring.deduct_per_unit(10, -3, 0.5) == 10
    assert scoring.deduct_per_unit(10, 100, 0.5) == 0
    assert scoring.deduct_events(5, 2, 1.5, floor=3) == 3


def test_progress_demanded_by_a_cut():
    # 14 % in five years, after two: ln 0.86 = −0.150823, × 2/5 = −0.060329, e^ = 0.941455, so 5.8545 %; linear 5.6 %
    assert scoring.required_progress(0.14, 2, 5) == pytest.approx(0.058545, abs=1e-6)
    assert scoring.required_progress(0.14, 2, 5, "linear") == pytest.approx(0.056)
    with pytest.raises(ValueError, match="between 0 and 1"):
        scoring.required_progress(1.2, 1, 5)


@given(st.floats(0.01, 0.6), st.floats(0, 0.5), st.integers(1, 10))
def test_the_needed_yearly_cut_reaches_the_goal(goal, done, years):
    yearly = scoring.needed_yearly_cut(goal, done, years)
    assert (1 - done) * (1 - yearly) ** years == pytest.approx(1 - goal)


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_more_completion_never_scores_less(a, b):
    low, high = sorted((a, b))
    assert scoring.step_points(low, SCALE_A) <= scoring.step_points(high, SCALE_A)
    assert scoring.ratio_points(low, 25) <= scoring.ratio_points(high, 25)
    assert scoring.bonus_points(low, 0.1, 3, 9) <= scoring.bonus_points(high, 0.1, 3, 9)
