"""Coal and oil of a place against the goal of the year and of the last year."""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

NEAR = 1e-9


def control(calc: Calc) -> dict[str, Any]:
    """Gap to the goal, share outside power, change since the base year, the yearly cut that the
    final goal still asks for, and whether overdue projects would close the gap. [tce, 1]

    Goals are those of the document that set them; without one there is no verdict on it.
    """
    used = calc["used"]
    outputs: dict[str, Any] = {}
    if calc["used_for_power"] is not None and used > 0:
        share = 1 - calc["used_for_power"] / used
        outputs["nonpower_share"] = calc.step("非电用量占比", share, how="1 − 发电用量 ÷ 消费量")
    if calc["base_used"]:
        change = used / calc["base_used"] - 1
        outputs["change"] = calc.step(
            "较基准年", change, how=f"{used:g} ÷ {calc['base_used']:g} − 1"
        )
    outputs["cut_done"] = calc.step("项目已完成减量", calc["cut_done"], "吨标准煤")
    if calc["final_goal"] is not None and (calc["years_left"] or 0) > 0:
        pace = max(0.0, used - calc["final_goal"]) / calc["years_left"]
        outputs["pace"] = calc.step(
            "到目标年每年还要减", pace, "吨标准煤", how=f"{calc['years_left']}年"
        )
    goal = calc["goal"]
    if goal is None:
        return {**outputs, "verdict": calc.step("结论", "没有年度目标")}
    gap = calc.step("超出目标", used - goal, "吨标准煤", how=f"{used:g} − {goal:g}")
    verdict = "未超过" if gap <= NEAR * goal else _beyond(calc, gap)
    return {**outputs, "gap": gap, "verdict": calc.step("结论", verdict)}


def _beyond(calc: Calc, gap: float) -> str:
    """What a gap asks for, beside what overdue projects would cut."""
    late = calc["cut_open"]
    calc.step("逾期未完成项目的减量", late, "吨标准煤")
    if late >= gap:
        return "超过：逾期项目完成后可补足"
    return "超过：逾期项目全部完成仍不足"


RULES = (
    Rule(
        id="fossil.control",
        title_zh="煤炭石油消费控制",
        title_en="Control of coal and oil",
        law="煤炭、石油消费总量控制（市计划第10条；目标以下达文件为准）",
        inputs=(
            Input("used", "消费量", unit="吨标准煤"),
            Input("goal", "年度控制量", unit="吨标准煤", optional=True),
            Input("used_for_power", "发电用量", unit="吨标准煤", optional=True),
            Input("base_used", "基准年消费量", unit="吨标准煤", optional=True),
            Input("cut_done", "项目已完成减量", unit="吨标准煤", default=0.0),
            Input("cut_open", "逾期未完成项目的减量", unit="吨标准煤", default=0.0),
            Input("final_goal", "目标年控制量", unit="吨标准煤", optional=True),
            Input("years_left", "距目标年", kind="whole", least=None, optional=True),
        ),
        outputs=(
            Output("gap", "超出目标", unit="吨标准煤"),
            Output("nonpower_share", "非电用量占比"),
            Output("change", "较基准年"),
            Output("cut_done", "项目已完成减量", unit="吨标准煤"),
            Output("pace", "到目标年每年还要减", unit="吨标准煤"),
            Output("verdict", "结论"),
        ),
        compute=control,
    ),
)
