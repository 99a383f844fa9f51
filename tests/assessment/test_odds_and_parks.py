"""Odds of grades against sums by hand; points of many at once as one by one; rank shares, weights
not established, zero-carbon parks.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan import packs
from hengtan.assessment.evaluate import evaluate
from hengtan.assessment.odds import dual_carbon_odds, points_odds, points_of
from hengtan.assessment.parks import Park, judge
from hengtan.assessment.scheme import Assessed, Item, Scheme, Step, Value
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.cli.app import app
from hengtan.desk.assessment_odds import odds
from hengtan.desk.parks import judge_parks, park_limits
from hengtan.workbooks.assessment import scheme_of, template

CONTROL = [True] * 5 + [False] * 9


def by_enumeration(chances: list[float]) -> dict[str, float]:
    """Probability of each grade by the sum over how many of independent goals are missed: excellent
    without a miss, qualified with one or two supporting misses and no control miss.
    """
    control = missed_counts([p for p, flag in zip(chances, CONTROL, strict=True) if flag])
    supporting = missed_counts([p for p, flag in zip(chances, CONTROL, strict=True) if not flag])
    excellent = control[0] * supporting[0]
    qualified = control[0] * (supporting[1] + supporting[2])
    unqualified = 1 - excellent - qualified
    return {"excellent": excellent, "qualified": qualified, "unqualified": unqualified}


def missed_counts(chances: list[float]) -> list[float]:
    """Probability that 0, 1, 2 … of independent goals are missed, over all outcomes."""
    counts = [0.0] * (len(chances) + 1)
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        parts = [1 - p if miss else p for p, miss in zip(chances, outcome, strict=True)]
        counts[sum(outcome)] += math.prod(parts)
    return counts


def test_the_odds_of_independent_goals_are_the_sums_over_outcomes() -> None:
    rng = np.random.default_rng(7)
    chances = rng.uniform(0.7, 1.0, (3, 14))
    odds = dual_carbon_odds(chances, CONTROL, draws=200_000)
    for n in range(3):
        exact = by_enumeration(list(chances[n]))
        for grade, p in exact.items():
            error = (p * (1 - p) / 200_000) ** 0.5
            assert odds.of(n)[grade] == pytest.approx(p, abs=4 * error + 1e-9)
    assert odds.counts.sum(axis=1).tolist() == [3] * 200_000


def test_certain_goals_give_certain_grades_and_full_correlation_is_one_draw() -> None:
    cases = [
        ([1.0] * 14, "excellent"),
        ([0.0] + [1.0] * 13, "unqualified"),
        ([1.0] * 5 + [0.0] * 3 + [1.0] * 6, "unqualified"),
        ([1.0] * 5 + [0.0] * 2 + [1.0] * 7, "qualified"),
    ]
    sure = dual_carbon_odds(np.array([chances for chances, _ in cases]), CONTROL, draws=1000)
    for n, (_, grade) in enumerate(cases):
        assert sure.of(n)[grade] == 1.0
    alike = np.full((14, 14), 1 - 1e-6) + 1e-6 * np.eye(14)
    even = np.full((1, 14), 0.8)
    together = dual_carbon_odds(even, CONTROL, draws=100_000, correlation=alike)
    # all met together or none
    assert together.of(0)["excellent"] == pytest.approx(0.8, abs=0.01)
    with pytest.raises(ValueError, match="between 0 and 1"):
        dual_carbon_odds(np.array([[1.2] * 14]), CONTROL)


def test_a_common_year_makes_districts_fail_together() -> None:
    chances = np.full((10, 14), 0.97)
    apart, common = (
        dual_carbon_odds(chances, CONTROL, draws=50_000, between=r) for r in (0.0, 0.9)
    )
    assert apart.probability.mean(axis=0) == pytest.approx(
        common.probability.mean(axis=0), abs=0.01
    )
    assert common.counts[:, 2].var() > 3 * apart.counts[:, 2].var()


ITEMS = st.builds(
    Item,
    id=st.just("a"),
    name=st.just("甲"),
    points=st.floats(1, 60),
    kind=st.sampled_from(["met", "ratio", "step", "per_unit", "event", "distance"]),
    direction=st.sampled_from(["higher", "lower", "hold"]),
    cap=st.floats(1, 1.5),
    bonus_each=st.sampled_from([0.0, 0.1]),
    bonus_points=st.just(3.0),
    bonus_most=st.just(9.0),
    veto=st.booleans(),
    per=st.floats(0.1, 5),
    floor=st.just(0.0),
    steps=st.just((Step(0.5, 20.0), Step(0.8, 32.0), Step(1.0, 40.0))),
)


@settings(max_examples=300)
@given(
    ITEMS,
    st.lists(st.floats(-50, 150), min_size=1, max_size=20),
    st.floats(-5, 100),
    st.floats(-5, 100),
)
def test_many_at_once_are_as_one_by_one(
    item: Item, actual: list[float], goal: float, base: float
) -> None:
    points, missed = points_of(item, np.array(actual), goal, base)
    for n, x in enumerate(actual):
        scheme = Scheme("s", "s", (item,))
        (result,) = evaluate(scheme, [Assessed("a", "甲", "", {"a": Value(x, goal, base)})])
        (row,) = result.items
        assert points[n] == pytest.approx(row.points, rel=1e-9, abs=1e-6)
        assert missed[n] == row.missed


def test_points_odds_by_hand() -> None:
    # one drawn item of 50 (ratio to 10) with values 10, 8, 4, 2 → 50, 40, 20, 10; fixed 45: totals
    # 95, 85, 65, 55 → grades at 90, 80, 60
    scheme = Scheme(
        "s",
        "s",
        (Item("a", "甲", 50, "ratio"), Item("b", "乙", 50, "given")),
        (("优秀", 90), ("良好", 80), ("合格", 60), ("不合格", 0)),
    )
    drawn, goals, fixed = {"a": np.array([10.0, 8.0, 4.0, 2.0])}, {"a": (10.0, 0.0)}, {"b": 45.0}
    chances, totals = points_odds(scheme, "", drawn, goals, fixed)
    assert chances == {"优秀": 0.25, "良好": 0.25, "合格": 0.25, "不合格": 0.25}
    assert totals.tolist() == [95, 85, 65, 55]
    vetoing = Scheme(
        "s",
        "s",
        (Item("a", "甲", 50, "ratio", veto=True), Item("b", "乙", 50, "given")),
        scheme.grades,
    )
    assert points_odds(vetoing, "", drawn, goals, fixed)[0]["不合格"] == 0.75


def test_the_green_code_is_given_by_rank_and_not_without_a_return() -> None:
    # 100 returned: 1–5 A+, 6–40 A, 41–100 B (5, 35, 60 %); one without a return has no code
    scheme = scheme_of(packs.load("cn"), "miit-green-code")
    firms = [
        Assessed(str(n), f"厂{n}", "", {"score": Value(actual=100 - n * 0.5)}) for n in range(100)
    ] + [Assessed("x", "未报厂", "", {})]
    results = evaluate(scheme, firms)
    grades = [result.grade for result in results]
    assert grades == ["A+级"] * 5 + ["A级"] * 35 + ["B级"] * 60 + [""]
    assert results[100].as_dict()["grade_reason"] == "没有填报，不赋码"
    assert results[3].as_dict()["grade_reason"] == "100个中第4名"
    lied = evaluate(
        scheme, [Assessed("0", "假", "", {"score": Value(actual=100)}, falsified=True), *firms[1:3]]
    )
    assert lied[0].grade == "B级"


def test_weights_that_no_source_establishes_are_asked_for() -> None:
    scheme = scheme_of(packs.load("cn"), "green-factory-2025")
    with pytest.raises(ParameterNotEstablished, match="GB/T 36132-2025"):
        evaluate(scheme, [Assessed("a", "甲厂", "", {})])


def test_the_2018_factory_by_hand() -> None:
    scheme = scheme_of(packs.load("cn"), "green-factory-2018")
    marks = {"g1": 18, "g2": 15, "g3": 12, "g4": 8, "g5": 9, "g6": 25}
    values = {k: Value(actual=v) for k, v in marks.items()}
    good, bad = evaluate(
        scheme,
        [
            Assessed("a", "甲", "", {**values, "basic": Value(actual=0)}),
            Assessed("b", "乙", "", {**values, "basic": Value(actual=1)}),
        ],
    )
    assert (good.points, good.full) == (87, 100)
    assert next(r for r in bad.items if r.item.id == "basic").missed


def test_bank_green_finance_by_hand() -> None:
    # 80 quantitative in four parts of 20, 20 qualitative as 6, 8, 6 (银发〔2021〕142号):
    # 15+16+10+20 and 5+8+3 of them are 77
    scheme = scheme_of(packs.load("cn"), "green-finance-2021")
    marks = {"q1": 15, "q2": 16, "q3": 10, "q4": 20, "d1": 5, "d2": 8, "d3": 3}
    assert scheme.full() == 100
    assert (
        evaluate(
            scheme, [Assessed("a", "甲行", "", {k: Value(actual=v) for k, v in marks.items()})]
        )[0].points
        == 77
    )


def test_energy_output_benefit_by_hand() -> None:
    # value added per tce 1, 2, 3 and tax 0.1, 0.1, 0.3: scores 60, 80, 100 and 60, 60, 100; halves
    # of both
    scheme = scheme_of(packs.load("cn"), "energy-output-benefit")
    firms = [
        Assessed(n, n, "", {"va": Value(actual=v), "tax": Value(actual=t)})
        for n, v, t in (("甲", 1, 0.1), ("乙", 2, 0.1), ("丙", 3, 0.3))
    ]
    results = evaluate(scheme, firms)
    assert [result.points for result in results] == pytest.approx([60, 70, 100])
    assert [result.rank for result in results] == [3, 2, 1]


LIMITS = park_limits(packs.load("cn"))


@pytest.mark.parametrize(
    ("energy", "co2", "passes"),
    [
        (200_000, 40_000, True),
        (200_000, 40_001, False),
        (999_999, 199_999, True),
        (1_000_000, 300_000, True),
        (1_000_000, 300_001, False),
    ],
)
def test_zero_carbon_parks_on_their_boundaries(energy: float, co2: float, passes: bool) -> None:
    assert judge(Park("园", energy, co2, {}), LIMITS).passes is passes


def test_a_park_without_a_class_asks_for_the_rule() -> None:
    with pytest.raises(ParameterNotEstablished, match="发改环资〔2025〕910号"):
        judge(Park("小园", 199_999, 1, {}), LIMITS)
    with pytest.raises(ValueError, match="above zero"):
        judge(Park("园", 0, 1, {}), LIMITS)


def test_parks_from_a_table(tmp_path) -> None:
    path = tmp_path / "园区.xlsx"
    book = openpyxl.Workbook()
    book.active.append(
        [
            "园区",
            "年综合能耗（吨标准煤）",
            "年二氧化碳排放（吨）",
            "清洁能源消费占比",
            "工业用水重复利用率",
        ]
    )
    book.active.append(["甲园", "30万", "5万", "95%", 70])
    book.save(path)
    verdict = judge_parks(path, LIMITS)[0][0]
    assert (verdict.passes, verdict.core) == (True, pytest.approx(1 / 6))
    assert {row.name: row.met for row in verdict.guiding} == {
        "清洁能源消费占比": True,
        "工业固体废弃物综合利用率": None,
        "余热余冷余压综合利用率": None,
        "工业用水重复利用率": False,
        "产品单位能耗达到或优于二级能耗限额标准": None,
    }
    assert "核心指标达到" in CliRunner().invoke(app, ["assess", "park", str(path)]).output
    book.active.cell(2, 2).value = None
    book.save(path)
    with pytest.raises(HengtanError, match="缺能耗或排放"):
        judge_parks(path, LIMITS)


LEVEL_TWO = "产品单位能耗达到或优于二级能耗限额标准"


@pytest.mark.parametrize(("word", "met"), [("有", True), ("√", True), ("否", False), ("", None)])
def test_a_park_answers_yes_or_no_in_its_own_words(tmp_path, word: str, met: bool | None) -> None:
    path = park_table(tmp_path, word)
    guiding = judge_parks(path, LIMITS)[0][0].guiding
    assert next(row.met for row in guiding if row.name == LEVEL_TWO) is met


def test_an_answer_of_a_park_that_is_neither_is_refused_and_not_taken_as_no(tmp_path) -> None:
    with pytest.raises(HengtanError, match="应为是或否") as refused:
        judge_parks(park_table(tmp_path, "部分"), LIMITS)
    assert refused.value.where is not None and refused.value.where.column == LEVEL_TWO


def park_table(folder, word: str):
    path = folder / "园区.csv"
    heading = f"园区,年综合能耗（吨标准煤）,年二氧化碳排放（吨）,{LEVEL_TWO}"
    path.write_text(f"{heading}\n甲园,30万,5万,{word}\n", encoding="utf-8")
    return path


def filled(path, rows):
    book = openpyxl.load_workbook(path)
    sheet = book["数据"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        for column, value in rows.get(sheet.cell(line, heads["编号"]).value, {}).items():
            sheet.cell(line, heads[column]).value = value
    book.save(path)
    return path


def test_odds_of_a_workbook(tmp_path) -> None:
    path = template(packs.load("cn"), "dual-carbon-2026", tmp_path / "双碳.xlsx", ["甲区"])
    rows = {f"dc{n:02d}": {"目标": 10, "实绩": 8 if n in (1, 3, 4) else 12} for n in range(1, 15)}
    # two supporting goals at even odds: excellent 1/4, qualified 3/4
    rows["dc06"] = rows["dc07"] = {"目标": 10, "预测": 10, "预测误差": 2}
    both = odds(filled(path, rows), None, 2026)[1][0]
    assert both.unknown == ()
    assert both.odds == pytest.approx({"优秀": 0.25, "合格": 0.75, "不合格": 0.0}, abs=0.01)
    # one of them unknown: between excellent 1/2 (met) and none
    rows["dc07"] = {"目标": 10, "预测": None, "预测误差": None}
    bounded = odds(filled(path, rows), None, 2026)[1][0]
    assert bounded.odds == {}
    assert (bounded.if_met["优秀"], bounded.if_missed["优秀"]) == (
        pytest.approx(0.5, abs=0.01),
        0.0,
    )
    assert len(bounded.unknown) == 1
    rows["dc07"] = {"目标": 10, "预测": 11}
    with pytest.raises(HengtanError, match="同时填"):
        odds(filled(path, rows), None, 2026)


def test_figures_and_odds_from_the_ledger(demo, tmp_path) -> None:
    folder = demo.folder
    path = template(packs.load("cn"), "blank", tmp_path / "本市.xlsx", [])
    book = openpyxl.load_workbook(path)
    heads = [c.value for c in book["方案"][1]]
    for n, name in enumerate(("森林覆盖率", "研发投入强度"), start=2):
        for column, value in {
            "编号": f"x{n}",
            "组": "目标",
            "指标": name,
            "单位": "%",
            "满分": 50,
            "计分方式": "完成率",
            "方向": "越高越好",
            "一票否决": "否",
        }.items():
            book["方案"].cell(n, heads.index(column) + 1).value = value
    for n, row in enumerate((("优秀", 99), ("良好", 0)), start=2):
        for column, value in enumerate(row, start=1):
            book["等级"].cell(n, column).value = value
    heads = [c.value for c in book["数据"][1]]
    for n, (code, series, goal) in enumerate(
        (("x2", "forest_cover", 55), ("x3", "rd_intensity", 2.5)), start=2
    ):
        for column, value in {
            "对象": "重庆市",
            "编号": code,
            "台账指标": series,
            "目标": goal,
        }.items():
            book["数据"].cell(n, heads.index(column) + 1).value = value
    book.save(path)
    done = CliRunner().invoke(
        app, ["assess", "run", str(path), "--year", "2022", "-w", str(folder)]
    )
    assert done.exit_code == 0, done.output
    # forest cover 55.04 of 55 → 50; R&D 2.36 of 2.5 → 47.2 (both from the ledger)
    assert "97.20" in done.output
    assert "取自台账 重庆市 森林覆盖率：台账 forest_cover 2022年 55.04%" in done.output
    odds_shown = CliRunner().invoke(
        app, ["assess", "odds", str(path), "--year", "2027", "-w", str(folder)]
    )
    assert odds_shown.exit_code == 0, odds_shown.output
    assert "台账 rd_intensity 的预测，8个年度数值" in odds_shown.output
    assert "优秀" in odds_shown.output and "良好" in odds_shown.output
    refused = CliRunner().invoke(
        app, ["assess", "odds", str(path), "--year", "2027", "-w", str(tmp_path / "nowhere")]
    )
    assert refused.exit_code == 1
