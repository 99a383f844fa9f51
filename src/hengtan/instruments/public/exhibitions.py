"""Exhibitions by a green standard of the trade: stands that are used again."""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS


def reuse(calc: Calc) -> dict[str, Any]:
    """Share of the stands that can be used again, beside the share that the standard asks for; no
    conclusion where no standard was named. [%]
    """
    stands, reused = calc["stands"], calc["reused"]
    if reused > stands:
        raise calc.refuse(
            "可重复使用的展位多于展位总数",
            "more stands used again than there are",
            todo="核对两个数",
            todo_en="check both figures",
        )
    share = POINTS * reused / stands
    outputs: dict[str, Any] = {
        "stands": stands,
        "reused": reused,
        "share": calc.step("绿色展位比例", share, "%", how=f"{reused} ÷ {stands}"),
    }
    if calc["asked"] is None:
        words = "没有填标准要求的比例，不作结论"
    else:
        words = "达到标准" if share >= calc["asked"] else "未达到标准"
        outputs["lack"] = calc.step("差距", max(0.0, calc["asked"] - share), "%")
    return outputs | {"verdict": calc.step("结论", words)}


RULES = (
    Rule(
        id="exhibition.reuse",
        title_zh="绿色展位比例",
        title_en="Stands used again at an exhibition",
        law="会展业绿色标准（所采用的标准文件）",
        inputs=(
            Input("stands", "展位总数", kind="whole", least=1.0),
            Input("reused", "可重复使用的展位", kind="whole"),
            Input("asked", "标准要求的比例", unit="%", optional=True, most=100.0),
        ),
        outputs=(
            Output("stands", "展位总数", unit="个"),
            Output("reused", "可重复使用的展位", unit="个"),
            Output("share", "绿色展位比例", unit="%"),
            Output("lack", "差距", unit="%"),
            Output("verdict", "结论"),
        ),
        compute=reuse,
        confidence="derived",
    ),
)
