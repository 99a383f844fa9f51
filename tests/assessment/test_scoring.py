"""The ten kinds on values worked by hand, on the rules as read (evaluation notes) and on a
published table; the constants of the law come from the pack.
"""

import csv
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.assessment import formulas, scoring
from hengtan.assessment.law import Law, national_law
from hengtan.assessment.scheme import Item, Step
from hengtan.assessment.scoring import Figure
from hengtan.instruments.parameters import Parameters
from hengtan.plan.verdict_parameters import national

LAW = national_law()
SCALE_A = tuple(
    Step(least, points)
    for least, points in ((0.5, 20), (0.6, 24), (0.7, 28), (0.8, 32), (0.9, 36), (1.0, 40))
)


def points(item, actual, goal=0.0, base=0.0):
    return scoring.score(item, Figure(actual, goal, base), LAW).points


@pytest.mark.parametrize(("done", "expected"), [
    (1.2, 40), (1.0, 40), (0.9999, 36), (0.9, 36), (0.8999, 32), (0.8, 32), (0.7, 28), (0.6, 24),
    (0.5, 20), (0.4999, 0), (-1, 0),
])  # fmt: skip
def test_the_40_point_scale_of_energy_dual_control(done, expected):
    assert scoring.step_points(done, SCALE_A) == expected


@pytest.mark.parametrize(
    ("done", "bonus"),
    [(1.0, 0), (1.0999, 0), (1.1, 3), (1.1999, 3), (1.2, 6), (1.3, 9), (2.44, 9), (0.5, 0)],
)
def test_its_bonus_of_3_for_each_10_percent_over_at_most_9(done, bonus):
    assert formulas.bonus_points(done, 0.1, 3, 9) == bonus


@pytest.mark.parametrize(
    ("year", "progress", "expected"),
    [(True, True, 60), (False, True, 55), (True, False, 40), (False, False, 0)],
)
def test_the_pair_of_the_12th_plan(year, progress, expected):
    assert scoring.pair_points(year, progress, (60, 55, 40, 0)) == expected


def test_the_dual_carbon_grade_on_every_case():
    """All 6 × 10 cases against the rule as it is summarised: one control or three supporting
    misses.
    """
    for control, supporting in product(range(6), range(10)):
        index = int(scoring.dual_carbon_index(control, supporting, LAW))
        unqualified = control > 0 or supporting > 2
        expected = "unqualified" if unqualified else "qualified" if supporting else "excellent"
        assert scoring.DUAL_CARBON_GRADES[index] == expected


def test_another_limit_of_the_law_gives_another_grade():
    """The limits are data: where two supporting misses were enough, two are unqualified."""
    shipped, other = national(), {"dual_carbon.supporting_missed": 2.0}
    stricter = Parameters(shipped.rows, shipped.day, shipped.region, other)
    grades = [
        scoring.DUAL_CARBON_GRADES[int(scoring.dual_carbon_index(0, 2, law))]
        for law in (LAW, Law.of(stricter))
    ]
    assert grades == ["qualified", "unqualified"]


def test_the_completion_of_sichuans_cities(facts):
    """The ratio published beside goal and cut; the grade does not follow from it alone."""
    table = facts / "plans" / "assessment_example_sichuan_2016.csv"
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 11
    grades: dict[str, list[float]] = {}
    for row in rows:
        cut, goal = float(row["intensity_cut_pct"]), float(row["intensity_goal_cut_pct"])
        done = formulas.completion_of_least(cut, goal)
        assert done == pytest.approx(float(row["completion_ratio"]), abs=5e-4)
        grades.setdefault(row["result"], []).append(done)
    assert max(grades["完成"]) < min(grades["超额完成"])
    assert min(grades["超额完成"]) < 2.0


@pytest.mark.parametrize(("actual", "goal", "direction", "done"), [
    (2.66, 2.5, "higher", 1.064), (90, 100, "lower", 1.0), (100, 100, "lower", 1.0),
    (125, 100, "lower", 0.8), (57, 57, "hold", 1.0), (56.9, 57, "hold", 0.0),
    (-1, 0, "higher", 0.0), (1, 0, "higher", 1.0), (0, 5, "lower", 1.0),
])  # fmt: skip
def test_completion(actual, goal, direction, done):
    item = Item("a", "甲", 25, "ratio", direction)
    assert scoring.completion(item, Figure(actual, goal)) == pytest.approx(done)


def test_distance_covered_by_hand():
    # from 50 to 40: at 44 six of ten; base and goal one: there or not
    assert formulas.distance_covered(44, 50, 40) == pytest.approx(0.6)
    assert [formulas.distance_covered(x, 40, 40) for x in (40, 41)] == [1, 0]


def test_carbon_intensity_points():
    """25 × completion, 25 where it is done (2014)."""
    item = Item("a", "甲", 25, "ratio")
    assert [points(item, actual, 100) for actual in (80, 130, -50)] == [20, 25, 0]


def test_efficacy_by_hand():
    # X = 30 between 10 and 50: 60 + 40 × 20/40 = 80; lower is better at 20: 60 + 40 × 30/40 = 90
    marks = LAW.efficacy_floor, LAW.efficacy_full
    assert marks == (60, 100)
    assert formulas.efficacy(30, 10, 50, 1, *marks) == 80
    assert formulas.efficacy(20, 10, 50, -1, *marks) == 90
    assert formulas.efficacy(7, 7, 7, 1, *marks) == 100


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1))
def test_efficacy_lies_between_60_and_100_and_turns_round(first, second, share):
    low, high = sorted((first, second))
    x = low + (high - low) * share
    mark = formulas.efficacy(x, low, high, 1, 60, 100)
    assert 60 - 1e-6 <= mark <= 100 + 1e-6
    if high - low > 1e-3:
        turned = formulas.efficacy(x, low, high, -1, 60, 100)
        assert mark + turned == pytest.approx(160, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "grade"),
    [(0.6, 1), (0.61, 2), (0.8, 2), (0.81, 3), (1.2, 3), (1.21, 4), (2.0, 4), (2.01, 5), (0, 1)],
)
def test_the_carbon_code(k, grade):
    item = Item("a", "碳效", 100, "sector_ratio")
    assert scoring.score(item, Figure(k), LAW).level == grade
    # five levels, points falling evenly from the full mark to none
    assert points(item, k) == pytest.approx(100 - 25 * (grade - 1))


@pytest.mark.parametrize(("x", "level"), [(0.6, 1), (0.61, 2), (2.0, 2), (2.01, 3)])
def test_the_absolute_class(x, level):
    item = Item("a", "碳强度", 10, "class", steps=(Step(1, 10), Step(2, 6), Step(3, 1)))
    result = scoring.score(item, Figure(x), LAW)
    assert (result.level, result.points) == (level, {1: 10, 2: 6, 3: 1}[level])


def test_deductions():
    # 0.5 for each µg/m³ beyond the goal, never below nothing; 1.5 for each event, never below 3
    air = Item("a", "PM2.5", 10, "per_unit", "lower", per=0.5)
    assert [points(air, actual, 35) for actual in (38, 32, 135)] == [8.5, 10, 0]
    events = Item("b", "事件", 5, "event", per=1.5, floor=3)
    assert [points(events, count) for count in (0, 1, 2)] == [5, 3.5, 3]


def test_points_awarded_stay_within_the_full_mark():
    assert [points(Item("a", "甲", 20, "given"), x) for x in (-1, 12, 25)] == [0, 12, 20]
    assert points(Item("a", "附加", 0, "given"), -3) == -3


def test_a_pair_has_no_figure_to_score():
    with pytest.raises(ValueError, match="pair"):
        points(Item("a", "甲", 20, "pair"), 1.0)


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_more_completion_never_scores_less(first, second):
    low, high = sorted((first, second))
    assert scoring.step_points(low, SCALE_A) <= scoring.step_points(high, SCALE_A)
    assert formulas.ratio_points(low, 25, 1.0) <= formulas.ratio_points(high, 25, 1.0)
    assert formulas.bonus_points(low, 0.1, 3, 9) <= formulas.bonus_points(high, 0.1, 3, 9)


def test_grades_by_points():
    grades = (("优秀", 90.0), ("良好", 80.0), ("合格", 60.0), ("不合格", 0.0))
    at = np.array([95.0, 90.0, 89.99, 60.0, 59.9, -5.0])
    assert scoring.grade_index(at, grades).tolist() == [0, 0, 1, 2, 3, 3]
    assert scoring.grade_index(79.0, grades) == 2
