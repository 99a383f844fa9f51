"""Kernel accounts: the carbon footprint of each product system handed in, what it is made of and
along which paths; design variants beside their base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.data_quality import MARKS, quality_rating, rating_mean
from hengtan.accounts.carbon.footprint import Footprint, assemble, footprint
from hengtan.accounts.carbon.footprint_paths import paths, tiers
from hengtan.accounts.carbon.inventory_rows import ProductSystem, product_system
from hengtan.accounts.carbon.unit_process import Emission, Process
from hengtan.accounts.kernel_rows import kernel_table
from hengtan.accounts.stated import WEAK
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError
from hengtan.graph import Same, account, beside, kernel
from hengtan.graph.codes import code_of, coded

CITES = ("GB/T 24067-2024", "ISO 14067:2018")
PER = "kg CO2e per functional unit"
ROWS = 500_000
DEPTH, LEAST = 5, 0.01
"""Paths of at most five processes that carry, with all upstream of them, at least one per cent of
the footprint."""


@dataclass(frozen=True)
class _Inventory:
    """What was handed in of one product system and year, in the order it was."""

    system: str
    year: int
    rows: list[dict[str, Any]]

    @property
    def key(self) -> dict[str, Any]:
        """The columns every row of a result begins with."""
        return {"system": self.system, "year": self.year}

    def of_direction(self, direction: str) -> list[dict[str, Any]]:
        """Rows of one direction: output, input, emission or demand."""
        return [row for row in self.rows if row["direction"] == direction]


@dataclass(frozen=True)
class _Solved:
    """A product system that can be solved, with its footprint."""

    inventory: _Inventory
    system: ProductSystem
    footprint: Footprint

    def share(self, value: float) -> float | None:
        """A part of the footprint as a share of its total."""
        return value / self.footprint.total if self.footprint.total else None


def _inventories(exchanges: pa.Table) -> list[_Inventory]:
    rows: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in exchanges.to_pylist():
        rows.setdefault((row["system"], row["year"]), []).append(row)
    return [
        _Inventory(system, year, sorted(own, key=lambda row: (row["_submission"], row["_row"])))
        for (system, year), own in sorted(rows.items())
    ]


def _solved(exchanges: pa.Table) -> Iterator[_Solved]:
    """The systems that can be solved; the others say why in ``carbon_footprint``."""
    for inventory in _inventories(exchanges):
        try:
            system = product_system(inventory.rows)
            result = footprint(system.processes, system.demand)
        except HengtanError:
            continue
        yield _Solved(inventory, system, result)


@kernel(
    key=("system", "year"),
    unit=PER,
    cites=CITES,
    maps={"carbon_footprint_exchanges": Same("system", "year")},
    limit=ROWS,
)
def carbon_footprint(carbon_footprint_exchanges: pa.Table) -> pa.Table:
    r"""The footprint of each product system and year, :math:`g = B A^{-1} f`, with its data quality
    and the shares of primary data and of recalled figures. [kg CO2e per functional unit]

    Biogenic carbon and land-use change stand beside ``total`` and are not in it;
    ``total_with_apart`` adds them. ``quality``: mean of five marks weighted by contribution,
    missing while ``rated_share`` is below one; ``quality_mean``: plain mean of what is rated. A
    system that cannot be solved has no total and says why in ``missing``.
    """
    lines = []
    for inventory in _inventories(carbon_footprint_exchanges):
        try:
            system = product_system(inventory.rows)
            result = _result(system, footprint(system.processes, system.demand))
        except HengtanError as error:
            result = {"missing": code_of(error)}
        lines.append(inventory.key | _about(inventory) | result)
    return kernel_table(
        lines,
        "system:text year:whole functional_unit:text functional_canonical:text entity:text"
        " variant_of:text gwp_set:text allocation:text cut_off:text confidence:text missing:text"
        " functional_amount total biogenic land_use total_with_apart processes quality"
        " quality_mean rated_share primary_share recalled_share demo:flag",
    )


def _about(inventory: _Inventory) -> dict[str, Any]:
    """What is known of a system before it is solved."""
    wanted, rows = inventory.of_direction("demand"), inventory.rows
    processes = {row["process"] for row in rows if row["direction"] != "demand"}
    about = {
        "functional_unit": "；".join(map(_demand, wanted)) or None,
        "confidence": worst(row["confidence"] for row in rows),
        "entity": next((row["entity"] for row in rows if row["entity"]), None),
        "variant_of": next((row["variant_of"] for row in wanted if row["variant_of"]), None),
        "gwp_set": rows[0]["gwp_set"],
        "processes": float(len(processes)),
        "demo": any(row["demo"] for row in rows),
    }
    if len(wanted) == 1:
        about["functional_amount"] = wanted[0]["quantity"]
        about["functional_canonical"] = wanted[0]["canonical_unit"]
    return about


def _demand(row: Mapping[str, Any]) -> str:
    """An amount of a functional unit as it was stated."""
    return f"{row['amount']:g} {row['unit'] or ''} {row['flow']}".replace("  ", " ")


def _result(system: ProductSystem, solved: Footprint) -> dict[str, Any]:
    emitted = [part for process in system.processes for part in process.emitted().values()]
    return {
        "total": solved.total,
        "biogenic": solved.apart["biogenic"],
        "land_use": solved.apart["land_use"],
        "total_with_apart": solved.total_with_apart,
        "quality": solved.quality,
        "rated_share": solved.rated_share,
        "quality_mean": rating_mean(emission.marks or {} for emission in emitted),
        "primary_share": solved.primary_share,
        "recalled_share": solved.recalled_share,
        "allocation": "\n".join(system.allocation) or None,
        "cut_off": "；".join(f"{process}/{flow}" for process, flow in solved.cut_off) or None,
    }


@kernel(
    key=("system", "year", "kind", "name"),
    unit=PER,
    cites=CITES,
    maps={"carbon_footprint_exchanges": Same("system", "year")},
    limit=ROWS,
)
def carbon_footprint_parts(carbon_footprint_exchanges: pa.Table) -> pa.Table:
    """What each footprint is made of, by process, emission, life-cycle stage, gas and tier of the
    supply chain (0 serves the functional unit); each kind adds to the total."""
    lines = []
    for solved in _solved(carbon_footprint_exchanges):
        parts = {
            "process": solved.footprint.by_process,
            "flow": solved.footprint.by_flow,
            "stage": solved.footprint.by_stage,
            "gas": solved.footprint.by_gas,
            "tier": _by_tier(solved.system),
        }
        for kind, values in parts.items():
            for name, value in values.items():
                line = {"kind": kind, "name": name, "value": value, "share": solved.share(value)}
                lines.append(solved.inventory.key | line)
    return kernel_table(lines, "system:text year:whole kind:text name:text value share")


def _by_tier(system: ProductSystem) -> dict[str, float]:
    *levels, beyond = tiers(system.processes, system.demand, DEPTH)
    return {**{str(tier): value for tier, value in enumerate(levels)}, f"{DEPTH}+": beyond}


@kernel(
    key=("system", "year", "process", "flow"),
    unit=PER,
    cites=CITES,
    maps={"carbon_footprint_exchanges": Same("system", "year")},
    limit=ROWS,
)
def carbon_footprint_contributions(carbon_footprint_exchanges: pa.Table) -> pa.Table:
    """Every emission of every process in the footprint: how often the process runs, what it emits a
    run, what that comes to, and the quality of the datum.

    A joint process stands once a product, as ``process → product``. Biogenic carbon and land-use
    change are listed with their kind and have no share.
    """
    lines = []
    for solved in _solved(carbon_footprint_exchanges):
        emissions = solved.inventory.of_direction("emission")
        sources = {(row["process"], row["flow"]): row["factor_source"] for row in emissions}
        for process in assemble(solved.system.processes, solved.system.demand).processes:
            for flow, emission in process.emitted().items():
                line = _contribution(solved, process, emission)
                line |= {"flow": flow, "factor_source": sources.get((process.origin, flow))}
                lines.append(solved.inventory.key | line)
    return kernel_table(
        lines,
        "system:text year:whole process:text flow:text stage:text gas:text carbon_kind:text"
        " confidence:text factor_source:text runs per_run value share quality recalled_share"
        " primary_data:flag",
    )


def _contribution(solved: _Solved, process: Process, emission: Emission) -> dict[str, Any]:
    runs, marks, sure = solved.footprint.scaling[process.name], emission.marks or {}, None
    if emission.confidence is not None:
        sure = float(emission.confidence in WEAK)
    value = runs * emission.amount
    return {
        "process": process.name,
        "stage": process.stage,
        "gas": emission.gas or "CO2e",
        "carbon_kind": emission.kind,
        "runs": runs,
        "per_run": emission.amount,
        "value": value,
        "share": solved.share(value) if emission.kind == "fossil" else None,
        "quality": quality_rating(marks) if len(marks) == len(MARKS) else None,
        "primary_data": emission.primary,
        "confidence": emission.confidence,
        "recalled_share": sure,
    }


@kernel(
    key=("system", "year", "path"),
    unit=PER,
    cites=(*CITES, "Defourny and Thorbecke 1984"),
    maps={"carbon_footprint_exchanges": Same("system", "year")},
    limit=ROWS,
)
def carbon_footprint_paths(carbon_footprint_exchanges: pa.Table) -> pa.Table:
    """Chains of at most five processes from the functional unit upstream that carry at least one
    per cent of the footprint: emitted at the end of the chain, and with all upstream of it."""
    lines = []
    for solved in _solved(carbon_footprint_exchanges):
        try:
            chains = paths(solved.system.processes, solved.system.demand, DEPTH, LEAST)
        except HengtanError:  # more of them than anybody reads
            continue
        for chain in chains:
            line = {
                "path": " ← ".join(chain.processes),
                "tier": float(chain.tier),
                "value": chain.direct,
                "upstream": chain.upstream,
                "share": solved.share(chain.direct),
                "upstream_share": solved.share(chain.upstream),
            }
            lines.append(solved.inventory.key | line)
    return kernel_table(
        lines, "system:text year:whole path:text tier value upstream share upstream_share"
    )


@account(
    key=("system", "year", "stage"),
    unit=PER,
    cites=CITES,
    maps={
        "carbon_footprint": Same("system", "year"),
        "carbon_footprint_parts": Same("year", name="stage"),
    },
)
def carbon_footprint_variants(carbon_footprint: Table, carbon_footprint_parts: Table) -> Table:
    """Design variants beside the system they name as their base, by life-cycle stage of the same
    year; over all stages the differences add to that of the totals."""
    named, stated = ("system", "year", "variant_of"), ("recalled_share", "confidence", "demo")
    known = _.variant_of.notnull() & _.total.notnull()
    variants = carbon_footprint.filter(known).select(*named, *stated)
    stages = carbon_footprint_parts.filter(_.kind == "stage").select(
        "system", "year", "value", stage=_.name
    )
    base = stages.select("year", "stage", variant_of=_.system, base_value=_.value)
    own = variants.inner_join(stages, ["system", "year"])
    of_base = variants.inner_join(base, ["variant_of", "year"])
    both = [part.select(*named, "stage", *stated) for part in (own, of_base)]
    based = of_base.select("system", "year").distinct()
    at = ["system", "year", "stage"]
    rows = (
        ibis.union(*both, distinct=True)
        .semi_join(based, ["system", "year"])
        .pipe(beside, own.select(*at, "value"), at)
        .pipe(beside, of_base.select(*at, "base_value"), at)
    )
    zero = ibis.literal(0.0)
    return rows.mutate(
        value=ibis.coalesce(_.value, zero), base_value=ibis.coalesce(_.base_value, zero)
    ).mutate(difference=_.value - _.base_value)


@kernel(
    key=("system", "year"),
    unit="1",
    cites=("label.rule",),
    maps={"carbon_footprint": Same("functional_unit", "year")},
    limit=ROWS,
)
def carbon_label(carbon_footprint: pa.Table) -> pa.Table:
    """A footprint beside the mean of the systems with the same functional unit and year; ``label``
    stays empty, for no rule of classes is established in the packs."""
    rows = [row for row in carbon_footprint.to_pylist() if row["total"] is not None]
    groups: dict[tuple[str, int], list[float]] = {}
    for row in rows:
        groups.setdefault((row["functional_unit"], row["year"]), []).append(row["total"])
    lines = []
    for row in rows:
        peers = groups[row["functional_unit"], row["year"]]
        mean = sum(peers) / len(peers)
        lines.append(
            {
                "system": row["system"],
                "year": row["year"],
                "functional_unit": row["functional_unit"],
                "total": row["total"],
                "peers": len(peers),
                "mean": mean,
                "ratio": row["total"] / mean if mean else None,
                "label": None,
                "missing": coded("label_rule_lacking"),
            }
        )
    return kernel_table(
        lines,
        "system:text year:whole functional_unit:text total peers:whole mean ratio label:text"
        " missing:text",
    )
