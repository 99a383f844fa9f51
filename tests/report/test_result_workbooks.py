"""Workbooks of budgets, assessments and forecasts: what a reader must find when opening them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from hengtan.report.sheet.assessment import write_results
from hengtan.report.sheet.budget import write_budget
from hengtan.report.sheet.forecast import write_forecasts


def rows(sheet) -> list[dict[str, Any]]:
    """The rows of a sheet by heading."""
    headings = [cell.value for cell in sheet[1]]
    lines = sheet.iter_rows(min_row=2, values_only=True)
    return [dict(zip(headings, line, strict=True)) for line in lines]


@pytest.fixture
def budget() -> dict[str, Any]:
    """900 t for 2026, 45 kept back, 855 shared between two districts by two principles."""
    principles = {"history": 1.0, "ability": 0.5}
    months = [
        {
            "month": month,
            "known": month <= 3,
            "planned": 35.0,
            "amount": 36.0,
            "planned_so_far": 35.0 * month,
            "so_far": 36.0 * month,
            "left": 400 - 36.0 * month,
            "pace": 1.03,
        }
        for month in range(1, 13)
    ]
    return {
        "title": "样例市",
        "unit": "吨",
        "years": [
            {
                "year": 2026,
                "rule": "intensity",
                "gdp": 1.5,
                "required_cut": 0.03,
                "by_intensity": 900,
                "by_cap": None,
                "budget": 900,
                "reserve": 45,
                "reason": "=强度路径",
            }
        ],
        "allocations": [
            {
                "level": "区县",
                "path": [name],
                "principles": principles,
                "shares": {"history": share, "ability": share},
                "share": share,
                "years": {"2026": amount},
            }
            for name, share, amount in (("甲区", 0.4, 342), ("乙区", 0.6, 513))
        ],
        "findings": [],
        "executions": [
            {
                "who": "甲区",
                "year": 2026,
                "budget": 400,
                "expected": 432.0,
                "gap": -32.0,
                "rate": 1.08,
                "runs_out": date(2026, 12, 5),
                "weights": "days",
                "with_all_projects": {"expected": 390.0, "gap": 10.0, "runs_out": None},
                "months": months,
            }
        ],
    }


def test_a_budget_shows_path_allocation_and_execution(budget, tmp_path):
    book = load_workbook(write_budget(budget, tmp_path / "b.xlsx"))
    assert book.sheetnames == ["路径", "区县分配", "执行", "分月", "核对"]
    path = rows(book["路径"])[0]
    assert (path["年份"], path["阶段"], path["预算（吨）"], path["可分配"]) == (
        2026,
        "强度为主",
        900,
        855,
    )
    share = rows(book["区县分配"])[1]
    assert (share["区县"], share["支付能力份额（权重0.5）"], share["2026"]) == ("乙区", 0.6, 513)
    execution = rows(book["执行"])[0]
    assert (execution["已用"], execution["已知月数"]) == (3 * 36.0, 3)
    assert execution["用尽日期"] == "2026-12-05"
    assert execution["加全部项目后用尽日期"] == "年内够用"
    assert [row["性质"] for row in rows(book["分月"])] == ["实绩"] * 3 + ["预计"] * 9


def test_the_sums_of_a_budget_are_checked(budget, tmp_path):
    book = load_workbook(write_budget(budget, tmp_path / "b.xlsx"))
    check = rows(book["核对"])[0]
    assert (check["可分配"], check["分配合计"], check["差"], check["结果"]) == (855, 855, 0, "相符")
    budget["allocations"][0]["years"]["2026"] = 341
    wrong = load_workbook(write_budget(budget, tmp_path / "wrong.xlsx"))
    assert rows(wrong["核对"])[0]["结果"] == "不符"


def test_a_reason_never_becomes_a_formula_and_years_carry_no_comma(budget, tmp_path):
    sheet = load_workbook(write_budget(budget, tmp_path / "b.xlsx"))["路径"]
    year, reason = sheet["A2"], sheet["J2"]
    assert (reason.value, reason.data_type) == ("=强度路径", "s")
    assert year.number_format == "0"


def result(name: str, rank: int | None, **more: Any) -> dict[str, Any]:
    item = {"name": "煤耗", "points": 8.004, "full": 10, "lost": 1.996, "reason": "完成80%"}
    return {
        "name": name,
        "rank": rank,
        "class": "",
        "points": 80.0,
        "full": 100,
        "grade": "合格",
        "grade_reason": "",
        "last_rank": None,
        "complete": rank is not None,
        "items": [item],
        **more,
    }


def test_results_stand_by_rank_and_say_why_points_were_lost(tmp_path):
    results = [result("甲", 2, last_rank=1), result("乙", None), result("丙", 1)]
    ranges = [(1, 3, 0.5), None, (1, 1, 1.0)]
    book = load_workbook(write_results(tmp_path / "r.xlsx", "考核", results, ranges))
    points = rows(book["得分"])
    assert [row["对象"] for row in points] == ["丙", "甲", "乙"]
    assert (points[1]["名次升降"], points[1]["权重±20%时的名次"]) == (-1, "1—3")
    assert points[2]["备注"] == "有指标未报，不排名"
    first = rows(book["明细"])[0]
    assert (first["对象"], first["失分"], first["说明"]) == ("丙", 2.0, "完成80%")


def test_forecasts_hold_outturns_bands_and_what_they_rest_on(tmp_path):
    year = {"year": 2025, "point": 1.8} | {
        f"{side}{level}": value
        for side, value in (("low", 1.5), ("high", 2.1))
        for level in (50, 80, 95)
    }
    outlook = {
        "history": [{"year": 2024, "value": 1.6}],
        "years": [year],
        "method_zh": "阻尼漂移",
        "reason": "误差最小",
    }
    target = {
        "target_id": "x",
        "indicator_zh": "占比",
        "region": "某市",
        "deadline": 2025,
        "goal": 2.0,
        "unit": "%",
        "latest_in_unit": 1.6,
        "latest_period": "2024",
        "point": 1.8,
        "bands": {"80": (1.5, 2.1)},
        "chance": 0.25,
        "needed_pace": 0.4,
        "pace_so_far": 0.1,
        "recalled": 0,
        "forecast_state_zh": "有预测",
        "outlook": outlook,
        "notes": ["甲", "乙"],
    }
    bare = {**target, "outlook": None, "point": None, "bands": {}, "chance": None}
    book = load_workbook(write_forecasts([target, bare], tmp_path / "f.xlsx"))
    first, second = rows(book["目标"])
    assert (first["达到的可能性"], first["80%下限"], first["方法"]) == (0.25, 1.5, "阻尼漂移")
    assert (second["预测值"], second["方法"]) == (None, None)
    assert [(row["年份"], row["性质"]) for row in rows(book["逐年"])] == [
        (2024, "实绩"),
        (2025, "预测"),
    ]
    assert [row["说明"] for row in rows(book["依据"])] == ["甲；乙"]
    assert book["目标"]["L2"].number_format == "0%"


def in_both(write, tmp_path):
    """A workbook in Chinese and in English: the books, and the values of their cells."""
    books = [load_workbook(write(tmp_path / f"{lang}.xlsx", lang)) for lang in ("zh", "en")]
    return books, [[c.value for sheet in book for row in sheet for c in row] for book in books]


def chinese_in(book, cells, names=()):
    """Texts of a book with Chinese in them beside names."""
    texts = [*book.sheetnames, *(value for value in cells if isinstance(value, str))]
    for name in names:
        texts = [text.replace(name, "") for text in texts]
    return [text for text in texts if re.search("[\u3400-\u9fff]", text)]


def numbers(cells):
    return [value for value in cells if isinstance(value, (int, float))]


def test_a_budget_in_english_holds_the_same_figures(budget, tmp_path):
    """Names of districts stay."""
    budget["years"][0] |= {"reason": "强度路径", "reason_en": "path of intensity"}
    budget["findings"] = [{"sheet": "F", "row": 3, "zh": "未读", "en": "not read"}]
    books, cells = in_both(lambda path, lang: write_budget(budget, path, lang), tmp_path)
    assert len(numbers(cells[0])) > 100 and numbers(cells[0]) == numbers(cells[1])
    assert books[1].sheetnames[:2] == ["Path", "Allocation District"]
    assert rows(books[1]["Path"])[0]["Grounds"] == "path of intensity"
    assert not chinese_in(books[1], cells[1], ("甲区", "乙区"))


def test_results_in_english_hold_the_same_figures(tmp_path):
    """Names of those assessed and of items stay."""
    results = [result("甲", 1, last_rank=2), result("乙", None)]
    for each in results:
        each["grade"], each["items"][0]["reason"] = "pass", "80% done"
    books, cells = in_both(
        lambda path, lang: write_results(path, "Scheme", results, [(1, 2, 0.5), None], lang),
        tmp_path,
    )
    assert len(numbers(cells[0])) > 10 and numbers(cells[0]) == numbers(cells[1])
    assert books[1].sheetnames == ["Points", "Details"]
    assert not chinese_in(books[1], cells[1], ("甲", "乙", "煤耗"))


def test_items_of_schemes_that_ship_have_english_names():
    """碳排放总量 is Total CO2 and 优秀 excellent; an item of a user's own keeps its name."""
    from hengtan import packs
    from hengtan.workbooks.assessment import in_english

    result = {"items": [{"name": "碳排放总量"}, {"name": "自定指标"}], "grade": "优秀"}
    said = in_english(packs.load("cn"), result)
    assert [item["name"] for item in said["items"]] == ["Total CO2", "自定指标"]
    assert said["grade"] == "excellent"


def test_no_word_of_an_english_heading_is_broken(tmp_path):
    """A column of short names is as wide as its heading's longest word in bold: Assessed has 8."""
    path = write_results(tmp_path / "r.xlsx", "S", [result("甲", 1)], [None], "en")
    sheet = load_workbook(path)["Points"]
    (assessed,) = [cell for cell in sheet[1] if cell.value == "Assessed"]
    assert sheet.column_dimensions[assessed.column_letter].width >= 8 * 1.2 + 1


def test_no_unit_of_a_chinese_heading_is_broken():
    """A Chinese letter is two wide. 投资（万元） is 12 and fits one line; the longer part of
    2022年排放上限 and （tCO2e） is 14, of which the bracket goes to the second line.
    """
    from hengtan.report.sheet.cells import new_book
    from hengtan.report.sheet.plain import Column, sheet_of

    columns = [Column("投资（万元）", 8), Column("2022年排放上限（tCO2e）", 8)]
    sheet = sheet_of(new_book("x"), "x", columns, [[1, 2]])
    assert sheet.column_dimensions["A"].width >= 12 + 1
    assert 14 + 1 <= sheet.column_dimensions["B"].width < 24
