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
VAT = {"exempt": "免征", "taxed": "缴纳"}


def verified(calc: Calc) -> dict[str, Any]:
    """The saving of a year: adjusted baseline less what was metered; beside the saving expected,
    with the payment due at the share of the contract's year. [tce, yuan]

    Years of the contract begin in the month in which it begins; each period metered is paid at the
    share of its own. Raises HengtanError for a period of two shares.
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
    if calc["shares"]:
        outputs |= _payment(calc)
    return outputs


def _payment(calc: Calc) -> dict[str, float]:
    """What is due for the periods of the year, by the share of the contract year that each is in;
    nothing where all of them are outside the term. [yuan]
    """
    shares, by_year = calc["shares"], dict[int, float]()
    whole = {"first": calc.day, "last": calc.day, "saving": calc["baseline"] - calc["measured"]}
    for part in calc["parts"] or (whole,):
        first, last = (_contract_year(calc["begins"], part[end]) for end in ("first", "last"))
        terms = {shares[year] if 0 <= year < len(shares) else 0.0 for year in (first, last)}
        if len(terms) > 1:
            raise calc.refuse(
                "按年计量的时期跨两个合同年度，分享比例不同",
                "a period lies in two years of the contract with different shares",
                todo="改造后的计量按月填",
                todo_en="meter the time after the retrofit by month",
            )
        by_year[last] = by_year.get(last, 0.0) + part["saving"]
    within = {year: saved for year, saved in by_year.items() if 0 <= year < len(shares)}
    if not within:
        calc.warn("这一年不在合同分享期内")
        return {}
    total = 0.0
    for year, saved in sorted(within.items()):
        due = saved * calc["price"] * shares[year]
        how = f"{saved:,.4g} 吨标准煤 × {calc['price']:g} × {shares[year]:.0%}"
        total += calc.step(f"合同第{year + 1}年应付", due, "元", how)
    return {"payment": calc.step("应付节能服务公司", max(total, 0.0), "元")}


def _contract_year(begins: date, day: date) -> int:
    """The year of a contract that a day is in, from 0; negative before it begins."""
    months = (day.year - begins.year) * MONTHS_A_YEAR + day.month - begins.month
    return months // MONTHS_A_YEAR


def after_tax(calc: Calc) -> dict[str, Any]:
    """Income tax of the service company in the years of the contract, without and with the relief
    (三免三减半), and what is left to it. [yuan]

    Taxable: its share less upkeep less the investment spread evenly over the contract; losses are
    carried on.
    """
    shares = calc["shares"]
    rate = calc.own_or_param("discount", "finance.emc.discount")
    receipts = [calc["saved"] * calc["price"] * share for share in shares]
    charged, paid, deducted = _value_added_tax(calc, receipts)
    income = [money - tax - calc["upkeep"] for money, tax in zip(receipts, charged, strict=True)]
    taxable = _taxable(income, (calc["investment"] - deducted) / len(shares))
    due_share = _due_shares(calc, len(shares))
    full = calc.param("tax.emc.rate")
    without = [profit * full for profit in taxable]
    due = [tax * share for tax, share in zip(without, due_share, strict=True)]
    for year, (profit, tax, share) in enumerate(zip(taxable, due, due_share, strict=True), start=1):
        how = f"应纳税所得额 {profit:,.2f} × {full:.0%} × {share:g}"
        calc.step(f"第{year}年 所得税", tax, "元", how, clause=RELIEF_LAW)
    flows = [-calc["investment"]]
    for money, value_added, tax in zip(receipts, paid, due, strict=True):
        flows.append(money - value_added - calc["upkeep"] - tax)
    outputs = {"vat": calc.step("应纳增值税", sum(paid), "元")} if calc["vat"] else {}
    return outputs | {
        "tax_without": calc.step("不享受优惠的所得税", sum(without), "元"),
        "tax": calc.step("应纳所得税", sum(due), "元"),
        "relief": sum(without) - sum(due),
        "npv": calc.step("税后净现值", present_value(flows, rate), "元", f"折现率 {rate:.1%}"),
        "irr": rate_of_return(flows),
    }


def _value_added_tax(
    calc: Calc, receipts: Sequence[float]
) -> tuple[list[float], list[float], float]:
    """Of receipts with the tax in them: the output tax of each year, what is paid of it after the
    input tax of the investment, and how much of that was deductible. [yuan]

    Exempt contracts charge none and deduct none (财税〔2016〕36号 附件三, recalled).
    """
    none = [0.0] * len(receipts)
    if calc["vat"] != "taxed":
        words = "增值税没有计入" if not calc["vat"] else "增值税免征，进项税额不抵扣"
        calc.warn(f"所得税按合同期平均摊销投资、亏损向后结转计算；{words}")
        return none, none, 0.0
    calc.warn("所得税按合同期平均摊销投资、亏损向后结转计算；效益款含增值税，附加税费没有计入")
    rate = calc.param("tax.emc.vat_rate")
    charged = [money * rate / (1 + rate) for money in receipts]
    credit, paid = calc["vat_input"], []
    for tax in charged:
        paid.append(max(tax - credit, 0.0))
        credit = max(credit - tax, 0.0)
    return charged, paid, calc["vat_input"]


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
            Input(
                name="parts",
                zh="逐期节能量",
                kind="rows",
                optional=True,
                fields=(
                    Input("first", "时期起始日期", kind="date"),
                    Input("last", "时期终止日期", kind="date"),
                    Input("saving", "节能量", unit="吨标准煤", least=None),
                ),
            ),
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
            Input("vat", "增值税", kind="choice", choices=VAT, optional=True),
            Input("vat_input", "投资进项税额", unit="元", default=0.0),
        ),
        outputs=(
            Output("vat", "应纳增值税", unit="元"),
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
            "tax.emc.vat_rate",
        ),
        confidence="recalled",
    ),
)
