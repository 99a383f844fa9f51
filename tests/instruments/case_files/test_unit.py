"""A data centre, a public body, a coal unit and a scenic area from yearly figures and energy
records to their verdicts, and what one corrected meter does.

By hand. Data centre: 13 / 10 million kWh = 1.3; green 9 + 1.4 of 13 = 0.8, the least share of a new
centre at a hub node in 2025 (重庆市2025年分解方案, draft). Public body: 100,000 kWh × 0.1229 kgce =
12,290 kgce over 2,000 m² = 6.145; 1,500 m³ over 100 persons = 15. Coal unit: 10 g × 2 × 10⁹ kWh =
20,000 tce; 2 kg × 10⁶ GJ = 2,000 tce.
Scenic area: 10 t gasoline × 44.8 GJ × 0.0189 × 0.98 × 44/12 = 30.425 t, visitors 100, sink 80.
"""

from __future__ import annotations

import random

import pytest

from hengtan.graph.reproduce import reproduce

KIND = "unit"
CENTRE, BODY, COAL, SCENIC = (f"91500232MA5U0000{n}X" for n in range(4))
WORDS = {CENTRE: "数据中心", BODY: "公共机构", COAL: "煤电机组", SCENIC: "景区"}
GASOLINE = 10 * 44.8 * 0.0189 * 0.98 * 44 / 12


def unit(code, **more):
    return {
        "单位代码": code,
        "区县": "武隆区",
        "名称": f"某{WORDS[code]}",
        "类别": WORDS[code],
        **more,
    }


UNITS = [
    unit(CENTRE, 批复PUE="1.30", 枢纽节点新建="是"),
    unit(BODY, 机构类别="机关"),
    unit(COAL, 计划完成日期="2025年12月31日"),
    unit(SCENIC),
]


def figures(code, year="2025", **items):
    where = {"类别": WORDS[code], "所在区县": "武隆区", "统一社会信用代码": code, "年度": year}
    return [
        where | {"指标": item, "数值": amount, "单位": of} for item, (amount, of) in items.items()
    ]


def centre(total):
    return figures(
        CENTRE,
        数据中心总用电=(total, "万千瓦时"),
        IT设备用电=("1,000", "万千瓦时"),
        绿电结算电量=("900", "万千瓦时"),
        绿证电量=(140, "万千瓦时"),
        用水量=("15,000", "立方米"),
    )


OTHERS = [
    *figures(
        BODY, "2023", 建筑面积=(2000, "平方米"), 用能人数=(100, "人"), 用水量=("1500", "立方米")
    ),
    *figures(
        COAL,
        改造前煤耗=(310, "克标准煤/千瓦时"),
        改造后煤耗=(300, "克标准煤/千瓦时"),
        年供电量=("20", "亿千瓦时"),
        改造前供热煤耗=(40, "千克标准煤/吉焦"),
        改造后供热煤耗=(38, "千克标准煤/吉焦"),
        年供热量=("100万", "吉焦"),
        改造前最小出力=(50, "%"),
        改造后最小出力=(30, "%"),
    ),
    *figures(SCENIC, "2023", 游客排放=(100, "吨"), 碳汇=(80, "吨"), 抵消量=(60, "吨")),
]


def energy(code, product, of, amount):
    where = {"单位代码": code, "地区": "武隆区", "行业代码": "92", "年份": "2023"}
    return {**where, "品种": product, "计量单位": of, "购进量": amount, "消费量": amount}


def quota(item, value):
    return {
        "地区": "重庆市",
        "参数": f"公共机构定额：机关{item}",
        "取值": value,
        "生效日期": "2020-01-01",
        "文件": "某机关事务管理局〔2020〕1号（测试）",
    }


@pytest.fixture
def kept(hand_in):
    hand_in("managed_units", UNITS)
    hand_in("unit_figures", centre("1 300") + OTHERS)
    records = [energy(BODY, "电力", "万千瓦时", 10), energy(SCENIC, "汽油", "吨", "10")]
    hand_in("enterprise_energy", records)


def test_yearly_figures_become_verdicts_and_one_corrected_meter_moves_two(
    kept, workspace, hand_in, said, due
):
    first = said(KIND)
    assert first[CENTRE, "site.data_centre", "2025"] == {
        "pue": pytest.approx(1.3),
        "wue": pytest.approx(1.5),
        "green_share": pytest.approx(0.8),
        "verdict": "不高于批复值",
    }
    green = first[CENTRE, "green.industry_share", "2025"]
    assert green["share"] == pytest.approx(0.8) and green["met"] == "True"
    assert (green["least"], green["gap"]) == (0.8, 0)
    retrofit = first[COAL, "site.coal_retrofit", "2025"]
    assert (retrofit["saved_by_power"], retrofit["saved_by_heat"]) == pytest.approx((20e3, 2e3))
    assert (retrofit["load_fall"], retrofit["retrofits"]) == (20, "节能降碳、供热、灵活性")
    (coal,) = workspace.execute("carbon_coal_units").to_pylist()
    assert coal["saved"] == pytest.approx(22_000)
    assert coal["saved_co2"] == pytest.approx(22_000 * 29.3076 * 0.02618 * 0.93 * 44 / 12)
    assert due(KIND)[COAL, "retrofit", ""] == ("2025-12-31", "overdue")
    claim = first[SCENIC, "site.neutral_claim", "2023"]
    assert claim["emission"] == pytest.approx(GASOLINE + 100)
    assert claim["claim"] == "抵消后中和，须与抵消一并披露"
    assert claim["net"] == 0  # 60 t offset, no more than the 50.4 t that the sink leaves

    hand_in("unit_figures", centre("1 400"))  # 1,040 / 1,400 = 0.743
    second = said(KIND)
    assert second[CENTRE, "site.data_centre", "2025"]["verdict"] == "高于批复值"
    assert second[CENTRE, "green.industry_share", "2025"]["gap"] == pytest.approx(
        14e3 * 0.8 - 10.4e3
    )


def test_a_body_has_no_verdict_until_the_place_sets_quotas_and_the_pass_list_is_counted(
    kept, workspace, hand_in, said
):
    asked = (BODY, "site.public_body", "2023")
    assert "本地规定的参数" in said(KIND)[asked]["not_established"]
    quotas = {"单位建筑面积能耗": 6.145, "人均能耗": 122.9, "人均用水量": 15}
    hand_in("local_parameters", [quota(item, value) for item, value in quotas.items()])
    assert said(KIND)[asked] == {"compared": 3, "verdict": "达标"}
    rows = workspace.execute(f"case_{KIND}_totals").to_pylist()
    passed = {row["place"]: row["subjects"] for row in rows if row["text"] == "达标"}
    assert passed["500156"] == passed["500000"] == 1
    hand_in("local_parameters", [quota("人均用水量", "14.9")])
    assert said(KIND)[asked]["verdict"] == "超过定额：人均用水量"


def test_the_explained_rows_alone_give_the_row(kept, workspace):
    graph = workspace.graph()
    for name in ("energy_data_centres", "carbon_coal_units", f"case_{KIND}_verdicts"):
        rows, key = graph.execute(name).to_pylist(), graph.accounts()[name].key
        row = random.Random(5).choice(rows)
        by_key, again = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
        assert again == {
            column: pytest.approx(value) if isinstance(value, float) else value
            for column, value in by_key.items()
        }
