"""A dispatch study: its row, the records it counts and the curves it names become a power system,
with everything it assumes by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hengtan.outlook.hourly import HourlySeries, to_year
from hengtan.outlook.power.flexible import flexible_of
from hengtan.outlook.power.nodes import Nodes, lines_of, loads_of, nodes_of
from hengtan.outlook.power.parts import CleanShare, Limits, Line, Steps, System
from hengtan.outlook.power.records import (
    NODE,
    Burnt,
    Context,
    Row,
    refusal,
    split,
    standing,
    tell_unverified,
)
from hengtan.outlook.power.stand_ins import FLAT, SUN, flat, sun
from hengtan.outlook.power.stores import imports_of, stores_of
from hengtan.outlook.power.units import plants_of
from hengtan.outlook.scaling import scaled, scaled_to_energy

MWH_OF_1E8_KWH, MW_OF_1E4_KW, T_OF_1E4_T = 1e5, 10.0, 1e4
NUMBERS = (
    "demand_energy",
    "demand_peak",
    "import_price",
    "wind_hours",
    "solar_hours",
    "hydro_hours",
    "thermal_availability",
    "thermal_minimum",
    "own_use",
    "carbon_cap",
    "reserve_margin",
    "hydro_firm",
    "wind_firm",
    "solar_firm",
    "clean_share",
    "coal_rate",
    "other_energy",
    "other_clean",
    "shortage_price",
    "discount_rate",
)
"""Fields of the form that are assumed unless the row lists them as established."""


@dataclass(frozen=True)
class Records:
    """What a study may count: approved rows of the forms, and what packs say.

    ``counted`` is the power of each flexible resource that counts [kW]; ``series`` gives the series
    of an id in a year, ``shape`` a shape of the packs, ``place_of`` the code of a name of a place.
    """

    units: Sequence[Row]
    lines: Sequence[Row]
    sites: Sequence[Row]
    resources: Sequence[Row]
    counted: Mapping[tuple[str, str], float]
    prices: Sequence[Row]
    fuels: Mapping[str, Burnt]
    grid_factors: Mapping[tuple[str, str, int], Row]
    series: Callable[[str, int], HourlySeries]
    shape: Callable[[str], HourlySeries]
    within: Callable[[str, str], bool]
    nodes: Sequence[Row] = ()
    place_of: Callable[[str], str | None] = str
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DispatchStudy:
    """A study as a power system, and what it assumes by code of ``words.yaml``."""

    row: Row
    system: System
    load: HourlySeries
    assumed: tuple[str, ...]


def dispatch_study(row: Row, records: Records) -> DispatchStudy:
    """The power system of a study.

    Raises HengtanError, in one line with the place of the row, for what is missing, and what the
    series and the packs raise.
    """
    curves = _curves(row, records)
    context = Context(row, records.fuels, records.prices, curves, records.within)
    context.products = records.products
    _tell_numbers(context, records.titles)
    load = _load(row, records, context)
    nodes = nodes_of(records.nodes, row, records.place_of, records.within)
    demand = load.values[None, :]
    if nodes is not None:
        context.node_of = nodes.of
        load, demand = loads_of(nodes, load, _scaled, context)
    parts: dict[str, Any] = {}
    parts |= plants_of(standing(records.units, context), context)
    stores = stores_of(standing(records.sites, context), context)
    lines = standing(records.lines, context)
    imports = imports_of(lines, context, records.grid_factors)
    inside = [r for r in records.resources if records.within(r["place"], row["place"])]
    if not any((*parts.values(), stores, imports)):
        raise refusal("nothing_there", row["place"], row["year"])
    flexible = flexible_of(inside, records.counted, load.values.size, context)
    parts |= flexible | {"storage": (*stores, *flexible["storage"]), "imports": imports}
    parts["lines"] = _lines(lines, nodes, context)
    tell_unverified(context)
    system = System(
        name=str(row["title"]),
        steps=Steps.of_year(load.values.size, row["year"], load.utc_offset),
        nodes=(NODE,) if nodes is None else nodes.names,
        demand=demand,
        fuels=tuple(context.used_fuels.values()),
        shortage=_times(row.get("shortage_price"), 1000.0),
        limits=_limits(row),
        demand_source=load.source,
        **parts,
    )
    return DispatchStudy(row, system, load, tuple(context.assumed))


def _lines(rows: Sequence[Row], nodes: Nodes | None, context: Context) -> tuple[Line, ...]:
    """The lines within the study, and that one is told of how many nodes it has."""
    if nodes is None:
        context.tell("assumed.one_node")
        return ()
    context.tell("assumed.nodes", len(nodes.names), "、".join(nodes.names))
    return lines_of(rows, nodes, context)


def _curves(row: Row, records: Records) -> Callable[[str], HourlySeries]:
    """The curve of a name in the study's year: one that is made up, else a series of the ledger."""
    year = row["year"]

    def curve(name: str) -> HourlySeries:
        if name == FLAT:
            return flat(year)
        if name == SUN:
            return sun(year, float(row["latitude"]), float(row["longitude"]))
        return records.series(name, year)

    return curve


def _load(row: Row, records: Records, context: Context) -> HourlySeries:
    """The load of the year [MW]: the series of the ledger, or the shape that stands in for it."""
    if row.get("load_series"):
        load = records.series(row["load_series"], row["year"])
    else:
        shape = records.shape(row["load_stand_in"]).standing_for("负荷")
        load = replace(to_year(shape, row["year"]), unit="MW")
    load = _scaled(load, row)
    if load.kind != "metered" or load.changes:
        context.tell("assumed.load", "｜".join(load.name()))
    return load


def _scaled(load: HourlySeries, row: Row) -> HourlySeries:
    """A load with the energy and the peak that a row states, where it states them. [MW]"""
    energy = _times(row.get("demand_energy"), MWH_OF_1E8_KWH)
    peak = _times(row.get("demand_peak"), MW_OF_1E4_KW)
    if energy is not None and peak is not None:
        return scaled(load, energy, peak, row.get("scaling") or "power")
    if energy is not None:
        return scaled_to_energy(load, energy)
    if peak is not None:
        return scaled_to_energy(load, load.energy * peak / load.peak)
    return load


def _limits(row: Row) -> Limits:
    clean = None
    if row.get("clean_share") is not None:
        clean = CleanShare(
            share=float(row["clean_share"]) / 100.0,
            coal_rate=row.get("coal_rate"),
            other=T_OF_1E4_T * (row.get("other_energy") or 0.0),
            other_clean=T_OF_1E4_T * (row.get("other_clean") or 0.0),
            source=f"dispatch_studies {row['study']}",
        )
    return Limits(
        carbon=_times(row.get("carbon_cap"), T_OF_1E4_T),
        reserve=_times(row.get("reserve_margin"), 0.01),
        clean=clean,
    )


def _tell_numbers(context: Context, titles: Mapping[str, tuple[str, str]]) -> None:
    """Tell of the study's own numbers that no source establishes."""
    row, established = context.study, set(split(context.study.get("established")))
    for name in NUMBERS:
        if row.get(name) is not None and name not in established:
            title = "｜".join(titles.get(name, (name, name)))
            context.tell("assumed.study", title, f"{row[name]:g}")


def _times(value: Any, factor: float) -> float | None:
    return None if value is None else float(value) * factor
