"""Forecasts as a workbook: the targets with their odds, the years with their bands, what each rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.report.sheets import new_book, saved, sheet_of

TARGETS = (
    "目标",
    "指标",
    "地区",
    "到期年",
    "目标值",
    "单位",
    "最近数值",
    "最近时期",
    "预测值",
    "80%下限",
    "80%上限",
    "达到的可能性",
    "每年还需",
    "至今每年",
    "方法",
    "凭记忆的数值个数",
    "说明",
)


def write_forecasts(rows: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """The workbook of forecasts: 目标, 逐年, 依据."""
    book = new_book("目标预测")
    first, years, notes = [], [], []
    for r in rows:
        outlook, band = r["outlook"], r["bands"].get("80", (None, None))
        first.append(
            [
                r["target_id"],
                r["indicator_zh"],
                r["region"],
                r["deadline"],
                r["goal"],
                r["unit"],
                r["latest_in_unit"],
                r["latest_period"],
                r["point"],
                *band,
                r["chance"],
                r["needed_pace"],
                r["pace_so_far"],
                outlook["method_zh"] if outlook and r["point"] is not None else "",
                r["recalled"] or None,
                r["forecast_state_zh"],
            ]
        )
        if outlook:
            years += [
                [r["target_id"], r["indicator_zh"], h["year"], "实绩", h["value"], *[None] * 6]
                for h in outlook["history"]
            ]
            years += [
                [
                    r["target_id"],
                    r["indicator_zh"],
                    y["year"],
                    "预测",
                    y["point"],
                    y["low50"],
                    y["high50"],
                    y["low80"],
                    y["high80"],
                    y["low95"],
                    y["high95"],
                ]
                for y in outlook["years"]
            ]
            notes += [
                [
                    r["target_id"],
                    r["indicator_zh"],
                    outlook["method_zh"],
                    outlook["reason"],
                    "；".join(r["notes"]),
                ]
            ]
    sheet = sheet_of(book, "目标", TARGETS, first, {"目标": 26, "指标": 26, "说明": 26, "方法": 16})
    for line in sheet.iter_rows(min_row=2, min_col=12, max_col=12):
        line[0].number_format = "0%"
    sheet_of(
        book,
        "逐年",
        (
            "目标",
            "指标",
            "年份",
            "性质",
            "数值",
            "50%下限",
            "50%上限",
            "80%下限",
            "80%上限",
            "95%下限",
            "95%上限",
        ),
        years,
        {"目标": 26, "指标": 26},
    )
    sheet_of(
        book,
        "依据",
        ("目标", "指标", "方法", "选用理由", "说明"),
        notes,
        {"目标": 26, "指标": 26, "选用理由": 30, "说明": 80},
    )
    return saved(book, path)
