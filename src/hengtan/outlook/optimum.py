"""Solving a program with HiGHS, and trusting the answer: only a proven optimum is a result.

After every solution the bounds, the rows and the cost are worked out again from the primal values
alone. For a linear program the dual prices are a certificate: they must explain every cost, speak
of limits that exist, and add up to the same cost (strong duality). A time limit, an unbounded or an
infeasible program raises; it never comes back as figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError
from hengtan.outlook.certificate import NotProven, hold_prices, hold_rows, hold_whole
from hengtan.outlook.face import long_rows, stretches
from hengtan.outlook.highs import DEVEX, Method, marginal_of, pass_program, solver_library
from hengtan.outlook.linear import Array, Block, Like, Program
from hengtan.outlook.near import Near

NEARBY, FEW = 0.12, 1000
"""Steps that a changed program may take near the last optimum, as a share of those of the first
time, before it is solved from nothing; a few are always allowed.
"""


class Infeasible(HengtanError):
    """No values meet all limits. ``program`` is what was asked, for ``outlook/conflict.py``."""

    program: Program

    @classmethod
    def in_asking(cls, program: Program) -> Infeasible:
        """The error of a program without a solution."""
        error = cls(
            f"{program.name}：没有能同时满足全部限制的解",
            f"{program.name}: no solution meets all limits",
        )
        error.program = program
        return error


@dataclass(frozen=True)
class Settings:
    """How to solve: method, seconds at most, relative gap that ends an integer search, threads, and
    whether HiGHS first makes the program smaller (small programs are solved sooner as they are).
    """

    method: Method = "choose"
    seconds: float = float("inf")
    gap: float = 1e-6
    threads: int = 1
    presolve: bool = True


@dataclass(frozen=True)
class Optimum:
    """A proven optimum of a program.

    Attributes
    ----------
    values : array
        The variables.
    activity : array
        The rows, worked out again from the variables.
    row_dual, reduced_cost : arrays
        Change of the cost with one unit more of a row's limit, or of a variable. Zero for a program
        with whole variables, whose prices come from ``with_prices``.
    cost : float
        Cost, worked out again from the variables, the offset included.
    bound : float
        No solution costs less than this (equal to the cost for a linear program).
    """

    program: Program
    values: Array
    activity: Array
    row_dual: Array
    reduced_cost: Array
    cost: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """Share of the cost that could still be saved. [1]"""
        return max(0.0, self.cost - self.bound) / max(abs(self.cost), 1e-9)

    def of(self, block: Block | str) -> Array:
        """The variables of a block, in its shape and unit."""
        return self.values[_block(self.program.variables, block).at]

    def price(self, block: Block | str) -> Array:
        """The dual prices of a row block, in its shape. [cost / unit of the row]"""
        return self.row_dual[_block(self.program.rows, block).at]

    def row(self, block: Block | str) -> Array:
        """What the rows of a block come to, in its shape and unit."""
        return self.activity[_block(self.program.rows, block).at]


@dataclass
class Solver:
    """A program that stays with HiGHS, to be changed and solved again from where it was.

    ``change`` takes new bounds of row blocks or variables and new costs; everything else stays.
    """

    program: Program
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        library = solver_library(self.settings.method)
        self._matrix = self.program.matrix()
        self._arrays = {
            "cost": self.program.cost,
            "lower": self.program.lower,
            "upper": self.program.upper,
            "row_lower": self.program.row_lower,
            "row_upper": self.program.row_upper,
        }
        self._whole = self.program.integer
        self._solved_times = 0
        self._steps = 0
        self._last: Optimum | None = None
        self._near: Near | None = None
        self._highs = library.Highs()
        _set_options(self._highs, self.settings)
        pass_program(self._highs, self._matrix, self._arrays, self._whole, self.program.offset)

    def begin_from(self, other: Solver) -> None:
        """Begin at the basis in which another program of as many rows and variables ended."""
        basis = other._highs.getBasis()
        rows, columns = self._matrix.shape
        if basis.valid and (len(basis.row_status), len(basis.col_status)) == (rows, columns):
            self._highs.setBasis(basis)

    def watch(self, tell: Callable[[float, float], None], every: float = 1.0) -> None:
        """Tell the gap and the seconds so far of an integer search, every so many seconds."""
        last = [0.0]

        def heard(event: Any) -> None:
            seconds, gap = event.data_out.running_time, event.data_out.mip_gap
            if seconds - last[0] >= every and np.isfinite(gap):
                last[0] = seconds
                tell(gap, seconds)

        self._highs.cbMipInterrupt.subscribe(heard)

    def change(
        self,
        block: Block | str,
        *,
        lower: Like | None = None,
        upper: Like | None = None,
        cost: Like | None = None,
    ) -> None:
        """New bounds of a row block or a variable block, or new costs of a variable block."""
        name = block if isinstance(block, str) else block.name
        if name in self.program.variables:
            at = self.program.variables[name].at
            self._change_variables(at, lower, upper, cost)
        else:
            at = self.program.rows[name].at
            self._new("row_lower", at, lower)
            self._new("row_upper", at, upper)
            numbers = at.ravel()
            below, above = self._arrays["row_lower"][numbers], self._arrays["row_upper"][numbers]
            self._highs.changeRowsBounds(numbers.size, numbers, below, above)

    def _change_variables(
        self, at: Any, lower: Like | None, upper: Like | None, cost: Like | None
    ) -> None:
        numbers = at.ravel()
        self._new("lower", at, lower)
        self._new("upper", at, upper)
        self._new("cost", at, cost)
        below, above = self._arrays["lower"][numbers], self._arrays["upper"][numbers]
        self._highs.changeColsBounds(numbers.size, numbers, below, above)
        self._highs.changeColsCost(numbers.size, numbers, self._arrays["cost"][numbers])

    def _new(self, word: str, at: Any, values: Like | None) -> None:
        if values is not None:
            self._arrays[word] = self._arrays[word].copy()
            self._arrays[word][at] = np.broadcast_to(np.asarray(values, dtype=float), at.shape)

    def solve(self) -> Optimum:
        """The proven optimum.

        Raises ``Infeasible`` where limits exclude each other and ``NotProven`` where HiGHS ended
        otherwise (time, unbounded, numbers) or its answer does not hold when checked.
        """
        self._start_from_before()
        if self._near is not None:
            try:
                return self._nearby(self._near)
            except NotProven:
                self._begin_anew()
        return self._solved()

    def _nearby(self, near: Near) -> Optimum:
        """The optimum found near the last one (``outlook/near.py``)."""
        steps = max(FEW, int(NEARBY * self._steps))
        start = time.perf_counter()
        values, prices = near.solve(self._new_highs, self._arrays, steps)
        return self._checked(values, prices, time.perf_counter() - start)

    def _new_highs(self) -> Any:
        highs = solver_library("simplex").Highs()
        _set_options(highs, replace(self.settings, method="simplex"))
        return highs

    def _solved(self) -> Optimum:
        import highspy

        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            status = self._without_presolve()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Infeasible.in_asking(self.program)
        if status != highspy.HighsModelStatus.kOptimal:
            said = self._highs.modelStatusToString(status)
            raise NotProven(
                f"求解未得到已证明的最优解（{said}），不给出任何数值",
                f"no proven optimum ({said}), so no figures",
            )
        answer = self._highs.getSolution()
        values = np.asarray(answer.col_value, dtype=float)
        prices = np.asarray(answer.row_dual, dtype=float)
        self._last = self._checked(values, prices, self._highs.getRunTime())
        if self._solved_times == 1:
            self._steps = max(0, self._highs.getInfo().simplex_iteration_count)
        return self._last

    def _start_from_before(self) -> None:
        """Before the second time: begin at the basis of the first, near its optimum where a long
        row has a price (``outlook/near.py``).
        """
        self._solved_times += 1
        if self._solved_times != 2:
            return
        self._basis = self._highs.getBasis()
        if not self._basis.valid or self._whole.any():
            return
        last, matrix = self._last, self._matrix
        if last is not None:
            long = long_rows(matrix, last.row_dual)
            if long.size:
                at = last.values, last.reduced_cost, last.row_dual
                self._near = Near.of(matrix, long, stretches(self.program), self._highs, at)
                return
        self._begin_again()

    def _begin_again(self) -> None:
        """A solver that starts at the basis of the first time.

        Steepest edges would first be worked out for all of that basis, which takes longer than the
        few steps that a change needs; devex prices start at once.
        """
        self._highs = self._new_highs()
        self._highs.setOptionValue("simplex_dual_edge_weight_strategy", DEVEX)
        pass_program(self._highs, self._matrix, self._arrays, self._whole, self.program.offset)
        self._highs.setBasis(self._basis)

    def _begin_anew(self) -> None:
        """A solver that starts from nothing: from the old basis each step would reach far."""
        self._near, self._solved_times = None, 1
        self._highs = solver_library(self.settings.method).Highs()
        _set_options(self._highs, self.settings)
        pass_program(self._highs, self._matrix, self._arrays, self._whole, self.program.offset)

    def marginal(self, weights: Array) -> Array:
        """Change of a weighted sum of the variables with one unit more of each row's limit, at the
        basis of the last optimum of a linear program.

        With the costs as weights these are the dual prices.

        Raises ``NotProven`` where there is no basis (a program with whole variables).
        """
        if self._near is not None:
            self._begin_anew()
            self._solved()
        if self._whole.any() or not self._highs.getBasis().valid:
            raise NotProven(
                "没有最优基，无法给出边际量", "there is no basis, so no marginal figures"
            )
        return marginal_of(self._highs, weights)

    def _without_presolve(self) -> Any:
        self._highs.setOptionValue("presolve", "off")
        self._highs.run()
        self._highs.setOptionValue("presolve", "choose" if self.settings.presolve else "off")
        return self._highs.getModelStatus()

    def _checked(self, values: Array, of_rows: Array, seconds: float) -> Optimum:
        activity = hold_rows(self._matrix, self._arrays, values)
        cost = self.program.offset + float(self._arrays["cost"] @ values)
        bound = cost
        prices = np.zeros(activity.size), np.zeros(values.size)
        if self._whole.any():
            hold_whole(values, self._whole)
            bound = self._highs.getInfo().mip_dual_bound
        else:
            prices = of_rows, self._arrays["cost"] - self._matrix.T @ of_rows
            hold_prices(self._matrix, self._arrays, prices, values)
        return Optimum(
            program=self.program,
            values=values,
            activity=activity,
            row_dual=prices[0],
            reduced_cost=prices[1],
            cost=cost,
            bound=bound,
            seconds=seconds,
        )

    def with_prices(self, optimum: Optimum) -> Optimum:
        """The optimum of a program with whole variables, with prices of the linear program in which
        these stay as they are.
        """
        fixed = replace(self.settings, gap=0.0)
        linear = Solver(self.program, fixed)
        linear._arrays = dict(self._arrays)
        at = np.flatnonzero(self._whole)
        kept = np.round(optimum.values[at])
        for word in ("lower", "upper"):
            linear._arrays[word] = linear._arrays[word].copy()
            linear._arrays[word][at] = kept
        linear._whole = np.zeros_like(self._whole)
        linear._highs.clearModel()
        offset = self.program.offset
        pass_program(linear._highs, linear._matrix, linear._arrays, linear._whole, offset)
        priced = linear.solve()
        return replace(priced, bound=optimum.bound, seconds=optimum.seconds + priced.seconds)


def solve(program: Program, settings: Settings | None = None) -> Optimum:
    """The proven optimum of a program; raises as ``Solver.solve`` does."""
    return Solver(program, settings or Settings()).solve()


def _block(blocks: Mapping[str, Block], block: Block | str) -> Block:
    return blocks[block] if isinstance(block, str) else block


def _set_options(highs: Any, settings: Settings) -> None:
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("solver", settings.method)
    highs.setOptionValue("threads", settings.threads)
    highs.setOptionValue("mip_rel_gap", settings.gap)
    highs.setOptionValue("presolve", "choose" if settings.presolve else "off")
    if np.isfinite(settings.seconds):
        highs.setOptionValue("time_limit", settings.seconds)
