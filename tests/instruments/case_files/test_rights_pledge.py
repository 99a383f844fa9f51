"""A plant pledges its discharge rights; the price falls, one quantity is corrected, it is released.

By hand. 5 t allocated, 1 t bought: 6 t held. Pledged 4 t at the base price of 2,000 yuan/t in force
on 2024-03-01: 8,000, at 60 % a limit of 4,800 against 4,500 lent. On 2024-05-10 a trade at 1,500:
6,000, limit 3,600, so 900 are lacking, and 6,000 is below 1.5 × 4,500 = 6,750. Value at risk of 30
days at 95 %: z = 1.644854, 8,000 × (1 − exp(−1.644854 × 0.02 × √30)) = 1,319.05.
A second pledge of 3 t makes 7 t of 6 t held; corrected to 2 t the share is 1.
"""

from __future__ import annotations

import math

import pytest

KIND = "rights_pledge"
FIRM = {"统一社会信用代码": "91500232MA5U000001", "单位名称": "甲厂", "地区": "武隆区"}
FIRST = {
    "质押编号": "Z1",
    "出质账户": "甲-排",
    "区县": "武隆",
    "出质人": "甲厂",
    "质权人": "某银行",
    "污染物": "COD",
    "出质数量": "4,000",
    "单位": "千克",
    "贷款余额": "4500",
    "质押率": "60%",
    "日波动率": "2%",
    "预警线": 1.5,
    "质押登记日期": "2024年3月1日",
    "到期日期": "2025-02-28",
}


def second(tonnes):
    changed = {"质押编号": "Z2", "出质数量": tonnes, "单位": "吨", "质押登记日期": "2024-06-01"}
    return FIRST | changed | {"预警线": ""}


def trade(contract, amount, paid, day):
    parties = {"转让方": "外区某厂", "受让方": "甲-排", "污染物": "化学需氧量"}
    if contract == "T2":
        parties |= {"转让方": "外区某厂", "受让方": "外区另厂"}
    return {
        **parties,
        "合同编号": contract,
        "数量": amount,
        "单位": "吨",
        "成交金额": paid,
        "成交日期": day,
        "指标起始": day,
    }


@pytest.fixture
def kept(hand_in):
    hand_in("rights_accounts", [{**FIRM, "账户编号": "甲-排", "权益类别": "排污权"}])
    grant = {"账户编号": "甲-排", "污染物": "COD", "年度指标量": 5, "单位": "吨"}
    hand_in("rights_grants", [{**grant, "起始日期": "2021-01-01", "到期日期": "2025-12-31"}])
    trades = [trade("T1", 1, "1,900", "2023-05-10"), trade("T2", 2, 3_000, "2024-05-10")]
    hand_in("rights_trades", trades)
    price = {"指标": "COD", "地区": "重庆市", "执行日期": "2024-01-01", "文号": "测试文号"}
    hand_in("rights_prices", [price | {"基准价": 2_000}])
    hand_in("rights_pledges", [FIRST, second(3)])


def test_a_pledge_follows_the_price_and_stays_within_what_is_held(
    kept, hand_in, said, due, explained, paper
):
    """As above; energy and water rights of 100 each are pledged alike, 80 at 50 yuan."""
    verdicts = said(KIND)
    first = verdicts["Z1", "finance.collateral", "2024-03-01"]
    assert (first["value"], first["limit"]) == (pytest.approx(8_000), pytest.approx(4_800))
    risk = 8_000 * (1 - math.exp(-1.644854 * 0.02 * math.sqrt(30)))
    assert first["value_at_risk"] == pytest.approx(risk, rel=1e-6)
    assert (first["alarm"], first["margin"]) == ("正常", pytest.approx(300))
    fallen = verdicts["Z1", "finance.collateral", "2024-05-10"]
    assert (fallen["alarm"], fallen["make_up"]) == ("预警", pytest.approx(900))
    assert verdicts["Z1", "finance.rights_pledged", "2024-05-10"]["free"] == pytest.approx(2)
    over = verdicts["Z2", "finance.rights_pledged", "2024-06-01"]
    assert over["verdict"] == "超过持有量1" and over["share"] == pytest.approx(7 / 6)
    assert due(KIND)["Z1", "ends", ""] == ("2025-02-28", "overdue")
    explained("pledge_marks")
    notice = paper(KIND, "Z1", "alarm")
    assert notice.count("某银行") and "须补足或还款：900元" in notice

    hand_in("rights_pledges", [FIRST | {"解押日期": "2024-05-01"}, second(2)])
    verdicts = said(KIND)
    assert ("Z1", "finance.collateral", "2024-05-10") not in verdicts
    own = verdicts["Z2", "finance.rights_pledged", "2024-06-01"]
    assert (own["verdict"], own["free"]) == ("在持有量内", pytest.approx(4))
    assert due(KIND)["Z1", "ends", ""][1] == "done"

    others = (("用能权", "吨标准煤", "Z3"), ("用水权", "立方米", "Z4"))
    for kind, unit, number in others:
        account = {"账户编号": f"甲-{kind}"}
        hand_in("rights_accounts", [{**FIRM, **account, "权益类别": kind}])
        granted = {"品种": kind, "单位": unit, "核定量": 100, "起始日期": "2023-01-01"}
        hand_in("rights_grants", [account | granted])
        price = {"地区": "重庆市", "执行日期": "2024-01-01", "文号": "测试文号", "基准价": 50}
        hand_in("rights_prices", [price | {"指标": kind}])
        pledge = {"质押编号": number, "出质账户": f"甲-{kind}", "污染物": kind, "出质数量": 80}
        hand_in("rights_pledges", [FIRST | pledge | {"单位": unit, "贷款余额": 2_000}])
    verdicts = said(KIND)
    for _, _, number in others:
        assert verdicts[number, "finance.collateral", "2024-03-01"]["value"] == 80 * 50


def test_without_a_price_or_a_rate_of_the_lender_nothing_is_valued(kept, hand_in, said):
    """Energy rights without trade and base price; the pledge rate is the lender's own."""
    pledge = {"质押编号": "Z3", "污染物": "用能权", "单位": "吨标准煤", "质押率": ""}
    hand_in("rights_pledges", [FIRST | pledge])
    verdict = said(KIND)["Z3", "finance.collateral", "2024-03-01"]
    assert "现价" in verdict["lacking"] and "质押率" in verdict["lacking"]
