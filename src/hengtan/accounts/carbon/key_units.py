"""Account: key energy-using units, by the classes of the law."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.rates import growth
from hengtan.graph import Same, account

OWNER = ("place", "entity", "year")


@account(
    key=OWNER,
    unit="tce",
    cites=("key_units.rule",),
    maps={"carbon_enterprise": Same("entity"), "key_unit_classes": "all"},
)
def energy_key_units(carbon_enterprise: Table, key_unit_classes: Table) -> Table:
    """Key energy-using units: enterprises whose comprehensive energy use reaches the threshold of a
    class, with the change on the year before where both reach to the same month.
    """
    classes = key_unit_classes.select(
        unit_class=_.unit_class,
        class_zh=_.name_zh,
        least=_.least,
        below=_.below,
        class_confidence=_.confidence,
    )
    run = ibis.window(group_by=["place", "entity"], order_by="year")
    rows = carbon_enterprise.mutate(
        before=_.energy.lag().over(run),
        before_year=_.year.lag().over(run),
        before_through=_.through.lag().over(run),
    )
    rows = rows.join(
        classes,
        [rows.energy >= classes.least, (rows.energy < classes.below) | classes.below.isnull()],
    )
    is_same_part = (rows.before_year == rows.year - 1) & (rows.before_through == rows.through)
    change = ibis.ifelse(is_same_part, growth(rows.energy, rows.before), ibis.null("float64"))
    return rows.mutate(change=change).select(
        *OWNER,
        "entity_name",
        "industry",
        "industry_zh",
        "unit_class",
        "class_zh",
        "energy",
        "change",
        "direct",
        "indirect",
        "total",
        "value_added",
        "energy_per_value_added",
        "carbon_per_value_added",
        "through",
        "recalled_share",
        "confidence",
        "missing",
        "demo",
    )
