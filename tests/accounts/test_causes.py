"""Kernel accounts over rows: drivers add to the change, reconciled districts add to the city,
landfill gas by decay, peaks, ranges that must have a source.
"""

import math

import pytest

CQ = "500000"


def cell(place, year, row, product, value, unit="万吨"):
    return {
        "place": place,
        "period": str(year),
        "balance_row": row,
        "product": product,
        "quantity_kind": "physical",
        "convention": "none",
        "value": value,
        "unit": unit,
    }


def gdp(year, value):
    return {
        "place": CQ,
        "period": str(year),
        "price": "constant",
        "price_base": 2020,
        "gdp": value,
        "unit": "亿元",
    }


def test_drivers_add_to_the_change_of_co2_by_fuel_group(accounts):
    rows = [
        cell(CQ, y, "F.2.ind", p, v)
        for y, coal, oil in ((2021, 100.0, 20.0), (2022, 90.0, 30.0))
        for p, v in (("raw_coal", coal), ("diesel", oil))
    ]
    graph = accounts({"regional_balance": rows, "gdp_values": [gdp(2021, 100.0), gdp(2022, 105.0)]})
    by_key = graph.execute("carbon_drivers").to_pylist()
    totals = {r["year"]: r["energy_co2"] for r in graph.execute("carbon_totals").to_pylist()}
    effects = [sum(r[f"by_{d}"] for r in by_key) for d in ("gdp", "intensity", "mix", "factor")]
    assert sum(effects) == pytest.approx(totals[2022] - totals[2021]) and sum(
        r["change"] for r in by_key
    ) == pytest.approx(totals[2022] - totals[2021])
    assert effects[0] > 0 and effects[3] == pytest.approx(0, abs=1e-6), "factors did not change"
    # GDP effect by hand: sum over fuels of L(C1, C0) ln 1.05
    fuel = {
        p: (a * 1e4 * f, b * 1e4 * f)
        for p, a, b, f in (
            ("coal", 100, 90, 20.908 * 0.02637 * 0.94 * 44 / 12),
            ("oil", 20, 30, 42.652 * 0.0202 * 0.98 * 44 / 12),
        )
    }
    assert effects[0] == pytest.approx(
        sum((b - a) / math.log(b / a) * math.log(1.05) for a, b in fuel.values())
    )


def test_a_fuel_that_appears_is_a_change_of_the_mix(accounts):
    rows = [
        cell(CQ, y, "F.2.ind", p, v)
        for y, p, v in ((2021, "raw_coal", 100.0), (2022, "raw_coal", 90.0), (2022, "diesel", 5.0))
    ]
    by_key = (
        accounts({"regional_balance": rows, "gdp_values": [gdp(2021, 100.0), gdp(2022, 100.0)]})
        .execute("carbon_drivers")
        .to_pylist()
    )
    (oil,) = [r for r in by_key if r["group"] == "oil"]
    assert (
        oil["by_mix"] == pytest.approx(oil["change"])
        and oil["change"] > 0
        and oil["by_factor"] == 0
    )


@pytest.mark.parametrize("method", ["ras", "least_squares", "unallocated"])
def test_reconciled_districts_add_up_to_the_city_in_every_cell(accounts, method):
    rows = [
        cell(CQ, 2023, "F.2.ind", "raw_coal", 110.0),
        cell(CQ, 2023, "F.4", "raw_coal", 20.0),
        cell(CQ, 2023, "F.3.trans", "raw_coal", 7.0),
    ]
    rows += [
        cell("500156", 2023, "F.2.ind", "raw_coal", 40.0),
        cell("500156", 2023, "F.4", "raw_coal", 10.0),
        cell("500102", 2023, "F.2.ind", "raw_coal", 60.0),
        cell("500102", 2023, "F.4", "raw_coal", 15.0),
    ]

    by_key = (
        accounts({"regional_balance": rows}, reconcile_method=method)
        .execute("energy_reconciled")
        .to_pylist()
    )
    for row, value in (("F.2.ind", 110.0), ("F.4", 20.0), ("F.3.trans", 7.0)):
        assert sum(r["after"] for r in by_key if r["row"] == row) == pytest.approx(
            value * 1e4 * 0.7143
        ), (row, method)
    rest = {r["row"] for r in by_key if r["place"].endswith("unallocated")}
    assert "F.3.trans" in rest, "no district reports it: it cannot be spread"
    assert (rest == {"F.3.trans"}) == (method != "unallocated")
    if method == "least_squares":
        moved = {r["place"]: r["adjustment"] for r in by_key if r["row"] == "F.2.ind"}
        # variance goes with the square of the value: 40^2 : 60^2
        assert moved["500102"] / moved["500156"] == pytest.approx(60**2 / 40**2)


def test_landfill_gas_by_decay_stands_beside_the_mass_balance_and_a_gap_stops_it(accounts):
    def waste(year, site="managed"):
        return {
            "place": "500156",
            "period": str(year),
            "item": "msw_landfilled",
            "site": site,
            "amount": 10.0,
            "unit": "万吨",
        }

    graph = accounts({"waste_activity": [waste(y) for y in range(2015, 2021)]})
    by_key = {r["year"]: r for r in graph.execute("carbon_landfill").to_pylist()}
    carbon = 1e5 * 0.15 * 0.5
    assert by_key[2015]["emission"] == 0 and by_key[2016]["emission"] == pytest.approx(
        carbon * (1 - math.exp(-0.09)) * 0.5 * 16 / 12 * 0.9
    )
    balance = next(r for r in graph.execute("carbon_sources").to_pylist() if r["year"] == 2020)
    assert balance["emission"] > by_key[2020]["emission"], (
        "the mass balance counts all of it at once"
    )
    assert {r["label"] for r in by_key.values()} == {"first_order_decay"}
    gap = (
        accounts({"waste_activity": [waste(2015), waste(2017)]})
        .execute("carbon_landfill")
        .to_pylist()
    )
    assert all(r["emission"] is None and "2016" in r["missing"] for r in gap)


def test_uncertainty_needs_ranges_with_sources(accounts):
    rows = [cell(CQ, 2023, "F.2.ind", "raw_coal", 100.0)]
    (lost,) = accounts({"regional_balance": rows}).execute("carbon_uncertainty").to_pylist()
    assert lost["uncertainty"] is None and lost["missing"]
    ranges = [
        {
            "category": "1A2",
            "gas": gas,
            "activity_uncertainty": 5.0,
            "factor_uncertainty": 7.0,
            "source_title": "测试给定",
            "period": None,
        }
        for gas in ("CO2", "CH4", "N2O")
    ]
    by_key = (
        accounts({"regional_balance": rows, "uncertainty_ranges": ranges})
        .execute("carbon_uncertainty")
        .to_pylist()[0]
    )
    # nearly all is CO2: sqrt(5^2 + 7^2) = 8.6 %
    assert (
        by_key["uncertainty"] == pytest.approx(math.hypot(0.05, 0.07), rel=0.02)
        and by_key["low"] < by_key["total"] < by_key["high"]
    )


def test_peaks_and_key_categories(accounts):
    rows = [
        cell(CQ, y, "F.2.ind", "raw_coal", v)
        for y, v in zip(range(2018, 2024), (90.0, 100.0, 98.0, 96.0, 95.0, 94.0), strict=True)
    ]
    graph = accounts({"regional_balance": rows})
    (peak,) = graph.execute("carbon_peaks").to_pylist()
    assert (peak["verdict"], peak["peak_year"], peak["confidence"]) == ("peaked", 2019, "proposal")
    level = [
        r
        for r in graph.execute("carbon_key_categories").to_pylist()
        if r["assessment"] == "level" and r["year"] == 2023
    ]
    assert level[0]["gas"] == "CO2" and level[0]["is_key"] and not level[-1]["is_key"]
