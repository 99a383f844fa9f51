"""What the spread of a target rests on: Sobol indices by measure or by group, with intervals.

Two independent sets of draws, A and B; for each group the draws of A with the group's own from B.
First order by Saltelli's estimator, total by Jansen's [1]_. Their errors come from leaving out
batches of draws in turn (jackknife), so that no figure stands without its interval.

References
----------
.. [1] Saltelli A. et al. (2010), Computer Physics Communications 181: table 2, (b) and (f).
.. [2] Efron B., Stein C. (1981), Annals of Statistics 9(3): the jackknife's variance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.uncertainty.engine import OWN_STREAM, Engine

Array = np.ndarray[Any, np.dtype[np.float64]]
BATCH = 256
OTHER_STREAM = 1


@dataclass(frozen=True)
class Share:
    """A share of a variance with its 95 % interval; NaN where nothing varies. [1]"""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Influence:
    """What a measure or group does to a target: ``first`` is the share of the variance that goes
    when it is known, ``total`` the share that stays when all else is known. ``rank`` 1 is the
    largest total; those whose intervals overlap with a larger one's share its rank.
    """

    target: str
    name: str
    first: Share
    total: Share
    rank: int = 0


def influences(engine: Engine, draws: int = 8192) -> list[Influence]:
    """Sobol indices of every range with width, for every target, largest total first; ranges of
    one measure are one number.

    Takes ``draws`` (a multiple of 256, 512 or more) times the number of ranges plus 2.
    """
    return ranked(group_influences(engine, engine.drawn_together, draws))


def group_influences(
    engine: Engine, groups: Mapping[str, Sequence[int]], draws: int
) -> list[Influence]:
    """Sobol indices of groups of ranges (positions in ``laws``) for every target."""
    if draws < 2 * BATCH or draws % BATCH:
        raise ValueError(f"sensitivity takes a multiple of {BATCH} draws, {2 * BATCH} or more")
    sums = Batches.of(engine, list(groups.values()), draws)
    return [
        Influence(target.name, name, sums.first(number, place), sums.total(number, place))
        for number, target in enumerate(engine.question.targets)
        for place, name in enumerate(groups)
    ]


@dataclass(frozen=True)
class Batches:
    """Sums by batch: of products and squares by target and group, (B, T, G), and of the figures
    and their squares in A and B together, (B, T).
    """

    products: Array
    squares: Array
    figures: Array
    figures_squared: Array

    @classmethod
    def of(cls, engine: Engine, groups: Sequence[Sequence[int]], draws: int) -> Batches:
        centre = engine.question.figures(engine.central()[:, :, None])

        def work(start: int, count: int) -> tuple[Array, ...]:
            return batch_sums(engine, groups, centre, (start, count))

        chunks = list(engine.over_chunks(draws, work))
        return cls(*(np.concatenate(parts) for parts in zip(*chunks, strict=True)))

    def first(self, target: int, group: int) -> Share:
        """Saltelli: mean of f_B (f_AB - f_A) over the variance."""
        return self._share(self.products[:, target, group], target, 1.0)

    def total(self, target: int, group: int) -> Share:
        """Jansen: half the mean of (f_A - f_AB)^2 over the variance."""
        return self._share(self.squares[:, target, group], target, 0.5)

    def _share(self, numerators: Array, target: int, factor: float) -> Share:
        from scipy.special import stdtrit

        batches = len(numerators)
        figures, squared = self.figures[:, target], self.figures_squared[:, target]

        def ratio(above: Array, mean: Array, square: Array, many: int) -> Array:
            variance = square / (2 * many) - (mean / (2 * many)) ** 2
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.where(variance > 0, factor * above / many / variance, np.nan)

        every = ratio(numerators.sum(), figures.sum(), squared.sum(), batches * BATCH)
        left_out = ratio(
            numerators.sum() - numerators,
            figures.sum() - figures,
            squared.sum() - squared,
            (batches - 1) * BATCH,
        )
        error = np.sqrt((batches - 1) / batches * ((left_out - left_out.mean()) ** 2).sum())
        reach = float(stdtrit(batches - 1, 0.975) * error)
        return Share(float(every), float(every) - reach, float(every) + reach)


def batch_sums(
    engine: Engine, groups: Sequence[Sequence[int]], centre: Array, chunk: tuple[int, int]
) -> tuple[Array, ...]:
    """The sums of ``Batches`` of a chunk of draws (start, count), figures less their centre."""

    def figures(effects: Array) -> Array:
        return engine.question.figures(engine.totals(effects)) - centre

    own, other = engine.draws(*chunk, OWN_STREAM), engine.draws(*chunk, OTHER_STREAM)
    own_figures, other_figures = figures(own), figures(other)
    products, squares = [], []
    for group in groups:
        mixed = own.copy()
        mixed[list(group)] = other[list(group)]
        mixed_figures = figures(mixed)
        products.append(by_batch(other_figures * (mixed_figures - own_figures)))
        squares.append(by_batch((own_figures - mixed_figures) ** 2))
    return (
        np.stack(products, axis=-1),
        np.stack(squares, axis=-1),
        by_batch(own_figures + other_figures),
        by_batch(own_figures**2 + other_figures**2),
    )


def by_batch(figures: Array) -> Array:
    """Sums of (T, N) by batch of draws, (B, T)."""
    return figures.reshape(len(figures), -1, BATCH).sum(axis=2).T


def ranked(influences: list[Influence]) -> list[Influence]:
    """Influences by target and falling total, with ranks; overlapping intervals are ties."""
    ranks = []
    for target in dict.fromkeys(each.target for each in influences):
        own = [each for each in influences if each.target == target]
        own.sort(key=lambda each: (-np.nan_to_num(each.total.value), each.name))
        for each in own:
            above = sum(other.total.low > each.total.high for other in own)
            ranks.append(Influence(each.target, each.name, each.first, each.total, 1 + above))
    return ranks
