"""Small portfolio studies whose answers can be worked out by hand, and random ones."""

from dataclasses import replace

import numpy as np

from hengtan.outlook.pathway.model import Act, Pathway
from hengtan.outlook.portfolio.study import Costs, Study, Target, measured

YEARS = (2026, 2027)


def place(acts, effects, *, years=YEARS, regions=("甲区",), tonnes=1000.0):
    """Regions of one sector that burns one carrier: ``tonnes`` a year in each, no process."""
    shape = (len(regions), 1, len(years))
    return Pathway(
        regions=regions,
        sectors=("工业",),
        carriers=("煤",),
        years=years,
        activity=np.full(shape, tonnes),
        intensity=np.ones(shape),
        share=np.ones((len(regions), 1, 1, len(years))),
        factor=np.ones((len(regions), 1, 1, len(years))),
        process=np.zeros(shape),
        measures=tuple(f"措施{n}" for n in range(len(effects))),
        effect=np.array(effects, dtype=float),
        ramp=np.ones((len(effects), len(years))),
        coverage=np.ones((len(effects), len(regions))),
        acts=tuple(acts),
    )


def study_of(pathway, capital, *, running=0.0, step=1.0, limit=None, rate=0.0, **more):
    """A study of a place: capital and running cost of full use by measure, the same in each region;
    ``limit``: tonnes of the last year.
    """
    measures, regions, years = (
        len(pathway.measures),
        len(pathway.regions),
        len(pathway.years),
    )
    shape = (measures, regions, years)
    price = np.broadcast_to(np.reshape(capital, (measures, 1, 1)), shape).astype(float)
    saved = np.broadcast_to(np.reshape(running, (-1, 1)), shape[:2]).astype(float)
    costs = Costs(price, saved, np.zeros(measures), rate, pathway.years[0])
    target = Target("末年排放", "emissions of the last year", limit or 0.0, (years - 1,))
    return Study(
        name="合成算例",
        pathway=pathway,
        costs=costs,
        floor=np.zeros(shape[:2]),
        ceiling=np.ones(shape),
        step=np.broadcast_to(np.asarray(step, dtype=float), (measures,)).copy(),
        targets=() if limit is None else (target,),
        **more,
    )


def two_that_save(limit=None, **more):
    """1,000 t a year; measures of 40 % at 100 and 50 % at 200 (10,000 yuan) that both save energy:
    together they leave 1000 * 0.6 * 0.5 = 300 t, not 100 t.
    """
    acts = [Act(0, "intensity", (0,)), Act(1, "intensity", (0,))]
    return study_of(place(acts, [0.4, 0.5]), [100.0, 200.0], limit=limit, **more)


def random_study(seed, *, measures=6, regions=3, sectors=3, carriers=3, years=4, cut=0.15):
    """A study of drawn numbers with targets for the last year and for all years together."""
    draws = np.random.default_rng(seed)
    acts = [_act(draws, number, sectors, carriers) for number in range(measures)]
    shape = (regions, sectors, years)
    share = draws.dirichlet(np.ones(carriers), size=(regions, sectors))[..., None]
    factor = np.sort(draws.uniform(0.2, 2.7, carriers))[None, None, :, None]
    pathway = Pathway(
        regions=tuple(f"区{n}" for n in range(regions)),
        sectors=tuple(f"部门{n}" for n in range(sectors)),
        carriers=tuple(f"能源{n}" for n in range(carriers)),
        years=tuple(range(2026, 2026 + years)),
        activity=draws.uniform(50, 150, (regions, sectors, 1)) * 1.02 ** np.arange(years),
        intensity=np.broadcast_to(draws.uniform(1, 3, (regions, sectors, 1)), shape).copy(),
        share=share * np.ones(years),
        factor=np.broadcast_to(factor, (regions, sectors, carriers, years)).copy(),
        process=np.broadcast_to(draws.uniform(0, 0.3, (regions, sectors, 1)), shape).copy(),
        measures=tuple(f"措施{n}" for n in range(measures)),
        effect=draws.uniform(0.05, 0.3, measures),
        ramp=np.ones((measures, years)),
        coverage=draws.uniform(0.5, 1, (measures, regions)),
        acts=tuple(acts),
    )
    capital = draws.uniform(5, 100, (measures, regions, 1)) * np.ones(years)
    running = draws.uniform(-1, 3, (measures, regions))
    study = Study(
        name="随机算例",
        pathway=pathway,
        costs=Costs(capital, running, draws.integers(0, 4, measures).astype(float), 0.05, 2026),
        floor=np.zeros((measures, regions)),
        ceiling=np.ones((measures, regions, years)),
        step=draws.uniform(0.4, 1, measures),
        targets=(
            Target("末年排放", "last year", 0.0, (years - 1,)),
            Target("累计排放", "all years", 0.0, tuple(range(years))),
        ),
    )
    without = measured(study, study.nothing)
    most = measured(study, np.minimum(1, np.cumsum(np.ones(study.shape), axis=2) * 0.4))
    return study.with_limits(without - cut / 0.3 * 0.5 * (without - most))


def _act(draws, number, sectors, carriers):
    kind = str(draws.choice(["intensity", "share", "factor", "activity", "process"]))
    count = int(draws.integers(1, sectors + 1))
    chosen = tuple(int(each) for each in sorted(draws.permutation(sectors)[:count]))
    left, to = (int(each) for each in draws.permutation(carriers)[:2])
    if kind == "share":
        return Act(number, kind, chosen, max(left, to), min(left, to), 0.9)
    return Act(number, kind, chosen, left if kind == "factor" else None)


def with_costs(study, **changed):
    """The same study with other costs."""
    return replace(study, costs=replace(study.costs, **changed))
