"""Accounts: CO2 per GDP at constant prices, on the year before and on the base year; total and
intensity beside what the place is allowed.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import carbon_per_gdp
from hengtan.accounts.rates import (
    cut_since_base,
    growth,
    intensity_change,
)
from hengtan.graph import Same, account

PLACE = ("place", "year", "method")


@account(
    key=(*PLACE, "price_base"),
    unit="t CO2 per 10^4 yuan",
    cites=("ndrc.2014_1828", "mee.co2_check"),
    maps={"carbon_totals": Same("place", "method"), "energy_gdp": Same("place", "price_base")},
)
def carbon_intensity(carbon_totals: Table, energy_gdp: Table) -> Table:
    """CO2 per GDP: CO2 of fuel burnt and of net bought power, over GDP at constant prices;
    processes and other gases are left out, heat too.

    Changes are within one price base; ``change`` needs the year before, ``cut_since_base`` the base
    year itself.
    """
    rows = carbon_totals.select(
        *PLACE,
        "energy_co2",
        "indirect_power",
        "power_kwh",
        "energy_co2_weak",
        "indirect_power_weak",
        "confidence",
        "missing",
        "demo",
    )
    rows = rows.mutate(co2=_.energy_co2 + ibis.ifelse(_.power_kwh.isnull(), 0.0, _.indirect_power))
    rows = rows.mutate(
        recalled_share=(_.energy_co2_weak + ibis.coalesce(_.indirect_power_weak, ibis.literal(0.0)))
        / _.co2.nullif(0)
    ).drop("energy_co2_weak", "indirect_power_weak")
    gdp = energy_gdp.select("place", "year", "price_base", "gdp")
    met = rows.inner_join(gdp, ["place", "year"])
    met = met.mutate(intensity=carbon_per_gdp(met.co2, met.gdp))
    run = ibis.window(group_by=["place", "method", "price_base"], order_by="year")
    lagged = met.mutate(
        before_year=_.year.lag().over(run),
        before_co2=_.co2.lag().over(run),
        before_gdp=_.gdp.lag().over(run),
        base_intensity=_.intensity.first().over(run),
        base_year=_.year.first().over(run),
    )
    consecutive, nothing = lagged.before_year == lagged.year - 1, ibis.null("float64")
    change = intensity_change(
        growth(lagged.co2, lagged.before_co2), growth(lagged.gdp, lagged.before_gdp)
    )
    cut = cut_since_base(lagged.intensity, lagged.base_intensity)
    return lagged.mutate(
        change=ibis.ifelse(consecutive, change, nothing),
        cut_since_base=ibis.ifelse(lagged.base_year == lagged.price_base, cut, nothing),
    ).drop("before_year", "before_co2", "before_gdp", "base_year")
