"""Factors: what the facts derive from their own rows, to the printed digits; sets that never mix
silently; the announced grid factors.
"""

import math
from collections import defaultdict

import pytest

GJ_PER_TCE = 29.3076


def digits(text):
    return len(text.partition(".")[2])


def test_derived_co2_factors_follow_from_heat_value_carbon_and_oxidation_to_the_printed_digits(
    accounts, fact_rows
):
    # fuels.csv states them as NCV x carbon content x oxidation x 44/12 within one set; the
    # accounts' canonical values must give the same digits
    printed = {
        (r["factor_set"], r["code"]): r
        for r in fact_rows("energy-ghg", "fuels.csv")
        if r["confidence"] == "derived" and r["parameter"] == "co2_factor_physical"
    }
    members = defaultdict(dict)
    for row in accounts().execute("energy_factor_values").to_pylist():
        if row["own"]:
            members[row["factor_set"], row["product"]][row["parameter"]] = row["value"]
    per = {"tCO2/t": 1, "tCO2/10^4 m3": 1e4, "tCO2/10^4 Nm3": 1e4, "kgCO2/kg": 1, "kgCO2/m3": 1e3}
    checked = 0
    for (factor_set, product), row in printed.items():
        by_key = members.get((factor_set, product), {})
        if {"ncv", "carbon_content", "oxidation"} <= set(by_key):
            result = (
                by_key["ncv"]
                * by_key["carbon_content"]
                * by_key["oxidation"]
                * 44
                / 12
                * per[row["unit"]]
            )
            assert math.isclose(
                result, float(row["value"]), abs_tol=0.5000001 * 10 ** -digits(row["value"])
            ), (factor_set, product, result, row["value"])
            checked += 1
    assert checked >= 40


def test_the_usual_coefficients_are_the_declared_cross_set(pack):
    # 1.9003 kgCO2/kg raw coal = 20908 kJ/kg x 26.37 tC/TJ x 0.94 x 44/12
    rows = {
        r["product"]: r["value"]
        for r in pack.rows("fuel_factors")
        if r["factor_set"] == "cesy_x_provguide2011"
    }
    assert rows["raw_coal"] == 1.9003 and round(20908 * 26.37 * 0.94 * 44 / 12 * 1e-6, 4) == 1.9003
    assert rows["gasoline"] == 2.9251 and round(43070 * 18.9 * 0.98 * 44 / 12 * 1e-6, 4) == 2.9251


def test_the_cross_set_is_what_the_2011_choice_computes_with(accounts, pack):
    crossed = {
        r["product"]: r
        for r in pack.rows("fuel_factors")
        if r["factor_set"] == "cesy_x_provguide2011"
    }
    result = {
        r["product"]: r
        for r in accounts().execute("energy_factors").to_pylist()
        if r["factor_set"] == "provguide2011"
    }
    for product, row in crossed.items():
        by_key = result[product]
        scale = 1e3 if row["unit"] == "kgCO2/m3" else 1
        assert by_key["ncv"] * by_key["carbon_content"] * by_key[
            "oxidation"
        ] * 44 / 12 * scale == pytest.approx(row["value"], abs=0.00005), product
        assert by_key["mixed"], "heat values come from the yearbook, and the row says so"


def corrected_confidence(fact_rows):
    """Confidence of the factors that a later survey read, by set, parameter and product."""
    corrections = fact_rows("instruments", "corrections_2026-11.csv")
    of_fuels = [row for row in corrections if row["target_file"] == "energy-ghg/fuels.csv"]
    return {tuple(row["row_or_param"].split()[1:]): row["confidence"] for row in of_fuels}


def test_every_fact_on_fuels_is_in_the_pack_unchanged(pack, fact_rows):
    """But for the confidence of those that the third survey corrected."""
    corrected = corrected_confidence(fact_rows)
    assert len(corrected) == 1
    by_key = {(r["factor_set"], r["parameter"], r["product"]): r for r in pack.rows("fuel_factors")}
    numbers = [
        r
        for r in fact_rows("energy-ghg", "fuels.csv")
        if r["value"].replace(".", "").replace("-", "").isdigit()
    ]
    assert len(numbers) >= 690
    for row in numbers:
        matches = by_key[row["factor_set"], row["parameter"], row["code"]]
        key = (row["factor_set"], row["parameter"], row["code"])
        assert (matches["value"], matches["unit"], matches["confidence"]) == (
            float(row["value"]),
            row["unit"],
            corrected.get(key, row["confidence"]),
        )


def test_nothing_taken_from_elsewhere_is_silent(pack):
    for row in pack.rows("factor_set_members"):
        if not row["own"]:
            assert row["reason_zh"] and row["reason_en"], row
        elsewhere = (row["taken_from"], row["taken_as"]) != (row["factor_set"], row["product"])
        assert elsewhere == (not row["own"]), row


def test_grid_factors_changed_as_announced(pack):
    # announcement 2025 no. 47: against 2022, 20 provinces fell and 10 rose; regions -6.1 -8.0 -2.1
    # -2.3 -5.4 +4.5 +9.0 %
    by_key = {
        (r["grid"], r["data_year"]): r["value"]
        for r in pack.rows("grid_factors")
        if r["factor_kind"] == "average"
    }
    provinces = {grid for grid, year in by_key if grid.isdigit() and year == 2023}
    changes = [by_key[p, 2023] - by_key[p, 2022] for p in provinces]
    assert (
        len(provinces) == 30
        and sum(c < 0 for c in changes) == 20
        and sum(c > 0 for c in changes) == 10
    )
    regions = ("NORTH", "NORTHEAST", "EAST", "CENTRAL", "NORTHWEST", "SOUTH", "SOUTHWEST")
    stated = sorted((by_key[r, 2023] / by_key[r, 2022] - 1) * 100 for r in regions)
    assert stated == pytest.approx(
        sorted([-6.1, -8.0, -2.1, -2.3, -5.4, 4.5, 9.0]), abs=0.06
    )  # announced from factors with more digits


def test_chongqing_changed_its_grid(pack):
    regions = {
        (r["region_zh"], r["valid_from"].year): r
        for r in pack.rows("grid_regions")
        if r["place"] == "500000"
    }
    assert (
        set(regions) == {("华中", 2005), ("西南", 2021)}
        and regions["华中", 2005]["valid_to"].year == 2012
    )


def test_gwp_sets_change_methane_as_the_ipcc_tables_do(pack):
    by_key = {(r["gwp_set"], r["gas"]): r["value"] for r in pack.rows("gwp")}
    assert [by_key[s, "CH4"] for s in ("SAR", "AR4", "AR5")] == [21, 25, 28] and [
        by_key[s, "N2O"] for s in ("SAR", "AR4", "AR5", "AR6")
    ] == [310, 298, 265, 273]
