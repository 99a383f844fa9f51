"""Energy of a product against the limit of its national standard: levels 1 (advanced), 2 (entry)
and 3 (limit). The limits stand in the pack table ``energy_limits``, by product, indicator and day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hengtan.basis.dated import in_force_on
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.english import english
from hengtan.instruments.inputs import Input
from hengtan.instruments.law_titles import law_beside
from hengtan.instruments.parameters import Used
from hengtan.instruments.rule import Output, Rule

GRADES = {"level1": "1级", "level2": "2级", "level3": "3级"}
BEYOND = "超过限额（3级）"
CORRECTIONS = {"multiply": "乘", "add": "加"}
"""What a standard does with the correction of a limit."""


@dataclass(frozen=True)
class Level:
    """A product's level, the limit it has to keep, and how far it is beyond it. [unit, 1]"""

    level: str
    limit: float
    over: bool


def of_product(
    calc: Calc, table: str, product: str, indicator: str | None = None
) -> Mapping[str, Any]:
    """The row of a product in force on the day, by its name or a part that one name alone has, and
    by its indicator where there are several.

    Raises HengtanError for an unknown or an ambiguous name.
    """
    rows = in_force_on(calc.tables.get(table, ()), calc.day)
    wanted = product.replace(" ", "")
    named = [row for row in rows if row["product_zh"].replace(" ", "") == wanted]
    named = named or [row for row in rows if wanted in row["product_zh"].replace(" ", "")]
    chosen = [row for row in named if indicator in (None, row["indicator_zh"])]
    if len(chosen) == 1:
        return chosen[0]
    known = "、".join(f"{row['product_zh']}（{row['indicator_zh']}）" for row in (named or rows))
    raise HengtanError(
        f"产品“{product}”在{calc.day}{'对应几项' if named else '不在目录里'}",
        f"product '{english(product)}' is {'ambiguous' if named else 'unknown'} on {calc.day}",
        todo=f"可用：{known}" if known else "这一天没有读到的标准",
        todo_en="use a name and an indicator of the table",
    )


def taken(calc: Calc, row: Mapping[str, Any], column: str, zh: str) -> float:
    """A figure of a table of levels, recorded with its source.

    Raises ParameterNotEstablished for a row of low certainty.
    """
    if row["certainty"] == "low":
        raise ParameterNotEstablished(
            f"“{row['product_zh']}”的{zh}没有确立",
            f"{english(zh)} of '{english(row['product_zh'])}' is not established",
            todo=f"查{row.get('law') or row['source']}原文",
            todo_en=f"see {law_beside(row.get('law') or row['source'], 'en')}",
        )
    cells = {"parameter": f"{row['product_zh']} {zh}", "key": "", "region": calc.region}
    return calc.parameters.take(Used.of({**row, **cells, "value": row[column]}))


def level_of(calc: Calc, product_row: Mapping[str, Any]) -> Level:
    """The level of a product by its energy, each figure told; smaller is better, equal reaches.

    Raises HengtanError where the standard corrects its limit and the correction is missing.
    """
    row = of_product(calc, "energy_limits", product_row["product"], product_row["indicator"])
    _refuse_other_unit(calc, row, product_row["unit"])
    correction = product_row["correction"]
    if row["correction"] and correction is None:
        raise calc.refuse(
            f"“{row['product_zh']}”的限值要{CORRECTIONS[row['correction']]}修正值（{row['law']}）",
            f"the limit of '{english(row['product_zh'])}' takes a correction",
            todo="给修正值（correction）；按标准不修正的，乘的填1、加的填0",
            todo_en="give correction (1 or 0 where none applies)",
        )
    limits = {
        column: _corrected(taken(calc, row, column, zh), row["correction"], correction)
        for column, zh in GRADES.items()
        if row[column] is not None
    }
    energy = product_row["energy"]
    reached = next((column for column, limit in limits.items() if energy <= limit), "")
    level = GRADES.get(reached, BEYOND)
    how = " / ".join(f"{GRADES[column]} {limit:g}" for column, limit in limits.items())
    calc.step(
        f"{row['product_zh']} {row['indicator_zh']}",
        energy,
        unit=row["unit"],
        how=f"{level}（{how}）",
        clause=f"{row['law']}，{row['valid_from']}起",
    )
    return Level(level, limits["level3"], not reached)


def _refuse_other_unit(calc: Calc, row: Mapping[str, Any], unit: str | None) -> None:
    if unit is not None and unit != row["unit"]:
        raise calc.refuse(
            f"“{row['product_zh']}”的{row['indicator_zh']}按{row['unit']}，报的是{unit}",
            f"the standard has {row['unit']}, the record {unit}",
            todo="按标准的单位填能耗量和产量",
            todo_en="fill both figures in the units of the standard",
        )


def _corrected(limit: float, how: str | None, correction: float | None) -> float:
    if not how or correction is None:
        return limit
    return limit * correction if how == "multiply" else limit + correction


def limit(calc: Calc) -> dict[str, Any]:
    """One product's energy against the levels of its limit standard. [unit of the standard]"""
    of = level_of(calc, {item.name: calc[item.name] for item in PRODUCT})
    return {
        "level": calc.step("限额等级", of.level),
        "limit": of.limit,
        "over": calc.step("超过限额", "是" if of.over else "否"),
    }


PRODUCT = (
    Input("product", "产品", kind="text", note="如 水泥熟料"),
    Input("energy", "单位产品能耗", least=None, note="单位按标准，见步骤"),
    Input("indicator", "指标", kind="text", optional=True, note="同一产品有几项时，如 综合电耗"),
    Input("correction", "限值修正值", least=None, optional=True, note="标准要求修正的才填"),
    Input("unit", "单位", kind="text", optional=True, note="给了就要与标准相同，如 kgce/t"),
)
RULES = (
    Rule(
        id="review.energy_limit",
        title_zh="单位产品能耗限额等级",
        title_en="Level of a product's energy by its limit standard",
        law="单位产品能源消耗限额国家标准",
        inputs=PRODUCT,
        outputs=(
            Output("level", "限额等级"),
            Output("limit", "限额"),
            Output("over", "超过限额"),
        ),
        compute=limit,
    ),
)
