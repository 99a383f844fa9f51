"""Energy-management contracts: the cash flows of both sides under shared savings."""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
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
    if not shares or any(s > 1 for s in shares):
        raise calc.refuse(
            "分享比例应为 0—1，逐年列出",
            "shares lie between 0 and 1, one a year",
            todo="例如 [0.8, 0.8, 0.6]",
            todo_en="e.g. [0.8, 0.8, 0.6]",
        )
    life, rate = int(calc["life"]), calc["discount"]
    if life < len(shares):
        raise calc.refuse(
            "设备寿命短于合同期",
            "the life is shorter than the contract",
            todo="核对年限",
            todo_en="check the years",
        )
    company, user, so_far, payback = [-calc["investment"]], [0.0], -calc["investment"], None
    for year in range(1, life + 1):
        saving = calc["saved"] * calc["price"] * (1 + calc["escalation"]) ** (year - 1)
        share = shares[year - 1] if year <= len(shares) else 0.0
        flow = saving * share - (calc["upkeep"] if year <= len(shares) else 0.0)
        if payback is None and so_far < 0 <= so_far + flow:
            payback = year - 1 + (-so_far / flow)
        so_far += flow
        company.append(flow)
        user.append(saving * (1 - share))
        calc.step(
            f"第{year}年 节能服务公司",
            flow,
            unit="元",
            how=f"节能效益 {saving:,.2f} × {share:.0%}"
            + (f" − 运维 {calc['upkeep']:g}" if calc["upkeep"] and year <= len(shares) else ""),
        )
    present = [sum(f / (1 + rate) ** n for n, f in enumerate(flows)) for flows in (company, user)]
    calc.step("净现值", present[0], "元", f"折现率 {rate:.1%}")
    return {
        "company_npv": present[0],
        "user_npv": present[1],
        "payback": payback if payback is not None else -1.0,
        "company_total": sum(company),
        "user_total": sum(user),
        "company_flows": [round(f, 6) for f in company],
        "user_flows": [round(f, 6) for f in user],
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
            Input("discount", "折现率", default=0.08, most=1.0),
            Input("upkeep", "合同期年运维费", unit="元", default=0.0),
            Input("escalation", "能源价格年涨幅", default=0.0, least=-0.5, most=0.5),
        ),
        outputs=(
            Output("company_npv", "节能服务公司净现值", unit="元"),
            Output("user_npv", "用能单位净现值", unit="元"),
            Output("payback", "静态投资回收期（-1为收不回）", unit="年"),
            Output("company_total", "公司累计", unit="元"),
            Output("user_total", "用户累计", unit="元"),
            Output("company_flows", "公司逐年现金流"),
            Output("user_flows", "用户逐年现金流"),
        ),
        compute=shared_savings,
        confidence="recalled",
    ),
)
