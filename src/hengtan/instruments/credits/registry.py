"""A registry of credits and green certificates: what a project made is recorded once, and each unit
of it gives one credit or one certificate, never both; transfers and cancellations in double
entry.

A megawatt hour that got a certificate cannot give credits, and the reverse (发改能源〔2023〕1044号:
the certificate is the sole proof of the environmental attribute). A cancelled unit is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.instruments.books import Books, Posting, move
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

SOURCE, CANCELLED = "签发来源", "已注销"
KINDS = {"绿证": "兆瓦时", "CCER": "", "CQCER": ""}
"""What may be issued, and the unit of output it is bound to."""


@dataclass(frozen=True)
class Lot:
    """A batch: what kind, of which project and period.

    ``tradable`` no: it may be cancelled by its owner only.
    """

    kind: str
    project: str
    period: str
    tradable: bool = True

    @classmethod
    def of(cls, kind: str, project: str, period: str, tradable: bool = True) -> Lot:
        """A lot by a period in any writing. Raises BadPeriod."""
        return cls(kind, project, Period.read(period).text, tradable)

    def __str__(self) -> str:
        return f"{self.kind}·{self.project}·{self.period}"


@dataclass
class Made:
    """What a project made in a period, and how much of it has been turned into units. [MWh or
    tCO2e]
    """

    amount: int
    unit: str
    owner: str
    used: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """What has no unit yet. [MWh or tCO2e]"""
        return self.amount - sum(self.used.values())


@dataclass
class Registry:
    """Projects' output and the units issued for it."""

    books: Books = field(default_factory=lambda: Books(frozenset((SOURCE,))))
    outputs: dict[tuple[str, str], Made] = field(default_factory=dict)

    def record(self, project: str, period: str, amount: int, unit: str, owner: str) -> None:
        """Record verified output, once for each stretch of time: whole MWh (兆瓦时) or tonnes (吨).

        Raises HengtanError for another unit, an overlap or an amount that is not positive and
        whole.
        """
        if unit not in ("兆瓦时", "吨"):
            raise HengtanError(
                f"单位“{unit}”不行",
                f"unit '{unit}' will not do",
                todo="用兆瓦时或吨",
                todo_en="MWh or tonnes",
            )
        if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
            raise HengtanError(
                f"数量应为正整数（{amount}）",
                f"the amount is a positive whole number ({amount})",
                todo="改正数量",
                todo_en="correct the amount",
            )
        if owner in ("", SOURCE, CANCELLED):
            raise HengtanError(
                f"“{owner}”不是持有账户",
                f"'{owner}' is no holder",
                todo="填业主名称",
                todo_en="give the owner",
            )
        span = Period.read(period)
        period = span.text
        for (other, recorded), _ in self.outputs.items():
            there = Period.read(recorded)
            if other == project and there.start <= span.end and span.start <= there.end:
                raise HengtanError(
                    f"“{project}”{period}与已登记的{recorded}重叠",
                    f"'{project}' {period} overlaps {recorded}",
                    todo="同一时段只登记一次",
                    todo_en="record each stretch of time once",
                )
        self.outputs[project, period] = Made(amount, unit, owner)

    def issue(
        self,
        day: date,
        kind: str,
        project: str,
        period: str,
        used: int,
        units: int | None = None,
        tradable: bool = True,
    ) -> Posting:
        """Issue units of a kind for part of an output.

        ``units``: credits for that part (a certificate is 1 MWh, a tonne one credit). Raises
        HengtanError for an output that has no more left: nothing is issued twice.
        """
        period = Period.read(period).text
        output = self.outputs.get((project, period))
        if kind not in KINDS:
            raise HengtanError(
                f"没有“{kind}”",
                f"no kind '{kind}'",
                todo=f"可用：{'、'.join(KINDS)}",
                todo_en=f"one of {', '.join(KINDS)}",
            )
        if output is None:
            raise HengtanError(
                f"“{project}”{period}没有登记的产出",
                f"'{project}' {period} has no recorded output",
                todo="先登记核证的电量或减排量",
                todo_en="record it first",
            )
        if KINDS[kind] and output.unit != KINDS[kind]:
            raise HengtanError(
                f"{kind}按{KINDS[kind]}核发",
                f"{kind} goes by {KINDS[kind]}",
                todo="改用减排量",
                todo_en="issue credits",
            )
        if isinstance(used, bool) or not isinstance(used, int) or used <= 0:
            raise HengtanError(
                f"数量应为正整数（{used}）",
                f"the amount is a positive whole number ({used})",
                todo="改正数量",
                todo_en="correct the amount",
            )
        if used > output.left:
            spent = "、".join(f"{k}{v}" for k, v in output.used.items())
            raise HengtanError(
                f"“{project}”{period}只剩{output.left}{output.unit}（已用：{spent or '无'}），"
                f"同一环境权益不能重复签发",
                f"only {output.left} of '{project}' {period} is left: no double issue",
                todo="减少签发量",
                todo_en="issue less",
            )
        count = used if kind == "绿证" or output.unit == "吨" else units
        if count is None or (units is not None and units != count):
            raise HengtanError(
                f"{kind}的数量{units}与{used}{output.unit}不符",
                f"{units} {kind} do not fit {used}",
                todo="电量项目给减排量，其余一比一",
                todo_en="give tonnes for power, one to one otherwise",
            )
        posting = self.books.post(
            day,
            f"签发{kind}",
            move(SOURCE, output.owner, Lot(kind, project, period, tradable), count),
        )
        output.used[kind] = output.used.get(kind, 0) + used
        return posting

    def transfer(self, day: date, lot: Lot, giver: str, taker: str, units: int) -> Posting:
        """From one holder to another. Raises HengtanError, also where the lot is not tradable."""
        if not lot.tradable:
            raise HengtanError(
                f"{lot}只核发、不交易",
                f"{lot} is not traded",
                todo="由持有者自行核销",
                todo_en="let the holder cancel it",
            )
        if taker in ("", SOURCE, CANCELLED) or giver in (SOURCE, CANCELLED):
            raise HengtanError(
                f"不能由“{giver}”划给“{taker}”",
                f"cannot move from '{giver}' to '{taker}'",
                todo="改正账户；核销用 cancel",
                todo_en="correct the account; use cancel",
            )
        return self.books.post(day, "转让", move(giver, taker, lot, units))

    def cancel(self, day: date, lot: Lot, owner: str, units: int, purpose: str = "") -> Posting:
        """Use up units: for surrender, a footprint, a duty. Raises HengtanError."""
        if owner in (SOURCE, CANCELLED):
            raise HengtanError(
                f"“{owner}”不是持有账户",
                f"'{owner}' is no holder",
                todo="改正账户",
                todo_en="correct the account",
            )
        return self.books.post(day, "核销", move(owner, CANCELLED, lot, units), purpose)

    def balances(self) -> Mapping[tuple[str, Lot], int]:
        """Units by holder and lot. [MWh certificates or tCO2e]"""
        return {
            (a, lot): v
            for (a, lot), v in self.books.holdings().items()
            if isinstance(lot, Lot) and a not in (SOURCE, CANCELLED)
        }

    def total(self, kind: str) -> Mapping[str, int]:
        """issued, held, cancelled of a kind: issued is the sum of the other two. [units]"""
        sums = {"issued": 0, "held": 0, "cancelled": 0}
        for (account, lot), amount in self.books.holdings().items():
            if isinstance(lot, Lot) and lot.kind == kind:
                sums[
                    "issued"
                    if account == SOURCE
                    else "cancelled"
                    if account == CANCELLED
                    else "held"
                ] += -amount if account == SOURCE else amount
        return sums


EVENTS = {"record": "登记产出", "issue": "签发", "transfer": "转让", "cancel": "核销"}


def run_registry(calc: Calc) -> dict[str, Any]:
    """Run a registry from rows; balances are told in the steps. [units]"""
    registry = Registry()
    for row in calc["rows"]:
        day = row["day"]
        lot = Lot.of(row["kind"], row["project"], row["period"], row["tradable"])
        if row["event"] == "record":
            registry.record(
                row["project"], row["period"], row["amount"], row["unit"], row["account"]
            )
        elif row["event"] == "issue":
            registry.issue(
                day,
                row["kind"],
                row["project"],
                row["period"],
                row["amount"],
                row["units"],
                row["tradable"],
            )
        elif row["event"] == "transfer":
            registry.transfer(day, lot, row["account"], row["to"], row["amount"])
        else:
            registry.cancel(day, lot, row["account"], row["amount"])
    for (account, of), units in sorted(
        registry.balances().items(), key=lambda item: (item[0][0], str(item[0][1]))
    ):
        calc.step(f"{account} {of}", units, "", "持有")
    outputs: dict[str, Any] = {}
    for kind, name in (("绿证", "certificates"), ("CCER", "ccer"), ("CQCER", "cqcer")):
        sums = registry.total(kind)
        outputs |= {
            f"{name}_issued": sums["issued"],
            f"{name}_held": sums["held"],
            f"{name}_cancelled": sums["cancelled"],
        }
        calc.step(
            f"{kind} 签发", sums["issued"], how=f"持有{sums['held']}，核销{sums['cancelled']}"
        )
    return outputs


ROW = (
    Input("event", "事项", kind="choice", choices=EVENTS),
    Input("day", "日期", kind="date"),
    Input("kind", "品种", kind="choice", choices={k: k for k in ("", *KINDS)}, default=""),
    Input("project", "项目", kind="text"),
    Input("period", "时段", kind="text"),
    Input("amount", "数量", kind="whole", least=1.0),
    Input("unit", "单位", kind="text", default="兆瓦时"),
    Input("units", "减排量", unit="吨", kind="whole", optional=True),
    Input("account", "账户", kind="text", default=""),
    Input("to", "受让方", kind="text", default=""),
    Input("tradable", "可交易", kind="flag", default=True),
)
RULES = (
    Rule(
        id="credit.registry",
        title_zh="减排量与绿证登记台账（不重复签发）",
        title_en="Registry of credits and certificates",
        law="发改能源〔2023〕1044号；渝环〔2021〕111号",
        inputs=(Input("rows", "各笔", kind="rows", fields=ROW),),
        outputs=tuple(
            Output(f"{n}_{w}", f"{z}{v}")
            for n, z in (("certificates", "绿证"), ("ccer", "CCER"), ("cqcer", "CQCER"))
            for w, v in (("issued", "签发"), ("held", "持有"), ("cancelled", "核销"))
        ),
        compute=run_registry,
    ),
)
