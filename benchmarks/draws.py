"""Draws of a made-up pathway: CPU seconds of the kernel beside plain NumPy, in one run.

    python benchmarks/draws.py [--draws 100000] [--repeat 5] [--plain 100] [--write]

60 measures, 40 districts, 36 years, 10 sectors and 4 carriers, with 5 distinct coverages of
districts and with 40; drivers and effects are invented. Plain NumPy is the reference model, draw by
draw or with an axis of draws more, whichever is the fastest on ``--plain`` draws, scaled to all.
The first process compiles into an empty cache; every other finds the kernels there. All in CPU
seconds of one thread, the best of ``--repeat``. ``--write`` puts them into docs/uncertainty.md.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable

import numpy as np
from measure import HERE, machine, markdown, measured, write_section

from hengtan.outlook.pathway.model import Act, Pathway, run
from hengtan.outlook.uncertainty.asked import Asked, Question, Total, reference_total
from hengtan.outlook.uncertainty.engine import Engine
from hengtan.outlook.uncertainty.laws import Range
from hengtan.outlook.uncertainty.odds import Sampling, study
from hengtan.outlook.uncertainty.sensitivity import influences
from hengtan.outlook.uncertainty.uncertain import Uncertain, outcome

PAGE = HERE.parent / "docs" / "uncertainty.md"
MEASURES, DISTRICTS, YEARS, SECTORS, CARRIERS = 60, 40, 36, 10, 4
DRIVERS = ("intensity", "share", "activity", "factor", "process")
TARGET_YEARS = (2030, 2035, 2050, 2060)
EMISSIONS = Total("emissions")


def made_up(coverages: int) -> Uncertain:
    """A pathway of random drivers, its measures in one to three sectors each, with ranges."""
    random = np.random.default_rng(20)
    size = (DISTRICTS, SECTORS, CARRIERS, YEARS)
    share = random.random(size)
    start, length = random.integers(0, 20, MEASURES), random.integers(3, 12, MEASURES)
    effect = random.uniform(0.01, 0.2, MEASURES)
    pathway = Pathway(
        regions=tuple(f"district {n}" for n in range(DISTRICTS)),
        sectors=tuple(f"sector {n}" for n in range(SECTORS)),
        carriers=tuple(f"carrier {n}" for n in range(CARRIERS)),
        years=tuple(range(2025, 2025 + YEARS)),
        activity=random.uniform(50, 100, (DISTRICTS, SECTORS, YEARS)),
        intensity=random.uniform(1, 2, (DISTRICTS, SECTORS, YEARS)),
        share=share / share.sum(axis=2, keepdims=True),
        factor=random.uniform(1, 3, size),
        process=random.uniform(0.1, 0.3, (DISTRICTS, SECTORS, YEARS)),
        measures=tuple(f"measure {n}" for n in range(MEASURES)),
        effect=effect,
        ramp=np.clip((np.arange(YEARS) - start[:, None]) / length[:, None], 0, 1),
        coverage=random.random((MEASURES, coverages))[:, np.arange(DISTRICTS) % coverages],
        acts=tuple(made_up_act(random, number) for number in range(MEASURES)),
    )
    ranges = (
        Range(name, "triangular" if n % 2 else "pert", e / 2, e, 1.6 * e, "made up", n % 3 == 0)
        for n, (name, e) in enumerate(zip(pathway.measures, effect, strict=True))
    )
    return Uncertain(pathway, tuple(ranges))


def made_up_act(random: np.random.Generator, measure: int) -> Act:
    driver = DRIVERS[measure % len(DRIVERS)]
    sectors = random.choice(SECTORS, size=1 + measure % 3, replace=False)
    places = tuple(sorted(map(int, sectors)))
    first, second = map(int, random.choice(CARRIERS, 2, replace=False))
    if driver == "share":
        return Act(measure, driver, places, first, second, 0.7)
    return Act(measure, driver, places, first if driver == "factor" else None)


def plain_totals(pathway: Pathway, effects: np.ndarray) -> np.ndarray:
    """Emissions by draw and year, (N, Y), of effects (N, M): the reference, whole arrays."""
    reduced = np.einsum("nm,my,mr->mnry", effects, pathway.ramp, pathway.coverage, optimize=True)
    draws = len(effects)
    drivers = {
        name: np.repeat(getattr(pathway, name)[None], draws, axis=0)
        for name in ("activity", "intensity", "share", "factor", "process")
    }
    for act in pathway.acts:
        taken = reduced[act.measure]
        for sector in act.sectors:
            if act.driver == "share":
                share = drivers["share"]
                moved = taken * share[:, :, sector, act.carrier]
                share[:, :, sector, act.carrier] -= moved
                share[:, :, sector, act.to] += act.ratio * moved
            elif act.driver == "factor":
                drivers["factor"][:, :, sector, act.carrier] *= 1 - taken
            else:
                drivers[act.driver][:, :, sector] *= 1 - taken
    energy = (drivers["activity"] * drivers["intensity"])[:, :, :, None] * drivers["share"]
    burnt = (energy * drivers["factor"]).sum(axis=(1, 2, 3))
    return burnt + (drivers["activity"] * drivers["process"]).sum(axis=(1, 2))


def run_totals(pathway: Pathway, effects: np.ndarray) -> np.ndarray:
    """Emissions by year of a single draw by the reference model itself."""
    return run(pathway, effects).emissions.sum(axis=(0, 1))


def best(work: Callable[[], object], repeat: int) -> float:
    """The least CPU seconds of this process that ``work`` took."""
    seconds = []
    for _ in range(repeat):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def targets() -> list[Asked]:
    return [Asked(f"{year}", "emissions", (year,), "<=", 1.0) for year in TARGET_YEARS]


def engine_of(coverages: int, only_asked: bool = False) -> Engine:
    uncertain = made_up(coverages)
    question = Question.of(uncertain.pathway, [EMISSIONS], targets(), only_asked)
    return Engine(uncertain, question, seed=1, kind="numba")


def way_compile(*_: object) -> dict[str, float]:
    """The first draws and totals of a process."""
    engine = engine_of(5)
    _ = engine.program, engine.tables
    return {"cpu": best(lambda: (engine.central(), engine.totals(engine.draws(0, 256))), 1)}


def way_kernel(draws: int, repeat: int, coverages: int, only_asked: bool) -> dict[str, float]:
    """Draws and yearly totals, chunk by chunk; nothing is kept."""
    engine = engine_of(coverages, only_asked)
    engine.totals(engine.draws(0, 256))

    def work() -> None:
        for _ in engine.over_chunks(draws, lambda *c: engine.totals(engine.draws(*c)).sum()):
            pass

    return {"cpu": best(work, repeat)}


def way_study(draws: int, repeat: int, coverages: int, only_asked: bool) -> dict[str, float]:
    """The whole study: build, tables, draws, fan, odds, and what they rest on."""
    uncertain, sampling = made_up(coverages), Sampling(draws, seed=1, kind="numba")
    study(uncertain, [EMISSIONS], targets(), Sampling(256, kind="numba"), only_asked)
    work = lambda: study(uncertain, [EMISSIONS], targets(), sampling, only_asked)  # noqa: E731
    return {"cpu": best(work, repeat)}


def way_sensitivity(draws: int, repeat: int) -> dict[str, float]:
    """Indices of all 60 measures for four targets, from ``draws`` of each."""
    engine = engine_of(5, only_asked=True)
    engine.totals(engine.draws(0, 256))
    return {"cpu": best(lambda: influences(engine, draws), repeat)}


def way_plain(draws: int, count: int, repeat: int) -> dict[str, float]:
    """Plain NumPy on ``count`` draws, scaled to ``draws``; how far the kernel's are from it."""
    engine = engine_of(5)
    pathway = engine.uncertain.pathway
    drawn = engine.draws(0, count)
    effects = drawn.T.astype(float)
    seconds = []
    for part in (1, 2, 5, 20):
        parts = [effects[first : first + part] for first in range(0, count, part)]
        work = lambda parts=parts: [plain_totals(pathway, each) for each in parts]  # noqa: E731
        seconds.append(best(work, max(1, repeat // 2)))
    seconds.append(best(lambda: [run_totals(pathway, each) for each in effects], repeat))
    wanted = np.concatenate([plain_totals(pathway, effects[n : n + 1]) for n in range(count)])
    off = np.abs(engine.totals(drawn)[0].T / wanted - 1).max()
    reference = outcome(engine.uncertain, effects[0])
    first = reference_total(EMISSIONS, pathway, reference)
    assert np.allclose(first, wanted[0], rtol=1e-12)
    return {"cpu": min(seconds) * draws / count, "off": float(off)}


def report(draws: int, repeat: int, count: int) -> str:
    """The table of figures, each way in a process of its own."""

    def way(name: str, *arguments: object) -> dict[str, float]:
        return measured("draws.py", "--way", name, *arguments)

    sizes = ("--draws", draws, "--repeat", repeat, "--plain", count)
    compiled = way("compile", *sizes)
    warm = way("compile", *sizes)
    plain = way("plain", *sizes)
    ways = {
        "kernel, 5 coverages": way("kernel", *sizes),
        "kernel, 40 coverages": way("kernel", *sizes, "--coverages", 40),
        "kernel, 5 coverages, four target years": way("kernel", *sizes, "--asked"),
        "study, 5 coverages": way("study", *sizes),
        "study, 40 coverages": way("study", *sizes, "--coverages", 40),
        "study, 5 coverages, four target years": way("study", *sizes, "--asked"),
        "sensitivity, 4,096 draws × 62": way("sensitivity", *sizes[2:], "--draws", 4096),
    }
    rows = [
        [name, f"{run['cpu']:.2f}", f"{plain['cpu'] / run['cpu']:.0f}", f"{run['peak_mb']:.0f}"]
        for name, run in ways.items()
    ]
    rows[-1][2] = ""
    scaled = f"plain NumPy, 5 coverages ({count} draws, scaled)"
    rows.insert(0, [scaled, f"{plain['cpu']:.1f}", "1", f"{plain['peak_mb']:.0f}"])
    table = "\n".join(markdown(("way", "CPU seconds", "times as fast", "peak MB"), rows))
    return (
        f"{machine()}; {draws:,} draws, one thread. First use of a process with an empty cache "
        f"{compiled['cpu']:.1f} CPU s, with kernels on disk {warm['cpu']:.2f}. Largest distance of "
        f"{count} draws from plain NumPy in double precision: {plain['off']:.1e}.\n\n{table}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--plain", type=int, default=100)
    parser.add_argument("--coverages", type=int, default=5)
    parser.add_argument("--asked", action="store_true")
    parser.add_argument("--way")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    sizes = (chosen.draws, chosen.repeat)
    ways: dict[str, Callable[[], dict[str, float]]] = {
        "compile": way_compile,
        "kernel": lambda: way_kernel(*sizes, chosen.coverages, chosen.asked),
        "study": lambda: way_study(*sizes, chosen.coverages, chosen.asked),
        "sensitivity": lambda: way_sensitivity(*sizes),
        "plain": lambda: way_plain(chosen.draws, chosen.plain, chosen.repeat),
    }
    if chosen.way:
        print(json.dumps(ways[chosen.way]()))
        return
    with tempfile.TemporaryDirectory() as cache:
        os.environ["HENGTAN_CACHE"] = cache
        text = report(*sizes, chosen.plain)
    print(text)
    if chosen.write:
        write_section("draws", text, PAGE)


if __name__ == "__main__":
    main()
