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
    return {
        "value": value,
        "limit": limit,
        "value_at_risk": risk,
        "covered": calc.step("覆盖", words),
    }


RULES = (
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
        ),
        outputs=(
            Output("value", "估值", unit="元"),
            Output("limit", "可贷额度", unit="元"),
            Output("value_at_risk", "在险价值", unit="元"),
            Output("covered", "覆盖"),
        ),
        compute=collateral,
        needs=("finance.collateral.days", "finance.collateral.level"),
        confidence="recalled",
    ),
)
