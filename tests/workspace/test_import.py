"""Taking a file in, as a person does: dry run, all or nothing, the same file twice, approval,
correction, and the verdict that follows.
"""

import pytest
from openpyxl import Workbook, load_workbook

from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected
from hengtan.desk.evidence import import_file
from hengtan.desk.lookups import choices, lookups
from hengtan.ledger.reading import read_form
from hengtan.workspace.asof import AsOf

HEAD = ["地区", "指标名称", "时期", "数值", "计量单位", "数据来源"]
GOOD = [
    ["武隆区", "城市生活污水集中处理率", "2025年", "９８．２", "％", "区住房城乡建委"],
    [None, "农膜回收率", 2025, "91.5%", None, "区农业农村委"],
]


def write(path, rows):
    book = Workbook()
    sheet = book.active
    sheet.title = "武隆"
    sheet.append(["武隆区2025年绿色低碳指标完成情况表"])
    sheet.merge_cells("A1:F1")
    sheet.append(HEAD)
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    book.save(path)
    return path


def lights(workspace):
    from datetime import date

    from hengtan.report.status_rows import status_rows

    rows = status_rows(
        workspace.pack,
        workspace.execute("plan_progress", AsOf.of(today=date(2026, 11, 25))).to_pylist(),
        date(2026, 11, 25),
    )
    return {r["target_id"]: r["light"] for r in rows}


def test_a_year_before_a_heading_is_read_past(workspace, tmp_path):
    path = tmp_path / "报.xlsx"
    book = Workbook()
    for row in (
        ["地区", "指标", "时期", "2025年完成值（%）", "来源"],
        ["武隆区", "农膜回收率", "2025", 91.5, "区农业农村委"],
    ):
        book.active.append(row)
    book.save(path)
    report = import_file(workspace, "indicator_values", path, actor=Actor("张三"), approve=True)
    assert (report.rows, report.errors) == (1, [])
    row = workspace.table("indicator_values").to_pylist()[0]
    assert (row["value"], row["unit"]) == (91.5, "%")


def test_a_dry_run_reports_and_writes_nothing(workspace, tmp_path):
    head = workspace.ledger.head()
    report = import_file(
        workspace,
        "indicator_values",
        write(tmp_path / "报.xlsx", GOOD),
        actor=Actor("张三"),
        dry_run=True,
    )
    assert report.rows == 2 and not report.errors and report.submission is None
    assert workspace.ledger.head() == head and workspace.ledger.submissions() == []


def test_one_bad_cell_refuses_the_whole_file(workspace, tmp_path):
    rows = [GOOD[0], [None, "农膜回收率", 2025, "九十一", "%", "区农业农村委"]]
    with pytest.raises(ImportRejected) as refused:
        import_file(
            workspace, "indicator_values", write(tmp_path / "坏.xlsx", rows), actor=Actor("张三")
        )
    where = refused.value.where
    assert (where.file, where.sheet, where.row, where.column) == ("坏.xlsx", "武隆", 4, "数值")
    assert workspace.ledger.submissions() == []


def test_only_what_is_approved_counts(workspace, tmp_path):
    report = import_file(
        workspace, "indicator_values", write(tmp_path / "报.xlsx", GOOD), actor=Actor("张三")
    )
    assert (
        report.submission["state"] == "submitted"
        and lights(workspace)["wl-sewage-2025"] == "due_not_reported"
    )
    workspace.ledger.record(report.submission["submission"], "approved", Actor("李四"))
    assert (
        lights(workspace)["wl-sewage-2025"] == "met"
        and lights(workspace)["wl-mulch-film-2025"] == "met"
    )


def test_the_same_file_twice_changes_nothing(workspace, tmp_path):
    path = write(tmp_path / "报.xlsx", GOOD)
    import_file(workspace, "indicator_values", path, actor=Actor("张三"), approve=True)
    head = workspace.ledger.head()
    again = import_file(workspace, "indicator_values", path, actor=Actor("王五"), approve=True)
    assert again.unchanged and workspace.ledger.head() == head


def test_the_explanation_ends_in_the_workbook(workspace, tmp_path):
    import_file(
        workspace,
        "indicator_values",
        write(tmp_path / "报.xlsx", GOOD),
        actor=Actor("张三"),
        approve=True,
    )
    tree = workspace.explain("plan_progress", {"target_id": "wl-sewage-2025"})
    leaves = [leaf for leaf in tree.leaves() if leaf.kind == "ledger"]
    assert next(
        (x.origin["_file"], x.origin["_sheet"], x.origin["_source_row"], x.origin["_submitted_by"])
        for x in leaves
    ) == ("报.xlsx", "武隆", 3, "张三")
    assert "工作表“武隆”" in tree.text() and "wulong-2025:13" in tree.text()


def test_a_withdrawn_submission_no_longer_counts_and_the_past_stays(workspace, tmp_path):
    report = import_file(
        workspace,
        "indicator_values",
        write(tmp_path / "报.xlsx", GOOD),
        actor=Actor("张三"),
        approve=True,
    )
    workspace.ledger.record(report.submission["submission"], "withdrawn", Actor("李四"), "填错年份")
    assert lights(workspace)["wl-sewage-2025"] == "due_not_reported"
    assert [e["state"] for e in workspace.ledger.submissions()[0]["events"]] == [
        "submitted",
        "approved",
        "withdrawn",
    ]


@pytest.mark.parametrize(
    ("form", "row", "columns"),
    [
        (
            "indicator_values",
            {
                "地区": "武隆区",
                "指标": "森林覆盖率",
                "时期": "2025",
                "数值": 68.1,
                "计量单位": "%",
                "来源": "区林业局",
            },
            1,
        ),
        (
            "milestone_progress",
            {"里程碑": "探索CCUS应用", "状态": "推进中", "截至日期": "2026-06-30"},
            1,
        ),
        (
            "measure_progress",
            {
                "措施条款": "wulong-2025:12",
                "时期": "2026年上半年",
                "状态": "推进中",
                "进展情况": "开展前期工作",
            },
            1,
        ),
        (
            "registry_entries",
            {
                "名录": "绿色工厂名录",
                "地区": "武隆区",
                "条目名称": "某某公司",
                "级别": "市级",
                "授予日期": "2024-12-01",
            },
            1,
        ),
    ],
)
def test_a_filled_template_comes_in_without_findings(workspace, tmp_path, form, row, columns):
    from hengtan.report.sheet.form_template import FILL, write_template

    path = write_template(
        workspace.form(form),
        tmp_path / "模板.xlsx",
        places=workspace.pack.places(),
        lookups=choices(workspace),
    )
    book = load_workbook(path)
    sheet = book[FILL]
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[3]}
    for title, value in row.items():
        sheet.cell(4, heads[title], value)
    book.save(path)
    report = import_file(workspace, form, path, actor=Actor("张三"), approve=True)
    assert report.rows == 1 and [str(f) for f in report.findings if f.level == "error"] == []
    assert report.submission["state"] == "approved"


def test_a_template_has_lists_notes_and_no_rows(workspace, tmp_path):
    from hengtan.report.sheet.form_template import FILL, LISTS, NOTES, write_template

    path = write_template(
        workspace.form("indicator_values"),
        tmp_path / "模板.xlsx",
        places=workspace.pack.places(),
        lookups=choices(workspace),
    )
    book = load_workbook(path)
    assert book.sheetnames == [FILL, LISTS, NOTES] and book[LISTS].sheet_state == "hidden"
    assert len(book[FILL].data_validations.dataValidation) >= 5
    empty = import_file(workspace, "indicator_values", path, actor=Actor("张三"), dry_run=True)
    assert empty.rows == 0


def test_the_cache_tells_days_apart_only_where_they_matter(workspace):
    """Balances and inventories know no day judged; lights and counts of registries do."""
    from datetime import date

    from hengtan.workspace.tables import _day_key

    days = [AsOf.of(today=day) for day in (date(2026, 6, 30), date(2026, 7, 1))]
    for account, keys in (("energy_balance", 1), ("carbon_totals", 1), ("plan_progress", 2)):
        assert len({_day_key(account, as_of) for as_of in days}) == keys


def test_a_value_in_a_unit_that_its_indicator_does_not_know_is_an_error(workspace, tmp_path):
    file = tmp_path / "污水.csv"
    file.write_text(
        "地区,指标,时期,数值,计量单位,来源\n武隆区,城市生活污水集中处理率,2025,98.4,吨,区建委\n",
        encoding="utf-8",
    )
    report = import_file(workspace, "indicator_values", file, actor=Actor("甲"), dry_run=True)
    (finding,) = report.findings
    assert (finding.level, finding.where.row, finding.where.column) == ("error", 2, "计量单位")
    assert "按%计" in finding.zh and "吨" in finding.zh


def published_as(workspace, folder, written):
    """The day of publication that a dry run of one row reads, and what it finds."""
    file = folder / "发布.csv"
    row = f"武隆区,森林覆盖率,2025,65.1,%,区林业局,{written}"
    file.write_text(f"地区,指标,时期,数值,计量单位,来源,发布日期\n{row}\n", encoding="utf-8")
    form = workspace.form("indicator_values")
    reading = read_form(file, form, places=workspace.pack.places(), lookups=lookups(workspace))
    return reading.table["published"].to_pylist(), [str(finding) for finding in reading.errors]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026年1月31日", "2026-01-31"),
        ("2026/1/5", "2026-01-05"),
        ("2026年1月", "2026-01"),
        ("2026", "2026"),
        ("46053", "2026-01-31"),  # Excel's serial day: 1 January 2026 is 46023
    ],
)
def test_a_day_of_publication_is_read_however_it_is_written(workspace, tmp_path, written, read):
    assert published_as(workspace, tmp_path, written) == ([read], [])


def test_a_day_of_publication_that_is_none_is_refused_in_one_line(workspace, tmp_path):
    (values, (line,)) = published_as(workspace, tmp_path, "2026-02-30")
    assert values == [None]
    assert "第2行" in line and "发布日期" in line and "\n" not in line
