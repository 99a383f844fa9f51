"""The quarterly return of the environmental protection tax from what was monitored by outlet and
month, solid waste and noise: the rules of single months, summed, with what is left out said.

环境保护税法 (2018 修正) 第十、十三、十八、十九条.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_QUARTER
from hengtan.instruments.inputs import Input
from hengtan.instruments.part_of_case import of_part, within
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.taxes import outlets, returns, waste_and_noise
from hengtan.instruments.taxes.outlet_inputs import EQUIVALENTS, EXEMPT, EXEMPTION, TAX
from hengtan.instruments.taxes.pollutants import LAW, PARTICLES, plain_name, pollutant_of
from hengtan.instruments.taxes.waste_and_noise import SOLID
from hengtan.instruments.taxes.waste_water import COLOUR

MONTH_RULES = (*outlets.RULES, *waste_and_noise.RULES)
MEDIA = {"air": "大气污染物", "water": "水污染物"}
DUSTS = {"soot": "烟尘", "dust": "一般性粉尘"}
PH = "ph值"
BY_VOLUME = (PH, COLOUR)
"""What is taxed by the volume of waste water, as ``plain_name`` spells it."""
OF_PLANTS = "urban_plant"
"""The exemption of plants that treat the sewage and waste of towns."""
RELIEF_LAW = "财税〔2018〕117号 二"
Row = Mapping[str, Any]


def env_return(calc: Calc) -> dict[str, Any]:
    """Tax of a quarter by medium from monthly readings, with the relief of low concentrations, what
    was not taxed and the readings that are missing. [yuan]
    """
    readings = [_with_item(row) for row in calc["readings"] or ()]
    solids, noises = calc["solids"] or (), calc["noises"] or ()
    if not readings and not solids and not noises:
        raise calc.refuse(
            "这个季度没有监测、固体废物或噪声的记录",
            "the quarter has no readings, no solid waste and no noise",
            todo="填排放口逐月监测；没有应税排放的按零申报",
            todo_en="fill the monthly readings",
        )
    untaxed = _untaxed(calc, readings)
    taxed = _still_exempt(calc, [row for row in readings if row["item"] not in untaxed])
    of_media = {medium: _of_medium(calc, taxed, medium) for medium in MEDIA}
    tax = {medium: amounts["tax"] for medium, amounts in of_media.items()}
    tax["solid"] = sum(_of_month(calc, "env_tax.solid_waste", row) for row in solids)
    tax["noise"] = sum(_of_month(calc, "env_tax.noise", row) for row in noises)
    for medium, zh in returns.MEDIA.items():
        calc.step(f"{zh}合计", tax[medium], "元", "各月之和", f"{LAW} 第十八条")
    outputs = {
        "tax": calc.step("本季应纳税额", sum(tax.values()), "元", "各税目之和", LAW),
        **{f"tax_{medium}": amount for medium, amount in tax.items()},
        "equivalents": sum(amounts["equivalents"] for amounts in of_media.values()),
        "relief": calc.step(
            "其中减征",
            sum(amounts["relief"] for amounts in of_media.values()),
            unit="元",
            how="不减征时的税额 − 税额",
            clause=f"{LAW} 第十三条",
        ),
        "gaps": _gaps(calc, taxed),
        "untaxed": "、".join(untaxed) or "无",
    }
    return outputs | returns.due(calc)


def _with_item(row: Row) -> dict[str, Any]:
    """A reading with the name it is taxed by: particles as the outlet says they are."""
    is_particles = row["pollutant"] in PARTICLES and row["dust"]
    return {**row, "item": DUSTS[row["dust"]] if is_particles else row["pollutant"]}


def _untaxed(calc: Calc, readings: Iterable[Row]) -> list[str]:
    """Names that are monitored and that no item of the law is called by, told.

    Raises HengtanError for particles of which it is not said whether they are soot or dust.
    """
    untaxed: dict[str, None] = {}
    kinds = {(row["medium"], row["item"]): row for row in readings}
    for (_, name), row in kinds.items():
        if plain_name(name) in BY_VOLUME or name in untaxed:
            continue
        try:
            pollutant_of(calc, row["medium"], name)
        except HengtanError as error:
            if name in PARTICLES:
                raise calc.refuse(
                    f"排放口“{row['outlet']}”的“{name}”是烟尘还是一般性粉尘，没有填",
                    f"'{name}' of {row['outlet']}: soot or dust?",
                    todo=f"在“环境保护税税源”里填“颗粒物按”（{error.todo}）",
                    todo_en="fill it in the form of tax sources",
                ) from error
            untaxed[name] = None
    if untaxed:
        calc.warn(f"不是税目、没有计税：{'、'.join(untaxed)}；名称写错的请更正")
    return list(untaxed)


def _of_medium(calc: Calc, readings: Sequence[Row], medium: str) -> dict[str, float]:
    """Tax, equivalents and relief of a medium in the months of the quarter, outlet by outlet."""
    sums = dict.fromkeys(("tax", "equivalents", "relief"), 0.0)
    without_relief = _months_beyond_standards(calc, readings)
    for month, rows in _grouped(readings, "month").items():
        of_month = 0.0
        for outlet in _grouped([row for row in rows if row["medium"] == medium], "outlet").values():
            inputs = _outlet(month, outlet, month not in without_relief)
            charged = _of_outlet(calc, medium, Period.read(month).end, inputs)
            of_month += charged["tax"]
            sums = {name: amount + charged[name] for name, amount in sums.items()}
        if of_month:
            calc.step(f"{month} {MEDIA[medium]}", of_month, "元", "当月各排放口之和")
    return sums


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """Rows by what a column holds, in its order."""
    groups: dict[str, list[Row]] = {}
    for row in sorted(rows, key=itemgetter(column)):
        groups.setdefault(row[column], []).append(row)
    return groups


def _of_outlet(
    calc: Calc, medium: str, day: date, inputs: Mapping[str, Any]
) -> Mapping[str, float]:
    """Tax, equivalents and relief of an outlet in a month. [yuan; 1; yuan]"""
    charged, parts = of_part(calc, MONTH_RULES, f"env_tax.{medium}", day, inputs)
    relieved = [part for part in parts.values() if "note" not in part]
    if not relieved:
        return {**charged, "relief": 0.0}
    rate = replace(calc.parameters, day=day).value(f"env_tax.{medium}.rate")
    relief = sum(part["equivalents"] * rate - part["tax"] for part in relieved)
    return {**charged, "relief": relief}


def _still_exempt(calc: Calc, readings: Sequence[Row]) -> list[Row]:
    """Readings, those of a treatment plant without its exemption in a month above a standard, which
    is told (第十二条 exempts only what keeps them).
    """
    beyond = {(row["month"], row["outlet"]) for row in readings if _is_beyond(row)}
    kept: list[Row] = []
    for row in readings:
        loses = row["exempt"] == OF_PLANTS and (row["month"], row["outlet"]) in beyond
        if loses:
            calc.warn(f"{row['month']}“{row['outlet']}”超过排放标准，集中处理场所当月不免税")
        kept.append({**row, "exempt": ""} if loses else row)
    return kept


def _is_beyond(row: Row) -> bool:
    """Whether the highest reading is above the standard."""
    return bool(row["standard"]) and _peak(row) > row["standard"]


def _months_beyond_standards(calc: Calc, readings: Iterable[Row]) -> set[str]:
    """Months in which any outlet of the payer was above a standard: no relief then, told."""
    beyond = {
        row["month"]: f"{row['outlet']} {row['pollutant']}" for row in readings if _is_beyond(row)
    }
    for month, name in beyond.items():
        calc.warn(f"{month}“{name}”超过排放标准，当月各排放口都不予减征（{RELIEF_LAW}）")
    return set(beyond)


def _peak(row: Row) -> float:
    """The highest reading of a month, else its mean."""
    return float(row["concentration"] if row["highest"] is None else row["highest"])


def _outlet(month: str, rows: Sequence[Row], relief: bool) -> dict[str, Any]:
    """An outlet in a month as the rules of a month take it. ``relief``: concentrations whose
    highest reading is known are held against their standards.
    """
    by_amount = [row for row in rows if plain_name(row["item"]) not in BY_VOLUME]
    known = [row for row in by_amount if relief and row["standard"] and row["highest"] is not None]
    figures = {
        "outlet": f"{month} {rows[0]['outlet']}",
        "pollutants": {row["item"]: row["amount"] for row in by_amount},
        "shares": {row["item"]: row["concentration"] / row["standard"] for row in known},
        "compliant": relief,
        "volume": max(row["flow"] for row in rows),
        **_by_volume(rows),
    }
    inputs: dict[str, Any] = {"outlets": [figures], "exempt": rows[0]["exempt"]}
    if rows[0]["medium"] == "water":
        inputs["to_plant"] = rows[0]["to_plant"]
    return inputs


def _by_volume(rows: Iterable[Row]) -> dict[str, Any]:
    """pH and colour of an outlet, which are taxed by its volume."""
    figures: dict[str, Any] = {}
    for row in rows:
        if plain_name(row["item"]) == PH:
            figures["ph"] = row["concentration"]
        elif row["item"] == COLOUR:
            figures |= {"colour_measured": row["concentration"], "colour_limit": row["standard"]}
    return figures


def _of_month(calc: Calc, rule: str, row: Row) -> float:
    """Tax of a row of solid waste or noise, by the law of the end of its month. [yuan]"""
    inputs = {k: v for k, v in row.items() if k not in ("month", "label") and v not in (None, "")}
    charged = within(calc, MONTH_RULES, rule, Period.read(row["month"]).end, inputs)
    return float(calc.step(f"{row['month']} {row['label']}", charged["tax"], "元"))


def _gaps(calc: Calc, readings: Iterable[Row]) -> int:
    """Months of the quarter that an outlet has no reading of a pollutant for, told."""
    months: dict[str, set[str]] = {}
    for row in readings:
        months.setdefault(f"{row['outlet']} {row['pollutant']}", set()).add(row["month"])
    short = {name: MONTHS_A_QUARTER - len(of_one) for name, of_one in months.items()}
    lacking = [f"{name}缺{number}个月" for name, number in short.items() if number]
    if lacking:
        calc.warn(
            f"{'、'.join(lacking)}，没有计税；委托监测当月无数据的，可跨月沿用最近一次的数据"
            "（财税〔2018〕23号 一；117号限于本季度，凭记忆），补填后再报"
        )
    return sum(short.values())


READING = (
    Input("month", "月份", kind="text"),
    Input("outlet", "排放口", kind="text"),
    Input("medium", "介质", kind="choice", choices=MEDIA),
    Input("pollutant", "污染物", kind="text"),
    Input("amount", "排放量", unit="千克"),
    Input("concentration", "浓度", note="大气毫克/立方米，水毫克/升"),
    Input("standard", "限值", optional=True),
    Input("flow", "排放体积", note="立方米"),
    Input("highest", "最高日均浓度", optional=True, note="没有的不减征"),
    Input("to_plant", "排入污水集中处理场所", kind="flag", default=False),
    Input("exempt", "免税情形", kind="choice", choices=EXEMPT, default=""),
    Input("dust", "颗粒物按", kind="choice", choices={"": "没有填", **DUSTS}, default=""),
)
SOLID_ROW = (
    Input("month", "月份", kind="text"),
    Input("label", "名称", kind="text", default="固体废物"),
    Input("kind", "种类", kind="choice", choices=SOLID),
    Input("generated", "产生量", unit="吨"),
    Input("stored", "合规贮存量", unit="吨", default=0.0),
    Input("disposed", "合规处置量", unit="吨", default=0.0),
    Input("reused", "合规综合利用量", unit="吨", default=0.0),
    Input("penal", "按产生量计征", kind="flag", default=False),
    EXEMPTION,
)
NOISE_ROW = (
    Input("month", "月份", kind="text"),
    Input("label", "作业场所", kind="text", default="噪声"),
    Input("over_day", "昼间超标分贝数", unit="分贝", optional=True),
    Input("over_night", "夜间超标分贝数", unit="分贝", optional=True),
    Input("days_day", "昼间超标天数", unit="天", optional=True),
    Input("days_night", "夜间超标天数", unit="天", optional=True),
    Input("border", "厂界长度", unit="米", optional=True),
    Input("points", "超标处数", kind="whole", default=1),
)
RULES = (
    Rule(
        id="env_tax.return",
        title_zh="环境保护税·季度申报（由监测记录）",
        title_en="Environmental protection tax, return from monitoring",
        law=f"{LAW} 第九、十、十三、十八、十九条",
        valid_from=date(2018, 1, 1),
        inputs=(
            Input("quarter", "季度", kind="text"),
            Input("readings", "排放口逐月监测", kind="rows", fields=READING, optional=True),
            Input("solids", "固体废物", kind="rows", fields=SOLID_ROW, optional=True),
            Input("noises", "噪声", kind="rows", fields=NOISE_ROW, optional=True),
        ),
        outputs=(
            TAX,
            *(Output(f"tax_{medium}", zh, unit="元") for medium, zh in returns.MEDIA.items()),
            EQUIVALENTS,
            Output("relief", "其中减征", unit="元"),
            Output("gaps", "缺监测", unit="个月"),
            Output("untaxed", "不是税目、没有计税"),
            returns.DUE,
        ),
        compute=env_return,
        needs=tuple(
            dict.fromkeys(name for rule in (*MONTH_RULES, *returns.RULES) for name in rule.needs)
        ),
    ),
)
