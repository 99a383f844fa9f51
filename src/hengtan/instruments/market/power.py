"""National carbon market, power: allowances of units and of an entity, by the plan of the
compliance year; banking; pre-allocation.

The day of a case stands in the compliance year (``date: 2022`` is enough): it picks the plan and
the benchmark values. 国环规气候〔2020〕3号 (2019–2020), 〔2023〕1号 (2021–2022), 〔2024〕1号
(2023–2024); for 2025–2026 only the draft of 2026-07-27 was read, whose values are not established:
the formula runs on parameters that the case gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.market import formulas as f
from hengtan.instruments.one_formula import formula_rule
from hengtan.instruments.rule import Output, Rule

CLASSES = {
    "I": "300MW等级以上常规燃煤机组、300MW以上",
    "II": "300MW等级及以下常规燃煤机组、300MW及以下",
    "III": "非常规燃煤机组、燃煤矸石、煤泥、水煤浆等非常规燃煤机组（含循环流化床）",
    "IV": "燃气机组",
}
COOLING = {"water": "水冷", "air": "空冷"}
PLANS = {
    2019: "国环规气候〔2020〕3号",
    2021: "国环规气候〔2023〕1号",
    2023: "国环规气候〔2024〕1号",
    2025: "国环规气候〔2026〕1号（正式稿未读到，公式取征求意见稿）",
}


def check_year(calc: Calc) -> int:
    """The compliance year: that of the day of the case.

    Raises HengtanError where the case tells another.
    """
    year = calc.inputs.get("year")
    if year is not None and year != calc.day.year:
        raise calc.refuse(
            f"履约年度{year}与案例日期{calc.day}不在同一年",
            f"the year {year} is not that of the date",
            todo="date 写履约年度内的日期，例如该年 12-31",
            todo_en="let date stand in the compliance year",
        )
    return calc.day.year


def _units(calc: Calc) -> list[dict[str, Any]]:
    """The units of a case: the rows ``units``, or one made of the inputs of the case itself."""
    rows, own = (
        [dict(r) for r in calc["units"] or ()],
        {i.name: calc[i.name] for i in calc.rule.inputs if i.name not in ("units", "year")},
    )
    inside = any(
        own.get(k)
        for k in ("class", "rated", "emissions", "power_supplied", "power_generated", "heat")
    )
    if rows and inside:
        raise calc.refuse(
            "机组数据既写在 units 里又写在外面",
            "units stand both in units and outside",
            todo="都写进 units",
            todo_en="put them into units",
        )
    return rows or [own]


def _class(calc: Calc, unit: Mapping[str, Any], where: str) -> str:
    """The class of a unit: as told, or by rated power where the plan has a border (400 MW from
    2023).

    Raises ParameterNotEstablished for a border before, HengtanError.
    """
    kind, rated = unit["class"], unit["rated"]
    if not kind and rated is None:
        raise calc.refuse(
            f"{where}缺机组类别（class）或额定功率（rated）",
            "class or rated power is missing",
            todo="填 I、II、III、IV，或常规燃煤机组的额定功率（MW）",
            todo_en="give class or rated",
        )
    if not kind:
        border = calc.param("ets.power.class_I_min")
        return str(
            calc.step(
                f"{where}机组类别",
                "I" if rated >= border else "II",
                how=f"额定功率{rated:g}MW，以{border:g}MW为界",
                clause="附1",
            )
        )
    if (
        kind in ("I", "II")
        and rated is not None
        and calc.parameters.has("ets.power.class_I_min")
        and (rated >= calc.param("ets.power.class_I_min")) != (kind == "I")
    ):
        calc.warn(
            f"{where}额定功率{rated:g}MW与所填{kind}类不符（以400MW为界；合并填报机组按最不利原则）"
        )
    share = unit["unconventional_share"]
    if kind == "III" and share is not None and share <= calc.param("ets.power.class_III_min"):
        raise calc.refuse(
            f"{where}非常规燃料热量占比{share:g}未超过一半，不属III类",
            "the share of unconventional fuel is not above one half",
            todo="改为 I 或 II 类",
            todo_en="class I or II",
        )
    if (
        kind == "IV"
        and unit["other_fuel_share"] > 0
        and unit["other_fuel_share"] > calc.param("ets.power.class_IV_max")
    ):
        raise calc.refuse(
            f"{where}燃气机组掺烧其他燃料超过上限",
            "too much other fuel for a gas unit",
            todo="按主体燃料另定类别",
            todo_en="take another class",
        )
    return str(kind)


def _in_scope(calc: Calc, unit: Mapping[str, Any], where: str) -> None:
    if unit["biomass_share"] > 0 and unit["biomass_share"] > calc.param("ets.power.biomass_max"):
        raise calc.refuse(
            f"{where}掺烧生物质（含垃圾、污泥）热量占比{unit['biomass_share']:g}超过10%，暂不纳入",
            "co-fired biomass above the limit: outside",
            todo="不填这台机组",
            todo_en="leave this unit out",
        )


def _unit_2019(calc: Calc, unit: Mapping[str, Any], where: str) -> tuple[str, float]:
    kind = _class(calc, unit, where)
    fuel = "gas" if kind == "IV" else "coal"
    heat_ratio = unit["heat_ratio"]
    load = 1.0
    if kind in ("I", "II") and heat_ratio == 0 and not unit["heat"]:
        if unit["load"] is None:
            raise calc.refuse(
                f"{where}常规燃煤纯凝机组要给负荷（出力）系数（load）",
                "a condensing coal unit needs its load",
                todo="填平均出力与额定功率之比",
                todo_en="give load",
            )
        load = calc.step(
            f"{where}负荷（出力）系数修正系数 Ff",
            f.load_factor_2019(unit["load"]),
            how=f"F = {unit['load']:g}",
            clause="附件 修正系数表",
        )
    cooling, heat_coefficient = (
        calc.param("ets.power.cooling", unit["cooling"]),
        calc.param("ets.power.heat_coef", fuel),
    )
    calc.step(f"{where}冷却方式修正系数 Fl", cooling, "", COOLING[unit["cooling"]])
    calc.step(
        f"{where}供热量修正系数 Fr",
        1 - heat_coefficient * heat_ratio,
        how=f"1 − {heat_coefficient:g} × 供热比 {heat_ratio:g}",
    )
    allowance = f.unit_allowance_2019(
        unit["power_supplied"],
        calc.param("ets.power.benchmark", kind),
        cooling,
        heat_ratio,
        heat_coefficient,
        load,
        unit["heat"],
        calc.param("ets.power.heat_benchmark", fuel),
    )
    return kind, float(
        calc.step(f"{where}机组配额", allowance, "吨", "Qe·Be·Fl·Fr·Ff + Qh·Bh", calc.rule.law)
    )


def _unit_2023(calc: Calc, unit: Mapping[str, Any], where: str) -> tuple[str, float]:
    _in_scope(calc, unit, where)
    kind = _class(calc, unit, where)
    peaking = 1.0
    if kind in ("I", "II"):
        if unit["load"] is None:
            raise calc.refuse(
                f"{where}常规燃煤机组要给负荷（出力）系数（load）",
                "a conventional coal unit needs its load",
                todo="填平均出力与额定功率之比",
                todo_en="give load",
            )
        peaking = _peaking(calc, unit["load"])
        calc.step(f"{where}调峰修正系数 Fp", peaking, "", f"F = {unit['load']:g}", "附3 表1")
    allowance = f.unit_allowance_2023(
        unit["power_generated"],
        calc.param("ets.power.benchmark", kind),
        peaking,
        unit["heat"],
        calc.param("ets.power.heat_benchmark", "gas" if kind == "IV" else "coal"),
    )
    return kind, float(
        calc.step(f"{where}机组配额", allowance, "吨", "Ge·Be·Fp + Qh·Bh", calc.rule.law)
    )


def _peaking(calc: Calc, load: float) -> float:
    if calc.day.year < 2025:
        return float(f.peaking_factor_2023(load))
    return float(
        f.peaking_factor_draft(
            load, *(calc.param("ets.power.peaking", k) for k in ("limit", "a", "b", "c", "d", "e"))
        )
    )


def _each(calc: Calc, by: Any) -> tuple[list[tuple[str, float, float]], bool]:
    """Of each unit its class, allowance and verified emissions (nought where not told), and whether
    all are told.
    """
    check_year(calc)
    units, all_verified = [], True
    for n, unit in enumerate(_units(calc), start=1):
        where = f"{unit['unit'] or f'{n}号机组'} " if calc["units"] else ""
        kind, allowance = by(calc, unit, where)
        units.append((kind, allowance, unit["emissions"] or 0.0))
        all_verified = all_verified and unit["emissions"] is not None
    return units, all_verified


def by_supply(calc: Calc, relief: str) -> dict[str, float]:
    """2019–2022, on power supplied: gas units owe no more than they get, the entity lacks at most
    20 % of its verified emissions. [tCO2]

    Until 2020 the obligation is capped (``relief`` cap), from 2021 the allowances are raised
    (top_up): the gap is the same.
    """
    units, all_verified = _each(calc, _unit_2019)
    initial = calc.step("机组配额合计", sum(a for _, a, _ in units), "吨")
    if not all_verified:
        calc.warn("没有给经核查排放量（emissions），只算应得配额，不算缺口")
        return {"initial": initial, "allowance": initial}
    cap, emissions = calc.param("ets.power.deficit_cap"), sum(e for _, _, e in units)
    if relief == "cap":
        owed = sum(min(e, a) if kind == "IV" else e for kind, a, e in units)
        obligation = calc.step(
            "配额清缴义务",
            min(owed, initial + cap * emissions),
            unit="吨",
            how="燃气机组不超过其免费配额；重点排放单位最高为免费配额加20%核查排放量",
            clause=PLANS[2019],
        )
        return _closed(calc, initial, initial, obligation)
    raised = sum(max(a, e) if kind == "IV" else a for kind, a, e in units)
    return _closed(
        calc,
        initial,
        calc.step(
            "核定配额",
            max(raised, (1 - cap) * emissions),
            unit="吨",
            how="燃气机组不低于核查排放量；重点排放单位不低于核查排放量的80%",
            clause=PLANS[2021],
        ),
        emissions,
    )


def by_generation(calc: Calc) -> dict[str, float]:
    """2023–2024, on power generated: gas units get at least their verified emissions, then the
    entity at least 80 % of its own. [tCO2]
    """
    units, all_verified = _each(calc, _unit_2023)
    initial = calc.step("机组初始配额合计", sum(a for _, a, _ in units), "吨")
    if not all_verified:
        calc.warn("没有给经核查排放量（emissions），只算初始配额，不算豁免和缺口")
        return {"initial": initial, "allowance": initial}
    cap, emissions = calc.param("ets.power.deficit_cap"), sum(e for _, _, e in units)
    relieved = calc.step(
        "机组层面豁免后",
        sum(max(a, e) if kind == "IV" else a for kind, a, e in units),
        unit="吨",
        how="燃气机组取初始配额与核查排放量的大者",
        clause=PLANS[2023],
    )
    return _closed(
        calc,
        initial,
        calc.step(
            "应发放配额",
            max(relieved, (1 - cap) * emissions),
            unit="吨",
            how="重点排放单位层面不低于核查排放量的80%",
            clause=PLANS[2023],
        ),
        emissions,
    )


def by_draft(calc: Calc) -> dict[str, float]:
    """2025–2026, by the draft: the formula of 2023 with the draft's peaking factor, rounded down;
    reliefs were not read and are not given. [tCO2]

    Raises ParameterNotEstablished unless the case gives the benchmark values of the final plan
    under parameters.
    """
    units, all_verified = _each(calc, _unit_2023)
    calc.warn("按2026-07-27征求意见稿的公式计算；正式稿国环规气候〔2026〕1号的表和豁免没有读到")
    initial = calc.step(
        "机组配额合计",
        sum(float(f.whole_tonnes(a)) for _, a, _ in units),
        unit="吨",
        how="各机组向下取整",
        clause=PLANS[2025],
    )
    if not all_verified:
        return {"initial": initial, "allowance": initial}
    return _closed(calc, initial, initial, sum(e for _, _, e in units))


def _closed(calc: Calc, initial: float, allowance: float, obligation: float) -> dict[str, float]:
    gap = float(f.shortfall(obligation, allowance))
    calc.step(
        "配额缺口" if gap else "配额盈余",
        gap or allowance - obligation,
        unit="吨",
        how="清缴义务与配额之差",
    )
    return {
        "initial": initial,
        "allowance": allowance,
        "obligation": obligation,
        "gap": gap,
        "surplus": max(0.0, allowance - obligation),
    }


UNIT = (
    Input("unit", "机组", kind="text", default=""),
    Input("class", "机组类别", kind="choice", choices=CLASSES, default="", aliases=("类别",)),
    Input("rated", "额定功率", unit="兆瓦", optional=True, aliases=("装机容量",)),
    Input("heat", "供热量", unit="吉焦", default=0.0),
    Input(
        name="emissions",
        zh="经核查排放量",
        unit="吨",
        optional=True,
        aliases=("核查排放量", "verified_emissions"),
    ),
    Input(
        name="load",
        zh="负荷（出力）系数",
        optional=True,
        most=1.5,
        aliases=("出力系数", "负荷系数", "load_factor"),
        note="0.78 或 78%",
    ),
    Input("biomass_share", "掺烧生物质热量占比", default=0.0, most=1.0),
    Input("unconventional_share", "非常规燃料热量占比", optional=True, most=1.0),
    Input("other_fuel_share", "掺烧其他燃料热量占比", default=0.0, most=1.0),
)
OLD = (
    *UNIT,
    Input("power_supplied", "供电量", unit="兆瓦时", default=0.0),
    Input("cooling", "冷却方式", kind="choice", choices=COOLING, default="water"),
    Input("heat_ratio", "供热比", default=0.0, most=1.0),
)
NEW = (*UNIT, Input("power_generated", "发电量", unit="兆瓦时", default=0.0))
YEAR = Input(
    name="year",
    zh="履约年度",
    kind="whole",
    optional=True,
    aliases=("年度",),
    note="可不填；须与案例日期同年",
)
OUT = (
    Output("initial", "初始配额", unit="吨"),
    Output("allowance", "核定配额", unit="吨"),
    Output("obligation", "清缴义务", unit="吨"),
    Output("gap", "配额缺口", unit="吨"),
    Output("surplus", "配额盈余", unit="吨"),
)
OLD_NEEDS = (
    "ets.power.benchmark",
    "ets.power.heat_benchmark",
    "ets.power.cooling",
    "ets.power.heat_coef",
    "ets.power.deficit_cap",
)
NEW_NEEDS = (
    "ets.power.benchmark",
    "ets.power.heat_benchmark",
    "ets.power.class_I_min",
    "ets.power.class_III_min",
    "ets.power.class_IV_max",
    "ets.power.biomass_max",
    "ets.power.deficit_cap",
)
DAY = "案例日期取履约年度内的日期（写 date: 2022 即可），配额方案和基准值按它选取"


def _power(
    compute: Any, units: tuple[Input, ...], start: int, end: int, needs: tuple[str, ...]
) -> Rule:
    inputs = (
        Input("units", "各机组", kind="rows", fields=units, optional=True),
        *(i for i in units if i.name != "unit"),
        Input("unit", "机组名称", kind="text", default=""),
        YEAR,
    )
    return Rule(
        id="ets.power",
        title_zh="全国碳市场·发电行业配额",
        title_en="National carbon market, allowances of power",
        law=PLANS[start],
        valid_from=date(start, 1, 1),
        valid_to=date(end, 12, 31),
        inputs=inputs,
        outputs=OUT,
        compute=compute,
        needs=needs,
        note_zh=DAY,
    )


def _bank(
    sector: str, net_sales: float, holdings: float, base: float, times: float
) -> dict[str, float]:
    return {"banked": f.banked_allowance(base, times, net_sales, holdings)}


def _before(sector: str, last_year: float, share: float) -> dict[str, float]:
    return {"preallocated": f.preallocated(last_year, share)}


SECTOR = {"power": "发电", "sector": "钢铁、水泥、铝冶炼"}
RULES = (
    _power(partial(by_supply, relief="cap"), OLD, 2019, 2020, OLD_NEEDS),
    _power(partial(by_supply, relief="top_up"), OLD, 2021, 2022, OLD_NEEDS),
    _power(by_generation, NEW, 2023, 2024, NEW_NEEDS),
    _power(
        by_draft,
        NEW,
        2025,
        2026,
        ("ets.power.benchmark", "ets.power.heat_benchmark", "ets.power.peaking"),
    ),
    formula_rule(
        id="ets.banking",
        title_zh="全国碳市场·配额结转",
        title_en="National carbon market, banking",
        law=f"{PLANS[2023]} 附5；国环规气候〔2025〕2号",
        valid_from=date(2024, 1, 1),
        inputs=(
            Input("sector", "行业", kind="choice", choices=SECTOR, default="power"),
            Input(
                name="net_sales",
                zh="净卖出量",
                unit="吨",
                least=None,
                note="2024-01-01 至 2025-12-31，各年度标的合计",
            ),
            Input("holdings", "2025年末持仓", unit="吨", aliases=("持仓量",)),
        ),
        outputs=(Output("banked", "可结转配额", unit="吨"),),
        formula=_bank,
        parameters={
            "base": ("ets.banking.base", "sector"),
            "times": ("ets.banking.ratio", "sector"),
        },
        how="floor(B + R·max(0, 净卖出量))，不超过持仓",
    ),
    formula_rule(
        id="ets.preallocation",
        title_zh="全国碳市场·预分配",
        title_en="National carbon market, pre-allocation",
        law=f"{PLANS[2023]}；国环规气候〔2025〕2号",
        valid_from=date(2023, 1, 1),
        inputs=(
            Input("sector", "行业", kind="choice", choices=SECTOR, default="power"),
            Input("last_year", "上一年度核查排放量", unit="吨"),
        ),
        outputs=(Output("preallocated", "预分配配额", unit="吨"),),
        formula=_before,
        parameters={"share": ("ets.preallocation", "sector")},
        how="上一年度核查排放量 × 比例",
        note_zh=DAY,
    ),
)
