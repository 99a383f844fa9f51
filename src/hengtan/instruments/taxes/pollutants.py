"""Taxable pollutants by name, their equivalents and the relief for low concentrations.

环境保护税法 (2018 修正) 第九、十三条, annex 2; 实施条例 第十条.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hengtan.basis.dated import in_force_on
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.basis.numeric import round_half_up
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import DECIMALS_OF_CENTS
from hengtan.instruments.taxes import formulas as f

LAW = "环境保护税法（2018修正）"
PARTICLES = ("颗粒物", "粉尘", "PM", "PM10", "TSP", "particulates")
CLASSES = {"air": ("air",), "water": ("water1", "water2")}
"""Classes of pollutants that are taxed by their amount, by medium."""


@dataclass(frozen=True)
class Counted:
    """A pollutant of an outlet: its equivalents, what the relief leaves of the tax, and its rivals.

    Of the pollutants of one ``group`` (COD, BOD5 and TOC; coliform and chlorine) only one is taxed.
    ``written``: what the case calls it.
    """

    name: str
    equivalents: float
    reduction: float = 1.0
    group: str = ""
    written: str = ""


def outlet_label(outlet: Mapping[str, Any]) -> str:
    return f"{outlet['outlet']} " if outlet.get("outlet") else ""


@lru_cache(maxsize=10_000)
def plain_name(text: str) -> str:
    """A name without signs, blanks and case, one spelling of sulfur and of carbon black."""
    signs = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(text)))
    return signs.lower().replace("sulph", "sulf").replace("炭", "碳")


def taxable(calc: Calc, medium: str, classes: Sequence[str]) -> list[Mapping[str, Any]]:
    """The rows of the pack table ``pollutants`` of some classes that are in force on the day of the
    case.
    """
    return in_force_on(_of_classes(calc, medium, classes), calc.day)


def _of_classes(calc: Calc, medium: str, classes: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for row in calc.tables.get("pollutants", ()):
        if row["medium"] == medium and row["class"] in classes:
            yield row


def pollutant_of(
    calc: Calc, medium: str, name: str, classes: Sequence[str] | None = None
) -> Mapping[str, Any]:
    """The pollutant of a name: Chinese, English, formula.

    Raises HengtanError for an unknown one.
    """
    classes = classes or CLASSES[medium]
    without_brackets = re.sub(r"[(（].*?[)）]", "", name)
    for wanted in dict.fromkeys((plain_name(name), plain_name(without_brackets))):
        for row in _of_classes(calc, medium, classes):
            if wanted and wanted in _spellings(row) and in_force_on((row,), calc.day):
                return row
    if name in PARTICLES:
        raise HengtanError(
            f"“{name}”不是税目",
            f"'{name}' is no item of the law",
            todo="燃烧产生的颗粒物按“烟尘”，扬尘、工业粉尘按“一般性粉尘”（财税〔2018〕117号，"
            "凭记忆）；"
            "石棉尘、玻璃棉尘、碳黑尘各有税目",
            todo_en="soot where it comes from burning, common dust otherwise",
        )
    raise HengtanError(
        f"税目里没有“{name}”",
        f"no taxable pollutant '{name}'",
        todo=f"可用：{'、'.join(row['name_zh'] for row in taxable(calc, medium, classes))}",
        todo_en="use a name of the law's table",
    )


def _spellings(row: Mapping[str, Any]) -> frozenset[str]:
    return _plain_names(row["pollutant"], row["name_zh"], row["name_en"] or "", *row["aliases"])


@lru_cache(maxsize=10_000)
def _plain_names(*names: str) -> frozenset[str]:
    return frozenset(map(plain_name, names))


def equivalents(calc: Calc, row: Mapping[str, Any], amount: float, label: str) -> float:
    """Pollution equivalents of an amount, told as a step. [1]

    Raises ParameterNotEstablished where the equivalent of the pollutant is not.
    """
    if row["equivalent"] is None or row["certainty"] == "low":
        raise ParameterNotEstablished(
            f"“{row['name_zh']}”的污染当量值没有确立",
            f"the equivalent of {row['name_en']} is not established",
            todo="查环境保护税法附表二",
            todo_en="see annex 2 of the law",
        )
    if row["confidence"] == "recalled":
        calc.warn(f"{row['name_zh']}的污染当量值凭记忆、未核对原文（附表二）")
    count = float(f.equivalents(amount, row["equivalent"]))
    if calc.options["rounding"] == "equivalents_2dp":
        count = float(round_half_up(count, DECIMALS_OF_CENTS))
    how = f"{amount:g} ÷ {row['equivalent']:g}{row['unit']}"
    calc.step(f"{label}污染当量数", count, unit="当量", how=how, clause=row["source"])
    return count


def by_pollutant(
    calc: Calc, medium: str, figures: Mapping[str, float], what: str
) -> dict[str, float]:
    """Figures by pollutant whatever they are called; a name that is no pollutant is told and left
    out.
    """
    known = {}
    for name, value in figures.items():
        try:
            known[str(pollutant_of(calc, medium, name)["pollutant"])] = value
        except HengtanError:
            calc.warn(f"{what}里的“{name}”不是税目，没有用")
    return known


def reduction(calc: Calc, outlet: Mapping[str, Any], medium: str, row: Mapping[str, Any]) -> float:
    """What is left of the tax by how far the concentration lies below the standard. [1]

    Only where every reading of the month met the standard (实施条例 第十条).
    """
    share = _share_of_standard(calc, outlet, medium, row["pollutant"])
    if share is None:
        return 1.0
    refuse_contradiction(calc, outlet, row["name_zh"], share)
    limits = {key: calc.param("env_tax.reduction.at_most", key) for key in ("30", "50")}
    factors = {key: calc.param("env_tax.reduction", key) for key in ("30", "50")}
    factor = float(f.reduction(share, limits["30"], limits["50"], factors["30"], factors["50"]))
    if share > limits["30"] + f.TOLERANCE:
        return 1.0
    if not outlet["compliant"]:
        calc.warn(
            f"{row['name_zh']}浓度低于标准{1 - limits['30']:.0%}以上，"
            "但未说明当月各次监测均达标（compliant），不予减征"
        )
        return 1.0
    how = f"浓度为标准的{share:.0%}"
    calc.step(f"{row['name_zh']}减征", factor, how=how, clause=f"{LAW} 第十三条")
    return factor


def refuse_contradiction(calc: Calc, outlet: Mapping[str, Any], name: str, share: float) -> None:
    """Raise HengtanError where a concentration beyond its standard is said to comply."""
    if outlet["compliant"] and share > 1 + f.TOLERANCE:
        raise calc.refuse(
            f"“{name}”的浓度是标准限值的{share:.0%}，却写着各次监测均达标",
            f"'{name}' is at {share:.0%} of its standard and said to comply",
            todo="核对浓度、标准限值与达标，改正其一",
            todo_en="correct the concentration, the standard or the statement",
        )


def _share_of_standard(
    calc: Calc, outlet: Mapping[str, Any], medium: str, pollutant: str
) -> float | None:
    """Concentration over the standard, as told or from both; None where it is not known. [1]"""
    shares = by_pollutant(calc, medium, outlet["shares"], "浓度与标准之比")
    limits = by_pollutant(calc, medium, outlet["standards"], "标准限值")
    measured = by_pollutant(calc, medium, outlet["concentrations"], "浓度")
    if pollutant in shares:
        return shares[pollutant]
    if pollutant in measured and limits.get(pollutant):
        return measured[pollutant] / limits[pollutant]
    return None
