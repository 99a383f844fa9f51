"""Chain leaders and their suppliers, trade in green goods and the carbon within exports."""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

FULL_MARKS = 100.0
NEAR = 1e-9


def leader(calc: Calc) -> dict[str, Any]:
    """Points of a chain leader out of 100, with the upstream carbon of what it bought and the share
    of it that rests on suppliers' own footprints. [points, t CO2e, 1]

    Items and their full marks are those of the report: the standard's were not read.
    """
    most = sum(row["most"] for row in calc["items"])
    if abs(most - FULL_MARKS) > NEAR * FULL_MARKS:
        raise calc.refuse(
            f"各项满分合计{most:g}，不是100",
            f"full marks add up to {most:g}, not 100",
            todo="按评价报告补齐各项",
            todo_en="complete the items",
        )
    for row in calc["items"]:
        calc.step(row["name"], row["points"], "分", how=f"满分{row['most']:g}")
    calc.warn("评价项和分值取自评价报告，GB/T 39257 的指标和权重没有读到")
    outputs = {"score": calc.step("得分", sum(row["points"] for row in calc["items"]), "分")}
    return {**outputs, **_upstream(calc)}


def _upstream(calc: Calc) -> dict[str, Any]:
    if calc["upstream"] is None:
        return {}
    if calc["missing"]:
        calc.warn(f"有{calc['missing']}笔采购算不出排放，没有计入")
    outputs = {"upstream": calc.step("采购的上游排放", calc["upstream"], "吨")}
    if calc["own_share"] is not None:
        outputs["own_share"] = calc.step("取自供应商自己足迹的比例", calc["own_share"])
    return outputs


def supplier(calc: Calc) -> dict[str, Any]:
    """A supplier's rate of points against the floor of the leader's own rule. [1]"""
    if calc["points"] > calc["most"]:
        raise calc.refuse(
            "得分大于满分", "more points than full marks", "核对评价表", "check the sheet"
        )
    rate = calc.step("得分率", calc["points"] / calc["most"], how="得分 ÷ 满分")
    floor = calc["floor"]
    if floor is None:
        verdict = "没有合格线"
    else:
        verdict = "合格" if rate >= floor - NEAR else "不合格：督促整改或调整采购"
    outputs = {"rate": rate, "verdict": calc.step("结论", verdict, how=f"合格线{floor}")}
    if calc["upstream"] is not None:
        outputs["upstream"] = calc.step("上游排放", calc["upstream"], "吨")
        outputs["own_footprint"] = calc.step("有自己的足迹", "是" if calc["own_share"] else "否")
    return outputs


def trade(calc: Calc) -> dict[str, Any]:
    """Share of green goods in exports by value, the carbon within exports to places with a border
    adjustment and its cost at the price differences reported. [1, t CO2e, yuan]

    A good is green by the catalogue that its row names; no price is assumed.
    """
    exports, green = calc["exports"], calc["green"]
    if green > exports:
        raise calc.refuse(
            "绿色产品出口大于出口总额",
            "more green exports than exports",
            todo="核对",
            todo_en="check",
        )
    share = calc.step("绿色产品占出口", green / exports, how=f"{green:g} ÷ {exports:g}")
    outputs = {"green_share": share}
    if calc["embedded"] is not None:
        outputs["embedded"] = calc.step("出口隐含碳", calc["embedded"], "吨")
        if calc["unpriced"]:
            calc.warn(f"有{calc['unpriced']}笔出口缺碳价差或排放，费用不全")
        if calc["border_cost"] is not None:
            outputs["border_cost"] = calc.step("碳边境费用", calc["border_cost"], "元")
    return outputs


RULES = (
    Rule(
        id="chain.leader",
        title_zh="绿色供应链评价",
        title_en="Green supply chain of a leader",
        law="GB/T 39257 绿色制造 制造企业绿色供应链管理（原文没有读到，按评价报告）",
        inputs=(
            Input(
                name="items",
                zh="评价项",
                kind="rows",
                fields=(
                    Input("name", "评价项", kind="text"),
                    Input("points", "得分", unit="分"),
                    Input("most", "满分", unit="分"),
                ),
            ),
            Input("upstream", "采购的上游排放", unit="吨", least=None, optional=True),
            Input("own_share", "取自供应商自己足迹的比例", optional=True),
            Input("missing", "算不出的采购", kind="whole", unit="笔", default=0),
        ),
        outputs=(
            Output("score", "得分", unit="分"),
            Output("upstream", "采购的上游排放", unit="吨"),
            Output("own_share", "取自供应商自己足迹的比例"),
        ),
        compute=leader,
        confidence="unverified",
    ),
    Rule(
        id="chain.supplier",
        title_zh="供应商绿色评价",
        title_en="Rating of a supplier",
        law="链主企业自己的供应商管理制度",
        inputs=(
            Input("points", "得分", unit="分"),
            Input("most", "满分", unit="分", least=1e-9),
            Input("floor", "合格线", most=1.0, optional=True),
            Input("upstream", "上游排放", unit="吨", least=None, optional=True),
            Input("own_share", "取自自己足迹的比例", optional=True),
        ),
        outputs=(
            Output("rate", "得分率"),
            Output("verdict", "结论"),
            Output("upstream", "上游排放", unit="吨"),
            Output("own_footprint", "有自己的足迹"),
        ),
        compute=supplier,
    ),
    Rule(
        id="trade.green",
        title_zh="绿色贸易",
        title_en="Trade in green goods and carbon within exports",
        law="绿色产品以所填目录为准；碳边境费用以所填价差为准",
        inputs=(
            Input("exports", "出口额", unit="元", least=1e-9),
            Input("green", "绿色产品出口额", unit="元", default=0.0),
            Input("embedded", "出口隐含碳", unit="吨", least=None, optional=True),
            Input("border_cost", "碳边境费用", unit="元", least=None, optional=True),
            Input("unpriced", "算不全的出口", kind="whole", unit="笔", default=0),
        ),
        outputs=(
            Output("green_share", "绿色产品占出口"),
            Output("embedded", "出口隐含碳", unit="吨"),
            Output("border_cost", "碳边境费用", unit="元"),
        ),
        compute=trade,
    ),
)
