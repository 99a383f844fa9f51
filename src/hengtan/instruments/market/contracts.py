"""Carbon insurance and carbon funds: what the contract pays, and what a fund is worth.

No law sets rates, deductibles or agreed prices: they are those of the contract.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.market import formulas as f
from hengtan.instruments.rule import Output, Rule


def insurance(calc: Calc) -> dict[str, Any]:
    """Premium, and what the insurer pays where less was reduced than agreed. [yuan]

    The deductible is the part of the agreed amount that the insured bears; the payment never passes
    the sum insured.
    """
    insured, deductible = calc["insured"], calc["deductible"]
    premium = calc.step("保费", calc["sum_insured"] * calc["premium_rate"], "元", "保险金额 × 费率")
    short = f.insured_shortfall(insured, deductible, calc["reached"])
    how = f"{insured:g} × (1 − {deductible:g}) − {calc['reached']:g}"
    calc.step("保险范围内的缺口", short, unit="吨", how=how)
    payment = min(short * calc["price"], calc["sum_insured"])
    calc.step("赔付", payment, "元", f"缺口 × 约定碳价 {calc['price']:g}，不超过保险金额")
    return {"premium": premium, "short": short, "payment": payment}


def fund(calc: Calc) -> dict[str, Any]:
    """Net worth of a fund, what came back and what is left of what was paid in, and how much of
    the commitment is drawn. [yuan, 1]
    """
    holdings, price = calc["holdings"], calc["price"]
    if holdings is None:
        calc.warn("没有填持有碳资产，净值只含现金")
    elif holdings and price is None:
        raise calc.refuse(
            "填了持有碳资产而没有价格",
            "holdings without a price",
            todo="填价格，单位元/吨",
            todo_en="give the price in yuan a tonne",
        )
    worth = calc["cash"] + (holdings * price if holdings else 0.0)
    calc.step("净值", worth, "元", "现金 + 持有量 × 价格")
    paid_in = calc["paid_in"]
    multiple = calc.step(
        "回收倍数", (calc["paid_out"] + worth) / paid_in, how="(分配 + 净值) ÷ 实缴"
    )
    outputs = {"worth": worth, "multiple": multiple, "returned": calc["paid_out"] / paid_in}
    if calc["committed"]:
        outputs["drawn"] = calc.step("实缴比例", paid_in / calc["committed"])
    return outputs


RULES = (
    Rule(
        id="carbon_finance.insurance",
        title_zh="碳保险保费与赔付",
        title_en="Carbon insurance",
        law="保险合同（费率、免赔率、约定碳价由合同定）",
        inputs=(
            Input("sum_insured", "保险金额", unit="元"),
            Input("premium_rate", "费率", most=1.0),
            Input("insured", "约定减排量", unit="吨"),
            Input("price", "约定碳价", unit="元/吨"),
            Input("deductible", "免赔率", most=1.0, default=0.0),
            Input("reached", "实际减排量", unit="吨"),
        ),
        outputs=(
            Output("premium", "保费", unit="元"),
            Output("short", "保险范围内的缺口", unit="吨"),
            Output("payment", "赔付", unit="元"),
        ),
        compute=insurance,
        confidence="proposal",
    ),
    Rule(
        id="carbon_finance.fund",
        title_zh="碳基金净值与回收",
        title_en="Worth of a carbon fund",
        law="基金合同",
        inputs=(
            Input("cash", "现金", unit="元"),
            Input("holdings", "持有碳资产", unit="吨", optional=True),
            Input("price", "价格", unit="元/吨", optional=True),
            Input("paid_in", "累计实缴", unit="元", least=1e-9),
            Input("paid_out", "累计分配", unit="元", default=0.0),
            Input("committed", "认缴规模", unit="元", optional=True),
        ),
        outputs=(
            Output("worth", "净值", unit="元"),
            Output("multiple", "回收倍数"),
            Output("returned", "已分配比例"),
            Output("drawn", "实缴比例"),
        ),
        compute=fund,
        confidence="proposal",
    ),
)
