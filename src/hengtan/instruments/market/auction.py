"""A double auction of allowances at one price, and a small simulation of trading by firms; a model,
not a rule of any exchange.

Assumptions: all orders of a round meet at once; one price for all; the most that can be traded at
one price is traded; the price is the middle of those that clear; of equal prices the order is drawn
by the seed. In the simulation a firm that lacks allowances bids at most its own cost of abatement,
a firm with a surplus offers at no less than it, each with a share of its position a round; no one
borrows or speculates.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from hengtan.instruments.bounds import SEEDS
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import middle
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule


@dataclass(frozen=True)
class Order:
    """A bid or an offer: who, at which price at worst, how much. [yuan/t, t]"""

    name: str
    price: float
    amount: int


@dataclass(frozen=True)
class Trade:
    """From whom to whom, how much, at which price. [t, yuan/t]"""

    seller: str
    buyer: str
    amount: int
    price: float


@dataclass(frozen=True)
class Cleared:
    """Outcome of a round: price (None without trade), its span of prices, trades."""

    price: float | None
    low: float | None
    high: float | None
    trades: tuple[Trade, ...]

    @property
    def volume(self) -> int:
        """Tonnes traded. [t]"""
        return sum(trade.amount for trade in self.trades)


def clear(bids: Sequence[Order], offers: Sequence[Order], seed: int = 0) -> Cleared:
    """Match bids and offers at one price, as much as can be.

    Raises ValueError for an order that is not positive in amount or negative in price.
    """
    if any(not _sound(order) for order in (*bids, *offers)):
        raise ValueError("orders have positive amounts and finite prices not below nought")
    draw = random.Random(seed)
    buyers = sorted(draw.sample(list(bids), len(bids)), key=lambda order: -order.price)
    sellers = sorted(draw.sample(list(offers), len(offers)), key=lambda order: order.price)
    want, have = [order.amount for order in buyers], [order.amount for order in sellers]
    matches: list[tuple[Order, Order, int]] = []
    buyer = seller = 0
    while (
        buyer < len(buyers)
        and seller < len(sellers)
        and buyers[buyer].price >= sellers[seller].price
    ):
        amount = min(want[buyer], have[seller])
        matches.append((sellers[seller], buyers[buyer], amount))
        want[buyer] -= amount
        have[seller] -= amount
        buyer, seller = buyer + (not want[buyer]), seller + (not have[seller])
    if not matches:
        return Cleared(None, None, None, ())
    last_offer, last_bid, _ = matches[-1]
    waiting_bids, waiting_offers = buyers[buyer : buyer + 1], sellers[seller : seller + 1]
    high = min(order.price for order in (last_bid, *waiting_offers))
    low = max(order.price for order in (last_offer, *waiting_bids))
    price = middle(low, high)
    trades = (Trade(offer.name, bid.name, amount, price) for offer, bid, amount in matches)
    return Cleared(price, low, high, tuple(trades))


def _sound(order: Order) -> bool:
    return order.amount > 0 and 0 <= order.price < float("inf")


@dataclass(frozen=True)
class Firm:
    """A firm of the simulation: allowances lacking (positive) or to spare (negative), and its cost
    of abatement. [t, yuan/t]
    """

    name: str
    gap: int
    cost: float


def simulate(
    firms: Sequence[Firm], rounds: int, seed: int, *, spread: float, share: float
) -> tuple[list[Cleared], dict[str, int]]:
    """Rounds of trading; gives what each round cleared and the gaps that are left. [yuan/t, t]

    ``spread``: how far below (above) its cost a firm bids (offers) at most, as a share of it.
    ``share``: of its position that a firm brings to a round. The same seed gives the same path.
    Raises ValueError.
    """
    names = {firm.name for firm in firms}
    in_bounds = 0 <= spread < 1 and 0 < share <= 1 and rounds >= 0
    if not in_bounds or len(names) != len(firms):
        raise ValueError(
            "spread in [0, 1), share in (0, 1], rounds not negative, names that differ"
        )
    draw, gaps, cleared_rounds = random.Random(seed), {firm.name: firm.gap for firm in firms}, []
    for _ in range(rounds):
        bids, offers = [], []
        for firm in firms:
            gap = gaps[firm.name]
            amount = min(abs(gap), max(1, int(abs(gap) * share)))
            if gap > 0:
                bids.append(Order(firm.name, firm.cost * (1 - draw.random() * spread), amount))
            elif gap < 0:
                offers.append(Order(firm.name, firm.cost * (1 + draw.random() * spread), amount))
        cleared = clear(bids, offers, draw.randrange(SEEDS))
        for trade in cleared.trades:
            gaps[trade.buyer] -= trade.amount
            gaps[trade.seller] += trade.amount
        cleared_rounds.append(cleared)
    return cleared_rounds, gaps


def auction(calc: Calc) -> dict[str, float]:
    """One round from the orders of a case. [yuan/t, t]"""
    bids, offers = (
        [Order(row["name"], row["price"], row["amount"]) for row in calc[side]]
        for side in ("bids", "offers")
    )
    cleared = clear(bids, offers, calc["seed"])
    calc.warn("撮合模型的结果，不是交易机构的规则；同价次序按随机种子")
    if cleared.price is None:
        calc.step("成交", 0, "吨", "最高买价低于最低卖价，没有成交")
        return {"volume": 0.0}
    for trade in cleared.trades:
        words = f"{trade.seller} 卖给 {trade.buyer}"
        calc.step(words, trade.amount, "吨", f"{trade.price:g}元/吨")
    return {
        "price": calc.step(
            "出清价格",
            cleared.price,
            unit="元/吨",
            how=f"可出清区间{cleared.low:g}—{cleared.high:g}的中点",
        ),
        "volume": calc.step("成交量", cleared.volume, "吨"),
        "turnover": cleared.price * cleared.volume,
    }


ORDER = (
    Input("name", "单位", kind="text"),
    Input("price", "价格", unit="元/吨"),
    Input("amount", "数量", unit="吨", kind="whole", least=1.0),
)
RULES = (
    Rule(
        id="ets.auction",
        title_zh="碳配额集中撮合模拟",
        title_en="Simulated double auction of allowances",
        law="统一价格双边撮合（模型）",
        inputs=(
            Input("bids", "买单", kind="rows", fields=ORDER),
            Input("offers", "卖单", kind="rows", fields=ORDER),
            Input("seed", "随机种子", kind="whole", default=0),
        ),
        outputs=(
            Output("price", "出清价格", unit="元/吨"),
            Output("volume", "成交量", unit="吨"),
            Output("turnover", "成交额", unit="元"),
        ),
        compute=auction,
        confidence="proposal",
    ),
)
