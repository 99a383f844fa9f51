"""A workbook as a monitoring station sends it: units in headings, marks for no result, results
below the detection limit, a wrong unit; each is told at its row, and what was not measured is never
nought.
"""

from __future__ import annotations

import openpyxl
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected
from hengtan.desk.evidence import import_file

HEADINGS = (
    *(
        "断面编号",
        "监测月份",
        "pH",
        "溶解氧(mg/L)",
        "高锰酸盐指数(mg/L)",
        "氨氮(mg/L)",
        "总磷(mg/L)",
    ),
    *("汞(μg/L)", "挥发酚(mg/L)", "平均流量(立方米/秒)"),
)
ROWS = (
    ("S1", "2024年1月", 7.4, 8.2, 2.1, 0.31, 0.06, "0.04L", "0.0003L", 12.5),
    ("S1", "2024年2月", "-1", "-;", 2.4, "未检出", "<0.01", "—", "0.002", -1),
    ("S1", "2024年3月", 7.6, 7.9, 0, "０．４２", 0.07, "<0.04", "ND", "断流"),
)


def workbook(folder, rows, headings=HEADINGS):
    """A sheet with a title above it, a blank row within and a note below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["武隆区地表水断面监测结果（合成数据）"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    path = folder / "断面月报.xlsx"
    book.save(path)
    return path


@pytest.fixture
def registered(hand_in):
    hand_in("water_sections", [{"断面编号": "S1", "地区": "武隆区", "控制级别": "国控"}])


def take_in(workspace, path):
    return import_file(workspace, "water_section_months", path, actor=Actor("监测站"), approve=True)


def test_marks_limits_and_noughts_of_a_station_are_read_and_told(registered, workspace, tmp_path):
    """By hand: 0.04L μg/L of mercury is 0.00002 mg/L, 0.0003L of phenol 0.00015, <0.01 of
    phosphorus 0.005; -1, -;, 未检出, — and a nought of permanganate are missing.
    """
    taken = take_in(workspace, workbook(tmp_path, ROWS))
    rows = {row["period"]: row for row in workspace.execute("water_section_months").to_pylist()}
    january, february, march = (rows[f"2024-0{n}"] for n in (1, 2, 3))
    assert january["mercury"] == pytest.approx(2e-5)
    assert january["volatile_phenol"] == pytest.approx(1.5e-4)
    none = ("ph", "dissolved_oxygen", "ammonia_nitrogen", "mercury", "flow")
    assert [february[item] for item in none] == [None] * 5
    assert february["total_phosphorus"] == pytest.approx(0.005)
    assert (march["permanganate_index"], march["volatile_phenol"]) == (None, None)
    assert march["ammonia_nitrogen"] == 0.42 and march["flow"] is None
    warned = {(f.code, f.where.row, f.where.column) for f in taken.findings}
    assert ("no-result", 4, "溶解氧(mg/L)") in warned and (
        "never-nought",
        5,
        "高锰酸盐指数(mg/L)",
    ) in warned
    assert ("below-detection", 3, "汞(μg/L)") in warned
    assert {f.level for f in taken.findings} == {"warning"}
    classes = {r["month"]: r for r in workspace.execute("water_month_classes").to_pylist()}
    assert [classes[n]["items"] for n in (1, 2, 3)] == [7, 3, 5]


def test_micrograms_under_milligrams_are_refused_in_one_line(registered, workspace, tmp_path):
    """Mercury of 0.04 under mg/L would be forty times class Ⅴ; ammonia of 310 mg/L never is."""
    headings = [title.replace("μg/L", "mg/L") for title in HEADINGS]
    row = ("S1", "2024年1月", 7.4, 8.2, 2.1, 310, 0.06, 0.04, 0.0003, 12.5)
    with pytest.raises(ImportRejected) as refused:
        take_in(workspace, workbook(tmp_path, [row], headings))
    errors = [f for f in refused.value.findings if f.level == "error"]
    assert {(f.where.row, f.where.column) for f in errors} == {(3, "氨氮(mg/L)"), (3, "汞(mg/L)")}
    assert workspace.execute("water_section_months").num_rows == 0


def test_milligrams_under_micrograms_and_a_negative_result_are_refused(
    registered, workspace, tmp_path
):
    """Ammonia of 0.31 mg/L under μg/L would be 0.00031; -0.3 is no mark."""
    headings = [title.replace("氨氮(mg/L)", "氨氮(μg/L)") for title in HEADINGS]
    row = ("S1", "2024年1月", 7.4, 8.2, -0.3, 0.31, 0.06, 0.04, 0.0003, 12.5)
    with pytest.raises(ImportRejected) as refused:
        take_in(workspace, workbook(tmp_path, [row], headings))
    errors = {f.where.column for f in refused.value.findings if f.level == "error"}
    assert errors == {"氨氮(μg/L)", "高锰酸盐指数(mg/L)"}


def test_columns_that_changed_places_are_told(registered, workspace, hand_in):
    row = {"断面编号": "S1", "月份": "2024-01", "COD": 8, "BOD5": 15, "氨氮": 2.0, "总氮": 0.8}
    taken = hand_in("water_section_months", [row])
    assert {f.code for f in taken.findings} == {"nitrogen-within", "bod-within-cod"}


def test_a_unit_line_a_row_of_means_and_names_beside_the_codes(registered, workspace, tmp_path):
    """A sheet as it is printed: the unit above the table with the remark that pH has none, names of
    sections beside codes, and the mean of all below, which is no section and refused
    at its row until it is taken out.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2024年地表水监测结果（合成数据）"])
    sheet.append(["单位：mg/L（pH无量纲）"])
    sheet.append(
        ["序号", "断面名称", "断面编号", "监测时间", "pH值", "氨氮", "汞(μg/L)", "水温(℃)"]
    )
    sheet.append([1, "某桥", "S1", "2024.06", 7.8, "0．42", "0.04L", 21.5])
    sheet.append([2, "某口", "S1", "2024/7", "—", "<0.05", -1, 22])
    sheet.append(["", "平均", "", "", 7.8, 0.42, "", 21.75])
    path = tmp_path / "印制.xlsx"
    book.save(path)
    with pytest.raises(ImportRejected, match="第6行 “断面编号”列"):
        take_in(workspace, path)
    sheet.delete_rows(6)
    book.save(path)
    take_in(workspace, path)
    rows = {row["period"]: row for row in workspace.execute("water_section_months").to_pylist()}
    assert {period: row["ammonia_nitrogen"] for period, row in rows.items()} == {
        "2024-06": pytest.approx(0.42),
        "2024-07": pytest.approx(0.025),
    }
    assert rows["2024-06"]["mercury"] == pytest.approx(2e-5) and rows["2024-06"]["ph"] == 7.8
