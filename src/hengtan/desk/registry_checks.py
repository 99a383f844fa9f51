"""What a file of registry entries must meet beyond its form: a quantity fits the unit of its
registry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import Finding, UnknownUnit, Where
from hengtan.basis.units import Unit, read_unit

if TYPE_CHECKING:
    from hengtan.packs import Pack

FORM = "registry_entries"


def unit_findings(pack: Pack, reading: Any, file: str) -> list[Finding]:
    """An error for each quantity in a unit that does not convert to that of its registry.

    ``reading``: of the form ``registry_entries``. Only registries that count quantities; a quantity
    without a unit is in the registry's own.
    """
    units = {
        row["registry_id"]: row["unit"]
        for row in pack.rows("registries")
        if row["counts"] == "quantity" and row["unit"]
    }
    titles = {row["registry_id"]: row["title_zh"] for row in pack.rows("registries")}
    column = str(reading.mapping.get("unit", "计量单位"))
    findings = []
    for row in reading.table.select(["registry", "quantity", "unit", "_source_row"]).to_pylist():
        own = units.get(row["registry"])
        if own is None or row["quantity"] is None or row["unit"] is None:
            continue
        if _canonical(row["unit"]) == _canonical(own):
            continue
        where = Where(file, reading.sheet, row["_source_row"], column)
        findings.append(
            Finding(
                "error",
                f"“{titles[row['registry']]}”按{own}计，“{row['unit']}”不能换算",
                f"{row['registry']} counts in {own}; {row['unit']} does not convert",
                where,
                f"改用{own}或可换算的单位",
                f"use {own} or a unit that converts to it",
                "registry-unit",
            )
        )
    return findings


def _canonical(unit: str) -> str | None:
    try:
        read: Unit = read_unit(unit)
    except UnknownUnit:
        return None
    return str(read.canonical)
