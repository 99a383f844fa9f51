"""A synthetic district from Excel files to balance, inventory and explanation; its truth is summed
apart from the accounts.
"""

import random
from collections import defaultdict

import openpyxl
import pytest

from hengtan.demo.synthetic import (
    DISTRICT,
    KINDS,
    OTHER,
    load_district,
    make_district,
    synthetic_workspace,
)

ENTERPRISES = 120  # the demonstration has 500; the books and sums are the same kind
# t CO2 per unit of the record, by hand from the enterprise guides (NDRC 2015): heat value x carbon
# content x oxidation x 44/12
BY_HAND = {
    "raw_coal": 23.204 * 0.02618 * 0.93 * 44 / 12,
    "diesel": 43.33 * 0.0202 * 0.98 * 44 / 12,
    "gasoline": 44.8 * 0.0189 * 0.98 * 44 / 12,
    "coke": 28.446 * 0.0294 * 0.93 * 44 / 12,
    "natural_gas": 12.143
    * 29.3076
    * 0.0153
    * 0.99
    * 44
    / 12,  # per 10^4 m3, on the reported coefficient
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic") / "ws"
    workspace = synthetic_workspace(folder)
    district = make_district(ENTERPRISES)
    reports = load_district(workspace, district, folder / "files", lambda share, text: None)
    yield workspace, district, reports
    workspace.close()


def test_the_books_close_in_printed_digits():
    stocks = {}
    for row in make_district(60).rows["enterprise_energy"]:
        if "closing" in row:
            assert row["opening"] + row["purchased"] - row["consumed"] == pytest.approx(
                row["closing"], abs=1e-6
            )
            key = (row["entity"], row["product"])
            assert stocks.get(key, row["opening"]) == row["opening"], (
                "a month opens with what the month before left"
            )
            stocks[key] = row["closing"]


def test_every_file_is_taken_in_without_an_error_and_says_that_it_is_synthetic(loaded):
    workspace, district, reports = loaded
    assert not [f for r in reports for f in r.findings if f.level == "error"]
    assert sum(r.rows for r in reports) == sum(len(rows) for rows in district.rows.values())
    assert all("合成" in r.file for r in reports) and "虚构" in workspace.settings.title_zh
    assert all(
        row["_demo"] for row in workspace.execute("enterprise_energy").slice(0, 50).to_pylist()
    )


def test_co2_by_industry_month_and_product_is_the_sum_of_the_truth(loaded, pack):
    workspace, district, _ = loaded
    factors = {
        (r["product"], r["parameter"]): r["value"]
        for r in pack.rows("fuel_factors")
        if r["factor_set"] == "ndrc_ent2015"
    }
    assert (
        factors["bituminous", "ncv"] == 23.204
        and factors["bituminous", "carbon_content"] == 26.18
        and factors["bituminous", "oxidation"] == 0.93
    ), "what the hand factors rest on"
    by_key = {
        (r["industry"], r["product"], r["year"], r["month"]): r["co2"]
        for r in workspace.execute("carbon_enterprise_month").to_pylist()
    }
    truth = {
        key: amount * BY_HAND[key[1]]
        for key, amount in district.consumed.items()
        if key[1] in BY_HAND
    }
    assert by_key.keys() == truth.keys()
    assert by_key == {key: pytest.approx(value, rel=1e-9) for key, value in truth.items()}


def test_enterprises_add_up_to_the_district_and_to_the_balance_from_records(loaded):
    workspace, district, _ = loaded
    fuel = workspace.execute("carbon_enterprise_fuel").to_pylist()
    for year in (2022, 2023):
        truth = sum(
            amount * BY_HAND[p]
            for (_, p, y, _), amount in district.consumed.items()
            if y == year and p in BY_HAND
        )
        assert sum(r["co2"] for r in fuel if r["year"] == year and r["counted"]) == pytest.approx(
            truth, rel=1e-9
        )
    sums = defaultdict(float)
    for row in workspace.execute("energy_balance").to_pylist():
        if row["method"] == "records" and not row["row"].endswith("nonenergy"):
            sums[row["year"], row["product"]] += row["physical"] * (
                1 if row["row"].startswith(("S", "T")) else -1
            )
    assert sums and all(abs(v) < 1e-3 for v in sums.values()), (
        "supply and transformation are what is used"
    )


def test_the_inventory_holds_processes_farms_and_waste_of_the_truth(loaded):
    workspace, district, _ = loaded
    by_key = {
        (r["year"], r["category"], r["gas"]): r["emission"]
        for r in workspace.execute("carbon_inventory").to_pylist()
    }
    assert by_key[2023, "2A1", "CO2"] == pytest.approx(
        district.produced["cement_clinker", 2023] * 0.538
    )
    assert by_key[2023, "3A", "CH4"] == pytest.approx(
        125000 * 1 / 1000 + 3200 * 89.3 / 1000
    ) and by_key[2022, "5C", "CO2"] == pytest.approx(98000 * 0.2 * 0.39 * 0.95 * 44 / 12)
    total = next(r for r in workspace.execute("carbon_totals").to_pylist() if r["year"] == 2023)
    assert total["demo"] and 0 < total["recalled_share"] <= 1 and total["missing"], (
        "bamboo rests on a value of low certainty and says so"
    )


def test_a_total_explains_itself_down_to_the_cell_of_the_file(loaded):
    workspace, _, _ = loaded
    firm = next(
        r
        for r in workspace.execute("carbon_enterprise").to_pylist()
        if r["industry"] == "30" and r["year"] == 2023
    )
    tree = workspace.explain(
        "carbon_enterprise", {"place": firm["place"], "entity": firm["entity"], "year": 2023}
    )
    ends = [
        leaf
        for leaf in tree.leaves()
        if leaf.name == "enterprise_energy" and leaf.values["product"] == "raw_coal"
    ]
    assert {leaf.values["period"] for leaf in ends} == {f"2023-{n:02d}" for n in range(1, 13)}
    for leaf in ends[:3]:
        file = next((workspace.folder / "files").glob(leaf.origin["_file"]))
        sheet = openpyxl.load_workbook(file, read_only=True)[leaf.origin["_sheet"]]
        cells = next(
            sheet.iter_rows(
                min_row=leaf.origin["_source_row"],
                max_row=leaf.origin["_source_row"],
                values_only=True,
            )
        )
        titles = next(sheet.iter_rows(min_row=2, max_row=2, values_only=True))
        assert dict(zip(titles, cells, strict=False))["消费量合计"] == pytest.approx(
            leaf.values["consumed"]
        )
    whole = workspace.explain(
        "carbon_totals", {"place": DISTRICT, "year": 2023, "method": "records"}
    )
    assert any(
        leaf.kind == "ledger" and leaf.origin["_file"].startswith("合成数据")
        for leaf in whole.leaves()
    )


def test_planted_errors_are_found_and_nothing_else(accounts):
    clean, spoiled = make_district(40, plant_errors=False), make_district(40, plant_errors=True)

    def findings(district):
        rows = [r | {"period": _month(r["period"])} for r in district.rows["enterprise_energy"]]
        return {
            (r["rule"], r["entity"], r["product"], r["period"])
            for r in accounts({"enterprise_energy": rows}).execute("energy_quality").to_pylist()
        }

    assert findings(clean) == set()
    matches = findings(spoiled)
    assert set(spoiled.planted) <= matches
    # a slipped decimal point is a jump up and a jump down; an altered closing stock also meets the
    # next opening
    follow = {
        ("sudden_change", e, p, "2022-07") for r, e, p, _ in spoiled.planted if r == "sudden_change"
    } | {("stock_jump", e, p, "2023-04") for r, e, p, _ in spoiled.planted if r == "books_open"}
    lost = {
        ("stock_jump", e, p, "2022-10") for r, e, p, _ in spoiled.planted if r == "missing_month"
    }
    assert matches - lost == set(spoiled.planted) | follow


def _month(text):
    year, _, month = text.partition("年")
    return f"{year}-{int(month.rstrip('月')):02d}"


def test_two_districts_add_up_whatever_the_order_of_their_rows(accounts):
    parts = [make_district(15, place=DISTRICT), make_district(15, place=OTHER, seed=5)]
    rows = [r | {"period": _month(r["period"])} for p in parts for r in p.rows["enterprise_energy"]]
    random.Random(3).shuffle(rows)
    by_key = defaultdict(float)
    for r in accounts({"enterprise_energy": rows}).execute("carbon_enterprise_month").to_pylist():
        by_key[r["place"]] += r["co2"]
    for part in parts:
        assert by_key[part.place] == pytest.approx(
            sum(a * BY_HAND[p] for (_, p, _, _), a in part.consumed.items() if p in BY_HAND),
            rel=1e-9,
        )


def test_every_kind_of_enterprise_is_there():
    assert {r["industry"] for r in make_district(20).rows["enterprise_energy"]} == {
        kind[0] for kind in KINDS
    }
