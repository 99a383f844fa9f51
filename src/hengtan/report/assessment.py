"""Assessment workbooks: the template of a scheme to fill, and the results with every point lost explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from hengtan.report.sheets import new_book, saved, sheet_of


def write_scheme(
    path: Path,
    about: Sequence[tuple[str, str]],
    item_columns: Sequence[str],
    items: Sequence[Sequence[Any]],
    grades: Sequence[tuple[str, float]],
    data_columns: Sequence[str],
    data: Sequence[Sequence[Any]],
    choices: Mapping[str, Sequence[str]],
) -> Path:
    """The workbook of a scheme: 说明, 方案, 等级, 数据, with lists where there is a choice."""
    book = new_book("")
    sheet_of(book, "说明", ("项目", "内容"), about, {"项目": 14, "内容": 90})
    scheme = sheet_of(
        book, "方案", item_columns, items, {"指标": 34, "组": 14, "分段": 26, "计分方式": 14}
    )
    for column, options in choices.items():
        if column in item_columns:
            rule = DataValidation(
                type="list", formula1='"' + ",".join(options) + '"', allow_blank=True
            )
            scheme.add_data_validation(rule)
            letter = get_column_letter(list(item_columns).index(column) + 1)
            rule.add(f"{letter}2:{letter}500")
    sheet_of(book, "等级", ("等级", "最低分"), grades, {"等级": 14})
    sheet_of(book, "数据", data_columns, data, {"名称": 18})
    return saved(book, path)


def write_results(
    path: Path,
    title: str,
    results: Sequence[Mapping[str, Any]],
    ranges: Sequence[tuple[int, int, float] | None],
) -> Path:
    """The workbook of results: 得分 by rank, 明细 with the reason of each point lost, what other weights would change."""
    book = new_book("")
    order = sorted(
        range(len(results)), key=lambda i: (results[i]["rank"] is None, results[i]["rank"] or 0)
    )
    rows = []
    for i in order:
        r, span = results[i], ranges[i]
        moved = r["last_rank"] - r["rank"] if r["rank"] and r["last_rank"] else None
        rows.append(
            [
                r["rank"],
                r["name"],
                r["class"],
                round(r["points"], 2),
                r["full"],
                r["grade"],
                r["grade_reason"],
                r["last_rank"],
                moved,
                f"{span[0]}—{span[1]}" if span else "",
                span[2] if span else None,
                "" if r["complete"] else "有指标未报，不排名",
            ]
        )
    sheet = sheet_of(
        book,
        "得分",
        (
            "名次",
            "对象",
            "类别",
            "得分",
            "满分",
            "等级",
            "定级依据",
            "上年名次",
            "名次升降",
            "权重±20%时的名次",
            "名次不变的比例",
            "备注",
        ),
        rows,
        {"对象": 20, "定级依据": 40, "权重±20%时的名次": 16, "名次不变的比例": 14, "备注": 22},
    )
    for line in sheet.iter_rows(min_row=2, min_col=11, max_col=11):
        line[0].number_format = "0%"
    details = [
        [
            results[i]["rank"],
            results[i]["name"],
            row["name"],
            round(row["points"], 2),
            row["full"],
            round(row["lost"], 2),
            row["reason"],
        ]
        for i in order
        for row in results[i]["items"]
    ]
    sheet_of(
        book,
        "明细",
        ("名次", "对象", "指标", "得分", "满分", "失分", "说明"),
        details,
        {"对象": 20, "指标": 34, "说明": 60},
    )
    book.properties.title = title
    return saved(book, path)
