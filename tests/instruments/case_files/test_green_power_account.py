"""A smelter with a contract for green power, bought certificates and own solar power: what counts,
counts once; then one cancellation is corrected.

By hand, 2025 (重庆: 34.2 % in all, 10.8 % without hydropower, 发改办能源〔2025〕669号). Bought
9,000 MWh and 1,000 MWh of own solar power: 10,000 MWh used. Settled under a contract 2,000 MWh of
hydropower with its 2,000 certificates (batch H), of which 500 are cancelled for the carbon market:
1,500 MWh count. Bought 800 certificates of wind (batch W), 300 of them cancelled for consumption.
Total: (1,000 + 1,500 + 300) / 10,000 = 28 %, 620 MWh short of 3,420, at 4.5 yuan 2,790. Without
hydropower 13 %: met. Certificates of H cancelled for consumption add nothing to it.
Factor: (10,000 − 300 − 1,000) × 0.6 / 10,000 = 0.522; with 1,500 of H cancelled too 0.432.
"""

from __future__ import annotations

import pytest

from hengtan.basis.errors import ImportRejected

KIND = "green_power_account"
UNIT = "91500232MA5U00003C"
HOLDER = {
    "绿证账户": "A1",
    "区县": "武隆",
    "统一社会信用代码": UNIT,
    "企业名称": "某铝厂",
    "行业": "电解铝",
    "消纳责任主体": "是",
}
WIND = {"电源类型": "风电", "批次号": "W", "发电月份": "2025年3月"}
HYDRO = {"电源类型": "水电", "批次号": "H", "发电月份": "2025年5月"}


def entry(number, day, event, account, count, **others):
    head = {"流水号": number, "日期": day, "事项": event, "账户": account, "数量": count}
    return head | others


def cancelled(for_market=500, for_use=300):
    own = {"用途": "用电消费", "用电年份": "2025年"}
    market = {"用途": "碳市场抵扣", "用电年份": "2025"}
    return [
        entry("4", "2026-01-10", "核销", "A1", for_use, **WIND, **own),
        entry("5", "2026-01-11", "核销", "A1", for_market, **HYDRO, **market),
    ]


ENTRIES = [
    entry("1", "2025-05-01", "核发", "风场", "1,000", **WIND, **{"电量（兆瓦时）": 1000.6}),
    entry("2", "2025/6/1", "交易", "风场", "８００", **WIND, 买方="A1", 成交价="4.5"),
    entry("3", "2025-06-30", "划转", "水电站", "2,000", **HYDRO, 买方="A1"),
]
SETTLED = {
    "合同号": "C1",
    "结算月份": "2025年5月",
    "用户账户": "A1",
    "电源类型": "常规水电",
    "结算电量（万千瓦时）": 200,
    "绿证批次": "H",
}
POWER = {
    "企业代码": UNIT,
    "地区": "武隆区",
    "行业代码": "32",
    "年份": "2025",
    "品种": "电力",
    "单位": "万千瓦时",
    "购进量": 900,
    "消费合计": 900,
}


@pytest.fixture
def kept(hand_in):
    hand_in("certificate_accounts", [HOLDER])
    hand_in("certificate_entries", ENTRIES + cancelled())
    hand_in("green_power_settlements", [SETTLED])
    year = {"账户": "A1", "年度": "2025", "自发自用电量": "100万", "电力因子": 0.6}
    hand_in("green_power_years", [year | {"核算期限": "2026-04-30"}])
    hand_in("enterprise_energy", [POWER])


def test_certificates_are_held_by_batch_and_the_factor_falls_once(
    kept, workspace, hand_in, said, due, explained
):
    verdicts = said(KIND)
    assert verdicts["A1", "green.certificate_lot", "W"]["balance"] == 500
    account = verdicts["A1", "green.certificate_account", "2025"]
    assert account["balance"] == 800 + 2000 - 300 - 500
    assert account["factor_after"] == pytest.approx(0.522)
    batch = verdicts["A1", "green.certificates", "W"]
    assert batch["last"] == "2027-02-28" and due(KIND)["A1", "expiry", "W"][0] == "2027-02-28"
    assert verdicts["A1", "green.certificate_lot", "W"]["verdict"] == "没有重复使用"
    lots = workspace.execute("certificate_lots").to_pylist()
    held_by_all = sum(row["held"] for row in lots if row["batch"] == "W")
    assert held_by_all == 1_000 - 300  # issued less cancelled

    more = entry("6", "2026-02-01", "核销", "A1", 1_500, **HYDRO)
    more |= {"用途": "自用", "用电年份": "2025"}
    hand_in("certificate_entries", [more])
    again = said(KIND)
    account = again["A1", "green.certificate_account", "2025"]
    assert (account["balance"], account["factor_after"]) == (500, pytest.approx(0.432))
    assert ("A1", "green.certificates", "H") not in again  # nothing of it is held
    sold = entry("7", "2026-02-10", "交易", "A1", 100, **WIND, 买方="外省某厂", 成交价=5)
    hand_in("certificate_entries", [sold])
    assert said(KIND)["A1", "green.certificate_lot", "W"]["balance"] == 400
    issued = {"电量（兆瓦时）": 900.6}
    hand_in(
        "certificate_entries", [entry("1", "2025-05-01", "核发", "风场", 1_000, **WIND, **issued)]
    )
    assert "核发多于电量100个" in said(KIND)["A1", "green.certificate_lot", "W"]["verdict"]
    whole = entry("1", "2025-05-01", "核发", "风场", 1_000, **WIND)
    whole |= {"电量（兆瓦时）": 1000.6, "项目编号": "F1"}
    hand_in("certificate_entries", [whole])
    assert said(KIND)["A1", "green.certificate_lot", "W"]["verdict"] == "没有重复使用"
    credit = {"项目编号": "F1", "流水号": "1", "日期": "2025-12-01", "事项": "签发", "品种": "CCER"}
    credit |= {"时段": "2025-03", "数量": 100, "折减排量": 57, "账户": "业主"}
    hand_in("credit_entries", [credit])
    twice = said(KIND)["A1", "green.certificate_lot", "W"]["verdict"]
    assert "核发多于电量100个（其中已签发减排量100兆瓦时）" in twice
    explained("certificate_moves", "certificate_lots", "green_power_balances")


def test_duty_and_share_count_contract_and_certificate_of_one_power_once(kept, hand_in, said, due):
    verdicts = said(KIND)
    duty = verdicts["A1", "green.duty", "2025"]
    assert (duty["share"], duty["gap"]) == (pytest.approx(0.28), pytest.approx(620))
    assert duty["cost"] == pytest.approx(2_790)
    non_hydro = verdicts["A1", "green.duty.non_hydro", "2025"]
    assert (non_hydro["share"], non_hydro["gap"]) == (pytest.approx(0.13), 0)
    industry = verdicts["A1", "green.industry_share", "2025"]
    assert (industry["share"], industry["duty"]) == (pytest.approx(0.28), "考核")
    assert due(KIND)["A1", "settle", "2025"] == ("2026-04-30", "overdue")

    more = entry("6", "2026-02-01", "核销", "A1", 1_500, **HYDRO)
    hand_in("certificate_entries", [more | {"用途": "消纳", "用电年份": "2025"}])
    assert said(KIND)["A1", "green.duty", "2025"]["share"] == pytest.approx(0.28)
    hand_in("certificate_entries", cancelled(for_use=800))
    assert said(KIND)["A1", "green.duty", "2025"]["gap"] == pytest.approx(120)


def test_a_year_without_a_weight_refuses_and_names_the_notice(kept, hand_in, said):
    hand_in("enterprise_energy", [POWER | {"年份": "2024"}])
    refused = said(KIND)["A1", "green.duty", "2024"]["not_established"]
    assert "发改办能源〔2024〕598号" in refused


def test_power_that_got_credits_or_certificates_before_is_seen(kept, hand_in, said):
    """1,000.6 MWh of batch W gave 1,000 certificates; 200 MWh of the same month gave credits, and
    another 100 certificates are issued: 300 too many. 900 cancelled of 800 bought: 100 too many.
    """
    project = {"发电项目": "F1"}
    issued = ENTRIES[0] | project
    again = entry("7", "2025-05-02", "核发", "风场", 100, **WIND, **project)
    hand_in("certificate_entries", [issued, again | {"电量（兆瓦时）": 0}])
    hand_in("certificate_accounts", [HOLDER, HOLDER | {"绿证账户": "风场"}])
    credit = {"编号": "F1", "流水号": "1", "日期": "2025-06-01", "事项": "签发", "品种": "CQCER"}
    credit |= {"时段": "2025-03", "数量": 200, "单位": "兆瓦时", "折减排量": 100, "账户": "业主"}
    hand_in("credit_entries", [credit])
    lot = said(KIND)["风场", "green.certificate_lot", "W"]
    assert lot["verdict"] == "核发多于电量300个（其中已签发减排量200兆瓦时）"
    hand_in("certificate_entries", cancelled(for_use=900))
    own = said(KIND)["A1", "green.certificate_lot", "W"]
    assert "卖出与核销多于持有100个" in own["verdict"]


def test_an_issue_without_its_power_is_refused(kept, hand_in, said):
    """A certificate stands for power: how much was behind 100 of them cannot be left blank."""
    blank = entry("7", "2025-05-02", "核发", "风场", 100, **WIND)
    with pytest.raises(ImportRejected, match="核发缺电量"):
        hand_in("certificate_entries", [blank])
    assert said(KIND)["A1", "green.certificate_lot", "W"]["verdict"] == "没有重复使用"
