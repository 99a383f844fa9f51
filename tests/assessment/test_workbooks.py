"""The Excel template of any scheme, filled, run, and refused where it is wrong."""

import json

import openpyxl
import pytest
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan import packs
from hengtan.basis.errors import HengtanError, NoSuchRow, ParameterNotEstablished
from hengtan.cli.app import app
from hengtan.workbooks.assessment import read_workbook, run, scheme_of, schemes, template


@pytest.fixture(scope="module")
def pack():
    return packs.load("cn")


def filled(path, figures, edit=None):
    """Fill the sheet 数据 of a template: (unit, item) → {column: value}."""
    book = openpyxl.load_workbook(path)
    sheet = book["数据"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        for column, value in figures.get(
            (sheet.cell(line, heads["对象"]).value, sheet.cell(line, heads["编号"]).value), {}
        ).items():
            sheet.cell(line, heads[column]).value = value
    if edit:
        edit(book)
    book.save(path)
    return path


def test_every_shipped_scheme_survives_its_template(pack, tmp_path):
    for row in schemes(pack):
        path = template(pack, row["scheme"], tmp_path / f"{row['scheme']}.xlsx", ["甲"])
        if row["scheme"] in (
            "green-factory-2025",
            "nearzero-park-cq",
        ):  # weights are not established: the workbook asks for them by the name of the document
            with pytest.raises(ParameterNotEstablished, match=r"GB/T 36132-2025|渝环〔2022〕93号"):
                read_workbook(path)
            continue
        read, assessed = read_workbook(path)
        shipped = scheme_of(pack, row["scheme"])
        assert read.items == shipped.items
        assert (read.grades, read.rule) == (shipped.grades, shipped.rule)
        assert len(assessed[0].values) == len(shipped.items) == row["items"]


def test_filled_as_people_fill(pack, tmp_path):
    path = template(pack, "energy-dual-control-a", tmp_path / "双控.xlsx", ["甲区", "乙区"])
    filled(
        path,
        {
            ("甲区", "goal"): {"目标": "３.0", "实绩": "3.4", "上年得分": 88},
            ("甲区", "measures"): {"实绩": 52},
            ("乙区", "goal"): {"目标": 3, "实绩": " 2.6 "},
            ("乙区", "measures"): {"实绩": "58"},
        },
    )
    scheme, results = run(path)
    assert scheme.title == "能耗双控考核（40分分段）"
    assert [(r.points, r.grade) for r in results] == [(95, "超额完成"), (90, "未完成")]


def test_a_merged_title_above_the_header_is_passed_over_and_lines_still_count(pack, tmp_path):
    def edit(book):
        sheet = book["数据"]
        sheet.insert_rows(1)
        sheet["A1"] = "2025年度考核数据"
        sheet.merge_cells("A1:F1")

    path = template(pack, "energy-dual-control-a", tmp_path / "双控.xlsx", ["甲区"])
    filled(
        path, {("甲区", "goal"): {"目标": 3, "实绩": 3}, ("甲区", "measures"): {"实绩": 50}}, edit
    )
    assert [r.points for r in run(path)[1]] == [90]
    book = openpyxl.load_workbook(path)
    book["数据"]["F3"] = "3.1万吨"
    book.save(path)
    with pytest.raises(HengtanError, match="第3行"):
        run(path)


def test_a_city_changes_weights_and_kinds(pack, tmp_path):
    def edit(book):
        sheet = book["方案"]
        sheet.append(
            [
                "air",
                "环境",
                "PM2.5浓度",
                "微克/立方米",
                10,
                "按差距扣分",
                "越低越好",
                None,
                None,
                None,
                None,
                "否",
                0.5,
            ]
        )
        sheet.cell(3, 5).value = 50
        book["数据"].append(["甲区", "甲区", None, "air", 30, 33])

    path = template(pack, "energy-dual-control-a", tmp_path / "本市.xlsx", ["甲区"])
    filled(
        path, {("甲区", "goal"): {"目标": 3, "实绩": 3}, ("甲区", "measures"): {"实绩": 50}}, edit
    )
    _, (result,) = run(path)
    assert (result.points, result.full) == (40 + 50 + 10 - 3 * 0.5, 100)


@pytest.mark.parametrize(
    ("edit", "sheet", "column"),
    [
        (lambda b: b.remove(b["方案"]), None, None),
        (lambda b: setattr(b["方案"]["E2"], "value", "很多"), "方案", "满分"),
        (lambda b: setattr(b["方案"]["F2"], "value", "别的"), "方案", "计分方式"),
        (lambda b: setattr(b["方案"]["C2"], "value", None), "方案", "指标"),
        (lambda b: setattr(b["方案"]["O2"], "value", "一半"), "方案", "分段"),
        (lambda b: setattr(b["数据"]["D2"], "value", "没有"), "数据", "编号"),
        (lambda b: setattr(b["数据"]["F2"], "value", "约三"), "数据", "实绩"),
        (lambda b: setattr(b["数据"]["D3"], "value", "goal"), "数据", "编号"),
        (lambda b: setattr(b["数据"]["A2"], "value", None), "数据", "对象"),
        (lambda b: b["数据"].delete_rows(2, 5), "数据", None),
    ],
)
def test_what_is_wrong_is_told_with_its_place(pack, tmp_path, edit, sheet, column):
    path = filled(
        template(pack, "energy-dual-control-a", tmp_path / "坏.xlsx", ["甲区"]),
        {("甲区", "goal"): {"目标": 3, "实绩": 3}},
        edit,
    )
    with pytest.raises(HengtanError) as refused:
        run(path)
    assert "\n" not in str(refused.value)
    assert sheet is None or refused.value.where.sheet == sheet
    assert column is None or refused.value.where.column == column


def test_the_command_line(tmp_path):
    runner = CliRunner()
    path, out = tmp_path / "双控.xlsx", tmp_path / "结果.xlsx"
    assert (
        runner.invoke(
            app, ["assess", "template", "energy-dual-control-a", str(path), "--units", "甲区、乙区"]
        ).exit_code
        == 0
    )
    filled(
        path,
        {
            ("甲区", "goal"): {"目标": 3, "实绩": 3.4},
            ("甲区", "measures"): {"实绩": 52},
            ("乙区", "goal"): {"目标": 3, "实绩": 3},
            ("乙区", "measures"): {"实绩": 50},
        },
    )
    shown = json.loads(
        runner.invoke(app, ["assess", "run", str(path), "--to", str(out), "--json"]).output
    )
    assert [(r["name"], r["points"], r["rank"]) for r in shown["results"]] == [
        ("甲区", 95.0, 1),
        ("乙区", 90.0, 2),
    ]
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["得分", "明细"]
    assert [book["得分"].cell(2, c).value for c in (1, 2, 4, 6)] == [1, "甲区", 95, "超额完成"]
    assert "失分" in [cell.value for cell in book["明细"][1]]
    assert len(json.loads(runner.invoke(app, ["assess", "list", "--json"]).output)) == 13


def test_an_unknown_scheme_names_those_there_are(pack, tmp_path):
    with pytest.raises(NoSuchRow, match="dual-carbon-2026"):
        template(pack, "没有", tmp_path / "x.xlsx", [])
    assert not (tmp_path / "x.xlsx").exists()
