"""Two plants of one industry from their records to code, class and list, and what one corrected
coal figure does to them.

By hand, 2023. 甲: 10,000 t raw coal × 0.7143 + 40 million kWh × 0.1229 kgce = 7,143 + 4,916 =
12,059 tce; value added 241.18 million yuan is 2 (10⁴ yuan/tce), tax 24.118 million is 0.2. 乙: 10
million kWh = 1,229 tce; 12.29 million yuan is 1, tax 614,500 yuan is 0.05. The industry: 25,347 /
13,288 = 1.907511 and 2,473.25 / 13,288 = 0.186127.

CO2 of 甲: coal 10,000 t × 23.204 GJ/t × 0.02618 t C/GJ × 0.93 × 44/12, power of 30 million kWh (10
million of the 40 are green) × 0.5581 kg. Zhejiang's level 3 ends at 1.2, level 4 at 2.0.
"""

from __future__ import annotations

import random

import pytest

from hengtan.desk.status import status_view
from hengtan.graph.reproduce import reproduce

KIND = "plant"
A, B = "91500232MA5U00001A", "91500232MA5U00002B"
VALUE, TAX = 25_347 / 13_288, 2_473.25 / 13_288
COAL = 10_000 * 23.204 * 0.02618 * 0.93 * 44 / 12
CARBON_A = (COAL + 30e6 * 0.5581 / 1000) / 24_118
CARBON_B = 10e6 * 0.5581 / 1000 / 1_229
CARBON = (COAL + 30e6 * 0.5581 / 1000 + 10e6 * 0.5581 / 1000) / 25_347


def plant(code, name):
    return {"统一社会信用代码": code, "区县": "武隆区", "企业名称": name, "行业大类": "30"}


PLANTS = [plant(A, "甲水泥厂"), plant(B, " 乙水泥厂 ")]
YEARS = [
    {
        "企业代码": A,
        "年度": "2023年",
        "工业增加值（万元）": "24,118",
        "实缴税金（万元）": "2411.8",
        "绿电": "1000万",
    },
    {"企业代码": B, "年度": "2023", "工业增加值（万元）": "１２２９", "实缴税金（万元）": 61.45},
]


def energy(code, product, unit, amount):
    return {
        "企业代码": code,
        "所在区县": "重庆市武隆区",
        "行业": "非金属矿物制品业",
        "年份": "2023年",
        "品种": product,
        "计量单位": unit,
        "购进量": amount,
        "消费量": amount,
    }


def records(coal):
    return [
        energy(A, "原煤", "吨", coal),
        energy(A, "电力", "万千瓦时", "4 000"),
        energy(B, "电力", "千瓦时", "10,000,000"),
    ]


def local(item, value):
    return {
        "适用地区": "重庆市",
        "参数名称": f"能耗产出效益：{item}",
        "取值": value,
        "施行日期": "2023年1月1日",
        "文号": "某经信〔2023〕1号（测试）",
    }


FLOORS = [local("A类下限", 1), local("B类下限", "80%"), local("C类下限", 0.5)]
REVIEWS = [
    {
        "企业代码": A,
        "年度": "2023",
        "评审日期": "2023-11-20",
        "未满足的基本要求": 0,
        "基础设施": 18,
        "管理体系": 12,
        "能源与资源投入": 13,
        "产品": 8,
        "环境排放": 9,
        "绩效": 25,
        "复核期限": "2024-11-20",
    }
]
LISTED = [
    {
        "名录": "绿色工厂名录",
        "地区": "武隆区",
        "企业名称": "甲水泥厂",
        "级别": "市级",
        "认定日期": "2024-03-01",
        "统一社会信用代码": A,
    }
]


@pytest.fixture
def kept(hand_in):
    hand_in("plants", PLANTS)
    hand_in("plant_years", YEARS)
    hand_in("enterprise_energy", records("1万"))


def test_records_become_class_and_code_and_one_corrected_figure_moves_both_plants(
    kept, hand_in, said
):
    first = said(KIND)
    output = first[A, "plant.output_of_energy", "2023"]
    assert output["value_per_energy"] == pytest.approx(2)
    assert output["value_ratio"] == pytest.approx(2 / VALUE)
    assert output["tax_ratio"] == pytest.approx(0.2 / TAX)
    assert (output["rank"], first[B, "plant.output_of_energy", "2023"]["rank"]) == (1, 2)
    assert "本地规定的参数" in first[A, "plant.benefit_class", "2023"]["not_established"]
    assert "绿效码" in first[A, "code", "2023"]["not_established"]
    assert first[A, "code_of_zhejiang", "2023"]["ratio"] == pytest.approx(CARBON_A / CARBON)
    levels = [first[code, "code_of_zhejiang", "2023"]["level"] for code in (A, B)]
    assert levels == ["3级", "5级"]  # 0.915 and 2.674
    assert first[A, "review.key_unit", "2023"]["verdict"] == "重点用能单位"

    hand_in("local_parameters", FLOORS)
    classed = said(KIND)
    scores = {code: classed[code, "plant.benefit_class", "2023"] for code in (A, B)}
    assert scores[A]["score"] == pytest.approx((2 / VALUE + 0.2 / TAX) / 2)
    assert scores[B]["score"] == pytest.approx((1 / VALUE + 0.05 / TAX) / 2)
    assert (scores[A]["class"], scores[B]["class"]) == ("A", "D")
    ends = {1: 0.8, 2: 1, 3: 1.5, 4: 2}
    rules = [
        local(f"第{n}级上限", end) | {"参数名称": f"绿效码：第{n}级上限"} for n, end in ends.items()
    ]
    hand_in("local_parameters", rules)
    codes = said(KIND)
    assert [codes[code, "code", "2023"]["level"] for code in (A, B)] == ["2级", "5级"]

    # 5,000 t of coal: 3,571.5 + 4,916 = 8,487.5 tce, the industry 9,716.5 tce
    hand_in("enterprise_energy", records("5000"))
    second = said(KIND)
    assert second[A, "review.key_unit", "2023"]["verdict"] == "可指定为重点用能单位"
    ratio = second[B, "plant.output_of_energy", "2023"]["value_ratio"]
    assert ratio == pytest.approx(1 / (25_347 / 9_716.5))


def test_a_review_leads_to_the_list_its_recheck_and_the_target(kept, workspace, hand_in, said, due):
    hand_in("factory_reviews", REVIEWS)
    review = (A, "plant.green_factory", "2023-11-20")
    assert said(KIND)[review] == {"score": 85, "verdict": "可申报"}
    hand_in("registry_entries", LISTED)
    assert due(KIND)[A, "recheck", "2023"] == ("2024-11-20", "overdue")
    failed = {**REVIEWS[0], "年度": "2024", "评审日期": "2024-11-20", "未满足的基本要求": 1}
    hand_in("factory_reviews", [*REVIEWS, failed])
    verdicts = said(KIND)
    assert verdicts[review]["verdict"] == "可申报"  # not yet listed on that day
    assert verdicts[A, "plant.green_factory", "2024-11-20"]["verdict"] == "在名录：提请移出"
    targets = {row["target_id"]: row for row in status_view(workspace)["targets"]}
    assert targets["cq-green-factories-2027"]["computed_amount"] == 1
    assert targets["cq-green-factories-2027"]["goal"] == 500
    hand_in("factory_measures", [measure(axis, axis, 0, 100, "", 50) for axis in WEIGHTS])
    later = {"企业代码": A, "年度": "2025", "评审日期": "2026-03-01", "未满足的基本要求": 0}
    hand_in("factory_reviews", [later])
    unread = said(KIND)[A, "plant.green_factory", "2026-03-01"]["not_established"]
    assert "权重" in unread and "本地规定的参数" in unread
    hand_in("local_parameters", [weight(axis, value) for axis, value in WEIGHTS.items()])
    assert said(KIND)[A, "plant.green_factory", "2026-03-01"]["score"] == pytest.approx(50)


def test_products_stand_beside_their_limits(kept, hand_in, said, due):
    """GB 16780-2021: clinker 100 / 107 / 117 kgce/t, power 61 kWh/t. 11,700 t / 100,000 t is 117;
    one tonne of energy more is above. 12,059 tce make a key unit.
    """

    def clinker(energy):
        row = {"企业代码": A, "年度": "2023", "产品名称": "水泥熟料", "产量": "100,000"}
        heat = {"能耗指标": "综合能耗", "用能量": energy, "单位": "千克标准煤/吨"}
        power = {"能耗指标": "综合电耗", "用能量": "480万", "单位": "千瓦时/吨"}
        return [row | heat, row | power]

    hand_in("plant_products", clinker("1170万"))
    months = {"统一社会信用代码": A, "企业名称": "甲水泥厂", "地区": "武隆区", "年度计划": "1.2万"}
    used = [{"报告期": "2023年1-6月", "综合能源消费量": 6000}]
    used += [{"报告期": "2023年1-12月", "综合能源消费量": "12,059"}]
    hand_in("key_unit_months", [months | row for row in used])
    plan = said(KIND)[A, "plant.energy_plan", "2023"]
    assert plan == {"share": pytest.approx(12_059 / 12_000), "verdict": "超过年度用能计划"}
    limit = (A, "review.energy_limit", "水泥熟料 综合能耗 2023")
    verdicts = said(KIND)
    assert (verdicts[limit]["level"], verdicts[limit]["over"]) == ("3级", "否")
    assert verdicts[A, "review.energy_limit", "水泥熟料 综合电耗 2023"]["level"] == "1级"
    key_unit = verdicts[A, "review.key_unit", "2023"]
    assert (key_unit["verdict"], key_unit["over_limit"]) == ("重点用能单位", "无")
    hand_in("plant_reports", [{"企业代码": A, "报告期": "2023年", "应报日期": "2024-03-31"}])
    assert due(KIND)[A, "report", "2023"] == ("2024-03-31", "overdue")
    hand_in("plant_products", clinker("1170.1万"))
    verdicts = said(KIND)
    assert verdicts[limit]["over"] == "是"
    assert verdicts[A, "review.key_unit", "2023"]["over_limit"] == "水泥熟料"


def test_a_plant_without_energy_and_green_power_above_power_are_told(hand_in, workspace, said):
    hand_in("plants", PLANTS)
    hand_in("plant_years", YEARS)
    why = said(KIND)[A, "plant.output_of_energy", "2023"]["lacking"]
    assert why.startswith("缺综合能源消费量") and "填“企业能源购进、消费与库存”" in why
    hand_in("enterprise_energy", [energy(A, "电力", "万千瓦时", 900)])
    rows = {row["plant"]: row for row in workspace.execute("plant_figures").to_pylist()}
    assert rows[A]["carbon"] is None and "more_green_than_power" in rows[A]["missing"]
    assert rows[B]["energy_use"] is None and "no_energy_of_plant" in rows[B]["missing"]


def test_the_explained_rows_alone_give_the_row(kept, workspace):
    graph = workspace.graph()
    accounts = ("plant_figures", "plant_industries", "plant_standing", f"case_{KIND}_verdicts")
    for name in accounts:
        rows, key = graph.execute(name).to_pylist(), graph.accounts()[name].key
        assert len({tuple(row[column] for column in key) for row in rows}) == len(rows)
        for row in random.Random(5).sample(rows, min(2, len(rows))):
            by_key, again = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
            assert again == {
                column: pytest.approx(value) if isinstance(value, float) else value
                for column, value in by_key.items()
            }


WEIGHTS = {"能源低碳化": 0.3, "资源高效化": 0.25, "生产洁净化": "20%", "产品绿色化": 0.15}
WEIGHTS |= {"用地集约化": 0.1}


def weight(axis, value):
    return local(axis, value) | {
        "参数名称": f"绿色工厂2025版：{axis}权重",
        "施行日期": "2025-12-31",
    }


def measure(axis, indicator, base, leading, record="", figure=""):
    """An indicator of the review of 2025, from a record or as filed."""
    values = {"基准值": base, "引领值": leading, "台账口径": record, "指标值": figure}
    return {"企业代码": A, "年度": "2025", "方面": axis, "指标": indicator} | values


def test_figures_of_a_review_come_from_the_records_of_the_plant(hand_in, said, explained, paper):
    """2025: 12,059 tce on 241.18 million yuan are 0.5 tce/10⁴ yuan, between 1 and 0.4 five sixths;
    no grid factor of 2025, so CO2 is the 1.5 filed, half way; 5 m³/10⁴ yuan reach the leading
    value; 80 % of the waste, half of the products and 2,411.8 × 10⁴ yuan/ha are half way each.
    100 × (0.3 × 2/3 + 0.25 + 0.45 × 0.5) = 67.5. With 20,000 t of coal it is 19,202 tce.
    """
    hand_in("plants", PLANTS[:1])
    value = {"企业代码": A, "年度": "2025年", "工业增加值（万元）": "24,118"}
    hand_in("plant_years", [value | {"取水量": "120,590吨", "占地面积": "10公顷"}])
    firm = {"区县": "武隆区", "企业名称": "甲水泥厂", "年度": 2025, "固废种类": "炉渣"}
    used = {"产生量": 1_000, "综合利用量": 800, "利用往年贮存量": 0, "处置量": 200}
    hand_in("solid_waste_years", [firm | used])
    coal = [row | {"年份": "2025年"} for row in records("1万")[:2]]
    hand_in("enterprise_energy", coal)
    rows = [
        measure("能源低碳化", "万元增加值能耗", 1, 0.4, "单位增加值能耗"),
        measure("能源低碳化", "万元增加值碳排放", 2, 1, "单位增加值碳排放", 1.5),
        measure("资源高效化", "万元增加值取水", 10, 5, "单位增加值取水量", 9),
        measure("生产洁净化", "固废综合利用率", 60, 100, "工业固体废物综合利用率"),
        measure("产品绿色化", "绿色产品占比", 0, 100, "", 50),
        measure("用地集约化", "单位用地增加值", 411.8, "4,411.8", "单位用地增加值"),
    ]
    hand_in("factory_measures", rows)
    review = {"企业代码": A, "年度": "2025", "评审日期": "2026-03-01", "未满足的基本要求": 0}
    hand_in("factory_reviews", [review])
    key = (A, "plant.green_factory", "2026-03-01")
    assert "权重" in said(KIND)[key]["not_established"]
    hand_in("local_parameters", [weight(axis, value) for axis, value in WEIGHTS.items()])
    verdict = said(KIND)[key]
    assert verdict["score"] == pytest.approx(67.5)
    assert (verdict["from_records"], verdict["from_filing"]) == (4, 2)
    explained("factory_records", "factory_measure_rows")
    assert "由台账计算" in paper(KIND, A, "factory")
    hand_in("enterprise_energy", [coal[0] | {"购进量": "2万", "消费量": "2万"}])
    low_carbon = ((1 - 19_202 / 24_118) / 0.6 + 0.5) / 2
    expected = 100 * (0.3 * low_carbon + 0.25 + 0.45 * 0.5)
    assert said(KIND)[key]["score"] == pytest.approx(expected)
