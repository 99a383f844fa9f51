"""Accounts: secondary materials from source categories through the user's shares, and reports of
several origins made to agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.energy.least_squares import least_squares
from hengtan.accounts.kernel_rows import kernel_table
from hengtan.accounts.materials.formulas import share_of_source
from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError
from hengtan.graph import Same, account, beside, first_of, kernel
from hengtan.graph.codes import code_of, coded

ELEVEN = (
    "steel",
    "copper",
    "aluminium",
    "lead",
    "zinc",
    "paper",
    "plastic",
    "rubber",
    "glass",
    "textiles",
    "batteries",
)
"""The materials that the plan of Chongqing lists."""
TOTAL = "total"
WHOLE = 100.0


@account(
    key=("place", "year", "category", "material"),
    unit="t",
    cites=("hengtan:recycled_materials",),
    maps={
        "recycling_sources": Same("place", "category"),
        "source_shares": Same("category"),
        "place_within": Same("place"),
    },
)
def recycled_by_source(
    recycling_sources: Table, source_shares: Table, place_within: Table
) -> Table:
    """What each source category delivered of each material in a year, by the shares in force: the
    place's own before those of a place it lies in, then the newest.

    A category without shares stays as one row without a material and says so; shares above 100 %
    say so too.
    """
    reports = recycling_sources.mutate(
        told=as_reported(recycling_sources), year=_.period_end.year().cast("int64")
    )
    sources = reports.group_by("place", "year", "category").agg(
        source_amount=known_sum(_.amount), told=worst_in(_.told), source_demo=_._demo.any()
    )
    shares = source_shares.select(
        "category",
        "material",
        "share",
        "begins",
        setter="place",
        shares_told=as_reported(source_shares),
        shares_demo="_demo",
    )
    reach = place_within.select("place", setter="within")
    pairs = sources.inner_join(reach, "place").inner_join(shares, ["category", "setter"])
    chosen = first_of(
        pairs.filter(_.begins <= _.year),
        ["place", "year", "category", "material"],
        [(_.setter == _.place).desc(), _.begins.desc(), _.setter],
    )
    sums = chosen.group_by("place", "year", "category").agg(shares_sum=_.share.sum())
    chosen = chosen.select(
        "place", "year", "category", "material", "share", "shares_told", "shares_demo"
    )
    rows = sources.pipe(beside, chosen, ["place", "year", "category"])
    rows = beside(rows, sums, ["place", "year", "category"])
    return rows.select(
        "place",
        "year",
        "category",
        "material",
        "source_amount",
        "share",
        amount=share_of_source(_.source_amount, _.share),
        confidence=worst_of(_.told, _.shares_told),
        demo=_.source_demo | _.shares_demo.fill_null(False),
        missing=ibis.cases(
            (rows.material.isnull(), coded("no_shares_of", rows.category)),
            (rows.shares_sum > WHOLE * 1.0001, coded("shares_above_all", rows.category)),
        ),
    )


@account(
    key=("place", "year", "material"),
    unit="t",
    cites=("hengtan:recycled_materials",),
    maps={
        "recycled_by_source": Same("place", "year"),
        "material_agreed": Same("place", "year"),
    },
)
def recycled_materials(recycled_by_source: Table, material_agreed: Table) -> Table:
    """Each of the eleven materials in a year: the figure that reports of several origins agree on
    where there are any, else what the sources come to; with ``material`` total their sum.

    The total says how many of the eleven have a figure; a source without shares makes it
    incomplete.
    """
    from_sources = (
        recycled_by_source.filter(_.material.notnull())
        .group_by("place", "year", "material")
        .agg(
            by_sources=known_sum(_.amount),
            sources_told=worst_in(_.confidence),
            sources_demo=_.demo.any(),
            sources_missing=_.missing.max(),
        )
    )
    agreed = material_agreed.filter(_.material != TOTAL).select(
        "place",
        "year",
        "material",
        agreed="amount",
        factor="avoided_factor",
        agreed_told="confidence",
        agreed_demo="demo",
    )
    keys = from_sources.select("place", "year", "material").union(
        agreed.select("place", "year", "material"), distinct=True
    )
    rows = keys.pipe(beside, from_sources, ["place", "year", "material"])
    rows = beside(rows, agreed, ["place", "year", "material"])
    sure = ibis.ifelse(rows.agreed.notnull(), rows.agreed_told, rows.sources_told)
    each = rows.select(
        "place",
        "year",
        "material",
        "by_sources",
        "agreed",
        amount=ibis.coalesce(rows.agreed, rows.by_sources),
        avoided=ibis.coalesce(rows.agreed, rows.by_sources) * rows.factor,
        confidence=sure,
        demo=rows.sources_demo.fill_null(False) | rows.agreed_demo.fill_null(False),
        missing=ibis.ifelse(rows.agreed.isnull(), rows.sources_missing, ibis.null("string")),
    )
    unshared = recycled_by_source.filter(_.material.isnull()).group_by("place", "year")
    unshared = unshared.agg(without_shares=_.category.min())
    sums = each.group_by("place", "year").agg(
        by_sources=_.by_sources.sum(),
        agreed=_.agreed.sum(),
        amount=known_sum(_.amount),
        avoided=_.avoided.sum(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
        lacking=_.missing.max(),
        count=_.material.nunique(),
    )
    sums = beside(sums, unshared, ["place", "year"])
    total = sums.select(
        "place",
        "year",
        "by_sources",
        "agreed",
        "amount",
        "avoided",
        "confidence",
        "demo",
        material=ibis.literal(TOTAL),
        missing=ibis.cases(
            (sums.without_shares.notnull(), coded("no_shares_of", sums.without_shares)),
            (sums["count"] < len(ELEVEN), coded("materials_of_eleven", sums["count"])),
            else_=sums.lacking,
        ),
    )
    return each.union(total.select(each.columns))


@kernel(
    key=("place", "year", "material", "origin"),
    unit="t",
    cites=("Stone, Champernowne and Meade (1942)",),
    maps={"material_estimates": Same("place")},
    limit=200_000,
)
def material_reconciled(material_estimates: pa.Table) -> pa.Table:
    """Reports of several origins on the materials of a place and year made to agree by least
    squares weighed by their stated deviations: all figures of a material are one amount, and the
    figures of the total are the sum of the materials.

    ``moved``: what each figure moved by; ``sigmas``: that in its own standard deviations. A figure
    with deviation 0 does not move; where such figures contradict one another, rows only say so. A
    total takes part only where all eleven materials have a figure.
    """
    groups: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    columns = (
        "place",
        "period_end",
        "material",
        "origin",
        "amount",
        "deviation",
        "avoided_factor",
        "confidence",
        "demo",
    )
    for row in _plain(material_estimates, columns):
        if row["amount"] is not None:
            groups[row["place"], row["period_end"].year].append(row)
    rows = [line for key in sorted(groups) for line in _agreed(key, groups[key])]
    return kernel_table(
        rows,
        "place:text year:whole material:text origin:text amount deviation avoided_factor"
        " reconciled moved sigmas confidence:text demo:flag missing:text",
    )


def _plain(table: pa.Table, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of the form with what they are sure of (``as_reported`` on arrays)."""
    rows = []
    for row in table.to_pylist():
        stated = row.get("confidence") or "unverified"
        is_alone = row["_submitted_by"] == row["_approved_by"] and not row["_demo"]
        sure = worst((stated, "self_approved")) if is_alone else stated
        rows.append({**row, "confidence": sure, "demo": row["_demo"]})
    return [{name: row[name] for name in columns} for row in rows]


def _agreed(key: tuple[str, int], reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The reports of a place and year with what they come to together."""
    place, year = key
    ordered = sorted(reports, key=lambda row: (row["material"], row["origin"]))
    materials = sorted({row["material"] for row in ordered} - {TOTAL})
    is_whole = set(materials) == set(ELEVEN)
    part = [row for row in ordered if row["material"] != TOTAL or is_whole]
    lacking = None
    after: list[float | None] = [None] * len(part)
    try:
        after = list(_least_moved(part))
    except HengtanError as error:
        lacking = code_of(error)
    answers = {(row["material"], row["origin"]): v for row, v in zip(part, after, strict=True)}
    lines = []
    for row in ordered:
        value = answers.get((row["material"], row["origin"]))
        sigma = row["amount"] * row["deviation"] / WHOLE
        moved = None if value is None else value - row["amount"]
        left_out = row["material"] == TOTAL and not is_whole
        lines.append(
            {
                **{name: row[name] for name in row if name != "period_end"},
                "place": place,
                "year": year,
                "reconciled": value,
                "moved": moved,
                "sigmas": moved / sigma if moved is not None and sigma > 0 else None,
                "missing": coded("materials_of_eleven", len(materials)) if left_out else lacking,
            }
        )
    return lines


def _least_moved(reports: Sequence[Mapping[str, Any]]) -> list[float]:
    """The reconciled amounts, in the order of the reports. [t]

    Raises HengtanError where figures that must not move contradict one another.
    """
    import numpy as np

    amounts = np.array([row["amount"] for row in reports], dtype=float)
    variances = (amounts * np.array([row["deviation"] for row in reports]) / WHOLE) ** 2
    first: dict[str, int] = {}
    constraints, names = [], []
    for place, row in enumerate(reports):
        leader = first.setdefault(row["material"], place)
        if leader != place:
            line = np.zeros(len(reports))
            line[place], line[leader] = 1.0, -1.0
            constraints.append(line)
            names.append(f"{row['material']} {row['origin']}")
    if TOTAL in first:
        line = np.zeros(len(reports))
        line[first[TOTAL]] = -1.0
        for material, leader in first.items():
            if material != TOTAL:
                line[leader] = 1.0
        constraints.append(line)
        names.append(TOTAL)
    if not constraints:
        return [float(amount) for amount in amounts]
    solved = least_squares(
        amounts,
        variances,
        np.array(constraints),
        np.zeros(len(constraints)),
        names=names,
        lower=0.0,
    )
    return [float(value) for value in solved.after]


@account(
    key=("place", "year", "material"),
    unit="t",
    cites=("hengtan:recycled_materials",),
    maps={"material_reconciled": Same("place", "year", "material")},
)
def material_agreed(material_reconciled: Table) -> Table:
    """The amount that the reports of a material come to, and the figure that moved farthest, by how
    many of its standard deviations.
    """
    solved = material_reconciled.filter(_.reconciled.notnull())
    sums = solved.group_by("place", "year", "material").agg(
        amount=_.reconciled.max(),
        reports=_.count().cast("int64"),
        avoided_factor=_.avoided_factor.max(),
        moved_most=_.origin.argmax(_.sigmas.abs().fill_null(0.0)),
        sigmas=_.sigmas.argmax(_.sigmas.abs().fill_null(0.0)),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return sums
