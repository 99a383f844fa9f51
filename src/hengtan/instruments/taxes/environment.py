"""Environmental protection tax: air and water by outlet, solid waste, noise, and the day a quarter
is due.

环境保护税法 (2018 修正) and 实施条例: tax = Σ equivalents of the first pollutants × rate ×
reduction. The code on ecology and environment of 2026-08-15 does not repeal this law by the facts
held; later dates are answered with a warning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

START = date(2018, 1, 1)
LAW = "环境保护税法（2018修正）"
PARTICLES = ("颗粒物", "粉尘", "PM", "PM10", "TSP", "particulates")
ROUNDING = {"rounding": ("none", "equivalents_2dp")}
CLASS1, OTHER = "第一类水污染物", "其他类水污染物"
EXEMPT = {
    "": "不免税",
    "agriculture": "农业生产（不含规模化养殖）",
    "mobile": "机动车、船舶等流动污染源",
    "urban_plant": "城乡污水、生活垃圾集中处理场所达标排放",
    "reuse": "综合利用的固体废物符合标准",
}
NOISE_BANDS = ((3, "1-3"), (6, "4-6"), (9, "7-9"), (12, "10-12"), (15, "13-15"))
SOLID = {
    "coal_gangue": "煤矸石",
    "tailings": "尾矿",
    "hazardous": "危险废物",
    "other": "冶炼渣、粉煤灰、炉渣、其他固体废物",
}


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """A name without signs, blanks and case, one spelling of sulfur and of carbon black."""
    return (
        re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(text)))
        .lower()
        .replace("sulph", "sulf")
        .replace("炭", "碳")
    )


def pollutant_of(calc: Calc, medium: str, name: str, classes: Sequence[str]) -> Mapping[str, Any]:
    """The pollutant of a name: Chinese, English, formula.

    Raises HengtanError for an unknown one.
    """
    for wanted in dict.fromkeys((plain_name(name), plain_name(re.sub(r"[(（].*?[)）]", "", name)))):
        for row in calc.tables.get("pollutants", ()):
            if (
                row["medium"] != medium
                or row["class"] not in classes
                or not ((row["valid_from"] or START) <= calc.day)
            ):
                continue
            if wanted and any(
                wanted == plain_name(s)
                for s in (row["pollutant"], row["name_zh"], row["name_en"] or "", *row["aliases"])
            ):
                return row
    if name in PARTICLES:
        raise HengtanError(
            f"“{name}”不是税目",
            f"'{name}' is no item of the law",
            todo="燃烧产生的颗粒物按“烟尘”，扬尘、工业粉尘按“一般性粉尘”（财税〔2018〕117号，"
            "凭记忆）；石棉尘、玻璃棉尘、碳黑尘各有税目",
            todo_en="soot where it comes from burning, common dust otherwise",
        )
    known = "、".join(
        r["name_zh"]
        for r in calc.tables.get("pollutants", ())
        if r["medium"] == medium and r["class"] in classes
    )
    raise HengtanError(
        f"税目里没有“{name}”",
        f"no taxable pollutant '{name}'",
        todo=f"可用：{known}",
        todo_en="use a name of the law's table",
    )


def _equivalents(calc: Calc, row: Mapping[str, Any], amount: float, label: str) -> float:
    if row["equivalent"] is None or row["certainty"] == "low":
        raise ParameterNotEstablished(
            f"“{row['name_zh']}”的污染当量值没有确立",
            f"the equivalent of {row['pollutant']} is not established",
            todo="查环境保护税法附表二",
            todo_en="see annex 2 of the law",
        )
    if row["confidence"] == "recalled":
        calc.warn(f"{row['name_zh']}的污染当量值凭记忆、未核对原文（附表二）")
    count = amount / row["equivalent"]
    count = calc.rounded(count, 2) if calc.options["rounding"] == "equivalents_2dp" else count
    return float(
        calc.step(
            f"{label}污染当量数",
            count,
            unit="当量",
            how=f"{amount:g} ÷ {row['equivalent']:g}{row['unit']}",
            clause=row["source"],
        )
    )


CLASSES = {"air": ("air",), "water": ("water1", "water2")}


def _by_pollutant(
    calc: Calc, medium: str, figures: Mapping[str, float], what: str
) -> dict[str, float]:
    """Figures by pollutant whatever they are called; a name that is no pollutant is told and left
    out.
    """
    by_pollutant = {}
    for name, value in figures.items():
        try:
            by_pollutant[str(pollutant_of(calc, medium, name, CLASSES[medium])["pollutant"])] = (
                value
            )
        except HengtanError:
            calc.warn(f"{what}里的“{name}”不是税目，没有用")
    return by_pollutant


def _reduction(calc: Calc, outlet: Mapping[str, Any], medium: str, row: Mapping[str, Any]) -> float:
    """0.5, 0.75 or 1 by how far the concentration lies below the standard; only where every reading
    of the month met it (实施条例 第十条).
    """
    shares = _by_pollutant(calc, medium, outlet["shares"], "浓度与标准之比")
    limits = _by_pollutant(calc, medium, outlet["standards"], "标准限值")
    measured = _by_pollutant(calc, medium, outlet["concentrations"], "浓度")
    code, name = row["pollutant"], row["name_zh"]
    share = shares.get(
        code, measured[code] / limits[code] if code in measured and limits.get(code) else None
    )
    if share is None or share > 0.7 + 1e-12:
        return 1.0
    if not outlet["compliant"]:
        calc.warn(f"{name}浓度低于标准30%以上，但未说明当月各次监测均达标（compliant），不予减征")
        return 1.0
    key = "50" if share <= 0.5 + 1e-12 else "30"
    factor = calc.param("env_tax.reduction", key)
    calc.step(f"{name}减征", factor, "", f"浓度为标准的{share:.0%}", f"{LAW} 第十三条")
    return factor


def _taxed(calc: Calc, outlet: Mapping[str, Any], medium: str) -> dict[str, float]:
    """Amounts of an outlet by name [kg]: the emission, the product of concentration and volume, or
    under a penal basis what was generated (实施条例 第七条).

    A concentration beside an amount serves the relief only, and needs its standard.
    """
    amounts = dict(outlet["generated"]) if outlet["penal"] else dict(outlet["pollutants"])
    if outlet["penal"] and not amounts:
        raise calc.refuse(
            "按产生量计征要给出产生量（generated）",
            "a penal basis needs what was generated",
            todo="补上各污染物产生量",
            todo_en="give generated",
        )
    emitted = _by_pollutant(calc, medium, amounts, "排放量") if outlet["concentrations"] else {}
    limits = _by_pollutant(calc, medium, outlet["standards"], "标准限值")
    for name, concentration in outlet["concentrations"].items():
        code = pollutant_of(calc, medium, name, CLASSES[medium])["pollutant"]
        if code in emitted:
            if code not in limits:
                raise calc.refuse(
                    f"“{name}”既给了排放量又给了浓度",
                    f"'{name}' has both an amount and a concentration",
                    todo="只留一个；浓度只用于减征的，给出标准限值（standards）",
                    todo_en="keep one, or give its standard where the concentration is for the "
                    "relief",
                )
            continue
        if outlet["volume"] is None:
            raise calc.refuse(
                "给了浓度就要给排放量（volume）",
                "concentrations need a volume",
                todo="补上废气量（立方米）或污水量（吨）",
                todo_en="give the volume",
            )
        amounts[name] = concentration * outlet["volume"] / (1e6 if medium == "air" else 1e3)
        calc.step(
            f"{name}排放量",
            amounts[name],
            unit="千克",
            how=f"{concentration:g} × {outlet['volume']:g} ÷ {'10⁶' if medium == 'air' else '10³'}",
        )
    return amounts


def _top(
    calc: Calc,
    counts: Sequence[tuple[str, float, float]],
    most: int,
    rate: float,
    title: str,
    where: str,
) -> float:
    """Tax of the first few by equivalents; each (name, equivalents, reduction)."""
    ordered = sorted(counts, key=lambda item: -item[1])
    tax = 0.0
    for n, (name, count, reduction) in enumerate(ordered):
        if n < most:
            tax += count * rate * reduction
        else:
            calc.step(
                f"{where}{name}不计征",
                count,
                unit="当量",
                how=f"不在{title}前{most}项",
                clause=f"{LAW} 第九条",
            )
    return tax


def _rate(calc: Calc, medium: str) -> float:
    rate = calc.param(f"env_tax.{medium}.rate")
    low, high = (
        calc.param(f"env_tax.{medium}.rate.min", region="000000"),
        calc.param(f"env_tax.{medium}.rate.max", region="000000"),
    )
    if not low <= rate <= high:
        calc.warn(f"税额{rate:g}元超出法定幅度{low:g}—{high:g}元")
    return float(
        calc.step(
            "适用税额",
            rate,
            unit="元/当量",
            clause=next(
                (u.source for u in calc.parameters.used if u.name == f"env_tax.{medium}.rate"), LAW
            ),
        )
    )


def _outlets(calc: Calc) -> list[dict[str, Any]]:
    """The outlets of a case: the rows ``outlets``, or one made of the inputs of the case itself."""
    rows = [dict(r) for r in calc["outlets"] or ()]
    own = {i.name: calc[i.name] for i in WATER_OUTLET if i.name in calc.inputs}
    if rows and any(own[k] for k in ("pollutants", "concentrations", "generated")):
        raise calc.refuse(
            "污染物既写在 outlets 里又写在外面",
            "pollutants stand both in outlets and outside",
            todo="都写进 outlets",
            todo_en="put them into outlets",
        )
    return rows or [own]


def _exempted(calc: Calc) -> bool:
    if calc["exempt"]:
        calc.step("免征", 0.0, "元", EXEMPT[calc["exempt"]], f"{LAW} 第十二条")
    return bool(calc["exempt"])


def air(calc: Calc) -> dict[str, float]:
    """Air: of each outlet the first three pollutants by equivalents. [yuan]"""
    if _exempted(calc):
        return {"tax": 0.0, "equivalents": 0.0}
    rate, most = _rate(calc, "air"), int(calc.param("env_tax.air.top"))
    tax = total = 0.0
    for outlet in _outlets(calc):
        where = f"{outlet['outlet']} " if outlet.get("outlet") else ""
        counts = []
        for name, amount in _taxed(calc, outlet, "air").items():
            row = pollutant_of(calc, "air", name, ("air",))
            counts.append(
                (
                    row["name_zh"],
                    _equivalents(calc, row, amount, f"{where}{row['name_zh']}"),
                    _reduction(calc, outlet, "air", row),
                )
            )
        _once(calc, counts)
        tax += _top(calc, counts, most, rate, "污染当量数", where)
        total += sum(count for _, count, _ in counts)
    if not total:
        calc.warn("没有应税污染物：核对是否漏填")
    return {
        "tax": calc.step(
            "应纳税额",
            tax,
            unit="元",
            how="Σ 前三项污染当量数 × 税额 × 减征",
            clause=f"{LAW} 第九、十一条",
        ),
        "equivalents": total,
    }


def _once(calc: Calc, counts: Sequence[tuple[str, float, float]]) -> None:
    names = [name for name, _, _ in counts]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice:
        raise calc.refuse(
            f"“{twice}”写了两次（名称不同，是同一税目）",
            f"'{twice}' occurs twice",
            todo="合并",
            todo_en="merge them",
        )


def water(calc: Calc) -> dict[str, float]:
    """Water: of each outlet the first five of class 1 and the first three of the others; one of
    COD, BOD5, TOC; one of coliform and chlorine. [yuan]
    """
    if _exempted(calc):
        return {"tax": 0.0, "equivalents": 0.0}
    if calc["to_plant"]:
        calc.step(
            "不征",
            0.0,
            unit="元",
            how="排入依法设立的污水集中处理场所，不属直接排放",
            clause=f"{LAW} 第四条",
        )
        return {"tax": 0.0, "equivalents": 0.0}
    rate = _rate(calc, "water")
    tops = {
        1: int(calc.param("env_tax.water.top", "class1")),
        2: int(calc.param("env_tax.water.top", "other")),
    }
    tax = total = 0.0
    for outlet in _outlets(calc):
        where = f"{outlet['outlet']} " if outlet.get("outlet") else ""
        first: list[tuple[str, float, float]] = []
        other: list[tuple[str, float, float, str]] = []
        for name, amount in _taxed(calc, outlet, "water").items():
            row = pollutant_of(calc, "water", name, ("water1", "water2"))
            count = _equivalents(calc, row, amount, f"{where}{row['name_zh']}")
            if row["class"] == "water1":
                first.append((row["name_zh"], count, _reduction(calc, outlet, "water", row)))
            else:
                other.append(
                    (
                        row["name_zh"],
                        count,
                        _reduction(calc, outlet, "water", row),
                        row["group"] or "",
                    )
                )
        other += _by_volume(calc, outlet, where)
        _once(calc, [*first, *(o[:3] for o in other)])
        kept = _one_of_each(calc, other, where)
        tax += _top(calc, first, tops[1], rate, CLASS1, where) + _top(
            calc, kept, tops[2], rate, OTHER, where
        )
        total += sum(c for _, c, _ in first) + sum(c for _, c, _ in kept)
    tax += _small(calc, rate)
    if not tax:
        calc.warn("没有应税污染物：核对是否漏填")
    return {
        "tax": calc.step(
            "应纳税额",
            tax,
            unit="元",
            how="Σ 计征项污染当量数 × 税额 × 减征",
            clause=f"{LAW} 第九、十一条",
        ),
        "equivalents": total,
    }


def _one_of_each(
    calc: Calc, other: Sequence[tuple[str, float, float, str]], where: str
) -> list[tuple[str, float, float]]:
    """Of COD, BOD5 and TOC, and of coliform and chlorine, the one with most equivalents."""
    kept = []
    for name, count, reduction, group in other:
        rivals = [o for o in other if group and o[3] == group]
        if rivals and max(rivals, key=lambda o: o[1])[0] != name:
            calc.step(f"{where}{name}不计征", count, "当量", "同一排放口同组只征一项", "附表二注")
            continue
        kept.append((name, count, reduction))
    return kept


def _by_volume(
    calc: Calc, outlet: Mapping[str, Any], where: str
) -> list[tuple[str, float, float, str]]:
    """pH, colour, coliform and chlorine: taxed by the volume of waste water."""
    asked = {
        "pH": outlet["ph"],
        "色度": outlet["colour"],
        "大肠菌群数": outlet["coliform_exceeded"],
        "余氯量": outlet["chlorine_exceeded"],
    }
    if not any(v not in (None, False) for v in asked.values()):
        return []
    if outlet["volume"] is None:
        raise calc.refuse(
            "pH值、色度、大肠菌群数、余氯量按污水量计征，要给污水量（volume）",
            "pH, colour, coliform and chlorine need the volume of waste water",
            todo="补上污水量（吨）",
            todo_en="give volume",
        )
    volume, counts = outlet["volume"], []
    rows = {
        r["pollutant"]: r for r in calc.tables.get("pollutants", ()) if r["class"] == "water_ph"
    }
    if outlet["ph"] is not None and (band := ph_band(outlet["ph"])):
        row = rows[f"ph_{band}"]
        counts.append(
            (row["name_zh"], _equivalents(calc, row, volume, f"{where}{row['name_zh']}"), 1.0, "")
        )
    if outlet["colour"]:
        counts.append(
            (
                "色度",
                _equivalents(
                    calc,
                    rows["colour"],
                    volume * outlet["colour"],
                    f"{where}色度（污水量×超标倍数）",
                ),
                1.0,
                "",
            )
        )
    for key, code in (
        ("coliform_exceeded", "coliform"),
        ("chlorine_exceeded", "residual_chlorine"),
    ):
        if outlet[key]:
            counts.append(
                (
                    rows[code]["name_zh"],
                    _equivalents(calc, rows[code], volume, f"{where}{rows[code]['name_zh']}"),
                    1.0,
                    "disinfection",
                )
            )
    return counts


def ph_band(ph: float) -> int | None:
    """The row of the pH table: 1 for 0–1 and 13–14 … 5 for 4–5 and 9–10, 6 for 5–6; None within
    6–9.

    5–6 means at least 5 and below 6; 9–10 above 9 and at most 10, the others likewise (附表二注).
    Raises ValueError outside 0–14.
    """
    if not 0 <= ph <= 14:
        raise ValueError("pH lies between 0 and 14")
    if 6 <= ph <= 9:
        return None
    if ph < 6:
        return min(int(ph), 5) + 1
    return next(
        band for band, top in ((5, 10.0), (4, 11.0), (3, 12.0), (2, 13.0), (1, 14.0)) if ph <= top
    )


def _small(calc: Calc, rate: float) -> float:
    """Small emitters that cannot be measured: heads, beds or waste water over their equivalents;
    below the thresholds of the note not taxed.
    """
    tax = 0.0
    thresholds = {
        "cattle": 50,
        "pigs": 500,
        "poultry": 5000,
        "hospital_bed": 20,
        "hospital_disinfected_bed": 20,
    }
    for name, amount in (calc["small"] or {}).items():
        row = pollutant_of(calc, "water", name, ("water_small",))
        least = thresholds.get(row["pollutant"])
        if least is not None and amount <= least:
            calc.step(
                f"{row['name_zh']}不征",
                0.0,
                unit="元",
                how=f"{amount:g}不超过{least:g}{row['unit']}",
                clause="附表二注",
            )
            continue
        tax += _equivalents(calc, row, amount, row["name_zh"]) * rate
    return tax


def solid(calc: Calc) -> dict[str, float]:
    """Solid waste: (generated − stored − disposed − reused, each in compliance) × rate; under a
    penal basis what was generated. [yuan]
    """
    if _exempted(calc):
        return {"tax": 0.0, "taxable": 0.0}
    away = calc["stored"] + calc["disposed"] + calc["reused"]
    if away > calc["generated"] + 1e-9:
        raise calc.refuse(
            f"贮存、处置、利用合计{away:g}吨大于产生量{calc['generated']:g}吨",
            "more is put away than generated",
            todo="核对各项数量",
            todo_en="check the amounts",
        )
    taxable = calc["generated"] if calc["penal"] else calc["generated"] - away
    calc.step(
        "计税数量",
        taxable,
        unit="吨",
        how="产生量" if calc["penal"] else "产生量 − 合规贮存 − 合规处置 − 合规综合利用",
        clause="实施条例 第七条" if calc["penal"] else "实施条例 第五条",
    )
    rate = calc.param("env_tax.solid.rate", calc["kind"])
    calc.step("适用税额", rate, "元/吨", SOLID[calc["kind"]], LAW)
    return {
        "tax": calc.step("应纳税额", taxable * rate, "元", "计税数量 × 税额", f"{LAW} 第十一条"),
        "taxable": taxable,
    }


def noise(calc: Calc) -> dict[str, float]:
    """Industrial noise: of day and night the amount of the band of decibels over the standard, half
    below fifteen days, doubled along a border over 100 m with two points or more. [yuan a month]
    """
    total = 0.0
    for time, zh in (("day", "昼间"), ("night", "夜间")):
        over = calc[f"over_{time}"]
        if over is None and calc[f"measured_{time}"] is not None:
            if calc[f"limit_{time}"] is None:
                raise calc.refuse(
                    f"{zh}给了实测值就要给标准限值（limit_{time}）",
                    f"limit_{time} is missing",
                    todo="补上限值",
                    todo_en="give the limit",
                )
            over = calc[f"measured_{time}"] - calc[f"limit_{time}"]
        if over is None or over <= 0:
            continue
        total += _noise_part(calc, over, calc[f"days_{time}"], zh)
    if (
        calc["border"] is not None
        and calc["border"] > calc.param("env_tax.noise.two_units_boundary")
        and calc["points"] >= 2
    ):
        total *= 2
        calc.step(
            "两处以上超标",
            total,
            unit="元",
            how=f"边界{calc['border']:g}米、{calc['points']}处超标，按两个单位计",
            clause="附表一注",
        )
    if calc["sites"] > 1:
        total *= calc["sites"]
        calc.step(
            "不同地点作业场所",
            total,
            unit="元",
            how=f"{calc['sites']}处分别计算、合并计征",
            clause="附表一注",
        )
    return {"tax": calc.step("应纳税额", total, "元/月", "昼、夜间分别计算、累计计征", "附表一注")}


def _noise_part(calc: Calc, over: float, days: float | None, zh: str) -> float:
    if abs(over - round(over)) > 1e-9:
        raise ParameterNotEstablished(
            f"{zh}超标{over:g}分贝不是整数，取整办法没有查实",
            f"{over:g} dB: how a fraction is rounded is not established",
            todo="查税务总局关于噪声超标分贝数取整的规定，或填整数",
            todo_en="see the tax administration's rule, or give whole decibels",
        )
    whole = round(over)
    key = next((k for most, k in NOISE_BANDS if whole <= most), "16+")
    amount = calc.param("env_tax.noise.rate", key)
    calc.step(f"{zh}超标", whole, "分贝", f"每月{amount:g}元", "附表一")
    if days is not None and days < calc.param("env_tax.noise.half_days"):
        amount *= 0.5
        calc.step(f"{zh}减半", amount, "元", f"一个月内超标{days:g}天，不足十五天", "附表一注")
    return amount


def due(calc: Calc) -> dict[str, Any]:
    """The last day of the quarterly return: within fifteen days of the end of the quarter
    (第十九条).
    """
    period = Period.read(calc["quarter"])
    if period.kind != "quarter":
        raise calc.refuse(
            f"“{calc['quarter']}”不是季度",
            f"'{calc['quarter']}' is no quarter",
            todo="写成 2024-Q2 或 2024年第二季度",
            todo_en="write 2024-Q2",
        )
    last = date(period.end.year + (period.end.month == 12), period.end.month % 12 + 1, 15)
    return {
        "due": calc.step(
            "申报缴纳截止",
            last.isoformat(),
            how="季度终了之日起十五日内；遇节假日顺延由税务机关公告",
            clause=f"{LAW} 第十九条",
        )
    }


def quarterly(calc: Calc) -> dict[str, Any]:
    """The return of a quarter: the taxes of its three months by medium, their sum, and the last day
    (按月计算、按季申报缴纳, 第十八、十九条). [yuan]
    """
    period = Period.read(calc["quarter"])
    months = {Period.read(r["month"]).text: r for r in calc["months"]}
    if (
        period.kind != "quarter"
        or len(months) != len(calc["months"])
        or any(Period.read(m).kind != "month" or not Period.read(m).within(period) for m in months)
    ):
        raise calc.refuse(
            "季度和月份对不上，或月份重复",
            "the months are not those of the quarter, or occur twice",
            todo="季度写成 2024-Q2，月份写成 2024-04",
            todo_en="write 2024-Q2 and 2024-04",
        )
    if len(months) < 3:
        calc.warn(f"只有{len(months)}个月；没有应税排放的月份也应申报零额")
    sums = {
        name: sum(r[name] for r in months.values()) for name in ("air", "water", "solid", "noise")
    }
    for name, zh in (
        ("air", "大气污染物"),
        ("water", "水污染物"),
        ("solid", "固体废物"),
        ("noise", "噪声"),
    ):
        calc.step(zh, sums[name], "元")
    return {
        "tax": calc.step(
            "本季应纳税额",
            sum(sums.values()),
            unit="元",
            how="三个月各税目之和",
            clause=f"{LAW} 第十八条",
        ),
        **due(calc),
    }


MG = {
    "air": ("毫克/立方米", {"mg/m3": 1.0, "毫克/标立方米": 1.0, "mg/Nm3": 1.0}),
    "water": ("毫克/升", {"mg/L": 1.0, "mg/l": 1.0}),
}
VOLUME = {
    "air": (
        "立方米",
        {"m3": 1.0, "标立方米": 1.0, "Nm3": 1.0, "万立方米": 1e4, "万m3": 1e4, "万标立方米": 1e4},
        ("废气量", "废气排放量"),
    ),
    "water": (
        "吨",
        {"立方米": 1.0, "m3": 1.0, "万立方米": 1e4, "万m3": 1e4},
        ("wastewater", "污水量", "污水排放量", "废水量", "废水排放量", "排水量"),
    ),
}


def _outlet(medium: str) -> tuple[Input, ...]:
    (mg, also), (volume, others, words) = MG[medium], VOLUME[medium]
    return (
        Input("outlet", "排放口", kind="text", default=""),
        Input(
            name="pollutants",
            zh="污染物排放量",
            unit="千克",
            kind="amounts",
            default={},
            aliases=(
                "emissions",
                "排放量",
                "污染物",
                "应税污染物",
                "大气污染物" if medium == "air" else "水污染物",
            ),
            takes_rest=True,
            note="名称（中文、英文或化学式）: 千克",
        ),
        Input(
            name="concentrations",
            zh="浓度",
            unit=mg,
            kind="amounts",
            default={},
            aliases=("排放浓度", "实测浓度", "浓度值"),
            also=also,
        ),
        Input(
            name="standards",
            zh="排放标准限值",
            unit=mg,
            kind="amounts",
            default={},
            aliases=("标准限值", "排放标准", "排放限值", "标准浓度"),
            also=also,
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


OUTLET = _outlet("air")
WATER_OUTLET = (
    *_outlet("water"),
    Input("ph", "pH值", optional=True, most=14, aliases=("PH", "pH")),
    Input("colour", "色度超标倍数", unit="倍", optional=True, aliases=("color", "色度")),
    Input("coliform_exceeded", "大肠菌群数超标", kind="flag", default=False),
    Input("chlorine_exceeded", "余氯量超标", kind="flag", default=False),
)
NOISE_ALIASES = {
    "over": ("over", "超标分贝数", "超标分贝"),
    "measured": ("measured", "实测值", "实测分贝"),
    "limit": ("limit", "标准限值", "限值"),
    "days": ("days", "超标天数"),
}
"""What is written without day or night is the day's."""
COMMON = (Input("exempt", "免税情形", kind="choice", choices=EXEMPT, default=""),)
TAX = Output("tax", "应纳税额", unit="元")
RULES = (
    Rule(
        id="env_tax.air",
        title_zh="环境保护税·大气污染物",
        title_en="Environmental protection tax, air",
        law=f"{LAW} 第九、十、十一、十二、十三条",
        valid_from=START,
        inputs=(
            Input("outlets", "各排放口", kind="rows", fields=OUTLET, optional=True),
            *OUTLET[1:],
            *COMMON,
        ),
        outputs=(TAX, Output("equivalents", "污染当量数合计", unit="当量")),
        compute=air,
        needs=("env_tax.air.rate", "env_tax.air.top", "env_tax.reduction"),
        options=ROUNDING,
    ),
    Rule(
        id="env_tax.water",
        title_zh="环境保护税·水污染物",
        title_en="Environmental protection tax, water",
        law=f"{LAW} 第四、九、十、十一、十二、十三条",
        valid_from=START,
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
            *COMMON,
        ),
        outputs=(TAX, Output("equivalents", "污染当量数合计", unit="当量")),
        compute=water,
        needs=("env_tax.water.rate", "env_tax.water.top", "env_tax.reduction"),
        options=ROUNDING,
    ),
    Rule(
        id="env_tax.solid_waste",
        title_zh="环境保护税·固体废物",
        title_en="Environmental protection tax, solid waste",
        law=f"{LAW} 附表一；实施条例 第五、七条",
        valid_from=START,
        inputs=(
            Input("kind", "种类", kind="choice", choices=SOLID),
            Input("generated", "产生量", unit="吨"),
            Input("stored", "合规贮存量", unit="吨", default=0.0),
            Input("disposed", "合规处置量", unit="吨", default=0.0),
            Input("reused", "合规综合利用量", unit="吨", default=0.0),
            Input("penal", "按产生量计征", kind="flag", default=False),
            *COMMON,
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
        valid_from=START,
        inputs=(
            *(
                Input(
                    name=f"{n}_{t}",
                    zh=f"{z}{w}",
                    unit=u,
                    optional=True,
                    least=None if n == "over" else 0.0,
                    also={"dB": 1.0, "dB(A)": 1.0, "db": 1.0} if u == "分贝" else {},
                    aliases=NOISE_ALIASES[n] if t == "day" else (),
                )
                for t, z in (("day", "昼间"), ("night", "夜间"))
                for n, w, u in (
                    ("over", "超标分贝数", "分贝"),
                    ("measured", "实测值", "分贝"),
                    ("limit", "标准限值", "分贝"),
                    ("days", "超标天数", "天"),
                )
            ),
            Input("border", "厂界长度", unit="米", optional=True),
            Input("points", "超标处数", kind="whole", default=1),
            Input("sites", "作业场所数", kind="whole", default=1),
        ),
        outputs=(TAX,),
        compute=noise,
        needs=("env_tax.noise.rate",),
    ),
    Rule(
        id="env_tax.quarterly_return",
        title_zh="环境保护税·季度申报",
        title_en="Environmental protection tax, quarterly return",
        law=f"{LAW} 第十八、十九条",
        valid_from=START,
        inputs=(
            Input("quarter", "季度", kind="text"),
            Input(
                name="months",
                zh="各月税额",
                kind="rows",
                fields=(
                    Input("month", "月份", kind="text"),
                    *(
                        Input(n, zh, unit="元", default=0.0)
                        for n, zh in (
                            ("air", "大气污染物"),
                            ("water", "水污染物"),
                            ("solid", "固体废物"),
                            ("noise", "噪声"),
                        )
                    ),
                ),
            ),
        ),
        outputs=(TAX, Output("due", "截止日")),
        compute=quarterly,
    ),
    Rule(
        id="env_tax.due",
        title_zh="环境保护税·申报期限",
        title_en="Environmental protection tax, day due",
        law=f"{LAW} 第十九条",
        valid_from=START,
        inputs=(Input("quarter", "季度", kind="text"),),
        outputs=(Output("due", "截止日"),),
        compute=due,
    ),
)
