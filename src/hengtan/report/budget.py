"""Carbon budgets as workbooks: the template to fill, and the result with every allocation explained and every sum checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.chart import LineChart, Reference

from hengtan.report.sheets import new_book, saved, sheet_of

RULES = {"intensity": "强度为主", "total": "总量为主"}
PRINCIPLE = {
    "history": "历史排放",
    "per_gdp": "地区生产总值",
    "per_head": "人口",
    "ability": "支付能力",
    "benchmark": "行业基准",
}


def write_template(
    path: Path,
    parameters: Mapping[str, str],
    sheets: Mapping[str, Sequence[str]],
    principles: Sequence[str],
    districts: Sequence[str],
) -> Path:
    """The workbook to fill: one sheet a subject, the parameters with what each means."""
    book = new_book("碳排放预算")
    sheet_of(
        book,
        "参数",
        ("项目", "内容", "怎么填"),
        [[name, None, note] for name, note in parameters.items()],
        {"项目": 18, "内容": 18, "怎么填": 44},
    )
    for title, headings in sheets.items():
        if title == "参数":
            continue
        rows: list[list[Any]] = (
            [[d, *[None] * (len(headings) - 1)] for d in districts]
            if title == "区县"
            else [["区县", principles[0], 1]]
            if title == "原则"
            else []
        )
        sheet_of(
            book,
            title,
            headings,
            rows,
            {"区县": 14, "行业": 16, "企业": 28, "项目": 24, "地区生产总值": 14, "原则": 16},
        )
    notes = [
        ["可用的原则", "、".join(principles)],
        ["各层级可混用几条原则，权重自动归一", ""],
        ["行业、企业表可空；填了就逐级分到底，合计与上级相等", ""],
        ["保底比例按基期排放计；执行表区县空着为全市", ""],
        ["项目“计入”填“是”的算在预计内，其余只在“全部项目”情形里算", ""],
    ]
    sheet_of(book, "说明", ("说明", "内容"), notes, {"说明": 50, "内容": 50})
    return saved(book, path)


def write_budget(budget: Mapping[str, Any], path: Path) -> Path:
    """The result: 路径, one sheet a level with shares and reasons, 执行 with its chart, 核对."""
    book, years = new_book(budget["title"]), [str(y["year"]) for y in budget["years"]]
    rows = [
        [
            y["year"],
            RULES[y["rule"]],
            y["gdp"],
            y["required_cut"],
            y["by_intensity"],
            y["by_cap"],
            y["budget"],
            y["reserve"],
            y["budget"] - y["reserve"],
            y["reason"],
        ]
        for y in budget["years"]
    ]
    sheet = sheet_of(
        book,
        "路径",
        (
            "年份",
            "阶段",
            "地区生产总值",
            "强度累计降低要求",
            f"强度路径（{budget['unit']}）",
            f"总量上限（{budget['unit']}）",
            f"预算（{budget['unit']}）",
            "预留",
            "可分配",
            "依据",
        ),
        rows,
        {"地区生产总值": 14, "依据": 44, "强度累计降低要求": 14},
    )
    for line in sheet.iter_rows(min_row=2, min_col=4, max_col=4):
        line[0].number_format = "0.00%"
    levels: dict[str, list[Mapping[str, Any]]] = {}
    for one in budget["allocations"]:
        levels.setdefault(one["level"], []).append(one)
    for level, held in levels.items():
        names = list(held[0]["principles"])
        depth = len(held[0]["path"])
        headings = [
            *("区县", "行业", "企业")[:depth],
            *(f"{PRINCIPLE[p]}份额（权重{held[0]['principles'][p]:g}）" for p in names),
            "份额",
            *years,
        ]
        sheet = sheet_of(
            book,
            f"{level}分配",
            headings,
            [
                [
                    *one["path"],
                    *(one["shares"][p] for p in names),
                    one["share"],
                    *(one["years"][y] for y in years),
                ]
                for one in held
            ],
            {"区县": 14, "行业": 16, "企业": 28},
        )
        for line in sheet.iter_rows(min_row=2, min_col=depth + 1, max_col=depth + len(names) + 1):
            for cell in line:
                cell.number_format = "0.0000%"
    _execution(book, budget)
    _checks(book, budget, levels, years)
    return saved(book, path)


def _execution(book: Any, budget: Mapping[str, Any]) -> None:
    if not budget["executions"]:
        return
    rows = [
        [
            e["who"],
            e["year"],
            e["budget"],
            sum(m["amount"] for m in e["months"] if m["known"]),
            sum(m["known"] for m in e["months"]),
            e["expected"],
            e["gap"],
            e["rate"],
            e["runs_out"].isoformat() if e["runs_out"] else "年内够用",
            e["with_all_projects"]["expected"],
            e["with_all_projects"]["gap"],
            e["with_all_projects"]["runs_out"].isoformat()
            if e["with_all_projects"]["runs_out"]
            else "年内够用",
        ]
        for e in budget["executions"]
    ]
    sheet = sheet_of(
        book,
        "执行",
        (
            "对象",
            "年份",
            "预算",
            "已用",
            "已知月数",
            "全年预计",
            "结余",
            "执行率",
            "用尽日期",
            "加全部项目后预计",
            "加全部项目后结余",
            "加全部项目后用尽日期",
        ),
        rows,
        {"对象": 16, "用尽日期": 13, "加全部项目后用尽日期": 14},
    )
    for line in sheet.iter_rows(min_row=2, min_col=8, max_col=8):
        line[0].number_format = "0.0%"
    months = [
        [
            e["who"],
            e["year"],
            m["month"],
            "实绩" if m["known"] else "预计",
            m["planned"],
            m["amount"],
            m["planned_so_far"],
            m["so_far"],
            m["left"],
            m["pace"],
        ]
        for e in budget["executions"]
        for m in e["months"]
    ]
    detail = sheet_of(
        book,
        "分月",
        (
            "对象",
            "年份",
            "月",
            "性质",
            "计划",
            "排放",
            "累计计划",
            "累计排放",
            "剩余",
            "进度（1为按计划）",
        ),
        months,
        {"对象": 16},
    )
    chart = LineChart()
    chart.title, chart.height, chart.width = (
        f"{months[0][0]} {months[0][1]}年预算执行（{budget['unit']}）",
        9,
        20,
    )
    for column in (7, 8):
        chart.add_data(
            Reference(detail, min_col=column, min_row=1, max_row=13), titles_from_data=True
        )
    chart.set_categories(Reference(detail, min_col=3, min_row=2, max_row=13))
    sheet.add_chart(chart, f"A{len(rows) + 4}")


def _checks(
    book: Any,
    budget: Mapping[str, Any],
    levels: Mapping[str, Sequence[Mapping[str, Any]]],
    years: Sequence[str],
) -> None:
    """Sums of each level against the level above, by year: all differences are zero, or something is wrong."""
    rows, above = (
        [],
        {
            y: budget["years"][n]["budget"] - budget["years"][n]["reserve"]
            for n, y in enumerate(years)
        },
    )
    for level, held in levels.items():
        for year in years:
            total = sum(one["years"][year] for one in held)
            rows.append(
                [
                    level,
                    int(year),
                    above[year],
                    total,
                    total - above[year],
                    "相符" if total == above[year] else "不符",
                ]
            )
    if rows:
        sheet_of(book, "核对", ("层级", "年份", "可分配", "分配合计", "差", "结果"), rows, {})
