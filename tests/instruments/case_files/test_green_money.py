"""Green projects from what they save to money by tonne, channels and cash flows; a draft policy
beside the targets of the plan and their lights.

By hand: 50 million kWh × 0.5581 kg (公告2025年第47号) = 27,905 t a year; 20 million yuan asked for
is 716.7 yuan a tonne. EOD at no discount: ecology 800 + 100, linked 1,400 − 500 = 900 (10^4 yuan).
"""

from __future__ import annotations

import pytest
from reproducing import reproduced

KIND = "green_project"


def pool_project(number="G1", kind="储备项目", **more):
    return {
        "项目编号": number,
        "区县": "武隆区",
        "项目名称": "某乡光伏电站",
        "类型": kind,
        "建设内容": "50兆瓦光伏发电",
        "入库日期": "2025-10-01",
        "总投资": "2亿元",
        "申请资金": "2,000万",
        "电力因子年份": 2023,
        **more,
    }


def channel(number, title, **more):
    return {
        "渠道编号": number,
        "适用地区": "重庆市",
        "渠道名称": title,
        "支持领域": "光伏",
        "起始日期": "2025-01-01",
        "申报截止日期": "2030-03-31",
        "来源": "某通知",
        **more,
    }


EFFECT = {"项目编号": "G1", "品种": "电力", "年发电量": "5,000", "计量单位": "万千瓦时"}


def test_a_pool_project_finds_its_channels_and_what_a_tonne_costs(workspace, hand_in, said, due):
    hand_in("financed_projects", [pool_project(入库线=60)])
    hand_in("financed_effects", [EFFECT])
    channels = [
        channel("C1", "甲资金", 支持比例上限="15%", 单位减排成本上限=800),
        channel("C2", "乙资金", 单位减排成本上限=700),
        channel("C3", "丙资金", 支持领域="储能"),
        channel("C4", "丁资金", 申报截止日期="2025-03-31"),
    ]
    hand_in("fund_channels", channels)
    marks = [
        {"项目编号": "G1", "评价项": "要件齐备", "类别": "门槛", "是否满足": "是"},
        {"项目编号": "G1", "评价项": "减排", "类别": "打分", "权重": 60, "得分": 80},
        {"项目编号": "G1", "评价项": "成熟度", "类别": "打分", "权重": 40, "得分": 50},
    ]
    hand_in("pool_marks", marks)
    verdicts = said(KIND)
    climate = verdicts["G1", "pool.climate", ""]
    assert climate["cut"] == pytest.approx(27_905)
    assert climate["asked_by_tonne"] == pytest.approx(20e6 / 27_905)
    assert climate["invested_by_tonne"] == pytest.approx(200e6 / 27_905)
    assert verdicts["G1", "pool.channels", ""]["matched"] == "甲资金"
    score = verdicts["G1", "fund.project_score", ""]
    assert (score["score"], score["verdict"]) == (68, "入库")
    assert due(KIND)["G1", "apply", "甲资金"] == ("2030-03-31", "open")
    assert ("G1", "apply", "乙资金") not in due(KIND)
    totals = {
        row["place"]: row["total"]
        for row in workspace.execute(f"case_{KIND}_totals").to_pylist()
        if (row["asked"], row["output"]) == ("pool.climate", "cut")
    }
    assert totals["500000"] == totals["500156"] == pytest.approx(27_905)

    hand_in("financed_effects", [{**EFFECT, "年发电量": "6,000"}])
    assert said(KIND)["G1", "pool.channels", ""]["matched"] == "甲资金；乙资金"
    reproduced(workspace, "pool_power_factors", "pool_effects", "pool_cuts", "pool_channels")


def flow(part, year, **more):
    return {"项目编号": "G2", "部分": part, "年份": year, **more}


def test_an_eod_project_is_tested_by_its_cash_flows(workspace, hand_in, said):
    hand_in("financed_projects", [pool_project("G2", "EOD项目", 折现率=0, 收益率要求="5%")])
    flows = [
        flow("生态治理", 2025, 投资支出="800万元"),
        flow("生态治理", 2026, 运营成本="100万元"),
        flow("关联产业", 2025, 投资支出="500万元"),
        flow("关联产业", 2026, 收入="1500万元", 运营成本="100万元", 还本付息="1000万元"),
    ]
    hand_in("financed_flows", flows)
    verdicts = said(KIND)
    balance = verdicts["G2", "finance.ecology_balance", ""]
    assert balance["coverage"] == pytest.approx(1)
    test = verdicts["G2", "finance.project", ""]
    assert test["irr"] == pytest.approx(0, abs=1e-9) and test["dscr_min"] == pytest.approx(1.3)
    assert test["verdict"] == "未达到：内部收益率低于 5.00%"
    hand_in(
        "financed_flows",
        [flow("关联产业", 2026, 收入="1700万元", 运营成本="100万元", 还本付息="1000万元")],
    )
    again = said(KIND)
    assert again["G2", "finance.ecology_balance", ""]["coverage"] == pytest.approx(11 / 9)
    assert again["G2", "finance.project", ""]["irr"] == pytest.approx(1500 / 1300 - 1)
    assert again["G2", "finance.project", ""]["verdict"] == "达到要求"
    reproduced(workspace, f"case_{KIND}_verdicts")


@pytest.mark.parametrize("kind", ["绿色债券", "基础设施REITs", "PPP新机制"])
def test_bonds_reits_and_ppp_are_tested_by_their_cash_flows(workspace, hand_in, said, kind):
    """1,000 out, then 600 and 720 (10^4 yuan): 600 / 1.2 = 720 / 1.44 = 500, so 20 % a year; at
    10 % 545.4545 + 595.0413 − 1,000 = 140.4959. Coverage 600 / 500 = 1.2 and 720 / 500 = 1.44; with
    550 of debt in the first year 1.0909.
    """
    hand_in(
        "financed_projects",
        [pool_project("B1", kind, 折现率="10%", 收益率要求="15%", 要求的偿债备付率=1.15)],
    )

    def year(number, income, cost, debt):
        cells = {"收入": income, "运营成本": cost, "还本付息": debt}
        return {"项目编号": "B1", "部分": "全部", "年份": number, **cells}

    first = {"项目编号": "B1", "部分": "全部", "年份": 2025, "投资支出": "1,000万元"}
    hand_in(
        "financed_flows",
        [
            year(2027, "800万元", "80万元", "500万元"),
            first,
            year(" 2026 ", "700 万元", "100万元", "500万元"),
        ],
    )
    test = said(KIND)["B1", "finance.project", ""]
    assert (test["irr"], test["npv"]) == pytest.approx((0.2, 1_404_959), rel=1e-6)
    assert (test["dscr_min"], test["dscr_mean"]) == pytest.approx((1.2, 1.32))
    assert test["verdict"] == "达到要求"
    assert passed(workspace) == {"500156": 1, "500000": 1}
    hand_in("financed_flows", [year(2026, "700万元", "100万元", "550万元")])
    again = said(KIND)["B1", "finance.project", ""]
    assert again["dscr_min"] == pytest.approx(600 / 550)
    assert again["verdict"] == "未达到：偿债备付率低于 1.15"
    assert passed(workspace) == {}


def passed(workspace):
    """Projects that meet what is asked of their cash flows, in Wulong and in the city."""
    return {
        row["place"]: row["subjects"]
        for row in workspace.execute(f"case_{KIND}_totals").to_pylist()
        if (row["asked"], row["text"]) == ("finance.project", "达到要求")
        and row["place"] in ("500156", "500000")
    }


def forest_cover(value, period="2024-12-31"):
    return {
        "地区": "武隆区",
        "指标": "森林覆盖率",
        "时期": period,
        "数值": value,
        "计量单位": "%",
        "来源": "某公报",
        "可信度": "已核读",
    }


def test_a_draft_stands_beside_the_targets_and_their_lights(workspace, hand_in, said, due):
    """The target is 68 % by 2025; at 67.6 % there is 0.4 to go, and a loss of 0.1 points is a
    quarter of it.
    """
    draft = {
        "编号": "Z1",
        "地区": "武隆区",
        "名称": "某旅游道路",
        "类别": "项目",
        "提出单位": "区交通局",
        "送审日期": "2025-03-01",
        "拟决策日期": "2025-06-30",
    }
    effects = [
        {
            "编号": "Z1",
            "目标": "wl-forest-cover-2025",
            "影响": "-0.1",
            "计量单位": "%",
            "依据": "占用林地测算",
        },
        {
            "编号": "Z1",
            "目标": "新建充电桩（武隆区2025年）",
            "影响": 20,
            "计量单位": "个",
            "依据": "服务区设计",
        },
        {
            "编号": "Z1",
            "目标": "cq-nonfossil-share-2027",
            "影响": 1,
            "计量单位": "吨",
            "依据": "误填",
        },
    ]
    hand_in("policy_proposals", [draft])
    hand_in("policy_effects", effects)
    hand_in("indicator_values", [forest_cover(67.6)])
    verdict = said("policy_proposal")["Z1", "policy.green_check", ""]
    assert (verdict["conflicts"], verdict["helped"], verdict["unread"]) == ("森林覆盖率", 1, 1)
    assert verdict["verdict"] == "有背离项，须说明补偿措施"
    rows = {row["target_id"]: row for row in workspace.execute("plan_proposal_effects").to_pylist()}
    forest = rows["wl-forest-cover-2025"]
    assert forest["to_go"] == pytest.approx(0.4) and forest["direction"] == "higher"
    lights = {
        row["target_id"]: row["light"] for row in workspace.execute("plan_progress").to_pylist()
    }
    assert {name: row["light"] for name, row in rows.items()} == {
        name: lights[name] for name in rows
    }
    assert rows["cq-nonfossil-share-2027"]["missing"].startswith("unit_misfit_of_target")
    assert due("policy_proposal")["Z1", "decide", ""] == ("2025-06-30", "overdue")

    hand_in("indicator_values", [forest_cover(68.5)])
    hand_in("policy_proposals", [{**draft, "补偿措施": "异地造林", "决策日期": "2025-06-20"}])
    verdict = said("policy_proposal")["Z1", "policy.green_check", ""]
    assert verdict["verdict"] == "有背离项，已附补偿措施"
    rows = workspace.execute("plan_proposal_effects").to_pylist()
    assert [row["to_go"] for row in rows if row["target_id"] == "wl-forest-cover-2025"] == [None]
    assert due("policy_proposal")["Z1", "decide", ""] == ("2025-06-30", "done")
    reproduced(workspace, "plan_proposal_effects")
