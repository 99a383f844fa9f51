"""The sewage fee that covers cost with a fair return, by class of user; rates of treatment.

城镇排水与污水处理条例 第三十三条: not below the cost of normal operation, else the government
subsidises; 生态环境法典 第五百二十五条: sludge too, from 2026-08-15.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.charges.formulas import cost_covering_factor, share, unit_cost
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.tariffs.formulas import cost_recovery

ORDINANCE, CODE = "城镇排水与污水处理条例 第三十三条", "生态环境法典 第五百二十五条"
USERS = {"residential": "居民", "nonresidential": "非居民"}
CLASSES = {"none": "不分类", "low": "低浓度", "middle": "中浓度", "high": "高浓度"}
UNCLASSED = "none"


def cost_covering(calc: Calc) -> dict[str, Any]:
    """Prices by class that bring cost and fair return: each present price, times the factor of its
    class, times one factor for all. [yuan/m³]

    ``recovery``: fees received over the cost, where they were reported, else fees due at present
    prices; ``subsidy``: what the government has to add. Raises ParameterNotEstablished for a class
    whose factor is not set.
    """
    rows = calc["users"]
    present = [_present_price(calc, row) for row in rows]
    volume = sum(row["volume"] for row in rows)
    due = sum(price * row["volume"] for price, row in zip(present, rows, strict=True))
    if not due:
        raise calc.refuse("没有计费水量", "no volume was billed", todo="填计费水量")
    operation, sludge = calc["operating_cost"], calc["sludge_cost"]
    cost = calc.step("成本", operation + sludge, "元", f"运营 {operation:g} + 污泥 {sludge:g}")
    factor = cost_covering_factor(cost, calc["fair_return"], due)
    calc.step("现行标准应收", due, "元", "Σ 标准 × 类别系数 × 水量")
    calc.step("各类标准同乘", factor, how="（成本 + 合理收益）÷ 现行标准应收")
    if not calc["fair_return"]:
        calc.warn("合理收益没有填，算出的标准只覆盖成本")
    received = due if calc["fee_received"] is None else calc["fee_received"]
    recovery = calc.step("成本补偿率（含污泥）", cost_recovery(received, cost), clause=CODE)
    what = "现行标准应收" if calc["fee_received"] is None else "实收"
    outputs: dict[str, Any] = {
        "verdict": f"{what}覆盖成本的{recovery:.1%}",
        "cost": cost,
        "unit_cost": calc.step("单位成本", unit_cost(cost, volume), "元/立方米"),
        "fee_due": due,
        "recovery": recovery,
        "subsidy": calc.step("财政补贴缺口", max(cost - received, 0.0), "元", clause=ORDINANCE),
        "factor": factor,
    }
    if operation:
        outputs["recovery_operation"] = calc.step(
            "运营成本补偿率", cost_recovery(received, operation), clause=ORDINANCE
        )
    for price, row in zip(present, rows, strict=True):
        name = row["user"] if row["class"] == UNCLASSED else row["class"]
        words = f"{USERS[row['user']]}（{CLASSES[row['class']]}）"
        needed = price * factor
        outputs[f"price_{name}"] = calc.step(
            f"{words} 覆盖成本的标准", needed, "元/立方米", f"现行 {price:g} × {factor:g}"
        )
    return outputs


def _present_price(calc: Calc, row: Mapping[str, Any]) -> float:
    """The price of a user now, with the factor of its class. [yuan/m³]"""
    price = calc.param("tariff.sewage.price", row["user"])
    if row["class"] == UNCLASSED:
        return price
    return price * calc.param("tariff.sewage.factor", row["class"])


AMOUNTS = {
    "treated": "污水处理量",
    "discharged": "污水排放量",
    "sludge_made": "污泥产生量",
    "sludge_harmless": "污泥无害化处理量",
}
"""Amounts that the months of the works and the year of the place state as well."""


def works(calc: Calc) -> dict[str, Any]:
    """Share of sewage treated and of sludge treated harmlessly, with the amounts they are formed
    from. [%, m³, t]
    """
    pairs = (
        ("treated", "discharged", "sewage_rate", "污水集中处理率"),
        ("sludge_harmless", "sludge_made", "sludge_rate", "污泥无害化处理率"),
    )
    outputs: dict[str, Any] = {
        name: calc.step(zh, share(calc[part], calc[whole]), "%")
        for part, whole, name, zh in pairs
        if calc[part] is not None and calc[whole]
    }
    for amount in (amount for part, whole, *_ in pairs for amount in (part, whole)):
        if calc[amount] is not None:
            item = calc.rule.input(amount)
            outputs[amount] = calc.step(item.zh, calc[amount], item.unit)
    for row in calc["doubts"] or ():
        source = "城镇污水年度情况" if row["item"] == "discharged" else "污水处理厂月报"
        calc.warn(
            f"{AMOUNTS[row['item']]}：本地区在档服务区合计{row['filed']:,.1f}，"
            f"{source}{row['works']:,.1f}，两者不同，目标按档案计"
        )
    if not outputs:
        raise calc.refuse("水量和污泥量都没有填", "no volume and no sludge", todo="填其中一组")
    return outputs


RULES = (
    Rule(
        id="tariff.sewage_cost",
        title_zh="覆盖成本和合理收益的污水处理费标准",
        title_en="The sewage fee that covers cost with a fair return",
        law=f"{ORDINANCE}；{CODE}（2026-08-15起含污泥）",
        valid_from=date(2014, 1, 1),
        inputs=(
            Input("operating_cost", "污水处理运营成本", unit="元"),
            Input("sludge_cost", "污泥处理处置成本", unit="元", default=0.0),
            Input("fair_return", "合理收益", unit="元", default=0.0, note="按核定的数"),
            Input("fee_received", "实收污水处理费", unit="元", optional=True),
            Input(
                name="users",
                zh="用户",
                kind="rows",
                fields=(
                    Input("user", "用户类别", kind="choice", choices=USERS),
                    Input("class", "浓度类别", kind="choice", choices=CLASSES, default=UNCLASSED),
                    Input("volume", "计费水量", unit="立方米"),
                ),
            ),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("cost", "成本", unit="元"),
            Output("unit_cost", "单位成本", unit="元/立方米"),
            Output("fee_due", "现行标准应收", unit="元"),
            Output("recovery", "成本补偿率（含污泥）"),
            Output("recovery_operation", "运营成本补偿率"),
            Output("subsidy", "财政补贴缺口", unit="元"),
            Output("factor", "各类标准同乘"),
            *(Output(f"price_{name}", f"{zh}标准", unit="元/立方米") for name, zh in USERS.items()),
            *(
                Output(f"price_{name}", f"{zh}标准", unit="元/立方米")
                for name, zh in CLASSES.items()
                if name != UNCLASSED
            ),
        ),
        compute=cost_covering,
        needs=("tariff.sewage.price", "tariff.sewage.factor"),
    ),
    Rule(
        id="tariff.sewage_works",
        title_zh="污水集中处理率与污泥无害化处理率",
        title_en="Rates of sewage treatment and of harmless sludge",
        law="指标定义：处理量除以排放量，无害化处理量除以产生量（干基）",
        inputs=(
            Input("discharged", "污水排放量", unit="立方米", optional=True),
            Input("treated", "污水处理量", unit="立方米", optional=True),
            Input("sludge_made", "污泥产生量（干基）", unit="吨", optional=True),
            Input("sludge_harmless", "污泥无害化处理量（干基）", unit="吨", optional=True),
            Input(
                name="doubts",
                zh="与月报不一致的数",
                kind="rows",
                optional=True,
                fields=(
                    Input("item", "项目", kind="choice", choices=AMOUNTS),
                    Input("filed", "在档服务区合计"),
                    Input("works", "污水处理厂月报"),
                ),
            ),
        ),
        outputs=(
            Output("treated", "污水处理量", unit="立方米"),
            Output("discharged", "污水排放量", unit="立方米"),
            Output("sewage_rate", "污水集中处理率", unit="%"),
            Output("sludge_harmless", "污泥无害化处理量", unit="吨"),
            Output("sludge_made", "污泥产生量", unit="吨"),
            Output("sludge_rate", "污泥无害化处理率", unit="%"),
        ),
        compute=works,
        confidence="derived",
    ),
)
