"""Units with figures of their own: data centres, public bodies, coal units retrofitted, scenic
areas that claim to be neutral.
"""

from __future__ import annotations

from typing import Any

from hengtan.accounts.energy.formulas import (
    power_usage_effectiveness,
    retrofit_saving,
    share_of,
    water_usage_effectiveness,
)
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

BODIES = {"office": "机关", "school": "学校", "hospital": "医院", "venue": "场馆", "other": "其他"}
QUOTAS = {
    "energy_per_area": ("单位建筑面积能耗", "千克标准煤/平方米"),
    "energy_per_person": ("人均能耗", "千克标准煤/人"),
    "water_per_person": ("人均用水量", "立方米/人"),
}
NEAR = 1e-9


def data_centre(calc: Calc) -> dict[str, Any]:
    """PUE, WUE and share of green power of a year; PUE against that of the project's approval,
    where one is stated. [1, L/kWh]
    """
    total, own, water = calc["total_power"], calc["it_power"], calc["water_used"]
    if own > total:
        raise calc.refuse(
            "信息设备用电大于总用电",
            "the IT equipment took more than the centre",
            todo="核对两个电表",
            todo_en="check both meters",
        )
    pue = calc.step(
        "电能利用效率", power_usage_effectiveness(total, own), how=f"{total:g} ÷ {own:g}"
    )
    outputs: dict[str, Any] = {"pue": pue}
    if water is not None:
        outputs["wue"] = calc.step("水利用效率", water_usage_effectiveness(water, own), "升/千瓦时")
    if calc["green_power"] is not None:
        share = share_of(calc["green_power"], total)
        outputs["green_share"] = calc.step("绿电占比", share, how="绿电 ÷ 总用电量")
    approved = calc["pue_approved"]
    if approved is None:
        verdict = "没有批复值可对照"
    else:
        verdict = "不高于批复值" if pue <= approved + NEAR else "高于批复值"
    return {**outputs, "verdict": calc.step("对照批复", verdict, how=f"批复{approved}")}


def public_body(calc: Calc) -> dict[str, Any]:
    """A body's intensities against the quotas of its class; it passes where none is above.

    Quotas are local: none was read, so they are those that the place has set. An intensity that is
    not reported is told and does not pass.
    """
    body = calc["body_class"]
    over, missing = [], []
    compared = 0
    for name, (zh, unit) in QUOTAS.items():
        if not calc.parameters.has(f"public.quota.{name}", body):
            continue
        compared += 1
        quota = calc.param(f"public.quota.{name}", body)
        actual = calc[name]
        if actual is None:
            missing.append(zh)
            continue
        calc.step(zh, actual, unit, how=f"定额{quota:g}")
        if actual > quota * (1 + NEAR):
            over.append(zh)
    if not compared:
        raise ParameterNotEstablished(
            f"没有{BODIES[body]}的用能用水定额",
            f"no quota for the class '{body}' is established",
            todo="查重庆市公共机构能耗定额、用水定额（没有读到），填报表“本地规定的参数”",
            todo_en="fill the form local_parameters from the local quota",
        )
    verdict = (
        f"超过定额：{'、'.join(over)}"
        if over
        else f"缺数据：{'、'.join(missing)}"
        if missing
        else "达标"
    )
    return {"compared": compared, "verdict": calc.step("对照定额", verdict)}


def coal_retrofit(calc: Calc) -> dict[str, Any]:
    """What a coal unit's retrofit brought in a year: coal saved by power and by heat, fall of the
    least load; which of the three conversions (三改) its figures show. [tce, %]
    """
    outputs: dict[str, Any] = {}
    shown = []
    power = _saving(calc, ("rate_before", "rate_after", "generation"), retrofit_saving)
    if power is not None:
        outputs["saved_by_power"] = calc.step(
            "供电节煤", power, "吨标准煤", how="煤耗降幅 × 供电量"
        )
        shown += ["节能降碳"] if power > 0 else []
    heat = _saving(calc, ("heat_before", "heat_after", "heat_supplied"), retrofit_saving)
    if heat is not None:
        outputs["saved_by_heat"] = calc.step("供热节煤", heat, "吨标准煤", how="煤耗降幅 × 供热量")
        shown += ["供热"] if heat > 0 else []
    fall = _difference(calc, "load_before", "load_after")
    if fall is not None:
        outputs["load_fall"] = calc.step("最小出力下降", fall, "百分点")
        shown += ["灵活性"] if fall > 0 else []
    if not outputs:
        raise calc.refuse(
            "改造前后的数一组也不全",
            "no pair of figures is complete",
            todo="填供电、供热煤耗或最小出力改造前后的数",
            todo_en="fill rates or least loads before and after",
        )
    saved = (power or 0.0) + (heat or 0.0)
    return {
        **outputs,
        "saved": calc.step("节煤合计", saved, "吨标准煤"),
        "retrofits": calc.step("见效的改造", "、".join(shown) or "无"),
    }


def _saving(calc: Calc, names: tuple[str, str, str], formula: Any) -> float | None:
    before, after, amount = (calc[name] for name in names)
    if None in (before, after, amount):
        return None
    return float(formula(before, after, amount))


def _difference(calc: Calc, before: str, after: str) -> float | None:
    first, last = calc[before], calc[after]
    return None if first is None or last is None else float(first - last)


def neutral_claim(calc: Calc) -> dict[str, Any]:
    """Emission of a scenic area less verified sinks, less offsets cancelled; no more offsets count
    than what is left. [t CO2]

    The rule is this system's proposal; sinks and offsets are as verified, with their documents.
    """
    own, visitors = calc["own"], calc["visitors"]
    emission = calc.step("排放", own + visitors, "吨", how=f"{own:g} + {visitors:g}")
    left = calc.step("扣除碳汇后", emission - calc["sink"], "吨", how=f"碳汇{calc['sink']:g}")
    used = calc.step("抵消", min(calc["offset"], max(left, 0.0)), "吨")
    net = calc.step("净排放", left - used, "吨")
    claim = (
        "抵消前已中和"
        if left <= NEAR
        else "抵消后中和，须与抵消一并披露"
        if net <= NEAR
        else "没有中和，不能称碳中和景区"
    )
    return {"emission": emission, "net": net, "claim": calc.step("可作的声明", claim)}


RULES = (
    Rule(
        id="site.data_centre",
        title_zh="数据中心能效",
        title_en="Efficiency of a data centre",
        law="GB 40879-2021（凭记忆）；批复值见项目节能审查意见",
        inputs=(
            Input("total_power", "总用电量", unit="千瓦时"),
            Input("it_power", "信息设备用电量", unit="千瓦时", least=1e-9),
            Input("water_used", "用水量", unit="立方米", optional=True),
            Input("green_power", "绿电用电量", unit="千瓦时", optional=True),
            Input("pue_approved", "批复的电能利用效率", least=1.0, optional=True),
        ),
        outputs=(
            Output("pue", "电能利用效率"),
            Output("wue", "水利用效率", unit="升/千瓦时"),
            Output("green_share", "绿电占比"),
            Output("verdict", "对照批复"),
        ),
        compute=data_centre,
        confidence="recalled",
    ),
    Rule(
        id="site.public_body",
        title_zh="公共机构用能用水对照定额",
        title_en="A public body against its quotas",
        law="公共机构节能条例；本地能耗定额、用水定额（重庆的没有读到）",
        inputs=(
            Input("body_class", "机构类别", kind="choice", choices=BODIES),
            *(Input(name, zh, optional=True) for name, (zh, unit) in QUOTAS.items()),
        ),
        outputs=(Output("compared", "对照的定额", unit="项"), Output("verdict", "对照定额")),
        compute=public_body,
        needs=tuple(f"public.quota.{name}" for name in QUOTAS),
    ),
    Rule(
        id="site.coal_retrofit",
        title_zh="煤电机组“三改联动”",
        title_en="Retrofit of a coal unit",
        law="煤电机组改造升级（节能降碳、供热、灵活性）",
        inputs=(
            Input("rate_before", "改造前供电煤耗", unit="千克标准煤/千瓦时", optional=True),
            Input("rate_after", "改造后供电煤耗", unit="千克标准煤/千瓦时", optional=True),
            Input("generation", "供电量", unit="千瓦时", optional=True),
            Input("heat_before", "改造前供热煤耗", unit="千克标准煤/吉焦", optional=True),
            Input("heat_after", "改造后供热煤耗", unit="千克标准煤/吉焦", optional=True),
            Input("heat_supplied", "供热量", unit="吉焦", optional=True),
            Input("load_before", "改造前最小出力", unit="%", most=100, optional=True),
            Input("load_after", "改造后最小出力", unit="%", most=100, optional=True),
        ),
        outputs=(
            Output("saved_by_power", "供电节煤", unit="吨标准煤"),
            Output("saved_by_heat", "供热节煤", unit="吨标准煤"),
            Output("saved", "节煤合计", unit="吨标准煤"),
            Output("load_fall", "最小出力下降", unit="百分点"),
            Output("retrofits", "见效的改造"),
        ),
        compute=coal_retrofit,
    ),
    Rule(
        id="site.neutral_claim",
        title_zh="碳中和景区可作的声明",
        title_en="A scenic area's claim of neutrality",
        law="碳中和景区核算（排放减碳汇减抵消，本系统的建议）",
        inputs=(
            Input("own", "景区用能排放", unit="吨"),
            Input("visitors", "游客交通等其他排放", unit="吨"),
            Input("sink", "核定碳汇量", unit="吨", default=0.0),
            Input("offset", "注销抵消量", unit="吨", default=0.0),
        ),
        outputs=(
            Output("emission", "排放", unit="吨"),
            Output("net", "净排放", unit="吨"),
            Output("claim", "可作的声明"),
        ),
        compute=neutral_claim,
        confidence="proposal",
    ),
)
