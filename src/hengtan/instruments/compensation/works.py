"""Forest works: what of the planned area was done and accepted. Area of works is no forest cover,
which is a figure of the survey.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule


def forest_works(calc: Calc) -> dict[str, Any]:
    """Area done and accepted up to the day beside the area planned. [mu]

    Raises HengtanError where more was accepted than done.
    """
    done, accepted, planned = calc["done"], calc["accepted"], calc["planned"]
    if accepted is not None and accepted > done:
        raise calc.refuse(
            f"验收面积{accepted:g}亩大于完成面积{done:g}亩",
            f"{accepted:g} mu accepted of {done:g} done",
            todo="核对“林业工程年度完成”",
            todo_en="check the yearly areas",
        )
    calc.step("完成面积", done, "亩", "逐年完成之和")
    outputs = {"done": done}
    if accepted is None:
        calc.warn("没有填验收合格面积，验收比例不给出")
    else:
        outputs["accepted"] = calc.step("验收合格面积", accepted, "亩", "逐年验收之和")
    if calc["tended"]:
        calc.step("其中改培、抚育", calc["tended"], "亩", "在已有林地上，不增加森林面积")
    if planned and done > planned:
        calc.warn(f"完成面积{done:g}亩大于计划{planned:g}亩：核对是否重复填报")
    calc.warn("工程面积不是森林覆盖率：覆盖率按森林调查公布的数，这里不推算")
    if not planned:
        return outputs
    outputs["share"] = calc.step("完成比例", done / planned, "", f"{done:g} ÷ 计划 {planned:g}")
    if accepted is not None:
        share = calc.step("验收比例", accepted / planned, "", "验收 ÷ 计划")
        outputs["accepted_share"] = share
    return outputs


RULES = (
    Rule(
        id="forest.works",
        title_zh="林业工程完成与验收",
        title_en="Forest works done and accepted",
        law="年度造林任务和检查验收办法（面积按填报的验收数）",
        inputs=(
            Input("planned", "计划面积", unit="亩", optional=True),
            Input("done", "完成面积", unit="亩"),
            Input("accepted", "验收合格面积", unit="亩", optional=True),
            Input("tended", "改培、抚育面积", unit="亩", default=0.0),
        ),
        outputs=(
            Output("done", "完成面积", unit="亩"),
            Output("accepted", "验收合格面积", unit="亩"),
            Output("share", "完成比例"),
            Output("accepted_share", "验收比例"),
        ),
        compute=forest_works,
    ),
)
