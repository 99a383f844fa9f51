"""What was a list only and has a file now: policies of green insurance, idle plots, reclaimed
water, exhibitions, digital retrofits. Each from rows as an office writes them to what it reads,
then one figure corrected.
"""

from __future__ import annotations

import pytest

from hengtan.basis.errors import ImportRejected

WULONG, CITY = "500156", "500000"
FIRM = "91500232MA5U000001"


def test_a_policy_in_force_is_summed_and_its_claims_stand_beside_the_premium(
    hand_in, said, due, paper, total
):
    """3 million insured for 20,000 yuan without end yet, one claim of 15,000 paid and one open:
    75 %. A second policy of 1 million has expired; with its end corrected 4 million are in force.
    """
    first = {
        "保单号": "P1",
        "区县": "武隆区",
        "被保险人": "某化工厂",
        "险种": "环境污染责任保险",
        "保险公司": "某财险",
        "起保日期": "2025年7月1日",
        "终保日期": "2099-06-30",
        "保额": "300",
        "保费": 2,
    }
    second = first | {"保单号": "P2", "保额": 100, "终保日期": "2025/12/31"}
    paid = {"赔案号": "C1", "保单号": "P1", "报案日期": "2025-09-01", "结案日期": "2025-11-01"}
    hand_in("insurance_policies", [first, second])
    opened = {"赔案号": "C2", "保单号": "P1", "报案日期": "2026-01-05"}
    hand_in("insurance_claims", [paid | {"赔款": 1.5}, opened])
    verdict = said("insurance_policy")["P1", "insurance.policy", ""]
    assert (verdict["state"], verdict["open_claims"]) == ("在保", 1)
    assert verdict["loss_ratio"] == pytest.approx(75)
    assert due("insurance_policy")["P2", "renew", ""] == ("2025-12-31", "overdue")
    assert total("insurance_policy", "in_force")[CITY] == 300
    assert "关于按期续保绿色保险的函（某化工厂）" in paper("insurance_policy", "P2", "reminder")
    hand_in("insurance_policies", [second | {"终保日期": "2099-12-31"}])
    assert total("insurance_policy", "in_force")[WULONG] == 400
    assert total("insurance_policy", "days_left")[WULONG] is None  # days and shares have no sum
    unclaimed = said("insurance_policy")["P2", "insurance.policy", ""]
    assert unclaimed["state"] == "在保" and "paid" not in unclaimed
    with pytest.raises(ImportRejected, match="结案没有填赔款"):
        hand_in("insurance_claims", [paid | {"赔款": ""}])


def test_an_idle_plot_is_disposed_of_by_its_term_and_areas_are_summed(
    hand_in, said, due, paper, total
):
    """2 and 3 ha, the first put to use in time; the other is past its term. Once it is put to use
    too nothing lies idle and 5 ha are in use again.
    """
    plot = {"区县": "武隆区", "类别": "闲置", "认定日期": "2025-01-10", "依据": "认定书（测试）"}
    first = plot | {"宗地编号": "L1", "地块名称": "一号地", "面积": "2", "处置时限": "2025-12-31"}
    second = plot | {"宗地编号": "L2", "地块名称": "二号地", "面积": 3, "处置时限": "2026-06-30"}
    hand_in("idle_plots", [first | {"盘活日期": "2025年12月31日"}, second])
    states = {key[0]: row for key, row in said("idle_plot").items()}
    assert (states["L1"]["state"], states["L1"]["late"]) == ("已处置", "未逾期")
    assert (states["L2"]["state"], states["L2"]["late"]) == ("待处置", "逾期")
    assert due("idle_plot")["L2", "dispose", ""] == ("2026-06-30", "overdue")
    assert total("idle_plot", "idle_area")[WULONG] == 3
    assert "关于限期处置用地的通知（二号地）" in paper("idle_plot", "L2", "notice")
    hand_in("idle_plots", [second | {"盘活日期": "2026-07-15"}])
    assert (total("idle_plot", "idle_area")[CITY], total("idle_plot", "used_area")[CITY]) == (0, 5)


def test_reclaimed_water_is_held_against_the_design_month_by_month(hand_in, said, paper, total):
    """1,000 m³ a day in January and February 2025 is 59,000 m³; 29,500 were made and 14,750 used:
    50 % and 25 % of the design. February corrected to 14,750 used: all that was made is used.
    """
    plant = {"编号": "Z1", "区县": "武隆区", "名称": "某再生水厂", "设计规模": "1,000"}
    hand_in("reclaimed_facilities", [plant | {"投运日期": "2024-06-01"}])
    months = [
        {"编号": "Z1", "月份": "2025年1月", "产水量": "14,750", "利用量": "14,750"},
        {"编号": "Z1", "月份": "2025-02", "产水量": 14_750, "利用量": 0},
    ]
    hand_in("reclaimed_months", months)
    year = ("Z1", "reclaimed.year", "2025")
    verdict = said("reclaimed_facility")[year]
    assert (verdict["load"], verdict["design_use"]) == (pytest.approx(50), pytest.approx(25))
    assert (verdict["use_rate"], verdict["still"]) == (pytest.approx(50), 1)
    assert "14,750" in paper("reclaimed_facility", "Z1", "check")
    hand_in("reclaimed_months", [months[1] | {"利用量": "14,750"}])
    verdict = said("reclaimed_facility")[year]
    assert (verdict["use_rate"], verdict["still"]) == (pytest.approx(100), 0)
    assert total("reclaimed_facility", "used", 2025)[CITY] == 29_500
    assert total("reclaimed_facility", "used", 2025)[WULONG] == 29_500


def test_stands_used_again_are_held_against_the_standard_named(hand_in, said, paper, total):
    """90 of 200 stands are 45 %, 5 points short of 50 %; corrected to 100 they reach it."""
    fair = {
        "编号": "E1",
        "区县": "武隆区",
        "名称": "某博览会",
        "举办日期": "2026-05-01",
        "展位数": 200,
        "绿色展位": "90",
        "要求比例": "50%",
        "标准名称": "某会展标准（测试）",
    }
    hand_in("exhibitions", [fair])
    key = ("E1", "exhibition.reuse", "")
    verdict = said("exhibition")[key]
    assert (verdict["share"], verdict["lack"]) == (pytest.approx(45), pytest.approx(5))
    assert "未达到标准" in paper("exhibition", "E1", "check")
    hand_in("exhibitions", [fair | {"绿色展位": 100}])
    assert said("exhibition")[key]["verdict"] == "达到标准"
    assert total("exhibition", "reused")[WULONG] == 100
    assert total("exhibition", "stands")[CITY] == 200


def test_a_digital_retrofit_is_held_against_the_energy_records_of_the_firm(
    hand_in, said, due, paper, total
):
    """1,000 t of raw coal (0.7143 tce/t) for 500 machines before, 1,080 t for 600 after: 1,200 t at
    equal output, 120 t or 85.716 tce saved, 10 %. With 1,140 t recorded 60 t or 42.858 tce.
    """
    firm = {
        "编号": "D1",
        "区县": "武隆区",
        "企业名称": "甲厂",
        "统一社会信用代码": FIRM,
        "计划验收日期": "2024-06-30",
        "验收日期": "2024-06-20",
        "基准年": 2023,
        "改造前产量": "500",
        "产量单位": "台",
    }

    def coal(year, tonnes):
        place = {"地区": "武隆区", "统一社会信用代码": FIRM, "单位名称": "甲厂", "行业": "30"}
        used = {"能源品种": "原煤", "计量单位": "吨", "购进量": tonnes, "消费量": tonnes}
        return place | {"时期": f"{year}年"} | used

    hand_in("digital_firms", [firm])
    hand_in("digital_firm_years", [{"编号": "D1", "年度": "2025年", "产量": 600}])
    ((_, verdict),) = said("digital_firm").items()
    assert "没有2023年的能源记录" in verdict["refused"]
    hand_in("enterprise_energy", [coal(2023, 1000), coal(2025, 1080)])
    ((_, verdict),) = said("digital_firm").items()
    assert verdict["saved"] == pytest.approx(85.716)
    assert verdict["rate"] == pytest.approx(10)
    assert due("digital_firm")["D1", "accept", ""] == ("2024-06-30", "done")
    assert "10" in paper("digital_firm", "D1", "reckoning")
    hand_in("enterprise_energy", [coal(2025, 1140)])
    assert total("digital_firm", "saved")[CITY] == pytest.approx(42.858)
    assert total("digital_firm", "saved")[WULONG] == pytest.approx(42.858)
