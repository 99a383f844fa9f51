"""National zero-carbon parks as a yearly self-check: CO2 by energy against the limit of the park's
size, which is a veto, and guiding indicators; limits stand in the pack table ``park_limits``.

发改环资〔2025〕910号 (values through a secondary source; accounting details not read).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.basis.dated import in_force_on
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.parameters import Used
from hengtan.instruments.rule import Output, Rule

LAW = "发改环资〔2025〕910号（二手摘要）"
CORE = "core"
PERCENT = 100
NEAR = 1e-12
"""A figure within the noise of floats of its limit reaches it."""
SENSES = {">=": 1, "<=": -1}
GUIDING = {
    "clean_energy": "清洁能源消费占比",
    "solid_waste": "工业固体废弃物综合利用率",
    "waste_heat": "余热余冷余压综合利用率",
    "water_reuse": "工业用水重复利用率",
}
PRODUCTS = "product_energy"


def zero_carbon(calc: Calc) -> dict[str, Any]:
    """CO2 by comprehensive energy, green power at nought and offsets apart, against the limit of
    the park's size; what of the guiding indicators is met, missed and not reported. [t CO2 per tce]

    Raises ParameterNotEstablished for a size or a day without a limit.
    """
    if calc["green"] > calc["electricity"]:
        raise calc.refuse("绿电大于用电量", "more green power than power", "核对", "check them")
    if calc["lost"]:
        calc.warn(f"有{calc['lost']}家企业没有完整的能源记录，没有计入")
    if calc["offsets"]:
        calc.warn("抵销量单列，不减单位能耗碳排放：能否计入没有读到原文")
    bought = calc["electricity"] - calc["green"]
    co2 = calc["direct"] + calc["heat"] + bought * calc["factor"]
    calc.step("碳排放（绿电按零、不减抵销）", co2, "吨", "直接 + 外购热力 + 非绿电 × 因子")
    limits = _of_size(calc, calc["energy"])
    core = calc.step("单位能耗碳排放", co2 / calc["energy"], "吨/吨标准煤")
    limit = next(_taken(calc, row) for row in limits if row["role"] == CORE)
    passes = core <= limit + NEAR
    missed, unknown = _guiding(calc, [row for row in limits if row["role"] != CORE])
    verdict = "核心指标达到" if passes else "核心指标未达到（一票否决）"
    if missed:
        verdict += f"；引导性指标未达到：{'、'.join(missed)}"
    return {
        "core": core,
        "limit": limit,
        "to_cut": max(0.0, co2 - limit * calc["energy"]),
        "passes": "达到" if passes else "未达到",
        "missed": "、".join(missed) or "无",
        "unknown": "、".join(unknown) or "无",
        "verdict": calc.step("自查", verdict, clause=LAW),
    }


def _of_size(calc: Calc, energy: float) -> Sequence[Mapping[str, Any]]:
    """The limits in force for parks of an energy. [tce]"""
    fitting = [
        row
        for row in in_force_on(calc.tables.get("park_limits", ()), calc.day)
        if row["least_energy"] <= energy
        and (row["below_energy"] is None or energy < row["below_energy"])
    ]
    if not any(row["role"] == CORE for row in fitting):
        raise ParameterNotEstablished(
            f"综合能源消费量{energy:,.0f}吨标准煤的园区在{calc.day}没有读到限值",
            f"no limit was read for a park of {energy:,.0f} tce on {calc.day}",
            todo=f"查{LAW}原文，或按本地文件自行判断",
            todo_en="see 发改环资〔2025〕910号 itself",
        )
    return fitting


def _taken(calc: Calc, row: Mapping[str, Any]) -> float:
    """A limit of the table with its source recorded, shares as such. [unit of the figure]"""
    cells = {
        "parameter": f"零碳园区·{row['name_zh']}",
        "key": "",
        "region": calc.region,
        "value": row["limit"],
        "certainty": "medium",
        "note_zh": f"{row['note_zh'] or ''}（二手转引）",
    }
    value = calc.parameters.take(Used.of({**row, **cells}))
    return value / PERCENT if row["unit"] == "%" else value


def _guiding(calc: Calc, limits: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Names of guiding indicators that are missed, and of those that are not reported."""
    missed, unknown = [], []
    for row in limits:
        actual, name = calc[row["item"]], row["name_zh"]
        if actual is None:
            unknown.append(name)
            continue
        limit = _taken(calc, row)
        met = SENSES[row["operator"]] * (float(actual) - limit) >= -NEAR
        calc.step(name, float(actual), how=f"要求{limit:g}，{'达到' if met else '未达到'}")
        if not met:
            missed.append(name)
    return missed, unknown


RULES = (
    Rule(
        id="park.zero_carbon",
        title_zh="国家级零碳园区年度自查",
        title_en="Self-check of a national zero-carbon park",
        law=LAW,
        inputs=(
            Input("direct", "直接排放", unit="吨"),
            Input("heat", "外购热力排放", unit="吨", default=0.0),
            Input("electricity", "用电量", unit="兆瓦时"),
            Input("green", "其中绿电", unit="兆瓦时", default=0.0),
            Input("factor", "电力排放因子", unit="吨/兆瓦时"),
            Input("energy", "综合能源消费量", unit="吨标准煤", least=1e-9),
            Input("offsets", "抵销量", unit="吨", default=0.0),
            Input("lost", "没有完整记录的企业数", kind="whole", default=0),
            *(Input(name, zh, optional=True, most=1.0) for name, zh in GUIDING.items()),
            Input(PRODUCTS, "产品单位能耗达到二级或更优", kind="flag", optional=True),
        ),
        outputs=(
            Output("core", "单位能耗碳排放", unit="吨/吨标准煤"),
            Output("limit", "限值", unit="吨/吨标准煤"),
            Output("to_cut", "距限值还须减少", unit="吨"),
            Output("passes", "核心指标"),
            Output("missed", "未达到的引导性指标"),
            Output("unknown", "没有填报的引导性指标"),
            Output("verdict", "自查"),
        ),
        compute=zero_carbon,
    ),
)
