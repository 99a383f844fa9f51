"""National carbon market, steel, cement and aluminium: allowances equal to emissions in 2024, by
the deviation from the balance value from 2025; the balance value solved.

国环规气候〔2025〕2号. For 2026 (国环规气候〔2026〕1号) only ±3 % of steel and aluminium was read at
second hand: slope and band raise. The day of a case stands in the compliance year.
"""

from __future__ import annotations

from datetime import date

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.market import formulas as f
from hengtan.instruments.market.balance import solve_balance, surplus
from hengtan.instruments.market.power import DAY, YEAR, check_year
from hengtan.instruments.rule import Output, Rule

LAW = "国环规气候〔2025〕2号"
SECTORS = {"steel": "钢铁", "cement": "水泥", "aluminium": "铝冶炼"}
LINES = {
    "": "一般",
    "white": "仅生产白水泥熟料的生产线",
    "carbide_slag": "电石渣生产线",
    "gypsum": "石膏制硫酸副产熟料的生产线",
}
INTENSITY = {
    "steel": "（炼铁工序排放 + 烧结工序排放）÷ 炼铁工序产品产量",
    "cement": "生产线排放 ÷ 熟料产量",
    "aluminium": "（能源作原材料排放 + 阳极效应排放）÷ 铝液产量",
}


def equal(calc: Calc) -> dict[str, float]:
    """2024: allowances equal verified emissions. [tCO2]"""
    check_year(calc)
    allowance = calc.step("核定配额", calc["emissions"], "吨", "等于经核查排放量", LAW)
    return {
        "allowance": allowance,
        "gap": calc.step("配额缺口", 0.0, "吨", "核查排放量 − 核定配额"),
    }


def by_intensity(calc: Calc) -> dict[str, float]:
    """From 2025: floor(E·(1 + α)) with α by the deviation of the intensity from the balance value,
    which the case gives. [tCO2]
    """
    check_year(calc)
    emissions = calc["emissions"]
    if _special(calc):
        calc.step("核定配额", emissions, "吨", f"{LINES[calc['line']]}：等于经核查排放量", LAW)
        return {"allowance": emissions, "alpha": 0.0, "gap": 0.0, "surplus": 0.0}
    if not calc["balance"]:
        raise calc.refuse(
            "缺平衡值（balance）：它不是方案中的常数，由全行业核查数据求解，企业在管理平台查询",
            "the balance value is missing",
            todo="填平台公布的平衡值，或用 ets.balance 求解",
            todo_en="give balance, or solve ets.balance",
        )
    intensity = calc["intensity"]
    if intensity is None:
        if not calc["output"] or calc["process_emissions"] is None:
            raise calc.refuse(
                "缺碳排放强度：给 intensity，或给工序排放量和产量",
                "the intensity is missing",
                todo=f"{INTENSITY[calc['sector']]}",
                todo_en="give intensity, or process_emissions and output",
            )
        intensity = calc["process_emissions"] / calc["output"]
    calc.step("碳排放强度 I", intensity, "吨/吨", INTENSITY[calc["sector"]], LAW)
    off = calc.step("偏离度 X", f.deviation(calc["balance"], intensity), "", "(BP − I)/BP", LAW)
    slope, band, cap = (
        calc.param("ets.sector.slope"),
        calc.param("ets.sector.band"),
        calc.param("ets.sector.cap", calc["sector"]),
    )
    adjustment = calc.step(
        "调整系数 α",
        f.alpha(off, slope, band, cap),
        how=f"|X| < {band:g} 取 {slope:g}·X，否则 ±{cap:g}",
        clause=f"{LAW} 表1",
    )
    allowance = calc.step(
        "核定配额",
        f.sector_allowance(emissions, adjustment),
        unit="吨",
        how="E·(1+α)，向下取整",
        clause=LAW,
    )
    return {
        "allowance": allowance,
        "alpha": adjustment,
        "deviation": off,
        "intensity": intensity,
        "gap": max(0.0, emissions - allowance),
        "surplus": max(0.0, allowance - emissions),
    }


def _special(calc: Calc) -> bool:
    """Lines of cement whose allowances stay at their emissions."""
    line, share = calc["line"], calc["carbide_slag_share"]
    if line and calc["sector"] != "cement":
        raise calc.refuse(
            "只有水泥有特殊生产线",
            "only cement has special lines",
            todo="去掉 line",
            todo_en="drop line",
        )
    if line == "carbide_slag":
        if share is None:
            raise calc.refuse(
                "电石渣生产线要给替代率（carbide_slag_share）",
                "the share of carbide slag is missing",
                todo="填替代率",
                todo_en="give carbide_slag_share",
            )
        return bool(share > calc.param("ets.sector.carbide_slag_min"))
    return bool(line)


def balance(calc: Calc) -> dict[str, float]:
    """The balance value of a sector from all its entities. [unit of the intensities]"""
    check_year(calc)
    rows = calc["entities"]
    if not rows or any(r["emissions"] <= 0 or r["intensity"] <= 0 for r in rows):
        raise calc.refuse(
            "各单位的核查排放量和强度都要大于零，且至少一家",
            "emissions and intensities must be positive, of one entity at least",
            todo="去掉没有排放的单位",
            todo_en="drop entities without emissions",
        )
    slope, band, cap = (
        calc.param("ets.sector.slope"),
        calc.param("ets.sector.band"),
        calc.param("ets.sector.cap", calc["sector"]),
    )
    emissions, intensities = [r["emissions"] for r in rows], [r["intensity"] for r in rows]
    balanced = solve_balance(emissions, intensities, slope, band, cap)
    calc.step("平衡值 BP", balanced.value, "吨/吨", "解 ΣE·(1+α(BP)) = ΣE（取整前）", LAW)
    if not balanced.unique:
        calc.warn(f"平衡值不唯一：{balanced.low:g}至{balanced.high:g}都满足，取中间")
    allowances = [
        float(f.sector_allowance(e, f.alpha(f.deviation(balanced.value, i), slope, band, cap)))
        for e, i in zip(emissions, intensities, strict=True)
    ]
    for row, a in zip(rows, allowances, strict=True):
        calc.step(f"{row['name'] or '单位'} 核定配额", a, "吨", f"盈余{a - row['emissions']:g}")
    return {
        "balance": balanced.value,
        "low": balanced.low,
        "high": balanced.high,
        "allowances": sum(allowances),
        "emissions": sum(emissions),
        "residual": surplus(balanced.value, emissions, intensities, slope, band, cap),
    }


EMISSIONS = Input("emissions", "经核查排放量", unit="吨", aliases=("核查排放量",))
KIND = Input("sector", "行业", kind="choice", choices=SECTORS)
ENTITY = (
    Input("name", "单位", kind="text", default=""),
    EMISSIONS,
    Input("intensity", "碳排放强度", unit="吨/吨"),
)
RULES = (
    Rule(
        id="ets.sector",
        title_zh="全国碳市场·钢铁、水泥、铝冶炼配额（2024年度）",
        title_en="National carbon market, steel, cement, aluminium 2024",
        law=LAW,
        valid_from=date(2024, 1, 1),
        valid_to=date(2024, 12, 31),
        inputs=(KIND, EMISSIONS, YEAR),
        outputs=(Output("allowance", "核定配额", unit="吨"), Output("gap", "配额缺口", unit="吨")),
        compute=equal,
        note_zh=DAY,
    ),
    Rule(
        id="ets.sector",
        title_zh="全国碳市场·钢铁、水泥、铝冶炼配额（2025年度起）",
        title_en="National carbon market, steel, cement, aluminium from 2025",
        law=LAW,
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 12, 31),
        inputs=(
            KIND,
            EMISSIONS,
            Input("balance", "平衡值", unit="吨/吨", optional=True, aliases=("BP",)),
            Input("intensity", "碳排放强度", unit="吨/吨", optional=True, aliases=("I",)),
            Input("process_emissions", "工序排放量", unit="吨", optional=True),
            Input("output", "产品产量", unit="吨", optional=True, aliases=("产量",)),
            Input("line", "生产线类型", kind="choice", choices=LINES, default=""),
            Input("carbide_slag_share", "电石渣替代率", optional=True, most=1.0),
            YEAR,
        ),
        outputs=(
            Output("allowance", "核定配额", unit="吨"),
            Output("alpha", "调整系数"),
            Output("deviation", "偏离度"),
            Output("intensity", "碳排放强度", unit="吨/吨"),
            Output("gap", "配额缺口", unit="吨"),
            Output("surplus", "配额盈余", unit="吨"),
        ),
        compute=by_intensity,
        needs=(
            "ets.sector.slope",
            "ets.sector.band",
            "ets.sector.cap",
            "ets.sector.carbide_slag_min",
        ),
        note_zh=DAY,
    ),
    Rule(
        id="ets.balance",
        title_zh="全国碳市场·行业平衡值求解",
        title_en="National carbon market, balance value of a sector",
        law=LAW,
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 12, 31),
        inputs=(KIND, Input("entities", "全行业各单位", kind="rows", fields=ENTITY), YEAR),
        outputs=(
            Output("balance", "平衡值", unit="吨/吨"),
            Output("low", "平衡值下端", unit="吨/吨"),
            Output("high", "平衡值上端", unit="吨/吨"),
            Output("allowances", "核定配额合计", unit="吨"),
            Output("emissions", "核查排放量合计", unit="吨"),
            Output("residual", "取整前配额与排放之差", unit="吨"),
        ),
        compute=balance,
        needs=("ets.sector.slope", "ets.sector.band", "ets.sector.cap"),
        note_zh=DAY,
    ),
)
