"""Generating units in the national carbon market: class, corrections for load, allowance.

国环规气候〔2020〕3号 (2019–2020), 〔2023〕1号 (2021–2022), 〔2024〕1号 (2023–2024); for 2025–2026
only the draft of 2026-07-27 was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hengtan.basis.numeric import Numeric, round_half_up, where
from hengtan.instruments.calc import Calc
from hengtan.instruments.market import formulas as f

COOLING = {"water": "水冷", "air": "空冷"}
CONVENTIONAL = ("I", "II")
"""Classes of conventional coal units, which alone are corrected for load."""
GAS = "IV"


@dataclass(frozen=True)
class UnitAllowance:
    """A unit's class, allowance and verified emissions (nought where not told). [t CO2]"""

    kind: str
    allowance: float
    emissions: float

    @property
    def relieved(self) -> float:
        """Allowance after the relief of gas units, which get at least their emissions. [t CO2]"""
        return max(self.allowance, self.emissions) if self.kind == GAS else self.allowance

    @property
    def owed(self) -> float:
        """What is owed after the relief of gas units: at most their allowance. [t CO2]"""
        return min(self.emissions, self.allowance) if self.kind == GAS else self.emissions


def each_unit(
    calc: Calc, allowance_of: Callable[[Calc, Mapping[str, Any], str], tuple[str, float]]
) -> tuple[list[UnitAllowance], bool]:
    """The units of a case with their allowances, and whether all emissions are told."""
    units, all_verified = [], True
    for number, unit in enumerate(_units(calc), start=1):
        label = f"{unit['unit'] or f'{number}号机组'} " if calc["units"] else ""
        if unit["months_lost"]:
            raise calc.refuse(
                f"{label}缺{unit['months_lost']}个月的数据，全年报齐才算配额",
                f"{unit['months_lost']} months of a unit are missing",
                todo="补齐各月的电热和燃料，或按年填核查排放量和全年电热",
                todo_en="report the months",
            )
        kind, allowance = allowance_of(calc, unit, label)
        units.append(UnitAllowance(kind, allowance, unit["emissions"] or 0.0))
        all_verified = all_verified and unit["emissions"] is not None
    return units, all_verified


def _units(calc: Calc) -> list[dict[str, Any]]:
    """The units of a case: the rows ``units``, or one made of the inputs of the case itself."""
    rows = [dict(row) for row in calc["units"] or ()]
    names = [item.name for item in calc.rule.inputs if item.name not in ("units", "year")]
    own = {name: calc[name] for name in names}
    figures = ("class", "rated", "emissions", "power_supplied", "power_generated", "heat")
    if rows and any(own.get(name) for name in figures):
        raise calc.refuse(
            "机组数据既写在 units 里又写在外面",
            "units stand both in units and outside",
            todo="都写进 units",
            todo_en="put them into units",
        )
    return rows or [own]


def _class(calc: Calc, unit: Mapping[str, Any], label: str) -> str:
    """The class of a unit: as told, or by rated power where the plan has a border (from 2023).

    Raises ParameterNotEstablished for a border before, HengtanError.
    """
    kind, rated = unit["class"], unit["rated"]
    if not kind:
        return _class_by_power(calc, rated, label)
    if kind in CONVENTIONAL and rated is not None:
        _compare_with_power(calc, kind, rated, label)
    share = unit["unconventional_share"]
    if kind == "III" and share is not None and share <= calc.param("ets.power.class_III_min"):
        raise calc.refuse(
            f"{label}非常规燃料热量占比{share:g}未超过一半，不属III类",
            "the share of unconventional fuel is not above one half",
            todo="改为 I 或 II 类",
            todo_en="class I or II",
        )
    other = unit["other_fuel_share"]
    if kind == GAS and other > 0 and other > calc.param("ets.power.class_IV_max"):
        raise calc.refuse(
            f"{label}燃气机组掺烧其他燃料超过上限",
            "too much other fuel for a gas unit",
            todo="按主体燃料另定类别",
            todo_en="take another class",
        )
    return str(kind)


def _class_by_power(calc: Calc, rated: float | None, label: str) -> str:
    if rated is None:
        raise calc.refuse(
            f"{label}缺机组类别（class）或额定功率（rated）",
            "class or rated power is missing",
            todo="填 I、II、III、IV，或常规燃煤机组的额定功率（MW）",
            todo_en="give class or rated",
        )
    border = calc.param("ets.power.class_I_min")
    kind = "I" if rated >= border else "II"
    how = f"额定功率{rated:g}MW，以{border:g}MW为界"
    calc.step(f"{label}机组类别", kind, how=how, clause="附1")
    return kind


def _compare_with_power(calc: Calc, kind: str, rated: float, label: str) -> None:
    """Warn where the rated power speaks for the other class of conventional coal."""
    if not calc.parameters.has("ets.power.class_I_min"):
        return
    border = calc.param("ets.power.class_I_min")
    if (rated >= border) != (kind == "I"):
        calc.warn(
            f"{label}额定功率{rated:g}MW与所填{kind}类不符"
            f"（以{border:g}MW为界；合并填报机组按最不利原则）"
        )


def _in_scope(calc: Calc, unit: Mapping[str, Any], label: str) -> None:
    share = unit["biomass_share"]
    if share > 0 and share > (most := calc.param("ets.power.biomass_max")):
        raise calc.refuse(
            f"{label}掺烧生物质（含垃圾、污泥）热量占比{share:g}超过{most:.0%}，暂不纳入",
            "co-fired biomass above the limit: outside",
            todo="不填这台机组",
            todo_en="leave this unit out",
        )


def _load(calc: Calc, unit: Mapping[str, Any], label: str, zh: str, en: str) -> float:
    if unit["load"] is None:
        raise calc.refuse(
            f"{label}{zh}要给负荷（出力）系数（load）",
            f"a {en} coal unit needs its load",
            todo="填平均出力与额定功率之比",
            todo_en="give load",
        )
    return float(unit["load"])


@dataclass(frozen=True)
class LoadTable:
    """The table of corrections for load of the plans for 2019–2022; loads over rated power. [1]

    None from ``full`` on, linear in two steps down to ``upper_least`` and ``middle_least``,
    exponential below.
    """

    full: float
    upper_constant: float
    upper_slope: float
    upper_least: float
    middle_constant: float
    middle_slope: float
    middle_least: float
    base: float
    exponent: float
    exponent_slope: float

    @classmethod
    def of(cls, param: Callable[[str, str], float]) -> LoadTable:
        """From the parameters ``ets.power.load``. Raises ParameterNotEstablished."""
        return cls(**{name: param("ets.power.load", name) for name in cls.__dataclass_fields__})

    def factor(self, load: Numeric) -> Numeric:
        """Correction of the allowance for power at a load. [1]

        国环规气候〔2020〕3号 附件4; 〔2023〕1号 附2. Continuous at the ends of the steps.
        """
        upper = f.linear_load_factor(load, self.upper_constant, self.upper_slope, self.full)
        middle = f.linear_load_factor(
            load, self.middle_constant, self.middle_slope, self.upper_least
        )
        lower = f.exponential_load_factor(load, self.base, self.exponent, self.exponent_slope)
        below_upper = where(load >= self.middle_least, middle, lower, known=(load,))
        below_full = where(load >= self.upper_least, upper, below_upper, known=(load,))
        return where(load >= self.full, 1.0, below_full, known=(load,))


def unit_2019(calc: Calc, unit: Mapping[str, Any], label: str) -> tuple[str, float]:
    """Class and allowance of a unit, 2019–2022, on power supplied. [t CO2]"""
    kind = _class(calc, unit, label)
    fuel = "gas" if kind == GAS else "coal"
    heat_ratio, load_factor = unit["heat_ratio"], 1.0
    if kind in CONVENTIONAL and heat_ratio == 0 and not unit["heat"]:
        load = _load(calc, unit, label, "常规燃煤纯凝机组", "condensing")
        load_factor = float(LoadTable.of(calc.param).factor(load))
        zh, clause = f"{label}负荷（出力）系数修正系数 Ff", "附件 修正系数表"
        calc.step(zh, load_factor, how=f"F = {load:g}", clause=clause)
    cooling = calc.param("ets.power.cooling", unit["cooling"])
    calc.step(f"{label}冷却方式修正系数 Fl", cooling, how=COOLING[unit["cooling"]])
    heat_coefficient = calc.param("ets.power.heat_coef", fuel)
    calc.step(
        f"{label}供热量修正系数 Fr",
        1 - heat_coefficient * heat_ratio,
        how=f"1 − {heat_coefficient:g} × 供热比 {heat_ratio:g}",
    )
    allowance = f.unit_allowance_2019(
        power_supplied=unit["power_supplied"],
        power_benchmark=calc.param("ets.power.benchmark", kind),
        cooling=cooling,
        heat_ratio=heat_ratio,
        heat_coefficient=heat_coefficient,
        load_factor=load_factor,
        heat=unit["heat"],
        heat_benchmark=calc.param("ets.power.heat_benchmark", fuel),
    )
    how = "Qe·Be·Fl·Fr·Ff + Qh·Bh"
    return kind, float(calc.step(f"{label}机组配额", allowance, "吨", how, calc.rule.law))


def unit_2023(
    calc: Calc, unit: Mapping[str, Any], label: str, peaking_of: Callable[[Calc, float], float]
) -> tuple[str, float]:
    """Class and allowance of a unit, 2023 and later, on power generated. [t CO2]"""
    _in_scope(calc, unit, label)
    kind = _class(calc, unit, label)
    peaking = 1.0
    if kind in CONVENTIONAL:
        load = _load(calc, unit, label, "常规燃煤机组", "conventional")
        peaking = peaking_of(calc, load)
        calc.step(f"{label}调峰修正系数 Fp", peaking, how=f"F = {load:g}", clause="附3 表1")
    allowance = f.unit_allowance_2023(
        power_generated=unit["power_generated"],
        power_benchmark=calc.param("ets.power.benchmark", kind),
        peaking=peaking,
        heat=unit["heat"],
        heat_benchmark=calc.param("ets.power.heat_benchmark", "gas" if kind == GAS else "coal"),
    )
    how = "Ge·Be·Fp + Qh·Bh"
    return kind, float(calc.step(f"{label}机组配额", allowance, "吨", how, calc.rule.law))


def peaking_2023(calc: Calc, load: float) -> float:
    """Correction for peaking, 2023–2024. [1]"""
    names = ("limit", "base", "exponent", "exponent_slope")
    figures = {name: calc.param("ets.power.peaking", name) for name in names}
    return float(f.peaking_factor_2023(load, **figures))


def peaking_draft(calc: Calc, load: float) -> float:
    """Correction for peaking by the draft for 2025–2026, rounded as it says. [1]

    Raises ParameterNotEstablished unless the case gives the figures.
    """
    names = ("limit", "a", "b", "c", "d", "e")
    figures = {name: calc.param("ets.power.peaking", name) for name in names}
    factor = f.peaking_factor_draft(load, **figures)
    return float(round_half_up(factor, int(calc.param("ets.power.peaking", "decimals"))))
