"""Kernel accounts: how sure an inventory's total is, and which categories make it up. They run on
the driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from hengtan.accounts.carbon.key_categories import KeyCategory, key_categories
from hengtan.accounts.carbon.uncertainty import Entry, draw, propagate
from hengtan.accounts.kernel_rows import kernel_table
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.graph import Same, kernel
from hengtan.graph.codes import code_of

Inventory = tuple[str, int, str]
"""Place, year and method."""
ORDER = ("place", "year", "method", "category", "gas")


@kernel(
    key=("place", "year", "method"),
    unit="share",
    cites=("IPCC 2006 Vol.1 Ch.3",),
    maps={"carbon_inventory": Same("place", "year", "method"), "uncertainty_ranges": "all"},
    limit=500_000,
)
def carbon_uncertainty(
    carbon_inventory: pa.Table, uncertainty_ranges: pa.Table, draws: int = 20_000
) -> pa.Table:
    """Uncertainty of each inventory's total by propagation and by drawing, from ranges handed in
    with their sources; without them it is missing and says which.

    Half of the 95 % interval as a share of the total. Categories that share a factor row are fully
    correlated in it.
    """
    ranges = {(row["category"], row["gas"]): row for row in uncertainty_ranges.to_pylist()}
    entries: dict[Inventory, list[Entry]] = {}
    weak: dict[Inventory, float] = {}
    for row in _counted(carbon_inventory):
        at = (row["place"], row["year"], row["method"])
        entry = _entry(row, ranges.get((row["category"], row["gas"]), {}))
        entries.setdefault(at, []).append(entry)
        weak[at] = weak.get(at, 0.0) + abs(row["co2e"]) * (row["recalled_share"] or 0.0)
    rows = []
    for (place, year, method), lines in sorted(entries.items()):
        gross = sum(abs(entry.emission) for entry in lines)
        rows.append(
            {
                "place": place,
                "year": year,
                "method": method,
                "total": sum(entry.emission for entry in lines),
                "recalled_share": weak[place, year, method] / gross if gross else None,
                **_uncertainty(lines, draws),
            }
        )
    return kernel_table(
        rows,
        "place:text year:whole method:text total uncertainty low high largest:text recalled_share"
        " missing:text",
    )


def _counted(carbon_inventory: pa.Table) -> list[dict[str, Any]]:
    """The rows that count in the total, in a fixed order: draws go by the order of entries."""
    columns = [*ORDER, "co2e", "in_total", "recalled_share"]
    ordered = carbon_inventory.select(columns).sort_by([(name, "ascending") for name in ORDER])
    return [row for row in ordered.to_pylist() if row["co2e"] is not None and row["in_total"]]


def _entry(row: Mapping[str, Any], ranges: Mapping[str, Any]) -> Entry:
    """A category's emission as an entry of the propagation, its activity taken as one."""
    name = f"{row['category']} {row['gas']}"
    return Entry(
        name,
        row["co2e"],
        1.0,
        _share(ranges.get("activity_uncertainty")),
        _share(ranges.get("factor_uncertainty")),
        ranges.get("factor_row") or name,
        ranges.get("source_title") or "",
        ranges.get("shape") or "normal",
    )


def _uncertainty(entries: list[Entry], draws: int) -> dict[str, Any]:
    try:
        propagated, drawn = propagate(entries), draw(entries, draws=draws)
    except ParameterNotEstablished as error:
        return {"missing": code_of(error)}
    shares = propagated.variance_share
    return {
        "uncertainty": propagated.uncertainty,
        "low": drawn.low,
        "high": drawn.high,
        "largest": max(shares, key=lambda name: shares[name], default=None),
    }


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


@kernel(
    key=("place", "year", "method", "category", "gas", "assessment"),
    unit="share",
    cites=("IPCC 2006 Vol.1 Ch.4 Eq. 4.1-4.3",),
    maps={"carbon_inventory": Same("place", "method")},
    limit=500_000,
)
def carbon_key_categories(carbon_inventory: pa.Table) -> pa.Table:
    """Key categories of each inventory, by level, and by trend against the first year held: those
    that make up 95 %."""
    years: dict[tuple[str, str], dict[int, dict[tuple[str, str], dict[str, Any]]]] = {}
    for row in _counted(carbon_inventory):
        of_place = years.setdefault((row["place"], row["method"]), {})
        of_place.setdefault(row["year"], {})[row["category"], row["gas"]] = row
    rows: list[dict[str, Any]] = []
    for (place, method), inventories in sorted(years.items()):
        first = inventories[min(inventories)]
        for year, now in sorted(inventories.items()):
            owner = {"place": place, "year": year, "method": method}
            base = None if now is first else first
            rows += [owner | line for line in _assessed(now, base)]
    return kernel_table(
        rows,
        "place:text year:whole method:text category:text gas:text assessment:text rank:whole co2e"
        " share running is_key:flag recalled_share",
    )


def _assessed(
    now: Mapping[tuple[str, str], Mapping[str, Any]],
    base: Mapping[tuple[str, str], Mapping[str, Any]] | None,
) -> Iterator[dict[str, Any]]:
    """The categories of a year in their order by level, and by trend where there is a base."""
    names = sorted({*now, *(base or now)})
    numbers = [str(number) for number in range(len(names))]
    values = [_co2e(now, name) for name in names]
    runs: list[tuple[str, list[KeyCategory]]] = [("level", key_categories(numbers, values))]
    if base is not None:
        before = [_co2e(base, name) for name in names]
        runs.append(("trend", key_categories(numbers, values, before)))
    for assessment, ordered in runs:
        for rank, part in enumerate(ordered, 1):
            category, gas = names[int(part.name)]
            yield {
                "category": category,
                "gas": gas,
                "assessment": assessment,
                "rank": rank,
                "co2e": part.value,
                "share": part.share,
                "running": part.running,
                "is_key": part.key,
                "recalled_share": now.get((category, gas), {}).get("recalled_share"),
            }


def _co2e(inventory: Mapping[tuple[str, str], Mapping[str, Any]], name: tuple[str, str]) -> float:
    return float(inventory[name]["co2e"]) if name in inventory else 0.0
