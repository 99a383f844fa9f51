"""Projects beside banks' products, and loans beside the tools of the central bank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.finance.amounts import relending
from hengtan.instruments.finance.loans import words_of
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

TOOLS = {"facility": "碳减排支持工具", "relending": "绿易贷", "rediscount": "绿票通"}
INSTRUMENTS = {"loan": "贷款", "bill": "票据"}
NEEDED = {"facility": "loan", "relending": "loan", "rediscount": "bill"}
"""Which instrument a tool is for."""
OWN_TERMS = ("relending", "rediscount")
"""Tools of Chongqing, whose terms are not read."""


def product_match(calc: Calc) -> dict[str, Any]:
    """Products that a project fits, the cheapest first: its item or a class above it is supported,
    the amount and the years lie in the product's span, and it is still offered on the day.

    The rule of choice is this system's own; the bank decides.
    """
    fits = []
    for row in calc["products"]:
        why = _why_not(calc, row)
        calc.step(f"{row['bank']} {row['product']}", "适合" if not why else "不适合", how=why)
        if not why:
            fits.append(row)
    fits.sort(key=lambda row: (row["rate"] is None, row["rate"] or 0.0, row["product"]))
    calc.warn("按产品条件初选，是否授信由银行审批")
    outputs: dict[str, Any] = {
        "matched": ";".join(f"{row['bank']} {row['product']}" for row in fits),
        "count": float(len(fits)),
    }
    if fits and fits[0]["rate"] is not None:
        outputs["rate"] = fits[0]["rate"]
    if calc["cut"] is not None and calc["sought"]:
        outputs["cut_per_10k"] = calc.step(
            "每万元融资减排",
            calc["cut"] / calc["sought"] * 1e4,
            "吨二氧化碳",
            "年减排量 ÷ 融资需求",
        )
    return outputs


def _why_not(calc: Calc, row: Mapping[str, Any]) -> str:
    """Why a product does not fit; empty where it does."""
    codes = words_of(row["codes"] or "")
    item, sought, years = calc["item"], calc["sought"], calc["years"]
    if codes and not any(item == code or item.startswith(f"{code}.") for code in codes):
        return f"不支持{item}"
    if sought is not None and row["least"] is not None and sought < row["least"]:
        return f"低于最低金额 {row['least']:g}"
    if sought is not None and row["most"] is not None and sought > row["most"]:
        return f"高于最高金额 {row['most']:g}"
    if years is not None and row["years"] is not None and years > row["years"]:
        return f"超过最长年限 {row['years']:g}"
    if row["until"] is not None and calc.day > row["until"]:
        return f"{row['until']}已截止"
    return ""


def policy_loan(calc: Calc) -> dict[str, Any]:
    """Whether a loan or bill may be put to a tool of the central bank, and what the tool lends.

    Raises ParameterNotEstablished for the terms of 绿易贷 and 绿票通, which were not read.
    """
    tool, key = calc["tool"], TOOLS[calc["tool"]]
    needed = NEEDED[tool]
    reasons = []
    if calc["instrument"] != needed:
        reasons.append(f"{key}用于{INSTRUMENTS[needed]}")
    if not calc["item"]:
        reasons.append("没有目录编号")
    share, rate = _terms(calc, tool)
    if tool in OWN_TERMS:
        most = calc.param("finance.policy_loan.rate_most", tool) / 100
        calc.step("利率上限", most, how=key)
        if calc["loan_rate"] > most:
            reasons.append(f"利率高于{most:.2%}")
    outputs: dict[str, Any] = {
        "eligible": calc.step("资格", "否" if reasons else "是", how="；".join(reasons) or key),
        "reasons": "；".join(reasons) or "符合",
    }
    if reasons:
        return outputs
    amounts = relending(
        calc["principal"], calc["loan_rate"], calc["funding_rate"] or 0.0, share, rate
    )
    calc.step("工具资金", amounts["amount"], "元", f"本金 × {share:.0%}")
    calc.step("工具资金年利息", amounts["cost"], "元", f"× {rate:.2%}")
    outputs |= {"amount": amounts["amount"], "cost": amounts["cost"]}
    if calc["funding_rate"] is not None:
        outputs["spread"] = calc.step("银行综合利差", amounts["spread"])
    return outputs


def _terms(calc: Calc, tool: str) -> tuple[float, float]:
    """Share of the principal and yearly rate of a tool. [1, 1/a]"""
    if tool not in OWN_TERMS:
        return calc.param("finance.relending.ratio"), calc.param("finance.relending.rate")
    share, rate = (calc.param(f"finance.policy_loan.{name}", tool) for name in ("share", "rate"))
    return share / 100, rate / 100


PRODUCT = (
    Input("product", "产品", kind="text"),
    Input("bank", "银行", kind="text"),
    Input("codes", "支持的目录编号", kind="text", default=""),
    Input("least", "最低金额", unit="元", optional=True),
    Input("most", "最高金额", unit="元", optional=True),
    Input("years", "最长年限", unit="年", optional=True),
    Input("rate", "年利率（%）", optional=True),
    Input("until", "受理截止", kind="date", optional=True),
)
RULES = (
    Rule(
        id="finance.product_match",
        title_zh="绿色项目与银行产品匹配",
        title_en="Projects matched with banks' products",
        law="产品条件由银行公布；匹配办法为本系统自拟",
        inputs=(
            Input("item", "目录编号", kind="text"),
            Input("sought", "融资需求", unit="元", optional=True),
            Input("years", "需要年限", unit="年", optional=True),
            Input("cut", "年减排量", unit="吨二氧化碳", optional=True, least=None),
            Input("products", "产品", kind="rows", fields=PRODUCT),
        ),
        outputs=(
            Output("matched", "适合的产品"),
            Output("count", "适合的产品数", unit="个"),
            Output("rate", "最低年利率（%）"),
            Output("cut_per_10k", "每万元融资减排", unit="吨二氧化碳"),
        ),
        compute=product_match,
        confidence="proposal",
    ),
    Rule(
        id="finance.policy_loan",
        title_zh="碳减排支持工具、绿易贷、绿票通资格与支持额",
        title_en="Support of a loan by a policy tool",
        law="中国人民银行2021-11-08公告；绿易贷、绿票通管理办法（没有读到）",
        inputs=(
            Input("tool", "工具", kind="choice", choices=TOOLS),
            Input("instrument", "业务品种", kind="choice", choices=INSTRUMENTS, default="loan"),
            Input("item", "目录编号", kind="text", default=""),
            Input("principal", "本金", unit="元"),
            Input("loan_rate", "年利率", most=1.0),
            Input("funding_rate", "自有资金成本率", most=1.0, optional=True),
        ),
        outputs=(
            Output("eligible", "符合条件"),
            Output("reasons", "理由"),
            Output("amount", "工具资金", unit="元"),
            Output("cost", "工具资金年利息", unit="元"),
            Output("spread", "银行综合利差"),
        ),
        compute=policy_loan,
        needs=(
            "finance.relending.ratio",
            "finance.relending.rate",
            "finance.policy_loan.share",
            "finance.policy_loan.rate",
            "finance.policy_loan.rate_most",
        ),
        note_zh="再贷款用于贷款、再贴现用于票据，以工具名称为据；绿易贷、绿票通的比例、利率、"
        "利率上限没有读到，按文件在贷款台账里填。",
    ),
)
