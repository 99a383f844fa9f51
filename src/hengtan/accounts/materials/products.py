"""Accounts: products that reach their end, what was recovered of them, and what producers took
back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.kernel_rows import kernel_table
from hengtan.accounts.materials.cohorts import Lifetime, inflow_driven
from hengtan.accounts.materials.formulas import dry_mass, rate, without_noise
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError
from hengtan.graph import Same, account, beside, kernel
from hengtan.graph.codes import code_of, coded

AHEAD = 10
"""Years after the last reported one in which products already sold still reach their end."""


@kernel(
    key=("place", "product", "year"),
    unit="unit of the product",
    cites=("Pauliuk and Heeren (2020), ODYM",),
    maps={
        "product_cohorts": Same("place", "product"),
        "product_lifetimes": Same("product", "place"),
    },
    limit=500_000,
)
def product_arisings(product_cohorts: pa.Table, product_lifetimes: pa.Table) -> pa.Table:
    """Products that reach their end by year, from sales and the lifetime that the place states,
    with the stock in use, and what was recovered of them.

    ``arising`` follows from the cohorts sold since the first year on file; earlier ones are not in
    it. Years after the last reported one hold what is sold already (``ahead``). A gap in the years
    stops the series and says so.
    """
    lifetimes = {
        (row["place"], row["product"]): (
            Lifetime(row["distribution"], row["first"], row["second"]),
            _sure(row),
        )
        for row in product_lifetimes.to_pylist()
    }
    series: dict[tuple[str, str], dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in product_cohorts.to_pylist():
        series[row["place"], row["product"]][row["period_end"].year] = row
    rows = [
        {"place": place, "product": product, **line}
        for (place, product), years in sorted(series.items())
        for line in _of_series(years, lifetimes.get((place, product)))
    ]
    return kernel_table(
        rows,
        "place:text product:text year:whole count_unit:text sold arising in_use recovered"
        " second_life recovery_rate second_life_share ahead:flag confidence:text demo:flag"
        " missing:text",
    )


def _sure(row: Mapping[str, Any]) -> str | None:
    stated = str(row.get("confidence") or "unverified")
    is_alone = row["_submitted_by"] == row["_approved_by"] and not row["_demo"]
    return worst((stated, "self_approved")) if is_alone else stated


def _of_series(
    years: Mapping[int, Mapping[str, Any]], lifetime: tuple[Lifetime, str | None] | None
) -> list[dict[str, Any]]:
    """Lines of a product of a place; with no lifetime or a gap in the years they only say so."""
    span = range(min(years), max(years) + 1)
    gaps = [year for year in span if year not in years]
    if lifetime is None:
        return _reported(years, "no_lifetime")
    if gaps:
        return _reported(years, coded("sales_gap", gaps[0]))
    sold = [years[year]["sold"] for year in span]
    try:
        cohorts = inflow_driven(np.array([*sold, *[0.0] * AHEAD], dtype=float), lifetime[0])
    except HengtanError as error:
        return _reported(years, code_of(error))
    lines = []
    for n, year in enumerate(range(span.start, span.stop + AHEAD)):
        row = years.get(year, {})
        arising, recovered = float(cohorts.outflow[n]), row.get("recovered")
        second = row.get("second_life")
        lines.append(
            {
                **_line(row or years[min(years)], year),
                "sold": row.get("sold"),
                "arising": arising,
                "in_use": float(cohorts.stock[n]),
                "recovered": recovered,
                "second_life": second,
                "recovery_rate": _share(recovered, arising),
                "second_life_share": _share(second, recovered),
                "ahead": not row,
                "confidence": worst((lifetime[1], *map(_sure, years.values()))),
            }
        )
    return lines


def _share(part: float | None, whole: float | None) -> float | None:
    """A rate of two amounts, missing where one is or the whole is zero. [%]"""
    value = rate(part, whole)
    return None if value != value else float(value)


def _line(row: Mapping[str, Any], year: int) -> dict[str, Any]:
    return {"year": year, "count_unit": row["count_unit"], "demo": row["_demo"]}


def _reported(years: Mapping[int, Mapping[str, Any]], missing: str) -> list[dict[str, Any]]:
    """What was reported, without what would follow from it."""
    return [
        {
            **_line(row, year),
            "sold": row["sold"],
            "recovered": row["recovered"],
            "second_life": row["second_life"],
            "second_life_share": _share(row["second_life"], row["recovered"]),
            "ahead": False,
            "confidence": _sure(row),
            "missing": missing,
        }
        for year, row in sorted(years.items())
    ]


@account(
    key=("producer", "product", "year", "definition"),
    unit="%",
    cites=("hengtan:take_back",),
    maps={"epr_years": Same("producer", "product"), "product_arisings": Same("product")},
)
def producer_take_back(epr_years: Table, product_arisings: Table) -> Table:
    """What producers took back of what they sold in the same year, of what they sold the stated
    years before, and of what reached its end in their place, each beside the rate promised.

    Sales of the year before the records, a product without a lag and a place without a lifetime
    leave that definition missing with its reason.
    """
    rows = epr_years.mutate(
        told=as_reported(epr_years), year=_.period_end.year().cast("int64")
    ).select(
        "producer",
        "product",
        "year",
        "place",
        "sold",
        "taken_back",
        "lag",
        "duty",
        "count_unit",
        "told",
        "_demo",
    )
    before = rows.select(
        "producer", "product", lagged_year="year", sold_then="sold", then_told="told"
    )
    lagged = beside(
        rows.mutate(lagged_year=rows.year - rows.lag),
        before,
        ["producer", "product", "lagged_year"],
    ).drop("lagged_year")
    ends = product_arisings.filter(_.arising.notnull()).select(
        "place",
        "product",
        "year",
        "count_unit",
        "arising",
        arising_told="confidence",
    )
    rows = beside(lagged, ends, ["place", "product", "year", "count_unit"])
    rows = rows.mutate(nothing=ibis.null("string"))
    kept = ("producer", "product", "year", "place", "taken_back", "duty", "count_unit")
    definitions = (
        ("same_year", rows.sold, rows.nothing, rows.nothing),
        (
            "lagged",
            rows.sold_then,
            rows.then_told,
            ibis.cases((rows.lag.isnull(), "no_lag"), (rows.sold_then.isnull(), "no_sales_then")),
        ),
        (
            "arising",
            rows.arising,
            rows.arising_told,
            ibis.ifelse(rows.arising.isnull(), "no_arising", rows.nothing),
        ),
    )
    parts = []
    for name, base, base_told, missing in definitions:
        value = rate(rows.taken_back, base)
        parts.append(
            rows.select(
                *kept,
                definition=ibis.literal(name),
                base=base,
                value=value,
                reaches_duty=value >= rows.duty,
                confidence=worst_of(rows.told, base_told),
                demo=rows._demo,
                missing=missing.cast("string"),
            )
        )
    return ibis.union(*parts)


@account(
    key=("place", "year", "waste"),
    unit="t",
    cites=("hengtan:waste_paths",),
    maps={"waste_paths": Same("place", "waste")},
)
def waste_path_balance(waste_paths: Table) -> Table:
    """Where each waste of a place went in a year: made, by path, the gap between both, and whether
    nothing was landfilled. Sludge counts dry.

    Zero landfill is only said where what was made is reported and the paths account for it to one
    per cent; otherwise nobody knows where the rest went.
    """
    rows = waste_paths.mutate(told=as_reported(waste_paths), year=_.period_end.year().cast("int64"))
    dry = dry_mass(rows.amount, rows.water_share)
    rows = rows.mutate(mass=ibis.ifelse(rows.waste == "sludge", dry, rows.amount))

    def to(path: str) -> ibis.Value:
        return ibis.ifelse(_.path == path, _.mass, 0.0).sum()

    paths = ("digested", "composted", "burnt", "material", "feed", "landfilled", "kept")
    sums = rows.group_by("place", "year", "waste").agg(
        was_made=ibis.ifelse(_.path == "made", _.mass, ibis.null("float64")).sum(),
        untreated=to("untreated"),
        **{path: to(path) for path in paths},
        confidence=worst_in(_.told),
        demo=_._demo.any(),
    )
    gone = sums.untreated
    for path in paths:
        gone = gone + sums[path]
    gap = without_noise(sums.was_made - gone, sums.was_made)
    closes = gap.abs() <= 0.01 * sums.was_made
    return sums.mutate(
        gap=gap,
        closes=closes,
        zero_landfill=ibis.cases((sums.landfilled > 0, False), (closes, True)),
        missing=ibis.cases(
            (sums.was_made.isnull(), "made_not_reported"), (~closes, "paths_do_not_close")
        ),
    )
