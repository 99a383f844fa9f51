"""A portfolio study as arrays: what measures cost, how quick they may grow, and what people set:
targets, budgets, exclusions, prerequisites and the equity of districts.

The decision is a *level*: how much of its full use a measure has reached in a region and year,
(M, R, Y) between 0 and 1. It takes the place of the pathway's ramp, so that the reduction of a
driver is effect × coverage × level and a tonne is the tonne of ``outlook/pathway/model.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from hengtan.outlook.pathway.model import Array, Pathway, applied
from hengtan.outlook.uncertainty.bought_power import WithPower

Quantity = Literal["emissions", "energy"]
Shared = Literal["spending", "cut"]
NONE = np.zeros(0)


@dataclass(frozen=True)
class Target:
    """A linear total of the pathway that must not pass a limit: emissions [tCO2e] or energy [tce],
    of some regions, sectors and carriers (all where None), summed over ``years``.

    Numbers are positions in the pathway's own lists. With carriers named only what is burnt counts.
    A ``figure`` of the study counts in place of all of them; ``counts`` is the word for what is
    counted.
    """

    zh: str
    en: str
    limit: float
    years: tuple[int, ...]
    quantity: Quantity = "emissions"
    regions: tuple[int, ...] | None = None
    sectors: tuple[int, ...] | None = None
    carriers: tuple[int, ...] | None = None
    mark: str = "assumed"
    figure: WithPower | None = None
    counts: str = ""

    @property
    def unit(self) -> str:
        """Unit of the limit."""
        if self.quantity == "energy":
            return "tce"
        return "tCO2" if self.counts.startswith("co2") else "tCO2e"

    @property
    def counted(self) -> tuple[Any, ...]:
        """What is counted, apart from where, when and how much: targets of one kind share it."""
        return self.quantity, self.sectors, self.carriers, self.figure


@dataclass(frozen=True)
class Equity:
    """Bounds of a region's part, relative to its key: a region with the share ``key`` of people
    gets between ``least`` × key and ``most`` × key of all capital spent, or of all that is cut.

    The law that asks for it is ``law``; the two sentences say it in a refusal.
    """

    of: Shared
    key: Array
    least: float = 0.0
    most: float = float("inf")
    law: str = ""


@dataclass(frozen=True)
class Costs:
    """Money of the measures, in 10,000 yuan (万元) of one year's prices.

    Attributes
    ----------
    capital : array (M, R, Y)
        Paid when a region goes from no use to full use in that year; a part for a part.
    running : array (M, R)
        Paid in each year of full use; negative where the measure saves.
    life : array (M,)
        Whole years after which what was bought is bought again. 0: it lasts, and all of it counts
        in the study; else the cost counts the annuities that fall into the study's years.
    rate : float
        Real rate of discount. [1/yr]
    base_year : int
        Year that money is discounted to.
    """

    capital: Array
    running: Array
    life: Array
    rate: float
    base_year: int


@dataclass(frozen=True)
class Study:
    """What is to be chosen, and within what.

    Attributes
    ----------
    floor : array (M, R)
        Level in the year before the first: what is there already.
    ceiling : array (M, R, Y)
        Highest level; 0 before a measure may start.
    step : array (M,)
        Largest rise of the level in a year. [1/yr]
    capital_budget, spending_budget : array (Y,)
        Capital, and capital with running cost, of a year at most; infinite where nothing is set.
    exclusions : tuple of tuples
        Measures that take the same field: their levels add up to 1 at most.
    prerequisites : tuple of pairs
        (measure, what it needs): never further than what it needs.
    whole : tuple of int
        Measures that a region takes wholly or not at all, once begun at full pace.
    together : tuple of triples
        (measure, another, region): their levels are one level there; costs stand with the other.
    owner : tuple of str
        Whose part each measure of the pathway is, where people's measures have several; by default
        each is its own.
    assumed_effect, assumed_cost : array (M,) of bool
        Whether the number is an assumption rather than established by a source.
    beside : WithPower or None
        A figure that stands beside emissions by year: those with indirect ones of bought power.
    """

    name: str
    pathway: Pathway
    costs: Costs
    floor: Array
    ceiling: Array
    step: Array
    targets: tuple[Target, ...] = ()
    capital_budget: Array = field(default_factory=lambda: NONE)
    spending_budget: Array = field(default_factory=lambda: NONE)
    exclusions: tuple[tuple[int, ...], ...] = ()
    prerequisites: tuple[tuple[int, int], ...] = ()
    equity: tuple[Equity, ...] = ()
    whole: tuple[int, ...] = ()
    together: tuple[tuple[int, int, int], ...] = ()
    owner: tuple[str, ...] = ()
    assumed_effect: Array = field(default_factory=lambda: NONE)
    assumed_cost: Array = field(default_factory=lambda: NONE)
    beside: WithPower | None = None

    def __post_init__(self) -> None:
        years, measures = len(self.pathway.years), len(self.pathway.measures)
        self._fill("capital_budget", np.full(years, np.inf))
        self._fill("spending_budget", np.full(years, np.inf))
        self._fill("assumed_effect", np.ones(measures, dtype=bool))
        self._fill("assumed_cost", np.ones(measures, dtype=bool))
        if not self.owner:
            object.__setattr__(self, "owner", self.pathway.measures)
        check_shapes(self)

    def _fill(self, name: str, default: Array) -> None:
        if getattr(self, name).size == 0:
            object.__setattr__(self, name, default)

    def __repr__(self) -> str:
        return f"Study({self.name}: {len(self.targets)} targets, {self.pathway!r})"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Measures, regions, years."""
        pathway = self.pathway
        return len(pathway.measures), len(pathway.regions), len(pathway.years)

    @property
    def parts(self) -> dict[str, list[int]]:
        """The pathway's measures of each of people's measures, by name."""
        parts: dict[str, list[int]] = {}
        for number, name in enumerate(self.owner):
            parts.setdefault(name, []).append(number)
        return parts

    @property
    def leads(self) -> Array:
        """1 where a measure's level is a choice of its own, 0 where it follows another, (M, R)."""
        leads = np.ones(self.shape[:2])
        for measure, _, region in self.together:
            leads[measure, region] = 0.0
        return leads

    @property
    def nothing(self) -> Array:
        """The level where no measure goes beyond what is there already, (M, R, Y)."""
        return np.broadcast_to(self.floor[:, :, None], self.shape).copy()

    def with_limits(self, limits: Array) -> Study:
        """The same study with other limits of its targets, (T,)."""
        changed = zip(self.targets, limits, strict=True)
        return replace(
            self, targets=tuple(replace(each, limit=float(limit)) for each, limit in changed)
        )


def check_shapes(study: Study) -> None:
    """Raise ``ValueError``, naming the array, where one does not fit the pathway or is no level."""
    measures, regions, years = study.shape
    wanted = {
        "capital": (study.costs.capital, (measures, regions, years)),
        "running": (study.costs.running, (measures, regions)),
        "life": (study.costs.life, (measures,)),
        "floor": (study.floor, (measures, regions)),
        "ceiling": (study.ceiling, (measures, regions, years)),
        "step": (study.step, (measures,)),
        "capital_budget": (study.capital_budget, (years,)),
        "spending_budget": (study.spending_budget, (years,)),
        "assumed_effect": (study.assumed_effect, (measures,)),
        "assumed_cost": (study.assumed_cost, (measures,)),
    }
    for name, (array, shape) in wanted.items():
        if array.shape != shape:
            raise ValueError(f"{name} has the shape {array.shape}, not {shape}")
        if np.isnan(array).any():
            raise ValueError(f"{name} has values that are missing")
    if (study.floor[:, :, None] > study.ceiling + 1e-12).any():
        raise ValueError("ceiling is below what is there already")
    if (np.diff(study.ceiling, axis=2) < -1e-12).any():
        raise ValueError("ceiling falls, where no level may")


def reduced_by(study: Study, level: Array, effect: Array | None = None) -> Array:
    """Share of its driver that each measure takes away at a level, (M, R, Y)."""
    size = study.pathway.effect if effect is None else effect
    return size[:, None, None] * study.pathway.coverage[:, :, None] * level


def counted_by_place(pathway: Pathway, reduced: Array, target: Target) -> Array:
    """What a target counts, by region and year, (R, Y), from the reference model."""
    if target.figure is not None:
        return in_equal_parts(target.figure.by_year(pathway, reduced), pathway)
    outcome = applied(pathway, reduced)
    sectors = list(target.sectors or range(len(pathway.sectors)))
    carriers = list(target.carriers or range(len(pathway.carriers)))
    if target.quantity == "energy":
        return outcome.energy[:, sectors][:, :, carriers].sum(axis=(1, 2))
    burnt = outcome.burnt[:, sectors][:, :, carriers].sum(axis=(1, 2))
    if target.carriers is not None:
        return burnt
    return burnt + outcome.process[:, sectors].sum(axis=1)


def in_equal_parts(figure: Array, pathway: Pathway) -> Array:
    """A figure (Y,) that is of all regions together, shared alike, (R, Y)."""
    count = len(pathway.regions)
    return np.repeat(figure[None] / count, count, axis=0)


def total_of(target: Target, by_place: Array) -> float:
    """The sum of (R, Y) over the regions and years of a target."""
    regions = list(target.regions or range(by_place.shape[0]))
    return float(by_place[regions][:, list(target.years)].sum())


def measured(study: Study, level: Array, effect: Array | None = None) -> Array:
    """What each target counts in the reference model at a level, (T,). [unit of the target]"""
    reduced = reduced_by(study, level, effect)
    seen: dict[tuple[Any, ...], Array] = {}
    for target in study.targets:
        if target.counted not in seen:
            seen[target.counted] = counted_by_place(study.pathway, reduced, target)
    return np.array([total_of(target, seen[target.counted]) for target in study.targets])
