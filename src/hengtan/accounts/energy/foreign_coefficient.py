"""The coefficient by which a foreign balance in coal equivalent converted its electricity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hengtan.accounts.energy.foreign_tables import TOTAL_COLUMNS, Balance
from hengtan.accounts.energy.refusals import refusal
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.graph.codes import coded

CALORIFIC = 0.1229
"""Electricity at its own heat (当量值). [kgce/kWh] GB/T 2589-2020."""
LEAST_DIGITS = 20
"""Units of its last digit that a cell must have to tell a ratio."""
MOST_SPREAD = 0.02
LEAST_LOSS = 0.2
"""Of what power plants put in, the loss from which power counts at its own heat."""


@dataclass(frozen=True)
class Coefficient:
    """The electricity coefficient of a table [kgce/kWh], its convention, how far rows differ, the
    method (a code), and how sure it is."""

    value: float
    convention: str
    spread: float
    method: str
    sure: bool


def infer_electricity_coefficient(
    standard: Balance, physical: Balance | None = None, *, to_tce: float = 1e4, to_kwh: float = 1e8
) -> Coefficient:
    """The coefficient by which electricity was converted in a standard-quantity table.

    With the physical table beside it: the ratio of every row (one k for all rows, I8), ``to_tce``
    and ``to_kwh`` being the units of the two tables. Without it: whether thermal power nets to
    nothing over all products (I9) tells 等价值 from 当量值, but not the value.

    Raises
    ------
    ParameterNotEstablished
        Where rows disagree, or the value cannot be told from one table.
    """
    if physical is not None:
        ratios = list(_ratios(standard, physical, to_tce / to_kwh * 1000))
        if ratios:
            return _of_ratios(ratios)
    return _of_power(standard)


def _ratios(standard: Balance, physical: Balance, scale: float) -> Iterator[tuple[float, float]]:
    """Coefficient and weight of each row that both tables print with enough digits. [kgce/kWh]"""
    for (row, column), cell in standard.cells.items():
        other = physical.cells.get((row, column))
        if column != "electricity" or other is None:
            continue
        if abs(other.value) > LEAST_DIGITS * 10.0**-other.decimals:
            yield cell.value / other.value * scale, abs(other.value)


def _of_ratios(ratios: list[tuple[float, float]]) -> Coefficient:
    """The weighted mean of the rows' coefficients."""
    each = [coefficient for coefficient, _ in ratios]
    mean = sum(k * weight for k, weight in ratios) / sum(weight for _, weight in ratios)
    spread = max(abs(k - mean) for k in each) / mean
    if spread > MOST_SPREAD:
        ends = (f"{min(each):.4f}", f"{max(each):.4f}")
        raise refusal("coefficients_differ", *ends, kind=ParameterNotEstablished)
    convention = "calorific" if abs(mean - CALORIFIC) < 0.002 else "equivalent"
    return Coefficient(mean, convention, spread, coded("coefficient_by_rows"), True)


def _of_power(standard: Balance) -> Coefficient:
    """The convention by what thermal power leaves over."""
    power = [
        cell.value
        for (row, column), cell in standard.cells.items()
        if row == "T.power" and column not in TOTAL_COLUMNS
    ]
    spent = -sum(value for value in power if value < 0)
    shows_power = ("T.power", "electricity") in standard.cells
    is_whole = not any(row == "T.power" for row, _ in standard.hidden)
    if not standard.standard or not spent or not shows_power or not is_whole:
        raise refusal("no_coefficient_in_table", kind=ParameterNotEstablished)
    if abs(sum(power)) <= LEAST_LOSS * spent:
        raise refusal("coefficient_of_coal_rate", kind=ParameterNotEstablished)
    return Coefficient(CALORIFIC, "calorific", 0.0, coded("coefficient_by_loss"), False)
