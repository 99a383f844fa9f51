"""Readings of households to bills, blocks that begin anew with the year, and refunds.

Chongqing's water: 260 and 360 m³ a year at 3.50, 4.22 and 5.90 yuan (secondary source); power 200
and 400 kWh a month at 0.52, 0.57 and 0.82.
"""

from __future__ import annotations

import random

import pytest

PLACE = {"区县": "渝中区"}
YEAR = "tariff.household_year"
AMOUNT = {"用水": "用水量（立方米）", "用电": "用电量（千瓦时）"}


def water(number, period, used, charged=None):
    return {"户号": number, "抄表期": period, "用水量": used, "水费": charged}


@pytest.fixture
def household(hand_in):
    """Water by the quarter in 2023, by the month from 2024, as the meter was changed."""
    hand_in("households", [{"户号": "H1", **PLACE, "品种": "用水"}])
    old = [water("H1", f"2023年第{n}季度", 100, c) for n, c in enumerate((350, 350, 400, 530), 1)]
    hand_in("household_readings", [*old, water("H1", "2024年1月", " 100 ", "350")])


def test_blocks_begin_anew_with_the_year_and_a_refund_follows_a_correction(
    household, said, hand_in, workspace
):
    """2023: 400 m³ = 260 × 3.5 + 100 × 4.22 + 40 × 5.9 = 1,568; charged 1,630: 62 back. January
    2024 is in block one again: 350. Corrected to 90 m³ in the fourth quarter: 59 less due. The
    table of all households and the sum of the district say the same.
    """
    verdicts = said("household_meter")
    first, second = verdicts["H1", YEAR, "2023"], verdicts["H1", YEAR, "2024"]
    assert first["bill"] == pytest.approx(1568)
    assert (first["block1"], first["block2"], first["block3"]) == (260, 100, 40)
    assert first["refund"] == pytest.approx(62) and first["owed"] == 0
    assert (second["bill"], second["refund"]) == (pytest.approx(350), 0)
    hand_in("household_readings", [water("H1", "2023年第4季度", 90, 530)])
    assert said("household_meter")["H1", YEAR, "2023"]["refund"] == pytest.approx(62 + 59)
    (year,) = (
        row for row in workspace.execute("household_bill_years").to_pylist() if row["year"] == 2023
    )
    assert (year["bill"], year["refund"]) == pytest.approx((1568 - 59, 62 + 59))
    sums = {
        (row["place"], row["year"]): row["bill"]
        for row in workspace.execute("household_bill_places").to_pylist()
    }
    assert sums["500103", 2023] == sums["500000", 2023] == pytest.approx(1568 - 59)


def test_gas_is_refused_until_the_place_files_its_blocks(hand_in, said):
    """50 m³ at the price filed of 2 yuan."""
    hand_in("households", [{"户号": "G1", **PLACE, "品种": "气"}])
    hand_in("household_readings", [{"户号": "G1", "抄表期": "2024-01", "用气量": 50}])
    why = said("household_meter")["G1", YEAR, "2024"]["not_established"]
    assert "居民阶梯气价：第1档价" in why and "重庆市居民阶梯气价文件" in why
    local = {"区县": "重庆市", "起始日期": "2023-01-01", "文件": "测试用气价文件"}
    figures = {
        "居民阶梯气价：第1档上限（立方米/户·年）": 500,
        "居民阶梯气价：第2档上限（立方米/户·年）": 660,
        "居民阶梯气价：第1档价（元/立方米）": 2,
        "居民阶梯气价：第2档价（元/立方米）": 2.2,
        "居民阶梯气价：第3档价（元/立方米）": 2.6,
    }
    hand_in("local_parameters", [{**local, "参数": p, "取值": v} for p, v in figures.items()])
    assert said("household_meter")["G1", YEAR, "2024"]["bill"] == pytest.approx(100)


def test_power_is_billed_by_the_reading(hand_in, said):
    """Twice 250 kWh: 200 × 0.52 + 50 × 0.57 = 132.5 each, nothing carried from month to month."""
    hand_in("households", [{"户号": "E1", **PLACE, "品种": "电"}])
    rows = [{"户号": "E1", "抄表期": f"2024-0{n}", "用电量": 250} for n in (1, 2)]
    hand_in("household_readings", rows)
    bill = said("household_meter")["E1", YEAR, "2024"]
    assert (bill["bill"], bill["block1"], bill["block2"]) == (pytest.approx(265), 400, 100)
    assert "refund" not in bill  # nothing charged is filed


def test_the_table_of_all_bills_is_what_the_case_files_say(hand_in, said, workspace, explained):
    """Forty households drawn by chance, water and power, by the month and the quarter: the bill of
    a year is the same by the one expression and by the rule of a case; one with a size is left to
    its file. The city's sum is that of its households.
    """
    draw = random.Random(18)
    heads, rows = [], []
    for number in range(40):
        service = draw.choice(("用水", "用电"))
        heads.append({"户号": f"N{number}", **PLACE, "品种": service})
        periods = draw.choice(
            ([f"2024年{n}月" for n in range(1, 13)], [f"2024年第{n}季度" for n in range(1, 5)])
        )
        scale = 40 if service == "用水" else 500
        scale *= 12 / len(periods)
        rows += [
            {"户号": f"N{number}", "抄表期": p, AMOUNT[service]: round(draw.uniform(0, scale), 1)}
            | {"实收金额": round(draw.uniform(0, 300), 2)}
            for p in periods
        ]
    heads.append({"户号": "N40", **PLACE, "品种": "用电", "家庭人口": 3, "低保户": "是"})
    rows.append({"户号": "N40", "抄表期": "2024-01", AMOUNT["用电"]: 100, "实收金额": 1})
    hand_in("households", heads)
    hand_in("household_readings", rows)
    years = {r["household"]: r for r in workspace.execute("household_bill_years").to_pylist()}
    verdicts = said("household_meter")
    plain = [f"N{number}" for number in range(40)]
    for name in plain:
        by_rule = verdicts[name, YEAR, "2024"]
        assert years[name]["bill"] == pytest.approx(by_rule["bill"]), name
        assert years[name]["refund"] == pytest.approx(by_rule["refund"], abs=0.01), name
    assert years["N40"]["bill"] is None and years["N40"]["refund"] is None
    places = workspace.execute("household_bill_places").to_pylist()
    of_city = [row for row in places if row["place"] == "500000"]
    assert sum(row["billed"] for row in of_city) == 40
    assert sum(row["bill"] for row in of_city) == pytest.approx(
        sum(verdicts[name, YEAR, "2024"]["bill"] for name in plain)
    )
    explained("household_prices", "household_bills", "household_bill_years")
    explained("household_bill_places")
