"""Energy-management contracts: the cash flows of both sides under shared savings."""

from __future__ import annotations

from typing import Any

from hengtan.instruments.bounds import ESCALATION_MOST
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import DECIMALS_LISTED
from hengtan.instruments.finance.cash_flows import payback, present_value, rate_of_return
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule


def shared_savings(calc: Calc) -> dict[str, Any]:
    """Yearly flows of the service company and the user, their net present values, payback of the
    company. [yuan]

    GB/T 24915 (form of the contract, recalled).

    Saving of a year = energy saved × price (× 1 + escalation each year); the company gets its share
    of the contract years less upkeep, and has paid the investment in year 0; after the contract all
    saving is the user's.
    """
    shares = calc["shares"]
    if not shares or any(share > 1 for share in shares):
        raise calc.refuse(
            "分享比例应为 0—1，逐年列出",
            "shares lie between 0 and 1, one a year",
            todo="例如 [0.8, 0.8, 0.6]",
            todo_en="e.g. [0.8, 0.8, 0.6]",
        )
    life, rate = int(calc["life"]), calc.own_or_param("discount", "finance.emc.discount")
    if life < len(shares):
        raise calc.refuse(
            "设备寿命短于合同期",
            "the life is shorter than the contract",
            todo="核对年限",
            todo_en="check the years",
        )
    company, user = [-calc["investment"]], [0.0]
    for year in range(1, life + 1):
        saving = calc["saved"] * calc["price"] * (1 + calc["escalation"]) ** (year - 1)
        in_contract = year <= len(shares)
        share = shares[year - 1] if in_contract else 0.0
        upkeep = calc["upkeep"] if in_contract else 0.0
        flow = saving * share - upkeep
        company.append(flow)
        user.append(saving * (1 - share))
        how = f"节能效益 {saving:,.2f} × {share:.0%}"
        how += f" − 运维 {upkeep:g}" if upkeep else ""
        calc.step(f"第{year}年 节能服务公司", flow, unit="元", how=how)
    company_npv = present_value(company, rate)
    calc.step("净现值", company_npv, "元", f"折现率 {rate:.1%}")
    irr = rate_of_return(company)
    if irr is not None:
        calc.step("内部收益率", irr)
    return {
        "company_npv": company_npv,
        "company_irr": irr,
        "user_npv": present_value(user, rate),
        "payback": payback(company),
        "company_total": sum(company),
        "user_total": sum(user),
        "company_flows": [round(flow, DECIMALS_LISTED) for flow in company],
        "user_flows": [round(flow, DECIMALS_LISTED) for flow in user],
    }


RULES = (
    Rule(
        id="finance.emc",
        title_zh="合同能源管理（节能效益分享型）",
        title_en="Energy-management contract, shared savings",
        law="GB/T 24915 合同能源管理技术通则（凭记忆）；参数由合同约定",
        inputs=(
            Input("investment", "投资", unit="元"),
            Input("saved", "年节能量"),
            Input("price", "能源单价", unit="元"),
            Input("shares", "节能服务公司逐年分享比例", kind="numbers"),
            Input("life", "设备寿命", unit="年", kind="whole"),
            Input("discount", "折现率", optional=True, most=1.0, note="不填按数据包参数"),
            Input("upkeep", "合同期年运维费", unit="元", default=0.0),
            Input(
                name="escalation",
                zh="能源价格年涨幅",
                default=0.0,
                least=-ESCALATION_MOST,
                most=ESCALATION_MOST,
            ),
        ),
        outputs=(
            Output("company_npv", "节能服务公司净现值", unit="元"),
            Output("company_irr", "节能服务公司内部收益率"),
            Output("user_npv", "用能单位净现值", unit="元"),
            Output("payback", "静态投资回收期（-1为收不回）", unit="年"),
            Output("company_total", "公司累计", unit="元"),
            Output("user_total", "用户累计", unit="元"),
            Output("company_flows", "公司逐年现金流"),
            Output("user_flows", "用户逐年现金流"),
        ),
        compute=shared_savings,
        needs=("finance.emc.discount",),
        confidence="recalled",
    ),
)
