"""Environmental protection tax on air and water, outlet by outlet.

环境保护税法 (2018 修正) and 实施条例: tax = Σ equivalents of the first pollutants × rate ×
reduction. The code on ecology and environment of 2026-08-15 does not repeal this law by the facts
held; later dates are answered with a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.parameters import NATION
from hengtan.instruments.rule import Rule
from hengtan.instruments.taxes.outlet_inputs import (
    AIR_OUTLET,
    EQUIVALENTS,
    EXEMPT,
    EXEMPTION,
    TAX,
    WATER_OUTLET,
)
from hengtan.instruments.taxes.pollutants import (
    LAW,
    Counted,
    by_pollutant,
    equivalents,
    outlet_label,
    pollutant_of,
    reduction,
    refuse_contradiction,
)
from hengtan.instruments.taxes.waste_water import by_volume, small_emitters, with_colour

CLASS1, OTHER = "第一类水污染物", "其他类水污染物"


NO_TAX = {"tax": 0.0, "equivalents": 0.0}


KG_PER_VOLUME = {"air": (1e6, "10⁶"), "water": (1e3, "10³")}


"""What concentration × volume is divided by to be kilograms: mg/m3 × m3, mg/L × t."""


def air(calc: Calc) -> dict[str, float]:
    """Air: of each outlet the first three pollutants by equivalents. [yuan]"""
    if exempted(calc):
        return NO_TAX
    rate, most = _rate(calc, "air"), int(calc.param("env_tax.air.top"))
    tax = total = 0.0
    for outlet in _outlets(calc):
        where = outlet_label(outlet)
        counts = [
            _counted(calc, outlet, "air", name, amount)
            for name, amount in _amounts(calc, outlet, "air").items()
        ]
        _each_once(calc, counts)
        _check_all(calc, outlet, "air")
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
    for outlet in map(partial(with_colour, calc), _outlets(calc)):
        where = outlet_label(outlet)
        class1: list[Counted] = []
        others: list[Counted] = []
        for name, amount in _amounts(calc, outlet, "water").items():
            row = pollutant_of(calc, "water", name)
            of_class = class1 if row["class"] == "water1" else others
            of_class.append(_counted(calc, outlet, "water", name, amount))
        others += by_volume(calc, outlet)
        _each_once(calc, [*class1, *others])
        _check_all(calc, outlet, "water")
        others = _one_of_each_group(calc, others, where)
        tax += _tax_of_first(calc, class1, most_class1, rate, CLASS1, where)
        tax += _tax_of_first(calc, others, most_other, rate, OTHER, where)
        total += _sum(class1) + _sum(others)
    small = small_emitters(calc)
    tax, total = tax + small * rate, total + small
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
    source = calc.parameters.used[-1].cited
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
    calc: Calc, outlet: Mapping[str, Any], medium: str, written: str, amount: float
) -> Counted:
    row = pollutant_of(calc, medium, written)
    name = row["name_zh"]
    count = equivalents(calc, row, amount, f"{outlet_label(outlet)}{name}")
    relief = reduction(calc, outlet, medium, row)
    return Counted(name, count, relief, row["group"] or "", written)


def _check_all(calc: Calc, outlet: Mapping[str, Any], medium: str) -> None:
    """Refuse an outlet that is said to comply with a concentration beyond its standard, also of a
    pollutant that is not taxed here.
    """
    measured = by_pollutant(calc, medium, outlet["concentrations"], "浓度")
    for name, limit in outlet["standards"].items():
        for code in by_pollutant(calc, medium, {name: limit}, "标准限值"):
            if code not in measured:
                calc.warn(f"标准限值里的“{name}”没有对应的浓度，没有用")
            elif limit:
                refuse_contradiction(calc, outlet, name, measured[code] / limit)


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
            calc.part(counted.written, tax=0.0, equivalents=0.0, note=how)
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
        calc.part(counted.written, tax=0.0, equivalents=counted.equivalents, note=how)
        calc.step(
            f"{where}{counted.name}不计征",
            counted.equivalents,
            unit="当量",
            how=how,
            clause=f"{LAW} 第九条",
        )
    tax = 0.0
    for counted in ordered[:most]:
        of_pollutant = counted.equivalents * rate * counted.reduction
        calc.part(counted.written, tax=of_pollutant, equivalents=counted.equivalents)
        tax += of_pollutant
    return tax


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
