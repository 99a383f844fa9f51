"""To PyPSA and from it: for a second opinion, and for who has a network already.

PyPSA (with pandas below 3, extra ``power``) is imported only when a function here is called. What
it cannot say is refused by name, never left out: several periods, commitment in clusters, water
with a known start or a least flow, load that shifts, tiers of fuel, flat output, a share of
non-fossil energy.

PyPSA's ``objective`` leaves out what stands: ``constant_cost`` is what to add to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError
from hengtan.outlook.power.model import times
from hengtan.outlook.power.parts import (
    UNLIMITED,
    Import,
    Line,
    Plant,
    Reservoir,
    Storage,
    System,
    Thermal,
)

INSTALL: dict[str, Any] = dict.fromkeys(("todo", "todo_en"), 'pip install "hengtan[power]"')
LARGE = 1e7
"""What PyPSA is told for a capacity without limit. [MW]"""


class NotInPypsa(HengtanError):
    """Something that PyPSA cannot say, or PyPSA that is not there as it must be."""


def pypsa_library() -> Any:
    """The module ``pypsa``; raises ``NotInPypsa`` without it or with pandas 3 and later."""
    try:
        version = metadata.version("pandas")
        import pypsa
    except (ImportError, metadata.PackageNotFoundError) as error:
        raise NotInPypsa("未安装 PyPSA", "PyPSA is not installed", **INSTALL) from error
    if int(version.split(".", maxsplit=1)[0]) >= 3:
        raise NotInPypsa(
            f"PyPSA 1.2 需要 pandas 3 以前的版本，现为 {version}",
            f"PyPSA 1.2 needs pandas before 3, this is {version}",
            **INSTALL,
        )
    return pypsa


def constant_cost(system: System) -> float:
    """Cost of what stands and of constants, which PyPSA's objective leaves out. [money/a]"""
    standing = sum(float(times(part.capacity, part.fixed)) for part in system.plants)
    standing += sum(float(times(line.power, line.fixed)) for line in system.lines)
    energy = sum(float(times(part.energy, part.energy_fixed)) for part in system.storage)
    return standing + energy + sum(system.constants.values())


def network_of(system: System) -> Any:
    """The system as a PyPSA network; raises ``NotInPypsa`` for what it cannot say."""
    refuse(system)
    network = pypsa_library().Network()
    network.set_snapshots(range(system.steps.count))
    network.snapshot_weightings["objective"] = system.steps.hours
    network.snapshot_weightings["generators"] = system.steps.hours
    network.snapshot_weightings["stores"] = system.steps.length
    for number, node in enumerate(system.nodes):
        network.add("Bus", node, v_nom=1.0, carrier="AC")
        network.add("Load", f"load {node}", bus=node, p_set=system.demand[number])
    for kind, name, words in _components(system):
        network.add(kind, name, **words)
    if system.limits.carbon is not None:
        network.add(
            "GlobalConstraint",
            "carbon",
            type="primary_energy",
            carrier_attribute="co2_emissions",
            sense="<=",
            constant=system.limits.carbon,
        )
    return network


def _components(system: System) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "Carrier", "none", {"co2_emissions": 0.0}
    yield "Carrier", "AC", {}
    for fuel in system.fuels:
        yield "Carrier", f"fuel {fuel.name}", {"co2_emissions": fuel.carbon}
    for plant in system.thermal:
        yield from _sized("Generator", plant, _thermal_words(system, plant))
    for variable in system.variable:
        yield from _sized("Generator", variable, _plant_words(variable) | {"carrier": "none"})
    for link in system.imports:
        yield "Carrier", f"import {link.name}", {"co2_emissions": link.factor}
        yield from _sized("Generator", link, _import_words(system, link))
    for dam in system.reservoirs:
        yield "StorageUnit", dam.name, _dam_words(dam)
    for store in system.storage:
        yield from _store(store)
    for line in system.lines:
        yield from _line(line)
    yield from _shortage(system)


def _plant_words(plant: Plant) -> dict[str, Any]:
    """What reaches the node: own use is taken off power and put on cost."""
    return {
        "bus": plant.node,
        "marginal_cost": plant.cost / (1.0 - plant.own_use),
        "p_max_pu": plant.available,
    }


def _thermal_words(system: System, plant: Thermal) -> dict[str, Any]:
    words = _plant_words(plant)
    if not plant.fuel:
        return words | {"carrier": "none"}
    price = next(fuel.supply[0].price for fuel in system.fuels if fuel.name == plant.fuel)
    heat = (plant.heat_rate + plant.no_load) / (1.0 - plant.own_use)
    words["marginal_cost"] += heat * price
    ramp = plant.ramp if plant.ramp < 1.0 else np.nan
    limits = {"ramp_limit_up": ramp, "ramp_limit_down": ramp}
    return words | {"carrier": f"fuel {plant.fuel}", "efficiency": 1.0 / heat} | limits


def _import_words(system: System, link: Import) -> dict[str, Any]:
    words = _plant_words(link) | {"carrier": f"import {link.name}", "e_sum_min": link.at_least}
    if link.shaped:
        words["p_min_pu"] = link.available
    if link.at_most < UNLIMITED:
        words["e_sum_max"] = link.at_most
    return words


def _sized(
    kind: str, plant: Plant, words: dict[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What stands, and, as a component of its own, what may be built."""
    net = 1.0 - plant.own_use
    if plant.capacity > 0 or plant.build is None:
        yield kind, plant.name, words | {"p_nom": min(plant.capacity, LARGE) * net}
    if plant.build is not None:
        yield (
            kind,
            f"{plant.name} built",
            words
            | {
                "p_nom_extendable": True,
                "p_nom_min": plant.build.least * net,
                "p_nom_max": plant.build.most * net,
                "capital_cost": plant.build.cost / net,
            },
        )


def _dam_words(dam: Reservoir) -> dict[str, Any]:
    return {
        "bus": dam.node,
        "carrier": "none",
        "p_nom": dam.capacity,
        "p_max_pu": dam.available,
        "p_min_pu": 0.0,
        "inflow": dam.inflow,
        "max_hours": min(dam.volume, LARGE) / dam.capacity,
        "marginal_cost": dam.cost,
        "cyclic_state_of_charge": True,
    }


def _store(store: Storage) -> Iterator[tuple[str, str, dict[str, Any]]]:
    words: dict[str, Any] = {"bus": store.node, "carrier": "none", "standing_loss": store.loss}
    if store.capacity == UNLIMITED:
        sizes = {"e_nom": store.energy, "e_cyclic": True}
        if store.build_energy is not None:
            sizes |= {
                "e_nom_extendable": True,
                "e_nom_max": store.build_energy.most,
                "capital_cost": store.build_energy.cost,
            }
        yield "Store", store.name, words | sizes
        return
    words |= {
        "efficiency_store": store.efficiency_in,
        "efficiency_dispatch": store.efficiency_out,
        "marginal_cost": store.cost,
        "cyclic_state_of_charge": True,
    }
    if store.capacity > 0:
        hours = store.energy / store.capacity
        yield "StorageUnit", store.name, words | {"p_nom": store.capacity, "max_hours": hours}
    if store.build is not None:
        yield (
            "StorageUnit",
            f"{store.name} built",
            words
            | {
                "p_nom_extendable": True,
                "p_nom_max": store.build.most,
                "capital_cost": store.build.cost,
                "max_hours": store.ratio,
            },
        )


def _line(line: Line) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if line.susceptance is not None:
        most = min(line.power, float(times(line.angle, line.susceptance)))
        ends = {"bus0": line.start, "bus1": line.end}
        yield "Line", line.name, ends | {"x": 1.0 / line.susceptance, "s_nom": most}
        return
    ways = [(line.name, line.start, line.end)]
    if line.both_ways:
        ways.append((f"{line.name} back", line.end, line.start))
    for name, start, end in ways:
        words = {"bus0": start, "bus1": end, "efficiency": line.efficiency}
        words |= {"marginal_cost": line.cost, "carrier": "none"}
        if line.power > 0:
            yield "Link", name, words | {"p_nom": min(line.power, LARGE)}
        if line.build is not None:
            sizes = {"p_nom_extendable": True, "p_nom_max": line.build.most}
            yield "Link", f"{name} built", words | sizes | {"capital_cost": line.build.cost}


def _shortage(system: System) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for number, node in enumerate(system.nodes):
        most = float(system.demand[number].max())
        if system.shortage is not None and most > 0:
            yield (
                "Generator",
                f"shortage {node}",
                {
                    "bus": node,
                    "carrier": "none",
                    "p_nom": most,
                    "p_max_pu": np.maximum(system.demand[number], 0.0) / most,
                    "marginal_cost": system.shortage,
                },
            )


def refuse(system: System) -> None:
    """Raise ``NotInPypsa`` for what PyPSA cannot say."""
    limits = system.limits
    both = [line for line in system.lines if line.build is not None and line.both_ways]
    reasons = {
        ("多个时段组", "several periods"): bool(np.ptp(system.steps.period)),
        ("热电联产", "heat and power"): any(part.gives_heat for part in system.thermal),
        ("成组机组组合", "commitment in clusters"): any(
            part.commitment != "none" for part in system.thermal
        ),
        ("恒定出力", "flat output"): any(part.flat for part in system.thermal),
        ("分档燃料价格", "tiers of fuel"): any(fuel.tiered for fuel in system.fuels),
        ("期初库容", "water with a known start"): any(
            dam.initial is not None or dam.build is not None for dam in system.reservoirs
        ),
        ("水电最小下泄", "a least flow of water"): any(
            np.any(np.asarray(dam.least) > 0) for dam in system.reservoirs
        ),
        ("可移负荷与可中断负荷", "load that gives way"): bool(
            system.shiftable or system.curtailable
        ),
        ("备用率或非化石占比", "reserve margin or non-fossil share"): bool(
            limits.reserve is not None or limits.clean is not None
        ),
        ("双向新建线路", "lines that are built both ways"): bool(both),
        ("功率与能量分开新建的储能", "stores whose power and energy are built apart"): any(
            not _store_can_be_told(part) for part in system.storage
        ),
    }
    for (zh, en), there in reasons.items():
        if there:
            raise NotInPypsa(f"PyPSA 无法表达：{zh}", f"PyPSA cannot say: {en}")


def _store_can_be_told(store: Storage) -> bool:
    if store.capacity == UNLIMITED:
        return store.build is None and store.efficiency_in == store.efficiency_out == 1.0
    same = store.charging is None or store.charging == store.capacity
    whole = np.ndim(store.available) == 0 and float(store.available) == 1.0
    built = store.build is None or store.ratio is not None
    return same and whole and built and store.build_energy is None
