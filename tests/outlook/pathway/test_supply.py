"""Power of a scenario by the ordinary accounts: what plants, the place itself and others make of
it, its indirect emissions and its non-fossil share. All figures are synthetic, in 10^4 tce.

Use 400 + 200 = 600 of power; plants make 400 of it from 1,000 of coal, the place 120 without fuel,
80 comes in. From 2023 on use is a tenth higher (660), and three measures are in full use: own power
takes 25 % of what plants make, power from outside 20 % of the rest, and the plants burn 10 % less
for the same output.
"""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from power_place import (
    BALANCE,
    BOUGHT,
    DRIVERS,
    KWH,
    OWN,
    PLACE,
    SAVED,
    WAN,
    cell,
    exchange,
)
from study_rows import growth

from hengtan.basis.errors import HengtanError
from hengtan.outlook.pathway.base import base_year
from hengtan.outlook.pathway.exchange import said_factors
from hengtan.outlook.pathway.records import balances, read_tables
from hengtan.outlook.pathway.study import study
from hengtan.outlook.pathway.supply import net_supply
from hengtan.outlook.pathway.targets import (
    bought_of,
    scenario_graph,
    stated_coal_rate,
    stated_gdp,
)
from hengtan.outlook.uncertainty.asked import Asked, Question, reference_total
from hengtan.outlook.uncertainty.engine import Engine
from hengtan.outlook.uncertainty.judged import Judged
from hengtan.outlook.uncertainty.laws import Range
from hengtan.outlook.uncertainty.odds import Sampling
from hengtan.outlook.uncertainty.odds import study as odds_study
from hengtan.outlook.uncertainty.uncertain import Uncertain

RATE = 0.3


@pytest.fixture(scope="module")
def graph(accounts):
    rate = {"place": PLACE, "period": "2022", "kind": "supply", "rate": RATE, "unit": "kgce/kWh"}
    return accounts(
        {
            "regional_balance": [cell(*row) for row in BALANCE],
            "energy_exchange": [exchange(50.0), exchange(10.0, "green_power")],
            "coal_rate": [rate],
        }
    )


@pytest.fixture(scope="module")
def base(graph):
    return base_year(read_tables(graph, 2022), [PLACE])


def studied(base, *measures, drivers=DRIVERS):
    return study(base, drivers, list(measures), 2024)


@pytest.fixture(scope="module")
def whole(base):
    return studied(base, OWN, BOUGHT, SAVED)


@pytest.fixture(scope="module")
def ahead(graph, whole):
    return scenario_graph(graph, whole, DRIVERS)


def of_2023(graph, table, **wanted):
    (row,) = [
        row
        for row in graph.execute(table).to_pylist()
        if row["year"] == 2023 and all(row[name] == value for name, value in wanted.items())
    ]
    return row


@pytest.mark.parametrize(
    ("measures", "output", "fuel", "produced", "inflow"),
    [
        # by hand, with use of 660: plants 440 of 1,100 of coal, 120 produced, the rest comes in
        ((), 440, 1100, 120, 100),
        ((SAVED,), 440, 990, 120, 100),
        ((OWN,), 330, 825, 230, 100),
        ((BOUGHT,), 352, 880, 120, 188),
        # own first: 440 - 110 = 330, of which a fifth comes in; the fuel of 264 less a tenth
        ((OWN, BOUGHT, SAVED), 264, 594, 230, 166),
    ],
)
def test_what_makes_the_power_by_hand(base, measures, output, fuel, produced, inflow):
    of_study = studied(base, *measures)
    cells = next(
        {key: tce / WAN for key, tce, _ in cells}
        for _, year, cells in balances(
            base, of_study.pathway, of_study.outcome(), of_study.production
        )
        if year == 2023
    )
    assert cells["T.power", "electricity"] == pytest.approx(output)
    assert cells["T.power", "raw_coal"] == pytest.approx(-fuel)
    assert cells["S.prod", "electricity"] == pytest.approx(produced)
    assert cells["S.in", "electricity"] == pytest.approx(inflow)


@settings(max_examples=30, deadline=None)
@given(
    effects=st.tuples(*[st.floats(0, 100)] * 3),
    more=st.floats(-20, 30),
    production=st.floats(-10, 30),
)
def test_the_balance_closes_every_year_whatever_the_measures(base, effects, more, production):
    """Of each product production, inflow less outflow and what transformation leaves are use and
    losses; measures that only fill differently leave emissions as they are.
    """
    rows = [row | {"effect": e} for row, e in zip((OWN, BOUGHT, SAVED), effects, strict=True)]
    drivers = [
        growth("activity", "all", 2023, more),
        growth("activity", "S.prod", 2023, production, carrier="electricity"),
    ]
    of_study = studied(base, *rows, drivers=drivers)
    outcome = of_study.outcome()
    years = balances(base, of_study.pathway, outcome, of_study.production)
    for _, _, cells in years:
        wanted = net_supply(cells)
        for product, tce in wanted.items():
            sources = {"S.prod", "S.in", "S.out"}
            reached = sum(t for (row, of), t, _ in cells if of == product and row in sources)
            assert reached == pytest.approx(tce, abs=1e-3)
    otherwise = [row | {"filler": "saved"} for row in rows]
    same = studied(base, *otherwise, drivers=drivers).outcome()
    assert same.emissions == pytest.approx(outcome.emissions, rel=1e-12)


def test_the_non_fossil_share_is_the_accounts(ahead):
    """2023: coal 550 + 594; power 660 - 264 = 396 at 0.3 / 0.1229; of it 230 produced, and of what
    is bought, 60 亿kWh + (166 - 80) / 1.229e-4, a sixth with certificates.
    """
    each = RATE / 0.1229
    bought = 60e8 + (166 - 80) * WAN * KWH
    clean = 230 * WAN * each + bought / 6 * RATE / 1000
    energy = (550 + 594 + 396 * each) * WAN
    row = of_2023(ahead, "energy_nonfossil", method="statistics")
    assert row["total"] == pytest.approx(energy, rel=1e-9)
    assert row["share"] == pytest.approx(100 * clean / energy, rel=1e-9)


def test_bought_power_counts_by_the_factor_of_its_grid(graph, ahead, whole):
    """Sichuan's published factor of 2023 is 0.1564 kg/kWh, and goes on in 2024, which has none; the
    base year keeps that of 2022, 0.1404.
    """
    bought = 60e8 + (166 - 80) * WAN * KWH
    totals = {row["year"]: row for row in ahead.execute("carbon_totals").to_pylist()}
    assert totals[2022]["indirect_power"] == pytest.approx(60e8 * 0.1404 / 1000)
    for year in (2023, 2024):
        assert totals[year]["power_kwh"] == pytest.approx(bought, rel=1e-9)
        assert totals[year]["indirect_power"] == pytest.approx(bought * 0.1564 / 1000, rel=1e-9)
        direct = totals[year]["energy_co2"]
        assert totals[year]["energy_co2_and_power"] == pytest.approx(
            direct + bought * 0.1564 / 1000, rel=1e-9
        )
        position = whole.pathway.years.index(year)
        emitted = float(whole.outcome().emissions[..., position].sum())
        assert totals[year]["total_with_land"] == pytest.approx(emitted, rel=1e-9)
    (before,) = graph.execute("carbon_totals").to_pylist()
    assert before["energy_co2_and_power"] == totals[2022]["energy_co2_and_power"]


def test_a_year_that_stands_in_for_others_does_so_in_every_year(accounts):
    """Sichuan's factor of 2021 is 0.1255. Without measures use is 660 and plants make 440, so that
    20 more come in than the 80 before: 60 亿kWh + 20 / 1.229e-4.
    """
    rows = {
        "regional_balance": [cell(*row) for row in BALANCE],
        "energy_exchange": [exchange(60.0)],
    }
    graph = accounts(rows, stand_in_year=2021)
    of_study = studied(base_year(read_tables(graph, 2022), [PLACE]))
    totals = scenario_graph(graph, of_study, DRIVERS).execute("carbon_totals").to_pylist()
    bought = {row["year"]: row["indirect_power"] for row in totals}
    assert bought[2022] == pytest.approx(60e8 * 0.1255 / 1000)
    assert bought[2024] == pytest.approx((60e8 + 20 * WAN * KWH) * 0.1255 / 1000, rel=1e-9)
    factors = graph.table("grid_factors").to_pyarrow().to_pylist()
    said = said_factors(graph.execute("carbon_exchange").to_pylist(), factors)
    assert said == ["四川 0.1255 kgCO2/kWh（2021）"]


def test_power_that_is_left_over_goes_out_at_the_places_own_factor(accounts):
    """Ten times the power produced, 1,200: 600 - 400 - 1,200 leaves 1,000 over where 80 came in:
    1,080 less than the 60 亿kWh bought; the city's own factor of 2023 is 0.5581.
    """
    graph = accounts(
        {
            "regional_balance": [cell(*row) for row in BALANCE],
            "energy_exchange": [exchange(60.0)],
        }
    )
    base = base_year(read_tables(graph, 2022), [PLACE])
    drivers = [growth("activity", "S.prod", 2023, 900, carrier="electricity")]
    drivers.append(growth("activity", "S.prod", 2024, 0, carrier="electricity"))
    of_study = study(base, drivers, [], 2024)
    (bought,) = bought_of(graph, of_study)
    net = 60e8 - 1080 * WAN * KWH
    assert bought.net[2023] == pytest.approx(net) and bought.of(2023)[0] == 0
    row = of_2023(scenario_graph(graph, of_study, drivers), "carbon_totals")
    assert row["indirect_power"] == pytest.approx(net * 0.5581 / 1000, rel=1e-9)


def test_a_place_that_reports_nothing_bought_counts_none(accounts):
    graph = accounts({"regional_balance": [cell(*row) for row in BALANCE]})
    base = base_year(read_tables(graph, 2022), [PLACE])
    of_study = studied(base, BOUGHT)
    assert bought_of(graph, of_study) == []
    ahead = scenario_graph(graph, of_study, DRIVERS)
    for row in ahead.execute("carbon_totals").to_pylist():
        assert row["power_kwh"] is None
        assert row["energy_co2_and_power"] == row["energy_co2"]


def test_production_of_what_is_not_produced_is_refused_where_it_stands(base):
    row = growth("activity", "S.prod", 2023, 5, carrier="raw_coal", _file="d.xlsx", _source_row=9)
    with pytest.raises(HengtanError, match=r"d\.xlsx.*第9行.*没有一次生产“raw_coal”.*electricity"):
        studied(base, drivers=[row])


def test_a_level_of_another_unit_is_refused_where_it_stands(graph, base):
    row = growth(
        "activity", "gdp", 2022, None, level=2.5, level_unit="万吨", _file="d.xlsx", _source_row=4
    )
    of_study = studied(base, drivers=[row])
    with pytest.raises(HengtanError, match=r"d\.xlsx.*第4行.*“万吨”不能折算为 CNY"):
        scenario_graph(graph, of_study, [row])


def test_levels_of_the_ledger_come_before_those_of_drivers(base):
    """25,041.4 亿元 are so many yuan, 305 g/kWh are 0.305 kg; of a place that the ledger has a
    figure of, drivers state none.
    """
    gdp = growth("activity", "gdp", 2022, None, level=25041.4, level_unit="亿元")
    rate = growth("activity", "coal_rate", 2022, None, level=305, level_unit="克标准煤/千瓦时")
    of_study = studied(base, drivers=[gdp, rate])
    (row,) = stated_gdp(of_study, [gdp, rate], [])
    assert (row["gdp"], row["unit"]) == (pytest.approx(25041.4e8), "CNY")
    (row,) = stated_coal_rate(of_study, [gdp, rate], [])
    assert row["rate"] == pytest.approx(0.305) and row["confidence"] == "proposal"
    there = {"place": PLACE, "price": "current", "period_end": dt.date(2022, 12, 31)}
    assert stated_gdp(of_study, [gdp], [there]) == []
    assert stated_coal_rate(of_study, [rate], [there]) == []


def judged_of(graph, of_study):
    (bought,) = bought_of(graph, of_study)
    return Judged(of_study, RATE, (), bought, certified=10e8)


def test_totals_of_draws_are_the_figures_of_the_accounts(graph, whole, ahead):
    """Energy by 等价值, its non-fossil share and power bought, each year."""
    figures = judged_of(graph, whole)
    shares = {row["year"]: row for row in ahead.execute("energy_nonfossil").to_pylist()}
    kwh = {row["year"]: row["power_kwh"] for row in ahead.execute("carbon_totals").to_pylist()}
    outcome = whole.outcome()
    energy, clean, bought = (
        reference_total(total, whole.pathway, outcome)
        for total in (figures.energy, figures.clean, figures.net_bought)
    )
    for number, year in enumerate(whole.pathway.years):
        assert energy[number] == pytest.approx(shares[year]["total"], rel=1e-9)
        share = 100 * clean[number] / energy[number]
        assert share == pytest.approx(shares[year]["share"], rel=1e-9)
        assert bought[number] == pytest.approx(kwh[year], rel=1e-9)


def test_draws_of_these_totals_are_the_reference(graph, base):
    """Other effects of the measures, worked out by the kernel and as the study of those effects."""
    of_study = studied(base, OWN, BOUGHT, SAVED)
    figures = judged_of(graph, of_study)
    totals = (figures.energy, figures.clean, figures.net_bought)
    uncertain = Uncertain(of_study.pathway)
    engine = Engine(uncertain, Question.of(of_study.pathway, totals), kind="numpy")
    other = [row | {"effect": e} for row, e in zip((OWN, BOUGHT, SAVED), (40, 5, 0), strict=True)]
    changed = studied(base, *other)
    drawn = engine.totals(np.array([[0.40], [0.05], [0.0]]))
    for total, ours in zip(totals, drawn[:, :, 0], strict=True):
        theirs = reference_total(total, changed.pathway, changed.outcome())
        assert ours == pytest.approx(theirs, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), at=st.floats(0.95, 1.05), serves=st.booleans())
def test_taking_a_measure_away_never_raises_the_odds_of_what_it_serves(
    graph, base, seed, at, serves
):
    """On the same draws: fuel that is saved lowers energy whatever the others do, own power raises
    the non-fossil share. (Own and bought power have no one sign on energy by 等价值: here 2.5 of
    coal, less what is saved, make what counts 2.44.)
    """
    of_study = studied(base, OWN, BOUGHT, SAVED)
    figures = judged_of(graph, of_study)
    names, effects = of_study.portions.names, of_study.pathway.effect
    ranges = [
        Range(name, "uniform", 0.5 * effect, effect, 1.5 * effect, "a study")
        for name, effect in zip(names, effects, strict=True)
    ]
    uncertain = Uncertain(of_study.pathway, tuple(ranges))
    totals = [figures.energy, figures.clean]
    central = Engine(uncertain, Question.of(of_study.pathway, totals), kind="numpy").central()
    energy, clean = (total.name for total in totals)
    share = at * central[1, -1] / central[0, -1]
    target = (
        Asked("share", clean, (2024,), ">=", share, energy)
        if serves
        else Asked("cap", energy, (2024,), "<=", at * central[0, -1])
    )
    before, after = (
        odds_study(each, totals, [target], Sampling(400, seed, kind="numpy")).odds[0].odds
        for each in (uncertain, uncertain.without("wind" if serves else "retrofit"))
    )
    assert after <= before
