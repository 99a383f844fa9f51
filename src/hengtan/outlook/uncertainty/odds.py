"""Odds of targets from draws of a pathway, the fan of its totals, and what the odds rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np

from hengtan.outlook.uncertainty.asked import Asked, Question, Total
from hengtan.outlook.uncertainty.cells import Cells
from hengtan.outlook.uncertainty.engine import CHUNK, Engine, Kind
from hengtan.outlook.uncertainty.laws import OF_THE_95_INTERVAL, Range
from hengtan.outlook.uncertainty.sensitivity import BATCH, Share, group_influences
from hengtan.outlook.uncertainty.uncertain import Uncertain

Array = np.ndarray[Any, np.dtype[np.float64]]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
SHARE_DRAWS = 16384  # draws that tell assumed from established, at most


@dataclass(frozen=True)
class Sampling:
    """How draws are made: how many, from which seed, by how many threads, compiled or not."""

    draws: int = 100_000
    seed: int = 0
    threads: int = 1
    kind: Kind = "auto"


@dataclass(frozen=True)
class Odds:
    """How often a target is met, and what that rests on.

    Attributes
    ----------
    odds : float
        Share of the draws that meet the target; ``low`` and ``high`` are Wilson's 95 % interval of
        the sampling alone. [1]
    central : float
        What the target is about in the central scenario.
    quantiles : tuple of float
        The same at ``LEVELS`` of the draws, each off by at most ``quantile_error``.
    assumed : Share
        Share of the variance of what the target is about that would stay if every established
        number were known: it rests on assumed ranges, alone or with others. [1]
    """

    target: Asked
    draws: int
    odds: float
    low: float
    high: float
    central: float
    quantiles: tuple[float, ...]
    quantile_error: float
    assumed: Share


@dataclass(frozen=True)
class Study:
    """Totals by year and odds of targets, from ``sampling``.

    ``central``, ``mean`` and ``deviation`` are (Q, Y), ``fan`` (Q, Y, L) at ``LEVELS`` with
    ``fan_error`` the bound of its error. ``ranges`` are those drawn, with law, source and whether
    they are assumed; ``fixed`` names measures that no range makes uncertain.
    """

    question: Question
    sampling: Sampling
    central: Array
    mean: Array
    deviation: Array
    fan: Array
    fan_error: Array
    odds: tuple[Odds, ...]
    all_met: Share
    ranges: tuple[Range, ...]
    fixed: tuple[str, ...]

    def __repr__(self) -> str:
        lines = [f"Study({self.sampling.draws} draws, seed {self.sampling.seed})"]
        for each in self.odds:
            lines.append(
                f"  {each.target.name}: {each.odds:.3f} ({each.low:.3f}-{each.high:.3f}), "
                f"{each.assumed.value:.0%} of the variance on assumed ranges"
            )
        return "\n".join(lines)


def study(
    uncertain: Uncertain,
    totals: Sequence[Total],
    targets: Sequence[Asked] = (),
    sampling: Sampling | None = None,
    only_asked: bool = False,
) -> Study:
    """Draws a pathway: its fan, and the odds of its targets. ``only_asked`` works out the years
    of the targets alone.

    Raises ``RangeWithoutSource`` where a range names no source.
    """
    uncertain.refuse_without_source()
    sampling = sampling or Sampling()
    question = Question.of(uncertain.pathway, totals, targets, only_asked)
    engine = Engine(uncertain, question, sampling.seed, sampling.threads, sampling.kind)
    central = engine.central()
    sums = Sums.of(engine, central, sampling.draws)
    shape = central.shape
    mean = sums.mean[: central.size].reshape(shape) + central
    values, errors = sums.cells.quantiles(LEVELS)
    wilson_all = wilson(sums.all_met, sampling.draws)
    return Study(
        question=question,
        sampling=sampling,
        central=central,
        mean=mean,
        deviation=sums.deviation[: central.size].reshape(shape),
        fan=values[: central.size].reshape(*shape, -1),
        fan_error=errors[: central.size].max(axis=1, initial=0).reshape(shape),
        odds=odds_of(engine, central, sums, (values[central.size :], errors[central.size :])),
        all_met=Share(sums.all_met / sampling.draws, *wilson_all),
        ranges=tuple(law for law in uncertain.laws if law.width),
        fixed=tuple(law.name for law in uncertain.laws if not law.width),
    )


def odds_of(
    engine: Engine, central: Array, sums: Sums, quantiles: tuple[Array, Array]
) -> tuple[Odds, ...]:
    """The odds of every target of a question."""
    figures = engine.question.figures(central[:, :, None])[:, 0]
    shares = assumed_shares(engine, sums.draws)
    return tuple(
        Odds(
            target=target,
            draws=sums.draws,
            odds=sums.met[number] / sums.draws,
            low=wilson(sums.met[number], sums.draws)[0],
            high=wilson(sums.met[number], sums.draws)[1],
            central=float(figures[number]),
            quantiles=tuple(quantiles[0][number].tolist()),
            quantile_error=float(quantiles[1][number].max()),
            assumed=shares[number],
        )
        for number, target in enumerate(engine.question.targets)
    )


def assumed_shares(engine: Engine, draws: int) -> list[Share]:
    """Share of each target's variance that rests on assumed ranges: the total Sobol index of all
    of them as a group, on the first draws of the study. A measure is assumed where one of its
    ranges is.
    """
    targets = len(engine.question.targets)
    group = [
        number
        for together in engine.drawn_together.values()
        if any(engine.laws[each].assumed for each in together)
        for number in together
    ]
    if not group or len(group) == len(engine.drawn_laws):
        share = float(bool(group))
        return [Share(share, share, share)] * targets
    question = Question.of(
        engine.uncertain.pathway, engine.question.totals, engine.question.targets, only_asked=True
    )
    engine = replace(engine, question=question)
    enough = max(2 * BATCH, min(draws, SHARE_DRAWS) // BATCH * BATCH)
    return [each.total for each in group_influences(engine, {"assumed": group}, enough)]


@dataclass
class Sums:
    """What is kept of the draws: sums about the central figures, cells, and how often each target
    and all of them were met. Series are the totals (Q Y) and then the targets.
    """

    draws: int
    first: Array
    second: Array
    cells: Cells
    met: list[int]
    all_met: int

    @property
    def mean(self) -> Array:
        return self.first / self.draws

    @property
    def deviation(self) -> Array:
        if self.draws < 2:
            return np.full_like(self.first, np.nan)
        squares = self.second - self.first**2 / self.draws
        return np.sqrt(np.maximum(squares, 0) / (self.draws - 1))

    @classmethod
    def of(cls, engine: Engine, central: Array, draws: int) -> Sums:
        """Passes ``draws`` draws by once, chunk by chunk."""
        if draws < 1:
            raise ValueError("a study takes one draw or more")
        pilot = series_of(engine, 0, min(draws, CHUNK))
        centre = series(engine.question, central[:, :, None])
        empty = Cells.over(pilot, engine.compiled)

        def work(start: int, count: int) -> Sums:
            figures = series_of(engine, start, count) if start else pilot
            return chunk_sums(engine.question, figures, centre, empty.like())

        size = len(centre)
        every = cls(
            draws, np.zeros(size), np.zeros(size), empty, [0] * len(engine.question.targets), 0
        )
        for chunk in engine.over_chunks(draws, work):
            every.first += chunk.first
            every.second += chunk.second
            every.cells.merge(chunk.cells)
            every.met = [a + b for a, b in zip(every.met, chunk.met, strict=True)]
            every.all_met += chunk.all_met
        return every


def series(question: Question, totals: Array) -> Array:
    """Totals (Q, Y, N) and what the targets are about as series in a row, (S, N)."""
    return np.concatenate([totals.reshape(-1, totals.shape[-1]), question.figures(totals)])


def series_of(engine: Engine, start: int, count: int) -> Array:
    return series(engine.question, engine.totals(engine.draws(start, count)))


def chunk_sums(question: Question, figures: Array, centre: Array, cells: Cells) -> Sums:
    """The sums of a chunk of draws."""
    apart = figures - centre
    cells.add(figures)
    targets = question.targets
    own = figures[len(figures) - len(targets) :]
    met = [target.met(row) for target, row in zip(targets, own, strict=True)]
    every = np.logical_and.reduce(met) if met else np.zeros(0)
    return Sums(
        draws=figures.shape[1],
        first=apart.sum(axis=1),
        second=np.einsum("sn,sn->s", apart, apart),
        cells=cells,
        met=[int(row.sum()) for row in met],
        all_met=int(every.sum()),
    )


def wilson(met: int, draws: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share. [1]

    References
    ----------
    .. [1] Wilson E. B. (1927), Journal of the American Statistical Association 22(158).
    """
    share, square = met / draws, OF_THE_95_INTERVAL**2
    middle = share + square / (2 * draws)
    reach = OF_THE_95_INTERVAL * sqrt(share * (1 - share) / draws + square / (4 * draws**2))
    scale = 1 + square / draws
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
