"""Products with a footprint: what a label needs and its class, a design beside its base."""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

CLASSES = ("1", "2", "3")
BEYOND = "不给等级"
STAGES = {
    "raw_material": "原材料获取",
    "production": "生产",
    "distribution": "分销运输",
    "use": "使用",
    "end_of_life": "废弃处置",
}
NEAR = 1e-9


def standing(calc: Calc) -> dict[str, Any]:
    """A footprint beside the mean of its peers (same functional unit and year), and what a label
    still needs: a verification. [1]
    """
    ratio = _beside_mean(calc)
    for name, zh in (("primary_share", "初级数据占比"), ("recalled_share", "凭记忆因子占比")):
        if calc[name] is not None:
            calc.step(zh, calc[name])
    is_verified = calc["verified"] is not None and calc["verified"].year >= calc.day.year
    verdict = "已核查，可申请标识" if is_verified else "缺本年或以后的核查"
    return {
        "ratio": ratio,
        "verdict": calc.step("条件", verdict, how=f"核查日期{calc['verified']}"),
    }


def label_class(calc: Calc) -> dict[str, Any]:
    """The class of a label by the ratio to the mean; limits are those of the certification rule,
    which was not read, so that the place gives them.
    """
    ratio = _beside_mean(calc)
    limits = calc.params("label.most", CLASSES, "碳标识的分级界限")
    within = (name for name, most in zip(CLASSES, limits, strict=True) if ratio <= most + NEAR)
    reached = next(within, "")
    how = "、".join(f"{name}级≤{most:g}" for name, most in zip(CLASSES, limits, strict=True))
    named = f"{reached}级" if reached else BEYOND
    return {"ratio": ratio, "class": calc.step("等级", named, how=how)}


def _beside_mean(calc: Calc) -> float:
    footprint, mean = calc["footprint"], calc["mean"]
    if calc["peers"] == 1:
        calc.warn("同类只有本产品，与均值之比恒为1")
    how = f"{footprint:g} ÷ {mean:g}，同类{calc['peers']}个"
    return float(calc.step("与同类均值之比", footprint / mean, how=how))


def design(calc: Calc) -> dict[str, Any]:
    """A design beside its base by life-cycle stage: change in all, and the stages that got worse,
    since a burden may only have been moved. [kg CO2e, 1]
    """
    own = base = 0.0
    worse = []
    for row in calc["stages"]:
        own, base = own + row["value"], base + row["base"]
        change = row["value"] - row["base"]
        zh = STAGES[row["stage"]]
        calc.step(zh, change, "千克", how=f"{row['value']:g} − {row['base']:g}")
        if change > NEAR * max(1.0, abs(row["base"])):
            worse.append(zh)
    outputs: dict[str, Any] = {"difference": calc.step("较基准方案", own - base, "千克")}
    if base > 0:
        outputs["change"] = calc.step("变化率", own / base - 1)
    slack = NEAR * max(1.0, abs(base))
    verdict = "优于基准方案" if own < base - slack else "不优于基准方案"
    return {
        **outputs,
        "worse": calc.step("变差的阶段", "、".join(worse) or "无"),
        "verdict": calc.step("结论", verdict),
    }


LABEL = (
    Input("footprint", "产品碳足迹", unit="千克", least=None),
    Input("mean", "同类均值", unit="千克", least=1e-12),
    Input("peers", "同类产品数", kind="whole", least=1),
    Input("primary_share", "初级数据占比", optional=True),
    Input("recalled_share", "凭记忆因子占比", optional=True),
    Input("verified", "核查日期", kind="date", optional=True),
)
RULES = (
    Rule(
        id="label.standing",
        title_zh="碳标识条件",
        title_en="What a carbon label needs",
        law="GB/T 24067-2024；碳标识认证规则没有读到",
        inputs=LABEL,
        outputs=(Output("ratio", "与同类均值之比"), Output("verdict", "条件")),
        compute=standing,
        confidence="proposal",
    ),
    Rule(
        id="label.class",
        title_zh="碳标识等级",
        title_en="Class of a carbon label",
        law="重庆市碳标识认证规则（没有读到，分级界限由本地给定）",
        inputs=LABEL,
        outputs=(Output("ratio", "与同类均值之比"), Output("class", "等级")),
        compute=label_class,
        needs=("label.most",),
        confidence="proposal",
    ),
    Rule(
        id="product.design",
        title_zh="设计方案对比",
        title_en="A design beside its base",
        law="GB/T 24067-2024、ISO 14067:2018",
        inputs=(
            Input(
                name="stages",
                zh="阶段",
                kind="rows",
                fields=(
                    Input("stage", "阶段", kind="choice", choices=STAGES),
                    Input("value", "本方案", unit="千克", least=None),
                    Input("base", "基准方案", unit="千克", least=None),
                ),
            ),
        ),
        outputs=(
            Output("difference", "较基准方案", unit="千克"),
            Output("change", "变化率"),
            Output("worse", "变差的阶段"),
            Output("verdict", "结论"),
        ),
        compute=design,
    ),
)
