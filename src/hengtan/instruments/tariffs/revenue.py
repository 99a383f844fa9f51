"""What a block tariff brings in and how it weighs on groups of payers, and what a reform changes at
an elasticity that is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.inputs import Input
from hengtan.instruments.parameters import Parameters
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.tariffs.blocks import (
    MONTHS,
    SERVICES,
    UNITS,
    Blocks,
    in_order,
    parameter_names,
    read_blocks,
)
from hengtan.instruments.tariffs.formulas import block_bill, cost_recovery, marginal_price, response
from hengtan.instruments.tariffs.households import LAWS

HERE = "按现行参数与给定改革参数的推算"


def _spelled(calc: Calc, figures: Mapping[str, float]) -> dict[str, float]:
    """Figures named upper1, price2, 一档价 … as overrides of the parameters of the service.

    Raises HengtanError for another name.
    """
    uppers, prices = parameter_names(calc["service"])
    names = {f"upper{number}": f"{uppers}.{number}" for number in "12"}
    names |= {f"price{number}": f"{prices}.{number}" for number in "123"}
    for number, zh in zip("123", "一二三", strict=True):
        if number != "3":
            names[f"{zh}档上限"] = names[f"upper{number}"]
        names[f"{zh}档价"] = names[f"price{number}"]
    for name in figures:
        if name not in names:
            raise calc.refuse(
                f"没有“{name}”这一项",
                f"no figure '{name}'",
                todo=f"可用：{'、'.join(names)}",
                todo_en=f"one of {', '.join(names)}",
            )
    return {names[name]: value for name, value in figures.items()}


def _own(calc: Calc) -> dict[str, float]:
    """The overrides of the case by their full names.

    Raises HengtanError for one that is not a figure of the service's blocks.
    """
    full = {
        name if name.startswith("tariff.") else f"tariff.{name}": value
        for name, value in calc.parameters.overrides.items()
    }
    uppers, prices = parameter_names(calc["service"])
    of_blocks = {f"{uppers}.{number}" for number in "12"} | {f"{prices}.{n}" for n in "123"}
    for name in full:
        if name not in of_blocks:
            raise calc.refuse(
                f"参数“{name}”不是{SERVICES[calc['service']]}的档限或档价",
                f"'{name}' is no figure of the blocks",
                todo=f"用 {uppers}.1、{prices}.1 等",
                todo_en=f"use {uppers}.1, {prices}.1",
            )
    return full


def _blocks(calc: Calc, overrides: Mapping[str, float], label: str) -> Blocks:
    """The yearly blocks under parameters of the packs and overrides; what was used is told with the
    result.
    """
    of_case = calc.parameters
    parameters = Parameters(
        of_case.rows, calc.day, calc.region, dict(overrides), looked_up=of_case.looked_up
    )
    try:
        blocks = read_blocks(parameters.value, calc["service"])
    except ParameterNotEstablished as error:
        raise error.retold(
            f"{label}：{error.zh}",
            error.en,
            todo=f"{error.todo}，或用 current 给定现行价与档限",
            todo_en=f"{error.todo_en}, or under current",
        ) from error
    if wrong := in_order(blocks):
        raise calc.refuse(
            f"{label}：{wrong}",
            "the blocks are out of order",
            todo="核对档限与价格",
            todo_en="check the figures",
        )
    calc.parameters.used += parameters.used
    for text in parameters.warnings:
        calc.warn(text)
    yearly = blocks.stretched(MONTHS_A_YEAR / MONTHS[calc["service"]])
    unit = UNITS[calc["service"]]
    calc.step(
        f"{label}档限",
        f"{yearly.upper1:g} / {yearly.upper2:g}",
        unit=f"{unit}/户·年",
        clause=LAWS[calc["service"]],
    )
    calc.step(
        f"{label}档价",
        f"{yearly.price1:g} / {yearly.price2:g} / {yearly.price3:g}",
        unit=f"元/{unit}",
        clause=LAWS[calc["service"]],
    )
    return yearly


def _price(calc: Calc, quantity: float, blocks: Blocks) -> float:
    """The price a household answers to: that of its average or of its last unit. [CNY per unit]"""
    if calc["responds_to"] == "marginal" or quantity == 0:
        return float(marginal_price(quantity, **blocks.as_dict()))
    return float(cost_recovery(block_bill(quantity, **blocks.as_dict()), quantity))


def _row(
    quantity: float, households: float, income: float | None, blocks: Blocks
) -> dict[str, float]:
    bill = block_bill(quantity, **blocks.as_dict())
    figures = {"quantity": quantity * households, "bill": bill, "revenue": bill * households}
    return figures | ({"burden": bill / income} if income else {})


def revenue(calc: Calc) -> dict[str, Any]:
    """Revenue and burden of a household block tariff by group for a year, and their change under a
    reform. [CNY; burden as a share of income]

    The tariff now: parameters of the packs and ``current``; the reform: these and ``parameters`` of
    the case or ``reform``. A household answers to the change of its price at the quantity it used
    before, at constant elasticity; no second round is taken. Raises ParameterNotEstablished,
    HengtanError where a reform has no elasticity.
    """
    now = _spelled(calc, calc["current"])
    new = _spelled(calc, calc["reform"]) | _own(calc)
    if not calc["groups"]:
        raise calc.refuse(
            "没有用户组", "there is no group", todo="至少给一组", todo_en="give at least one group"
        )
    old = _blocks(calc, now, "现行")
    reformed = _blocks(calc, {**now, **new}, "改革后") if new else None
    if (
        reformed is not None
        and calc["elasticity"] is None
        and any(g["elasticity"] is None for g in calc["groups"])
    ):
        raise calc.refuse(
            "改革测算要给价格弹性（elasticity），没有默认值",
            "a reform needs an elasticity",
            todo="给出全体或各组的弹性，不变则写0",
            todo_en="give it; 0 for no response",
        )
    rows, total, after = [], {"quantity": 0.0, "revenue": 0.0}, {"quantity": 0.0, "revenue": 0.0}
    for group in calc["groups"]:
        row: dict[str, Any] = {
            "group": group["group"],
            "households": group["households"],
            **_row(group["quantity"], group["households"], group["income"], old),
        }
        total = {k: total[k] + row[k] for k in total}
        if reformed is not None:
            elasticity = (
                group["elasticity"] if group["elasticity"] is not None else calc["elasticity"]
            )
            if elasticity > 0:
                calc.warn("价格弹性为正，价格上升用量也上升，请核对")
            answered = response(
                group["quantity"],
                _price(calc, group["quantity"], old),
                _price(calc, group["quantity"], reformed),
                elasticity,
            )
            answer = _row(answered, group["households"], group["income"], reformed)
            after = {k: after[k] + answer[k] for k in after}
            row |= {f"{k}_reform": v for k, v in answer.items()} | {
                "bill_change": answer["bill"] - row["bill"]
            }
            if "burden" in answer:
                row["burden_change"] = answer["burden"] - row["burden"]
        rows.append(row)
        calc.step(
            f"{group['group']}每户年支出",
            row["bill"],
            unit="元",
            how=f"改革后{row['bill_reform']:.2f}" if reformed is not None else "",
            clause=HERE,
        )
    outputs: dict[str, Any] = {
        "revenue": calc.step("收入", total["revenue"], "元/年", "Σ 每户支出 × 户数", HERE),
        "quantity": total["quantity"],
        "groups": rows,
    }
    if reformed is not None:
        outputs |= {
            "revenue_reform": calc.step(
                "改革后收入", after["revenue"], unit="元/年", how="按给定弹性调整用量", clause=HERE
            ),
            "quantity_reform": after["quantity"],
        }
        outputs |= {
            "revenue_change": calc.step("收入变化", after["revenue"] - total["revenue"], "元/年"),
            "quantity_change": after["quantity"] - total["quantity"],
        }
    if calc["service"] == "power":
        calc.warn("按月分档的电价按全年各月用量均匀推算")
    return outputs


GROUP = (
    Input("group", "用户组", kind="text"),
    Input("households", "户数", unit="户"),
    Input("quantity", "户均年用量", note="千瓦时或立方米"),
    Input("income", "户均年收入", unit="元", optional=True),
    Input("elasticity", "价格弹性", optional=True, least=None),
)
RULES = (
    Rule(
        id="tariff.revenue",
        title_zh="阶梯价格的收入与负担测算",
        title_en="Revenue and burden of a block tariff",
        law="各项阶梯价格文件（测算，不是法定算法）",
        valid_from=date(2012, 7, 1),
        inputs=(
            Input("service", "品种", kind="choice", choices=SERVICES),
            Input("groups", "用户组", kind="rows", fields=GROUP),
            Input("elasticity", "价格弹性", optional=True, least=None),
            Input(
                name="responds_to",
                zh="对什么价格作反应",
                kind="choice",
                choices={"average": "平均价", "marginal": "末单位价"},
                default="average",
            ),
            Input(
                name="current",
                zh="现行价与档限",
                kind="amounts",
                default={},
                note="一档上限、二档上限、一档价、二档价、三档价；数据包没有时给",
            ),
            Input(
                name="reform",
                zh="改革价与档限",
                kind="amounts",
                default={},
                note="同上；也可在案例里自行给定",
            ),
        ),
        outputs=(
            Output("revenue", "收入", unit="元/年"),
            Output("revenue_reform", "改革后收入", unit="元/年"),
            Output("revenue_change", "收入变化", unit="元/年"),
            Output("quantity", "用量"),
            Output("quantity_reform", "改革后用量"),
            Output("quantity_change", "用量变化"),
            Output("groups", "各组结果"),
        ),
        compute=revenue,
        needs=(
            "tariff.power.tier_upper",
            "tariff.power.tier_price",
            "tariff.water.tier_upper",
            "tariff.water.tier_price",
            "tariff.gas.tier_upper",
            "tariff.gas.tier_price",
        ),
        confidence="derived",
        note_zh="价格弹性是输入，没有默认值；只算一轮反应。",
    ),
)
