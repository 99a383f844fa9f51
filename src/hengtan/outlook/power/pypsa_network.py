"""A PyPSA network as a system of ours: what it says is taken over, what we cannot say is refused.

Only attributes of the network are read, so PyPSA itself need not be there for a network that is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hengtan.outlook.linear import Array
from hengtan.outlook.power.parts import (
    UNLIMITED,
    Build,
    ByStep,
    Fuel,
    Limits,
    Line,
    Reservoir,
    Steps,
    Storage,
    System,
    Thermal,
)
from hengtan.outlook.power.pypsa_link import NotInPypsa


def system_of(network: Any, name: str = "PyPSA") -> System:
    """The network as a system for a year of its snapshots.

    Raises ``NotInPypsa`` for committable units, transformers, stores that are not cyclic, efficient
    lines with losses and constraints other than a cap on primary energy.
    """
    refuse_network(network)
    weights = network.snapshot_weightings
    length = weights["stores"].to_numpy(float)
    steps = Steps(
        length,
        weights["objective"].to_numpy(float) / length,
        np.zeros(length.size, dtype=np.int32),
    )
    nodes = tuple(network.buses.index)
    return System(
        name=name,
        steps=steps,
        nodes=nodes,
        demand=_demand(network, nodes, steps.count),
        fuels=_fuels(network),
        thermal=tuple(_thermal(network, row) for row in network.generators.itertuples()),
        variable=(),
        reservoirs=tuple(
            _dam(network, row) for row in network.storage_units.itertuples() if _wet(network, row)
        ),
        storage=(
            *(_unit(row) for row in network.storage_units.itertuples() if not _wet(network, row)),
            *(_store(row) for row in network.stores.itertuples()),
        ),
        lines=(
            *(_link(row) for row in network.links.itertuples()),
            *(_wire(row) for row in network.lines.itertuples()),
        ),
        limits=_limits(network),
        money="EUR",
    )


def _series(network: Any, component: str, name: str, attribute: str, otherwise: ByStep) -> ByStep:
    table = getattr(network, f"{component}_t")[attribute]
    return table[name].to_numpy(float) if name in table else otherwise


def _demand(network: Any, nodes: tuple[str, ...], count: int) -> Array:
    demand = np.zeros((len(nodes), count))
    for row in network.loads.itertuples():
        demand[nodes.index(row.bus)] += _series(network, "loads", row.Index, "p_set", row.p_set)
    return demand


def _fuels(network: Any) -> tuple[Fuel, ...]:
    """Carriers with carbon are fuels whose price is in the marginal cost of who burns them."""
    return tuple(
        Fuel.at(row.Index, 0.0, float(row.co2_emissions))
        for row in network.carriers.itertuples()
        if row.co2_emissions
    )


def _build(row: Any, word: str = "p_nom") -> Build | None:
    if not getattr(row, f"{word}_extendable"):
        return None
    most, least = getattr(row, f"{word}_max"), getattr(row, f"{word}_min")
    return Build(float(row.capital_cost), float(most), float(least))


def _standing(row: Any, word: str = "p_nom") -> float:
    """What stands is nothing where PyPSA chooses it: it then pays for all of it."""
    return 0.0 if getattr(row, f"{word}_extendable") else float(getattr(row, word))


def _thermal(network: Any, row: Any) -> Thermal:
    carbon = network.carriers.co2_emissions.get(row.carrier, 0.0)
    return Thermal(
        name=row.Index,
        node=row.bus,
        kind=row.carrier or row.Index,
        capacity=_standing(row),
        available=_series(network, "generators", row.Index, "p_max_pu", float(row.p_max_pu)),
        cost=float(row.marginal_cost),
        fuel=row.carrier if carbon else "",
        heat_rate=1.0 / row.efficiency,
        build=_build(row),
    )


def _wet(network: Any, row: Any) -> bool:
    return row.Index in network.storage_units_t["inflow"] or row.inflow > 0


def _dam(network: Any, row: Any) -> Reservoir:
    return Reservoir(
        name=row.Index,
        node=row.bus,
        kind="hydro",
        capacity=float(row.p_nom),
        inflow=_series(network, "storage_units", row.Index, "inflow", float(row.inflow)),
        volume=float(row.p_nom * row.max_hours),
        cost=float(row.marginal_cost),
    )


def _unit(row: Any) -> Storage:
    build = _build(row)
    return Storage(
        name=row.Index,
        node=row.bus,
        kind=row.carrier or "storage",
        capacity=_standing(row),
        energy=_standing(row) * row.max_hours,
        efficiency_in=float(row.efficiency_store),
        efficiency_out=float(row.efficiency_dispatch),
        loss=float(row.standing_loss),
        cost=float(row.marginal_cost),
        build=build,
        ratio=float(row.max_hours) if build else None,
    )


def _store(row: Any) -> Storage:
    return Storage(
        name=row.Index,
        node=row.bus,
        kind=row.carrier or "storage",
        capacity=UNLIMITED,
        energy=_standing(row, "e_nom"),
        loss=float(row.standing_loss),
        build_energy=_build(row, "e_nom"),
    )


def _link(row: Any) -> Line:
    return Line(
        name=row.Index,
        start=row.bus0,
        end=row.bus1,
        power=_standing(row),
        both_ways=False,
        efficiency=float(row.efficiency),
        cost=float(row.marginal_cost),
        build=_build(row),
    )


def _wire(row: Any) -> Line:
    """PyPSA's reactance is in ohm; a voltage of its bus makes it MW a radian."""
    return Line(
        name=row.Index,
        start=row.bus0,
        end=row.bus1,
        power=float(row.s_nom * row.s_max_pu),
        susceptance=1.0 / float(row.x_pu_eff or row.x),
    )


def _limits(network: Any) -> Limits:
    caps = [float(row.constant) for row in network.global_constraints.itertuples()]
    return Limits(carbon=min(caps)) if caps else Limits()


def refuse_network(network: Any) -> None:
    """Raise ``NotInPypsa`` for what a system of ours cannot say."""
    units, stores, links = network.storage_units, network.stores, network.links
    constraints = network.global_constraints
    wet = units.index.isin(network.storage_units_t["inflow"].columns) | (units.inflow > 0)
    reasons = {
        "committable": bool(
            network.generators.committable.any() or network.links.committable.any()
        ),
        "transformers": bool(len(network.transformers)),
        "not cyclic": not (units.cyclic_state_of_charge.all() and stores.e_cyclic.all()),
        "p_min_pu": bool(
            (network.generators.p_min_pu != 0).any()
            or (links.p_min_pu != 0).any()
            or len(network.generators_t["p_min_pu"].columns)
        ),
        "e_sum": bool(
            np.isfinite(network.generators.e_sum_min).any()
            or np.isfinite(network.generators.e_sum_max).any()
        ),
        "ramp_limit": bool(
            network.generators[["ramp_limit_up", "ramp_limit_down"]].notna().any(axis=None)
        ),
        "extendable reservoirs": bool(units.p_nom_extendable[wet].any()),
        "lines that are built": bool(network.lines.s_nom_extendable.any()),
        "global constraints": bool(
            (constraints["type"] != "primary_energy").any() or (constraints.sense != "<=").any()
        ),
    }
    for word, there in reasons.items():
        if there:
            raise NotInPypsa(f"PyPSA 网络含尚不支持的内容：{word}", f"not taken over: {word}")
