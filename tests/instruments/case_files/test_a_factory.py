"""A factory from the review of its project to its efficiency code and its tax, filed once under one
code: what it was reviewed for becomes what it uses, emits and pays.

By hand. Review: 8,000 t of coal × 0.7143 + 20 million kWh × 0.1229 kgce = 5,714.4 + 2,458 = 8,172.4
tce, below the 10,000 tce that the city itself reviews; lime of 125 kgce/t is in no list.
Code, 2023: CO2 of 8,000 t of coal and 20 million kWh × 0.5581 kg over 10⁸ yuan, beside a neighbour
of 10 million kWh over 0.5 × 10⁸ yuan. Tax of the first quarter of 2024: SO2 19 mg/m³ × 10⁷ m³ = 190
kg a month ÷ 0.95 kg = 200 equivalents × 3.5 yuan × 3 months = 2,100 without a highest reading.
"""

from __future__ import annotations

import pytest

OWN, OTHER = "91500232MA5U000077", "91500232MA5U000088"
PLACE = {"区县": "武隆区"}
TONNE = 23.204 * 0.02618 * 0.93 * 44 / 12
POWER = 0.5581 / 1000
"""CO2 of a tonne of coal and of a kWh. [t]"""
YEAR = "2023年"


def energy(code, product, unit, amount):
    about = {"企业代码": code, **PLACE, "行业": "30", "年份": YEAR, "品种": product}
    return about | {"计量单位": unit, "购进量": amount, "消费量": amount}


def used(coal):
    return [
        energy(OWN, "原煤", "吨", coal),
        energy(OWN, "电力", "万千瓦时", "2,000"),
        energy(OTHER, "电力", "万千瓦时", 1000),
    ]


def reviewed(hand_in):
    project = {"项目代码": "X1", **PLACE, "统一社会信用代码": OWN, "项目名称": "丙石灰厂"}
    project |= {"行业代码": "30", "建设性质": "新建", "受理日期": "2023-07-03"}
    hand_in("investment_projects", [project | {"电力排放因子年份": 2023, "批复日期": "2023-07-20"}])
    line = {"项目代码": "X1"}
    coal = line | {"能源品种": "原煤", "年消费量": "8,000", "计量单位": "吨"}
    power = line | {"能源品种": "电力", "年消费量": "2000", "计量单位": "万千瓦时"}
    hand_in("project_energy", [coal, power])
    hand_in("project_products", [line | {"产品": "石灰", "单位产品综合能耗": 125}])


def running(hand_in):
    names = {OWN: "丙石灰厂", OTHER: "丁水泥厂"}
    head = [
        {"统一社会信用代码": c, **PLACE, "企业名称": n, "行业大类": "30"} for c, n in names.items()
    ]
    hand_in("plants", head)
    value = {OWN: "10,000", OTHER: 5000}
    years = [{"企业代码": c, "年度": YEAR, "工业增加值（万元）": v} for c, v in value.items()]
    hand_in("plant_years", years)
    hand_in("enterprise_energy", used("8000"))
    document = {"适用地区": "重庆市", "施行日期": "2023-01-01", "文号": "某办法（测试）"}
    levels = ("60%", 0.8, 1.2, 2)
    limits = [
        document | {"参数名称": f"绿效码：第{number}级上限", "取值": most}
        for number, most in enumerate(levels, start=1)
    ]
    hand_in("local_parameters", limits)


def monitored(concentration):
    gas = {"许可证编号": "P7", "排放口": "DA001", "介质": "废气", "污染物": "二氧化硫"}
    return gas, [
        gas | {"月份": f"2024年{month}月", "流量": "1000万", "月均浓度": concentration}
        for month in (1, 2, 3)
    ]


def paying(hand_in):
    firm = {"统一社会信用代码": OWN, **PLACE}
    permit = firm | {"许可证编号": "P7", "单位名称": "丙石灰厂", "发证日期": "2023-07-01"}
    hand_in("discharge_permits", [permit])
    gas, months = monitored(19)
    hand_in("permit_limits", [gas | {"起始日期": "2023-07-01", "许可浓度": 35}])
    hand_in("permit_months", months)
    hand_in("env_tax_payers", [firm | {"纳税人名称": "丙石灰厂"}])


def test_a_factory_from_its_review_to_its_code_and_its_tax(hand_in, said, paper):
    reviewed(hand_in)
    gate = said("investment_project")
    assert "按项目管理权限" in gate["X1", "review.energy", ""]["authority"]
    assert gate["X1", "review.quota", ""]["unread"] == "石灰"
    opinion = paper("investment_project", "X1", "opinion")
    assert (
        "丙石灰厂" in opinion and "有效期内开工" not in opinion
    )  # no term of 2025 for one of 2023

    running(hand_in)
    own = 8_000 * TONNE + 20e6 * POWER
    whole = own + 10e6 * POWER
    code = said("plant")[OWN, "code", "2023"]
    assert code["ratio"] == pytest.approx((own / 10_000) / (whole / 15_000))  # 1.249
    assert code["level"] == "4级"
    assert said("plant")[OWN, "review.key_unit", "2023"]["verdict"] == "可指定为重点用能单位"

    paying(hand_in)
    quarter = (OWN, "env_tax.return", "2024-Q1")
    assert said("env_tax_payer")[quarter]["tax"] == pytest.approx(2_100)
    assert "2,100元" in paper("env_tax_payer", OWN, "return").replace(" ", "")

    # 1,000 t of coal instead of 8,000 and a monitor that was read wrongly: 9.5 mg/m³
    hand_in("enterprise_energy", used("1,000"))
    hand_in("permit_months", monitored("9.5")[1])
    assert said("plant")[OWN, "code", "2023"]["level"] == "3级"
    assert said("env_tax_payer")[quarter]["tax"] == pytest.approx(1_050)
