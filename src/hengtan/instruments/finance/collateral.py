"""Rights as collateral: what a discharge, energy or water right is worth as a pledge (allowances
and credits: ``market/finance``), and how far its value may fall.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.bounds import LEVEL_LEAST, LEVEL_MOST
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.risk import log_normal_loss
from hengtan.instruments.rule import Output, Rule

NEAR = 1e-9
"""Noise of floats in amounts of rights."""


def pledged(calc: Calc) -> dict[str, Any]:
    """Whether what is pledged of a right, to whomever, is held: its share of what is held, and what
    is free. [unit of the right, 1]
    """
    holding, in_all = calc["held"], calc["pledged"]
    over = in_all - holding
    calc.step("本笔质押", calc["quantity"])
    free = calc.step(
        "未质押的持有量", max(0.0, -over), how=f"持有 {holding:g} − 各笔质押 {in_all:g}"
    )
    words = f"超过持有量{over:g}" if over > NEAR * max(1.0, holding) else "在持有量内"
    outputs: dict[str, Any] = {"verdict": calc.step("结论", words), "free": free}
    if holding > 0:
        outputs["share"] = calc.step("已质押比例", in_all / holding)
    return outputs


def collateral(calc: Calc) -> dict[str, Any]:
    """Loan limit = quantity × price × pledge rate, the price no higher than the mean of the prices
    given; value at risk = value × (1 − exp(−z σ √days)), log-normal prices. [yuan]

    The pledge rate is the bank's own, the volatility that of the market (daily). RiskMetrics (1996)
    for the form of the value at risk.
    """
    price, prices = calc["price"], calc["prices"]
    if prices:
        mean = sum(prices) / len(prices)
        price = min(price, mean)
        calc.step("估值单价", price, "元", f"现价与近期均价 {mean:,.4g} 取低")
    if calc["price_day"] is not None:
        calc.step("价格日期", calc["price_day"].isoformat())
    value = calc.step("估值", calc["quantity"] * price, "元", f"{calc['quantity']:g} × {price:g}")
    rate = calc["pledge_rate"]
    limit = calc.step("可贷额度", value * rate, "元", f"质押率 {rate:.0%}")
    days = calc.own_or_param("days", "finance.collateral.days")
    level = calc.own_or_param("level", "finance.collateral.level")
    risk = value * log_normal_loss(calc["volatility"], level, days)
    how = f"{level:.0%}，{days:g}天，日波动率 {calc['volatility']:.2%}"
    calc.step("在险价值", risk, unit="元", how=how)
    covered = value - risk >= limit
    words = "额度在风险后仍有覆盖" if covered else "价格下跌可能低于贷款额"
    dated = {} if calc["price_day"] is None else {"price_day": calc["price_day"].isoformat()}
    return {
        "price": price,
        **dated,
        "value": value,
        "limit": limit,
        "value_at_risk": risk,
        "covered": calc.step("覆盖", words),
        **_alarm(calc, value, limit),
    }


def _alarm(calc: Calc, value: float, limit: float) -> dict[str, Any]:
    """Whether a loan that is out is still carried: by the line of its contract, else by the limit;
    with what has to be made up in rights or paid back. [yuan]
    """
    lent, line = calc["lent"], calc["alarm_cover"]
    if lent is None:
        return {}
    margin = calc.step("可贷额度减已贷", limit - lent, "元", "负数须补足质押或还款")
    is_low = margin < 0 if line is None else value < line * lent
    how = "可贷额度低于已贷" if line is None else f"估值低于已贷的 {line:g} 倍"
    state = calc.step("预警", "预警" if is_low else "正常", how=how if is_low else "")
    return {"margin": margin, "make_up": max(0.0, -margin), "alarm": state}


RULES = (
    Rule(
        id="finance.rights_pledged",
        title_zh="权益质押量核对",
        title_en="Rights pledged within what is held",
        law="质押合同；权益账户的持有量",
        inputs=(
            Input("held", "当日持有量", least=None),
            Input("pledged", "各笔质押合计"),
            Input("quantity", "本笔质押量", default=0.0),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("free", "未质押的持有量"),
            Output("share", "已质押比例"),
        ),
        compute=pledged,
    ),
    Rule(
        id="finance.collateral",
        title_zh="资源环境权益质押估值",
        title_en="Rights as collateral",
        law="质押率由金融机构规定；环境权益相关融资工具（JR/T 0228-2021，凭记忆）",
        inputs=(
            Input(
                name="kind",
                zh="权益",
                kind="choice",
                choices={
                    "discharge": "排污权",
                    "energy": "用能权",
                    "water": "用水权",
                    "certificate": "绿证",
                },
                default="discharge",
            ),
            Input("quantity", "数量"),
            Input("price", "现价", unit="元"),
            Input("price_day", "价格日期", kind="date", optional=True),
            Input("prices", "近期成交价", unit="元", kind="numbers", optional=True),
            Input("pledge_rate", "质押率", most=1.0),
            Input("volatility", "日波动率", most=1.0),
            Input("days", "持有天数", unit="天", optional=True, note="不填按数据包参数"),
            Input(
                name="level",
                zh="置信水平",
                optional=True,
                least=LEVEL_LEAST,
                most=LEVEL_MOST,
                note="不填按数据包参数",
            ),
            Input("lent", "已贷金额", unit="元", optional=True),
            Input("alarm_cover", "预警线", optional=True, note="合同约定的估值与贷款之比"),
        ),
        outputs=(
            Output("price", "估值单价", unit="元"),
            Output("price_day", "价格日期"),
            Output("value", "估值", unit="元"),
            Output("limit", "可贷额度", unit="元"),
            Output("value_at_risk", "在险价值", unit="元"),
            Output("covered", "覆盖"),
            Output("margin", "可贷额度减已贷", unit="元"),
            Output("make_up", "须补足或还款", unit="元"),
            Output("alarm", "预警"),
        ),
        compute=collateral,
        needs=("finance.collateral.days", "finance.collateral.level"),
        confidence="recalled",
    ),
)
