"""Special units by hand: data centres, public bodies, coal units, boilers, scenic areas, buyers."""

import pytest

from hengtan.graph.said import say_missing

AT = {"place": "500156", "entity": "91500000000000009X", "period": "2023"}


def figures(kind, **items):
    return [
        AT | {"kind": kind, "item": item, "amount": amount, "unit": unit}
        for item, (amount, unit) in items.items()
    ]


def only(graph, name):
    (row,) = graph.execute(name).to_pylist()
    return row


def test_a_data_centre(accounts):
    row = only(
        accounts(
            {
                "unit_figures": figures(
                    "data_centre",
                    total_power=(1300.0, "万千瓦时"),
                    it_power=(1000.0, "万千瓦时"),
                    water_used=(1.8, "万立方米"),
                )
            }
        ),
        "energy_data_centres",
    )
    assert row["pue"] == pytest.approx(1.3) and row["wue"] == pytest.approx(
        1.8
    )  # 18 000 m3 over 10^7 kWh
    without = figures("data_centre", total_power=(1.0, "千瓦时"))
    row = only(accounts({"unit_figures": without}), "energy_data_centres")
    assert "信息设备" in say_missing(row["missing"])


def test_a_public_body(accounts):
    power = AT | {
        "product": "electricity",
        "unit": "万千瓦时",
        "purchased": 10.0,
        "consumed": 10.0,
        "industry": "92",
    }
    row = only(
        accounts(
            {
                "unit_figures": figures(
                    "public_body",
                    floor_area=(2000.0, "平方米"),
                    staff=(100.0, "人"),
                    water_used=(1500.0, "立方米"),
                ),
                "enterprise_energy": [power],
            }
        ),
        "energy_public_bodies",
    )
    # 10 x 1.229 tce = 12 290 kgce
    assert (
        row["energy_per_area"] == pytest.approx(12290 / 2000)
        and row["energy_per_person"] == pytest.approx(122.9)
        and row["water_per_person"] == 15
    )


def test_a_coal_unit(accounts):
    row = only(
        accounts(
            {
                "unit_figures": figures(
                    "coal_unit",
                    coal_rate_before=(310.0, "克标准煤/千瓦时"),
                    coal_rate_after=(300.0, "克标准煤/千瓦时"),
                    generation=(20.0, "亿千瓦时"),
                    min_load_before=(50.0, "%"),
                    min_load_after=(30.0, "%"),
                )
            }
        ),
        "carbon_coal_units",
    )
    # 10 g x 2 x 10^9 kWh = 20 000 tce
    assert (
        row["saved"] == pytest.approx(20000)
        and row["saved_co2"] == pytest.approx(20000 * 29.3076 * 0.02618 * 0.93 * 44 / 12)
        and row["min_load_fall"] == 20
    )


def test_boilers_give_the_same_useful_heat(accounts):
    rows = figures(
        "boiler_to_gas",
        coal_before=(1000.0, "吨"),
        efficiency_before=(60.0, "%"),
        efficiency_after=(90.0, "%"),
        coal_price=(800.0, "元"),
        new_price=(3.0, "元"),
    )
    rows += [r | {"kind": "boiler_to_power"} for r in rows]
    by_key = {
        r["kind"]: r for r in accounts({"unit_figures": rows}).execute("carbon_boilers").to_pylist()
    }
    coal, gas = 1000 * 23.204, 0.0389310
    new = coal * 0.6 / 0.9
    assert by_key["boiler_to_gas"]["new_amount"] == pytest.approx(new / gas, rel=1e-6)
    change = new * 0.0153 * 0.99 * 44 / 12 - coal * 0.02618 * 0.93 * 44 / 12
    assert by_key["boiler_to_gas"]["co2_change"] == pytest.approx(change) and by_key[
        "boiler_to_gas"
    ]["cost_change"] == pytest.approx(new / gas * 3 - 800000, rel=1e-6)
    assert by_key["boiler_to_gas"]["cost_per_tonne"] == pytest.approx(
        (new / gas * 3 - 800000) / -change, rel=1e-6
    )
    assert by_key["boiler_to_power"]["new_amount"] == pytest.approx(new / 0.0036)


def test_a_scenic_area_is_neutral_only_when_nothing_is_missing_and_the_net_is_not_above_nought(
    accounts,
):
    fuel = AT | {"product": "gasoline", "unit": "吨", "consumed": 10.0, "industry": "78"}
    rows = figures(
        "scenic_area", visitor_emission=(100.0, "吨"), sink=(80.0, "吨"), offset=(60.0, "吨")
    )
    row = only(accounts({"unit_figures": rows, "enterprise_energy": [fuel]}), "carbon_scenic")
    own = 10 * 44.8 * 0.0189 * 0.98 * 44 / 12
    assert row["net"] == pytest.approx(own + 100 - 140) and row["neutral"] == (own <= 40)
    lost = only(accounts({"unit_figures": rows}), "carbon_scenic")
    assert lost["neutral"] is None and "enterprise_energy" in say_missing(lost["missing"])


def test_exports_carry_their_upstream_carbon_and_no_price_is_assumed(accounts):
    base = AT | {
        "supplier": "甲",
        "product": "钢材",
        "amount": 10.0,
        "unit": "t",
        "supplier_footprint": 2000.0,
        "source_title": "供应商",
        "confidence": "read",
    }
    by_key = {
        r["border_price"]: r
        for r in accounts(
            {
                "supplier_purchases": [
                    base | {"exported": 4.0, "border_price": 500.0},
                    base | {"exported": 4.0, "product": "钢坯"},
                    base | {"product": "铁"},
                ]
            }
        )
        .execute("carbon_exports")
        .to_pylist()
    }
    # 2000 kg a tonne: 8 t in four tonnes
    assert (
        by_key[500.0]["exported_carbon"] == pytest.approx(8)
        and by_key[500.0]["border_cost"] == pytest.approx(4000)
        and by_key[None]["border_cost"] is None
        and "碳价差" in say_missing(by_key[None]["missing"])
    )
