"""Water resource fee (to 2024-11-30) and tax (from 2024-12-01), and resource tax on gas."""

from __future__ import annotations

from datetime import date

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.parameter_titles import title_of
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.taxes.formulas import (
    generation_tax,
    over_permit,
    resource_tax,
    water_volume_tax,
)

SOURCES = {"surface": "地表水", "ground": "地下水"}
USES = {
    "general": "一般取用水、工业",
    "public_supply": "城镇公共供水",
    "hydropower": "水力发电",
    "once_through": "火力发电贯流式（直流式）冷却",
    "closed_loop": "火力发电闭式循环冷却",
}
BY_POWER = ("hydropower", "once_through")
CHARGE = Output("tax", "应缴数额", unit="元")
INPUTS = (
    Input("use", "取用水类型", kind="choice", choices=USES, default="general"),
    Input("source", "水源", kind="choice", choices=SOURCES, default="surface"),
    Input("volume", "取用水量", unit="立方米", optional=True, aliases=("取水量",)),
    Input("generation", "发电量", unit="千瓦时", optional=True),
    Input("permitted", "取水许可量", unit="立方米", optional=True, aliases=("许可水量",)),
)


def _by_power(calc: Calc, parameter: str) -> float | None:
    """The charge of hydropower and once-through cooling, or None for other uses."""
    if calc["use"] not in BY_POWER:
        if calc["volume"] is None:
            raise calc.refuse(
                "缺取用水量（volume）",
                "volume is missing",
                todo="补上，单位立方米",
                todo_en="give it in m3",
            )
        return None
    if calc["generation"] is None:
        raise calc.refuse(
            f"{USES[calc['use']]}按发电量计征，缺发电量（generation）",
            "generation is missing",
            todo="补上，单位千瓦时",
            todo_en="give it in kWh",
        )
    rate = calc.param(parameter, "power")
    return float(
        calc.step(
            "应缴数额",
            generation_tax(calc["generation"], rate),
            unit="元",
            how=f"{calc['generation']:g} 千瓦时 × {rate:g} 元",
        )
    )


def _over(calc: Calc) -> float:
    """Volume beyond the permit, told; nought without a permit and for public supply. [m3]"""
    if calc["permitted"] is None or calc["use"] == "public_supply":
        return 0.0
    over = max(0.0, float(over_permit(calc["volume"], calc["permitted"])))
    how = f"取水许可量 {calc['permitted']:g}，{'超出' if over else '未超'}"
    return float(calc.step("超许可水量", over, unit="立方米", how=how))


def _beyond_permit(calc: Calc, rate: float, parameter: str) -> float:
    """What the volume beyond the permit adds. [yuan]

    Raises ParameterNotEstablished, naming the volume, where the multiple is not established.
    """
    over = _over(calc)
    if not over:
        return 0.0
    try:
        multiple = calc.param(parameter)
    except ParameterNotEstablished as error:
        raise error.retold(
            f"取用水量{calc['volume']:g}立方米超过许可{calc['permitted']:g}立方米，"
            f"超出的{over:g}立方米按几倍征收没有查实（{title_of(parameter).zh}）",
            f"{over:g} m3 are beyond the permit; '{title_of(parameter).en}' is not established",
            todo="查当地累进加征的倍数，在案例里自行给定；或把取用水量改为许可量",
            todo_en="give the multiple in the case, or charge the permitted volume only",
        ) from error
    return float(
        calc.step(
            "超许可加征",
            over * rate * (multiple - 1.0),
            unit="元",
            how=f"超许可 {over:g} 立方米 × {rate:g} ×（{multiple:g} 倍 − 1）",
        )
    )


def fee(calc: Calc) -> dict[str, float]:
    """Water resource fee of Chongqing: volume × rate of the district and the source; hydropower and
    once-through cooling by generation. [yuan]
    """
    by_power = _by_power(calc, "water_fee.rate")
    if by_power is not None:
        return {"tax": by_power}
    rate = calc.param("water_fee.rate", calc["source"])
    calc.step("征收标准", rate, "元/立方米", SOURCES[calc["source"]])
    total = calc.step(
        "应缴数额",
        water_volume_tax(calc["volume"], rate, 0.0),
        unit="元",
        how="取用水量 × 标准（闭式循环冷却按一般取用水）",
        clause="重庆市水资源费征收标准",
    )
    return {"tax": total + _beyond_permit(calc, rate, "water_fee.over_permit_multiple")}


def tax(calc: Calc) -> dict[str, float]:
    """Water resource tax: volume × rate, public supply less its loss; beyond the permit a surcharge
    whose multiple is not established. [yuan]

    财税〔2024〕28号.
    """
    by_power = _by_power(calc, "water_tax.rate")
    if by_power is not None:
        return {"tax": by_power}
    rate = calc.param("water_tax.rate", calc["source"])
    loss = calc.param("water_tax.loss_rate") if calc["use"] == "public_supply" else 0.0
    total = calc.step(
        "税额",
        water_volume_tax(calc["volume"], rate, loss),
        unit="元",
        how=f"取用水量 ×（1 − {loss:g}）× {rate:g}",
        clause="财税〔2024〕28号；重庆市适用税额通知",
    )
    total += _beyond_permit(calc, rate, "water_tax.over_permit_multiple")
    return {"tax": calc.step("应纳税额", total, "元")}


def gas(calc: Calc) -> dict[str, float]:
    """Resource tax on natural and shale gas: sales × rate × (1 − reduction); of several reductions
    the largest. [yuan]

    资源税法 第三、六条.
    """
    rate = calc.param("resource_tax.rate", "natural_gas")
    cuts = {
        name: calc.param("resource_tax.reduction", name)
        for name, said in (
            ("shale_gas", calc["kind"] == "shale_gas"),
            ("high_sulfur_gas", calc["high_sulfur"]),
            ("low_abundance", calc["low_abundance"]),
        )
        if said
    }
    cut = max(cuts.values(), default=0.0)
    if len(cuts) > 1:
        calc.warn(
            "同时符合几项减征，只取最大的一项（资源税法第六条；页岩气为专项减征，叠加与否没有查实）"
        )
    calc.step("税率与减征", rate, "", f"税率 {rate:.0%}，减征 {cut:.0%}")
    return {
        "tax": calc.step(
            "应纳税额",
            resource_tax(calc["sales"], rate, cut),
            unit="元",
            how="销售额 × 税率 ×（1 − 减征）",
            clause="资源税法 第三、六条",
        ),
        "effective_rate": rate * (1 - cut),
    }


RULES = (
    Rule(
        id="water_resource.charge",
        title_zh="水资源费（至2024-11-30）",
        title_en="Water resource fee",
        law="重庆市水资源费征收标准（2023年行政事业性收费目录清单）",
        valid_to=date(2024, 11, 30),
        inputs=INPUTS,
        outputs=(CHARGE,),
        compute=fee,
        needs=("water_fee.rate", "water_fee.over_permit_multiple"),
    ),
    Rule(
        id="water_resource.charge",
        title_zh="水资源税（2024-12-01起）",
        title_en="Water resource tax",
        law="财税〔2024〕28号；重庆市人民政府关于水资源税具体适用税额等事项的通知",
        valid_from=date(2024, 12, 1),
        inputs=INPUTS,
        outputs=(CHARGE,),
        compute=tax,
        needs=("water_tax.rate", "water_tax.loss_rate", "water_tax.over_permit_multiple"),
    ),
    Rule(
        id="resource_tax.gas",
        title_zh="资源税·天然气与页岩气",
        title_en="Resource tax on gas",
        law="资源税法及所附税目税率表（2020-09-01施行）",
        valid_from=date(2020, 9, 1),
        inputs=(
            Input(
                name="kind",
                zh="品种",
                kind="choice",
                choices={"natural_gas": "天然气", "shale_gas": "页岩气"},
                note="煤成（层）气不是6%，另见其他矿产",
            ),
            Input("sales", "销售额（不含税）", unit="元"),
            Input("high_sulfur", "高含硫（硫化氢30克/立方米以上）", kind="flag", default=False),
            Input(
                name="low_abundance",
                zh="低丰度（2.5亿立方米/平方公里以下）",
                kind="flag",
                default=False,
            ),
        ),
        outputs=(Output("tax", "应纳税额", unit="元"), Output("effective_rate", "实际税率")),
        compute=gas,
        needs=("resource_tax.rate", "resource_tax.reduction"),
    ),
)
