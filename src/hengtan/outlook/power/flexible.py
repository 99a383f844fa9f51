"""Flexible resources in the system, from rows of ``flexible_resources`` and the power of each that
the account ``flexible_counted`` lets count: load that is given up or moved, and stores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hengtan.outlook.power.parts import Curtailable, Shiftable, Storage
from hengtan.outlook.power.records import Context, Row, code_of, of_row

WAYS = {"DG": "generate", "ES": "store", "FL": "curtail"}
"""How a resource of a kind is used where its row does not say."""


def flexible_of(
    rows: Sequence[Row], counted: Mapping[tuple[str, str], float], steps: int, context: Context
) -> dict[str, tuple[Any, ...]]:
    """Parts of the system by group.

    Parameters
    ----------
    counted : mapping of (place, resource) to kW
        Power that counts; a resource that it does not have is left out.

    Raises HengtanError for a shift without window, a call without price, a store without its
    efficiency. Generators of consumers are left out, told: nobody says what they burn.
    """
    groups: dict[str, list[Any]] = {"shiftable": [], "curtailable": [], "storage": []}
    for row in rows:
        power = counted.get((row["place"], row["resource"]))
        if power is None or code_of(row) in context.left_out:
            context.tell("assumed.resource_left_out", code_of(row))
            continue
        way = row.get("way") or WAYS[row["kind"]]
        megawatts = power / 1000.0 * hours_it_serves(row, steps)
        if way == "shift":
            groups["shiftable"].append(_shift(row, megawatts, context))
        elif way == "curtail":
            groups["curtailable"].append(_curtail(row, megawatts, context))
        elif way == "store":
            groups["storage"].append(_store(row, power / 1000.0, context))
        else:
            context.tell("assumed.resource_left_out", code_of(row))
    return {name: tuple(parts) for name, parts in groups.items()}


def hours_it_serves(row: Row, steps: int) -> np.ndarray[Any, Any]:
    """1 in hours of the day that the resource serves; times over midnight end before they begin."""
    hour = np.arange(steps) % 24 + 1
    first, last = int(row.get("first_hour") or 0), int(row.get("last_hour") or 24)
    inside = (hour > first) & (hour <= last)
    if first >= last:
        inside = (hour > first) | (hour <= last)
    return inside.astype(float)


def _shift(row: Row, megawatts: Any, context: Context) -> Shiftable:
    more = row.get("raise")
    ratio = 1.0 if more is None else float(more) / float(row["power"])
    return Shiftable(
        name=_name(row),
        node=context.node_of(row),
        down=megawatts,
        up=megawatts * ratio,
        window=_wanted(row, "window", "平移窗口"),
        cost=1000.0 * (row.get("price") or 0.0),
        source=_source(row),
    )


def _curtail(row: Row, megawatts: Any, context: Context) -> Curtailable:
    calls = row.get("calls")
    return Curtailable(
        name=_name(row),
        node=context.node_of(row),
        power=megawatts,
        price=1000.0 * _wanted(row, "price", "调用价格"),
        calls=float("inf") if calls is None else float(calls),
        hours=float(row["duration"]),
        source=_source(row),
    )


def _store(row: Row, megawatts: float, context: Context) -> Storage:
    whole = _wanted(row, "efficiency", "往返效率") / 100.0
    half = float(np.sqrt(whole))
    return Storage(
        name=_name(row),
        node=context.node_of(row),
        kind="flexible",
        capacity=megawatts,
        energy=megawatts * float(row["duration"]) / half,
        efficiency_in=half,
        efficiency_out=half,
        cost=1000.0 * (row.get("price") or 0.0),
        source=_source(row),
    )


def _wanted(row: Row, name: str, zh: str) -> float:
    if row.get(name) is None:
        raise of_row(row, name, "no_resource_number", code_of(row), zh)
    return float(row[name])


def _name(row: Row) -> str:
    return f"{row['aggregator']}（{code_of(row)}）"


def _source(row: Row) -> str:
    return f"flexible_resources {code_of(row)}：{row.get('source_title') or ''}"
