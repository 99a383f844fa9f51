"""Kernel accounts: the carbon footprint of each product system handed in, what it is made of and along which paths; design variants beside their base."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.data_quality import quality_rating, rating_mean
from hengtan.accounts.carbon.footprint import assemble, footprint
from hengtan.accounts.carbon.footprint_paths import paths, tiers
from hengtan.accounts.carbon.inventory_rows import product_system
from hengtan.accounts.stated import WEAK
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError
from hengtan.graph import Same, account, kernel

CITES = ("GB/T 24067-2024", "ISO 14067:2018")
PER = "kg CO2e per functional unit"
ROWS = 500_000
DEPTH, LEAST = 5, 0.01
"""Paths of at most five processes that carry, with all upstream of them, at least one per cent of the footprint."""


def _systems(exchanges: pa.Table) -> dict[tuple[str, int], list[dict[str, Any]]]:
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in exchanges.to_pylist():
        found.setdefault((row["system"], row["year"]), []).append(row)
    return {
        key: sorted(rows, key=lambda r: (r["_submission"], r["_row"]))
        for key, rows in sorted(found.items())
    }


def _table(rows: list[dict[str, Any]], texts: str, numbers: str, flags: str = "") -> pa.Table:
    kinds = [
        *((c, pa.string()) for c in texts.split()),
        *((c, pa.float64()) for c in numbers.split()),
        *((c, pa.bool_()) for c in flags.split()),
    ]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([("system", pa.string()), ("year", pa.int64()), *kinds])
    )


@kernel(
    key=("system", "year"),
    unit=PER,
    cites=CITES,
    maps={"carbon_footprint_exchanges": Same("system", "year")},
    limit=ROWS,
)
def carbon_footprint(carbon_footprint_exchanges: pa.Table) -> pa.Table:
    r"""The footprint of each product system and year, :math:`g = B A^{-1} f`, with its data quality and the shares of primary data and of recalled figures. [kg CO2e per functional unit]

    Biogenic carbon and land-use change stand beside ``total`` and are not in it; ``total_with_apart`` adds them. ``quality``: mean of five marks weighted by contribution, missing while
    ``rated_share`` is below one; ``quality_mean``: plain mean of what is rated. A system that cannot be solved has no total and says why in ``missing``.
    """
    made = []
    for (system, year), rows in _systems(carbon_footprint_exchanges).items():
        wanted = [r for r in rows if r["direction"] == "demand"]
        line: dict[str, Any] = {
            "system": system,
            "year": year,
            "functional_unit": "；".join(
                f"{r['amount']:g} {r['unit'] or ''} {r['flow']}".replace("  ", " ") for r in wanted
            )
            or None,
            "confidence": worst(r["confidence"] for r in rows),
            "entity": next((r["entity"] for r in rows if r["entity"]), None),
            "variant_of": next((r["variant_of"] for r in wanted if r["variant_of"]), None),
            "gwp_set": rows[0]["gwp_set"],
            "processes": float(len({r["process"] for r in rows if r["direction"] != "demand"})),
            "demo": any(r["demo"] for r in rows),
        }
        if len(wanted) == 1:
            line |= {
                "functional_amount": wanted[0]["quantity"],
                "functional_canonical": wanted[0]["canonical_unit"],
            }
        try:
            given = product_system(rows)
            found = footprint(given.processes, given.demand)
            line |= {
                "total": found.total,
                "biogenic": found.apart["biogenic"],
                "land_use": found.apart["land_use"],
                "total_with_apart": found.total_with_apart,
                "quality": found.quality,
                "rated_share": found.rated_share,
                "quality_mean": rating_mean(
                    e.marks or {} for p in given.processes for e in p.emitted().values()
                ),
                "primary_share": found.primary_share,
                "recalled_share": found.recalled_share,
                "allocation": "；".join(given.allocation) or None,
                "cut_off": "；".join(f"{p}/{f}" for p, f in found.cut_off) or None,
            }
        except HengtanError as error:
            place = f"{error.where}：" if error.where and str(error.where) else ""
            line["missing"] = place + error.zh + (f"；{error.todo}" if error.todo else "")
        made.append(line)
    return _table(
        made,
        "functional_unit functional_canonical entity variant_of gwp_set allocation cut_off confidence missing",
        "functional_amount total biogenic land_use total_with_apart processes quality quality_mean rated_share primary_share recalled_share",
        "demo",
    )


@kernel(
    key=("system", "year", "kind", "name"),
    unit=PER,
    cites=CITES,
    maps={"carbon_footprint_exchanges": Same("system", "year")},
    limit=ROWS,
)
def carbon_footprint_parts(carbon_footprint_exchanges: pa.Table) -> pa.Table:
    """What each footprint is made of, by process, emission, life-cycle stage, gas and tier of the supply chain (0 serves the functional unit); each kind adds to the total."""
    made = []
    for (system, year), rows in _systems(carbon_footprint_exchanges).items():
        try:
            given = product_system(rows)
            found = footprint(given.processes, given.demand)
            levels = tiers(given.processes, given.demand, DEPTH)
        except HengtanError:
            continue
        by_tier = {
            **{str(n): value for n, value in enumerate(levels[:-1])},
            f"{DEPTH}+": levels[-1],
        }
        for kind, parts in (
            ("process", found.by_process),
            ("flow", found.by_flow),
            ("stage", found.by_stage),
            ("gas", found.by_gas),
            ("tier", by_tier),
        ):
            made += [
                {
                    "system": system,
                    "year": year,
                    "kind": kind,
                    "name": name,
                    "value": value,
                    "share": value / found.total if found.total else None,
                }
                for name, value in parts.items()
            ]
    return _table(made, "kind name", "value share")


@kernel(
    key=("system", "year", "process", "flow"),
    unit=PER,
    cites=CITES,
    maps={"carbon_footprint_exchanges": Same("system", "year")},
    limit=ROWS,
)
def carbon_footprint_contributions(carbon_footprint_exchanges: pa.Table) -> pa.Table:
    """Every emission of every process in the footprint: how often the process runs, what it emits a run, what that comes to, and the quality of the datum.

    A joint process stands once a product, as ``process → product``. Biogenic carbon and land-use change are listed with their kind and have no share.
    """
    made = []
    for (system, year), rows in _systems(carbon_footprint_exchanges).items():
        sources = {
            (r["process"], r["flow"]): r["factor_source"]
            for r in rows
            if r["direction"] == "emission"
        }
        try:
            given = product_system(rows)
            found = footprint(given.processes, given.demand)
            held = assemble(given.processes, given.demand).processes
        except HengtanError:
            continue
        for p in held:
            for flow, e in p.emitted().items():
                value, fossil = found.scaling[p.name] * e.amount, e.kind == "fossil"
                marks = e.marks or {}
                made.append({
                    "system": system, "year": year, "process": p.name, "flow": flow, "stage": p.stage, "gas": e.gas or "CO2e", "carbon_kind": e.kind, "runs": found.scaling[p.name], "per_run": e.amount, "value": value,
                    "share": value / found.total if fossil and found.total else None, "quality": quality_rating(marks) if len(marks) == 5 else None, "primary_data": e.primary, "confidence": e.confidence, "recalled_share": None if e.confidence is None else float(e.confidence in WEAK),
                    "factor_source": sources.get((p.origin, flow)),
                })  # fmt: skip
    return _table(
        made,
        "process flow stage gas carbon_kind confidence factor_source",
        "runs per_run value share quality recalled_share",
        "primary_data",
    )


@kernel(
    key=("system", "year", "path"),
    unit=PER,
    cites=(*CITES, "Defourny and Thorbecke 1984"),
    maps={"carbon_footprint_exchanges": Same("system", "year")},
    limit=ROWS,
)
def carbon_footprint_paths(carbon_footprint_exchanges: pa.Table) -> pa.Table:
    """Chains of at most five processes from the functional unit upstream that carry at least one per cent of the footprint: emitted at the end of the chain, and with all upstream of it."""
    made = []
    for (system, year), rows in _systems(carbon_footprint_exchanges).items():
        try:
            given = product_system(rows)
            total = footprint(given.processes, given.demand).total
            found = paths(given.processes, given.demand, DEPTH, LEAST)
        except HengtanError:
            continue
        for p in found:
            made.append(
                {
                    "system": system,
                    "year": year,
                    "path": " ← ".join(p.processes),
                    "tier": float(p.tier),
                    "value": p.direct,
                    "upstream": p.upstream,
                    "share": p.direct / total if total else None,
                    "upstream_share": p.upstream / total if total else None,
                }
            )
    return _table(made, "path", "tier value upstream share upstream_share")


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
    """Design variants beside the system they name as their base, by life-cycle stage of the same year; over all stages the differences add to that of the totals."""
    told = carbon_footprint.filter(_.variant_of.notnull() & _.total.notnull()).select(
        "system", "year", "variant_of", "recalled_share", "confidence", "demo"
    )
    stages = carbon_footprint_parts.filter(_.kind == "stage").select(
        system=_.system, year=_.year, stage=_.name, value=_.value
    )
    base = stages.select(variant_of=_.system, year=_.year, stage=_.stage, base_value=_.value)
    mine = told.inner_join(stages, ["system", "year"]).select(
        "system", "year", "variant_of", "stage", "value", "recalled_share", "confidence", "demo"
    )
    theirs = told.inner_join(base, ["variant_of", "year"]).select(
        "system",
        "year",
        "variant_of",
        "stage",
        "base_value",
        "recalled_share",
        "confidence",
        "demo",
    )
    every = ibis.union(
        mine.select(
            "system", "year", "variant_of", "stage", "recalled_share", "confidence", "demo"
        ),
        theirs.select(
            "system", "year", "variant_of", "stage", "recalled_share", "confidence", "demo"
        ),
        distinct=True,
    )
    based = theirs.select("system", "year").distinct().mutate(known=ibis.literal(True))
    rows = every.inner_join(based, ["system", "year"]).drop("known")
    rows = rows.left_join(
        mine.select("system", "year", "stage", "value"), ["system", "year", "stage"]
    ).drop("system_right", "year_right", "stage_right")
    rows = rows.left_join(
        theirs.select("system", "year", "stage", "base_value"), ["system", "year", "stage"]
    ).drop("system_right", "year_right", "stage_right")
    zero = ibis.literal(0.0)
    return rows.mutate(
        value=ibis.coalesce(_.value, zero), base_value=ibis.coalesce(_.base_value, zero)
    ).mutate(difference=_.value - _.base_value)


@kernel(
    key=("system", "year"),
    unit="1",
    cites=("产品碳标识认证（实施规则未取得）",),
    maps={"carbon_footprint": Same("functional_unit", "year")},
    limit=ROWS,
)
def carbon_label(carbon_footprint: pa.Table) -> pa.Table:
    """A footprint beside the mean of the systems with the same functional unit and year; ``label`` stays empty, for no rule of classes is established in the packs."""
    held = [r for r in carbon_footprint.to_pylist() if r["total"] is not None]
    groups: dict[tuple[Any, ...], list[float]] = {}
    for r in held:
        groups.setdefault((r["functional_unit"], r["year"]), []).append(r["total"])
    made = []
    for r in held:
        peers = groups[r["functional_unit"], r["year"]]
        mean = sum(peers) / len(peers)
        made.append(
            {
                "system": r["system"],
                "year": r["year"],
                "functional_unit": r["functional_unit"],
                "total": r["total"],
                "peers": len(peers),
                "mean": mean,
                "ratio": r["total"] / mean if mean else None,
                "label": None,
                "missing": "碳标识分级规则未确立：须取得产品碳标识认证实施规则",
            }
        )
    return pa.Table.from_pylist(made, schema=pa.schema([
        ("system", pa.string()), ("year", pa.int64()), ("functional_unit", pa.string()), ("total", pa.float64()), ("peers", pa.int64()), ("mean", pa.float64()), ("ratio", pa.float64()), ("label", pa.string()), ("missing", pa.string()),
    ]))  # fmt: skip
