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

from hengtan.instruments.calc import Calc
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
    """Outcome of a round: price (None without trade), the prices between which it may lie, trades.

    """

    price: float | None
    low: float | None
    high: float | None
    trades: tuple[Trade, ...]

    @property
    def volume(self) -> int:
        """Tonnes traded. [t]"""
        return sum(t.amount for t in self.trades)


def clear(bids: Sequence[Order], offers: Sequence[Order], seed: int = 0) -> Cleared:
    """Match bids and offers at one price, as much as can be.

    Raises ValueError for an order that is not positive in amount or negative in price.
    """
    if any(o.amount <= 0 or not 0 <= o.price < float("inf") for o in (*bids, *offers)):
        raise ValueError("orders have positive amounts and finite prices not below nought")
    draw = random.Random(seed)
    buyers = sorted(draw.sample(list(bids), len(bids)), key=lambda o: -o.price)
    sellers = sorted(draw.sample(list(offers), len(offers)), key=lambda o: o.price)
    pairs: list[tuple[str, str, int]] = []
    want, have = [o.amount for o in buyers], [o.amount for o in sellers]
    b = s = 0
    while b < len(buyers) and s < len(sellers) and buyers[b].price >= sellers[s].price:
        amount = min(want[b], have[s])
        pairs.append((sellers[s].name, buyers[b].name, amount))
        want[b] -= amount
        have[s] -= amount
        last = (buyers[b].price, sellers[s].price)
        b, s = b + (not want[b]), s + (not have[s])
    if not pairs:
        return Cleared(None, None, None, ())
    high = min([last[0], *(o.price for o in sellers[s : s + 1])])
    low = max([last[1], *(o.price for o in buyers[b : b + 1])])
    price = (low + high) / 2
    return Cleared(
        price,
        low,
        high,
        tuple(Trade(seller, buyer, amount, price) for seller, buyer, amount in pairs),
    )


@dataclass(frozen=True)
class Firm:
    """A firm of the simulation: allowances lacking (positive) or to spare (negative), and its cost
    of abatement. [t, yuan/t]
    """

    name: str
    gap: int
    cost: float


def simulate(
    firms: Sequence[Firm], rounds: int, seed: int = 0, spread: float = 0.2, share: float = 0.5
) -> tuple[list[Cleared], dict[str, int]]:
    """Rounds of trading; gives what each round cleared and the gaps that are left.

    The same seed gives the same path. [yuan/t, t] Raises ValueError.
    """
    if (
        not 0 <= spread < 1
        or not 0 < share <= 1
        or rounds < 0
        or len({f.name for f in firms}) != len(firms)
    ):
        raise ValueError(
            "spread in [0, 1), share in (0, 1], rounds not negative, names that differ"
        )
    draw, gaps, cleared_rounds = random.Random(seed), {f.name: f.gap for f in firms}, []
    for _ in range(rounds):
        bids, offers = [], []
        for firm in firms:
            gap = gaps[firm.name]
            amount = min(abs(gap), max(1, int(abs(gap) * share)))
            if gap > 0:
                bids.append(Order(firm.name, firm.cost * (1 - draw.random() * spread), amount))
            elif gap < 0:
                offers.append(Order(firm.name, firm.cost * (1 + draw.random() * spread), amount))
        cleared = clear(bids, offers, draw.randrange(2**31))
        for trade in cleared.trades:
            gaps[trade.buyer] -= trade.amount
            gaps[trade.seller] += trade.amount
        cleared_rounds.append(cleared)
    return cleared_rounds, gaps


def auction(calc: Calc) -> dict[str, float]:
    """One round from the orders of a case. [yuan/t, t]"""
    bids, offers = (
        [Order(r["name"], r["price"], r["amount"]) for r in calc[side]]
        for side in ("bids", "offers")
    )
    cleared = clear(bids, offers, calc["seed"])
    calc.warn("撮合模型的结果，不是交易机构的规则；同价次序按随机种子")
    if cleared.price is None:
        calc.step("成交", 0, "吨", "最高买价低于最低卖价，没有成交")
        return {"volume": 0.0}
    for t in cleared.trades:
        calc.step(f"{t.seller} 卖给 {t.buyer}", t.amount, "吨", f"{t.price:g}元/吨")
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
