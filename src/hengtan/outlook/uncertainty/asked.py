"""What is asked of the draws: totals by year, and targets that compare them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, get_args

import numpy as np

from hengtan.basis.errors import HengtanError
from hengtan.outlook.pathway.model import Outcome, Pathway, left_to_plants, reduction
from hengtan.outlook.uncertainty.two_sides import BoughtFactors

Array = np.ndarray[Any, np.dtype[np.float64]]
Quantity = Literal["emissions", "burnt", "process", "energy", "activity", "output", "stated", "sum"]
Operator = Literal["<=", "<", ">=", ">"]
QUANTITIES = get_args(Quantity)
BY_CARRIER = ("burnt", "energy", "output")
COMPARE = {"<=": np.less_equal, "<": np.less, ">=": np.greater_equal, ">": np.greater}


class NotInPathway(HengtanError):
    """A question names a year, region, sector, carrier or total that is not there."""


@dataclass(frozen=True)
class Total:
    """A sum by year: of all emissions, those burnt or not burnt, energy or activity, over some or
    all regions, sectors and carriers (names). ``stated``: figures by year that are not drawn, such
    as a product that an intensity is divided by. ``output``: energy of a carrier that plants still
    make where measures of ``fillers`` take from them. ``sum``: other totals times their weights.
    """

    name: str
    of: Quantity = "emissions"
    regions: tuple[str, ...] | None = None
    sectors: tuple[str, ...] | None = None
    carriers: tuple[str, ...] | None = None
    figures: tuple[float, ...] = ()
    fillers: tuple[str, ...] = ()
    parts: tuple[tuple[Total, float], ...] = ()

    def __post_init__(self) -> None:
        if self.of not in QUANTITIES:
            raise ValueError(f"{self.name}: {self.of!r} is no quantity of a pathway")
        if self.carriers is not None and self.of not in BY_CARRIER:
            raise ValueError(f"{self.name}: {self.of} has no carriers; ask for burnt or energy")


@dataclass(frozen=True)
class Asked:
    """A target: a total over one or more years, itself or ``per`` another, in absolute terms or
    relative to its value in the year ``base``, compared with a value.

    A fall of the carbon intensity by 18 % from 2020 to 2025 is ``Asked("...", "emissions", (2025,),
    "<=", 0.82, per="product", base=2020)``; a budget sums its years.

    ``net`` names the total of net bought power, in a draw of which ``by_side`` of the target's
    years tells what to add to the total: by another factor where more goes out than comes in.
    """

    name: str
    total: str
    years: tuple[int, ...]
    operator: Operator
    value: float
    per: str | None = None
    base: int | None = None
    net: str | None = None
    by_side: BoughtFactors | None = None

    def __post_init__(self) -> None:
        if self.operator not in COMPARE:
            raise ValueError(f"{self.name}: {self.operator!r} compares nothing")
        if not self.years:
            raise ValueError(f"{self.name}: a target is of a year or more")

    def met(self, figures: Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Where figures meet the target; a missing figure does not."""
        return COMPARE[self.operator](figures, self.value)


@dataclass(frozen=True)
class Question:
    """Totals and targets, with the years that are worked out: all, or those of the targets."""

    totals: tuple[Total, ...]
    targets: tuple[Asked, ...]
    years: tuple[int, ...]

    @classmethod
    def of(
        cls,
        pathway: Pathway,
        totals: Sequence[Total],
        targets: Sequence[Asked] = (),
        only_asked: bool = False,
    ) -> Question:
        """A checked question. Raises ``NotInPathway`` where a target names what is not there."""
        names = {total.name for total in totals}
        asked = set()
        for target in targets:
            named = {target.total, target.per or target.total, target.net or target.total}
            missing = named - names
            if missing:
                refuse(target.name, "没有总量", "there is no total", sorted(missing))
            asked |= {*target.years} | ({target.base} if target.base is not None else set())
        outside = sorted(asked - set(pathway.years))
        if outside:
            names_asked = ", ".join(target.name for target in targets)
            refuse(names_asked, "路径中没有年份", "the pathway has no year", outside)
        years = tuple(y for y in pathway.years if y in asked) if only_asked else pathway.years
        return cls(tuple(totals), tuple(targets), years)

    def figures(self, totals: Array) -> Array:
        """What each target is about, (T, N), from totals (Q, Y, N) of N draws."""
        if not self.targets:
            return np.empty((0, totals.shape[-1]))
        return np.stack([self._figure(target, totals) for target in self.targets])

    def _figure(self, target: Asked, totals: Array) -> Array:
        figure = self._sum(target.total, target.years, totals) + self._of_power(target, totals)
        if target.per is not None:
            figure = quotient(figure, self._sum(target.per, target.years, totals))
        if target.base is None:
            return figure
        before = self._sum(target.total, (target.base,), totals)
        if target.per is not None:
            before = quotient(before, self._sum(target.per, (target.base,), totals))
        return quotient(figure, before)

    def _of_power(self, target: Asked, totals: Array) -> Array | float:
        """What net bought power adds to a total in each draw, by the side that it lies on."""
        if target.net is None or target.by_side is None:
            return 0.0
        number = [total.name for total in self.totals].index(target.net)
        net = totals[number, [self.years.index(year) for year in target.years]]
        return np.asarray(target.by_side.emitted(net.T).sum(axis=-1))

    def _sum(self, name: str, years: tuple[int, ...], totals: Array) -> Array:
        number = [total.name for total in self.totals].index(name)
        return totals[number, [self.years.index(year) for year in years]].sum(axis=0)


def quotient(above: Array, below: Array) -> Array:
    """A ratio; missing (NaN) where the denominator is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below == 0, np.nan, above / below)


def refuse(asking: str, zh: str, en: str, missing: Sequence[object]) -> NoReturn:
    """Raises ``NotInPathway``: who asks, and what is missing."""
    some = ", ".join(map(str, missing))
    raise NotInPathway(f"“{asking}”：{zh} {some}", f"{asking}: {en} {some}")


def mask(names: tuple[str, ...] | None, every: tuple[str, ...], total: str) -> Array:
    """1 where a name of the list is asked for, else 0. Raises ``NotInPathway`` for another."""
    if names is None:
        return np.ones(len(every))
    unknown = set(names) - set(every)
    if unknown:
        refuse(total, "路径中没有", "the pathway has no", sorted(unknown))
    return np.array([float(name in names) for name in every])


def stated(total: Total, pathway: Pathway) -> Array:
    """Figures of a stated total by year of the pathway."""
    if len(total.figures) != len(pathway.years):
        years = len(pathway.years)
        raise NotInPathway(
            f"“{total.name}”须有 {years} 年各一个数",
            f"{total.name}: a figure for each of {years} years is needed",
        )
    return np.array(total.figures, dtype=float)


def reference_total(
    total: Total, pathway: Pathway, outcome: Outcome, reduced: Array | None = None
) -> Array:
    """A total by year, (Y,), from an outcome of the reference model. ``reduced``: the reductions of
    that outcome, by default the central ones.
    """
    if total.of == "sum":
        parts = (w * reference_total(part, pathway, outcome, reduced) for part, w in total.parts)
        return np.sum([*parts], axis=0)
    if total.of == "stated":
        return stated(total, pathway)
    regions = mask(total.regions, pathway.regions, total.name)
    sectors = mask(total.sectors, pathway.sectors, total.name)
    carriers = mask(total.carriers, pathway.carriers, total.name)
    if total.of in BY_CARRIER:
        figures = outcome.burnt if total.of == "burnt" else outcome.energy
        if total.of == "output":
            whole = reduction(pathway) if reduced is None else reduced
            each = range(len(pathway.carriers))
            left = [left_to_plants(pathway, whole, c, total.fillers) for c in each]
            figures = figures * np.stack(left, axis=2)
        return np.einsum("rscy,r,s,c->y", figures, regions, sectors, carriers)
    figures = {
        "emissions": outcome.emissions,
        "process": outcome.process,
        "activity": outcome.activity,
    }[total.of]
    return np.einsum("rsy,r,s->y", figures, regions, sectors)
