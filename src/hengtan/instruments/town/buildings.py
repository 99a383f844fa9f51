"""New buildings: assembly rate and grade, and the use of green building materials.

GB/T 51129-2017 is recalled; the rule for green materials differs by place and edition, so its ends
and full points are inputs.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS, assembly_rate, points_between

LAW = "装配式建筑评价标准 GB/T 51129-2017"
TEN_THOUSAND = 10_000
"""Square metres of the unit that floor area is published in."""
GRADES = ("AAA", "AA", "A")
"""From the highest."""


def assembly(calc: Calc) -> dict[str, Any]:
    """Whether a building is a prefabricated one, its assembly rate and grade, and its floor
    area (GB/T 51129-2017, 3.0.3, 4.0.1, 5.0.2, recalled).

    The share of the plan counts what the authority recognised; the rule is the check beside it. A
    rate that was confirmed by an assessment stands as it is. A conventional building counts
    nothing; one that is called prefabricated and has neither points nor a rate is refused.
    """
    area = calc.step("建筑面积", calc["area"] / TEN_THOUSAND, "万平方米")
    if calc["method"] == "conventional":
        calc.step("建造方式", "常规", how="不是装配式")
        return {"prefab_area": 0.0, "area": area, "verdict": "常规建造"}
    rate, lacking = _rate(calc)
    least = calc.param("building.assembly.rate_least")
    if rate < least:
        lacking.append(f"装配率低于{least:g}%")
    is_prefab = not lacking
    verdict = "装配式建筑" if is_prefab else f"未达到：{'、'.join(lacking)}"
    counted = area if is_prefab else 0.0
    outputs = {
        "rate": rate,
        "prefab_area": calc.step("达到标准的面积", counted, "万平方米", verdict),
        "area": area,
        "grade": calc.step("等级", _grade(calc, rate) if is_prefab else "不评", clause=LAW),
        "verdict": verdict,
    }
    if calc["recognised"] is not None and calc["recognised"] != is_prefab:
        calc.warn("主管部门的认定与按标准算的结果不同：占比按认定计，请核对得分")
    if calc["demanded"] is not None:
        is_enough = rate >= calc["demanded"]
        how = f"要求 {calc['demanded']:g}%"
        words = "达到" if is_enough else "未达到"
        outputs["demand"] = calc.step("规划条件要求", words, how=how)
    return outputs


def _rate(calc: Calc) -> tuple[float, list[str]]:
    """The assembly rate [%], and which least points are missed."""
    if calc["confirmed"] is not None:
        return calc.step("装配率", calc["confirmed"], "%", "评审确认"), []
    points = [calc[name] for name in ("structure", "envelope", "interior")]
    if None in points:
        raise calc.refuse(
            "装配式项目没有装配率，也没有三项得分",
            "neither a rate nor points of a prefabricated building",
            todo="填三项得分或评审装配率",
            todo_en="fill the three points or the confirmed rate",
        )
    if calc["absent"] >= POINTS:
        raise calc.refuse(
            "缺少评价项分值不能是100分",
            "not every item can be absent",
            todo="核对缺少评价项分值",
            todo_en="check the points of absent items",
        )
    structure, envelope, interior = points
    lacking = []
    for zh, mark, name in (
        ("主体结构", structure, "structure_least"),
        ("围护墙和内隔墙", envelope, "envelope_least"),
    ):
        least = calc.param(f"building.assembly.{name}")
        calc.step(f"{zh}得分", mark, "分", f"不低于 {least:g}", LAW)
        if mark < least:
            lacking.append(f"{zh}低于{least:g}分")
    if not calc["decorated"]:
        lacking.append("没有全装修")
    rate = assembly_rate(structure, envelope, interior, calc["absent"])
    how = "(Q1 + Q2 + Q3) ÷ (100 − Q4)"
    return calc.step("装配率", rate, "%", how, LAW), lacking


def _grade(calc: Calc, rate: float) -> str:
    for grade in GRADES:
        if rate >= calc.param("building.assembly.grade", grade):
            return f"{grade}级"
    return "基本级"


def green_materials(calc: Calc) -> dict[str, Any]:
    """Points of green materials over the full ones, of one project; amounts, ends and points of
    each material are those of the rule in use.

    ``weighted_points`` and ``weighted_full`` are times the floor area: so projects add up.
    """
    points = 0.0
    for row in calc["materials"]:
        if row["total"] <= 0:
            raise calc.refuse(
                f"“{row['name']}”总用量为零",
                f"the whole amount of '{row['name']}' is zero",
                todo="删去这一行或补上总用量",
                todo_en="drop the row or give the amount",
            )
        share = POINTS * row["green"] / row["total"]
        mark = points_between(share, row["least_share"], row["least_points"], row["full_points"])
        points += calc.step(row["name"], mark, "分", f"应用比例 {share:.4g}%")
    full = calc.param("building.green_materials.full")
    if points > full:
        raise calc.refuse(
            f"得分合计 {points:g} 大于满分 {full:g}",
            "points exceed the full ones",
            todo="核对各项满分",
            todo_en="check the full points of each",
        )
    area = calc["area"] / TEN_THOUSAND
    calc.warn("多个项目按建筑面积加权合并；计划没有规定项目之间怎样合并")
    return {
        "share": calc.step(
            "绿色建材应用比例", POINTS * points / full, "%", f"{points:g} ÷ {full:g}"
        ),
        "points": points,
        "weighted_points": points * area,
        "weighted_full": full * area,
    }


RULES = (
    Rule(
        id="building.assembly",
        title_zh="装配式建筑评价（装配率与等级）",
        title_en="Assembly rate and grade of a building",
        law=LAW,
        valid_from=date(2018, 2, 1),
        inputs=(
            Input(
                name="method",
                zh="建造方式",
                kind="choice",
                choices={"prefab": "装配式", "conventional": "常规"},
            ),
            Input("area", "建筑面积", unit="平方米"),
            Input("structure", "主体结构得分", unit="分", optional=True),
            Input("envelope", "围护墙和内隔墙得分", unit="分", optional=True),
            Input("interior", "装修和设备管线得分", unit="分", optional=True),
            Input("absent", "缺少评价项分值", unit="分", default=0.0, most=100.0),
            Input("decorated", "全装修", kind="flag", default=False),
            Input("confirmed", "评审装配率", unit="%", optional=True, most=100.0),
            Input("demanded", "要求装配率", unit="%", optional=True, most=100.0),
            Input("recognised", "认定为装配式", kind="flag", optional=True),
        ),
        outputs=(
            Output("rate", "装配率", unit="%"),
            Output("prefab_area", "达到标准的面积", unit="万平方米"),
            Output("area", "建筑面积", unit="万平方米"),
            Output("grade", "等级"),
            Output("verdict", "结论"),
            Output("demand", "规划条件要求"),
        ),
        compute=assembly,
        needs=(
            "building.assembly.structure_least",
            "building.assembly.envelope_least",
            "building.assembly.rate_least",
            "building.assembly.grade",
        ),
        confidence="recalled",
        note_zh="标准条文未读到，数值凭记忆；各地细则另有算法的，填评审装配率",
    ),
    Rule(
        id="building.green_materials",
        title_zh="绿色建材应用比例",
        title_en="Use of green building materials",
        law="绿色建材应用比例计算规则（由项目所在地现行规则规定）",
        inputs=(
            Input("area", "建筑面积", unit="平方米"),
            Input(
                name="materials",
                zh="建材",
                kind="rows",
                fields=(
                    Input("name", "建材名称", kind="text"),
                    Input("green", "绿色建材用量"),
                    Input("total", "同类建材总用量"),
                    Input("least_share", "起算比例", unit="%", most=100.0),
                    Input("least_points", "起算分", unit="分"),
                    Input("full_points", "本项满分", unit="分"),
                ),
            ),
        ),
        outputs=(
            Output("share", "绿色建材应用比例", unit="%"),
            Output("points", "得分", unit="分"),
            Output("weighted_points", "得分×面积", unit="分·万平方米"),
            Output("weighted_full", "满分×面积", unit="分·万平方米"),
        ),
        compute=green_materials,
        needs=("building.green_materials.full",),
        confidence="proposal",
    ),
)
