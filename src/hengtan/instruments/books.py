"""Double entry for units that may exist once only: every posting balances by lot, no holder falls
below nought, and the books are the sum of their postings.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hengtan.basis.errors import HengtanError

MONEY = "分"
"""The lot of payments, in hundredths of a yuan: the one lot in which an account may stand below
nought.
"""


@dataclass(frozen=True)
class Entry:
    """Units in (positive) or out (negative) of an account, of one lot. [units of the lot]"""

    account: str
    lot: Hashable
    amount: int


@dataclass(frozen=True)
class Posting:
    """What happened on a day, and the entries it is made of; of each lot they add up to nought."""

    number: int
    day: date
    kind: str
    entries: tuple[Entry, ...]
    note: str = ""


@dataclass
class Books:
    """Accounts by lot.

    ``sources``: the accounts that units come out of, which alone stand below nought.
    """

    sources: frozenset[str]
    postings: list[Posting] = field(default_factory=list)
    _held: dict[tuple[str, Hashable], int] = field(default_factory=dict)

    def post(self, day: date, kind: str, entries: Iterable[Entry], note: str = "") -> Posting:
        """Enter a posting, wholly or not at all.

        Raises HengtanError where it does not balance, is not in whole units, goes back in time or
        takes more than is held.
        """
        posted = tuple(entries)
        if not posted or any(
            isinstance(e.amount, bool) or not isinstance(e.amount, int) or e.amount == 0
            for e in posted
        ):
            raise HengtanError(
                f"{kind}：数量应为不等于零的整数",
                f"{kind}: amounts are whole and not nought",
                todo="改正数量",
                todo_en="correct the amount",
            )
        if self.postings and day < self.postings[-1].day:
            raise HengtanError(
                f"{kind}：日期{day}早于上一笔{self.postings[-1].day}",
                f"{kind}: {day} is before the last posting",
                todo="按时间顺序登记",
                todo_en="enter in order of time",
            )
        for lot in {e.lot for e in posted}:
            if sum(e.amount for e in posted if e.lot == lot):
                raise HengtanError(
                    f"{kind}：批次{lot}不平",
                    f"{kind}: lot {lot} does not balance",
                    todo="借贷应相等",
                    todo_en="let it add up to nought",
                )
        after: dict[tuple[str, Hashable], int] = {}
        for e in posted:
            after[e.account, e.lot] = (
                after.get((e.account, e.lot), self.held(e.account, e.lot)) + e.amount
            )
        for e in posted:
            left = after[e.account, e.lot]
            if left < 0 and e.lot != MONEY and e.account not in self.sources:
                raise HengtanError(
                    f"{kind}：“{e.account}”的{e.lot}不足，差{-left}",
                    f"{kind}: '{e.account}' lacks {-left} of {e.lot}",
                    todo="核对持有数量",
                    todo_en="check what is held",
                )
        posting = Posting(len(self.postings) + 1, day, kind, posted, note)
        self._held.update(after)
        self.postings.append(posting)
        return posting

    def held(self, account: str, lot: Hashable) -> int:
        """What an account holds of a lot. [units of the lot]"""
        return self._held.get((account, lot), 0)

    def holdings(self) -> Mapping[tuple[str, Hashable], int]:
        """All that is not nought, by account and lot. [units of the lot]"""
        return {k: v for k, v in self._held.items() if v}

    def on(self, day: date) -> Mapping[tuple[str, Hashable], int]:
        """Holdings at the end of a day, from the postings alone. [units of the lot]"""
        holdings: dict[tuple[str, Hashable], int] = {}
        for posting in self.postings:
            if posting.day <= day:
                for e in posting.entries:
                    holdings[e.account, e.lot] = holdings.get((e.account, e.lot), 0) + e.amount
        return {k: v for k, v in holdings.items() if v}


def move(giver: str, taker: str, lot: Hashable, amount: int) -> Sequence[Entry]:
    """The two entries by which units go from one account to another.

    Raises HengtanError for an amount that is not a positive whole number or an account giving to
    itself.
    """
    if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
        raise HengtanError(
            f"数量应为正整数（{amount}）",
            f"the amount is a positive whole number ({amount})",
            todo="改正数量",
            todo_en="correct the amount",
        )
    if giver == taker:
        raise HengtanError(
            f"“{giver}”不能划给自己",
            f"'{giver}' cannot give to itself",
            todo="改正账户",
            todo_en="correct the account",
        )
    return (Entry(giver, lot, -amount), Entry(taker, lot, amount))
