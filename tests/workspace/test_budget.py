"""A budget from its workbook: filled as people fill it, run, written; and refused with sheet, row
and column.
"""

from __future__ import annotations

import json

import openpyxl
import pytest
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan.basis.errors import HengtanError
from hengtan.cli.app import app
from hengtan.workbooks.budget import as_dict, read_budget

FILLED = {
    "参数": {
        "名称": "测试预算",
        "地区": "某市",
        "计量单位": "吨",
        "基年": "2025年",
        "基年排放": "1，000万",
        "强度降低目标": "１７％",
        "目标年": 2030,
        "起始年": 2026,
        "结束年": 2027,
        "预留比例": "5%",
    },
    "年度": [["2025年", 5000, None], [2026, "5,300", None], [2027, 5600, None], [None, None, None]],
    "区县": [
        ["甲区", 600, 300, 10, None, "50%"],
        ["乙区", 300, 100, 20, None, None],
        ["丙县 ", 100, 50, 30, None, None],
    ],
    "原则": [["区县", "历史排放", 0.5], ["区县", "人口", 0.5], ["行业", "历史排放", 1]],
    "行业": [
        ["甲区", "钢铁", 500],
        ["甲区", "水泥", 100],
        ["乙区", "水泥", 300],
        ["丙县", "交通", 100],
    ],
    "执行": [[None, 2026, 900000, 900000], ["甲区", 2026, 400000]],
    "项目": [["甲区", "新钢厂", 2026, 7, "60万", "否"]],
}


def fill(path, filled=FILLED):
    book = openpyxl.load_workbook(path)
    for name, rows in filled.items():
        sheet = book[name]
        if name == "参数":
            for line in range(2, sheet.max_row + 1):
                if sheet.cell(line, 1).value in rows:
                    sheet.cell(line, 2).value = rows[sheet.cell(line, 1).value]
            continue
        sheet.delete_rows(2, sheet.max_row)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture()
def template(tmp_path):
    path = tmp_path / "预算.xlsx"
    assert CliRunner().invoke(app, ["budget", "template", str(path)]).exit_code == 0
    return path


def test_the_figures_are_those_worked_out_by_hand(template) -> None:
    budget = as_dict(read_budget(fill(template)))
    first = budget["years"][0]
    # 1000万 t at GDP 5000 → 5300 with the cut of one year:
    # 10 000 000 / 5000 · 5300 · 0.83^0.2 = 10 212 247.6
    exact = 10_000_000 / 5000 * 5300 * 0.83**0.2
    assert first["budget"] == int(exact)
    assert first["reserve"] == round(int(exact) * 0.05)
    left = first["budget"] - first["reserve"]
    shares = {
        "甲区": 0.5 * 0.6 + 0.5 * 10 / 60,
        "乙区": 0.5 * 0.3 + 0.5 * 20 / 60,
        "丙县": 0.5 * 0.1 + 0.5 * 30 / 60,
    }
    got = {a["path"][0]: a["years"]["2026"] for a in budget["allocations"] if a["level"] == "区县"}
    assert {name: pytest.approx(left * s, abs=1) for name, s in shares.items()} == got
    assert sum(got.values()) == left
    steel = next(a for a in budget["allocations"] if a["path"] == ["甲区", "钢铁"])
    cement = next(a for a in budget["allocations"] if a["path"] == ["甲区", "水泥"])
    assert steel["years"]["2026"] + cement["years"]["2026"] == got["甲区"]
    assert steel["years"]["2026"] == pytest.approx(got["甲区"] * 5 / 6, abs=1)
    whole = next(e for e in budget["executions"] if e["who"] == "某市")
    # 59 of 365 days planned, 1 800 000 spent: the year at that pace
    assert whole["expected"] == pytest.approx(1_800_000 / (59 / 365))
    district = next(e for e in budget["executions"] if e["who"] == "甲区")
    assert district["with_all_projects"]["expected"] - district["expected"] == pytest.approx(
        300_000
    )  # half of 60万 from July


def test_the_command_writes_a_book_whose_checks_hold(template, tmp_path) -> None:
    to = tmp_path / "结果.xlsx"
    done = CliRunner().invoke(app, ["budget", "run", str(fill(template)), "--to", str(to)])
    assert done.exit_code == 0, done.output
    assert "某市 2026年" in done.output
    book = openpyxl.load_workbook(to)
    assert book.sheetnames == ["路径", "区县分配", "行业分配", "执行", "分月", "核对"]
    assert {row[5].value for row in book["核对"].iter_rows(min_row=2)} == {"相符"}
    shown = CliRunner().invoke(app, ["budget", "run", str(template), "--json"])
    assert json.loads(shown.output)["unit"] == "吨"


@pytest.mark.parametrize("district", [None, "某市", "全市", "乙区", "甲区"])
def test_a_project_counts_in_the_city_wherever_it_stands(template, district) -> None:
    # twelve months of 1/12 of 2026: the plan by days; 60万 a year from July are 30万 more
    project = [district, "新钢厂", 2026, 7, "60万", "是"]
    budget = as_dict(read_budget(fill(template, {**FILLED, "项目": [project]})))
    whole = next(e for e in budget["executions"] if e["who"] == "某市")
    assert whole["expected"] == pytest.approx(1_800_000 / (59 / 365) + 300_000)
    mine = next(e for e in budget["executions"] if e["who"] == "甲区")
    more = 300_000 if district == "甲区" else 0
    assert mine["expected"] == pytest.approx(400_000 / (31 / 365) + more)


def test_how_months_are_weighted_is_said(template, tmp_path) -> None:
    shown = CliRunner().invoke(app, ["budget", "run", str(fill(template))])
    assert "各月按当年天数分摊" in shown.output
    last = {**FILLED, "上年分月": [[None, *[100] * 12]]}
    budget = as_dict(read_budget(fill(template, last)))
    assert {e["who"]: e["weights"] for e in budget["executions"]} == {
        "某市": "profile",
        "甲区": "days",
    }


@pytest.mark.parametrize(
    ("sheet", "rows", "said"),
    [
        ("区县", [["甲区", "很多"]], "“很多”不是数"),
        ("区县", [["甲区", 1, 1, 1], ["甲区", 2, 1, 1]], "出现两次"),
        ("区县", [["甲区", None, 1, 1]], "要有“基期排放”"),
        ("区县", [["甲区", -3, 1, 1]], "“-3”不能为负"),
        ("行业", [["丁区", "钢铁", 1]], "上一级没有“丁区”"),
        ("行业", [["甲区", "钢铁", 1]], "下没有行业"),
        ("原则", [["区县", "抽签", 1]], "没有原则“抽签”"),
        ("年度", [[2025, 5000], [2026, None]], "预算路径算不出"),
        ("年度", [[2025, 5000], [2025, 6000]], "出现两次"),
        ("执行", [[None, 2031, 1]], "不在预算年份内"),
        ("执行", [[None, 2026, 1, None, 3]], "中间有月份空着"),
        ("区县", [["甲区", 9, 1, 1, None, "150%"]], "0与100%之间"),
        ("区县", [["甲区", 20_000_000, 1, 1, None, "99%"]], "保底合计超过了上级预算"),
    ],
)
def test_bad_input_is_one_line_with_its_place(template, sheet, rows, said) -> None:
    with pytest.raises(HengtanError) as error:
        read_budget(
            fill(
                template,
                {
                    **FILLED,
                    sheet: rows,
                    **({"行业": []} if sheet not in ("行业", "原则", "年度", "执行") else {}),
                },
            )
        )
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert "预算.xlsx" in str(error.value)
