"""Idle plots by their term of disposal, and reclaimed water: what was made and used of what a
facility was designed for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS


def disposal(calc: Calc) -> dict[str, Any]:
    """Whether a plot still lies idle on the day looked at, since how many days, how many days it is
    past its term, and its area on either side. [day, ha]

    A disposal after the day looked at has not taken place.
    """
    today, since, area = calc["looked_at"], calc["since"], calc["area"]
    disposed = calc["disposed"]
    if disposed is not None and disposed < since:
        raise calc.refuse(
            "处置早于认定", "disposed of before it was found", "核对日期", "check the dates"
        )
    is_disposed = disposed is not None and disposed <= today
    last = disposed if is_disposed else today
    late = max(0, (last - calc["due"]).days)
    state = "已处置" if is_disposed else "待处置"
    calc.step("状态", state, how=f"处置期限 {calc['due']}")
    return {
        "state": state,
        "late": "逾期" if late else "未逾期",
        "late_days": calc.step("逾期天数", late, "天"),
        "idle_days": calc.step("闲置天数", max(0, (last - since).days), "天", "自认定之日起"),
        "idle_area": calc.step("闲置面积", 0.0 if is_disposed else area, "公顷"),
        "used_area": calc.step("盘活面积", area if is_disposed else 0.0, "公顷"),
    }


def reclaimed(calc: Calc) -> dict[str, Any]:
    """What a facility made and passed on in the months reported of a year, beside its design and
    beside what it made. [m³, %]
    """
    months = calc["months"]
    _refuse_unless_months(calc, months)
    produced = sum(row["produced"] for row in months)
    used = sum(row["used"] for row in months)
    able = sum(_able(calc, row) for row in months)
    how = f"设计能力 {calc['design']:g} 立方米/日 × {len(months)}个月的天数"
    outputs: dict[str, Any] = {
        "months": len(months),
        "produced": calc.step("再生水产量", produced, "立方米"),
        "used": calc.step("再生水利用量", used, "立方米"),
        "load": calc.step("负荷率", POINTS * produced / able, "%", f"产量 ÷（{how}）"),
        "design_use": calc.step("设计能力利用率", POINTS * used / able, "%", "利用量 ÷ 设计能力"),
    }
    if produced:
        rate = POINTS * used / produced
        outputs["use_rate"] = calc.step("产水利用率", rate, "%", "利用量 ÷ 产量")
    over = [row["period"] for row in months if row["produced"] > _able(calc, row)]
    if over:
        calc.warn(f"产量超过设计能力的月份：{'、'.join(over)}")
    still = sum(1 for row in months if not row["used"])
    return outputs | {"still": calc.step("没有利用的月数", still, "月")}


def _able(calc: Calc, row: Mapping[str, Any]) -> float:
    """What the design makes in a month. [m³]"""
    month = Period.parse(row["period"])
    days = (month.end - month.start).days + 1
    return float(calc["design"] * days)


def _refuse_unless_months(calc: Calc, months: Sequence[Mapping[str, Any]]) -> None:
    for row in months:
        if row["used"] > row["produced"]:
            raise calc.refuse(
                f"{row['period']} 利用量大于产量",
                f"more used than made in {row['period']}",
                todo="核对产量和利用量",
                todo_en="check both amounts",
            )
    if not months:
        raise calc.refuse(
            "没有逐月水量", "no months", "在“再生水逐月水量”填报", "fill the monthly form"
        )


def _day(name: str, zh: str, *, optional: bool = False) -> Input:
    return Input(name, zh, kind="date", optional=optional)


RULES = (
    Rule(
        id="land.disposal",
        title_zh="闲置和低效用地处置",
        title_en="Disposal of idle and under-used land",
        law="认定和处置方案文件（期限以文件为准）",
        inputs=(
            Input("area", "面积", unit="公顷"),
            _day("since", "认定日期"),
            _day("due", "处置期限"),
            _day("disposed", "处置完毕日期", optional=True),
            _day("looked_at", "判定日"),
        ),
        outputs=(
            Output("state", "状态"),
            Output("late", "是否逾期"),
            Output("late_days", "逾期天数", unit="天"),
            Output("idle_days", "闲置天数", unit="天"),
            Output("idle_area", "闲置面积", unit="公顷"),
            Output("used_area", "盘活面积", unit="公顷"),
        ),
        compute=disposal,
        confidence="derived",
    ),
    Rule(
        id="reclaimed.year",
        title_zh="再生水设施年度利用",
        title_en="Use of reclaimed water in a year",
        law="设施设计文件与逐月计量（利用量与设计能力对照）",
        inputs=(
            Input("design", "设计处理能力", unit="立方米/日", least=1e-9),
            Input(
                name="months",
                zh="逐月水量",
                kind="rows",
                fields=(
                    Input("period", "月份", kind="text"),
                    Input("produced", "再生水产量", unit="立方米"),
                    Input("used", "再生水利用量", unit="立方米"),
                ),
            ),
        ),
        outputs=(
            Output("months", "月数", unit="月"),
            Output("produced", "再生水产量", unit="立方米"),
            Output("used", "再生水利用量", unit="立方米"),
            Output("load", "负荷率", unit="%"),
            Output("design_use", "设计能力利用率", unit="%"),
            Output("use_rate", "产水利用率", unit="%"),
            Output("still", "没有利用的月数", unit="月"),
        ),
        compute=reclaimed,
        confidence="derived",
    ),
)
