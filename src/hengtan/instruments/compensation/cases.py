"""A case of ecological damage: what it comes to, how far the case is, what is still owed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.compensation.formulas import virtual_treatment_cost
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

LAW = "民法典 第一千二百三十五条；生态环境损害赔偿管理规定（环法规〔2022〕31号）"
CODE = "生态环境法典 第一千零七十三条"
HEADINGS = {
    "interim": "修复期间服务功能损失",
    "permanent": "永久性损害损失",
    "assessment": "调查鉴定评估费用",
    "restoration": "清除污染与修复费用",
    "prevention": "防止损害扩大的合理费用",
}
STEPS = (
    ("closed", "已结案"),
    ("restored", "修复已验收"),
    ("sued", "已起诉"),
    ("agreed", "已签协议"),
    ("invited", "磋商中"),
    ("assessed", "评估完成"),
    ("filed", "已立案"),
    ("checked", "已核查"),
    ("discovered", "核查中"),
)
"""The last step that has its day, and the state it means."""


def damage_case(calc: Calc) -> dict[str, Any]:
    """A case from its finding to payment: damage by item and heading, what was agreed or judged
    beside it, paid, owed and overdue. [yuan]

    民法典 第一千二百三十五条 names the losses and costs. Raises ParameterNotEstablished for a
    multiple that was not filled.
    """
    reached = {name for name, _ in STEPS if calc[name] is not None}
    by_heading = dict.fromkeys(HEADINGS, 0.0)
    for row in calc["items"]:
        by_heading[row["heading"]] += _of_item(calc, row)
    damage = calc.step("损害合计", sum(by_heading.values()), "元", "各项之和", LAW)
    outputs: dict[str, Any] = {
        "state": calc.step("进度", next(zh for name, zh in STEPS if name in reached)),
        "damage": damage,
    }
    outputs |= {f"damage_{name}": amount for name, amount in by_heading.items() if amount}
    agreed = calc["agreed_amount"]
    if agreed is not None:
        outputs["agreed"] = calc.step("协议（判决）金额", agreed, "元")
        outputs["below_damage"] = calc.step(
            "协议少于损害", max(damage - agreed, 0.0), "元", f"{damage:g} − {agreed:g}"
        )
    return outputs | _payments(calc, agreed)


def _of_item(calc: Calc, row: Mapping[str, Any]) -> float:
    name = f"{row['item']}（{HEADINGS[row['heading']]}）"
    if row["cost"] is not None:
        return float(calc.step(name, row["cost"], "元"))
    if row["amount"] is None or row["unit_cost"] is None:
        raise calc.refuse(
            f"“{row['item']}”没有金额，也没有排放量和单位治理成本",
            f"'{row['item']}' has neither a sum nor amount and unit cost",
            todo="在“生态环境损害项目”里填一种",
            todo_en="fill one of them",
        )
    if row["multiple"] is None:
        raise ParameterNotEstablished(
            f"“{row['item']}”的敏感系数没有填：系数表没有读到",
            f"the multiple of '{row['item']}' is not established",
            todo="查生态环境损害鉴定评估技术指南（虚拟治理成本法）的系数表，填在“敏感系数”列",
            todo_en="see the guide on virtual treatment cost, fill the column multiple",
        )
    amount, unit_cost, multiple = row["amount"], row["unit_cost"], row["multiple"]
    calc.warn("敏感系数按填报的数，指南的系数表没有读到")
    return float(
        calc.step(
            name,
            virtual_treatment_cost(amount, unit_cost, multiple),
            unit="元",
            how=f"{amount:g}吨 × {unit_cost:g}元/吨 × {multiple:g}",
            clause="生态环境损害鉴定评估技术指南 虚拟治理成本法（凭记忆）",
        )
    )


def _payments(calc: Calc, agreed: float | None) -> dict[str, float]:
    """Paid, owed of what was agreed, and overdue on the day it is looked at. [yuan]"""
    rows, looked_at = calc["payments"] or (), calc["looked_at"] or calc.day
    if not rows and agreed is None:
        return {}
    paid = sum(row["paid"] or 0.0 for row in rows)
    overdue = sum(
        max(row["amount_due"] - (row["paid"] or 0.0), 0.0) for row in rows if row["due"] < looked_at
    )
    owed = (sum(row["amount_due"] for row in rows) if agreed is None else agreed) - paid
    return {
        "paid": calc.step("已付", paid, "元"),
        "owed": calc.step("未付", max(owed, 0.0), "元"),
        "overdue": calc.step("逾期未付", overdue, "元", f"{looked_at}以前到期"),
    }


def _day(name: str, zh: str) -> Input:
    return Input(name, zh, kind="date", optional=True)


RULES = (
    Rule(
        id="compensation.damage_case",
        title_zh="生态环境损害赔偿案件（损害、协议、付款）",
        title_en="A case of ecological damage",
        law=f"{LAW}；{CODE}",
        valid_from=date(2021, 1, 1),
        inputs=(
            Input(
                name="items",
                zh="损害项目",
                kind="rows",
                fields=(
                    Input("item", "项目", kind="text"),
                    Input("heading", "类别", kind="choice", choices=HEADINGS),
                    Input("amount", "排放量", unit="吨", optional=True),
                    Input("unit_cost", "单位治理成本", unit="元/吨", optional=True),
                    Input("multiple", "敏感系数", optional=True, note="按受纳环境类别查指南"),
                    Input("cost", "金额", unit="元", optional=True),
                ),
            ),
            Input(
                name="payments",
                zh="付款",
                kind="rows",
                optional=True,
                fields=(
                    Input("due", "应付日期", kind="date"),
                    Input("amount_due", "应付金额", unit="元"),
                    Input("paid_on", "付款日期", kind="date", optional=True),
                    Input("paid", "实付金额", unit="元", optional=True),
                ),
            ),
            Input("discovered", "发现线索日期", kind="date"),
            _day("checked", "初步核查完成日期"),
            _day("filed", "立案日期"),
            _day("assessed", "鉴定评估完成日期"),
            _day("invited", "磋商通知送达日期"),
            _day("agreed", "协议签订日期"),
            _day("sued", "起诉日期"),
            _day("restored", "修复验收日期"),
            _day("closed", "结案日期"),
            _day("looked_at", "查看日"),
            Input("agreed_amount", "协议（判决）金额", unit="元", optional=True),
        ),
        outputs=(
            Output("state", "进度"),
            Output("damage", "损害合计", unit="元"),
            *(Output(f"damage_{name}", zh, unit="元") for name, zh in HEADINGS.items()),
            Output("agreed", "协议（判决）金额", unit="元"),
            Output("below_damage", "协议少于损害", unit="元"),
            Output("paid", "已付", unit="元"),
            Output("owed", "未付", unit="元"),
            Output("overdue", "逾期未付", unit="元"),
        ),
        compute=damage_case,
        confidence="recalled",
    ),
)
