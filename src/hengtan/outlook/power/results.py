"""What a power system does in its year, worked out again from the primal values and the inputs:
the program that was solved is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.linear import Array, Numbers
from hengtan.outlook.optimum import Optimum, Settings, Solver
from hengtan.outlook.power.build import model_of
from hengtan.outlook.power.model import times, windows
from hengtan.outlook.power.parts import Plant, System, Thermal

NEGLIGIBLE = 1e-6
"""Power that is nothing but rounding. [MW]"""


@dataclass(frozen=True)
class Plan:
    """A power system and its proven optimum; each figure in its own unit.

    Arrays by step are MW unless they say otherwise; ``hours`` of the steps weigh them to a year.
    ``marginal_carbon`` is the carbon of one more MWh at each node and step [tCO2/MWh]; None where
    whole units, or stretches, leave no basis to ask.
    """

    system: System
    optimum: Optimum
    marginal_carbon: Array | None = None

    @property
    def hours(self) -> Array:
        """Hours of the year that each step stands for. [h/a]"""
        return self.system.steps.hours

    def rows(self, block: str, parts: Sequence[Any]) -> Iterator[tuple[Any, Array]]:
        """Each part with its row of a block of variables."""
        if block in self.optimum.program.variables and parts:
            yield from zip(parts, self.optimum.of(block), strict=True)

    @cached_property
    def output(self) -> dict[str, Array]:
        """Output of each plant before its own use; of a store what it gives."""
        return {part.name: row for part, row in self._outputs()}

    def _outputs(self) -> Iterator[tuple[Plant, Array]]:
        system = self.system
        yield from self.rows("thermal", plain(system))
        yield from self.rows("committed", committed(system))
        yield from self.rows("variable", system.variable)
        yield from self.rows("reservoir", system.reservoirs)
        yield from self.rows("discharge", system.storage)
        yield from self.rows("import", system.imports)

    @cached_property
    def charge(self) -> dict[str, Array]:
        """What each store takes."""
        return {part.name: row for part, row in self.rows("charge", self.system.storage)}

    @cached_property
    def online(self) -> dict[str, Array]:
        """Units that are on, of each committed cluster. [units]"""
        return {part.name: row for part, row in self.rows("online", committed(self.system))}

    @cached_property
    def started(self) -> dict[str, Array]:
        """Units that are started, of each committed cluster. [units]"""
        return {part.name: row for part, row in self.rows("started", committed(self.system))}

    @cached_property
    def flow(self) -> dict[str, Array]:
        """Power that leaves the start of each line; negative where it comes from its end."""
        chosen = [line for line in self.system.lines if line.susceptance is None]
        by_angle = [line for line in self.system.lines if line.susceptance is not None]
        flows = {line.name: row for line, row in self.rows("forward", chosen)}
        for line, row in self.rows("back", chosen):
            flows[line.name] = flows[line.name] - row * line.efficiency
        return flows | {line.name: row for line, row in self.rows("flow", by_angle)}

    @cached_property
    def built(self) -> dict[str, float]:
        """What is built of each part. [MW]"""
        amounts: dict[str, float] = {}
        for block, parts in self._groups():
            name = f"{block} built"
            if name in self.optimum.program.variables:
                chosen = [part.name for part in parts if part.build is not None]
                amounts |= dict(zip(chosen, self.optimum.of(name).tolist(), strict=True))
        return amounts

    @cached_property
    def energy_built(self) -> dict[str, float]:
        """Storage that is built by itself. [MWh]"""
        if "energy built" not in self.optimum.program.variables:
            return {}
        chosen = [part.name for part in self.system.storage if part.build_energy is not None]
        return dict(zip(chosen, self.optimum.of("energy built").tolist(), strict=True))

    def _groups(self) -> tuple[tuple[str, Sequence[Any]], ...]:
        system = self.system
        return (
            ("thermal", plain(system)),
            ("committed", committed(system)),
            ("variable", system.variable),
            ("reservoir", system.reservoirs),
            ("discharge", system.storage),
            ("import", system.imports),
            ("line", [line for line in system.lines if line.susceptance is None]),
        )

    @cached_property
    def shortage(self) -> Array:
        """Demand that is not served, nodes × steps."""
        if "shortage" not in self.optimum.program.variables:
            return np.zeros_like(self.system.demand)
        return self.optimum.of("shortage")

    @property
    def shortage_hours(self) -> float:
        """Hours of the year in which some demand is not served. [h/a]"""
        return float(self.hours[self.shortage.sum(axis=0) > NEGLIGIBLE].sum())

    @cached_property
    def price(self) -> Array:
        """Cost of one more MWh, nodes × steps. [money/MWh]"""
        return self.optimum.price("demand") / self.system.steps.times

    @property
    def carbon_price(self) -> float:
        """What one tonne less under the cap costs. [money/tCO2]"""
        if "carbon" not in self.optimum.program.rows:
            return 0.0
        return -float(self.optimum.price("carbon")[0])

    def capacity(self, part: Plant) -> float:
        """What stands and what is built. [MW]"""
        return part.capacity + self.built.get(part.name, 0.0)

    def curtailed(self, part: Plant) -> Array:
        """What wind, sun or river could have given and did not."""
        return times(self.capacity(part), part.available) - self.output[part.name]

    def curtailment(self, kind: str) -> float:
        """Share of what a source could have given that was not used."""
        parts = [part for part in self.system.variable if part.kind == kind]
        lost = sum(self.year(self.curtailed(part)) for part in parts)
        used = sum(self.year(self.output[part.name]) for part in parts)
        return lost / (lost + used) if lost + used else 0.0

    def year(self, power: Array) -> float:
        """Energy of the year. [MWh/a]"""
        return float(power @ self.hours)

    def generation(self) -> dict[str, float]:
        """Energy by kind of source before own use, stores apart. [MWh/a]"""
        stores = {part.name for part in self.system.storage}
        return _sums(
            (part.kind, self.year(row)) for part, row in self._outputs() if part.name not in stores
        )

    def heat(self) -> dict[str, float]:
        """Heat burnt in each plant. [GJ/a]"""
        return {part.name: self._heat(part) for part in self.system.thermal if part.fuel}

    def _heat(self, part: Thermal) -> float:
        energy = self.year(self.output[part.name])
        if part.commitment == "none":
            lost = self.year(np.broadcast_to(part.heat_load, self.hours.shape)) * part.power_loss
            return (energy + lost) * (part.heat_rate + part.no_load)
        on = self.online[part.name] * part.unit * np.asarray(part.available)
        begun = self.started[part.name] * part.unit * np.asarray(part.available)
        idle = self.year(on) * part.no_load
        starts = float(begun @ self.system.steps.times) * part.start_heat
        return energy * part.heat_rate + idle + starts

    def carbon(self) -> dict[str, float]:
        """Carbon of each plant, and of power from outside by its named factor. [tCO2/a]"""
        factors = {fuel.name: fuel.carbon for fuel in self.system.fuels}
        heat = self.heat()
        burnt = {
            part.name: heat[part.name] * factors[part.fuel]
            for part in self.system.thermal
            if part.fuel
        }
        bought = {
            part.name: self.year(self.output[part.name]) * (part.factor or 0.0)
            for part in self.system.imports
        }
        return burnt | bought

    def imbalance(self) -> Array:
        """Given less taken at each node and step, from outputs, flows and load alone."""
        at = {name: number for number, name in enumerate(self.system.nodes)}
        total = self.shortage - self.system.demand
        for part, row in self._outputs():
            total[at[part.node]] += row * (1.0 - part.own_use)
        for store in self.system.storage:
            total[at[store.node]] -= self.charge[store.name]
        for part, row in self.rows("shifted away", self.system.shiftable):
            total[at[part.node]] += row
        for part, row in self.rows("shifted here", self.system.shiftable):
            total[at[part.node]] -= row
        for part, row in self.rows("curtailed load", self.system.curtailable):
            total[at[part.node]] += row
        self._add_lines(total, at)
        return total

    def _add_lines(self, total: Array, at: dict[str, int]) -> None:
        for line in self.system.lines:
            if line.susceptance is not None:
                total[at[line.start]] -= self.flow[line.name]
                total[at[line.end]] += self.flow[line.name]
        chosen = [line for line in self.system.lines if line.susceptance is None]
        for line, row in self.rows("forward", chosen):
            total[at[line.start]] -= row
            total[at[line.end]] += row * line.efficiency
        for line, row in self.rows("back", chosen):
            total[at[line.end]] -= row
            total[at[line.start]] += row * line.efficiency

    def stack(self) -> dict[str, Array]:
        """What reaches the nodes by kind, at each step; what stores take is negative."""
        parts = _sums((part.kind, row * (1.0 - part.own_use)) for part, row in self._outputs())
        taken = _sums((f"{s.kind} charge", -self.charge[s.name]) for s in self.system.storage)
        return parts | taken

    def peak_day(self) -> PeakDay:
        """The day of the highest demand."""
        demand = self.system.demand.sum(axis=0)
        day, _ = windows(self.system.steps, 24.0)
        steps = np.flatnonzero(day == day[int(demand.argmax())]).astype(np.int32)
        rows = {kind: row[steps] for kind, row in self.stack().items()}
        return PeakDay(steps, demand[steps], rows, self.shortage.sum(axis=0)[steps], self._firm())

    def _firm(self) -> float:
        return sum(
            float(times(self.capacity(part), part.firm * (1.0 - part.own_use)))
            for part in self.system.plants
        )


@dataclass(frozen=True)
class PeakDay:
    """Balance of the peak day: steps, demand [MW], rows by kind [MW], shortage [MW] and the firm
    capacity of the system [MW].
    """

    steps: Numbers
    demand: Array
    rows: dict[str, Array]
    shortage: Array
    firm: float

    @property
    def margin(self) -> float:
        """Firm capacity over the highest demand, less one."""
        return self.firm / float(self.demand.max()) - 1.0

    def difference(self) -> Array:
        """Rows and shortage less demand, at each step. [MW]"""
        return np.sum(list(self.rows.values()), axis=0) + self.shortage - self.demand


def plain(system: System) -> list[Thermal]:
    """Thermal plants without commitment."""
    return [part for part in system.thermal if part.commitment == "none"]


def committed(system: System) -> list[Thermal]:
    """Thermal plants with commitment."""
    return [part for part in system.thermal if part.commitment != "none"]


def planned(system: System, settings: Settings | None = None) -> Plan:
    """The plan of least cost of a power system.

    Raises what ``model_of`` and ``Solver.solve`` raise, and ``NotProven`` where the balances do
    not close when they are worked out again.
    """
    model = model_of(system)
    solver = Solver(model.program, settings or Settings())
    optimum = solver.solve()
    if model.program.integer.any():
        return with_balances(Plan(system, solver.with_prices(optimum)))
    carbon = solver.marginal(model.carbon.weights(model.program))
    marginal = carbon[model.balance.at] / system.steps.times
    return with_balances(Plan(system, optimum, marginal))


def with_balances(plan: Plan) -> Plan:
    """The plan, once its balances have been seen to close in every step."""
    worst = float(np.max(np.abs(plan.imbalance()), initial=0.0))
    if worst > 1e-6 * max(1.0, float(np.abs(plan.system.demand).max())):
        raise NotProven(
            f"电力平衡复核不闭合，最大相差 {worst:.3g} MW，不给出任何数值",
            f"balances do not close when checked ({worst:.3g} MW), so no figures",
        )
    return plan


def _sums(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for name, amount in pairs:
        total[name] = total[name] + amount if name in total else amount
    return total
