"""Account: CO2 of the fuel enterprises burnt, by place, industry, month and product."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2
from hengtan.accounts.energy.formulas import energy_content, energy_of_coal_equivalent
from hengtan.accounts.stated import resting_on_weak, worst_in, worst_of
from hengtan.graph import Same, account, beside

UNIT = ("entity", "facility", "product", "year")


@account(
    key=("place", "industry", "year", "month", "product"),
    unit="GJ; t CO2",
    cites=("GB/T 32150-2015", "hengtan:year-of-records"),
    maps={
        "energy_enterprise_counted": Same("place", "industry", "product", "year"),
        "energy_factors": Same("product"),
        "energy_products": Same("product"),
    },
)
def carbon_enterprise_month(
    energy_enterprise_counted: Table,
    energy_factors: Table,
    energy_products: Table,
    enterprise_factor_set: str = "ndrc_ent2015",
) -> Table:
    """Fuel burnt and CO2 by industry and month: single months, else the difference of two
    cumulatives from January that follow one another (``derived`` counts those).

    Consumption less feedstock less what was turned into other fuels; biomass, and furnace gas
    counted with its coke, are left out.
    """
    consumed, feedstock, in_other = (
        ibis.coalesce(energy_enterprise_counted[name], ibis.literal(0.0))
        for name in ("consumed", "feedstock", "in_other")
    )
    rows = energy_enterprise_counted.mutate(amount=consumed - feedstock - in_other)
    rows = rows.select(
        *UNIT,
        "place",
        "industry",
        "month",
        "kind",
        "from_january",
        "amount",
        "coefficient",
        "reported",
    )
    single = rows.filter(_.kind == "month").mutate(derived=ibis.literal(0))
    run = ibis.window(group_by=list(UNIT), order_by="month")
    sums = rows.filter((_.kind == "cumulative") & _.from_january).mutate(
        before=_.amount.lag().over(run), before_month=_.month.lag().over(run)
    )
    steps = sums.mutate(
        amount=ibis.cases(
            (_.month == 1, _.amount),
            (_.before_month == _.month - 1, _.amount - _.before),
            else_=ibis.null("float64"),
        ),
        derived=ibis.ifelse(_.month == 1, 0, 1),
    )
    steps = (
        steps.filter(_.amount.notnull())
        .drop("before", "before_month")
        .anti_join(single, [*UNIT, "month"])
    )
    months = ibis.union(single, steps.select(single.columns))
    chosen = energy_factors.filter(_.factor_set == enterprise_factor_set).select(
        "product", "ncv", "carbon_content", "oxidation", factor_confidence=_.confidence
    )
    fuels = energy_products.filter(_.fuel & ~_.biogenic & _.counted_with.isnull()).select("product")
    met = months.inner_join(fuels, "product").pipe(beside, chosen, "product")
    heat_value = ibis.coalesce(energy_of_coal_equivalent(met.coefficient), met.ncv)
    met = met.mutate(burnt=energy_content(met.amount, heat_value))
    met = met.mutate(
        co2=fuel_co2(_.burnt, _.carbon_content, _.oxidation),
        industry=ibis.coalesce(_.industry, ibis.literal("")),
    )
    return (
        met.group_by("place", "industry", "year", "month", "product")
        .agg(
            amount=_.amount.sum(),
            burnt=_.burnt.sum(),
            co2=_.co2.sum(),
            weak=resting_on_weak(_.co2, _.factor_confidence).sum(),
            enterprises=_.entity.nunique(),
            derived=_.derived.sum(),
            lost=(_.co2.isnull() & (_.amount != 0)).sum(),
            confidence=worst_of(worst_in(_.factor_confidence), worst_in(_.reported)),
        )
        .mutate(
            recalled_share=_.weak / _.co2.nullif(0),
            enterprise_factor_set=ibis.literal(enterprise_factor_set),
        )
    )
