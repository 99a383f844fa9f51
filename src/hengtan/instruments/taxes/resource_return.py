"""The return of resource tax of a site for a month or a quarter: gas by the reductions of each
month, other minerals by the province's own rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.part_of_case import within
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.taxes import minerals, resources

GASES = {"natural_gas": "天然气", "shale_gas": "页岩气"}
OF_GAS, OF_MINERAL = "resource_tax.gas", "resource_tax.mineral"
SITE_RULES = tuple(
    rule for rule in (*resources.RULES, *minerals.RULES) if rule.id in (OF_GAS, OF_MINERAL)
)


def resource_return(calc: Calc) -> dict[str, Any]:
    """Tax of the months of a return, what was sold and what the reductions take off. [yuan]

    What the payer uses itself for other than its own further making counts as sold (资源税法
    第五条). Raises ParameterNotEstablished for a province's rate that was not read.
    """
    tax = sales = amount = whole = 0.0
    is_gas = calc["mineral"] in GASES
    for row in calc["months"]:
        day = Period.read(row["month"]).end
        rule = OF_GAS if is_gas else OF_MINERAL
        charged = within(calc, SITE_RULES, rule, day, _inputs(calc, row, is_gas))
        tax += calc.step(f"{row['month']} 应纳税额", charged["tax"], "元")
        sales += row["sales"] or 0.0
        amount += row["amount"] or 0.0
        whole += row["sales"] * _rate(calc, day) if is_gas else charged["tax"] + charged["relief"]
    outputs = {
        "tax": calc.step("应纳税额合计", tax, "元", "各月之和", "资源税法 第三、六条"),
        "sales": calc.step("计税销售额", sales, "元"),
    }
    if not is_gas:
        outputs["amount"] = calc.step("销售数量", amount)
    else:
        outputs["volume"] = calc.step("销售气量", amount, "立方米")
    if is_gas or whole > tax:
        outputs["relief"] = calc.step("其中减征", whole - tax, "元", "不减征时的税额 − 税额")
    return outputs


def _inputs(calc: Calc, row: Mapping[str, Any], is_gas: bool) -> dict[str, Any]:
    names = ("high_sulfur", "low_abundance")
    if is_gas:
        flags = {name: calc[name] for name in names}
        return {"kind": calc["mineral"], "sales": row["sales"], **flags}
    cells = {
        "mineral": calc["mineral"],
        "by": calc["by"],
        "rate": calc["rate"],
        "sales": row["sales"],
        "amount": row["amount"],
        **{item.name: calc[item.name] for item in minerals.ARTICLE_6},
    }
    return {name: value for name, value in cells.items() if value is not None}


def _rate(calc: Calc, day: date) -> float:
    """The rate of gas on a day, before reductions. [1]"""
    return replace(calc.parameters, day=day).value("resource_tax.rate", "natural_gas")


RULES = (
    Rule(
        id="resource_tax.return",
        title_zh="资源税申报（由产销记录）",
        title_en="Return of resource tax from sales",
        law="资源税法及所附税目税率表（2020-09-01施行）",
        valid_from=date(2020, 9, 1),
        inputs=(
            Input(name="mineral", zh="税目", kind="choice", choices={**GASES, **minerals.MINERALS}),
            *(item for item in minerals.RULES[0].inputs if item.name in ("by", "rate")),
            *(
                item
                for item in next(rule for rule in SITE_RULES if rule.id == OF_GAS).inputs
                if item.name in ("high_sulfur", "low_abundance")
            ),
            *minerals.ARTICLE_6,
            Input(
                name="months",
                zh="逐月销售",
                kind="rows",
                fields=(
                    Input("month", "月份", kind="text"),
                    Input("sales", "销售额（不含税）", unit="元", optional=True),
                    Input("amount", "销售数量", optional=True),
                ),
            ),
        ),
        outputs=(
            Output("tax", "应纳税额", unit="元"),
            Output("sales", "计税销售额", unit="元"),
            Output("amount", "销售数量"),
            Output("volume", "销售气量", unit="立方米"),
            Output("relief", "其中减征", unit="元"),
        ),
        compute=resource_return,
        needs=tuple(dict.fromkeys(name for rule in SITE_RULES for name in rule.needs)),
    ),
)
