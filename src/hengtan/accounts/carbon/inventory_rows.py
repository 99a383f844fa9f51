"""From the rows of a footprint's inventory to unit processes and a functional unit; every refusal names the file and row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.accounts.carbon.allocation import shares_by, substituted
from hengtan.accounts.carbon.data_quality import MARKS
from hengtan.accounts.carbon.unit_process import Emission, Need, Process
from hengtan.accounts.stated import WEAK
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError, Where

Row = Mapping[str, Any]
BASIS_ZH = {
    "given": "给定比例",
    "mass": "质量",
    "energy": "能量",
    "value": "经济价值",
    "substitution": "替代",
    "cut_off": "截断",
}


@dataclass(frozen=True)
class ProductSystem:
    """A product system as handed in: its unit processes and its functional unit [canonical units], with what allocation was declared."""

    processes: tuple[Process, ...]
    demand: dict[Need, float]
    allocation: tuple[str, ...]


def product_system(rows: Sequence[Row]) -> ProductSystem:
    """The unit processes and functional unit of rows of ``carbon_footprint_exchanges`` of one system and year.

    Raises HengtanError where a row is given twice, a factor is missing, units of a product differ, there is no functional unit, or allocation is not what it says.
    """
    _only_once(rows)
    _one_unit(rows)
    demand: dict[Need, float] = {}
    named: dict[str, list[Row]] = {}
    for r in rows:
        if r["direction"] == "demand":
            demand[_need(r)] = demand.get(_need(r), 0.0) + r["quantity"]
        else:
            named.setdefault(r["process"], []).append(r)
        if r["missing"]:
            raise HengtanError(
                f"“{r['process']}”的“{r['flow']}”：{r['missing']}",
                f"'{r['flow']}' of '{r['process']}' has no usable factor",
                where=_at(r),
            )
    if not demand:
        raise HengtanError(
            "没有功能单位行",
            "no functional unit is given",
            todo="填一行方向为“功能单位”",
            todo_en="give a row of direction functional unit",
        )
    made = {
        name: [r["flow"] for r in mine if r["direction"] == "output"]
        for name, mine in named.items()
    }
    told = tuple(
        f"{r['process']}/{r['flow']}：{BASIS_ZH[r['allocation_basis']]}"
        for r in rows
        if r["allocation_basis"]
    )
    return ProductSystem(
        tuple(_process(name, mine, made) for name, mine in named.items()), demand, told
    )


def _at(row: Row) -> Where:
    return Where(row["_file"], row["_sheet"], row["_source_row"])


def _need(row: Row) -> Need:
    return (row["flow"], row["provider"]) if row["provider"] else row["flow"]


def _only_once(rows: Sequence[Row]) -> None:
    seen: dict[tuple[Any, ...], Row] = {}
    for r in rows:
        key = (
            r["process"],
            r["direction"],
            r["flow"],
            r["provider"] if r["direction"] == "input" else None,
        )
        if key in seen and r["direction"] != "demand":
            raise HengtanError(
                f"过程“{r['process']}”的“{r['flow']}”报了两次（另见 {_at(seen[key])}）",
                f"'{r['flow']}' of process '{r['process']}' is given twice (also {_at(seen[key])})",
                where=_at(r),
                todo="作废或更正其中一份",
                todo_en="withdraw or correct one",
            )
        seen[key] = r


def _one_unit(rows: Sequence[Row]) -> None:
    units: dict[str, str] = {}
    for r in rows:
        if (
            r["direction"] != "emission"
            and units.setdefault(r["flow"], r["canonical_unit"]) != r["canonical_unit"]
        ):
            raise HengtanError(
                f"“{r['flow']}”的计量单位不能换算：{units[r['flow']]}、{r['canonical_unit']}",
                f"'{r['flow']}' is given in {units[r['flow']]} and in {r['canonical_unit']}",
                where=_at(r),
                todo="统一为同类计量单位",
                todo_en="use units of one kind",
            )


def _process(name: str, mine: Sequence[Row], made: Mapping[str, Sequence[str]]) -> Process:
    outputs = [r for r in mine if r["direction"] == "output"]
    inputs = [r for r in mine if r["direction"] == "input"]
    marks = {m: next((r[m] for r in outputs if r[m] is not None), None) for m in MARKS}
    emissions: dict[str, Emission | float] = {}
    for r in mine:
        if r["direction"] == "emission":
            own = {m: marks[m] if r[m] is None else r[m] for m in MARKS}
            emissions[r["flow"]] = Emission(
                r["emission"],
                r["carbon_kind"],
                r["gas"] or "",
                {m: v for m, v in own.items() if v is not None},
                bool(r["primary_data"]),
                r["confidence"],
            )
    needs: dict[Need, float] = {}
    for r in inputs:
        needs[_need(r)] = needs.get(_need(r), 0.0) + r["quantity"]
    cut: set[Need] = {r["flow"] for r in outputs if r["allocation_basis"] == "cut_off"} | {
        _need(r) for r in inputs if r["allocation_basis"] == "cut_off"
    }
    return Process(
        name,
        {r["flow"]: r["quantity"] for r in outputs},
        needs,
        emissions,
        _shares(outputs),
        outputs[0]["stage"] or "production" if outputs else "production",
        {m: v for m, v in marks.items() if v is not None},
        confidence=worst(r["confidence"] for r in outputs) or "read",
        substitutes={
            r["flow"]: _displaced(r, made)
            for r in outputs
            if r["allocation_basis"] == "substitution"
        },
        cut_off=frozenset(cut),
        weak=frozenset(_need(r) for r in inputs if r["confidence"] in WEAK),
    )


def _displaced(row: Row, made: Mapping[str, Sequence[str]]) -> tuple[Need, float]:
    """What a by-product displaces: the provider's product of the same name, else its only product."""
    products = made.get(row["provider"] or "", [])
    if row["flow"] not in products and len(products) != 1:
        raise HengtanError(
            f"“{row['flow']}”替代的过程“{row['provider']}”{'不在表中' if not products else '有几种产品'}",
            f"the process '{row['provider']}' that '{row['flow']}' displaces is not in the sheet, or has several products",
            where=_at(row),
            todo="补充被替代的过程",
            todo_en="add it",
        )
    product = row["flow"] if row["flow"] in products else products[0]
    return substituted(
        (product, row["provider"]),
        1.0 if row["allocation_value"] is None else row["allocation_value"],
    )


def _shares(outputs: Sequence[Row]) -> dict[str, float]:
    """Allocation shares of a process's products by the one basis its rows declare; none where it has one product."""
    held = [r for r in outputs if r["allocation_basis"] not in ("substitution", "cut_off")]
    bases = {r["allocation_basis"] for r in held} - {None}
    if len(held) < 2:
        return {}
    if len(bases) > 1:
        raise HengtanError(
            f"过程“{held[0]['process']}”的产品用了不同的分配方法",
            f"products of process '{held[0]['process']}' are allocated in different ways",
            where=_at(held[0]),
            todo="同一过程用同一种分配方法",
            todo_en="use one",
        )
    basis = next(iter(bases), "given")
    if basis == "given":
        return {r["flow"]: r["allocation"] for r in held if r["allocation"] is not None}
    if basis == "mass":  # per canonical unit: a tonne weighs a tonne
        wanting = next(
            (r for r in held if r["allocation_value"] is None and r["canonical_unit"] != "t"), None
        )
        if wanting is not None:
            raise HengtanError(
                f"“{wanting['flow']}”按质量分配，但计量单位不是质量",
                f"'{wanting['flow']}' is allocated by mass but not given in mass",
                where=_at(wanting),
                todo="填单位产品的质量（吨）",
                todo_en="give its mass per unit in tonnes",
            )
    # the property is per unit as stated, so it goes with the amount as stated
    return shares_by(
        {
            r["flow"]: r["amount"] if r["allocation_value"] is not None else r["quantity"]
            for r in held
        },
        {r["flow"]: 1.0 if r["allocation_value"] is None else r["allocation_value"] for r in held},
    )
