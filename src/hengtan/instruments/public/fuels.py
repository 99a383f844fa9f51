"""Gas and oil: what a block yields and loses, days of storage, and rounds of the oil price."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.basis.working_days import WorkingDays
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import DAYS_A_YEAR
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

STORAGE_LAW = "发改能源规〔2018〕637号 关于加快储气设施建设和完善储气调峰辅助服务市场机制的意见"
OIL_LAW = "石油价格管理办法（发改价格〔2016〕64号）"
DUTIES = {"government": "地方政府", "city_gas": "城镇燃气企业", "supplier": "供气企业"}
IN_DAYS = "government"
"""The duty that is stated in days of mean use; the others are shares of the year's gas."""
KILOGRAMS_A_TONNE = 1000
NEAR = 1e-6
"""Noise of floats in yuan a tonne."""


def block_methane(calc: Calc) -> dict[str, float]:
    """Gas of a block, the share used here, and methane lost: output × loss rate × methane share ×
    density. [m3, 1, t CH4]

    Raises ParameterNotEstablished for the loss rate, which was not read.
    """
    output = calc["output"]
    outputs = {"output": calc.step("产量", output, "立方米")}
    if calc["without_local"]:
        calc.warn(f"{calc['without_local']:g}个月没有填本地用气，占比不给出")
    if output > 0 and calc["local_sale"] is not None:
        share = calc["local_sale"] / output
        outputs["local_share"] = calc.step("本地用气占比", share, how="本地用气 ÷ 产量")
    loss, share = calc.param("gas.loss_rate") / 100, calc["methane_share"]
    methane = output * loss * share * calc.param("gas.methane_density") / KILOGRAMS_A_TONNE
    how = f"产量 × 逸散率 {loss:.2%} × 甲烷 {share:.0%} × 密度"
    return outputs | {"methane": calc.step("甲烷逸散", methane, "吨甲烷", how)}


def storage_duty(calc: Calc) -> dict[str, Any]:
    """Days that storage lasts at the mean use of the year, what has to be stored, and the gap.
    [d, m3]
    """
    duty, demand, capacity = calc["duty"], calc["demand"], calc["capacity"]
    daily = calc.step("日均用气", demand / DAYS_A_YEAR, "立方米", f"年用气量 ÷ {DAYS_A_YEAR}")
    days = calc.step("储气可供", capacity / daily, "天", "储气能力 ÷ 日均用气")
    least = calc.param("gas.storage_least", duty)
    needed = least * daily if duty == IN_DAYS else least * demand
    how = f"{least:g}天 × 日均用气" if duty == IN_DAYS else f"年用气量 × {least:.0%}"
    calc.step("应有储气能力", needed, "立方米", f"{DUTIES[duty]}：{how}", STORAGE_LAW)
    gap = max(0.0, needed - capacity)
    outputs: dict[str, Any] = {
        "days": days,
        "needed": needed,
        "gap": calc.step("缺口", gap, "立方米"),
    }
    if calc["peak_day"]:
        outputs["peak_days"] = calc.step("按高峰日可供", capacity / calc["peak_day"], "天")
    outputs["verdict"] = "达到" if gap <= 0 else "未达到"
    return outputs


def oil_rounds(calc: Calc) -> dict[str, Any]:
    """Rounds of the oil price: every ten working days the change is added to what was carried; less
    than the least is carried on, above the upper bound of crude nothing rises, below the lower
    nothing falls. [yuan/t]

    What is not put through beyond a bound is not carried.
    """
    least, upper, lower = (calc.param(f"oil.{name}") for name in ("least", "upper", "lower"))
    carried = total = 0.0
    different = []
    rounds = sorted(calc["rounds"], key=lambda row: row["day"])
    for row in rounds:
        carried += row["change"]
        adjust, how = 0.0, f"累计 {carried:g}，不足{least:g}，累加到下次"
        if abs(carried) >= least - NEAR:
            adjust, how, carried = carried, f"累计 {carried:g}", 0.0
        if row["crude"] is not None and adjust > 0 and row["crude"] > upper:
            adjust, how = 0.0, f"油价高于{upper:g}美元/桶，原则上不提"
        if row["crude"] is not None and adjust < 0 and row["crude"] < lower:
            adjust, how = 0.0, f"油价低于{lower:g}美元/桶，不降"
        calc.step(f"{row['day']}", adjust, "元/吨", how, OIL_LAW)
        total += adjust
        if row["announced"] is not None and abs(row["announced"] - adjust) > NEAR:
            different.append(f"{row['day']}公布{row['announced']:g}、按机制{adjust:g}")
    for words in different:
        calc.warn(f"{words}；公布数有取整或临时调控的，以公布数为准")
    outputs: dict[str, Any] = {
        "adjusted": total,
        "carried": calc.step("累加到下次", carried, "元/吨"),
        "different": float(len(different)),
    }
    if calc["start"] is not None:
        outputs["price"] = calc.step("按机制的现价", calc["start"] + total, "元/吨")
    number = int(calc.param("oil.days"))
    calendar = WorkingDays.from_rows(calc.tables.get("public_holidays", ()))
    due = calendar.nth_after(rounds[-1]["day"], number)
    if not due.certain:
        calc.warn("该年节假日安排没有录入，下次窗口只按周末推算")
    outputs["next"] = calc.step("下次窗口", due.day.isoformat(), how=f"其后第{number}个工作日")
    return outputs


RULES = (
    Rule(
        id="gas.block_methane",
        title_zh="页岩气产量与甲烷逸散",
        title_en="Gas of a block and methane lost",
        law="省级温室气体清单编制指南 油气系统逃逸（因子没有读到）",
        inputs=(
            Input("output", "产量", unit="立方米"),
            Input("local_sale", "本地用气", unit="立方米", optional=True),
            Input("without_local", "没有填本地用气的月数", kind="whole", optional=True),
            Input("methane_share", "甲烷体积分数", most=1.0),
        ),
        outputs=(
            Output("output", "产量", unit="立方米"),
            Output("local_share", "本地用气占比"),
            Output("methane", "甲烷逸散", unit="吨甲烷"),
        ),
        compute=block_methane,
        needs=("gas.loss_rate", "gas.methane_density"),
    ),
    Rule(
        id="gas.storage_duty",
        title_zh="储气天数与储气责任",
        title_en="Days of gas storage and the duty",
        law=STORAGE_LAW,
        valid_from=date(2018, 4, 26),
        inputs=(
            Input("duty", "主体类型", kind="choice", choices=DUTIES),
            Input("capacity", "储气能力", unit="立方米"),
            Input("demand", "年用气量", unit="立方米", least=1e-9),
            Input("peak_day", "高峰日用气量", unit="立方米", optional=True),
        ),
        outputs=(
            Output("days", "储气可供", unit="天"),
            Output("needed", "应有储气能力", unit="立方米"),
            Output("gap", "缺口", unit="立方米"),
            Output("peak_days", "按高峰日可供", unit="天"),
            Output("verdict", "结论"),
        ),
        compute=storage_duty,
        needs=("gas.storage_least",),
    ),
    Rule(
        id="price.oil_rounds",
        title_zh="成品油调价（十个工作日）",
        title_en="Rounds of the oil price",
        law=OIL_LAW,
        valid_from=date(2016, 1, 13),
        inputs=(
            Input("start", "起始价格", unit="元/吨", optional=True),
            Input(
                name="rounds",
                zh="窗口",
                kind="rows",
                fields=(
                    Input("day", "窗口日期", kind="date"),
                    Input("change", "本期变动", unit="元/吨", least=None),
                    Input("announced", "公布调整", unit="元/吨", least=None, optional=True),
                    Input("crude", "挂靠油价", optional=True, note="美元/桶"),
                ),
            ),
        ),
        outputs=(
            Output("adjusted", "累计调整", unit="元/吨"),
            Output("carried", "累加到下次", unit="元/吨"),
            Output("price", "按机制的现价", unit="元/吨"),
            Output("different", "与公布不同", unit="次"),
            Output("next", "下次窗口"),
        ),
        compute=oil_rounds,
        needs=("oil.least", "oil.upper", "oil.lower", "oil.days"),
    ),
)
