"""Accounts: GDP at constant prices, and energy per GDP in its three series.

Series, price bases and editions are never joined: a change is within one series and one base.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.energy.formulas import energy_per_gdp
from hengtan.accounts.rates import cut_since_base, growth, intensity_change
from hengtan.graph import Same, account, beside, first_of, newest_of

RUN = ("place", "method", "series", "price_base")
"""What a run of years goes by: changes are within it."""


@account(
    key=("place", "year", "price_base"),
    unit="yuan",
    cites=("nbs.gdp",),
    maps={"gdp_values": Same("place"), "unit_factors": "all"},
)
def energy_gdp(gdp_values: Table, unit_factors: Table) -> Table:
    """GDP at constant prices of each base year: as reported, else the base year's current GDP
    chained by the yearly indices (上年=100).

    A chain breaks where a year's index is missing: later years stay missing. Bases are never mixed.
    """
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    years = (
        gdp_values.filter(_.period_kind == "year")
        .pipe(beside, factors, "unit")
        .mutate(year=_.period_end.year().cast("int64"))
    )
    rows = newest_of(years, ["place", "year", "price", "price_base"])
    constant = rows.filter((_.price == "constant") & (_.canonical_unit == "CNY")).select(
        "place", "year", price_base=_.price_base.cast("int64"), gdp=_.gdp * _.factor
    )
    current = rows.filter((_.price == "current") & (_.canonical_unit == "CNY")).select(
        place=_.place, base=_.year, base_gdp=_.gdp * _.factor
    )
    index = rows.filter(_.price == "index_previous").select("place", "year", index=_.gdp / 100)
    whole = ibis.union(
        constant.mutate(basis=ibis.literal("reported"), preference=ibis.literal(0)),
        _chained(current, index).mutate(basis=ibis.literal("chained"), preference=ibis.literal(1)),
        current.select(
            "place",
            year=_.base,
            price_base=_.base,
            gdp=_.base_gdp,
            basis=ibis.literal("base_year"),
            preference=ibis.literal(2),
        ),
    )
    return first_of(whole, ["place", "year", "price_base"], "preference").drop("preference")


def _chained(current: Table, index: Table) -> Table:
    """Each base year's GDP carried forward by the indices; a year without one breaks the chain."""
    bases = current.inner_join(index, "place")
    later = bases.filter((_.year > _.base) & (_.index > 0))
    so_far = ibis.window(group_by=["place", "base"], order_by="year", preceding=None, following=0)
    unbroken = later.mutate(
        chain=_.index.ln().sum().over(so_far).exp(), years=_.count().over(so_far)
    ).filter(_.years == _.year - _.base)
    return unbroken.select("place", "year", price_base=_.base, gdp=_.base_gdp * _.chain)


@account(
    key=("place", "year", "method", "series", "price_base"),
    unit="tce per 10^4 yuan",
    cites=("nbs.energy_per_gdp", "ndrc.2022_803", "ndrc.2024_113"),
    maps={
        "energy_consumption": Same("place", "method"),
        "energy_nonfossil": Same("place", "method"),
        "energy_gdp": Same("place", "price_base"),
    },
)
def energy_intensity(
    energy_consumption: Table, energy_nonfossil: Table, energy_gdp: Table
) -> Table:
    """Energy per GDP (等价值 ÷ 不变价) in its three series: full, less feedstock, less feedstock
    and non-fossil; change on the year and on the base year.

    Series and price bases are never joined: each change is within one series and one base.
    """
    energy = energy_consumption.filter(_.convention == "equivalent").select(
        "place",
        "year",
        "method",
        "total",
        "feedstock",
        "recalled_share",
        "confidence",
        "missing",
        "demo",
    )
    nonfossil = energy_nonfossil.select("place", "year", "method", nonfossil_tce=_.nonfossil_tce)
    rows = beside(energy, nonfossil, ["place", "year", "method"]).mutate(
        feedstock=ibis.coalesce(_.feedstock, ibis.literal(0.0))
    )
    less_feedstock = rows.total - rows.feedstock
    amounts = {
        "full": rows.total,
        "less_feedstock": less_feedstock,
        "less_feedstock_nonfossil": less_feedstock - rows.nonfossil_tce,
    }
    series = [
        rows.select(
            "place",
            "year",
            "method",
            series=ibis.literal(name),
            energy=amount,
            **{c: rows[c] for c in ("recalled_share", "confidence", "missing", "demo")},
        )
        for name, amount in amounts.items()
    ]
    gdp = energy_gdp.select("place", "year", "price_base", "gdp", gdp_basis=_.basis)
    met = ibis.union(*series).inner_join(gdp, ["place", "year"])
    met = met.mutate(intensity=energy_per_gdp(met.energy, met.gdp))
    run = ibis.window(group_by=list(RUN), order_by="year")
    lagged = met.mutate(
        before_year=_.year.lag().over(run),
        before_energy=_.energy.lag().over(run),
        before_gdp=_.gdp.lag().over(run),
        base_intensity=_.intensity.first().over(run),
        base_year=_.year.first().over(run),
    )
    consecutive, nothing = lagged.before_year == lagged.year - 1, ibis.null("float64")
    energy_growth = growth(lagged.energy, lagged.before_energy)
    gdp_growth = growth(lagged.gdp, lagged.before_gdp)
    cut = cut_since_base(lagged.intensity, lagged.base_intensity)
    return lagged.mutate(
        energy_growth=ibis.ifelse(consecutive, energy_growth, nothing),
        gdp_growth=ibis.ifelse(consecutive, gdp_growth, nothing),
        change=ibis.ifelse(consecutive, intensity_change(energy_growth, gdp_growth), nothing),
        cut_since_base=ibis.ifelse(lagged.base_year == lagged.price_base, cut, nothing),
    ).drop("before_year", "before_energy", "before_gdp", "base_year")
