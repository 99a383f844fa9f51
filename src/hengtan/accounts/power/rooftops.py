"""Accounts: what roofs of a place could carry, what is on them, and what that yields."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.power.formulas import rooftop_potential, yield_of_year, yield_over_life
from hengtan.accounts.stated import as_reported
from hengtan.graph import Same, account
from hengtan.graph.codes import coded

PERCENT = 100
KILO = 1e3


@account(
    key=("place", "roof_class"),
    unit="kW; kWh; t CO2",
    cites=("hengtan:rooftops",),
    maps={"roof_areas": Same("place", "roof_class")},
)
def rooftop_potentials(roof_areas: Table) -> Table:
    """Capacity that fits on roofs, what is left beside what is installed, yield of the first and
    the last year and over life, and the CO2 that the first year's yield avoids.

    Usable share and capacity by area are the surveyor's: without them there is no potential.
    """
    rows = roof_areas
    usable, loss = rows.usable_share / PERCENT, rows.degradation / PERCENT
    potential = rooftop_potential(rows.area, usable, rows.density)
    rows = rows.mutate(
        potential=potential,
        first_year=yield_of_year(potential, rows.hours, loss, 0),
        last_year=yield_of_year(potential, rows.hours, loss, rows.life - 1),
        over_life=ibis.ifelse(
            loss == 0,
            potential * rows.hours * rows.life,
            yield_over_life(potential, rows.hours, loss, rows.life),
        ),
        sure=as_reported(rows),
    )
    lacking = ibis.cases(
        (rows.usable_share.isnull(), coded("no_usable_share", rows.roof_class)),
        (rows.density.isnull(), coded("no_roof_density", rows.roof_class)),
        (rows.hours.isnull(), coded("no_hours_of_sun", rows.roof_class)),
        else_=ibis.null("string"),
    )
    return rows.select(
        "place",
        "roof_class",
        "potential",
        "installed",
        "first_year",
        "last_year",
        "over_life",
        left=_.potential - _.installed,
        avoided=_.first_year * _.factor / KILO,
        confidence=_.sure,
        missing=lacking,
        demo=_._demo,
    )
