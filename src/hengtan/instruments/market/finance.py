"""Value and risk of carbon assets: what a pledge of allowances carries, and value at risk of a
holding by its prices.

No law sets the shares: haircut, loan share, confidence and horizon are the lender's own and are
given with the case. A price that is not given is the mean of the market's year, where one is
established.
"""

from __future__ import annotations

import math
from statistics import NormalDist, fmean, pstdev

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.market import formulas as f
from hengtan.instruments.market.surrender import MARKETS
from hengtan.instruments.rule import Output, Rule

LAW = "碳资产质押融资（比率由贷款人定）"


def pledge(calc: Calc) -> dict[str, float]:
    """Market value of holdings and the most that a pledge of them carries. [yuan]"""
    price = (
        calc["price"] if calc["price"] is not None else calc.param("ets.price.avg", calc["market"])
    )
    value = calc.step(
        "市值",
        calc["holdings"] * price,
        unit="元",
        how=f"{calc['holdings']:g} 吨 × {price:g} 元/吨",
    )
    loan = calc.step(
        "质押贷款上限",
        f.pledge_loan(calc["holdings"], price, calc["haircut"], calc["loan_share"]),
        unit="元",
        how="市值 × (1 − 折扣) × 质押率",
        clause=LAW,
    )
    return {"value": value, "loan": loan}


def tail_loss(prices: list[float], confidence: float, days: int, method: str) -> float:
    """Loss per unit of value that is exceeded with probability 1 − confidence over ``days``, of
    logarithmic returns; not below nought. [1]

    historical: the smallest loss among overlapping returns of ``days`` with at least ``confidence``
    of them no larger. normal: −(days·mean + z·√days·spread) of daily returns. Raises ValueError for
    too few or not positive prices.
    """
    step = days if method == "historical" else 1
    if len(prices) < step + 2 or min(prices) <= 0:
        raise ValueError("prices")
    returns = [math.log(b / a) for a, b in zip(prices, prices[step:], strict=False)]
    if method == "historical":
        losses = sorted(-math.expm1(r) for r in returns)
        return max(0.0, losses[max(0, math.ceil(confidence * len(losses) - 1e-9) - 1)])
    worst = days * fmean(returns) + NormalDist().inv_cdf(1 - confidence) * math.sqrt(days) * pstdev(
        returns
    )
    return max(0.0, -math.expm1(worst))


def at_risk(calc: Calc) -> dict[str, float]:
    """Value at risk of a holding by its daily closing prices. [yuan]"""
    prices, method = calc["prices"], calc.options["method"]
    if not 0.5 <= calc["confidence"] < 1 or calc["days"] < 1:
        raise calc.refuse(
            "置信度在0.5与1之间、期限至少1天",
            "confidence lies between 0.5 and 1, the horizon is one day at least",
            todo="改正",
            todo_en="correct it",
        )
    try:
        share = tail_loss(prices, calc["confidence"], calc["days"], method)
    except ValueError:
        raise calc.refuse(
            "价格序列太短或有非正数",
            "too few prices, or prices that are not positive",
            todo="至少给期限加2个价格",
            todo_en="give more prices",
        ) from None
    if len(prices) < 60:
        calc.warn(f"只有{len(prices)}个价格，在险价值很粗")
    value = calc.step("市值", calc["holdings"] * prices[-1], "元", "持仓 × 最近价格")
    return {
        "value": value,
        "share": calc.step(
            "损失率", share, how=f"{method}，置信度{calc['confidence']:g}，{calc['days']}天"
        ),
        "var": calc.step("在险价值", value * share, "元", "市值 × 损失率"),
    }


HOLDINGS = Input("holdings", "持仓", unit="吨", aliases=("持有配额",))
RULES = (
    Rule(
        id="carbon_finance.pledge",
        title_zh="碳资产质押贷款",
        title_en="Pledge of carbon assets",
        law=LAW,
        inputs=(
            HOLDINGS,
            Input("market", "市场", kind="choice", choices=MARKETS, default="pilot"),
            Input("price", "价格", unit="元/吨", optional=True),
            Input("haircut", "价格折扣", most=1.0, aliases=("折扣",)),
            Input("loan_share", "质押率", most=1.0),
        ),
        outputs=(Output("value", "市值", unit="元"), Output("loan", "质押贷款上限", unit="元")),
        compute=pledge,
        needs=("ets.price.avg",),
    ),
    Rule(
        id="carbon_finance.var",
        title_zh="碳资产在险价值",
        title_en="Value at risk of carbon assets",
        law="市场风险计量通行方法（历史模拟、正态）",
        inputs=(
            HOLDINGS,
            Input("prices", "每日价格", unit="元/吨", kind="numbers"),
            Input("confidence", "置信度", default=0.95, most=1.0),
            Input("days", "期限", unit="天", kind="whole", default=1),
        ),
        outputs=(
            Output("value", "市值", unit="元"),
            Output("share", "损失率"),
            Output("var", "在险价值", unit="元"),
        ),
        compute=at_risk,
        options={"method": ("historical", "normal")},
    ),
)
