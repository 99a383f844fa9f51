"""A chain leader's purchases, scores and exports to its verdicts, and a supplier's corrected
footprint.

By hand: 10 t of steel at 2,000 kg/t (the supplier's own) and 5 t of plastics at 3,000 (a factor)
are 20 + 15 = 35 t CO2e; 2 t of the steel exported carry 4 t, at 300 yuan 1,200. Green: 10 of 40
million yuan. With 1,500 kg/t of steel: 30 t, 3 t, 900 yuan.
"""

from __future__ import annotations

import pytest

from hengtan.graph.reproduce import reproduce

KIND = "chain_firm"
FIRM = "91500232MA5U00009L"
LEADER = {
    "企业代码": FIRM,
    "区县": "武隆",
    "企业名称": "某链主",
    "合格线": "70%",
    "管理制度": "某链主供应商管理办法（测试）",
}


def score(item, points, most):
    return {"企业代码": FIRM, "评价年度": "2024年", "指标": item, "得分": points, "分值": most}


def supplier(name, points):
    row = {"企业代码": FIRM, "供应商": name, "供应商名称": f"{name}公司"}
    return row | {"年度": "2024", "得分": points, "分值": 80}


def bought(name, product, amount, **more):
    row = {"采购企业代码": FIRM, "区县": "武隆区", "年份": "2024", "供应商": name}
    return row | {"物料": product, "采购量": amount, "单位": "吨", **more}


def purchases(steel):
    return [
        bought("甲", "钢材", "10", 产品碳足迹=steel, 出口数量=2, **{"碳价差（元/吨）": 300}),
        bought("乙", "塑料", "5.0", 因子="3,000", 因子来源="某数据库"),
    ]


def goods(name, value, catalogue=""):
    row = {"企业代码": FIRM, "年度": "2024", "方向": "出口", "商品名称": name}
    return row | {"货值（万元）": value, "目录依据": catalogue}


SCORES = [score("绿色采购", 30, 40), score("供应商管理", "25", 30), score("回收利用", 20, 30)]


@pytest.fixture
def kept(hand_in):
    hand_in("chain_firms", [LEADER])
    hand_in("chain_scores", SCORES)
    hand_in("supplier_scores", [supplier("甲", 56), supplier("乙", 55)])
    hand_in("supplier_purchases", purchases("2000"))
    hand_in("trade_goods", [goods("光伏组件", "1,000", "某目录（测试）"), goods("铸件", 3000)])


def test_purchases_become_scores_suppliers_and_exports_and_a_correction_moves_all(
    kept, workspace, hand_in, said
):
    first = said(KIND)
    leader, trade = (FIRM, "chain.leader", "2024"), (FIRM, "trade.green", "2024")
    assert first[leader] == pytest.approx({"score": 75, "upstream": 35, "own_share": 20 / 35})
    assert first[trade] == pytest.approx({"green_share": 0.25, "embedded": 4, "border_cost": 1200})
    suppliers = {key[2]: row for key, row in first.items() if key[1] == "chain.supplier"}
    steel, plastics = suppliers["甲公司 2024"], suppliers["乙公司 2024"]
    assert (steel["verdict"], steel["own_footprint"]) == ("合格", "是")  # 56 / 80 = 0.7
    assert plastics["verdict"].startswith("不合格") and plastics["own_footprint"] == "否"
    hand_in("supplier_purchases", purchases("1,500"))
    second = said(KIND)
    assert (second[leader]["upstream"], second[trade]["border_cost"]) == pytest.approx((30, 900))
    key = {"firm": FIRM, "supplier": "甲", "year": 2024}
    by_key, again = reproduce(workspace.graph(), "chain_suppliers", key, deep=False)
    assert again == by_key and by_key["upstream"] == pytest.approx(15_000)
