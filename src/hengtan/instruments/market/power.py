"""National carbon market, power: allowances of units and of an entity, by the plan of the
compliance year; banking; pre-allocation.

The day of a case stands in the compliance year (``date: 2022`` is enough): it picks the plan and
the benchmark values. 国环规气候〔2020〕3号 (2019–2020), 〔2023〕1号 (2021–2022), 〔2024〕1号
(2023–2024); for 2025–2026 only the draft of 2026-07-27 was read, whose values are not established:
the formula runs on parameters that the case gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from hengtan.instruments.bounds import LOAD_MOST
from hengtan.instruments.calc import Calc
from hengtan.instruments.formulas import whole_units
from hengtan.instruments.inputs import Input
from hengtan.instruments.market import formulas as f
from hengtan.instruments.market.generating_units import (
    COOLING,
    UnitAllowance,
    each_unit,
    peaking_2023,
    peaking_draft,
    unit_2019,
    unit_2023,
)
from hengtan.instruments.one_formula import formula_rule
from hengtan.instruments.rule import Output, Rule

CLASSES = {
    "I": "300MW等级以上常规燃煤机组、300MW以上",
    "II": "300MW等级及以下常规燃煤机组、300MW及以下",
    "III": "非常规燃煤机组、燃煤矸石、煤泥、水煤浆等非常规燃煤机组（含循环流化床）",
    "IV": "燃气机组",
}
PLAN_2019 = "国环规气候〔2020〕3号"
PLAN_2021 = "国环规气候〔2023〕1号"
PLAN_2023 = "国环规气候〔2024〕1号"
PLAN_2025 = "国环规气候〔2026〕1号（正式稿未读到，公式取征求意见稿）"


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


def by_supply(calc: Calc, relief: str) -> dict[str, float]:
    """2019–2022, on power supplied. [t CO2]

    Gas units owe no more than they get; what the entity lacks is at most a share of its verified
    emissions. Until 2020 the obligation is capped (``relief`` cap), from 2021 the allowances are
    raised (top_up): the gap is the same.
    """
    check_year(calc)
    units, all_verified = each_unit(calc, unit_2019)
    initial = calc.step("机组配额合计", _allowances(units), "吨")
    if not all_verified:
        calc.warn("没有给经核查排放量，只算应得配额，不算缺口")
        return {"initial": initial, "allowance": initial}
    cap, emissions = calc.param("ets.power.deficit_cap"), _emissions(units)
    if relief == "cap":
        owed = min(sum(unit.owed for unit in units), initial + cap * emissions)
        how = f"燃气机组不超过其免费配额；重点排放单位最高为免费配额加{cap:.0%}核查排放量"
        calc.step("配额清缴义务", owed, unit="吨", how=how, clause=PLAN_2019)
        return _closed(calc, initial, initial, owed)
    allowance = max(_relieved(units), (1 - cap) * emissions)
    how = f"燃气机组不低于核查排放量；重点排放单位不低于核查排放量的{1 - cap:.0%}"
    calc.step("核定配额", allowance, unit="吨", how=how, clause=PLAN_2021)
    return _closed(calc, initial, allowance, emissions)


def by_generation(calc: Calc) -> dict[str, float]:
    """2023–2024, on power generated. [t CO2]

    Gas units get at least their verified emissions, then the entity at least a share of its own.
    """
    check_year(calc)
    units, all_verified = each_unit(calc, partial(unit_2023, peaking_of=peaking_2023))
    initial = calc.step("机组初始配额合计", _allowances(units), "吨")
    if not all_verified:
        calc.warn("没有给经核查排放量，只算初始配额，不算豁免和缺口")
        return {"initial": initial, "allowance": initial}
    cap, emissions = calc.param("ets.power.deficit_cap"), _emissions(units)
    relieved = _relieved(units)
    how = "燃气机组取初始配额与核查排放量的大者"
    calc.step("机组层面豁免后", relieved, unit="吨", how=how, clause=PLAN_2023)
    allowance = max(relieved, (1 - cap) * emissions)
    how = f"重点排放单位层面不低于核查排放量的{1 - cap:.0%}"
    calc.step("应发放配额", allowance, unit="吨", how=how, clause=PLAN_2023)
    return _closed(calc, initial, allowance, emissions)


def by_draft(calc: Calc) -> dict[str, float]:
    """2025–2026, by the draft: the formula of 2023 with the draft's peaking factor, rounded down.
    [t CO2]

    Reliefs were not read and are not given. Raises ParameterNotEstablished unless the case gives
    the benchmark values of the final plan under parameters.
    """
    check_year(calc)
    units, all_verified = each_unit(calc, partial(unit_2023, peaking_of=peaking_draft))
    calc.warn("按2026-07-27征求意见稿的公式计算；正式稿国环规气候〔2026〕1号的表和豁免没有读到")
    whole = sum(float(whole_units(unit.allowance)) for unit in units)
    calc.step("机组配额合计", whole, unit="吨", how="各机组向下取整", clause=PLAN_2025)
    if not all_verified:
        return {"initial": whole, "allowance": whole}
    return _closed(calc, whole, whole, _emissions(units))


def _allowances(units: Iterable[UnitAllowance]) -> float:
    return sum(unit.allowance for unit in units)


def _emissions(units: Iterable[UnitAllowance]) -> float:
    return sum(unit.emissions for unit in units)


def _relieved(units: Iterable[UnitAllowance]) -> float:
    return sum(unit.relieved for unit in units)


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
        most=LOAD_MOST,
        aliases=("出力系数", "负荷系数", "load_factor"),
        note="0.78 或 78%",
    ),
    Input("biomass_share", "掺烧生物质热量占比", default=0.0, most=1.0),
    Input("unconventional_share", "非常规燃料热量占比", optional=True, most=1.0),
    Input("other_fuel_share", "掺烧其他燃料热量占比", default=0.0, most=1.0),
    Input("months_lost", "缺数据的月数", unit="月", kind="whole", default=0),
)
SUPPLYING = (
    *UNIT,
    Input("power_supplied", "供电量", unit="兆瓦时", default=0.0),
    Input("cooling", "冷却方式", kind="choice", choices=COOLING, default="water"),
    Input("heat_ratio", "供热比", default=0.0, most=1.0),
)
GENERATING = (*UNIT, Input("power_generated", "发电量", unit="兆瓦时", default=0.0))
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
NEEDS_2019 = (
    "ets.power.benchmark",
    "ets.power.heat_benchmark",
    "ets.power.cooling",
    "ets.power.heat_coef",
    "ets.power.load",
    "ets.power.deficit_cap",
)
NEEDS_2023 = (
    "ets.power.benchmark",
    "ets.power.heat_benchmark",
    "ets.power.class_I_min",
    "ets.power.class_III_min",
    "ets.power.class_IV_max",
    "ets.power.biomass_max",
    "ets.power.peaking",
    "ets.power.deficit_cap",
)
DAY = "案例日期取履约年度内的日期（只写年份即可），配额方案和基准值按它选取"


def _with_units(units: tuple[Input, ...]) -> tuple[Input, ...]:
    """Inputs of a case: rows of units, or one unit."""
    return (
        Input("units", "各机组", kind="rows", fields=units, optional=True),
        *(item for item in units if item.name != "unit"),
        Input("unit", "机组名称", kind="text", default=""),
        YEAR,
    )


def _bank(
    sector: str, net_sales: float, holdings: float, base: float, times: float
) -> dict[str, float]:
    return {"banked": f.banked_allowance(base, times, net_sales, holdings)}


def _before(sector: str, last_year: float, share: float) -> dict[str, float]:
    return {"preallocated": f.preallocated(last_year, share)}


SECTOR = {"power": "发电", "sector": "钢铁、水泥、铝冶炼"}
RULES = (
    Rule(
        id="ets.power",
        title_zh="全国碳市场·发电行业配额",
        title_en="National carbon market, allowances of power",
        law=PLAN_2019,
        valid_from=date(2019, 1, 1),
        valid_to=date(2020, 12, 31),
        inputs=_with_units(SUPPLYING),
        outputs=OUT,
        compute=partial(by_supply, relief="cap"),
        needs=NEEDS_2019,
        note_zh=DAY,
    ),
    Rule(
        id="ets.power",
        title_zh="全国碳市场·发电行业配额",
        title_en="National carbon market, allowances of power",
        law=PLAN_2021,
        valid_from=date(2021, 1, 1),
        valid_to=date(2022, 12, 31),
        inputs=_with_units(SUPPLYING),
        outputs=OUT,
        compute=partial(by_supply, relief="top_up"),
        needs=NEEDS_2019,
        note_zh=DAY,
    ),
    Rule(
        id="ets.power",
        title_zh="全国碳市场·发电行业配额",
        title_en="National carbon market, allowances of power",
        law=PLAN_2023,
        valid_from=date(2023, 1, 1),
        valid_to=date(2024, 12, 31),
        inputs=_with_units(GENERATING),
        outputs=OUT,
        compute=by_generation,
        needs=NEEDS_2023,
        note_zh=DAY,
    ),
    Rule(
        id="ets.power",
        title_zh="全国碳市场·发电行业配额",
        title_en="National carbon market, allowances of power",
        law=PLAN_2025,
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 12, 31),
        inputs=_with_units(GENERATING),
        outputs=OUT,
        compute=by_draft,
        needs=("ets.power.benchmark", "ets.power.heat_benchmark", "ets.power.peaking"),
        note_zh=DAY,
    ),
    formula_rule(
        id="ets.banking",
        title_zh="全国碳市场·配额结转",
        title_en="National carbon market, banking",
        law=f"{PLAN_2023} 附5；国环规气候〔2025〕2号",
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
        how="向下取整(B + R·max(0, 净卖出量))，不超过持仓",
    ),
    formula_rule(
        id="ets.preallocation",
        title_zh="全国碳市场·预分配",
        title_en="National carbon market, pre-allocation",
        law=f"{PLAN_2023}；国环规气候〔2025〕2号",
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
