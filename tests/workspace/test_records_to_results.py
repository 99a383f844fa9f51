"""From rows in a ledger to the figures of the city's accounts: handed in through the desk,
approved, worked out, and worked out again after one row was corrected.

By hand with the factors of the guide of 2011: a tonne of raw coal of industry holds 20.908 GJ of
0.02637 t C, of which 94 % burn; a tonne of clinker 0.538 t CO2; a tonne of raw coal 0.7143 tce.
"""

from __future__ import annotations

import openpyxl
import pytest
from reproducing import reproduced

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import import_file
from hengtan.desk.filing import Filing, as_file, file_in
from hengtan.workspace import Workspace
from hengtan.workspace.asof import AsOf
from hengtan.workspace.config import Settings

CITY, WULONG, WANZHOU = "500000", "500156", "500102"
FIRM = "91500232MA5U00001A"
OF_COAL = 20.908 * 0.02637 * 0.94 * 44 / 12
CLINKER = 0.538
TCE = 0.7143


@pytest.fixture
def city(tmp_path):
    """An empty workspace of Chongqing."""
    settings = Settings("重庆（测试）", "Chongqing (test)", CITY, "chongqing")
    with Workspace.create(tmp_path / "city", settings) as workspace:
        yield workspace


@pytest.fixture
def hand_in(city):
    """Rows of a form filed by one person and approved by another."""

    def hand_in(form, rows):
        report = file_in(city, Filing(form, f"{form}.csv", as_file(rows), Actor("填报员")))
        city.ledger.record(report.submission["submission"], "approved", Actor("审核员"))

    return hand_in


def coal(place, row, amount, product="原煤"):
    """A cell of an energy balance of 2023, in 10⁴ t."""
    cell = {"place": place, "period": "2023", "balance_row": row, "product": product}
    return cell | {"quantity_kind": "实物量", "value": amount, "unit": "万吨"}


def clinker(place, amount):
    return {"place": place, "period": "2023", "item": "水泥熟料", "amount": amount, "unit": "万吨"}


def of(city, account, *keys):
    """Rows of an account by some of its columns."""
    return {tuple(row[k] for k in keys): row for row in city.execute(account).to_pylist()}


def test_a_balance_and_output_of_clinker_become_the_co2_of_the_year(city, hand_in):
    """100 万吨 of coal in industry, 10 万吨 of clinker; then 90 万吨 of coal."""
    hand_in("regional_balance", [coal(WULONG, "F.2.ind", 100)])
    hand_in("industrial_products", [clinker(WULONG, 10)])
    first = of(city, "carbon_totals", "place", "method")[WULONG, "statistics"]
    assert first["energy_co2"] == pytest.approx(1e6 * OF_COAL, rel=1e-4)
    assert first["processes"] == pytest.approx(1e5 * CLINKER)
    sectors = of(city, "carbon_by_sector", "place", "method", "carbon_sector")
    of_place = [r["co2e"] for key, r in sectors.items() if key[:2] == (WULONG, "statistics")]
    assert sum(of_place) == pytest.approx(first["total"]) and len(of_place) > 1
    sources = of(city, "carbon_sources", "source_id")
    assert sources[("2011.cement_clinker.none.CO2.2A1",)]["emission"] == pytest.approx(53_800)
    hand_in("regional_balance", [coal(WULONG, "F.2.ind", 90)])
    again = of(city, "carbon_totals", "place", "method")[WULONG, "statistics"]
    assert again["energy_co2"] == pytest.approx(9e5 * OF_COAL, rel=1e-4)


def test_what_districts_hand_in_adds_up_to_the_co2_of_the_city(city, hand_in):
    """Two districts of 40 and 60 and a city of 100 万吨; one district corrected to 50 is told."""
    rows = [coal(WULONG, "F.2.ind", 40), coal(WANZHOU, "F.2.ind", 60), coal(CITY, "F.2.ind", 100)]
    hand_in("regional_balance", rows)

    def gap():
        totals = of(city, "carbon_totals", "place", "method")
        of_place = {place: row["energy_co2"] for (place, _), row in totals.items()}
        return of_place[CITY] - of_place[WULONG] - of_place[WANZHOU]

    assert gap() == pytest.approx(0, abs=1e-6)
    hand_in("regional_balance", [coal(WANZHOU, "F.2.ind", 50)])
    assert gap() == pytest.approx(1e5 * OF_COAL, rel=1e-4)


def test_districts_that_do_not_add_up_are_brought_to_the_city_in_every_cell(city, hand_in):
    """40 + 60 beside 110, 10 + 15 beside 20 万吨; the corrected city of 120 moves one cell."""
    of_city = [coal(CITY, "F.2.ind", 110), coal(CITY, "F.4", 20)]
    of_districts = [coal(WULONG, "F.2.ind", 40), coal(WULONG, "F.4", 10)]
    of_districts += [coal(WANZHOU, "F.2.ind", 60), coal(WANZHOU, "F.4", 15)]
    hand_in("regional_balance", of_city + of_districts)

    def reconciled(row):
        rows = city.execute("energy_reconciled").to_pylist()
        return sum(r["after"] for r in rows if r["row"] == row)

    assert reconciled("F.2.ind") == pytest.approx(110e4 * TCE)
    assert reconciled("F.4") == pytest.approx(20e4 * TCE)
    hand_in("regional_balance", [coal(CITY, "F.2.ind", 120)])
    assert reconciled("F.2.ind") == pytest.approx(120e4 * TCE)
    least_squares = AsOf.of(options={"reconcile_method": "least_squares"})
    rows = city.execute("energy_reconciled", least_squares).to_pylist()
    assert {row["reconcile_method"] for row in rows} == {"least_squares"}
    for row, total in (("F.2.ind", 120e4), ("F.4", 20e4)):
        cells = [r["after"] for r in rows if r["row"] == row]
        assert sum(cells) == pytest.approx(total * TCE)


def test_records_of_firms_split_the_sectors_of_what_the_balance_gives(city, hand_in):
    """Of 100 万吨 of coal a cement works burns 30; its sector has that and the clinker."""
    hand_in("regional_balance", [coal(CITY, "F.2.ind", 100)])
    hand_in("industrial_products", [clinker(CITY, 10)])
    firm = {"place": WULONG, "entity": FIRM, "entity_name": "甲厂", "industry": "30"}
    used = firm | {"period": "2023", "product": "原煤", "unit": "万吨", "consumed": 30}
    hand_in("enterprise_energy", [used | {"place": CITY}])
    sectors = of(city, "carbon_by_sector", "place", "method", "carbon_sector")
    by_sector = {k[2]: r["co2e"] for k, r in sectors.items() if k[:2] == (CITY, "statistics")}
    total = of(city, "carbon_totals", "place", "method")[CITY, "statistics"]["total"]
    assert sum(by_sector.values()) == pytest.approx(total)
    assert by_sector["building_materials"] > 1e5 * CLINKER
    assert by_sector["industry_unsplit"] > 0
    hand_in("enterprise_energy", [used | {"place": CITY, "consumed": 60}])
    moved = of(city, "carbon_by_sector", "place", "method", "carbon_sector")
    more = moved[CITY, "statistics", "building_materials"]["co2e"]
    of_coal = by_sector["building_materials"] - 1e5 * CLINKER
    assert more - 1e5 * CLINKER == pytest.approx(2 * of_coal, rel=1e-6)


def test_a_205_sheet_as_firms_send_it_becomes_their_energy_of_the_year(city, tmp_path):
    """1.1 万吨 of coal at 0.7143; the corrected sheet says 1.0."""

    def sheet(consumed, closing):
        book = openpyxl.Workbook()
        book.active.append(["能源购进、消费与库存（2025年）"])
        heads = ["所在区县", "统一社会信用代码", "企业名称", "行业", "报告期", "能源名称"]
        book.active.append([*heads, "计量单位", "年初库存量", "购进量", "消费量", "期末库存"])
        firm = ["武隆区", FIRM, "合成水泥厂（虚构）", "非金属矿物制品业", "2025年", "原煤"]
        book.active.append([*firm, "万吨", 0.5, "１.２", consumed, closing])
        book.active.append(["合计"])
        path = tmp_path / f"205-1 {consumed}.xlsx"
        book.save(path)
        import_file(city, "enterprise_energy", path, actor=Actor("统计员"), approve=True)
        return of(city, "energy_enterprise_year", "entity", "year")[FIRM, 2025]["consumed"]

    assert sheet("1.1", 0.6) == pytest.approx(11_000)
    assert sheet("1.0", 0.7) == pytest.approx(10_000)


def test_amounts_of_products_become_sources_of_the_inventory(city, hand_in):
    """1,000 t of clinker, lime and pig iron: 538, 683 and 1000 × 4.1 % × 44/12 t."""
    items = ("水泥熟料", "石灰", "炼钢用生铁")
    hand_in("industrial_products", [clinker(WULONG, 0.1) | {"item": item} for item in items])

    def emission(source):
        return of(city, "carbon_sources", "source_id")[(source,)]["emission"]

    assert emission("2011.cement_clinker.none.CO2.2A1") == pytest.approx(538)
    assert emission("2011.lime.none.CO2.2A2") == pytest.approx(683)
    assert emission("2011.pig_iron_steelmaking.none.CO2.2C1") == pytest.approx(150.333, abs=1e-3)
    hand_in("industrial_products", [clinker(WULONG, 0.2)])
    assert emission("2011.cement_clinker.none.CO2.2A1") == pytest.approx(2 * 538)


def test_exchanges_on_file_become_a_footprint_and_a_corrected_one_another(city, hand_in):
    """30 kWh × 0.5 + 0.7 t × 538 = 391.6 kg; with 40 kWh 5 more. Of clinker from two kilns the
    provider named counts. A quarter of the kiln's burden goes to heat it sells: 0.7 × 538 × 3/4 =
    282.45. The mill takes 0.1 t of its own cement: 302.45 / 0.9. Carbon of straw, −50 kg, stands
    beside the total. A power station of 10 kg saves a boiler 9 kg a 90 MJ by 18 MJ of heat: 8.2;
    its scrap is cut off, its marks of 2 are the quality of all that counts.
    """
    system = {"system": "合成水泥（虚构）", "place": WULONG, "period": "2024"}

    def exchange(process, direction, flow, amount, unit="吨", **more):
        about = {"process": process, "direction": direction, "flow": flow}
        return system | about | {"amount": amount, "unit": unit} | more

    power = exchange("粉磨", "排放", "电力", 30, "kWh", factor=0.5, source_title="公告")
    rows = [
        exchange("粉磨", "产出", "水泥", 1),
        exchange("粉磨", "投入", "熟料", 0.7, provider="烧成"),
        power,
        exchange("烧成", "产出", "熟料", 1),
        exchange("烧成", "排放", "过程CO2", 538, "千克"),
        exchange("功能单位", "功能单位", "水泥", 1),
    ]
    hand_in("footprint_exchanges", rows)
    assert of(city, "carbon_footprint", "year")[(2024,)]["total"] == pytest.approx(391.6)
    hand_in("footprint_exchanges", [power | {"amount": 40}])
    assert of(city, "carbon_footprint", "year")[(2024,)]["total"] == pytest.approx(396.6)

    other = exchange("二窑", "产出", "熟料", 1), exchange("二窑", "排放", "过程CO2", 900, "千克")
    basis = {"allocation_basis": "给定比例"}
    shared = [
        exchange("烧成", "产出", "熟料", 1, **basis, allocation=0.75),
        exchange("烧成", "产出", "余热", 1, "吉焦", **basis, allocation=0.25),
    ]
    hand_in("footprint_exchanges", [*other, *shared])
    of_clinker = 0.7 * 538 * 0.75
    assert of(city, "carbon_footprint", "year")[(2024,)]["total"] == pytest.approx(20 + of_clinker)
    straw = exchange("烧成", "排放", "秸秆吸收", -50, "千克", carbon_kind="生物成因")
    hand_in("footprint_exchanges", [exchange("粉磨", "投入", "水泥", 0.1), straw])
    whole = of(city, "carbon_footprint", "year")[(2024,)]
    assert whole["total"] == pytest.approx((20 + of_clinker) / 0.9)
    assert whole["biogenic"] == pytest.approx(-50 * 0.7 * 0.75 / 0.9)
    parts = city.execute("carbon_footprint_contributions").to_pylist()
    with_straw = whole["total"] + whole["biogenic"]
    assert sum(row["value"] for row in parts) == pytest.approx(with_straw)
    paths = city.execute("carbon_footprint_paths").to_pylist()
    assert any("粉磨 ← 烧成" in row["path"] for row in paths)

    system = system | {"system": "合成电站（虚构）"}
    marks = dict.fromkeys(("technology", "time", "geography", "completeness", "reliability"), 2)
    replaced = {"allocation_basis": "替代（系统扩展）", "provider": "锅炉"}
    station = [
        exchange("电站", "产出", "电", 10, "kWh", **marks),
        exchange("电站", "产出", "余热", 18, "MJ", **replaced),
        exchange("电站", "排放", "燃烧", 10, "千克"),
        exchange("电站", "投入", "废料", 1, allocation_basis="截断"),
        exchange("锅炉", "产出", "热", 90, "MJ", **marks),
        exchange("锅炉", "排放", "燃烧", 9, "千克"),
        exchange("单位", "功能单位", "电", 10, "kWh"),
    ]
    hand_in("footprint_exchanges", station)
    result = of(city, "carbon_footprint", "system")[("合成电站（虚构）",)]
    assert (result["total"], result["quality"]) == pytest.approx((8.2, 2))
    assert result["cut_off"] == "电站/废料"


def test_a_boiler_on_file_gives_gas_for_coal_at_the_same_heat(city, hand_in):
    """1,000 t of 23.204 GJ at 60 % is the heat of gas of 0.038931 GJ/m³ at 90 %; a tonne of the
    coal emits 23.204 × 0.02618 × 0.93 × 44/12 t, gas 0.0153 × 0.99 × 44/12 t/GJ. By power at 98 %
    each GJ is 277.78 kWh of 0.5581 kg.
    """
    at = {"kind": "boiler_to_gas", "place": WULONG, "entity": FIRM, "period": "2023"}
    figures = {
        "coal_before": (1000, "吨"),
        "efficiency_before": (60, "%"),
        "efficiency_after": (90, "%"),
        "coal_price": (800, "元"),
        "new_price": (3, "元"),
    }
    rows = [at | {"item": i, "amount": a, "unit": unit} for i, (a, unit) in figures.items()]
    hand_in("unit_figures", rows)

    def boiler():
        return of(city, "carbon_boilers", "kind")[("boiler_to_gas",)]

    heat = 1000 * 23.204 * 0.6
    gas = heat / 0.9 / 0.0389310
    assert boiler()["new_amount"] == pytest.approx(gas, rel=1e-6)
    assert boiler()["cost_change"] == pytest.approx(gas * 3 - 800_000, rel=1e-6)
    of_coal = 1000 * 23.204 * 0.02618 * 0.93 * 44 / 12
    by_gas = heat / 0.9 * 0.0153 * 0.99 * 44 / 12
    assert boiler()["co2_change"] == pytest.approx(by_gas - of_coal, rel=1e-6)
    hand_in("unit_figures", [rows[2] | {"amount": 80}])
    assert boiler()["new_amount"] == pytest.approx(heat / 0.8 / 0.0389310, rel=1e-6)

    to_power = [row | {"kind": "boiler_to_power", "entity": "91500232MA5U00002B"} for row in rows]
    to_power[2] |= {"amount": 98}
    hand_in("unit_figures", to_power)
    power = heat / 0.98 / 3.6e-3
    electric = of(city, "carbon_boilers", "kind")[("boiler_to_power",)]
    assert electric["new_amount"] == pytest.approx(power, rel=1e-6)
    assert electric["co2_change"] == pytest.approx(power * 0.5581e-3 - of_coal, rel=1e-4)


def test_books_that_do_not_close_are_found_and_a_corrected_row_is_not(city, hand_in):
    """100 + 500 − 550 leaves 50, the sheet says 150; the next month opens with what was left."""
    firm = {"place": WULONG, "entity": FIRM, "entity_name": "甲厂", "industry": "30"}
    of_coal = firm | {"product": "原煤", "unit": "吨"}

    def month(period, opening, purchased, consumed, closing):
        stocks = {"opening": opening, "closing": closing}
        return of_coal | {"period": period, "purchased": purchased, "consumed": consumed} | stocks

    def findings():
        return {row["rule"] for row in city.execute("energy_quality").to_pylist()}

    wrong = month("2023-01", 100, 500, 550, 150)
    hand_in("enterprise_energy", [wrong, month("2023-02", 50, 500, 500, 50)])
    assert {"books_open", "stock_jump"} <= findings()
    hand_in("enterprise_energy", [wrong | {"closing": 50}])
    assert findings() == set()


def test_total_and_intensity_stand_beside_budget_and_goal(city, hand_in):
    """110 万吨 of coal in 2020, 100 in 2023, GDP of 100 and 120 亿元: the cut is 1 − (100 / 120) /
    (110 / 100) = 24.2 %, asked by then of 18 % to 2025 is 1 − 0.82^(3/5) = 11.2 %. Of a budget of
    1.8 million t 100 万吨 of coal are too much, 90 are not. A budget of a sector does not count.
    """

    def burnt(year, amount):
        return coal(WULONG, "F.2.ind", amount) | {"period": str(year)}

    hand_in("regional_balance", [burnt(2020, 110), burnt(2023, 100)])
    constant = {"place": WULONG, "price": "constant", "price_base": 2020, "unit": "亿元"}
    gdp = ((2020, 100), (2023, 120))
    hand_in("gdp_values", [constant | {"period": str(year), "gdp": value} for year, value in gdp])
    budget = {"place": WULONG, "year": 2023, "budget": "180万"}
    hand_in("carbon_budgets", [budget, budget | {"sector": "水泥", "budget": 1000}])
    goal = {"place": WULONG, "goal_kind": "单位GDP二氧化碳排放降低", "goal_cut": 18}
    hand_in("intensity_goals", [goal | {"base_year": 2020, "goal_year": 2025}])

    def standing():
        return of(city, "carbon_dual_control", "place", "year", "method")[
            WULONG, 2023, "statistics"
        ]

    first = standing()
    assert first["left"] == pytest.approx(1_800_000 - 1e6 * OF_COAL, abs=100)
    assert first["cut"] == pytest.approx(1 - (100 / 120) / 1.1, rel=1e-6)
    assert first["cut_asked"] == pytest.approx(1 - 0.82**0.6)
    assert (first["is_within"], first["is_on_path"]) == (False, True)
    hand_in("regional_balance", [burnt(2023, 90)])
    again = standing()
    assert again["left"] == pytest.approx(1_800_000 - 9e5 * OF_COAL, abs=100)
    assert again["cut"] == pytest.approx(1 - (90 / 120) / 1.1, rel=1e-6)
    assert again["is_within"]
    reproduced(city, "carbon_dual_control")
