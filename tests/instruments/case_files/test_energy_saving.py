"""Energy supervision from plan to closure, a diagnosis with its measures, and an energy performance
contract from the meters before and after to payment and tax.

By hand: before 1,000 tce for 5,000 t is 0.2 tce/t; after, 6,000 t would have taken 1,200; metered
12 × 90 = 1,080; saved 120 tce, at 800 yuan 96,000, of which 60 % in the second year 57,600.
"""

from __future__ import annotations

import pytest
from reproducing import reproduced

from hengtan.desk.lists_of_files import lists_beside

FIRM = "91500232MA5U000001"
"""Energy of the firm: 1,000 t of raw coal × 0.7143 = 714.3 tce (205-1)."""


def energy_record():
    return {
        "地区": "武隆区",
        "统一社会信用代码": FIRM,
        "单位名称": "甲厂",
        "行业": "30",
        "时期": "2024年",
        "能源品种": "原煤",
        "计量单位": "吨",
        "购进量": 1000,
        "消费量": 1000,
    }


def test_an_inspection_from_plan_to_closure(workspace, hand_in, said, due, paper):
    """120 kgce/t against 100: (120 − 100) × 50,000 t = 1,000 tce beyond the limit. Clinker of a
    third case, 118 kgce/t, stands beside the 117 of GB 16780-2021, which is on file. A unit that
    was never inspected comes before one whose findings are closed.
    """
    case = {
        "监察编号": "J1",
        "区县": "武隆区",
        "统一社会信用代码": FIRM,
        "单位名称": "甲厂",
        "监察内容": "单位产品能耗限额",
        "计划日期": "2025-03-31",
        "实施日期": "2025-03-20",
    }
    planned = {**case, "监察编号": "J2", "计划日期": "2025-06-30", "实施日期": ""}
    product = {
        "监察编号": "J1",
        "产品": "石灰",
        "产量": "5万",
        "综合能耗": "6,000",
        "限额限定值": 100,
        "限额标准号": "某标准",
    }
    finding = {
        "监察编号": "J1",
        "问题序号": "1",
        "问题类别": "超能耗限额",
        "通知日期": "2025年4月1日",
        "整改期限": "2025-09-30",
    }
    hand_in("supervision_cases", [case, planned])
    hand_in("supervision_products", [product])
    hand_in("supervision_findings", [finding])
    hand_in("enterprise_energy", [energy_record()])
    verdicts = said("energy_supervision")
    limits = verdicts["J1", "supervision.limits", ""]
    assert (limits["over"], limits["worst"]) == ("石灰", pytest.approx(0.2))
    assert limits["excess"] == pytest.approx(1_000)
    assert verdicts["J1", "supervision.closure", ""]["verdict"] == "逾期未整改：1"
    assert verdicts["J1", "review.key_unit", ""]["verdict"] == "不是重点用能单位"
    assert ("J2", "supervision.closure", "") not in verdicts
    days = due("energy_supervision")
    assert days["J1", "inspect", ""] == ("2025-03-31", "done")
    assert days["J2", "inspect", ""] == ("2025-06-30", "overdue")
    assert days["J1", "mend", "1"] == ("2025-09-30", "overdue")
    notice = paper("energy_supervision", "J1", "notice")
    assert "超限额的产品：石灰" in notice and "1,000吨标准煤" in notice.replace(" ", "")

    hand_in("supervision_products", [{**product, "综合能耗": "5,000"}])
    hand_in("supervision_findings", [{**finding, "销号日期": "2025-09-15"}])
    hand_in("supervision_cases", [{**case, "结案日期": "2025-09-20"}])
    verdicts = said("energy_supervision")
    assert verdicts["J1", "supervision.limits", ""]["verdict"] == "符合限额"
    assert verdicts["J1", "supervision.finding", "1"]["state"] == "按期销号"
    closure = verdicts["J1", "supervision.closure", ""]
    assert (closure["rate"], closure["verdict"]) == (1, "已结案")
    assert "已结案" in paper("energy_supervision", "J1", "closing")
    closed = [
        (row["place"], row["subjects"])
        for row in workspace.execute("case_energy_supervision_totals").to_pylist()
        if (row["output"], row["text"]) == ("closed", "是")
    ]
    assert ("500156", 1) in closed and ("500000", 1) in closed
    reproduced(workspace, "supervision_unit_energy", "case_energy_supervision_totals")

    third = {**case, "监察编号": "J3", "计划日期": "2025-10-31", "实施日期": "2025-10-20"}
    clinker = {**product, "监察编号": "J3", "产品": "水泥熟料", "综合能耗": "5,900"}
    hand_in("supervision_cases", [third])
    clinker |= {"限额限定值": "", "限额标准号": "", "限额指标": "综合能耗"}
    hand_in("supervision_products", [clinker])
    by_standard = said("energy_supervision")["J3", "supervision.limits", ""]
    assert (by_standard["over"], by_standard["excess"]) == ("水泥熟料", pytest.approx(50))
    hand_in("supervision_products", [clinker | {"综合能耗": "5,000"}])
    other = {"统一社会信用代码": "91500232MA5U000002", "单位名称": "乙厂"}
    hand_in("enterprise_energy", [energy_record() | other])
    risks = workspace.execute("supervision_risks").to_pylist()
    in_order = [row["entity_name"] for row in sorted(risks, key=lambda row: row["rank"])]
    assert in_order == ["乙厂", "甲厂"]


def test_a_diagnosis_takes_the_energy_of_the_unit_from_its_records(hand_in, said, due, paper):
    """50 tce × 1,000 yuan pays 100,000 back in two years; the other takes ten. Without a factor
    nothing is said of CO2, not nought.
    """
    diagnosis = {
        "诊断编号": "D1",
        "地区": "武隆区",
        "统一社会信用代码": FIRM,
        "单位名称": "甲厂",
        "报告日期": "2025-05-30",
        "能源均价": "1000",
        "回收期要求": 5,
    }
    measures = [
        {
            "诊断编号": "D1",
            "措施": "余热",
            "年节能量": 50,
            "投资": "10万元",
            "计划日期": "2025-10-31",
            "完成日期": "2025-10-20",
        },
        {
            "诊断编号": "D1",
            "措施": "电机",
            "年节能量": 10,
            "投资": "10万元",
            "计划日期": "2025-08-31",
        },
    ]
    hand_in("energy_diagnoses", [diagnosis])
    hand_in("diagnosis_measures", measures)
    lacking = said("energy_diagnosis")["D1", "review.diagnosis", ""]["lacking"]
    assert "年综合能源消费量" in lacking
    hand_in("enterprise_energy", [energy_record()])
    verdict = said("energy_diagnosis")["D1", "review.diagnosis", ""]
    assert (verdict["saving"], verdict["cost"]) == (50, 100_000)
    assert verdict["share"] == pytest.approx(50 / 714.3)
    sheet = paper("energy_diagnosis", "D1", "opinion")
    assert "co2" not in verdict and "减排量" not in sheet
    assert sheet.index("回收期 2.0 年") < sheet.index("回收期 10.0 年，超出要求")
    assert "能效诊断结果与节能措施清单（甲厂）" in sheet and "5年" in sheet.replace(" ", "")
    days = due("energy_diagnosis")
    assert days["D1", "measure", "余热"] == ("2025-10-31", "done")
    assert days["D1", "measure", "电机"] == ("2025-08-31", "overdue")


def contract(**more):
    return {
        "合同编号": "H1",
        "地区": "武隆区",
        "统一社会信用代码": FIRM,
        "项目名称": "余热利用",
        "方式": "合同能源管理",
        "投资": "10万元",
        "能源单价": 800,
        "预计年节能量": 100,
        "设备寿命": 10,
        "折现率": 0,
        "合同起始日期": "2024-01-01",
        "合同终止日期": "2025-12-31",
        "享受所得税优惠": "是",
        **more,
    }


def meters(after=90):
    before = {"合同编号": "H1", "时期": "2023年", "阶段": "改造前", "能耗": "1,000", "产量": 5000}
    months = [
        {"合同编号": "H1", "时期": f"2025年{month}月", "阶段": "改造后", "能耗": after, "产量": 500}
        for month in range(1, 13)
    ]
    return [before, *months]


def test_a_contract_is_paid_by_what_the_meters_saved(workspace, hand_in, said, due):
    """As expected: 80,000 × (0.8 + 0.6) − 100,000 = 12,000. As measured: 96,000 × 1.4 − 100,000 =
    34,400; no tax in the first two years under the relief, without it (76,800 − 50,000 + 57,600 −
    50,000) × 25 % = 8,600.
    """
    hand_in("saving_projects", [contract()])
    hand_in("saving_meters", meters())
    shares = [("2", 0.6), ("1", "80%")]
    hand_in(
        "saving_shares",
        [{"合同编号": "H1", "第几年": year, "分享比例": share} for year, share in shares],
    )
    verdicts = said("saving_project")
    year = verdicts["H1", "saving.verified", "2025"]
    assert year["saving"] == pytest.approx(120) and year["payment"] == pytest.approx(57_600)
    assert year["verdict"] == "达到预计"
    assert verdicts["H1", "emc.expected", ""]["company_npv"] == pytest.approx(12_000)
    measured = verdicts["H1", "emc.measured", ""]
    assert measured["company_npv"] == pytest.approx(34_400)
    # 100,000 = 76,800 / (1 + r) + 57,600 / (1 + r)²
    rate = (0.768 + (0.768**2 + 4 * 0.576) ** 0.5) / 2 - 1
    assert measured["company_irr"] == pytest.approx(rate, abs=1e-6)
    tax = verdicts["H1", "finance.emc_tax", ""]
    assert (tax["tax"], tax["relief"]) == (0, pytest.approx(8_600))
    assert tax["npv"] == pytest.approx(34_400)
    assert due("saving_project")["H1", "contract", ""][0] == "2025-12-31"

    hand_in("saving_meters", meters(after=95))
    year = said("saving_project")["H1", "saving.verified", "2025"]
    assert year["saving"] == pytest.approx(60) and year["verdict"] == "未达到预计"
    reproduced(workspace, "saving_years", "case_saving_project_verdicts")


def test_a_contract_that_begins_in_july_is_paid_by_its_own_years(hand_in, said):
    """Ten tce a month at 800 yuan. January to June are in the first year, 6 × 8,000 × 80 % =
    38,400, July to December in the second, 6 × 8,000 × 60 % = 28,800. Meters by year are refused.
    """
    hand_in("saving_projects", [contract(合同起始日期="2024-07-01", 合同终止日期="2026-06-30")])
    hand_in("saving_meters", meters())
    shares = [("1", 0.8), ("2", 0.6)]
    hand_in(
        "saving_shares",
        [{"合同编号": "H1", "第几年": year, "分享比例": share} for year, share in shares],
    )
    year = said("saving_project")["H1", "saving.verified", "2025"]
    assert year["payment"] == pytest.approx(38_400 + 28_800)
    whole = {"合同编号": "H1", "时期": "2024年", "阶段": "改造后", "能耗": 1080, "产量": 6000}
    hand_in("saving_meters", [whole])
    refused = said("saving_project")["H1", "saving.verified", "2024"]["refused"]
    assert "跨两个合同年度" in refused and "按月填" in refused


def test_value_added_tax_of_a_contract_follows_what_is_filed(hand_in, said):
    """96,000 × 1.4 = 134,400 with 6 % in it: 7,607.55, less 5,000 of input tax 2,607.55."""
    hand_in("saving_projects", [contract(增值税="缴纳", 投资进项税额="5,000")])
    hand_in("saving_meters", meters())
    shares = [("1", 0.8), ("2", 0.6)]
    hand_in(
        "saving_shares",
        [{"合同编号": "H1", "第几年": year, "分享比例": share} for year, share in shares],
    )
    tax = said("saving_project")["H1", "finance.emc_tax", ""]
    assert tax["vat"] == pytest.approx(134_400 * 6 / 106 - 5_000)
    hand_in("saving_projects", [contract(增值税="免征")])
    assert said("saving_project")["H1", "finance.emc_tax", ""]["vat"] == 0


def test_what_a_diagnosis_promised_stands_beside_the_meters(workspace, hand_in, said):
    """50 tce diagnosed for two measures of one project; the meters of 2025 say 12 × (100 − 96) =
    48, corrected to 12 × (100 − 95) = 60. A measure without a project is in neither.
    """
    diagnosis = {"诊断编号": "D1", "地区": "武隆区", "单位名称": "甲厂", "能源均价": 1000}
    diagnosis |= {"统一社会信用代码": FIRM, "报告日期": "2023-11-30"}
    hand_in("energy_diagnoses", [diagnosis])
    measures = [("余热", 30, "H1"), ("保温", 20, "H1"), ("电机", 10, "")]
    hand_in(
        "diagnosis_measures",
        [
            {
                "诊断编号": "D1",
                "措施": name,
                "年节能量": saved,
                "投资": 1000,
                "改造项目编号": project,
            }
            for name, saved, project in measures
        ],
    )
    asked = ("D1", "review.diagnosis_metered", "H1")
    assert "计量的年节能量" in said("energy_diagnosis")[asked]["lacking"]
    hand_in("saving_projects", [contract()])
    hand_in("saving_meters", meters(after=96))
    beside = said("energy_diagnosis")[asked]
    assert (beside["diagnosed"], beside["metered"]) == pytest.approx((50, 48))
    assert beside["verdict"] == "未达到诊断的节能量"
    hand_in("saving_meters", meters(after=95))
    beside = said("energy_diagnosis")[asked]
    assert (beside["reached"], beside["short"]) == pytest.approx((1.2, -10))
    assert beside["verdict"] == "达到诊断的节能量"
    reproduced(workspace, "saving_months", "diagnosis_savings")


def test_units_are_inspected_in_the_order_of_what_is_open_above_and_not_yet_seen(
    workspace, hand_in
):
    """A has an open finding and comes first. Once it is closed, 20 % above the limit still puts it
    before B and C, which were never inspected; within the limit it comes last. Of B and C the one
    that uses more comes first.
    """
    others = {"B": ("91500232MA5U000002", 20), "C": ("91500232MA5U000003", 30)}
    records = [energy_record()]
    for name, (code, tonnes) in others.items():
        more = {"统一社会信用代码": code, "单位名称": name, "购进量": tonnes, "消费量": tonnes}
        records.append(energy_record() | more)
    hand_in("enterprise_energy", records)
    case = {"监察编号": "J1", "区县": "武隆区", "单位名称": "甲厂", "监察内容": "综合监察"}
    case |= {"统一社会信用代码": FIRM, "计划日期": "2025-03-31", "实施日期": "2025-03-20"}
    hand_in("supervision_cases", [case])
    product = {"监察编号": "J1", "产品": "石灰", "产量": "5万", "限额限定值": 100}
    product |= {"限额标准号": "某标准"}
    hand_in("supervision_products", [product | {"综合能耗": "6,000"}])
    finding = {"监察编号": "J1", "问题序号": "1", "问题类别": "超能耗限额"}
    finding |= {"通知日期": "2025-04-01", "整改期限": "2025-09-30"}
    hand_in("supervision_findings", [finding])

    def order():
        rows = workspace.execute("supervision_risks").to_pylist()
        return [row["entity_name"] for row in sorted(rows, key=lambda row: row["rank"])]

    assert order() == ["甲厂", "C", "B"]
    hand_in("supervision_findings", [finding | {"销号日期": "2025-09-15"}])
    assert order() == ["甲厂", "C", "B"]
    hand_in("supervision_products", [product | {"综合能耗": "5,000"}])
    assert order() == ["C", "B", "甲厂"]
    reproduced(workspace, "supervision_risks")


def test_a_retrofit_on_the_list_stands_beside_what_its_meters_say(workspace, hand_in, said):
    """100 tce a year on the list of the office; metered 12 × (100 − 95) = 60 in 2025, and 120 once
    the months are corrected to 90. Another own retrofit is on no list.
    """
    own = contract(方式="自主改造", 合同终止日期="")
    hand_in("saving_projects", [own, own | {"合同编号": "H2", "项目名称": "电机改造"}])
    hand_in("saving_meters", meters(after=95))
    listed = {"名录": "重点行业节能降碳改造项目清单", "地区": "武隆区", "级别": "区县级"}
    entry = listed | {"条目名称": "余热利用", "授予日期": "2025-02-01", "数量": 100}
    tonnes = {"计量单位": "吨标准煤"}
    hand_in("registry_entries", [entry | tonnes, entry | tonnes | {"条目名称": "窑炉", "数量": 0}])

    def metered():
        rows = workspace.execute("case_saving_project_totals").to_pylist()
        return {
            row["place"]: row["total"]
            for row in rows
            if (row["asked"], row["output"], row["year"]) == ("saving.verified", "saving", 2025)
            and row["place"] in ("500156", "500000")
        }

    assert metered() == {"500156": pytest.approx(60), "500000": pytest.approx(60)}
    years = workspace.execute("plan_registry_years").to_pylist()
    (of_list,) = [
        row["quantity_granted"]
        for row in years
        if (row["registry"], row["place"], row["year"]) == ("industry-retrofits", "500000", 2025)
    ]
    assert of_list == 100
    (own_list,) = lists_beside(workspace, "saving_project")
    assert (own_list.beside.both, own_list.beside.file_only) == (1, ("电机改造",))
    assert own_list.beside.list_only == ("窑炉",)
    hand_in("saving_meters", meters(after=90))
    assert metered()["500000"] == pytest.approx(120)
