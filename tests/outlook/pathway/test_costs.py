"""Costs: annuities by hand, the curve's area, and what rests on assumptions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_rows import growth, measure

from hengtan.basis.errors import HengtanError
from hengtan.outlook.annuity import annuity
from hengtan.outlook.pathway.base import base_year
from hengtan.outlook.pathway.costs import (
    assumed_share,
    cost_benefit,
    cost_curve,
    yearly_cost,
)
from hengtan.outlook.pathway.records import read_tables
from hengtan.outlook.pathway.shapley import shapley
from hengtan.outlook.pathway.study import study

SOURCED = {"effect_mark": "established", "ramp_mark": "established"}
MEASURES = [
    measure("drive", "intensity", "F.2.ind", 10, capital=1000, running=-50, life=10, **SOURCED),
    measure("process", "intensity", "F.2.ind", 20, running=300, ramp_years=0),
    measure("free", "intensity", "F.3.trans", 5),
    measure("no-life", "intensity", "F.3.trans", 5, capital=100),
]


@pytest.fixture(scope="module")
def of_places(accounts, chongqing_2014):
    tables = read_tables(accounts({"regional_balance": chongqing_2014}), 2014)
    drivers = [growth("activity", "all", 2015, 2)]
    return study(base_year(tables, ["500000"]), drivers, MEASURES, 2030)


@pytest.fixture(scope="module")
def cut(of_places):
    return of_places.by_measure(shapley(of_places.pathway).by_year)


@pytest.mark.parametrize(
    ("rate", "life", "factor"),
    # published annuity factors: 8 % over 20 years 0.10185, 5 % over 10 years 0.12950
    [(0.08, 20, 0.10185), (0.05, 10, 0.12950), (0.0, 25, 0.04)],
)
def test_annuities_of_the_tables(rate, life, factor):
    assert annuity(rate, life) == pytest.approx(factor, abs=5e-6)


@given(rate=st.floats(0.001, 0.3), life=st.integers(1, 50))
def test_an_annuity_pays_its_capital_back(rate, life):
    years = np.arange(1, life + 1)
    assert (annuity(rate, life) * (1 + rate) ** -years).sum() == pytest.approx(1, rel=1e-9)


def test_an_impossible_life_is_refused():
    with pytest.raises(HengtanError, match="使用年限"):
        annuity(0.05, 0)


def test_costs_follow_use(of_places):
    """1,000 x 10^4 yuan over 10 years at 5 % is 129.50, less 50 a year: 79.50 x 10^4 yuan at full
    use from 2029, half of it in 2027.
    """
    drive, process, free, no_life = yearly_cost(of_places, 0.05)
    at = of_places.pathway.years.index
    assert drive[at(2029)] == pytest.approx(79.50e4, rel=1e-4)
    assert drive[at(2027)] == pytest.approx(79.50e4 / 2, rel=1e-4)
    assert drive[at(2024)] == 0
    assert process[at(2025)] == pytest.approx(300e4)
    assert free is None and no_life is None


def test_the_order_of_measures_does_not_change_the_curve(of_places, cut):
    steps = {step.measure.code: step for step in cost_curve(of_places, cut, 2030, 0.05)}
    other = study(of_places.base, [growth("activity", "all", 2015, 2)], MEASURES[::-1], 2030)
    again = other.by_measure(shapley(other.pathway).by_year)
    for step in cost_curve(other, again, 2030, 0.05):
        same = steps[step.measure.code]
        assert step.cut == pytest.approx(same.cut, rel=1e-12)
        assert step.cost == (None if same.cost is None else pytest.approx(same.cost))
    assert sum(step.cut for step in steps.values()) == pytest.approx(cut[:, -1].sum())
    known = [step for step in steps.values() if step.per_tonne is not None]
    heights = [step.per_tonne for step in known]
    assert heights == sorted(heights) and len(known) == 2
    for step in known:
        assert step.per_tonne * step.cut == pytest.approx(step.cost)


def test_a_tonne_worth_what_it_costs_leaves_nothing(of_places, cut):
    worth = np.full(len(of_places.pathway.years), 100.0)
    results = {r.measure.code: r for r in cost_benefit(of_places, cut, 0.0, worth)}
    # without discounting the worth is 100 yuan times the tonnes
    process = results["process"]
    assert process.worth == pytest.approx(100 * process.tonnes)
    assert process.cost == pytest.approx(300e4 * 6)  # 2025 to 2030
    assert process.net == pytest.approx(process.worth - process.cost)
    assert results["free"].net is None


def test_the_share_that_rests_on_assumptions(of_places, cut):
    share = assumed_share(of_places, cut)
    assert np.isnan(share[0])
    assert share[-1] == pytest.approx(1 - cut[0, -1] / cut[:, -1].sum())
