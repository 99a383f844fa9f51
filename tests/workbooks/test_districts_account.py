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
