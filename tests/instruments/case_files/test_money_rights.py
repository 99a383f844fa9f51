"""Carbon contracts, credits and points, pledges, subsidies, incentive money and tax relief from
records as an office hands them in; figures by hand beside each test.
"""

from __future__ import annotations

import pytest

PLACE = {"区县": "武隆区"}


def test_a_pledge_an_insurance_and_a_fund_follow_the_market(hand_in, said, due):
    """Pledge: 1,000 t × 40 × (1 − 0.2) × 0.5 = 16,000 against 20,000 lent. Insurance and fund as in
    the cases of their rules.
    """
    common = {**PLACE, "起始日期": "2024-01-01", "到期日期": "2024年12月31日"}
    pledge = {
        "类型": "质押贷款",
        "名称": "甲",
        "合同金额": "2万",
        "市场": "重庆",
        "折减率": 20,
        "质押率": "50%",
    }
    insurance = {
        "类型": "碳保险",
        "名称": "乙",
        "合同金额": "100万",
        "费率": "2%",
        "约定减排量": "1万",
        "约定碳价": 40,
        "免赔率": "10",
    }
    fund = {"类型": "碳基金", "名称": "丙", "合同金额": 1000}
    deals = {"D1": pledge, "D2": insurance, "D3": fund}
    hand_in("carbon_deals", [{"合同编号": d, **common, **deal} for d, deal in deals.items()])
    prices = [50, 55, 48, 40]
    months = [
        {"合同编号": "D1", "月份": f"2024年{n}月", "持有量": "1,000", "价格": price}
        for n, price in enumerate(prices, start=1)
    ]
    months.append({"合同编号": "D2", "月份": "2024-12", "实际减排量": 6000})
    months.append(
        {
            "合同编号": "D3",
            "月份": "2024-12",
            "持有量": 10,
            "价格": 40,
            "现金": 200,
            "实缴金额": 800,
            "累计分配": 300,
        }
    )
    hand_in("carbon_deal_days", months)
    verdicts = said("carbon_deal")
    last = verdicts["D1", "carbon_finance.pledge", "2024-04"]
    assert (last["loan"], last["margin"]) == pytest.approx((16_000, -4_000))
    assert verdicts["D1", "carbon_finance.var", ""]["value"] == pytest.approx(40_000)
    first = verdicts["D1", "carbon_finance.pledge", "2024-01"]
    assert (first["loan"], first["margin"]) == pytest.approx((20_000, 0))
    insured = verdicts["D2", "carbon_finance.insurance", "2024-12"]
    assert (insured["premium"], insured["payment"]) == pytest.approx((20_000, 120_000))
    fund = verdicts["D3", "carbon_finance.fund", "2024-12"]
    assert (fund["worth"], fund["multiple"]) == pytest.approx((600, 1.125))
    assert due("carbon_deal")["D1", "ends", ""] == ("2024-12-31", "overdue")


def test_credits_of_a_project_are_issued_once_and_acts_count_once(hand_in, said, explained):
    """1,000 MWh × 0.5 = 500 t; 300 issued, 100 of them cancelled. Acts: 10 × 2 kg and 5 × 2 kg, the
    second voucher handed in twice: 30 kg × 2 points = 60, 50 spent.
    """
    hand_in(
        "credit_methods",
        [{"方法学": "M1", "名称": "光伏", "公布日期": "2021-10-01", "来源": "测试用"}],
    )
    project = {
        "编号": "C1",
        **PLACE,
        "名称": "光伏",
        "方法学": "M1",
        "计入期起始日": "2022-01-01",
        "计入期类型": "固定",
        "机制": "旧机制",
    }
    hand_in("offset_projects", [project])
    hand_in("offset_years", [{"编号": "C1", "年份": 2023, "上网电量": "1,000", "排放因子": 0.5}])
    entry = {"编号": "C1", "时段": "2023", "单位": "吨", "品种": "CQCER", "账户": "业主"}
    entries = [
        {**entry, "流水号": "3", "日期": "2024-06-03", "事项": "核销", "数量": 100},
        {**entry, "流水号": "2", "日期": "2024年6月2日", "事项": "签发", "数量": 300},
        {**entry, "流水号": "1", "日期": "2024-06-01", "事项": "登记产出", "数量": 500},
    ]
    hand_in("credit_entries", entries)
    verdicts = said("offset_project")
    assert verdicts["C1", "credit.method", ""]["usable"] == "是"
    assert verdicts["C1", "credit.period", ""]["last"] == "2031-12-31"
    assert verdicts["C1", "credit.power", "2023"]["issued"] == 500
    registry = verdicts["C1", "credit.registry", ""]
    assert (registry["cqcer_issued"], registry["cqcer_cancelled"]) == (300, 100)
    hand_in(
        "credit_entries",
        [{**entry, "流水号": "4", "日期": "2024-07-01", "事项": "签发", "数量": 300}],
    )
    assert "不能重复签发" in said("offset_project")["C1", "credit.registry", ""]["refused"]
    hand_in("points_accounts", [{"账户": "P1", **PLACE}, {"账户": "P2", **PLACE}])
    hand_in("act_factors", [{"行为": "骑行", "每次减排": 2, "每千克积分": 2, "来源": "测试用"}])
    act = {"账户": "P1", "行为": "骑行", "日期": "2024-05-01"}
    acts = [
        {**act, "订单号": "a", "次数": 10},
        {**act, "订单号": "b", "次数": 5},
        {**act, "账户": "P2", "日期": "2024-05-02", "订单号": "b", "次数": 5},
    ]
    hand_in("low_carbon_acts", acts)
    hand_in("points_spent", [{"账户": "P1", "订单号": "x", "日期": "2024-06-01", "积分": 50}])
    points = said("points_account")
    first = points["P1", "credit.points_ledger", "P1"]
    assert (first["reduction"], first["earned"], first["balance"]) == (30, 60, 10)
    second = points["P2", "credit.points_ledger", "P2"]
    assert (second["earned"], second["repeated"]) == (0, 1)
    explained("low_carbon_act_points", "points_ledgers")


def test_a_pledge_is_tested_once_its_year_is_whole(hand_in, said, due, explained):
    """3 of 12 tce each month is 25 % against 30 % pledged: 0.05 × 144 = 7.2 tce are lacking."""
    hand_in(
        "nonfossil_pledges",
        [{"编号": "N1", **PLACE, "名称": "丁项目", "承诺占比": "30%", "批复日期": "2023-05-01"}],
    )
    months = [
        {"编号": "N1", "月份": f"2024年{n}月", "非化石能源消费量": 3, "综合能源消费量": 12}
        for n in range(1, 13)
    ]
    hand_in("pledge_months", months[:11])
    assert not said("nonfossil_pledge")
    hand_in("pledge_months", months[11:])
    hand_in("pledge_settlements", [{"编号": "N1", "年份": 2024, "应核定日期": "2025-03-31"}])
    verdict = said("nonfossil_pledge")["N1", "green.nonfossil_pledge", "2024"]
    assert (verdict["broken"], verdict["gap"]) == ("2024", pytest.approx(7.2))
    assert due("nonfossil_pledge")["N1", "settle", "2024"] == ("2025-03-31", "overdue")
    explained("pledge_years")


def test_a_scheme_pays_by_class_and_order_and_tells_its_carbon(hand_in, said, explained):
    """Level 1: 20 % up to 500, level 2: 10 %, level 3 is in no class; one piece each. a: 600 capped
    to 500; b: 200; c: nothing; d: a second piece of buyer 1, nothing. Saved: 400 kWh × 0.5 kg =
    0.2 t for a; b has no saving. 700 / 0.2 = 3,500 yuan a tonne.
    """
    hand_in(
        "subsidy_schemes",
        [
            {
                "活动": "S1",
                **PLACE,
                "名称": "家电",
                "预算": "600",
                "余额不足时部分支付": "是",
                "开始日期": "2025-01-20",
            }
        ],
    )
    common = {"活动": "S1", "品类": "冰箱", "来源": "测试用"}
    classes = [
        {
            **common,
            "等级": "1级",
            "比例": "20%",
            "封顶": 500,
            "每人件数": 1,
            "每件年节电": 400,
            "电力排放因子": 0.5,
        },
        {**common, "等级": "2级", "比例": 10},
    ]
    hand_in("subsidy_classes", classes)
    bought = [
        ("a", 1, "1级", 3000),
        ("b", 2, "2级", 2000),
        ("c", 3, "3级", 2000),
        ("d", 1, "1级", 900),
    ]
    purchases = [
        {
            "活动": "S1",
            "订单号": order,
            "日期": f"2025-02-0{day}",
            "购买人": buyer,
            "品类": "冰箱",
            "等级": level,
            "售价": price,
        }
        for day, (order, buyer, level, price) in enumerate(bought, start=1)
    ]
    hand_in("subsidy_purchases", purchases)
    verdicts = said("subsidy_scheme")
    paid = verdicts["S1", "subsidy.budget", ""]
    assert (paid["paid"], paid["left"], paid["served"]) == (600, 0, 2)
    effect = verdicts["S1", "subsidy.effect", ""]
    assert (effect["due"], effect["saved"]) == (pytest.approx(700), pytest.approx(0.2))
    assert effect["cost"] == pytest.approx(3500)
    explained("subsidy_claims", "subsidy_effects")


def test_incentive_money_has_a_floor(hand_in, said):
    """As in the case of the rule: 100 万 by 8, 1.5, 0.5 with a floor of 10 万."""
    hand_in(
        "incentive_funds",
        [{"编号": "F1", **PLACE, "名称": "奖补", "总额": "100万", "保底额": "10万"}],
    )
    figures = {"甲镇": 8, "乙镇": 1.5, "丙镇": 0.5}
    hand_in(
        "incentive_results", [{"资金编号": "F1", "乡镇": r, "得分": n} for r, n in figures.items()]
    )
    verdict = said("incentive_fund")["F1", "fund.incentive", ""]
    assert verdict["total"] == 1_000_000
    assert "757894.74" in verdict["shares"] and "100000" in verdict["shares"]


def test_a_unit_has_its_relief_by_year(hand_in, said, due, explained):
    """As in the cases of the rules: all of 10 万 in year three, half of 25 万 in year four; 10 % of
    50 万, 1 万 used, 4 万 carried to the end of 2028; 480 yuan of vehicle tax and 600 of a
    new-energy vessel of half a year, 300.
    """
    firm = {"统一社会信用代码": "91500232MA5U000001"}
    hand_in("relief_units", [{**firm, **PLACE, "企业名称": "甲厂"}])
    income = {
        "项目": "污水处理",
        "年度": 2024,
        "首笔收入年度": "2021",
        "所得额": "100万",
        "在优惠目录内": "是",
    }
    third_year = income | {"年度": 2023, "所得额": "40万"}
    hand_in("relief_incomes", [{**firm, **income}, {**firm, **third_year}])
    hand_in(
        "relief_equipment",
        [{**firm, "设备": "B", "购置年度": 2023, "价格": "50万", "在优惠目录内": "是"}],
    )
    hand_in("relief_taxes", [{**firm, "纳税年度": 2023, "应纳税额": "1万"}])
    hand_in(
        "relief_vehicles",
        [
            {
                **firm,
                "号牌号码": "渝A1",
                "年度": 2024,
                "类型": "新能源",
                "在减免车型目录内": "是",
                "年税额": 480,
            },
            {
                **firm,
                "号牌号码": "渝航货1号",
                "年度": 2024,
                "类型": "新能源",
                "在减免车型目录内": "是",
                "年税额": "600",
                "计税月数": 6,
            },
        ],
    )
    unit = firm["统一社会信用代码"]
    verdicts = said("tax_relief")
    assert verdicts[unit, "tax_relief.project_income", "污水处理 2024"]["relief"] == 125_000
    assert verdicts[unit, "tax_relief.project_income", "污水处理 2023"]["relief"] == 100_000
    assert verdicts[unit, "tax_relief.equipment_carry", ""]["carried"] == 40_000
    assert verdicts[unit, "tax_relief.vehicles", "2024"]["relief"] == 480 + 300
    assert due("tax_relief")[unit, "use_credit", ""][0] == "2028-12-31"
    explained("relief_project_years")
