"""A ledger of allowances: issued, bought and sold, carried over, surrendered and cancelled, by
account and vintage, in double entry; and a rule that runs one from rows.

Vintages: none is used for a year before its own; in the national market vintages up to 2024 are
used from 2025 on only after being carried (国环规气候〔2024〕1号).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.instruments.books import MONEY, Books, Posting, move
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

SOURCE, SURRENDERED, CANCELLED = "发放来源", "已清缴", "已注销"
OWN = frozenset((SOURCE, SURRENDERED, CANCELLED))


def last_banked_vintage(calc: Calc) -> int | None:
    """The last vintage that had to be carried over in the national market; None in a pilot."""
    if calc["market"] != "national":
        return None
    return int(calc.param("ets.banking.last_vintage"))


def usable(vintage: int, year: int, last_banked: int | None) -> bool:
    """Whether allowances of a vintage may be surrendered for a year (国环规气候〔2024〕1号).
    [yes/no]
    """
    if last_banked is not None and vintage <= last_banked < year:
        return False
    return vintage <= year


@dataclass
class AllowanceLedger:
    """Allowances in whole tonnes by account and vintage; payments in hundredths of a yuan.

    ``last_banked``: the last vintage that is used for later years only after being carried over,
    None where vintages need no carrying.
    """

    last_banked: int | None
    books: Books = field(default_factory=lambda: Books(frozenset((SOURCE,))))
    paid: dict[tuple[str, int], int] = field(default_factory=dict)

    def issue(self, day: date, account: str, vintage: int, tonnes: int) -> Posting:
        """Hand out allowances. [tCO2] Raises HengtanError."""
        return self.books.post(day, "发放", move(SOURCE, _holder(account), vintage, tonnes))

    def trade(
        self, day: date, seller: str, buyer: str, vintage: int, tonnes: int, price: float
    ) -> Posting:
        """Allowances one way, money the other; price in yuan a tonne, paid to the hundredth. [tCO2]

        Raises HengtanError.
        """
        entries = [*move(_holder(seller), _holder(buyer), vintage, tonnes)]
        fen = round(price * tonnes * 100)
        if fen < 0:
            raise HengtanError(
                f"价格不能为负（{price}）",
                f"a price is not negative ({price})",
                todo="改正价格",
                todo_en="correct the price",
            )
        return self.books.post(
            day,
            "交易",
            [*entries, *(move(buyer, seller, MONEY, fen) if fen else ())],
            f"{price:g}元/吨",
        )

    def carry(self, day: date, account: str, old: int, new: int, tonnes: int) -> Posting:
        """Turn allowances of one vintage into those of a later one (结转). [tCO2]

        Raises HengtanError.
        """
        if new <= old:
            raise HengtanError(
                f"不能由{old}年度结转为{new}年度",
                f"cannot carry {old} to {new}",
                todo="结转为以后年度",
                todo_en="carry to a later year",
            )
        return self.books.post(
            day,
            "结转",
            [*move(_holder(account), SOURCE, old, tonnes), *move(SOURCE, account, new, tonnes)],
        )

    def surrender(self, day: date, account: str, year: int, vintage: int, tonnes: int) -> Posting:
        """Give up allowances for a year. [tCO2]

        Raises HengtanError, also for a vintage that may not be used.
        """
        if not usable(vintage, year, self.last_banked):
            raise HengtanError(
                f"{vintage}年度配额不能用于{year}年度清缴",
                f"vintage {vintage} cannot be used for {year}",
                todo="换用其他年度，或先结转",
                todo_en="use another vintage, or carry it first",
            )
        posting = self.books.post(
            day, "清缴", move(_holder(account), SURRENDERED, vintage, tonnes), f"{year}年度"
        )
        self.paid[account, year] = self.paid.get((account, year), 0) + tonnes
        return posting

    def cancel(self, day: date, account: str, vintage: int, tonnes: int, why: str = "") -> Posting:
        """Take allowances out for good, e.g. the unused reserve. [tCO2] Raises HengtanError."""
        return self.books.post(day, "注销", move(_holder(account), CANCELLED, vintage, tonnes), why)

    def lacking(self, account: str, year: int, obligation: int) -> int:
        """What an account has still to surrender for a year. [tCO2]"""
        return max(0, obligation - self.paid.get((account, year), 0))

    def holdings(self) -> Mapping[tuple[str, int], int]:
        """Tonnes by holder and vintage. [tCO2]"""
        return {
            (a, lot): v
            for (a, lot), v in self.books.holdings().items()
            if a not in OWN and isinstance(lot, int)
        }

    def cash(self) -> Mapping[str, float]:
        """What each account received less what it paid. [yuan]"""
        return {a: v / 100 for (a, lot), v in self.books.holdings().items() if lot == MONEY}

    def totals(self) -> Mapping[str, int]:
        """issued (net of what was carried out), held, surrendered, cancelled: issued is the sum of
        the other three. [tCO2]
        """
        sums = {SOURCE: 0, SURRENDERED: 0, CANCELLED: 0}
        for (account, lot), amount in self.books.holdings().items():
            if lot != MONEY and account in OWN:
                sums[account] += amount
        return {
            "issued": -sums[SOURCE],
            "held": sum(self.holdings().values()),
            "surrendered": sums[SURRENDERED],
            "cancelled": sums[CANCELLED],
        }


def _holder(account: str) -> str:
    if not account or account in OWN:
        raise HengtanError(
            f"“{account}”不是持有账户",
            f"'{account}' is no holder",
            todo="填企业或机构名称",
            todo_en="give the name of a holder",
        )
    return account


KINDS = {"issue": "发放", "trade": "交易", "carry": "结转", "surrender": "清缴", "cancel": "注销"}


def entry(ledger: AllowanceLedger, row: Mapping[str, Any]) -> Posting:
    """Enter one row: kind, day, account and what else the kind needs. [tCO2]

    Raises HengtanError.
    """
    needed = {"trade": ("buyer", "price"), "carry": ("to_vintage",), "surrender": ("year",)}.get(
        row["kind"], ()
    )
    if any(row[name] in (None, "") for name in needed):
        raise HengtanError(
            f"{KINDS[row['kind']]}缺{'、'.join(needed)}",
            f"{row['kind']} needs {', '.join(needed)}",
            todo="补上",
            todo_en="give them",
        )
    day = row["day"]
    account, vintage, tonnes = row["account"], row["vintage"], row["tonnes"]
    if row["kind"] == "issue":
        return ledger.issue(day, account, vintage, tonnes)
    if row["kind"] == "trade":
        return ledger.trade(day, account, row["buyer"], vintage, tonnes, row["price"])
    if row["kind"] == "carry":
        return ledger.carry(day, account, vintage, row["to_vintage"], tonnes)
    if row["kind"] == "surrender":
        return ledger.surrender(day, account, row["year"], vintage, tonnes)
    return ledger.cancel(day, account, vintage, tonnes)


def run_ledger(calc: Calc) -> dict[str, float]:
    """Run a ledger from rows; what each holder has of each vintage is told in the steps. [tCO2]

    With ``own`` it is the books of that account: what others hold is not known, so that they alone
    may stand below nought, and ``held`` is its own.
    """
    own = calc["own"]
    others = {row[side] for row in calc["rows"] for side in ("account", "buyer")} - {own, ""}
    ledger = AllowanceLedger(last_banked_vintage(calc))
    if own:
        ledger.books = Books(frozenset((SOURCE, *others)))
    for row in calc["rows"]:
        entry(ledger, row)
    for (account, vintage), tonnes in sorted(ledger.holdings().items()):
        calc.step(f"{account} {vintage}年度", tonnes, "吨", "持有")
    for account, yuan in sorted(ledger.cash().items()):
        calc.step(f"{account} 收付净额", yuan, "元", "卖出收入 − 买入支出")
    totals = ledger.totals()
    if own:
        return _own_books(calc, ledger, totals)
    calc.step(
        "核对",
        totals["issued"] - totals["held"] - totals["surrendered"] - totals["cancelled"],
        unit="吨",
        how="发放 − 持有 − 清缴 − 注销，应为零",
    )
    return dict(totals)


def _own_books(calc: Calc, ledger: AllowanceLedger, totals: Mapping[str, int]) -> dict[str, float]:
    """What one account holds, bought net of sales and paid for it. [tCO2, yuan]"""
    own = calc["own"]
    balance = sum(tonnes for (holder, _), tonnes in ledger.holdings().items() if holder == own)
    bought = balance - totals["held"]
    calc.step(
        "核对",
        totals["issued"] + bought - balance - totals["surrendered"] - totals["cancelled"],
        unit="吨",
        how="发放 + 净买入 − 持有 − 清缴 − 注销，应为零",
    )
    return {**totals, "held": balance, "net_bought": bought, "paid": -ledger.cash().get(own, 0.0)}


ROW = (
    Input("kind", "事项", kind="choice", choices=KINDS),
    Input("day", "日期", kind="date"),
    Input("account", "账户", kind="text", aliases=("卖方",)),
    Input("vintage", "年度", kind="whole"),
    Input("tonnes", "数量", unit="吨", kind="whole", least=1.0),
    Input("buyer", "买方", kind="text", default=""),
    Input("price", "价格", unit="元/吨", optional=True),
    Input("to_vintage", "结转为年度", kind="whole", optional=True),
    Input("year", "清缴年度", kind="whole", optional=True),
)
RULES = (
    Rule(
        id="ets.ledger",
        title_zh="碳配额台账",
        title_en="Ledger of allowances",
        law="碳排放权登记管理规则（复式记账为本系统所用）",
        inputs=(
            Input("rows", "各笔", kind="rows", fields=ROW),
            Input(
                name="market",
                zh="市场",
                kind="choice",
                choices={"national": "全国碳市场", "pilot": "重庆碳市场"},
                default="national",
            ),
            Input("own", "本户", kind="text", default="", note="只记一户的台账时填账户名"),
        ),
        outputs=(
            Output("issued", "发放净额", unit="吨"),
            Output("held", "持有", unit="吨"),
            Output("surrendered", "已清缴", unit="吨"),
            Output("cancelled", "已注销", unit="吨"),
            Output("net_bought", "净买入", unit="吨"),
            Output("paid", "净支付", unit="元"),
        ),
        compute=run_ledger,
        needs=("ets.banking.last_vintage",),
    ),
)
