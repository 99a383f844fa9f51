"""Environmental protection tax on air and water, outlet by outlet.

环境保护税法 (2018 修正) and 实施条例: tax = Σ equivalents of the first pollutants × rate ×
reduction. The code on ecology and environment of 2026-08-15 does not repeal this law by the facts
held; later dates are answered with a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import PH_MOST, PH_NEUTRAL
from hengtan.instruments.inputs import Input
from hengtan.instruments.parameters import NATION
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.taxes.pollutants import (
    LAW,
    by_pollutant,
    equivalents,
    pollutant_of,
    reduction,
    taxable,
)

CLASS1, OTHER = "第一类水污染物", "其他类水污染物"
EXEMPT = {
    "": "不免税",
    "agriculture": "农业生产（不含规模化养殖）",
    "mobile": "机动车、船舶等流动污染源",
    "urban_plant": "城乡污水、生活垃圾集中处理场所达标排放",
    "reuse": "综合利用的固体废物符合标准",
}
NO_TAX = {"tax": 0.0, "equivalents": 0.0}
KG_PER_VOLUME = {"air": (1e6, "10⁶"), "water": (1e3, "10³")}
"""What concentration × volume is divided by to be kilograms: mg/m3 × m3, mg/L × t."""


@dataclass(frozen=True)
class Counted:
    """A pollutant of an outlet: its equivalents, what the relief leaves of the tax, and its rivals.

    Of the pollutants of one ``group`` (COD, BOD5 and TOC; coliform and chlorine) only one is taxed.
    """

    name: str
    equivalents: float
    reduction: float = 1.0
    group: str = ""


def air(calc: Calc) -> dict[str, float]:
    """Air: of each outlet the first three pollutants by equivalents. [yuan]"""
    if exempted(calc):
        return NO_TAX
    rate, most = _rate(calc, "air"), int(calc.param("env_tax.air.top"))
    tax = total = 0.0
    for outlet in _outlets(calc):
        where = _where(outlet)
        counts = [
            _counted(calc, outlet, "air", pollutant_of(calc, "air", name), amount)
            for name, amount in _amounts(calc, outlet, "air").items()
        ]
        _each_once(calc, counts)
        tax += _tax_of_first(calc, counts, most, rate, "污染当量数", where)
        total += _sum(counts)
    if not total:
        calc.warn("没有应税污染物：核对是否漏填")
    return _told(calc, tax, total, "Σ 前三项污染当量数 × 税额 × 减征")


def water(calc: Calc) -> dict[str, float]:
    """Water: of each outlet the first five of class 1 and the first three of the others. [yuan]

    Of COD, BOD5 and TOC only one is taxed, and of coliform and chlorine.
    """
    if exempted(calc):
        return NO_TAX
    if calc["to_plant"]:
        how = "排入依法设立的污水集中处理场所，不属直接排放"
        calc.step("不征", 0.0, unit="元", how=how, clause=f"{LAW} 第四条")
        return NO_TAX
    rate = _rate(calc, "water")
    most_class1 = int(calc.param("env_tax.water.top", "class1"))
    most_other = int(calc.param("env_tax.water.top", "other"))
    tax = total = 0.0
    for outlet in _outlets(calc):
        where = _where(outlet)
        class1: list[Counted] = []
        others: list[Counted] = []
        for name, amount in _amounts(calc, outlet, "water").items():
            row = pollutant_of(calc, "water", name)
            of_class = class1 if row["class"] == "water1" else others
            of_class.append(_counted(calc, outlet, "water", row, amount))
        others += _by_volume(calc, outlet)
        _each_once(calc, [*class1, *others])
        others = _one_of_each_group(calc, others, where)
        tax += _tax_of_first(calc, class1, most_class1, rate, CLASS1, where)
        tax += _tax_of_first(calc, others, most_other, rate, OTHER, where)
        total += _sum(class1) + _sum(others)
    tax += _small_emitters(calc, rate)
    if not tax:
        calc.warn("没有应税污染物：核对是否漏填")
    return _told(calc, tax, total, "Σ 计征项污染当量数 × 税额 × 减征")


def exempted(calc: Calc) -> bool:
    """Whether the case is exempt, told as a step (第十二条)."""
    if calc["exempt"]:
        calc.step("免征", 0.0, "元", EXEMPT[calc["exempt"]], f"{LAW} 第十二条")
    return bool(calc["exempt"])


def _told(calc: Calc, tax: float, total: float, how: str) -> dict[str, float]:
    calc.step("应纳税额", tax, unit="元", how=how, clause=f"{LAW} 第九、十一条")
    return {"tax": tax, "equivalents": total}


def _rate(calc: Calc, medium: str) -> float:
    """The rate of the place, held against the span that the law allows. [yuan per equivalent]"""
    rate = calc.param(f"env_tax.{medium}.rate")
    source = calc.parameters.used[-1].source
    low = calc.param(f"env_tax.{medium}.rate.min", region=NATION)
    high = calc.param(f"env_tax.{medium}.rate.max", region=NATION)
    if not low <= rate <= high:
        calc.warn(f"税额{rate:g}元超出法定幅度{low:g}—{high:g}元")
    calc.step("适用税额", rate, unit="元/当量", clause=source)
    return rate


def _outlets(calc: Calc) -> list[dict[str, Any]]:
    """The outlets of a case: the rows ``outlets``, or one made of the inputs of the case itself."""
    rows = [dict(row) for row in calc["outlets"] or ()]
    own = {item.name: calc[item.name] for item in WATER_OUTLET if item.name in calc.inputs}
    if rows and any(own[name] for name in ("pollutants", "concentrations", "generated")):
        raise calc.refuse(
            "污染物既写在 outlets 里又写在外面",
            "pollutants stand both in outlets and outside",
            todo="都写进 outlets",
            todo_en="put them into outlets",
        )
    return rows or [own]


def _where(outlet: Mapping[str, Any]) -> str:
    return f"{outlet['outlet']} " if outlet.get("outlet") else ""


def _amounts(calc: Calc, outlet: Mapping[str, Any], medium: str) -> dict[str, float]:
    """Amounts of an outlet by name. [kg]

    The emission, the product of concentration and volume, or under a penal basis what was generated
    (实施条例 第七条). A concentration beside an amount serves the relief only, and needs its
    standard.
    """
    amounts = dict(outlet["generated"]) if outlet["penal"] else dict(outlet["pollutants"])
    if outlet["penal"] and not amounts:
        raise calc.refuse(
            "按产生量计征要给出产生量（generated）",
            "a penal basis needs what was generated",
            todo="补上各污染物产生量",
            todo_en="give generated",
        )
    emitted = by_pollutant(calc, medium, amounts, "排放量") if outlet["concentrations"] else {}
    limits = by_pollutant(calc, medium, outlet["standards"], "标准限值")
    divisor, divisor_zh = KG_PER_VOLUME[medium]
    for name, concentration in outlet["concentrations"].items():
        code = pollutant_of(calc, medium, name)["pollutant"]
        if code not in emitted:
            volume = _volume(calc, outlet)
            how = f"{concentration:g} × {volume:g} ÷ {divisor_zh}"
            amount = concentration * volume / divisor
            amounts[name] = calc.step(f"{name}排放量", amount, unit="千克", how=how)
        elif code not in limits:
            raise calc.refuse(
                f"“{name}”既给了排放量又给了浓度",
                f"'{name}' has both an amount and a concentration",
                todo="只留一个；浓度只用于减征的，给出标准限值（standards）",
                todo_en="keep one, or give its standard where the concentration is for the relief",
            )
    return amounts


def _volume(calc: Calc, outlet: Mapping[str, Any]) -> float:
    if outlet["volume"] is None:
        raise calc.refuse(
            "给了浓度就要给排放量（volume）",
            "concentrations need a volume",
            todo="补上废气量（立方米）或污水量（吨）",
            todo_en="give the volume",
        )
    return float(outlet["volume"])


def _counted(
    calc: Calc, outlet: Mapping[str, Any], medium: str, row: Mapping[str, Any], amount: float
) -> Counted:
    name = row["name_zh"]
    count = equivalents(calc, row, amount, f"{_where(outlet)}{name}")
    relief = reduction(calc, outlet, medium, row)
    return Counted(name, count, relief, row["group"] or "")


def _sum(counts: Iterable[Counted]) -> float:
    return sum(counted.equivalents for counted in counts)


def _each_once(calc: Calc, counts: Sequence[Counted]) -> None:
    names = [counted.name for counted in counts]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise calc.refuse(
            f"“{twice}”写了两次（名称不同，是同一税目）",
            f"'{twice}' occurs twice",
            todo="合并",
            todo_en="merge them",
        )


def _one_of_each_group(calc: Calc, counts: Sequence[Counted], where: str) -> list[Counted]:
    """Of COD, BOD5 and TOC, and of coliform and chlorine, the one with most equivalents."""
    largest: dict[str, Counted] = {}
    for counted in counts:
        rival = largest.setdefault(counted.group, counted)
        if counted.equivalents > rival.equivalents:
            largest[counted.group] = counted
    kept = []
    for counted in counts:
        if counted.group and largest[counted.group] is not counted:
            how, clause = "同一排放口同组只征一项", "附表二注"
            calc.step(f"{where}{counted.name}不计征", counted.equivalents, "当量", how, clause)
        else:
            kept.append(counted)
    return kept


def _tax_of_first(
    calc: Calc, counts: Sequence[Counted], most: int, rate: float, title: str, where: str
) -> float:
    """Tax of the first few by equivalents; the others are told as not taxed. [yuan]"""
    ordered = sorted(counts, key=lambda counted: -counted.equivalents)
    for counted in ordered[most:]:
        how = f"不在{title}前{most}项"
        calc.step(
            f"{where}{counted.name}不计征",
            counted.equivalents,
            unit="当量",
            how=how,
            clause=f"{LAW} 第九条",
        )
    return sum((c.equivalents * rate * c.reduction for c in ordered[:most]), 0.0)


def _by_volume(calc: Calc, outlet: Mapping[str, Any]) -> list[Counted]:
    """pH, colour, coliform and chlorine: taxed by the volume of waste water."""
    by_volume = ("ph", "colour", "coliform_exceeded", "chlorine_exceeded")
    if all(outlet[name] in (None, False) for name in by_volume):
        return []
    if outlet["volume"] is None:
        raise calc.refuse(
            "pH值、色度、大肠菌群数、余氯量按污水量计征，要给污水量（volume）",
            "pH, colour, coliform and chlorine need the volume of waste water",
            todo="补上污水量（吨）",
            todo_en="give volume",
        )
    volume, where = outlet["volume"], _where(outlet)
    rows = {row["pollutant"]: row for row in taxable(calc, "water", ("water_ph",))}
    counts = []
    band = None if outlet["ph"] is None else ph_band(outlet["ph"], _ph_bands(calc))
    if band is not None:
        row = rows[f"ph_{calc.param('env_tax.water.ph_row', band):.0f}"]
        counts.append(Counted(row["name_zh"], _counted_volume(calc, row, volume, where)))
    if outlet["colour"]:
        times = volume * outlet["colour"]
        label = f"{where}色度（污水量×超标倍数）"
        counts.append(Counted("色度", equivalents(calc, rows["colour"], times, label)))
    for name, code in (
        ("coliform_exceeded", "coliform"),
        ("chlorine_exceeded", "residual_chlorine"),
    ):
        if outlet[name]:
            row = rows[code]
            count = _counted_volume(calc, row, volume, where)
            counts.append(Counted(row["name_zh"], count, group="disinfection"))
    return counts


def _counted_volume(calc: Calc, row: Mapping[str, Any], volume: float, where: str) -> float:
    return equivalents(calc, row, volume, f"{where}{row['name_zh']}")


def _ph_bands(calc: Calc) -> list[str]:
    return calc.parameters.keys("env_tax.water.ph_row")


def ph_band(ph: float, bands: Iterable[str]) -> str | None:
    """The band of pH, of those written ``5-6``, that a figure falls into; None where it is not
    taxed.

    Acid bands hold their lower end, alkaline ones their upper: 5–6 means at least 5 and below 6,
    9–10 above 9 and at most 10 (附表二注). Raises ValueError outside the scale.
    """
    if not 0 <= ph <= PH_MOST:
        raise ValueError("pH lies between 0 and 14")
    for band in bands:
        low, high = (float(end) for end in band.split("-"))
        acid = high <= PH_NEUTRAL
        if (acid and low <= ph < high) or (not acid and low < ph <= high):
            return band
    return None


def _small_emitters(calc: Calc, rate: float) -> float:
    """Tax of small emitters that cannot be measured: heads, beds or waste water over their
    equivalents.

    Up to the thresholds of the note to annex 2 they are not taxed. [yuan]
    """
    tax = 0.0
    for name, amount in (calc["small"] or {}).items():
        row = pollutant_of(calc, "water", name, ("water_small",))
        code, title = row["pollutant"], row["name_zh"]
        if code in calc.parameters.keys("env_tax.small.above"):
            least = calc.param("env_tax.small.above", code)
            if amount <= least:
                how = f"{amount:g}不超过{least:g}{row['unit']}"
                calc.step(f"{title}不征", 0.0, unit="元", how=how, clause="附表二注")
                continue
        tax += equivalents(calc, row, amount, title) * rate
    return tax


CONCENTRATION = {
    "air": ("毫克/立方米", {"mg/m3": 1.0, "毫克/标立方米": 1.0, "mg/Nm3": 1.0}),
    "water": ("毫克/升", {"mg/L": 1.0, "mg/l": 1.0}),
}
"""Unit of concentrations, and others that are the same."""
GAS = {"m3": 1.0, "标立方米": 1.0, "Nm3": 1.0, "万立方米": 1e4, "万m3": 1e4, "万标立方米": 1e4}
WASTE_WATER = {"立方米": 1.0, "m3": 1.0, "万立方米": 1e4, "万m3": 1e4}
VOLUME = {
    "air": ("立方米", GAS, ("废气量", "废气排放量")),
    "water": (
        "吨",
        WASTE_WATER,
        ("wastewater", "污水量", "污水排放量", "废水量", "废水排放量", "排水量"),
    ),
}
"""Unit of volumes, others with their factor, and what the volume is called."""


def _outlet_inputs(medium: str) -> tuple[Input, ...]:
    concentration, same = CONCENTRATION[medium]
    volume, others, words = VOLUME[medium]
    of_medium = "大气污染物" if medium == "air" else "水污染物"
    return (
        Input("outlet", "排放口", kind="text", default=""),
        Input(
            name="pollutants",
            zh="污染物排放量",
            unit="千克",
            kind="amounts",
            default={},
            aliases=("emissions", "排放量", "污染物", "应税污染物", of_medium),
            takes_rest=True,
            note="名称（中文、英文或化学式）: 千克",
        ),
        Input(
            name="concentrations",
            zh="浓度",
            unit=concentration,
            kind="amounts",
            default={},
            aliases=("排放浓度", "实测浓度", "浓度值"),
            also=same,
        ),
        Input(
            name="standards",
            zh="排放标准限值",
            unit=concentration,
            kind="amounts",
            default={},
            aliases=("标准限值", "排放标准", "排放限值", "标准浓度"),
            also=same,
            note="给出后自动算减征",
        ),
        Input("volume", "排放体积", unit=volume, optional=True, aliases=words, also=others),
        Input(
            name="shares",
            zh="浓度与标准之比",
            kind="amounts",
            default={},
            aliases=("concentration_to_standard", "浓度占标准比例"),
            note="名称: 0.65；用于减征",
        ),
        Input("compliant", "当月各次监测均达标", kind="flag", default=False),
        Input("penal", "按产生量计征", kind="flag", default=False, aliases=("违规",)),
        Input("generated", "污染物产生量", unit="千克", kind="amounts", default={}),
    )


AIR_OUTLET = _outlet_inputs("air")
WATER_OUTLET = (
    *_outlet_inputs("water"),
    Input("ph", "pH值", optional=True, most=PH_MOST, aliases=("PH", "pH")),
    Input("colour", "色度超标倍数", unit="倍", optional=True, aliases=("color", "色度")),
    Input("coliform_exceeded", "大肠菌群数超标", kind="flag", default=False),
    Input("chlorine_exceeded", "余氯量超标", kind="flag", default=False),
)
EXEMPTION = Input("exempt", "免税情形", kind="choice", choices=EXEMPT, default="")
TAX = Output("tax", "应纳税额", unit="元")
EQUIVALENTS = Output("equivalents", "污染当量数合计", unit="当量")
RULES = (
    Rule(
        id="env_tax.air",
        title_zh="环境保护税·大气污染物",
        title_en="Environmental protection tax, air",
        law=f"{LAW} 第九、十、十一、十二、十三条",
        valid_from=date(2018, 1, 1),
        inputs=(
            Input("outlets", "各排放口", kind="rows", fields=AIR_OUTLET, optional=True),
            *AIR_OUTLET[1:],
            EXEMPTION,
        ),
        outputs=(TAX, EQUIVALENTS),
        compute=air,
        needs=(
            "env_tax.air.rate",
            "env_tax.air.top",
            "env_tax.reduction",
            "env_tax.reduction.at_most",
        ),
        options={"rounding": ("none", "equivalents_2dp")},
    ),
    Rule(
        id="env_tax.water",
        title_zh="环境保护税·水污染物",
        title_en="Environmental protection tax, water",
        law=f"{LAW} 第四、九、十、十一、十二、十三条",
        valid_from=date(2018, 1, 1),
        inputs=(
            Input("outlets", "各排放口", kind="rows", fields=WATER_OUTLET, optional=True),
            *WATER_OUTLET[1:],
            Input(
                name="to_plant",
                zh="排入污水集中处理场所",
                kind="flag",
                default=False,
                aliases=("间接排放",),
            ),
            Input(
                name="small",
                zh="小型排放者",
                kind="amounts",
                default={},
                note="牛、猪（头）、家禽（羽）、床位或污水（吨）",
            ),
            EXEMPTION,
        ),
        outputs=(TAX, EQUIVALENTS),
        compute=water,
        needs=(
            "env_tax.water.rate",
            "env_tax.water.top",
            "env_tax.reduction",
            "env_tax.reduction.at_most",
            "env_tax.water.ph_row",
            "env_tax.small.above",
        ),
        options={"rounding": ("none", "equivalents_2dp")},
    ),
)
