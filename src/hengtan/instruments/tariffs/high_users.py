"""High water users above their quota: the term of the retrofit, and the span of the fine after it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

LAW = "节约用水条例"


def high_user(calc: Calc) -> dict[str, Any]:
    """How a high water user stands: within its quota, in its term, retrofitted in time, or past its
    term with the span of the fine. [m³, yuan]

    Raises ParameterNotEstablished for the span, whose articles were not read.
    """
    over = max(calc["quantity"] - calc["quota"], 0.0)
    calc.step("超定额水量", over, "立方米")
    outputs = {"over": over, "verdict": calc.step("结论", _state(calc, over))}
    if outputs["verdict"] != PAST:
        return outputs
    for end, zh in (("min", "下限"), ("max", "上限")):
        fine = calc.param("water.high_user.fine", end)
        outputs[f"fine_{end}"] = calc.step(f"罚款{zh}", fine, "元")
    calc.warn("罚款由主管部门在幅度内裁量")
    return outputs


PAST = "超定额，逾期未完成节水改造"


def _state(calc: Calc, over: float) -> str:
    due, mended = calc["due"], calc["mended"]
    if not over:
        return "没有超定额"
    if due is None:
        return "超定额，没有填改造期限"
    if mended is not None and mended <= calc["today"]:
        return "按期完成节水改造" if mended <= due else "逾期完成节水改造"
    return PAST if calc["today"] > due else "超定额，在改造期限内"


RULES = (
    Rule(
        id="water.high_user",
        title_zh="高耗水企业限期节水改造",
        title_en="Retrofit of high water users",
        law=LAW,
        valid_from=date(2024, 5, 1),
        inputs=(
            Input("quantity", "用水量", unit="立方米"),
            Input("quota", "用水定额", unit="立方米"),
            Input("due", "改造期限", kind="date", optional=True),
            Input("mended", "改造完成日期", kind="date", optional=True),
            Input("today", "判定日", kind="date"),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("over", "超定额水量", unit="立方米"),
            Output("fine_min", "罚款下限", unit="元"),
            Output("fine_max", "罚款上限", unit="元"),
        ),
        compute=high_user,
        needs=("water.high_user.fine",),
        note_zh="罚款幅度的条文没有读到，须在案例里给定，或填报表“本地规定的参数”。",
    ),
)
