"""The central scenario as projected records: the ordinary accounts give the model's emissions."""

import numpy as np
import pytest
from study_rows import growth, measure

from hengtan.basis.errors import HengtanError
from hengtan.outlook.pathway.base import base_year
from hengtan.outlook.pathway.reconcile import reconciled
from hengtan.outlook.pathway.records import (
    emissions_of_accounts,
    projected,
    read_tables,
)
from hengtan.outlook.pathway.study import study

CHONGQING = "500000"
DRIVERS = [
    growth("activity", "all", 2015, 4.5),
    growth("activity", "F.2.ind", 2015, 5.5),
    growth("activity", "F.2.ind", 2018, 3.0),
    growth("intensity", "all", 2016, -2.0),
]
MEASURES = [
    measure("drive", "intensity", "F.2.ind", 15, start_year=2016),
    measure("boilers", "share", "F.2.ind;F.3.other", 40, carrier="raw_coal",
            to_carrier="natural_gas", ratio=0.8, start_year=2015),
    measure("ev", "share", "F.3.trans;F.4", 30, carrier="gasoline", to_carrier="electricity",
            ratio=0.3, start_year=2016, ramp_years=6),
    measure("green-power", "factor", "all", 25, carrier="electricity", start_year=2017),
    measure("biogas", "factor", "F.4", 10, carrier="natural_gas", start_year=2016),
    measure("process", "process", "2A1", 20, start_year=2016),
]  # fmt: skip
CEMENT = {
    "place": CHONGQING,
    "period": "2014",
    "item": "cement_clinker",
    "amount": 4500.0,
    "unit": "万吨",
}


@pytest.fixture(scope="module")
def graph(accounts, chongqing_2014):
    return accounts({"regional_balance": chongqing_2014, "industrial_products": [CEMENT]})


@pytest.fixture(scope="module")
def tables(graph):
    return read_tables(graph, 2014)


def of(tables, measures=MEASURES, shares_plants=True):
    base = base_year(tables, [CHONGQING], carriers=("natural_gas",), shares_plants=shares_plants)
    return study(base, DRIVERS, measures, 2019)


@pytest.mark.parametrize("shares_plants", [True, False])
def test_the_accounts_give_the_model_in_every_cell_and_year(graph, tables, shares_plants):
    of_places = of(tables, shares_plants=shares_plants)
    base, pathway, outcome = of_places.base, of_places.pathway, of_places.outcome()
    ahead = projected(graph, base, pathway, outcome)
    burnt, other = emissions_of_accounts(ahead, pathway.years[1:])
    plants = {"electricity": "T.power", "heat": "T.heat"}
    compared = 0
    for position, year in enumerate(pathway.years[1:], 1):
        for sector, row in enumerate(base.sectors):
            for carrier, product in enumerate(base.carriers):
                tonnes = outcome.burnt[0, sector, carrier, position]
                if product in plants and base.shared[0, list(plants).index(product)]:
                    continue
                assert burnt.get((CHONGQING, year, row, product), 0.0) == pytest.approx(
                    tonnes, rel=1e-9, abs=1e-6
                ), (year, row, product)
                compared += tonnes != 0
            spot = (CHONGQING, year, row)
            assert other.get(spot, 0.0) == pytest.approx(
                outcome.process[0, sector, position], rel=1e-9
            )
        for number, (product, plant) in enumerate(plants.items()):
            if base.shared[0, number]:
                of_plants = sum(t for key, t in burnt.items() if key[1:3] == (year, plant))
                of_users = outcome.burnt[0, :, base.carriers.index(product), position].sum()
                assert of_plants == pytest.approx(of_users, rel=1e-9)
    assert compared > 100


def test_totals_of_the_inventory_are_those_of_the_scenario(graph, tables):
    of_places = of(tables)
    outcome = of_places.outcome()
    ahead = projected(graph, of_places.base, of_places.pathway, outcome)
    totals = {
        row["year"]: row["total_with_land"] for row in ahead.execute("carbon_totals").to_pylist()
    }
    for position, year in enumerate(of_places.pathway.years):
        assert totals[year] == pytest.approx(outcome.emissions[..., position].sum(), rel=1e-9)


def test_projected_balances_close(graph, tables):
    """Supply and transformation are final use and losses, product by product (identity I4)."""
    of_places = of(tables)
    ahead = projected(graph, of_places.base, of_places.pathway, of_places.outcome())
    sums = {}
    for row in ahead.execute("energy_balance").to_pylist():
        if row["year"] == 2014 or row["own_tce"] is None:
            continue
        sign = -1 if row["row"] == "S" or row["row"].startswith("T") else 1
        if row["row"] != "F.2.ind.nonenergy" and not row["row"].startswith("S."):
            key = (row["year"], row["product"])
            sums[key] = sums.get(key, 0.0) + sign * row["own_tce"]
    assert len(sums) > 50
    assert max(abs(gap) for gap in sums.values()) < 1e-3  # of 10^7 tce
    identities = ahead.execute("energy_balance_identities").to_pylist()
    assert {row["identity"] for row in identities if row["holds"] is True} >= {"I1"}


def test_outturns_of_the_ledger_stay_what_they_are(graph, tables):
    of_places = of(tables)
    ahead = projected(graph, of_places.base, of_places.pathway, of_places.outcome())
    before, after = (
        {row["year"]: row["total_with_land"] for row in g.execute("carbon_totals").to_pylist()}
        for g in (graph, ahead)
    )
    assert after[2014] == pytest.approx(before[2014], rel=1e-14)
    assert set(before) == {2014}


def test_a_factor_that_rises_cannot_be_a_record(graph, tables):
    worse = [measure("worse", "factor", "F.4", -10, carrier="natural_gas")]
    of_places = study(of(tables).base, DRIVERS, worse, 2030)
    with pytest.raises(HengtanError, match=r"F\.4.*natural_gas"):
        projected(graph, of_places.base, of_places.pathway, of_places.outcome())


def test_without_measures_and_drivers_each_year_is_the_base_year(tables):
    base = of(tables).base
    unchanged = study(base, [], [], 2018)
    emissions = unchanged.outcome().emissions
    assert np.allclose(emissions, emissions[..., :1], rtol=1e-14)
    assert np.allclose(emissions[..., 0], base.emissions, rtol=1e-12)


# synthetic: physical quantities, use as material, two places; 10^4 t, 10^8 m3, 10^8 kWh
PHYSICAL = [
    ("500156", "F.2.ind", "raw_coal", 80.0, "万吨"),
    ("500156", "F.2.ind", "natural_gas", 3.0, "亿立方米"),
    ("500156", "F.2.ind.nonenergy", "natural_gas", 1.0, "亿立方米"),
    ("500156", "F.2.ind", "electricity", 12.0, "亿千瓦时"),
    ("500156", "F.4", "electricity", 4.0, "亿千瓦时"),
    ("500156", "T.power", "raw_coal", -60.0, "万吨"),
    ("500156", "T.power", "electricity", 14.0, "亿千瓦时"),
    ("500102", "F.3.trans", "diesel", 20.0, "万吨"),
    ("500102", "T.power", "raw_coal", -30.0, "万吨"),
]


@pytest.fixture(scope="module")
def physical_rows():
    return [
        {
            "place": place,
            "period": "2022",
            "balance_row": row,
            "product": product,
            "quantity_kind": "physical",
            "value": value,
            "unit": unit,
        }
        for place, row, product, value, unit in PHYSICAL
    ]


def test_a_fuel_without_a_coal_equivalent_is_a_gap_and_a_line_that_differs(accounts, physical_rows):
    """The default set gives gas a range, so its coal equivalent is not known: it is left out by
    name, and the line of its emission stands open beside the account.
    """
    tables = read_tables(accounts({"regional_balance": physical_rows}), 2022)
    base = base_year(tables, ["500156"])
    lacking = {gap.about for gap in base.gaps if gap.code == "no_coal_equivalent"}
    assert "F.2.ind natural_gas" in lacking
    (line,) = [
        line
        for line in reconciled(base, tables)
        if (line.kind, line.row, line.product) == ("burnt", "F.2.ind", "natural_gas")
    ]
    assert line.model == 0 and line.account > 1e5 and line.difference == -line.account


def test_physical_quantities_and_use_as_material_go_on_in_their_units(accounts, physical_rows):
    """The second place uses no power of its own, so its plants stand by themselves, and say so."""
    physical = accounts({"regional_balance": physical_rows}, coal_equivalent_set="cesy_app4")
    tables = read_tables(physical, 2022)
    base = base_year(tables, ["500156", "500102"])
    assert ("500102", "T.power") in {
        (gap.place, gap.about) for gap in base.gaps if gap.code == "plants_without_users"
    }
    both = "500000"
    drivers = [growth("activity", "all", 2023, 4, place=both)]
    measures = [
        measure("save", "intensity", "all", 12, place=both, start_year=2023),
        measure("gas", "share", "F.2.ind", 25, place="500156", carrier="raw_coal",
                to_carrier="natural_gas", ratio=0.9, start_year=2023),
    ]  # fmt: skip
    of_places = study(base, drivers, measures, 2026, within=lambda region, place: True)
    outcome = of_places.outcome()
    ahead = projected(physical, base, of_places.pathway, outcome)
    totals = {
        (row["place"], row["year"]): row["total_with_land"]
        for row in ahead.execute("carbon_totals").to_pylist()
    }
    for region, place in enumerate(base.regions):
        for position, year in enumerate(of_places.pathway.years):
            tonnes = outcome.emissions[region, :, position].sum()
            assert totals[place, year] == pytest.approx(tonnes, rel=1e-9), (place, year)
