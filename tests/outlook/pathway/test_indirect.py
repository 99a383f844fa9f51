"""What measures take off the indirect emissions of bought power. All figures are synthetic; the
place and its measures are those of ``power_place.py``, in 10^4 tce: without measures 100 of power
come in in 2023, 20 more than in 2022 when 60 亿kWh were bought.
"""

from itertools import permutations

import numpy as np
import pytest
from power_place import (
    AT_ONCE,
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
from study_rows import measure

from hengtan.outlook.pathway.base import base_year
from hengtan.outlook.pathway.records import read_tables
from hengtan.outlook.pathway.shapley import shapley
from hengtan.outlook.pathway.study import study
from hengtan.outlook.pathway.targets import bought_of, factors_of_bought, scenario_graph
from hengtan.outlook.uncertainty.bought_power import indirect_cut

SICHUAN_2022, SICHUAN_2023 = 0.1404, 0.1564
CITY_2022, CITY_2023 = 0.5227, 0.5581
MOTORS = measure("motors", "intensity", "F.2.ind", 15, start_year=2023, ramp_years=0)
EV = measure("ev", "share", "F.2.ind", 30, carrier="raw_coal", to_carrier="electricity",
             ratio=0.4, start_year=2023, ramp_years=0)  # fmt: skip


def studied(base, *measures):
    return study(base, DRIVERS, list(measures), 2024)


ALL = (OWN, BOUGHT, SAVED, MOTORS, EV)


@pytest.fixture(scope="module")
def graph(accounts):
    rows = [exchange(50.0), exchange(10.0, "green_power")]
    balance = [cell(*row) for row in BALANCE]
    return accounts({"regional_balance": balance, "energy_exchange": rows})


@pytest.fixture(scope="module")
def base(graph):
    return base_year(read_tables(graph, 2022), [PLACE])


def cut_of(graph, of_study):
    bought = bought_of(graph, of_study)
    return indirect_cut(of_study, bought, factors_of_bought(graph, of_study, bought))


def totals(graph, of_study, drivers=DRIVERS):
    """Emissions with the indirect ones by the account of totals, by year. [t]"""
    rows = scenario_graph(graph, of_study, drivers).execute("carbon_totals").to_pylist()
    return {row["year"]: row["total_with_land"] + row["indirect_power"] for row in rows}


def test_factors_are_those_of_the_account(graph, base):
    """Published for Sichuan 0.1404 (2022) and 0.1564 (2023), for the city what goes out; 2024 has
    none of its own.
    """
    of_study = studied(base, *ALL)
    factors = factors_of_bought(graph, of_study, bought_of(graph, of_study))
    assert factors[PLACE, 2022][0] == pytest.approx(SICHUAN_2022 / 1000)
    assert factors[PLACE, 2023] == pytest.approx((SICHUAN_2023 / 1000, CITY_2023 / 1000))
    assert factors[PLACE, 2024] == factors[PLACE, 2023]


def test_what_a_line_and_a_wind_farm_do_by_hand(graph, base):
    """Power from outside takes a fifth of what plants make: 440 less 88; all of it is bought. Own
    power takes fuel alone, for it fills what plants no longer make.
    """
    line = cut_of(graph, studied(base, BOUGHT))
    own = cut_of(graph, studied(base, OWN))
    assert line.by_part[0, 1] == pytest.approx(-88 * WAN * KWH * SICHUAN_2023 / 1000, rel=1e-9)
    assert own.by_part[0] == pytest.approx(0.0, abs=1e-3)


def test_wedges_add_to_the_gap_of_the_account_with_indirect_emissions(graph, base):
    """Direct and indirect wedges of all measures are the accounts' total without measures less that
    with them, each year.
    """
    of_study, plain = studied(base, *ALL), studied(base)
    indirect = cut_of(graph, of_study)
    direct = shapley(of_study.pathway).by_year
    before, after = totals(graph, plain), totals(graph, of_study)
    assert abs(indirect.by_part[:, 1:]).min() >= 0 and abs(indirect.by_part[1:, 1:]).sum() > 1e4
    for number, year in enumerate(of_study.pathway.years):
        wedges = (direct + indirect.by_part)[:, number].sum()
        assert wedges == pytest.approx(before[year] - after[year], rel=1e-9, abs=1e-3)


def test_indirect_wedges_are_the_mean_of_all_orders(graph, base):
    """Each measure's part is the mean, over the 120 orders of the five, of what the accounts'
    indirect emission falls by when it joins those before it.
    """
    of_study = studied(base, *ALL)
    indirect = cut_of(graph, of_study)
    pathway = of_study.pathway
    seen = {}

    def emitted(chosen):
        if chosen not in seen:
            rows = [row for row in ALL if row["measure"] in chosen]
            seen[chosen] = cut_of(graph, studied(base, *rows)).after[1] if rows else 0.0
        return seen[chosen]

    codes = [name.split("#")[0] for name in pathway.measures]
    start = indirect.before[1]
    mean = dict.fromkeys(codes, 0.0)
    orders = list(permutations(codes))
    for order in orders:
        for n, code in enumerate(order):
            before = emitted(frozenset(order[:n])) if n else start
            mean[code] += (before - emitted(frozenset(order[: n + 1]))) / len(orders)
    ours = dict(zip(codes, indirect.by_part[:, 1], strict=True))
    for code, value in mean.items():
        assert ours[code] == pytest.approx(value, rel=1e-9, abs=1e-3)


def test_wedges_add_up_where_power_turns_from_bought_to_sold(accounts):
    """A wind farm that takes all that plants make, with twelve times the power produced before, so
    that power is left over: what goes out counts by the city's own factor.
    """
    rows = {"regional_balance": [cell(*r) for r in BALANCE], "energy_exchange": [exchange(60.0)]}
    graph = accounts(rows)
    base = base_year(read_tables(graph, 2022), [PLACE])
    heavy = [measure("less", "intensity", "all", 60, **{**AT_ONCE, "carrier": None}), BOUGHT]
    with_all, plain = (study(base, DRIVERS, chosen, 2024) for chosen in (heavy, []))
    indirect = cut_of(graph, with_all)
    assert indirect.before[1] > 0 > indirect.after[1]
    direct = shapley(with_all.pathway).by_year
    before, after = totals(graph, plain), totals(graph, with_all)
    for number, year in enumerate(with_all.pathway.years):
        wedges = (direct + indirect.by_part)[:, number].sum()
        assert wedges == pytest.approx(before[year] - after[year], rel=1e-9, abs=1e-3)


def test_a_year_without_a_factor_has_no_indirect_wedge(accounts):
    """No factor of a grid is published for 2005."""
    balance = [cell(*row) | {"period": "2005"} for row in BALANCE]
    bought = exchange(60.0) | {"period": "2005", "counterpart": "000000"}
    graph = accounts({"regional_balance": balance, "energy_exchange": [bought]})
    base = base_year(read_tables(graph, 2005), [PLACE])
    of_study = study(base, [], [BOUGHT | {"start_year": 2006}], 2007)
    cut = cut_of(graph, of_study)
    assert np.isnan(cut.before).all() and np.isnan(cut.by_part).all()


def test_places_of_one_study_add_up(accounts):
    """Two districts of half of the place each, one of which reports what it buys: its wedges are
    those of the same place alone, the other has none.
    """
    districts = ("500102", "500156")
    halves = [
        cell(row, product, amount / 2) | {"place": district}
        for district in districts
        for row, product, amount in BALANCE
    ]
    bought = exchange(30.0) | {"place": districts[0]}
    graph = accounts({"regional_balance": halves, "energy_exchange": [bought]})
    tables = read_tables(graph, 2022)
    both, alone = (
        study(
            base_year(tables, places),
            [row | {"place": "city"} for row in DRIVERS],
            [row | {"place": "city"} for row in ALL],
            2024,
            within=lambda *_: True,
        )
        for places in (districts, districts[:1])
    )
    ours, theirs = cut_of(graph, both), cut_of(graph, alone)
    assert ours.by_part == pytest.approx(theirs.by_part, rel=1e-9)
    assert ours.before == pytest.approx(theirs.before, rel=1e-9)
    assert abs(ours.by_part[:, 1]).max() > 1e4
    before = {row["year"]: row for row in graph.execute("carbon_totals").to_pylist()
              if row["place"] == districts[0]}  # fmt: skip
    assert ours.before[0] == pytest.approx(before[2022]["indirect_power"], rel=1e-9)
