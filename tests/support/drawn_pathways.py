"""Pathways drawn at random for the tests of the outlook."""

import numpy as np

from hengtan.outlook.pathway.model import Act, Pathway


def pathway_of(size, measures, seed=1, whole_effects=False):
    """A pathway of (regions, sectors, carriers, years) with one act a measure: the five drivers in
    turn, over some of the sectors.
    """
    regions, sectors, carriers, years = size
    draw = np.random.default_rng(seed)
    share = draw.uniform(0.1, 1, (regions, sectors, carriers, years))
    effect = draw.uniform(-0.2, 0.6, measures)
    if whole_effects:
        effect[::3] = 1.0
    return Pathway(
        regions=tuple(f"r{n}" for n in range(regions)),
        sectors=tuple(f"s{n}" for n in range(sectors)),
        carriers=tuple(f"c{n}" for n in range(carriers)),
        years=tuple(range(2025, 2025 + years)),
        activity=draw.uniform(50, 200, (regions, sectors, years)),
        intensity=draw.uniform(0.5, 2, (regions, sectors, years)),
        share=share / share.sum(axis=2, keepdims=True),
        factor=draw.uniform(0, 3, (regions, sectors, carriers, years)),
        process=draw.uniform(-0.2, 1, (regions, sectors, years)),
        measures=tuple(f"m{n}" for n in range(measures)),
        effect=effect,
        ramp=np.sort(draw.uniform(0, 1, (measures, years)), axis=1),
        coverage=draw.uniform(0.2, 1, (measures, regions)),
        acts=tuple(act_of(number, sectors, carriers, draw) for number in range(measures)),
    )


def act_of(number, sectors, carriers, draw):
    driver = ("share", "intensity", "factor", "activity", "process")[number % 5]
    own = tuple(sorted(draw.choice(sectors, size=max(1, sectors // 2), replace=False).tolist()))
    first, second = draw.choice(carriers, size=2, replace=False).tolist()
    if driver == "share":
        return Act(number, driver, own, first, second, ratio=float(draw.uniform(0.3, 1.2)))
    return Act(number, driver, own, first if driver == "factor" else None)
