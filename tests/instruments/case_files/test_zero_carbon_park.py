"""A national zero-carbon park over two firms, one of which holds a contract for green power; then
the coal of the other is corrected.

By hand, 2025. Coal 10,000 t: 7,143 tce, each tonne 23.204 GJ × 0.02618 t C × 0.93 × 44/12. Power
200,000 × 10⁴ kWh: 245,800 tce, of which 195,000 are settled as green: 50,000 MWh × 0.55 = 27,500 t.
0.1906 t a tce of 0.2 for parks of 200,000 to 1,000,000 tce (发改环资〔2025〕910号, second hand).
With 15,000 t of coal 0.2283: 7,269 t too many.
"""

from __future__ import annotations

import pytest

KIND = "zero_carbon_park"
FIRST, SECOND = "91500232MA5U00003C", "91500232MA5U00004D"
TONNE = 23.204 * 0.02618 * 0.93 * 44 / 12
PARK = {
    "园区代码": "L1",
    "区县": "武隆",
    "园区名称": "某零碳园区（测试）",
    "级别": "国家级零碳园区",
    "列入名单日期": "2025-12-01",
    "建成期限": "2027年12月31日",
}
YEAR = {
    "园区": "L1",
    "年度": "2025年",
    "清洁能源占比": "92%",
    "固废综合利用率": 0.75,
    "产品能耗达二级": "是",
    "电力因子": 0.55,
    "自查期限": "2026-06-30",
}


def energy(firm, product, unit, amount):
    where = {"企业代码": firm, "地区": "武隆区", "行业代码": "30", "年份": "2025"}
    return {**where, "品种": product, "单位": unit, "购进量": amount, "消费合计": amount}


@pytest.fixture
def kept(hand_in):
    hand_in("zero_carbon_parks", [PARK])
    hand_in("zero_carbon_years", [YEAR])
    members = [
        {"园区": "L1", "企业代码": firm, "入园日期": "2019-05-01"} for firm in (FIRST, SECOND)
    ]
    hand_in("park_members", members)
    hand_in("park_years", [{"园区": "L1", "年度": "2025", "注销抵消量": 1_000}])
    power = energy(SECOND, "电力", "万千瓦时", "200,000")
    hand_in("enterprise_energy", [energy(FIRST, "原煤", "吨", "10,000"), power])
    holder = {"账户": "A2", "地区": "武隆区", "企业代码": SECOND, "企业名称": "乙厂"}
    hand_in(
        "certificate_accounts", [{"账户编号" if k == "账户" else k: v for k, v in holder.items()}]
    )
    settled = {"合同号": "C1", "结算月份": "2025年5月", "账户": "A2", "电源": "风电"}
    hand_in("green_power_settlements", [settled | {"电量（万千瓦时）": "195,000"}])


def test_a_park_is_tested_by_its_size_and_offsets_stand_apart(
    kept, hand_in, said, due, explained, paper
):
    co2, tce = 10_000 * TONNE + 27_500, 7_143 + 245_800
    check = said(KIND)["L1", "park.zero_carbon", "2025"]
    assert check["core"] == pytest.approx(co2 / tce) and check["limit"] == 0.2
    assert check["verdict"] == "核心指标达到；引导性指标未达到：工业固体废弃物综合利用率"
    assert check["unknown"] == "余热余冷余压综合利用率、工业用水重复利用率"
    net = said(KIND)["L1", "park.net_emission", "2025"]
    assert net["net"] == pytest.approx(co2 - 1_000) and net["offset"] == 1_000
    assert due(KIND)["L1", "check", "2025"] == ("2026-06-30", "overdue")
    assert due(KIND)["L1", "built", ""][0] == "2027-12-31"
    explained("zero_carbon_figures")

    hand_in("enterprise_energy", [energy(FIRST, "原煤", "吨", "15,000")])
    co2, tce = 15_000 * TONNE + 27_500, 10_714.5 + 245_800
    again = said(KIND)["L1", "park.zero_carbon", "2025"]
    assert again["passes"] == "未达到" and again["core"] == pytest.approx(co2 / tce)
    assert again["to_cut"] == pytest.approx(co2 - 0.2 * tce)
    assert "一票否决" in paper(KIND, "L1", "check")

    wind = {"电源类型": "风电", "批次号": "W", "发电月份": "2025年3月"}
    head = {"日期": "2025-06-01", "数量": "10,000", **wind}
    bought = head | {"流水号": "1", "事项": "划转", "账户": "风场", "买方": "A2"}
    used = head | {"流水号": "2", "事项": "核销", "账户": "A2", "用途": "用电消费"}
    hand_in("certificate_entries", [bought, used | {"用电年份": "2025"}])
    with_certificates = said(KIND)["L1", "park.zero_carbon", "2025"]
    less = 10_000 * 0.55  # MWh × t/MWh
    assert with_certificates["core"] == pytest.approx((co2 - less) / tce)
    project = {"园区代码": "L2", "园区名称": "某零碳项目（测试）", "级别": "零碳示范项目"}
    hand_in("zero_carbon_parks", [PARK | project])
    hand_in("zero_carbon_years", [YEAR | {"园区": "L2"}])
    members = [{"园区": "L2", "企业代码": f, "入园日期": "2025-01-01"} for f in (FIRST, SECOND)]
    hand_in("park_members", members)
    hand_in("park_years", [{"园区": "L2", "年度": "2025", "注销抵消量": 0}])
    of_project = said(KIND)["L2", "park.net_emission", "2025"]
    assert of_project["net"] == pytest.approx(co2 - less)
    assert ("L2", "park.zero_carbon", "2025") not in said(KIND)  # asked of national parks only


def test_a_park_below_the_sizes_and_a_year_before_the_notice_refuse(kept, hand_in, said):
    """8,000 × 10⁴ kWh and no coal: 9,832 tce; no limit was read for such a park."""
    small = [energy(FIRST, "原煤", "吨", 0), energy(SECOND, "电力", "万千瓦时", "8,000")]
    hand_in("enterprise_energy", small)
    settled = {
        "合同号": "C1",
        "结算月份": "2025年5月",
        "账户": "A2",
        "电源": "风电",
        "电量（万千瓦时）": 1,
    }
    hand_in("green_power_settlements", [settled])
    check = said(KIND)["L1", "park.zero_carbon", "2025"]
    assert "发改环资〔2025〕910号" in check["not_established"]
    hand_in(
        "enterprise_energy", [small[1] | {"年份": "2023", "购进量": 200_000, "消费合计": 200_000}]
    )
    early = said(KIND)["L1", "park.zero_carbon", "2023"]
    assert "没有读到限值" in early["not_established"]
