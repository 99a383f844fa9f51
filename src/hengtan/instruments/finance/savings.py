"""Savings that were measured: what a year saved beside what the contract expects and what is due
for it; income tax of a service company with and without its relief.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.finance.cash_flows import present_value, rate_of_return
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

RELIEF_LAW = "财税〔2010〕110号"


def verified(calc: Calc) -> dict[str, Any]:
    """The saving of a year: adjusted baseline less what was metered; beside the saving expected,
    with the payment due at the share of the contract's year. [tce, yuan]

    The years of the contract are counted by calendar years from its first.
    """
    saving = calc["baseline"] - calc["measured"]
    how = f"基准 {calc['baseline']:,.4g} − 计量 {calc['measured']:,.4g}"
    calc.step("核定节能量", saving, "吨标准煤", how, clause="GB/T 28750 节能量测量和验证技术通则")
    reached = saving / calc["expected"] if calc["expected"] else 0.0
    is_whole = calc["months"] >= MONTHS_A_YEAR
    verdict = (
        f"计量只有{calc['months']}个月，不作是否达到的结论"
        if not is_whole
        else "没有节能"
        if saving <= 0
        else "达到预计"
        if reached >= 1
        else "未达到预计"
    )
    value = max(saving, 0.0) * calc["price"]
    outputs = {
        "saving": saving,
        "reached": reached,
        "value": calc.step("节能效益", value, "元", f"× {calc['price']:g} 元/吨标准煤"),
        "verdict": calc.step("结论", verdict),
    }
    shares = calc["shares"] or []
    number = calc.day.year - calc["begins"].year
    if 0 <= number < len(shares):
        payment = value * shares[number]
        outputs["payment"] = calc.step(
            "应付节能服务公司", payment, "元", f"合同第{number + 1}年 {shares[number]:.0%}"
        )
    elif shares:
        calc.warn("这一年不在合同分享期内")
    return outputs


def after_tax(calc: Calc) -> dict[str, Any]:
    """Income tax of the service company in the years of the contract, without and with the relief
    (三免三减半), and what is left to it. [yuan]

    Taxable: its share less upkeep less the investment spread evenly over the contract; losses are
    carried on.
    """
    shares = calc["shares"]
    rate = calc.own_or_param("discount", "finance.emc.discount")
    income = [calc["saved"] * calc["price"] * share - calc["upkeep"] for share in shares]
    taxable = _taxable(income, calc["investment"] / len(shares))
    due_share = _due_shares(calc, len(shares))
    full = calc.param("tax.emc.rate")
    without = [profit * full for profit in taxable]
    due = [tax * share for tax, share in zip(without, due_share, strict=True)]
    for year, (profit, tax, share) in enumerate(zip(taxable, due, due_share, strict=True), start=1):
        how = f"应纳税所得额 {profit:,.2f} × {full:.0%} × {share:g}"
        calc.step(f"第{year}年 所得税", tax, "元", how, clause=RELIEF_LAW)
    flows = [-calc["investment"], *(money - tax for money, tax in zip(income, due, strict=True))]
    calc.warn("所得税按合同期平均摊销投资、亏损向后结转计算；增值税没有计入")
    return {
        "tax_without": calc.step("不享受优惠的所得税", sum(without), "元"),
        "tax": calc.step("应纳所得税", sum(due), "元"),
        "relief": sum(without) - sum(due),
        "npv": calc.step("税后净现值", present_value(flows, rate), "元", f"折现率 {rate:.1%}"),
        "irr": rate_of_return(flows),
    }


def _taxable(income: Sequence[float], spread: float) -> list[float]:
    """Taxable profit of each year; a loss is carried on to the next. [yuan]"""
    loss, taxable = 0.0, []
    for money in income:
        profit = money - spread - loss
        loss = max(-profit, 0.0)
        taxable.append(max(profit, 0.0))
    return taxable


def _due_shares(calc: Calc, years: int) -> list[float]:
    """The share of the tax that is due in each year of the contract. [1]"""
    if not calc["relief"]:
        return [1.0] * years
    free, half = int(calc.param("tax.emc.free_years")), int(calc.param("tax.emc.half_years"))
    shares = [0.0] * free + [calc.param("tax.emc.half_share")] * half
    return (shares + [1.0] * years)[:years]


RULES = (
    Rule(
        id="saving.verified",
        title_zh="节能量核定与付款",
        title_en="Saving verified and paid for",
        law="GB/T 28750 节能量测量和验证技术通则（凭记忆）；分享比例由合同约定",
        inputs=(
            Input("baseline", "调整后基准能耗", unit="吨标准煤"),
            Input("measured", "计量能耗", unit="吨标准煤"),
            Input("expected", "预计年节能量", unit="吨标准煤"),
            Input("months", "计量月数", kind="whole", unit="个月"),
            Input("price", "能源单价", unit="元"),
            Input("begins", "合同起始日期", kind="date"),
            Input("shares", "节能服务公司逐年分享比例", kind="numbers", optional=True, most=1.0),
        ),
        outputs=(
            Output("saving", "核定节能量", unit="吨标准煤"),
            Output("reached", "达到预计的比例"),
            Output("value", "节能效益", unit="元"),
            Output("payment", "应付节能服务公司", unit="元"),
            Output("verdict", "结论"),
        ),
        compute=verified,
        confidence="recalled",
    ),
    Rule(
        id="finance.emc_tax",
        title_zh="合同能源管理所得税优惠与税后收益",
        title_en="Energy performance contracts after tax",
        law=f"{RELIEF_LAW}；企业所得税法",
        valid_from=date(2011, 1, 1),
        inputs=(
            Input("investment", "投资", unit="元"),
            Input("saved", "年节能量"),
            Input("price", "能源单价", unit="元"),
            Input("shares", "节能服务公司逐年分享比例", kind="numbers", most=1.0),
            Input("discount", "折现率", optional=True, most=1.0, note="不填按数据包参数"),
            Input("upkeep", "合同期年运维费", unit="元", default=0.0),
            Input("relief", "享受三免三减半", kind="flag", default=False),
        ),
        outputs=(
            Output("tax_without", "不享受优惠的所得税", unit="元"),
            Output("tax", "应纳所得税", unit="元"),
            Output("relief", "优惠", unit="元"),
            Output("npv", "税后净现值", unit="元"),
            Output("irr", "税后内部收益率"),
        ),
        compute=after_tax,
        needs=(
            "finance.emc.discount",
            "tax.emc.rate",
            "tax.emc.free_years",
            "tax.emc.half_years",
            "tax.emc.half_share",
        ),
        confidence="recalled",
    ),
)
