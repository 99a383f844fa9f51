"""From the rows of a footprint's inventory to unit processes and a functional unit; every refusal
names the file and row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.accounts.carbon.allocation import shares_by, substituted
from hengtan.accounts.carbon.data_quality import MARKS
from hengtan.accounts.carbon.refusals import refusal
from hengtan.accounts.carbon.unit_process import Emission, Need, Process
from hengtan.accounts.stated import WEAK
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError, Where
from hengtan.graph.codes import coded
from hengtan.graph.said import say_missing

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ProductSystem:
    """A product system as handed in: its unit processes and its functional unit [canonical units],
    with what allocation was declared.
    """

    processes: tuple[Process, ...]
    demand: dict[Need, float]
    allocation: tuple[str, ...]


def product_system(rows: Sequence[Row]) -> ProductSystem:
    """The unit processes and functional unit of rows of ``carbon_footprint_exchanges`` of one
    system and year.

    Raises HengtanError where a row is given twice, a factor is missing, units of a product differ,
    there is no functional unit, or allocation is not what it says.
    """
    _only_once(rows)
    _one_unit(rows)
    demand: dict[Need, float] = {}
    by_process: dict[str, list[Row]] = {}
    for row in rows:
        if row["direction"] == "demand":
            need = _need(row)
            demand[need] = demand.get(need, 0.0) + row["quantity"]
        else:
            by_process.setdefault(row["process"], []).append(row)
        if row["missing"]:
            raise _unusable(row)
    if not demand:
        raise refusal("no_functional_unit")
    products = {name: _products(own) for name, own in by_process.items()}
    processes = [_process(name, own, products) for name, own in by_process.items()]
    allocation = tuple(
        coded(f"allocated_by_{row['allocation_basis']}", row["process"], row["flow"])
        for row in rows
        if row["allocation_basis"]
    )
    return ProductSystem(tuple(processes), demand, allocation)


def _unusable(row: Row) -> HengtanError:
    """The refusal of a row without a factor, with the row's own code behind it."""
    names, why = (row["process"], row["flow"]), say_missing(row["missing"])
    error = refusal("row_without_factor", *names, why, where=_at(row))
    error.coded = coded("row_lacks", *names) + f"\n{row['missing']}"  # type: ignore[attr-defined]
    return error


def _products(rows: Sequence[Row]) -> list[str]:
    return [row["flow"] for row in rows if row["direction"] == "output"]


def _at(row: Row) -> Where:
    return Where(row["_file"], row["_sheet"], row["_source_row"])


def _need(row: Row) -> Need:
    return (row["flow"], row["provider"]) if row["provider"] else row["flow"]


def _only_once(rows: Sequence[Row]) -> None:
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        provider = row["provider"] if row["direction"] == "input" else None
        key = (row["process"], row["direction"], row["flow"], provider)
        if key in seen and row["direction"] != "demand":
            other = _at(seen[key])
            raise refusal("row_twice", row["process"], row["flow"], other, where=_at(row))
        seen[key] = row


def _one_unit(rows: Sequence[Row]) -> None:
    units: dict[str, str] = {}
    for row in (row for row in rows if row["direction"] != "emission"):
        flow, unit = row["flow"], row["canonical_unit"]
        if units.setdefault(flow, unit) != unit:
            raise refusal("units_of_flow_differ", flow, units[flow], unit, where=_at(row))


def _process(name: str, rows: Sequence[Row], products: Mapping[str, Sequence[str]]) -> Process:
    outputs = [row for row in rows if row["direction"] == "output"]
    inputs = [row for row in rows if row["direction"] == "input"]
    marks = {
        mark: next((row[mark] for row in outputs if row[mark] is not None), None) for mark in MARKS
    }
    needs: dict[Need, float] = {}
    for row in inputs:
        needs[_need(row)] = needs.get(_need(row), 0.0) + row["quantity"]
    cut: set[Need] = {row["flow"] for row in outputs if row["allocation_basis"] == "cut_off"}
    cut |= {_need(row) for row in inputs if row["allocation_basis"] == "cut_off"}
    displacing = [row for row in outputs if row["allocation_basis"] == "substitution"]
    emissions = [row for row in rows if row["direction"] == "emission"]
    return Process(
        name,
        {row["flow"]: row["quantity"] for row in outputs},
        needs,
        {row["flow"]: _emission(row, marks) for row in emissions},
        _shares(outputs),
        outputs[0]["stage"] or "production" if outputs else "production",
        _stated(marks),
        confidence=worst(row["confidence"] for row in outputs) or "read",
        substitutes={row["flow"]: _displaced(row, products) for row in displacing},
        cut_off=frozenset(cut),
        weak=frozenset(_need(row) for row in inputs if row["confidence"] in WEAK),
    )


def _emission(row: Row, marks: Mapping[str, int | None]) -> Emission:
    """An emission with its own data-quality marks, those of the process where it has none."""
    own = {mark: marks[mark] if row[mark] is None else row[mark] for mark in MARKS}
    return Emission(
        row["emission"],
        row["carbon_kind"],
        row["gas"] or "",
        _stated(own),
        bool(row["primary_data"]),
        row["confidence"],
    )


def _stated(marks: Mapping[str, int | None]) -> dict[str, int]:
    return {mark: value for mark, value in marks.items() if value is not None}


def _displaced(row: Row, products_of: Mapping[str, Sequence[str]]) -> tuple[Need, float]:
    """What a by-product displaces: the provider's product of that name, else its only one."""
    products = products_of.get(row["provider"] or "", [])
    if row["flow"] not in products and len(products) != 1:
        code = "displaced_several" if products else "displaced_unknown"
        raise refusal(code, row["flow"], row["provider"], where=_at(row))
    product = row["flow"] if row["flow"] in products else products[0]
    return substituted(
        (product, row["provider"]),
        1.0 if row["allocation_value"] is None else row["allocation_value"],
    )


def _shares(outputs: Sequence[Row]) -> dict[str, float]:
    """Allocation shares of a process's products by the one basis its rows declare; none where it
    has one product.
    """
    apart = ("substitution", "cut_off")
    joint = [row for row in outputs if row["allocation_basis"] not in apart]
    bases = {row["allocation_basis"] for row in joint} - {None}
    if len(joint) < 2:
        return {}
    if len(bases) > 1:
        raise refusal("allocation_differs", joint[0]["process"], where=_at(joint[0]))
    basis = next(iter(bases), "given")
    if basis == "given":
        return {row["flow"]: row["allocation"] for row in joint if row["allocation"] is not None}
    unvalued = [row for row in joint if row["allocation_value"] is None]
    if basis == "mass":  # per canonical unit: a tonne weighs a tonne
        for wanting in (row for row in unvalued if row["canonical_unit"] != "t"):
            raise refusal("allocated_without_mass", wanting["flow"], where=_at(wanting))
    # the property is per unit as stated, so it goes with the amount as stated
    amounts = {row["flow"]: row["amount"] for row in joint}
    amounts |= {row["flow"]: row["quantity"] for row in unvalued}
    weights = {row["flow"]: row["allocation_value"] for row in joint}
    weights |= {row["flow"]: 1.0 for row in unvalued}
    return shares_by(amounts, weights)
