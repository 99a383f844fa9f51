"""The account of a table of districts' goals: figures in other columns and lines are named."""

import json

import openpyxl
import pytest
from typer.testing import CliRunner

from hengtan.cli.main import app

TITLES = ["区县", "类别", "基年能源消费量", "基年地区生产总值", "期内经济增长倍数", "目标"]
SOUND = [["甲区", "一类", 100, 200, 1.25, "10%"], ["乙县", "二类", 300, 200, 1.25, 20]]
# (100 × 0.10 + 300 × 0.20) / 400 = 17.5 %, since both grow alike


def check(tmp_path, rows, *more, other=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if other:
        book.create_sheet("旧表").append(other)
    path = tmp_path / "区县.xlsx"
    book.save(path)
    arguments = ["decompose", "check", str(path), "--goal", "17.5", "--json", *more]
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return done.exit_code, json.loads(done.output)


def test_a_table_read_whole_ends_well(tmp_path):
    code, verdict = check(tmp_path, [TITLES, *SOUND])
    assert (code, verdict["state"]) == (0, "adds_up")
    assert verdict["account"] == {"figures": 8, "read": 8, "heading": 0, "not_read": 0}


@pytest.mark.parametrize(
    ("rows", "other", "where"),
    [
        ([[*TITLES, "调整后目标"], [*SOUND[0], 11], [*SOUND[1], 21]], None, "调整后目标"),
        ([[*TITLES, "降低率（%）"], [*SOUND[0], "12%"], SOUND[1]], None, "降低率（%）"),
        ([TITLES, *SOUND, ["", "", 400, 400]], None, 4),
        ([TITLES, *SOUND], ["丙区", 5], "旧表"),
    ],
)
def test_figures_that_are_not_read_are_named(tmp_path, rows, other, where):
    code, verdict = check(tmp_path, rows, other=other)
    (unread,) = verdict["unread"]
    assert code == 1 and verdict["account"]["not_read"] > 0
    assert where in (unread.get("column"), unread.get("row"), unread.get("sheet"))
    assert check(tmp_path, rows, "--partly", other=other)[0] == 0


def run(*arguments):
    done = CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)
    return done.exit_code, done.output


def test_marks_and_brackets_in_a_goal_table_are_told(tmp_path):
    rows = [TITLES, [*SOUND[0][:2], "100①", *SOUND[0][3:]], SOUND[1]]
    code, verdict = check(tmp_path, rows)
    assert (code, [f["code"] for f in verdict["findings"]]) == (0, ["footnote-mark"])
    assert verdict["account"]["read"] == 8


BUDGET = {
    "参数": [
        ["项目", "内容"],
        ["名称", "试算"],
        ["地区", "虚岭市"],
        ["计量单位", "吨"],
        ["基年", 2025],
        ["基年排放", 1000],
        ["强度降低目标", "17%"],
        ["目标年", 2030],
        ["起始年", 2026],
        ["结束年", 2027],
    ],
    "年度": [["年份", "地区生产总值"], [2025, 50], [2026, 52], [2027, 54]],
    "区县": [["区县", "基期排放"], ["甲区", 600], ["乙县", 400]],
}


def budget(tmp_path, change=lambda sheets: None):
    sheets = {name: [list(row) for row in rows] for name, rows in BUDGET.items()}
    change(sheets)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "预算.xlsx"
    book.save(path)
    return path


def test_a_budget_read_whole_ends_well(tmp_path):
    code, output = run("budget", "run", budget(tmp_path))
    # 参数 6 figures and a share, 年度 3 years and 3, 区县 2
    assert code == 0 and "未读 0 个" in output


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda sheets: [row.append(n) for n, row in enumerate(sheets["区县"], 8)], "第3列|“8”"),
        (
            lambda sheets: sheets["年度"][0].append("工业增加值") or sheets["年度"][1].append(9),
            "工业增加值",
        ),
        (lambda sheets: sheets["参数"].append(["电力排放", 55]), "第11行"),
        (lambda sheets: sheets.update({"旧表": [["粗苯", 3]]}), "旧表"),
    ],
)
def test_figures_a_budget_does_not_read_are_named(tmp_path, change, where):
    path = budget(tmp_path, change)
    code, output = run("budget", "run", path)
    assert code == 1 and any(word in output for word in where.split("|"))
    assert run("budget", "run", path, "--partly")[0] == 0


def test_hidden_rows_and_columns_of_a_budget_are_read_and_told(tmp_path):
    path = budget(tmp_path)
    book = openpyxl.load_workbook(path)
    book["区县"].row_dimensions[3].hidden = True
    book["年度"].column_dimensions["B"].hidden = True
    book["年度"].column_dimensions["F"].hidden = True
    book.save(path)
    code, output = run("budget", "run", path)
    hidden = [line for line in output.splitlines() if "隐藏" in line]
    assert code == 0 and len(hidden) == 2
    assert any("区县" in line and "第3行" in line for line in hidden)
    assert any("地区生产总值" in line for line in hidden)


PARKS = ["园区", "年综合能耗（吨标准煤）", "年二氧化碳排放（吨）"]


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [("产值", 12, 1), ("上年排放", "3万吨", 1), ("联系电话", 77712345, 0), ("备注", "二期", 0)],
)
def test_a_column_of_a_table_of_parks_is_read_described_or_named(tmp_path, title, text, code):
    path = tmp_path / "园区.csv"
    path.write_text(f"{','.join(PARKS)},{title}\n甲园,300000,30000,{text}\n", encoding="utf-8")
    ended, output = run("assess", "park", path)
    assert ended == code and ("未读 1 个" in output) == bool(code)
    assert run("assess", "park", path, "--partly")[0] == 0


RULE = "tariff.power_residential"


@pytest.mark.parametrize(
    ("title", "text", "code"), [("产值", 12, 1), ("户号", 12, 0), ("户名", "甲", 0)]
)
def test_a_column_of_a_reform_is_read_described_or_named(tmp_path, title, text, code):
    path = tmp_path / "缴纳人.csv"
    head, row = "组别,户数,用电量", "一类,2,100"
    path.write_text(f"{head},{title}\n{row},{text}\n", encoding="utf-8")
    arguments = ("reform", RULE, path, "--date", "2024-05-31", "--region", "500000")
    proposal = ("--set", f"{RULE}.tier_1=0.6")
    ended, output = run(*arguments, *proposal)
    assert ended == code and ("未读 1 个" in output) == bool(code)
    assert run(*arguments, *proposal, "--partly")[0] == 0


def test_a_scheme_as_its_template_writes_it_is_read_whole(tmp_path):
    path = tmp_path / "考核.xlsx"
    from hengtan import packs
    from hengtan.workbooks.assessment import count_of, schemes, template

    accounts = {}
    for scheme in schemes(packs.load("cn")):
        book = template(packs.load("cn"), scheme["scheme"], path, ["甲区"])
        counting = count_of(book)
        assert counting.unread == []
        accounts[scheme["scheme"]] = counting.account.read
    # as many figures as items have points: 14 items of one point each
    assert accounts["dual-carbon-2026"] == 14


@pytest.mark.parametrize("sheet", ["方案", "数据", "等级"])
def test_a_column_beside_a_scheme_is_named(tmp_path, sheet):
    from hengtan import packs
    from hengtan.workbooks.assessment import count_of, template

    path = template(packs.load("cn"), "blank", tmp_path / "考核.xlsx", ["甲区"])
    book = openpyxl.load_workbook(path)
    own = book[sheet]
    last = own.max_column + 1
    own.cell(1, last, "上年实绩")
    own.cell(2, 1, "甲"), own.cell(2, 2, "甲"), own.cell(2, last, 7)
    book.save(path)
    (unread,) = count_of(path).unread
    assert (unread.where.sheet, unread.where.column) == (sheet, "上年实绩")
