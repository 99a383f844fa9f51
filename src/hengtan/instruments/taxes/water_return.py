"""The return of an intake of water for months of a month or a quarter: the fee to 2024-11-30, the
tax after, each month by the law of its own end, with what is beyond the permit of the year.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.part_of_case import within
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.taxes import resources


def water_return(calc: Calc) -> dict[str, Any]:
    """Fee or tax of the months of a return, their water and what of it is beyond the permit. [yuan]

    ``left`` of a month: what the permit of the year still allows at its beginning. Raises
    ParameterNotEstablished naming the table of rates that was not read.
    """
    total = volume = over = 0.0
    for row in calc["months"]:
        charged = within(
            calc, resources.RULES, "water_resource.charge", _end(row), _inputs(calc, row)
        )
        total += calc.step(f"{row['month']} 应缴", charged["tax"], "元", _how(row))
        volume += row["volume"] or 0.0
        over += _over(row)
    outputs = {
        "tax": calc.step("应缴合计", total, "元", "各月之和"),
        "volume": calc.step("取用水量", volume, "立方米"),
    }
    if any(row["left"] is not None for row in calc["months"]):
        outputs["over"] = calc.step("其中超许可", over, "立方米", "年内累计超过许可水量的部分")
    return outputs


def _end(row: Mapping[str, Any]) -> Any:
    return Period.read(row["month"]).end


def _how(row: Mapping[str, Any]) -> str:
    figures = {"volume": "立方米", "generation": "千瓦时"}
    return "，".join(f"{row[name]:g} {unit}" for name, unit in figures.items() if row[name])


def _inputs(calc: Calc, row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {
        "use": calc["use"],
        "source": calc["source"],
        "volume": row["volume"],
        "generation": row["generation"],
        "permitted": row["left"],
    }
    return {name: value for name, value in cells.items() if value is not None}


def _over(row: Mapping[str, Any]) -> float:
    """Water of a month beyond what the permit still allowed. [m3]"""
    if row["left"] is None or row["volume"] is None:
        return 0.0
    return max(float(row["volume"] - row["left"]), 0.0)


RULES = (
    Rule(
        id="water_resource.return",
        title_zh="水资源费、水资源税申报（由取水计量）",
        title_en="Return of water resource fee and tax from meters",
        law="重庆市水资源费征收标准（至2024-11-30）；财税〔2024〕28号（2024-12-01起）",
        inputs=(
            *(item for item in resources.INPUTS if item.name in ("use", "source")),
            Input(
                name="months",
                zh="逐月取用水",
                kind="rows",
                fields=(
                    Input("month", "月份", kind="text"),
                    Input("volume", "取用水量", unit="立方米", optional=True),
                    Input("generation", "发电量", unit="千瓦时", optional=True),
                    Input("left", "许可余量", unit="立方米", optional=True, note="月初，按年累计"),
                ),
            ),
        ),
        outputs=(
            Output("tax", "应缴数额", unit="元"),
            Output("volume", "取用水量", unit="立方米"),
            Output("over", "其中超许可", unit="立方米"),
        ),
        compute=water_return,
        needs=tuple(
            dict.fromkeys(
                name
                for rule in resources.RULES
                if rule.id == "water_resource.charge"
                for name in rule.needs
            )
        ),
    ),
)
