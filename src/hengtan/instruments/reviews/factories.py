"""Green factories: the score by the edition of GB/T 36132 in force on the day of the review, and
what follows for the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.reviews import origins
from hengtan.instruments.reviews.formulas import share_reached
from hengtan.instruments.reviews.listing import LISTED, for_the_list
from hengtan.instruments.rule import Output, Rule

SCHEME = "green-factory-2018"
GROUPS = ("g1", "g2", "g3", "g4", "g5", "g6")
AXES = {
    "low_carbon": "能源低碳化",
    "efficient": "资源高效化",
    "clean": "生产洁净化",
    "product": "产品绿色化",
    "land": "用地集约化",
}
PERCENT = 100


def score_2018(calc: Calc) -> dict[str, Any]:
    """Sum of the points of six groups, none above its weight; an unmet basic requirement vetoes.

    The weights are those of the pack table ``assessment_items``, recalled.
    """
    weights = {row["item"]: row for row in _groups(calc)}
    missing = [weights[group]["name_zh"] for group in GROUPS if calc[group] is None]
    if missing:
        raise calc.refuse(
            f"没有{'、'.join(missing)}的得分",
            "groups without points",
            todo="六项一级指标都填得分",
            todo_en="fill all six",
        )
    for group in GROUPS:
        name, most = weights[group]["name_zh"], weights[group]["points"]
        if calc[group] > most:
            raise calc.refuse(
                f"{name}得分{calc[group]:g}大于满分{most:g}",
                f"more points than {most:g}",
                todo="核对评审报告",
                todo_en="check the report",
            )
        calc.step(name, calc[group], "分", how=f"满分{most:g}")
    calc.warn("一级指标的权重凭记忆、未核对原文（GB/T 36132-2018）")
    total = calc.step("得分", sum(calc[group] for group in GROUPS), "分")
    return {"score": total, **_for_the_list(calc)}


def _groups(calc: Calc) -> list[Mapping[str, Any]]:
    rows = calc.tables.get("assessment_items", ())
    return [row for row in rows if row["scheme"] == SCHEME and row["item"] in GROUPS]


def score_2025(calc: Calc) -> dict[str, Any]:
    """Mean share reached from the base to the leading value on each of five axes, weighted.

    The weights and the curve were not read: weights are the place's, the curve is taken straight.
    """
    shares: dict[str, list[float]] = {axis: [] for axis in AXES}
    for row in calc["rows"]:
        if row["leading"] == row["base"]:
            raise calc.refuse(
                f"“{row['name']}”的引领值与基准值相同",
                f"'{row['name']}' has no span",
                todo="核对基准值和引领值",
                todo_en="check both values",
            )
        actual = origins.figure_of(calc, row)
        share = share_reached(actual, row["base"], row["leading"])
        how = f"{actual:g}，基准{row['base']:g}，引领{row['leading']:g}"
        how = f"{how}（{origins.ORIGINS[row['origin']]}）"
        shares[row["axis"]].append(calc.step(row["name"], share, how=how))
    empty = [AXES[axis] for axis, of_axis in shares.items() if not of_axis]
    if empty:
        raise calc.refuse(
            f"没有{'、'.join(empty)}的指标",
            "an axis without figures",
            todo="五个方面都要有指标",
            todo_en="every axis needs figures",
        )
    of_axes = calc.params("plant.factory.weight", tuple(AXES), "绿色工厂各方面的权重")
    weights = dict(zip(AXES, of_axes, strict=True))
    calc.warn("计分曲线没有读到，按基准值到引领值直线计（GB/T 36132-2025）")
    score = sum(weights[axis] * sum(of) / len(of) for axis, of in shares.items())
    total = calc.step("得分", PERCENT * score, "分", how="各方面均值 × 权重")
    return {"score": total, **_for_the_list(calc), **origins.counted(calc, calc["rows"])}


def _for_the_list(calc: Calc) -> dict[str, Any]:
    calc.step("未满足的基本要求", calc["basic_unmet"], "项")
    verdict = for_the_list(calc, "绿色工厂", is_barred=calc["basic_unmet"] > 0)
    return {"verdict": verdict}


LIST = (
    Input("basic_unmet", "未满足的基本要求", kind="whole", unit="项"),
    LISTED,
)
OUTPUTS = (Output("score", "得分", unit="分"), Output("verdict", "结论"))
RULES = (
    Rule(
        id="plant.green_factory",
        title_zh="绿色工厂评价（2018版）",
        title_en="Green factory, edition of 2018",
        law="GB/T 36132-2018 绿色工厂评价通则",
        valid_from=date(2018, 12, 1),
        valid_to=date(2025, 12, 30),
        inputs=(
            Input("g1", "基础设施", unit="分", optional=True),
            Input("g2", "管理体系", unit="分", optional=True),
            Input("g3", "能源与资源投入", unit="分", optional=True),
            Input("g4", "产品", unit="分", optional=True),
            Input("g5", "环境排放", unit="分", optional=True),
            Input("g6", "绩效", unit="分", optional=True),
            *LIST,
        ),
        outputs=OUTPUTS,
        compute=score_2018,
        confidence="recalled",
    ),
    Rule(
        id="plant.green_factory",
        title_zh="绿色工厂评价（2025版）",
        title_en="Green factory, edition of 2025",
        law="GB/T 36132-2025 绿色工厂评价通则（原文没有读到）",
        valid_from=date(2025, 12, 31),
        inputs=(
            Input(
                name="rows",
                zh="指标",
                kind="rows",
                fields=(
                    Input("axis", "方面", kind="choice", choices=AXES),
                    Input("name", "指标", kind="text"),
                    Input("actual", "指标值", least=None, optional=True),
                    Input("base", "基准值", least=None),
                    Input("leading", "引领值", least=None),
                    *origins.FIELDS,
                ),
            ),
            *LIST,
        ),
        outputs=(*OUTPUTS, *origins.OUTPUTS),
        compute=score_2025,
        needs=("plant.factory.weight",),
    ),
)
