"""A round of cleaner-production audit from list to acceptance, and what its measures brought."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import months_later
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

LAW = "清洁生产审核办法（2016年第38号令）"
STAGES = (
    ("accepted", "已验收"),
    ("reported", "已报告，待评估验收"),
    ("begun", "审核中"),
    ("listed", "已列入名单，未启动"),
)
"""The last step that has its day, and what it means."""
RESULTS = (
    ("invested", "投资", "元"),
    ("saved_energy", "年节能量", "吨标准煤"),
    ("saved_water", "年节水量", "立方米"),
)


def audit(calc: Calc) -> dict[str, Any]:
    """How far a round is, whether its steps were in time, and its results; results count once the
    report is in.

    Begun within two months of the list, reported within a year (清洁生产审核办法, second hand).
    """
    looked_at = calc["looked_at"] or calc.day
    stage = next(zh for name, zh in STAGES if calc[name] is not None)
    late = [
        zh
        for name, zh, parameter in (
            ("begun", "启动", "review.cleaner.begin_months"),
            ("reported", "报告", "review.cleaner.report_months"),
        )
        if (calc[name] or looked_at) > _due(calc, zh, parameter)
    ]
    outputs: dict[str, Any] = {
        "stage": calc.step("进度", stage),
        "late": calc.step("逾期", "、".join(late) or "无", clause=LAW),
    }
    if calc["planned"] and calc["carried_out"] is not None:
        done = calc["carried_out"] / calc["planned"]
        outputs["carried_out_share"] = calc.step("方案实施率", done, how="已实施 ÷ 方案数")
    for name, zh, unit in RESULTS:
        if calc["reported"] is not None and calc[name] is not None:
            outputs[name] = calc.step(zh, calc[name], unit)
    return outputs


def _due(calc: Calc, zh: str, parameter: str) -> date:
    months = int(calc.param(parameter))
    due = months_later(calc["listed"], months)
    calc.step(f"{zh}不晚于", due.isoformat(), how=f"名单公布后{months}个月", clause=LAW)
    return due


RULES = (
    Rule(
        id="review.cleaner_audit",
        title_zh="清洁生产审核轮次",
        title_en="A round of cleaner-production audit",
        law=LAW,
        valid_from=date(2016, 7, 1),
        inputs=(
            Input("listed", "名单公布日期", kind="date"),
            Input("begun", "启动日期", kind="date", optional=True),
            Input("reported", "报告提交日期", kind="date", optional=True),
            Input("accepted", "验收日期", kind="date", optional=True),
            Input("planned", "方案数", unit="项", kind="whole", optional=True),
            Input("carried_out", "已实施方案数", unit="项", kind="whole", optional=True),
            Input("invested", "投资", unit="元", optional=True),
            Input("saved_energy", "年节能量", unit="吨标准煤", optional=True),
            Input("saved_water", "年节水量", unit="立方米", optional=True),
            Input("looked_at", "查看日", kind="date", optional=True),
        ),
        outputs=(
            Output("stage", "进度"),
            Output("late", "逾期"),
            Output("carried_out_share", "方案实施率"),
            Output("invested", "投资", unit="元"),
            Output("saved_energy", "年节能量", unit="吨标准煤"),
            Output("saved_water", "年节水量", unit="立方米"),
        ),
        compute=audit,
        needs=("review.cleaner.begin_months", "review.cleaner.report_months"),
    ),
)
