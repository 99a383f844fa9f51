"""A portfolio study from an ugly workbook to its answer, and what is said of a wrong cell."""

import json

import openpyxl
import pytest
import yaml
from portfolio_cases import two_that_save
from typer.testing import CliRunner

from hengtan.basis.errors import HengtanError
from hengtan.cli.main import run as command
from hengtan.cli.portfolio import portfolio_app
from hengtan.desk.portfolio import Wish, answer, portfolio_of
from hengtan.outlook.pathway.model import without_measures
from hengtan.workbooks.portfolio import read_portfolio
from hengtan.workbooks.portfolio.layout import EXAMPLE

SMALL = {
    "参数": [
        ["项目", "内容"],
        ["名称", "甲市试算"],
        ["合成数据", "是"],
        ["首年", "2026年"],
        ["末年", 2027],
        ["折现率", "0%"],
        ["折现率来源", "假设"],
    ],
    "地区": [["各区县情况"], ["地区", "权重", "人口"], ["全区", 1, "1.5万"]],
    "驱动": [
        ["驱动", "地区", "部门", "能源", "单位", "各年", "2026", "2027年"],
        ["活动水平", "", "工业", "", "亿元", "", "１，０００", 1000],
        ["单位能耗", "", "工业", "", "吨标准煤/亿元", 1, None, None],
        ["能源占比", "", "工业", "煤", "", "100%", None, None],
        ["排放因子", "", "", "煤", "", 1, None, None],
    ],
    "措施": [
        ["措施", "驱动", "部门", "效应", "投资", "运行", "效应认定", "来源"],
        ["改造", "单位能耗", "工业", "40%", "100万元", 0, "已认定", "甲市节能报告"],
        ["提效", "单位能耗", "", 0.5, "0.02亿元", 0, "", ""],
    ],
    "目标": [["目标", "年份", "上限"], ["2027年排放", 2027, 400]],
}
"""The hand case of ``tests/outlook/test_portfolio.py`` as a person would write it: 1,000 t, 40 % at
100 and 50 % at 200 (10,000 yuan), 400 t in the last year: 233.33.
"""


def book(tmp_path, changed=None, name="试算.xlsx"):
    """The small workbook, with other cells: {(sheet, row, column): value}, rows and columns from 1
    as Excel counts.
    """
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for sheet, rows in SMALL.items():
        page = workbook.create_sheet(sheet)
        for row in rows:
            page.append(row)
    for (sheet, row, column), value in (changed or {}).items():
        workbook[sheet].cell(row=row, column=column).value = value
    path = tmp_path / name
    workbook.save(path)
    return path


def run(*arguments):
    done = CliRunner().invoke(portfolio_app, [*map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_an_ugly_workbook_becomes_the_hand_case(tmp_path):
    """Full-width figures, money in three spellings, a title above the header, a year with 年."""
    code, out = run("run", book(tmp_path), "--json")
    shown = json.loads(out)
    assert code == 0 and shown["account"]["not_read"] == 0
    assert shown["cost"] == pytest.approx(100 + 400 / 3)
    assert shown["gap"] < 1e-5 and shown["additive_gap"] == pytest.approx(80 / 520)
    assert shown["targets"][0]["price"] == pytest.approx(2e4 / 3)
    assert shown["sources"]["改造"] == "甲市节能报告"
    assert [each["assumed_effect"] for each in shown["measures"]] == [False, True]
    assert shown["synthetic"] is True


def test_one_figure_corrected_changes_the_answer(tmp_path):
    """450 t need half of the second measure: 200."""
    path = book(tmp_path, {("目标", 2, 3): 450})
    assert portfolio_of(path, Wish())["cost"] == pytest.approx(200)
    path = book(tmp_path, {("措施", 3, 5): "400万元"})
    assert portfolio_of(path, Wish())["cost"] == pytest.approx(100 + 800 / 3)


def test_a_study_without_a_solution_says_why_in_a_line(tmp_path, monkeypatch, capsys):
    path = book(tmp_path, {("目标", 2, 3): 250})
    monkeypatch.setattr("sys.argv", ["hengtan", "portfolio", "run", str(path)])
    with pytest.raises(SystemExit) as ended:
        command()
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("错误")]
    assert ended.value.code == 1
    assert len(said) == 1 and "最小调整：2027年排放提高50 tCO2e" in said[0]


@pytest.mark.parametrize(
    ("cell", "value", "place", "words"),
    [
        (("措施", 2, 2), "能耗", "第2行 “驱动”列", "没有驱动“能耗”"),
        (("措施", 2, 3), "工业、工业", "第2行 “部门”列", "“工业”出现两次"),
        (("措施", 2, 3), "农业", "第2行 “部门”列", "可用：工业"),
        (("措施", 2, 4), "四成", "第2行 “效应”列", "四成"),
        (("措施", 2, 5), "100万", "第2行 “投资”列", "没有写明货币单位"),
        (("措施", 2, 5), "", "第2行 “投资”列", "缺“投资”"),
        (("措施", 2, 7), "大概", "第2行 “效应认定”列", "已认定"),
        (("措施", 3, 1), "改造", "第3行 “措施”列", "出现两次"),
        (("驱动", 4, 6), "90%", "驱动", "能源占比合计为0.9"),
        (("驱动", 5, 6), None, "第5行", "逐年的数与“各年”只填一种"),
        (("驱动", 2, 8), None, "第2行", "不够研究期2026—2027年，不外推"),
        (("驱动", 5, 1), "能源占比", "驱动", "缺排放因子"),
        (("目标", 2, 2), 2035, "第2行 “年份”列", "不在研究期2026—2027年内"),
        (("目标", 2, 3), "", "第2行 “上限”列", "上限与降幅填一个"),
        (("参数", 6, 2), "", "参数", "缺参数“折现率”"),
        (("参数", 3, 2), "", "参数", "缺参数“合成数据”"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path, monkeypatch, capsys, cell, value, place, words):
    path = book(tmp_path, {cell: value})
    to = tmp_path / "结果.xlsx"
    monkeypatch.setattr("sys.argv", ["hengtan", "portfolio", "run", str(path), "--to", str(to)])
    with pytest.raises(SystemExit) as ended:
        command()
    said = capsys.readouterr().err
    assert ended.value.code == 1 and "内部错误" not in said
    assert place in said and words in said and "试算.xlsx" in said
    assert not to.exists()


def test_figures_in_other_columns_are_named(tmp_path):
    path = book(tmp_path, {("措施", 1, 9): "去年投资", ("措施", 2, 9): 80})
    code, out = run("run", path, "--json")
    assert code == 1 and json.loads(out)["unread"][0]["column"] == "去年投资"
    assert run("run", path, "--json", "--partly")[0] == 0


def test_a_yaml_file_with_english_names_is_the_same_study(tmp_path):
    entries = {
        "parameters": {
            "name": "hand case",
            "synthetic": True,
            "first_year": 2026,
            "last_year": 2027,
            "discount_rate": 0,
        },
        "regions": [{"region": "全区"}],
        "drivers": [
            {"driver": "活动水平", "sector": "工业", "every_year": 1000},
            {"driver": "单位能耗", "sector": "工业", "every_year": 1},
            {"driver": "能源占比", "sector": "工业", "carrier": "煤", "every_year": 1},
            {"driver": "排放因子", "carrier": "煤", "every_year": 1},
        ],
        "measures": [
            {"measure": "a", "driver": "单位能耗", "effect": 0.4, "capital": 100, "running": 0},
            {"measure": "b", "driver": "单位能耗", "effect": 0.5, "capital": 200, "running": 0},
        ],
        "targets": [{"target": "t", "year": 2027, "cut": "60%"}],
    }
    path = tmp_path / "study.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    assert portfolio_of(path, Wish())["cost"] == pytest.approx(100 + 400 / 3)
    entries["measures"][0]["colour"] = 1
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    monkey = pytest.raises(Exception, match=r"“措施” 第1行.*colour")
    with monkey:
        read_portfolio(path)


def test_the_template_is_the_example_and_its_answer_a_workbook(tmp_path):
    """The workbook written holds the numbers of the YAML example; base year by hand: industry of
    甲区 400 * 3800 tce, 0.55 coal at 2.66, 0.15 gas at 1.63, 0.3 power at 4.3, and 400 * 900 t.
    """
    path, to = tmp_path / "模板.xlsx", tmp_path / "结果.xlsx"
    assert run("template", path)[0] == 0
    ours, theirs = read_portfolio(path), read_portfolio(EXAMPLE)
    emitted = without_measures(ours.study.pathway).emissions
    by_hand = 400 * 3800 * (0.55 * 2.66 + 0.15 * 1.63 + 0.3 * 4.3) + 400 * 900
    assert emitted[0, 0, 0] == pytest.approx(by_hand)
    assert ours.synthetic and ours.study.name.endswith("（合成示例）")
    asked = Wish(starts=1, at_risk=0.8, draws=40, fresh=200, front=3, target="2035年碳排放")
    assert answer(ours, Wish(starts=1))["cost"] == answer(theirs, Wish(starts=1))["cost"]
    code, _ = run(
        *("run", path, "--to", to, "--starts", 1, "--at-risk", 0.8, "--draws", 40),
        *("--fresh", 200, "--front", 3, "--target", asked.target),
    )
    assert code == 0
    written = openpyxl.load_workbook(to)
    assert written.sheetnames == [
        *("说明", "目标", "措施", "地区", "年度", "稳健检验", "前沿"),
        *("推进程度", "稳健推进程度"),
    ]
    assert "合成示例数据" in written["说明"]["A2"].value
    assert written["年度"]._charts and written["前沿"]._charts


def test_a_range_without_a_source_gives_no_odds(tmp_path):
    path = book(tmp_path, {("措施", 1, 9): "效应上限", ("措施", 2, 9): 0.45})
    assert portfolio_of(path, Wish())["cost"] > 0
    with pytest.raises(Exception, match=r"改造：区间没有来源.*不给出概率"):
        portfolio_of(path, Wish(at_risk=0.9))


def test_a_budget_by_spans_of_years_a_relation_and_a_whole_measure(tmp_path):
    """The second measure is whole, the first needs it: 500 t by the second alone, 200; budgets of
    150 exclude it. The first year's needs 50 more, or the second's; or 1,000 t are let out.
    """
    path = book(tmp_path, {("目标", 2, 3): 500, ("措施", 1, 9): "整体", ("措施", 3, 9): "是"})
    workbook = openpyxl.load_workbook(path)
    page = workbook.create_sheet("关系")
    page.append(["关系", "措施", "对方"])
    page.append(["前提", "改造", "提效"])
    page = workbook.create_sheet("预算")
    page.append(["年份", "投资"])
    page.append(["2026-2027", "250万元"])
    workbook.save(path)
    shown = portfolio_of(path, Wish())
    assert shown["cost"] == pytest.approx(200) and shown["integer_gap"] <= 1e-3
    page["B2"] = "150万元"
    workbook.save(path)
    with pytest.raises(HengtanError) as refused:
        portfolio_of(path, Wish())
    said = refused.value.zh
    assert "措施要整体实施时" in said and "2027年排放提高500 tCO2e" in said
    each = (f"{year}年投资预算提高50 万元（到200 万元）" for year in (2026, 2027))
    assert "；或".join(each) in said


def test_the_hand_case_of_arrays_is_that_of_the_file(tmp_path):
    """What the workbook reads as is what the arrays' hand case is built of."""
    filed = read_portfolio(book(tmp_path)).study
    by_hand = two_that_save(400.0)
    assert (filed.costs.capital == by_hand.costs.capital).all()
    assert (filed.pathway.effect == by_hand.pathway.effect).all()
    assert filed.targets[0].limit == by_hand.targets[0].limit
