"""Processes, agriculture, land, waste and bought power by hand, with the factors of the 2011 guide;
what is not established says so.
"""

import pytest

from hengtan.graph.said import say_missing

CQ = {"place": "500156", "period": "2023"}


def by_source(graph):
    return {r["source_id"]: r for r in graph.execute("carbon_sources").to_pylist()}


def test_processes(accounts):
    result = [
        CQ | {"item": item, "amount": 1000.0, "unit": "吨"}
        for item in (
            "cement_clinker",
            "lime",
            "calcium_carbide",
            "pig_iron_steelmaking",
            "steel_product",
            "al_pfpb",
        )
    ]
    by_key = by_source(accounts({"industrial_products": result}))
    assert by_key["2011.cement_clinker.none.CO2.2A1"]["emission"] == pytest.approx(538)
    assert by_key["2011.lime.none.CO2.2A2"]["emission"] == pytest.approx(683) and by_key[
        "2011.calcium_carbide.none.CO2.2B4"
    ]["emission"] == pytest.approx(1154)
    # carbon that leaves pig iron and stays in steel: 1000 x 4.1 % x 44/12 and 1000 x 0.248 % x
    # 44/12
    assert by_key["2011.pig_iron_steelmaking.none.CO2.2C1"]["emission"] == pytest.approx(
        150.333, abs=0.001
    )
    assert by_key["2011.steel_product.none.CO2.2C1"]["emission"] == pytest.approx(
        -9.0933, abs=0.0001
    )
    assert by_key["2011.al_pfpb.none.CF4.2C3"]["emission"] == pytest.approx(0.0888) and by_key[
        "2011.al_pfpb.none.C2F6.2C3"
    ]["emission"] == pytest.approx(0.0114)


def test_livestock_by_feeding_and_region(accounts):
    herd = [
        CQ | {"item": "dairy", "mode": "household", "amount": 2.0, "unit": "万头"},
        CQ | {"item": "swine", "mode": "scale", "amount": 100.0, "unit": "万头"},
    ]
    by_key = by_source(accounts({"farm_activity": herd}))
    assert by_key["2011.dairy.household.CH4.3A"]["emission"] == pytest.approx(20000 * 89.3 / 1000)
    # Southwest: dairy manure 6.51 kg CH4 and 1.884 kg N2O a head, swine 4.18 kg CH4
    assert by_key["2011.dairy.any.CH4.3B_ch4.manure"]["emission"] == pytest.approx(
        130.2
    ) and by_key["2011.dairy.any.N2O.3B_n2o.manure"]["emission"] == pytest.approx(37.68)
    assert by_key["2011.swine.any.CH4.3B_ch4.manure"]["emission"] == pytest.approx(4180) and by_key[
        "2011.swine.any.CH4.3A"
    ]["emission"] == pytest.approx(1000)


def test_a_feeding_mode_without_a_factor_is_asked_for(accounts):
    # the guide has no factor for buffalo that graze; their manure is computed all the same
    rows = {
        r["category"]: r
        for r in accounts(
            {
                "farm_activity": [
                    CQ | {"item": "buffalo", "mode": "grazing", "amount": 1000.0, "unit": "头"}
                ]
            }
        )
        .execute("carbon_sources")
        .to_pylist()
    }
    assert (
        rows["3A"]["emission"] is None
        and "饲养方式" in say_missing(rows["3A"]["missing"])
        and rows["3B_ch4"]["emission"] == pytest.approx(1.53)
    )


def test_rice_and_cropland(accounts):
    fields = [
        CQ | {"item": "rice_single", "amount": 10.0, "unit": "万亩"},
        CQ | {"item": "n_fertiliser", "amount": 1000.0, "unit": "吨"},
    ]
    by_key = by_source(accounts({"farm_activity": fields}))
    # 10^5 mu = 6666.67 ha x 156.2 kg/ha
    assert by_key["2011.rice_single.none.CH4.3C"]["emission"] == pytest.approx(
        6666.667 * 156.2 / 1000, rel=1e-6
    )
    # zone IV: 1000 t N x 0.0109 x 44/28; deposition 0.1 x 0.01, leaching 0.2 x 0.0075
    assert by_key["2011.n_fertiliser.none.N2O.3D_direct"]["emission"] == pytest.approx(
        1000 * 0.0109 * 44 / 28
    )
    assert by_key["2011.n_fertiliser.none.N2O.3D_indirect.deposition"]["emission"] == pytest.approx(
        1000 * 0.1 * 0.01 * 44 / 28
    )
    assert by_key["2011.n_fertiliser.none.N2O.3D_indirect.leaching"]["emission"] == pytest.approx(
        1000 * 0.2 * 0.0075 * 44 / 28
    )


def test_forest_growth_rests_on_values_of_low_certainty_and_is_not_computed(accounts):
    wood = [CQ | {"item": "growth_volume", "amount": 10.0, "unit": "万立方米"}]
    (row,) = accounts({"forest_activity": wood}).execute("carbon_sources").to_pylist()
    assert row["emission"] is None and "未确立" in say_missing(row["missing"]), (
        "SVD and BEF of Chongqing are low certainty: table 4.2 of the guide must be read first"
    )


def test_waste_landfill_by_mass_balance_incineration_and_wastewater(accounts):
    waste = [
        CQ
        | {
            "item": "msw_landfilled",
            "site": "managed",
            "amount": 10.0,
            "unit": "万吨",
            "recovered": 100.0,
            "recovered_unit": "吨",
        },
        CQ | {"item": "msw_incinerated", "amount": 1000.0, "unit": "吨"},
        CQ | {"item": "bod_treated", "amount": 100.0, "unit": "吨"},
        CQ | {"item": "cod_discharged", "amount": 100.0, "unit": "吨"},
        CQ | {"item": "protein_consumed", "amount": 1000.0, "unit": "吨"},
    ]
    by_key = by_source(accounts({"waste_activity": waste}))
    # (100000 x 1.0 x 0.15 x 0.5 x 0.5 x 16/12 - 100)(1 - 0.1) = (5000 - 100) x 0.9
    assert by_key["2011.msw_landfilled.managed.CH4.5A"]["emission"] == pytest.approx(4410)
    assert by_key["2011.msw_incinerated.none.CO2.5C"]["emission"] == pytest.approx(
        1000 * 0.2 * 0.39 * 0.95 * 44 / 12
    )
    assert by_key["2011.bod_treated.none.CH4.5D1"]["emission"] == pytest.approx(100 * 0.6 * 0.165)
    assert by_key["2011.cod_discharged.none.CH4.5D1"]["emission"] == pytest.approx(
        100 * 0.51 * 0.6 * 0.1
    ), "BOD/COD of the Southwest"
    assert by_key["2011.protein_consumed.none.N2O.5D3"]["emission"] == pytest.approx(
        1000 * 0.16 * 1.5 * 1.25 * 0.005 * 44 / 28
    )


def test_the_2025_guide_computes_what_was_found_of_it_and_names_itself_for_the_rest(accounts):
    rows = {
        "waste_activity": [CQ | {"item": "msw_incinerated", "amount": 1000.0, "unit": "吨"}],
        "industrial_products": [CQ | {"item": "cement_clinker", "amount": 1.0, "unit": "吨"}],
    }
    by_key = accounts(rows, guide="2025").execute("carbon_sources").to_pylist()
    burnt = next(r for r in by_key if r["item"] == "msw_incinerated")
    assert burnt["emission"] == pytest.approx(557.3, abs=0.1), "0.5573 t/t as the facts derive"
    lost = next(r for r in by_key if r["item"] == "cement_clinker")
    assert lost["emission"] is None and "2025" in lost["missing"]


def test_power_in_and_out_takes_the_factor_of_its_year_and_counterpart(accounts):
    rows = [
        CQ
        | {
            "product": "electricity",
            "direction": "in",
            "counterpart": "510000",
            "amount": 10.0,
            "unit": "亿千瓦时",
        },
        CQ
        | {
            "product": "electricity",
            "direction": "out",
            "counterpart": "510000",
            "amount": 1.0,
            "unit": "亿千瓦时",
        },
        CQ | {"product": "heat", "direction": "in", "amount": 1000.0, "unit": "吉焦"},
    ]
    graph = accounts({"energy_exchange": rows})
    factor = {
        r["grid"]: r["value"]
        for r in graph.execute("grid_factors").to_pylist()
        if r["data_year"] == 2023 and r["factor_kind"] == "average"
    }
    by_key = {
        (r["product"], r["direction"]): r["emission"]
        for r in graph.execute("carbon_exchange").to_pylist()
    }
    assert by_key["electricity", "in"] == pytest.approx(1e9 * factor["510000"] / 1000) and by_key[
        "electricity", "out"
    ] == pytest.approx(-1e8 * factor["500000"] / 1000)
    assert by_key["heat", "in"] == pytest.approx(110)


def test_certified_power_is_free_only_under_the_residual_factor(accounts):
    rows = [
        CQ
        | {
            "product": "electricity",
            "direction": "in",
            "certified": "green_power",
            "amount": 1.0,
            "unit": "亿千瓦时",
        }
    ]
    assert (
        accounts({"energy_exchange": rows}).execute("carbon_exchange").to_pylist()[0]["emission"]
        > 0
    ), "the average factor holds traded green power already"
    residual = (
        accounts({"energy_exchange": rows}, grid_factor_kind="residual_excl_market_nonfossil")
        .execute("carbon_exchange")
        .to_pylist()[0]
    )
    assert (
        residual["emission"] == 0
        and residual["grid_factor_kind"] == "residual_excl_market_nonfossil"
    )
