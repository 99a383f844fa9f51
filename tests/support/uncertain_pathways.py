"""Pathways with ranges for the tests of draws: drawn at random, or small enough for the hand."""

import numpy as np

from hengtan.outlook.pathway.model import Act, Pathway
from hengtan.outlook.uncertainty.asked import Total
from hengtan.outlook.uncertainty.laws import Range
from hengtan.outlook.uncertainty.uncertain import Trend, Uncertain

DRIVERS = ("intensity", "share", "activity", "factor", "process")
REGIONS, SECTORS, CARRIERS, YEARS, MEASURES = 6, 4, 3, 7, 12


def drawn_pathway(seed, low=0.01, drivers=DRIVERS):
    """Six regions of two coverages, with measures on all drivers, in one to three sectors each; one
    in five activities and factors is zero, so that sectors begin late and carriers emit nothing.
    """
    random = np.random.default_rng(seed)
    size = (REGIONS, SECTORS, CARRIERS, YEARS)
    share = random.random(size)
    start, length = random.integers(0, 4, MEASURES), random.integers(1, 5, MEASURES)
    past = np.arange(YEARS) - start[:, None]
    return Pathway(
        regions=tuple(f"district {n}" for n in range(REGIONS)),
        sectors=tuple(f"sector {n}" for n in range(SECTORS)),
        carriers=tuple(f"carrier {n}" for n in range(CARRIERS)),
        years=tuple(range(2025, 2025 + YEARS)),
        activity=random.uniform(50, 100, (REGIONS, SECTORS, YEARS)) * some(random, SECTORS, YEARS),
        intensity=random.uniform(1, 2, (REGIONS, SECTORS, YEARS)),
        share=share / share.sum(axis=2, keepdims=True),
        factor=random.uniform(1, 3, size) * some(random, SECTORS, CARRIERS, YEARS),
        process=random.uniform(0.1, 0.3, (REGIONS, SECTORS, YEARS)),
        measures=tuple(f"measure {n}" for n in range(MEASURES)),
        effect=random.uniform(low, 0.2, MEASURES),
        ramp=np.clip(past / length[:, None], 0, 1),
        coverage=random.random((MEASURES, 2))[:, np.arange(REGIONS) % 2],
        acts=tuple(drawn_act(random, n, drivers[n % len(drivers)]) for n in range(MEASURES)),
    )


def some(random, *size):
    """Zero in a fifth of the places, else one."""
    return random.random(size) > 0.2


def drawn_act(random, measure, driver):
    sectors = random.choice(SECTORS, size=1 + measure % 3, replace=False)
    places = tuple(sorted(map(int, sectors)))
    first, second = map(int, random.choice(CARRIERS, 2, replace=False))
    if driver == "share":
        return Act(measure, driver, places, first, second, 0.7)
    return Act(measure, driver, places, first if driver == "factor" else None)


def with_ranges(pathway, assumed=lambda number: number % 3 == 0):
    """Every measure from half of its effect to one and a half times it, in two laws in turn."""
    ranges = [
        Range(name, "triangular" if n % 2 else "pert", e / 2, e, 1.5 * e, "a study", assumed(n))
        for n, (name, e) in enumerate(zip(pathway.measures, pathway.effect, strict=True))
    ]
    return Uncertain(pathway, tuple(ranges))


def with_trends(uncertain):
    """The same with a growth of two sectors and a factor of a carrier that are not certain."""
    growth = Range("growth", "normal", -0.01, 0.0, 0.01, "a study")
    factor = Range("factor of carrier 1", "uniform", -0.05, 0.0, 0.05, "a study")
    trends = (
        Trend(growth, "activity", (0, 1), 2025),
        Trend(factor, "factor", (1, 2), 2025, carrier=1, yearly=False),
    )
    return Uncertain(uncertain.pathway, uncertain.ranges, trends)


TOTALS = (
    Total("emissions"),
    Total("energy", "energy"),
    Total("carrier 1", "burnt", ("district 2", "district 5"), ("sector 1",), ("carrier 1",)),
    Total("activity", "activity", sectors=("sector 0", "sector 3")),
    Total("process", "process"),
    Total("product", "stated", figures=tuple(range(100, 100 + YEARS))),
)


def plain(effects, years=(2025,), ranges=(), sectors=None, amounts=None):
    """Sectors that emit without burning, 100 t each where no ``amounts``; measure n takes
    ``effects[n]`` of sector ``sectors[n]`` away, at once.
    """
    sectors = sectors or list(range(len(effects)))
    many = max(sectors) + 1
    amounts = amounts or [100.0] * many
    shape = (1, many, len(years))
    return Uncertain(
        Pathway(
            regions=("R",),
            sectors=tuple(f"s{n}" for n in range(many)),
            carriers=("none",),
            years=tuple(years),
            activity=np.ones(shape),
            intensity=np.zeros(shape),
            share=np.ones((1, many, 1, len(years))),
            factor=np.zeros((1, many, 1, len(years))),
            process=np.broadcast_to(np.array(amounts)[None, :, None], shape).copy(),
            measures=tuple(f"m{n}" for n in range(len(effects))),
            effect=np.array(effects, dtype=float),
            ramp=np.ones((len(effects), len(years))),
            coverage=np.ones((len(effects), 1)),
            acts=tuple(Act(n, "process", (sector,)) for n, sector in enumerate(sectors)),
        ),
        tuple(ranges),
    )


def uniform(name, low, high, source="a study", assumed=False):
    return Range(name, "uniform", low, (low + high) / 2, high, source, assumed)
