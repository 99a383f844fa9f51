"""The household waste fee that covers cost: by household and month, or by kind and weight.

生态环境法典 第五百一十五条 (from 2026-08-15): who produces pays, prices by kind and weight.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.charges.formulas import share, unit_cost
from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.tariffs.formulas import cost_recovery

LAW = "固体废物污染环境防治法（至2026-08-14）；生态环境法典 第五百一十五条"
KINDS = {
    "sorted": "其他垃圾（已分类）",
    "mixed": "混合垃圾（未分类）",
    "kitchen": "厨余垃圾",
    "recyclable": "可回收物",
}
RECYCLED = ("kitchen", "recyclable")
"""Kinds that are neither burnt nor buried."""


def cost_covering(calc: Calc) -> dict[str, Any]:
    """Rates that cover the cost of the year: of each kind its cost over its tonnes, of a household
    all cost over households and months; recovery by the fee received. [yuan]
    """
    rows = calc["kinds"]
    cost = calc.step("成本", sum(row["cost"] for row in rows), "元", "各类之和")
    tonnes = sum(row["tonnes"] for row in rows)
    outputs: dict[str, Any] = {"cost": cost, "tonnes": tonnes}
    for row in rows:
        if row["tonnes"]:
            outputs[f"rate_{row['kind']}"] = calc.step(
                f"{KINDS[row['kind']]} 覆盖成本的标准",
                unit_cost(row["cost"], row["tonnes"]),
                unit="元/吨",
                how=f"{row['cost']:g} ÷ {row['tonnes']:g}",
                clause=calc.rule.law,
            )
    if calc["households"]:
        outputs["household_month"] = calc.step(
            "按户覆盖成本的标准",
            unit_cost(cost, calc["households"] * MONTHS_A_YEAR),
            unit="元/户·月",
            how=f"{cost:g} ÷ {calc['households']:g}户 ÷ {MONTHS_A_YEAR}月",
        )
    if calc["fee_received"] is not None and cost:
        received = outputs["fee"] = calc["fee_received"]
        recovery = outputs["recovery"] = calc.step("成本补偿率", cost_recovery(received, cost))
        outputs["verdict"] = f"实收覆盖成本的{recovery:.1%}"
        outputs["gap"] = calc.step("收费与成本的差额", max(cost - received, 0.0), "元")
    if tonnes:
        recycled = sum(row["tonnes"] for row in rows if row["kind"] in RECYCLED)
        outputs["recycled"] = recycled
        outputs["recycling_rate"] = calc.step(
            "回收利用率", share(recycled, tonnes), "%", "（厨余垃圾 + 可回收物）÷ 全部"
        )
    rates = {row["kind"]: outputs.get(f"rate_{row['kind']}") for row in rows}
    if (rates.get("mixed") or float("inf")) < (rates.get("sorted") or 0.0):
        calc.warn("混合垃圾的单位成本低于分类后的其他垃圾：照成本定价不体现分类计价")
    return outputs


RULES = (
    Rule(
        id="tariff.waste_cost",
        title_zh="覆盖成本的生活垃圾处理费标准",
        title_en="The waste fee that covers cost",
        law=LAW,
        valid_from=date(2020, 9, 1),
        inputs=(
            Input(
                name="kinds",
                zh="各类垃圾",
                kind="rows",
                fields=(
                    Input("kind", "垃圾类别", kind="choice", choices=KINDS),
                    Input("tonnes", "垃圾量", unit="吨"),
                    Input("cost", "收运处理成本", unit="元"),
                ),
            ),
            Input("households", "收费户数", unit="户", kind="whole", optional=True),
            Input("fee_received", "实收垃圾处理费", unit="元", optional=True),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("cost", "成本", unit="元"),
            Output("tonnes", "垃圾量", unit="吨"),
            *(Output(f"rate_{kind}", f"{zh}标准", unit="元/吨") for kind, zh in KINDS.items()),
            Output("household_month", "按户标准", unit="元/户·月"),
            Output("fee", "实收", unit="元"),
            Output("recovery", "成本补偿率"),
            Output("gap", "差额", unit="元"),
            Output("recycled", "回收利用量", unit="吨"),
            Output("recycling_rate", "回收利用率", unit="%"),
        ),
        compute=cost_covering,
    ),
)
