"""Kernel accounts: the carbon footprint of each product system handed in, its contributions, and what could not be computed."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from hengtan.accounts.carbon.data_quality import MARKS
from hengtan.accounts.carbon.footprint import Footprint, footprint
from hengtan.accounts.carbon.unit_process import Process
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError
from hengtan.graph import Same, kernel

CITES = ("GB/T 24067-2024", "ISO 14067:2018")


def _systems(exchanges: pa.Table) -> dict[tuple[str, int], list[dict[str, Any]]]:
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in exchanges.to_pylist():
        found.setdefault((row["system"], row["period_end"].year), []).append(row)
    return dict(sorted(found.items()))


def _solve(rows: list[dict[str, Any]]) -> Footprint:
    """The footprint of one system from its rows. Raises HengtanError."""
    named: dict[str, list[dict[str, Any]]] = {}
    demand: dict[str, float] = {}
    units: dict[str, str] = {}
    for r in rows:
        if r["direction"] in ("output", "input", "demand"):
            unit = r["unit"] or ""
            if units.setdefault(r["flow"], unit) != unit:
                raise HengtanError(f"“{r['flow']}”的计量单位不一致：{units[r['flow']]}、{unit}", f"'{r['flow']}' is given in {units[r['flow']]} and in {unit}", todo="统一计量单位", todo_en="use one unit")
        if r["direction"] == "demand":
            demand[r["flow"]] = demand.get(r["flow"], 0.0) + r["amount"]
        else:
            named.setdefault(r["process"], []).append(r)
    if not demand:
        raise HengtanError("没有功能单位行", "no functional unit is given", todo="填一行方向为“功能单位”", todo_en="give a row of direction functional unit")
    processes = []
    for name, mine in named.items():
        outputs = {r["flow"]: r["amount"] for r in mine if r["direction"] == "output"}
        emissions: dict[str, float] = {}
        for r in mine:
            if r["direction"] == "emission" and not r["biogenic"]:
                emissions[r["flow"]] = emissions.get(r["flow"], 0.0) + r["amount"] * (1.0 if r["factor"] is None else r["factor"])
        inputs: dict[str, float] = {}
        for r in mine:
            if r["direction"] == "input":
                inputs[r["flow"]] = inputs.get(r["flow"], 0.0) + r["amount"]
        marks = {m: next((r[m] for r in mine if r[m] is not None), None) for m in MARKS}
        processes.append(Process(
            name, outputs, inputs, emissions, {r["flow"]: r["allocation"] for r in mine if r["direction"] == "output" and r["allocation"] is not None}, mine[0]["stage"] or "production",
            {m: v for m, v in marks.items() if v is not None}, all(bool(r["primary_data"]) for r in mine), worst(r["confidence"] for r in mine) or "read",
        ))  # fmt: skip
    return footprint(processes, demand)


@kernel(key=("system", "year"), unit="kg CO2e per functional unit", cites=CITES, maps={"footprint_exchanges": Same("system")}, limit=500_000)
def carbon_footprint(footprint_exchanges: pa.Table) -> pa.Table:
    """The footprint of each product system and year, its data-quality rating (PEF mean of marks, weighted), shares of primary data and of recalled factors.

    Biogenic carbon and land-use change stand beside the total and are not in it. A system that cannot be solved has no total and says why.
    """
    made = []
    for (system, year), rows in _systems(footprint_exchanges).items():
        demand = next((r for r in rows if r["direction"] == "demand"), None)
        line: dict[str, Any] = {"system": system, "year": year, "functional_unit": f"{demand['amount']:g} {demand['unit'] or ''} {demand['flow']}" if demand else None, "processes": len({r["process"] for r in rows if r["direction"] != "demand"}), "confidence": worst(r["confidence"] for r in rows), "demo": any(r["_demo"] for r in rows)}
        line["biogenic"] = sum(r["amount"] * (1.0 if r["factor"] is None else r["factor"]) for r in rows if r["direction"] == "emission" and r["biogenic"])
        try:
            found = _solve(rows)
            line |= {"total": found.total, "quality": found.quality, "primary_share": found.primary_share, "recalled_share": found.recalled_share}
        except HengtanError as error:
            line["missing"] = error.zh + (f"；{error.todo}" if error.todo else "")
        made.append(line)
    return pa.Table.from_pylist(made, schema=pa.schema([
        ("system", pa.string()), ("year", pa.int64()), ("functional_unit", pa.string()), ("total", pa.float64()), ("biogenic", pa.float64()), ("processes", pa.int64()), ("quality", pa.float64()), ("primary_share", pa.float64()),
        ("recalled_share", pa.float64()), ("confidence", pa.string()), ("missing", pa.string()), ("demo", pa.bool_()),
    ]))  # fmt: skip


@kernel(key=("system", "year", "kind", "name"), unit="kg CO2e per functional unit", cites=CITES, maps={"footprint_exchanges": Same("system")}, limit=500_000)
def carbon_footprint_parts(footprint_exchanges: pa.Table) -> pa.Table:
    """What each footprint is made of: by process, by emission and by life-cycle stage; each kind adds to the total."""
    made = []
    for (system, year), rows in _systems(footprint_exchanges).items():
        try:
            found = _solve(rows)
        except HengtanError:
            continue
        for kind, parts in (("process", found.by_process), ("flow", found.by_flow), ("stage", found.by_stage)):
            made += [{"system": system, "year": year, "kind": kind, "name": name, "value": value, "share": value / found.total if found.total else None} for name, value in parts.items()]
    return pa.Table.from_pylist(made, schema=pa.schema([("system", pa.string()), ("year", pa.int64()), ("kind", pa.string()), ("name", pa.string()), ("value", pa.float64()), ("share", pa.float64())]))
