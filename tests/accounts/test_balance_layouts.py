"""Balances in the layouts of yearbooks: every figure is read or named, nothing half read is sound.

The tables are made by hand; figures that should be found off are noted beside them.
"""

import csv

import openpyxl
import pytest
from typer.testing import CliRunner

from hengtan import packs
from hengtan.accounts.energy.foreign import read_tables
from hengtan.accounts.energy.foreign_checks import check_identities
from hengtan.accounts.energy.foreign_coefficient import infer_electricity_coefficient
from hengtan.accounts.energy.foreign_names import Names, folded
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.cli.main import app
from hengtan.desk.lookups import balance_words
from hengtan.workbooks.balance import check_balance

NAMES = packs.load("cn").rows("balance_names")


def written(tmp_path, text):
    path = tmp_path / "平衡表.csv"
    path.write_text(text.strip() + "\n", encoding="utf-8")
    return path


def exit_code(path, *more):
    return CliRunner().invoke(app, ["check", "balance", str(path), *more]).exit_code


def states(report, at=0):
    """Identities of a table by state: (identity, product)."""
    by_state = {}
    for result in report.tables[at].checked.results:
        if result.column:
            by_state.setdefault(result.state, set()).add((result.identity, result.column))
    return by_state


def test_a_column_that_is_not_understood_is_named(tmp_path):
    path = written(
        tmp_path,
        """
项目,原煤,粗苯,焦炭
可供本地区消费的能源量,100,50,50
一次能源生产量,100,7,50
终端消费量,100,3,50
工业,100,100,50
""",
    )
    report = check_balance(path)
    (finding,) = report.findings
    assert (finding.code, finding.where.column) == ("not-read", "粗苯")
    assert report.account.as_dict() == {"figures": 12, "read": 8, "heading": 0, "not_read": 4}
    assert exit_code(path) == 1 and exit_code(path, "--partly") == 0


@pytest.mark.parametrize(
    "difference",
    ["平衡差额(+、-)", "五、平衡差额（+，-）", "平衡差额", "统计差额", "平衡差额 Balance"],
)
def test_the_difference_is_known_in_its_ways_of_writing(tmp_path, difference):
    """100 - 40 - 55 = 5."""
    path = written(
        tmp_path,
        f"""
项目,原煤
可供本地区消费的能源量,100
一次能源生产量,100
加工转换,-40
火力发电,-40
终端消费量,55
"农、林、牧、渔业",5
工业,50
"{difference}",5
""",
    )
    report = check_balance(path)
    assert report.sound and ("I4", "raw_coal") in states(report)["holds"]


R = """
单位:亿千瓦时,
项目,电力
可供本地区消费的能源量,100
一次能源生产量,100
终端消费量,100
第三产业,60
{label},25
其他,35
工业,40
"""


def test_transport_is_known_in_its_ways_of_writing(tmp_path):
    assert check_balance(written(tmp_path, R.format(label="交通运输、仓储及邮政业"))).sound


@pytest.mark.parametrize("label", ["某种运输", "Haulage", "运输 7 类"])
def test_a_row_that_is_not_understood_makes_its_identities_not_testable(tmp_path, label):
    report = check_balance(written(tmp_path, R.format(label=label)))
    by_state = states(report)
    assert ("I3-F3", "electricity") in by_state["not_testable"]
    assert "broken" not in by_state and not report.tables[0].checked.suspects
    assert ("I1", "electricity") in by_state["holds"]
    (finding,) = report.findings
    assert (finding.code, finding.where.row) == ("not-read", 7) and not report.sound


def test_a_row_left_out_never_counts_as_nothing_where_the_rest_would_close(tmp_path):
    """第三产业 printed 35 instead of 60: without the row that is not understood it would close."""
    text = R.format(label="某种运输").replace("第三产业,60", "第三产业,35")
    report = check_balance(written(tmp_path, text))
    assert ("I3-F3", "electricity") in states(report)["not_testable"] and not report.sound


def test_a_transformation_that_is_not_understood_does_not_accuse_the_balance(tmp_path):
    path = written(
        tmp_path,
        """
项目,原煤
可供本地区消费的能源量,100
一次能源生产量,100
某种转换,-40
终端消费量,60
工业,60
""",
    )
    assert ("I4", "raw_coal") in states(check_balance(path))["not_testable"]


@pytest.mark.parametrize(
    "header",
    [
        ",原煤,焦\n项目,,炭",
        "项目,原煤,焦\n,,炭",
        ",原,焦\n项目,煤,炭",
        "某市能源平衡表,,\n项目,原煤,焦\n,,炭\n,万吨,万吨",
        "项目,Raw,Co\n,Coal,ke",
    ],
)
def test_a_word_over_two_header_lines_is_one_word(tmp_path, header):
    """Coke: 10 produced of 50, 1 used of 999: off in I1, I3 and I4."""
    path = written(
        tmp_path,
        f"""
{header}
可供本地区消费的能源量,100,50
一次能源生产量,100,10
终端消费量,100,999
工业,100,1
""",
    )
    report = check_balance(path)
    assert {identity for identity, _ in states(report)["broken"]} == {"I1", "I3", "I4"}
    assert {column for _, column in states(report)["broken"]} == {"coke"}
    assert report.account.not_read == 0


def test_a_label_over_two_lines_is_one_label(tmp_path):
    path = written(
        tmp_path,
        """
项目,原煤
可供本地区消费的能源量,100
一次能源生产量,100
终端消费量,100
"交通运输、仓储和",
邮政业,30
工业,70
""",
    )
    assert check_balance(path).sound


YEARS = """
{header}
可供本地区消费的能源量,100,100,50,50
一次能源生产量,100,7,50,9
终端消费量,100,3,50,50
工业,100,100,50,50
"""


@pytest.mark.parametrize(
    "header",
    [
        "项目,原煤,,焦炭,\n,2004,2005,2004,2005",
        "项目,原煤,,焦炭,\n,2004年,2005年,2004年,2005年",
        "项目,原煤2004年,原煤2005年,焦炭2004年,焦炭2005年",
        "项目,原煤,原煤,焦炭,焦炭\n年份,2004,2005,2004,2005",
    ],
)
def test_each_year_under_a_product_is_a_table_of_its_own(tmp_path, header):
    """2004 closes; of 2005 7 of 100 and 9 of 50 are produced, 3 instead of 100 used."""
    report = check_balance(written(tmp_path, YEARS.format(header=header)))
    assert [table.balance.year for table in report.tables] == [2004, 2005]
    assert "broken" not in states(report, 0)
    assert states(report, 1)["broken"] == {
        ("I1", "raw_coal"),
        ("I3", "raw_coal"),
        ("I4", "raw_coal"),
        ("I1", "coke"),
    }
    assert all("2005" in f.where.column for f in report.findings)
    assert report.account.not_read == 0


@pytest.mark.parametrize(
    "header",
    [
        "项目,原煤,,电力,\n,实物量,标准量,实物量,标准量",
        "项目,原煤,,电力,\n,实物量（万吨）,标准量（万吨标准煤）,实物量（亿千瓦时）,标准量（万吨标准煤）",
        "项目,原煤,,电力,\n,万吨,10 000 tce,亿kW·h,10⁴tce",
    ],
)
def test_pairs_of_physical_and_standard_quantity(tmp_path, header):
    path = written(
        tmp_path,
        f"""
{header}
可供本市消费能源量,100,71.43,50,6.145
一次能源生产量,60,42.86,20,2.458
外省调入,40,28.57,30,3.687
终端消费量,100,71.43,50,7.145
工业,100,71.43,50,6.145
""",
    )
    report = check_balance(path)
    kinds = {table.balance.standard: at for at, table in enumerate(report.tables)}
    assert report.account.not_read == 0 and "broken" not in states(report, kinds[False])
    assert states(report, kinds[True])["broken"] == {
        ("I3", "electricity"),
        ("I4", "electricity"),
    }


@pytest.mark.parametrize(
    "text",
    [
        """年份,项目,能源品种,数值
2005,可供本地区消费的能源量,原煤,100
2005,终端消费量,原煤,999
2005,工业,原煤,1
2005,一次能源生产量,原煤,5""",
        """能源品种,项目,年份,实物量
原煤,可供本地区消费的能源量,2005年,100
,终端消费量,2005年,999
,工业,2005年,1
,一次能源生产量,2005年,5""",
        """地区,指标,品种,单位,2005年
甲市,可供本地区消费的能源量,原煤,万吨,100
甲市,终端消费量,原煤,万吨,999
甲市,工业,原煤,万吨,1
甲市,一次能源生产量,原煤,万吨,5""",
    ],
)
def test_long_tables_are_read(tmp_path, text):
    """I1 is off by 95, I3 by 998, I4 by 899."""
    report = check_balance(written(tmp_path, text))
    (table,) = report.tables
    assert len(table.balance.cells) == 4 and table.balance.year == 2005
    assert {identity for identity, _ in states(report)["broken"]} == {"I1", "I3", "I4"}
    assert report.account.not_read == 0


def test_products_down_and_years_down(tmp_path):
    path = written(
        tmp_path,
        """
品种,年份,可供本地区消费的能源量,一次能源生产量,调入量,终端消费量,工业,居民生活
原煤,2019,100,60,40,100,70,30
,2020,110,60,50,110,80,30
焦炭,2019,10,6,4,10,7,3
,2020,11,6,5,11,8,30
""",
    )
    report = check_balance(path)
    assert [len(table.balance.cells) for table in report.tables] == [12, 12]
    assert states(report, 1)["broken"] == {("I3", "coke")} and "broken" not in states(report, 0)


def test_products_down_and_years_across(tmp_path):
    path = written(
        tmp_path,
        """
品种,2019年,,,2020年,,
,可供量,生产量,终端消费量,可供量,生产量,终端消费量
原煤,100,100,100,110,110,110
电力,10,10,10,11,15,11
""",
    )
    report = check_balance(path)
    assert [table.balance.year for table in report.tables] == [2019, 2020]
    assert states(report, 1)["broken"] == {("I1", "electricity")}


def test_a_block_that_goes_on_below_is_read(tmp_path):
    path = written(
        tmp_path,
        """
某市能源平衡表,,
项目,原煤,焦炭
可供本地区消费的能源量,100,50
一次能源生产量,100,50
终端消费量,100,50
工业,100,50
续表,,
项目,电力,热力
可供本地区消费的能源量,10,5
一次能源生产量,10,15
终端消费量,10,5
工业,10,5
""",
    )
    report = check_balance(path)
    assert set(report.balance.columns) == {"raw_coal", "coke", "electricity", "heat"}
    assert states(report)["broken"] == {("I1", "heat")}


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("某市电力平衡表", "electricity"),
        ("7-6 某市原煤平衡表（2019—2020年）", "raw_coal"),
        ("Electricity Balance Sheet", "electricity"),
        ("品种：焦炭", "coke"),
    ],
)
def test_a_product_named_in_the_title_alone(tmp_path, title, product):
    path = written(
        tmp_path,
        f"""
{title},,
项目,2019,2020
可供量,100,110
生产量,100,90
终端消费量,100,110
工业,100,110
""",
    )
    report = check_balance(path)
    assert [list(table.balance.columns) for table in report.tables] == [[product], [product]]
    assert "broken" not in states(report, 0)
    assert states(report, 1)["broken"] == {("I1", product)}


BY_USE = """
7-4 综合能源平衡表,,
单位：万吨标准煤,,
项　目,2005,{year}
可供消费的能源总量,254619,358001
一次能源生产量,229037,312125
回收能,2000,3000
进口量,26823,57671
出口量(-),11257,8803
年初年末库存差额,8016,-5992
能源消费总量,261369,360648
在总量中：,,
"1.农、林、牧、渔业",8071,6477
2.工业,187914,261377
3.建筑业,3403,6226
"4.交通运输、仓储和邮政业",18391,26068
"5.批发、零售业和住宿、餐饮业",5314,6827
6.其他,10482,13681
7.生活消费,27794,39992
在总量中：,,
（一）终端消费,250877,345000
#工业,178776,250000
（二）加工转换损失量,3000,6000
#炼焦,1000,2000
（三）损失量,7492,{loss}
平衡差额,-6750,-2647
"""


def test_an_overall_balance_with_years_across_is_checked_by_sector_and_by_use(tmp_path):
    """360,648 = 345,000 + 6,000 + 9,648, and so printed but for one loss."""
    sound = check_balance(written(tmp_path, BY_USE.format(year=2010, loss=9648)))
    assert sound.sound and [table.balance.year for table in sound.tables] == [2005, 2010]
    for at in (0, 1):
        closed = {identity for identity, _ in states(sound, at)["holds"]}
        assert closed == {"I1", "I3-C", "I4", "I5-C"}
    off = check_balance(written(tmp_path, BY_USE.format(year=2010, loss=9658)))
    assert states(off, 1)["broken"] == {("I5-C", "total_energy")}
    (finding,) = off.findings
    assert "9658" in finding.zh or "损失量" in finding.zh


def test_brackets_are_negative_and_a_footnote_mark_is_cut(tmp_path):
    path = written(
        tmp_path,
        """
Item,Raw Coal,Electricity
Total Primary Energy Supply,100.0,20
Indigenous Production,"2,047.2",10
Moving In from Other Provinces,0,15③
Sending Out to Other Provinces (-),"（1,947.2）",(5.0)
Total Final Consumption,100,20
Industry,100,15
"Wholesale and Retail Trades, Hotels and Catering Services",-,5
""",
    )
    report = check_balance(path)
    assert report.sound and report.balance.cells["S.out", "raw_coal"].value == -1947.2
    (note,) = report.findings
    assert (note.level, note.code, note.where.row) == ("warning", "mark-cut", 4)


@pytest.mark.parametrize("text", ["=SUM(B3:B4)", "12③4", "65,1", "12.5%", "x", "约三百"])
def test_a_figure_that_cannot_be_read_is_told_and_its_identities_are_not_testable(tmp_path, text):
    path = written(
        tmp_path,
        f"""
项目,原煤,焦炭
可供本地区消费的能源量,100,50
一次能源生产量,"{text}",50
终端消费量,100,50
工业,100,50
""",
    )
    report = check_balance(path)
    (finding,) = report.findings
    assert (finding.code, finding.where.row, finding.where.column) == ("unread", 3, "原煤")
    assert ("I1", "raw_coal") in states(report)["not_testable"] and not report.sound


def test_every_sheet_is_read_and_one_that_is_no_balance_is_named(tmp_path):
    book = openpyxl.Workbook()
    rows = [
        ["项目", "原煤"],
        ["可供本地区消费的能源量", 100],
        ["一次能源生产量", 100],
        ["终端消费量", 100],
        ["工业", 100],
    ]
    for name in ("2019", "2020"):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book["2020"]["B3"] = 90
    del book["Sheet"]
    path = tmp_path / "两年.xlsx"
    book.save(path)
    (finding,) = check_balance(path).findings
    assert (finding.where.sheet, finding.where.column) == ("2020", "原煤")
    book.create_sheet("人口").append(["人口", 100])
    book.save(path)
    named = {(f.code, f.where.sheet) for f in check_balance(path).findings}
    assert ("not-read", "人口") in named
    book["人口"].sheet_state = "hidden"
    book.save(path)
    hidden = [f for f in check_balance(path).findings if f.where.sheet == "人口"]
    assert [(f.level, f.code) for f in hidden] == [("warning", "hidden-sheet")]
    assert check_balance(path, "2019").sound


def test_two_figures_for_one_row_and_product_are_told(tmp_path):
    path = written(
        tmp_path,
        """
项目,原煤,原煤
可供本地区消费的能源量,100,90
一次能源生产量,100,90
终端消费量,100,90
工业,100,90
""",
    )
    report = check_balance(path)
    assert {f.code for f in report.findings} == {"not-read"} and not report.sound
    assert "broken" not in states(report)


def test_no_word_on_power_without_a_column_of_power(tmp_path):
    """Coal is burnt for power; how power was converted only a column of power can show."""
    lines = [
        ["单位：万吨标准煤", "", ""],
        ["项目", "原煤", "焦炭"],
        ["可供本地区消费的能源量", "100", "5"],
        ["加工转换", "-40", "0"],
        ["火力发电", "-40", "0"],
        ["终端消费量", "60", "5"],
    ]
    (table,) = read_tables(list(enumerate(lines, 1)), NAMES).tables
    assert table.standard
    with pytest.raises(ParameterNotEstablished, match="电力折算系数"):
        infer_electricity_coefficient(table)
    (power,) = (r for r in check_identities(table).results if r.identity == "I9")
    assert "only_coal_rate_table" in power.reason


def test_spellings_that_count_as_the_same_name_one_thing():
    seen = {}
    for name in NAMES:
        key = name["kind"], folded(name["spelling"])
        assert seen.setdefault(key, name["code"]) == name["code"], name["spelling"]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("可供本地区消费能源量", "S"),
        ("可供全省消费的能源量", "S"),
        ("年初年末库存差额", "S.stock"),
        ("加工转换损失量", "T.loss"),
        ("二、加工转换投入(－)产出(＋)量", "T"),
        ("交通运输、仓储及邮政业", "F.3.trans"),
        ("批发、零售和住宿、餐饮业", "F.3.trade"),
        ("外省调入", "S.in"),
        ("3.本市调出量(-)", "S.out"),
        ("我轮、机在外国加油量", "S.bunk_in"),
        ("终端消费量 Total Final Consumption", "F"),
        ("Transport, Storage and Post", "F.3.trans"),
    ],
)
def test_rows_are_known_in_their_ways_of_writing(spelling, code):
    assert Names.of(NAMES).row(spelling) == code


def test_a_pack_of_a_workspace_adds_spellings(tmp_path):
    own = {"kind": "row", "spelling": "某种运输", "code": "F.3.trans"}
    path = written(tmp_path, R.format(label="某种运输"))
    assert not check_balance(path).sound
    assert check_balance(path, names=[*NAMES, own]).sound


def test_a_table_of_something_else_is_refused(tmp_path):
    with (tmp_path / "x.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["项目", "金额"], ["工业", 5], ["建筑业", 6], ["其他", 7]])
    with pytest.raises(HengtanError, match="能源平衡表"):
        check_balance(tmp_path / "x.csv")


def test_spellings_of_a_pack_of_ones_own_hold_for_check_and_import(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "pack.yaml").write_text(
        "id: own\ntitle_zh: 某市\ntitle_en: A city\nextends: cn\nregion: '500156'\n"
        "edition: '2026.11'\nchecked_on: 2026-11-21\n",
        encoding="utf-8",
    )
    (own / "balance_names.csv").write_text(
        "spelling,kind,code,source,confidence\n某种运输,row,F.3.trans,某市统计年鉴,read\n",
        encoding="utf-8",
    )
    names = packs.load("own", [own]).rows("balance_names")
    assert check_balance(written(tmp_path, R.format(label="某种运输")), names=names).sound
    assert balance_words(names)["balance_rows"]("某种运输") == ("F.3.trans",)


def test_the_command_takes_the_words_of_a_workspace(workspace, tmp_path):
    path = written(tmp_path, R.format(label="交通运输、仓储及邮政业"))
    assert exit_code(path, "--workspace", str(workspace.folder)) == 0


def test_a_difference_that_is_not_printed_is_not_nothing(tmp_path):
    """Supply is 2 above consumption: a table without a row of the difference says so."""
    text = """
电力平衡表,
项目,2010
可供量,102
生产量,102
消费量,100
工业,60
生活消费,40
{difference}
"""
    silent = check_balance(written(tmp_path, text.format(difference="")))
    assert silent.sound and "I4" not in {r.identity for r in silent.checked.results}
    printed = check_balance(written(tmp_path, text.format(difference="平衡差额,2")))
    assert ("I4", "electricity") in states(printed)["holds"]
    assert not check_balance(written(tmp_path, text.format(difference="平衡差额,9"))).sound


def test_side_by_side_blocks_take_the_labels_to_their_left(tmp_path):
    path = written(
        tmp_path,
        """
项目,原煤,,项目,电力
可供本地区消费的能源量,100,,终端消费量,10
一次能源生产量,100,,工业,10
终端消费量,100,,可供本地区消费的能源量,10
工业,100,,一次能源生产量,15
""",
    )
    report = check_balance(path)
    assert states(report)["broken"] == {("I1", "electricity")} and report.account.not_read == 0


@pytest.mark.parametrize(
    "label", ["比上年增长（%）", "占全市比重", "其中：钢铁", "Growth rate (%)"]
)
def test_a_ratio_or_a_part_that_is_not_read_does_not_hide_the_identities(tmp_path, label):
    path = written(
        tmp_path,
        f"""
项目,原煤
可供本地区消费的能源量,100
一次能源生产量,100
终端消费量,100
工业,100
"{label}",5.1
""",
    )
    report = check_balance(path)
    assert {identity for identity, _ in states(report)["holds"]} == {"I1", "I3", "I4"}
    assert [f.code for f in report.findings] == ["not-read"] and not report.sound


@pytest.mark.parametrize("hidden", ["row", "column", "none"])
def test_hidden_rows_and_columns_of_a_balance_are_read_and_told(tmp_path, hidden):
    from openpyxl import Workbook

    from hengtan.workbooks.balance import check_balance

    book = Workbook()
    sheet = book.active
    for line in (
        ["某市能源平衡表（实物量） 单位：万吨"],
        ["项目", "原煤", "焦炭"],
        ["一、可供本地区消费的能源量", 10, 5],
        ["二、加工转换投入(-)产出(+)量", -4, 1],
        ["三、损失量", 0, 0],
        ["四、终端消费量", 6, 6],
        ["五、平衡差额", 0, 0],
    ):
        sheet.append(line)
    if hidden == "row":
        sheet.row_dimensions[5].hidden = True
    if hidden == "column":
        sheet.column_dimensions["C"].hidden = True
    book.save(tmp_path / "平衡表.xlsx")
    report = check_balance(tmp_path / "平衡表.xlsx")
    said = [finding.zh for finding in report.findings if "隐藏" in finding.zh]
    assert len(said) == (hidden != "none"), report.findings
    assert report.account.read == 10  # five rows of two figures, hidden or not
