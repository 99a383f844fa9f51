"""Green spaces, drainage and villages: what a space counts into, the design flow of a drainage area
beside its drain, and what is done in a village.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import (
    POINTS,
    design_flow,
    storm_intensity,
)

DRAIN_LAW = "室外排水设计标准 GB 50014-2021"
SURFACE = (
    Input("name", "地面种类", kind="text"),
    Input("area", "地面面积", unit="公顷"),
    Input("coefficient", "径流系数", most=1.0),
)
CATEGORIES = {
    "park": "公园绿地",
    "protective": "防护绿地",
    "square": "广场用地",
    "attached": "附属绿地",
    "regional": "区域绿地",
}
SEWAGE = {"treated": "治理", "controlled": "管控", "undone": "未完成"}
WORKS = {
    "sewage": "污水处理设施",
    "sewer": "污水管网",
    "waste": "垃圾收运设施",
    "toilet": "厕所改造",
    "other": "其他",
}


def green_space(calc: Calc) -> dict[str, Any]:
    """Into which areas a green space counts on the day: park area, green area of the built-up area;
    regional green outside counts into neither (classes of CJJ/T 85-2017, recalled).
    """
    state = _state(calc)
    stands = state == "在用"
    is_park = calc["category"] == "park"
    is_inside = calc["inside"] and calc["category"] != "regional"
    into = [zh for zh, counts in (("公园绿地", is_park), ("建成区绿地", is_inside)) if counts]
    outputs = {
        "park_area": calc["area"] if stands and is_park else 0.0,
        "green_area": calc["area"] if stands and is_inside else 0.0,
        "served": calc["lots"] or 0.0,
        "state": calc.step("状态", state),
        "counts_into": calc.step("计入", "、".join(into) if stands and into else "不计"),
    }
    if is_park and calc["radius"] is None:
        calc.warn("没有填服务半径，不参加服务覆盖的计算")
    calc.step("服务的居住用地", outputs["served"], "公顷", "以最近的公园计")
    return outputs


def _state(calc: Calc) -> str:
    if calc["closed"] is not None and calc["closed"] <= calc.day:
        return "已撤销"
    return "在用" if calc["opened"] is not None and calc["opened"] <= calc.day else "未建成"


def runoff(calc: Calc) -> dict[str, Any]:
    """Design flow of an area by the rational method, what its drain lacks, and how much a planned
    change of surfaces takes off.

    The intensity is given, or follows from the formula that the place published: its coefficients
    are parameters that refuse until they are.
    """
    intensity = _intensity(calc)
    coefficient, area = _surfaces(calc["surfaces"], calc)
    flow = design_flow(intensity, coefficient, area)
    outputs: dict[str, Any] = {
        "coefficient": calc.step("综合径流系数", coefficient, how="Σ F·ψ ÷ Σ F", clause=DRAIN_LAW),
        "intensity": intensity,
        "flow": calc.step("雨水设计流量", flow, "升/秒", "q·ψ·F", DRAIN_LAW),
    }
    if calc["planned"]:
        after, planned_area = _surfaces(calc["planned"], calc)
        if abs(planned_area - area) > area / POINTS:
            raise calc.refuse(
                f"规划地面合计 {planned_area:g} 公顷，现状 {area:g} 公顷",
                "the planned surfaces do not add up to the present area",
                todo="两套地面要覆盖同一片区",
                todo_en="cover the same area twice",
            )
        planned = design_flow(intensity, after, planned_area)
        taken = POINTS * (flow - planned) / flow
        outputs["planned_flow"] = calc.step("规划后设计流量", planned, "升/秒")
        outputs["reduction"] = calc.step("留白增绿削减", taken, "%")
    if calc["capacity"] is None:
        return outputs | {"verdict": calc.step("结论", "没有填排水能力")}
    lack = max(0.0, flow - calc["capacity"])
    outputs["lack"] = calc.step("缺口", lack, "升/秒", "设计流量 − 排水能力，不小于零")
    last = outputs.get("planned_flow", flow)
    words = "排水能力足够"
    if lack:
        is_enough = last <= calc["capacity"]
        words = "规划后够用" if is_enough and calc["planned"] else "排水能力不足"
    return outputs | {"verdict": calc.step("结论", words)}


def _intensity(calc: Calc) -> float:
    """Design intensity as given, or by the formula of the place. [L/(s·ha)]"""
    if calc["intensity"] is not None:
        return float(calc.step("设计暴雨强度", calc["intensity"], "升/（秒·公顷）", "直接给定"))
    if calc["return_period"] is None or calc["duration"] is None:
        raise calc.refuse(
            "没有设计暴雨强度，也没有重现期和降雨历时",
            "neither an intensity nor a return period and a duration",
            todo="填暴雨强度，或填重现期和历时",
            todo_en="fill the intensity, or period and duration",
        )
    a, c, b, n = (calc.param(f"drainage.storm.{name}") for name in ("A1", "C", "b", "n"))
    intensity = storm_intensity(a, c, b, n, calc["return_period"], calc["duration"])
    how = "167·A1·(1 + C·lgP) ÷ (t + b)^n"
    return float(calc.step("设计暴雨强度", intensity, "升/（秒·公顷）", how, DRAIN_LAW))


def _surfaces(rows: Sequence[Mapping[str, Any]], calc: Calc) -> tuple[float, float]:
    """Composite runoff coefficient and area of surfaces. [1, ha]"""
    areas = [row["area"] for row in rows]
    if sum(areas) <= 0:
        raise calc.refuse("地面面积合计为零", "the surfaces have no area")
    weighted = sum(area * row["coefficient"] for area, row in zip(areas, rows, strict=True))
    return weighted / sum(areas), sum(areas)


def village(calc: Calc) -> dict[str, Any]:
    """What of waste, sewage and toilets is done in a village in a year, and which works are late or
    stand still.
    """
    late, idle = [], []
    for row in calc["works"] or ():
        if row["stopped"] is not None and row["stopped"] <= calc.day:
            idle.append(row["name"])
        elif row["due"] is not None and row["due"] < min(row["finished"] or calc.day, calc.day):
            late.append(row["name"])
    undone = [] if calc["sorting"] else ["垃圾分类"]
    if calc["sewage"] == "undone":
        undone.append("生活污水")
    outputs: dict[str, Any] = {
        "sorting": calc.step("垃圾分类收运", "已开展" if calc["sorting"] else "未开展"),
        "sewage": calc.step("生活污水", SEWAGE[calc["sewage"]]),
        "late": float(len(late)),
        "idle": float(len(idle)),
    }
    if calc["households"] and calc["toilets"] is not None:
        share = POINTS * calc["toilets"] / calc["households"]
        how = f"{calc['toilets']} ÷ {calc['households']} 户"
        outputs["toilet_share"] = calc.step("卫生厕所普及率", share, "%", how)
    parts = (("未完成", undone), ("工程逾期", late), ("停用", idle))
    words = "；".join(f"{zh}：{'、'.join(names)}" for zh, names in parts if names)
    return outputs | {"verdict": calc.step("结论", words or "两项完成")}


RULES = (
    Rule(
        id="green.space",
        title_zh="绿地计入与服务",
        title_en="What a green space counts into",
        law="城市绿地分类标准 CJJ/T 85-2017（凭记忆）",
        inputs=(
            Input("category", "绿地类别", kind="choice", choices=CATEGORIES),
            Input("inside", "在建成区内", kind="flag"),
            Input("area", "绿地面积", unit="公顷"),
            Input("opened", "建成日期", kind="date", optional=True),
            Input("closed", "撤销日期", kind="date", optional=True),
            Input("radius", "服务半径", unit="米", optional=True),
            Input("lots", "服务的居住用地", unit="公顷", optional=True),
        ),
        outputs=(
            Output("park_area", "公园绿地面积", unit="公顷"),
            Output("green_area", "建成区绿地面积", unit="公顷"),
            Output("served", "服务的居住用地", unit="公顷"),
            Output("state", "状态"),
            Output("counts_into", "计入"),
        ),
        compute=green_space,
        confidence="recalled",
    ),
    Rule(
        id="drainage.runoff",
        title_zh="雨水设计流量（推理公式）与排水能力",
        title_en="Design flow of rainwater beside the drain",
        law=DRAIN_LAW,
        inputs=(
            Input("surfaces", "现状地面", kind="rows", fields=SURFACE),
            Input("planned", "规划地面", kind="rows", optional=True, fields=SURFACE),
            Input("intensity", "设计暴雨强度", optional=True, note="升/（秒·公顷）"),
            Input("return_period", "重现期", unit="年", optional=True, least=0.1),
            Input("duration", "降雨历时", optional=True, least=1.0, note="分钟"),
            Input("capacity", "排水能力", optional=True, note="升/秒"),
        ),
        outputs=(
            Output("coefficient", "综合径流系数"),
            Output("intensity", "设计暴雨强度", unit="升/（秒·公顷）"),
            Output("flow", "雨水设计流量", unit="升/秒"),
            Output("planned_flow", "规划后设计流量", unit="升/秒"),
            Output("reduction", "留白增绿削减", unit="%"),
            Output("lack", "缺口", unit="升/秒"),
            Output("verdict", "结论"),
        ),
        compute=runoff,
        needs=(
            "drainage.storm.A1",
            "drainage.storm.C",
            "drainage.storm.b",
            "drainage.storm.n",
        ),
        confidence="recalled",
        note_zh="推理公式用于小汇水面积；积水深度和管网水力没有模拟",
    ),
    Rule(
        id="village.environment",
        title_zh="行政村人居环境",
        title_en="Waste, sewage and toilets of a village",
        law="农村人居环境整治提升行动方案（指标口径见指标定义）",
        inputs=(
            Input("sorting", "垃圾分类收运", kind="flag"),
            Input("sewage", "生活污水", kind="choice", choices=SEWAGE),
            Input("households", "户数", kind="whole", optional=True),
            Input("toilets", "卫生厕所户数", kind="whole", optional=True),
            Input(
                name="works",
                zh="工程",
                kind="rows",
                optional=True,
                fields=(
                    Input("name", "工程名称", kind="text"),
                    Input("kind", "工程类别", kind="choice", choices=WORKS),
                    Input("due", "计划完工日期", kind="date", optional=True),
                    Input("finished", "完工日期", kind="date", optional=True),
                    Input("stopped", "停用日期", kind="date", optional=True),
                ),
            ),
        ),
        outputs=(
            Output("sorting", "垃圾分类收运"),
            Output("sewage", "生活污水"),
            Output("toilet_share", "卫生厕所普及率", unit="%"),
            Output("late", "逾期工程", unit="项"),
            Output("idle", "停用工程", unit="项"),
            Output("verdict", "结论"),
        ),
        compute=village,
        confidence="derived",
    ),
)
