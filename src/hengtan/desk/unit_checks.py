"""What a file must meet beyond its form: a quantity fits the unit of its registry, of its energy
product, or one of the units of its indicator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.basis.alike import alike
from hengtan.basis.errors import Finding, UnknownUnit, Where
from hengtan.basis.units import Unit, read_unit
from hengtan.desk.indicator_units import LINE, in_order, indicator_misfits

if TYPE_CHECKING:
    from hengtan.packs import Pack


ENERGY_FORMS = ("enterprise_energy", "regional_balance", "energy_exchange")
AIR_HOURS = "air_station_hours"
MASS_FORMS = {"material_flows": "amount", "material_stocks": "stock"}
"""Forms whose amounts are tonnes of materials, and the column that holds them."""
_USUAL = {"t": "吨", "m3": "万立方米", "kWh": "万千瓦时", "GJ": "百万千焦", "tce": "吨标准煤"}


_HUNDREDFOLD = ((1 / 160, 1 / 62.5), (62.5, 160))
"""Ratios near a hundredth and a hundred."""


def unit_findings(pack: Pack, form_id: str, reading: Any, file: str) -> list[Finding]:
    """An error for each quantity in a unit that does not convert to that of its subject: an entry
    of a registry that counts quantities, an energy product (steam in t, gas in t and power in tce
    have no place in a total), an indicator.

    A quantity without a unit is not looked at here. ``reading``: of the form ``form_id``; forms
    of other subjects give nothing. Values of indicators may also be asked about.
    """
    if form_id == "registry_entries":
        return _registry_misfits(pack, reading, file)
    if form_id == "indicator_values":
        misfits = indicator_misfits(pack, reading, file)
        far, cuts = _far_from_goals(pack, reading, file), _unclear_cuts(pack, reading, file)
        return [*misfits, *far, *cuts]
    if form_id in ENERGY_FORMS:
        return _product_misfits(pack, reading, file)
    if form_id in MASS_FORMS:
        return _mass_misfits(reading, file, MASS_FORMS[form_id])
    if form_id == AIR_HOURS:
        return _item_misfits(pack, reading, file)
    return []


def _item_misfits(pack: Pack, reading: Any, file: str) -> list[Finding]:
    """An error for each hour in a unit that does not convert to that of its item."""
    own = {row["item"]: row["unit"] for row in pack.rows("air_items") if row["unit"]}

    def does_not_convert(row: dict[str, Any]) -> bool:
        wanted = own.get(row["item"])
        if wanted is None or row["unit"] is None:
            return False
        return _canonical(row["unit"]) != _canonical(wanted)

    column = str(reading.mapping.get("unit", "单位"))
    findings = [
        Finding(
            "error",
            f"“{kind['unit']}”不能换算成{kind['item']}的单位",
            f"{kind['unit']} does not convert to {own[kind['item']]}",
            Where(file, reading.sheet, row[LINE], column),
            f"改用{own[kind['item']]}或可换算的单位",
            f"use {own[kind['item']]} or a unit that converts to it",
            "item-unit",
        )
        for kind, rows in alike(reading.table, ("item", "unit"), ("value", LINE), does_not_convert)
        for row in rows.to_pylist()
        if row["value"] is not None
    ]
    return in_order(findings)


def _mass_misfits(reading: Any, file: str, amount: str) -> list[Finding]:
    """An error for each amount in a unit that is none of mass: it would be in no balance."""

    def is_no_mass(row: dict[str, Any]) -> bool:
        return row["unit"] is not None and _canonical(row["unit"]) != "t"

    column = str(reading.mapping.get("unit", "计量单位"))
    findings = [
        Finding(
            "error",
            f"“{kind['unit']}”不是质量单位，不能计入物料平衡",
            f"{kind['unit']} is no unit of mass and is in no balance",
            Where(file, reading.sheet, row[LINE], column),
            "按密度折算成吨或千克填写",
            "convert to t or kg by its density",
            "mass-unit",
        )
        for kind, rows in alike(reading.table, ("unit",), (amount, LINE), is_no_mass)
        for row in rows.to_pylist()
        if row[amount] is not None
    ]
    return in_order(findings)


def _registry_misfits(pack: Pack, reading: Any, file: str) -> list[Finding]:
    own = {
        row["registry_id"]: row
        for row in pack.rows("registries")
        if row["counts"] == "quantity" and row["unit"]
    }

    def does_not_convert(row: dict[str, Any]) -> bool:
        registry = own.get(row["registry"])
        if registry is None or row["unit"] is None:
            return False
        return _canonical(row["unit"]) != _canonical(registry["unit"])

    column = str(reading.mapping.get("unit", "计量单位"))
    findings, by = [], ("registry", "unit")
    for kind, rows in alike(reading.table, by, ("quantity", LINE), does_not_convert):
        registry, unit = own[kind["registry"]], kind["unit"]
        wanted = registry["unit"]
        findings += [
            Finding(
                "error",
                f"“{registry['title_zh']}”按{wanted}计，“{unit}”不能换算",
                f"{kind['registry']} counts in {wanted}; {unit} does not convert",
                Where(file, reading.sheet, row[LINE], column),
                f"改用{wanted}或可换算的单位",
                f"use {wanted} or a unit that converts to it",
                "registry-unit",
            )
            for row in rows.to_pylist()
            if row["quantity"] is not None
        ]
    return in_order(findings)


def _far_from_goals(pack: Pack, reading: Any, file: str) -> list[Finding]:
    """A warning for each percentage that is about a hundredth or a hundred times the plan's goal
    for its place and indicator: 0.19 for 19 %.
    """
    goals = {
        (row["indicator"], row["region"]): float(row["value"])
        for row in pack.rows("targets")
        if row["unit"] == "%" and row["measure"] == "level" and row["value"]
    }

    def has_goal(row: dict[str, Any]) -> bool:
        goal = goals.get((row["indicator"], row["place"]))
        return bool(goal) and _canonical(row["unit"] or "") == "%"

    column = str(reading.mapping.get("value", "数值"))
    findings, by = [], ("indicator", "place", "unit")
    for kind, rows in alike(reading.table, by, ("value", LINE), has_goal):
        goal = goals[kind["indicator"], kind["place"]]
        findings += [
            _far_from_goal(row["value"], goal, Where(file, reading.sheet, row[LINE], column))
            for row in _a_hundredfold_of(goal, rows)
        ]
    return in_order(findings)


def _a_hundredfold_of(goal: float, rows: Any) -> list[dict[str, Any]]:
    """Value and row of the values that are near a hundredth or a hundred times a goal."""
    import pyarrow.compute as pc

    ratio = pc.abs(pc.divide(rows["value"], goal))
    near = [
        pc.and_(pc.less_equal(low, ratio), pc.less_equal(ratio, high)) for low, high in _HUNDREDFOLD
    ]
    return list(rows.filter(pc.or_(*near)).to_pylist())


def _far_from_goal(value: float, goal: float, where: Where) -> Finding:
    right = value * 100 if abs(value) < abs(goal) else value / 100
    return Finding(
        "warning",
        f"{value:.6g}% 与规划目标 {goal:.6g}% 相差约100倍",
        f"{value:.6g} % is about a hundred times off the plan's goal of {goal:.6g} %",
        where,
        f"核对：若把小数当作百分数，应填 {right:.6g}",
        f"check: if a fraction was taken for per cent, fill {right:.6g}",
        "hundredfold-goal",
    )


def _unclear_cuts(pack: Pack, reading: Any, file: str) -> list[Finding]:
    """A warning for each cut that does not say whether it is since the base year of its target or
    on the year before: it is taken to be since the base year.

    In the first year after the base both are the same.
    """
    bases = {
        row["indicator"]: int(row["base_year"])
        for row in pack.rows("targets")
        if row["measure"] == "cut_from_base" and row["base_year"]
    }

    def is_unclear(row: dict[str, Any]) -> bool:
        base = bases.get(row["indicator"])
        if base is None or row["compared"] or row["period_end"] is None:
            return False
        return row["period_end"].year > base + 1 and _canonical(row["unit"] or "") == "%"

    findings, by = [], ("indicator", "unit", "compared", "period_end")
    for kind, rows in alike(reading.table, by, ("value", LINE), is_unclear):
        base = bases[kind["indicator"]]
        findings += [
            Finding(
                "warning",
                f"没有写明降幅口径，{row['value']:.6g}% 按比{base}年累计读取",
                f"{row['value']:.6g} % is taken to be the cut since {base}",
                Where(file, reading.sheet, row[LINE], "降幅口径"),
                "在“降幅口径”列填写“比基年累计”或“比上年”",
                "fill 降幅口径: since the base year, or on the year before",
                "cut-unclear",
            )
            for row in rows.to_pylist()
            if row["value"] is not None
        ]
    return in_order(findings)


def _product_misfits(pack: Pack, reading: Any, file: str) -> list[Finding]:
    """An error for each row of an energy product in a unit of another kind; a quantity of coal
    equivalent (标准量) is in tce whatever the product.
    """
    products = {row["product"]: row for row in pack.rows("energy_products")}

    def wanted_unit(row: dict[str, Any]) -> str | None:
        product = products[row["product"]]
        is_standard = row.get("quantity_kind") == "standard"
        return "tce" if is_standard else product["canonical_unit"]

    def is_of_another_kind(row: dict[str, Any]) -> bool:
        if row["product"] not in products or not row["unit"]:
            return False
        kind, wanted = _canonical(row["unit"]), wanted_unit(row)
        return kind is not None and bool(wanted) and kind != wanted

    column = str(reading.mapping.get("unit", "计量单位"))
    kinds = ("product", "unit", "quantity_kind")
    by = [name for name in kinds if name in reading.table.column_names]
    findings = []
    for kind, rows in alike(reading.table, by, (LINE,), is_of_another_kind):
        wanted = wanted_unit(kind)
        usual = _USUAL.get(wanted or "", wanted)
        name = products[kind["product"]]["name_zh"]
        findings += [
            Finding(
                "error",
                f"“{name}”按{usual}计，“{kind['unit']}”是另一类单位，不能计入",
                f"{kind['product']} counts in {wanted}; {kind['unit']} is a unit of another kind",
                Where(file, reading.sheet, at, column),
                f"换算成{usual}填写（蒸汽按焓值、气体按密度，注明依据）",
                f"convert to {wanted} (steam by its enthalpy, gas by its density) and say how",
                "product-unit",
            )
            for at in rows[LINE].to_pylist()
        ]
    return in_order(findings)


def _canonical(unit: str) -> str | None:
    try:
        read: Unit = read_unit(unit)
    except UnknownUnit:
        return None
    return str(read.canonical)
