"""Sites that join transport with the energy network (service areas, toll stations, ports, hubs): a
year of solar power, storage and charging by its meters, the CO2 not emitted, the steps due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hengtan.accounts.carbon.formulas import power_co2
from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.green_power.formulas import self_use
from hengtan.instruments.inputs import Input
from hengtan.instruments.public.formulas import PERCENT
from hengtan.instruments.rule import Output, Rule

STEPS = (
    ("approve_due", "approved", "备案（核准）"),
    ("connect_due", "connected", "并网"),
    ("accept_due", "accepted", "验收"),
)
"""Of each step the day it is due, the day it was done, and its words."""
STATES = {"": "待备案", "approved": "已备案，待并网", "connected": "已并网，待验收"}
STATES |= {"accepted": "已验收"}


def year_of_site(calc: Calc) -> dict[str, Any]:
    """The months reported of a year: the share of the solar power that the site used itself, the
    share of its electricity that this covered, hours of full output and of full charging. [kWh, %,
    h]

    Months in service that no row is of are named and count as nothing. Hours are those of the
    months reported.
    """
    months = calc["months"]
    _refuse_unless_within(calc, months)
    total = {name: _sum(months, name) for name in ("generated", "used", "sent", "charged")}
    outputs: dict[str, Any] = {
        "months": len(months),
        "generated": calc.step("发电量", total["generated"], "千瓦时"),
        "used": calc.step("自用电量", total["used"], "千瓦时"),
        "sent": calc.step("上网电量", total["sent"], "千瓦时"),
        "lacking": calc.step("缺报月份", _lacking(calc, months)),
    }
    if total["generated"]:
        share = PERCENT * self_use(total["used"], total["generated"])
        outputs["self_share"] = calc.step("自用比例", share, "%", "自用电量 ÷ 发电量")
    if calc["pv"]:
        hours = total["generated"] / calc["pv"]
        outputs["full_hours"] = calc.step("满负荷小时数", hours, "小时", "发电量 ÷ 光伏容量")
    return outputs | _covered(calc, months) | _charged(calc, months, total["charged"])


def _covered(calc: Calc, months: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What of the site's electricity its own solar power covered, where all it bought is filed."""
    unread = [row["period"] for row in months if row["bought"] is None]
    if unread:
        calc.warn(f"没有购网电量的月份：{'、'.join(unread)}；用电覆盖比例不给出")
        return {}
    used = _sum(months, "used")
    electricity = calc.step("场所用电量", used + _sum(months, "bought"), "千瓦时", "自用 + 购网")
    outputs = {"electricity": electricity}
    if not electricity:
        return outputs
    share = PERCENT * used / electricity
    return outputs | {
        "covered": calc.step("用电覆盖比例", share, "%", "自用电量 ÷ 场所用电量"),
    }


def _charged(calc: Calc, months: Sequence[Mapping[str, Any]], charged: float) -> dict[str, Any]:
    """What the chargers gave, and hours of their full power; nothing where no month says, or not
    every one.
    """
    unread = [row["period"] for row in months if row["charged"] is None]
    if 0 < len(unread) < len(months):
        calc.warn(f"没有充电电量的月份：{'、'.join(unread)}；充电电量不给出")
    if unread:
        return {}
    outputs = {"charged": calc.step("充电电量", charged, "千瓦时")}
    if calc["chargers"]:
        hours = charged / calc["chargers"]
        outputs["charger_hours"] = calc.step("充电满功率小时数", hours, "小时", "充电 ÷ 充电功率")
    return outputs


def _refuse_unless_within(calc: Calc, months: Sequence[Mapping[str, Any]]) -> None:
    """Raises HengtanError where a month has more energy used and sent than generated."""
    for row in months:
        if row["used"] + row["sent"] > row["generated"]:
            raise calc.refuse(
                f"{row['period']} 自用加上网大于发电量",
                f"more used and sent than generated in {row['period']}",
                todo="核对三个数",
                todo_en="check the three figures",
            )
    lost = _sum(months, "generated") - _sum(months, "used") - _sum(months, "sent")
    if lost:
        calc.warn(f"发电量比自用加上网多{lost:g}千瓦时：储能损耗或漏报，请核对")


def _lacking(calc: Calc, months: Sequence[Mapping[str, Any]]) -> str:
    """Months of the year that the site was in service through and that no row is of."""
    reported = {row["period"] for row in months}
    year = min(reported).partition("-")[0]
    every = (f"{year}-{number + 1:02d}" for number in range(MONTHS_A_YEAR))
    absent = [text for text in every if text not in reported and _is_in_service(calc, text)]
    return f"缺报{'、'.join(absent)}" if absent else "没有缺报"


def _is_in_service(calc: Calc, text: str) -> bool:
    """Whether a month has ended by the day looked at and the site was in service all through it."""
    month = Period.parse(text)
    began, ended = calc["connected"], calc["closed"]
    is_over = month.end <= calc["looked_at"]
    has_begun = began is not None and began <= month.start
    return is_over and has_begun and (ended is None or ended > month.end)


def avoided(calc: Calc) -> dict[str, Any]:
    """CO2 that the solar power of a year kept from being emitted, at the grid factor of the year
    that is named. [t CO2]
    """
    factor = calc["factor"]
    how = f"{calc['generated']:g} 千瓦时 × {factor:g} 千克/千瓦时（{calc['factor_year']}年因子）"
    if calc["factor_year"] != calc["year"]:
        calc.warn(
            f"{calc['year']}年的电力排放因子没有公布，用的是填报者指定的{calc['factor_year']}年的"
        )
    return {
        "avoided": calc.step("减少排放", power_co2(calc["generated"], factor), "吨", how=how),
        "avoided_on_site": calc.step("其中自用", power_co2(calc["used"], factor), "吨"),
    }


def steps(calc: Calc) -> dict[str, Any]:
    """How far a site is on the day looked at, which steps are late, and what is in service. [day,
    kW, kWh]

    In service: connected and not closed. A step after the day looked at has not been taken.
    """
    today = calc["looked_at"]
    taken = [name for _, name, _ in STEPS if _is_by(calc[name], today)]
    late = {zh: days for due, name, zh in STEPS if (days := _days_late(calc, due, name, today))}
    is_closed = _is_by(calc["closed"], today)
    state = "已停用" if is_closed else STATES[taken[-1] if taken else ""]
    is_in_service = "connected" in taken and not is_closed
    words = "、".join(f"{zh}逾期{days:,}天" for zh, days in late.items())
    return {
        "state": calc.step("状态", state),
        "late": calc.step("逾期的步骤", words or "无"),
        "late_days": calc.step("逾期天数", max(late.values(), default=0), "天"),
        "pv": calc.step("在用光伏容量", _of(calc, "pv", is_in_service), "千瓦"),
        "storage": calc.step("在用储能容量", _of(calc, "storage", is_in_service), "千瓦时"),
        "chargers": calc.step("在用充电功率", _of(calc, "chargers", is_in_service), "千瓦"),
    }


def _days_late(calc: Calc, due: str, name: str, today: date) -> int:
    """Days that an open step is past its day. [day]"""
    due_on: date | None = calc[due]
    if due_on is None or _is_by(calc[name], today):
        return 0
    return max(0, (today - due_on).days)


def _is_by(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def _of(calc: Calc, name: str, is_in_service: bool) -> float:
    return float(calc[name] or 0.0) if is_in_service else 0.0


def _sum(months: Sequence[Mapping[str, Any]], name: str) -> float:
    return float(sum(row[name] or 0.0 for row in months))


def _amount(name: str, zh: str, unit: str, *, optional: bool = True) -> Input:
    return Input(name, zh, unit=unit, optional=optional)


def _day(name: str, zh: str, *, optional: bool = True) -> Input:
    return Input(name, zh, kind="date", optional=optional)


CAPACITY = (
    _amount("pv", "光伏容量", "千瓦"),
    _amount("chargers", "充电功率", "千瓦"),
)
RULES = (
    Rule(
        id="transport_energy.year",
        title_zh="交通与能源融合项目年度电量",
        title_en="A year of a site of transport with energy",
        law="项目逐月计量（自用比例同分布式光伏的算法）",
        inputs=(
            *CAPACITY,
            Input(
                name="months",
                zh="逐月电量",
                kind="rows",
                fields=(
                    Input("period", "月份", kind="text"),
                    _amount("generated", "发电量", "千瓦时", optional=False),
                    _amount("used", "自用电量", "千瓦时", optional=False),
                    _amount("sent", "上网电量", "千瓦时", optional=False),
                    _amount("bought", "购网电量", "千瓦时"),
                    _amount("charged", "充电电量", "千瓦时"),
                ),
            ),
            _day("connected", "并网日期"),
            _day("closed", "停用日期"),
            _day("looked_at", "判定日", optional=False),
        ),
        outputs=(
            Output("months", "月数", unit="月"),
            Output("generated", "发电量", unit="千瓦时"),
            Output("used", "自用电量", unit="千瓦时"),
            Output("sent", "上网电量", unit="千瓦时"),
            Output("lacking", "缺报月份"),
            Output("self_share", "自用比例", unit="%"),
            Output("electricity", "场所用电量", unit="千瓦时"),
            Output("covered", "用电覆盖比例", unit="%"),
            Output("full_hours", "满负荷小时数", unit="小时"),
            Output("charged", "充电电量", unit="千瓦时"),
            Output("charger_hours", "充电满功率小时数", unit="小时"),
        ),
        compute=year_of_site,
        confidence="derived",
    ),
    Rule(
        id="transport_energy.avoided",
        title_zh="交通与能源融合项目减少排放",
        title_en="CO2 not emitted by a site of transport with energy",
        law="公布的省级电力平均二氧化碳排放因子（减排为发电量乘因子，本系统的核算方法）",
        inputs=(
            Input("year", "年份", kind="whole"),
            _amount("generated", "发电量", "千瓦时", optional=False),
            _amount("used", "自用电量", "千瓦时", optional=False),
            Input("factor", "电力排放因子", unit="千克/千瓦时"),
            Input("factor_year", "电力排放因子年份", kind="whole"),
        ),
        outputs=(
            Output("avoided", "减少排放", unit="吨"),
            Output("avoided_on_site", "其中自用", unit="吨"),
        ),
        compute=avoided,
        confidence="derived",
    ),
    Rule(
        id="transport_energy.steps",
        title_zh="交通与能源融合项目建设进度",
        title_en="How far a site of transport with energy is",
        law="备案文件和建设计划（期限以文件为准）",
        inputs=(
            *CAPACITY,
            _amount("storage", "储能容量", "千瓦时"),
            *(_day(due, f"{zh}期限") for due, _, zh in STEPS),
            *(_day(name, f"{zh}日期") for _, name, zh in STEPS),
            _day("closed", "停用日期"),
            _day("looked_at", "判定日", optional=False),
        ),
        outputs=(
            Output("state", "状态"),
            Output("late", "逾期的步骤"),
            Output("late_days", "逾期天数", unit="天"),
            Output("pv", "在用光伏容量", unit="千瓦"),
            Output("storage", "在用储能容量", unit="千瓦时"),
            Output("chargers", "在用充电功率", unit="千瓦"),
        ),
        compute=steps,
        confidence="derived",
    ),
)
