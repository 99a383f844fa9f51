"""A year with commitment, some days at a time, proven to within a gap that is stated.

The year without commitment comes first: every MWh at the heat rate of full load, nothing to start.
No plan with commitment costs less, so its cost is a bound. It also says how full stores are at the
end of each stretch and how much of a contract the stretch takes. Each stretch is then solved to a
proven optimum, with the units as the stretches before left them; the last one joins the first. The
plan of all stretches is checked against the laws of the whole year, and its cost worked out there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError
from hengtan.outlook.certificate import NotProven, hold_values
from hengtan.outlook.linear import Array, Block, Numbers
from hengtan.outlook.optimum import Infeasible, Optimum, Settings, Solver
from hengtan.outlook.power.build import program_of
from hengtan.outlook.power.parts import UNLIMITED, Steps, System
from hengtan.outlook.power.results import Plan, planned, with_balances

SERIES = ("available", "inflow", "least", "up", "down", "power", "heat_load")
STORES = ("level", "reservoir level")
JOINING = ("commitment", "stay up", "stay down", "ramps up", "ramps down")
"""Laws of units, which bind the first hours of the year to its last."""


class NotByStretches(HengtanError):
    """A system with a law of the whole year that stretches of days cannot see."""


@dataclass(frozen=True)
class Stretch:
    """Hours before (as they were left), own hours, and, in the last one, hours after."""

    before: Numbers
    own: Numbers
    after: Numbers

    @property
    def steps(self) -> Numbers:
        """All of them, in order."""
        return np.concatenate([self.before, self.own, self.after])

    @property
    def mine(self) -> slice:
        """Where the own hours are among all."""
        return slice(self.before.size, self.before.size + self.own.size)

    @property
    def last(self) -> bool:
        """Whether the year ends with it."""
        return bool(self.after.size)

    @property
    def first(self) -> bool:
        """Whether the year begins with it."""
        return bool(self.own[0] == 0)


@dataclass
class Year:
    """The plan as far as it has been put together: values and prices by block."""

    system: System
    bound: Plan
    values: dict[str, Array] = field(default_factory=dict)
    prices: dict[str, Array] = field(default_factory=dict)
    seconds: float = 0.0

    def keep(self, stretch: Stretch, optimum: Optimum) -> None:
        """Take over what a stretch says of its own hours."""
        count = stretch.steps.size
        self.seconds += optimum.seconds
        for block in by_step(optimum.program.variables, count):
            whole = self._whole(self.values, block)
            values = optimum.of(block)
            whole[:, stretch.own] = values[:, stretch.mine]
            if stretch.last and block.name in ("started", "stopped"):
                whole[:, 0] = values[:, stretch.mine.stop]
        for block in by_step(optimum.program.rows, count):
            whole = self._whole(self.prices, block)
            whole[:, stretch.own] = optimum.price(block)[:, stretch.mine]

    def _whole(self, store: dict[str, Array], block: Block) -> Array:
        shape = (block.shape[0], self.system.steps.count)
        return store.setdefault(block.name, np.zeros(shape))


def plan_of(system: System, settings: Settings | None = None) -> Plan:
    """The plan of a system: by stretches where its units are committed, else at once.

    Raises what ``rolled`` and ``planned`` raise.
    """
    if any(part.commitment != "none" for part in system.thermal):
        return rolled(system, settings=settings)
    return planned(system, settings)


def rolled(
    system: System, days: int = 4, within: float = 0.01, settings: Settings | None = None
) -> Plan:
    """A plan of a year with commitment, stretch by stretch.

    Parameters
    ----------
    days : int
        Days of a stretch; a system of no more days is solved at once.
    within : float
        Largest gap to the bound. [1]

    Returns
    -------
    Plan
        Its ``optimum.gap`` says how much of the cost could still be saved at most.

    Raises ``NotByStretches`` for laws of the whole year (carbon cap, non-fossil share, tiers of
    fuel, what may be built, flat output), ``NotProven`` where the gap is wider, and what
    ``planned`` raises.
    """
    refuse_laws_of_the_year(system)
    how = settings or Settings(method="simplex")
    whole = any(part.commitment == "integer" for part in system.thermal)
    if system.steps.count <= 24 * days:
        return planned(system, how)
    bound = planned(without_commitment(system), replace(how, method="simplex"))
    year = Year(system, bound)
    for stretch in stretches(system, days):
        try:
            year.keep(stretch, solved(year, stretch, replace(how, presolve=whole)))
        except Infeasible as error:
            raise no_stretch(stretch) from error
    plan = with_balances(Plan(system, whole_of(year)))
    if plan.optimum.gap > within:
        raise NotProven(
            f"分段求解的差距为{plan.optimum.gap:.2%}，大于允许的{within:.2%}，不给出任何数值",
            f"the gap of the plan by stretches is {plan.optimum.gap:.2%}, more than {within:.2%}",
            todo="核对最小出力、启动费用和最短开停机时间，或不作机组组合",
            todo_en="look at least output, starts and least hours, or do not commit units",
        )
    return plan


def no_stretch(stretch: Stretch) -> NotByStretches:
    """The refusal of a year that can be served, but not with the units as they must run."""
    first, last = int(stretch.own[0]) + 1, int(stretch.own[-1]) + 1
    return NotByStretches(
        f"全年第{first}—{last}时：按最小出力、爬坡和最短开停机时间没有可行的机组组合",
        f"hours {first} to {last} of the year: no commitment of units meets least output, "
        "ramps and least hours",
        todo="核对这些机组的参数，填写缺电代价，或不作机组组合",
        todo_en="look at these figures of the units, price shortage, or do not commit units",
    )


def without_commitment(system: System) -> System:
    """The same system with every unit at full-load heat rate: nothing with units costs less."""
    free: dict[str, Any] = {
        "commitment": "none",
        "must_run": False,
        "ramp": UNLIMITED,
        "least": 0.0,
        "start_cost": 0.0,
    }
    plants = tuple(
        part if part.commitment == "none" else replace(part, **free) for part in system.thermal
    )
    return replace(system, thermal=plants)


def stretches(system: System, days: int) -> Iterator[Stretch]:
    """The year in stretches; before each a whole number of days as long as units remember."""
    memory = max((max(part.up, part.down) for part in system.thermal), default=0.0)
    hours = 24 * int(np.ceil(max(memory, 1.0) / 24))
    count, size = system.steps.count, 24 * days
    everything = np.arange(count, dtype=np.int32)
    none = everything[:0]
    starts = range(0, count, size) if count % size != 1 else range(0, count - size, size)
    for start in starts:
        stop = min(start + size, count)
        before = (everything[:hours] + start - hours) % count
        yield Stretch(before, everything[start:stop], everything[:hours] if stop == count else none)


def solved(year: Year, stretch: Stretch, settings: Settings) -> Optimum:
    """The optimum of one stretch, everything outside it as it is."""
    system = cut(year.system, stretch.steps)
    solver = Solver(program_of(system), settings)
    program, count = solver.program, stretch.steps.size
    outside = np.ones(count, dtype=bool)
    outside[stretch.mine] = False
    costs, bounds = program.cost, (program.lower, program.upper)
    for block in by_step(program.variables, count):
        lower, upper = kept(year, stretch, bounds, block, outside)
        cost = np.where(outside, 0.0, costs[block.at])
        if stretch.last and block.name in ("started", "stopped"):
            cost = costs[block.at] * ~(outside & (np.arange(count) != stretch.mine.stop))
        solver.change(block, lower=lower, upper=upper, cost=cost)
    least, most = program.row_lower, program.row_upper
    for block in by_step(program.rows, count):
        free = outside.copy()
        if block.name in JOINING:
            free[stretch.mine.stop :] = False
        lower = np.where(free, -np.inf, least[block.at])
        solver.change(block, lower=lower, upper=np.where(free, np.inf, most[block.at]))
    share_contracts(year, stretch, solver)
    optimum = solver.solve()
    return solver.with_prices(optimum) if program.integer.any() else optimum


def kept(
    year: Year, stretch: Stretch, bounds: tuple[Array, Array], block: Block, outside: Any
) -> tuple[Array, Array]:
    """Bounds of a block: outside the stretch what was decided, at its end stores as in the bound.

    Before the first stretch only units are free, which the last stretch will join.
    """
    lower, upper = bounds[0][block.at], bounds[1][block.at]
    decided = year.values.get(block.name, np.zeros((block.shape[0], year.system.steps.count)))
    decided = decided[:, stretch.steps]
    if stretch.first and block.name in ("online", "committed"):
        outside = outside & (np.arange(outside.size) != stretch.mine.start - 1)
    if stretch.last and block.name in ("started", "stopped"):
        outside = outside & (np.arange(outside.size) != stretch.mine.stop)
    lower[:, outside], upper[:, outside] = decided[:, outside], decided[:, outside]
    if block.name in STORES:
        full = year.bound.optimum.of(block.name)[:, stretch.steps]
        for step in (stretch.mine.start - 1, stretch.mine.stop - 1):
            lower[:, step], upper[:, step] = full[:, step], full[:, step]
    return lower, upper


def share_contracts(year: Year, stretch: Stretch, solver: Solver) -> None:
    """A stretch takes what it takes of each contract, and of each year of calls, in the bound."""
    hours = year.system.steps.hours
    program = solver.program
    imports = year.system.imports
    at = [n for n, part in enumerate(imports) if part.at_least > 0 or part.at_most < UNLIMITED]
    if at:
        mine = year.bound.optimum.of("import")[at][:, stretch.own] @ hours[stretch.own]
        energy = mine + _outside(year, stretch, "import")[at]
        solver.change("contracts", lower=energy[:, None], upper=energy[:, None])
    for number, load in enumerate(year.system.curtailable):
        if f"calls {load.name}" in program.rows:
            gone = year.bound.optimum.of("curtailed load")[number, stretch.own]
            called = float(gone @ hours[stretch.own])
            called += float(_outside(year, stretch, "curtailed load")[number])
            solver.change(f"calls {load.name}", upper=called + 1e-6)


def _outside(year: Year, stretch: Stretch, block: str) -> Array:
    """Energy of the hours before and after, as they were decided. [MWh]"""
    steps = np.concatenate([stretch.before, stretch.after])
    decided = year.values.get(block)
    if decided is None:
        return np.zeros(year.bound.optimum.of(block).shape[0])
    return np.asarray(decided[:, steps] @ year.system.steps.hours[steps])


def whole_of(year: Year) -> Optimum:
    """All stretches as one plan, held against the program of the whole year."""
    program = program_of(year.system)
    values = np.zeros(program.cost.size)
    duals = np.zeros(program.row_lower.size)
    for block in program.variables.values():
        values[block.at] = year.values[block.name]
    for block in by_step(program.rows, year.system.steps.count):
        duals[block.at] = year.prices[block.name]
    activity = hold_values(program, values)
    return Optimum(
        program=program,
        values=values,
        activity=activity,
        row_dual=duals,
        reduced_cost=np.zeros(values.size),
        cost=program.offset + float(program.cost @ values),
        bound=year.bound.optimum.cost,
        seconds=year.seconds + year.bound.optimum.seconds,
    )


def by_step(blocks: dict[str, Block], count: int) -> Iterator[Block]:
    """The blocks with a value a step."""
    return (b for b in blocks.values() if len(b.shape) == 2 and b.shape[1] == count)


def cut(system: System, steps: Numbers) -> System:
    """Some steps of a system, as a period of their own."""
    of_year = system.steps
    own = Steps(
        of_year.length[steps],
        of_year.times[steps],
        np.zeros(steps.size, dtype=np.int32),
        utc_offset=of_year.utc_offset,
    )
    groups = ("thermal", "variable", "storage", "imports", "shiftable", "curtailable")
    parts: dict[str, Any] = {
        group: tuple(cut_part(part, steps) for part in getattr(system, group)) for group in groups
    }
    dams = tuple(replace(cut_part(part, steps), initial=None) for part in system.reservoirs)
    return replace(
        system, steps=own, demand=system.demand[:, steps], reservoirs=dams, constants={}, **parts
    )


def cut_part(part: Any, steps: Numbers) -> Any:
    """Some steps of the series of a part."""
    values = {word: getattr(part, word, 0.0) for word in SERIES}
    series = {word: array[steps] for word, array in values.items() if isinstance(array, np.ndarray)}
    return replace(part, **series)


def refuse_laws_of_the_year(system: System) -> None:
    """Raise ``NotByStretches`` where a law spans the year."""
    steps = system.steps
    limits = system.limits
    spans = {
        ("碳排放上限", "a carbon cap"): limits.carbon is not None,
        ("非化石能源占比要求", "a non-fossil share"): limits.clean is not None,
        ("分档燃料价格", "tiers of fuel"): any(fuel.tiered for fuel in system.fuels),
        ("可新建容量", "what may be built"): _builds(system),
        ("全年恒定出力", "flat output"): any(part.flat for part in system.thermal),
        ("典型时段", "several periods or unequal steps"): bool(
            np.ptp(steps.period) or np.ptp(steps.length) or steps.length[0] != 1.0
        ),
        ("跨日可移负荷", "load that shifts over days"): any(
            24.0 % part.window for part in system.shiftable
        ),
    }
    for (zh, en), spanning in spans.items():
        if spanning:
            raise NotByStretches(
                f"含{zh}的系统不能分段求解机组组合",
                f"a system with {en} cannot be committed by stretches",
                todo="不作机组组合，或去掉这一项",
                todo_en="do not commit units, or leave this out",
            )


def _builds(system: System) -> bool:
    parts: tuple[Any, ...] = (*system.plants, *system.lines)
    stores = any(part.build_energy is not None for part in system.storage)
    return stores or any(part.build is not None for part in parts)
