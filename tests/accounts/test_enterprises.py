"""Enterprise records to energy and carbon, by hand: units, periods, coefficients, feedstock,
transformation, power, products.
"""

import pytest

from hengtan.graph.said import say_missing

FIRM = {
    "place": "500156",
    "entity": "91500000000000001A",
    "entity_name": "合成水泥厂（虚构）",
    "industry": "30",
}


def month(n, product="raw_coal", unit="吨", **amounts):
    return FIRM | {"period": f"2023-{n:02d}", "product": product, "unit": unit} | amounts


def only(rows):
    (row,) = rows
    return row


def test_twelve_months_add_up_in_the_canonical_unit_with_stocks_from_both_ends(accounts):
    rows = [
        month(
            n, unit="万吨", opening=1.0 + n / 10, purchased=2.0, consumed=1.9, closing=1.1 + n / 10
        )
        for n in range(1, 13)
    ]
    year = only(accounts({"enterprise_energy": rows}).execute("energy_enterprise_year").to_pylist())
    # 12 x 1.9 x 10^4 t; opening of January 1.1, closing of December 2.3; books: 1.1 + 24 - 22.8 =
    # 2.3
    assert year["consumed"] == pytest.approx(228000) and year["purchased"] == pytest.approx(240000)
    assert (year["opening"], year["closing"]) == pytest.approx((11000, 23000)) and year[
        "gap"
    ] == pytest.approx(0, abs=1e-6)
    assert (year["basis"], year["through"], year["months"]) == ("months", 12, 12)


def test_a_cumulative_counts_once_and_comes_before_fewer_months(accounts):
    rows = [month(n, consumed=100.0) for n in (1, 2, 3)] + [
        FIRM
        | {
            "period": f"2023-01..{n:02d}",
            "product": "raw_coal",
            "unit": "吨",
            "consumed": 100.0 * n,
        }
        for n in (6, 9)
    ]
    year = only(accounts({"enterprise_energy": rows}).execute("energy_enterprise_year").to_pylist())
    assert (year["consumed"], year["basis"], year["through"]) == (900.0, "cumulative", 9)


def test_coal_equivalent_takes_the_records_own_coefficient_then_heat_value_then_the_set(accounts):
    rows = [
        month(1, product="raw_coal", consumed=100.0),
        month(1, product="natural_gas", unit="万立方米", consumed=2.0, coefficient=12.143),
        month(1, product="coke_oven_gas", unit="万立方米", consumed=1.0),
    ]
    by_key = {
        r["product"]: r
        for r in accounts({"enterprise_energy": rows}).execute("energy_enterprise_tce").to_pylist()
    }
    assert (
        by_key["raw_coal"]["consumed_tce"] == pytest.approx(71.43)
        and by_key["raw_coal"]["coefficient_from"] == "nbs_form205"
    )
    assert by_key["natural_gas"]["consumed_tce"] == pytest.approx(2 * 12.143), (
        "tce per 10^4 m3, the unit of the record"
    )
    assert by_key["coke_oven_gas"]["consumed_tce"] is None and "折标系数" in say_missing(
        by_key["coke_oven_gas"]["missing"]
    ), "the form gives a range only: a measured value is needed"


def test_a_product_without_a_coefficient_is_named_in_either_language(accounts):
    """The set gives a range for coke oven gas; nobody reads the id of a product."""
    rows = [month(1, product="coke_oven_gas", unit="万立方米", consumed=1.0)]
    row = only(accounts({"enterprise_energy": rows}).execute("energy_enterprise_tce").to_pylist())
    assert "焦炉煤气" in say_missing(row["missing"])
    english = say_missing(row["missing"], "en")
    assert "(Coke oven gas)" in english and "coke_oven_gas" not in row["missing"]


def test_co2_leaves_out_feedstock_and_what_was_turned_into_other_fuels(accounts):
    rows = [month(1, product="raw_coal", consumed=1000.0, feedstock=200.0, in_other=300.0)]
    row = only(
        accounts({"enterprise_energy": rows}, enterprise_factor_set="provguide2011")
        .execute("carbon_enterprise_fuel")
        .to_pylist()
    )
    # 500 t x 20.908 GJ/t x 0.02637 tC/GJ x 0.94 x 44/12 = 950.15 t, the usual 1.9003 t/t
    assert row["co2"] == pytest.approx(500 * 20.908 * 0.02637 * 0.94 * 44 / 12) and row[
        "co2"
    ] == pytest.approx(500 * 1.9003, rel=1e-4)


def test_a_measured_coefficient_moves_co2_too(accounts):
    # heat value 5500 kcal/kg = 5500/7000 tce/t
    rows = [month(1, product="raw_coal", consumed=100.0, coefficient=5500 / 7000)]
    row = only(
        accounts({"enterprise_energy": rows}, enterprise_factor_set="provguide2011")
        .execute("carbon_enterprise_fuel")
        .to_pylist()
    )
    assert (
        row["burnt"] == pytest.approx(100 * 5500 / 7000 * 29.3076)
        and row["heat_value_from"] == "record"
    )


def test_an_enterprise_with_power_heat_and_processes(accounts):
    rows = [
        FIRM | {"period": "2023", "product": "raw_coal", "unit": "吨", "consumed": 10000.0},
        FIRM
        | {
            "period": "2023",
            "product": "electricity",
            "unit": "万千瓦时",
            "purchased": 5000.0,
            "consumed": 5000.0,
        },
        FIRM
        | {
            "period": "2023",
            "product": "heat",
            "unit": "百万千焦",
            "purchased": 1000.0,
            "consumed": 1000.0,
        },
    ]
    clinker = {
        "place": "500156",
        "entity": FIRM["entity"],
        "period": "2023",
        "item": "cement_clinker",
        "amount": 50000.0,
        "unit": "吨",
        "value_added": 20_000_000.0,
    }
    row = only(
        accounts(
            {"enterprise_energy": rows, "industrial_products": [clinker]},
            enterprise_factor_set="provguide2011",
        )
        .execute("carbon_enterprise")
        .to_pylist()
    )
    # energy: 10000 x 0.7143 + 5000 x 1.229 + 1000 x 0.0341 tce
    assert row["energy"] == pytest.approx(7143 + 6145 + 34.1)
    assert row["fuel_co2"] == pytest.approx(10000 * 1.9003, rel=1e-4) and row[
        "process"
    ] == pytest.approx(50000 * 0.538)
    # Chongqing 2023: 0.5227? the announced factor of the pack, kWh x kg/kWh
    factor = next(
        r["value"]
        for r in accounts().execute("grid_factors").to_pylist()
        if r["grid"] == "500000" and r["data_year"] == 2023
    )
    assert row["power_co2"] == pytest.approx(5e7 * factor / 1000) and row[
        "heat_co2"
    ] == pytest.approx(110.0)
    assert row["total"] == pytest.approx(row["direct"] + row["indirect"]) and row[
        "carbon_per_value_added"
    ] == pytest.approx(row["total"] / 2e7)
    assert row["recalled_share"] > 0 and row["confidence"] in ("recalled", "proposal")


def test_a_year_without_a_grid_factor_says_so_and_a_stand_in_is_named(accounts):
    rows = [
        FIRM
        | {
            "period": "2025",
            "product": "electricity",
            "unit": "千瓦时",
            "purchased": 1000.0,
            "consumed": 1000.0,
        }
    ]
    row = only(accounts({"enterprise_energy": rows}).execute("carbon_enterprise").to_pylist())
    assert (
        row["power_co2"] is None
        and row["total"] is None
        and "2025" in row["missing"]
        and "替代年份" in say_missing(row["missing"])
    )
    stood = only(
        accounts({"enterprise_energy": rows}, stand_in_year=2023)
        .execute("carbon_enterprise")
        .to_pylist()
    )
    assert stood["power_co2"] > 0 and stood["stand_in_year"] == 2023


def test_a_unit_of_another_kind_counts_nothing_and_says_so(accounts):
    rows = [month(1, product="raw_coal", unit="万立方米", consumed=1.0)]
    row = only(
        accounts({"enterprise_energy": rows}).execute("energy_enterprise_amounts").to_pylist()
    )
    assert row["consumed"] is None and "计量单位" in say_missing(row["missing"])


def test_unit_consumption_is_not_split_between_several_products(accounts):
    rows = [FIRM | {"period": "2023", "product": "raw_coal", "unit": "吨", "consumed": 1000.0}]
    result = [
        {
            "place": "500156",
            "entity": FIRM["entity"],
            "period": "2023",
            "item": item,
            "amount": 100.0,
            "unit": "吨",
        }
        for item in ("cement", "cement_clinker")
    ]
    single = only(
        accounts({"enterprise_energy": rows, "industrial_products": result[:1]})
        .execute("carbon_enterprise_products")
        .to_pylist()
    )
    assert single["energy_per_unit"] == pytest.approx(714.3 / 100)
    two = (
        accounts({"enterprise_energy": rows, "industrial_products": result})
        .execute("carbon_enterprise_products")
        .to_pylist()
    )
    assert [r["energy_per_unit"] for r in two] == [None, None] and all(
        "GB/T 24067" in say_missing(r["missing"]) for r in two
    )


def test_key_units_start_at_ten_thousand_tonnes_of_coal_equivalent(accounts):
    def firm(letter, coal):
        return FIRM | {
            "entity": f"9150000000000000{letter}",
            "period": "2023",
            "product": "raw_coal",
            "unit": "吨",
            "consumed": coal,
        }

    rows = [
        firm("A1", 14000.0),
        firm("B1", 13999.0),
        firm("C1", 7000.0),
        firm("D1", 6999.0),
    ]  # x 0.7143: 10000.2, 9999.5, 5000.1, 4999.4 tce
    by_key = {
        r["entity"][-2:]: r["unit_class"]
        for r in accounts({"enterprise_energy": rows}).execute("energy_key_units").to_pylist()
    }
    assert by_key == {"A1": "national", "B1": "provincial", "C1": "provincial"}


def test_the_balance_from_records_closes_and_names_its_balancing_item(accounts):
    plant = {
        "place": "500156",
        "entity": "91500000000000002B",
        "entity_name": "合成电厂（虚构）",
        "industry": "44",
        "period": "2023",
    }
    rows = [
        plant
        | {
            "product": "raw_coal",
            "unit": "吨",
            "opening": 500.0,
            "purchased": 100000.0,
            "consumed": 99900.0,
            "in_power": 99000.0,
            "closing": 600.0,
        },
        plant
        | {
            "product": "electricity",
            "unit": "万千瓦时",
            "transformation_out": 22000.0,
            "consumed": 1000.0,
            "sold": 21000.0,
        },
    ]
    cells = {
        (r["row"], r["product"]): r
        for r in accounts({"enterprise_energy": rows}).execute("energy_balance").to_pylist()
    }
    assert (
        cells["T.power", "raw_coal"]["physical"] == -99000
        and cells["F.2.ind", "raw_coal"]["physical"] == 900
        and cells["S.stock", "raw_coal"]["physical"] == -100
    )
    assert cells["T.power", "electricity"]["physical"] == pytest.approx(2.2e8)
    # coal: F 900 + T in 99000 - stock draw (-100) = 100000 bought; power: F 1e7 - 2.2e8 made =
    # 2.1e8 handed out
    assert (
        cells["S.in", "raw_coal"]["physical"] == pytest.approx(100000)
        and cells["S.in", "raw_coal"]["basis"] == "balancing"
    )
    assert cells["S.out", "electricity"]["physical"] == pytest.approx(-2.1e8)
