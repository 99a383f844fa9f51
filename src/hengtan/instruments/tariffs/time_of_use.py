"""Time of use of commerce and industry: bands of the day, their prices and the bill."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import HOURS_A_DAY, MONTHS_A_YEAR
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.tariffs.formulas import (
    cost_recovery,
    floated_price,
)

TOU = "渝发改规范〔2021〕14号"


PERIODS = {"critical": "尖峰", "peak": "高峰", "flat": "平段", "valley": "低谷"}


def hour_periods(calc: Calc, month: int) -> tuple[str, ...]:
    """The period of each of the 24 hours of a day, the first from 0 to 1 o'clock, in a month:
    critical, peak, valley, else flat (渝发改规范〔2021〕14号).

    Raises ParameterNotEstablished.
    """
    ends = {
        name: (
            calc.param("tariff.tou.hours", f"{name}.from"),
            calc.param("tariff.tou.hours", f"{name}.to"),
        )
        for name in ("valley1", "peak1", "peak2", "critical1")
    }
    hours = ["flat"] * HOURS_A_DAY
    for name, (first, last) in ends.items():
        period = name.rstrip("12")
        if period != "critical" or calc.param("tariff.tou.critical_month", str(month)):
            hours[int(first) : int(last)] = [period] * (int(last) - int(first))
    return tuple(hours)


def time_of_use(calc: Calc) -> dict[str, Any]:
    """Bill of a commercial or industrial user under time of use (渝发改规范〔2021〕14号): factors
    act on the floating part only. [CNY]

    Raises HengtanError for inputs that do not fit; ParameterNotEstablished where critical hours
    have a fixed part and the option ``critical`` does not say whether it is raised too.
    """
    month = calc["month"] or calc.day.month
    quantities = _by_period(calc, month)
    fixed, floating = calc["fixed"], calc["floating"]
    factors = {
        "flat": 1.0,
        "peak": calc.param("tariff.tou.factor", "peak"),
        "valley": calc.param("tariff.tou.factor", "valley"),
    }
    prices = {
        name: calc.step(
            f"{PERIODS[name]}价",
            floated_price(fixed, floating, factor),
            unit="元/千瓦时",
            how=f"{fixed:g} + {floating:g} × {factor:g}",
            clause=TOU,
        )
        for name, factor in factors.items()
    }
    if calc.param("tariff.tou.critical_month", str(month)):
        known = fixed == 0 or calc.options["critical"] != "not_chosen"
        if quantities["critical"] and not known:
            raise ParameterNotEstablished(
                "尖峰价是否连不参与浮动的部分一起上浮没有查实",
                "whether the fixed part is raised in critical hours is not established",
                todo="查渝发改规范〔2021〕14号原文，或选 critical: floating_only 或 whole_price",
                todo_en="see the notice, or choose critical: floating_only or whole_price",
            )
        if known:
            rise = calc.param("tariff.tou.factor", "critical")
            whole = calc.options["critical"] == "whole_price"
            price = (
                prices["peak"] * rise
                if whole
                else floated_price(fixed, floating, factors["peak"] * rise)
            )
            prices["critical"] = calc.step(
                "尖峰价",
                price,
                unit="元/千瓦时",
                how=f"高峰{'价' if whole else '浮动部分'} × {rise:g}",
                clause=TOU,
            )
    elif quantities["critical"]:
        raise calc.refuse(
            f"{month}月不执行尖峰电价，却给了尖峰电量",
            f"month {month} has no critical hours",
            todo="并入高峰电量",
            todo_en="put it into peak",
        )
    quantity = sum(quantities.values())
    bill = sum(amount * prices[name] for name, amount in quantities.items() if amount)
    plain = quantity * floated_price(fixed, floating, 1.0)
    calc.step("电费", bill, "元", "Σ 各时段价 × 电量", TOU)
    outputs: dict[str, Any] = {
        "bill": bill,
        "flat_bill": plain,
        "change": calc.step("比全按平段价", bill - plain, "元"),
        "quantity": quantity,
        **{f"price_{name}": price for name, price in prices.items()},
        **{f"quantity_{name}": amount for name, amount in quantities.items()},
    }
    if quantity:
        outputs["average_price"] = cost_recovery(bill, quantity)
    return outputs


def _by_period(calc: Calc, month: int) -> dict[str, float]:
    """Power by period: given as such, or made of the 24 hours of a day (or of a month summed by
    hour).
    """
    own = {name: calc[name] for name in PERIODS}
    if calc["hourly"] is None:
        if not any(v is not None for v in own.values()):
            raise calc.refuse(
                "缺各时段电量",
                "no power is given",
                todo="给 peak、flat、valley、critical，或 hourly 24个数",
                todo_en="give peak, flat, valley, critical, or hourly",
            )
        return {name: float(value or 0.0) for name, value in own.items()}
    if any(v is not None for v in own.values()) or len(calc["hourly"]) != HOURS_A_DAY:
        raise calc.refuse(
            "hourly 应为24个数，且不与各时段电量同给",
            "hourly holds 24 numbers and goes without the periods",
            todo="改正",
            todo_en="correct it",
        )
    quantities = dict.fromkeys(PERIODS, 0.0)
    for period, amount in zip(hour_periods(calc, month), calc["hourly"], strict=True):
        quantities[period] += amount
    for name, amount in quantities.items():
        calc.step(f"{PERIODS[name]}电量", amount, "千瓦时", f"{month}月", TOU)
    return quantities


RULES = (
    Rule(
        id="tariff.time_of_use",
        title_zh="工商业分时电价",
        title_en="Time of use, commerce and industry",
        law=TOU,
        valid_from=date(2021, 12, 9),
        inputs=(
            Input(
                name="fixed",
                zh="不参与浮动的电价",
                unit="元/千瓦时",
                note="线损、政府性基金等不参与浮动的部分",
            ),
            Input("floating", "参与浮动的平段电价", unit="元/千瓦时"),
            Input("month", "月份", kind="whole", optional=True, least=1, most=MONTHS_A_YEAR),
            *(
                Input(name, f"{zh}电量", unit="千瓦时", optional=True)
                for name, zh in PERIODS.items()
            ),
            Input("hourly", "24小时电量", unit="千瓦时", kind="numbers", optional=True),
        ),
        outputs=(
            Output("bill", "电费", unit="元"),
            Output("flat_bill", "全按平段价的电费", unit="元"),
            Output("change", "差额", unit="元"),
            Output("average_price", "平均价", unit="元/千瓦时"),
            Output("quantity", "电量", unit="千瓦时"),
            *(Output(f"price_{n}", f"{z}价", unit="元/千瓦时") for n, z in PERIODS.items()),
            *(Output(f"quantity_{n}", f"{z}电量", unit="千瓦时") for n, z in PERIODS.items()),
        ),
        compute=time_of_use,
        needs=("tariff.tou.factor", "tariff.tou.hours", "tariff.tou.critical_month"),
        options={"critical": ("not_chosen", "floating_only", "whole_price")},
        note_zh="浮动系数只乘参与浮动的部分。",
    ),
)
