"""Settlements between places: a river section over the months of a quarter or a year, and the
forest cover of a place with the quotas it bought and sold.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.compensation import places
from hengtan.instruments.compensation.formulas import counted_cover
from hengtan.instruments.inputs import Input
from hengtan.instruments.part_of_case import within
from hengtan.instruments.rule import Output, Rule

PERCENT = 100


def river_settlement(calc: Calc) -> dict[str, Any]:
    """Months of a section netted: what downstream owes upstream, negative the other way.
    [10⁴ yuan]

    Raises ParameterNotEstablished for a month that fails its class where the agreement states no
    amount for it.
    """
    to_upstream = to_downstream = 0.0
    failing = 0
    for row in calc["months"]:
        if row["last_year"] is None:
            raise calc.refuse(
                f"{row['month']}没有上年同月的水质类别",
                f"no class of a year before {row['month']}",
                todo="在“断面月度水质”里补上年同月的监测，没有监测的填“断面逐月水质”",
                todo_en="fill the month of the year before in water_section_months, or in"
                " river_section_months where nothing was monitored",
            )
        inputs = {name: row[name] for name in OF_MONTH if row[name] is not None}
        if calc["failing"] is not None:
            inputs["failing"] = calc["failing"]
        day = Period.read(row["month"]).end
        amount = within(calc, places.RULES, "compensation.river", day, inputs)["to_upstream"]
        how = f"{places.class_words(calc, row['actual'])}，上年同月" + places.class_words(
            calc, row["last_year"]
        )
        calc.step(row["month"], amount, "万元", how)
        failing += places.fails(calc, row["required"], row["actual"])
        to_upstream += max(amount, 0.0)
        to_downstream += max(-amount, 0.0)
    net = to_upstream - to_downstream
    direction = "下游补上游" if net > 0 else "上游补下游" if net < 0 else "互不补偿"
    return {
        "to_upstream": calc.step("下游应补上游", to_upstream, "万元"),
        "to_downstream": calc.step("上游应补下游", to_downstream, "万元"),
        "net": calc.step("轧差", net, "万元", "正为下游补上游"),
        "direction": direction,
        "months": len(calc["months"]),
        "failing": failing,
    }


def forest_balance(calc: Calc) -> dict[str, Any]:
    """Forest cover that counts for a place: its own, with the quota bought, without the quota sold,
    beside its goal. [%; mu]
    """
    cover = float(counted_cover(calc["cover"], calc["land"], calc["bought"], calc["sold"]))
    how = f"{calc['cover']:g}% +（{calc['bought']:g} − {calc['sold']:g}）÷ {calc['land']:g}"
    outputs: dict[str, Any] = {"counted": calc.step("计入的森林覆盖率", cover, "%", how)}
    if calc["goal"] is None:
        return outputs
    gap = max(calc["goal"] - cover, 0.0)
    area = gap / PERCENT * calc["land"]
    met = area < 1  # less than a mu is noise of rates written with two decimals
    return outputs | {
        "gap": calc.step("与目标差", gap, "%", f"目标 {calc['goal']:g}%"),
        "gap_area": calc.step("还须造林或购买", area, "亩", "差 × 国土面积"),
        "state": "达到" if met else "未达到",
    }


MONTH = (
    Input("month", "月份", kind="text"),
    Input("required", "功能类别", kind="text"),
    Input("actual", "当月水质类别", kind="text"),
    Input("last_year", "上年同月水质类别", kind="text", optional=True),
    *places.SOURCES,
)
OF_MONTH = tuple(item.name for item in MONTH if item.name != "month")
"""What of a row the rule of the month reads."""
RULES = (
    Rule(
        id="compensation.river_settlement",
        title_zh="流域横向生态保护补偿·结算",
        title_en="Settlement of compensation along a river",
        law=places.RULES[0].law,
        valid_from=date(2018, 7, 1),
        inputs=(
            Input("months", "各月水质", kind="rows", fields=MONTH),
            places.FAILING,
        ),
        outputs=(
            Output("to_upstream", "下游应补上游", unit="万元"),
            Output("to_downstream", "上游应补下游", unit="万元"),
            Output("net", "轧差（正为下游补上游）", unit="万元"),
            Output("direction", "方向"),
            Output("months", "结算月数", unit="个月"),
            Output("failing", "未达标", unit="个月"),
        ),
        compute=river_settlement,
        needs=("compensation.river.monthly",),
    ),
    Rule(
        id="compensation.forest_balance",
        title_zh="森林覆盖率指标·余缺",
        title_en="Forest cover with quotas bought and sold",
        law=places.RULES[1].law,
        valid_from=date(2018, 10, 1),
        inputs=(
            Input("cover", "森林覆盖率", unit="%", most=100.0),
            Input("land", "国土面积", unit="亩", least=1.0),
            Input("bought", "购入指标", unit="亩", default=0.0),
            Input("sold", "售出指标", unit="亩", default=0.0),
            Input("goal", "目标", unit="%", optional=True, most=100.0),
        ),
        outputs=(
            Output("counted", "计入的森林覆盖率", unit="%"),
            Output("gap", "与目标差", unit="%"),
            Output("gap_area", "还须造林或购买", unit="亩"),
            Output("state", "结论"),
        ),
        compute=forest_balance,
        confidence="recalled",
    ),
)
