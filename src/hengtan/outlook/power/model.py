"""The program of a power system while it is being written: balances of nodes, and sums that the
subjects (plants, water, network) add to and the limits read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hengtan.outlook.linear import Array, Block, Numbers, Program, Set
from hengtan.outlook.power.parts import Build, Steps, System


@dataclass
class Sum:
    """A weighted sum of variables, and a number."""

    terms: list[tuple[Any, Array]] = field(default_factory=list)
    constant: float = 0.0

    def add(self, variables: Any, weight: Any) -> None:
        """Add weight × variables, each against each."""
        self.terms.append((variables, np.asarray(weight, dtype=float)))

    def put(self, program: Program, row: Any, factor: float = 1.0) -> None:
        """Put the sum, without its number, into a row of a program."""
        for variables, weight in self.terms:
            program.put(row, variables, weight * factor)


@dataclass
class Model:
    """A system with its program; ``balance`` are nodes × steps in MWh of each step."""

    system: System
    program: Program
    balance: Block
    carbon: Sum = field(default_factory=Sum)
    heat: dict[str, Sum] = field(default_factory=dict)
    clean: Sum = field(default_factory=Sum)
    bought: Sum = field(default_factory=Sum)
    firm: Sum = field(default_factory=Sum)

    @classmethod
    def of(cls, system: System) -> Model:
        """A program with nothing but the demand of each node and step."""
        program = Program(system.name, offset=sum(system.constants.values()))
        shape = (len(system.nodes), system.steps.count)
        asked = system.demand * system.steps.length
        limit = Set("电力需求", "demand")
        balance = program.equal("demand", shape, asked, "MWh", limit=limit)
        heat = {fuel.name: Sum() for fuel in system.fuels}
        return cls(system, program, balance, heat=heat)

    @property
    def steps(self) -> int:
        """Number of steps of time."""
        return self.system.steps.count

    def node(self, parts: Sequence[Any], attribute: str = "node") -> Any:
        """Positions of the nodes of some parts."""
        at = {name: number for number, name in enumerate(self.system.nodes)}
        return np.array([at[getattr(part, attribute)] for part in parts], dtype=np.int32)

    def give(
        self, parts: Sequence[Any], variables: Any, share: Any, attribute: str = "node"
    ) -> None:
        """Put power into the balances of the parts' nodes: share × variables, parts × steps."""
        rows = self.balance.at[self.node(parts, attribute)]
        self.program.put(rows, variables, share * self.system.steps.length)

    def by_step(self, parts: Sequence[Any], attribute: str) -> Array:
        """A quantity of some parts, parts × steps."""
        rows = [np.broadcast_to(getattr(part, attribute), (self.steps,)) for part in parts]
        return np.array(rows, dtype=float)


def windows(steps: Steps, hours: float) -> tuple[Numbers, int]:
    """The window of each step, windows of some hours within each period, and how many there are."""
    begins = np.cumsum(steps.length) - steps.length
    first, _ = steps.first_and_last
    place = np.searchsorted(first, np.arange(steps.count), side="right") - 1
    within = begins - begins[first][place]
    pairs = np.stack([place, np.floor(within / hours + 1e-9)])
    _, numbers = np.unique(pairs, axis=1, return_inverse=True)
    window: Numbers = np.asarray(numbers, dtype=np.int32).ravel()
    return window, int(window.max()) + 1


def column(parts: Sequence[Any], attribute: str) -> Array:
    """A number of each of some parts, as a column."""
    values = [float(getattr(part, attribute)) for part in parts]
    return np.array(values, dtype=float)[:, None]


def times(amount: Any, share: Any) -> Array:
    """Amount × share, where nothing of an unlimited amount is nothing."""
    amount, share = np.broadcast_arrays(np.asarray(amount, float), np.asarray(share, float))
    with np.errstate(invalid="ignore"):
        return np.where((amount == 0) | (share == 0), 0.0, amount * share)


def builds(parts: Sequence[Any], attribute: str = "build") -> tuple[list[int], list[Build]]:
    """Positions of the parts that may be built, and at what cost."""
    at = [number for number, part in enumerate(parts) if getattr(part, attribute) is not None]
    return at, [getattr(parts[number], attribute) for number in at]


def built(program: Program, name: str, offers: Sequence[Build], unit: str) -> Block:
    """Variables for what is built, with bounds and yearly cost."""
    cost, most, least = (column(offers, word)[:, 0] for word in ("cost", "most", "least"))
    return program.variable(name, len(offers), unit, lower=least, upper=most, cost=cost)
