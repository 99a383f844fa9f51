"""An import ends well only where every figure was read, or partly was asked for."""

import json

import openpyxl
import pytest
from typer.testing import CliRunner

from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected
from hengtan.cli.main import app
from hengtan.desk.evidence import Intake, import_file

HEAD = ["地区", "指标", "时期", "数值", "计量单位", "来源"]
ROW = ["武隆区", "农膜回收率", "2025", 91.5, "%", "区农业农村委"]


def write(path, rows, other=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if other:
        book.create_sheet("旧表").append(other)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("rows", "other", "where"),
    [
        ([[*HEAD, "上年值"], [*ROW, 90]], None, "“上年值”"),
        ([[*HEAD, "同比增长（%）"], [*ROW, 3.1]], None, "“同比增长（%）”"),
        ([[*HEAD, "占全市比重"], [*ROW, "12%"]], None, "“占全市比重”"),
        ([HEAD, ROW, [None, None, None, 46]], None, "第3行"),
        ([HEAD, ROW], ["粗苯", 3], "旧表"),
    ],
)
def test_figures_not_read_refuse_the_import_unless_partly(workspace, tmp_path, rows, other, where):
    path = write(tmp_path / "报.xlsx", rows, other)
    with pytest.raises(ImportRejected) as refused:
        import_file(workspace, "indicator_values", path, actor=Actor("甲"), approve=True)
    assert where in str(refused.value) and "--partly" in str(refused.value)
    assert workspace.ledger.submissions() == []
    intake = Intake(partly=True)
    report = import_file(workspace, "indicator_values", path, actor=Actor("甲"), intake=intake)
    assert (report.rows, report.account.read, report.account.not_read) == (1, 1, 1)
    assert any(where in str(f) and f.level == "warning" for f in report.findings)


def test_the_command_line_says_the_account(workspace, tmp_path):
    path = write(tmp_path / "报.xlsx", [[*HEAD, "上年值"], [*ROW, 90]])
    arguments = ["import", "indicator_values", str(path), "-w", str(workspace.folder), "--dry-run"]
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert (done.exit_code, json.loads(done.stdout)["account"]["not_read"]) == (1, 1)
    done = CliRunner().invoke(app, [*arguments, "--partly"])
    assert done.exit_code == 0 and "清点：3 个数，读出 1 个" in done.output
