"""Totals, shares and intensities by hand: two conventions, three series, chained constant prices,
breaks that are never bridged.
"""

import pytest

from hengtan.graph.said import say_missing

CQ = "500000"


def cell(row, product, value, unit, year=2023, kind="physical", **more):
    return {
        "place": CQ,
        "period": str(year),
        "balance_row": row,
        "product": product,
        "quantity_kind": kind,
        "convention": "none",
        "value": value,
        "unit": unit,
    } | more


def small(year=2023, coal=100.0, power=50.0):
    """Coal for industry and for power, power made, bought and used; 10^4 t and 10^8 kWh."""
    return [
        cell("S.prod", "electricity", 10.0, "亿千瓦时", year),
        cell("S.in", "electricity", power - 30.0, "亿千瓦时", year),
        cell("S.in", "raw_coal", coal + 80.0, "万吨", year),
        cell("T.power", "raw_coal", -80.0, "万吨", year),
        cell("T.power", "electricity", 20.0, "亿千瓦时", year),
        cell("F.2.ind", "raw_coal", coal, "万吨", year),
        cell("F.2.ind.nonenergy", "raw_coal", 20.0, "万吨", year),
        cell("F.2.ind", "electricity", power, "亿千瓦时", year),
    ]


def rate(year, grams=300.0):
    return {
        "place": CQ,
        "period": str(year),
        "kind": "supply",
        "rate": grams,
        "unit": "克标准煤/千瓦时",
    }


def gdp(year, value, price="constant", base=2020, unit="亿元"):
    return {
        "place": CQ,
        "period": str(year),
        "price": price,
        "price_base": base,
        "gdp": value,
        "unit": unit,
    }


def test_no_row_of_production_is_no_production_of_zero(accounts):
    """Power has a row of 10 亿kWh; coal has none, which says nothing of what is mined."""
    rows = accounts({"regional_balance": small()}).execute("energy_product_use").to_pylist()
    produced = {row["product"]: row["production_reported"] for row in rows}
    assert produced == {"electricity": pytest.approx(10e8), "raw_coal": None}


def test_totals_in_both_conventions(accounts):
    by_key = {
        r["convention"]: r
        for r in accounts({"regional_balance": small(), "coal_rate": [rate(2023)]})
        .execute("energy_consumption")
        .to_pylist()
    }
    # 当量值: coal 180 x 0.7143, power F 50 - T 20 = 30 x 10^8 kWh at 0.1229
    assert by_key["calorific"]["total"] == pytest.approx(1_800_000 * 0.7143 + 3e9 * 0.0001229)
    # 等价值: the same 30 x 10^8 kWh at 300 g
    assert by_key["equivalent"]["total"] == pytest.approx(
        1_800_000 * 0.7143 + 3e9 * 0.0003
    ) and by_key["equivalent"]["coal_rate"] == pytest.approx(0.3)
    assert by_key["equivalent"]["coal_physical"] == pytest.approx(1_800_000)


def test_without_the_years_coal_rate_there_is_no_equivalent_total(accounts):
    by_key = {
        r["convention"]: r
        for r in accounts({"regional_balance": small(), "coal_rate": [rate(2022)]})
        .execute("energy_consumption")
        .to_pylist()
    }
    assert by_key["equivalent"]["total"] is None and "煤耗" in say_missing(
        by_key["equivalent"]["missing"]
    ), "the rate of another year is never borrowed"
    assert by_key["calorific"]["total"] > 0 and by_key["calorific"]["missing"] is None


def test_nonfossil_share_uses_one_coal_rate_above_and_below_the_line(accounts):
    bought = {
        "place": CQ,
        "period": "2023",
        "product": "electricity",
        "direction": "in",
        "counterpart": "510000",
        "certified": "green_certificate",
        "amount": 5.0,
        "unit": "亿千瓦时",
    }
    graph = accounts(
        {"regional_balance": small(), "coal_rate": [rate(2023)], "energy_exchange": [bought]}
    )
    (row,) = graph.execute("energy_nonfossil").to_pylist()
    assert row["share"] == pytest.approx(
        (10e8 + 5e8) * 0.0003 / (1_800_000 * 0.7143 + 3e9 * 0.0003) * 100
    )
    (own,) = graph.with_overrides(nonfossil_imports="none").execute("energy_nonfossil").to_pylist()
    assert (
        own["share"] == pytest.approx(row["share"] * 10 / 15) and own["nonfossil_imports"] == "none"
    )


def test_three_series_stand_beside_each_other_and_change_within_themselves(accounts):
    rows = {
        "regional_balance": small(2022) + small(2023, coal=110.0),
        "coal_rate": [rate(2022), rate(2023)],
        "gdp_values": [gdp(2022, 1000.0), gdp(2023, 1100.0)],
    }
    by_key = {
        (r["series"], r["year"]): r for r in accounts(rows).execute("energy_intensity").to_pylist()
    }
    full = {
        year: (coal * 10000 * 0.7143 + 3e9 * 0.0003) for year, coal in ((2022, 180), (2023, 190))
    }
    assert by_key["full", 2023]["intensity"] == pytest.approx(full[2023] / 1.1e11 * 1e4)
    feedstock = 200_000 * 0.7143
    assert by_key["less_feedstock", 2023]["energy"] == pytest.approx(full[2023] - feedstock)
    assert by_key["less_feedstock_nonfossil", 2023]["energy"] == pytest.approx(
        full[2023] - feedstock - 10e8 * 0.0003
    )
    # (1 + g_E)/(1 + g_GDP) - 1
    assert (
        by_key["full", 2023]["change"] == pytest.approx(full[2023] / full[2022] / 1.1 - 1)
        and by_key["full", 2022]["change"] is None
    )


def test_constant_prices_are_chained_by_yearly_indices_and_a_missing_index_breaks_the_chain(
    accounts,
):
    values = [
        gdp(2020, 1000.0, "current", None),
        gdp(2021, 108.0, "index_previous", None, "%"),
        gdp(2022, 102.5, "index_previous", None, "%"),
        gdp(2024, 105.0, "index_previous", None, "%"),
    ]
    by_key = {
        (r["price_base"], r["year"]): r
        for r in accounts({"gdp_values": values}).execute("energy_gdp").to_pylist()
    }
    assert by_key[2020, 2021]["gdp"] == pytest.approx(1000e8 * 1.08) and by_key[2020, 2022][
        "gdp"
    ] == pytest.approx(1000e8 * 1.08 * 1.025)
    assert (2020, 2024) not in by_key, "2023 is missing: the chain is not bridged"


def test_price_bases_never_mix(accounts):
    rows = {
        "regional_balance": small(2020) + small(2021),
        "coal_rate": [rate(2020), rate(2021)],
        "gdp_values": [gdp(2020, 1000.0, base=2015), gdp(2021, 1100.0, base=2020)],
    }
    by_key = accounts(rows).execute("energy_intensity").to_pylist()
    assert {(r["price_base"], r["year"]) for r in by_key} == {(2015, 2020), (2020, 2021)} and all(
        r["change"] is None for r in by_key
    )


def test_carbon_intensity_counts_fuel_and_net_power_only(accounts):
    rows = {
        "regional_balance": small(),
        "gdp_values": [gdp(2023, 1000.0)],
        "industrial_products": [
            {"place": CQ, "period": "2023", "item": "lime", "amount": 100.0, "unit": "万吨"}
        ],
        "energy_exchange": [
            {
                "place": CQ,
                "period": "2023",
                "product": "electricity",
                "direction": "in",
                "counterpart": "510000",
                "amount": 20.0,
                "unit": "亿千瓦时",
            }
        ],
    }
    graph = accounts(rows)
    (row,) = graph.execute("carbon_intensity").to_pylist()
    factor = next(
        r["value"]
        for r in graph.execute("grid_factors").to_pylist()
        if (r["grid"], r["data_year"]) == ("510000", 2023)
    )
    fuel = (180 - 20) * 10000 * 20.908 * 0.02637 * 0.94 * 44 / 12  # coal less what was feedstock
    assert row["co2"] == pytest.approx(fuel + 20e8 * factor / 1000) and row[
        "intensity"
    ] == pytest.approx(row["co2"] / 1000e8 * 1e4)


def test_the_inventory_of_an_empty_and_of_a_partial_ledger(accounts):
    empty = accounts()
    for name in empty.accounts():
        rows = empty.execute(name)
        assert rows.num_rows == 0 or name in (
            "energy_factor_values",
            "energy_factors",
            "carbon_source_factors",
        ), name
    partial = accounts({"regional_balance": small()})
    (total,) = partial.execute("carbon_totals").to_pylist()
    assert (
        total["energy_co2"] > 0 and total["processes"] is None and total["indirect_power"] is None
    )
    assert {
        r["missing"] is not None
        for r in partial.execute("energy_consumption").to_pylist()
        if r["convention"] == "equivalent"
    } == {True}


def test_sectors_add_to_the_total_and_records_split_industry(accounts):
    firm = {
        "place": CQ,
        "entity": "91500000000000001A",
        "industry": "30",
        "period": "2023",
        "product": "raw_coal",
        "unit": "万吨",
        "consumed": 30.0,
    }
    rows = {
        "regional_balance": small(),
        "enterprise_energy": [firm],
        "industrial_products": [
            {
                "place": CQ,
                "period": "2023",
                "item": "cement_clinker",
                "amount": 10.0,
                "unit": "万吨",
            }
        ],
    }
    graph = accounts(rows, enterprise_factor_set="provguide2011")
    by_key = {
        r["carbon_sector"]: r["co2e"]
        for r in graph.execute("carbon_by_sector").to_pylist()
        if r["method"] == "statistics"
    }
    total = next(
        r for r in graph.execute("carbon_totals").to_pylist() if r["method"] == "statistics"
    )
    assert sum(by_key.values()) == pytest.approx(total["total"])
    assert (
        by_key["building_materials"] == pytest.approx(300_000 * 1.9003 + 100_000 * 0.538, rel=1e-4)
        and by_key["industry_unsplit"] > 0
    )


def test_indirect_emissions_stand_beside_the_sector_that_bought_the_power(accounts):
    firm = {"place": CQ, "entity": "91500000000000001A", "industry": "30", "period": "2023"}
    rows = {
        "regional_balance": small(),
        "enterprise_energy": [
            firm | {"product": "raw_coal", "unit": "万吨", "consumed": 30.0},
            firm
            | {"product": "electricity", "unit": "亿千瓦时", "purchased": 2.0, "consumed": 2.0},
        ],
    }
    graph = accounts(rows)
    by_key = {
        r["carbon_sector"]: r
        for r in graph.execute("carbon_by_sector").to_pylist()
        if r["method"] == "statistics"
    }
    factor = next(
        r["value"]
        for r in graph.execute("grid_factors").to_pylist()
        if (r["grid"], r["data_year"]) == ("500000", 2023)
    )
    assert (
        by_key["building_materials"]["indirect"] == pytest.approx(2e8 * factor / 1000)
        and by_key["power"]["indirect"] is None
    )
    assert sum(r["co2e"] for r in by_key.values()) == pytest.approx(
        next(
            r["total"]
            for r in graph.execute("carbon_totals").to_pylist()
            if r["method"] == "statistics"
        )
    )
