"""A wide balance is handed in as it is checked: the same figures and words, nothing guessed."""

import csv

import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected
from hengtan.desk.evidence import Intake, import_file

WIDE = [
    ["某市能源平衡表（实物量）2019年", "", ""],
    ["单位：万吨、亿千瓦小时", "", ""],
    ["项目", "原煤", "电力"],
    ["可供本市消费能源量", 100, 50],
    ["一次能源生产量", 150, 20],
    ["外省调入", 0, 30],
    ["本市调出量(-)", "（50）", 0],
    ["终端消费量", 100, 50],
    ["工业", 80, 30],
    ["批发、零售和住宿、餐饮业", 0, 5],
    ["居民生活", 20, 15],
    ["平衡差额(+、-)", 0, 0],
]


def written(tmp_path, lines):
    path = tmp_path / "平衡表.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def rows_of(workspace):
    table = workspace.table("regional_balance").to_pylist()
    return {(r["balance_row"], r["product"]): (r["value"], r["unit"], r["period"]) for r in table}


def import_(workspace, path, **intake):
    return import_file(
        workspace,
        "regional_balance",
        path,
        actor=Actor("甲"),
        intake=Intake(**intake),
        approve=True,
    )


def test_a_wide_balance_is_imported_as_it_is_checked(workspace, tmp_path):
    report = import_(workspace, written(tmp_path, WIDE))
    assert report.rows == 18 and not report.errors
    rows = rows_of(workspace)
    assert rows["S", "raw_coal"][:2] == (100.0, "万吨")
    assert rows["S.in", "electricity"][:2] == (30.0, "亿千瓦小时")
    assert rows["S.out", "raw_coal"][0] == -50.0
    assert rows["F.3.trade", "electricity"][0] == 5.0
    assert {str(period) for _, _, period in rows.values()} == {"2019"}


@pytest.mark.parametrize(
    ("line", "column", "text", "code"),
    [
        (9, 0, "某种生活消费", "not-read"),
        (2, 2, "粗苯", "not-read"),
        (5, 1, "12③4", "unread"),
        (0, 0, "某市能源平衡表（实物量）", "wide"),
        (1, 0, "", "unit-needed"),
    ],
)
def test_what_is_not_understood_is_refused_and_nothing_is_written(
    workspace, tmp_path, line, column, text, code
):
    lines = [list(cells) for cells in WIDE]
    lines[line][column] = text
    with pytest.raises(ImportRejected) as refused:
        import_(workspace, written(tmp_path, lines))
    assert code in {f.code for f in refused.value.findings}
    assert not rows_of(workspace)


def test_standard_quantities_say_by_which_convention(workspace, tmp_path):
    lines = [list(cells) for cells in WIDE]
    lines[0][0] = "某市能源平衡表（标准量）2019年"
    lines[1][0] = "单位：万吨标准煤"
    with pytest.raises(ImportRejected) as refused:
        import_(workspace, written(tmp_path, lines))
    assert "convention-needed" in {f.code for f in refused.value.findings}
    lines[0][0] = "某市能源平衡表（标准量，等价值）2019年"
    import_(workspace, written(tmp_path, lines))
    assert {unit for _, unit, _ in rows_of(workspace).values()} == {"万吨标准煤"}


@pytest.mark.parametrize(
    ("row", "product", "code"),
    [
        ("可供本地区消费能源量", "原煤", "S"),
        ("年初年末库存差额", "Raw Coal", "S.stock"),
        ("交通运输、仓储及邮政业", "原煤 Raw coal", "F.3.trans"),
        ("我轮、机在外国加油量", "原煤", "S.bunk_in"),
    ],
)
def test_a_long_table_takes_the_same_words(workspace, tmp_path, row, product, code):
    header = ["地区", "年份", "项目", "能源品种", "数值", "单位"]
    place = workspace.settings.region
    import_(workspace, written(tmp_path, [header, [place, 2019, row, product, 5, "万吨"]]))
    assert rows_of(workspace)[code, "raw_coal"][0] == 5.0


def test_partly_takes_what_is_read_of_a_wide_balance_and_names_the_rest(workspace, tmp_path):
    lines = [[*cells, ""] for cells in WIDE]
    lines[2][3], lines[3][3], lines[8][3] = "粗苯", 7, 7
    with pytest.raises(ImportRejected):
        import_(workspace, written(tmp_path, lines))
    report = import_(workspace, written(tmp_path, lines), partly=True)
    # 9 lines of two products are read, the two figures of 粗苯 are not
    assert (report.rows, report.account.read, report.account.not_read) == (18, 18, 2)
    (unread,) = [f for f in report.findings if f.code == "not-read"]
    assert (unread.level, "粗苯" in unread.zh) == ("warning", True)
