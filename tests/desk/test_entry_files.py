"""An upload with findings beside its sheet, mended in the grid; templates filled beforehand."""

from __future__ import annotations

import openpyxl
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import UnreadableFile, WrongState
from hengtan.desk import entry
from hengtan.desk.entry import Sending, Unconfirmed, check, fresh
from hengtan.desk.entry_files import (
    Owed,
    hand_in_file,
    look_at,
    owed_grid,
    reopened,
    safe_name,
    write_owed_template,
)
from hengtan.desk.entry_periods import in_order
from hengtan.desk.evidence import Intake, import_file, step
from hengtan.office.typed import NotAGrid

FILER = Actor("填报人", behalf="500156")
SOUND = ["500156", "森林覆盖率", "2025", "67.5", "%", "年报"]
TITLES = ["地区", "指标", "时期", "数值", "计量单位", "来源"]


def book(path, *lines, merges=(), sheet="三月"):
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = sheet
    for line in lines:
        page.append(line)
    for merge in merges:
        page.merge_cells(merge)
    workbook.save(path)
    return path


def hand_in(workspace, form, grid, **how):
    """What was typed handed in, ``how``: the parts of a ``Sending``."""
    return entry.hand_in(workspace, form, grid, Sending(**how))


def test_findings_stand_beside_the_lines_of_the_sheet(workspace, tmp_path):
    wrong = [*SOUND[:3], "abc", *SOUND[4:]]
    path = book(tmp_path / "a.xlsx", ["森林资源表"], TITLES, SOUND, wrong)
    form = workspace.form("indicator_values")
    shown = look_at(workspace, form, path).as_dict()
    assert shown["sheet"] == "三月" and shown["head"] == 2 and shown["errors"] == 2
    assert [line[0] for line in shown["lines"]] == [1, 2, 3, 4]
    about = {f["code"]: (f["at"], f["cells"], f["row"]) for f in shown["findings"]}
    assert about["not-a-number"] == (1, [3], 4)
    assert shown["can_be_mended"]
    assert workspace.ledger.submissions() == []


def test_mended_in_the_grid_it_is_handed_in(workspace, tmp_path):
    """The sheet's own headings and title line stay, so the unit of a heading holds there too."""
    titles = ["地区", "指标名称", "年份", "数值（万立方米）", "来源"]
    path = book(
        tmp_path / "b.xlsx", ["2025年情况"], titles, ["武隆", "森林覆盖率", "2025", "x", "年报"]
    )
    form = workspace.form("indicator_values")
    grid = look_at(workspace, form, path).typed
    assert grid is not None and grid.sheet == "三月" and grid.head[1][3] == "数值（万立方米）"
    mended = grid.with_rows([["武隆", "森林蓄积量", "2025", "12.5", "年报"]])
    checked = check(workspace, form, mended)
    assert checked.columns[:4] == ["place", "indicator", "period", "value"]
    table = checked.reading.table.to_pylist()[0]
    assert (table["unit"], table["value"], table["_source_row"]) == ("万立方米", 12.5, 3)


@pytest.mark.parametrize(
    ("lines", "merges"),
    [
        ([["表一"], TITLES, SOUND, [None, None, "2024", "66", "%", "年报"]], ["A3:A4", "B3:B4"]),
        ([["地区", "指标", "时期", "数值", None, "来源"],
          [None, None, None, "本期", "计量单位", None], SOUND],
         ["A1:A2", "B1:B2", "C1:C2", "F1:F2"]),
        ([["单位：%"], [*TITLES[:4], "来源"], [*SOUND[:4], "年报"]], []),
        ([TITLES, [], SOUND, ["合计", None, None, "67.5", None, None], ["注：口径不变"]], []),
        ([[*TITLES, "经办"], [*SOUND, "王五"]], []),
    ],
)  # fmt: skip
def test_a_sheet_in_the_grid_reads_as_the_sheet(workspace, tmp_path, lines, merges):
    path = book(tmp_path / "c.xlsx", *lines, merges=merges)
    form = workspace.form("indicator_values")
    uploaded = look_at(workspace, form, path)
    assert uploaded.typed is not None
    checked = check(workspace, form, uploaded.typed)
    assert checked.reading.table.equals(uploaded.checked.reading.table)
    assert uploaded.checked.reading.table.num_rows


def test_a_csv_is_mended_too(workspace, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("\n".join([",".join(TITLES), ",".join(SOUND)]), encoding="gb18030")
    form = workspace.form("indicator_values")
    uploaded = look_at(workspace, form, path)
    assert uploaded.typed is not None and uploaded.typed.rows[0].cells == tuple(SOUND)
    report = hand_in(workspace, form, uploaded.typed, key="d", actor=FILER)
    assert report.submission["rows"] == 1


def test_what_is_no_table_of_the_form_is_shown_and_not_mended(workspace, tmp_path):
    form = workspace.form("indicator_values")
    uploaded = look_at(workspace, form, book(tmp_path / "e.xlsx", ["甲", "乙"], ["1", "2"]))
    assert uploaded.typed is None and uploaded.checked.reading.errors
    with pytest.raises(UnreadableFile):
        look_at(workspace, form, tmp_path / "none.xlsx")


def test_a_long_sheet_is_shown_by_the_lines_with_findings(workspace, tmp_path):
    rows = [[*SOUND, f"范围{n}"] for n in range(2400)]
    rows[2300][3] = "abc"
    path = book(tmp_path / "f.xlsx", [*TITLES, "统计范围"], *rows)
    shown = look_at(workspace, workspace.form("indicator_values"), path).as_dict()
    assert not shown["can_be_mended"]
    assert [line[0] for line in shown["lines"]] == [1, 2302]


def coal(workspace):
    """Two products reported for a firm in January and February."""
    form = workspace.form("enterprise_energy")
    common = {
        "place": "武隆区",
        "entity": "91500156MA5U000001",
        "entity_name": "甲厂",
        "period": "2025年1-2月",
    }
    rows = [
        common | {"product": p, "unit": u, "consumed": "5"}
        for p, u in (("原煤", "吨"), ("电力", "万千瓦时"))
    ]
    grid = fresh(form).with_rows(in_order(form, rows))
    seen = check(workspace, form, grid).seen
    done = hand_in(workspace, form, grid, key="d", actor=FILER, confirmed=seen)
    step(workspace, done.submission["submission"], "approved", Actor("审核人"))
    return form


def test_a_template_comes_filled_with_what_is_owed(workspace, tmp_path):
    form = coal(workspace)
    owed = [
        Owed("2025年1-3月", place="500156", entity="91500156MA5U000001"),
        Owed("2025年1-3月", place="500156", entity="91500156MA5U000002", entity_name="乙厂"),
    ]
    path = write_owed_template(workspace, form, tmp_path / "owed.xlsx", owed)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    titles = [cell.value for cell in sheet[3]]
    rows = [
        dict(zip(titles, (c.value for c in line), strict=True))
        for line in sheet.iter_rows(min_row=4, max_row=6)
    ]
    filled = [{t: v for t, v in row.items() if v} for row in rows]
    first = {
        "地区*": "武隆区",
        "统一社会信用代码*": "91500156MA5U000001",
        "单位名称": "甲厂",
        "时期*": "2025年1—3月",
        "能源品种*": "原煤",
        "计量单位": "吨",
    }
    assert filled[0] == first
    assert filled[1] == first | {"能源品种*": "电力", "计量单位": "万千瓦时"}
    assert filled[2] == {
        "地区*": "武隆区",
        "统一社会信用代码*": "91500156MA5U000002",
        "单位名称": "乙厂",
        "时期*": "2025年1—3月",
    }


def test_filled_in_excel_or_in_the_grid_the_rows_are_the_same(workspace, tmp_path):
    form = coal(workspace)
    owed = [Owed("2025年1-3月", place="500156", entity="91500156MA5U000001")]
    path = write_owed_template(workspace, form, tmp_path / "owed.xlsx", owed)
    at = next(n for n, f in enumerate(form.fields) if f.id == "consumed")
    workbook = openpyxl.load_workbook(path)
    for line, amount in ((4, 6), (5, 7)):
        workbook.worksheets[0].cell(line, at + 1, amount)
    workbook.save(path)
    by_excel = import_file(workspace, form.id, path, actor=FILER)
    grid = owed_grid(workspace, form, owed)
    rows = [list(row.cells) for row in grid.rows]
    rows[0][at], rows[1][at] = "6", "7"
    filled = grid.with_rows(rows)
    seen = check(workspace, form, filled).seen
    by_grid = hand_in(workspace, form, filled, key="g", actor=FILER, confirmed=seen)
    records = workspace.ledger.current().records
    digests = {records[r.submission["submission"]].rows_digest for r in (by_excel, by_grid)}
    assert len(digests) == 1


def test_nothing_owed_is_refused(workspace):
    with pytest.raises(NotAGrid):
        owed_grid(workspace, workspace.form("enterprise_energy"), [])


def test_a_submission_is_reopened_as_it_was_typed(workspace, tmp_path):
    """The heading with its unit and the cell as typed, not the figure that was read from it."""
    form = workspace.form("indicator_values")
    titles = ["地区", "指标名称", "年份", "数值（万立方米）", "来源"]
    path = book(tmp_path / "r.xlsx", titles, ["武隆", "森林蓄积量", "2025", "1,012.50", "年报"])
    done = import_file(workspace, form.id, path, actor=FILER)
    grid = reopened(workspace, form, done.submission["submission"])
    misfit = grid.with_rows([["武隆", "森林覆盖率", "2025", "1", "年报"]])
    cells = [c for c in check(workspace, form, misfit).cells if c.finding.level == "error"]
    assert [c.columns for c in cells] == [(3,)]  # the unit stands in the heading of the amount
    assert grid.head == (tuple(titles),)
    assert grid.rows[0].cells == ("武隆", "森林蓄积量", "2025", "1,012.50", "年报")
    mended = grid.with_rows([["武隆", "森林蓄积量", "2025", "1,013", "年报"]])
    again = hand_in(
        workspace,
        form,
        mended,
        key="c",
        actor=FILER,
        intake=Intake(replaces=done.submission["submission"]),
        confirmed=check(workspace, form, mended).seen,
    )
    assert again.submission["supersedes"] == done.submission["submission"]


def test_rows_without_an_original_are_reopened_by_name(workspace, report):
    row = {
        "place": "500156",
        "indicator": "forest_cover",
        "period": "2025",
        "value": 67.5,
        "unit": "%",
    }
    number = report(workspace, "indicator_values", [row])
    form = workspace.form("indicator_values")
    grid = reopened(workspace, form, number)
    assert [text for text in grid.rows[0].cells if text][:4] == [
        "武隆区",
        "森林覆盖率",
        "2025年",
        "67.5",
    ]
    with pytest.raises(WrongState):
        reopened(workspace, form, "S999999")


def test_a_file_that_was_looked_at_is_handed_in_with_its_warnings_confirmed(workspace, tmp_path):
    form = workspace.form("indicator_values")
    path = book(tmp_path / "h.xlsx", TITLES[:5], SOUND[:5])
    looked_at = look_at(workspace, form, path)
    with pytest.raises(Unconfirmed):
        hand_in_file(workspace, form, path, Sending("u", FILER))
    seen = looked_at.checked.seen
    first, second = (
        hand_in_file(workspace, form, path, Sending("u", FILER, confirmed=seen)) for _ in range(2)
    )
    assert not first.unchanged and second.unchanged


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\三月.xlsx", "三月.xlsx"), ("", "file"),
     ("..", "file"), ("a\nb.csv", "a b.csv"), ("x" * 300 + ".xlsx", "x" * 100 + ".xlsx")],
)  # fmt: skip
def test_names_of_files_are_names_only(name, safe):
    assert safe_name(name) == safe


def test_a_unit_without_a_column_is_missed_at_the_first_amount(workspace, tmp_path):
    titles = ["地区", "统一社会信用代码", "时期", "能源品种", "消费量", "用作原料、材料"]
    row = ["500156", "91500156MA5U000001", "2025年3月", "原煤", "5", "1"]
    path = book(tmp_path / "u.xlsx", titles, row)
    cells = look_at(workspace, workspace.form("enterprise_energy"), path).checked.cells
    assert {cell.columns for cell in cells if cell.finding.code == "missing-column"} == set()
    assert [cell.columns for cell in cells if cell.finding.code == "unit-needed"] == [(4,)]
