"""Plants from rows of ``power_units``: thermal units in clusters, wind and sun and rivers, and
reservoirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hengtan.basis.units import read_unit
from hengtan.basis.words import coded
from hengtan.outlook.annuity import annuity
from hengtan.outlook.power.costs import heat_of_coal_rate
from hengtan.outlook.power.parts import Build, Fuel, Reservoir, Thermal, Variable
from hengtan.outlook.power.records import (
    Burnt,
    Context,
    Row,
    code_of,
    count_unverified,
    of_row,
    price_of,
    title_of,
)
from hengtan.outlook.power.stand_ins import availability

KINDS = {
    "coal": "coal",
    "gas_cc": "gas",
    "gas_oc": "gas",
    "oil": "oil",
    "waste_heat": "waste_heat",
    "nuclear": "nuclear",
    "biomass": "biomass",
    "waste": "biomass",
    "reservoir_hydro": "hydro",
    "river_hydro": "hydro",
    "wind": "wind",
    "wind_offshore": "wind",
    "solar": "solar",
    "solar_roof": "solar",
    "solar_thermal": "solar",
}
"""The source that statistics group each technology under."""
NON_FOSSIL = frozenset({"nuclear", "biomass", "hydro", "wind", "solar"})
GJ_OF_MWH = 3.6
MW_OF_HEAT = {"MW": 1.0, "GJ": 1.0 / GJ_OF_MWH}
"""Heat of an hour by its unit. [MW]"""
WITHOUT_FUEL = frozenset({"waste_heat", "nuclear"})


def plants_of(rows: Sequence[Row], context: Context) -> dict[str, tuple[Any, ...]]:
    """Thermal plants in clusters of alike units, wind and sun and rivers, and reservoirs.

    Raises HengtanError, with the place of the row, for a number that nobody gave.
    """
    thermal, variable, reservoirs = [], [], []
    for row in rows:
        kind = KINDS[row["technology"]]
        if kind == "hydro" and (row.get("reservoir") or 0) > 0:
            reservoirs.append(_reservoir(row, context))
        elif kind in ("hydro", "wind", "solar"):
            variable.append(_variable(row, kind, context))
        else:
            thermal.append(_thermal(row, kind, context))
    count_unverified(rows, context)
    heating = [part for part in thermal if part.gives_heat]
    others = [part for part in thermal if not part.gives_heat]
    return {
        "thermal": (*clustered(others), *heating),
        "variable": tuple(merged(variable)),
        "reservoirs": tuple(reservoirs),
    }


def _plant(row: Row, kind: str, context: Context) -> dict[str, Any]:
    """What every plant has, as words of ``Plant``."""
    count = row.get("units") or 1
    return {
        "name": f"{title_of(row)}（{code_of(row)}）",
        "node": context.node_of(row),
        "kind": kind,
        "capacity": float(row["capacity"]) * count,
        "cost": 1000.0 * (row.get("variable_cost") or 0.0),
        "fixed": 1000.0 * (row.get("fixed_cost") or 0.0),
        "non_fossil": kind in NON_FOSSIL,
        "build": _build(row, context),
        "source": f"power_units {code_of(row)}：{row.get('source_title') or ''}",
    }


def _build(row: Row, context: Context) -> Build | None:
    """That more of a unit may be built, where the study invests and the row says how much."""
    if not context.study.get("invest") or not row.get("buildable"):
        return None
    lacking = [
        zh
        for zh, value in (
            ("单位造价", row.get("investment")),
            ("寿命", row.get("life")),
            ("折现率", context.study.get("discount_rate")),
        )
        if value is None
    ]
    if lacking:
        raise of_row(row, "investment", "no_investment", title_of(row), "、".join(lacking))
    rate = float(context.study["discount_rate"]) / 100.0
    yearly = float(row["investment"]) * annuity(rate, float(row["life"]))
    return Build(1000.0 * (yearly + (row.get("fixed_cost") or 0.0)), float(row["buildable"]))


def _thermal(row: Row, kind: str, context: Context) -> Thermal:
    available = _available(row, context)
    heat, own_use = _heat(row, kind, context)
    least = _least(row, kind, context)
    heating = _heating(row, context)
    return Thermal(
        **_plant(row, kind, context),
        **heating,
        available=available,
        firm=available,
        own_use=own_use,
        fuel=_fuel(row, context) if heat else "",
        heat_rate=heat,
        size=float(row["capacity"]),
        least=least,
        ramp=(row["ramp"] / 100.0) if row.get("ramp") is not None else float("inf"),
        up=float(row.get("minimum_up") or 0.0),
        down=float(row.get("minimum_down") or 0.0),
        start_cost=float(row.get("start_cost") or 0.0) / float(row["capacity"]),
        commitment="none" if heating else context.study.get("commitment") or "none",
    )


def _heating(row: Row, context: Context) -> dict[str, Any]:
    """The heat that a unit with a series of it must give, as words of ``Thermal``."""
    if not row.get("heat_series"):
        if row.get("heating"):
            context.tell("assumed.heat_unknown", title_of(row))
        return {}
    series = context.series(row["heat_series"])
    unit = read_unit(series.unit) if series.unit else None
    if unit is None or unit.canonical not in MW_OF_HEAT:
        raise of_row(row, "heat_series", "heat_unit", title_of(row), series.unit or "—")
    scale = unit.factor * MW_OF_HEAT[unit.canonical]
    heat = f"{series.energy * scale * GJ_OF_MWH / 1e4:,.1f}"
    context.tell("assumed.heat", title_of(row), "｜".join(series.name()), heat)
    if context.study.get("commitment") not in (None, "none"):
        context.tell("assumed.heat_apart", title_of(row))
    return {
        "heat_load": series.values * scale,
        "power_to_heat": float(row["power_to_heat"]),
        "power_loss": float(row["power_loss"]),
    }


def _available(row: Row, context: Context) -> float:
    share = context.number(row, "availability", "thermal_availability", "no_availability")
    return share / 100.0 * (1.0 - (row.get("forced_outage") or 0.0) / 100.0)


def _least(row: Row, kind: str, context: Context) -> float:
    """Least output as a share; of coal units the study may say it, of others the row alone."""
    if row.get("minimum_output") is not None:
        return float(row["minimum_output"]) / 100.0
    default = context.study.get("thermal_minimum") if kind == "coal" else None
    return float(default or 0.0) / 100.0


def _heat(row: Row, kind: str, context: Context) -> tuple[float, float]:
    """Heat of a MWh and the plant's own use: a coal rate is of what it sends out, a heat rate of
    what it generates.
    """
    if kind in WITHOUT_FUEL or (kind == "biomass" and row.get("variable_cost") is not None):
        return 0.0, (row.get("own_use") or 0.0) / 100.0
    if row.get("coal_rate") is not None:
        return heat_of_coal_rate(float(row["coal_rate"])), 0.0
    if row.get("heat_rate") is None:
        raise of_row(row, "coal_rate", "no_heat_rate", title_of(row))
    own_use = context.number(row, "own_use", "own_use", "no_own_use")
    return float(row["heat_rate"]) / 1000.0, own_use / 100.0


def _fuel(row: Row, context: Context) -> str:
    """The name of the fuel of a unit, among those used once it has a price and a carbon factor."""
    product = row.get("fuel")
    if not product:
        raise of_row(row, "fuel", "no_fuel", title_of(row))
    known = context.fuels.get(product, Burnt(None, None, ""))
    carbon = row.get("carbon_factor")
    per_gj = float(carbon) / 1000.0 if carbon is not None else known.carbon
    if KINDS[row["technology"]] == "biomass":
        per_gj = 0.0
    if per_gj is None:
        raise of_row(row, "carbon_factor", "no_carbon", context.called(product))
    name = f"{product} {per_gj * 1000:g} t/TJ"
    if name not in context.used_fuels:
        price, source = price_of(product, context)
        fossil = KINDS[row["technology"]] not in NON_FOSSIL
        fuel = Fuel.at(name, price, per_gj, source)
        context.used_fuels[name] = replace(fuel, fossil=fossil)
    return name


def _variable(row: Row, kind: str, context: Context) -> Variable:
    share = _share_by_hour(row, kind, context)
    firm = context.study.get(f"{kind}_firm")
    return Variable(**_plant(row, kind, context), available=share, firm=_firm(kind, firm, context))


def _firm(kind: str, share: float | None, context: Context) -> float:
    """What counts as firm of a kind; nothing, told, where the study does not say."""
    if share is None:
        context.tell("assumed.firm", coded(f"kind.{kind}"))
    return float(share or 0.0) / 100.0


def _share_by_hour(row: Row, kind: str, context: Context) -> Any:
    """Share of the capacity by hour: the unit's own series as it is; else the study's profile
    brought to the unit's yearly energy, or to the hours that the study gives the kind.
    """
    if row.get("series"):
        return context.series(row["series"]).values
    profile = context.study.get(f"{kind}_profile")
    if not profile:
        code = "no_inflow" if kind == "hydro" else "no_profile"
        raise of_row(row, "series", code, title_of(row))
    shape = context.series(profile)
    context.tell("assumed.profile", coded(f"kind.{kind}"), "｜".join(shape.name()))
    capacity = float(row["capacity"]) * (row.get("units") or 1)
    if row.get("yearly_energy") is not None:
        hours = float(row["yearly_energy"]) * 10.0 / capacity
    else:
        hours = context.number(row, "", f"{kind}_hours", "no_hours")
    try:
        return availability(shape, hours)
    except ValueError:
        raise of_row(
            row, "yearly_energy", "too_many_hours", title_of(row), f"{hours:.0f}"
        ) from None


def _reservoir(row: Row, context: Context) -> Reservoir:
    plant = _plant(row, "hydro", context)
    firm = context.study.get("hydro_firm")
    return Reservoir(
        **plant,
        inflow=_share_by_hour(row, "hydro", context) * plant["capacity"],
        volume=float(row["reservoir"]) * plant["capacity"],
        firm=_firm("hydro", firm, context),
    )


def clustered(plants: Sequence[Thermal]) -> Iterator[Thermal]:
    """Plants whose numbers are all the same as one, by the number of its units."""
    yield from _alike(plants, ("name", "capacity", "source"))


def merged(plants: Sequence[Variable]) -> Iterator[Variable]:
    """Wind, sun and rivers of one profile as one."""
    yield from _alike(plants, ("name", "capacity", "source"))


def _alike(plants: Sequence[Any], apart: Sequence[str]) -> Iterator[Any]:
    groups: dict[Any, list[Any]] = {}
    for plant in plants:
        words = {w: v for w, v in vars(plant).items() if w not in apart}
        groups.setdefault(tuple((w, _plain(v)) for w, v in words.items()), []).append(plant)
    for members in groups.values():
        first = members[0]
        if len(members) == 1:
            yield first
            continue
        yield replace(
            first,
            name=f"{first.name}等{len(members)}项",
            capacity=sum(member.capacity for member in members),
            source="；".join(member.source for member in members),
        )


def _plain(value: Any) -> Any:
    return value.tobytes() if isinstance(value, np.ndarray) else value
