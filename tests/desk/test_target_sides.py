"""Odds of goals where draws sell power and the central scenario buys it. All figures are synthetic:
the place of ``power_place.py``, where 60 亿kWh come in from Sichuan. Motors that save x of the coal
and power of industry leave

.. math:: 60 - 1000 / 1.229 \\cdot (400 x / 3) / 100

亿kWh: none at 0.553, and more goes out than comes in above it.
"""

import numpy as np
import pytest
from filed_rows import file_rows
from power_place_filed import CELLS, EXCHANGE

from hengtan.desk import target_odds
from hengtan.desk.odds import Wish, odds_of
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.desk.target_odds import TargetOdds
from hengtan.outlook.uncertainty.asked import Asked as Target
from hengtan.outlook.uncertainty.asked import Question, Total, reference_total
from hengtan.outlook.uncertainty.two_sides import BoughtFactors

MOTOR = {"地区": "重庆市", "措施编号": "motor", "措施名称": "电机", "部门": "F.2.ind"}
MOTOR |= {"改变什么": "能源强度", "充分实施的效果": 50, "开始年份": 2023, "推进年数": 0}
MOTOR |= {"效果下限": 20, "效果上限": 80, "分布": "均匀", "范围的来源": "试验报告"}
MOTOR |= {"效果的性质": "假设", "推进的性质": "假设", "范围的性质": "假设"}
GOAL = {"target_id": "t-co2", "deadline_year": 2024, "indicator": "co2_total", "operator": "<="}
GOAL |= {"rests_on_scenario": True, "indicator_zh": "二氧化碳", "indicator_en": "CO2"}


@pytest.fixture
def hand_in(workspace, tmp_path):
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    hand("regional_balance", *CELLS)
    hand("energy_exchange", EXCHANGE)
    hand("measure_effects", MOTOR)
    return hand


def desk(workspace):
    return PathwayDesk(workspace, Asked("500000", until=2024))


def account(place):
    """Carbon dioxide of fuel and bought power of 2024, and power that goes out. [t, kWh]"""
    rows = place.ahead.execute("carbon_totals").to_pylist()
    (row,) = [row for row in rows if row["year"] == 2024]
    return row["energy_co2_and_power"], row["power_kwh"]


def test_a_draw_that_sells_is_what_the_account_says_of_it(workspace, hand_in):
    """At 30 % power comes in, at 70 % it goes out: the figure of the draws of the study of 50 % is
    the account's of a study of that effect, on either side.
    """
    first = desk(workspace)
    asked, totals = TargetOdds(first).drawn(GOAL | {"goal": 1.0, "latest": 1.0})
    for effect, comes_in in ((30, True), (70, False)):
        hand_in("measure_effects", MOTOR | {"充分实施的效果": effect})
        other = desk(workspace)
        said, net = account(other)
        assert (net > 0) is comes_in
        pathway, outcome = other.study.pathway, other.study.outcome()
        by_year = np.stack([reference_total(total, pathway, outcome) for total in totals])
        (drawn,) = Question.of(pathway, totals, [asked]).figures(by_year[..., None])
        assert drawn == pytest.approx([said], rel=1e-9)


def test_odds_of_a_goal_that_only_draws_that_sell_keep(workspace, hand_in, monkeypatch):
    """What the account has at 70 % as the goal: of 20 to 80 %, evenly, a sixth of the draws keep
    it.
    """
    hand_in("measure_effects", MOTOR | {"充分实施的效果": 70})
    goal, _ = account(desk(workspace))
    hand_in("measure_effects", MOTOR)
    central, _ = account(desk(workspace))
    rows = [GOAL | {"goal": goal, "latest": central}]
    monkeypatch.setattr(target_odds, "judged_in_their_year", lambda *_: rows)
    (odds,) = odds_of(desk(workspace), Wish(draws=40_000))["odds"]
    assert odds["at_most"] == pytest.approx(goal, rel=1e-9)
    assert odds["central"] == pytest.approx(central, rel=1e-9)
    assert odds["odds"] == pytest.approx(1 / 6, abs=0.006)


RATE = {"地区": "重庆市", "部门": "coal_rate", "因素": "活动量", "起始年份": 2022, "性质": "假设"}
RATE |= {"基年活动量": 305, "活动量单位": "克标准煤/千瓦时"}
SHARE = GOAL | {"indicator": "nonfossil_share", "operator": ">=", "goal": 1.0, "latest": 1.0}


def test_certificates_count_with_what_comes_in_alone(workspace, hand_in):
    """40 of 60 亿kWh have certificates: of what comes in two thirds count as non-fossil, of what
    goes out none are taken off, as the account of the share has it on either side.
    """
    certified = {"数量": 40, "绿证绿电": "绿证"}
    hand_in("energy_exchange", EXCHANGE | certified, EXCHANGE | {"数量": 20, "绿证绿电": "无"})
    hand_in("pathway_drivers", RATE)
    asked, totals = TargetOdds(desk(workspace)).drawn(SHARE)
    for effect, comes_in in ((30, True), (70, False)):
        hand_in("measure_effects", MOTOR | {"充分实施的效果": effect})
        other = desk(workspace)
        assert (account(other)[1] > 0) is comes_in
        rows = other.ahead.execute("energy_nonfossil").to_pylist()
        (share,) = [row["share"] for row in rows if row["year"] == 2024]
        pathway, outcome = other.study.pathway, other.study.outcome()
        by_year = np.stack([reference_total(total, pathway, outcome) for total in totals])
        (drawn,) = Question.of(pathway, totals, [asked]).figures(by_year[..., None])
        assert 100 * drawn == pytest.approx([share], rel=1e-9)


def test_two_factors_by_hand():
    """100 kWh handed out in the base year. 50 net: 150 come in at 2, 100 go out at 3: 0. 150 more
    sold, -200 net: none comes in, 200 go out: -600.
    """
    asked = Target(
        "t", "burnt", (2030,), "<=", 0.0, net="net",
        by_side=BoughtFactors(100.0, np.array([2.0]), np.array([3.0])),
    )  # fmt: skip
    question = Question((Total("burnt"), Total("net")), (asked,), (2030,))
    totals = np.array([[[10.0, 10.0]], [[50.0, -200.0]]])
    assert question.figures(totals)[0] == pytest.approx([10.0 + 300.0 - 300.0, 10.0 - 600.0])
