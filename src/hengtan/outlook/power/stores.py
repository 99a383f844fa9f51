"""Pumped storage and batteries from rows of ``storage_sites``, and power from outside from rows of
``power_lines``, each with the carbon factor that was chosen for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hengtan.accounts.power.formulas import energy_sent, mixed_factor, pumped_energy
from hengtan.basis.words import coded
from hengtan.outlook.power.parts import Import, Storage
from hengtan.outlook.power.records import (
    Context,
    Row,
    code_of,
    count_unverified,
    of_row,
    title_of,
)

CLEAN_MIX = ("mix_hydro", "mix_wind", "mix_solar", "mix_nuclear")
MIX = ("mix_coal", "mix_gas", *CLEAN_MIX)
WHOLE = 1.0
"""How far the parts of a mix may be from 100. [%]"""


def stores_of(rows: Sequence[Row], context: Context) -> tuple[Storage, ...]:
    """Pumped storage and batteries of rows of ``storage_sites``."""
    kinds = {"pumped": "pumped", "battery": "battery", "other": "other_storage"}
    count_unverified(rows, context)
    return tuple(_store(row, kinds[row["kind"]], context) for row in rows)


def _store(row: Row, kind: str, context: Context) -> Storage:
    if row.get("round_trip") is None:
        raise of_row(row, "round_trip", "no_power", title_of(row), "综合效率")
    whole = float(row["round_trip"]) / 100.0
    out = row.get("discharge_efficiency")
    giving = float(out) / 100.0 if out is not None else float(np.sqrt(whole))
    return Storage(
        name=f"{title_of(row)}（{code_of(row)}）",
        node=context.node_of(row),
        kind=kind,
        capacity=float(row["power"]),
        energy=_energy(row, giving),
        efficiency_in=whole / giving,
        efficiency_out=giving,
        fixed=1000.0 * (row.get("fixed_cost") or 0.0),
        firm=1.0,
        source=f"storage_sites {code_of(row)}：{row.get('source_title') or ''}",
    )


def _energy(row: Row, giving: float) -> float:
    """Energy that a site holds, before the loss of giving it. [MWh]"""
    if row.get("energy") is not None:
        return float(row["energy"]) / giving
    if row.get("head") is not None and row.get("volume") is not None:
        return float(pumped_energy(float(row["head"]), float(row["volume"]), 1.0))
    if row.get("hours") is not None:
        return float(row["hours"]) * float(row["power"]) / giving
    raise of_row(row, "energy", "no_power", title_of(row), "储能容量（或水头和调节库容）")


def imports_of(
    rows: Sequence[Row], context: Context, grid_factors: Mapping[tuple[str, str, int], Row]
) -> tuple[Import, ...]:
    """Power from outside of rows of ``power_lines`` that are from outside.

    Raises HengtanError for a price that nobody gave and a carbon factor that is not whole; a line
    whose way was not chosen is refused when the system is built.
    """
    outside = [row for row in rows if row["outside"]]
    count_unverified(outside, context)
    return tuple(_import(row, context, grid_factors) for row in outside)


def _import(row: Row, context: Context, grid_factors: Mapping[tuple[str, str, int], Row]) -> Import:
    factor, name = factor_of(row, grid_factors)
    lost = share_lost(row, context)
    contract = row.get("yearly_energy")
    energy = None if contract is None else float(contract) * 1e5
    delivered = float(row["capacity"]) * (1.0 - lost)
    derating = row.get("derating")
    if derating is None:
        context.tell("assumed.firm", title_of(row))
    available: Any = 1.0
    if row.get("series"):
        available = context.series(row["series"]).values / delivered
    return Import(
        name=f"{title_of(row)}（{code_of(row)}）",
        node=context.node_of(row),
        kind="import",
        capacity=delivered,
        available=available,
        shaped=bool(row.get("series")),
        cost=1000.0 * context.number(row, "price", "import_price", "no_line_price"),
        firm=0.0 if derating is None else 1.0 - float(derating) / 100.0,
        factor=factor,
        factor_name=name,
        clean=sum(float(row.get(part) or 0.0) for part in CLEAN_MIX) / 100.0,
        at_least=energy or 0.0,
        at_most=float("inf") if energy is None else energy,
        source=f"power_lines {code_of(row)}：{row.get('source_title') or ''}",
    )


def share_lost(row: Row, context: Context) -> float:
    """What a line loses of what is sent; a row that does not say it is taken to lose nothing, which
    is told.
    """
    if row.get("loss") is None:
        context.tell("assumed.loss_unknown", f"{title_of(row)}（{code_of(row)}）")
        return 0.0
    return float(row["loss"]) / 100.0


def factor_of(
    row: Row, grid_factors: Mapping[tuple[str, str, int], Row]
) -> tuple[float | None, str]:
    """Carbon factor of a line [tCO2/MWh] by the way that its row chooses, and what it is called."""
    way = row.get("factor_way")
    if way == "contract":
        return _wanted(row, "factor"), f"合同写明（{row.get('factor_source') or ''}）"
    if way == "published":
        key = tuple(row.get(word) for word in ("factor_kind", "factor_grid", "factor_year"))
        published = grid_factors.get(key)  # type: ignore[arg-type]
        if published is None:
            raise of_row(row, "factor_grid", "factor_not_told", title_of(row), key)
        name = f"{published['name_zh']}{published['data_year']}年，{published['source']}"
        return float(published["value"]), name
    if way == "mix":
        return _of_mix(row), f"送端电源构成（{row.get('factor_source') or ''}）"
    return None, ""


def _of_mix(row: Row) -> float:
    """Factor of a MWh received: a mix is of what is sent, loss included, as the account has it."""
    parts = {part: float(row.get(part) or 0.0) for part in MIX}
    if abs(sum(parts.values()) - 100.0) > WHOLE:
        total = f"构成合计 {sum(parts.values()):g}%"
        raise of_row(row, "mix_coal", "factor_not_told", title_of(row), total)
    coal = _wanted(row, "mix_coal_factor") if parts["mix_coal"] else 0.0
    gas = _wanted(row, "mix_gas_factor") if parts["mix_gas"] else 0.0
    of_sent = mixed_factor(parts["mix_coal"] / 100.0, coal, parts["mix_gas"] / 100.0, gas)
    return float(energy_sent(of_sent, (row.get("loss") or 0.0) / 100.0))


def _wanted(row: Row, name: str) -> float:
    if row.get(name) is None:
        raise of_row(row, name, "factor_not_told", title_of(row), coded(name))
    return float(row[name])
