"""Prices, certificates, inspections, freight, gas, oil and delivery from records as an office hands
them in; figures by hand beside each test.
"""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.workspace.asof import AsOf

PLACE = {"区县": "武隆区"}
FIRM = "91500232MA5U000001"


def value_of(workspace, indicator, place, year):
    """What a target is given for a year, computed from records."""
    rows = workspace.execute("plan_computed_values").to_pylist()
    amounts = [
        row["amount"]
        for row in rows
        if (row["indicator"], row["place"], row["year"]) == (indicator, place, year)
    ]
    return amounts[0] if amounts else None


def test_power_prices_with_adds_and_without_the_cap(hand_in, said):
    """Cement, eliminated: 0.4 yuan; 12 × 100 MWh over 10,000 t is 120 kWh/t, above both limits:
    tier 3, 0.2 yuan; 0.6 × 1.2 GWh = 720,000. January: 0.55 against 0.48, 7,000 yuan, 8.4 a tonne.
    """
    firm = {
        "统一社会信用代码": FIRM,
        **PLACE,
        "企业名称": "水泥厂",
        "行业": "水泥",
        "类别": "淘汰类",
    }
    limits = {"投产日期": "2010-01-01", "产品": "水泥", "高耗能企业": "是", "燃煤发电基准价": 0.4}
    hand_in("power_price_users", [{**firm, **limits}])
    month = {"统一社会信用代码": FIRM, "电量": "10万", "产量": 10_000 / 12}
    months = [
        {**month, "月份": f"2024年{n}月", "合同电价": 0.55 if n == 1 else 0.45}
        for n in range(1, 13)
    ]
    hand_in("power_price_months", months)
    assert (
        "2016" in said("power_price_user")[FIRM, "differential.cement", "2024"]["not_established"]
    )
    filled = {"第一档上限": 90, "第二档上限": 100, "来源": "测试用"}
    hand_in("power_price_users", [{**firm, **limits, **filled}])
    verdicts = said("power_price_user")
    adds = verdicts[FIRM, "differential.cement", "2024"]
    assert (adds["tier"], adds["charge"]) == (3, pytest.approx(720_000))
    january = verdicts[FIRM, "tariff.cap_effect", "2024-01"]
    assert january["extra"] == pytest.approx(7_000)
    assert january["per_tonne"] == pytest.approx(8.4)


def test_valid_certificates_are_counted_and_their_end_is_told(workspace, hand_in, said, due):
    certificate = {**PLACE, "产品": "高山蔬菜", "类型": "绿色", "发证日期": "2024-01-01"}
    ends = {"A": "2099年12月31日", "B": "2024-12-31", "C": ""}
    hand_in(
        "farm_certificates", [{**certificate, "证书号": n, "有效期至": e} for n, e in ends.items()]
    )
    eighty_days_before = AsOf.of(today=date(2024, 10, 12))
    warned = workspace.execute("case_farm_certificate_calendar", eighty_days_before).to_pylist()
    assert [(row["subject"], row["state"]) for row in warned if row["subject"] == "B"] == [
        ("B", "soon")
    ]
    states = {key[0]: row["state"] for key, row in said("farm_certificate").items()}
    assert states == {"A": "有效", "B": "已过期", "C": "有效"}
    assert due("farm_certificate")["B", "renew", ""] == ("2024-12-31", "overdue")
    hand_in("farm_certificates", [{**certificate, "证书号": "C", "撤销日期": "2024-05-01"}])
    assert states | {"C": "已撤销"} == {
        key[0]: row["state"] for key, row in said("farm_certificate").items()
    }
    rows = workspace.execute("plan_computed_values").to_pylist()
    counts = [
        r["value"]
        for r in rows
        if r["computed"] == "certified-agri-files" and r["place"] == "500156"
    ]
    assert counts == [1]


def test_labels_by_pass_rate_and_packages_by_void(workspace, hand_in, said, due, explained):
    """45 of 50 and 50 of 50 passed: 95 %; the third has no result yet and is not in the rate. The
    package as in the case of the rule.
    """
    label = {**PLACE, "检查内容": "能效标识", "商户": "某商场"}
    checks = [
        {
            **label,
            "编号": "1",
            "检查日期": "2024-03-01",
            "检查数": 50,
            "合格数": 45,
            "整改期限": "2024-03-31",
            "整改完成": "2024-03-20",
        },
        {**label, "编号": "2", "检查日期": "2024年9月1日", "检查数": 50, "合格数": 50},
        {**label, "编号": "3", "检查日期": "2024-10-01", "检查数": 30},
        {
            **label,
            "编号": "4",
            "检查内容": "过度包装",
            "检查日期": "2024-09-05",
            "检查数": 1,
            "包装层数": 5,
            "包装体积": "1,000",
            "内装物体积": 300,
            "商品必要空间系数": 2,
            "单件净含量": 100,
            "包装成本": 30,
            "销售价格": 100,
        },
    ]
    hand_in("product_inspections", checks)
    verdicts = said("product_inspection")
    assert verdicts["1", "inspection.pass_rate", ""]["rate"] == 0.9
    assert "合格数" in verdicts["3", "inspection.pass_rate", ""]["lacking"]
    package = verdicts["4", "packaging.excess", ""]
    assert (package["faults"], package["cost_share"]) == (3, pytest.approx(0.3))
    assert due("product_inspection")["1", "rectify", ""] == ("2024-03-31", "done")
    years = {(r["place"], r["topic"]): r for r in workspace.execute("inspection_years").to_pylist()}
    assert years["500000", "label"]["pass_rate"] == pytest.approx(0.95)
    assert years["500000", "label"]["checked"] == 130
    explained("inspection_years")


def test_freight_and_gas_reach_their_targets_once_december_is_reported(workspace, hand_in, said):
    """12 × 2,000 TEU; 12,000 t × 1,500 km are 18 million t km, × (70 − 10) g = 1,080 t. Gas: 12 ×
    1,000 万 m³, 2 % lost, 98 % methane: 1.2e8 × 0.02 × 0.98 × 0.67 / 1000 = 1,575.84 t.
    """
    line = {"线路": "N1", **PLACE, "名称": "北部湾", "类型": "陆海新通道", "平均运距": 1500}
    hand_in(
        "freight_corridors", [{**line, "本通道排放因子": 10, "公路排放因子": 70, "来源": "测试用"}]
    )
    months = [
        {"线路": "N1", "月份": f"2024年{n}月", "标箱": "2,000", "货物吨数": 1000}
        for n in range(1, 13)
    ]
    hand_in("freight_corridor_months", months[:11])
    block = {"区块": "B1", **PLACE, "名称": "白马", "甲烷体积分数": "98%"}
    hand_in("gas_blocks", [block])
    gas = [
        {"区块": "B1", "月份": f"2024-{n:02d}", "产气量": "1000万", "留存气量": "200万"}
        for n in range(1, 13)
    ]
    hand_in("gas_block_months", gas)
    assert value_of(workspace, "nils_teu", "500000", 2024) is None
    hand_in("freight_corridor_months", months[11:])
    assert value_of(workspace, "nils_teu", "500000", 2024) == pytest.approx(24_000)
    assert value_of(workspace, "gas_output", "500156", 2024) == pytest.approx(1.2e8)
    freight = said("freight_corridor")["N1", "freight.mode_carbon", "2024"]
    assert freight["saved"] == pytest.approx(1080)
    years = workspace.execute("freight_corridor_years").to_pylist()
    assert [row["work"] for row in years] == pytest.approx([18_000_000])
    assert "没有" in said("gas_block")["B1", "gas.block_methane", "2024"]["not_established"]
    hand_in("gas_blocks", [{**block, "甲烷逸散率": "2%", "来源": "测试用"}])
    methane = said("gas_block")["B1", "gas.block_methane", "2024"]
    assert methane["methane"] == pytest.approx(1575.84)
    assert methane["local_share"] == pytest.approx(0.2)
    hand_in("gas_block_months", [gas[0] | {"留存气量": ""}])
    hand_in("freight_corridor_months", [months[0] | {"货物吨数": ""}])
    unread = said("gas_block")["B1", "gas.block_methane", "2024"]
    assert "local_share" not in unread and unread["output"] == pytest.approx(1.2e8)
    unread = said("freight_corridor")["N1", "freight.mode_carbon", "2024"]
    assert "saved" not in unread and unread["teu"] == 24_000  # eleven months are not the year


def test_storage_oil_and_delivery_from_records(hand_in, said, due, explained):
    """Storage: 15 + 5 万 m³ at 10 万 a day are 2 days of 3, at a peak of 20 万 one day. Oil as in
    the case. Delivery: two points in one village are one of four; a closed one is none.
    """
    hand_in("gas_duties", [{"主体": "G1", **PLACE, "名称": "区政府", "类型": "政府"}])
    demand = {"用气量": "3,650万", "高峰日用气量": "20万"}
    hand_in("gas_demands", [{"主体": "G1", "年份": 2024} | demand])
    assert "储气能力" in said("gas_duty")["G1", "gas.storage_duty", "2024"]["lacking"]
    hand_in(
        "gas_storages",
        [{"主体": "G1", "设施": s, "工作气量": q} for s, q in (("甲", "15万"), ("乙", "5万"))],
    )
    storage = said("gas_duty")["G1", "gas.storage_duty", "2024"]
    assert (storage["days"], storage["gap"]) == (pytest.approx(2), pytest.approx(100_000))
    assert (storage["needed"], storage["peak_days"]) == pytest.approx((300_000, 1))
    hand_in(
        "oil_price_lines", [{"油品": "汽油", "区县": "重庆市", "名称": "汽油", "起始价格": 8000}]
    )
    rounds = [("2025-09-23", -40, -40), ("2025-08-26", 30, 0), ("2025年9月9日", 25, 55)]
    hand_in(
        "oil_price_rounds",
        [{"油品": "汽油", "日期": d, "本期变动": c, "公布调整": a} for d, c, a in rounds],
    )
    oil = said("oil_price_line")["汽油", "price.oil_rounds", ""]
    assert (oil["price"], oil["carried"], oil["different"]) == (8055, -40, 1)
    assert due("oil_price_line")["汽油", "next", ""][0] == "2025-10-13"
    hand_in("delivery_areas", [{"区域": "W", **PLACE, "名称": "武隆", "乡镇数": 2, "行政村数": 4}])
    point = {"区域": "W", "投用日期": "2024-01-01"}
    points = [
        {**point, "网点": "中心", "级别": "县级"},
        {**point, "网点": "甲镇站", "级别": "镇级", "乡镇": "甲镇"},
        {**point, "网点": "一号", "级别": "村级", "乡镇": "甲村"},
        {**point, "网点": "二号", "级别": "村级", "乡镇": "甲村"},
        {**point, "网点": "三号", "级别": "村级", "乡镇": "乙村", "停用日期": "2024-06-01"},
    ]
    hand_in("delivery_points", points)
    reach = said("delivery_area")["W", "delivery.coverage", "W"]
    assert (reach["towns_share"], reach["villages_share"]) == (0.5, 0.25)
    explained("delivery_reach")


def test_the_explained_rows_alone_give_the_row(hand_in, explained):
    """Two blocks, two corridors, two firms and their sums by place."""
    months = [f"2024年{n}月" for n in (11, 12)]
    pairs = [(name, month) for name in ("1", "2") for month in months]
    kinds = {"1": "陆海新通道", "2": "中欧班列"}
    hand_in(
        "freight_corridors", [{"线路": n, **PLACE, "名称": n, "类型": k} for n, k in kinds.items()]
    )
    hand_in("freight_corridor_months", [{"线路": n, "月份": m, "标箱": 5} for n, m in pairs])
    hand_in("gas_blocks", [{"区块": n, **PLACE, "名称": n} for n in "12"])
    hand_in("gas_block_months", [{"区块": n, "月份": m, "产气量": 7} for n, m in pairs])
    hand_in(
        "power_price_months", [{"统一社会信用代码": FIRM, "月份": m, "电量": 9} for m in months]
    )
    explained(
        "power_price_years",
        "freight_corridor_years",
        "freight_corridor_places",
        "gas_block_years",
        "gas_block_places",
    )
