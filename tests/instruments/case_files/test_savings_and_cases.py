"""Contracts from their bills to what falls to either side, saving projects to both parts of their
rate, a case from enforcement to justice, a bad example to its end.

By hand, custody of 2025: each month 1,000 kWh after 1,250 in the same month of 2023 at 0.8 yuan:
base 12 × 1,000 = 12,000 yuan, bills 12 × 800 = 9,600, saved 2,400; the fee of 11,000 leaves the
client 1,000 and the provider 1,400. January corrected to 1,250 kWh at 1,000 yuan: bills 9,800.
"""

from __future__ import annotations

import pytest

from hengtan.desk.lists_of_files import lists_beside

HOSPITAL = {
    "合同编号": "T1",
    "区县": "武隆区",
    "合同类别": "能源托管",
    "统一社会信用代码": "12500232MB00000011",
    "公共机构": "区人民医院",
    "合同起始日期": "2024-07-15",
    "合同到期日": "2029年7月14日",
    "基准年": 2023,
    "托管费": "1.1万",
    "约定节能率": 20,
    "建筑面积": "2,000平方米",
}


def bills(year, amount, bill, months=range(1, 13), **more):
    return [
        {
            "合同编号": "T1",
            "品种": "电",
            "月份": f"{year}年{month}月",
            "用电量": amount,
            "计量单位": "千瓦时",
            "电费": bill,
            **more,
        }
        for month in months
    ]


BASE = bills(2023, "1,250", "")
AFTER = [*bills(2024, 1000, 800, range(7, 13)), *bills(2025, 1000, 800)]


def test_bills_become_what_falls_to_client_and_provider_and_a_corrected_bill_another(
    workspace, hand_in, said, due, explained
):
    hand_in("saving_contracts", [HOSPITAL])
    hand_in("contract_months", [*BASE, *AFTER])
    year = ("T1", "contract.saving", "2025")
    first = said("saving_contract")[year]
    assert (first["client"], first["provider"]) == (pytest.approx(1000), pytest.approx(1400))
    assert (first["worth"], first["rate"], first["agreement"]) == (2400, 20, "达到")
    half = said("saving_contract")["T1", "contract.saving", "2024"]
    assert (half["months"], half["provider"]) == (6, pytest.approx(5500 - 4800))
    assert due("saving_contract")["T1", "end", ""] == ("2029-07-14", "open")
    explained("contract_years")
    hand_in("contract_months", [*BASE, *AFTER[:6], *bills(2025, 1250, 1000, [1]), *AFTER[7:]])
    second = said("saving_contract")[year]
    assert (second["client"], second["provider"]) == (pytest.approx(1000), pytest.approx(1200))
    assert second["agreement"] == "电未达到"


def test_bills_after_the_contract_are_not_in_its_saving(hand_in, said):
    """It ends on 2025-03-31: three months, 250 kWh saved in each at 0.8 yuan, are 600 yuan."""
    hand_in("saving_contracts", [HOSPITAL | {"合同到期日": "2025-03-31"}])
    hand_in("contract_months", [*BASE, *AFTER])
    verdict = said("saving_contract")["T1", "contract.saving", "2025"]
    assert (verdict["months"], verdict["worth"]) == (3, pytest.approx(600))


def test_a_month_without_its_base_and_a_base_in_another_unit_are_told(hand_in, said):
    hand_in("saving_contracts", [HOSPITAL])
    hand_in("contract_months", [*BASE[1:], *AFTER])
    why = said("saving_contract")["T1", "contract.saving", "2025"]["refused"]
    assert "电" in why and "1个月在基准年没有同单位的账单" in why
    hand_in("contract_months", [*bills(2023, 1.25, "", 计量单位="兆瓦时"), *AFTER])
    why = said("saving_contract")["T1", "contract.saving", "2025"]["refused"]
    assert "12个月在基准年没有同单位的账单" in why


def test_water_saved_is_shared_and_an_adjusted_baseline_counts(hand_in, said):
    """12 × (100 + 10 − 88) = 264 m³ at 4 yuan is 1,056; the client keeps a quarter, 264."""
    water = HOSPITAL | {"合同类别": "合同节水", "托管费": "", "甲方分享比例": "25%"}
    hand_in("saving_contracts", [water])
    before = bills(2023, 100, 400)
    after = bills(2025, 88, 352, 基准调整量=10, 调整理由="床位增加")
    hand_in("contract_months", [*before, *after])
    verdict = said("saving_contract")["T1", "contract.saving", "2025"]
    assert (verdict["worth"], verdict["client"]) == (pytest.approx(1056), pytest.approx(264))
    assert verdict["rate"] == pytest.approx(100 * 264 / 1320)


def test_thrift_projects_give_both_parts_of_their_rate_by_kind(workspace, hand_in, said, explained):
    """Energy 1000 ÷ 100 × 200 = 2,000 expected, 1,700 used; 500 ÷ 50 × 50 = 500, 400 used: 400 of
    2,500 saved, 16 %. Water stands apart.
    """
    head = {"区县": "武隆区", "项目名称": "某项目", "类别": "节能"}
    water = {"编号": "S3", "类别": "节水"}
    hand_in("thrift_projects", [head | {"编号": "S1"}, head | {"编号": "S2"}, head | water])

    def year(project, *figures, resource="综合能耗", unit="吨标准煤"):
        names = ("改造前用量", "改造前产出", "当年用量", "当年产出")
        plain = {"编号": project, "资源": resource, "年度": "2025", "用量单位": unit}
        return plain | {"产出单位": "吨"} | dict(zip(names, figures, strict=True))

    hand_in(
        "thrift_project_years",
        [
            year("S1", "1,000", 100, 1700, 200),
            year("S2", 500, 50, 400, 50),
            year("S3", 10, 1, 8, 1, resource="新水", unit="立方米"),
        ],
    )
    assert said("thrift_project")["S1", "saving.intensity", "综合能耗"]["saved"] == 300
    rows = workspace.execute("thrift_years").to_pylist()
    sums = {row["category"]: row for row in rows if row["place"] == "500156"}
    assert (sums["energy"]["expected"], sums["energy"]["use_saved"]) == (2500, 400)
    assert (sums["energy"]["rate"], sums["water"]["use_saved"]) == (pytest.approx(16), 2)
    explained("thrift_years")


def test_five_agencies_see_one_case_and_what_was_made_public_of_it(hand_in, said, due):
    case = {
        "案号": "渝武环移〔2026〕1号",
        "区县": "武隆区",
        "案由": "非法倾倒危险废物",
        "移送报告日期": "2026-03-02",
        "批准移送日期": "2026-03-04",
        "移送日期": "2026-03-05",
        "公安接受日期": "2026/3/5",
    }
    example = {
        "编号": "B1",
        "区县": "武隆区",
        "类别": "反面曝光",
        "标题": "某公司倾倒危险废物",
        "案号": case["案号"],
        "曝光日期": "2026-04-01",
        "整改期限": "2026-05-31",
    }
    hand_in("enforcement_cases", [case])
    hand_in("public_examples", [example])
    key = (case["案号"], "link.transfer", "")
    seen = said("enforcement_case")[key]
    assert (seen["holder"], seen["police"], seen["environment"]) == ("公安", "待决定", "已移送")
    assert seen["exposures"] == 1
    days = due("enforcement_case")
    assert days[case["案号"], "send", ""] == ("2026-03-05", "done")
    assert days[case["案号"], "decide", ""] == ("2026-03-08", "overdue")
    assert due("public_example")["B1", "rectify", ""] == ("2026-05-31", "overdue")
    filed = {"公安决定日期": "2026-03-07", "立案": "是", "起诉日期": "2026-06-01"}
    hand_in("enforcement_cases", [case | filed])
    seen = said("enforcement_case")[key]
    assert (seen["holder"], seen["court"]) == ("法院", "待判决")
    assert due("enforcement_case")[case["案号"], "decide", ""] == ("2026-03-08", "done")
    hand_in("public_examples", [example | {"整改完成日期": "2026-05-30"}])
    assert said("public_example")["B1", "example.rectified", ""]["state"] == "已整改，待核实"


def test_a_line_is_closed_by_its_term_and_the_energy_it_lets_free_is_summed(
    workspace, hand_in, said, due, paper
):
    """Of two lines of 3,000 and 2,000 tce one is dismantled and accepted in time, one is stopped
    and past its term: 3,000 tce are free, 5,000 once the other is dismantled too. The list of the
    office has the one that was accepted.
    """
    line = {
        "区县": "武隆区",
        "单位名称": "某砖厂",
        "退出时限": "2026-06-30",
        "文件": "某通知（测试）",
    }
    first = line | {"编号": "T1", "生产线（设备）": "一号轮窑", "年用能": "3,000"}
    done = {"关停日期": "2026年3月1日", "拆除日期": "2026-05-10", "验收通过日期": "2026/6/20"}
    second = line | {
        "编号": "T2",
        "生产线（设备）": "二号轮窑",
        "年用能": 2000,
        "关停日期": "2026-06-01",
    }
    hand_in("closing_lines", [first | done, second])
    states = {key[0]: row for key, row in said("closing_line").items()}
    assert (states["T1"]["state"], states["T1"]["late_days"]) == ("已验收退出", 0)
    assert (states["T2"]["state"], states["T2"]["late"]) == ("已停产，待拆除", "逾期")
    assert due("closing_line")["T1", "close", ""] == ("2026-06-30", "done")
    assert due("closing_line")["T2", "close", ""] == ("2026-06-30", "overdue")

    def freed():
        rows = workspace.execute("case_closing_line_totals").to_pylist()
        return {row["place"]: row["total"] for row in rows if row["output"] == "freed"}

    assert (freed()["500156"], freed()["500000"]) == (3_000, 3_000)
    entry = {
        "名录": "落后产能退出登记",
        "地区": "武隆区",
        "条目名称": "一号轮窑",
        "授予日期": "2026-06-20",
    }
    hand_in("registry_entries", [entry])
    (own_list,) = lists_beside(workspace, "closing_line")
    assert (own_list.beside.both, own_list.beside.file_only) == (1, ())
    notice = paper("closing_line", "T2", "order")
    assert "关于限期退出生产线的通知（二号轮窑）" in notice and "已逾期" in notice
    hand_in("closing_lines", [second | {"拆除日期": "2026-07-15"}])
    assert freed()["500156"] == 5_000
