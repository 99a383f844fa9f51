"""Coal of a district from its balance to the gap, and what a corrected cell of the balance does.

By hand, raw coal at 0.7143 tce: industry 1.0, power 0.8 (10⁴ t) in 2023 is 18,000 t, 12,857.4 tce,
of which 5,714.4 for power; 2022: industry 1.2 and power 0.8, 14,286 tce. The goal is 12,000 tce:
857.4 above; a boiler of 2,000 − 600 tce that is overdue would close it.
"""

from __future__ import annotations

import pytest

from hengtan.graph.reproduce import reproduce

KIND = "fossil_control"
YEAR = ("武隆煤炭", "fossil.control", "2023")
TCE = 0.7143
CONTROL = {
    "编号": "武隆煤炭",
    "区县": "武隆区",
    "名称": "武隆区煤炭消费",
    "能源品种": "煤炭",
    "基准年": "2022",
    "目标年": 2025,
    "控制目标（万吨标准煤）": "1.1",
    "文件": "某文件（测试）",
}
GOAL = {"编号": "武隆煤炭", "年度": "2023年", "目标（万吨标准煤）": 1.2, "文件": "某文件（测试）"}
BOILER = {
    "编号": "武隆煤炭",
    "项目": "某厂锅炉",
    "方式": "煤改电",
    "替代前年用量": "2,000",
    "替代后年用量": 600,
    "完成期限": "2023-10-31",
}


def balance(year, industry):
    rows = {"S.in": industry + 0.8, "T.power": -0.8, "F.2.ind": industry}
    return [
        {
            "区县": "武隆区",
            "年份": year,
            "平衡表行": row,
            "品种": "原煤",
            "数量": amount,
            "单位": "万吨",
        }
        for row, amount in rows.items()
    ]


@pytest.fixture
def kept(hand_in):
    hand_in("fossil_controls", [CONTROL])
    hand_in("fossil_goals", [GOAL])
    hand_in("fossil_projects", [BOILER])
    hand_in("regional_balance", balance("2022", 1.2) + balance("2023", 1.0))


def test_the_balance_becomes_a_gap_that_projects_may_close_and_a_correction_another(
    kept, hand_in, said, due, workspace
):
    first = said(KIND)[YEAR]
    assert first["gap"] == pytest.approx(18_000 * TCE - 12_000)
    assert first["nonpower_share"] == pytest.approx(1 - 8 / 18)
    assert first["change"] == pytest.approx(18 / 20 - 1)
    assert first["pace"] == pytest.approx((18_000 * TCE - 11_000) / 2)
    assert first["verdict"] == "超过：逾期项目完成后可补足"
    assert due(KIND)["武隆煤炭", "project", "某厂锅炉"] == ("2023-10-31", "overdue")
    hand_in("fossil_projects", [BOILER | {"实际完成日期": "2023年12月1日"}])
    done = said(KIND)[YEAR]
    assert (done["cut_done"], done["verdict"]) == (1400, "超过：逾期项目全部完成仍不足")
    hand_in("regional_balance", balance("2023", 0.8))  # 16,000 t are 11,428.8 tce
    assert said(KIND)[YEAR]["verdict"] == "未超过"
    graph = workspace.graph()
    key = {"control": "武隆煤炭", "year": 2023}
    by_key, again = reproduce(graph, "fossil_years", key, deep=False)
    assert again == by_key and by_key["used"] == pytest.approx(16_000 * TCE)

    oil = CONTROL | {"编号": "武隆石油", "名称": "武隆区石油消费", "能源品种": "石油"}
    hand_in("fossil_controls", [oil])
    hand_in("fossil_goals", [GOAL | {"编号": "武隆石油", "目标（万吨标准煤）": 0.1}])
    petrol = balance("2023", 0.1)[-1] | {"品种": "汽油"}
    hand_in("regional_balance", [petrol])
    of_oil = said(KIND)["武隆石油", "fossil.control", "2023"]
    assert of_oil["gap"] == pytest.approx(1_000 * 1.4714 - 1_000)


def test_oil_has_a_goal_of_its_own(kept, hand_in, said):
    """1,000 t of diesel and 500 t of gasoline at 1.4571 and 1.4714 tce are 2,192.8 tce, against
    2,000; corrected to 800 t of diesel 1,901.38. Coal keeps its own year.
    """
    oil = CONTROL | {"编号": "武隆石油", "名称": "武隆区石油消费", "能源品种": "石油"}
    hand_in("fossil_controls", [oil | {"控制目标（万吨标准煤）": 0.18}])
    hand_in("fossil_goals", [GOAL | {"编号": "武隆石油", "目标（万吨标准煤）": 0.2}])

    def burnt(diesel):
        cells = {"柴油": diesel, "汽油": 0.05}
        line = {"区县": "武隆区", "年份": "2023", "平衡表行": "F.3.trans", "单位": "万吨"}
        return [line | {"品种": fuel, "数量": amount} for fuel, amount in cells.items()]

    year = ("武隆石油", "fossil.control", "2023")
    hand_in("regional_balance", burnt(0.1))
    assert said(KIND)[year]["gap"] == pytest.approx(1_000 * 1.4571 + 500 * 1.4714 - 2_000)
    hand_in("regional_balance", burnt(0.08))
    assert said(KIND)[year]["verdict"] == "未超过"
    assert said(KIND)[YEAR]["gap"] == pytest.approx(18_000 * TCE - 12_000)
