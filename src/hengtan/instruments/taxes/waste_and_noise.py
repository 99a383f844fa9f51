"""Environmental protection tax on solid waste and industrial noise (环境保护税法 2018 修正, annex 1
and its notes).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.taxes.outlet_inputs import EXEMPTION, TAX
from hengtan.instruments.taxes.outlets import exempted
from hengtan.instruments.taxes.pollutants import LAW

SOLID = {
    "coal_gangue": "煤矸石",
    "tailings": "尾矿",
    "hazardous": "危险废物",
    "other": "冶炼渣、粉煤灰、炉渣、其他固体废物",
}
NEAR = 1e-9
"""Noise of floats in amounts and decibels."""


def solid(calc: Calc) -> dict[str, float]:
    """Solid waste: (generated − stored − disposed − reused, each in compliance) × rate. [yuan]

    Under a penal basis what was generated (实施条例 第五、七条).
    """
    if exempted(calc):
        return {"tax": 0.0, "taxable": 0.0}
    generated, penal = calc["generated"], calc["penal"]
    away = calc["stored"] + calc["disposed"] + calc["reused"]
    if away > generated + NEAR:
        raise calc.refuse(
            f"贮存、处置、利用合计{away:g}吨大于产生量{generated:g}吨",
            "more is put away than generated",
            todo="核对各项数量",
            todo_en="check the amounts",
        )
    taxable = generated if penal else generated - away
    how = "产生量" if penal else "产生量 − 合规贮存 − 合规处置 − 合规综合利用"
    clause = "实施条例 第七条" if penal else "实施条例 第五条"
    calc.step("计税数量", taxable, unit="吨", how=how, clause=clause)
    rate = calc.param("env_tax.solid.rate", calc["kind"])
    calc.step("适用税额", rate, unit="元/吨", how=SOLID[calc["kind"]], clause=LAW)
    tax = taxable * rate
    calc.step("应纳税额", tax, unit="元", how="计税数量 × 税额", clause=f"{LAW} 第十一条")
    return {"tax": tax, "taxable": taxable}


def noise(calc: Calc) -> dict[str, float]:
    """Industrial noise: of day and night the amount of the band of decibels over the standard.
    [yuan a month]

    Less for few days in the month, more along a long border with several points, by place of work.
    """
    total = 0.0
    over = {time: _decibels_over(calc, time) for time in TIMES}
    if all(decibels is None for decibels in over.values()):
        raise calc.refuse(
            "没有给超标分贝数，也没有给实测值与标准限值",
            "neither decibels over the standard nor measured values are given",
            todo="给昼间或夜间的超标分贝数，或实测值与标准限值",
            todo_en="give over_day, or measured_day and limit_day",
        )
    beyond = [time for time, decibels in over.items() if decibels is not None and decibels > 0]
    days = {time: _days_over(calc, time, beyond) for time in beyond}
    for time in beyond:
        total += _noise_of_time(calc, float(over[time] or 0.0), days[time], TIMES[time])
    if _counts_as_two(calc):
        total *= calc.param("env_tax.noise.two_units")
        how = f"边界{calc['border']:g}米、{calc['points']}处超标，按两个单位计"
        calc.step("两处以上超标", total, unit="元", how=how, clause="附表一注")
    if calc["sites"] > 1:
        total *= calc["sites"]
        how = f"{calc['sites']}处分别计算、合并计征"
        calc.step("不同地点作业场所", total, unit="元", how=how, clause="附表一注")
    how = "昼、夜间分别计算、累计计征"
    return {"tax": calc.step("应纳税额", total, unit="元/月", how=how, clause="附表一注")}


def _decibels_over(calc: Calc, time: str) -> float | None:
    """Decibels over the standard, as told or measured less limit. [dB]

    Raises HengtanError where the two contradict each other or one of them is missing.
    """
    over, measured, limit = (_of_time(calc, what, time) for what in ("over", "measured", "limit"))
    zh = TIMES[time]
    if (measured is None) != (limit is None) and over is None:
        stands, missing = ("标准限值", "实测值") if measured is None else ("实测值", "标准限值")
        raise calc.refuse(
            f"{zh}给了{stands}就要给{missing}",
            f"of {time}, measured and limit go together",
            todo=f"补上{missing}",
            todo_en="give both",
        )
    if measured is None or limit is None:
        return None if over is None else float(over)
    difference = float(measured - limit)
    if over is not None and abs(over - max(difference, 0.0)) > NEAR:
        raise calc.refuse(
            f"{zh}超标分贝数{over:g}与实测值{measured:g} − 限值{limit:g} = {difference:g}不一致",
            f"{over:g} dB over contradicts {measured:g} − {limit:g}",
            todo="改正其一",
            todo_en="correct one of them",
        )
    return difference


def _of_time(calc: Calc, what: str, time: str) -> float | None:
    """A figure of day or night; one written without either is the day's where nothing is said of
    the night.

    Raises HengtanError where it is not clear what it is of.
    """
    own, bare = calc[f"{what}_{time}"], calc[what]
    if bare is None:
        return None if own is None else float(own)
    of_times = [calc[f"{part}_{when}"] for part in FIGURES for when in TIMES]
    if any(figure is not None for figure in of_times):
        words = FIGURES[what]
        raise calc.refuse(
            f"“{words}”是昼间的还是夜间的，不明",
            f"'{what}': of the day or of the night?",
            todo=f"写成 昼间{words} 或 夜间{words}",
            todo_en=f"write {what}_day or {what}_night",
        )
    return float(bare) if time == "day" else None


def _days_over(calc: Calc, time: str, beyond: list[str]) -> float | None:
    """Days over the standard by day or night, from what is written for it, for both or for neither.

    Raises HengtanError where one count stands beside two exceedings and it matters whose it is.
    """
    own, both, bare = calc[f"days_{time}"], calc["days_both"], calc["days"]
    counts = [count for count in (own, both, bare) if count is not None]
    if len({float(count) for count in counts}) > 1:
        raise calc.refuse(
            f"{TIMES[time]}的超标天数写了几个：{'、'.join(f'{count:g}' for count in counts)}",
            f"several counts of days over the standard by {time}",
            todo="只留昼间超标天数、夜间超标天数",
            todo_en="keep days_day and days_night",
        )
    halves = bare is not None and bare < calc.param("env_tax.noise.half_days")
    if halves and own is None and both is None and len(beyond) > 1:
        raise calc.refuse(
            f"昼间、夜间都超标，“超标天数”{bare:g}是昼间的、夜间的还是昼夜各{bare:g}天，不明",
            f"{bare:g} days over the standard: by day, by night or each?",
            todo="写成 昼间超标天数 与 夜间超标天数；昼夜相同的写成 昼夜超标天数",
            todo_en="write days_day and days_night, or days_both where they are the same",
        )
    return float(counts[0]) if counts else None


def _counts_as_two(calc: Calc) -> bool:
    """Whether a border beyond the length of the note has so many points over the standard that it
    counts twice.
    """
    if calc["border"] is None or calc["border"] <= calc.param("env_tax.noise.two_units_boundary"):
        return False
    return bool(calc["points"] >= calc.param("env_tax.noise.two_units_points"))


def _noise_of_time(calc: Calc, over: float, days: float | None, zh: str) -> float:
    if abs(over - round(over)) > NEAR:
        raise ParameterNotEstablished(
            f"{zh}超标{over:g}分贝不是整数，取整办法没有查实",
            f"{over:g} dB: how a fraction is rounded is not established",
            todo="查税务总局关于噪声超标分贝数取整的规定，或填整数",
            todo_en="see the tax administration's rule, or give whole decibels",
        )
    whole = round(over)
    band = decibel_band(whole, calc.parameters.keys("env_tax.noise.rate"))
    amount = calc.param("env_tax.noise.rate", band)
    calc.step(f"{zh}超标", whole, unit="分贝", how=f"每月{amount:g}元", clause="附表一")
    if days is not None and days < calc.param("env_tax.noise.half_days"):
        amount *= calc.param("env_tax.noise.half_share")
        how = f"一个月内超标{days:g}天，不足十五天"
        calc.step(f"{zh}减半", amount, unit="元", how=how, clause="附表一注")
    return amount


def decibel_band(whole: int, bands: Iterable[str]) -> str:
    """The band of decibels, of those written ``1-3`` … ``16+`` in rising order, that a figure falls
    into.
    """
    return next(
        band for band in bands if band.endswith("+") or whole <= int(band.rpartition("-")[-1])
    )


TIMES = {"day": "昼间", "night": "夜间"}
FIGURES = {"over": "超标分贝数", "measured": "实测值", "limit": "标准限值"}
BARE = {
    "over": ("超标分贝",),
    "measured": ("实测分贝", "噪声值", "噪声", "等效声级"),
    "limit": ("限值", "噪声标准", "排放限值"),
}
"""Further words for a figure that says neither day nor night."""
DECIBEL = {"dB": 1.0, "dB(A)": 1.0, "db": 1.0}


def _noise_inputs(time: str, zh: str) -> tuple[Input, ...]:
    """The inputs of day or night."""
    return (
        Input(
            name=f"over_{time}",
            zh=f"{zh}超标分贝数",
            unit="分贝",
            optional=True,
            least=None,
            also=DECIBEL,
        ),
        Input(
            name=f"measured_{time}",
            zh=f"{zh}实测值",
            unit="分贝",
            optional=True,
            also=DECIBEL,
        ),
        Input(
            name=f"limit_{time}",
            zh=f"{zh}标准限值",
            unit="分贝",
            optional=True,
            also=DECIBEL,
        ),
        Input(f"days_{time}", f"{zh}超标天数", unit="天", optional=True),
    )


def _bare_inputs() -> tuple[Input, ...]:
    """The inputs that say neither day nor night."""
    figures = tuple(
        Input(
            name=name,
            zh=zh,
            unit="分贝",
            optional=True,
            least=None if name == "over" else 0.0,
            also=DECIBEL,
            aliases=BARE[name],
        )
        for name, zh in FIGURES.items()
    )
    return (
        *figures,
        Input("days", "超标天数", unit="天", optional=True),
        Input(
            name="days_both",
            zh="昼夜超标天数",
            unit="天",
            optional=True,
            aliases=("昼间夜间超标天数", "昼、夜间超标天数", "昼夜均超标天数", "昼夜各超标天数"),
        ),
    )


RULES = (
    Rule(
        id="env_tax.solid_waste",
        title_zh="环境保护税·固体废物",
        title_en="Environmental protection tax, solid waste",
        law=f"{LAW} 附表一；实施条例 第五、七条",
        valid_from=date(2018, 1, 1),
        inputs=(
            Input("kind", "种类", kind="choice", choices=SOLID),
            Input("generated", "产生量", unit="吨"),
            Input("stored", "合规贮存量", unit="吨", default=0.0),
            Input("disposed", "合规处置量", unit="吨", default=0.0),
            Input("reused", "合规综合利用量", unit="吨", default=0.0),
            Input("penal", "按产生量计征", kind="flag", default=False),
            EXEMPTION,
        ),
        outputs=(TAX, Output("taxable", "计税数量", unit="吨")),
        compute=solid,
        needs=("env_tax.solid.rate",),
    ),
    Rule(
        id="env_tax.noise",
        title_zh="环境保护税·工业噪声",
        title_en="Environmental protection tax, noise",
        law=f"{LAW} 附表一及注",
        valid_from=date(2018, 1, 1),
        inputs=(
            *_noise_inputs("day", "昼间"),
            *_noise_inputs("night", "夜间"),
            *_bare_inputs(),
            Input("border", "厂界长度", unit="米", optional=True),
            Input("points", "超标处数", kind="whole", default=1),
            Input("sites", "作业场所数", kind="whole", default=1),
        ),
        outputs=(TAX,),
        compute=noise,
        needs=(
            "env_tax.noise.rate",
            "env_tax.noise.half_days",
            "env_tax.noise.half_share",
            "env_tax.noise.two_units_boundary",
            "env_tax.noise.two_units_points",
            "env_tax.noise.two_units",
        ),
    ),
)
