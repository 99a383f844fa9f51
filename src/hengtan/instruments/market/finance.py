"""Value and risk of carbon assets: what a pledge of allowances carries, and value at risk of a
holding by its prices.

No law sets the shares: haircut, loan share, confidence and horizon are the lender's own and are
given with the case. A price that is not given is the mean of the market's year, where one is
established.
"""

from __future__ import annotations

import math
from statistics import fmean, pstdev

from hengtan.instruments.bounds import FEW_PRICES, LEVEL_LEAST
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.market import formulas as f
from hengtan.instruments.market.surrender import MARKETS
from hengtan.instruments.risk import log_normal_loss
from hengtan.instruments.rule import Output, Rule

LAW = "碳资产质押融资（比率由贷款人定）"
METHODS = {"historical": "历史模拟", "normal": "正态"}
NEAR = 1e-9
"""Noise of floats above a whole number of returns."""


def pledge(calc: Calc) -> dict[str, float]:
    """Market value of holdings and the most that a pledge of them carries. [yuan]"""
    holdings, price = calc["holdings"], calc.own_or_param("price", "ets.price.avg", calc["market"])
    haircut = _haircut(calc)
    dated = ""
    if calc["price"] is None:
        used = calc.parameters.used[-1]
        dated = f"，{used.span}均价（{used.source}）"
        calc.warn(f"价格没有给，用{used.span}的均价{price:g}元/吨（{used.source}），不是当日价")
    value = holdings * price
    calc.step("市值", value, unit="元", how=f"{holdings:g} 吨 × {price:g} 元/吨{dated}")
    loan = f.pledge_loan(holdings, price, haircut, calc["loan_share"])
    how = f"市值 × {1 - haircut:g} × 质押率 {calc['loan_share']:g}"
    calc.step("质押贷款上限", loan, unit="元", how=how, clause=LAW)
    outputs = {"value": value, "loan": loan}
    if calc["lent"] is not None:
        outputs["margin"] = calc.step("上限减已贷", loan - calc["lent"], "元", "负数须补质押或还款")
    return outputs


def _haircut(calc: Calc) -> float:
    """What is taken off the price, given as such (20 %) or as a discount (八折, 0.8 of the price).
    [1]

    Raises HengtanError for both or neither, and for a discount so low that it may be what is taken
    off.
    """
    haircut, discount = calc["haircut"], calc["discount"]
    if (haircut is None) == (discount is None):
        raise calc.refuse(
            "折扣（八折写 0.8）与折减率（减去两成写 0.2）恰给一项",
            "give either discount (0.8 of the price) or haircut (0.2 off)",
            todo="留下一项",
            todo_en="keep one",
        )
    if haircut is not None:
        return float(calc.step("折减率", haircut, how=f"按价格的 {1 - haircut:.0%} 计"))
    if discount < LEVEL_LEAST:
        raise calc.refuse(
            f"折扣{discount:g}是按价格的{discount:.0%}计，还是减去{discount:.0%}，不明",
            f"discount {discount:g}: {discount:.0%} of the price, or {discount:.0%} off?",
            todo="减去的写成“折减率”；确是按价格的这么多计，写成折减率 1 − 折扣",
            todo_en="write haircut for what is taken off",
        )
    calc.step("折扣", discount, how=f"按价格的 {discount:.0%} 计")
    return 1.0 - float(discount)


def tail_loss(prices: list[float], confidence: float, days: int, method: str) -> float:
    """Loss per unit of value that is exceeded with probability 1 − confidence over ``days``. [1]

    historical: the smallest loss among overlapping returns of ``days`` with at least ``confidence``
    of them no larger. normal: log-normal prices with mean and spread of the daily returns. Not
    below nought. Raises ValueError for too few or not positive prices.
    """
    if min(prices, default=0.0) <= 0:
        raise ValueError("prices are not positive")
    step = days if method == "historical" else 1
    returns = [math.log(later / price) for price, later in zip(prices, prices[step:], strict=False)]
    if len(returns) <= 1:
        raise ValueError("too few prices")
    if method == "historical":
        losses = sorted(-math.expm1(change) for change in returns)
        place = math.ceil(confidence * len(losses) - NEAR)
        return max(0.0, losses[max(0, place - 1)])
    return log_normal_loss(pstdev(returns), confidence, days, fmean(returns))


def at_risk(calc: Calc) -> dict[str, float]:
    """Value at risk of a holding by its daily closing prices. [yuan]"""
    prices, days, method = calc["prices"], calc["days"], calc.options["method"]
    confidence = calc.own_or_param("confidence", "carbon_finance.confidence")
    if not LEVEL_LEAST <= confidence < 1 or days < 1:
        raise calc.refuse(
            f"置信度在{LEVEL_LEAST:g}与1之间、期限至少1天",
            f"confidence lies between {LEVEL_LEAST:g} and 1, the horizon is one day at least",
            todo="改正",
            todo_en="correct it",
        )
    try:
        share = tail_loss(prices, confidence, days, method)
    except ValueError:
        raise calc.refuse(
            "价格序列太短或有非正数",
            "too few prices, or prices that are not positive",
            todo="至少给期限加2个价格",
            todo_en="give more prices",
        ) from None
    if len(prices) < FEW_PRICES:
        calc.warn(f"只有{len(prices)}个价格，在险价值很粗")
    value = calc.step("市值", calc["holdings"] * prices[-1], "元", "持仓 × 最近价格")
    calc.step("损失率", share, how=f"{METHODS[method]}，置信度{confidence:g}，{days}天")
    risk = calc.step("在险价值", value * share, "元", "市值 × 损失率")
    return {"value": value, "share": share, "var": risk}


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
            Input(
                name="discount",
                zh="价格折扣",
                optional=True,
                most=1.0,
                aliases=("折扣", "打折"),
                also={"折": 0.1},
                note="八折写 0.8：按价格的八成计",
            ),
            Input(
                name="haircut",
                zh="折减率",
                optional=True,
                most=1.0,
                aliases=("扣减率", "折扣幅度", "减价率"),
                note="减去两成写 0.2",
            ),
            Input("loan_share", "质押率", most=1.0),
            Input("lent", "已贷金额", unit="元", optional=True),
        ),
        outputs=(
            Output("value", "市值", unit="元"),
            Output("loan", "质押贷款上限", unit="元"),
            Output("margin", "上限减已贷", unit="元"),
        ),
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
            Input("confidence", "置信度", optional=True, most=1.0, note="不填按数据包参数"),
            Input("days", "期限", unit="天", kind="whole", default=1),
        ),
        outputs=(
            Output("value", "市值", unit="元"),
            Output("share", "损失率"),
            Output("var", "在险价值", unit="元"),
        ),
        compute=at_risk,
        needs=("carbon_finance.confidence",),
        options={"method": tuple(METHODS)},
    ),
)
