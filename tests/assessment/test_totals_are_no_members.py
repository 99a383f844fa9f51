"""Printed totals are recognised by every reader of members, held against their parts, and never
members: budgets, reforms, splits, assessments, parks.
"""

from __future__ import annotations

import json

import openpyxl
import pytest
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.spelling import is_mean, is_total, is_total_word, is_whole_area
from hengtan.cli.app import app
from hengtan.workbooks.assessment import read_workbook, template
from hengtan.workbooks.budget import as_dict, read_budget
from hengtan.workbooks.cells import Line
from hengtan.workbooks.districts import read_districts
from hengtan.workbooks.totals import Columns, members


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)


@pytest.mark.parametrize(
    "name",
    [
        *("合计", "合 计", "总计", "小计", "总计数", "合计数", "合计（吨）", "武隆区小计"),
        *(
            "全市合计",
            "合计 Total",
            "合计/Total",
            "Total",
            "Sub-total",
            "Grand Total",
            "38个区县合计",
        ),
        *("一、合计", "全市/合计", "∑合计", "Total of districts"),
    ],
)
def test_a_word_for_a_total_is_one(name: str) -> None:
    assert is_total(name)


@pytest.mark.parametrize(
    "name",
    ["会计师事务所", "总计划办公室", "TotalEnergies重庆", "合川区", "全椒县", "统计局", "计算中心"],
)
def test_a_name_that_only_looks_alike_is_none(name: str) -> None:
    assert not is_total(name) and not is_whole_area(name) and not is_mean(name)


def test_areas_means_and_bare_words_are_told_apart() -> None:
    assert is_whole_area("全市") and is_whole_area("全 省") and not is_total("全市")
    assert is_mean("全市平均") and is_mean("Average")
    assert is_total_word("总计（吨）") and not is_total_word("终端消费合计")


def lines(*rows: tuple[object, ...], heads=("区县", "排放", "产值")) -> list[Line]:
    return [
        Line(
            {h: "" if v is None else str(v) for h, v in zip(heads, row, strict=False)}, Where(row=n)
        )
        for n, row in enumerate(rows, 2)
    ]


SUMS = Columns(("区县",), ("排放", "产值"), whole="虚岭市")


@pytest.mark.parametrize("name", ["合计", "全市", "虚岭市", "总计数", "虚岭市合计"])
@pytest.mark.parametrize("first", [True, False])
def test_a_total_that_agrees_is_left_out_wherever_it_stands(name: str, first: bool) -> None:
    districts = [("青禾区", 600, 30), ("石桥县", 400, 20)]
    total = (name, 1000, 50)
    kept = members(lines(*([total, *districts] if first else [*districts, total])), SUMS)
    assert [line.text("区县") for line in kept.lines] == ["青禾区", "石桥县"]
    assert [finding.code for finding in kept.findings] == ["total-left-out"]


def test_a_total_that_differs_says_both_figures() -> None:
    # 600 + 400 is 1000, not 1400: a row is missing, or the total is
    kept = members(lines(("青禾区", 600, 30), ("石桥县", 400, 20), ("合计", 1400, 50)), SUMS)
    (finding,) = kept.findings
    assert (finding.code, finding.where.column) == ("total-differs", "排放")
    assert "1400" in finding.zh and "1000" in finding.zh


def test_a_total_within_its_rounding_says_so() -> None:
    # 1.3 + 1.3 is 2.6; 2.7 is printed where 1.34 + 1.34 = 2.68 was summed before rounding
    kept = members(lines(("青禾区", 1.3), ("石桥县", 1.3), ("合计", 2.7)), SUMS)
    assert [finding.code for finding in kept.findings] == ["total-rounded"]


def test_subtotals_sum_their_own_block_and_the_total_all() -> None:
    rows = lines(
        *(("甲区", 1), ("乙区", 2), ("主城小计", 3), ("丙县", 5), ("丁县", 7), ("其他小计", 12)),
        ("合计", 15),
    )
    kept = members(rows, SUMS)
    assert [line.text("区县") for line in kept.lines] == ["甲区", "乙区", "丙县", "丁县"]
    assert {finding.code for finding in kept.findings} == {"total-left-out"}


def test_the_city_without_a_word_for_total_is_found_by_its_figures() -> None:
    # both figures of 某市 are the sums of the two others: 600 + 400, 30 + 20
    city = members(lines(("某市", 1000, 50), ("青禾区", 600, 30), ("石桥县", 400, 20)), SUMS)
    assert len(city.lines) == 2
    asked = members(lines(("甲片", 1000, 50), ("乙片", 600, 30), ("丙片", 400, 20)), SUMS)
    assert (len(asked.lines), asked.findings[0].code) == (3, "maybe-total")


def test_a_part_of_the_row_above_is_refused_and_totals_alone_too() -> None:
    with pytest.raises(HengtanError, match="上一行的一部分"):
        members(lines(("青禾区", 600), ("其中：工业", 500)), SUMS)
    with pytest.raises(HengtanError, match="只有合计行"):
        members(lines(("合计", 600)), SUMS)
    assert len(members(lines(("全市", 600)), SUMS).lines) == 1


BUDGET = {
    "参数": {
        "地区": "虚岭市",
        "计量单位": "吨",
        "基年": 2025,
        "基年排放": 1000,
        "强度降低目标": "17%",
        "目标年": 2030,
        "起始年": 2026,
        "结束年": 2027,
    },
    "年度": [[2025, 500], [2026, 525], [2027, 550]],
    "原则": [["区县", "历史排放", 1]],
}


def budget(folder, sheets):
    path = folder / "预算.xlsx"
    assert run("budget", "template", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    for row in book["参数"].iter_rows(min_row=2):
        row[1].value = BUDGET["参数"].get(row[0].value)
    for name, rows in {**BUDGET, **sheets}.items():
        if name != "参数":
            book[name].delete_rows(2, book[name].max_row)
            for row in rows:
                book[name].append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("word", ["合计", "全市", "虚岭市", "Total"])
def test_a_budget_is_shared_among_districts_only(tmp_path, word: str) -> None:
    # 1000·525/500·0.83^0.2 = 1011.59 → 1011, of which 600 in 1000 are 606.6 and 400 are 404.4
    path = budget(tmp_path, {"区县": [["青禾区", 600], ["石桥县", 400], [word, 1000]]})
    shared = as_dict(read_budget(path))
    assert {a["path"][0]: a["years"]["2026"] for a in shared["allocations"]} == {
        "青禾区": 607,
        "石桥县": 404,
    }
    shown = run("budget", "run", path)
    assert f"“{word}”是合计行" in shown.output
    to = tmp_path / "结果.xlsx"
    run("budget", "run", path, "--to", to)
    assert word in openpyxl.load_workbook(to)["提示"]["B2"].value


def test_a_subtotal_among_industries_is_no_industry(tmp_path) -> None:
    industries = [["青禾区", "钢铁", 500], ["青禾区", "水泥", 100], ["青禾区", "小计", 600]]
    path = budget(
        tmp_path,
        {
            "区县": [["青禾区", 600], ["石桥县", 400]],
            "行业": [*industries, ["石桥县", "交通", 400], ["合计", None, 1000]],
        },
    )
    shared = as_dict(read_budget(path))
    named = [a["path"] for a in shared["allocations"] if a["level"] == "行业"]
    assert named == [["青禾区", "钢铁"], ["青禾区", "水泥"], ["石桥县", "交通"]]
    assert {finding["code"] for finding in shared["findings"]} == {"total-left-out"}


def test_the_city_among_executions_is_the_whole(tmp_path) -> None:
    sheets = {"区县": [["青禾区", 600], ["石桥县", 400]], "执行": [["全市", 2026, 90, 80]]}
    (whole,) = as_dict(read_budget(budget(tmp_path, sheets)))["executions"]
    assert (whole["who"], whole["budget"]) == ("虚岭市", 1011)
    twice = {**sheets, "执行": [[None, 2026, 90, 80], ["合计", 2026, 90, 80]]}
    read = as_dict(read_budget(budget(tmp_path, twice)))
    assert [finding["code"] for finding in read["findings"]] == ["total-repeated"]
    other = {**sheets, "执行": [[None, 2026, 90, 80], ["合计", 2026, 95, 80]]}
    with pytest.raises(HengtanError, match="出现两次"):
        read_budget(budget(tmp_path, other))


TITLES = "区县,类别,基年能源消费量,基年地区生产总值,期内经济增长倍数,目标"
TWO = ("甲区,一类,100,200,1.25,10%", "乙县,二类,300,200,1.25,20%")


@pytest.mark.parametrize(
    "total", ["合计,,400,400,1.25,17.5%", "全市,,400,400,1.25,17.5", "某市,,400,400,1.25,"]
)
def test_goals_of_districts_are_split_and_added_without_the_city(tmp_path, total: str) -> None:
    path = tmp_path / "区县.csv"
    path.write_text("\n".join((TITLES, *TWO, total, "")), encoding="utf-8")
    districts, findings = read_districts(path)
    assert ([d.name for d in districts], len(findings)) == (["甲区", "乙县"], 1)
    # (100·0.9 + 300·0.8) / 400 = 0.825
    checked = json.loads(run("decompose", "check", path, "--goal", "17.5", "--json").output)
    assert (checked["state"], round(checked["implied"], 6)) == ("adds_up", 0.175)
    assert checked["findings"][0]["code"] == "total-left-out"
    cuts = run("decompose", "spread", path, "--goal", "14")
    assert "甲区" in cuts.output and "是合计行" in cuts.output


REFORM = ("组别,户数,污染物排放量.二氧化硫", "小户,10,1000", "大户,5,2000")


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("合计,15,3000", "不作为一个对象"),
        ("总计,15,", "不作为一个对象"),
        ("平均,7.5,1500", "不作为一个对象"),
        ("合计,16,3000", "印为16"),
    ],
)
def test_a_total_pays_nothing(tmp_path, total: str, code: str) -> None:
    path = tmp_path / "户.csv"
    path.write_text("\n".join((*REFORM, total, "")), encoding="utf-8")
    # 1000 kg / 0.95 = 1052.63 equivalents, 10 payers, from 3.5 to 5 yuan; 2000 kg, 5 payers:
    # (10·1000 + 5·2000) / 0.95 · 1.5 = 31 578.95
    options = ("--date", "2024-05-31", "--region", "500156", "--set", "env_tax.air.rate=5")
    shown = run("reform", "env_tax.air", path, *options)
    assert "+31,578.95" in shown.output and code in shown.output


def test_a_total_among_those_assessed_and_among_items_is_left_out(tmp_path) -> None:
    from hengtan import packs

    path = template(packs.load("cn"), "energy-dual-control-a", tmp_path / "双控.xlsx", ["甲区"])
    book = openpyxl.load_workbook(path)
    before, _ = read_workbook(path)
    heads = [cell.value for cell in book["数据"][1]]
    row = {"对象": "全市", "名称": "全市", "编号": "goal", "实绩": 3, "目标": 3}
    book["数据"].append([row.get(head) for head in heads])
    points = [cell.value for cell in book["方案"][1]]
    total = {"编号": "合计", "满分": before.full()}
    book["方案"].append([total.get(head) for head in points])
    book.save(path)
    scheme, assessed = read_workbook(path)
    assert ([body.id for body in assessed], scheme.items) == (["甲区"], before.items)
    assert [finding.where.sheet for finding in scheme.findings] == ["方案", "数据"]
    assert "全市" in run("assess", "run", path).output


def test_a_total_of_parks_is_no_park(tmp_path) -> None:
    path = tmp_path / "园区.csv"
    rows = (
        "园区,年综合能耗（吨标准煤）,年二氧化碳排放（吨）",
        "甲园,300000,50000",
        "乙园,200000,40000",
    )
    path.write_text("\n".join((*rows, "合计,500000,90000", "")), encoding="utf-8")
    shown = run("assess", "park", path)
    assert "合计：" not in shown.output and "“合计”是合计行" in shown.output
